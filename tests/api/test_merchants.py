"""Merchants: listed, searched, counted, shown and made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from provisioning.api import merchants
from provisioning.ports import Create, Update
from provisioning.stores.merchants import Merchant, MerchantStatus
from provisioning.workflow.records import Status
from tests.api.world import EARLIER, Api, code_of, fields_of

NEW = {"name": "Harbour Tea", "owner_email": "sam@harbour-tea.example.com"}


def add(api: Api, id: str, minutes: int = 0, **changes: Any) -> None:
    merchant = Merchant(
        id=id,
        name=id.title(),
        owner_name="Sam",
        owner_email=f"{id}@example.com",
        created_at=EARLIER + timedelta(minutes=minutes),
    )
    document = merchant.to_document() | changes
    api.documents.commit([Create(f"merchants/{id}", document)])


def names(api: Api, query: str = "") -> list[str]:
    return [one["id"] for one in api.get(f"merchants?{query}").json["merchants"]]


# --- The list ---


def test_shows_each_with_its_stores_and_its_newest_provisioning(api: Api) -> None:
    add(api, "m1", status="ACTIVE")
    api.add_store("s1", merchant_id="m1")
    api.add_store("s2", merchant_id="m1", status="DELETED")
    api.add_provisioning("p1", merchant_id="m1", status=Status.COMPLETED, error=None)

    (shown,) = api.get("merchants").json["merchants"]

    assert shown["status"] == "ACTIVE"
    assert shown["requested_at"] == "2026-09-01T12:00:00Z"
    assert [(s["store_id"], s["website"]) for s in shown["stores"]] == [
        ("s1", "http://sub-s1.localhost:8080")
    ]
    assert shown["provisioning"]["id"] == "p1"


def test_the_six_of_the_local_runtimes(api: Api) -> None:
    api.seed()

    assert api.get("merchants/counts").json == {
        "all": 6,
        "pending": 3,
        "active": 1,
        "failed": 1,
        "suspended": 1,
    }
    assert len(names(api, "status=PENDING")) == 3
    (failed,) = api.get("merchants?status=FAILED").json["merchants"]
    assert failed["status_reason"].startswith("The welcome mail was refused")


def test_order(api: Api) -> None:
    """The newest first, unless another order is asked for."""
    for minutes, id in enumerate(["birch", "alder", "cedar"]):
        add(api, id, minutes)

    assert names(api) == ["cedar", "alder", "birch"]
    assert names(api, "sort=requested_at") == ["birch", "alder", "cedar"]
    assert names(api, "sort=name") == ["alder", "birch", "cedar"]
    assert names(api, "sort=-name") == ["cedar", "birch", "alder"]
    assert ("sort", "WRONG_VALUE") in fields_of(api.get("merchants?sort=status"))


@pytest.mark.parametrize("text", ["ALDER", "alder@", "shady", "ald"])
def test_search(api: Api, text: str) -> None:
    """In name, address, id and chosen subdomain, in any case."""
    add(api, "birch")
    add(api, "alder", saved_choices={"subdomain": "shady-tree"})

    assert names(api, f"q={text}") == ["alder"]
    assert names(api, "q=oak") == []


def test_pages_join_without_a_gap_or_a_repeat(api: Api) -> None:
    """Also where most of what is looked through is not what was asked for; the last page says that it is the last."""
    for number in range(9):
        add(api, f"m{number}", number, status="ACTIVE" if number % 2 else "PENDING")

    for query, whole in (("", 9), ("status=ACTIVE", 4), ("q=m", 9), ("status=SUSPENDED", 0)):
        seen: list[str] = []
        cursor = ""
        while True:
            page = api.get(f"merchants?limit=2&{query}{cursor}").json
            seen += [one["id"] for one in page["merchants"]]
            assert len(page["merchants"]) <= 2
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert len(seen) == len(set(seen)) == whole


def test_a_page_looks_through_so_many_and_says_where_to_go_on(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that finds little neither reads everything at once nor ends too early."""
    monkeypatch.setattr(merchants, "MOST_LOOKED_THROUGH", 3)
    monkeypatch.setattr(merchants, "_AT_ONCE", 3)
    for number in range(7):
        add(api, f"m{number}", -number)

    first = api.get("merchants?q=m6").json
    second = api.get(f"merchants?q=m6&cursor={first['next_cursor']}").json
    third = api.get(f"merchants?q=m6&cursor={second['next_cursor']}").json

    assert (first["merchants"], second["merchants"]) == ([], [])
    assert [one["id"] for one in third["merchants"]] == ["m6"]
    assert third["next_cursor"] is None


def test_a_document_that_is_no_merchant_hides_no_other(api: Api) -> None:
    add(api, "m1")
    api.documents.commit([Create("merchants/odd", {"name": "Odd", "created_at": EARLIER})])

    assert names(api) == ["m1"]
    assert code_of(api.get("merchants/odd")) == (404, "NOT_FOUND")


def test_a_cursor_that_leads_nowhere(api: Api) -> None:
    assert ("cursor", "STALE") in fields_of(api.get("merchants?cursor=nowhere"))


# --- The state ---


@pytest.mark.parametrize(
    ("kept", "provisioning", "shown"),
    [
        ("PENDING", None, "PENDING"),
        ("PENDING", Status.IN_PROGRESS, "PENDING"),
        ("PENDING", Status.FAILED, "FAILED"),
        ("PENDING", Status.ROLLED_BACK, "PENDING"),
        ("FAILED", None, "FAILED"),
        ("FAILED", Status.IN_PROGRESS, "PENDING"),
        ("ACTIVE", Status.FAILED, "ACTIVE"),
        ("SUSPENDED", Status.FAILED, "SUSPENDED"),
    ],
)
def test_state_follows_from_the_newest_provisioning(
    api: Api, kept: str, provisioning: Status | None, shown: str
) -> None:
    """List, page, filter and counts say the same."""
    add(api, "m1", status=kept)
    if provisioning is not None:
        error = {} if provisioning is Status.FAILED else {"error": None}
        api.add_provisioning("p1", merchant_id="m1", status=provisioning, **error)

    assert api.get("merchants/m1").json["status"] == shown
    counts = api.get("merchants/counts").json
    for status in MerchantStatus:
        there = status == shown
        assert (names(api, f"status={status}") == ["m1"]) is there
        assert counts[status.lower()] == there


def test_a_halted_roll_back_is_a_failure_that_says_why(api: Api) -> None:
    add(api, "m1")
    api.add_provisioning("p1", merchant_id="m1", status=Status.ROLLBACK)

    shown = api.get("merchants/m1").json
    assert (shown["status"], shown["status_reason"]) == ("FAILED", "It did not work")
    assert names(api, "status=FAILED") == ["m1"]


def test_a_document_that_says_nothing_is_of_one_that_waits(api: Api) -> None:
    add(api, "m1")
    document = {name: value for name, value in api.data("merchants/m1").items() if name != "status"}
    api.documents.commit([Create("merchants/m2", document)])

    assert api.get("merchants/m2").json["status"] == "PENDING"
    assert api.get("merchants/counts").json["pending"] == 2


# --- Making ---


def test_a_new_merchant(api: Api) -> None:
    """It can be activated at once, and the audit log says who made it."""
    answer = api.post("merchants", NEW | {"category": "home", "saved_choices": {"plan": "starter"}})
    made = answer.json

    assert made["status"] == "PENDING"
    assert (made["category"], made["saved_choices"]["plan"]) == ("home", "starter")
    assert answer.headers["Location"].endswith(f"/merchants/{made['id']}")
    assert api.get(f"merchants/{made['id']}").json == made
    (entry,) = api.audit("merchant.created")
    assert (entry["actor"], entry["subject"]) == ("admin:boss", f"merchants/{made['id']}")


def test_the_same_key_is_the_same_merchant(api: Api) -> None:
    first = api.post("merchants", NEW, Idempotency_Key="k1").json
    api.documents.commit([Update(f"merchants/{first['id']}", {"status": "ACTIVE"})])
    again = api.post("merchants", NEW, Idempotency_Key="k1").json
    other = api.post("merchants", NEW, Idempotency_Key="k2").json

    assert again["id"] == first["id"] != other["id"]
    # What has become of it since, not what was asked for.
    assert (first["status"], again["status"]) == ("PENDING", "ACTIVE")
    assert again["requested_at"] == first["requested_at"]
    assert len(api.audit("merchant.created")) == 2
    taken = api.post("merchants", NEW | {"name": "Another"}, Idempotency_Key="k1")
    assert code_of(taken) == (409, "KEY_REUSED")


def test_what_is_wrong_with_a_new_merchant(api: Api) -> None:
    answer = api.post(
        "merchants", {"name": " ", "owner_email": "nobody", "saved_choices": {"subdomain": "www"}}
    )

    assert fields_of(answer) == {
        ("name", "NOT_TRIMMED"),
        ("owner_email", "NOT_AN_EMAIL"),
        ("saved_choices.subdomain", "RESERVED"),
    }
