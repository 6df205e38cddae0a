"""Who may ask: administrators, by an ID token; and from which pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from provisioning.api.app import create_api
from provisioning.api.calls import Endpoint
from provisioning.api.endpoints import ENDPOINTS
from provisioning.errors import Transient
from provisioning.ports import Query
from provisioning.settings import Runtime
from tests.api.world import ORIGIN, ROOT, Api, code_of

PATH = f"{ROOT}/themes"
PRIVATE = [endpoint for endpoint in ENDPOINTS if not endpoint.public]
LOCAL = [f"{ROOT}/local/accounts", f"{ROOT}/local/sign-in"]
PUBLIC = ["/healthz", f"{ROOT}/health", f"{ROOT}/openapi.json"]


def test_only_health_the_description_and_local_sign_in_are_public() -> None:
    assert sorted(endpoint.path for endpoint in ENDPOINTS if endpoint.public) == sorted([*PUBLIC, *LOCAL])


@pytest.mark.parametrize("path", PUBLIC)
def test_public_endpoints_need_no_token(api: Api, path: str) -> None:
    api.token = None

    assert api.get(path).status_code == 200


@pytest.mark.parametrize("endpoint", PRIVATE, ids=lambda endpoint: endpoint.name)
def test_every_other_endpoint_refuses_strangers_before_it_looks(api: Api, endpoint: Endpoint) -> None:
    """Without a token nothing is read and nothing is told, not even that the body is nonsense."""
    api.token = None
    answer = api.send(endpoint.method, endpoint.path.replace("{", "").replace("}", ""), b"nonsense")

    assert code_of(answer) == (401, "NO_TOKEN")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("endpoint", PRIVATE, ids=lambda endpoint: endpoint.name)
def test_every_other_endpoint_refuses_owners(api: Api, endpoint: Endpoint) -> None:
    """An account without the role is known, and may not."""
    api.token = api.sign_in("owner", None)
    answer = api.send(endpoint.method, endpoint.path.replace("{", "").replace("}", ""), b"nonsense")

    assert code_of(answer) == (403, "NOT_ADMIN")
    assert api.documents.query(Query("audit_log")) == []


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "NO_TOKEN"),
        ("Bearer", "NO_TOKEN"),
        ("Bearer  ", "NO_TOKEN"),
        ("Basic Ym9zczpib3Nz", "NO_TOKEN"),
        ("Bearer nonsense", "BAD_TOKEN"),
        ("Bearer a.b.c", "BAD_TOKEN"),
        ("Bearer " + "x" * 9000, "BAD_TOKEN"),
        ("Bearer \xff\xfe", "BAD_TOKEN"),
    ],
)
def test_header_that_is_no_token(api: Api, header: str, code: str) -> None:
    """It is refused, and never repeated."""
    answer = api.get(PATH, Authorization=header)

    assert code_of(answer) == (401, code)
    assert header.partition(" ")[2].strip()[:40] not in answer.get_data(as_text=True) or len(header) < 9


def test_scheme_may_be_in_any_case(api: Api) -> None:
    assert api.get(PATH, Authorization=f"bearer {api.token}").status_code == 200


def test_token_that_is_good_no_more(api: Api) -> None:
    """Expired, forged, of another role meanwhile, of a disabled or removed account."""
    accounts: Any = api.platform.ports.accounts
    expired = accounts.issue_token("boss", -1)
    assert api.token
    forged = api.token[:-4] + ("aaaa" if api.token[-4:] != "aaaa" else "bbbb")
    for token in (expired, forged):
        assert code_of(api.get(PATH, Authorization=f"Bearer {token}")) == (401, "BAD_TOKEN")

    accounts.set_role("boss", None)
    assert code_of(api.get(PATH)) == (401, "BAD_TOKEN")


def test_removed_account(api: Api) -> None:
    api.platform.ports.accounts.remove("boss")

    assert code_of(api.get(PATH)) == (401, "BAD_TOKEN")


def test_accounts_that_do_not_answer(api: Api) -> None:
    """Nobody is let in on good faith: 503, and when to come back."""

    class Silent:
        def verify(self, token: str) -> Any:
            raise Transient("no answer", code="ACCOUNTS_SILENT")

    object.__setattr__(api.platform.ports, "accounts", Silent())
    answer = api.get(PATH)

    assert code_of(answer) == (503, "ACCOUNTS_SILENT")
    assert int(answer.headers["Retry-After"]) >= 1


# --- Roles ---


@pytest.mark.parametrize("endpoint", PRIVATE, ids=lambda endpoint: endpoint.name)
def test_support_looks_and_changes_nothing(api: Api, endpoint: Endpoint) -> None:
    """Every GET but for who has which role; nothing else, and that is said before anything is read."""
    api.token = api.sign_in("helper", "support")
    answer = api.send(endpoint.method, endpoint.path.replace("{", "").replace("}", ""), b"nonsense")

    may = endpoint.method == "GET" and not endpoint.admins_only
    assert (answer.status_code == 403) is not may
    if not may:
        assert code_of(answer) == (403, "NOT_ADMIN")


def test_who_is_signed_in(api: Api) -> None:
    assert api.get("me").json == {"uid": "boss", "email": "boss@example.com", "role": "admin"}
    api.token = api.sign_in("helper", "support")
    assert api.get("me").json == {"uid": "helper", "email": "helper@example.com", "role": "support"}


# --- Local accounts ---


def test_signing_in_on_a_local_runtime(api: Api) -> None:
    """Whoever has a role is offered; the token that one gets is worth what their role is."""
    api.sign_in("helper", "support")
    api.sign_in("owner", None)
    api.token = None

    assert api.get("local/accounts").json["accounts"] == [
        {"email": "boss@example.com", "role": "admin"},
        {"email": "helper@example.com", "role": "support"},
    ]
    signed_in = api.post("local/sign-in", {"email": "helper@example.com"}).json
    api.token = signed_in["token"]
    assert (signed_in["uid"], signed_in["role"]) == ("helper", "support")
    assert api.get("me").json["role"] == "support"
    assert code_of(api.post("seed-defaults")) == (403, "NOT_ADMIN")


def test_signing_in_locally_gives_no_role(api: Api) -> None:
    """An owner may sign in, and may nothing."""
    api.sign_in("owner", None)
    api.token = api.post("local/sign-in", {"email": "owner@example.com"}).json["token"]

    assert code_of(api.get("me")) == (403, "NOT_ADMIN")


def test_nobody_signs_in_as_a_stranger_or_a_disabled_account(api: Api) -> None:
    accounts: Any = api.platform.ports.accounts
    api.sign_in("helper", "support")
    accounts.set_disabled("helper", True)

    assert code_of(api.post("local/sign-in", {"email": "nobody@example.com"})) == (404, "NOT_FOUND")
    assert code_of(api.post("local/sign-in", {"email": "helper@example.com"})) == (404, "NOT_FOUND")
    assert {one["email"] for one in api.get("local/accounts").json["accounts"]} == {"boss@example.com"}


def test_production_knows_no_local_sign_in(api: Api) -> None:
    """The addresses are not there at all, nor are they described."""
    google = api.platform.settings.model_copy(update={"provisioning_runtime": Runtime.GOOGLE})
    client = create_api(replace(api.platform, settings=google)).test_client()

    assert client.post(f"{ROOT}/local/sign-in", json={"email": "boss@example.com"}).status_code == 404
    assert client.get(f"{ROOT}/local/accounts").status_code == 404
    assert client.get(f"{ROOT}/health").status_code == 200
    assert not [path for path in client.get(f"{ROOT}/openapi.json").json["paths"] if "/local/" in path]


# --- Other origins ---


@pytest.mark.parametrize("origin", [ORIGIN, "https://other.example"])
def test_the_portals_pages_may_read_answers(api: Api, origin: str) -> None:
    """Refusals too: otherwise the portal could not say why. Cookies are never asked for."""
    for answer in (api.get(PATH, Origin=origin), api.get(f"{PATH}/nowhere", Origin=origin)):
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Origin" in answer.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"{ORIGIN}.evil.example", "http://portal.example.com", "*", ""]
)
def test_other_pages_may_not(api: Api, origin: str) -> None:
    answer = api.get(PATH, Origin=origin)

    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


def test_browsers_ask_first_without_a_token(api: Api) -> None:
    """A preflight carries no token and must be answered all the same."""
    api.token = None
    answer = api.call(
        "OPTIONS",
        f"{PATH}/corner-shop",
        headers={"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"},
    )

    assert answer.status_code == 200
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    assert {"Authorization", "If-Match", "Idempotency-Key"} <= set(
        answer.headers["Access-Control-Allow-Headers"].split(", ")
    )


def test_owners_pages_are_for_no_other_origin(api: Api) -> None:
    answer = api.client.get("/dashboard", headers={"Origin": ORIGIN})

    assert "Access-Control-Allow-Origin" not in answer.headers
