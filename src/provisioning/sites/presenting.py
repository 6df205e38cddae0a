"""From a shop to what templates may see: cards, pages of products and collections, with every list computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from provisioning.catalog.products import Collection, Product, Variant
from provisioning.sites.shop import PictureSource, Shop
from provisioning.themes.money import format_money
from provisioning.themes.views import (
    CollectionCard,
    CollectionView,
    DetailView,
    HomeView,
    OptionValueView,
    OptionView,
    PictureView,
    ProductCard,
    ProductView,
    ShopView,
    VariantView,
)

FEATURED = 8
RELATED = 4


def product_path(handle: str) -> str:
    return f"/products/{handle}/"


def collection_path(handle: str) -> str:
    return f"/collections/{handle}/"


@dataclass(frozen=True)
class Presenter:
    """Views of one shop. Handles that lead nowhere are left out, as data may change under a running build."""

    shop: Shop
    pictures: PictureSource

    @cached_property
    def products(self) -> tuple[Product, ...]:
        return tuple(sorted(self.shop.products, key=lambda p: (p.position, p.handle)))

    @cached_property
    def collections(self) -> tuple[Collection, ...]:
        return tuple(sorted(self.shop.collections, key=lambda c: (c.position, c.handle)))

    @cached_property
    def cards(self) -> dict[str, ProductCard]:
        return {product.handle: self._card(product) for product in self.products}

    def members(self, collection: Collection) -> tuple[Product, ...]:
        """The products of a collection, in order."""
        return tuple(p for p in self.products if collection.handle in p.collections)

    def collections_of(self, product: Product) -> tuple[Collection, ...]:
        return tuple(c for c in self.collections if c.handle in product.collections)

    def picture(self, name: str) -> PictureView:
        found = self.pictures(name)
        return PictureView(found.path, found.alt, found.width, found.height)

    def shop_view(self) -> ShopView:
        shop = self.shop
        return ShopView(
            name=shop.name,
            tagline=shop.tagline,
            currency=shop.currency,
            locale=shop.locale,
            home=self._home(),
            collections=tuple(self._collection_card(collection) for collection in self.collections),
            featured=tuple(self.cards[product.handle] for product in self._featured()),
        )

    def collection_view(self, collection: Collection) -> CollectionView:
        return CollectionView(
            title=collection.title,
            url=collection_path(collection.handle),
            description=collection.description,
            picture=self.picture(collection.picture),
            products=tuple(self.cards[product.handle] for product in self.members(collection)),
        )

    def product_view(self, product: Product) -> ProductView:
        selected = _first_available(product)
        return ProductView(
            handle=product.handle,
            title=product.title,
            url=product_path(product.handle),
            vendor=product.vendor,
            product_type=product.product_type,
            paragraphs=tuple(p.strip() for p in product.description.split("\n\n") if p.strip()),
            details=tuple(DetailView(detail.name, detail.value) for detail in product.details),
            pictures=tuple(self.picture(name) for name in dict.fromkeys(product.pictures)),
            options=tuple(_options(product, selected)),
            selected=VariantView(
                selected.id, selected.sku, selected.price, _former_price(selected), selected.available
            ),
            price_varies=_price_varies(product),
            available=_is_available(product),
            related=self._related(product),
            data=self._data(product),
        )

    def _home(self) -> HomeView | None:
        home = self.shop.home
        if home is None:
            return None
        return HomeView(
            heading=home.hero_heading,
            text=home.hero_text,
            picture=self.picture(home.hero_picture),
            story_heading=home.story_heading,
            story_text=home.story_text,
            story_picture=self.picture(home.story_picture),
        )

    def _featured(self) -> tuple[Product, ...]:
        """The featured collection's products, filled up with others; what is sold out comes last."""
        handle = self.shop.home.featured_collection if self.shop.home else ""
        ranked = sorted(self.products, key=lambda p: (not _is_available(p), handle not in p.collections))
        return tuple(ranked[:FEATURED])

    def _related(self, product: Product) -> tuple[ProductCard, ...]:
        """What the product names, filled up from its own collections."""
        neighbours = [p.handle for c in self.collections_of(product) for p in self.members(c)]
        handles = dict.fromkeys([*product.related, *neighbours])
        return tuple(self.cards[h] for h in handles if h != product.handle and h in self.cards)[:RELATED]

    def _card(self, product: Product) -> ProductCard:
        cheapest = min(_offered(product), key=lambda v: v.price)
        return ProductCard(
            handle=product.handle,
            title=product.title,
            url=product_path(product.handle),
            vendor=product.vendor,
            picture=self.picture(product.pictures[0]),
            price=cheapest.price,
            price_varies=_price_varies(product),
            compare_at_price=_former_price(cheapest),
            available=_is_available(product),
            sample=product.sample,
        )

    def _collection_card(self, collection: Collection) -> CollectionCard:
        return CollectionCard(
            title=collection.title,
            url=collection_path(collection.handle),
            description=collection.description,
            picture=self.picture(collection.picture),
            count=len(self.members(collection)),
        )

    def _data(self, product: Product) -> dict[str, Any]:
        currency = self.shop.currency

        def written(amount: int | None) -> str | None:
            return None if amount is None else format_money(amount, currency)

        return {
            "handle": product.handle,
            "title": product.title,
            "url": product_path(product.handle),
            "picture": self.picture(product.pictures[0]).src,
            "variants": [
                {
                    "id": variant.id,
                    "sku": variant.sku,
                    "options": list(variant.options),
                    "available": variant.available,
                    "amount": variant.price,
                    "price": written(variant.price),
                    "former": written(_former_price(variant)),
                    "picture": self.picture(variant.picture).src if variant.picture else None,
                }
                for variant in product.variants
            ],
        }


def _options(product: Product, selected: Variant) -> Iterable[OptionView]:
    for index, option in enumerate(product.options):
        choices = tuple(
            OptionValueView(
                value=value,
                variant=next(v.id for v in of_value) if len(product.options) == 1 else None,
                available=any(v.available for v in of_value),
                selected=selected.options[index] == value,
            )
            for value, of_value in (
                (value, [v for v in product.variants if v.options[index] == value]) for value in option.values
            )
            if of_value
        )
        yield OptionView(option.name, index + 1, choices)


def _offered(product: Product) -> list[Variant]:
    return [v for v in product.variants if v.available] or list(product.variants)


def _first_available(product: Product) -> Variant:
    return _offered(product)[0]


def _is_available(product: Product) -> bool:
    return any(variant.available for variant in product.variants)


def _price_varies(product: Product) -> bool:
    return len({variant.price for variant in _offered(product)}) > 1


def _former_price(variant: Variant) -> int | None:
    """The price it is compared with, if that is higher: a comparison with a lower one misleads."""
    former = variant.compare_at_price
    return former if former is not None and former > variant.price else None
