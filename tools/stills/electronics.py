"""Electronics: anodised aluminium, walnut, woven covers and black glass, at the size at which they stand on a desk."""

from __future__ import annotations

import itertools
import math

from mathutils import Matrix, Vector
from tools.stills import finishes as s
from tools.stills import lofts as f
from tools.stills import materials as m
from tools.stills import shapes
from tools.stills.studio import COLLECTION, HERO, STORY, VARIANT, Studio, still


def speaker(finish="Walnut"):
    """One cabinet, 17.5 × 22 × 29; the front looks to -y."""
    w, d, h = 17.5, 22, 29
    if finish == "Walnut":
        veneer = s.wood("walnut", "#a06a42", "#4e2d1a", along="z", size=0.55)
    else:
        veneer = s.wood("black ash", "#2f2d2b", "#131212", along="z", size=0.6, roughness=0.5, pores=0.3)
    baffle = s.plastic("baffle", "#1d1d1e" if finish == "Walnut" else "#151515", 0.55, 0.0015)
    shell = f.plate("cabinet", f.box_outline(w, d, 0.35, 6), h, 0.3, veneer)
    # the baffle stands proud
    parts = [shell]
    face = f.plate("baffle", f.box_outline(w - 0.9, h - 0.9, 0.5, 6), 0.7, 0.18, baffle, bottom_edge=0)
    f.place(face, (0, -d / 2 + 0.25, h / 2), (90, 0, 0))
    parts.append(face)
    yf = -d / 2 - 0.45
    rubber = s.plastic("surround", "#141414", 0.62, 0.0004)
    cone = s.Paint("cone", "#26241f", 0.75)
    where = cone.place()
    cone.bump(cone.noise(where, 3.2, 6, 0.75, 0.4), 0.03, 0.5)
    ring = s.spun("ring", "#6f6c68", 0.3)

    def driver(radius, z, woofer):
        out = []
        R = radius
        flange = [
            (R * 1.0, 0),
            (R * 1.18, 0),
            (R * 1.18, 0.32),
            (R * 1.02, 0.32),
            (R * 0.985, 0.1),
            (R * 0.985, -0.3),
        ]
        out.append(f.lathe("flange", f.rounded(flange, 0.09, 4), ring, 160))
        if woofer:
            prof = []
            # surround roll
            for k in range(13):
                a = math.pi * k / 12
                prof.append((R * 0.89 + R * 0.09 * math.cos(a), 0.05 + R * 0.085 * math.sin(a)))
            out.append(f.lathe("surround", [(R * 0.985, -0.1), *prof, (R * 0.8, -0.05)], rubber, 160))
            conep = [
                (R * 0.81, -0.02),
                (R * 0.7, -0.28),
                (R * 0.55, -0.75),
                (R * 0.4, -1.25),
                (R * 0.3, -1.6),
            ]
            out.append(f.lathe("cone", conep, cone.material, 160))
            cap = [(R * 0.32, -1.55)] + [
                (R * 0.31 * math.cos(a), -1.55 + R * 0.16 * math.sin(a))
                for a in [math.pi / 2 * k / 12 for k in range(13)]
            ]
            out.append(f.lathe("cap", cap, rubber, 128))
        else:
            out.append(
                f.lathe(
                    "waveguide",
                    [
                        (R * 0.99, 0.1),
                        (R * 0.9, -0.05),
                        (R * 0.72, -0.3),
                        (R * 0.6, -0.42),
                        (R * 0.52, -0.44),
                    ],
                    baffle,
                    128,
                )
            )
            silk = s.plastic("silk", "#1b1b1d", 0.5, 0.002)
            dome = [(R * 0.53, -0.45), (R * 0.5, -0.35)] + [
                (R * 0.46 * math.cos(a), -0.36 + R * 0.3 * math.sin(a))
                for a in [math.pi / 2 * k / 14 for k in range(15)]
            ]
            out.append(f.lathe("dome", dome, silk, 128))
        return f.group("driver", *out, at=(0, yf + 0.02, z), turn=(90, 0, 0))

    parts += [driver(6.1, h * 0.36, True), driver(3.0, h * 0.755, False)]
    led = f.lathe("led", [(0, 0), (0.09, 0), (0.09, 0.05), (0.0, 0.06)], s.glowing("led", "#fff1d6", 3), 24)
    f.place(led, (0, yf, 1.5), (90, 0, 0))
    parts.append(led)
    feet = s.plastic("feet", "#111111", 0.7)
    for x in (-6, 6):
        for y in (-8, 8):
            foot = f.lathe("foot", f.rounded([(0, 0), (1, 0), (1, 0.5), (0, 0.5)], 0.1), feet, 32)
            foot.location = (x, y, -0.5)
            parts.append(foot)
    return f.group("speaker", *parts)


def headphones(colour="Graphite"):
    shell_c, pad_c, cloth_c, met_c = {
        "Graphite": ("#3a3b3d", "#232323", "#303133", "#8d8d8d"),
        "Sand": ("#cbb69a", "#a98f72", "#c4ae92", "#d9c9b0"),
        "Sage": ("#8d9a84", "#6f7a68", "#8a967f", "#c4c6bb"),
    }[colour]
    shell = s.plastic("shell", shell_c, 0.38, 0.0009)
    pad = s.leather("pad", pad_c, 0.5, grain=14, depth=0.006, patina=0.12)
    band = s.cloth("band", cloth_c, 11, depth=0.02, fuzz=0.3)
    steel = s.metal("steel", met_c, 0.22, (30, 30, 2))
    dark = s.plastic("dark", "#171717", 0.6)
    parts = []
    for side in (-1, 1):
        cup = []
        o = f.oval(3.75, 4.55, 2.35, 120)
        # outer shell, axis z -> outwards; a shallow dish with a fine step
        rings = []

        def ring(k, z, rings=rings, o=o):
            rings.append([(x * k, y * k, z) for x, y in o])

        for k, z in f.rounded(
            [(0.90, -0.2), (1.0, 0), (1.0, 1.05), (0.86, 2.0), (0.6, 2.02), (0.57, 1.9), (0.0001, 1.78)],
            [0, 0.25, 0.7, 0.55, 0.04, 0.05, 0],
            7,
        ):
            ring(k, z)
        cup.append(f.loft("shell", rings, shell))
        cup.append(
            f.loft(
                "seam",
                [[(x * 0.97, y * 0.97, -0.35) for x, y in o], [(x * 0.97, y * 0.97, -0.02) for x, y in o]],
                dark,
            )
        )
        # cushion: a soft ring
        po = f.oval(2.65, 3.42, 2.2, 140)
        sec = []
        for k in range(40):
            a = 2 * math.pi * k / 40
            c, si = math.cos(a), math.sin(a)
            sec.append((1.02 * math.copysign(abs(c) ** 0.8, c), 0.98 * math.copysign(abs(si) ** 0.75, si)))
        cush = f.sweep(
            "cushion",
            [(x, y, -1.2) for x, y in po],
            [(y, x) for x, y in sec][::-1],
            pad,
            closed=True,
            up=(0, 0, 1),
        )
        cup.append(cush)
        cup.append(
            f.sweep(
                "stitch",
                [(x * 1.345, y * 1.28, -1.15) for x, y in po],
                [
                    (0.03 * math.cos(2 * math.pi * i / 8), 0.03 * math.sin(2 * math.pi * i / 8))
                    for i in range(8)
                ],
                pad,
                closed=True,
                up=(0, 0, 1),
            )
        )
        inner = s.cloth("grille", "#1c1c1c", 16, source="Object")
        cup.append(
            f.loft(
                "inner",
                [[(x * 0.8, y * 0.8, -0.75) for x, y in po], [(x * 0.8, y * 0.8, -0.7) for x, y in po]],
                inner,
            )
        )
        # controls on the rim
        if side == 1:
            crown = f.lathe("crown", f.rounded([(0, 0), (0.42, 0), (0.42, 0.5), (0, 0.5)], 0.08), steel, 48)
            f.place(crown, (1.6, 4.05, 0.6), (-68, 0, -21))
            cup.append(crown)
        # pivot
        piv = f.tube("pivot", [(0, 4.1, 0.55), (0, 5.4, 0.55)], 0.42, steel)
        cup.append(piv)
        coll = f.lathe("collar", f.rounded([(0.0, 0), (0.62, 0), (0.62, 0.5), (0, 0.5)], 0.1), shell, 48)
        f.place(coll, (0, 4.35, 0.55), (-90, 0, 0))
        cup.append(coll)
        g = f.group("cup", *cup)
        m = Matrix(((0, 0, side, 0), (side, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1)))
        tilt = Matrix.Rotation(math.radians(-5 * side), 4, "Y") @ Matrix.Rotation(
            math.radians(7 * side), 4, "Z"
        )
        g.matrix_world = Matrix.Translation((side * 7.75, 0, 4.68)) @ tilt @ m
        parts.append(g)
    # band: arch
    pts = f.spline(
        [
            (-8.15, 0, 10.9),
            (-8.5, 0, 13.2),
            (-7.6, 0, 17.3),
            (-4.6, 0, 20.6),
            (0, 0, 21.9),
            (4.6, 0, 20.6),
            (7.6, 0, 17.3),
            (8.5, 0, 13.2),
            (8.15, 0, 10.9),
        ],
        120,
    )
    sec = f.spread(
        f.rounded(
            [(-0.55, -1.45), (0.42, -1.45), (0.42, 1.45), (-0.55, 1.45)], [0.5, 0.2, 0.2, 0.5], 8, closed=True
        ),
        64,
    )

    def size(t):
        e = min(t, 1 - t)
        k = min(1, e / 0.22)
        k = k * k * (3 - 2 * k)
        return (0.62 + 0.55 * k, 0.5 + 0.62 * k)

    parts.append(f.sweep("band", pts, sec, band, up=None, scale=size))
    for side in (-1, 1):
        rod = f.spline([(side * 8.42, 0, 12.6), (side * 8.24, 0, 11.2), (side * 8.06, 0, 9.6)], 24)
        parts.append(f.tube("rod", rod, 0.3, steel))
        end = f.spline([(side * 8.47, 0, 12.9), (side * 8.3, 0, 11.6), (side * 8.12, 0, 10.5)], 16)
        parts.append(f.tube("end", end, 0.62, shell, steps=28))
    return f.group("headphones", *parts)


def turntable(finish="Walnut"):
    top = (
        s.wood("plinth", "#99663f", "#4b2c1a", along="x", size=0.5)
        if finish == "Walnut"
        else s.plastic("plinth", "#e6e1d8", 0.5, 0.0012)
    )
    alu = s.spun("platter", "#c9c9c8", 0.24, 26)
    steel = s.metal("steel", "#cfcfd0", 0.18)
    black = s.plastic("black", "#141415", 0.45)
    s.plastic("feet", "#1a1a1a", 0.7)
    carbon = s.plastic("carbon", "#1b1b1d", 0.3)
    p = [f.plate("plinth", f.box_outline(42, 34, 1.2, 10), 4.6, 0.28, top, z=2.2)]
    for x in (-17, 17):
        for y in (-13, 13):
            foot = f.lathe(
                "foot",
                f.rounded([(0, 0), (2.3, 0), (2.5, 0.6), (2.5, 1.4), (1.7, 2.25), (0, 2.25)], 0.25),
                alu,
                64,
            )
            foot.location = (x, y, 0)
            p.append(foot)
    z0 = 6.8
    cx, cy = -4.4, 0.2
    plat = f.lathe(
        "platter",
        f.rounded(
            [(0, 0), (14.6, 0), (14.9, 0.3), (14.9, 1.7), (14.6, 1.95), (0, 1.95)],
            [0, 0.1, 0.2, 0.15, 0.1, 0],
            5,
        ),
        alu,
        256,
    )
    plat.location = (cx, cy, z0 + 0.25)
    p.append(plat)
    # record
    vin = s.Paint("vinyl", "#0b0b0c", 0.24)
    x, y, _ = vin.split(vin.place())
    r = (x * x + y * y).sqrt()
    bands = vin.noise(vin.join(r * 1.3, 0.0, 0.0), 1.0, 3, 0.6)
    groove = (r * 6.283 * 9).sin() * 0.5 + 0.5
    vin.set(Roughness=bands.ramp(0.35, 0.65, 0.18, 0.36), Anisotropic=0.7)
    tan = vin.node("ShaderNodeTangent", direction_type="RADIAL", axis="Z")
    vin.tree.links.new(tan.outputs[0], vin.shader.inputs["Tangent"])
    vin.bump(groove * bands, 0.006, 0.35)
    rec = f.lathe(
        "record",
        f.rounded([(0, 0), (15.05, 0), (15.05, 0.17), (0, 0.17)], [0, 0.05, 0.07, 0], 4),
        vin.material,
        256,
    )
    rec.location = (cx, cy, z0 + 2.25)
    p.append(rec)
    for g in (12.5, 10.2, 8.1):
        gr = f.lathe(
            "gap",
            [(g - 0.035, 0), (g - 0.03, 0.004), (g + 0.03, 0.004), (g + 0.035, 0)],
            s.plastic("gap", "#0a0a0a", 0.08, 0),
            256,
        )
        gr.location = (cx, cy, z0 + 2.42)
        p.append(gr)
    lab = s.Paint("label", "#c46a3c", 0.7)
    x, y, _ = lab.split(lab.place())
    r = (x * x + y * y).sqrt()
    lab.set(
        Base_Color=lab.mix(r.ramp(4.32, 4.36), lab.mix(r.ramp(2.0, 2.03), "#e9dcc4", "#c4623a"), "#e9dcc4")
    )
    label = f.lathe("label", [(0, 0), (5.0, 0), (5.0, 0.012), (0, 0.014)], lab.material, 128)
    label.location = (cx, cy, z0 + 2.42)
    p.append(label)
    ink = s.plastic("ink", "#2d211b", 0.7, 0)
    p.append(f.lettering("t1", "LENTO", 0.62, ink, at=(cx, cy + 3.0, z0 + 2.438), spacing=1.3))
    p.append(f.lettering("t2", "SIDE ONE   33", 0.34, ink, at=(cx, cy - 3.1, z0 + 2.438), spacing=1.2))
    sp = f.lathe(
        "spindle",
        f.rounded([(0, 0), (0.36, 0), (0.36, 1.2), (0.2, 1.5), (0, 1.55)], [0, 0, 0.1, 0.1, 0]),
        steel,
        32,
    )
    sp.location = (cx, cy, z0 + 2.3)
    p.append(sp)
    # tonearm
    px, py = cx + 18.4, cy + 8.2
    base = f.lathe(
        "base",
        f.rounded(
            [(0, 0), (2.9, 0), (2.9, 0.7), (2.2, 0.8), (2.2, 1.2), (1.25, 1.3), (1.25, 3.3), (0, 3.3)],
            0.12,
            4,
        ),
        alu,
        96,
    )
    base.location = (px, py, z0)
    p.append(base)
    d = math.hypot(px - cx, py - cy)
    L = 21.6
    R = 12.7
    a = (L * L - R * R + d * d) / (2 * d)
    h = math.sqrt(L * L - a * a)
    ux, uy = (cx - px) / d, (cy - py) / d
    sx1, sy1 = px + ux * a + uy * h, py + uy * a - ux * h
    sx2, sy2 = px + ux * a - uy * h, py + uy * a + ux * h
    sx, sy = (sx1, sy1) if sy1 < sy2 else (sx2, sy2)
    dx, dy = (sx - px) / L, (sy - py) / L
    za = z0 + 3.75
    yaw = math.degrees(math.atan2(dy, dx))
    arm = []
    arm.append(f.tube("tube", [(-1.5, 0, 0), (19.0, 0, -0.28)], 0.36, carbon, steps=28))
    arm.append(f.tube("rear", [(-5.2, 0, 0.03), (-1.2, 0, 0)], 0.3, steel))
    cw = f.lathe("weight", f.rounded([(0, 0), (1.45, 0), (1.45, 1.9), (0, 1.9)], 0.18), black, 72)
    f.place(cw, (-3.0, 0, 0), (0, -90, 0))
    arm.append(cw)
    sc = f.lathe("scale", f.rounded([(0, 0), (1.3, 0), (1.3, 0.45), (0, 0.45)], 0.08), alu, 72)
    f.place(sc, (-2.5, 0, 0), (0, -90, 0))
    arm.append(sc)
    hub = f.box("hub", (1.5, 1.5, 1.7), 0.25, black, at=(0, 0, -0.85))
    arm.append(hub)
    axle = f.tube("axle", [(0, -1.55, 0), (0, 1.55, 0)], 0.28, steel)
    arm.append(axle)
    for yy in (-1.45, 1.45):
        arm.append(f.box("gimbal", (0.9, 0.35, 2.2), 0.12, alu, at=(0, yy, -1.3)))
    head = f.plate(
        "head",
        f.rounded(
            [(2.1, -0.62), (2.1, 0.62), (-1.2, 0.85), (-1.6, 0.4), (-1.6, -0.4), (-1.2, -0.85)],
            0.2,
            6,
            closed=True,
        ),
        0.22,
        0.08,
        black,
    )
    f.place(head, (19.9, 0, -0.5), (0, 0, -20))
    arm.append(head)
    cart = f.box("cart", (1.7, 1.25, 0.75), 0.12, s.plastic("cart", "#b5532f", 0.35), at=(0, 0, 0))
    f.place(cart, (20.6, -0.22, -1.2), (0, 0, -20))
    arm.append(cart)
    lift = f.tube(
        "finger", f.spline([(20.3, -0.8, -0.4), (20.5, -1.6, -0.38), (20.4, -2.3, -0.1)], 16), 0.1, steel
    )
    arm.append(lift)
    g = f.group("arm", *arm)
    f.place(g, (px, py, za), (0, 0, yaw))
    p.append(g)
    # lift rest and switch
    rest = f.lathe("rest", f.rounded([(0, 0), (0.35, 0), (0.35, 2.6), (0, 2.6)], 0.1), steel, 32)
    rest.location = (px + 1.1, py - 5.2, z0)
    p.append(rest)
    knob = f.lathe(
        "knob",
        f.rounded([(0, 0), (1.5, 0), (1.5, 1.3), (1.35, 1.5), (0, 1.5)], [0, 0.05, 0.1, 0.1, 0]),
        alu,
        96,
    )
    knob.location = (16.2, -12.4, z0)
    p.append(knob)
    mark = f.box("mark", (0.09, 0.7, 0.03), 0.01, ink, at=(16.2, -11.8, z0 + 1.49))
    p.append(mark)
    p.append(
        f.lettering(
            "brand",
            "Halvenne",
            1.0,
            s.plastic("brand", "#2a1a10" if finish == "Walnut" else "#8a857c", 0.5, 0),
            at=(-15.2, -14.6, z0 + 0.012),
        )
    )
    return f.group("turntable", *p)


def portable(colour="Clay"):
    c = {"Clay": ("#b5684a", "#8f4f38"), "Slate": ("#5d656c", "#474d53"), "Moss": ("#707a58", "#555d42")}[
        colour
    ]
    cl = s.cloth("cover", c[0], 7.5, s.shade(c[0], 0.82), depth=0.045, fuzz=0.3, irregular=0.14)
    rub = s.plastic("rubber", s.shade(c[1], 0.8), 0.55, 0.002)
    top = s.plastic("top", s.shade(c[1], 0.95), 0.5, 0.002)
    p = []
    h = 16.8
    R = 4.7
    p.append(
        f.lathe("base", f.rounded([(0, 0), (4.1, 0), (4.45, 0.35), (4.5, 0.9), (0, 0.9)], 0.18, 5), rub, 128)
    )
    prof = f.rounded([(4.2, 0.72), (R, 0.9), (R, h - 1.6), (4.1, h - 0.7)], [0, 0.5, 0.9, 0], 8)
    fine = []
    for a, b in itertools.pairwise(prof):
        n = max(1, int(math.dist(a, b) / 1.2))
        fine += [(a[0] + (b[0] - a[0]) * k / n, a[1] + (b[1] - a[1]) * k / n) for k in range(n)]
    fine.append(prof[-1])
    p.append(f.lathe("cover", fine, cl, 160))
    p.append(
        f.lathe(
            "piping",
            [
                (4.1 + 0.13 * math.cos(a), h - 0.68 + 0.13 * math.sin(a))
                for a in [2 * math.pi * k / 16 for k in range(17)]
            ],
            rub,
            128,
        )
    )
    p.append(
        f.lathe(
            "top",
            f.rounded(
                [(4.05, h - 0.9), (4.0, h - 0.7), (3.7, h - 0.62), (3.3, h - 0.85), (0, h - 0.9)],
                [0, 0.1, 0.12, 0.1, 0],
                6,
            ),
            top,
            128,
        )
    )
    ink = s.plastic("ink", s.shade(c[1], 0.35), 0.6, 0)
    for ch, x, y in (("+", 1.7, 0), ("–", -1.7, 0)):
        p.append(f.lettering("sym", ch, 1.3, ink, at=(x, y, h - 0.875), depth=0.01))
    ringp = f.lathe(
        "play",
        [
            (0.62 + 0.06 * math.cos(a), h - 0.88 + 0.04 * math.sin(a))
            for a in [2 * math.pi * k / 12 for k in range(13)]
        ],
        ink,
        64,
    )
    p.append(ringp)
    # loop of cord on the side, a woven strap
    strap = s.leather("strap", "#8a5a3a" if colour == "Clay" else "#3a332d", 0.5, grain=10)
    path = f.spline(
        [
            (R - 0.15, -0.0, h - 2.2),
            (R + 0.25, -0.0, h - 2.6),
            (R + 1.15, 0, h - 5.5),
            (R + 1.2, 0, h - 8.4),
            (R + 0.5, 0, h - 9.6),
            (R + 0.05, 0, h - 8.6),
            (R + 0.06, 0, h - 5.6),
            (R + 0.0, 0, h - 2.9),
        ],
        90,
    )
    sec = f.spread(
        f.rounded([(-0.09, -0.65), (0.09, -0.65), (0.09, 0.65), (-0.09, 0.65)], 0.06, 4, closed=True), 40
    )
    p.append(f.sweep("strap", path, sec, strap, up=(1, 0, 0.05)))
    for zz in (h - 2.45,):
        st = f.lathe(
            "stud",
            f.rounded([(0, 0), (0.38, 0), (0.38, 0.12), (0.25, 0.2), (0, 0.2)], 0.05),
            s.metal("stud", "#c9a46a", 0.25),
            40,
        )
        f.place(st, (R + 0.05, 0, zz), (0, 90, 0))
        p.append(st)
    tag = f.box("tag", (1.9, 0.9, 0.08), 0.03, s.plastic("tag", s.shade(c[1], 0.6), 0.6), corner=0.2)
    f.place(tag, (0, -R - 0.02, 2.3), (90, 0, 0))
    p.append(tag)
    p.append(
        f.lettering(
            "tagt",
            "halvenne",
            0.42,
            s.plastic("tagi", s.shade(c[0], 1.8), 0.6, 0),
            at=(0, -R - 0.112, 2.3),
            turn=(90, 0, 0),
        )
    )
    return f.group("portable", *p)


def microphone():
    body = s.plastic("body", "#2f3032", 0.45, 0.0012)
    steel = s.metal("steel", "#b9b7b2", 0.25, (2, 2, 40))
    base_m = s.plastic("base", "#2b2c2e", 0.45, 0.0012)
    gr = s.Paint("grille", "#8f8d88", 0.3, Metallic=1.0)
    u, v, _ = gr.split(gr.place("UV"))
    u, v = u * 6.5, v * 7.5
    off = (v.floor() / 2.0).fraction()
    uu = (u + off).fraction() - 0.5
    vv = v.fraction() - 0.5
    d = (uu * uu + vv * vv).sqrt()
    wire = d.ramp(0.3, 0.37)
    gr.set(Base_Color=gr.mix(wire, "#0b0b0b", "#a5a29c"), Metallic=wire, Roughness=wire.ramp(0, 1, 0.9, 0.3))
    gr.bump(wire, 0.05, 1.0)
    p = []
    R = 2.75
    z = 7.0
    p.append(
        f.lathe(
            "body",
            f.rounded(
                [(0, z - 1.0), (R * 0.8, z - 1.0), (R, z - 0.2), (R, z + 7.2), (0, z + 7.2)],
                [0, 0.3, 0.9, 0.06, 0],
                8,
            ),
            body,
            128,
        )
    )
    p.append(
        f.lathe(
            "ring",
            f.rounded(
                [(R - 0.2, z + 7.15), (R + 0.06, z + 7.15), (R + 0.06, z + 7.75), (R - 0.2, z + 7.75)],
                0.06,
                4,
            ),
            steel,
            128,
        )
    )
    gp = (
        [(R - 0.04, z + 7.7)]
        + [(R - 0.04, z + 7.7 + 4.0 * k / 10) for k in range(1, 11)]
        + [
            ((R - 0.04 - 1.5) + 1.5 * math.cos(a), z + 11.7 + 1.5 * math.sin(a))
            for a in [math.pi / 2 * k / 10 for k in range(1, 11)]
        ]
        + [(0.6, z + 13.2), (0, z + 13.2)]
    )
    p.append(f.lathe("grille", gp, gr.material, 128, crease=80))
    # front: dial and mark
    dial = f.lathe(
        "dial",
        f.rounded([(0, 0), (0.95, 0), (0.95, 0.55), (0.82, 0.65), (0, 0.65)], [0, 0.02, 0.06, 0.06, 0]),
        steel,
        72,
    )
    f.place(dial, (0, -R + 0.1, z + 2.6), (90, 0, 0))
    p.append(dial)
    led = f.lathe("led", [(0, 0), (0.1, 0), (0.08, 0.05), (0, 0.06)], s.glowing("led", "#ffd9a0", 4), 24)
    f.place(led, (0, -R + 0.01, z + 4.4), (90, 0, 0))
    p.append(led)
    p.append(
        f.lettering(
            "brand",
            "TAVRIK",
            0.42,
            s.plastic("ink", "#b9b7b2", 0.5, 0),
            at=(0, -R - 0.012, z + 5.9),
            turn=(90, 0, 0),
            spacing=1.25,
        )
    )
    # yoke
    w = R + 0.75
    y = f.spline(
        [
            (-w, 0, z + 4.2),
            (-w, 0, z + 1.5),
            (-w + 0.15, 0, z - 0.8),
            (-w + 1.6, 0, z - 2.1),
            (0, 0, z - 2.35),
            (w - 1.6, 0, z - 2.1),
            (w - 0.15, 0, z - 0.8),
            (w, 0, z + 1.5),
            (w, 0, z + 4.2),
        ],
        90,
    )
    sec = f.spread(
        f.rounded([(-0.16, -0.7), (0.16, -0.7), (0.16, 0.7), (-0.16, 0.7)], 0.1, 5, closed=True), 44
    )
    p.append(
        f.sweep(
            "yoke",
            y,
            sec,
            steel,
        )
    )
    for side in (-1, 1):
        k = f.lathe("thumb", f.rounded([(0, 0), (0.85, 0), (0.85, 0.9), (0, 0.9)], 0.1), body, 56)
        f.place(k, (side * (w + 0.1), 0, z + 3.6), (0, 90 * side, 0))
        p.append(k)
        b = f.tube("bolt", [(side * (R - 0.3), 0, z + 3.6), (side * w, 0, z + 3.6)], 0.3, steel)
        p.append(b)
    p.append(f.tube("stem", [(0, 0, 1.0), (0, 0, z - 2.3)], 0.55, steel, steps=32))
    p.append(
        f.lathe(
            "base",
            f.rounded(
                [(0, 0), (5.2, 0), (5.2, 1.0), (4.9, 1.25), (1.2, 1.45), (1.0, 2.0), (0, 2.0)],
                [0, 0.12, 0.2, 0.3, 0.3, 0.1, 0],
                6,
            ),
            base_m,
            160,
        )
    )
    cable = f.spline([(0, 4.9, 0.6), (0.5, 8, 0.35), (4, 13, 0.3), (12, 16, 0.3), (24, 17, 0.3)], 60)
    p.append(f.tube("cable", cable, 0.28, s.plastic("cable", "#1d1d1d", 0.6)))
    return f.group("microphone", *p)


def keyboard(colour="Bone"):
    """75 %, 84 keys; about 32.4 × 13.6, the front row towards -y."""
    case_c, cap_c, mod_c, ink_c, hot = (
        ("#cfc8bb", "#ece7dc", "#cdc5b6", "#4a453d", "#c8673f")
        if colour == "Bone"
        else ("#23282f", "#31373f", "#272c33", "#b9bec4", "#c8673f")
    )
    case = (
        s.metal("case", case_c, 0.42, (30, 30, 30), 0.0004)
        if colour == "Ink"
        else s.plastic("case", case_c, 0.48, 0.0012)
    )
    caps = {n: s.plastic(n, c, 0.52, 0.002) for n, c in (("cap", cap_c), ("mod", mod_c), ("hot", hot))}
    ink = {
        "cap": s.plastic("ink", ink_c, 0.6, 0),
        "mod": s.plastic("ink2", ink_c, 0.6, 0),
        "hot": s.plastic("ink3", "#fbf3e6", 0.6, 0),
    }
    pitch = 1.905
    rows = [
        [("esc", 1, "hot")]
        + [(f"F{i}", 1, "mod" if 5 <= i <= 8 else "cap") for i in range(1, 13)]
        + [("ins", 1, "mod"), ("del", 1, "mod"), ("end", 1, "mod")],
        [(c, 1, "cap") for c in "`1234567890-="] + [("back", 2, "mod"), ("home", 1, "mod")],
        [("tab", 1.5, "mod")]
        + [(c, 1, "cap") for c in "QWERTYUIOP[]"]
        + [("\\", 1.5, "mod"), ("pgup", 1, "mod")],
        [("caps", 1.75, "mod")]
        + [(c, 1, "cap") for c in "ASDFGHJKL;'"]
        + [("enter", 2.25, "hot"), ("pgdn", 1, "mod")],
        [("shift", 2.25, "mod")]
        + [(c, 1, "cap") for c in "ZXCVBNM,./"]
        + [("shift", 1.75, "mod"), ("up", 1, "cap"), ("fn", 1, "mod")],
        [
            ("ctrl", 1.25, "mod"),
            ("alt", 1.25, "mod"),
            ("cmd", 1.25, "mod"),
            ("", 6.25, "cap"),
            ("cmd", 1, "mod"),
            ("fn", 1, "mod"),
            ("ctrl", 1, "mod"),
            ("<", 1, "cap"),
            ("v", 1, "cap"),
            (">", 1, "cap"),
        ],
    ]
    heights = [1.12, 1.0, 0.9, 0.86, 0.9, 0.95]
    tilts = [-7, -4, -1, 2, 6, 8]
    w, d = 16 * pitch + 1.7, 6 * pitch + 1.75
    parts = [f.plate("case", f.box_outline(w, d, 1.1, 10), 1.7, 0.22, case, bottom_edge=0.5)]
    parts.append(
        f.plate(
            "well",
            f.box_outline(16 * pitch + 0.25, 6 * pitch + 0.25, 0.35, 6),
            0.06,
            0.02,
            s.plastic("well", "#17181a" if colour == "Ink" else "#8d877b", 0.7),
            z=1.68,
            bottom_edge=0,
        )
    )
    meshes = {}
    for r, row in enumerate(rows):
        x = -8 * pitch
        y = (2.5 - r) * pitch
        for legend, units, kind in row:
            key = (r, units, kind)
            if key not in meshes:
                bw, bd = units * pitch - 0.1, pitch - 0.1
                tw, td = units * pitch - 0.62, pitch - 0.5
                base, top = (
                    f.spread(f.box_outline(bw, bd, 0.16, 6), 72),
                    f.spread(f.box_outline(tw, td, 0.3, 8), 72),
                )
                h = heights[r]
                lean = math.tan(math.radians(tilts[r]))
                rings = []
                for t in (0, 0.15, 0.3, 0.5, 0.7, 0.82):
                    k = t**1.15
                    rings.append(
                        [
                            (a * (1 - k) + c * k, b * (1 - k) + (e + 0.1) * k, t * h + (b * lean * t))
                            for (a, b), (c, e) in zip(base, top, strict=True)
                        ]
                    )
                for inset, z in ((0.03, 0.9), (0.07, 0.965), (0.13, 0.995), (0.2, 1.0)):
                    kx, ky = 1 - inset / (tw / 2), 1 - inset / (td / 2)
                    rings.append(
                        [
                            (
                                c * kx,
                                e * ky + 0.1,
                                h * z
                                + e * lean
                                - 0.045
                                * (1 - min(1, abs(c * kx) / (min(tw, td) / 2)) ** 2)
                                * (1 if units < 2 else 0)
                                * max(0, (z - 0.9) * 10),
                            )
                            for c, e in top
                        ]
                    )
                for q in (0.72, 0.45, 0.2, 0.0001):
                    rings.append(
                        [
                            (
                                c * q * kx,
                                e * q * ky + 0.1,
                                h
                                + e * q * lean
                                - 0.045
                                * (1 - min(1, abs(c * q * kx) / (min(tw, td) / 2)) ** 2)
                                * (1 if units < 2 else 0),
                            )
                            for c, e in top
                        ]
                    )
                thing = f.loft("key", rings, caps[kind], crease=60)
                meshes[key] = thing.data
            else:
                thing = f.again("key", meshes[key])
            thing.location = (x + units * pitch / 2, y, 1.95)
            parts.append(thing)
            if legend:
                size = 0.5 if len(legend) == 1 else 0.3
                label = {"up": "^"}.get(legend, legend)
                parts.append(
                    f.lettering(
                        "legend",
                        label,
                        size,
                        ink[kind],
                        at=(
                            x
                            + units * pitch / 2
                            - (0 if len(legend) == 1 else max(0, units * pitch / 2 - 0.85)),
                            y + 0.1,
                            1.95 + heights[r] - 0.028,
                        ),
                        turn=(tilts[r], 0, 0),
                    )
                )
            x += units * pitch
    # cable to the back
    socket = f.box(
        "plug", (1.1, 1.6, 0.7), 0.2, s.plastic("plug", "#2b2b2b", 0.5), at=(-9, d / 2 + 0.5, 0.55)
    )
    parts.append(socket)
    cord = f.spline(
        [
            (-9, d / 2 + 1.2, 0.9),
            (-9, d / 2 + 4, 0.6),
            (-7, d / 2 + 9, 0.35),
            (2, d / 2 + 14, 0.35),
            (18, d / 2 + 15, 0.35),
            (60, d / 2 + 24, 0.35),
            (140, d / 2 + 60, 0.35),
        ],
        70,
    )
    parts.append(
        f.tube("cord", cord, 0.3, s.cloth("braid", mod_c if colour == "Bone" else "#3a4048", 10, depth=0.02))
    )
    whole = f.group("keyboard", *parts)
    return f.group("tilted", whole, at=(0, 0, 0.45), turn=(3.2, 0, 0))


def mouse(colour="Bone"):
    """A pebble 6.3 × 11.2 × 3.4; its wheel towards +y."""
    c = {"Bone": "#e4dfd4", "Ink": "#2a3038", "Sage": "#98a48f"}[colour]
    paint = s.Paint("shell", c, 0.46)
    where = paint.place()
    x, y, z = paint.split(where)
    grain = paint.bump(paint.noise(where, 55, 2, 0.6), 0.0014, 0.6)
    # the gaps between the buttons and round them
    ahead = y.ramp(0.55, 0.6)
    middle = (x.abs()).ramp(0.025, 0.05, 1, 0) * ahead
    across = ((y - 0.6 - x * x * 0.05).abs()).ramp(0.02, 0.045, 1, 0)
    skirt = ((z - 1.02 - y * 0.02).abs()).ramp(0.02, 0.045, 1, 0)
    slot = (x.abs() - 0.40).high((y - 2.75).abs() - 1.25).ramp(-0.03, 0.02, 1, 0)
    gap = middle.high(across).high(skirt)
    paint.set(Base_Color=paint.mix(slot.high(gap), c, "#0c0c0d"))
    paint.bump(gap.high(slot) * -1.0, 0.05, 1.0, grain)
    o = f.oval(3.12, 5.6, 2.35, 160)
    rings = []
    H = 3.35

    def put(k, zz):
        ring = []
        for px, py in o:
            qx, qy = px * k, py * k
            hump = 1 + 0.10 * (-(qy + 1.2) / 5.6) - 0.10 * ((qy + 1.2) / 5.6) ** 2
            ring.append((qx * (1 - 0.05 * (qy / 5.6)), qy, zz * hump if zz > 1 else zz))
        rings.append(ring)

    put(0.86, 0)
    put(0.90, 0.02)
    put(0.955, 0.25)
    put(0.985, 0.6)
    put(1.0, 1.0)
    for i in range(1, 33):
        a = math.pi / 2 * i / 32
        put(max(1e-4, math.cos(a) ** 0.78), 1.0 + (H - 1.0) * math.sin(a) ** 0.95)
    body = f.loft("mouse", rings, paint.material, crease=180, caps=False)
    wheel_profile = f.rounded([(0.3, -0.3), (1.0, -0.3), (1.0, 0.3), (0.3, 0.3)], [0, 0.16, 0.16, 0], 6)
    rub = s.Paint("wheel", "#1b1c1e", 0.6)
    wx, wy, _wz = rub.split(rub.place())
    angle = rub.math("ARCTAN2", wy, wx)
    rub.bump((angle * 28.0).sin(), 0.04, 0.9)
    wheel = f.lathe("wheel", wheel_profile, rub.material, 96)
    f.place(wheel, (0, 2.75, 1.92), (0, 90, 0))
    glide = f.plate(
        "glide",
        [(px * 0.84, py * 0.84) for px, py in o],
        0.06,
        0.02,
        s.plastic("glide", "#1a1a1a", 0.5),
        z=-0.06,
    )
    return f.group("mouse", body, wheel, f.group("g", glide), at=(0, 0, 0.06))


def laptop(colour="Silver", angle=108.0):
    """31.2 × 22 closed; it opens towards -y."""
    c = "#c9cbcc" if colour == "Silver" else "#2b313a"
    alu = s.metal("case", c, 0.36, (26, 26, 26), 0.0003)
    kc = "#26282b" if colour == "Silver" else "#15181c"
    key = s.plastic("key", kc, 0.5, 0.0015)
    ink = s.plastic("ink", "#cfd2d4", 0.6, 0)
    dark = s.plastic("dark", "#0d0e10", 0.5)
    W, D = 31.2, 22.0
    p = [f.plate("base", f.box_outline(W, D, 1.15, 12), 1.15, 0.12, alu, bottom_edge=0.55, z=0.12)]
    top = 1.27
    p.append(
        f.plate(
            "well",
            f.box_outline(27.6, 10.5, 0.45, 8),
            0.03,
            0.01,
            s.plastic("well", kc if colour == "Silver" else "#101215", 0.6),
            z=top - 0.018,
            bottom_edge=0,
        )
    )
    p[-1].location = (0, 3.5, 0)
    rows = [
        ("esc F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 del", 14),
        ("` 1 2 3 4 5 6 7 8 9 0 - = back", 0),
        ("tab Q W E R T Y U I O P [ ] |", 0),
        ("caps A S D F G H J K L ; ' enter", 0),
        ("shift Z X C V B N M , . / shift", 0),
    ]
    widths = [
        [1] * 14,
        [1] * 13 + [1.5],
        [1.5] + [1] * 13,
        [1.75] + [1] * 11 + [1.75],
        [2.25] + [1] * 10 + [2.25],
    ]
    y = 3.5 + 4.35
    shapes_ = {}
    for r, (legend, _) in enumerate(rows):
        names = legend.split()
        h = 0.95 if r == 0 else 1.62
        pitch = 1.18 if r == 0 else 1.82
        total = sum(widths[r])
        u = 27.0 / total
        x = -13.5
        for name, wd in zip(names, widths[r], strict=False):
            kw = wd * u - 0.2
            tag = (round(kw, 3), h)
            if tag not in shapes_:
                k = f.plate("key", f.box_outline(kw, h, 0.18, 6), 0.13, 0.04, key, bottom_edge=0)
                shapes_[tag] = k.data
            else:
                k = f.again("key", shapes_[tag])
            k.location = (x + wd * u / 2, y, top)
            p.append(k)
            p.append(
                f.lettering(
                    "l", name, 0.5 if len(name) == 1 else 0.27, ink, at=(x + wd * u / 2, y, top + 0.133)
                )
            )
            x += wd * u
        y -= (pitch + 1.82) / 2 if r == 0 else 1.82
    x = -13.5
    y = 3.5 - 4.3
    for wd, name in (
        (1.2, "fn"),
        (1.2, "ctrl"),
        (1.2, "alt"),
        (1.4, "cmd"),
        (5.0, ""),
        (1.4, "cmd"),
        (1.2, "alt"),
        (1.0, "<"),
        (1.0, "v"),
        (1.0, ">"),
    ):
        u = 27.0 / 15.6
        kw = wd * u - 0.2
        k = f.plate("key", f.box_outline(kw, 1.5, 0.18, 6), 0.13, 0.04, key, bottom_edge=0)
        k.location = (x + wd * u / 2, y, top)
        p.append(k)
        if name:
            p.append(f.lettering("l", name, 0.27, ink, at=(x + wd * u / 2, y, top + 0.133)))
        x += wd * u
    pad_groove = f.plate(
        "groove",
        f.box_outline(12.2, 7.3, 0.5, 8),
        0.012,
        0,
        s.plastic("g", s.shade(c, 0.25), 0.5, 0),
        bottom_edge=0,
        z=top - 0.002,
    )
    pad_groove.location = (0, -6.5, 0)
    p.append(pad_groove)
    pad = f.plate(
        "pad",
        f.box_outline(12.1, 7.2, 0.46, 8),
        0.02,
        0.008,
        s.metal("pad", s.shade(c, 1.05) if colour == "Silver" else "#2e353e", 0.3, (9, 9, 9), 0.00002),
        bottom_edge=0,
        z=top - 0.002,
    )
    pad.location = (0, -6.5, 0)
    p.append(pad)
    for side in (-1, 1):
        for yy in (6.5, 3.8):
            port = f.plate("port", f.box_outline(0.9, 0.32, 0.15, 6), 0.05, 0.01, dark)
            f.place(port, (side * (W / 2 - 0.03), yy, 0.78), (90, 0, 90))
            p.append(port)
    notch = f.plate(
        "notch",
        f.rounded([(2.6, -0.5), (1.9, 0.5), (-1.9, 0.5), (-2.6, -0.5)], 0.4, 6, closed=True),
        0.4,
        0.1,
        s.plastic("n", s.shade(c, 0.5), 0.4),
    )
    f.place(notch, (0, -D / 2 + 0.28, top - 0.32))
    p.append(notch)
    lid = []
    lid.append(f.plate("lid", f.box_outline(W, 21.4, 1.15, 12), 0.52, 0.12, alu, bottom_edge=0.1))
    lid.append(
        f.plate(
            "bezel",
            f.box_outline(W - 0.5, 20.9, 0.95, 10),
            0.03,
            0.01,
            s.plastic("bezel", "#050506", 0.12, 0),
            z=0.51,
            bottom_edge=0,
        )
    )
    show = s.screen(
        "show",
        (0.0, "#1b2a3c"),
        (0.3, "#3d5a73"),
        (0.46, "#b98263"),
        (0.6, "#e3b48c"),
        (0.8, "#f2dfc6"),
        glow=0.85,
    )
    sc = f.plate("screen", f.box_outline(W - 1.3, 19.0, 0.3, 6), 0.01, 0.003, show, z=0.538, bottom_edge=0)
    sc.location = (0, 0.35, 0)
    lid.append(sc)
    cam = f.lathe(
        "cam", [(0, 0), (0.12, 0), (0.1, 0.01), (0, 0.01)], s.plastic("lens", "#131a26", 0.05, 0), 24
    )
    cam.location = (0, 10.15, 0.54)
    lid.append(cam)
    g = f.group("lid", *lid)
    hinge_y = D / 2 - 0.55
    hinge_z = top + 0.02
    (
        Matrix.Translation((0, hinge_y, hinge_z))
        @ Matrix.Rotation(math.radians(180 - angle), 4, "X").inverted()
        @ Matrix.Rotation(math.radians(180), 4, "Y")
        @ Matrix.Identity(4)
    )
    a = math.radians(angle)
    ex = Vector((1, 0, 0))
    ey = Vector((0, -math.cos(a), math.sin(a)))
    ez = Vector((0, -math.sin(a), -math.cos(a)))
    rot = Matrix((ex, ey, ez)).transposed().to_4x4()
    g.matrix_world = Matrix.Translation((0, hinge_y, hinge_z)) @ rot @ Matrix.Translation((0, 10.75, -0.2))
    p.append(g)
    p.append(
        f.tube(
            "hinge",
            [(-11, hinge_y + 0.05, hinge_z - 0.1), (11, hinge_y + 0.05, hinge_z - 0.1)],
            0.36,
            s.plastic("hinge", s.shade(c, 0.35), 0.45),
        )
    )
    for sx in (-12, 12):
        for sy in (-8.5, 8.5):
            foot = f.lathe("foot", f.rounded([(0, 0), (0.7, 0), (0.7, 0.2), (0, 0.2)], 0.05), dark, 32)
            foot.location = (sx, sy, 0)
            p.append(foot)
    return f.group("laptop", *p)


def thermostat(finish="Brass"):
    """A dial 8.6 across; its wall is y = 0 and it looks to -y."""
    c = "#d9b67f" if finish == "Brass" else "#c3c5c7"
    ring = s.spun("ring", c, 0.22, 30)
    black = s.Paint("glass", "#060607", 0.05, Coat_Weight=0.6).material
    dark = s.plastic("dark", "#1c1c1c", 0.5)
    p = [
        f.lathe("plate", f.rounded([(0, 0), (3.7, 0), (3.7, 0.5), (0, 0.5)], 0.1), dark, 128),
        f.lathe(
            "body",
            f.rounded(
                [(0, 0.45), (4.0, 0.45), (4.25, 0.7), (4.3, 2.2), (4.12, 2.55), (3.86, 2.58), (3.80, 2.42)],
                [0, 0.1, 0.15, 0.22, 0.07, 0.05, 0],
                6,
            ),
            ring,
            256,
        ),
        f.lathe(
            "face",
            [(3.84, 2.3)]
            + [
                (3.84 * math.cos(a), 2.38 + 0.16 * math.sin(a))
                for a in [math.pi / 2 * k / 24 for k in range(25)]
            ],
            black,
            192,
        ),
    ]
    warm = s.glowing("digits", "#ffe2bd", 2.2)
    dim = s.glowing("ticks", "#8d8478", 0.35)
    hot = s.glowing("hot", "#ff8a3c", 2.6)
    for k in range(61):
        a = math.radians(225 - 270 * k / 60)
        lit = k < 37
        tick = f.box(
            "tick",
            (0.045 if k != 36 else 0.07, 0.34 if k != 36 else 0.5, 0.004),
            0.001,
            hot if k == 36 else (warm if lit else dim),
        )
        f.place(tick, (3.2 * math.cos(a), 3.2 * math.sin(a), 2.47), (0, 0, math.degrees(a) - 90))
        p.append(tick)
    p.append(f.lettering("t", "20", 2.3, warm, at=(-0.2, -0.05, 2.548)))
    p.append(f.lettering("t2", ".5", 0.95, warm, at=(1.45, 0.42, 2.535)))
    p.append(f.lettering("t3", "HEATING", 0.36, hot, at=(0, -1.45, 2.53), spacing=1.25))
    p.append(f.lettering("t4", "INSIDE", 0.32, dim, at=(0, 1.5, 2.53), spacing=1.25))
    return f.group("thermostat", f.group("dial", *p, turn=(90, 0, 0)))


def bulb(lit=True):
    """A globe 9.5 across on its E27 cap; it stands on the cap's tip, z up."""
    if lit:
        glass = s.Paint("opal", "#fff4e4", 0.3, Emission_Strength=1.0, Coat_Weight=0.4)
        face = glass.node("ShaderNodeLayerWeight")
        facing = s.Wire(glass, face.outputs["Facing"])
        glass.set(
            Emission_Color=glass.mix(facing.ramp(0.0, 0.9), "#ffe0b0", "#ffb065"),
            Emission_Strength=facing.ramp(0, 1, 1.75, 0.85),
        )
        opal = glass.material
    else:
        opal = s.Paint(
            "opal", "#f4f1ea", 0.22, Subsurface_Weight=0.5, Subsurface_Scale=0.8, Coat_Weight=0.5
        ).material
    white = s.plastic("neck", "#eeebe5", 0.35, 0.0006)
    brass = s.metal("cap", "#b9b2a4", 0.25)
    black = s.plastic("tip", "#161616", 0.4, 0)
    p = []
    cap = [(0, 0), (0.35, 0), (0.42, 0.12), (0.95, 0.5)]
    z = 0.55
    for _k in range(6):
        cap += [(1.24, z + 0.08), (1.3, z + 0.18), (1.24, z + 0.28), (1.12, z + 0.36)]
        z += 0.36
    cap += [(1.2, z + 0.1), (1.2, z + 0.2)]
    p.append(f.lathe("cap", cap, brass, 96, crease=80))
    p.append(f.lathe("tip", f.rounded([(0, -0.02), (0.4, -0.02), (0.4, 0.1), (0, 0.1)], 0.04), black, 32))
    p.append(
        f.lathe(
            "neck",
            f.rounded(
                [
                    (1.15, z + 0.05),
                    (1.32, z + 0.05),
                    (1.4, z + 0.6),
                    (1.95, z + 2.3),
                    (2.3, z + 3.1),
                    (2.2, z + 3.15),
                ],
                [0, 0.1, 0.6, 1.5, 0.05, 0],
                8,
            ),
            white,
            128,
        )
    )
    r = 4.75
    zc = z + 3.1 + math.sqrt(r * r - 2.26**2)
    start = math.asin(-(zc - z - 3.1) / r)
    p.append(
        f.lathe(
            "globe",
            [
                (r * math.cos(a), zc + r * math.sin(a))
                for a in [start + (math.pi / 2 - start) * k / 56 for k in range(57)]
            ],
            opal,
            160,
            crease=180,
        )
    )
    return f.group("bulb", *p)


def socket(colour="#c9c0b2"):
    """A turned holder with a woven cord, its bulb's tip at z = 1.6."""
    body = m.ceramic(colour, 0.2, 0.25)
    p = [
        f.lathe(
            "socket",
            f.rounded(
                [
                    (0, 0),
                    (3.1, 0),
                    (3.3, 0.35),
                    (3.0, 0.9),
                    (2.1, 1.5),
                    (1.95, 4.9),
                    (1.7, 5.1),
                    (1.6, 4.9),
                    (1.6, 3.0),
                    (0, 3.0),
                ],
                [0, 0.2, 0.3, 0.5, 0.6, 0.15, 0.12, 0.1, 0.1, 0],
                6,
            ),
            body,
            128,
        )
    ]
    cord = f.spline(
        [(2.6, 1.0, 0.6), (4.6, 2.4, 0.38), (8, 6, 0.32), (16, 9, 0.32), (30, 8, 0.32), (60, 14, 0.32)], 80
    )
    p.append(f.tube("cord", cord, 0.3, s.cloth("cord", "#b06a43", 9, depth=0.02)))
    return f.group("socket", *p)


def house_camera(colour="Chalk"):
    """A small camera on its foot, about 9 high, looking to -y."""
    c, c2 = ("#e9e6df", "#d8d4cb") if colour == "Chalk" else ("#262b32", "#1c2026")
    body = s.plastic("body", c, 0.42, 0.001)
    foot = s.plastic("foot", c2, 0.45, 0.001)
    black = s.Paint("front", "#07080a", 0.06, Coat_Weight=0.6).material
    steel = s.metal("stem", "#b8b9ba" if colour == "Chalk" else "#5a5e64", 0.25)
    o = f.oval(2.85, 2.85, 2.9, 120)
    head = []
    rings = [
        [(x * k, y * k, z) for x, y in o]
        for k, z in f.rounded(
            [
                (0.0001, -2.2),
                (0.72, -2.15),
                (0.97, -1.2),
                (1.0, 1.35),
                (0.93, 1.62),
                (0.875, 1.64),
                (0.865, 1.5),
            ],
            [0, 0.5, 0.8, 0.25, 0.05, 0.03, 0],
            7,
        )
    ]
    head.append(f.loft("body", rings, body, caps=False, crease=50))
    rings = [
        [(x * k, y * k, z) for x, y in o]
        for k, z in ((0.873, 1.45), (0.872, 1.56), (0.85, 1.6), (0.6, 1.63), (0.3, 1.645), (0.0001, 1.65))
    ]
    head.append(f.loft("front", rings, black, caps=False, crease=50))
    head.append(
        f.lathe(
            "bezel",
            f.rounded(
                [(1.28, 1.6), (1.28, 1.75), (1.1, 1.78), (0.85, 1.55), (0.8, 1.5)],
                [0, 0.06, 0.06, 0.05, 0],
                4,
            ),
            s.metal("bezel", "#4a4c50", 0.3),
            96,
        )
    )
    lens = s.Paint("lens", "#0a0d18", 0.03, Coat_Weight=1.0, Coat_Tint=s.linear("#8fa8ff")).material
    head.append(
        f.lathe(
            "lens",
            [
                (0.86 * math.cos(a), 1.5 + 0.35 * math.sin(a))
                for a in [math.pi / 2 * k / 20 for k in range(21)]
            ],
            lens,
            96,
        )
    )
    for _k, (x, y) in enumerate(((0, -1.85),)):
        led = f.lathe("led", [(0, 0), (0.11, 0), (0.09, 0.03), (0, 0.04)], s.glowing("led", "#9fe0b0", 3), 24)
        led.location = (x, y, 1.6)
        head.append(led)
    h = f.group("head", *head)
    f.place(h, (0, -0.1, 6.15), (84, 0, 0))
    p = [h]
    p.append(f.tube("stem", [(0, 0.1, 0.4), (0, 0.25, 4.2)], 0.42, steel, steps=36))
    ball = f.lathe(
        "ball",
        [
            (0.78 * math.cos(a), 0.78 * math.sin(a))
            for a in [-math.pi / 2 + math.pi * k / 24 for k in range(25)]
        ],
        steel,
        64,
    )
    ball.location = (0, 0.25, 3.35)
    p.append(ball)
    p.append(
        f.lathe(
            "foot",
            f.rounded(
                [(0, 0), (3.05, 0), (3.1, 0.35), (2.75, 0.72), (0.7, 0.95), (0, 0.95)],
                [0, 0.12, 0.2, 0.35, 0.15, 0],
                6,
            ),
            foot,
            160,
        )
    )
    cord = f.spline([(0, 2.9, 0.35), (0.5, 5, 0.25), (4, 9, 0.22), (14, 11, 0.22), (40, 13, 0.22)], 60)
    p.append(f.tube("cord", cord, 0.2, foot))
    return f.group("camera", *p)


def watch(colour="Graphite"):
    """A smartwatch standing on its closed strap, looking to -y and a little up."""
    c, strap_c = {
        "Graphite": ("#4b4d50", "#2a2c2f"),
        "Rose": ("#c99f8c", "#d8b9ab"),
        "Sage": ("#b9bcb2", "#8b9882"),
    }[colour]
    case = s.metal("case", c, 0.24, (30, 30, 30), 0.0003)
    strap = s.plastic("strap", strap_c, 0.58, 0.0012, Sheen_Weight=0.15, Specular_IOR_Level=0.35)
    black = s.Paint("glass", "#040405", 0.04, Coat_Weight=0.6).material
    o = f.oval(1.92, 2.28, 4.2, 140)
    p = []
    rings = [
        [(x * k, y * k, z) for x, y in o]
        for k, z in f.rounded(
            [(0.8, -0.62), (0.93, -0.5), (1.0, -0.12), (1.0, 0.12), (0.95, 0.42), (0.91, 0.44)],
            [0, 0.15, 0.25, 0.25, 0.12, 0],
            6,
        )
    ]
    p.append(f.loft("case", rings, case, caps=True, crease=60))
    rings = [
        [(x * k, y * k, z) for x, y in o]
        for k, z in (
            (0.915, 0.42),
            (0.905, 0.5),
            (0.87, 0.56),
            (0.8, 0.585),
            (0.6, 0.6),
            (0.3, 0.605),
            (0.0001, 0.605),
        )
    ]
    p.append(f.loft("glass", rings, black, caps=False, crease=180))
    light = s.glowing("light", "#f5efe6", 1.6)
    hot = s.glowing("hot", "#ff9a5c", 2.0)
    cool = s.glowing("cool", "#9ad0c0", 1.4)
    dim = s.glowing("dim", "#77736c", 0.5)
    zf = 0.612
    p.append(f.lettering("h", "10", 1.25, light, at=(0, 0.72, zf)))
    p.append(f.lettering("m", "09", 1.25, light, at=(0, -0.32, zf)))
    p.append(f.lettering("d", "WED 14", 0.27, dim, at=(0, 1.5, zf), spacing=1.2))

    def gauge(x, y, r, share, mat):
        n = 40
        pts = [
            (x + r * math.sin(2 * math.pi * share * k / n), y + r * math.cos(2 * math.pi * share * k / n), zf)
            for k in range(n + 1)
        ]
        p.append(f.tube("gauge", pts, 0.05, mat, steps=8))

    gauge(-0.85, -1.35, 0.27, 0.72, hot)
    gauge(0, -1.35, 0.27, 0.45, cool)
    gauge(0.85, -1.35, 0.27, 0.86, light)
    crown = f.lathe(
        "crown", f.rounded([(0, 0), (0.42, 0), (0.42, 0.3), (0.36, 0.36), (0, 0.36)], 0.06), case, 56
    )
    f.place(crown, (1.88, 0.75, -0.02), (0, 90, 0))
    p.append(crown)
    side = f.box("button", (0.5, 1.1, 0.12), 0.05, case, corner=0.2)
    f.place(side, (1.86, -0.75, 0.0), (0, 90, 0))
    p.append(side)
    # the strap: a closed loop in the y-z plane behind the case
    path = f.spline(
        [
            (0, 2.15, -0.28),
            (0, 2.72, -0.75),
            (0, 2.95, -2.0),
            (0, 2.6, -3.7),
            (0, 1.5, -5.0),
            (0, 0, -5.45),
            (0, -1.5, -5.0),
            (0, -2.6, -3.7),
            (0, -2.95, -2.0),
            (0, -2.72, -0.75),
            (0, -2.15, -0.28),
        ],
        140,
    )
    sec = f.spread(
        f.rounded([(-0.13, -1.2), (0.13, -1.2), (0.13, 1.2), (-0.13, 1.2)], 0.12, 6, closed=True), 56
    )

    def size(t):
        e = abs(t - 0.5) * 2
        return (
            1.35 if e > 0.93 else 1.0 + 0.35 * max(0, (e - 0.75) / 0.18),
            1.0 + 0.22 * max(0, (e - 0.6) / 0.4) ** 1.5,
        )

    p.append(f.sweep("strap", path, sec, strap, scale=size))
    # tail and pin
    tail = f.spline([(0, 2.35, -4.15), (0, 1.2, -5.42), (0, -0.2, -5.76), (0, -1.6, -5.35)], 50)
    p.append(f.sweep("tail", tail, [(x * 0.9, y * 0.98) for x, y in sec], strap))
    pin = f.lathe("pin", f.rounded([(0, 0), (0.3, 0), (0.3, 0.12), (0, 0.12)], 0.05), case, 40)
    f.place(pin, (0, 0.4, -5.86), (180, 0, 0))
    p.append(pin)
    return f.group("flat", *p)


def ring(finish="Silver"):
    """A ring 2.2 across, lying; its axis is z."""
    c = "#c9cacc" if finish == "Silver" else "#d9b272"
    out = s.spun("ring", c, 0.2, 60)
    inner = s.Paint("inner", "#15161a", 0.12, Coat_Weight=1.0).material
    R, w = 1.1, 0.42
    p = [
        f.lathe(
            "ring",
            f.rounded(
                [
                    (R - 0.22, -w + 0.03),
                    (R - 0.14, -w),
                    (R - 0.03, -w),
                    (R, -w + 0.05),
                    (R, w - 0.05),
                    (R - 0.03, w),
                    (R - 0.14, w),
                    (R - 0.22, w - 0.03),
                ],
                [0, 0.04, 0.04, 0.06, 0.06, 0.04, 0.04, 0],
                6,
            ),
            out,
            256,
        )
    ]
    p.append(
        f.lathe(
            "inner",
            f.rounded(
                [(R - 0.215, w - 0.03), (R - 0.23, w - 0.06), (R - 0.235, -w + 0.06), (R - 0.215, -w + 0.03)],
                [0, 0.03, 0.03, 0],
                5,
            ),
            inner,
            256,
        )
    )
    for a in (-28, 0, 28):
        bump = f.lathe(
            "sensor",
            [(0.16 * math.cos(t), 0.07 * math.sin(t)) for t in [math.pi / 2 * k / 10 for k in range(11)]],
            inner,
            32,
        )
        t = math.radians(a + 90)
        f.place(bump, ((R - 0.235) * math.cos(t), (R - 0.235) * math.sin(t), 0), (0, -90, math.degrees(t)))
        p.append(bump)
    return f.group("ring", *p)


def earbud(colour="Chalk", side=1):
    """One bud, its stem down along -z; about 3 high."""
    c = "#ece9e2" if colour == "Chalk" else "#2e3034"
    shell = s.plastic("bud", c, 0.22, 0, Coat_Weight=0.5)
    tipm = s.plastic(
        "tip",
        "#a9a7a2" if colour == "Chalk" else "#17181a",
        0.5,
        0,
        Subsurface_Weight=0.3,
        Subsurface_Scale=0.3,
    )
    dark = s.plastic("mesh", "#1a1a1b", 0.5, 0)
    steel = s.metal("m", "#c6c6c6", 0.25)

    def ball(rx, ry, rz, at, turn=(0, 0, 0)):
        b = f.lathe(
            "b",
            [(math.cos(a), math.sin(a)) for a in [-math.pi / 2 + math.pi * k / 20 for k in range(21)]],
            shell,
            48,
        )
        b.scale = (rx, ry, rz)
        b.location = at
        f.turn(b, turn)
        return b

    bodies = [ball(0.86, 0.74, 0.84, (0, 0, 0)), ball(0.62, 0.56, 0.6, (0.42 * side, -0.22, 0.08))]
    bodies.append(
        f.tube("stem", [(-0.28 * side, 0.12, 0.1), (-0.36 * side, 0.15, -2.05)], 0.31, shell, steps=28)
    )
    nozzle = f.tube("nozzle", [(0.5 * side, -0.3, 0.1), (1.0 * side, -0.62, 0.16)], 0.36, shell, steps=28)
    bodies.append(nozzle)
    one = f.fused("bud", bodies, 0.045, shell)
    tip = f.lathe(
        "tip",
        f.rounded(
            [(0.26, 0.0), (0.5, 0.08), (0.55, 0.3), (0.42, 0.64), (0.26, 0.74), (0.17, 0.68), (0.17, 0.4)],
            [0, 0.2, 0.2, 0.3, 0.1, 0.05, 0],
            6,
        ),
        tipm,
        64,
    )
    d = Vector((0.5 * side, -0.32, 0.06)).normalized()
    tip.rotation_mode = "QUATERNION"
    tip.rotation_quaternion = d.to_track_quat("Z", "Y")
    tip.location = Vector((0.5 * side, -0.3, 0.1)) + d * 0.42
    ringm = f.lathe("end", f.rounded([(0, 0), (0.27, 0), (0.27, 0.12), (0, 0.12)], 0.05), steel, 40)
    f.place(ringm, (-0.362 * side, 0.152, -2.4))
    slot = f.plate("slot", f.box_outline(0.22, 0.62, 0.1, 6), 0.06, 0.02, dark)
    f.place(slot, (-0.46 * side, 0.62, 0.15), (-68, 0, 20 * side))
    return f.group("earbud", one, tip, ringm, slot)


def earbud_case(colour="Chalk"):
    """The closed case, a pebble 6.6 × 5.2 × 2.5."""
    c = "#e6e3db" if colour == "Chalk" else "#2b2d31"
    paint = s.Paint("case", c, 0.36)
    where = paint.place()
    _x, _y, z = paint.split(where)
    seam = ((z - 1.5).abs()).ramp(0.015, 0.04, 1, 0)
    paint.set(Base_Color=paint.mix(seam, c, "#151515"))
    grain = paint.bump(paint.noise(where, 55, 2, 0.6), 0.0012, 0.5)
    paint.bump(seam * -1.0, 0.05, 1.0, grain)
    o = f.oval(3.3, 2.6, 2.5, 160)
    rings = []
    for i in range(45):
        a = -math.pi / 2 + math.pi * i / 44
        k = max(1e-4, abs(math.cos(a)) ** 0.62)
        zz = 1.25 + 1.25 * math.copysign(abs(math.sin(a)) ** 0.92, math.sin(a))
        rings.append([(px * k, py * k, zz) for px, py in o])
    body = f.loft("case", rings, paint.material, caps=False, crease=180)
    led = f.lathe("led", [(0, 0), (0.07, 0), (0.06, 0.02), (0, 0.03)], s.glowing("led", "#bfe8c8", 3), 20)
    f.place(led, (0, -2.55, 1.1), (90, 0, 0))
    notch = f.plate(
        "notch", f.box_outline(1.1, 0.16, 0.08, 6), 0.03, 0.01, s.plastic("n", s.shade(c, 0.45), 0.5, 0)
    )
    f.place(notch, (0, -2.575, 1.5), (90, 0, 0))
    return f.group("earbud case", body, led, notch)


# ---------------------------------------------------------------------------------------------------------- products


@still(
    "electronics/aurora-headphones",
    "Over-ear headphones in graphite standing upright, one soft ear cushion turned to the camera",
    colour="Graphite",
    paper="#d3d1cd",
)
@still(
    "electronics/aurora-headphones-sand",
    "The over-ear headphones in warm sand, band and cushions in the same colour",
    VARIANT,
    colour="Sand",
    paper="#dcd3c6",
)
@still(
    "electronics/aurora-headphones-sage",
    "The over-ear headphones in muted sage green",
    VARIANT,
    colour="Sage",
    paper="#cfd2c8",
)
def aurora(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(headphones(colour), (0, 0, 0), (0, 0, 36)))
    studio.camera(31, (0, 0, 11.2), elevation=9, blur=0.003, exposure=0.3)
    studio.softbox(-58, 42, 0.85, 1.1)
    studio.strip(75, 0.35, elevation=20)
    studio.rim(150, 38, 0.6)


@still(
    "electronics/murmur-earbuds",
    "Two chalk-white earbuds lying before their pebble-shaped charging case",
    colour="Chalk",
    paper="#cdd3d8",
)
@still(
    "electronics/murmur-earbuds-graphite",
    "The earbuds and their pebble-shaped case in graphite",
    VARIANT,
    colour="Graphite",
    paper="#d6d2cc",
)
def murmur(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(earbud_case(colour), (0.2, 2.6, 0), (0, 0, 10)))
    f.rest(f.place(earbud(colour), (-2.0, -1.9, 0), (84, 8, 38)))
    f.rest(f.place(earbud(colour, -1), (2.1, -2.1, 0), (86, -6, -24)))
    studio.camera(12.6, (0, 0.3, 1.0), elevation=30, blur=0.003, exposure=0.3)
    studio.softbox(-60, 40, 0.85, 1.0)
    studio.rim(140, 30, 0.5)


@still(
    "electronics/inlet-portable-speaker",
    "A portable speaker in woven clay-red fabric with a leather loop at its side",
    colour="Clay",
    paper="#dccabb",
)
@still(
    "electronics/inlet-portable-speaker-slate",
    "The portable speaker in slate grey fabric",
    VARIANT,
    colour="Slate",
    paper="#c9cfd4",
)
@still(
    "electronics/inlet-portable-speaker-moss",
    "The portable speaker in moss green fabric",
    VARIANT,
    colour="Moss",
    paper="#d0d1c2",
)
def inlet(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(portable(colour), (0, 0, 0), (0, 0, -28)))
    studio.camera(26, (0.4, 0, 8.1), elevation=18, blur=0.003, exposure=0.3)
    studio.softbox(-60, 38, 0.85, 1.0)
    studio.rim(145, 35, 0.5)


@still(
    "electronics/mantel-bookshelf-speakers",
    "A pair of bookshelf speakers in walnut veneer with black fronts",
    finish="Walnut",
    paper="#d6cec3",
)
@still(
    "electronics/mantel-bookshelf-speakers-black-ash",
    "The pair of bookshelf speakers in black ash",
    VARIANT,
    finish="Black Ash",
    paper="#cfd3d6",
)
def mantel(studio: Studio, finish: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(speaker(finish), (-11.2, -1, 0), (0, 0, 20)))
    f.rest(f.place(speaker(finish), (11.4, 5, 0), (0, 0, -22)))
    studio.camera(66, (0, 0, 15), elevation=11, blur=0.003, exposure=0.3)
    studio.softbox(-50, 40, 0.85, 1.0)
    studio.rim(150, 35, 0.5)


@still(
    "electronics/lento-turntable",
    "A belt-drive turntable with a walnut plinth, a record playing on its aluminium platter",
    finish="Walnut",
    paper="#d5d0c8",
)
@still(
    "electronics/lento-turntable-chalk",
    "The turntable with a chalk-white plinth",
    VARIANT,
    finish="Chalk",
    paper="#cfcac2",
)
def lento(studio: Studio, finish: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(turntable(finish), (0, 0, 0), (0, 0, 11)))
    studio.camera(67, (0.3, 0, 3.5), elevation=36, blur=0.003, exposure=0.3)
    studio.softbox(-65, 45, 0.8, 1.0)
    studio.softbox(165, 28, 0.5, 0.9, 1.5, "#ffffff", 0.35)


@still(
    "electronics/soliloquy-microphone",
    "A studio microphone with a steel mesh head, held in a yoke on a round base",
    paper="#c3cad0",
)
def soliloquy(studio: Studio, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(microphone(), (0, 0, 0), (0, 0, 26)))
    studio.camera(29, (0.6, 0, 10.2), elevation=9, blur=0.003, exposure=0.3)
    studio.softbox(-58, 38, 0.85, 1.0)
    studio.strip(70, 0.4, elevation=15)
    studio.rim(150, 35, 0.5)


@still(
    "electronics/foolscap-14-laptop",
    "An open 14-inch laptop in silver aluminium, its screen showing soft dunes of colour",
    colour="Silver",
    paper="#d9d5ce",
)
@still(
    "electronics/foolscap-14-laptop-ink",
    "The open laptop in ink-blue aluminium",
    VARIANT,
    colour="Ink",
    paper="#cdd2d7",
)
def foolscap(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(laptop(colour), (0, 0, 0), (0, 0, 20)))
    studio.camera(53, (-0.6, 2.5, 8.2), elevation=20, blur=0.003, exposure=0.3)
    studio.softbox(-95, 50, 0.75, 1.2)
    studio.softbox(60, 40, 0.3, 1.4, hidden=True)


@still(
    "electronics/stanza-keyboard",
    "A compact mechanical keyboard in bone white with grey and orange keys and a braided cable",
    colour="Bone",
    paper="#cfc6ba",
)
@still(
    "electronics/stanza-keyboard-ink",
    "The compact keyboard in ink blue with orange keys",
    VARIANT,
    colour="Ink",
    paper="#cbd0d4",
)
def stanza(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper, depth=130)
    f.rest(f.place(keyboard(colour), (0, 0, 0), (0, 0, 36)))
    studio.camera(43, (-0.6, 1.2, 1), elevation=42, blur=0.003, exposure=0.3)
    studio.softbox(-70, 32, 0.85, 0.9)
    studio.rim(120, 30, 0.35)


@still(
    "electronics/cobble-mouse",
    "A wireless mouse shaped like a river stone, in bone white",
    colour="Bone",
    paper="#c7ccd0",
)
@still(
    "electronics/cobble-mouse-ink",
    "The stone-shaped mouse in ink blue",
    VARIANT,
    colour="Ink",
    paper="#d6cfc6",
)
@still(
    "electronics/cobble-mouse-sage",
    "The stone-shaped mouse in sage green",
    VARIANT,
    colour="Sage",
    paper="#d5d4ca",
)
def cobble(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(mouse(colour), (0, 0, 0), (0, 0, 148)))
    studio.camera(17.5, (0, 0, 1.2), elevation=36, blur=0.003, exposure=0.3)
    studio.softbox(-65, 36, 0.85, 1.0)
    studio.rim(140, 30, 0.45)


@still(
    "electronics/hearthside-thermostat",
    "A round thermostat with a brass ring on a plaster wall, its black face reading 20.5 degrees",
    finish="Brass",
    wall="#d9cfc3",
)
@still(
    "electronics/hearthside-thermostat-steel",
    "The round thermostat with a steel ring",
    VARIANT,
    finish="Steel",
    wall="#cdd1d3",
)
def hearthside(studio: Studio, finish: str, wall: str) -> None:
    studio.wall(m.plaster(wall, 0.25), 0)
    f.place(thermostat(finish), (0, 0, 0))
    studio.camera(17.5, (0.3, -1, -0.1), elevation=5, azimuth=24, blur=0.002, exposure=0.3)
    studio.sun(-62, 40, 0.75, 1.2, "window", scale=0.75, offset=(0.05, 0.1))
    studio.softbox(-30, 50, 0.28, 1.6, hidden=True)
    studio.strip(85, 0.4)


@still(
    "electronics/wick-smart-bulb",
    "An opal globe bulb glowing warm in a turned ceramic holder with a woven cord",
    paper="#8f8b86",
)
def wick(studio: Studio, paper: str) -> None:
    studio.sweep(paper)
    f.place(bulb(), (0, 0, 1.9))
    socket()
    studio.room("#b9c6d8", 0.12)
    studio.camera(27, (0, 0, 8.6), elevation=7, blur=0.004, exposure=0.3)
    studio.softbox(-65, 40, 0.42, 1.2, colour="#e8eeff")
    studio.rim(145, 35, 0.25)


@still(
    "electronics/sill-indoor-camera",
    "A small indoor camera in chalk white on a round foot, its lens behind black glass",
    colour="Chalk",
    paper="#c9cdc9",
)
@still(
    "electronics/sill-indoor-camera-ink",
    "The small indoor camera in ink blue",
    VARIANT,
    colour="Ink",
    paper="#d9d2c8",
)
def sill(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(house_camera(colour), (0, 0, 0), (0, 0, -27)))
    studio.camera(15, (0.3, 0, 4.5), elevation=9, blur=0.003, exposure=0.3)
    studio.softbox(-62, 42, 0.85, 1.0)
    studio.rim(145, 35, 0.5)


@still(
    "electronics/almanac-smartwatch",
    "A smartwatch in graphite with a dark strap, its face showing nine minutes past ten",
    colour="Graphite",
    paper="#cbc9c5",
)
@still(
    "electronics/almanac-smartwatch-rose",
    "The smartwatch in rose with a blush strap",
    VARIANT,
    colour="Rose",
    paper="#e0d0c6",
)
@still(
    "electronics/almanac-smartwatch-sage",
    "The smartwatch in pale steel with a sage strap",
    VARIANT,
    colour="Sage",
    paper="#d3d5cb",
)
def almanac(studio: Studio, colour: str, paper: str) -> None:
    studio.sweep(paper)
    f.rest(f.place(watch(colour), (0, 0, 0), (80, 0, -30)))
    studio.camera(11.2, (0.4, 0.9, 3.0), elevation=12, blur=0.003, exposure=0.3)
    studio.softbox(-40, 62, 0.8, 0.9)
    studio.strip(95, 0.5, elevation=15)
    studio.softbox(20, 70, 0.25, 1.2, hidden=True)
    studio.rim(140, 35, 0.5)


@still(
    "electronics/hush-sleep-ring",
    "A plain silver sleep ring standing on pale stone, dark sensors inside its band",
    finish="Silver",
    paper="#c5ccd2",
)
@still("electronics/hush-sleep-ring-gold", "The sleep ring in gold", VARIANT, finish="Gold", paper="#d9cdbf")
def hush(studio: Studio, finish: str, paper: str) -> None:
    studio.sweep(paper)
    shapes.box((7, 5, 1.6), m.stone("#e4dfd6", "#b9b0a4", 0.35, 0.25), (0, 0.6, 0), bevel=0.06, turn=14)
    f.rest(f.place(ring(finish), (-0.2, 0.1, 2.7), (90, 0, -34)), 1.6)
    studio.camera(6.6, (-0.1, 0, 2.3), elevation=12, blur=0.004, exposure=0.3)
    studio.softbox(-60, 40, 0.85, 1.0)
    studio.strip(60, 0.5, elevation=10)
    studio.rim(150, 30, 0.5)


# ------------------------------------------------------------------------------------------------- sets with several


@still(
    "electronics/hero",
    "Graphite headphones on a plaster block beside a slate fabric speaker, in low sun through a window",
    HERO,
)
def hero(studio: Studio) -> None:
    studio.table(m.plaster("#cfc5b8", 0.15), depth=60)
    studio.wall(m.plaster("#d6cdc1", 0.3), 34)
    plaster = m.plaster("#dcd4c8", 0.25)
    shapes.box((24, 17, 10.5), plaster, (19, 3, 0), bevel=0.35, turn=-8)
    shapes.box((11, 11, 5.2), m.stone("#b9a58e", "#8b7763", 0.4, 0.2), (37.5, -3, 0), bevel=0.25, turn=12)
    f.rest(f.place(headphones("Graphite"), (18, 2.5, 0), (0, 0, 30)), 10.5)
    f.rest(f.place(portable("Clay"), (37.5, -3, 0), (0, 0, -30)), 5.2)
    f.rest(f.place(earbud_case("Chalk"), (3.2, -8, 0), (0, 0, 14)))
    f.rest(f.place(earbud("Chalk"), (8.2, -12.0, 0), (84, 8, 38)))
    studio.camera(50, (8.2, 0, 15.4), elevation=7, lens=90, blur=0.003, exposure=0.35)
    studio.room("#cfd8e6", 0.22)
    studio.sun(-58, 27, 1.0, 1.0, "window", scale=1.15, offset=(0.12, -0.02))
    studio.rim(150, 30, 0.3)
    studio.softbox(-50, 40, 0.42, 1.8)


@still(
    "electronics/story",
    "A desk by a plaster wall with a laptop, a microphone and a mouse, leaf shadows across it",
    STORY,
)
def story(studio: Studio) -> None:
    studio.table(m.wood("#c79a6a", "#8a5f38", "x", 1.0, 0.3), depth=34, thickness=3)
    studio.wall(m.plaster("#d8d0c4", 0.3), 34)
    f.rest(f.place(laptop("Silver", 112), (-8, 4, 0), (0, 0, 22)))
    f.rest(f.place(microphone(), (19, 12, 0), (0, 0, 24)))
    f.rest(f.place(mouse("Sage"), (17, -6, 0), (0, 0, 16)))
    studio.camera(48, (3, 4, 10.5), elevation=13, blur=0.003, exposure=0.25)
    studio.sun(-64, 36, 0.8, 1.6, "leaves", scale=1.2, seed=5)
    studio.softbox(-60, 45, 0.4, 1.6)


@still("electronics/collection-audio", "A record turning beside a walnut speaker on a low shelf", COLLECTION)
def audio(studio: Studio) -> None:
    studio.table(m.wood("#b98d60", "#7c5533", "x", 1.0, 0.3), depth=40, thickness=3)
    studio.wall(m.plaster("#d3cabe", 0.3), 40)
    f.rest(f.place(turntable("Walnut"), (-11, 0, 0), (0, 0, 9)))
    f.rest(f.place(speaker("Walnut"), (27, 9, 0), (0, 0, -16)))
    studio.camera(52, (3, 0, 10), elevation=17, blur=0.003, exposure=0.3)
    studio.softbox(-65, 40, 0.8, 1.2)
    studio.softbox(165, 28, 0.4, 0.9, 1.5, "#ffffff", 0.35)


@still(
    "electronics/collection-computing",
    "An ink-blue keyboard and a bone-white mouse seen from above",
    COLLECTION,
)
def computing(studio: Studio) -> None:
    studio.sweep("#cfc8be", depth=200)
    f.rest(f.place(keyboard("Ink"), (-5.5, 0, 0), (0, 0, 14)))
    f.rest(f.place(mouse("Bone"), (17.5, -1.5, 0), (0, 0, 20)))
    studio.camera(34, (0.6, 1, 1), elevation=52, blur=0.002, exposure=0.3)
    studio.sun(-60, 34, 0.7, 1.4, "window", scale=1.1, offset=(0.1, 0))
    studio.softbox(-70, 40, 0.4, 1.4)


@still(
    "electronics/collection-smart-home",
    "A brass thermostat on a plaster wall above a shelf with a glowing globe bulb and a small camera",
    COLLECTION,
)
def smart_home(studio: Studio) -> None:
    studio.wall(m.plaster("#b5aea5", 0.3), 9)
    studio.table(m.wood("#a87b50", "#6d4a2c", "x", 1.0, 0.3), depth=9, thickness=2.4)
    f.place(thermostat("Brass"), (-9, 9, 15.5))
    f.place(bulb(), (13, 1.5, 1.9))
    f.place(socket(), (13, 1.5, 0), (0, 0, 0))
    f.rest(f.place(house_camera("Chalk"), (-0.5, -1.5, 0), (0, 0, -18)))
    studio.room("#c4cedb", 0.16)
    studio.camera(28, (1.5, 2, 9.2), elevation=7, blur=0.003, exposure=0.15)
    studio.softbox(-55, 45, 0.5, 1.3, colour="#f1ede6")
    studio.strip(-85, 0.3)


@still(
    "electronics/collection-wearables",
    "A smartwatch on a stone block with a gold ring and white earbuds beside it",
    COLLECTION,
)
def wearables(studio: Studio) -> None:
    studio.sweep("#ccd1d3")
    shapes.box((8.5, 7, 3.2), m.stone("#ddd5c9", "#a99c8c", 0.4, 0.25), (-3.6, 1, 0), bevel=0.08, turn=10)
    shapes.box((6, 6, 1.3), m.plaster("#c2b3a3", 0.15), (4.9, 0.2, 0), bevel=0.15, turn=-12)
    f.rest(f.place(watch("Sage"), (-3.4, 1.2, 0), (80, 0, -22)), 3.2)
    f.rest(f.place(ring("Gold"), (4.7, 0.0, 0), (90, 0, -30)), 1.3)
    f.rest(f.place(earbud("Chalk"), (9.2, -2.2, 0), (84, 8, 38)))
    f.rest(f.place(earbud("Chalk", -1), (11.6, -1.2, 0), (86, -6, -24)))
    studio.camera(15, (2.6, 0.5, 4.0), elevation=13, blur=0.003, exposure=0.3)
    studio.softbox(-45, 55, 0.85, 1.1)
    studio.strip(80, 0.4, elevation=15)
    studio.rim(150, 35, 0.4)
