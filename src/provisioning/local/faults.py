"""The switch that breaks steps, as a file in the data folder: every process of a local runtime sees the same."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from provisioning.ports import Fault

_SHAPE = TypeAdapter(tuple[Fault, ...])


class FileFaults:
    """`Faults` in a file; none where there is no file, which is all that a step looks at then."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turned = path.with_suffix(".turned")

    def read(self) -> tuple[Fault, ...]:
        try:
            return _SHAPE.validate_json(self._path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return ()

    def write(self, faults: tuple[Fault, ...]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            self._keep(faults)
            self._turned.write_bytes(os.urandom(8).hex().encode())

    def take(self, step: str) -> Fault | None:
        if not self._path.exists():
            return None
        with self._alone():
            faults = self.read()
            taken = next((fault for fault in faults if fault.step == step), None)
            if taken is not None and taken.times is not None:
                self._keep(_less(faults, taken))
        return taken

    def turned_at(self) -> str:
        try:
            return self._turned.read_text()
        except FileNotFoundError:
            return ""

    def _keep(self, faults: tuple[Fault, ...]) -> None:
        if not faults:
            self._path.unlink(missing_ok=True)
            return
        new = self._path.with_suffix(".new")
        new.write_bytes(_SHAPE.dump_json(faults))
        new.replace(self._path)

    @contextmanager
    def _alone(self) -> Generator[None]:
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _less(faults: tuple[Fault, ...], taken: Fault) -> tuple[Fault, ...]:
    """The same with one use of `taken` less; it goes with its last."""
    used: Callable[[Fault], Fault] = lambda fault: replace(fault, times=(fault.times or 1) - 1)  # noqa: E731
    changed = (used(fault) if fault is taken else fault for fault in faults)
    return tuple(fault for fault in changed if fault.times is None or fault.times > 0)
