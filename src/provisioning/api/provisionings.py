"""Activating a merchant, and watching, retrying and rolling back what comes of it."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from provisioning import logs
from provisioning.api.audited import AuditedDocuments
from provisioning.api.calls import (
    CHANGED_MEANWHILE,
    KEY_REUSED,
    LOCATION,
    NOT_RETRIED,
    NOT_UNDOABLE,
    ROOT,
    UNKNOWN,
    Answer,
    Call,
    Endpoint,
    Header,
    NoQuery,
    Refusal,
)
from provisioning.api.paging import read_page
from provisioning.api.problems import StoresInTheWay
from provisioning.api.shapes import (
    Activated,
    Activation,
    Confirmation,
    ProvisioningFilter,
    ProvisioningList,
    ProvisioningSummary,
    ProvisioningView,
    Resend,
    StoreChoice,
)
from provisioning.api.stores import living_stores
from provisioning.errors import FieldError, InvalidInput, NotFound
from provisioning.ports import Documents, Query, Snapshot, Where, check_id, document_path
from provisioning.stores.activation import ActivationRequest, parse_activation
from provisioning.stores.audit import audit_entry
from provisioning.stores.welcome import resend_welcome
from provisioning.workflow import recovery
from provisioning.workflow.records import Kind, Provisioning, Status, read_provisioning
from provisioning.workflow.requests import Submitted, submit
from provisioning.workflow.sweep import stuck

#: Newest first, by a time that never changes, so that a page's end stays where it is. Every filter has one composite
#: index with this order; Firestore merges them for any combination.
NEWEST_FIRST = "-requested_at"

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_MOST_STORES = 50
#: So many of a merchant's newest are looked through for one that was not rejected.
_LOOKED_THROUGH = 20
#: So many stuck ones are looked through for those that other filters ask for.
_MOST_STUCK = 500


# --- Activate --------------------------------------------------------------------------------------------


def activate(call: Call[NoQuery, BaseModel]) -> Answer:
    merchant_id = check_id(call.path["merchant_id"], "merchant_id")
    request_id = request_id_for(merchant_id, call.headers.get("Idempotency-Key"))
    asked = call.body.model_dump(mode="json", exclude_none=True, exclude_unset=True)
    submitted = submit_as(call, {**asked, "merchant_id": merchant_id}, request_id)
    return Answer(
        Activated(provisioning_id=submitted.provisioning_id, store_id=submitted.store_id),
        {"Location": f"/api/provisioning/provisionings/{submitted.provisioning_id}"},
    )


def request_id_for(merchant_id: str, key: str | None) -> str:
    """The same for the same merchant and key; a new one where there is no key. Raises `InvalidInput`."""
    if key is None:
        return uuid.uuid4().hex
    if not _KEY.fullmatch(key):
        message = "must be 1 to 200 visible ASCII characters"
        raise InvalidInput((FieldError("Idempotency-Key", "NOT_A_KEY", message),))
    return derived_id(merchant_id, "key", key)


def derived_id(*parts: str) -> str:
    """32 hexadecimal digits from these parts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def submit_as(call: Call[Any, Any], asked: dict[str, Any], request_id: str) -> Submitted:
    """Write the request in the caller's name, with its audit entry. Raises `InvalidInput`, or `WrongState` (`KEY_REUSED`)."""
    request: ActivationRequest = parse_activation(
        {**asked, "requested_by": call.actor.partition(":")[2]}, request_id
    )
    entry = audit_entry(
        at=datetime.now(UTC),
        actor=call.actor,
        action="activation.requested",
        subject=document_path("activation_requests", request_id),
        detail={"merchant_id": request.merchant_id, "store_id": request.store_id},
    )
    return submit(AuditedDocuments(call.documents, entry), request, request_id)


# --- One merchant's newest -------------------------------------------------------------------------------


def merchant_status(call: Call[StoreChoice, None]) -> Answer:
    found = find_of_merchant(call)
    return Answer(ProvisioningView.of(found.id, read_provisioning(found.data or {})))


def merchant_retry(call: Call[StoreChoice, None]) -> Answer:
    return _retry(call, find_of_merchant(call).id)


def merchant_roll_back(call: Call[StoreChoice, Confirmation]) -> Answer:
    return _roll_back(call, find_of_merchant(call).id, call.body)


def find_of_merchant(call: Call[StoreChoice, Any]) -> Snapshot:
    """The newest provisioning of the merchant, or of the one store that was named."""
    merchant_id = check_id(call.path["merchant_id"], "merchant_id")
    store_id = call.query.store_id
    if store_id is None:
        _refuse_several(call.documents, merchant_id)
    found = newest(call.documents, merchant_id, store_id)
    if found is None:
        raise NotFound("this merchant has no such provisioning yet", code="NO_PROVISIONING")
    return found


def newest(documents: Documents, merchant_id: str, store_id: str | None = None) -> Snapshot | None:
    """
    The merchant's provisioning that was asked for last.

    While the merchant has a store, requests that were rejected are passed over: they made nothing, and the store is what is meant.
    """
    where = (Where("kind", "==", Kind.ACTIVATION.value), Where("merchant_id", "==", merchant_id))
    if store_id is not None:
        where += (Where("store_id", "==", store_id),)
    found = documents.query(Query("provisionings", where, order_by=NEWEST_FIRST, limit=_LOOKED_THROUGH))
    if not found or not _is_rejected(found[0]):
        return found[0] if found else None
    made = [each for each in found if not _is_rejected(each)]
    has_store = bool(living_stores(documents, Where("merchant_id", "==", merchant_id), 1))
    return made[0] if made and has_store else found[0]


def _is_rejected(found: Snapshot) -> bool:
    record = read_provisioning(found.data or {})
    return record.status == Status.FAILED and record.current_step is None


def _refuse_several(documents: Documents, merchant_id: str) -> None:
    owned = living_stores(documents, Where("merchant_id", "==", merchant_id), _MOST_STORES)
    if len(owned) > 1:
        message = "this merchant owns several stores; say which with ?store_id="
        raise StoresInTheWay("SEVERAL_STORES", message, owned)


# --- Provisionings ---------------------------------------------------------------------------------------


def list_provisionings(call: Call[ProvisioningFilter, None]) -> Answer:
    asked = {
        "kind": str(call.query.kind),
        "status": None if call.query.status is None else str(call.query.status),
        "merchant_id": call.query.merchant_id,
        "store_id": call.query.store_id,
    }
    asked = {name: value for name, value in asked.items() if value is not None}
    if call.query.stuck:
        return _list_stuck(call, asked)
    where = tuple(Where(name, "==", value) for name, value in asked.items())
    query = Query("provisionings", where, order_by=NEWEST_FIRST)
    found, following = read_page(call.documents, query, call.query)
    return Answer(ProvisioningList(items=_summaries(found), next_cursor=following))


def _list_stuck(call: Call[ProvisioningFilter, None], asked: dict[str, str]) -> Answer:
    found = [
        one
        for one in stuck(call.documents, _MOST_STUCK)
        if all((one.data or {}).get(name) == value for name, value in asked.items())
    ]
    return Answer(ProvisioningList(items=_summaries(found[: call.query.limit]), next_cursor=None))


def _summaries(found: list[Snapshot]) -> tuple[ProvisioningSummary, ...]:
    """What can be read; one document that cannot must not hide all others, and has a dead letter of its own."""
    items: list[ProvisioningSummary] = []
    for one in found:
        try:
            items.append(ProvisioningSummary.of(one.id, read_provisioning(one.data or {})))
        except ValidationError:
            logs.provisioning_unreadable(one.id)
    return tuple(items)


def show_provisioning(call: Call[NoQuery, None]) -> Answer:
    id = _id(call)
    found, request = call.documents.get_all(
        [document_path("provisionings", id), document_path("activation_requests", id)]
    )
    if found.data is not None:
        return Answer(ProvisioningView.of(id, read_provisioning(found.data)))
    if request.exists:
        raise NotFound(
            "its request is written and will be picked up in a moment; ask again", code="NOT_PICKED_UP_YET"
        )
    raise NotFound("there is no provisioning with this id")


def retry(call: Call[NoQuery, None]) -> Answer:
    return _retry(call, _id(call))


def roll_back(call: Call[NoQuery, Confirmation]) -> Answer:
    return _roll_back(call, _id(call), call.body)


def resend(call: Call[NoQuery, None]) -> Answer:
    platform = call.platform
    resent = resend_welcome(
        platform.ports.documents,
        platform.ports.mailer,
        platform.tokens,
        platform.addresses,
        provisioning_id=_id(call),
        actor=call.actor,
        now=datetime.now(UTC),
    )
    return Answer(Resend(number=resent.number, delivery=resent.delivery))


def _id(call: Call[Any, Any]) -> str:
    return check_id(call.path["provisioning_id"], "provisioning_id")


def _retry(call: Call[Any, Any], id: str) -> Answer:
    return _view(id, recovery.retry(call.platform.engine, id, actor=call.actor))


def _roll_back(call: Call[Any, Any], id: str, body: Confirmation) -> Answer:
    return _view(id, recovery.roll_back(call.platform.engine, id, actor=call.actor, confirm=body.confirm))


def _view(id: str, record: Provisioning) -> Answer:
    return Answer(ProvisioningView.of(id, record))


# --- Endpoints -------------------------------------------------------------------------------------------

IDEMPOTENCY_KEY = Header(
    "Idempotency-Key",
    "The same key for the same merchant is the same request, however often it is sent.",
    "f0a1c6b2-activate-1",
    f"^{_KEY.pattern}$",
)
_NO_PROVISIONING = Refusal(404, "NO_PROVISIONING", "the merchant has none")
_SEVERAL = Refusal(409, "SEVERAL_STORES", "the merchant owns several stores; `stores` lists them")
_ROLL_BACK = (*NOT_UNDOABLE, CHANGED_MEANWHILE)

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "POST",
        f"{ROOT}/merchants/{{merchant_id}}/activate",
        "activate_merchant",
        "Merchants",
        "Turn an approved merchant into a store",
        activate,
        description="Writes the activation request and answers at once. The portal can listen to the document "
        "`provisionings/{provisioning_id}` from then on.",
        status=202,
        body=Activation,
        response=Activated,
        headers=(IDEMPOTENCY_KEY,),
        answer_headers=(LOCATION,),
        refusals=(KEY_REUSED,),
        example={
            "store_name": "Awesome Store",
            "owner_email": "avery@awesome-store.example.com",
            "subdomain": "awesome-store",
            "theme": "upfront-modern",
            "plan": "professional",
            "category": "electronics",
            "launch": "immediately",
        },
    ),
    Endpoint(
        "GET",
        f"{ROOT}/merchants/{{merchant_id}}/provisioning-status",
        "show_merchant_status",
        "Merchants",
        "Show a merchant's newest provisioning",
        merchant_status,
        response=ProvisioningView,
        query=StoreChoice,
        refusals=(_NO_PROVISIONING, _SEVERAL),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/merchants/{{merchant_id}}/retry-provisioning",
        "retry_merchant",
        "Merchants",
        "Go on with a merchant's newest provisioning, which failed",
        merchant_retry,
        status=202,
        response=ProvisioningView,
        query=StoreChoice,
        refusals=(_NO_PROVISIONING, _SEVERAL, *NOT_RETRIED),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/merchants/{{merchant_id}}/rollback",
        "roll_back_merchant",
        "Merchants",
        "Undo a merchant's newest provisioning",
        merchant_roll_back,
        status=202,
        body=Confirmation,
        body_required=False,
        response=ProvisioningView,
        query=StoreChoice,
        refusals=(_NO_PROVISIONING, _SEVERAL, *_ROLL_BACK),
        example={"confirm": "awesome-store"},
    ),
    Endpoint(
        "GET",
        f"{ROOT}/provisionings",
        "list_provisionings",
        "Provisionings",
        "List the newest provisionings",
        list_provisionings,
        response=ProvisioningList,
        query=ProvisioningFilter,
        example_query="status=FAILED&limit=20",
        description="With `stuck`, those that should have moved two minutes ago, the longest waiting first, and no further pages.",
    ),
    Endpoint(
        "GET",
        f"{ROOT}/provisionings/{{provisioning_id}}",
        "show_provisioning",
        "Provisionings",
        "Show a provisioning with its steps, log and receipt",
        show_provisioning,
        response=ProvisioningView,
        refusals=(
            UNKNOWN,
            Refusal(404, "NOT_PICKED_UP_YET", "its request was written a moment ago; ask again"),
        ),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/provisionings/{{provisioning_id}}/retry",
        "retry_provisioning",
        "Provisionings",
        "Go on with a failed provisioning",
        retry,
        description="What is done so far is kept; the step that failed begins anew with four attempts.",
        status=202,
        response=ProvisioningView,
        refusals=(UNKNOWN, *NOT_RETRIED),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/provisionings/{{provisioning_id}}/rollback",
        "roll_back_provisioning",
        "Provisionings",
        "Undo a provisioning",
        roll_back,
        description="Step by step in reverse. A COMPLETED one, whose store may be live, needs `confirm`.",
        status=202,
        body=Confirmation,
        body_required=False,
        response=ProvisioningView,
        refusals=(UNKNOWN, *_ROLL_BACK),
        example={"confirm": "awesome-store"},
    ),
    Endpoint(
        "POST",
        f"{ROOT}/provisionings/{{provisioning_id}}/resend-welcome",
        "resend_welcome",
        "Provisionings",
        "Send the welcome mail again, with a new link",
        resend,
        response=Resend,
        refusals=(
            UNKNOWN,
            Refusal(409, "NO_STORE", "it has no store at present"),
            Refusal(409, "NO_OWNER", "the store has no owner's account yet"),
            Refusal(409, "TOO_MANY_RESENDS", "it was sent again too often"),
            Refusal(502, "MAIL_REFUSED", "the mail's receiver refused it for good"),
        ),
    ),
)
