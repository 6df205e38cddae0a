"""
Merchants as an administrator sees them: each with its stores and its newest provisioning.

Search and the state that follows from provisionings are no fields that Firestore could ask for: a list looks through the merchants in
their order, a bounded number for each page, and a page may be short though others follow.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from provisioning import logs
from provisioning.api.calls import LOCATION, ROOT, UNKNOWN, Answer, Call, Endpoint, Header, NoQuery, Refusal
from provisioning.api.paging import encode_cursor, resolve_cursor
from provisioning.api.provisionings import derived_id, newest, request_id_for
from provisioning.api.shapes import Input, Output, PageQuery, ProvisioningSummary
from provisioning.api.stores import living_stores
from provisioning.errors import Conflict, InvalidInput, NotFound, WrongState
from provisioning.ports import Create, Documents, Query, Snapshot, Where, check_id, document_path
from provisioning.stores.activation import Category, Email, Line
from provisioning.stores.addresses import Addresses
from provisioning.stores.audit import audit_entry, commit_deed
from provisioning.stores.merchants import Merchant, MerchantStatus, SavedChoices
from provisioning.stores.stores import StoreStatus
from provisioning.workflow.records import Kind, Provisioning, Status, read_provisioning

#: So many merchants are looked through for one page.
MOST_LOOKED_THROUGH = 1_000
_AT_ONCE = 100
_MOST_STORES = 50
#: So many of the newest failures are looked through for merchants that failed.
_MOST_FAILURES = 500
_ORDER = {"requested_at": "created_at", "-requested_at": "-created_at", "name": "name", "-name": "-name"}


# --- Shapes ----------------------------------------------------------------------------------------------


class MerchantFilter(PageQuery):
    """Which merchants. A page may hold fewer than `limit`: go on until `next_cursor` is null."""

    status: MerchantStatus | None = Field(None, description="Only those in this state.")
    q: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="Only those with this in their name, id, e-mail address or chosen subdomain."
    )
    sort: Literal["requested_at", "-requested_at", "name", "-name"] = Field(
        "-requested_at", description="In this order; `-` means descending."
    )
    limit: int = Field(25, ge=1, le=100, description="At most so many items.")


class NewMerchant(Input):
    """A business that has been approved."""

    name: Line
    owner_email: Email
    owner_name: Line | None = Field(None, description="The merchant's name, where it is left out.")
    category: Category = Category.GENERAL
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = Field("US", description="ISO 3166-1 alpha-2.")
    saved_choices: SavedChoices = Field(SavedChoices(), description="What it has chosen so far.")


class MerchantStore(Output):
    """One of a merchant's stores."""

    store_id: str
    store_name: str
    status: StoreStatus
    subdomain: str
    website: str
    theme: str
    plan: str


class MerchantView(Output):
    """A merchant with its stores and its newest provisioning."""

    id: str
    name: str
    owner_name: str
    owner_email: str
    status: MerchantStatus
    status_reason: str
    category: Category
    country: str
    requested_at: datetime
    saved_choices: SavedChoices
    stores: tuple[MerchantStore, ...]
    provisioning: ProvisioningSummary | None


class MerchantList(Output):
    """In the order that was asked for."""

    merchants: tuple[MerchantView, ...]
    next_cursor: str | None


class MerchantCounts(Output):
    """How many merchants there are in each state."""

    all: int
    pending: int
    active: int
    failed: int
    suspended: int


# --- The state of a merchant -----------------------------------------------------------------------------


def state_of(kept: MerchantStatus, last: Provisioning | None) -> MerchantStatus:
    """
    The state in which a merchant is: what its document says, unless its newest provisioning knows better.

    Who has a store or is suspended is so, whatever became of a later request.
    """
    if last is None or kept in (MerchantStatus.ACTIVE, MerchantStatus.SUSPENDED):
        return kept
    failed = last.status == Status.FAILED or last.halted
    return MerchantStatus.FAILED if failed else MerchantStatus.PENDING


def _reason_of(merchant: Merchant, status: MerchantStatus, last: Provisioning | None) -> str:
    """Why it failed or was suspended; what an old document says of a failure ends with a new attempt."""
    if status == MerchantStatus.FAILED and last is not None and last.error is not None:
        return last.error.title
    return merchant.status_reason if status == merchant.status else ""


# --- Looking ---------------------------------------------------------------------------------------------


def list_merchants(call: Call[MerchantFilter, None]) -> Answer:
    found: list[MerchantView] = []
    last: Snapshot | None = None
    following: str | None = None
    for snapshot, view in _look_through(call):
        if view is not None and len(found) == call.query.limit:
            # One more is there: the page ends behind the last that it shows.
            return Answer(MerchantList(merchants=tuple(found), next_cursor=following))
        last = snapshot
        if view is not None:
            found.append(view)
            following = encode_cursor(snapshot.id)
    if last is None:
        return Answer(MerchantList(merchants=(), next_cursor=None))
    behind = encode_cursor(last.id) if _goes_on(call, last) else None
    return Answer(MerchantList(merchants=tuple(found), next_cursor=behind))


def _look_through(call: Call[MerchantFilter, None]) -> Iterator[tuple[Snapshot, MerchantView | None]]:
    """Merchants in their order, a bounded number; with a view where they are among those that were asked for."""
    wanted, documents = call.query, call.documents
    failures = _failing(documents) if wanted.status == MerchantStatus.FAILED else frozenset[str]()
    query = _query(call)
    after = None if wanted.cursor is None else resolve_cursor(documents, "merchants", wanted.cursor)
    looked = 0
    while looked < MOST_LOOKED_THROUGH:
        page = documents.query(replace(query, after=after))
        for snapshot in page:
            yield snapshot, _wanted(call, snapshot, failures)
        if len(page) < _AT_ONCE:
            return
        looked, after = looked + len(page), page[-1]


def _goes_on(call: Call[MerchantFilter, None], last: Snapshot) -> bool:
    return bool(call.documents.query(replace(_query(call), after=last, limit=1)))


def _query(call: Call[MerchantFilter, None]) -> Query:
    return Query("merchants", order_by=_ORDER[call.query.sort], limit=_AT_ONCE)


def _wanted(
    call: Call[MerchantFilter, None], snapshot: Snapshot, failures: frozenset[str]
) -> MerchantView | None:
    merchant = _read(snapshot)
    status = call.query.status
    if merchant is None or not _holds(merchant, call.query.q):
        return None
    if status is not None and not _may_be(status, merchant, failures):
        return None
    view = _view(call.documents, call.platform.addresses, merchant)
    return view if status in (None, view.status) else None


def _holds(merchant: Merchant, text: str | None) -> bool:
    wanted = (text or "").strip().casefold()
    places = (merchant.name, merchant.id, merchant.owner_email, merchant.saved_choices.subdomain or "")
    return any(wanted in place.casefold() for place in places)


def _may_be(wanted: MerchantStatus, merchant: Merchant, failures: frozenset[str]) -> bool:
    """Whether it can be in this state; only then its provisioning is read."""
    match wanted:
        case MerchantStatus.FAILED:
            waits = merchant.status == MerchantStatus.PENDING and merchant.id in failures
            return waits or merchant.status == MerchantStatus.FAILED
        case MerchantStatus.PENDING:
            return merchant.status in (MerchantStatus.PENDING, MerchantStatus.FAILED)
        case _:
            return merchant.status == wanted


def _failing(documents: Documents) -> frozenset[str]:
    """Merchants of the newest activations that are FAILED, or whose roll back is halted."""
    found: set[str] = set()
    for status in (Status.FAILED, Status.ROLLBACK):
        where = (Where("kind", "==", Kind.ACTIVATION.value), Where("status", "==", str(status)))
        query = Query("provisionings", where, order_by="-requested_at", limit=_MOST_FAILURES)
        found.update(str((one.data or {}).get("merchant_id")) for one in documents.query(query))
    return frozenset(found)


def _read(snapshot: Snapshot) -> Merchant | None:
    """A merchant; None for a document that is not one, which must not hide the others."""
    try:
        return Merchant.from_document(snapshot.id, dict(snapshot.data or {}))
    except ValidationError:
        logs.merchant_unreadable(snapshot.id)
        return None


def _newest(documents: Documents, merchant_id: str) -> tuple[str, Provisioning] | None:
    found = newest(documents, merchant_id)
    if found is None:
        return None
    try:
        return found.id, read_provisioning(found.data or {})
    except ValidationError:
        logs.provisioning_unreadable(found.id)
        return None


def _view(documents: Documents, addresses: Addresses, merchant: Merchant) -> MerchantView:
    found = _newest(documents, merchant.id)
    last = None if found is None else found[1]
    status = state_of(merchant.status, last)
    stores = living_stores(documents, Where("merchant_id", "==", merchant.id), _MOST_STORES)
    return MerchantView(
        id=merchant.id,
        name=merchant.name,
        owner_name=merchant.owner_name,
        owner_email=merchant.owner_email,
        status=status,
        status_reason=_reason_of(merchant, status, last),
        category=merchant.business_category,
        country=merchant.country,
        requested_at=merchant.created_at,
        saved_choices=merchant.saved_choices,
        stores=tuple(
            MerchantStore(
                store_id=store.store_id,
                store_name=store.name,
                status=store.status,
                subdomain=store.subdomain,
                website=addresses.store(store.subdomain),
                theme=store.theme,
                plan=store.plan,
            )
            for store in stores
        ),
        provisioning=None if found is None else ProvisioningSummary.of(*found),
    )


def count_merchants(call: Call[NoQuery, None]) -> Answer:
    kept = {status: _count(call.documents, status) for status in _NEVER_SILENT}
    everybody = call.documents.count(Query("merchants"))
    moved = _count_moved(call.documents)
    failed = kept[MerchantStatus.FAILED] + moved
    return Answer(
        MerchantCounts(
            all=everybody,
            # A document that says nothing is of one that waits.
            pending=everybody - sum(kept.values()) - moved,
            active=kept[MerchantStatus.ACTIVE],
            failed=failed,
            suspended=kept[MerchantStatus.SUSPENDED],
        )
    )


_NEVER_SILENT = (MerchantStatus.ACTIVE, MerchantStatus.FAILED, MerchantStatus.SUSPENDED)


def _count(documents: Documents, status: MerchantStatus) -> int:
    return documents.count(Query("merchants", (Where("status", "==", str(status)),)))


def _count_moved(documents: Documents) -> int:
    """How many more are FAILED than their documents say: those whose newest provisioning is, less those that try again."""
    failing = [id for id in sorted(_failing(documents)) if _is_id(id)]
    candidates = documents.get_all([document_path("merchants", id) for id in failing])
    again = documents.query(
        Query("merchants", (Where("status", "==", str(MerchantStatus.FAILED)),), limit=_MOST_FAILURES)
    )
    moved = 0
    for path, snapshot in {one.path: one for one in (*candidates, *again) if one.exists}.items():
        kept = _kept_status(snapshot)
        if kept is None or kept not in (MerchantStatus.PENDING, MerchantStatus.FAILED):
            continue
        found = _newest(documents, path.rpartition("/")[2])
        now = state_of(kept, None if found is None else found[1])
        moved += (now == MerchantStatus.FAILED) - (kept == MerchantStatus.FAILED)
    return moved


def _is_id(text: str) -> bool:
    try:
        return bool(check_id(text))
    except InvalidInput:
        return False


def _kept_status(snapshot: Snapshot) -> MerchantStatus | None:
    try:
        return MerchantStatus((snapshot.data or {}).get("status") or MerchantStatus.PENDING)
    except ValueError:
        return None


def show_merchant(call: Call[NoQuery, None]) -> Answer:
    return Answer(_view(call.documents, call.platform.addresses, _find(call)))


def _find(call: Call[Any, Any]) -> Merchant:
    id = check_id(call.path["merchant_id"], "merchant_id")
    found = call.documents.get(document_path("merchants", id))
    merchant = _read(found) if found.exists else None
    if merchant is None:
        raise NotFound("there is no merchant with this id")
    return merchant


# --- Making ----------------------------------------------------------------------------------------------


def create_merchant(call: Call[NoQuery, NewMerchant]) -> Answer:
    merchant_id = f"merchant-{_key_of(call)[:16]}"
    path = document_path("merchants", merchant_id)
    found = call.documents.get(path)
    wanted = _made(call.body, merchant_id, found.read_time)
    if not found.exists:
        entry = audit_entry(at=found.read_time, actor=call.actor, action="merchant.created", subject=path)
        try:
            commit_deed(call.documents, [Create(path, wanted.to_document())], entry)
        except Conflict:
            found = call.documents.get(path)
    if found.exists and not _is_same(found, wanted):
        raise WrongState("KEY_REUSED", "this key was used before, for another merchant")
    # Who sends it again is told what has become of the merchant since.
    made = (_read(found) if found.exists else None) or wanted
    view = _view(call.documents, call.platform.addresses, made)
    return Answer(view, {"Location": f"{ROOT}/merchants/{merchant_id}"})


def _key_of(call: Call[NoQuery, NewMerchant]) -> str:
    key = call.headers.get("Idempotency-Key")
    return uuid.uuid4().hex if key is None else derived_id("merchant", request_id_for(call.actor, key))


def _made(asked: NewMerchant, merchant_id: str, now: datetime) -> Merchant:
    return Merchant(
        id=merchant_id,
        name=asked.name,
        owner_name=asked.owner_name or asked.name,
        owner_email=asked.owner_email,
        business_category=asked.category,
        country=asked.country,
        saved_choices=asked.saved_choices,
        created_at=now,
    )


def _is_same(found: Snapshot, wanted: Merchant) -> bool:
    """Whether it was made from the same request; what became of it since does not matter."""
    asked = {"name", "owner_name", "owner_email", "business_category", "country", "saved_choices"}
    kept = _read(found)
    return kept is not None and kept.model_dump(include=asked) == wanted.model_dump(include=asked)


_KEY = Header(
    "Idempotency-Key",
    "The same key is the same merchant, however often it is sent.",
    "8d1c44b0-merchant-1",
    r"^[\x21-\x7e]{1,200}$",
)

ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/merchants",
        "list_merchants",
        "Merchants",
        "List merchants",
        list_merchants,
        response=MerchantList,
        query=MerchantFilter,
        example_query="status=PENDING&sort=name",
        description="Each with its stores and its newest provisioning. FAILED is also who waits for a store and whose newest provisioning failed.",
    ),
    Endpoint(
        "GET",
        f"{ROOT}/merchants/counts",
        "count_merchants",
        "Merchants",
        "Count merchants by their state",
        count_merchants,
        response=MerchantCounts,
    ),
    Endpoint(
        "POST",
        f"{ROOT}/merchants",
        "create_merchant",
        "Merchants",
        "Add a merchant",
        create_merchant,
        status=201,
        body=NewMerchant,
        response=MerchantView,
        headers=(_KEY,),
        answer_headers=(LOCATION,),
        refusals=(Refusal(409, "KEY_REUSED", "the key was used before, for another merchant"),),
        example={
            "name": "Harbour Tea Company",
            "owner_email": "sam@harbour-tea.example.com",
            "owner_name": "Sam Whitlock",
            "category": "general",
            "saved_choices": {"theme": "upfront-minimal", "plan": "starter", "subdomain": "harbour-tea"},
        },
    ),
    Endpoint(
        "GET",
        f"{ROOT}/merchants/{{merchant_id}}",
        "show_merchant",
        "Merchants",
        "Show a merchant with its stores and its newest provisioning",
        show_merchant,
        response=MerchantView,
        refusals=(UNKNOWN,),
    ),
)
