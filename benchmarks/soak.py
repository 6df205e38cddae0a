"""
`make soak`: activations keep coming at a steady rate while, every few seconds, a random function process is killed.

On Google's emulators, every function in a process of its own. Then all must be over within two minutes, and each store is looked at: as
one that nothing befell, or failed with a reason and a remedy.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from tests.crashes.lab import Lab, laboratory, violations_of_completed

from benchmarks.figures import describe_machine, percentile
from provisioning.local.functions import FUNCTIONS
from provisioning.workflow.records import Provisioning, Status

#: Seconds in which all must be over, once no more come and nothing is killed any more.
LAST_SECONDS = 120.0
_CODE = re.compile(r"\(([A-Z_]+)\)")
#: A process is killed after a random time between these, in seconds.
KILLS = (2.0, 6.0)


@dataclass
class Soaked:
    """What came of it."""

    seconds: float
    submitted: dict[str, float] = field(default_factory=dict[str, float])
    killed: Counter[str] = field(default_factory=Counter[str])
    records: dict[str, Provisioning] = field(default_factory=dict[str, Provisioning])
    #: Seconds from the last submission until all were over.
    rest: float = 0.0
    violations: list[str] = field(default_factory=list[str])

    @property
    def latencies(self) -> list[float]:
        """Seconds from each request's own write until it was COMPLETED."""
        return [
            record.completed_at.timestamp() - self.submitted[id]
            for id, record in self.records.items()
            if record.completed_at is not None
        ]


def soak(*, seconds: float, every: float, seed: int, data: Path) -> Soaked:
    """Submit one request `every` so many seconds for `seconds`, and kill meanwhile; then wait and look."""
    soaked = Soaked(seconds)
    with laboratory(data) as lab:
        ending = threading.Event()
        killer = threading.Thread(target=_kill, args=(lab, soaked, random.Random(seed), ending))
        killer.start()
        try:
            _submit(lab, soaked, every)
        finally:
            ending.set()
            killer.join()
        _wait(lab, soaked)
        soaked.violations += _look(lab, soaked)
    return soaked


def _submit(lab: Lab, soaked: Soaked, every: float) -> None:
    began = time.monotonic()
    while (since := time.monotonic() - began) < soaked.seconds:
        number = len(soaked.submitted)
        time.sleep(max(0.0, number * every - since))
        id = f"soak-{number}"
        soaked.submitted[id] = time.time()
        lab.submit(id)


def _kill(lab: Lab, soaked: Soaked, chance: random.Random, ending: threading.Event) -> None:
    """Kill whole functions, as an instance goes away: the server and its workers."""
    assert lab.cloud is not None
    while not ending.wait(chance.uniform(*KILLS)):
        name = chance.choice(FUNCTIONS).name
        process = lab.cloud.process_of(name)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            soaked.killed[name] += 1


def _wait(lab: Lab, soaked: Soaked) -> None:
    began = time.monotonic()
    waiting = list(soaked.submitted)
    while waiting and soaked.rest < LAST_SECONDS:
        records = lab.records(waiting)
        soaked.records |= {id: record for id, record in records.items() if record is not None and record.over}
        waiting = [id for id in waiting if id not in soaked.records]
        soaked.rest = time.monotonic() - began
        time.sleep(0.2)
    soaked.violations += [f"{id}: not over after {LAST_SECONDS:.0f} s" for id in waiting]


def _look(lab: Lab, soaked: Soaked) -> list[str]:
    found: list[str] = []
    for id, record in soaked.records.items():
        if record.status is Status.COMPLETED:
            found += violations_of_completed(lab, id, record)
        elif record.error is None or not record.error.retryable:
            found.append(f"{id}: {record.status} without a way on")
    stores, completed = lab.count("stores"), len(soaked.latencies)
    if stores < completed:
        found.append(f"{completed} are COMPLETED, and there are {stores} stores")
    return found


def show(console: Console, soaked: Soaked) -> None:
    """Print the figures."""
    statuses = Counter(str(record.status) for record in soaked.records.values())
    attempts = Counter(step.attempts for record in soaked.records.values() for step in record.steps)
    table = Table("figure", "value", title=f"{soaked.seconds:.0f} s of activations and kills")
    table.add_row("requests", f"{len(soaked.submitted)}")
    table.add_row("ended", ", ".join(f"{status} {n}" for status, n in sorted(statuses.items())))
    table.add_row("processes killed", f"{soaked.killed.total()}: {_counted(soaked.killed)}")
    table.add_row("attempts a step took", _counted(attempts))
    table.add_row("attempts refused for", _counted(_reasons(soaked)))
    table.add_row("failed, to be retried", ", ".join(_failed(soaked)))
    if soaked.latencies:
        for share in (0.5, 0.95, 0.99):
            table.add_row(
                f"written → COMPLETED, p{share * 100:.0f}", f"{percentile(soaked.latencies, share):.1f} s"
            )
        table.add_row("longest", f"{max(soaked.latencies):.1f} s")
    table.add_row("all over after the last request", f"{soaked.rest:.1f} s")
    table.add_row("violations", f"{len(soaked.violations)}")
    console.print(table)
    for line in soaked.violations[:50]:
        console.print(f"[red]{line}[/red]")


def _reasons(soaked: Soaked) -> Counter[str]:
    """Step and code of every attempt that came back without success, as the log tells people."""
    lines = (
        (entry.step, _CODE.search(entry.message))
        for record in soaked.records.values()
        for entry in record.log
        if entry.level == "warning"
    )
    return Counter(f"{step} {code[1] if code else 'unknown'}" for step, code in lines)


def _failed(soaked: Soaked) -> list[str]:
    return [
        f"{id}: {record.error.step} {record.error.code}"
        for id, record in soaked.records.items()
        if record.error is not None
    ]


def _counted(counter: Counter[str] | Counter[int]) -> str:
    return ", ".join(f"{name}: {n}" for name, n in sorted(counter.items(), key=str))


def main(
    seconds: Annotated[float, typer.Option(min=1, help="How long activations keep coming.")] = 600.0,
    every: Annotated[float, typer.Option(min=0.05, help="Seconds between two of them.")] = 2.0,
    seed: Annotated[int, typer.Option(help="Of what is killed when.")] = 1,
) -> None:
    """Run, print, and fail where anything was lost, doubled, or left standing."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(describe_machine())
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        soaked = soak(seconds=seconds, every=every, seed=seed, data=Path(folder) / "data")
    show(console, soaked)
    raise typer.Exit(1 if soaked.violations else 0)


if __name__ == "__main__":
    typer.run(main)
