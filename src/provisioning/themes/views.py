"""
What templates may see: frozen data without methods, every list computed beforehand.

This is the contract between the renderer and the authors of themes; a field that is taken away breaks themes.
Amounts of money are whole numbers in the currency's minor unit; the `money` filter writes them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture; `width` and `height` are those of the file, in pixels."""

    src: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link in a menu or in breadcrumbs; without `url` it is the present page."""

    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as it stands in a grid."""

    handle: str
    title: str
    url: str
    vendor: str
    picture: PictureView
    #: The lowest price of what is available, else of all.
    price: int
    price_varies: bool
    #: The former price of the variant at `price`, or None.
    compare_at_price: int | None
    available: bool
    sample: bool


@dataclass(frozen=True, slots=True)
class OptionValueView:
    """One value of an option; `variant` is the id of the variant it stands for where the product has one option only."""

    value: str
    variant: str | None
    available: bool
    selected: bool


@dataclass(frozen=True, slots=True)
class OptionView:
    """One thing to choose; `position` counts from 1."""

    name: str
    position: int
    choices: tuple[OptionValueView, ...]


@dataclass(frozen=True, slots=True)
class VariantView:
    """The variant that a product page shows first."""

    id: str
    sku: str
    price: int
    compare_at_price: int | None
    available: bool


@dataclass(frozen=True, slots=True)
class DetailView:
    """A short fact, as Battery: 32 hours."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product as its own page shows it."""

    handle: str
    title: str
    url: str
    vendor: str
    product_type: str
    paragraphs: tuple[str, ...]
    details: tuple[DetailView, ...]
    pictures: tuple[PictureView, ...]
    options: tuple[OptionView, ...]
    #: The first variant that is available, else the first.
    selected: VariantView
    price_varies: bool
    available: bool
    related: tuple[ProductCard, ...]
    #: What a script needs to follow the choice of a variant: plain JSON data.
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """A collection as it stands in a list."""

    title: str
    url: str
    description: str
    picture: PictureView
    count: int


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A collection as its own page shows it."""

    title: str
    url: str
    description: str
    picture: PictureView
    products: tuple[ProductCard, ...]


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the home page says and shows beside products."""

    heading: str
    text: str
    picture: PictureView
    story_heading: str
    story_text: str
    story_picture: PictureView


@dataclass(frozen=True, slots=True)
class ShopView:
    """What is the same on every page of a shop."""

    name: str
    tagline: str
    currency: str
    locale: str
    #: None where the shop has no words of its own for its home page.
    home: HomeView | None
    collections: tuple[CollectionCard, ...]
    featured: tuple[ProductCard, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """What one page says of itself."""

    kind: str
    title: str
    description: str
    path: str
    canonical_url: str
    #: The content of the robots meta element; empty where everything is allowed.
    robots: str
    breadcrumbs: tuple[LinkView, ...]
    #: Absolute address of the picture that stands for the page when it is shared.
    share_picture: PictureView | None
    #: JSON-LD, each written into a data block.
    structured_data: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class RenderContext:
    """All that one page is rendered from."""

    shop: ShopView
    page: PageView
    #: Path of the stylesheet made from the theme's settings.
    tokens_url: str
    collection: CollectionView | None = None
    product: ProductView | None = None
