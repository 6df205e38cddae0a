"""
The owner's pages: the welcome link, signing in without a password, and the dashboard of one store.

They are made on the server and need no script. Opening a link changes nothing, as mail scanners open links; what changes something is a
form, and a form of a signed-in person carries a token that only our own page can know.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from provisioning.api.owner_view import read_store, show_dashboard
from provisioning.errors import InvalidInput, NotAllowed, NotFound, Rejected, Transient, WrongState
from provisioning.ports import Accounts, Documents, Mailer
from provisioning.stores.addresses import Addresses
from provisioning.stores.launch import go_live
from provisioning.stores.members import Member, note_look, require_member
from provisioning.stores.stores import StoreStatus
from provisioning.stores.tokens import SESSION_SECONDS, Tokens
from provisioning.stores.welcome import (
    LINK_DAYS,
    WelcomeExpired,
    WelcomeUnknown,
    WelcomeUsed,
    check_welcome,
    newest_store,
    read_welcome,
    request_new_link,
    spend_welcome,
)

#: An answer to "send me a new link" takes at least so many seconds, so that its time does not tell whose address has a store.
LINK_ANSWER_SECONDS = 1.5
MAX_FORM_BYTES = 16 * 1024

_HERE = Path(__file__).parent
_STYLE = (_HERE / "assets" / "dashboard.css").read_bytes()
_STYLE_NAME = f"dashboard.{hashlib.sha256(_STYLE).hexdigest()[:12]}.css"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    # An address may hold a welcome token; only our name goes along to a store's page.
    "Referrer-Policy": "strict-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class OwnerParts:
    """All that the pages need. `clock` gives aware UTC; `sleep` takes seconds."""

    documents: Documents
    mailer: Mailer
    accounts: Accounts
    tokens: Tokens
    addresses: Addresses
    clock: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @property
    def secure(self) -> bool:
        return self.addresses.scheme == "https"

    @property
    def cookie(self) -> str:
        """The session cookie's name. With `__Host-` no store, which shares our domain, can plant one."""
        return "__Host-owner" if self.secure else "owner"


class _SignedOut(Exception):
    """Nobody is signed in."""


class _ForeignForm(Exception):
    """A form that did not come from our own page."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """A signed-in member of a store, with the session that the forms are bound to."""

    store_id: str
    member: Member
    session: str


def owner_blueprint(parts: OwnerParts) -> Blueprint:
    """The routes `/welcome…` and `/dashboard…`."""
    pages = _Pages(parts)
    owner = Blueprint("owner", __name__)
    owner.before_request(_check_origin)
    owner.after_request(_add_headers)
    for error, answer in pages.answers():
        owner.register_error_handler(error, answer)
    owner.get("/welcome")(pages.open_welcome)
    owner.post("/welcome")(pages.enter)
    owner.post("/welcome/new-link")(pages.send_new_link)
    owner.get("/dashboard")(pages.find_dashboard)
    owner.get("/dashboard/assets/<name>")(pages.asset)
    owner.post("/dashboard/sign-out")(pages.sign_out)
    owner.get("/dashboard/stores/<store_id>")(pages.dashboard)
    owner.get("/dashboard/stores/<store_id>/look")(pages.look)
    owner.post("/dashboard/stores/<store_id>/go-live")(pages.go_live)
    return owner


def _check_origin() -> None:
    # Stores live on hosts beside ours, so same-site is not near enough.
    request.max_content_length = MAX_FORM_BYTES
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise _ForeignForm


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


class _Pages:
    """The views, over the parts that the caller gave."""

    def __init__(self, parts: OwnerParts) -> None:
        self._parts = parts

    def answers(self) -> tuple[tuple[type[Exception], Callable[[Any], Response]], ...]:
        """What each error looks like to a person."""
        return (
            (_SignedOut, lambda _: self._sign_in()),
            (_ForeignForm, lambda _: _notice("foreign_form", 403)),
            (NotAllowed, lambda _: _notice("not_found", 404)),
            (NotFound, lambda _: _notice("not_found", 404)),
            (InvalidInput, lambda _: _notice("not_found", 404)),
            (Transient, lambda _: _notice("busy", 503)),
        )

    # --- The welcome link

    def open_welcome(self) -> Response:
        """The page that the link opens. Nothing is spent: mail scanners open it too."""
        token = request.args.get("token", "")
        try:
            welcome = read_welcome(self._parts.documents, token)
            store = read_store(self._parts.documents, welcome.store_id)
            check_welcome(welcome, self._parts.clock())
        except (WelcomeUsed, WelcomeExpired) as refusal:
            return self._refuse_link(refusal)
        except NotFound as refusal:
            return self._refuse_link(WelcomeUnknown(str(refusal)))
        host = self._parts.addresses.store(store.subdomain).partition("://")[2]
        return _page("welcome", token=token, name=store.name, host=host)

    def enter(self) -> Response:
        """Spend the link and sign its owner in."""
        token = request.form.get("token", "")
        try:
            welcome = read_welcome(self._parts.documents, token)
            if self._is_locked(welcome.uid):
                return _notice("locked", 403)
            welcome = spend_welcome(self._parts.documents, token, self._parts.clock())
        except (WelcomeUsed, WelcomeExpired, WelcomeUnknown) as refusal:
            return self._refuse_link(refusal)
        answer = _go(f"/dashboard/stores/{welcome.store_id}")
        answer.set_cookie(
            self._parts.cookie,
            self._parts.tokens.session(welcome.uid),
            max_age=SESSION_SECONDS,
            httponly=True,
            secure=self._parts.secure,
            samesite="Lax",
        )
        return answer

    def _refuse_link(self, refusal: Rejected) -> Response:
        """A link that opens nothing more; whoever is signed in already needs none."""
        if self._session():
            return _go("/dashboard")
        status = 404 if isinstance(refusal, WelcomeUnknown) else 410
        return _page("link_refused", status, reason=refusal.code, days=LINK_DAYS, email="", problem="")

    def send_new_link(self) -> Response:
        """Answer the same to everybody, and in the same time."""
        parts = self._parts
        email = request.form.get("email", "").strip()
        begun = parts.monotonic()
        try:
            request_new_link(
                parts.documents, parts.mailer, parts.accounts, parts.addresses, email, parts.clock()
            )
        except InvalidInput:
            return self._sign_in(
                400, email=email, problem="Please type an e-mail address, as name@example.com."
            )
        parts.sleep(max(0.0, begun + LINK_ANSWER_SECONDS - parts.monotonic()))
        return _notice("link_sent", 200)

    # --- The dashboard

    def find_dashboard(self) -> Response:
        """Lead a signed-in owner to the newest store."""
        session = self._session()
        if not session:
            raise _SignedOut
        owned = newest_store(self._parts.documents, session[1])
        if owned is None:
            raise NotFound("this account owns no store")
        return _go(f"/dashboard/stores/{owned[0]}")

    def dashboard(self, store_id: str) -> Response:
        return self._show(self._visit(store_id))

    def look(self, store_id: str) -> Response:
        """Lead the owner into the store, before it is live by a preview, and remember that they have seen it."""
        parts, visit = self._parts, self._visit(store_id)
        store = read_store(parts.documents, store_id)
        note_look(parts.documents, store_id, visit.member, parts.clock())
        address = parts.addresses.store(store.subdomain)
        if store.status is StoreStatus.ACTIVE:
            return _go(address)
        return _go(f"{address}/?preview={parts.tokens.preview(store_id)}")

    def go_live(self, store_id: str) -> Response:
        parts, visit = self._parts, self._visit(store_id)
        self._check_form(visit.session)
        try:
            go_live(parts.documents, store_id, f"owner:{visit.member.uid}", parts.clock())
        except WrongState as refusal:
            return self._show(visit, 409, problem=str(refusal))
        return _go(f"/dashboard/stores/{store_id}")

    def sign_out(self) -> Response:
        session = self._session()
        if session:
            self._check_form(session[0])
        answer = _go("/dashboard")
        answer.delete_cookie(
            self._parts.cookie, httponly=True, secure=self._parts.secure, samesite="Lax", path="/"
        )
        return answer

    def asset(self, name: str) -> Response:
        if name != _STYLE_NAME:
            raise NotFound("there is no such file")
        return Response(
            _STYLE,
            content_type="text/css; charset=utf-8",
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )

    # --- Who is here

    def _session(self) -> tuple[str, str] | None:
        """The session cookie's value and the uid in it, if it is ours and not too old."""
        value = request.cookies.get(self._parts.cookie, "")
        session = self._parts.tokens.read_session(value) if value else None
        return (value, session.uid) if session else None

    def _visit(self, store_id: str) -> _Visit:
        """The signed-in member, or an error that becomes a page."""
        session = self._session()
        if not session:
            raise _SignedOut
        value, uid = session
        member = require_member(self._parts.documents, store_id, uid)
        if self._is_locked(uid):
            raise _SignedOut
        return _Visit(store_id, member, value)

    def _is_locked(self, uid: str) -> bool:
        account = self._parts.accounts.find(uid)
        return account is None or account.disabled

    def _check_form(self, session: str) -> None:
        if not self._parts.tokens.matches_form(request.form.get("form_token", ""), session):
            raise _ForeignForm

    # --- Pages

    def _show(self, visit: _Visit, status: int = 200, problem: str = "") -> Response:
        parts = self._parts
        shown = show_dashboard(parts.documents, parts.addresses, parts.tokens, visit.store_id, parts.clock())
        return _page(
            "dashboard",
            status,
            shown=shown,
            member=visit.member,
            form_token=parts.tokens.form(visit.session),
            problem=problem,
        )

    def _sign_in(self, status: int = 401, *, email: str = "", problem: str = "") -> Response:
        return _page("sign_in", status, email=email, problem=problem)


def _notice(name: str, status: int) -> Response:
    """A page that says one thing."""
    answer = _page("notice", status, name=name)
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _page(template: str, status: int = 200, **values: object) -> Response:
    text = _templates().get_template(f"owner/{template}.html").render(values, style=_STYLE_NAME)
    return Response(text, status, content_type="text/html; charset=utf-8")


def _go(address: str) -> Response:
    return Response("", 303, headers={"Location": address})


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
