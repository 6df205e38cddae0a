"""
Identity Toolkit, behind Firebase Auth: accounts, and ID tokens signed with RS256.

`firebase_admin` has two addresses as constants, Identity Toolkit's and that of Google's signing certificates; `reached` leads both
here. (Its emulator variable is of no use for this: with it the library verifies no signature at all.)
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from unittest import mock

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from firebase_admin import _token_gen, _user_mgt, credentials
from google.auth.credentials import AnonymousCredentials

from tests.fakes.server import Answer, FakeServer, Request, Reset, Silence

KEY_ID = "signing-key-1"
_PAGE = 2


class NoCredential(credentials.Base):
    """Signs no request: the fake asks for nothing."""

    def get_credential(self) -> AnonymousCredentials:
        return AnonymousCredentials()


class FakeIdentity(FakeServer):
    """One project's accounts. `next_answers` are given first, one to each request."""

    def __init__(self, project: str) -> None:
        super().__init__()
        self.project = project
        self.accounts: dict[str, dict[str, Any]] = {}
        self.next_answers: list[Answer | Silence | Reset] = []
        self._changing = threading.Lock()

    @contextmanager
    def reached(self) -> Generator[None]:
        """Lead `firebase_admin` here. Only clients made inside are affected."""
        with (
            mock.patch.object(_user_mgt.UserManager, "ID_TOOLKIT_URL", f"{self.url}/v1"),
            mock.patch.object(_token_gen, "ID_TOKEN_CERT_URI", f"{self.url}/certs"),
        ):
            yield

    def sign_in(self, uid: str, seconds: float = 3600, **changes: Any) -> str:
        """An ID token as Google would sign it, with the account's claims of this moment; `changes` make it a wrong one."""
        account = self.accounts[uid]
        expires_at = time.time() + seconds
        began_at = min(time.time(), expires_at - 3600)
        claims = {
            "iss": f"https://securetoken.google.com/{self.project}",
            "aud": self.project,
            "auth_time": int(began_at),
            "iat": int(began_at),
            "exp": int(expires_at),
            "sub": uid,
            "user_id": uid,
            "email": account["email"],
            "firebase": {"sign_in_provider": "password", "identities": {"email": [account["email"]]}},
            **json.loads(account.get("customAttributes") or "{}"),
        }
        return signed(claims | changes)

    def disable(self, uid: str) -> None:
        self.accounts[uid]["disabled"] = True

    def answer(self, request: Request) -> Answer | Silence | Reset:
        if request.path == "/certs":
            return Answer.of_json(200, {KEY_ID: _certificate()}, {"cache-control": "public, max-age=0"})
        if self.next_answers:
            return self.next_answers.pop(0)
        called = request.path.removeprefix(f"/v1/projects/{self.project}/")
        does = {
            "accounts": self._create,
            "accounts:lookup": self._look_up,
            "accounts:update": self._update,
            "accounts:delete": self._delete,
            "accounts:batchGet": self._list,
        }.get(called)
        if does is None:
            return _error(404, "NOT_FOUND")
        with self._changing:
            return does(request)

    def _create(self, request: Request) -> Answer:
        sent = request.json
        if any(account["email"] == sent["email"] for account in self.accounts.values()):
            return _error(400, "EMAIL_EXISTS")
        if sent["localId"] in self.accounts:
            return _error(400, "DUPLICATE_LOCAL_ID")
        stamp = str(int(time.time() * 1000))
        self.accounts[sent["localId"]] = sent | {"validSince": "0", "createdAt": stamp, "disabled": False}
        return Answer.of_json(
            200, {"kind": "identitytoolkit#SignupNewUserResponse", "localId": sent["localId"]}
        )

    def _look_up(self, request: Request) -> Answer:
        sent = request.json
        found = [
            account
            for uid, account in self.accounts.items()
            if uid in sent.get("localId", []) or account["email"] in sent.get("email", [])
        ]
        answer: dict[str, Any] = {"kind": "identitytoolkit#GetAccountInfoResponse"}
        return Answer.of_json(200, answer | ({"users": found} if found else {}))

    def _update(self, request: Request) -> Answer:
        sent = request.json
        account = self.accounts.get(sent["localId"])
        if account is None:
            return _error(400, "USER_NOT_FOUND")
        account |= {name: str(value) for name, value in sent.items() if name != "localId"}
        return Answer.of_json(
            200, {"kind": "identitytoolkit#SetAccountInfoResponse", "localId": sent["localId"]}
        )

    def _delete(self, request: Request) -> Answer:
        if self.accounts.pop(request.json["localId"], None) is None:
            return _error(400, "USER_NOT_FOUND")
        return Answer.of_json(200, {"kind": "identitytoolkit#DeleteAccountResponse"})

    def _list(self, request: Request) -> Answer:
        """Two at a time, whatever was asked for, so that every list of three has pages."""
        start = int(request.query.get("nextPageToken", 0))
        users = list(self.accounts.values())
        answer: dict[str, Any] = {"kind": "identitytoolkit#DownloadAccountResponse"}
        answer["users"] = users[start : start + _PAGE]
        if start + _PAGE < len(users):
            answer["nextPageToken"] = str(start + _PAGE)
        return Answer.of_json(200, answer)


def signed(claims: dict[str, Any], *, key: rsa.RSAPrivateKey | None = None, key_id: str = KEY_ID) -> str:
    """A token, by default with the key whose certificate the fake gives out."""
    return jwt.encode(claims, key or signing_key(), algorithm="RS256", headers={"kid": key_id})


@cache
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _certificate() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "securetoken.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(signing_key().public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(signing_key(), hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def _error(status: int, message: str) -> Answer:
    return Answer.of_json(
        status,
        {
            "error": {
                "code": status,
                "message": message,
                "errors": [{"message": message, "domain": "global", "reason": "invalid"}],
            }
        },
    )
