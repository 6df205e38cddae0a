"""
Child processes that never outlive us.

Each child leads a process group of its own. A watchdog process holds the other end of a pipe: when we end, however we end, the
pipe closes and the watchdog ends every group that is still there. (Linux could signal children by itself, but does so when
the *thread* that started them ends.)
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

#: Seconds that a group has after SIGTERM before SIGKILL.
GRACE = 5.0


class Children:
    """Starts processes, each with its own log file under `logs`, and stops them all."""

    def __init__(self, logs: Path, *, grace: float = GRACE) -> None:
        self._logs = logs
        self._grace = grace
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(
        self, name: str, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start `command` in a group of its own; its output goes to `<name>.log`. `environment` is the whole of it."""
        self._logs.mkdir(parents=True, exist_ok=True)
        with self._lock, self.log_of(name).open("ab") as log:
            watchdog = self._watchdog or self._start_watchdog()
            child = subprocess.Popen(  # noqa: S603
                [str(part) for part in command],
                env=None if environment is None else dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._running[child.pid] = child
            _tell(watchdog, f"+{child.pid}")
        return child

    def log_of(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def stop(self, *children: subprocess.Popen[bytes]) -> None:
        """End these children, or all: SIGTERM to the group, SIGKILL to what is left of it after the grace."""
        with self._lock:
            ending = list(children or self._running.values())
            end_groups([child.pid for child in ending], self._grace, reap=ending)
            for child in ending:
                self._running.pop(child.pid, None)
                _tell(self._watchdog, f"-{child.pid}")
            if not self._running:
                self._stop_watchdog()

    def _start_watchdog(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", "-S", __file__, str(self._grace)]
        self._watchdog = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self._watchdog

    def _stop_watchdog(self) -> None:
        watchdog, self._watchdog = self._watchdog, None
        if watchdog is None or watchdog.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):
            watchdog.stdin.close()
        watchdog.wait()


def end_groups(groups: Iterable[int], grace: float, *, reap: Sequence[subprocess.Popen[bytes]] = ()) -> None:
    """End process groups: SIGTERM, and SIGKILL after `grace` seconds."""
    left = [group for group in groups if _signal_group(group, signal.SIGTERM)]
    deadline = time.monotonic() + grace
    while left and time.monotonic() < deadline:
        for child in reap:
            child.poll()
        left = [group for group in left if _signal_group(group, 0)]
        time.sleep(0.02 if left else 0)
    for group in left:
        _signal_group(group, signal.SIGKILL)
    for child in reap:
        child.wait()


def _signal_group(group: int, number: int) -> bool:
    """Whether the group was there to receive it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _tell(watchdog: subprocess.Popen[bytes] | None, line: str) -> None:
    if watchdog is None or watchdog.stdin is None:
        return
    with contextlib.suppress(BrokenPipeError):
        watchdog.stdin.write(f"{line}\n".encode())
        watchdog.stdin.flush()


def _watch(grace: float) -> None:
    """The watchdog: note the groups that come and go on standard input, and end those left at its close."""
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    end_groups(groups, grace)


if __name__ == "__main__":
    _watch(float(sys.argv[1]))
