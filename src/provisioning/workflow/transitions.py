"""
How a provisioning's record moves: what it says once a step is claimed, is done, waits for another attempt, or has failed.

Pure: the record before, and what happened when, give the record after. The engine writes it, under the condition that nobody else has
written meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from provisioning.errors import Permanent, Transient
from provisioning.steps.step import Outcome, Step, effect_key
from provisioning.workflow.definition import Workflow
from provisioning.workflow.records import (
    Direction,
    Engine,
    Problem,
    Provisioning,
    Status,
    StepRecord,
    StepStatus,
    changed_step,
)

#: Seconds between the end of a lease and the sweep's look, for the broker's own redelivery to come first.
GRACE = timedelta(seconds=2)

#: How long an invocation has a step for itself.
LeaseOf = Callable[[Step], timedelta]


@dataclass(frozen=True, slots=True)
class Mark:
    """Which attempt a change is of: the provisioning's id, the step, the owner's token, and when the change is made."""

    id: str
    step: Step
    token: str
    now: datetime


def claim(record: Provisioning, step: Step, token: str, now: datetime, lease: timedelta) -> Provisioning:
    """The step is being worked on by the owner of the token; the attempt counts from here."""
    mine = next(r for r in record.steps if r.name == step.name)
    return record.changed(
        status=Status.IN_PROGRESS if record.engine.direction is Direction.FORWARD else record.status,
        started_at=record.started_at or now,
        updated_at=now,
        steps=record.with_step(
            step.name,
            status=StepStatus.IN_PROGRESS,
            attempts=mine.attempts + 1,
            started_at=mine.started_at or now,
            finished_at=None,
        ),
        engine=record.engine.changed(
            owner=token,
            attempt=record.engine.attempt + 1,
            not_before=None,
            in_doubt=record.engine.in_doubt or record.engine.owner is not None,
            commit_token=token,
            wake_at=now + lease + GRACE,
        ),
    )


def advance(
    record: Provisioning, workflow: Workflow, mark: Mark, outcome: Outcome, lease_of: LeaseOf
) -> Provisioning:
    """The step has done or undone its part: it is the next one's turn, or its own once more where it is unfinished."""
    if record.engine.direction is Direction.UNDO:
        return _advance_undo(record, workflow, mark, outcome, lease_of)
    if outcome.unfinished:
        return _take_another_turn(record, mark, outcome, lease_of)
    return _advance_forward(record, workflow, mark, outcome, lease_of)


def wait(record: Provisioning, mark: Mark, error: Transient, delay: float) -> Provisioning:
    """The attempt did not succeed; the next one is due `delay` seconds later."""
    step, due = mark.step, mark.now + timedelta(seconds=delay)
    again = (
        f"{step.title}: attempt {record.engine.attempt} did not succeed ({error.code}); next in {delay:.0f} s"
    )
    return record.changed(
        steps=record.with_step(step.name, error=str(error)[:500]),
        log=record.with_log(mark.now, step.name, "warning", again),
        updated_at=mark.now,
        engine=record.engine.changed(
            owner=None,
            not_before=due,
            commit_token=mark.token,
            wake_at=due + GRACE,
        ),
    )


def fail(
    record: Provisioning,
    step: str | None,
    problem: Problem,
    *,
    now: datetime,
    token: str,
    letter: str | None,
) -> Provisioning:
    """FAILED, or halted where it was being undone. `letter` is the id of the dead letter that is filed with it, if any."""
    forward = record.engine.direction is Direction.FORWARD
    problem = problem if forward else _of_undo(problem)
    title = next((r.title for r in record.steps if r.name == step), step or "No step")
    return record.changed(
        status=Status.FAILED if forward else Status.ROLLBACK,
        error=problem,
        steps=record.with_step(step or "", status=StepStatus.FAILED, finished_at=now, error=problem.title),
        log=record.with_log(now, step, "error", f"{title}: {problem.title}"),
        updated_at=now,
        engine=record.engine.changed(
            owner=None,
            not_before=None,
            # Released by its owner, or found abandoned.
            in_doubt=record.engine.in_doubt or record.engine.owner != token,
            commit_token=token,
            wake_at=None,
            dead_letter=letter,
        ),
    )


def undone_next(workflow: Workflow, record: Provisioning, step: Step) -> Step | None:
    """The step before; one that came with a later version was never run for this provisioning."""
    before = workflow.before(step.name)
    while before and not record.lists(before.name):
        before = workflow.before(before.name)
    return before


def problem_of(error: Transient | Permanent, step: str) -> Problem:
    """What is said of an error that ends it."""
    if isinstance(error, Permanent):
        return Problem.of(error, step)
    return Problem(
        code=error.code,
        title="It did not work after four attempts",
        detail=str(error)[:500],
        action="Retry when the named receiver answers again; what is done so far is kept.",
        retryable=True,
        step=step,
    )


def _advance_forward(
    record: Provisioning, workflow: Workflow, mark: Mark, outcome: Outcome, lease_of: LeaseOf
) -> Provisioning:
    step, now = mark.step, mark.now
    following = workflow.after(step.name)
    steps = record.with_step(step.name, status=StepStatus.COMPLETED, finished_at=now, error=None)
    if following:
        steps = _begin(_listed(steps, following, step.name), following.name, now)
    return record.changed(
        status=Status.IN_PROGRESS if following else Status.COMPLETED,
        current_step=following.name if following else None,
        completion_percent=step.percent,
        steps=steps,
        error=None,
        log=record.with_log(now, step.name, "info", *outcome.log),
        links={**record.links, **outcome.links},
        receipt=tuple(dict(check) for check in outcome.receipt) or record.receipt,
        delivery=outcome.delivery or record.delivery,
        completed_at=None if following else now,
        updated_at=now,
        engine=_hand_over(
            record.engine, mark, outcome.refs, outcome.effects, _wake_at(now, following, lease_of)
        ),
    )


def _take_another_turn(record: Provisioning, mark: Mark, outcome: Outcome, lease_of: LeaseOf) -> Provisioning:
    """The same step goes on with what it left behind: a hop of its own, whose attempts are counted anew."""
    step, now = mark.step, mark.now
    return record.changed(
        steps=record.with_step(step.name, attempts=0, error=None),
        error=None,
        log=record.with_log(now, step.name, "info", *outcome.log),
        links={**record.links, **outcome.links},
        updated_at=now,
        engine=_hand_over(record.engine, mark, outcome.refs, outcome.effects, _wake_at(now, step, lease_of)),
    )


def _advance_undo(
    record: Provisioning, workflow: Workflow, mark: Mark, outcome: Outcome, lease_of: LeaseOf
) -> Provisioning:
    step, now = mark.step, mark.now
    following = undone_next(workflow, record, step)
    steps = record.with_step(step.name, status=StepStatus.UNDONE, finished_at=now, error=None)
    if following:
        steps = _begin(steps, following.name, now)
    return record.changed(
        status=Status.ROLLBACK if following else Status.ROLLED_BACK,
        current_step=following.name if following else None,
        completion_percent=following.percent if following else 0,
        steps=steps,
        error=None,
        log=record.with_log(now, step.name, "info", *outcome.log),
        links=record.links if following else {},
        updated_at=now,
        engine=_hand_over(record.engine, mark, {}, outcome.effects, _wake_at(now, following, lease_of)),
    )


def _hand_over(
    engine: Engine, mark: Mark, refs: Mapping[str, Any], effects: tuple[str, ...], wake_at: datetime | None
) -> Engine:
    """A hop further, and nobody's; with what the step has left behind."""
    made: tuple[dict[str, str], ...] = ()
    if effects:
        key = effect_key(mark.id, mark.step.name)
        made = tuple({"step": mark.step.name, "effect": effect, "key": key} for effect in effects)
    return engine.changed(
        hop=engine.hop + 1,
        attempt=0,
        owner=None,
        not_before=None,
        in_doubt=False,
        commit_token=mark.token,
        wake_at=wake_at,
        effects=(*(e for e in engine.effects if e not in made), *made)[-50:],
        refs={**engine.refs, **refs},
    )


def _wake_at(now: datetime, step: Step | None, lease_of: LeaseOf) -> datetime | None:
    return now + lease_of(step) if step else None


def _listed(steps: tuple[StepRecord, ...], step: Step, after: str) -> tuple[StepRecord, ...]:
    """The records with one for `step`, which may have come with a version that is newer than the provisioning."""
    if any(record.name == step.name for record in steps):
        return steps
    place = [record.name for record in steps].index(after) + 1
    new = StepRecord(name=step.name, title=step.title, percent=step.percent)
    return (*steps[:place], new, *steps[place:])


def _begin(steps: tuple[StepRecord, ...], name: str, now: datetime) -> tuple[StepRecord, ...]:
    """The next step's turn begins now: people see at once what is going on."""
    return changed_step(
        steps, name, status=StepStatus.IN_PROGRESS, started_at=now, finished_at=None, attempts=0
    )


def _of_undo(problem: Problem) -> Problem:
    """A roll back that is halted cannot be retried: it is asked for again, and goes on."""
    action = "Roll back again once the cause is gone; it goes on where it stopped."
    return problem.changed(action=action, retryable=False)
