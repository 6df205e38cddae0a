"""What is special to mail as files."""

from __future__ import annotations

import hashlib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from provisioning.errors import Permanent
from provisioning.local.mailer import EmlMailer
from provisioning.ports import Mail, Sent
from tests.contracts.races import race


@pytest.fixture
def mailer(tmp_path: Path) -> EmlMailer:
    return EmlMailer(tmp_path / "mail", "stores@example.com", "Upfront, «Stores»")


def mail(
    key: str = "key-1", to: str = "owner@example.com", subject: str = "Ready", text: str = "Hello\n"
) -> Mail:
    return Mail(key, to, subject, text, "<p>Hello</p>\n")


def read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def sent_files(mailer: EmlMailer) -> list[Path]:
    return sorted(path for path in mailer.path("x").parent.rglob("*") if path.is_file())


def test_a_mail_is_a_file_that_mail_programs_read(mailer: EmlMailer) -> None:
    """Sender, receiver, date and key stand in its head, both bodies in it."""
    mailer.send(mail())

    message = read(mailer.path("key-1"))
    assert message["From"].addresses[0].display_name == "Upfront, «Stores»"
    assert message["From"].addresses[0].addr_spec == "stores@example.com"
    assert message["To"] == "owner@example.com"
    assert message["X-Effect-Key"] == "key-1"
    assert message["Date"].datetime.tzinfo is not None
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_the_file_is_found_by_the_key_alone(mailer: EmlMailer) -> None:
    """By its hash, as a key may hold what no file name may."""
    key = "../../etc/passwd"
    assert mailer.find(key) is Sent.NOT_SENT
    mailer.send(mail(key=key))

    assert mailer.find(key) is Sent.SENT
    assert mailer.path(key).name == hashlib.sha256(key.encode()).hexdigest() + ".eml"
    assert sent_files(mailer) == [mailer.path(key)]


def test_a_second_mail_with_the_same_key_is_not_written(mailer: EmlMailer) -> None:
    """The first stays as it is."""
    mailer.send(mail(subject="First"))
    mailer.send(mail(subject="Second"))

    assert read(mailer.path("key-1"))["Subject"] == "First"
    assert len(sent_files(mailer)) == 1


def test_sending_at_once_writes_one_mail(mailer: EmlMailer) -> None:
    """Eight deliveries of one message."""
    race(lambda n: mailer.send(mail(subject=f"Mail {n}")))

    assert len(sent_files(mailer)) == 1


def test_nothing_was_sent_before_the_first_mail(mailer: EmlMailer) -> None:
    """There is no folder yet."""
    assert mailer.find("key-1") is Sent.NOT_SENT


@pytest.mark.parametrize(
    "bad",
    [
        mail(subject="Ready\r\nBcc: all@example.com"),
        mail(subject="Ready\nBcc: all@example.com"),
        mail(subject="Ready\rBcc: all@example.com"),
        mail(to="owner@example.com\r\nBcc: all@example.com"),
        mail(to="owner@example.com, all@example.com"),
        mail(to="Owner <owner@example.com>"),
        mail(to="owner"),
        mail(to="owner@"),
        mail(to=""),
        mail(key="key\r\nBcc: all@example.com"),
        mail(subject="\ud800"),
        mail(text="\ud800"),
    ],
    ids=lambda bad: repr((bad.to, bad.subject, bad.key))[:60],
)
def test_what_could_add_a_header_or_a_receiver_is_refused(mailer: EmlMailer, bad: Mail) -> None:
    """For good: the same mail would be refused again. Nothing is written."""
    with pytest.raises(Permanent):
        mailer.send(bad)

    assert sent_files(mailer) == []


def test_a_body_cannot_add_a_header(mailer: EmlMailer) -> None:
    """Whatever it begins with."""
    mailer.send(mail(text="Bcc: all@example.com\r\n\r\nHello\n"))

    assert read(mailer.path("key-1"))["Bcc"] is None
