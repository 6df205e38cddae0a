"""Carries out one step for each pushed message (HTTP: its status code is the answer to the broker)."""

from __future__ import annotations

import functions_framework
from flask import Request, Response

from provisioning.entry import answer_push
from provisioning.runtime import current
from provisioning.workflow.messages import parse_step_message
from provisioning.workflow.replay import file_unreadable


@functions_framework.http
def provision_step(request: Request) -> Response:
    """204: done, or nothing to do. 503: deliver it again."""
    engine = current().engine
    return answer_push(
        "provision_step",
        request,
        lambda pushed: engine.handle(parse_step_message(pushed.data)),
        lambda error, data, message_id: file_unreadable(engine, error, data, message_id),
    )
