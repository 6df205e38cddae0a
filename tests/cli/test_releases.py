"""`provisioning releases`: what visitors see, typed beside a runtime that serves."""

from __future__ import annotations

import pytest

from provisioning.ports import Query, Update
from tests.cli.conftest import Desk


@pytest.fixture(scope="module")
def shop(desk: Desk) -> str:
    """The subdomain of a store."""
    desk.open_store("turning")
    return "turning"


def _rename(desk: Desk, subdomain: str, title: str) -> str:
    """Another title for one of the store's products, and the address of its page."""
    documents = desk.served.documents
    id = str((documents.get(f"hosts/{subdomain}.localhost").data or {})["store_id"])
    product = documents.query(Query(f"tenants/{id}/products", limit=1))[0]
    documents.commit([Update(product.path, {"title": title})])
    return f"{desk.served.store(subdomain)}/products/{(product.data or {})['handle']}/"


def _live(desk: Desk, subdomain: str) -> str:
    return str(desk.type("releases", "list", subdomain, "--json").json["live"])


def test_a_release_is_made_previewed_promoted_and_taken_back(desk: Desk, shop: str) -> None:
    first = _live(desk, shop)
    page = _rename(desk, shop, "A lamp of another name")
    published = desk.type("releases", "publish", shop, "--wait")
    assert published.code == 0 and "COMPLETED" in published.text
    desk.until(page, lambda text: "A lamp of another name" in text)
    second = _live(desk, shop)
    assert second != first

    reverted = desk.type("releases", "revert", shop)
    assert reverted.code == 0 and first in reverted.text
    desk.until(page, lambda text: "A lamp of another name" not in text)

    link = desk.type("releases", "preview", shop, second, "--json").json["link"]
    path = page.partition("localhost")[2].partition("/")[2]
    desk.until(link.replace("/?", f"/{path}?"), lambda text: "A lamp of another name" in text)
    listed = desk.type("releases", "list", shop)
    assert second in listed.text and "before" in listed.text and "preview-release" in listed.text

    assert desk.type("releases", "promote", shop, "preview-release").code == 0
    desk.until(page, lambda text: "A lamp of another name" in text)
    assert "already" in desk.type("releases", "promote", shop, second).text


def test_what_would_be_published_can_be_looked_at_first(desk: Desk) -> None:
    """On a preview of its own; then the preview is closed."""
    desk.open_store("waiting")
    before = _live(desk, "waiting")

    previewed = desk.type("releases", "preview", "waiting", "--days", "1", "--wait")

    assert previewed.code == 0 and "preview-next shows it for 1 days" in previewed.text
    (channel,) = desk.type("releases", "list", "waiting", "--json").json["channels"]
    assert channel["name"] == "preview-next"
    assert _live(desk, "waiting") == before
    assert desk.type("releases", "close", "waiting", "preview-next").code == 0
    assert desk.type("releases", "list", "waiting", "--json").json["channels"] == []
    again = desk.type("releases", "close", "waiting", "preview-next")
    assert again.code == 1 and "preview-next" in again.error


def test_a_release_tells_what_its_checks_said(desk: Desk, shop: str) -> None:
    live = _live(desk, shop)

    shown = desk.type("releases", "show", shop, live)

    assert "live" in shown.text and "links" in shown.text and "failed" not in shown.text
    assert desk.type("releases", "show", shop, live, "--json").json["record"]["state"] == "READY"
    assert desk.type("releases", "show", shop, "0" * 20).code == 1


def test_collecting_tells_and_removes(desk: Desk, shop: str) -> None:
    """Nothing is old enough here; every store is looked at."""
    told = desk.type("releases", "collect", "--dry-run", "--json").json
    done = desk.type("releases", "collect", shop)

    assert {one["removed"] for one in told} == {False} and all("error" not in one for one in told)
    assert done.code == 0 and "0 releases" in done.text


def test_what_cannot_be_done_is_said(desk: Desk, shop: str) -> None:
    """An unknown store or release, and a revert where nothing was live before."""
    desk.open_store("beginning")

    assert "nobody" in desk.type("releases", "list", "nobody").error
    assert desk.type("releases", "promote", shop, "f" * 20).code == 1
    assert desk.type("releases", "preview", shop, "f" * 20).code == 1
    assert "no other release" in desk.type("releases", "revert", "beginning").error
