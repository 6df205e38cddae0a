"""Publishes a store's website anew when its catalogue, pages or settings change (Firestore event: document written)."""

from __future__ import annotations

import functions_framework
from cloudevents.http import CloudEvent

from provisioning import logs
from provisioning.errors import Unreadable
from provisioning.events import read_document_change, trace_of_event
from provisioning.runtime import current
from provisioning.workflow.publications import changed_store, note_change
from provisioning.workflow.replay import file_unreadable


@functions_framework.cloud_event
def republish(event: CloudEvent) -> None:
    """Raises to be delivered again; returns on what can never be read, once that is filed."""
    engine = current().engine
    try:
        change = read_document_change(event)
        store_id = changed_store(change.path)
        if store_id is not None:
            with logs.answering(trace_of_event(event)):
                note_change(engine, store_id, change.written_at)
    except Unreadable as error:
        file_unreadable(engine, error, b"", str(event.get("id", "unknown"))[:200])
    except Exception as error:  # noqa: BLE001 - the framework prints the error that leaves us: this one carries no text of it
        logs.function_crashed("republish", type(error).__name__, "note_change")
        raise RuntimeError("the change could not be noted; deliver it again") from None
