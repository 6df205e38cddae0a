"""Removes releases and files that nothing needs any more (called by Cloud Scheduler each hour)."""

from __future__ import annotations

import functions_framework
from flask import Request, Response

from provisioning import logs
from provisioning.entry import log_crash
from provisioning.runtime import current
from provisioning.sites.collecting import collect_due


@functions_framework.http
def collect(request: Request) -> Response:
    """204: did what was due and what there was time for. 503: could not; the next hour makes it good."""
    if request.method != "POST":
        return Response(status=405, headers={"Allow": "POST"})
    try:
        ports = current().ports
        with logs.answering(request.headers):
            collect_due(ports.documents, ports.files)
    except Exception as error:  # noqa: BLE001 - the next hour tries again; nothing may be echoed
        log_crash("collect", error)
        return Response(status=503)
    return Response(status=204)
