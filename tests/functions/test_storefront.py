"""The function `storefront`, as the framework runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import brotli
import functions_framework
import pytest
from flask.testing import FlaskClient

from provisioning.ports import Ports
from provisioning.runtime import installed
from provisioning.sites.building import Site, build_site
from provisioning.themes.packages import load_theme
from tests.sites.shops import HOST, draw_picture, sample_shop
from tests.sites.stores import Town, build_town

SOURCE = Path(__file__).parents[2] / "functions/storefront/main.py"


@pytest.fixture(scope="module")
def site() -> Site:
    return build_site(load_theme("upfront-modern"), sample_shop(), draw_picture)


@pytest.fixture
def town(tmp_path: Path, site: Site) -> Town:
    town = build_town(tmp_path, load_theme("upfront-modern"))
    town.open_store("s1", HOST, site)
    return town


@pytest.fixture
def client(town: Town) -> Iterator[FlaskClient]:
    app: Any = functions_framework.create_app("storefront", str(SOURCE), "http")
    ports = Ports(
        town.documents, *cast("list[Any]", [None]), town.files, *cast("list[Any]", [None, None, None])
    )
    platform = SimpleNamespace(ports=ports, tokens=town.tokens, addresses=town.addresses)
    with installed(cast("Any", platform)):
        yield app.test_client()


def _get(client: FlaskClient, path: str, **more: Any) -> Any:
    headers = {"Host": HOST} | more.pop("headers", {})
    return client.open(path, headers=headers, **more)


def test_a_page_is_answered_by_host(client: FlaskClient, site: Site) -> None:
    """Compressed for a browser, with the type and the policy."""
    answer = _get(client, "/", headers={"Accept-Encoding": "gzip, br"})

    assert answer.status_code == 200
    assert brotli.decompress(answer.data) == site.files["/"].file.body
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/robots.txt", "/favicon.ico"])
def test_paths_that_the_framework_keeps_for_itself_are_ours(
    client: FlaskClient, site: Site, path: str
) -> None:
    answer = _get(client, path)

    assert (answer.status_code, answer.data) == (200, site.files[path].file.body)


@pytest.mark.parametrize(
    "path", ["/static/main.py", "/static/../main.py", "//evil.example/", "/products//x/"]
)
def test_the_framework_neither_serves_files_nor_redirects(client: FlaskClient, path: str) -> None:
    """What it would do by itself before calling a function does not happen."""
    answer = _get(client, "/", environ_overrides={"PATH_INFO": path})

    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_head_says_the_length_and_sends_nothing(client: FlaskClient, site: Site) -> None:
    answer = _get(client, "/", method="HEAD")

    assert answer.status_code == 200
    assert answer.data == b""
    assert answer.headers["Content-Length"] == str(len(site.files["/"].file.body))


def test_what_was_seen_is_304(client: FlaskClient) -> None:
    tag = _get(client, "/").headers["ETag"]
    answer = _get(client, "/", headers={"If-None-Match": tag})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert "s-maxage=10" in answer.headers["Cache-Control"]


def test_encoded_tricks_find_nothing(client: FlaskClient) -> None:
    for path in (
        "/%2e%2e/%2e%2e/etc/passwd",
        "/%00",
        "/%ff%fe",
        "/..%2f..%2fetc",
        "/%2f%2fevil.example",
        # Decoded, it would be the address of a page.
        "/products%2Faurora-headphones/",
        "/products/aurora-headphones%2f",
        "/products%5caurora-headphones/",
    ):
        assert _get(client, path).status_code == 404


def test_a_post_is_405(client: FlaskClient) -> None:
    answer = _get(client, "/", method="POST", data=b"x" * 1_000)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_an_unknown_host_is_404(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Host": "nobody.localhost"})

    assert answer.status_code == 404
    assert b"Awesome" not in answer.data


def test_a_preview_travels_by_cookie(client: FlaskClient, town: Town) -> None:
    """The cookie that the first page sets opens the next one."""
    town.set_status("s1", "READY")
    closed = _get(client, "/")
    opened = _get(client, "/", query_string={"preview": town.tokens.preview("s1")})
    cookie = opened.headers["Set-Cookie"].partition(";")[0]
    next_page = _get(client, "/collections/", headers={"Cookie": cookie})

    assert b"almost ready" in closed.data
    assert b"almost ready" not in opened.data
    assert b"<h1" in next_page.data and b"almost ready" not in next_page.data
    assert next_page.headers["Cache-Control"] == "private, no-store"


def test_one_storefront_serves_the_process(client: FlaskClient, town: Town) -> None:
    """Its caches last from one request to the next: the second page reads no document."""
    _get(client, "/")
    town.documents.commit = town.documents.get = _fail  # type: ignore[method-assign]

    assert _get(client, "/").status_code == 200


def _fail(*_: object) -> Any:
    raise AssertionError("a document was read")
