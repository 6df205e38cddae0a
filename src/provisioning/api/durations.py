"""How long steps take: from the newest finished activations, so that a page can say how long is left."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import ValidationError

from provisioning.api.calls import ROOT, Answer, Call, Endpoint, NoQuery
from provisioning.api.shapes import Output
from provisioning.ports import Documents, Query, Where
from provisioning.workflow.records import Kind, Provisioning, Status, StepStatus

MOST_RECORDS = 200
KEPT_SECONDS = 30.0


class Spread(Output):
    """Seconds: half of all took at most `p50`, 95 in a hundred at most `p95`."""

    p50: float
    p95: float
    count: int


class Durations(Output):
    """Empty where nothing was finished yet."""

    steps: dict[str, Spread]
    total: Spread | None


def show_durations(call: Call[NoQuery, None]) -> Answer:
    documents = call.documents
    return Answer(call.kept.get("durations", KEPT_SECONDS, lambda: durations_of(newest_completed(documents))))


def newest_completed(documents: Documents) -> list[Provisioning]:
    """The newest activations that were finished."""
    where = (
        Where("kind", "==", Kind.ACTIVATION.value),
        Where("status", "==", Status.COMPLETED.value),
    )
    found = documents.query(Query("provisionings", where, order_by="-requested_at", limit=MOST_RECORDS))
    return list(_readable(one.data or {} for one in found))


def _readable(documents: Iterable[object]) -> Iterable[Provisioning]:
    for data in documents:
        try:
            yield Provisioning.model_validate(data)
        except ValidationError:
            continue


def durations_of(records: Iterable[Provisioning]) -> Durations:
    """How long each step, and the whole, took."""
    steps: dict[str, list[float]] = {}
    totals: list[float] = []
    for record in records:
        for step in record.steps:
            seconds = _between(step.started_at, step.finished_at)
            if step.status == StepStatus.COMPLETED and seconds is not None:
                steps.setdefault(step.name, []).append(seconds)
        total = _between(record.requested_at, record.completed_at)
        # Who retried it in between took the time, not the system.
        if total is not None and record.retry_count == 0:
            totals.append(total)
    return Durations(
        steps={name: spread_of(seconds) for name, seconds in steps.items()},
        total=spread_of(totals) if totals else None,
    )


def spread_of(seconds: Sequence[float]) -> Spread:
    """The spread of at least one duration, by the nearest rank."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 3)

    return Spread(p50=at(0.5), p95=at(0.95), count=len(ordered))


def _between(began: datetime | None, ended: datetime | None) -> float | None:
    if began is None or ended is None:
        return None
    return max(0.0, (ended - began).total_seconds())


ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/durations",
        "show_durations",
        "Provisionings",
        "Say how long each step takes",
        show_durations,
        response=Durations,
        description=f"Of the newest {MOST_RECORDS} activations that were finished, in seconds; kept for {KEPT_SECONDS:.0f} s.",
    ),
)
