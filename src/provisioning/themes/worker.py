"""
The process that renders imported themes: reads what to render, gives up what it does not need, renders, answers.

What holds here even if a template should find a way out of the sandbox: memory and processor time are limited by the kernel, no
file or socket can be opened as no further descriptor is to be had, the environment is empty, and Python's own audit refuses what
goes beyond rendering. What does not: a flaw of the kernel or of Python itself, as this is a process, not a machine.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from importlib import import_module

from provisioning.confinement import give_up
from provisioning.themes.rendering import render_plan

OK, FAILED = b"+", b"-"
HEADER = struct.Struct(">cI")
#: Loaded when they are first needed, which is too late here.
_ON_HAND = ("encodings.ascii", "encodings.unicode_escape", "jinja2.debug", "nh3")
_ALLOWED_EVENTS = frozenset(
    {"compile", "exec", "code.__new__", "sys._getframe", "object.__getattr__", "object.__setattr__", "builtins.id"}
)  # fmt: skip


def main() -> None:
    """Read the work from standard input, and write each page to standard output as soon as it is made."""
    for name in _ON_HAND:
        import_module(name)
    plan, jobs, memory, cpu, page_limit = pickle.load(sys.stdin.buffer)  # noqa: S301  written by our own process
    give_up(memory, cpu, _ALLOWED_EVENTS)
    for template, context in jobs:
        try:
            body = render_plan(plan, template, context).encode()
            if len(body) > page_limit:
                raise OverflowError(f"the page is larger than {page_limit} bytes")
        except BaseException as error:  # noqa: BLE001  whatever it is, the parent is told and nothing goes on
            _write(FAILED, f"{template}: {type(error).__name__}: {error}".encode(errors="replace")[:1_000])
            break
        _write(OK, body)
    os._exit(0)


def _write(mark: bytes, body: bytes) -> None:
    sys.stdout.buffer.write(HEADER.pack(mark, len(body)) + body)
    sys.stdout.buffer.flush()
