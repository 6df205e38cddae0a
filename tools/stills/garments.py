"""
Garments laid flat: a pattern piece is a sheet over an outline that rises from its edge, with folds, seams and stitches on it.

A simulation would need minutes for what a merchandiser smooths out by hand anyway; here every fold is a stroke that was put there.
Lengths are centimetres; x goes to the right, y up the garment, z off the table.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
from mathutils import Vector
from mathutils.geometry import delaunay_2d_cdt
from tools.stills import lofts

Point = tuple[float, float]


@dataclass(frozen=True)
class Fold:
    """A ridge (or, with a negative height, a groove) along a line; its left side is `lean` times as wide as its right."""

    line: Sequence[Point]
    height: float
    width: float
    lean: float = 1.0
    #: Whether it fades towards its ends.
    fades: bool = True


@dataclass
class Piece:
    """One pattern piece: outline counter-clockwise, as high as `height` from `edge` centimetres inside its outline."""

    outline: Sequence[Point]
    height: float = 0.8
    edge: float = 1.3
    base: float = 0.0
    folds: list[Fold] = field(default_factory=list)
    #: Unevenness everywhere.
    ripple: float = 0.1
    seed: int = 1
    cell: float = 0.5
    #: How the cloth under it lifts it: x, y arrays → heights.
    under: Callable[[Any, Any], Any] | None = None

    def __post_init__(self) -> None:
        length = sum(
            math.dist(a, b) for a, b in zip(self.outline, [*self.outline[1:], self.outline[0]], strict=True)
        )
        self.rim = np.array(lofts.spread(list(self.outline), max(24, int(length / self.cell))))

    def heights(self, x: Any, y: Any) -> Any:
        """How high the cloth lies at the points."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        far = np.full(x.shape, np.inf)
        closed = np.vstack([self.rim, self.rim[:1]])
        for a, b in itertools.pairwise(closed):
            far = np.minimum(far, _distance(x, y, a, b)[0])
        rise = np.clip(far / self.edge, 0, 1)
        z = self.height * np.sqrt(np.clip(1 - (1 - rise) ** 2, 0, 1))
        inside = np.clip(far / (self.edge * 1.6), 0, 1) ** 0.8
        chance = random.Random(self.seed)
        for _ in range(9):
            angle, size = chance.random() * math.tau, chance.uniform(4, 17)
            phase = chance.random() * math.tau
            along = (x * math.cos(angle) + y * math.sin(angle)) / size
            z = z + inside * self.ripple / 2.2 * np.sin(
                along * 2.2 + phase + 0.7 * np.sin(along * 0.9 + phase * 2)
            )
        for fold in self.folds:
            z = z + inside * _ridge(fold, x, y)
        z = np.maximum(z, 0.03 * rise)
        if self.under is not None:
            z = z + self.under(x, y)
        return z + self.base

    def on(self, line: Sequence[Point], lift: float = 0.0) -> list[Vector]:
        """Points of a line, laid on the cloth."""
        points = np.array(line)
        return [
            Vector((x, y, z + lift))
            for (x, y), z in zip(points, self.heights(points[:, 0], points[:, 1]), strict=True)
        ]

    def build(
        self,
        name: str,
        material: Any,
        grain: float = 0.0,
        others: Sequence[tuple[Any, Callable[[Any, Any], Any], float]] = (),
    ) -> Any:
        """
        The piece as a mesh. `grain` turns the cloth's grain (degrees); `others` are further materials, each with a test of where
        it lies (x, y arrays → booleans) and its own grain.
        """
        low, high = self.rim.min(axis=0), self.rim.max(axis=0)
        step = self.cell
        chance = np.random.default_rng(self.seed)
        gx, gy = np.meshgrid(np.arange(low[0], high[0], step), np.arange(low[1], high[1], step * 0.866))
        gx[1::2] += step / 2
        x, y = (
            gx.ravel() + chance.uniform(-0.08, 0.08, gx.size) * step,
            gy.ravel() + chance.uniform(-0.08, 0.08, gx.size) * step,
        )
        keep = _inside(x, y, self.rim)
        near = np.full(x.shape, np.inf)
        for p in self.rim:
            near = np.minimum(near, (x - p[0]) ** 2 + (y - p[1]) ** 2)
        keep &= near > (step * 0.55) ** 2
        count = len(self.rim)
        flat = [Vector(p) for p in self.rim] + [Vector(p) for p in zip(x[keep], y[keep], strict=True)]
        rim = list(range(count))
        made = delaunay_2d_cdt(flat, [], [rim], 1, 1e-5)
        points = np.array([tuple(v) for v in made[0]])
        z = self.heights(points[:, 0], points[:, 1])
        faces = [tuple(face) for face in made[2]]
        uv_by_grain = {turn: _turned(points, turn) for turn in {grain, *(o[2] for o in others)}}
        centres = np.array([points[list(face)].mean(axis=0) for face in faces])
        index = np.zeros(len(faces), int)
        for k, (_, where, _) in enumerate(others, 1):
            index[where(centres[:, 0], centres[:, 1])] = k
        grains = [grain, *(o[2] for o in others)]
        uv = [[tuple(uv_by_grain[grains[index[i]]][v]) for v in face] for i, face in enumerate(faces)]
        body = lofts.mesh(
            name, [(p[0], p[1], h) for p, h in zip(points, z, strict=True)], faces, material, uv, crease=180
        )
        for other, _, _ in others:
            body.data.materials.append(other)
        body.data.polygons.foreach_set("material_index", index.tolist())
        return body


def stitches(
    name: str,
    line: Sequence[Vector],
    material: Any,
    length: float = 0.3,
    gap: float = 0.13,
    radius: float = 0.04,
) -> Any:
    """A row of stitches along a line in space."""
    total = sum((b - a).length for a, b in itertools.pairwise(line))
    fine = [
        Vector(p) for p in lofts.spread([tuple(p) for p in line], max(4, int(total / 0.06)), closed=False)
    ]
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions = "3D"
    curve.bevel_depth, curve.bevel_resolution, curve.use_fill_caps = radius, 2, True
    size, stride = max(2, round(length / 0.06)), max(3, round((length + gap) / 0.06))
    for start in range(0, len(fine) - size, stride):
        run = fine[start : start + size + 1]
        path = curve.splines.new("POLY")
        path.points.add(len(run) - 1)
        for k, (point, p) in enumerate(zip(path.points, run, strict=True)):
            share = k / (len(run) - 1)
            point.co = (p.x, p.y, p.z + radius * (1.1 * math.sin(math.pi * share) - 0.3), 1)
            point.radius = 0.55 + 0.45 * math.sin(math.pi * share)
    curve.materials.append(material)
    body = bpy.data.objects.new(name, curve)
    bpy.context.scene.collection.objects.link(body)
    return body


def band(
    name: str, line: Sequence[Vector], width: float, thickness: float, material: Any, closed: bool = False
) -> Any:
    """A flat knitted or sewn band lying along a line: a collar, a hem, a strap."""
    outline = lofts.spread(
        lofts.rounded(
            [
                (-thickness / 2, -width / 2),
                (thickness / 2, -width / 2),
                (thickness / 2, width / 2),
                (-thickness / 2, width / 2),
            ],
            thickness * 0.48,
            6,
            closed=True,
        ),
        48,
    )
    return lofts.sweep(name, line, outline, material, closed=closed, up=(0, 0, 1))


def scattered(
    count: int,
    area: tuple[float, float, float, float],
    angle: float,
    length: float,
    height: float,
    width: float,
    seed: int = 1,
    spread: float = 25,
) -> list[Fold]:
    """Folds that lie about as if the cloth had been smoothed by hand, all roughly in one direction (degrees)."""
    chance = random.Random(seed)
    left, bottom, right, top = area
    folds = []
    for _ in range(count):
        x, y = chance.uniform(left, right), chance.uniform(bottom, top)
        turn = math.radians(angle + chance.uniform(-spread, spread))
        reach = length * chance.uniform(0.5, 1.2)
        bend = chance.uniform(-0.25, 0.25)
        line = []
        for k in range(9):
            t = k / 8 - 0.5
            a = turn + bend * t * 2
            line.append((x + math.cos(a) * reach * t, y + math.sin(a) * reach * t))
        folds.append(
            Fold(
                line,
                height * chance.uniform(0.4, 1.1),
                width * chance.uniform(0.6, 1.3),
                chance.choice((0.45, 0.6, 1.6, 2.2)),
            )
        )
    return folds


def mirrored(half: Sequence[Point]) -> list[Point]:
    """A whole outline from its right half, which runs from the bottom at x = 0 to the top at x = 0."""
    return [*half, *((-x, y) for x, y in reversed(half) if abs(x) > 1e-6)]


def _distance(x: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any, Any]:
    """Distance to a stretch, signed distance to its line, and the share of the way along it."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = max(dx * dx + dy * dy, 1e-12)
    t = np.clip(((x - a[0]) * dx + (y - a[1]) * dy) / square, 0, 1)
    px, py = x - (a[0] + t * dx), y - (a[1] + t * dy)
    side = (dx * (y - a[1]) - dy * (x - a[0])) / math.sqrt(square)
    return np.hypot(px, py), side, t


def _ridge(fold: Fold, x: Any, y: Any) -> Any:
    best = np.full(x.shape, np.inf)
    side, share = np.zeros(x.shape), np.zeros(x.shape)
    stretches = list(zip(fold.line, fold.line[1:], strict=False))
    for k, (a, b) in enumerate(stretches):
        d, s, t = _distance(x, y, a, b)
        closer = d < best
        best = np.where(closer, d, best)
        side, share = np.where(closer, s, side), np.where(closer, (k + t) / len(stretches), share)
    width = np.where(side > 0, fold.width * fold.lean, fold.width)
    shape = np.exp(-((best / width) ** 2))
    return fold.height * shape * (np.sin(np.pi * np.clip(share, 0, 1)) ** 0.7 if fold.fades else 1.0)


def _inside(x: Any, y: Any, rim: Any) -> Any:
    odd = np.zeros(x.shape, bool)
    for a, b in zip(rim, np.roll(rim, -1, axis=0), strict=True):
        crosses = (a[1] > y) != (b[1] > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            odd ^= crosses & (x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0])
    return odd


def _turned(points: Any, degrees: float) -> Any:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.stack([points[:, 0] * c + points[:, 1] * s, -points[:, 0] * s + points[:, 1] * c], axis=1)
