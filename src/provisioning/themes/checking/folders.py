"""Packages from disk to the checker, with what they extend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from provisioning.errors import FieldError
from provisioning.themes.archives import unpack
from provisioning.themes.checking.checker import check_theme, translate
from provisioning.themes.checking.findings import Finding, put_in_order
from provisioning.themes.checking.trials import check_pages
from provisioning.themes.declarations import Extends
from provisioning.themes.files import is_beside, read_files
from provisioning.themes.inheritance import MAX_DEPTH, FindFolder
from provisioning.themes.packages import find_installed


def check_package(
    package: Path, base: Path | None = None, *, imported: bool = False, pages: bool = False
) -> tuple[Finding, ...]:
    """
    All that is wrong with the package in a folder, or in an archive; `base` is a folder of the themes that it may extend.

    With `pages`, a package without errors also makes every page of the sample shops.

    Raises `InvalidInput` for an archive that cannot be read.
    """
    problems: list[FieldError] = []
    files = _read_folder(package, problems) if package.is_dir() else unpack(package.read_bytes()).files
    parents = gather_parents(files, _finder(base))
    found = [*translate(tuple(problems)), *check_theme(files, parents, imported=imported)]
    if pages and not any(finding.blocks for finding in found):
        found += check_pages(files, parents)
    return put_in_order(found)


def gather_parents(
    files: Mapping[str, bytes], find: FindFolder = find_installed
) -> dict[str, dict[str, bytes]]:
    """The own files of the theme that a package extends, and of those that this one extends, by slug."""
    found: dict[str, dict[str, bytes]] = {}
    slug = _extended(files)
    while slug and slug not in found and len(found) < MAX_DEPTH:
        folder = find(slug)
        if folder is None:
            break
        found[slug] = read_files(folder, [])
        slug = _extended(found[slug])
    return found


def _extended(files: Mapping[str, bytes]) -> str:
    try:
        return Extends.model_validate(json.loads(files["theme.json"])["extends"]).slug
    except (KeyError, TypeError, ValueError, RecursionError):
        return ""  # nothing, or something that is told where the package is checked


def _finder(base: Path | None) -> FindFolder:
    if base is None:
        return find_installed

    def find(slug: str) -> Path | None:
        return base / slug if (base / slug / "theme.json").is_file() else None

    return find


def _read_folder(folder: Path, problems: list[FieldError]) -> dict[str, bytes]:
    files = read_files(folder, problems)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if is_beside(name) and path.is_file() and not path.is_symlink() and not name.startswith("."):
            files[name] = path.read_bytes()
    return files
