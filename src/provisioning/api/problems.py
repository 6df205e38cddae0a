"""
Errors as problem details (RFC 9457): the one place that decides which error of the tree is which status.

Nothing of a request is ever repeated, and nothing of an exception that nobody foresaw is told.
"""

from __future__ import annotations

import math
from http import HTTPStatus

from flask import Response
from pydantic import BaseModel, Field
from werkzeug.exceptions import HTTPException

from provisioning.api.shapes import StoreSummary
from provisioning.entry import log_crash
from provisioning.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    Permanent,
    Rejected,
    Transient,
    WrongState,
)
from provisioning.workflow.records import FieldProblem

CONTENT_TYPE = "application/problem+json"
NO_TOKEN = "NO_TOKEN"  # noqa: S105 - a code
BAD_TOKEN = "BAD_TOKEN"  # noqa: S105 - a code
NOT_ADMIN = "NOT_ADMIN"
PRECONDITION_FAILED = "PRECONDITION_FAILED"
#: Seconds after which to try again where the receiver did not say.
RETRY_AFTER = 2


class Malformed(Rejected):
    """The request breaks HTTP's or JSON's rules before its fields can be looked at."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code, message)
        self.status = status


class StoresInTheWay(WrongState):
    """It cannot be done because of these stores."""

    def __init__(self, code: str, message: str, stores: tuple[StoreSummary, ...]) -> None:
        super().__init__(code, message)
        self.stores = stores


class ProblemDetails(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(examples=["urn:provisioning:problem:invalid-input"])
    title: str = Field(examples=["Some fields are wrong"])
    status: int = Field(examples=[422])
    detail: str
    code: str = Field(description="Stable; for programs.", examples=["INVALID_INPUT"])
    errors: tuple[FieldProblem, ...] = ()
    stores: tuple[StoreSummary, ...] | None = Field(None, description="The stores that stand in the way.")


def answer_problem(error: Exception) -> Response:
    """The answer to a request that ended in `error`."""
    problem = describe(error)
    answer = Response(problem.model_dump_json(exclude_none=True), problem.status, content_type=CONTENT_TYPE)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Transient):
        answer.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after or RETRY_AFTER)))
    if isinstance(error, HTTPException):
        allow = dict(error.get_headers()).get("Allow")
        if allow:
            answer.headers["Allow"] = allow
    return answer


def describe(error: Exception) -> ProblemDetails:
    """The problem that stands for `error`; what nobody foresaw is logged and not told."""
    match error:
        case Malformed():
            return _problem(error.status, "The request cannot be read", str(error), error.code)
        case InvalidInput():
            return _problem(422, "Some fields are wrong", str(error), error.code, _fields(error))
        case NotFound():
            return _problem(404, "Not found", str(error), error.code)
        case NotAllowed():
            return _problem(_refused_status(error), "Not allowed", str(error), error.code)
        case StoresInTheWay():
            return _problem(
                409, "Not possible in the present state", str(error), error.code, stores=error.stores
            )
        case Rejected():
            status = 412 if error.code == PRECONDITION_FAILED else 409
            return _problem(status, "Not possible in the present state", str(error), error.code)
        case Conflict():
            return _problem(
                409,
                "Changed meanwhile",
                "somebody else was quicker; look and decide anew",
                "CHANGED_MEANWHILE",
            )
        case Transient():
            return _problem(503, "Try again later", "a receiver did not answer; try again", error.code)
        case Permanent():
            status = 422 if error.fields else 502
            detail = " ".join(part for part in (error.detail, error.action) if part)
            return _problem(status, error.title, detail, error.code, _fields(error))
        case HTTPException():
            return _of_http(error)
        case _:
            log_crash("status", error)
            detail = "it has been logged; if it happens again, tell the platform team the time of it"
            return _problem(500, "Something went wrong on our side", detail, "INTERNAL")


def _refused_status(error: NotAllowed) -> int:
    return 401 if error.code in (NO_TOKEN, BAD_TOKEN) else 403


def _of_http(error: HTTPException) -> ProblemDetails:
    try:
        status = HTTPStatus(error.code or 500)
    except ValueError:
        status = HTTPStatus.BAD_REQUEST
    return _problem(status.value, status.phrase, status.description or status.phrase, status.name)


def _fields(error: InvalidInput | Permanent) -> tuple[FieldProblem, ...]:
    return tuple(FieldProblem(field=e.field, code=e.code, message=e.message) for e in error.fields)


def _problem(
    status: int,
    title: str,
    detail: str,
    code: str,
    errors: tuple[FieldProblem, ...] = (),
    stores: tuple[StoreSummary, ...] | None = None,
) -> ProblemDetails:
    return ProblemDetails(
        type=f"urn:provisioning:problem:{code.lower().replace('_', '-')}",
        title=title,
        status=status,
        detail=detail,
        code=code,
        errors=errors,
        stores=stores,
    )
