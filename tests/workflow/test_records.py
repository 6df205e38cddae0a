"""The provisioning document as records write and read it."""

from __future__ import annotations

from datetime import UTC, datetime

from provisioning.errors import FieldError, Permanent
from provisioning.stores.publication import PublicationOrder
from provisioning.workflow.records import (
    Direction,
    Engine,
    LogEntry,
    Problem,
    Provisioning,
    Status,
    StepRecord,
    StepStatus,
    changed_fields,
    read_to_change,
    write_provisioning,
)

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
ERROR = Permanent("TAKEN", "It is taken", fields=(FieldError("subdomain", "TAKEN", "is taken"),))


def record() -> Provisioning:
    """One in which every kind of field holds something."""
    return Provisioning(
        merchant_id="m1",
        store_id="s1",
        store_name="A Store",
        subdomain="a-store",
        status=Status.IN_PROGRESS,
        current_step="b",
        steps=(
            StepRecord(name="a", title="A", percent=50, status=StepStatus.COMPLETED, started_at=NOON),
            StepRecord(name="b", title="B", percent=100),
        ),
        error=Problem.of(ERROR, "b"),
        log=(LogEntry(at=NOON, step="a", level="info", message="Done"),),
        links={"website": "https://a-store.example.com"},
        receipt=({"check": "site", "ok": True, "evidence": ("one", "two")},),
        publication=PublicationOrder(store_id="s1", reason="The catalogue changed", actor="platform"),
        updated_at=NOON,
        engine=Engine(direction=Direction.UNDO, refs={"files": ("a", "b")}, effects=({"step": "a"},)),
    )


def test_what_is_written_is_made_of_what_documents_hold() -> None:
    """Texts, numbers, moments, lists and maps of exactly these types, under the names that the model declares."""
    written = write_provisioning(record())

    def types(value: object) -> set[type]:
        if isinstance(value, dict):
            return {dict}.union(*(types(item) for item in value.values()))
        if isinstance(value, list):
            return {list}.union(*(types(item) for item in value))
        return {type(value)}

    assert types(written) == {dict, list, str, int, bool, datetime, type(None)}
    assert written.keys() == record().model_dump(by_alias=True).keys()
    assert written["steps"][0].keys() == StepRecord.model_fields.keys()
    assert written["engine"].keys() == Engine.model_fields.keys()


def test_what_is_written_reads_as_it_was() -> None:
    """Lists for tuples are the only difference that a reader could see, and there is none."""
    assert write_provisioning(read_to_change(write_provisioning(record()))) == write_provisioning(record())


def test_a_changed_record_shares_what_was_not_changed() -> None:
    """And an update carries just the rest."""
    old = record()
    new = old.changed(status=Status.COMPLETED, steps=old.with_step("b", status=StepStatus.COMPLETED))

    assert new.engine is old.engine
    assert new.steps[0] is old.steps[0]
    assert changed_fields(old, new) == {
        "status": "COMPLETED",
        "steps": write_provisioning(new)["steps"],
    }
    assert new == old.model_copy(update={"status": Status.COMPLETED, "steps": new.steps})
    assert old.status is Status.IN_PROGRESS
