"""
Steps driven by hand over the real local adapters: a test commits what a step leaves behind, or does not, as if the process had died.

Visits go through the real storefront and the real owner's pages, in this process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from provisioning.api.app import create_api
from provisioning.catalog.seeding import seed_defaults
from provisioning.local.accounts import SqliteAccounts
from provisioning.local.documents import SqliteDocuments
from provisioning.local.files import FolderSiteFiles
from provisioning.local.mailer import EmlMailer
from provisioning.ports import Mail, Page, Ports, Query, Sent, SiteFile, Write
from provisioning.runtime import assemble
from provisioning.settings import read_settings
from provisioning.sites.routing import Storefront
from provisioning.steps.create_workspace import COLLECTIONS
from provisioning.steps.step import Deadline, Outcome, StepContext, Surroundings, effect_key
from provisioning.stores.activation import ActivationRequest, parse_activation
from provisioning.stores.addresses import Addresses
from provisioning.stores.tokens import Tokens

#: Links made now must open in the real pages, which know the real time.
NOW = datetime.now(UTC)
OWNER = "ada@example.com"
SECRET = "a secret of the tests, long enough"
CLIENT_TIMEOUT = 3.0
_FLAT = ("hosts", "stores", "deployments", "merchants", "welcome_tokens", "tenants")

REQUEST: dict[str, Any] = {
    "merchant_id": "m1",
    "store_name": "Ada's Sound & Vision",
    "owner_email": OWNER,
    "theme": "upfront-modern",
    "plan": "professional",
    "subdomain": "ada",
    "category": "electronics",
}


class Clock:
    """A process's monotonic clock, turned by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class WatchedDocuments(SqliteDocuments):
    """Tells a test of each commit before it is made."""

    on_commit: Callable[[Sequence[Write]], None] = staticmethod(lambda writes: None)

    def commit(self, writes: Sequence[Write]) -> Any:
        self.on_commit(writes)
        return super().commit(writes)


class WatchedFiles(FolderSiteFiles):
    """Remembers the names that were put, and tells a test of each."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.puts: list[str] = []
        self.on_put: Callable[[str], None] = lambda name: None

    def put(self, name: str, file: SiteFile) -> None:
        self.puts.append(name)
        self.on_put(name)
        super().put(name, file)


class Visitor:
    """Opens pages of the storefront and of the owner's application; `answers` are given instead, by the end of an address."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.answers: dict[str, Page] = {}
        self.storefront: Storefront | None = None
        self.owner_app: Any = None

    def open(self, url: str) -> Page:
        self.opened.append(url)
        parts = urlsplit(url)
        for end, page in self.answers.items():
            if url.partition("?")[0].endswith(end):
                return page
        if parts.hostname == "localhost":
            answer = self.owner_app.test_client().get(
                f"{parts.path}?{parts.query}", base_url=f"{parts.scheme}://{parts.netloc}"
            )
            return Page(answer.status_code, answer.get_data(), answer.content_type or "")
        assert self.storefront
        found = self.storefront.respond(parts.netloc, "GET", parts.path or "/", parts.query)
        return Page(found.status, found.body, found.headers.get("Content-Type", ""))


@dataclass
class FakeMailer:
    """Says of each mail what a test wants; `sending` and `finding` are raised where they are errors."""

    finding: Sent | Exception = Sent.UNKNOWN
    sending: Exception | None = None
    sent: list[Mail] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        self.sent.append(mail)
        if self.sending is not None:
            raise self.sending

    def find(self, key: str) -> Sent:
        self.asked.append(key)
        if isinstance(self.finding, Exception):
            raise self.finding
        return self.finding


class World:
    """The adapters in one folder."""

    def __init__(self, folder: Path) -> None:
        self.documents = WatchedDocuments(folder / "documents.db")
        self.files = WatchedFiles(folder / "files")
        self.accounts = SqliteAccounts(folder / "accounts.db", SECRET)
        self.mailer = EmlMailer(folder / "mails", "stores@example.com", "Upfront Stores")
        self.visitor = Visitor()
        self.clock = Clock()
        self.ports = Ports(
            documents=self.documents,
            messages=None,  # no step publishes
            files=self.files,
            mailer=self.mailer,
            accounts=self.accounts,
            visitor=self.visitor,
        )
        settings = read_settings({}, provisioning_data=folder, session_secret=SECRET)
        platform = assemble(settings, self.ports)
        self.addresses: Addresses = platform.addresses
        self.tokens: Tokens = platform.tokens
        self.mails = folder / "mails"
        self.visitor.owner_app = create_api(platform)
        # Its caches are another suite's subject: for each visit an hour has passed.
        ticks = count(step=3_600)
        self.visitor.storefront = Storefront(
            self.documents, self.files, self.tokens, self.addresses, lambda: float(next(ticks))
        )

    def close(self) -> None:
        self.documents.close()
        self.accounts.close()

    def provisioning(self, id: str = "p1", **changes: Any) -> Provisioning:
        return Provisioning(self, id, parse_activation(REQUEST | changes, id))

    # --- what is now true ---

    def data(self, path: str) -> dict[str, Any] | None:
        found = self.documents.get(path).data
        return None if found is None else dict(found)

    def collection(self, path: str) -> dict[str, dict[str, Any]]:
        """Every document of a collection, by id."""
        return {found.id: dict(found.data or {}) for found in self.documents.query(Query(path, limit=2_000))}

    def everything(self, *store_ids: str) -> dict[str, dict[str, Any]]:
        """All documents that steps write, by path."""
        collections = [*_FLAT, *(f"tenants/{id}/{name}" for id in store_ids for name in COLLECTIONS)]
        return {f"{name}/{id}": data for name in collections for id, data in self.collection(name).items()}

    def sent_mails(self) -> list[bytes]:
        return [file.read_bytes() for file in sorted(self.mails.glob("*.eml"))]


@dataclass
class Provisioning:
    """One activation, step by step."""

    world: World
    id: str
    request: ActivationRequest
    refs: dict[str, Any] = field(default_factory=dict)
    #: Replaces ports of the world for this one.
    ports: dict[str, Any] = field(default_factory=dict)

    @property
    def store_id(self) -> str:
        return self.request.store_id

    def key(self, step: str) -> str:
        return effect_key(self.id, step)

    def context(self, step: str, *, seconds: float = 60.0, in_doubt: bool = False) -> StepContext:
        clock = self.world.clock
        return StepContext(
            provisioning_id=self.id,
            order=self.request,
            effect_key=self.key(step),
            refs=dict(self.refs),
            attempt=1,
            in_doubt=in_doubt,
            now=NOW,
            deadline=Deadline(clock() + seconds, clock),
            ports=replace(self.world.ports, **self.ports),
            surroundings=Surroundings(self.world.addresses, self.world.tokens, CLIENT_TIMEOUT),
        )

    def attempt(self, step: str, **how: Any) -> Outcome:
        """Run the step; nothing is committed, as when the process dies right after."""
        return import_module(f"provisioning.steps.{step}").run(self.context(step, **how))

    def commit(self, outcome: Outcome) -> Outcome:
        """What the engine's batch does with an outcome."""
        if outcome.writes:
            self.world.documents.commit(outcome.writes)
        self.refs |= outcome.refs
        return outcome

    def run(self, *steps: str, **how: Any) -> Outcome:
        """Run and commit each of the steps; the last one's outcome."""
        return [self.commit(self.attempt(step, **how)) for step in steps][-1]

    def attempt_undo(self, step: str, **how: Any) -> Outcome:
        return import_module(f"provisioning.steps.{step}").undo(self.context(step, **how))

    def undo(self, *steps: str, **how: Any) -> Outcome:
        return [self.commit(self.attempt_undo(step, **how)) for step in steps][-1]


def copy_world(folder: Path, to: Path) -> World:
    """A world of one's own that begins like the closed one in `folder`. Its files never change, so they are linked."""
    shutil.copytree(folder / "files", to / "files", copy_function=os.link)
    for database in folder.glob("*.db*"):
        shutil.copy(database, to / database.name)
    return World(to)


def new_world(folder: Path) -> World:
    world = World(folder)
    seed_defaults(world.documents, merchants=False)
    return world
