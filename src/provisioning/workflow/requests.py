"""
From an activation request to a provisioning.

`submit` writes the request (one way in, for the API and the command line; portals write it themselves). `accept` is what
the Firestore event leads to: it checks the request, creates the provisioning with all its steps, and publishes the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from provisioning import logs
from provisioning.errors import Conflict, FieldError, InvalidInput, Unreadable, WrongState
from provisioning.ports import Create, Documents, Snapshot, Update, check_id, document_path
from provisioning.stores.activation import ActivationRequest, parse_activation
from provisioning.workflow.definition import Workflow
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.records import (
    WAKE_SHARDS,
    Engine,
    Kind,
    LogEntry,
    Problem,
    Provisioning,
    Status,
    StepRecord,
    field_problems,
    read_to_change,
    write_provisioning,
)


@dataclass(frozen=True, slots=True)
class Submitted:
    """Ids that a caller can listen to."""

    provisioning_id: str
    store_id: str
    #: False where the same request had been submitted before.
    created: bool


def submit(documents: Documents, request: ActivationRequest, request_id: str) -> Submitted:
    """
    Write the activation request, once for each `request_id`.

    The same request again answers as the first time did; another one under the same id raises `WrongState`.
    """
    path = document_path("activation_requests", request_id)
    found = documents.get(path)
    if not found.exists:
        try:
            documents.commit([Create(path, request.to_document(found.read_time))])
        except Conflict:
            found = documents.get(path)
        else:
            return Submitted(request_id, request.store_id, created=True)
    if not _same(request, found, request_id):
        raise WrongState("KEY_REUSED", "this key was used before, for a different request")
    return Submitted(request_id, request.store_id, created=False)


def _same(request: ActivationRequest, found: Snapshot, request_id: str) -> bool:
    """Whether a stored request asks for the same. When and by whom it was asked does not matter."""
    ignored = {"requested_at", "requested_by", "picked_up"}
    try:
        stored = parse_activation(found.data or {}, request_id)
    except InvalidInput:
        return False
    return stored.model_dump(exclude=ignored) == request.model_dump(exclude=ignored)


def request_of(path: str) -> str:
    """The id of the request at `path`, as an event names it; `Unreadable` for any other document."""
    collection, _, id = path.partition("/")
    if collection != "activation_requests" or "/" in id:
        raise Unreadable("WRONG_DOCUMENT", "the event is not of an activation request")
    return id


def accept(engine: StepEngine, request_id: str) -> None:
    """
    Create the provisioning of a request and publish its first step. May be called any number of times.

    A request that fails validation gets its provisioning too, FAILED, with one problem for each field.
    Raises `Transient`; called again, it goes on.
    """
    documents = engine.ports.documents
    check_id(request_id)
    request_path = document_path("activation_requests", request_id)
    path = document_path("provisionings", request_id)
    request, existing = documents.get_all((request_path, path))
    if request.data is None:
        return
    if existing.data is None:
        record = _first_record(engine, request)
        picked_up = Update(request_path, {"picked_up": True})
        try:
            documents.commit([Create(path, write_provisioning(record)), picked_up])
        except Conflict:
            existing = documents.get(path)
        else:
            if record.status == Status.PENDING:
                engine.publish(request_id, record)
            return
    if existing.data is not None:
        # What cannot be read is sweep's to make visible.
        with suppress(Unreadable):
            _nudge(engine, request_id, read_to_change(existing.data))


def _nudge(engine: StepEngine, id: str, record: Provisioning) -> None:
    """The event came again, perhaps because the first publish failed."""
    if record.status == Status.PENDING and record.engine.owner is None:
        engine.publish(id, record)


def _first_record(engine: StepEngine, request: Snapshot) -> Provisioning:
    now = request.read_time
    try:
        activation = parse_activation(request.data or {}, request.id)
        errors = _check_against_documents(engine, activation, request.id)
    except InvalidInput as error:
        wrong = {field.field for field in error.fields}
        return _rejected(engine.workflows[Kind.ACTIVATION], request, error.fields, now, hidden=wrong)
    if errors:
        return _rejected(engine.workflows[Kind.ACTIVATION], request, errors, now)
    logs.request_accepted(request.id, activation.store_id)
    return _accepted(engine, activation, request, now)


def _accepted(
    engine: StepEngine, activation: ActivationRequest, request: Snapshot, now: datetime
) -> Provisioning:
    workflow = engine.workflows[Kind.ACTIVATION]
    first = workflow.steps[0]
    return Provisioning(
        merchant_id=activation.merchant_id,
        store_id=activation.store_id,
        store_name=activation.store_name,
        subdomain=activation.subdomain,
        current_step=first.name,
        steps=planned(workflow),
        log=(LogEntry(at=now, step=None, level="info", message="The request was accepted"),),
        requested_at=activation.requested_at or request.create_time,
        updated_at=now,
        engine=Engine(wake_at=now + timedelta(seconds=2 * engine.budget), wake_shard=wake_shard(request.id)),
    )


def _rejected(
    workflow: Workflow,
    request: Snapshot,
    errors: tuple[FieldError, ...],
    now: datetime,
    *,
    hidden: Collection[str] = (),
) -> Provisioning:
    logs.request_rejected(request.id, [error.code for error in errors[:20]])
    named = "; ".join(f"{error.field} {error.message}" for error in errors[:20])
    return Provisioning(
        merchant_id=_shown(request, "merchant_id", hidden),
        store_id=_shown(request, "store_id", hidden),
        store_name=_shown(request, "store_name", hidden),
        subdomain=_shown(request, "subdomain", hidden),
        status=Status.FAILED,
        current_step=None,
        steps=planned(workflow),
        error=Problem(
            code="INVALID_REQUEST",
            title="The request cannot be carried out as it is",
            detail=named[:500],
            action="Correct what is named and submit a new request.",
            fields=field_problems(errors),
        ),
        log=(LogEntry(at=now, step=None, level="error", message="The request was rejected"),),
        requested_at=request.create_time,
        completed_at=None,
        updated_at=now,
        engine=Engine(wake_shard=wake_shard(request.id)),
    )


def planned(workflow: Workflow) -> tuple[StepRecord, ...]:
    """The records of all steps, before the first has begun."""
    return tuple(StepRecord(name=s.name, title=s.title, percent=s.percent) for s in workflow.steps)


def _shown(request: Snapshot, field: str, hidden: Collection[str]) -> str | None:
    """A field of a rejected request as the document shows it: only where its form is right."""
    value: Any = (request.data or {}).get(field)
    return value if isinstance(value, str) and field not in hidden else None


def _check_against_documents(
    engine: StepEngine, activation: ActivationRequest, request_id: str
) -> tuple[FieldError, ...]:
    """What only the documents know: whether theme and plan are offered, the merchant may, and the names are free."""
    theme, plan, merchant, store, host = engine.ports.documents.get_all(
        (
            document_path("themes", activation.theme),
            document_path("plans", activation.plan),
            document_path("merchants", activation.merchant_id),
            document_path("stores", activation.store_id),
            document_path("hosts", engine.surroundings.addresses.hostname(activation.subdomain)),
        )
    )
    errors: list[FieldError] = []
    if not _offered(theme):
        errors.append(FieldError("theme", "UNKNOWN_THEME", "is not a theme that can be chosen"))
    if not _offered(plan):
        errors.append(FieldError("plan", "UNKNOWN_PLAN", "is not a plan that can be chosen"))
    if merchant.data is not None and merchant.data.get("status") == "SUSPENDED":
        errors.append(FieldError("merchant_id", "MERCHANT_SUSPENDED", "belongs to a suspended merchant"))
    if _of_another(store, request_id):
        errors.append(FieldError("store_id", "STORE_EXISTS", "belongs to a store that exists already"))
    if _of_another(host, request_id):
        errors.append(FieldError("subdomain", "SUBDOMAIN_TAKEN", "is taken by another store"))
    if activation.custom_domain and engine.surroundings.addresses.is_ours(activation.custom_domain):
        errors.append(FieldError("custom_domain", "OUR_DOMAIN", "must be a domain of the merchant's own"))
    return tuple(errors)


def _offered(found: Snapshot) -> bool:
    return found.data is not None and found.data.get("active", True) is True


def _of_another(found: Snapshot, request_id: str) -> bool:
    return found.data is not None and found.data.get("provisioning_id") != request_id


def wake_shard(provisioning_id: str) -> int:
    """Which part of the wake index a provisioning is in: the times in it grow, and one range of it would be hot."""
    return int(hashlib.sha256(provisioning_id.encode()).hexdigest()[:8], 16) % WAKE_SHARDS
