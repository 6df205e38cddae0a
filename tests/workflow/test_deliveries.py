"""Messages come twice, at once, late and in the wrong order; each step still runs once at a time, and none is lost."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from provisioning.workflow.messages import StepMessage
from tests.workflow.world import ACKNOWLEDGE, AGAIN, World


def message(epoch: int, hop: int, id: str = "p1") -> StepMessage:
    return StepMessage(provisioning=id, epoch=epoch, hop=hop)


def deliver_at_once(world: World, messages: list[StepMessage]) -> list:
    barrier = threading.Barrier(len(messages))

    def deliver(one: StepMessage):
        barrier.wait()
        return world.deliver(one)

    with ThreadPoolExecutor(len(messages)) as threads:
        return list(threads.map(deliver, messages))


@pytest.mark.parametrize("copies", [2, 8])
def test_claim_race_has_one_winner(world: World, copies: int) -> None:
    """Of deliveries that race for one step, one runs it; the others keep their message alive, or find it done."""
    world.start()
    verdicts = deliver_at_once(world, [world.broker.take()] * copies)

    assert world.probe.calls.count(("run", "one")) == 1
    assert ACKNOWLEDGE in verdicts
    assert world.record().steps[0].attempts == 1


def test_loser_of_a_claim_keeps_the_message_alive(world: World) -> None:
    """Whoever reads the free step and then loses it must not acknowledge: the winner may die."""
    world.start()
    first = world.broker.take()
    world.faults.before["claim"].append(lambda: world.deliver(first))

    assert world.deliver(first) is AGAIN
    assert world.probe.calls == [("run", "one")]


def test_fifty_parallel_deliveries(world: World) -> None:
    """Fifty copies of the first message at once run each step once in all, whatever is redelivered."""
    world.start()
    first = world.broker.take()
    verdicts = deliver_at_once(world, [first] * 50)
    world.broker.pending += [first for verdict in verdicts if verdict is AGAIN]
    world.settle()

    assert Counter(world.probe.calls) == {("run", n): 1 for n in ("one", "two", "three")}
    assert world.record().status == "COMPLETED"
    assert world.documents.writes["p1"] == 7


def test_expired_lease_is_raced_for_once(world: World) -> None:
    """Two deliveries that find the same lease expired: one takes the step over."""
    world.start()
    first = world.broker.pending[0]
    world.fault("crash before", "commit")
    world.deliver()
    world.clock.advance(13)
    deliver_at_once(world, [first] * 6)

    assert world.probe.calls == [("run", "one")] * 2
    assert world.record().steps[0].attempts == 2


def test_duplicate_of_a_done_step_changes_nothing(world: World) -> None:
    """The same message again, when the next step is at work: no effect and no write."""
    world.start()
    first = world.broker.pending[0]
    world.step_on()
    seen = []
    world.probe.first["run", "two"].append(lambda _: seen.append(world.deliver(first)))
    world.step_on()

    assert seen == [ACKNOWLEDGE]
    assert world.documents.writes["p1"] == 5
    assert world.messages() == [(1, 2)]


def test_lower_hop_publishes_again_what_nobody_works_on(world: World) -> None:
    """The publish after a commit was lost; the old message's redelivery repairs it."""
    world.start()
    first = world.broker.pending[0]
    world.step_on()
    world.broker.pending.clear()

    assert world.deliver(first) is ACKNOWLEDGE
    assert world.messages() == [(1, 1)]
    assert world.probe.calls == [("run", "one")]


def test_lower_hop_publishes_again_when_the_owner_is_gone(world: World) -> None:
    """An expired lease is nobody's."""
    world.start()
    first = world.broker.pending[0]
    world.step_on()
    world.fault("crash before", "commit")
    world.deliver()
    world.clock.advance(11)
    assert world.deliver(first) is ACKNOWLEDGE
    assert world.messages() == []
    world.clock.advance(2)

    assert world.deliver(first) is ACKNOWLEDGE
    assert world.messages() == [(1, 1)]


def test_lower_hop_waits_until_it_is_due(world: World) -> None:
    """A step that waits for its next attempt is not hurried by an old message."""
    from provisioning.errors import Transient
    from tests.workflow.world import raising

    world.start()
    first = world.broker.pending[0]
    world.step_on()
    world.probe.first["run", "two"].append(raising(Transient("no answer")))
    assert world.deliver() is AGAIN
    assert world.deliver(first) is ACKNOWLEDGE
    assert world.messages() == []
    world.clock.advance(1.1)

    assert world.deliver(first) is ACKNOWLEDGE
    assert world.messages() == [(1, 1)]


def test_failed_repair_is_tried_again(world: World) -> None:
    """When publishing again fails too, the old message stays alive."""
    world.start()
    first = world.broker.pending[0]
    world.step_on()
    world.broker.pending.clear()
    world.fault("Transient", "publish")

    assert world.deliver(first) is AGAIN
    assert world.deliver(first) is ACKNOWLEDGE
    assert world.messages() == [(1, 1)]


@pytest.mark.parametrize(("epoch", "hop"), [(1, 1), (1, 7), (2, 0), (9, 9)])
def test_higher_hop_or_epoch_waits(world: World, epoch: int, hop: int) -> None:
    """A message ahead of the document is kept alive, and does nothing."""
    world.start()

    assert world.deliver(message(epoch, hop)) is AGAIN
    assert world.probe.calls == []
    assert world.documents.writes["p1"] == 1


def test_older_epoch_is_ignored(world: World) -> None:
    """A retry voids every message of before, even one whose hop is the document's."""
    world.start()
    world.fail_permanently()
    world.retry()
    before = world.snapshot("provisionings/p1")

    assert world.deliver(message(1, 0)) is ACKNOWLEDGE
    assert world.deliver(message(1, 5)) is ACKNOWLEDGE
    assert world.snapshot("provisionings/p1").update_time == before.update_time
    assert world.messages() == [(2, 0)]


def test_finished_provisioning_ignores_everything(world: World) -> None:
    """Every message of the past, a week later: nothing is written, published or run."""
    world.start()
    world.step_on(3)
    before = world.snapshot("provisionings/p1")
    world.clock.advance(8 * 24 * 3600)

    assert {world.deliver(message(1, hop)) for hop in range(4)} == {ACKNOWLEDGE}
    assert world.snapshot("provisionings/p1").update_time == before.update_time
    assert world.messages() == []
    assert len(world.probe.calls) == 3


def test_live_lease_keeps_the_message_alive(world: World) -> None:
    """While a step is at work, another delivery of its message is refused."""
    world.start()
    first = world.broker.pending[0]
    seen = []
    world.probe.first["run", "one"].append(lambda _: seen.append(world.deliver(first)))
    world.step_on()

    assert seen == [AGAIN]
    assert world.probe.calls == [("run", "one")]


def test_expired_lease_is_taken_over_in_doubt(world: World) -> None:
    """Nobody takes a live lease; whoever takes over a dead one knows that the step may be half done."""
    world.start()
    first = world.broker.pending[0]
    world.fault("crash before", "commit")
    assert world.deliver() is None
    world.clock.advance(11.9)
    assert world.deliver(first) is AGAIN
    world.clock.advance(0.2)
    assert world.deliver(first) is ACKNOWLEDGE

    assert [(c.attempt, c.in_doubt) for c in world.probe.contexts] == [(1, False), (2, True)]
    assert world.record().steps[0].attempts == 2


def test_doubt_ends_with_its_step(world: World) -> None:
    """The next step begins without doubt."""
    world.start()
    world.fault("crash before", "commit")
    world.settle()

    assert [c.in_doubt for c in world.probe.contexts] == [False, True, False, False]


@pytest.mark.parametrize("skew", [-600.0, 600.0])
def test_skewed_process_steals_no_lease(world: World, skew: float) -> None:
    """A lease is measured with the server's times alone: a process whose own clock is off neither steals nor waits longer."""
    from dataclasses import replace

    world.start()
    first = world.broker.pending[0]
    world.fault("crash before", "commit")
    world.deliver()
    world.engine = replace(world.engine, monotonic=lambda: world.clock.monotonic() + skew)
    world.clock.advance(11.9)
    assert world.deliver(first) is AGAIN
    world.clock.advance(0.2)

    assert world.deliver(first) is ACKNOWLEDGE


def test_reversed_order(world: World) -> None:
    """All messages of the whole chain delivered backwards, over and over: each step runs once, in order."""
    world.start()
    for _ in range(4):
        for hop in (2, 1, 0):
            world.deliver(message(1, hop))

    assert world.probe.calls == [("run", "one"), ("run", "two"), ("run", "three")]
    assert world.record().status == "COMPLETED"


def test_unknown_provisioning_is_filed_once(world: World) -> None:
    """A message of nothing is acknowledged and leaves one record, however often it comes; nothing is created."""
    for _ in range(3):
        assert world.deliver(message(1, 0, "nobody")) is ACKNOWLEDGE

    assert len(world.paths("dead_letters")) == 1
    assert world.paths("provisionings") == []


def test_step_that_this_version_does_not_know_keeps_its_message(world: World) -> None:
    """While a newer version is rolled out, an old process leaves its work alone and does not lose the message."""
    from provisioning.workflow.definition import Workflow

    world.start()
    world.step_on()
    newer, world.engine = world.engine, world.start_engine(Workflow((world.steps[0], world.steps[2])))
    second = world.broker.pending[0]
    assert world.deliver() is AGAIN
    world.engine = newer

    assert world.deliver(second) is ACKNOWLEDGE
    assert world.probe.calls[-1] == ("run", "two")
