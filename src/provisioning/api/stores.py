"""Stores: found, listed, and one with all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import Field

from provisioning.api.calls import ROOT, UNKNOWN, Answer, Call, Endpoint, NoQuery, Refusal
from provisioning.api.paging import read_page
from provisioning.api.shapes import (
    Input,
    Output,
    PageQuery,
    ProvisioningSummary,
    ProvisioningView,
    StoreList,
    StoreSummary,
)
from provisioning.errors import NotFound
from provisioning.ports import Documents, Query, Snapshot, Where, check_id, document_path
from provisioning.stores.activation import Slug
from provisioning.stores.checklist import compute_checklist, read_checklist_facts
from provisioning.stores.stores import Deployment, Store, StoreStatus
from provisioning.stores.tasks import TaskStatus, read_tasks
from provisioning.workflow.records import Kind, read_provisioning

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


# --- One store -------------------------------------------------------------------------------------------


class StoreFilter(PageQuery):
    """Which stores."""

    status: StoreStatus | None = Field(None, description="Only those in this state.")
    theme: Slug | None = Field(None, description="Only those with this theme.")
    plan: Slug | None = Field(None, description="Only those on this plan.")


class DeploymentView(Output):
    """Where a store's website answers, and what it shows."""

    hostname: str
    addresses: dict[str, str]
    live: str | None = Field(description="The release that visitors see.")
    released_at: datetime | None
    previous: str | None = Field(description="The release that was live before.")
    actor: str | None = Field(description="Who made the last change.")
    reason: str | None = Field(description="Why: publish, promote or revert.")
    ssl: dict[str, Any] | None = Field(description="Facts of the certificate, as soon as they are known.")
    dns: dict[str, Any] | None = Field(description="Facts of the name, as soon as they are known.")


class TaskView(Output):
    """Work beyond the store itself."""

    name: str
    title: str
    status: TaskStatus
    why: str
    next: str
    created_at: datetime


class ChecklistItemView(Output):
    """One thing that the owner has yet to do, or has done."""

    name: str
    title: str
    why: str
    done: bool
    minutes: int


class ThemeOfStore(Output):
    """The theme as it was chosen."""

    slug: str
    version: str


class StoreView(Output):
    """A store with all that belongs to it."""

    store_id: str
    name: str
    merchant_id: str
    owner_email: str
    status: StoreStatus
    subdomain: str
    hostname: str
    category: str
    sample: bool = Field(description="True while what it sells is sample content.")
    created_at: datetime
    live_at: datetime | None
    theme: ThemeOfStore
    plan: dict[str, Any] = Field(description="The plan as it was sold.")
    website: str
    dashboard: str
    deployment: DeploymentView | None
    tasks: tuple[TaskView, ...]
    checklist: tuple[ChecklistItemView, ...]
    receipt: tuple[dict[str, Any], ...] = Field(description="What was checked when it was finished.")
    provisioning: ProvisioningSummary | None = Field(description="The newest activation.")


def list_stores(call: Call[StoreFilter, None]) -> Answer:
    asked = {"status": call.query.status, "theme.slug": call.query.theme, "plan.slug": call.query.plan}
    where = tuple(Where(name, "==", str(value)) for name, value in asked.items() if value is not None)
    found, following = read_page(call.documents, Query("stores", where), call.query)
    return Answer(StoreList(items=tuple(StoreSummary.of(one) for one in found), next_cursor=following))


def show_store(call: Call[NoQuery, None]) -> Answer:
    id = store_id_of(call)
    found, deployed = call.documents.get_all([document_path("stores", id), document_path("deployments", id)])
    if found.data is None:
        raise NotFound("there is no store with this id")
    return Answer(view_store(call, id, Store.model_validate(found.data), deployed))


def view_store(call: Call[Any, Any], id: str, store: Store, deployed: Snapshot) -> StoreView:
    """The store with what belongs to it, as it is now."""
    documents, addresses = call.documents, call.platform.addresses
    newest = newest_of_store(documents, id)
    record = None if newest is None else read_provisioning(newest.data or {})
    checklist = compute_checklist(read_checklist_facts(documents, id))
    return StoreView(
        store_id=id,
        **store.model_dump(include=_OF_THE_STORE),
        theme=ThemeOfStore(slug=store.theme.slug, version=store.theme.version),
        website=addresses.store(store.subdomain),
        dashboard=addresses.dashboard(id),
        deployment=_deployment(deployed),
        tasks=tuple(TaskView.model_validate(task.model_dump()) for task in read_tasks(documents, id)),
        checklist=tuple(ChecklistItemView.model_validate(item.to_document()) for item in checklist),
        receipt=() if record is None else record.receipt,
        provisioning=None if newest is None or record is None else ProvisioningSummary.of(newest.id, record),
    )


_OF_THE_STORE = {
    "name",
    "merchant_id",
    "owner_email",
    "status",
    "subdomain",
    "hostname",
    "category",
    "sample",
    "created_at",
    "live_at",
    "plan",
}


def _deployment(found: Snapshot) -> DeploymentView | None:
    if found.data is None:
        return None
    return DeploymentView.model_validate(Deployment.model_validate(found.data).model_dump())


def store_id_of(call: Call[Any, Any]) -> str:
    """The store that the address names. Raises `InvalidInput`."""
    return check_id(call.path["store_id"], "store_id")


def newest_of_store(documents: Documents, store_id: str) -> Snapshot | None:
    """The store's activation that was asked for last."""
    where = (Where("kind", "==", Kind.ACTIVATION.value), Where("store_id", "==", store_id))
    found = documents.query(Query("provisionings", where, order_by="-requested_at", limit=1))
    return found[0] if found else None


def show_provisioning(call: Call[NoQuery, None]) -> Answer:
    found = newest_of_store(call.documents, store_id_of(call))
    if found is None:
        raise NotFound("this store has no provisioning yet", code="NO_PROVISIONING")
    return Answer(ProvisioningView.of(found.id, read_provisioning(found.data or {})))


class PlanWish(Input):
    """The plan that the store gets."""

    plan: Slug = Field(description="A plan's slug.")


def change_plan(call: Call[NoQuery, PlanWish]) -> Answer:
    # Loaded here: the admin API starts without it, and seldom needs it.
    from provisioning.catalog.plan_change import change_plan

    id = store_id_of(call)
    found, deployed = call.documents.get_all([document_path("stores", id), document_path("deployments", id)])
    store = change_plan(call.documents, id, call.body.plan, actor=call.actor, now=found.read_time)
    return Answer(view_store(call, id, store, deployed))


NO_PROVISIONING = Refusal(404, "NO_PROVISIONING", "nobody has asked for such a store yet")

ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/stores",
        "list_stores",
        "Stores",
        "List stores",
        list_stores,
        response=StoreList,
        query=StoreFilter,
        example_query="status=READY",
    ),
    Endpoint(
        "GET",
        f"{ROOT}/stores/{{store_id}}",
        "show_store",
        "Stores",
        "Show a store with its website, tasks and checklist",
        show_store,
        response=StoreView,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "GET",
        f"{ROOT}/stores/{{store_id}}/provisioning",
        "show_store_provisioning",
        "Stores",
        "Show a store's newest provisioning",
        show_provisioning,
        response=ProvisioningView,
        refusals=(NO_PROVISIONING,),
    ),
    Endpoint(
        "PUT",
        f"{ROOT}/stores/{{store_id}}/plan",
        "change_store_plan",
        "Stores",
        "Give a store another plan",
        change_plan,
        description="As the plan is today. Refused where the store uses more than the plan allows; `errors` says of what.",
        body=PlanWish,
        response=StoreView,
        refusals=(UNKNOWN, Refusal(409, "WRONG_STORE_STATUS", "a store of this status has no plan")),
        example={"plan": "professional"},
    ),
)
