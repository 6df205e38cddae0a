"""docs/storefront.md says what stores answer: its tables and numbers are the code's."""

from __future__ import annotations

from provisioning.sites import negotiation, routing
from provisioning.sites.headers import CACHE_CONTROL, HTML, NO_STORE, PRIVATE, Headers, Terms, cache_tag
from provisioning.sites.manifests import BYTES_OF_LINE
from provisioning.sites.releases import CacheClass
from provisioning.stores.addresses import Addresses
from provisioning.stores.stores import StoreStatus

from .pages import ROOT, code_words, section, table_cells

TEXT = (ROOT / "docs/storefront.md").read_text(encoding="utf-8")


def test_the_security_headers_are_those_that_are_sent() -> None:
    """By https, of a page that everybody sees; in full, and no other."""
    headers = Headers(Addresses("stores.example", "dashboard.example"))
    sent = dict(headers.of(HTML, Terms(NO_STORE)))
    assert sent.pop("Cache-Control") == NO_STORE
    table = section(TEXT, "## What a browser may do")
    shown = zip(table_cells(table, 0), table_cells(table, 1), strict=True)

    assert {name.strip("`"): value.strip("`") for name, value in shown} == sent


def test_the_cache_classes_are_those_that_are_sent() -> None:
    table = section(TEXT, "## What may be kept, and for how long")
    shown = [cell.strip("`") for cell in table_cells(table, 1)]

    assert shown == [CACHE_CONTROL[CacheClass.PAGE], CACHE_CONTROL[CacheClass.IMMUTABLE], PRIVATE, NO_STORE]
    assert CACHE_CONTROL[CacheClass.SYSTEM] == CACHE_CONTROL[CacheClass.PAGE]
    assert cache_tag("<id>") in table


def test_every_status_of_a_store_has_its_answer() -> None:
    statuses = {str(status) for status in StoreStatus}

    assert statuses <= code_words(section(TEXT, "## Hosts"))


def test_the_numbers_are_the_codes() -> None:
    """Seconds, lengths and bytes, as the page has them in words."""
    assert routing.HOST_SECONDS == 2 and "within two seconds" in TEXT
    assert routing.UNKNOWN_HOST_SECONDS == 1 and "again after a second" in TEXT
    assert routing.GRACE_SECONDS == 60 and "good for a minute" in TEXT
    assert f"Retry-After: {routing.RETRY_AFTER_SECONDS}" in TEXT
    assert routing.RECENT_RELEASES == 10 and "ten releases before" in TEXT
    assert f"{negotiation.MAX_PATH:,} characters" in TEXT
    assert f"{routing.Storefront.__dataclass_fields__['capacity'].default // 2**20} MiB" in TEXT
    assert f"5,000 files takes {5_000 * BYTES_OF_LINE / 1e6:.1f} MB" in TEXT
    assert f"{routing.PREVIEW_COOKIE}={routing.PREVIEW_OFF}" in TEXT
