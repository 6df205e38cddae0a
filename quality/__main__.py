"""
`make quality`: stores of every theme, as visitors get them, on the embedded runtime.

Lighthouse on home, collection and product, on a phone and on a desktop, several runs each: the median is 100 in all four categories. A run that could
not change the median any more is left out. Every kind of page:
no violation of WCAG 2.2 AA or of axe's good practice, valid HTML, nothing in the console. Ends with 1 where one of these does not hold.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from quality import lighthouse, pages
from quality.lighthouse import CATEGORIES, Report
from quality.stores import Store, fetch, stores

MEASURED = ("home", "collection", "product")
FORMS = {"phone": False, "desktop": True}


def quality(
    runs: Annotated[int, typer.Option(min=1, help="Lighthouse's runs of each page and form.")] = 3,
    theme: Annotated[str | None, typer.Option(help="One theme only.")] = None,
    lighthouse_too: Annotated[bool, typer.Option("--lighthouse/--no-lighthouse")] = True,
) -> None:
    """Measure, print all of it, and end with 1 where something does not hold."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    failures = 0
    with tempfile.TemporaryDirectory(prefix="quality-") as name, stores(Path(name) / "data") as opened:
        for store in (each for each in opened if theme in (None, each.theme)):
            console.rule(store.theme)
            failures += _look(console, store, Path(name))
            if lighthouse_too:
                failures += _measure(console, store, runs)
    console.rule(f"{failures} problems" if failures else "all holds")
    raise typer.Exit(1 if failures else 0)


def _look(console: Console, store: Store, folder: Path) -> int:
    texts = {kind: fetch(address) for kind, address in store.pages.items()}
    if len(set(texts.values())) < len(texts):
        raise RuntimeError(f"two kinds of pages of {store.theme} are one page: {', '.join(texts)}")
    problems = pages.check_html(texts, folder) + pages.look(store.pages)
    console.print(f"{len(texts)} kinds of pages: HTML, axe, console, width: {len(problems)} problems")
    for problem in problems:
        console.print(f"  {problem.page}: {problem.check}: {problem.what}", markup=False)
    return len(problems)


def _measure(console: Console, store: Store, runs: int) -> int:
    table = Table("page", "form", "run", *CATEGORIES, "FCP", "LCP", "TBT", "CLS", "kB", "requests", "lost")
    failures = 0
    for page in MEASURED:
        for form, desktop in FORMS.items():
            reports: list[Report] = []
            while len(reports) < runs and not _is_decided(reports, runs):
                reports.append(lighthouse.run(store.pages[page], desktop=desktop))
            for number, report in enumerate(reports, 1):
                table.add_row(page, form, str(number), *_cells(report))
            middle = [
                int(median(report.scores[place] for report in reports)) for place in range(len(CATEGORIES))
            ]
            failures += sum(score < 100 for score in middle)
            holds = "[green]HOLDS[/green]" if min(middle) == 100 else "[red]MISSES[/red]"
            table.add_row(
                page, form, "median", *map(str, middle), "", "", "", "", "", "", holds, style="bold"
            )
    console.print(table)
    return failures


def _is_decided(reports: list[Report], runs: int) -> bool:
    """Whether the median of so many runs is 100 everywhere, whatever the ones that are left would say."""
    full = zip(*([score == 100 for score in report.scores] for report in reports), strict=True)
    return bool(reports) and all(sum(scores) > runs / 2 for scores in full)


def _cells(report: Report) -> list[str]:
    return [
        *map(str, report.scores),
        f"{report.first_paint:.1f} s",
        f"{report.largest_paint:.1f} s",
        f"{report.blocking:.0f} ms",
        f"{report.shift:.3f}",
        f"{report.bytes / 1000:.0f}",
        str(len(report.addresses)),
        ", ".join(report.lost),
    ]


if __name__ == "__main__":
    typer.run(quality)
