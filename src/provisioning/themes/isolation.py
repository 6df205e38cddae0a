"""
Rendering of imported themes, in a process of its own that is killed where it takes too much.

The process is a fresh interpreter with an empty environment; it is handed the theme's plan and the contexts, and what comes back is
read as plain text, never as objects. See `worker.py` for what the process itself gives up.
"""

from __future__ import annotations

import copyreg
import json
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, cast

from provisioning.errors import Permanent, Transient
from provisioning.themes.plans import RenderingPlan
from provisioning.themes.views import RenderContext

_SOURCES = Path(__file__).resolve().parents[2]
_BEGIN = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from provisioning.themes.worker import main; main()"
_HEADER_BYTES = 5
_MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may take. `memory`, `page` and `total` are bytes, `cpu` and `wall` seconds."""

    memory: int = 512 * 1024 * 1024
    cpu: int = 10
    wall: float = 60
    page: int = 2 * 1024 * 1024
    #: Of all pages of a release together.
    total: int = 200 * 1024 * 1024

    def within(self, seconds: float) -> Limits:
        """No longer than so many seconds by the clock, and one at least; half of it of computing."""
        wall = max(1.0, min(self.wall, seconds))
        return replace(self, wall=wall, cpu=max(1, min(self.cpu, int(wall / 2))))


def render_isolated(
    plan: RenderingPlan, pages: Sequence[tuple[str, RenderContext]], limits: Limits | None = None
) -> Iterator[str]:
    """
    Each page in turn; a process renders at most 200 of them.

    The limit of time is for all of them together. Raises `Permanent` where the theme takes too much or one of its templates fails, `Transient` where it got too little of the machine; pages before that one have been given out.
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
    path = json.dumps([str(_SOURCES), *sys.path])
    process = subprocess.Popen(  # noqa: S603  our own interpreter and words
        [sys.executable, "-I", "-c", _BEGIN, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    late = threading.Event()
    watch = threading.Timer(max(0.0, ends_at - time.monotonic()), lambda: (late.set(), process.kill()))
    watch.start()
    try:
        assert process.stdin and process.stdout
        # The clock is the machine's, the same in both processes.
        given = (limits.memory, limits.cpu, limits.page, limits.wall, ends_at)
        _hand_over(process.stdin, (plan, list(pages), *given))
        for template, _ in pages:
            yield _read(process, process.stdout, limits, late, template)
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()


def _hand_over(stream: IO[bytes], work: object) -> None:
    with suppress(BrokenPipeError):  # it has ended already, which is told where its answer is missing
        pickle.dump(work, stream, protocol=pickle.HIGHEST_PROTOCOL)
        stream.close()


def _read(
    process: subprocess.Popen[bytes],
    stream: IO[bytes],
    limits: Limits,
    late: threading.Event,
    template: str,
) -> bytes:
    header = stream.read(_HEADER_BYTES)
    size = int.from_bytes(header[1:], "big")
    if len(header) == _HEADER_BYTES and size <= limits.page:
        body = stream.read(size)
        if len(body) == size and header[:1] == b"+":
            return body
        if len(body) == size and header[:1] == b"~":
            # Nobody's fault: the next attempt may have more of the machine.
            raise Transient(f"the machine is too busy: {body.decode()}", code="OUT_OF_TIME")
        if len(body) == size:
            raise _refusal(body.decode(errors="replace"))
    process.kill()
    code = process.wait()
    if late.is_set():
        raise _refusal(f"{template}: it took longer than {limits.wall:g} seconds")
    raise _refusal(
        f"{template}: its process ended early (status {code}): too much memory or more than {limits.cpu} seconds of computing"
    )


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
