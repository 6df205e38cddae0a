"""
What a store has made of its themes: `tenants/{store_id}/themes/{slug}`, and what is being worked on: `…/theme_drafts/{slug}`.

A store has one live theme, which its document names, and may have worked on several. A draft shows on a preview channel alone. Every
publication leaves a revision that can be restored, and the values of a theme stay when the store switches to another one. A change
of what is published is a change of the tenant's documents, so the website follows by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from provisioning.errors import Conflict, FieldError, InvalidInput, NotFound, Transient, WrongState
from provisioning.media.uses import check_pictures
from provisioning.ports import (
    Create,
    Delete,
    Documents,
    Set,
    SiteFiles,
    Snapshot,
    Update,
    Write,
    document_path,
)
from provisioning.sites.library import find_theme
from provisioning.stores.audit import audit_entry, commit_deed
from provisioning.stores.stores import Store
from provisioning.themes.choices import Customisation
from provisioning.themes.customisation import CarriedOver, carry_over, customise, fit
from provisioning.themes.packages import Theme
from provisioning.themes.renderer import references_of

_ROUNDS = 5


class StoreTheme(BaseModel):
    """`tenants/{store_id}/themes/{slug}`: a store's own values of one theme."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    slug: str
    #: The theme's version that the values were chosen for.
    version: str
    #: What visitors see while this theme is the store's.
    published: Customisation = Customisation()
    #: Counts publications of this theme; each is kept under `revisions`.
    revision: int = Field(default=0, ge=0)
    updated_at: datetime
    updated_by: str


class ThemeDraft(BaseModel):
    """`tenants/{store_id}/theme_drafts/{slug}`: values that are being worked on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    slug: str
    customisation: Customisation
    updated_at: datetime
    updated_by: str


class ThemeRevision(BaseModel):
    """`tenants/{store_id}/themes/{slug}/revisions/{number}`: what was published, and by whom. Never changed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int
    version: str
    customisation: Customisation
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class FittedTheme:
    """A theme with a store's values, and those that it no longer takes."""

    theme: Theme
    dropped: tuple[FieldError, ...]
    #: The theme without anything of the store's.
    plain: Theme


@dataclass(frozen=True, slots=True)
class Switched:
    """What a switch to another theme did with the store's values."""

    before: str
    now: str
    values: CarriedOver


def theme_of_store(
    documents: Documents, files: SiteFiles, store_id: str, slug: str, *, draft: bool = False
) -> FittedTheme:
    """
    The theme as the store shows it, or with `draft` as it is being worked on.

    A value that the theme no longer takes is left out, so that an update of a theme closes no shop. Raises `NotFound` without such a theme.
    """
    theme = find_theme(documents, files, slug)
    kept = read_store_theme(documents, store_id, slug)[1]
    chosen = kept.published if kept else Customisation()
    worked_on = read_draft(documents, store_id, slug)[1] if draft else None
    if worked_on is not None:
        chosen = worked_on.customisation
    fitting, dropped = fit(theme, chosen)
    return FittedTheme(customise(theme, fitting), dropped, theme)


def read_store_theme(documents: Documents, store_id: str, slug: str) -> tuple[Snapshot, StoreTheme | None]:
    """What the store has of the theme; None where it has nothing of its own."""
    found = documents.get(document_path("tenants", store_id, "themes", slug))
    return found, None if found.data is None else StoreTheme.model_validate(found.data)


def read_draft(documents: Documents, store_id: str, slug: str) -> tuple[Snapshot, ThemeDraft | None]:
    """What is being worked on; None where nothing is."""
    found = documents.get(document_path("tenants", store_id, "theme_drafts", slug))
    return found, None if found.data is None else ThemeDraft.model_validate(found.data)


def save_draft(
    documents: Documents,
    files: SiteFiles,
    store_id: str,
    slug: str,
    chosen: Customisation,
    *,
    actor: str,
    expected: Snapshot | None = None,
    pictures_too: bool = False,
) -> ThemeDraft:
    """
    Keep `chosen` as the draft. Nothing that visitors see changes. With `pictures_too` the store must have those of its own that it names.

    Raises `InvalidInput` with one error for each value that the theme does not take, `NotFound`, and `WrongState` where the draft,
    or that there is none, is not as the caller has seen it in `expected`.
    """
    customised = customise(find_theme(documents, files, slug), chosen)
    if documents.get(document_path("stores", store_id)).data is None:
        raise NotFound("there is no such store")
    if pictures_too:
        names = {name for field, name in references_of(customised) if field == "pictures"}
        check_pictures(documents, store_id, chosen.model_dump(), names)
    for _ in range(_ROUNDS):
        found, _before = read_draft(documents, store_id, slug)
        if expected is not None and found.update_time != expected.update_time:
            raise WrongState("CHANGED_MEANWHILE", "somebody else has changed this draft; read it again")
        draft = ThemeDraft(slug=slug, customisation=chosen, updated_at=found.read_time, updated_by=actor)
        data = draft.model_dump(mode="json") | {"updated_at": draft.updated_at}
        try:
            documents.commit([_write(found, data)])
        except Conflict:
            continue
        return draft
    raise Transient("the draft keeps changing; try again in a moment", code="CONTENDED")


def discard_draft(documents: Documents, store_id: str, slug: str) -> None:
    """Forget the draft; no draft is a no-op."""
    documents.commit([Delete(document_path("tenants", store_id, "theme_drafts", slug))])


def publish_draft(
    documents: Documents, files: SiteFiles, store_id: str, slug: str, *, actor: str
) -> StoreTheme:
    """
    Make the draft what visitors see while this theme is the store's, and keep it as a revision.

    Raises `NotFound`, `InvalidInput` where the theme no longer takes it, and `WrongState` where there is no draft.
    """
    theme = find_theme(documents, files, slug)
    for _ in range(_ROUNDS):
        worked_on, draft = read_draft(documents, store_id, slug)
        if draft is None:
            raise WrongState("NO_DRAFT", "there is no draft that could be published")
        customise(theme, draft.customisation)
        found, kept = read_store_theme(documents, store_id, slug)
        after = _published(theme, kept, draft.customisation, found.read_time, actor)
        entry = audit_entry(
            at=found.read_time, actor=actor, action="theme.published", subject=found.path,
            detail={"revision": after.revision},
        )  # fmt: skip
        writes = [
            _write(found, _data(after)),
            *_revision(found.path, kept, after),
            Delete(worked_on.path, if_updated_at=worked_on.update_time),
        ]
        try:
            commit_deed(documents, writes, entry)
        except Conflict:
            continue
        return after
    raise Transient("the theme's values keep changing; try again in a moment", code="CONTENDED")


def restore_revision(
    documents: Documents, files: SiteFiles, store_id: str, slug: str, number: int, *, actor: str
) -> ThemeDraft:
    """Make what was published as revision `number` the draft again. Raises `NotFound`."""
    path = document_path("tenants", store_id, "themes", slug, "revisions", str(number))
    found = documents.get(path)
    if found.data is None:
        raise NotFound("there is no such revision of this theme")
    chosen, _ = fit(
        find_theme(documents, files, slug), ThemeRevision.model_validate(found.data).customisation
    )
    return save_draft(documents, files, store_id, slug, chosen, actor=actor)


def switch_theme(documents: Documents, files: SiteFiles, store_id: str, slug: str, *, actor: str) -> Switched:
    """
    Make `slug` the store's theme, and carry its values over by what they mean.

    What the store has of the new theme from before wins; what it has of the old one stays, so switching back restores it. Visitors see
    it with the next publication. Raises `NotFound`, `InvalidInput` for a theme that cannot be chosen.
    """
    theme = find_theme(documents, files, slug)
    for _ in range(_ROUNDS):
        stored, offered = documents.get_all(
            [document_path("stores", store_id), document_path("themes", slug)]
        )
        if stored.data is None:
            raise NotFound("there is no such store")
        if offered.data is None or offered.data.get("active", True) is not True:
            raise InvalidInput((FieldError("theme", "UNKNOWN_THEME", "is not a theme that can be chosen"),))
        store = Store.model_validate(stored.data)
        found, kept = read_store_theme(documents, store_id, slug)
        values = _carry(documents, files, store_id, store.theme.slug, theme, kept)
        after = _published(theme, kept, values.chosen, found.read_time, actor)
        writes: list[Write] = [
            Update(
                stored.path,
                {"theme": {"slug": slug, "version": theme.version}},
                if_updated_at=stored.update_time,
            ),
            _write(found, _data(after)),
            *_revision(found.path, kept, after),
        ]
        entry = audit_entry(
            at=stored.read_time, actor=actor, action="theme.switched", subject=stored.path,
            detail={"from": store.theme.slug, "to": slug},
        )  # fmt: skip
        try:
            commit_deed(documents, writes, entry)
        except Conflict:
            continue
        return Switched(store.theme.slug, slug, values)
    raise Transient("the store keeps changing; try again in a moment", code="CONTENDED")


def _carry(
    documents: Documents, files: SiteFiles, store_id: str, before: str, theme: Theme, kept: StoreTheme | None
) -> CarriedOver:
    present = kept.published if kept else Customisation()
    if before == theme.slug:
        return CarriedOver(present, (), ())
    old = read_store_theme(documents, store_id, before)[1]
    if old is None or old.published.empty:
        return CarriedOver(fit(theme, present)[0], (), ())
    try:
        left = find_theme(documents, files, before)
    except (NotFound, InvalidInput):
        # Its package is gone: what its values meant cannot be known, and they stay with it.
        return CarriedOver(fit(theme, present)[0], (), ())
    return carry_over(left, old.published, theme, present)


def _published(
    theme: Theme, kept: StoreTheme | None, chosen: Customisation, at: datetime, actor: str
) -> StoreTheme:
    """The next state of what visitors see; a revision that changes nothing keeps its number."""
    number = kept.revision if kept and kept.published == chosen else (kept.revision if kept else 0) + 1
    return StoreTheme(
        slug=theme.slug,
        version=theme.version,
        published=chosen,
        revision=number,
        updated_at=at,
        updated_by=actor,
    )


def _data(theme: StoreTheme) -> dict[str, Any]:
    return theme.model_dump(mode="json") | {"updated_at": theme.updated_at}


def _write(found: Snapshot, data: dict[str, Any]) -> Write:
    if found.data is None:
        return Create(found.path, data)
    return Update(found.path, data, if_updated_at=found.update_time)


def _revision(path: str, before: StoreTheme | None, theme: StoreTheme) -> Iterator[Write]:
    """What is published under a new number is kept under it; what was kept is never changed."""
    if before is not None and before.revision == theme.revision:
        return
    revision = ThemeRevision(
        number=theme.revision,
        version=theme.version,
        customisation=theme.published,
        at=theme.updated_at,
        by=theme.updated_by,
    )
    yield Set(f"{path}/revisions/{theme.revision}", revision.model_dump(mode="json") | {"at": revision.at})
