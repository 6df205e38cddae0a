"""The visitor opens our own hosts and nothing else."""

from __future__ import annotations

import datetime
import ssl
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from provisioning.errors import NotAllowed, Transient
from provisioning.google.visitor import MAX_BODY, HttpsVisitor
from tests.fakes.identity import signing_key


@dataclass
class Site:
    """An HTTPS server on `localhost` with a certificate of its own."""

    port: int
    certificates: str

    def visitor(self, timeout: float = 2.0, *, trusted: bool = True) -> HttpsVisitor:
        certificates = self.certificates if trusted else None
        return HttpsVisitor(timeout, ["localhost"], port=self.port, ca_certs=certificates)

    def url(self, path: str) -> str:
        return f"https://localhost:{self.port}{path}"


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("location", "https://example.com/")
            self.send_header("content-length", "0")
            self.end_headers()
            return
        self.send_response(200 if self.path != "/gone" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if self.path == "/large":
            for _ in range(MAX_BODY // 100_000 + 2):
                self.wfile.write(b"x" * 100_000)
        elif self.path == "/slow":
            for _ in range(40):
                self.wfile.write(b"x" * 70_000)
                time.sleep(0.1)
        else:
            self.wfile.write(b"<h1>Hello</h1>")

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that turned away is what some tests want."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Generator[Site]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = _certificate(folder)
    server = _Server(("127.0.0.1", 0), _Pages)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Site(server.server_address[1], str(certificate))
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/gone", 404)])
def test_a_page_of_ours_is_opened(site: Site, path: str, status: int) -> None:
    """Status, body and content type, whatever the status."""
    page = site.visitor().open(site.url(path))

    assert (status, b"<h1>Hello</h1>", "text/html; charset=utf-8") == (
        page.status,
        page.body,
        page.content_type,
    )


def test_a_redirection_is_told_and_not_followed(site: Site) -> None:
    """It may lead anywhere."""
    page = site.visitor().open(site.url("/moved"))

    assert (page.status, page.headers["location"]) == (302, "https://example.com/")


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/",
        "https://example.com.evil.test/",
        "https://evilexample.com/",
        "https://evil.test/#.example.com",
        "https://shop.example.com@evil.test/",
        "https://evil.test\\.example.com/",
        "https://169.254.169.254/computeMetadata/v1/",
        "https://[::1]/",
        "https://shop.example.com:8443/",
        "https://shop.example.com:port/",
        "file:///etc/passwd",
        "//shop.example.com/",
        "https:///",
        "https://shop.example.com/ HTTP/1.1\r\nX: y",
        "",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    """`NotAllowed`, and nothing is opened."""
    visitor = HttpsVisitor(0.2, ["example.com"])

    with pytest.raises(NotAllowed):
        visitor.open(url)


@pytest.mark.parametrize(
    "url", ["https://example.com/", "https://shop.EXAMPLE.com/a?b#c", "https://a.b.example.com"]
)
def test_our_own_hosts_are_not_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal to an allowed domain or under it; here nothing answers."""
    visitor = HttpsVisitor(0.2, ["Example.com"])

    def unreachable(*args: object, **kwargs: object) -> None:
        raise OSError("no network in tests")

    monkeypatch.setattr("socket.getaddrinfo", unreachable)

    with pytest.raises(Transient):
        visitor.open(url)


def test_an_endless_body_is_cut_off(site: Site) -> None:
    """At 5 MB."""
    with pytest.raises(Transient) as raised:
        site.visitor(10.0).open(site.url("/large"))

    assert raised.value.code == "TOO_LARGE"


def test_a_body_that_drips_is_given_up(site: Site) -> None:
    """The time-out is for the whole visit, not for each piece."""
    began = time.monotonic()

    with pytest.raises(Transient):
        site.visitor(0.5).open(site.url("/slow"))

    assert time.monotonic() - began < 1.5


def test_a_certificate_that_nobody_knows_is_transient(site: Site) -> None:
    """A managed certificate takes a while to be issued; a page is never believed without one."""
    with pytest.raises(Transient):
        site.visitor(trusted=False).open(site.url("/"))


def _certificate(folder: Path) -> tuple[Path, Path]:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(signing_key().public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(signing_key(), hashes.SHA256())
    )
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        signing_key().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, key
