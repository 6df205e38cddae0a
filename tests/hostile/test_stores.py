"""Several merchants on one platform: what one of them may see, take or learn of another."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from provisioning.api.calls import Endpoint
from provisioning.api.endpoints import ENDPOINTS
from provisioning.api.openapi import EXAMPLES
from provisioning.api.owner import LINK_ANSWER_SECONDS
from provisioning.local.events import created_event
from provisioning.stores.welcome import LINK_DAYS
from provisioning.workflow import recovery
from provisioning.workflow.records import Status
from tests.functions.conftest import Output
from tests.hostile.stage import CANARY, REQUEST, Stage, changed, function, open_stage

PRIVATE = [endpoint for endpoint in ENDPOINTS if not endpoint.public]
COOKIE = "owner"
_NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two stores of two owners."""
    with open_stage(tmp_path_factory.mktemp("town")) as stage:
        for name in ("ann", "bob"):
            record = stage.activate(
                name,
                subdomain=f"{name}-store",
                store_name=f"{name.title()} Store",
                owner_email=f"{name}@example.com",
            )
            assert record.status == Status.COMPLETED, record.error
        yield stage


def _owner(stage: Stage, name: str) -> str:
    """The uid of a store's owner."""
    account = stage.platform.ports.accounts.find_by_email(f"{name}@example.com")
    assert account is not None
    return account.uid


def _browser(stage: Stage, name: str | None = None) -> Client:
    """A browser of its own, signed in as the owner of that store."""
    browser = Client(function("status"), TestResponse)
    if name:
        browser.set_cookie(COOKIE, stage.platform.tokens.session(_owner(stage, name)), domain="localhost")
    return browser


def test_an_owner_sees_no_other_store(stage: Stage, output: Output) -> None:
    """The same page for a foreign store as for none, for reading and for doing; one's own is there."""
    browser = _browser(stage, "ann")
    own = browser.get("/dashboard/stores/ann")
    assert own.status_code == 200
    form_token = re.search(r'name="form_token" value="([^"]+)"', own.text).group(1)  # type: ignore[union-attr]
    before = stage.everything()

    for path in ("", "/look"):
        foreign, none = (browser.get(f"/dashboard/stores/{id}{path}") for id in ("bob", "nobody"))
        assert (foreign.status_code, foreign.data) == (none.status_code, none.data) == (404, none.data)
        assert "Bob" not in foreign.text
    for token in (form_token, "", CANARY):
        answer = browser.post("/dashboard/stores/bob/go-live", data={"form_token": token})
        assert answer.status_code in (403, 404)
    assert changed(before, stage.everything()) == set()


@pytest.mark.parametrize(
    "id",
    [
        "../bob",
        "bob%2F..%2Fann",
        "ann%00",
        "__x__",
        "%FF",
        "x" * 1501,
        "ann%0A",
        "bob/members",
        "tenants%2Fbob",
    ],
)
def test_ids_of_stores_that_are_none(stage: Stage, output: Output, id: str) -> None:
    """404 for a signed-in owner, on every page."""
    browser = _browser(stage, "ann")
    for method, path in (("GET", ""), ("GET", "/look"), ("POST", "/go-live")):
        answer = browser.open(f"/dashboard/stores/{id}{path}", method=method, data={"form_token": "x"})

        # `..` is resolved by browsers: the page of all stores' owners is what is left.
        assert answer.status_code in (303, 404, 405), answer.status
        assert "Bob" not in answer.text


@pytest.mark.parametrize(
    "cookie",
    ["", CANARY, "ann", "null", ".", "..", "a.b.c", "\x00", "\xff", "x" * 50_000, '"', "={}", "InVpZCI.x.y"],
)
def test_sessions_that_are_none(stage: Stage, output: Output, cookie: str) -> None:
    """Signed out, however the cookie looks; nothing of it comes back."""
    answer = stage.raw("status", target="/dashboard/stores/ann", headers={"Cookie": f"owner={cookie}"})

    assert answer[0] == 401
    assert b"Ann Store" not in answer[1]
    assert CANARY.encode() not in answer[1]


def test_a_session_of_another_kind_is_none(stage: Stage, output: Output) -> None:
    """An ID token, a preview, a welcome link or a form's token is no session; and a session is no ID token."""
    tokens, uid = stage.platform.tokens, _owner(stage, "ann")
    session = tokens.session(uid)
    accounts: Any = stage.platform.ports.accounts
    for value in (
        tokens.preview("ann"),
        tokens.welcome("ann"),
        tokens.form(session),
        accounts.issue_token(uid),
        session[:-1],
    ):
        assert (
            stage.raw("status", target="/dashboard/stores/ann", headers={"Cookie": f"owner={value}"})[0]
            == 401
        )

    assert (
        stage.raw("status", target="/dashboard/stores/ann", headers={"Cookie": f"owner={session}"})[0] == 200
    )
    assert stage.api("GET", "provisionings", token=session).status_code == 401


@pytest.mark.parametrize("endpoint", PRIVATE, ids=lambda endpoint: endpoint.name)
def test_an_owner_may_ask_nothing_of_the_admin_api(stage: Stage, output: Output, endpoint: Endpoint) -> None:
    """403 with ids that exist and ids that do not, the same answer for both; and nothing is done."""
    names = {"provisioning_id": "bob", "job_id": "bob", "merchant_id": "m-bob"}
    accounts: Any = stage.platform.ports.accounts
    token = accounts.issue_token(_owner(stage, "ann"))
    before = stage.everything()
    told: set[tuple[int, str]] = set()
    for known in (names, {}):
        address = re.sub(
            r"\{(\w+)\}", lambda name, known=known: known.get(name[1], EXAMPLES[name[1]]), endpoint.path
        )
        body = dict(endpoint.example) if endpoint.example else None
        answer = stage.api(endpoint.method, address, body, token=token)
        told.add((answer.status_code, answer.get_data(as_text=True)))

    assert len(told) == 1
    assert told.pop()[0] == 403
    assert changed(before, stage.everything()) == set()


def test_a_store_does_not_serve_another_stores_files(stage: Stage, output: Output) -> None:
    """No file of the platform can be named at a store's host: neither by its name in the bucket, nor through the other's host."""
    names = [name.removeprefix("file ") for name in stage.everything() if name.startswith("file files/")]
    theirs = [name.removeprefix("files").removesuffix("~") for name in names if "bob" in name]
    assert len(theirs) >= 2
    for name in theirs[:20]:
        for host in ("ann-store.localhost", "bob-store.localhost", "nobody.localhost"):
            status, body, _ = stage.raw("storefront", host=host, target=name)
            assert status in (200, 404)
            # Before it opens a store answers pages with its own coming-soon page; never with the file.
            assert b"sha256" not in body
            assert (b"Bob" in body) <= (host == "bob-store.localhost")


def test_nobody_learns_whose_address_has_a_store(stage: Stage, output: Output) -> None:
    """Asked for a new link, the page says the same in the same time to owners and to strangers."""
    told: dict[str, tuple[int, bytes]] = {}
    for email in ("ann@example.com", "stranger@example.com"):
        began = time.monotonic()
        answer = _browser(stage).post("/welcome/new-link", data={"email": email})
        assert time.monotonic() - began >= LINK_ANSWER_SECONDS - 0.01
        told[email] = answer.status_code, answer.data

    assert told["ann@example.com"] == told["stranger@example.com"]
    assert LINK_DAYS == 7
    assert stage.api("GET", "hosts/ann-store", token="none").status_code == 401


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "ann@example.com\r\nBcc: x@example.com", "ann@example.com,x@example.com", "<script>@example.com", "\x00", "x" * 16_000],
)  # fmt: skip
def test_addresses_for_a_new_link_that_are_none(stage: Stage, output: Output, email: str) -> None:
    """400 at once, escaped where it is shown again, and no mail."""
    before = stage.everything()
    answer = _browser(stage).post("/welcome/new-link", data={"email": email})

    assert answer.status_code in (400, 413)
    assert "<script>@" not in answer.text
    assert changed(before, stage.everything()) == set()


@pytest.mark.parametrize(
    "token",
    ["", "x", "..", "a/b", "\x00", "\u0661", "x" * 5_000, CANARY, "{{7*7}}", "<script>alert(1)</script>"],
)
def test_welcome_links_that_nobody_sent(stage: Stage, output: Output, token: str) -> None:
    """404 for opening and for entering; nothing is spent and nobody is signed in."""
    before = stage.everything()
    for answer in (
        _browser(stage).get("/welcome", query_string={"token": token}),
        _browser(stage).post("/welcome", data={"token": token}),
    ):
        assert answer.status_code == 404
        assert "Set-Cookie" not in answer.headers
        assert "<script>alert" not in answer.text
        assert CANARY not in answer.text
    assert changed(before, stage.everything()) == set()


def test_a_name_that_was_rolled_back_opens_nothing_of_the_old_store(stage: Stage, output: Output) -> None:
    """
    Rolled back, a name is free at once: "start over" needs it. So nothing that opened the old store may open the new one.

    Session, preview and welcome link of the first owner; and in between no visitor sees any store.
    """
    host, tokens = "second-hand.localhost", stage.platform.tokens
    first = stage.activate(
        "first", subdomain="second-hand", owner_email="first@example.com", store_name="First Shop"
    )
    assert first.status == Status.COMPLETED
    mail = _mail_to(stage, "first@example.com")
    link = re.search(r"/welcome\?token=([\w-]+)", mail).group(1)  # type: ignore[union-attr]
    preview = tokens.preview("first")
    session = tokens.session(_owner(stage, "first"))
    recovery.roll_back(stage.platform.engine, "first", actor="admin:boss", confirm="second-hand")
    stage.deliver_all()
    assert stage.provisioning("first").status == Status.ROLLED_BACK
    time.sleep(2.1)
    assert stage.raw("storefront", host=host)[0] == 404
    # That nobody answers there is remembered for a second.
    time.sleep(1.1)

    second = stage.activate(
        "second", subdomain="second-hand", owner_email="second@example.com", store_name="Second Shop"
    )
    assert second.status == Status.COMPLETED, second.error
    public = stage.raw("storefront", host=host)[1]
    assert b"First Shop" not in public
    assert stage.raw("storefront", host=host, target=f"/?preview={preview}")[1] == public
    assert _browser(stage).get("/welcome", query_string={"token": link}).status_code == 404
    for id in ("first", "second"):
        answer = stage.raw("status", target=f"/dashboard/stores/{id}", headers={"Cookie": f"owner={session}"})
        assert answer[0] in (401, 404)


def _mail_to(stage: Stage, address: str) -> str:
    from email import message_from_bytes, policy

    for file in (stage.folder / "mail").glob("*.eml"):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        if message["To"] == address:
            return message.get_body(("plain",)).get_content()
    raise AssertionError("no mail was written")


@pytest.mark.parametrize("requests", [2, 6])
def test_two_requests_for_one_name_at_once(stage: Stage, output: Output, requests: int) -> None:
    """Of all that pass the check together one gets the name; the others FAIL for that reason and own nothing."""
    name = f"wanted-{requests}"
    ids = [f"{name}-{number}" for number in range(requests)]
    for id in ids:
        stage.write_request(id, REQUEST | {"merchant_id": f"m-{id}", "subdomain": name})
    stage.drop_all()
    together = threading.Barrier(requests)

    def accepted(id: str) -> int:
        headers, body = created_event("p", "(default)", f"activation_requests/{id}", {}, created_at=_NOW)
        together.wait()
        return (
            Client(function("activate_merchant"), TestResponse)
            .post("/", data=body, headers=headers)
            .status_code
        )

    with ThreadPoolExecutor(requests) as threads:
        assert set(threads.map(accepted, ids)) == {200}
    stage.deliver_all(most=500)
    records = {id: stage.provisioning(id) for id in ids}
    won = [id for id, record in records.items() if record.status == Status.COMPLETED]
    documents = stage.documents()

    assert len(won) == 1
    assert {record.status for id, record in records.items() if id not in won} == {Status.FAILED}
    assert {record.error.code for id, record in records.items() if id not in won} <= {
        "SUBDOMAIN_TAKEN",
        "INVALID_REQUEST",
    }  # type: ignore[union-attr]
    assert json.loads(documents[f"hosts/{name}.localhost"])["store_id"] == won[0]
    for id in set(ids) - set(won):
        assert not [
            path
            for path in documents
            if path.startswith((f"stores/{id}", f"deployments/{id}", f"tenants/{id}/"))
        ]


def test_a_request_cannot_take_another_merchants_store(stage: Stage, output: Output) -> None:
    """With a foreign store's id, a foreign address, or both: FAILED, and the store is as it was."""
    before = stage.documents()
    for number, changes in enumerate(
        (
            {"store_id": "ann", "subdomain": "thief-1"},
            {"store_id": "thief", "subdomain": "ann-store"},
            {"store_id": "ann", "subdomain": "ann-store", "merchant_id": "m-ann"},
        )
    ):
        record = stage.activate(f"thief-{number}", **changes)

        assert record.status == Status.FAILED
        assert {problem.code for problem in record.error.fields} <= {"STORE_EXISTS", "SUBDOMAIN_TAKEN"}  # type: ignore[union-attr]
    after = stage.documents()
    assert all(
        path.split("/")[0] in ("provisionings", "activation_requests") for path in changed(before, after)
    )
