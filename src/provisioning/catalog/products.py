"""
Products and collections, as they stand under `tenants/{store_id}/products` and `/collections`.

Prices are whole numbers in the minor unit of the store's currency (cents for USD), so that no sum is ever inexact.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from provisioning.stores.activation import Line, Slug

Price = Annotated[int, Field(ge=0, le=10_000_000_00)]


class Detail(BaseModel):
    """A short fact for the product page: `Battery`, `32 hours`. A map, as Firestore holds no list in a list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    value: Line


class Option(BaseModel):
    """One thing a shopper chooses: `Colour` with its values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    values: tuple[Line, ...] = Field(min_length=1, max_length=50)


class Measure(BaseModel):
    """How much a variant holds, where the law wants a price by measure: 250 `ml`, told by 100."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: int = Field(ge=1, le=10_000_000)
    unit: Literal["g", "kg", "ml", "l", "cm", "m", "m²", "piece"]
    #: The price is told for so many of the unit.
    by: int = Field(default=1, ge=1, le=10_000)


class Variant(BaseModel):
    """One sellable thing: a value for each of the product's options, in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    sku: Annotated[str, Field(max_length=40)]
    options: tuple[Line, ...] = ()
    price: Price
    compare_at_price: Price | None = None
    available: bool = True
    #: A picture of the product's that shows this variant.
    picture: str | None = None
    #: What it holds, for goods that are compared by measure.
    measure: Measure | None = None


class Product(BaseModel):
    """What a shop sells. `handle` is its document's id and the end of its address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    handle: Slug
    title: Line
    #: Plain text; blank lines separate paragraphs.
    description: Annotated[str, Field(max_length=5_000)]
    vendor: Line
    product_type: Line
    details: tuple[Detail, ...] = ()
    #: Handles of the collections that it is in.
    collections: tuple[Slug, ...] = Field(min_length=1)
    options: tuple[Option, ...] = Field(default=(), max_length=3)
    variants: tuple[Variant, ...] = Field(min_length=1, max_length=100)
    #: Names of pictures (`provisioning.catalog.pictures`), the first one leads. There may be none yet.
    pictures: tuple[str, ...] = Field(default=(), max_length=20)
    #: Handles of products that go well with it.
    related: tuple[Slug, ...] = ()
    position: int = 0
    #: True for what a blueprint brought; removable in one action, never in feeds or sitemaps.
    sample: bool = False

    def to_document(self) -> dict[str, Any]:
        """The document under `products/`."""
        return self.model_dump(mode="json")

    @model_validator(mode="after")
    def _variants_fit_options(self) -> Product:
        for variant in self.variants:
            if len(variant.options) != len(self.options):
                raise ValueError("a variant needs one value for each option")
            for value, option in zip(variant.options, self.options, strict=True):
                if value not in option.values:
                    raise ValueError("a variant's value is not among its option's values")
        if len({v.options for v in self.variants}) != len(self.variants):
            raise ValueError("two variants have the same values")
        return self


class Collection(BaseModel):
    """A shelf of the shop. `handle` is its document's id and the end of its address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    handle: Slug
    title: Line
    description: Annotated[str, Field(max_length=1_000)]
    picture: str
    position: int = 0
    sample: bool = False

    def to_document(self) -> dict[str, Any]:
        """The document under `collections/`."""
        return self.model_dump(mode="json")
