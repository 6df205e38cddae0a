"""An invocation may go on with the next step itself: fewer writes and messages, and nothing else that anybody could tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from provisioning.errors import Permanent, Transient
from provisioning.steps.step import effect_key
from tests.workflow.world import ACKNOWLEDGE, AGAIN, Killed, World, raising

NAMES = ("one", "two", "three")
LOST = ["lost as Conflict", "lost as Transient"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three steps, all of which one invocation may carry out."""
    world = World(tmp_path, goes_on_for=60.0)
    yield world
    world.database.close()


def assert_all_done_once(world: World) -> None:
    """COMPLETED, every effect in force, and every document of the steps written once."""
    assert world.record().status == "COMPLETED"
    assert world.probe.receiver.effects == {effect_key("p1", name) for name in NAMES}
    assert world.made() == ["p1-one", "p1-three", "p1-two"]


def test_one_message_brings_all_steps_about(world: World) -> None:
    """A claim, a write between each two steps, and the end: one each for the steps, and two more with the beginning."""
    world.start()
    assert world.deliver() is ACKNOWLEDGE

    assert world.probe.calls == [("run", name) for name in NAMES]
    assert (world.messages(), world.broker.published) == ([], 1)
    assert world.documents.writes["p1"] == len(NAMES) + 2
    assert_all_done_once(world)


def test_each_step_is_recorded_as_by_a_chain_of_messages(world: World, tmp_path: Path) -> None:
    """Attempts, times, log, keys and places are what they would be, but that a step is claimed in the write that begins it."""
    (tmp_path / "chain").mkdir()
    chain = World(tmp_path / "chain")
    for each in (world, chain):
        each.start()
        each.settle()
    ours, theirs = world.record(), chain.record()
    leaves_out = {"engine": {"commit_token"}} | dict.fromkeys(
        ("started_at", "completed_at", "updated_at", "requested_at"), True
    )
    steps = {step: {"started_at", "finished_at"} for step in range(len(NAMES))}
    log = {line: {"at"} for line in range(len(ours.log))}
    excluded = leaves_out | {"steps": steps, "log": log}

    assert ours.model_dump(exclude=excluded) == theirs.model_dump(exclude=excluded)
    assert [(c.attempt, c.in_doubt, c.refs) for c in world.probe.contexts] == [
        (c.attempt, c.in_doubt, c.refs) for c in chain.probe.contexts
    ]
    assert all(step.started_at and step.finished_at and step.attempts == 1 for step in ours.steps)


def test_whoever_looks_sees_each_step_at_work(world: World) -> None:
    """While the second step runs, the first is done and the second claimed, with a lease of its own."""
    seen = []
    world.start()
    world.probe.first["run", "two"].append(lambda _: seen.append(world.record()))
    world.step_on()
    record = seen[0]

    assert (record.status, record.current_step, record.completion_percent) == ("IN_PROGRESS", "two", 33)
    assert [s.status for s in record.steps] == ["COMPLETED", "IN_PROGRESS", "PENDING"]
    assert [s.attempts for s in record.steps] == [1, 1, 0]
    assert (record.engine.hop, record.engine.attempt) == (1, 1)
    assert record.engine.owner is not None and record.engine.wake_at > record.updated_at


def test_every_step_has_its_whole_budget(world: World) -> None:
    """However long those before it took."""
    world.start()
    world.probe.then["run", "one"].append(lambda _: world.clock.advance(5))
    world.step_on()

    assert world.probe.contexts[1].deadline.remaining() == pytest.approx(6.0)
    assert world.record().status == "COMPLETED"


def test_what_takes_long_goes_back_to_the_queue(tmp_path: Path) -> None:
    """Once the time is up, the next step is left to a message, and nobody owns it."""
    world = World(tmp_path, goes_on_for=1.0)
    world.start()
    world.probe.then["run", "two"].append(lambda _: world.clock.advance(1.0))
    world.step_on()

    assert world.probe.calls == [("run", "one"), ("run", "two")]
    assert world.messages() == [(1, 2)]
    assert world.record().engine.owner is None
    world.step_on()
    assert_all_done_once(world)


def test_an_undo_goes_on_too(world: World) -> None:
    """All of it, in reverse, by one message."""
    world.start()
    world.step_on()
    world.roll_back(confirm="shop-p1")
    published = world.broker.published
    world.settle()

    assert world.broker.published == published
    assert world.probe.calls[3:] == [("undo", name) for name in reversed(NAMES)]
    assert (world.record().status, world.made()) == ("ROLLED_BACK", [])


@pytest.mark.parametrize("skip", range(2))
@pytest.mark.parametrize("how", LOST)
def test_a_write_between_two_steps_whose_answer_is_lost(world: World, how: str, skip: int) -> None:
    """Our own token is there, at the next step: that is claimed, and nothing runs twice."""
    world.start()
    fault = world.fault(how, "commit and claim", skip=skip)
    assert world.deliver() is ACKNOWLEDGE

    assert fault.fired == 1
    assert world.probe.calls == [("run", name) for name in NAMES]
    assert_all_done_once(world)


@pytest.mark.parametrize("how", LOST)
def test_a_write_between_two_steps_lost_and_the_look_afterwards_fails(world: World, how: str) -> None:
    """Nobody can tell: a message is kept for where it may stand, and when the lease has ended, another goes on."""
    world.start()
    world.fault(how, "commit and claim", skip=1)
    world.fault("Transient", "get")
    assert world.deliver() is AGAIN
    world.settle()

    assert world.probe.calls.count(("run", "one")) == world.probe.calls.count(("run", "two")) == 1
    assert_all_done_once(world)


@pytest.mark.parametrize("skip", range(2))
@pytest.mark.parametrize("how", ["crash before", "crash after"])
def test_death_between_two_steps(world: World, how: str, skip: int) -> None:
    """What is left is a claim whose owner is gone: sweep's look finds it, without any message."""
    world.start()
    fault = world.fault(how, "commit and claim", skip=skip)
    assert world.deliver() is None
    world.broker.pending.clear()
    world.settle()

    assert fault.fired == 1
    assert_all_done_once(world)


@pytest.mark.parametrize("name", NAMES)
def test_death_inside_any_step(world: World, name: str) -> None:
    """The step runs again with the same key; those before it do not."""
    world.start()
    world.probe.then["run", name].append(raising(Killed()))
    world.settle()

    assert [world.probe.calls.count(("run", each)) for each in NAMES] == [
        2 if each == name else 1 for each in NAMES
    ]
    assert_all_done_once(world)


def test_a_later_step_that_fails_is_tried_again_in_time(world: World) -> None:
    """The message of the first step is old by then: one of the step's own is kept, and comes when the second is over, without sweep."""
    world.start()
    world.probe.first["run", "two"].append(raising(Transient("no answer", code="NO_ANSWER")))
    first = world.broker.take()
    assert world.deliver(first) is ACKNOWLEDGE
    assert world.messages() == [(1, 1)]
    assert world.deliver(world.broker.pending[0]) is AGAIN
    world.clock.advance(1.0)
    assert world.deliver(world.broker.take()) is ACKNOWLEDGE

    assert world.probe.calls == [("run", name) for name in ("one", "two", "two", "three")]
    assert_all_done_once(world)


def test_a_later_step_that_fails_while_the_broker_is_away(world: World) -> None:
    """Nothing can be kept for it: the first message stays alive, and sweep looks when the next attempt is due."""
    world.start()
    world.probe.first["run", "two"].append(raising(Transient("no answer", code="NO_ANSWER")))
    world.fault("Transient", "publish")
    message = world.broker.take()
    assert world.deliver(message) is AGAIN
    world.clock.advance(60)
    world.sweep()
    world.settle()

    assert_all_done_once(world)


def test_a_later_step_out_of_attempts_is_a_failure(world: World) -> None:
    """Four of its own, whoever made them; one dead letter, of the step's own place."""
    world.start()
    world.probe.first["run", "two"] += [raising(Transient("no answer", code="NO_ANSWER"))] * 4
    world.settle()
    record = world.record()

    assert (record.status, record.error.code, record.error.step) == ("FAILED", "NO_ANSWER", "two")
    assert world.probe.calls.count(("run", "two")) == 4
    assert len(world.paths("dead_letters")) == 1
    world.retry()
    world.settle()
    assert_all_done_once(world)


def test_a_roll_back_while_a_later_step_runs(world: World) -> None:
    """Its write is refused, so that neither it nor the next step comes about; what was done is undone."""
    world.start()
    world.probe.then["run", "two"].append(lambda _: world.roll_back())
    world.broker.pending[:], first = [], world.broker.pending[0]
    assert world.deliver(first) is ACKNOWLEDGE

    assert world.made() == ["p1-one"]
    assert ("run", "three") not in world.probe.calls
    world.settle()
    assert (world.record().status, world.made()) == ("ROLLED_BACK", [])
    assert world.probe.receiver.effects == set()


def test_duplicates_of_the_message_do_nothing(world: World) -> None:
    """Neither while a later step runs, nor when all is over."""
    world.start()
    message = world.broker.pending[0]
    verdicts = []
    world.probe.first["run", "two"].append(lambda _: verdicts.append(world.deliver(message)))
    world.step_on()
    verdicts.append(world.deliver(message))

    assert verdicts == [ACKNOWLEDGE, ACKNOWLEDGE]
    assert world.messages() == []
    assert world.probe.calls == [("run", name) for name in NAMES]


def test_what_follows_a_commit_that_was_waited_for_is_later_than_it(world: World) -> None:
    """
    Who watches takes what is not later for an answer that was late, and would show the step at work for ever.

    The clock is carried on from the moment before a commit: while the disk is busy it is ahead by what the commit waited for.
    """
    seen: list[datetime] = []
    world.start()
    world.faults.before["commit and claim"].append(lambda: world.clock.advance(0.05))
    world.probe.first["run", "three"].append(lambda _: seen.append(world.record().updated_at))
    world.probe.then["run", "three"].append(raising(Permanent("NO", "It is refused")))
    world.deliver()

    record = world.record()
    assert record.status == "FAILED"
    assert record.updated_at > seen[0]
    assert all(step.finished_at >= step.started_at for step in record.steps if step.finished_at)
