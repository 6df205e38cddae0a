"""
What templates may see: frozen data without methods, every list computed beforehand.

This is the contract between the renderer and the authors of themes; a field that is taken away breaks themes.
Amounts of money are whole numbers in the currency's minor unit; the `money` filter writes them out. Addresses without a host are
paths of the shop. Where a text may be missing it is empty; where a thing may be missing it is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class SourceView:
    """The same picture in another format: `type` as `image/avif`, `srcset` as the element source takes it."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """
    A picture; `width` and `height` are those of the largest file, in pixels.

    `srcset` names every width in the format of `src`, and is empty where there is one file alone; `sources` are better
    formats, the best first.
    """

    src: str
    alt: str
    width: int
    height: int
    srcset: str = ""
    sources: tuple[SourceView, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link in a menu or in breadcrumbs; without `url` it is the present page."""

    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class UnitPriceView:
    """What a measure of the goods costs, as `€2.50 / 100 ml`: `price` for `amount` of `unit`."""

    price: int
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class ChosenValue:
    """One option's value, as Colour: Red."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CardOptionView:
    """All values of one option of a product in a grid."""

    name: str
    values: tuple[str, ...]


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
    product_type: str = ""
    #: By how much the variant at `price` is reduced, in whole percent; 0 where it is not.
    reduced_percent: int = 0
    unit_price: UnitPriceView | None = None
    #: What is seen on the product's second picture, for themes that show it when a card is pointed at.
    second_picture: PictureView | None = None
    options: tuple[CardOptionView, ...] = ()
    #: Its place in the merchant's own order, from 0; and among all products from the oldest to the newest.
    position: int = 0
    created_order: int = 0
    #: Every filter value that it has, as `FilterValueView.token`, separated by spaces; for a data attribute.
    facets: str = ""


@dataclass(frozen=True, slots=True)
class OptionValueView:
    """One value of an option; `variant` is the id of the variant it stands for where the product has one option only."""

    value: str
    variant: str | None
    #: Whether any variant with it can be bought.
    available: bool
    selected: bool
    #: Whether it can be bought together with the values that are selected for the other options.
    available_with_selected: bool = True
    #: A picture of a variant with this value, where variants with it look different from others.
    picture: PictureView | None = None


@dataclass(frozen=True, slots=True)
class OptionView:
    """One thing to choose; `position` counts from 1."""

    name: str
    position: int
    choices: tuple[OptionValueView, ...]


@dataclass(frozen=True, slots=True)
class VariantView:
    """An offer: one sellable thing. The page, the structured data and the data for scripts all say what stands here."""

    id: str
    sku: str
    price: int
    #: The former price, where it is higher; else None.
    compare_at_price: int | None
    available: bool
    reduced_percent: int = 0
    unit_price: UnitPriceView | None = None
    #: Its values in the order of the product's options, and as words: `Red / L`; empty where there is nothing to choose.
    options: tuple[ChosenValue, ...] = ()
    title: str = ""
    #: The product's page with this variant chosen.
    url: str = ""
    picture: PictureView | None = None


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
    variants: tuple[VariantView, ...] = ()
    sample: bool = False
    #: The lowest and the highest price of what is available, else of all.
    lowest_price: int = 0
    highest_price: int = 0
    #: The first collection that it is in.
    collection: LinkView | None = None


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """A collection as it stands in a list."""

    title: str
    url: str
    description: str
    picture: PictureView
    count: int
    handle: str = ""


@dataclass(frozen=True, slots=True)
class FilterValueView:
    """
    One value that products can be filtered by.

    `token` is what a card's `facets` hold where the product has it: letters, digits, `.` and `-`. `count` is how many products of the
    collection have it.
    """

    token: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FilterView:
    """
    One thing to filter by, with its values.

    `kind` is `availability`, `price`, `type`, `vendor` or `option`; `name` is the parameter's name in an address, unique on
    the page; `label` is what shoppers read. A price filter has no values but `lowest` and `highest`.
    """

    kind: str
    name: str
    label: str
    values: tuple[FilterValueView, ...] = ()
    lowest: int = 0
    highest: int = 0


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A collection as its own page shows it."""

    title: str
    url: str
    description: str
    picture: PictureView
    #: The products of this page.
    products: tuple[ProductCard, ...]
    handle: str = ""
    #: How many products the whole collection has.
    count: int = 0
    #: Computed over the whole collection; only what tells products apart.
    filters: tuple[FilterView, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLinkView:
    """A page of several; `number` is 0 where pages are left out, and `url` is none there and for the present one."""

    number: int
    url: str | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class PaginationView:
    """Which part of a list a page shows; `first` and `last` count the items from 1, and are 0 where there are none."""

    page: int
    pages: int
    count: int
    first: int
    last: int
    previous_url: str | None
    next_url: str | None
    links: tuple[PageLinkView, ...]


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
class ContactView:
    """How shoppers reach the shop; `phone_url` is for a link."""

    email: str
    phone: str = ""
    phone_url: str = ""
    address_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShippingMethodView:
    """
    One way to send a parcel, and its working days.

    It is offered for goods of at least `from_total`, and below `below_total` where that is not none.
    """

    title: str
    price: int
    from_total: int
    below_total: int | None
    days_min: int
    days_max: int


@dataclass(frozen=True, slots=True)
class ShippingZoneView:
    """Where the shop sends to; the first zone is home. `elsewhere` is true for the one that stands for the rest of the world."""

    title: str
    elsewhere: bool
    methods: tuple[ShippingMethodView, ...]


@dataclass(frozen=True, slots=True)
class ReturnsView:
    """What the shop grants beyond the law; `days` is 0 where it takes nothing back. `free` where the shop pays the postage."""

    days: int
    free: bool
    url: str


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
    #: `ltr`, or `rtl` where the shop's language is written from right to left.
    direction: str = "ltr"
    #: `main`, `footer` and `policies`, each there, and perhaps empty.
    menus: Mapping[str, tuple[LinkView, ...]] = field(default_factory=dict[str, "tuple[LinkView, ...]"])
    contact: ContactView | None = None
    #: Whether the prices shown include tax.
    prices_include_tax: bool = False
    shipping: tuple[ShippingZoneView, ...] = ()
    #: The lowest total from which a parcel at home costs nothing; none where it always costs something.
    free_shipping_from: int | None = None
    returns: ReturnsView | None = None
    #: How many products the shop has.
    count: int = 0
    #: ISO 3166-1 alpha-2, and language and country together as Open Graph writes them: `en_US`.
    country: str = ""
    locale_name: str = ""


@dataclass(frozen=True, slots=True)
class AlternateView:
    """The same page in another language; `locale` is `x-default` for whom none fits."""

    locale: str
    url: str


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
    #: Absolute address of the picture that stands for the page when it is shared; never a drawing, as few readers take one.
    share_picture: PictureView | None
    #: JSON-LD, each written into a data block.
    structured_data: tuple[Mapping[str, Any], ...]
    #: The title without the shop's name, for sharing and for headings.
    heading: str = ""
    #: Absolute addresses of the neighbours where a list goes over several pages.
    previous_url: str | None = None
    next_url: str | None = None
    #: Empty where the shop has one language only.
    alternates: tuple[AlternateView, ...] = ()


@dataclass(frozen=True, slots=True)
class ContentView:
    """A page of words: one of the merchant's own, a policy, or the contact page. `body` is safe HTML."""

    title: str
    body: Markup
    #: `about`, `privacy` …
    handle: str = ""
    #: When the words last changed: as `2026-10-04`, and as people write it. Empty where that is not known.
    updated_at: str = ""
    updated_on: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceViews:
    """What settings refer to, by name or handle. What is missing here is shown as if nobody had chosen it."""

    pictures: Mapping[str, PictureView] = field(default_factory=dict[str, PictureView])
    products: Mapping[str, ProductCard] = field(default_factory=dict[str, ProductCard])
    collections: Mapping[str, CollectionView] = field(default_factory=dict[str, CollectionView])
    pages: Mapping[str, LinkView] = field(default_factory=dict[str, LinkView])


@dataclass(frozen=True, slots=True)
class RenderContext:
    """All that one page is rendered from."""

    shop: ShopView
    page: PageView
    #: Path of the stylesheet made from the theme's settings.
    tokens_url: str
    collection: CollectionView | None = None
    product: ProductView | None = None
    content: ContentView | None = None
    pagination: PaginationView | None = None
    #: Path of the data that scripts search; `provisioning.sites.search_index` tells its shape.
    search_index_url: str = ""
    #: Path of the web app manifest; empty on pages that may be shown when nothing else of the shop answers.
    manifest_url: str = ""
    #: For the settings of the theme: `references_of(theme)` says which are asked for.
    references: ReferenceViews = field(default_factory=ReferenceViews)


#: What templates find by name of a context; `references` reach them through settings alone.
CONTEXT_NAMES = tuple(f.name for f in fields(RenderContext) if f.name != "references")
