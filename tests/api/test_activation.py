"""Activating a merchant: one way in, once for each key, every wrong field named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import Client

from provisioning.api.shapes import Activation
from provisioning.ports import Query
from provisioning.stores.activation import ActivationRequest
from provisioning.workflow.requests import accept
from tests.api.world import Api, code_of, fields_of

PATH = "merchants/m1/activate"
BODY: dict[str, Any] = {
    "store_name": "Awesome Store",
    "owner_email": "avery@awesome-store.example.com",
    "subdomain": "awesome-store",
    "category": "electronics",
    "launch": "immediately",
    "integrations": {"stripe": True},
}


def test_writes_the_request_in_the_callers_name(api: Api) -> None:
    """The request's document holds what was sent, who asked and when; nothing is picked up yet."""
    answer = api.post(PATH, BODY)

    assert answer.status_code == 202
    written = api.data(f"activation_requests/{answer.json['provisioning_id']}")
    assert written["merchant_id"] == "m1"
    assert written["requested_by"] == "boss"
    assert written["theme"] == "upfront-modern"
    assert written["integrations"] == {"meta_ads": False, "stripe": True, "paypal": False, "analytics": False}
    assert written["picked_up"] is False
    assert written["requested_at"] is not None
    assert answer.headers["Location"].endswith(f"/provisionings/{answer.json['provisioning_id']}")


def test_store_id_is_the_provisionings_unless_sent(api: Api) -> None:
    """Without a store id both ids are one; with one it is kept."""
    first, second = api.post(PATH, BODY).json, api.post(PATH, BODY | {"store_id": "mine"}).json

    assert first["store_id"] == first["provisioning_id"]
    assert second["store_id"] == "mine" != second["provisioning_id"]


def test_without_a_key_every_call_is_a_request(api: Api) -> None:
    assert api.post(PATH, BODY).json["provisioning_id"] != api.post(PATH, BODY).json["provisioning_id"]


def test_same_key_answers_the_same(api: Api) -> None:
    """Sent twice with one key it is one request, with one audit entry."""
    first = api.post(PATH, BODY, Idempotency_Key="k-1")
    second = api.post(PATH, BODY, Idempotency_Key="k-1")

    assert (first.status_code, first.json) == (second.status_code, second.json)
    assert len(api.documents.query(Query("activation_requests"))) == 1
    assert len(api.audit("activation.requested")) == 1


def test_same_key_for_something_else_is_refused(api: Api) -> None:
    """Another body under the same key is a mistake of the caller's; nothing is written."""
    api.post(PATH, BODY, Idempotency_Key="k-1")

    assert code_of(api.post(PATH, BODY | {"plan": "starter"}, Idempotency_Key="k-1")) == (409, "KEY_REUSED")
    assert len(api.documents.query(Query("activation_requests"))) == 1


def test_same_key_of_another_merchant_is_another_request(api: Api) -> None:
    """Keys belong to merchants: two that chose the same do not meet."""
    first = api.post(PATH, BODY, Idempotency_Key="k-1").json
    second = api.post("merchants/m2/activate", BODY, Idempotency_Key="k-1").json

    assert first["provisioning_id"] != second["provisioning_id"]


def test_same_key_at_the_same_moment_is_one_request(api: Api) -> None:
    """Eight callers at once with one key get one answer, and one request exists."""
    clients = [
        Api(api.platform, Client(api.client.application, api.client.response_wrapper), api.token)
        for _ in range(8)
    ]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: one.post(PATH, BODY, Idempotency_Key="k-1"), clients))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["provisioning_id"] for answer in answers}) == 1
    assert len(api.audit("activation.requested")) == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "ключ".encode().decode("latin-1")])
def test_key_that_is_none_is_refused(api: Api, key: str) -> None:
    """A key is 1 to 200 visible characters; an empty one is not taken for no key."""
    answer = api.post(PATH, BODY, Idempotency_Key=key)

    assert answer.status_code == 422
    assert fields_of(answer) == {("Idempotency-Key", "NOT_A_KEY")}


def test_every_wrong_field_is_named_at_once(api: Api) -> None:
    """All that is wrong is said in one answer, in codes and in words; nothing is written."""
    answer = api.post(
        PATH, {"owner_email": "nobody", "subdomain": "www", "category": "cars", "integrations": {"fax": True}}
    )

    assert code_of(answer) == (422, "INVALID_INPUT")
    assert fields_of(answer) == {
        ("store_name", "MISSING"),
        ("owner_email", "NOT_AN_EMAIL"),
        ("subdomain", "RESERVED"),
        ("category", "NOT_A_CHOICE"),
        ("integrations.fax", "UNKNOWN_FIELD"),
    }
    assert api.documents.query(Query("activation_requests")) == []


@pytest.mark.parametrize("field", ["merchant_id", "requested_by", "requested_at", "picked_up"])
def test_what_the_system_writes_cannot_be_sent(api: Api, field: str) -> None:
    """Nobody can ask in another's name, nor for another merchant than the address says."""
    answer = api.post(PATH, BODY | {field: "x"})

    assert (field, "UNKNOWN_FIELD") in fields_of(answer)


def test_merchant_id_that_is_none_is_refused(api: Api) -> None:
    assert fields_of(api.post("merchants/__all__/activate", BODY)) == {("merchant_id", "INVALID_ID")}


def test_fields_are_those_of_the_one_model() -> None:
    """What can be sent is what a request holds, without what the address or the system says."""
    system = {"merchant_id", "requested_by", "requested_at", "picked_up"}

    assert set(Activation.model_fields) == set(ActivationRequest.model_fields) - system


def test_submitted_request_becomes_a_provisioning(api: Api) -> None:
    """Until it is picked up the answer says so; then the provisioning is there under the id that was given."""
    api.seed()
    id = api.post(PATH, BODY).json["provisioning_id"]
    assert code_of(api.get(f"provisionings/{id}")) == (404, "NOT_PICKED_UP_YET")

    accept(api.platform.engine, id)

    shown = api.get(f"provisionings/{id}").json
    assert (shown["status"], shown["store_name"]) == ("PENDING", "Awesome Store")
    assert [step["name"] for step in shown["steps"]] == ["first", "second"]
