"""How things stand, on one page: stores, activations by day, how long they take, what fails, and what waits for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from pydantic import Field, ValidationError

from provisioning import logs
from provisioning.api.calls import ROOT, Answer, Call, Endpoint
from provisioning.api.durations import Spread, durations_of
from provisioning.api.shapes import Input, LetterView, Output, ProvisioningSummary
from provisioning.ports import Documents, Query, Where
from provisioning.stores.stores import StoreStatus
from provisioning.workflow.dead_letters import LetterStatus
from provisioning.workflow.records import Kind, Provisioning, Status, read_provisioning
from provisioning.workflow.sweep import stuck

#: So many of the newest activations are counted; `complete` says whether these are all of the time asked for.
MOST_ACTIVATIONS = 2_000
KEPT_SECONDS = 5.0
_MOST_STILL = 20
_NEWEST_LETTERS = 5
_MOST_FAILURES = 20

Found = tuple[str, Provisioning]


class Period(Input):
    """How far to look back."""

    days: int = Field(14, ge=1, le=90, description="So many days, today among them.")


class Day(Output):
    """What became of the activations that were asked for on one day (UTC)."""

    day: date
    completed: int
    failed: int = Field(description="FAILED, or with a roll back that is halted.")
    rolled_back: int
    unfinished: int


class Failure(Output):
    """One cause for which activations stand still."""

    step: str | None = Field(description="None where the request itself was rejected.")
    code: str
    title: str
    count: int
    example: str = Field(description="The newest provisioning that has it.")


class OpenLetters(Output):
    """Dead letters that nobody has dealt with."""

    open: int
    newest: tuple[LetterView, ...]


class Overview(Output):
    """How things stand."""

    stores_by_status: dict[StoreStatus, int]
    activations_per_day: tuple[Day, ...] = Field(
        description="Every day of the time asked for, the oldest first."
    )
    success_rate: float | None = Field(description="Of those that are over, the share that was completed.")
    seconds: Spread | None = Field(
        description="From request to completion, of those that nobody had to retry."
    )
    failures: tuple[Failure, ...] = Field(description="The most frequent first.")
    standing_still: tuple[ProvisioningSummary, ...]
    dead_letters: OpenLetters
    complete: bool = Field(
        description=f"False where more than {MOST_ACTIVATIONS} were asked for: the newest are counted."
    )
    generated_at: datetime


def show_overview(call: Call[Period, None]) -> Answer:
    days = call.query.days
    return Answer(
        call.kept.get(f"overview {days}", KEPT_SECONDS, lambda: read_overview(call.documents, days))
    )


def read_overview(documents: Documents, days: int) -> Overview:
    """The overview of so many days, as it is now."""
    now = documents.get("sweeps/clock").read_time
    found, complete = _activations(documents, _midnight(now) - timedelta(days=days - 1))
    records = [record for _, record in found]
    outcomes = Counter(map(outcome_of, records))
    over = sum(outcomes[name] for name in ("completed", "failed", "rolled_back"))
    return Overview(
        stores_by_status={status: _count_stores(documents, status) for status in StoreStatus},
        activations_per_day=tuple(per_day(records, now.date(), days)),
        success_rate=round(outcomes["completed"] / over, 4) if over else None,
        seconds=durations_of(record for record in records if record.status == Status.COMPLETED).total,
        failures=tuple(failures_of(found)),
        standing_still=tuple(_still(documents)),
        dead_letters=_letters(documents),
        complete=complete,
        generated_at=now,
    )


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _activations(documents: Documents, since: datetime) -> tuple[list[Found], bool]:
    """The newest activations since then, and whether these are all."""
    where = (Where("kind", "==", Kind.ACTIVATION.value), Where("requested_at", ">=", since))
    found = documents.query(
        Query("provisionings", where, order_by="-requested_at", limit=MOST_ACTIVATIONS + 1)
    )
    readable: list[Found] = []
    for one in found[:MOST_ACTIVATIONS]:
        try:
            readable.append((one.id, read_provisioning(one.data or {})))
        except ValidationError:
            logs.provisioning_unreadable(one.id)
    return readable, len(found) <= MOST_ACTIVATIONS


def outcome_of(record: Provisioning) -> str:
    """The name of the field of `Day` in which it counts."""
    if record.status == Status.FAILED or record.halted:
        return "failed"
    return {Status.COMPLETED: "completed", Status.ROLLED_BACK: "rolled_back"}.get(record.status, "unfinished")


def per_day(records: Iterable[Provisioning], today: date, days: int) -> Iterable[Day]:
    """Each day with what became of its activations, also where there were none."""
    counted: dict[date, Counter[str]] = {today - timedelta(days=n): Counter() for n in reversed(range(days))}
    for record in records:
        day = record.requested_at.astimezone(UTC).date() if record.requested_at else None
        if day is not None and day in counted:
            counted[day][outcome_of(record)] += 1
    for day, outcomes in counted.items():
        yield Day(
            day=day,
            completed=outcomes["completed"],
            failed=outcomes["failed"],
            rolled_back=outcomes["rolled_back"],
            unfinished=outcomes["unfinished"],
        )


def failures_of(found: Iterable[Found]) -> Iterable[Failure]:
    """By cause, the most frequent first; `found` has the newest first."""
    causes: Counter[tuple[str | None, str]] = Counter()
    newest: dict[tuple[str | None, str], tuple[str, str]] = {}
    for id, record in found:
        if record.error is None:
            continue
        cause = record.error.step, record.error.code
        causes[cause] += 1
        newest.setdefault(cause, (id, record.error.title))
    for (step, code), count in causes.most_common(_MOST_FAILURES):
        example, title = newest[step, code]
        yield Failure(step=step, code=code, title=title, count=count, example=example)


def _count_stores(documents: Documents, status: StoreStatus) -> int:
    return documents.count(Query("stores", (Where("status", "==", status.value),)))


def _still(documents: Documents) -> Iterable[ProvisioningSummary]:
    for one in stuck(documents, _MOST_STILL):
        try:
            yield ProvisioningSummary.of(one.id, read_provisioning(one.data or {}))
        except ValidationError:
            logs.provisioning_unreadable(one.id)


def _letters(documents: Documents) -> OpenLetters:
    where = (Where("status", "==", LetterStatus.OPEN.value),)
    newest = documents.query(Query("dead_letters", where, order_by="-filed_at", limit=_NEWEST_LETTERS))
    return OpenLetters(
        open=documents.count(Query("dead_letters", where)),
        newest=tuple(LetterView.of(one.id, one.data or {}) for one in newest),
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/overview",
        "show_overview",
        "Overview",
        "Show how things stand",
        show_overview,
        response=Overview,
        query=Period,
        example_query="days=7",
        description=f"Kept for {KEPT_SECONDS:.0f} s; days are those of UTC.",
    ),
)
