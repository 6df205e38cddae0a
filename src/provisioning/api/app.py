"""
The web application of `functions/status`: the admin API, the addresses of older clients, and the owner's pages.

Every route of the API goes through one view: sign-in, checks, handler, answer. Only errors that nobody foresaw are logged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, request
from pydantic import BaseModel

from provisioning.api.bodies import MAX_BODY, read_body, read_bytes, read_query
from provisioning.api.calls import Answer, Call, Endpoint, Kept
from provisioning.api.endpoints import served_on
from provisioning.api.owner import OwnerParts, owner_blueprint
from provisioning.api.problems import answer_problem
from provisioning.api.sign_in import require_role
from provisioning.runtime import Platform

_API = ("/api/", "/provision/")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
_CORS = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID",
    "Access-Control-Expose-Headers": "ETag, Location, Retry-After",
    "Access-Control-Max-Age": "600",
}


def create_api(platform: Platform) -> Flask:
    """The application over a platform's ports."""
    # No folder of static files: everything that is served stands in the table or in the owner's pages.
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False
    kept = Kept()
    for endpoint in served_on(platform.settings.provisioning_runtime):
        rule = endpoint.path.replace("{", "<").replace("}", ">")
        app.add_url_rule(rule, endpoint.name, _view(platform, endpoint, kept), methods=[endpoint.method])
    app.register_blueprint(owner_blueprint(_owner_parts(platform)))
    app.register_error_handler(Exception, answer_problem)
    app.after_request(_add_headers)
    app.after_request(_allow_origins(platform.settings.portal_origins))
    return app


def _owner_parts(platform: Platform) -> OwnerParts:
    return OwnerParts(
        documents=platform.ports.documents,
        mailer=platform.ports.mailer,
        accounts=platform.ports.accounts,
        tokens=platform.tokens,
        addresses=platform.addresses,
        clock=lambda: datetime.now(UTC),
    )


def _view(platform: Platform, endpoint: Endpoint, kept: Kept) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        request.max_content_length = MAX_BODY
        # Before anything is read: who may not ask learns nothing of what is right or wrong with a request.
        claims = None if endpoint.public else require_role(platform.ports.accounts, endpoint)
        call = Call(
            platform=platform,
            actor="" if claims is None else f"{claims.role}:{claims.uid}",
            claims=claims,
            path=path,
            query=read_query(request, endpoint.query),
            body=_read(endpoint),
            headers=dict(request.headers),
            kept=kept,
        )
        return _respond(endpoint, endpoint.handler(call))

    return view


def _read(endpoint: Endpoint) -> Any:
    if endpoint.takes:
        return read_bytes(request, endpoint.takes, endpoint.most_bytes)
    if endpoint.body:
        return read_body(request, endpoint.body, required=endpoint.body_required)
    return None


def _respond(endpoint: Endpoint, answer: Answer) -> Response:
    if answer.body is None:
        return Response(status=endpoint.status, headers=dict(answer.headers))
    if isinstance(answer.body, bytes):
        return Response(answer.body, endpoint.status, dict(answer.headers), content_type=endpoint.gives)
    if isinstance(answer.body, Iterator):
        return Response(answer.body, endpoint.status, dict(answer.headers), content_type=endpoint.gives)
    text = answer.body.model_dump_json() if isinstance(answer.body, BaseModel) else json.dumps(answer.body)
    return Response(text, endpoint.status, dict(answer.headers), content_type="application/json")


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _allow_origins(origins: frozenset[str]) -> Callable[[Response], Response]:
    """Let the portal's pages read the answers. The owner's pages are for no other origin."""

    def allow(response: Response) -> Response:
        if not request.path.startswith(_API):
            return response
        response.vary.add("Origin")
        origin = request.headers.get("Origin", "")
        if origin in origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers.update(_CORS)
        return response

    return allow
