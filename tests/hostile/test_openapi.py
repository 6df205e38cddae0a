"""The API keeps to its own description: whatever schemathesis makes of it is answered as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pydantic import TypeAdapter
from schemathesis.core import NotSet
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from provisioning.api import streams
from provisioning.api.calls import Endpoint
from provisioning.api.endpoints import ENDPOINTS
from provisioning.api.openapi import describe
from provisioning.media.formats import CONTENT_TYPES, REFUSALS
from provisioning.stores.activation import Email
from tests.hostile.stage import Stage, function, open_stage

HONEST, HOSTILE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
SOME = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A platform on which the addresses of the examples lead somewhere."""
    with open_stage(tmp_path_factory.mktemp("openapi")) as stage:
        stage.write_merchant("merchant-awesome")
        yield stage


@pytest.fixture(autouse=True)
def short_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is followed and never comes would end after a minute."""
    monkeypatch.setattr(streams, "STREAM_SECONDS", 0.05)


@pytest.fixture(scope="module")
def described() -> Any:
    # Its own plugin for pytest does not know this pytest's nodes; the cases and the checks are the same without it.
    schema: Any = schemathesis.openapi.from_dict(describe(ENDPOINTS))
    schema.app = function("status")
    return schema


#: Codes of what no schema can say: it depends on what is there, or on a list of names.
BEYOND_THE_SCHEMA = {"RESERVED", "STALE", "NO_PACKAGE", "WRONG_VERSION", "FIXED", "NOT_A_DOMAIN"}
BEYOND_THE_SCHEMA |= {"UNKNOWN_STEP", "UNKNOWN_PLAN", "TOO_MANY_PRODUCTS"}
#: What the theme says of values, and what bytes say of themselves.
BEYOND_THE_SCHEMA |= {
    "UNKNOWN_PRESET",
    "UNKNOWN_SETTING",
    "UNKNOWN_PLACE",
    "WRONG_VALUE",
    "WRONG_ORDER",
    "NOT_A_ZIP",
    "UNKNOWN_PICTURE",
    *REFUSALS,
}

_EMAIL = TypeAdapter[str](Email).json_schema()


@schemathesis.serializer("application/zip", *CONTENT_TYPES)
def send_bytes(_: Any, value: Any) -> Any:
    """A file is sent as it is."""
    return value


def _ask(described: Any, stage: Stage, endpoint: Endpoint, mode: Any, examples: int) -> None:
    operation = described[endpoint.path][endpoint.method]

    @settings(max_examples=examples, suppress_health_check=SOME, database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        sent = {"Authorization": f"Bearer {stage.token}"}
        unfit = [positive_data_acceptance, *([negative_data_rejection] if _is_only_text(case) else [])]
        answer = case.call_and_validate(headers=sent, excluded_checks=unfit)
        # For JSON Schema 7.0 is a whole number; we want it written as one.
        if mode is HONEST and answer.status_code in (400, 415, 422) and _is_meant_so(case):
            assert _codes_of_what_is_described(answer.json()["errors"]) <= BEYOND_THE_SCHEMA, answer.text

    ask()


def _codes_of_what_is_described(errors: list[dict[str, str]]) -> set[str]:
    """
    All codes but those of a map's unfit names, and of what stands under them.

    Which names the keys of a map may have is said as patterns, and those forbid no others. Such a name is shown as "?", or its refusal is.
    """
    unfit = tuple(error["field"].removesuffix("?") for error in errors if error["field"].endswith(".?"))
    return {
        error["code"]
        for error in errors
        if "?" not in error["field"] and not (unfit and error["field"].startswith(unfit))
    }


def test_what_stands_under_an_unfit_name_is_described_by_nobody() -> None:
    """Its errors say nothing of the description; those beside it do."""
    unfit = {"field": "orders.A.?", "code": "WRONG_FORM"}
    below = {"field": "orders.A.0", "code": "NOT_TEXT"}
    beside = {"field": "orders.a.0", "code": "TOO_LONG"}

    assert _codes_of_what_is_described([unfit, below, beside]) == {"TOO_LONG"}
    assert _codes_of_what_is_described([below]) == {"NOT_TEXT"}


def _is_only_text(case: Any) -> bool:
    """Whether the tool counts on types where there are none: in a query, a list of one or a truth value arrives as its words."""
    return isinstance(case.body, NotSet) and any(
        not isinstance(value, str) for value in (case.query or {}).values()
    )


def _is_meant_so(case: Any) -> bool:
    """Whether the call is as honest as it was meant: the tool makes headers and e-mail addresses that do not fit their pattern; and numbers as above."""
    key = (case.headers or {}).get("Idempotency-Key", "none")
    email = unquote((case.path_parameters or {}).get("email", "sam@example.com"))
    meant = re.fullmatch(r"[\x21-\x7e]{1,200}", key) and re.search(_EMAIL["pattern"], email)
    return bool(meant) and len(email) <= _EMAIL["maxLength"] and not _holds_a_whole_float(case.body)


def _holds_a_whole_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_a_whole_float, value.values()))
    return isinstance(value, float) and value.is_integer()


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_honest_calls(described: Any, stage: Stage, endpoint: Endpoint) -> None:
    """Whatever the description allows is taken or refused as it says; no 5xx, no other status, type, header or shape."""
    _ask(described, stage, endpoint, HONEST, 20)


@pytest.mark.parametrize(
    "endpoint",
    [e for e in ENDPOINTS if e.body or e.query.model_fields],
    ids=lambda endpoint: endpoint.name,
)
def test_hostile_calls(described: Any, stage: Stage, endpoint: Endpoint) -> None:
    """Whatever the description does not allow is refused, as it says."""
    _ask(described, stage, endpoint, HOSTILE, 20)
