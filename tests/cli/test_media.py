"""`provisioning media`: a store's own pictures, typed beside a runtime that serves."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioning.ports import Query, Update
from tests.cli.conftest import Desk
from tests.media.pictures import quartered, saved


@pytest.fixture(scope="module")
def shop(desk: Desk) -> str:
    """The id of a store that answers at `pictured`."""
    return desk.open_store("pictured")


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    file = tmp_path / "oak-board_2.jpg"
    file.write_bytes(saved(quartered()))
    return file


def test_a_picture_is_added_shown_described_and_removed(desk: Desk, shop: str, photograph: Path) -> None:
    """Its name in words stands for what it shows until somebody says better; visitors see both within seconds."""
    added = desk.type("media", "add", str(photograph), "--store", "pictured")
    assert added.code == 0 and "Oak board 2" in added.text
    (listed,) = desk.type("media", "list", "--store", "pictured", "--json").json
    name = listed["name"]
    assert name in added.text and name in desk.type("media", "list", "--store", shop).text

    product = desk.served.documents.query(Query(f"tenants/{shop}/products", limit=1))[0]
    desk.served.documents.commit([Update(product.path, {"pictures": [name]})])
    page = f"{desk.served.store('pictured')}/products/{product.id}/"
    desk.until(page, lambda text: "/pictures/media-" in text and 'alt="Oak board 2"' in text)

    refused = desk.type("media", "remove", name, "--store", "pictured")
    assert refused.code == 1 and f"products/{product.id}" in refused.error
    described = desk.type("media", "describe", name, "--alt", "A board of oak", "--store", "pictured")
    assert described.code == 0
    desk.until(page, lambda text: 'alt="A board of oak"' in text)

    desk.served.documents.commit([Update(product.path, {"pictures": []})])
    assert desk.type("media", "remove", name.removeprefix("media/"), "--store", "pictured").code == 0
    assert "There are none" in desk.type("media", "list", "--store", "pictured").text


def test_of_several_those_that_are_no_pictures_are_told(
    desk: Desk, shop: str, photograph: Path, tmp_path: Path
) -> None:
    """The others are added; a single one is refused by its field."""
    other = tmp_path / "logo.svg"
    other.write_text("<svg></svg>")
    both = desk.type("media", "add", str(other), str(photograph), "--store", "pictured", "--alt", "")

    assert both.code == 1
    assert [each["alt"] for each in desk.type("media", "list", "--store", "pictured", "--json").json] == [""]
    assert desk.type("media", "add", str(other), "--store", "pictured").error == "picture SVG"
    assert desk.type("media", "list", "--store", "nobody-s").code == 1
