"""
Which trace something belongs to, in the terms of W3C's Trace Context.

The trace of a provisioning, and the spans of its turns and attempts, are made from its id: whatever is lost, swept up, retried or rolled
back, by whichever process, one activation is one trace, and no document has to remember it. Messages carry it all the same
(`traceparent`), for whoever else listens to them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

#: The header of requests, and the attribute of messages.
TRACEPARENT = "traceparent"
#: The header that Google's load balancer and Cloud Run set.
CLOUD_TRACE = "X-Cloud-Trace-Context"

# Later versions of the header may say more behind the four parts that are known.
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?", re.ASCII)
_CLOUD_TRACE = re.compile(r"([0-9a-fA-F]{32})(?:/([0-9]{1,20}))?(?:;.*)?", re.ASCII)
_LONGEST = 256


class Headers(Protocol):
    """A request's headers, or a message's attributes."""

    def get(self, key: str, /) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a trace; `id` is empty where only the trace is known."""

    trace: str
    id: str

    def to_traceparent(self) -> str:
        """The header's value. Sampled: what happens in it is logged."""
        return f"00-{self.trace}-{self.id}-01"


@lru_cache(maxsize=4096)
def trace_of(provisioning: str) -> str:
    """The trace of a provisioning, as 32 hexadecimal digits."""
    return _digits(f"trace\n{provisioning}", 32)


def turn_of(provisioning: str, epoch: int, hop: int) -> Span:
    """The span in which a step's turn was published: the same for whoever publishes it once more."""
    return Span(trace_of(provisioning), _digits(f"turn\n{provisioning}\n{epoch}\n{hop}", 16))


def attempt_of(provisioning: str, epoch: int, hop: int, attempt: int) -> Span:
    """The span of one attempt within a turn."""
    return Span(trace_of(provisioning), _digits(f"attempt\n{provisioning}\n{epoch}\n{hop}\n{attempt}", 16))


def read_span(headers: Headers) -> Span | None:
    """The caller's span; None where none is named that is sound."""
    return _read_traceparent(headers.get(TRACEPARENT)) or _read_cloud_trace(headers.get(CLOUD_TRACE))


def _read_traceparent(text: str | None) -> Span | None:
    found = _TRACEPARENT.fullmatch(text) if text and len(text) <= _LONGEST else None
    return _sound(found[1], found[2]) if found else None


def _read_cloud_trace(text: str | None) -> Span | None:
    found = _CLOUD_TRACE.fullmatch(text) if text and len(text) <= _LONGEST else None
    if not found:
        return None
    number = int(found[2] or 0)
    return _sound(found[1].lower(), f"{number:016x}" if 0 < number < 2**64 else "")


def _sound(trace: str, span: str) -> Span | None:
    """Ids of zeros alone are none."""
    return Span(trace, span if span.strip("0") else "") if trace.strip("0") else None


def _digits(text: str, count: int) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:count]
