"""
Sweep: each minute, look at everything that should have moved by now, and publish it again.

It needs the documents alone: if the broker lost every message and every event, all activations would still finish. It changes no
provisioning; it only publishes, and picks up requests whose event never came.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning import logs
from provisioning.errors import Transient
from provisioning.ports import Documents, Query, Snapshot, Where, document_path
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.records import WAKE_SHARDS, read_provisioning
from provisioning.workflow.requests import accept

PAGE = 200
#: At most so many in one run; the next one goes on.
MOST = 5_000
#: A request older than this whose event has not been seen is picked up.
EVENT_LOST_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run found and did."""

    due: int
    published: int
    picked_up: int


def sweep(
    engine: StepEngine,
    *,
    pause: Callable[[float], None] = time.sleep,
    spread: Callable[[], float] = random.random,
    event_lost_after: timedelta = EVENT_LOST_AFTER,
) -> Swept:
    """
    Publish whatever is due, and accept requests whose event was lost.

    One that cannot be published is left for the next run and does not hold back the others. Between pages of a long backlog it
    pauses for a random moment, so that thousands do not start at once.
    """
    now = engine.ports.documents.get(document_path("sweeps", "clock")).read_time
    due = published = failed = 0
    for page in pages_due(engine.ports.documents, now):
        if due:
            pause(spread())
        due += len(page)
        for found in page:
            try:
                published += _publish(engine, found)
            except Transient:
                failed += 1
        # What cannot be read does not count: else enough of it would hold back all that comes behind.
        if published + failed >= MOST:
            break
    picked_up = _pick_up(engine, now - event_lost_after)
    logs.swept(due, published, picked_up)
    return Swept(due, published, picked_up)


def pages_due(documents: Documents, now: datetime) -> Iterator[list[Snapshot]]:
    """The provisionings whose `wake_at` is not after `now`, a page at a time."""
    for shard in range(WAKE_SHARDS):
        after: Snapshot | None = None
        while True:
            page = documents.query(
                Query(
                    "provisionings",
                    (Where("engine.wake_shard", "==", shard), Where("engine.wake_at", "<=", now)),
                    order_by="engine.wake_at",
                    limit=PAGE,
                    after=after,
                )
            )
            if page:
                yield page
            if len(page) < PAGE:
                break
            after = page[-1]


def _publish(engine: StepEngine, found: Snapshot) -> bool:
    """Whether it could be read. Raises `Transient`."""
    try:
        record = read_provisioning(found.data or {})
    except ValueError:
        logs.provisioning_unreadable(found.id)
        return False
    engine.publish(found.id, record)
    logs.republished(found.id, record.engine.epoch, record.engine.hop)
    return True


def _pick_up(engine: StepEngine, created_before: datetime) -> int:
    picked_up = 0
    after: Snapshot | None = None
    while True:
        page = engine.ports.documents.query(
            Query("activation_requests", (Where("picked_up", "==", False),), limit=PAGE, after=after)
        )
        old = [r for r in page if r.create_time is not None and r.create_time <= created_before]
        picked_up += sum(_accept(engine, request.id) for request in old)
        if len(page) < PAGE or picked_up >= MOST:
            return picked_up
        after = page[-1]


def _accept(engine: StepEngine, request_id: str) -> bool:
    try:
        accept(engine, request_id)
    except Exception as error:  # noqa: BLE001 - one that nobody foresaw must not hold back the others
        logs.request_not_accepted(request_id, type(error).__name__)
        return False
    return True
