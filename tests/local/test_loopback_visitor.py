"""The visitor of the local runtimes."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from provisioning.errors import NotAllowed, Transient
from provisioning.local.visitor import LoopbackVisitor


class Handler(BaseHTTPRequestHandler):
    """Answers with the host and the path that it was asked for."""

    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(1)
        body = f"{self.headers['Host']} {self.path}".encode()
        self.send_response(302 if self.path == "/moved" else 404 if self.path == "/none" else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Generator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://awesome-store.localhost:8080/", "awesome-store.localhost:8080 /"),
        ("http://awesome-store.localhost", "awesome-store.localhost /"),
        ("http://localhost:8080/a/b.html?c=d&e=%2F", "localhost:8080 /a/b.html?c=d&e=%2F"),
    ],
)
def test_it_asks_this_machine_for_the_addresss_host(port: int, url: str, expected: str) -> None:
    """With its path and query, whatever port stands in the address."""
    page = LoopbackVisitor(port, 5).open(url)

    assert (page.status, page.body.decode(), page.content_type) == (200, expected, "text/plain")


@pytest.mark.parametrize(("path", "status"), [("/moved", 302), ("/none", 404)])
def test_every_answer_is_a_page(port: int, path: str, status: int) -> None:
    """A redirection is told, not followed; an error is told, not raised."""
    page = LoopbackVisitor(port, 5).open(f"http://localhost{path}")

    assert (page.status, page.headers["location"]) == (status, "/elsewhere")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://127.0.0.1/",
        "http://169.254.169.254/computeMetadata/v1/",
        "http://notlocalhost/",
        "http://localhost.example.com/",
        "http://localhost@example.com/",
        "http://example.com@localhost/",
        "https://shop.localhost/",
        "file:///etc/passwd",
        "//localhost/",
        "localhost",
        "",
    ],
)
def test_a_host_that_is_not_ours_is_refused(port: int, url: str) -> None:
    """Before anything is sent."""
    with pytest.raises(NotAllowed):
        LoopbackVisitor(port, 5).open(url)


def test_no_answer_is_a_passing_error() -> None:
    """Nobody listens on port 1."""
    with pytest.raises(Transient):
        LoopbackVisitor(1, 5).open("http://localhost/")


def test_a_slow_answer_is_a_passing_error(port: int) -> None:
    """After the time-out."""
    with pytest.raises(Transient):
        LoopbackVisitor(port, 0.1).open("http://localhost/slow")
