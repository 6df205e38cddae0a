"""
The welcome: the mail with its link, and the token that the link carries.

`welcome_tokens/{sha256}` holds who may come in with a link, once, for 7 days. The token itself is nowhere but in the mail.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from provisioning import logs
from provisioning.errors import (
    Conflict,
    FieldError,
    InvalidInput,
    NotFound,
    ProvisioningError,
    Transient,
    WrongState,
)
from provisioning.ports import (
    Accounts,
    Create,
    Documents,
    Mail,
    Mailer,
    Query,
    Snapshot,
    Unconfirmed,
    Update,
    Where,
    Write,
    document_path,
)
from provisioning.stores.activation import Email, Launch
from provisioning.stores.addresses import Addresses
from provisioning.stores.audit import audit_entry, commit_deed
from provisioning.stores.members import member_path
from provisioning.stores.stores import Store, StoreStatus
from provisioning.stores.tokens import Tokens, fingerprint

LINK_DAYS = 7
NEW_LINK_PAUSE = timedelta(minutes=10)
MAX_RESENDS = 20

_STORES_PER_OWNER = 50
_GONE = frozenset({StoreStatus.ARCHIVED, StoreStatus.DELETED})
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


# --- The token -------------------------------------------------------------------------------------------


class WelcomeUnknown(NotFound):
    """No such link was ever sent, or what it opened is gone."""


class WelcomeExpired(WrongState):
    """The link is older than 7 days."""


class WelcomeUsed(WrongState):
    """The link has been used."""


class WelcomeToken(BaseModel):
    """`welcome_tokens/{sha256}`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    store_id: str
    uid: str
    provisioning_id: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    #: The provisioning whose welcome mail an admin sent again; null for every other link.
    resend_of: str | None = None


def token_path(token: str) -> str:
    return document_path("welcome_tokens", fingerprint(token))


def welcome_token_document(
    token: str,
    *,
    store_id: str,
    uid: str,
    provisioning_id: str,
    now: datetime,
    resend_of: str | None = None,
) -> Create:
    """
    The write that makes a link work: once, for 7 days.

    Create-only: written over, a used token would work again.
    """
    document = WelcomeToken(
        store_id=store_id,
        uid=uid,
        provisioning_id=provisioning_id,
        created_at=now,
        expires_at=now + timedelta(days=LINK_DAYS),
        resend_of=resend_of,
    )
    return Create(token_path(token), document.model_dump())


def read_welcome(documents: Documents, token: str) -> WelcomeToken:
    """Whose link this is, used or not. Raises `WelcomeUnknown`."""
    return _read(documents.get(token_path(token)))


def check_welcome(token: WelcomeToken, now: datetime) -> None:
    """Raise `WelcomeUsed` or `WelcomeExpired` unless the link still works."""
    if token.used_at is not None:
        raise WelcomeUsed("LINK_USED", "This link has been used.")
    if now >= token.expires_at:
        raise WelcomeExpired("LINK_EXPIRED", f"This link is older than {LINK_DAYS} days.")


def spend_welcome(documents: Documents, token: str, now: datetime) -> WelcomeToken:
    """
    Use the link up and remember that its owner has signed in, by one conditional batch: of many callers one wins.

    Raises `WelcomeUnknown`, `WelcomeUsed`, `WelcomeExpired`.
    """
    found = documents.get(token_path(token))
    welcome = _read(found)
    check_welcome(welcome, now)
    writes = [
        Update(found.path, {"used_at": now}, if_updated_at=found.update_time),
        Update(member_path(welcome.store_id, welcome.uid), {"signed_in_at": now}),
    ]
    try:
        commit_deed(documents, writes, _owners_entry(welcome.uid, "owner.signed_in", welcome.store_id, now))
    except Conflict:
        check_welcome(read_welcome(documents, token), now)
        # Nobody has used it, so it is the membership that is gone: the store was rolled back.
        raise _unknown() from None
    return welcome.model_copy(update={"used_at": now})


def _owners_entry(uid: str, action: str, store_id: str, now: datetime) -> Create:
    return audit_entry(at=now, actor=f"owner:{uid}", action=action, subject=document_path("stores", store_id))


def _read(found: Snapshot) -> WelcomeToken:
    if found.data is None:
        raise _unknown()
    return WelcomeToken.model_validate(found.data)


def _unknown() -> WelcomeUnknown:
    return WelcomeUnknown("This link does not open anything.", code="LINK_UNKNOWN")


# --- The mail --------------------------------------------------------------------------------------------


def write_welcome_mail(
    *,
    key: str,
    to: str,
    store_name: str,
    store_url: str,
    dashboard_url: str,
    welcome_url: str,
    launch: Launch,
) -> Mail:
    """The welcome mail. Raises `InvalidInput` when `to` is no single address."""
    return _write(
        "welcome",
        # It is sent before the last step has proved the store: it says no more than is true by then.
        f"{_one_line(store_name)} is ready",
        key=key,
        to=to,
        store_name=_one_line(store_name),
        store_url=store_url,
        dashboard_url=dashboard_url,
        welcome_url=welcome_url,
        opens=launch is Launch.IMMEDIATELY,
    )


def write_link_mail(*, key: str, to: str, store_name: str, dashboard_url: str, welcome_url: str) -> Mail:
    """The mail with a new link for an owner who asked for one. Raises `InvalidInput` when `to` is no single address."""
    name = _one_line(store_name)
    return _write(
        "link",
        f"Your sign-in link for {name}",
        key=key,
        to=to,
        store_name=name,
        dashboard_url=dashboard_url,
        welcome_url=welcome_url,
    )


def check_email(address: str) -> str:
    """Return `address` if it is one e-mail address and nothing else, else raise `InvalidInput`."""
    try:
        return _EMAIL.validate_python(address)
    except ValidationError:
        problem = FieldError("email", "NOT_AN_EMAIL", "must be an e-mail address, as name@example.com")
        raise InvalidInput((problem,)) from None


_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


def _write(template: str, subject: str, *, key: str, to: str, **values: object) -> Mail:
    values |= {"subject": subject, "days": LINK_DAYS}
    return Mail(
        key=key,
        to=check_email(to),
        subject=subject,
        text=_templates().get_template(f"{template}.txt").render(values),
        html=_templates().get_template(f"{template}.html").render(values),
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "mails"),
        # A text mail is read as it stands; only HTML is escaped.
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _one_line(name: str) -> str:
    """A name for a header and a sentence: no line break, no control character, no mark that turns the text around."""
    return " ".join(_UNSEEN.sub(" ", name).split())


# --- New links -------------------------------------------------------------------------------------------


def request_new_link(
    documents: Documents,
    mailer: Mailer,
    accounts: Accounts,
    addresses: Addresses,
    email: str,
    now: datetime,
) -> None:
    """
    Send the owner behind `email` a fresh link, at most one in 10 minutes; do nothing for anybody else.

    Whatever happens is not told, so that nobody learns who has a store here. Raises only `InvalidInput`, for what is no
    e-mail address, and `Transient`, when it could not be looked up.
    """
    account = accounts.find_by_email(check_email(email))
    if account is None or account.disabled:
        return
    owned = newest_store(documents, account.uid)
    if owned is None:
        return
    store_id, store = owned
    pause = _pause_write(documents, account.uid, now)
    if pause is None:
        return
    token = secrets.token_urlsafe(32)
    link = welcome_token_document(
        token, store_id=store_id, uid=account.uid, provisioning_id=store.provisioning_id, now=now
    )
    try:
        commit_deed(
            documents, [pause, link], _owners_entry(account.uid, "owner.asked_for_link", store_id, now)
        )
    except Conflict:
        return
    mail = write_link_mail(
        key=fingerprint(token)[:32],
        to=account.email,
        store_name=store.name,
        dashboard_url=addresses.dashboard(store_id),
        welcome_url=addresses.welcome(token),
    )
    try:
        mailer.send(mail)
    except (ProvisioningError, Unconfirmed) as error:
        logs.receiver_failed("mailer", type(error).__name__)
        return
    logs.mail_sent(store.provisioning_id, mail.to)


def newest_store(documents: Documents, uid: str) -> tuple[str, Store] | None:
    """The newest store that `uid` owns and may still enter, with its id."""
    owned = documents.query(Query("stores", where=(Where("owner_uid", "==", uid),), limit=_STORES_PER_OWNER))
    if not owned:
        return None
    members = documents.get_all([member_path(found.id, uid) for found in owned])
    stores = [
        (found.id, Store.model_validate(found.data))
        for found, member in zip(owned, members, strict=True)
        if member.exists
    ]
    entered = [(store_id, store) for store_id, store in stores if store.status not in _GONE]
    return max(entered, key=lambda item: item[1].created_at, default=None)


def _pause_write(documents: Documents, uid: str, now: datetime) -> Write | None:
    """The write that claims the next 10 minutes for this account; None while they are taken."""
    found = documents.get(document_path("link_requests", fingerprint(uid)))
    fields = {"at": now, "expires_at": now + NEW_LINK_PAUSE}
    if found.data is None:
        return Create(found.path, fields)
    if now < found.data["expires_at"]:
        return None
    return Update(found.path, fields, if_updated_at=found.update_time)


# --- An admin's resend -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Resent:
    """The outcome of a resend: the how-manieth it was, and whether the receiver confirmed it."""

    number: int
    delivery: Literal["sent", "unconfirmed"]


def resend_welcome(
    documents: Documents,
    mailer: Mailer,
    tokens: Tokens,
    addresses: Addresses,
    *,
    provisioning_id: str,
    actor: str,
    now: datetime,
) -> Resent:
    """
    Send the welcome mail of a provisioning's store again, with a new link; earlier links stay as they are.

    Each resend has an effect key of its own, `<provisioning>:resend:<n>`. The token derived from it is created, so two at once cannot
    both be the n-th. Raises `NotFound`, `WrongState` (`NO_OWNER`, `TOO_MANY_RESENDS`), and what `Mailer.send` raises.
    """
    store_id, store, uid = _provisioned_store(documents, provisioning_id)
    number = _next_resend(documents, provisioning_id)
    key = f"{provisioning_id}:resend:{number}"
    token = tokens.welcome(key)
    link = welcome_token_document(
        token,
        store_id=store_id,
        uid=uid,
        provisioning_id=provisioning_id,
        now=now,
        resend_of=provisioning_id,
    )
    entry = audit_entry(
        at=now,
        actor=actor,
        action="welcome.resent",
        subject=document_path("provisionings", provisioning_id),
        detail={"number": number},
    )
    try:
        commit_deed(documents, [link], entry)
    except Conflict:
        raise Transient("another resend is under way; look whether its mail arrived") from None
    mail = write_welcome_mail(
        key=key,
        to=store.owner_email,
        store_name=store.name,
        store_url=addresses.store(store.subdomain),
        dashboard_url=addresses.dashboard(store_id),
        welcome_url=addresses.welcome(token),
        launch=Launch.IMMEDIATELY if store.status is StoreStatus.ACTIVE else Launch.AFTER_ONBOARDING,
    )
    try:
        mailer.send(mail)
    except Unconfirmed:
        logs.receiver_failed("mailer", "Unconfirmed")
        return Resent(number, "unconfirmed")
    logs.mail_sent(provisioning_id, mail.to)
    return Resent(number, "sent")


def _provisioned_store(documents: Documents, provisioning_id: str) -> tuple[str, Store, str]:
    """The store that a provisioning made, with its id and its owner's uid."""
    provisioning = documents.get(document_path("provisionings", provisioning_id)).data
    if provisioning is None:
        raise NotFound("there is no such provisioning")
    store_id = str(provisioning.get("store_id") or "")
    found = documents.get(document_path("stores", store_id)).data if store_id else None
    store = None if found is None else Store.model_validate(found)
    if store is None or store.provisioning_id != provisioning_id or store.status in _GONE:
        raise WrongState("NO_STORE", "this provisioning has no store at present")
    if store.owner_uid is None or not documents.get(member_path(store_id, store.owner_uid)).exists:
        raise WrongState("NO_OWNER", "the store has no owner's account yet; wait for that step, or retry it")
    return store_id, store, store.owner_uid


def _next_resend(documents: Documents, provisioning_id: str) -> int:
    resent = documents.query(
        Query("welcome_tokens", where=(Where("resend_of", "==", provisioning_id),), limit=MAX_RESENDS)
    )
    if len(resent) >= MAX_RESENDS:
        raise WrongState(
            "TOO_MANY_RESENDS", f"the mail was sent again {MAX_RESENDS} times; check the address instead"
        )
    return len(resent) + 1
