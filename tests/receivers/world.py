"""
A platform whose receivers are local servers that can be told to misbehave.

Engine, steps, adapters and the functions that answer visitors are the real ones; documents are SQLite. Time passes as it does, and a test
may let it leap ahead, so that nobody waits for a retry. Messages are delivered one at a time, as a test says.
"""

from __future__ import annotations

import atexit
import io
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from werkzeug.test import Client

from provisioning import logs, runtime
from provisioning.catalog.seeding import seed_defaults
from provisioning.local.database import Clock
from provisioning.local.documents import SqliteDocuments
from provisioning.local.files import FolderSiteFiles
from provisioning.local.front_door import route_by_host
from provisioning.local.functions import FUNCTIONS, load
from provisioning.ports import Create, Page, Ports, Write
from provisioning.runtime import Platform, assemble, installed
from provisioning.settings import read_settings
from provisioning.sites.publishing import publish_platform_files
from provisioning.steps.step import effect_key
from provisioning.themes.packages import load_theme
from provisioning.workflow import recovery
from provisioning.workflow.dead_letters import list_letters
from provisioning.workflow.engine import Verdict
from provisioning.workflow.messages import StepMessage, parse_step_message
from provisioning.workflow.records import Provisioning, read_provisioning
from provisioning.workflow.requests import accept
from provisioning.workflow.sweep import sweep

ID = "r1"
STORE = "store-r1"
OWNER = "ada.canary@example.com"
#: Seconds that a call of the adapter under test may take: half of it where the adapter asks twice.
TIMEOUT = 0.6
#: Rendering on a busy machine takes a while; the clock that a test turns does not care.
BUDGET = 12.0


class LeapingClock:
    """The machine's clocks, plus what a test has leapt over."""

    def __init__(self) -> None:
        self._leapt = 0

    def leap(self, seconds: float) -> None:
        self._leapt += round(seconds * 1e9)

    def wall(self) -> int:
        return time.time_ns() + self._leapt

    def ticks(self) -> int:
        return time.monotonic_ns() + self._leapt

    def monotonic(self) -> float:
        return self.ticks() / 1e9


class WatchedDocuments(SqliteDocuments):
    """Lets a test look at the world right before a commit."""

    def __init__(self, path: Path, clock: Clock) -> None:
        super().__init__(path, clock=clock)
        self.before_commit: Callable[[Sequence[Write]], None] = lambda writes: None

    def commit(self, writes: Sequence[Write]) -> Any:
        self.before_commit(writes)
        return super().commit(writes)


class Broker:
    """Keeps what was published."""

    def __init__(self) -> None:
        self.pending: list[StepMessage] = []

    def publish(self, topic: str, data: bytes, attributes: Any = None) -> None:
        self.pending.append(parse_step_message(data))


class InProcessVisitor:
    """Opens pages of the functions that would answer, without a socket between."""

    def __init__(self) -> None:
        apps = {f.name: load(f).wsgi_app for f in FUNCTIONS if f.name in ("status", "storefront")}
        self._client = Client(route_by_host("localhost", apps["status"], apps["storefront"]))

    def open(self, url: str) -> Page:
        parts = urlsplit(url)
        path = f"{parts.path or '/'}?{parts.query}"
        answer = self._client.get(path, base_url=f"{parts.scheme}://{parts.netloc}")
        return Page(answer.status_code, answer.get_data(), answer.content_type or "", dict(answer.headers))


@cache
def _shared_files() -> Path:
    """A folder with the files that all stores share: hundreds, put once in a process and not for each world."""
    folder = tempfile.mkdtemp(prefix="shared-files-")
    atexit.register(shutil.rmtree, folder)
    publish_platform_files(FolderSiteFiles(Path(folder)), load_theme("upfront-modern"))
    return Path(folder)


class World:
    """One merchant's activation, and the receivers it meets."""

    def __init__(self, folder: Path) -> None:
        self.clock = LeapingClock()
        self.documents = WatchedDocuments(folder / "world.db", Clock(self.clock.wall, self.clock.ticks))
        self.broker = Broker()
        self.settings = read_settings(
            {}, provisioning_data=folder, session_secret="a secret for tests only", step_budget_seconds=BUDGET
        )
        self.platform = self._assemble(assemble(self.settings).ports)
        self.log = io.StringIO()
        seed_defaults(self.documents, merchants=False)

    def _assemble(self, ports: Ports) -> Platform:
        ports = replace(ports, documents=self.documents, messages=self.broker)
        platform = assemble(self.settings, ports)
        # Each step by a message, as in the cloud: a test delivers them one at a time.
        engine = replace(platform.engine, monotonic=self.clock.monotonic, goes_on_for=0.0)
        return replace(platform, engine=engine)

    @contextmanager
    def running(self) -> Iterator[World]:
        """Serve visitors, and catch the log at its most talkative."""
        logs.configure("DEBUG", self.log)
        with installed(self.platform):
            self.use(visitor=InProcessVisitor())
            yield self
        structlog.reset_defaults()
        self.documents.close()

    def use(self, **ports: Any) -> None:
        """Put these adapters in the place of the ones there are."""
        self.platform = self._assemble(replace(self.platform.ports, **ports))
        # What is served to visitors reads the same files and accounts.
        runtime._current = self.platform

    def publish_shared_files(self) -> None:
        """What every store refers to is there before the first one comes."""
        shutil.copytree(
            _shared_files(),
            self.settings.provisioning_data / "files",
            copy_function=os.link,
            dirs_exist_ok=True,
        )

    # --- the story ---

    def submit(self, **changes: Any) -> None:
        request = {
            "merchant_id": "m1",
            "store_id": STORE,
            "store_name": "Ada's Sound & Vision",
            "owner_email": OWNER,
            "theme": "upfront-modern",
            "plan": "professional",
            "subdomain": "ada",
            "category": "electronics",
            "requested_by": "u1",
            "picked_up": False,
        }
        self.documents.commit([Create(f"activation_requests/{ID}", request | changes)])
        accept(self.platform.engine, ID)

    def deliver(self, message: StepMessage | None = None) -> Verdict:
        """Deliver a message, by default the one there is."""
        if message is None:
            (message,) = self.broker.pending
        if message in self.broker.pending:
            self.broker.pending.remove(message)
        return self.platform.engine.handle(message)

    def run_to(self, step: str) -> StepMessage:
        """Carry out everything before `step`; the message that is to begin it."""
        while self.record.current_step != step:
            assert self.deliver() is Verdict.ACKNOWLEDGE, self.record.log[-1]
        return self.broker.pending[-1]

    def finish(self, *, sweeps: int = 30) -> Provisioning:
        """Deliver, redeliver after the broker's back-off, and sweep, until it is over."""
        for _ in range(sweeps):
            for _ in range(40):
                if self.record.over or not self.broker.pending:
                    break
                message = self.broker.pending.pop(0)
                if self.platform.engine.handle(message) is Verdict.AGAIN:
                    self.broker.pending.append(message)
                    self.clock.leap(1)
            if self.record.over:
                return self.record
            self.clock.leap(10)
            sweep(self.platform.engine, pause=lambda _: None)
        raise AssertionError(f"it is not over: {self.record}")

    def retry(self) -> Provisioning:
        recovery.retry(self.platform.engine, ID, actor="admin:a1")
        return self.finish()

    def roll_back(self) -> Provisioning:
        recovery.roll_back(self.platform.engine, ID, actor="admin:a1", confirm="ada")
        return self.finish()

    # --- what is now true ---

    @property
    def record(self) -> Provisioning:
        return read_provisioning(self.documents.get(f"provisionings/{ID}").data or {})

    def attempts(self, step: str) -> int:
        return next(one.attempts for one in self.record.steps if one.name == step)

    def step_error(self, step: str) -> str | None:
        return next(one.error for one in self.record.steps if one.name == step)

    @property
    def told(self) -> str:
        """Everything that a person reads in the progress, and the log of the process."""
        return self.record.model_dump_json(exclude={"engine"}) + self.log.getvalue()

    @property
    def warnings(self) -> list[str]:
        return [entry.message for entry in self.record.log if entry.level == "warning"]

    def letters(self) -> list[dict[str, Any]]:
        return [dict(found.data or {}) for found in list_letters(self.documents, status=None)]

    @property
    def live(self) -> str | None:
        """The release that visitors see."""
        return (self.documents.get(f"deployments/{STORE}").data or {}).get("live")

    def key(self, step: str) -> str:
        return effect_key(ID, step)
