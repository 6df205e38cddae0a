"""
Shops that every theme must be able to show, made of views alone: an empty one, a small one, a large one, and one that means harm.

The checker renders each template of a theme with each of them. They hold what real shops hold at the edges: nothing at all,
long lists over several pages, words without a space, texts that look like markup, writing from right to left, pictures that are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product as combinations
from types import MappingProxyType
from typing import Any

from markupsafe import Markup, escape

from provisioning.themes.money import format_money
from provisioning.themes.views import (
    CardOptionView,
    ChosenValue,
    CollectionCard,
    CollectionView,
    ContactView,
    ContentView,
    DetailView,
    FilterValueView,
    FilterView,
    HomeView,
    LinkView,
    OptionValueView,
    OptionView,
    PageLinkView,
    PageView,
    PaginationView,
    PictureView,
    ProductCard,
    ProductView,
    RenderContext,
    ReturnsView,
    ShippingMethodView,
    ShippingZoneView,
    ShopView,
    SourceView,
    UnitPriceView,
    VariantView,
)

ADDRESS = "https://shop.example.com"
PER_PAGE = 24
_TOKENS_URL = "/assets/tokens.0123456789abcdef.css"
_INDEX_URL = "/search-index.0123456789abcdef.json"
_MANIFEST_URL = "/site.webmanifest"
_POLICIES = ("privacy", "refund", "shipping", "terms")
_PLACEHOLDER = PictureView("/pictures/placeholder.0123456789abcdef.svg", "", 800, 800)

#: What no template may take for markup, for another template, or for the end of what it stands in.
HOSTILE = "\"><script>alert(1)</script></script></title></textarea><!--'{{7*7}}{% if %}"
_LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhalterung" * 2
_TURNED = "\u202eevil\u202c \u2067مرحبا\u2069"


@dataclass(frozen=True, slots=True)
class FixturePage:
    """A page of such a shop: by which template, from what."""

    template: str
    context: RenderContext


@dataclass(frozen=True, slots=True)
class _Words:
    """The texts of a shop; each is asked for by what it names."""

    name: str
    title: Callable[[int], str]
    text: str
    values: tuple[tuple[str, tuple[str, ...]], ...]


def fixture_pages(name: str) -> tuple[FixturePage, ...]:
    """The pages of the fixture: at least one for each template that a theme must have. Raises `KeyError` for an unknown name."""
    return FIXTURES[name]()


def _empty() -> tuple[FixturePage, ...]:
    """A shop of which nothing is known but its name."""
    shop = ShopView(
        name="Bare",
        tagline="",
        currency="JPY",
        locale="en",
        home=None,
        collections=(),
        featured=(),
        menus={"main": (), "footer": (), "policies": ()},
        contact=ContactView("owner@example.com"),
        country="JP",
        locale_name="en_JP",
    )
    words = _Words("Bare", lambda number: f"Thing {number}", "", ())
    product = replace(
        _product(words, 1, shop.currency),
        vendor="-",
        paragraphs=(),
        details=(),
        pictures=(_PLACEHOLDER,),
        related=(),
        collection=None,
    )
    shelf = CollectionView("Shelf", "/collections/shelf/", "", _PLACEHOLDER, (), "shelf")
    return _pages(shop, words, (shelf,), (product,), Markup(""))


def _small() -> tuple[FixturePage, ...]:
    """A dozen products of everyday kinds, with everything that a shop can say of itself."""
    words = _Words(
        "Light House",
        lambda number: ("Desk lamp", "Shade", "Bulb", "Lantern")[number % 4] + f" No. {number}",
        "A lamp for desks and shelves, turned from ash, with a switch where the hand expects it. It is made to order in a week.",
        (("Colour", ("Red", "Blue", "Sand")), ("Size", ("S", "L"))),
    )
    shop = _shop(words, "EUR", "de", shelves=4, products=12)
    shelf = _shelf(words, shop.currency, range(12))
    products = (_product(words, 0, shop.currency), _product(words, 1, shop.currency, sold_out=True))
    body = Markup(
        "<p>We light <em>houses</em>.</p><h2>How</h2><ul><li>By <a href='/' rel='noopener'>lamps</a></li></ul>"
    )
    return _pages(shop, words, (shelf,), products, body)


def _large() -> tuple[FixturePage, ...]:
    """Two hundred products on one shelf, forty shelves, a product of a hundred variants and twenty pictures."""
    values = (
        ("Colour", tuple(f"Colour {number}" for number in range(10))),
        ("Size", tuple(f"{size} cm" for size in range(10))),
    )
    words = _Words(
        "The Everything Store", lambda number: f"Useful thing {number}", "All of it. " * 90, values
    )
    shop = _shop(words, "USD", "en", shelves=40, products=200)
    product = replace(
        _product(words, 0, shop.currency),
        pictures=tuple(_picture(f"many-{number}") for number in range(20)),
        details=tuple(DetailView(f"Fact {number}", f"{number} of them") for number in range(40)),
    )
    shelves = (
        _shelf(words, shop.currency, range(24), count=200),
        _shelf(words, shop.currency, range(96, 120), count=200),
        _shelf(words, shop.currency, range(192, 200), count=200),
    )
    return _pages(shop, words, shelves, (product,), Markup("<p>Words.</p>") * 200, pages=(1, 5, 9))


def _nasty() -> tuple[FixturePage, ...]:
    """Markup in every text, words without a space, writing from right to left; prices from nothing to a billion."""
    titles = (HOSTILE, _LONG, _TURNED, "مصباح مكتب", "💡" * 40, "a")
    words = _Words(
        HOSTILE[:80],
        lambda number: titles[number % len(titles)],
        f"{HOSTILE}\n{_LONG}\n{_TURNED}",
        ((HOSTILE, (HOSTILE, _LONG[:80], "</script>")), (_LONG[:80], ("'\"", "&amp;", _TURNED))),
    )
    shop = replace(
        _shop(words, "KWD", "ar", shelves=6, products=12),
        direction="rtl",
        tagline=HOSTILE[:80],
        contact=ContactView("o'neil+x@example.com", '<b>"1"</b>', "tel:1", (HOSTILE[:80], _TURNED)),
    )
    product = replace(_product(words, 0, shop.currency), sample=True)
    free = replace(product.selected, price=0, compare_at_price=1_000_000_000_000, sku=HOSTILE[:40])
    products = (
        replace(product, selected=free, pictures=(_PLACEHOLDER, *product.pictures)),
        replace(_product(words, 1, shop.currency, sold_out=True), options=(), variants=(free,)),
    )
    body = Markup("<p>{}</p><p>{}</p>").format(escape(HOSTILE), _LONG)
    return _pages(shop, words, (_shelf(words, shop.currency, range(12)),), products, body)


#: The fixtures by their names.
FIXTURES: Mapping[str, Callable[[], tuple[FixturePage, ...]]] = MappingProxyType(
    {"empty": _empty, "small": _small, "large": _large, "nasty": _nasty}
)


def _pages(
    shop: ShopView,
    words: _Words,
    shelves: Sequence[CollectionView],
    products: Sequence[ProductView],
    body: Markup,
    pages: Sequence[int] = (1,),
) -> tuple[FixturePage, ...]:
    base = RenderContext(
        shop=shop,
        page=_page(shop, "index", "/", words.title(0)),
        tokens_url=_TOKENS_URL,
        search_index_url=_INDEX_URL,
        manifest_url=_MANIFEST_URL,
    )
    found = [FixturePage("index", base)]

    def add(template: str, kind: str, path: str, title: str, **more: Any) -> None:
        page = _page(shop, kind, path, title)
        found.append(FixturePage(template, replace(base, page=page, **more)))

    add("list-collections", "list-collections", "/collections/", "Collections")
    for shelf, number in zip(shelves, pages, strict=True):
        paging = _paging(shelf.url, number, shelf.count)
        add("collection", "collection", shelf.url, shelf.title, collection=shelf, pagination=paging)
    for product in products:
        add("product", "product", product.url, product.title, product=product)
    content = ContentView(words.title(0), body, "about", "2026-10-04", "4 October 2026")
    add("page", "page", "/pages/about/", content.title, content=content)
    bare = ContentView("Contact", Markup(""), "contact")
    add("page.contact", "contact", "/pages/contact/", bare.title, content=bare)
    for name in _POLICIES:
        policy = replace(content, title=name.title(), handle=name, updated_at="", updated_on="")
        add("policy", "policy", f"/policies/{name}/", policy.title, content=policy)
    add("cart", "cart", "/cart/", "Cart")
    add("search", "search", "/search/", "Search")
    add("404", "404", "/404.html", "Page not found")
    alone: dict[str, Any] = {"search_index_url": "", "manifest_url": ""}
    add("password", "password", "/coming-soon.html", "Opening soon", **alone)
    add("maintenance", "maintenance", "/maintenance.html", "Back in a moment", **alone)
    return tuple(found)


def _page(shop: ShopView, kind: str, path: str, title: str) -> PageView:
    heading = title[:60]
    crumbs = () if path == "/" else (LinkView("Home", "/"), LinkView(title, None))
    shared = PictureView(f"{ADDRESS}/pictures/shared-1200.0123456789abcdef.jpg", title, 1200, 1200)
    return PageView(
        kind=kind,
        title=heading,
        description=f"{title} – what stands on this page, told in one sentence for those who search."[:160],
        path=path,
        canonical_url=f"{ADDRESS}{path}",
        robots="noindex" if kind in {"cart", "search", "404", "password", "maintenance"} else "",
        breadcrumbs=crumbs,
        share_picture=shared if kind in {"index", "product"} else None,
        structured_data=({"@context": "https://schema.org", "@type": "Thing", "name": title},),
        heading=heading,
    )


def _shop(words: _Words, currency: str, locale: str, shelves: int, products: int) -> ShopView:
    cards = tuple(_collection_card(words, number) for number in range(shelves))
    policies = tuple(LinkView(name.title(), f"/policies/{name}/") for name in _POLICIES)
    about = LinkView(words.title(0), "/pages/about/")
    return ShopView(
        name=words.name,
        tagline=words.text[:80],
        currency=currency,
        locale=locale,
        home=HomeView(
            words.title(0),
            words.text[:400],
            _picture("hero"),
            words.title(1),
            words.text[:400],
            _picture("story"),
        ),
        collections=cards,
        featured=tuple(_card(words, number, currency) for number in range(min(8, products))),
        menus={
            "main": (*(LinkView(card.title, card.url) for card in cards[:8]), about),
            "footer": (about, LinkView("Contact", "/pages/contact/"), LinkView("Search", "/search/")),
            "policies": policies,
        },
        contact=ContactView(
            "hello@example.com", "+49 30 12345", "tel:+493012345", ("1 Cliff Road", "Berlin")
        ),
        prices_include_tax=currency == "EUR",
        shipping=(
            ShippingZoneView(
                words.title(0),
                False,
                (
                    ShippingMethodView("Standard", 495, 0, 5_000, 3, 5),
                    ShippingMethodView("Free", 0, 5_000, None, 3, 5),
                ),
            ),
            ShippingZoneView("Elsewhere", True, (ShippingMethodView("Far", 2_000, 0, None, 6, 14),)),
        ),
        free_shipping_from=5_000,
        returns=ReturnsView(30, True, "/policies/refund/"),
        count=products,
        country="DE",
        locale_name=f"{locale}_DE",
    )


def _picture(name: str) -> PictureView:
    widths = (320, 640, 1280)
    paths = {w: f"/pictures/{name}-{w}.0123456789abcdef" for w in widths}

    def srcset(suffix: str) -> str:
        return ", ".join(f"{path}.{suffix} {width}w" for width, path in paths.items())

    avif = SourceView("image/avif", srcset("avif"))
    return PictureView(f"{paths[1280]}.webp", f"Picture of {name}", 1280, 1600, srcset("webp"), (avif,))


def _collection_card(words: _Words, number: int) -> CollectionCard:
    return CollectionCard(
        title=words.title(number),
        url=f"/collections/shelf-{number}/",
        description=words.text[:200],
        picture=_picture(f"shelf-{number}"),
        count=number,
        handle=f"shelf-{number}",
    )


def _card(words: _Words, number: int, currency: str) -> ProductCard:
    available = number % 5 != 3
    reduced = number % 3 == 0
    return ProductCard(
        handle=f"thing-{number}",
        title=words.title(number),
        url=f"/products/thing-{number}/",
        vendor=words.title(number + 1)[:80],
        picture=_picture(f"thing-{number}"),
        price=1_000 + number * 995,
        price_varies=number % 2 == 0,
        compare_at_price=2_000 + number * 995 if reduced else None,
        available=available,
        sample=False,
        product_type=words.title(number + 2)[:80],
        reduced_percent=1_000 * 100 // (2_000 + number * 995) if reduced else 0,
        unit_price=UnitPriceView(495, 100, "ml") if number % 4 == 1 else None,
        second_picture=_picture(f"thing-{number}-b") if number % 2 else None,
        options=tuple(CardOptionView(name, values) for name, values in words.values),
        position=number,
        created_order=1_000 - number,
        facets=f"{'stock.yes' if available else 'stock.no'} vendor.v-{number % 3} type.t-{number % 2}",
    )


def _shelf(words: _Words, currency: str, shown: Sequence[int], count: int | None = None) -> CollectionView:
    cards = tuple(_card(words, number, currency) for number in shown)
    total = len(cards) if count is None else count
    filters = (
        FilterView(
            "availability",
            "stock",
            "Availability",
            (FilterValueView("stock.yes", "In stock", total - 2), FilterValueView("stock.no", "Sold out", 2)),
        ),
        FilterView("price", "price", "Price", lowest=1_000, highest=1_000 + total * 995),
        FilterView(
            "vendor",
            "vendor",
            "Brand",
            tuple(FilterValueView(f"vendor.v-{n}", words.title(n), total // 3) for n in range(3)),
        ),
        *(
            FilterView(
                "option",
                f"option-o-{place}",
                name,
                tuple(FilterValueView(f"option-o-{place}.{n}", v, 1) for n, v in enumerate(values)),
            )
            for place, (name, values) in enumerate(words.values)
        ),
    )
    return CollectionView(
        title=words.title(0),
        url="/collections/shelf-0/",
        description=words.text[:1_000],
        picture=_picture("shelf-0"),
        products=cards,
        handle="shelf-0",
        count=total,
        filters=filters,
    )


def _product(words: _Words, number: int, currency: str, *, sold_out: bool = False) -> ProductView:
    card = _card(words, number, currency)
    chosen = [
        tuple(ChosenValue(name, value) for (name, _), value in zip(words.values, values, strict=True))
        for values in combinations(*(values for _, values in words.values))
    ]
    variants = tuple(
        VariantView(
            id=f"v{place}",
            sku=f"T-{number}-{place}",
            price=card.price + place * 100,
            compare_at_price=card.compare_at_price,
            available=not sold_out and place % 7 != 3,
            reduced_percent=card.reduced_percent,
            unit_price=UnitPriceView(1_995, 1, "kg") if place % 2 else None,
            options=values,
            title=" / ".join(choice.value for choice in values),
            url=f"{card.url}?variant=v{place}",
            picture=_picture(f"thing-{number}-v{place}"),
        )
        for place, values in enumerate(chosen)
    )
    selected = next((variant for variant in variants if variant.available), variants[0])
    return ProductView(
        handle=card.handle,
        title=card.title,
        url=card.url,
        vendor=card.vendor,
        product_type=card.product_type,
        paragraphs=tuple(filter(None, words.text.split("\n"))),
        details=(DetailView(words.title(1)[:80], words.title(2)[:80]), DetailView("Height", "40 cm")),
        pictures=(card.picture, *(_picture(f"thing-{number}-{view}") for view in range(3))),
        options=tuple(_options(words, variants, selected)),
        selected=selected,
        price_varies=len(variants) > 1,
        available=not sold_out,
        related=tuple(_card(words, other, currency) for other in range(number + 1, number + 5)),
        data=_data(card, variants, currency),
        variants=variants,
        lowest_price=variants[0].price,
        highest_price=variants[-1].price,
        collection=LinkView(words.title(0), "/collections/shelf-0/"),
    )


def _options(words: _Words, variants: Sequence[VariantView], selected: VariantView) -> list[OptionView]:
    found: list[OptionView] = []
    for place, (name, values) in enumerate(words.values):
        choices = tuple(
            OptionValueView(
                value=value,
                variant=next(v.id for v in variants if v.options[place].value == value)
                if len(words.values) == 1
                else None,
                available=any(v.available for v in variants if v.options[place].value == value),
                selected=selected.options[place].value == value,
                available_with_selected=value != values[-1],
                picture=_picture(f"value-{place}") if place == 0 else None,
            )
            for value in values
        )
        found.append(OptionView(name, place + 1, choices))
    return found


def _data(card: ProductCard, variants: Sequence[VariantView], currency: str) -> dict[str, Any]:
    return {
        "handle": card.handle,
        "title": card.title,
        "url": card.url,
        "picture": card.picture.src,
        "variants": [
            {
                "id": variant.id,
                "sku": variant.sku,
                "options": [choice.value for choice in variant.options],
                "available": variant.available,
                "amount": variant.price,
                "price": format_money(variant.price, currency),
                "former": None,
                "reduced": variant.reduced_percent,
                "unit": None,
                "picture": card.picture.src,
            }
            for variant in variants
        ],
    }


def _paging(path: str, number: int, count: int) -> PaginationView:
    pages = max(1, -(-count // PER_PAGE))

    def address(page: int) -> str:
        return path if page == 1 else f"{path}page/{page}/"

    numbers = sorted({1, number, pages})
    return PaginationView(
        page=number,
        pages=pages,
        count=count,
        first=(number - 1) * PER_PAGE + 1 if count else 0,
        last=min(number * PER_PAGE, count),
        previous_url=address(number - 1) if number > 1 else None,
        next_url=address(number + 1) if number < pages else None,
        links=tuple(PageLinkView(n, None if n == number else address(n), n == number) for n in numbers),
    )
