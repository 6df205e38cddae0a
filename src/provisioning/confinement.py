"""
What a process of ours gives up before it touches what strangers sent.

What holds afterwards even if the stranger's bytes should take the process over: memory and processor time are limited by the kernel,
and no file or socket can be opened as no further descriptor is to be had. What does not: a flaw of the kernel, as this is a process, not a
machine.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Any

_STANDARD_STREAMS = 3


def give_up(memory: int, cpu: int, allowed_events: frozenset[str]) -> None:
    """
    From here on this process has `memory` bytes and `cpu` seconds, opens nothing any more, and reads no more input.

    Python's own audit refuses every event but those that are allowed.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.closerange(_STANDARD_STREAMS, 256)
    # The first limit is a signal, with a second to say where it was; the second one is the end.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, _STANDARD_STREAMS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event not in allowed_events:
            raise PermissionError(f"{event} is no part of this work")

    sys.addaudithook(refuse)
