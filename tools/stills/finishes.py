"""
Finishes: materials of devices and clothes, at the scale at which they are looked at: grooves, threads, stitches, pebbled leather.

Lengths are centimetres, as in `lofts`. Patterns that follow the shape (threads, stitches, grooves) are laid on `UVMap`, grain and
grit on the object's own coordinates. Colours are written as in a design tool, `#rrggbb`, and turned linear here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy

Socket = Any
Colour = str | Sequence[float]


def linear(colour: Colour) -> tuple[float, float, float, float]:
    """`#rrggbb` as Cycles reckons."""
    if not isinstance(colour, str):
        return (*colour[:3], 1.0)
    parts = [int(colour.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return (r, g, b, 1.0)


def shade(colour: Colour, by: float) -> tuple[float, float, float, float]:
    """The colour made lighter or darker, linearly."""
    r, g, b, _ = linear(colour)
    return (min(1.0, r * by), min(1.0, g * by), min(1.0, b * by), 1.0)


class Wire:
    """An output of a node that can be reckoned with."""

    def __init__(self, paint: Paint, socket: Socket) -> None:
        self.paint, self.socket = paint, socket

    def _do(self, operation: str, *others: Wire | float, clamp: bool = False) -> Wire:
        return self.paint.math(operation, self, *others, clamp=clamp)

    def __add__(self, other: Wire | float) -> Wire:
        return self._do("ADD", other)

    def __sub__(self, other: Wire | float) -> Wire:
        return self._do("SUBTRACT", other)

    def __rsub__(self, other: float) -> Wire:
        return self.paint.math("SUBTRACT", other, self)

    def __mul__(self, other: Wire | float) -> Wire:
        return self._do("MULTIPLY", other)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Wire | float) -> Wire:
        return self._do("DIVIDE", other)

    def __pow__(self, other: float) -> Wire:
        return self._do("POWER", other)

    def sin(self) -> Wire:
        return self._do("SINE")

    def abs(self) -> Wire:
        return self._do("ABSOLUTE")

    def fraction(self) -> Wire:
        return self._do("FRACT")

    def floor(self) -> Wire:
        return self._do("FLOOR")

    def sqrt(self) -> Wire:
        return self._do("SQRT")

    def low(self, other: Wire | float) -> Wire:
        return self._do("MINIMUM", other)

    def high(self, other: Wire | float) -> Wire:
        return self._do("MAXIMUM", other)

    def above(self, other: Wire | float) -> Wire:
        return self._do("GREATER_THAN", other)

    def ramp(self, start: float, end: float, low: float = 0.0, high: float = 1.0) -> Wire:
        """A smooth step between start and end."""
        node = self.paint.node("ShaderNodeMapRange", interpolation_type="SMOOTHSTEP")
        self.paint.feed(
            node, {"Value": self, "From Min": start, "From Max": end, "To Min": low, "To Max": high}
        )
        return Wire(self.paint, node.outputs["Result"])


class Paint:
    """One material in the making: a principled shader and what feeds it."""

    def __init__(self, name: str, colour: Colour = "#808080", roughness: float = 0.5, **inputs: Any) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.shader = next(n for n in self.tree.nodes if n.type == "BSDF_PRINCIPLED")
        self.set(**{"Base Color": linear(colour), "Roughness": roughness, **inputs})

    def node(self, kind: str, **settings: Any) -> Any:
        node = self.tree.nodes.new(kind)
        for name, value in settings.items():
            setattr(node, name, value)
        return node

    def feed(self, node: Any, inputs: dict[str | int, Any]) -> Any:
        for name, value in inputs.items():
            socket = node.inputs[name]
            if isinstance(value, Wire):
                self.tree.links.new(value.socket, socket)
            else:
                socket.default_value = value
        return node

    def set(self, **inputs: Any) -> Paint:
        """Inputs of the principled shader by name; a wire or a value."""
        self.feed(self.shader, {name.replace("_", " "): value for name, value in inputs.items()})
        return self

    def math(self, operation: str, *values: Wire | float, clamp: bool = False) -> Wire:
        node = self.node("ShaderNodeMath", operation=operation, use_clamp=clamp)
        self.feed(node, dict(enumerate(values)))
        return Wire(self, node.outputs[0])

    def place(
        self, source: str = "Object", scale: Sequence[float] = (1, 1, 1), turn: Sequence[float] = (0, 0, 0)
    ) -> Wire:
        """Coordinates: `Object` or `UV`."""
        where = self.node("ShaderNodeTexCoord").outputs[source]
        node = self.node("ShaderNodeMapping")
        self.feed(node, {"Vector": Wire(self, where), "Scale": scale, "Rotation": turn})
        return Wire(self, node.outputs[0])

    def split(self, vector: Wire) -> tuple[Wire, Wire, Wire]:
        node = self.feed(self.node("ShaderNodeSeparateXYZ"), {0: vector})
        return tuple(Wire(self, o) for o in node.outputs)  # type: ignore[return-value]

    def join(self, x: Wire | float, y: Wire | float, z: Wire | float = 0.0) -> Wire:
        node = self.feed(self.node("ShaderNodeCombineXYZ"), {0: x, 1: y, 2: z})
        return Wire(self, node.outputs[0])

    def noise(
        self, where: Wire, scale: float, detail: float = 2.0, roughness: float = 0.5, distortion: float = 0.0
    ) -> Wire:
        """0 to 1, about 0.5."""
        node = self.feed(
            self.node("ShaderNodeTexNoise"),
            {
                "Vector": where,
                "Scale": scale,
                "Detail": detail,
                "Roughness": roughness,
                "Distortion": distortion,
            },
        )
        return Wire(self, node.outputs[0])

    def cells(
        self,
        where: Wire,
        scale: float,
        feature: str = "F1",
        output: str = "Distance",
        randomness: float = 1.0,
    ) -> Wire:
        node = self.feed(
            self.node("ShaderNodeTexVoronoi", feature=feature),
            {"Vector": where, "Scale": scale, "Randomness": randomness},
        )
        return Wire(self, node.outputs[output])

    def mix(self, factor: Wire | float, a: Any, b: Any) -> Wire:
        """A colour between two colours."""
        node = self.node("ShaderNodeMix", data_type="RGBA")
        self.feed(
            node,
            {
                0: factor,
                6: a if isinstance(a, Wire) else linear(a),
                7: b if isinstance(b, Wire) else linear(b),
            },
        )
        return Wire(self, node.outputs[2])

    def colours(self, factor: Wire, *stops: tuple[float, Colour]) -> Wire:
        node = self.feed(self.node("ShaderNodeValToRGB"), {0: factor})
        ramp = node.color_ramp
        while len(ramp.elements) < len(stops):
            ramp.elements.new(1.0)
        for element, (at, colour) in zip(ramp.elements, stops, strict=True):
            element.position, element.color = at, linear(colour)
        return Wire(self, node.outputs[0])

    def bump(self, height: Wire, depth: float, strength: float = 1.0, onto: Wire | None = None) -> Wire:
        """Relief `depth` centimetres high."""
        node = self.feed(
            self.node("ShaderNodeBump"), {"Height": height, "Distance": depth, "Strength": strength}
        )
        if onto is not None:
            self.feed(node, {"Normal": onto})
        wire = Wire(self, node.outputs[0])
        self.set(Normal=wire)
        return wire


def plastic(
    name: str, colour: Colour, roughness: float = 0.42, grain: float = 0.0012, **inputs: Any
) -> bpy.types.Material:
    """Moulded plastic or powder-coated metal with a fine grain; never quite even in its gloss."""
    paint = Paint(name, colour, roughness, **inputs)
    where = paint.place()
    wear = paint.noise(where, 0.35, 3, 0.6)
    paint.set(Roughness=wear.ramp(0.2, 0.8, roughness * 0.9, roughness * 1.12))
    if grain:
        paint.bump(paint.noise(where, 55, 2, 0.6), grain, 0.6)
    return paint.material


def metal(
    name: str,
    colour: Colour,
    roughness: float = 0.28,
    brushed: Sequence[float] | None = None,
    depth: float = 0.0006,
) -> bpy.types.Material:
    """Metal; `brushed` gives the grain's frequency along each axis (lowest along the strokes)."""
    paint = Paint(name, colour, roughness, Metallic=1.0)
    where = paint.place(scale=brushed or (40, 40, 40))
    strokes = paint.noise(where, 1, 3, 0.7)
    paint.set(Roughness=strokes.ramp(0.25, 0.75, roughness * 0.85, roughness * 1.2))
    paint.bump(strokes, depth, 0.5)
    return paint.material


def spun(name: str, colour: Colour, roughness: float = 0.25, rings: float = 40) -> bpy.types.Material:
    """Metal turned on a lathe about z: concentric strokes."""
    paint = Paint(name, colour, roughness, Metallic=1.0)
    x, y, z = paint.split(paint.place())
    radius = (x * x + y * y).sqrt()
    strokes = paint.noise(paint.join(radius * rings, z * rings, 0.0), 1, 3, 0.75)
    paint.set(Roughness=strokes.ramp(0.25, 0.75, roughness * 0.8, roughness * 1.25))
    paint.set(Anisotropic=0.6)
    tangent = paint.node("ShaderNodeTangent", direction_type="RADIAL", axis="Z")
    paint.tree.links.new(tangent.outputs[0], paint.shader.inputs["Tangent"])
    paint.bump(strokes, 0.0004, 0.5)
    return paint.material


def cloth(
    name: str,
    colour: Colour,
    threads: float = 14,
    second: Colour | None = None,
    *,
    depth: float = 0.012,
    twill: bool = False,
    source: str = "UV",
    fuzz: float = 0.35,
    irregular: float = 0.12,
    roughness: float = 0.85,
) -> bpy.types.Material:
    """Woven cloth with so many threads to a centimetre: plain, or twill; `second` is the colour of the weft."""
    paint = Paint(name, colour, roughness)
    where = paint.place(source)
    waver = paint.noise(where, 1.1, 2) * irregular * 6
    u, v, _ = paint.split(where)
    u, v = u * threads + waver, v * threads + waver
    column, row = u.floor(), v.floor()
    across, along = (u.fraction() - 0.5) * 2.0, (v.fraction() - 0.5) * 2.0
    # Which thread lies on top: every other one, or two over two stepping sideways.
    turn = ((column + row) / (4.0 if twill else 2.0)).fraction()
    warp_on_top = turn.ramp(0.49, 0.51) if twill else turn.ramp(0.2, 0.3)
    warp = (1.0 - across * across) * (1.0 - along * along * 0.45)
    weft = (1.0 - along * along) * (1.0 - across * across * 0.45)
    height = warp * (1.0 - warp_on_top) + weft * warp_on_top
    # Slubs: no thread is as thick or as bright as the next.
    thread = paint.noise(paint.join(column * 0.37 + along * 0.02, row * 0.37, 0.0), 3.1, 1)
    own = thread.ramp(0.25, 0.75, 1 - irregular * 1.6, 1 + irregular)
    base = paint.mix(warp_on_top, colour, second) if second is not None else paint.mix(0.0, colour, colour)
    dark = paint.mix(height.ramp(0.05, 0.75, 0.55, 0.0), base, shade(colour, 0.45))
    hsv = paint.feed(paint.node("ShaderNodeHueSaturation"), {"Color": dark, "Value": own})
    paint.set(
        Base_Color=Wire(paint, hsv.outputs[0]),
        Sheen_Weight=fuzz,
        Sheen_Roughness=0.45,
        Specular_IOR_Level=0.15,
    )
    first = paint.bump(height * own, depth, 0.9)
    paint.bump(paint.noise(where, 45, 3, 0.7), depth * 0.5, 0.35, first)
    return paint.material


def knit(
    name: str,
    colour: Colour,
    stitches: float = 4.2,
    *,
    depth: float = 0.05,
    source: str = "UV",
    fuzz: float = 0.6,
    heather: float = 0.25,
    lengthways: float = 1.25,
) -> bpy.types.Material:
    """Plain knitting: columns of V stitches, so many to a centimetre; u runs across the columns."""
    paint = Paint(name, colour, 0.95)
    where = paint.place(source)
    waver = (paint.noise(where, 0.7, 2) - 0.5) * 0.35
    u, v, _ = paint.split(where)
    u, v = u * stitches + waver, v * stitches * lengthways + waver
    inside = u.fraction() - 0.5
    side = inside.abs() * 2.0
    # Each leg of the V climbs outwards.
    leg = (v + side * 0.75).fraction()
    across = (side - 0.5) * 2.0
    rope = (1.0 - across * across) * (1.0 - ((leg - 0.5) * 2.0).abs() ** 2.2 * 0.85)
    height = rope.high(0.0).sqrt()
    twist = ((v * 3.0 + side * 5.0) * 6.283).sin() * 0.06
    fibre = paint.noise(where, 38, 4, 0.75)
    tone = paint.noise(paint.place(source, (stitches * 0.9, stitches * 0.9, 1)), 1.7, 3, 0.8)
    base = paint.mix(tone.ramp(0.3, 0.75, 0.0, heather), colour, shade(colour, 1.7))
    dark = paint.mix(height.ramp(0.0, 0.8, 0.72, 0.0), base, shade(colour, 0.35))
    paint.set(Base_Color=dark, Sheen_Weight=fuzz, Sheen_Roughness=0.5, Specular_IOR_Level=0.08)
    first = paint.bump(height + twist, depth, 1.0)
    paint.bump(fibre, depth * 0.35, 0.5, first)
    return paint.material


def felt(name: str, colour: Colour, *, source: str = "Object", fuzz: float = 0.7) -> bpy.types.Material:
    """Brushed wool or felt: no thread to be seen, only fibre."""
    paint = Paint(name, colour, 0.95)
    where = paint.place(source)
    fibre = paint.noise(where, 9, 6, 0.75, 0.6)
    tone = paint.noise(where, 1.2, 5, 0.7)
    base = paint.mix(tone.ramp(0.3, 0.7, 0.0, 0.35), colour, shade(colour, 1.35))
    dark = paint.mix(fibre.ramp(0.35, 0.6, 0.45, 0.0), base, shade(colour, 0.5))
    paint.set(Base_Color=dark, Sheen_Weight=fuzz, Sheen_Roughness=0.5, Specular_IOR_Level=0.08)
    paint.bump(fibre, 0.05, 0.7)
    return paint.material


def leather(
    name: str,
    colour: Colour,
    roughness: float = 0.46,
    *,
    grain: float = 9,
    depth: float = 0.012,
    source: str = "Object",
    patina: float = 0.3,
) -> bpy.types.Material:
    """Full-grain leather: pebbled, a little uneven in colour and gloss."""
    paint = Paint(name, colour, roughness)
    where = paint.place(source)
    warped = paint.noise(where, 2.2, 2)
    pebbles = paint.cells(where, grain, "SMOOTH_F1")
    creases = paint.cells(where, grain * 2.3, "DISTANCE_TO_EDGE").ramp(0.0, 0.12)
    tone = paint.noise(where, 0.28, 5, 0.65, 0.4)
    base = paint.mix(
        tone.ramp(0.3, 0.75, 0.0, 1.0), shade(colour, 1 - patina * 0.7), shade(colour, 1 + patina * 0.6)
    )
    dark = paint.mix(creases.ramp(0.0, 1.0, 0.35, 0.0), base, shade(colour, 0.4))
    paint.set(
        Base_Color=dark,
        Roughness=warped.ramp(0.25, 0.75, roughness * 0.85, roughness * 1.2),
        Specular_IOR_Level=0.4,
    )
    first = paint.bump(creases * 0.6 - pebbles * 0.6, depth, 0.7)
    paint.bump(paint.noise(where, 60, 2), depth * 0.25, 0.4, first)
    return paint.material


def wood(
    name: str,
    light: Colour,
    dark: Colour,
    *,
    along: str = "x",
    size: float = 1.0,
    roughness: float = 0.42,
    pores: float = 0.6,
) -> bpy.types.Material:
    """Oiled wood, the grain along an axis of the object."""
    paint = Paint(name, light, roughness)
    stretch = {"x": (0.055, 1, 1), "y": (1, 0.055, 1), "z": (1, 1, 0.055)}[along]
    where = paint.place(scale=[s * size for s in stretch])
    drift = paint.noise(where, 0.35, 3, 0.55, 0.6)
    rings = ((drift * 9.0 + paint.noise(where, 1.1, 2) * 1.2) * 6.283).sin() * 0.5 + 0.5
    streaks = paint.noise(
        paint.place(scale=[s * size * f for s, f in zip(stretch, (3.4, 3.4, 3.4), strict=True)]), 2.0, 5, 0.7
    )
    fine = paint.noise(paint.place(scale=[s * size * 16 for s in stretch]), 1.0, 2, 0.6)
    figure = rings * 0.42 + streaks * 0.58
    base = paint.colours(
        figure,
        (0.18, dark),
        (0.5, tuple((a + b) / 2 for a, b in zip(linear(light), linear(dark), strict=True))),
        (0.82, light),
    )
    pore = fine.ramp(0.3, 0.46)
    paint.set(
        Base_Color=paint.mix(pore.ramp(0.0, 1.0, pores, 0.0), base, shade(dark, 0.5)),
        Roughness=streaks.ramp(0.2, 0.8, roughness * 0.85, roughness * 1.2),
        Specular_IOR_Level=0.35,
    )
    paint.bump(pore * 0.8 + streaks * 0.2, 0.006, 0.55)
    return paint.material


def plaster(
    name: str, colour: Colour, *, relief: float = 0.05, mottle: float = 0.12, scale: float = 0.09
) -> bpy.types.Material:
    """Trowelled lime plaster or seamless paper, by its relief."""
    paint = Paint(name, colour, 0.9, Specular_IOR_Level=0.2)
    where = paint.place()
    clouds = paint.noise(where, scale, 6, 0.62, 0.3)
    paint.set(
        Base_Color=paint.mix(
            clouds.ramp(0.25, 0.75), shade(colour, 1 - mottle), shade(colour, 1 + mottle * 0.6)
        )
    )
    if relief:
        first = paint.bump(paint.noise(where, scale * 5, 5, 0.6, 0.5), relief, 0.5)
        paint.bump(paint.noise(where, 6, 3, 0.6), relief * 0.12, 0.5, first)
    return paint.material


def stone(
    name: str,
    colour: Colour,
    second: Colour,
    *,
    veins: float = 0.35,
    roughness: float = 0.5,
    pits: float = 0.0,
) -> bpy.types.Material:
    """Honed stone: travertine with pits, or a limestone without."""
    paint = Paint(name, colour, roughness, Specular_IOR_Level=0.35)
    where = paint.place(scale=(1, 1, 3.2))
    bands = paint.noise(where, 0.11, 7, 0.62, 0.9)
    specks = paint.noise(where, 4.5, 4, 0.7)
    base = paint.mix(bands.ramp(0.3, 0.7), colour, second)
    dark = paint.mix(specks.ramp(0.3, 0.42, veins, 0.0), base, shade(second, 0.6))
    paint.set(Base_Color=dark)
    relief = paint.bump(specks, 0.008, 0.35)
    if pits:
        holes = (paint.noise(paint.place(scale=(1, 1, 4)), 0.9, 5, 0.75)).ramp(0.30, 0.36)
        paint.set(Base_Color=paint.mix(holes, shade(second, 0.45), dark))
        paint.bump(holes, pits, 1.0, relief)
    return paint.material


def glass(
    name: str, tint: Colour = "#ffffff", roughness: float = 0.0, ior: float = 1.47
) -> bpy.types.Material:
    return Paint(name, tint, roughness, Transmission_Weight=1.0, IOR=ior).material


def screen(
    name: str, *stops: tuple[float, Colour], glow: float = 1.0, turn: float = 0.5, gloss: float = 0.06
) -> bpy.types.Material:
    """A lit display whose picture is a soft landscape of colours, under glass."""
    paint = Paint(name, "#020203", gloss, Coat_Weight=0.3)
    where = paint.place("Object")
    u, v, _ = paint.split(where)
    bend = paint.noise(paint.place("Object", (0.06, 0.06, 1)), 1, 1, 0.4)
    picture = paint.colours((v * 0.05 + u * 0.02 * turn + bend * 0.9 - 0.1), *stops)
    paint.set(Emission_Color=picture, Emission_Strength=glow)
    return paint.material


def glowing(name: str, colour: Colour, strength: float) -> bpy.types.Material:
    return Paint(name, colour, 0.5, Emission_Color=linear(colour), Emission_Strength=strength).material
