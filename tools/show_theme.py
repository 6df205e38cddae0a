"""
A theme while it is being made: `python tools/show_theme.py themes/harbour` serves it with a sample shop on this machine.

Save a file and reload the page. What is wrong with the package is shown in place of the page; `--check` prints it and ends, after
having rendered every page of every sample shop, also an empty one and one that is written from right to left.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from jinja2 import TemplateError

from provisioning.catalog.blueprints import load_blueprint
from provisioning.catalog.settings import default_settings
from provisioning.errors import InvalidInput
from provisioning.sites.building import Site, SiteEntry, build_site
from provisioning.sites.headers import Headers, Terms
from provisioning.sites.releases import NOT_FOUND
from provisioning.sites.shop import Shop
from provisioning.stores.activation import Category
from provisioning.stores.addresses import Addresses
from provisioning.themes.packages import Theme, read_package
from provisioning.themes.sandbox import compile_all

NAME = "Harbour & Sons"
HEADERS = Headers(Addresses("localhost", "dashboard.localhost", "http"))


def make_shop(category: str, locale: str, port: int = 80) -> Shop:
    """A shop as a new store of that category has it."""
    blueprint = load_blueprint(Category(category))
    settings = default_settings(category, NAME, "hello@example.com")
    return Shop.model_validate(
        {
            "name": NAME,
            "address": f"http://127.0.0.1:{port}",
            "hostname": "127.0.0.1",
            "locale": locale,
            "tagline": blueprint.tagline,
            "home": blueprint.home,
            "collections": blueprint.collections,
            "products": blueprint.products,
            "pages": blueprint.pages,
            **{name: settings[name] for name in ("contact", "shipping", "returns", "policies")},
        }
    )


def try_shops() -> Iterator[tuple[str, Shop]]:
    """Every sample shop, one of them from right to left as well, and one that has nothing yet."""
    for category in Category:
        yield category.value, make_shop(category.value, "en")
    yield "right to left", make_shop("home", "ar")
    nothing = {
        "collections": (),
        "products": (),
        "home": None,
        "pages": (),
        "contact": None,
        "policies": None,
    }
    yield "nothing yet", make_shop("general", "en").model_copy(update=nothing)


def problems_of(folder: Path) -> list[str]:
    """What is wrong with a package, a line each; the first page of a shop that cannot be rendered ends the list."""
    try:
        theme = _read(folder)
    except InvalidInput as error:
        return [f"{folder}/{problem.field}: {problem.message}" for problem in error.fields]
    for name, shop in try_shops():
        try:
            build_site(theme, shop)
        except (TemplateError, TypeError, KeyError, InvalidInput) as error:
            return [f"{folder}: the shop {name}: {type(error).__name__}: {error}"]
    return []


def _read(folder: Path) -> Theme:
    theme = read_package(folder)
    compile_all(theme)
    return theme


class _Handler(BaseHTTPRequestHandler):
    folder: Path
    shop: Shop
    seen: float = 0
    site: Site | None = None

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        try:
            site = self._newest()
            entry = site.files.get(path) or site.files[NOT_FOUND]
            self._answer(200 if path in site.files else 404, entry)
        except (TemplateError, TypeError, KeyError, InvalidInput) as error:
            lines = problems_of(self.folder) or [repr(error)]
            self._send(500, "text/plain; charset=utf-8", "\n".join(lines).encode(), [])

    def _newest(self) -> Site:
        """The site, built anew after a file of the package or of an installed one was changed."""
        kind = type(self)
        files = [*self.folder.rglob("*"), *self.folder.parent.glob("upfront-base/**/*")]
        changed = max(file.stat().st_mtime for file in files)
        if kind.site is None or changed > kind.seen:
            kind.site, kind.seen = build_site(_read(self.folder), self.shop), changed
        return kind.site

    def _answer(self, status: int, entry: SiteEntry) -> None:
        file = entry.file
        self._send(status, file.content_type, file.body, HEADERS.of(file.content_type, Terms("no-cache")))

    def _send(self, status: int, content_type: str, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in [("Content-Type", content_type), ("Content-Length", str(len(body))), *headers]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the browser shows what there is to see."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the package, as themes/harbour")
    parser.add_argument("--category", default="home", choices=[category.value for category in Category])
    parser.add_argument("--locale", default="en", help="en, de, or ar to see it from right to left")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--check", action="store_true", help="print what is wrong and end")
    asked = parser.parse_args()
    if asked.check:
        problems = problems_of(asked.folder)
        sys.stdout.write("\n".join(problems or [f"{asked.folder}: nothing is wrong"]) + "\n")
        return 1 if problems else 0
    _Handler.folder, _Handler.shop = asked.folder, make_shop(asked.category, asked.locale, asked.port)
    sys.stdout.write(
        f"http://127.0.0.1:{asked.port}/ shows {asked.folder}; save and reload. Ctrl-C ends it.\n"
    )
    sys.stdout.flush()
    try:
        ThreadingHTTPServer(("127.0.0.1", asked.port), _Handler).serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
