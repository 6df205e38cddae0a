"""The platform's bytes, as functions-framework hands them to a function."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from functions_framework import create_app
from google.events.cloud.firestore import DocumentEventData

from provisioning.errors import Unreadable
from provisioning.events import read_document_change
from provisioning.local.events import CREATED, created_event, created_event_base64, push_body

NOW = datetime(2026, 1, 2, 3, 4, 5, 678900, UTC)
PATH = "activation_requests/r1"
DATA: dict[str, Any] = {
    "text": "x",
    "none": None,
    "yes": True,
    "count": 7,
    "ratio": 0.5,
    "at": NOW,
    "empty": {},
    "map": {"a.b": [1, {"c": []}]},
}
FUNCTION = """
import functions_framework
from provisioning.events import read_document_change

seen = []

@functions_framework.cloud_event
def listen(event):
    seen.append((event["type"], event["id"], event["subject"], read_document_change(event).path))
    open(__file__ + ".seen", "w").write(repr(seen))
"""


@pytest.fixture
def function(tmp_path: Path) -> tuple[FlaskClient, Callable[[], str]]:
    """A CloudEvent function under the real framework, and what it saw."""
    source = tmp_path / "main.py"
    source.write_text(FUNCTION)
    client = create_app("listen", str(source), "cloudevent").test_client()
    return client, lambda: Path(f"{source}.seen").read_text()


def _production() -> tuple[dict[str, str], bytes]:
    return created_event("p", "(default)", PATH, DATA, created_at=NOW, event_id="e1")


def _emulator() -> tuple[dict[str, str], bytes]:
    return created_event_base64("p", "(default)", PATH, DATA, created_at=NOW, event_id="e1")


def _structured(field: str) -> tuple[dict[str, str], bytes]:
    headers, body = _production()
    event = {name[3:]: value for name, value in headers.items() if name.startswith("ce-")}
    event |= {"datacontenttype": "application/protobuf", field: b64encode(body).decode()}
    return {"content-type": "application/cloudevents+json"}, json.dumps(event).encode()


@pytest.mark.parametrize(
    "posted",
    [_production, _emulator, lambda: _structured("data_base64"), lambda: _structured("data")],
    ids=["production: protobuf", "emulator: base64 text", "structured: data_base64", "structured: text"],
)
def test_a_created_event_is_read_in_every_form(
    function: tuple[FlaskClient, Callable[[], str]], posted: Callable[[], tuple[dict[str, str], bytes]]
) -> None:
    """The function sees the same type, id, subject and path."""
    client, seen = function
    headers, body = posted()

    assert client.post("/", headers=headers, data=body).status_code == 200
    assert repr([(CREATED, "e1", f"documents/{PATH}", PATH)]) == seen()


def test_the_event_holds_the_document() -> None:
    """Every kind of value, as Firestore's protobuf has it."""
    _, body = _production()
    event = DocumentEventData.deserialize(body)
    fields = event.value.fields

    assert f"projects/p/databases/(default)/documents/{PATH}" == event.value.name
    assert set(DATA) == set(fields)
    assert (
        fields["text"].string_value,
        fields["yes"].boolean_value,
        fields["count"].integer_value,
        fields["ratio"].double_value,
    ) == ("x", True, 7, 0.5)
    assert "null_value" in fields["none"]
    assert "map_value" in fields["empty"]
    assert fields["at"].timestamp_value == NOW
    inner = fields["map"].map_value.fields["a.b"].array_value.values
    assert inner[0].integer_value == 1
    assert "array_value" in inner[1].map_value.fields["c"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "NOT_BYTES"),
        ({"value": {}}, "NOT_BYTES"),
        (b"", "NO_DOCUMENT"),
        (b"\xff\xfe\xfd", "NOT_A_DOCUMENT_EVENT"),
        ("not base64!", "NOT_A_DOCUMENT_EVENT"),
        ("abc", "NOT_BASE64"),
        (
            DocumentEventData.serialize(DocumentEventData(value={"name": "activation_requests/r1"})),
            "NO_DOCUMENT",
        ),
        (
            DocumentEventData.serialize(
                DocumentEventData(value={"name": "projects/p/databases/d/documents/activation_requests/../x"})
            ),
            "UNSAFE_PATH",
        ),
    ],
)
def test_what_is_no_created_event_is_unreadable(data: object, code: str) -> None:
    """`Unreadable` with a code, to be filed; never another exception."""
    with pytest.raises(Unreadable) as raised:
        read_document_change(SimpleNamespace(data=data))

    assert code == raised.value.code


def test_a_push_has_the_shape_of_production() -> None:
    """Both spellings of id and time, base64 data, the attempt only where there is a dead-letter policy."""
    whole = "projects/p/subscriptions/s"
    body = json.loads(
        push_body(whole, b"\x00data", {"a": "b"}, message_id="7", publish_time=NOW, delivery_attempt=2)
    )
    plain = json.loads(push_body(whole, b"x", message_id="8", publish_time=NOW))

    message = body["message"]
    assert (whole, 2) == (body["subscription"], body["deliveryAttempt"])
    assert (
        message["messageId"],
        message["message_id"],
        message["publishTime"],
    ) == ("7", "7", "2026-01-02T03:04:05.678Z")
    assert (b64decode(message["data"]), message["attributes"]) == (b"\x00data", {"a": "b"})
    assert "deliveryAttempt" not in plain
    assert "attributes" not in plain["message"]
