"""Functions called without a socket: the same request, the same answer as through the framework's application."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from flask import Request, Response
from werkzeug.test import Client

from provisioning.local.calls import call, post
from provisioning.local.functions import FUNCTIONS, load, load_handler
from provisioning.runtime import assemble, installed
from provisioning.settings import Runtime, read_settings

HEADERS = {"Content-Type": "application/json", "X-Thing": "a"}


def describe(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "url": request.url,
        "body": request.get_data().decode(),
        "type": request.content_type,
        "length": request.content_length,
        "thing": request.headers.get("X-Thing"),
    }


def test_a_function_sees_the_request_that_a_server_would_make() -> None:
    """By both ways, as by the client that tests of web applications use."""
    seen: list[dict[str, Any]] = []

    def function(request: Request) -> Response:
        seen.append(describe(request))
        return Response(status=204)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return function(Request(environ))(environ, start_response)

    assert call(function, b"{}", HEADERS) == 204
    assert post(app, b"{}", HEADERS) == 204
    Client(app).post("/", data=b"{}", headers=HEADERS)

    assert seen[0] == seen[1] == seen[2]


def test_an_answer_is_read_to_its_end_and_closed() -> None:
    """Applications may do their work while the body is read."""
    told: list[str] = []

    class Body:
        def __iter__(self) -> Iterable[bytes]:
            told.append("read")
            yield b"a"

        def close(self) -> None:
            told.append("closed")

    def app(_: dict[str, Any], start_response: Any) -> Any:
        start_response("503 Service Unavailable", [])
        return Body()

    assert post(app, b"", {}) == 503
    assert told == ["read", "closed"]


@pytest.mark.parametrize("body", [b"", b"{}", b"not json", b"\xff" * 70_000])
def test_the_step_function_answers_alike_with_and_without_its_application(
    body: bytes, tmp_path: Path
) -> None:
    """Only what the framework adds is left out: routing, hooks and its page for errors."""
    step = next(function for function in FUNCTIONS if function.name == "provision_step")
    platform = assemble(
        read_settings({}, provisioning_runtime=Runtime.EMBEDDED, provisioning_data=tmp_path, public_port=8080)
    )

    with installed(platform):
        statuses = {call(load_handler(step), body, HEADERS), post(load(step).wsgi_app, body, HEADERS)}

    assert statuses == {204}
