"""
Many short pieces of work side by side in one thread.

Each runs until it waits for the disk; then the next one goes on, and when all wait, all that they wait for is carried out in one go. So
a hundred transactions cost one sync and not one change of threads. Whatever else blocks, blocks all of them: for short work only.

Where several threads do so, one computes while others wait for the disk. Two that computed at once would take the interpreter from each
other with every statement of SQL, and both be slower.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from greenlet import greenlet

#: Seconds after which a thread computes beside another: that one may be blocked by something that we know nothing of.
PATIENCE = 0.1


class Receiver(Protocol):
    """Carries out what several wait for. Never raises: what went wrong, it tells each of them."""

    def carry_out_all(self, waiting: Sequence[Any], /) -> None: ...


class _Thread(threading.local):
    """What runs several pieces of work in this thread, while it does."""

    hub: greenlet | None = None
    #: What says which of them this is.
    current: Callable[[], greenlet] | None = None
    #: Whether it is this thread's turn to compute.
    computes = False


_THREAD = _Thread()
_COMPUTING = threading.Lock()


def run_together(works: Sequence[Callable[[], None]]) -> None:
    """Carry out all of them, which must not raise, and return when the last one has ended."""
    if len(works) == 1:
        works[0]()
        return
    # Loaded here: the functions in the cloud have this module, and no greenlet.
    from greenlet import getcurrent, greenlet

    hub = _THREAD.hub = getcurrent()
    _THREAD.current = getcurrent
    _take_turn()
    try:
        _switch_around([greenlet(work, hub) for work in works])
    finally:
        _end_turn()
        _THREAD.hub = None


def _switch_around(running: list[greenlet]) -> None:
    """Switch to each until it waits, carry out what they wait for, and again, until the last one has ended."""
    while running:
        parked: dict[Receiver, list[Any]] = {}
        still: list[greenlet] = []
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
    hub, current = _THREAD.hub, _THREAD.current
    if hub is None or current is None or current() is hub:
        return False
    hub.switch((receiver, waiting))
    return True


@contextmanager
def letting_others_compute() -> Generator[None]:
    """Meanwhile this thread waits for the disk, or for another one that does."""
    if not _THREAD.computes:
        yield
        return
    _end_turn()
    try:
        yield
    finally:
        _take_turn()


def _take_turn() -> None:
    _THREAD.computes = _COMPUTING.acquire(timeout=PATIENCE)


def _end_turn() -> None:
    if _THREAD.computes:
        _THREAD.computes = False
        _COMPUTING.release()
