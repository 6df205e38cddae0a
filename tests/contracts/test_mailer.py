"""What every `Mailer` promises."""

from __future__ import annotations

import pytest

from provisioning.ports import Mail, Sent
from tests.contracts.rigs import MailerRig, ReceivedMail

WELCOME = Mail(
    key="0123456789abcdef0123456789abcdef",
    to="owner@example.com",
    subject="Your store is ready",
    text="Open http://awesome-store.localhost:8080\n",
    html="<p>Open <a href='http://awesome-store.localhost:8080'>your store</a></p>\n",
)


def test_a_mail_arrives_as_it_was_sent(mail: MailerRig) -> None:
    """Receiver, subject, and both forms of its body."""
    mail.mailer.send(WELCOME)

    assert mail.received() == [ReceivedMail(WELCOME.to, WELCOME.subject, WELCOME.text, WELCOME.html)]


@pytest.mark.parametrize(
    "text", ["Grüße — 你好 ✓", "a" * 2000, "From here\n.\n..dots\n"], ids=["unicode", "long-line", "dots"]
)
def test_any_text_arrives(mail: MailerRig, text: str) -> None:
    """Other alphabets, long lines, and what mail servers once gave a meaning."""
    subject = text.splitlines()[0][:100]
    mail.mailer.send(Mail("key", "owner@example.com", subject, f"{text}\n", f"<p>{text}</p>\n"))

    assert mail.received() == [ReceivedMail("owner@example.com", subject, f"{text}\n", f"<p>{text}</p>\n")]


def test_a_mail_that_was_sent_is_never_called_unsent(mail: MailerRig) -> None:
    """A receiver that cannot tell says so."""
    mail.mailer.send(WELCOME)

    assert mail.mailer.find(WELCOME.key) in (Sent.SENT, Sent.UNKNOWN)


def test_a_mail_that_was_not_sent_is_never_called_sent(mail: MailerRig) -> None:
    """Even when another one was."""
    mail.mailer.send(WELCOME)

    assert mail.mailer.find("another key") in (Sent.NOT_SENT, Sent.UNKNOWN)


def test_each_key_has_its_mail(mail: MailerRig) -> None:
    """A mail that is sent again on purpose has a key of its own."""
    mail.mailer.send(WELCOME)
    mail.mailer.send(Mail("again", WELCOME.to, "Again", "Again\n", "<p>Again</p>\n"))

    assert sorted(received.subject for received in mail.received()) == ["Again", WELCOME.subject]
