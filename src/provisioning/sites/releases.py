"""
What writer and reader of a release agree on: names, cache classes, the manifest, and how a text lies in its blob.

Apart from both, so that answering visitors loads nothing of what rendering and compressing need.

A manifest of format 2:

    {"format": 2, "store_id": …, "theme": {"slug": …, "version": …}, "redirects": {from: {"to": …, "status": 301}},
     "files": {path: {"blob", "sha256", "size", "type", "cache", "parts"?, "made_from"?}}}

`sha256` and `size` are of the plain bytes. With `parts` the blob holds the text compressed twice, one behind the other: first so many
bytes of brotli, then so many of gzip; one object for both. Without, it holds the plain bytes. `made_from` is the digest of all that a
page was made from. In format 1 there are no parts; the object itself says in its content encoding that it is gzip.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, cast

from provisioning.errors import ProvisioningError
from provisioning.ports import SiteFile, check_id

MANIFEST_FORMAT = 2
_READABLE_FORMATS = (1, 2)
#: Paths of the pages that are shown in place of others.
NOT_FOUND = "/404.html"
COMING_SOON = "/coming-soon.html"
MAINTENANCE = "/maintenance.html"


class CacheClass(StrEnum):
    """How long an answer may be kept, and whether it is an address at all."""

    #: Changes with the next release.
    PAGE = "page"
    #: Its name carries its content's hash.
    IMMUTABLE = "immutable"
    #: Part of a release, and shown only in place of something else.
    SYSTEM = "system"


class Encoding(StrEnum):
    """How bytes are compressed, as HTTP names it."""

    BROTLI = "br"
    GZIP = "gzip"


@dataclass(frozen=True, slots=True)
class Parts:
    """How many bytes of a blob are brotli, and how many behind them gzip."""

    br: int
    gzip: int


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """One line of a manifest: what a path of the site answers with."""

    blob: str
    #: Of the plain bytes, as is `size`.
    sha256: str
    size: int
    content_type: str
    cache: CacheClass
    parts: Parts | None = None
    #: The digest of what the page was made from; empty where nothing was made.
    made_from: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where an address that is no more leads to: a path of the same site."""

    to: str
    status: int = 301


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release: all that a store answers, sealed."""

    store_id: str
    theme: str
    theme_version: str
    files: Mapping[str, ReleasedFile]
    redirects: Mapping[str, Redirect] = field(default_factory=lambda: MappingProxyType({}))


class UnknownFormat(ProvisioningError):
    """A manifest that a later version wrote."""


def release_file(store_id: str, release_id: str) -> str:
    """The name of a release's manifest."""
    return f"stores/{check_id(store_id, 'store_id')}/releases/{check_id(release_id, 'release_id')}.json"


def write_manifest(manifest: Manifest) -> bytes:
    """The sealed bytes; the same manifest gives the same bytes."""
    content = {
        "format": MANIFEST_FORMAT,
        "store_id": manifest.store_id,
        "theme": {"slug": manifest.theme, "version": manifest.theme_version},
        "files": {path: write_line(file) for path, file in manifest.files.items()},
        "redirects": {path: {"to": r.to, "status": r.status} for path, r in manifest.redirects.items()},
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_manifest(raw: bytes) -> Manifest:
    """A manifest of this or of an earlier format. Raises `UnknownFormat`."""
    content = cast("dict[str, Any]", json.loads(raw))
    if content.get("format") not in _READABLE_FORMATS:
        raise UnknownFormat(f"the manifest has format {content.get('format')!r}; this version reads 1 and 2")
    return Manifest(
        store_id=content["store_id"],
        theme=content["theme"]["slug"],
        theme_version=content["theme"]["version"],
        files=MappingProxyType({path: read_line(line) for path, line in content["files"].items()}),
        redirects=MappingProxyType(
            {
                path: Redirect(line["to"], line["status"])
                for path, line in content.get("redirects", {}).items()
            }
        ),
    )


def encoded_body(blob: SiteFile, file: ReleasedFile, encoding: Encoding) -> bytes | None:
    """
    The file's bytes in that encoding, or None where the blob does not hold it.

    A blob of format 1 is gzip as a whole, or plain.
    """
    if file.parts is None:
        return blob.body if blob.encoding == encoding else None
    if encoding is Encoding.BROTLI:
        return blob.body[: file.parts.br]
    return blob.body[file.parts.br : file.parts.br + file.parts.gzip]


def plain_body(blob: SiteFile, file: ReleasedFile) -> bytes:
    """The file's own bytes."""
    zipped = encoded_body(blob, file, Encoding.GZIP)
    return blob.body if zipped is None else gzip.decompress(zipped)


def decoded(file: SiteFile) -> bytes:
    """The plain bytes of an object that says by itself how it is encoded, as manifests do."""
    return gzip.decompress(file.body) if file.encoding == "gzip" else file.body


def write_line(file: ReleasedFile) -> dict[str, Any]:
    """A line of a manifest as it is kept."""
    line: dict[str, Any] = {
        "blob": file.blob,
        "sha256": file.sha256,
        "size": file.size,
        "type": file.content_type,
        "cache": file.cache.value,
    }
    if file.parts:
        line["parts"] = {"br": file.parts.br, "gzip": file.parts.gzip}
    if file.made_from:
        line["made_from"] = file.made_from
    return line


def read_line(line: Mapping[str, Any]) -> ReleasedFile:
    """What `write_line` wrote."""
    parts = line.get("parts")
    return ReleasedFile(
        blob=line["blob"],
        sha256=line["sha256"],
        size=line["size"],
        content_type=line["type"],
        cache=CacheClass(line["cache"]),
        parts=Parts(parts["br"], parts["gzip"]) if parts else None,
        made_from=line.get("made_from", ""),
    )
