"""What Pub/Sub's errors become."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from unittest import mock

import grpc
import pytest
from google.pubsub_v1 import PublishResponse

from provisioning.errors import InvalidInput, Misconfigured, Permanent, Transient
from provisioning.google.messages import PubSubMessages
from tests.fakes.grpc_service import FakeGrpc, Outcome

Code = grpc.StatusCode
ACCEPTED = PublishResponse.serialize(PublishResponse(message_ids=["1"]))


@contextmanager
def pubsub(*outcomes: Outcome, timeout: float = 1.0) -> Generator[tuple[FakeGrpc, PubSubMessages]]:
    with FakeGrpc(*outcomes) as server, mock.patch.dict(os.environ, {"PUBSUB_EMULATOR_HOST": server.host}):
        yield server, PubSubMessages("p", timeout)


@pytest.mark.parametrize(
    "code",
    [
        Code.UNAVAILABLE,
        Code.DEADLINE_EXCEEDED,
        Code.RESOURCE_EXHAUSTED,
        Code.ABORTED,
        Code.INTERNAL,
        Code.UNKNOWN,
    ],
    ids=lambda code: code.name,
)
def test_what_may_pass_is_transient(code: grpc.StatusCode) -> None:
    """`Transient` within the time-out; the library alone would go on for ten minutes."""
    with pubsub(code) as (_, messages):
        began = time.monotonic()
        with pytest.raises(Transient):
            messages.publish("steps", b"x")

    assert time.monotonic() - began < 2.0


def test_a_short_outage_is_bridged() -> None:
    """Two refusals and then an answer: published."""
    with pubsub(Code.UNAVAILABLE, Code.UNAVAILABLE, ACCEPTED) as (server, messages):
        messages.publish("steps", b"x")

    assert len(server.calls) == 3


def test_a_silent_broker_is_given_up_after_the_timeout() -> None:
    """Half a second, not the library's minute."""
    with pubsub(5.0, timeout=0.5) as (_, messages):
        began = time.monotonic()
        with pytest.raises(Transient) as raised:
            messages.publish("steps", b"x")

    assert raised.value.code == "TIMEOUT"
    assert 0.3 < time.monotonic() - began < 1.5


def test_a_missing_topic_names_the_topic() -> None:
    """It is the deployment that must be changed."""
    with pubsub(Code.NOT_FOUND) as (_, messages), pytest.raises(Misconfigured, match="steps"):
        messages.publish("steps", b"x")


def test_missing_rights_are_permanent() -> None:
    """No waiting helps."""
    with pubsub(Code.PERMISSION_DENIED) as (server, messages), pytest.raises(Permanent) as raised:
        messages.publish("steps", b"x")

    assert (raised.value.code, len(server.calls)) == ("PUBSUB_REFUSED", 1)


def test_a_topic_that_is_a_path_is_refused() -> None:
    """It would reach into another project."""
    with pubsub(ACCEPTED) as (server, messages), pytest.raises(InvalidInput):
        messages.publish("../../other/topics/x", b"x")

    assert server.calls == []
