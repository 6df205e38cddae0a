"""
Make the tenant's namespace, `tenants/{store_id}/`, and fill it with the sample catalogue of the store's category.

The products are linked, priced, pictured and in stock, so that the store can sell at once; each is marked as a sample, and so
is the page about the store.
"""

from __future__ import annotations

from typing import Any

from provisioning.catalog.blueprints import load_blueprint
from provisioning.ports import Delete, Documents, Query, Set, Write, document_path
from provisioning.steps.step import Outcome, StepContext

COLLECTIONS = (
    "products",
    "collections",
    "media",
    "settings",
    "pages",
    "checklist",
    "members",
    "tasks",
    "releases",
    "theme_drafts",
    "themes",
)
_PAGE = 200


def run(context: StepContext) -> Outcome:
    """Write the namespace and its catalogue, all in the engine's batch."""
    blueprint = load_blueprint(context.request.category)
    tenant: dict[str, Any] = {
        "store_id": context.store_id,
        "merchant_id": context.request.merchant_id,
        "provisioning_id": context.provisioning_id,
        "category": str(context.request.category),
        "created_at": context.now,
    }
    writes: list[Write] = [Set(document_path("tenants", context.store_id), tenant)]
    for product in blueprint.products:
        path = document_path("tenants", context.store_id, "products", product.handle)
        writes.append(Set(path, product.to_document() | {"sample": True}))
    for shelf in blueprint.collections:
        path = document_path("tenants", context.store_id, "collections", shelf.handle)
        writes.append(Set(path, shelf.to_document() | {"sample": True}))
    for page in blueprint.pages:
        path = document_path("tenants", context.store_id, "pages", page.handle)
        writes.append(Set(path, page.to_document()))
    return Outcome(
        writes=tuple(writes),
        log=(f"{len(blueprint.products)} sample products in {len(blueprint.collections)} collections",),
    )


def undo(context: StepContext) -> Outcome:
    """Remove the namespace: its documents in pages, itself with the engine's commit."""
    documents = context.ports.documents
    tenant = documents.get(document_path("tenants", context.store_id))
    if tenant.data is None or tenant.data.get("provisioning_id") != context.provisioning_id:
        return Outcome(log=("There was no workspace to remove",))
    for theme in documents.query(Query(f"tenants/{context.store_id}/themes", limit=_PAGE)):
        # Its documents would outlive the one above them, and so could never be found again.
        _empty(context, documents, f"{theme.path}/revisions")
    for name in COLLECTIONS:
        _empty(context, documents, f"tenants/{context.store_id}/{name}")
    return Outcome(
        writes=(Delete(tenant.path, if_updated_at=tenant.update_time),), log=("The workspace is removed",)
    )


def _empty(context: StepContext, documents: Documents, collection: str) -> None:
    """Deletes can be repeated, so a large workspace may take several attempts: each goes on where the last one ended."""
    while page := documents.query(Query(collection, limit=_PAGE)):
        context.deadline.require(context.surroundings.client_timeout)
        documents.commit([Delete(found.path) for found in page])
