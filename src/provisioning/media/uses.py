"""What of a store shows a picture: found by its name, wherever in a document it stands."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from provisioning.errors import FieldError, InvalidInput
from provisioning.media.records import PREFIX, picture_path
from provisioning.ports import ID_PATTERN, Documents, Query, Snapshot

#: The collections under a tenant whose documents may name a picture.
_NAMING = ("products", "collections", "pages", "settings", "themes", "theme_drafts")
_PAGE = 300
_AT_ONCE = 100
_NAME = re.compile(PREFIX + ID_PATTERN)


def find_uses(documents: Documents, store_id: str, name: str) -> list[str]:
    """The documents that name the picture, as `products/oak-board`."""
    return [
        f"{collection}/{id}"
        for collection in _NAMING
        for id, data in _all(documents, f"tenants/{store_id}/{collection}")
        if any(text == name for _, text in _texts(data, ""))
    ]


def check_pictures(
    documents: Documents, store_id: str, content: Mapping[str, object], among: Container[str] | None = None
) -> None:
    """
    See that every picture of the store's that `content` names is there. Raises `InvalidInput` with the field of each that is not.

    With `among`, only these texts are names of pictures; else every one that looks like it.

    For whoever writes a product, a collection, a page or a theme's settings; a site shows a plain surface for what goes missing later.
    """
    named = {field: text for field, text in _texts(content, "") if text.startswith(PREFIX)}
    if among is not None:
        named = {field: text for field, text in named.items() if text in among}
    there = existing(documents, store_id, named.values())
    missing = tuple(
        FieldError(field, "UNKNOWN_PICTURE", "the store has no picture of this name; add it first")
        for field, text in named.items()
        if text not in there
    )
    if missing:
        raise InvalidInput(missing)


def existing(documents: Documents, store_id: str, names: Iterable[str]) -> Mapping[str, Snapshot]:
    """The documents of those of the names, as `media/<id>`, that the store has a picture of."""
    wanted = sorted({name for name in names if _NAME.fullmatch(name)})
    found: dict[str, Snapshot] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        read = documents.get_all([picture_path(store_id, name.removeprefix(PREFIX)) for name in some])
        found |= {name: snapshot for name, snapshot in zip(some, read, strict=True) if snapshot.exists}
    return found


def _texts(value: object, field: str) -> Iterator[tuple[str, str]]:
    """Every text in a document with the field that it stands in, as `variants.0.picture`."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, object]", value).items():
            yield from _texts(inner, f"{field}.{key}" if field else str(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(cast("list[object]", value)):
            yield from _texts(inner, f"{field}.{index}" if field else str(index))


def _all(documents: Documents, collection: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    query = Query(collection, limit=_PAGE)
    while True:
        page = documents.query(query)
        yield from ((found.id, found.data) for found in page if found.data is not None)
        if len(page) < _PAGE:
            return
        query = replace(query, after=page[-1])
