"""Dead letters: look at them, try one again, or close it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from provisioning.api.audited import AuditedDocuments
from provisioning.api.calls import NOT_RETRIED, ROOT, UNKNOWN, Answer, Call, Endpoint, NoQuery, Refusal
from provisioning.api.paging import read_page
from provisioning.api.shapes import LetterFilter, LetterList, LetterView
from provisioning.ports import Query, Where, check_id, document_path
from provisioning.stores.audit import audit_entry
from provisioning.workflow import dead_letters
from provisioning.workflow.replay import replay as replay_letter


def list_letters(call: Call[LetterFilter, None]) -> Answer:
    status = call.query.status
    where = () if status == "ALL" else (Where("status", "==", str(status)),)
    query = Query("dead_letters", where, order_by="-filed_at")
    found, following = read_page(call.documents, query, call.query)
    items = tuple(LetterView.of(letter.id, letter.data or {}) for letter in found)
    return Answer(LetterList(items=items, next_cursor=following))


def show(call: Call[NoQuery, None]) -> Answer:
    return _view(call, _id(call))


def replay(call: Call[NoQuery, None]) -> Answer:
    id = _id(call)
    engine = call.platform.engine
    audited = replace(engine, ports=replace(engine.ports, documents=_audited(call, id, "replayed")))
    replay_letter(audited, id, actor=call.actor)
    return _view(call, id)


def close(call: Call[NoQuery, None]) -> Answer:
    id = _id(call)
    dead_letters.close(_audited(call, id, "closed"), id, by=call.actor)
    return _view(call, id)


def _id(call: Call[Any, Any]) -> str:
    return check_id(call.path["letter_id"], "letter_id")


def _audited(call: Call[Any, Any], id: str, action: str) -> AuditedDocuments:
    path = document_path("dead_letters", id)
    now = call.documents.get(path).read_time
    entry = audit_entry(at=now, actor=call.actor, action=f"dead_letter.{action}", subject=path)
    return AuditedDocuments(call.documents, entry)


def _view(call: Call[Any, Any], id: str) -> Answer:
    found, _ = dead_letters.read_letter(call.documents, id)
    return Answer(LetterView.of(id, found.data or {}))


# --- Endpoints -------------------------------------------------------------------------------------------

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        f"{ROOT}/dead-letters",
        "list_dead_letters",
        "Dead letters",
        "List messages that nobody could use, and steps that ran out of attempts",
        list_letters,
        response=LetterList,
        query=LetterFilter,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/dead-letters/{{letter_id}}",
        "show_dead_letter",
        "Dead letters",
        "Show a dead letter",
        show,
        response=LetterView,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/dead-letters/{{letter_id}}/replay",
        "replay_dead_letter",
        "Dead letters",
        "Try a dead letter again now that its cause is gone",
        replay,
        response=LetterView,
        refusals=(
            UNKNOWN,
            Refusal(409, "NOT_OPEN", "it was closed or replayed already"),
            Refusal(409, "NOT_KEPT", "the message was too large to keep"),
            Refusal(409, "STILL_UNREADABLE", "this version still cannot read what it is about"),
            Refusal(
                409, "STILL_UNKNOWN", "there is still no such provisioning, or no such step in this version"
            ),
            Refusal(409, "HALTED", "the roll back is halted; roll back again"),
            *NOT_RETRIED,
        ),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/dead-letters/{{letter_id}}/close",
        "close_dead_letter",
        "Dead letters",
        "Close a dead letter that needs nothing more",
        close,
        response=LetterView,
        refusals=(UNKNOWN, Refusal(409, "NOT_OPEN", "it was closed or replayed already")),
    ),
)
