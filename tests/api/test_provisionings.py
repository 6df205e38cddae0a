"""Watching, retrying and rolling back, by a provisioning's id and by its merchant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from provisioning.errors import Permanent, Transient
from provisioning.ports import Mail, Sent, Unconfirmed
from provisioning.workflow.records import Status
from tests.api.world import EARLIER, Api, code_of, fields_of

BY_ID = "provisionings/p1"
BY_MERCHANT = "merchants/m1"


# --- Show ---


def test_shows_all_that_people_need_and_nothing_of_the_engine(api: Api) -> None:
    """Steps, error and what to do are there; leases, tokens and references are not."""
    api.add_provisioning()
    shown = api.get(BY_ID).json

    assert shown["id"] == "p1"
    assert shown["error"]["action"] == "Retry."
    assert [step["status"] for step in shown["steps"]] == ["COMPLETED", "FAILED"]
    assert shown["requested_at"] == "2026-09-01T12:00:00Z"
    assert "engine" not in shown


def test_halted_roll_back_is_told_apart(api: Api) -> None:
    record = api.add_provisioning()
    api.add_provisioning("p2", status=Status.ROLLBACK, error=record.error)

    assert api.get("provisionings/p2").json["halted"] is True
    assert api.get(BY_ID).json["halted"] is False


def test_unknown_provisioning(api: Api) -> None:
    assert code_of(api.get(BY_ID)) == (404, "NOT_FOUND")
    assert code_of(api.post(f"{BY_ID}/retry")) == (404, "NOT_FOUND")
    assert code_of(api.post(f"{BY_ID}/rollback")) == (404, "NOT_FOUND")
    assert code_of(api.post(f"{BY_ID}/resend-welcome")) == (404, "NOT_FOUND")


# --- List ---


def _add_many(api: Api) -> None:
    for number in range(7):
        api.add_provisioning(
            f"p{number}",
            merchant_id="m1" if number % 2 else "m2",
            store_id=f"s{number % 3}",
            status=Status.FAILED if number < 4 else Status.COMPLETED,
            requested_at=EARLIER + timedelta(minutes=number // 2),
        )


def test_list_is_newest_first(api: Api) -> None:
    """By the time of the request, then by id, both falling."""
    _add_many(api)

    assert _ids(api, "") == ["p6", "p5", "p4", "p3", "p2", "p1", "p0"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=COMPLETED", ["p6", "p5", "p4"]),
        ("merchant_id=m1", ["p5", "p3", "p1"]),
        ("store_id=s0", ["p6", "p3", "p0"]),
        ("merchant_id=m2&status=FAILED", ["p2", "p0"]),
        ("merchant_id=m1&store_id=s0&status=FAILED", ["p3"]),
        ("merchant_id=nobody", []),
    ],
)
def test_filters_combine(api: Api, query: str, expected: list[str]) -> None:
    _add_many(api)

    assert _ids(api, query) == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_pages_together_are_the_whole_list(api: Api, limit: int) -> None:
    """Whatever the page's size, every item comes once and in order, and the last page has no cursor."""
    _add_many(api)
    seen: list[str] = []
    cursor = ""
    while True:
        page = api.get(f"provisionings?limit={limit}{cursor}").json
        assert len(page["items"]) <= limit
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == ["p6", "p5", "p4", "p3", "p2", "p1", "p0"]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("limit=0", ("limit", "WRONG_VALUE")),
        ("limit=101", ("limit", "WRONG_VALUE")),
        ("limit=many", ("limit", "WRONG_VALUE")),
        ("status=LOST", ("status", "NOT_A_CHOICE")),
        ("merchant_id=../m1", ("merchant_id", "WRONG_FORM")),
        ("storeid=s1", ("storeid", "UNKNOWN_FIELD")),
        ("limit=1&limit=2", ("query", "REPEATED")),
        ("cursor=%FF", ("cursor", "STALE")),
        ("cursor=abc!", ("cursor", "STALE")),
        ("cursor=", ("cursor", "STALE")),
        ("cursor=Li4vbWVyY2hhbnRzL20x", ("cursor", "STALE")),
        ("cursor=Z29uZQ", ("cursor", "STALE")),
    ],
)
def test_wrong_query_is_named(api: Api, query: str, wrong: tuple[str, str]) -> None:
    """A parameter that is wrong, unknown, repeated or stale is refused and never ignored."""
    answer = api.get(f"provisionings?{query}")

    assert answer.status_code == 422
    assert fields_of(answer) == {wrong}


def _ids(api: Api, query: str) -> list[str]:
    return [item["id"] for item in api.get(f"provisionings?{query}").json["items"]]


# --- A merchant's newest ---


def test_merchants_status_is_the_newest(api: Api) -> None:
    """By the time of the request and not by the last change."""
    api.add_provisioning("old", updated_at=EARLIER + timedelta(days=9))
    api.add_provisioning("new", requested_at=EARLIER + timedelta(minutes=1))

    assert api.get(f"{BY_MERCHANT}/provisioning-status").json["id"] == "new"


def test_merchant_without_provisioning(api: Api) -> None:
    assert code_of(api.get(f"{BY_MERCHANT}/provisioning-status")) == (404, "NO_PROVISIONING")


def test_merchant_with_several_stores_must_be_asked_for_one(api: Api) -> None:
    """The refusal lists the stores; with one of them named there is an answer."""
    for number, store_id in enumerate(("s1", "s2")):
        api.add_store(store_id)
        api.add_provisioning(
            f"p-{store_id}", store_id=store_id, requested_at=EARLIER + timedelta(minutes=number)
        )
    refused = api.get(f"{BY_MERCHANT}/provisioning-status")

    assert code_of(refused) == (409, "SEVERAL_STORES")
    assert [store["store_id"] for store in refused.json["stores"]] == ["s1", "s2"]
    assert api.get(f"{BY_MERCHANT}/provisioning-status?store_id=s1").json["id"] == "p-s1"
    assert code_of(api.post(f"{BY_MERCHANT}/retry-provisioning")) == (409, "SEVERAL_STORES")
    assert code_of(api.post(f"{BY_MERCHANT}/rollback")) == (409, "SEVERAL_STORES")
    assert api.post(f"{BY_MERCHANT}/retry-provisioning?store_id=s2").json["id"] == "p-s2"


def test_deleted_stores_do_not_count_as_several(api: Api) -> None:
    api.add_store("s1")
    api.add_store("s2", status="DELETED")
    api.add_provisioning()

    assert api.get(f"{BY_MERCHANT}/provisioning-status").json["id"] == "p1"


def test_another_merchants_store_is_not_shown(api: Api) -> None:
    """A store id does not open what belongs to another merchant."""
    api.add_provisioning(merchant_id="m2", store_id="s2")

    assert code_of(api.get(f"{BY_MERCHANT}/provisioning-status?store_id=s2")) == (404, "NO_PROVISIONING")


# --- Retry ---


@pytest.mark.parametrize("path", [f"{BY_ID}/retry", f"{BY_MERCHANT}/retry-provisioning"])
def test_retry_goes_on_from_the_step_that_failed(api: Api, path: str) -> None:
    """The epoch rises, the step is at work again, and the audit log says who asked."""
    api.add_provisioning()
    answer = api.post(path)

    assert answer.status_code == 202
    assert (answer.json["status"], answer.json["current_step"]) == ("IN_PROGRESS", "second")
    assert answer.json["retry_count"] == 1
    assert api.data("provisionings/p1")["engine"]["epoch"] == 2
    assert [entry["actor"] for entry in api.audit("provisioning.retry")] == ["admin:boss"]


@pytest.mark.parametrize(
    ("status", "retryable", "code"),
    [
        (Status.PENDING, True, "NOT_FAILED"),
        (Status.IN_PROGRESS, True, "NOT_FAILED"),
        (Status.COMPLETED, True, "NOT_FAILED"),
        (Status.ROLLBACK, True, "NOT_FAILED"),
        (Status.ROLLED_BACK, True, "NOT_FAILED"),
        (Status.FAILED, False, "NOT_RETRYABLE"),
    ],
)
def test_what_cannot_be_retried(api: Api, status: Status, retryable: bool, code: str) -> None:
    """Only FAILED with a retryable error; everything else stays as it is."""
    record = api.add_provisioning()
    assert record.error
    api.add_provisioning(status=status, error=record.error.model_copy(update={"retryable": retryable}))

    assert code_of(api.post(f"{BY_ID}/retry")) == (409, code)
    assert api.data("provisionings/p1")["engine"]["epoch"] == 1


# --- Roll back ---


@pytest.mark.parametrize("path", [f"{BY_ID}/rollback", f"{BY_MERCHANT}/rollback"])
def test_roll_back_undoes_in_reverse(api: Api, path: str) -> None:
    """It begins with the step that may be half done; a failed one needs no confirmation, and no body."""
    api.add_provisioning()
    answer = api.post(path)

    assert answer.status_code == 202
    assert (answer.json["status"], answer.json["current_step"]) == ("ROLLBACK", "second")
    assert [entry["actor"] for entry in api.audit("provisioning.rollback")] == ["admin:boss"]


@pytest.mark.parametrize("body", [None, {}, {"confirm": None}, {"confirm": "awesome"}])
def test_live_store_is_undone_only_when_confirmed(api: Api, body: object) -> None:
    """A COMPLETED provisioning needs its store's subdomain; nothing else will do."""
    api.add_provisioning(status=Status.COMPLETED, current_step=None, error=None)
    refused = api.post(f"{BY_ID}/rollback", body)

    assert fields_of(refused) == {("confirm", "NOT_CONFIRMED")}
    assert api.post(f"{BY_ID}/rollback", {"confirm": "awesome-store"}).json["status"] == "ROLLBACK"


@pytest.mark.parametrize(
    ("status", "step", "code"),
    [
        (Status.PENDING, "first", "NOT_UNDOABLE"),
        (Status.ROLLED_BACK, None, "NOT_UNDOABLE"),
        (Status.FAILED, None, "NOTHING_TO_UNDO"),
    ],
)
def test_what_cannot_be_rolled_back(api: Api, status: Status, step: str | None, code: str) -> None:
    api.add_provisioning(status=status, current_step=step)

    assert code_of(api.post(f"{BY_ID}/rollback")) == (409, code)


# --- The welcome mail ---


class Mailbox:
    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> None:
        if self.failure:
            raise self.failure
        self.mails.append(mail)

    def find(self, key: str) -> Sent:
        return Sent.UNKNOWN


def _with_store(api: Api, mailbox: Mailbox) -> None:
    object.__setattr__(api.platform.ports, "mailer", mailbox)
    api.add_provisioning()
    api.add_store("s1", owner_uid="owner")
    api.add_owner("s1")


def test_resend_sends_a_new_link(api: Api) -> None:
    """Each resend is counted, and the link is in the mail alone: neither answer nor document holds it."""
    mailbox = Mailbox()
    _with_store(api, mailbox)
    first, second = (api.post(f"{BY_ID}/resend-welcome") for _ in range(2))

    assert (first.json, second.json) == (
        {"number": 1, "delivery": "sent"},
        {"number": 2, "delivery": "sent"},
    )
    links = [mail.text.partition("/welcome?token=")[2].split()[0] for mail in mailbox.mails]
    assert len(set(links)) == 2
    assert all(link not in first.get_data(as_text=True) + second.get_data(as_text=True) for link in links)
    assert len(api.audit("welcome.resent")) == 2


def test_resend_without_an_answer_is_unconfirmed(api: Api) -> None:
    _with_store(api, Mailbox(Unconfirmed()))

    assert api.post(f"{BY_ID}/resend-welcome").json["delivery"] == "unconfirmed"


def test_resend_that_is_refused_for_now_says_when_to_come_back(api: Api) -> None:
    """The receiver's wish is passed on, in whole seconds."""
    _with_store(api, Mailbox(Transient("busy", code="MAIL_BUSY", retry_after=6.2)))
    answer = api.post(f"{BY_ID}/resend-welcome")

    assert code_of(answer) == (503, "MAIL_BUSY")
    assert answer.headers["Retry-After"] == "7"


def test_resend_that_is_refused_for_good_says_why(api: Api) -> None:
    _with_store(api, Mailbox(Permanent("MAIL_REFUSED", "The address does not exist", action="Correct it.")))
    answer = api.post(f"{BY_ID}/resend-welcome")

    assert code_of(answer) == (502, "MAIL_REFUSED")
    assert "Correct it." in answer.json["detail"]


def test_resend_needs_a_store_with_an_owner(api: Api) -> None:
    api.add_provisioning()
    assert code_of(api.post(f"{BY_ID}/resend-welcome")) == (409, "NO_STORE")

    api.add_store("s1")
    assert code_of(api.post(f"{BY_ID}/resend-welcome")) == (409, "NO_OWNER")
