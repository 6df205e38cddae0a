"""The storefront: the right store's right bytes, and nothing else."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioning.errors import Transient
from provisioning.ports import Set, SiteFile, Snapshot
from provisioning.sites.platform_pages import NOTHING_HERE, STYLE_PATH
from provisioning.sites.publishing import Site
from provisioning.sites.releases import CacheClass
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


@pytest.mark.parametrize(
    ("accepts", "compressed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("*, gzip;q=0.000", False),
        ("*;q=0", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(
    shop: Town, sample_site: Site, accepts: str, compressed: bool
) -> None:
    """Both ways the content is the same, and caches are told that there are two."""
    answer = shop.get("/", accept_encoding=accepts)
    plain = sample_site.files["/"].file.body

    assert answer.headers["Vary"] == "Accept-Encoding"
    assert ("Content-Encoding" in answer.headers) == compressed
    assert (gzip.decompress(answer.body) if compressed else answer.body) == plain


def test_what_was_seen_is_not_sent_again(shop: Town) -> None:
    """304 without a body for the same tag, weak or in a list; each encoding has a tag of its own."""
    tag = shop.get("/").headers["ETag"]
    packed = shop.get("/", accept_encoding="gzip").headers["ETag"]

    assert packed != tag
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = shop.get("/", if_none_match=sent)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == tag
    assert shop.get("/", if_none_match=packed).status == 200
    assert shop.get("/", if_none_match='"other"').status == 200


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
        assert b"Awesome" not in answer.body


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

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Domain" not in cookie
    for path in ("/collections/", picture):
        answer = ready.get(path, cookie=f"a=b; {sent}")
        assert answer.body == sample_site.files[path].file.body
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_previews_cookie_is_for_https_alone_where_there_is_https(
    tmp_path: Path, theme: Theme, sample_site: Site
) -> None:
    town = build_town(tmp_path, theme, "https")
    town.open_store("s1", HOST, sample_site, "READY")
    answer = town.get("/", f"preview={town.tokens.preview('s1')}")

    assert answer.headers["Set-Cookie"].endswith("; Secure")
    assert answer.headers["Strict-Transport-Security"]
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
    read: list[str] = []

    class Counting:
        def get(self, name: str) -> SiteFile | None:
            read.append(name)
            return town.files.get(name)

    storefront = Storefront(town.documents, Counting(), town.tokens, town.addresses, town.clock)  # pyright: ignore[reportArgumentType]
    for _ in range(3):
        storefront.respond(HOST, "GET", "/")
        town.clock.now += 60

    assert len(read) == len(set(read)) == 2


def test_answering_loads_nothing_of_rendering() -> None:
    """A cold start of the storefront pays for neither the template engine nor the catalogue."""
    code = (
        "import sys, provisioning.sites.routing;"
        "print([m for m in ('jinja2', 'provisioning.catalog.products', 'provisioning.themes.packages') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
