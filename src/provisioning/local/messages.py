"""
Messages in a durable queue: the port that publishes, and the broker's side that the embedded server's dispatcher works with.

Events of documents stand in the same queue; `record_created` and `record_written` put them there inside the transaction that writes the
document.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from provisioning.local import values
from provisioning.local.database import View, open_database
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
    leased INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at);
CREATE INDEX IF NOT EXISTS deliveries_turns ON deliveries (lane, due_at, leased)
"""

_QUEUE = "deliveries"
#: The attribute of a message, and the field of a created document, that says on whose behalf it is.
LANE = "merchant_id"

_PUBLISH = """
INSERT INTO deliveries (kind, source, lane, data, attributes, published_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
# One waiting event stands for all changes of a tenant: whoever gets it reads what the documents say then.
_WRITTEN = """
INSERT INTO deliveries (kind, source, lane, data, attributes, published_at, due_at)
SELECT 'written', ?1, ?2, ?3, '{}', ?4, ?4
WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE lane = ?2 AND kind = 'written' AND leased = 0)
"""
# Lanes take turns: what is under way for a lane counts as turns that it has had.
_DUE = """
WITH busy AS (
    SELECT lane, count(*) AS n FROM deliveries WHERE leased = 1 AND due_at > ?1 GROUP BY lane
), due AS (
    SELECT id, due_at, row_number() OVER (PARTITION BY lane ORDER BY due_at, id) + coalesce(n, 0) AS turn
    FROM deliveries LEFT JOIN busy USING (lane) WHERE due_at <= ?1
), chosen AS (
    SELECT id, turn FROM due ORDER BY turn, due_at, id LIMIT ?2
)
SELECT id, kind, source, data, attributes, published_at, attempt + 1
FROM deliveries JOIN chosen USING (id) ORDER BY turn, due_at, id
"""
_LEASE = "UPDATE deliveries SET due_at = ?, leased = 1, attempt = attempt + 1 WHERE id = ?"


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
    #: What was published; empty for an event.
    data: bytes
    attributes: Mapping[str, str]
    attempt: int
    published_at: datetime
    #: The document as it was written, for an event; without data where it was deleted.
    document: Snapshot | None = None


class SqliteMessages:
    """The port `Messages`, and its queue. With the documents' own file, events of created documents arrive too."""

    def __init__(self, path: Path) -> None:
        self._database = open_database(path)
        self._database.prepare(SCHEMA)

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> None:
        check_id(topic, "topic")
        if not data:
            values.refuse("data", "EMPTY", "must not be empty")
        text = values.dump(_check_attributes(attributes or {}))
        with self._database.transaction() as view:
            _insert(view, "message", topic, data, text, lane=(attributes or {}).get(LANE, ""))

    def lease(self, limit: int, seconds: float) -> list[Delivery]:
        """
        At most `limit` deliveries that are due; nobody else gets them for `seconds`.

        Merchants take turns, and each one's come oldest first: a flood of one delays the others by a turn each, not by its length.

        What is neither acknowledged nor postponed by then is delivered again.
        """
        with self._database.transaction(durable=False) as view:
            rows = view.rows(_DUE, (view.now, limit))
            for row in rows:
                view.execute(_LEASE, (view.now + _microseconds(seconds), row[0]))
        return [_delivery(*row) for row in rows]

    def acknowledge(self, id: int) -> None:
        """The delivery was dealt with: it never comes again. An unknown id is a no-op."""
        # A power cut may lose this, not a killed process; a second delivery is allowed.
        with self._database.transaction(durable=False) as view:
            view.execute("DELETE FROM deliveries WHERE id = ?", (id,))

    def postpone(self, id: int, seconds: float) -> None:
        """Deliver it again, `seconds` from now at the earliest. An unknown id is a no-op."""
        with self._database.transaction(durable=False) as view:
            due_at = view.now + _microseconds(seconds)
            view.execute("UPDATE deliveries SET due_at = ?, leased = 0 WHERE id = ?", (due_at, id))
            view.tell(_QUEUE)

    def release_all(self) -> None:
        """End every lease. For a server's start: those who held them are gone. What was postponed stays so."""
        with self._database.transaction(durable=False) as view:
            view.execute("UPDATE deliveries SET due_at = ?, leased = 0 WHERE leased = 1", (view.now,))
            view.tell(_QUEUE)

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


def _insert(view: View, kind: str, source: str, data: bytes, attributes: str, *, lane: str) -> None:
    view.execute(_PUBLISH, (kind, source, lane, data, attributes, view.now, view.now))
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
    data: bytes,
    attributes: str,
    published_at: int,
    attempt: int,
) -> Delivery:
    at = values.from_microseconds(published_at)
    if kind == "message":
        return Delivery(id, kind, source, data, values.load(attributes), attempt, at)
    document = Snapshot(source, values.decode(data.decode()) if data else None, at, at, at)
    return Delivery(id, kind, source, b"", {}, attempt, at, document)


def _microseconds(seconds: float) -> int:
    return round(seconds * 1e6)
