"""What is pushed to the functions that only the broker should call."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from provisioning.local.events import created_event, push_body
from provisioning.ports import Set
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.records import Status
from tests.functions.conftest import Output
from tests.hostile.inputs import BODIES, Body
from tests.hostile.stage import CANARY, REQUEST, Stage, changed, function

PUSHED = ["provision_step", "dead_letter"]
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def _enveloped(data: bytes) -> bytes:
    message = {"messageId": "1", "data": base64.b64encode(data).decode()}
    return json.dumps({"message": message, "subscription": CANARY}).encode()


def _step(**changes: Any) -> bytes:
    return json.dumps({"schema": 1, "provisioning": "p1", "epoch": 1, "hop": 0} | changes).encode()


#: Step messages of which one field is hostile, with the reference's number.
STEPS: list[tuple[int, bytes]] = [
    *[
        (number, _step(provisioning=value))
        for number, value in (
            (105, "a/b/c"),
            (105, "p1/../p2"),
            (106, ""),
            (106, "."),
            (106, ".."),
            (106, "__x__"),
            (106, "x" * 1501),
            (18, "p1\n"),
            (20, "p1\x00"),
            (12, "\u212a1"),
            (38, None),
            (38, ["p1"]),
            (38, 1),
            (54, "\ud800"),
        )
    ],
    *[
        (number, _step(**{field: value}))
        for field in ("epoch", "hop", "schema")
        for number, value in (
            (38, None),
            (38, "1"),
            (38, [1]),
            (38, True),
            (100, -1),
            (100, 1.5),
            (100, -0.0),
            (96, float("nan")),
            (97, float("inf")),
        )
    ],
    *[
        (number, _step(**{field: value}))
        for field in ("epoch", "hop")
        for number, value in ((98, 2**63), (98, 2**63 - 1), (99, 10**4_000))
    ],
    (101, b'{"schema": 1, "provisioning": "p1", "epoch": 1, "hop": 0, "hop": -1}'),
    (99, b'{"schema": 1, "provisioning": "p1", "epoch": 1, "hop": ' + b"9" * 5_000 + b"}"),
]


@pytest.mark.parametrize("name", PUSHED)
@pytest.mark.parametrize("body", [b for b in BODIES if len(b.data) < 1_000_000], ids=lambda body: body.id)
def test_hostile_bodies_are_filed_and_never_echoed(
    stage: Stage, output: Output, name: str, body: Body
) -> None:
    """As the whole body and as a message's data: 204, at most one new dead letter, and nothing else is touched."""
    for pushed in (body.data, _enveloped(body.data)):
        before = stage.everything()
        answer = stage.push(name, pushed)
        new = changed(before, stage.everything())

        assert (answer.status_code, answer.data) == (204, b"")
        assert len(new) <= 1
        assert all(path.startswith("dead_letters/") for path in new)
        assert CANARY not in str(answer.headers)


@pytest.mark.parametrize("name", PUSHED)
@pytest.mark.parametrize(("number", "data"), STEPS, ids=lambda value: ascii(value)[:60])
def test_a_step_message_with_a_hostile_field(
    stage: Stage, output: Output, name: str, number: int, data: bytes
) -> None:
    """It is filed with a code of its own kind, and no provisioning is read by its name."""
    before = stage.everything()
    answer = stage.push(name, _enveloped(data))
    new = changed(before, stage.everything())

    assert answer.status_code == 204, number
    assert all(path.startswith("dead_letters/") for path in new)
    codes = {json.loads(stage.documents()[path])["code"] for path in new}
    assert codes <= {"NOT_A_STEP_MESSAGE", "NOT_JSON"}


def test_a_body_of_32_megabytes(stage: Stage, output: Output) -> None:
    """It is put away, not kept: the record is small."""
    for name in PUSHED:
        before = stage.everything()
        answer = stage.push(name, b'{"message": "' + b"x" * (32 * 1024 * 1024) + b'"}')
        new = changed(before, stage.everything())

        assert answer.status_code in (204, 413)
        assert all(len(stage.documents()[path]) < 40_000 for path in new)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("name", [*PUSHED, "sweep", "collect"])
def test_other_methods_do_nothing(stage: Stage, output: Output, name: str, method: str) -> None:
    """A push is a POST."""
    before = stage.everything()
    answer = stage.push(name, _enveloped(_step()), method)

    assert answer.status_code == 405 or (method == "OPTIONS" and answer.status_code == 200)
    assert changed(before, stage.everything()) == set()


@pytest.mark.parametrize("name", ["sweep", "collect"])
def test_what_is_scheduled_takes_no_orders(stage: Stage, output: Output, name: str) -> None:
    """Whatever is sent to it, it does what it does each time."""
    before = stage.everything()
    for body in (b"", b"{", _enveloped(_step()), b"\xff" * 1_000):
        assert stage.push(name, body).status_code == 204
    assert not [path for path in changed(before, stage.everything()) if not path.startswith("sweeps/")]


def test_an_old_push_that_comes_again_changes_nothing(stage: Stage, output: Output) -> None:
    """The message of every hop of a finished store, and of hops it never had, under new ids."""
    record = stage.activate("done-1", subdomain="done-store")
    assert record.status == Status.COMPLETED, record.error
    before = stage.everything()
    for hop in range(record.engine.hop + 3):
        for epoch in (1, 2):
            data = StepMessage(provisioning="done-1", epoch=epoch, hop=hop).encode()
            body = push_body(
                "projects/p/subscriptions/s", data, message_id=f"{epoch}-{hop}", publish_time=NOW
            )
            assert stage.push("provision_step", body).status_code in (204, 503)
            assert stage.push("dead_letter", body).status_code == 204

    assert changed(before, stage.everything()) == set()


def _forged(path: str, data: dict[str, Any], **headers: str) -> tuple[dict[str, str], bytes]:
    made, body = created_event("p", "(default)", path, data, created_at=NOW)
    return made | {name.replace("_", "-"): value for name, value in headers.items()}, body


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("activation_requests/never-written", {}),
        ("activation_requests/never-written", {"ce_id": CANARY, "ce_source": "//evil.example"}),
        ("activation_requests/never-written", {"ce_type": "google.cloud.pubsub.topic.v1.messagePublished"}),
        ("activation_requests/never-written", {"ce_subject": "documents/provisionings/p1"}),
        ("activation_requests/never-written", {"ce_time": "yesterday"}),
        ("provisionings/p1", {}),
        ("stores/s1", {}),
    ],
)
def test_a_forged_event_makes_nothing(
    stage: Stage, output: Output, path: str, headers: dict[str, str]
) -> None:
    """Who can post `ce-*` headers can make no store: the document counts, and it is not there."""
    before = stage.everything()
    sent, body = _forged(path, REQUEST, **headers)
    answer = Client(function("activate_merchant"), TestResponse).post("/", data=body, headers=sent)

    assert answer.status_code < 500
    assert all(name.startswith("dead_letters/") for name in changed(before, stage.everything()))
    assert not [name for name in stage.documents() if name.startswith("provisionings/never-written")]


def test_a_forged_event_does_not_change_what_was_asked(stage: Stage, output: Output) -> None:
    """The copy in the event says another merchant, store and name; the document's are taken."""
    stage.write_request("asked-1", REQUEST | {"store_id": "s-asked", "subdomain": "asked-store"})
    stage.drop_all()
    forged = REQUEST | {"merchant_id": "victim", "store_id": "victim", "subdomain": "victim"}
    headers, body = _forged("activation_requests/asked-1", forged)
    answer = Client(function("activate_merchant"), TestResponse).post("/", data=body, headers=headers)
    stage.drop_all()
    record = stage.provisioning("asked-1")

    assert answer.status_code == 200
    assert (record.merchant_id, record.store_id, record.subdomain) == ("m1", "s-asked", "asked-store")


@pytest.mark.parametrize(
    "value",
    [
        b"bytes",
        b"\xff\xfe",
        float("nan"),
        float("inf"),
        float("-inf"),
        2**63,
        {"a": float("nan")},
        [[1]],
        object(),
    ],
    ids=lambda value: type(value).__name__ + ascii(value)[:12],
)
@pytest.mark.parametrize(
    "field",
    [
        "merchant_id", "store_id", "store_name", "owner_email", "theme", "plan", "subdomain", "custom_domain",
        "category", "integrations", "launch", "requested_by", "requested_at", "picked_up",
    ],
)  # fmt: skip
def test_values_that_only_firestore_holds(
    stage: Stage, output: Output, monkeypatch: pytest.MonkeyPatch, field: str, value: object
) -> None:
    """
    Firestore stores NaN, infinity, bytes and places, which no JSON and no SQLite holds: FAILED with a problem for the field.

    The read is replaced for this one document; everything else is real.
    """
    id = f"fs-{field.replace('_', '-')}-{abs(hash(repr(type(value)) + repr(value)[:20]))}"
    documents = stage.platform.ports.documents
    whole = type(documents).get_all

    def with_the_value(self: Any, paths: Any) -> Any:
        from dataclasses import replace

        return [
            replace(found, data={**found.data, field: value}) if found.id == id and found.data else found
            for found in whole(self, paths)
        ]

    stage.write_request(id, REQUEST | {"subdomain": "firestore-value"})
    monkeypatch.setattr(type(documents), "get_all", with_the_value)
    stage.deliver_one()
    monkeypatch.undo()
    stage.drop_all()
    record = stage.provisioning(id)

    assert record.status == Status.FAILED
    assert record.error is not None
    assert {problem.field.partition(".")[0] for problem in record.error.fields} == {field}


def test_a_provisioning_that_somebody_else_wrote(stage: Stage, output: Output) -> None:
    """
    Where a request's provisioning exists already, made by somebody who is not us, its event and its messages fail no function.

    Rules keep everybody from it; should they ever not, nothing spins and nothing is made.
    """
    stage.platform.ports.documents.commit(
        [
            Set(
                "provisionings/squat-1",
                {"schema": 1, "status": "PENDING", "engine": {"epoch": 7}, "canary": CANARY},
            )
        ]
    )
    stage.write_request("squat-1", REQUEST | {"subdomain": "squat-store"})
    before = stage.everything()
    stage.deliver_one()
    answer = stage.push("provision_step", _enveloped(_step(provisioning="squat-1", epoch=7)))

    assert answer.status_code in (204, 503)
    assert not [
        name for name in changed(before, stage.everything()) if name.startswith(("stores/", "hosts/"))
    ]
    assert stage.push("sweep", b"").status_code == 204
    assert stage.api("GET", "provisionings/squat-1").status_code < 600
