"""Documents in memory, exactly as the port has them; the contract suite runs over this adapter too."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from provisioning.errors import Conflict
from provisioning.local import values
from provisioning.ports import Create, Delete, Query, Set, Snapshot, Update, Where, Write, check_id

#: Called for each document that changed: its path, what was there, what is there now, and when.
Observer = Callable[[str, "Kept | None", "Kept | None"], None]

_NULL, _BOOLEAN, _NUMBER, _MOMENT, _TEXT, _LIST, _MAP = range(7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCALARS = frozenset((str, int, float, bool, type(None), datetime))
#: Above so many characters of text the exact size of a document is worth counting.
_LARGE = 100_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it is kept; `data` is never handed out, only copies of it."""

    data: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class MemoryDocuments:
    """
    The port `Documents`. `clock` gives microseconds since 1970.

    Update times grow strictly; a write that changes nothing leaves `update_time` as it was, as Firestore does.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._collections: dict[str, dict[str, Kept]] = {}
        self._last = 0
        self._lock = threading.RLock()
        self._watched: list[_Watch] = []
        self.observers: list[Observer] = []

    # --- the port ---

    def get(self, path: str) -> Snapshot:
        with self._lock:
            return self._snapshot(path, self._kept(path), self._now())

    def get_all(self, paths: Sequence[str]) -> list[Snapshot]:
        with self._lock:
            now = self._now()
            return [self._snapshot(path, self._kept(path), now) for path in paths]

    def query(self, query: Query) -> list[Snapshot]:
        order = _Order(query)
        tests = [_condition(where) for where in query.where]
        _check_collection(query.collection)
        position = order.position_of_cursor()
        with self._lock:
            now = self._now()
            found: list[tuple[tuple[Any, ...], str, Kept]] = []
            for id, kept in self._collections.get(query.collection, {}).items():
                if not all(test(kept.data) for test in tests):
                    continue
                place = order.position(id, kept.data)
                if place is None or (position is not None and not order.is_behind(place, position)):
                    continue
                found.append((place, id, kept))
            found.sort(key=lambda item: item[0], reverse=order.descending)
            return [
                self._snapshot(f"{query.collection}/{id}", kept, now) for _, id, kept in found[: query.limit]
            ]

    def count(self, query: Query) -> int:
        return len(self.query(replace(query, limit=sys.maxsize, after=None)))

    def commit(self, writes: Sequence[Write]) -> tuple[datetime, ...]:
        prepared = [_prepare(write) for write in writes]
        if not prepared:
            return ()
        with self._lock:
            now = self._tick()
            undo: list[tuple[str, str, Kept | None]] = []
            try:
                times = [self._apply(write, data, now, undo) for write, data in prepared]
            except BaseException:
                for collection, id, kept in reversed(undo):
                    self._place(collection, id, kept)
                raise
            changed: dict[tuple[str, str], Kept | None] = {}
            for collection, id, kept in undo:
                changed.setdefault((collection, id), kept)
            for (collection, id), before in changed.items():
                self._tell(f"{collection}/{id}", before, self._collections.get(collection, {}).get(id))
        return tuple(times)

    def watch(self, path: str, on_change: Callable[[Snapshot], None]) -> Callable[[], None]:
        _split(path)
        watch = _Watch(self, path, on_change)
        self._watched.append(watch)
        watch.start()
        return watch.end

    # --- what the simulator alone asks ---

    def everything(self) -> dict[str, dict[str, Any]]:
        """All documents by path; not to be changed."""
        return {
            f"{collection}/{id}": kept.data
            for collection, documents in self._collections.items()
            for id, kept in documents.items()
        }

    def peek(self, path: str) -> dict[str, Any] | None:
        """One document's data, not to be changed."""
        kept = self._kept(path)
        return kept.data if kept else None

    # --- inside ---

    def _now(self) -> datetime:
        return _EPOCH + timedelta(microseconds=max(self._clock(), self._last))

    def _tick(self) -> datetime:
        self._last = max(self._clock(), self._last + 1)
        return _EPOCH + timedelta(microseconds=self._last)

    def _kept(self, path: str) -> Kept | None:
        collection, id = _split(path)
        return self._collections.get(collection, {}).get(id)

    def _place(self, collection: str, id: str, kept: Kept | None) -> None:
        documents = self._collections.setdefault(collection, {})
        if kept is None:
            documents.pop(id, None)
        else:
            documents[id] = kept

    def _apply(
        self, write: Write, data: dict[str, Any], now: datetime, undo: list[tuple[str, str, Kept | None]]
    ) -> datetime:
        collection, id = _split(write.path)
        kept = self._collections.get(collection, {}).get(id)
        _check(write, kept)
        if isinstance(write, Delete):
            undo.append((collection, id, kept))
            self._place(collection, id, None)
            return now
        whole = kept.data | data if isinstance(write, Update) and kept else data
        if kept is not None and whole == kept.data:
            return kept.updated_at
        undo.append((collection, id, kept))
        self._place(collection, id, Kept(whole, kept.created_at if kept else now, now))
        return now

    def _tell(self, path: str, before: Kept | None, after: Kept | None) -> None:
        if before is after:
            return
        for watch in self._watched:
            watch.tell(path)
        for observer in self.observers:
            observer(path, before, after)

    def _snapshot(self, path: str, kept: Kept | None, now: datetime) -> Snapshot:
        if kept is None:
            return Snapshot(path, None, now)
        return Snapshot(path, _copy(kept.data), now, kept.created_at, kept.updated_at)


class _Watch:
    """A thread that tells one listener; the simulator itself never watches."""

    def __init__(self, documents: MemoryDocuments, path: str, on_change: Callable[[Snapshot], None]) -> None:
        self._documents = documents
        self._path = path
        self._on_change = on_change
        self._changed = threading.Event()
        self._ended = False

    def start(self) -> None:
        self._changed.set()
        threading.Thread(target=self._follow, daemon=True).start()

    def end(self) -> None:
        self._ended = True
        self._changed.set()

    def tell(self, path: str) -> None:
        if path == self._path:
            self._changed.set()

    def _follow(self) -> None:
        shown: Snapshot | None = None
        while self._changed.wait() and not self._ended:
            self._changed.clear()
            snapshot = self._documents.get(self._path)
            if shown is not None and shown.update_time == snapshot.update_time:
                continue
            shown = snapshot
            try:
                self._on_change(snapshot)
            except Exception:  # noqa: BLE001, S112 - a listener's error must not end the watch
                continue


# --- Writes ----------------------------------------------------------------------------------------------


def _prepare(write: Write) -> tuple[Write, dict[str, Any]]:
    _split(write.path)
    if isinstance(write, Update | Delete) and write.if_updated_at is not None:
        values.to_microseconds(write.if_updated_at, "if_updated_at")
    if isinstance(write, Delete):
        return write, {}
    if not isinstance(write, Update):
        return write, _keep(write.data)
    fields = _keep(write.fields)
    if not fields:
        values.refuse("fields", "EMPTY", "must name at least one field")
    if any("." in name for name in fields):
        values.refuse("fields", "INVALID_NAME", "names of fields to update must not hold a dot")
    return write, fields


def _check(write: Write, kept: Kept | None) -> None:
    if isinstance(write, Create) and kept is not None:
        raise Conflict(f"{write.path} exists already")
    if isinstance(write, Update) and kept is None:
        raise Conflict(f"{write.path} does not exist")
    if isinstance(write, Create | Set) or write.if_updated_at is None:
        return
    if kept is None or kept.updated_at != write.if_updated_at:
        raise Conflict(f"{write.path} was changed meanwhile")


class _Odd(Exception):
    """Something that only the full check can judge."""


def _keep(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `data` as it is read back: tuples are lists, moments are in UTC. Raises `InvalidInput`."""
    weight = [0]
    try:
        kept = _kept_map(data, 1, weight)
    except _Odd:
        return values.decode(values.dump(values.encode(data)))
    if weight[0] > _LARGE:
        values.dump(values.encode(data))
    return kept


def _kept_map(data: object, depth: int, weight: list[int]) -> dict[str, Any]:
    if not isinstance(data, Mapping) or depth >= values.MAX_DEPTH:
        raise _Odd
    kept: dict[str, Any] = {}
    for name, value in data.items():
        if name not in _GOOD_NAMES:
            _check_name(name)
        kind = type(value)
        if kind is str and value.isascii():
            weight[0] += len(value)
            kept[name] = value
        elif value is None or kind is bool:
            kept[name] = value
        else:
            kept[name] = _kept_value(value, depth, weight)
    weight[0] += 60 * len(kept)
    return kept


_GOOD_NAMES: set[object] = set()


def _check_name(name: object) -> None:
    if type(name) is not str or not name or name[0] in "$_" or len(name) > 60 or not name.isascii():
        raise _Odd
    if len(_GOOD_NAMES) < 5000:
        _GOOD_NAMES.add(name)


def _kept_value(value: object, depth: int, weight: list[int]) -> Any:
    kind = type(value)
    if kind is str:
        weight[0] += 4 * len(value)  # type: ignore[arg-type]
        if not value.isascii():  # type: ignore[union-attr]
            try:
                value.encode()  # type: ignore[union-attr]
            except UnicodeEncodeError:
                raise _Odd from None
        return value
    if value is None or kind is bool:
        return value
    if kind is int and -(2**62) < value < 2**62:  # type: ignore[operator]
        return value
    if kind is float and math.isfinite(value):  # type: ignore[arg-type]
        return value
    if kind is datetime and value.tzinfo is UTC:  # type: ignore[union-attr]
        return value
    if kind is dict:
        return _kept_map(value, depth + 1, weight)
    if kind in (list, tuple):
        if depth + 1 >= values.MAX_DEPTH or any(type(item) in (list, tuple) for item in value):  # type: ignore[union-attr]
            raise _Odd
        return [_kept_value(item, depth + 1, weight) for item in value]  # type: ignore[union-attr]
    raise _Odd


def _copy(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return {name: item if type(item) in _SCALARS else _copy(item) for name, item in value.items()}
    if kind is list:
        return [item if type(item) in _SCALARS else _copy(item) for item in value]
    return value


def _split(path: str) -> tuple[str, str]:
    collection, _, id = path.rpartition("/")
    if path not in _GOOD_PATHS:
        _check_collection(collection)
        check_id(id)
        if len(_GOOD_PATHS) > 20_000:
            _GOOD_PATHS.clear()
        _GOOD_PATHS.add(path)
    return collection, id


_GOOD_PATHS: set[str] = set()


def _check_collection(collection: str) -> None:
    segments = collection.split("/")
    if len(segments) % 2 == 0:
        values.refuse("path", "INVALID_PATH", "collections and ids must take turns in a path")
    for segment in segments:
        check_id(segment, "path")


# --- Queries ---------------------------------------------------------------------------------------------

_MISSING = object()


def _at(data: Mapping[str, Any], field: str) -> Any:
    value: Any = data
    for name in field.split("."):
        if not isinstance(value, dict) or name not in value:
            return _MISSING
        value = value[name]
    return value


def _comparable(value: Any) -> tuple[int, Any]:
    """A value's rank among the types, and what orders it within its type."""
    if value is None:
        return _NULL, 0
    if isinstance(value, bool):
        return _BOOLEAN, value
    if isinstance(value, int | float):
        return _NUMBER, value
    if isinstance(value, str):
        return _TEXT, value
    if isinstance(value, datetime):
        return _MOMENT, value
    text = values.dump(values.encode_value(value, "where"))
    return (_MAP if isinstance(value, dict) else _LIST), text


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _condition(where: Where) -> Callable[[Mapping[str, Any]], bool]:
    _check_field(where.field)
    if where.op not in _COMPARE:
        values.refuse("op", "UNKNOWN_OPERATOR", "must be one of ==, <, <=, >, >=")
    values.encode_value(where.value, where.field)
    kind, operand = _comparable(where.value)
    if kind in (_LIST, _MAP) or (kind == _NULL and where.op != "=="):
        values.refuse("where", "NOT_COMPARABLE", "cannot be compared with a list, a map, or null")
    compare, field = _COMPARE[where.op], where.field

    def test(data: Mapping[str, Any]) -> bool:
        value = _at(data, field)
        if value is _MISSING:
            return False
        found, comparable = _comparable(value)
        return found == kind and compare(comparable, operand)

    return test


def _check_field(field: str) -> None:
    if not all(name.isidentifier() and name.isascii() for name in field.split(".")):
        values.refuse("field", "INVALID_NAME", "must be plain names, separated by dots")


class _Order:
    """The order of a query: by a field, if one is given, then by id in the same direction."""

    def __init__(self, query: Query) -> None:
        if query.limit < 1:
            values.refuse("limit", "TOO_SMALL", "must be at least 1")
        self._query = query
        self._field = (query.order_by or "").removeprefix("-") or None
        self.descending = (query.order_by or "").startswith("-")
        if query.order_by is not None:
            _check_field(self._field or "")
        if any(where.op != "==" and where.field != self._field for where in query.where):
            values.refuse("order_by", "RANGE_NEEDS_ORDER", "must be the field of the range condition")

    def position(self, id: str, data: Mapping[str, Any]) -> tuple[Any, ...] | None:
        if self._field is None:
            return (id,)
        value = _at(data, self._field)
        return None if value is _MISSING else (*_comparable(value), id)

    def position_of_cursor(self) -> tuple[Any, ...] | None:
        after = self._query.after
        if after is None:
            return None
        place = self.position(after.id, after.data or {})
        if after.path.rpartition("/")[0] != self._query.collection or place is None:
            values.refuse("after", "FOREIGN_CURSOR", "must be a result of the same query")
        return place

    def is_behind(self, place: tuple[Any, ...], cursor: tuple[Any, ...]) -> bool:
        return place < cursor if self.descending else place > cursor
