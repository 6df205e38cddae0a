"""
Dead letters: messages that nobody could use, steps that ran out of attempts, and provisionings that nothing can bring on; one
readable record each.

`dead_letters/{id}`: filed once however often the same thing happens, closed when a retry, a roll back or its own progress overtakes
it, replayable once the cause is gone.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from provisioning import logs
from provisioning.errors import Conflict, NotFound, WrongState
from provisioning.ports import Create, Documents, Query, Set, Snapshot, Update, Where, Write, document_path
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.records import Problem, Provisioning

#: More of an unreadable message is not kept; then it cannot be replayed.
KEPT_BYTES = 16 * 1024


class LetterStatus(StrEnum):
    OPEN = "OPEN"
    #: Overtaken by a retry, a roll back, or by the provisioning's own progress.
    CLOSED = "CLOSED"
    REPLAYED = "REPLAYED"


class DeadLetter(BaseModel):
    """`dead_letters/{id}`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: LetterStatus = LetterStatus.OPEN
    code: str
    title: str
    action: str
    provisioning: str | None = None
    step: str | None = None
    epoch: int | None = None
    hop: int | None = None
    #: The message's bytes, base64, where nobody could read them.
    data: str | None = None
    filed_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None

    @property
    def of_step(self) -> bool:
        """Whether it is of a step that ran out of attempts, and not of a message or a document."""
        return self.data is None and self.hop is not None


def letter_id(provisioning: str, epoch: int, hop: int) -> str:
    """The same for every delivery of the same work."""
    return hashlib.sha256(f"{provisioning}\n{epoch}\n{hop}".encode()).hexdigest()[:32]


def document_letter_id(provisioning: str) -> str:
    """The same for whatever is wrong with this provisioning's document."""
    return hashlib.sha256(f"document\n{provisioning}".encode()).hexdigest()[:32]


def exhausted(id: str, provisioning: str, record: Provisioning, problem: Problem, now: datetime) -> Set:
    """The write that files a step which ran out of attempts; part of the batch that records the failure."""
    letter = DeadLetter(
        code=problem.code,
        title=problem.title,
        action=problem.action,
        provisioning=provisioning,
        step=record.current_step,
        epoch=record.engine.epoch,
        hop=record.engine.hop,
        filed_at=now,
    )
    logs.dead_letter_filed(id, problem.code, provisioning)
    return Set(document_path("dead_letters", id), _document(letter))


def file_unreadable(
    documents: Documents, *, code: str, title: str, data: bytes, message_id: str, now: datetime
) -> str:
    """File a message that cannot be used, once; returns the record's id."""
    id = hashlib.sha256(f"message\n{message_id}\n".encode() + data).hexdigest()[:32]
    letter = DeadLetter(
        code=code,
        title=title,
        action="Find out who sent it. Replay it once what it needs exists, or close it.",
        data=base64.b64encode(data).decode() if len(data) <= KEPT_BYTES else None,
        filed_at=now,
    )
    _file(documents, id, letter)
    return id


def file_undelivered(
    documents: Documents, message: StepMessage, *, code: str, title: str, action: str, now: datetime
) -> str:
    """File a message that can be read, and of which nothing came; once for the same work. Returns the record's id."""
    data = message.encode()
    place = f"{message.provisioning}-{message.epoch}-{message.hop}"
    id = hashlib.sha256(f"message\n{place}\n".encode() + data).hexdigest()[:32]
    letter = DeadLetter(
        code=code,
        title=title,
        action=action,
        provisioning=message.provisioning,
        epoch=message.epoch,
        hop=message.hop,
        data=base64.b64encode(data).decode(),
        filed_at=now,
    )
    _file(documents, id, letter)
    return id


def file_document(
    documents: Documents,
    *,
    provisioning: str,
    step: str | None,
    code: str,
    title: str,
    action: str,
    now: datetime,
) -> str:
    """File a provisioning that nothing can bring on, once; returns the record's id."""
    id = document_letter_id(provisioning)
    letter = DeadLetter(
        code=code, title=title, action=action, provisioning=provisioning, step=step, filed_at=now
    )
    _file(documents, id, letter)
    return id


def _file(documents: Documents, id: str, letter: DeadLetter) -> None:
    path = document_path("dead_letters", id)
    try:
        documents.commit([Create(path, _document(letter))])
    except Conflict:
        if not _reopen(documents, path, letter):
            return
    logs.dead_letter_filed(id, letter.code, letter.provisioning)


def _reopen(documents: Documents, path: str, letter: DeadLetter) -> bool:
    """What was closed or replayed, and happens again, asks for a person again."""
    found = documents.get(path)
    if found.data is None or found.data.get("status") == LetterStatus.OPEN:
        return False
    try:
        documents.commit([Update(path, _document(letter), if_updated_at=found.update_time)])
    except Conflict:
        return False
    return True


def read_letter(documents: Documents, id: str) -> tuple[Snapshot, DeadLetter]:
    """The record; `NotFound` where there is none."""
    found = documents.get(document_path("dead_letters", id))
    if found.data is None:
        raise NotFound("there is no dead letter with this id")
    return found, DeadLetter.model_validate(found.data)


def list_letters(
    documents: Documents,
    *,
    status: LetterStatus | None = LetterStatus.OPEN,
    limit: int = 100,
    after: Snapshot | None = None,
) -> list[Snapshot]:
    """Newest first."""
    where = (Where("status", "==", str(status)),) if status else ()
    return documents.query(Query("dead_letters", where, order_by="-filed_at", limit=limit, after=after))


def closing(id: str, *, by: str, now: datetime, status: LetterStatus = LetterStatus.CLOSED) -> Update:
    """The write that closes a letter."""
    return Update(
        document_path("dead_letters", id), {"status": str(status), "closed_at": now, "closed_by": by}
    )


def closing_open(documents: Documents, id: str, *, by: str, now: datetime) -> list[Write]:
    """The write that closes a letter which is overtaken; none where a person has closed or removed it."""
    try:
        _, letter = read_letter(documents, id)
    except NotFound:
        return []
    return [closing(id, by=by, now=now)] if letter.status == LetterStatus.OPEN else []


def close(documents: Documents, id: str, *, by: str, status: LetterStatus = LetterStatus.CLOSED) -> None:
    """Close an open letter; `WrongState` when somebody else did."""
    found, letter = read_letter(documents, id)
    if letter.status != LetterStatus.OPEN:
        raise WrongState("NOT_OPEN", f"this dead letter is {letter.status} already")
    write = closing(id, by=by, now=found.read_time, status=status)
    try:
        documents.commit([Update(write.path, write.fields, if_updated_at=found.update_time)])
    except Conflict:
        raise WrongState("NOT_OPEN", "somebody else closed this dead letter just now") from None


def _document(letter: DeadLetter) -> dict[str, Any]:
    return letter.model_dump(mode="python") | {"status": str(letter.status)}
