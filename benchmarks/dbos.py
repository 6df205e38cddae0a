"""
Durable workflows a second: our embedded engine with empty steps beside `dbos` (PyPI), in one run on the same disk.

Ours, as the embedded runtime does it, with its second process: ten commits of documents (the request, its provisioning, a claim, six that commit
a step and claim the next, and the one that says COMPLETED) and one message, through queue and function. The requests come in crowds, as those of
the runtime's own queue do. Theirs: a workflow of seven steps, each followed by an event. Both in SQLite with a write-ahead log. Theirs syncs each
commit (synchronous FULL), ours each commit of documents before it is answered, where those of several deliveries share one wait for the disk. The
lease of a message, its acknowledgement and the next message, which go together, survive a killed process but not a power cut; after that the
earlier message comes again and brings the next one.

`dbos` is not among our requirements. To have it: python3 -m venv .cache/dbos && .cache/dbos/bin/pip install dbos
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import overhead
from benchmarks.figures import Verdict, at_least
from benchmarks.requests import request_for
from provisioning.local.dispatcher import CROWD
from provisioning.local.fibers import run_together
from provisioning.ports import document_path
from provisioning.runtime import Platform, installed
from provisioning.workflow.records import Status
from provisioning.workflow.requests import accept, submit

RATIO = 10.0
ROUNDS = 3
PYTHON = Path(".cache/dbos/bin/python")
PROGRAM = Path(__file__).with_name("dbos_workflows.py")
INSTALL = "python3 -m venv .cache/dbos && .cache/dbos/bin/pip install dbos"
SECONDS = 600.0
WARMED_UP_BY = 800
#: The runtime's second process, with empty steps.
RELIEF = (sys.executable, "-m", "benchmarks.relief")
_WAITING = "SELECT 1 FROM deliveries LIMIT 1"


@dataclass(frozen=True, slots=True)
class Rates:
    """Workflows a second."""

    one_at_a_time: float
    at_once: float

    @property
    def better(self) -> float:
        return max(self.one_at_a_time, self.at_once)


def measure(console: Console, *, python: Path, at_once: int, one_at_a_time: int) -> list[Verdict]:
    """
    Run both in turn, print, and judge ours against the better of theirs; one line and no verdict where `dbos` is not installed.

    How fast the machine is changes within a minute: the two are compared within each round, and the median of the rounds counts.
    """
    if not _has_dbos(python):
        console.print(f"Skipped: {python} has no dbos. To have it: {INSTALL}")
        return []
    # So many that both take about as long.
    ours_at_once = round(at_once * RATIO)
    table = Table(
        "", "one at a time", "many at once", title="workflows a second: seven steps, one event each"
    )
    ratios: list[float] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="dbos-") as folder:
            version, theirs = run_theirs(python, Path(folder), at_once=at_once, one_at_a_time=one_at_a_time)
            ours = run_ours(Path(folder) / "ours", at_once=ours_at_once, one_at_a_time=one_at_a_time)
        _add_row(table, "embedded engine, empty steps", ours, ours_at_once)
        _add_row(table, f"dbos {version}", theirs, at_once)
        ratios.append(ours.better / theirs.better)
    console.print(table)
    what = f"embedded: workflows a second ÷ dbos's better figure, median of {ROUNDS} rounds"
    return [at_least(what, median(ratios), RATIO)]


def _add_row(table: Table, name: str, rates: Rates, at_once: int) -> None:
    table.add_row(name, f"{rates.one_at_a_time:.1f}", f"{rates.at_once:.1f} ({at_once})")


def _has_dbos(python: Path) -> bool:
    if not python.is_file():
        return False
    return (
        subprocess.run(
            [python.absolute(), "-c", "import dbos"], capture_output=True, check=False, cwd="/"
        ).returncode
        == 0
    )


def run_theirs(python: Path, folder: Path, *, at_once: int, one_at_a_time: int) -> tuple[str, Rates]:
    """Their version and rates. Raises `RuntimeError` unless every workflow succeeded under the durability that we say."""
    # -P: beside the program lies a module that is called dbos too.
    command = [python.absolute(), "-P", PROGRAM, folder, str(at_once), str(one_at_a_time)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    # Two is FULL; one workflow warmed up.
    if (found["journal"], found["synchronous"]) != ("wal", 2) or found[
        "succeeded"
    ] != at_once + one_at_a_time + 1:
        raise RuntimeError(f"dbos did something else than we say: {found}")
    return found["version"], Rates(found["one_at_a_time"], found["at_once"])


def run_ours(folder: Path, *, at_once: int, one_at_a_time: int) -> Rates:
    """Ours, from the request's write until the last one is COMPLETED and acknowledged."""
    folder.mkdir()
    with (
        overhead.embedded_track(folder, RELIEF) as track,
        closing(sqlite3.connect(folder / "data" / "documents.db")) as queue,
    ):
        platform = track.platforms[overhead.GOING_ON]
        # So many that a second process has come by then.
        _run(platform, queue, [f"warm-{n}" for n in range(WARMED_UP_BY)])
        singles = sum(_run(platform, queue, [f"one-{n}"]) for n in range(one_at_a_time))
        together = _run(platform, queue, [f"many-{n}" for n in range(at_once)])
    return Rates(one_at_a_time / singles, at_once / together)


def _run(platform: Platform, queue: sqlite3.Connection, ids: list[str]) -> float:
    """Seconds from the first request until nothing is left to deliver; whichever process did it, all must be COMPLETED then."""

    def begin(id: str) -> None:
        submit(platform.ports.documents, request_for(id), id)
        accept(platform.engine, id)

    with installed(platform):
        began = time.perf_counter()
        for n in range(0, len(ids), CROWD):
            run_together([partial(begin, id) for id in ids[n : n + CROWD]])
        while queue.execute(_WAITING).fetchone():
            if time.perf_counter() - began > SECONDS:
                raise RuntimeError(f"something is left to deliver after {SECONDS:.0f} s")
            time.sleep(0.002)
        seconds = time.perf_counter() - began
    paths = [document_path("provisionings", id) for id in ids]
    statuses = Counter(str((one.data or {}).get("status")) for one in platform.ports.documents.get_all(paths))
    if statuses != {Status.COMPLETED: len(ids)}:
        raise RuntimeError(f"not all were completed: {dict(statuses)}")
    return seconds
