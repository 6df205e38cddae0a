"""
The engine: carries out one step of one provisioning for one delivered message.

The protocol is design §5: every change is one conditional write on the document's `update_time`; every process may die at any
instant; every delivery may come twice, late, or in the wrong order. The engine knows steps only through the definition it is given.

    deliver → decide → claim → run → commit → publish the next

Where the broker lives in the same process, an invocation may also go on with the next step itself (`goes_on_for`): its commit then
claims that step in the same write, and no message is needed. Who finds the document sees nothing that could not have come about by
messages; whoever dies there leaves a claim, as ever.
"""

from __future__ import annotations

import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from provisioning import logs
from provisioning.errors import (
    Conflict,
    InvalidInput,
    Misconfigured,
    Permanent,
    Transient,
    Unreadable,
)
from provisioning.ports import Ports, Set, Snapshot, Update, Write, document_path
from provisioning.steps.step import Deadline, Outcome, Step, StepContext, Surroundings, effect_key
from provisioning.stores.activation import ActivationRequest, parse_activation
from provisioning.workflow import dead_letters, transitions
from provisioning.workflow.decisions import Decision, Moment, decide, delay_after
from provisioning.workflow.definition import Workflow
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.records import Direction, Problem, Provisioning, changed_fields, read_to_change
from provisioning.workflow.transitions import Mark


class Verdict(Enum):
    """What the broker is told."""

    ACKNOWLEDGE = 204
    #: Keep the message and deliver it again.
    AGAIN = 503


#: How often a step is run anew because one of its own conditions failed, before that counts as a failed attempt.
RERUNS = 2


class _Overtaken(Exception):
    """Somebody else changed the provisioning: stop, and leave everything as it is."""


class _Request:
    """The activation request of a provisioning, read once for all steps of an invocation."""

    def __init__(self, snapshot: Snapshot, id: str) -> None:
        self.create_time = snapshot.create_time
        self._snapshot = snapshot
        self._id = id

    @cached_property
    def order(self) -> ActivationRequest:
        """Raises `Permanent` where it is gone or cannot be used."""
        return parse_activation(_submitted(self._snapshot), self._id)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A claim that was won: the record as it now is, and the instant of the claim."""

    id: str
    record: Provisioning
    updated_at: datetime
    token: str
    request: _Request
    step: Step
    deadline: Deadline
    #: Our own clock right before the claim.
    began: float
    #: Seconds that this invocation has spent in the steps before.
    worked: float = 0.0


@dataclass(frozen=True, slots=True)
class StepEngine:
    """Carries out steps. Holds no state of its own: any number of processes may work side by side."""

    ports: Ports
    surroundings: Surroundings
    workflows: Mapping[str, Workflow]
    topic: str
    #: B: seconds that one attempt may take, unless the step says otherwise.
    budget: float
    #: An invocation goes on with the next step itself until it has spent so many seconds in steps; with 0, each is left to a message.
    goes_on_for: float = 0.0
    monotonic: Callable[[], float] = time.monotonic
    new_token: Callable[[], str] = lambda: uuid.uuid4().hex

    # --- one delivery ---

    def handle(self, message: StepMessage) -> Verdict:
        """Do what the message asks for, if it is still to be done. Never raises what the broker could not use."""
        with logs.delivery(message.provisioning, message.epoch, message.hop):
            try:
                return self._handle(message)
            except _Overtaken:
                return Verdict.ACKNOWLEDGE
            except (Transient, Conflict) as error:
                logs.receiver_failed("documents", type(error).__name__)
                return Verdict.AGAIN

    def _handle(self, message: StepMessage) -> Verdict:
        found, request = self._read(message.provisioning)
        if found.data is None or found.update_time is None:
            self.file_unknown(message, found.read_time)
            return Verdict.ACKNOWLEDGE
        try:
            record = read_to_change(found.data)
        except Unreadable:
            # A newer version's, or broken: not ours to lose. Sweep says so where a person looks.
            logs.provisioning_unreadable(message.provisioning)
            return Verdict.AGAIN
        if record.over or message.epoch < record.engine.epoch:
            logs.delivery_ignored(message.provisioning, "old or over")
            return Verdict.ACKNOWLEDGE
        step = self.step_of(record)
        if step is None:
            # Of a newer version that is being rolled out, or one that was taken away: not ours to lose.
            logs.step_unknown(message.provisioning, record.current_step or "")
            return Verdict.AGAIN
        moment = Moment(found.read_time, found.update_time, self.lease(step))
        decision = decide(record, message, moment)
        if decision is Decision.CLAIM:
            return self._work(message.provisioning, record, moment, step, request)
        if decision is Decision.GIVE_UP:
            self._give_up(message.provisioning, record, moment, step)
        if decision is Decision.REPUBLISH:
            self.publish(message.provisioning, record)
        if decision is Decision.IGNORE:
            logs.delivery_ignored(message.provisioning, "old or over")
        return Verdict.AGAIN if decision is Decision.WAIT else Verdict.ACKNOWLEDGE

    def _read(self, provisioning_id: str) -> tuple[Snapshot, Snapshot]:
        found, request = self.ports.documents.get_all(
            (
                document_path("provisionings", provisioning_id),
                document_path("activation_requests", provisioning_id),
            )
        )
        return found, request

    def step_of(self, record: Provisioning) -> Step | None:
        """The step that is to be worked on, or None where there is none."""
        workflow = self.workflows.get(record.kind)
        if workflow is None or record.current_step is None:
            return None
        return workflow.step(record.current_step)

    def lease(self, step: Step) -> timedelta:
        """How long an invocation has the step for itself: twice its budget."""
        return timedelta(seconds=2 * self._budget(step))

    def _budget(self, step: Step) -> float:
        return max(step.budget or 0.0, self.budget)

    # --- claim ---

    def _work(self, id: str, record: Provisioning, moment: Moment, step: Step, request: Snapshot) -> Verdict:
        try:
            claimed = self._claim(id, record, moment, step, request, self.monotonic())
        except _Overtaken:
            # As with a live lease: the message stays alive while another works.
            return Verdict.AGAIN
        ended: Verdict | _Claimed = claimed
        try:
            while isinstance(ended, _Claimed):
                claimed = ended
                ended = self._attempt(claimed)
        except (Transient, Conflict):
            self._bring_back(claimed, record)
            raise
        return self._bring_back(claimed, record) if ended is Verdict.AGAIN else ended

    def _bring_back(self, claimed: _Claimed, began_with: Provisioning) -> Verdict:
        """
        See to it that a message is kept for a step that is not done.

        The one that began the invocation does for its own step. Where that is done, it is old, and another must come.
        """
        if claimed.record.engine.hop == began_with.engine.hop:
            return Verdict.AGAIN
        self.publish(claimed.id, claimed.record)
        return Verdict.ACKNOWLEDGE

    def _attempt(self, claimed: _Claimed) -> Verdict | _Claimed:
        engine, step = claimed.record.engine, claimed.step.name
        with logs.attempt(claimed.id, step, engine.attempt, engine.epoch, engine.hop, engine.direction):
            logs.step_claimed(claimed.id, step, engine.attempt, engine.epoch, engine.hop)
            return self._carry_out(claimed)

    def _carry_out(self, claimed: _Claimed) -> Verdict | _Claimed:
        """What the broker is told, or the next step where this invocation has claimed that too."""
        for _ in range(1 + RERUNS):
            has_run = False
            try:
                began = self.monotonic()
                outcome = self._run(claimed)
                has_run = True
                return self._commit(claimed, outcome, claimed.worked + self.monotonic() - began)
            except Conflict:
                # One of the step's own conditions failed: it reads again and finds, say, the taken address.
                claimed = _in_doubt(claimed) if has_run else claimed
            except (Transient, Permanent) as error:
                # Until it is recorded, whoever runs it again must know that it has run.
                return self._fail(_in_doubt(claimed) if has_run else claimed, error)
        return self._fail(
            claimed, Transient("the step's own documents kept changing under it", code="CONTENDED")
        )

    def _claim(
        self, id: str, record: Provisioning, moment: Moment, step: Step, request: Snapshot, began: float
    ) -> _Claimed:
        token = self.new_token()
        taken = transitions.claim(record, step, token, record.later(moment.now), self.lease(step))
        updated_at = self._write(id, record, taken, moment.updated_at, token)
        deadline = Deadline(began + self._budget(step), self.monotonic)
        submitted = _Request(request, id)
        return _Claimed(id, taken, updated_at, token, submitted, step, deadline, began)

    def _write(
        self, id: str, old: Provisioning, new: Provisioning, updated_at: datetime, token: str, *more: Write
    ) -> datetime:
        """
        One conditional write of the provisioning, with `more` in the same batch; returns its update time.

        A lost answer is not a failure: whoever finds its own token in the document won. Raises `_Overtaken` when another changed it,
        `Conflict` when nobody did (so one of the conditions in `more` failed), `Transient` when it surely was not written.
        """
        path = document_path("provisionings", id)
        update = Update(path, changed_fields(old, new), if_updated_at=updated_at)
        try:
            return self.ports.documents.commit([*more, update])[-1]
        except (Conflict, Transient) as error:
            found = self.ports.documents.get(path)
            if found.data is None or found.update_time is None:
                raise _Overtaken from None
            try:
                present = read_to_change(found.data)
            except Unreadable:
                raise _Overtaken from None
            ours = present.engine.commit_token == token
            if ours and _place(present) == _place(new):
                return found.update_time
            if ours and found.update_time != updated_at:
                # Our commit of before arrived after all; redelivery goes on from there.
                raise Transient("an earlier answer was lost", code="LATE_COMMIT") from None
            if found.update_time != updated_at:
                logs.overtaken(id, new.current_step or "")
                raise _Overtaken from None
            raise error

    # --- run and commit ---

    def _run(self, claimed: _Claimed) -> Outcome:
        forward = claimed.record.engine.direction is Direction.FORWARD
        function = claimed.step.run if forward else claimed.step.undo
        claimed.deadline.require(0)
        try:
            return function(self._context(claimed))
        except (Transient, Permanent):
            raise
        except (InvalidInput, Misconfigured) as error:
            raise Permanent(
                "MISCONFIGURED",
                "The platform is not set up for this step",
                detail=str(error),
                action="Fix what is named, then retry.",
                retryable=True,
            ) from error
        except Exception as error:
            raise _unforeseen(claimed, error) from error

    def _commit(self, claimed: _Claimed, outcome: Outcome, worked: float) -> Verdict | _Claimed:
        try:
            workflow = self.workflows[claimed.record.kind]
            after = transitions.advance(claimed.record, workflow, self._mark(claimed), outcome, self.lease)
            following = self.step_of(after) if worked < self.goes_on_for else None
            committed_at = self.monotonic()
            if following:
                # One token for the whole invocation: it recognises its own late writes, whichever step they were for.
                lease = self.lease(following)
                after = transitions.claim(after, following, claimed.token, after.updated_at, lease)
            updated_at = self._write(
                claimed.id, claimed.record, after, claimed.updated_at, claimed.token, *outcome.writes
            )
        except (Conflict, Transient, _Overtaken):
            raise
        except Exception as error:
            raise _unforeseen(claimed, error) from error
        logs.step_committed(claimed.id, claimed.step.name, self.monotonic() - claimed.began)
        if following:
            deadline = Deadline(committed_at + self._budget(following), self.monotonic)
            return _Claimed(
                claimed.id,
                after,
                updated_at,
                claimed.token,
                claimed.request,
                following,
                deadline,
                began=committed_at,
                worked=worked,
            )
        if after.over:
            # By the documents' clock where there is a request: the portal's own may be wrong.
            _log_over(
                claimed.id, after, claimed.request.create_time or after.requested_at, self._now(claimed)
            )
            return Verdict.ACKNOWLEDGE
        try:
            self.publish(claimed.id, after)
        except Transient:
            return Verdict.AGAIN
        return Verdict.ACKNOWLEDGE

    def _context(self, claimed: _Claimed) -> StepContext:
        return StepContext(
            provisioning_id=claimed.id,
            order=claimed.record.publication or claimed.request.order,
            effect_key=effect_key(claimed.id, claimed.step.name),
            refs=claimed.record.engine.refs,
            attempt=claimed.record.engine.attempt,
            in_doubt=claimed.record.engine.in_doubt,
            now=claimed.updated_at,
            deadline=claimed.deadline,
            ports=self.ports,
            surroundings=self.surroundings,
        )

    def _mark(self, claimed: _Claimed) -> Mark:
        return Mark(claimed.id, claimed.step, claimed.token, self._now(claimed))

    def _now(self, claimed: _Claimed) -> datetime:
        """The server's clock, carried on from the claim by our own monotonic one."""
        return claimed.record.later(claimed.updated_at + timedelta(seconds=self.monotonic() - claimed.began))

    # --- failure ---

    def _fail(self, claimed: _Claimed, error: Transient | Permanent) -> Verdict:
        if isinstance(error, Transient):
            claimed = _in_doubt(claimed) if error.perhaps_done else claimed
            delay = delay_after(claimed.record.engine.attempt, error)
            if delay is not None:
                self._retry_later(claimed, error, delay)
                return Verdict.AGAIN
        problem = transitions.problem_of(error, claimed.step.name)
        self._end_in_failure(
            claimed.id,
            claimed.record,
            claimed.updated_at,
            claimed.step.name,
            problem,
            now=self._now(claimed),
            token=claimed.token,
            letter=_letter_of(claimed.id, claimed.record) if isinstance(error, Transient) else None,
        )
        return Verdict.ACKNOWLEDGE

    def _retry_later(self, claimed: _Claimed, error: Transient, delay: float) -> None:
        waiting = transitions.wait(claimed.record, self._mark(claimed), error, delay)
        logs.step_will_retry(claimed.id, claimed.step.name, error.code, delay)
        self._write(claimed.id, claimed.record, waiting, claimed.updated_at, claimed.token)

    def _give_up(self, id: str, record: Provisioning, moment: Moment, step: Step) -> None:
        """The attempts were used up by invocations that never came back."""
        error = Transient("the step was interrupted every time", code="INTERRUPTED")
        self._end_in_failure(
            id,
            record,
            moment.updated_at,
            step.name,
            transitions.problem_of(error, step.name),
            now=record.later(moment.now),
            token=self.new_token(),
            letter=_letter_of(id, record),
        )

    def give_up_on(self, found: Snapshot, record: Provisioning, problem: Problem) -> bool:
        """
        End a provisioning that no version can bring on: FAILED, or halted, with its dead letter. False when somebody else changed it.

        For a step that this version does not know; the caller has made sure that nobody works on it. Raises `Transient`.
        """
        assert found.update_time is not None
        try:
            self._end_in_failure(
                found.id,
                record,
                found.update_time,
                record.current_step,
                problem,
                now=record.later(found.read_time),
                token=self.new_token(),
                letter=dead_letters.document_letter_id(found.id),
            )
        except _Overtaken:
            return False
        return True

    def _end_in_failure(
        self,
        id: str,
        record: Provisioning,
        updated_at: datetime,
        step: str | None,
        problem: Problem,
        *,
        now: datetime,
        token: str,
        letter: str | None,
    ) -> None:
        """FAILED, or halted where it was being undone; the dead letter of this id, if any, is filed in the same batch."""
        failed = transitions.fail(record, step, problem, now=now, token=token, letter=letter)
        filed: tuple[Set, ...] = ()
        if letter:
            assert failed.error is not None
            filed = (dead_letters.exhausted(letter, id, record, failed.error, now),)
        logs.step_failed(id, step or "", problem.code)
        self._write(id, record, failed, updated_at, token, *filed)
        _log_over(id, failed, record.requested_at, now)

    def file_unknown(self, message: StepMessage, now: datetime) -> None:
        """File a message of a provisioning that does not exist, once."""
        dead_letters.file_undelivered(
            self.ports.documents,
            message,
            code="UNKNOWN_PROVISIONING",
            title="The message names a provisioning that does not exist",
            action="Find out who sent it. Replay it once the provisioning exists, or close it.",
            now=now,
        )

    # --- publish ---

    def publish(self, id: str, record: Provisioning) -> None:
        """Publish the current step. Raises `Transient`; redelivery and sweep repair a publish that was lost."""
        message = StepMessage(provisioning=id, epoch=record.engine.epoch, hop=record.engine.hop)
        try:
            # Whose turn it is, for a broker that is fair, and the trace.
            self.ports.messages.publish(self.topic, message.encode(), message.attributes(record.merchant_id))
        except Transient:
            logs.publish_failed(id)
            raise

    def publish_or_leave(self, id: str, record: Provisioning) -> None:
        """Publish if that works; what a person asked for is recorded already, and sweep brings it about."""
        with suppress(Transient):
            self.publish(id, record)


def _log_over(id: str, record: Provisioning, asked_at: datetime | None, now: datetime) -> None:
    seconds = None if asked_at is None else max(0.0, (now - asked_at).total_seconds())
    code = record.error.code if record.error else None
    logs.provisioning_over(id, record.kind, record.status, seconds, record.retry_count, code)


def _in_doubt(claimed: _Claimed) -> _Claimed:
    engine = claimed.record.engine.changed(in_doubt=True)
    return replace(claimed, record=claimed.record.changed(engine=engine))


def _unforeseen(claimed: _Claimed, error: Exception) -> Transient:
    """A bug, or an answer that no adapter knows: tried again, and of its text nothing is kept."""
    logs.step_crashed(claimed.id, claimed.step.name, type(error).__name__, _where(error))
    return Transient(
        f"an unforeseen {type(error).__name__} in {claimed.step.name}", code="INTERNAL", perhaps_done=True
    )


def _letter_of(id: str, record: Provisioning) -> str:
    return dead_letters.letter_id(id, record.engine.epoch, record.engine.hop)


def _place(record: Provisioning) -> tuple[int, int, int, str | None, str | None]:
    """Where a record stands: two records with one token and one place are the same change."""
    engine = record.engine
    return engine.epoch, engine.hop, engine.attempt, engine.owner, record.status


def _submitted(request: Snapshot) -> Mapping[str, Any]:
    if request.data is None:
        raise Permanent(
            "REQUEST_GONE",
            "The activation request no longer exists",
            detail="Without it nobody knows what to make or to undo.",
            action="Restore it from a backup under the same id, then retry or roll back.",
            retryable=True,
        )
    return request.data


def _where(error: BaseException) -> str:
    """File and line of the innermost frame: enough to find the bug, and no text of the error's."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
