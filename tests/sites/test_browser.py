"""The shop in a real browser: choosing, the cart, the menu, and a console that stays silent under the strict policy."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from werkzeug.wrappers import Request, Response

from provisioning.catalog.products import Collection, Option, Product, Variant
from provisioning.ports import SiteFile
from provisioning.sites.building import build_site
from provisioning.sites.routing import Storefront
from provisioning.sites.shop import Shop
from provisioning.themes.packages import Theme
from tests.sites.shops import HOST, draw_picture, real_shop
from tests.sites.stores import build_town

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


ARABIC_HOST = "arabic-store.localhost"


def _app(storefront: Storefront, host: str) -> Any:
    @Request.application
    def app(request: Request) -> Response:
        found = storefront.respond(
            host, request.method, request.path, request.query_string.decode(), dict(request.headers)
        )
        return Response([found.body], found.status, dict(found.headers))

    return app


def _shop() -> Shop:
    """A small shop with a product of two options, and a shelf that goes over two pages."""
    shop = real_shop()
    shelf = Collection(handle="shelf", title="Shelf", description="Everything.", picture="lamps")
    things = tuple(
        Product(
            handle=f"thing-{number:02}",
            title=f"Thing {number:02}",
            description="A thing.",
            vendor="Lumen" if number % 2 else "Umbra",
            product_type="Things",
            collections=("shelf",),
            options=(Option(name="Colour", values=("Red", "Blue")),),
            variants=(
                Variant(
                    id="red",
                    sku=f"T-{number}",
                    options=("Red",),
                    price=1_000 + 100 * number,
                    available=number != 3,
                ),
                *([Variant(id="blue", sku="B", options=("Blue",), price=9_000)] if number == 30 else []),
            ),
            pictures=("shade",),
            position=10 + number,
        )
        for number in range(1, 31)
    )
    return shop.model_copy(
        update={"collections": (*shop.collections, shelf), "products": (*shop.products, *things)}
    )


@contextmanager
def _served(storefront: Storefront, host: str) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, _app(storefront, host), handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def storefront(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Storefront:
    """Two stores: one in English, the same in Arabic."""
    town = build_town(tmp_path_factory.mktemp("town"), theme)
    shop = _shop()
    town.open_store("s1", HOST, build_site(theme, shop, draw_picture))
    arabic = shop.model_copy(update={"locale": "ar", "hostname": ARABIC_HOST})
    town.open_store("s2", ARABIC_HOST, build_site(theme, arabic, draw_picture))
    for name in {n for p in shop.products for n in p.pictures} | {"lamps"}:
        picture = draw_picture(name)
        digest = hashlib.sha256(picture.body).hexdigest()
        town.files.put(f"platform/blobs/{digest[:2]}/{digest}", SiteFile(picture.body, "image/svg+xml"))
    return town.storefront


@pytest.fixture(scope="module")
def address(storefront: Storefront) -> Iterator[str]:
    with _served(storefront, HOST) as address:
        yield address


@pytest.fixture(scope="module")
def arabic_address(storefront: Storefront) -> Iterator[str]:
    with _served(storefront, ARABIC_HOST) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _is_late(request: Any) -> bool:
    """A favicon is fetched after all else, and may still be on its way when the page is left; nothing else may."""
    return request.failure == "net::ERR_ABORTED" and "/assets/favicon." in request.url


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A phone; a word on the console, a failed request or an uncaught error fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "requestfailed", lambda request: None if _is_late(request) else said.append(f"failed: {request.url}")
    )
    yield page
    context.close()
    assert said == []


def test_choosing_a_variant_changes_price_stock_picture_and_address(page: Any) -> None:
    page.goto("/products/shade/")
    assert page.inner_text("[data-price-now]") == "$15.00"
    page.check("input[value='Blue']", force=True)
    assert page.inner_text("[data-stock]") == "Not available in this combination"
    assert page.is_disabled("[data-buy]")
    page.check("input[value='S']", force=True)

    assert page.inner_text("[data-price-now]") == "$10.00"
    assert page.inner_text("[data-sku]") == "S-3"
    assert page.is_enabled("[data-buy]")
    assert page.url.endswith("?variant=blue-s")
    page.reload()
    assert page.inner_text("[data-price-now]") == "$10.00"


def test_the_cart_is_filled_kept_changed_and_emptied(page: Any) -> None:
    """Added without leaving the product, and kept over reloads; the total follows the quantity."""
    page.goto("/products/shade/")
    page.click("[data-quantity] [data-step='1']")
    page.click("[data-buy]")
    page.wait_for_selector("[data-added][open]")
    assert page.inner_text("[data-added-title]") == "Shade"
    assert page.inner_text("[data-added-choice]") == "Red / L"
    page.click("[data-added] a[href='/cart/']")
    page.wait_for_selector(".line")

    assert page.inner_text("[data-cart-total]") == "$30.00"
    assert page.inner_text("[data-cart-count]") == "2"
    page.reload()
    page.wait_for_selector(".line")
    assert page.inner_text("[data-cart-total]") == "$30.00"
    page.click(".line [data-step='1']")
    assert page.inner_text("[data-cart-total]") == "$45.00"
    page.goto("/")
    assert page.inner_text("[data-cart-count]") == "3"
    page.goto("/cart/")
    page.click("[data-remove]")
    assert page.is_visible("[data-cart-empty]")
    assert page.is_hidden("[data-cart-count]")


def test_the_cart_says_plainly_that_nothing_can_be_paid_yet(page: Any) -> None:
    page.goto("/cart/?add=desk-lamp&variant=default&quantity=1")
    page.wait_for_selector(".line")

    assert "Online payment opens soon" in page.inner_text("[data-cart-full]")
    assert page.inner_text("[data-cart-total]") == "$49.00"


@pytest.mark.parametrize(
    "query",
    [
        "add=desk-lamp&variant=nothing",
        "add=shade&variant=red-s",
        "add=&variant=x",
        "quantity=3",
        "add=desk-lamp&quantity=x",
    ],
)
def test_what_cannot_be_bought_does_not_enter_the_cart(page: Any, query: str) -> None:
    """Unknown variants, sold-out ones and nonsense leave it empty; the one variant of a simple product is clear."""
    page.goto(f"/cart/?{query}")
    simple = query.startswith("add=desk-lamp&quantity")
    page.wait_for_selector(".line" if simple else "[data-cart-empty]:not([hidden])")

    assert page.locator(".line").count() == (1 if simple else 0)


def test_the_menu_opens_and_closes_by_keyboard(page: Any) -> None:
    page.goto("/")
    page.focus("[data-menu] summary")
    page.keyboard.press("Enter")
    assert page.is_visible(".menu__panel")
    page.keyboard.press("Escape")

    assert page.is_hidden(".menu__panel")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_what_is_asked_for_by_address_is_added_once(page: Any) -> None:
    """A product form without scripts leads here; reloading adds nothing."""
    page.goto("/cart/?add=desk-lamp&variant=default&quantity=2")
    page.wait_for_selector(".line")
    page.reload()
    page.wait_for_selector(".line")

    assert page.inner_text("[data-cart-count]") == "2"
    assert "?" not in page.url


def test_another_tab_hears_of_the_cart(page: Any) -> None:
    page.goto("/products/desk-lamp/")
    other = page.context.new_page()
    other.goto("/")
    page.click("[data-buy]")
    other.wait_for_selector("[data-cart-count]:not([hidden])")

    assert other.inner_text("[data-cart-count]") == "1"


def test_checking_out_leads_to_the_plain_words_and_a_letter(page: Any) -> None:
    """Nothing pretends to take a payment; what is in the cart can be asked for by mail where the shop has an address."""
    page.goto("/cart/?add=desk-lamp&variant=default")
    page.wait_for_selector(".line")
    page.click("[data-checkout]")

    assert page.evaluate("document.activeElement.id") == "checkout-note"


@pytest.mark.parametrize(
    "kept",
    [
        "{",
        "null",
        '"x"',
        '{"a": 1}',
        '[null, 3, {"product": 1}, {"product": "x", "variant": "y", "quantity": -2}]',
    ],
)
def test_a_storage_that_is_no_cart_is_an_empty_cart(page: Any, kept: str) -> None:
    """Whatever stands in the browser's storage, the page works."""
    page.add_init_script(f"localStorage.setItem('cart', {json.dumps(kept)})")
    page.goto("/cart/")
    page.wait_for_selector("[data-cart-empty]:not([hidden])")

    assert page.is_hidden("[data-cart-count]")


def test_filters_and_order_reach_every_page_of_a_collection(page: Any) -> None:
    """What is on other pages is found too, the address keeps the choice, and clearing it brings the first page back."""
    page.goto("/collections/shelf/")
    assert page.locator("[data-cards] > li").count() == 24
    page.select_option("#sort", "price-down")
    playwright.expect(page.locator("[data-cards] > li")).to_have_count(30)
    assert page.inner_text("[data-cards] .card__title >> nth=0") == "Thing 30"
    assert page.is_hidden("[data-pagination]")
    page.click("[data-toggle]")
    page.click("[data-facet] summary:has-text('Brand')")
    page.check("input[data-label='Umbra']")
    assert page.inner_text("[data-count]") == "15 products"
    page.reload()
    playwright.expect(page.locator("[data-cards] > li")).to_have_count(15)
    assert page.inner_text("[data-cards] .card__title >> nth=0") == "Thing 30"
    page.click("[data-chips] button")
    page.select_option("#sort", "")

    assert page.locator("[data-cards] > li").count() == 24
    assert page.is_visible("[data-pagination]")
    assert page.url.endswith("/collections/shelf/")


def test_filters_that_leave_nothing_say_so(page: Any) -> None:
    page.goto("/collections/shelf/?price-min=99999")
    page.wait_for_selector("[data-none]:not([hidden])")
    assert page.inner_text("[data-count]") == "0 products"
    page.click("[data-none] [data-clear]")

    assert page.locator("[data-cards] > li").count() == 24
    assert page.is_hidden("[data-none]")


def test_a_price_range_is_in_the_shops_currency(page: Any) -> None:
    page.goto("/collections/shelf/?price-min=11&price-max=12.00")
    playwright.expect(page.locator("[data-cards] > li")).to_have_count(2)

    assert page.locator("[data-cards] .card__title").all_inner_texts() == ["Thing 01", "Thing 02"]


def test_search_finds_by_the_beginnings_of_words(page: Any) -> None:
    """From the address, then while typing; what is not there is said plainly."""
    page.goto("/search/?q=thing+2")
    page.wait_for_selector("[data-results] .card")
    assert page.locator("[data-results] .card").count() == 10
    page.fill("[data-search] input", "LÁMP")
    playwright.expect(page.locator("[data-results] .card")).to_have_count(2)
    assert page.inner_text("[data-results] .card__title >> nth=0") == "Desk lamp"
    assert "$49.00" in page.inner_text("[data-results] .card >> nth=0")
    page.fill("[data-search] input", "<b>nothing</b>")
    playwright.expect(page.locator("[data-results] .card")).to_have_count(0)

    assert "<b>nothing</b>" in page.inner_text("[data-search-status]")


def test_the_headers_search_leads_to_the_results(page: Any) -> None:
    page.goto("/")
    page.click("[data-menu] summary")
    page.fill("#menu-search", "shade")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-results] .card")

    assert page.inner_text("[data-results] .card__title") == "Shade"


def test_everything_can_be_bought_by_keyboard_alone(page: Any) -> None:
    """Skip link, choice with arrows, buying with Enter; the dialog takes the focus and gives it back."""
    page.goto("/products/shade/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("input[value='L']")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.value") == "S"
    page.focus("input[value='Red']")
    page.keyboard.press("ArrowDown")
    page.focus("[data-buy]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-added][open]")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")

    assert page.evaluate("document.activeElement.hasAttribute('data-buy')")
    assert page.inner_text("[data-cart-count]") == "1"


def test_pictures_are_reached_and_enlarged(page: Any) -> None:
    """A small picture brings its large one into sight; a click enlarges it, Escape puts it back."""
    page.goto("/products/shade/")
    page.click("[data-thumb] >> nth=1")
    page.wait_for_selector("[data-thumb][href='#picture-2'][aria-current='true']")
    page.click("#picture-2 [data-zoom]")
    page.wait_for_selector("[data-zoom-dialog][open] img")
    page.keyboard.press("Escape")

    assert page.is_hidden("[data-zoom-dialog]")


def test_without_scripts_one_can_browse_choose_and_ask(browser: Any, address: str) -> None:
    """Forms and links carry everything; what needs scripts is not shown, and the cart says why it is empty."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/collections/shelf/")
    assert page.is_hidden("[data-filters]")
    page.click(".pagination a[rel=next]")
    assert page.locator(".card").count() == 6
    page.goto("/products/shade/")
    page.check("input[value='Blue']", force=True)
    page.check("input[value='S']", force=True)
    page.click("[data-buy]")
    assert "option1=Blue" in page.url and "option2=S" in page.url
    assert "JavaScript" in page.inner_text("noscript >> nth=0")
    page.goto("/search/")
    assert page.is_visible("[data-search] input")
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/collections/",
        "/collections/shelf/",
        "/products/shade/",
        "/cart/?add=shade&variant=blue-s",
        "/search/?q=thing",
    ],
)
def test_no_page_scrolls_sideways(page: Any, width: int, path: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize(
    "path", ["/", "/collections/shelf/", "/products/shade/", "/cart/?add=shade&variant=blue-s"]
)
def test_no_page_scrolls_sideways_from_right_to_left(
    browser: Any, arabic_address: str, width: int, path: str
) -> None:
    """Mirrored: the name stands at the right, the cart at the left, and nothing sticks out."""
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=arabic_address)
    page = context.new_page()
    page.goto(path)
    name, cart = (page.locator(s).bounding_box()["x"] for s in (".header .wordmark", "[data-cart-link]"))

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert name > cart
    context.close()
