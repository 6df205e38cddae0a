"""Files what the broker gave up on (push from the dead-letter topic's subscription)."""

from __future__ import annotations

import functions_framework
from flask import Request, Response

from provisioning.entry import answer_push
from provisioning.runtime import current
from provisioning.workflow.engine import Verdict
from provisioning.workflow.messages import PushedMessage
from provisioning.workflow.replay import file_returned, file_unreadable


@functions_framework.http
def dead_letter(request: Request) -> Response:
    """204: filed, or overtaken. 503: deliver it again."""
    engine = current().engine

    def file(pushed: PushedMessage) -> Verdict:
        file_returned(engine, pushed)
        return Verdict.ACKNOWLEDGE

    return answer_push(
        "dead_letter",
        request,
        file,
        lambda error, data, message_id: file_unreadable(engine, error, data, message_id),
    )
