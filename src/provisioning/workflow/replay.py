"""
What becomes of dead letters: the broker's own are looked at again, and a person may replay any.
"""

from __future__ import annotations

import base64

from provisioning import logs
from provisioning.errors import Unreadable, WrongState
from provisioning.ports import document_path
from provisioning.workflow import dead_letters
from provisioning.workflow.dead_letters import LetterStatus
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.messages import PushedMessage, parse_step_message
from provisioning.workflow.records import Status, read_provisioning
from provisioning.workflow.recovery import retry


def file_returned(engine: StepEngine, pushed: PushedMessage) -> None:
    """
    The broker gave up on a message. It files, it never decides: what is overtaken is dropped, what is readable is left to
    `wake_at` and sweep, and gets a record that says so.
    """
    documents = engine.ports.documents
    try:
        message = parse_step_message(pushed.data)
    except Unreadable as error:
        file_unreadable(engine, error, pushed.data, pushed.message_id)
        return
    found = documents.get(document_path("provisionings", message.provisioning))
    if found.data is not None:
        record = read_provisioning(found.data)
        reached = (record.engine.epoch, record.engine.hop)
        if record.over or reached > (message.epoch, message.hop):
            logs.delivery_ignored(message.provisioning, "overtaken")
            return
    dead_letters.file_unreadable(
        documents,
        code="UNDELIVERED" if found.exists else "UNKNOWN_PROVISIONING",
        title="The broker gave up on this message",
        data=pushed.data,
        message_id=f"{message.provisioning}-{message.epoch}-{message.hop}",
        now=found.read_time,
    )


def file_unreadable(engine: StepEngine, error: Unreadable, data: bytes, message_id: str) -> None:
    """File a message that cannot be read."""
    now = engine.ports.documents.get(document_path("sweeps", "clock")).read_time
    dead_letters.file_unreadable(
        engine.ports.documents,
        code=error.code,
        title=str(error)[:1].upper() + str(error)[1:],
        data=data,
        message_id=message_id,
        now=now,
    )


def replay(engine: StepEngine, letter_id: str, *, actor: str) -> LetterStatus:
    """
    Try a dead letter again now that its cause is gone.

    A step that ran out of attempts is retried (which closes the letter); a message is published again as it was.
    Raises `NotFound`, or `WrongState` where there is nothing to replay.
    """
    _, letter = dead_letters.read_letter(engine.ports.documents, letter_id)
    if letter.status != LetterStatus.OPEN:
        raise WrongState("NOT_OPEN", f"this dead letter is {letter.status} already")
    if letter.provisioning:
        return _retry(engine, letter_id, letter.provisioning, actor)
    if letter.data is None:
        raise WrongState("NOT_KEPT", "this message was too large to keep; it cannot be replayed")
    engine.ports.messages.publish(engine.topic, base64.b64decode(letter.data))
    dead_letters.close(engine.ports.documents, letter_id, by=actor, status=LetterStatus.REPLAYED)
    return LetterStatus.REPLAYED


def _retry(engine: StepEngine, letter_id: str, provisioning_id: str, actor: str) -> LetterStatus:
    found = engine.ports.documents.get(document_path("provisionings", provisioning_id))
    record = read_provisioning(found.data) if found.data is not None else None
    if record is not None and record.status == Status.ROLLBACK:
        raise WrongState("HALTED", "this roll back is halted; roll back again to resume it")
    if record is None or record.engine.dead_letter != letter_id:
        dead_letters.close(engine.ports.documents, letter_id, by=actor)
        return LetterStatus.CLOSED
    retry(engine, provisioning_id, actor=actor)
    return LetterStatus.REPLAYED
