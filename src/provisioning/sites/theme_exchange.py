"""A theme, or what a store has made of one, out of the platform as an archive; and a store's values in again, as a draft."""

from __future__ import annotations

from provisioning.errors import FieldError, InvalidInput, NotFound
from provisioning.ports import Documents
from provisioning.sites.store_themes import ThemeDraft, read_draft, read_store_theme, save_draft
from provisioning.themes.archives import Archive, pack, unpack
from provisioning.themes.choices import Customisation
from provisioning.themes.customisation import fit
from provisioning.themes.files import is_beside, read_files
from provisioning.themes.packages import find_installed, load_theme


def export_theme(slug: str, chosen: Customisation | None = None) -> bytes:
    """The theme's own package as an archive, with a store's values if they are given. Raises `NotFound`, `InvalidInput`."""
    theme = load_theme(slug)
    return pack(Archive(slug, theme.version, theme.manifest.extends, own_files(slug), chosen))


def export_store_theme(documents: Documents, store_id: str, slug: str, *, package: bool) -> bytes:
    """What the store has of the theme, its draft before what is published; with `package` the theme itself too. Raises `NotFound`."""
    draft, kept = read_draft(documents, store_id, slug)[1], read_store_theme(documents, store_id, slug)[1]
    chosen = draft.customisation if draft else kept.published if kept else Customisation()
    if package:
        return export_theme(slug, chosen)
    theme = load_theme(slug)
    return pack(Archive(slug, theme.version, theme.manifest.extends, customisation=chosen))


def import_values(
    documents: Documents, store_id: str, body: bytes, *, actor: str
) -> tuple[ThemeDraft, tuple[FieldError, ...]]:
    """
    Take the values in an archive as the store's draft of that theme; answers also those that the theme here does not take.

    Raises `InvalidInput`, and `NotFound` where the platform has no such theme.
    """
    archive = unpack(body)
    if archive.customisation is None:
        message = "holds no values of a store's"
        raise InvalidInput((FieldError("archive", "NO_VALUES", message),))
    fitting, dropped = fit(load_theme(archive.slug), archive.customisation)
    return save_draft(documents, store_id, archive.slug, fitting, actor=actor), dropped


def own_files(slug: str) -> dict[str, bytes]:
    """The files of an installed theme's own package, without those that it inherits. Raises `NotFound`, `InvalidInput`."""
    folder = find_installed(slug)
    if folder is None:
        raise NotFound("there is no such theme", code="UNKNOWN_THEME")
    problems: list[FieldError] = []
    files = read_files(folder, problems)
    if problems:
        raise InvalidInput(tuple(problems))
    found = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
    }
    return files | {name: path.read_bytes() for name, path in found.items() if is_beside(name)}
