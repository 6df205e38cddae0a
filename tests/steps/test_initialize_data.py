"""The store's first settings and tasks."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from provisioning.catalog.settings import (
    ContactSettings,
    CurrencySettings,
    LocaleSettings,
    PolicySettings,
    ReturnSettings,
    ShippingSettings,
    TaxSettings,
)
from provisioning.errors import Conflict
from provisioning.ports import Create
from provisioning.stores.activation import Category
from provisioning.stores.tasks import TaskStatus, read_tasks
from tests.steps.world import NOW, OWNER, Provisioning, World

STEP = "initialize_data"
BEFORE = ("configure_store", "create_workspace", "create_dashboard")
MODELS: dict[str, Any] = {
    "currency": CurrencySettings,
    "tax": TaxSettings,
    "shipping": ShippingSettings,
    "returns": ReturnSettings,
    "locale": LocaleSettings,
    "contact": ContactSettings,
    "policies": PolicySettings,
}
TASKS = {
    "meta_ads": "meta_ads",
    "stripe": "payments_stripe",
    "paypal": "payments_paypal",
    "analytics": "analytics",
}


def asking(world: World, **changes: Any) -> Provisioning:
    one = world.provisioning(**changes)
    one.run(*BEFORE)
    return one


@pytest.mark.parametrize("category", list(Category))
def test_a_first_product_could_be_sold_at_once(world: World, category: Category) -> None:
    """Currency, tax, shipping, locale, contact and policies are there, and each reads as what it is."""
    one = asking(world, category=category.value)

    one.run(STEP)

    found = world.collection("tenants/p1/settings")
    assert set(found) == set(MODELS)
    settings = {name: MODELS[name].model_validate(data) for name, data in found.items()}
    assert settings["currency"].code == "USD"
    assert settings["shipping"].offers("US", 1_000)
    assert settings["contact"].email == OWNER
    assert one.request.store_name in settings["policies"].terms.text
    assert world.collection("tenants/p1/tasks") == {}


def test_every_combination_asked_for_becomes_its_tasks(world: World) -> None:
    """One waiting task for each thing asked for, and no other, whichever are asked for together."""
    one = asking(world)
    for *wanted, domain in product((False, True), repeat=5):
        integrations = dict(zip(TASKS, wanted, strict=True))
        changes = {"integrations": integrations, "custom_domain": "shop.example.com" if domain else None}
        one.request = world.provisioning(**changes).request
        expected = {TASKS[name] for name, asked in integrations.items() if asked}
        expected |= {"custom_domain"} if domain else set()

        outcome = one.run(STEP)

        tasks = read_tasks(world.documents, "p1")
        assert {task.name for task in tasks} == expected
        assert set(world.collection("tenants/p1/settings")) == set(MODELS)
        for task in tasks:
            assert (task.status, task.created_at) == (TaskStatus.WAITING, NOW)
            assert task.why
            assert task.next
            assert task.title in outcome.log[0]
        one.undo(STEP)


def test_a_custom_domain_is_named_in_its_task(world: World) -> None:
    """The later work finds the domain; the merchant reads it."""
    asking(world, custom_domain="shop.example.com").run(STEP)

    task = (world.data("tenants/p1/tasks/custom_domain")) or {}
    assert task["requested"] == {"domain": "shop.example.com"}
    assert "shop.example.com" in task["title"]


def test_a_hostile_name_stays_a_value(world: World) -> None:
    """A name with braces is written into the policies as it stands."""
    name = "{email} {0} {{x}} <b>"

    asking(world, store_name=name).run(STEP)

    assert name in (world.data("tenants/p1/settings/policies") or {})["terms"]["text"]


def test_run_twice_without_a_commit_it_comes_to_the_same_end(world: World) -> None:
    one = asking(world, integrations={"stripe": True})
    before = world.everything("p1")

    first = one.attempt(STEP)

    assert world.everything("p1") == before
    assert one.run(STEP) == first


def test_tasks_are_committed_once(world: World) -> None:
    """A task that is under way is never written over."""
    one = asking(world, integrations={"stripe": True})
    one.run(STEP)

    with pytest.raises(Conflict):
        one.run(STEP)


def test_undo_leaves_nothing_and_may_come_twice(world: World) -> None:
    """Settings and tasks are gone; catalogue and membership are not its to remove."""
    one = asking(world, integrations={"stripe": True, "analytics": True}, custom_domain="shop.example.com")
    before = world.everything("p1")
    one.run(STEP)

    one.undo(STEP)

    assert world.everything("p1") == before
    assert one.undo(STEP).writes == ()
    assert world.everything("p1") == before


def test_undo_without_a_workspace_does_nothing(world: World, one: Provisioning) -> None:
    one.run("configure_store")

    assert one.undo(STEP).writes == ()


def test_undo_without_a_committed_run_deletes_nothing(world: World) -> None:
    one = asking(world)
    one.attempt(STEP)

    assert one.undo(STEP).writes == ()


def test_undo_leaves_what_another_has_made_since(world: World) -> None:
    """Settings of the same store, made anew by a later request, are that one's."""
    one = asking(world)
    one.run(STEP)
    one.undo(STEP, "create_dashboard", "create_workspace", "configure_store")
    later = world.provisioning("p2", store_id="p1", integrations={"paypal": True})
    later.run(*BEFORE, STEP)
    world.documents.commit([Create("tenants/p1/settings/own", {"a": 1})])
    before = world.everything("p1")

    assert one.undo(STEP).writes == ()
    assert world.everything("p1") == before
