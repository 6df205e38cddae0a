"""
The headers of every answer: what may keep it and for how long, and what a browser may do with it. docs/storefront.md shows them as tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from provisioning.sites.releases import CacheClass
from provisioning.stores.addresses import Addresses

HTML = "text/html; charset=utf-8"
NO_STORE = "no-store"
#: Of what only the holder of a preview link may see.
PRIVATE = "private, no-store"
#: By the class that a manifest gives a file.
CACHE_CONTROL: Mapping[CacheClass, str] = MappingProxyType(
    {
        # A revert shows within 2 seconds at the origin and these 10 behind a CDN.
        CacheClass.PAGE: "public, max-age=0, s-maxage=10",
        CacheClass.SYSTEM: "public, max-age=0, s-maxage=10",
        CacheClass.IMMUTABLE: "public, max-age=31536000, immutable",
    }
)
_HSTS = ("Strict-Transport-Security", "max-age=31536000")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "media-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors {framed_by}"
)
#: Opened by itself a picture is a document; it shall be able to do nothing, but keep its own style.
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Origin-Agent-Cluster", "?1"),
    (
        "Permissions-Policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
)
#: A CDN takes tags of this many characters.
_MAX_TAG = 120

Field = tuple[str, str]


class Terms(NamedTuple):
    """Under which terms a file is answered. A tuple, because it is part of a cache's key."""

    cache_control: str
    status: int = 200
    #: What a purge may name.
    cache_tag: str = ""
    noindex: bool = False
    #: A preview, which the dashboard shows in a frame.
    preview: bool = False
    retry_after: int = 0


@dataclass(frozen=True)
class Headers:
    """Makes lists of headers; the same for the whole platform."""

    addresses: Addresses

    @cached_property
    def _secure(self) -> bool:
        return self.addresses.scheme == "https"

    @cached_property
    def _policies(self) -> tuple[str, str]:
        """The policy of a page, and of one that is previewed."""
        end = "; upgrade-insecure-requests" if self._secure else ""
        framed_by = ("'none'", self.addresses.dashboard_origin)
        public, preview = (_POLICY.format(framed_by=origin) + end for origin in framed_by)
        return public, preview

    def of(self, content_type: str, terms: Terms) -> list[Field]:
        """All headers of an answer but those that belong to its bytes."""
        fields: list[Field] = [("Cache-Control", terms.cache_control)]
        if terms.cache_tag:
            fields.append(("Cache-Tag", terms.cache_tag))
        if terms.noindex:
            fields.append(("X-Robots-Tag", "noindex"))
        if terms.retry_after:
            fields.append(("Retry-After", str(terms.retry_after)))
        policy = self._policies[terms.preview]
        if content_type.startswith("image/svg+xml"):
            policy = _PICTURE_POLICY
        fields.append(("Content-Security-Policy", policy))
        # Pictures are shown elsewhere too: in mails, in search results.
        shared = content_type.startswith("image/")
        fields.append(("Cross-Origin-Resource-Policy", "cross-origin" if shared else "same-origin"))
        fields += _ALWAYS
        if self._secure:
            fields.append(_HSTS)
        return fields


def cache_tag(store_id: str) -> str:
    """The tag of all that changes when the store's release does."""
    return f"store-{store_id}"[:_MAX_TAG]
