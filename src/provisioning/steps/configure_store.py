"""
Reserve the store's address, and write the store with its theme and its plan as they were chosen.

`hosts/{hostname}` is create-only: of two requests for one subdomain the second finds it taken, and nothing of it is left behind.
"""

from __future__ import annotations

from typing import Any

from provisioning.catalog.entries import read_entry
from provisioning.catalog.plans import Plan
from provisioning.errors import Permanent
from provisioning.ports import Create, Delete, Snapshot, Write, document_path
from provisioning.steps.step import Outcome, StepContext
from provisioning.stores.merchants import Merchant
from provisioning.stores.stores import ChosenTheme, Deployment, Host, Store, StoreStatus


def run(context: StepContext) -> Outcome:
    """Create host, store and deployment, and the merchant where the portal has not."""
    request, addresses = context.request, context.surroundings.addresses
    hostname = addresses.hostname(request.subdomain)
    host, store, deployment, merchant, theme, plan = context.ports.documents.get_all(
        (
            *_paths(context),
            document_path("merchants", request.merchant_id),
            document_path("themes", request.theme),
            document_path("plans", request.plan),
        )
    )
    _refuse_what_is_taken(context, host, store)
    if theme.data is None or plan.data is None:
        raise Permanent(
            "CHOICE_GONE",
            "The chosen theme or plan is no longer offered",
            action="Add it again and retry, or roll back and choose another.",
            retryable=True,
        )
    writes: list[Write] = []
    if not host.exists:
        writes.append(Create(host.path, _host(context)))
    if not store.exists:
        writes.append(Create(store.path, _store(context, hostname, theme.data, plan.data)))
    if not deployment.exists:
        writes.append(Create(deployment.path, _deployment(context, hostname)))
    if not merchant.exists:
        made = Merchant.from_request(request, context.now)
        writes.append(Create(merchant.path, made.to_document()))
    address = addresses.store(request.subdomain)
    return Outcome(
        writes=tuple(writes),
        links={"website": address},
        log=(f"{hostname} is reserved for {request.store_name}",),
    )


def undo(context: StepContext) -> Outcome:
    """Free what this provisioning owns, and nothing that another one has made since."""
    found = context.ports.documents.get_all(_paths(context))
    ours = tuple(
        Delete(document.path, if_updated_at=document.update_time)
        for document in found
        if _owner(document) == context.provisioning_id
    )
    return Outcome(writes=ours, log=("The address is free again",))


def _paths(context: StepContext) -> tuple[str, str, str]:
    hostname = context.surroundings.addresses.hostname(context.request.subdomain)
    return (
        document_path("hosts", hostname),
        document_path("stores", context.store_id),
        document_path("deployments", context.store_id),
    )


def _owner(found: Snapshot) -> str | None:
    return found.data.get("provisioning_id") if found.data is not None else None


def _refuse_what_is_taken(context: StepContext, host: Snapshot, store: Snapshot) -> None:
    if host.exists and _owner(host) != context.provisioning_id:
        raise Permanent(
            "SUBDOMAIN_TAKEN",
            f"The address {host.id} belongs to another store",
            detail="Another request reserved it first. Nothing of this one is left behind.",
            action="Choose another subdomain and submit a new request.",
        )
    if store.exists and _owner(store) != context.provisioning_id:
        raise Permanent(
            "STORE_EXISTS",
            "A store with this id exists already",
            detail="It was made by another request. Nothing of this one is left behind.",
            action="Roll the other one back first, or submit a new request with an id of its own.",
        )


def _host(context: StepContext) -> dict[str, Any]:
    return Host(
        store_id=context.store_id, provisioning_id=context.provisioning_id, created_at=context.now
    ).model_dump()


def _store(context: StepContext, hostname: str, theme: Any, plan: Any) -> dict[str, Any]:
    request = context.request
    store = Store(
        merchant_id=request.merchant_id,
        provisioning_id=context.provisioning_id,
        name=request.store_name,
        status=StoreStatus.CREATING,
        subdomain=request.subdomain,
        hostname=hostname,
        category=str(request.category),
        owner_email=request.owner_email,
        theme=ChosenTheme(slug=request.theme, version=str(theme.get("version", ""))),
        plan=read_entry(Plan, plan).to_snapshot(),
        created_at=context.now,
    )
    return store.model_dump() | {"status": str(store.status)}


def _deployment(context: StepContext, hostname: str) -> dict[str, Any]:
    addresses = context.surroundings.addresses
    return Deployment(
        store_id=context.store_id,
        provisioning_id=context.provisioning_id,
        hostname=hostname,
        addresses={
            "website": addresses.store(context.request.subdomain),
            "dashboard": addresses.dashboard(context.store_id),
        },
        collected_at=context.now,
    ).model_dump()
