"""`provisioning themes`: drafts, previews, publication, switching and archives of a store, typed beside a runtime that serves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Desk

CLASSIC, MODERN = "upfront-classic", "upfront-modern"
GREETING = "index/opening/heading=Words of our own"


@pytest.fixture(scope="module")
def shop(desk: Desk) -> str:
    """The subdomain of a store in Upfront Modern."""
    desk.open_store("drawing")
    return "drawing"


def test_lists_show_what_can_be_chosen_and_what_a_store_has(desk: Desk, shop: str) -> None:
    offered = {item["id"] for item in desk.type("themes", "list", "--json").json}
    (live,) = [i for i in desk.type("themes", "list", "--store", shop, "--json").json if i["live"]]

    assert {CLASSIC, MODERN, "upfront-minimal"} <= offered
    assert live["slug"] == MODERN
    assert CLASSIC in desk.type("themes", "list").text
    assert "yes" in desk.type("themes", "list", "--store", shop).text


def test_a_draft_shows_on_a_preview_alone_and_then_to_everybody(desk: Desk, shop: str) -> None:
    """Customise, preview, publish, look at the revision, restore it."""
    kept = desk.type("themes", "customise", MODERN, GREETING, "color_accent=#004225", "--store", shop)
    assert kept.code == 0, kept
    previewed = desk.type("themes", "preview", MODERN, "--store", shop, "--wait", "--json").json

    assert previewed["status"] == "COMPLETED"
    desk.until(previewed["link"], lambda page: "Words of our own" in page)
    assert "Words of our own" not in desk.see(shop)

    published = desk.type("themes", "publish", MODERN, "--store", shop, "--wait")
    assert published.code == 0 and "COMPLETED" in published.text
    desk.until(shop, lambda page: "Words of our own" in page)
    shown = desk.type("themes", "show", MODERN, "--store", shop).text
    assert "#004225" in shown and "index/opening/heading" in shown
    (revision,) = desk.type("themes", "revisions", MODERN, "--store", shop, "--json").json
    assert revision["customisation"]["settings"] == {"color_accent": "#004225"}
    assert "command-line" in desk.type("themes", "revisions", MODERN, "--store", shop).text

    assert desk.type("themes", "restore", MODERN, "1", "--store", shop).code == 0
    assert desk.type("themes", "show", MODERN, "--store", shop, "--json").json["draft"]
    assert desk.type("themes", "discard", MODERN, "--store", shop).code == 0
    assert desk.type("themes", "show", MODERN, "--store", shop, "--json").json["draft"] is None


def test_a_value_can_be_taken_back_and_all_of_them(desk: Desk, shop: str) -> None:
    """`NAME=` is the theme's own again; --fresh begins from the theme; --preset is kept."""
    theme = ("themes", "customise", CLASSIC, "--store", shop, "--json")

    both = desk.type(*theme, "color_accent=#004225", "page_width=1280").json["customisation"]
    one = desk.type(*theme, "color_accent=").json["customisation"]
    preset = desk.type("themes", "show", CLASSIC, "--store", shop, "--json").json["presets"][-1]
    none = desk.type(*theme, "--fresh", "--preset", preset).json["customisation"]

    assert both["settings"] == {"color_accent": "#004225", "page_width": 1280}
    assert one["settings"] == {"page_width": 1280}
    assert (none["settings"], none["preset"]) == ({}, preset)
    desk.type("themes", "discard", CLASSIC, "--store", shop)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("color_accent=green", "color_accent"),
        ("color_accent", "NO_VALUE"),
        ("nothing_of_this_name=1", "nothing_of_this_name"),
        ("Bad Name=1", "WRONG_VALUE"),
    ],
)
def test_a_value_that_the_theme_does_not_take_is_named(desk: Desk, shop: str, words: str, code: str) -> None:
    """Exit code 2, and no draft is kept."""
    done = desk.type("themes", "customise", MODERN, words, "--store", shop)

    assert done.code == 2 and code in done.error
    assert desk.type("themes", "show", MODERN, "--store", shop, "--json").json["draft"] is None


def test_a_switch_shows_at_once_and_keeps_what_was_chosen(desk: Desk) -> None:
    desk.open_store("moving")
    desk.type("themes", "customise", MODERN, "color_accent=#004225", "--store", "moving")
    desk.type("themes", "publish", MODERN, "--store", "moving", "--wait")

    done = desk.type("themes", "switch", CLASSIC, "--store", "moving", "--wait", "--json").json

    assert (done["status"], done["before"], done["now"]) == ("COMPLETED", MODERN, CLASSIC)
    assert ["settings.color_accent", "settings.color_accent"] in done["carried"]
    listed = desk.type("releases", "list", "moving", "--json").json
    (live,) = [item for item in listed["items"] if item["live"]]
    assert live["record"]["theme"]["slug"] == CLASSIC
    back = desk.type("themes", "switch", MODERN, "--store", "moving", "--wait")
    assert back.code == 0 and "From upfront-classic to upfront-modern" in back.text


def test_values_travel_to_another_store(desk: Desk, shop: str, tmp_path: Path) -> None:
    """Exported from one, imported as the other's draft."""
    desk.open_store("receiving")
    desk.type("themes", "customise", CLASSIC, "color_accent=#004225", "--store", shop)
    file = tmp_path / "values.zip"

    assert desk.type("themes", "export", CLASSIC, str(file), "--store", shop).code == 0
    assert desk.type("themes", "import", str(file), "--store", "receiving").code == 0

    draft = desk.type("themes", "show", CLASSIC, "--store", "receiving", "--json").json["draft"]
    assert draft["settings"] == {"color_accent": "#004225"}


def test_what_is_not_there_is_said(desk: Desk, shop: str, tmp_path: Path) -> None:
    """A store, a theme, a draft, a file: one line each, and exit code 1."""
    for words in (
        f"show {MODERN} --store nobody",
        f"show no-such-theme --store {shop}",
        f"publish upfront-minimal --store {shop}",
        f"restore {MODERN} 77 --store {shop}",
        f"import {tmp_path}/nothing.zip --store {shop}",
        f"export {MODERN} {tmp_path}/no/folder.zip",
    ):
        done = desk.type("themes", *words.split())
        assert done.code == 1 and done.error, words
