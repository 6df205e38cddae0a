"""Publications: a change of a store's documents becomes one publication in a few seconds, and none is overlooked."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from provisioning.errors import NotFound, WrongState
from provisioning.ports import Set, Update
from provisioning.stores.publication import PublicationOrder
from provisioning.workflow.publications import changed_store, note_change, order_publication
from tests.workflow.world import AGAIN, World

STORE = {
    "merchant_id": "m1",
    "provisioning_id": "p1",
    "name": "Awesome Store",
    "status": "ACTIVE",
    "subdomain": "awesome",
    "hostname": "awesome.localhost",
    "category": "electronics",
    "owner_email": "owner@example.com",
    "theme": {"slug": "upfront-modern", "version": "1.0.0"},
    "plan": {},
}


@pytest.fixture
def store(world: World) -> str:
    now = world.snapshot("stores/s1").read_time
    world.documents.inner.commit([Set("stores/s1", STORE | {"created_at": now})])
    return "s1"


def order(store: str = "s1", **changes: str) -> PublicationOrder:
    return PublicationOrder(store_id=store, reason="Asked for", actor="admin:a1", **changes)


def publications(world: World) -> list[str]:
    return [path.rpartition("/")[2] for path in world.paths("provisionings")]


def test_many_changes_are_one_publication(world: World, store: str) -> None:
    """While one waits, whatever else changes is in it already."""
    ids = {note_change(world.engine, store) for _ in range(20)}

    assert len(ids) == 1
    assert publications(world) == [*ids]
    assert world.broker.published == 1


def test_it_waits_for_more_changes_and_then_runs(world: World, store: str) -> None:
    """Not due before three seconds have passed; its message stays alive until then."""
    id = note_change(world.engine, store)
    message = world.broker.take()
    world.clock.advance(2.9)
    early = world.deliver(message)
    world.clock.advance(0.2)
    world.deliver(message)

    assert early is AGAIN
    assert world.record(id).status == "COMPLETED"
    assert world.probe.calls == [("run", "publish_site")]
    assert world.probe.contexts[0].store_id == store


def test_a_preview_for_longer_is_another_one(world: World, store: str) -> None:
    """Who asks for thirty days is not told so of one that ends after seven."""
    week, month = (
        order_publication(
            world.engine,
            PublicationOrder(store_id=store, channel="preview-next", days=days, reason="r", actor="admin:a1"),
            delay=timedelta(seconds=3),
        )
        for days in (7, 30)
    )

    assert week != month
    assert [record.publication.days for id in (week, month) if (record := world.record(id)).publication] == [
        7,
        30,
    ]


def test_a_change_during_a_publication_leads_to_another(world: World, store: str) -> None:
    """What is being worked on may have read the documents before the change."""
    first = note_change(world.engine, store)
    later: list[str | None] = []
    world.probe.first["run", "publish_site"].append(lambda _: later.append(note_change(world.engine, store)))
    world.settle()

    assert later[0] not in (None, first)
    assert [world.record(id).status for id in (first, later[0])] == ["COMPLETED"] * 2
    assert world.probe.calls == [("run", "publish_site")] * 2


def test_a_change_between_two_attempts_leads_to_another(world: World, store: str) -> None:
    """An attempt that failed may be repeated by an invocation that has read already: only what nobody has begun is joined."""
    first = note_change(world.engine, store)
    world.clock.advance(4)
    world.fault("Transient", "commit")
    world.deliver()
    second = note_change(world.engine, store)

    assert second != first


def test_changes_at_once_are_one_publication(world: World, store: str) -> None:
    """Eight functions hear of changes in the same instant."""
    together = threading.Barrier(8)
    ids: list[str | None] = []

    def change() -> None:
        together.wait()
        ids.append(note_change(world.engine, store))

    threads = [threading.Thread(target=change) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 8
    assert set(publications(world)) == set(ids)
    assert len(set(ids)) == 1


@pytest.mark.parametrize("status", ["CREATING", "ARCHIVED", "DELETED"])
def test_a_store_without_a_website_is_left_alone(world: World, store: str, status: str) -> None:
    """An activation publishes by itself; what is archived shows nothing."""
    world.documents.inner.commit([Update("stores/s1", {"status": status})])

    assert note_change(world.engine, store) is None
    assert publications(world) == []
    with pytest.raises(WrongState, match=status):
        order_publication(world.engine, order())


def test_a_change_of_no_store_is_left_alone(world: World) -> None:
    """Its store was deleted, and then its documents."""
    assert note_change(world.engine, "gone") is None
    with pytest.raises(NotFound):
        order_publication(world.engine, order("gone"))


def test_what_is_ordered_for_another_channel_does_not_join(world: World, store: str) -> None:
    """A preview of a theme is not what visitors will see."""
    live = order_publication(world.engine, order(), delay=timedelta(seconds=3))
    preview = order_publication(world.engine, order(channel="preview-1", theme="upfront-classic"))
    again = order_publication(world.engine, order())

    assert len({live, preview, again}) == 3


def test_a_lost_message_is_made_good_by_sweep(world: World, store: str) -> None:
    """Firestore alone is enough, as for activations."""
    id = note_change(world.engine, store)
    world.broker.pending.clear()
    world.settle()

    assert world.record(id).status == "COMPLETED"


def test_a_publication_that_fails_says_so_and_can_be_retried(world: World, store: str) -> None:
    """It ends like any provisioning: FAILED with a reason and a dead letter."""
    id = order_publication(world.engine, order())
    world.exhaust(at="publish_site")
    failed = world.record(id)
    world.retry(id)
    world.settle()

    assert (failed.status, failed.error and failed.error.retryable) == ("FAILED", True)
    assert failed.engine.dead_letter in "".join(world.paths("dead_letters"))
    assert world.record(id).status == "COMPLETED"


def test_its_document_is_removed_in_time(world: World, store: str) -> None:
    """Catalogues change all day; what they led to is kept for a month."""
    id = note_change(world.engine, store)
    world.settle()
    found = world.snapshot(f"provisionings/{id}")

    assert found.data["expires_at"] - found.create_time > timedelta(days=29)


@pytest.mark.parametrize(
    ("path", "store"),
    [
        ("tenants/s1/products/lamp", "s1"),
        ("tenants/s1/settings/contact", "s1"),
        ("tenants/s1/pages/about", "s1"),
        ("tenants/s1/members/u1", None),
        ("tenants/s1/checklist/tax", None),
        ("tenants/s1", None),
        ("tenants/s1/products/lamp/notes/n1", None),
        ("stores/s1", None),
    ],
)
def test_what_a_website_is_made_from(path: str, store: str | None) -> None:
    """Only those documents of a tenant that its pages show."""
    assert changed_store(path) == store
