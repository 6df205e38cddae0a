"""
What the step protocol costs: empty steps against a bare chain.

Both do the same reads, the same writes of the same sizes and the same publishes, and both are called by the same function with the same
bytes from the same broker. The bare chain decides, checks and remembers nothing: its writes are recorded beforehand from a run of the
empty steps, and carry no condition. They take turns, so that a busy machine is busy for all.

The embedded runtime does not pass each step on by a message, as the cloud does: an invocation goes on with the next one. So there the
engine as it runs takes part as well, beside the chain of messages that it makes unnecessary.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.activations import WRITERS, free_port
from benchmarks.figures import Verdict, at_least, at_most, milliseconds, percentile
from benchmarks.requests import request_for
from benchmarks.wrappers import ToldDocuments
from provisioning import logs
from provisioning.local.documents import SqliteDocuments
from provisioning.local.emulators import Emulators, PushSubscription
from provisioning.local.front_door import FrontDoor
from provisioning.local.functions import Function, load
from provisioning.ports import Create, Data, Update, Write, document_path
from provisioning.runtime import Platform, assemble, embedded_runtime, installed
from provisioning.settings import Runtime, Settings, read_settings, set_variables
from provisioning.steps.step import Outcome, StepContext
from provisioning.workflow.definition import ACTIVATION, Workflow
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.engine import Verdict as Answer
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.records import Status
from provisioning.workflow.requests import accept, submit

SINGLE_RATIO = 1.25
THROUGHPUT_RATIO = 0.8
ONE_SECONDS = 60.0
ALL_SECONDS = 600.0


def _nothing(_: StepContext) -> Outcome:
    return Outcome()


#: The steps' own names and titles, so that the documents are as large as they really are.
EMPTY = Workflow(tuple(replace(step, run=_nothing, undo=_nothing) for step in ACTIVATION.steps))

#: What one hop writes: the claim's fields, then the commit's.
Script = Sequence[tuple[Data, Data]]


@dataclass(frozen=True, slots=True)
class BareChain(StepEngine):
    """Reads, writes, writes and publishes as an empty step does, and nothing else."""

    script: Script = ()

    def handle(self, message: StepMessage) -> Answer:
        documents, id = self.ports.documents, message.provisioning
        path = document_path("provisionings", id)
        documents.get_all((path, document_path("activation_requests", id)))
        for fields in self.script[message.hop]:
            documents.commit([Update(path, fields)])
        following = message.hop + 1
        if following < len(self.script):
            self.ports.messages.publish(
                self.topic,
                StepMessage(provisioning=id, epoch=message.epoch, hop=following).encode(),
                _lane(id),
            )
        return Answer.ACKNOWLEDGE


def _lane(id: str) -> dict[str, str]:
    """Each provisioning is of a merchant of its own, as the engine says it of its messages."""
    return {"merchant_id": f"merchant-{id}"}


class FinishLine:
    """Knows when each provisioning became COMPLETED: the moment at which the commit that says so was answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._finished: dict[str, float] = {}
        #: Whom somebody waits for, and what tells that all of them are there: not each one, which would cost the time that is measured.
        self._missing: set[str] = set()
        self._all_there = threading.Event()

    def note(self, writes: Sequence[Write]) -> None:
        """To be called after each commit."""
        now = time.perf_counter()
        done = [
            write.path.rpartition("/")[2]
            for write in writes
            if isinstance(write, Update) and write.fields.get("status") == Status.COMPLETED
        ]
        if done:
            with self._lock:
                self._finished.update(dict.fromkeys(done, now))
                self._missing.difference_update(done)
                if not self._missing:
                    self._all_there.set()

    def wait_for(self, ids: Sequence[str], timeout: float) -> list[float]:
        """When each of them finished, on `perf_counter`'s clock. Raises `RuntimeError` after `timeout` seconds."""
        with self._lock:
            self._missing = set(ids) - self._finished.keys()
            self._all_there.clear()
            if not self._missing:
                self._all_there.set()
        if not self._all_there.wait(timeout):
            raise RuntimeError(f"{len(self._missing)} of {len(ids)} were not over after {timeout:.0f} s")
        return [self._finished[id] for id in ids]


@dataclass(frozen=True, slots=True)
class Track:
    """A broker and a function that serves whichever platform is installed, and the two platforms that take turns."""

    platforms: Mapping[str, Platform]
    finish: FinishLine


@dataclass(frozen=True, slots=True)
class Laps:
    """What one of the two took: seconds of each single run; runs and seconds of the runs at once."""

    singles: list[float]
    at_once: int
    seconds: float

    @property
    def p50(self) -> float:
        return percentile(self.singles, 0.5)

    @property
    def per_second(self) -> float:
        return self.at_once / self.seconds


PROTOCOL, GOING_ON, BARE = "empty steps", "empty steps going on", "bare chain"


def measure(
    console: Console, *, emulators: bool, one_at_a_time: int, at_once: int, rounds: int = 3
) -> list[Verdict]:
    """Run both in turn, print the table, and judge the two ratios."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        track_on = emulated_track if emulators else embedded_track
        with track_on(Path(folder)) as track:
            laps = race(track, one_at_a_time=one_at_a_time, at_once=at_once, rounds=rounds)
    _print(console, laps, rounds)
    protocol, bare = laps[PROTOCOL], laps[BARE]
    name = "emulators" if emulators else "embedded"
    verdicts = _judge(f"{name}: protocol overhead", protocol, bare, at_once)
    if GOING_ON in laps:
        verdicts += _judge(f"{name}: the engine as it runs", laps[GOING_ON], bare, at_once)
    return verdicts


def _judge(what: str, laps: Laps, bare: Laps, at_once: int) -> list[Verdict]:
    return [
        at_most(f"{what}, single p50 ÷ bare chain's", laps.p50 / bare.p50, SINGLE_RATIO),
        at_least(
            f"{what}, throughput at {at_once} at once ÷ bare chain's",
            laps.per_second / bare.per_second,
            THROUGHPUT_RATIO,
        ),
    ]


def race(track: Track, *, one_at_a_time: int, at_once: int, rounds: int) -> dict[str, Laps]:
    """Let the two take turns, each first as often as second."""
    names = list(track.platforms)
    singles: dict[str, list[float]] = {name: [] for name in names}
    seconds = dict.fromkeys(names, 0.0)
    for name in names:
        _run(track, name, [f"warm-{_slug(name)}"])
    for n in range(one_at_a_time):
        for name in _turn(names, n):
            singles[name].append(_run(track, name, [f"one-{_slug(name)}-{n}"]))
    for n in range(rounds):
        for name in _turn(names, n):
            seconds[name] += _run(track, name, [f"many-{_slug(name)}-{n}-{i}" for i in range(at_once)])
    return {name: Laps(singles[name], rounds * at_once, seconds[name]) for name in names}


def _turn(names: list[str], n: int) -> Iterator[str]:
    return iter(names) if n % 2 == 0 else reversed(names)


def _slug(name: str) -> str:
    return name.replace(" ", "-")


def _run(track: Track, name: str, ids: list[str]) -> float:
    """Seconds from the first publish until the last one of `ids` was COMPLETED."""
    platform = track.platforms[name]
    for id in ids:
        _prepare(platform, id)
    engine = platform.engine
    messages = [(StepMessage(provisioning=id, epoch=1, hop=0).encode(), _lane(id)) for id in ids]
    with installed(platform), ThreadPoolExecutor(min(WRITERS, len(ids))) as writers:
        # The threads are there before the clock starts.
        list(writers.map(lambda _: None, range(WRITERS)))
        began = time.perf_counter()
        list(writers.map(lambda message: engine.ports.messages.publish(engine.topic, *message), messages))
        finished = track.finish.wait_for(ids, ALL_SECONDS if len(ids) > 1 else ONE_SECONDS)
    return max(finished) - began


class _Unheard:
    """Messages that nobody gets."""

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> None:
        return


def _prepare(platform: Platform, id: str) -> None:
    """Write the request and its provisioning, as `activate_merchant` would, and publish nothing yet."""
    engine = platform.engine
    submit(platform.ports.documents, request_for(id), id)
    accept(replace(engine, ports=replace(engine.ports, messages=_Unheard())), id)


def _platforms(plain: Platform) -> Track:
    """The two platforms, over the same ports; both tell the same finish line."""
    finish = FinishLine()
    told = replace(plain.ports, documents=ToldDocuments(plain.ports.documents, finish.note))
    # Each step by a message, as in the cloud; the bare chain knows nothing else.
    protocol = replace(plain.engine, ports=told, workflows={"activation": EMPTY}, goes_on_for=0.0)
    seed(plain)
    script = record_script(replace(plain, engine=protocol))
    bare = BareChain(
        ports=told,
        surroundings=protocol.surroundings,
        workflows=protocol.workflows,
        topic=protocol.topic,
        budget=protocol.budget,
        script=script,
    )
    engines: dict[str, StepEngine] = {PROTOCOL: protocol, BARE: bare}
    if plain.engine.goes_on_for:
        engines[GOING_ON] = replace(protocol, goes_on_for=plain.engine.goes_on_for)
    platforms = {name: replace(plain, ports=told, engine=engine) for name, engine in engines.items()}
    return Track(platforms, finish)


def seed(platform: Platform) -> None:
    """The theme and the plan that the requests name."""
    platform.ports.documents.commit(
        [
            Create(document_path("themes", "upfront-modern"), {"active": True}),
            Create(document_path("plans", "professional"), {"active": True}),
        ]
    )


def record_script(platform: Platform) -> Script:
    """Run the empty steps once, without a broker, and keep what each hop wrote."""
    written: list[Data] = []

    def keep(writes: Sequence[Write]) -> None:
        written.extend(write.fields for write in writes if isinstance(write, Update))

    _prepare(platform, "recorded")
    documents = ToldDocuments(platform.ports.documents, keep)
    engine = replace(platform.engine, ports=replace(platform.ports, documents=documents, messages=_Unheard()))
    for hop in range(len(EMPTY.steps)):
        engine.handle(StepMessage(provisioning="recorded", epoch=1, hop=hop))
    return list(zip(written[::2], written[1::2], strict=True))


@contextmanager
def embedded_track(folder: Path, relief: Sequence[str] = ()) -> Generator[Track]:
    """`relief` is what runs in a second process."""
    settings = _settings(Runtime.EMBEDDED, folder)
    platform = assemble(settings)
    # Without events of created documents: the runs begin with their first step.
    documents = SqliteDocuments(folder / "data" / "documents.db", frozenset())
    platform = assemble(settings, replace(platform.ports, documents=documents))
    with _quiet(settings, folder):
        track = _platforms(platform)
        server = embedded_runtime(platform, relief=relief)
        with installed(track.platforms[PROTOCOL]):
            try:
                server.start()
                yield track
            finally:
                server.stop()


@contextmanager
def emulated_track(folder: Path) -> Generator[Track]:
    """The function stands in this process, behind the emulator's push subscription."""
    settings = _settings(Runtime.EMULATORS, folder)
    with (
        _quiet(settings, folder),
        Emulators(settings.google_cloud_project, settings.site_bucket, logs=folder / "logs") as emulators,
    ):
        set_variables(emulators.start(storage=False).environment())
        platform = assemble(_settings(Runtime.EMULATORS, folder))
        track = _platforms(platform)
        port = free_port()
        door = FrontDoor(load(Function("provision_step", "http")).wsgi_app, port)
        emulators.create_topics_and_push_subscriptions(
            [
                PushSubscription(
                    topic=settings.step_topic,
                    name="provision-step",
                    endpoint=f"http://127.0.0.1:{port}/",
                    ack_deadline=settings.ack_deadline,
                )
            ]
        )
        with installed(track.platforms[PROTOCOL]):
            door.start()
            try:
                yield track
            finally:
                # Who knocks ends before the door does.
                emulators.stop()
                door.stop()


def _settings(runtime: Runtime, folder: Path) -> Settings:
    return read_settings(
        provisioning_runtime=runtime,
        provisioning_data=folder / "data",
        public_port=free_port(),
        k_service=None,
    )


@contextmanager
def _quiet(settings: Settings, folder: Path) -> Generator[None]:
    """The functions log as ever, but into a file."""
    with (folder / "functions.log").open("w") as stream:
        logs.configure(settings.log_level, stream)
        try:
            yield
        finally:
            logs.configure(settings.log_level)


def _print(console: Console, laps: Mapping[str, Laps], rounds: int) -> None:
    count = next(iter(laps.values()))
    table = Table(
        "",
        "single p50",
        "p99",
        "min",
        "per second",
        title=f"{len(count.singles)} single runs each; {rounds} × {count.at_once // rounds} at once each",
    )
    for name, lap in laps.items():
        table.add_row(
            name,
            milliseconds(lap.p50),
            milliseconds(percentile(lap.singles, 0.99)),
            milliseconds(min(lap.singles)),
            f"{lap.per_second:.1f}",
        )
    bare = laps[BARE]
    for name, lap in laps.items():
        if name != BARE:
            table.add_row(
                f"{name} ÷ {BARE}",
                f"{lap.p50 / bare.p50:.2f}",
                "",
                f"{min(lap.singles) / min(bare.singles):.2f}",
                f"{lap.per_second / bare.per_second:.2f}",
            )
    console.print(table)
