"""
A world to try the step protocol in: real documents in SQLite, a clock turned by hand, a broker that delivers what and when a test
says, and any fault at any call. Nothing sleeps, and the same test does the same every time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from provisioning.errors import Conflict, Transient
from provisioning.local.database import Clock as ServerClock
from provisioning.local.database import open_database
from provisioning.local.documents import SqliteDocuments
from provisioning.ports import Create, Delete, Ports, Set, Update, Write
from provisioning.steps.step import Outcome, Step, StepContext, Surroundings
from provisioning.stores.addresses import Addresses
from provisioning.stores.tokens import Tokens
from provisioning.workflow import recovery
from provisioning.workflow.definition import Workflow
from provisioning.workflow.engine import StepEngine, Verdict
from provisioning.workflow.messages import StepMessage, parse_step_message
from provisioning.workflow.records import Provisioning, read_provisioning
from provisioning.workflow.requests import accept
from provisioning.workflow.sweep import Swept, sweep

BUDGET = 6.0
LEASE = 2 * BUDGET
AGAIN, ACKNOWLEDGE = Verdict.AGAIN, Verdict.ACKNOWLEDGE
_BEGIN = 1_800_000_000 * 10**9


class Killed(BaseException):
    """The process dies here: no `except` of the product's may notice."""


class Clock:
    """Stands still unless a test turns it; the documents' server and the process read the same one."""

    def __init__(self) -> None:
        self._nanoseconds = 0

    def advance(self, seconds: float) -> None:
        self._nanoseconds += round(seconds * 1e9)

    def wall(self) -> int:
        return _BEGIN + self._nanoseconds

    def ticks(self) -> int:
        return self._nanoseconds

    def monotonic(self) -> float:
        return self._nanoseconds / 1e9


@dataclass
class Fault:
    """
    Something that goes wrong at the next calls that `at` names.

    `how`: "crash before", "crash after", "lost as Conflict" and "lost as Transient" (done, but the caller is told otherwise), "Conflict" and
    "Transient" (not done), "swallowed" (answered as done, but not done).
    """

    how: str
    at: str
    times: int = 1
    #: Calls to let pass first.
    skip: int = 0
    fired: int = 0

    def meets(self, at: str) -> bool:
        if at != self.at or self.fired >= self.times:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.fired += 1
        return True


class Faults:
    """The faults of a world, and the calls it has seen."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []
        self.before: dict[str, list[Callable[[], None]]] = defaultdict(list)
        self.random: Callable[[str], str | None] = lambda at: None

    def around(self, at: str, call: Callable[[], Any]) -> Any:
        if self.before[at]:
            self.before[at].pop(0)()
        how = next((fault.how for fault in self.planned if fault.meets(at)), None) or self.random(at)
        match how:
            case "crash before":
                raise Killed
            case "Transient":
                raise Transient("injected")
            case "Conflict":
                raise Conflict("injected")
            case "swallowed":
                return None
        result = call()
        match how:
            case "crash after":
                raise Killed
            case "lost as Transient":
                raise Transient("injected: the answer was lost")
            case "lost as Conflict":
                raise Conflict("injected: the library repeated a commit that had been done")
        return result


def purpose(writes: Sequence[Write]) -> str:
    """What a commit is for, as tests name it."""
    update = next((write for write in writes if write.path.startswith("provisionings/")), None)
    if update is None:
        return "commit of something else"
    if isinstance(update, Create):
        return "accept"
    if any(write.path.startswith("audit_log/") for write in writes):
        return "order"
    assert isinstance(update, Update)
    engine = update.fields["engine"]
    if update.fields.get("error"):
        return "failure"
    if engine["owner"]:
        return "commit and claim" if "current_step" in update.fields else "claim"
    return "release" if engine["not_before"] else "commit"


class FaultyDocuments:
    """`SqliteDocuments` with faults, that remembers how each provisioning moved."""

    def __init__(self, inner: SqliteDocuments, faults: Faults) -> None:
        self.inner = inner
        self._faults = faults
        #: How often each provisioning's document was written.
        self.writes: Counter[str] = Counter()
        #: (epoch, hop, percent, status) after each write.
        self.history: dict[str, list[tuple[int, int, int, str]]] = defaultdict(list)

    def get(self, path: str) -> Any:
        return self._faults.around("get", lambda: self.inner.get(path))

    def get_all(self, paths: Sequence[str]) -> Any:
        return self._faults.around("get_all", lambda: self.inner.get_all(paths))

    def query(self, query: Any) -> Any:
        return self._faults.around("query", lambda: self.inner.query(query))

    def watch(self, path: str, on_change: Any) -> Any:
        return self.inner.watch(path, on_change)

    def commit(self, writes: Sequence[Write]) -> Any:
        return self._faults.around(purpose(writes), lambda: self._commit(writes))

    def _commit(self, writes: Sequence[Write]) -> Any:
        times = self.inner.commit(writes)
        for write in writes:
            if write.path.startswith("provisionings/"):
                self._note(write.path)
        return times

    def _note(self, path: str) -> None:
        data = self.inner.get(path).data or {}
        id = path.rpartition("/")[2]
        self.writes[id] += 1
        place = data["engine"]["epoch"], data["engine"]["hop"], data["completion_percent"], data["status"]
        self.history[id].append(place)


class Broker:
    """Keeps what was published; a test decides what is delivered when, and how often."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self.pending: list[StepMessage] = []
        #: The attributes that messages were last published with.
        self.attributes: dict[StepMessage, dict[str, str]] = {}
        self.published = 0

    def publish(self, topic: str, data: bytes, attributes: Any = None) -> None:
        def keep() -> None:
            self.published += 1
            message = parse_step_message(data)
            self.attributes[message] = dict(attributes or {})
            self.pending.append(message)

        assert topic == "provision-step"
        self._faults.around("publish", keep)

    def take(self) -> StepMessage:
        """The one message there is."""
        assert len(self.pending) == 1, f"{len(self.pending)} messages are pending"
        return self.pending.pop()

    def take_all(self) -> list[tuple[StepMessage, dict[str, str]]]:
        """All that is pending, with its attributes."""
        taken, self.pending = self.pending, []
        return [(message, self.attributes[message]) for message in taken]


class Receiver:
    """Someone outside who folds repeats by their key, and one who does not."""

    def __init__(self) -> None:
        #: Keys that are in force.
        self.effects: set[str] = set()
        #: How often each key was asked for, repeats and all.
        self.asked: Counter[str] = Counter()

    def make(self, key: str) -> None:
        self.asked[key] += 1
        self.effects.add(key)

    def unmake(self, key: str) -> None:
        self.effects.discard(key)


@dataclass
class Probe:
    """Steps that count their calls and do what a test tells them to do first."""

    receiver: Receiver = field(default_factory=Receiver)
    #: ("run" or "undo", step) in the order of the calls.
    calls: list[tuple[str, str]] = field(default_factory=list)
    contexts: list[StepContext] = field(default_factory=list)
    #: What happens in the next calls, before and after the step's own effect; None is nothing.
    first: dict[tuple[str, str], list[Callable[[StepContext], None] | None]] = field(
        default_factory=lambda: defaultdict(list)
    )
    then: dict[tuple[str, str], list[Callable[[StepContext], None] | None]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def step(self, name: str, percent: int, budget: float | None = None) -> Step:
        def run(context: StepContext) -> Outcome:
            self._begin("run", name, context)
            self.receiver.make(context.effect_key)
            self._do(self.then["run", name], context)
            made = {"provisioning_id": context.provisioning_id, "attempt": context.attempt}
            return Outcome(
                writes=(Create(f"made/{context.provisioning_id}-{name}", made),),
                refs={name: context.effect_key},
                effects=("thing",),
                log=(f"{name} is made",),
                links={name: f"http://{name}.localhost"},
            )

        def undo(context: StepContext) -> Outcome:
            self._begin("undo", name, context)
            self.receiver.unmake(context.effect_key)
            self._do(self.then["undo", name], context)
            return Outcome(
                writes=(Delete(f"made/{context.provisioning_id}-{name}"),), log=(f"{name} is undone",)
            )

        return Step(name, name.capitalize(), percent, run, undo, budget=budget)

    def _begin(self, function: str, name: str, context: StepContext) -> None:
        self.calls.append((function, name))
        self.contexts.append(context)
        self._do(self.first[function, name], context)

    def _do(self, planned: list[Callable[[StepContext], None] | None], context: StepContext) -> None:
        deed = planned.pop(0) if planned else None
        if deed:
            deed(context)


def raising(error: BaseException) -> Callable[[StepContext], None]:
    """A deed that fails with `error`."""

    def deed(_: StepContext) -> None:
        raise error

    return deed


class World:
    """Everything that a test of the protocol needs."""

    def __init__(
        self, folder: Path, steps: Sequence[str] = ("one", "two", "three"), *, goes_on_for: float = 0.0
    ) -> None:
        self._goes_on_for = goes_on_for
        self.clock = Clock()
        self.faults = Faults()
        server_clock = ServerClock(self.clock.wall, self.clock.ticks)
        self.documents = FaultyDocuments(
            SqliteDocuments(folder / "world.db", clock=server_clock), self.faults
        )
        self.database = open_database(folder / "world.db")
        self.broker = Broker(self.faults)
        self.probe = Probe()
        share = 100 // len(steps)
        self.steps = tuple(
            self.probe.step(name, 100 if name == steps[-1] else share * place)
            for place, name in enumerate(steps, start=1)
        )
        self.engine = self.start_engine(Workflow(self.steps))
        self._seed()

    def start_engine(self, workflow: Workflow) -> StepEngine:
        tokens = count(1)
        return StepEngine(
            ports=Ports(self.documents, self.broker, *[None] * 4),
            surroundings=Surroundings(
                Addresses("localhost", "localhost", "http"), Tokens("a secret for tests only"), BUDGET / 2
            ),
            workflows={
                "activation": workflow,
                "publication": Workflow((self.probe.step("publish_site", 100),)),
            },
            topic="provision-step",
            budget=BUDGET,
            goes_on_for=self._goes_on_for,
            monotonic=self.clock.monotonic,
            new_token=lambda: f"token-{next(tokens)}",
        )

    def _seed(self) -> None:
        self.documents.inner.commit(
            [
                Set("themes/upfront-modern", {"active": True, "version": "1.0.0"}),
                Set("plans/professional", {"active": True}),
            ]
        )

    # --- what a portal does ---

    def submit(self, id: str = "p1", **changes: Any) -> str:
        """Write a request, as the portal does; `None` leaves a field out."""
        request = {
            "merchant_id": "m1",
            "store_id": f"store-{id}",
            "store_name": "Awesome Store",
            "owner_email": "owner@example.com",
            "theme": "upfront-modern",
            "plan": "professional",
            "subdomain": f"shop-{id}",
            "category": "electronics",
            "integrations": {"meta_ads": False, "stripe": False, "paypal": False, "analytics": False},
            "launch": "after_onboarding",
            "requested_by": "u1",
            "picked_up": False,
        }
        data = {name: value for name, value in (request | changes).items() if value is not None}
        self.documents.inner.commit([Create(f"activation_requests/{id}", data)])
        return id

    def start(self, id: str = "p1") -> str:
        """Write a request and accept it; its first message is pending."""
        accept(self.engine, self.submit(id))
        return id

    # --- what the platform does ---

    def deliver(self, message: StepMessage | None = None) -> Verdict | None:
        """Deliver one message, by default the one there is; None when the process died over it."""
        try:
            return self.engine.handle(message or self.broker.take())
        except Killed:
            return None

    def sweep(self) -> Swept:
        return sweep(self.engine, pause=lambda _: None)

    def step_on(self, times: int = 1) -> None:
        """Carry out so many steps without any fault."""
        for _ in range(times):
            assert self.deliver() is ACKNOWLEDGE

    def settle(self, *, minutes: int = 20) -> None:
        """Deliver, redeliver and sweep each minute until all is over."""
        for second in range(minutes * 60):
            arrived, self.broker.pending = self.broker.pending, []
            for message in arrived:
                if self.deliver(message) is not ACKNOWLEDGE:
                    self.broker.pending.append(message)
            if not self.broker.pending and self.everything_over():
                return
            self.clock.advance(1)
            if second % 60 == 59:
                try:
                    self.sweep()
                except (Killed, Transient):
                    continue
        raise AssertionError(f"still not over: {[self.record(id) for id in self.documents.history]}")

    def everything_over(self) -> bool:
        return all(self.record(id).over for id in self.documents.history)

    # --- what is now true ---

    def record(self, id: str = "p1") -> Provisioning:
        return read_provisioning(self.snapshot(f"provisionings/{id}").data)

    def snapshot(self, path: str) -> Any:
        return self.documents.inner.get(path)

    def everything(self) -> dict[str, Any]:
        """All documents, by path."""
        with self.database.reading() as view:
            rows = view.rows("SELECT collection || '/' || id, data FROM documents")
        return dict(rows)

    def paths(self, collection: str) -> list[str]:
        return sorted(path for path in self.everything() if path.rpartition("/")[0] == collection)

    def made(self) -> list[str]:
        """Names of the documents that steps have made and not undone."""
        return [path.removeprefix("made/") for path in self.paths("made")]

    def messages(self) -> list[tuple[int, int]]:
        """(epoch, hop) of the messages under way."""
        return [(message.epoch, message.hop) for message in self.broker.pending]

    # --- shorthands for stories ---

    def fault(self, how: str, at: str, **more: Any) -> Fault:
        fault = Fault(how, at, **more)
        self.faults.planned.append(fault)
        return fault

    def fail_permanently(self, id: str = "p1", *, at: str = "one", retryable: bool = True) -> None:
        """Let a provisioning that stands at step `at` fail there."""
        from provisioning.errors import Permanent

        self.probe.first["run", at].append(
            raising(Permanent("BROKEN", "It is broken", action="Mend it.", retryable=retryable))
        )
        assert self.deliver() is ACKNOWLEDGE
        assert self.record(id).status == "FAILED"

    def exhaust(self, function: str = "run", at: str = "one") -> None:
        """Deliver with transient failures until the attempts at the present step are used up."""
        self.probe.first[function, at] += [raising(Transient("no answer", code="NO_ANSWER"))] * 4
        message = self.broker.take()
        for _ in range(4):
            verdict = self.deliver(message)
            self.clock.advance(21)
        assert verdict is ACKNOWLEDGE

    def roll_back(self, id: str = "p1", **more: Any) -> Provisioning:
        return recovery.roll_back(self.engine, id, actor="admin:a1", **more)

    def retry(self, id: str = "p1") -> Provisioning:
        return recovery.retry(self.engine, id, actor="admin:a1")


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)
