"""Traces: read from what callers send, made from a provisioning's id, and never a reason to fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.tracing import Span, attempt_of, read_span, trace_of, turn_of

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("headers", "span"),
    [
        ({"traceparent": f"00-{TRACE}-{SPAN}-01"}, Span(TRACE, SPAN)),
        ({"traceparent": f"cc-{TRACE}-{SPAN}-01-what-comes-later"}, Span(TRACE, SPAN)),
        ({"X-Cloud-Trace-Context": f"{TRACE.upper()}/67667974448284343;o=1"}, Span(TRACE, SPAN)),
        ({"X-Cloud-Trace-Context": TRACE}, Span(TRACE, "")),
        ({"X-Cloud-Trace-Context": f"{TRACE}/0;o=1"}, Span(TRACE, "")),
        ({"X-Cloud-Trace-Context": f"{TRACE}/{2**64}"}, Span(TRACE, "")),
        (
            {"traceparent": f"00-{TRACE}-{SPAN}-01", "X-Cloud-Trace-Context": f"{'1' * 32}/1"},
            Span(TRACE, SPAN),
        ),
    ],
)
def test_the_caller_s_span_is_read(headers: dict[str, str], span: Span) -> None:
    """W3C's header and Google's own; the first goes before the second."""
    assert read_span(headers) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{TRACE}-{SPAN}-01-{'x' * 300}",
    ],
)
def test_what_is_no_traceparent_is_none(text: str) -> None:
    """As if nothing had been sent."""
    assert read_span({"traceparent": text}) is None


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_sent_is_read_or_ignored(traceparent: str, cloud: str) -> None:
    """A header is nobody's reason to fail, and only hexadecimal digits come out."""
    span = read_span({"traceparent": traceparent, "X-Cloud-Trace-Context": cloud})

    assert span is None or set(span.trace + span.id) <= set("0123456789abcdef")


@given(st.text(max_size=50), st.integers(1, 9), st.integers(0, 9), st.integers(1, 4))
def test_the_same_work_is_the_same_span(id: str, epoch: int, hop: int, attempt: int) -> None:
    """Whoever publishes or tries it once more; and each turn and attempt has its own, in one trace."""
    turn, tried = turn_of(id, epoch, hop), attempt_of(id, epoch, hop, attempt)

    assert (turn, tried) == (turn_of(id, epoch, hop), attempt_of(id, epoch, hop, attempt))
    assert turn.trace == tried.trace == trace_of(id)
    assert (
        len({turn.id, tried.id, turn_of(id, epoch, hop + 1).id, attempt_of(id, epoch, hop, attempt + 1).id})
        == 4
    )
    assert read_span({"traceparent": turn.to_traceparent()}) == turn
