"""Documents in SQLite: JSON text in one table, ordered and searched by SQL."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from provisioning.errors import Conflict, Transient
from provisioning.local import messages, values
from provisioning.local.database import (
    LAST_COMMIT,
    POLL_SECONDS,
    Clock,
    Subscription,
    View,
    open_database,
)
from provisioning.ports import Create, Delete, Op, Query, Set, Snapshot, Update, Where, Write, check_id

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (collection, id)
);
CREATE INDEX IF NOT EXISTS documents_due ON documents (
    collection, json_extract(data, '$.engine.wake_shard'), json_extract(data, '$.engine.wake_at')
)
"""

_LOG = logging.getLogger(__name__)

_READ = "SELECT data, created_at, updated_at FROM documents WHERE collection = ? AND id = ?"
_WRITE = (
    "INSERT OR REPLACE INTO documents (collection, id, data, created_at, updated_at) VALUES (?, ?, ?, ?, ?)"
)
_REPLACE = "UPDATE documents SET data = ?, updated_at = ? WHERE collection = ? AND id = ? AND updated_at = ?"
_READ_ONE = " UNION ALL SELECT ?, data, created_at, updated_at FROM documents WHERE collection = ? AND id = ?"
#: SQLite takes 500 parts of a statement.
_READ_AT_ONCE = 50
_DELETE = "DELETE FROM documents WHERE collection = ? AND id = ?"
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
#: A name that needs no quotes in a path of SQLite's, and that documents may have.
_NAME = re.compile(r"(?!__.*__$)[A-Za-z_][A-Za-z0-9_]{0,99}")
_OPS: frozenset[Op] = frozenset(("==", "<", "<=", ">", ">="))


class SqliteDocuments:
    """
    The port `Documents`.

    Each document that comes into being in one of the collections `created_events_for`, and each change of a tenant's documents
    (`tenants/{store}/{collection}/{document}`), leaves an event in the queue of `SqliteMessages`, in the same transaction: the embedded
    stand-in for Firestore's triggers.
    """

    def __init__(
        self,
        path: Path,
        created_events_for: frozenset[str] = frozenset({"activation_requests"}),
        *,
        clock: Clock | None = None,
    ) -> None:
        self._database = open_database(path, clock)
        self._created_events_for = created_events_for
        self._known = _Memory()
        self._database.prepare(SCHEMA)
        messages.prepare(self._database)

    def get(self, path: str) -> Snapshot:
        return self.get_all([path])[0]

    def get_all(self, paths: Sequence[str]) -> list[Snapshot]:
        keys = [_split(path) for path in paths]
        if len(keys) > _READ_AT_ONCE:
            with self._database.reading() as view:
                found = {n: view.row(_READ, key) for n, key in enumerate(keys)}
                now = view.now
        else:
            parameters = [part for n, key in enumerate(keys) for part in (n, *key)]
            rows, now = self._database.read(LAST_COMMIT + _READ_ONE * len(keys), parameters)
            found: dict[int, Any] = {row[0]: row[1:] for row in rows}
            for n, (text, _, updated_at) in found.items():
                self._known.note(keys[n], updated_at, text)
        return [_snapshot(path, found.get(n), now) for n, path in enumerate(paths)]

    def query(self, query: Query) -> list[Snapshot]:
        sql, parameters = _select(query)
        with self._database.reading() as view:
            rows = view.rows(sql, parameters)
        return [_snapshot(f"{query.collection}/{id}", row, view.now) for id, *row in rows]

    def count(self, query: Query) -> int:
        sql, parameters = _select(replace(query, after=None))
        counted = sql.replace("id, data, created_at, updated_at", "count(*)", 1).partition(" ORDER BY ")[0]
        with self._database.reading() as view:
            row = view.row(counted, parameters[:-1])
        return int(row[0]) if row else 0

    def commit(self, writes: Sequence[Write]) -> tuple[datetime, ...]:
        prepared = [self._prepare(write) for write in writes]
        if not prepared:
            return ()

        def apply(view: View) -> tuple[int, list[str]]:
            return view.now, [self._apply(view, change) for change in prepared]

        now, texts = self._database.write(apply)
        for change, text in zip(prepared, texts, strict=True):
            self._known.note(change.key, now, text, change.parts)
        return (values.from_microseconds(now),) * len(prepared)

    def watch(self, path: str, on_change: Callable[[Snapshot], None]) -> Callable[[], None]:
        _split(path)
        subscription = self._database.subscribe(path)
        threading.Thread(
            target=self._follow, args=(path, on_change, subscription), name=f"watch {path}", daemon=True
        ).start()
        return subscription.end

    def close(self) -> None:
        """End all watches and leave the file."""
        self._database.close()

    def _follow(self, path: str, on_change: Callable[[Snapshot], None], subscription: Subscription) -> None:
        shown: Snapshot | None = None
        while subscription.wait():
            try:
                snapshot = self.get(path)
            except Transient:
                threading.Timer(POLL_SECONDS, subscription.wake).start()
                continue
            if shown is None or shown.update_time != snapshot.update_time:
                _show(snapshot, on_change)
                shown = snapshot

    def _prepare(self, write: Write) -> _Change:
        key = _split(write.path)
        if isinstance(write, (Create, Set)):
            return _Change(write, key, values.write(write.data))
        since = None
        if write.if_updated_at is not None:
            since = values.to_microseconds(write.if_updated_at, "if_updated_at")
        if isinstance(write, Delete):
            return _Change(write, key, "", since)
        # A change of a tenant's document leaves an event, unless nothing changed: both texts are needed for that.
        if not write.fields or _is_tenants(key[0]) or not _are_simple(tuple(write.fields)):
            return _Change(write, key, _fields(write), since)
        fields = {name: values.write_value(value, name) for name, value in write.fields.items()}
        known = None if since is None else self._known.parts(key, since)
        if known is not None:
            parts = {**known, **values.parts(fields)}
            return _Change(write, key, values.join(parts), since, parts=parts)
        return _Change(write, key, "", since, update=_in_place(key, fields, since))

    def _apply(self, view: View, change: _Change) -> str:
        """Make the change; the document's whole text as it now is, or nothing where it is gone."""
        view.tell(change.write.path)
        if change.parts is not None:
            _replace(view, change)
            return change.text
        if change.update is not None:
            return _update(view, change, change.update)
        row = view.row(_READ, change.key)
        _check(change, row)
        if isinstance(change.write, Delete):
            view.execute(_DELETE, change.key)
            if row is not None and _is_tenants(change.key[0]):
                messages.record_written(view, change.write.path, None)
            return ""
        text = change.text
        if isinstance(change.write, Update):
            text = values.dump(values.load(row[0]) | values.load(text))
        view.execute(_WRITE, (*change.key, text, row[1] if row else view.now, view.now))
        if row is None and change.key[0] in self._created_events_for:
            messages.record_created(view, change.write.path, text)
        if _is_tenants(change.key[0]) and (row is None or row[0] != text):
            messages.record_written(view, change.write.path, text)
        return text


class _Memory:
    """
    The texts that we read or wrote last, by which a conditional update knows the whole document without reading it again.

    The time of a commit is nobody else's, and an update says on which one it builds: if the document is still of that time, it is the
    text that stands here, whatever other processes did before or after.
    """

    #: Documents, and characters of each, that are kept at most.
    MOST, LONGEST = 1_000, 16_384

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: The time of the commit, the whole text, and its parts where they are known already.
        self._kept: dict[tuple[str, str], tuple[int, str, dict[str, str] | None]] = {}

    def note(self, key: tuple[str, str], at: int, text: str, parts: dict[str, str] | None = None) -> None:
        """The document was committed at this time, with this text; an empty one is of no use to anybody."""
        with self._lock:
            known = self._kept.pop(key, None)
            if parts is None and known is not None and known[0] == at:
                parts = known[2]
            if not text or len(text) > self.LONGEST:
                return
            self._kept[key] = at, text, parts
            if len(self._kept) > self.MOST:
                del self._kept[next(iter(self._kept))]

    def parts(self, key: tuple[str, str], at: int) -> dict[str, str] | None:
        """The document's parts as they were committed at this time; None where that is not known."""
        known_at, text, parts = self._kept.get(key, (None, "", None))
        if known_at != at:
            return None
        return parts or values.split(text)


def _show(snapshot: Snapshot, on_change: Callable[[Snapshot], None]) -> None:
    try:
        on_change(snapshot)
    except Exception:  # noqa: BLE001
        # An exception here would end the thread, and with it every later change.
        _LOG.exception("a listener failed")


@dataclass(frozen=True, slots=True)
class _Change:
    """A write whose input was found good, with its fields as text."""

    write: Write
    key: tuple[str, str]
    #: All of a document; the named fields of an update; nothing where `update` has them.
    text: str
    #: When the document must have been written last, in microseconds; None where the write does not say.
    since: int | None = None
    #: How SQLite itself makes the change of an update, where it can.
    update: _InPlace | None = None
    #: The fields of the whole document, where an update knows them: `text` is then all of it.
    parts: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _InPlace:
    """One statement that replaces fields within a document's text, and all its parameters but the time."""

    sql: str
    fields: tuple[str, ...]
    key: tuple[Any, ...]


#: SQLite takes 127 arguments of a function: two for each field.
_IN_PLACE_AT_MOST = 60


@lru_cache(maxsize=1024)
def _are_simple(names: tuple[str, ...]) -> bool:
    """Whether no name is too peculiar to stand in a path of SQLite's."""
    return len(names) <= _IN_PLACE_AT_MOST and all(map(_NAME.fullmatch, names))


def _in_place(key: tuple[str, str], fields: Mapping[str, str], since: int | None) -> _InPlace:
    condition = () if since is None else (since,)
    return _InPlace(
        _update_statement(tuple(fields), since is not None), tuple(fields.values()), (*key, *condition)
    )


@lru_cache(maxsize=200)
def _update_statement(names: tuple[str, ...], conditional: bool) -> str:
    changes = ", ".join(f"'{_json_path(name)}', json(?)" for name in names)
    return (
        f"UPDATE documents SET data = json_set(data, {changes}), updated_at = ?"  # noqa: S608 - plain names only
        f" WHERE collection = ? AND id = ?{' AND updated_at = ?' if conditional else ''}"
        " RETURNING length(CAST(data AS BLOB)), data"
    )


def _update(view: View, change: _Change, update: _InPlace) -> str:
    found = view.row(update.sql, (*update.fields, view.now, *update.key))
    if found is None:
        _check(change, view.row(_READ, change.key))
        raise AssertionError("an update that was found good has changed nothing")
    if found[0] > values.MAX_BYTES:
        values.refuse("", "TOO_LARGE", "must be at most 1 MiB")
    return found[1]


def _replace(view: View, change: _Change) -> None:
    if not view.execute(_REPLACE, (change.text, view.now, *change.key, change.since)):
        _check(change, view.row(_READ, change.key))
        raise AssertionError("an update that was found good has changed nothing")


def _fields(write: Update) -> str:
    text = values.write(write.fields)
    if not write.fields:
        values.refuse("fields", "EMPTY", "must name at least one field")
    if any("." in name for name in write.fields):
        values.refuse("fields", "INVALID_NAME", "names of fields to update must not hold a dot")
    return text


def _check(change: _Change, row: Any) -> None:
    """Raise `Conflict` unless the write's condition holds for the present row."""
    write = change.write
    if isinstance(write, Create) and row is not None:
        raise Conflict(f"{write.path} exists already")
    if isinstance(write, Update) and row is None:
        raise Conflict(f"{write.path} does not exist")
    if change.since is not None and (row is None or row[2] != change.since):
        raise Conflict(f"{write.path} was changed meanwhile")


def _is_tenants(collection: str) -> bool:
    return collection.startswith("tenants/") and collection.count("/") == 2


@lru_cache(maxsize=4096)
def _split(path: str) -> tuple[str, str]:
    """The collection and the id of a document's path; raises `InvalidInput`."""
    collection, _, id = path.rpartition("/")
    _check_collection(collection)
    return collection, check_id(id)


def _check_collection(collection: str) -> str:
    segments = collection.split("/")
    if len(segments) % 2 == 0:
        values.refuse("path", "INVALID_PATH", "collections and ids must take turns in a path")
    for segment in segments:
        check_id(segment, "path")
    return collection


def _snapshot(path: str, row: Sequence[Any] | None, now: int) -> Snapshot:
    read_time = values.from_microseconds(now)
    if row is None:
        return Snapshot(path, None, read_time)
    text, created_at, updated_at = row
    return Snapshot(
        path,
        values.decode(text),
        read_time,
        values.from_microseconds(created_at),
        values.from_microseconds(updated_at),
    )


# --- Queries ---------------------------------------------------------------------------------------------
#
# Only names of fields stand in the SQL's text, and `_FIELD` lets nothing but plain names pass. SQLite finds the index
# on an expression only if the query repeats the expression literally.

#: Firestore's order of types; SQLite alone would mix numbers with booleans and text with moments.
_NULL, _BOOLEAN, _NUMBER, _MOMENT, _TEXT, _LIST, _MAP = range(7)
_JSON_TYPES = {
    _NULL: "'null'",
    _BOOLEAN: "'true', 'false'",
    _NUMBER: "'integer', 'real'",
    _TEXT: "'text'",
}


def _select(query: Query) -> tuple[str, list[Any]]:
    if query.limit < 1:
        values.refuse("limit", "TOO_SMALL", "must be at least 1")
    ordered_by = (query.order_by or "").removeprefix("-")
    if any(where.op != "==" and where.field != ordered_by for where in query.where):
        # Firestore would order by the range's field first, whatever else is asked.
        values.refuse("order_by", "RANGE_NEEDS_ORDER", "must be the field of the range condition")
    conditions, parameters = ["collection = ?"], [_check_collection(query.collection)]
    for where in query.where:
        condition, operands = _condition(where)
        conditions.append(condition)
        parameters += operands
    order = _Order.of(query)
    if order.present:
        conditions.append(order.present)
    if query.after is not None:
        condition, operands = order.behind(query.collection, query.after)
        conditions.append(condition)
        parameters += operands
    sql = (
        "SELECT id, data, created_at, updated_at FROM documents"  # noqa: S608 - see above
        f" WHERE {' AND '.join(conditions)} ORDER BY {order.sql} LIMIT ?"
    )
    return sql, [*parameters, query.limit]


def _condition(where: Where) -> tuple[str, list[Any]]:
    """The SQL of one condition, which only values of the same type can meet."""
    if where.op not in _OPS:
        values.refuse("op", "UNKNOWN_OPERATOR", f"must be one of {', '.join(sorted(_OPS))}")
    kind, value = _comparable(where.value, where.field)
    if kind in (_LIST, _MAP) or (kind == _NULL and where.op != "=="):
        values.refuse(
            "where", "NOT_COMPARABLE", "cannot be compared with a list, a map, or the order of null"
        )
    of_type = _is_of_type(where.field, kind)
    if kind == _NULL:
        return of_type, []
    operand, parameter = _operand(value)
    op = "=" if where.op == "==" else where.op
    return f"{_extract(where.field)} {op} {operand} AND {of_type}", [parameter]


@dataclass(frozen=True, slots=True)
class _Order:
    """What a query orders by: expressions of SQL, the last of which is the id."""

    field: str | None
    expressions: tuple[str, ...]
    descending: bool = False
    #: Whether the first expression is the rank of the value's type.
    ranked: bool = False

    @classmethod
    def of(cls, query: Query) -> _Order:
        if query.order_by is None:
            return cls(None, ("id",))
        field = query.order_by.removeprefix("-")
        descending = query.order_by.startswith("-")
        if any(where.field == field and where.op != "==" for where in query.where):
            # All have the type of the condition's value; without a rank an index can serve the order.
            return cls(field, (_extract(field), "id"), descending)
        return cls(field, (_rank(field), f"ifnull({_extract(field)}, '')", "id"), descending, ranked=True)

    @property
    def present(self) -> str | None:
        """The condition that the ordering field is there."""
        return f"{_type(self.field)} IS NOT NULL" if self.field else None

    @property
    def sql(self) -> str:
        return ", ".join(f"{part} DESC" if self.descending else part for part in self.expressions)

    def behind(self, collection: str, after: Snapshot) -> tuple[str, list[Any]]:
        """The condition that a document comes behind `after`."""
        if after.path.rpartition("/")[0] != collection:
            values.refuse("after", "FOREIGN_CURSOR", "must be a result of the same query")
        operands = [_operand(value) for value in (*self._position(after), after.id)]
        placeholders = ", ".join(operand for operand, _ in operands)
        condition = f"({', '.join(self.expressions)}) {'<' if self.descending else '>'} ({placeholders})"
        return condition, [parameter for _, parameter in operands]

    def _position(self, after: Snapshot) -> list[Any]:
        if self.field is None:
            return []
        kind, value = _comparable(_value_at(after, self.field), self.field)
        return [kind, "" if value is None else value] if self.ranked else [value]


def _comparable(value: object, field: str) -> tuple[int, Any]:
    """A value's rank among the types, and what SQLite's `json_extract` gives for it."""
    encoded: object = values.encode_value(value, field)
    if encoded is None:
        return _NULL, None
    if isinstance(encoded, bool):
        return _BOOLEAN, int(encoded)
    if isinstance(encoded, int | float):
        return _NUMBER, encoded
    if isinstance(encoded, str):
        return _TEXT, encoded
    kind = _MOMENT if isinstance(value, datetime) else _MAP if isinstance(value, Mapping) else _LIST
    return kind, values.dump(encoded)


def _operand(value: Any) -> tuple[str, Any]:
    """How a value from `_comparable` stands in SQL: the expression and its parameter."""
    # SQLite reads a number from JSON with its own parser; only the same parser gives the same bits.
    return ("json_extract(?, '$')", values.dump(value)) if isinstance(value, float) else ("?", value)


def _value_at(snapshot: Snapshot, field: str) -> object:
    value: object = snapshot.data
    for name in field.split("."):
        if not isinstance(value, Mapping) or name not in value:
            values.refuse("after", "FOREIGN_CURSOR", "must be a result of the same query")
        value = cast("Mapping[str, object]", value)[name]
    return value


def _extract(field: str) -> str:
    return f"json_extract(data, '{_json_path(field)}')"


def _type(field: str) -> str:
    return f"json_type(data, '{_json_path(field)}')"


def _moment_type(field: str) -> str:
    return f"json_type(data, '{_json_path(field)}.\"{values.AT}\"')"


def _is_of_type(field: str, kind: int) -> str:
    if kind == _MOMENT:
        return f"{_moment_type(field)} IS NOT NULL"
    return f"{_type(field)} IN ({_JSON_TYPES[kind]})"


def _rank(field: str) -> str:
    return (
        f"CASE {_type(field)} WHEN 'null' THEN {_NULL} WHEN 'true' THEN {_BOOLEAN} WHEN 'false' THEN {_BOOLEAN}"
        f" WHEN 'integer' THEN {_NUMBER} WHEN 'real' THEN {_NUMBER} WHEN 'text' THEN {_TEXT}"
        f" WHEN 'array' THEN {_LIST} ELSE CASE WHEN {_moment_type(field)} IS NULL THEN {_MAP} ELSE {_MOMENT} END END"
    )


def _json_path(field: str) -> str:
    if not _FIELD.fullmatch(field):
        values.refuse("field", "INVALID_NAME", "must be plain names, separated by dots")
    return f"$.{field}"
