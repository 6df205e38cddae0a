"""Checks JSON-LD: it parses, and has what search engines ask of a shop's data before they show a price or a path."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from provisioning.sites.markup import Finding

_CONTEXTS = ("https://schema.org", "https://schema.org/")
#: What must be there and not empty, by type. No picture is asked for: a product whose picture is gone is shown and sold without it,
#: and closes nobody's shop.
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "Product": ("name", "offers"),
    "ProductGroup": ("name", "productGroupID", "hasVariant"),
    "Offer": ("price", "priceCurrency", "availability"),
    "BreadcrumbList": ("itemListElement",),
    "ItemList": (),
    "ListItem": ("position",),
    "OnlineStore": ("name", "url"),
    "Organization": ("name", "url"),
    "WebSite": ("name", "url"),
    "ContactPage": ("name", "url"),
    "MerchantReturnPolicy": ("applicableCountry", "returnPolicyCategory"),
}
_AVAILABILITIES = frozenset(
    f"https://schema.org/{name}"
    for name in (
        "InStock",
        "OutOfStock",
        "PreOrder",
        "BackOrder",
        "SoldOut",
        "LimitedAvailability",
        "Discontinued",
    )
)


def check_linked_data(texts: tuple[str, ...]) -> Iterator[Finding]:
    """What is wrong with the JSON-LD blocks of one page."""
    for text in texts:
        try:
            data: object = json.loads(text)
        except ValueError as error:
            yield Finding("LINKED_DATA", f"a JSON-LD block cannot be read: {error}")
            continue
        nodes = cast("list[object]", data) if isinstance(data, list) else [data]
        for node in nodes:
            if not isinstance(node, dict):
                yield Finding("LINKED_DATA", "a JSON-LD block is no object")
                continue
            top = cast("dict[str, Any]", node)
            if top.get("@context") not in _CONTEXTS:
                yield Finding("LINKED_DATA", "a JSON-LD block does not say that it speaks schema.org")
            yield from _check_node(top, top.get("@type", "@graph"))


def _check_node(node: Mapping[str, Any], where: object) -> Iterator[Finding]:
    kind = node.get("@type")
    for name in _REQUIRED.get(kind, ()) if isinstance(kind, str) else ():
        # A reference to a node that stands elsewhere has nothing but its id.
        if node.get(name) in (None, "", [], {}):
            yield Finding("LINKED_DATA", f"{kind} in {where} lacks {name}")
    if kind == "Offer":
        yield from _check_offer(node)
    elif kind in ("BreadcrumbList", "ItemList"):
        yield from _check_positions(str(kind), node.get("itemListElement"))
    for value in node.values():
        for inner in cast("list[object]", value) if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _check_node(cast("dict[str, Any]", inner), where)


def _check_offer(offer: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        price = Decimal(str(offer.get("price")))
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        yield Finding("LINKED_DATA", f"an offer's price is {offer.get('price')!r}")
    if offer.get("availability") not in _AVAILABILITIES:
        yield Finding("LINKED_DATA", f"an offer's availability is {offer.get('availability')!r}")


def _check_positions(kind: str, items: object) -> Iterator[Finding]:
    found = cast("list[object]", items) if isinstance(items, list) else []
    positions = [cast("dict[str, Any]", item).get("position") for item in found if isinstance(item, dict)]
    if positions != list(range(1, len(found) + 1)) and positions != _counted_on(positions):
        yield Finding("LINKED_DATA", f"the positions of a {kind} do not count on: {positions[:10]}")


def _counted_on(positions: list[Any]) -> list[int] | None:
    """A further page of a list begins where the one before ended."""
    first = positions[0] if positions else None
    return list(range(first, first + len(positions))) if isinstance(first, int) and first > 0 else None
