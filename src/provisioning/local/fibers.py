"""
Many short pieces of work side by side in one thread.

Each runs until it waits for the disk; then the next one goes on, and when all wait, all that they wait for is carried out in one go. So
a hundred transactions cost one sync and not one change of threads. Whatever else blocks, blocks all of them: for short work only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from greenlet import getcurrent, greenlet


class Receiver(Protocol):
    """Carries out what several wait for. Never raises: what went wrong, it tells each of them."""

    def carry_out_all(self, waiting: Sequence[Any], /) -> None: ...


class _Fiber(greenlet):
    """One piece of work. It is switched back to whenever what it waited for has come about."""


def run_together(works: Sequence[Callable[[], None]]) -> None:
    """Carry out all of them, which must not raise, and return when the last one has ended."""
    if len(works) == 1:
        works[0]()
        return
    hub = getcurrent()
    running = [_Fiber(work, hub) for work in works]
    while running:
        parked: dict[Receiver, list[Any]] = {}
        still: list[_Fiber] = []
        for fiber in running:
            wish = cast("tuple[Receiver, Any] | None", fiber.switch())
            if wish is not None:
                parked.setdefault(wish[0], []).append(wish[1])
                still.append(fiber)
        for receiver, waiting in parked.items():
            receiver.carry_out_all(waiting)
        running = still


def wait_together(receiver: Receiver, waiting: object) -> bool:
    """Wait until `waiting` was carried out with what the others wait for; False, at once, where nobody runs us together with others."""
    fiber = getcurrent()
    if not isinstance(fiber, _Fiber):
        return False
    assert fiber.parent is not None
    fiber.parent.switch((receiver, waiting))
    return True
