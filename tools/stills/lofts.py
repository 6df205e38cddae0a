"""
Lofts: solids from rings of points, whose edges are rounded by geometry and whose texture coordinates are centimetres.

What is machined, moulded or sewn has no edge without a highlight, and its cloth and grain follow its form. So these are whole meshes
of their own where `shapes` bevels and bends simpler bodies: lathes, plates, sweeps and tubes, with `UVMap` measured along and around.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence

import bpy
from mathutils import Euler, Matrix, Vector

Point = tuple[float, float]
Ring = Sequence[Sequence[float]]


def group(
    name: str, *parts: bpy.types.Object, at: Sequence[float] = (0, 0, 0), turn: Sequence[float] = (0, 0, 0)
) -> bpy.types.Object:
    """An empty that carries the parts; `turn` in degrees."""
    empty = bpy.data.objects.new(name, None)
    bpy.context.scene.collection.objects.link(empty)
    for part in parts:
        part.parent = empty
    return place(empty, at, turn)


def place(
    thing: bpy.types.Object, at: Sequence[float] = (0, 0, 0), turn: Sequence[float] = (0, 0, 0)
) -> bpy.types.Object:
    thing.location = at
    thing.rotation_euler = Euler([math.radians(a) for a in turn], "XYZ")
    return thing


def mesh(
    name: str,
    vertices: Sequence[Sequence[float]],
    faces: Sequence[Sequence[int]],
    material: bpy.types.Material | None = None,
    uv: Sequence[Sequence[Point]] | None = None,
    crease: float = 38,
) -> bpy.types.Object:
    """A smooth mesh whose edges stay sharp beyond `crease` degrees; `uv` holds one point per corner of each face."""
    data = bpy.data.meshes.new(name)
    data.from_pydata([tuple(v) for v in vertices], [], [tuple(f) for f in faces])
    if uv is not None:
        layer = data.uv_layers.new(name="UVMap")
        layer.data.foreach_set("uv", [c for corners in uv for point in corners for c in point])
    data.polygons.foreach_set("use_smooth", [True] * len(data.polygons))
    data.update()
    data.set_sharp_from_angle(angle=math.radians(crease))
    if material is not None:
        data.materials.append(material)
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def loft(
    name: str,
    rings: Sequence[Ring],
    material: bpy.types.Material | None = None,
    *,
    closed: bool = True,
    around: bool = False,
    caps: bool = True,
    crease: float = 38,
) -> bpy.types.Object:
    """
    A skin over rings of equally many points. `closed`: each ring is a loop; `around`: the last ring meets the first.
    Rings go upwards when their points go counter-clockwise seen from above.
    """
    count, rows = len(rings[0]), len(rings)
    vertices = [v for ring in rings for v in ring]
    across = [0.0]
    widest = max(rings, key=_length)
    for a, b in zip(widest, [*widest[1:], widest[0]], strict=True):
        across.append(across[-1] + math.dist(a, b))
    along = [0.0]
    for k in range(rows if around else rows - 1):
        lower, upper = rings[k], rings[(k + 1) % rows]
        step = max(1, count // 8)
        along.append(
            along[-1]
            + sum(math.dist(lower[i], upper[i]) for i in range(0, count, step)) / len(range(0, count, step))
        )
    faces: list[tuple[int, ...]] = []
    uv: list[list[Point]] = []
    for k in range(rows if around else rows - 1):
        n = (k + 1) % rows
        for i in range(count if closed else count - 1):
            j = (i + 1) % count
            faces.append((k * count + i, k * count + j, n * count + j, n * count + i))
            uv.append(
                [
                    (across[i], along[k]),
                    (across[i + 1], along[k]),
                    (across[i + 1], along[k + 1]),
                    (across[i], along[k + 1]),
                ]
            )
    if caps and closed and not around:
        for row, backwards in ((0, True), (rows - 1, False)):
            if _length(rings[row]) < 1e-6:
                continue
            cap = [row * count + i for i in range(count)]
            cap = cap[::-1] if backwards else cap
            faces.append(tuple(cap))
            uv.append([(vertices[i][0], vertices[i][1]) for i in cap])
    return mesh(name, vertices, faces, material, uv, crease)


def _length(ring: Ring) -> float:
    return sum(math.dist(a, b) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))


def lathe(
    name: str,
    profile: Sequence[Point],
    material: bpy.types.Material | None = None,
    steps: int = 128,
    crease: float = 38,
) -> bpy.types.Object:
    """A solid of revolution from (radius, height), bottom first on its outside."""
    rings = [
        [
            (r * math.cos(2 * math.pi * i / steps), r * math.sin(2 * math.pi * i / steps), z)
            for i in range(steps)
        ]
        for r, z in ((max(r, 1e-5), z) for r, z in profile)
    ]
    return loft(name, rings, material, crease=crease, caps=False)


def rounded(
    points: Sequence[Point], radius: float | Sequence[float], steps: int = 6, closed: bool = False
) -> list[Point]:
    """The polyline with each corner turned into an arc of about `radius` (one for all, or one each)."""
    count = len(points)
    radii = [radius] * count if isinstance(radius, (int, float)) else list(radius)
    out: list[Point] = []
    for i, here in enumerate(points):
        if (not closed and i in (0, count - 1)) or radii[i] <= 0:
            out.append(tuple(here))
            continue
        p, before, after = Vector(here), Vector(points[i - 1]), Vector(points[(i + 1) % count])
        u, v = (before - p), (after - p)
        lu, lv = u.length, v.length
        u, v = u / lu, v / lv
        half = math.acos(max(-1.0, min(1.0, u.dot(v)))) / 2
        if half > math.pi / 2 - 0.01:
            out.append(tuple(here))
            continue
        back = min(radii[i] / math.tan(half), lu * 0.48, lv * 0.48)
        start, end = p + u * back, p + v * back
        for k in range(steps + 1):
            t = k / steps
            # A conic with the corner as its middle point; the weight makes it circular.
            w = math.sin(half)
            weight = (1 - t) ** 2 + 2 * w * t * (1 - t) + t**2
            q = (start * (1 - t) ** 2 + p * (2 * w * t * (1 - t)) + end * t**2) / weight
            out.append((q[0], q[1]))
    return out


def oval(a: float, b: float, power: float = 2.0, count: int = 96) -> list[Point]:
    """A superellipse with half axes a and b; 2 is an ellipse, 4 nearly a rounded rectangle. Points are evenly spread."""
    fine = []
    for i in range(count * 16):
        t = 2 * math.pi * i / (count * 16)
        c, s = math.cos(t), math.sin(t)
        fine.append(
            (a * math.copysign(abs(c) ** (2 / power), c), b * math.copysign(abs(s) ** (2 / power), s))
        )
    return spread(fine, count)


def spread(points: Sequence[Point], count: int, closed: bool = True) -> list[Point]:
    """The same line with `count` points at even distances."""
    line = [*points, points[0]] if closed else list(points)
    lengths = [0.0]
    for p, q in itertools.pairwise(line):
        lengths.append(lengths[-1] + math.dist(p, q))
    total, out, k = lengths[-1], [], 0
    for i in range(count):
        goal = total * i / (count if closed else count - 1)
        while k < len(lengths) - 2 and lengths[k + 1] < goal:
            k += 1
        part = (goal - lengths[k]) / max(lengths[k + 1] - lengths[k], 1e-12)
        out.append(tuple(a + (b - a) * part for a, b in zip(line[k], line[k + 1], strict=True)))
    return out


def box_outline(width: float, depth: float, radius: float, steps: int = 10) -> list[Point]:
    w, d = width / 2, depth / 2
    return rounded([(w, -d), (w, d), (-w, d), (-w, -d)], radius, steps, closed=True)


def inset(outline: Sequence[Point], by: float) -> list[Point]:
    """The outline (counter-clockwise) moved inwards along its normals."""
    out, count = [], len(outline)
    for i, p in enumerate(outline):
        a, b = Vector(outline[i - 1]), Vector(outline[(i + 1) % count])
        t = (b - a).normalized()
        out.append((p[0] - t.y * by, p[1] + t.x * by))
    return out


def plate(
    name: str,
    outline: Sequence[Point],
    height: float,
    edge: float,
    material: bpy.types.Material | None = None,
    *,
    bottom_edge: float | None = None,
    z: float = 0,
    steps: int = 6,
    shape: Callable[[float, float, float], Sequence[float]] | None = None,
) -> bpy.types.Object:
    """An upright prism over the outline (counter-clockwise) with rounded top and bottom edges; `shape` may move each point."""
    low = edge if bottom_edge is None else bottom_edge
    rings: list[list[tuple[float, float, float]]] = []

    def ring(by: float, at: float) -> None:
        rings.append([(x, y, at) for x, y in (inset(outline, by) if by else outline)])

    if low > 0:
        ring(low * 1.25, z)
        for k in range(steps + 1):
            a = math.pi / 2 * k / steps
            ring(low * (1 - math.sin(a)), z + low * (1 - math.cos(a)))
    else:
        ring(0, z)
    if edge > 0:
        for k in range(steps + 1):
            a = math.pi / 2 * k / steps
            ring(edge * (1 - math.cos(a)), z + height - edge * (1 - math.sin(a)))
        ring(edge * 1.25, z + height)
    else:
        ring(0, z + height)
    if shape is not None:
        rings = [[tuple(shape(*p)) for p in r] for r in rings]
    return loft(name, rings, material)


def box(
    name: str,
    size: Sequence[float],
    edge: float,
    material: bpy.types.Material | None = None,
    *,
    corner: float | None = None,
    at: Sequence[float] = (0, 0, 0),
) -> bpy.types.Object:
    """A box that stands on z=0 of `at`."""
    w, d, h = size
    solid = plate(name, box_outline(w, d, corner or edge, 8), h, min(edge, h * 0.49), material)
    solid.location = at
    return solid


def path_frames(
    points: Sequence[Vector], closed: bool = False, up: Vector | None = None
) -> list[tuple[Vector, Vector, Vector]]:
    """Tangent, normal and binormal at each point, turning as little as possible (or keeping the normal close to `up`)."""
    count = len(points)
    tangents = []
    for i in range(count):
        a = points[i - 1] if closed or i else points[i]
        b = points[(i + 1) % count] if closed or i < count - 1 else points[i]
        tangents.append((b - a).normalized())
    normal = up.copy() if up else (Vector((0, 0, 1)) if abs(tangents[0].z) < 0.9 else Vector((1, 0, 0)))
    frames = []
    for t in tangents:
        if up:
            normal = up
        normal = (normal - t * normal.dot(t)).normalized()
        frames.append((t, normal, t.cross(normal)))
    return frames


def sweep(
    name: str,
    path: Iterable[Sequence[float]],
    section: Sequence[Point],
    material: bpy.types.Material | None = None,
    *,
    closed: bool = False,
    up: Sequence[float] | None = None,
    scale: Callable[[float], float | Point] | None = None,
) -> bpy.types.Object:
    """The section (counter-clockwise; x along the normal, y along the binormal) led along the path; `scale` by the share of the way."""
    points = [Vector(p) for p in path]
    frames = path_frames(points, closed, Vector(up) if up else None)
    rings = []
    for k, (p, (_, n, b)) in enumerate(zip(points, frames, strict=True)):
        size = scale(k / (len(points) - 1)) if scale else 1.0
        sx, sy = size if isinstance(size, tuple) else (size, size)
        rings.append([tuple(p + n * (x * sx) + b * (y * sy)) for x, y in section])
    return loft(name, rings, material, around=closed)


def tube(
    name: str,
    path: Iterable[Sequence[float]],
    radius: float,
    material: bpy.types.Material | None = None,
    *,
    closed: bool = False,
    steps: int = 20,
    ends: bool = True,
) -> bpy.types.Object:
    """A round bar along the path, with rounded ends."""
    points = [Vector(p) for p in path]
    circle = [(math.cos(2 * math.pi * i / steps), math.sin(2 * math.pi * i / steps)) for i in range(steps)]
    if closed or not ends:
        return sweep(name, points, [(x * radius, y * radius) for x, y in circle], material, closed=closed)
    first, last = (points[0] - points[1]).normalized(), (points[-1] - points[-2]).normalized()
    bend = [math.pi / 2 * k / 6 for k in range(7)]
    head = [(points[0] + first * radius * math.cos(a), math.sin(a)) for a in bend]
    tail = [(points[-1] + last * radius * math.sin(a), math.cos(a)) for a in bend]
    stations = [*head[:-1], *((p, 1.0) for p in points), *tail[1:]]
    frames = path_frames(points)
    every = [frames[0]] * (len(head) - 1) + frames + [frames[-1]] * (len(tail) - 1)
    rings = [
        [tuple(p + (n * x + b * y) * (radius * max(s, 1e-4))) for x, y in circle]
        for (p, s), (_, n, b) in zip(stations, every, strict=True)
    ]
    return loft(name, rings, material)


def spline(points: Sequence[Sequence[float]], count: int = 64, closed: bool = False) -> list[Vector]:
    """A smooth line through all points (centripetal enough for our purposes: Catmull-Rom), with `count` even points."""
    control = [Vector(p) for p in points]
    fine: list[Vector] = []
    n = len(control)
    for i in range(n if closed else n - 1):
        p1, p2 = control[i], control[(i + 1) % n]
        p0 = control[i - 1] if closed or i else p1 + (p1 - p2)
        p3 = control[(i + 2) % n] if closed or i + 2 < n else p2 + (p2 - p1)
        for k in range(24):
            t = k / 24
            fine.append(
                0.5
                * (
                    (2 * p1)
                    + (p2 - p0) * t
                    + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t
                    + (3 * p1 - p0 - 3 * p2 + p3) * t**3
                )
            )
    if not closed:
        fine.append(control[-1])
    return [Vector(p) for p in spread([tuple(p) for p in fine], count, closed)]


def arc(
    radius: float,
    start: float,
    end: float,
    count: int = 32,
    centre: Sequence[float] = (0, 0, 0),
    plane: str = "xz",
) -> list[Vector]:
    """Points of an arc, degrees, in a plane of the axes named."""
    out = []
    for i in range(count):
        a = math.radians(start + (end - start) * i / (count - 1))
        values = dict(zip(plane, (radius * math.cos(a), radius * math.sin(a)), strict=True))
        out.append(Vector(centre) + Vector([values.get(axis, 0.0) for axis in "xyz"]))
    return out


def lettering(
    name: str,
    text: str,
    size: float,
    material: bpy.types.Material,
    *,
    at: Sequence[float] = (0, 0, 0),
    turn: Sequence[float] = (0, 0, 0),
    depth: float = 0.0,
    spacing: float = 1.0,
) -> bpy.types.Object:
    """Text that stands centred on `at`, in its x-y plane."""
    curve = bpy.data.curves.new(name, "FONT")
    curve.body, curve.size, curve.extrude = text, size, depth
    curve.space_character = spacing
    curve.align_x = curve.align_y = "CENTER"
    curve.materials.append(material)
    thing = bpy.data.objects.new(name, curve)
    bpy.context.scene.collection.objects.link(thing)
    return place(thing, at, turn)


def smooth(thing: bpy.types.Object, levels: int = 2) -> bpy.types.Object:
    """Subdivide when rendering."""
    modifier = thing.modifiers.new("smooth", "SUBSURF")
    modifier.levels = modifier.render_levels = levels
    return thing


def bevelled(thing: bpy.types.Object, width: float, segments: int = 4, angle: float = 35) -> bpy.types.Object:
    """Round the hard edges of a mesh that was not lofted."""
    modifier = thing.modifiers.new("bevel", "BEVEL")
    modifier.width, modifier.segments, modifier.angle_limit = width, segments, math.radians(angle)
    modifier.limit_method = "ANGLE"
    modifier.harden_normals = True
    return thing


def cut(thing: bpy.types.Object, tool: bpy.types.Object) -> bpy.types.Object:
    """Take the tool's volume out of the thing, now."""
    modifier = thing.modifiers.new("cut", "BOOLEAN")
    modifier.object, modifier.operation, modifier.solver = tool, "DIFFERENCE", "EXACT"
    freeze(thing)
    bpy.data.objects.remove(tool)
    return thing


def freeze(thing: bpy.types.Object) -> bpy.types.Object:
    """Apply all modifiers."""
    graph = bpy.context.evaluated_depsgraph_get()
    data = bpy.data.meshes.new_from_object(thing.evaluated_get(graph))
    thing.modifiers.clear()
    thing.data = data
    return thing


def mirrored(thing: bpy.types.Object, axis: int = 0) -> bpy.types.Object:
    """A mirror image as an object of its own (before it has a parent)."""
    copy = thing.copy()
    copy.data = thing.data.copy()
    bpy.context.scene.collection.objects.link(copy)
    scale = [1.0, 1.0, 1.0]
    scale[axis] = -1.0
    copy.matrix_world = Matrix.Diagonal((*scale, 1.0)) @ thing.matrix_basis
    return copy


def again(name: str, data: bpy.types.Mesh) -> bpy.types.Object:
    """One more object of a mesh that exists."""
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def turn(thing: bpy.types.Object, by: Sequence[float]) -> bpy.types.Object:
    """Turned by degrees around x, y and z, where it is."""
    thing.rotation_euler = Euler([math.radians(a) for a in by], "XYZ")
    return thing


def fused(
    name: str, parts: Sequence[bpy.types.Object], grain: float, material: bpy.types.Material
) -> bpy.types.Object:
    """The parts melted into one body with soft transitions; `grain` is the size of the smallest feature that stays."""
    bpy.context.view_layer.update()
    vertices: list[Vector] = []
    faces: list[list[int]] = []
    for part in parts:
        start = len(vertices)
        vertices += [part.matrix_world @ v.co for v in part.data.vertices]
        faces += [[start + i for i in p.vertices] for p in part.data.polygons]
        bpy.data.objects.remove(part)
    body = mesh(name, vertices, faces, material)
    voxels = body.modifiers.new("melt", "REMESH")
    voxels.mode, voxels.voxel_size = "VOXEL", grain
    soft = body.modifiers.new("soft", "SMOOTH")
    soft.factor, soft.iterations = 0.5, 14
    freeze(body)
    body.data.polygons.foreach_set("use_smooth", [True] * len(body.data.polygons))
    body.data.materials.clear()
    body.data.materials.append(material)
    return body


def rest(thing: bpy.types.Object, height: float = 0.0) -> bpy.types.Object:
    """Lower or raise what is placed (with all it carries) until its lowest point lies at a height."""
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    lowest = math.inf
    for part in (thing, *thing.children_recursive):
        if part.type != "MESH":
            continue
        shown = part.evaluated_get(graph)
        lowest = min(lowest, *((shown.matrix_world @ v.co).z for v in shown.data.vertices))
    thing.location.z += height - lowest
    return thing
