"""
How long an activation takes, as its client sees it, and how many a second there are when many come at once.

Through the runtime as `provisioning up` starts it; the client is this process, which writes requests and listens, as the portal does.
"""

from __future__ import annotations

import queue
import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import urllib3
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Verdict, at_most, milliseconds, percentile
from benchmarks.requests import request_for
from provisioning.ports import Documents, Query, Snapshot, Where, document_path
from provisioning.serving import Running, running
from provisioning.workflow.records import Provisioning, Status, read_provisioning
from provisioning.workflow.requests import submit

WRITERS = 16
ONE_SECONDS = 60.0
ALL_SECONDS = 900.0
SITE_SECONDS = 15.0
POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class One:
    """One activation, in seconds."""

    #: From just before the request was written until the client's listener saw COMPLETED.
    seen: float
    #: The document's own completed_at minus requested_at.
    recorded: float
    #: From COMPLETED until the home page answered 200 with products.
    site: float
    #: The longest time from a commit until the listener saw it.
    news: float


@dataclass(frozen=True, slots=True)
class Many:
    """Activations submitted at once."""

    count: int
    #: From the first write until all were over.
    seconds: float
    #: From each request's own write to its completed_at.
    each: tuple[float, ...]


def measure(console: Console, *, emulators: bool, one_at_a_time: int, at_once: int) -> list[Verdict]:
    """Run on a fresh runtime, print the table, and judge. Raises `RuntimeError` where an activation does not complete."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running(data=Path(folder) / "data", port=free_port(), emulators=emulators) as served,
    ):
        console.print(f"[dim]Runtime: {served.name}[/dim]")
        activate_one(served, "bench-warm-up")
        ones = [activate_one(served, f"bench-one-{n}") for n in range(one_at_a_time)]
        many = activate_many(served, [f"bench-many-{n}" for n in range(at_once)])
    _print(console, ones, many)
    return _judge("emulators" if emulators else "embedded", ones)


def activate_one(served: Running, id: str) -> One:
    """Submit one request, listen until it is COMPLETED, and open its store."""
    documents = served.platform.ports.documents
    news: queue.SimpleQueue[tuple[Snapshot, datetime]] = queue.SimpleQueue()
    stop = documents.watch(
        document_path("provisionings", id), lambda found: news.put((found, datetime.now(UTC)))
    )
    try:
        # The listener stands before the request is written: its making is not part of the activation.
        news.get(timeout=ONE_SECONDS)
        began = time.perf_counter()
        submit(documents, request_for(id), id)
        record, delay = _follow(news, id)
        seen = time.perf_counter() - began
    finally:
        stop()
    return One(seen, _recorded(record), _wait_for_site(served, id), delay)


def _follow(news: queue.SimpleQueue[tuple[Snapshot, datetime]], id: str) -> tuple[Provisioning, float]:
    """The record once it is over, and the longest time that a change took to arrive."""
    delay = 0.0
    until = time.monotonic() + ONE_SECONDS
    while time.monotonic() < until:
        try:
            found, arrived = news.get(timeout=1.0)
        except queue.Empty:
            continue
        if found.data is None or found.update_time is None:
            continue
        delay = max(delay, (arrived - found.update_time).total_seconds())
        record = read_provisioning(found.data)
        if record.over:
            return _completed(record, id), delay
    raise RuntimeError(f"{id} was not over after {ONE_SECONDS:.0f} s")


def _completed(record: Provisioning, id: str) -> Provisioning:
    if record.status is Status.COMPLETED:
        return record
    raise RuntimeError(
        f"{id} is {record.status}: {record.error.title if record.error else 'no reason given'}"
    )


def _recorded(record: Provisioning) -> float:
    assert record.completed_at is not None and record.requested_at is not None
    return (record.completed_at - record.requested_at).total_seconds()


def _wait_for_site(served: Running, id: str) -> float:
    """Seconds until the store's home answers by its host with products, as a shopper's browser opens it."""
    settings = served.platform.settings
    host = f"{served.platform.addresses.hostname(id)}:{settings.public_port}"
    began = time.perf_counter()
    while True:
        answer = urllib3.request(
            "GET",
            f"http://127.0.0.1:{settings.public_port}/",
            headers={"Host": host},
            redirect=False,
            retries=False,
            timeout=10.0,
        )
        if answer.status == 200 and b"/products/" in answer.data:
            return time.perf_counter() - began
        if time.perf_counter() - began > SITE_SECONDS:
            raise RuntimeError(f"{host} answered {answer.status} and no products")
        time.sleep(0.02)


def activate_many(served: Running, ids: list[str]) -> Many:
    """Submit all at once from several threads, and wait until every one is over."""
    documents = served.platform.ports.documents
    began = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as writers:
        written = list(writers.map(lambda id: _submit(documents, id), ids))
    _wait_for_all(documents)
    seconds = time.perf_counter() - began
    found = documents.get_all([document_path("provisionings", id) for id in ids])
    records = [_completed(read_provisioning(each.data or {}), each.id) for each in found]
    each = tuple(
        (record.completed_at - at).total_seconds()
        for record, at in zip(records, written, strict=True)
        if record.completed_at is not None
    )
    return Many(len(ids), seconds, each)


def _submit(documents: Documents, id: str) -> datetime:
    at = datetime.now(UTC)
    submit(documents, request_for(id), id)
    return at


def _wait_for_all(documents: Documents) -> None:
    """Until nothing is unfinished. Each asks for the earlier state first: what moves on meanwhile is met by a later question."""
    unfinished = (
        Query("activation_requests", (Where("picked_up", "==", False),), limit=1),
        Query("provisionings", (Where("status", "==", str(Status.PENDING)),), limit=1),
        Query("provisionings", (Where("status", "==", str(Status.IN_PROGRESS)),), limit=1),
    )
    until = time.monotonic() + ALL_SECONDS
    while any(documents.query(query) for query in unfinished):
        if time.monotonic() > until:
            raise RuntimeError(f"not all were over after {ALL_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)


def _print(console: Console, ones: list[One], many: Many) -> None:
    table = Table("one at a time", "p50", "p99", "min", "max", title=f"{len(ones)} activations")
    rows = {
        "written → COMPLETED seen by a listener": [one.seen for one in ones],
        "requested_at → completed_at in the document": [one.recorded for one in ones],
        "COMPLETED → home page with products": [one.site for one in ones],
        "commit → seen by a listener (worst of each)": [one.news for one in ones],
    }
    for name, values in rows.items():
        figures = (percentile(values, 0.5), percentile(values, 0.99), min(values), max(values))
        table.add_row(name, *map(milliseconds, figures))
    console.print(table)
    table = Table("at once", "all over after", "per second", "p50", "p99", title=f"{many.count} activations")
    table.add_row(
        f"{many.count} from {WRITERS} threads",
        f"{many.seconds:.1f} s",
        f"{many.count / many.seconds:.1f}",
        f"{percentile(many.each, 0.5):.1f} s",
        f"{percentile(many.each, 0.99):.1f} s",
    )
    console.print(table)


def _judge(runtime: str, ones: list[One]) -> list[Verdict]:
    whole = [one.seen + one.site for one in ones]
    return [
        at_most(f"{runtime}: one activation with its site answering, p50", percentile(whole, 0.5), 2.0, "s"),
        at_most(
            f"{runtime}: one activation with its site answering, p99", percentile(whole, 0.99), 10.0, "s"
        ),
        at_most(f"{runtime}: a commit is seen by a listener", max(one.news for one in ones), 1.0, "s"),
    ]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
