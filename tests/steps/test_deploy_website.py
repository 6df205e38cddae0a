"""Rendering, uploading and pointing at the first release."""

from __future__ import annotations

import json
from html import unescape

import pytest

from provisioning.errors import Transient
from provisioning.ports import Update
from provisioning.sites.building import build_site
from provisioning.sites.publishing import publish
from provisioning.sites.releases import decoded, release_file
from provisioning.sites.shop import read_shop
from provisioning.stores.activation import Category
from provisioning.themes.packages import load_theme
from tests.steps.world import CLIENT_TIMEOUT, NOW, Provisioning, World

STEP = "deploy_website"
BEFORE = ("configure_store", "create_workspace", "create_dashboard")
#: Design §9: what one activation may upload.
MOST_UPLOADS = 40 + 10


@pytest.fixture
def ready(one: Provisioning) -> Provisioning:
    """A provisioning that has all but a website."""
    one.run(*BEFORE)
    return one


def blobs_of(world: World, release: str, store_id: str = "p1") -> set[str]:
    """The names of the files that a release is made of."""
    manifest = world.files.get(release_file(store_id, release))
    assert manifest
    return {line["blob"] for line in json.loads(decoded(manifest))["files"].values()}


def preview(world: World, path: str, store_id: str = "p1", subdomain: str = "ada"):
    return world.visitor.open(
        f"{world.addresses.store(subdomain)}{path}?preview={world.tokens.preview(store_id)}"
    )


def test_the_store_shows_its_site_once_the_pointer_is_committed(world: World, ready: Provisioning) -> None:
    """Until then every file is there and nothing is live; the pointer travels in the outcome's writes alone."""
    outcome = ready.attempt(STEP)

    release = outcome.refs["release"]
    assert all(world.files.exists(name) for name in blobs_of(world, release))
    assert (world.data("deployments/p1") or {})["live"] is None
    record, pointer = outcome.writes
    assert pointer == Update(
        "deployments/p1", {"live": release, "released_at": NOW, "seq": 1, "reason": "publish"}
    )
    assert record.path == f"tenants/p1/releases/{release}"
    assert ready.request.store_name not in unescape(preview(world, "/").body.decode())

    ready.commit(outcome)

    page = preview(world, "/")
    assert page.status == 200
    assert ready.request.store_name in unescape(page.body.decode())


def test_the_public_sees_a_coming_soon_page(world: World, ready: Provisioning) -> None:
    """The store is not open yet: a visitor without the preview sees no product."""
    ready.run(STEP)

    page = world.visitor.open(f"{world.addresses.store('ada')}/")

    assert page.status == 200
    assert b"/products/" not in page.body


@pytest.mark.parametrize("category", list(Category))
def test_an_activation_uploads_few_files(world: World, category: Category) -> None:
    """At most 40 objects, all of them the store's own: what all share is not put again."""
    one = world.provisioning(category=category.value)
    one.run(*BEFORE)

    one.run(STEP)

    assert 5 < len(world.files.puts) <= MOST_UPLOADS
    assert all(name.startswith("stores/p1/") for name in world.files.puts)


def test_run_twice_it_makes_one_release(world: World, ready: Provisioning) -> None:
    """A crash before the commit, and a repeat after it, find the same files under the same names."""
    first = ready.attempt(STEP)
    names = world.files.list("stores/")

    assert ready.run(STEP).refs == first.refs
    assert ready.run(STEP).refs == first.refs
    assert len([name for name in world.files.puts if name.startswith("stores/")]) == len(names)
    assert world.files.list("stores/") == names
    assert len(world.files.list("stores/p1/releases/")) == 1


def test_out_of_time_in_the_middle_it_goes_on_where_it_ended(world: World, ready: Provisioning) -> None:
    """No put is begun that may be cut off, nothing is live, and the next attempts complete the same release."""

    def pass_time(name: str) -> None:
        world.clock.now += 1

    world.files.on_put = pass_time
    with pytest.raises(Transient) as stopped:
        ready.run(STEP, seconds=CLIENT_TIMEOUT + 6)
    assert stopped.value.code == "OUT_OF_TIME"
    put = world.files.list("stores/p1/blobs/")
    assert 0 < len(put) < MOST_UPLOADS
    assert world.files.list("stores/p1/releases/") == []
    assert (world.data("deployments/p1") or {})["live"] is None

    world.files.on_put = lambda name: None
    outcome = ready.run(STEP)

    release = outcome.refs["release"]
    assert set(put) <= blobs_of(world, release)
    assert all(world.files.exists(name) for name in blobs_of(world, release))
    assert preview(world, "/").status == 200


def test_without_time_nothing_is_put(world: World, ready: Provisioning) -> None:
    with pytest.raises(Transient):
        ready.run(STEP, seconds=CLIENT_TIMEOUT - 0.1)

    assert world.files.puts == []


def test_what_all_stores_share_is_put_where_it_is_missing(world: World, ready: Provisioning) -> None:
    """The platform's first activation brings it along; its files are not the store's."""
    for name in world.files.list("platform/"):
        world.files.delete(name)

    outcome = ready.run(STEP)

    assert all(world.files.exists(name) for name in blobs_of(world, outcome.refs["release"]))
    assert len([n for n in world.files.puts if n.startswith("stores/")]) <= MOST_UPLOADS


@pytest.mark.parametrize(
    "name", ['"><script>alert(1)</script>', "{{ 7*7 }}{% if %}", "</title><h1>x", "Zoë & Söhne 商店 🛍"]
)
def test_a_hostile_name_is_only_a_name(world: World, name: str) -> None:
    """On the home page and on the coming-soon page: text, never markup or template."""
    one = world.provisioning(store_name=name)
    one.run(*BEFORE, STEP)

    for page in (preview(world, "/"), world.visitor.open(f"{world.addresses.store('ada')}/")):
        html = page.body.decode()
        assert page.status == 200
        assert name in unescape(html)
        assert "<script>alert" not in html
        assert "<h1>x" not in html


def test_undo_shows_nothing_any_more_and_may_come_twice(world: World, ready: Provisioning) -> None:
    """The deployment points nowhere; the files are unreferenced and may stay."""
    ready.run(STEP)

    ready.undo(STEP)

    assert (world.data("deployments/p1") or {})["live"] is None
    assert ready.request.store_name not in unescape(preview(world, "/").body.decode())
    ready.undo(STEP)
    assert (world.data("deployments/p1") or {})["live"] is None


def test_undo_without_a_committed_run_changes_nothing(world: World, ready: Provisioning) -> None:
    ready.attempt(STEP)
    before = world.everything("p1")

    ready.undo(STEP)

    assert world.everything("p1") == before


def test_undo_without_a_deployment_does_nothing(one: Provisioning) -> None:
    assert one.undo(STEP).writes == ()


def test_undo_leaves_what_another_has_made_since(world: World, ready: Provisioning) -> None:
    """The site of a later provisioning of the same store stays live."""
    ready.run(STEP)
    ready.undo(STEP, "create_dashboard", "create_workspace", "configure_store")
    later = world.provisioning("p2", store_id="p1")
    later.run(*BEFORE, STEP)

    assert ready.undo(STEP).writes == ()
    assert (world.data("deployments/p1") or {})["live"] == later.refs["release"]


@pytest.mark.parametrize("category", list(Category))
def test_the_first_release_is_what_would_be_published_afterwards(world: World, category: Category) -> None:
    """Settings are written after the website: until then it is built from the very defaults that will be written."""
    one = world.provisioning(category=category.value)
    one.run(*BEFORE, STEP, "initialize_data")
    first = one.refs["release"]

    shop = read_shop(world.documents, "p1", world.addresses)
    again = publish(world.files, "p1", build_site(load_theme(one.request.theme), shop))

    assert again.id == first
    assert shop.policies and shop.contact and shop.shipping and shop.pages
