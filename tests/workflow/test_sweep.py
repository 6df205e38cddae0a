"""Firestore alone is enough to finish everything: each minute, sweep publishes what stands still."""

from __future__ import annotations

import json

import pytest

from provisioning.errors import Transient
from provisioning.ports import Create, Set, Update
from provisioning.workflow import sweep as sweep_module
from provisioning.workflow.records import WAKE_SHARDS
from provisioning.workflow.sweep import sweep
from tests.workflow.world import ACKNOWLEDGE, AGAIN, Killed, World, raising


def lose_everything(world: World) -> None:
    world.broker.pending.clear()


def never_begun(world: World) -> None:
    """Its first publish was lost."""
    world.start()
    lose_everything(world)


def handed_over(world: World) -> None:
    """The publish after a commit was lost."""
    world.start()
    world.step_on()
    lose_everything(world)


def abandoned(world: World) -> None:
    """Its owner died, and the message with it."""
    world.start()
    world.fault("crash before", "commit")
    world.deliver()
    lose_everything(world)


def waiting(world: World) -> None:
    """It waits for its next attempt, and the message was acknowledged."""
    world.start()
    world.probe.first["run", "one"].append(raising(Transient("slow", retry_after=40)))
    world.deliver()
    lose_everything(world)


def used_up(world: World) -> None:
    """Its fourth attempt died."""
    world.start()
    first = world.broker.take()
    world.fault("crash before", "commit", times=4)
    for _ in range(4):
        world.deliver(first)
        world.clock.advance(13)


def retried(world: World) -> None:
    """A person retried, and the publish failed."""
    world.start()
    world.fail_permanently()
    world.fault("Transient", "publish")
    world.retry()


def rolled_back(world: World) -> None:
    """A person rolled back, and the publish failed."""
    world.start()
    world.step_on()
    lose_everything(world)
    world.fault("Transient", "publish")
    world.roll_back()


def undoing(world: World) -> None:
    """The publish between two undos was lost."""
    world.start()
    world.step_on(2)
    lose_everything(world)
    world.roll_back()
    world.step_on()
    lose_everything(world)


STUCK = [never_begun, handed_over, abandoned, waiting, used_up, retried, rolled_back, undoing]


@pytest.mark.parametrize("stuck", STUCK, ids=lambda stuck: stuck.__name__)
def test_what_is_stuck_is_published_again(world: World, stuck) -> None:
    """Each way to stand still is found within the next two sweeps, and ends."""
    stuck(world)
    assert world.messages() == []
    world.clock.advance(60)
    swept = world.sweep()
    world.settle()

    assert (swept.due, swept.published) == (1, 1)
    expected = {used_up: "FAILED", rolled_back: "ROLLED_BACK", undoing: "ROLLED_BACK"}
    assert world.record().status == expected.get(stuck, "COMPLETED")


@pytest.mark.parametrize("stuck", STUCK, ids=lambda stuck: stuck.__name__)
def test_sweep_changes_no_provisioning(world: World, stuck) -> None:
    """It only publishes."""
    stuck(world)
    world.clock.advance(60)
    before = world.snapshot("provisionings/p1")
    world.sweep()

    assert world.snapshot("provisionings/p1").update_time == before.update_time


def test_what_moves_is_left_alone(world: World) -> None:
    """A step that has just been published or begun is not due."""
    world.start()
    assert world.sweep().due == 0
    seen = []
    world.probe.first["run", "one"].append(lambda _: seen.append(world.sweep().due))
    world.step_on()
    seen.append(world.sweep().due)

    assert seen == [0, 0]


@pytest.mark.parametrize("end", ["COMPLETED", "FAILED", "ROLLED_BACK", "halted"])
def test_what_is_over_is_never_due(world: World, end: str) -> None:
    """An hour later nothing is published."""
    world.start()
    if end == "COMPLETED":
        world.step_on(3)
    if end == "FAILED":
        world.fail_permanently()
    if end in ("ROLLED_BACK", "halted"):
        world.step_on()
        lose_everything(world)
        world.roll_back()
    if end == "ROLLED_BACK":
        world.step_on(2)
    if end == "halted":
        world.exhaust("undo", "two")
        assert world.record().halted
    world.clock.advance(3600)

    assert world.record().over
    assert world.sweep().due == 0


def test_sweeps_at_once_and_against_a_worker(world: World) -> None:
    """Messages of three sweeps and the broker's own: each step runs once."""
    abandoned(world)
    world.clock.advance(60)
    for _ in range(3):
        world.sweep()
    assert len(world.messages()) == 3
    world.settle()

    assert world.probe.calls.count(("run", "two")) == 1
    assert world.record().status == "COMPLETED"


def test_pages_through_a_backlog(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a thousand are due: every one is published, once, in pages with pauses between them."""
    copy(world, 1_203)
    world.clock.advance(60)
    pauses = []
    swept = sweep(world.engine, pause=pauses.append, spread=lambda: 0.5)

    assert (swept.due, swept.published) == (1_203, 1_203)
    assert len({message.provisioning for message in world.broker.pending}) == 1_203
    assert len(world.broker.pending) == 1_203
    assert len(pauses) >= 1_203 // sweep_module.PAGE - 1
    assert set(pauses) == {0.5}


def test_a_run_is_bounded_and_the_next_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backlog above the bound is worked off by the runs that follow, for what was published moves on."""
    monkeypatch.setattr(sweep_module, "MOST", 40)
    monkeypatch.setattr(sweep_module, "PAGE", 10)
    copy(world, 100)
    world.clock.advance(60)
    runs = 0
    while not all(world.record(f"c{n}").status == "COMPLETED" for n in range(100)):
        runs += 1
        assert runs < 10
        assert world.sweep().due < 60
        while world.broker.pending:
            assert world.deliver(world.broker.pending.pop(0)) is ACKNOWLEDGE
        world.clock.advance(60)

    assert runs >= 3


def copy(world: World, number: int) -> None:
    """So many provisionings that stand at their first step, `c0`, `c1` …"""
    from datetime import timedelta

    world.start("pattern")
    world.broker.pending.clear()
    pattern = world.snapshot("provisionings/pattern").data
    request = world.snapshot("activation_requests/pattern").data
    # The pattern itself stays out of it.
    engine = pattern["engine"] | {"wake_at": None}
    world.documents.inner.commit([Update("provisionings/pattern", {"engine": engine, "status": "COMPLETED"})])
    writes = []
    for n in range(number):
        engine = pattern["engine"] | {
            "wake_shard": n % WAKE_SHARDS,
            "wake_at": pattern["engine"]["wake_at"] + timedelta(milliseconds=n // 7),
        }
        writes.append(Create(f"provisionings/c{n}", pattern | {"engine": engine}))
        writes.append(Create(f"activation_requests/c{n}", request | {"store_id": f"store-c{n}"}))
    world.documents.inner.commit(writes)


@pytest.mark.parametrize(
    "bad",
    [
        {"steps": "none"},
        {"status": "SLEEPING"},
        {"schema": "x"},
        {"kind": "moon_landing"},
        {"current_step": "four"},
        {"updated_at": None},
    ],
    ids=lambda bad: next(iter(bad)),
)
def test_one_bad_document_does_not_stop_it(world: World, bad: dict) -> None:
    """What nobody can read stays behind; all others are published."""
    copy(world, 9)
    world.documents.inner.commit([Update("provisionings/c0", bad)])
    world.clock.advance(60)
    swept = world.sweep()

    assert swept.due == 9
    assert {m.provisioning for m in world.broker.pending} >= {f"c{n}" for n in range(1, 9)}


def test_publish_that_fails_does_not_stop_it(world: World) -> None:
    """One that cannot be published is left for the next minute."""
    copy(world, 9)
    world.fault("Transient", "publish", times=3)
    world.clock.advance(60)
    first, second = world.sweep(), world.sweep()

    assert (first.due, first.published) == (9, 6)
    assert second.published == 9


def test_bad_documents_do_not_starve_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """More unreadable documents than a run may look at: the good ones behind them come to their turn all the same."""
    monkeypatch.setattr(sweep_module, "MOST", 20)
    monkeypatch.setattr(sweep_module, "PAGE", 10)
    copy(world, 100)
    bad = [Update(f"provisionings/c{n}", {"status": "SLEEPING"}) for n in range(96) if n % WAKE_SHARDS != 3]
    world.documents.inner.commit(bad)
    for _ in range(5):
        world.clock.advance(60)
        world.sweep()
        while world.broker.pending:
            world.deliver(world.broker.pending.pop(0))

    assert {world.record(f"c{n}").status for n in range(3, 100, 4)} == {"COMPLETED"}


# --- requests whose event was lost ---


def test_request_whose_event_was_lost_is_picked_up(world: World) -> None:
    """30 seconds after its creation, and not before: the event may still come."""
    world.submit()
    world.clock.advance(29)
    assert world.sweep().picked_up == 0
    world.clock.advance(2)
    assert world.sweep().picked_up == 1
    assert world.snapshot("activation_requests/p1").data["picked_up"]
    assert world.sweep().picked_up == 0
    world.settle()

    assert world.record().status == "COMPLETED"


def test_more_than_a_thousand_lost_events(world: World) -> None:
    """All are picked up in one run, page after page."""
    world.submit("first")
    request = world.snapshot("activation_requests/first").data
    world.documents.inner.commit(
        [
            Create(f"activation_requests/r{n}", request | {"store_id": f"s{n}", "subdomain": f"shop-{n}"})
            for n in range(1_050)
        ]
    )
    world.clock.advance(31)

    assert world.sweep().picked_up == 1_051
    assert len(world.broker.pending) == 1_051


def test_invalid_request_is_picked_up_too(world: World) -> None:
    """Its reason stands in the document, and it is not looked at again."""
    world.submit(subdomain="-")
    world.clock.advance(31)

    assert world.sweep().picked_up == 1
    assert world.record().status == "FAILED"
    assert world.sweep().picked_up == 0


@pytest.mark.parametrize("error", [Transient("no answer"), KeyError("a bug"), ValueError("bad data")])
def test_request_that_cannot_be_accepted_does_not_stop_it(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The others are picked up all the same."""
    accept = sweep_module.accept

    def failing(engine, id):
        if id == "p1":
            raise error
        accept(engine, id)

    monkeypatch.setattr(sweep_module, "accept", failing)
    for n in range(4):
        world.submit(f"p{n}")
    world.clock.advance(31)

    assert world.sweep().picked_up == 3


def test_backlog_does_not_hold_back_lost_events(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that meets its bound still picks up requests."""
    monkeypatch.setattr(sweep_module, "MOST", 10)
    copy(world, 30)
    world.submit("p1")
    world.clock.advance(60)

    assert world.sweep().picked_up >= 1
    assert world.record("p1").status == "PENDING"


def test_sweep_that_dies_is_made_good_by_the_next(world: World) -> None:
    """A process that dies between two publishes leaves nothing behind that the next run does not see."""
    copy(world, 5)
    world.clock.advance(60)
    world.fault("crash before", "publish", skip=2)
    with pytest.raises(Killed):
        world.sweep()

    assert world.sweep().published == 5


def test_request_document_of_another_shape(world: World) -> None:
    """A request without text where text should be, written past the rules: FAILED, not a crash of the sweep."""
    world.documents.inner.commit(
        [Set("activation_requests/odd", {"picked_up": False, "merchant_id": [1, {"a": 2}]})]
    )
    world.submit("p1")
    world.clock.advance(31)

    assert world.sweep().picked_up == 2
    assert world.record("odd").status == "FAILED"
    assert json.loads(world.everything()["provisionings/odd"])["merchant_id"] is None
    assert world.deliver() in (ACKNOWLEDGE, AGAIN)
