"""Every call may be done although its caller is told otherwise, and every process may die before or after any call."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from provisioning.errors import Transient
from provisioning.steps.step import effect_key
from tests.workflow.world import ACKNOWLEDGE, AGAIN, Killed, World, raising

LOST = ["lost as Conflict", "lost as Transient"]
NAMES = ("one", "two", "three")


def assert_all_done_once(world: World) -> None:
    """COMPLETED, every effect in force, and every document of the steps written once."""
    record = world.record()
    assert record.status == "COMPLETED"
    assert world.probe.receiver.effects == {effect_key("p1", name) for name in NAMES}
    assert world.made() == ["p1-one", "p1-three", "p1-two"]


@pytest.mark.parametrize("how", LOST)
def test_claim_whose_answer_is_lost_goes_on(world: World, how: str) -> None:
    """Our own token is there: the claim was won, and the step runs once, in its first attempt."""
    world.start()
    fault = world.fault(how, "claim")
    assert world.deliver() is ACKNOWLEDGE

    assert fault.fired == 1
    assert world.probe.calls == [("run", "one")]
    assert world.record().steps[0].attempts == 1
    assert world.messages() == [(1, 1)]


@pytest.mark.parametrize("how", LOST)
def test_commit_whose_answer_is_lost_goes_on(world: World, how: str) -> None:
    """Our own token is there: the step is done, is not repeated, and the next one is published."""
    world.start()
    fault = world.fault(how, "commit")
    assert world.deliver() is ACKNOWLEDGE

    assert fault.fired == 1
    assert world.probe.calls == [("run", "one")]
    assert world.messages() == [(1, 1)]
    assert world.documents.writes["p1"] == 3


@pytest.mark.parametrize("how", LOST)
def test_last_commit_whose_answer_is_lost(world: World, how: str) -> None:
    """The end of the workflow is recognised too."""
    world.start()
    world.step_on(2)
    world.fault(how, "commit")

    assert world.deliver() is ACKNOWLEDGE
    assert world.messages() == []
    assert_all_done_once(world)


@pytest.mark.parametrize("how", LOST)
def test_commit_lost_and_the_look_afterwards_fails(world: World, how: str) -> None:
    """Nobody can tell at first: the message stays alive, its redelivery publishes the next step, and nothing runs again."""
    world.start()
    first = world.broker.take()
    world.fault(how, "commit")
    blind = world.fault("Transient", "get")
    assert world.deliver(first) is AGAIN
    assert world.deliver(first) is ACKNOWLEDGE

    assert blind.fired == 1
    assert world.probe.calls == [("run", "one")]
    assert world.messages() == [(1, 1)]


@pytest.mark.parametrize("how", LOST)
def test_claim_lost_and_the_look_afterwards_fails(world: World, how: str) -> None:
    """The claim stands though its owner does not know: when its lease has ended, another goes on."""
    world.start()
    world.fault(how, "claim")
    world.fault("Transient", "get")
    world.settle()

    assert world.record().steps[0].attempts == 2
    assert_all_done_once(world)


@pytest.mark.parametrize("how", LOST)
def test_release_whose_answer_is_lost(world: World, how: str) -> None:
    """A recorded failure counts once, whatever its caller was told."""
    world.start()
    world.probe.first["run", "one"].append(raising(Transient("no answer")))
    world.fault(how, "release")

    assert world.deliver() is AGAIN
    assert world.record().engine.attempt == 1
    assert len([e for e in world.record().log if e.level == "warning"]) == 1


@pytest.mark.parametrize("how", LOST)
def test_failure_whose_answer_is_lost(world: World, how: str) -> None:
    """FAILED is recognised as our own, and acknowledged."""
    world.start()
    world.fault(how, "failure")
    world.fail_permanently()

    assert world.messages() == []


@pytest.mark.parametrize("at", ["get_all", "claim", "release", "failure"])
def test_documents_that_do_not_answer(world: World, at: str) -> None:
    """What was not written is told to nobody as written: the message stays alive."""
    world.start()
    if at != "claim":
        world.probe.first["run", "one"].append(raising(Transient("no answer")))
    if at == "failure":
        from provisioning.errors import Permanent

        world.probe.first["run", "one"] = [raising(Permanent("BROKEN", "It is broken"))]
    fault = world.fault("Transient", at)

    assert world.deliver() is AGAIN
    assert fault.fired == 1


def test_commit_that_surely_was_not_written_is_a_failed_attempt(world: World) -> None:
    """The step released its claim, is tried again, and knows then that its effect may have been made."""
    world.start()
    first = world.broker.pending[0]
    world.fault("Transient", "commit")
    assert world.deliver() is AGAIN
    assert world.record().engine.owner is None
    world.clock.advance(1.1)
    assert world.deliver(first) is ACKNOWLEDGE

    assert [(c.attempt, c.in_doubt) for c in world.probe.contexts] == [(1, False), (2, True)]


@pytest.mark.parametrize(
    ("error", "in_doubt"),
    [
        (Transient("refused"), False),
        (Transient("no answer came", perhaps_done=True), True),
        (ValueError("a bug"), True),
    ],
    ids=["refused", "perhaps done", "unforeseen"],
)
def test_doubt_after_a_failed_attempt(world: World, error: Exception, in_doubt: bool) -> None:
    """A receiver's refusal leaves no doubt; silence and bugs do."""
    world.start()
    world.probe.then["run", "one"].append(raising(error))
    world.settle()

    assert [c.in_doubt for c in world.probe.contexts][:2] == [False, in_doubt]


@pytest.mark.parametrize("unfinished", ["a failed commit", "an unforeseen error"])
def test_doubt_outlives_a_failure_and_a_retry(world: World, unfinished: str) -> None:
    """Hours later a person retries: the step still knows that it may have been done."""
    world.start()
    first = world.broker.take()
    if unfinished == "a failed commit":
        world.fault("Transient", "commit", times=4)
    else:
        world.probe.then["run", "one"] += [raising(ValueError("a bug"))] * 4
    for _ in range(4):
        world.deliver(first)
        world.clock.advance(21)
    assert world.record().status == "FAILED"
    world.clock.advance(3600)
    world.retry()
    world.step_on()

    assert world.probe.contexts[-1].in_doubt
    assert world.record().current_step == "two"


def test_overtaken_commit_stops_and_leaves_nothing(world: World) -> None:
    """A frozen process wakes after another has taken its step over: nothing of its writes comes through."""
    world.start()
    first = world.broker.pending[0]

    def freeze() -> None:
        world.clock.advance(13)
        assert world.deliver(first) is ACKNOWLEDGE

    world.faults.before["commit"].append(freeze)
    before = world.broker.published
    assert world.deliver() is ACKNOWLEDGE

    assert [c.attempt for c in world.probe.contexts] == [1, 2]
    assert json.loads(world.everything()["made/p1-one"])["attempt"] == 2
    assert world.broker.published - before == 1
    assert world.record().steps[0].attempts == 2


def test_overtaken_failure_stops_and_leaves_nothing(world: World) -> None:
    """The error of a process that was overtaken is nobody's error."""
    world.start()
    first = world.broker.pending[0]
    world.probe.then["run", "one"].append(raising(Transient("too late")))

    def freeze() -> None:
        world.clock.advance(13)
        assert world.deliver(first) is ACKNOWLEDGE

    world.faults.before["release"].append(freeze)
    assert world.deliver() is ACKNOWLEDGE

    assert world.record().current_step == "two"
    assert not [e for e in world.record().log if e.level != "info"]


@pytest.mark.parametrize("how", ["Transient", "lost as Transient"])
def test_publish_that_fails_is_repaired_by_redelivery(world: World, how: str) -> None:
    """The step is done, the message is kept, and its redelivery publishes the next one; nothing runs twice."""
    world.start()
    first = world.broker.take()
    fault = world.fault(how, "publish")
    assert world.deliver(first) is AGAIN
    assert world.deliver(first) is ACKNOWLEDGE
    world.settle()

    assert fault.fired == 1
    assert world.probe.calls == [("run", name) for name in NAMES]
    assert_all_done_once(world)


def test_message_that_the_broker_lost(world: World) -> None:
    """The broker took it and lost it; sweep finds the step when its time has passed."""
    world.start()
    world.fault("swallowed", "publish")
    assert world.deliver() is ACKNOWLEDGE
    assert world.messages() == []
    world.settle()

    assert_all_done_once(world)


@pytest.mark.parametrize("hop", range(3))
@pytest.mark.parametrize("at", ["get_all", "claim", "commit", "publish"])
@pytest.mark.parametrize("how", ["crash before", "crash after"])
def test_death_at_any_call_of_any_step(world: World, how: str, at: str, hop: int) -> None:
    """SIGKILL before or after any call: completed all the same, from redelivery alone, within 30 seconds."""
    world.start()
    world.step_on(hop)
    fault = world.fault(how, at)
    begun = world.clock.monotonic()
    world.settle()

    # The last step publishes nothing.
    assert fault.fired == (0 if at == "publish" and hop == 2 else 1)
    assert world.clock.monotonic() - begun < 30
    assert_all_done_once(world)


@pytest.mark.parametrize("hop", range(3))
@pytest.mark.parametrize("function", ["before its effect", "after its effect"])
def test_death_inside_any_step(world: World, function: str, hop: int) -> None:
    """A process that dies in the middle of a step: the step runs again with the same key."""
    world.start()
    planned = world.probe.first if function == "before its effect" else world.probe.then
    planned["run", NAMES[hop]].append(raising(Killed()))
    world.settle()

    assert world.probe.calls.count(("run", NAMES[hop])) == 2
    assert_all_done_once(world)


def test_all_messages_lost_all_the_time(world: World) -> None:
    """Without any message that arrives, sweep's own ones apart, everything still finishes."""
    world.fault("swallowed", "publish", times=1)
    world.start()
    for _ in range(3):
        world.broker.pending.clear()
        world.clock.advance(60)
        assert world.sweep().published == 1
        for message in [*world.broker.pending]:
            world.deliver(message)

    assert_all_done_once(world)


@pytest.mark.parametrize("seed", range(90))
def test_any_schedule(tmp_path: Path, seed: int) -> None:
    """Any mixture of faults, doubled, delayed and reordered messages ends COMPLETED with every effect once, or FAILED with a reason."""
    chance = random.Random(seed)
    # The last third on a runtime whose invocations go on with the next step.
    world = World(tmp_path, goes_on_for=60.0 if seed >= 60 else 0.0)
    hows = [
        "crash before",
        "crash after",
        "Transient",
        "lost as Transient",
        "lost as Conflict",
        "swallowed",
    ]
    usable = {
        "publish": ["crash before", "crash after", "Transient", "lost as Transient", "swallowed"],
        "get": ["crash before", "crash after", "Transient"],
        "get_all": ["crash before", "crash after", "Transient"],
        "query": ["Transient"],
    }
    rate = chance.choice([0.02, 0.1, 0.2])

    def strike(at: str) -> str | None:
        if at == "accept" or chance.random() > rate:
            return None
        return chance.choice(usable.get(at, [h for h in hows if h != "swallowed"]))

    world.start()
    world.faults.random = strike
    for _ in range(200):
        if not world.broker.pending or chance.random() < 0.05:
            world.clock.advance(chance.choice([0.5, 3, 15, 61]))
            try:
                world.sweep()
            except (Killed, Transient):
                continue
        if world.broker.pending:
            message = chance.choice(world.broker.pending)
            if world.deliver(message) is ACKNOWLEDGE and chance.random() > 0.1:
                world.broker.pending.remove(message)
        world.clock.advance(chance.random())
    world.faults.random = lambda at: None
    retries = 0
    world.settle(minutes=30)
    while world.record().status == "FAILED":
        assert world.record().error.retryable
        retries += 1
        world.retry()
        world.settle(minutes=30)

    assert retries <= 1
    assert_all_done_once(world)
    history = [place[:3] for place in world.documents.history["p1"]]
    assert history == sorted(history)
    world.database.close()
