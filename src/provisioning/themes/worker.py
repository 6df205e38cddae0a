"""
The process that renders imported themes: reads what to render, gives up what it does not need, renders, answers.

What holds here even if a template should find a way out of the sandbox: memory and processor time are limited by the kernel, no
file or socket can be opened as no further descriptor is to be had, the environment is empty, and Python's own audit refuses what
goes beyond rendering. What does not: a flaw of the kernel or of Python itself, as this is a process, not a machine.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from provisioning.confinement import give_up
from provisioning.themes.isolation import TIMED_OUT
from provisioning.themes.plans import RenderingPlan
from provisioning.themes.rendering import render_plan
from provisioning.themes.sandbox import make_environment
from provisioning.themes.views import RenderContext

BEGUN, OK, FAILED, LATE = b".", b"+", b"-", b"~"
HEADER = struct.Struct(">cI")
#: Loaded when they are first needed, which is too late here.
_ON_HAND = ("encodings.ascii", "encodings.unicode_escape", "jinja2.debug", "nh3")
_ALLOWED_EVENTS = frozenset(
    {"compile", "exec", "code.__new__", "sys._getframe", "object.__getattr__", "object.__setattr__", "builtins.id"}
)  # fmt: skip
#: So long before it would be killed, a process ends by itself and says where it was.
_BEFORE = 0.25


class OutOfTime(BaseException):
    """Raised by a signal wherever a template is; no `except Exception` on the way catches it."""

    def __init__(self, message: str, *, by_clock: bool) -> None:
        super().__init__(message)
        self.by_clock = by_clock


class Place:
    """Which section is being rendered: what a refusal names, whatever the template does."""

    def __init__(self) -> None:
        self.section = ""

    def watch(self, plan: RenderingPlan) -> None:
        """Note each section that is asked for; sections are, right before they are rendered."""
        environment = make_environment(plan)
        find = environment.get_template

        def get_template(name: Any, *more: Any, **named: Any) -> Any:
            if str(name).startswith(("sections/", "layout/")):
                self.section = str(name)
            return find(name, *more, **named)

        environment.get_template = get_template

    def __str__(self) -> str:
        return f"{self.section}: " if self.section else ""


def main() -> None:
    """Read the work from standard input, and write each page to standard output as soon as it is made."""
    for name in _ON_HAND:
        import_module(name)
    plan, jobs, memory, cpu, page_limit, wall, ends_at = pickle.load(sys.stdin.buffer)  # noqa: S301  written by our own process
    place = Place()
    place.watch(plan)
    try:
        _end_in_time(cpu, wall, ends_at)
        give_up(memory, cpu, _ALLOWED_EVENTS)
        # Until here it was our own doing, not the theme's.
        _write(BEGUN, f"{time.process_time():.3f}".encode())
        _answer(plan, jobs, page_limit, place)
    except OutOfTime as late:  # while nothing was being rendered, as where an answer was not taken
        os._exit(TIMED_OUT if late.by_clock else 1)
    os._exit(0)


def _answer(
    plan: RenderingPlan, jobs: Sequence[tuple[str, RenderContext]], page_limit: int, place: Place
) -> None:
    for template, context in jobs:
        try:
            body = render_plan(plan, template, context).encode()
            if len(body) > page_limit:
                raise OverflowError(f"the page is larger than {page_limit} bytes")
        except OutOfTime as late:
            _write(LATE if late.by_clock else FAILED, f"{template}: {place}{late}".encode()[:1_000])
            return
        except BaseException as error:  # noqa: BLE001  whatever it is, the parent is told and nothing goes on
            told = f"{template}: {place}{type(error).__name__}: {error}"
            _write(FAILED, told.encode(errors="replace")[:1_000])
            return
        _write(OK, body)


def _end_in_time(cpu: int, wall: float, ends_at: float) -> None:
    """Have `OutOfTime` raised where the time is up, so that the answer can say where. The kernel and the parent end what goes on."""

    def raise_late(number: int, _frame: object) -> None:
        if number == signal.SIGXCPU:
            raise OutOfTime(f"more than {cpu} seconds of computing", by_clock=False)
        raise OutOfTime(f"it took longer than {wall:g} seconds", by_clock=True)

    signal.signal(signal.SIGXCPU, raise_late)
    signal.signal(signal.SIGALRM, raise_late)
    signal.setitimer(signal.ITIMER_REAL, max(0.05, ends_at - _BEFORE - time.monotonic()))


def _write(mark: bytes, body: bytes) -> None:
    sys.stdout.buffer.write(HEADER.pack(mark, len(body)) + body)
    sys.stdout.buffer.flush()
