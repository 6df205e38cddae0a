"""The files of a package: which may be there, how large they may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from provisioning.errors import FieldError

SUFFIXES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "config": frozenset({".json"}),
        "layout": frozenset({".html"}),
        "templates": frozenset({".json"}),
        "sections": frozenset({".html", ".json"}),
        "snippets": frozenset({".html"}),
        "assets": frozenset({".css", ".js", ".svg", ".ico", ".woff2", ".webp", ".avif", ".png", ".jpg"}),
        "locales": frozenset({".json"}),
    }
)

_FILE_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_LOCALE_NAME = re.compile(r"[a-z]{2}(-[A-Z]{2})?(\.default)?(\.schema)?\.json")
_MAX_CODE_BYTES = 256 * 1024
_MAX_JSON_BYTES = 512 * 1024
_MAX_DATA_BYTES = 1536 * 1024
_MAX_ASSET_BYTES = 2 * 1024 * 1024
_MAX_BESIDE_BYTES = 2 * 1024 * 1024
_BESIDE = frozenset({".md", ".txt", ".webp", ".png", ".jpg"})
#: How a file of that ending begins; texts are checked by being texts.
_MAGIC: Mapping[str, tuple[bytes, ...]] = MappingProxyType(
    {
        ".woff2": (b"wOF2",),
        ".png": (b"\x89PNG\r\n\x1a\n",),
        ".jpg": (b"\xff\xd8\xff",),
        ".webp": (b"RIFF",),
        ".avif": (b"\x00\x00\x00",),
        ".ico": (b"\x00\x00\x01\x00",),
    }
)


def read_files(folder: Path, problems: list[FieldError]) -> dict[str, bytes]:
    """The package's files by their paths; one that must not be there is left out and told in `problems`."""
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            problems.append(FieldError(name, "SYMLINK", "is a symbolic link"))
        elif path.is_file() and not is_beside(name):
            problem = check_file(name, path.stat().st_size)
            if problem:
                problems.append(problem)
            else:
                files[name] = path.read_bytes()
    return files


def is_beside(name: str) -> bool:
    """Texts for people, and pictures of the theme itself, play no part in rendering."""
    return name.startswith("preview/") or ("/" not in name and name != "theme.json")


def check_file(name: str, size: int) -> FieldError | None:
    """What is wrong with a file of that name and size in bytes, if anything."""
    top, _, rest = name.rpartition("/")
    suffix = Path(name).suffix
    if name == "theme.json":
        return None
    if top not in SUFFIXES or suffix not in SUFFIXES[top]:
        return FieldError(name, "UNKNOWN_FILE", "has no place in a package")
    pattern = _LOCALE_NAME if top == "locales" else _FILE_NAME
    if not pattern.fullmatch(rest):
        return FieldError(name, "WRONG_NAME", _how_to_name(top))
    if size > limit_of(name):
        return FieldError(name, "TOO_LARGE", f"must be at most {limit_of(name)} bytes")
    return None


def limit_of(name: str) -> int:
    """How many bytes the file may have."""
    if name.startswith("assets/"):
        return _MAX_ASSET_BYTES
    if name.startswith("locales/") or name == "config/settings_data.json":
        return _MAX_DATA_BYTES
    return _MAX_JSON_BYTES if name.endswith(".json") else _MAX_CODE_BYTES


def _how_to_name(top: str) -> str:
    if top == "locales":
        return "must be named as en.json, pt-BR.json, en.default.json or en.schema.json"
    return "must be of lower-case letters, digits, dots, hyphens and underscores"


def check_content(name: str, body: bytes) -> FieldError | None:
    """What is wrong with a file, if anything: its place, its name, its size, or that it is not what its ending says."""
    ending = name[name.rfind(".") :] if "." in name else ""
    if is_beside(name):
        if ending not in _BESIDE and name not in {"LICENSE", "theme.json"}:
            return FieldError(name, "UNKNOWN_FILE", "has no place in a package")
        if len(body) > _MAX_BESIDE_BYTES:
            return FieldError(name, "TOO_LARGE", f"must be at most {_MAX_BESIDE_BYTES} bytes")
    elif problem := check_file(name, len(body)):
        return problem
    if ending in _MAGIC:
        return (
            None
            if _begins_right(ending, body)
            else FieldError(name, "WRONG_CONTENT", f"is not a {ending} file")
        )
    if b"\x00" in body or not _is_text(body):
        return FieldError(name, "WRONG_CONTENT", "must be text in UTF-8")
    return None


def _begins_right(ending: str, body: bytes) -> bool:
    if not body.startswith(_MAGIC[ending]):
        return False
    if ending == ".webp":
        return body[8:12] == b"WEBP"
    return ending != ".avif" or body[4:12] in (b"ftypavif", b"ftypavis")


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
