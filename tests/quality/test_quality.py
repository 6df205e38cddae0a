"""What `make quality` looks with: each of its checks finds what it is there for, and nothing where all is well."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from quality import lighthouse, pages
from quality.__main__ import _is_decided

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Debian's chromium is not installed"),
    pytest.mark.skipif(
        not (pages.FOLDER / "node_modules/.made").exists(),
        reason="the measuring tools are not installed: make quality/node_modules/.made",
    ),
]

ROOT = Path(__file__).parents[2]

GOOD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<link rel="icon" href="data:,"><title>A shop</title></head><body><main><h1>Lamps</h1><p>Ten of them.</p></main></body></html>'
)
BAD = (
    GOOD.replace("<p>", '<img src="/light.png"><p style="width:3000px">')
    .replace("</main>", "<div><span></div></main>")
    .replace("</body>", "<script>console.warn('told')</script></body>")
)


@pytest.fixture
def address() -> Iterator[str]:
    """A page that is good, and at /bad one that is not."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (BAD if self.path == "/bad" else GOOD).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_what_is_wrong_with_a_page_is_found(address: str) -> None:
    """A picture without words, a line in the console, a page wider than the screen; and none of it on a good page."""
    found = {(each.page, each.check) for each in pages.look({"good": f"{address}/", "bad": f"{address}/bad"})}

    assert found >= {("bad (phone)", check) for check in ("axe", "console", "width")}
    assert not [page for page, _ in found if page.startswith("good")]


def test_html_that_is_not_valid_is_found(tmp_path: Path) -> None:
    """By the page that it is on."""
    found = pages.check_html({"good": GOOD, "bad": BAD}, tmp_path)

    assert {each.page for each in found} == {"bad"}
    assert any("span" in each.what for each in found)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({}, None),
        ({"url": "/heavy.avif"}, "45,001 bytes, more than 45,000"),
        ({"sizes": ""}, "no sizes"),
        ({"priority": "auto"}, "fetchpriority auto"),
        ({"loading": "lazy"}, "it is loaded lazily"),
    ],
)
def test_the_picture_that_a_phone_waits_for(changes: dict[str, str], what: str | None) -> None:
    light = {"url": "/light.avif", "sizes": "100vw", "priority": "high", "loading": "eager"}
    sizes = {"/light.avif": 45_000, "/heavy.avif": 45_001}
    found = pages._first_picture("home (phone)", light | changes, sizes)

    assert [each.what for each in found] == ([what] if what else [])


@pytest.mark.parametrize(
    ("scores", "decided"),
    [
        ([], False),
        ([(100, 100)], False),
        ([(100, 100), (100, 100)], True),
        ([(100, 99), (100, 100)], False),
        ([(100, 99), (99, 100)], False),
        ([(100, 99), (100, 100), (100, 100)], True),
    ],
)
def test_runs_end_when_the_median_is_known(scores: list[tuple[int, ...]], decided: bool) -> None:
    """Two of three at 100 in each category; a third one would change nothing."""
    reports = [lighthouse.Report(each, (), 0.5, 0.5, 0.0, 0.0, 1, (), {}) for each in scores]

    assert _is_decided(reports, 3) is decided


@pytest.mark.parametrize(("code", "visits"), [("NO_NAVSTART", lighthouse.TRIES), ("DNS_FAILURE", 1)])
def test_a_trace_that_is_no_use_is_taken_again(
    monkeypatch: pytest.MonkeyPatch, code: str, visits: int
) -> None:
    """And not for ever; what another visit would not change is told at once."""
    seen: list[str] = []

    def visit(address: str, **choices: Any) -> dict[str, Any]:
        seen.append(address)
        return {"runtimeError": {"code": code, "message": code}}

    monkeypatch.setattr(lighthouse, "_visit", visit)
    with pytest.raises(RuntimeError, match=code):
        lighthouse.run("http://shop.test/", desktop=True)

    assert len(seen) == visits


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_theme_is_worth_a_hundred_and_every_kind_of_page_is_sound() -> None:
    """
    `make quality`, three runs of each page: 100 in all four categories, phone and desktop; no violation of WCAG 2.2 AA or good practice,
    valid HTML, nothing in the console, nothing wider than the screen.
    """
    done = subprocess.run(
        [sys.executable, "-m", "quality"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(done.stdout)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert done.stdout.count("HOLDS") == 18


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_lighthouse_says_what_is_lost(address: str) -> None:
    """In numbers from 0 to 100, with the ids of the audits."""
    report = lighthouse.run(f"{address}/bad", desktop=True)

    assert report.scores[lighthouse.CATEGORIES.index("accessibility")] < 100
    assert "image-alt" in report.lost
    assert json.dumps(report.pictures)
