"""Accounts in a SQLite file of their own, and ID tokens that only this machine's secret can sign."""

from __future__ import annotations

import hashlib
from pathlib import Path

from itsdangerous import BadData, URLSafeSerializer
from pydantic import BaseModel, ConfigDict, ValidationError

from provisioning.errors import NotAllowed, NotFound, Permanent
from provisioning.local.database import View, open_database
from provisioning.ports import Account, Claims

TOKEN_SECONDS = 3600

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    uid TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT,
    disabled INTEGER NOT NULL DEFAULT 0,
    tokens_after INTEGER NOT NULL DEFAULT 0
)
"""
_READ = "SELECT uid, email, role, disabled FROM accounts WHERE"


class _Token(BaseModel):
    """What an ID token carries; times in microseconds since 1970, so that a token is surely before or after a revocation."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    uid: str
    email: str
    role: str | None
    iat: int
    exp: int


class SqliteAccounts:
    """
    The port `Accounts`. Addresses are kept in lower case, as Firebase keeps them.

    A change of an account's role revokes the tokens that were issued before: they would still carry the old one.
    """

    def __init__(self, path: Path, secret: str) -> None:
        self._database = open_database(path)
        self._database.prepare(_SCHEMA)
        self._serializer = URLSafeSerializer(
            secret, salt="id-token", signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
        )

    def ensure_owner(self, email: str, name: str, uid: str) -> Account:
        def find_or_make(view: View) -> Account:
            present = _by_email(view, email)
            if present is not None:
                return present
            if view.row(f"{_READ} uid = ?", (uid,)):
                raise Permanent(
                    "ACCOUNT_TAKEN",
                    "The owner's account belongs to another e-mail address",
                    action="Correct the owner's e-mail address and start over.",
                )
            view.execute(
                "INSERT INTO accounts (uid, email, name) VALUES (?, ?, ?)", (uid, email.lower(), name)
            )
            return Account(uid, email.lower())

        return self._database.write(find_or_make)

    def find(self, uid: str) -> Account | None:
        with self._database.reading() as view:
            return _account(view.row(f"{_READ} uid = ?", (uid,)))

    def find_by_email(self, email: str) -> Account | None:
        with self._database.reading() as view:
            return _by_email(view, email)

    def remove(self, uid: str) -> None:
        self._database.write(lambda view: view.execute("DELETE FROM accounts WHERE uid = ?", (uid,)))

    def set_role(self, uid: str, role: str | None) -> None:
        self._change(uid, "role = ?1, tokens_after = iif(role IS ?1, tokens_after, ?2)", role)

    def set_disabled(self, uid: str, disabled: bool) -> None:
        """Let the person sign in no more, or again. Raises `NotFound`."""
        self._change(uid, "disabled = ?1, tokens_after = ?2", disabled)

    def list_by_role(self, role: str) -> list[Account]:
        with self._database.reading() as view:
            rows = view.rows(f"{_READ} role = ? ORDER BY email", (role,))
        return [account for row in rows if (account := _account(row))]

    def issue_token(self, uid: str, seconds: float = TOKEN_SECONDS) -> str:
        """An ID token for this account, good for `seconds`, as signing in would give. Raises `NotFound`."""
        # A transaction, as only its time is surely later than an earlier revocation.
        account, now = self._database.write(
            lambda view: (_account(view.row(f"{_READ} uid = ?", (uid,))), view.now), durable=False
        )
        if account is None:
            raise NotFound("no such account")
        token = _Token(
            uid=uid, email=account.email, role=account.role, iat=now, exp=now + round(seconds * 1e6)
        )
        return self._serializer.dumps(token.model_dump())

    def revoke_tokens(self, uid: str) -> None:
        """Make every token that was issued for this account invalid. Raises `NotFound`."""
        self._change(uid, "tokens_after = ?2")

    def verify(self, token: str) -> Claims:
        try:
            said = _Token.model_validate(self._serializer.loads(token))
        except (BadData, ValidationError):
            raise NotAllowed("the token is not one of ours", code="INVALID_TOKEN") from None
        with self._database.reading() as view:
            row = view.row("SELECT disabled, tokens_after FROM accounts WHERE uid = ?", (said.uid,))
            now = view.now
        if said.exp <= now:
            raise NotAllowed("the token has expired: sign in again", code="EXPIRED_TOKEN")
        if row is None or row[0]:
            raise NotAllowed("the account is disabled or gone", code="NO_ACCOUNT")
        if said.iat <= row[1]:
            raise NotAllowed("the token was revoked: sign in again", code="REVOKED_TOKEN")
        return Claims(said.uid, said.email, said.role)

    def close(self) -> None:
        self._database.close()

    def _change(self, uid: str, assignments: str, value: object = None) -> None:
        """Set columns of one account; `?1` is the value, `?2` the time."""
        sql = f"UPDATE accounts SET {assignments} WHERE uid = ?3"  # noqa: S608 - written in this module
        if not self._database.write(lambda view: view.execute(sql, (value, view.now, uid))):
            raise NotFound("no such account")


def _by_email(view: View, email: str) -> Account | None:
    return _account(view.row(f"{_READ} email = ?", (email.lower(),)))


def _account(row: tuple[str, str, str | None, int] | None) -> Account | None:
    if row is None:
        return None
    uid, email, role, disabled = row
    return Account(uid, email, role, bool(disabled))
