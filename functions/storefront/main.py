"""Answers the stores' visitors by host (HTTP)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import functions_framework
from flask import Request, Response, current_app

from provisioning.logs import log_crash
from provisioning.runtime import Platform, current
from provisioning.sites.routing import Storefront
from provisioning.sites.wsgi import CRASHED, read_visit, send

#: One for the process, as its caches are; with the platform that it is for.
_serving: tuple[Platform, Storefront] | None = None


def storefront_of(platform: Platform) -> Storefront:
    global _serving
    if _serving is None or _serving[0] is not platform:
        ports = platform.ports
        shop = Storefront(ports.documents, ports.files, platform.tokens, platform.addresses, time.monotonic)
        _serving = (platform, shop)
    return _serving[1]


def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    try:
        return send(storefront_of(current()).answer(read_visit(environ)), start_response)
    except Exception as error:  # noqa: BLE001 - the framework would print its text
        log_crash("storefront", error)
        return send(CRASHED, start_response)


# Before the framework: it would answer /robots.txt and /favicon.ico by itself, redirect double slashes, and take longer for it than we do.
current_app.wsgi_app = serve


@functions_framework.http
def storefront(_: Request) -> Response:
    """The entry; nothing comes this far."""
    return Response(status=404)
