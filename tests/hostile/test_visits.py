"""What the visitors must not open: nothing that a merchant typed may lead one of our machines inside."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from provisioning.catalog.seeding import seed_defaults
from provisioning.errors import NotAllowed, Transient
from provisioning.google.visitor import HttpsVisitor
from provisioning.local.visitor import LoopbackVisitor
from provisioning.runtime import assemble, installed
from provisioning.settings import read_settings
from provisioning.stores.activation import parse_activation
from provisioning.workflow.records import Status, read_provisioning
from provisioning.workflow.requests import accept, submit
from tests.functions.conftest import Output
from tests.hostile.inputs import VISITS
from tests.hostile.stage import REQUEST


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """No name is looked up and nothing is connected to; what was tried is kept."""
    tried: list[Any] = []

    def refuse(*arguments: Any, **_: Any) -> Any:
        tried.append(arguments)
        raise AssertionError("a visitor reached out")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


@pytest.mark.parametrize(("number", "url"), VISITS, ids=lambda value: ascii(value)[:50])
def test_addresses_that_are_not_ours(no_network: list[Any], number: int, url: str) -> None:
    """`NotAllowed` before a name is even looked up, in production and locally, with the address in no message."""
    for visitor, address in (
        (HttpsVisitor(0.5, ["example.com"]), url),
        (
            LoopbackVisitor(1, 0.5),
            url.replace("https:", "http:").replace("example.com", "shop.localhost.com"),
        ),
    ):
        with pytest.raises(NotAllowed) as refused:
            visitor.open(address)

        assert refused.value.code == "FOREIGN_HOST"
        assert url not in str(refused.value)
    assert no_network == []


class _Metadata(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append((self.headers["Host"], self.path))  # type: ignore[attr-defined]
        self.send_response(302)
        self.send_header("Location", f"http://169.254.169.254{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def metadata() -> Iterator[ThreadingHTTPServer]:
    """Whatever is asked, it sends one to the metadata server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Metadata) as server:
        server.seen = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_redirect_to_the_metadata_server_is_not_followed(metadata: ThreadingHTTPServer) -> None:
    """It is told as it is, and one request was made."""
    page = LoopbackVisitor(metadata.server_address[1], 5).open("http://shop.localhost/latest/")

    assert (page.status, page.body) == (302, b"")
    assert metadata.seen == [("shop.localhost", "/latest/")]  # type: ignore[attr-defined]


def test_a_name_that_leads_inside_is_believed_only_with_our_certificate(
    metadata: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A name of ours that answers from inside (rebinding, or a record that somebody changed) gets no request.

    The visitor speaks TLS and asks for the name's certificate first; a server inside has none.
    """
    real = socket.getaddrinfo
    inside = metadata.server_address

    def rebound(host: str, port: int, *more: Any, **named: Any) -> Any:
        assert host == "shop.example.com"
        return real(inside[0], inside[1], *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    with pytest.raises(Transient):
        HttpsVisitor(1.0, ["example.com"]).open("https://shop.example.com/")

    assert metadata.seen == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "domain",
    ["stores.example.com", "victim.stores.example.com", "a.b.stores.example.com", "admin.example.com"],
)
def test_a_custom_domain_under_our_own_is_refused(tmp_path: Path, output: Output, domain: str) -> None:
    """Another merchant's address, the apex or the dashboard cannot be asked for as a domain of one's own."""
    settings = read_settings(
        {}, provisioning_data=tmp_path, store_domain="stores.example.com", dashboard_host="admin.example.com"
    )
    platform = assemble(settings)
    documents: Any = platform.ports.documents
    with installed(platform):
        seed_defaults(documents, merchants=False)
        for id, asked in (("own", domain), ("other", "shop.merchants-own.com")):
            submit(
                documents,
                parse_activation(REQUEST | {"custom_domain": asked, "subdomain": f"{id}-1"}, id),
                id,
            )
            accept(platform.engine, id)
        refused, taken = (
            read_provisioning(documents.get(f"provisionings/{id}").data) for id in ("own", "other")
        )
    documents.close()

    assert refused.status == Status.FAILED
    assert refused.error is not None
    assert [(problem.field, problem.code) for problem in refused.error.fields] == [
        ("custom_domain", "OUR_DOMAIN")
    ]
    assert taken.status == Status.PENDING
