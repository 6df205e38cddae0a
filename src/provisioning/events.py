"""Reads the events that Firestore sends through Eventarc."""
# The library is typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from google.events.cloud.firestore import DocumentEventData
from google.protobuf.message import DecodeError

from provisioning.errors import InvalidInput, Unreadable
from provisioning.ports import document_path
from provisioning.tracing import TRACEPARENT

_NAME = re.compile(r"projects/[^/]+/databases/[^/]+/documents/(.+)", re.DOTALL)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}\s*")


class _Event(Protocol):
    @property
    def data(self) -> object: ...

    def get(self, key: str, default: object = None, /) -> object: ...


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that was created, written or deleted; `written_at` is null for the last."""

    path: str
    written_at: datetime | None


def read_document_change(event: _Event) -> DocumentChange:
    """
    What an event tells of a document, as of `activation_requests/r1`.

    `event` is a CloudEvent as functions-framework hands it over. Its data may be the protobuf (production; the framework also
    unpacks `data_base64` of the structured form to it) or the protobuf as base64 text (the emulator). Raises `Unreadable`.
    """
    message = DocumentEventData.pb()()
    try:
        message.ParseFromString(_protobuf(event.data))
    except DecodeError:
        raise Unreadable("NOT_A_DOCUMENT_EVENT", "the event does not hold a document") from None
    # A document that was deleted has only an old value.
    found = _NAME.fullmatch(message.value.name or message.old_value.name)
    if not found:
        raise Unreadable("NO_DOCUMENT", "the event names no document")
    try:
        path = document_path(*found[1].split("/"))
    except InvalidInput:
        raise Unreadable("UNSAFE_PATH", "the event names a document that we never write") from None
    written = message.value.HasField("update_time")
    return DocumentChange(path, message.value.update_time.ToDatetime(UTC) if written else None)


def trace_of_event(event: _Event) -> dict[str, str]:
    """The trace in which an event was sent, as a header says it (CloudEvents' extension for distributed tracing)."""
    return {TRACEPARENT: str(event.get(TRACEPARENT, ""))}


def _protobuf(data: object) -> bytes:
    if isinstance(data, str):
        data = data.encode(errors="replace")
    if not isinstance(data, bytes):
        raise Unreadable("NOT_BYTES", "the event's data are neither protobuf nor base64 text")
    # A protobuf that holds a document begins with a line feed, which base64 text never does.
    if not _BASE64.fullmatch(data):
        return data
    try:
        return b64decode(data.strip(), validate=True)
    except binascii.Error:
        raise Unreadable("NOT_BASE64", "the event's data are not base64 text") from None
