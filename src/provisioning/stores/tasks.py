"""
Work beyond the store itself, `tenants/{store_id}/tasks/{name}`: a custom domain, payments, integrations.

Each hangs on facts outside our reach, says what it waits for, and never holds the store back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from provisioning.ports import Create, Documents, Query, document_path
from provisioning.stores.activation import ActivationRequest

_MOST_TASKS = 50


class TaskStatus(StrEnum):
    """WAITING is for a person; IN_PROGRESS is ours; FAILED says why in `why`."""

    WAITING = "WAITING"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    FAILED = "FAILED"


class Task(BaseModel):
    """One piece of such work. `why` is what it waits for, `next` what the merchant does, both in plain words."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    title: str
    status: TaskStatus = TaskStatus.WAITING
    why: str
    next: str
    #: What the request asked for, as the later work needs it.
    requested: dict[str, Any] = Field(default_factory=dict[str, Any])
    created_at: datetime

    def to_document(self) -> dict[str, Any]:
        return self.model_dump() | {"status": self.status.value}


def task_write(store_id: str, task: Task) -> Create:
    return Create(document_path("tenants", store_id, "tasks", task.name), task.to_document())


def read_tasks(documents: Documents, store_id: str) -> tuple[Task, ...]:
    """The store's tasks, by name."""
    found = documents.query(Query(f"{document_path('tenants', store_id)}/tasks", limit=_MOST_TASKS))
    return tuple(Task.model_validate(task.data) for task in found)


def tasks_for(request: ActivationRequest, now: datetime) -> tuple[Task, ...]:
    """The tasks that `request` asks for, in the order in which a merchant would do them."""
    return tuple(_tasks(request, now))


def _tasks(request: ActivationRequest, now: datetime) -> Iterator[Task]:
    wanted = request.integrations
    if request.custom_domain:
        yield _custom_domain(request.custom_domain, now)
    if wanted.stripe:
        yield Task(
            name="payments_stripe",
            title="Take cards with Stripe",
            why="Card payments go to a Stripe account in your name, and only you can connect it.",
            next="Have your Stripe sign-in ready, or create an account at stripe.com; it asks for a bank account and an ID.",
            requested={"provider": "stripe"},
            created_at=now,
        )
    if wanted.paypal:
        yield Task(
            name="payments_paypal",
            title="Take PayPal",
            why="PayPal pays into a business account in your name, and only you can connect it.",
            next="Have the sign-in of your PayPal business account ready; a personal account can be upgraded at paypal.com.",
            requested={"provider": "paypal"},
            created_at=now,
        )
    if wanted.meta_ads:
        yield Task(
            name="meta_ads",
            title="Advertise on Facebook and Instagram",
            why="Ads run from your own Meta Business account, which has to allow your store.",
            next="Replace the sample products first: Meta rejects a catalogue of samples. Then have your Meta Business sign-in ready.",
            requested={"provider": "meta_ads"},
            created_at=now,
        )
    if wanted.analytics:
        yield Task(
            name="analytics",
            title="See your visitors in Google Analytics",
            why="The numbers go to a Google Analytics property of yours, and we do not know which one.",
            next="Create a property at analytics.google.com and note its measurement ID; it looks like G-ABC123DEF4.",
            requested={"provider": "analytics"},
            created_at=now,
        )


def _custom_domain(domain: str, now: datetime) -> Task:
    return Task(
        name="custom_domain",
        title=f"Connect {domain}",
        why=f"Only the owner of {domain} can point it at your store.",
        next="Have the sign-in ready of the company where you bought the domain: you will add a DNS record there. "
        "Your store keeps its present address as well.",
        requested={"domain": domain},
        created_at=now,
    )
