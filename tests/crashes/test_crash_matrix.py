"""
The crash matrix: a function process kills itself with SIGKILL at each point of each step, forward and in undo.

All cases run in one emulated runtime, one provisioning for each; a crash hits whatever else its process works on, as it would in the
cloud. Nothing of the product is replaced: see `killing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.workflow.records import Direction, Provisioning
from provisioning.workflow.recovery import roll_back
from tests.crashes.killing import CASES, EFFECTS, Case, Crash, Point, crashes
from tests.crashes.lab import (
    Lab,
    laboratory,
    subdomain_of,
    violations_of_completed,
    violations_of_rolled_back,
)

pytestmark = [pytest.mark.slow, pytest.mark.emulators, pytest.mark.timeout(600)]

#: Design §5: a SIGKILL anywhere, COMPLETED within 30 s all the same.
SECONDS = 30.0
#: So many provisionings are under way at any time: what is measured is the way back from a crash, not the queue before it.
AT_ONCE = 14
ALL_SECONDS = 300.0
IDS = [case.id for case in CASES]
SOURCE = Path(__file__).parent / "functions" / "provision_step" / "main.py"


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crashes")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, marks: Path) -> Iterator[Lab]:
    data = tmp_path_factory.mktemp("lab")
    with laboratory(data, {"provision_step": SOURCE}, {"CRASHES": str(marks)}) as lab:
        yield lab


@pytest.fixture(scope="module")
def completed(lab: Lab) -> dict[str, Provisioning]:
    """Every case, after its crash on the way forward."""
    return lab.run_all(IDS, lab.submit, at_once=AT_ONCE, seconds=ALL_SECONDS)


@pytest.fixture(scope="module")
def rolled_back(lab: Lab, completed: dict[str, Provisioning]) -> dict[str, Provisioning]:
    """Every case, after its crash on the way back."""

    def begin(id: str) -> None:
        roll_back(lab.platform.engine, id, actor="test", confirm=subdomain_of(id))

    return lab.run_all(IDS, begin, at_once=AT_ONCE, seconds=ALL_SECONDS)


def of(marks: Path, direction: Direction) -> list[Crash]:
    return [crash for crash in crashes(marks) if crash.direction == direction]


def slowest(records: dict[str, Provisioning], found: list[Crash]) -> dict[str, float]:
    """Seconds from the last crash that hit a provisioning until it was over."""
    last = {id: max(crash.at for crash in found if id in crash.hit) for id in records}
    return {id: record.updated_at.timestamp() - last[id] for id, record in records.items()}


def attempts_expected(case: Case, direction: Direction, found: list[Crash], retries: int) -> range:
    """
    How many attempts all steps together may have taken: a crash costs one if it came after the claim and before the commit.

    `retries` came back with a transient error of their own, as where a busy machine answers late; the log tells of each.
    """
    in_flight = case.point is Point.MID_EFFECT and (direction, case.step) not in EFFECTS
    after_claim = case.point in (Point.AFTER_CLAIM, Point.MID_EFFECT, Point.AFTER_EFFECT)
    least = 7 + retries + (1 if after_claim and not in_flight else 0)
    most = 7 + retries + (1 if after_claim else 0)
    return range(least, most + sum(case.id in crash.hit and case.id != crash.case for crash in found) + 1)


def retries_told(record: Provisioning) -> int:
    """How many attempts the log says did not succeed: those that came back to say so. What nobody foresaw explains none."""
    warnings = [entry.message for entry in record.log if entry.level == "warning"]
    return sum(" did not succeed (" in line and "(INTERNAL)" not in line for line in warnings)


def unexpected_attempts(
    records: dict[str, Provisioning],
    direction: Direction,
    found: list[Crash],
    before: dict[str, Provisioning] | None = None,
) -> list[str]:
    """`before` is how the records were when this direction began: their logs go on."""
    broken: list[str] = []
    for case in CASES:
        record = records[case.id]
        taken = sum(step.attempts for step in record.steps)
        retries = retries_told(record) - (retries_told(before[case.id]) if before else 0)
        expected = attempts_expected(case, direction, found, retries)
        if taken not in expected:
            warnings = [entry.message for entry in record.log if entry.level == "warning"]
            broken.append(f"{case.id}: {taken} attempts, not {expected}; warnings: {warnings}")
    return broken


def test_every_process_died_where_it_was_told_to(marks: Path, completed: dict[str, Provisioning]) -> None:
    """One crash for each case: 7 steps by 6 points."""
    assert sorted(crash.case for crash in of(marks, Direction.FORWARD)) == sorted(IDS)


def test_every_provisioning_completes_with_its_effects_once(
    lab: Lab, completed: dict[str, Provisioning]
) -> None:
    """One store, host, account, membership, mail and whole release each, and each step recorded once."""
    broken = [line for id, record in completed.items() for line in violations_of_completed(lab, id, record)]

    assert broken == []
    assert lab.count("stores") == lab.count("hosts") == lab.count("deployments") == len(IDS)


def test_none_takes_longer_than_promised(marks: Path, completed: dict[str, Provisioning]) -> None:
    """COMPLETED within 30 s of the crash that hit it last."""
    took = slowest(completed, of(marks, Direction.FORWARD))
    print(f"slowest after a crash: {sorted((round(s, 1), id) for id, s in took.items())[-5:]}")

    assert {id: seconds for id, seconds in took.items() if seconds > SECONDS} == {}


def test_attempts_count_the_crashes(marks: Path, completed: dict[str, Provisioning]) -> None:
    """One attempt for each step, one more for each crash between its claim and its commit, and each retry that the log tells of."""
    assert unexpected_attempts(completed, Direction.FORWARD, of(marks, Direction.FORWARD)) == []


def test_no_mail_is_sent_again_after_the_crash_that_followed_it(marks: Path, completed: object) -> None:
    """Sent, and the process died before it could say so: the mail is found, not sent a second time."""
    from provisioning.steps.step import effect_key

    sent = (marks / "sent.log").read_text().split()
    key = effect_key(Case("send_credentials", Point.AFTER_EFFECT).id, "send_credentials")

    assert sent.count(key) == 1


def test_every_roll_back_dies_and_ends_all_the_same(
    lab: Lab, marks: Path, completed: dict[str, Provisioning], rolled_back: dict[str, Provisioning]
) -> None:
    """Killed in each undo at each point: ROLLED_BACK within 30 s of the crash, and nothing is left behind."""
    found = of(marks, Direction.UNDO)
    took = slowest(rolled_back, found)
    broken = [
        line for id, record in rolled_back.items() for line in violations_of_rolled_back(lab, id, record)
    ]
    print(f"slowest after a crash: {sorted((round(s, 1), id) for id, s in took.items())[-5:]}")

    assert sorted(crash.case for crash in found) == sorted(IDS)
    assert broken == []
    assert lab.count("stores") == lab.count("hosts") == lab.count("deployments") == 0
    assert {id: seconds for id, seconds in took.items() if seconds > SECONDS} == {}
    assert unexpected_attempts(rolled_back, Direction.UNDO, found, before=completed) == []
