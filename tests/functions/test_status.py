"""`functions/status` as the platform serves it: the framework around our application."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from provisioning.api import app
from provisioning.api.app import create_api
from provisioning.runtime import Platform, installed
from tests.api.world import MAIN, Api, make_platform


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    platform = make_platform(tmp_path)
    yield platform
    ports: Any = platform.ports
    ports.messages.close()
    ports.documents.close()
    ports.accounts.close()


@pytest.fixture
def client() -> Client:
    create_app: Any = functions_framework.create_app
    return Client(create_app("status", str(MAIN)), TestResponse)


def test_health(platform: Platform, client: Client) -> None:
    with installed(platform):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert "X-Google-Status" not in answer.headers


def test_head_has_no_body(platform: Platform, client: Client) -> None:
    """HEAD says what GET would, and sends nothing."""
    with installed(platform):
        answer = client.head("/healthz")

    assert (answer.status_code, answer.data) == (200, b"")


def test_owners_pages_are_served_beside_the_api(platform: Platform, client: Client) -> None:
    """Pages for people have their own headers, in which their style sheet is allowed."""
    with installed(platform):
        answer = client.get("/dashboard")

    assert answer.content_type.startswith("text/html")
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/robots.txt", "/favicon.ico", "/static/main.py"])
def test_what_the_framework_keeps_for_itself(platform: Platform, client: Client, path: str) -> None:
    with installed(platform):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/api/provisioning//themes", "/api/provisioning/a%0Ab", "//x"])
def test_paths_that_the_framework_answers_tell_nothing(platform: Platform, client: Client, path: str) -> None:
    """Doubled slashes and line breaks stop at the framework's router; no header that was sent comes back."""
    with installed(platform):
        answer = client.get(path, headers={"Authorization": "Bearer s3cr3t"})

    assert answer.status_code in (308, 404)
    assert b"s3cr3t" not in answer.data


def test_application_is_made_once_for_a_platform(platform: Platform, client: Client, tmp_path: Path) -> None:
    """Two platforms in one process do not mix: each answers from its own documents."""
    other = make_platform(tmp_path / "other")
    for one in (platform, other, platform):
        with installed(one):
            api = Api(one, client)
            api.token = api.sign_in("boss", "admin")
            if one is other:
                assert api.get("plans").json["items"] == []
            else:
                api.post("seed-defaults")
                assert len(api.get("plans").json["items"]) == 3


def test_first_requests_at_once_make_one_application(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cold instance that gets eight requests together makes its application once and answers all of them."""
    made: list[Platform] = []

    def count(platform: Platform) -> Flask:
        made.append(platform)
        return create_api(platform)

    monkeypatch.setattr(app, "create_api", count)
    create_app: Any = functions_framework.create_app
    function = create_app("status", str(MAIN))
    barrier = threading.Barrier(8)

    def ask(_: int) -> int:
        barrier.wait()
        return Client(function, TestResponse).get("/healthz").status_code

    with installed(platform), ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [200] * 8

    assert made == [platform]


def test_large_body_does_not_trouble_the_framework(platform: Platform, client: Client) -> None:
    """More than the framework's own limit is still our refusal, not a crash of its own."""
    with installed(platform):
        api = Api.open(platform)
        answer = api.send(
            "POST", "/provision/store", b"x" * (12 * 1024 * 1024), {"Content-Type": "application/json"}
        )

    assert (answer.status_code, answer.json["code"]) == (413, "REQUEST_ENTITY_TOO_LARGE")
