"""Plural forms, held to CLDR as Babel carries it."""

from __future__ import annotations

import pytest
from babel import Locale
from babel.localedata import locale_identifiers

from provisioning.themes.locales import Translator
from provisioning.themes.plurals import CATEGORIES, categories_of, plural_category

COUNTS = (*range(400), *range(900, 1_300), 2_000, 20_000, 21_000, 40_000, 99_999, 100_000, 999_999, 1_000_000, 1_000_001,
          1_100_000, 2_000_000, 3_000_021)  # fmt: skip
LANGUAGES = sorted({identifier.partition("_")[0] for identifier in locale_identifiers()} | {"pt_PT"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_counts_as_cldr_says(language: str) -> None:
    """For whole numbers, the form is CLDR's, and `categories_of` lists those that occur."""
    rule = Locale.parse(language).plural_form
    locale = language.replace("_", "-")

    assert [plural_category(n, locale) for n in COUNTS] == [rule(n) for n in COUNTS]
    assert {rule(n) for n in COUNTS} | {"other"} == set(categories_of(locale))


def test_a_region_counts_as_its_language_unless_it_differs() -> None:
    assert plural_category(5, "pl-PL") == "many"
    assert plural_category(0, "pt-BR") == "one"
    assert plural_category(0, "pt-PT") == "other"


def test_an_unknown_language_has_two_forms() -> None:
    assert [plural_category(n, "xx") for n in (0, 1, 2)] == ["other", "one", "other"]
    assert categories_of("xx") == ("one", "other")
    assert categories_of("ar") == CATEGORIES


POLISH = {
    "items": {
        "one": "{count} produkt",
        "few": "{count} produkty",
        "many": "{count} produktów",
        "other": "{count} produktu",
    }
}


@pytest.mark.parametrize(
    ("count", "text"), [(1, "1 produkt"), (3, "3 produkty"), (5, "5 produktów"), (22, "22 produkty")]
)
def test_texts_take_the_form_of_their_language(count: int, text: str) -> None:
    assert Translator(POLISH, "pl")("items", count=count) == text


def test_a_form_that_is_not_written_is_other() -> None:
    assert Translator({"items": {"other": "{count} things"}}, "pl")("items", count=3) == "3 things"


def test_what_a_script_fills_in_later_takes_the_form_other() -> None:
    """A template hands a script the text with its braces still in it."""
    assert Translator(POLISH, "pl")("items", count="{count}") == "{count} produktu"
