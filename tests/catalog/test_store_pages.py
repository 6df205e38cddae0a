"""A store's own pages: words with a little form, and nothing that could run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from provisioning.catalog.blueprints import load_blueprint
from provisioning.catalog.pages import StorePage
from provisioning.catalog.rich_text import LONGEST, clean, plain_words
from provisioning.stores.activation import Category


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>Hello <em>you</em></p>", "<p>Hello <em>you</em></p>"),
        ("<h2>One</h2><ul><li>a</li></ul><hr>", "<h2>One</h2><ul><li>a</li></ul><hr>"),
        (
            '<a href="https://example.com/">x</a>',
            '<a href="https://example.com/" rel="noopener nofollow ugc">x</a>',
        ),
        ('<a href="/pages/about/">x</a>', '<a href="/pages/about/">x</a>'),
        ("<h1>One</h1><blockquote>Two</blockquote>", "One<blockquote>Two</blockquote>"),
        ("plain & simple", "plain &amp; simple"),
    ],
)
def test_what_is_allowed_stays(written: str, kept: str) -> None:
    assert clean(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java\nscript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<p style="position:fixed" onclick="alert(1)" class="hero">x</p>',
        "<svg><style><!--</style><img src=x onerror=alert(1)>--></style>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<form action=/x><input name=a></form>",
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        "<base href=//example.com/><meta http-equiv=refresh content=0>",
    ],
)
def test_what_could_run_is_taken_out(written: str) -> None:
    """No element but the listed ones, no attribute but the address of a link, no address that runs."""
    kept = clean(f"<p>before</p>{written}<p>after</p>")

    assert "before" in kept
    for wrong in ("<script", "<img", "<svg", "<style", "<iframe", "<form", "<base", "<meta", "<!--", "<math"):
        assert wrong not in kept
    for wrong in (" on", "style=", "class=", 'href="java', 'href="data'):
        assert wrong not in kept


@given(st.text(st.sampled_from(list("<>/ab=\"' &!-;:#ascriptonjv\n\0")), max_size=60))
def test_cleaning_twice_changes_nothing(written: str) -> None:
    """So that cleaning again where it is shown costs no word."""
    once = clean(written)

    assert clean(once) == once


def test_words_alone() -> None:
    """For descriptions: blocks are parted, inline elements are not, entities are characters again."""
    assert plain_words("<h2>Wash</h2><p>Cold &amp; <em>dry</em>.<br>Now</p><script>1</script>") == (
        "Wash Cold & dry. Now"
    )


def test_a_page_is_cleaned_when_it_is_written() -> None:
    page = StorePage(handle="about", title="About", body="<p onclick=x>Hi</p><script>1</script>")

    assert page.to_document() == {
        "title": "About",
        "body": "<p>Hi</p>",
        "updated_at": None,
        "published": True,
        "sample": False,
    }


def test_a_page_has_an_end() -> None:
    with pytest.raises(ValidationError):
        StorePage(handle="about", title="About", body="x" * (LONGEST + 1))


@pytest.mark.parametrize("category", list(Category))
def test_every_blueprint_brings_a_page_about_the_store(category: Category) -> None:
    """Words of its own, marked as a sample; nothing of it is lost in cleaning."""
    (about,) = load_blueprint(category).pages

    assert (about.handle, about.sample, about.published) == ("about", True, True)
    assert about.body.count("<p>") >= 3
    assert StorePage(**about.model_dump()) == about
    others = {load_blueprint(c).pages[0].body for c in Category}
    assert len(others) == len(Category)
