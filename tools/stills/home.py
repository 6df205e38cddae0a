"""Home: stoneware, oak, linen, wool, glass and warm light."""

from __future__ import annotations

import math

import bpy
from tools.stills import materials as m
from tools.stills import shapes as s
from tools.stills.studio import COLLECTION, HERO, STORY, VARIANT, Studio, spread, still

CHALK = "#e6dfd2"
SEA = "#7f9a99"
RUST = "#8d4c37"
DARK_CLAY = "#8a6a52"


def mug(glaze: str, at=(0, 0, 0), turn: float = 0.0, clay: str = DARK_CLAY):
    """A stoneware mug, 9 cm tall: glazed inside and half-way down, bare where it is held."""
    material = m.dipped(glaze, clay, 3.4, 0.55, 0.5)
    body = s.lathe(
        [
            (0, 0.25),
            (2.7, 0.25, 0.2),
            (2.8, 0, 0.1),
            (3.5, 0, 0.25),
            (4.15, 0.9, 1.0),
            (4.25, 4.5, 2),
            (4.1, 8.8, 0.3),
            (4.12, 9.0, 0.14),
            (3.86, 9.0, 0.14),
            (3.8, 8.7, 0.3),
            (3.9, 4.5, 2),
            (3.75, 1.2, 0.8),
            (0, 0.9),
        ],
        material,
        name="mug",
        wobble=0.006,
    )
    path = [
        (4.0, 0, 7.4),
        (5.2, 0, 7.9),
        (6.5, 0, 7.2),
        (6.9, 0, 5.4),
        (6.3, 0, 3.5),
        (5.0, 0, 2.4),
        (4.05, 0, 2.2),
    ]
    handle = s.tube(path, 0.62, material, flat=0.62, radii=[1.25, 1, 0.95, 0.92, 0.95, 1, 1.2])
    return s.place(s.join([body, handle], "mug"), at, turn)


@still(
    "home/kiln-stoneware-mugs",
    "Two hand-thrown stoneware mugs with chalk-white glaze, the lower half left as bare brown clay",
    glaze=CHALK,
)
@still(
    "home/kiln-stoneware-mugs-sea",
    "The two stoneware mugs in sea-green glaze over bare brown clay",
    VARIANT,
    glaze=SEA,
)
@still(
    "home/kiln-stoneware-mugs-rust",
    "The two stoneware mugs in rust-red glaze over bare brown clay",
    VARIANT,
    glaze=RUST,
)
def mugs(studio: Studio, glaze: str) -> None:
    studio.sweep("#ddd2c2")
    mug(glaze, (-3.6, 2.2, 0), 150)
    mug(glaze, (3.3, -2.2, 0), -28)
    studio.camera(28, (0.6, 0, 5.0), elevation=17, blur=0.005)
    studio.softbox(-62, 42, 0.9, 1.2)
    studio.rim(140, 30, 0.45)


def pear(
    at: tuple,
    turn: float = 0.0,
    lean: float = 0.0,
    height: float = 9.0,
    colours: tuple = ("#8d8a3c", "#b9a94a", "#c9b55e"),
):
    """A pear with its stalk."""
    profile = s.spline(
        [
            (0, 0.35),
            (1.5, 0.05),
            (3.0, 0.9),
            (3.5, 2.6),
            (3.0, 4.4),
            (2.0, 6.0),
            (1.5, 7.3),
            (1.2, 8.3),
            (0.6, 8.85),
            (0, 8.7),
        ],
        8,
    )
    k = height / 9
    body = s.lathe(
        [(max(r, 0) * k, z * k) for r, z in profile],
        m.skin(colours, "#6f5a2c"),
        name=f"pear{at}",
        wobble=0.02,
    )
    stalk = s.tube(
        [(0, 0, 8.6 * k), (0.1, 0, 9.4 * k), (0.5, 0.1, 10.4 * k)],
        0.16,
        m.wood("#5a4126", "#2f2012", "z"),
        radii=[1, 0.8, 1.3],
    )
    return s.place(s.join([body, stalk], "pear"), at, turn, (lean, 0))


def branch(
    at: tuple,
    points: list,
    leaves: int,
    colour: str = "#5d6b48",
    size: float = 3.2,
    seed: int = 3,
    thick: float = 0.16,
):
    """A twig with leaves, dried or green."""
    chance = spread(leaves * 6, seed)
    line = s.spline(points, 12)
    parts = [
        s.tube(points, thick, m.wood("#6b5236", "#3d2d1c", "z"), radii=[1.2] * (len(points) - 1) + [0.4])
    ]
    for i in range(leaves):
        t = 0.25 + 0.75 * (i + 0.5) / leaves
        k = min(int(t * (len(line) - 1)), len(line) - 2)
        x, y, z = line[k]
        a, b, c, d, *_ = chance[i * 6 :]
        parts.append(
            leaf(
                (x, y, z),
                size * (1 + 0.25 * a) * (1.15 - 0.5 * t),
                (i * 137.5 + 25 * b) % 360,
                35 + 30 * c,
                18 * d,
                colour,
            )
        )
    return s.place(s.join(parts, "branch"), at)


def leaf(at: tuple, length: float, turn: float, rise: float, roll: float, colour: str, wide: float = 0.36):
    """One leaf from its stalk, curved along its middle."""

    def bend(u: float, v: float) -> tuple:
        w = math.sin(math.pi * u**0.8) ** 0.9 * wide * length / 2
        y = (v - 0.5) * 2 * w
        return (u * length, y, abs(y) * 0.35 - 0.22 * length * u * u)

    blade = s.sheet(length, length * wide, m.leaf(colour), bend=bend, cells=16, name="leaf")
    blade.rotation_euler = (math.radians(roll), math.radians(-rise), math.radians(turn))
    blade.location = at
    return blade


@still("home/orchard-serving-bowl", "A wide, low stoneware bowl in speckled oat glaze holding four pears")
def bowl_with_pears(studio: Studio) -> None:
    studio.sweep("#cfc6b4")
    bowl((0, 0, 0))
    for at, turn, lean, height in (
        ((-5.6, 1.5, 3.6), 40, 62, 9.4),
        ((4.4, 3.6, 3.9), 200, 55, 9),
        ((0.6, -3.4, 4.0), 110, 70, 9.2),
        ((0.2, 3.2, 5.2), 300, 12, 9.6),
    ):
        pear(at, turn, lean, height)
    studio.camera(47, (0, 0, 5.0), elevation=27, blur=0.005)
    studio.softbox(-68, 38, 1.0, 1.1)
    studio.rim(150, 28, 0.4)


def bowl(at: tuple, glaze: str = "#cbb996"):
    """A wide bowl, 32 cm across, its rim turned out."""
    profile = [
        (0, 0.5),
        (5.4, 0.5, 0.2),
        (5.6, 0, 0.1),
        (6.5, 0, 0.2),
        (7.0, 0.9, 0.6),
        (12.6, 3.6, 5),
        (15.2, 7.6, 2),
        (16.2, 8.6, 0.35),
        (16.3, 9.05, 0.2),
        (15.6, 9.0, 0.3),
        (14.7, 7.9, 2),
        (12.2, 4.5, 5),
        (6.5, 1.5, 3),
        (0, 1.25),
    ]
    return s.lathe(profile, m.ceramic(glaze, 0.75, 0.5), at, 160, "bowl", 0.004)


def board(at: tuple, width: float = 36, depth: float = 22, turn: float = 0.0):
    """An oak board with a hole to hang it by."""
    hole = s.circle(1.1, (width / 2 - 3.2, 0))
    plank = s.slab(
        s.rounded_rectangle(width, depth, 2.2),
        2.4,
        m.wood(*m.OAK, "x", 1.0, 0.45),
        holes=[hole],
        bevel=0.3,
        name="board",
    )
    return s.place(plank, at, turn)


def loaf(at: tuple, turn: float = 0.0, length: float = 24.0):
    """A crusty, floured loaf, slashed along its length."""
    crust = m.Surface("crust", roughness=0.9, specular_ior_level=0.15)
    where = crust.place()
    fine, cloud = crust.noise(where, 1.6, 7, 0.75), crust.noise(where, 0.3, 4, 0.6)
    open_ = crust.node("ShaderNodeAttribute", attribute_name="open").outputs["Fac"]
    tone = crust.maths("ADD", crust.maths("MULTIPLY", fine, 0.5), crust.maths("MULTIPLY", cloud, 0.5))
    skin = crust.ramp(tone, (0.32, "#4e2a14"), (0.45, "#8a4f25"), (0.56, "#b47a43"), (0.66, "#e3d3b6"))
    mixed = crust.node("ShaderNodeMix", data_type="RGBA", i0=open_)
    crust.links.new(skin, mixed.inputs[6])
    crust.links.new(crust.ramp(fine, (0.35, "#c48f55"), (0.6, "#e2bd86")), mixed.inputs[7])
    crust.wire("base_color", mixed.outputs[2])
    crust.bump(
        crust.maths("ADD", fine, crust.maths("MULTIPLY", crust.noise(where, 5, 5, 0.7), 0.6)), 0.9, 0.4
    )
    cuts = [(-0.27, 0.16), (0.0, 0.17), (0.27, 0.16)]

    def opened(u: float, v: float) -> float:
        a = math.tau * v
        x, y = (u - 0.5), math.cos(a)
        if math.sin(a) < 0.2:
            return 0.0
        return max(
            math.exp(-(((x - c - 0.13 * y) * length / 1.15) ** 2)) * max(0.0, 1 - (y / 0.85) ** 4)
            for c, _ in cuts
        )

    def bend(u: float, v: float) -> tuple:
        a = math.tau * v
        full = max(0.0, 1 - abs(2 * u - 1) ** 2.3) ** 0.55
        rough = 0.12 * math.sin(9 * u + 5 * math.sin(a)) + 0.1 * math.sin(23 * u + 3 * math.cos(2 * a))
        r = (5.3 + rough) * full
        cut = opened(u, v)
        lift = 0.5 * cut - 0.9 * cut * (1 - cut)
        up = math.sin(a)
        return (
            (u - 0.5) * length,
            math.cos(a) * (r + lift * 0.2) * 1.15,
            up * r * (0.95 if up > 0 else 0.5) + 2.6 + lift * 0.8,
        )

    body = s.sheet(length, 32, crust.material, bend=bend, cells=170, name="loaf")
    rows = round(170 * 32 / length)
    shade = body.data.attributes.new("open", "FLOAT", "POINT")
    for index in range(len(body.data.vertices)):
        row, column = divmod(index, 171)
        shade.data[index].value = opened(column / 170, row / rows)
    return s.place(body, at, turn)


@still("home/breadside-oak-board", "An oiled oak cutting board with a loaf of bread and a bread knife on it")
def board_with_bread(studio: Studio) -> None:
    studio.sweep("#d9cdbb")
    board((0, 0, 0), turn=18)
    loaf((-3.5, 2.6, 2.3), 30, 25)
    knife((6, -6.0, 2.4), 24)
    studio.camera(53, (0.5, 0, 2.0), elevation=40, blur=0.004)
    studio.softbox(-70, 36, 1.0, 0.9)
    studio.rim(140, 30, 0.35)


def knife(at: tuple, turn: float = 0.0):
    """A bread knife lying on its side."""
    blade = s.slab(
        [(-11, -0.9), (8.5, -1.2), (10.6, -0.4), (11.2, 0.6), (10.5, 0.9), (-11, 0.95)],
        0.16,
        m.metal(m.STEEL, 0.2, "x"),
        bevel=0.05,
    )
    grip = s.slab(s.superellipse(11, 2.3, 3.5), 1.3, m.wood(*m.WALNUT, "x"), (-15.2, 0, -0.4), bevel=0.45)
    rivets = [
        s.lathe(
            [(0, 0), (0.3, 0), (0.3, 0.06, 0.03), (0, 0.06)], m.metal(m.BRASS, 0.25), (-15.2 + d, 0, 0.9), 32
        )
        for d in (-3, 0, 3)
    ]
    return s.place(s.join([blade, grip, *rivets], "knife"), (at[0], at[1], at[2] + 0.42), turn)


@still(
    "home/riverside-carafe-set",
    "A rippled glass carafe of water with a tumbler upside down on its neck, and a second tumbler beside it",
)
def carafe_set(studio: Studio) -> None:
    studio.sweep("#c3c9c0")
    carafe((-2.6, 0.8, 0), lid=True)
    tumbler((7.4, -3.2, 0), 4.6)
    studio.camera(44, (1.3, 0, 14.2), elevation=9, blur=0.004)
    studio.softbox(-75, 35, 0.9, 1.3)
    studio.softbox(150, 22, 0.9, 1.0, colour="#ffffff")
    studio.strip(70, 0.35, 2.2, 0.35)


def carafe(at: tuple, lid: bool = False, water: float = 13.0):
    """A litre carafe of mouth-blown glass; its tumbler sits on the neck."""
    outer = s.spline(
        [
            (4.6, 0.35),
            (5.2, 1.2),
            (5.45, 4),
            (5.4, 10),
            (5.0, 14),
            (3.7, 17.2),
            (2.95, 19.2),
            (2.85, 21),
            (3.15, 24.2),
            (3.3, 25),
        ],
        8,
    )
    thick = 0.24
    inner = [(r - thick, z) for r, z in outer if z > 1.3]
    profile = [(0, 0.15), (4.0, 0.0), *outer, (3.2, 25.12), *reversed(inner), (4.4, 1.1), (0, 0.95)]
    parts = [s.lathe(profile, m.glass("#f4faf8", ripple=0.22), name="carafe", segments=160)]
    filled = [(r - 0.02, z) for r, z in inner if z < water]
    parts.append(
        s.lathe(
            [(0, 0.98), (4.35, 1.13), *filled, (filled[-1][0], water), (0, water)],
            m.liquid("#f2faf8"),
            name="water",
            segments=160,
        )
    )
    if lid:
        cup = tumbler((0, 0, 29.6), 0, turned=True)
        parts.append(cup)
    return s.place(s.join(parts, "carafe"), at)


def tumbler(at: tuple, water: float = 0.0, turned: bool = False):
    """A quarter-litre tumbler, upside down where it is a lid."""
    k = 0.78 if turned else 1.0
    profile = [
        (0, 0.1),
        (3.3, 0, 0.4),
        (3.75, 0.5, 0.6),
        (4.15, 9.2),
        (4.05, 9.3, 0.06),
        (3.92, 9.2),
        (3.5, 1.2, 0.7),
        (0, 0.95),
    ]
    parts = [
        s.lathe(
            [(p[0] * k, p[1] * k, *p[2:]) for p in profile], m.glass("#f4faf8", ripple=0.2), name="tumbler"
        )
    ]
    if water:
        r = 3.5 + 0.42 * (water - 1.2) / 8
        parts.append(
            s.lathe(
                [(0, 0.98), (3.35, 1.0, 0.5), (3.47, 1.6), (r - 0.03, water), (0, water)],
                m.liquid("#f2faf8"),
                name="water",
            )
        )
    body = s.join(parts, "tumbler")
    return s.place(body, at, 0, (180, 0) if turned else (0, 0))


@still(
    "home/fen-ceramic-vase",
    "A chalk-white, eggshell-matt vase with a narrow neck and one olive branch",
    colour="#e9e3d7",
)
@still(
    "home/fen-ceramic-vase-iron",
    "The narrow-necked vase in iron black with one olive branch",
    VARIANT,
    colour="#3b3733",
)
def vase_with_branch(studio: Studio, colour: str) -> None:
    studio.sweep("#d8c6b2")
    vase((0, 0, 0), colour)
    branch(
        (0, 0, 25), [(0, 0, -8), (0.3, 0, 3), (2.5, 0.4, 11), (7, 0.5, 19), (13, 0.2, 24)], 26, "#66734f", 5.2
    )
    studio.camera(62, (3, 0, 24), elevation=7, blur=0.004)
    studio.softbox(-60, 38, 0.95, 0.9)
    studio.rim(140, 30, 0.4)


def vase(at: tuple, colour: str):
    """A full body on a small foot, with a neck for three stems."""
    outer = s.spline(
        [
            (5.2, 0.0),
            (7.2, 1.6),
            (9.4, 6),
            (9.9, 11),
            (8.4, 16.5),
            (5.0, 20.5),
            (2.7, 22.6),
            (2.1, 24.6),
            (2.2, 27),
            (2.75, 28),
        ],
        9,
    )
    profile = [
        (0, 0.3),
        (4.6, 0.3, 0.2),
        (4.9, 0, 0.1),
        *outer,
        (2.5, 28.15),
        (2.1, 27.8),
        (1.75, 26.5),
        (1.7, 24),
        (0, 23.5),
    ]
    return s.lathe(profile, m.clay(colour, 0.5), at, 160, "vase", 0.005)


@still(
    "home/evenfall-soy-candle",
    "A lit soy candle in a plain glass with a small paper label, beside a dried orange slice",
)
def candle_alone(studio: Studio) -> None:
    studio.sweep("#dcc6ae")
    candle((0, 0, 0))
    for at, turn in (((6.6, -3.8, 0.25), 0), ((7.9, -0.6, 0.25), 50)):
        orange_slice(at, turn)
    studio.camera(24, (1.6, 0, 5.2), elevation=13, blur=0.005)
    studio.softbox(-65, 40, 0.65, 1.0)
    studio.rim(150, 25, 0.4, "#ffd9b0")
    studio.room("#e8d9cc", 0.14)


def candle(at: tuple, lit: bool = True):
    """A candle in a tumbler, 8 cm across: glass, wax, wick, flame, label."""
    glass = s.lathe(
        [
            (0, 0.1),
            (3.6, 0, 0.4),
            (4.0, 0.5, 0.5),
            (4.0, 9.5, 0.1),
            (3.72, 9.5, 0.1),
            (3.7, 1.2, 0.5),
            (0, 1.0),
        ],
        m.glass("#fbf8f2"),
        name="jar",
    )
    pool = m.wax("#f1e2c6", 0.9)
    body = s.lathe(
        [(0, 1.02), (3.5, 1.05, 0.4), (3.67, 1.4), (3.67, 7.05, 0.06), (1.6, 6.85, 1.0), (0, 6.8)],
        pool,
        name="wax",
    )
    wick = s.tube([(0, 0, 6.7), (0.02, 0, 7.2), (0.15, 0, 7.6)], 0.07, m.plain("#221a14", 0.9))
    parts = [glass, body, wick]
    if lit:
        flame = m.Surface("flame", base_color="#000000", emission_strength=14.0)
        height = flame.node("ShaderNodeSeparateXYZ", i0=flame.place("Generated")).outputs[2]
        flame.wire(
            "emission_color", flame.ramp(height, (0.0, "#ff7a1a"), (0.35, "#ffc25a"), (0.8, "#ffe7b0"))
        )
        parts.append(
            s.lathe(
                [(0, 7.35), (0.2, 7.5, 0.1), (0.34, 7.95, 0.3), (0.22, 8.7, 0.6), (0, 9.5)],
                flame.material,
                name="flame",
            )
        )
        lamp = bpy.data.lights.new("flame", "POINT")
        lamp.energy, lamp.color, lamp.shadow_soft_size = 700, (1.0, 0.55, 0.22), 0.3
        light = bpy.data.objects.new("flame-light", lamp)
        bpy.context.collection.objects.link(light)
        light.location = (0, 0, 8.6)
        parts.append(light)
    parts.append(s.label(4.02, 2.2, 6.0, 62, m.paper("#efe6d6")))
    lines = (("EVENFALL", 0.62, 4.75), ("cedar · orange · smoke", 0.36, 3.9), ("50 h", 0.36, 3.2))
    parts += s.print_round(lines, 4.035, m.plain("#4a3a2c", 0.8))
    return s.place(s.join(parts, "candle"), at)


def orange_slice(at: tuple, turn: float = 0.0):
    """A dried slice of orange."""
    flesh = m.Surface("dried orange", roughness=0.5, subsurface_weight=0.35, subsurface_scale=0.2)
    x, y, _ = flesh.node("ShaderNodeSeparateXYZ", i0=flesh.place()).outputs[:3]
    angle = flesh.maths("ARCTAN2", y, x)
    spokes = flesh.maths("ABSOLUTE", flesh.maths("SINE", flesh.maths("MULTIPLY", angle, 5.0)))
    reach = flesh.maths(
        "SQRT", flesh.maths("ADD", flesh.maths("MULTIPLY", x, x), flesh.maths("MULTIPLY", y, y))
    )
    rind = flesh.maths("GREATER_THAN", reach, 2.25)
    inner = flesh.ramp(spokes, (0.05, "#d9b57a"), (0.2, "#b5621d"), (1.0, "#8f4312"))
    mixed = flesh.node("ShaderNodeMix", data_type="RGBA", i0=rind)
    flesh.links.new(inner, mixed.inputs[6])
    mixed.inputs[7].default_value = m.linear("#a85517")
    flesh.wire("base_color", mixed.outputs[2])
    flesh.bump(flesh.maths("ADD", spokes, flesh.noise(flesh.place(), 3, 3)), 0.7, 0.1)
    disc = s.lathe(
        [(0, -0.15), (2.5, -0.15, 0.1), (2.6, 0, 0.05), (2.5, 0.15, 0.1), (0, 0.1)],
        flesh.material,
        name=f"orange{turn}",
        wobble=0.03,
    )
    return s.place(disc, at, turn, (4, 3))


SAND = "#d9c3a0"
PINE = "#4d6355"


@still(
    "home/dune-table-lamp",
    "A lit table lamp with a speckled sand-coloured stoneware foot and a linen shade",
    glaze=SAND,
)
@still(
    "home/dune-table-lamp-pine", "The lit table lamp with a pine-green stoneware foot", VARIANT, glaze=PINE
)
def lamp_alone(studio: Studio, glaze: str) -> None:
    studio.sweep("#d3c3ae")
    lamp((0, 0, 0), glaze)
    studio.camera(76, (1.5, 0, 27), elevation=7, blur=0.003)
    studio.softbox(-60, 40, 0.5, 0.9)
    studio.rim(150, 25, 0.25)
    studio.room("#dfe3ea", 0.16)


def lamp(at: tuple, glaze: str, power: float = 15000.0):
    """A lamp, 52 cm tall: thrown foot, brass neck, linen shade, textile cable."""
    outer = s.spline(
        [(6.4, 0.3), (9.0, 2.2), (10.6, 7), (10.2, 12.5), (7.4, 18), (3.4, 22.4), (2.0, 25), (1.8, 27)], 9
    )
    foot = s.lathe(
        [(0, 0), (5.6, 0, 0.2), *outer, (0, 27)],
        m.ceramic(glaze, 1.0, 0.15),
        name="foot",
        segments=160,
        wobble=0.004,
    )
    brass = m.metal(m.BRASS, 0.28, "z")
    neck = s.lathe(
        [(0, 26.8), (1.5, 26.8, 0.1), (1.5, 27.6, 0.1), (0.55, 27.8, 0.2), (0.55, 33, 0.1), (0, 33)],
        brass,
        name="neck",
    )

    def bend(u: float, v: float) -> tuple:
        a, r = math.tau * u - math.pi / 2, 17 - 5.5 * v
        return (r * math.cos(a), r * math.sin(a), 29.5 + 22 * v)

    linen = m.lampshade("#eadfca")
    shade = s.sheet(88, 22, linen, bend=bend, cells=128, name="shade")
    tape = m.linen("#e4d8c2", "Object")
    hems = [
        s.tube(
            [(r * math.cos(a * math.tau / 60), r * math.sin(a * math.tau / 60), z) for a in range(60)],
            0.16,
            tape,
            closed=True,
            through=False,
        )
        for r, z in ((17, 29.5), (11.5, 51.5))
    ]
    bulb = s.sphere(3.0, m.glow("#ffd9a0", 6.0), (0, 0, 38), (1, 1, 1.15), "bulb")
    bulb.visible_shadow = False
    light = bpy.data.lights.new("bulb", "POINT")
    light.energy, light.color, light.shadow_soft_size = power, (1.0, 0.62, 0.32), 3.2
    source = bpy.data.objects.new("bulb-light", light)
    bpy.context.collection.objects.link(source)
    source.location = (0, 0, 38)
    cable = s.tube(
        [(0, 9.5, 1.4), (2, 14, 0.35), (9, 17, 0.3), (18, 14, 0.3), (27, 17, 0.3), (45, 22, 0.3)],
        0.3,
        m.fabric("#5b5148", 9, "twill", 0.4, 0.1, 0.2, "Object"),
    )
    return s.place(s.join([foot, neck, shade, *hems, bulb, source, cable], "lamp"), at)


OCHRE = "#c8923f"
INK_BLACK = "#2c2b2b"


@still(
    "home/lantern-pendant-light",
    "A lit pendant lamp with an ochre metal dome, white inside, hanging on a textile cable",
    colour=OCHRE,
)
@still(
    "home/lantern-pendant-light-black",
    "The lit pendant lamp with a black metal dome",
    VARIANT,
    colour=INK_BLACK,
)
def pendant_alone(studio: Studio, colour: str) -> None:
    studio.wall(m.plaster("#cfc8b8", 0.25), 45)
    pendant((0, 0, 0), colour)
    studio.camera(78, (0, 0, 14), elevation=-9, blur=0.003)
    studio.softbox(-55, 35, 0.75, 0.9)
    studio.rim(130, 40, 0.3)
    studio.room("#dfe3ea", 0.2)


def pendant(at: tuple, colour: str, power: float = 20000.0):
    """A spun dome, 42 cm across: coat outside, white within, brass fitting, cable upward."""
    coat = m.plastic(colour, 0.38, 0.4)
    skin = s.spline(
        [(2.4, 20.2), (5.5, 19.3), (10.5, 16.6), (15.5, 11.8), (19.0, 6.0), (20.6, 1.6), (21, 0)], 12
    )
    outside = s.lathe(
        [*skin, (20.85, -0.08), (20.7, 0.02)],
        coat,
        name="dome",
        segments=192,
    )
    inside = s.lathe(
        [(20.7, 0.02), *((r - 0.3, z) for r, z in reversed(skin)), (0, 20.1)],
        m.plain("#f4efe6", 0.55),
        name="white",
        segments=192,
    )
    brass = m.metal(m.BRASS, 0.25, "round")
    cap = s.lathe(
        [(0, 20.2), (2.5, 20.2, 0.1), (2.5, 22.6, 0.35), (1.0, 23.4, 0.4), (0.7, 25, 0.2), (0, 25)],
        brass,
        name="cap",
    )
    cable = s.tube(
        [(0, 0, 24.6), (0, 0, 50), (0, 0, 120)],
        0.32,
        m.fabric("#4a443d", 9, "twill", 0.4, 0.1, 0.2, "Object"),
    )
    bulb = s.sphere(4.0, m.glow("#ffdca8", 12.0), (0, 0, 9.5), (1, 1, 1.1), "bulb")
    bulb.visible_shadow = False
    light = bpy.data.lights.new("bulb", "POINT")
    light.energy, light.color, light.shadow_soft_size = power, (1.0, 0.66, 0.36), 4.2
    source = bpy.data.objects.new("bulb-light", light)
    bpy.context.collection.objects.link(source)
    source.location = (0, 0, 9.5)
    return s.place(s.join([outside, inside, cap, cable, bulb, source], "pendant"), at)


OAT = "#d8cab0"
HEATHER = "#8d7a8c"


@still(
    "home/heddle-wool-throw",
    "An oat-coloured wool throw in broken twill with a fringe, hanging over an oak rail",
    colour=OAT,
)
@still(
    "home/heddle-wool-throw-heather",
    "The fringed wool throw in heather, hanging over an oak rail",
    VARIANT,
    colour=HEATHER,
)
def throw_on_rail(studio: Studio, colour: str) -> None:
    studio.wall(m.plaster("#ddd3c4", 0.3), 22)
    rail = s.tube([(-90, 0, 78), (0, 0, 78), (90, 0, 78)], 1.5, m.wood(*m.OAK, "x", 1.0, 0.4))
    del rail
    hanging_throw((2, 0, 78), colour)
    studio.camera(104, (2, 0, 47), elevation=4, blur=0.002)
    studio.softbox(-62, 38, 1.0, 0.7)
    studio.rim(125, 30, 0.3)


def hanging_throw(at: tuple, colour: str, width: float = 58.0, drop: float = 66.0, back: float = 58.0):
    """A throw over a round rail: folds grow towards its hems, and each hem ends in knotted fringe."""
    cloth = m.fabric(colour, 2.6, "herringbone", 0.8, 0.5, 0.14)
    length = drop + back + 7
    waves = [(3.1, 0.4, 1.0), (5.3, 2.1, 0.55), (8.7, 4.4, 0.28)]

    def bend(u: float, v: float) -> tuple:
        along = v * length - drop
        x = (u - 0.5) * width
        if along < 0:
            fall, side = -along, -1.0
        elif along < 7:
            a = math.pi * along / 7
            return (x, -2.2 * math.cos(a), 2.2 * math.sin(a))
        else:
            fall, side = along - 7, 1.0
        fold = sum(g * math.sin(f * u * 4.2 + p + 0.008 * fall * f) for f, p, g in waves)
        grow = min(1.0, fall / 40) ** 1.3
        return (
            x * (1 - 0.07 * grow) + 0.8 * fold * grow,
            side * (2.2 + 0.4 * grow) + (1.9 * fold + 0.9) * grow * (1 if side < 0 else 0.5),
            -fall,
        )

    parts = [s.sheet(width, length, cloth, bend=bend, cells=150, thickness=0.35, name="throw")]
    chance = spread(2400, 5)
    yarn = m.fabric(colour, 5, "twill", 0.6, 0.5, 0.1, "Object")
    for i in range(64):
        u = (i + 0.5) / 64
        x, y, z = bend(u, 0.0)
        a, b, c = chance[3 * i : 3 * i + 3]
        parts.append(
            s.tube(
                [
                    (x, y, z + 0.6),
                    (x + 0.15 * a, y + 0.1 * b, z - 2.4),
                    (x + 0.5 * a, y + 0.3 * b, z - 6 - c),
                ],
                0.24,
                yarn,
                radii=[1.2, 1.0, 0.8],
            )
        )
    return s.place(s.join(parts, "throw"), at)


CLAY_RED = "#a8674f"


@still(
    "home/selvedge-linen-cushion",
    "A square cushion in clay-red washed linen on an oak bench",
    colour=CLAY_RED,
)
@still("home/selvedge-linen-cushion-oat", "The linen cushion in oat on an oak bench", VARIANT, colour=OAT)
@still(
    "home/selvedge-linen-cushion-pine",
    "The linen cushion in pine green on an oak bench",
    VARIANT,
    colour=PINE,
)
def cushion_on_bench(studio: Studio, colour: str) -> None:
    studio.wall(m.plaster("#e0d7c9", 0.3), 17)
    studio.table(m.wood(*m.OAK, "x", 0.8, 0.3), depth=17, thickness=4)
    standing_cushion((0, 6, 0), colour, -8)
    studio.camera(72, (0, 0, 23), elevation=9, blur=0.003)
    studio.softbox(-62, 40, 0.95, 0.8)
    studio.rim(110, 30, 0.25)


def standing_cushion(at: tuple, colour: str, turn: float = 0.0, size: float = 50.0):
    """A cushion on its edge, leaning back."""
    pad = s.cushion(
        size,
        size,
        21,
        m.fabric(colour, 3.8, "plain", 0.9, 0.2, 0.2, wrinkle=0.55),
        cells=90,
        name=f"cushion{colour}",
    )
    frame = bpy.data.objects.new("lean", None)
    bpy.context.collection.objects.link(frame)
    pad.parent = frame
    pad.location = (0, 0, -10.5)
    return s.place(frame, (at[0], at[1], at[2] + size * 0.475), turn, (72, 0))


def folded(
    at: tuple,
    colour: str,
    width: float = 34.0,
    depth: float = 24.0,
    layers: int = 5,
    thick: float = 1.5,
    turn: float = 0.0,
    kind: str = "herringbone",
):
    """A throw folded to a pile: its folds look at the camera."""
    cloth = m.fabric(colour, 2.6 if kind == "herringbone" else 4.0, kind, 0.8, 0.4, 0.14)
    chance = spread(layers * 4, layers)
    run = layers * depth

    def bend(u: float, v: float) -> tuple:
        along = v * run
        layer = min(int(along / depth), layers - 1)
        t = along / depth - layer
        y = (t - 0.5) * depth * (1 if layer % 2 else -1)
        radius = thick / 2
        rise, inset = 0.0, 0.0
        if t > 0.94 and layer < layers - 1:
            a = (t - 0.94) / 0.06
            rise, inset = radius * (1 - math.cos(a * math.pi / 2)), 0
        elif t < 0.06 and layer:
            a = 1 - t / 0.06
            rise, inset = -radius * (1 - math.cos(a * math.pi / 2)), 0
        sag = 0.25 * math.sin(3 * u + chance[layer]) + 0.18 * math.sin(7 * u + 4 * chance[layer + 1])
        end = -0.5 * abs(2 * u - 1) ** 6 * (layer / layers)
        return (
            (u - 0.5) * width + chance[layer] * 0.4,
            y + sag * 0.4 - inset,
            thick / 2 + layer * thick + rise + sag * 0.3 + end,
        )

    return s.place(
        s.sheet(width, run, cloth, bend=bend, cells=90, thickness=thick * 0.86, name="folded"), at, turn
    )


def fabric_fold(
    at: tuple, colour: str, width: float, depth: float, layers: int, thick: float, turn: float = 0.0
):
    """A towel or napkin of linen, folded."""
    return folded(at, colour, width, depth, layers, thick, turn, "plain")


@still(
    "home/hero",
    "A sunlit oak table by a plaster wall with a lamp, a vase with an olive branch, a bowl of pears and a mug",
    HERO,
)
def hero(studio: Studio) -> None:
    studio.wall(m.plaster("#d9ccba", 0.4), 26)
    studio.table(m.wood(*m.OAK, "x", 0.8, 0.35), depth=26, thickness=4)
    lamp((43, 8, 0), SAND, 9000)
    vase((19, 10, 0), "#e7e0d3")
    branch(
        (19, 10, 25),
        [(0, 0, -8), (-0.5, 0, 3), (-4, 0.4, 12), (-10, 0.5, 20), (-17, 0.2, 24)],
        28,
        "#66734f",
        5.4,
    )
    bowl((10, -12, 0))
    for at, turn, lean, height in (
        ((4.4, -10.5, 3.6), 40, 62, 9.4),
        ((14.4, -8.4, 3.9), 200, 55, 9),
        ((10.6, -15.4, 4.0), 110, 70, 9.2),
        ((10.2, -8.8, 5.2), 300, 12, 9.6),
    ):
        pear(at, turn, lean, height)
    mug(CHALK, (36, -15, 0), -40)
    studio.camera(74, (0, 0, 25), elevation=8, blur=0.004, focus=(15, -4, 8))
    studio.sun(-62, 26, 1.35, 0.9, "window", scale=0.8, offset=(0.0, 0.05))
    studio.softbox(-60, 50, 0.2, 1.4, hidden=True)
    studio.room("#d8e0ec", 0.3)


@still(
    "home/story",
    "Stoneware bowls stacked on a workshop shelf beside freshly glazed mugs, in low light from a window",
    STORY,
)
def story(studio: Studio) -> None:
    studio.wall(m.plaster("#c9bba6", 0.5), 17)
    studio.table(m.wood("#b98f62", "#7c5736", "x", 0.8, 0.1), depth=17, thickness=4)
    for i in range(5):
        small_bowl((-19, 2, i * 2.25), ("#e2d9c8", "#c9b692", "#8fa09a", "#e2d9c8", "#8d4c37")[i])
    for x, y, glaze, turn in ((2.5, 3, CHALK, 160), (13, -4, RUST, -35), (23.5, 3.5, SEA, 200)):
        mug(glaze, (x, y, 0), turn)
    bottle = s.lathe(
        [
            (0, 0),
            (4.6, 0, 0.3),
            (5.4, 3, 2),
            (5.0, 11, 3),
            (2.2, 15.5, 2),
            (1.7, 19.5, 0.5),
            (2.1, 20.4, 0.2),
            (1.5, 20.3, 0.1),
            (1.3, 16),
            (0, 16),
        ],
        m.dipped("#d9ccb4", "#7d5c45", 6.5, 0.2, 1.0),
        (34, 6, 0),
        name="bottle",
        wobble=0.008,
    )
    del bottle
    studio.camera(52, (5, 0, 13), elevation=9, blur=0.005)
    studio.sun(-62, 28, 1.3, 1.0, "window", scale=0.9, offset=(0.0, 0.1))
    studio.softbox(-60, 50, 0.25, 1.2, hidden=True)
    studio.room("#d5dfee", 0.26)


def small_bowl(at: tuple, glaze: str):
    """A breakfast bowl, 15 cm across."""
    profile = [
        (0, 0.4),
        (3.0, 0.4, 0.1),
        (3.1, 0, 0.1),
        (3.8, 0, 0.15),
        (4.2, 0.8, 0.6),
        (7.0, 3.2, 3),
        (7.6, 6.0, 0.3),
        (7.62, 6.2, 0.12),
        (7.3, 6.15, 0.12),
        (6.7, 3.6, 3),
        (3.8, 1.1, 1.5),
        (0, 1.0),
    ]
    return s.lathe(profile, m.ceramic(glaze, 0.6, 0.55), at, 128, f"bowl{at}", 0.008)


@still(
    "home/collection-kitchen-and-table",
    "A carafe of water, a bowl of pears and two stoneware mugs on an oak table",
    COLLECTION,
)
def kitchen(studio: Studio) -> None:
    studio.wall(m.plaster("#cfd0c0", 0.35), 26)
    studio.table(m.wood(*m.OAK, "x", 0.8, 0.35), depth=26, thickness=4)
    carafe((-17, 6, 0), lid=True)
    bowl((5, 2, 0))
    for at, turn, lean, height in (
        ((-0.6, 3.5, 3.6), 40, 62, 9.4),
        ((9.4, 5.6, 3.9), 200, 55, 9),
        ((5.6, -1.4, 4.0), 110, 70, 9.2),
        ((5.2, 5.2, 5.2), 300, 12, 9.6),
    ):
        pear(at, turn, lean, height)
    mug(CHALK, (28, 3, 0), -30)
    mug(RUST, (-28, -5, 0), 205)
    studio.camera(48, (0, 0, 14.5), elevation=10, blur=0.004)
    studio.softbox(-64, 36, 0.9, 1.0)
    studio.softbox(155, 30, 0.5, 0.9, colour="#ffffff")


@still(
    "home/collection-lighting-and-scent",
    "A lit table lamp and a burning candle on a dark evening table",
    COLLECTION,
)
def lighting(studio: Studio) -> None:
    studio.wall(m.plaster("#a8937c", 0.35), 30)
    studio.table(m.wood(*m.WALNUT, "x", 0.8, 0.4), depth=30, thickness=4)
    lamp((-16, 10, 0), PINE, 11000)
    candle((12, -6, 0))
    candle((24, 4, 0), lit=False)
    for at, turn in (((1.0, -10, 0.25), 0), ((4.6, -13, 0.25), 50)):
        orange_slice(at, turn)
    studio.camera(68, (4, 0, 25), elevation=8, blur=0.004)
    studio.softbox(-70, 30, 0.3, 1.0)
    studio.room("#aebfdc", 0.16)


@still(
    "home/collection-textiles-and-decor",
    "Folded wool throws, a linen cushion and a vase with a branch on an oak bench",
    COLLECTION,
)
def textiles(studio: Studio) -> None:
    studio.wall(m.plaster("#ddd3c4", 0.35), 19)
    studio.table(m.wood(*m.OAK, "x", 0.8, 0.3), depth=19, thickness=4)
    folded((22, -2, 0), HEATHER, turn=-4)
    folded((22.5, -2.5, 8.2), OAT, layers=4, turn=3)
    standing_cushion((-14, 8, 0), CLAY_RED, -6, 44)
    vase((-45, 4, 0), "#3b3733")
    branch(
        (-45, 4, 25), [(0, 0, -8), (0.5, 0, 3), (3, 0.4, 10), (7, 0.5, 16), (12, 0.2, 20)], 20, "#66734f", 5.0
    )
    studio.camera(66, (-5, 0, 23), elevation=8, blur=0.003)
    studio.softbox(-62, 38, 0.95, 0.8)
    studio.rim(120, 30, 0.25)
