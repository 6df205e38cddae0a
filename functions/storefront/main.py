"""Answers the stores' visitors by host (HTTP)."""

from __future__ import annotations

import time
from functools import lru_cache

import functions_framework
from flask import Request, Response, current_app, request

from provisioning.logs import log_crash
from provisioning.ports import Ports
from provisioning.runtime import current
from provisioning.sites.routing import Storefront
from provisioning.stores.addresses import Addresses
from provisioning.stores.tokens import Tokens


@lru_cache(maxsize=1)
def make_storefront(ports: Ports, tokens: Tokens, addresses: Addresses) -> Storefront:
    """One for the process, as its caches are."""
    return Storefront(ports.documents, ports.files, tokens, addresses, time.monotonic)


# The framework answers /robots.txt and /static by itself and redirects double slashes, all before it calls a function.
@current_app.before_request
def answer() -> Response:
    platform = current()
    host, query = request.headers.get("Host", ""), request.query_string.decode("latin-1")
    try:
        shop = make_storefront(platform.ports, platform.tokens, platform.addresses)
        found = shop.respond(host, request.method, request.path, query, dict(request.headers))
    except Exception as error:  # noqa: BLE001 - the framework would print its text
        log_crash("storefront", error)
        return Response(status=503, headers={"Cache-Control": "no-store", "Retry-After": "5"})
    return Response([found.body], found.status, dict(found.headers))


@functions_framework.http
def storefront(_: Request) -> Response:
    """The function's entry; every request is answered before it."""
    return answer()
