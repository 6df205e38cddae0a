"""
The data that a shop is searched in, in the browser: one JSON file under a name that carries its content's hash.

    {"format": 1, "locale": "en", "currency": "USD", "decimals": 2, "pictures": "/pictures/",
     "vendors": ["Lumen", …], "collections": ["lamps", …], "facets": ["stock.yes", "vendor.lumen", …],
     "products": [{"h": "desk-lamp", "t": "Desk lamp", "v": 0, "p": 4900, "f": 5900, "r": 1, "n": 1, "i": "desk-lamp-320.….webp",
                   "c": [0], "o": [0, 1], "w": "desk lamp lumen lamps"}, …]}

Of a product: handle, title, place of its vendor, lowest price in minor units, former price if there is one (f), 1 where the
price varies (r), 1 where nothing can be bought (n), picture, places of its collections and facets, and the folded words that it is found by,
the more telling ones first. Products stand in the merchant's order. Keys are short, as a shop of 1,000 products shall take less than 300 kB.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from provisioning.catalog.products import Product
from provisioning.sites.pictures import smallest_path
from provisioning.sites.presenting import Presenter
from provisioning.sites.texts import fold
from provisioning.themes.money import decimals

_FORMAT = 1
_PICTURES = "/pictures/"
#: A result shows a small picture; twice that for dense screens.
_PICTURE_WIDTH = 160
#: Characters of words beyond title, vendor and kind.
_MORE_WORDS = 60
_SHORTEST_WORD = 4
_WORD = re.compile(r"[^\W_]+")


def write_search_index(presenter: Presenter) -> bytes:
    """The index of a shop's products. The same shop gives the same bytes."""
    shop = presenter.shop
    vendors, collections, facets = _Numbers(), _Numbers(), _Numbers()
    for collection in presenter.collections:
        collections.of(collection.handle)
    products = [_entry(presenter, product, vendors, collections, facets) for product in presenter.products]
    data = {
        "format": _FORMAT,
        "locale": shop.locale,
        "currency": shop.currency,
        "decimals": decimals(shop.currency),
        "pictures": _PICTURES,
        "vendors": vendors.names,
        "collections": collections.names,
        "facets": facets.names,
        "products": products,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def index_path(body: bytes) -> str:
    return f"/search-index.{hashlib.sha256(body).hexdigest()[:16]}.json"


class _Numbers:
    """Names in the order in which they are met, so that a place in the list stands for a name."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    @property
    def names(self) -> list[str]:
        return list(self._places)

    def of(self, name: str) -> int:
        return self._places.setdefault(name, len(self._places))

    def __contains__(self, name: str) -> bool:
        return name in self._places


def _entry(
    presenter: Presenter, product: Product, vendors: _Numbers, collections: _Numbers, facets: _Numbers
) -> dict[str, Any]:
    card = presenter.cards[product.handle]
    entry: dict[str, Any] = {
        "h": card.handle,
        "t": card.title,
        "v": vendors.of(card.vendor),
        "p": card.price,
    }
    if card.compare_at_price is not None:
        entry["f"] = card.compare_at_price
    if card.price_varies:
        entry["r"] = 1
    if not card.available:
        entry["n"] = 1
    entry["i"] = smallest_path(presenter.leading_file(product), _PICTURE_WIDTH).removeprefix(_PICTURES)
    entry["c"] = [collections.of(h) for h in dict.fromkeys(product.collections) if h in collections]
    entry["o"] = [facets.of(token) for token in card.facets.split()]
    entry["w"] = " ".join(_words(product))
    return entry


def _words(product: Product) -> Iterator[str]:
    """Each word once: those of title, vendor and kind, then as many of the rest as there is room for."""
    seen: set[str] = set()
    for word in _split([product.title, product.vendor, product.product_type]):
        if word not in seen:
            seen.add(word)
            yield word
    room = _MORE_WORDS
    options = [value for option in product.options for value in option.values]
    details = [detail.value for detail in product.details]
    skus = [variant.sku for variant in product.variants[:1]]
    for word in _split([*options, *skus, *details, product.description]):
        if len(word) < _SHORTEST_WORD or word in seen:
            continue
        room -= len(word) + 1
        if room < 0:
            return
        seen.add(word)
        yield word


def _split(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _WORD.findall(fold(text))
