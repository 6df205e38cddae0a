"""Pictures: small, in both formats and several widths, and each with a name, an address and words for those who cannot see it."""

from __future__ import annotations

import hashlib
import io
import re
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from provisioning.catalog import pictures
from provisioning.catalog.blueprints import load_blueprint
from provisioning.catalog.pictures import Picture, find_picture, list_pictures
from provisioning.errors import NotFound
from provisioning.stores.activation import Category

_FOLDER = Path(pictures.__file__).parent / "pictures"
_ALL = 6_000_000
#: What a phone loads for a picture that fills its screen, as Lighthouse measures it.
_PHONE, _PHONE_LARGEST = 720, 45_000


@pytest.fixture(params=list_pictures(), ids=lambda p: p.name)
def picture(request: pytest.FixtureRequest) -> Picture:
    return request.param


def test_it_has_both_formats_in_several_widths(picture: Picture) -> None:
    """AVIF for most browsers, WebP for the others and for readers of shared links; from the smallest to the largest."""
    widths: dict[str, list[int]] = {}
    for rendition in picture.renditions:
        widths.setdefault(rendition.type, []).append(rendition.width)

    assert widths.keys() == {"image/avif", "image/webp"}
    for each in widths.values():
        assert len(each) >= 2
        assert all(small < large for small, large in pairwise(each))
    assert _PHONE in widths["image/avif"]


def test_its_files_are_what_the_index_says(picture: Picture) -> None:
    """Format, width, height and hash are those of the bytes; so nobody has to decode them to know."""
    for rendition in picture.renditions:
        with Image.open(io.BytesIO(rendition.body)) as image:
            assert Image.MIME[image.format or ""] == rendition.type
            assert image.size == (rendition.width, rendition.height)
        digest = hashlib.sha256(rendition.body).hexdigest()[:16]
        ending = rendition.type.rpartition("/")[2]
        stem = picture.name.replace("/", "-")
        assert rendition.path == f"/pictures/{stem}-{rendition.width}.{digest}.{ending}"


def test_its_files_show_the_same(picture: Picture) -> None:
    """All of one shape, and the picture is as large as its largest file."""
    assert (picture.width, picture.height) == max((r.width, r.height) for r in picture.renditions)
    for rendition in picture.renditions:
        assert rendition.width / rendition.height == pytest.approx(picture.width / picture.height, rel=0.005)


def test_its_form_is_the_set_s(picture: Picture) -> None:
    """Products stand four to five; heroes, stories and collections are wide."""
    wide = re.search(r"/(hero|story|collection-)", picture.name)

    assert (picture.width > picture.height) if wide else (picture.width * 5 == picture.height * 4)


def test_a_phone_loads_little(picture: Picture) -> None:
    """At most 45 kB of AVIF at 720 pixels."""
    phone = next(r for r in picture.renditions if (r.type, r.width) == ("image/avif", _PHONE))

    assert len(phone.body) <= _PHONE_LARGEST


def test_it_is_put_into_words(picture: Picture) -> None:
    """The words for people who cannot see it are a phrase that begins with a capital and names no file."""
    assert re.fullmatch(r"[A-Z][^<>{}_/]{19,159}[^.\s]", picture.alt)


def test_all_of_them_are_small() -> None:
    """At most 6 MB together."""
    assert sum(len(r.body) for p in list_pictures() for r in p.renditions) <= _ALL


def test_no_file_lies_about_unused() -> None:
    """Every file in the folder is some picture's, or an index."""
    used = {r.file for p in list_pictures() for r in p.renditions}

    assert {f for f in _FOLDER.rglob("*") if f.is_file() and f.name != "index.json"} == used


def test_none_is_kept_for_nothing() -> None:
    """Every picture is shown by some blueprint, and every blueprint's pictures are there."""
    shown: set[str] = set()
    for category in Category:
        blueprint = load_blueprint(category)
        shown |= {name for p in blueprint.products for name in p.pictures}
        shown |= {c.picture for c in blueprint.collections}
        shown |= {blueprint.home.hero_picture, blueprint.home.story_picture}

    assert shown == {p.name for p in list_pictures()}


def test_no_two_are_the_same() -> None:
    """Each product and each colour has a picture of its own, and words of its own."""
    every = list_pictures()

    assert len({p.renditions[-1].body for p in every}) == len(every)
    assert len({p.alt for p in every}) == len(every)


@pytest.mark.parametrize(
    "name",
    [
        "electronics/nothing",
        "",
        "electronics",
        "nothing/hero",
        "../catalog/pictures/home/hero",
        "home/../home/hero",
        "home/hero.avif",
        "home/hero-720",
    ],
)
def test_an_unknown_name_is_not_found(name: str) -> None:
    """And a name is never a path out of the folder."""
    with pytest.raises(NotFound):
        find_picture(name)
