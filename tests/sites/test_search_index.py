"""The data that a shop is searched in."""

from __future__ import annotations

import json
import re
from typing import Any

from provisioning.sites.building import Site, build_site
from provisioning.sites.presenting import Presenter
from provisioning.sites.search_index import index_path, write_search_index
from provisioning.sites.shop import Shop
from provisioning.themes.packages import Theme
from tests.sites.documents import elements, html_of
from tests.sites.shops import draw_picture, large_shop, real_shop, whole_shop


def read(shop: Shop) -> dict[str, Any]:
    return json.loads(write_search_index(Presenter(shop, draw_picture)))


def test_a_product_says_what_a_result_shows() -> None:
    index = read(real_shop())
    lamp, shade = index["products"]

    assert (lamp["h"], lamp["t"], lamp["p"], lamp["f"]) == ("desk-lamp", "Desk lamp", 4_900, 5_900)
    assert index["vendors"][lamp["v"]] == "Lumen"
    assert (index["currency"], index["decimals"], index["locale"]) == ("USD", 2, "en")
    assert index["pictures"] + lamp["i"] == draw_picture("desk-lamp").path
    assert shade["r"] == 1
    assert "n" not in shade
    assert [index["collections"][place] for place in shade["c"]] == ["lamps"]
    assert {index["facets"][place] for place in shade["o"]} >= {"stock.yes", "option-colour.red"}


def test_facets_are_those_of_the_cards() -> None:
    """So that a script may filter a long collection by the index alone."""
    shop = large_shop(60)
    presenter = Presenter(shop, draw_picture)
    index = read(shop)

    for entry in index["products"]:
        assert [index["facets"][p] for p in entry["o"]] == presenter.cards[entry["h"]].facets.split()


def test_words_are_folded_and_told_once() -> None:
    shop = real_shop()
    lamp, shade = shop.products
    named = lamp.model_copy(update={"title": "Café Lampe CAFÉ", "vendor": "Größe & Söhne"})
    entry = read(shop.model_copy(update={"products": (named, shade)}))["products"][0]
    words = entry["w"].split()

    assert words[:5] == ["cafe", "lampe", "grosse", "sohne", "lamps"]
    assert len(words) == len(set(words))
    assert all(re.fullmatch(r"[^\W_A-Z]+", word) for word in words)


def test_what_is_sold_out_says_so() -> None:
    shop = real_shop()
    lamp, shade = shop.products
    gone = lamp.model_copy(update={"variants": (lamp.variants[0].model_copy(update={"available": False}),)})

    assert read(shop.model_copy(update={"products": (gone, shade)}))["products"][0]["n"] == 1


def test_a_thousand_products_are_less_than_300_kb() -> None:
    """Realistic ones: titles, choices, pictures and descriptions as in the blueprints."""
    body = write_search_index(Presenter(large_shop(1_000), draw_picture))

    assert len(json.loads(body)["products"]) == 1_000
    assert len(body) < 300_000


def test_pages_name_the_index_that_is_there(theme: Theme) -> None:
    """Under a name that changes with its content."""
    shop = whole_shop()
    site: Site = build_site(theme, shop, draw_picture)
    search = next(e for e in elements(html_of(site, "/search/"), "div") if e.get("data-index"))
    path = search.get("data-index") or ""

    assert path == index_path(site.files[path].file.body)
    dearer = large_shop(3)
    assert index_path(write_search_index(Presenter(dearer, draw_picture))) != path


def test_an_empty_shop_has_an_empty_index() -> None:
    index = read(real_shop().model_copy(update={"products": (), "collections": ()}))

    assert (index["products"], index["facets"], index["collections"]) == ([], [], [])
