"""Tokens that are none, of others, or of yesterday: at the admin API, over the local accounts and over Firebase Auth's own verification."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.test import Client, TestResponse

from provisioning.google.accounts import FirebaseAccounts
from provisioning.runtime import Platform, assemble, installed
from provisioning.settings import read_settings
from tests.fakes.identity import FakeIdentity, NoCredential, signed
from tests.functions.conftest import Output
from tests.google.test_accounts import FORGED
from tests.hostile.stage import CANARY, ROOT, Stage, changed, function

PROJECT = "shop-project"


def _ask(token: str | None, *, scheme: str = "Bearer") -> TestResponse:
    headers = {} if token is None else {"Authorization": f"{scheme} {token}"}
    return Client(function("status"), TestResponse).get(f"{ROOT}/provisionings", headers=headers)


# --- The local accounts ------------------------------------------------------------------------------------


def _cut(token: str) -> list[str]:
    body, _, signature = token.rpartition(".")
    return [
        body,
        f"{body}.",
        f".{signature}",
        f"{body}.{signature[:-2]}",
        f"{body}.{signature[::-1]}",
        token * 2,
    ]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Basic", "Token", ""])
def test_a_token_that_is_none_of_ours(stage: Stage, output: Output, scheme: str) -> None:
    """401 with a code, whatever stands in the header; the token is in no answer and in no log."""
    strange = [
        None, "", " ", CANARY, "null", "undefined", "Bearer", "a.b.c", "..", "\x00", "\xff" * 10, "x" * 100_000,
        "eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.", *_cut(stage.token),
        stage.platform.tokens.session("boss"), stage.platform.tokens.preview("boss"),
        stage.platform.tokens.welcome("boss"), stage.platform.tokens.form(stage.token),
    ]  # fmt: skip
    before = stage.everything()
    for token in strange:
        answer = _ask(token, scheme=scheme)

        assert answer.status_code == 401
        assert answer.json["code"] in ("NO_TOKEN", "BAD_TOKEN")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert CANARY not in answer.get_data(as_text=True)
    assert stage.token not in output.text
    assert changed(before, stage.everything()) == set()


def test_a_token_of_a_second_ago(stage: Stage, output: Output) -> None:
    """Expired by the smallest of times, revoked, of a disabled account, of one that is gone: 401; its neighbour is let in."""
    accounts: Any = stage.platform.ports.accounts
    assert _ask(stage.sign_in("neighbour", "admin")).status_code == 200

    stage.sign_in("late", "admin")
    assert _ask(accounts.issue_token("late", 0)).status_code == 401
    revoked = stage.sign_in("revoked", "admin")
    accounts.revoke_tokens("revoked")
    assert _ask(revoked).status_code == 401
    disabled = stage.sign_in("disabled", "admin")
    accounts.set_disabled("disabled", True)
    assert _ask(disabled).status_code == 401
    gone = stage.sign_in("gone", "admin")
    accounts.remove("gone")
    assert _ask(gone).status_code == 401


@pytest.mark.parametrize("role", [None, "Admin", "ADMIN", "admin ", "owner", "admin,owner", "*"])
def test_a_role_that_is_nearly_admin(stage: Stage, output: Output, role: str | None) -> None:
    """403: there is one word."""
    answer = _ask(stage.sign_in("nearly", role))

    assert (answer.status_code, answer.json["code"]) == (403, "NOT_ADMIN")


def test_a_token_of_another_installation(stage: Stage, tmp_path: Path, output: Output) -> None:
    """The same person, the same role, another secret."""
    other = assemble(read_settings({}, provisioning_data=tmp_path, session_secret="another secret of theirs"))
    accounts: Any = other.ports.accounts
    accounts.ensure_owner("boss@example.com", "Boss", "boss")
    accounts.set_role("boss", "admin")
    token = accounts.issue_token("boss")
    for adapter in (other.ports.messages, other.ports.documents, accounts):
        adapter.close()

    assert _ask(token).status_code == 401


# --- Firebase Auth -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def identity() -> Iterator[FakeIdentity]:
    with FakeIdentity(PROJECT) as server, server.reached():
        yield server


@pytest.fixture(scope="module")
def firebase(identity: FakeIdentity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform with production's accounts, against a server that signs as Google does."""
    local = assemble(read_settings({}, provisioning_data=tmp_path_factory.mktemp("firebase")))
    accounts = FirebaseAccounts(PROJECT, 2.0, NoCredential())
    accounts.ensure_owner("boss@example.com", "Boss", "u1")
    accounts.set_role("u1", "admin")
    with installed(assemble(local.settings, replace(local.ports, accounts=accounts))) as platform:
        yield platform
    ports: Any = local.ports
    for adapter in (ports.messages, ports.documents, ports.accounts):
        adapter.close()


def _claims(identity: FakeIdentity, **changes: Any) -> dict[str, Any]:
    return jwt.decode(identity.sign_in("u1"), options={"verify_signature": False}) | changes


def _without(identity: FakeIdentity, name: str) -> str:
    claims = _claims(identity)
    del claims[name]
    return signed(claims)


def _part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _with_its_own_key(identity: FakeIdentity) -> str:
    """A token that brings the key along by which it wants to be believed."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    numbers = key.public_key().public_numbers()
    jwk = {"kty": "RSA", "n": hex(numbers.n), "e": hex(numbers.e)}
    return jwt.encode(_claims(identity), key, algorithm="RS256", headers={"kid": "signing-key-1", "jwk": jwk})


_FORGED = {
    "another key": 115,
    "no signature": 114,
    "HS256 with the public key": 115,
    "unknown key id": 120,
    "another project": 117,
    "another issuer": 118,
    "no subject": 119,
    "expired": 116,
    "from the future": 116,
}
#: The reference's number, and how the token is made. What `tests/google` forges is sent here through the whole API.
WRONG: list[tuple[int, str, Callable[[FakeIdentity], str]]] = [
    *[(_FORGED.get(name, 113), name, forge) for name, forge in FORGED.items()],
    (114, "alg none, signed", lambda i: f"{_part({'alg': 'none', 'kid': 'signing-key-1'})}.{_part(_claims(i))}.AAAA"),
    (114, "alg None", lambda i: f"{_part({'alg': 'None'})}.{_part(_claims(i))}."),
    (115, "a key of its own", _with_its_own_key),
    (116, "expired a second ago", lambda i: i.sign_in("u1", seconds=-1)),
    (116, "without an end", lambda i: _without(i, "exp")),
    (116, "an end that is text", lambda i: i.sign_in("u1", exp="tomorrow")),
    (117, "several audiences", lambda i: i.sign_in("u1", aud=[PROJECT, "other"])),
    (117, "without an audience", lambda i: _without(i, "aud")),
    (118, "another project's issuer", lambda i: i.sign_in("u1", iss="https://securetoken.google.com/other")),
    (118, "an issuer that begins alike", lambda i: i.sign_in("u1", iss=f"https://securetoken.google.com/{PROJECT}/x")),
    (119, "without a subject", lambda i: _without(i, "sub")),
    (119, "a subject of 200", lambda i: i.sign_in("u1", sub="x" * 200)),
    (119, "a subject that is a number", lambda i: i.sign_in("u1", sub=1)),
    (119, "a subject that is a list", lambda i: i.sign_in("u1", sub=["u1"])),
    (119, "a subject that nobody has", lambda i: i.sign_in("u1", sub="nobody")),
    (120, "a key id like a path", lambda i: signed(_claims(i), key_id="/etc/passwd")),
    (120, "a key id like a query", lambda i: signed(_claims(i), key_id="' OR 1=1 --")),
    (121, "of another tenant", lambda i: i.sign_in("u1", firebase={"sign_in_provider": "password", "tenant": "t-9"})),
    (121, "of a tenant that is empty", lambda i: i.sign_in("u1", firebase={"tenant": ""})),
    (125, "a session cookie", lambda i: i.sign_in("u1", iss=f"https://session.firebase.google.com/{PROJECT}")),
    (
        125,
        "a custom token",
        lambda i: i.sign_in(
            "u1",
            iss="service@shop-project.iam.gserviceaccount.com",
            aud="https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit",
        ),
    ),
    (
        125,
        "a service's OIDC token",
        lambda i: i.sign_in("u1", iss="https://accounts.google.com", aud="https://status.run.app"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("number", "what", "make"), WRONG, ids=[name for _, name, _ in WRONG])
def test_a_firebase_token_that_is_wrong(
    identity: FakeIdentity,
    firebase: Platform,
    output: Output,
    number: int,
    what: str,
    make: Callable[[FakeIdentity], str],
) -> None:
    """401 from the whole API, and neither the token nor what is wrong with it in answer or log."""
    token = make(identity)
    answer = _ask(token)

    assert answer.status_code == 401, (number, what)
    assert answer.json["code"] in ("BAD_TOKEN", "NO_TOKEN")
    assert not token or token not in output.text + answer.get_data(as_text=True)
    assert _ask(identity.sign_in("u1")).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"role": ["admin"]},
        {"role": {"admin": True}},
        {"role": "*"},
        {"role": True},
        {"role": 1},
        {"role": "admin\n"},
        {"admin": True},
        {"roles": ["admin"]},
        {"tenant": "*"},
        {"tenant": ["s1", "s2"]},
        {"tenant": {"s1": "owner"}},
    ],
    ids=str,
)
def test_a_role_of_another_shape_is_no_role(
    identity: FakeIdentity, firebase: Platform, output: Output, claims: dict[str, Any]
) -> None:
    """403: only the word itself makes an administrator, and no list that holds it."""
    firebase.ports.accounts.ensure_owner("shape@example.com", "Shape", "u-shape")
    identity.accounts["u-shape"]["customAttributes"] = json.dumps(claims)
    answer = _ask(identity.sign_in("u-shape"))

    assert (answer.status_code, answer.json["code"]) == (403, "NOT_ADMIN")


def test_an_account_that_may_no_longer(identity: FakeIdentity, firebase: Platform, output: Output) -> None:
    """Disabled, signed out everywhere (as a changed password does), or removed: its tokens end at once."""
    accounts = firebase.ports.accounts
    for name in ("disabled", "signed-out", "removed"):
        accounts.ensure_owner(f"{name}@example.com", name, name)
        accounts.set_role(name, "admin")
        token = identity.sign_in(name)
        assert _ask(token).status_code == 200
        match name:
            case "disabled":
                identity.disable(name)
            case "signed-out":
                identity.accounts[name]["validSince"] = str(int(time.time()) + 5)
            case _:
                accounts.remove(name)

        assert _ask(token).status_code == 401, name


def test_a_role_that_was_taken_away_counts_at_once(
    identity: FakeIdentity, firebase: Platform, output: Output
) -> None:
    """A token keeps its old claim for an hour; the account's present role is what counts. And no claim makes a role."""
    accounts = firebase.ports.accounts
    accounts.ensure_owner("former@example.com", "Former", "former")
    accounts.set_role("former", "admin")
    token = identity.sign_in("former")
    accounts.set_role("former", None)

    assert _ask(token).json["code"] == "NOT_ADMIN"
    assert _ask(identity.sign_in("former", role="admin")).json["code"] == "NOT_ADMIN"
