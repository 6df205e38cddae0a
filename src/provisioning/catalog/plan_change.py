"""Giving a store another plan: what was sold before is replaced by the plan as it is today, if the store fits into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from provisioning.catalog.entries import read_entry
from provisioning.catalog.plans import Plan
from provisioning.errors import Conflict, FieldError, InvalidInput, NotFound, Transient, WrongState
from provisioning.ports import Documents, Query, Update, Where, document_path
from provisioning.stores.audit import audit_entry, commit_deed
from provisioning.stores.stores import Store, StoreStatus

_ROUNDS = 5
_CLOSED = (StoreStatus.ARCHIVED, StoreStatus.DELETED)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a store uses at present, of what plans limit and we can count."""

    products: int


def measure(documents: Documents, store_id: str) -> Usage:
    """Samples are ours and take nobody's place."""
    products = f"{document_path('tenants', store_id)}/products"
    return Usage(documents.count(Query(products, (Where("sample", "==", False),))))


def check_limits(limits: Mapping[str, Any], usage: Usage) -> tuple[FieldError, ...]:
    """What the store uses more of than these limits allow."""
    return tuple(_exceeded(limits, usage))


def _exceeded(limits: Mapping[str, Any], usage: Usage) -> Iterator[FieldError]:
    most = limits.get("products")
    if isinstance(most, int) and usage.products > most:
        message = f"allows {most:,} products; this store has {usage.products:,}: remove some first"
        yield FieldError("plan", "TOO_MANY_PRODUCTS", message)


def change_plan(documents: Documents, store_id: str, slug: str, *, actor: str, now: datetime) -> Store:
    """
    Give the store the plan `slug` as it is today, with its audit entry in the same batch; the same plan again leaves everything as it is.

    Raises `NotFound`, `InvalidInput` (`UNKNOWN_PLAN`, and what exceeds its limits), `WrongState`, or `Transient` when others keep changing the store.
    """
    for _ in range(_ROUNDS):
        found, plan = documents.get_all([document_path("stores", store_id), document_path("plans", slug)])
        if found.data is None:
            raise NotFound("there is no store with this id")
        store = Store.model_validate(found.data)
        if store.status in _CLOSED:
            raise WrongState("WRONG_STORE_STATUS", f"a store that is {store.status} has no plan")
        if plan.data is None or plan.data.get("active", True) is not True:
            raise InvalidInput((FieldError("plan", "UNKNOWN_PLAN", "is not a plan that can be chosen"),))
        sold = read_entry(Plan, plan.data).to_snapshot()
        if sold == store.plan:
            return store
        problems = check_limits(sold["limits"], measure(documents, store_id))
        if problems:
            raise InvalidInput(problems)
        detail = {"before": str(store.plan.get("slug", "")), "now": slug}
        entry = audit_entry(
            at=now, actor=actor, action="store.plan_changed", subject=found.path, detail=detail
        )
        try:
            commit_deed(
                documents, [Update(found.path, {"plan": sold}, if_updated_at=found.update_time)], entry
            )
        except Conflict:
            continue
        return store.model_copy(update={"plan": sold})
    raise Transient("the store keeps changing; try again in a moment")
