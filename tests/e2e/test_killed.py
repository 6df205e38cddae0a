"""The embedded process is killed in the middle of a step and started again: the activation finishes all the same."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from provisioning.ports import Query
from provisioning.workflow.definition import ACTIVATION
from provisioning.workflow.records import Status

from .conftest import Served, free_port, start
from .test_activation import History, request_activation

STEPS = [step.name for step in ACTIVATION.steps]
CASES = [(step, point) for step in STEPS for point in ("before", "after")]
CASES += [(step, "published") for step in STEPS[:-1]]


def run_until_standing(tmp_path: Path, step: str, point: str, patch: pytest.MonkeyPatch) -> Served:
    port, data, variables = free_port(), tmp_path / "data", tmp_path / "out.env"
    module = "tests.e2e.stopping_runtime"
    command = [sys.executable, "-m", module, str(data), str(port), str(variables), step, point]
    return start(command, port, data, variables, patch)


@pytest.mark.slow
@pytest.mark.parametrize(("step", "point"), CASES)
def test_killed_in_a_step_it_goes_on(
    step: str, point: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After SIGKILL and a new start it is COMPLETED within 30 s, with one mail, one store, and the step recorded once."""
    served = run_until_standing(tmp_path, step, point, monkeypatch)
    id = request_activation(served, "phoenix")
    deadline = time.monotonic() + 30
    while not (served.data / "standing-still").exists():
        assert time.monotonic() < deadline, "it never came to the point"
        time.sleep(0.02)
    served.process.kill()
    served.process.wait()

    again = run_until_standing(tmp_path, "-", "-", monkeypatch)
    try:
        record = History(again, id).wait(30)

        assert record.status == Status.COMPLETED, record.error
        assert [str(s.status) for s in record.steps] == ["COMPLETED"] * 7
        assert len(list((again.data / "mail").glob("*.eml"))) == 1
        assert len(again.documents.query(Query("stores"))) == 1
        assert record.engine.hop == 7
        attempts = {s.name: s.attempts for s in record.steps}
        again_expected = 1 if point == "published" else 2
        assert again_expected == attempts.pop(step)
        assert {1} == set(attempts.values())
    finally:
        again.process.kill()
        again.process.wait()
