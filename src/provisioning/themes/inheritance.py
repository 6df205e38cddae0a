"""
Inheritance: what a package and the themes that it extends come to, file by file.

The nearer file shadows the farther one of the same path. Three kinds are merged instead: locales (deeply, the nearer text
wins), the schema of the global settings (by id), and a stylesheet whose first lines say `@import "parent:theme.css";` begins
with its parent's. A template that is shadowed stays within reach of the nearer ones as `parent:<path>`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from provisioning.errors import FieldError
from provisioning.themes.declarations import Extends
from provisioning.themes.files import read_files

#: A theme, its parent and its grandparent.
MAX_DEPTH = 3
SCHEMA_FILE = "config/settings_schema.json"
#: What a child may say anew of a setting that it inherits.
CHANGEABLE = frozenset({"default", "label", "info", "options", "hidden", "visible_if"})

_PARENT_IMPORT = re.compile(r'\s*@import "parent:([a-z0-9._-]+)";')

#: Finds the folder of an installed theme, hidden ones included; None where there is none.
FindFolder = Callable[[str], Path | None]
#: The own files of the theme of that slug, or none where there is no such theme; what is wrong with them goes to the list.
FindFiles = Callable[[str, list[FieldError]], Mapping[str, bytes] | None]


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A theme that a package extends, pinned by its content."""

    slug: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Inherited:
    """A package with all that it inherits."""

    slug: str
    #: By path: its own files and its ancestors', the nearest each time; what is merged is merged.
    files: Mapping[str, bytes]
    #: By path: the slug of the package that the file is from.
    origins: Mapping[str, str]
    #: Templates that a nearer package has too, by `<slug>:<path>`.
    shadowed: Mapping[str, bytes]
    #: The nearest first.
    ancestors: tuple[Ancestor, ...]
    #: 20 hexadecimal digits over its own names and contents, and over its parent's digest.
    digest: str


def inherit(folder: Path, find: FindFolder, problems: list[FieldError]) -> Inherited:
    """Read the package in `folder` and all that it extends; what is wrong is told in `problems`, by file."""

    def find_files(slug: str, wrong: list[FieldError]) -> Mapping[str, bytes] | None:
        above = find(slug)
        return None if above is None else read_files(above, wrong)

    return inherit_files(read_files(folder, problems), folder.name, find_files, problems)


def inherit_files(
    files: Mapping[str, bytes],
    name: str,
    find: FindFiles,
    problems: list[FieldError],
    children: tuple[str, ...] = (),
) -> Inherited:
    """
    The package of these files with all that it extends; `name` is for one that has no slug.

    What is wrong is told in `problems`, by file; `children` are the slugs that led here.
    """
    manifest = _object(files, "theme.json", [])
    slug = str(manifest.get("slug", name))
    parent = _read_parent(slug, manifest, find, problems, children)
    if parent is None:
        origins = dict.fromkeys(files, slug)
        return Inherited(slug, files, origins, {}, (), digest_of(files))
    return _merge(slug, files, parent, problems)


def _read_parent(
    slug: str,
    manifest: Mapping[str, Any],
    find: FindFiles,
    problems: list[FieldError],
    children: tuple[str, ...],
) -> _Parent | None:
    try:
        extends = Extends.model_validate(manifest.get("extends"))
    except ValidationError:
        return None  # absent, or told by the manifest's own check
    chain = (*children, slug)
    if extends.slug in chain:
        problems.append(FieldError("theme.json", "CYCLE", "extends: leads back to " + extends.slug))
        return None
    if len(chain) >= MAX_DEPTH:
        message = f"extends: at most {MAX_DEPTH} themes may build on each other"
        problems.append(FieldError("theme.json", "TOO_DEEP", message))
        return None
    wrong: list[FieldError] = []
    above = find(extends.slug, wrong)
    if above is None:
        message = f"extends: the theme {extends.slug} is not installed"
        problems.append(FieldError("theme.json", "UNKNOWN_PARENT", message))
        return None
    inherited = inherit_files(above, extends.slug, find, wrong, chain)
    problems += [FieldError("theme.json", f.code, f"extends {extends.slug}: {f.message}") for f in wrong]
    version = str(_object(inherited.files, "theme.json", []).get("version", ""))
    if not _is_compatible(extends.version, version):
        message = (
            f"extends: {extends.slug} is installed as {version}, which does not do for {extends.version}"
        )
        problems.append(FieldError("theme.json", "WRONG_PARENT", message))
    return _Parent(version, inherited)


@dataclass(frozen=True, slots=True)
class _Parent:
    version: str
    inherited: Inherited


def _merge(slug: str, own: Mapping[str, bytes], parent: _Parent, problems: list[FieldError]) -> Inherited:
    above = parent.inherited
    shadowed = dict(above.shadowed)
    _check_sections(own, above.files, problems)
    merged = dict(above.files)
    for name, body in own.items():
        if name.endswith(".html") and name in above.files:
            shadowed[f"{above.origins[name]}:{name}"] = above.files[name]
        merged[name] = _combine(name, body, above.files, problems)
    _forget_other_defaults(own, merged)
    ancestor = Ancestor(above.slug, parent.version, above.digest)
    return Inherited(
        slug,
        merged,
        dict(above.origins) | dict.fromkeys(own, slug),
        shadowed,
        (ancestor, *above.ancestors),
        digest_of(own, above.digest),
    )


def _combine(name: str, body: bytes, above: Mapping[str, bytes], problems: list[FieldError]) -> bytes:
    if name.startswith("locales/"):
        base = _object(above, _locale_above(name, above), problems)
        return json.dumps(merge_texts(base, _object({name: body}, name, problems))).encode()
    if name == SCHEMA_FILE:
        return _merge_schema(_list(above, name), _list({name: body}, name), body, problems)
    if name.endswith(".css"):
        return _import_parent(name, body, above, problems)
    return body


def _locale_above(name: str, above: Mapping[str, bytes]) -> str:
    """A child may call a locale its default that was none, and the other way round."""
    plain = name.replace(".default", "")
    tail = ".schema.json" if plain.endswith(".schema.json") else ".json"
    marked = plain.removesuffix(tail) + ".default" + tail
    return marked if marked in above else plain


def _forget_other_defaults(own: Mapping[str, bytes], merged: dict[str, bytes]) -> None:
    for name in own:
        if name.startswith("locales/"):
            plain = name.replace(".default", "")
            for other in [n for n in merged if n.startswith("locales/") and n != name]:
                if other.replace(".default", "") == plain:
                    del merged[other]


def merge_texts(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Deeply, the own text wins; plural forms (`other` among them) are one text and are never mixed."""
    merged = dict(base)
    for key, value in own.items():
        there = merged.get(key)
        if isinstance(there, dict) and isinstance(value, dict) and "other" not in value:
            merged[key] = merge_texts(cast("dict[str, Any]", there), cast("dict[str, Any]", value))
        else:
            merged[key] = value
    return merged


def _merge_schema(
    base: list[dict[str, Any]], own: list[dict[str, Any]], body: bytes, problems: list[FieldError]
) -> bytes:
    groups = [dict(group) | {"settings": _items(group)} for group in base]
    known = {item["id"]: item for group in groups for item in group["settings"] if _id_of(item)}
    if not own:
        return body  # not a list of groups: told where the schema is checked
    for group in own:
        added: list[Any] = []
        for item in _items(group):
            there = known.get(_id_of(item))
            if there is None:
                added.append(item)
            else:
                _change(item, there, problems)
        _add(groups, group, added)
    return json.dumps(groups).encode()


def _items(group: Mapping[str, Any]) -> list[Any]:
    found = group.get("settings")
    return list(cast("list[Any]", found)) if isinstance(found, list) else []


def _id_of(item: Any) -> str:
    found = cast("dict[str, Any]", item).get("id") if isinstance(item, dict) else None
    return found if isinstance(found, str) else ""


def _change(item: dict[str, Any], there: dict[str, Any], problems: list[FieldError]) -> None:
    name = str(item["id"])
    if item.get("type", there.get("type")) != there.get("type"):
        problems.append(FieldError(SCHEMA_FILE, "WRONG_CHANGE", f"{name}: its type cannot change"))
        return
    changed = {key: value for key, value in item.items() if key not in {"id", "type"}}
    for key in sorted(changed.keys() - CHANGEABLE):
        message = f"{name}: of what is inherited, {key} cannot change"
        problems.append(FieldError(SCHEMA_FILE, "WRONG_CHANGE", message))
    if "options" in changed and not _values(changed["options"]) <= _values(there.get("options")):
        message = f"{name}: options may be fewer than inherited, not others"
        problems.append(FieldError(SCHEMA_FILE, "WRONG_CHANGE", message))
    there |= {key: value for key, value in changed.items() if key in CHANGEABLE}


def _values(options: Any) -> set[str]:
    items = cast("list[Any]", options) if isinstance(options, list) else []
    return {str(cast("dict[str, Any]", item).get("value")) for item in items if isinstance(item, dict)}


def _add(groups: list[dict[str, Any]], group: dict[str, Any], items: list[Any]) -> None:
    for existing in groups:
        if existing.get("name") == group.get("name"):
            existing["settings"] += items
            return
    if items:
        groups.append(group | {"settings": items})


def _import_parent(name: str, body: bytes, above: Mapping[str, bytes], problems: list[FieldError]) -> bytes:
    text = body.decode(errors="replace")
    match = _PARENT_IMPORT.match(text)
    if match is None:
        return body
    asset = f"assets/{match[1]}"
    if asset not in above:
        problems.append(FieldError(name, "UNKNOWN_PARENT", f"the parent has no {asset}"))
        return body
    return above[asset] + text[match.end() :].lstrip("\n").encode()


def _check_sections(own: Mapping[str, bytes], above: Mapping[str, bytes], problems: list[FieldError]) -> None:
    """A section is its template and its schema: a child that shadows one without the other would mix two designs."""
    for name in own:
        if not name.startswith("sections/") or name.endswith("-group.json"):
            continue
        stem = name.removesuffix(".html").removesuffix(".schema.json")
        other = f"{stem}.schema.json" if name.endswith(".html") else f"{stem}.html"
        if name in above and other in above and other not in own:
            problems.append(
                FieldError(other, "MISSING", f"is missing: {name} shadows the parent's, and both go together")
            )


def _is_compatible(wanted: str, found: str) -> bool:
    try:
        want, have = (tuple(int(part) for part in version.split(".")) for version in (wanted, found))
    except ValueError:
        return False
    return want[0] == have[0] and have >= want


def _object(files: Mapping[str, bytes], name: str, problems: list[FieldError]) -> dict[str, Any]:
    if name not in files:
        return {}
    try:
        value: Any = json.loads(files[name])
    except (ValueError, RecursionError) as error:
        problems.append(FieldError(name, "NOT_JSON", f"is not JSON: {error}"))
        return {}
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    problems.append(FieldError(name, "NOT_AN_OBJECT", "must be an object"))
    return {}


def _list(files: Mapping[str, bytes], name: str) -> list[dict[str, Any]]:
    try:
        value: Any = json.loads(files.get(name, b"[]"))
    except (ValueError, RecursionError):
        return []
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", item) for item in items if isinstance(item, dict)]


def digest_of(files: Mapping[str, bytes], parent: str = "") -> str:
    """20 hexadecimal digits over names and contents, and over the parent's digest."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    if parent:
        digest.update(f"\0parent\0{parent}".encode())
    return digest.hexdigest()[:20]
