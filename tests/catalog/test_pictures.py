"""Pictures: safe to serve, small, and each with a name, an address and words for those who cannot see it."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from provisioning.catalog.blueprints import load_blueprint
from provisioning.catalog.pictures import Picture, find_picture, list_pictures, picture_at
from provisioning.errors import NotFound
from provisioning.stores.activation import Category

_SVG = "{http://www.w3.org/2000/svg}"
_ALLOWED = {
    "svg", "title", "defs", "g", "rect", "circle", "ellipse", "path", "linearGradient", "radialGradient", "stop",
    "pattern", "clipPath", "filter", "feGaussianBlur",
}  # fmt: skip
_LARGEST, _ALL = 14_000, 900_000
_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", params=list_pictures(), ids=lambda p: p.name)
def picture(request: pytest.FixtureRequest) -> Picture:
    return request.param


def test_it_holds_shapes_and_paint_alone(picture: Picture) -> None:
    """No script, no foreign object, no text, no handler, no style, and no reference but to its own paint."""
    for element in ElementTree.fromstring(picture.body).iter():
        assert element.tag.removeprefix(_SVG) in _ALLOWED
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert "href" not in name
            assert name != "style"
            assert "url(" not in value or re.fullmatch(r"url\(#d\d+\)", value)


def test_its_paint_exists(picture: Picture) -> None:
    """Whatever is referred to is defined in the same file, once."""
    text = picture.body.decode()
    defined = re.findall(r' id="(d\d+)"', text)

    assert set(re.findall(r"url\(#(d\d+)\)", text)) <= set(defined)
    assert len(defined) == len(set(defined))


def test_it_is_small(picture: Picture) -> None:
    """At most 14 kB."""
    assert len(picture.body) <= _LARGEST


def test_its_form_is_the_set_s(picture: Picture) -> None:
    """Products are square; heroes, stories and collections are wide."""
    wide = re.search(r"/(hero|story|collection-)", picture.name)

    assert ((1600, 1000) if wide else (1200, 1200)) == (picture.width, picture.height)
    root = ElementTree.fromstring(picture.body).attrib
    assert f"0 0 {picture.width} {picture.height}" == root["viewBox"]


def test_it_is_put_into_words(picture: Picture) -> None:
    """The words for people who cannot see it are a phrase that begins with a capital and names no file."""
    assert re.fullmatch(r"[A-Z][^<>{}_/]{9,79}", picture.alt)


def test_its_address_carries_its_hash(picture: Picture) -> None:
    """Another drawing has another address, so that it may be kept for ever; and the address leads back to it."""
    digest = hashlib.sha256(picture.body).hexdigest()[:16]

    assert f"/pictures/{picture.name.replace('/', '-')}.{digest}.svg" == picture.path
    assert picture is picture_at(picture.path)


def test_all_of_them_are_small() -> None:
    """At most 900 kB together."""
    assert sum(len(p.body) for p in list_pictures()) <= _ALL


def test_none_is_drawn_for_nothing() -> None:
    """Every picture is shown by some blueprint."""
    shown: set[str] = set()
    for category in Category:
        blueprint = load_blueprint(category)
        shown |= {name for p in blueprint.products for name in p.pictures}
        shown |= {c.picture for c in blueprint.collections}
        shown |= {blueprint.home.hero_picture, blueprint.home.story_picture}

    assert shown == {p.name for p in list_pictures()}


def test_no_two_are_the_same() -> None:
    """Each product and each colour has a drawing of its own."""
    bodies = [re.sub(rb"<title>.*?</title>", b"", p.body) for p in list_pictures()]

    assert len(bodies) == len(set(bodies))


@pytest.mark.parametrize(
    "name",
    [
        "electronics/nothing",
        "",
        "electronics",
        "../catalog/pictures/home/hero",
        "home/../home/hero",
        "home/hero.svg",
    ],
)
def test_an_unknown_name_is_not_found(name: str) -> None:
    """And a name is never a path out of the folder."""
    with pytest.raises(NotFound):
        find_picture(name)


def test_an_address_with_another_hash_is_not_found() -> None:
    """An old address never shows a newer drawing."""
    path = find_picture("home/hero").path

    for other in (
        re.sub(r"\.[0-9a-f]{16}\.", ".0123456789abcdef.", path),
        path + "x",
        "/pictures/",
        path.upper(),
    ):
        with pytest.raises(NotFound):
            picture_at(other)


def test_the_files_are_what_the_script_draws() -> None:
    """Committed pictures and their drawings never part."""
    sys.path.insert(0, str(_ROOT / "tools"))
    try:
        from pictures.catalogue import PICTURES
    finally:
        sys.path.remove(str(_ROOT / "tools"))

    assert {name: drawing.to_svg().encode() for name, drawing in PICTURES.items()} == {
        p.name: p.body for p in list_pictures()
    }
