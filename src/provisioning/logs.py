"""
Every line that we log, one function each: reviewable in one place.

One JSON object per line on standard output, as Cloud Logging reads it. No payload, header, token or whole e-mail address
ever gets in: the functions take names, ids, counts and codes.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

_logger: structlog.typing.FilteringBoundLogger | None = None

_LEVELS = {"debug": "DEBUG", "info": "INFO", "warning": "WARNING", "error": "ERROR", "critical": "CRITICAL"}


def _severity(_: Any, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    event["severity"] = _LEVELS.get(method, "INFO")
    event["message"] = event.get("event", "")
    return event


#: One for all lines: `json.dumps` would make one for each.
_JSON = json.JSONEncoder(default=repr)


def _dump(event: object, **_: object) -> str:
    return _JSON.encode(event)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send the events as JSON lines to `stream`, by default standard output."""
    structlog.configure(
        processors=[
            _severity,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.JSONRenderer(serializer=_dump),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level, logging.INFO)
        ),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stdout),
        cache_logger_on_first_use=False,
    )
    global _logger
    # Bound once: structlog would assemble it anew for every line.
    _logger = structlog.get_logger().bind()


def _log() -> structlog.typing.FilteringBoundLogger:
    return _logger or cast("structlog.typing.FilteringBoundLogger", structlog.get_logger())


def mask_email(address: str) -> str:
    """An address as a log may hold it: `o***@example.com`."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}" if domain else "***"


def request_accepted(provisioning: str, store: str) -> None:
    _log().info("request_accepted", provisioning=provisioning, store=store)


def request_rejected(provisioning: str, codes: list[str]) -> None:
    _log().info("request_rejected", provisioning=provisioning, codes=codes)


def request_not_accepted(request: str, kind: str) -> None:
    """A request whose event was lost, and that could not be picked up either."""
    _log().error("request_not_accepted", request=request, kind=kind)


def provisioning_unreadable(provisioning: str) -> None:
    _log().error("provisioning_unreadable", provisioning=provisioning)


def merchant_unreadable(merchant: str) -> None:
    """A document of the portal's that is no merchant, and is left out of lists."""
    _log().error("merchant_unreadable", merchant=merchant)


def message_too_new(function: str) -> None:
    """A message that only a newer version reads, as while one is being rolled out or back."""
    _log().error("message_too_new", function=function)


def step_claimed(provisioning: str, step: str, attempt: int, epoch: int, hop: int) -> None:
    _log().debug("step_claimed", provisioning=provisioning, step=step, attempt=attempt, epoch=epoch, hop=hop)


def step_committed(provisioning: str, step: str, seconds: float) -> None:
    _log().info("step_committed", provisioning=provisioning, step=step, seconds=round(seconds, 3))


def step_will_retry(provisioning: str, step: str, code: str, delay: float) -> None:
    _log().warning("step_will_retry", provisioning=provisioning, step=step, code=code, delay=delay)


def step_unknown(provisioning: str, step: str) -> None:
    """This version's workflow has no such step."""
    _log().error("step_unknown", provisioning=provisioning, step=step)


def step_disturbed(provisioning: str, step: str, kind: str) -> None:
    """Somebody asked on a local runtime that this step go wrong."""
    _log().warning("step_disturbed", provisioning=provisioning, step=step, kind=kind)


def step_failed(provisioning: str, step: str, code: str) -> None:
    _log().error("step_failed", provisioning=provisioning, step=step, code=code)


def step_crashed(provisioning: str, step: str, kind: str, where: str) -> None:
    """An exception that nobody foresaw: its type and place, never its text, which may quote input."""
    _log().error("step_crashed", provisioning=provisioning, step=step, kind=kind, where=where)


def provisioning_over(provisioning: str, status: str) -> None:
    _log().info("provisioning_over", provisioning=provisioning, status=status)


def overtaken(provisioning: str, step: str) -> None:
    _log().warning("overtaken", provisioning=provisioning, step=step)


def delivery_ignored(provisioning: str, why: str) -> None:
    _log().info("delivery_ignored", provisioning=provisioning, why=why)


def republished(provisioning: str, epoch: int, hop: int) -> None:
    _log().info("republished", provisioning=provisioning, epoch=epoch, hop=hop)


def publish_failed(provisioning: str) -> None:
    _log().warning("publish_failed", provisioning=provisioning)


def retried(provisioning: str, actor: str) -> None:
    _log().info("retried", provisioning=provisioning, actor=actor)


def rolled_back(provisioning: str, actor: str) -> None:
    _log().info("roll_back_started", provisioning=provisioning, actor=actor)


def dead_letter_filed(letter: str, code: str) -> None:
    _log().error("dead_letter_filed", letter=letter, code=code)


def swept(due: int, published: int, picked_up: int, stranded: int) -> None:
    _log().info("swept", due=due, published=published, picked_up=picked_up, stranded=stranded)


def not_filed(provisioning: str, kind: str) -> None:
    """What cannot go on by itself could not be recorded either; the next sweep tries again."""
    _log().error("stranded_not_filed", provisioning=provisioning, kind=kind)


def dead_letter_overtaken(letter: str) -> None:
    _log().info("dead_letter_overtaken", letter=letter)


def mail_sent(provisioning: str, to: str) -> None:
    _log().info("mail_sent", provisioning=provisioning, to=mask_email(to))


def receiver_failed(receiver: str, kind: str) -> None:
    _log().warning("receiver_failed", receiver=receiver, kind=kind)


def function_crashed(function: str, kind: str, where: str) -> None:
    _log().error("function_crashed", function=function, kind=kind, where=where)


def log_crash(function: str, error: Exception) -> None:
    """An exception that nobody foresaw: its type and place, never its text."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
    function_crashed(function, type(error).__name__, where)
