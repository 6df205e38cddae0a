"""Rolled back: undone in reverse, beginning with what may be half done, and never forward again."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from provisioning.errors import Conflict, InvalidInput, NotFound, Permanent, Transient, WrongState
from provisioning.workflow.messages import StepMessage
from tests.workflow.world import ACKNOWLEDGE, AGAIN, Killed, World, raising

NAMES = ("one", "two", "three")


def undone(world: World) -> list[str]:
    return [name for function, name in world.probe.calls if function == "undo"]


def assert_nothing_is_left(world: World) -> None:
    record = world.record()
    assert record.status == "ROLLED_BACK"
    assert (record.current_step, record.completion_percent, record.links) == (None, 0, {})
    assert record.engine.wake_at is None
    assert world.probe.receiver.effects == set()
    assert world.made() == []


def assert_never_forward_after_roll_back(world: World) -> None:
    calls = [function for function, _ in world.probe.calls]
    assert "run" not in calls[calls.index("undo") :]


def completed(world: World) -> None:
    world.start()
    world.step_on(3)


def test_from_failed(world: World) -> None:
    """The failed step may be half done: it is undone first; what never began is skipped."""
    world.start()
    world.step_on()
    world.probe.then["run", "two"].append(raising(Permanent("BROKEN", "It is broken")))
    world.step_on()
    assert world.record().status == "FAILED"
    record = world.roll_back()
    assert (record.status, record.current_step, record.error) == ("ROLLBACK", "two", None)
    assert (record.engine.epoch, record.engine.hop, record.engine.direction) == (2, 0, "undo")
    world.settle()

    assert undone(world) == ["two", "one"]
    assert [step.status for step in world.record().steps] == ["UNDONE", "UNDONE", "SKIPPED"]
    assert_nothing_is_left(world)


def test_from_completed(world: World) -> None:
    """All of it, in reverse; the percentage goes down with it."""
    completed(world)
    world.roll_back(confirm="shop-p1")
    world.settle()
    percents = [place[2] for place in world.documents.history["p1"] if place[0] == 2]

    assert undone(world) == ["three", "two", "one"]
    assert percents == sorted(percents, reverse=True)
    assert world.record().completed_at is None
    assert_nothing_is_left(world)


@pytest.mark.parametrize("confirm", [None, "", "shop", "SHOP-P1", "p1", "store-p1"])
def test_completed_needs_its_confirmation(world: World, confirm: str | None) -> None:
    """A live store is undone only by one who types its subdomain."""
    completed(world)
    before = world.everything()

    with pytest.raises(InvalidInput) as caught:
        world.roll_back(confirm=confirm)
    assert [field.field for field in caught.value.fields] == ["confirm"]
    assert world.everything() == before


def test_between_two_steps(world: World) -> None:
    """Nobody is at work: the first undo begins at once, with the step whose turn it was."""
    world.start()
    world.step_on()
    world.broker.pending.clear()
    world.roll_back()
    assert world.deliver() is ACKNOWLEDGE
    world.settle()

    assert undone(world) == ["two", "one"]
    assert_nothing_is_left(world)


def test_waits_for_the_lease_of_a_running_step(world: World) -> None:
    """While a step runs, its undo is refused; when the lease has ended, it begins, in doubt."""
    world.start()
    world.step_on()
    seen = []

    def ask(_: object) -> None:
        world.roll_back()
        message = world.broker.take()
        seen.append(world.deliver(message))
        world.clock.advance(11.9)
        seen.append(world.deliver(message))
        world.broker.pending.append(message)

    world.probe.first["run", "two"].append(ask)
    assert world.deliver() is ACKNOWLEDGE
    assert seen == [AGAIN, AGAIN]
    assert undone(world) == []
    assert world.record().engine.owner is not None
    world.clock.advance(0.2)
    world.settle()

    assert undone(world) == ["two", "one"]
    assert world.probe.contexts[2].in_doubt
    assert not world.probe.contexts[3].in_doubt
    assert_nothing_is_left(world)
    assert_never_forward_after_roll_back(world)


def test_commit_of_the_running_step_is_refused(world: World) -> None:
    """The step ends after the roll back was asked for: nothing of its writes comes through."""
    world.start()
    world.probe.then["run", "one"].append(lambda _: world.roll_back())
    assert world.deliver() is ACKNOWLEDGE

    assert world.made() == []
    assert (world.record().status, world.record().engine.hop) == ("ROLLBACK", 0)
    world.settle()
    assert_nothing_is_left(world)


@pytest.mark.parametrize("error", [Transient("no answer"), Permanent("BROKEN", "It is broken")])
def test_failure_of_the_running_step_is_refused(world: World, error: Exception) -> None:
    """The step fails after the roll back was asked for: that is nobody's error any more."""
    world.start()

    def fail(_: object) -> None:
        world.roll_back()
        raise error

    world.probe.then["run", "one"].append(fail)
    assert world.deliver() is ACKNOWLEDGE
    world.settle()

    assert_nothing_is_left(world)


def test_forward_messages_of_before_are_ignored(world: World) -> None:
    """Every message of the old epoch, again and again, during and after the roll back."""
    world.start()
    world.step_on(2)
    world.broker.pending.clear()
    world.roll_back()
    old = [StepMessage(provisioning="p1", epoch=1, hop=hop) for hop in range(4)]
    for _ in range(4):
        assert {world.deliver(message) for message in old} == {ACKNOWLEDGE}
        if world.broker.pending:
            world.step_on()

    assert undone(world) == ["three", "two", "one"]
    assert_never_forward_after_roll_back(world)
    assert_nothing_is_left(world)


def test_zombie_that_wakes_after_the_roll_back(world: World) -> None:
    """A forward commit, frozen since before the roll back, comes when all is undone: refused, and nothing is left of it."""
    world.start()

    def all_undone() -> None:
        world.roll_back()
        world.clock.advance(13)
        world.settle()
        assert world.record().status == "ROLLED_BACK"

    world.faults.before["commit"].append(all_undone)
    assert world.deliver() is ACKNOWLEDGE

    assert_nothing_is_left(world)


def test_undo_is_tried_again(world: World) -> None:
    """Undo has the same attempts and delays as run."""
    completed(world)
    world.roll_back(confirm="shop-p1")
    world.probe.first["undo", "three"] += [raising(Transient("no answer"))] * 3
    world.settle()

    assert undone(world) == ["three"] * 4 + ["two", "one"]
    assert_nothing_is_left(world)


def test_undo_out_of_attempts_is_halted(world: World) -> None:
    """ROLLBACK with an error and no `wake_at`: never silently over, with a dead letter for people."""
    completed(world)
    world.roll_back(confirm="shop-p1")
    world.exhaust("undo", "three")
    record = world.record()

    assert (record.status, record.error.code, record.engine.wake_at) == ("ROLLBACK", "NO_ANSWER", None)
    assert record.halted
    assert record.steps[2].status == "FAILED"
    assert len(world.paths("dead_letters")) == 1
    assert world.made() == ["p1-one", "p1-three", "p1-two"]


def test_permanent_error_of_an_undo_halts_at_once(world: World) -> None:
    """One attempt, no dead letter."""
    completed(world)
    world.roll_back(confirm="shop-p1")
    world.probe.first["undo", "three"].append(raising(Permanent("BROKEN", "It is broken")))
    world.step_on()

    assert world.record().halted
    assert undone(world) == ["three"]
    assert world.paths("dead_letters") == []


def test_undo_that_crashes_four_times_is_halted(world: World) -> None:
    """Crashes count here too."""
    completed(world)
    world.roll_back(confirm="shop-p1")
    world.fault("crash before", "commit", times=4)
    world.settle()

    assert world.record().halted
    assert world.record().error.code == "INTERRUPTED"


def halted(world: World) -> None:
    completed(world)
    world.roll_back(confirm="shop-p1")
    world.exhaust("undo", "three")


def test_halted_ignores_messages(world: World) -> None:
    """Nothing moves until a person asks for it."""
    halted(world)
    before = world.everything()
    for hop in range(3):
        assert world.deliver(StepMessage(provisioning="p1", epoch=2, hop=hop)) is ACKNOWLEDGE

    assert world.everything() == before


def test_retry_of_a_halted_roll_back_is_refused(world: World) -> None:
    """It must not go forward again."""
    halted(world)

    with pytest.raises(WrongState):
        world.retry()


def test_halted_is_resumed_by_rolling_back_again(world: World) -> None:
    """From the undo that failed, in a new epoch, without confirmation; its dead letter is closed."""
    halted(world)
    record = world.roll_back()
    assert (record.current_step, record.engine.epoch, record.error) == ("three", 3, None)
    world.settle()

    assert undone(world) == ["three"] * 5 + ["two", "one"]
    assert [json.loads(world.everything()[p])["status"] for p in world.paths("dead_letters")] == ["CLOSED"]
    assert_nothing_is_left(world)


@pytest.mark.parametrize("state", ["PENDING", "ROLLBACK", "ROLLED_BACK", "rejected"])
def test_states_that_cannot_be_rolled_back(world: World, state: str) -> None:
    """They say so, and stay as they are."""
    if state == "rejected":
        from provisioning.workflow.requests import accept

        accept(world.engine, world.submit(subdomain="-"))
    else:
        world.start()
    if state in ("ROLLBACK", "ROLLED_BACK"):
        world.step_on()
        world.broker.pending.clear()
        world.roll_back()
    if state == "ROLLED_BACK":
        world.step_on(2)
    before = world.everything()

    with pytest.raises(WrongState):
        world.roll_back()
    assert world.everything() == before


def test_unknown_provisioning(world: World) -> None:
    """There is nothing of this name."""
    with pytest.raises(NotFound):
        world.roll_back("nobody")


def test_double_click_has_one_winner(world: World) -> None:
    """Another's roll back comes between our read and our write: one epoch more."""
    world.start()
    world.fail_permanently()
    world.faults.before["order"].append(lambda: world.roll_back())

    with pytest.raises(WrongState) as caught:
        world.roll_back()
    assert caught.value.code == "CHANGED_MEANWHILE"
    assert world.record().engine.epoch == 2


def test_retry_and_roll_back_at_once_have_one_winner(world: World) -> None:
    """Whoever comes second is told, and nothing of both is mixed."""
    world.start()
    world.fail_permanently()
    world.faults.before["order"].append(lambda: world.roll_back())

    with pytest.raises(WrongState):
        world.retry()
    assert world.record().status == "ROLLBACK"
    world.settle()
    assert_nothing_is_left(world)


@pytest.mark.parametrize("how", ["lost as Conflict", "lost as Transient"])
def test_lost_answer_is_recognised(world: World, how: str) -> None:
    """The roll back was written: its caller is told so."""
    world.start()
    world.fail_permanently()
    world.fault(how, "order")

    assert world.roll_back().status == "ROLLBACK"
    assert world.messages() == [(2, 0)]


def test_does_not_undo_what_another_changed_meanwhile(world: World) -> None:
    """An undo's own condition fails: it runs again from its reads, like a run."""
    completed(world)
    world.roll_back(confirm="shop-p1")
    world.fault("Conflict", "commit")
    world.step_on()

    assert undone(world) == ["three", "three"]
    assert world.record().current_step == "two"


@pytest.mark.parametrize("hop", range(3))
@pytest.mark.parametrize("at", ["get_all", "claim", "commit", "publish"])
@pytest.mark.parametrize("how", ["crash before", "crash after"])
def test_death_at_any_call_of_any_undo(world: World, how: str, at: str, hop: int) -> None:
    """Undone in reverse all the same, and nothing is left."""
    completed(world)
    world.roll_back(confirm="shop-p1")
    world.step_on(hop)
    fault = world.fault(how, at)
    world.settle()
    order = [name for place, name in enumerate(undone(world)) if name not in undone(world)[:place]]

    assert fault.fired == (0 if at == "publish" and hop == 2 else 1)
    assert order == ["three", "two", "one"]
    assert_nothing_is_left(world)


def test_a_step_that_came_with_a_deploy_is_not_undone(world: World) -> None:
    """A store that was made before the step existed: there is nothing of it to undo, and the roll back goes on."""
    from provisioning.workflow.definition import Workflow

    completed(world)
    one, two, three = world.steps
    world.engine = world.start_engine(Workflow((one, world.probe.step("new", 50), two, three)))
    world.roll_back(confirm="shop-p1")
    world.settle()

    assert undone(world) == ["three", "two", "one"]
    assert_nothing_is_left(world)


def test_a_step_that_came_with_a_deploy_is_run(world: World) -> None:
    """An activation under way meets a step that its document does not list: it is listed, run, and the rest follows."""
    from provisioning.workflow.definition import Workflow

    world.start()
    world.step_on()
    one, two, three = world.steps
    world.engine = world.start_engine(Workflow((one, two, world.probe.step("new", 80), three)))
    world.settle()

    assert world.probe.calls == [("run", name) for name in ("one", "two", "new", "three")]
    assert [(s.name, s.status) for s in world.record().steps] == [
        (name, "COMPLETED") for name in ("one", "two", "new", "three")
    ]


@pytest.mark.parametrize("seed", range(60))
def test_any_schedule(tmp_path: Path, seed: int) -> None:
    """A roll back at any moment of any faulty schedule: afterwards nothing goes forward, and nothing is left."""
    chance = random.Random(seed)
    # The last third on a runtime whose invocations go on with the next step.
    world = World(tmp_path, goes_on_for=60.0 if seed >= 40 else 0.0)
    faults = ["crash before", "crash after", "Transient", "lost as Transient"]
    commits = [*faults, "lost as Conflict"]

    def strike(at: str) -> str | None:
        if at in ("accept", "query", "get") or chance.random() > 0.1:
            return None
        return chance.choice(
            commits if at in ("claim", "commit and claim", "commit", "release", "failure") else faults
        )

    world.start()
    world.faults.random = strike
    ask_at = chance.randrange(1, 25)
    asked = None
    for turn in range(120):
        if (
            turn >= ask_at
            and asked is None
            and world.record().status in ("IN_PROGRESS", "FAILED", "COMPLETED")
        ):
            try:
                world.roll_back(confirm="shop-p1")
                asked = len(world.probe.calls)
            except (Transient, Conflict, Killed):
                asked = len(world.probe.calls) if world.record().status == "ROLLBACK" else None
        if not world.broker.pending:
            world.clock.advance(chance.choice([3, 15]))
            try:
                world.sweep()
            except Killed:
                continue
        elif world.deliver(message := chance.choice(world.broker.pending)) is ACKNOWLEDGE:
            world.broker.pending.remove(message)
        world.clock.advance(chance.random() * 3)
    world.faults.random = lambda at: None
    if asked is None:
        world.settle()
        asked = len(world.probe.calls)
        world.roll_back(confirm="shop-p1")
    world.settle(minutes=30)
    if world.record().halted:
        world.roll_back()
        world.settle(minutes=30)

    assert {function for function, _ in world.probe.calls[asked:]} <= {"undo"}
    assert_nothing_is_left(world)
    world.database.close()
