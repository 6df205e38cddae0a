"""What to do with a delivery: a pure decision from the document and the message. The engine obeys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from provisioning.errors import Transient
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.records import Provisioning

#: One attempt and three automatic retries.
MAX_ATTEMPTS = 4
#: Seconds before the second, third and fourth attempt.
DELAYS = (1.0, 5.0, 20.0)
#: A receiver may ask for more patience than this, but does not get it without a person.
LONGEST_DELAY = 600.0
#: A message that becomes due so soon is kept alive; later ones are brought back by `wake_at` and sweep.
KEEP_ALIVE = timedelta(seconds=10)


class Decision(Enum):
    #: Old, or over: acknowledge and do nothing.
    IGNORE = auto()
    #: The chain went on without its message arriving: publish the current step again, acknowledge.
    REPUBLISH = auto()
    #: Not now: refuse, so that the broker delivers it again.
    WAIT = auto()
    #: All attempts were used up, by crashes too.
    GIVE_UP = auto()
    CLAIM = auto()


@dataclass(frozen=True, slots=True)
class Moment:
    """The document's clock: when it was read, when it was last written, and how long a lease lasts."""

    now: datetime
    updated_at: datetime
    lease: timedelta


def is_leased(provisioning: Provisioning, moment: Moment) -> bool:
    """Whether an invocation may still be at work. Server times only: the skew of our clocks cannot matter."""
    return provisioning.engine.owner is not None and moment.now - moment.updated_at < moment.lease


def is_due(provisioning: Provisioning, now: datetime) -> bool:
    not_before = provisioning.engine.not_before
    return not_before is None or not_before <= now


def decide(provisioning: Provisioning, message: StepMessage, moment: Moment) -> Decision:
    """The table at the top of the step protocol."""
    engine = provisioning.engine
    if message.epoch < engine.epoch:
        return Decision.IGNORE
    if message.epoch > engine.epoch:
        return Decision.WAIT
    if provisioning.over:
        return Decision.IGNORE
    if message.hop > engine.hop:
        return Decision.WAIT
    if message.hop < engine.hop:
        free = not is_leased(provisioning, moment) and is_due(provisioning, moment.now)
        return Decision.REPUBLISH if free else Decision.IGNORE
    if is_leased(provisioning, moment):
        return Decision.WAIT
    if not is_due(provisioning, moment.now):
        assert engine.not_before is not None
        soon = engine.not_before - moment.now <= KEEP_ALIVE
        return Decision.WAIT if soon else Decision.IGNORE
    if engine.attempt >= MAX_ATTEMPTS:
        return Decision.GIVE_UP
    return Decision.CLAIM


def delay_after(attempt: int, error: Transient) -> float | None:
    """Seconds until the next attempt after attempt number `attempt` met `error`; None when it was the last."""
    if attempt >= MAX_ATTEMPTS:
        return None
    own = DELAYS[attempt - 1]
    return min(max(own, error.retry_after or 0.0), LONGEST_DELAY)
