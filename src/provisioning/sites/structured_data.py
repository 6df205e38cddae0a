"""
JSON-LD for search engines (schema.org).

Products are written from the same views as their pages, and delivery and returns from the same settings, so every value in
it is one that the page shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from provisioning.catalog.settings import ELSEWHERE, ShippingMethod
from provisioning.sites.pictures import PLACEHOLDER_PATH
from provisioning.sites.shop import Shop
from provisioning.themes.money import decimal_amount
from provisioning.themes.views import (
    LinkView,
    ProductView,
    ReturnsView,
    ShopView,
    UnitPriceView,
    VariantView,
)

_CONTEXT = "https://schema.org"
#: Only these axes have a property of their own in schema.org.
_AXES: Mapping[str, str] = MappingProxyType(
    {
        "colour": "color",
        "color": "color",
        "farbe": "color",
        "size": "size",
        "größe": "size",
        "material": "material",
        "pattern": "pattern",
        "muster": "pattern",
    }
)
#: UN/CEFACT's codes.
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "g": "GRM",
        "kg": "KGM",
        "ml": "MLT",
        "l": "LTR",
        "cm": "CMT",
        "m": "MTR",
        "m²": "MTK",
        "piece": "C62",
    }
)


@dataclass(frozen=True)
class StructuredData:
    """What the pages of one shop say to machines. `logo` is a path."""

    shop: Shop
    view: ShopView
    logo: str

    @property
    def _home(self) -> str:
        return f"{self.shop.address}/"

    def site(self) -> dict[str, Any]:
        """The shop as an organisation, and as a site that can be searched."""
        store = self._store() | {"logo": f"{self.shop.address}{self.logo}"}
        if self.view.returns:
            store["hasMerchantReturnPolicy"] = self.returns(self.view.returns)
        services = [
            self._delivery(method, zone.regions)
            for zone in (self.shop.shipping.zones if self.shop.shipping else ())
            for method in zone.methods
            if zone.regions != (ELSEWHERE,)
        ]
        if services:
            store["hasShippingService"] = {"@type": "ShippingService", "shippingConditions": services}
        site = {
            "@type": "WebSite",
            "@id": f"{self._home}#site",
            "name": self.shop.name,
            "url": self._home,
            "inLanguage": self.shop.locale,
            "publisher": {"@id": f"{self._home}#store"},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": f"{self._home}search/?q={{search_term_string}}",
                },
                "query-input": "required name=search_term_string",
            },
        }
        return {"@context": _CONTEXT, "@graph": [store, site]}

    def breadcrumbs(self, links: Sequence[LinkView]) -> dict[str, Any]:
        items: list[dict[str, Any]] = []
        for position, link in enumerate(links, start=1):
            item: dict[str, Any] = {"@type": "ListItem", "position": position, "name": link.title}
            if link.url:
                item["item"] = f"{self.shop.address}{link.url}"
            items.append(item)
        return {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}

    def listing(self, paths: Iterable[str], first: int = 1) -> dict[str, Any]:
        """The pages that a list leads to, in its order; `first` is the place of the first one in the whole list."""
        return {
            "@context": _CONTEXT,
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "ListItem", "position": position, "url": f"{self.shop.address}{path}"}
                for position, path in enumerate(paths, start=first)
            ],
        }

    def contact_page(self, path: str, title: str) -> dict[str, Any]:
        return {
            "@context": _CONTEXT,
            "@type": "ContactPage",
            "name": title,
            "url": f"{self.shop.address}{path}",
            "mainEntity": self._store(),
        }

    def return_policy(self) -> dict[str, Any] | None:
        """The returns, for the page that tells of them."""
        found = self.view.returns
        return {"@context": _CONTEXT} | self.returns(found) if found else None

    def returns(self, returns: ReturnsView) -> dict[str, Any]:
        policy: dict[str, Any] = {
            "@type": "MerchantReturnPolicy",
            "@id": f"{self._home}#returns",
            "applicableCountry": self.shop.country,
            "merchantReturnLink": f"{self.shop.address}{returns.url}",
        }
        if not returns.days:
            return policy | {"returnPolicyCategory": f"{_CONTEXT}/MerchantReturnNotPermitted"}
        fees = "FreeReturn" if returns.free else "ReturnFeesCustomerResponsibility"
        return policy | {
            "returnPolicyCategory": f"{_CONTEXT}/MerchantReturnFiniteReturnWindow",
            "merchantReturnDays": returns.days,
            "returnMethod": f"{_CONTEXT}/ReturnByMail",
            "returnFees": f"{_CONTEXT}/{fees}",
            "refundType": f"{_CONTEXT}/FullRefund",
        }

    def product(self, product: ProductView) -> dict[str, Any]:
        """A product with its offer, or a group with all its variants, so that the chosen variant's price is always there."""
        shared: dict[str, Any] = {
            "name": product.title,
            "description": "\n\n".join(product.paragraphs),
            "brand": {"@type": "Brand", "name": product.vendor},
            "category": product.product_type,
        }
        images = [f"{self.shop.address}{p.src}" for p in product.pictures if p.src != PLACEHOLDER_PATH]
        if images:
            shared["image"] = images
        offers = _Offers(self)
        if len(product.variants) == 1:
            single = offers.write(product.variants[0])
            return {"@context": _CONTEXT, "@type": "Product"} | shared | single
        group: dict[str, Any] = {
            "@context": _CONTEXT,
            "@type": "ProductGroup",
            "productGroupID": product.handle,
            "url": f"{self.shop.address}{product.url}",
        }
        axes = [_AXES[o.name.lower()] for o in product.options if o.name.lower() in _AXES]
        if axes:
            group["variesBy"] = [f"{_CONTEXT}/{axis}" for axis in dict.fromkeys(axes)]
        variants = [self._variant(product, variant, images, offers) for variant in product.variants]
        return group | shared | {"hasVariant": variants}

    def _variant(
        self, product: ProductView, variant: VariantView, images: list[str], offers: _Offers
    ) -> dict[str, Any]:
        written: dict[str, Any] = {"@type": "Product", "name": f"{product.title} – {variant.title}"}
        own = [f"{self.shop.address}{variant.picture.src}"] if variant.picture else images[:1]
        if own:
            written["image"] = own[0]
        axes = {_AXES[o.name.lower()]: o.value for o in variant.options if o.name.lower() in _AXES}
        return written | axes | offers.write(variant)

    def _store(self) -> dict[str, Any]:
        store: dict[str, Any] = {
            "@type": "OnlineStore",
            "@id": f"{self._home}#store",
            "name": self.shop.name,
            "url": self._home,
        }
        contact = self.view.contact
        if contact:
            point = {"@type": "ContactPoint", "contactType": "customer service", "email": contact.email}
            if contact.phone_url:
                point["telephone"] = contact.phone_url.removeprefix("tel:")
            store["contactPoint"] = point
            if contact.address_lines:
                store["address"] = {
                    "@type": "PostalAddress",
                    "streetAddress": ", ".join(contact.address_lines),
                    "addressCountry": self.shop.country,
                }
        return store

    def delivery(self, price: int) -> list[ShippingOffer]:
        """The cheapest way to send goods of that price, to each zone that names its countries."""
        found: list[ShippingOffer] = []
        for zone in self.shop.shipping.zones if self.shop.shipping else ():
            methods = [m for m in zone.methods if m.is_offered(price)]
            if methods and zone.regions != (ELSEWHERE,):
                best = min(methods, key=lambda m: (m.price, m.days_max))
                found.append(ShippingOffer(f"{zone.id}-{best.id}", best, zone.regions))
        return found

    def shipping_details(self, offer: ShippingOffer) -> dict[str, Any]:
        return {
            "@type": "OfferShippingDetails",
            "@id": f"{self._home}#shipping-{offer.id}",
            "shippingRate": self._rate(offer.method),
            "shippingDestination": _destinations(offer.regions),
            "deliveryTime": {"@type": "ShippingDeliveryTime", "transitTime": _transit(offer.method)},
        }

    def _delivery(self, method: ShippingMethod, regions: Sequence[str]) -> dict[str, Any]:
        conditions: dict[str, Any] = {
            "@type": "ShippingConditions",
            "shippingRate": self._rate(method),
            "shippingDestination": _destinations(regions),
            "transitTime": {"@type": "ServicePeriod", "duration": _transit(method)},
        }
        if method.from_total or method.below_total is not None:
            value: dict[str, Any] = {"@type": "MonetaryAmount", "currency": self.shop.currency}
            if method.from_total:
                value["minValue"] = decimal_amount(method.from_total, self.shop.currency)
            if method.below_total is not None:
                value["maxValue"] = decimal_amount(max(method.below_total - 1, 0), self.shop.currency)
            conditions["orderValue"] = value
        return conditions

    def _rate(self, method: ShippingMethod) -> dict[str, Any]:
        amount = decimal_amount(method.price, self.shop.currency)
        return {"@type": "MonetaryAmount", "value": amount, "currency": self.shop.currency}


@dataclass(frozen=True, slots=True)
class ShippingOffer:
    """A way to send goods to the regions of a zone."""

    id: str
    method: ShippingMethod
    regions: Sequence[str]


@dataclass(slots=True)
class _Offers:
    """The offers of one page: delivery and returns are written out in the first, and named by their id in the others."""

    data: StructuredData
    told: set[str] = field(default_factory=set[str])

    def write(self, variant: VariantView) -> dict[str, Any]:
        shop = self.data.shop
        price = decimal_amount(variant.price, shop.currency)
        offer: dict[str, Any] = {
            "@type": "Offer",
            "url": f"{shop.address}{variant.url}",
            "price": price,
            "priceCurrency": shop.currency,
            "availability": f"{_CONTEXT}/{'InStock' if variant.available else 'OutOfStock'}",
            "itemCondition": f"{_CONTEXT}/NewCondition",
            "seller": {"@id": f"{shop.address}/#store"},
        }
        specifications = self._specifications(variant)
        if specifications:
            offer["priceSpecification"] = specifications
        details = [self._once(self.data.shipping_details(o)) for o in self.data.delivery(variant.price)]
        if details:
            offer["shippingDetails"] = details
        if self.data.view.returns:
            offer["hasMerchantReturnPolicy"] = self._once(self.data.returns(self.data.view.returns))
        return ({"sku": variant.sku} if variant.sku else {}) | {"offers": offer}

    def _specifications(self, variant: VariantView) -> list[dict[str, Any]]:
        currency = self.data.shop.currency
        found: list[dict[str, Any]] = []
        if variant.compare_at_price is not None:
            found.append(
                {
                    "@type": "UnitPriceSpecification",
                    "priceType": f"{_CONTEXT}/StrikethroughPrice",
                    "price": decimal_amount(variant.compare_at_price, currency),
                    "priceCurrency": currency,
                }
            )
        if variant.unit_price is not None:
            found.append(_unit_price(variant.unit_price, currency))
        return found

    def _once(self, node: dict[str, Any]) -> dict[str, Any]:
        name = str(node["@id"])
        if name in self.told:
            return {"@id": name}
        self.told.add(name)
        return node


def _unit_price(price: UnitPriceView, currency: str) -> dict[str, Any]:
    return {
        "@type": "UnitPriceSpecification",
        "price": decimal_amount(price.price, currency),
        "priceCurrency": currency,
        "referenceQuantity": {
            "@type": "QuantitativeValue",
            "value": price.amount,
            "unitCode": _UNITS[price.unit],
        },
    }


def _destinations(regions: Sequence[str]) -> list[dict[str, Any]]:
    """Countries, and the parts of countries that are named by themselves."""
    named = [region for region in regions if region != ELSEWHERE]
    parts: dict[str, list[str]] = {}
    for region in named:
        country, _, part = region.partition("-")
        parts.setdefault(country, [])
        if part and country not in named:
            parts[country].append(part)
    return [
        {"@type": "DefinedRegion", "addressCountry": country} | ({"addressRegion": found} if found else {})
        for country, found in parts.items()
    ]


def _transit(method: ShippingMethod) -> dict[str, Any]:
    return {
        "@type": "QuantitativeValue",
        "minValue": method.days_min,
        "maxValue": method.days_max,
        "unitCode": "DAY",
    }
