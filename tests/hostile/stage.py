"""
The whole platform in one process, without a port: every function as the framework serves it, over the embedded adapters, with the
broker's and the trigger's part played by hand. What happens to a hostile input here is what happens to it in the cloud.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask
from werkzeug.test import Client, EnvironBuilder, TestResponse, run_wsgi_app

from provisioning.catalog.seeding import seed_defaults
from provisioning.local import events
from provisioning.local.database import open_database
from provisioning.local.functions import FUNCTIONS, load
from provisioning.local.messages import Delivery
from provisioning.ports import Create, Page
from provisioning.runtime import Platform, assemble, installed
from provisioning.settings import read_settings
from provisioning.sites.publishing import publish_platform_files
from provisioning.stores.administrators import ADMIN
from provisioning.stores.merchants import Merchant, SavedChoices
from provisioning.themes.packages import load_theme
from provisioning.workflow.records import Provisioning, read_provisioning

#: Planted in secrets, payloads, headers and exceptions; it must come out nowhere.
CANARY = "sk_live_CANARY"
DASHBOARD = "localhost"
ROOT = "/api/provisioning"
JSON = {"Content-Type": "application/json"}
#: What a well-meaning portal asks for.
REQUEST: dict[str, Any] = {
    "merchant_id": "m1",
    "store_name": "Awesome Store",
    "owner_email": "owner@example.com",
    "theme": "upfront-modern",
    "plan": "professional",
    "subdomain": "awesome-store",
    "category": "electronics",
}


@cache
def function(name: str) -> Flask:
    """A function, loaded once: each asks for the platform when it is called."""
    return load(next(function for function in FUNCTIONS if function.name == name))


class InProcessVisitor:
    """The port `Visitor`: knocks at the functions without a network."""

    def open(self, url: str) -> Page:
        parts = urlsplit(url)
        name = "status" if parts.hostname == DASHBOARD else "storefront"
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        answer = Client(function(name), TestResponse).get(target, headers={"Host": parts.netloc})
        headers = {key.lower(): value for key, value in answer.headers.items()}
        return Page(answer.status_code, answer.data, answer.content_type, headers)


@dataclass
class Stage:
    """A platform, and everything that the world outside can do to it."""

    platform: Platform
    folder: Path
    token: str

    # --- What arrives ------------------------------------------------------------------------------------

    def api(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        token: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """
        Call `functions/status` as an administrator, or with `token`; bytes are sent as they are.

        `environ` says otherwise of a request than is true, as no client library would.
        """
        sent = {"X-Secret": CANARY, "Authorization": f"Bearer {self.token if token is None else token}"}
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if data is not None:
            sent |= JSON
        return Client(function("status"), TestResponse).open(
            path if path.startswith("/") else f"{ROOT}/{path}",
            method=method,
            data=data,
            headers=sent | dict(headers or {}),
            environ_overrides=environ or {},
        )

    def push(self, name: str, body: bytes, method: str = "POST") -> TestResponse:
        """Push a body to a function, as Pub/Sub or somebody who would like to be it."""
        headers = {**JSON, "Authorization": f"Bearer {CANARY}", "X-Secret": CANARY}
        return Client(function(name), TestResponse).open("/", method=method, data=body, headers=headers)

    def raw(
        self, name: str, *, host: str = DASHBOARD, target: str = "/", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, list[tuple[str, str]]]:
        """
        GET past every check of a client library: `host` and `headers` stand in the environment as they are, and `target` is what
        stands behind the verb on the wire.
        """
        path, _, query = target.partition("?")
        environ = EnvironBuilder(path="/").get_environ()
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
        environ["QUERY_STRING"] = query.encode().decode("latin-1")
        environ["HTTP_HOST"] = host.encode(errors="surrogateescape").decode("latin-1")
        for key, value in (headers or {}).items():
            environ[f"HTTP_{key.upper().replace('-', '_')}"] = value.encode().decode("latin-1")
        body, status, sent = run_wsgi_app(function(name), environ, buffered=True)
        return int(status.split()[0]), b"".join(body), list(sent)

    def write_request(self, request_id: str, data: Mapping[str, Any]) -> None:
        """Write the document itself, as a portal does that checks nothing."""
        self.platform.ports.documents.commit([Create(f"activation_requests/{request_id}", data)])

    def write_merchant(self, merchant_id: str, **changes: Any) -> None:
        """Write a merchant with saved choices, as the portal's sign-up does; `changes` are not checked."""
        now = self.platform.ports.documents.get("merchants/x").read_time
        choices = SavedChoices(
            theme="upfront-modern", plan="professional", subdomain=f"sub-{merchant_id}", category="fashion"
        )
        merchant = Merchant(
            id=merchant_id,
            name="Awesome Store",
            owner_name="Avery",
            owner_email="owner@example.com",
            saved_choices=choices,
            created_at=now,
        ).to_document()
        saved = merchant["saved_choices"] | changes.pop("saved_choices", {})
        document = merchant | {"saved_choices": saved} | changes
        self.platform.ports.documents.commit([Create(f"merchants/{merchant_id}", document)])

    # --- What the platform does with it ------------------------------------------------------------------

    def deliver_all(self, most: int = 200) -> None:
        """Deliver every event and message until none is left; each must be taken at once."""
        for _ in range(most):
            if not self.deliver_one():
                return
        raise AssertionError("the messages do not end")

    def deliver_one(self) -> bool:
        """Deliver the oldest event or message, if there is one; it must be taken."""
        messages: Any = self.platform.ports.messages
        leased = messages.lease(1, 60.0)
        if not leased:
            return False
        status = self._deliver(leased[0])
        assert status in (200, 204), f"{leased[0].kind} answered {status}"
        messages.acknowledge(leased[0].id)
        return True

    def drop_all(self) -> None:
        """Forget what waits to be delivered."""
        messages: Any = self.platform.ports.messages
        while leased := messages.lease(100, 60.0):
            for delivery in leased:
                messages.acknowledge(delivery.id)

    def _deliver(self, delivery: Delivery) -> int:
        if delivery.kind == "message":
            body = events.push_body(
                "projects/p/subscriptions/provision_step",
                delivery.data,
                delivery.attributes,
                message_id=str(delivery.id),
                publish_time=delivery.published_at,
            )
            return self.push("provision_step", body).status_code
        assert delivery.document is not None
        data, at = delivery.document.data, delivery.published_at
        if delivery.kind == "written":
            name = "republish"
            headers, body = events.written_event("p", "(default)", delivery.source, data, written_at=at)
        else:
            name = "activate_merchant"
            headers, body = events.created_event("p", "(default)", delivery.source, data or {}, created_at=at)
        client = Client(function(name), TestResponse)
        return client.post("/", data=body, headers=headers | {"X-Secret": CANARY}).status_code

    def activate(self, request_id: str, **changes: Any) -> Provisioning:
        """A request through the whole workflow; the provisioning as it ended."""
        self.write_request(request_id, REQUEST | {"merchant_id": f"m-{request_id}"} | changes)
        self.deliver_all()
        return self.provisioning(request_id)

    def wait_until_open(self, host: str) -> None:
        """The steps have looked at the store already, before it was open: the storefront remembers that for half a second."""
        give_up_at = time.monotonic() + 10
        while self.raw("storefront", host=host, target="/nothing")[0] != 404:
            assert time.monotonic() < give_up_at, f"{host} does not open"
            time.sleep(0.02)

    def provisioning(self, id: str) -> Provisioning:
        found = self.platform.ports.documents.get(f"provisionings/{id}")
        assert found.data is not None, f"there is no provisioning {id}"
        return read_provisioning(found.data)

    def sign_in(self, uid: str, role: str | None = None) -> str:
        """An ID token of an account with this role."""
        accounts: Any = self.platform.ports.accounts
        accounts.ensure_owner(f"{uid}@example.com", uid.title(), uid)
        accounts.set_role(uid, role)
        return accounts.issue_token(uid)

    # --- What is now true --------------------------------------------------------------------------------

    def documents(self) -> dict[str, str]:
        """Every document, by path, as it is stored."""
        database = open_database(self.folder / "documents.db")
        with database.reading() as view:
            rows = view.rows("SELECT collection || '/' || id, data FROM documents")
        database.close()
        return dict(rows)

    def everything(self) -> dict[str, str]:
        """Documents, waiting messages, accounts, mails and site files: all that could be left half made."""
        found = self.documents()
        database = open_database(self.folder / "documents.db")
        with database.reading() as view:
            for id, source in view.rows("SELECT id, source FROM deliveries"):
                found[f"message {id}"] = source
        database.close()
        accounts = open_database(self.folder / "accounts.db")
        with accounts.reading() as view:
            for row in view.rows("SELECT uid, email, role FROM accounts"):
                found[f"account {row[0]}"] = str(row)
        accounts.close()
        # Not by pathlib, which takes ten times as long: there are hundreds, and this is asked before and after each case.
        for folder, _, names in os.walk(self.folder):
            below = folder.removeprefix(str(self.folder)).lstrip("/")
            for name in names:
                if name.partition(".")[2][:2] != "db":
                    written = os.stat(f"{folder}/{name}").st_mtime_ns  # noqa: PTH116
                    found[f"file {f'{below}/{name}'.lstrip('/')}"] = str(written)
        return found

    def letters(self) -> list[dict[str, Any]]:
        """The dead letters."""
        return [
            json.loads(text) for path, text in self.documents().items() if path.startswith("dead_letters/")
        ]


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """The names of what was made, changed or removed."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@contextmanager
def open_stage(folder: Path) -> Generator[Stage]:
    """A seeded platform in which every secret is the canary."""
    settings = read_settings(
        {}, provisioning_data=folder, session_secret=f"{CANARY}-session-secret", sendgrid_api_key=CANARY
    )
    first = assemble(settings)
    platform = assemble(settings, replace(first.ports, visitor=InProcessVisitor()))
    with installed(platform):
        seed_defaults(platform.ports.documents, merchants=False)
        publish_platform_files(platform.ports.files, load_theme("upfront-modern"))
        stage = Stage(platform, folder, "")
        stage.token = stage.sign_in("boss", ADMIN)
        stage.drop_all()
        yield stage
    ports: Any = platform.ports
    for adapter in (ports.messages, ports.documents, ports.accounts):
        adapter.close()
