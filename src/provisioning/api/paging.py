"""Lists in pages: a cursor names the last item that was seen, and the next page begins behind it."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace

from provisioning.api.shapes import PageQuery
from provisioning.errors import FieldError, InvalidInput
from provisioning.ports import Documents, Query, Snapshot


def read_page(documents: Documents, query: Query, page: PageQuery) -> tuple[list[Snapshot], str | None]:
    """One page and the cursor of the next, or None. Raises `InvalidInput` for a cursor that leads nowhere."""
    after = resolve_cursor(documents, query.collection, page.cursor) if page.cursor is not None else None
    found = documents.query(replace(query, limit=page.limit + 1, after=after))
    if len(found) <= page.limit:
        return found, None
    return found[: page.limit], encode_cursor(found[page.limit - 1].id)


def encode_cursor(id: str) -> str:
    """The cursor of what comes behind the document `id`."""
    return urlsafe_b64encode(id.encode()).decode().rstrip("=")


def resolve_cursor(documents: Documents, collection: str, cursor: str) -> Snapshot:
    """The document behind which a page begins. Raises `InvalidInput`."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = documents.get(f"{collection}/{urlsafe_b64decode(padded).decode('ascii')}")
    except (ValueError, binascii.Error, InvalidInput):
        raise _stale() from None
    if not found.exists:
        raise _stale()
    return found


def _stale() -> InvalidInput:
    return InvalidInput((FieldError("cursor", "STALE", "leads nowhere; begin again without it"),))
