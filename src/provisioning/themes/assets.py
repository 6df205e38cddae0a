"""A theme's assets under names that carry their content's hash, so that a browser may keep them for a year."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType

from provisioning.themes.packages import Theme

CONTENT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".xml": "application/xml",
        ".txt": "text/plain; charset=utf-8",
        ".svg": "image/svg+xml",
        ".ico": "image/x-icon",
        ".png": "image/png",
        ".jpg": "image/jpeg",
        ".webp": "image/webp",
        ".avif": "image/avif",
        ".woff2": "font/woff2",
    }
)

_CSS_URL = re.compile(r"""url\(\s*(["']?)([a-z0-9.-]+)\1\s*\)""")


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset as a site serves it: `path` is `/assets/<stem>.<16 hex digits><suffix>`."""

    path: str
    body: bytes
    content_type: str


@lru_cache(maxsize=32)
def theme_assets(theme: Theme) -> Mapping[str, Asset]:
    """The theme's assets by their names in the package; the addresses in its stylesheets point at the hashed names."""
    assets = {
        name: fingerprint(name, body) for name, body in theme.assets.items() if not name.endswith(".css")
    }
    for name, body in theme.assets.items():
        if name.endswith(".css"):
            text = _CSS_URL.sub(lambda match: f'url("{assets[match[2]].path}")', body.decode())
            assets[name] = fingerprint(name, text.encode())
    return MappingProxyType(assets)


def fingerprint(name: str, body: bytes) -> Asset:
    """The asset that `name` becomes for this content."""
    file = PurePosixPath(name)
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Asset(f"/assets/{file.stem}.{digest}{file.suffix}", body, CONTENT_TYPES[file.suffix])
