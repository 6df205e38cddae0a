"""
Stores, their deployments and their hosts, and which change of a store's status is allowed.

Documents: `stores/{store_id}`, `deployments/{store_id}`, `hosts/{hostname}`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from provisioning.errors import Transient, WrongState

#: The channel that everybody sees.
LIVE = "live"


class StoreStatus(StrEnum):
    """READY answers the public with a coming-soon page; ACTIVE sells."""

    CREATING = "CREATING"
    READY = "READY"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    ARCHIVED = "ARCHIVED"
    DELETED = "DELETED"


_ALLOWED: dict[StoreStatus, frozenset[StoreStatus]] = {
    StoreStatus.CREATING: frozenset({StoreStatus.READY, StoreStatus.ACTIVE}),
    StoreStatus.READY: frozenset({StoreStatus.ACTIVE, StoreStatus.ARCHIVED, StoreStatus.CREATING}),
    StoreStatus.ACTIVE: frozenset({StoreStatus.SUSPENDED, StoreStatus.CREATING}),
    StoreStatus.SUSPENDED: frozenset({StoreStatus.ACTIVE, StoreStatus.ARCHIVED, StoreStatus.CREATING}),
    StoreStatus.ARCHIVED: frozenset({StoreStatus.DELETED}),
    StoreStatus.DELETED: frozenset(),
}


def check_transition(old: StoreStatus, new: StoreStatus) -> None:
    """Raise `WrongState` unless a store may go from `old` to `new`. CREATING again is for roll back alone."""
    if new not in _ALLOWED[old]:
        raise WrongState("WRONG_STORE_STATUS", f"a store that is {old} cannot become {new}")


class ChosenTheme(BaseModel):
    """The theme as it was chosen."""

    model_config = ConfigDict(frozen=True)

    slug: str
    version: str


class Store(BaseModel):
    """`stores/{store_id}`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    merchant_id: str
    provisioning_id: str
    name: str
    status: StoreStatus
    subdomain: str
    hostname: str
    category: str
    owner_email: str
    owner_uid: str | None = None
    theme: ChosenTheme
    #: The plan as it was when it was chosen: a later change of the plan does not change what was sold.
    plan: dict[str, Any]
    #: True while what it sells is sample content.
    sample: bool = True
    created_at: datetime
    #: When its activation had it finished: what was written before is on its website.
    ready_at: datetime | None = None
    live_at: datetime | None = None


class Host(BaseModel):
    """`hosts/{hostname}`: reservation and route in one; created, never overwritten."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    store_id: str
    provisioning_id: str
    kind: Literal["subdomain", "custom"] = "subdomain"
    #: The store's primary host, where this is another one.
    redirect: str | None = None
    created_at: datetime


class Channel(BaseModel):
    """A release that is shown to those who hold its link, until `expires_at`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    release: str
    expires_at: datetime
    created_at: datetime
    actor: str


class Deployment(BaseModel):
    """`deployments/{store_id}`: what visitors of a store see, and where."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    store_id: str
    provisioning_id: str
    hostname: str
    addresses: dict[str, str]
    #: The release that visitors see.
    live: str | None = None
    released_at: datetime | None = None
    #: Rises with every change of `live`; `previous` was live before it, `actor` made it, and `reason` is why.
    seq: int = 0
    previous: str | None = None
    actor: str | None = None
    reason: Literal["publish", "promote", "revert"] | None = None
    #: What was live before, the newest first, at most ten.
    recent: list[str] = Field(default_factory=list[str])
    #: Preview channels by name, as `preview-autumn`.
    channels: dict[str, Channel] = Field(default_factory=dict[str, Channel])
    #: Until then nothing may be promoted: files that no release needs are being removed.
    collecting_until: datetime | None = None
    #: When what no release needs was last looked for; at first, when the deployment was written. Null: never yet.
    collected_at: datetime | None = None
    ssl: dict[str, Any] | None = None
    dns: dict[str, Any] | None = None


def check_not_collecting(deployment: Deployment, now: datetime) -> None:
    """Raise `Transient` while files that no release needs are being removed: a new release might count on one of them."""
    if deployment.collecting_until is not None and deployment.collecting_until > now:
        seconds = (deployment.collecting_until - now).total_seconds()
        raise Transient(
            "old files of the store are being removed", code="COLLECTING", retry_after=min(seconds, 30)
        )
