"""The ports as the simulated functions have them: every call goes through the scheduler of the simulation that is running."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from provisioning.ports import (
    Account,
    Claims,
    Create,
    KeptFile,
    Mail,
    Page,
    Ports,
    Query,
    Sent,
    SiteFile,
    Snapshot,
    Write,
)
from simulation.documents import MemoryDocuments
from simulation.receivers import CountingAccounts, CountingFiles, CountingMailer, RealVisitor
from simulation.scheduler import Call, Scheduler


@dataclass(slots=True)
class Backstage:
    """What really is behind the ports of one simulation."""

    scheduler: Scheduler
    documents: MemoryDocuments
    files: CountingFiles
    mailer: CountingMailer
    accounts: CountingAccounts
    visitor: RealVisitor
    publish: Callable[[bytes], None]


class Stage:
    """Holds the backstage of the simulation that is running; the ports outlive it, for the platform is assembled once."""

    def __init__(self) -> None:
        self.now: Backstage | None = None

    def call(
        self, name: str, detail: Callable[[], str], do: Callable[[Backstage], Any], key: str = ""
    ) -> Any:
        behind = self.now
        assert behind is not None, "no simulation is running"
        return behind.scheduler.call(Call(name, detail, lambda: do(behind), key))


def staged_ports(stage: Stage) -> Ports:
    """All ports over `stage`."""
    return Ports(
        documents=_Documents(stage),
        messages=_Messages(stage),
        files=_Files(stage),
        mailer=_Mailer(stage),
        accounts=_Accounts(stage),
        visitor=_Visitor(stage),
    )


def purpose(writes: Sequence[Write]) -> str:
    """What a commit is for, as a trace names it."""
    update = next((write for write in writes if write.path.startswith("provisionings/")), None)
    if update is None or not hasattr(update, "fields"):
        return "accept" if isinstance(update, Create) else f"{len(writes)} writes from {writes[0].path}"
    engine = update.fields.get("engine", {})  # type: ignore[union-attr]
    place = f"epoch {engine.get('epoch')} hop {engine.get('hop')} attempt {engine.get('attempt')}"
    if any(write.path.startswith("audit_log/") for write in writes):
        return f"order {place}"
    if update.fields.get("error"):  # type: ignore[union-attr]
        return f"failure {place}"
    kind = "claim" if engine.get("owner") else "release" if engine.get("not_before") else "commit"
    return f"{kind} {place}"


def _told(path: str) -> str:
    """The path as a trace tells it: the name of an audit entry is drawn by lot, and a seed's trace is always the same."""
    return "audit_log/…" if path.startswith("audit_log/") else path


@dataclass(frozen=True, slots=True)
class _Documents:
    stage: Stage

    def get(self, path: str) -> Snapshot:
        return self.stage.call("documents.get", lambda: _told(path), lambda b: b.documents.get(path))

    def get_all(self, paths: Sequence[str]) -> list[Snapshot]:
        return self.stage.call(
            "documents.get_all", lambda: ", ".join(paths), lambda b: b.documents.get_all(paths)
        )

    def query(self, query: Query) -> list[Snapshot]:
        return self.stage.call(
            "documents.query", lambda: query.collection, lambda b: b.documents.query(query)
        )

    def count(self, query: Query) -> int:
        return self.stage.call(
            "documents.count", lambda: query.collection, lambda b: b.documents.count(query)
        )

    def commit(self, writes: Sequence[Write]) -> tuple[datetime, ...]:
        return self.stage.call(
            "documents.commit", lambda: purpose(writes), lambda b: b.documents.commit(writes)
        )

    def watch(self, path: str, on_change: Callable[[Snapshot], None]) -> Callable[[], None]:
        raise NotImplementedError("no function watches")


@dataclass(frozen=True, slots=True)
class _Messages:
    stage: Stage

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> None:
        assert topic == "provision-step"
        self.stage.call("messages.publish", data.decode, lambda b: b.publish(data))


@dataclass(frozen=True, slots=True)
class _Files:
    stage: Stage

    def put(self, name: str, file: SiteFile) -> None:
        self.stage.call("files.put", lambda: name, lambda b: b.files.put(name, file))

    def get(self, name: str) -> SiteFile | None:
        return self.stage.call("files.get", lambda: name, lambda b: b.files.get(name))

    def exists(self, name: str) -> bool:
        return self.stage.call("files.exists", lambda: name, lambda b: b.files.exists(name))

    def list(self, prefix: str) -> list[str]:
        return self.stage.call("files.list", lambda: prefix, lambda b: b.files.list(prefix))

    def entries(self, prefix: str) -> Sequence[KeptFile]:
        return self.stage.call("files.entries", lambda: prefix, lambda b: b.files.entries(prefix))

    def delete(self, name: str) -> None:
        self.stage.call("files.delete", lambda: name, lambda b: b.files.delete(name))


@dataclass(frozen=True, slots=True)
class _Mailer:
    stage: Stage

    def send(self, mail: Mail) -> None:
        self.stage.call("mailer.send", lambda: mail.key, lambda b: b.mailer.send(mail), mail.key)

    def find(self, key: str) -> Sent:
        return self.stage.call("mailer.find", lambda: key, lambda b: b.mailer.find(key), key)


@dataclass(frozen=True, slots=True)
class _Accounts:
    stage: Stage

    def ensure_owner(self, email: str, name: str, uid: str) -> Account:
        return self.stage.call(
            "accounts.ensure_owner", lambda: uid, lambda b: b.accounts.ensure_owner(email, name, uid), uid
        )

    def find(self, uid: str) -> Account | None:
        return self.stage.call("accounts.find", lambda: uid, lambda b: b.accounts.find(uid))

    def find_by_email(self, email: str) -> Account | None:
        return self.stage.call(
            "accounts.find_by_email", lambda: email, lambda b: b.accounts.find_by_email(email)
        )

    def remove(self, uid: str) -> None:
        self.stage.call("accounts.remove", lambda: uid, lambda b: b.accounts.remove(uid), uid)

    def set_role(self, uid: str, role: str | None) -> None:
        self.stage.call("accounts.set_role", lambda: uid, lambda b: b.accounts.set_role(uid, role))

    def list_by_role(self, role: str) -> list[Account]:
        return self.stage.call("accounts.list_by_role", lambda: role, lambda b: b.accounts.list_by_role(role))

    def verify(self, token: str) -> Claims:
        return self.stage.call("accounts.verify", lambda: "a token", lambda b: b.accounts.verify(token))


@dataclass(frozen=True, slots=True)
class _Visitor:
    stage: Stage

    def open(self, url: str) -> Page:
        shown = url.partition("?")[0]
        return self.stage.call("visitor.open", lambda: shown, lambda b: b.visitor.open(url))
