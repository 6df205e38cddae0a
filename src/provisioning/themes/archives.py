"""
Theme archives: a package, a store's own values of it, or both, as one zip file that can be carried to another platform.

    archive.json            {format, kind, theme: {slug, version, extends}, files: [{path, size, sha256}]}
    theme/<path>            the package's own files, not those of the theme that it extends
    customisation.json      a store's own values

The same content gives the same bytes, so that what was imported and is exported again is byte for byte what it was. Nothing of a
tenant's is in it but the values of settings. Whatever comes in is hostile until it has been read here: sizes are counted while
inflating, names are names of package files, and what a file is must show in its first bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provisioning.errors import FieldError, InvalidInput
from provisioning.themes.choices import Customisation
from provisioning.themes.declarations import Extends, Name, Version
from provisioning.themes.files import check_content

#: Limits of an archive, and of a package in it.
MAX_BYTES = 50 * 1024 * 1024
MAX_EXPANDED = 200 * 1024 * 1024
MAX_FILES = 5_000
MAX_RATIO = 100
MAX_PATH = 200
MAX_DEPTH = 8

SUFFIX = ".upfront-theme.zip"

_FORMAT = 1
_INDEX, _VALUES, _THEME = "archive.json", "customisation.json", "theme/"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
#: Names that mean a device on Windows, with any ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
Kind = Literal["theme", "settings", "theme+settings"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _File(_Part):
    path: str
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class _ThemeName(_Part):
    slug: Name
    version: Version
    extends: Extends | None = None


class _Index(_Part):
    """`archive.json`."""

    format: Literal[1]
    kind: Kind
    theme: _ThemeName
    files: tuple[_File, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds; the package's files by their paths in it, empty where it is of settings alone."""

    slug: str
    version: str
    extends: Extends | None = None
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    customisation: Customisation | None = None

    @property
    def kind(self) -> Kind:
        if not self.files:
            return "settings"
        return "theme" if self.customisation is None else "theme+settings"


def pack(archive: Archive) -> bytes:
    """The archive as bytes; the same content gives the same bytes."""
    entries = {f"{_THEME}{name}": body for name, body in archive.files.items()}
    if archive.customisation is not None:
        entries[_VALUES] = _json(archive.customisation.model_dump(mode="json", exclude_defaults=True))
    index = _Index(
        format=_FORMAT,
        kind=archive.kind,
        theme=_ThemeName(slug=archive.slug, version=archive.version, extends=archive.extends),
        files=tuple(
            _File(path=name, size=len(body), sha256=hashlib.sha256(body).hexdigest())
            for name, body in sorted(entries.items())
        ),
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, body in [(_INDEX, _json(index.model_dump(mode="json"))), *sorted(entries.items())]:
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # As from one and the same system, whichever this one is.
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            target.writestr(entry, body, compresslevel=9)
    return written.getvalue()


def unpack(body: bytes) -> Archive:
    """
    Read an archive. Raises `InvalidInput` with what is wrong with it; nothing of it is written anywhere.

    Only the archive is checked here, not the theme in it: that is the checker's.
    """
    entries = _inflate(body)
    index = _read_index(entries)
    _check_listed(entries, index)
    files = {n.removeprefix(_THEME): b for n, b in entries.items() if n.startswith(_THEME)}
    problems = [problem for name, content in files.items() if (problem := check_content(name, content))]
    if problems:
        raise InvalidInput(tuple(problems))
    values = _read_values(entries[_VALUES]) if _VALUES in entries else None
    archive = Archive(
        index.theme.slug, index.theme.version, index.theme.extends, MappingProxyType(files), values
    )
    if archive.kind != index.kind or (not files and values is None):
        _refuse(_INDEX, "WRONG_KIND", "kind must say what the archive holds")
    return archive


def _json(value: Any) -> bytes:
    return (json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode()


def _refuse(field: str, code: str, message: str) -> NoReturn:
    raise InvalidInput((FieldError(field, code, message),))


# --- The zip file ----------------------------------------------------------------------------------------


def _inflate(body: bytes) -> dict[str, bytes]:
    if len(body) > MAX_BYTES:
        _refuse("archive", "TOO_LARGE", f"must be at most {MAX_BYTES // 2**20} MiB")
    # A zip file may stand behind anything else; one of ours begins with its first entry and ends with its directory.
    if not body.startswith(b"PK\x03\x04"):
        _refuse("archive", "NOT_A_ZIP", f"must be a zip file, as {SUFFIX} files are")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as source:
            if source.comment:
                _refuse("archive", "NOT_A_ZIP", "must have no comment")
            entries = source.infolist()
            _check_entries(entries)
            return _read_all(source, entries)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError):
        _refuse("archive", "NOT_A_ZIP", "is not a sound zip file")


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES:
        _refuse("archive", "TOO_MANY", f"must hold at most {MAX_FILES} files")
    if sum(entry.file_size for entry in entries) > MAX_EXPANDED:
        _refuse("archive", "TOO_LARGE", f"must unpack to at most {MAX_EXPANDED // 2**20} MiB")
    seen: set[str] = set()
    ends_at = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < ends_at:
            _refuse("archive", "OVERLAP", "has entries that overlap")
        ends_at = entry.header_offset + 30 + len(entry.filename) + entry.compress_size
        _check_entry(entry)
        folded = unicodedata.normalize("NFC", entry.filename).casefold()
        if folded in seen:
            _refuse("archive", "REPEATED", "has two entries of one name")
        seen.add(folded)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if not is_safe_name(name) or entry.orig_filename != name:
        _refuse("archive", "WRONG_NAME", "has an entry whose name is not a path of plain letters inside it")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or entry.is_dir():
        _refuse(name, "NOT_A_FILE", "must be a plain file: no link, no folder, no device")
    if entry.flag_bits & 0x1:
        _refuse(name, "ENCRYPTED", "must not be encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _refuse(name, "WRONG_COMPRESSION", "must be stored or deflated")
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1) and entry.file_size > 64 * 1024:
        _refuse(name, "BOMB", f"must not unpack to more than {MAX_RATIO} times its size")


def is_safe_name(name: str) -> bool:
    """Whether it is a relative path of plain names, none of them special to any system."""
    if not name.isascii() or len(name) > MAX_PATH:
        return False
    segments = name.split("/")
    return len(segments) <= MAX_DEPTH and all(
        _SEGMENT.fullmatch(part) and not part.endswith(".") and not _DEVICES.fullmatch(part)
        for part in segments
    )


def _read_all(source: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MAX_EXPANDED
    for entry in entries:
        with source.open(entry) as opened:
            # What a directory says of sizes is a claim; what comes out is counted.
            content = opened.read(min(entry.file_size, left) + 1)
            if len(content) != entry.file_size:
                _refuse(entry.filename, "WRONG_SIZE", "is not as large as the archive says")
        left -= len(content)
        files[entry.filename] = content
    return files


# --- What it holds ---------------------------------------------------------------------------------------


def _read_index(entries: Mapping[str, bytes]) -> _Index:
    if _INDEX not in entries:
        _refuse(_INDEX, "MISSING", "is missing: this is not a theme archive")
    try:
        return _Index.model_validate_json(entries[_INDEX])
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"])
        _refuse(_INDEX, "WRONG_VALUE", f"is not an index of a theme archive ({where[:80]})")


def _check_listed(entries: Mapping[str, bytes], index: _Index) -> None:
    listed = {file.path: file for file in index.files}
    if len(listed) != len(index.files) or listed.keys() != entries.keys() - {_INDEX}:
        _refuse(_INDEX, "WRONG_FILES", "must list every file once, and no other")
    for name, file in listed.items():
        body = entries[name]
        if file.size != len(body) or file.sha256 != hashlib.sha256(body).hexdigest():
            _refuse(name, "DAMAGED", "is not the file that the index describes")
        if name != _VALUES and not name.startswith(_THEME):
            _refuse(name, "UNKNOWN_FILE", "has no place in a theme archive")


def _read_values(body: bytes) -> Customisation:
    try:
        return Customisation.model_validate_json(body)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"])
        _refuse(_VALUES, "WRONG_VALUE", f"is not a customisation ({where[:80]})")
