"""
How a file is kept: a text twice compressed in one object, anything else as it is.

Measured over the 36 texts of an activation (427 kB), on one core: brotli 5 takes 7 ms for 94 kB, brotli 9 200 ms for the same, brotli 11
500 ms for 83 kB; gzip 6 takes 10 ms for 103 kB. So pages get brotli 5. Stylesheets and scripts of themes, which every store's visitors wait
for and which a process compresses once, get brotli 11 (40 ms for 36 kB).
"""

# The library has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import brotli

from provisioning.ports import SiteFile
from provisioning.sites.releases import CacheClass, Parts, ReleasedFile

_TEXT = (
    "text/",
    "application/json",
    "application/xml",
    "application/manifest+json",
    "image/svg+xml",
    "image/x-icon",
)
_AWAITED = ("text/css", "text/javascript")
_QUICK, _THOROUGH = 5, 11
_GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as it is put: the object, its name under a prefix, and what a manifest says of it."""

    #: `blobs/<2 hex>/<sha256 of the object's bytes>`.
    name: str
    object: SiteFile
    sha256: str
    size: int
    parts: Parts | None

    def line(self, prefix: str, cache: CacheClass, made_from: str = "") -> ReleasedFile:
        """The line of a manifest for the object under `prefix`."""
        return ReleasedFile(
            blob=f"{prefix}/{self.name}",
            sha256=self.sha256,
            size=self.size,
            content_type=self.object.content_type,
            cache=cache,
            parts=self.parts,
            made_from=made_from,
        )


def pack(file: SiteFile) -> Packed:
    """
    The file as a store keeps it.

    The name is the hash of the very bytes that are put, so that one name never stands for two contents: another version of a
    compressor gives another name.
    """
    return _pack(file, _QUICK)


@lru_cache(maxsize=2_048)
def pack_shared(file: SiteFile) -> Packed:
    """The file as the platform keeps it for all stores; compressed with more care, and once in a process."""
    return _pack(file, _THOROUGH if file.content_type.startswith(_AWAITED) else _QUICK)


def _pack(file: SiteFile, quality: int) -> Packed:
    plain = hashlib.sha256(file.body).hexdigest()
    if file.content_type.startswith(_TEXT):
        zipped = gzip.compress(file.body, compresslevel=_GZIP_LEVEL, mtime=0)
        if len(zipped) < len(file.body):
            small = cast("bytes", brotli.compress(file.body, quality=quality))
            both = SiteFile(small + zipped, file.content_type)
            name = _name(hashlib.sha256(both.body).hexdigest())
            return Packed(name, both, plain, len(file.body), Parts(len(small), len(zipped)))
    return Packed(_name(plain), file, plain, len(file.body), None)


def _name(digest: str) -> str:
    return f"blobs/{digest[:2]}/{digest}"
