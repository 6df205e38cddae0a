"""Server-sent events: what changes arrives, once, and every stream ends."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from provisioning.api import streams
from provisioning.ports import Create, Update
from provisioning.workflow.records import Status, StepRecord
from tests.api.world import EARLIER, ROOT, Api, code_of

P1 = f"{ROOT}/provisionings/p1/events"
S1 = f"{ROOT}/stores/s1/provisioning/events"


class Reader:
    """Reads one stream in a thread of its own."""

    def __init__(self, api: Api, path: str, last_id: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {api.token}"}
        if last_id is not None:
            headers["Last-Event-ID"] = last_id
        self.answer = api.client.open(path, headers=headers, buffered=False)
        self.events: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.comments = 0
        self._arrived = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for block in self.answer.response:
            with self._arrived:
                self._take(block.decode())
                self._arrived.notify_all()

    def _take(self, block: str) -> None:
        fields = dict(line.split(": ", 1) for line in block.strip().splitlines() if not line.startswith(":"))
        self.comments += block.startswith(":")
        if fields.get("event") == "provisioning":
            self.events.append(json.loads(fields["data"]))
            self.ids.append(fields["id"])

    def wait_for(self, count: int, seconds: float = 5.0) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.events) >= count, seconds), self.events

    def wait_for_end(self, seconds: float = 5.0) -> None:
        self._thread.join(seconds)
        assert not self._thread.is_alive()
        self.answer.close()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch, api: Api) -> Iterator[None]:
    monkeypatch.setattr(streams, "STREAM_SECONDS", 20.0)
    yield
    assert streams._open == 0, "a stream was not counted off"


def running(api: Api, id: str = "p1", **changes: Any) -> None:
    api.add_provisioning(id, **{"status": Status.IN_PROGRESS, "error": None} | changes)


def change(api: Api, seconds: int, id: str = "p1", **fields: Any) -> None:
    updated = {"updated_at": EARLIER + timedelta(seconds=seconds)}
    api.documents.commit([Update(f"provisionings/{id}", fields | updated)])


def test_every_state_arrives_and_the_stream_ends_with_the_last(api: Api) -> None:
    running(api)
    reader = Reader(api, P1)
    reader.wait_for(1)
    change(api, 10, completion_percent=75)
    reader.wait_for(2)
    change(api, 11, completion_percent=100, status="COMPLETED")
    reader.wait_for_end()

    assert reader.answer.content_type == "text/event-stream"
    assert [event["completion_percent"] for event in reader.events] == [50, 75, 100]
    assert reader.ids == sorted(set(reader.ids))
    assert reader.events[-1] == api.get("provisionings/p1").json


def test_a_change_arrives_within_a_second(api: Api) -> None:
    running(api)
    reader = Reader(api, P1)
    reader.wait_for(1)
    began = time.monotonic()
    change(api, 10, completion_percent=75)
    reader.wait_for(2)

    assert time.monotonic() - began < 1.0
    change(api, 11, status="COMPLETED")
    reader.wait_for_end()


def test_who_comes_back_gets_nothing_twice(api: Api) -> None:
    running(api)
    first = Reader(api, P1)
    first.wait_for(1)
    again = Reader(api, P1, first.ids[-1])
    change(api, 10, completion_percent=100, status="COMPLETED")
    first.wait_for_end()
    again.wait_for_end()

    assert [event["completion_percent"] for event in again.events] == [100]


def test_what_is_over_and_known_ends_at_once(api: Api) -> None:
    """Nothing comes, and nobody is kept waiting."""
    record = api.add_provisioning()
    began = time.monotonic()
    reader = Reader(api, P1, record.updated_at.isoformat())
    reader.wait_for_end()

    assert reader.events == []
    assert time.monotonic() - began < 2.0


def test_it_may_be_followed_before_it_exists(api: Api) -> None:
    """Its request is written; the provisioning comes a moment later."""
    api.documents.commit([Create("activation_requests/p1", {"picked_up": False})])
    reader = Reader(api, P1)
    api.add_provisioning()
    reader.wait_for_end()

    assert [event["status"] for event in reader.events] == ["FAILED"]


def test_unknown_provisioning(api: Api) -> None:
    assert code_of(api.get("provisionings/p1/events")) == (404, "NOT_FOUND")


def test_a_store_is_followed_before_anybody_asked_for_it(api: Api) -> None:
    reader = Reader(api, S1)
    running(api)
    reader.wait_for(1)
    change(api, 10, status="COMPLETED")
    reader.wait_for_end()

    assert [event["status"] for event in reader.events] == ["IN_PROGRESS", "COMPLETED"]


def test_a_store_goes_on_with_its_newer_provisioning(api: Api) -> None:
    """As when somebody starts over elsewhere."""
    running(api)
    reader = Reader(api, S1)
    reader.wait_for(1)
    running(api, "p2", requested_at=EARLIER + timedelta(minutes=1), updated_at=EARLIER + timedelta(minutes=1))
    reader.wait_for(2, seconds=10.0)
    change(api, 70, "p2", status="COMPLETED")
    reader.wait_for_end()

    assert [event["id"] for event in reader.events] == ["p1", "p2", "p2"]


def test_a_quiet_stream_is_kept_alive_and_ends_by_itself(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.1)
    monkeypatch.setattr(streams, "STREAM_SECONDS", 0.5)
    running(api)
    reader = Reader(api, P1)
    reader.wait_for_end()

    assert len(reader.events) == 1
    assert reader.comments >= 2


def test_too_many_streams(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes too late is told to ask from time to time; a stream that is dropped makes room."""
    monkeypatch.setattr(streams, "MOST_STREAMS_EMBEDDED", 1)
    running(api)
    reader = Reader(api, P1)
    reader.wait_for(1)

    refused = api.get("provisionings/p1/events")
    assert code_of(refused) == (503, "TOO_MANY_STREAMS")
    assert int(refused.headers["Retry-After"]) >= 1

    change(api, 10, status="COMPLETED")
    reader.wait_for_end()
    assert api.get("provisionings/p1/events").status_code == 200


def test_a_stream_that_is_dropped_unread_is_counted_off(api: Api) -> None:
    running(api)
    answer = api.client.open(P1, headers={"Authorization": f"Bearer {api.token}"}, buffered=False)

    assert streams._open == 1
    answer.close()
    assert streams._open == 0


def test_nothing_inside_is_shown(api: Api) -> None:
    """As little of the engine as in every other answer."""
    api.add_provisioning(steps=(StepRecord(name="second", title="Second", percent=100),))
    text = api.get("provisionings/p1/events").get_data(as_text=True)

    assert '"status":"FAILED"' in text
    assert "engine" not in text
