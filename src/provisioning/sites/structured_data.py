"""JSON-LD for search engines (schema.org); every value in it is one that the page shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from provisioning.catalog.products import Product, Variant
from provisioning.sites.presenting import product_path
from provisioning.sites.shop import Shop
from provisioning.themes.money import decimal_amount
from provisioning.themes.views import LinkView, PictureView, ProductCard

_CONTEXT = "https://schema.org"
#: Only these axes have a property of their own in schema.org.
_AXES = {"colour": "color", "color": "color", "size": "size", "material": "material", "pattern": "pattern"}


def shop_data(shop: Shop, logo: str) -> dict[str, Any]:
    """The shop as an organisation and as a site; `logo` is a path."""
    home = f"{shop.address}/"
    return {
        "@context": _CONTEXT,
        "@graph": [
            {
                "@type": "OnlineStore",
                "@id": f"{home}#store",
                "name": shop.name,
                "url": home,
                "logo": f"{shop.address}{logo}",
            },
            {
                "@type": "WebSite",
                "@id": f"{home}#site",
                "name": shop.name,
                "url": home,
                "inLanguage": shop.locale,
                "publisher": {"@id": f"{home}#store"},
            },
        ],
    }


def breadcrumb_data(shop: Shop, breadcrumbs: Sequence[LinkView]) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    for position, link in enumerate(breadcrumbs, start=1):
        item: dict[str, Any] = {"@type": "ListItem", "position": position, "name": link.title}
        if link.url:
            item["item"] = f"{shop.address}{link.url}"
        items.append(item)
    return {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def list_data(shop: Shop, paths: Iterable[str]) -> dict[str, Any]:
    """The pages that a list leads to, in its order."""
    return {
        "@context": _CONTEXT,
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "url": f"{shop.address}{path}"}
            for position, path in enumerate(paths, start=1)
        ],
    }


def card_paths(cards: Iterable[ProductCard]) -> list[str]:
    return [card.url for card in cards]


def product_data(shop: Shop, product: Product, pictures: Sequence[PictureView]) -> dict[str, Any]:
    """A product with its offer, or a group with all its variants, so that the chosen variant's price is always there."""
    shared: dict[str, Any] = {
        "name": product.title,
        "description": product.description,
        "brand": {"@type": "Brand", "name": product.vendor},
        "image": [f"{shop.address}{picture.src}" for picture in pictures],
        "category": product.product_type,
    }
    if len(product.variants) == 1:
        single = _variant(shop, product, product.variants[0])
        return {"@context": _CONTEXT, "@type": "Product"} | shared | single
    axes = [_AXES[o.name.lower()] for o in product.options if o.name.lower() in _AXES]
    group: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "ProductGroup",
        "productGroupID": product.handle,
        "url": f"{shop.address}{product_path(product.handle)}",
    }
    if axes:
        group["variesBy"] = [f"{_CONTEXT}/{axis}" for axis in axes]
    variants = [
        {
            "@type": "Product",
            "name": f"{product.title} – {' / '.join(variant.options)}",
            "image": shared["image"][0],
            **_axis_values(product, variant),
            **_variant(shop, product, variant),
        }
        for variant in product.variants
    ]
    return group | shared | {"hasVariant": variants}


def _axis_values(product: Product, variant: Variant) -> dict[str, str]:
    pairs = zip(product.options, variant.options, strict=True)
    return {_AXES[o.name.lower()]: value for o, value in pairs if o.name.lower() in _AXES}


def _variant(shop: Shop, product: Product, variant: Variant) -> dict[str, Any]:
    query = f"?variant={variant.id}" if len(product.variants) > 1 else ""
    return {
        "sku": variant.sku,
        "offers": {
            "@type": "Offer",
            "url": f"{shop.address}{product_path(product.handle)}{query}",
            "price": decimal_amount(variant.price, shop.currency),
            "priceCurrency": shop.currency,
            "availability": f"{_CONTEXT}/{'InStock' if variant.available else 'OutOfStock'}",
            "itemCondition": f"{_CONTEXT}/NewCondition",
        },
    }
