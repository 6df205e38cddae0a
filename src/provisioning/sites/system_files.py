"""What a shop answers beside its pages: for search engines, for browsers that install it, for its own search."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provisioning.sites.releases import CacheClass
from provisioning.sites.shop import Shop
from provisioning.sites.sitemaps import INDEX_PATH, SitemapEntry, write_sitemaps
from provisioning.sites.texts import is_right_to_left

MANIFEST_PATH = "/site.webmanifest"
#: Icons that a theme may bring, and what a manifest says of them.
_ICONS: tuple[tuple[str, str, str, str], ...] = (
    ("favicon.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("icon-maskable-512.png", "512x512", "image/png", "maskable"),
)
_SHORT_NAME = 12


@dataclass(frozen=True, slots=True)
class SystemFile:
    """A file that no template makes."""

    body: bytes
    content_type: str
    cache: CacheClass = CacheClass.PAGE


@dataclass(frozen=True, slots=True)
class Look:
    """What a browser needs of a theme to show a shop among its programs: colours as `#rrggbb`, icons by their names."""

    background: str
    icons: Mapping[str, str]


def system_files(shop: Shop, look: Look, entries: Iterable[SitemapEntry]) -> dict[str, SystemFile]:
    """The files by their paths."""
    sitemaps = write_sitemaps(shop.address, entries)
    files = {path: SystemFile(text.encode(), "application/xml") for path, text in sitemaps.items()}
    files["/robots.txt"] = SystemFile(write_robots(shop.address).encode(), "text/plain; charset=utf-8")
    files[MANIFEST_PATH] = SystemFile(write_manifest(shop, look), "application/manifest+json")
    return files


def write_robots(address: str) -> str:
    """What is only for shoppers is closed; a preview's own robots.txt, which closes everything, is the storefront's."""
    return f"User-agent: *\nDisallow: /cart/\nDisallow: /search/\n\nSitemap: {address}{INDEX_PATH}\n"


def write_manifest(shop: Shop, look: Look) -> bytes:
    """The web app manifest."""
    icons = [
        {"src": look.icons[name], "sizes": sizes, "type": kind, "purpose": purpose}
        for name, sizes, kind, purpose in _ICONS
        if name in look.icons
    ]
    manifest = {
        "id": "/",
        "name": shop.name,
        "short_name": shop.name if len(shop.name) <= _SHORT_NAME else shop.name.split()[0][:_SHORT_NAME],
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "lang": shop.locale,
        "dir": "rtl" if is_right_to_left(shop.locale) else "ltr",
        "background_color": look.background,
        "theme_color": look.background,
        "icons": icons,
    }
    if shop.tagline:
        manifest["description"] = shop.tagline
    return json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode()
