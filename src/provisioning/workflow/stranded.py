"""
What no message can bring on: documents that nobody can read, and steps that no version knows any more.

Sweep finds them, for they are due like everything that stands still, and makes them visible: at first as a dead letter, for a version
that is being rolled out may bring them on; after a day a provisioning whose step is still unknown has FAILED. A document that cannot be
read is never written: it goes on by itself once a version reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning import logs
from provisioning.errors import Conflict, TooNew, Transient, Unreadable, WrongState
from provisioning.ports import Snapshot, document_path
from provisioning.workflow import dead_letters
from provisioning.workflow.dead_letters import DeadLetter, LetterStatus
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.records import Problem, Provisioning, read_to_change

#: A version that is being rolled out or back may bring on what this one does not know.
ROLLOUT = timedelta(minutes=10)
#: No version is coming any more.
GIVEN_UP_AFTER = timedelta(days=1)
#: A letter that a person has closed is not opened again before.
CLOSED_FOR = timedelta(days=1)
#: So many open letters are looked at in a run, the newest.
LETTERS = 100


@dataclass(frozen=True, slots=True)
class Stranded:
    """A provisioning that a message cannot bring on, and why."""

    found: Snapshot
    code: str
    title: str
    action: str
    #: Where it can be read, and only its step is unknown.
    record: Provisioning | None = None

    @property
    def step(self) -> str | None:
        return self.record.current_step if self.record else None


def read_or_strand(engine: StepEngine, found: Snapshot) -> Provisioning | Stranded:
    """The record, if a message can bring it on."""
    try:
        record = read_to_change(found.data or {})
    except TooNew as error:
        action = "Deploy the version that wrote it, or a newer one; then it goes on by itself."
        return Stranded(found, error.code, "A newer version wrote this provisioning", action)
    except Unreadable as error:
        action = "Find out who wrote it and restore the document; then it goes on by itself."
        return Stranded(found, error.code, "The provisioning's document cannot be read", action)
    if record.over or engine.step_of(record) is not None:
        return record
    action = "Deploy a version that has this step; then it goes on by itself. After a day it has FAILED."
    title = f"This version has no step {record.current_step or 'at all'} for a {record.kind}"
    return Stranded(found, "UNKNOWN_STEP", title[:200], action, record)


def strand(engine: StepEngine, stranded: Sequence[Stranded], now: datetime) -> int:
    """Make them visible, each once; returns how many of them were recorded now. One that cannot be is left for the next run."""
    visible = [one for one in stranded if _waited(one) >= (ROLLOUT if _may_come(one) else timedelta())]
    if not visible:
        return 0
    paths = [document_path("dead_letters", dead_letters.document_letter_id(one.found.id)) for one in visible]
    recorded = 0
    for one, letter in zip(visible, engine.ports.documents.get_all(paths), strict=True):
        try:
            recorded += _record(engine, one, letter, now)
        except (Transient, Conflict) as error:
            logs.not_filed(one.found.id, type(error).__name__)
    return recorded


def close_overtaken(engine: StepEngine) -> int:
    """Close open letters whose provisioning went on without anybody's help; returns how many."""
    documents = engine.ports.documents
    letters = [
        (found.id, letter)
        for found in dead_letters.list_letters(documents, limit=LETTERS)
        if (letter := DeadLetter.model_validate(found.data)).provisioning
    ]
    if not letters:
        return 0
    about = documents.get_all(
        [document_path("provisionings", str(letter.provisioning)) for _, letter in letters]
    )
    closed = 0
    for (id, letter), found in zip(letters, about, strict=True):
        if found.data is not None and is_overtaken(engine, id, letter, found):
            closed += _close(engine, id)
    return closed


def is_overtaken(engine: StepEngine, id: str, letter: DeadLetter, found: Snapshot) -> bool:
    """Whether the provisioning has left behind what the letter tells of."""
    record = read_or_strand(engine, found)
    if isinstance(record, Stranded) or record.engine.dead_letter == id:
        return False
    if letter.hop is None or letter.epoch is None or letter.of_step:
        return True
    return record.over or (record.engine.epoch, record.engine.hop) > (letter.epoch, letter.hop)


def _may_come(one: Stranded) -> bool:
    """Whether a newer version would know it."""
    return one.code != "UNREADABLE_DOCUMENT"


def _waited(one: Stranded) -> timedelta:
    """How long nobody has written the document, by the server's clock."""
    return one.found.read_time - (one.found.update_time or one.found.read_time)


def _record(engine: StepEngine, one: Stranded, letter: Snapshot, now: datetime) -> bool:
    if one.record is not None and _waited(one) >= GIVEN_UP_AFTER:
        return engine.give_up_on(one.found, one.record, _problem(one))
    if letter.data is not None and _is_known(DeadLetter.model_validate(letter.data), now):
        return False
    dead_letters.file_document(
        engine.ports.documents,
        provisioning=one.found.id,
        step=one.step,
        code=one.code,
        title=one.title,
        action=one.action,
        now=now,
    )
    return True


def _is_known(letter: DeadLetter, now: datetime) -> bool:
    if letter.status is LetterStatus.OPEN:
        return True
    return letter.closed_at is not None and now - letter.closed_at < CLOSED_FOR


def _problem(one: Stranded) -> Problem:
    return Problem(
        code=one.code,
        title=one.title,
        detail="For a day no version that was deployed could bring it on.",
        action="Deploy a version that has this step, then retry; or roll back.",
        retryable=one.step is not None,
        step=one.step,
    )


def _close(engine: StepEngine, id: str) -> bool:
    try:
        dead_letters.close(engine.ports.documents, id, by="progress")
    except (WrongState, Transient):
        return False
    logs.dead_letter_overtaken(id)
    return True
