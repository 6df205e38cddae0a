"""The welcome mail, its link, and new links."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import html5lib
import pytest

from provisioning.errors import InvalidInput, NotFound, Transient, WrongState
from provisioning.local.mailer import EmlMailer
from provisioning.ports import Delete, Query, Unconfirmed, Update
from provisioning.stores.activation import Launch
from provisioning.stores.members import require_member
from provisioning.stores.tokens import fingerprint
from provisioning.stores.welcome import (
    MAX_RESENDS,
    WelcomeExpired,
    WelcomeUnknown,
    WelcomeUsed,
    read_welcome,
    request_new_link,
    resend_welcome,
    spend_welcome,
    welcome_token_document,
    write_link_mail,
    write_welcome_mail,
)
from tests.stores.shop import LostAnswer

TOKEN = "a-token-from-a-mail"


@pytest.fixture
def link(shop):
    """A link to `s1` that works."""
    shop.documents.commit(
        [welcome_token_document(TOKEN, store_id="s1", uid="u1", provisioning_id="p1", now=shop.now)]
    )
    return TOKEN


def write(**changes):
    parts = {
        "key": "k1",
        "to": "avery@example.com",
        "store_name": "Awesome Store",
        "store_url": "https://awesome-store.example.com",
        "dashboard_url": "https://app.example.com/dashboard/stores/s1",
        "welcome_url": "https://app.example.com/welcome?token=abc",
        "launch": Launch.AFTER_ONBOARDING,
    }
    return write_welcome_mail(**(parts | changes))


# --- The token


def test_a_link_signs_in_once(shop, link):
    """The owner is told, the use is kept, and the second use is refused."""
    spent = spend_welcome(shop.documents, link, shop.now)

    assert (spent.store_id, spent.uid, spent.used_at) == ("s1", "u1", shop.now)
    assert require_member(shop.documents, "s1", "u1").signed_in_at == shop.now
    assert [entry["actor"] for entry in shop.audit("owner.signed_in")] == ["owner:u1"]
    with pytest.raises(WelcomeUsed):
        spend_welcome(shop.documents, link, shop.now)


def test_of_many_at_once_one_wins(shop, link):
    """Twelve threads behind a barrier, all with the same clock: one is let in."""
    barrier = threading.Barrier(12)

    def spend(_: int) -> str:
        barrier.wait()
        try:
            spend_welcome(shop.documents, link, shop.now)
        except WelcomeUsed:
            return "used"
        return "in"

    with ThreadPoolExecutor(12) as pool:
        outcomes = sorted(pool.map(spend, range(12)))

    assert outcomes == ["in"] + ["used"] * 11
    assert len(shop.audit("owner.signed_in")) == 1


@pytest.mark.parametrize(
    ("age", "works"), [(timedelta(days=7) - timedelta(seconds=1), True), (timedelta(days=7), False)]
)
def test_a_link_works_for_seven_days(shop, link, age, works):
    """To the second."""
    if works:
        assert spend_welcome(shop.documents, link, shop.now + age).used_at == shop.now + age
        return
    with pytest.raises(WelcomeExpired):
        spend_welcome(shop.documents, link, shop.now + age)
    assert read_welcome(shop.documents, link).used_at is None


def test_a_lost_answer_does_not_lock_the_owner_out(shop, link):
    """The repeat of our own commit conflicts with ourselves; the link was spent by us, not by another."""
    assert spend_welcome(LostAnswer(shop.documents), link, shop.now).uid == "u1"
    assert len(shop.audit("owner.signed_in")) == 1


@pytest.mark.parametrize("token", ["", "another", TOKEN + "x", "../members", "\ud7ff💐"])
def test_a_token_that_nobody_sent_opens_nothing(shop, link, token):
    with pytest.raises(WelcomeUnknown):
        spend_welcome(shop.documents, token, shop.now)


def test_a_rolled_back_membership_closes_its_links(shop, link):
    """The token is there, the right is gone: nothing is opened and nothing is spent."""
    shop.documents.commit([Delete("tenants/s1/members/u1")])

    with pytest.raises(WelcomeUnknown):
        spend_welcome(shop.documents, link, shop.now)

    assert read_welcome(shop.documents, link).used_at is None


def test_the_token_itself_is_nowhere(shop, link):
    """Only its SHA-256 names the document."""
    (found,) = shop.documents.query(Query("welcome_tokens"))

    assert found.id == fingerprint(link)
    assert link not in str(found.data)


# --- The mail


@pytest.mark.parametrize("launch", list(Launch))
def test_both_parts_say_all_that_matters(launch):
    """Addresses, the link, how long it works, and what to do afterwards; never a password."""
    mail = write(launch=launch)

    for part in (mail.text, mail.html):
        assert "https://awesome-store.example.com" in part
        assert "https://app.example.com/dashboard/stores/s1" in part
        assert "https://app.example.com/welcome?token=abc" in part
        assert "works once, for 7 days" in part
        assert "new one is on its way" in part
        assert "password" not in part.lower()
    assert "<" not in mail.text


def test_it_says_whether_the_doors_will_open():
    """It is written before the last step has proved the store, so none is called open yet."""
    waiting, opening = write(), write(launch=Launch.IMMEDIATELY)

    assert waiting.subject == opening.subject == "Awesome Store is ready"
    assert "coming-soon" in waiting.text
    assert "coming-soon" not in opening.text
    assert "opens to the public in a moment" in " ".join(opening.text.split())


@pytest.mark.parametrize("mail", [write(), write(launch=Launch.IMMEDIATELY)], ids=["ready", "open"])
def test_the_html_is_valid_and_fetches_nothing(mail):
    """No picture, script or style sheet from elsewhere: opening the mail tells nobody."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(mail.html)

    names = {element.tag for element in tree.iter()}
    assert names.isdisjoint({"img", "script", "link", "iframe", "object"})
    assert "url(" not in mail.html
    assert {a.get("href") for a in tree.iter("a")} == {
        "https://awesome-store.example.com",
        "https://app.example.com/dashboard/stores/s1",
        "https://app.example.com/welcome?token=abc",
    }


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "{{ 7*7 }} & {% if %}"]
)
def test_a_hostile_name_is_only_a_name(name):
    """Escaped in HTML, verbatim in text, never run as a template."""
    mail = write(store_name=name)

    heading = html5lib.parse(mail.html, namespaceHTMLElements=False).find(".//h1")
    assert "".join(heading.itertext()) == f"{name} is ready."
    assert len(heading) == 0
    assert name in mail.text


def test_a_name_cannot_add_a_header(tmp_path):
    """Line breaks, and marks that turn text around, become spaces before they reach a header."""
    mail = write(store_name="Shop\r\nBcc: all@example.com\u2028\u202enever\x00")

    assert mail.subject == "Shop Bcc: all@example.com never is ready"
    mailer = EmlMailer(tmp_path, "stores@example.com", "Upfront Stores")
    mailer.send(mail)
    head = mailer.path("k1").read_bytes().split(b"\r\n\r\n")[0]
    assert b"\nBcc:" not in head


@pytest.mark.parametrize(
    "to",
    [
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com, b@example.com",
        "A <a@example.com>",
        "",
        "nobody",
    ],
)
def test_a_mail_goes_to_one_address_only(to):
    with pytest.raises(InvalidInput):
        write(to=to)
    with pytest.raises(InvalidInput):
        write_link_mail(key="k", to=to, store_name="S", dashboard_url="https://d", welcome_url="https://w")


# --- New links


def ask(shop, email, now=None, documents=None):
    request_new_link(
        documents or shop.documents, shop.mailer, shop.accounts, shop.addresses, email, now or shop.now
    )


def sent_token(mail) -> str:
    return mail.text.partition("/welcome?token=")[2].split()[0]


@pytest.mark.parametrize("email", ["avery@awesome-store.example.com", "Avery@Awesome-Store.Example.com"])
def test_an_owner_gets_a_new_link_that_works(shop, email):
    """The mail goes to the account's own address, however it was typed."""
    ask(shop, email)

    (mail,) = shop.mailer.mails
    assert mail.to == shop.email
    assert spend_welcome(shop.documents, sent_token(mail), shop.now).uid == "u1"


def test_nobody_else_gets_anything(shop):
    """No account, an account without a store, a locked one: no mail, no document, no error."""
    shop.accounts.ensure_owner("customer@example.com", "C", "u2")
    shop.accounts.ensure_owner("locked@example.com", "L", "u3")
    shop.add_store("s3", "u3")
    shop.accounts.set_disabled("u3", True)

    for email in ("stranger@example.com", "customer@example.com", "locked@example.com"):
        ask(shop, email)

    assert shop.mailer.mails == []
    assert shop.documents.query(Query("welcome_tokens")) == []
    assert shop.documents.query(Query("link_requests")) == []


def test_a_lost_answer_does_not_lose_the_mail(shop):
    """The link was written, by us: it is sent."""
    ask(shop, shop.email, documents=LostAnswer(shop.documents))

    assert spend_welcome(shop.documents, sent_token(shop.mailer.mails[0]), shop.now).uid == "u1"


def test_one_mail_in_ten_minutes(shop):
    """Asking again early is silent; at 10 minutes it works again."""
    ask(shop, shop.email)
    ask(shop, shop.email, shop.now + timedelta(minutes=9, seconds=59))
    assert len(shop.mailer.mails) == 1

    ask(shop, shop.email, shop.now + timedelta(minutes=10))

    first, second = shop.mailer.mails
    assert sent_token(first) != sent_token(second)
    assert first.key != second.key


def test_asking_many_times_at_once_sends_one_mail(shop):
    """Eight threads behind a barrier."""
    barrier = threading.Barrier(8)

    def press(_: int) -> None:
        barrier.wait()
        ask(shop, shop.email)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8)))

    assert len(shop.mailer.mails) == 1


@pytest.mark.parametrize("failure", [Transient("busy"), Unconfirmed()])
def test_a_mail_that_fails_is_not_told(shop, failure):
    """An error would say that there was somebody to write to."""
    shop.mailer.failure = failure

    ask(shop, shop.email)


def test_the_link_leads_to_the_newest_store_that_still_is(shop):
    """Deleted stores, and stores whose membership is gone, are no destination."""
    shop.add_store("s2", "u1", created_at=shop.now + timedelta(days=1))
    shop.add_store("s3", "u1", created_at=shop.now + timedelta(days=2), status="DELETED")
    shop.add_store("s4", "u1", created_at=shop.now + timedelta(days=3))
    shop.documents.commit([Delete("tenants/s4/members/u1")])

    ask(shop, shop.email)

    assert read_welcome(shop.documents, sent_token(shop.mailer.mails[0])).store_id == "s2"


# --- An admin's resend


def resend(shop, provisioning_id="p1", documents=None):
    return resend_welcome(
        documents or shop.documents,
        shop.mailer,
        shop.tokens,
        shop.addresses,
        provisioning_id=provisioning_id,
        actor="admin:a1",
        now=shop.now,
    )


def test_each_resend_has_a_key_and_a_link_of_its_own(shop):
    """Numbered, each link works, and each is in the audit log."""
    numbers = [resend(shop).number, resend(shop).number]

    first, second = shop.mailer.mails
    assert numbers == [1, 2]
    assert [first.key, second.key] == ["p1:resend:1", "p1:resend:2"]
    assert {spend_welcome(shop.documents, sent_token(mail), shop.now).uid for mail in (first, second)} == {
        "u1"
    }
    assert sorted(entry["detail"]["number"] for entry in shop.audit("welcome.resent")) == [1, 2]


def test_two_resends_at_once_are_never_both_the_first(shop):
    """Whoever loses is told to look first; no number is used twice."""
    barrier = threading.Barrier(6)

    def press(_: int) -> int | None:
        barrier.wait()
        try:
            return resend(shop).number
        except Transient:
            return None

    with ThreadPoolExecutor(6) as pool:
        numbers = [number for number in pool.map(press, range(6)) if number]

    assert len(numbers) == len(set(numbers)) == len(shop.mailer.mails) >= 1


def test_a_lost_answer_does_not_stop_a_resend(shop):
    assert resend(shop, documents=LostAnswer(shop.documents)).number == 1
    assert len(shop.mailer.mails) == 1


def test_an_unconfirmed_resend_says_so(shop):
    shop.mailer.failure = Unconfirmed()

    assert resend(shop).delivery == "unconfirmed"


def test_resends_end_somewhere(shop):
    """After 20 the address is wrong, not the mail."""
    for _ in range(MAX_RESENDS):
        resend(shop)

    with pytest.raises(WrongState) as refusal:
        resend(shop)

    assert refusal.value.code == "TOO_MANY_RESENDS"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Delete("stores/s1"), "NO_STORE"),
        (Update("stores/s1", {"provisioning_id": "p2"}), "NO_STORE"),
        (Update("stores/s1", {"owner_uid": None}), "NO_OWNER"),
        (Delete("tenants/s1/members/u1"), "NO_OWNER"),
    ],
)
def test_there_must_be_somebody_to_welcome(shop, change, code):
    """Rolled back, taken over by another provisioning, or not yet so far: no mail."""
    shop.documents.commit([change])

    with pytest.raises(WrongState) as refusal:
        resend(shop)

    assert refusal.value.code == code
    assert shop.mailer.mails == []


def test_no_provisioning_no_resend(shop):
    with pytest.raises(NotFound):
        resend(shop, "p9")
