"""Forged tokens, races and outages of Firebase Auth."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Generator
from threading import Barrier, Thread

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from provisioning.errors import InvalidInput, NotAllowed, Permanent, Transient
from provisioning.google.accounts import FirebaseAccounts
from provisioning.ports import Account, Claims
from tests.fakes.identity import FakeIdentity, NoCredential, signed, signing_key
from tests.fakes.server import Answer, Reset, Silence

EMAIL = "ada@example.com"


@pytest.fixture
def identity() -> Generator[FakeIdentity]:
    with FakeIdentity("shop-project") as server, server.reached():
        yield server


@pytest.fixture
def accounts(identity: FakeIdentity) -> FirebaseAccounts:
    return FirebaseAccounts(identity.project, 0.5, NoCredential())


def _with_another_key(identity: FakeIdentity) -> str:
    claims = jwt.decode(identity.sign_in("u1"), options={"verify_signature": False})
    return signed(claims, key=rsa.generate_private_key(public_exponent=65537, key_size=2048))


def _unsigned(identity: FakeIdentity) -> str:
    claims = jwt.decode(identity.sign_in("u1"), options={"verify_signature": False})
    return jwt.encode(claims, "", algorithm="none")


def _signed_with_the_public_key(identity: FakeIdentity) -> str:
    """HS256 with what everybody can read as the secret; put together by hand, as libraries refuse to."""
    import hashlib
    import hmac

    public = (
        signing_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    body = identity.sign_in("u1").split(".")[1]
    head = urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT","kid":"signing-key-1"}').decode().rstrip("=")
    mac = hmac.new(public, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{urlsafe_b64encode(mac).decode().rstrip('=')}"


def _list_for_claims(identity: FakeIdentity) -> str:
    head, _, mac = identity.sign_in("u1").split(".")
    return f"{head}.{urlsafe_b64encode(b'[1]').decode().rstrip('=')}.{mac}"


FORGED: dict[str, Callable[[FakeIdentity], str]] = {
    "another key": _with_another_key,
    "no signature": _unsigned,
    "HS256 with the public key": _signed_with_the_public_key,
    "a list for claims": _list_for_claims,
    "unknown key id": lambda i: signed(
        jwt.decode(i.sign_in("u1"), options={"verify_signature": False}), key_id="../x"
    ),
    "another project": lambda i: i.sign_in("u1", aud="other-project"),
    "another issuer": lambda i: i.sign_in("u1", iss="https://accounts.google.com"),
    "no subject": lambda i: i.sign_in("u1", sub=""),
    "expired": lambda i: i.sign_in("u1", seconds=-2),
    "from the future": lambda i: i.sign_in("u1", iat=int(time.time()) + 600),
    "empty": lambda i: "",
    "no token": lambda i: "not.a.token",
    "cut off": lambda i: i.sign_in("u1")[:-20],
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_wrong_token_is_refused(
    identity: FakeIdentity, accounts: FirebaseAccounts, forge: Callable[[FakeIdentity], str]
) -> None:
    """`NotAllowed`, where the right one of the same account is good."""
    accounts.ensure_owner(EMAIL, "Ada", "u1")

    with pytest.raises(NotAllowed):
        accounts.verify(forge(identity))

    assert Claims("u1", EMAIL, None) == accounts.verify(identity.sign_in("u1"))


def test_a_revoked_session_is_refused(identity: FakeIdentity, accounts: FirebaseAccounts) -> None:
    """Tokens from before the moment that the account's sessions were ended."""
    accounts.ensure_owner(EMAIL, "Ada", "u1")
    token = identity.sign_in("u1")
    identity.accounts["u1"]["validSince"] = str(int(time.time()) + 5)

    with pytest.raises(NotAllowed):
        accounts.verify(token)


def test_unreachable_signing_keys_are_transient(
    identity: FakeIdentity, accounts: FirebaseAccounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token may be good: the caller is not told that it is not."""
    accounts.ensure_owner(EMAIL, "Ada", "u1")
    token = identity.sign_in("u1")
    monkeypatch.setattr(identity, "answer", lambda request: Answer(503))

    with pytest.raises(Transient):
        accounts.verify(token)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500),
        Answer(503),
        Answer.of_json(429, {"error": {"code": 429, "message": "QUOTA"}}),
        Reset(),
        Silence(2.0),
    ],
    ids=["500", "503", "429", "reset", "silence"],
)
def test_an_outage_is_transient_after_one_request(
    identity: FakeIdentity, accounts: FirebaseAccounts, answer: Answer | Silence | Reset
) -> None:
    """Within the time-out: the library's own repetitions, seconds apart, are off."""
    identity.next_answers = [answer]
    began = time.monotonic()

    with pytest.raises(Transient):
        accounts.find("u1")

    assert len(identity.requests) == 1
    assert time.monotonic() - began < 1.5


def test_missing_rights_are_permanent(identity: FakeIdentity, accounts: FirebaseAccounts) -> None:
    """No waiting helps; an admin can."""
    identity.next_answers = [
        Answer.of_json(403, {"error": {"code": 403, "message": "INSUFFICIENT_PERMISSION"}})
    ]

    with pytest.raises(Permanent) as raised:
        accounts.find("u1")

    assert raised.value.retryable


def test_an_address_that_firebase_would_refuse_is_invalid_input(accounts: FirebaseAccounts) -> None:
    """Without the address in the message."""
    with pytest.raises(InvalidInput) as raised:
        accounts.ensure_owner("canary", "Ada", "u1")

    assert "canary" not in str(raised.value)


def test_two_calls_at_once_make_one_account(identity: FakeIdentity, accounts: FirebaseAccounts) -> None:
    """Both look before either has made it; both end with the same account, and one knows that it is not its own."""
    lookups = Barrier(2)
    whole, seen = identity.answer, []

    def answer(request: object) -> Answer | Silence | Reset:
        given = whole(request)  # type: ignore
        if request.path.endswith(":lookup") and len(seen) < 2:  # type: ignore
            seen.append(request)
            lookups.wait(5)
        return given

    identity.answer = answer  # type: ignore
    found: list[Account] = []
    threads = [
        Thread(target=lambda uid=uid: found.append(accounts.ensure_owner(EMAIL, "Ada", uid)))
        for uid in ("u1", "u2")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(identity.accounts) == 1
    assert len(found) == 2
    assert set(identity.accounts) == {account.uid for account in found}


def test_other_claims_stay(identity: FakeIdentity, accounts: FirebaseAccounts) -> None:
    """A role is one claim among others."""
    accounts.ensure_owner(EMAIL, "Ada", "u1")
    identity.accounts["u1"]["customAttributes"] = '{"beta": true}'

    accounts.set_role("u1", "admin")
    assert identity.accounts["u1"]["customAttributes"] == '{"beta": true, "role": "admin"}'

    accounts.set_role("u1", None)
    assert identity.accounts["u1"]["customAttributes"] == '{"beta": true}'
