"""
The archives of imported themes among the site files, `themes/{slug}/…`, and which of them go.

The catalogue's entry alone names an archive, in its field `package`; releases are whole files and need none. What an import replaced is removed
after two days. Neither import nor removal waits for the other: an import never names an archive that lay there for a day, so none that is
old enough to go can be named anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from provisioning import logs
from provisioning.errors import code_of
from provisioning.ports import Documents, KeptFile, SiteFile, SiteFiles, document_path
from provisioning.stores.audit import audit_entry

_FOLDER = "themes"
_TYPE = "application/zip"
#: A file younger than this may be about to be named by somebody: a release that is being made, an import.
YOUNGEST = timedelta(hours=48)
#: An archive that lies there for longer is not named anew.
_NAMED_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ImportedPackage:
    """Where an imported theme's archive is: the field `package` of its entry."""

    file: str
    sha256: str
    version: str

    @classmethod
    def of(cls, entry: Mapping[str, Any] | None) -> ImportedPackage | None:
        """The package that an entry of the catalogue names, if its theme was imported."""
        package = (entry or {}).get("package")
        return cls(package["file"], package["sha256"], package["version"]) if package else None

    def to_document(self) -> dict[str, str]:
        return {"file": self.file, "sha256": self.sha256, "version": self.version}


def keep_archive(
    files: SiteFiles, slug: str, version: str, body: bytes, present: ImportedPackage | None, now: datetime
) -> ImportedPackage:
    """
    Keep an archive that was checked, for an entry that names `present` at `now`; the same content as that is the same file.

    A name is given again only while its file is young; else the content is kept a second time.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    if present is not None and present.sha256 == sha256:
        _put(files, present.file, body)
        return present
    name = f"{_FOLDER}/{slug}/{sha256}"
    there = {kept.name: kept.put_at for kept in files.entries(name)}
    young = [file for file, put_at in there.items() if now - put_at < _NAMED_WITHIN]
    file = young[-1] if young else f"{name}-{now:%Y%m%d%H%M%S}.zip" if there else f"{name}.zip"
    _put(files, file, body)
    return ImportedPackage(file, sha256, version)


def _put(files: SiteFiles, name: str, body: bytes) -> None:
    if not files.exists(name):
        files.put(name, SiteFile(body, _TYPE))


def remove_unnamed(documents: Documents, files: SiteFiles, *, actor: str, in_time: Callable[[], bool]) -> int:
    """
    Remove the archives that no entry names for two days, and say how many.

    What fails for one theme is logged and holds back no other. Safe against imports at the same time.
    """
    removed = 0
    try:
        # The entries are read behind the files: one that is written from now on names a young one.
        for slug, archives in _by_theme(files.entries(f"{_FOLDER}/")):
            if not in_time():
                break
            try:
                removed += _remove_of(documents, files, slug, archives, actor, in_time)
            except Exception as error:  # noqa: BLE001 - one that nobody foresaw must not hold back the others
                logs.packages_not_collected(slug, code_of(error))
    except Exception as error:  # noqa: BLE001 - nor may the themes hold back the stores
        logs.packages_not_collected("", code_of(error))
    return removed


def _by_theme(archives: Sequence[KeptFile]) -> Iterator[tuple[str, list[KeptFile]]]:
    for slug, group in groupby(archives, lambda archive: archive.name.split("/")[1]):
        yield slug, list(group)


def _remove_of(
    documents: Documents,
    files: SiteFiles,
    slug: str,
    archives: Sequence[KeptFile],
    actor: str,
    in_time: Callable[[], bool],
) -> int:
    entry = documents.get(document_path("themes", slug))
    now = entry.read_time
    if entry.update_time is not None and now - entry.update_time < YOUNGEST:
        # It may have named another one a moment ago, which somebody is about to read.
        return 0
    package = ImportedPackage.of(entry.data)
    named = package.file if package else None
    gone = [archive for archive in archives if archive.name != named and now - archive.put_at >= YOUNGEST]
    removed = [archive for archive in gone if in_time() and _removed(files, archive)]
    if removed:
        detail = {"packages": len(removed), "bytes": sum(archive.size for archive in removed)}
        documents.commit(
            [audit_entry(at=now, actor=actor, action="theme.collected", subject=entry.path, detail=detail)]
        )
    return len(removed)


def _removed(files: SiteFiles, archive: KeptFile) -> bool:
    files.delete(archive.name)
    return True
