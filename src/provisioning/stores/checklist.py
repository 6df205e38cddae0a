"""
What an owner has yet to do, computed from facts.

Nobody ticks an item by hand: an item is done when it is so. That is why there is no document of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from provisioning.errors import NotFound
from provisioning.ports import Documents, Query, Where, document_path
from provisioning.stores.members import read_members
from provisioning.stores.stores import Store, StoreStatus
from provisioning.stores.tasks import Task, TaskStatus, read_tasks


@dataclass(frozen=True, slots=True)
class ChecklistFacts:
    """All that the checklist depends on."""

    store_id: str
    status: StoreStatus
    signed_in: bool = False
    looked_at_store: bool = False
    has_own_products: bool = False
    has_samples: bool = False
    settings_reviewed: bool = False
    payments_connected: bool = False
    #: A payment provider was asked for, so that a task says what to do.
    payments_wanted: bool = False
    #: The domain that was asked for, if one was.
    custom_domain: str | None = None
    custom_domain_connected: bool = False


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to do. `minutes` is what it takes; `link` is where it is done, None while that page is not open yet."""

    name: str
    title: str
    why: str
    done: bool
    minutes: int
    link: str | None = None

    def to_document(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "why": self.why,
            "done": self.done,
            "minutes": self.minutes,
            "link": self.link,
        }


def compute_checklist(facts: ChecklistFacts) -> tuple[ChecklistItem, ...]:
    """The items in the order in which an owner would do them."""
    return tuple(_items(facts))


def _items(facts: ChecklistFacts) -> Iterator[ChecklistItem]:
    page = f"/dashboard/stores/{facts.store_id}"
    yield ChecklistItem(
        "sign_in",
        "Sign in for the first time",
        "It proves that the welcome mail reached you and that this dashboard is yours.",
        facts.signed_in,
        1,
    )
    yield ChecklistItem(
        "look",
        "Look at your store",
        "Walk through it as a shopper would: the front page, a collection, a product.",
        facts.looked_at_store,
        3,
        f"{page}/look",
    )
    yield ChecklistItem(
        "own_products",
        "Add your first own product",
        "The shelves hold samples, so that you see how a full store looks. Shoppers buy yours.",
        facts.has_own_products,
        15,
    )
    yield ChecklistItem(
        "remove_samples",
        "Remove the samples",
        "Samples never appear in search engines or product feeds, and nobody should order one.",
        not facts.has_samples,
        1,
    )
    yield ChecklistItem(
        "review_settings",
        "Review shipping and tax",
        "We set usual values for your currency. What you owe and what you charge is for you to confirm.",
        facts.settings_reviewed,
        5,
    )
    yield ChecklistItem(
        "connect_payments",
        "Connect payments",
        "Until then shoppers can look, but not pay.",
        facts.payments_connected,
        10,
        f"{page}#tasks" if facts.payments_wanted else None,
    )
    if facts.custom_domain:
        yield ChecklistItem(
            "custom_domain",
            f"Connect {facts.custom_domain}",
            "Your own address is easier to remember. The present one goes on working.",
            facts.custom_domain_connected,
            10,
            f"{page}#tasks",
        )
    yield ChecklistItem(
        "go_live",
        "Go live",
        "Opens your store to everyone. Until then visitors see a coming-soon page.",
        facts.status is StoreStatus.ACTIVE,
        1,
        None if facts.status is not StoreStatus.READY else f"{page}#launch",
    )


def read_checklist_facts(documents: Documents, store_id: str) -> ChecklistFacts:
    """The facts as they are now: one read and four small queries. Raises `NotFound` where there is no such store."""
    found, *settings = documents.get_all(
        [
            document_path("stores", store_id),
            document_path("tenants", store_id, "settings", "shipping"),
            document_path("tenants", store_id, "settings", "tax"),
        ]
    )
    if found.data is None:
        raise NotFound("there is no such store")
    members = read_members(documents, store_id)
    tasks = {task.name: task for task in read_tasks(documents, store_id)}
    payments = [task for name, task in tasks.items() if name.startswith("payments_")]
    return ChecklistFacts(
        store_id=store_id,
        status=Store.model_validate(found.data).status,
        signed_in=any(member.signed_in_at for member in members),
        looked_at_store=any(member.looked_at for member in members),
        has_own_products=_has_products(documents, store_id, sample=False),
        has_samples=_has_products(documents, store_id, sample=True),
        settings_reviewed=all(page.data is not None and page.data.get("reviewed_at") for page in settings),
        payments_connected=any(_done(task) for task in payments),
        payments_wanted=bool(payments),
        custom_domain=_wanted_domain(tasks.get("custom_domain")),
        custom_domain_connected=_done(tasks.get("custom_domain")),
    )


def _has_products(documents: Documents, store_id: str, *, sample: bool) -> bool:
    path = f"{document_path('tenants', store_id)}/products"
    return bool(documents.query(Query(path, where=(Where("sample", "==", sample),), limit=1)))


def _done(task: Task | None) -> bool:
    return task is not None and task.status is TaskStatus.DONE


def _wanted_domain(task: Task | None) -> str | None:
    return None if task is None else task.requested.get("domain")
