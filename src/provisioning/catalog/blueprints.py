"""
Blueprints: a store's first content, chosen by its business category, so that it sells from its first minute.

The files `blueprints/<category>.json` hold each product the way a merchandiser thinks of it: options with their values, one
price with its exceptions, and what is sold out. The variants are made from that here. All of it is marked as a sample.
"""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from itertools import product as combinations
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from provisioning.catalog.pages import StorePage
from provisioning.catalog.products import Collection, Detail, Option, Price, Product, Variant
from provisioning.errors import NotFound
from provisioning.stores.activation import Category, Line, Slug

_FOLDER = Path(__file__).parent / "blueprints"
#: Between the values of a combination: `Ink / 1 TB`.
_AND = " / "

Text = Annotated[str, Field(min_length=1, max_length=1_000)]


class HomeTexts(BaseModel):
    """What the home page of a store says and shows, apart from its products."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hero_heading: Line
    hero_text: Text
    hero_picture: str
    story_heading: Line
    story_text: Text
    story_picture: str
    #: The handle of the collection whose products the home page shows.
    featured_collection: Slug


class Blueprint(BaseModel):
    """The first content of a store: linked, sellable, marked as a sample. Prices are US cents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: Category
    #: One line beneath the store's name.
    tagline: Line
    home: HomeTexts
    collections: tuple[Collection, ...] = Field(min_length=1)
    products: tuple[Product, ...] = Field(min_length=1)
    pages: tuple[StorePage, ...] = ()

    @model_validator(mode="after")
    def _links_resolve(self) -> Blueprint:
        shelves = _unique([c.handle for c in self.collections], "collections")
        handles = _unique([p.handle for p in self.products], "products")
        _unique([p.handle for p in self.pages], "pages")
        _unique([v.sku for p in self.products for v in p.variants], "SKUs")
        for product in self.products:
            if not shelves.issuperset(product.collections):
                raise ValueError(f"{product.handle} is in a collection that does not exist")
            if not handles.issuperset(product.related) or product.handle in product.related:
                raise ValueError(f"{product.handle} is related to itself or to what does not exist")
        if self.home.featured_collection not in shelves:
            raise ValueError("the featured collection does not exist")
        return self


class _WrittenProduct(BaseModel):
    """A product as its file holds it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    handle: Slug
    title: Line
    vendor: Line
    product_type: Line
    paragraphs: tuple[str, ...] = Field(min_length=1)
    details: dict[str, Line] = {}
    collections: tuple[Slug, ...]
    related: tuple[Slug, ...] = ()
    sku: Line
    price: Price
    compare_at_price: Price | None = None
    options: dict[str, tuple[Line, ...]] = {}
    #: Prices of the values that cost another than `price`.
    prices: dict[str, Price] = {}
    #: Values, or combinations as `Ink / 1 TB`, that cannot be bought at the moment.
    sold_out: tuple[str, ...] = ()
    #: The leading picture, and those of values that look different.
    picture: str
    pictures: dict[str, str] = {}

    @model_validator(mode="after")
    def _names_are_values(self) -> _WrittenProduct:
        known = {value for values in self.options.values() for value in values}
        named = {*self.prices, *self.pictures, *(v for s in self.sold_out for v in s.split(_AND))}
        if not named <= known:
            raise ValueError(f"{self.handle} names values that no option has: {sorted(named - known)}")
        return self

    def to_product(self, position: int) -> Product:
        return Product(
            handle=self.handle,
            title=self.title,
            description="\n\n".join(self.paragraphs),
            vendor=self.vendor,
            product_type=self.product_type,
            details=tuple(Detail(name=name, value=value) for name, value in self.details.items()),
            collections=self.collections,
            options=tuple(Option(name=name, values=values) for name, values in self.options.items()),
            variants=tuple(self._variant(values) for values in combinations(*self.options.values())),
            pictures=(self.picture, *self.pictures.values()),
            related=self.related,
            position=position,
            sample=True,
        )

    def _variant(self, values: tuple[str, ...]) -> Variant:
        price = next((self.prices[v] for v in values if v in self.prices), self.price)
        # A dearer variant is reduced by the same amount.
        before = None if self.compare_at_price is None else self.compare_at_price + price - self.price
        return Variant(
            id=_slug("-".join(values)) or "default",
            sku="-".join((self.sku, *map(_code, values))),
            options=values,
            price=price,
            compare_at_price=before,
            available=not any(set(s.split(_AND)) <= set(values) for s in self.sold_out),
            picture=next((self.pictures[v] for v in values if v in self.pictures), self.picture),
        )


class _WrittenCollection(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    handle: Slug
    title: Line
    description: str
    picture: str


class _WrittenPage(BaseModel):
    """A page of words as its file holds it: plain paragraphs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    handle: Slug
    title: Line
    paragraphs: tuple[Text, ...] = Field(min_length=1)

    def to_page(self) -> StorePage:
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs)
        return StorePage(handle=self.handle, title=self.title, body=body, sample=True)


class _WrittenBlueprint(BaseModel):
    """A file under `blueprints/`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tagline: Line
    home: HomeTexts
    collections: tuple[_WrittenCollection, ...]
    products: tuple[_WrittenProduct, ...]
    pages: tuple[_WrittenPage, ...] = ()

    def to_blueprint(self, category: Category) -> Blueprint:
        return Blueprint(
            category=category,
            tagline=self.tagline,
            home=self.home,
            collections=tuple(
                Collection(**c.model_dump(), position=i, sample=True)
                for i, c in enumerate(self.collections, 1)
            ),
            products=tuple(p.to_product(i) for i, p in enumerate(self.products, 1)),
            pages=tuple(page.to_page() for page in self.pages),
        )


def load_blueprint(category: Category | str) -> Blueprint:
    """The blueprint of a category; the same object every time. Raises `NotFound` for an unknown category."""
    if category not in set(Category):
        raise NotFound("there is no blueprint for this category")
    return _load(Category(category))


@cache
def _load(category: Category) -> Blueprint:
    data = json.loads((_FOLDER / f"{category}.json").read_text("utf-8"))
    return _WrittenBlueprint.model_validate(data).to_blueprint(category)


def _unique(values: list[str], what: str) -> set[str]:
    if len(set(values)) != len(values):
        raise ValueError(f"two {what} have the same name")
    return set(values)


def _slug(value: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")


def _code(value: str) -> str:
    """A value's part of an SKU: `Graphite` is GRA, `256 GB` is 256GB."""
    letters = re.sub(r"[^A-Z0-9]", "", value.upper())
    return letters[:6] if letters[:1].isdigit() else letters[:3]
