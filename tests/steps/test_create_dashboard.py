"""The owner's account and the right to the store."""

from __future__ import annotations

import pytest

from provisioning.errors import Conflict
from provisioning.ports import Account, Create, Delete, Update
from provisioning.steps.create_dashboard import own_uid
from provisioning.stores.members import Member
from tests.steps.world import OWNER, Provisioning, World

STEP = "create_dashboard"
BEFORE = ("configure_store", "create_workspace")


@pytest.fixture
def ready(one: Provisioning) -> Provisioning:
    """A provisioning that has a workspace."""
    one.run(*BEFORE)
    return one


def uid_of(one: Provisioning) -> str:
    return own_uid(one.key(STEP))


def test_a_new_owner_gets_an_account_and_the_right(world: World, ready: Provisioning) -> None:
    """The account has the effect key's id; membership, store and the next steps name it."""
    outcome = ready.run(STEP)

    uid = uid_of(ready)
    assert world.accounts.find(uid) == Account(uid, OWNER)
    member = Member.model_validate(world.data(f"tenants/p1/members/{uid}"))
    assert (member.uid, member.email, member.role) == (uid, OWNER, "owner")
    assert (member.provisioning_id, member.signed_in_at) == ("p1", None)
    assert (world.data("stores/p1") or {})["owner_uid"] == uid
    assert outcome.refs == {"owner_uid": uid}
    assert outcome.links == {"dashboard": world.addresses.dashboard("p1")}
    assert outcome.effects == ("account",)


@pytest.mark.parametrize("disabled", [False, True])
def test_an_account_that_exists_is_reused_unchanged(
    world: World, ready: Provisioning, disabled: bool
) -> None:
    """Neither its role nor its being disabled is touched, and it is found whatever the case of the address."""
    world.accounts.ensure_owner(OWNER.upper(), "Ada", "u1")
    world.accounts.set_role("u1", "admin")
    world.accounts.set_disabled("u1", disabled)
    before = world.accounts.find("u1")

    outcome = ready.run(STEP)

    assert world.accounts.find("u1") == before == Account("u1", OWNER, "admin", disabled)
    assert world.accounts.find(uid_of(ready)) is None
    assert outcome.refs == {"owner_uid": "u1"}
    assert outcome.effects == ()
    assert world.data("tenants/p1/members/u1")


def test_a_crash_before_the_commit_makes_one_account(world: World, ready: Provisioning) -> None:
    """The account is there already; the next run knows it for its own work."""
    first = ready.attempt(STEP)
    assert world.accounts.find(uid_of(ready))
    assert world.collection("tenants/p1/members") == {}

    again = ready.run(STEP)

    assert again == first
    assert again.effects == ("account",)
    assert list(world.collection("tenants/p1/members")) == [uid_of(ready)]


def test_its_writes_are_committed_once(ready: Provisioning) -> None:
    """The membership is created, never written over: what the owner did meanwhile is not lost."""
    ready.run(STEP)

    with pytest.raises(Conflict):
        ready.run(STEP)


def test_undo_takes_the_right_and_the_account_away_and_may_come_twice(
    world: World, ready: Provisioning
) -> None:
    """All is as it was before the step."""
    before = world.everything("p1")
    ready.run(STEP)

    ready.undo(STEP)

    assert world.everything("p1") == before
    assert world.accounts.find_by_email(OWNER) is None
    ready.undo(STEP)
    assert world.everything("p1") == before


def test_undo_after_a_crash_before_the_commit_finds_the_account(world: World, ready: Provisioning) -> None:
    """Nothing names it but the key that its id is made from."""
    ready.attempt(STEP)
    assert ready.refs == {}

    ready.undo(STEP)

    assert world.accounts.find_by_email(OWNER) is None


def test_undo_that_dies_before_its_commit_is_finished_by_the_next(world: World, ready: Provisioning) -> None:
    """The account is gone already, the membership not yet."""
    ready.run(STEP)
    ready.attempt_undo(STEP)
    assert list(world.collection("tenants/p1/members")) == [uid_of(ready)]

    ready.undo(STEP)

    assert world.collection("tenants/p1/members") == {}


def test_undo_when_nothing_was_made_changes_nothing(world: World, ready: Provisioning) -> None:
    before = world.everything("p1")

    ready.undo(STEP)

    assert world.everything("p1") == before


@pytest.mark.parametrize("committed", [True, False])
def test_undo_keeps_an_account_that_was_there(world: World, ready: Provisioning, committed: bool) -> None:
    """Only the right that was given is taken away."""
    world.accounts.ensure_owner(OWNER, "Ada", "u1")
    outcome = ready.attempt(STEP)
    if committed:
        ready.commit(outcome)

    ready.undo(STEP)

    assert world.accounts.find("u1") == Account("u1", OWNER)
    assert world.collection("tenants/p1/members") == {}
    assert (world.data("stores/p1") or {})["owner_uid"] is None


def test_undo_keeps_an_account_that_has_a_role(world: World, ready: Provisioning) -> None:
    """Somebody made the owner an administrator since: the account is no longer ours to remove."""
    ready.run(STEP)
    world.accounts.set_role(uid_of(ready), "admin")

    outcome = ready.undo(STEP)

    assert world.accounts.find(uid_of(ready)) == Account(uid_of(ready), OWNER, "admin")
    assert world.collection("tenants/p1/members") == {}
    assert outcome.log == ("The owner's account stays: it has other rights",)


def test_undo_keeps_an_account_that_owns_another_store(world: World, ready: Provisioning) -> None:
    """The second store's owner signs in with the account that the first store's activation made."""
    ready.run(STEP)
    second = world.provisioning("p2", subdomain="ada-two")
    second.run(*BEFORE, STEP)
    assert second.refs["owner_uid"] == uid_of(ready)

    ready.undo(STEP)

    assert world.accounts.find(uid_of(ready)) == Account(uid_of(ready), OWNER)
    assert world.collection("tenants/p1/members") == {}
    assert list(world.collection("tenants/p2/members")) == [uid_of(ready)]
    assert (world.data("stores/p2") or {})["owner_uid"] == uid_of(ready)


def test_undo_leaves_a_membership_that_another_has_made_since(world: World, ready: Provisioning) -> None:
    """The same store and the same person, but the right is a later provisioning's, and so the account is needed."""
    ready.run(STEP)
    path = f"tenants/p1/members/{uid_of(ready)}"
    member = world.data(path)
    assert member is not None
    world.documents.commit([Delete(path)])
    world.documents.commit(
        [
            Create(path, member | {"provisioning_id": "p2"}),
            Update("stores/p1", {"provisioning_id": "p2"}),
        ]
    )

    outcome = ready.attempt_undo(STEP)
    ready.commit(outcome)

    assert outcome.writes == ()
    assert world.accounts.find(uid_of(ready)) == Account(uid_of(ready), OWNER)
    assert (world.data(path) or {})["provisioning_id"] == "p2"
    assert (world.data("stores/p1") or {})["owner_uid"] == uid_of(ready)
