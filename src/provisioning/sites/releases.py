"""
What writer and reader of a release agree on: names, cache classes, encoding.

Apart from both, so that answering visitors loads nothing of what rendering needs.
"""

from __future__ import annotations

import gzip
from enum import StrEnum

from provisioning.ports import SiteFile, check_id

MANIFEST_FORMAT = 1
#: Paths of the pages that are shown in place of others.
NOT_FOUND = "/404.html"
COMING_SOON = "/coming-soon.html"


class CacheClass(StrEnum):
    """How long an answer may be kept, and whether it is an address at all."""

    #: Changes with the next release.
    PAGE = "page"
    #: Its name carries its content's hash.
    IMMUTABLE = "immutable"
    #: Part of a release, and shown only in place of something else.
    SYSTEM = "system"


def release_file(store_id: str, release_id: str) -> str:
    """The name of a release's manifest."""
    return f"stores/{check_id(store_id, 'store_id')}/releases/{check_id(release_id, 'release_id')}.json"


def decoded(file: SiteFile) -> bytes:
    """The plain bytes of a kept file."""
    return gzip.decompress(file.body) if file.encoding == "gzip" else file.body
