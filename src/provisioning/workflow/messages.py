"""
The message that says "work on this provisioning", and the envelope in which Pub/Sub pushes it.

A message names a provisioning, an epoch and a hop, and nothing else: all data of tenants comes from the document.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from provisioning.errors import TooNew, Unreadable
from provisioning.stores.activation import Identifier
from provisioning.tracing import TRACEPARENT, turn_of

SCHEMA = 1
#: No retry or step is counted further. What documents cannot hold (64 bits) could not even be filed.
MAX_COUNT = 1_000_000_000
#: A body larger than this is never one of ours.
MAX_BODY = 64 * 1024


class StepMessage(BaseModel):
    """Work on the current step of `provisioning`, as it was at `epoch` and `hop`."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    schema_version: Annotated[int, Field(alias="schema", ge=1)] = SCHEMA
    provisioning: Identifier
    epoch: Annotated[int, Field(ge=1, le=MAX_COUNT)]
    hop: Annotated[int, Field(ge=0, le=MAX_COUNT)]

    def encode(self) -> bytes:
        return self.model_dump_json(by_alias=True).encode()

    def attributes(self, merchant_id: str | None) -> dict[str, str]:
        """
        What stands beside the message, for brokers and those who watch them. Nobody else believes it: data of tenants comes from the
        document. The same message has the same attributes, whoever publishes it once more.
        """
        trace = turn_of(self.provisioning, self.epoch, self.hop).to_traceparent()
        return {"merchant_id": merchant_id or "", TRACEPARENT: trace}


@dataclass(frozen=True, slots=True)
class PushedMessage:
    """What a push body carries."""

    message_id: str
    data: bytes
    attributes: dict[str, str]
    subscription: str


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    data: str = ""
    attributes: dict[str, str] = Field(default_factory=dict[str, str])
    message_id: Annotated[
        str,
        Field(validation_alias=AliasChoices("messageId", "message_id")),
        StringConstraints(min_length=1, max_length=200),
    ]


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    message: _Message
    subscription: str = ""


def parse_push(body: bytes) -> PushedMessage:
    """Open a push envelope; `Unreadable` when it is not one. The error never repeats what was sent."""
    if len(body) > MAX_BODY:
        raise Unreadable("TOO_LARGE", "the push body is larger than any message of ours")
    try:
        raw: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("NOT_JSON", "the push body is not JSON") from None
    try:
        envelope = _Envelope.model_validate(raw)
    except ValidationError:
        raise Unreadable("NOT_AN_ENVELOPE", "the push body is not a Pub/Sub envelope") from None
    try:
        data = base64.b64decode(envelope.message.data, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("BAD_BASE64", "the message's data is not base64") from None
    return PushedMessage(
        envelope.message.message_id, data, envelope.message.attributes, envelope.subscription[:300]
    )


def parse_step_message(data: bytes) -> StepMessage:
    """Read a step message; `Unreadable` names what is wrong with it, `TooNew` is one that only a newer version reads."""
    try:
        raw: Any = json.loads(data)
    except (ValueError, RecursionError):
        raise Unreadable("NOT_JSON", "the message is not JSON") from None
    if not isinstance(raw, dict):
        raise Unreadable("NOT_AN_OBJECT", "the message is not a JSON object")
    schema: Any = raw.get("schema")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if isinstance(schema, int) and schema > SCHEMA:
        raise TooNew("the message")
    try:
        return StepMessage.model_validate(raw)
    except ValidationError:
        raise Unreadable("NOT_A_STEP_MESSAGE", "the message is not a step message") from None
