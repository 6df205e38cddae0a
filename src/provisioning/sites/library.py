"""
The themes of the platform: those that are installed with it, and those that were imported.

An imported theme is one archive among the site files, named by its content, and the field `package` of its entry `themes/{slug}`. It is
unpacked and read once in a process.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from provisioning.errors import FieldError, NotFound
from provisioning.ports import Documents, SiteFiles, check_id, document_path
from provisioning.sites.theme_archives import ImportedPackage
from provisioning.themes.archives import Archive, unpack
from provisioning.themes.files import is_beside, read_files
from provisioning.themes.packages import Theme, find_installed, load_theme, read_package_files

#: So many imported themes stay read in a process.
_MOST_KEPT = 8
_kept: dict[str, Theme] = {}
_KEEPING = threading.Lock()


def find_theme(documents: Documents, files: SiteFiles, slug: str) -> Theme:
    """
    The theme of that slug: an installed one before an imported one.

    Raises `NotFound` where there is none, `InvalidInput` for a package that breaks the rules of now.
    """
    package = find_imported(documents, slug)
    if package is None:
        return load_theme(slug)
    kept = _kept.get(package.sha256)
    if kept is not None:
        return kept
    theme = read_theme(unpack(read_archive(files, package)))
    with _KEEPING:
        while len(_kept) >= _MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[package.sha256] = theme
    return theme


def find_imported(documents: Documents, slug: str) -> ImportedPackage | None:
    """The package of an imported theme; None for an installed one, which wins, and for none at all."""
    if find_installed(slug) is not None:
        return None
    return ImportedPackage.of(documents.get(document_path("themes", check_id(slug, "theme"))).data)


def read_archive(files: SiteFiles, package: ImportedPackage) -> bytes:
    """The archive of an imported theme. Raises `NotFound` where it is gone."""
    found = files.get(package.file)
    if found is None:
        raise NotFound("the package of this theme is gone; import it again", code="UNKNOWN_THEME")
    return found.body


def read_theme(archive: Archive) -> Theme:
    """
    The theme in an archive, with what it inherits from installed ones; its templates run in a process of their own.

    Raises `InvalidInput` for a package that breaks the rules.
    """
    own = {name: body for name, body in archive.files.items() if not is_beside(name)}
    return read_package_files(own, archive.slug, _files_of, imported=True)


def _files_of(slug: str, wrong: list[FieldError]) -> Mapping[str, bytes] | None:
    folder = find_installed(slug)
    return None if folder is None else read_files(folder, wrong)
