"""
One scheduler owns all that is not determined: time, the order of everything, and every fault.

Each invocation of a function is a greenlet. Whatever it asks of a port switches to the scheduler, which decides when the call is
done, what becomes of it, and whether the invocation ever hears of it.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from greenlet import getcurrent, greenlet

from provisioning.errors import Permanent, Transient
from provisioning.ports import Page, Unconfirmed
from simulation.faults import Weather

#: 2027-01-15, in microseconds; virtual time begins here.
BEGIN = 1_800_000_000 * 10**6
#: Mean seconds that a call takes.
LATENCY = 0.01


class Killed(BaseException):
    """The process dies: no code of the product's may notice."""


@dataclass(slots=True, eq=False)
class Process:
    """One invocation of a function, or one person's click."""

    number: int
    name: str
    about: str
    began: float
    greenlet: Any = None
    on_end: Callable[[Any], None] | None = None
    dead: bool = False
    done: bool = False
    #: What befell it: (fault, call).
    faults: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def __str__(self) -> str:
        return f"{self.name}#{self.number}"


@dataclass(slots=True)
class Call:
    """Something that a process asks of a port. `do` does it, at once and whole."""

    name: str
    detail: Callable[[], str]
    do: Callable[[], Any]
    #: What the effect is keyed by, where the invariants ask for it.
    key: str = ""


class Scheduler:
    """Virtual time, processes, and what meets them."""

    def __init__(
        self, rng: random.Random, weather: Weather, *, client_timeout: float, lease: float, trace: Any = None
    ) -> None:
        self.random = rng
        self.weather = weather
        self.trace = trace
        self.now = 0.0
        self.living: set[Process] = set()
        #: (fault, call, key of the effect, provisioning) of all that happened.
        self.happened: list[tuple[str, str, str, str]] = []
        #: (call, key of the effect, seconds) of each process that was frozen before a call.
        self.frozen: list[tuple[str, str, float]] = []
        self.calls = 0
        self._client_timeout = client_timeout
        self._lease = lease
        self._queue: list[tuple[float, int, Callable[[], object]]] = []
        self._order = count()
        self._numbers = count(1)
        self._hub = getcurrent()
        self._current: Process | None = None

    # --- time ---

    def microseconds(self) -> int:
        """The documents' server's clock."""
        return BEGIN + round(self.now * 1e6)

    def monotonic(self) -> float:
        """Every process's own clock."""
        return self.now

    def after(self, seconds: float, do: Callable[[], object]) -> None:
        """Do something so many virtual seconds from now."""
        heapq.heappush(self._queue, (self.now + seconds, next(self._order), do))

    def run(self, until: float, finished: Callable[[], bool]) -> None:
        """Let time pass until `finished`, or until the moment `until`."""
        while self._queue and not finished():
            at, _, do = heapq.heappop(self._queue)
            if at > until:
                return
            self.now = at
            do()

    # --- processes ---

    def spawn(
        self, name: str, about: str, work: Callable[[], Any], on_end: Callable[[Any], None] | None = None
    ) -> Process:
        """Begin an invocation now; `on_end` gets what `work` returned, an exception that left it, or `Killed`."""
        process = Process(next(self._numbers), name, about, self.now, on_end=on_end)

        def run() -> None:
            try:
                result = work()
            except Killed as death:
                result = death
            except Exception as error:  # noqa: BLE001 - whoever spawned it judges it
                result = error
            process.done = True
            process.greenlet = None
            self.living.discard(process)
            if process.on_end and not process.dead:
                process.on_end(result)

        process.greenlet = greenlet(run, parent=self._hub)
        self.living.add(process)
        self.tell(process, f"begins {about}")
        self._switch(process, None)
        return process

    def kill(self, process: Process) -> None:
        """Nothing more of it runs: its code may unwind, but every call it makes is refused."""
        if process.done:
            return
        process.dead = True
        self.tell(process, "dies")
        before, self._current = self._current, process
        try:
            process.greenlet.throw(Killed())
        finally:
            self._current = before
        self.living.discard(process)
        if process.on_end:
            process.on_end(Killed())

    def end(self) -> None:
        """Kill what is left, and forget all that was to come."""
        self._queue.clear()
        for process in list(self.living):
            process.on_end = None
            self.kill(process)

    def sleep(self, seconds: float) -> None:
        """A process pauses."""
        process = self._current
        assert process is not None
        self.after(seconds, lambda: self._switch(process, None))
        self._hub.switch()

    def call(self, call: Call) -> Any:
        """What a process gets from a port; outside of any process the call is done at once."""
        process = self._current
        if process is None:
            return call.do()
        if process.dead:
            raise Killed
        self.calls += 1
        self._begin(process, call)
        return self._hub.switch()

    # --- what becomes of a call ---

    def _begin(self, process: Process, call: Call) -> None:
        latency = -math.log(1.0 - self.random.random()) * LATENCY
        fault = self.weather.meets(call.name, self.now)
        if fault is None:
            self.after(latency, lambda: self._answer(process, call))
            return
        self.weather.fired[fault] += 1
        self.happened.append((fault, call.name, call.key, process.about))
        process.faults.append((fault, call.name))
        self.tell(process, f"{call.name} {call.detail()}  *** {fault}")
        self._befall(process, call, fault, latency)

    def _befall(self, process: Process, call: Call, fault: str, latency: float) -> None:
        match fault:
            case "crash before":
                self.after(latency, lambda: self.kill(process))
            case "crash after":
                self.after(latency, lambda: (self._do(process, call), self.kill(process)))
            case "freeze before":
                seconds = self._standstill()
                self.frozen.append((call.name, call.key, seconds))
                self.after(seconds, lambda: self._answer(process, call))
            case "freeze after":
                self.after(latency, lambda: self._resume_later(process, call, self._standstill()))
            case "answer lost":
                self.after(latency, lambda: self._do(process, call))
                self._fail_later(process, latency + self._silence())
            case "repeated":
                self.after(latency, lambda: self._do(process, call))
                self.after(latency + self._silence(), lambda: self._answer(process, call))
            case "arrives late":
                waited = self._silence()
                self._fail_later(process, waited)
                self.after(waited + self.random.uniform(0.001, 20.0), lambda: self._do(process, call))
            case "mail refused":
                asked = self.random.choice((None, None, 3.0, 30.0))
                self._fail_later(process, latency, Transient("refused for now", retry_after=asked))
            case "mail refused for good":
                self._fail_later(
                    process,
                    latency,
                    Permanent("MAIL_KEY", "The key was revoked", action="Renew it, retry.", retryable=True),
                )
            case "mail unconfirmed, sent":
                self.after(latency, lambda: self._do(process, call))
                self._fail_later(process, latency + self._client_timeout, Unconfirmed())
            case "mail unconfirmed, not sent":
                self._fail_later(process, self._client_timeout, Unconfirmed())
            case "visit goes wrong":
                self.after(latency, lambda: self._switch(process, Page(503, b"", "text/html")))
            case _:
                # An error, or an outage of the receiver.
                self._fail_later(process, self._silence())

    def _standstill(self) -> float:
        """How long a process is frozen: mostly longer than its lease."""
        if self.random.random() < 0.25:
            return self.random.uniform(0.3, 1.0) * self._lease
        return self._lease + self.random.uniform(0.01, 60.0)

    def _silence(self) -> float:
        """After how long a client gives up: at once, or by its time-out."""
        return self.random.choice((0.005, self._client_timeout))

    def _fail_later(self, process: Process, seconds: float, error: Exception | None = None) -> None:
        self.after(seconds, lambda: self._switch(process, None, error or Transient("injected")))

    def _resume_later(self, process: Process, call: Call, seconds: float) -> None:
        answer, error = self._do(process, call)
        self.after(seconds, lambda: self._switch(process, answer, error))

    def _answer(self, process: Process, call: Call) -> None:
        answer, error = self._do(process, call)
        self._switch(process, answer, error)

    def _do(self, process: Process, call: Call) -> tuple[Any, Exception | None]:
        try:
            answer, error = call.do(), None
        except Exception as raised:  # noqa: BLE001 - it belongs to the caller
            answer, error = None, raised
        if self.trace:
            told = f"-> {type(error).__name__}: {error}" if error else ""
            self.tell(process, f"{call.name} {call.detail()} {told}")
        return answer, error

    def _switch(self, process: Process, value: Any, error: Exception | None = None) -> None:
        if process.done or process.dead:
            return
        before, self._current = self._current, process
        try:
            if error is not None:
                process.greenlet.throw(error)
            elif process.greenlet:
                process.greenlet.switch(value)
            else:
                process.greenlet.switch()
        finally:
            self._current = before

    def tell(self, who: object, what: str) -> None:
        if self.trace:
            self.trace(f"{self.now:10.3f}  {who!s:<22} {what}")
