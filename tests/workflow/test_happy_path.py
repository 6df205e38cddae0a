"""Without any fault, the steps run once each, in their order, with two writes each and one for the beginning."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.errors import Transient
from provisioning.steps.step import Outcome, StepContext, effect_key
from provisioning.workflow.definition import ACTIVATION
from tests.workflow.world import ACKNOWLEDGE, World, seconds


def test_steps_run_once_in_order(world: World) -> None:
    """Each step runs once, and the provisioning is COMPLETED."""
    world.start()
    world.step_on(3)

    assert world.probe.calls == [("run", "one"), ("run", "two"), ("run", "three")]
    assert world.record().status == "COMPLETED"
    assert world.broker.pending == []


def test_two_writes_a_step_and_one(tmp_path: Path) -> None:
    """Seven steps write the provisioning 15 times: the beginning, and a claim and a commit for each."""
    world = World(tmp_path, [step.name for step in ACTIVATION.steps])
    world.start()
    world.step_on(7)

    assert world.record().status == "COMPLETED"
    assert world.documents.writes["p1"] == 15


def test_one_message_for_each_step(world: World) -> None:
    """What is published is what is needed, and no more."""
    world.start()
    world.settle()

    assert world.broker.published == 3


def test_document_while_a_step_runs(world: World) -> None:
    """People see at once which step is at work, in which attempt, and since when."""
    seen = []
    world.start()
    world.probe.first["run", "two"].append(lambda _: seen.append(world.record()))
    world.step_on(2)
    record = seen[0]

    assert (record.status, record.current_step, record.completion_percent) == ("IN_PROGRESS", "two", 33)
    assert [s.status for s in record.steps] == ["COMPLETED", "IN_PROGRESS", "PENDING"]
    assert [s.attempts for s in record.steps] == [1, 1, 0]
    assert record.engine.owner is not None
    assert record.started_at is not None
    assert record.completed_at is None


def test_next_step_shows_as_begun_in_the_same_write(world: World) -> None:
    """The commit of one step already shows the next one at work, so that no one sees a gap."""
    world.start()
    world.step_on()
    record = world.record()

    assert record.current_step == "two"
    assert record.steps[1].status == "IN_PROGRESS"
    assert record.steps[1].started_at == record.steps[0].finished_at


def test_document_when_it_is_over(world: World) -> None:
    """The document holds all that the steps left, and nobody is asked to look again."""
    world.start()
    world.settle()
    record = world.record()

    assert (record.current_step, record.completion_percent, record.error) == (None, 100, None)
    assert record.completed_at is not None
    assert record.links == {n: f"http://{n}.localhost" for n in ("one", "two", "three")}
    assert [entry.message for entry in record.log][1:] == ["one is made", "two is made", "three is made"]
    assert record.engine.wake_at is None
    assert record.engine.owner is None
    assert [e["step"] for e in record.engine.effects] == ["one", "two", "three"]
    assert world.made() == ["p1-one", "p1-three", "p1-two"]


def test_steps_are_given_their_key_and_what_was_left_for_them(world: World) -> None:
    """A step finds the refs of earlier ones, and its own key."""
    world.start()
    world.settle()
    last = world.probe.contexts[-1]

    assert last.refs == {name: effect_key("p1", name) for name in ("one", "two")}
    assert last.effect_key == effect_key("p1", "three")
    assert (last.attempt, last.in_doubt) == (1, False)
    assert last.deadline.remaining() == pytest.approx(6.0)
    assert last.request.store_id == "store-p1"


def test_documents_only_move_forward(world: World) -> None:
    """Seen in the order of its writes, neither (epoch, hop) nor the percentage ever goes back."""
    world.start()
    world.settle()
    history = world.documents.history["p1"]

    assert history == sorted(history, key=lambda place: place[:3])
    assert [place[2] for place in history] == [0, 0, 33, 33, 66, 66, 100]


def test_unfinished_provisioning_always_says_when_to_look_again(world: World) -> None:
    """After every write of an unfinished provisioning `wake_at` is set, and in the future."""
    wakes = []
    world.start()
    for place in ("claim", "commit") * 2:
        world.faults.before[place].append(lambda: wakes.append(world.record().engine.wake_at))
    started = world.snapshot("provisionings/p1").update_time
    world.step_on(2)

    assert len(wakes) == 4
    assert all(wake > started for wake in wakes)


def test_claim_lasts_until_the_lease_and_a_moment_more(world: World) -> None:
    """Sweep looks after the lease's end, so that the broker's own redelivery comes first."""
    seen = []
    world.start()
    world.probe.first["run", "one"].append(lambda _: seen.append(world.record()))
    world.step_on()

    assert seconds(12) < seen[0].engine.wake_at - seen[0].updated_at < seconds(20)


def test_two_provisionings_do_not_touch_each_other(world: World) -> None:
    """Messages in any mixture move each provisioning for itself."""
    world.start("p1")
    world.start("p2")
    for _ in range(3):
        for message in list(world.broker.pending):
            world.broker.pending.remove(message)
            assert world.deliver(message) is ACKNOWLEDGE

    assert world.record("p1").status == world.record("p2").status == "COMPLETED"
    assert len(world.made()) == 6


def test_step_with_a_longer_budget_has_a_longer_lease(world: World, tmp_path: Path) -> None:
    """A step may declare its own budget; its lease is twice that."""
    from provisioning.workflow.definition import Workflow

    slow = world.probe.step("slow", 100, budget=30.0)
    world.engine = world.start_engine(Workflow((slow,)))
    world.start()
    message = world.broker.pending[0]
    world.fault("crash before", "commit")
    assert world.deliver() is None
    world.clock.advance(59)
    first = world.deliver(message)
    world.clock.advance(2)

    assert first.value == 503
    assert world.deliver(message) is ACKNOWLEDGE
    assert world.probe.contexts[0].deadline.at == pytest.approx(30.0)


def test_a_step_that_is_unfinished_takes_another_turn(world: World) -> None:
    """Each turn is a hop of its own, with what the one before left behind and with all attempts; progress and percent stay the step's."""
    from provisioning.workflow.definition import Workflow

    turns = [Outcome(unfinished=True, refs={"made": n}, log=(f"part {n}",)) for n in (1, 2)]
    step = world.probe.step("large", 100)
    seen: list[tuple[object, int]] = []

    def run(context: StepContext) -> Outcome:
        seen.append((context.refs.get("made"), context.attempt))
        if len(seen) == 2:
            raise Transient("busy")
        return turns.pop(0) if turns else Outcome(refs={"made": None})

    world.engine = world.start_engine(Workflow((replace(step, run=run),)))
    world.start()
    world.deliver()
    between = world.record()
    world.settle()
    record = world.record()

    assert (between.status, between.current_step, between.completion_percent) == ("IN_PROGRESS", "large", 0)
    assert between.engine.owner is None and between.engine.wake_at is not None
    assert seen == [(None, 1), (1, 1), (1, 2), (2, 1)]
    assert (record.status, record.completion_percent, record.engine.hop) == ("COMPLETED", 100, 3)
    assert [entry.message for entry in record.log if entry.message.startswith("part")] == ["part 1", "part 2"]
