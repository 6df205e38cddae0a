"""Publishes again what stands still (called by Cloud Scheduler each minute)."""

from __future__ import annotations

import functions_framework
from flask import Request, Response

from provisioning import logs
from provisioning.entry import log_crash
from provisioning.runtime import current
from provisioning.workflow.sweep import sweep as run_sweep


@functions_framework.http
def sweep(request: Request) -> Response:
    """204: looked at everything. 503: could not; Scheduler calls again."""
    if request.method != "POST":
        return Response(status=405, headers={"Allow": "POST"})
    try:
        with logs.answering(request.headers):
            run_sweep(current().engine)
    except Exception as error:  # noqa: BLE001 - the next minute tries again; nothing may be echoed
        log_crash("sweep", error)
        return Response(status=503)
    return Response(status=204)
