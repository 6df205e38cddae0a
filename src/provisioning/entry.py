"""What the entry points of several functions share: how a push is answered, and that nothing is ever echoed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Request, Response

from provisioning import logs
from provisioning.errors import TooNew, Transient, Unreadable
from provisioning.logs import log_crash
from provisioning.workflow.engine import Verdict
from provisioning.workflow.messages import PushedMessage, parse_push

Answer = Callable[[PushedMessage], Verdict]
FileUnreadable = Callable[[Unreadable, bytes, str], None]


def answer_push(name: str, request: Request, handle: Answer, file_unreadable: FileUnreadable) -> Response:
    """
    Answer a Pub/Sub push: 204 acknowledges, 503 asks for another delivery, and no body says why.

    What cannot be read is filed as a dead letter at once and acknowledged: it would never become readable. What a newer version
    wrote is kept for it: the broker's own dead lettering ends that.
    """
    if request.method != "POST":
        return Response(status=405, headers={"Allow": "POST"})
    with logs.answering(request.headers):
        return _answer(name, request.get_data(), request, handle, file_unreadable)


def _answer(
    name: str, body: bytes, request: Request, handle: Answer, file_unreadable: FileUnreadable
) -> Response:
    message_id = "unknown"
    try:
        try:
            pushed = parse_push(body)
            message_id = pushed.message_id
            with logs.answering(request.headers, pushed.attributes):
                return Response(status=handle(pushed).value)
        except TooNew:
            logs.message_too_new(name)
            return Response(status=503)
        except Unreadable as error:
            file_unreadable(error, _kept(body), message_id)
            return Response(status=204)
    except Transient as error:
        logs.receiver_failed(name, error.code)
    except Exception as error:  # noqa: BLE001 - the framework's own 500 would print what was sent
        log_crash(name, error)
    return Response(status=503)


def _kept(body: bytes) -> bytes:
    """What a dead letter keeps of a body: the message's data where the envelope is sound, else the body itself."""
    try:
        return parse_push(body).data or body
    except Unreadable:
        return body
