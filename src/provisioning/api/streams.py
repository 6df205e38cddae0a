"""
A provisioning as it changes, as server-sent events: for whoever cannot listen to Firestore.

Each event is the whole view, so that none that was missed is missed; its id is the time of the change, and who comes back with it as
`Last-Event-ID` gets nothing twice. A stream ends when the provisioning is over, and after a while by itself: the reader connects again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from pydantic import ValidationError

from provisioning import logs
from provisioning.api.calls import ROOT, UNKNOWN, Answer, Call, Endpoint, Header, NoQuery, Refusal
from provisioning.api.shapes import ProvisioningView
from provisioning.api.stores import newest_of_store, store_id_of
from provisioning.errors import NotFound, Transient
from provisioning.ports import Documents, Snapshot, check_id, document_path
from provisioning.settings import Runtime
from provisioning.workflow.records import Provisioning, read_provisioning

CONTENT_TYPE = "text/event-stream"
#: A stream's longest life, below the time-outs of proxies and of a function.
STREAM_SECONDS = 55.0
HEARTBEAT_SECONDS = 10.0
#: How often a store's newest provisioning is looked for, before there is one and while one is followed.
LOOK_SECONDS, LOOK_AGAIN_SECONDS = 0.5, 2.0
#: A stream keeps one of the server's threads: the rest stay free for everything else.
MOST_STREAMS, MOST_STREAMS_EMBEDDED = 4, 24
_RETRY_MILLISECONDS = 1000

_open = 0
_open_lock = threading.Lock()


class Feed(Protocol):
    """Where snapshots come from."""

    def wait(self, seconds: float) -> Snapshot | None:
        """The next snapshot, or None after so many seconds without one."""
        ...

    def close(self) -> None: ...


class DocumentFeed:
    """The last state of one document, whenever it has changed."""

    def __init__(self, documents: Documents, path: str) -> None:
        self._changed = threading.Event()
        self._last: Snapshot | None = None
        self._end = documents.watch(path, self._put)

    def _put(self, snapshot: Snapshot) -> None:
        self._last = snapshot
        self._changed.set()

    def wait(self, seconds: float) -> Snapshot | None:
        if not self._changed.wait(seconds):
            return None
        # In this order: a change between the two lines is seen now, and once more.
        self._changed.clear()
        return self._last

    def close(self) -> None:
        self._end()


class StoreFeed:
    """The newest provisioning of a store: waits for the first, and goes on with a newer one."""

    def __init__(self, documents: Documents, store_id: str) -> None:
        self._documents = documents
        self._store_id = store_id
        self._path: str | None = None
        self._feed: DocumentFeed | None = None

    def wait(self, seconds: float) -> Snapshot | None:
        until = time.monotonic() + seconds
        while True:
            self._look()
            left = max(0.0, until - time.monotonic())
            if self._feed is None:
                time.sleep(min(left, LOOK_SECONDS))
            else:
                snapshot = self._feed.wait(min(left, LOOK_AGAIN_SECONDS))
                if snapshot is not None:
                    return snapshot
            if time.monotonic() >= until:
                return None

    def _look(self) -> None:
        try:
            found = newest_of_store(self._documents, self._store_id)
        except Transient:
            return
        if found is None or found.path == self._path:
            return
        self.close()
        self._path, self._feed = found.path, DocumentFeed(self._documents, found.path)

    def close(self) -> None:
        if self._feed is not None:
            self._feed.close()


class Stream:
    """The bytes of one stream. Whoever drops it closes it, also before the first was asked for."""

    def __init__(self, open_feed: Callable[[], Feed], last_id: str | None, most: int) -> None:
        self._release = _take_place(most)
        try:
            self._feed = open_feed()
        except BaseException:
            self._release()
            raise
        self._events = _events(self._feed, last_id, time.monotonic() + STREAM_SECONDS)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._events)
        except StopIteration:
            self.close()
            raise

    def close(self) -> None:
        self._feed.close()
        self._release()


def _take_place(most: int) -> Callable[[], None]:
    """Count one stream more; what is returned counts it off, once. Raises `Transient` where there are too many."""
    global _open
    with _open_lock:
        if _open >= most:
            raise Transient(
                "too many streams are open; ask from time to time instead", code="TOO_MANY_STREAMS"
            )
        _open += 1
    ended = threading.Event()

    def release() -> None:
        global _open
        with _open_lock:
            if not ended.is_set():
                ended.set()
                _open -= 1

    return release


def _events(feed: Feed, last_id: str | None, ends_at: float) -> Iterator[bytes]:
    yield f"retry: {_RETRY_MILLISECONDS}\n\n".encode()
    while (left := ends_at - time.monotonic()) > 0:
        snapshot = feed.wait(min(left, HEARTBEAT_SECONDS))
        if snapshot is None:
            yield b": still here\n\n"
            continue
        record = _read(snapshot)
        if record is None:
            continue
        event_id = record.updated_at.isoformat()
        if event_id != last_id:
            yield _event(snapshot.id, record, event_id)
            last_id = event_id
        if record.over:
            return


def _read(snapshot: Snapshot) -> Provisioning | None:
    if snapshot.data is None:
        return None
    try:
        return read_provisioning(snapshot.data)
    except ValidationError:
        logs.provisioning_unreadable(snapshot.id)
        return None


def _event(id: str, record: Provisioning, event_id: str) -> bytes:
    view = ProvisioningView.of(id, record).model_dump_json()
    return f"event: provisioning\nid: {event_id}\ndata: {view}\n\n".encode()


def follow_provisioning(call: Call[NoQuery, None]) -> Answer:
    id = check_id(call.path["provisioning_id"], "provisioning_id")
    path = document_path("provisionings", id)
    found = call.documents.get_all([path, document_path("activation_requests", id)])
    if not any(one.exists for one in found):
        raise NotFound("there is no provisioning with this id")
    return _answer(call, lambda: DocumentFeed(call.documents, path))


def follow_store(call: Call[NoQuery, None]) -> Answer:
    store_id = store_id_of(call)
    return _answer(call, lambda: StoreFeed(call.documents, store_id))


def _answer(call: Call[NoQuery, None], open_feed: Callable[[], Feed]) -> Answer:
    embedded = call.platform.settings.provisioning_runtime is Runtime.EMBEDDED
    most = MOST_STREAMS_EMBEDDED if embedded else MOST_STREAMS
    stream = Stream(open_feed, call.headers.get("Last-Event-Id"), most)
    # Proxies that would collect an answer before they hand it on are told not to.
    return Answer(stream, {"X-Accel-Buffering": "no"})


_LAST_EVENT = Header(
    "Last-Event-ID",
    "The id of the event that was read last: it does not come again.",
    "2026-09-01T12:00:05+00:00",
)
_ABOUT = (
    "Events `provisioning` whose `data` is the whole [ProvisioningView](#provisioningview) and whose `id` is its `updated_at`; a comment each "
    f"{HEARTBEAT_SECONDS:.0f} s. It ends when the provisioning is over, and after {STREAM_SECONDS:.0f} s: connect again. "
    "503 `TOO_MANY_STREAMS` asks to poll instead."
)

ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/provisionings/{{provisioning_id}}/events",
        "follow_provisioning",
        "Provisionings",
        "Follow a provisioning as it changes",
        follow_provisioning,
        description=_ABOUT + " It may begin as soon as the request is written.",
        gives=CONTENT_TYPE,
        headers=(_LAST_EVENT,),
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "GET",
        f"{ROOT}/stores/{{store_id}}/provisioning/events",
        "follow_store",
        "Stores",
        "Follow a store's newest provisioning as it changes",
        follow_store,
        description=_ABOUT + " It may begin before there is one.",
        gives=CONTENT_TYPE,
        headers=(_LAST_EVENT,),
        refusals=(Refusal(503, "TOO_MANY_STREAMS", "too many are followed already; poll instead"),),
    ),
)
