"""Illustrations, while they stand in for stills: safe to serve, small, and what the script draws."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from provisioning.catalog.pictures import Picture, list_pictures

_SVG = "{http://www.w3.org/2000/svg}"
_ALLOWED = {
    "svg", "title", "defs", "g", "rect", "circle", "ellipse", "path", "linearGradient", "radialGradient", "stop",
    "pattern", "clipPath", "filter", "feGaussianBlur",
}  # fmt: skip
_ROOT = Path(__file__).parents[2]


@pytest.fixture(
    scope="module",
    params=[p for p in list_pictures() if p.renditions[0].type == "image/svg+xml"],
    ids=lambda p: p.name,
)
def picture(request: pytest.FixtureRequest) -> Picture:
    return request.param


def test_it_holds_shapes_and_paint_alone(picture: Picture) -> None:
    """No script, no foreign object, no text, no handler, no style, and no reference but to its own paint."""
    for element in ElementTree.fromstring(picture.renditions[0].body).iter():
        assert element.tag.removeprefix(_SVG) in _ALLOWED
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert "href" not in name
            assert name != "style"
            assert "url(" not in value or re.fullmatch(r"url\(#d\d+\)", value)


def test_its_paint_exists(picture: Picture) -> None:
    """Whatever is referred to is defined in the same file, once."""
    text = picture.renditions[0].body.decode()
    defined = re.findall(r' id="(d\d+)"', text)

    assert set(re.findall(r"url\(#(d\d+)\)", text)) <= set(defined)
    assert len(defined) == len(set(defined))


def test_the_files_are_what_the_script_draws() -> None:
    """Committed pictures and their drawings never part."""
    sys.path.insert(0, str(_ROOT / "tools"))
    try:
        from pictures.catalogue import PICTURES
    finally:
        sys.path.remove(str(_ROOT / "tools"))

    drawn = {p.name: p.renditions[0].body for p in list_pictures() if p.renditions[0].type == "image/svg+xml"}

    assert drawn == {name: PICTURES[name].to_svg().encode() for name in drawn}
