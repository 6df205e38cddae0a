"""The defaults: made where they are missing, left where an administrator changed them."""

from __future__ import annotations

import threading

from provisioning.catalog.defaults import DEFAULT_MERCHANTS
from provisioning.catalog.seeding import Seeded, seed_defaults
from provisioning.ports import Query, Update
from provisioning.themes.packages import list_themes
from tests.api.world import Api

THEMES = ["upfront-modern", "upfront-classic", "upfront-minimal"]
PLANS = ["starter", "professional", "enterprise"]


def test_seeds_everything_once(api: Api) -> None:
    """The first call makes all of it, the second nothing; each deed has one audit entry."""
    first, second = api.post("seed-defaults").json, api.post("seed-defaults").json

    assert (first["themes"], first["plans"]) == (THEMES, PLANS)
    assert first["merchants"] == [merchant.id for merchant in DEFAULT_MERCHANTS]
    assert second == {"themes": [], "plans": [], "merchants": []}
    assert [entry["actor"] for entry in api.audit("catalog.seeded")] == ["admin:boss"]


def test_keeps_what_an_administrator_changed(api: Api) -> None:
    """Only what is missing comes back."""
    api.post("seed-defaults")
    api.documents.commit([Update("plans/starter", {"price": 1})])
    api.delete("plans/enterprise")

    assert api.post("seed-defaults").json["plans"] == ["enterprise"]
    assert api.get("plans/starter").json["price"] == 1


def test_only_installed_themes_can_be_chosen(api: Api) -> None:
    """A theme is active exactly if its package is there, in the package's version."""
    api.post("seed-defaults")
    active = {theme["slug"] for theme in api.get("themes").json["items"] if theme["active"]}

    assert active == set(THEMES) & set(list_themes())
    assert "upfront-modern" in active


def test_sample_merchants_are_for_local_runtimes_only(api: Api) -> None:
    made = seed_defaults(api.documents, merchants=False)

    assert made.merchants == ()
    assert api.documents.query(Query("merchants")) == []


def test_six_merchants_show_every_state(api: Api) -> None:
    """Three wait, one sells, one failed and says why, one is suspended."""
    api.seed()
    found = [merchant.data or {} for merchant in api.documents.query(Query("merchants"))]

    assert sorted(merchant["status"] for merchant in found) == [
        "ACTIVE", "FAILED", "PENDING", "PENDING", "PENDING", "SUSPENDED",
    ]  # fmt: skip
    assert all(merchant["status_reason"] for merchant in found if merchant["status"] == "FAILED")


def test_two_at_once_make_each_document_once(api: Api) -> None:
    """Whoever comes second makes what is left, and neither fails."""
    made: list[Seeded] = []
    barrier = threading.Barrier(2)

    def seed() -> None:
        barrier.wait()
        made.append(seed_defaults(api.documents, merchants=True))

    threads = [threading.Thread(target=seed) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(slug for one in made for slug in one.plans) == sorted(PLANS)
    assert len(api.audit("catalog.seeded")) == 1
