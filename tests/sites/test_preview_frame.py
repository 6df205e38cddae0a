"""A preview in a frame, as a browser shows it: by the dashboard with everything it needs, by nobody else."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from werkzeug.serving import make_server

from provisioning.sites.building import Site
from provisioning.sites.routing import Storefront
from provisioning.sites.wsgi import read_visit, send
from provisioning.themes.packages import Theme
from tests.sites.shops import HOST
from tests.sites.stores import Town, build_town

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


class _Street:
    """A store that is not open, and pages of other hosts that put it into a frame."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.asked: list[tuple[str, str]] = []
        self.server = make_server("127.0.0.1", 0, self, threaded=True)
        addresses = replace(town.addresses, port=self.server.server_port)
        self.storefront = Storefront(town.documents, town.files, town.tokens, addresses, town.clock)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        host = environ["HTTP_HOST"].partition(":")[0]
        if host == HOST:
            answer = self.storefront.answer(read_visit(environ))
            self.asked.append((environ["PATH_INFO"], str(answer.status)))
            return send(answer, start_response)
        link = f"http://{HOST}:{self.server.server_port}/?preview={self.town.tokens.preview('s1')}"
        start_response("200 OK", [("Content-Type", "text/html")])
        return [f'<iframe id="shop" width="1200" height="2000" src="{link}"></iframe>'.encode()]


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, theme: Theme, sample_site: Site) -> Iterator[_Street]:
    town = build_town(tmp_path_factory.mktemp("street"), theme)
    town.open_store("s1", HOST, sample_site, "READY")
    street = _Street(town)
    thread = threading.Thread(target=street.server.serve_forever, daemon=True)
    thread.start()
    yield street
    street.server.shutdown()


def _frame(street: _Street, host: str, profile: Path) -> Any:
    street.asked.clear()
    with playwright.sync_playwright() as browsers:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
        browser = browsers.chromium.launch_persistent_context(
            str(profile), executable_path=CHROMIUM, args=flags, headless=True
        )
        page = browser.new_page()
        page.goto(f"http://{host}:{street.server.server_port}/", wait_until="networkidle")
        frame = page.frames[1]
        title = frame.title() if not frame.url.startswith("chrome-error") else ""
        followed = ""
        if title:
            frame.goto(f"http://{HOST}:{street.server.server_port}/collections/")
            followed = frame.title()
        browser.close()
    return title, followed


def test_the_dashboard_frames_a_preview(street: _Street, tmp_path: Path) -> None:
    """With its pictures, which the public may not see yet, and its next page: the browser keeps the cookie in the frame."""
    title, followed = _frame(street, "localhost", tmp_path)
    pictures = [status for path, status in street.asked if path.startswith("/pictures/")]

    assert "Awesome Store" in title and "almost" not in title
    assert "Collections" in followed
    assert pictures and set(pictures) == {"200"}


def test_nobody_else_frames_it(street: _Street, tmp_path: Path) -> None:
    """Another host that knows the link gets an empty frame."""
    assert _frame(street, "evil.localhost", tmp_path) == ("", "")
