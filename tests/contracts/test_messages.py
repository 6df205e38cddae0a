"""What every `Messages` promises: published means kept, and delivered at least once, unchanged."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest

from provisioning.errors import InvalidInput
from tests.contracts.races import race
from tests.contracts.rigs import MessagesRig, Received

#: Seconds within which a message must have arrived.
ARRIVES_WITHIN = 20.0


def receive_all(broker: MessagesRig, expected: set[bytes]) -> set[bytes]:
    """What arrives until all that was expected is there; repeats are allowed."""
    found: set[bytes] = set()
    give_up_at = time.monotonic() + ARRIVES_WITHIN
    while not expected <= found and time.monotonic() < give_up_at:
        received = broker.receive(1)
        if received is not None:
            found.add(received.data)
    return found


def receive(broker: MessagesRig) -> Received:
    received = broker.receive(ARRIVES_WITHIN)
    assert received is not None
    return received


@pytest.mark.parametrize(
    "data",
    [b"{}", bytes(range(256)), "é✓".encode(), b"\x00", b"x" * 1_000_000],
    ids=["json", "every-byte", "utf-8", "zero", "a-million"],
)
def test_a_message_arrives_with_its_own_bytes(broker: MessagesRig, data: bytes) -> None:
    """Whatever they are."""
    broker.messages.publish(broker.topic, data)

    assert receive(broker).data == data


@pytest.mark.parametrize(
    "attributes",
    [None, {}, {"schema": "1", "kind": ""}, {"ünï": "✓ \n \"'"}],
    ids=["none", "no", "two", "unicode"],
)
def test_a_message_arrives_with_its_attributes(
    broker: MessagesRig, attributes: Mapping[str, str] | None
) -> None:
    """None of them is none."""
    broker.messages.publish(broker.topic, b"{}", attributes)

    assert dict(receive(broker).attributes) == (attributes or {})


def test_every_message_arrives(broker: MessagesRig) -> None:
    """In any order; two with the same bytes are two messages, but that a repeat would hide."""
    sent = {f"message {n}".encode() for n in range(20)}
    for data in sent:
        broker.messages.publish(broker.topic, data)

    assert receive_all(broker, sent) == sent


def test_messages_published_at_once_all_arrive(broker: MessagesRig) -> None:
    """Eight threads, four messages each."""
    sent = {f"{runner}/{n}".encode() for runner in range(8) for n in range(4)}

    race(lambda runner: [broker.messages.publish(broker.topic, f"{runner}/{n}".encode()) for n in range(4)])

    assert receive_all(broker, sent) == sent


def test_nothing_arrives_that_was_not_published(broker: MessagesRig) -> None:
    """A fresh topic is empty."""
    assert broker.receive(0.5) is None


WRONG: dict[str, tuple[str | None, bytes, Any]] = {
    "empty": (None, b"", None),
    "topic with a slash": ("a/b", b"{}", None),
    "no topic": ("", b"{}", None),
    "number as attribute": (None, b"{}", {"n": 1}),
    "attribute without a name": (None, b"{}", {"": "a"}),
}


@pytest.mark.parametrize(("topic", "data", "attributes"), WRONG.values(), ids=WRONG.keys())
def test_what_is_no_message_is_refused(
    broker: MessagesRig, topic: str | None, data: bytes, attributes: Any
) -> None:
    """And nothing of it arrives."""
    with pytest.raises(InvalidInput):
        broker.messages.publish(broker.topic if topic is None else topic, data, attributes)

    assert broker.receive(0.2) is None
