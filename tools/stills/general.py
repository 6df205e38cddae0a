"""General: cloth-bound paper, brass, enamel, waxed canvas, wool and terracotta."""

from __future__ import annotations

import math

from tools.stills import materials as m
from tools.stills import shapes as s
from tools.stills.home import leaf
from tools.stills.studio import COLLECTION, HERO, STORY, VARIANT, Studio, spread, still

PINE, CLAY, INK = "#3f5a4c", "#b5694c", "#2c3448"
MOSS, CHALK, OCHRE = "#6a7557", "#e4dfd4", "#c6913f"
OLIVE, NAVY, TAN = "#6b6a4a", "#33405a", "#a5683f"
CREAM, LAKE = "#efe7d4", "#4f7f92"


def notebook(at: tuple, colour: str, turn: float = 0.0, band: str = "", ribbon: str = ""):
    """An A5 notebook bound in cloth: boards, a block of ivory pages, a band and a ribbon."""
    cloth = m.fabric(colour, 7, "plain", 0.5, 0.12, 0.1, "Object")
    boards = [
        s.slab(s.rounded_rectangle(15, 21.4, 0.7), 0.22, cloth, (0, 0, z), bevel=0.08) for z in (0, 1.55)
    ]
    spine = s.box((0.5, 21.3, 1.77), cloth, (-7.3, 0, 0), 0.2)
    page = m.Surface("pages", roughness=0.9, specular_ior_level=0.1)
    lines = page.noise(page.place(scale=(0.05, 0.05, 1)), 42, 2, 0.6)
    page.wire("base_color", page.ramp(lines, (0.3, "#d9ccb0"), (0.6, "#f3ead6")))
    page.bump(lines, 0.4, 0.03)
    block = s.slab(s.rounded_rectangle(14.5, 20.7, 0.5), 1.34, page.material, (0.05, 0, 0.215), bevel=0.03)
    parts = [*boards, spine, block]
    if band:
        strap = m.fabric(band, 12, "twill", 0.4, 0.1, 0.1, "Object")
        parts += [s.box((0.6, 21.66, 1.95), strap, (5.6, 0, -0.08), 0.12)]
    if ribbon:
        silk = m.fabric(ribbon, 16, "rib", 0.3, 0.5, 0.1, "Object")
        parts.append(
            s.tube(
                [(-2, -10, 0.9), (-2, -10.8, 0.85), (-1.8, -12.2, 0.2), (-1.2, -13.6, 0.08)],
                0.32,
                silk,
                flat=0.12,
            )
        )
    return s.place(s.join(parts, "notebook"), at, turn)


@still(
    "general/margin-notebook",
    "A pine-green cloth-bound notebook with a ribbon, lying on a second one, and a brass pen",
    colour=PINE,
)
@still(
    "general/margin-notebook-clay",
    "The cloth-bound notebook in clay red with a brass pen",
    VARIANT,
    colour=CLAY,
)
@still(
    "general/margin-notebook-ink",
    "The cloth-bound notebook in ink blue with a brass pen",
    VARIANT,
    colour=INK,
)
def notebooks(studio: Studio, colour: str) -> None:
    studio.sweep("#ddd8c6")
    notebook((0.6, 0.6, 0), m.mix("#e6dcc8", colour, 0.12), -28, ribbon="#8c3f2f")
    notebook((-0.2, 0, 1.8), colour, -10, band=m.darker(colour, 0.35), ribbon="#c98b3c")
    pen((4.6, -3.4, 4.0), -128)
    studio.camera(35, (0.6, -0.4, 1.5), elevation=44, blur=0.004)
    studio.softbox(-62, 38, 0.9, 1.0)
    studio.rim(140, 30, 0.35)


def pen(at: tuple, turn: float = 0.0):
    """A six-sided brass ballpoint, lying: its tip at -x."""
    brass = m.metal("#cfa75e", 0.24, "x", 0.5)
    six = [(0.46 * math.cos(math.tau * i / 6), 0.46 * math.sin(math.tau * i / 6)) for i in range(6)]
    barrel = s.slab(six, 10.4, brass, bevel=0.06, name="barrel")
    bright = m.metal("#dcb974", 0.14)
    tip = s.lathe(
        [(0, -2.0), (0.05, -1.98), (0.09, -1.7), (0.13, -1.6), (0.36, -0.25, 0.2), (0.4, 0.02), (0, 0.02)],
        bright,
        name="tip",
    )
    end = s.lathe(
        [(0, 10.38), (0.36, 10.38), (0.36, 10.62, 0.05), (0.2, 10.64), (0.2, 11.5, 0.08), (0, 11.5)],
        bright,
        name="button",
    )
    ring = s.lathe([(0.40, 8.3), (0.5, 8.3, 0.03), (0.5, 8.5, 0.03), (0.40, 8.5)], bright, name="ring")
    clip = s.tube(
        [(0.44, 0, 9.9), (0.72, 0, 9.8), (0.74, 0, 8.6), (0.7, 0, 6.8), (0.55, 0, 6.5)],
        0.13,
        bright,
        flat=0.45,
    )
    body = s.join([barrel, tip, end, ring, clip], "pen")
    body.rotation_euler = (0, math.radians(90), 0)
    return s.place(s.join([body], "pen"), at, turn)


@still(
    "general/ferrule-brass-pen",
    "A six-sided brass ballpoint pen lying across a page of ivory dot-grid paper in slanting light",
)
def pen_alone(studio: Studio) -> None:
    studio.sweep("#8f9a84")
    sheet = m.Surface("dotted", roughness=0.88, specular_ior_level=0.2)
    x, y, _ = sheet.node("ShaderNodeSeparateXYZ", i0=sheet.place(scale=(2, 2, 2))).outputs[:3]
    fx, fy = (
        sheet.maths("SUBTRACT", sheet.maths("FRACT", x), 0.5),
        sheet.maths("SUBTRACT", sheet.maths("FRACT", y), 0.5),
    )
    far = sheet.maths(
        "SQRT", sheet.maths("ADD", sheet.maths("MULTIPLY", fx, fx), sheet.maths("MULTIPLY", fy, fy))
    )
    sheet.wire("base_color", sheet.ramp(far, (0.07, "#b3a992"), (0.1, "#f3ecdb")))
    sheet.bump(sheet.noise(sheet.place(), 16, 4, 0.7), 0.25, 0.015)
    s.sheet(
        15,
        21,
        sheet.material,
        height=lambda u, v: 0.35 + 0.25 * (2 * u - 1) ** 2 + 0.12 * math.sin(4 * v),
        thickness=0.03,
    ).rotation_euler.z = math.radians(-16)
    pen((3.6, -3.2, 0.86), -138)
    studio.camera(17.5, (0.8, -1.2, 0.6), elevation=40, blur=0.006, focus=(0.2, -0.6, 0.8))
    studio.sun(-58, 26, 0.85, 1.2, "window", scale=0.75, offset=(0, 0))
    studio.softbox(-70, 40, 0.5, 1.1)
    studio.softbox(120, 40, 0.4, 1.0, colour="#ffffff")


def flask(at: tuple, colour: str, turn: float = 0.0, tall: float = 1.0):
    """An insulated bottle: powder coat, a bare steel rim and foot, a cap with a loop."""
    h = 19.5 * tall
    coat = m.plastic(colour, 0.46, 1.0)
    steel = m.metal(m.STEEL, 0.24, "round")
    body = s.lathe(
        [
            (0, 0.5),
            (3.4, 0.5),
            (3.62, 0.62, 0.12),
            (3.65, 1.2, 0.3),
            (3.65, h - 3.6, 2.6),
            (2.45, h - 0.7, 1.2),
            (2.4, h, 0.2),
            (0, h),
        ],
        coat,
        name="body",
        segments=160,
    )
    foot = s.lathe([(0, 0), (3.35, 0, 0.18), (3.45, 0.52, 0.05), (0, 0.52)], steel, name="foot")
    rim = s.lathe([(0, h - 0.02), (2.32, h - 0.02), (2.32, h + 0.5, 0.05), (0, h + 0.5)], steel, name="rim")
    lid = m.plastic(m.darker(colour, 0.45), 0.4, 0.5)
    cap = s.lathe(
        [(0, h + 0.42), (2.5, h + 0.42, 0.1), (2.55, h + 2.9, 0.3), (0, h + 3.0)],
        lid,
        name="cap",
        segments=128,
    )
    inlay = s.lathe(
        [(0, h + 2.98), (1.7, h + 2.98), (1.7, h + 3.05, 0.03), (0, h + 3.05)], steel, name="inlay"
    )
    loop = s.tube(
        [
            (-2.2, 0, h + 2.0),
            (-2.5, 0, h + 3.4),
            (-1.6, 0, h + 5.0),
            (0, 0, h + 5.4),
            (1.6, 0, h + 5.0),
            (2.5, 0, h + 3.4),
            (2.2, 0, h + 2.0),
        ],
        0.6,
        lid,
        flat=0.4,
    )
    mark = s.print_round(
        (("WAYFIELD", 0.62, h * 0.22),),
        3.66,
        m.plain(m.lighter(colour, 0.55) if colour != CHALK else "#8d8676", 0.6),
        spacing=1.25,
    )
    return s.place(s.join([body, foot, rim, cap, inlay, loop, *mark], "flask"), at, turn)


@still(
    "general/wayside-bottle",
    "A moss-green insulated steel bottle with a looped cap on warm paper",
    colour=MOSS,
)
@still("general/wayside-bottle-chalk", "The insulated bottle in chalk white", VARIANT, colour=CHALK)
@still("general/wayside-bottle-ochre", "The insulated bottle in ochre", VARIANT, colour=OCHRE)
def flask_alone(studio: Studio, colour: str) -> None:
    studio.sweep("#dcd2ba" if colour != CHALK else "#c4c2ab")
    flask((0, 0, 0), colour, 24)
    studio.camera(35, (0, 0, 12.2), elevation=9, blur=0.003)
    studio.softbox(-60, 40, 0.85, 1.1)
    studio.rim(145, 28, 0.5)
    studio.strip(62, 0.3, 1.8, 0.35)


def backpack(at: tuple, colour: str, turn: float = 0.0):
    """A roll-top backpack of waxed canvas, standing: body, rolled top, front pocket, leather straps with brass."""
    canvas = m.fabric(colour, 5.0, "plain", 0.7, 0.08, 0.12, wrinkle=0.75)
    flat_canvas = m.fabric(colour, 5.0, "plain", 0.6, 0.08, 0.12, "Object", wrinkle=0.5)
    hide = m.leather(TAN, gloss=0.5)
    brass = m.metal(m.BRASS, 0.25)
    chance = spread(40, 12)
    folds = [(chance[3 * i] * 4 + 5, chance[3 * i + 1] * 3, chance[3 * i + 2] * 3 + 4) for i in range(6)]

    def body(u: float, v: float) -> tuple:
        a = math.tau * u - math.pi / 2
        c, sn = math.cos(a), math.sin(a)
        power = 2 / 3.4
        wide = 14.2 - 0.8 * v
        deep = (
            7.2
            * (1 - 0.62 * max(0.0, (v - 0.45) / 0.55) ** 1.6)
            * (0.9 + 0.1 * math.sin(math.pi * min(v * 1.3, 1)))
        )
        low = min(1.0, v / 0.06) ** 0.5
        soft = sum(math.sin(f * a + g + h * v * 2.2) for f, g, h in folds) / 6
        sag = 0.55 * soft * (0.35 + v)
        x = math.copysign(abs(c) ** power, c) * (wide * (0.93 + 0.07 * low) + sag * 0.5)
        y = math.copysign(abs(sn) ** power, sn) * (deep * (0.9 + 0.1 * low) + sag)
        return (x, y, 0.2 + 37 * v)

    parts = [s.sheet(84, 37, canvas, bend=body, cells=150, name="body")]
    parts.append(s.slab(s.superellipse(28, 13.6, 3.4), 1.0, hide, (0, 0, 0), bevel=0.4, name="bottom"))

    def rolled(u: float, v: float) -> tuple:
        turns = 2.1 * math.tau * v
        r = 2.35 - 0.42 * v * 2.1
        x = (u - 0.5) * 27.4
        bow = 0.7 * (2 * u - 1) ** 2
        wave = 0.1 * math.sin(13 * u + 4 * v)
        return (x, -math.sin(turns) * (r + wave) - 0.2, 38.6 + math.cos(turns) * (r + wave) * 0.92 - bow)

    parts.append(s.sheet(27.4, 26, canvas, bend=rolled, cells=110, thickness=0.22, name="roll"))

    def pocket(u: float, v: float) -> tuple:
        x, z = (u - 0.5) * 20, 4.2 + v * 15
        edge = min(1.0, 8 * u, 8 * (1 - u), 6 * v + 0.15)
        full = 0.55 + 1.25 * math.sin(math.pi * u) ** 0.5 * (
            0.55 + 0.45 * math.sin(math.pi * min(1, v + 0.15))
        )
        puff = full * edge**0.5 + 0.18 * math.sin(7 * u + 3 * v)
        x0, y0, _ = body(0.0 + 0.0, z / 37)
        del x0
        return (x, y0 - puff + 0.35 * (abs(2 * u - 1) ** 3), z)

    parts.append(s.sheet(20, 15, canvas, bend=pocket, cells=90, thickness=0.15, name="pocket"))

    def flap(u: float, v: float) -> tuple:
        x, y, z = pocket(u, 1.0 - 0.28 * v)
        return (x * 1.03, y - 0.3, z + 0.35 * (1 - v))

    parts.append(s.sheet(20.6, 4.4, canvas, bend=flap, cells=60, thickness=0.3, name="flap"))
    tab_y = pocket(0.5, 0.8)[1]
    parts.append(s.slab(s.rounded_rectangle(2.6, 6.2, 0.7), 0.35, hide, (0, 0, 0), bevel=0.1))
    s.place(parts[-1], (0, tab_y - 0.42, 15.6), 0, (84, 0))
    stud = s.lathe([(0, 0), (0.55, 0, 0.1), (0.5, 0.25, 0.12), (0, 0.32)], brass, name="stud", segments=40)
    parts.append(s.place(stud, (0, tab_y - 0.72, 14.0), 0, (90, 0)))
    for x in (-8.6, 8.6):
        front = [
            (x, -2.2, 41.2),
            (x, -3.1, 39.6),
            (x, -3.0, 37.6),
            (x, -3.9, 35.4),
            (x, -5.6, 31.5),
            (x, -6.9, 27.0),
            (x, -7.7, 22.5),
        ]
        parts.append(s.tube([(x, 2.6, 36), (x, 2.8, 39), (x, 1.4, 41.2), *front], 1.15, hide, flat=0.2))
        buckle = [
            (x - 1.75, -6.15, 31.0),
            (x + 1.75, -6.15, 31.0),
            (x + 1.75, -7.15, 28.0),
            (x - 1.75, -7.15, 28.0),
        ]
        parts.append(s.tube(buckle, 0.26, brass, closed=True, through=False))
        parts.append(s.tube([(x, -6.3, 31), (x, -7.4, 28.2)], 0.16, brass, through=False))
    parts.append(
        s.tube(
            [(-3.4, 6.0, 35.5), (-3.6, 7.2, 38.6), (0, 8.0, 41.0), (3.6, 7.2, 38.6), (3.4, 6.0, 35.5)],
            0.95,
            hide,
            flat=0.35,
        )
    )
    for side in (-1, 1):
        parts.append(
            s.tube(
                [
                    (side * 5, 6.6, 33),
                    (side * 9, 12.5, 28),
                    (side * 11.5, 13.5, 18),
                    (side * 12.5, 8.8, 6),
                    (side * 11.5, 6.0, 3),
                ],
                2.3,
                flat_canvas,
                flat=0.22,
            )
        )
    return s.place(s.join(parts, "backpack"), at, turn)


@still(
    "general/commons-backpack",
    "An olive roll-top backpack in waxed canvas with tan leather straps and brass buckles",
    colour=OLIVE,
)
@still(
    "general/commons-backpack-navy",
    "The roll-top backpack in navy waxed canvas with tan leather straps",
    VARIANT,
    colour=NAVY,
)
def backpack_alone(studio: Studio, colour: str) -> None:
    studio.sweep("#d6cfba")
    backpack((0, 0, 0), colour, -24)
    studio.camera(59, (0, 0, 20), elevation=9, blur=0.003)
    studio.softbox(-60, 40, 0.95, 1.0)
    studio.rim(140, 30, 0.45)


def enamel_mug(at: tuple, colour: str, turn: float = 0.0, rim: str = ""):
    """An enamelled steel mug, 8.5 cm tall, its rim in another colour."""
    coat, edge = m.enamel(colour, m.darker(colour, 0.25)), m.enamel(rim or INK)
    body = s.lathe(
        [
            (0, 0.2),
            (3.3, 0.15),
            (3.5, 0, 0.1),
            (3.85, 0.1, 0.25),
            (4.1, 0.9, 0.5),
            (4.25, 8.2),
            (4.12, 8.2),
            (3.95, 0.95, 0.5),
            (3.4, 0.45, 0.2),
            (0, 0.4),
        ],
        coat,
        name="mug",
        wobble=0.002,
    )
    lip = s.tube(
        [(4.28 * math.cos(math.tau * i / 96), 4.28 * math.sin(math.tau * i / 96), 8.3) for i in range(96)],
        0.2,
        edge,
        closed=True,
        through=False,
    )
    path = [
        (4.1, 0, 7.3),
        (5.3, 0, 7.5),
        (6.5, 0, 6.8),
        (6.9, 0, 5.2),
        (6.3, 0, 3.4),
        (5.1, 0, 2.3),
        (4.15, 0, 2.0),
    ]
    handle = s.tube(path, 0.52, coat, flat=0.42)
    return s.place(s.join([body, lip, handle], "enamel mug"), at, turn)


@still(
    "general/campfire-enamel-mug",
    "A cream enamel mug with a dark blue rim on a block of oak",
    colour=CREAM,
    rim=INK,
)
@still(
    "general/campfire-enamel-mug-lake",
    "The enamel mug in lake blue with a white rim",
    VARIANT,
    colour=LAKE,
    rim="#f1ece0",
)
def mug_alone(studio: Studio, colour: str, rim: str) -> None:
    studio.sweep("#c3c3a8")
    s.box((15, 12, 3.2), m.wood(*m.OAK, "x", 1.1, 0.2), (0.2, 0, 0), 0.25, 14, "block")
    enamel_mug((-0.6, 0, 3.2), colour, -28, rim)
    studio.camera(21.5, (0.2, 0, 6.4), elevation=14, blur=0.005)
    studio.softbox(-60, 40, 0.85, 1.1)
    studio.rim(145, 30, 0.45)
    studio.softbox(60, 20, 0.15, 0.8)


def umbrella(at: tuple, colour: str, turn: float = 0.0, tilt: tuple = (0, 0)):
    """An open umbrella, its top towards +z: eight panels between steel ribs, a beech handle."""
    cloth = m.fabric(colour, 14, "plain", 0.25, 0.15, 0.04)
    reach, ribs = 50.0, 8

    def canopy(u: float, v: float) -> tuple:
        a = math.tau * u
        part = u * ribs % 1.0
        between = math.sin(math.pi * part)
        r = reach * v * (1 - 0.045 * between * v)
        z = 23 * (1 - v**2.15) - 2.2 * between**0.8 * v**1.6
        return (r * math.cos(a), r * math.sin(a), z)

    parts = [s.sheet(300, 50, cloth, bend=canopy, cells=320, name="canopy")]
    steel = m.metal("#55585c", 0.35)
    for i in range(ribs):
        a = math.tau * i / ribs
        line = [canopy(i / ribs + 1e-6, v) for v in (0.02, 0.2, 0.4, 0.6, 0.8, 0.97, 1.0)]
        parts.append(s.tube([(x, y, z - 0.3) for x, y, z in line], 0.22, steel))
        mid = canopy(i / ribs + 1e-6, 0.5)
        parts.append(s.tube([(0, 0, 3), (mid[0], mid[1], mid[2] - 0.4)], 0.2, steel, through=False))
        tip = canopy(i / ribs + 1e-6, 1.0)
        parts.append(s.sphere(0.55, m.wood(*m.BEECH, "z"), (tip[0], tip[1], tip[2] - 0.2), name="tip"))
        del a
    beech = m.wood(*m.BEECH, "z", 2.0, 0.5)
    shaft = s.tube([(0, 0, 28.5), (0, 0, 0), (0, 0, -40)], 0.7, steel, through=False)
    top = s.lathe(
        [(0, 22.5), (1.6, 22.5, 0.1), (1.0, 23.4, 0.2), (0.6, 24), (0.5, 29, 0.2), (0, 29.4)],
        beech,
        name="top",
    )
    hook = s.tube(
        [(0, 0, -36), (0, 0, -48), (-1.2, 0, -53), (-5.0, 0, -55.5), (-8.6, 0, -53), (-9.6, 0, -49)],
        1.25,
        beech,
    )
    return s.place(s.join([*parts, shaft, top, hook], "umbrella"), at, turn, tilt)


@still(
    "general/drizzle-umbrella",
    "An open ochre umbrella resting on its edge, its beech handle touching the floor",
    colour=OCHRE,
)
@still(
    "general/drizzle-umbrella-ink", "The open umbrella in ink blue resting on its edge", VARIANT, colour=INK
)
def umbrella_alone(studio: Studio, colour: str) -> None:
    studio.sweep("#d0d2c4")
    umbrella((-14, 8, 40.8), colour, 24, (0, -53))
    studio.camera(142, (2, 0, 42), elevation=10, blur=0.002)
    studio.softbox(-58, 42, 0.95, 1.0)
    studio.rim(130, 30, 0.4)


def rolled_blanket(at: tuple, turn: float = 0.0, length: float = 36.0):
    """A checked wool blanket, rolled, in two leather straps with a handle between them."""
    cloth = m.Surface("check", roughness=0.95, specular_ior_level=0.1, sheen_weight=0.5, sheen_roughness=0.5)
    at_ = cloth.place("UV")
    x, y, _ = cloth.node("ShaderNodeSeparateXYZ", i0=at_).outputs[:3]
    stripes = []
    for axis in (x, y):
        wide = cloth.maths("GREATER_THAN", cloth.maths("PINGPONG", axis, 3.5), 1.9)
        thin = cloth.maths(
            "LESS_THAN",
            cloth.maths("ABSOLUTE", cloth.maths("SUBTRACT", cloth.maths("PINGPONG", axis, 3.5), 0.8)),
            0.12,
        )
        stripes.append((wide, thin))
    both = cloth.maths("MULTIPLY", cloth.maths("ADD", stripes[0][0], stripes[1][0]), 0.5)
    lines = cloth.maths("MULTIPLY", cloth.maths("ADD", stripes[0][1], stripes[1][1]), 0.5)
    ground = cloth.ramp(both, (0.1, "#e3d7bb"), (0.5, "#9aa27f"), (0.9, "#56654c"))
    mixed = cloth.node("ShaderNodeMix", data_type="RGBA", i0=lines)
    cloth.links.new(ground, mixed.inputs[6])
    mixed.inputs[7].default_value = m.linear("#b3572f")
    cloth.wire("base_color", mixed.outputs[2])
    weave = cloth.span(
        cloth.maths("SINE", cloth.maths("MULTIPLY", cloth.maths("ADD", x, y), 14)), 0, 1, (-1, 1)
    )
    cloth.bump(cloth.maths("ADD", weave, cloth.noise(at_, 5, 3, 0.7)), 0.6, 0.12)

    def spiral(u: float, v: float) -> tuple:
        turns = 4.4
        a = math.tau * turns * v + 2.2
        r = 1.0 + 6.6 * v**0.92 + 0.1 * math.sin(5 * u + 9 * v)
        x_ = (u - 0.5) * length + 0.3 * math.sin(7 * v * turns)
        squash = 0.94
        return (x_, r * math.cos(a), 7.3 + r * math.sin(a) * squash)

    parts = [s.sheet(length, 128, cloth.material, bend=spiral, cells=70, thickness=0.85, name="blanket")]
    hide = m.leather(TAN, gloss=0.5)
    brass = m.metal(m.BRASS, 0.25)
    for x_ in (-9.5, 9.5):
        ring = [
            (x_, 8.0 * math.cos(math.tau * i / 48), 7.4 + 7.7 * math.sin(math.tau * i / 48))
            for i in range(48)
        ]
        parts.append(s.tube(ring, 1.25, hide, closed=True, through=False, flat=0.18))
        frame = [(x_ - 1.7, -6.3, 12.2), (x_ + 1.7, -6.3, 12.2), (x_ + 1.7, -7.8, 9.4), (x_ - 1.7, -7.8, 9.4)]
        parts.append(s.tube(frame, 0.24, brass, closed=True, through=False))
    parts.append(
        s.tube(
            [
                (-9.5, 0, 15.2),
                (-8.6, 0, 17.4),
                (-4.5, 0, 19.4),
                (0, 0, 19.9),
                (4.5, 0, 19.4),
                (8.6, 0, 17.4),
                (9.5, 0, 15.2),
            ],
            1.3,
            hide,
            flat=0.3,
        )
    )
    return s.place(s.join(parts, "blanket"), at, turn)


@still(
    "general/meadow-picnic-blanket",
    "A green and cream checked wool blanket, rolled, in tan leather straps with a carrying handle",
)
def blanket_alone(studio: Studio) -> None:
    studio.sweep("#ddd3b8")
    rolled_blanket((0, 0, 0), 34)
    studio.camera(48, (0, 0, 9), elevation=16, blur=0.004)
    studio.softbox(-58, 42, 0.95, 1.0)
    studio.rim(140, 30, 0.4)


def landscape():
    """A printed picture of hills under a morning sky; x and y are those of the puzzle, 49 by 36 around the origin."""
    print_ = m.Surface("hills", roughness=0.45, specular_ior_level=0.35)
    x, y, _ = print_.node("ShaderNodeSeparateXYZ", i0=print_.place()).outputs[:3]
    sky = print_.ramp(print_.span(y, 0, 1, (-4, 18)), (0.0, "#f2d9b0"), (0.5, "#dfe0cf"), (1.0, "#a9c3c6"))
    shown = sky
    sun = print_.maths(
        "LESS_THAN",
        print_.maths(
            "ADD",
            print_.maths("POWER", print_.maths("SUBTRACT", x, 9.0), 2.0),
            print_.maths("POWER", print_.maths("SUBTRACT", y, 9.0), 2.0),
        ),
        7.5,
    )
    layers = [(sun, "#f3b562")]
    for base, rise, wave, shift, colour in (
        (5.0, 3.0, 0.16, 0.5, "#a9b79c"),
        (1.6, 2.6, 0.2, 2.2, "#86a07c"),
        (-3.0, 2.4, 0.23, 4.0, "#5f8262"),
        (-8.0, 2.0, 0.19, 1.0, "#c39a4a"),
        (-12.2, 1.6, 0.27, 3.0, "#a8683c"),
    ):
        line = print_.maths(
            "ADD",
            print_.maths(
                "MULTIPLY",
                print_.maths("SINE", print_.maths("ADD", print_.maths("MULTIPLY", x, wave), shift)),
                rise,
            ),
            print_.maths(
                "MULTIPLY", print_.maths("SINE", print_.maths("MULTIPLY", x, wave * 2.7)), rise * 0.3
            ),
        )
        below = print_.maths("LESS_THAN", y, print_.maths("ADD", line, base))
        layers.append((below, colour))
    for below, colour in layers:
        mixed = print_.node("ShaderNodeMix", data_type="RGBA", i0=below)
        print_.links.new(shown, mixed.inputs[6])
        mixed.inputs[7].default_value = m.linear(colour)
        shown = mixed.outputs[2]
    print_.wire("base_color", shown)
    return print_.bump(print_.noise(print_.place(), 9, 2), 0.08, 0.02).material


def puzzle_piece(column: int, row: int, material, size: float = 3.5):
    """One piece in its place in the picture, with a knob or a hollow at each side."""
    outline = []
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    for i, (x0, y0) in enumerate(corners):
        x1, y1 = corners[(i + 1) % 4]
        if i in (0, 2):
            out = 1 if (column + 2 * row + (0 if i == 0 else 2)) % 3 else -1
            out *= -1 if i == 0 else 1
        else:
            out = 1 if (row + 2 * (column + (1 if i == 1 else 0))) % 3 else -1
            out *= 1 if i == 1 else -1
        dx, dy = x1 - x0, y1 - y0
        nx, ny = dy, -dx
        for t, w in (
            (0.0, 0),
            (0.2, -0.015),
            (0.36, 0.01),
            (0.4, 0.06),
            (0.37, 0.13),
            (0.36, 0.19),
            (0.42, 0.245),
            (0.5, 0.26),
            (0.58, 0.245),
            (0.64, 0.19),
            (0.63, 0.13),
            (0.6, 0.06),
            (0.64, 0.01),
            (0.8, -0.015),
        ):
            outline.append((x0 + dx * t + nx * w * out, y0 + dy * t + ny * w * out))
    line = [tuple(p) for p in s.spline([*outline, outline[0]], 3)[:-1]]
    shrink = 0.985
    cx, cy = column + 0.5, row + 0.5
    return s.slab(
        [((cx + (x - cx) * shrink) * size, (cy + (y - cy) * shrink) * size) for x, y in line],
        0.22,
        material,
        bevel=0.04,
        name="piece",
    )


def puzzle_box(at: tuple, turn: float = 0.0, tilt: tuple = (0, 0)):
    """The box, its lid carrying the picture."""
    board = m.paper("#3f5a4c", 0.5)
    base = s.slab(s.rounded_rectangle(27, 20.5, 0.25), 5.2, board, bevel=0.1)
    picture = s.slab(s.rounded_rectangle(48, 36, 0.3), 0.02, landscape(), bevel=0.004)
    picture.scale = (0.53, 0.53, 1)
    picture.location = (0, 0, 5.2)
    band = s.box((27.04, 3.4, 0.03), m.paper("#efe6d2"), (0, -6.2, 5.2), 0)
    words = [
        s.text(w, size, m.plain("#2f3d34", 0.8), (x, -6.2, 5.24), upright=False, align=al, spacing=1.1)
        for w, size, x, al in (("SUNDAY", 1.5, -12.2, "LEFT"), ("500 pieces", 0.9, 12.2, "RIGHT"))
    ]
    return s.place(s.join([base, picture, band, *words], "puzzle box"), at, turn, tilt)


def pieces(
    at: tuple, turn: float = 0.0, columns: int = 4, rows: int = 3, loose: int = 5, reach: float = 12.5
):
    """Part of the puzzle put together, and pieces lying about."""
    picture = landscape()
    done = [puzzle_piece(c - 2, r - 1, picture) for c in range(columns) for r in range(rows)]
    corner = s.place(s.join(done, "done"), at, turn)
    chance = spread(loose * 5, 31)
    for i in range(loose):
        a, b, c, d, _ = chance[i * 5 : i * 5 + 5]
        piece = puzzle_piece(round(4 * a), round(3 * b), picture)
        holder = s.join([piece], "loose")
        piece.location = (-(round(4 * a) + 0.5) * 3.5, -(round(3 * b) + 0.5) * 3.5, 0)
        angle = -math.pi * (0.08 + 0.84 * (i + 0.5) / loose)
        far = reach * (0.8 + 0.35 * abs(c))
        s.place(holder, (at[0] + far * math.cos(angle), at[1] + far * 0.62 * math.sin(angle), 0.02), 180 * d)
    return corner


@still(
    "general/sunday-jigsaw-puzzle",
    "A jigsaw box with a picture of hills at sunrise, and pieces of the puzzle in front of it",
)
def puzzle(studio: Studio) -> None:
    studio.sweep("#d9cfb6")
    puzzle_box((0, 6.2, 10.2), 6, (76, 0))
    pieces((-1.5, -9.5, 0.02), 12)
    studio.camera(47, (0, -2.5, 6.5), elevation=25, blur=0.003)
    studio.softbox(-58, 42, 0.9, 1.0)
    studio.rim(140, 30, 0.3)


def planter(at: tuple, turn: float = 0.0, plant: bool = True, scale: float = 1.0):
    """A terracotta pot in its saucer, with a young rubber fig."""
    clay = m.clay("#c17a56", 0.6)
    pot = s.lathe(
        [
            (0, 0.8),
            (5.0, 0.8, 0.2),
            (5.2, 1.0, 0.2),
            (6.9, 11.6, 0.5),
            (7.6, 11.7, 0.2),
            (7.9, 14.6, 0.3),
            (7.2, 14.7, 0.2),
            (6.6, 12.6),
            (0, 12.6),
        ],
        clay,
        name="pot",
        segments=160,
        wobble=0.004,
    )
    saucer = s.lathe(
        [(0, 0), (6.8, 0, 0.2), (7.9, 1.9, 0.25), (7.4, 2.0, 0.15), (6.4, 0.6, 0.2), (0, 0.6)],
        clay,
        name="saucer",
        segments=160,
    )
    soil = m.Surface("soil", roughness=1.0)
    crumb = soil.noise(soil.place(), 2.5, 6, 0.75)
    soil.wire("base_color", soil.ramp(crumb, (0.3, "#1c1511"), (0.65, "#463529")))
    soil.bump(crumb, 1.0, 0.5)
    parts = [pot, saucer, s.lathe([(6.75, 13.2), (4, 13.5), (0, 13.6)], soil.material, name="soil")]
    if plant:
        parts.append(rubber_fig((0, 0, 13.4)))
    body = s.join(parts, "planter")
    body.scale = (scale, scale, scale)
    return s.place(body, at, turn)


def rubber_fig(at: tuple):
    """Two stems of a rubber fig with broad glossy leaves."""
    bark = m.wood("#6d5a45", "#40342a", "z")
    parts = []
    chance = spread(120, 17)
    for k, (line, count, size) in enumerate(
        (
            ([(0, 0, -1), (0.4, 0.2, 7), (-0.3, 0, 15), (0.6, -0.2, 24), (0.2, 0, 29)], 12, 11.0),
            ([(1.8, 0.8, -1), (3.0, 1.0, 5), (4.2, 0.6, 11), (5.6, 0.6, 16)], 7, 9.0),
        )
    ):
        parts.append(s.tube(line, 0.42, bark, radii=[1.3, 1.1, 1.0, 0.8, 0.5][: len(line)]))
        path = s.spline(line, 12)
        for i in range(count):
            t = 0.22 + 0.78 * (i + 0.5) / count
            x, y, z = path[min(int(t * (len(path) - 1)), len(path) - 1)]
            a, b, c = chance[(i * 3 + 40 * k) : (i * 3 + 40 * k) + 3]
            length = size * (1.0 + 0.12 * a) * (0.72 + 0.5 * math.sin(math.pi * min(t, 0.98)) ** 0.7)
            turn = (i * 137.5 + 20 * b + 60 * k) % 360
            stalk = (x + 1.5 * math.cos(math.radians(turn)), y + 1.5 * math.sin(math.radians(turn)), z + 1.1)
            parts.append(s.tube([(x, y, z), stalk], 0.16, m.leaf("#6f7f4a"), through=False))
            parts.append(leaf(stalk, length, turn, 18 + 26 * t + 12 * c, 10 * c, "#35573a", 0.52))
    return s.place(s.join(parts, "rubber fig"), at)


@still(
    "general/windowsill-planter",
    "A terracotta pot with its saucer, planted with a young rubber fig, in light from a window",
)
def planter_alone(studio: Studio) -> None:
    studio.wall(m.plaster("#d8d6c2", 0.25), 20)
    studio.table(m.plaster("#e6e0d2", 0.1), depth=20, thickness=3)
    planter((0, 0, 0), -20)
    studio.camera(62, (0.5, 0, 24), elevation=8, blur=0.003)
    studio.sun(-58, 30, 0.9, 1.6, "window", scale=0.8, offset=(0, 0.05))
    studio.softbox(-65, 42, 0.5, 1.1)
    studio.rim(140, 30, 0.3)


@still(
    "general/hero",
    "A canvas backpack, an insulated bottle, notebooks and a potted rubber fig on an oak bench in afternoon sun",
    HERO,
)
def hero(studio: Studio) -> None:
    studio.wall(m.plaster("#d5d2ba", 0.3), 22)
    studio.table(m.wood(*m.OAK, "x", 0.8, 0.3), depth=22, thickness=4)
    backpack((17, 3, 0), OLIVE, -20)
    planter((46, 6, 0), 20)
    flask((-2.5, -4, 0), OCHRE, 20)
    notebook((33, -14, 0), PINE, 74, band="#24332b")
    notebook((32.5, -14, 1.8), CLAY, 62, ribbon="#c98b3c")
    enamel_mug((4.5, -15, 0), CREAM, 200)
    studio.camera(68, (4, 0, 22), elevation=10, blur=0.004, focus=(15, -6, 12))
    studio.sun(-62, 27, 1.3, 0.9, "window", scale=0.85, offset=(0.0, 0.05))
    studio.softbox(-60, 50, 0.24, 1.4, hidden=True)
    studio.room("#d8e0ec", 0.3)


@still(
    "general/story",
    "An enamel mug, a steel bottle, a cloth-bound notebook and a brass pen, each alone on its own wooden block",
    STORY,
)
def story(studio: Studio) -> None:
    studio.sweep("#c9c9b0")
    for x, width, height in ((-17, 13, 7.5), (0, 13, 3.0), (17.5, 16, 5.2)):
        s.box((width, 13, height), m.wood(*m.OAK, "x", 1.0, 0.2), (x, 0, 0), 0.15, turn=x * 0.4)
    enamel_mug((-17.4, 0, 7.5), CREAM, -30)
    flask((0, 0, 3.0), MOSS, 20)
    small = notebook((17.5, 0.6, 5.2), CLAY, 24, band="#6f3c2b")
    small.scale = (0.62, 0.62, 0.8)
    pen((18.0, -0.2, 7.05), 50).scale = (0.8, 0.8, 0.8)
    studio.camera(40, (0.5, 0, 12.6), elevation=11, blur=0.004)
    studio.sun(-60, 30, 0.9, 1.4, "window", scale=1.0)
    studio.softbox(-62, 42, 0.5, 1.2)
    studio.rim(145, 28, 0.35)


@still(
    "general/collection-desk-and-paper",
    "Three cloth-bound notebooks in a stack, a brass pen and loose pieces of a puzzle on a desk",
    COLLECTION,
)
def desk(studio: Studio) -> None:
    studio.sweep(m.wood(*m.OAK, "x", 0.7, 0.35))
    notebook((-7, 3, 0), INK, 12, band="#1b2030")
    notebook((-6.6, 2.6, 1.8), CLAY, -6, ribbon="#e0c28a")
    notebook((-7.2, 3.2, 3.6), PINE, 8, band="#24332b", ribbon="#c98b3c")
    pen((12.0, 7.0, 0.42), -150)
    pieces((14.0, -3.2, 0.02), 8, 3, 2, 4, 10.5)
    studio.camera(31, (1.5, 0.5, 2.2), elevation=36, blur=0.004)
    studio.softbox(-62, 36, 0.85, 1.0)
    studio.rim(140, 30, 0.35)


@still(
    "general/collection-out-and-about",
    "A rolled picnic blanket, a canvas backpack, a steel bottle and an enamel mug, ready to go out",
    COLLECTION,
)
def outside(studio: Studio) -> None:
    studio.sweep("#cfcfb4")
    backpack((8, 8, 0), NAVY, -18)
    rolled_blanket((-17, 2, 0), 18, 32)
    flask((27, 2, 0), OCHRE, 20)
    enamel_mug((23, -11, 0), CREAM, -20)
    studio.camera(51, (2, 0, 18.5), elevation=10, blur=0.003)
    studio.softbox(-60, 40, 0.95, 1.0)
    studio.rim(140, 30, 0.4)


@still(
    "general/collection-home-and-gifts",
    "A potted rubber fig, two enamel mugs and a jigsaw box on a windowsill",
    COLLECTION,
)
def gifts(studio: Studio) -> None:
    studio.wall(m.plaster("#dcd3bb", 0.25), 18)
    studio.table(m.plaster("#e8e1d2", 0.1), depth=18, thickness=3)
    planter((-20, 4, 0), 30)
    puzzle_box((8, 9, 10.4), -5, (80, 0))
    enamel_mug((-5, -5, 0), LAKE, 200, "#f1ece0")
    enamel_mug((26.5, 0, 0), CREAM, -30)
    studio.camera(49, (1, 0, 20), elevation=8, blur=0.004)
    studio.sun(-60, 30, 0.8, 1.4, "window", scale=0.9, offset=(0, 0.1))
    studio.softbox(-64, 40, 0.55, 1.1)
    studio.rim(140, 30, 0.3)
