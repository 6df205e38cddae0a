"""One attempt and three automatic retries, with delays; what fails for good says why."""

from __future__ import annotations

import json

import pytest

from provisioning.errors import FieldError, InvalidInput, Misconfigured, NotFound, Permanent, Transient
from provisioning.ports import Unconfirmed
from provisioning.workflow.decisions import delay_after
from tests.workflow.world import ACKNOWLEDGE, AGAIN, World, raising, seconds


def fail(world: World, error: BaseException, times: int = 1, at: str = "one") -> None:
    world.probe.first["run", at] += [raising(error)] * times


def letters(world: World) -> list[dict]:
    return [json.loads(data) for path, data in world.everything().items() if path.startswith("dead_letters/")]


def test_delays_are_1_5_and_20_seconds(world: World) -> None:
    """Not a moment before its time does the next attempt begin, and then it does."""
    world.start()
    fail(world, Transient("no answer"), times=3)
    first = world.broker.take()
    world.deliver(first)
    for attempt, delay in enumerate((1, 5, 20), start=1):
        assert world.record().engine.not_before - world.record().updated_at == seconds(delay)
        world.clock.advance(delay - 0.01)
        assert world.deliver(first) is (AGAIN if delay else ACKNOWLEDGE)
        assert len(world.probe.calls) == attempt
        world.clock.advance(0.02)
        world.deliver(first)
        assert len(world.probe.calls) == attempt + 1

    assert world.record().current_step == "two"
    assert world.record().steps[0].attempts == 4


@pytest.mark.parametrize(("asked", "delay"), [(0.2, 1), (30, 30), (1e9, 600), (-5, 1), (float("inf"), 600)])
def test_retry_after_is_honoured(world: World, asked: float, delay: float) -> None:
    """The receiver's wish counts where it is longer than ours, up to ten minutes."""
    world.start()
    fail(world, Transient("slow down", retry_after=asked))
    assert world.deliver() is AGAIN

    assert world.record().engine.not_before - world.record().updated_at == seconds(delay)


@pytest.mark.parametrize(
    ("attempt", "asked", "delay"), [(1, None, 1), (3, 2, 20), (4, None, None), (4, 30, None)]
)
def test_delay_after_each_attempt(attempt: int, asked: float | None, delay: float | None) -> None:
    """After the fourth attempt there is no other, whatever the receiver asks for."""
    assert delay_after(attempt, Transient("", retry_after=asked)) == delay


def test_message_is_kept_alive_within_ten_seconds_only(world: World) -> None:
    """Due soon: refused, so that it comes again. Due later: acknowledged, and sweep brings it back."""
    world.start()
    fail(world, Transient("slow down", retry_after=30))
    first = world.broker.take()
    world.deliver(first)

    assert world.deliver(first) is ACKNOWLEDGE
    world.clock.advance(21)
    assert world.deliver(first) is AGAIN
    assert world.probe.calls == [("run", "one")]


def test_sweep_brings_back_what_was_acknowledged_early(world: World) -> None:
    """No message is left, and yet the attempt is made when it is due."""
    world.start()
    fail(world, Transient("slow down", retry_after=30))
    first = world.broker.take()
    world.deliver(first)
    world.deliver(first)
    world.clock.advance(29)
    assert world.sweep().published == 0
    world.clock.advance(4)
    assert world.sweep().published == 1
    world.settle()

    assert world.record().status == "COMPLETED"


def test_transient_failure_is_shown_and_then_gone(world: World) -> None:
    """Between attempts the document says what went wrong; afterwards only the log does."""
    world.start()
    fail(world, Transient("mail.example answered 503", code="BUSY"))
    assert world.deliver() is AGAIN
    waiting = world.record()
    world.broker.pending.append(waiting_message(world))
    world.settle()

    assert (waiting.status, waiting.steps[0].status) == ("IN_PROGRESS", "IN_PROGRESS")
    assert waiting.steps[0].error == "mail.example answered 503"
    assert waiting.error is None
    assert waiting.engine.owner is None
    assert "BUSY" in waiting.log[-1].message
    assert world.record().steps[0].error is None
    assert any("BUSY" in entry.message for entry in world.record().log)


def waiting_message(world: World):
    from provisioning.workflow.messages import StepMessage

    engine = world.record().engine
    return StepMessage(provisioning="p1", epoch=engine.epoch, hop=engine.hop)


def test_transient_on_the_last_attempt_ends_it(world: World) -> None:
    """Exactly four attempts, then FAILED with a retryable error, and one dead letter."""
    world.start()
    world.exhaust()
    record = world.record()

    assert world.probe.calls == [("run", "one")] * 4
    assert (record.status, record.steps[0].status, record.steps[0].attempts) == ("FAILED", "FAILED", 4)
    assert (record.error.code, record.error.detail, record.error.step) == ("NO_ANSWER", "no answer", "one")
    assert record.error.retryable
    assert record.error.action
    assert record.engine.wake_at is None
    assert [(x["provisioning"], x["step"], x["status"]) for x in letters(world)] == [("p1", "one", "OPEN")]


def test_failure_and_dead_letter_are_one_batch(world: World) -> None:
    """Dying right after the failure was written leaves both, right before it neither."""
    world.start()
    fail(world, Transient("no answer"), times=5)
    first = world.broker.take()
    before = world.fault("crash before", "failure")
    for _ in range(4):
        world.deliver(first)
        world.clock.advance(21)
    assert before.fired == 1
    assert letters(world) == []
    world.fault("crash after", "failure")
    assert world.deliver(first) is None

    assert world.record().status == "FAILED"
    assert len(letters(world)) == 1
    assert world.probe.calls == [("run", "one")] * 4


@pytest.mark.parametrize("place", ["crash after claim", "crash before commit"])
def test_four_crashes_are_given_up(world: World, place: str) -> None:
    """Crashes count: after the fourth the step ends as FAILED with a dead letter, and does not run again."""
    _, how, _, at = *place.split()[:1], *place.split()[1:2], None, place.split()[2]
    world.fault(f"crash {how}", at, times=4)
    world.start()
    first = world.broker.take()
    for _ in range(4):
        assert world.deliver(first) is None
        world.clock.advance(13)
    assert world.record().status == "IN_PROGRESS"
    assert world.deliver(first) is ACKNOWLEDGE
    record = world.record()

    assert (record.status, record.error.code, record.error.retryable) == ("FAILED", "INTERRUPTED", True)
    assert record.engine.in_doubt
    assert len(letters(world)) == 1
    assert len(world.probe.calls) == (0 if at == "claim" else 4)


def test_crashes_and_failures_count_together(world: World) -> None:
    """Two crashes and two transient failures are four attempts."""
    world.start()
    first = world.broker.take()
    world.fault("crash before", "commit", times=2)
    for _ in range(2):
        world.deliver(first)
        world.clock.advance(13)
    fail(world, Transient("no answer", code="NO_ANSWER"), times=2)
    world.deliver(first)
    world.clock.advance(21)

    assert world.deliver(first) is ACKNOWLEDGE
    assert world.record().error.code == "NO_ANSWER"
    assert len(world.probe.calls) == 4


def test_each_step_has_attempts_of_its_own(world: World) -> None:
    """Three failures at every step do not add up."""
    world.start()
    for name in ("one", "two", "three"):
        fail(world, Transient("no answer"), times=3, at=name)
    world.settle()

    assert world.record().status == "COMPLETED"
    assert [step.attempts for step in world.record().steps] == [4, 4, 4]


def test_permanent_error_ends_it_at_once(world: World) -> None:
    """One attempt, no dead letter; the document says why and what to do."""
    world.start()
    error = Permanent(
        "TAKEN",
        "The address is taken",
        detail="By another",
        action="Choose another",
        fields=(FieldError("subdomain", "TAKEN", "is taken"),),
    )
    fail(world, error)
    assert world.deliver() is ACKNOWLEDGE
    record = world.record()

    assert world.probe.calls == [("run", "one")]
    assert record.status == "FAILED"
    assert record.error.model_dump(exclude={"fields"}) == {
        "code": "TAKEN",
        "title": "The address is taken",
        "detail": "By another",
        "action": "Choose another",
        "retryable": False,
        "step": "one",
    }
    assert [field.field for field in record.error.fields] == ["subdomain"]
    assert letters(world) == []
    assert record.engine.wake_at is None
    assert not record.engine.in_doubt


@pytest.mark.parametrize(
    "error",
    [
        ValueError("sk_live_CANARY"),
        KeyError("sk_live_CANARY"),
        Unconfirmed("sk_live_CANARY"),
        NotFound("sk_live_CANARY"),
        RecursionError("sk_live_CANARY"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_unforeseen_error_is_transient_and_its_text_nowhere(
    world: World, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    """What nobody foresaw is tried again as INTERNAL; its text, which may quote anything, is neither kept nor logged."""
    world.start()
    fail(world, error, times=4)
    first = world.broker.take()
    for _ in range(4):
        world.deliver(first)
        world.clock.advance(21)
    output = capsys.readouterr()

    assert world.record().error.code == "INTERNAL"
    assert len(letters(world)) == 1
    assert "CANARY" not in json.dumps(world.everything()) + output.out + output.err


@pytest.mark.parametrize(
    "error",
    [Misconfigured("SENDGRID_API_KEY is not set"), InvalidInput((FieldError("x", "BAD", "is bad"),))],
    ids=lambda error: type(error).__name__,
)
def test_misconfiguration_is_not_tried_again_by_itself(world: World, error: Exception) -> None:
    """A wrong setting does not heal in 20 seconds; once it is mended a person retries."""
    world.start()
    fail(world, error)

    assert world.deliver() is ACKNOWLEDGE
    assert (world.record().error.code, world.record().error.retryable) == ("MISCONFIGURED", True)


def test_request_that_vanished(world: World) -> None:
    """Somebody deleted the request: FAILED with words for it, and no attempt wasted on it."""
    from provisioning.ports import Delete

    world.start()
    world.documents.inner.commit([Delete("activation_requests/p1")])

    assert world.deliver() is ACKNOWLEDGE
    assert world.record().error.code == "REQUEST_GONE"
    assert world.probe.calls == []


@pytest.mark.parametrize("crowded", [1, 2])
def test_own_condition_runs_the_step_again_from_its_reads(world: World, crowded: int) -> None:
    """A document of the step's came into being meanwhile: nothing was written, and the step looks again, in the same attempt."""
    from provisioning.ports import Create, Delete

    world.start()
    taken = [Create("made/p1-one", {"by": "another"})]
    for turn in range(crowded + 1):
        world.probe.then["run", "one"].append(
            (lambda _: world.documents.inner.commit(taken)) if turn < crowded else None
        )
        if turn:
            world.probe.first["run", "one"] += [
                lambda _: world.documents.inner.commit([Delete("made/p1-one")])
            ]
        else:
            world.probe.first["run", "one"].append(None)

    assert world.deliver() is ACKNOWLEDGE
    assert world.probe.calls == [("run", "one")] * (crowded + 1)
    assert world.record().steps[0].attempts == 1
    assert world.record().current_step == "two"


def test_own_condition_may_lead_to_a_permanent_end(world: World) -> None:
    """Running again, the step finds the address taken and says so."""
    from provisioning.ports import Create

    world.start()
    world.probe.then["run", "one"].append(
        lambda _: world.documents.inner.commit([Create("made/p1-one", {"by": "another"})])
    )
    world.probe.first["run", "one"] += [None, raising(Permanent("TAKEN", "It is taken"))]

    assert world.deliver() is ACKNOWLEDGE
    assert (world.record().status, world.record().error.code) == ("FAILED", "TAKEN")
    assert json.loads(world.everything()["made/p1-one"]) == {"by": "another"}


def test_own_condition_that_never_holds_is_transient(world: World) -> None:
    """After running three times the attempt counts as failed; nothing of the step's was written."""
    from provisioning.ports import Create

    world.start()
    world.documents.inner.commit([Create("made/p1-one", {"by": "another"})])

    assert world.deliver() is AGAIN
    assert world.probe.calls == [("run", "one")] * 3
    assert world.record().engine.attempt == 1
    assert "CONTENDED" in world.record().log[-1].message


def test_step_that_runs_again_knows_that_it_ran_before(world: World) -> None:
    """Its effect outside may have been made: mail that went out before the conflict must not go out again."""
    from provisioning.ports import Create

    world.start()
    world.documents.inner.commit([Create("made/p1-one", {"by": "another"})])
    world.deliver()

    assert [context.in_doubt for context in world.probe.contexts] == [False, True, True]


@pytest.mark.parametrize(
    "unwritable", [float("nan"), object(), "x" * 2_000_000], ids=["nan", "object", "2 MB"]
)
def test_outcome_that_cannot_be_written(world: World, unwritable: object) -> None:
    """A step's bug in what it wants written ends like any other of its bugs, and does not leave the step to its lease."""
    from dataclasses import replace

    from provisioning.ports import Set
    from provisioning.steps.step import Outcome
    from provisioning.workflow.definition import Workflow

    def run(_: object) -> Outcome:
        return Outcome(writes=(Set("made/p1-bad", {"value": unwritable}),))

    world.engine = world.start_engine(Workflow((replace(world.steps[0], run=run),)))
    world.start()
    first = world.broker.take()
    world.deliver(first)
    waiting = world.record()
    for _ in range(3):
        world.clock.advance(21)
        world.deliver(first)

    assert waiting.engine.owner is None
    assert world.record().status == "FAILED"
    assert world.made() == []


def test_step_out_of_time_does_not_run_on(world: World) -> None:
    """Running again after a conflict needs time too: a step whose budget is used up ends as a failed attempt."""
    from provisioning.ports import Create

    world.start()
    world.documents.inner.commit([Create("made/p1-one", {"by": "another"})])
    world.probe.then["run", "one"].append(lambda _: world.clock.advance(6.1))

    assert world.deliver() is AGAIN
    assert world.probe.calls == [("run", "one")]
    assert "OUT_OF_TIME" in world.record().log[-1].message
