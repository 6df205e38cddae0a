"""
Sitemaps: an index of parts, one or more for each kind of page.

A date stands beside an address only where it is known when the content changed, as search engines stop believing dates
that move without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

#: What the protocol allows in one part.
MOST_ADDRESSES = 50_000
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
INDEX_PATH = "/sitemap.xml"


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page that search engines are told of; `part` is `pages`, `collections` or `products`."""

    part: str
    address: str
    changed: datetime | None = None


def write_sitemaps(
    address: str, entries: Iterable[SitemapEntry], most: int = MOST_ADDRESSES
) -> dict[str, str]:
    """The texts of the sitemaps by their paths; `most` is how many addresses one part holds."""
    by_part: dict[str, list[SitemapEntry]] = {}
    for entry in entries:
        by_part.setdefault(entry.part, []).append(entry)
    parts = {
        f"/sitemaps/{part}-{number}.xml": chunk
        for part, found in by_part.items()
        for number, chunk in enumerate(_chunks(found, most), start=1)
    }
    texts = {path: _urlset(chunk) for path, chunk in parts.items()}
    index = [SitemapEntry("", f"{address}{path}", _newest(chunk)) for path, chunk in parts.items()]
    return {INDEX_PATH: _list("sitemapindex", "sitemap", index)} | texts


def _chunks(entries: Sequence[SitemapEntry], most: int) -> Iterator[Sequence[SitemapEntry]]:
    for start in range(0, len(entries), most):
        yield entries[start : start + most]


def _newest(entries: Iterable[SitemapEntry]) -> datetime | None:
    return max((e.changed for e in entries if e.changed), default=None)


def _urlset(entries: Iterable[SitemapEntry]) -> str:
    return _list("urlset", "url", entries)


def _list(outer: str, inner: str, entries: Iterable[SitemapEntry]) -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{outer} xmlns="{_SCHEMA}">']
    for entry in entries:
        changed = f"<lastmod>{_written(entry.changed)}</lastmod>" if entry.changed else ""
        lines.append(f"<{inner}><loc>{escape(entry.address)}</loc>{changed}</{inner}>")
    return "\n".join([*lines, f"</{outer}>", ""])


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
