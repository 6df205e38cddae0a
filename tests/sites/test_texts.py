"""Words of the platform's own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.sites import texts
from provisioning.sites.pages import describe
from provisioning.sites.texts import clean_text, fold, shorten, telephone_url, texts_of, write_date
from provisioning.themes.locales import keys_of

WORDS = Path(texts.__file__).parent / "words"


def test_every_language_has_every_text() -> None:
    """The same keys, and in each the same places that are filled in."""
    files = {p.stem: json.loads(p.read_text("utf-8")) for p in WORDS.glob("*.json")}

    assert set(files) == {"en", "de"}
    assert keys_of(files["en"]) == keys_of(files["de"])


def test_an_unknown_language_gets_english() -> None:
    assert texts_of("pt-BR")("search.title") == "Search"
    assert texts_of("de-AT")("search.title") == "Suche"


@pytest.mark.parametrize(
    ("locale", "written"), [("en", "4 October 2026"), ("de", "4. Oktober 2026"), ("xx", "4 October 2026")]
)
def test_dates_are_written_in_the_language(locale: str, written: str) -> None:
    assert write_date(datetime(2026, 10, 4, 23, tzinfo=UTC), locale) == written


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café Olé", "cafe ole"),
        ("STRAẞE Straße", "strasse strasse"),
        ("Ærø Łódź", "aero lodz"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("ﬁne", "fine"),
        ("商店", "商店"),
    ],
)
def test_folding_takes_accents_and_cases_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("number", "url"),
    [("+49 (0)30 123-45", "tel:+4903012345"), ("030 12345", "tel:03012345"), ("call us", ""), ("", "")],
)
def test_telephone_numbers_become_links(number: str, url: str) -> None:
    assert telephone_url(number) == url


def test_what_turns_text_around_is_taken_out() -> None:
    """Overrides and control characters go; what joins letters, and line ends, stay."""
    assert clean_text("a\u202eb\u2066c\u200bd\x00e\x1bf") == "abcdef"
    assert clean_text("می\u200cخواهم 👩\u200d🚀\na") == "می\u200cخواهم 👩\u200d🚀\na"


@given(st.text(max_size=300), st.integers(2, 200))
def test_shortened_texts_fit(text: str, length: int) -> None:
    """Never longer than asked for, always one line, and whole where they fit."""
    short = shorten(text, length)
    line = " ".join(clean_text(text).split())

    assert len(short) <= length
    assert "\n" not in short
    assert short == line if len(line) <= length else short.endswith("…")


@given(st.text(max_size=400))
def test_descriptions_have_the_length_that_is_shown(own: str) -> None:
    """50 to 160 characters, whatever the merchant wrote."""
    assert 50 <= len(describe(own, "Words about this page that are long enough for a search engine.")) <= 160
