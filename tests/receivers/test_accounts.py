"""Firebase Auth misbehaves while the owner gets an account: one account, or a reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provisioning.google.accounts import FirebaseAccounts
from provisioning.steps.create_dashboard import own_uid
from provisioning.workflow.engine import Verdict
from tests.fakes.identity import FakeIdentity, NoCredential
from tests.fakes.server import Answer, Reset, Silence
from tests.receivers.world import OWNER, STORE, TIMEOUT, World

STEP = "create_dashboard"


@pytest.fixture
def identity() -> Iterator[FakeIdentity]:
    with FakeIdentity("shop-project") as server, server.reached():
        yield server


@pytest.fixture
def opening(world: World, identity: FakeIdentity) -> World:
    """All is done up to the owner's account."""
    world.use(accounts=FirebaseAccounts(identity.project, TIMEOUT, NoCredential()))
    world.submit()
    world.run_to(STEP)
    return world


def refusal(status: int, message: str) -> Answer:
    return Answer.of_json(status, {"error": {"code": status, "message": message}})


def members(world: World) -> list[str]:
    from provisioning.ports import Query

    return [found.id for found in world.documents.query(Query(f"tenants/{STORE}/members"))]


def test_without_faults_one_account_is_made(opening: World, identity: FakeIdentity) -> None:
    """F00: with an id from the effect key, and the owner's right to the store."""
    assert opening.finish().status == "COMPLETED"
    assert list(identity.accounts) == members(opening) == [own_uid(opening.key(STEP))]


PASSING = {
    "500": (refusal(500, "INTERNAL"), "UNAVAILABLE"),
    "503": (refusal(503, "UNAVAILABLE"), "UNAVAILABLE"),
    "429": (refusal(429, "RESOURCE_EXHAUSTED"), "BUSY"),
    "quota of a minute": (refusal(400, "TOO_MANY_ATTEMPTS_TRY_LATER : slow down"), "BUSY"),
    "silence": (Silence(2.0), "TIMEOUT"),
    "reset": (Reset(), "UNAVAILABLE"),
}


@pytest.mark.parametrize("calls_before", [0, 1], ids=["at the look-up", "at the creation"])
@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_is_repeated(
    opening: World, identity: FakeIdentity, fault: str, calls_before: int
) -> None:
    """One attempt more, one account in the end; the log says what it was."""
    answer, code = PASSING[fault]
    honest = identity.answer
    seen = []

    def faulty(request: object) -> Answer | Silence | Reset:
        seen.append(request)
        return answer if len(seen) == 1 + calls_before else honest(request)  # type: ignore[arg-type]

    identity.answer = faulty  # type: ignore[method-assign]
    assert opening.deliver() is Verdict.AGAIN
    assert f"({code})" in opening.warnings[-1]
    assert "Firebase Auth did not answer" in str(opening.step_error(STEP))
    assert members(opening) == []

    assert opening.finish().status == "COMPLETED"
    assert list(identity.accounts) == members(opening) == [own_uid(opening.key(STEP))]
    assert opening.attempts(STEP) == 2


@pytest.mark.parametrize(
    "then", [Silence(2.0), Reset(), refusal(500, "INTERNAL")], ids=["silence", "reset", "500"]
)
def test_made_without_an_answer_is_found(
    opening: World, identity: FakeIdentity, then: Answer | Silence | Reset
) -> None:
    """The account was made and the answer lost: the next attempt knows it as its own, so that a roll back removes it."""
    honest = identity.answer

    def loses_the_answer(request: object) -> Answer | Silence | Reset:
        given = honest(request)  # type: ignore[arg-type]
        if request.path.endswith("/accounts"):  # type: ignore[attr-defined]
            identity.answer = honest  # type: ignore[method-assign]
            return then
        return given

    identity.answer = loses_the_answer  # type: ignore[method-assign]
    assert opening.deliver() is Verdict.AGAIN
    assert list(identity.accounts) == [own_uid(opening.key(STEP))]

    assert opening.finish().status == "COMPLETED"
    assert any("account" in effect["effect"] for effect in opening.record.engine.effects)
    assert opening.roll_back().status == "ROLLED_BACK"
    assert identity.accounts == {}


def test_four_times_without_an_answer_is_a_failure(opening: World, identity: FakeIdentity) -> None:
    """F31: a reason, a dead letter, nothing made; a retry completes."""
    identity.next_answers = [refusal(503, "UNAVAILABLE")] * 4
    failed = opening.finish()

    assert failed.error is not None
    assert (failed.status, failed.current_step, failed.error.code) == ("FAILED", STEP, "UNAVAILABLE")
    assert (opening.attempts(STEP), identity.accounts, members(opening)) == (4, {}, [])
    assert [(letter["step"], letter["status"]) for letter in opening.letters()] == [(STEP, "OPEN")]
    assert opening.retry().status == "COMPLETED"
    assert len(identity.accounts) == 1


@pytest.mark.parametrize(
    ("answer", "code", "remedy"),
    [
        (refusal(400, "QUOTA_EXCEEDED : accounts of this day"), "ACCOUNT_QUOTA", "quota"),
        (refusal(403, "PERMISSION_DENIED"), "FIREBASE_AUTH_REFUSED", "role"),
        (refusal(400, "OPERATION_NOT_ALLOWED"), "ACCOUNT_REFUSED", "sign-in"),
    ],
    ids=["quota of a day", "rights", "not enabled"],
)
def test_what_no_waiting_mends_is_permanent(
    opening: World, identity: FakeIdentity, answer: Answer, code: str, remedy: str
) -> None:
    """One attempt, the remedy in words, and a retry that completes once it is applied."""
    identity.next_answers = [answer]
    failed = opening.finish()

    assert failed.error is not None
    assert (failed.status, failed.error.code, failed.error.retryable) == ("FAILED", code, True)
    assert remedy in failed.error.action
    assert (opening.attempts(STEP), opening.letters()) == (1, [])
    assert OWNER not in opening.told
    assert opening.retry().status == "COMPLETED"
    assert len(identity.accounts) == 1
