"""The checklist follows the facts, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provisioning.catalog.settings import default_settings
from provisioning.errors import NotFound
from provisioning.ports import Create, Delete, Update
from provisioning.stores.activation import Category
from provisioning.stores.checklist import ChecklistFacts, compute_checklist, read_checklist_facts
from provisioning.stores.stores import StoreStatus
from provisioning.stores.tasks import Task, task_write

NOTHING_DONE = ChecklistFacts("s1", StoreStatus.READY, has_samples=True, custom_domain="shop.example.com")


def done(facts: ChecklistFacts) -> set[str]:
    return {item.name for item in compute_checklist(facts) if item.done}


def test_nothing_is_done_by_itself():
    """A fresh store with samples has everything before it."""
    assert done(NOTHING_DONE) == set()


@pytest.mark.parametrize(
    ("fact", "item"),
    [
        ({"signed_in": True}, "sign_in"),
        ({"looked_at_store": True}, "look"),
        ({"has_own_products": True}, "own_products"),
        ({"has_samples": False}, "remove_samples"),
        ({"settings_reviewed": True}, "review_settings"),
        ({"payments_connected": True}, "connect_payments"),
        ({"custom_domain_connected": True}, "custom_domain"),
        ({"status": StoreStatus.ACTIVE}, "go_live"),
    ],
)
def test_each_fact_settles_its_item_and_no_other(fact, item):
    """One fact, one item."""
    assert done(replace(NOTHING_DONE, **fact)) == {item}


def test_a_domain_is_only_asked_for_by_who_wants_one():
    """Without a wish for a domain the item is not there, so that the list can be finished."""
    names = {item.name for item in compute_checklist(replace(NOTHING_DONE, custom_domain=None))}

    assert "custom_domain" not in names
    assert len(names) == 7


def test_links_lead_to_what_exists():
    """Only this store's own page is linked; what cannot be done here yet has no link."""
    links = {item.name: item.link for item in compute_checklist(NOTHING_DONE)}

    assert links["look"] == "/dashboard/stores/s1/look"
    assert links["go_live"] == "/dashboard/stores/s1#launch"
    assert links["own_products"] is None
    assert links["connect_payments"] is None
    assert {link for link in links.values() if link and not link.startswith("/dashboard/stores/s1")} == set()


def test_the_facts_of_a_fresh_store(shop):
    """A store as the workflow leaves it: samples, default settings, nobody has come in."""
    settings = default_settings(Category.ELECTRONICS, "Awesome Store", shop.email)
    shop.documents.commit(
        [Create(f"tenants/s1/settings/{name}", model.to_document()) for name, model in settings.items()]
        + [Create("tenants/s1/products/headphones", {"sample": True})]
    )

    assert read_checklist_facts(shop.documents, "s1") == ChecklistFacts(
        "s1", StoreStatus.READY, has_samples=True
    )


def test_the_facts_of_a_finished_store(shop):
    """Each fact is read from where its deed is written."""
    domain = Task(
        name="custom_domain",
        title="t",
        status="DONE",
        why="w",
        next="n",
        requested={"domain": "shop.example.com"},
        created_at=shop.now,
    )
    stripe = domain.model_copy(update={"name": "payments_stripe", "requested": {"provider": "stripe"}})
    shop.documents.commit(
        [
            Update("stores/s1", {"status": "ACTIVE"}),
            Update("tenants/s1/members/u1", {"signed_in_at": shop.now, "looked_at": shop.now}),
            Create("tenants/s1/products/lamp", {"sample": False}),
            Create("tenants/s1/settings/tax", {"reviewed_at": shop.now}),
            Create("tenants/s1/settings/shipping", {"reviewed_at": shop.now}),
            task_write("s1", domain),
            task_write("s1", stripe),
        ]
    )

    facts = read_checklist_facts(shop.documents, "s1")

    assert all(item.done for item in compute_checklist(facts))
    assert facts.custom_domain == "shop.example.com"


def test_half_a_review_is_none(shop):
    """Shipping and tax are one item: both pages must have been looked through."""
    shop.documents.commit(
        [
            Create("tenants/s1/settings/tax", {"reviewed_at": shop.now}),
            Create("tenants/s1/settings/shipping", {"reviewed_at": None}),
        ]
    )

    assert not read_checklist_facts(shop.documents, "s1").settings_reviewed


def test_another_stores_deeds_do_not_count(shop):
    """The facts come from the store's own tenant only."""
    shop.add_store("s2", "u1")
    shop.documents.commit([Create("tenants/s2/products/lamp", {"sample": False})])

    assert not read_checklist_facts(shop.documents, "s1").has_own_products


def test_a_store_that_is_gone_has_no_facts(shop):
    """A missing store is not an empty checklist."""
    shop.documents.commit([Delete("stores/s1")])

    with pytest.raises(NotFound):
        read_checklist_facts(shop.documents, "s1")
