"""How long steps take, from what was finished."""

from __future__ import annotations

from datetime import timedelta

import pytest

from provisioning.api import calls
from provisioning.api.durations import spread_of
from provisioning.workflow.records import Provisioning, Status, StepRecord, StepStatus
from tests.api.world import EARLIER, Api


def finished(api: Api, id: str, seconds: float, **changes: object) -> Provisioning:
    middle, end = EARLIER + timedelta(seconds=seconds / 4), EARLIER + timedelta(seconds=seconds)
    done = {"status": StepStatus.COMPLETED, "percent": 50}
    steps = (
        StepRecord(name="first", title="First", started_at=EARLIER, finished_at=middle, **done),
        StepRecord(name="second", title="Second", started_at=middle, finished_at=end, **done),
    )
    given = {"status": Status.COMPLETED, "error": None, "steps": steps, "completed_at": end}
    return api.add_provisioning(id, **given | changes)


def test_nothing_was_finished_yet(api: Api) -> None:
    api.add_provisioning()

    assert api.get("durations").json == {"steps": {}, "total": None}


def test_half_and_nearly_all(api: Api) -> None:
    for number in range(1, 21):
        finished(api, f"p{number}", 4.0 * number)

    shown = api.get("durations").json
    assert shown["total"] == {"p50": 40.0, "p95": 76.0, "count": 20}
    assert shown["steps"]["first"] == {"p50": 10.0, "p95": 19.0, "count": 20}
    assert shown["steps"]["second"]["p50"] == 30.0


def test_what_a_person_retried_says_nothing_of_the_whole(api: Api) -> None:
    """Its steps count; the hours until somebody came do not."""
    finished(api, "p1", 8.0)
    finished(api, "p2", 80_000.0, retry_count=1)

    shown = api.get("durations").json
    assert shown["total"] == {"p50": 8.0, "p95": 8.0, "count": 1}
    assert shown["steps"]["first"]["count"] == 2


def test_is_kept_for_a_while(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    finished(api, "p1", 8.0)
    assert api.get("durations").json["total"]["count"] == 1
    finished(api, "p2", 8.0)
    assert api.get("durations").json["total"]["count"] == 1

    monkeypatch.setattr(calls.time, "monotonic", lambda: 1e12)
    assert api.get("durations").json["total"]["count"] == 2


def test_spread_of_one() -> None:
    assert spread_of([2.0]).model_dump() == {"p50": 2.0, "p95": 2.0, "count": 1}
