"""The admin API, the addresses of older clients and the owner's pages (HTTP)."""

from __future__ import annotations

import threading

import functions_framework
from flask import Flask, Request, current_app, request
from werkzeug import Response

from provisioning import logs
from provisioning.api.app import create_api
from provisioning.runtime import Platform, current

_lock = threading.Lock()
_made: tuple[Platform, Flask] | None = None


# The framework answers some paths by itself, those that its router does not know with a page of HTML, before it calls a function.
@current_app.before_request
def answer() -> Response:
    """Whatever our own application answers; the framework's stands around it."""
    with logs.answering(request.headers):
        return Response.from_app(_app().wsgi_app, request.environ)


@functions_framework.http
def status(_: Request) -> Response:
    """The function's entry; every request is answered before it."""
    return answer()


def _app() -> Flask:
    """Made once, even where an instance's first requests come together."""
    global _made
    platform = current()
    with _lock:
        if _made is None or _made[0] is not platform:
            _made = platform, create_api(platform)
        return _made[1]
