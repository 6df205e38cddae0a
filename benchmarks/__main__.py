"""`make bench`: run the sections, and say of every number that we hold whether it holds."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import activations, counts, dbos, imports, load, overhead, publishing, rendering, serving
from benchmarks.figures import Verdict, describe_machine


class Section(StrEnum):
    COUNTS = "counts"
    IMPORTS = "imports"
    OVERHEAD = "overhead"
    ACTIVATIONS = "activations"
    LOAD = "load"
    RENDERING = "rendering"
    PUBLISHING = "publishing"
    SERVING = "serving"
    DBOS = "dbos"


#: What runs unless something is named; the others take minutes.
USUAL = [
    Section.COUNTS,
    Section.IMPORTS,
    Section.OVERHEAD,
    Section.ACTIVATIONS,
    Section.RENDERING,
    Section.SERVING,
]


class On(StrEnum):
    EMBEDDED = "embedded"
    EMULATORS = "emulators"


Sections = Annotated[
    list[Section] | None,
    typer.Argument(help="What to run; all but load, publishing and dbos by default.", show_default=False),
]


def bench(
    sections: Sections = None,
    runtime: Annotated[On | None, typer.Option(help="One runtime only.")] = None,
    one_at_a_time: Annotated[int, typer.Option(min=1, help="Activations one after the other.")] = 20,
    at_once: Annotated[int, typer.Option(min=1, help="Activations at once.")] = 200,
    times: Annotated[int, typer.Option(min=1, help="Starts of each function.")] = 7,
    rounds: Annotated[
        int,
        typer.Option(
            min=1,
            help="How often each chain runs all at once; servers are visited twice as often and once more.",
        ),
    ] = 2,
    requests: Annotated[
        int, typer.Option(min=1, help="Requests that load writes, and one merchant's flood.")
    ] = 1000,
    visits: Annotated[int, typer.Option(min=16, help="Visits of each server in a round.")] = 4000,
    pages: Annotated[
        int, typer.Option(min=1, help="How often each kind of page is rendered, each way.")
    ] = 200,
    products: Annotated[int, typer.Option(min=1, help="Products of the store that is published.")] = 1000,
    dbos_python: Annotated[Path, typer.Option(help="A Python that has `dbos`.")] = dbos.PYTHON,
) -> None:
    """Print measured figures, then a verdict on each number that the design holds. Nothing is kept."""
    # Piped into a file, there is room.
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(describe_machine())
    runtimes = [runtime] if runtime else list(On)
    verdicts: list[Verdict] = []
    for section in sections or USUAL:
        if section is Section.COUNTS:
            console.rule(section)
            verdicts += counts.measure(console)
        elif section is Section.IMPORTS:
            console.rule(section)
            verdicts += imports.measure(console, times=times)
        elif section is Section.RENDERING:
            console.rule(section)
            verdicts += rendering.measure(console, pages=pages)
        elif section is Section.PUBLISHING:
            console.rule(section)
            verdicts += publishing.measure(console, products=products)
        elif section is Section.SERVING:
            console.rule(section)
            verdicts += serving.measure(console, requests=visits, rounds=2 * rounds + 1)
        elif section is Section.DBOS:
            console.rule(section)
            verdicts += dbos.measure(
                console, python=dbos_python, at_once=at_once, one_at_a_time=one_at_a_time
            )
        else:
            for on in runtimes:
                console.rule(f"{section}: {on}")
                emulators = on is On.EMULATORS
                if section is Section.OVERHEAD:
                    verdicts += overhead.measure(
                        console,
                        emulators=emulators,
                        # A single run takes milliseconds: many of them cost little and say more.
                        one_at_a_time=5 * one_at_a_time,
                        at_once=at_once,
                        rounds=rounds,
                    )
                elif section is Section.LOAD:
                    verdicts += load.measure(console, emulators=emulators, requests=requests, bare=at_once)
                    if not emulators:
                        verdicts += load.measure_fairness(console, flood=requests, singles=one_at_a_time)
                else:
                    verdicts += activations.measure(
                        console, emulators=emulators, one_at_a_time=one_at_a_time, at_once=at_once
                    )
    _print_verdicts(console, verdicts)


def _print_verdicts(console: Console, verdicts: list[Verdict]) -> None:
    table = Table("", "what", "figure", "bound", box=None, pad_edge=False)
    for verdict in verdicts:
        mark = "[green]HOLDS[/green]" if verdict.holds else "[red]MISSES[/red]"
        unit = f" {verdict.unit}" if verdict.unit else ""
        table.add_row(
            mark, verdict.what, f"{verdict.figure:.4g}{unit}", f"{verdict.sign} {verdict.bound:g}{unit}"
        )
    console.rule("verdicts")
    console.print(table)


if __name__ == "__main__":
    typer.run(bench)
