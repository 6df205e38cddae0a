"""How things stand: counted from what is there, bounded, and of whole days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from provisioning.api import calls, overview
from provisioning.workflow.dead_letters import close, file_undelivered
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.records import Engine, Problem, Status
from tests.api.world import Api

NOW = datetime.now(UTC)


def add(api: Api, id: str, days_ago: int = 0, **changes: Any) -> None:
    at = NOW - timedelta(days=days_ago)
    given = {
        "status": Status.COMPLETED,
        "error": None,
        "requested_at": at,
        "completed_at": at + timedelta(seconds=4),
    }
    api.add_provisioning(id, **given | changes)


def failure(code: str, step: str | None = "second") -> dict[str, Any]:
    return {
        "status": Status.FAILED,
        "error": Problem(code=code, title=f"Of {code}", step=step),
        "completed_at": None,
    }


def test_nothing_has_happened_yet(api: Api) -> None:
    shown = api.get("overview").json

    assert set(shown["stores_by_status"].values()) == {0}
    assert len(shown["activations_per_day"]) == 14
    assert (shown["success_rate"], shown["seconds"], shown["failures"]) == (None, None, [])
    assert (shown["standing_still"], shown["dead_letters"]) == ([], {"open": 0, "newest": []})
    assert shown["complete"] is True


def test_days_outcomes_and_success(api: Api) -> None:
    """Every day is there, the oldest first; what is under way is no failure, and what is older is not counted."""
    add(api, "p1")
    add(api, "p2", 1)
    add(api, "p3", 1, status=Status.ROLLED_BACK)
    add(api, "p4", 1, **failure("TAKEN"))
    add(api, "p5", status=Status.IN_PROGRESS, completed_at=None)
    add(api, "p6", 3, **failure("TAKEN"))
    add(api, "p7", kind="publication")

    shown = api.get("overview?days=3").json
    days = [
        tuple(day[name] for name in ("completed", "failed", "rolled_back", "unfinished"))
        for day in shown["activations_per_day"]
    ]
    assert [day["day"] for day in shown["activations_per_day"]] == [
        (NOW - timedelta(days=n)).date().isoformat() for n in (2, 1, 0)
    ]
    assert days == [(0, 0, 0, 0), (1, 1, 1, 0), (1, 0, 0, 1)]
    assert shown["success_rate"] == 0.5
    assert shown["seconds"] == {"p50": 4.0, "p95": 4.0, "count": 2}


def test_failures_by_cause(api: Api) -> None:
    """The most frequent first, each with the newest example."""
    add(api, "p1", 2, **failure("SLOW"))
    add(api, "p2", 1, **failure("SLOW"))
    add(api, "p3", 0, **failure("INVALID_REQUEST", None))
    add(api, "p4", 0, status=Status.ROLLBACK, error=Problem(code="SLOW", title="Again", step="first"))

    causes = api.get("overview").json["failures"]
    assert [(c["step"], c["code"], c["count"], c["example"]) for c in causes[:1]] == [
        ("second", "SLOW", 2, "p2")
    ]
    assert {(c["step"], c["code"]) for c in causes} == {
        ("second", "SLOW"),
        (None, "INVALID_REQUEST"),
        ("first", "SLOW"),
    }


def test_stores_letters_and_what_stands_still(api: Api) -> None:
    for number, status in enumerate(["READY", "READY", "ACTIVE"]):
        api.add_store(f"s{number}", status=status)
    for hop in range(7):
        message = StepMessage(provisioning="p1", epoch=1, hop=hop)
        at = NOW + timedelta(seconds=hop)
        id = file_undelivered(api.documents, message, code="UNDELIVERED", title="T", action="A", now=at)
    close(api.documents, id, by="admin:boss")
    add(api, "p1", status=Status.IN_PROGRESS, engine=Engine(wake_at=NOW - timedelta(hours=1)))
    add(api, "p2", status=Status.IN_PROGRESS, engine=Engine(wake_at=NOW + timedelta(hours=1)))

    shown = api.get("overview").json
    assert (shown["stores_by_status"]["READY"], shown["stores_by_status"]["ACTIVE"]) == (2, 1)
    assert shown["dead_letters"]["open"] == 6
    assert len(shown["dead_letters"]["newest"]) == 5
    assert [one["id"] for one in shown["standing_still"]] == ["p1"]


def test_reads_are_bounded_and_it_says_so(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "MOST_ACTIVATIONS", 3)
    for number in range(4):
        add(api, f"p{number}", number)

    shown = api.get("overview").json
    assert shown["complete"] is False
    assert sum(day["completed"] for day in shown["activations_per_day"]) == 3
    assert shown["activations_per_day"][-1]["completed"] == 1, "the newest are counted"


def test_is_kept_for_a_moment(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each period for itself."""
    first = api.get("overview").json["generated_at"]

    assert api.get("overview").json["generated_at"] == first
    assert api.get("overview?days=2").json["generated_at"] != first
    monkeypatch.setattr(calls.time, "monotonic", lambda: 1e12)
    assert api.get("overview").json["generated_at"] != first
