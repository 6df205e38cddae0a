"""The audit log, as administrators read it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from provisioning.api.calls import ROOT, Answer, Call, Endpoint
from provisioning.api.paging import read_page
from provisioning.api.shapes import Output, PageQuery
from provisioning.ports import Query, Where


class AuditFilter(PageQuery):
    """Which entries. The filters may be combined."""

    subject: Annotated[str, Field(max_length=300)] | None = Field(
        None, description="Only of this document, as `stores/s1`."
    )
    actor: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="Only by this one, as `admin:u1`."
    )


class AuditEntryView(Output):
    """Who did what."""

    id: str
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]


class AuditList(Output):
    """The newest first."""

    entries: tuple[AuditEntryView, ...]
    next_cursor: str | None


def list_entries(call: Call[AuditFilter, None]) -> Answer:
    asked = {"subject": call.query.subject, "actor": call.query.actor}
    where = tuple(Where(name, "==", value) for name, value in asked.items() if value is not None)
    found, following = read_page(call.documents, Query("audit_log", where, order_by="-at"), call.query)
    entries = tuple(AuditEntryView.model_validate({**(one.data or {}), "id": one.id}) for one in found)
    return Answer(AuditList(entries=entries, next_cursor=following))


ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/audit-log",
        "list_audit_log",
        "Audit log",
        "List who did what",
        list_entries,
        response=AuditList,
        query=AuditFilter,
        example_query="subject=stores/a41f&limit=20",
    ),
)
