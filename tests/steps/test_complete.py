"""The proof that the store works."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from provisioning.errors import Conflict, Permanent, Transient
from provisioning.ports import Create, Delete, Page, Update
from tests.steps.world import NOW, SECRET, Provisioning

STEP = "complete"
CHECKS = ["website", "assets", "product", "dashboard", "account", "membership"]


def launching(store: Provisioning, launch: str) -> Provisioning:
    store.request = store.world.provisioning(launch=launch).request
    return store


def data(store: Provisioning, path: str) -> dict[str, Any]:
    found = store.world.data(path)
    assert found is not None
    return found


def home(store: Provisioning) -> str:
    world = store.world
    address = f"{world.addresses.store('ada')}/?preview={world.tokens.preview('p1')}"
    return world.visitor.open(address).body.decode()


# --- What it proves


@pytest.mark.parametrize(
    ("launch", "status", "live_at"), [("after_onboarding", "READY", None), ("immediately", "ACTIVE", NOW)]
)
def test_the_store_opens_as_it_was_asked_to(
    store: Provisioning, launch: str, status: str, live_at: datetime | None
) -> None:
    """READY for its owner, or ACTIVE for all; its merchant is ACTIVE."""
    outcome = launching(store, launch).run(STEP)

    found = data(store, "stores/p1")
    assert (found["status"], found["live_at"]) == (status, live_at)
    merchant = data(store, "merchants/m1")
    assert (merchant["status"], merchant["status_reason"]) == ("ACTIVE", "")
    assert status in outcome.log[0]
    public = store.world.visitor.open(f"{store.world.addresses.store('ada')}/")
    assert (b"/products/" in public.body) is (status == "ACTIVE")


def test_the_receipt_holds_what_was_seen(store: Provisioning) -> None:
    """Each check passed with evidence in words; no secret and no preview of the store is among it."""
    outcome = store.run(STEP)

    assert [check["check"] for check in outcome.receipt] == CHECKS
    assert all(check["ok"] is True and check["evidence"] for check in outcome.receipt)
    assert "preview" not in repr(outcome)
    assert SECRET not in repr(outcome)


def test_a_hostile_name_passes_its_own_check(store: Provisioning) -> None:
    """A name is found on the page however it had to be written there."""
    store.undo("initialize_data", "deploy_website", "create_dashboard", "create_workspace", "configure_store")
    other = store.world.provisioning("p2", store_name="\"><b>A</b> &amp; 'B' {{ 7*7 }}")
    other.run("configure_store", "create_workspace", "create_dashboard", "deploy_website", "initialize_data")

    outcome = other.run(STEP)

    assert [check["ok"] for check in outcome.receipt] == [True] * len(CHECKS)


def test_run_twice_without_a_commit_it_comes_to_the_same_end(store: Provisioning) -> None:
    """Looking changes nothing."""
    before = store.world.everything("p1")

    first = store.attempt(STEP)

    assert store.world.everything("p1") == before
    assert store.run(STEP) == first


# --- What it refuses to pass


def failing(store: Provisioning) -> str:
    """What the step says of a store that does not pass; nothing was written."""
    before = store.world.everything("p1")
    with pytest.raises(Transient) as stopped:
        store.run(STEP)
    assert stopped.value.code == "CHECK_FAILED"
    assert store.world.everything("p1") == before
    return str(stopped.value)


@pytest.mark.parametrize("kind", ["css", "svg"])
def test_a_missing_asset_fails_the_check(store: Provisioning, kind: str) -> None:
    """It is named; once it is served, the next attempt passes."""
    paths = re.findall(rf'<(?:link|img)[^>]+(?:href|src)="(/[^"]+\.{kind})"', home(store))
    assert paths
    for path in paths:
        store.world.visitor.answers[path] = Page(404, b"", "text/html")

    told = failing(store)

    assert "assets: missing: /" in told
    assert f".{kind}" in told
    store.world.visitor.answers.clear()
    assert store.run(STEP).receipt


def test_a_missing_product_page_fails_the_check(store: Provisioning) -> None:
    path = re.findall(r'href="(/products/[a-z0-9-]+/?)"', home(store))[0]
    store.world.visitor.answers[path] = Page(404, b"<h1>Not here</h1>", "text/html")

    assert f"product: {path} answered 404" in failing(store)


def test_a_home_page_without_products_fails_the_check(store: Provisioning) -> None:
    page = Page(200, home(store).replace("/products/", "/nothing/").encode(), "text/html")
    store.world.visitor.answers[":8080/"] = page

    assert "the home page leads to no product" in failing(store)


def test_another_stores_page_fails_the_check(store: Provisioning) -> None:
    """200 is not enough: the page must be this store's."""
    page = Page(200, b"<title>Somebody else</title>", "text/html")
    store.world.visitor.answers[":8080/"] = page

    assert "website: " in failing(store)


def test_a_site_that_is_not_live_fails_the_check(store: Provisioning) -> None:
    store.world.documents.commit([Update("deployments/p1", {"live": None})])

    assert "website: " in failing(store)


@pytest.mark.parametrize("status", [200, 404, 500])
def test_a_dashboard_that_does_not_ask_for_sign_in_fails_the_check(store: Provisioning, status: int) -> None:
    store.world.visitor.answers["/dashboard/stores/p1"] = Page(status, b"", "text/html")

    assert f"dashboard: it asks for sign-in ({status})" in failing(store)


def test_a_missing_membership_fails_the_check(store: Provisioning) -> None:
    store.world.documents.commit([Delete(f"tenants/p1/members/{store.refs['owner_uid']}")])

    assert "membership: the right is missing" in failing(store)


def test_out_of_time_it_stops_looking(store: Provisioning) -> None:
    """No page is opened after the attempt is over."""
    with pytest.raises(Transient) as stopped:
        store.run(STEP, seconds=-0.1)

    assert stopped.value.code == "OUT_OF_TIME"
    assert store.world.visitor.opened == []


@pytest.mark.parametrize("how", ["removed", "disabled"])
def test_an_owner_who_is_gone_waits_for_a_person(store: Provisioning, how: str) -> None:
    """Permanent, as no attempt makes the account again; to be retried where it was only disabled."""
    accounts, uid = store.world.accounts, store.refs["owner_uid"]
    if how == "removed":
        accounts.remove(uid)
    else:
        accounts.set_disabled(uid, True)

    with pytest.raises(Permanent) as stopped:
        store.run(STEP)

    assert (stopped.value.code, stopped.value.retryable) == ("OWNER_GONE", True)
    assert data(store, "stores/p1")["status"] == "CREATING"
    if how == "disabled":
        accounts.set_disabled(uid, False)
        assert store.run(STEP).receipt


# --- The merchant


def test_a_suspended_merchant_opens_no_store(store: Provisioning) -> None:
    """Permanent with what to do; after the suspension is lifted a retry opens it."""
    store.world.documents.commit([Update("merchants/m1", {"status": "SUSPENDED"})])
    with pytest.raises(Permanent) as stopped:
        launching(store, "immediately").run(STEP)
    assert (stopped.value.code, stopped.value.retryable) == ("MERCHANT_SUSPENDED", True)
    assert data(store, "stores/p1")["status"] == "CREATING"

    store.world.documents.commit([Update("merchants/m1", {"status": "PENDING"})])
    store.run(STEP)

    assert data(store, "stores/p1")["status"] == "ACTIVE"


def test_a_merchant_who_is_suspended_at_the_last_moment_opens_no_store(store: Provisioning) -> None:
    """The batch hangs on the merchant as it was read: the suspension wins."""
    outcome = store.attempt(STEP)
    store.world.documents.commit([Update("merchants/m1", {"status": "SUSPENDED"})])

    with pytest.raises(Conflict):
        store.commit(outcome)

    assert data(store, "stores/p1")["status"] == "CREATING"
    with pytest.raises(Permanent, match="suspended"):
        store.run(STEP)


def test_a_merchant_without_a_document_gets_one(store: Provisioning) -> None:
    """Deleted meanwhile, it is made of the request, and is active."""
    store.world.documents.commit([Delete("merchants/m1")])

    store.run(STEP)

    merchant = data(store, "merchants/m1")
    assert (merchant["status"], merchant["owner_email"]) == ("ACTIVE", store.request.owner_email)


def test_a_reason_to_have_failed_is_over(store: Provisioning) -> None:
    store.world.documents.commit(
        [Update("merchants/m1", {"status": "FAILED", "status_reason": "No mailbox"})]
    )

    store.run(STEP)

    merchant = data(store, "merchants/m1")
    assert (merchant["status"], merchant["status_reason"]) == ("ACTIVE", "")


# --- Undo


@pytest.mark.parametrize("launch", ["after_onboarding", "immediately"])
def test_undo_closes_the_store_and_may_come_twice(store: Provisioning, launch: str) -> None:
    """The store is as it was before the step, and its merchant waits for one again."""
    before = store.world.everything("p1")
    launching(store, launch).run(STEP)

    store.undo(STEP)

    after = store.world.everything("p1")
    assert after.pop("merchants/m1")["status"] == before.pop("merchants/m1")["status"] == "PENDING"
    assert after == before
    undone = store.world.everything("p1")
    store.undo(STEP)
    assert store.world.everything("p1") == undone


def test_undo_without_a_run_changes_nothing(store: Provisioning) -> None:
    before = store.world.everything("p1")

    store.undo(STEP)

    assert store.world.everything("p1") == before


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        ("READY", "ACTIVE"),
        ("ACTIVE", "ACTIVE"),
        ("SUSPENDED", "ACTIVE"),
        ("CREATING", "PENDING"),
        ("ARCHIVED", "PENDING"),
    ],
)
def test_undo_keeps_the_merchant_active_for_another_store(
    store: Provisioning, status: str, kept: str
) -> None:
    """Only a store that was finished and is still there counts."""
    store.run(STEP)
    other = data(store, "stores/p1") | {"status": status, "provisioning_id": "p2"}
    store.world.documents.commit([Create("stores/p2", other)])

    store.undo(STEP)

    assert data(store, "merchants/m1")["status"] == kept
    assert data(store, "stores/p1")["status"] == "CREATING"
    assert data(store, "stores/p2") == other


def test_undo_leaves_a_suspension(store: Provisioning) -> None:
    """A suspended merchant does not become a pending one by a roll back."""
    store.run(STEP)
    store.world.documents.commit(
        [
            Update("merchants/m1", {"status": "SUSPENDED", "status_reason": "Unpaid"}),
            Update("stores/p1", {"status": "SUSPENDED"}),
        ]
    )

    store.undo(STEP)

    assert data(store, "merchants/m1")["status"] == "SUSPENDED"
    assert data(store, "merchants/m1")["status_reason"] == "Unpaid"


def test_undo_without_a_merchant_closes_the_store(store: Provisioning) -> None:
    store.run(STEP)
    store.world.documents.commit([Delete("merchants/m1")])

    store.undo(STEP)

    assert data(store, "stores/p1")["status"] == "CREATING"
    assert store.world.data("merchants/m1") is None


def test_undo_leaves_a_store_that_another_has_made_since(store: Provisioning) -> None:
    """The later provisioning's store stays open, and its merchant active."""
    store.run(STEP)
    store.world.documents.commit([Update("stores/p1", {"provisioning_id": "p2"})])
    before = store.world.everything("p1")

    assert store.undo(STEP).writes == ()
    assert store.world.everything("p1") == before


def test_undo_without_a_store_does_nothing(one: Provisioning) -> None:
    assert one.undo(STEP).writes == ()
