"""Whatever is asked: an answer that makes sense, and never a byte of another store."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import brotli
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from provisioning.ports import Set
from provisioning.sites import platform_pages
from provisioning.sites.building import Site
from provisioning.sites.publishing import publish
from provisioning.sites.routing import Answer
from provisioning.sites.wsgi import read_visit
from provisioning.themes.packages import Theme
from tests.sites.stores import Town, build_town

SELLS, OTHER, SOON, SHUT, SECOND = (
    f"{name}.localhost" for name in ("sells", "other", "soon", "shut", "second")
)
CHANNEL = f"preview-autumn--{SELLS}"
HOSTS = [SELLS, OTHER, SOON, SHUT, SECOND, CHANNEL, "nobody.localhost"]
STATUSES = {200, 206, 301, 302, 304, 404, 405, 412, 416, 503}
PLATFORM_PAGES = {value for value in vars(platform_pages).values() if isinstance(value, bytes)} | {
    b"",
    b"User-agent: *\nDisallow: /\n",
}


@dataclass(frozen=True)
class Street:
    """Stores of every kind, and whose bytes each host may answer with."""

    town: Town
    own: dict[str, set[bytes]]
    paths: list[str]
    tokens: list[str]


@pytest.fixture(scope="module")
def street(
    tmp_path_factory: pytest.TempPathFactory,
    theme: Theme,
    sample_site: Site,
    real_site: Site,
    hostile_site: Site,
) -> Iterator[Street]:
    town = build_town(tmp_path_factory.mktemp("street"), theme)
    for id, host, site, status in (
        ("s1", SELLS, sample_site, "ACTIVE"),
        ("s2", OTHER, real_site, "ACTIVE"),
        ("s3", SOON, hostile_site, "READY"),
        ("s4", SHUT, real_site, "SUSPENDED"),
    ):
        town.open_store(id, host, site, status)
    now = town.documents.get("stores/s1").read_time
    autumn = {"release": publish(town.files, "s1", hostile_site).id, "expires_at": now + timedelta(days=1)}
    town.deploy("s1", channels={"preview-autumn": autumn})
    town.documents.commit([Set(f"hosts/{SECOND}", {"store_id": "s1", "redirect": SELLS})])
    sites = {SELLS: sample_site, OTHER: real_site, SOON: hostile_site, SHUT: real_site, CHANNEL: hostile_site}
    own = {host: {entry.file.body for entry in site.files.values()} for host, site in sites.items()}
    paths = sorted({path for site in sites.values() for path in site.files})
    tokens = [town.tokens.preview(id, c) for id in ("s1", "s2", "s3") for c in ("live", "preview-autumn")]
    yield Street(town, own, paths, tokens)


def _plain(answer: Answer) -> bytes:
    match answer.headers.get("Content-Encoding") if answer.body else None:
        case "br":
            return brotli.decompress(answer.body)
        case "gzip":
            return gzip.decompress(answer.body)
        case _:
            return answer.body


_noise = st.text(alphabet=st.characters(max_codepoint=255), max_size=40)
_hosts = st.one_of(
    st.sampled_from(HOSTS),
    st.builds(
        lambda host, end: host + end, st.sampled_from(HOSTS), st.sampled_from([":80", ".", "..", "@x", "\0"])
    ),
    st.builds(str.upper, st.sampled_from(HOSTS)),
    st.builds(lambda a, b: f"{a}--{b}", st.sampled_from(["preview-x", "x", ""]), st.sampled_from(HOSTS)),
    _noise,
)
_headers = st.dictionaries(
    st.sampled_from(
        [
            "ACCEPT_ENCODING",
            "IF_MATCH",
            "IF_NONE_MATCH",
            "RANGE",
            "IF_RANGE",
            "COOKIE",
            "X_FORWARDED_HOST",
            "FORWARDED",
        ]
    ),
    st.one_of(
        st.sampled_from(
            [
                "br",
                "gzip;q=1, br;q=0",
                "*",
                '"x", W/"y"',
                "bytes=0-9",
                "bytes=-1",
                "bytes=9999999-",
                OTHER,
                f"host={OTHER}",
            ]
        ),
        _noise,
        st.integers(1, 5_000).map(lambda length: "," * length),
    ),
    max_size=4,
)


#: One of the stores' own paths by its number, or noise; and what is done to it.
_paths = st.one_of(st.integers(0, 10_000), _noise.map(lambda text: f"/{text}"))
_BENDS = ["", "", "/", "//", "/..", "\0", "index.html", "?", "%00", "\\", "." * 300, "\u00ff"]


@settings(max_examples=400, deadline=None)
@given(
    method=st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "", "get", "TRACE", "\x7f"]),
    host=_hosts,
    asked=_paths,
    bend=st.sampled_from(_BENDS),
    raw=st.sampled_from(["", "", "%2f", "%5C", "%41"]),
    front=st.sampled_from(["", "", "", "/", "/..", "/./", "/static", "/_platform"]),
    token=st.integers(-3, 5),
    headers=_headers,
)
@example("GET", CHANNEL, 0, "", "", "", 1, {})
@example("GET", SELLS, 0, "", "", "", 1, {"ACCEPT_ENCODING": "br"})
@example("GET", SOON, 0, "", "", "", 4, {"RANGE": "bytes=0-9"})
def test_any_visit(
    street: Street,
    method: str,
    host: str,
    asked: int | str,
    bend: str,
    raw: str,
    front: str,
    token: int,
    headers: dict[str, str],
) -> None:
    """Never a 500, no header with a line's end, no other host to go to; and what is sent is the host's own, the platform's, or nothing."""
    path = street.paths[asked % len(street.paths)] if isinstance(asked, int) else asked
    path = front + path + bend
    environ = {
        "REQUEST_METHOD": method,
        "HTTP_HOST": host,
        "PATH_INFO": path.encode().decode("latin-1"),
        "REQUEST_URI": path + raw,
        "QUERY_STRING": f"preview={street.tokens[token]}" if token >= 0 else "a=b",
        **{f"HTTP_{name}": value for name, value in headers.items()},
    }
    answer = street.town.storefront.answer(read_visit(environ))
    told = answer.headers

    assert answer.status in STATUSES
    assert len(told) == len(answer.fields)
    assert all(value.isascii() and value.isprintable() for value in told.values())
    assert told["X-Content-Type-Options"] == "nosniff" and told["Content-Security-Policy"]
    assert "Content-Length" in told or answer.status == 304
    if method != "HEAD":
        assert int(told.get("Content-Length", "0")) == len(answer.body)
    location = told.get("Location", "/")
    ours = (f"http://{SELLS}:8080/", f"http://{CHANNEL}:8080/")
    assert location.startswith(ours) or (location.startswith("/") and not location.startswith(("//", "/\\")))
    name = host.lower().partition(":")[0].rstrip(".")
    body = _plain(answer)
    allowed = street.own.get(name, set()) | PLATFORM_PAGES
    if answer.status == 206:
        assert any(body in whole for whole in allowed)
    else:
        assert body in allowed
