"""`republish` under the framework, with the very bytes of Firestore's events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from provisioning.local.events import written_event, written_event_base64
from provisioning.ports import Set, Update
from tests.functions.conftest import CANARY
from tests.workflow.test_publications import STORE, publications

WRITTEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def client(world, serve):
    return serve("republish", "cloudevent")


@pytest.fixture(autouse=True)
def store(world) -> None:
    world.documents.inner.commit([Set("stores/s1", STORE | {"created_at": WRITTEN})])


def post(client, event: tuple[dict[str, str], bytes]):
    headers, body = event
    return client.post("/", data=body, headers=headers | {"Authorization": f"Bearer {CANARY}"})


@pytest.mark.parametrize("form", [written_event, written_event_base64], ids=["production", "emulator"])
@pytest.mark.parametrize("data", [{"title": "Lamp"}, None], ids=["written", "deleted"])
def test_a_change_of_the_catalogue_is_published(world, client, form, data) -> None:
    """Each form of the event, and the event of a deletion, leads to one publication."""
    answer = post(client, form("p", "(default)", "tenants/s1/products/lamp", data, written_at=WRITTEN))

    assert answer.status_code == 200
    (id,) = publications(world)
    assert (world.record(id).kind, world.record(id).store_id) == ("publication", "s1")


@pytest.mark.parametrize(("after", "expected"), [(-1, 0), (0, 0), (1, 1)])
def test_an_activations_own_writes_are_not_published_again(world, client, after: int, expected: int) -> None:
    """Their events may come late, when the store is open; a change made afterwards is published."""
    world.documents.inner.commit([Update("stores/s1", {"ready_at": WRITTEN})])
    written_at = WRITTEN + timedelta(microseconds=after)

    answer = post(
        client, written_event("p", "(default)", "tenants/s1/settings/tax", {"a": 1}, written_at=written_at)
    )

    assert answer.status_code == 200
    assert len(publications(world)) == expected


@pytest.mark.parametrize("path", ["tenants/s1/members/u1", "tenants/gone/products/lamp"])
def test_other_changes_lead_to_nothing(world, client, path) -> None:
    """What no website shows, and what belongs to no store."""
    answer = post(client, written_event("p", "(default)", path, {"a": 1}, written_at=WRITTEN))

    assert answer.status_code == 200
    assert publications(world) == []


def test_what_cannot_be_read_is_filed(world, client) -> None:
    """Once; it would not become readable."""
    headers, _ = written_event("p", "(default)", "tenants/s1/products/lamp", {}, written_at=WRITTEN)
    for _ in range(2):
        assert post(client, (headers, b"\xff\xff")).status_code == 200

    assert len(world.paths("dead_letters")) == 1


def test_a_database_that_does_not_answer_is_asked_again(world, client, caplog, capsys) -> None:
    """The event comes again, and nothing that was sent is printed."""
    world.fault("Transient", "get_all")
    event = written_event(
        "p", "(default)", "tenants/s1/products/lamp", {"secret": CANARY}, written_at=WRITTEN
    )
    first = post(client, event)
    second = post(client, event)

    assert (first.status_code, second.status_code) == (500, 200)
    assert len(publications(world)) == 1
    assert CANARY not in caplog.text + capsys.readouterr().out + first.get_data(as_text=True)
