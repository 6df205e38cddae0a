"""Sitemaps: an index of parts, within what the protocol allows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

from provisioning.sites.sitemaps import MOST_ADDRESSES, SitemapEntry, write_sitemaps

ADDRESS = "https://shop.example.com"
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_each_kind_of_page_has_a_part() -> None:
    """The index names every part, absolutely, with the newest date in it; a part names its pages."""
    early, late = datetime(2026, 1, 2, 3, 4, 5, 678, UTC), datetime(2026, 2, 1, tzinfo=UTC)
    texts = write_sitemaps(
        ADDRESS,
        [
            SitemapEntry("pages", f"{ADDRESS}/"),
            SitemapEntry("products", f"{ADDRESS}/products/a/", early),
            SitemapEntry("products", f"{ADDRESS}/products/b/", late),
        ],
    )
    index = ElementTree.fromstring(texts["/sitemap.xml"])
    products = ElementTree.fromstring(texts["/sitemaps/products-1.xml"])

    assert set(texts) == {"/sitemap.xml", "/sitemaps/pages-1.xml", "/sitemaps/products-1.xml"}
    assert index.tag == f"{NAMESPACE}sitemapindex"
    assert [e.text for e in index.iter(f"{NAMESPACE}loc")] == [
        f"{ADDRESS}/sitemaps/pages-1.xml",
        f"{ADDRESS}/sitemaps/products-1.xml",
    ]
    assert [e.text for e in index.iter(f"{NAMESPACE}lastmod")] == ["2026-02-01T00:00:00Z"]
    assert products.tag == f"{NAMESPACE}urlset"
    assert [e.text for e in products.iter(f"{NAMESPACE}lastmod")] == [
        "2026-01-02T03:04:05Z",
        "2026-02-01T00:00:00Z",
    ]


def test_no_part_holds_more_than_is_allowed() -> None:
    """The 50,001st address begins another part."""
    entries = [SitemapEntry("products", f"{ADDRESS}/products/{n}/") for n in range(MOST_ADDRESSES + 1)]
    texts = write_sitemaps(ADDRESS, entries)

    assert texts["/sitemaps/products-1.xml"].count("<loc>") == MOST_ADDRESSES == 50_000
    assert texts["/sitemaps/products-2.xml"].count("<loc>") == 1
    assert all(len(text.encode()) < 50 * 1024 * 1024 for text in texts.values())


def test_an_empty_shop_has_an_empty_index() -> None:
    assert re.findall("<loc>", write_sitemaps(ADDRESS, [])["/sitemap.xml"]) == []


def test_addresses_are_escaped() -> None:
    texts = write_sitemaps(ADDRESS, [SitemapEntry("pages", f"{ADDRESS}/?a=1&b=<2>")])

    assert "/?a=1&amp;b=&lt;2&gt;</loc>" in texts["/sitemaps/pages-1.xml"]
