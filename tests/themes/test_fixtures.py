"""The shops that every theme must be able to show: complete, and shown by each of ours."""

from __future__ import annotations

import re

import html5lib
import pytest

from provisioning.themes.fixtures import FIXTURES, HOSTILE, fixture_pages
from provisioning.themes.packages import REQUIRED_TEMPLATES, Theme, list_themes, load_theme
from provisioning.themes.renderer import render_page

PAGES = [(name, place) for name in FIXTURES for place in range(len(fixture_pages(name)))]


@pytest.fixture(params=list_themes())
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(request.param)


@pytest.mark.parametrize("name", FIXTURES)
def test_each_has_a_page_for_every_template(name: str) -> None:
    pages = fixture_pages(name)

    assert {page.template for page in pages} == set(REQUIRED_TEMPLATES)
    assert fixture_pages(name) == pages


@pytest.mark.parametrize(("name", "place"), PAGES)
def test_our_themes_show_each(theme: Theme, name: str, place: int) -> None:
    """Valid HTML, one heading, one main element, unique ids, the language and its direction; the same when shown again."""
    page = fixture_pages(name)[place]
    html = render_page(theme, page.template, page.context)
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    ids = [element.get("id") for element in document.iter() if element.get("id")]

    assert len(list(document.iter("h1"))) == 1
    assert len(list(document.iter("main"))) == 1
    assert len(ids) == len(set(ids))
    assert document.get("lang") == page.context.shop.locale
    assert document.get("dir", "ltr") == page.context.shop.direction
    assert render_page(theme, page.template, page.context) == html


@pytest.mark.parametrize("place", range(len(fixture_pages("nasty"))))
def test_what_means_harm_stays_words(theme: Theme, place: int) -> None:
    """No script but data and files, no handler, nothing calculated."""
    page = fixture_pages("nasty")[place]
    html = render_page(theme, page.template, page.context)
    document = html5lib.parse(html, namespaceHTMLElements=False)

    assert "<script>" not in html
    for element in document.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
        if element.tag == "script":
            assert element.get("src") or element.get("type") in {"application/json", "application/ld+json"}
    assert not re.search(r"(?<!\d)49(?!\d)", "".join(document.itertext()).replace(HOSTILE, ""))
