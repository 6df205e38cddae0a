"""
What strangers sent is touched in a process of its own alone: how that is started and ended, and what it gives up before.

It is a fresh interpreter with an empty environment, killed where it takes too long. What holds in it even if the stranger's bytes should
take it over: memory and processor time are limited by the kernel, and no file or socket can be opened as no further descriptor is to be
had. What does not: a flaw of the kernel, as this is a process, not a machine.
"""

from __future__ import annotations

import json
import math
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from provisioning.errors import Transient

_STANDARD_STREAMS = 3
_SOURCES = Path(__file__).resolve().parents[1]
_BEGIN = "import sys, json; from importlib import import_module; sys.path[:] = json.loads(sys.argv[1]); import_module(sys.argv[2]).main()"
#: Seconds after which somebody who found others at work may try again.
_RETRY_AFTER = 5


@dataclass(frozen=True, slots=True)
class End:
    """How a process ended: its status, negative for a signal, the seconds that it computed, and whether it was killed as its time was up."""

    status: int
    computed: float
    late: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What a process got: so many seconds by the clock, and whether others had to be waited for."""

    seconds: float
    waited: bool


class Worker:
    """A process that works for us, as it is seen from outside."""

    def __init__(self, module: str, given: Given) -> None:
        self.given = given
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter and words
            [sys.executable, "-I", "-c", _BEGIN, json.dumps([str(_SOURCES), *sys.path]), module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        self._ending = threading.Lock()
        self._end: End | None = None
        self._watch = threading.Timer(given.seconds, self.end, [True])
        self._watch.daemon = True
        self._watch.start()

    @property
    def answer(self) -> IO[bytes]:
        """What it writes."""
        assert self._process.stdout
        return self._process.stdout

    def hand_over(self, write: Callable[[IO[bytes]], object]) -> None:
        """Give it its work, all at once."""
        assert self._process.stdin
        with suppress(BrokenPipeError):  # it has ended already, which is told where its answer is missing
            write(self._process.stdin)
            self._process.stdin.close()

    def end(self, late: bool = False) -> End:
        """Kill it if it has not ended by itself; tells how the first who asked for it found it."""
        # The number of a process is its own until it is waited for: nobody else is killed.
        with self._ending:
            if self._end is None:
                os.kill(self._process.pid, signal.SIGKILL)
                self._end = self._wait(late)
            return self._end

    def _wait(self, late: bool) -> End:
        try:
            _, status, usage = os.wait4(self._process.pid, 0)
        except ChildProcessError:  # who started us has the system wait for all children
            self._process.returncode = 0
            return End(0, 0.0, late)
        self._process.returncode = code = os.waitstatus_to_exitcode(status)
        return End(code, usage.ru_utime + usage.ru_stime, late and code == -signal.SIGKILL)

    def close(self) -> None:
        """End it, and give back what it took here."""
        self._watch.cancel()
        self.end()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()


class Workers:
    """
    Processes of one kind: those that run the function `main` of a module.

    One at a time in a process of ours, as one may take a core and most of the memory. `busy` says what others are doing.
    """

    def __init__(self, module: str, busy: str) -> None:
        self._module = module
        self._busy = busy
        self._turn = threading.BoundedSemaphore(1)

    @contextmanager
    def start(self, wall: float, wait: float, ends_at: float = math.inf) -> Generator[Worker]:
        """
        A worker for `wall` seconds, which is killed when they are over, at the monotonic time `ends_at`, or when the caller is done.

        Raises `Transient` where others are still at work after `wait` seconds.
        """
        with self.turn(wait) as waited:
            seconds = max(0.0, min(wall, ends_at - time.monotonic()))
            worker = Worker(self._module, Given(seconds, waited))
            try:
                yield worker
            finally:
                worker.close()

    @contextmanager
    def turn(self, wait: float) -> Generator[bool]:
        """Let no other worker of this kind start meanwhile; tells whether one had to be waited for."""
        at_once = self._turn.acquire(blocking=False)
        if not at_once and not self._turn.acquire(timeout=max(0.0, wait)):
            raise Transient(self._busy, code="BUSY", retry_after=_RETRY_AFTER)
        try:
            yield not at_once
        finally:
            self._turn.release()


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
