"""The shop in a real browser: choosing, the cart, the menu, and a console that stays silent under the strict policy."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from werkzeug.wrappers import Request, Response

from provisioning.ports import SiteFile
from provisioning.sites.publishing import build_site
from provisioning.sites.routing import Storefront
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


def _app(storefront: Storefront) -> Any:
    @Request.application
    def app(request: Request) -> Response:
        found = storefront.respond(
            HOST, request.method, request.path, request.query_string.decode(), dict(request.headers)
        )
        return Response([found.body], found.status, dict(found.headers))

    return app


@pytest.fixture(scope="module")
def address(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small shop, with a product of two options, served on the loopback."""
    town = build_town(tmp_path_factory.mktemp("town"), theme)
    shop = real_shop()
    town.open_store("s1", HOST, build_site(theme, shop, draw_picture))
    for name in {n for p in shop.products for n in p.pictures} | {"lamps"}:
        picture = draw_picture(name)
        digest = hashlib.sha256(picture.body).hexdigest()
        town.files.put(f"platform/blobs/{digest[:2]}/{digest}", SiteFile(picture.body, "image/svg+xml"))
    server = make_server("127.0.0.1", 0, _app(town.storefront), handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A phone; a word on the console, a failed request or an uncaught error fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
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
    """Added once however often the page is reloaded; the total follows the quantity."""
    page.goto("/products/shade/")
    page.click("[data-quantity] [data-step='1']")
    page.click("[data-buy]")
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


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
@pytest.mark.parametrize("path", ["/", "/collections/", "/collections/lamps/", "/products/shade/", "/cart/"])
def test_no_page_scrolls_sideways(page: Any, width: int, path: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
