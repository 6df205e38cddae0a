"""
Makes a release of a store from its data as they are now: builds what has changed, checks it, puts what is missing, and keeps a record.

Nothing that visitors see changes by it; `channels` promotes. A release that does not pass its checks is not sealed, and its record says why.

A large store's pages are made so many at a time: rendered, checked, and put while the next ones are rendered. So a making takes as much memory
for five thousand products as for five hundred, and may be cut off anywhere: what is put is remembered (`progress`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any, Literal

from provisioning.errors import NotFound, Transient
from provisioning.ports import Documents, Set, SiteFile, SiteFiles, Snapshot, document_path
from provisioning.sites.building import Building, Site, SiteEntry, SitePlan, plan_site
from provisioning.sites.channels import (
    NO_STORE,
    ChecksFailed,
    check_may_publish,
    load_manifest,
    read_deployment,
)
from provisioning.sites.checking import (
    Candidate,
    Check,
    DistantLink,
    ReleaseChecks,
    check_blobs,
    check_release,
    problems_of,
)
from provisioning.sites.own_pictures import pictures_of
from provisioning.sites.progress import forget_progress, load_progress, save_progress, site_digest
from provisioning.sites.publishing import (
    Release,
    plan_release,
    publish_platform_files,
    put_blobs,
    put_release,
)
from provisioning.sites.release_records import (
    MOST_PROBLEMS,
    ReleaseCheck,
    ReleaseProblem,
    ReleaseRecord,
    ReleaseState,
    ReleaseStats,
    record_path,
)
from provisioning.sites.releases import Manifest, ReleasedFile, plain_body
from provisioning.sites.shop import Shop, read_shop
from provisioning.sites.store_themes import theme_of_store
from provisioning.stores.addresses import Addresses
from provisioning.stores.stores import ChosenTheme, Deployment, Store, check_not_collecting
from provisioning.themes.packages import Theme

MakingReason = Literal["activation", "change", "publish", "preview"]

By = tuple[str, MakingReason, datetime]

#: Pages are rendered, checked and put so many at a time; those of imported themes get one process for so many.
PAGES_AT_ONCE = 200
OUT_OF_TIME = "OUT_OF_TIME"
#: Seconds of an attempt that are not for rendering an imported theme: checks and puts follow.
RESERVED = 1.5
_READS_AT_ONCE = 8
_TEXTS = ("text/html", "application/json", "application/manifest+json", "application/xml")


@dataclass(frozen=True, slots=True)
class Done:
    """What making a release took: pages rendered, objects put, and their bytes."""

    rendered: int = 0
    uploaded: int = 0
    bytes: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(self.rendered + other.rendered, self.uploaded + other.uploaded, self.bytes + other.bytes)


class Unfinished(Exception):
    """There was no time for all pages: what is done is kept, and the next call goes on from there. No error."""

    def __init__(self, done: Done, seen: int, pages: int) -> None:
        super().__init__(f"{seen} of {pages} pages are made")
        self.done = done
        self.seen = seen
        self.pages = pages


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
    may_go_on: Callable[[float], bool] = lambda seconds: True,
    earlier: Done | None = None,
    time_left: Callable[[], float] = lambda: 60.0,
    monotonic: Callable[[], float] = time.monotonic,
) -> MadeRelease:
    """
    Make a release of the store with its data of now, and with its theme or with `theme`.

    Pages that the live release, or the one on `channel`, has from the same are taken over from it. Called again after any interruption it goes on
    where it ended. `before_each` is called before each put and may raise to end it; `may_go_on` says whether there is time for another part, as
    long as the longest so far. `earlier` is what calls before this one did of the same, and `time_left` how many
    seconds an imported theme may render now.

    Raises `Unfinished` where there is none, `NotFound`, `Permanent` where an imported theme fails, `WrongState` where the store's status does not allow it, `ChecksFailed`, and `Transient` while old files are being removed.
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
    theme = theme or theme_of_store(documents, files, store_id, store.theme.slug).theme
    shop = read_shop(documents, store_id, addresses)
    previous = _previous(files, store_id, deployment, channel, theme)
    plan = plan_site(theme, shop, pictures_of(documents, store_id, shop, theme))
    making = _Making(files, store_id, channel, shop, plan, previous, found.read_time, before_each)
    pages = making.make_parts(may_go_on, time_left)
    site = making.building.finish(pages)
    release = plan_release(store_id, site, previous)
    checks = making.check(site, release.manifest)
    by = (actor, reason, found.read_time)

    def record_of(put: Release, checks: tuple[Check, ...], state: ReleaseState) -> ReleaseRecord:
        done = (earlier or Done()) + making.done + Done(0, put.uploads, put.bytes)
        return _record(put, site, checks, by, seconds=monotonic() - began, state=state, done=done)

    if problems_of(checks):
        _file(documents, release, record_of(release, checks, ReleaseState.REJECTED))
        raise ChecksFailed(problems_of(checks))
    publish_platform_files(files, theme, before_each=before_each)
    put = put_release(files, release, before_each)
    checks = (*checks, check_blobs(files, release.manifest, previous))
    if problems_of(checks):
        raise ChecksFailed(problems_of(checks))
    record = _file(documents, put, record_of(put, checks, ReleaseState.READY))
    making.forget()
    return MadeRelease(put.id, record, found, changed=put.id != deployment.live)


class _Making:
    """The pages of one release, made in parts."""

    def __init__(
        self,
        files: SiteFiles,
        store_id: str,
        channel: str,
        shop: Shop,
        plan: SitePlan,
        previous: Manifest | None,
        now: datetime,
        before_each: Callable[[], None],
    ) -> None:
        self._files = files
        self._store_id = store_id
        self._channel = channel
        self._address = shop.address
        self._previous = previous
        self._before_each = before_each
        self._paths = site_digest([*(page.path for page in plan.pages), *plan.files])
        self._progress = load_progress(files, store_id, channel, self._paths, now)
        self._remembered = bool(self._progress.lines)
        self.building = Building(plan, [*([previous.files] if previous else []), self._progress.lines])
        self._checks = ReleaseChecks(shop.address, (page.path for page in plan.pages))
        self._uploaded, self._bytes = 0, 0

    @property
    def done(self) -> Done:
        """What was done so far, but for what was put with the last part."""
        return Done(self.building.rendered, self._uploaded, self._bytes)

    def make_parts(
        self, may_go_on: Callable[[float], bool], time_left: Callable[[], float]
    ) -> Mapping[str, SiteEntry]:
        """
        Make, check and put all parts but the last one, whose pages are returned: they are checked and put with all that stands beside them.

        A part is put while the next one is rendered. Raises `Unfinished` where `may_go_on` says that there is no time for another one.
        """
        longest = 0.0
        with ThreadPoolExecutor(1, thread_name_prefix="part") as behind:
            putting: Future[None] | None = None
            while True:
                began = time.monotonic()
                pages = self.building.render(PAGES_AT_ONCE, time_left())
                if self.building.finished and (putting is None or may_go_on(longest)):
                    self._await(putting)
                    return pages
                part = self._check_part(pages)
                self._await(putting)
                putting = behind.submit(self._put_part, part)
                longest = max(longest, time.monotonic() - began)
                if self.building.finished or not may_go_on(longest):
                    self._await(putting)
                    self._end()

    def check(self, site: Site, manifest: Manifest) -> tuple[Check, ...]:
        """Every check of the whole release, before the last part is put."""
        remembered = self._progress.lines
        taken = {path for path, line in self.building.lines.items() if remembered.get(path) is line}
        self._checks.resume(link for link in self._progress.distant if link.page in taken)
        read = partial(_read_pages, self._files, manifest)
        candidate = Candidate(
            manifest, self._address, _texts(site), self._previous, read, self._progress.unproven & taken
        )
        return self._checks.finish(candidate)

    def forget(self) -> None:
        """The release is sealed."""
        if self._remembered:
            forget_progress(self._files, self._store_id, self._channel)

    def _check_part(self, pages: Mapping[str, SiteEntry]) -> _Part:
        plan, known = self.building.plan, len(self._checks.distant)
        self._checks.expect(plan.picture_paths())
        planned = plan_release(
            self._store_id, Site(plan.theme.slug, plan.theme.version, pages), self._previous
        )
        lines = planned.manifest.files
        texts = {path: entry.file.body.decode() for path, entry in pages.items()}
        manifest = replace(planned.manifest, files={**self._beside.files, **lines})
        self._checks.look_at(texts, manifest)
        self.building.keep(lines)
        return _Part(lines, planned.objects, tuple(self._checks.distant[known:]))

    def _put_part(self, part: _Part) -> None:
        if self._checks.problems:
            # It will be refused.
            return
        put = put_blobs(self._files, self._store_id, part.objects, self._before_each, self._there)
        self._before_each()
        save_progress(self._files, self._store_id, self._channel, self._paths, part.lines, part.distant)
        self._remembered = True
        self._uploaded += len(put)
        self._bytes += sum(len(file.body) for file in put.values())

    def _await(self, putting: Future[None] | None) -> None:
        try:
            if putting:
                putting.result()
        except Transient as error:
            if error.code != OUT_OF_TIME or not self._uploaded:
                raise
            self._end()

    def _end(self) -> None:
        if self._checks.problems:
            raise ChecksFailed(self._checks.problems)
        raise Unfinished(self.done, self.building.seen, len(self.building.plan.pages))

    @cached_property
    def _beside(self) -> Manifest:
        """What pages may lead to and load that is no page and no picture."""
        plan = self.building.plan
        return plan_release(
            self._store_id, Site(plan.theme.slug, plan.theme.version, plan.files), self._previous
        ).manifest

    @cached_property
    def _there(self) -> frozenset[str]:
        return frozenset(self._files.list(f"stores/{self._store_id}/blobs/"))


@dataclass(frozen=True, slots=True)
class _Part:
    """Some pages of a release: their lines, what is to be put for them, and where they lead."""

    lines: Mapping[str, ReleasedFile]
    objects: Mapping[str, SiteFile]
    distant: tuple[DistantLink, ...]


def check_site(
    site: Site,
    shop: Shop,
    manifest: Manifest,
    previous: Manifest | None = None,
    files: SiteFiles | None = None,
) -> tuple[Check, ...]:
    """Check what was built, before any of it is put. `files` holds the pages that were taken over from `previous`."""

    def read(paths: Iterable[str]) -> Mapping[str, str]:
        return _read_pages(files, manifest, paths) if files else {}

    return check_release(Candidate(manifest, shop.address, _texts(site), previous, read))


def _texts(site: Site) -> dict[str, str]:
    """What of a site's files can be read."""
    return {
        path: entry.file.body.decode()
        for path, entry in site.files.items()
        if entry.file.content_type.startswith(_TEXTS) and not entry.shared
    }


def first_record(
    release: Release, site: Site, checks: tuple[Check, ...], *, at: datetime, seconds: float
) -> ReleaseRecord:
    """The record of the release that an activation makes."""
    done = Done(_rendered(site), release.uploads, release.bytes)
    by: By = ("platform", "activation", at)
    return _record(release, site, checks, by, seconds=seconds, state=ReleaseState.READY, done=done)


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


def _read_pages(files: SiteFiles, manifest: Manifest, paths: Iterable[str]) -> dict[str, str]:
    paths = list(paths)

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
    by: By,
    *,
    seconds: float,
    state: ReleaseState,
    done: Done,
) -> ReleaseRecord:
    pages = _rendered(site) + len(site.reused)
    # Pages may have changed between two turns.
    rendered = min(done.rendered, pages)
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
            pages=pages,
            rendered=rendered,
            reused=pages - rendered,
            uploaded=done.uploaded,
            bytes=done.bytes,
            seconds=round(seconds, 3),
        ),
        checks=tuple(_shown(check) for check in checks),
    )


def _rendered(site: Site) -> int:
    return sum(bool(entry.made_from) for entry in site.files.values())


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
