"""What the dashboard of one store shows, read and put into words; the template only lays it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from provisioning.errors import NotFound, WrongState
from provisioning.ports import Documents, document_path
from provisioning.stores.addresses import Addresses
from provisioning.stores.checklist import ChecklistItem, compute_checklist, read_checklist_facts
from provisioning.stores.launch import check_may_go_live
from provisioning.stores.stores import Deployment, Store, StoreStatus
from provisioning.stores.tasks import Task, TaskStatus, read_tasks
from provisioning.stores.tokens import PREVIEW_SECONDS, Tokens
from provisioning.themes.money import format_money

#: How long after going live the page still congratulates.
NEWS = timedelta(minutes=15)

_BADGES = {
    StoreStatus.CREATING: "Being built",
    StoreStatus.READY: "Not open yet",
    StoreStatus.ACTIVE: "Live",
    StoreStatus.SUSPENDED: "Suspended",
    StoreStatus.ARCHIVED: "Archived",
    StoreStatus.DELETED: "Deleted",
}
_LIMITS = (
    ("products", "Products", ""),
    ("orders_per_month", "Orders a month", ""),
    ("storage_gb", "Storage", " GB"),
    ("bandwidth_gb", "Traffic a month", " GB"),
)


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan that was sold: its price in words and its limits as (name, amount)."""

    name: str
    price: str
    limits: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All that the page says about a store."""

    store_id: str
    name: str
    status: StoreStatus
    badge: str
    #: The public address, and the same without its scheme, for people.
    address: str
    host: str
    #: Shows the store before it is live; empty when everyone can see it.
    preview: str
    preview_days: int
    plan: PlanView
    theme: str
    theme_version: str
    checklist: tuple[ChecklistItem, ...]
    tasks: tuple[Task, ...]
    #: Why the owner cannot go live now; empty when nothing stands in the way.
    blocked: str
    live_since: str
    is_news: bool

    @property
    def done(self) -> int:
        return sum(item.done for item in self.checklist)

    @property
    def minutes_left(self) -> int:
        return sum(item.minutes for item in self.checklist if not item.done)


def show_dashboard(
    documents: Documents, addresses: Addresses, tokens: Tokens, store_id: str, now: datetime
) -> Dashboard:
    """Read what the page shows. Raises `NotFound` where there is no such store."""
    found, release = documents.get_all(
        [document_path("stores", store_id), document_path("deployments", store_id)]
    )
    if found.data is None:
        raise NotFound("there is no such store")
    store = Store.model_validate(found.data)
    address = addresses.store(store.subdomain)
    is_live = store.status is StoreStatus.ACTIVE
    return Dashboard(
        store_id=store_id,
        name=store.name,
        status=store.status,
        badge=_BADGES[store.status],
        address=address,
        host=address.partition("://")[2],
        preview="" if is_live else f"{address}/?preview={tokens.preview(store_id)}",
        preview_days=PREVIEW_SECONDS // (24 * 3600),
        plan=show_plan(store.plan),
        theme=store.theme.slug.replace("-", " ").title(),
        theme_version=store.theme.version,
        checklist=compute_checklist(read_checklist_facts(documents, store_id)),
        tasks=tuple(task for task in read_tasks(documents, store_id) if task.status is not TaskStatus.DONE),
        blocked=_blocked(store, None if release.data is None else Deployment.model_validate(release.data)),
        live_since=_day(store.live_at) if is_live and store.live_at else "",
        is_news=is_live and store.live_at is not None and now - store.live_at < NEWS,
    )


def read_store(documents: Documents, store_id: str) -> Store:
    """The store. Raises `NotFound`."""
    data = documents.get(document_path("stores", store_id)).data
    if data is None:
        raise NotFound("there is no such store")
    return Store.model_validate(data)


def show_plan(plan: Mapping[str, Any]) -> PlanView:
    """The plan as the store keeps it, in words; what it does not say is left out."""
    limits = cast("Mapping[str, int | None]", plan.get("limits") or {})
    shown = tuple(
        (title, "Unlimited" if limits[name] is None else f"{limits[name]:,}{unit}")
        for name, title, unit in _LIMITS
        if name in limits
    )
    price = plan.get("price")
    money = format_money(price, str(plan.get("currency", "USD"))) if isinstance(price, int) else ""
    slug = str(plan.get("slug", ""))
    return PlanView(str(plan.get("name") or slug.title()), f"{money} a month" if money else "", shown)


def _blocked(store: Store, deployment: Deployment | None) -> str:
    if store.status is StoreStatus.ACTIVE:
        return ""
    try:
        check_may_go_live(store, deployment)
    except WrongState as refusal:
        return str(refusal)
    return ""


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
