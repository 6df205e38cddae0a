"""What an administrator's editor of a theme needs to know, and looking at releases that are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from provisioning.ports import Create, Update
from provisioning.sites.making import make_release
from provisioning.sites.store_themes import save_draft
from provisioning.themes.choices import Customisation
from tests.api.world import EARLIER, Api

STORE = "/api/provisioning/stores/s1"


@pytest.fixture
def shop(api: Api) -> Api:
    """A store with a website that is not live yet, of the theme Upfront Modern."""
    api.seed()
    api.add_store("s1", theme={"slug": "upfront-modern", "version": "1.0.0"}, plan={"slug": "starter"})
    place = {"store_id": "s1", "provisioning_id": "p1", "hostname": "sub-s1.localhost", "addresses": {}}
    api.documents.commit([Create("deployments/s1", place)])
    return api


def _draft(api: Api, chosen: Customisation) -> dict[str, Any]:
    save_draft(api.documents, api.platform.ports.files, "s1", "upfront-modern", chosen, actor="admin:a")
    return api.call("GET", f"{STORE}/themes/upfront-modern").get_json()


def test_what_the_theme_says_stands_beside_what_the_store_chose(shop: Api) -> None:
    """A value can be given back to the theme without asking it again: presets and defaults hold nothing of the store's."""
    chosen = Customisation(
        settings={"color_accent": "#004225"}, sections={"index/opening": {"heading": "Tea"}}
    )

    view = _draft(shop, chosen)

    opening = view["sections"]["index/opening"]
    assert (view["values"]["color_accent"], opening["values"]["heading"]) == ("#004225", "Tea")
    assert view["preset_values"][view["preset"]]["color_accent"] != "#004225"
    assert opening["defaults"]["heading"] != "Tea"


def test_every_preset_tells_all_its_values(shop: Api) -> None:
    """Choosing another preset can be shown at once."""
    view = _draft(shop, Customisation())

    assert set(view["preset_values"]) == set(view["presets"])
    assert view["preset"] in view["presets"]
    names = {name for values in view["preset_values"].values() for name in values}
    assert all(set(values) == names for values in view["preset_values"].values())
    assert view["values"] == view["preset_values"][view["preset"]]


def test_fonts_are_those_that_the_theme_takes(shop: Api) -> None:
    """Each font that is offered can be kept, the theme's own and the device's."""
    fonts = [font["id"] for font in _draft(shop, Customisation())["fonts"]]

    assert {"system-sans", "system-serif", "system-mono"} < set(fonts)
    for font in fonts:
        assert _draft(shop, Customisation(settings={"font_body": font}))["values"]["font_body"] == font


def _release(api: Api, name: str) -> str:
    api.documents.commit([Update("stores/s1", {"name": name})])
    ports = api.platform.ports
    made = make_release(
        ports.documents, ports.files, api.platform.addresses, "s1", actor="admin:a", reason="publish"
    )
    return made.id


def test_a_kept_release_can_be_looked_at(shop: Api) -> None:
    """The link opens the channel that shows this release, and what visitors see stays."""
    release = _release(shop, "First")

    answer = shop.call("POST", f"{STORE}/releases/{release}/preview?days=2").get_json()

    deployment = shop.data("deployments/s1")
    token = parse_qs(urlsplit(answer["link"]).query)["preview"][0]
    opened = shop.platform.tokens.read_preview(token)
    assert opened is not None
    assert deployment["channels"][opened.channel]["release"] == release
    assert deployment.get("live") is None


def test_looking_at_another_release_takes_the_place_of_the_first(shop: Api) -> None:
    """However many are looked at, they fill nothing up."""
    releases = [_release(shop, name) for name in ("First", "Second", "Third")]

    for release in releases:
        assert shop.call("POST", f"{STORE}/releases/{release}/preview").status_code == 200

    channels = shop.data("deployments/s1")["channels"]
    assert [channel["release"] for channel in channels.values()] == [releases[-1]]


def test_the_list_tells_the_links_of_previews_that_are_open(shop: Api) -> None:
    """A preview that is over has no link and is not listed; nobody could look at it."""
    release = _release(shop, "First")
    shop.call("POST", f"{STORE}/releases/{release}/preview")
    old = {
        "release": release,
        "created_at": EARLIER,
        "expires_at": EARLIER + timedelta(days=1),
        "actor": "admin:a",
    }
    channels = shop.data("deployments/s1")["channels"] | {"preview-old": old}
    shop.documents.commit([Update("deployments/s1", {"channels": channels})])

    listed = shop.call("GET", f"{STORE}/releases").get_json()["channels"]

    assert [channel["release"] for channel in listed] == [release]
    assert listed[0]["link"].startswith("http")


def test_who_may_only_look_makes_no_preview(shop: Api) -> None:
    """A preview is a change of the store's deployment."""
    release = _release(shop, "First")

    shop.token = shop.sign_in("sam", "support")
    answer = shop.call("POST", f"{STORE}/releases/{release}/preview")

    assert answer.status_code == 403


def test_a_release_that_there_is_not_is_not_shown(shop: Api) -> None:
    """An id that names none is said to."""
    assert shop.call("POST", f"{STORE}/releases/nothing/preview").status_code == 404
