"""
The bytes that the platform posts to functions: Pub/Sub pushes and Firestore's events of documents.

With these the embedded runtime and the tests speak to a function exactly as Google Cloud and its emulators do.
"""
# The library is typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from google.events.cloud.firestore import DocumentEventData

CREATED = "google.cloud.firestore.document.v1.created"
WRITTEN = "google.cloud.firestore.document.v1.written"
_SCHEMA = "https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto"


def push_body(
    subscription: str,
    data: bytes,
    attributes: Mapping[str, str] | None = None,
    *,
    message_id: str,
    publish_time: datetime,
    delivery_attempt: int | None = None,
) -> bytes:
    """
    The body of a push request, wrapped, `application/json`.

    `subscription` is the whole name, `projects/p/subscriptions/s`. Pub/Sub sends the attempt, from 1, only where the subscription has
    a dead-letter policy; its emulator never does.
    """
    published = _moment(publish_time, "milliseconds")
    # Pub/Sub repeats these two under both spellings.
    message: dict[str, Any] = {"messageId": message_id, "message_id": message_id}
    message |= {"publishTime": published, "publish_time": published}
    if data:
        message["data"] = b64encode(data).decode()
    if attributes:
        message["attributes"] = dict(attributes)
    body: dict[str, Any] = {"message": message, "subscription": subscription}
    if delivery_attempt is not None:
        body["deliveryAttempt"] = delivery_attempt
    return json.dumps(body).encode()


def created_event(
    project: str,
    database: str,
    path: str,
    data: Mapping[str, Any],
    *,
    created_at: datetime,
    event_id: str | None = None,
    location: str = "us-central1",
) -> tuple[dict[str, str], bytes]:
    """The headers and body of a created event as production posts it: binary content mode, the data as protobuf."""
    return _event(CREATED, project, database, path, data, created_at, event_id, location)


def written_event(
    project: str,
    database: str,
    path: str,
    data: Mapping[str, Any] | None,
    *,
    written_at: datetime,
    event_id: str | None = None,
    location: str = "us-central1",
) -> tuple[dict[str, str], bytes]:
    """The same for a document that was created, updated or, without `data`, deleted."""
    return _event(WRITTEN, project, database, path, data, written_at, event_id, location)


def created_event_base64(
    project: str,
    database: str,
    path: str,
    data: Mapping[str, Any],
    *,
    created_at: datetime,
    event_id: str | None = None,
) -> tuple[dict[str, str], bytes]:
    """A created event as the Firestore emulator posts it: the protobuf as base64 text, with an empty update mask, and `projects/` twice."""
    return _emulated(
        project,
        database,
        created_event(project, database, path, data, created_at=created_at, event_id=event_id),
    )


def written_event_base64(
    project: str,
    database: str,
    path: str,
    data: Mapping[str, Any] | None,
    *,
    written_at: datetime,
    event_id: str | None = None,
) -> tuple[dict[str, str], bytes]:
    """A written event as the Firestore emulator posts it."""
    return _emulated(
        project,
        database,
        written_event(project, database, path, data, written_at=written_at, event_id=event_id),
    )


def _event(
    kind: str,
    project: str,
    database: str,
    path: str,
    data: Mapping[str, Any] | None,
    at: datetime,
    event_id: str | None,
    location: str,
) -> tuple[dict[str, str], bytes]:
    parent = f"projects/{project}/databases/{database}"
    headers = _headers(kind, f"//firestore.googleapis.com/{parent}", path, at, event_id)
    headers |= {
        "ce-location": location,
        "ce-project": project,
        "ce-database": database,
        "ce-namespace": "(default)",
        "ce-document": path,
    }
    return headers, _document_event(f"{parent}/documents/{path}", data, at)


def _emulated(
    project: str, database: str, event: tuple[dict[str, str], bytes]
) -> tuple[dict[str, str], bytes]:
    headers, body = event
    headers["ce-source"] = f"//firestore.googleapis.com/projects/projects/{project}/databases/{database}"
    headers["ce-datacontenttype"] = "application/protobuf"
    message = DocumentEventData.pb().FromString(body)
    message.update_mask.SetInParent()
    return headers, b64encode(message.SerializeToString())


def _headers(kind: str, source: str, path: str, at: datetime, event_id: str | None) -> dict[str, str]:
    return {
        "content-type": "application/protobuf",
        "ce-specversion": "1.0",
        "ce-type": kind,
        "ce-source": source,
        "ce-id": event_id or str(uuid.uuid4()),
        "ce-subject": f"documents/{path}",
        "ce-time": _moment(at, "microseconds"),
        "ce-dataschema": _SCHEMA,
    }


def _document_event(name: str, data: Mapping[str, Any] | None, at: datetime) -> bytes:
    event = DocumentEventData.pb()()
    document = event.old_value if data is None else event.value
    document.name = name
    document.create_time.FromDatetime(at)
    document.update_time.FromDatetime(at)
    for field, value in (data or {}).items():
        _fill(document.fields[field], value)
    return event.SerializeToString()


def _fill(target: Any, value: object) -> None:
    """Write `value` into a protobuf `Value`."""
    match value:
        case None:
            target.null_value = 0
        case bool():
            target.boolean_value = value
        case int():
            target.integer_value = value
        case float():
            target.double_value = value
        case str():
            target.string_value = value
        case datetime():
            target.timestamp_value.FromDatetime(value)
        case Mapping():
            # An empty map is still a map.
            target.map_value.SetInParent()
            for name, item in cast("Mapping[str, object]", value).items():
                _fill(target.map_value.fields[name], item)
        case list() | tuple():
            target.array_value.SetInParent()
            for item in cast("list[object]", value):
                _fill(target.array_value.values.add(), item)
        case _:
            raise TypeError(f"a document cannot hold a {type(value).__name__}")


def _moment(moment: datetime, precision: str) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"
