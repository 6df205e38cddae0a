"""The OpenAPI 3.1 document, made from the table of endpoints and the pydantic models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Any, Literal, cast

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from provisioning.api.bodies import MAX_BODY, MAX_DEPTH
from provisioning.api.calls import Endpoint, Header, Refusal
from provisioning.api.problems import CONTENT_TYPE, ProblemDetails
from provisioning.ports import ID_PATTERN
from provisioning.stores.activation import Email

#: Of the interface. It grows by what older clients do not notice.
VERSION = "1.0"

Schema = dict[str, Any]
Use = tuple[type[BaseModel], Literal["validation", "serialization"]]

_REFERENCE = "#/components/schemas/{model}"
_PROBLEM: Use = (ProblemDetails, "serialization")

#: What names in braces look like in examples.
EXAMPLES = {
    "merchant_id": "merchant-awesome",
    "provisioning_id": "4f0c2b7a9d1e4c53a8f6e2d1b0c9a877",
    "letter_id": "0b9f8a7c6d5e4f3021324354657687a9",
    "theme_id": "upfront-modern",
    "store_id": "a41f",
    "release_id": "3f9a1c0b7d2e4f5a6b8c",
    "number": "1",
    "media_id": "9f2c4e6a8b0d1f3a5c7e9b1d3f5a7c9e",
    "plan_id": "professional",
    "label": "awesome-store",
    "email": "sam@example.com",
    "job_id": "4f0c2b7a9d1e4c53a8f6e2d1b0c9a877",
}
_ID: Schema = {"type": "string", "pattern": f"^{ID_PATTERN}$"}
#: What may be anything: the answer says what is wrong with it.
_ANY_TEXT = frozenset({"label"})
_INTRODUCTION = f"""\
The admin API of the store provisioning platform.

Every call but those for health and this document needs `Authorization: Bearer <ID token>` of an account with the role `admin`.

Bodies are JSON of at most {MAX_BODY // 1024} kB and {MAX_DEPTH} levels. Errors are problem details (RFC 9457): `code` is stable and for
programs, `detail` is for people, and `errors` names every wrong field. Answers are never to be cached.

Lists come in pages: pass `next_cursor` as `cursor` until it is null."""


def describe(endpoints: tuple[Endpoint, ...]) -> Schema:
    """The whole document."""
    references, schemas = _schemas(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, references, schemas)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    queries = {references[endpoint.query, "validation"] for endpoint in endpoints}
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "Store provisioning", "version": VERSION, "description": _INTRODUCTION},
        "tags": [{"name": tag} for tag in dict.fromkeys(endpoint.tag for endpoint in endpoints)],
        "paths": paths,
        "components": {
            # A query's model is shown as parameters.
            "schemas": {name: schema for name, schema in schemas.items() if name not in queries},
            "securitySchemes": {"idToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _schemas(endpoints: tuple[Endpoint, ...]) -> tuple[dict[Use, str], dict[str, Schema]]:
    """The name of each model's schema, and the schemas by name."""
    uses: dict[Use, None] = {_PROBLEM: None}
    for endpoint in endpoints:
        uses[endpoint.query, "validation"] = None
        if endpoint.body:
            uses[endpoint.body, "validation"] = None
        if endpoint.response:
            uses[endpoint.response, "serialization"] = None
    found, whole = models_json_schema(list(uses), ref_template=_REFERENCE)
    names = {use: str(found[use]["$ref"]).rpartition("/")[2] for use in uses}
    return names, cast("dict[str, Schema]", whole["$defs"])


def _operation(endpoint: Endpoint, references: Mapping[Use, str], schemas: Mapping[str, Schema]) -> Schema:
    query = schemas[references[endpoint.query, "validation"]]
    operation: Schema = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "security": [] if endpoint.public else [{"idToken": []}],
        "responses": _responses(endpoint, references),
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    parameters = [
        *_path_parameters(endpoint),
        *_query_parameters(endpoint, query),
        *(_header_parameter(header) for header in endpoint.headers),
    ]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body:
        content: Schema = {"schema": _reference(references[endpoint.body, "validation"])}
        if endpoint.example is not None:
            content["example"] = dict(endpoint.example)
        operation["requestBody"] = {
            "required": endpoint.body_required,
            "content": {"application/json": content},
        }
    if endpoint.takes:
        operation["requestBody"] = {
            "required": True,
            "content": {
                content_type: {"schema": {"type": "string", "format": "binary"}}
                for content_type in endpoint.takes
            },
        }
    return operation


def _path_parameters(endpoint: Endpoint) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _path_schema(name),
            "example": EXAMPLES[name],
        }
        for name in re.findall(r"\{(\w+)\}", endpoint.path)
    ]


def _path_schema(name: str) -> Schema:
    if name in _ANY_TEXT:
        return {"type": "string"}
    if name != "email":
        return _ID
    schema = TypeAdapter[str](Email).json_schema()
    # A slash would be another address.
    return schema | {"pattern": schema["pattern"].replace("/", "")}


def _query_parameters(endpoint: Endpoint, query: Schema) -> list[Schema]:
    examples = dict(pair.split("=") for pair in endpoint.example_query.split("&") if pair)
    parameters: list[Schema] = []
    for name, given in cast("dict[str, Schema]", query.get("properties", {})).items():
        schema = {key: value for key, value in given.items() if key not in ("title", "description")}
        required = name in query.get("required", [])
        parameter: Schema = {"name": name, "in": "query", "required": required, "schema": schema}
        parameter["description"] = given.get("description", "")
        if name in examples:
            parameter["example"] = examples[name]
        parameters.append(parameter)
    return parameters


def _header_parameter(header: Header) -> Schema:
    return {
        "name": header.name,
        "in": "header",
        "required": False,
        "description": header.description,
        "schema": {"type": "string"} | ({"pattern": header.pattern} if header.pattern else {}),
        "example": header.example,
    }


def _responses(endpoint: Endpoint, references: Mapping[Use, str]) -> Schema:
    answer: Schema = {"description": endpoint.summary}
    if endpoint.response:
        schema = _reference(references[endpoint.response, "serialization"])
        answer["content"] = {"application/json": {"schema": schema}}
    elif endpoint.gives:
        answer["content"] = {endpoint.gives: {"schema": {"type": "string", "format": "binary"}}}
    elif endpoint.status != HTTPStatus.NO_CONTENT:
        answer["content"] = {"application/json": {"schema": {"type": "object"}}}
    if endpoint.answer_headers:
        answer["headers"] = {
            header.name: {"description": header.description, "schema": {"type": "string"}}
            for header in endpoint.answer_headers
        }
    problem = {CONTENT_TYPE: {"schema": _reference(references[_PROBLEM])}}
    refused = {
        str(status): {"description": _explain(refusals), "content": problem}
        for status, refusals in groupby(refusals_of(endpoint), key=lambda refusal: refusal.status)
    }
    return {str(endpoint.status): answer, **refused}


def refusals_of(endpoint: Endpoint) -> tuple[Refusal, ...]:
    """All ways in which an endpoint says no, its own and those that all share, by status."""
    shared = [
        Refusal(422, "INVALID_INPUT", "fields are wrong; `errors` names them"),
        Refusal(500, "INTERNAL", "something went wrong on our side"),
    ]
    if not endpoint.public:
        shared += [
            Refusal(401, "NO_TOKEN", "no ID token was sent"),
            Refusal(401, "BAD_TOKEN", "the ID token is not valid, or no longer"),
            Refusal(403, "NOT_ADMIN", "the account is not an administrator's"),
            Refusal(503, "UNAVAILABLE", "a receiver did not answer; Retry-After says when to try again"),
        ]
    if endpoint.body:
        shared += [
            Refusal(400, "NOT_JSON", "the body is not JSON of one meaning"),
            Refusal(413, "REQUEST_ENTITY_TOO_LARGE", f"the body is larger than {MAX_BODY // 1024} kB"),
            Refusal(415, "NOT_JSON_TYPE", "the body is not of the type application/json"),
        ]
    if endpoint.takes:
        shared += [
            Refusal(
                413, "REQUEST_ENTITY_TOO_LARGE", f"the file is larger than {endpoint.most_bytes // 2**20} MiB"
            ),
            Refusal(415, "WRONG_TYPE", f"the file is not sent as {' or '.join(endpoint.takes)}"),
        ]
    return tuple(sorted((*shared, *endpoint.refusals), key=lambda refusal: refusal.status))


def _explain(refusals: Iterable[Refusal]) -> str:
    return "; ".join(f"`{refusal.code}`: {refusal.when}" for refusal in refusals)


def _reference(name: str) -> Schema:
    return {"$ref": _REFERENCE.format(model=name)}
