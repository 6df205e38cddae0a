"""Stuck is impossible to miss: what stands still is brought on within a minute, and what cannot be is told, with a reason."""

from __future__ import annotations

import json
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from provisioning import cli
from provisioning.errors import Transient, WrongState
from provisioning.ports import Delete, Set, Update
from provisioning.steps.step import Step
from provisioning.workflow import sweep as sweep_module
from provisioning.workflow.dead_letters import close, document_letter_id
from provisioning.workflow.definition import Workflow
from provisioning.workflow.recovery import retry, roll_back
from provisioning.workflow.replay import replay
from provisioning.workflow.sweep import PAGE, stuck, sweep
from tests.api.world import Api
from tests.receivers.world import World as StoreWorld
from tests.workflow.test_sweep import copy, lose_everything
from tests.workflow.world import ACKNOWLEDGE, AGAIN, World, raising

MINUTE, HOUR, DAY = 60.0, 3600.0, 24 * 3600.0
LETTER = document_letter_id("p1")


def letters(world: World) -> dict[str, dict[str, Any]]:
    found = world.everything()
    return {
        path.removeprefix("dead_letters/"): json.loads(found[path]) for path in world.paths("dead_letters")
    }


def sweep_for(world: World, minutes: int) -> None:
    for _ in range(minutes):
        world.clock.advance(MINUTE)
        world.sweep()


def deploy(world: World, *without: str) -> None:
    """Put a version in place whose workflow lacks these steps."""
    world.engine.workflows["activation"] = Workflow(  # type: ignore[index]
        tuple(step for step in world.steps if step.name not in without)
    )


# --- a step that no version knows ---


def standing_at_unknown(world: World) -> None:
    """It stands at step two, and a version without that step is deployed."""
    world.start()
    world.step_on()
    deploy(world, "two")


def test_an_unknown_step_waits_then_is_told_then_has_failed(world: World) -> None:
    """503 to its messages; no new ones; after ten minutes a record; after a day FAILED with a reason, in that same record."""
    standing_at_unknown(world)
    assert world.deliver() is AGAIN
    lose_everything(world)
    sweep_for(world, 9)
    assert (letters(world), world.messages()) == ({}, [])
    sweep_for(world, 2)
    letter = letters(world)[LETTER]

    assert (letter["code"], letter["status"], letter["step"]) == ("UNKNOWN_STEP", "OPEN", "two")
    assert world.record().status == "IN_PROGRESS"
    world.clock.advance(DAY)
    assert world.sweep().stranded == 1
    record = world.record()
    assert (record.status, record.current_step, record.engine.wake_at) == ("FAILED", "two", None)
    assert record.error is not None
    assert (record.error.code, record.error.retryable, record.error.step) == ("UNKNOWN_STEP", True, "two")
    assert "Deploy a version that has this step" in record.error.action
    assert record.steps[1].status == "FAILED"
    assert record.log[-1].level == "error"
    assert list(letters(world)) == [LETTER]
    sweep_for(world, 3)
    assert (world.messages(), list(letters(world))) == ([], [LETTER])


def test_an_unknown_step_goes_on_by_itself_when_it_is_deployed(world: World) -> None:
    """Within the day: published by the next sweep, completed, and the record closed."""
    standing_at_unknown(world)
    lose_everything(world)
    sweep_for(world, 15)
    assert letters(world)[LETTER]["status"] == "OPEN"
    deploy(world)
    sweep_for(world, 1)
    assert world.messages() == [(1, 1)]
    world.settle()
    world.sweep()

    assert world.record().status == "COMPLETED"
    assert (letters(world)[LETTER]["status"], letters(world)[LETTER]["closed_by"]) == ("CLOSED", "progress")


def test_failed_for_an_unknown_step_is_retried_when_it_is_deployed(world: World) -> None:
    """Retry, roll back and replay say why they cannot; with the step there, the replay completes it and closes the record."""
    standing_at_unknown(world)
    lose_everything(world)
    world.clock.advance(DAY + HOUR)
    world.sweep()
    for ask in (retry, roll_back):
        with pytest.raises(WrongState) as refused:
            ask(world.engine, "p1", actor="admin:a1")
        assert refused.value.code == "UNKNOWN_STEP"
    with pytest.raises(WrongState):
        replay(world.engine, LETTER, actor="admin:a1")
    deploy(world)
    replay(world.engine, LETTER, actor="admin:a1")
    world.settle()

    assert world.record().status == "COMPLETED"
    assert letters(world)[LETTER]["status"] == "CLOSED"


def test_an_unknown_undo_is_halted_with_a_reason(world: World) -> None:
    """After a day, too; rolling back again resumes it once the step is there."""
    world.start()
    world.step_on(2)
    lose_everything(world)
    world.roll_back()
    world.step_on()
    lose_everything(world)
    deploy(world, "two")
    world.clock.advance(DAY + HOUR)
    world.sweep()

    assert world.record().halted
    assert world.record().error.code == "UNKNOWN_STEP"
    deploy(world)
    world.roll_back()
    world.settle()
    assert world.record().status == "ROLLED_BACK"
    assert letters(world)[LETTER]["status"] == "CLOSED"


@pytest.mark.parametrize(
    "broken", [{"kind": "moon_landing"}, {"current_step": None}], ids=lambda b: next(iter(b))
)
def test_other_things_that_no_version_knows(world: World, broken: dict[str, Any]) -> None:
    """A kind that is gone, or no step at all: FAILED after a day all the same."""
    world.start()
    lose_everything(world)
    world.documents.inner.commit([Update("provisionings/p1", broken)])
    world.clock.advance(DAY + HOUR)
    world.sweep()

    record = world.record()
    assert record.status == "FAILED"
    assert record.error.code == "UNKNOWN_STEP"
    assert record.error.retryable is (record.current_step is not None)


def test_whoever_moves_it_meanwhile_wins(world: World) -> None:
    """Sweep gives up on what it has read; a newer version's worker was quicker: nothing is overwritten."""
    standing_at_unknown(world)
    message = world.broker.take()
    world.clock.advance(DAY + HOUR)
    other = world.start_engine(Workflow(world.steps))
    world.faults.before["failure"].append(lambda: other.handle(message))
    assert world.sweep().stranded == 0

    assert world.record().status == "IN_PROGRESS"
    assert world.record().current_step == "three"


# --- a document that nobody can read ---


def test_an_unreadable_document_is_told_at_once_and_never_written(world: World) -> None:
    """One record however often sweep comes by; repaired, it goes on by itself, and the record closes."""
    world.start()
    lose_everything(world)
    world.documents.inner.commit([Update("provisionings/p1", {"status": "SLEEPING"})])
    before = world.snapshot("provisionings/p1").update_time
    sweep_for(world, 5)
    letter = letters(world)[LETTER]

    assert (len(letters(world)), letter["code"], letter["provisioning"]) == (1, "UNREADABLE_DOCUMENT", "p1")
    assert "restore the document" in letter["action"]
    assert world.snapshot("provisionings/p1").update_time == before
    with pytest.raises(WrongState):
        replay(world.engine, LETTER, actor="admin:a1")
    world.clock.advance(2 * DAY)
    world.sweep()
    assert world.snapshot("provisionings/p1").update_time == before
    world.documents.inner.commit([Update("provisionings/p1", {"status": "PENDING"})])
    world.settle()
    world.sweep()

    assert world.record().status == "COMPLETED"
    assert letters(world)[LETTER]["closed_by"] == "progress"


def test_a_record_that_a_person_closed_is_quiet_for_a_day(world: World) -> None:
    """Closed by hand, it does not come back each minute; but while the cause is there it is not forgotten."""
    world.start()
    lose_everything(world)
    world.documents.inner.commit([Update("provisionings/p1", {"status": "SLEEPING"})])
    sweep_for(world, 1)
    close(world.documents, LETTER, by="admin:a1")
    sweep_for(world, 30)
    assert letters(world)[LETTER]["status"] == "CLOSED"
    world.clock.advance(DAY)
    world.sweep()

    assert letters(world)[LETTER]["status"] == "OPEN"


def test_records_that_cannot_be_filed_do_not_stop_sweep(world: World) -> None:
    """The next run files them; the healthy are published all the same."""
    copy(world, 6)
    world.documents.inner.commit([Update(f"provisionings/c{n}", {"status": "SLEEPING"}) for n in range(3)])
    world.fault("Transient", "commit of something else", times=3)
    world.clock.advance(MINUTE)
    assert (world.sweep().published, letters(world)) == (3, {})
    world.clock.advance(MINUTE)

    assert (world.sweep().published, len(letters(world))) == (3, 3)


# --- a request that is gone, or that cannot be accepted ---


def test_a_request_that_is_gone_fails_and_comes_back_with_it(world: World) -> None:
    """FAILED at once, with what to do; restored, a retry completes; the same while undoing."""
    world.start()
    world.step_on()
    request = world.snapshot("activation_requests/p1").data
    world.documents.inner.commit([Delete("activation_requests/p1")])
    world.deliver()
    error = world.record().error

    assert (world.record().status, error.code, error.retryable) == ("FAILED", "REQUEST_GONE", True)
    assert "Restore it" in error.action
    world.roll_back()
    world.deliver()
    assert (world.record().halted, world.record().error.code) == (True, "REQUEST_GONE")
    world.documents.inner.commit([Set("activation_requests/p1", request)])
    world.roll_back()
    world.settle()
    assert world.record().status == "ROLLED_BACK"


def test_a_request_that_cannot_be_accepted_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ours meets one request each minute: one record; mended, it is picked up and the record closes."""
    accept = sweep_module.accept

    def broken(engine: Any, id: str) -> None:
        raise KeyError("a bug")

    world.submit()
    monkeypatch.setattr(sweep_module, "accept", broken)
    sweep_for(world, 3)
    letter = letters(world)[LETTER]

    assert (len(letters(world)), letter["code"], letter["status"]) == (1, "REQUEST_NOT_ACCEPTED", "OPEN")
    with pytest.raises(WrongState) as refused:
        replay(world.engine, LETTER, actor="admin:a1")
    assert refused.value.code == "STILL_UNKNOWN"
    monkeypatch.setattr(sweep_module, "accept", accept)
    sweep_for(world, 1)
    assert letters(world)[LETTER]["status"] == "CLOSED"
    world.settle()
    assert world.record().status == "COMPLETED"


def test_a_receiver_that_does_not_answer_is_no_reason_for_a_record(world: World) -> None:
    """Picking up a request meets `Transient`: tried again, without noise."""
    world.submit()
    world.fault("Transient", "accept")
    sweep_for(world, 1)
    assert letters(world) == {}
    sweep_for(world, 1)

    assert world.record().status == "PENDING"


# --- thousands at once ---


@pytest.mark.parametrize("latency", [0.0, 0.005], ids=["a broker without delay", "a broker of 5 ms"])
def test_five_thousand_are_brought_back_without_a_herd(
    world: World, latency: float, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """One run, under a minute; no second sees more than two pages; each is published once."""
    copy(world, 5_000)
    world.clock.advance(6 * HOUR)
    times: list[float] = []
    publish = world.broker.publish

    def slow(*given: Any) -> None:
        world.clock.advance(latency)
        times.append(world.clock.monotonic())
        publish(*given)

    world.broker.publish = slow  # type: ignore[method-assign]
    began = world.clock.monotonic()
    swept = sweep(world.engine, pause=world.clock.advance)
    took = world.clock.monotonic() - began
    peak = max(bisect_left(times, start + 1.0) - place for place, start in enumerate(times))

    assert (swept.due, swept.published) == (5_000, 5_000)
    assert set(Counter(m.provisioning for m in world.broker.pending).values()) == {1}
    assert took < 60
    assert peak <= 2 * PAGE
    record_property("seconds", round(took, 1))
    record_property("peak_per_second", peak)
    with capsys.disabled():
        print(
            f"\nsweep: 5,000 at {latency * 1000:.0f} ms each in {took:.1f} s of its clock, at most {peak} in any second"
        )


def test_a_slow_broker_ends_the_run_and_the_next_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run is over before the next begins, whatever is left; what moved on meanwhile makes room."""
    monkeypatch.setattr(sweep_module, "PAGE", 20)
    monkeypatch.setattr(sweep_module, "PUBLISHING", 4.5)
    copy(world, 120)
    world.clock.advance(MINUTE)
    publish = world.broker.publish

    def slow(*given: Any) -> None:
        world.clock.advance(0.1)
        publish(*given)

    world.broker.publish = slow  # type: ignore[method-assign]
    runs = []
    while len(runs) < 5 and (not runs or runs[-1][0].due):
        began = world.clock.monotonic()
        swept = sweep(world.engine, pause=world.clock.advance)
        runs.append((swept, world.clock.monotonic() - began))
        arrived, world.broker.pending = world.broker.pending, []
        assert all(world.engine.handle(message) is ACKNOWLEDGE for message in arrived)
        world.broker.pending.clear()

    assert len(runs) > 1
    assert all(took < 4.5 + 20 * 0.1 + 1 for _, took in runs)
    assert {world.record(f"c{n}").engine.hop > 0 for n in range(120)} == {True}


def test_sweep_down_for_six_hours_costs_no_attempt(world: World) -> None:
    """Up again, one run brings all back; all complete at their first attempts, each step once."""
    copy(world, 60)
    world.clock.advance(6 * HOUR)
    assert world.sweep().published == 60
    while world.broker.pending:
        assert world.deliver(world.broker.pending.pop(0)) is ACKNOWLEDGE

    records = [world.record(f"c{n}") for n in range(60)]
    assert {record.status for record in records} == {"COMPLETED"}
    assert {step.attempts for record in records for step in record.steps} == {1}
    assert set(world.probe.receiver.asked.values()) == {1}


def test_two_sweeps_at_once_are_harmless(world: World) -> None:
    """Side by side in two threads: at most two messages each, and one effect."""
    copy(world, 100)
    world.clock.advance(MINUTE)
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        sweep(world.engine, pause=lambda _: None)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = Counter(message.provisioning for message in world.broker.pending)
    assert len(counts) == 100
    assert max(counts.values()) <= 2
    while world.broker.pending:
        world.deliver(world.broker.pending.pop(0))

    assert {world.record(f"c{n}").status for n in range(100)} == {"COMPLETED"}
    assert set(world.probe.receiver.asked.values()) == {1}


def test_two_sweeps_file_and_fail_once(world: World) -> None:
    """What both find stranded is one record, and one change."""
    standing_at_unknown(world)
    lose_everything(world)
    world.clock.advance(DAY + HOUR)
    world.faults.before["failure"].append(lambda: world.sweep())
    world.sweep()

    assert world.record().status == "FAILED"
    assert [entry.level for entry in world.record().log].count("error") == 1
    assert list(letters(world)) == [LETTER]


# --- listed ---


@pytest.fixture
def store_world(tmp_path: Path) -> Iterator[StoreWorld]:
    with StoreWorld(tmp_path / "stores").running() as world:
        yield world


def test_what_is_stuck_is_listed(world: World) -> None:
    """Due for more than two minutes and not over, the longest waiting first."""
    world.start("fresh")
    world.start("old")
    world.start("failed")
    world.broker.pending.clear()
    step: Step = world.steps[0]
    world.probe.first["run", step.name].append(raising(Transient("slow", retry_after=600)))
    world.start("waiting")
    world.deliver(world.broker.take())
    data = dict(world.snapshot("provisionings/failed").data)
    over = {"status": "FAILED", "engine": data["engine"] | {"wake_at": None}}
    world.documents.inner.commit([Update("provisionings/failed", over)])
    assert stuck(world.documents, 10) == []
    world.clock.advance(130)
    assert stuck(world.documents, 10) == []
    world.clock.advance(10)

    assert {found.id for found in stuck(world.documents, 10)} == {"fresh", "old"}
    assert len(stuck(world.documents, 1)) == 1


def test_stuck_by_api_and_command_line(store_world: StoreWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """`GET provisionings?stuck=true` and `provisioning list --stuck`: it is there, and gone once it moves."""
    world = store_world
    world.publish_shared_files()
    monkeypatch.setattr(cli, "_platform", lambda data: world.platform)
    monkeypatch.setattr(cli, "out", Console(highlight=False, width=300))
    api = Api.open(world.platform)

    def listed() -> tuple[list[str], str]:
        items = api.get("provisionings?stuck=true").json["items"]
        shown = CliRunner().invoke(cli.app, ["list", "--stuck"])
        assert shown.exit_code == 0
        return [item["id"] for item in items], shown.output

    world.submit()
    assert listed() == ([], "There are none.\n")
    world.clock.leap(300)
    ids, shown = listed()
    assert ids == ["r1"]
    assert "r1" in shown
    assert api.get("provisionings?stuck=true&merchant_id=other").json["items"] == []
    assert [one["id"] for one in api.get("provisionings?stuck=true&status=PENDING").json["items"]] == ["r1"]
    world.finish()
    assert listed() == ([], "There are none.\n")


def test_an_unreadable_document_hides_no_list(
    store_world: StoreWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists show the others; the command line names it."""
    world = store_world
    monkeypatch.setattr(cli, "_platform", lambda data: world.platform)
    monkeypatch.setattr(cli, "out", Console(highlight=False, width=300))
    world.submit()
    good = dict(world.documents.get("provisionings/r1").data or {})
    world.documents.commit([Set("provisionings/bad", good | {"status": "SLEEPING"})])
    world.clock.leap(300)

    api = Api.open(world.platform)
    for query in ("", "?stuck=true"):
        assert [item["id"] for item in api.get(f"provisionings{query}").json["items"]] == ["r1"]
    shown = CliRunner().invoke(cli.app, ["list", "--stuck"]).output
    assert "cannot read it" in shown
