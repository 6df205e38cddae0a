"""
Which fault meets which call: drawn from the seed, counted when it has happened.

A simulation has one `Weather`: how often which faults come, which receivers are out and when, and when all becomes calm.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

#: What may happen to a call through a port, in words.
CALL_FAULTS = {
    "crash before": "the process dies before the call",
    "crash after": "the call is done, the process dies before it hears of it",
    "freeze before": "the process stands still, perhaps longer than its lease, then makes the call",
    "freeze after": "the call is done, the process stands still before it goes on",
    "error": "the call is not done and fails",
    "answer lost": "the call is done, and the caller is told that it failed",
    "repeated": "the client repeats a commit whose first answer was lost, and gets the second's",
    "arrives late": "the caller gives up; the call is done afterwards",
}
MAIL_FAULTS = {
    "mail refused": "the receiver refuses for now, and may say for how long",
    "mail refused for good": "the receiver's answer is one that only a person can mend",
    "mail unconfirmed, sent": "the mail is sent, no answer comes",
    "mail unconfirmed, not sent": "the mail is not sent, no answer comes",
}
VISIT_FAULTS = {"visit goes wrong": "the address answers 503"}
BROKER_FAULTS = {
    "message dropped": "the broker loses what it had confirmed",
    "message doubled": "a message comes twice",
    "message delayed": "a message comes late, behind later ones",
    "answer lost on the way": "the function's answer does not reach the broker, which delivers again",
    "crash before the answer": "the process dies between its last call and its answer",
    "answer too late": "the function answers after the ack deadline, and the message has come again",
    "event dropped": "Firestore's event never comes",
    "event doubled": "Firestore's event comes twice",
    "event delayed": "Firestore's event comes late",
    "two sweepers": "two sweeps run at once",
    "sweep missed": "the scheduler does not call",
}
#: A receiver does not answer for a long time.
OUTAGES = ("documents", "messages", "files", "mailer", "accounts", "visitor")
ALL_FAULTS = (
    *CALL_FAULTS,
    *MAIL_FAULTS,
    *VISIT_FAULTS,
    *BROKER_FAULTS,
    *(f"outage of {receiver}" for receiver in OUTAGES),
)

_READ = ("crash before", "freeze before", "freeze after", "error")
_WRITE = (
    "crash before",
    "crash after",
    "freeze before",
    "freeze after",
    "error",
    "answer lost",
    "arrives late",
)
_SEND = ("crash before", "crash after", "freeze before", "freeze after", *MAIL_FAULTS)
_BY_CALL: dict[str, tuple[str, ...]] = {
    "documents.commit": (*_WRITE, "repeated"),
    "messages.publish": _WRITE,
    "files.put": _WRITE,
    "accounts.ensure_owner": _WRITE,
    "accounts.remove": _WRITE,
    "mailer.send": _SEND,
    "visitor.open": (*_READ, *VISIT_FAULTS),
}
#: Rarer calls meet more faults and frequent ones fewer, so that each step gets its share.
_WEIGHT = {
    "files.put": 0.15,
    "visitor.open": 0.4,
    "messages.publish": 2.0,
    "mailer.send": 8.0,
    "mailer.find": 4.0,
    "accounts.ensure_owner": 6.0,
    "accounts.remove": 6.0,
    "accounts.find": 3.0,
}


def faults_of(call: str) -> tuple[str, ...]:
    """The faults that can meet a call, named as `documents.commit`."""
    return _BY_CALL.get(call, _READ)


@dataclass(slots=True)
class Outage:
    """`receiver`, or one of its calls, does not answer from `begins` to `ends`, in seconds."""

    receiver: str
    begins: float
    ends: float


@dataclass(slots=True)
class Weather:
    """The faults of one simulation."""

    random: random.Random = field(repr=False)
    #: Seconds after which nothing goes wrong any more.
    calm_at: float
    #: The chance that a call of weight 1 meets a fault.
    rate: float = 0.0
    #: Only these, if any are named.
    kinds: frozenset[str] = frozenset()
    #: The one call, counted from 1, that meets a fault; 0 for none.
    strikes_at: int = 0
    #: Chances of the broker's faults, by name.
    chances: dict[str, float] = field(default_factory=dict[str, float])
    outages: tuple[Outage, ...] = ()
    #: Faults written down beforehand: the n-th call of a name, from 1, meets this one.
    script: Mapping[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    fired: Counter[str] = field(default_factory=Counter[str])
    _calls: int = 0
    _calls_of: Counter[str] = field(default_factory=Counter[str])

    def meets(self, call: str, now: float) -> str | None:
        """The fault that meets this call, if any."""
        if now >= self.calm_at:
            return None
        self._calls += 1
        if self.script:
            self._calls_of[call] += 1
            return self.script.get((call, self._calls_of[call]))
        for outage in self.outages:
            if outage.begins <= now < outage.ends and call.startswith(outage.receiver):
                return f"outage of {outage.receiver.partition('.')[0]}"
        if self._calls == self.strikes_at:
            return self._choose(call)
        if not self.rate or self.random.random() >= self.rate * _WEIGHT.get(call, 1.0):
            return None
        return self._choose(call)

    def _choose(self, call: str) -> str | None:
        possible = [kind for kind in faults_of(call) if not self.kinds or kind in self.kinds]
        return self.random.choice(possible) if possible else None

    def lacks(self, receiver: str, begins: float, seconds: float) -> None:
        """An outage that begins now, whatever the weather."""
        self.outages = (*self.outages, Outage(receiver, begins, begins + seconds))
        self.calm_at = max(self.calm_at, begins + seconds)

    def happens(self, fault: str, now: float) -> bool:
        """Whether a fault of the broker's or the scheduler's happens now; counted at once."""
        chance = self.chances.get(fault, 0.0)
        if not chance or now >= self.calm_at or self.random.random() >= chance:
            return False
        self.fired[fault] += 1
        return True


def provoking(*kinds: str) -> Callable[[random.Random, int], Weather]:
    """Weather full of a few kinds of faults."""

    def draw(rng: random.Random, merchants: int) -> Weather:
        weather = Weather(rng, calm_at=rng.uniform(60, 300), rate=0.03, kinds=frozenset(kinds))
        weather.chances = {kind: 0.2 for kind in kinds if kind in BROKER_FAULTS}
        return weather

    return draw


def draw_weather(rng: random.Random, merchants: int) -> Weather:
    """Weather of a seed: none, one fault, a few of one kind, or a storm of all of them."""
    kind = rng.choices(("calm", "one fault", "one kind", "storm"), (4, 26, 25, 45))[0]
    weather = Weather(rng, calm_at=rng.uniform(60, 900))
    if kind == "calm":
        return weather
    if kind == "one fault":
        weather.strikes_at = rng.randint(1, 130 * merchants)
        return weather
    if kind == "one kind":
        chosen = rng.choice((*CALL_FAULTS, *MAIL_FAULTS, *VISIT_FAULTS, *BROKER_FAULTS))
        weather.kinds = frozenset((chosen,))
        if chosen in BROKER_FAULTS:
            weather.chances[chosen] = rng.choice((0.1, 0.3, 0.6))
        else:
            weather.rate = rng.choice((0.01, 0.03, 0.1))
        return weather
    weather.rate = rng.choice((0.003, 0.01, 0.03, 0.06))
    weather.chances = {fault: rng.choice((0.0, 0.0, 0.02, 0.1, 0.3)) for fault in BROKER_FAULTS}
    if rng.random() < 0.3:
        begins = rng.uniform(0, 30)
        lasts = rng.choice((5.0, 40.0, 300.0, 900.0))
        weather.outages = (Outage(rng.choice(OUTAGES), begins, begins + lasts),)
        weather.calm_at = max(weather.calm_at, begins + lasts)
    return weather
