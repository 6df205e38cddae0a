"""
The pictures of the themes for those who choose one: `python tools/take_theme_previews.py [SLUG ...]` takes them anew.

Each theme shows the home page of a sample shop, as `preview/thumbnail.webp`, `desktop.webp` and `mobile.webp` of its package.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Browser, Route, sync_playwright
from show_theme import make_shop

from provisioning.sites.building import Site, build_site
from provisioning.sites.shop import Shop
from provisioning.themes.packages import THEMES, list_themes, load_theme

#: The sample shop that suits a theme: its category and a name. Other themes show the first one.
SHOPS = {
    "upfront-modern": ("electronics", "Northwave"),
    "upfront-classic": ("home", "Hearth & Field"),
    "upfront-minimal": ("fashion", "Alder"),
}
MOST_BYTES = 80_000
#: Nobody is there: the browser's questions are answered from memory.
ADDRESS = "http://shop.test"


@dataclass(frozen=True, slots=True)
class Format:
    """A picture: the screen that the page is shown on, and a pixel of the picture for one of the screen's."""

    name: str
    width: int
    height: int
    scale: float = 1


#: The thumbnail shows what a common screen does, made smaller.
FORMATS = (
    Format("thumbnail", 1440, 1080, 800 / 1440),
    Format("desktop", 1440, 900),
    Format("mobile", 390, 844),
)


def fill_shop(slug: str) -> Shop:
    """A shop that has made its sample products its own."""
    category, name = SHOPS.get(slug, next(iter(SHOPS.values())))
    shop = make_shop(category, "en")
    own = {
        "name": name,
        "address": ADDRESS,
        "products": tuple(product.model_copy(update={"sample": False}) for product in shop.products),
        "collections": tuple(shelf.model_copy(update={"sample": False}) for shelf in shop.collections),
    }
    return shop.model_copy(update=own)


def photograph(browser: Browser, site: Site) -> Iterator[tuple[str, Image.Image]]:
    """The first screen of the home page in every format; the browser gets its files from memory."""

    def answer(route: Route) -> None:
        entry = site.files.get(route.request.url.removeprefix(ADDRESS).partition("?")[0])
        if entry is None:
            route.abort()
            return
        route.fulfill(body=entry.file.body, content_type=entry.file.content_type)

    for form in FORMATS:
        page = browser.new_page(
            viewport={"width": form.width, "height": form.height},
            device_scale_factor=form.scale,
            color_scheme="light",
            reduced_motion="reduce",
        )
        page.route(f"{ADDRESS}/**", answer)
        page.goto(f"{ADDRESS}/", wait_until="networkidle")
        yield form.name, Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        page.close()


def encode(picture: Image.Image) -> bytes:
    """A WebP of the best quality that is small enough."""
    for quality in range(92, 0, -6):
        file = io.BytesIO()
        picture.save(file, "WEBP", quality=quality, method=6)
        if len(file.getvalue()) <= MOST_BYTES:
            return file.getvalue()
    raise ValueError(f"no WebP of {picture.width} × {picture.height} fits in {MOST_BYTES:,} bytes")


def main(slugs: list[str]) -> int:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for slug in slugs or list_themes():
            folder = THEMES / slug / "preview"
            folder.mkdir(exist_ok=True)
            site = build_site(load_theme(slug), fill_shop(slug))
            for name, picture in photograph(browser, site):
                (folder / f"{name}.webp").write_bytes(encode(picture))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
