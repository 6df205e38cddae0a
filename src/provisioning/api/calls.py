"""
What an endpoint is: one row of the table from which the routes and the OpenAPI document are both made.

A handler takes a `Call`, in which everything has been checked already, and gives back an `Answer`. It knows nothing of HTTP but
the headers of its answer; what it raises becomes a problem document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from provisioning.ports import Documents
from provisioning.runtime import Platform

Q = TypeVar("Q", bound=BaseModel)
B = TypeVar("B", bound=BaseModel | bytes | None)


class NoQuery(BaseModel):
    """The query of an endpoint that takes none. A misspelt parameter is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Call(Generic[Q, B]):
    """One request, authenticated and checked."""

    platform: Platform
    #: Who asks, as the audit log names it: `admin:<uid>`; empty where nobody has to sign in.
    actor: str
    path: Mapping[str, str]
    query: Q
    body: B
    headers: Mapping[str, str]

    @property
    def documents(self) -> Documents:
        return self.platform.ports.documents


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives back; the endpoint knows the status. Without a body the answer is empty."""

    body: BaseModel | Mapping[str, Any] | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way in which an endpoint says no, beside those that all share."""

    status: int
    code: str
    when: str


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
    #: The content type of a body that is bytes, instead of `body`; and of an answer that is.
    takes: str | None = None
    gives: str | None = None
    query: type[BaseModel] = NoQuery
    headers: tuple[Header, ...] = ()
    answer_headers: tuple[Header, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    #: True where nobody has to sign in.
    public: bool = False
    example: Mapping[str, Any] | None = None
    example_query: str = ""
