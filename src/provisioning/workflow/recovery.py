"""
What a person can ask for: retry a failed provisioning, or roll one back.

Each raises the epoch, so that every message of before is void, and starts at hop 0. Both are one conditional write:
of two people who click at once, one wins and the other is told the present state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from provisioning import logs
from provisioning.errors import (
    Conflict,
    FieldError,
    InvalidInput,
    NotFound,
    Transient,
    Unreadable,
    WrongState,
)
from provisioning.ports import Snapshot, Update, Write, document_path
from provisioning.stores.audit import audit_entry
from provisioning.workflow import dead_letters
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.records import (
    Direction,
    Provisioning,
    Status,
    StepRecord,
    StepStatus,
    changed_fields,
    read_provisioning,
    read_to_change,
)
from provisioning.workflow.sweep import pages_due
from provisioning.workflow.transitions import undone_next

if TYPE_CHECKING:
    from provisioning.steps.step import Step


def retry(engine: StepEngine, provisioning_id: str, *, actor: str) -> Provisioning:
    """
    Go on with a FAILED provisioning from the step that failed; what is done is kept.

    Raises `NotFound`, or `WrongState` where it is not FAILED or a retry cannot help.
    """
    found, record = _read_to_change(engine, provisioning_id)
    if record.status != Status.FAILED:
        raise WrongState(
            "NOT_FAILED", f"only a FAILED provisioning can be retried; this one is {_state(record)}"
        )
    if record.error is None or not record.error.retryable or record.current_step is None:
        raise WrongState("NOT_RETRYABLE", "a retry cannot help here; roll back and submit a new request")
    _refuse_unknown(engine, record, record.current_step)
    now = record.later(found.read_time)
    retried = record.model_copy(
        update={
            "status": Status.IN_PROGRESS,
            "error": None,
            "retry_count": record.retry_count + 1,
            "steps": record.with_step(
                record.current_step,
                status=StepStatus.IN_PROGRESS,
                attempts=0,
                started_at=now,
                finished_at=None,
            ),
            "log": record.with_log(now, record.current_step, "info", "Retried by an administrator"),
            "updated_at": now,
            "engine": _new_epoch(engine, record, now, Direction.FORWARD, owner=None),
        }
    )
    _commit(engine, provisioning_id, found, record, retried, actor, "retry")
    logs.retried(provisioning_id, actor, retried.engine.epoch)
    engine.publish_or_leave(provisioning_id, retried)
    return retried


def roll_back(
    engine: StepEngine, provisioning_id: str, *, actor: str, confirm: str | None = None
) -> Provisioning:
    """
    Undo a provisioning, step by step in reverse, beginning with the one that may be half done.

    A COMPLETED one needs `confirm`, the store's subdomain typed by a person. A halted roll back is resumed. The owner of the
    running step is kept: the first undo waits until its lease has ended.
    """
    found, record = _read_to_change(engine, provisioning_id)
    start = _undo_start(record, confirm)
    _refuse_unknown(engine, record, start)
    now = record.later(found.read_time)
    begun = record.model_copy(
        update={
            "status": Status.ROLLBACK,
            "error": None,
            "current_step": start,
            "completed_at": None,
            "steps": _before_undo(record, start, now),
            "log": record.with_log(now, start, "info", "Roll back asked for by an administrator"),
            "updated_at": now,
            "engine": _new_epoch(engine, record, now, Direction.UNDO, owner=record.engine.owner),
        }
    )
    _commit(engine, provisioning_id, found, record, begun, actor, "rollback")
    logs.rolled_back(provisioning_id, actor, begun.engine.epoch)
    engine.publish_or_leave(provisioning_id, begun)
    return begun


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """The steps that a roll back would undo, in its order."""

    steps: tuple[Step, ...]
    #: Whether a person has to type the store's subdomain.
    needs_confirmation: bool


def plan_undo(engine: StepEngine, provisioning_id: str) -> UndoPlan:
    """What `roll_back` would undo; raises as it would, but for a confirmation that is needed."""
    _, record = _read_to_change(engine, provisioning_id)
    start = _undo_start(record, record.subdomain)
    _refuse_unknown(engine, record, start)
    steps: list[Step] = []
    step = engine.workflows[record.kind].step(start)
    while step is not None:
        steps.append(step)
        step = undone_next(engine.workflows[record.kind], record, step)
    return UndoPlan(tuple(steps), needs_confirmation=record.status == Status.COMPLETED)


def read(engine: StepEngine, provisioning_id: str) -> tuple[Snapshot, Provisioning]:
    """A provisioning; `NotFound` where there is none."""
    found = engine.ports.documents.get(document_path("provisionings", provisioning_id))
    if found.data is None:
        raise NotFound("there is no provisioning with this id")
    return found, read_provisioning(found.data)


def _read_to_change(engine: StepEngine, provisioning_id: str) -> tuple[Snapshot, Provisioning]:
    """A provisioning that this version may write; `WrongState` where writing it would lose what only another one knows."""
    found = engine.ports.documents.get(document_path("provisionings", provisioning_id))
    if found.data is None:
        raise NotFound("there is no provisioning with this id")
    try:
        return found, read_to_change(found.data)
    except Unreadable as error:
        raise WrongState(error.code, str(error)) from None


def _refuse_unknown(engine: StepEngine, record: Provisioning, step: str) -> None:
    workflow = engine.workflows.get(record.kind)
    if workflow is None or workflow.step(step) is None:
        raise WrongState("UNKNOWN_STEP", f"this version has no step {step[:80]}; deploy one that has it")


def release_leases(engine: StepEngine) -> int:
    """
    End every lease, and publish what was being worked on; returns how many there were.

    Only for a runtime that knows that it is alone, at its start: whoever held them is gone.
    """
    far = engine.ports.documents.get(document_path("sweeps", "clock")).read_time + timedelta(days=365)
    released = 0
    for page in pages_due(engine.ports.documents, far):
        for found in page:
            released += _release(engine, found)
    return released


def _release(engine: StepEngine, found: Snapshot) -> bool:
    try:
        record = read_to_change(found.data or {})
    except Unreadable:
        logs.provisioning_unreadable(found.id)
        return False
    if record.engine.owner is None:
        return False
    free = record.model_copy(
        update={
            "engine": record.engine.model_copy(
                update={"owner": None, "in_doubt": True, "not_before": None, "wake_at": found.read_time}
            )
        }
    )
    write = Update(found.path, changed_fields(record, free), if_updated_at=found.update_time)
    try:
        engine.ports.documents.commit([write])
    except Conflict:
        return False
    engine.publish_or_leave(found.id, free)
    return True


def _undo_start(record: Provisioning, confirm: str | None) -> str:
    """The step to undo first. Raises `WrongState`, or `InvalidInput` without the confirmation that is needed."""
    if record.halted and record.current_step is not None:
        return record.current_step
    if record.status == Status.COMPLETED:
        if confirm != record.subdomain:
            message = "type the store's subdomain to confirm that this live store is to be undone"
            raise InvalidInput((FieldError("confirm", "NOT_CONFIRMED", message),))
        return record.steps[-1].name
    if record.status not in (Status.IN_PROGRESS, Status.FAILED):
        raise WrongState("NOT_UNDOABLE", f"a provisioning that is {_state(record)} cannot be rolled back")
    if record.current_step is None:
        raise WrongState("NOTHING_TO_UNDO", "the request was rejected before anything was made")
    return record.current_step


def _before_undo(record: Provisioning, start: str, now: datetime) -> tuple[StepRecord, ...]:
    """What was never begun is skipped for good; the step undone first shows that it is at work."""

    def prepare(step: StepRecord) -> StepRecord:
        if step.name == start:
            changes: dict[str, Any] = {"status": StepStatus.IN_PROGRESS, "attempts": 0, "started_at": now}
            return step.model_copy(update=changes | {"finished_at": None})
        if step.status == StepStatus.PENDING:
            return step.model_copy(update={"status": StepStatus.SKIPPED})
        return step

    return tuple(prepare(step) for step in record.steps)


def _new_epoch(
    engine: StepEngine, record: Provisioning, now: datetime, direction: Direction, owner: str | None
) -> Any:
    return record.engine.model_copy(
        update={
            "epoch": record.engine.epoch + 1,
            "hop": 0,
            "direction": direction,
            "attempt": 0,
            "owner": owner,
            "not_before": None,
            "commit_token": engine.new_token(),
            "wake_at": now + timedelta(seconds=2 * engine.budget),
            "dead_letter": None,
        }
    )


def _commit(
    engine: StepEngine,
    id: str,
    found: Snapshot,
    old: Provisioning,
    new: Provisioning,
    actor: str,
    action: str,
) -> None:
    """The change, the audit entry and the closing of the dead letter that it overtakes, in one batch."""
    writes: list[Write] = [
        Update(document_path("provisionings", id), changed_fields(old, new), if_updated_at=found.update_time),
        audit_entry(
            at=found.read_time,
            actor=actor,
            action=f"provisioning.{action}",
            subject=document_path("provisionings", id),
        ),
    ]
    if old.engine.dead_letter:
        writes += dead_letters.closing_open(
            engine.ports.documents, old.engine.dead_letter, by=action, now=found.read_time
        )
    try:
        engine.ports.documents.commit(writes)
    except (Conflict, Transient) as error:
        again, present = read(engine, id)
        # Only the answer may have been lost, or a client that heard nothing repeated its own commit.
        if present.engine.commit_token == new.engine.commit_token:
            return
        if isinstance(error, Transient) and again.update_time == found.update_time:
            raise
        raise WrongState(
            "CHANGED_MEANWHILE", f"somebody else was quicker; it is {_state(present)} now"
        ) from None


def _state(record: Provisioning) -> str:
    return "ROLLBACK (halted)" if record.halted else str(record.status)
