"""
The tables of docs/firestore.md: `python tools/document_firestore.py` writes them between their markers.

Types, choices and defaults come from the models, the meanings from `firestore_fields.toml`. A field that one of them has and the other
has not is an error, so the page can neither leave one out nor name one that does not exist.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel

FIELDS = Path(__file__).with_name("firestore_fields.toml")
PAGE = Path(__file__).parents[1] / "docs" / "firestore.md"

_TABLE = re.compile(r"<!-- fields of (\w+) -->\n.*?<!-- end -->", re.DOTALL)

Described = dict[str, Any]


class Mismatch(Exception):
    """The models, the meanings and the page do not fit together; says which name is to blame."""


def read_described() -> dict[str, Described]:
    """What is said of each shape, by its name."""
    return tomllib.loads(FIELDS.read_text(encoding="utf-8"))


def fill(page: str, described: dict[str, Described]) -> str:
    """The page with its tables as they must be. Raises `Mismatch`."""
    named = _TABLE.findall(page)
    _require_same("tables of the page", set(named), "described shapes", set(described))
    return _TABLE.sub(lambda found: _section(found[1], described[found[1]]), page)


def document_fields(about: Described) -> set[str]:
    """The names of the fields that a stored document of this shape has."""
    return set(_schema(about).get("properties", {})) - set(about.get("without", [])) | set(
        about.get("more", {})
    )


def _section(name: str, about: Described) -> str:
    return "\n".join([f"<!-- fields of {name} -->", *_rows(name, about), "<!-- end -->"])


def _rows(name: str, about: Described) -> Iterator[str]:
    schema = _schema(about)
    properties = {
        field: value
        for field, value in schema.get("properties", {}).items()
        if field not in about.get("without", [])
    }
    meanings = about.get("fields", {})
    _require_same(f"fields of {name}", set(properties), "meanings", set(meanings))
    yield "| field | type | meaning |"
    yield "|---|---|---|"
    for field, value in properties.items():
        said = meanings[field] if isinstance(meanings[field], dict) else {"means": meanings[field]}
        required = field in schema.get("required", []) and not said.get("optional")
        asked = _demand(value, required) if about.get("asked") else ""
        by = f"*Written by {said['by']}.*" if "by" in said else ""
        yield _row(field, _type(schema, value), said["means"], asked, by)
    for field, value in about.get("more", {}).items():
        yield _row(field, value["type"], value["means"])


def _row(field: str, kind: str, *sentences: str) -> str:
    return f"| `{field}` | {kind} | {' '.join(filter(None, sentences))} |"


def _demand(value: dict[str, Any], required: bool) -> str:
    if required:
        return "**Required.**"
    default = value.get("default")
    # A default that is a map says nothing that its own fields do not say.
    return "" if default is None or isinstance(default, dict) else f"Default `{json.dumps(default)}`."


def _schema(about: Described) -> dict[str, Any]:
    if "model" not in about:
        return {}
    module, _, name = about["model"].partition(":")
    model: type[BaseModel] = getattr(import_module(module), name)
    return model.model_json_schema(by_alias=True)


def _type(schema: dict[str, Any], value: dict[str, Any]) -> str:
    if "$ref" in value:
        return _referred(schema, value["$ref"].rpartition("/")[2])
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(_type(schema, choice) for choice in value["anyOf"]))
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return _choices(value["enum"])
    if value.get("type") == "array":
        return f"list of {_type(schema, value['items'])}"
    if value.get("format") == "date-time":
        return "time"
    if isinstance(value.get("additionalProperties"), dict):
        return f"map of {_type(schema, value['additionalProperties'])}"
    return _NAMES[value["type"]]


_NAMES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "map",
    "null": "null",
}


def _referred(schema: dict[str, Any], name: str) -> str:
    target = schema["$defs"][name]
    return _choices(target["enum"]) if "enum" in target else f"[{name}](#{name.lower()})"


def _choices(values: list[Any]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _require_same(this: str, mine: set[str], that: str, theirs: set[str]) -> None:
    for lacking, where in ((mine - theirs, that), (theirs - mine, this)):
        if lacking:
            raise Mismatch(f"{', '.join(sorted(lacking))}: missing from the {where}")


def main() -> int:
    """Write the page; 1 and a sentence where that cannot be done."""
    try:
        page = fill(PAGE.read_text(encoding="utf-8"), read_described())
    except Mismatch as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
