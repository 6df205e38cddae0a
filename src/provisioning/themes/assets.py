"""A theme's assets under names that carry their content's hash, so that a browser may keep them for a year."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType

from provisioning.errors import FieldError, InvalidInput
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
#: `from "./dom.js"`, `import "./dom.js"`, `import("./dom.js")`: a module of the same package.
_JS_IMPORT = re.compile(r"""\b(from\s*|import\s*\(?\s*)(["'])\./([a-z0-9._-]+\.js)\2""")


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset as a site serves it: `path` is `/assets/<stem>.<16 hex digits><suffix>`."""

    path: str
    body: bytes
    content_type: str


@lru_cache(maxsize=32)
def theme_assets(theme: Theme) -> Mapping[str, Asset]:
    """
    The theme's assets by their names in the package.

    Addresses in its stylesheets and imports in its scripts point at the hashed names, so that a change of a module changes
    the names of all that import it. Raises `InvalidInput` for what a file names and the package lacks, and for modules that
    import each other.
    """
    named = _Named(theme.assets)
    return MappingProxyType({name: named.asset(name) for name in theme.assets})


class _Named:
    def __init__(self, bodies: Mapping[str, bytes]) -> None:
        self._bodies = bodies
        self._found: dict[str, Asset] = {}

    def asset(self, name: str, importers: tuple[str, ...] = ()) -> Asset:
        if name not in self._found:
            self._found[name] = fingerprint(name, self._pointed(name, (*importers, name)))
        return self._found[name]

    def _pointed(self, name: str, importers: tuple[str, ...]) -> bytes:
        body = self._bodies[name]
        if name.endswith(".css"):
            text = _CSS_URL.sub(lambda m: f'url("{self._path(m[2], importers)}")', body.decode())
        elif name.endswith(".js"):
            text = _JS_IMPORT.sub(lambda m: f'{m[1]}"{self._path(m[3], importers)}"', body.decode())
        else:
            return body
        return text.encode()

    def _path(self, name: str, importers: tuple[str, ...]) -> str:
        file = f"assets/{importers[-1]}"
        if name not in self._bodies:
            raise InvalidInput((FieldError(file, "UNKNOWN_ASSET", f"there is no asset {name}"),))
        if name in importers:
            raise InvalidInput((FieldError(file, "CYCLE", f"{name} imports what imports it"),))
        return self.asset(name, importers).path


def fingerprint(name: str, body: bytes) -> Asset:
    """The asset that `name` becomes for this content."""
    file = PurePosixPath(name)
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Asset(f"/assets/{file.stem}.{digest}{file.suffix}", body, CONTENT_TYPES[file.suffix])
