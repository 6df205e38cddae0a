"""
A second process that delivers from the embedded queue while there is more of it than one interpreter carries.

The queue's leases and turns are in the file, so it is all the same which process takes a delivery. The runtime starts it when its own
dispatcher has had all it may hold for a while, and it ends by itself when nothing has come for a while. It never outlives the runtime: it
ends with the pipe between them, however that was closed; until then it keeps the lock of the folder.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from provisioning import logs
from provisioning.errors import Transient
from provisioning.local.deliveries import Push
from provisioning.local.dispatcher import Dispatcher
from provisioning.local.interpreter import tuned
from provisioning.local.messages import SqliteMessages

#: Who leases for it: the runtime itself is 1.
HOLDER = 2
#: Seconds without a delivery after which it ends.
IDLE_SECONDS = 30.0
#: Seconds that it has at the runtime's end for what is under way.
GRACE = 10.0
#: Seconds until another one is started after one that failed.
AGAIN_SECONDS = 10.0
_STOP = b"stop\n"
#: How often it is tried to free what a process held that is gone.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class ReliefProgram:
    """What runs in that process, which calls `serve`; `environment` is the whole of its own."""

    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(repr=False)


class Relief:
    """Starts that process, and sees to what it leaves behind. What it says goes to `log`; `lock` is the file by which the folder is ours."""

    def __init__(self, program: ReliefProgram, messages: SqliteMessages, log: Path, lock: int) -> None:
        self._program = program
        self._messages = messages
        self._log = log
        self._lock = lock
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._attendant: threading.Thread | None = None
        self._not_before = 0.0
        self._ending = False

    def call(self) -> None:
        """Start it, unless it is there, or has just failed. Never raises."""
        with self._guard:
            if self._process is not None or self._ending or time.monotonic() < self._not_before:
                return
            try:
                self._process = self._start()
            except OSError as error:
                logs.function_crashed("relief", type(error).__name__, "embedded")
                self._not_before = time.monotonic() + AGAIN_SECONDS
                return
            self._attendant = threading.Thread(
                target=self._attend, args=(self._process,), name="relief", daemon=True
            )
            self._attendant.start()

    def tell_to_stop(self) -> None:
        """It takes no more, and finishes what is under way; none is started any more."""
        with self._guard:
            self._ending = True
            if self._process is not None and self._process.stdin is not None:
                with suppress(BrokenPipeError):
                    self._process.stdin.write(_STOP)
                    self._process.stdin.flush()

    def wait(self) -> None:
        """Wait until it has ended, which it does within `GRACE` seconds."""
        process, attendant = self._process, self._attendant
        if process is None or attendant is None:
            return
        attendant.join(GRACE)
        process.kill()
        attendant.join()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                [str(part) for part in self._program.command],
                env=dict(self._program.environment),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(self._lock,),
                # An interrupt at the terminal is ours; what follows from it we say.
                start_new_session=True,
            )
        logs.relief_started(process.pid)
        return process

    def _attend(self, process: subprocess.Popen[bytes]) -> None:
        code = process.wait()
        logs.relief_ended(process.pid, code)
        if code != 0:
            self._not_before = time.monotonic() + AGAIN_SECONDS
        try:
            self._free_what_it_held()
        finally:
            with self._guard:
                assert process.stdin is not None
                with suppress(BrokenPipeError):
                    process.stdin.close()
                self._process = None

    def _free_what_it_held(self) -> None:
        """However it ended. Where the database stays busy, the leases end by themselves."""
        for _ in range(_ATTEMPTS):
            with suppress(Transient):
                self._messages.release(HOLDER)
                return


def listen() -> threading.Event:
    """
    To be called first thing in that process: the event that says that it is told to stop.

    When the runtime has ended without a word, this process ends too, whatever it is at.
    """
    told = threading.Event()
    threading.Thread(target=_listen, args=(told,), name="runtime", daemon=True).start()
    return told


def serve(messages: SqliteMessages, push: Push, ack_deadline: float, told: threading.Event) -> None:
    """Deliver until it is told to stop, or nothing has come for `IDLE_SECONDS`."""
    if told.is_set():
        return
    dispatcher = Dispatcher(messages, push, ack_deadline, holder=HOLDER)
    with tuned():
        dispatcher.start()
        while not told.wait(1.0) and dispatcher.idle_for() < IDLE_SECONDS:
            pass
        dispatcher.stop()


def _listen(told: threading.Event) -> None:
    # Not `sys.stdin`: an interpreter that ends while a thread waits in its buffer aborts.
    with open(0, "rb", buffering=0, closefd=False) as pipe:
        for line in pipe:
            if line == _STOP:
                told.set()
    # Killed, and perhaps started again: whoever comes then must not find us at work.
    os._exit(1)
