"""SendGrid misbehaves while the owner is being welcomed: one mail or none, and the person is told which."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest

from provisioning.google.mailer import SendGridMailer
from provisioning.stores.welcome import resend_welcome
from provisioning.workflow.engine import Verdict
from tests.fakes.sendgrid import KEY, FakeSendGrid
from tests.fakes.server import Answer, Reset, Silence
from tests.receivers.world import ID, OWNER, TIMEOUT, World

STEP = "send_credentials"


@pytest.fixture
def sendgrid() -> Iterator[FakeSendGrid]:
    with FakeSendGrid() as server:
        yield server


def mailer(sendgrid: FakeSendGrid, key: str = KEY) -> SendGridMailer:
    return SendGridMailer(key, "stores@example.com", "Upfront Stores", sendgrid.url, TIMEOUT)


@pytest.fixture
def welcoming(world: World, sendgrid: FakeSendGrid) -> World:
    """All is done but the welcome mail."""
    world.use(mailer=mailer(sendgrid))
    world.submit()
    world.run_to(STEP)
    return world


def asked(sendgrid: FakeSendGrid) -> int:
    """How often SendGrid was asked to send."""
    return sum(request.path == "/v3/mail/send" for request in sendgrid.requests)


def keys(sendgrid: FakeSendGrid) -> list[str]:
    return [mail["custom_args"]["effect_key"] for mail in sendgrid.accepted]


def test_a_mail_that_is_accepted_is_sent_once(welcoming: World, sendgrid: FakeSendGrid) -> None:
    """F00: the oracle of all below."""
    record = welcoming.finish()

    assert (record.status, record.delivery) == ("COMPLETED", "sent")
    assert (asked(sendgrid), keys(sendgrid)) == (1, [welcoming.key(STEP)])
    assert welcoming.warnings == []


def test_429_is_repeated_not_before_its_time_and_once(welcoming: World, sendgrid: FakeSendGrid) -> None:
    """F51: 30 seconds were asked for; no request before, one after, one attempt more."""
    sendgrid.next_answers = [Answer(429, b"", {"retry-after": "30"})]
    message = welcoming.broker.pending[0]
    assert welcoming.deliver() is Verdict.AGAIN
    waiting = welcoming.record

    assert waiting.status == "IN_PROGRESS"
    assert waiting.engine.not_before is not None
    assert timedelta(seconds=29) < waiting.engine.not_before - waiting.updated_at <= timedelta(seconds=31)
    assert "BUSY" in welcoming.warnings[-1]
    assert "next in 30 s" in welcoming.warnings[-1]
    assert welcoming.step_error(STEP) == "SendGrid answered 429"
    for _ in range(5):
        welcoming.clock.leap(5)
        welcoming.deliver(message)
    assert asked(sendgrid) == 1
    welcoming.clock.leap(6)
    assert welcoming.deliver(message) is Verdict.ACKNOWLEDGE

    assert (asked(sendgrid), len(sendgrid.accepted)) == (2, 1)
    assert welcoming.attempts(STEP) == 2
    assert welcoming.step_error(STEP) is None
    assert (welcoming.finish().status, welcoming.record.delivery) == ("COMPLETED", "sent")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_refusal_is_repeated(welcoming: World, sendgrid: FakeSendGrid, status: int) -> None:
    """F52: surely not sent, so sent again: one mail in the end, and the attempts stand in the log."""
    sendgrid.next_answers = [Answer(status), Answer(status)]
    record = welcoming.finish()

    assert (record.status, record.delivery) == ("COMPLETED", "sent")
    assert (asked(sendgrid), len(sendgrid.accepted)) == (3, 1)
    assert (welcoming.attempts(STEP), len(welcoming.warnings)) == (3, 2)


def test_four_refusals_are_a_failure_that_a_retry_mends(welcoming: World, sendgrid: FakeSendGrid) -> None:
    """F31: 1 + 3 attempts, FAILED, one dead letter; retried, exactly one mail goes out and the letter is closed."""
    sendgrid.next_answers = [Answer(503)] * 4
    failed = welcoming.finish()

    assert (failed.status, failed.current_step, failed.completion_percent) == ("FAILED", STEP, 80)
    assert failed.error is not None
    assert (failed.error.code, failed.error.retryable, failed.error.step) == ("UNAVAILABLE", True, STEP)
    assert "SendGrid answered 503" in failed.error.detail
    assert failed.error.action
    assert [letter["code"] for letter in welcoming.letters()] == ["UNAVAILABLE"]
    assert (asked(sendgrid), sendgrid.accepted) == (4, [])
    assert (welcoming.retry().status, len(sendgrid.accepted)) == ("COMPLETED", 1)
    assert [letter["status"] for letter in welcoming.letters()] == ["CLOSED"]


@pytest.mark.parametrize("answer", [Silence(2.0), Reset(), Answer(504)], ids=["silence", "reset", "504"])
def test_accepted_without_an_answer_and_found(
    welcoming: World, sendgrid: FakeSendGrid, answer: Answer | Silence | Reset
) -> None:
    """F53: the Email Activity API shows the mail by our key: sent, exactly once, at the first attempt."""
    sendgrid.activity = sendgrid.accepts_first = True
    sendgrid.next_answers = [answer]
    record = welcoming.finish()

    assert (record.status, record.delivery) == ("COMPLETED", "sent")
    assert (asked(sendgrid), len(sendgrid.accepted), welcoming.attempts(STEP)) == (1, 1, 1)


@pytest.mark.parametrize(
    ("accepted", "activity"),
    [(True, False), (False, False), (False, True)],
    ids=["accepted, not listed", "not accepted, not listed", "not accepted, listed when it is"],
)
def test_no_answer_and_not_found_is_unconfirmed(
    welcoming: World, sendgrid: FakeSendGrid, accepted: bool, activity: bool
) -> None:
    """F53: nobody can know (a list lags), so it is not sent again by itself; it completes, says so, and a person can resend."""
    sendgrid.accepts_first, sendgrid.activity = accepted, activity
    sendgrid.next_answers = [Silence(2.0)]
    record = welcoming.finish()

    assert (record.status, record.delivery) == ("COMPLETED", "unconfirmed")
    assert (asked(sendgrid), len(sendgrid.accepted)) == (1, int(accepted))
    assert any("resend it if the owner has none" in entry.message for entry in record.log)
    ports = welcoming.platform.ports
    resent = resend_welcome(
        ports.documents,
        ports.mailer,
        welcoming.platform.tokens,
        welcoming.platform.addresses,
        provisioning_id=ID,
        actor="admin:a1",
        now=record.updated_at,
    )
    assert (resent.delivery, len(sendgrid.accepted)) == ("sent", 1 + accepted)


def test_a_crash_after_acceptance_does_not_send_again(welcoming: World, sendgrid: FakeSendGrid) -> None:
    """The process dies between SendGrid's answer and the commit: found by its key, one mail."""

    class Dies(BaseException):
        pass

    def die(writes: object) -> None:
        if sendgrid.accepted:
            welcoming.documents.before_commit = lambda writes: None
            raise Dies

    sendgrid.activity = True
    message = welcoming.broker.pending[0]
    welcoming.documents.before_commit = die
    with pytest.raises(Dies):
        welcoming.deliver(message)
    welcoming.clock.leap(60)
    welcoming.deliver(message)

    assert (welcoming.finish().status, welcoming.record.delivery) == ("COMPLETED", "sent")
    assert (asked(sendgrid), len(sendgrid.accepted), welcoming.attempts(STEP)) == (1, 1, 2)


def test_a_revoked_key_is_permanent_until_it_is_mended(world: World, sendgrid: FakeSendGrid) -> None:
    """F54: one attempt, a sentence that names the remedy, no dead letter; with the right key a retry completes."""
    world.use(mailer=mailer(sendgrid, "SG.canary-key.revoked"))
    world.submit()
    failed = world.finish()

    assert (failed.status, failed.current_step) == ("FAILED", STEP)
    assert failed.error is not None
    assert (failed.error.code, failed.error.retryable) == ("MAIL_KEY_REFUSED", True)
    assert "key" in failed.error.action
    assert (asked(sendgrid), world.attempts(STEP), world.letters()) == (1, 1, [])
    world.use(mailer=mailer(sendgrid))

    assert (world.retry().status, world.record.delivery) == ("COMPLETED", "sent")
    assert len(sendgrid.accepted) == 1


def test_a_bad_address_is_permanent(welcoming: World, sendgrid: FakeSendGrid) -> None:
    """F54: one attempt; a retry is not offered, a roll back is, and it leaves nothing served."""
    wrong = {"message": "Does not contain a valid address.", "field": "personalizations.0.to.0.email"}
    sendgrid.next_answers = [Answer.of_json(400, {"errors": [wrong]})]
    failed = welcoming.finish()

    assert failed.error is not None
    assert (failed.status, failed.error.code, failed.error.retryable) == ("FAILED", "BAD_ADDRESS", False)
    assert "Roll back" in failed.error.action
    assert (asked(sendgrid), welcoming.attempts(STEP), sendgrid.accepted) == (1, 1, [])
    assert welcoming.roll_back().status == "ROLLED_BACK"
    assert welcoming.live is None


def test_a_refused_connection_is_repeated_then_failed(world: World, sendgrid: FakeSendGrid) -> None:
    """Nothing listens: four attempts, a reason; once SendGrid is back, one mail."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}"
        world.use(mailer=SendGridMailer(KEY, "stores@example.com", "Upfront Stores", nobody, TIMEOUT))
        world.submit()
        failed = world.finish()

    assert failed.error is not None
    assert (failed.status, failed.error.code) == ("FAILED", "UNAVAILABLE")
    assert "SendGrid could not be reached" in failed.error.detail
    assert world.attempts(STEP) == 4
    world.use(mailer=mailer(sendgrid))
    assert (world.retry().status, len(sendgrid.accepted)) == ("COMPLETED", 1)


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_neither_key_nor_address_is_told(welcoming: World, sendgrid: FakeSendGrid, status: int) -> None:
    """Whatever SendGrid puts into its answer: not in the progress, the dead letter, nor the log."""
    echoed = {"errors": [{"message": f"{KEY} {OWNER}", "field": None}]}
    sendgrid.next_answers = [Answer.of_json(status, echoed)] * 4
    welcoming.finish()
    told = welcoming.told + repr(welcoming.letters())

    assert KEY not in told
    assert "canary" not in told
