"""Reserving the address and writing the store."""

from __future__ import annotations

import pytest

from provisioning.errors import Conflict, Permanent
from provisioning.ports import Create, Delete, Update
from provisioning.stores.stores import Deployment, Host, Store, StoreStatus
from tests.steps.world import NOW, OWNER, Provisioning, World

STEP = "configure_store"
HOST = "hosts/ada.localhost"


def test_the_host_the_store_and_its_deployment_are_there_after_it(world: World, one: Provisioning) -> None:
    """Host, store and deployment are this provisioning's, the store is being made, and nothing is live."""
    outcome = one.run(STEP)

    host = Host.model_validate(world.data(HOST))
    store = Store.model_validate(world.data("stores/p1"))
    deployment = Deployment.model_validate(world.data("deployments/p1"))
    assert (host.store_id, host.provisioning_id, host.kind) == ("p1", "p1", "subdomain")
    assert (store.status, store.provisioning_id, store.merchant_id) == (StoreStatus.CREATING, "p1", "m1")
    assert (store.name, store.subdomain, store.hostname) == ("Ada's Sound & Vision", "ada", "ada.localhost")
    assert (store.category, store.owner_email, store.owner_uid) == ("electronics", OWNER, None)
    assert (store.sample, store.created_at, store.live_at) == (True, NOW, None)
    assert (deployment.live, deployment.hostname) == (None, "ada.localhost")
    assert deployment.addresses == {
        "website": world.addresses.store("ada"),
        "dashboard": world.addresses.dashboard("p1"),
    }
    assert outcome.links == {"website": world.addresses.store("ada")}


def test_the_store_keeps_the_plan_and_the_theme_as_they_were_chosen(world: World, one: Provisioning) -> None:
    """Price, limits and version are those of the day, whatever the catalogue says later."""
    one.run(STEP)
    world.documents.commit(
        [
            Update("plans/professional", {"price": 1, "limits": {}}),
            Update("themes/upfront-modern", {"version": "9.9.9"}),
        ]
    )

    store = Store.model_validate(world.data("stores/p1"))

    assert (store.plan["slug"], store.plan["price"], store.plan["currency"]) == ("professional", 7999, "USD")
    assert store.plan["limits"]["products"] == 1_000
    assert set(store.plan).isdisjoint({"popular", "active", "position", "updated_at"})
    assert (store.theme.slug, store.theme.version) == ("upfront-modern", "1.0.0")


def test_a_merchant_without_a_document_gets_one(world: World, one: Provisioning) -> None:
    """Made of the request, and waiting for its store."""
    one.run(STEP)

    merchant = world.data("merchants/m1")
    assert merchant is not None
    assert (merchant["status"], merchant["owner_email"]) == ("PENDING", OWNER)
    assert merchant["saved_choices"]["subdomain"] == "ada"


def test_a_merchant_with_a_document_keeps_it(world: World, one: Provisioning) -> None:
    """Not a field of what the portal wrote changes."""
    world.documents.commit([Create("merchants/m1", {"name": "Portal's", "status": "PENDING"})])
    before = world.documents.get("merchants/m1")

    one.run(STEP)

    after = world.documents.get("merchants/m1")
    assert (after.data, after.update_time) == (before.data, before.update_time)


def test_a_crash_before_the_commit_leaves_nothing_and_changes_nothing(
    world: World, one: Provisioning
) -> None:
    """The second run comes to the same end as the first would have."""
    first = one.attempt(STEP)

    assert world.everything("p1") == {}
    assert one.attempt(STEP) == first


def test_run_again_after_its_commit_it_writes_nothing(world: World, one: Provisioning) -> None:
    """What is there is its own: there is nothing to make, and nothing to refuse."""
    one.run(STEP)
    before = world.everything("p1")

    again = one.run(STEP)

    assert again.writes == ()
    assert again.links == {"website": world.addresses.store("ada")}
    assert world.everything("p1") == before


def test_the_writes_of_two_runs_are_committed_once(one: Provisioning) -> None:
    """Every one is a create, so a second invocation's batch is refused whole."""
    first, second = one.attempt(STEP), one.attempt(STEP)
    one.commit(first)

    with pytest.raises(Conflict):
        one.commit(second)


def test_a_taken_host_is_refused_and_leaves_nothing(world: World, one: Provisioning) -> None:
    """Permanent, not to be retried; the first store stays as it was."""
    world.provisioning("p0").run(STEP)
    before = world.everything("p0", "p1")

    with pytest.raises(Permanent) as refused:
        one.attempt(STEP)

    assert (refused.value.code, refused.value.retryable) == ("SUBDOMAIN_TAKEN", False)
    assert "subdomain" in refused.value.action
    assert world.everything("p0", "p1") == before


def test_of_two_at_once_the_second_finds_the_address_taken(world: World, one: Provisioning) -> None:
    """Both saw it free: the later batch conflicts, and the run after that says why."""
    other = world.provisioning("p2", merchant_id="m2")
    mine, theirs = one.attempt(STEP), other.attempt(STEP)
    one.commit(mine)

    with pytest.raises(Conflict):
        other.commit(theirs)

    with pytest.raises(Permanent, match="belongs to another store"):
        other.attempt(STEP)
    assert [path for path in world.everything("p2") if path.endswith(("p2", "m2"))] == []


def test_a_store_id_that_exists_is_refused(world: World) -> None:
    """Another request's store is not taken over, even at a free address."""
    world.provisioning("p0", store_id="s1").run(STEP)
    before = world.everything("s1")

    with pytest.raises(Permanent) as refused:
        world.provisioning("p1", store_id="s1", subdomain="grace").attempt(STEP)

    assert (refused.value.code, refused.value.retryable) == ("STORE_EXISTS", False)
    assert world.everything("s1") == before


@pytest.mark.parametrize("gone", ["themes/upfront-modern", "plans/professional"])
def test_a_choice_that_is_gone_waits_for_a_person(world: World, one: Provisioning, gone: str) -> None:
    """Permanent but to be retried: once it is there again the step succeeds."""
    entry = world.data(gone)
    assert entry is not None
    world.documents.commit([Delete(gone)])
    with pytest.raises(Permanent) as refused:
        one.attempt(STEP)
    assert (refused.value.code, refused.value.retryable) == ("CHOICE_GONE", True)
    assert world.everything("p1") == {}

    world.documents.commit([Create(gone, entry)])
    one.run(STEP)

    assert world.data(HOST)


def test_undo_frees_all_that_is_ours_and_may_come_twice(world: World, one: Provisioning) -> None:
    """Nothing is left but the merchant, who may ask again; then there is nothing to undo."""
    one.run(STEP)

    one.undo(STEP)

    assert list(world.everything("p1")) == ["merchants/m1"]
    assert one.undo(STEP).writes == ()


def test_undo_without_a_run_does_nothing(world: World, one: Provisioning) -> None:
    """A run that was refused or never committed has made nothing."""
    one.attempt(STEP)

    assert one.undo(STEP).writes == ()
    assert world.everything("p1") == {}


def test_undo_leaves_what_another_has_made_since(world: World, one: Provisioning) -> None:
    """Host, store and deployment of the same names, made by a later request, stay as they are."""
    one.run(STEP)
    one.undo(STEP)
    world.provisioning("p2", store_id="p1").run(STEP)
    before = world.everything("p1")

    one.undo(STEP)

    assert world.everything("p1") == before
    assert before[HOST]["provisioning_id"] == "p2"


def test_undo_that_another_overtakes_deletes_nothing(world: World, one: Provisioning) -> None:
    """The host is made anew between reading and committing: the batch is refused whole."""
    one.run(STEP)
    outcome = one.attempt_undo(STEP)
    host = world.data(HOST)
    assert host is not None
    world.documents.commit([Delete(HOST)])
    world.documents.commit([Create(HOST, host | {"provisioning_id": "p2"})])

    with pytest.raises(Conflict):
        one.commit(outcome)

    assert world.data("stores/p1")
    one.undo(STEP)
    assert list(world.everything("p1")) == [HOST, "merchants/m1"]


def test_undo_of_the_refused_one_leaves_the_winner(world: World) -> None:
    """Rolling back the request that came too late touches nothing of the store that has the address."""
    world.provisioning("p0").run(STEP)
    before = world.everything("p0")

    world.provisioning("p1").undo(STEP)

    assert world.everything("p0") == before
