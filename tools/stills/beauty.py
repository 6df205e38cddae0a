"""Beauty: amber and frosted glass, brushed brass, cream, stone, and the shadow of leaves."""

from __future__ import annotations

import math

from tools.stills import materials as m
from tools.stills import shapes as s
from tools.stills.home import fabric_fold
from tools.stills.studio import COLLECTION, HERO, STORY, VARIANT, Studio, spread, still

AMBER = "#a5591f"
BLUSH = "#ead2c6"
TRAVERTINE = "#e0cdb8"
INK = "#3a2f2a"
SERIF = "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf"


def travertine(size: tuple, at: tuple, turn: float = 0.0, colour: str = TRAVERTINE):
    """A sawn block of stone with pores and bands."""
    stone = m.Surface("travertine", roughness=0.7, specular_ior_level=0.3)
    where = stone.place(scale=(0.35, 0.35, 1.6))
    bands, fine = stone.noise(where, 0.35, 5, 0.6, 0.5), stone.noise(stone.place(), 4, 4, 0.7)
    tone = stone.maths("ADD", stone.maths("MULTIPLY", bands, 0.7), stone.maths("MULTIPLY", fine, 0.3))
    pores = stone.span(stone.noise(where, 2.2, 3, 0.6), 0, 1, (0.66, 0.7))
    base = stone.ramp(tone, (0.3, m.darker(colour, 0.2)), (0.5, colour), (0.7, m.lighter(colour, 0.25)))
    mixed = stone.node("ShaderNodeMix", data_type="RGBA", i0=stone.maths("MULTIPLY", pores, 0.55))
    stone.links.new(base, mixed.inputs[6])
    mixed.inputs[7].default_value = m.linear(m.darker(colour, 0.5))
    stone.wire("base_color", mixed.outputs[2])
    stone.bump(stone.maths("SUBTRACT", stone.maths("MULTIPLY", fine, 0.3), pores), 0.4, 0.08)
    return s.box(size, stone.material, at, 0.12, turn, "stone")


def glass_bottle(
    outer: list,
    wall: float,
    floor: float,
    tint: str,
    level: float,
    content: str,
    at: tuple = (0, 0, 0),
    extra: list | None = None,
    turn: float = 0.0,
    frosted: bool = False,
):
    """A bottle of glass with what is in it, and whatever belongs to it."""
    shell = m.frosted(tint, 0.3) if frosted else m.glass(tint)
    parts = [s.lathe(s.vessel(outer, wall, floor), shell, name="bottle")]
    if level:
        parts.append(s.lathe(s.filling(outer, wall, floor, level), m.liquid(content), name="content"))
    return s.place(s.join([*parts, *(extra or [])], "bottle"), at, turn)


def shoulders(radius: float, height: float, neck: float, top: float, round_: float = 1.0) -> list:
    """The outline of a bottle: straight wall, rounded shoulder, neck."""
    line = [(radius - 0.25, 0.0), (radius - 0.08, 0.05), (radius, 0.25), (radius, height - round_)]
    for i in range(1, 11):
        a = math.pi / 2 * i / 10
        line.append((radius - round_ + round_ * math.cos(a), height - round_ + round_ * math.sin(a)))
    if radius - round_ > neck + 0.15:
        line.append((neck + 0.15, height + 0.03))
    return [*line, (neck, height + 0.2), (neck, top)]


def serum(at: tuple, turn: float = 0.0):
    """A 30 ml amber dropper bottle."""
    outer = shoulders(1.75, 6.4, 0.85, 7.4, 0.6)
    gold = m.metal(m.BRASS, 0.22, "z", 0.2)
    collar = s.lathe([(0, 7.0), (1.08, 7.0, 0.06), (1.08, 8.5, 0.08), (0, 8.5)], gold, name="collar")
    bulb = s.lathe(
        [(0, 8.45), (0.72, 8.45), (0.78, 8.8, 0.2), (0.7, 10.2, 0.8), (0.62, 10.9, 0.5), (0, 11.1)],
        m.rubber("#2b2724"),
        name="bulb",
    )
    pipette = s.lathe(
        [(0.24, 8), (0.24, 1.6), (0.1, 0.9), (0.16, 0.9), (0.3, 1.6), (0.3, 8)],
        m.glass("#ffffff"),
        name="pipette",
        segments=48,
    )
    label = s.label(1.77, 1.0, 5.0, 78, m.paper("#f3ece2"))
    lines = (
        ("VERBENNE", 0.42, 4.35),
        ("Daylight", 0.5, 3.4),
        ("vitamin C serum", 0.27, 2.85),
        ("10 % ascorbyl glucoside", 0.2, 2.1),
        ("30 ml", 0.2, 1.6),
    )
    words = s.print_round(lines, 1.785, m.plain(INK, 0.8), SERIF)
    return glass_bottle(
        outer, 0.16, 0.5, AMBER, 5.6, "#c98a3e", at, [collar, bulb, pipette, label, *words], turn
    )


@still(
    "beauty/daylight-vitamin-c-serum",
    "An amber glass dropper bottle with a cream label and a brass collar on a block of travertine",
)
def serum_on_stone(studio: Studio) -> None:
    studio.sweep("#e9d3c5")
    travertine((9, 9, 3.2), (0, 0, 0), 24)
    serum((0, 0, 3.2))
    studio.camera(22, (0, 0, 7.0), elevation=9, blur=0.004)
    studio.sun(-55, 34, 0.8, 1.6, "leaves", scale=0.75, seed=4)
    studio.softbox(-70, 30, 0.5, 1.1)
    studio.strip(75, 0.4, 2.0, 0.4)
    studio.softbox(160, 20, 0.5, 0.8, colour="#ffffff")


def cleanser(at: tuple, turn: float = 0.0, scale: float = 1.0):
    """A soft tube standing on its cap, flat at its upper end."""
    rows, around, vertices, faces = 40, 96, [], []
    for j in range(rows + 1):
        t = j / rows
        flat = t**1.4
        rx, ry = 2.35 + 0.75 * flat, 2.35 * (1 - flat) + 0.06
        for i in range(around):
            a = math.tau * i / around
            dent = 0.05 * math.sin(2 * a + 5 * t) * math.sin(math.pi * t)
            vertices.append(
                ((rx + dent) * math.cos(a), (ry + dent * (1 - flat)) * math.sin(a), 2.2 + 10.6 * t)
            )
    for j in range(rows):
        for i in range(around):
            k = (i + 1) % around
            faces.append((j * around + i, j * around + k, (j + 1) * around + k, (j + 1) * around + i))
    faces.append(tuple(range(rows * around, (rows + 1) * around)))
    skin = m.plastic("#efe6d8", 0.4, 0.15, subsurface_weight=0.15, subsurface_scale=0.3)
    body = s.mesh(vertices, faces, skin, name="tube")
    seam = s.box((6.3, 0.16, 1.1), skin, (0, 0, 12.6), 0.05)
    cap = s.lathe(
        [(0, 0), (2.3, 0, 0.15), (2.36, 2.3, 0.12), (0, 2.3)], m.plastic("#c9a58c", 0.35, 0.2), name="cap"
    )
    ink = m.plain(INK, 0.7)
    words = []
    for line, size, z in (
        ("VERBENNE", 0.5, 10.4),
        ("Oat", 0.95, 8.6),
        ("cream cleanser", 0.42, 7.7),
        ("125 ml", 0.3, 4.0),
    ):
        share = (z - 2.2) / 10.6
        front = 2.35 * (1 - share**1.4) + 0.06
        word = s.text(line, size, ink, (0, -front - 0.015, z), font=SERIF, spacing=1.08)
        word.rotation_euler.x = math.pi / 2 - math.atan(2.35 * 1.4 * share**0.4 / 10.6)
        words.append(word)
    return s.place(s.join([body, seam, cap, *words], "cleanser"), at, turn)


@still(
    "beauty/oat-cream-cleanser",
    "A cream-coloured squeeze tube standing on its clay-pink cap among scattered oats",
)
def cleanser_alone(studio: Studio) -> None:
    studio.sweep("#dfc5b3")
    cleanser((-0.4, 0, 0), 6)
    oats((2.0, -3.6, 0), 46, 4.6)
    studio.camera(21, (0.2, 0, 6.3), elevation=12, blur=0.004)
    studio.softbox(-60, 40, 0.9, 1.1)
    studio.rim(145, 28, 0.45)


def oats(at: tuple, count: int, reach: float):
    """Oat flakes, scattered."""
    chance = spread(count * 6, 9)
    flake = m.felt("#d9bd90")
    for i in range(count):
        a, b, c, d, e, f = chance[i * 6 : i * 6 + 6]
        angle, far = a * math.pi, reach * (abs(b) ** 0.8)
        body = s.sphere(
            0.42 + 0.08 * c,
            flake,
            (at[0] + far * math.cos(angle), at[1] + far * 0.5 * math.sin(angle), 0.1 + 0.08 * abs(f)),
            (1, 0.72, 0.2),
            f"oat{i}",
        )
        body.rotation_euler = (0.3 * d, 0.3 * e, a * 3)


def jar(at: tuple, opened: bool = False, turn: float = 0.0):
    """A 50 ml jar of opal glass; its metal lid on it, or leaning beside it."""
    outer = [(2.9, 0), (3.2, 0.08), (3.35, 0.4), (3.35, 3.3), (3.2, 3.55), (2.8, 3.7), (2.75, 4.3)]
    glass = s.lathe(
        s.vessel(outer, 0.4, 0.9),
        m.plain(
            "#efe1d6",
            0.25,
            coat_weight=0.8,
            coat_roughness=0.08,
            subsurface_weight=0.25,
            subsurface_scale=0.3,
        ),
        name="jar",
    )
    parts = [glass]
    brass = m.metal("#dcb98a", 0.24, "round")

    def lid(z: float):
        return s.lathe(
            [(0, z + 0.15), (2.75, z + 0.15), (2.75, z), (3.3, z, 0.08), (3.3, z + 1.5, 0.18), (0, z + 1.5)],
            brass,
            name="lid",
        )

    cream = s.sheet(5, 5, m.wax("#f7efe4", 0.4), bend=_swirl, cells=110, name="cream")
    parts.append(cream)
    if opened:
        leaning = lid(0)
        leaning.location = (5.0, 0.9, 3.02)
        leaning.rotation_euler = (math.radians(-14), math.radians(72), math.radians(-30))
        parts.append(leaning)
    else:
        parts.append(lid(3.75))
    words = s.print_round(
        (("VERBENNE", 0.42, 2.6), ("Hedgerow", 0.62, 1.75), ("moisturiser · 50 ml", 0.3, 1.1)),
        3.355,
        m.plain(INK, 0.7),
        SERIF,
    )
    return s.place(s.join([*parts, *words], "jar"), at, turn)


def _swirl(u: float, v: float) -> tuple:
    """Cream as a spatula leaves it: a spiral that rises to a tip."""
    angle, share = math.tau * u, v
    r = 2.36 * share
    wave = 0.22 * math.sin(angle * 2 - share * 9) * share * (1 - share) * 2
    tip = 0.75 * math.exp(-((share / 0.28) ** 2))
    return (r * math.cos(angle) + 0.25 * tip, r * math.sin(angle), 3.8 + wave + tip - 0.06 * share)


@still(
    "beauty/hedgerow-moisturiser",
    "An open opal-glass jar of white cream with its brass lid leaning against it",
)
def moisturiser(studio: Studio) -> None:
    studio.sweep("#e6cdbd")
    jar((-1.6, 0, 0), opened=True)
    studio.camera(18, (0.3, 0, 2.9), elevation=21, blur=0.005)
    studio.softbox(-58, 42, 0.85, 1.1)
    studio.rim(145, 30, 0.5)
    studio.strip(60, 0.25, 1.6, 0.4)


def mist(at: tuple, turn: float = 0.0):
    """A 100 ml spray bottle of frosted rose glass, its clear cap on."""
    outer = shoulders(1.95, 11.2, 0.9, 12.0, 1.5)
    metal = m.metal("#d9dbdd", 0.2, "z", 0.2)
    collar = s.lathe(
        [(0, 11.6), (1.1, 11.6, 0.05), (1.1, 12.6, 0.08), (0.6, 12.7), (0.6, 13.3, 0.06), (0, 13.3)],
        metal,
        name="collar",
    )
    nozzle = s.lathe(
        [(0, 13.3), (0.62, 13.3, 0.05), (0.62, 14.2, 0.14), (0, 14.2)],
        m.plastic("#f3efe9", 0.35),
        name="nozzle",
    )
    cap = s.lathe(
        [
            (1.35, 12.2),
            (1.42, 12.2),
            (1.42, 15.0, 0.25),
            (0, 15.0),
            (0, 14.8),
            (1.3, 14.8, 0.2),
            (1.32, 12.2),
        ],
        m.glass("#ffffff"),
        name="cap",
    )
    words = s.print_round(
        (("VERBENNE", 0.46, 8.3), ("Rainwater", 0.66, 6.6), ("face mist", 0.36, 5.9), ("100 ml", 0.28, 2.2)),
        1.96,
        m.plain(INK, 0.7),
        SERIF,
    )
    return glass_bottle(
        outer, 0.18, 0.5, "#efcfc7", 9.6, "#f6dcd6", at, [collar, nozzle, cap, *words], turn, frosted=True
    )


@still(
    "beauty/rainwater-face-mist",
    "A slim spray bottle of frosted rose glass with a clear cap, on a round plinth of pale stone",
)
def mist_alone(studio: Studio) -> None:
    studio.sweep("#cfd2c8")
    s.lathe(
        [(0, 0), (6.5, 0, 0.15), (6.5, 1.6, 0.2), (0, 1.6)],
        m.stone("#e9e4dc", "#b9a79b", 0.5, 0.85),
        name="plinth",
        segments=160,
    )
    mist((0, 0, 1.6))
    studio.camera(25, (0, 0, 8.2), elevation=11, blur=0.004)
    studio.softbox(-65, 38, 0.85, 1.2)
    studio.softbox(155, 25, 0.6, 1.0, colour="#ffffff")
    studio.strip(70, 0.3, 2.0, 0.35)


def pump_bottle(at: tuple, turn: float = 0.0):
    """A 400 ml amber bottle with a black pump."""
    outer = shoulders(3.45, 13.6, 1.25, 14.6, 1.7)
    black = m.plastic("#23211f", 0.36, 0.2)
    collar = s.lathe(
        [(0, 14.1), (1.55, 14.1, 0.06), (1.55, 15.6, 0.12), (0.62, 15.75, 0.1), (0.62, 17.0, 0.05), (0, 17)],
        black,
        name="collar",
    )
    head = s.lathe(
        [(0, 17.6), (0.35, 17.6), (0.35, 16.9), (0.85, 17.7, 0.1), (0.95, 18.5, 0.25), (0, 18.6)],
        black,
        name="head",
    )
    spout = s.tube(
        [(0, 0, 18.15), (1.6, 0, 18.2), (3.2, 0, 18.0), (4.0, 0, 17.55)],
        0.36,
        black,
        radii=[1.3, 1.1, 0.95, 0.8],
    )
    straw = s.tube([(0, 0, 14), (0.3, 0, 6), (1.2, 0, 0.9)], 0.22, m.plain("#e8dcc4", 0.4))
    label = s.label(3.47, 2.6, 9.6, 70, m.paper("#f3ece2"))
    lines = (
        ("VERBENNE", 0.66, 8.4),
        ("Cedar", 1.05, 6.6),
        ("hand wash", 0.5, 5.6),
        ("cedar · bitter orange", 0.36, 4.3),
        ("400 ml", 0.34, 3.4),
    )
    words = s.print_round(lines, 3.485, m.plain(INK, 0.8), SERIF)
    return glass_bottle(
        outer, 0.2, 0.7, AMBER, 12.2, "#d0a25c", at, [collar, head, spout, straw, label, *words], turn
    )


@still(
    "beauty/cedar-hand-wash",
    "A large amber pump bottle with a black pump beside a folded linen towel and a block of soap",
)
def hand_wash(studio: Studio) -> None:
    studio.wall(m.plaster("#dccabb", 0.25), 16)
    studio.table(m.stone("#e6ddd2", "#b9a48f", 0.45, 0.6), depth=16, thickness=3)
    pump_bottle((-2.4, 1, 0), -20)
    fabric_fold((7.6, 1.0, 0), "#e9e1d4", 12, 10, 4, 1.1, 8)
    soap((7.2, -0.6, 4.5), 18)
    studio.camera(31, (1.2, 0, 9.2), elevation=9, blur=0.004)
    studio.softbox(-62, 38, 0.9, 1.1)
    studio.rim(140, 28, 0.45)


def soap(at: tuple, turn: float = 0.0, colour: str = "#e3cfae"):
    """A pressed block of soap with the maker's name."""
    bar = s.slab(s.superellipse(7.4, 4.8, 5), 2.3, m.wax(colour, 0.5), bevel=0.6, name="soap")
    name = s.text(
        "VERBENNE",
        0.72,
        m.wax(m.darker(colour, 0.16), 0.3),
        (0, 0, 2.3),
        upright=False,
        font=SERIF,
        spacing=1.1,
    )
    return s.place(s.join([bar, name], "soap"), at, turn)


def body_oil(at: tuple, turn: float = 0.0):
    """A 100 ml bottle of clear glass with golden oil and a turned wooden cap."""
    outer = shoulders(2.35, 8.6, 0.95, 9.5, 0.9)
    cap = s.lathe(
        [(0, 8.95), (1.35, 8.95, 0.08), (1.45, 11.4, 0.2), (0, 11.45)],
        m.wood(*m.WALNUT, "z", 2.0, 0.4),
        name="cap",
    )
    label = s.label(2.37, 1.7, 5.9, 62, m.paper("#f3ece2"))
    lines = (("VERBENNE", 0.44, 5.2), ("Fig", 0.8, 4.0), ("body oil", 0.38, 3.3), ("100 ml", 0.26, 2.3))
    words = s.print_round(lines, 2.385, m.plain(INK, 0.8), SERIF)
    return glass_bottle(outer, 0.2, 0.7, "#ffffff", 7.9, "#e5b04a", at, [cap, label, *words], turn)


def fig(at: tuple, turn: float = 0.0, lean: float = 0.0):
    """A ripe fig."""
    profile = s.spline(
        [(0, 0.1), (1.3, 0.05), (2.2, 1.1), (2.25, 2.2), (1.5, 3.6), (0.75, 4.5), (0.35, 5.1), (0, 5.25)], 8
    )
    skin = m.skin(("#3a2338", "#54304a", "#6f7a45"), "#7d5a70", 0.25)
    body = s.lathe([(max(r, 0), z) for r, z in profile], skin, name=f"fig{at}", wobble=0.03)
    return s.place(body, at, turn, (lean, 0))


@still(
    "beauty/fig-body-oil",
    "A clear bottle of golden body oil with a walnut cap beside two ripe figs and a fig leaf's shadow",
)
def oil_alone(studio: Studio) -> None:
    studio.sweep("#e2c9b4")
    body_oil((-1.4, 0.6, 0))
    fig((3.6, 0.6, 0), 30)
    fig((4.6, -2.6, 1.9), 120, 78)
    studio.camera(22.5, (1.2, 0, 5.4), elevation=12, blur=0.005)
    studio.sun(-60, 32, 0.75, 2.0, "leaves", scale=0.9, seed=11)
    studio.softbox(-70, 35, 0.55, 1.1)
    studio.softbox(160, 22, 0.7, 0.9, colour="#fff4e2")


BRICK, ROSEWOOD, PLUM = "#9c3f30", "#a8605c", "#5b2440"


def lipstick(at: tuple, shade: str, opened: bool = True, turn: float = 0.0):
    """A lipstick in a brushed brass case; its bullet cut aslant."""
    brass = m.metal("#dab582", 0.26, "z", 0.4)
    gold = m.metal("#e3c394", 0.12)
    if not opened:
        parts = [
            s.lathe(
                [
                    (0, 0),
                    (0.95, 0, 0.06),
                    (0.95, 3.1, 0.03),
                    (0.93, 3.13),
                    (0.93, 3.17),
                    (0.95, 3.2, 0.03),
                    (0.95, 7.4, 0.1),
                    (0, 7.4),
                ],
                brass,
                name="case",
            )
        ]
        return s.place(s.join(parts, "lipstick"), at, turn)
    case = s.lathe(
        [
            (0, 0),
            (0.95, 0, 0.06),
            (0.95, 3.1, 0.08),
            (0.82, 3.12),
            (0.82, 4.5, 0.06),
            (0.72, 4.52),
            (0.7, 4.3),
            (0, 4.3),
        ],
        brass,
        name="case",
    )
    ring = s.lathe(
        [(0.74, 4.5), (0.76, 4.5), (0.76, 5.0, 0.04), (0.66, 5.02), (0.66, 4.5)], gold, name="ring"
    )
    paste = m.Surface(
        "lipstick",
        base_color=shade,
        roughness=0.34,
        coat_weight=0.3,
        coat_roughness=0.25,
        subsurface_weight=0.15,
        subsurface_scale=0.1,
    ).material
    around, rows, vertices, faces = 72, 30, [], []
    for j in range(rows + 1):
        t = j / rows
        for i in range(around):
            a = math.tau * i / around
            x, y = 0.64 * math.cos(a), 0.64 * math.sin(a)
            full = 7.1 + 0.85 * x
            z = 4.4 + (full - 4.4) * t
            inwards = 1 - 0.16 * max(0.0, (t - 0.86) / 0.14) ** 2
            vertices.append((x * inwards, y * inwards, z))
    for j in range(rows):
        for i in range(around):
            k = (i + 1) % around
            faces.append((j * around + i, j * around + k, (j + 1) * around + k, (j + 1) * around + i))
    top = len(vertices)
    vertices.append((0.0, 0.0, 7.12))
    faces += [(rows * around + i, rows * around + (i + 1) % around, top) for i in range(around)]
    bullet = s.mesh(vertices, faces, paste, name="bullet", angle=60)
    return s.place(s.join([case, ring, bullet], "lipstick"), at, turn)


@still(
    "beauty/satin-lipstick",
    "A brick-red satin lipstick in a brushed brass case, with its closed cap lying beside it",
    shade=BRICK,
)
@still(
    "beauty/satin-lipstick-rosewood",
    "The satin lipstick in rosewood in its brushed brass case",
    VARIANT,
    shade=ROSEWOOD,
)
@still(
    "beauty/satin-lipstick-plum",
    "The satin lipstick in deep plum in its brushed brass case",
    VARIANT,
    shade=PLUM,
)
def lipstick_alone(studio: Studio, shade: str) -> None:
    studio.sweep(m.mix("#e9d4c8", shade, 0.12))
    lipstick((-0.9, 0, 0), shade, turn=-25)
    cap = s.lathe(
        [(0, 0), (0.95, 0, 0.1), (0.95, 4.2, 0.04), (0.88, 4.2), (0.88, 0.3), (0, 0.3)],
        m.metal("#dab582", 0.26, "z", 0.4),
        name="cap",
    )
    s.place(cap, (1.4, -1.3, 0.95), 40, (90, 0))
    studio.camera(14, (0.6, 0, 3.3), elevation=14, blur=0.006)
    studio.softbox(-60, 42, 0.85, 1.1)
    studio.rim(140, 28, 0.5)
    studio.strip(65, 0.4, 2.0, 0.3)


PEACH, BERRY = "#d98a72", "#9a4257"


def compact(at: tuple, shade: str, turn: float = 0.0):
    """A round metal compact, open: a pan of colour below, a mirror in its lid."""
    gold = m.metal("#dcb98a", 0.22, "round")
    base = s.lathe(
        [(0, 0), (3.1, 0, 0.2), (3.2, 0.7, 0.15), (2.95, 0.75, 0.05), (2.75, 0.72), (2.7, 0.55), (0, 0.55)],
        gold,
        name="base",
        segments=160,
    )
    balm = m.Surface(
        "balm",
        base_color=shade,
        roughness=0.4,
        coat_weight=0.25,
        coat_roughness=0.3,
        subsurface_weight=0.25,
        subsurface_scale=0.15,
    )
    mark = balm.noise(balm.place(), 0.9, 2)
    balm.bump(mark, 0.25, 0.2)
    pan = s.lathe(
        [(0, 0.56), (2.62, 0.56), (2.68, 0.64, 0.06), (2.5, 0.72, 0.15), (0, 0.68)],
        balm.material,
        name="pan",
        segments=128,
    )
    lid_body = s.lathe(
        [(0, 0), (3.1, 0, 0.2), (3.2, 0.55, 0.1), (2.85, 0.58), (2.8, 0.5), (0, 0.5)],
        gold,
        name="lid",
        segments=160,
    )
    mirror = s.lathe(
        [(0, 0.51), (2.76, 0.51), (2.76, 0.53), (0, 0.53)],
        m.metal("#f2f3f3", 0.02),
        name="mirror",
        segments=128,
    )
    lid = s.join([lid_body, mirror], "lid")
    lid.location = (0, 3.15 + 0.55, 3.85)
    lid.rotation_euler = (math.radians(78), 0, 0)
    hinge = s.tube([(-0.7, 3.2, 0.75), (0.7, 3.2, 0.75)], 0.18, gold, through=False)
    return s.place(s.join([base, pan, lid, hinge], "compact"), at, turn)


@still(
    "beauty/flush-cheek-tint",
    "An open round brass compact with a mirror and a pan of peach cheek balm",
    shade=PEACH,
)
@still(
    "beauty/flush-cheek-tint-berry",
    "The open compact with a pan of berry-coloured cheek balm",
    VARIANT,
    shade=BERRY,
)
def compact_alone(studio: Studio, shade: str) -> None:
    studio.sweep(m.mix("#ead6ca", shade, 0.1))
    compact((0, 0, 0), shade, 24)
    studio.camera(13.5, (0, 0.8, 2.3), elevation=27, blur=0.006)
    studio.softbox(-55, 45, 0.85, 1.1)
    studio.rim(150, 30, 0.4)
    studio.softbox(10, 30, 0.12, 1.0)


def perfume(at: tuple, turn: float = 0.0, scale: float = 1.0):
    """A square flacon of thick glass with pale gold scent and a heavy brass cap."""
    clear = m.glass("#ffffff", ior=1.5)
    outside = s.slab(s.rounded_rectangle(5.0, 3.2, 0.35), 7.2, clear, bevel=0.22, name="flacon")
    inside = s.slab(
        s.rounded_rectangle(4.2, 2.4, 0.5),
        5.6,
        m.liquid("#f0cf94", 1.36),
        (0, 0, 1.0),
        bevel=0.3,
        name="scent",
    )
    brass = m.metal("#dab582", 0.2, "z", 0.3)
    neck = s.lathe(
        [(0, 7.15), (1.0, 7.15, 0.04), (1.0, 7.55, 0.05), (0.8, 7.6), (0.8, 7.8), (0, 7.8)],
        brass,
        name="neck",
    )
    cap = s.slab(s.rounded_rectangle(2.5, 2.5, 0.3), 2.3, brass, (0, 0, 7.75), bevel=0.14, name="cap")
    label = s.box((2.9, 0.02, 2.4), m.paper("#f5efe6"), (0, -1.615, 2.1), 0)
    ink = m.plain(INK, 0.8)
    words = [
        s.text(w, size, ink, (0, -1.635, z), font=SERIF, spacing=sp)
        for w, size, z, sp in (
            ("VERSO", 0.62, 3.6, 1.2),
            ("eau de parfum", 0.28, 2.95, 1.05),
            ("VERBENNE", 0.2, 2.45, 1.2),
        )
    ]
    body = s.join([outside, inside, neck, cap, label, *words], "perfume")
    body.scale = (scale, scale, scale)
    return s.place(body, at, turn)


@still(
    "beauty/verso-eau-de-parfum",
    "A square flacon of thick clear glass with pale gold scent and a brass cap on a stone block in slanting sun",
)
def perfume_alone(studio: Studio) -> None:
    studio.sweep("#e6cfc0")
    travertine((10.5, 7.5, 2.6), (0.3, 0.4, 0), -16, "#d9c0aa")
    perfume((0, 0, 2.6), -14)
    studio.camera(19.5, (0, 0, 6.6), elevation=10, blur=0.004)
    studio.sun(-58, 30, 0.9, 1.2, "window", scale=0.55, offset=(0, 0.05))
    studio.softbox(-70, 35, 0.65, 1.1)
    studio.softbox(150, 22, 0.8, 1.0, colour="#ffffff")
    studio.strip(70, 0.35, 2.0, 0.35)


def brush(at: tuple, turn: float = 0.0, lying: bool = False):
    """A domed cheek brush: oiled ash, a brass ferrule, fine pale hair."""
    handle = s.lathe(
        [
            (0, 0),
            (1.25, 0, 0.3),
            (1.3, 0.8, 0.4),
            (0.85, 2.6, 1.5),
            (0.72, 5.5, 2),
            (1.05, 7.6, 0.4),
            (0, 7.7),
        ],
        m.wood(*m.ASH, "z", 1.6, 0.5),
        name="handle",
    )
    ferrule = s.lathe(
        [(0, 7.5), (1.06, 7.5, 0.03), (1.12, 9.1, 0.06), (1.0, 9.15), (0, 9.0)],
        m.metal("#dab582", 0.22, "z", 0.3),
        name="ferrule",
    )
    hair = m.Surface("hair", base_color="#d8bfa6", roughness=0.55, sheen_weight=0.3).material
    tuft = s.bristles(3600, 5.4, 0.95, 1.75, hair, (0, 0, 8.9), 0.34, 0.014)
    body = s.join([handle, ferrule, tuft], "brush")
    return s.place(body, at, turn, (90, 0) if lying else (0, 0))


@still(
    "beauty/soft-cheek-brush",
    "A domed cheek brush standing upright, with an oiled ash handle, a brass ferrule and pale fine hair",
)
def brush_alone(studio: Studio) -> None:
    studio.sweep("#dec4b2")
    brush((0, 0, 0))
    studio.camera(21, (0, 0, 7.3), elevation=10, blur=0.004)
    studio.sun(-60, 33, 0.7, 1.8, "leaves", scale=0.8, seed=7)
    studio.softbox(-65, 38, 0.6, 1.1)
    studio.rim(140, 30, 0.5)


@still(
    "beauty/hero",
    "A serum, a jar, a flacon and a brush on blocks of travertine before a blush wall, under the shadow of leaves",
    HERO,
)
def hero(studio: Studio) -> None:
    studio.wall(m.plaster("#e6cbbd", 0.2), 17)
    studio.table(m.plaster("#e3c9ba", 0.12), depth=17, thickness=3)
    travertine((12, 10, 6.5), (7.5, 3.5, 0), 12)
    travertine((9, 8, 2.6), (17.5, -1.0, 0), -14, "#d6bda6")
    serum((5.4, 3.2, 6.5), 10)
    jar((10.2, 3.6, 6.5))
    perfume((18.0, -1.2, 2.6), -22)
    body_oil((0.0, -3.0, 0), 8)
    brush((23.6, 3.6, 0))
    lipstick((12.2, -6.0, 0), BRICK, turn=-30)
    studio.camera(29.5, (1.2, 0, 9.6), elevation=8, blur=0.004, focus=(9, -1, 7))
    studio.sun(-58, 32, 1.1, 1.2, "leaves", scale=0.7, seed=4)
    studio.softbox(-65, 40, 0.42, 1.2)
    studio.softbox(155, 25, 0.3, 1.0, colour="#ffffff")


@still(
    "beauty/story",
    "Rows of freshly filled amber serum bottles on a laboratory bench, their dropper caps in line",
    STORY,
)
def story(studio: Studio) -> None:
    studio.wall(m.plaster("#e4d3c6", 0.15), 40)
    studio.table(m.stone("#ece6de", "#c9b8a8", 0.35, 0.7), depth=40, thickness=3)
    for row in range(4):
        for column in range(5):
            serum(
                ((column - 2) * 5.4 + (row % 2) * 2.7 - 1, row * 6.2 - 4, 0),
                (column * 37 + row * 61) % 13 - 6,
            )
    studio.camera(19, (0.6, -2, 6.0), elevation=14, azimuth=-14, blur=0.02, focus=(0, -4, 5))
    studio.softbox(-70, 36, 0.95, 1.3)
    studio.softbox(150, 24, 0.7, 1.2, colour="#ffffff")


@still(
    "beauty/collection-skin-care",
    "A cleanser tube, a dropper bottle, a jar and a spray bottle side by side on pale stone",
    COLLECTION,
)
def skin_care(studio: Studio) -> None:
    studio.sweep("#e8d6c9")
    travertine((15, 9, 3.0), (4.4, 1.5, 0), 4)
    cleanser((-8.6, 0.5, 0), 8)
    serum((0.6, 1.0, 3.0), 4)
    jar((6.6, 0.6, 3.0))
    mist((14.6, 0.5, 0), -6)
    studio.camera(22.5, (1.5, 0, 7.4), elevation=9, blur=0.004)
    studio.softbox(-62, 40, 0.85, 1.2)
    studio.rim(145, 28, 0.45)
    studio.strip(70, 0.25, 2.0, 0.4)


@still(
    "beauty/collection-bath-and-body",
    "A pump bottle, a bottle of golden oil, soap on a folded towel and a fig on a stone shelf",
    COLLECTION,
)
def bath(studio: Studio) -> None:
    studio.wall(m.plaster("#d9c9bb", 0.25), 15)
    studio.table(m.stone("#e6ddd2", "#b9a48f", 0.45, 0.6), depth=15, thickness=3)
    pump_bottle((-8.5, 2, 0), -18)
    fabric_fold((4.2, 1.5, 0), "#e9e1d4", 14, 10, 4, 1.1, -5)
    soap((4.0, 0.2, 4.5), 14)
    body_oil((14.4, 0.5, 0), 6)
    fig((18.2, -0.5, 0), 100)
    studio.camera(26.5, (4.2, 0, 8.9), elevation=9, blur=0.004)
    studio.softbox(-62, 38, 0.9, 1.2)
    studio.rim(140, 28, 0.45)


@still(
    "beauty/collection-colour-and-fragrance",
    "Three lipsticks, an open compact, a flacon of scent and a cheek brush on blush paper",
    COLLECTION,
)
def colour(studio: Studio) -> None:
    studio.sweep("#e3c4b6")
    travertine((8, 6.5, 2.4), (7.6, 2.2, 0), -8)
    perfume((7.6, 2.2, 2.4), -14)
    compact((-1.2, -1.2, 0), PEACH, 16)
    for x, y, shade, turn in ((-9.6, 1.6, BRICK, -20), (-6.8, 2.8, ROSEWOOD, -40), (-7.6, -1.6, PLUM, -10)):
        lipstick((x, y, 0), shade, turn=turn)
    brush((13.8, -0.4, 0))
    studio.camera(20, (2.4, 0, 6.0), elevation=13, blur=0.005)
    studio.sun(-58, 34, 0.6, 1.6, "leaves", scale=0.75, seed=9)
    studio.softbox(-62, 40, 0.6, 1.2)
    studio.rim(145, 28, 0.4)
