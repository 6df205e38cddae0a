"""The bodies that Pub/Sub pushes, good and bad."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

from provisioning.local.events import push_body
from provisioning.workflow.messages import StepMessage
from tests.functions.conftest import CANARY

PUBLISHED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HEADERS = {
    "Content-Type": "application/json",
    "Authorization": f"Bearer {CANARY}",
    "X-Canary": CANARY,
    "User-Agent": f"CloudPubSub-Google {CANARY}",
}


def push(data: bytes, message_id: str = "9876543210", **more) -> bytes:
    return push_body(
        "projects/p/subscriptions/provision-step",
        data,
        message_id=message_id,
        publish_time=PUBLISHED,
        **more,
    )


def push_step(epoch: int = 1, hop: int = 0, id: str = "p1", **more) -> bytes:
    return push(StepMessage(provisioning=id, epoch=epoch, hop=hop).encode(), **more)


def enveloped(**message) -> bytes:
    return json.dumps({"message": {"messageId": "1", **message}, "subscription": CANARY}).encode()


def encoded(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.b64encode(data).decode()


#: What no delivery can ever make readable.
POISON = {
    "empty body": b"",
    "not JSON": f"{CANARY} {{".encode(),
    "a list": json.dumps([CANARY]).encode(),
    "a number": b"17",
    "invalid UTF-8": b'{"message": "\xff\xfe' + CANARY.encode() + b'"}',
    "nested too deep": b"[" * 30_000,
    "no message": json.dumps({"subscription": CANARY}).encode(),
    "message without an id": json.dumps({"message": {"data": encoded({"c": CANARY})}}).encode(),
    "message is a list": json.dumps({"message": [CANARY]}).encode(),
    "bad base64": enveloped(data=f"%%%{CANARY}"),
    "data is a map": enveloped(data={"c": CANARY}),
    "no data": enveloped(attributes={"c": CANARY}),
    "data not JSON": enveloped(data=encoded(CANARY.encode())),
    "data a list": enveloped(data=encoded([CANARY])),
    "data of another kind": enveloped(data=encoded({"canary": CANARY})),
    "path in the id": enveloped(
        data=encoded({"schema": 1, "provisioning": f"a/{CANARY}", "epoch": 1, "hop": 0})
    ),
    "epoch of nothing": enveloped(data=encoded({"schema": 1, "provisioning": "p1", "epoch": 0, "hop": 0})),
    "hop as text": enveloped(data=encoded({"schema": 1, "provisioning": "p1", "epoch": 1, "hop": CANARY})),
    "endless number": enveloped(data=encoded(b'{"epoch": ' + b"9" * 5_000 + b"}")),
    "too large": enveloped(data=encoded(CANARY.encode() * 10_000)),
}

#: What a newer version will read: it is kept for that, and no poison.
OF_THE_FUTURE = enveloped(
    data=encoded({"schema": 99, "provisioning": "p1", "epoch": 1, "hop": 0, "c": CANARY})
)
