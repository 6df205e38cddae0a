"""What a step is: two functions side by side, what they are given, and what they give back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from provisioning.errors import Transient
from provisioning.ports import Ports, Write
from provisioning.stores.activation import ActivationRequest
from provisioning.stores.addresses import Addresses
from provisioning.stores.publication import PublicationOrder
from provisioning.stores.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an attempt must be over, by this process's own monotonic clock."""

    at: float
    monotonic: Callable[[], float]

    def remaining(self) -> float:
        """Seconds left; negative when it has passed."""
        return self.at - self.monotonic()

    def require(self, seconds: float) -> None:
        """Raise `Transient` unless so much is left: call it right before an effect that must not be cut off."""
        if self.remaining() < seconds:
            raise Transient("not enough of the step's time is left", code="OUT_OF_TIME")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What steps may use beside the ports; assembled by the runtime."""

    addresses: Addresses
    tokens: Tokens
    client_timeout: float


@dataclass(frozen=True, slots=True)
class StepContext:
    """All that a step knows of the provisioning it works for."""

    provisioning_id: str
    #: What was asked for: an activation, or a publication.
    order: ActivationRequest | PublicationOrder
    #: The same for every attempt and every retry: receivers fold repeats by it.
    effect_key: str
    #: What this and earlier steps left in their outcomes.
    refs: Mapping[str, Any]
    attempt: int
    #: True when an earlier invocation of this step never came back: it may have done all, some or none of it.
    in_doubt: bool
    #: The server's clock at the beginning of this attempt.
    now: datetime
    deadline: Deadline
    ports: Ports
    surroundings: Surroundings

    @property
    def store_id(self) -> str:
        return self.order.store_id

    @property
    def request(self) -> ActivationRequest:
        """The activation request; only a step of an activation has one."""
        if not isinstance(self.order, ActivationRequest):
            raise TypeError("this step belongs to an activation")
        return self.order

    @property
    def publication(self) -> PublicationOrder:
        """What to publish; only a step of a publication has it."""
        if not isinstance(self.order, PublicationOrder):
            raise TypeError("this step belongs to a publication")
        return self.order


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a finished step leaves behind.

    `writes` travel in the engine's commit: they and the step's completion happen both or not at all.
    """

    writes: tuple[Write, ...] = ()
    refs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    #: Sentences for the log that people read.
    log: tuple[str, ...] = ()
    #: Names of effects made at receivers, for the ledger.
    effects: tuple[str, ...] = ()
    receipt: tuple[Mapping[str, Any], ...] = ()
    #: True where a part is done, and the step asks for another turn: it runs again with these `refs`, and with all its attempts. Each turn
    #: brings it nearer to its end, or the step gives up by itself.
    unfinished: bool = False
    delivery: str | None = None


class StepFunction(Protocol):
    """`run` or `undo`: may be called again after any interruption, and must then come to the same end."""

    def __call__(self, context: StepContext) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A named unit of the workflow."""

    name: str
    title: str
    #: How much of the whole is done after this step.
    percent: int
    run: StepFunction
    undo: StepFunction
    #: What its `undo` does, in people's words; empty where it leaves nothing behind.
    undoing: str = ""
    #: Seconds for one attempt at least, where the general budget is too short.
    budget: float | None = None


def effect_key(provisioning_id: str, step: str) -> str:
    """The key of a step's effects: 32 hexadecimal digits, the same whenever it is asked for."""
    return hashlib.sha256(f"{provisioning_id}\n{step}".encode()).hexdigest()[:32]
