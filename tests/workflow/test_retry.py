"""A person retries: a new epoch goes on from the step that failed, and keeps what is done."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from provisioning.errors import NotFound, Transient, WrongState
from provisioning.ports import Delete
from tests.workflow.world import ACKNOWLEDGE, Killed, World, raising


def letters(world: World) -> list[dict]:
    return [json.loads(data) for path, data in world.everything().items() if path.startswith("dead_letters/")]


def test_goes_on_from_the_failed_step(world: World) -> None:
    """What is done is not done again; the effect keys stay the same."""
    world.start()
    world.step_on()
    world.fail_permanently(at="two")
    record = world.retry()
    assert (record.status, record.current_step, record.error) == ("IN_PROGRESS", "two", None)
    assert (record.engine.epoch, record.engine.hop, record.engine.attempt) == (2, 0, 0)
    assert (record.retry_count, record.steps[1].attempts, record.steps[1].status) == (1, 0, "IN_PROGRESS")
    world.settle()

    assert world.probe.calls == [("run", name) for name in ("one", "two", "two", "three")]
    assert world.record().status == "COMPLETED"
    assert world.probe.contexts[1].effect_key == world.probe.contexts[2].effect_key


def test_attempts_begin_anew(world: World) -> None:
    """After a retry there are four attempts again."""
    world.start()
    world.exhaust()
    world.retry()
    world.exhaust()

    assert world.record().status == "FAILED"
    assert len(world.probe.calls) == 8
    assert world.retry().retry_count == 2


def test_closes_the_dead_letter_it_overtakes(world: World) -> None:
    """In the same batch; the next failure files another."""
    world.start()
    world.exhaust()
    world.retry()
    assert [(x["status"], x["closed_by"]) for x in letters(world)] == [("CLOSED", "retry")]
    world.exhaust()

    assert sorted(x["status"] for x in letters(world)) == ["CLOSED", "OPEN"]
    assert {x["epoch"] for x in letters(world)} == {1, 2}


def test_dead_letter_that_was_removed_does_not_stand_in_the_way(world: World) -> None:
    """Somebody tidied up: the retry works all the same."""
    world.start()
    world.exhaust()
    world.documents.inner.commit([Delete(path) for path in world.paths("dead_letters")])

    assert world.retry().status == "IN_PROGRESS"


def test_writes_an_audit_entry(world: World) -> None:
    """Who did it stands in the audit log, once."""
    world.start()
    world.fail_permanently()
    world.retry()
    entries = [json.loads(data) for path, data in world.everything().items() if path.startswith("audit_log/")]

    assert [(e["actor"], e["action"], e["subject"]) for e in entries] == [
        ("admin:a1", "provisioning.retry", "provisionings/p1")
    ]


def test_double_click_has_one_winner(world: World) -> None:
    """Two people at once: one epoch more, and the other is told the present state."""
    world.start()
    world.fail_permanently()
    barrier = Barrier(4)

    def click(_: int) -> str:
        barrier.wait()
        try:
            world.retry()
        except WrongState as error:
            return error.code
        return "won"

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(click, range(4)))

    assert answers.count("won") == 1
    assert set(answers) <= {"won", "CHANGED_MEANWHILE", "NOT_FAILED"}
    assert world.record().engine.epoch == 2
    assert world.messages() == [(2, 0)]


def test_quicker_colleague(world: World) -> None:
    """Another's retry comes between our read and our write."""
    world.start()
    world.fail_permanently()
    world.faults.before["order"].append(lambda: world.retry())

    with pytest.raises(WrongState, match="IN_PROGRESS") as caught:
        world.retry()
    assert caught.value.code == "CHANGED_MEANWHILE"
    assert world.record().engine.epoch == 2


@pytest.mark.parametrize("how", ["lost as Conflict", "lost as Transient"])
def test_lost_answer_is_recognised(world: World, how: str) -> None:
    """The retry was written: its caller is told so, and the step is published."""
    world.start()
    world.fail_permanently()
    world.fault(how, "order")

    assert world.retry().engine.epoch == 2
    assert world.messages() == [(2, 0)]


def test_documents_that_do_not_answer(world: World) -> None:
    """Nothing was written, and the caller is told to try again."""
    world.start()
    world.fail_permanently()
    world.fault("Transient", "order")

    with pytest.raises(Transient):
        world.retry()
    assert world.record().status == "FAILED"


@pytest.mark.parametrize("how", ["crash before", "crash after"])
def test_death_before_its_publish_is_repaired_by_sweep(world: World, how: str) -> None:
    """The order stands in the document; that is enough."""
    world.start()
    world.fail_permanently()
    world.fault(how, "publish")
    with pytest.raises(Killed):
        world.retry()
    world.settle()

    assert world.record().status == "COMPLETED"


@pytest.mark.parametrize(
    "state", ["PENDING", "IN_PROGRESS", "COMPLETED", "ROLLBACK", "halted", "ROLLED_BACK"]
)
def test_only_what_failed_can_be_retried(world: World, state: str) -> None:
    """Every other state refuses, and stays as it is."""
    world.start()
    if state == "IN_PROGRESS":
        world.step_on()
    if state == "COMPLETED":
        world.step_on(3)
    if state in ("ROLLBACK", "halted", "ROLLED_BACK"):
        world.step_on()
        world.broker.pending.clear()
        world.roll_back()
    if state == "ROLLED_BACK":
        world.step_on(2)
    if state == "halted":
        world.exhaust("undo", "two")
    before = world.everything()

    with pytest.raises(WrongState) as caught:
        world.retry()
    assert caught.value.code == "NOT_FAILED"
    assert world.everything() == before


def test_what_a_retry_cannot_help_is_not_retried(world: World) -> None:
    """A permanent error that says so needs a new request."""
    world.start()
    world.fail_permanently(retryable=False)

    with pytest.raises(WrongState) as caught:
        world.retry()
    assert caught.value.code == "NOT_RETRYABLE"


def test_rejected_request_is_not_retried(world: World) -> None:
    """Nothing was ever begun."""
    from provisioning.workflow.requests import accept

    accept(world.engine, world.submit(subdomain="-"))

    with pytest.raises(WrongState) as caught:
        world.retry()
    assert caught.value.code == "NOT_RETRYABLE"


def test_unknown_provisioning(world: World) -> None:
    """There is nothing of this name."""
    with pytest.raises(NotFound):
        world.retry("nobody")


def test_zombie_of_the_old_epoch_is_fenced(world: World) -> None:
    """A process that was frozen in the old epoch wakes up after the retry: its commit is refused."""
    world.start()
    first = world.broker.pending[0]

    def others() -> None:
        world.clock.advance(13)
        world.probe.first["run", "one"].append(raising(Transient("x")))
        world.deliver(first)
        for _ in range(3):
            world.clock.advance(21)
            world.probe.first["run", "one"].append(raising(Transient("x")))
            world.deliver(first)
        assert world.record().status == "FAILED"
        world.retry()

    world.faults.before["commit"].append(others)
    assert world.deliver(first) is ACKNOWLEDGE

    assert world.record().engine.hop == 0
    assert world.made() == []
    world.broker.pending = world.broker.pending[-1:]
    world.settle()
    assert world.record().status == "COMPLETED"
