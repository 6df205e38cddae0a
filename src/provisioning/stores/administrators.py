"""
Who may use the admin API and the portal: accounts with a role.

`admin` may do everything, `support` may look at everything and change nothing. There is always an administrator, and nobody changes
their own role.
"""

from __future__ import annotations

import uuid

from provisioning.errors import NotFound, WrongState
from provisioning.ports import Account, Accounts, Documents, document_path
from provisioning.stores.audit import audit_entry, commit_deed

ADMIN, SUPPORT = "admin", "support"
ROLES = (ADMIN, SUPPORT)
_NAMES = {ADMIN: "Administrator", SUPPORT: "Support"}


def list_people(accounts: Accounts) -> tuple[Account, ...]:
    """Everybody with a role: administrators first, each by e-mail address."""
    return tuple(account for role in ROLES for account in accounts.list_by_role(role))


def grant(
    accounts: Accounts, documents: Documents, email: str, role: str, *, actor: str, own_uid: str | None = None
) -> Account:
    """
    Give the account of `email` this role; an account is made where there is none.

    Raises `WrongState` (`OWN_ROLE`, `LAST_ADMIN`).
    """
    account = accounts.ensure_owner(email, _NAMES[role], f"{role}-{uuid.uuid4().hex[:22]}")
    _change(accounts, documents, account, role, actor=actor, own_uid=own_uid)
    return Account(account.uid, account.email, role, account.disabled)


def revoke(
    accounts: Accounts, documents: Documents, email: str, *, actor: str, own_uid: str | None = None
) -> Account:
    """
    Take the role away from the account of `email`.

    Raises `NotFound` where nobody with this address has one, or `WrongState` (`OWN_ROLE`, `LAST_ADMIN`).
    """
    account = accounts.find_by_email(email)
    if account is None or account.role not in ROLES:
        raise NotFound("nobody with this address has a role")
    _change(accounts, documents, account, None, actor=actor, own_uid=own_uid)
    return Account(account.uid, account.email, None, account.disabled)


def _change(
    accounts: Accounts,
    documents: Documents,
    account: Account,
    role: str | None,
    *,
    actor: str,
    own_uid: str | None,
) -> None:
    if account.uid == own_uid:
        raise WrongState("OWN_ROLE", "nobody changes their own role; ask another administrator")
    if account.role == role:
        return
    if account.role == ADMIN and not _others(accounts, account):
        raise _last()
    # Noted first: a role that was changed and not noted would be found as it is wanted by whoever tries again.
    _note(documents, account, role, actor)
    accounts.set_role(account.uid, role)
    # Two that take each other's role away at once: accounts know no conditions, so whoever looks afterwards gives it back.
    if account.role == ADMIN and not _others(accounts, account):
        accounts.set_role(account.uid, ADMIN)
        _note(documents, account, ADMIN, actor)
        raise _last()


def _others(accounts: Accounts, account: Account) -> bool:
    return any(one.uid != account.uid and not one.disabled for one in accounts.list_by_role(ADMIN))


def _last() -> WrongState:
    return WrongState("LAST_ADMIN", "this is the last administrator; make another one first")


def _note(documents: Documents, account: Account, role: str | None, actor: str) -> None:
    now = documents.get(document_path("sweeps", "clock")).read_time
    action = "role.revoked" if role is None else "role.granted"
    detail = {"role": role or account.role}
    entry = audit_entry(at=now, actor=actor, action=action, subject=f"accounts/{account.uid}", detail=detail)
    commit_deed(documents, [], entry)
