"""From a shop to views: complete, computed once, and safe with whatever a shop holds."""

from __future__ import annotations

import time

import pytest

from provisioning.catalog.products import Measure
from provisioning.errors import NotFound
from provisioning.sites.presenting import RELATED, Presenter
from provisioning.sites.shop import Shop
from provisioning.themes.views import LinkView
from tests.sites.shops import DrawnPicture, draw_picture, large_shop, real_shop, sample_shop, whole_shop


def present(shop: Shop) -> Presenter:
    return Presenter(shop, draw_picture)


def test_every_combination_says_whether_it_can_be_bought() -> None:
    """Red is sold out in S only: with L chosen red is there and S is not; blue exists in S alone."""
    presenter = present(real_shop())
    view = presenter.product_view(presenter.products[1])
    colour, size = view.options

    assert view.selected.title == "Red / L"
    assert [(c.value, c.available, c.available_with_selected) for c in colour.choices] == [
        ("Red", True, True),
        ("Blue", True, False),
    ]
    assert [(c.value, c.available, c.available_with_selected) for c in size.choices] == [
        ("S", True, False),
        ("L", True, True),
    ]
    assert [(v.id, v.available) for v in view.variants] == [
        ("red-s", False),
        ("red-l", True),
        ("blue-s", True),
    ]
    assert view.variants[1].url == "/products/shade/?variant=red-l"
    assert (view.lowest_price, view.highest_price, view.price_varies) == (1_000, 1_500, True)


def test_a_reduction_is_whole_and_never_overstated() -> None:
    presenter = present(real_shop())
    card = presenter.cards["desk-lamp"]

    assert (card.price, card.compare_at_price, card.reduced_percent) == (4_900, 5_900, 16)
    assert presenter.cards["shade"].reduced_percent == 0


@pytest.mark.parametrize(
    ("amount", "by", "price"), [(250, 100, 1_960), (3, 1, 1_633), (7, 1, 700), (1, 1, 4_900)]
)
def test_prices_by_measure_are_rounded_to_the_nearest(amount: int, by: int, price: int) -> None:
    shop = real_shop()
    lamp, shade = shop.products
    variant = lamp.variants[0].model_copy(update={"measure": Measure(amount=amount, unit="ml", by=by)})
    presenter = present(
        shop.model_copy(update={"products": (lamp.model_copy(update={"variants": (variant,)}), shade)})
    )
    unit = presenter.cards["desk-lamp"].unit_price

    assert unit
    assert (unit.price, unit.amount, unit.unit) == (price, by, "ml")


def test_neighbours_on_the_shelf_are_related_not_always_the_same_ones() -> None:
    """Where a product names none: what follows it, and from the beginning again after the last."""
    shop = large_shop(48)
    presenter = present(shop)
    views = [presenter.product_view(p) for p in presenter.products]
    leading = {view.related[0].handle for view in views}

    assert all(len(view.related) == RELATED for view in views)
    assert all(view.handle not in {card.handle for card in view.related} for view in views)
    assert all(len({card.handle for card in view.related}) == RELATED for view in views)
    assert len(leading) > 40


def test_menus_lead_through_the_shop() -> None:
    menus = present(whole_shop()).shop_view().menus

    assert menus["main"] == (LinkView("Lamps", "/collections/lamps/"), LinkView("Our story", "/pages/about/"))
    assert [link.url for link in menus["footer"]] == ["/pages/about/", "/pages/contact/", "/search/"]
    assert [link.url for link in menus["policies"]] == [
        f"/policies/{name}/" for name in ("privacy", "refund", "shipping", "terms")
    ]


def test_a_shop_of_nothing_has_menus_too() -> None:
    """Every menu that a theme may ask for is there."""
    empty = real_shop().model_copy(update={"products": (), "collections": ()})
    view = present(empty).shop_view()

    assert set(view.menus) == {"main", "footer", "policies"}
    assert [link.url for link in view.menus["main"]] == ["/collections/"]
    assert (view.shipping, view.free_shipping_from, view.returns, view.contact) == ((), None, None, None)


def test_delivery_is_told_as_it_is_set() -> None:
    view = present(whole_shop()).shop_view()

    assert view.free_shipping_from == 15_000
    assert [(zone.title, zone.elsewhere) for zone in view.shipping] == [
        ("Domestic", False),
        ("International", True),
    ]
    assert view.returns and (view.returns.days, view.returns.free) == (45, True)


@pytest.mark.parametrize(
    ("locale", "direction"), [("en", "ltr"), ("ar", "rtl"), ("he-IL", "rtl"), ("de", "ltr")]
)
def test_the_direction_is_that_of_the_language(locale: str, direction: str) -> None:
    assert present(real_shop().model_copy(update={"locale": locale})).shop_view().direction == direction


def test_a_picture_that_is_gone_leaves_a_plain_surface() -> None:
    """On card, page and collection; and nothing else of the shop suffers."""

    def find(name: str) -> DrawnPicture:
        if name == "shade":
            raise NotFound("gone")
        return draw_picture(name)

    presenter = Presenter(real_shop(), find)
    view = presenter.product_view(presenter.products[1])

    assert presenter.cards["shade"].picture.src.startswith("/pictures/placeholder.")
    assert [picture.src.partition(".")[0] for picture in view.pictures] == [
        "/pictures/placeholder",
        "/pictures/shade-red",
    ]
    assert len([f for f in presenter.used_pictures() if f.alt == ""]) == 1


def test_a_product_without_pictures_is_shown() -> None:
    shop = real_shop()
    lamp, shade = shop.products
    bare = lamp.model_copy(update={"pictures": ()})
    presenter = present(shop.model_copy(update={"products": (bare, shade)}))

    assert presenter.cards["desk-lamp"].picture.src.startswith("/pictures/placeholder.")
    assert len(presenter.product_view(presenter.products[0]).pictures) == 1


def test_what_is_new_is_known() -> None:
    """By the age of the documents, whatever the merchant's order; what is not named is the newest."""
    cards = present(whole_shop()).cards
    unnamed = present(whole_shop(oldest_first=("shade",))).cards

    assert cards["shade"].created_order < cards["desk-lamp"].created_order
    assert (cards["desk-lamp"].position, cards["shade"].position) == (0, 1)
    assert unnamed["shade"].created_order < unnamed["desk-lamp"].created_order


def test_presenting_takes_time_in_proportion() -> None:
    """Ten times the products take not much more than ten times as long: no list is gone through for each product."""

    def seconds(count: int) -> float:
        presenter = present(large_shop(count))
        start = time.process_time()
        presenter.shop_view()
        for product in presenter.products:
            presenter.product_view(product)
        for collection in presenter.collections:
            presenter.collection_view(collection, presenter.members(collection)[:24])
        return time.process_time() - start

    seconds(50)
    few = min(seconds(200) for _ in range(3))
    many = min(seconds(2_000) for _ in range(2))

    assert many < 25 * few


def test_pictures_are_looked_for_once() -> None:
    asked: list[str] = []

    def find(name: str) -> DrawnPicture:
        asked.append(name)
        return draw_picture(name)

    presenter = Presenter(sample_shop(), find)
    presenter.shop_view()
    for product in presenter.products:
        presenter.product_view(product)

    assert len(asked) == len(set(asked))


def test_what_settings_refer_to_is_found_or_left_out() -> None:
    """A theme's setting names a picture, a product, a shelf or a page; what is gone is as if nobody had chosen it."""

    def find(name: str) -> DrawnPicture:
        if name == "gone":
            raise NotFound("gone")
        return draw_picture(name)

    presenter = Presenter(whole_shop(), find)
    there = (("pictures", "shade"), ("products", "shade"), ("collections", "lamps"), ("pages", "about"))
    views = presenter.reference_views({(field, name) for field, found in there for name in (found, "gone")})

    assert views.pictures == {"shade": presenter.picture("shade")}
    assert views.products == {"shade": presenter.cards["shade"]}
    assert [card.handle for card in views.collections["lamps"].products] == ["desk-lamp", "shade"]
    assert set(views.collections) == {"lamps"}
    assert views.pages == {"about": LinkView("Our story", "/pages/about/")}
