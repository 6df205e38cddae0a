"""
Themes, and what stores have made of them, out of the platform as archives and in again.

A theme that is imported is checked as strictly as can be and then stored inactive: an administrator looks at it with a store's data
first, and then lets merchants choose it. A store's values come in as a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from provisioning.catalog.entries import ThemeEntry
from provisioning.errors import Conflict, FieldError, InvalidInput, NotFound, Transient
from provisioning.ports import Create, Documents, SiteFiles, Snapshot, Update, Write, document_path
from provisioning.sites.library import find_imported, find_theme, read_archive, read_theme
from provisioning.sites.store_themes import ThemeDraft, read_draft, read_store_theme, save_draft
from provisioning.sites.theme_archives import ImportedPackage, keep_archive
from provisioning.stores.audit import audit_entry, commit_deed
from provisioning.themes.archives import Archive, pack, unpack
from provisioning.themes.checking.checker import check_theme
from provisioning.themes.checking.findings import Finding, find, put_in_order
from provisioning.themes.checking.folders import gather_parents
from provisioning.themes.choices import Customisation
from provisioning.themes.customisation import fit
from provisioning.themes.declarations import Manifest
from provisioning.themes.files import is_beside, read_files
from provisioning.themes.packages import Theme, find_installed, load_theme

_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class ImportedTheme:
    """What an import found, and whether the platform has the theme now."""

    slug: str
    version: str
    files: int
    #: False in a dry run.
    kept: bool
    #: Warnings alone, where it is kept.
    findings: tuple[Finding, ...]


def export_theme(documents: Documents, files: SiteFiles, slug: str) -> bytes:
    """The theme's own package as an archive, an imported one byte for byte as it is kept. Raises `NotFound`, `InvalidInput`."""
    package = find_imported(documents, slug)
    return pack(_installed_archive(slug)) if package is None else read_archive(files, package)


def export_store_theme(
    documents: Documents, files: SiteFiles, store_id: str, slug: str, *, package: bool
) -> bytes:
    """What the store has of the theme, its draft before what is published; with `package` the theme itself too. Raises `NotFound`."""
    draft, kept = read_draft(documents, store_id, slug)[1], read_store_theme(documents, store_id, slug)[1]
    chosen = draft.customisation if draft else kept.published if kept else Customisation()
    if package:
        imported = find_imported(documents, slug)
        whole = unpack(read_archive(files, imported)) if imported else _installed_archive(slug)
        return pack(replace(whole, customisation=chosen))
    theme = find_theme(documents, files, slug)
    return pack(Archive(slug, theme.version, theme.manifest.extends, customisation=chosen))


def import_theme(
    documents: Documents, files: SiteFiles, body: bytes, *, actor: str, dry_run: bool = False
) -> ImportedTheme:
    """
    Take a theme's archive in: read, checked, kept, and offered as inactive; a dry run tells what is wrong and keeps nothing.

    The same archive again changes nothing. Another version takes the place of the one that was imported before, for the releases to
    come, and is inactive again. Raises `InvalidInput` for what is no archive of a theme or has the name of one of ours, and, unless it is
    a dry run, with everything that the checker blocks; nothing is kept then.
    """
    archive = unpack(body)
    if not archive.files:
        raise _refused("archive", "NO_THEME", "holds a store's values alone; import it into a store")
    if find_installed(archive.slug) is not None:
        message = "slug: this theme comes with the platform; give yours another one"
        raise _refused("theme.json", "SLUG_TAKEN", message)
    findings = _check(archive)
    blocking = tuple(finding for finding in findings if finding.blocks)
    found = ImportedTheme(archive.slug, archive.version, len(archive.files), False, findings)
    if dry_run:
        return found
    if blocking:
        raise InvalidInput(tuple(FieldError(f.file, f.code, f"line {f.line}: {f.message}") for f in blocking))
    theme = read_theme(archive)
    if (theme.slug, theme.version) != (archive.slug, archive.version):
        raise _refused("archive.json", "WRONG_THEME", "names another theme, or version, than theme.json")
    _described(theme)
    plain = pack(replace(archive, customisation=None))
    _offer(documents, files, theme, plain, actor)
    return replace(found, kept=True)


def _check(archive: Archive) -> tuple[Finding, ...]:
    """What is wrong with the theme in it; scripts are no part of a theme of somebody else's, whatever they do."""
    found = check_theme(archive.files, gather_parents(archive.files), imported=True)
    scripts = [name for name in archive.files if name.endswith(".js")]
    return put_in_order(
        [*found, *(find("AS12", name, "an imported theme brings no scripts") for name in scripts)]
    )


def import_values(
    documents: Documents, files: SiteFiles, store_id: str, body: bytes, *, actor: str
) -> tuple[ThemeDraft, tuple[FieldError, ...]]:
    """
    Take the values in an archive as the store's draft of that theme; answers also those that the theme here does not take.

    Raises `InvalidInput`, and `NotFound` where the platform has no such theme.
    """
    archive = unpack(body)
    if archive.customisation is None:
        raise _refused("archive", "NO_VALUES", "holds no values of a store's")
    fitting, dropped = fit(find_theme(documents, files, archive.slug), archive.customisation)
    return save_draft(documents, files, store_id, archive.slug, fitting, actor=actor), dropped


def _installed_archive(slug: str) -> Archive:
    theme = load_theme(slug)
    return Archive(slug, theme.version, theme.manifest.extends, own_files(slug))


def own_files(slug: str) -> dict[str, bytes]:
    """The files of an installed theme's own package, without those that it inherits. Raises `NotFound`, `InvalidInput`."""
    folder = find_installed(slug)
    if folder is None:
        raise NotFound("there is no such theme", code="UNKNOWN_THEME")
    return _read_folder(folder)


def pack_folder(folder: Path) -> bytes:
    """The theme in a folder as an archive, unchecked but for the places and sizes of its files. Raises `InvalidInput`."""
    files = _read_folder(folder)
    try:
        manifest = Manifest.model_validate_json(files.get("theme.json", b""))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _refused("theme.json", "WRONG_VALUE", f"{where}: {first['msg']}") from None
    return pack(Archive(manifest.slug, manifest.version, manifest.extends, files))


def _read_folder(folder: Path) -> dict[str, bytes]:
    problems: list[FieldError] = []
    files = read_files(folder, problems)
    if problems:
        raise InvalidInput(tuple(problems))
    found = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    return files | {name: path.read_bytes() for name, path in found.items() if is_beside(name)}


def _offer(documents: Documents, files: SiteFiles, theme: Theme, body: bytes, actor: str) -> None:
    for _ in range(_ROUNDS):
        found = documents.get(document_path("themes", theme.slug))
        present = ImportedPackage.of(found.data)
        package = keep_archive(files, theme.slug, theme.version, body, present, found.read_time)
        if package == present:
            return
        entry = audit_entry(
            at=found.read_time, actor=actor, action="theme.imported", subject=found.path,
            detail={"version": theme.version, "sha256": package.sha256},
        )  # fmt: skip
        try:
            commit_deed(documents, [_entry(found, theme, package)], entry)
        except Conflict:
            continue
        return
    raise Transient("the theme's entry keeps changing; try again in a moment", code="CONTENDED")


def _entry(found: Snapshot, theme: Theme, package: ImportedPackage) -> Write:
    facts: Mapping[str, Any] = {
        "version": theme.version,
        "package": package.to_document(),
        "active": False,
        "updated_at": found.read_time,
    }
    if found.data is not None:
        return Update(found.path, facts, if_updated_at=found.update_time)
    return Create(found.path, _described(theme).to_document(found.read_time) | dict(facts))


def _described(theme: Theme) -> ThemeEntry:
    """What merchants would read of it. Raises `InvalidInput` where theme.json has words that nobody may see."""
    manifest = theme.manifest
    try:
        return ThemeEntry(
            slug=theme.slug,
            name=manifest.name,
            description=manifest.description,
            version=theme.version,
            active=False,
        )
    except ValidationError as error:
        where = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
        raise _refused("theme.json", "WRONG_VALUE", f"{where}: cannot be shown to merchants") from None


def _refused(field: str, code: str, message: str) -> InvalidInput:
    return InvalidInput((FieldError(field, code, message),))
