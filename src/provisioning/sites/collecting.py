"""
Removes what no release needs any more: mark what every kept release names, sweep what is left.

The store's own pictures are kept with all their files as long as they have a document, used or not.

Kept are the live release, the last ten that were live, those that a preview shows, and all that are younger than 30 days. A file goes
only when no kept release names it and it is older than 48 hours: a publication that is under way has put younger ones.

A release that is being made may count on an old file that nobody names. So the collection first says in the deployment that it is at work,
by a conditional write, and has a limited time; while that lasts nothing is made or promoted. Whoever began to make a release before
that cannot promote it after it: the deployment has changed, and the making begins again from its reads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import ValidationError

from provisioning.errors import Conflict, NotFound, Transient
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
from provisioning.stores.audit import audit_entry
from provisioning.stores.stores import Deployment, check_not_collecting

KEPT_DAYS = 30
#: A file younger than this may belong to a release that is being made.
YOUNGEST = timedelta(hours=48)
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


def find_unused(documents: Documents, files: SiteFiles, store_id: str) -> Collection:
    """What `collect` would remove now. Changes nothing. Raises `NotFound`."""
    found = documents.get(document_path("deployments", store_id))
    return _mark(documents, files, store_id, read_deployment(found), found.read_time)


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
    held, until = _hold(documents, store_id, monotonic)
    try:
        marked = _mark(documents, files, store_id, read_deployment(held), held.read_time)
        done = _sweep(documents, files, marked, lambda: monotonic() < until)
    finally:
        _release(documents, store_id, held)
    if done and (marked.unused or marked.old_releases):
        documents.commit([_audit(held, marked, actor)])
    return replace(marked, removed=done)


def collectable_stores(documents: Documents) -> Iterator[str]:
    """The ids of all stores that have releases."""
    query = Query("deployments", limit=_PAGE)
    while True:
        page = documents.query(query)
        yield from (found.id for found in page if found.data and found.data.get("live"))
        if len(page) < _PAGE:
            return
        query = replace(query, after=page[-1])


def _hold(documents: Documents, store_id: str, monotonic: Callable[[], float]) -> tuple[Snapshot, float]:
    """Say that a collection is at work; the deployment as it is then, and until when we may remove, by our clock."""
    path = document_path("deployments", store_id)
    for _ in range(_ROUNDS):
        found, began = documents.get(path), monotonic()
        deployment = read_deployment(found)
        if deployment.live is None:
            raise NotFound("the store has no release", code=NO_STORE)
        check_not_collecting(deployment, found.read_time)
        try:
            documents.commit(
                [
                    Update(
                        path, {"collecting_until": found.read_time + LONGEST}, if_updated_at=found.update_time
                    )
                ]
            )
        except Conflict:
            continue
        # Our clock began before the server's reading, so it is over first.
        return documents.get(path), began + LONGEST.total_seconds() - _MARGIN
    raise Transient("the store keeps changing; try again in a moment")


def _release(documents: Documents, store_id: str, held: Snapshot) -> None:
    """Let promotions go on. Where it fails, they go on when the time is over."""
    until = (held.data or {}).get("collecting_until")
    found = documents.get(document_path("deployments", store_id))
    if found.data is not None and found.data.get("collecting_until") == until:
        documents.commit([Update(found.path, {"collecting_until": None}, if_updated_at=found.update_time)])


def _mark(
    documents: Documents, files: SiteFiles, store_id: str, deployment: Deployment, now: datetime
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
    named = _named(files, keep) | _pictures(documents, store_id)
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


def _named(files: SiteFiles, manifests: Iterable[KeptFile]) -> set[str]:
    """
    Every blob that one of the manifests names.

    A manifest that was there a moment ago and cannot be read ends the collection: nobody knows what it names.
    """

    def read(entry: KeptFile) -> set[str]:
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


def _sweep(documents: Documents, files: SiteFiles, marked: Collection, in_time: Callable[[], bool]) -> bool:
    """
    Remove old releases, then unused blobs; False where the time was over before all was done.

    A release goes before its files do: its record first, then its manifest. So nothing that can be promoted lacks a file.
    """
    for release in marked.old_releases:
        if not in_time():
            return False
        documents.commit([Delete(record_path(marked.store_id, release))])
        files.delete(f"stores/{marked.store_id}/releases/{release}.json")

    def remove(name: str) -> bool:
        if not in_time():
            return False
        files.delete(name)
        return True

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="collect") as pool:
        return all(list(pool.map(remove, marked.unused)))


def _audit(held: Snapshot, marked: Collection, actor: str) -> Create:
    return audit_entry(
        at=held.read_time,
        actor=actor,
        action="releases.collected",
        subject=document_path("stores", marked.store_id),
        detail={
            "releases": len(marked.old_releases),
            "files": len(marked.unused),
            "bytes": marked.unused_bytes,
        },
    )


def _release_of(manifest: KeptFile) -> str:
    return manifest.name.rpartition("/")[2].removesuffix(".json")
