"""Addresses that a setting or a text may lead to, and the addresses of a shop's own pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

#: Where things of a shop answer, by their kind.
ROUTES: Mapping[str, str] = MappingProxyType(
    {
        "product": "/products/{}/",
        "collection": "/collections/{}/",
        "page": "/pages/{}/",
        "policy": "/policies/{}/",
    }
)

_UNSAFE = re.compile(r"[\s\\<>\"'\x00-\x20]")
_HANDLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SCHEME = "upfront://"


def is_safe_url(text: str) -> bool:
    """Whether `text` may stand in an `href`: a path of this site, or one of the few schemes that run nothing."""
    if _UNSAFE.search(text):
        return False
    if text.startswith("/"):
        return not text.startswith("//")
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname)
    return parts.scheme in {"mailto", "tel"} and bool(parts.path)


def is_reference(text: str) -> bool:
    """Whether `text` names a thing of the shop, as `upfront://product/linen-shirt`, wherever it answers."""
    kind, _, handle = text.removeprefix(_SCHEME).partition("/")
    return text.startswith(_SCHEME) and kind in ROUTES and bool(_HANDLE.fullmatch(handle))


def resolve_url(text: str) -> str:
    """The address to put into a page for the value of a url setting."""
    if not is_reference(text):
        return text
    kind, _, handle = text.removeprefix(_SCHEME).partition("/")
    return page_url(kind, handle)


def page_url(kind: str, handle: str) -> str:
    """Where a thing of the shop answers; raises `KeyError` for a kind that has no pages."""
    return ROUTES[kind].format(handle)
