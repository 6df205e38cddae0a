"""Whatever hypothesis can think of: the models take what is right, refuse the rest in their own words, and raise nothing else."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.errors import InvalidInput, Unreadable
from provisioning.local.documents import SqliteDocuments
from provisioning.ports import Create, check_id, document_path
from provisioning.stores.activation import ActivationRequest, Category, Launch, parse_activation
from provisioning.stores.subdomains import PATTERN, RESERVED, check_subdomain, suggest_subdomains
from provisioning.workflow.messages import StepMessage, parse_push, parse_step_message

# Long ones are found by the tables; here it is the shape that matters.
SHORT = st.text(max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | SHORT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SHORT, inner, max_size=4),
    max_leaves=12,
)
#: What Firestore may hold beside it.
ANYTHING = JSON | st.binary(max_size=20) | st.datetimes() | st.datetimes(timezones=st.just(UTC))
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,40}", fullmatch=True)
SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
LABELS = st.from_regex(PATTERN, fullmatch=True).filter(
    lambda label: label not in RESERVED and not label.replace("-", "").isdigit()
)
NAMES = (
    st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")),
        min_size=1,
        max_size=80,
    )
    .map(str.strip)
    .filter(bool)
)
DOMAINS = st.from_regex(r"([a-z0-9][a-z0-9]{0,10}\.){1,3}(com|de|shop|museum)", fullmatch=True)
EMAILS = st.builds(
    "{}@{}".format, st.from_regex(r"[A-Za-z0-9+_-]{1,20}(\.[A-Za-z0-9]{1,9})?", fullmatch=True), DOMAINS
)
FIELDS = [*ActivationRequest.model_fields, "engine", "__proto__"]

VALID = st.fixed_dictionaries(
    {"merchant_id": IDS, "store_name": NAMES, "owner_email": EMAILS, "subdomain": LABELS},
    optional={
        "store_id": IDS,
        "theme": SLUGS.filter(lambda slug: len(slug) <= 40),
        "plan": SLUGS.filter(lambda slug: len(slug) <= 40),
        "custom_domain": st.none() | DOMAINS,
        "category": st.sampled_from([str(category) for category in Category]),
        "launch": st.sampled_from([str(launch) for launch in Launch]),
        "integrations": st.dictionaries(
            st.sampled_from(["meta_ads", "stripe", "paypal", "analytics"]), st.booleans()
        ),
        "requested_by": st.from_regex(r"[A-Za-z0-9:-]{0,200}", fullmatch=True),
        "requested_at": st.datetimes(timezones=st.just(UTC)),
        "picked_up": st.booleans(),
    },
)


# --- Activation requests -----------------------------------------------------------------------------------


@settings(max_examples=150)
@given(VALID, IDS)
def test_valid_requests_are_accepted_and_come_back(data: dict[str, Any], request_id: str) -> None:
    """All of their fields are kept as they were, through the document and back."""
    request = parse_activation(data, request_id)
    again = parse_activation(request.to_document(datetime.now(UTC)), request_id)

    assert request.store_id == data.get("store_id", request_id)
    assert all(
        getattr(request, name) == value for name, value in data.items() if name not in ("integrations",)
    )
    assert all(
        getattr(request.integrations, name) is value for name, value in data.get("integrations", {}).items()
    )
    assert again.model_dump(exclude={"requested_at", "picked_up"}) == request.model_dump(
        exclude={"requested_at", "picked_up"}
    )


@settings(max_examples=100)
@given(VALID)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    """Every valid request is a document that the database takes, whatever script its name is in."""
    documents = _documents(tmp_path_factory)
    request = parse_activation(data, "r1")
    path = f"activation_requests/r{_count()}"
    documents.commit([Create(path, request.to_document(datetime.now(UTC)))])
    found = documents.get(path)

    assert parse_activation(found.data or {}, "r1").model_dump(exclude={"picked_up", "requested_at"}) == (
        request.model_dump(exclude={"picked_up", "requested_at"})
    )


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(FIELDS) | SHORT, ANYTHING, max_size=8), SHORT)
def test_any_request_is_valid_or_says_why(data: dict[str, Any], request_id: str) -> None:
    """Nothing but `InvalidInput` is ever raised, with a code and a sentence for each field."""
    _check_parsing(data, request_id)


@settings(max_examples=200)
@given(VALID, st.sampled_from(FIELDS), ANYTHING)
def test_one_hostile_field_is_the_one_that_is_named(data: dict[str, Any], name: str, value: object) -> None:
    """Whatever a field of an honest request is replaced by: it is accepted, or it and no other is named."""
    fields = _check_parsing(data | {name: value}, "r1")

    assert {field.partition(".")[0] for field in fields} <= {name, "?"}


def _check_parsing(data: dict[str, Any], request_id: str) -> list[str]:
    try:
        request = parse_activation(data, request_id)
    except InvalidInput as error:
        assert error.fields
        for field in error.fields:
            assert field.code.isupper() and 3 <= len(field.message) <= 300
            assert all(re.fullmatch(r"\?|[A-Za-z0-9_]{1,40}", part) for part in field.field.split("."))
        return [field.field for field in error.fields]
    # What was accepted can be kept: all text is text, and every id is safe in a path.
    for name in (
        "merchant_id",
        "store_id",
        "store_name",
        "owner_email",
        "theme",
        "plan",
        "subdomain",
        "requested_by",
    ):
        assert isinstance(data.get(name, ""), str)
    document_path("stores", request.store_id)
    document_path("merchants", request.merchant_id)
    request.to_document(datetime.now(UTC))["requested_at"].astimezone(UTC)
    return []


# --- Subdomains and ids ------------------------------------------------------------------------------------


@given(st.text() | st.from_regex(r"[a-z0-9-]{1,45}", fullmatch=True))
def test_a_label_is_one_that_every_resolver_reads_alike(text: str) -> None:
    """Accepted are plain labels that stay the same however they are normalised."""
    if check_subdomain(text) is not None:
        return
    assert text.encode("idna").decode() == text == text.lower() == text.strip()
    assert "--" not in text and not text.startswith("-") and not text.endswith("-")
    assert 3 <= len(text) <= 40 and any(letter.isalpha() for letter in text)


@given(ANYTHING)
def test_checks_of_anything(value: object) -> None:
    """The check of a label never raises, that of an id raises `InvalidInput` alone."""
    problem = check_subdomain(value)
    assert problem is None or problem.code
    with suppress(InvalidInput):
        assert "/" not in check_id(value)


@given(st.text(max_size=200))
def test_suggestions_are_valid(text: str) -> None:
    """Whatever was asked for, what is suggested may be had."""
    suggested = suggest_subdomains(text)

    assert suggested
    assert all(check_subdomain(label) is None for label in suggested)


# --- Messages ----------------------------------------------------------------------------------------------


@given(IDS, st.integers(1, 10**9), st.integers(0, 10**9))
def test_step_messages_come_back(provisioning: str, epoch: int, hop: int) -> None:
    message = StepMessage(provisioning=provisioning, epoch=epoch, hop=hop)

    assert parse_step_message(message.encode()) == message


def _only_unreadable(read: Callable[[bytes], object], data: bytes) -> None:
    try:
        read(data)
    except Unreadable as error:
        assert error.code.isupper()
        assert len(str(error)) < 100


@settings(max_examples=150)
@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_message_or_unreadable(data: bytes) -> None:
    """As a step message, as a push body, and as the data of a push body."""
    body = {"message": {"messageId": "1", "data": base64.b64encode(data).decode()}}
    _only_unreadable(parse_step_message, data)
    _only_unreadable(parse_push, data)
    assert parse_push(json.dumps(body).encode()).data == data


@settings(max_examples=150)
@given(
    st.fixed_dictionaries(
        {}, optional={"schema": JSON, "provisioning": JSON | IDS, "epoch": JSON, "hop": JSON, "more": JSON}
    )
)
def test_any_step_message_is_one_or_unreadable(fields: dict[str, Any]) -> None:
    """What is read is safe to look up and to write down."""
    data = json.dumps(fields).encode()
    _only_unreadable(parse_step_message, data)
    try:
        message = parse_step_message(data)
    except Unreadable:
        return
    document_path("provisionings", message.provisioning)
    assert 0 <= message.hop <= 10**9 and 1 <= message.epoch <= 10**9


@settings(max_examples=150)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "message": JSON
            | st.fixed_dictionaries(
                {},
                optional={
                    "messageId": JSON,
                    "message_id": JSON,
                    "data": JSON,
                    "attributes": JSON,
                    "publishTime": JSON,
                },
            ),
            "subscription": JSON,
            "deliveryAttempt": JSON,
        },
    )
)
def test_any_envelope_is_one_or_unreadable(body: dict[str, Any]) -> None:
    _only_unreadable(parse_push, json.dumps(body).encode())


# --- Documents ---------------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(st.dictionaries(SHORT, ANYTHING, max_size=5))
def test_any_value_is_kept_as_it_is_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    """What the documents take they give back equal; what they cannot hold is `InvalidInput`, and nothing is written."""
    documents = _documents(tmp_path_factory)
    path = f"things/t{_count()}"
    try:
        documents.commit([Create(path, data)])
    except InvalidInput as error:
        assert error.fields
        assert not documents.get(path).exists
        return
    assert documents.get(path).data == data
    assert all(math.isfinite(value) for value in data.values() if isinstance(value, float))


_opened: dict[Path, SqliteDocuments] = {}
_counted = 0


def _count() -> int:
    global _counted
    _counted += 1
    return _counted


def _documents(factory: pytest.TempPathFactory) -> SqliteDocuments:
    """One database for all examples."""
    folder = factory.getbasetemp()
    if folder not in _opened:
        _opened[folder] = SqliteDocuments(folder / "properties.db")
    return _opened[folder]


def test_moments_at_the_edges_are_refused_or_kept() -> None:
    """The first and the last second, in zones that lead beyond them."""
    honest = {"merchant_id": "m", "store_name": "S", "owner_email": "a@b.com", "subdomain": "shop-1"}
    for at in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        moment = parse_activation(honest | {"requested_at": at}, "r").requested_at
        assert moment is not None and moment.utcoffset() == timedelta()
