"""The addresses of older clients: saved choices in, a job's status out."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.ports import Create, Query, Update
from provisioning.workflow.records import LogEntry, Status
from provisioning.workflow.requests import accept
from tests.api.world import EARLIER, Api, code_of, fields_of

BODY = {"tenantId": "merchant-awesome"}


def _job(api: Api, body: dict[str, str] = BODY, **headers: str) -> str:
    answer = api.post("/provision/store", body, **headers)
    assert answer.status_code == 202
    return answer.json["jobId"]


def test_saved_choices_become_a_request(api: Api) -> None:
    """Everything that the request needs comes from the merchant's document."""
    api.seed()
    written = api.data(f"activation_requests/{_job(api)}")

    assert {
        name: written[name]
        for name in ("merchant_id", "store_name", "theme", "plan", "subdomain", "category")
    } == {
        "merchant_id": "merchant-awesome",
        "store_name": "Awesome Store",
        "theme": "upfront-modern",
        "plan": "professional",
        "subdomain": "awesome-store",
        "category": "electronics",
    }
    assert written["owner_email"] == "avery@awesome-store.example.com"


def test_missing_choices_are_named(api: Api) -> None:
    """A merchant who has not chosen an address yet: the answer says so, and nothing is written."""
    api.seed()
    answer = api.post("/provision/store", {"tenantId": "merchant-glasshouse"})

    assert fields_of(answer) == {("subdomain", "NOT_CHOSEN")}
    assert api.documents.query(Query("activation_requests")) == []


def test_merchant_that_is_not_there(api: Api) -> None:
    assert code_of(api.post("/provision/store", BODY)) == (404, "NO_MERCHANT")


def test_merchant_document_that_lacks_something_is_explained(api: Api) -> None:
    """The portal writes merchants: what it left out is named, not a crash."""
    api.documents.commit([Create("merchants/merchant-awesome", {"name": "Half", "created_at": EARLIER})])
    answer = api.post("/provision/store", BODY)

    assert ("owner_email", "MISSING") in fields_of(answer)


def test_sent_twice_is_one_job(api: Api) -> None:
    """Before it is picked up, while it runs and when it is done, the same job answers."""
    api.seed()
    first = _job(api)
    assert _job(api) == first

    accept(api.platform.engine, first)
    assert _job(api) == first

    api.documents.commit([Update(f"provisionings/{first}", {"status": "COMPLETED"})])
    assert _job(api) == first
    assert len(api.documents.query(Query("activation_requests"))) == 1


def test_after_a_failure_there_is_a_new_job(api: Api) -> None:
    api.seed()
    first = _job(api)
    accept(api.platform.engine, first)
    api.documents.commit([Update(f"provisionings/{first}", {"status": "ROLLED_BACK"})])
    second = _job(api)

    assert second != first
    assert _job(api) == second


def test_another_address_is_another_job(api: Api) -> None:
    """A merchant with a store who has chosen another address asks for a second store."""
    api.seed()
    api.add_provisioning(merchant_id="merchant-awesome", subdomain="first-store", status=Status.COMPLETED)

    assert _job(api) != "p1"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("PENDING", "queued"),
        ("IN_PROGRESS", "processing"),
        ("COMPLETED", "deployed"),
        ("FAILED", "failed"),
        ("ROLLBACK", "failed"),
        ("ROLLED_BACK", "failed"),
    ],
)
def test_status_in_older_words(api: Api, status: str, expected: str) -> None:
    log = (LogEntry(at=EARLIER, step=None, level="info", message="The request was accepted"),)
    api.add_provisioning(status=Status(status), log=log)
    answer: dict[str, Any] = api.get("/provision/status/p1").json

    assert (answer["jobId"], answer["status"]) == ("p1", expected)
    assert answer["logs"][0] == "2026-09-01T12:00:00Z The request was accepted"
    assert answer["logs"][-1] == "It did not work. Retry."


def test_job_that_is_not_picked_up_yet_is_queued(api: Api) -> None:
    api.seed()

    assert api.get(f"/provision/status/{_job(api)}").json["status"] == "queued"


def test_unknown_job(api: Api) -> None:
    assert code_of(api.get("/provision/status/nothing")) == (404, "NOT_FOUND")


def test_key_is_honoured(api: Api) -> None:
    api.seed()

    assert _job(api, Idempotency_Key="k") == _job(api, Idempotency_Key="k")
