"""Dead letters: look at them, try one again, or close it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from provisioning.api.audited import AuditedDocuments
from provisioning.api.calls import Answer, Call, NoQuery
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
