"""What visitors send to the stores' hosts."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from tests.functions.conftest import Output
from tests.hostile.inputs import HOSTS, TARGETS
from tests.hostile.stage import CANARY, Stage, changed, open_stage

HOST = "open-store.localhost"
#: What may never be in a page of ours, whatever was asked for.
MARKUP = (b"<script>alert", b"<img src=x", b"49", b"{{7*7}}")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A platform with one store that sells and one that opens soon."""
    with open_stage(tmp_path_factory.mktemp("town")) as stage:
        stage.activate("open", subdomain="open-store", store_name="Open Store", launch="immediately")
        stage.activate("soon", subdomain="soon-store", store_name="Soon Store")
        stage.wait_until_open(HOST)
        yield stage


def _check(answer: tuple[int, bytes, list[tuple[str, str]]]) -> None:
    """Never a failure, and no header that the visitor wrote."""
    status, body, headers = answer
    names = [name.lower() for name, _ in headers]

    assert status < 500
    assert names.count("set-cookie") == 0
    assert all("evil.example" not in value and "\n" not in value for _, value in headers)
    assert CANARY.encode() not in body


@pytest.mark.parametrize("name", ["storefront", "status"])
@pytest.mark.parametrize(("number", "host"), HOSTS, ids=lambda value: ascii(value)[:40])
def test_hosts(stage: Stage, output: Output, name: str, number: int, host: str) -> None:
    """No store, no failure, and no redirect to a host that the visitor named."""
    before = stage.everything()
    answer = stage.raw(name, host=host, target="/healthz" if name == "status" else "/")
    _check(answer)

    # The API does not look at the host at all.
    assert answer[0] in ((200, 400) if name == "status" else (400, 404)), number
    assert b"Open Store" not in answer[1]
    assert changed(before, stage.everything()) == set()


@pytest.mark.parametrize("host", [HOST, "soon-store.localhost", "nobody.localhost"])
@pytest.mark.parametrize(("number", "target"), TARGETS, ids=lambda value: ascii(value)[:40])
def test_targets(stage: Stage, output: Output, host: str, number: int, target: str) -> None:
    """The store's own 404, or its coming-soon page, with nothing of the path in it."""
    before = stage.everything()
    answer = stage.raw("storefront", host=host, target=target)
    _check(answer)

    wanted = {HOST: (404, 301), "soon-store.localhost": (200, 404), "nobody.localhost": (404,)}[host]
    assert answer[0] in wanted, number
    location = dict(answer[2]).get("Location", "/")
    assert location.startswith("/") and not location.startswith(("//", "/\\"))
    assert not any(markup in answer[1] for markup in MARKUP[:2])
    assert changed(before, stage.everything()) == set()


QUERIES = [
    "preview=",
    "preview=x",
    "preview=%00",
    "preview=%ff%fe",
    "preview=%0d%0aSet-Cookie:%20a=b",
    "preview=" + "a" * 100_000,
    "preview=a&preview=b",
    "&" * 50_000,
    "preview[]=x",
    "preview={{7*7}}",
    "preview=" + "." * 1_500,
    "%",
    "a=%",
    "preview=InMyIg.aaaa.bbbb",
]


@pytest.mark.parametrize("host", [HOST, "soon-store.localhost"])
@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:30])
def test_previews_that_nobody_gave(stage: Stage, output: Output, host: str, query: str) -> None:
    """In the query or as a cookie: what the public sees, and nothing is remembered."""
    public = stage.raw("storefront", host=host)[1]
    for target, cookie in (
        (f"/?{query}", {}),
        ("/", {"Cookie": query}),
        ("/", {"Cookie": f"{query}; preview={CANARY}"}),
    ):
        answer = stage.raw("storefront", host=host, target=target, headers=cookie)
        _check(answer)

        assert (answer[0], answer[1]) == (200, public)


def test_a_preview_is_for_one_store(stage: Stage, output: Output) -> None:
    """A true token of one store, cut, changed, of another kind, or of another store opens nothing."""
    tokens = stage.platform.tokens
    good, other = tokens.preview("soon"), tokens.preview("open")
    public = stage.raw("storefront", host="soon-store.localhost")[1]
    for token in (
        other,
        good[:-1],
        f"{good}x",
        good.swapcase(),
        tokens.session("soon"),
        tokens.welcome("soon"),
        f" {good}",
    ):
        for target, cookie in ((f"/?preview={token}", {}), ("/", {"Cookie": f"preview={token}"})):
            assert (
                stage.raw("storefront", host="soon-store.localhost", target=target, headers=cookie)[1]
                == public
            )

    assert stage.raw("storefront", host="soon-store.localhost", target=f"/?preview={good}")[1] != public


HEADERS = [
    {"Accept-Encoding": "gzip;q=" + "9" * 10_000},
    {"Accept-Encoding": "," * 50_000},
    {"If-None-Match": "*" * 50_000},
    {"If-None-Match": '"' + "\xff" * 1_000},
    {"Range": "bytes=0-1,2-3," * 1_000},
    {"Range": "bytes=-99999999999999999999"},
    {"X-Forwarded-Host": "soon-store.localhost"},
    {"X-Forwarded-Proto": "javascript"},
    {"X-Original-Url": "/admin"},
    {"X-Rewrite-Url": "/admin"},
    {"X-Http-Method-Override": "DELETE"},
    {"Forwarded": "host=soon-store.localhost"},
    {"Origin": "null"},
    {"Cookie": ";" * 50_000},
    {"Cookie": "=" * 50_000},
    {"Content-Length": "-1"},
    {"If-Modified-Since": "yesterday"},
    {"Accept-Language": "{{7*7}}"},
    {"User-Agent": f"x\r\n{CANARY}"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: ascii(headers)[:50])
def test_headers(stage: Stage, output: Output, headers: dict[str, str]) -> None:
    """The page as ever: no header leads to another host, another method or a failure."""
    public = stage.raw("storefront", host=HOST)[1]
    answer = stage.raw("storefront", host=HOST, headers=headers)
    _check(answer)

    assert answer[0] == 200 or (answer[0] == 304 and "If-None-Match" in headers)
    body = gzip.decompress(answer[1]) if dict(answer[2]).get("Content-Encoding") else answer[1]
    assert body in (public, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "CONNECT", "\u212aET", "G E T", ""])
def test_methods(stage: Stage, output: Output, method: str) -> None:
    """Reading is all that one can do."""
    from werkzeug.test import EnvironBuilder, run_wsgi_app

    from tests.hostile.stage import function

    environ = EnvironBuilder(path="/", data=b"x=1", method="POST").get_environ()
    environ |= {"REQUEST_METHOD": method.encode().decode("latin-1"), "HTTP_HOST": HOST}
    before = stage.everything()
    _, status, _ = run_wsgi_app(function("storefront"), environ, buffered=True)

    assert int(status.split()[0]) in (400, 405)
    assert changed(before, stage.everything()) == set()
