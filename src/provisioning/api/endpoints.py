"""The table of endpoints: what this API can do. The routes and the OpenAPI document are made from it."""

from __future__ import annotations

from provisioning.api import (
    audit_log,
    durations,
    faults,
    hosts,
    legacy,
    letters,
    media,
    merchants,
    offers,
    overview,
    provisionings,
    releases,
    request_schema,
    sign_in,
    store_themes,
    stores,
    streams,
    support,
    theme_archives,
    users,
)
from provisioning.api.calls import ROOT, Answer, Call, Endpoint, NoQuery
from provisioning.api.shapes import Health
from provisioning.settings import Runtime


def _health(_: Call[NoQuery, None]) -> Answer:
    return Answer(Health())


def _openapi(call: Call[NoQuery, None]) -> Answer:
    # Only who asks for the document pays for its making at a cold start.
    from provisioning.api.openapi import describe

    return Answer(describe(served_on(call.platform.settings.provisioning_runtime)))


def served_on(runtime: Runtime) -> tuple[Endpoint, ...]:
    """The rows that this runtime has."""
    return tuple(endpoint for endpoint in ENDPOINTS if runtime is not Runtime.GOOGLE or not endpoint.local)


_HEALTH = (
    Endpoint(
        "GET",
        "/healthz",
        "healthz",
        "Health",
        "Say that the function answers",
        _health,
        response=Health,
        public=True,
    ),
    # Google's front end keeps some paths that end in z to itself.
    Endpoint(
        "GET",
        f"{ROOT}/health",
        "health",
        "Health",
        "The same, where an address ending in z is reserved",
        _health,
        response=Health,
        public=True,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/openapi.json",
        "openapi",
        "Health",
        "This description, as OpenAPI 3.1",
        _openapi,
        public=True,
    ),
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *sign_in.ENDPOINTS,
    *merchants.ENDPOINTS,
    *request_schema.ENDPOINTS,
    *provisionings.ENDPOINTS,
    *support.ENDPOINTS,
    *durations.ENDPOINTS,
    *stores.ENDPOINTS,
    *streams.ENDPOINTS,
    *overview.ENDPOINTS,
    *audit_log.ENDPOINTS,
    *users.ENDPOINTS,
    *faults.ENDPOINTS,
    *letters.ENDPOINTS,
    *offers.ENDPOINTS,
    *store_themes.ENDPOINTS,
    *theme_archives.ENDPOINTS,
    *releases.ENDPOINTS,
    *media.ENDPOINTS,
    *hosts.ENDPOINTS,
    *legacy.ENDPOINTS,
    *_HEALTH,
)
