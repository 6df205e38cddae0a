"""The OpenAPI document: valid 3.1, whole, and the same as the routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from provisioning.api.app import create_api
from provisioning.api.endpoints import ENDPOINTS
from provisioning.api.openapi import describe
from tests.api.world import ROOT, Api

DOCUMENT = describe(ENDPOINTS)
JSON_SCHEMA_TYPES = {"object", "array", "string", "integer", "number", "boolean", "null"}


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _nodes(item)
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item)


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_is_served_as_it_is_made(api: Api) -> None:
    assert api.get("openapi.json").json == DOCUMENT


def test_has_what_openapi_3_1_requires() -> None:
    """The root object and every operation hold their required fields, and no field that the standard does not know."""
    assert re.fullmatch(r"3\.1\.\d+", DOCUMENT["openapi"])
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    assert DOCUMENT.keys() <= {
        "openapi", "info", "jsonSchemaDialect", "servers", "paths", "components", "security", "tags",
    }  # fmt: skip
    for method, path, operation in _operations():
        assert method in ("get", "post", "put", "delete")
        assert path.startswith("/")
        assert operation.keys() <= {
            "tags", "summary", "description", "operationId", "parameters", "requestBody", "responses", "security",
        }  # fmt: skip
        assert operation["responses"], "at least one answer"
        for status, answer in operation["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d", status)
            assert answer["description"]


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for _, _, operation in _operations()]

    assert len(set(ids)) == len(ids) == len(ENDPOINTS)


def test_parameters_are_those_of_the_path() -> None:
    """Every name in braces is a required parameter, and no other is said to be in the path; none stands twice."""
    for _, path, operation in _operations():
        parameters = operation.get("parameters", [])
        named = {p["name"] for p in parameters if p["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path))
        assert all(p["required"] is True for p in parameters if p["in"] == "path")
        assert all("schema" in p and p["in"] in ("path", "query", "header") for p in parameters)
        assert len({(p["in"], p["name"]) for p in parameters}) == len(parameters)


def test_references_lead_somewhere_and_every_model_is_used() -> None:
    """No dangling `$ref`, and no model that nothing refers to."""
    names = {str(node["$ref"]) for node in _nodes(DOCUMENT) if isinstance(node.get("$ref"), str)}

    assert names == {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}


def test_schemas_speak_json_schema() -> None:
    """Types are those of JSON Schema 2020-12; nothing of OpenAPI 3.0's own (`nullable`, boolean bounds) is left."""
    for node in _nodes(DOCUMENT["components"]["schemas"]):
        assert not isinstance(node.get("nullable"), bool)
        assert not isinstance(node.get("exclusiveMinimum"), bool)
        if isinstance(node.get("type"), str):
            assert node["type"] in JSON_SCHEMA_TYPES
        if isinstance(node.get("pattern"), str):
            re.compile(node["pattern"])


def test_required_fields_exist() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        assert set(schema.get("required", ())) <= schema.get("properties", {}).keys()


def test_security_is_named_and_only_health_is_open() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"].keys()
    for _, path, operation in _operations():
        assert all(set(need) <= schemes for need in operation["security"])
        assert bool(operation["security"]) == (
            path not in ("/healthz", f"{ROOT}/health", f"{ROOT}/openapi.json")
            and path not in (f"{ROOT}/local/accounts", f"{ROOT}/local/sign-in")
        )


def test_every_operation_says_how_it_refuses() -> None:
    """401 and 403 wherever one has to sign in; 400, 413, 415 and 422 wherever something is sent."""
    for _, _, operation in _operations():
        statuses = operation["responses"].keys()
        if operation["security"]:
            assert {"401", "403", "503"} <= statuses
        if "requestBody" in operation:
            assert {"413", "415", "422"} <= statuses
            # What is no JSON cannot be wrong JSON.
            assert ("400" in statuses) == ("application/json" in operation["requestBody"]["content"])


def test_routes_are_those_of_the_document(api: Api) -> None:
    """Neither more nor less than what is described, the owner's pages aside."""
    served = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in create_api(api.platform).url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not rule.endpoint.startswith("owner.")
    }

    assert served == {(method, path) for method, path, _ in _operations()}


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e.body], ids=lambda endpoint: endpoint.name)
def test_examples_are_valid(endpoint: Any) -> None:
    """Every body has an example, and its model takes it as it stands."""
    assert endpoint.example is not None

    TypeAdapter(endpoint.body).validate_python(endpoint.example)


def test_design_is_whole() -> None:
    """Every address that the design names is there."""
    promised = {
        ("post", f"{ROOT}/merchants/{{merchant_id}}/activate"),
        ("get", f"{ROOT}/merchants/{{merchant_id}}/provisioning-status"),
        ("post", f"{ROOT}/merchants/{{merchant_id}}/retry-provisioning"),
        ("post", f"{ROOT}/merchants/{{merchant_id}}/rollback"),
        *((verb, f"{ROOT}/{many}") for many in ("themes", "plans") for verb in ("get", "post")),
        *(
            (verb, f"{ROOT}/{one}s/{{{one}_id}}")
            for one in ("theme", "plan")
            for verb in ("get", "put", "delete")
        ),
        *(("get", f"{ROOT}/{one}s/{{{one}_id}}/stores") for one in ("theme", "plan")),
        ("post", f"{ROOT}/seed-defaults"),
        ("get", f"{ROOT}/provisionings"),
        ("get", f"{ROOT}/provisionings/{{provisioning_id}}"),
        *(
            ("post", f"{ROOT}/provisionings/{{provisioning_id}}/{deed}")
            for deed in ("retry", "rollback", "resend-welcome")
        ),
        ("get", f"{ROOT}/dead-letters"),
        ("post", f"{ROOT}/dead-letters/{{letter_id}}/replay"),
        ("post", f"{ROOT}/dead-letters/{{letter_id}}/close"),
        ("get", f"{ROOT}/hosts/{{label}}"),
        ("post", "/provision/store"),
        ("get", "/provision/status/{job_id}"),
        ("get", "/healthz"),
    }

    assert promised <= {(method, path) for method, path, _ in _operations()}
