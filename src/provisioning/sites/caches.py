"""The two caches of the storefront: values that expire, and immutable ones that give way when space runs out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from provisioning.errors import Transient

V = TypeVar("V")


class Bounded(Generic[V]):
    """Keeps immutable values while their sizes sum up to at most `capacity` bytes; the least recently used go first."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._used = 0
        self._kept: OrderedDict[str, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes in use."""
        return self._used

    def get(self, key: str) -> V | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: str, value: V, size: int) -> None:
        """Keep `value`, unless it alone would push out more than an eighth of everything."""
        if size > self._capacity // 8:
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = (value, size)
            self._used += size
            while self._used > self._capacity:
                _, (_, freed) = self._kept.popitem(last=False)
                self._used -= freed


@dataclass(slots=True)
class _Slot(Generic[V]):
    lock: threading.Lock = field(default_factory=threading.Lock)
    value: V | None = None
    loaded_at: float = float("-inf")
    fresh_until: float = float("-inf")


class Expiring(Generic[V]):
    """
    Keeps values for a while, each loaded by one thread at a time; the others wait for it.

    Where loading is `Transient`ly impossible, the last value is good for `grace` seconds from its loading: a short failure of
    the database does not take the shops down.
    """

    def __init__(self, clock: Callable[[], float], *, most: int, grace: float) -> None:
        self._clock = clock
        self._most = most
        self._grace = grace
        self._slots: OrderedDict[str, _Slot[V]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, load: Callable[[str], tuple[V, float]]) -> V:
        """The value of `key`; `load` answers it with the seconds that it stays fresh."""
        slot = self._slot(key)
        value = slot.value
        if value is not None and self._clock() < slot.fresh_until:
            return value
        with slot.lock:
            if slot.value is not None and self._clock() < slot.fresh_until:
                return slot.value
            return self._load(key, slot, load)

    def _load(self, key: str, slot: _Slot[V], load: Callable[[str], tuple[V, float]]) -> V:
        asked_at = self._clock()
        try:
            value, seconds = load(key)
        except Transient:
            if slot.value is None or asked_at - slot.loaded_at > self._grace:
                raise
            slot.fresh_until = asked_at + 1
            return slot.value
        # Counted from before the reading: what was read may be that old already.
        slot.value, slot.loaded_at, slot.fresh_until = value, asked_at, asked_at + seconds
        return value

    def _slot(self, key: str) -> _Slot[V]:
        with self._lock:
            slot = self._slots.get(key)
            if slot is None:
                slot = self._slots[key] = _Slot()
                if len(self._slots) > self._most:
                    self._slots.popitem(last=False)
            else:
                self._slots.move_to_end(key)
            return slot
