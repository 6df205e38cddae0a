"""
A gRPC channel that executes calls and then loses their answers, under Google's own clients.

What to lose is said for each thread: an activation is driven from one, and the clients call from it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import grpc
from google.cloud.firestore_v1.types import CommitRequest
from google.pubsub_v1 import PublishRequest

CODES = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.ABORTED)


class Lost(grpc.RpcError, grpc.Call):
    """What a client sees when the answer does not arrive."""

    def __init__(self, code: grpc.StatusCode) -> None:
        super().__init__(code)
        self._code = code

    def code(self) -> grpc.StatusCode:
        return self._code

    def result(self, timeout: float | None = None) -> None:
        # An interceptor further out takes this for the call itself.
        raise self

    def details(self) -> str:
        return "the answer was lost"

    def initial_metadata(self) -> tuple[()]:
        return ()

    def trailing_metadata(self) -> tuple[()]:
        return ()

    def is_active(self) -> bool:
        return False

    def time_remaining(self) -> None:
        return None

    def cancel(self) -> bool:
        return False

    def add_callback(self, callback: object) -> bool:
        return False


@dataclass
class Wire:
    """What one thread's calls met, and what of them is to be lost: by the number of the call, from 0."""

    lose: Callable[[int], grpc.StatusCode | None] = lambda number: None
    calls: list[str] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    #: The data of every message that the broker took.
    published: list[bytes] = field(default_factory=list)
    #: (epoch, hop, attempt) of every change of a provisioning that the server carried out.
    landed: list[tuple[int, int, int]] = field(default_factory=list)

    def next(self, method: str) -> grpc.StatusCode | None:
        number = len(self.calls)
        self.calls.append(method)
        code = self.lose(number)
        if code is not None:
            self.lost.append((method, code.name))
        return code

    def note(self, request: Any) -> None:
        """Keep what the server has done."""
        if isinstance(request, PublishRequest):
            self.published += [message.data for message in request.messages]
        if isinstance(request, CommitRequest):
            self.landed += list(_changes(request))


def _changes(request: CommitRequest) -> Iterator[tuple[int, int, int]]:
    for write in request.writes:
        if "/provisionings/" in write.update.name and "engine" in write.update.fields:
            engine = write.update.fields["engine"].map_value.fields
            yield tuple(engine[name].integer_value for name in ("epoch", "hop", "attempt"))  # type: ignore[misc]


_here = threading.local()


@contextmanager
def on_wire(wire: Wire) -> Generator[Wire]:
    """Let this thread's calls go over `wire`."""
    before, _here.wire = getattr(_here, "wire", None), wire
    try:
        yield wire
    finally:
        _here.wire = before


class _Losing(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        wire: Wire | None = getattr(_here, "wire", None)
        call = continuation(details, request)
        if wire is None:
            return call
        code = wire.next(details.method.rpartition("/")[2])
        # An error of the server's own goes its way: then nothing was done.
        call.result()
        wire.note(request)
        if code is not None:
            raise Lost(code)
        return call

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        wire: Wire | None = getattr(_here, "wire", None)
        call = continuation(details, request)
        code = wire.next(details.method.rpartition("/")[2]) if wire is not None else None
        return call if code is None else _cut_off(call, code)


def _cut_off(answers: Iterator[Any], code: grpc.StatusCode) -> Iterator[Any]:
    """The first of the answers, and then no more."""
    for answer in answers:
        yield answer
        break
    raise Lost(code)


@contextmanager
def losing_channels() -> Generator[None]:
    """Every client that is made meanwhile speaks through a channel that can lose answers."""
    make = grpc.insecure_channel

    def insecure_channel(*args: Any, **kwargs: Any) -> grpc.Channel:
        return grpc.intercept_channel(make(*args, **kwargs), _Losing())

    with mock.patch("grpc.insecure_channel", insecure_channel):
        yield
