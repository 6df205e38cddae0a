"""
The receivers outside Firestore, as counting fakes: what reached them is what the invariants are about.

Each keeps its port's promises exactly; the suites of `tests/contracts` run over them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from provisioning.errors import NotAllowed, NotFound, Permanent, Transient
from provisioning.local import values
from provisioning.ports import Account, Claims, KeptFile, Mail, Page, Sent, SiteFile

_NAME = re.compile(r"(?!\.{1,2}(?:/|$))[A-Za-z0-9_.-]{1,200}(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9_.-]{1,200})*")
_PREFIX = re.compile(r"[A-Za-z0-9_./-]*")

#: The simulated administrators sign in with these tokens.
ADMIN_TOKENS = {"admin-token-1": "a1", "admin-token-2": "a2"}


class CountingFiles:
    """The port `SiteFiles`."""

    def __init__(self) -> None:
        self.kept: dict[str, SiteFile] = {}
        # By the real clock: nothing simulated asks how old a file is.
        self._put_at: dict[str, datetime] = {}
        #: Names under which other bytes were put a second time.
        self.clashes: list[str] = []

    def put(self, name: str, file: SiteFile) -> None:
        _check_name(name)
        present = self.kept.setdefault(name, file)
        if present is file:
            self._put_at[name] = datetime.now(UTC)
        if present is not file and present != file:
            self.clashes.append(name)

    def get(self, name: str) -> SiteFile | None:
        _check_name(name)
        return self.kept.get(name)

    def exists(self, name: str) -> bool:
        _check_name(name)
        return name in self.kept

    def list(self, prefix: str) -> list[str]:
        if not _PREFIX.fullmatch(prefix) or any(part in (".", "..") for part in prefix.split("/")[:-1]):
            values.refuse("prefix", "INVALID_NAME", "is not the beginning of any name")
        return sorted(name for name in self.kept if name.startswith(prefix))

    def entries(self, prefix: str) -> Sequence[KeptFile]:
        return [KeptFile(name, len(self.kept[name].body), self._put_at[name]) for name in self.list(prefix)]

    def delete(self, name: str) -> None:
        _check_name(name)
        self.kept.pop(name, None)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > 1024:
        values.refuse("name", "INVALID_NAME", "is not a name of files")


class CountingMailer:
    """The port `Mailer`; like SendGrid it does not fold repeats, and it may be unable to say what it sent."""

    def __init__(self, *, remembers: bool = True) -> None:
        self.remembers = remembers
        self.accepted: list[Mail] = []
        #: Keys for which `find` had to answer that it does not know.
        self.unknown: set[str] = set()

    def send(self, mail: Mail) -> None:
        self.accepted.append(mail)

    def find(self, key: str) -> Sent:
        if not self.remembers:
            self.unknown.add(key)
            return Sent.UNKNOWN
        return Sent.SENT if any(mail.key == key for mail in self.accepted) else Sent.NOT_SENT


class CountingAccounts:
    """The port `Accounts`, with accounts by uid."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        #: How often each uid was made and removed.
        self.made: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()

    def ensure_owner(self, email: str, name: str, uid: str) -> Account:
        present = self.find_by_email(email)
        if present is not None:
            return present
        if uid in self.accounts:
            raise Permanent("ACCOUNT_TAKEN", "The owner's account belongs to another e-mail address")
        self.made[uid] += 1
        self.accounts[uid] = Account(uid, email.lower())
        return self.accounts[uid]

    def find(self, uid: str) -> Account | None:
        return self.accounts.get(uid)

    def find_by_email(self, email: str) -> Account | None:
        return next((a for a in self.accounts.values() if a.email == email.lower()), None)

    def remove(self, uid: str) -> None:
        if self.accounts.pop(uid, None) is not None:
            self.removed[uid] += 1

    def set_role(self, uid: str, role: str | None) -> None:
        account = self.accounts.get(uid)
        if account is None:
            raise NotFound("no such account")
        self.accounts[uid] = Account(uid, account.email, role, account.disabled)

    def list_by_role(self, role: str) -> list[Account]:
        return sorted((a for a in self.accounts.values() if a.role == role), key=lambda a: a.email)

    def verify(self, token: str) -> Claims:
        uid = ADMIN_TOKENS.get(token)
        if uid is None:
            raise NotAllowed("the token is not one of ours", code="INVALID_TOKEN")
        return Claims(uid, f"{uid}@example.com", "admin")


class RealVisitor:
    """The port `Visitor`: stores are answered by the real storefront, the dashboard by the real owner's pages."""

    def __init__(
        self, dashboard_host: str, storefront: Callable[[str, str, str], Page], owner: Callable[[str], Page]
    ) -> None:
        self._dashboard_host = dashboard_host
        self._storefront = storefront
        self._owner = owner

    def open(self, url: str) -> Page:
        parts = urlsplit(url)
        if not parts.hostname:
            raise Transient("nothing answers", code="NO_ANSWER")
        if parts.hostname == self._dashboard_host:
            return self._owner(parts.path)
        return self._storefront(parts.netloc, parts.path or "/", parts.query)
