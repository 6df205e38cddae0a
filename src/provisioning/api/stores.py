"""Stores as the API looks them up."""

from __future__ import annotations

from collections.abc import Iterator

from provisioning.api.shapes import StoreSummary
from provisioning.ports import Documents, Query, Snapshot, Where
from provisioning.stores.stores import StoreStatus

_PAGE = 100


def living_stores(documents: Documents, where: Where, most: int) -> tuple[StoreSummary, ...]:
    """At most so many of the stores that meet `where` and are not DELETED, by id."""
    found: list[StoreSummary] = []
    for snapshot in _all(documents, where):
        store = StoreSummary.of(snapshot)
        if store.status is not StoreStatus.DELETED:
            found.append(store)
        if len(found) == most:
            break
    return tuple(found)


def _all(documents: Documents, where: Where) -> Iterator[Snapshot]:
    after: Snapshot | None = None
    while True:
        page = documents.query(Query("stores", (where,), limit=_PAGE, after=after))
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1]
