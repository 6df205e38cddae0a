"""What SendGrid is sent, and what each of its answers becomes."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from provisioning.errors import Permanent, Transient
from provisioning.google.mailer import SendGridMailer, retry_after
from provisioning.ports import Mail, Sent, Unconfirmed
from tests.fakes.sendgrid import KEY, FakeSendGrid
from tests.fakes.server import Answer, Reset, Silence

MAIL = Mail("k" * 32, "ada.canary@example.com", "Your store is ready", "Hello", "<p>Hello</p>")


@pytest.fixture
def sendgrid() -> Generator[FakeSendGrid]:
    with FakeSendGrid() as server:
        yield server


@pytest.fixture
def mailer(sendgrid: FakeSendGrid) -> SendGridMailer:
    return SendGridMailer(KEY, "stores@example.com", "Upfront Stores", sendgrid.url, 0.5)


def test_an_accepted_mail_carries_its_key_and_no_tracking(
    sendgrid: FakeSendGrid, mailer: SendGridMailer
) -> None:
    """One recipient, text before HTML, the effect key, a category, no rewritten links."""
    mailer.send(MAIL)

    (sent,) = sendgrid.accepted
    assert [{"email": MAIL.to}] == sent["personalizations"][0]["to"]
    assert sent["from"] == {"email": "stores@example.com", "name": "Upfront Stores"}
    assert [(c["type"], c["value"]) for c in sent["content"]] == [
        ("text/plain", "Hello"),
        ("text/html", "<p>Hello</p>"),
    ]
    assert {"effect_key": MAIL.key} == sent["custom_args"]
    assert sent["categories"] == ["provisioning"]
    tracking = sent["tracking_settings"]
    assert tracking == {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
    }


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_refusal_for_now_is_transient(sendgrid: FakeSendGrid, mailer: SendGridMailer, status: int) -> None:
    """With the seconds that SendGrid asked for; one request only."""
    sendgrid.next_answers = [Answer(status, b"canary", {"retry-after": "30"})]

    with pytest.raises(Transient) as raised:
        mailer.send(MAIL)

    assert raised.value.retry_after == 30.0
    assert len(sendgrid.requests) == 1


def test_a_refusal_without_a_time_has_none(sendgrid: FakeSendGrid, mailer: SendGridMailer) -> None:
    """Nothing is made up."""
    sendgrid.next_answers = [Answer(500)]

    with pytest.raises(Transient) as raised:
        mailer.send(MAIL)

    assert raised.value.retry_after is None


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_permanent_and_an_admin_can_help(
    sendgrid: FakeSendGrid, mailer: SendGridMailer, status: int
) -> None:
    """Retryable, once the key is right."""
    sendgrid.next_answers = [Answer.of_json(status, {"errors": [{"message": "canary", "field": None}]})]

    with pytest.raises(Permanent) as raised:
        mailer.send(MAIL)

    assert (raised.value.code, raised.value.retryable) == ("MAIL_KEY_REFUSED", True)
    assert "key" in raised.value.action


def test_a_bad_address_is_permanent(mailer: SendGridMailer) -> None:
    """SendGrid names the field; the person is told to use another address, and a retry is not offered."""
    with pytest.raises(Permanent) as raised:
        mailer.send(Mail("k", "nobody", "Hello", "Hello", "<p>Hello</p>"))

    assert (raised.value.code, raised.value.retryable) == ("BAD_ADDRESS", False)


def test_another_bad_request_is_not_blamed_on_the_address(
    sendgrid: FakeSendGrid, mailer: SendGridMailer
) -> None:
    """A 400 about the sender is a matter of our settings."""
    sendgrid.next_answers = [Answer.of_json(400, {"errors": [{"message": "bad", "field": "from.email"}]})]

    with pytest.raises(Permanent) as raised:
        mailer.send(MAIL)

    assert (raised.value.code, raised.value.retryable) == ("MAIL_REFUSED", True)


@pytest.mark.parametrize(
    "answer", [Silence(2.0), Reset(), Answer(504), Answer(200)], ids=["silence", "reset", "504", "200"]
)
def test_no_clear_answer_is_unconfirmed(
    sendgrid: FakeSendGrid, mailer: SendGridMailer, answer: Answer | Silence | Reset
) -> None:
    """It was accepted, and we cannot know: `Unconfirmed`, within the time-out, and no second request."""
    sendgrid.next_answers, sendgrid.accepts_first = [answer], True
    began = time.monotonic()

    with pytest.raises(Unconfirmed):
        mailer.send(MAIL)

    assert time.monotonic() - began < 1.5
    assert 1 == len(sendgrid.accepted) == len(sendgrid.requests)


def test_a_refused_connection_is_transient() -> None:
    """Nothing was sent."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"

        with pytest.raises(Transient):
            SendGridMailer(KEY, "stores@example.com", "Upfront Stores", address, 0.5).send(MAIL)


def test_an_accepted_mail_is_found_by_its_key(sendgrid: FakeSendGrid, mailer: SendGridMailer) -> None:
    """Where the account has the Email Activity API."""
    sendgrid.activity = True
    sendgrid.next_answers, sendgrid.accepts_first = [Silence(1.0)], True
    with pytest.raises(Unconfirmed):
        mailer.send(MAIL)

    assert mailer.find(MAIL.key) == Sent.SENT


def test_a_mail_that_is_not_listed_may_be_so_later(sendgrid: FakeSendGrid, mailer: SendGridMailer) -> None:
    """Messages are listed with a delay: unknown, not "not sent"."""
    sendgrid.activity = True

    assert mailer.find(MAIL.key) == Sent.UNKNOWN


def test_without_the_activity_api_nothing_is_known(mailer: SendGridMailer) -> None:
    """It answers 403 to accounts that have not bought it."""
    mailer.send(MAIL)

    assert mailer.find(MAIL.key) == Sent.UNKNOWN


def test_a_listed_mail_of_another_key_is_none_of_ours(
    sendgrid: FakeSendGrid, mailer: SendGridMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter that SendGrid did not understand would list anybody's: the message itself is asked."""
    sendgrid.activity = True
    mailer.send(MAIL)
    listing = {"messages": [{"msg_id": "m1"}]}
    whole = sendgrid.answer

    def answer(request: object) -> Answer | Silence | Reset:
        return Answer.of_json(200, listing) if request.path == "/v3/messages" else whole(request)  # type: ignore

    monkeypatch.setattr(sendgrid, "answer", answer)

    assert (mailer.find(MAIL.key), mailer.find("another")) == (Sent.SENT, Sent.UNKNOWN)


@pytest.mark.parametrize(
    "answer",
    [None, Answer(401, KEY.encode()), Answer(500, KEY.encode()), Reset()],
    ids=["202", "401", "500", "reset"],
)
def test_neither_key_nor_address_is_told(
    sendgrid: FakeSendGrid,
    mailer: SendGridMailer,
    caplog: pytest.LogCaptureFixture,
    answer: Answer | Reset | None,
) -> None:
    """Not in the error, nor in the log at its most talkative."""
    sendgrid.next_answers = [answer] if answer else []
    told = ""
    with caplog.at_level(logging.DEBUG):
        try:
            mailer.send(MAIL)
        except (Transient, Permanent, Unconfirmed) as error:
            told = f"{error!r} {vars(error)}"

    assert "canary" not in told + caplog.text
    assert "canary" not in repr(mailer)


def test_the_time_to_wait_is_read_in_all_forms() -> None:
    """Seconds, a date, SendGrid's own header; bounded, and nothing for what cannot be read."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    date = format_datetime(now + timedelta(seconds=90), usegmt=True)
    seconds = now.timestamp()

    assert retry_after({"Retry-After": "7"}, seconds) == 7.0
    assert retry_after({"Retry-After": date}, seconds) == 90.0
    assert retry_after({"X-RateLimit-Reset": str(int(seconds) + 12)}, seconds) == 12.0
    assert retry_after({"X-RateLimit-Reset": str(int(seconds) - 12)}, seconds) == 0.0
    assert retry_after({"Retry-After": "999999999"}, seconds) == 3600.0
    assert [retry_after({"Retry-After": text}, seconds) for text in ("", "soon", "nan", "-5")] == [None] * 4
