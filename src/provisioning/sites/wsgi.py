"""Visits and answers as WSGI servers hand them over and take them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from provisioning.sites.negotiation import MAX_PATH, NO_PATH, Visit
from provisioning.sites.routing import Answer

#: Where nobody foresaw what happened.
CRASHED = Answer(503, (("Cache-Control", "no-store"), ("Retry-After", "5"), ("Content-Length", "0")), b"")
#: A slash or a backslash that hides in a segment. It would be another path to some server between us and the visitor.
_HIDDEN = ("%2f", "%5c")
_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def read_visit(environ: Mapping[str, str]) -> Visit:
    """The visit that a WSGI server describes. Never raises."""
    get = environ.get
    path = get("PATH_INFO", "")
    raw = get("REQUEST_URI") or get("RAW_URI") or ""
    if len(path) > MAX_PATH or ("%" in raw and _hides_a_slash(raw)):
        path = NO_PATH
    elif not path.isascii():
        # WSGI hands bytes over as if they were Latin-1.
        try:
            path = path.encode("latin-1").decode()
        except UnicodeError:
            path = NO_PATH
    return Visit(
        get("REQUEST_METHOD", ""),
        get("HTTP_HOST", ""),
        path,
        get("QUERY_STRING", ""),
        get("HTTP_ACCEPT_ENCODING", ""),
        get("HTTP_IF_MATCH", ""),
        get("HTTP_IF_NONE_MATCH", ""),
        get("HTTP_RANGE", ""),
        get("HTTP_IF_RANGE", ""),
        get("HTTP_COOKIE", ""),
    )


def _hides_a_slash(raw: str) -> bool:
    path = raw.partition("?")[0].lower()
    return any(hidden in path for hidden in _HIDDEN)


def send(answer: Answer, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The answer, to the server that asked for it."""
    start_response(_LINES[answer.status], list(answer.fields))
    return (answer.body,) if answer.body else ()
