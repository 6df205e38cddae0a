"""
Surfaces: each function makes a Blender material from a colour (`"#c7714f"`) and says what it is made of.

Textures are computed, none are pictures. Their sizes are centimetres: on bodies in the body's own coordinates, on cloth
(`shapes.sheet`) in those of the cloth.
"""

from __future__ import annotations

from typing import Any

import bpy

Colour = str


def linear(colour: Colour) -> tuple[float, float, float, float]:
    """A colour as seen on a screen, as light."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return (r, g, b, 1.0)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Between two colours; 0 is the first."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)


def darker(colour: Colour, share: float = 0.3) -> Colour:
    return mix(colour, "#000000", share)


def lighter(colour: Colour, share: float = 0.3) -> Colour:
    return mix(colour, "#ffffff", share)


class Surface:
    """A material while it is being made: its nodes, and its principled shader under `shader`."""

    def __init__(self, name: str, **inputs: Any) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.nodes = self.material.node_tree.nodes
        self.links = self.material.node_tree.links
        self.shader = self.nodes["Principled BSDF"]
        self.output = self.nodes["Material Output"]
        self.set(**inputs)

    def set(self, **inputs: Any) -> Surface:
        """Values by the shader's names, as `base_color="#fff"` or `coat_weight=0.5`."""
        for name, value in inputs.items():
            socket = self._socket(name)
            socket.default_value = linear(value) if isinstance(value, str) else value
        return self

    def wire(self, name: str, source: Any) -> Surface:
        """Feed one of the shader's inputs from a node's output."""
        self.links.new(source, self._socket(name))
        return self

    def _socket(self, name: str) -> Any:
        words = name.replace("_", " ").lower()
        return next(s for s in self.shader.inputs if s.name.lower() == words)

    def node(self, kind: str, **settings: Any) -> Any:
        """A node; settings are properties, or inputs by position (`i0=…`)."""
        made = self.nodes.new(kind)
        for name, value in settings.items():
            if name[0] == "i" and name[1:].isdigit():
                target = made.inputs[int(name[1:])]
                if hasattr(value, "is_linked"):
                    self.links.new(value, target)
                else:
                    target.default_value = value
            else:
                setattr(made, name, value)
        return made

    def place(self, space: str = "Object", scale: Any = (1, 1, 1), turn: Any = (0, 0, 0)) -> Any:
        """Coordinates: `Object`, `UV` or `Generated`, scaled."""
        where = self.node("ShaderNodeTexCoord").outputs[space]
        return self.node("ShaderNodeMapping", i0=where, i2=turn, i3=scale).outputs[0]

    def noise(
        self, at: Any, scale: float, detail: float = 2.0, roughness: float = 0.5, distortion: float = 0.0
    ) -> Any:
        made = self.node("ShaderNodeTexNoise")
        self.links.new(at, made.inputs["Vector"])
        made.inputs["Scale"].default_value = scale
        made.inputs["Detail"].default_value = detail
        made.inputs["Roughness"].default_value = roughness
        made.inputs["Distortion"].default_value = distortion
        return made.outputs[0]

    def maths(self, operation: str, *inputs: Any) -> Any:
        return self.node(
            "ShaderNodeMath", operation=operation, **{f"i{i}": v for i, v in enumerate(inputs)}
        ).outputs[0]

    def ramp(self, value: Any, *stops: tuple[float, Colour]) -> Any:
        """Colours along a value."""
        made = self.node("ShaderNodeValToRGB", i0=value)
        elements = made.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (position, colour) in zip(elements, stops, strict=True):
            element.position = position
            element.color = linear(colour)
        return made.outputs[0]

    def span(self, value: Any, low: float, high: float, source: tuple[float, float] = (0, 1)) -> Any:
        """A value from one range to another."""
        return self.node("ShaderNodeMapRange", i0=value, i1=source[0], i2=source[1], i3=low, i4=high).outputs[
            0
        ]

    def bump(self, height: Any, strength: float, distance: float = 0.05, over: Any = None) -> Surface:
        """Relief from a height; distance in centimetres."""
        made = self.node("ShaderNodeBump")
        made.inputs["Strength"].default_value = strength
        made.inputs["Distance"].default_value = distance
        self.links.new(height, made.inputs["Height"])
        if over is not None:
            self.links.new(over, made.inputs["Normal"])
        return self.wire("normal", made.outputs[0])

    def clear_shadow(self, tint: Colour, strength: float = 1.0) -> Surface:
        """Let light through for shadows, as glass does, without waiting for caustics."""
        path = self.node("ShaderNodeLightPath")
        through = self.node("ShaderNodeBsdfTransparent", i0=linear(tint))
        mixed = self.node("ShaderNodeMixShader")
        amount = self.maths("MULTIPLY", path.outputs["Is Shadow Ray"], strength)
        self.links.new(amount, mixed.inputs[0])
        self.links.new(self.shader.outputs[0], mixed.inputs[1])
        self.links.new(through.outputs[0], mixed.inputs[2])
        self.links.new(mixed.outputs[0], self.output.inputs[0])
        return self


# ------------------------------------------------------------------------------------------------- hard


def plain(colour: Colour, roughness: float = 0.5, **inputs: Any) -> Any:
    """Whatever has no grain: paint, print, wax paper."""
    return Surface("plain", base_color=colour, roughness=roughness, **inputs).material


def backdrop(colour: Colour, roughness: float = 0.85) -> Any:
    """Seamless paper: almost even, with the faintest cloud in it."""
    s = Surface("backdrop", roughness=roughness, specular_ior_level=0.25)
    cloud = s.noise(s.place(), 0.03, 1)
    return s.wire("base_color", s.ramp(cloud, (0.3, darker(colour, 0.03)), (0.7, colour))).material


def plaster(colour: Colour, relief: float = 0.35) -> Any:
    """A lime-washed wall: clouded colour, trowelled relief."""
    s = Surface("plaster", roughness=0.9, specular_ior_level=0.2)
    at = s.place()
    cloud = s.noise(at, 0.05, 4, 0.6)
    s.wire(
        "base_color", s.ramp(cloud, (0.3, darker(colour, 0.1)), (0.55, colour), (0.75, lighter(colour, 0.08)))
    )
    return s.bump(s.noise(at, 0.25, 5, 0.6, 0.6), relief, 0.3).material


def ceramic(colour: Colour, speckle: float = 0.4, gloss: float = 0.6, speck: Colour = "#5b4a3a") -> Any:
    """Glazed stoneware: uneven glaze, iron specks; `gloss` 0 is matt, 1 wet."""
    s = Surface(
        "ceramic", roughness=0.62 - 0.4 * gloss, coat_weight=0.75 * gloss, coat_roughness=0.22 - 0.16 * gloss
    )
    at = s.place()
    cloud = s.noise(at, 0.35, 3, 0.6)
    glaze = s.ramp(cloud, (0.25, darker(colour, 0.05)), (0.5, colour), (0.8, lighter(colour, 0.05)))
    if speckle:
        dots = s.maths("GREATER_THAN", s.noise(at, 5.5, 1, 0.5), 0.74 - 0.07 * speckle)
        few = s.maths("GREATER_THAN", s.noise(at, 1.1, 1), 0.46)
        mixed = s.node("ShaderNodeMix", data_type="RGBA")
        amount = s.maths("MULTIPLY", s.maths("MULTIPLY", dots, few), 0.55)
        s.links.new(amount, mixed.inputs[0])
        s.links.new(glaze, mixed.inputs[6])
        mixed.inputs[7].default_value = linear(speck)
        glaze = mixed.outputs[2]
    s.wire("base_color", glaze)
    return s.bump(s.noise(at, 0.9, 3, 0.55), 0.12, 0.08).material


def dipped(glaze: Colour, clay: Colour, line: float, gloss: float = 0.6, ragged: float = 0.25) -> Any:
    """Stoneware glazed above a height (centimetres, in its own coordinates) and bare clay below."""
    s = Surface("dipped")
    at = s.place()
    height = s.node("ShaderNodeSeparateXYZ", i0=at).outputs[2]
    edge = s.maths(
        "ADD", height, s.maths("MULTIPLY", s.maths("SUBTRACT", s.noise(at, 0.5, 2), 0.5), ragged * 2)
    )
    above = s.span(edge, 0, 1, (line - 0.03, line + 0.03))
    cloud = s.noise(at, 0.4, 3, 0.6)
    grain = s.noise(at, 14, 3, 0.7)
    coat = s.ramp(cloud, (0.25, darker(glaze, 0.1)), (0.5, glaze), (0.8, lighter(glaze, 0.1)))
    body = s.ramp(grain, (0.3, darker(clay, 0.22)), (0.55, clay), (0.75, lighter(clay, 0.12)))
    mixed = s.node("ShaderNodeMix", data_type="RGBA")
    for source, target in ((above, 0), (body, 6), (coat, 7)):
        s.links.new(source, mixed.inputs[target])
    s.wire("base_color", mixed.outputs[2])
    s.wire("roughness", s.span(above, 0.85, 0.5 - 0.3 * gloss))
    s.wire("coat_weight", s.maths("MULTIPLY", above, 0.7 * gloss))
    s.set(coat_roughness=0.12)
    relief = s.maths(
        "ADD", s.maths("MULTIPLY", grain, s.span(above, 0.5, 0.03)), s.maths("MULTIPLY", above, 0.6)
    )
    return s.bump(relief, 0.35, 0.05).material


def clay(colour: Colour, grain: float = 0.5) -> Any:
    """Bare fired clay: terracotta, bisque, concrete. Dry and a little rough."""
    s = Surface("clay", roughness=0.9, specular_ior_level=0.2)
    at = s.place()
    fine, cloud = s.noise(at, 12, 4, 0.7), s.noise(at, 0.4, 3, 0.6)
    both = s.maths("ADD", s.maths("MULTIPLY", fine, 0.45), s.maths("MULTIPLY", cloud, 0.55))
    s.wire(
        "base_color", s.ramp(both, (0.33, darker(colour, 0.07)), (0.5, colour), (0.68, lighter(colour, 0.05)))
    )
    return s.bump(fine, 0.5 * grain, 0.05).material


def stone(colour: Colour, vein: Colour = "#8f8a84", amount: float = 0.5, polish: float = 0.5) -> Any:
    """Marble or travertine: cloudy, with veins."""
    s = Surface("stone", roughness=0.65 - 0.5 * polish, coat_weight=0.2 * polish)
    at = s.place()
    bent = s.noise(at, 0.12, 6, 0.65, 1.2)
    line = s.maths("ABSOLUTE", s.maths("SUBTRACT", bent, 0.5))
    vein_colour = mix(colour, vein, amount)
    s.wire(
        "base_color",
        s.ramp(line, (0.0, vein_colour), (0.025, mix(colour, vein, amount * 0.35)), (0.12, colour)),
    )
    return s.bump(s.noise(at, 8, 3, 0.7), 0.06 * (1 - polish), 0.05).material


def wood(
    light: Colour = "#d1a577",
    dark: Colour = "#8f6239",
    axis: str = "x",
    ring: float = 1.0,
    finish: float = 0.4,
) -> Any:
    """Planed wood with its grain along an axis: oak as it is, walnut with darker colours. `finish` 0 is raw, 1 lacquered."""
    s = Surface("wood", coat_weight=0.35 * finish, coat_roughness=0.3)
    along = {"x": 0, "y": 1, "z": 2}[axis]
    stretch = [1.0, 1.0, 1.0]
    stretch[along] = 0.06
    at = s.place(scale=tuple(stretch))
    field = s.noise(at, 0.22 * ring, 3, 0.55, 0.3)
    rings = s.maths("SINE", s.maths("MULTIPLY", field, 62))
    grain = s.noise(at, 6, 4, 0.65)
    streak = s.noise(at, 22, 2, 0.6)
    value = s.maths(
        "ADD",
        s.maths("MULTIPLY", s.span(rings, 0, 1, (-1, 1)), 0.34),
        s.maths("ADD", s.maths("MULTIPLY", grain, 0.42), s.maths("MULTIPLY", streak, 0.24)),
    )
    s.wire("base_color", s.ramp(value, (0.28, dark), (0.5, mix(dark, light, 0.6)), (0.72, light)))
    s.wire("roughness", s.span(streak, 0.62 - 0.25 * finish, 0.42 - 0.2 * finish))
    return s.bump(
        s.maths("ADD", streak, s.maths("MULTIPLY", grain, 0.5)), 0.22 * (1 - 0.6 * finish), 0.04
    ).material


OAK = ("#d3aa7c", "#a2764a")
WALNUT = ("#8a5c3c", "#452a1a")
ASH = ("#e2c9a4", "#bd9b70")
BLACK_ASH = ("#3a3835", "#1c1b1a")
BEECH = ("#ddb48a", "#b88a5e")


def metal(
    colour: Colour = "#c6cbd1", roughness: float = 0.25, brushed: str = "", strength: float = 0.3
) -> Any:
    """
    Metal: polished, satin, anodised (a coloured one at roughness 0.35), or brushed along an axis (`x`, `y`, `z`) or, for
    turned bodies, `round` about z.
    """
    s = Surface("metal", base_color=colour, metallic=1.0, roughness=roughness)
    if not brushed:
        fine = s.noise(s.place(), 3, 3, 0.6)
        return s.wire("roughness", s.span(fine, roughness * 0.85, roughness * 1.15)).material
    if brushed == "round":
        s.set(anisotropic=0.75)
        s.wire("tangent", s.node("ShaderNodeTangent", direction_type="RADIAL", axis="Z").outputs[0])
        at = s.place()
        x, y, z = s.node("ShaderNodeSeparateXYZ", i0=at).outputs[:3]
        reach = s.maths("SQRT", s.maths("ADD", s.maths("MULTIPLY", x, x), s.maths("MULTIPLY", y, y)))
        line = s.node("ShaderNodeCombineXYZ", i0=reach, i1=s.maths("MULTIPLY", z, 1.0), i2=0.0).outputs[0]
        scratches = s.noise(line, 24, 3, 0.7)
    else:
        stretch = [1.0, 1.0, 1.0]
        stretch["xyz".index(brushed)] = 0.02
        scratches = s.noise(s.place(scale=tuple(stretch)), 26, 3, 0.7)
    s.wire("roughness", s.span(scratches, roughness * 0.7, roughness * 1.4))
    return s.bump(scratches, 0.12 * strength, 0.02).material


BRASS = "#d9b26a"
GOLD = "#e3bd77"
STEEL = "#c9ccd0"
ALUMINIUM = "#d5d7da"
COPPER = "#d99a78"
GUNMETAL = "#565a61"


def plastic(colour: Colour, roughness: float = 0.45, grain: float = 0.3, **inputs: Any) -> Any:
    """Moulded plastic or powder-coated metal with a micro-texture."""
    s = Surface("plastic", base_color=colour, roughness=roughness, **inputs)
    return s.bump(s.noise(s.place(), 38, 2, 0.6), 0.12 * grain, 0.02).material


def rubber(colour: Colour) -> Any:
    """Soft-touch rubber or silicone."""
    return Surface(
        "rubber",
        base_color=colour,
        roughness=0.6,
        sheen_weight=0.15,
        sheen_roughness=0.4,
        specular_ior_level=0.35,
    ).material


def enamel(colour: Colour, speckle: Colour | None = None) -> Any:
    """Enamelled steel: glassy colour, with specks if wanted."""
    s = Surface("enamel", base_color=colour, roughness=0.28, coat_weight=1.0, coat_roughness=0.05)
    at = s.place()
    if speckle:
        dots = s.maths("GREATER_THAN", s.noise(at, 4.5, 0.0), 0.72)
        s.wire("base_color", s.ramp(dots, (0.4, colour), (0.6, speckle)))
    return s.bump(s.noise(at, 0.7, 2), 0.06, 0.06).material


def screen(colour: Colour = "#0b0d11", roughness: float = 0.06) -> Any:
    """Black glass of a display."""
    return Surface(
        "screen", base_color=colour, roughness=roughness, coat_weight=1.0, coat_roughness=0.03
    ).material


def glow(colour: Colour, strength: float = 5.0) -> Any:
    """Something that shines by itself: a lit display, a bulb, a flame."""
    return Surface("glow", base_color="#000000", emission_color=colour, emission_strength=strength).material


# ------------------------------------------------------------------------------------------------ clear


def glass(tint: Colour = "#ffffff", roughness: float = 0.0, ripple: float = 0.0, ior: float = 1.46) -> Any:
    """Clear or coloured glass; give vessels walls. `ripple` is that of mouth-blown glass."""
    s = Surface("glass", base_color=tint, roughness=roughness, transmission_weight=1.0, ior=ior)
    if ripple:
        s.bump(s.noise(s.place(), 0.8, 2), ripple, 0.12)
    return s.clear_shadow(mix(tint, "#ffffff", 0.15), 0.85).material


def frosted(tint: Colour = "#f3f4f2", roughness: float = 0.35) -> Any:
    """Acid-etched glass: light comes through, shapes do not."""
    s = Surface(
        "frosted",
        base_color=tint,
        roughness=roughness,
        transmission_weight=0.85,
        ior=1.35,
        subsurface_weight=0.15,
    )
    return s.clear_shadow(mix(tint, "#ffffff", 0.3), 0.6).material


def liquid(tint: Colour, ior: float = 1.33) -> Any:
    """What is in a bottle: keep it a hair's breadth (0.02) off the inner wall."""
    return (
        Surface("liquid", base_color=tint, roughness=0.0, transmission_weight=1.0, ior=ior)
        .clear_shadow(tint, 0.9)
        .material
    )


def wax(colour: Colour, depth: float = 0.6) -> Any:
    """Wax, soap, cream: light goes in a little (centimetres) and comes out softer."""
    return Surface(
        "wax",
        base_color=colour,
        roughness=0.42,
        subsurface_weight=0.8,
        subsurface_scale=depth,
        subsurface_radius=(1.0, 0.7, 0.5),
    ).material


# ------------------------------------------------------------------------------------------------- soft


def _weave(s: Surface, at: Any, threads: float, kind: str) -> Any:
    """A height field of threads: `plain`, `twill`, `herringbone`, `knit` or `rib`; `threads` are those of one centimetre."""
    x, y, _ = s.node("ShaderNodeSeparateXYZ", i0=at).outputs[:3]
    wander = s.maths("MULTIPLY", s.maths("SUBTRACT", s.noise(at, 0.9, 2), 0.5), 0.5 / threads)
    x, y = s.maths("ADD", x, wander), s.maths("SUBTRACT", y, wander)
    u, v = s.maths("MULTIPLY", x, 3.14159 * threads), s.maths("MULTIPLY", y, 3.14159 * threads)
    if kind == "plain":
        return s.span(s.maths("MULTIPLY", s.maths("SINE", u), s.maths("SINE", v)), 0, 1, (-1, 1))
    if kind == "twill":
        return s.span(s.maths("SINE", s.maths("ADD", u, s.maths("MULTIPLY", v, 0.7))), 0, 1, (-1, 1))
    if kind == "herringbone":
        zigzag = s.maths("PINGPONG", s.maths("MULTIPLY", x, threads), 4.0)
        return s.span(
            s.maths(
                "SINE", s.maths("MULTIPLY", s.maths("ADD", s.maths("MULTIPLY", y, threads), zigzag), 3.14159)
            ),
            0,
            1,
            (-1, 1),
        )
    if kind == "rib":
        return s.maths("ABSOLUTE", s.maths("SINE", s.maths("MULTIPLY", u, 0.5)))
    # Knitted: each wale is a column of leaning loops, mirrored about its middle.
    side = s.maths("PINGPONG", s.maths("MULTIPLY", x, threads), 0.5)
    loop = s.maths(
        "SINE",
        s.maths(
            "MULTIPLY",
            s.maths("ADD", s.maths("MULTIPLY", y, threads * 1.3), s.maths("MULTIPLY", side, 1.3)),
            6.28318,
        ),
    )
    column = s.maths("SINE", s.maths("MULTIPLY", side, 6.28318))
    return s.maths(
        "ADD",
        s.maths("MULTIPLY", s.span(loop, 0, 1, (-1, 1)), 0.55),
        s.maths("MULTIPLY", s.maths("ABSOLUTE", column), 0.6),
    )


def fabric(
    colour: Colour,
    threads: float = 6.0,
    kind: str = "plain",
    relief: float = 0.6,
    sheen: float = 0.25,
    melange: float = 0.12,
    space: str = "UV",
    second: Colour | None = None,
    wrinkle: float = 0.0,
) -> Any:
    """
    Cloth with its weave: `plain`, `twill`, `herringbone`, `knit` or `rib`. `melange` mixes lighter and darker yarn; `second` colours
    the hollows. `space` is `UV` on a sheet or cushion, `Object` on other bodies. `wrinkle` is that of washed cloth.
    """
    s = Surface("fabric", roughness=0.92, specular_ior_level=0.15, sheen_weight=sheen, sheen_roughness=0.5)
    s.set(sheen_tint=lighter(colour, 0.5))
    at = s.place(space)
    height = _weave(s, at, threads, kind)
    slub = s.noise(s.place(space, scale=(1, 0.12, 1)), threads * 1.2, 2, 0.6)
    tone = s.maths("ADD", s.maths("MULTIPLY", height, 0.45), s.maths("MULTIPLY", slub, 0.55))
    low = second or darker(colour, 0.12 + melange)
    s.wire("base_color", s.ramp(tone, (0.25, low), (0.55, colour), (0.8, lighter(colour, melange))))
    creased = None
    if wrinkle:
        made = s.node("ShaderNodeBump")
        made.inputs["Strength"].default_value = min(1.0, wrinkle)
        made.inputs["Distance"].default_value = 1.2
        s.links.new(s.noise(at, 0.11, 4, 0.5, 1.4), made.inputs["Height"])
        creased = made.outputs[0]
    return s.bump(
        s.maths("ADD", height, s.maths("MULTIPLY", slub, 0.5)), relief, 0.35 / threads, creased
    ).material


def linen(colour: Colour, space: str = "UV") -> Any:
    """Washed linen: open plain weave, slubs."""
    return fabric(colour, 5.5, "plain", 0.7, 0.15, 0.14, space)


def lampshade(colour: Colour) -> Any:
    """Linen with a lamp behind it: part of the light goes through."""
    s = Surface("lampshade", roughness=0.95, specular_ior_level=0.1)
    at = s.place("UV")
    height = _weave(s, at, 4.5, "plain")
    slub = s.noise(s.place("UV", scale=(1, 0.12, 1)), 6, 2, 0.6)
    tone = s.maths("ADD", s.maths("MULTIPLY", height, 0.4), s.maths("MULTIPLY", slub, 0.6))
    cloth = s.ramp(tone, (0.25, darker(colour, 0.15)), (0.6, colour))
    s.wire("base_color", cloth)
    through = s.node("ShaderNodeBsdfTranslucent", i0=cloth)
    mixed = s.node("ShaderNodeMixShader", i0=0.45, i1=s.shader.outputs[0], i2=through.outputs[0])
    s.links.new(mixed.outputs[0], s.output.inputs[0])
    return s.bump(height, 0.4, 0.05).material


def wool(colour: Colour, space: str = "UV", kind: str = "twill") -> Any:
    """Woollen cloth, brushed: thick yarn, soft light at its edges."""
    return fabric(colour, 3.5, kind, 0.7, 0.6, 0.16, space)


def cotton(colour: Colour, space: str = "UV") -> Any:
    """Cotton jersey or poplin: fine and even."""
    return fabric(colour, 11, "plain", 0.3, 0.2, 0.05, space)


def felt(colour: Colour, space: str = "Object") -> Any:
    """Felt or fleece: no weave, fibres."""
    s = Surface("felt", roughness=0.95, specular_ior_level=0.1, sheen_weight=0.7, sheen_roughness=0.5)
    at = s.place(space)
    fibre = s.noise(at, 6, 4, 0.75, 1.5)
    s.wire(
        "base_color", s.ramp(fibre, (0.3, darker(colour, 0.18)), (0.55, colour), (0.75, lighter(colour, 0.1)))
    )
    return s.bump(fibre, 0.6, 0.08).material


def leather(colour: Colour, space: str = "Object", gloss: float = 0.4, scale: float = 1.0) -> Any:
    """Full-grain leather: pebbled, darker in its hollows."""
    s = Surface("leather", specular_ior_level=0.4, coat_weight=0.15 * gloss, coat_roughness=0.35)
    at = s.place(space)
    cells = s.node("ShaderNodeTexVoronoi", feature="DISTANCE_TO_EDGE")
    bent = s.node("ShaderNodeMix", data_type="VECTOR")
    s.links.new(at, bent.inputs[4])
    s.links.new(s.node("ShaderNodeTexNoise", i0=at, i2=5.0).outputs["Color"], bent.inputs[5])
    bent.inputs[0].default_value = 0.04
    s.links.new(bent.outputs[1], cells.inputs["Vector"])
    cells.inputs["Scale"].default_value = 7.0 / scale
    pebble = s.span(cells.outputs[0], 0, 1, (0.0, 0.22))
    cloud = s.noise(at, 0.3, 3, 0.6)
    tone = s.maths("ADD", s.maths("MULTIPLY", pebble, 0.3), s.maths("MULTIPLY", cloud, 0.7))
    s.wire(
        "base_color", s.ramp(tone, (0.3, darker(colour, 0.28)), (0.55, colour), (0.85, lighter(colour, 0.07)))
    )
    s.wire("roughness", s.span(pebble, 0.68 - 0.2 * gloss, 0.5 - 0.22 * gloss))
    return s.bump(pebble, 0.25, 0.03 * scale).material


def paper(colour: Colour = "#f2ede2", relief: float = 0.3) -> Any:
    """Uncoated paper or card."""
    s = Surface("paper", base_color=colour, roughness=0.88, specular_ior_level=0.2)
    return s.bump(s.noise(s.place(), 16, 4, 0.7), relief, 0.015).material


def leaf(colour: Colour = "#43663f", back: Colour = "#86a06f") -> Any:
    """A plant's leaf: waxy above, light comes through."""
    s = Surface(
        "leaf",
        base_color=colour,
        roughness=0.42,
        subsurface_weight=0.12,
        subsurface_scale=0.1,
        coat_weight=0.15,
    )
    vein = s.noise(s.place("UV", scale=(1, 0.3, 1)), 2.5, 3, 0.6)
    s.wire(
        "base_color", s.ramp(vein, (0.35, darker(colour, 0.2)), (0.6, colour), (0.8, mix(colour, back, 0.45)))
    )
    return s.bump(vein, 0.25, 0.06).material


def skin(colours: tuple[Colour, Colour, Colour], dots: Colour | None = None, gloss: float = 0.4) -> Any:
    """Fruit: three colours from below to above, with freckles if wanted."""
    s = Surface(
        "skin",
        roughness=0.5 - 0.25 * gloss,
        coat_weight=0.3 * gloss,
        subsurface_weight=0.15,
        subsurface_scale=0.3,
    )
    at = s.place()
    height = s.node("ShaderNodeSeparateXYZ", i0=s.place("Generated")).outputs[2]
    tone = s.maths(
        "ADD", height, s.maths("MULTIPLY", s.maths("SUBTRACT", s.noise(at, 0.6, 3, 0.6), 0.5), 0.7)
    )
    low, middle, high = colours
    base = s.ramp(tone, (0.15, low), (0.5, middle), (0.85, high))
    if dots:
        many = s.maths("GREATER_THAN", s.noise(at, 6, 1), 0.66)
        mixed = s.node("ShaderNodeMix", data_type="RGBA")
        s.links.new(s.maths("MULTIPLY", many, 0.5), mixed.inputs[0])
        s.links.new(base, mixed.inputs[6])
        mixed.inputs[7].default_value = linear(dots)
        base = mixed.outputs[2]
    s.wire("base_color", base)
    return s.bump(s.noise(at, 3, 3, 0.6), 0.12, 0.05).material
