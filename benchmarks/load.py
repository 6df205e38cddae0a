"""
A thousand activation requests within ten seconds: all over, none lost, none doubled. And whether one merchant's flood delays another.

Through the runtime as `provisioning up` starts it. Beside it the bare chain's throughput, measured in the same run.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import overhead
from benchmarks.activations import WRITERS, activate_one, free_port
from benchmarks.figures import Verdict, at_most, exactly, percentile
from benchmarks.requests import request_for
from provisioning.local.mailer import KEY_HEADER
from provisioning.ports import Snapshot, document_path
from provisioning.serving import Running, running
from provisioning.steps.step import effect_key
from provisioning.stores.activation import ActivationRequest
from provisioning.workflow.definition import ACTIVATION
from provisioning.workflow.records import Status, read_provisioning
from provisioning.workflow.requests import submit

WRITE_SECONDS = 10.0
ALL_SECONDS = 1800.0
POLL_SECONDS = 0.5
#: Between two single requests during a flood.
PAUSE_SECONDS = 1.0
#: Another merchant's p95 during the flood ÷ idle.
FAIRNESS_RATIO = 2.0
#: How many are read in one call.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of requests that were written at once."""

    count: int
    #: Seconds until all were written, and until all were over.
    written: float
    over: float
    #: Seconds from each request's own write to its completed_at.
    each: tuple[float, ...]
    #: By kind of deviation: "lost", "not completed", "hops", "stores", "mails"; empty when all is right.
    wrong: Counter[str]
    #: Attempts that steps took beyond their first.
    repeated: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """Seconds of another merchant's single activations, idle and while one merchant's flood was worked on."""

    idle: tuple[float, ...]
    during: tuple[float, ...]

    @property
    def ratio(self) -> float:
        return percentile(self.during, 0.95) / percentile(self.idle, 0.95)


def measure(console: Console, *, emulators: bool, requests: int, bare: int) -> list[Verdict]:
    """Write `requests` at once, wait, look at each; then let `bare` chains run. Raises `RuntimeError` when not all are over."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        with _served(Path(folder), emulators=emulators) as served:
            activate_one(served, "load-warm-up")
            loaded = load(served, Path(folder) / "data", [f"load-{n}" for n in range(requests)])
        track_on = overhead.emulated_track if emulators else overhead.embedded_track
        bare_folder = Path(folder) / "bare"
        bare_folder.mkdir()
        with track_on(bare_folder) as track:
            laps = overhead.race(track, one_at_a_time=1, at_once=bare, rounds=1)
    _print(console, loaded, {name: lap.per_second for name, lap in laps.items()})
    name = "emulators" if emulators else "embedded"
    return [
        at_most(f"{name}: {requests} requests written", loaded.written, WRITE_SECONDS, "s"),
        exactly(f"{name}: {requests} requests, lost, doubled or failed", loaded.wrong.total(), 0),
    ]


def measure_fairness(console: Console, *, flood: int, singles: int) -> list[Verdict]:
    """On the embedded runtime, where the dispatcher is ours."""
    with (
        tempfile.TemporaryDirectory(prefix="load-") as folder,
        _served(Path(folder), emulators=False) as served,
    ):
        activate_one(served, "fair-warm-up")
        fairness = compare_singles(served, flood=flood, singles=singles)
    _print_fairness(console, fairness, flood)
    return [
        at_most(
            f"embedded: p95 of a single request during another's flood of {flood} ÷ idle",
            fairness.ratio,
            FAIRNESS_RATIO,
        )
    ]


@contextmanager
def _served(folder: Path, *, emulators: bool) -> Generator[Running]:
    with running(data=folder / "data", port=free_port(), emulators=emulators) as served:
        yield served


def load(served: Running, data: Path, ids: Sequence[str]) -> Loaded:
    """Write one request for each id, each of another merchant; wait until all are over, and look at what each left."""
    began = time.perf_counter()
    at = _write(served, [request_for(id) for id in ids])
    written = time.perf_counter() - began
    found = _wait(served, ids)
    over = time.perf_counter() - began
    records = {each.id: read_provisioning(each.data or {}) for each in found}
    completed = {id: record.completed_at for id, record in records.items() if record.completed_at}
    return Loaded(
        count=len(ids),
        written=written,
        over=over,
        each=tuple((end - at[id]).total_seconds() for id, end in completed.items()),
        wrong=look(served, data, ids),
        repeated=sum(max(0, step.attempts - 1) for record in records.values() for step in record.steps),
    )


def _write(served: Running, requests: Sequence[ActivationRequest]) -> dict[str, datetime]:
    """Submit all from several threads; when each was about to be written. A request's id is its store's."""

    def write(request: ActivationRequest) -> tuple[str, datetime]:
        at = datetime.now(UTC)
        submit(served.platform.ports.documents, request, request.store_id)
        return request.store_id, at

    with ThreadPoolExecutor(WRITERS) as writers:
        return dict(writers.map(write, requests))


def _wait(served: Running, ids: Sequence[str]) -> list[Snapshot]:
    """The provisionings once all are over. Raises `RuntimeError` after `ALL_SECONDS`."""
    until = time.monotonic() + ALL_SECONDS
    over: list[Snapshot] = []
    waiting = list(ids)
    while waiting:
        if time.monotonic() > until:
            raise RuntimeError(f"{len(waiting)} of {len(ids)} were not over after {ALL_SECONDS:.0f} s")
        # One page a look: asking must not be what the runtime is busy with.
        found = [each for each in _get(served, "provisionings", waiting[:PAGE]) if _is_over(each)]
        over += found
        done = {each.id for each in found}
        waiting = [id for id in waiting if id not in done]
        if len(done) < PAGE:
            time.sleep(POLL_SECONDS)
    return over


def _get(served: Running, collection: str, ids: Sequence[str]) -> list[Snapshot]:
    return served.platform.ports.documents.get_all([document_path(collection, id) for id in ids])


def _is_over(found: Snapshot) -> bool:
    return found.data is not None and read_provisioning(found.data).over


def look(served: Running, data: Path, ids: Sequence[str]) -> Counter[str]:
    """Count what is not as it must be: each COMPLETED after one hop a step, with one store and one mail of its own."""
    mails = mail_keys(data)
    wrong: Counter[str] = Counter()
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        pairs = zip(_get(served, "provisionings", page), _get(served, "stores", page), strict=True)
        for provisioning, store in pairs:
            wrong.update(_deviations(provisioning, store, mails))
    return wrong


def _deviations(provisioning: Snapshot, store: Snapshot, mails: Counter[str]) -> list[str]:
    if provisioning.data is None:
        return ["lost"]
    record = read_provisioning(provisioning.data)
    if record.status is not Status.COMPLETED:
        return ["not completed"]
    right = {
        "hops": record.engine.hop == len(ACTIVATION.steps),
        "stores": store.data is not None and store.data.get("provisioning_id") == provisioning.id,
        "mails": mails[effect_key(provisioning.id, "send_credentials")] == 1,
    }
    return [name for name, holds in right.items() if not holds]


def compare_singles(served: Running, *, flood: int, singles: int) -> Fairness:
    """
    Single activations: `singles` alone, then one every so often for as long as a `flood` of one other merchant is worked on.

    The flood moves through the steps as one front, cheap ones first: only over its whole length has it been met at its heaviest.
    """
    idle = tuple(activate_one(served, f"idle-{n}").seen for n in range(singles))
    ids = [f"flood-{n}" for n in range(flood)]
    _write(served, [request_for(id).model_copy(update={"merchant_id": "merchant-flood"}) for id in ids])
    during: list[float] = []
    while _is_any_unfinished(served, ids):
        during.append(activate_one(served, f"beside-{len(during)}").seen)
        time.sleep(PAUSE_SECONDS)
    return Fairness(idle, tuple(during))


def _is_any_unfinished(served: Running, ids: Sequence[str]) -> bool:
    pages = (_get(served, "provisionings", ids[start : start + PAGE]) for start in range(0, len(ids), PAGE))
    return any(not _is_over(found) for page in pages for found in page)


def mail_keys(data: Path) -> Counter[str]:
    """How many mails carry each effect key."""
    files = (data / "mail").glob("*.eml")
    return Counter(
        str(message_from_bytes(file.read_bytes(), policy=default)[KEY_HEADER]).strip() for file in files
    )


def _print(console: Console, loaded: Loaded, chains: dict[str, float]) -> None:
    table = Table("figure", "value", title=f"{loaded.count} requests from {WRITERS} threads")
    table.add_row("all written after", f"{loaded.written:.1f} s")
    table.add_row("all over after", f"{loaded.over:.1f} s")
    table.add_row("per second", f"{loaded.count / loaded.over:.1f}")
    for share in (0.5, 0.95, 0.99):
        if loaded.each:
            table.add_row(
                f"written → COMPLETED, p{share * 100:.0f}", f"{percentile(loaded.each, share):.1f} s"
            )
    table.add_row("attempts beyond a step's first", f"{loaded.repeated}")
    table.add_row("lost, doubled or failed", ", ".join(f"{k}: {n}" for k, n in loaded.wrong.items()) or "0")
    for name, per_second in chains.items():
        table.add_row(f"{name}, per second (no work in the steps)", f"{per_second:.1f}")
    console.print(table)


def _print_fairness(console: Console, fairness: Fairness, flood: int) -> None:
    table = Table(
        "another merchant's request", "p50", "p95", "max", title=f"beside one merchant's flood of {flood}"
    )
    for name, values in {"idle": fairness.idle, "during the flood": fairness.during}.items():
        table.add_row(name, *(f"{value:.2f} s" for value in (*_shares(values, 0.5, 0.95), max(values))))
    table.add_row("ratio", "", f"{fairness.ratio:.2f}", "")
    console.print(table)
    console.print(f"[dim]{len(fairness.idle)} idle, {len(fairness.during)} over the whole flood[/dim]")


def _shares(values: Sequence[float], *shares: float) -> list[float]:
    return [percentile(values, share) for share in shares]
