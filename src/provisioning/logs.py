"""
Every line that we log, one function each: reviewable in one place.

One JSON object per line on standard output, as Cloud Logging reads it. No payload, header, token or whole e-mail address
ever gets in: the functions take names, ids, counts and codes.

What all lines of a piece of work have in common is said once, around it (`delivery`, `attempt`, `answering`), and stands in each of
them: the provisioning, its epoch and hop, the step, the attempt, and the trace. docs/observability.md lists events and metrics.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO, cast

import structlog
from pydantic_core import to_json

from provisioning.tracing import Headers, Span, attempt_of, read_span, trace_of, turn_of

_logger: structlog.typing.FilteringBoundLogger | None = None

_LEVELS = {"debug": "DEBUG", "info": "INFO", "warning": "WARNING", "error": "ERROR", "critical": "CRITICAL"}


class _Asker:
    """Who asked for the work that is going on: read when the first line is written, for most work writes none."""

    def __init__(self, headers: Headers, attributes: Headers) -> None:
        self._headers = headers
        self._attributes = attributes

    @cached_property
    def request(self) -> Span | None:
        return read_span(self._headers)

    @cached_property
    def sender(self) -> Span | None:
        return read_span(self._attributes)


#: What the lines of the work that is going on have in common, and who asked for it: headers of a request, attributes of a message.
_around: ContextVar[dict[str, Any]] = ContextVar("around", default={})  # noqa: B039 - never changed in place
_asked_by: ContextVar[_Asker | None] = ContextVar("asked_by", default=None)

#: Where Cloud Logging looks for the trace; set in `configure`.
_project: str | None = None


@contextmanager
def answering(headers: Headers, attributes: Headers | None = None) -> Generator[None]:
    """Lines meanwhile belong to the trace of a request with these headers, or of a message with these attributes."""
    token = _asked_by.set(_Asker(headers, attributes or {}))
    try:
        yield
    finally:
        _asked_by.reset(token)


def delivery(provisioning: str, epoch: int, hop: int) -> AbstractContextManager[None]:
    """Lines meanwhile are of this turn of a provisioning."""
    return _Around({"provisioning": provisioning, "epoch": epoch, "hop": hop})


def attempt(
    provisioning: str, step: str, attempt: int, epoch: int, hop: int, direction: str
) -> AbstractContextManager[None]:
    """Lines meanwhile are of this attempt at a step."""
    fields = {"step": step, "attempt": attempt, "epoch": epoch, "hop": hop, "direction": direction}
    return _Around({"provisioning": provisioning, **fields})


class _Around(AbstractContextManager[None]):
    """As a generator would do it, at less than half of its time."""

    __slots__ = ("_fields", "_token")

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def __enter__(self) -> None:
        self._token = _around.set(self._fields)

    def __exit__(self, *_: object) -> None:
        _around.reset(self._token)


def _place(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Add what is going on around the line, and its trace."""
    around = _around.get()
    # A step may speak of another provisioning, as where it orders one.
    same = event.get("provisioning", around.get("provisioning")) == around.get("provisioning")
    line: dict[str, Any] = {**around, **event} if same else dict(event)
    asker = _asked_by.get()
    provisioning: object = line.get("provisioning")
    request = asker.request if asker else None
    if isinstance(provisioning, str) and provisioning:
        span = _span(provisioning, line)
        line.update(_traced(span, _parent(span, line, asker.sender if asker else None)))
        if request and request.trace != span.trace:
            line["request_trace"] = request.trace
    elif request:
        line.update(_traced(request, None))
    return line


def _span(provisioning: str, event: Mapping[str, Any]) -> Span:
    epoch, hop, attempt = event.get("epoch"), event.get("hop"), event.get("attempt")
    if not isinstance(epoch, int) or not isinstance(hop, int):
        return Span(trace_of(provisioning), "")
    return attempt_of(provisioning, epoch, hop, attempt) if attempt else turn_of(provisioning, epoch, hop)


def _parent(span: Span, event: Mapping[str, Any], sender: Span | None) -> str | None:
    """The span that an attempt is part of: the one that its message names, if that is of this trace, else its turn."""
    if not event.get("attempt"):
        return None
    if sender and sender.trace == span.trace and sender.id:
        return sender.id
    return turn_of(event["provisioning"], event["epoch"], event["hop"]).id


def _traced(span: Span, parent: str | None) -> dict[str, str]:
    fields = {"trace": span.trace, "span": span.id, "parent": parent or ""}
    if _project:
        fields["logging.googleapis.com/trace"] = f"projects/{_project}/traces/{span.trace}"
        fields["logging.googleapis.com/spanId"] = span.id
    return {name: value for name, value in fields.items() if value}


def _severity(_: Any, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    event["severity"] = _LEVELS.get(method, "INFO")
    event["message"] = event.get("event", "")
    return event


def _dump(event: object, **_: object) -> str:
    try:
        # Loaded in every function anyway, and a third of the time of Python's own.
        line = to_json(event, fallback=repr).decode()
    except ValueError:
        # Half a character, as only a hostile name has it.
        line = "\ufffd"
    # No stream refuses ASCII, wherever we run.
    return line if line.isascii() else json.dumps(event, default=repr, separators=(",", ":"))


def configure(level: str = "INFO", stream: TextIO | None = None, *, project: str | None = None) -> None:
    """
    Send the events as JSON lines to `stream`, by default standard output.

    With `project`, they name their traces as Cloud Logging reads them.
    """
    structlog.configure(
        processors=[
            _place,
            _severity,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.JSONRenderer(serializer=_dump),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level, logging.INFO)
        ),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stdout),
        cache_logger_on_first_use=False,
    )
    global _logger, _project
    _project = project
    # Bound once: structlog would assemble it anew for every line.
    _logger = structlog.get_logger().bind()


def _log() -> structlog.typing.FilteringBoundLogger:
    return _logger or cast("structlog.typing.FilteringBoundLogger", structlog.get_logger())


def mask_email(address: str) -> str:
    """An address as a log may hold it: `o***@example.com`."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}" if domain else "***"


def request_accepted(provisioning: str, store: str) -> None:
    """An activation request became a provisioning."""
    _log().info("request_accepted", provisioning=provisioning, store=store)


def request_rejected(provisioning: str, codes: list[str]) -> None:
    """An activation request is wrong; its provisioning is FAILED, and names the fields."""
    _log().info("request_rejected", provisioning=provisioning, codes=codes)


def request_not_accepted(provisioning: str, kind: str) -> None:
    """A request whose event was lost, and that could not be picked up either."""
    _log().error("request_not_accepted", provisioning=provisioning, kind=kind)


def provisioning_unreadable(provisioning: str) -> None:
    """A document that this version cannot read: a newer one's, or a broken one."""
    _log().error("provisioning_unreadable", provisioning=provisioning)


def merchant_unreadable(merchant: str) -> None:
    """A document of the portal's that is no merchant, and is left out of lists."""
    _log().error("merchant_unreadable", merchant=merchant)


def message_too_new(function: str) -> None:
    """A message that only a newer version reads, as while one is being rolled out or back."""
    _log().error("message_too_new", function=function)


def step_claimed(provisioning: str, step: str, attempt: int, epoch: int, hop: int) -> None:
    """An attempt begins."""
    _log().debug("step_claimed", provisioning=provisioning, step=step, attempt=attempt, epoch=epoch, hop=hop)


def step_committed(provisioning: str, step: str, seconds: float) -> None:
    """A step, or its undoing (`direction`), is done; `seconds` since its last claim."""
    _log().info("step_committed", provisioning=provisioning, step=step, seconds=round(seconds, 3))


def step_will_retry(provisioning: str, step: str, code: str, delay: float) -> None:
    """An attempt did not succeed; the next comes in `delay` seconds."""
    _log().warning("step_will_retry", provisioning=provisioning, step=step, code=code, delay=delay)


def step_unknown(provisioning: str, step: str) -> None:
    """This version's workflow has no such step."""
    _log().error("step_unknown", provisioning=provisioning, step=step)


def step_disturbed(provisioning: str, step: str, kind: str) -> None:
    """Somebody asked on a local runtime that this step go wrong."""
    _log().warning("step_disturbed", provisioning=provisioning, step=step, kind=kind)


def step_failed(provisioning: str, step: str, code: str) -> None:
    """A step has ended in failure: it is not tried again by itself."""
    _log().error("step_failed", provisioning=provisioning, step=step, code=code)


def step_crashed(provisioning: str, step: str, kind: str, where: str) -> None:
    """An exception that nobody foresaw: its type and place, never its text, which may quote input."""
    _log().error("step_crashed", provisioning=provisioning, step=step, kind=kind, where=where)


def provisioning_over(
    provisioning: str, kind: str, status: str, seconds: float | None, retries: int, code: str | None
) -> None:
    """
    Nothing happens any more by itself. COMPLETED, FAILED, ROLLED_BACK; ROLLBACK where undoing it is halted.

    `seconds` since it was asked for, `retries` by people, `code` of the error that ended it.
    """
    _log().info(
        "provisioning_over",
        provisioning=provisioning,
        kind=kind,
        status=status,
        seconds=None if seconds is None else round(seconds, 3),
        retries=retries,
        code=code,
    )


def overtaken(provisioning: str, step: str) -> None:
    """Another process changed the provisioning meanwhile, and this one stops."""
    _log().warning("overtaken", provisioning=provisioning, step=step)


def delivery_ignored(provisioning: str, why: str) -> None:
    """A message that says nothing new."""
    _log().info("delivery_ignored", provisioning=provisioning, why=why)


def republished(provisioning: str, epoch: int, hop: int) -> None:
    """Sweep brings back what stands still."""
    _log().info("republished", provisioning=provisioning, epoch=epoch, hop=hop)


def publish_failed(provisioning: str) -> None:
    """The broker did not take the next step's message; redelivery or sweep brings it about."""
    _log().warning("publish_failed", provisioning=provisioning)


def retried(provisioning: str, actor: str, epoch: int) -> None:
    """A person retries."""
    _log().info("retried", provisioning=provisioning, actor=actor, epoch=epoch)


def rolled_back(provisioning: str, actor: str, epoch: int) -> None:
    """A person has it undone."""
    _log().info("roll_back_started", provisioning=provisioning, actor=actor, epoch=epoch)


def dead_letter_filed(letter: str, code: str, provisioning: str | None) -> None:
    """`provisioning` is null for a message of which nobody can say whose it is."""
    _log().error("dead_letter_filed", letter=letter, code=code, provisioning=provisioning)


def swept(due: int, published: int, picked_up: int, stranded: int) -> None:
    """A run of sweep: how many it found, published, picked up and recorded as stranded."""
    _log().info("swept", due=due, published=published, picked_up=picked_up, stranded=stranded)


def collected(stores: int, failed: int, unfinished: int, releases: int, files: int, packages: int) -> None:
    """A round of collect: stores that were looked through, could not be, and have something left; what was removed."""
    _log().info(
        "collected",
        stores=stores,
        failed=failed,
        unfinished=unfinished,
        releases=releases,
        files=files,
        packages=packages,
    )


def store_not_collected(store: str, code: str) -> None:
    """What no release of the store needs could not be removed; its turn comes again in a day. `TOO_LONG`: run `provisioning releases collect`."""
    _log().warning("store_not_collected", store=store, code=code)


def packages_not_collected(theme: str, code: str) -> None:
    """Packages of it that nobody names could not be removed (of any theme, where it is empty); the next round tries again."""
    _log().warning("packages_not_collected", theme=theme, code=code)


def not_filed(provisioning: str, kind: str) -> None:
    """What cannot go on by itself could not be recorded either; the next sweep tries again."""
    _log().error("stranded_not_filed", provisioning=provisioning, kind=kind)


def dead_letter_overtaken(letter: str) -> None:
    """A dead letter whose cause is gone closes by itself."""
    _log().info("dead_letter_overtaken", letter=letter)


def mail_sent(provisioning: str, to: str) -> None:
    """A welcome mail was handed over; `to` is masked."""
    _log().info("mail_sent", provisioning=provisioning, to=mask_email(to))


def receiver_failed(receiver: str, kind: str) -> None:
    """Somebody that we depend on did not answer, or not well."""
    _log().warning("receiver_failed", receiver=receiver, kind=kind)


def relief_started(process: int) -> None:
    """The embedded runtime has started a second process that delivers."""
    _log().info("relief_started", process=process)


def relief_ended(process: int, code: int) -> None:
    """That process has ended; `code` is 0 where there was nothing left to do, and below 0 where it was killed by that signal."""
    _log().info("relief_ended", process=process, code=code)


def function_crashed(function: str, kind: str, where: str) -> None:
    """An exception that nobody foresaw, outside a step: its type and place, never its text."""
    _log().error("function_crashed", function=function, kind=kind, where=where)


def log_crash(function: str, error: Exception) -> None:
    """An exception that nobody foresaw: its type and place, never its text."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
    function_crashed(function, type(error).__name__, where)
