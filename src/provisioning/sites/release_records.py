"""`tenants/{store_id}/releases/{release_id}`: who made a release, from what, and what its checks said."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from provisioning.ports import document_path
from provisioning.stores.stores import ChosenTheme

#: So many problems of one check are kept; the first ones tell what is wrong.
MOST_PROBLEMS = 20


class ReleaseState(StrEnum):
    """A rejected release did not pass its checks; it can be looked at here and never be promoted."""

    READY = "READY"
    REJECTED = "REJECTED"


class ReleaseProblem(BaseModel):
    """What a check found."""

    model_config = ConfigDict(frozen=True)

    page: str
    code: str
    message: str


class ReleaseCheck(BaseModel):
    """One check of a release."""

    model_config = ConfigDict(frozen=True)

    name: str
    ok: bool
    #: Pages, links or files, as the check's name says.
    looked_at: int
    problems: tuple[ReleaseProblem, ...] = ()


class ReleaseStats(BaseModel):
    """What making a release took."""

    model_config = ConfigDict(frozen=True)

    pages: int
    rendered: int
    reused: int
    #: Objects that were put, and their bytes.
    uploaded: int
    bytes: int
    seconds: float


class ReleaseRecord(BaseModel):
    """One release, as people read it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    store_id: str
    state: ReleaseState
    created_at: datetime
    actor: str
    reason: Literal["activation", "change", "publish", "preview"]
    theme: ChosenTheme
    #: All files that it answers with.
    files: int
    stats: ReleaseStats
    checks: tuple[ReleaseCheck, ...]


def record_path(store_id: str, release: str) -> str:
    return document_path("tenants", store_id, "releases", release)
