"""
What an endpoint is: one row of the table from which the routes and the OpenAPI document are both made.

A handler takes a `Call`, in which everything has been checked already, and gives back an `Answer`. It knows nothing of HTTP but
the headers of its answer; what it raises becomes a problem document.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from provisioning.ports import Claims, Documents
from provisioning.runtime import Platform

#: Where the API stands.
ROOT = "/api/provisioning"
#: A file that is sent whole; Cloud Run takes no request above 32 MiB.
MAX_UPLOAD = 30 * 1024 * 1024

Q = TypeVar("Q", bound=BaseModel)
K = TypeVar("K")
B = TypeVar("B", bound=BaseModel | bytes | None)


class NoQuery(BaseModel):
    """The query of an endpoint that takes none. A misspelt parameter is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")


class Kept:
    """What costs much to find out, kept for a while in this process."""

    def __init__(self) -> None:
        self._naming = threading.Lock()
        self._looking: dict[str, threading.Lock] = {}
        self._known: dict[str, tuple[float, Any]] = {}

    def get(self, name: str, seconds: float, find: Callable[[], K]) -> K:
        """What was found at most so many seconds ago, or is found now; of many who ask at once, one looks."""
        with self._naming:
            looking = self._looking.setdefault(name, threading.Lock())
        # Who asks for one thing does not wait for another.
        with looking:
            known = self._known.get(name)
            if known is None or known[0] <= time.monotonic():
                known = time.monotonic() + seconds, find()
                self._known[name] = known
            return known[1]


@dataclass(frozen=True, slots=True)
class Call(Generic[Q, B]):
    """One request, authenticated and checked."""

    platform: Platform
    #: Who asks, as the audit log names it: `admin:<uid>`; empty where nobody has to sign in.
    actor: str
    #: What the token of who asks says; None where nobody has to sign in.
    claims: Claims | None
    path: Mapping[str, str]
    query: Q
    body: B
    headers: Mapping[str, str]
    kept: Kept

    @property
    def documents(self) -> Documents:
        return self.platform.ports.documents


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives back; the endpoint knows the status. Without a body the answer is empty; an iterator's is sent as it comes."""

    body: BaseModel | Mapping[str, Any] | bytes | Iterator[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way in which an endpoint says no, beside those that all share."""

    status: int
    code: str
    when: str


UNKNOWN = Refusal(404, "NOT_FOUND", "there is none with this id")
NOT_OURS = (
    Refusal(409, "UNKNOWN_SCHEMA", "a newer version wrote it; this one leaves it alone"),
    Refusal(409, "UNREADABLE_DOCUMENT", "its document cannot be read"),
    Refusal(409, "UNKNOWN_STEP", "this version does not have its step"),
)
CHANGED_MEANWHILE = Refusal(409, "CHANGED_MEANWHILE", "somebody else was quicker")
NOT_RETRIED = (
    *NOT_OURS,
    Refusal(409, "NOT_FAILED", "only a FAILED provisioning can be retried"),
    Refusal(409, "NOT_RETRYABLE", "a retry cannot help; roll back and submit a new request"),
    CHANGED_MEANWHILE,
)
KEY_REUSED = Refusal(409, "KEY_REUSED", "the key was used before, for another request")
NOT_UNDOABLE = (
    *NOT_OURS,
    Refusal(409, "NOT_UNDOABLE", "it is PENDING, being rolled back, or rolled back already"),
    Refusal(409, "NOTHING_TO_UNDO", "the request was rejected before anything was made"),
)


@dataclass(frozen=True, slots=True)
class Header:
    """A header that a request may carry or that an answer has."""

    name: str
    description: str
    example: str
    #: What a request's must look like; None where it may be any text.
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    #: With names in braces: `/api/provisioning/themes/{theme_id}`.
    path: str
    name: str
    tag: str
    summary: str
    handler: Callable[[Call[Any, Any]], Answer]
    response: type[BaseModel] | None = None
    status: int = 200
    description: str = ""
    body: type[BaseModel] | None = None
    body_required: bool = True
    #: The content types of a body that is bytes, instead of `body`, and the most that it may weigh; the content type of an answer that is.
    takes: tuple[str, ...] = ()
    most_bytes: int = MAX_UPLOAD
    gives: str | None = None
    query: type[BaseModel] = NoQuery
    headers: tuple[Header, ...] = ()
    answer_headers: tuple[Header, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    #: True where nobody has to sign in.
    public: bool = False
    #: True where administrators alone may look; otherwise support staff may look at everything, and change nothing.
    admins_only: bool = False
    #: True for what only the local runtimes have.
    local: bool = False
    example: Mapping[str, Any] | None = None
    example_query: str = ""


LOCATION = Header("Location", "Where to look.", f"{ROOT}/…")
IF_MATCH = Header(
    "If-Match",
    "The ETag that was read: the change is made only if nobody else made one since.",
    '"65a1b2c3d4e5f"',
)
ETAG = Header("ETag", "The state of the document, for If-Match.", '"65a1b2c3d4e5f"')
