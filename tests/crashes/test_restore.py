"""The restore drill on Google's emulators: documents are exported, the database is lost under the running functions, and another takes its place."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import urllib3

from provisioning.workflow.records import Provisioning, Status
from tests.crashes.lab import Lab, laboratory, violations_of_completed

SECONDS = 120.0


def wait_until(lab: Lab, ids: list[str], begun: int) -> None:
    """Until one of them has so many steps behind it."""
    until = time.monotonic() + SECONDS
    while True:
        records = [record for record in lab.records(ids).values() if record is not None]
        if any(record.engine.hop >= begun for record in records):
            return
        assert time.monotonic() < until, records
        time.sleep(0.01)


def wait_for_all(lab: Lab, ids: list[str]) -> dict[str, Provisioning]:
    return lab.run_all(ids, lambda _: None, at_once=len(ids), seconds=SECONDS)


def sweep(lab: Lab) -> None:
    """As Scheduler does each minute."""
    assert lab.cloud is not None
    answer = urllib3.request(
        "POST", f"http://127.0.0.1:{lab.cloud.port_of('sweep')}/", headers={"Content-Length": "0"}, timeout=75
    )
    assert answer.status < 300


@pytest.mark.slow
@pytest.mark.emulators
@pytest.mark.timeout(400)
def test_all_that_was_under_way_when_the_documents_were_exported_ends(tmp_path: Path) -> None:
    """
    What was done, what was between two steps and what nobody had seen, and what came of it after the export is found again.

    Messages of the lost database's time go on arriving: they know of steps that the restored documents have not come to.
    """
    done, under_way, later = ["drill-0"], [f"drill-{n}" for n in range(1, 6)], ["drill-6"]
    with laboratory(tmp_path / "data") as lab:
        assert lab.cloud is not None
        lab.submit(*done)
        wait_for_all(lab, done)
        for id in under_way:
            lab.submit(id)
        wait_until(lab, under_way, 2)
        exported = lab.cloud.export_documents(tmp_path)
        found = lab.records(under_way)
        assert any(record is None or not record.over for record in found.values())
        lab.submit(*later)
        wait_for_all(lab, [*under_way, *later])

        lab.cloud.restore_documents(exported)

        restored = lab.records([*done, *under_way, *later])
        assert restored["drill-0"] is not None
        assert restored["drill-0"].status is Status.COMPLETED
        assert restored["drill-6"] is None
        assert any(restored[id] is None or not restored[id].over for id in under_way)
        sweep(lab)
        records = wait_for_all(lab, [*done, *under_way])
        assert {id: str(record.status) for id, record in records.items()} == dict.fromkeys(
            records, "COMPLETED"
        )
        assert [
            line for id, record in records.items() for line in violations_of_completed(lab, id, record)
        ] == []
