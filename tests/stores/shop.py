"""A store with its owner on the embedded adapters, for the tests of what the merchant gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from provisioning.catalog.plans import DEFAULT_PLANS
from provisioning.errors import Conflict
from provisioning.local.accounts import SqliteAccounts
from provisioning.local.documents import SqliteDocuments
from provisioning.ports import Create, Documents, Mail, Query, Sent, Write
from provisioning.stores.addresses import Addresses
from provisioning.stores.members import owner_member, owner_member_write
from provisioning.stores.tokens import Tokens


class Mailbox:
    """A mailer that keeps what it is given; `failure` is raised instead, once it is set."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.failure: Exception | None = None

    def send(self, mail: Mail) -> None:
        if self.failure:
            raise self.failure
        self.mails.append(mail)

    def find(self, key: str) -> Sent:
        return Sent.SENT if any(mail.key == key for mail in self.mails) else Sent.NOT_SENT


@dataclass
class Shop:
    """Ports and one READY store `s1` of owner `u1`, made by provisioning `p1` at `now`."""

    now = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
    email = "avery@awesome-store.example.com"

    documents: SqliteDocuments
    accounts: SqliteAccounts
    mailer: Mailbox
    tokens: Tokens
    addresses: Addresses

    @classmethod
    def open(cls, folder: Path) -> Shop:
        shop = cls(
            documents=SqliteDocuments(folder / "documents.db"),
            accounts=SqliteAccounts(folder / "accounts.db", "a secret for tests alone"),
            mailer=Mailbox(),
            tokens=Tokens("another secret for tests alone"),
            addresses=Addresses("localhost", "localhost", "http", 8080),
        )
        shop.accounts.ensure_owner(cls.email, "Avery", "u1")
        shop.add_store("s1", "u1")
        shop.documents.commit([Create("provisionings/p1", {"store_id": "s1", "status": "COMPLETED"})])
        return shop

    def close(self) -> None:
        self.accounts.close()
        self.documents.close()

    def add_store(self, store_id: str, uid: str, **changes: object) -> None:
        store = {
            "merchant_id": "m1",
            "provisioning_id": "p1",
            "name": "Awesome Store",
            "status": "READY",
            "subdomain": "awesome-store",
            "hostname": "awesome-store.localhost",
            "category": "electronics",
            "owner_email": self.email,
            "owner_uid": uid,
            "theme": {"slug": "upfront-modern", "version": "1.0.0"},
            "plan": DEFAULT_PLANS[1].to_snapshot(),
            "sample": True,
            "created_at": self.now,
            "live_at": None,
        }
        store |= changes
        member = owner_member(
            uid=uid, email=self.email, provisioning_id=store["provisioning_id"], now=self.now
        )
        deployment = {
            "store_id": store_id,
            "provisioning_id": store["provisioning_id"],
            "hostname": store["hostname"],
            "addresses": {},
            "live": "r1",
        }
        self.documents.commit(
            [
                Create(f"stores/{store_id}", store),
                Create(f"deployments/{store_id}", deployment),
                owner_member_write(store_id, member),
            ]
        )

    def audit(self, action: str) -> list[dict[str, object]]:
        found = self.documents.query(Query("audit_log", limit=1000))
        return [dict(entry.data) for entry in found if entry.data["action"] == action]


class LostAnswer:
    """Documents whose first commit is done, but answered like the client library's own repeat of it: as a conflict."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)

    def commit(self, writes: Sequence[Write]) -> Any:
        answer = self._documents.commit(writes)
        if not self._lost:
            self._lost = True
            raise Conflict("repeated")
        return answer
