"""Who may ask: administrators, by an ID token; and from which pages."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.api.calls import Endpoint
from provisioning.api.endpoints import ENDPOINTS
from provisioning.errors import Transient
from provisioning.ports import Query
from tests.api.world import ORIGIN, ROOT, Api, code_of

PATH = f"{ROOT}/themes"
PRIVATE = [endpoint for endpoint in ENDPOINTS if not endpoint.public]
PUBLIC = ["/healthz", f"{ROOT}/health", f"{ROOT}/openapi.json"]


def test_only_health_and_the_description_are_public() -> None:
    assert sorted(endpoint.path for endpoint in ENDPOINTS if endpoint.public) == sorted(PUBLIC)


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
