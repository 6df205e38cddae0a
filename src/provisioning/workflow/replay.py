"""
What becomes of dead letters: the broker's own are looked at again, and a person may replay any.
"""

from __future__ import annotations

import base64

from provisioning import logs
from provisioning.errors import TooNew, Unreadable, WrongState
from provisioning.ports import Snapshot, document_path
from provisioning.workflow import dead_letters
from provisioning.workflow.dead_letters import DeadLetter, LetterStatus
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.messages import PushedMessage, StepMessage, parse_step_message
from provisioning.workflow.records import Provisioning, Status
from provisioning.workflow.recovery import retry
from provisioning.workflow.stranded import Stranded, is_overtaken, read_or_strand


def file_returned(engine: StepEngine, pushed: PushedMessage) -> None:
    """
    The broker gave up on a message. It files, it never decides: what is overtaken is dropped, what is readable is left to
    `wake_at` and sweep, and gets a record that says so. Raises `Unreadable`.
    """
    documents = engine.ports.documents
    try:
        message = parse_step_message(pushed.data)
    except TooNew as error:
        # It waited for a newer version until the broker had enough; others that cannot be read are the caller's to file.
        file_unreadable(engine, error, pushed.data, pushed.message_id)
        return
    found = documents.get(document_path("provisionings", message.provisioning))
    if found.data is None:
        engine.file_unknown(message, found.read_time)
        return
    record = read_or_strand(engine, found)
    if isinstance(record, Stranded):
        _file_stranded(engine, record)
        return
    if record.over or (record.engine.epoch, record.engine.hop) > (message.epoch, message.hop):
        logs.delivery_ignored(message.provisioning, "overtaken")
        return
    dead_letters.file_undelivered(
        documents,
        message,
        code="UNDELIVERED",
        title="The broker gave up on this message",
        action="Sweep brings the step back by itself. Look at the function's log for why it was refused so often.",
        now=found.read_time,
    )


def _file_stranded(engine: StepEngine, stranded: Stranded) -> None:
    dead_letters.file_document(
        engine.ports.documents,
        provisioning=stranded.found.id,
        step=stranded.step,
        code=stranded.code,
        title=stranded.title,
        action=stranded.action,
        now=stranded.found.read_time,
    )


def file_unreadable(engine: StepEngine, error: Unreadable, data: bytes, message_id: str) -> None:
    """File a message that cannot be read; the same bytes are one record, whatever ids they come under."""
    now = engine.ports.documents.get(document_path("sweeps", "clock")).read_time
    dead_letters.file_unreadable(
        engine.ports.documents,
        code=error.code,
        title=str(error)[:1].upper() + str(error)[1:],
        data=data,
        message_id=error.code if data else message_id,
        now=now,
    )


def replay(engine: StepEngine, letter_id: str, *, actor: str) -> LetterStatus:
    """
    Try a dead letter again now that its cause is gone.

    A step that ran out of attempts is retried (which closes the letter); a message is published again as it was, and a provisioning
    that nothing could bring on at its present step; what is overtaken is closed. Raises `NotFound`, or `WrongState` where there is
    nothing to replay, or the cause is still there.
    """
    documents = engine.ports.documents
    _, letter = dead_letters.read_letter(documents, letter_id)
    if letter.status != LetterStatus.OPEN:
        raise WrongState("NOT_OPEN", f"this dead letter is {letter.status} already")
    message = _message(letter)
    found = documents.get(
        document_path("provisionings", message.provisioning if message else _subject(letter))
    )
    if found.data is None and not letter.of_step:
        raise WrongState("STILL_UNKNOWN", "there is still no provisioning with this id")
    if found.data is None:
        return _close(engine, letter_id, actor, LetterStatus.CLOSED)
    record = _readable(engine, found)
    if letter.of_step or record.engine.dead_letter == letter_id:
        return _retry(engine, letter_id, found.id, record, actor)
    if message is not None and is_overtaken(engine, letter_id, _placed(letter, message), found):
        return _close(engine, letter_id, actor, LetterStatus.CLOSED)
    if message is not None:
        engine.ports.messages.publish(
            engine.topic, base64.b64decode(letter.data or ""), message.attributes(record.merchant_id)
        )
    elif not record.over:
        engine.publish(found.id, record)
    return _close(engine, letter_id, actor, LetterStatus.REPLAYED)


def _message(letter: DeadLetter) -> StepMessage | None:
    """The message that the letter keeps, if it is of one."""
    if letter.data is None:
        return None
    try:
        return parse_step_message(base64.b64decode(letter.data))
    except Unreadable as error:
        raise WrongState(
            "STILL_UNREADABLE", f"{error}; close it, or deploy a version that reads it"
        ) from None


def _subject(letter: DeadLetter) -> str:
    if letter.provisioning is None:
        raise WrongState("NOT_KEPT", "this message was too large to keep; it cannot be replayed")
    return letter.provisioning


def _readable(engine: StepEngine, found: Snapshot) -> Provisioning:
    record = read_or_strand(engine, found)
    if isinstance(record, Provisioning):
        return record
    code = "STILL_UNKNOWN" if record.record else "STILL_UNREADABLE"
    raise WrongState(code, f"{record.title[:1].lower()}{record.title[1:]}, still")


def _placed(letter: DeadLetter, message: StepMessage) -> DeadLetter:
    """The letter with its message's place, which one that could not be read when it was filed lacks."""
    return letter.model_copy(update={"epoch": message.epoch, "hop": message.hop})


def _close(engine: StepEngine, letter_id: str, actor: str, status: LetterStatus) -> LetterStatus:
    dead_letters.close(engine.ports.documents, letter_id, by=actor, status=status)
    return status


def _retry(
    engine: StepEngine, letter_id: str, provisioning_id: str, record: Provisioning, actor: str
) -> LetterStatus:
    if record.status == Status.ROLLBACK:
        raise WrongState("HALTED", "this roll back is halted; roll back again to resume it")
    if record.engine.dead_letter != letter_id:
        return _close(engine, letter_id, actor, LetterStatus.CLOSED)
    retry(engine, provisioning_id, actor=actor)
    return LetterStatus.REPLAYED
