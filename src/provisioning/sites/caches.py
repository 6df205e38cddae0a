"""
The storefront's caches: values that expire, and immutable ones that give way when space runs out.

Both are bounded in bytes, and both load a missing value once however many threads ask for it: the others wait for that load and share its
outcome, its failure too, so that a receiver that does not answer is not waited for by one visitor after the other.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from provisioning.errors import Transient

V = TypeVar("V")

#: What an entry takes beside its key and value: a dictionary's slot, the slot object, the string's head.
OVERHEAD = 400


class _Flight(Generic[V]):
    """One load under way: its outcome once `done` is set."""

    __slots__ = ("done", "error", "value")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.value: V | None = None
        self.error: BaseException | None = None

    def wait(self) -> V:
        self.done.wait()
        if self.error is not None:
            raise self.error
        # Only set together with `done`, and to what a load returned.
        return self.value  # pyright: ignore[reportReturnType]

    def carry(self, load: Callable[[], V]) -> V:
        """Load; whatever comes of it, whoever waits is told. `land` has to follow."""
        try:
            self.value = load()
        except BaseException as error:
            self.error = error
            raise
        return self.value


class Bounded(Generic[V]):
    """Keeps immutable values while their sizes sum up to at most `capacity` bytes; the least recently used go first."""

    def __init__(self, capacity: int, largest: int | None = None) -> None:
        self._capacity = capacity
        self._largest = largest or capacity // 8
        self._used = 0
        self._kept: OrderedDict[object, tuple[V, int]] = OrderedDict()
        self._flights: dict[object, _Flight[tuple[V, int]]] = {}
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes in use."""
        return self._used

    def get(self, key: object) -> V | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def get_or_load(self, key: object, load: Callable[[], tuple[V, int]]) -> V:
        """The value of `key`; `load` answers it with its bytes. What `load` raises is raised to all who wait for it."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found[0]
            under_way = key in self._flights
            flight = self._flights.setdefault(key, _Flight())
        if under_way:
            return flight.wait()[0]
        try:
            value, size = flight.carry(load)
            self._put(key, value, size)
            return value
        finally:
            with self._lock:
                del self._flights[key]
            flight.done.set()

    def _put(self, key: object, value: V, size: int) -> None:
        """Keep `value`, unless it alone would push out too much."""
        size += OVERHEAD
        if size > self._largest:
            return
        with self._lock:
            self._kept[key] = (value, size)
            self._used += size
            while self._used > self._capacity:
                _, (_, freed) = self._kept.popitem(last=False)
                self._used -= freed


class Loaded(NamedTuple, Generic[V]):
    """What a load found out: the value, the seconds that it is fresh, and the bytes that it takes."""

    value: V
    seconds: float
    size: int = 0
    #: False where there is nothing. Those are kept apart: however many are asked for, they push out nothing that is there.
    known: bool = True


@dataclass(slots=True)
class _Slot(Generic[V]):
    value: V
    size: int
    loaded_at: float
    #: From here on one visitor loads anew, while the others still get this value.
    refresh_from: float
    fresh_until: float


class Expiring(Generic[V]):
    """
    Keeps values for a while, in at most `capacity` bytes.

    In the last quarter of its time a value is loaded anew by one thread, while the others still get it: under load nobody waits. One that
    has expired is waited for. Where loading is `Transient`ly impossible, the last value is good for `grace` seconds from its loading: a
    short failure of the database does not take the shops down.
    """

    def __init__(self, clock: Callable[[], float], *, capacity: int, grace: float) -> None:
        self._clock = clock
        self._grace = grace
        self._known: _Shelf[V] = _Shelf(capacity * 3 // 4)
        self._absent: _Shelf[V] = _Shelf(capacity // 4)
        self._flights: dict[str, _Flight[V]] = {}
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes in use."""
        return self._known.used + self._absent.used

    def get(self, key: str, load: Callable[[str], Loaded[V]]) -> V:
        """The value of `key`. Raises what `load` raises, where no value is left that is good enough."""
        now = self._clock()
        with self._lock:
            slot = self._known.get(key) or self._absent.get(key)
            under_way = key in self._flights
            if slot is not None and now < slot.fresh_until and (under_way or now < slot.refresh_from):
                return slot.value
            flight = self._flights.setdefault(key, _Flight())
        if under_way:
            return flight.wait()
        try:
            return flight.carry(lambda: self._load(key, slot, load))
        finally:
            with self._lock:
                del self._flights[key]
            flight.done.set()

    def _load(self, key: str, slot: _Slot[V] | None, load: Callable[[str], Loaded[V]]) -> V:
        asked_at = self._clock()
        try:
            value, seconds, size, known = load(key)
        except Transient:
            if slot is None or asked_at - slot.loaded_at > self._grace:
                raise
            slot.refresh_from = slot.fresh_until = asked_at + 1
            return slot.value
        # Counted from before the reading: what was read may be that old already.
        made = _Slot(
            value, size + len(key) + OVERHEAD, asked_at, asked_at + 0.75 * seconds, asked_at + seconds
        )
        with self._lock:
            (self._absent if known else self._known).drop(key)
            (self._known if known else self._absent).put(key, made)
        return value


class _Shelf(Generic[V]):
    """Slots within `capacity` bytes, the least recently used go first. Its owner holds the lock."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._slots: OrderedDict[str, _Slot[V]] = OrderedDict()
        self.used = 0

    def get(self, key: str) -> _Slot[V] | None:
        slot = self._slots.get(key)
        if slot is not None:
            self._slots.move_to_end(key)
        return slot

    def put(self, key: str, slot: _Slot[V]) -> None:
        self.drop(key)
        self._slots[key] = slot
        self.used += slot.size
        while self.used > self._capacity:
            _, dropped = self._slots.popitem(last=False)
            self.used -= dropped.size

    def drop(self, key: str) -> None:
        slot = self._slots.pop(key, None)
        if slot is not None:
            self.used -= slot.size
