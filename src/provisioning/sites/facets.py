"""
What products can be filtered by: availability, price, kind, vendor, and each option's values.

A value has a token of letters, digits, `.` and `-`, as `option-colour.red`. It depends on the value alone, so that a new product
changes no other product's card.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from provisioning.catalog.products import Product
from provisioning.sites.texts import fold
from provisioning.themes.locales import Translator
from provisioning.themes.views import FilterValueView, FilterView, ProductCard

IN_STOCK, SOLD_OUT = "stock.yes", "stock.no"
_LONGEST = 40


@lru_cache(maxsize=4096)
def token_of(text: str) -> str:
    """`Deep Blue` is `deep-blue`; where letters are lost, a few digits of the text's hash keep it apart from others."""
    folded = fold(text).strip()
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:_LONGEST]
    if slug and not re.sub(r"[a-z0-9\s/&.,'’()-]+", "", folded) and len(folded) <= _LONGEST:
        return slug
    return f"{slug}-{hashlib.sha256(text.encode()).hexdigest()[:6]}".lstrip("-")


def facets_of(product: Product) -> Iterator[str]:
    """The tokens of a product. An option's value counts where a variant with it can be bought, or nothing can."""
    available = [v for v in product.variants if v.available]
    yield IN_STOCK if available else SOLD_OUT
    yield f"type.{token_of(product.product_type)}"
    yield f"vendor.{token_of(product.vendor)}"
    for index, option in enumerate(product.options):
        name = token_of(option.name)
        for value in dict.fromkeys(v.options[index] for v in available or product.variants):
            yield f"option-{name}.{token_of(value)}"


def filters_of(cards: Sequence[ProductCard], t: Translator) -> tuple[FilterView, ...]:
    """The filters that tell these products apart."""
    counts: dict[str, int] = {}
    for card in cards:
        for token in card.facets.split():
            counts[token] = counts.get(token, 0) + 1
    found = [
        FilterView(
            "availability",
            "stock",
            t("filters.availability"),
            _values(((IN_STOCK, t("filters.in_stock")), (SOLD_OUT, t("filters.sold_out"))), counts),
        ),
        _prices(cards, t),
        FilterView(
            "type",
            "type",
            t("filters.type"),
            _named("type", (c.product_type for c in cards), counts),
        ),
        FilterView(
            "vendor", "vendor", t("filters.vendor"), _named("vendor", (c.vendor for c in cards), counts)
        ),
        *_options(cards, counts),
    ]
    return tuple(f for f in found if len(f.values) > 1 or f.highest > f.lowest)


def _prices(cards: Sequence[ProductCard], t: Translator) -> FilterView:
    prices = [card.price for card in cards] or [0]
    return FilterView("price", "price", t("filters.price"), lowest=min(prices), highest=max(prices))


def _options(cards: Sequence[ProductCard], counts: dict[str, int]) -> Iterator[FilterView]:
    """Options of the same name are one, whatever their case; the values keep the order in which they are first met."""
    labels: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for card in cards:
        for option in card.options:
            name = f"option-{token_of(option.name)}"
            labels.setdefault(name, option.name)
            for value in option.values:
                values.setdefault(name, {}).setdefault(f"{name}.{token_of(value)}", value)
    for name, label in labels.items():
        yield FilterView("option", name, label, _values(values[name].items(), counts))


def _named(prefix: str, names: Iterable[str], counts: dict[str, int]) -> tuple[FilterValueView, ...]:
    unique = sorted(set(names), key=lambda name: (fold(name), name))
    return _values({f"{prefix}.{token_of(name)}": name for name in unique}.items(), counts)


def _values(labelled: Iterable[tuple[str, str]], counts: dict[str, int]) -> tuple[FilterValueView, ...]:
    return tuple(
        FilterValueView(token, label, counts[token]) for token, label in labelled if counts.get(token)
    )
