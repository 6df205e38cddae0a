"""The text of `docs/api.md`, made from the OpenAPI document: `python -m provisioning.api.reference > docs/api.md`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from html import escape
from typing import Any, cast

from provisioning.api.calls import Refusal
from provisioning.api.endpoints import ENDPOINTS
from provisioning.api.openapi import describe, refusals_of

Schema = dict[str, Any]

_HEAD = """\
# The admin API

<!-- Made by `make docs` from the endpoints in src/provisioning/api/. Do not edit. -->

{introduction}

The examples need two variables. `provisioning up --write-env FILE` writes both for a local runtime:

```sh
export PROVISIONING_URL=http://localhost:8080
export PROVISIONING_ADMIN_TOKEN=...   # an ID token; admins are made with: provisioning admins grant EMAIL
```

The whole description for machines: `GET /api/provisioning/openapi.json`.

Problems that every call of its kind may meet:

{shared}
"""


def describe_api() -> str:
    """The whole page."""
    document = describe(ENDPOINTS)
    parts = [_HEAD.format(introduction=document["info"]["description"], shared="\n".join(_shared()))]
    for tag in document["tags"]:
        parts.append(f"## {tag['name']}\n")
        parts += [
            "\n".join(_operation(document, path, method, operation))
            for path, method, operation in _operations(document)
            if operation["tags"] == [tag["name"]]
        ]
    parts.append("## Models\n")
    parts += ["\n".join(_model(document, name)) for name in _linked(document)]
    return "\n".join(parts).rstrip() + "\n"


def _operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _shared() -> Iterator[str]:
    """The problems that are no endpoint's own."""
    shared = {r for endpoint in ENDPOINTS for r in refusals_of(endpoint) if r not in endpoint.refusals}
    return (_problem(refusal) for refusal in sorted(shared, key=lambda r: (r.status, r.code, r.when)))


def _problem(refusal: Refusal) -> str:
    return f"- {refusal.status} `{refusal.code}`: {refusal.when}"


def _operation(document: Schema, path: str, method: str, operation: Schema) -> Iterator[str]:
    yield f"### {operation['summary']}\n"
    yield f"`{method} {path}`\n"
    if operation.get("description"):
        yield operation["description"] + "\n"
    parameters = [p for p in operation.get("parameters", []) if p["in"] != "path"]
    for parameter in parameters:
        where = "header" if parameter["in"] == "header" else "query"
        yield f"- `{parameter['name']}` ({where}): {parameter['description']}"
    if parameters:
        yield ""
    body = operation.get("requestBody")
    if body and "application/json" in body["content"]:
        yield from _fields(document, _resolve(document, body["content"]["application/json"]["schema"]))
    yield "```sh"
    yield _curl(path, method, operation)
    yield "```\n"
    yield _answer(operation) + "\n"
    refusals = next(endpoint.refusals for endpoint in ENDPOINTS if endpoint.name == operation["operationId"])
    if refusals:
        yield "Problems of its own:\n"
        yield "\n".join(map(_problem, refusals)) + "\n"


def _curl(path: str, method: str, operation: Schema) -> str:
    address = path
    query: list[str] = []
    lines: list[str] = []
    if operation["security"]:
        lines.append('-H "Authorization: Bearer $PROVISIONING_ADMIN_TOKEN"')
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            address = address.replace(f"{{{parameter['name']}}}", parameter["example"])
        elif parameter["in"] == "query" and "example" in parameter:
            query.append(f"{parameter['name']}={parameter['example']}")
        elif parameter["in"] == "header" and parameter["name"] == "Idempotency-Key":
            lines.append("-H " + shlex.quote(f"Idempotency-Key: {parameter['example']}"))
    body = operation.get("requestBody")
    if body and "application/json" not in body["content"]:
        content_type = next(iter(body["content"]))
        lines += [f"-H 'Content-Type: {content_type}'", "--data-binary @FILE"]
    elif body:
        example = json.dumps(body["content"]["application/json"]["example"], ensure_ascii=False)
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(example)}"]
    verb = "" if method == "GET" else f" -X {method}"
    asked = address + ("?" + "&".join(query) if query else "")
    return " \\\n  ".join([f'curl -sS{verb} "$PROVISIONING_URL{asked}"', *lines])


def _answer(operation: Schema) -> str:
    status, answer = next((s, a) for s, a in operation["responses"].items() if s.startswith("2"))
    headers = ", ".join(f"`{name}`" for name in answer.get("headers", {}))
    beside = f", with {headers}" if headers else ""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        return f"Answers {status} with {_link(schema)}{beside}."
    if schema:
        return f"Answers {status} with JSON{beside}."
    (content_type,) = answer.get("content", {None: None})
    return f"Answers {status} with {content_type}{beside}." if content_type else f"Answers {status}{beside}."


def _linked(document: Schema) -> list[str]:
    """The models that the page links to, in its order."""
    wanted: dict[str, None] = {}
    for _, _, operation in _operations(document):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            # Its own fields stand beside the example; only what they hold is linked.
            _collect(document, _resolve(document, body["schema"]), wanted)
        for answer in operation["responses"].values():
            for content in answer.get("content", {}).values():
                if "$ref" in content["schema"]:
                    _collect(document, content["schema"], wanted)
    return list(wanted)


def _collect(document: Schema, schema: Any, wanted: dict[str, None]) -> None:
    if isinstance(schema, list):
        for item in cast("list[Any]", schema):
            _collect(document, item, wanted)
    if not isinstance(schema, dict):
        return
    for key, value in cast("Schema", schema).items():
        if key != "$ref":
            _collect(document, value, wanted)
            continue
        name = str(value).rpartition("/")[2]
        if name not in wanted and "properties" in document["components"]["schemas"][name]:
            wanted[name] = None
            _collect(document, document["components"]["schemas"][name], wanted)


def _model(document: Schema, name: str) -> Iterator[str]:
    schema = document["components"]["schemas"][name]
    yield f"### {name}\n"
    if schema.get("description"):
        yield schema["description"].strip() + "\n"
    yield from _fields(document, schema)


def _fields(document: Schema, schema: Schema) -> Iterator[str]:
    required = schema.get("required", [])
    yield "| field | type | |"
    yield "|---|---|---|"
    for name, field in schema.get("properties", {}).items():
        needed = "" if name in required or "default" not in field else _default(field["default"])
        about = " ".join(part for part in (field.get("description", ""), needed) if part)
        yield f"| `{name}` | {_type(document, field)} | {escape(about, quote=False).replace('|', '&#124;')} |"
    yield ""


def _default(value: Any) -> str:
    return (
        "Optional." if value is None or isinstance(value, dict | list) else f"Default `{json.dumps(value)}`."
    )


def _type(document: Schema, schema: Schema) -> str:
    if "$ref" in schema:
        target = _resolve(document, schema)
        if "enum" in target:
            return _choices(target["enum"])
        return _link(schema)
    if "anyOf" in schema:
        return " or ".join(_type(document, choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return _choices(schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_type(document, schema.get('items', {}))}"
    kind = schema.get("type", "anything")
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)


def _choices(values: list[Any]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _link(schema: Schema) -> str:
    name = str(schema["$ref"]).rpartition("/")[2]
    return f"[{name}](#{name.lower()})"


def _resolve(document: Schema, schema: Schema) -> Schema:
    return document["components"]["schemas"][str(schema["$ref"]).rpartition("/")[2]]


if __name__ == "__main__":
    print(describe_api(), end="")  # noqa: T201
