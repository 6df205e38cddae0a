"""JSON-LD: what it says is what the page says, and what search engines ask for is there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from provisioning.catalog.products import Measure
from provisioning.catalog.settings import ShippingSettings
from provisioning.sites.building import Site, build_site
from provisioning.sites.shop import Shop
from provisioning.themes.packages import Theme
from tests.sites.documents import data_blocks, html_of, html_pages, parse
from tests.sites.shops import ADDRESS, draw_picture, real_shop, whole_shop


@pytest.fixture(scope="module")
def site(theme: Theme) -> Site:
    return build_site(theme, whole_shop(), draw_picture)


def block(site: Site, path: str, kind: str) -> dict[str, Any]:
    return next(b for b in data_blocks(html_of(site, path)) if b.get("@type") == kind)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a block, however deep."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def store_of(site: Site) -> dict[str, Any]:
    (home,) = data_blocks(html_of(site, "/"))
    return next(n for n in home["@graph"] if n["@type"] == "OnlineStore")


def test_no_page_says_nothing_or_leaves_a_reference_open(site: Site) -> None:
    """No null, no empty text or list; a node that is only an id is written out on the same page, or is the shop itself."""
    for path, html in html_pages(site).items():
        blocks = data_blocks(html)
        found = list(nodes(blocks))
        whole = {n["@id"] for n in found if "@id" in n and len(n) > 1} | {f"{ADDRESS}/#store"}
        for node in found:
            assert all(value not in (None, "", [], {}) for value in node.values()), (path, node)
            if set(node) == {"@id"}:
                assert node["@id"] in whole, (path, node)
        assert all(b["@context"] == "https://schema.org" for b in blocks)


def test_every_address_is_absolute(site: Site) -> None:
    for html in html_pages(site).values():
        for node in nodes(data_blocks(html)):
            for key in ("url", "item", "image", "logo", "@id", "urlTemplate", "merchantReturnLink"):
                values = node.get(key, [])
                for value in [values] if isinstance(values, str) else values:
                    assert value.startswith(f"{ADDRESS}/"), (key, value)


def test_the_home_page_tells_of_the_store_and_its_search(site: Site) -> None:
    store = store_of(site)
    (home,) = data_blocks(html_of(site, "/"))
    search = next(n for n in home["@graph"] if n["@type"] == "WebSite")["potentialAction"]

    assert store["contactPoint"]["email"] == "hello@light.example"
    assert store["contactPoint"]["telephone"] == "+15550100"
    assert store["address"]["streetAddress"] == "1 Cliff Road, Portland"
    assert search["target"]["urlTemplate"] == f"{ADDRESS}/search/?q={{search_term_string}}"
    assert store["logo"].endswith(".png")


def test_returns_are_those_of_the_settings(site: Site) -> None:
    """The same on home, product and refund page, and in words on the product page."""
    policy = store_of(site)["hasMerchantReturnPolicy"]
    refund = block(site, "/policies/refund/", "MerchantReturnPolicy")

    assert policy["merchantReturnDays"] == 45
    assert policy["returnFees"].endswith("/FreeReturn")
    assert policy["merchantReturnLink"] == f"{ADDRESS}/policies/refund/"
    assert refund == {"@context": "https://schema.org"} | policy
    assert block(site, "/products/desk-lamp/", "Product")["offers"]["hasMerchantReturnPolicy"] == policy
    assert "within 45 days" in html_of(site, "/products/desk-lamp/")


def test_a_shop_that_takes_nothing_back_says_so(theme: Theme) -> None:
    shop = whole_shop()
    assert shop.returns
    shop = shop.model_copy(update={"returns": shop.returns.model_copy(update={"days": 0})})
    policy = store_of(build_site(theme, shop, draw_picture))["hasMerchantReturnPolicy"]

    assert policy["returnPolicyCategory"].endswith("/MerchantReturnNotPermitted")
    assert "merchantReturnDays" not in policy


def test_delivery_is_what_the_settings_charge_for_that_price(site: Site) -> None:
    """Each offer: the cheapest way at its own price, as the settings offer it; the rest of the world has no country to name."""
    shipping = whole_shop().shipping
    assert shipping
    group = block(site, "/products/shade/", "ProductGroup")
    seen: dict[str, dict[str, Any]] = {}
    for variant in group["hasVariant"]:
        offer = variant["offers"]
        for details in offer["shippingDetails"]:
            seen.setdefault(details["@id"], details)
            rate = seen[details["@id"]]["shippingRate"]
            cheapest = min(m.price for m in shipping.offers("US", round(float(offer["price"]) * 100)))
            assert (rate["value"], rate["currency"]) == (f"{cheapest / 100:.2f}", "USD")
            destination = seen[details["@id"]]["shippingDestination"]
            assert destination == [{"@type": "DefinedRegion", "addressCountry": "US"}]
    conditions = store_of(site)["hasShippingService"]["shippingConditions"]
    assert [c["shippingRate"]["value"] for c in conditions] == ["12.95", "0.00", "30.90"]
    assert conditions[0]["orderValue"]["maxValue"] == "149.99"
    assert conditions[1]["orderValue"]["minValue"] == "150.00"


def test_parts_of_a_country_are_named(theme: Theme) -> None:
    shop = whole_shop()
    assert shop.shipping
    zone = shop.shipping.zones[0].model_copy(update={"regions": ("US-CA", "US-NY", "CA")})
    shop = shop.model_copy(update={"shipping": ShippingSettings(zones=(zone,))})
    site = build_site(theme, shop, draw_picture)

    details = block(site, "/products/desk-lamp/", "Product")["offers"]["shippingDetails"][0]
    assert details["shippingDestination"] == [
        {"@type": "DefinedRegion", "addressCountry": "US", "addressRegion": ["CA", "NY"]},
        {"@type": "DefinedRegion", "addressCountry": "CA"},
    ]


def test_offers_are_those_of_the_page(site: Site) -> None:
    """Price, former price and stock of each variant equal what the page's own script is given, and the address chooses it."""
    for path in ("/products/shade/", "/products/desk-lamp/"):
        html = html_of(site, path)
        data = next(e for e in parse(html).iter("script") if e.get("id") == "product-data").text
        variants = {v["sku"]: v for v in json.loads(data or "")["variants"]}
        top = data_blocks(html)[0]
        for product in top.get("hasVariant", [top]):
            variant, offer = variants[product["sku"]], product["offers"]
            assert offer["price"] == f"{variant['amount'] / 100:.2f}"
            assert offer["availability"].endswith("InStock") == variant["available"]
            former = [s["price"] for s in offer.get("priceSpecification", [])]
            assert [f"${f}" for f in former] == [f for f in [variant["former"]] if f]
            if "hasVariant" in top:
                assert offer["url"] == f"{ADDRESS}{path}?variant={variant['id']}"
        assert all(f"{paragraph}</p>" in html for paragraph in top["description"].split("\n\n"))


def test_prices_by_measure_are_told(theme: Theme) -> None:
    """On the page and in the offer: 250 ml at 4.90 are 1.96 for 100 ml."""
    shop = whole_shop()
    lamp, shade = shop.products
    variant = lamp.variants[0].model_copy(
        update={"price": 490, "compare_at_price": None, "measure": Measure(amount=250, unit="ml", by=100)}
    )
    lamp = lamp.model_copy(update={"variants": (variant,)})
    site = build_site(theme, shop.model_copy(update={"products": (lamp, shade)}), draw_picture)
    (told,) = block(site, "/products/desk-lamp/", "Product")["offers"]["priceSpecification"]

    assert (told["price"], told["referenceQuantity"]["value"], told["referenceQuantity"]["unitCode"]) == (
        "1.96",
        100,
        "MLT",
    )
    assert "$1.96 / 100 ml" in html_of(site, "/products/desk-lamp/")


def test_contact_and_lists(site: Site) -> None:
    contact = block(site, "/pages/contact/", "ContactPage")
    listing = block(site, "/collections/lamps/", "ItemList")["itemListElement"]

    assert contact["mainEntity"]["@type"] == "OnlineStore"
    assert [(item["position"], item["url"]) for item in listing] == [
        (1, f"{ADDRESS}/products/desk-lamp/"),
        (2, f"{ADDRESS}/products/shade/"),
    ]


def test_a_hundred_variants_tell_delivery_once(theme: Theme) -> None:
    """The first offer writes it out, the others name it: the block stays small."""
    shop = whole_shop()
    lamp, shade = shop.products
    values = tuple(f"Shade {n}" for n in range(50))
    option = shade.options[0].model_copy(update={"values": values})
    size = shade.options[1]
    variants = tuple(
        shade.variants[0].model_copy(update={"id": f"v{n}-{s.lower()}", "sku": f"V{n}{s}", "options": (v, s)})
        for n, v in enumerate(values)
        for s in size.values
    )
    shade = shade.model_copy(update={"options": (option, size), "variants": variants})
    site = build_site(theme, shop.model_copy(update={"products": (lamp, shade)}), draw_picture)
    text = json.dumps(block(site, "/products/shade/", "ProductGroup"))

    assert len(variants) == 100
    assert text.count('"OfferShippingDetails"') == 1
    assert text.count('"MerchantReturnPolicy"') == 1
    assert len(text) < 80_000


def test_without_settings_nothing_is_claimed(theme: Theme) -> None:
    """No delivery, no returns, no contact: a shop of products alone says nothing of them."""
    shop: Shop = real_shop()
    site = build_site(theme, shop, draw_picture)
    offer = block(site, "/products/desk-lamp/", "Product")["offers"]

    assert not {"shippingDetails", "hasMerchantReturnPolicy"} & set(offer)
    assert not {"contactPoint", "hasMerchantReturnPolicy", "hasShippingService"} & set(store_of(site))
