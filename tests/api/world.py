"""The API as its callers meet it: through the functions framework, over the embedded adapters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import functions_framework
from werkzeug.test import Client, TestResponse

from provisioning.api.calls import Endpoint
from provisioning.api.endpoints import ENDPOINTS
from provisioning.api.openapi import refusals_of
from provisioning.api.problems import CONTENT_TYPE, ProblemDetails
from provisioning.catalog.seeding import seed_defaults
from provisioning.errors import NotFound
from provisioning.ports import Create, Documents, Query, Set
from provisioning.runtime import Platform, assemble, installed
from provisioning.settings import read_settings
from provisioning.steps.step import Outcome, Step, StepContext
from provisioning.stores.members import owner_member, owner_member_write
from provisioning.workflow.definition import WORKFLOWS, Workflow
from provisioning.workflow.records import (
    Engine,
    Problem,
    Provisioning,
    Status,
    StepRecord,
    StepStatus,
    write_provisioning,
)

MAIN = Path(__file__).parents[2] / "functions" / "status" / "main.py"
ORIGIN = "https://portal.example.com"
ROOT = "/api/provisioning"
SECRET = "a secret that no answer may hold"
EARLIER = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def _do_nothing(_: StepContext) -> Outcome:
    return Outcome()


WORKFLOW = Workflow(
    (
        Step("first", "Do the first thing", 50, _do_nothing, _do_nothing),
        Step("second", "Do the second thing", 100, _do_nothing, _do_nothing),
    )
)


def make_platform(folder: Path) -> Platform:
    """The embedded adapters with a workflow of two empty steps."""
    settings = read_settings(
        {},
        provisioning_data=folder,
        session_secret=SECRET,
        allowed_origins=f"{ORIGIN}, https://other.example",
    )
    platform = assemble(settings)
    return replace(platform, engine=replace(platform.engine, workflows={**WORKFLOWS, "activation": WORKFLOW}))


@contextmanager
def opened(folder: Path) -> Iterator[Api]:
    """A platform over what is in this folder, and who calls it."""
    platform = make_platform(folder)
    ports: Any = platform.ports
    # Some tests put another adapter in the place of one of these.
    adapters = (ports.messages, ports.documents, ports.accounts)
    with installed(platform):
        yield Api.open(platform)
    for adapter in adapters:
        adapter.close()


@dataclass
class Api:
    """A caller of the API. Every answer is checked against what the table of endpoints promises."""

    platform: Platform
    client: Client
    token: str | None = None

    @classmethod
    def open(cls, platform: Platform) -> Api:
        create_app: Any = functions_framework.create_app
        api = cls(platform, Client(create_app("status", str(MAIN)), TestResponse))
        api.token = api.sign_in("boss", "admin")
        return api

    @property
    def documents(self) -> Documents:
        return self.platform.ports.documents

    def sign_in(self, uid: str, role: str | None) -> str:
        """An ID token of an account with this role."""
        accounts: Any = self.platform.ports.accounts
        accounts.ensure_owner(f"{uid}@example.com", uid.title(), uid)
        with suppress(NotFound):
            accounts.set_role(uid, role)
        return accounts.issue_token(uid)

    # --- calls

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.call("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call("POST", path, body, headers)

    def put(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.call("PUT", path, body, headers)

    def delete(self, path: str, **headers: str) -> TestResponse:
        return self.call("DELETE", path, headers=headers)

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        data = None if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        return self.send(method, path if path.startswith("/") else f"{ROOT}/{path}", data, sent)

    def send(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Send bytes as they are, in the administrator's name."""
        sent = dict(headers or {})
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        answer = self.client.open(path, method=method, data=data, headers=sent)
        check_answer(method, path.partition("?")[0], answer)
        return answer

    # --- what is there

    def seed(self) -> None:
        seed_defaults(self.documents, merchants=True)

    def add_provisioning(self, id: str = "p1", **changes: Any) -> Provisioning:
        """A provisioning that failed at its second step, unless `changes` say otherwise."""
        record = failed_provisioning().model_copy(update=changes)
        self.documents.commit([Set(f"provisionings/{id}", write_provisioning(record))])
        return record

    def add_store(self, store_id: str, **changes: Any) -> None:
        store = {
            "merchant_id": "m1",
            "provisioning_id": "p1",
            "name": f"Store {store_id}",
            "status": "READY",
            "subdomain": f"sub-{store_id}",
            "hostname": f"sub-{store_id}.localhost",
            "category": "general",
            "owner_email": "owner@example.com",
            "theme": {"slug": "upfront-modern", "version": "1.0.0"},
            "plan": {"slug": "professional", "name": "Professional"},
            "created_at": EARLIER,
        }
        self.documents.commit([Create(f"stores/{store_id}", store | changes)])

    def add_owner(self, store_id: str, uid: str = "owner") -> None:
        member = owner_member(uid=uid, email="owner@example.com", provisioning_id="p1", now=EARLIER)
        self.documents.commit([owner_member_write(store_id, member)])

    def data(self, path: str) -> Mapping[str, Any]:
        found = self.documents.get(path)
        assert found.data is not None, f"there is no {path}"
        return found.data

    def audit(self, action: str) -> list[Mapping[str, Any]]:
        found = self.documents.query(Query("audit_log", limit=1000))
        return [entry.data for entry in found if entry.data and entry.data["action"] == action]


def failed_provisioning() -> Provisioning:
    problem = Problem(
        code="UNAVAILABLE", title="It did not work", action="Retry.", retryable=True, step="second"
    )
    return Provisioning(
        merchant_id="m1",
        store_id="s1",
        store_name="Awesome Store",
        subdomain="awesome-store",
        status=Status.FAILED,
        current_step="second",
        completion_percent=50,
        steps=(
            StepRecord(name="first", title="Do the first thing", percent=50, status=StepStatus.COMPLETED),
            StepRecord(name="second", title="Do the second thing", percent=100, status=StepStatus.FAILED),
        ),
        error=problem,
        requested_at=EARLIER,
        updated_at=EARLIER + timedelta(seconds=5),
        engine=Engine(refs={"uid": "u-inside", "token": "t-inside"}, commit_token="c-inside"),
    )


def find_endpoint(method: str, path: str) -> Endpoint | None:
    """The row of the table that answers; fixed paths before those with names in braces."""
    for endpoint in sorted(ENDPOINTS, key=lambda e: e.path.count("{")):
        pattern = re.sub(r"\{\w+\}", "[^/]+", endpoint.path)
        if endpoint.method == method and re.fullmatch(pattern, path):
            return endpoint
    return None


def check_answer(method: str, path: str, answer: TestResponse) -> None:
    """What must be true of every answer: its headers, its shape, that it is documented, and that it tells no secret."""
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    text = answer.get_data().decode(errors="replace")
    for secret in (SECRET, "c-inside", "t-inside", "u-inside", "Traceback", "Bearer ey"):
        assert secret not in text
    endpoint = find_endpoint(method, path)
    if answer.status_code >= 400:
        _check_problem(endpoint, answer)
    elif endpoint is not None:
        assert answer.status_code == endpoint.status
        if endpoint.response is None:
            return
        assert answer.content_type == "application/json"
        endpoint.response.model_validate_json(text)


def _check_problem(endpoint: Endpoint | None, answer: TestResponse) -> None:
    assert answer.content_type == CONTENT_TYPE
    problem = ProblemDetails.model_validate_json(answer.get_data())
    assert problem.status == answer.status_code
    assert problem.type == f"urn:provisioning:problem:{problem.code.lower().replace('_', '-')}"
    if endpoint is None:
        return
    documented = {(refusal.status, refusal.code) for refusal in refusals_of(endpoint)}
    # The code of a 502 or 503 is the receiver's.
    known = problem.status in (502, 503) or (problem.status, problem.code) in documented
    assert known, f"{endpoint.name} does not document {problem.status} {problem.code}"


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def fields_of(answer: TestResponse) -> set[tuple[str, str]]:
    """The fields that were found wrong, with their codes."""
    return {(error["field"], error["code"]) for error in answer.json["errors"]}
