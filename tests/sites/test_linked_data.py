"""JSON-LD that search engines could not use is found."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provisioning.sites.linked_data import check_linked_data

OFFER = {
    "@type": "Offer",
    "price": "49.00",
    "priceCurrency": "USD",
    "availability": "https://schema.org/InStock",
}
PRODUCT: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "Lamp",
    "image": ["https://a.example/a.webp"],
    "offers": OFFER,
}
CRUMBS: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "BreadcrumbList",
    "itemListElement": [
        {"@type": "ListItem", "position": 1, "name": "Home", "item": "https://a.example/"},
        {"@type": "ListItem", "position": 2, "name": "Lamps"},
    ],
}


def messages(*nodes: object) -> list[str]:
    return [finding.message for finding in check_linked_data(tuple(json.dumps(node) for node in nodes))]


def test_what_is_complete_passes() -> None:
    graph = {
        "@context": "https://schema.org",
        "@graph": [{"@type": "WebSite", "name": "x", "url": "y", "publisher": {"@id": "#s"}}],
    }
    group = {
        **PRODUCT,
        "@type": "ProductGroup",
        "productGroupID": "lamp",
        "hasVariant": [{"@type": "Product", "name": "x", "offers": OFFER}],
    }

    assert messages(PRODUCT, CRUMBS, graph, group, [PRODUCT]) == []


def test_a_further_page_of_a_list_counts_on() -> None:
    """Its positions begin where the page before ended."""
    later = {
        **CRUMBS,
        "@type": "ItemList",
        "itemListElement": [{"@type": "ListItem", "position": n, "url": "u"} for n in (25, 26)],
    }

    assert messages(later) == []


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({**PRODUCT, "name": ""}, "Product in Product lacks name"),
        ({**PRODUCT, "offers": None}, "Product in Product lacks offers"),
        (
            {k: v for k, v in PRODUCT.items() if k != "@context"},
            "a JSON-LD block does not say that it speaks schema.org",
        ),
        ({**PRODUCT, "offers": {**OFFER, "price": "free"}}, "an offer's price is 'free'"),
        ({**PRODUCT, "offers": {**OFFER, "price": "-1"}}, "an offer's price is '-1'"),
        ({**PRODUCT, "offers": {**OFFER, "price": "NaN"}}, "an offer's price is 'NaN'"),
        ({**PRODUCT, "offers": {**OFFER, "availability": "yes"}}, "an offer's availability is 'yes'"),
        (
            {**PRODUCT, "offers": [OFFER, {**OFFER, "priceCurrency": ""}]},
            "Offer in Product lacks priceCurrency",
        ),
        ({**CRUMBS, "itemListElement": []}, "BreadcrumbList in BreadcrumbList lacks itemListElement"),
        (
            {
                **CRUMBS,
                "itemListElement": [
                    {"@type": "ListItem", "position": 2},
                    {"@type": "ListItem", "position": 1},
                ],
            },
            "the positions of a BreadcrumbList do not count on: [2, 1]",
        ),
        ("text", "a JSON-LD block is no object"),
    ],
)
def test_what_is_missing_or_wrong_is_named(node: object, expected: str) -> None:
    assert expected in messages(node)


def test_what_is_no_json_is_named() -> None:
    found = [finding.message for finding in check_linked_data(('{"@context": ',))]

    assert len(found) == 1
    assert found[0].startswith("a JSON-LD block cannot be read")
