"""`activate_merchant` under the framework, with the very bytes of Firestore's events."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from provisioning.local.events import created_event, created_event_base64
from tests.functions.conftest import CANARY

CREATED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def client(world, serve):
    return serve("activate_merchant", "cloudevent")


def raw(path: str = "activation_requests/p1", **data) -> tuple[dict[str, str], bytes]:
    """Binary mode with raw protobuf: production."""
    return created_event("p", "(default)", path, data, created_at=CREATED, event_id="e1")


def as_base64(path: str = "activation_requests/p1", **data) -> tuple[dict[str, str], bytes]:
    """The protobuf as base64 text: the Firestore emulator."""
    return created_event_base64("p", "(default)", path, data, created_at=CREATED, event_id="e1")


def structured(path: str = "activation_requests/p1", **data) -> tuple[dict[str, str], bytes]:
    """Structured mode: the whole event as JSON, its data as `data_base64`."""
    headers, body = raw(path, **data)
    event = {name.removeprefix("ce-"): value for name, value in headers.items() if name.startswith("ce-")}
    event["datacontenttype"] = "application/protobuf"
    event["data_base64"] = base64.b64encode(body).decode()
    return {"content-type": "application/cloudevents+json"}, json.dumps(event).encode()


FORMS = [raw, as_base64, structured]


def post(client, event: tuple[dict[str, str], bytes]):
    headers, body = event
    return client.post("/", data=body, headers=headers | {"Authorization": f"Bearer {CANARY}"})


def stored(world) -> list[dict]:
    return [json.loads(world.everything()[path]) for path in world.paths("dead_letters")]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_accepts_the_request(world, client, form) -> None:
    """Each form of the event leads to one provisioning and its first message."""
    world.submit()
    answer = post(client, form(merchant_id="m1"))

    assert answer.status_code == 200
    assert world.record().status == "PENDING"
    assert world.messages() == [(1, 0)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_what_the_event_holds_is_not_believed(world, client, form) -> None:
    """The document counts; the copy in the event may be old, or forged."""
    world.submit()
    post(client, form(merchant_id="another", store_id="victim", subdomain="victim"))

    assert (world.record().merchant_id, world.record().subdomain) == ("m1", "shop-p1")


def test_event_that_comes_twice(world, client) -> None:
    """One provisioning."""
    world.submit()
    for form in FORMS:
        assert post(client, form()).status_code == 200

    assert world.documents.writes["p1"] == 1


def test_invalid_request_is_no_error_of_the_event(world, client, output) -> None:
    """Its reason is where the person looks; the event is done."""
    world.submit(subdomain=CANARY)

    assert post(client, raw(subdomain=CANARY)).status_code == 200
    assert world.record().status == "FAILED"
    assert CANARY not in output.text
    assert stored(world) == []


@pytest.mark.parametrize("at", ["get_all", "accept", "publish"])
def test_failure_raises_to_be_delivered_again(world, client, output, at: str) -> None:
    """Not 2xx, and nothing of the request in answer or log; the next delivery makes it good."""
    world.submit(store_name=CANARY)
    world.fault("Transient", at)
    answer = post(client, raw(store_name=CANARY))

    assert answer.status_code == 500
    assert CANARY not in answer.text + output.text
    assert post(client, raw()).status_code == 200
    assert world.messages() == [(1, 0)]


def test_crash_raises_without_its_text(world, client, output) -> None:
    """The framework prints what leaves us: it must not quote the document."""
    world.submit()

    def crash() -> None:
        raise KeyError(CANARY)

    world.faults.before["get_all"].append(crash)
    answer = post(client, raw())

    assert answer.status_code == 500
    assert CANARY not in answer.text + output.text
    assert "KeyError" in output.text


@pytest.mark.parametrize(
    "path",
    [
        "users/u1",
        "activation_requests/p1/notes/n1",
        "tenants/t1/activation_requests/p1",
        "activation_requests/__p1__",
        f"activation_requests/..%2F{CANARY}",
    ],
)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_event_of_another_document_is_filed(world, client, output, form, path: str) -> None:
    """A trigger set up wrongly: done with, once it is filed; no provisioning is made."""
    world.submit()
    answers = [post(client, form(path)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(stored(world)) == 1
    assert world.paths("provisionings") == []
    assert CANARY not in answers[0].text + output.text


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xff\xff", CANARY.encode(), b"\n\x03abc", b"[]", base64.b64encode(CANARY.encode())],
    ids=["empty", "bytes", "text", "half a protobuf", "list", "base64 of text"],
)
def test_event_that_cannot_be_read_is_filed(world, client, output, body: bytes) -> None:
    """It would never become readable: filed once, and not delivered again."""
    headers, _ = raw()
    answers = [post(client, (headers, body)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(stored(world)) == 1
    assert CANARY not in answers[0].text + output.text + json.dumps(stored(world))


def test_data_as_json_is_filed(world, client, output) -> None:
    """The older, JSON form of Firestore's events is not one that our trigger sends."""
    headers, _ = raw()
    headers["content-type"] = "application/json"
    answer = post(client, (headers, json.dumps({"value": {"name": CANARY}}).encode()))

    assert answer.status_code == 200
    assert len(stored(world)) == 1
    assert CANARY not in answer.text + output.text
