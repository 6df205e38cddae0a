"""One activation is one trace: each line says whose it is, whatever failed, was lost, swept up, retried or undone meanwhile."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from provisioning import logs
from provisioning.errors import Permanent, Transient
from provisioning.local.events import created_event
from provisioning.tracing import attempt_of, trace_of, turn_of
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.recovery import retry, roll_back
from provisioning.workflow.sweep import sweep
from tests.functions.conftest import Output
from tests.functions.pushes import HEADERS, PUBLISHED, push, push_step
from tests.workflow.world import World, raising

ANOTHER, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
#: Events of one attempt at a step.
OF_ATTEMPTS = {"step_claimed", "step_committed", "step_will_retry", "step_failed", "step_crashed"}


@pytest.fixture
def client(world, serve):
    return serve("provision_step")


def lines(output: Output) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.text.splitlines()]


def named(output: Output, event: str) -> list[dict[str, Any]]:
    return [line for line in lines(output) if line["event"] == event]


def deliver_all(world: World, client) -> None:
    """Every message as it was published, again where it is refused, with sweep for what gets lost."""
    for _ in range(60):
        for message, attributes in world.broker.take_all():
            body = push(message.encode(), attributes=attributes)
            if client.post("/", data=body, headers=HEADERS).status_code == 503:
                world.broker.pending.append(message)
        if world.everything_over():
            return
        world.clock.advance(5)
        sweep(world.engine, pause=lambda _: None)
    raise AssertionError("not over")


def test_a_troubled_activation_is_one_trace(world: World, client, output: Output) -> None:
    """
    A step that must be repeated, one that crashes, one that fails, a lost message, a retry, a roll back: every line of it names the
    provisioning and its one trace, and each line of an attempt its step, attempt, epoch, hop and span.
    """
    world.start()
    world.probe.first["run", "one"] = [raising(Transient("busy", code="BUSY")), raising(ValueError("a bug"))]
    world.probe.first["run", "two"] = [raising(Permanent("TAKEN", "It is taken", retryable=True))]
    world.fault("swallowed", "publish", skip=1)
    deliver_all(world, client)
    retry(world.engine, "p1", actor="admin")
    deliver_all(world, client)
    assert world.record().status == "COMPLETED"
    roll_back(world.engine, "p1", actor="admin", confirm=world.record().subdomain)
    deliver_all(world, client)
    assert world.record().status == "ROLLED_BACK"

    ours = [line for line in lines(output) if line["event"] != "swept"]
    assert {line.get("provisioning") for line in ours} == {"p1"}
    assert {line["trace"] for line in ours} == {trace_of("p1")}
    tried = [line for line in ours if line["event"] in OF_ATTEMPTS]
    assert {line["event"] for line in tried} == OF_ATTEMPTS
    for line in tried:
        place = line["epoch"], line["hop"]
        assert line["span"] == attempt_of("p1", *place, line["attempt"]).id
        assert line["parent"] == turn_of("p1", *place).id
        assert line["step"] in ("one", "two", "three")
    assert {line["direction"] for line in tried} == {"forward", "undo"}
    assert [line["attempt"] for line in tried if line["event"] == "step_claimed"][:3] == [1, 2, 3]
    assert {line["epoch"] for line in tried} == {1, 2, 3}


def test_how_it_ended_is_one_line(world: World, client, output: Output) -> None:
    """Failed, then completed after a retry, then rolled back: success rate, time to live and retries can be counted from these lines."""
    world.start()
    world.probe.first["run", "two"] = [raising(Permanent("TAKEN", "It is taken", retryable=True))]
    deliver_all(world, client)
    world.clock.advance(100)
    retry(world.engine, "p1", actor="admin")
    deliver_all(world, client)
    roll_back(world.engine, "p1", actor="admin", confirm=world.record().subdomain)
    deliver_all(world, client)

    over = named(output, "provisioning_over")
    assert [(line["status"], line["code"], line["retries"], line["kind"]) for line in over] == [
        ("FAILED", "TAKEN", 0, "activation"),
        ("COMPLETED", None, 1, "activation"),
        ("ROLLED_BACK", None, 1, "activation"),
    ]
    assert 0 <= over[0]["seconds"] < 100 <= over[1]["seconds"] <= over[2]["seconds"]


def test_messages_carry_their_trace(world: World) -> None:
    """Beside the data and not in them, as W3C writes it; what older versions read is as it was."""
    world.start()
    ((message, attributes),) = world.broker.take_all()

    assert attributes == {"merchant_id": "m1", "traceparent": turn_of("p1", 1, 0).to_traceparent()}
    assert json.loads(message.encode()) == {"schema": 1, "provisioning": "p1", "epoch": 1, "hop": 0}


@pytest.mark.parametrize(
    "attributes",
    [
        None,
        {},
        {"merchant_id": "m1"},
        {"traceparent": "nonsense"},
        {"traceparent": f"00-{ANOTHER}-{SPAN}-01"},
    ],
    ids=["none", "empty", "of an older version", "nonsense", "of another trace"],
)
def test_the_trace_needs_no_attribute(
    world: World, client, output: Output, attributes: dict[str, str] | None
) -> None:
    """A message that was published before there were traces, or that somebody made up, changes nothing."""
    world.start()
    assert client.post("/", data=push_step(attributes=attributes), headers=HEADERS).status_code == 204

    (committed,) = named(output, "step_committed")
    assert (committed["trace"], committed["parent"]) == (trace_of("p1"), turn_of("p1", 1, 0).id)


def test_a_sender_within_the_trace_is_the_parent(world: World, client, output: Output) -> None:
    """Somebody who stands between us and the broker, and has a span of their own."""
    world.start()
    attributes = {"traceparent": f"00-{trace_of('p1')}-{SPAN}-01"}
    client.post("/", data=push_step(attributes=attributes), headers=HEADERS)

    assert {line["parent"] for line in named(output, "step_committed")} == {SPAN}


def test_the_request_s_own_trace_is_named_too(world: World, client, output: Output) -> None:
    """That which the load balancer gave it: from a line to the log of its request, and the other way round."""
    world.start()
    client.post("/", data=push_step(), headers=HEADERS | {"X-Cloud-Trace-Context": f"{ANOTHER}/17;o=1"})
    client.post("/", data=b"nonsense", headers=HEADERS | {"traceparent": f"00-{ANOTHER}-{SPAN}-01"})

    (committed,) = named(output, "step_committed")
    assert (committed["trace"], committed["request_trace"]) == (trace_of("p1"), ANOTHER)
    (filed,) = named(output, "dead_letter_filed")
    assert (filed["provisioning"], filed["trace"], filed["span"]) == (None, ANOTHER, SPAN)


def test_an_event_s_trace_is_named(world: World, serve, output: Output) -> None:
    """That in which Firestore's event was sent."""
    world.submit()
    headers, body = created_event("p", "(default)", "activation_requests/p1", {}, created_at=PUBLISHED)
    sent = headers | {"ce-traceparent": f"00-{ANOTHER}-{SPAN}-01"}
    answer = serve("activate_merchant", "cloudevent").post("/", data=body, headers=sent)

    assert answer.status_code == 200
    (accepted,) = named(output, "request_accepted")
    assert (accepted["trace"], accepted["request_trace"]) == (trace_of("p1"), ANOTHER)


def test_what_is_around_ends_with_it(output: Output) -> None:
    """Lines of another provisioning, and those afterwards, know nothing of a delivery."""
    with logs.delivery("p1", 1, 2), logs.attempt("p1", "one", 3, 1, 2, "forward"):
        logs.publish_failed("p2")
    logs.publish_failed("p3")

    inner, outer = lines(output)
    assert inner["trace"] == trace_of("p2")
    assert set(inner) == set(outer)
    assert set(outer) == {"event", "provisioning", "trace", "severity", "message", "time"}


def test_cloud_logging_finds_the_trace(output: Output) -> None:
    """Under the names that it looks for; off the cloud they are not there."""
    logs.publish_failed("p1")
    logs.configure("INFO", output.stream, project="upfront-prod")
    try:
        with logs.attempt("p1", "one", 1, 1, 0, "forward"):
            logs.step_failed("p1", "one", "X")
    finally:
        logs.configure("INFO", output.stream)

    plain, cloud = lines(output)
    assert not re.search("googleapis", json.dumps(plain))
    assert cloud["logging.googleapis.com/trace"] == f"projects/upfront-prod/traces/{trace_of('p1')}"
    assert cloud["logging.googleapis.com/spanId"] == attempt_of("p1", 1, 0, 1).id


def test_a_message_of_another_version_is_read(world: World) -> None:
    """Fields and attributes that are not known yet are passed over."""
    newer = json.loads(StepMessage(provisioning="p1", epoch=1, hop=0).encode()) | {"trace": "x"}

    assert StepMessage.model_validate(newer).attributes(None)["merchant_id"] == ""
