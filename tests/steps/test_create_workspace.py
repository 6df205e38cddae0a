"""The tenant's namespace and its sample catalogue."""

from __future__ import annotations

import pytest

from provisioning.catalog.blueprints import load_blueprint
from provisioning.catalog.pictures import find_picture
from provisioning.catalog.products import Collection, Product
from provisioning.errors import Conflict, Transient
from provisioning.ports import Create, Set, Update
from provisioning.sites.store_themes import publish_draft, save_draft
from provisioning.stores.activation import Category
from provisioning.themes.choices import Customisation
from tests.steps.world import CLIENT_TIMEOUT, NOW, Provisioning, World

STEP = "create_workspace"


@pytest.mark.parametrize("category", list(Category))
def test_every_category_gets_a_catalogue_that_can_be_sold(world: World, category: Category) -> None:
    """Each product is a sample, in stock, priced and pictured; every link among products and collections leads somewhere."""
    one = world.provisioning(category=category.value)

    one.run("configure_store", STEP)

    tenant = world.data("tenants/p1")
    assert tenant == {
        "store_id": "p1",
        "merchant_id": "m1",
        "provisioning_id": "p1",
        "category": category.value,
        "created_at": NOW,
    }
    shelves, goods = world.collection("tenants/p1/collections"), world.collection("tenants/p1/products")
    blueprint = load_blueprint(category)
    assert (len(goods), len(shelves)) == (len(blueprint.products), len(blueprint.collections))
    assert all(found["sample"] is True for found in (*goods.values(), *shelves.values()))
    for id, found in goods.items():
        product = Product.model_validate(found)
        assert product.handle == id
        assert set(product.collections) <= set(shelves)
        assert set(product.related) <= set(goods)
        assert product.collections
        assert all(variant.price > 0 for variant in product.variants)
        assert any(variant.available for variant in product.variants)
        assert all(find_picture(name).renditions for name in product.pictures)
        assert product.pictures
    for id, found in shelves.items():
        assert Collection.model_validate(found).handle == id
        assert any(id in product["collections"] for product in goods.values())


def test_electronics_are_14_products_in_4_collections(world: World, one: Provisioning) -> None:
    """As the merchant was promised, and as the log says."""
    outcome = one.run("configure_store", STEP)

    assert len(world.collection("tenants/p1/products")) == 14
    assert len(world.collection("tenants/p1/collections")) == 4
    assert outcome.log == ("14 sample products in 4 collections",)


def test_run_twice_it_comes_to_the_same_end(world: World, one: Provisioning) -> None:
    """A crash before the commit leaves nothing; a repeated commit changes nothing."""
    one.run("configure_store")
    before = world.everything("p1")
    first = one.attempt(STEP)
    assert world.everything("p1") == before

    one.commit(first)
    after = world.everything("p1")

    assert one.run(STEP) == first
    assert world.everything("p1") == after


def test_undo_leaves_nothing_and_may_come_twice(world: World, one: Provisioning) -> None:
    """The namespace is gone, and so is all in it, whoever wrote it; another tenant's is not."""
    other = world.provisioning("p2", subdomain="grace")
    other.run("configure_store", STEP)
    kept = world.everything("p2")
    one.run("configure_store", STEP)
    world.documents.commit(
        [
            Create(f"tenants/p1/{name}/x", {"a": 1})
            for name in ("products", "collections", "settings", "pages", "checklist", "members", "tasks")
        ]
    )

    outcome = one.undo(STEP)

    assert outcome.log == ("The workspace is removed",)
    one.undo("configure_store")
    assert world.everything("p1", "p2") == kept
    assert one.undo(STEP).writes == ()


def test_undo_of_a_large_namespace_goes_in_pages(world: World, one: Provisioning) -> None:
    """450 pages of the merchant's own are removed, in batches that a database takes."""
    _with_many_pages(world, one)
    sizes: list[int] = []
    world.documents.on_commit = lambda writes: sizes.append(len(writes))

    one.undo(STEP)

    assert world.collection("tenants/p1/pages") == {}
    assert world.data("tenants/p1") is None
    assert max(sizes) <= 500
    assert sizes.count(200) == 2


def test_undo_without_enough_time_is_finished_by_the_next_attempt(world: World, one: Provisioning) -> None:
    """It stops with a transient error while the namespace still says whose it is; the next attempt removes the rest."""
    _with_many_pages(world, one)

    def pass_time(writes: object) -> None:
        world.clock.now += 1

    world.documents.on_commit = pass_time
    with pytest.raises(Transient) as stopped:
        one.undo(STEP, seconds=CLIENT_TIMEOUT + 3)
    assert stopped.value.code == "OUT_OF_TIME"
    left = len(world.collection("tenants/p1/pages"))
    assert 0 < left < 450
    assert world.data("tenants/p1")

    one.undo(STEP, seconds=CLIENT_TIMEOUT + 3)

    assert world.collection("tenants/p1/pages") == {}
    assert world.data("tenants/p1") is None


def test_undo_without_any_time_deletes_nothing(world: World, one: Provisioning) -> None:
    """A deletion that could be cut off is not begun."""
    one.run("configure_store", STEP)
    before = world.everything("p1")

    with pytest.raises(Transient):
        one.undo(STEP, seconds=CLIENT_TIMEOUT - 0.1)

    assert world.everything("p1") == before


def test_undo_without_a_namespace_does_nothing(world: World, one: Provisioning) -> None:
    one.run("configure_store")
    one.attempt(STEP)

    assert one.undo(STEP).writes == ()


def test_undo_leaves_another_provisionings_namespace(world: World, one: Provisioning) -> None:
    """The same store id, made anew by a later request, is that one's."""
    one.run("configure_store", STEP)
    one.undo(STEP, "configure_store")
    world.provisioning("p2", store_id="p1").run("configure_store", STEP)
    before = world.everything("p1")

    assert one.undo(STEP).writes == ()
    assert world.everything("p1") == before


def test_a_namespace_that_changes_under_its_undo_is_looked_at_again(world: World, one: Provisioning) -> None:
    """The batch is refused; the next run removes it."""
    one.run("configure_store", STEP)
    outcome = one.attempt_undo(STEP)
    world.documents.commit([Update("tenants/p1", {"note": "changed"})])

    with pytest.raises(Conflict):
        one.commit(outcome)

    one.undo(STEP)
    assert world.data("tenants/p1") is None


def _with_many_pages(world: World, one: Provisioning) -> None:
    one.run("configure_store", STEP)
    world.documents.commit([Set(f"tenants/p1/pages/page-{n:03}", {"title": f"Page {n}"}) for n in range(450)])


def test_undo_removes_what_the_store_made_of_its_themes(world: World, one: Provisioning) -> None:
    """With the revisions that lie beneath, which nobody could find without it."""
    one.run("configure_store", "create_workspace")
    for preset in ("pine", "cobalt"):
        save_draft(
            world.documents,
            world.files,
            one.store_id,
            "upfront-modern",
            Customisation(preset=preset),
            actor="a",
        )
        publish_draft(world.documents, world.files, one.store_id, "upfront-modern", actor="a")
    one.undo("create_workspace")

    left = [f"tenants/{one.store_id}/themes/upfront-modern"]
    left += [f"{left[0]}/revisions/{number}" for number in (1, 2)]
    assert [found.data for found in world.documents.get_all(left)] == [None] * 3
