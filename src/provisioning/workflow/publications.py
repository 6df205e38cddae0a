"""
Publications: a store's website is made anew from what its documents say now.

A publication is a provisioning of its own kind, carried out by the same engine: it is retried, filed and shown like an activation.
Changes that come while one is waiting are in it already; one that comes while it is being worked on asks for another.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from provisioning.errors import Conflict, NotFound, Transient, Unreadable, WrongState
from provisioning.ports import Create, Documents, Snapshot, Update, Write, document_path
from provisioning.stores.publication import PLATFORM, PublicationOrder
from provisioning.stores.stores import Store, StoreStatus
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.records import (
    Engine,
    Kind,
    LogEntry,
    Provisioning,
    Status,
    read_to_change,
    write_provisioning,
)
from provisioning.workflow.requests import planned, wake_shard

#: How long a change waits for others, so that an import of a hundred products is one release.
COALESCE = timedelta(seconds=3)
#: The documents of publications are removed after this time (`expires_at`); releases have records of their own.
KEPT = timedelta(days=30)
#: The collections under a tenant that its website is made from.
PUBLISHED = frozenset({"products", "collections", "pages", "settings", "themes", "media"})
_ROUNDS = 5


def changed_store(path: str) -> str | None:
    """The store whose website a change of the document at `path` may alter; None for any other document."""
    match path.split("/"):
        case ["tenants", store_id, collection, _] if collection in PUBLISHED:
            return store_id
        case _:
            return None


def note_change(engine: StepEngine, store_id: str, written_at: datetime | None = None) -> str | None:
    """
    See to it that a change of the store's documents, made before this call, reaches its website in some seconds.

    Returns the publication that will show it; None where the store has no website yet, or none any more, or where it was its
    activation that wrote the change, at `written_at` by the documents' clock. Raises `Transient`.
    """
    if written_at is not None and _is_shown_since_its_activation(
        engine.ports.documents, store_id, written_at
    ):
        return None
    order = PublicationOrder(store_id=store_id, reason="The catalogue changed", actor=PLATFORM)
    try:
        return order_publication(engine, order, delay=COALESCE)
    except (NotFound, WrongState):
        # An activation publishes by itself, after all that it writes; an archived store shows nothing.
        return None


def order_publication(engine: StepEngine, order: PublicationOrder, *, delay: timedelta = timedelta()) -> str:
    """
    The id of the provisioning that will publish what is ordered, beginning `delay` from now; its document shows how it goes.

    One that waits for the same (store, channel, theme) is joined. Raises `NotFound`; `WrongState` for a store that is
    not READY, ACTIVE or SUSPENDED; `Transient`.
    """
    documents = engine.ports.documents
    for _ in range(_ROUNDS):
        store, pointer = documents.get_all(
            [document_path("stores", order.store_id), document_path("publications", order.store_id)]
        )
        _refuse_unpublishable(store)
        waiting = _waiting(documents, pointer, order)
        if waiting is not None:
            return waiting
        id = str(uuid.uuid4())
        record = _first_record(engine, id, order, Store.model_validate(store.data), store.read_time, delay)
        create = Create(document_path("provisionings", id), write_provisioning(record))
        try:
            documents.commit([create, _point(pointer, id, record)])
        except Conflict:
            # Another change ordered one meanwhile: it is joined, or followed by one more.
            continue
        engine.publish_or_leave(id, record)
        return id
    raise Transient("the store's publications keep changing; try again in a moment", code="CONTENDED")


def _is_shown_since_its_activation(documents: Documents, store_id: str, written_at: datetime) -> bool:
    """Events come late: those of an activation's own writes may come when its store is open."""
    found = documents.get(document_path("stores", store_id))
    ready_at = Store.model_validate(found.data).ready_at if found.data else None
    return ready_at is not None and written_at <= ready_at


def _refuse_unpublishable(store: Snapshot) -> None:
    if store.data is None:
        raise NotFound("there is no such store")
    status = StoreStatus(str(store.data["status"]))
    if status not in (StoreStatus.READY, StoreStatus.ACTIVE, StoreStatus.SUSPENDED):
        raise WrongState("WRONG_STORE_STATUS", f"a store that is {status} is not published")


def _waiting(documents: Documents, pointer: Snapshot, order: PublicationOrder) -> str | None:
    """
    The newest publication, if nobody has begun it and it publishes the same.

    It reads the store's documents when it is claimed, which is after this look, which is after the change.
    """
    latest = (pointer.data or {}).get("latest")
    if not isinstance(latest, str):
        return None
    found = documents.get(document_path("provisionings", latest))
    try:
        record = read_to_change(found.data) if found.data is not None else None
    except Unreadable:
        return None
    if record is None or record.status != Status.PENDING or record.engine.attempt or not record.publication:
        return None
    return latest if _shows(record.publication) == _shows(order) else None


def _shows(order: PublicationOrder) -> tuple[object, ...]:
    """What is shown, where, and how long: orders that agree in it are one."""
    return order.channel, order.theme, order.draft, order.days


def _point(pointer: Snapshot, id: str, record: Provisioning) -> Write:
    fields = {"latest": id, "ordered_at": record.updated_at}
    if pointer.data is None:
        return Create(pointer.path, fields | {"number": 1})
    # The number makes each write a change, even within one microsecond.
    return Update(
        pointer.path, fields | {"number": pointer.data["number"] + 1}, if_updated_at=pointer.update_time
    )


def _first_record(
    engine: StepEngine, id: str, order: PublicationOrder, store: Store, now: datetime, delay: timedelta
) -> Provisioning:
    workflow = engine.workflows[Kind.PUBLICATION]
    due = now + delay
    return Provisioning(
        kind=Kind.PUBLICATION,
        publication=order,
        merchant_id=store.merchant_id,
        store_id=order.store_id,
        store_name=store.name,
        subdomain=store.subdomain,
        current_step=workflow.steps[0].name,
        steps=planned(workflow),
        log=(LogEntry(at=now, step=None, level="info", message=order.reason),),
        requested_at=now,
        updated_at=now,
        expires_at=now + KEPT,
        engine=Engine(
            not_before=due if delay else None,
            wake_at=due + timedelta(seconds=2 * engine.budget),
            wake_shard=wake_shard(id),
        ),
    )
