"""
What one activation asks of the world: reads, commits, writes, publishes, uploads, mails and visits, step by step.

Counted at the ports, on the embedded runtime's adapters and with the functions' own code, one message after the other in one thread.
Of the visits, those count that the storefront's caches, which last 2 s, do not answer.
"""

from __future__ import annotations

import tempfile
from collections import Counter, deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from werkzeug.test import Client

from benchmarks.figures import Verdict, at_most, exactly
from benchmarks.requests import request_for
from provisioning import logs
from provisioning.catalog.seeding import seed_defaults
from provisioning.local.front_door import route_by_host
from provisioning.local.functions import Function, load
from provisioning.ports import (
    Account,
    Accounts,
    Claims,
    Documents,
    KeptFile,
    Mail,
    Mailer,
    Page,
    Query,
    Sent,
    SiteFile,
    SiteFiles,
    Snapshot,
    Write,
)
from provisioning.runtime import Platform, assemble, installed
from provisioning.settings import Runtime, read_settings
from provisioning.workflow.definition import ACTIVATION
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.messages import parse_step_message
from provisioning.workflow.records import Provisioning, Status, read_provisioning
from provisioning.workflow.requests import accept, submit

PROVISIONING_WRITES = 2 * len(ACTIVATION.steps) + 1
MOST_UPLOADS = 40 + 10

READS, COMMITS, WRITES, OWN = "read", "commits", "written", "provisioning"
PUBLISHES, UPLOADS, DOWNLOADS = "publishes", "uploads", "files read"
ACCOUNT, MAILS, VISITS = "accounts", "mails", "visits"
COLUMNS = (READS, COMMITS, WRITES, OWN, PUBLISHES, UPLOADS, DOWNLOADS, ACCOUNT, MAILS, VISITS)

SUBMIT, ACCEPT, VISITED = "request", "accepted", "(those visits)"


@dataclass(slots=True)
class Ledger:
    """Counts under the name of whatever is going on."""

    counts: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    _going_on: list[str] = field(default_factory=list[str])

    def add(self, what: str, times: int = 1) -> None:
        if self._going_on:
            self.counts.setdefault(self._going_on[-1], Counter())[what] += times

    @contextmanager
    def during(self, name: str) -> Generator[None]:
        """What is counted meanwhile belongs to `name`."""
        self._going_on.append(name)
        try:
            yield
        finally:
            self._going_on.pop()

    def total(self, what: str) -> int:
        return sum(counted[what] for counted in self.counts.values())


class CountedDocuments:
    """The port `Documents`, counted as Firestore bills it: a query that finds nothing is one read, and so is a missing document."""

    def __init__(self, inner: Documents, ledger: Ledger) -> None:
        self._inner = inner
        self._ledger = ledger

    def get(self, path: str) -> Snapshot:
        self._ledger.add(READS)
        return self._inner.get(path)

    def get_all(self, paths: Sequence[str]) -> list[Snapshot]:
        self._ledger.add(READS, len(paths))
        return self._inner.get_all(paths)

    def query(self, query: Query) -> list[Snapshot]:
        found = self._inner.query(query)
        self._ledger.add(READS, max(1, len(found)))
        return found

    def commit(self, writes: Sequence[Write]) -> tuple[datetime, ...]:
        times = self._inner.commit(writes)
        self._ledger.add(COMMITS)
        self._ledger.add(WRITES, len(writes))
        self._ledger.add(OWN, sum(write.path.startswith("provisionings/") for write in writes))
        return times

    def watch(self, path: str, on_change: Callable[[Snapshot], None]) -> Callable[[], None]:
        return self._inner.watch(path, on_change)


class CountedFiles:
    """The port `SiteFiles`, counted."""

    def __init__(self, inner: SiteFiles, ledger: Ledger) -> None:
        self._inner = inner
        self._ledger = ledger

    def put(self, name: str, file: SiteFile) -> None:
        self._ledger.add(UPLOADS)
        self._inner.put(name, file)

    def get(self, name: str) -> SiteFile | None:
        self._ledger.add(DOWNLOADS)
        return self._inner.get(name)

    def exists(self, name: str) -> bool:
        self._ledger.add(DOWNLOADS)
        return self._inner.exists(name)

    def list(self, prefix: str) -> list[str]:
        self._ledger.add(DOWNLOADS)
        return self._inner.list(prefix)

    def entries(self, prefix: str) -> Sequence[KeptFile]:
        self._ledger.add(DOWNLOADS)
        return self._inner.entries(prefix)

    def delete(self, name: str) -> None:
        self._inner.delete(name)


class CountedMailer:
    """The port `Mailer`, counted."""

    def __init__(self, inner: Mailer, ledger: Ledger) -> None:
        self._inner = inner
        self._ledger = ledger

    def send(self, mail: Mail) -> None:
        self._ledger.add(MAILS)
        self._inner.send(mail)

    def find(self, key: str) -> Sent:
        return self._inner.find(key)


class CountedAccounts:
    """The port `Accounts`, counted."""

    def __init__(self, inner: Accounts, ledger: Ledger) -> None:
        self._inner = inner
        self._ledger = ledger

    def ensure_owner(self, email: str, name: str, uid: str) -> Account:
        self._ledger.add(ACCOUNT)
        return self._inner.ensure_owner(email, name, uid)

    def find(self, uid: str) -> Account | None:
        self._ledger.add(ACCOUNT)
        return self._inner.find(uid)

    def find_by_email(self, email: str) -> Account | None:
        self._ledger.add(ACCOUNT)
        return self._inner.find_by_email(email)

    def remove(self, uid: str) -> None:
        self._ledger.add(ACCOUNT)
        self._inner.remove(uid)

    def set_role(self, uid: str, role: str | None) -> None:
        self._ledger.add(ACCOUNT)
        self._inner.set_role(uid, role)

    def list_by_role(self, role: str) -> list[Account]:
        self._ledger.add(ACCOUNT)
        return self._inner.list_by_role(role)

    def verify(self, token: str) -> Claims:
        self._ledger.add(ACCOUNT)
        return self._inner.verify(token)


class QueuedMessages:
    """The port `Messages`: keeps what is published until somebody takes it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.waiting: deque[bytes] = deque()

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> None:
        self._ledger.add(PUBLISHES)
        self.waiting.append(data)


class FunctionVisitor:
    """The port `Visitor`: hands the visit to the functions `storefront` and `status`, without a network."""

    def __init__(self, dashboard_host: str, ledger: Ledger) -> None:
        self._ledger = ledger
        status, storefront = (load(Function(name, "http")).wsgi_app for name in ("status", "storefront"))
        self._client = Client(route_by_host(dashboard_host, status, storefront))

    def open(self, url: str) -> Page:
        parts = urlsplit(url)
        self._ledger.add(VISITS)
        with (
            self._ledger.during(VISITED),
            self._client.get(
                parts.path or "/", query_string=parts.query, headers={"Host": parts.netloc}
            ) as answer,
        ):
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Page(answer.status_code, answer.get_data(), headers.get("content-type", ""), headers)


def measure(console: Console) -> list[Verdict]:
    """Count one activation on a platform that has served another before; print and judge."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        ledger, record = count(Path(folder))
    _print(console, ledger, record)
    return [
        exactly(
            "writes of the provisioning's document (2 a step + 1)", ledger.total(OWN), PROVISIONING_WRITES
        ),
        at_most("uploads of an activation", ledger.total(UPLOADS), MOST_UPLOADS),
    ]


def count(folder: Path) -> tuple[Ledger, Provisioning]:
    """The counts of one activation, and its record when it was over. Raises `RuntimeError` where it does not complete."""
    settings = read_settings(
        provisioning_runtime=Runtime.EMBEDDED, provisioning_data=folder / "data", k_service=None
    )
    with (folder / "functions.log").open("w") as stream:
        logs.configure(settings.log_level, stream)
        try:
            ledger = Ledger()
            platform, messages = _counted(assemble(settings), ledger)
            seed_defaults(platform.ports.documents, merchants=False)
            with installed(platform):
                # What the platform's first activation uploads for all is not counted.
                _activate(platform, messages, Ledger(), "bench-first")
                ledger.counts.clear()
                record = _activate(platform, messages, ledger, "bench-counted")
        finally:
            logs.configure(settings.log_level)
    return ledger, record


def _counted(plain: Platform, ledger: Ledger) -> tuple[Platform, QueuedMessages]:
    messages = QueuedMessages(ledger)
    ports = replace(
        plain.ports,
        documents=CountedDocuments(plain.ports.documents, ledger),
        messages=messages,
        files=CountedFiles(plain.ports.files, ledger),
        mailer=CountedMailer(plain.ports.mailer, ledger),
        accounts=CountedAccounts(plain.ports.accounts, ledger),
        visitor=FunctionVisitor(plain.settings.dashboard_host, ledger),
    )
    counted = assemble(plain.settings, ports)
    # Each step by a message, as in the cloud.
    return replace(counted, engine=replace(counted.engine, goes_on_for=0.0)), messages


def _activate(platform: Platform, messages: QueuedMessages, ledger: Ledger, id: str) -> Provisioning:
    documents = platform.ports.documents
    with ledger.during(SUBMIT):
        submit(documents, request_for(id), id)
    with ledger.during(ACCEPT):
        accept(platform.engine, id)
    while messages.waiting:
        _handle(platform.engine, messages.waiting.popleft(), ledger)
    record = read_provisioning(documents.get(f"provisionings/{id}").data or {})
    if record.status is not Status.COMPLETED:
        raise RuntimeError(
            f"{id} is {record.status}: {record.error.title if record.error else record.log[-1]}"
        )
    return record


def _handle(engine: StepEngine, data: bytes, ledger: Ledger) -> None:
    message = parse_step_message(data)
    with ledger.during(ACTIVATION.steps[message.hop].name):
        engine.handle(message)


def _print(console: Console, ledger: Ledger, record: Provisioning) -> None:
    table = Table(
        "",
        *COLUMNS,
        title="one activation: documents read, commits, documents written, of which provisioning",
    )
    for name, counted in ledger.counts.items():
        table.add_row(name, *(str(counted[column] or "") for column in COLUMNS))
    table.add_row("in all", *(str(ledger.total(column)) for column in COLUMNS), style="bold")
    console.print(table)
    effects = Table("step", "effect", "key", title="effects in the ledger of the document")
    for effect in record.engine.effects:
        effects.add_row(effect["step"], effect["effect"], effect["key"])
    console.print(effects)
