"""
A store's own pictures: added, described, removed.

Files are put before the document that names them, so that whatever a document names is there; one that was cut off is finished by sending the
same bytes again. Files go with the store's other unused files (`sites.collecting`), once no release and no document needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from provisioning.errors import Conflict, FieldError, InvalidInput, NotFound, Transient, WrongState
from provisioning.media.making import ReadyPicture, make_ready
from provisioning.media.records import (
    StorePicture,
    files_of,
    folder_of,
    id_of,
    original_of,
    picture_of,
    picture_path,
)
from provisioning.media.uses import find_uses
from provisioning.ports import (
    Create,
    Delete,
    Documents,
    SiteFile,
    SiteFiles,
    Snapshot,
    Update,
    Write,
    check_id,
    document_path,
)
from provisioning.stores.audit import audit_entry, commit_deed
from provisioning.stores.stores import Deployment, StoreStatus, check_not_collecting

IN_USE = "IN_USE"

_OVER = (StoreStatus.ARCHIVED, StoreStatus.DELETED)
_ROUNDS = 3
_UPLOADS_AT_ONCE = 4
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture of the store's, with its document as it was read."""

    found: Snapshot
    picture: StorePicture


def add_picture(
    documents: Documents, files: SiteFiles, store_id: str, body: bytes, *, alt: str | None, actor: str
) -> StorePicture:
    """
    Keep a picture with its renditions. The same bytes again are the same picture; words that are given take the place of earlier ones.

    Raises `InvalidInput` saying why it is not taken, `NotFound` without such a store, and `Transient` while others are being made ready, or old
    files removed.
    """
    id = id_of(body)
    _check_open(documents, store_id)
    there = set(files.list(folder_of(store_id, id)))
    kept = _find(documents, store_id, id)
    if kept and files_of(store_id, kept.picture) <= there:
        return _describe(documents, store_id, kept, alt, actor)
    # Before the work rather than after it.
    _words(alt, kept)
    ready = make_ready(body)
    for _ in range(_ROUNDS):
        picture = picture_of(
            body,
            ready,
            alt=_words(alt, kept),
            actor=actor,
            at=_now(documents, store_id),
            created=kept.picture if kept else None,
        )
        made = _made(store_id, picture, body, ready)
        _put(files, {name: file for name, file in made.items() if name not in there})
        try:
            _commit(documents, store_id, _write(store_id, picture, kept), "media.added", picture, actor)
        except Conflict:
            kept = _find(documents, store_id, id)
            continue
        _settle(documents, files, store_id, made)
        return picture
    raise Transient("somebody else sends the same picture; try again in a moment")


def read_picture(documents: Documents, store_id: str, id: str) -> Kept:
    """Raises `NotFound`."""
    kept = _find(documents, store_id, check_id(id, "media_id"))
    if kept is None:
        raise NotFound("the store has no picture with this id")
    return kept


def describe_picture(documents: Documents, store_id: str, id: str, alt: str, *, actor: str) -> StorePicture:
    """Give the picture other words. Raises `NotFound`, and `Conflict` where somebody else was quicker."""
    return _describe(documents, store_id, read_picture(documents, store_id, id), alt, actor)


def remove_picture(documents: Documents, store_id: str, id: str, *, actor: str) -> None:
    """
    Remove a picture that nothing shows. Raises `NotFound`, `WrongState` naming what shows it, and `Conflict`.

    What begins to show it in the same moment has a plain surface in its place; the same bytes, sent again, are the same picture.
    """
    kept = read_picture(documents, store_id, id)
    uses = find_uses(documents, store_id, kept.picture.name)
    if uses:
        more = f" and {len(uses) - _NAMED} more" if len(uses) > _NAMED else ""
        raise WrongState(IN_USE, f"it is shown by {', '.join(uses[:_NAMED])}{more}; take it out there first")
    gone = Delete(kept.found.path, if_updated_at=kept.found.update_time)
    _commit(documents, store_id, gone, "media.removed", kept.picture, actor, at=kept.found.read_time)


def _find(documents: Documents, store_id: str, id: str) -> Kept | None:
    found = documents.get(picture_path(store_id, id))
    return None if found.data is None else Kept(found, StorePicture.model_validate(found.data))


def _describe(documents: Documents, store_id: str, kept: Kept, alt: str | None, actor: str) -> StorePicture:
    if alt is None or alt == kept.picture.alt:
        return kept.picture
    at = kept.found.read_time
    changed = kept.picture.model_copy(update={"alt": alt, "updated_at": at})
    write = Update(kept.found.path, {"alt": alt, "updated_at": at}, if_updated_at=kept.found.update_time)
    _commit(documents, store_id, write, "media.described", changed, actor)
    return changed


def _words(alt: str | None, kept: Kept | None) -> str:
    if alt is not None:
        return alt
    if kept is not None:
        return kept.picture.alt
    message = "say what the picture shows; an empty text is for one that only decorates"
    raise InvalidInput((FieldError("alt", "REQUIRED", message),))


def _made(store_id: str, picture: StorePicture, body: bytes, ready: ReadyPicture) -> dict[str, SiteFile]:
    """All files by their names; the original is kept so that other sizes and formats can be made one day."""
    folder = folder_of(store_id, picture.id)
    made = {
        f"{folder}{rendition.file}": SiteFile(file.body, file.type)
        for rendition, file in zip(picture.renditions, ready.files, strict=True)
    }
    # Never as the type that it claims to be: nobody's browser shall open it.
    return made | {original_of(store_id, picture.id): SiteFile(body, "application/octet-stream")}


def _put(files: SiteFiles, missing: Mapping[str, SiteFile]) -> None:
    with ThreadPoolExecutor(_UPLOADS_AT_ONCE, thread_name_prefix="media") as pool:
        # list() brings the first error out.
        list(pool.map(files.put, missing.keys(), missing.values()))


def _settle(documents: Documents, files: SiteFiles, store_id: str, made: Mapping[str, SiteFile]) -> None:
    """
    See that no collection that began before the document was there has removed a file of an earlier time.

    One that begins from now on reads the document. One that is at work may remove yet: then the sender tries again, and finds what is missing.
    """
    _check_open(documents, store_id)
    there = set(files.list(next(iter(made)).rpartition("/")[0] + "/"))
    _put(files, {name: file for name, file in made.items() if name not in there})


def _check_open(documents: Documents, store_id: str) -> None:
    """Raise `NotFound` without such a store, and `Transient` while its unused files are being removed."""
    store, found = documents.get_all(
        [document_path("stores", store_id), document_path("deployments", store_id)]
    )
    if store.data is None:
        raise NotFound("there is no store with this id")
    if store.data.get("status") in _OVER:
        raise WrongState("WRONG_STORE_STATUS", "nothing of a store of this status is shown any more")
    if found.data is not None:
        check_not_collecting(Deployment.model_validate(found.data), found.read_time)


def _now(documents: Documents, store_id: str) -> datetime:
    return documents.get(document_path("stores", store_id)).read_time


def _write(store_id: str, picture: StorePicture, kept: Kept | None) -> Write:
    if kept is None:
        return Create(picture_path(store_id, picture.id), picture.to_document())
    return Update(kept.found.path, picture.to_document(), if_updated_at=kept.found.update_time)


def _commit(
    documents: Documents,
    store_id: str,
    write: Write,
    action: str,
    picture: StorePicture,
    actor: str,
    at: datetime | None = None,
) -> None:
    entry = audit_entry(
        at=at or picture.updated_at,
        actor=actor,
        action=action,
        subject=document_path("stores", store_id),
        detail={"picture": picture.name},
    )
    commit_deed(documents, [write], entry)
