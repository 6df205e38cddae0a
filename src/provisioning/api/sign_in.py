"""Who asks, what they may, and, on the local runtimes, how they sign in without a password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, cast

from flask import request
from pydantic import Field

from provisioning.api.calls import ROOT, Answer, Call, Endpoint, NoQuery, Refusal
from provisioning.api.problems import BAD_TOKEN, NO_TOKEN, NOT_ADMIN
from provisioning.api.shapes import Input, Output
from provisioning.errors import NotAllowed, NotFound
from provisioning.ports import Accounts, Claims, IssuesTokens
from provisioning.stores.activation import Email
from provisioning.stores.administrators import ADMIN, ROLES, SUPPORT

#: How long a local sign-in lasts: a working day.
LOCAL_SECONDS = 12 * 3600.0
_MAX_TOKEN = 8 * 1024


class Me(Output):
    """Who is signed in."""

    uid: str
    email: str | None
    role: Literal["admin", "support"] = Field(
        description="`support` may look at everything, and change nothing."
    )


class LocalAccount(Output):
    """Somebody as whom one may sign in."""

    email: str
    role: Literal["admin", "support"]


class LocalAccounts(Output):
    """The accounts of this machine that have a role."""

    accounts: tuple[LocalAccount, ...]


class LocalSignIn(Input):
    """Who one wants to be."""

    email: Email


class SignedIn(Output):
    """An ID token, to be sent as `Authorization: Bearer …`."""

    token: str
    expires_at: datetime
    uid: str
    email: str
    role: str | None


def require_role(accounts: Accounts, endpoint: Endpoint) -> Claims:
    """Who asks. Raises `NotAllowed` unless their role lets them."""
    claims = _verified(accounts)
    if claims.role == ADMIN or (
        claims.role == SUPPORT and endpoint.method == "GET" and not endpoint.admins_only
    ):
        return claims
    raise NotAllowed("this account is not an administrator's", code=NOT_ADMIN)


def _verified(accounts: Accounts) -> Claims:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if kind.lower() != "bearer" or not token:
        raise NotAllowed("send Authorization: Bearer <ID token>", code=NO_TOKEN)
    if len(token) > _MAX_TOKEN or not token.isascii():
        raise NotAllowed("this is no ID token", code=BAD_TOKEN)
    try:
        return accounts.verify(token)
    except NotAllowed as error:
        raise NotAllowed(str(error), code=BAD_TOKEN) from None


def show_me(call: Call[NoQuery, None]) -> Answer:
    claims = cast("Claims", call.claims)
    return Answer(Me.model_validate({"uid": claims.uid, "email": claims.email, "role": claims.role}))


def list_local(call: Call[NoQuery, None]) -> Answer:
    accounts = call.platform.ports.accounts
    found = [account for role in ROLES for account in accounts.list_by_role(role) if not account.disabled]
    items = (LocalAccount.model_validate({"email": one.email, "role": one.role}) for one in found)
    return Answer(LocalAccounts(accounts=tuple(items)))


def sign_in_locally(call: Call[NoQuery, LocalSignIn]) -> Answer:
    accounts = call.platform.ports.accounts
    account = accounts.find_by_email(call.body.email)
    if account is None or account.disabled or not isinstance(accounts, IssuesTokens):
        raise NotFound("there is no account with this address")
    expires_at = datetime.now(UTC) + timedelta(seconds=LOCAL_SECONDS)
    token = accounts.issue_token(account.uid, LOCAL_SECONDS)
    return Answer(
        SignedIn(token=token, expires_at=expires_at, uid=account.uid, email=account.email, role=account.role)
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/me",
        "show_me",
        "Signing in",
        "Say who is signed in, and what they may",
        show_me,
        response=Me,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/local/accounts",
        "list_local_accounts",
        "Signing in",
        "List the accounts of this machine",
        list_local,
        description="On the local runtimes alone: there is none in production.",
        response=LocalAccounts,
        public=True,
        local=True,
    ),
    Endpoint(
        "POST",
        f"{ROOT}/local/sign-in",
        "sign_in_locally",
        "Signing in",
        "Sign in as an account of this machine",
        sign_in_locally,
        description="On the local runtimes alone: there is none in production.",
        body=LocalSignIn,
        response=SignedIn,
        public=True,
        local=True,
        refusals=(Refusal(404, "NOT_FOUND", "there is no account with this address"),),
        example={"email": "admin@example.com"},
    ),
)
