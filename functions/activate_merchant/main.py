"""Turns a new activation request into a provisioning (Firestore event: document created)."""

from __future__ import annotations

import functions_framework
from cloudevents.http import CloudEvent

from provisioning import logs
from provisioning.errors import InvalidInput, Unreadable
from provisioning.events import read_document_change, trace_of_event
from provisioning.runtime import current
from provisioning.workflow.replay import file_unreadable
from provisioning.workflow.requests import accept, request_of


@functions_framework.cloud_event
def activate_merchant(event: CloudEvent) -> None:
    """Raises to be delivered again; returns on what can never be read, once that is filed."""
    engine = current().engine
    try:
        with logs.answering(trace_of_event(event)):
            accept(engine, request_of(read_document_change(event).path))
    except (Unreadable, InvalidInput) as error:
        unreadable = (
            error if isinstance(error, Unreadable) else Unreadable("BAD_ID", "the event names no document")
        )
        file_unreadable(engine, unreadable, b"", str(event.get("id", "unknown"))[:200])
    except Exception as error:  # noqa: BLE001 - see below
        # The framework prints the error that leaves us: what does carries no text of the document's.
        logs.function_crashed("activate_merchant", type(error).__name__, "accept")
        raise RuntimeError("the request could not be accepted; deliver it again") from None
