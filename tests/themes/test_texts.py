"""Texts and amounts of money."""

from __future__ import annotations

import pytest

from provisioning.themes.locales import Translator, keys_of
from provisioning.themes.money import decimal_amount, decimals, format_money

TEXTS = {
    "cart": {"count": {"one": "{count} item", "other": "{count} items"}, "hello": "Hello {name}, {name}"}
}


def test_texts_are_filled_in() -> None:
    t = Translator(TEXTS)

    assert t("cart.hello", name="{count}") == "Hello {count}, {count}"
    assert [t("cart.count", count=n) for n in (0, 1, 2)] == ["0 items", "1 item", "2 items"]


@pytest.mark.parametrize("key", ["cart.nothing", "nothing", "cart.hello.more"])
def test_a_missing_text_is_an_error(key: str) -> None:
    with pytest.raises((KeyError, TypeError)):
        Translator(TEXTS)(key)


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        Translator(TEXTS)("cart.hello")


def test_plural_forms_are_one_key() -> None:
    assert keys_of(TEXTS) == {"cart.count", "cart.hello"}


@pytest.mark.parametrize(
    ("minor", "currency", "written", "plain"),
    [
        (129_900, "USD", "$1,299.00", "1299.00"),
        (5, "USD", "$0.05", "0.05"),
        (0, "EUR", "€0.00", "0.00"),
        (1_200, "JPY", "¥1,200", "1200"),
        (1_234, "KWD", "KWD\u00a01.234", "1.234"),
        (1_200, "CHF", "CHF\u00a012.00", "12.00"),
        (100_000_000_000, "GBP", "£1,000,000,000.00", "1000000000.00"),
    ],
)
def test_money_is_written_for_people_and_for_machines(
    minor: int, currency: str, written: str, plain: str
) -> None:
    assert format_money(minor, currency) == written
    assert decimal_amount(minor, currency) == plain


def test_decimals_follow_the_currency() -> None:
    assert [decimals(c) for c in ("USD", "JPY", "BHD")] == [2, 0, 3]


def test_a_key_that_ends_in_html_holds_markup_and_what_is_filled_in_is_escaped() -> None:
    """Links and emphasis stay, what runs goes, and a value never becomes markup."""
    t = Translator(
        {"note_html": 'Read <a href="/policies/{page}/">our <em>{name}</em></a><script>alert(1)</script>.'}
    )

    assert hasattr(text := t("note_html", name="<b>terms</b> & more", page="terms"), "__html__")
    assert text == 'Read <a href="/policies/terms/">our <em>&lt;b&gt;terms&lt;/b&gt; &amp; more</em></a>.'
    assert "javascript" not in t("note_html", name="x", page='"><img src=x onerror=alert(1)>').lower()
    assert "<img" not in t("note_html", name="x", page='"><img src=x onerror=alert(1)>')


def test_any_other_key_is_plain_text() -> None:
    """The template escapes it, whatever it holds."""
    assert not hasattr(Translator({"note": "<em>{name}</em>"})("note", name="x"), "__html__")
