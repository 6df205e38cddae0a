"""The restore drill: documents are exported, the database and every message are lost, the export is imported, sweep runs, and all ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provisioning.errors import Permanent
from provisioning.local import values
from provisioning.ports import Set
from provisioning.workflow import recovery
from provisioning.workflow.records import Status
from tests.workflow.world import World, raising


def export(world: World) -> dict[str, Any]:
    """All documents with their data, as an export keeps them: without the times of their writing."""
    return {path: values.decode(text) for path, text in world.everything().items()}


def import_into(world: World, exported: dict[str, Any]) -> None:
    """Into an empty database; whatever stands in it was written just now."""
    for path, data in exported.items():
        world.documents.inner.commit([Set(path, data)])
        if path.startswith("provisionings/"):
            # `everything_over` asks for those that it has seen written.
            world.documents.history[path.rpartition("/")[2]] = []


def new_world(folder: Path, lost: World) -> World:
    """A new database and a broker that knows of nothing; receivers, whose effects are in force, are those of before."""
    folder.mkdir()
    lost.database.close()
    world = World(folder)
    world.probe.receiver = lost.probe.receiver
    world.clock.advance(lost.clock.monotonic() + 3600)
    return world


def settle(world: World) -> None:
    """Nothing begins by itself: there is no message and no event, only sweep."""
    assert world.broker.pending == []
    world.clock.advance(60)
    world.sweep()
    world.settle()


def _prepare(world: World) -> None:
    """One of each: not accepted, accepted, between two steps, killed within one, waiting for a retry, failed, being undone, done."""
    world.submit("unseen")
    world.start("accepted")
    world.broker.pending.clear()
    world.start("between")
    world.step_on()
    world.broker.pending.clear()
    world.start("killed")
    world.fault("crash after", "claim")
    assert world.deliver() is None
    world.start("failed")
    world.probe.first["run", "one"] = [raising(Permanent("NO", "It cannot be", retryable=True))]
    world.deliver()
    world.start("undone")
    world.step_on(2)
    world.broker.pending.clear()
    recovery.roll_back(world.engine, "undone", actor="admin")
    world.broker.pending.clear()
    world.start("done")
    world.step_on(3)
    assert world.broker.pending == []


ENDS = {
    "unseen": Status.COMPLETED,
    "accepted": Status.COMPLETED,
    "between": Status.COMPLETED,
    "killed": Status.COMPLETED,
    "failed": Status.FAILED,
    "undone": Status.ROLLED_BACK,
    "done": Status.COMPLETED,
}


def test_all_that_was_under_way_ends(world: World, tmp_path: Path) -> None:
    """From the documents alone, wherever each stood; what needs a person is there for them, and works then."""
    _prepare(world)
    exported = export(world)
    restored = new_world(tmp_path / "restored", world)
    import_into(restored, exported)
    settle(restored)

    assert {id: restored.record(id).status for id in ENDS} == ENDS
    recovery.retry(restored.engine, "failed", actor="admin")
    restored.settle()
    assert restored.record("failed").status == Status.COMPLETED
    completed = [id for id in ENDS if id != "undone"]
    assert sorted(restored.made()) == sorted(
        f"{id}-{step}" for id in completed for step in ("one", "two", "three")
    )
    restored.database.close()


def test_what_happened_after_the_export_happens_once_more_and_once_only(world: World, tmp_path: Path) -> None:
    """The documents are of an earlier moment than the world: what steps made since then is found by its key and used again."""
    _prepare(world)
    exported = export(world)
    settle(world)
    effects = set(world.probe.receiver.effects)
    restored = new_world(tmp_path / "restored", world)
    import_into(restored, exported)
    settle(restored)

    assert {id: restored.record(id).status for id in ENDS} == ENDS
    assert restored.probe.receiver.effects == effects
    restored.database.close()


@pytest.mark.parametrize("times", [2, 3])
def test_a_restore_may_itself_be_lost(world: World, tmp_path: Path, times: int) -> None:
    """Imported, begun, lost again: it is the same from the start."""
    _prepare(world)
    exported = export(world)
    restored = world
    for n in range(times):
        restored = new_world(tmp_path / f"restored-{n}", restored)
        import_into(restored, exported)
        restored.clock.advance(60)
        restored.sweep()
        for message in restored.broker.pending[:3]:
            restored.deliver(message)
    restored.settle()

    assert {id: restored.record(id).status for id in ENDS} == ENDS
    restored.database.close()
