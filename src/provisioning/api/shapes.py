"""
What the API takes and gives, beside the documents of the catalogue: the models from which its description is made.

Answers show what people need; leases, tokens and messages' payloads stay inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from provisioning.catalog.entries import ThemeEntry
from provisioning.catalog.plans import Plan
from provisioning.ports import Snapshot
from provisioning.stores.activation import ActivationRequest, Identifier
from provisioning.stores.stores import Store, StoreStatus
from provisioning.workflow.dead_letters import DeadLetter, LetterStatus
from provisioning.workflow.records import Kind, LogEntry, Problem, Provisioning, Status, StepRecord

MAX_PAGE = 100


class Input(BaseModel):
    """What a request sends."""

    # Built when first used: a function starts for one request, which needs two or three of them.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Output(BaseModel):
    """What an answer holds."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


# --- Asking ----------------------------------------------------------------------------------------------

#: Written by the system, or said by the address.
_NOT_SENT = {"merchant_id", "store_id", "requested_by", "requested_at", "picked_up"}

_FIELDS: dict[str, Any] = {
    name: (field.annotation, field)
    for name, field in ActivationRequest.model_fields.items()
    if name not in _NOT_SENT
}
_STORE_ID = Field(None, description="An id of your own for the store; by default the provisioning's.")

# Made from the one model of a request, so that the two cannot differ.
Activation: type[BaseModel] = create_model(
    "Activation",
    __base__=Input,
    __doc__="What to make: an activation request without what the address says.",
    **_FIELDS,
    store_id=(Identifier | None, _STORE_ID),
)


class Confirmation(Input):
    """Asked for where a live store is to be undone."""

    confirm: Annotated[str, Field(max_length=40)] | None = Field(
        None,
        description="The store's subdomain; needed once the provisioning is COMPLETED.",
        examples=["awesome-store"],
    )


class LegacyRequest(Input):
    """What older clients send."""

    tenantId: Identifier = Field(description="The merchant's id.")


class PageQuery(Input):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=MAX_PAGE, description="At most so many items.")
    cursor: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="`next_cursor` of the page before."
    )


class ProvisioningFilter(PageQuery):
    """Which provisionings. The filters may be combined."""

    status: Status | None = Field(None, description="Only those in this state.")
    merchant_id: Identifier | None = Field(None, description="Only this merchant's.")
    store_id: Identifier | None = Field(None, description="Only this store's.")
    kind: Kind = Field(Kind.ACTIVATION, description="Activations, or publications of a store's website.")
    stuck: bool = Field(False, description="Only those that should have moved two minutes ago and have not.")


class LetterFilter(PageQuery):
    """Which dead letters."""

    status: LetterStatus | Literal["ALL"] = Field(LetterStatus.OPEN, description="A state, or ALL.")


class StoreChoice(Input):
    """Which of a merchant's stores."""

    store_id: Identifier | None = Field(None, description="Needed where the merchant owns several stores.")


# --- Answering -------------------------------------------------------------------------------------------


class Health(Output):
    """The function answers."""

    status: Literal["ok"] = "ok"


class Activated(Output):
    """Where to look: the portal can listen to `provisionings/{provisioning_id}` at once."""

    provisioning_id: str
    store_id: str


class ProvisioningSummary(Output):
    """One provisioning, as a list shows it."""

    id: str
    kind: str
    merchant_id: str | None
    store_id: str | None
    store_name: str | None
    subdomain: str | None
    status: Status
    halted: bool = Field(description="A roll back that ran out of attempts: roll back again to resume it.")
    current_step: str | None
    completion_percent: int
    error: Problem | None
    retry_count: int
    requested_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    updated_at: datetime

    @classmethod
    def of(cls, id: str, record: Provisioning) -> Any:
        return cls.model_validate({"id": id, "halted": record.halted, **record.model_dump()})


class ProvisioningView(ProvisioningSummary):
    """One provisioning with all its steps."""

    steps: tuple[StepRecord, ...]
    log: tuple[LogEntry, ...]
    links: dict[str, str] = Field(description="`website` and `dashboard`, as soon as they are known.")
    receipt: tuple[dict[str, Any], ...] = Field(
        description="What was checked at the end: {check, ok, evidence}."
    )
    delivery: str | None = Field(description="How the welcome mail went: sent or unconfirmed.")


class ProvisioningList(Output):
    """Newest request first."""

    items: tuple[ProvisioningSummary, ...]
    next_cursor: str | None


class StoreSummary(Output):
    """One store, as a list shows it."""

    store_id: str
    name: str
    merchant_id: str
    subdomain: str
    status: StoreStatus
    theme: str
    plan: str

    @classmethod
    def of(cls, found: Snapshot) -> StoreSummary:
        store = Store.model_validate(found.data)
        return cls(
            store_id=found.id,
            name=store.name,
            merchant_id=store.merchant_id,
            subdomain=store.subdomain,
            status=store.status,
            theme=store.theme.slug,
            plan=str(store.plan.get("slug", "")),
        )


class StoreList(Output):
    """By id."""

    items: tuple[StoreSummary, ...]
    next_cursor: str | None


class ThemeList(Output):
    """By slug."""

    items: tuple[ThemeEntry, ...]
    next_cursor: str | None


class PlanList(Output):
    """In the order in which plans are offered."""

    items: tuple[Plan, ...]
    next_cursor: str | None


class SeededDefaults(Output):
    """What was missing and has been made; what was there is left as it is."""

    themes: tuple[str, ...]
    plans: tuple[str, ...]
    merchants: tuple[str, ...]


class Resend(Output):
    """The welcome mail went out again."""

    number: int = Field(description="The how-manieth resend it was.")
    delivery: Literal["sent", "unconfirmed"]


class LetterView(Output):
    """One dead letter, without the message itself."""

    id: str
    status: LetterStatus
    code: str
    title: str
    action: str
    provisioning_id: str | None
    step: str | None
    replayable: bool
    filed_at: datetime
    closed_at: datetime | None
    closed_by: str | None

    @classmethod
    def of(cls, id: str, data: Mapping[str, Any]) -> LetterView:
        letter = DeadLetter.model_validate(data)
        kept = letter.provisioning is not None or letter.data is not None
        return cls(
            id=id,
            status=letter.status,
            code=letter.code,
            title=letter.title,
            action=letter.action,
            provisioning_id=letter.provisioning,
            step=letter.step,
            replayable=kept and letter.status is LetterStatus.OPEN,
            filed_at=letter.filed_at,
            closed_at=letter.closed_at,
            closed_by=letter.closed_by,
        )


class LetterList(Output):
    """Newest first."""

    items: tuple[LetterView, ...]
    next_cursor: str | None


class Reason(Output):
    """Why an address cannot be had."""

    code: str = Field(examples=["TAKEN"])
    message: str


class HostAvailability(Output):
    """Whether a store may have this address."""

    available: bool
    hostname: str | None = Field(description="The whole host; null where the label breaks the rules.")
    reason: Reason | None
    suggestions: tuple[str, ...] = Field(
        description="Labels near it that are free; empty where it is free itself."
    )


class LegacyJob(Output):
    """The id under which older clients ask for the progress."""

    jobId: str


class LegacyStatus(Output):
    """Progress in the words of older clients."""

    jobId: str
    status: Literal["queued", "processing", "deployed", "failed"]
    logs: tuple[str, ...]
