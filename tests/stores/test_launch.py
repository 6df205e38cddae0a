"""Going live."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from provisioning.errors import NotFound, Transient, WrongState
from provisioning.ports import Delete, Update
from provisioning.stores.launch import go_live
from provisioning.stores.stores import Store, StoreStatus
from tests.stores.shop import LostAnswer


def read(shop, store_id="s1") -> Store:
    return Store.model_validate(shop.documents.get(f"stores/{store_id}").data)


def test_a_ready_store_becomes_active_with_its_audit_entry(shop):
    """Status, moment and entry say the same."""
    live = go_live(shop.documents, "s1", "owner:u1", shop.now)

    assert live == read(shop)
    assert (live.status, live.live_at) == (StoreStatus.ACTIVE, shop.now)
    assert shop.audit("store.went_live") == [
        {
            "at": shop.now,
            "actor": "owner:u1",
            "action": "store.went_live",
            "subject": "stores/s1",
            "detail": {},
        }
    ]


def test_a_live_store_stays_as_it_is(shop):
    """Pressing twice is pressing once."""
    first = go_live(shop.documents, "s1", "owner:u1", shop.now)

    assert go_live(shop.documents, "s1", "owner:u1", shop.now.replace(hour=20)) == first
    assert len(shop.audit("store.went_live")) == 1


def test_many_presses_at_once_make_one_entry(shop):
    """Eight threads behind a barrier: all see ACTIVE, one did it."""
    barrier = threading.Barrier(8)

    def press(_: int) -> StoreStatus:
        barrier.wait()
        return go_live(shop.documents, "s1", "owner:u1", shop.now).status

    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(press, range(8)))

    assert seen == {StoreStatus.ACTIVE}
    assert len(shop.audit("store.went_live")) == 1


@pytest.mark.parametrize("status", ["CREATING", "SUSPENDED", "ARCHIVED", "DELETED"])
def test_no_other_status_can_be_opened_by_its_owner(shop, status):
    """Above all not SUSPENDED, which the platform alone lifts."""
    shop.documents.commit([Update("stores/s1", {"status": status})])

    with pytest.raises(WrongState) as refusal:
        go_live(shop.documents, "s1", "owner:u1", shop.now)

    assert refusal.value.code == "WRONG_STORE_STATUS"
    assert read(shop).status == status
    assert shop.audit("store.went_live") == []


@pytest.mark.parametrize("change", [Update("deployments/s1", {"live": None}), Delete("deployments/s1")])
def test_without_a_release_nothing_opens(shop, change):
    """There must be something for visitors to see."""
    shop.documents.commit([change])

    with pytest.raises(WrongState) as refusal:
        go_live(shop.documents, "s1", "owner:u1", shop.now)

    assert refusal.value.code == "NO_RELEASE"
    assert read(shop).status is StoreStatus.READY


def test_no_store_no_launch(shop):
    with pytest.raises(NotFound):
        go_live(shop.documents, "s9", "owner:u1", shop.now)


def test_a_lost_answer_is_recognised_as_our_own(shop):
    """The repeat of our own commit conflicts with ourselves; the store is live and the entry is one."""
    live = go_live(LostAnswer(shop.documents), "s1", "owner:u1", shop.now)

    assert (live.status, live.live_at) == (StoreStatus.ACTIVE, shop.now)
    assert len(shop.audit("store.went_live")) == 1


def test_a_store_that_never_rests_is_given_up(shop):
    """Somebody changes the store before each of our commits: the caller is asked to try again."""

    class Restless:
        def get_all(self, paths):
            found = shop.documents.get_all(paths)
            shop.documents.commit([Update("stores/s1", {"name": f"Store at {found[0].update_time}"})])
            return found

        def __getattr__(self, name):
            return getattr(shop.documents, name)

    with pytest.raises(Transient):
        go_live(Restless(), "s1", "owner:u1", shop.now)

    assert read(shop).status is StoreStatus.READY
