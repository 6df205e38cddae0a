"""The storefront: the right store's right bytes, and nothing else."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest

from provisioning.errors import Transient
from provisioning.local.files import FolderSiteFiles
from provisioning.ports import Set, SiteFile, Snapshot
from provisioning.sites.building import Site, SiteEntry
from provisioning.sites.platform_pages import CLOSED_FOR_NOW, NOTHING_HERE, STYLE_PATH
from provisioning.sites.publishing import publish
from provisioning.sites.releases import (
    CacheClass,
    Redirect,
    decoded,
    read_manifest,
    release_file,
    write_manifest,
)
from provisioning.sites.routing import GRACE_SECONDS, Storefront
from provisioning.themes.packages import Theme
from tests.sites.shops import HOST
from tests.sites.stores import HandClock, Town, build_town

OTHER = "other.localhost"


@pytest.fixture
def town(tmp_path: Path, theme: Theme) -> Iterator[Town]:
    yield build_town(tmp_path, theme)


@pytest.fixture
def shop(town: Town, sample_site: Site) -> Town:
    """A town with one store that sells."""
    town.open_store("s1", HOST, sample_site)
    return town


def _asset(site: Site, suffix: str) -> str:
    return next(p for p in site.files if p.startswith("/assets/") and p.endswith(suffix))


# --- A store that sells -------------------------------------------------------------------------------------


def test_every_file_of_the_release_is_answered(shop: Town, sample_site: Site) -> None:
    """The very bytes that were built, with their type."""
    for path, entry in sample_site.files.items():
        if entry.cache is CacheClass.SYSTEM:
            continue
        answer = shop.get(path)

        assert answer.status == 200, path
        assert answer.body == entry.file.body, path
        assert answer.headers["Content-Type"] == entry.file.content_type
        assert answer.headers["Content-Length"] == str(len(answer.body))


def test_cache_classes(shop: Town, sample_site: Site) -> None:
    """Pages for 10 seconds behind the CDN, hashed files for a year."""
    asset = _asset(sample_site, ".css")

    assert shop.get("/").headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
    assert shop.get("/sitemap.xml").headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
    assert shop.get(asset).headers["Cache-Control"] == "public, max-age=31536000, immutable"


_UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "br"),
        ("gzip, br;q=0.9", "gzip"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("x-gzip", "gzip"),
        ("", None),
        ("identity", None),
        ("identity, gzip;q=0.5", None),
        ("br;q=0, gzip;q=0", None),
        ("*, br;q=0.0, gzip;q=0.000", None),
        ("*;q=0", None),
        ("deflate, zstd", None),
        ("gzip;q=nonsense", None),
    ],
)
def test_the_best_encoding_is_sent_that_the_visitor_takes(
    shop: Town, sample_site: Site, accepts: str, encoding: str | None
) -> None:
    """The content is the same each time, each encoding has a tag of its own, and caches are told that there are several."""
    answer = shop.get("/", accept_encoding=accepts)
    tag = answer.headers["ETag"]

    assert answer.headers.get("Content-Encoding") == encoding
    assert _UNPACKED[encoding](answer.body) == sample_site.files["/"].file.body
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert tag.endswith(f'-{encoding}"') if encoding else "-" not in tag


def test_a_release_of_the_first_format_is_answered(shop: Town, sample_site: Site) -> None:
    """There a blob says by itself that it is gzip; brotli there is none."""
    page = b"<p>An old page.</p>" * 30
    digest = hashlib.sha256(page).hexdigest()
    line = {"blob": f"stores/s1/blobs/{digest[:2]}/{digest}", "sha256": digest, "size": len(page)}
    manifest = {"format": 1, "files": {"/": line | {"type": "text/html; charset=utf-8", "cache": "page"}}}
    shop.files.put(line["blob"], SiteFile(gzip.compress(page), "text/html; charset=utf-8", "gzip"))  # type: ignore[arg-type]
    shop.files.put("stores/s1/releases/old.json", SiteFile(json.dumps(manifest).encode(), "application/json"))
    shop.documents.commit([Set("deployments/s1", {"live": "old"})])
    packed, plain = shop.get("/", accept_encoding="br, gzip"), shop.get("/")

    assert (packed.headers["Content-Encoding"], gzip.decompress(packed.body)) == ("gzip", page)
    assert "Content-Encoding" not in plain.headers
    assert plain.body == page
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_brotli_is_not_loaded_to_answer() -> None:
    """A cold start does not pay for it: what is sent was compressed when it was published."""
    code = "import sys, provisioning.sites.routing; print('brotli' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"


def test_what_was_seen_is_not_sent_again(shop: Town) -> None:
    """304 without a body for the same tag, weak or in a list; each encoding has a tag of its own."""
    tag = shop.get("/").headers["ETag"]
    packed = shop.get("/", accept_encoding="gzip").headers["ETag"]

    assert packed != tag
    for sent in (tag, f"W/{tag}", f'"other", {tag}', f'"a,b",W/{tag} ,"c"', "*", " * "):
        answer = shop.get("/", if_none_match=sent)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == tag
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert not {"Content-Type", "Content-Length", "Content-Encoding"} & set(answer.headers)
    assert shop.get("/", if_none_match=packed).status == 200
    for sent in ('"other"', tag.strip('"'), "W/", tag[:-1], "**"):
        assert shop.get("/", if_none_match=sent).status == 200


def test_only_what_is_still_the_same_is_sent_where_that_is_asked(shop: Town) -> None:
    """`If-Match` compares strongly; a download is not mixed from two releases."""
    tag = shop.get("/").headers["ETag"]

    assert shop.get("/", if_match=tag).status == shop.get("/", if_match="*").status == 200
    for sent in ('"other"', f"W/{tag}"):
        answer = shop.get("/", if_match=sent)
        assert (answer.status, answer.body, answer.headers["Content-Length"]) == (412, b"", "0")


# --- Parts of a file ----------------------------------------------------------------------------------------

FONT = "/assets/sans.0123456789abcdef.woff2"
BYTES = bytes(range(256)) * 4


@pytest.fixture
def fonts(town: Town) -> Town:
    """A store with one file that is not compressed."""
    file = SiteEntry(SiteFile(BYTES, "font/woff2"), CacheClass.IMMUTABLE)
    town.open_store("s1", HOST, Site("upfront-modern", "1.0.0", {FONT: file}))
    return town


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=1000-", 1000, 1023),
        ("bytes=1000-999999", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=-99999", 0, 1023),
        ("bytes= 10-19 ", 10, 19),
    ],
)
def test_a_part_of_a_file_is_answered(fonts: Town, asked: str, first: int, last: int) -> None:
    answer = fonts.get(FONT, range=asked)

    assert answer.status == 206
    assert answer.body == BYTES[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/1024"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.headers["Content-Type"] == "font/woff2"


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=99999-100000", "bytes=-0"])
def test_a_part_behind_the_end_is_refused(fonts: Town, asked: str) -> None:
    answer = fonts.get(FONT, range=asked)

    assert (answer.status, answer.body) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */1024"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,4-5",
        "bytes=5-4",
        "bytes=",
        "bytes=a-b",
        "lines=0-1",
        "bytes=--1",
        "bytes=0-" + "9" * 5_000,
        "bytes=" + "0-1," * 500,
        "bytes=\u0661-\u0662",
    ],
)
def test_what_is_no_single_part_is_answered_with_the_whole(fonts: Town, asked: str) -> None:
    answer = fonts.get(FONT, range=asked)

    assert (answer.status, answer.body) == (200, BYTES)
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_part_is_of_the_file_that_the_visitor_knows(fonts: Town) -> None:
    """`If-Range` with another tag, a weak one or a date: all of it."""
    tag = fonts.get(FONT).headers["ETag"]

    assert fonts.get(FONT, range="bytes=0-1", if_range=tag).status == 206
    for other in ('"other"', f"W/{tag}", "Wed, 25 Nov 2026 10:00:00 GMT"):
        assert fonts.get(FONT, range="bytes=0-1", if_range=other).body == BYTES


def test_a_text_is_never_answered_in_part(shop: Town, sample_site: Site) -> None:
    """Its bytes depend on the encoding; a head has no parts either."""
    for path in ("/", _asset(sample_site, ".css")):
        answer = shop.get(path, range="bytes=0-1", accept_encoding="gzip")
        assert answer.status == 200
        assert "Accept-Ranges" not in answer.headers
    assert shop.get("/", method="HEAD", range="bytes=0-1").status == 200


def test_a_head_has_no_part(fonts: Town) -> None:
    answer = fonts.get(FONT, method="HEAD", range="bytes=0-1")

    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "1024", b"")


def test_head_is_get_without_a_body(shop: Town) -> None:
    get, head = shop.get("/"), shop.get("/", method="HEAD")

    assert head.body == b""
    assert (head.status, head.headers) == (get.status, get.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_nothing_can_be_sent(shop: Town, method: str) -> None:
    answer = shop.get("/", method=method)

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_what_is_not_there_is_the_themes_404(shop: Town) -> None:
    """With the shop's header, and never kept for long."""
    answer = shop.get("/nothing/here")

    assert answer.status == 404
    assert b"This page has moved on." in answer.body
    assert b"Awesome Store" in answer.body
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"


@pytest.mark.parametrize("path", ["/404.html", "/coming-soon.html"])
def test_system_pages_have_no_address(shop: Town, path: str) -> None:
    assert shop.get(path).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../../stores/s2/releases/x.json",
        "/products/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//evil.example",
        "//evil.example/",
        "///",
        "/\x00",
        "/products\\aurora-headphones",
        "/" + "a" * 100_000,
        "/" + "a/" * 5_000,
        "products/aurora-headphones/",
        "/Products/aurora-headphones/",
        "/products//aurora-headphones/",
        "/./",
        "/\u2024\u2024/",
        "/\r\nSet-Cookie: x=1",
        "/stores/s1/blobs/aa/aa",
    ],
)
def test_path_tricks_find_nothing(shop: Town, path: str) -> None:
    """404, no redirect, no error."""
    answer = shop.get(path)

    assert answer.status == 404
    assert "Location" not in answer.headers


def test_a_missing_slash_is_added_on_the_same_host(shop: Town) -> None:
    """By a relative address that keeps the query, unless the query is not one."""
    answer = shop.get("/products/aurora-headphones", "variant=sand")
    hostile = shop.get("/products/aurora-headphones", "a=\r\nSet-Cookie: x=1")

    assert answer.status == 301
    assert answer.headers["Location"] == "/products/aurora-headphones/?variant=sand"
    assert hostile.headers["Location"] == "/products/aurora-headphones/"
    assert shop.get("/index.html").headers["Location"] == "/"
    assert shop.get("/collections/index.html").headers["Location"] == "/collections/"


# --- Which store --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", [HOST, HOST.upper(), f"{HOST}:8080", f"{HOST}.", f"{HOST}.:8080"])
def test_a_host_is_found_however_it_is_written(shop: Town, host: str) -> None:
    assert shop.get("/", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "nobody.localhost",
        ".",
        "..",
        f"{HOST}@evil",
        f"{HOST}/x",
        "a b",
        "x" * 400,
        "x" * 120 + ".localhost",
        "x" * 119 + ".localhost",
        "a..b",
        "-a.localhost",
        "[::1]",
        "ＡＷＥ.localhost",
        "a\x00b",
    ],
)
def test_an_unknown_host_shows_no_store(shop: Town, host: str) -> None:
    """A neutral 404 that nobody may keep."""
    answer = shop.get("/", host=host)

    assert (answer.status, answer.body) == (404, NOTHING_HERE)
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"Awesome" not in answer.body


def test_stores_do_not_see_each_other(shop: Town, real_site: Site) -> None:
    """A path of one store does not exist on the other's host."""
    shop.open_store("s2", OTHER, real_site)

    assert shop.get("/products/desk-lamp/", host=OTHER).status == 200
    assert shop.get("/products/desk-lamp/", host=HOST).status == 404
    assert shop.get("/products/aurora-headphones/", host=OTHER).status == 404
    assert b"Light House" in shop.get("/", host=OTHER).body


def test_a_new_host_is_there_within_a_second(town: Town, sample_site: Site) -> None:
    """The answer that there is nobody is forgotten after one second, and not before."""
    assert town.get("/").status == 404
    town.open_store("s1", HOST, sample_site)

    assert town.get("/").status == 404
    town.clock.now += 1.01
    assert town.get("/").status == 200


def test_a_promotion_and_a_revert_show_within_two_seconds(
    shop: Town, sample_site: Site, real_site: Site
) -> None:
    """Both are one write of the pointer."""
    old = shop.open_store("s1", HOST, sample_site)
    assert b"Awesome Store" in shop.get("/").body
    shop.open_store("s1", HOST, real_site)
    shop.clock.now += 2.01
    assert b"Light House" in shop.get("/").body
    shop.documents.commit([Set("deployments/s1", {"live": old})])
    shop.clock.now += 2.01

    assert b"Awesome Store" in shop.get("/").body


# --- Before opening, and after ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["CREATING", "READY"])
@pytest.mark.parametrize("path", ["/", "/products/aurora-headphones/", "/nothing"])
def test_before_opening_the_public_sees_coming_soon(
    town: Town, sample_site: Site, status: str, path: str
) -> None:
    """200, in the store's theme, kept by nobody, for no search engine; nothing of the shelves."""
    town.open_store("s1", HOST, sample_site, status)
    answer = town.get(path)

    assert answer.status == 200
    assert b"Awesome Store is almost ready." in answer.body
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["/sitemap.xml", "/.env", "/pictures/nothing.svg", "/wp-login.php"])
def test_before_opening_no_file_is_taken_for_the_coming_soon_page(
    town: Town, sample_site: Site, path: str
) -> None:
    """Whoever asks for a file that is not public is told so."""
    town.open_store("s1", HOST, sample_site, "READY")

    assert town.get(path).status == 404


def test_before_opening_the_icon_is_there(town: Town, sample_site: Site) -> None:
    """Browsers ask for it beside the coming-soon page."""
    town.open_store("s1", HOST, sample_site, "READY")

    assert town.get("/favicon.ico").headers["Content-Type"].startswith("image/")


def test_before_opening_robots_are_kept_out_and_assets_are_there(town: Town, sample_site: Site) -> None:
    """The coming-soon page can be styled; pictures of products are not public yet."""
    town.open_store("s1", HOST, sample_site, "READY")
    picture = next(p for p in sample_site.files if p.startswith("/pictures/"))

    assert town.get("/robots.txt").body == b"User-agent: *\nDisallow: /\n"
    assert town.get(_asset(sample_site, ".css")).headers["Content-Type"].startswith("text/css")
    assert town.get(picture).headers["Content-Type"].startswith("text/html")


def test_a_store_without_a_release_opens_soon_too(town: Town) -> None:
    town.open_store("s1", HOST, None, "CREATING")
    answer = town.get("/")

    assert answer.status == 200
    assert b"Opening soon" in answer.body
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_suspended_store_is_closed(shop: Town) -> None:
    """503 with a time to come back, on every path, and no page of the shop."""
    shop.set_status("s1", "SUSPENDED")
    for path in ("/", "/products/aurora-headphones/", "/robots.txt"):
        answer = shop.get(path)

        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert b"/products/" not in answer.body


@pytest.mark.parametrize("status", ["ARCHIVED", "DELETED"])
def test_a_store_that_is_gone_is_an_unknown_one(shop: Town, status: str) -> None:
    shop.set_status("s1", status)
    answer = shop.get("/")

    assert (answer.status, answer.body) == (404, NOTHING_HERE)
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_host_whose_store_is_missing_shows_nothing(town: Town) -> None:
    town.documents.commit([Set(f"hosts/{HOST}", {"store_id": "gone"})])

    assert town.get("/").status == 404


# --- Preview ------------------------------------------------------------------------------------------------


@pytest.fixture
def ready(town: Town, sample_site: Site) -> Town:
    town.open_store("s1", HOST, sample_site, "READY")
    return town


def test_a_preview_shows_the_release(ready: Town, sample_site: Site) -> None:
    """Page and assets, for the one who has the token alone: private, kept by nobody, no search engine."""
    token = ready.tokens.preview("s1")
    for path in ("/", "/products/aurora-headphones/", _asset(sample_site, ".css")):
        answer = ready.get(path, f"preview={token}")

        assert answer.status == 200
        assert answer.body == sample_site.files[path].file.body
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_preview_goes_on_by_its_cookie(ready: Town, sample_site: Site) -> None:
    """The cookie is the host's alone, hidden from scripts, and opens every page and picture."""
    first = ready.get("/", f"preview={ready.tokens.preview('s1')}")
    cookie = first.headers["Set-Cookie"]
    sent = cookie.partition(";")[0]
    picture = next(p for p in sample_site.files if p.startswith("/pictures/"))

    assert "HttpOnly" in cookie and "Path=/" in cookie
    # A frame of the dashboard, which is another site, keeps no other. A browser takes localhost for secure.
    assert cookie.endswith("; SameSite=None; Secure; Partitioned")
    assert "Domain" not in cookie
    for path in ("/collections/", picture):
        answer = ready.get(path, cookie=f"a=b; {sent}")
        assert answer.body == sample_site.files[path].file.body
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_previews_cookie_is_for_https_alone_where_there_is_https(
    tmp_path: Path, theme: Theme, sample_site: Site
) -> None:
    """A domain of ours by http, as in a test network, keeps the cookie without a frame."""
    for scheme, end in (
        ("https", "; SameSite=None; Secure; Partitioned"),
        ("http", "; HttpOnly; SameSite=Lax"),
    ):
        town = build_town(tmp_path / scheme, theme, scheme, "stores.example")
        town.open_store("s1", "shop.stores.example", sample_site, "READY")
        link = f"preview={town.tokens.preview('s1')}"
        assert town.get("/", link, host="shop.stores.example").headers["Set-Cookie"].endswith(end)


def test_https_stays_https(tmp_path: Path, theme: Theme, sample_site: Site) -> None:
    """For this host alone: a merchant's domain has hosts that are not ours."""
    town = build_town(tmp_path, theme, "https")
    town.open_store("s1", HOST, sample_site)
    answer = town.get("/")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["Content-Security-Policy"].endswith("; upgrade-insecure-requests")


def test_other_tokens_open_nothing(ready: Town) -> None:
    """Another store's, a forged one, an empty one, one of another kind."""
    tokens = ready.tokens
    for token in (tokens.preview("s2"), tokens.preview("s1") + "x", "", "x" * 5_000, tokens.session("s1")):
        answer = ready.get("/", f"preview={token}")
        by_cookie = ready.get("/", cookie=f"preview={token}")

        assert b"almost ready" in answer.body
        assert b"almost ready" in by_cookie.body
        assert "Set-Cookie" not in answer.headers


def test_a_preview_of_an_open_store_is_not_kept(shop: Town) -> None:
    answer = shop.get("/", f"preview={shop.tokens.preview('s1')}")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_preview_opens_no_suspended_store(shop: Town) -> None:
    shop.set_status("s1", "SUSPENDED")

    assert shop.get("/", f"preview={shop.tokens.preview('s1')}").status == 503


# --- Preview channels ---------------------------------------------------------------------------------------

CHANNEL = "preview-autumn"
CHANNEL_HOST = f"{CHANNEL}--{HOST}"


@pytest.fixture
def channel(shop: Town, sample_site: Site, real_site: Site) -> Town:
    """A store that sells, with another release in a channel."""
    now = shop.documents.get("stores/s1").read_time
    other = publish(shop.files, "s1", real_site).id
    ends = now + timedelta(days=7)
    shop.deploy("s1", channels={CHANNEL: {"release": other, "expires_at": ends}})
    return shop


def _link(town: Town, channel: str = CHANNEL) -> str:
    return f"preview={town.tokens.preview('s1', channel)}"


def test_a_channel_shows_its_release_on_a_host_of_its_own(channel: Town, real_site: Site) -> None:
    """By its link and then by its cookie; private, for no search engine, and the live pages are as they were."""
    first = channel.get("/", _link(channel), host=CHANNEL_HOST)
    cookie = first.headers["Set-Cookie"].partition(";")[0]
    picture = next(p for p in real_site.files if p.startswith("/assets/"))

    assert b"Light House" in first.body
    for path in ("/", "/products/desk-lamp/", picture, "/nothing"):
        answer = channel.get(path, host=CHANNEL_HOST, cookie=cookie)
        assert answer.status == (404 if path == "/nothing" else 200)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Cache-Tag" not in answer.headers
    assert b"Awesome Store" in channel.get("/").body
    assert b"Awesome Store" in channel.get("/", cookie=cookie).body


def test_a_channels_link_on_the_stores_host_leads_to_the_channels(channel: Town) -> None:
    """With the path and the token; nobody keeps the redirect."""
    link = _link(channel)
    answer = channel.get("/products/desk-lamp/", link)

    assert answer.status == 302
    assert answer.headers["Location"] == f"http://{CHANNEL_HOST}:8080/products/desk-lamp/?{link}"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_before_opening_a_channel_is_shown_as_well(channel: Town) -> None:
    channel.set_status("s1", "READY")
    channel.clock.now += 2.01

    assert b"Light House" in channel.get("/", _link(channel), host=CHANNEL_HOST).body
    assert channel.get("/", _link(channel)).status == 302


@pytest.mark.parametrize("path", ["/", "/products/desk-lamp/", "/sitemap.xml", "/nothing"])
def test_without_its_link_a_channel_says_nothing(channel: Town, path: str) -> None:
    """The same answer for a channel that is there and one that is not, for a wrong token and for none."""
    asked = [
        ("", CHANNEL_HOST),
        (_link(channel, "live"), CHANNEL_HOST),
        (_link(channel, "preview-spring"), CHANNEL_HOST),
        (f"preview={channel.tokens.preview('s2', CHANNEL)}", CHANNEL_HOST),
        ("preview=forged", CHANNEL_HOST),
        (_link(channel, "preview-spring"), f"preview-spring--{HOST}"),
        (_link(channel), f"{CHANNEL}--nobody.localhost"),
        ("", f"preview-x---{HOST}"),
    ]
    answers = {(a.status, a.body) for a in (channel.get(path, q, host=h) for q, h in asked)}

    assert len(answers) == 1
    assert answers.pop()[0] == 404


@pytest.mark.parametrize(
    "host", ["x--.localhost", "preview-x--.localhost", "--.localhost", f"live--{HOST}", f"xn--{HOST}"]
)
def test_two_hyphens_make_no_channel(channel: Town, host: str) -> None:
    answer = channel.get("/", _link(channel, "live"), host=host)

    assert (answer.status, answer.body) == (404, NOTHING_HERE)


def test_a_channels_hashed_files_need_no_cookie(channel: Town, real_site: Site) -> None:
    """A browser may refuse it in a frame, and the page would be without its style."""
    answer = channel.get(_asset(real_site, ".css"), host=CHANNEL_HOST)

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_channel_that_is_over_is_closed(channel: Town) -> None:
    """By the database's clock."""
    deployment = channel.documents.get("deployments/s1")
    assert deployment.data
    over = deployment.data["channels"][CHANNEL] | {"expires_at": deployment.read_time}
    channel.deploy("s1", channels={CHANNEL: over})

    assert channel.get("/", _link(channel), host=CHANNEL_HOST).status == 404
    assert channel.get("/", _link(channel)).status == 404


def test_a_closed_store_shows_no_channel(channel: Town) -> None:
    channel.set_status("s1", "SUSPENDED")
    channel.clock.now += 2.01

    assert channel.get("/", _link(channel), host=CHANNEL_HOST).status == 404


def test_robots_stay_out_of_channels(channel: Town) -> None:
    assert channel.get("/robots.txt", host=CHANNEL_HOST).body == b"User-agent: *\nDisallow: /\n"


def test_a_preview_can_be_ended(channel: Town) -> None:
    """`?preview=off` takes the cookie back, and shows what the public sees."""
    answer = channel.get("/", "preview=off", host=CHANNEL_HOST, cookie=_link(channel))
    assert "Max-Age=0" not in answer.headers.get("Set-Cookie", "")
    answer = channel.get("/", "preview=off", host=CHANNEL_HOST)

    assert answer.status == 404
    assert answer.headers["Set-Cookie"].startswith("preview=; Path=/; Max-Age=0;")


def test_only_the_dashboard_frames_a_preview(channel: Town) -> None:
    """Nobody frames what the public sees."""
    preview = channel.get("/", _link(channel), host=CHANNEL_HOST).headers["Content-Security-Policy"]

    assert "frame-ancestors http://localhost:8080" in preview
    assert "frame-ancestors 'none'" in channel.get("/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in channel.get("/", host=CHANNEL_HOST).headers["Content-Security-Policy"]


# --- Redirects and other hosts ------------------------------------------------------------------------------


def _release(town: Town, site: Site, **redirects: Redirect) -> None:
    """The site, live, with redirects."""
    live = town.open_store("s1", HOST, site)
    file = town.files.get(release_file("s1", str(live)))
    assert file
    manifest = replace(
        read_manifest(decoded(file)), redirects={f"/{path}/": to for path, to in redirects.items()}
    )
    town.files.put(release_file("s1", "moved"), SiteFile(write_manifest(manifest), "application/json"))
    town.deploy("s1", live="moved")


def test_what_has_moved_leads_to_where_it_is(town: Town, sample_site: Site) -> None:
    """As the release says; with and without the slash, and with the query."""
    _release(
        town,
        sample_site,
        old=Redirect("/collections/", 308),
        gone=Redirect("/caf\u00e9/?a=b"),
        products=Redirect("/nowhere/"),
    )
    answer = town.get("/old/", "page=2")

    assert (answer.status, answer.headers["Location"]) == (308, "/collections/?page=2")
    assert town.get("/old").headers["Location"] == "/collections/"
    assert town.get("/gone/", "c=d").headers["Location"] == "/caf%C3%A9/?a=b"
    assert town.get("/products/aurora-headphones/").status == 200


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\r\nSet-Cookie: x=1",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_release_redirects_to_no_other_host(town: Town, sample_site: Site, to: str) -> None:
    """Whatever its manifest says."""
    _release(town, sample_site, old=Redirect(to))

    assert town.get("/old/").status == 404


def test_a_secondary_host_leads_to_the_primary(shop: Town) -> None:
    """The same page there, for good; as long as the primary is the same store's."""
    shop.documents.commit([Set(f"hosts/{OTHER}", {"store_id": "s1", "redirect": HOST})])
    answer = shop.get("/products/desk-lamp/", "a=b", host=OTHER)

    assert answer.status == 301
    assert answer.headers["Location"] == f"http://{HOST}:8080/products/desk-lamp/?a=b"
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
    for path, written in (
        ("/caf\u00e9/", "/caf%C3%A9/"),
        ("/\r\nSet-Cookie: x", "/%0D%0ASet-Cookie:%20x"),
        ("//evil.example/", "//evil.example/"),
        ("no-path", "/"),
    ):
        location = shop.get(path, host=OTHER).headers["Location"]
        assert location == f"http://{HOST}:8080{written}"


@pytest.mark.parametrize("primary", ["foreign.localhost", "nobody.localhost", OTHER, "", "a b", 7, None])
def test_a_host_leads_to_no_other_stores(shop: Town, real_site: Site, primary: object) -> None:
    """A redirect to what is not this store's own is as if it were not there."""
    shop.open_store("s2", "foreign.localhost", real_site)
    shop.documents.commit([Set(f"hosts/{OTHER}", {"store_id": "s1", "redirect": primary})])
    answer = shop.get("/", host=OTHER)

    assert answer.status == 200
    assert b"Awesome Store" in answer.body


# --- What old pages need ------------------------------------------------------------------------------------


def test_a_page_that_somebody_keeps_still_finds_its_files(
    shop: Town, sample_site: Site, real_site: Site
) -> None:
    """Hashed files of recent releases are answered as ever; their pages are not."""
    old = shop.documents.get("deployments/s1").data
    assert old
    new = publish(shop.files, "s1", real_site).id
    shop.deploy("s1", live=new, recent=[old["live"]])
    gone = [p for p in sample_site.files if p not in real_site.files]
    hashed = [p for p in gone if sample_site.files[p].cache is CacheClass.IMMUTABLE]

    assert hashed
    for path in hashed:
        answer = shop.get(path)
        assert (answer.status, answer.body) == (200, sample_site.files[path].file.body)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shop.get("/products/aurora-headphones/").status == 404


def test_files_of_releases_long_gone_are_gone(shop: Town, sample_site: Site, real_site: Site) -> None:
    """Ten releases are looked at; one that was cleared away is passed over."""
    old = shop.documents.get("deployments/s1").data
    assert old
    new = publish(shop.files, "s1", real_site).id
    picture = next(p for p in sample_site.files if p.startswith("/pictures/") and p not in real_site.files)
    shop.deploy("s1", live=new, recent=["cleared-away"] * 9 + [old["live"]])
    assert shop.get(picture).status == 200
    shop.deploy("s1", live=new, recent=["cleared-away"] * 10 + [old["live"]])

    assert shop.get(picture).status == 404


def test_strangers_cannot_have_old_releases_read_again_and_again(
    shop: Town, sample_site: Site, real_site: Site
) -> None:
    """However many hashed files are asked for that never were."""
    old = shop.documents.get("deployments/s1").data
    assert old
    shop.deploy("s1", live=publish(shop.files, "s1", real_site).id, recent=[old["live"]])
    read = _Counting(shop.files)
    storefront = Storefront(shop.documents, read, shop.tokens, shop.addresses, shop.clock)
    for number in range(200):
        answer = storefront.respond(HOST, "GET", f"/assets/x.{number:016x}.css")
        assert answer.status == 404

    # The live manifest, the old one, and the page that says that nothing is there.
    assert len(read.names) == 3


# --- A store that is closed for a while ---------------------------------------------------------------------


def test_a_closed_store_shows_its_own_page_with_its_style(town: Town, sample_site: Site) -> None:
    """On every path, with 503 and a time to come back; its assets are there, and nothing else."""
    page = SiteEntry(SiteFile(b"<h1>Stocktaking</h1>" * 20, "text/html; charset=utf-8"), CacheClass.SYSTEM)
    site = replace(sample_site, files={**sample_site.files, "/maintenance.html": page})
    town.open_store("s1", HOST, site, "SUSPENDED")
    for path in ("/", "/products/aurora-headphones/", "/robots.txt", "/maintenance.html"):
        answer = town.get(path)
        assert (answer.status, answer.body) == (503, page.file.body)
        assert answer.headers["Retry-After"] == "600"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
    picture = next(p for p in sample_site.files if p.startswith("/pictures/"))

    assert town.get(_asset(sample_site, ".css")).status == 200
    assert town.get(picture).status == 503
    assert town.get("/", if_none_match=town.get("/").headers["ETag"]).status == 503


def test_a_closed_store_whose_theme_has_no_page_for_it_shows_the_platforms(
    town: Town, sample_site: Site
) -> None:
    """Which names no store."""
    files = {path: entry for path, entry in sample_site.files.items() if path != "/maintenance.html"}
    town.open_store("s1", HOST, replace(sample_site, files=files), "SUSPENDED")

    assert town.get("/").body == CLOSED_FOR_NOW


def test_a_closed_store_is_closed_whatever_fails(town: Town, sample_site: Site) -> None:
    """A release that cannot be read makes no other answer of it."""
    town.open_store("s1", HOST, sample_site, "SUSPENDED")
    town.deploy("s1", live="missing")

    assert town.get("/").headers["Retry-After"] == "600"
    assert town.get("/assets/x.css").headers["Retry-After"] == "600"


# --- Headers ------------------------------------------------------------------------------------------------


def test_every_answer_carries_the_security_headers(ready: Town, sample_site: Site, real_site: Site) -> None:
    """Pages, redirects, errors and the platform's own pages."""
    ready.open_store("s2", OTHER, real_site)
    answers = [
        ready.get("/"),
        ready.get("/", host=OTHER),
        ready.get("/collections", host=OTHER),
        ready.get("/none", host=OTHER),
        ready.get("/", host="nobody.localhost"),
        ready.get("/", method="POST"),
        ready.get(STYLE_PATH),
    ]
    assert [a.status for a in answers] == [200, 200, 301, 404, 404, 405, 200]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_a_picture_opened_by_itself_can_do_nothing(shop: Town, sample_site: Site) -> None:
    picture = next(p for p in sample_site.files if p.endswith(".svg"))

    assert "sandbox" in shop.get(picture).headers["Content-Security-Policy"]
    assert "script-src" not in shop.get(picture).headers["Content-Security-Policy"]


# --- When things fail ---------------------------------------------------------------------------------------


class _Counting:
    """Files that say what they were asked for, and fail for a name in `broken`."""

    def __init__(self, files: FolderSiteFiles) -> None:
        self._files = files
        self.names: list[str] = []
        self.broken: set[str] = set()

    def get(self, name: str) -> SiteFile | None:
        self.names.append(name)
        if name in self.broken:
            raise Transient("no answer")
        return self._files.get(name)


class _Brittle:
    """Documents that can be made to fail, and count what they are asked."""

    def __init__(self, data: dict[str, dict[str, object]]) -> None:
        self.data = data
        self.broken = False
        self.asked = 0

    def get(self, path: str) -> Snapshot:
        self.asked += 1
        if self.broken:
            raise Transient("no answer")
        return Snapshot(path, self.data.get(path), datetime.now(UTC))

    def get_all(self, paths: Sequence[str]) -> list[Snapshot]:
        return [self.get(path) for path in paths]


def _brittle(town: Town, site: Site) -> tuple[_Brittle, Storefront, HandClock]:
    release = town.open_store("s1", HOST, site)
    documents = _Brittle(
        {
            f"hosts/{HOST}": {"store_id": "s1"},
            "stores/s1": {"status": "ACTIVE"},
            "deployments/s1": {"live": release},
        }
    )
    clock = HandClock()
    return documents, Storefront(documents, town.files, town.tokens, town.addresses, clock), clock  # pyright: ignore[reportArgumentType]


def test_shops_outlive_a_short_failure_of_the_database(town: Town, sample_site: Site) -> None:
    """The last known state is good for a minute; then, and for hosts not seen before, 503."""
    documents, storefront, clock = _brittle(town, sample_site)
    assert storefront.respond(HOST, "GET", "/").status == 200
    documents.broken = True
    clock.now += 30

    assert storefront.respond(HOST, "GET", "/").status == 200
    assert storefront.respond(OTHER, "GET", "/").status == 503
    clock.now += GRACE_SECONDS
    answer = storefront.respond(HOST, "GET", "/")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    documents.broken = False
    clock.now += 1.01
    assert storefront.respond(HOST, "GET", "/").status == 200


def test_a_warm_page_asks_nobody(town: Town, sample_site: Site) -> None:
    """Within two seconds neither documents nor files are read again; after them, three documents."""
    documents, storefront, clock = _brittle(town, sample_site)
    storefront.respond(HOST, "GET", "/")
    assert documents.asked == 3
    for _ in range(20):
        storefront.respond(HOST, "GET", "/")
    assert documents.asked == 3
    clock.now += 2.01
    storefront.respond(HOST, "GET", "/")

    assert documents.asked == 6


def test_many_visitors_at_once_ask_once(town: Town, sample_site: Site) -> None:
    """When the state expires under load, one thread reads and the others wait for it."""
    documents, storefront, _ = _brittle(town, sample_site)
    barrier = threading.Barrier(16)
    statuses: list[int] = []

    def visit() -> None:
        barrier.wait()
        statuses.append(storefront.respond(HOST, "GET", "/").status)

    threads = [threading.Thread(target=visit) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 16
    assert documents.asked == 3


def test_a_release_that_lacks_a_file_is_no_500(town: Town, sample_site: Site) -> None:
    """A pointer at nothing is 503: it may be a file that is not visible yet."""
    town.open_store("s1", HOST, sample_site)
    town.documents.commit([Set("deployments/s1", {"live": "0000"})])

    assert town.get("/").status == 503


def test_a_release_that_cannot_be_read_yet_is_stood_in_for(
    shop: Town, sample_site: Site, real_site: Site
) -> None:
    """For a minute after a promotion the release before it goes on, if its manifest is at hand; then it is a 503."""
    files = _Counting(shop.files)
    shop.storefront = Storefront(shop.documents, files, shop.tokens, shop.addresses, shop.clock)
    assert b"Awesome Store" in shop.get("/").body
    before = shop.documents.get("deployments/s1")
    assert before.data
    new = publish(shop.files, "s1", real_site).id
    files.broken.add(release_file("s1", new))
    fields = {"live": new, "recent": [before.data["live"]], "released_at": before.read_time}
    shop.deploy("s1", **fields)
    assert b"Awesome Store" in shop.get("/").body
    shop.deploy("s1", **fields | {"released_at": before.read_time - timedelta(seconds=61)})
    assert shop.get("/").status == 503
    files.broken.clear()

    assert b"Light House" in shop.get("/").body


def test_a_status_that_nobody_knows_is_no_500(shop: Town) -> None:
    """A later version may write one: this one waits."""
    shop.set_status("s1", "HIBERNATING")

    assert shop.get("/").status == 503


def test_memory_is_bounded(town: Town, sample_site: Site) -> None:
    """Visiting everything keeps no more than the capacity, and everything is still answered."""
    town.open_store("s1", HOST, sample_site)
    small = Storefront(town.documents, town.files, town.tokens, town.addresses, town.clock, capacity=400_000)
    for _ in range(2):
        for path, entry in sample_site.files.items():
            if entry.cache is not CacheClass.SYSTEM:
                assert small.respond(HOST, "GET", path).status == 200

    assert 0 < small.memory_used <= 400_000


def test_files_are_read_once(town: Town, sample_site: Site) -> None:
    """Immutable things never need to be looked at again."""
    town.open_store("s1", HOST, sample_site)
    read = _Counting(town.files)
    storefront = Storefront(town.documents, read, town.tokens, town.addresses, town.clock)
    for _ in range(3):
        storefront.respond(HOST, "GET", "/")
        town.clock.now += 60

    assert len(read.names) == len(set(read.names)) == 2


def test_answering_loads_nothing_of_rendering() -> None:
    """A cold start of the storefront pays for neither the template engine nor the catalogue."""
    code = (
        "import sys, provisioning.sites.routing;"
        "print([m for m in ('jinja2', 'provisioning.catalog.products', 'provisioning.themes.packages') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
