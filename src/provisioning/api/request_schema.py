"""
The JSON Schema of an activation: of the body that the API takes, and of the document that the portal may write itself.

It is made from the one model of a request. Each rule has the server's own code and sentence beside it, under `x-messages` by the rule's
keyword, so that a form says the same as the server would.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from pydantic.json_schema import models_json_schema

from provisioning.api.calls import ROOT, Answer, Call, Endpoint, NoQuery
from provisioning.api.shapes import Activation
from provisioning.stores.activation import SENTENCES, ActivationRequest
from provisioning.stores.subdomains import RESERVED, check_subdomain

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MESSAGES = "x-messages"

#: The kind of pydantic's error that stands for a keyword of JSON Schema, and what it calls the keyword's value.
_KINDS = {
    "minLength": ("string_too_short", "min_length"),
    "maxLength": ("string_too_long", "max_length"),
    "pattern": ("string_pattern_mismatch", None),
    "enum": ("enum", "expected"),
}
_TYPES = {"string": "string_type", "boolean": "bool_type", "object": "model_type"}


def request_schema() -> Schema:
    """The schema: `$defs/Activation` is the body's, `$defs/ActivationRequest` the document's; it takes either."""
    uses, made = models_json_schema([(Activation, "validation"), (ActivationRequest, "validation")])
    definitions = cast("dict[str, Schema]", made["$defs"])
    body, document = (str(use["$ref"]) for use in uses.values())
    for definition in definitions.values():
        _explain(definition, definitions)
    return {
        "$schema": DIALECT,
        "$id": "activation-request.schema.json",
        "title": "An activation",
        "anyOf": [{"$ref": body}, {"$ref": document}],
        "$defs": definitions,
    }


def _explain(definition: Schema, definitions: dict[str, Schema]) -> None:
    for name, field in cast("dict[str, Schema]", definition.get("properties", {})).items():
        for node in _nodes(field):
            if name == "subdomain":
                node["not"] = {"enum": sorted(RESERVED)}
            messages = dict(_messages(name, node, definitions))
            if messages:
                node[MESSAGES] = messages
        if name in definition.get("required", ()):
            field.setdefault(MESSAGES, {})["required"] = _message("missing")
    if definition.get("additionalProperties") is False:
        definition[MESSAGES] = {"additionalProperties": _message("extra_forbidden")}


def _nodes(field: Schema) -> Iterator[Schema]:
    """The field's schema, or those between which it has the choice."""
    choices = [one for one in cast("list[Schema]", field.get("anyOf", [])) if one.get("type") != "null"]
    yield from choices or [field]


def _messages(name: str, node: Schema, definitions: dict[str, Schema]) -> Iterator[tuple[str, Schema]]:
    target = definitions[str(node["$ref"]).rpartition("/")[2]] if "$ref" in node else node
    kind = _TYPES.get(str(target.get("type")))
    if kind and "enum" not in target:
        yield "type", _message(kind)
    for keyword, (kind, argument) in _KINDS.items():
        if keyword in target:
            value = _choices(target[keyword]) if keyword == "enum" else target[keyword]
            yield keyword, _message(kind, {} if argument is None else {argument: value})
    yield from _OWN.get(name, {}).items()


def _choices(values: list[str]) -> str:
    """As pydantic says it."""
    quoted = [f"'{value}'" for value in values]
    return " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def _message(kind: str, context: dict[str, Any] | None = None) -> Schema:
    code, sentence = SENTENCES[kind]
    return {"code": code, "message": sentence.format_map(context or {})}


def _of_subdomain(label: str) -> Schema:
    problem = check_subdomain(label)
    assert problem is not None
    return {"code": problem.code, "message": problem.message}


#: What our own validators say, by field and keyword.
_OWN: dict[str, dict[str, Schema]] = {
    "subdomain": {
        "pattern": _of_subdomain("a_b"),
        "minLength": _of_subdomain("a"),
        "maxLength": _of_subdomain("a"),
        "not": {"code": "RESERVED", "message": "is reserved; choose another name"},
    },
    "store_name": {
        "pattern": {
            "code": "NOT_TRIMMED",
            "message": "must not be blank, nor begin or end with a space, nor hold invisible characters",
        }
    },
    "owner_email": {
        "pattern": {"code": "NOT_AN_EMAIL", "message": "must be an e-mail address, as name@example.com"}
    },
    "custom_domain": {
        "pattern": {
            "code": "NOT_A_DOMAIN",
            "message": "must be a domain name in lower case, as shop.example.com",
        }
    },
}


def show_schema(_: Call[NoQuery, None]) -> Answer:
    return Answer(request_schema())


ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/activation-request.schema.json",
        "show_request_schema",
        "Merchants",
        "Show the rules of an activation, as JSON Schema",
        show_schema,
        description="`$defs/Activation` is the body of an activation, `$defs/ActivationRequest` the document `activation_requests/{id}`. "
        "`x-messages` holds the code and the sentence of each rule, as the server would say them.",
    ),
)
