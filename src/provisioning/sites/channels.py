"""
Channels: what shows a release. `live` is what everybody sees; `preview-<name>` is for those who hold its link, until it expires.

Going live, promoting a preview and reverting are one and the same conditional write of `deployments/{store_id}`. The functions that
make writes are pure: they take the deployment as it was read, and their write holds only if it is still so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from provisioning.errors import Conflict, FieldError, InvalidInput, NotFound, Permanent, Transient, WrongState
from provisioning.ports import Documents, SiteFiles, Snapshot, Update, check_id, document_path
from provisioning.sites.checking import Problem, check_blobs, problems_of
from provisioning.sites.release_records import ReleaseRecord, ReleaseState, record_path
from provisioning.sites.releases import Manifest, decoded, read_manifest, release_file
from provisioning.stores.audit import audit_entry, commit_deed
from provisioning.stores.stores import Channel, Deployment, Store, StoreStatus, check_not_collecting

Reason = Literal["publish", "promote", "revert"]

NO_STORE = "NO_STORE"
#: So many releases that were live are kept, and can be reverted to.
RECENT = 10
MOST_CHANNELS = 20
PREVIEW_DAYS = 7
MOST_PREVIEW_DAYS = 30
_ROUNDS = 5
# The name becomes a part of a host beside the store's own.
_CHANNEL = re.compile(r"preview-[a-z0-9](?:[a-z0-9-]{0,11}[a-z0-9])?")
_OPEN = (StoreStatus.READY, StoreStatus.ACTIVE, StoreStatus.SUSPENDED)


class ChecksFailed(Permanent):
    """A release does not pass its checks: it cannot be promoted, and what is live stays."""

    def __init__(self, problems: list[Problem]) -> None:
        first = problems[0]
        more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
        super().__init__(
            "CHECKS_FAILED",
            "The website was not published: it does not pass its checks",
            detail=f"{first.page}: {first.message}{more}. What visitors see has not changed.",
            action="Correct what the check names, then publish again.",
            retryable=True,
            fields=tuple(FieldError(p.page, p.code, p.message) for p in problems[:20]),
        )


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a promotion did; `changed` is False where the release was live already."""

    release: str
    previous: str | None
    changed: bool


def check_channel(name: str) -> str:
    """Return `name` if a preview channel may have it. Raises `InvalidInput`."""
    if _CHANNEL.fullmatch(name) and "--" not in name:
        return name
    message = "must be 'preview-' and 1 to 13 lower-case letters, digits and single hyphens"
    raise InvalidInput((FieldError("channel", "INVALID_CHANNEL", message),))


def read_deployment(found: Snapshot) -> Deployment:
    """Raises `NotFound` where the store has none."""
    if found.data is None:
        raise NotFound("there is no such store", code=NO_STORE)
    return Deployment.model_validate(found.data)


def check_may_publish(store: Store) -> None:
    """
    Raise `WrongState` unless releases of the store may be made and promoted.

    A suspended store's may: visitors see that it is closed, whatever is live, and it opens again with what was promoted last.
    """
    if store.status is StoreStatus.CREATING:
        raise WrongState(
            "WRONG_STORE_STATUS", "the store is still being built; its first release is part of that"
        )
    if store.status not in _OPEN:
        raise WrongState(
            "WRONG_STORE_STATUS", f"the store is {store.status}: nothing of it is shown any more"
        )


def promotion(found: Snapshot, release: str, *, actor: str, reason: Reason, at: datetime) -> Update:
    """The write that makes `release` what visitors see."""
    deployment = read_deployment(found)
    fields: dict[str, Any] = {
        "live": release,
        "released_at": at,
        "seq": deployment.seq + 1,
        "actor": actor,
        "reason": reason,
    }
    if deployment.live is not None and deployment.live != release:
        earlier = dict.fromkeys([deployment.live, *deployment.recent])
        earlier.pop(release, None)
        fields |= {"previous": deployment.live, "recent": list(earlier)[:RECENT]}
    return Update(found.path, fields, if_updated_at=found.update_time)


def preview_write(
    found: Snapshot, channel: str, release: str, *, actor: str, at: datetime, days: int = PREVIEW_DAYS
) -> Update:
    """The write that shows `release` on a preview channel for so many days. Raises `WrongState` where there are too many."""
    channels = _open_channels(read_deployment(found), at)
    shown = Channel(
        release=release,
        expires_at=at + timedelta(days=min(days, MOST_PREVIEW_DAYS)),
        created_at=at,
        actor=actor,
    )
    channels[check_channel(channel)] = shown.model_dump()
    if len(channels) > MOST_CHANNELS:
        raise WrongState(
            "TOO_MANY_CHANNELS", f"a store has at most {MOST_CHANNELS} previews at a time; close one first"
        )
    return Update(found.path, {"channels": channels}, if_updated_at=found.update_time)


def preview(
    documents: Documents,
    files: SiteFiles,
    store_id: str,
    release: str,
    channel: str,
    *,
    actor: str,
    days: int = PREVIEW_DAYS,
) -> Channel:
    """
    Show a kept release on a preview channel, without building anything; what the channel showed before is shown no more.

    Raises as `promote`, and `InvalidInput` for a name that no channel may have.
    """
    check_id(release, "release")
    check_channel(channel)
    for _ in range(_ROUNDS):
        store, found, record = documents.get_all(
            [
                document_path("stores", store_id),
                document_path("deployments", store_id),
                record_path(store_id, release),
            ]
        )
        deployment = read_deployment(found)
        if store.data is None:
            raise NotFound("there is no such store", code=NO_STORE)
        check_may_publish(Store.model_validate(store.data))
        check_not_collecting(deployment, found.read_time)
        _check_promotable(files, store_id, release, record.data)
        write = preview_write(found, channel, release, actor=actor, at=found.read_time, days=days)
        entry = audit_entry(
            at=found.read_time,
            actor=actor,
            action="release.previewed",
            subject=store.path,
            detail={"release": release, "channel": channel},
        )
        try:
            commit_deed(documents, [write], entry)
        except Conflict:
            continue
        return Channel.model_validate(write.fields["channels"][channel])
    raise Transient("the store keeps changing; try again in a moment")


def close_preview(documents: Documents, store_id: str, channel: str, *, actor: str) -> None:
    """Show the channel to nobody any more; the release stays. Raises `NotFound` where there is no such channel."""
    for _ in range(_ROUNDS):
        found = documents.get(document_path("deployments", store_id))
        channels = _open_channels(read_deployment(found), found.read_time)
        if channels.pop(channel, None) is None:
            raise NotFound(f"there is no preview {channel[:40]}, or it is over")
        entry = audit_entry(
            at=found.read_time,
            actor=actor,
            action="preview.closed",
            subject=document_path("stores", store_id),
            detail={"channel": channel},
        )
        write = Update(found.path, {"channels": channels}, if_updated_at=found.update_time)
        try:
            commit_deed(documents, [write], entry)
        except Conflict:
            continue
        return
    raise Transient("the store keeps changing; try again in a moment")


def _open_channels(deployment: Deployment, at: datetime) -> dict[str, Any]:
    return {name: c.model_dump() for name, c in deployment.channels.items() if c.expires_at > at}


def load_manifest(files: SiteFiles, store_id: str, release: str) -> Manifest | None:
    """The manifest of a release, or None where it is not kept."""
    file = files.get(release_file(store_id, release))
    return read_manifest(decoded(file)) if file else None


def promote(
    documents: Documents,
    files: SiteFiles,
    store_id: str,
    release: str,
    *,
    actor: str,
    reason: Reason = "promote",
    if_live: str | None = None,
) -> Promotion:
    """
    Make a kept release what visitors see, without building anything; a release that is live already is left as it is.

    With `if_live`, only if that one is live now. Raises `NotFound` for a store or release that there is not, `WrongState` for a store
    that is not open to it, a release that was rejected (`REJECTED`), or where another one went live meanwhile (`CHANGED_MEANWHILE`), and
    `ChecksFailed` where files of the release are missing.
    """
    check_id(release, "release")
    seq: int | None = None
    for _ in range(_ROUNDS):
        store, found, record = documents.get_all(
            [
                document_path("stores", store_id),
                document_path("deployments", store_id),
                record_path(store_id, release),
            ]
        )
        deployment = read_deployment(found)
        if store.data is None:
            raise NotFound("there is no such store", code=NO_STORE)
        check_may_publish(Store.model_validate(store.data))
        if deployment.live == release:
            return Promotion(release, deployment.previous, changed=False)
        if (seq is not None and deployment.seq != seq) or (
            if_live is not None and deployment.live != if_live
        ):
            raise WrongState("CHANGED_MEANWHILE", f"another release is live by now: {deployment.live}")
        seq = deployment.seq
        check_not_collecting(deployment, found.read_time)
        _check_promotable(files, store_id, release, record.data)
        write = promotion(found, release, actor=actor, reason=reason, at=found.read_time)
        entry = audit_entry(
            at=found.read_time,
            actor=actor,
            action="release.reverted" if reason == "revert" else "release.promoted",
            subject=store.path,
            detail={"release": release, "previous": deployment.live},
        )
        try:
            commit_deed(documents, [write], entry)
        except Conflict:
            continue
        return Promotion(release, deployment.live, changed=True)
    raise Transient("the store keeps changing; try again in a moment")


def revert(
    documents: Documents, files: SiteFiles, store_id: str, release: str | None = None, *, actor: str
) -> Promotion:
    """
    Make an earlier release live again: `release`, or the one that was live before.

    Raises as `promote`, and `WrongState` where there is none (`NO_PREVIOUS`), where the last change was a revert and no release is named
    (`ALREADY_REVERTED`: asking twice must not bring back what was left), or where `release` was not live lately (`NEVER_LIVE`).
    """
    deployment = read_deployment(documents.get(document_path("deployments", store_id)))
    if release is None:
        release = _before(deployment)
    elif release != deployment.live and release not in deployment.recent:
        raise WrongState(
            "NEVER_LIVE", "this release was not among the last ten that were live; promote it instead"
        )
    return promote(documents, files, store_id, release, actor=actor, reason="revert", if_live=deployment.live)


def resolve(deployment: Deployment, name: str, now: datetime) -> str:
    """The release that `name` stands for: a preview channel's, or the release of this id."""
    if not name.startswith("preview-"):
        return name
    channel = deployment.channels.get(name)
    if channel is None or channel.expires_at <= now:
        raise NotFound(f"there is no preview {name[:40]}, or it is over")
    return channel.release


def _before(deployment: Deployment) -> str:
    if deployment.previous is None:
        raise WrongState("NO_PREVIOUS", "no other release was live before this one")
    if deployment.reason == "revert":
        raise WrongState("ALREADY_REVERTED", "the last change was a revert; name the release to go on to")
    return deployment.previous


def _check_promotable(
    files: SiteFiles, store_id: str, release: str, record: Mapping[str, Any] | None
) -> None:
    if record is not None and ReleaseRecord.model_validate(record).state is ReleaseState.REJECTED:
        raise WrongState("REJECTED", "this release did not pass its checks")
    manifest = load_manifest(files, store_id, release)
    if manifest is None:
        raise NotFound("there is no such release, or it is not kept any more")
    problems = problems_of([check_blobs(files, manifest)])
    if problems:
        raise ChecksFailed(problems)
