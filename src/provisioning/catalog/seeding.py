"""The first themes, plans and, off the cloud, merchants. Only what is missing is made: what an administrator changed stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from provisioning.catalog.defaults import DEFAULT_MERCHANTS
from provisioning.catalog.entries import DEFAULT_THEMES, ThemeEntry, installed_version
from provisioning.catalog.plans import DEFAULT_PLANS, Plan
from provisioning.errors import Conflict, Transient
from provisioning.ports import Create, Documents, document_path
from provisioning.stores.audit import audit_entry, commit_deed
from provisioning.stores.merchants import Merchant

_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Seeded:
    """The ids of what was missing and has been made."""

    themes: tuple[str, ...]
    plans: tuple[str, ...]
    merchants: tuple[str, ...]

    def __str__(self) -> str:
        made = (*self.themes, *self.plans, *self.merchants)
        return f"Made: {', '.join(made)}" if made else "Nothing was missing"


def seed_defaults(documents: Documents, *, merchants: bool, actor: str = "system:seed") -> Seeded:
    """
    Create the default themes and plans that are missing, with `merchants` the sample merchants too, all in one batch.

    A theme whose package is not installed is made inactive. Raises `Transient` when others keep seeding at the same time.
    """
    defaults = _defaults(merchants)
    for _ in range(_ROUNDS):
        found = documents.get_all(list(defaults))
        now = found[0].read_time
        missing = [Create(f.path, _document(defaults[f.path], now)) for f in found if not f.exists]
        seeded = _seeded(missing)
        if not missing:
            return seeded
        entry = audit_entry(
            at=now,
            actor=actor,
            action="catalog.seeded",
            subject="catalog/defaults",
            detail={"made": [write.path for write in missing]},
        )
        try:
            commit_deed(documents, missing, entry)
        except Conflict:
            continue
        return seeded
    raise Transient("somebody else is seeding at the same time; try again in a moment")


def _defaults(merchants: bool) -> dict[str, ThemeEntry | Plan | Merchant]:
    """What is to be there, by the paths of the documents."""
    themes = {document_path("themes", theme.slug): _offered(theme) for theme in DEFAULT_THEMES}
    plans = {document_path("plans", plan.slug): plan for plan in DEFAULT_PLANS}
    samples = {document_path("merchants", merchant.id): merchant for merchant in DEFAULT_MERCHANTS}
    return {**themes, **plans, **(samples if merchants else {})}


def _document(default: ThemeEntry | Plan | Merchant, now: datetime) -> dict[str, Any]:
    return default.to_document() if isinstance(default, Merchant) else default.to_document(now)


def _offered(theme: ThemeEntry) -> ThemeEntry:
    version = installed_version(theme.slug)
    return theme.model_copy(update={"active": version is not None, "version": version or theme.version})


def _seeded(made: list[Create]) -> Seeded:
    def of(collection: str) -> tuple[str, ...]:
        return tuple(w.path.partition("/")[2] for w in made if w.path.startswith(f"{collection}/"))

    return Seeded(of("themes"), of("plans"), of("merchants"))
