"""
Makes a release of a store from its data as they are now: builds what has changed, checks it, puts what is missing, and keeps a record.

Nothing that visitors see changes by it; `channels` promotes. A release that does not pass its checks puts nothing, and its record says why.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from provisioning.errors import NotFound
from provisioning.ports import Documents, Set, SiteFiles, Snapshot, document_path
from provisioning.sites.building import Site, build_site
from provisioning.sites.channels import (
    NO_STORE,
    ChecksFailed,
    check_may_publish,
    load_manifest,
    read_deployment,
)
from provisioning.sites.checking import Candidate, Check, check_blobs, check_release, problems_of
from provisioning.sites.own_pictures import pictures_of
from provisioning.sites.publishing import Release, plan_release, publish_platform_files, put_release
from provisioning.sites.release_records import (
    MOST_PROBLEMS,
    ReleaseCheck,
    ReleaseProblem,
    ReleaseRecord,
    ReleaseState,
    ReleaseStats,
    record_path,
)
from provisioning.sites.releases import Manifest, plain_body
from provisioning.sites.shop import Shop, read_shop
from provisioning.sites.store_themes import theme_of_store
from provisioning.stores.addresses import Addresses
from provisioning.stores.stores import ChosenTheme, Deployment, Store, check_not_collecting
from provisioning.themes.packages import Theme

MakingReason = Literal["activation", "change", "publish", "preview"]

_READS_AT_ONCE = 8
_TEXTS = ("text/html", "application/json", "application/manifest+json", "application/xml")


@dataclass(frozen=True, slots=True)
class MadeRelease:
    """A release that may be promoted."""

    id: str
    record: ReleaseRecord
    #: The deployment as it was before the making began: a promotion that holds only if it is still so loses no race.
    deployment: Snapshot
    #: False where it is what is live already.
    changed: bool


def make_release(
    documents: Documents,
    files: SiteFiles,
    addresses: Addresses,
    store_id: str,
    *,
    actor: str,
    reason: MakingReason = "publish",
    theme: Theme | None = None,
    channel: str = "live",
    before_each: Callable[[], None] = lambda: None,
    monotonic: Callable[[], float] = time.monotonic,
) -> MadeRelease:
    """
    Make a release of the store with its data of now, and with its theme or with `theme`.

    Pages that the live release, or the one on `channel`, has from the same are taken over from it. Called again after any interruption it goes on
    where it ended. `before_each` is called before each put and may raise to end it.

    Raises `NotFound`, `WrongState` where the store's status does not allow it, `ChecksFailed`, and `Transient` while old files are being removed.
    """
    began = monotonic()
    stored, found = documents.get_all(
        [document_path("stores", store_id), document_path("deployments", store_id)]
    )
    deployment = read_deployment(found)
    if stored.data is None:
        raise NotFound("there is no such store", code=NO_STORE)
    store = Store.model_validate(stored.data)
    check_may_publish(store)
    check_not_collecting(deployment, found.read_time)
    theme = theme or theme_of_store(documents, store_id, store.theme.slug).theme
    shop = read_shop(documents, store_id, addresses)
    previous = _previous(files, store_id, deployment, channel, theme)
    site = build_site(theme, shop, pictures_of(documents, store_id, shop, theme), previous)
    release = plan_release(store_id, site, previous)
    checks = check_site(site, shop, release.manifest, previous, files)
    by = (actor, reason, found.read_time)
    if problems_of(checks):
        _file(
            documents, release, _record(release, site, checks, by, monotonic() - began, ReleaseState.REJECTED)
        )
        raise ChecksFailed(problems_of(checks))
    publish_platform_files(files, theme, before_each=before_each)
    put = put_release(files, release, before_each)
    checks = (*checks, check_blobs(files, release.manifest, previous))
    if problems_of(checks):
        raise ChecksFailed(problems_of(checks))
    record = _file(documents, put, _record(put, site, checks, by, monotonic() - began, ReleaseState.READY))
    return MadeRelease(put.id, record, found, changed=put.id != deployment.live)


def check_site(
    site: Site,
    shop: Shop,
    manifest: Manifest,
    previous: Manifest | None = None,
    files: SiteFiles | None = None,
) -> tuple[Check, ...]:
    """Check what was built, before any of it is put. `files` holds the pages that were taken over from `previous`."""

    def read(paths: Iterable[str]) -> Mapping[str, str]:
        return _read_pages(files, manifest, list(paths)) if files else {}

    texts = {
        path: entry.file.body.decode()
        for path, entry in site.files.items()
        if entry.file.content_type.startswith(_TEXTS) and not entry.shared
    }
    return check_release(Candidate(manifest, shop.address, texts, previous, read))


def first_record(
    release: Release, site: Site, checks: tuple[Check, ...], *, at: datetime, seconds: float
) -> ReleaseRecord:
    """The record of the release that an activation makes."""
    return _record(release, site, checks, ("platform", "activation", at), seconds, ReleaseState.READY)


def _previous(
    files: SiteFiles, store_id: str, deployment: Deployment, channel: str, theme: Theme
) -> Manifest | None:
    """The release whose pages are the likeliest to be the same: on the same channel, else live; of the same theme before another."""
    shown = deployment.channels.get(channel)
    kept = [
        manifest
        for release in dict.fromkeys(
            ([shown.release] if shown else []) + ([deployment.live] if deployment.live else [])
        )
        if (manifest := load_manifest(files, store_id, release)) is not None
    ]
    same = [manifest for manifest in kept if manifest.theme == theme.slug]
    return next(iter([*same, *kept]), None)


def _read_pages(files: SiteFiles, manifest: Manifest, paths: list[str]) -> dict[str, str]:
    def read(path: str) -> str:
        line = manifest.files[path]
        blob = files.get(line.blob)
        # One that is missing is found by the check of the blobs.
        return plain_body(blob, line).decode() if blob else ""

    with ThreadPoolExecutor(_READS_AT_ONCE, thread_name_prefix="check") as pool:
        return {path: text for path, text in zip(paths, pool.map(read, paths), strict=True) if text}


def _record(
    release: Release,
    site: Site,
    checks: tuple[Check, ...],
    by: tuple[str, MakingReason, datetime],
    seconds: float,
    state: ReleaseState,
) -> ReleaseRecord:
    rendered = sum(bool(entry.made_from) for entry in site.files.values())
    actor, reason, at = by
    return ReleaseRecord(
        store_id=release.manifest.store_id,
        state=state,
        created_at=at,
        actor=actor,
        reason=reason,
        theme=ChosenTheme(slug=site.theme, version=site.theme_version),
        files=len(release.manifest.files),
        stats=ReleaseStats(
            pages=rendered + len(site.reused),
            rendered=rendered,
            reused=len(site.reused),
            uploaded=release.uploads,
            bytes=release.bytes,
            seconds=round(seconds, 3),
        ),
        checks=tuple(_shown(check) for check in checks),
    )


def _shown(check: Check) -> ReleaseCheck:
    problems = tuple(
        ReleaseProblem(page=p.page, code=p.code, message=p.message) for p in check.problems[:MOST_PROBLEMS]
    )
    return ReleaseCheck(name=check.name, ok=check.ok, looked_at=check.looked_at, problems=problems)


def _file(documents: Documents, release: Release, record: ReleaseRecord) -> ReleaseRecord:
    """Keep the record, unless there is one: the same content was made before, and that is when it was made."""
    found = documents.get(record_path(release.manifest.store_id, release.id))
    if found.data is not None:
        kept = ReleaseRecord.model_validate(found.data)
        if kept.state is record.state:
            return kept
    documents.commit([Set(found.path, to_document(record))])
    return record


def to_document(record: ReleaseRecord) -> dict[str, Any]:
    """The record as it is written; its times stay times."""
    return record.model_dump() | {"state": str(record.state)}
