"""Calls functions as a web server would, without the socket: the same environment, the same bytes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any

from flask import Request, Response

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: What does not depend on the request.
_SERVER: dict[str, Any] = {
    "REQUEST_METHOD": "POST",
    "SCRIPT_NAME": "",
    "PATH_INFO": "/",
    "QUERY_STRING": "",
    "REQUEST_URI": "/",
    "RAW_URI": "/",
    "REMOTE_ADDR": "127.0.0.1",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_HOST": "localhost",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


def call(function: Callable[[Request], Response], body: bytes, headers: Mapping[str, str]) -> int:
    """Hand `body` to a function as the request that the framework would make of it; the status of its answer."""
    response = function(Request(_environ(body, headers)))
    try:
        return response.status_code
    finally:
        response.close()


def post(app: App, body: bytes, headers: Mapping[str, str]) -> int:
    """POST `body` to an application's root; the status of its answer, which is read to its end."""
    answered: list[str] = []

    def start_response(status: str, _: object, __: object = None) -> Callable[[bytes], object]:
        answered[:] = [status]
        return lambda _: None

    answer: Any = app(_environ(body, headers), start_response)
    try:
        # An application may begin its answer only when its body is asked for.
        for _ in answer:
            pass
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return int(answered[0][:3])


def _environ(body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    environ = {
        **_SERVER,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ
