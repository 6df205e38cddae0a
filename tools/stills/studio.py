"""
The studio: camera, backdrops and light around what a scene puts on the table, and the list of all stills.

A scene is a function that gets a `Studio` and what its variants differ in, and is entered under one or more names:

    @still("home/fen-ceramic-vase", "A chalk-white vase …", colour=CHALK)
    @still("home/fen-ceramic-vase-iron", "The same vase in iron black …", colour=IRON)
    def vase(studio: Studio, colour: str) -> None:
        studio.sweep("#e4dcd0")
        shapes.lathe(...)
        studio.camera(frame=40, at=(0, 0, 14), elevation=10)
        studio.softbox()

Lengths are centimetres. z is up, the floor is z = 0, the camera looks along +y from -y; x goes to the right. Lights and backdrops
take their size from the frame, so call `Studio(...).camera` in any order but give every scene its true size.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy
from mathutils import Vector
from tools.stills import materials, shapes

Point3 = tuple[float, float, float]


@dataclass(frozen=True)
class Shape:
    """Pixels of a finished still."""

    width: int
    height: int


#: A product; four to five, as shops show them.
PRODUCT = Shape(728, 910)
#: A product in another colour: the same frame, fewer pixels.
VARIANT = Shape(720, 900)
#: The first picture of a home page. Leave room for words on one side.
HERO = Shape(1440, 900)
#: The picture beside the shop's story.
STORY = Shape(1008, 756)
#: A collection's picture.
COLLECTION = Shape(864, 576)


@dataclass(frozen=True)
class Palette:
    """The colours of one category's set: backdrops from light to deep, and the woods, stones and cloths that go with them."""

    paper: str
    wall: str
    warm: str
    cool: str
    deep: str
    accent: str


PALETTES = {
    "home": Palette(
        paper="#e9e1d5", wall="#ddd1c0", warm="#d9b999", cool="#bcc3b2", deep="#7d6a58", accent="#b86b45"
    ),
    "beauty": Palette(
        paper="#f0e4dc", wall="#e8d3c8", warm="#dfb9a4", cool="#c9cfc4", deep="#8c5a4c", accent="#c07a62"
    ),
    "general": Palette(
        paper="#e8e3d3", wall="#d3d2ba", warm="#e0c28a", cool="#b9c6bf", deep="#5f6b52", accent="#c98b3c"
    ),
    "electronics": Palette(
        paper="#e3e4e4", wall="#cfd4d8", warm="#d9cdbf", cool="#aebbc6", deep="#3d4550", accent="#c8734d"
    ),
    "fashion": Palette(
        paper="#ebe5dd", wall="#d8cec3", warm="#cfb297", cool="#b7bdc1", deep="#6b5a4f", accent="#8f4f3a"
    ),
}


@dataclass(frozen=True)
class Still:
    """One picture of the list: what it is called, what it shows, and how it is made."""

    name: str
    alt: str
    scene: Callable[..., None]
    shape: Shape
    inputs: dict[str, Any] = field(default_factory=dict)

    @property
    def category(self) -> str:
        return self.name.partition("/")[0]


STILLS: dict[str, Still] = {}


def still(
    name: str, alt: str, shape: Shape = PRODUCT, **inputs: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Enter a scene under a name (`home/fen-ceramic-vase`); inputs go to the scene. May stand several times over one scene."""

    def enter(scene: Callable[..., None]) -> Callable[..., None]:
        if name in STILLS:
            raise ValueError(f"two stills are called {name}")
        STILLS[name] = Still(name, alt, scene, shape, inputs)
        return scene

    return enter


class Studio:
    """An empty stage for one still."""

    def __init__(self, category: str, shape: Shape) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.scene = bpy.context.scene
        self.shape = shape
        self.palette = PALETTES[category]
        self._frame = 30.0
        self._aim = Vector((0, 0, 0))
        self._later: list[Callable[[], None]] = []
        self.scene.world = bpy.data.worlds.new("room")
        self.room("#dfe3ea", 0.25)
        view = self.scene.view_settings
        view.view_transform = "AgX"
        view.look = "AgX - Medium High Contrast"
        self.camera(30, (0, 0, 8))

    # --------------------------------------------------------------------------------------------- camera

    def camera(
        self,
        frame: float,
        at: Point3 = (0, 0, 0),
        elevation: float = 12.0,
        azimuth: float = 0.0,
        lens: float = 85.0,
        focus: Point3 | None = None,
        blur: float = 0.006,
        exposure: float = 0.3,
        shift: tuple[float, float] = (0, 0),
    ) -> None:
        """
        Aim at a point so that `frame` centimetres of height are seen there. Azimuth is to the right, in degrees. `blur` is the radius
        of the aperture as a share of the frame (0.006 is slight; 0 has none), sharp at `focus` or at the aim. `shift` moves the
        picture (shares of its width) without turning the camera.
        """
        for old in [o for o in bpy.data.objects if o.type == "CAMERA"]:
            bpy.data.objects.remove(old)
        self._frame, self._aim = frame, Vector(at)
        data = bpy.data.cameras.new("camera")
        data.lens = lens
        data.sensor_fit = "VERTICAL"
        data.sensor_height = 24
        data.clip_end = frame * 200
        data.shift_x, data.shift_y = shift
        eye = bpy.data.objects.new("camera", data)
        self.scene.collection.objects.link(eye)
        distance = frame * lens / 24
        up, side = math.radians(elevation), math.radians(azimuth)
        away = Vector((math.sin(side) * math.cos(up), -math.cos(side) * math.cos(up), math.sin(up)))
        eye.location = self._aim + away * distance
        eye.rotation_euler = (-away).to_track_quat("-Z", "Y").to_euler()
        if blur:
            data.dof.use_dof = True
            sharp = Vector(focus) if focus else self._aim
            data.dof.focus_distance = (sharp - eye.location).dot(-away)
            # Blender takes the lens for millimetres of a metre-sized world: aperture radius = lens / 2000 / f-stop.
            data.dof.aperture_fstop = lens / 2000 / (blur * frame)
        self.scene.camera = eye
        self.scene.view_settings.exposure = exposure

    # ------------------------------------------------------------------------------------------- surroundings

    def room(self, colour: str, strength: float) -> None:
        """The even light from everywhere that fills shadows."""
        world = self.scene.world
        world.use_nodes = True
        ground = world.node_tree.nodes["Background"]
        ground.inputs[0].default_value = materials.linear(colour)
        ground.inputs[1].default_value = strength

    def sweep(self, colour: str | Any, depth: float | None = None) -> Any:
        """Seamless paper that curves up behind the scene, `depth` centimetres behind its middle. A colour or a material."""
        material = materials.backdrop(colour) if isinstance(colour, str) else colour
        body: list[Any] = []

        def hang() -> None:
            f = self._frame
            back = depth if depth is not None else f * 1.1
            radius = f * 0.7
            line = [(-6 * f, 0.0), (back - radius, 0.0)]
            for i in range(1, 25):
                a = math.pi / 2 * i / 24
                line.append((back - radius + radius * math.sin(a), radius - radius * math.cos(a)))
            line.append((back, 6 * f))
            vertices = [(x, y, z) for y, z in line for x in (-8 * f, 8 * f)]
            faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(line) - 1)]
            body.append(shapes.mesh(vertices, faces, material, name="sweep", angle=60))

        self._later.append(hang)
        return body

    def table(
        self,
        material: Any,
        depth: float = 0.0,
        thickness: float = 3.0,
        top: float = 0.0,
        width: float | None = None,
    ) -> None:
        """A table top at height `top`, reaching to `depth` behind the middle (default: most of a frame) and past the camera's frame."""

        def build() -> None:
            f = self._frame
            back = depth or f * 0.8
            wide = width or f * 7
            shapes.box(
                (wide, back + f * 4, thickness),
                material,
                (0, (back - f * 4) / 2, top - thickness),
                bevel=0.25,
                name="table",
            )

        self._later.append(build)

    def wall(self, material: Any, depth: float | None = None) -> None:
        """A wall behind the scene, `depth` centimetres behind its middle (default: one frame)."""

        def build() -> None:
            f = self._frame
            y = depth if depth is not None else f
            vertices = [(-8 * f, y, -4 * f), (8 * f, y, -4 * f), (8 * f, y, 8 * f), (-8 * f, y, 8 * f)]
            shapes.mesh(vertices, [(0, 1, 2, 3)], material, name="wall")

        self._later.append(build)

    # ------------------------------------------------------------------------------------------------- light

    def softbox(
        self,
        azimuth: float = -50.0,
        elevation: float = 45.0,
        strength: float = 1.0,
        size: float = 1.2,
        distance: float = 1.7,
        colour: str = "#fff3e4",
        ratio: float = 1.0,
        aim: Point3 | None = None,
        hidden: bool = False,
    ) -> Any:
        """
        A lamp with a diffuser. Azimuth 0 is from the camera, -90 from the left, 180 from behind; size and distance are shares of the
        frame, `ratio` is height by width. Strength 1 exposes a light backdrop well as a single key. `hidden` ones leave no reflection.
        """

        def hang() -> None:
            f = self._frame
            target = Vector(aim) if aim else self._aim
            up, side = math.radians(elevation), math.radians(azimuth)
            away = Vector((math.sin(side) * math.cos(up), -math.cos(side) * math.cos(up), math.sin(up)))
            lamp = bpy.data.lights.new("softbox", "AREA")
            lamp.shape = "RECTANGLE"
            lamp.size, lamp.size_y = size * f, size * f * ratio
            lamp.energy = strength * 14 * (distance * f) ** 2
            lamp.color = materials.linear(colour)[:3]
            body = bpy.data.objects.new("softbox", lamp)
            self.scene.collection.objects.link(body)
            body.location = target + away * distance * f
            body.rotation_euler = (-away).to_track_quat("-Z", "Y").to_euler()
            body.visible_camera = False
            body.visible_glossy = not hidden

        self._later.append(hang)

    def rim(
        self, azimuth: float = 145.0, elevation: float = 35.0, strength: float = 0.5, colour: str = "#eaf1ff"
    ) -> None:
        """A tall narrow light from behind that draws edges."""
        self.softbox(azimuth, elevation, strength, 0.5, 1.6, colour, 2.4)

    def strip(
        self,
        azimuth: float,
        strength: float = 0.4,
        height: float = 2.0,
        width: float = 0.3,
        elevation: float = 5.0,
    ) -> None:
        """An upright strip light: the long highlight along a bottle or a metal body."""
        self.softbox(azimuth, elevation, strength, width, 1.4, "#ffffff", height / width)

    def sun(
        self,
        azimuth: float = -60.0,
        elevation: float = 35.0,
        strength: float = 1.0,
        soft: float = 2.0,
        through: str = "",
        colour: str = "#ffe9cf",
        scale: float = 1.0,
        offset: tuple[float, float] = (0, 0),
        seed: int = 1,
    ) -> None:
        """
        Low sun across the scene. `soft` is its width in degrees (the blur of shadows). `through` hangs something before it, out of sight:
        `window` (panes), `blinds`, `leaves`, `slit`; scale and offset (shares of the frame: right, up) say how large and where.
        """

        def hang() -> None:
            f = self._frame
            up, side = math.radians(elevation), math.radians(azimuth)
            away = Vector((math.sin(side) * math.cos(up), -math.cos(side) * math.cos(up), math.sin(up)))
            lamp = bpy.data.lights.new("sun", "SUN")
            lamp.energy = strength * 4.2
            lamp.angle = math.radians(soft)
            lamp.color = materials.linear(colour)[:3]
            body = bpy.data.objects.new("sun", lamp)
            self.scene.collection.objects.link(body)
            turned = (-away).to_track_quat("-Z", "Y")
            body.rotation_euler = turned.to_euler()
            if not through:
                return
            plates = _gobo(through, f * scale, seed)
            vertices: list[Point3] = []
            faces: list[tuple[int, ...]] = []
            for plate in plates:
                start = len(vertices)
                for x, y in plate:
                    p = self._aim + away * f * 4 + turned @ Vector((x + offset[0] * f, y + offset[1] * f, 0))
                    vertices.append(tuple(p))
                faces.append(tuple(range(start, len(vertices))))
            shade = shapes.mesh(vertices, faces, materials.plain("#000000"), name="shade", merge=False)
            shade.visible_camera = shade.visible_glossy = shade.visible_diffuse = (
                shade.visible_transmission
            ) = False

        self._later.append(hang)

    # ---------------------------------------------------------------------------------------------- the still

    def finish(self, path: str, draft: bool, samples: int | None = None) -> None:
        """Build what waited for the camera, and take the picture."""
        for build in self._later:
            build()
        scene = self.scene
        scene.render.engine = "CYCLES"
        cycles = scene.cycles
        cycles.device = "CPU"
        cycles.samples = samples or (8 if draft else 10)
        cycles.use_adaptive_sampling = True
        cycles.adaptive_threshold = 0.12 if draft else 0.06
        cycles.adaptive_min_samples = 5 if draft else 8
        cycles.use_denoising = True
        cycles.denoiser = "OPENIMAGEDENOISE"
        cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
        cycles.denoising_prefilter = "FAST"
        cycles.max_bounces = 9
        cycles.diffuse_bounces = 2
        cycles.glossy_bounces = 3
        cycles.transmission_bounces = 9
        cycles.transparent_max_bounces = 9
        cycles.caustics_reflective = cycles.caustics_refractive = False
        cycles.blur_glossy = 0.5
        cycles.sample_clamp_indirect = 6
        cycles.seed = 7
        render = scene.render
        render.resolution_x, render.resolution_y = self.shape.width, self.shape.height
        render.resolution_percentage = (
            round(36000 / max(self.shape.width, self.shape.height)) if draft else 100
        )
        render.image_settings.file_format = "PNG"
        render.image_settings.color_mode = "RGB"
        render.dither_intensity = 0.5
        render.filepath = path
        bpy.ops.render.render(write_still=True)


def _gobo(kind: str, size: float, seed: int) -> list[list[tuple[float, float]]]:
    """Plates that hold light back, around the middle of the beam."""

    def plate(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float]]:
        return [
            (x0 * size, y0 * size),
            (x1 * size, y0 * size),
            (x1 * size, y1 * size),
            (x0 * size, y1 * size),
        ]

    far = 12.0
    surround = [
        plate(-far, -far, -0.55, far),
        plate(0.55, -far, far, far),
        plate(-0.55, 0.75, 0.55, far),
        plate(-0.55, -far, 0.55, -0.75),
    ]
    if kind == "window":
        bars = [
            plate(-0.02, -0.75, 0.02, 0.75),
            plate(-0.55, -0.27, 0.55, -0.23),
            plate(-0.55, 0.23, 0.55, 0.27),
        ]
        return surround + bars
    if kind == "slit":
        return surround
    if kind == "blinds":
        return [plate(-far, y / 10, far, y / 10 + 0.045) for y in range(-30, 31)]
    chance = random.Random(seed)
    leaves = []
    for _ in range(70):
        x, y, turn = chance.uniform(-1.6, 1.6), chance.uniform(-1.6, 1.6), chance.random() * math.tau
        length, width = chance.uniform(0.16, 0.42), chance.uniform(0.05, 0.11)
        outline = []
        for i in range(16):
            t = math.tau * i / 16
            px, py = math.cos(t) * length / 2, math.sin(t) * width / 2 * (1 - 0.35 * math.cos(t))
            outline.append(
                (
                    (x + px * math.cos(turn) - py * math.sin(turn)) * size,
                    (y + px * math.sin(turn) + py * math.cos(turn)) * size,
                )
            )
        leaves.append(outline)
    return leaves


def take(still: Still, path: str, draft: bool = False, samples: int | None = None) -> None:
    """Set the stage, build the scene, render it to a PNG file."""
    studio = Studio(still.category, still.shape)
    still.scene(studio, **still.inputs)
    studio.finish(path, draft, samples)


def spread(count: int, seed: int = 1) -> Sequence[float]:
    """Repeatable chance: numbers from -1 to 1."""
    chance = random.Random(seed)
    return [chance.uniform(-1, 1) for _ in range(count)]
