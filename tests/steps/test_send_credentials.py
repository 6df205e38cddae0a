"""The welcome mail: after what it names answers, once, and never with a secret but its link."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from provisioning.errors import Conflict, Permanent, Transient
from provisioning.ports import Page, Sent, Unconfirmed
from provisioning.stores.tokens import fingerprint
from provisioning.stores.welcome import WelcomeToken, welcome_token_document
from tests.steps.world import CLIENT_TIMEOUT, NOW, OWNER, SECRET, FakeMailer, Provisioning

STEP = "send_credentials"


def the_mail(one: Provisioning) -> EmailMessage:
    """The only mail there is."""
    (raw,) = one.world.sent_mails()
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def texts(mail: EmailMessage) -> tuple[str, str]:
    """Its text and its HTML."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert html
    return plain.get_content(), html.get_content()


def fake(one: Provisioning, mailer: FakeMailer) -> FakeMailer:
    one.ports["mailer"] = mailer
    return mailer


# --- What it sends


def test_the_mail_leads_to_the_store_and_the_dashboard(store: Provisioning) -> None:
    """To the owner, in text and HTML, with both addresses and one link, and after both have answered."""
    outcome = store.run(STEP)

    mail = the_mail(store)
    addresses = store.world.addresses
    assert mail["To"] == OWNER
    assert store.request.store_name in mail["Subject"]
    for text in texts(mail):
        assert addresses.store("ada") in text
        assert addresses.dashboard("p1") in text
        assert len(set(re.findall(r"token=([\w-]+)", text))) == 1
    assert store.world.visitor.opened == [addresses.store("ada"), addresses.dashboard("p1")]
    assert (outcome.delivery, outcome.effects) == ("sent", ("mail",))


def test_the_link_in_the_mail_is_the_one_that_works(store: Provisioning) -> None:
    """The document's id is the SHA-256 of the mail's token; it opens this store for this owner, once, for 7 days."""
    store.run(STEP)

    (token,) = set(re.findall(r"/welcome\?token=([\w-]+)", texts(the_mail(store))[0]))
    ((id, data),) = store.world.collection("welcome_tokens").items()
    link = WelcomeToken.model_validate(data)
    assert id == fingerprint(token)
    assert (link.store_id, link.uid, link.provisioning_id) == ("p1", store.refs["owner_uid"], "p1")
    assert (link.created_at, link.expires_at, link.used_at) == (NOW, NOW + timedelta(days=7), None)
    page = store.world.visitor.open(store.world.addresses.welcome(token))
    assert page.status == 200
    assert token.encode() in page.body


def test_no_secret_is_in_the_mail_and_no_token_in_a_document(store: Provisioning) -> None:
    """No password, no signing secret, no preview; and what is kept of the token is only its fingerprint."""
    outcome = store.run(STEP)

    token = store.world.tokens.welcome(store.key(STEP))
    for text in texts(the_mail(store)):
        assert "password" not in text.lower()
        assert SECRET not in text
        assert "preview=" not in text
    assert token not in repr(store.world.everything("p1"))
    assert token not in repr((outcome.log, outcome.refs, outcome.links, outcome.effects))


@pytest.mark.parametrize(("launch", "opens"), [("immediately", True), ("after_onboarding", False)])
def test_the_mail_says_when_the_store_opens(store: Provisioning, launch: str, opens: bool) -> None:
    store.request = store.world.provisioning(launch=launch).request

    store.run(STEP)

    text = " ".join(texts(the_mail(store))[0].split())
    assert ("opens to the public in a moment" in text) is opens
    assert ("Go live" in text) is not opens


def test_run_twice_without_a_commit_it_sends_one_mail_with_a_link_that_works(store: Provisioning) -> None:
    """The token is made from the effect key, so the mail that went out first holds the link that is committed later."""
    first = store.attempt(STEP)

    again = store.run(STEP, in_doubt=True)

    assert again == first
    (token,) = set(re.findall(r"token=([\w-]+)", texts(the_mail(store))[0]))
    assert list(store.world.collection("welcome_tokens")) == [fingerprint(token)]


def test_a_link_is_committed_once(store: Provisioning) -> None:
    """Written over, a used link would work again."""
    store.run(STEP)

    with pytest.raises(Conflict):
        store.run(STEP, in_doubt=True)

    assert len(store.world.sent_mails()) == 1


# --- What must answer first


@pytest.mark.parametrize("status", [404, 500, 503])
@pytest.mark.parametrize("end", [":8080", "/dashboard/stores/p1"])
def test_nothing_is_sent_before_store_and_dashboard_answer(
    store: Provisioning, end: str, status: int
) -> None:
    """Transient, no mail and no link; the attempt after it finds them and sends."""
    store.world.visitor.answers[end] = Page(status, b"", "text/html")
    with pytest.raises(Transient) as stopped:
        store.run(STEP)
    assert stopped.value.code == "NOT_ANSWERING"
    assert str(status) in str(stopped.value)
    assert stopped.value.perhaps_done is False
    assert store.world.sent_mails() == []
    assert store.world.collection("welcome_tokens") == {}

    store.world.visitor.answers.clear()

    assert store.run(STEP).delivery == "sent"


def test_a_dashboard_open_to_everybody_is_no_dashboard(store: Provisioning) -> None:
    """It must ask for sign-in: a 200 without it is as wrong as a 500."""
    store.world.visitor.answers["/dashboard/stores/p1"] = Page(200, b"", "text/html")

    with pytest.raises(Transient):
        store.run(STEP)

    assert store.world.sent_mails() == []


def test_with_too_little_time_nothing_is_sent(store: Provisioning) -> None:
    """An invocation that may be cut off while it sends does not begin to."""
    with pytest.raises(Transient) as stopped:
        store.run(STEP, seconds=CLIENT_TIMEOUT - 0.1)

    assert stopped.value.code == "OUT_OF_TIME"
    assert stopped.value.perhaps_done is False
    assert store.world.sent_mails() == []


# --- Doubt


@pytest.mark.parametrize(("known", "delivery"), [(Sent.SENT, "sent"), (Sent.UNKNOWN, "unconfirmed")])
def test_in_doubt_it_sends_nothing_that_may_have_been_sent(
    store: Provisioning, known: Sent, delivery: str
) -> None:
    """The mailer is asked by the effect key; the link is committed either way, as the mail may hold it."""
    mailer = fake(store, FakeMailer(known))

    outcome = store.run(STEP, in_doubt=True)

    assert (outcome.delivery, mailer.sent, mailer.asked) == (delivery, [], [store.key(STEP)])
    assert len(store.world.collection("welcome_tokens")) == 1


def test_in_doubt_it_sends_what_was_surely_not_sent(store: Provisioning) -> None:
    mailer = fake(store, FakeMailer(Sent.NOT_SENT))

    outcome = store.run(STEP, in_doubt=True)

    assert outcome.delivery == "sent"
    assert [mail.key for mail in mailer.sent] == [store.key(STEP)]


def test_in_doubt_with_a_look_up_that_fails_nothing_is_sent(store: Provisioning) -> None:
    """Transient: the next attempt, still in doubt, asks again."""
    mailer = fake(store, FakeMailer(Transient("busy", retry_after=7)))

    with pytest.raises(Transient) as stopped:
        store.run(STEP, in_doubt=True)

    assert stopped.value.retry_after == 7
    assert mailer.sent == []


def test_without_doubt_nobody_is_asked(store: Provisioning) -> None:
    mailer = fake(store, FakeMailer(Sent.SENT))

    assert store.run(STEP).delivery == "sent"
    assert (len(mailer.sent), mailer.asked) == (1, [])


@pytest.mark.parametrize(("known", "delivery"), [(Sent.SENT, "sent"), (Sent.UNKNOWN, "unconfirmed")])
def test_silence_is_cleared_up_at_once_where_it_can_be(
    store: Provisioning, known: Sent, delivery: str
) -> None:
    """No answer came: it is sent where the mailer knows so, else unconfirmed, and never sent again."""
    mailer = fake(store, FakeMailer(known, sending=Unconfirmed()))

    outcome = store.run(STEP)

    assert (outcome.delivery, len(mailer.sent)) == (delivery, 1)
    assert ("resend" in outcome.log[0]) is (delivery == "unconfirmed")


def test_silence_about_what_was_not_sent_is_tried_again(store: Provisioning) -> None:
    """Surely not sent: transient and without doubt."""
    fake(store, FakeMailer(Sent.NOT_SENT, sending=Unconfirmed()))

    with pytest.raises(Transient) as stopped:
        store.run(STEP)

    assert (stopped.value.code, stopped.value.perhaps_done) == ("MAIL_NOT_ACCEPTED", False)
    assert store.world.collection("welcome_tokens") == {}


def test_silence_and_a_look_up_that_fails_leave_it_in_doubt(store: Provisioning) -> None:
    """The next attempt must be told that the mail may have gone out, or it would send a second."""
    fake(store, FakeMailer(Transient("busy", code="BUSY", retry_after=9), sending=Unconfirmed()))

    with pytest.raises(Transient) as stopped:
        store.run(STEP)

    assert stopped.value.perhaps_done is True
    assert (stopped.value.code, stopped.value.retry_after) == ("BUSY", 9)


@pytest.mark.parametrize(
    "refusal", [Transient("slow down", retry_after=30), Permanent("MAIL_REFUSED", "No such mailbox")]
)
def test_a_refusal_is_passed_on_as_it_is(store: Provisioning, refusal: Exception) -> None:
    """Nothing was sent, so no link is made, and nobody is asked whether it was."""
    mailer = fake(store, FakeMailer(sending=refusal))

    with pytest.raises(type(refusal)) as stopped:
        store.run(STEP)

    assert stopped.value is refusal
    assert mailer.asked == []
    assert store.world.collection("welcome_tokens") == {}


# --- Undo


def test_undo_ends_every_link_of_this_provisioning_and_no_other(store: Provisioning) -> None:
    """Resent ones too; the mail stays where it is, and undoing again does nothing."""
    store.run(STEP)
    theirs = welcome_token_document("theirs", store_id="p9", uid="u9", provisioning_id="p9", now=NOW)
    resent = welcome_token_document(
        "resent", store_id="p1", uid="u1", provisioning_id="p1", now=NOW, resend_of="p1"
    )
    store.world.documents.commit([theirs, resent])

    outcome = store.undo(STEP)

    assert list(store.world.collection("welcome_tokens")) == [fingerprint("theirs")]
    assert len(store.world.sent_mails()) == 1
    assert "cannot be taken back" in outcome.log[0]
    assert store.undo(STEP).writes == ()


def test_undo_when_no_mail_was_sent_does_nothing(store: Provisioning) -> None:
    assert store.undo(STEP).writes == ()
