"""From a shop to what templates may see: cards, pages of products and collections, with every list computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, cycle, islice
from typing import Any

from provisioning.catalog.products import Collection, Product, Variant
from provisioning.catalog.settings import ELSEWHERE, ShippingSettings
from provisioning.errors import NotFound
from provisioning.sites.facets import facets_of, filters_of
from provisioning.sites.pictures import PLACEHOLDER, picture_view
from provisioning.sites.shop import PictureFile, PictureSource, Shop
from provisioning.sites.texts import clean_text, is_right_to_left, telephone_url, texts_of
from provisioning.themes.money import format_money
from provisioning.themes.urls import page_url
from provisioning.themes.views import (
    CardOptionView,
    ChosenValue,
    CollectionCard,
    CollectionView,
    ContactView,
    DetailView,
    FilterView,
    HomeView,
    LinkView,
    OptionValueView,
    OptionView,
    PictureView,
    ProductCard,
    ProductView,
    ReferenceViews,
    ReturnsView,
    ShippingMethodView,
    ShippingZoneView,
    ShopView,
    UnitPriceView,
    VariantView,
)

FEATURED = 8
RELATED = 4
MENU = 8
#: Products of a collection that a theme's setting names.
SHELF = 24
_NO_PICTURE = ""
POLICIES = ("privacy", "refund", "shipping", "terms")


def product_path(handle: str) -> str:
    return page_url("product", handle)


def collection_path(handle: str) -> str:
    return page_url("collection", handle)


def page_path(handle: str) -> str:
    return page_url("page", handle)


def policy_path(handle: str) -> str:
    return page_url("policy", handle)


@dataclass(frozen=True)
class Presenter:
    """
    Views of one shop. Handles that lead nowhere are left out, as data may change under a running build.

    Everything that is asked for often is computed once: a build takes time in proportion to what the shop holds.
    """

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
        ages = {handle: age for age, handle in enumerate(self.shop.oldest_first)}
        return {
            product.handle: self._card(product, position, ages.get(product.handle, len(ages) + position))
            for position, product in enumerate(self.products)
        }

    @cached_property
    def _members(self) -> dict[str, tuple[Product, ...]]:
        found: dict[str, list[Product]] = {collection.handle: [] for collection in self.collections}
        for product in self.products:
            for handle in dict.fromkeys(product.collections):
                if handle in found:
                    found[handle].append(product)
        return {handle: tuple(products) for handle, products in found.items()}

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        """Where a product stands in a collection."""
        return {
            (handle, product.handle): place
            for handle, products in self._members.items()
            for place, product in enumerate(products)
        }

    @cached_property
    def _shelves(self) -> dict[str, Collection]:
        return {collection.handle: collection for collection in self.collections}

    @cached_property
    def _files(self) -> dict[str, PictureFile]:
        return {}

    @cached_property
    def _views(self) -> dict[str, PictureView]:
        return {}

    def members(self, collection: Collection) -> tuple[Product, ...]:
        """The products of a collection, in order."""
        return self._members[collection.handle]

    def collections_of(self, product: Product) -> tuple[Collection, ...]:
        found = [self._shelves[h] for h in dict.fromkeys(product.collections) if h in self._shelves]
        return tuple(sorted(found, key=lambda c: (c.position, c.handle)))

    def file(self, name: str) -> PictureFile:
        """The picture of that name; a plain surface where there is none (any more)."""
        if name not in self._files:
            self._files[name] = self._find(name)
        return self._files[name]

    def _find(self, name: str) -> PictureFile:
        if name == _NO_PICTURE:
            return PLACEHOLDER
        try:
            return self.pictures(name)
        except NotFound:
            return PLACEHOLDER

    def picture(self, name: str) -> PictureView:
        if name not in self._views:
            self._views[name] = picture_view(self.file(name))
        return self._views[name]

    def used_pictures(self) -> tuple[PictureFile, ...]:
        """Every picture that a view of this presenter has named so far."""
        return tuple({id(file): file for file in self._files.values()}.values())

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
            direction="rtl" if is_right_to_left(shop.locale) else "ltr",
            menus=self._menus(),
            contact=self._contact(),
            prices_include_tax=shop.prices_include_tax,
            shipping=tuple(_zones(shop.shipping)) if shop.shipping else (),
            free_shipping_from=_free_from(shop.shipping) if shop.shipping else None,
            returns=self._returns(),
            count=len(self.products),
            country=shop.country,
            locale_name=f"{shop.locale.partition('-')[0]}_{shop.country}",
        )

    def reference_views(self, wanted: Iterable[tuple[str, str]]) -> ReferenceViews:
        """What a theme's settings refer to, as (field, name or handle); what the shop has not is left out."""
        names: dict[str, list[str]] = {"pictures": [], "products": [], "collections": [], "pages": []}
        for field, name in sorted(wanted):
            names[field].append(name)
        pages = {page.handle: LinkView(page.title, page_path(page.handle)) for page in self.shop.pages}
        return ReferenceViews(
            pictures={n: self.picture(n) for n in names["pictures"] if self._find(n) is not PLACEHOLDER},
            products={n: self.cards[n] for n in names["products"] if n in self.cards},
            collections={n: self._shelf_view(n) for n in names["collections"] if n in self._shelves},
            pages={n: pages[n] for n in names["pages"] if n in pages},
        )

    def _shelf_view(self, handle: str) -> CollectionView:
        collection = self._shelves[handle]
        return self.collection_view(collection, self.members(collection)[:SHELF])

    def collection_view(self, collection: Collection, products: Sequence[Product]) -> CollectionView:
        """A page of a collection that shows `products` of it."""
        members = self.members(collection)
        return CollectionView(
            title=collection.title,
            url=collection_path(collection.handle),
            description=clean_text(collection.description),
            picture=self.picture(collection.picture),
            products=tuple(self.cards[product.handle] for product in products),
            handle=collection.handle,
            count=len(members),
            filters=self.filters(collection),
        )

    @cached_property
    def _filters(self) -> dict[str, tuple[FilterView, ...]]:
        return {}

    def filters(self, collection: Collection) -> tuple[FilterView, ...]:
        """The filters of a whole collection, computed once for all its pages."""
        if collection.handle not in self._filters:
            cards = [self.cards[product.handle] for product in self.members(collection)]
            self._filters[collection.handle] = filters_of(cards, texts_of(self.shop.locale))
        return self._filters[collection.handle]

    def product_view(self, product: Product) -> ProductView:
        variants = tuple(self._variant(product, variant) for variant in product.variants)
        offered = [v for v in variants if v.available] or list(variants)
        selected = offered[0]
        prices = [v.price for v in offered]
        pictures = tuple(self.picture(name) for name in dict.fromkeys(product.pictures))
        shelves = self.collections_of(product)
        return ProductView(
            handle=product.handle,
            title=product.title,
            url=product_path(product.handle),
            vendor=product.vendor,
            product_type=product.product_type,
            paragraphs=_paragraphs(product.description),
            details=tuple(DetailView(detail.name, detail.value) for detail in product.details),
            pictures=pictures or (self.picture(_NO_PICTURE),),
            options=tuple(self._options(product, selected)),
            selected=selected,
            price_varies=len(set(prices)) > 1,
            available=any(v.available for v in variants),
            related=self._related(product),
            data=self._data(product, variants),
            variants=variants,
            sample=product.sample,
            lowest_price=min(prices),
            highest_price=max(prices),
            collection=LinkView(shelves[0].title, collection_path(shelves[0].handle)) if shelves else None,
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

    def _menus(self) -> dict[str, tuple[LinkView, ...]]:
        shop, texts = self.shop, texts_of(self.shop.locale)
        pages = tuple(LinkView(p.title, page_path(p.handle)) for p in shop.pages if p.handle != "contact")
        contact = (LinkView(texts("contact.title"), page_path("contact")),) if shop.contact else ()
        policies = ()
        if shop.policies:
            named = ((name, getattr(shop.policies, name)) for name in POLICIES)
            policies = tuple(LinkView(policy.title, policy_path(name)) for name, policy in named)
        shelves = tuple(LinkView(c.title, collection_path(c.handle)) for c in self.collections)
        everything = (LinkView(texts("collections.title"), "/collections/"),)
        return {
            "main": (shelves[:MENU] or everything) + pages[:1],
            "footer": pages + contact + (LinkView(texts("search.title"), "/search/"),),
            "policies": policies,
        }

    def _contact(self) -> ContactView | None:
        found = self.shop.contact
        if found is None:
            return None
        return ContactView(found.email, found.phone, telephone_url(found.phone), found.address_lines)

    def _returns(self) -> ReturnsView | None:
        found = self.shop.returns
        if found is None:
            return None
        return ReturnsView(found.days, found.postage == "store", policy_path("refund"))

    def _featured(self) -> tuple[Product, ...]:
        """The featured collection's products, filled up with others; what is sold out comes last."""
        handle = self.shop.home.featured_collection if self.shop.home else ""
        ranked = sorted(self.products, key=lambda p: (not _is_available(p), handle not in p.collections))
        return tuple(ranked[:FEATURED])

    def _related(self, product: Product) -> tuple[ProductCard, ...]:
        """What the product names, filled up with its neighbours in its own collections."""
        neighbours = chain.from_iterable(self._neighbours(product, c) for c in self.collections_of(product))
        handles = chain(product.related, (p.handle for p in neighbours))
        chosen: dict[str, ProductCard] = {}
        for handle in handles:
            if handle != product.handle and handle in self.cards:
                chosen[handle] = self.cards[handle]
            if len(chosen) == RELATED:
                break
        return tuple(chosen.values())

    def _neighbours(self, product: Product, collection: Collection) -> Iterator[Product]:
        """What follows it on the shelf, then from the shelf's beginning: so that not all lead to the same few."""
        shelf = self.members(collection)
        place = self._places[collection.handle, product.handle]
        return islice(cycle(shelf), place + 1, place + len(shelf))

    def _card(self, product: Product, position: int, age: int) -> ProductCard:
        cheapest = min(_offered(product), key=lambda v: v.price)
        former = _former_price(cheapest)
        names = list(dict.fromkeys(product.pictures))
        return ProductCard(
            handle=product.handle,
            title=product.title,
            url=product_path(product.handle),
            vendor=product.vendor,
            picture=self._leading(product),
            price=cheapest.price,
            price_varies=len({variant.price for variant in _offered(product)}) > 1,
            compare_at_price=former,
            available=_is_available(product),
            sample=product.sample,
            product_type=product.product_type,
            reduced_percent=_reduced(cheapest),
            unit_price=_unit_price(cheapest),
            second_picture=self.picture(names[1]) if len(names) > 1 else None,
            options=tuple(CardOptionView(option.name, option.values) for option in product.options),
            position=position,
            created_order=age,
            facets=" ".join(facets_of(product)),
        )

    def leading_file(self, product: Product) -> PictureFile:
        return self.file(product.pictures[0] if product.pictures else _NO_PICTURE)

    def _leading(self, product: Product) -> PictureView:
        return self.picture(product.pictures[0] if product.pictures else _NO_PICTURE)

    def _collection_card(self, collection: Collection) -> CollectionCard:
        return CollectionCard(
            title=collection.title,
            url=collection_path(collection.handle),
            description=clean_text(collection.description),
            picture=self.picture(collection.picture),
            count=len(self.members(collection)),
            handle=collection.handle,
        )

    def _variant(self, product: Product, variant: Variant) -> VariantView:
        names = [option.name for option in product.options]
        query = f"?variant={variant.id}" if len(product.variants) > 1 else ""
        return VariantView(
            id=variant.id,
            sku=variant.sku,
            price=variant.price,
            compare_at_price=_former_price(variant),
            available=variant.available,
            reduced_percent=_reduced(variant),
            unit_price=_unit_price(variant),
            options=tuple(ChosenValue(n, v) for n, v in zip(names, variant.options, strict=True)),
            title=" / ".join(variant.options),
            url=product_path(product.handle) + query,
            picture=self.picture(variant.picture) if variant.picture else None,
        )

    def _options(self, product: Product, selected: VariantView) -> Iterator[OptionView]:
        chosen = tuple(choice.value for choice in selected.options)
        by_values = {variant.options: variant for variant in product.variants}
        for index, option in enumerate(product.options):
            groups: dict[str, list[Variant]] = {value: [] for value in option.values}
            for variant in product.variants:
                groups[variant.options[index]].append(variant)
            pictures = {value: next((v.picture for v in g if v.picture), None) for value, g in groups.items()}
            telling = len({name for name in pictures.values() if name}) > 1
            choices: list[OptionValueView] = []
            for value, group in groups.items():
                if not group:
                    continue
                together = by_values.get((*chosen[:index], value, *chosen[index + 1 :]))
                name = pictures[value]
                choices.append(
                    OptionValueView(
                        value=value,
                        variant=group[0].id if len(product.options) == 1 else None,
                        available=any(variant.available for variant in group),
                        selected=chosen[index] == value,
                        available_with_selected=together is not None and together.available,
                        picture=self.picture(name) if telling and name else None,
                    )
                )
            yield OptionView(option.name, index + 1, tuple(choices))

    def _data(self, product: Product, variants: Iterable[VariantView]) -> dict[str, Any]:
        currency, locale = self.shop.currency, self.shop.locale

        def written(amount: int | None) -> str | None:
            return None if amount is None else format_money(amount, currency, locale)

        def unit(price: UnitPriceView | None) -> dict[str, Any] | None:
            if price is None:
                return None
            return {"price": written(price.price), "amount": price.amount, "unit": price.unit}

        return {
            "handle": product.handle,
            "title": product.title,
            "url": product_path(product.handle),
            "picture": self._leading(product).src,
            "variants": [
                {
                    "id": variant.id,
                    "sku": variant.sku,
                    "options": [choice.value for choice in variant.options],
                    "available": variant.available,
                    "amount": variant.price,
                    "price": written(variant.price),
                    "former": written(variant.compare_at_price),
                    "reduced": variant.reduced_percent,
                    "unit": unit(variant.unit_price),
                    "picture": variant.picture.src if variant.picture else None,
                }
                for variant in variants
            ],
        }


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(p.strip() for p in clean_text(text).split("\n\n") if p.strip())


def _offered(product: Product) -> list[Variant]:
    return [v for v in product.variants if v.available] or list(product.variants)


def _is_available(product: Product) -> bool:
    return any(variant.available for variant in product.variants)


def _former_price(variant: Variant) -> int | None:
    """The price it is compared with, if that is higher: a comparison with a lower one misleads."""
    former = variant.compare_at_price
    return former if former is not None and former > variant.price else None


def _reduced(variant: Variant) -> int:
    """Whole percent, rounded down, so that no more is promised than is given."""
    former = _former_price(variant)
    return (former - variant.price) * 100 // former if former else 0


def _unit_price(variant: Variant) -> UnitPriceView | None:
    measure = variant.measure
    if measure is None:
        return None
    price = (2 * variant.price * measure.by + measure.amount) // (2 * measure.amount)
    return UnitPriceView(price, measure.by, measure.unit)


def _zones(shipping: ShippingSettings) -> Iterator[ShippingZoneView]:
    for zone in shipping.zones:
        methods = tuple(
            ShippingMethodView(m.title, m.price, m.from_total, m.below_total, m.days_min, m.days_max)
            for m in zone.methods
        )
        yield ShippingZoneView(zone.title, ELSEWHERE in zone.regions, methods)


def _free_from(shipping: ShippingSettings) -> int | None:
    free = [m.from_total for m in shipping.zones[0].methods if m.price == 0 and m.below_total is None]
    return min(free, default=None)
