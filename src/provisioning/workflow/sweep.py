"""
Sweep: each minute, look at everything that should have moved by now, and publish it again.

It needs the documents alone: if the broker lost every message and every event, all activations would still finish. It only publishes,
and picks up requests whose event never came; what no message can bring on it makes visible (`stranded`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from provisioning import logs
from provisioning.errors import InvalidInput, Transient
from provisioning.ports import Documents, Query, Snapshot, Where, check_id, document_path
from provisioning.workflow import dead_letters
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.records import WAKE_SHARDS
from provisioning.workflow.requests import accept
from provisioning.workflow.stranded import Stranded, close_overtaken, read_or_strand, strand

PAGE = 200
#: At most so many in one run; the next one goes on.
MOST = 5_000
#: Seconds that a run may publish and pick up, so that it is over before the next one begins, which goes on.
PUBLISHING, PICKING_UP = 45.0, 10.0
#: A request older than this whose event has not been seen is picked up.
EVENT_LOST_AFTER = timedelta(seconds=30)
#: What should have moved so long ago shows as stuck: longer than any lease, and than sweep needs to bring it back.
STUCK_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run found and did."""

    due: int
    published: int
    picked_up: int
    #: Provisionings that nothing can bring on, and that were recorded as such in this run.
    stranded: int = 0


def _pace() -> float:
    """Seconds from the beginning of one page to that of the next: never more than 400 messages in a second."""
    return random.uniform(0.5, 1.0)  # noqa: S311 - no secret


@dataclass
class _Rhythm:
    """Lets pages begin one after another at random distances, and says when the time of a run is over."""

    pause: Callable[[float], None]
    spread: Callable[[], float]
    monotonic: Callable[[], float]
    longest: float
    began: float = field(init=False)
    page_began: float | None = None

    def __post_init__(self) -> None:
        self.began = self.monotonic()

    def next_page(self) -> None:
        now = self.monotonic()
        if self.page_began is not None:
            self.pause(max(0.0, self.spread() - (now - self.page_began)))
        self.page_began = self.monotonic()

    @property
    def over(self) -> bool:
        return self.monotonic() - self.began >= self.longest


def sweep(
    engine: StepEngine,
    *,
    pause: Callable[[float], None] = time.sleep,
    spread: Callable[[], float] = _pace,
    event_lost_after: timedelta = EVENT_LOST_AFTER,
) -> Swept:
    """
    Publish whatever is due, and accept requests whose event was lost.

    One that cannot be published is left for the next run and does not hold back the others. Between the beginnings of two pages of a
    long backlog lie `spread()` seconds at least, so that thousands do not start at once.
    """
    now = engine.ports.documents.get(document_path("sweeps", "clock")).read_time
    due, published, stranded = _publish_due(engine, now, _Rhythm(pause, spread, engine.monotonic, PUBLISHING))
    picked_up = _pick_up(engine, now - event_lost_after, _Rhythm(pause, spread, engine.monotonic, PICKING_UP))
    close_overtaken(engine)
    logs.swept(due, published, picked_up, stranded)
    return Swept(due, published, picked_up, stranded)


def _publish_due(engine: StepEngine, now: datetime, rhythm: _Rhythm) -> tuple[int, int, int]:
    due = published = failed = recorded = 0
    for page in pages_due(engine.ports.documents, now):
        due += len(page)
        looked_at = [(found, read_or_strand(engine, found)) for found in page]
        stranded = [one for _, one in looked_at if isinstance(one, Stranded)]
        recorded += strand(engine, stranded, now)
        if len(stranded) < len(page):
            rhythm.next_page()
        for found, record in looked_at:
            if isinstance(record, Stranded):
                continue
            try:
                engine.publish(found.id, record)
            except Transient:
                failed += 1
                continue
            published += 1
            logs.republished(found.id, record.engine.epoch, record.engine.hop)
        # What is stranded does not count: else enough of it would hold back all that comes behind.
        if published + failed >= MOST or rhythm.over:
            break
    return due, published, recorded


def stuck(documents: Documents, limit: int) -> list[Snapshot]:
    """Provisionings that should have moved two minutes ago and have not, those that wait longest first; at most `limit`."""
    before = documents.get(document_path("sweeps", "clock")).read_time - STUCK_AFTER
    found = [one for shard in range(WAKE_SHARDS) for one in documents.query(_due(shard, before, limit))]
    return sorted(found, key=_wake_at)[:limit]


def _wake_at(found: Snapshot) -> datetime:
    return (found.data or {})["engine"]["wake_at"]


def pages_due(documents: Documents, now: datetime) -> Iterator[list[Snapshot]]:
    """The provisionings whose `wake_at` is not after `now`, a page at a time."""
    # Each minute begins with another part, so that a standing backlog in one never starves the others.
    for turn in range(WAKE_SHARDS):
        shard = (now.minute + turn) % WAKE_SHARDS
        after: Snapshot | None = None
        while True:
            page = documents.query(_due(shard, now, PAGE, after))
            if page:
                yield page
            if len(page) < PAGE:
                break
            after = page[-1]


def _due(shard: int, now: datetime, limit: int, after: Snapshot | None = None) -> Query:
    return Query(
        "provisionings",
        (Where("engine.wake_shard", "==", shard), Where("engine.wake_at", "<=", now)),
        order_by="engine.wake_at",
        limit=limit,
        after=after,
    )


def _pick_up(engine: StepEngine, created_before: datetime, rhythm: _Rhythm) -> int:
    picked_up = 0
    after: Snapshot | None = None
    while True:
        page = engine.ports.documents.query(
            Query("activation_requests", (Where("picked_up", "==", False),), limit=PAGE, after=after)
        )
        old = [r for r in page if r.create_time is not None and r.create_time <= created_before]
        if old:
            rhythm.next_page()
        picked_up += sum(_accept(engine, request) for request in old)
        if len(page) < PAGE or picked_up >= MOST or rhythm.over:
            return picked_up
        after = page[-1]


def _accept(engine: StepEngine, request: Snapshot) -> bool:
    try:
        accept(engine, request.id)
    except Transient as error:
        logs.request_not_accepted(request.id, error.code)
        return False
    except Exception as error:  # noqa: BLE001 - one that nobody foresaw must not hold back the others
        logs.request_not_accepted(request.id, type(error).__name__)
        _file_request(engine, request)
        return False
    return True


def _file_request(engine: StepEngine, request: Snapshot) -> None:
    """A request that cannot become a provisioning, so that nobody sees it where people look: filed once."""
    documents = engine.ports.documents
    try:
        path = document_path("dead_letters", dead_letters.document_letter_id(check_id(request.id)))
        if documents.get(path).exists:
            return
        dead_letters.file_document(
            documents,
            provisioning=request.id,
            step=None,
            code="REQUEST_NOT_ACCEPTED",
            title="An activation request cannot be accepted",
            action="Look at the request and at the function's log. It is tried again each minute.",
            now=request.read_time,
        )
    except (Transient, InvalidInput) as error:
        logs.not_filed(request.id, type(error).__name__)
