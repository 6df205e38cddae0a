"""
Bodies: what is turned, cut, bent, sewn and draped. Lengths are centimetres, z is up, the camera looks along +y.

Every function makes one Blender object, shaded smooth with its edges broken, and returns it. `material` is one of `materials`.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import bmesh
import bpy
from mathutils import Vector

Point2 = tuple[float, float]
Point3 = tuple[float, float, float]


def lathe(
    profile: Sequence[Sequence[float]],
    material: Any,
    at: Point3 = (0, 0, 0),
    segments: int = 128,
    name: str = "turned",
    wobble: float = 0.0,
) -> Any:
    """
    A body turned around z. `profile` runs along the outline as (radius, z) or (radius, z, fillet radius): corners with a
    fillet are rounded. Begin and end at radius 0 to close the body. `wobble` (a share of the radius) makes it hand-made.
    """
    line = fillet(profile)
    chance = random.Random(name)
    phases = [(chance.random() * math.tau, k) for k in (2, 3, 5)]
    vertices: list[Point3] = []
    rings: list[list[int]] = []
    for radius, z in line:
        if radius < 1e-5:
            rings.append([len(vertices)])
            vertices.append((0, 0, z))
            continue
        rings.append(list(range(len(vertices), len(vertices) + segments)))
        for i in range(segments):
            angle = math.tau * i / segments
            lean = sum(math.sin(k * angle + p + z * 0.13 * k) / k for p, k in phases)
            r = radius * (1 + wobble * lean)
            vertices.append((r * math.cos(angle), r * math.sin(angle), z))
    faces: list[tuple[int, ...]] = []
    for low, high in itertools.pairwise(rings):
        if len(low) == 1 and len(high) == 1:
            continue
        for i in range(segments):
            j = (i + 1) % segments
            if len(low) == 1:
                faces.append((low[0], high[j], high[i]))
            elif len(high) == 1:
                faces.append((low[i], low[j], high[0]))
            else:
                faces.append((low[i], low[j], high[j], high[i]))
    return mesh(vertices, faces, material, at, name)


def vessel(outer: Sequence[Point2], wall: float, floor: float) -> list[Point2]:
    """The profile of a vessel of even wall: `outer` runs from its foot to its rim, `floor` is how thick its bottom is."""
    low = outer[0][1]
    inner = [(max(r - wall, 0.01), z) for r, z in outer if z > low + floor]
    foot = (max(outer[0][0] - 0.25, 0), low)
    bottom = [
        (0.0, low + floor),
        (inner[0][0] * 0.82, low + floor),
        (inner[0][0] * 0.97, low + floor + wall * 0.6),
    ]
    return [
        (0.0, low + 0.06),
        foot,
        *outer,
        (outer[-1][0] - wall / 2, outer[-1][1] + wall * 0.3),
        *reversed(inner),
        *reversed(bottom),
    ]


def filling(outer: Sequence[Point2], wall: float, floor: float, level: float) -> list[Point2]:
    """The profile of what fills such a vessel to a level, a hair off its wall."""
    low = outer[0][1] + floor
    start = low + wall * 0.6
    inside = [(start, radius_at(outer, start)), *((z, r) for r, z in outer if start < z < level)]
    inside.append((level, radius_at(outer, level)))
    wet = [(max(r - wall - 0.02, 0.01), z) for z, r in inside]
    return [(0.0, low + 0.03), (wet[0][0] * 0.82, low + 0.03), *wet, (0.0, level)]


def radius_at(outer: Sequence[Point2], height: float) -> float:
    """How wide an outline is at a height."""
    for (r, z), (further, above) in itertools.pairwise(outer):
        if z <= height <= above and above > z:
            return r + (further - r) * (height - z) / (above - z)
    return outer[-1][0]


def fillet(profile: Sequence[Sequence[float]], steps: int = 7) -> list[Point2]:
    """The outline with its marked corners rounded."""
    out: list[Point2] = []
    for i, corner in enumerate(profile):
        here = Vector(corner[:2])
        radius = corner[2] if len(corner) > 2 else 0.0
        if radius <= 0 or i in (0, len(profile) - 1):
            out.append((here.x, here.y))
            continue
        before, after = Vector(profile[i - 1][:2]) - here, Vector(profile[i + 1][:2]) - here
        if before.length < 1e-6 or after.length < 1e-6:
            out.append((here.x, here.y))
            continue
        half = before.angle(after) / 2
        reach = min(radius / max(math.tan(half), 1e-3), before.length * 0.49, after.length * 0.49)
        start, end = here + before.normalized() * reach, here + after.normalized() * reach
        for step in range(steps + 1):
            t = step / steps
            p = start * (1 - t) ** 2 + here * 2 * t * (1 - t) + end * t**2
            out.append((p.x, p.y))
    return out


def spline(points: Sequence[Sequence[float]], steps: int = 10) -> list[Any]:
    """A smooth line through the points (Catmull-Rom), as further points of the same dimension."""
    vectors = [Vector(p) for p in points]
    ends = [vectors[0] * 2 - vectors[1], *vectors, vectors[-1] * 2 - vectors[-2]]
    out = []
    for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            out.append(
                tuple(
                    0.5
                    * (
                        p1 * 2
                        + (p2 - p0) * t
                        + (p0 * 2 - p1 * 5 + p2 * 4 - p3) * t**2
                        + (p1 * 3 - p0 - p2 * 3 + p3) * t**3
                    )
                )
            )
    out.append(tuple(vectors[-1]))
    return out


def box(
    size: Point3,
    material: Any,
    at: Point3 = (0, 0, 0),
    bevel: float = 0.1,
    turn: float = 0.0,
    name: str = "box",
) -> Any:
    """A block standing on `at` (the middle of its underside), turned by degrees around z."""
    x, y, z = size[0] / 2, size[1] / 2, size[2]
    corners = [(-x, -y, 0), (x, -y, 0), (x, y, 0), (-x, y, 0), (-x, -y, z), (x, -y, z), (x, y, z), (-x, y, z)]
    sides = [(0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
    body = mesh(corners, sides, material, at, name)
    body.rotation_euler.z = math.radians(turn)
    return soften(body, bevel)


def slab(
    outline: Sequence[Point2],
    height: float,
    material: Any,
    at: Point3 = (0, 0, 0),
    bevel: float = 0.1,
    turn: float = 0.0,
    holes: Sequence[Sequence[Point2]] = (),
    name: str = "slab",
) -> Any:
    """A flat outline raised to a height, with broken edges and, if wanted, holes through it. Stands on `at`."""
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions = "2D"
    curve.fill_mode = "BOTH"
    for line in (outline, *holes):
        path = curve.splines.new("POLY")
        path.points.add(len(line) - 1)
        for point, (x, y) in zip(path.points, line, strict=True):
            point.co = (x, y, 0, 1)
        path.use_cyclic_u = True
    curve.extrude = height / 2 - bevel
    curve.bevel_depth = bevel
    curve.bevel_resolution = 3
    curve.offset = -bevel
    drawn = bpy.data.objects.new(name, curve)
    bpy.context.collection.objects.link(drawn)
    flat = bpy.data.meshes.new_from_object(drawn.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    bpy.data.objects.remove(drawn)
    body = bpy.data.objects.new(name, flat)
    bpy.context.collection.objects.link(body)
    for vertex in flat.vertices:
        vertex.co.z += height / 2
    edit = bmesh.new()
    edit.from_mesh(flat)
    bmesh.ops.remove_doubles(edit, verts=edit.verts, dist=1e-4)
    edit.to_mesh(flat)
    edit.free()
    body.location = at
    body.rotation_euler.z = math.radians(turn)
    flat.materials.clear()
    flat.materials.append(material)
    return smooth(body, 30)


def rounded_rectangle(width: float, height: float, radius: float, steps: int = 12) -> list[Point2]:
    """An outline around the origin."""
    x, y = width / 2 - radius, height / 2 - radius
    out = []
    for cx, cy, start in ((x, y, 0), (-x, y, 90), (-x, -y, 180), (x, -y, 270)):
        for step in range(steps + 1):
            angle = math.radians(start + 90 * step / steps)
            out.append((cx + radius * math.cos(angle), cy + radius * math.sin(angle)))
    return out


def superellipse(width: float, height: float, power: float = 4, steps: int = 96) -> list[Point2]:
    """A soft rectangle around the origin: power 2 is an ellipse, 4 a cushion."""
    out = []
    for i in range(steps):
        c, s = math.cos(math.tau * i / steps), math.sin(math.tau * i / steps)
        out.append(
            (
                math.copysign(abs(c) ** (2 / power), c) * width / 2,
                math.copysign(abs(s) ** (2 / power), s) * height / 2,
            )
        )
    return out


def circle(radius: float, at: Point2 = (0, 0), steps: int = 64) -> list[Point2]:
    """An outline."""
    return [
        (at[0] + radius * math.cos(math.tau * i / steps), at[1] + radius * math.sin(math.tau * i / steps))
        for i in range(steps)
    ]


def tube(
    points: Sequence[Point3],
    radius: float,
    material: Any,
    closed: bool = False,
    flat: float = 1.0,
    through: bool = True,
    radii: Sequence[float] | None = None,
    name: str = "tube",
) -> Any:
    """
    A round bar along points, smoothly bent through them (`through`), else straight from one to the next. `flat` below 1 makes
    its section an ellipse (a strap); `radii` are shares of the radius at each point.
    """
    line = list(points)
    shares = list(radii) if radii else [1.0] * len(line)
    if through:
        line = spline([*points, *points[:1]] if closed else points)
        ends = [*shares, *shares[:1]] if closed else shares
        shares = [
            ends[min(int(i / 10), len(ends) - 1)] * (1 - i % 10 / 10)
            + ends[min(int(i / 10) + 1, len(ends) - 1)] * (i % 10 / 10)
            for i in range(len(line))
        ]
        if closed:
            line, shares = line[:-1], shares[:-1]
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions = "3D"
    path = curve.splines.new("POLY")
    path.points.add(len(line) - 1)
    for point, co, share in zip(path.points, line, shares, strict=True):
        point.co = (*co, 1)
        point.radius = share
    path.use_cyclic_u = closed
    path.use_smooth = True
    curve.use_fill_caps = True
    if flat == 1.0:
        curve.bevel_depth = radius
        curve.bevel_resolution = 8
    else:
        section = bpy.data.curves.new(f"{name}-section", "CURVE")
        section.dimensions = "2D"
        oval = section.splines.new("POLY")
        outline = superellipse(radius * 2, radius * 2 * flat, 3, 28)
        oval.points.add(len(outline) - 1)
        for point, (x, y) in zip(oval.points, outline, strict=True):
            point.co = (x, y, 0, 1)
        oval.use_cyclic_u = True
        holder = bpy.data.objects.new(f"{name}-section", section)
        bpy.context.collection.objects.link(holder)
        holder.hide_render = True
        curve.bevel_mode = "OBJECT"
        curve.bevel_object = holder
    body = bpy.data.objects.new(name, curve)
    bpy.context.collection.objects.link(body)
    curve.materials.append(material)
    return body


def sphere(
    radius: float, material: Any, at: Point3 = (0, 0, 0), scale: Point3 = (1, 1, 1), name: str = "ball"
) -> Any:
    """A ball around `at`, or an ellipsoid."""
    steps = 48
    profile = [
        (radius * math.sin(math.pi * i / steps), -radius * math.cos(math.pi * i / steps))
        for i in range(steps + 1)
    ]
    body = lathe(profile, material, at, 96, name)
    body.scale = scale
    return body


def sheet(
    width: float,
    depth: float,
    material: Any,
    height: Callable[[float, float], float] = lambda u, v: 0.0,
    at: Point3 = (0, 0, 0),
    cells: int = 120,
    thickness: float = 0.0,
    bend: Callable[[float, float], Point3] | None = None,
    name: str = "sheet",
) -> Any:
    """
    A cloth or leaf: `height(u, v)` with u, v from 0 to 1 raises it, or `bend(u, v)` places every point freely. Its texture
    coordinates are centimetres, so that a weave keeps its size. `thickness` gives it a body.
    """
    rows = max(2, round(cells * depth / width))
    vertices, faces = [], []
    for j in range(rows + 1):
        for i in range(cells + 1):
            u, v = i / cells, j / rows
            flat = ((u - 0.5) * width, (v - 0.5) * depth, height(u, v))
            vertices.append(bend(u, v) if bend else flat)
    for j in range(rows):
        for i in range(cells):
            a = j * (cells + 1) + i
            faces.append((a, a + 1, a + cells + 2, a + cells + 1))
    body = mesh(vertices, faces, material, at, name, merge=False)
    layer = body.data.uv_layers.new(name="cloth")
    for loop in body.data.loops:
        j, i = divmod(loop.vertex_index, cells + 1)
        layer.data[loop.index].uv = (i / cells * width, j / rows * depth)
    if thickness:
        solid = body.modifiers.new("body", "SOLIDIFY")
        solid.thickness = thickness
        solid.offset = 0
        if thickness > 0.15:
            soften(body, thickness * 0.4)
    return body


def drape(
    cloth: Any,
    over: Iterable[Any],
    frames: int = 60,
    stiffness: float = 8.0,
    mass: float = 0.3,
    pressure: float = 0.0,
    pins: Callable[[Point3], bool] | None = None,
    shrink: float = 0.0,
    gap: float = 0.12,
    smoothing: int = 1,
) -> Any:
    """
    Let `cloth` (a sheet without thickness) fall over bodies for some frames, and keep how it lies. `pressure` blows a closed
    body up (a cushion). Lengths here are scaled down so that the solver sees a cloth of ordinary size.
    """
    scale = 0.1
    hitting = list(over)
    for body in hitting:
        hit = body.modifiers.new("hit", "COLLISION")
        body.collision.thickness_outer = gap
        body.collision.cloth_friction = 25
        del hit
    if pins:
        group = cloth.vertex_groups.new(name="pins")
        group.add([v.index for v in cloth.data.vertices if pins(tuple(v.co))], 1.0, "REPLACE")
    falling = cloth.modifiers.new("cloth", "CLOTH")
    settings = falling.settings
    settings.quality = 6
    settings.mass = mass
    settings.tension_stiffness = settings.compression_stiffness = 20
    settings.shear_stiffness = 8
    settings.bending_stiffness = stiffness
    settings.air_damping = 1.5
    settings.effector_weights.gravity = 1 / scale / 2
    settings.shrink_min = shrink
    if pins:
        settings.vertex_group_mass = "pins"
    if pressure:
        settings.use_pressure = True
        settings.uniform_pressure_force = pressure
    falling.collision_settings.distance_min = gap
    falling.collision_settings.collision_quality = 3
    falling.collision_settings.use_self_collision = True
    falling.collision_settings.self_distance_min = gap
    falling.point_cache.frame_end = frames
    scene = bpy.context.scene
    scene.frame_end = frames
    for frame in range(1, frames + 1):
        scene.frame_set(frame)
    held = bpy.data.meshes.new_from_object(cloth.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    cloth.modifiers.clear()
    cloth.data = held
    for body in hitting:
        body.modifiers.remove(body.modifiers["hit"])
    if smoothing:
        rounder = cloth.modifiers.new("rounder", "SUBSURF")
        rounder.levels = rounder.render_levels = smoothing
    smooth(cloth, 180)
    return cloth


def cushion(
    width: float,
    depth: float,
    height: float,
    material: Any,
    at: Point3 = (0, 0, 0),
    cells: int = 60,
    name: str = "cushion",
) -> Any:
    """A filled, sewn square lying on `at`: full in the middle, thin and a little puckered at its edges and corners."""
    chance = random.Random(name)
    waves = [
        (chance.uniform(3, 8), chance.uniform(3, 8), chance.random() * 6, chance.uniform(0.03, 0.075))
        for _ in range(5)
    ]

    def swell(u: float, v: float, side: float) -> Point3:
        x, y = u * 2 - 1, v * 2 - 1
        full = max(0.0, (1 - x**2) * (1 - y**2)) ** 0.5
        edge = 1 - 0.06 * (1 - y**2) ** 1.0 * abs(x) ** 3
        edge_y = 1 - 0.06 * (1 - x**2) ** 1.0 * abs(y) ** 3
        crease = sum(a * math.sin(f * x + g * y + p) for f, g, p, a in waves) * full * 0.5
        pucker = 0.03 * math.sin(26 * x) * abs(y) ** 10 + 0.03 * math.sin(26 * y) * abs(x) ** 10
        z = height / 2 * (1 + side * (full + crease * 0.6 + pucker * full**0.5))
        return (x * edge * width / 2, y * edge_y * depth / 2, z)

    parts = []
    for side in (1.0, -1.0):
        parts.append(
            sheet(
                width,
                depth,
                material,
                bend=lambda u, v, s=side: swell(u, v, s),
                at=at,
                cells=cells,
                name=f"{name}{side}",
            )
        )
    line = [
        swell(u, v, 0)
        for u, v in (
            *((i / 24, 0.0) for i in range(24)),
            *((1.0, i / 24) for i in range(24)),
            *((1 - i / 24, 1.0) for i in range(24)),
            *((0.0, 1 - i / 24) for i in range(24)),
        )
    ]
    piping = tube(
        [(x + at[0], y + at[1], z + at[2]) for x, y, z in line],
        width * 0.007,
        material,
        closed=True,
        through=False,
    )
    return join([*parts, piping], name)


def bristles(
    count: int,
    length: float,
    root: float,
    tip: float,
    material: Any,
    at: Point3 = (0, 0, 0),
    dome: float = 0.35,
    radius: float = 0.012,
    name: str = "bristles",
) -> Any:
    """A tuft of fine hair standing on `at`: round, opening from radius `root` to `tip`, its end domed by a share of its length."""
    chance = random.Random(name)
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions = "3D"
    curve.bevel_depth = radius
    curve.bevel_resolution = 0
    for _ in range(count):
        share, angle = math.sqrt(chance.random()), chance.random() * math.tau
        reach = length * (1 - dome * share**2.4) * chance.uniform(0.97, 1.0)
        path = curve.splines.new("POLY")
        path.points.add(4)
        for i, point in enumerate(path.points):
            t = i / 4
            r = share * (root + (tip - root) * math.sin(t * math.pi / 2)) + chance.uniform(-0.01, 0.01)
            point.co = (r * math.cos(angle), r * math.sin(angle), t * reach, 1)
            point.radius = 1 - 0.8 * t**3
    body = bpy.data.objects.new(name, curve)
    bpy.context.collection.objects.link(body)
    curve.materials.append(material)
    body.location = at
    return body


def text(
    words: str,
    size: float,
    material: Any,
    at: Point3 = (0, 0, 0),
    upright: bool = True,
    turn: float = 0.0,
    align: str = "CENTER",
    spacing: float = 1.0,
    font: str = "",
    depth: float = 0.004,
    name: str = "text",
) -> Any:
    """Printed words, facing the camera where `upright`, else lying; `size` is roughly the height of a capital × 1.4."""
    curve = bpy.data.curves.new(name, "FONT")
    curve.body = words
    curve.size = size
    curve.align_x = align
    curve.align_y = "CENTER"
    curve.space_character = spacing
    curve.extrude = depth
    if font:
        curve.font = bpy.data.fonts.load(font, check_existing=True)
    body = bpy.data.objects.new(name, curve)
    bpy.context.collection.objects.link(body)
    curve.materials.append(material)
    body.location = at
    body.rotation_euler = (math.pi / 2 if upright else 0, 0, math.radians(turn))
    return body


def wrap(body: Any, radius: float, facing: float = -90.0) -> Any:
    """Bend printed words (upright, around x = 0) around a cylinder about z through the world's origin, facing the camera."""
    flat = bpy.data.meshes.new_from_object(body.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    edit = bmesh.new()
    edit.from_mesh(flat)
    bmesh.ops.subdivide_edges(edit, edges=[e for e in edit.edges if e.calc_length() > 0.12], cuts=3)
    edit.to_mesh(flat)
    edit.free()
    start = math.radians(facing)
    for vertex in flat.vertices:
        angle = start + vertex.co.x / radius
        reach = radius + 0.004 + vertex.co.z
        z = vertex.co.y
        vertex.co = (reach * math.cos(angle), reach * math.sin(angle), z)
    bent = bpy.data.objects.new(body.name, flat)
    bpy.context.collection.objects.link(bent)
    bent.location = body.location
    bpy.data.objects.remove(body)
    return bent


def label(
    radius: float,
    low: float,
    high: float,
    half: float,
    material: Any,
    thickness: float = 0.015,
    name: str = "label",
) -> Any:
    """Paper around the front of a cylinder about z, from one height to another, `half` degrees to each side."""

    def bend(u: float, v: float) -> Point3:
        angle = math.radians(-90 - half + 2 * half * u)
        return (radius * math.cos(angle), radius * math.sin(angle), low + (high - low) * v)

    wide = math.radians(2 * half) * radius
    return sheet(wide, high - low, material, bend=bend, cells=48, thickness=thickness, name=name)


def print_round(
    lines: Sequence[tuple[str, float, float]],
    radius: float,
    material: Any,
    font: str = "",
    spacing: float = 1.12,
) -> list[Any]:
    """Words on the front of a cylinder about z: each line is (words, size, height of its middle)."""
    printed = []
    for words, size, z in lines:
        line = wrap(text(words, size, material, spacing=spacing, font=font), radius)
        line.location = (0, 0, z)
        printed.append(line)
    return printed


def mesh(
    vertices: Sequence[Point3],
    faces: Sequence[Sequence[int]],
    material: Any,
    at: Point3 = (0, 0, 0),
    name: str = "body",
    angle: float = 40,
    merge: bool = True,
) -> Any:
    """A body from its corners and faces, seen from outside."""
    data = bpy.data.meshes.new(name)
    data.from_pydata(list(vertices), [], [tuple(f) for f in faces])
    data.materials.append(material)
    edit = bmesh.new()
    edit.from_mesh(data)
    if merge:
        bmesh.ops.remove_doubles(edit, verts=edit.verts, dist=1e-5)
    bmesh.ops.recalc_face_normals(edit, faces=edit.faces)
    edit.to_mesh(data)
    edit.free()
    body = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(body)
    body.location = at
    return smooth(body, angle)


def smooth(body: Any, angle: float = 40) -> Any:
    """Shade smooth, but for edges sharper than an angle in degrees."""
    body.data.shade_smooth()
    if angle < 180:
        body.data.set_sharp_from_angle(angle=math.radians(angle))
    return body


def soften(body: Any, bevel: float, segments: int = 4) -> Any:
    """Break the edges of a body."""
    if bevel <= 0:
        return body
    edges = body.modifiers.new("edges", "BEVEL")
    edges.width = bevel
    edges.segments = segments
    edges.limit_method = "ANGLE"
    edges.harden_normals = True
    return body


def cut(body: Any, tool: Any) -> Any:
    """Take the tool's shape out of a body."""
    hole = body.modifiers.new("cut", "BOOLEAN")
    hole.operation = "DIFFERENCE"
    hole.object = tool
    hole.solver = "EXACT"
    tool.hide_render = True
    tool.display_type = "WIRE"
    return body


def join(parts: Sequence[Any], name: str) -> Any:
    """Bodies under one handle: move or turn what is returned, and all of them follow."""
    handle = bpy.data.objects.new(name, None)
    bpy.context.collection.objects.link(handle)
    for part in parts:
        part.parent = handle
    return handle


def place(body: Any, at: Point3, turn: float = 0.0, tilt: Point2 = (0, 0)) -> Any:
    """Move a body there, turned by degrees around z and tilted around x and y."""
    body.location = at
    body.rotation_euler = (math.radians(tilt[0]), math.radians(tilt[1]), math.radians(turn))
    return body


def copy(body: Any, at: Point3, turn: float = 0.0) -> Any:
    """The same body once more, elsewhere."""
    twin = body.copy()
    bpy.context.collection.objects.link(twin)
    twin.location = at
    twin.rotation_euler.z = math.radians(turn)
    return twin
