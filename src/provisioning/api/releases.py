"""A store's releases: listed, made, shown on a preview, promoted and taken back."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from provisioning.api.calls import (
    LOCATION,
    ROOT,
    UNKNOWN,
    Answer,
    Call,
    Endpoint,
    NoQuery,
    Refusal,
)
from provisioning.api.paging import read_page
from provisioning.api.shapes import Output, PageQuery
from provisioning.api.store_themes import (
    Ordered,
    PreviewChoice,
    find_store,
    location_of,
    order,
    preview_link,
)
from provisioning.errors import NotFound
from provisioning.ports import Documents, Query, check_id, document_path
from provisioning.sites.release_records import ReleaseRecord, record_path
from provisioning.stores.stores import Deployment, Store

#: A release as the examples name it.
EXAMPLE_RELEASE = "3f9a1c0b7d2e4f5a6b8c"
#: The preview channel of a release that somebody wants to look at: one, so that looking at many fills nothing up.
LOOKED_AT = "preview-release"


class ChannelView(Output):
    """A release that those who hold the link can see."""

    name: str
    release: str
    expires_at: datetime
    actor: str
    link: str | None = Field(description="Shows it to whoever holds the link, until then.")


class ReleaseView(Output):
    """A release, how it was made, and what its checks said."""

    id: str
    live: bool
    record: ReleaseRecord


class ReleaseList(Output):
    """The newest first."""

    items: tuple[ReleaseView, ...]
    next_cursor: str | None
    live: str | None = Field(description="The release that visitors see.")
    previous: str | None = Field(description="The one that was live before it.")
    channels: tuple[ChannelView, ...]


class PromotionView(Output):
    """What visitors see now, and what they saw before."""

    live: str
    previous: str | None
    changed: bool


class Promoted(BaseModel):
    """What to make live."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str = Field(max_length=128, description="A release, or the preview channel that shows it.")


class Reverted(BaseModel):
    """What to go back to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str | None = Field(
        None,
        max_length=128,
        description="One of the last ten that were live; the one before, if it is left out.",
    )


class ReleasePreviewed(Output):
    """A release that can be looked at."""

    channel: str
    link: str
    expires_at: datetime


def list_releases(call: Call[PageQuery, None]) -> Answer:
    store_id, store = find_store(call)
    listed = releases_of(call.documents, store_id, call.query)
    now = datetime.now(UTC)
    shown = tuple(
        channel.model_copy(update={"link": _link(call, store_id, store, channel)})
        for channel in listed.channels
        if channel.expires_at > now
    )
    return Answer(listed.model_copy(update={"channels": shown}))


def _link(call: Call[Any, Any], store_id: str, store: Store, channel: ChannelView) -> str:
    left = channel.expires_at - datetime.now(UTC)
    return preview_link(
        call.platform, store_id, store, channel.name, max(1, math.ceil(left / timedelta(days=1)))
    )


def preview(call: Call[PreviewChoice, None]) -> Answer:
    # Loaded here: the admin API starts without it, and seldom needs it.
    from provisioning.sites import channels

    store_id, store = find_store(call)
    release = check_id(call.path["release_id"], "release_id")
    days = call.query.days
    shown = channels.preview(
        call.documents, call.platform.ports.files, store_id, release, LOOKED_AT, actor=call.actor, days=days
    )
    link = preview_link(call.platform, store_id, store, LOOKED_AT, days)
    return Answer(ReleasePreviewed(channel=LOOKED_AT, link=link, expires_at=shown.expires_at))


def releases_of(documents: Documents, store_id: str, page: PageQuery) -> ReleaseList:
    """A page of the store's releases, and what shows them. Raises `NotFound` for a store without a website."""
    deployment = _deployment(documents, store_id)
    query = Query(f"tenants/{store_id}/releases", order_by="-created_at")
    found, following = read_page(documents, query, page)
    items = tuple(
        ReleaseView(id=one.id, live=one.id == deployment.live, record=ReleaseRecord.model_validate(one.data))
        for one in found
    )
    channels = tuple(
        ChannelView(name=name, release=c.release, expires_at=c.expires_at, actor=c.actor, link=None)
        for name, c in deployment.channels.items()
    )
    return ReleaseList(
        items=items,
        next_cursor=following,
        live=deployment.live,
        previous=deployment.previous,
        channels=channels,
    )


def show_release(call: Call[NoQuery, None]) -> Answer:
    release = check_id(call.path["release_id"], "release_id")
    return Answer(release_of(call.documents, find_store(call)[0], release))


def release_of(documents: Documents, store_id: str, release: str) -> ReleaseView:
    """A release and what its checks said. Raises `NotFound`."""
    found = documents.get(record_path(store_id, release))
    if found.data is None:
        raise NotFound("there is no such release")
    record = ReleaseRecord.model_validate(found.data)
    return ReleaseView(id=release, live=_deployment(documents, store_id).live == release, record=record)


def publish(call: Call[NoQuery, None]) -> Answer:
    store_id, _ = find_store(call)
    ordered = order(call.platform, store_id, "Asked for by an administrator", call.actor)
    return Answer(Ordered(provisioning_id=ordered), location_of(ordered))


def promote(call: Call[NoQuery, Promoted]) -> Answer:
    # Loaded here: the admin API starts without it, and seldom needs it.
    from provisioning.sites import channels

    store_id, _ = find_store(call)
    found = call.documents.get(document_path("deployments", store_id))
    release = channels.resolve(channels.read_deployment(found), call.body.release, found.read_time)
    done = channels.promote(call.documents, call.platform.ports.files, store_id, release, actor=call.actor)
    return Answer(PromotionView(live=done.release, previous=done.previous, changed=done.changed))


def revert(call: Call[NoQuery, Reverted]) -> Answer:
    from provisioning.sites import channels

    store_id, _ = find_store(call)
    done = channels.revert(
        call.documents, call.platform.ports.files, store_id, call.body.release, actor=call.actor
    )
    return Answer(PromotionView(live=done.release, previous=done.previous, changed=done.changed))


def _deployment(documents: Documents, store_id: str) -> Deployment:
    found = documents.get(document_path("deployments", store_id))
    if found.data is None:
        raise NotFound("this store has no website yet")
    return Deployment.model_validate(found.data)


# --- Endpoints -------------------------------------------------------------------------------------------

_AT = f"{ROOT}/stores/{{store_id}}/releases"
_CLOSED = Refusal(409, "WRONG_STORE_STATUS", "nothing of a store of this status is published")
_PROMOTES = (
    UNKNOWN,
    _CLOSED,
    Refusal(404, "NO_STORE", "the store has no website"),
    Refusal(409, "CHANGED_MEANWHILE", "another release went live meanwhile"),
    Refusal(422, "CHECKS_FAILED", "files of the release are missing"),
)

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        _AT,
        "list_releases",
        "Releases",
        "List a store's releases",
        list_releases,
        query=PageQuery,
        response=ReleaseList,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        _AT,
        "publish_store",
        "Releases",
        "Publish a store's website anew",
        publish,
        description="With its data and its theme as they are now. Changes of the catalogue are published by themselves.",
        status=202,
        response=Ordered,
        answer_headers=(LOCATION,),
        refusals=(UNKNOWN, _CLOSED),
    ),
    Endpoint(
        "GET",
        f"{_AT}/{{release_id}}",
        "show_release",
        "Releases",
        "Show a release",
        show_release,
        response=ReleaseView,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        f"{_AT}/{{release_id}}/preview",
        "preview_release",
        "Releases",
        "Look at a release that is kept",
        preview,
        description="On a preview channel of its own kind, of which a store has one: a new look takes the place of the last. Nothing is built anew.",
        query=PreviewChoice,
        response=ReleasePreviewed,
        refusals=(
            UNKNOWN,
            _CLOSED,
            Refusal(409, "REJECTED", "the release did not pass its checks"),
            Refusal(422, "CHECKS_FAILED", "files of the release are missing"),
            Refusal(409, "TOO_MANY_CHANNELS", "the store has too many previews; one has to end first"),
        ),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/stores/{{store_id}}/promote",
        "promote_release",
        "Releases",
        "Make a release, or what a preview shows, live",
        promote,
        description="Nothing is built anew. Visitors see it within two seconds.",
        body=Promoted,
        response=PromotionView,
        refusals=(*_PROMOTES, Refusal(409, "REJECTED", "the release did not pass its checks")),
        example={"release": EXAMPLE_RELEASE},
    ),
    Endpoint(
        "POST",
        f"{ROOT}/stores/{{store_id}}/revert",
        "revert_release",
        "Releases",
        "Go back to an earlier release",
        revert,
        body=Reverted,
        body_required=False,
        response=PromotionView,
        refusals=(
            *_PROMOTES,
            Refusal(409, "NO_PREVIOUS", "no other release was live before"),
            Refusal(409, "ALREADY_REVERTED", "the last change was a revert; name the release to go on to"),
            Refusal(409, "NEVER_LIVE", "the release was not among the last ten that were live"),
        ),
        example={},
    ),
)
