"""Fashion: garments laid flat in low light, knitwear, leather and acetate."""

from __future__ import annotations

import math
import random

import bmesh
import bpy
from mathutils import Vector
from tools.stills import finishes as s
from tools.stills import garments as g
from tools.stills import lofts as f
from tools.stills import materials as m
from tools.stills import shapes
from tools.stills.studio import COLLECTION, HERO, STORY, VARIANT, Studio, still


def jersey(colour):
    return s.knit("jersey", colour, 11, depth=0.012, fuzz=0.35, heather=0.1, lengthways=1.2)


def t_shirt(colour="#f1efe9"):
    """Laid flat, 52 wide without its sleeves, 70 long; its middle is the origin."""
    cloth = jersey(colour)
    rib = s.knit("rib", s.shade(colour, 0.97), 9, depth=0.03, fuzz=0.35, heather=0.05)
    half = f.rounded(
        [
            (0, -34.6),
            (25.2, -35.2),
            (25.8, 6.5),
            (27.2, 9.2),
            (34.0, 1.6),
            (46.2, 13.2),
            (28.6, 30.8),
            (8.6, 35.2),
            (7.2, 29.5),
            (4.2, 26.6),
            (0, 25.6),
        ],
        [0, 1.2, 20, 1.2, 0.8, 0.8, 5, 0.6, 4, 5, 0],
        6,
    )
    folds = [
        g.Fold([(24, 13), (17, 4), (12, -10), (10, -24)], 0.55, 1.5, 2.0),
        g.Fold([(-25, 12), (-18, 0), (-15, -14)], 0.5, 1.4, 0.5),
        g.Fold([(22, 16), (12, 12), (2, 11)], 0.35, 1.3, 2),
        g.Fold([(-23, 17), (-13, 15), (-4, 10)], 0.4, 1.2, 0.6),
        g.Fold([(-6, -12), (-9, -22), (-8, -33)], 0.5, 1.6, 2.2),
        g.Fold([(6, -18), (4, -26), (5, -34)], 0.42, 1.3, 0.5),
        g.Fold([(18, -16), (20, -25), (19, -34)], 0.4, 1.5, 1.8),
        g.Fold([(-20, -20), (-19, -28), (-20, -34)], 0.4, 1.2, 0.6),
        g.Fold([(28, 11), (32, 14), (36, 20)], 0.5, 1.1, 2),
        g.Fold([(-28, 11), (-33, 14), (-38, 17)], 0.5, 1.2, 0.5),
        g.Fold([(30, 8), (35, 9), (41, 11)], 0.4, 1.0, 0.6),
        g.Fold([(-30, 8), (-34, 7), (-39, 9)], 0.4, 1.0, 2),
        g.Fold([(26.6, 9), (27.2, 20), (28.8, 30.8)], -0.3, 0.4, 1, False),
        g.Fold([(-26.6, 9), (-27.2, 20), (-28.8, 30.8)], -0.3, 0.4, 1, False),
        *g.scattered(12, (-20, -30, 20, 18), 80, 22, 0.22, 1.2, 7),
    ]
    front = g.Piece(g.mirrored(half), 0.9, 1.1, folds=folds, ripple=0.16, seed=4)
    parts = [
        front.build(
            "front",
            cloth,
            0,
            [
                (cloth, lambda x, y: x > 26.4 + (y - 9) * 0.11, -46),
                (cloth, lambda x, y: x < -26.4 - (y - 9) * 0.11, 46),
            ],
        )
    ]
    back = g.Piece(
        [(9.5, 24), (9.2, 35.4), (5, 33.9), (0, 33.3), (-5, 33.9), (-9.2, 35.4), (-9.5, 24)],
        0.25,
        0.6,
        ripple=0.04,
    )
    parts.append(back.build("back", s.knit("inside", s.shade(colour, 0.82), 11, depth=0.012)))
    f.spline(
        [
            (8.7, 35.0),
            (8.1, 31.8),
            (6.4, 28.6),
            (3.4, 26.5),
            (0, 25.8),
            (-3.4, 26.5),
            (-6.4, 28.6),
            (-8.1, 31.8),
            (-8.7, 35.0),
        ],
        90,
    )
    inner = [
        (x * 0.94, y + 0.45, 0.98 - 0.35 * (abs(x) / 8.7) ** 3)
        for x, y, _ in (
            (p[0], p[1], 0)
            for p in f.spread(
                [
                    (8.7, 35.0),
                    (8.4, 32.6),
                    (7.6, 30.2),
                    (6.0, 28.1),
                    (3.4, 26.45),
                    (0, 25.8),
                    (-3.4, 26.45),
                    (-6.0, 28.1),
                    (-7.6, 30.2),
                    (-8.4, 32.6),
                    (-8.7, 35.0),
                ],
                60,
                False,
            )
        )
    ]
    parts.append(g.band("neckband", f.spline(inner, 90), 1.7, 0.3, rib))
    backband = [
        (x, 33.3 + 2.0 * (abs(x) / 8.9) ** 2, 0.42) for x in [-8.7 + 17.4 * k / 30 for k in range(31)]
    ]
    parts.append(g.band("neckband back", [Vector(p) for p in backband], 1.6, 0.3, rib))
    tag = f.box("label", (2.6, 1.5, 0.06), 0.02, s.cloth("label", "#f4f0e6", 14))
    f.place(tag, (0, 31.6, 0.34))
    parts.append(tag)
    thread = s.plastic("thread", s.shade(colour, 0.9), 0.8, 0)
    for dy in (0, 0.45):
        hem = front.on([(x, -32.8 + dy) for x in [-24.9 + 49.8 * k / 160 for k in range(161)]], 0.02)
        parts.append(g.stitches("hem", hem, thread, 0.22, 0.1, 0.03))
    for side in (-1, 1):
        line = [(side * (33.4 + 11.4 * t), 3.4 + 10.8 * t) for t in [k / 80 for k in range(81)]]
        parts.append(g.stitches("cuff", front.on(line, 0.02), thread, 0.22, 0.1, 0.03))
    return f.group("t-shirt", *parts)


def sweater(colour="#d8ccb6"):
    """Laid flat with its sleeves folded down beside it; 54 wide, 66 long."""
    wool = s.knit("wool", colour, 3.1, depth=0.07, fuzz=0.8, heather=0.3)
    rib = s.knit("rib", colour, 2.2, depth=0.16, fuzz=0.8, heather=0.3, lengthways=1.7)
    half = f.rounded(
        [
            (0, -34),
            (22.4, -34),
            (23.4, -27),
            (25.4, -24.6),
            (25.6, 6),
            (27.0, 9.5),
            (32.2, -20.5),
            (33.3, -22.6),
            (33.0, -30.2),
            (40.4, -29.4),
            (40.6, -21.8),
            (40.2, -19),
            (36.6, 10),
            (31.4, 26.6),
            (10.5, 34.5),
            (8.6, 28.8),
            (5, 25.6),
            (0, 24.6),
        ],
        [0, 0.9, 2, 2.2, 14, 1.4, 3, 1.5, 0.9, 0.9, 1.5, 3, 10, 5, 0.8, 4, 5, 0],
        6,
    )
    folds = [
        g.Fold([(25, 15), (17, 8), (8, 5)], 0.6, 2.0, 2),
        g.Fold([(-25, 13), (-16, 9), (-9, 2)], 0.55, 1.8, 0.5),
        g.Fold([(22, 4), (17, -10), (18, -22)], 0.55, 2.2, 0.6),
        g.Fold([(-19, 6), (-16, -8), (-18, -22)], 0.5, 2.0, 1.8),
        g.Fold([(5, -8), (3, -17), (6, -25)], 0.45, 2.0, 2),
        g.Fold([(-6, -12), (-4, -19), (-7, -25.5)], 0.4, 1.7, 0.6),
        g.Fold([(-25, -26.0), (0, -26.4), (25, -26.0)], 0.5, 1.2, 2.4, False),
        g.Fold([(26.6, 9), (27.6, 18), (30.4, 27)], -0.45, 0.6, 1, False),
        g.Fold([(-26.6, 9), (-27.6, 18), (-30.4, 27)], -0.45, 0.6, 1, False),
        *[
            g.Fold(
                [(k * (26.8 + d), 9 - h), (k * (30.5 + d), 9 - h - 3), (k * (35.5), 9.5 - h)],
                0.6,
                1.5,
                2 if h % 2 else 0.5,
            )
            for k in (-1, 1)
            for h, d in ((0, 0), (7, 1.2), (15, 2.6), (23, 4.2))
        ],
        *[g.Fold([(k * 32.2, -21.9), (k * 41, -21.0)], 0.4, 1.0, 2.2, False) for k in (-1, 1)],
        *g.scattered(8, (-20, -20, 20, 20), 85, 20, 0.25, 1.8, 3),
    ]
    front = g.Piece(g.mirrored(half), 1.8, 1.9, folds=folds, ripple=0.22, seed=2, cell=0.55)
    parts = [
        front.build(
            "front",
            wool,
            0,
            [
                (rib, lambda x, y: (y < -26.8) & (abs(x) < 28), 0),
                (wool, lambda x, y: (x > 27) & (x > 27 + (y - 9) * 0.16) & (y > -21.8), 9),
                (wool, lambda x, y: (x < -27) & (x < -27 - (y - 9) * 0.16) & (y > -21.8), -9),
                (rib, lambda x, y: (x > 28) & (y <= -21.8), 4),
                (rib, lambda x, y: (x < -28) & (y <= -21.8), -4),
            ],
        )
    ]
    back = g.Piece(
        [(11, 24), (10.6, 34.9), (5, 33.6), (0, 33.2), (-5, 33.6), (-10.6, 34.9), (-11, 24)],
        0.5,
        0.8,
        base=0.1,
        ripple=0.05,
    )
    parts.append(back.build("back", s.knit("inside", s.shade(colour, 0.7), 3.1, depth=0.07)))
    inner = f.spread(
        [
            (10.4, 34.6),
            (9.9, 31.4),
            (8.5, 28.4),
            (6.0, 26.0),
            (3.2, 24.8),
            (0, 24.4),
            (-3.2, 24.8),
            (-6.0, 26.0),
            (-8.5, 28.4),
            (-9.9, 31.4),
            (-10.4, 34.6),
        ],
        60,
        False,
    )
    parts.append(
        g.band(
            "collar",
            f.spline([(x * 0.93, y + 0.9, 1.75 - 0.55 * (abs(x) / 10.4) ** 3) for x, y in inner], 100),
            2.9,
            0.75,
            rib,
        )
    )
    parts.append(
        g.band(
            "collar back",
            [
                Vector((x, 33.0 + 1.9 * (abs(x) / 10.4) ** 2, 0.95))
                for x in [-10.2 + 20.4 * k / 40 for k in range(41)]
            ],
            2.7,
            0.7,
            rib,
        )
    )
    tag = f.box("label", (3.2, 1.8, 0.08), 0.02, s.cloth("label", "#efe8da", 14))
    f.place(tag, (0, 30.6, 0.62))
    parts.append(tag)
    return f.group("sweater", *parts)


def shirt(colour="#b9cbd8"):
    """A linen shirt laid flat, sleeves down; 56 wide, 74 long."""
    cloth = s.cloth(
        "linen", colour, 9, s.shade(colour, 1.12), depth=0.018, fuzz=0.15, irregular=0.2, roughness=0.85
    )
    half = f.rounded(
        [
            (0, -38.2),
            (25.8, -38.4),
            (27.0, -35),
            (26.0, 7),
            (27.2, 10),
            (32.4, -18),
            (32.0, -27.6),
            (41.2, -26.4),
            (41.0, -17.0),
            (36.4, 12),
            (31.6, 27.6),
            (9.5, 36.5),
            (5.2, 31),
            (1.4, 25.5),
            (0, 24.5),
        ],
        [0, 1.6, 2, 14, 1.2, 3, 0.5, 0.5, 5, 9, 4, 0.8, 3, 3, 0],
        6,
    )
    folds = [
        g.Fold([(25, 14), (17, 6), (12, -6)], 0.5, 1.3, 2),
        g.Fold([(-25, 15), (-17, 4), (-14, -10)], 0.5, 1.2, 0.5),
        g.Fold([(20, -10), (16, -22), (18, -36)], 0.5, 1.4, 0.6),
        g.Fold([(-18, -14), (-20, -24), (-17, -36)], 0.5, 1.3, 1.9),
        g.Fold([(9, 10), (7, -6), (9, -22)], 0.35, 1.0, 2),
        g.Fold([(-9, 14), (-8, 0), (-11, -12)], 0.35, 1.0, 0.5),
        g.Fold([(26.8, 10), (28, 19), (30.6, 28)], -0.3, 0.4, 1, False),
        g.Fold([(-26.8, 10), (-28, 19), (-30.6, 28)], -0.3, 0.4, 1, False),
        *[
            g.Fold(
                [(k * (27 + d), 9 - h), (k * (31 + d), 9 - h - 3), (k * (36 + d * 0.5), 9.5 - h)],
                0.5,
                1.1,
                2 if h % 2 else 0.5,
            )
            for k in (-1, 1)
            for h, d in ((0, 0), (6, 1), (13, 2.2), (20, 3.4))
        ],
        *[g.Fold([(k * 31.6, -20.2), (k * 41.6, -19.2)], -0.28, 0.3, 1, False) for k in (-1, 1)],
        *[
            x
            for k in (-1, 1)
            for x in g.scattered(
                7, (min(k * 30, k * 38), -16, max(k * 30, k * 38), 16), 90 + 8 * k, 9, 0.2, 0.6, 12 + k, 60
            )
        ],
        *g.scattered(26, (-24, -34, 24, 26), 70, 12, 0.2, 0.6, 9, 70),
    ]
    front = g.Piece(g.mirrored(half), 1.0, 1.1, folds=folds, ripple=0.16, seed=8)
    parts = [
        front.build(
            "front",
            cloth,
            0,
            [
                (cloth, lambda x, y: (x > 26.5) & (x > 27 + (y - 9) * 0.17), 9),
                (cloth, lambda x, y: (x < -26.5) & (x < -27 - (y - 9) * 0.17), -9),
            ],
        )
    ]
    back = g.Piece(
        [(10, 24), (9.6, 36.6), (4, 35.2), (0, 35), (-4, 35.2), (-9.6, 36.6), (-10, 24)],
        0.3,
        0.6,
        base=0.3,
        ripple=0.04,
    )
    parts.append(back.build("back", s.cloth("inside", s.shade(colour, 0.75), 9)))
    for side in (-1, 1):
        cuff = f.lathe(
            "button",
            f.rounded([(0, 0), (0.5, 0), (0.55, 0.1), (0.5, 0.2), (0, 0.16)], 0.05),
            s.plastic("corozo", "#d9ccb4", 0.35, 0.001),
            32,
        )
        f.place(cuff, (side * 39.2, -23.6, float(front.heights([side * 39.2], [-23.6])[0])))
        parts.append(cuff)
    # the placket, a strip folded over, and its buttons
    strip = g.Piece(
        f.rounded([(-1.7, -37.8), (1.7, -37.8), (1.7, 24.6), (1.0, 26.4), (-1.7, 25.2)], 0.3, 4, closed=True),
        0.24,
        0.3,
        folds=[],
        ripple=0.02,
        cell=0.4,
        under=lambda x, y: front.heights(x, y) - 0.02,
    )
    parts.append(strip.build("placket", cloth))
    corozo = s.plastic("corozo", "#e0d4bd", 0.32, 0.001)
    for y in (19, 9.5, 0, -9.5, -19, -28.5):
        z = float(strip.heights([0.0], [y])[0])
        b = f.lathe(
            "button",
            f.rounded([(0, 0), (0.52, 0), (0.58, 0.1), (0.54, 0.24), (0.36, 0.2), (0, 0.18)], 0.05, 5),
            corozo,
            40,
        )
        f.place(b, (0, y, z))
        parts.append(b)
        for dx, dy in ((0.12, 0.12), (-0.12, 0.12), (0.12, -0.12), (-0.12, -0.12)):
            h = f.lathe(
                "hole", [(0, 0), (0.055, 0), (0.055, 0.2), (0, 0.2)], s.plastic("hole", "#5b5140", 0.8, 0), 12
            )
            f.place(h, (dx, y + dy, z + 0.0))
            parts.append(h)
    thread = s.plastic("thread", s.shade(colour, 0.85), 0.8, 0)
    for x in (-1.35, 1.35):
        parts.append(
            g.stitches(
                "placket",
                strip.on([(x, -37 + 61 * k / 200) for k in range(201)], 0.02),
                thread,
                0.2,
                0.1,
                0.022,
            )
        )
    parts.append(
        g.stitches(
            "hem",
            front.on([(-25.5 + 51 * k / 200, -36.4) for k in range(201)], 0.02),
            thread,
            0.2,
            0.1,
            0.022,
        )
    )
    # collar: stand and two leaves, worn open
    parts.append(
        g.band(
            "stand",
            [
                Vector((x, 34.6 + 1.7 * (abs(x) / 8.8) ** 2, 0.9))
                for x in [-8.6 + 17.2 * k / 40 for k in range(41)]
            ],
            3.0,
            0.4,
            cloth,
        )
    )
    for side in (-1, 1):
        leaf = [(0.6, 24.2), (7.6, 20.8), (12.4, 31.0), (9.6, 37.6), (7.6, 34.8), (4.4, 28.8)]
        leaf = f.rounded(leaf, [0.3, 0.4, 4, 1.2, 2, 4], 6, closed=True)
        if sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(leaf, [*leaf[1:], leaf[0]], strict=True)) < 0:
            leaf = leaf[::-1]
        if side < 0:
            leaf = [(-x, y) for x, y in reversed(leaf)]
        piece = g.Piece(
            leaf,
            0.42,
            0.5,
            ripple=0.05,
            cell=0.35,
            seed=21 + side,
            under=lambda x, y: 1.0 + x * 0,
        )
        parts.append(piece.build("leaf", cloth, side * 38))
        ring = f.spread(f.inset(leaf, 0.55), 90)
        parts.append(g.stitches("leaf", piece.on([*ring, ring[0]], 0.01), thread, 0.2, 0.1, 0.022))
    tag = f.box("label", (3.4, 1.6, 0.06), 0.02, s.cloth("label", "#f1eadb", 14))
    f.place(tag, (0, 31.2, 0.72))
    parts.append(tag)
    return f.group("shirt", *parts)


def jeans():
    """Folded once at the knee, waist up; 43 wide, 62 long."""
    paint_name = "denim"
    den = s.cloth(
        paint_name, "#1e2a44", 12, "#5c6b86", depth=0.02, twill=True, fuzz=0.12, irregular=0.22, roughness=0.8
    )
    half = f.rounded(
        [(1.2, -31), (22.6, -31), (23.4, 0), (22.2, 14), (20.4, 27), (20.2, 31), (0, 29.6)],
        [0.8, 1.2, 20, 12, 2, 0.4, 0],
        8,
    )
    [(0, 3.0), (0.7, -1), *half[0:]]
    outline = g.mirrored([(0, 4.0), *half])
    folds = [
        g.Fold([(0, 3), (6, 8), (16, 9)], 0.45, 1.4, 2),
        g.Fold([(0, 3), (-6, 8), (-16, 8)], 0.45, 1.3, 0.5),
        g.Fold([(1, 2), (8, 2), (20, -1)], 0.4, 1.3, 2),
        g.Fold([(-1, 2), (-9, 3), (-20, 0)], 0.42, 1.3, 0.5),
        g.Fold([(2, -4), (8, -8), (20, -10)], 0.35, 1.6, 1.8),
        g.Fold([(-2, -6), (-9, -9), (-20, -9)], 0.35, 1.6, 0.6),
        g.Fold([(9, -14), (11, -22), (10, -30)], 0.4, 2.0, 1.8),
        g.Fold([(-12, -14), (-11, -22), (-12, -30)], 0.4, 2.0, 0.6),
        g.Fold([(0, 4), (0, 27)], 0.22, 0.7, 1, False),
        *g.scattered(9, (-20, -28, 20, 6), 20, 12, 0.2, 1.0, 6, 40),
    ]
    front = g.Piece(outline, 1.5, 1.5, folds=folds, ripple=0.15, seed=3, cell=0.45)
    parts = [front.build("front", den)]
    g.Piece(
        f.rounded([(1.6, -30.4), (22.4, -30.4), (23.0, 10), (-23.0, 10), (-22.4, -30.4)], 1, 5, closed=True),
        0.9,
        1.0,
        ripple=0.05,
    )
    orange = s.plastic("thread", "#c98a3f", 0.6, 0)
    copper = s.metal("copper", "#b9774d", 0.3)
    band_ = g.Piece(
        f.rounded([(-20.6, 27.4), (20.6, 27.4), (20.4, 31.6), (-20.4, 31.6)], [0.4] * 4, 4, closed=True),
        0.55,
        0.45,
        ripple=0.05,
        cell=0.4,
        under=lambda x, y: 1.25 + x * 0,
    )
    parts.append(band_.build("waistband", den, 90))
    for y in (27.85, 31.15):
        parts.append(
            g.stitches(
                "band", band_.on([(-20 + 40 * k / 200, y) for k in range(201)], 0.02), orange, 0.3, 0.12, 0.04
            )
        )
    # pockets, coin pocket, fly
    for side in (-1, 1):
        curve = [
            (side * (20.2 - 9.2 * t), 27.2 - (8.6 * (1 - (1 - t) ** 2.4)) * 0 - 9.4 * (1 - t) ** 2.2)
            for t in [k / 60 for k in range(61)]
        ]
        curve = [
            (side * (21.0 - 10.4 * t), 27.3 - 9.6 * ((1 - t) ** 2.3)) for t in [k / 60 for k in range(61)]
        ]
        for dd in (0.35, 0.95):
            line = [(x - side * 0, y - dd) for x, y in curve if abs(x) < 20.6]
            parts.append(g.stitches("pocket", front.on(line, 0.03), orange, 0.3, 0.12, 0.04))
        edge = front.on([(x, y) for x, y in curve if abs(x) < 20.9], 0.1)
        parts.append(g.band("pocket edge", edge, 0.35, 0.22, den))
        for px, py in ((11.0, 26.4), (19.9, 19.2)):
            z = float(front.heights([side * px], [py])[0])
            r = f.lathe(
                "rivet",
                [(0.42 * math.cos(a), 0.2 * math.sin(a)) for a in [math.pi / 2 * k / 8 for k in range(9)]],
                copper,
                28,
            )
            f.place(r, (side * px, py, z))
            parts.append(r)
        for yy in (side * 8.5, side * 17.5):
            loop = g.Piece(
                [(yy - 0.7, 26.6), (yy + 0.7, 26.6), (yy + 0.7, 32.2), (yy - 0.7, 32.2)],
                0.3,
                0.35,
                cell=0.3,
                ripple=0.02,
                under=lambda x, y: 1.85 + x * 0,
            )
            parts.append(loop.build("loop", den))
            for xx in (yy - 0.42, yy + 0.42):
                parts.append(
                    g.stitches(
                        "loop",
                        loop.on([(xx, 26.9 + 5 * k / 30) for k in range(31)], 0.02),
                        orange,
                        0.3,
                        0.12,
                        0.035,
                    )
                )
        [
            (side * (20.9 + 2.0 * math.sin(math.pi * min(1, (27 - y) / 54)) * 1.0), y)
            for y in [27 - 57 * k / 160 for k in range(161)]
        ]
    fly = [
        (0.4, 4.6),
        *[
            (0.6 + 3.6 * math.sin(math.pi / 2 * t), 5.2 + 4.6 * (1 - math.cos(math.pi / 2 * t)))
            for t in [k / 20 for k in range(21)]
        ],
        (4.2, 27),
    ]
    for dd in (0, 0.6):
        parts.append(
            g.stitches(
                "fly",
                front.on(
                    f.spread([(x - dd if x > 1 else x, y + dd * 0.8) for x, y in fly], 120, False), 0.03
                ),
                orange,
                0.3,
                0.12,
                0.04,
            )
        )
    parts.append(
        g.stitches(
            "rise", front.on([(0.3, 4.4 + 22.6 * k / 90) for k in range(91)], 0.03), orange, 0.3, 0.12, 0.04
        )
    )
    f.spread([(12.2, 24.6), (12.2, 19.6), (16.8, 18.0), (18.6, 19.6)], 60, False)
    b = f.lathe(
        "button",
        f.rounded([(0, 0), (0.85, 0), (0.85, 0.28), (0.7, 0.36), (0.5, 0.28), (0, 0.34)], 0.06, 5),
        copper,
        56,
    )
    z = float(band_.heights([1.9], [29.5])[0])
    f.place(b, (1.9, 29.5, z))
    parts.append(b)
    [
        (-1.2 + 0.9 * math.cos(a) * 1.0, 29.5 + 0.22 * math.sin(a))
        for a in [2 * math.pi * k / 24 for k in range(25)]
    ]
    back = g.Piece(
        f.rounded(
            [(-19.8, 29), (19.8, 29), (19.6, 33.6), (0, 32.4), (-19.6, 33.6)],
            [0.4, 0.4, 0.6, 10, 0.6],
            5,
            closed=True,
        ),
        0.5,
        0.5,
        ripple=0.03,
        base=0.25,
    )
    parts.append(back.build("back waist", s.cloth("inside", "#55647e", 12, "#8795ab", twill=True), 90))
    patch = f.plate(
        "patch", f.box_outline(6.5, 2.6, 0.25, 6), 0.14, 0.04, s.leather("patch", "#a06a3c", 0.5, grain=14)
    )
    f.place(patch, (12.2, 31.9, 0.72))
    parts.append(patch)
    return f.group("jeans", *parts)


def plaid(name, ground, band_, line):
    """Brushed wool in a wide check."""
    paint = s.Paint(name, ground, 0.95)
    where = paint.place("UV")
    u, v, _ = paint.split(where)

    def stripes(t):
        p = (t / 11.0).fraction()
        wide = ((p - 0.3).abs()).ramp(0.14, 0.15, 1, 0)
        thin = ((p - 0.78).abs()).ramp(0.018, 0.024, 1, 0)
        return wide, thin

    wu, tu = stripes(u)
    wv, tv = stripes(v)
    twill = (((u + v) * 9.0).fraction() - 0.5).abs() * 2.0
    colour = paint.mix(wu * 0.55, ground, band_)
    colour = paint.mix(wv * 0.55, colour, band_)
    colour = paint.mix((tu * 0.75).high(tv * 0.75), colour, line)
    fibre = paint.noise(where, 7, 6, 0.75, 0.5)
    colour = paint.mix(fibre.ramp(0.3, 0.6, 0.4, 0), colour, "#1c1a17")
    paint.set(Base_Color=colour, Sheen_Weight=0.7, Sheen_Roughness=0.5, Specular_IOR_Level=0.08)
    first = paint.bump(twill, 0.02, 0.5)
    paint.bump(fibre, 0.06, 0.7, first)
    return paint.material


SCARVES = {"Moss Check": ("#86845f", "#4d4f3c", "#d9cba8"), "Grey Check": ("#9a9b9b", "#55585c", "#e3ded3")}


def scarf(colour="Moss Check", height=74.0, front=50.0, behind=43.0, width=25.0, seed=3):
    """Hung over a rail of radius 1.4 at a height; the rail runs along x."""
    tones = SCARVES[colour]
    wool = plaid("plaid", *tones)
    r = 1.75
    over = math.pi * r
    total = front + over + behind
    cells, rows = 150, 230
    phase = seed * 1.3

    def at(u, v):
        way = v * total
        x = (u - 0.5) * width
        if way < front:
            drop, side = front - way, -1.0
        elif way < front + over:
            drop, side = 0.0, None
        else:
            drop, side = way - front - over, 1.0
        deep = min(1.0, drop / 30)
        wave = (0.22 + 1.25 * deep**0.8) * math.sin(
            2 * math.pi * (2.6 * u + 0.10 * math.sin(3 * u + drop * 0.02)) + phase + drop * 0.012
        ) + (0.1 + 0.5 * deep) * math.sin(2 * math.pi * 5.3 * u + phase * 2 + drop * 0.03)
        sway = 0.5 * math.sin(drop * 0.07 + u * 2) * deep
        x = x * (1 - 0.10 * deep) + sway + 0.25 * deep * math.cos(2 * math.pi * 2.6 * u + phase)
        if side is None:
            a = math.pi * (1 - (way - front) / over)
            rr = r + max(0.0, 0.25 * math.sin(2 * math.pi * 2.6 * u + phase))
            return (x, rr * math.cos(a) * 1.0, height + rr * math.sin(a))
        y = side * (r + 0.2) + (wave * 0.75 if side < 0 else wave * 0.5 + 0.6 * deep)
        return (x, y - (0.5 * deep if side < 0 else 0), height - drop)

    vertices = [at(i / cells, j / rows) for j in range(rows + 1) for i in range(cells + 1)]
    faces = []
    uv = []
    for j in range(rows):
        for i in range(cells):
            a = j * (cells + 1) + i
            faces.append((a, a + 1, a + cells + 2, a + cells + 1))
            uv.append(
                [
                    (i / cells * 34, j / rows * total),
                    ((i + 1) / cells * 34, j / rows * total),
                    ((i + 1) / cells * 34, (j + 1) / rows * total),
                    (i / cells * 34, (j + 1) / rows * total),
                ]
            )
    body = f.mesh("scarf", vertices, faces, wool, uv, crease=180)
    thick = body.modifiers.new("body", "SOLIDIFY")
    thick.thickness = 0.32
    thick.offset = 0
    yarn = s.felt("yarn", tones[0])
    dark = s.felt("yarn dark", tones[1])
    chance = random.Random(seed)
    parts = [body]
    for row in (0, rows):
        curve = bpy.data.curves.new("fringe", "CURVE")
        curve.dimensions = "3D"
        curve.bevel_depth, curve.bevel_resolution = 0.17, 3
        second = curve.copy()
        for k in range(58):
            u = (k + 0.5) / 58
            x, y, z = at(u, row / rows)
            target = second if ((u * 34 / 11) % 1) > 0.16 and ((u * 34 / 11) % 1) < 0.44 else curve
            for phase_ in (0, math.pi):
                path = target.splines.new("POLY")
                path.points.add(21)
                lean = chance.uniform(-0.25, 0.25)
                out = chance.uniform(-0.2, 0.2)
                for n, point in enumerate(path.points):
                    t = n / 21
                    tw = phase_ + t * 16
                    point.co = (
                        x + 0.11 * math.cos(tw) + lean * t * t * 2,
                        y + 0.11 * math.sin(tw) + out * t * t * 2,
                        z + 0.1 - t * (6.4 + chance.uniform(-0.02, 0.02)),
                        1,
                    )
                    point.radius = 1.0 if n < 20 else 0.6
        for c, mat in ((curve, yarn), (second, dark)):
            c.materials.append(mat)
            o = bpy.data.objects.new("fringe", c)
            bpy.context.scene.collection.objects.link(o)
            parts.append(o)
    return f.group("scarf", *parts)


def beanie(colour="#a9573a", seed=2):
    """Standing on its cuff, about 21 wide and 20 high."""
    wool = s.knit("wool", colour, 3.0, depth=0.06, fuzz=0.8, heather=0.3, lengthways=1.4)
    ribs = 40
    steps = ribs * 9

    def soft(a, z):
        return (
            0.22 * math.sin(2 * a + 1.1 + z * 0.12)
            + 0.16 * math.sin(3 * a + seed + z * 0.2)
            + 0.1 * math.sin(5 * a + z * 0.35)
        )

    def ring(radius, z, depth, lean=0.0, flat=0.86):
        out = []
        for k in range(steps):
            a = 2 * math.pi * k / steps
            rib = abs(math.cos(a * ribs / 2)) ** 0.7
            rr = radius + soft(a, z) * min(1, radius / 6) + depth * (rib - 0.5)
            out.append(
                (
                    rr * math.cos(a) + lean,
                    rr * math.sin(a) * flat,
                    z + 0.18 * math.sin(2 * a + seed) * min(1, z / 8),
                )
            )
        return out

    body = f.spline(
        [
            (9.6, 0, 5.0),
            (9.9, 0, 8.0),
            (10.0, 0, 11.0),
            (9.3, 0, 14.4),
            (7.6, 0, 17.3),
            (5.0, 0, 19.2),
            (2.4, 0, 19.9),
            (0.5, 0, 19.7),
        ],
        46,
    )
    rings = [ring(p.x, p.z, 0.42 * min(1, p.x / 7), lean=0.7 * max(0, (p.z - 10) / 10) ** 2) for p in body]
    rings.append([(x * 0.02 + 0.68, y * 0.02, 19.5) for x, y, _ in rings[-1]])
    parts = [f.loft("body", rings, wool, caps=False, crease=180)]
    prof = f.rounded(
        [
            (9.2, 0.5),
            (9.5, 0.0),
            (10.35, 0.0),
            (10.5, 1.2),
            (10.45, 6.4),
            (10.3, 7.6),
            (9.75, 7.7),
            (9.5, 6.8),
        ],
        [0.2, 0.4, 0.5, 2, 2, 0.6, 0.4, 0.1],
        6,
    )
    parts.append(
        f.loft("cuff", [ring(r, z, 0.5 if r > 9.9 else 0.2) for r, z in prof], wool, caps=False, crease=180)
    )
    tag = f.box("tag", (3.0, 1.7, 0.14), 0.05, s.leather("tag", "#8a5a38", 0.5, grain=14), corner=0.15)
    f.place(tag, (0, -8.98, 3.4), (90, 0, 0))
    parts.append(tag)
    return f.group("beanie", *parts)


def tote(colour="Tan"):
    """40 wide, 32 high, open at the top; its front looks to -y."""
    c = "#b5753f" if colour == "Tan" else "#1f1d1c"
    hide = s.leather("hide", c, 0.44, grain=11, depth=0.01, patina=0.28)
    raw = s.leather("raw", s.shade(c, 0.8), 0.7, grain=12)
    thread = s.plastic("thread", "#e8d9bd" if colour == "Tan" else "#3a3633", 0.7, 0)
    brass = s.metal("brass", "#c9a765", 0.24)
    H = 31.5

    def shape(x, y, z):
        t = max(0, z / H)
        top = t**1.4
        y2 = y * (1 - 0.34 * top)
        side = max(0, abs(x) - 17.5) / 3
        dent = 2.6 * top * min(1, side) * (1 - min(1, abs(y) / 7) ** 2)
        x2 = x * (1 + 0.035 * t) - math.copysign(dent, x)
        bow = 0.55 * math.sin(math.pi * min(1, t * 1.05)) * (1 - (x / 21) ** 2)
        y2 += (
            math.copysign(bow, y) * (1 if abs(y) > 5 else abs(y) / 5) * 0.8
            + 0.18 * math.sin(x * 0.23 + z * 0.11) * t
            + 0.12 * math.sin(x * 0.5 - z * 0.2 + 1) * t
        )
        return (x2, y2, z + 0.35 * math.cos(x * 0.16) * top - 0.25 * top * abs(math.sin(x * 0.15)))

    base = f.spread(f.box_outline(40, 14, 2.6, 14), 260)
    rings = []
    for k in range(8):
        a = math.pi / 2 * k / 7
        rings.append(
            [shape(x, y, 1.1 * (1 - math.cos(a))) for x, y in f.inset(base, 1.1 * (1 - math.sin(a)))]
        )
    for k in range(1, 61):
        rings.append([shape(x, y, 1.1 + (H - 1.1) * k / 60) for x, y in base])
    body = f.loft("body", rings, hide, crease=180)
    # open it: drop the upper cap
    me = body.data

    edit = bmesh.new()
    edit.from_mesh(me)
    edit.faces.ensure_lookup_table()
    bmesh.ops.delete(edit, geom=[edit.faces[-1]], context="FACES_ONLY")
    edit.to_mesh(me)
    edit.free()
    me.materials.append(raw)
    wall = body.modifiers.new("wall", "SOLIDIFY")
    wall.thickness, wall.offset, wall.material_offset, wall.material_offset_rim = 0.26, -1, 1, 1
    parts = [body]

    def line(z, by=-0.02):
        return [Vector(shape(x, y, z)) for x, y in f.inset(base, by)]

    for z in (H - 0.55, H - 3.4):
        ring = line(z, -0.015)
        parts.append(g.stitches("hem", [*ring, ring[0]], thread, 0.36, 0.16, 0.045))
    for sx in (-1, 1):
        for x in (17.0,):
            for yy in (-1, 1):
                seam = [
                    Vector(shape(sx * x, yy * 7.02, z)) for z in [1.4 + (H - 5) * k / 120 for k in range(121)]
                ]
                parts.append(g.stitches("seam", seam, thread, 0.36, 0.16, 0.045))
    for yy in (-1, 1):
        foot = []
        for sx in (-1, 1):
            top = Vector(shape(sx * 7.6, yy * 7, H - 1.0))
            low = Vector(shape(sx * 7.6, yy * 7, H - 8.6))
            ahead = Vector((0, yy, 0))
            tabpath = [low.lerp(top, k / 12) + ahead * 0.16 for k in range(13)]
            sec = f.spread(
                f.rounded([(-0.13, -1.35), (0.13, -1.35), (0.13, 1.35), (-0.13, 1.35)], 0.1, 4, closed=True),
                40,
            )
            parts.append(
                f.sweep(
                    "tab",
                    tabpath,
                    sec,
                    hide,
                    up=tuple(ahead),
                    scale=lambda t: (1, 1) if t > 0.12 else (1, 0.5 + 0.5 * (t / 0.12) ** 0.5),
                )
            )
            for off in (-1.05, 1.05):
                row = [p + ahead * 0.16 + Vector((off, 0, 0)) for p in tabpath[2:]]
                parts.append(g.stitches("tab", row, thread, 0.34, 0.15, 0.045))
            rivet = f.lathe(
                "rivet",
                [(0.5 * math.cos(a), 0.22 * math.sin(a)) for a in [math.pi / 2 * k / 8 for k in range(9)]],
                brass,
                32,
            )
            p = low.lerp(top, 0.62) + ahead * 0.29
            rivet.location = p
            rivet.rotation_euler = (math.radians(90 if yy < 0 else -90), 0, 0)
            parts.append(rivet)
            foot.append(top + ahead * 0.3)
        a, b = foot
        lift = 17.5 if yy < 0 else 19.0
        lean = yy * (2.2 if yy < 0 else 1.0)
        pts = [
            a - Vector((0, 0, 2.2)),
            a + Vector((0, 0, 0.6)),
            a + Vector((0.5, lean * 0.3, 8)),
            a.lerp(b, 0.22) + Vector((0, lean * 0.75, lift * 0.86)),
            a.lerp(b, 0.5) + Vector((0, lean, lift)),
            a.lerp(b, 0.78) + Vector((0, lean * 0.75, lift * 0.86)),
            b + Vector((-0.5, lean * 0.3, 8)),
            b + Vector((0, 0, 0.6)),
            b - Vector((0, 0, 2.2)),
        ]
        parts.append(f.tube("handle", f.spline(pts, 140), 0.62, hide, steps=28))
    return f.group("tote", *parts)


def sunglasses(colour="Tortoise"):
    """Standing on its rims and the ends of its temples, the front to -y; 14.2 wide."""
    if colour == "Tortoise":
        paint = s.Paint("acetate", "#6b3d1c", 0.12, Coat_Weight=1.0, Coat_Roughness=0.04)
        where = paint.place()
        spots = paint.noise(where, 1.5, 4, 0.6, 1.4)
        fine = paint.noise(where, 4, 3, 0.6, 0.8)
        paint.set(
            Base_Color=paint.colours(
                spots * 0.8 + fine * 0.2,
                (0.40, "#160b05"),
                (0.51, "#43220d"),
                (0.60, "#8f5222"),
                (0.72, "#c58c48"),
            ),
            Subsurface_Weight=0.25,
            Subsurface_Scale=0.4,
        )
        frame = paint.material
        tint = "#2c2016"
    else:
        frame = s.Paint("acetate", "#0c0c0d", 0.1, Coat_Weight=1.0, Coat_Roughness=0.04).material
        tint = "#101214"
    lens = s.Paint("lens", tint, 0.03, Coat_Weight=1.0, Coat_Roughness=0.02).material
    steel = s.metal("steel", "#cfc9bd", 0.2)

    def curve(x):
        return 0.014 * x * x

    parts = []
    for sx in (-1, 1):
        shape = []
        for x, z in f.oval(2.62, 2.28, 2.35, 140):
            z2 = z * (1.0 if z < 0 else 0.93) + (0.08 * (x * sx) / 2.6 if z > 0 else 0)
            x2 = x * (1 + 0.05 * z / 2.2)
            shape.append((sx * 3.45 + x2, z2))
        path = [Vector((x, curve(x), z)) for x, z in shape]
        sec = f.spread(
            f.rounded([(-0.24, -0.2), (0.24, -0.2), (0.24, 0.2), (-0.24, 0.2)], 0.13, 6, closed=True), 40
        )
        rim = f.sweep("rim", path, [(a * 1.15, b) for a, b in sec], frame, closed=True, up=(0, 1, 0))
        parts.append(rim)
        inner = [(sx * 3.45 + (x - sx * 3.45) * 0.97, z * 0.97) for x, z in shape]
        rings = []
        for k in (1.0, 0.8, 0.6, 0.4, 0.2, 0.0005):
            rings.append(
                [
                    (
                        sx * 3.45 + (x - sx * 3.45) * k,
                        curve(sx * 3.45 + (x - sx * 3.45) * k) - 0.05 - 0.12 * (1 - k * k),
                        z * k,
                    )
                    for x, z in inner
                ]
            )
        ordered = rings
        parts.append(
            f.loft(
                "lens",
                [[(x, y + 0.12, z) for x, y, z in r] for r in reversed(ordered)] + ordered,
                lens,
                caps=False,
                crease=60,
            )
        )
        # end piece and temple
        sx * 6.35
        end = f.spline(
            [
                (sx * 5.9, curve(5.9), 1.0),
                (sx * 6.5, curve(6.4) + 0.02, 1.12),
                (sx * 6.95, 0.75, 1.12),
                (sx * 7.02, 1.5, 1.1),
            ],
            30,
        )
        osec = f.spread(
            f.rounded([(-0.2, -0.42), (0.2, -0.42), (0.2, 0.42), (-0.2, 0.42)], 0.15, 6, closed=True), 40
        )
        parts.append(f.sweep("end", end, [(b, a) for a, b in osec][::-1], frame, up=(0, 0, 1)))
        arm = f.spline(
            [
                (sx * 7.02, 1.62, 1.1),
                (sx * 7.05, 5, 1.12),
                (sx * 6.9, 9.0, 1.05),
                (sx * 6.75, 11.2, 0.62),
                (sx * 6.6, 13.2, -0.75),
                (sx * 6.45, 14.6, -2.2),
            ],
            90,
        )
        parts.append(
            f.sweep(
                "temple",
                arm,
                [(b, a) for a, b in osec][::-1],
                frame,
                up=(0, 0, 1),
                scale=lambda t: (
                    1.0 - 0.25 * math.sin(math.pi * min(1, t * 1.3)) + 0.25 * max(0, t - 0.7),
                    0.9,
                ),
            )
        )
        hinge = f.box("hinge", (0.18, 0.6, 0.5), 0.04, steel, at=(sx * 6.78, 1.55, 0.85))
        parts.append(hinge)
        for dz in (-0.14, 0.14):
            pin = f.lathe(
                "pin",
                [(0.09 * math.cos(a), 0.05 * math.sin(a)) for a in [math.pi / 2 * k / 6 for k in range(7)]],
                steel,
                20,
            )
            f.place(pin, (sx * 6.25, curve(6.25) - 0.28, 1.08 + dz), (90, 0, 0))
            parts.append(pin)
        pad = f.tube("pad", [(sx * 0.95, 0.25, -0.3), (sx * 1.12, 0.5, -0.75)], 0.2, frame)
        parts.append(pad)
    bridge = f.spline(
        [
            (-1.25, curve(1), 0.25),
            (-0.7, -0.02, 0.72),
            (0, -0.08, 0.86),
            (0.7, -0.02, 0.72),
            (1.25, curve(1), 0.25),
        ],
        50,
    )
    parts.append(
        f.sweep(
            "bridge",
            bridge,
            [
                (a * 0.95, b * 1.2)
                for a, b in f.spread(
                    f.rounded([(-0.26, -0.2), (0.26, -0.2), (0.26, 0.2), (-0.26, 0.2)], 0.14, 6, closed=True),
                    40,
                )
            ],
            frame,
            up=(0, 1, 0),
        )
    )
    return f.group("sunglasses", *parts)


def belt(colour="Chestnut"):
    """Coiled, standing on its edge; 12 across, 3.4 high. The buckle is at the front."""
    c = {"Chestnut": "#73401f", "Black": "#1d1b1a"}[colour]
    hide = s.leather("hide", c, 0.4, grain=13, depth=0.006, patina=0.22, source="Object")
    thread = s.plastic("thread", "#e3cfa8" if colour == "Chestnut" else "#4a4541", 0.7, 0)
    brass = s.metal("brass", "#cda968", 0.2)
    turns = 4.1
    r0, pitch = 2.3, 0.56
    n = 520
    pts = []
    end = -math.pi / 2 - 0.15
    for k in range(n + 1):
        a = end - 2 * math.pi * turns * (1 - k / n)
        r = r0 + pitch * turns * k / n + 0.05 * math.sin(a * 2.0 + 1)
        pts.append(Vector((r * math.cos(a), r * math.sin(a), 1.7)))
    # the outer end leaves the coil straight
    sec = f.spread(
        f.rounded([(-0.19, -1.7), (0.19, -1.7), (0.19, 1.7), (-0.19, 1.7)], 0.09, 4, closed=True), 60
    )
    parts = [
        f.sweep(
            "strap",
            pts,
            [(b, a) for a, b in sec][::-1],
            hide,
            up=(0, 0, 1),
            scale=lambda t: (1.0 if t > 0.012 else 0.45 + 0.55 * t / 0.012, 1),
        )
    ]

    def outward(p):
        return Vector((p.x, p.y, 0)).normalized()

    outer = pts[-150:-12]
    for z in (0.32, 3.08):
        parts.append(
            g.stitches(
                "edge", [Vector((p.x, p.y, z)) + outward(p) * 0.2 for p in outer], thread, 0.34, 0.15, 0.045
            )
        )
    # buckle: at the end of the strap, tangent to it
    last, before = pts[-1], pts[-6]
    t = (last - before).normalized()
    out = outward(last)

    def place_local(points):
        return [last + t * x + Vector((0, 0, z)) + out * y for x, y, z in points]

    frame = f.spline(
        place_local(
            [
                (0, 0.12, -2.0),
                (1.9, 0.18, -2.15),
                (3.6, 0.1, -1.95),
                (3.85, 0.05, 0),
                (3.6, 0.1, 1.95),
                (1.9, 0.18, 2.15),
                (0, 0.12, 2.0),
                (-0.15, 0.1, 0),
            ]
        ),
        120,
        closed=True,
    )
    corner = f.rounded([(-0.15, -2.15), (3.9, -2.15), (3.9, 2.15), (-0.15, 2.15)], 0.75, 10, closed=True)
    frame = place_local([(x, 0.16 - 0.012 * x * x, z) for x, z in f.spread(corner, 140)])
    fs = f.spread(
        f.rounded([(-0.24, -0.24), (0.24, -0.24), (0.24, 0.24), (-0.24, 0.24)], 0.14, 5, closed=True), 32
    )
    parts.append(f.sweep("frame", frame, fs, brass, closed=True, up=tuple(out)))
    parts.append(f.tube("bar", place_local([(0, 0.1, -2.1), (0, 0.1, 2.1)]), 0.2, brass))
    parts.append(
        f.tube(
            "prong",
            f.spline(place_local([(-0.1, 0.34, 0), (1.0, 0.42, 0), (2.6, 0.42, 0), (3.95, 0.4, 0)]), 30),
            0.19,
            brass,
        )
    )
    for z in (-1.15, 1.15):
        b = f.sweep(
            "fold",
            f.spline(
                place_local(
                    [
                        (-1.6, 0.24, z),
                        (-0.5, 0.3, z),
                        (0.1, 0.34, z),
                        (0.34, 0.08, z),
                        (0.1, -0.16, z),
                        (-0.6, -0.12, z),
                    ]
                ),
                30,
            ),
            [
                (b_ * 0.62, a)
                for a, b_ in f.spread(
                    f.rounded([(-0.14, -1.0), (0.14, -1.0), (0.14, 1.0), (-0.14, 1.0)], 0.07, 4, closed=True),
                    40,
                )
            ][::-1],
            hide,
            up=(0, 0, 1),
        )
        parts.append(b)
    keep = pts[-34]
    ko = outward(keep)
    kt = (pts[-33] - pts[-35]).normalized()
    [keep + kt * 0 + ko * y + Vector((0, 0, z - 1.7 + 1.7 - 0)) for y, z in [(0.32, -1.85), (0.32, 1.85)]]
    ks = [(0.36, -1.86), (0.36, 1.86), (-0.3, 1.86), (-0.3, -1.86)]
    kpath = [keep + ko * y + Vector((0, 0, z)) for y, z in f.spread(f.rounded(ks, 0.16, 5, closed=True), 70)]
    parts.append(
        f.sweep(
            "keeper",
            kpath,
            f.spread(
                f.rounded([(-0.08, -0.5), (0.08, -0.5), (0.08, 0.5), (-0.08, 0.5)], 0.05, 3, closed=True), 24
            ),
            hide,
            closed=True,
        )
    )
    return f.group("belt", *parts)


def card_holder(colour="Tan"):
    """Lying, 10.2 × 7.4, two cards showing."""
    c = {"Tan": "#b5753f", "Black": "#1f1d1c"}[colour]
    hide = s.leather("hide", c, 0.42, grain=15, depth=0.005, patina=0.2)
    thread = s.plastic("thread", "#ead9b8" if colour == "Tan" else "#4a4541", 0.7, 0)
    edge = s.plastic("edge", s.shade(c, 0.45), 0.5, 0)
    parts = []
    o = f.box_outline(10.2, 7.4, 0.5, 8)
    parts.append(f.plate("back", o, 0.18, 0.07, hide, bottom_edge=0.05))
    card = f.plate(
        "card", f.box_outline(8.56, 5.4, 0.32, 8), 0.08, 0.02, s.plastic("card", "#d8d2c4", 0.35, 0.0004)
    )
    f.place(card, (0.15, 1.9, 0.2), (1.0, 0, 1.2))
    parts.append(card)
    card2 = f.plate(
        "card2", f.box_outline(8.56, 5.4, 0.32, 8), 0.08, 0.02, s.plastic("card2", "#3f5560", 0.3, 0.0004)
    )
    f.place(card2, (-0.1, 1.35, 0.36), (1.2, 0, -0.8))
    parts.append(card2)

    def pocket(top, z, cut):
        pts = (
            [
                (5.1, -3.7),
                (5.1, top),
                (2.0, top),
                *[
                    (2.0 * math.cos(a), top - cut * math.sin(a))
                    for a in [math.pi * k / 16 for k in range(1, 16)]
                ],
                (-2.0, top),
                (-5.1, top),
                (-5.1, -3.7),
            ]
            if cut
            else [(5.1, -3.7), (5.1, top), (-5.1, top), (-5.1, -3.7)]
        )
        pts = f.rounded(pts, 0.4 if not cut else 0.3, 5, closed=True)
        return f.plate("pocket", pts, 0.16, 0.06, hide, bottom_edge=0.03, z=z)

    parts += [pocket(2.3, 0.32, 0), pocket(0.9, 0.5, 0)]
    parts.append(
        f.plate("side", [(x, y) for x, y in f.box_outline(10.2, 7.4, 0.5, 8)], 0.001, 0, edge, z=0.09)
    )
    rim = [(-4.75, 0.7), (-4.75, -3.35), (4.75, -3.35), (4.75, 0.7)]
    line = f.spread(f.rounded(rim, 0.4, 6), 160, False)
    parts.append(g.stitches("sewn", [Vector((x, y, 0.665)) for x, y in line], thread, 0.26, 0.12, 0.04))
    top = f.spread([(-4.85, 0.62), (4.85, 0.62)], 100, False)
    parts.append(g.stitches("top", [Vector((x, y, 0.665)) for x, y in top], thread, 0.26, 0.12, 0.04))
    top = f.spread([(-4.85, 2.02), (4.85, 2.02)], 100, False)
    parts.append(g.stitches("top", [Vector((x, y, 0.485)) for x, y in top], thread, 0.26, 0.12, 0.04))
    mark = f.lettering(
        "mark",
        "OSTERBY",
        0.42,
        s.plastic("foil", s.shade(c, 0.55), 0.5, 0),
        at=(2.9, -2.5, 0.664),
        spacing=1.2,
    )
    parts.append(mark)
    return f.group("card holder", *parts)


def folded(material, width=31.0, depth=24.0, height=4.2, seed=1):
    """Something folded in two layers; the fold looks to -y."""
    h = height / 2
    line = [(1.6, 0.0)]
    for layer in range(2):
        for k in range(13):
            a = -math.pi / 2 + math.pi * k / 12
            line.append((-h * 0.62 * math.cos(a) + 0.35 * layer, h * layer + h / 2 + h / 2 * math.sin(a)))
    base = f.spread(f.box_outline(width, depth, 3.2, 12), 240)

    def soften(x, y, z):
        wave = (
            0.18 * math.sin(x * 0.31 + seed)
            + 0.14 * math.sin(y * 0.37 + seed * 2)
            + 0.1 * math.sin((x + y) * 0.6 + seed * 3)
        )
        sag = 0.25 * math.sin(x * 0.2 + seed * 1.7)
        return (
            x + 0.12 * math.sin(z * 1.3 + y * 0.4),
            y + 0.15 * math.sin(x * 0.45 + seed + z),
            z + (wave + sag * 0.4) * (z / height),
        )

    rings = [[soften(x, y, z) for x, y in f.inset(base, by + h * 0.62)] for by, z in line]
    by, _ = line[-1]
    flat = f.inset(base, by + h * 0.62)
    for k in (0.97, 0.9, 0.8, 0.65, 0.5, 0.35, 0.2, 0.001):
        rings.append([soften(x * k, y * k, height + 0.15 * (1 - k)) for x, y in flat])
    return f.group("folded", f.loft("folded", rings, material, caps=False, crease=180))


def knitted(colour, seed):
    return folded(s.knit("wool", colour, 3.1, depth=0.07, fuzz=0.8, heather=0.3), seed=seed, height=4.6)


def flat(studio: Studio, paper: str, frame: float, at=(0, 0, 0), exposure: float = 0.45) -> None:
    """A garment on a table, seen from above in light from the upper left."""
    studio.sweep(paper, depth=400)
    studio.camera(frame, at, elevation=89.9, blur=0, exposure=exposure)
    studio.softbox(-148, 24, 1.25, 0.8, 1.6)
    studio.softbox(40, 60, 0.1, 1.8)
    studio.room("#dfe3ea", 0.13)


@still(
    "fashion/plain-cotton-t-shirt",
    "A plain white cotton T-shirt laid flat",
    colour="#f1efe9",
    paper="#c6bcae",
)
@still(
    "fashion/plain-cotton-t-shirt-clay",
    "The plain T-shirt in clay red",
    VARIANT,
    colour="#a9664c",
    paper="#d5cbbf",
)
@still(
    "fashion/plain-cotton-t-shirt-ink",
    "The plain T-shirt in ink blue",
    VARIANT,
    colour="#2b3442",
    paper="#cdcbc6",
)
def plain(studio: Studio, colour: str, paper: str) -> None:
    t_shirt(colour)
    flat(studio, paper, 122, (0, 0, 0))


@still(
    "fashion/tarn-crew-sweater",
    "An oat-coloured crew-neck sweater laid flat, its sleeves beside it",
    colour="#d3c3a6",
    paper="#bfc3c3",
)
@still(
    "fashion/tarn-crew-sweater-moss",
    "The crew-neck sweater in moss green",
    VARIANT,
    colour="#6f7450",
    paper="#d3ccbf",
)
@still(
    "fashion/tarn-crew-sweater-navy",
    "The crew-neck sweater in navy",
    VARIANT,
    colour="#2c3850",
    paper="#cfc9c0",
)
def tarn(studio: Studio, colour: str, paper: str) -> None:
    sweater(colour)
    flat(studio, paper, 112, (0, 0.5, 0))


@still(
    "fashion/linden-linen-shirt",
    "A sky-blue linen shirt laid flat with an open collar",
    colour="#a3b9ca",
    paper="#d9d0c3",
)
@still(
    "fashion/linden-linen-shirt-white", "The linen shirt in white", VARIANT, colour="#efece4", paper="#bfb8ab"
)
def linden(studio: Studio, colour: str, paper: str) -> None:
    shirt(colour)
    flat(studio, paper, 114, (0, -1, 0))


@still(
    "fashion/quarry-straight-jeans",
    "Straight jeans in dark indigo denim, folded once, with copper buttons and orange stitching",
    paper="#d0c6b8",
)
def quarry(studio: Studio, paper: str) -> None:
    jeans()
    flat(studio, paper, 82, (0, 1, 0))


@still(
    "fashion/skein-wool-scarf",
    "A lambswool scarf in a moss green check hanging over a wooden rail, its fringes twisted",
    colour="Moss Check",
    wall="#dcd3c7",
)
@still(
    "fashion/skein-wool-scarf-grey-check",
    "The lambswool scarf in a grey check",
    VARIANT,
    colour="Grey Check",
    wall="#d6cbbd",
)
def skein(studio: Studio, colour: str, wall: str) -> None:
    studio.wall(m.plaster(wall, 0.25), 11)
    scarf(colour)
    f.tube("rail", [(-140, 0, 74), (140, 0, 74)], 1.4, m.wood("#c99d6c", "#8f6338", "x", 1.0, 0.35), steps=40)
    studio.camera(84, (0, 0, 47), elevation=3, blur=0.002, exposure=0.5)
    studio.softbox(-52, 30, 1.15, 1.0)
    studio.room("#dfe3ea", 0.3)


@still(
    "fashion/harrow-knit-beanie",
    "A ribbed merino beanie in rust with its cuff turned up",
    colour="#93401f",
    paper="#d9cfc3",
)
@still(
    "fashion/harrow-knit-beanie-oat", "The ribbed beanie in oat", VARIANT, colour="#d3c3a6", paper="#c3c7c8"
)
@still(
    "fashion/harrow-knit-beanie-navy", "The ribbed beanie in navy", VARIANT, colour="#2c3850", paper="#d6cdc1"
)
def harrow(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(beanie(colour), (0, 0, 0), (0, 0, 16)))
    studio.camera(33, (0.3, 0, 9.2), elevation=14, blur=0.003, exposure=0.3)
    studio.softbox(-62, 38, 0.95, 1.0)
    studio.rim(145, 35, 0.5)


@still(
    "fashion/carrel-leather-tote",
    "A tan leather tote standing open, with rolled handles and pale stitching",
    colour="Tan",
    paper="#dcd2c6",
)
@still(
    "fashion/carrel-leather-tote-black", "The leather tote in black", VARIANT, colour="Black", paper="#cfcac3"
)
def carrel(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(tote(colour), (0, 0, 0), (0, 0, 24)))
    studio.camera(68, (0, 0, 23.5), elevation=11, blur=0.002, exposure=0.3)
    studio.softbox(-58, 40, 0.95, 1.0)
    studio.rim(145, 35, 0.5)


@still(
    "fashion/lido-sunglasses",
    "Rounded tortoise acetate sunglasses standing open on pale stone",
    colour="Tortoise",
    paper="#d8cfc4",
)
@still(
    "fashion/lido-sunglasses-black",
    "The rounded sunglasses in black",
    VARIANT,
    colour="Black",
    paper="#ccd0d2",
)
def lido(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(sunglasses(colour), (0, -3, 0), (0, 0, -26)))
    studio.camera(24.5, (2.2, 0, 1.6), elevation=17, blur=0.003, exposure=0.3)
    studio.sun(-50, 38, 0.75, 1.2, "window", scale=1.2, offset=(0.05, 0))
    studio.softbox(-55, 45, 0.4, 1.2)
    studio.rim(150, 30, 0.4)


@still(
    "fashion/tether-leather-belt",
    "A chestnut leather belt coiled on its edge with a solid brass buckle",
    colour="Chestnut",
    paper="#d5cabc",
)
@still(
    "fashion/tether-leather-belt-black", "The coiled belt in black", VARIANT, colour="Black", paper="#cdccc9"
)
def tether(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(belt(colour), (0, 0, 0), (0, 0, -14)))
    studio.camera(17.5, (0.5, 0, 1.2), elevation=34, blur=0.003, exposure=0.3)
    studio.softbox(-58, 42, 0.95, 1.0)
    studio.strip(70, 0.4, elevation=20)
    studio.rim(145, 35, 0.4)


@still(
    "fashion/folio-card-holder",
    "A tan leather card holder lying on its back with two cards in its pockets",
    colour="Tan",
    paper="#cfd0cb",
)
@still(
    "fashion/folio-card-holder-black", "The card holder in black", VARIANT, colour="Black", paper="#d8cec1"
)
def folio(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper, depth=60)
    shapes.box((15, 13, 1.6), m.stone("#e2dbd0", "#b7aa9b", 0.35, 0.2), (0, 0, 0), bevel=0.08, turn=18)
    f.rest(f.place(card_holder(colour), (0, 0, 0), (0, 0, 24)), 1.6)
    studio.camera(19, (0, 0.3, 1.4), elevation=48, blur=0.002, exposure=0.3)
    studio.softbox(-75, 34, 0.95, 0.9)
    studio.rim(140, 35, 0.3)


# ------------------------------------------------------------------------------------------------- sets with several


def bench(material, width=92.0, depth=34.0, height=44.0, at=(0, 0, 0)):
    x, y, z = at
    shapes.box((width, depth, 3.6), material, (x, y, z + height - 3.6), bevel=0.4)
    for sx in (-1, 1):
        shapes.box((3.4, depth - 5, height - 3.6), material, (x + sx * (width / 2 - 9), y, z), bevel=0.3)


@still(
    "fashion/hero",
    "A tan leather tote, folded knitwear and a rust beanie on an oak bench in window light",
    HERO,
)
def hero(studio: Studio) -> None:
    studio.wall(m.plaster("#d8cdbf", 0.3), 24)
    oak = m.wood("#c59a6b", "#8a6038", "x", 1.0, 0.3)
    bench(oak, 170, 36, 44, (40, 0, -44))
    f.rest(f.place(tote("Tan"), (41, 2, 0), (0, 0, 22)))
    for k, (c, turn) in enumerate((("#2c3850", 2), ("#6f7450", -2), ("#d3c3a6", 1.5))):
        f.place(knitted(c, k + 1), (5.5, 0, k * 4.55), (0, 0, turn))
    f.rest(f.place(beanie("#93401f"), (5, 0.5, 0), (0, 0, 12)), 13.9)
    studio.camera(76, (6.5, 0, 20), elevation=6, lens=90, blur=0.003, exposure=0.35)
    studio.room("#d6dde8", 0.2)
    studio.sun(-58, 30, 0.95, 1.0, "window", scale=1.2, offset=(0.05, -0.02))
    studio.softbox(-55, 40, 0.45, 1.6)


@still(
    "fashion/story", "Folded lengths of linen, denim and checked wool stacked on a table by the window", STORY
)
def story(studio: Studio) -> None:
    studio.wall(m.plaster("#cfc6b9", 0.3), 30)
    studio.table(m.wood("#b98d60", "#7c5533", "x", 1.0, 0.3), depth=30)
    cloths = [
        s.cloth("denim", "#1e2a44", 12, "#5c6b86", depth=0.02, twill=True),
        s.cloth("linen", "#d9cdb8", 8, "#e9e0cf", depth=0.03, irregular=0.22),
        plaid("plaid", *SCARVES["Moss Check"]),
        s.cloth("sky", "#a3b9ca", 9, "#c2d2de", depth=0.025, irregular=0.2),
        s.felt("camel", "#b98a58"),
    ]
    z = 0
    for k, c in enumerate(cloths):
        h = (3.2, 3.0, 4.4, 2.8, 4.2)[k]
        f.place(folded(c, 33, 25, h, k + 2), (7, 2, z), (0, 0, (-2, 2.5, -1, 1.5, -2)[k]))
        z += h - 0.05
    wood_ = m.wood("#d9b98c", "#a77f4f", "z", 1.0, 0.3)
    for x, y, c in ((-15.5, -4, "#93401f"), (-20, 0, "#efe8da"), (-13.5, 3.5, "#2c3850")):
        body = f.lathe(
            "spool",
            f.rounded(
                [(0, 0), (2.1, 0), (2.1, 0.7), (1.2, 1.1), (1.2, 5.2), (2.1, 5.6), (2.1, 6.3), (0, 6.3)],
                [0, 0.15, 0.15, 0.2, 0.2, 0.15, 0.15, 0],
                4,
            ),
            wood_,
            64,
        )
        body.location = (x, y, 0)
        yarn = s.Paint("yarn", c, 0.8, Sheen_Weight=0.4)
        u, v, _ = yarn.split(yarn.place("UV"))
        yarn.bump((v * 60.0 + u * 0.8).sin(), 0.03, 0.8)
        w = f.lathe(
            "thread", [(1.2, 1.0), (1.75, 1.25), (1.85, 3.1), (1.75, 5.05), (1.2, 5.3)], yarn.material, 64
        )
        w.location = (x, y, 0)
    studio.camera(46, (0, 0, 11), elevation=11, blur=0.003, exposure=0.3)
    studio.sun(-62, 34, 0.8, 1.4, "window", scale=1.1, offset=(0.05, 0))
    studio.softbox(-60, 45, 0.45, 1.5)


@still(
    "fashion/collection-knitwear",
    "Three folded sweaters in navy, moss and oat with a rust beanie beside them",
    COLLECTION,
)
def knitwear(studio: Studio) -> None:
    studio.sweep("#cfc6ba")
    for k, (c, turn) in enumerate((("#2c3850", 2), ("#6f7450", -2), ("#d3c3a6", 1.5))):
        f.place(knitted(c, k + 1), (-10, 0, k * 4.55), (0, 0, turn + 6))
    f.rest(f.place(beanie("#93401f"), (20, 1, 0), (0, 0, 16)))
    studio.camera(40, (2.5, 0, 8.6), elevation=13, blur=0.003, exposure=0.3)
    studio.softbox(-60, 38, 0.95, 1.0)
    studio.rim(145, 35, 0.4)


@still("fashion/collection-everyday", "A white T-shirt and indigo jeans laid out side by side", COLLECTION)
def everyday(studio: Studio) -> None:
    f.place(t_shirt("#f1efe9"), (-32, 0, 0), (0, 0, 5))
    f.place(jeans(), (34, -4, 0), (0, 0, -6))
    flat(studio, "#c9beb0", 100, (-2, -1, 0), 0.3)


@still(
    "fashion/collection-bags-and-accessories",
    "A coiled belt, tortoise sunglasses and a card holder on stone blocks",
    COLLECTION,
)
def accessories(studio: Studio) -> None:
    studio.sweep("#d3cabe")
    shapes.box((17, 13, 5), m.stone("#ddd5c9", "#a99c8c", 0.4, 0.25), (-10.5, 2, 0), bevel=0.1, turn=8)
    shapes.box((13, 11, 1.8), m.plaster("#b9a794", 0.15), (17, 0, 0), bevel=0.15, turn=-10)
    f.rest(f.place(belt("Chestnut"), (-10.5, 1.6, 0), (0, 0, -14)), 5)
    f.rest(f.place(sunglasses("Tortoise"), (3.2, -8.5, 0), (0, 0, -20)))
    f.rest(f.place(card_holder("Tan"), (17, 0, 0), (0, 0, 14)), 1.8)
    studio.camera(29, (2.5, -1, 3.4), elevation=21, blur=0.003, exposure=0.3)
    studio.softbox(-58, 40, 0.95, 1.0)
    studio.rim(145, 35, 0.4)
