"""What products can be filtered by."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.catalog.products import Collection
from provisioning.sites.facets import token_of
from provisioning.sites.presenting import Presenter
from provisioning.themes.views import FilterView
from tests.sites.shops import draw_picture, real_shop, sample_shop


def _filters(shop: object, handle: str) -> dict[str, FilterView]:
    presenter = Presenter(shop, draw_picture)  # pyright: ignore[reportArgumentType]
    collection: Collection = next(c for c in presenter.collections if c.handle == handle)
    return {f.name: f for f in presenter.filters(collection)}


def test_filters_tell_products_apart() -> None:
    """Kinds and vendors are one each here, so there is nothing to choose; the shade has a colour and a size, the lamp has not."""
    found = _filters(real_shop(), "lamps")

    assert set(found) == {"price", "option-colour", "option-size"}
    assert (found["price"].lowest, found["price"].highest) == (1_000, 4_900)
    assert [(v.token, v.label, v.count) for v in found["option-colour"].values] == [
        ("option-colour.red", "Red", 1),
        ("option-colour.blue", "Blue", 1),
    ]


def test_counts_are_those_of_the_cards() -> None:
    """Each value's count is the number of cards whose facets hold its token; no value counts nothing."""
    shop = sample_shop()
    presenter = Presenter(shop, draw_picture)
    for collection in presenter.collections:
        cards = [presenter.cards[p.handle] for p in presenter.members(collection)]
        for found in presenter.filters(collection):
            for value in found.values:
                assert value.count == sum(value.token in card.facets.split() for card in cards) > 0
            tokens = [value.token for value in found.values]
            assert len(tokens) == len(set(tokens))


def test_what_is_sold_out_is_found_as_such() -> None:
    shop = real_shop()
    simple, shade = shop.products
    gone = simple.model_copy(
        update={"variants": tuple(v.model_copy(update={"available": False}) for v in simple.variants)}
    )
    found = _filters(shop.model_copy(update={"products": (gone, shade)}), "lamps")["stock"]

    assert [(v.token, v.label, v.count) for v in found.values] == [
        ("stock.yes", "In stock", 1),
        ("stock.no", "Sold out", 1),
    ]


def test_filters_speak_the_shops_language() -> None:
    found = _filters(real_shop().model_copy(update={"locale": "de"}), "lamps")

    assert found["price"].label == "Preis"
    assert found["option-colour"].label == "Colour"


@pytest.mark.parametrize(
    ("value", "token"),
    [("Deep Blue", "deep-blue"), ("Größe L", "grosse-l"), ("S/M", "s-m"), ("Pack of 6", "pack-of-6")],
)
def test_plain_values_have_plain_tokens(value: str, token: str) -> None:
    assert token_of(value) == token


@given(st.text(min_size=1, max_size=80))
def test_tokens_are_words_of_an_address(value: str) -> None:
    """They need no escaping anywhere, and the same value has the same token."""
    assert re.fullmatch(r"[a-z0-9-]{1,60}", token_of(value))
    assert token_of(value) == token_of(value)


def test_what_looks_alike_in_a_token_stays_apart() -> None:
    values = ["C", "C++", "C#", "商店", "商品", "½", "¾", "x" * 60 + "a", "x" * 60 + "b"]

    assert len({token_of(value) for value in values}) == len(values)
