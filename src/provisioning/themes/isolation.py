"""
Rendering of imported themes, in a process of its own that is killed where it takes too much.

The process is a fresh interpreter with an empty environment; it is handed the theme's plan and the contexts, and what comes back is
read as plain text, never as objects. See `worker.py` for what the process itself gives up.
"""

from __future__ import annotations

import copyreg
import math
import pickle
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, cast

from provisioning.confinement import Given, Worker, Workers
from provisioning.errors import Permanent, Transient
from provisioning.themes.plans import RenderingPlan
from provisioning.themes.views import RenderContext

_WORKERS = Workers("provisioning.themes.worker", "other imported themes are being rendered")
#: For this share of the time, at most, others are waited for.
_WAITING = 0.5
_HEADER_BYTES = 5
_MOST_PAGES = 200
#: With this status the process ends where its time was up and it could not say so.
TIMED_OUT = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may take. `memory`, `page` and `total` are bytes, `cpu` and `wall` seconds."""

    memory: int = 512 * 1024 * 1024
    cpu: int = 10
    wall: float = 60
    page: int = 2 * 1024 * 1024
    #: Of all pages of a release together.
    total: int = 200 * 1024 * 1024
    #: Who is late by the clock and was computing for less than this share of it was kept from it by others.
    share: float = 0.25

    def within(self, seconds: float) -> Limits:
        """No longer than so many seconds by the clock, and one at least; half of it of computing."""
        wall = max(1.0, min(self.wall, seconds))
        return replace(self, wall=wall, cpu=max(1, min(self.cpu, int(wall / 2))))


def render_isolated(
    plan: RenderingPlan, pages: Sequence[tuple[str, RenderContext]], limits: Limits | None = None
) -> Iterator[str]:
    """
    Each page in turn; a process renders at most 200 of them.

    The limit of time is for all of them together, with what others are waited for: one process renders at a time. Raises `Permanent` where the theme takes too much or one of its templates fails, `Transient` where it got too little of the machine; pages before that one have been given out.
    """
    limits = limits or Limits()
    left, ends_at = limits.total, time.monotonic() + limits.wall
    for start in range(0, len(pages), _MOST_PAGES):
        for body in _render(plan, pages[start : start + _MOST_PAGES], limits, ends_at):
            left -= len(body)
            if left < 0:
                raise _refusal(f"its pages are larger than {limits.total} bytes together")
            yield body.decode()


def _render(
    plan: RenderingPlan, pages: Sequence[tuple[str, RenderContext]], limits: Limits, ends_at: float
) -> Iterator[bytes]:
    wait = ends_at - (1 - _WAITING) * limits.wall - time.monotonic()
    with _WORKERS.start(limits.wall, wait, ends_at) as worker:
        # The clock is the machine's, the same in both processes.
        work = (plan, list(pages), limits.memory, limits.cpu, limits.page, limits.wall, ends_at)
        worker.hand_over(lambda stream: pickle.dump(work, stream, protocol=pickle.HIGHEST_PROTOCOL))
        start = _read_start(worker, limits)
        for template, _ in pages:
            yield _read(worker, limits, template, start)


def _read_start(worker: Worker, limits: Limits) -> float:
    """How long the process computed until it could begin with the theme; endless where it has not."""
    told = _answer(worker, limits)
    return float(told[1]) if told and told[0] == b"." else math.inf


def _read(worker: Worker, limits: Limits, template: str, start: float) -> bytes:
    told = _answer(worker, limits)
    if told and told[0] == b"+":
        return told[1]
    if told and told[0] == b"~":
        raise _too_late(worker, limits, start, told[1].decode(errors="replace"))
    if told:
        raise _refusal(told[1].decode(errors="replace"))
    end = worker.end()
    if end.late or end.status == TIMED_OUT:
        late = f"{template}: it took longer than {limits.wall:g} seconds"
        raise _too_late(worker, limits, start, late)
    raise _refusal(
        f"{template}: its process ended early (status {end.status}): too much memory or more than {limits.cpu} seconds of computing"
    )


def _answer(worker: Worker, limits: Limits) -> tuple[bytes, bytes] | None:
    """A mark and what belongs to it; nothing where the process has ended, or says more than it may."""
    header = worker.answer.read(_HEADER_BYTES)
    size = int.from_bytes(header[1:], "big")
    if len(header) < _HEADER_BYTES or size > limits.page:
        return None
    body = worker.answer.read(size)
    return (header[:1], body) if len(body) == size else None


def _too_late(worker: Worker, limits: Limits, start: float, told: str) -> Permanent | Transient:
    if is_at_fault(worker.end().computed, start, worker.given, limits):
        return _refusal(told)
    # Nobody's fault: the next attempt may have more of the machine.
    return Transient(f"the machine is too busy: {told}", code="OUT_OF_TIME")


def is_at_fault(computed: float, start: float, given: Given, limits: Limits) -> bool:
    """Whether a theme that was late by the clock takes too long, and not the machine, when a process computed so long, and so long of it before it could begin with the theme."""
    if computed >= limits.cpu:
        return True
    return not given.waited and computed - start >= given.seconds * limits.share


def _refusal(detail: str) -> Permanent:
    return Permanent(
        "THEME_FAILED",
        "the imported theme could not be rendered",
        detail=detail,
        action="Correct the theme, and import it again.",
    )


def freeze(mapping: dict[str, Any]) -> MappingProxyType[str, Any]:
    """Makes a frozen mapping again, in the other process."""
    return MappingProxyType(mapping)


def _reduce(mapping: Any) -> tuple[Any, tuple[dict[str, Any]]]:
    return freeze, (dict(cast("MappingProxyType[str, Any]", mapping)),)


# Frozen mappings are all through plans and views, and the standard library cannot pickle them.
copyreg.pickle(MappingProxyType, _reduce)
