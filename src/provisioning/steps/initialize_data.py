"""Write the store's first settings, and a task for everything that was asked for beyond the store."""

from __future__ import annotations

from provisioning.catalog.settings import default_settings
from provisioning.ports import Delete, Query, Set, Write, document_path
from provisioning.steps.step import Outcome, StepContext
from provisioning.stores.tasks import task_write, tasks_for


def run(context: StepContext) -> Outcome:
    """Settings with which a first product could be sold at once, and the tasks."""
    request = context.request
    settings = default_settings(request.category, request.store_name, request.owner_email)
    tasks = tasks_for(request, context.now)
    writes: list[Write] = [
        Set(document_path("tenants", context.store_id, "settings", name), model.to_document())
        for name, model in settings.items()
    ]
    writes += [task_write(context.store_id, task) for task in tasks]
    waiting = f"; waiting for you: {', '.join(task.title for task in tasks)}" if tasks else ""
    return Outcome(writes=tuple(writes), log=(f"Currency, tax, shipping and locale are set{waiting}",))


def undo(context: StepContext) -> Outcome:
    """Remove settings and tasks."""
    documents = context.ports.documents
    tenant = documents.get(document_path("tenants", context.store_id))
    if tenant.data is None or tenant.data.get("provisioning_id") != context.provisioning_id:
        return Outcome(log=("There were no settings to remove",))
    found = [
        document
        for name in ("settings", "tasks")
        for document in documents.query(Query(f"tenants/{context.store_id}/{name}", limit=200))
    ]
    return Outcome(
        writes=tuple(Delete(document.path) for document in found), log=("Settings and tasks are removed",)
    )
