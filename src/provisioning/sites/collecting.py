"""
Removes what no release needs any more: mark what every kept release names, sweep what is left.

The store's own pictures are kept with all their files as long as they have a document, used or not.

Kept are the live release, the last ten that were live, those that a preview shows, and all that are younger than 30 days. A file goes
only when no kept release names it and it is older than 48 hours: a publication that is under way has put younger ones.

A release that is being made may count on an old file that nobody names. So the collection first says in the deployment that it is at work,
by a conditional write, and has a limited time; while that lasts nothing is made or promoted. Whoever began to make a release before
that cannot promote it after it: the deployment has changed, and the making begins again from its reads.

Each store's turn comes a day after its last one, later where the rounds of a day are not enough for all, and the one that waits longest is
the first: `collected_at` is written together with the hold, so that a store
which kills whoever collects it does not stand before the others in the next hour.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import ValidationError

from provisioning import logs
from provisioning.errors import Conflict, NotFound, Transient, code_of
from provisioning.media.records import COLLECTION, StorePicture, files_of, folder_of
from provisioning.ports import (
    Create,
    Delete,
    Documents,
    KeptFile,
    Query,
    SiteFiles,
    Snapshot,
    Update,
    check_id,
    document_path,
)
from provisioning.sites.channels import NO_STORE, read_deployment
from provisioning.sites.progress import progress_prefix
from provisioning.sites.release_records import record_path
from provisioning.sites.releases import decoded, read_manifest
from provisioning.sites.theme_archives import YOUNGEST, remove_unnamed
from provisioning.stores.audit import audit_entry
from provisioning.stores.stores import Deployment, check_not_collecting

#: The code of a store whose releases are too many for the time there is.
TOO_LONG = "TOO_LONG"
KEPT_DAYS = 30
#: After so long a store's turn comes again.
EVERY = timedelta(days=1)
#: Seconds that one round may take, its themes' packages, and one of its stores; with less than the last left none is begun.
ROUND, PACKAGES, SHARE, LEAST = 40.0, 10.0, 30.0, 3.0
#: Who does what the schedule does, in the audit log.
SCHEDULED = "system:collect"
#: How long a collection may hold promotions back; it ends itself well before.
LONGEST = timedelta(minutes=5)
_MARGIN = 30.0
_ROUNDS = 5
_AT_ONCE = 8
_PAGE = 300


@dataclass(frozen=True, slots=True)
class Collection:
    """What a collection found, and whether it removed it."""

    store_id: str
    kept_releases: tuple[str, ...]
    old_releases: tuple[str, ...]
    #: Names of files that no kept release needs, with their bytes in all.
    unused: tuple[str, ...]
    unused_bytes: int
    #: Those of them that are too young to go.
    spared: int
    #: False for a dry run, and where the time was over: then the rest goes with the next one.
    removed: bool


@dataclass(frozen=True, slots=True)
class Round:
    """What one round over all that is due did."""

    #: Stores that were looked through to the end.
    stores: int = 0
    #: Stores that could not be; their turn comes again in a day.
    failed: int = 0
    #: Stores of which something is left; the next round goes on.
    unfinished: int = 0
    releases: int = 0
    files: int = 0
    #: Packages of themes that nobody names any more.
    packages: int = 0


@dataclass(frozen=True, slots=True)
class _Held:
    """A deployment that says that a collection is at work."""

    found: Snapshot
    #: Its `collected_at` before.
    before: datetime | None
    #: Until then we may remove, by our clock.
    until: float


def find_unused(documents: Documents, files: SiteFiles, store_id: str) -> Collection:
    """What `collect` would remove now. Changes nothing. Raises `NotFound`."""
    found = documents.get(document_path("deployments", store_id))
    return _mark(documents, files, store_id, read_deployment(found), found.read_time, lambda: True)


def collect(
    documents: Documents,
    files: SiteFiles,
    store_id: str,
    *,
    actor: str,
    monotonic: Callable[[], float] = time.monotonic,
) -> Collection:
    """
    Remove what no release of the store needs.

    Safe against publications at the same time, and to be interrupted anywhere: the next one goes on. Raises `NotFound`, and `Transient` while
    another collection is at work, or where the deployment keeps changing.
    """
    held = _hold(documents, store_id, monotonic, LONGEST.total_seconds() - _MARGIN)
    return _collect_held(documents, files, store_id, held, actor, lambda: monotonic() < held.until)


def collect_due(
    documents: Documents,
    files: SiteFiles,
    *,
    actor: str = SCHEDULED,
    monotonic: Callable[[], float] = time.monotonic,
) -> Round:
    """
    Remove what nothing needs of each store whose last turn is a day ago, the oldest first, and the packages of themes that were replaced.

    Ends within `ROUND` seconds; the next round goes on. What fails for one store is logged, put off for a day, and holds back no other.
    Two rounds at once are harmless. Raises `Transient` where the documents do not answer.
    """
    ends = monotonic() + ROUND
    now = documents.get(document_path("sweeps", "clock")).read_time
    _take_up(documents, lambda: monotonic() < ends)
    ends_packages = monotonic() + PACKAGES
    done = Round(
        packages=remove_unnamed(documents, files, actor=actor, in_time=lambda: monotonic() < ends_packages)
    )
    for found in _due(documents, now):
        seconds = min(SHARE, ends - monotonic())
        if seconds < LEAST:
            break
        done = _collect_next(documents, files, found, done, actor, monotonic, seconds)
    logs.collected(done.stores, done.failed, done.unfinished, done.releases, done.files, done.packages)
    return done


def collectable_stores(documents: Documents) -> Iterator[str]:
    """The ids of all stores that have releases."""
    for found in _deployments(documents, None):
        if found.data and found.data.get("live"):
            yield found.id


def _deployments(documents: Documents, order_by: str | None) -> Iterator[Snapshot]:
    query = Query("deployments", order_by=order_by, limit=_PAGE)
    while True:
        page = documents.query(query)
        yield from page
        if len(page) < _PAGE:
            return
        query = replace(query, after=page[-1])


def _take_up(documents: Documents, in_time: Callable[[], bool]) -> None:
    """
    Give `collected_at` to the deployments that lack it, as those of an earlier version do: an order leaves them out.

    Counting costs next to nothing, and says whether there is one.
    """
    counts = [documents.count(Query("deployments", order_by=order)) for order in (None, "collected_at")]
    if counts[0] == counts[1]:
        return
    for found in _deployments(documents, None):
        if not in_time():
            return
        if found.data is not None and "collected_at" not in found.data:
            # Whoever is quicker has a reason to; the next round asks again.
            with suppress(Conflict):
                documents.commit(
                    [Update(found.path, {"collected_at": None}, if_updated_at=found.update_time)]
                )


def _due(documents: Documents, now: datetime) -> Iterator[Snapshot]:
    """The deployments whose turn it is, those first that never had one, then the oldest."""
    for found in _deployments(documents, "collected_at"):
        at = (found.data or {}).get("collected_at")
        if isinstance(at, datetime) and now - at < EVERY:
            return
        yield found


def _collect_next(
    documents: Documents,
    files: SiteFiles,
    found: Snapshot,
    done: Round,
    actor: str,
    monotonic: Callable[[], float],
    seconds: float,
) -> Round:
    if not (found.data or {}).get("live"):
        # Not built yet, or rolled back: there is nothing to look through.
        _put_off(documents, found)
        return done
    try:
        held = _hold(documents, found.id, monotonic, seconds, if_turn_of=found)
        one = _collect_held(documents, files, found.id, held, actor, lambda: monotonic() < held.until)
    except _AnotherWasQuicker:
        return done
    except Exception as error:  # noqa: BLE001 - one that nobody foresaw must not hold back the others
        logs.store_not_collected(found.id, code_of(error))
        _put_off(documents, found)
        return replace(done, failed=done.failed + 1)
    if not one.removed:
        return replace(done, unfinished=done.unfinished + 1)
    return replace(
        done,
        stores=done.stores + 1,
        releases=done.releases + len(one.old_releases),
        files=done.files + len(one.unused),
    )


def _put_off(documents: Documents, found: Snapshot) -> None:
    """Let a day go by before the next turn of a store that had none now, unless it had one after all."""
    with suppress(Conflict, Transient):
        again = documents.get(found.path)
        if again.data is not None and _turn(again) == _turn(found):
            documents.commit(
                [Update(again.path, {"collected_at": again.read_time}, if_updated_at=again.update_time)]
            )


def _turn(found: Snapshot) -> object:
    return (found.data or {}).get("collected_at")


class _AnotherWasQuicker(Exception):
    """The store has had its turn since we read that it was due."""


def _hold(
    documents: Documents,
    store_id: str,
    monotonic: Callable[[], float],
    seconds: float,
    *,
    if_turn_of: Snapshot | None = None,
) -> _Held:
    """Say that a collection is at work for so many seconds. Raises `_AnotherWasQuicker` where the turn is not that of `if_turn_of` any more."""
    path = document_path("deployments", store_id)
    for _ in range(_ROUNDS):
        found, began = documents.get(path), monotonic()
        if if_turn_of is not None and _turn(found) != _turn(if_turn_of):
            raise _AnotherWasQuicker
        deployment = read_deployment(found)
        if deployment.live is None:
            raise NotFound("the store has no release", code=NO_STORE)
        check_not_collecting(deployment, found.read_time)
        hold = {
            "collecting_until": found.read_time + timedelta(seconds=seconds + _MARGIN),
            "collected_at": found.read_time,
        }
        try:
            documents.commit([Update(path, hold, if_updated_at=found.update_time)])
        except Conflict:
            continue
        # Our clock began before the server's reading, so it is over first.
        return _Held(documents.get(path), deployment.collected_at, began + seconds)
    raise Transient("the store keeps changing; try again in a moment")


def _collect_held(
    documents: Documents,
    files: SiteFiles,
    store_id: str,
    held: _Held,
    actor: str,
    in_time: Callable[[], bool],
) -> Collection:
    goes_on = False
    try:
        deployment, now = read_deployment(held.found), held.found.read_time
        marked = _mark(documents, files, store_id, deployment, now, in_time)
        removed = _sweep(documents, files, marked, in_time)
        done = removed == len(marked.old_releases) + len(marked.unused)
        # Where nothing at all could be removed, the next hour would bring no more.
        goes_on = not done and removed > 0
    finally:
        _release(documents, store_id, held, goes_on=goes_on)
    if removed:
        documents.commit([_audit(held.found, marked, removed, actor)])
    return replace(marked, removed=done)


def _release(documents: Documents, store_id: str, held: _Held, *, goes_on: bool) -> None:
    """Let promotions go on. Where it fails, they go on when the time is over. With `goes_on` the store's turn is not over."""
    until = (held.found.data or {}).get("collecting_until")
    found = documents.get(document_path("deployments", store_id))
    if found.data is not None and found.data.get("collecting_until") == until:
        fields = {"collecting_until": None} | ({"collected_at": held.before} if goes_on else {})
        documents.commit([Update(found.path, fields, if_updated_at=found.update_time)])


def _mark(
    documents: Documents,
    files: SiteFiles,
    store_id: str,
    deployment: Deployment,
    now: datetime,
    in_time: Callable[[], bool],
) -> Collection:
    prefix = f"stores/{check_id(store_id, 'store_id')}"
    manifests = files.entries(f"{prefix}/releases/")
    blobs = [*files.entries(f"{prefix}/blobs/"), *files.entries(folder_of(store_id))]
    used = {deployment.live, *deployment.recent} | {
        c.release for c in deployment.channels.values() if c.expires_at > now
    }
    keep = [
        entry
        for entry in manifests
        if _release_of(entry) in used or now - entry.put_at < timedelta(days=KEPT_DAYS)
    ]
    # The documents are read behind the files: one that is made from now on sees to its files by itself.
    named = _named(files, keep, in_time) | _pictures(documents, store_id)
    # What a making that was cut off remembers is of use for a day.
    blobs = [*blobs, *files.entries(progress_prefix(store_id))]
    unnamed = [entry for entry in blobs if entry.name not in named]
    unused = [entry for entry in unnamed if now - entry.put_at >= YOUNGEST]
    kept = {_release_of(entry) for entry in keep}
    return Collection(
        store_id=store_id,
        kept_releases=tuple(sorted(kept)),
        old_releases=tuple(
            sorted(_release_of(entry) for entry in manifests if _release_of(entry) not in kept)
        ),
        unused=tuple(entry.name for entry in unused),
        unused_bytes=sum(entry.size for entry in unused),
        spared=len(unnamed) - len(unused),
        removed=False,
    )


def _named(files: SiteFiles, manifests: Iterable[KeptFile], in_time: Callable[[], bool]) -> set[str]:
    """
    Every blob that one of the manifests names.

    A manifest that was there a moment ago and cannot be read ends the collection, as does the end of its time: nobody knows what it names.
    """

    def read(entry: KeptFile) -> set[str]:
        if not in_time():
            raise Transient(
                "the store's releases are too many to be looked through in this time", code=TOO_LONG
            )
        file = files.get(entry.name)
        if file is None:
            raise Transient(f"the manifest {entry.name} was listed and is not there")
        return {line.blob for line in read_manifest(decoded(file)).files.values()}

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="collect") as pool:
        return set[str]().union(*pool.map(read, manifests))


def _pictures(documents: Documents, store_id: str) -> set[str]:
    """Every file of the pictures that the store has. A document that cannot be read ends the collection: nobody knows what it names."""
    query = Query(f"tenants/{store_id}/{COLLECTION}", limit=_PAGE)
    named: set[str] = set()
    while True:
        page = documents.query(query)
        for found in page:
            try:
                named |= files_of(store_id, StorePicture.model_validate(found.data))
            except ValidationError:
                raise Transient(f"the document {found.path} cannot be read") from None
        if len(page) < _PAGE:
            return named
        query = replace(query, after=page[-1])


def _sweep(documents: Documents, files: SiteFiles, marked: Collection, in_time: Callable[[], bool]) -> int:
    """
    Remove old releases, then unused blobs, and say how many: fewer than there are where the time was over before all was done.

    A release goes before its files do: its record first, then its manifest. So nothing that can be promoted lacks a file.
    """
    for gone, release in enumerate(marked.old_releases):
        if not in_time():
            return gone
        documents.commit([Delete(record_path(marked.store_id, release))])
        files.delete(f"stores/{marked.store_id}/releases/{release}.json")

    def remove(name: str) -> bool:
        if not in_time():
            return False
        files.delete(name)
        return True

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="collect") as pool:
        return len(marked.old_releases) + sum(pool.map(remove, marked.unused))


def _audit(held: Snapshot, marked: Collection, removed: int, actor: str) -> Create:
    """What has gone, also where time was over before all had: then `left` says how much of it is for the next turn."""
    releases = min(removed, len(marked.old_releases))
    left = len(marked.old_releases) + len(marked.unused) - removed
    return audit_entry(
        at=held.read_time,
        actor=actor,
        action="releases.collected",
        subject=document_path("stores", marked.store_id),
        detail={
            "releases": releases,
            "files": removed - releases,
            **({"left": left} if left else {"bytes": marked.unused_bytes}),
        },
    )


def _release_of(manifest: KeptFile) -> str:
    return manifest.name.rpartition("/")[2].removesuffix(".json")
