"""
Messages in a durable queue: the port that publishes, and the broker's side that the embedded server's dispatcher works with.

Events of documents stand in the same queue; `record_created` and `record_written` put them there inside the transaction that writes the
document.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from provisioning.local import values
from provisioning.local.database import Database, Subscription, View, open_database
from provisioning.ports import Snapshot, check_id

SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    lane TEXT NOT NULL,
    data BLOB NOT NULL,
    attributes TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    since INTEGER NOT NULL DEFAULT 0,
    leased INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at);
CREATE INDEX IF NOT EXISTS deliveries_turns ON deliveries (lane, due_at, leased);
CREATE INDEX IF NOT EXISTS deliveries_held ON deliveries (lane) WHERE leased > 0;
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (data) WHERE leased = 0 AND kind = 'message'
"""

_QUEUE = "deliveries"


def prepare(database: Database) -> None:
    """Make the queue's table where there is none, and complete one of an earlier version."""

    def complete(view: View) -> None:
        if not view.row("SELECT 1 FROM pragma_table_info('deliveries') WHERE name = 'since'"):
            view.execute("ALTER TABLE deliveries ADD COLUMN since INTEGER NOT NULL DEFAULT 0")
        view.execute("DROP INDEX IF EXISTS deliveries_leased")

    database.prepare(SCHEMA)
    database.write(complete)


#: The attribute of a message, and the field of a created document, that says on whose behalf it is.
LANE = "merchant_id"

_PUBLISH = """
INSERT INTO deliveries (kind, source, lane, data, attributes, published_at, due_at, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
# A message that waits, is due, and says the same: whoever published one more gets a delivery after that in any case. Sweep, and others
# that cannot know what waits, would else add to a long queue what makes it longer.
_SAME = """
SELECT 1 FROM deliveries WHERE data = ?1 AND leased = 0 AND kind = 'message'
    AND source = ?2 AND lane = ?3 AND attributes = ?4 AND due_at <= ?5
"""
# One waiting event stands for all changes of a tenant: whoever gets it reads what the documents say then.
_WRITTEN = """
INSERT INTO deliveries (kind, source, lane, data, attributes, published_at, due_at, since)
SELECT 'written', ?1, ?2, ?3, '{}', ?4, ?4, ?4
WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE lane = ?2 AND kind = 'written' AND leased = 0)
"""
# Who began first comes first: what follows from a delivery is as old as that was, so that a crowd is served one after the other and
# not all at once, one step each. Lanes take turns: what is under way for a lane counts as turns that it has had. Events of tenants are told apart by store and not by
# merchant, and soon done: they take turns, but nobody steps back for them.
_DUE = """
WITH busy AS (
    SELECT lane, count(*) AS n, min(kind = 'written') AS passing FROM deliveries
    WHERE leased > 0 AND due_at > ?5 GROUP BY lane
), due AS (
    SELECT id, lane, since, kind = 'written' AS passing,
        row_number() OVER (PARTITION BY lane ORDER BY since, id) + coalesce(n, 0) AS turn,
        count(*) OVER (PARTITION BY lane) > ?4 AS deep
    FROM deliveries LEFT JOIN busy USING (lane) WHERE due_at <= ?1
), present AS (
    SELECT lane, max(deep) AS deep FROM (
        SELECT lane, 0 AS deep FROM busy WHERE NOT passing UNION ALL SELECT lane, deep FROM due WHERE NOT passing
    ) GROUP BY lane
), chosen AS (
    SELECT id, turn, deep FROM due
    WHERE turn <= ?3 AND NOT (deep AND EXISTS (SELECT 1 FROM present WHERE NOT deep))
    ORDER BY turn, since, id LIMIT ?2
)
SELECT id, kind, source, lane, data, attributes, published_at, attempt + 1, since, deep
FROM deliveries JOIN chosen USING (id) ORDER BY turn, since, id
"""
_NO_LIMIT = 2**62
_DUE_IN = "SELECT min(due_at) FROM deliveries WHERE due_at > ?"
_LEASE = "UPDATE deliveries SET due_at = ?, leased = ?, attempt = attempt + 1 WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    One arrival of a message, or of the event that a document was created or written.

    `attempt` counts the deliveries of this message from 1, and survives a restart.
    """

    id: int
    kind: Literal["message", "created", "written"]
    #: The topic of a message, or the path of the document.
    source: str
    #: On whose behalf it is; empty where nobody knows.
    lane: str
    #: What was published; empty for an event.
    data: bytes
    attributes: Mapping[str, str]
    attempt: int
    published_at: datetime
    #: When what it belongs to began, in microseconds since 1970.
    since: int
    #: The document as it was written, for an event; without data where it was deleted.
    document: Snapshot | None = None
    #: Whether it is of a flood: of more deliveries of its lane that were due than `exchange` was told.
    of_flood: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """A message that was published, as the queue keeps it."""

    topic: str
    data: bytes
    attributes: str
    lane: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a delivery: it was dealt with, or it is to come again so many seconds from now. And what was published meanwhile."""

    id: int
    again_in: float | None = None
    published: tuple[Published, ...] = ()
    #: When it all began; 0 for now.
    since: int = 0


class SqliteMessages:
    """The port `Messages`, and its queue. With the documents' own file, events of created documents arrive too."""

    def __init__(self, path: Path) -> None:
        self._database = open_database(path)
        prepare(self._database)
        #: Where this thread, or this fiber of it, collects what it publishes.
        self._outbox: ContextVar[list[Published] | None] = ContextVar("outbox", default=None)

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> None:
        check_id(topic, "topic")
        if not data:
            values.refuse("data", "EMPTY", "must not be empty")
        text = values.dump(_check_attributes(attributes or {}))
        message = Published(topic, data, text, (attributes or {}).get(LANE, ""))
        outbox = self._outbox.get()
        if outbox is not None:
            outbox.append(message)
            return
        self._database.write(lambda view: _publish(view, message))

    @contextmanager
    def collecting(self) -> Generator[list[Published]]:
        """
        Collect what this thread, or this fiber of it, publishes, for whoever settles the delivery that it works on.

        Both are then one transaction. If it never comes about, the delivery comes again, and with it the message.
        """
        outbox: list[Published] = []
        token = self._outbox.set(outbox)
        try:
            yield outbox
        finally:
            self._outbox.reset(token)

    def lease(self, limit: int, seconds: float) -> list[Delivery]:
        """
        At most `limit` deliveries that are due; nobody else gets them for `seconds`.

        Merchants take turns, and each one's come oldest first: a flood of one delays the others by a turn each, not by its length.

        What is neither acknowledged nor postponed by then is delivered again.
        """
        return self.exchange((), limit, seconds)[0]

    def exchange(
        self,
        settled: Sequence[Settled],
        limit: int,
        seconds: float,
        *,
        each: int | None = None,
        deep: int | None = None,
        long: float | None = None,
        holder: int = 1,
    ) -> tuple[list[Delivery], float | None]:
        """
        Settle and `lease`, in one transaction; also the seconds until something that is not due yet will be, or None.

        With `each`, a merchant has at most so many deliveries under way at once. With `deep`, one of whom more than so many are due gets
        none while others, of whom fewer are, have any. With `long`, what has been under way for that many seconds no longer counts: it
        waits for something. `holder` is who leases: a number above 0 for each process that does.
        """
        if not settled:
            # An idle queue is only looked at.
            due_in = self._due_in()
            if due_in is None or due_in > 0:
                return [], due_in

        most = tuple(_NO_LIMIT if number is None else number for number in (each, deep))

        def work(view: View) -> tuple[list[Any], float | None]:
            _settle(view, settled)
            until = view.now + _microseconds(seconds)
            # A lease that ends later was taken later.
            counts_from = view.now if long is None else max(view.now, until - _microseconds(long))
            rows = view.rows(_DUE, (view.now, limit, *most, counts_from)) if limit > 0 else []
            view.execute_many(_LEASE, [(until, holder, row[0]) for row in rows])
            (due_at,) = view.row(_DUE_IN, (view.now,))
            return rows, None if due_at is None else (due_at - view.now) / 1e6

        # A power cut may lose this, not a killed process; a second delivery is allowed.
        rows, due_in = self._database.write(work, durable=False)
        return [_delivery(*row) for row in rows], due_in

    def subscribe(self) -> Subscription:
        """Be woken whenever something was published or postponed, whichever process did it."""
        return self._database.subscribe(_QUEUE)

    def acknowledge(self, id: int) -> None:
        """The delivery was dealt with: it never comes again. An unknown id is a no-op."""
        self._database.write(lambda view: _settle(view, (Settled(id),)), durable=False)

    def postpone(self, id: int, seconds: float) -> None:
        """Deliver it again, `seconds` from now at the earliest. An unknown id is a no-op."""

        def postpone(view: View) -> None:
            _settle(view, (Settled(id, seconds),))
            view.tell(_QUEUE)

        self._database.write(postpone, durable=False)

    def release_all(self) -> None:
        """End every lease. For a server's start: those who held them are gone. What was postponed stays so."""
        self._release("leased > 0")

    def release(self, holder: int) -> None:
        """End the leases of a process that is gone."""
        self._release("leased = ?", holder)

    def _release(self, which: str, *parameters: int) -> None:
        sql = f"UPDATE deliveries SET due_at = ?, leased = 0 WHERE {which}"  # noqa: S608 - ours

        def release(view: View) -> None:
            view.execute(sql, (view.now, *parameters))
            view.tell(_QUEUE)

        self._database.write(release, durable=False)

    def wait(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds until something is due, whichever process published it; whether it is."""
        give_up_at = time.monotonic() + timeout
        with self._database.subscribe(_QUEUE) as subscription:
            while True:
                left, due_in = give_up_at - time.monotonic(), self._due_in()
                if due_in is not None and due_in <= 0:
                    return True
                if left <= 0:
                    return False
                if not subscription.wait(left if due_in is None else min(left, due_in)):
                    return False

    def close(self) -> None:
        """Leave the file; a `wait` under way ends with False."""
        self._database.close()

    def _due_in(self) -> float | None:
        """Seconds until the next delivery is due; None when there is none."""
        with self._database.reading() as view:
            (due_at,) = view.row("SELECT min(due_at) FROM deliveries")
            return None if due_at is None else (due_at - view.now) / 1e6


def record_created(view: View, path: str, text: str) -> None:
    """Queue the event that the document at `path` was created with the encoded data `text`."""
    lane: object = values.decode(text).get(LANE)
    _insert(view, "created", path, text.encode(), "{}", lane=lane if isinstance(lane, str) else "")


def record_written(view: View, path: str, text: str | None) -> None:
    """Queue the event that a document of a tenant was written, or deleted if `text` is None, unless one of the tenant's waits."""
    tenant = path.split("/")[1]
    data = (text or "").encode()
    if view.execute(_WRITTEN, (path, f"tenants/{tenant}", data, view.now)):
        view.tell(_QUEUE)


def _publish(view: View, message: Published, since: int = 0) -> None:
    same = (message.data, message.topic, message.lane, message.attributes, view.now)
    if view.row(_SAME, same) is None:
        _insert(
            view, "message", message.topic, message.data, message.attributes, lane=message.lane, since=since
        )


def _settle(view: View, settled: Sequence[Settled]) -> None:
    for each in settled:
        for message in each.published:
            _publish(view, message, each.since)
    done = [(each.id,) for each in settled if each.again_in is None]
    later = [
        (view.now + _microseconds(each.again_in), each.id) for each in settled if each.again_in is not None
    ]
    if done:
        view.execute_many("DELETE FROM deliveries WHERE id = ?", done)
    if later:
        view.execute_many("UPDATE deliveries SET due_at = ?, leased = 0 WHERE id = ?", later)


def _insert(
    view: View, kind: str, source: str, data: bytes, attributes: str, *, lane: str, since: int = 0
) -> None:
    view.execute(_PUBLISH, (kind, source, lane, data, attributes, view.now, view.now, since or view.now))
    view.tell(_QUEUE)


def _check_attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    for name, value in attributes.items():
        # As the callers' types promise; another type would come back as something else.
        if not name or not isinstance(name, str) or not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            values.refuse("attributes", "NOT_TEXT", "names and values must be text, names not empty")
        values.encode_value(name, "attributes")
        values.encode_value(value, "attributes")
    return dict(attributes)


def _delivery(
    id: int,
    kind: Literal["message", "created", "written"],
    source: str,
    lane: str,
    data: bytes,
    attributes: str,
    published_at: int,
    attempt: int,
    since: int,
    deep: int,
) -> Delivery:
    at = values.from_microseconds(published_at)
    if kind == "message":
        named = values.load(attributes)
        return Delivery(id, kind, source, lane, data, named, attempt, at, since, of_flood=bool(deep))
    document = Snapshot(source, values.decode(data.decode()) if data else None, at, at, at)
    return Delivery(id, kind, source, lane, b"", {}, attempt, at, since, document, bool(deep))


def _microseconds(seconds: float) -> int:
    return round(seconds * 1e6)
