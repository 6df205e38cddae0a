"""
Who may work on a store: `tenants/{store_id}/members/{uid}`.

The security rules read membership with `exists()`, so the document itself is the right; there is no other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from provisioning.errors import Conflict, InvalidInput, NotAllowed
from provisioning.ports import Create, Documents, Query, Update, document_path

_MOST_MEMBERS = 100


class Member(BaseModel):
    """A person with a right to a store."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    uid: str
    email: str
    role: Literal["owner"] = "owner"
    added_at: datetime
    #: The provisioning that made the membership; only its roll back removes it.
    provisioning_id: str
    #: When the person first came in through a welcome link.
    signed_in_at: datetime | None = None
    #: When the person first opened the store from the dashboard.
    looked_at: datetime | None = None

    def to_document(self) -> dict[str, Any]:
        return self.model_dump()


def member_path(store_id: str, uid: str) -> str:
    return document_path("tenants", store_id, "members", uid)


def owner_member(*, uid: str, email: str, provisioning_id: str, now: datetime) -> Member:
    """The membership of a store's first owner."""
    return Member(uid=uid, email=email, added_at=now, provisioning_id=provisioning_id)


def owner_member_write(store_id: str, member: Member) -> Create:
    """The write that gives the right; create-only, so that it never takes over another provisioning's."""
    return Create(member_path(store_id, member.uid), member.to_document())


def require_member(documents: Documents, store_id: str, uid: str) -> Member:
    """The membership of `uid` in the store; `NotAllowed` without one, whether or not such a store exists."""
    try:
        path = member_path(store_id, uid)
    except InvalidInput:
        raise _not_a_member() from None
    data = documents.get(path).data
    if data is None:
        raise _not_a_member()
    return Member.model_validate(data)


def read_members(documents: Documents, store_id: str) -> tuple[Member, ...]:
    """The store's members, by uid."""
    found = documents.query(Query(f"{document_path('tenants', store_id)}/members", limit=_MOST_MEMBERS))
    return tuple(Member.model_validate(member.data) for member in found)


def note_look(documents: Documents, store_id: str, member: Member, now: datetime) -> None:
    """Remember that the person has opened the store from the dashboard; the first time counts."""
    if member.looked_at is not None:
        return
    try:
        documents.commit([Update(member_path(store_id, member.uid), {"looked_at": now})])
    except Conflict:
        raise _not_a_member() from None


def _not_a_member() -> NotAllowed:
    return NotAllowed("this account has no right to this store")
