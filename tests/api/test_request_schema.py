"""The schema that forms check by says what the server would say."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from provisioning.api.request_schema import request_schema
from provisioning.errors import InvalidInput
from provisioning.stores.activation import parse_activation
from tests.api.world import Api

SCHEMA = request_schema()
GOOD: dict[str, Any] = {
    "merchant_id": "m1",
    "store_id": "s1",
    "store_name": "Awesome Store",
    "owner_email": "avery@example.com",
    "subdomain": "awesome-store",
}


def errors(value: dict[str, Any]) -> list[tuple[str, str]]:
    """The field and the keyword of each rule of the document that `value` breaks."""
    whole = {"$ref": "#/$defs/ActivationRequest", "$defs": SCHEMA["$defs"]}
    found = jsonschema_rs.Draft202012Validator(whole).iter_errors(value)
    return [(str(error.instance_path[0]) if error.instance_path else "", _keyword(error)) for error in found]


def _keyword(error: Any) -> str:
    places = [part for part in error.schema_path if isinstance(part, str) and part != "$ref"]
    return places[-1]


def message(field: str, keyword: str) -> dict[str, str]:
    node = SCHEMA["$defs"]["ActivationRequest"]["properties"][field]
    choices = [choice for choice in node.get("anyOf", []) if choice.get("type") != "null"]
    return (choices[0] if choices else node)["x-messages"][keyword]


def server(value: dict[str, Any]) -> dict[str, tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        parse_activation(value, "p1")
    return {error.field: (error.code, error.message) for error in refused.value.fields}


def test_what_is_right_is_right_in_both() -> None:
    parse_activation(GOOD, "p1")
    assert errors(GOOD) == []


@pytest.mark.parametrize(
    ("field", "value", "keyword"),
    [
        ("subdomain", "ab", "minLength"),
        ("subdomain", "a" * 41, "maxLength"),
        ("subdomain", "two--hyphens", "pattern"),
        ("subdomain", "123", "pattern"),
        ("owner_email", "nobody", "pattern"),
        ("owner_email", f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.com", "maxLength"),
        ("custom_domain", "not a domain", "pattern"),
        ("store_name", "x" * 81, "maxLength"),
        ("store_name", "", "minLength"),
        ("theme", "Upper", "pattern"),
        ("plan", "", "minLength"),
        ("category", "weapons", "enum"),
        ("launch", "never", "enum"),
        ("merchant_id", "a/b", "pattern"),
        ("store_name", 7, "type"),
        ("picked_up", "yes", "type"),
    ],
)
def test_each_rule_has_the_servers_own_code_and_sentence(field: str, value: object, keyword: str) -> None:
    """Form and server tell a person the same."""
    broken = GOOD | {field: value}
    said = message(field, keyword)

    assert field in {name for name, _ in errors(broken)}
    assert server(broken)[field] == (said["code"], said["message"])


def test_a_name_with_a_space_at_its_end() -> None:
    """One pattern stands for two rules of the server, and its sentence for both."""
    broken = GOOD | {"store_name": " Awesome"}

    assert errors(broken)
    assert server(broken)["store_name"][0] == message("store_name", "pattern")["code"]


def test_a_reserved_name() -> None:
    broken = GOOD | {"subdomain": "www"}

    assert errors(broken)
    assert server(broken)["subdomain"][0] == message("subdomain", "not")["code"]


def test_what_is_missing() -> None:
    for field in GOOD.keys() - {"store_id"}:
        broken = {name: value for name, value in GOOD.items() if name != field}
        assert server(broken)[field] == tuple(message(field, "required").values())


def test_a_field_that_nobody_knows() -> None:
    said = SCHEMA["$defs"]["ActivationRequest"]["x-messages"]["additionalProperties"]

    assert server(GOOD | {"colour": "red"})["colour"] == (said["code"], said["message"])


def test_takes_a_body_as_well_as_a_document() -> None:
    """The body has neither the ids that the address says nor what the system writes."""
    body = {name: value for name, value in GOOD.items() if name not in ("merchant_id", "store_id")}
    whole = jsonschema_rs.Draft202012Validator(SCHEMA)

    assert whole.is_valid(body)
    assert whole.is_valid(GOOD | {"picked_up": False})
    assert not whole.is_valid(body | {"picked_up": False})


def test_is_served(api: Api) -> None:
    assert api.get("activation-request.schema.json").json == SCHEMA
