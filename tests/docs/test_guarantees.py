"""The page of guarantees: every fault has its row, and whatever it names (tests, targets, options, kinds of faults) exists."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from benchmarks.__main__ import bench
from simulation import __main__ as simulator
from simulation.faults import ALL_FAULTS

from provisioning.workflow.decisions import DELAYS, KEEP_ALIVE, MAX_ATTEMPTS
from provisioning.workflow.engine import RERUNS
from provisioning.workflow.stranded import GIVEN_UP_AFTER, ROLLOUT
from provisioning.workflow.sweep import EVENT_LOST_AFTER, MOST, PUBLISHING

from .pages import ROOT, code_words, section, table_cells

PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FAULTS = section(PAGE, "## The faults")
NUMBERS = section(PAGE, "## Numbers")
_TEST = re.compile(r"([\w/]+\.py)::(\w+)")
_NOT_COVERED = "not covered here"


def _named(text: str) -> list[tuple[str, str]]:
    """File (from `tests/` on) and function of each test that a text names."""
    return [(file.removeprefix("tests/"), name) for file, name in _TEST.findall(text)]


@cache
def _tests_of(file: str) -> frozenset[str]:
    """The names of a file's tests; none where there is no such file."""
    path = ROOT / "tests" / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def _missing(text: str) -> list[str]:
    return [f"{file}::{name}" for file, name in _named(text) if name not in _tests_of(file)]


# --- The faults ------------------------------------------------------------------------------------------


def test_each_fault_has_one_row() -> None:
    """F01 to F70, none twice and none left out."""
    assert sorted(table_cells(FAULTS)) == [f"F{number:02}" for number in range(1, 71)]


def test_each_fault_is_shown_by_a_test_or_said_not_to_be() -> None:
    """A row names its tests; where there is none it says so, and why."""
    rows = zip(table_cells(FAULTS), table_cells(FAULTS, 2), table_cells(FAULTS, 3), strict=True)

    silent = [number for number, outcome, shown in rows if not _named(shown) and _NOT_COVERED not in outcome]

    assert silent == []


def test_every_test_that_is_named_exists() -> None:
    """In the table and in the text around it."""
    assert len(_named(PAGE)) > 100
    assert _missing(PAGE) == []


def test_only_tests_stand_in_the_column_of_tests() -> None:
    """Nothing in it escapes the check above by being written otherwise."""
    words = {word for cell in table_cells(FAULTS, 3) for word in code_words(cell)}

    assert {word for word in words if not _TEST.fullmatch(word)} == set()


@pytest.mark.parametrize(
    "name", ["workflow/test_retry.py::test_that_nobody_wrote", "workflow/test_none.py::test_it"]
)
def test_a_test_that_does_not_exist_is_found(name: str) -> None:
    """Whether its file is there or not; and one that exists is told from it."""
    there = "tests/workflow/test_retry.py::test_double_click_has_one_winner"

    assert _missing(f"`{there}`, `{name}`") == [name]


# --- The commands ----------------------------------------------------------------------------------------


def _commands(first: str) -> Iterator[list[str]]:
    """The words behind `first` in each command that the page shows."""
    for word in code_words(PAGE):
        if word.startswith(f"{first} "):
            yield word.removeprefix(f"{first} ").split()


def test_every_proof_has_its_target() -> None:
    """All six are shown, and each target and each variable is the Makefile's."""
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    variables = set(re.findall(r"^([A-Z]+) \?=", MAKEFILE, re.MULTILINE))
    shown = list(_commands("make"))

    assert {words[0] for words in shown} == {"test", "check", "simulate", "soak", "load", "bench"}
    assert {words[0] for words in shown} <= targets
    assert {word.partition("=")[0] for words in shown for word in words[1:]} <= variables


def test_the_simulators_commands_can_be_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own parser takes each."""
    shown = list(_commands("python -m simulation"))
    parse = argparse.ArgumentParser.parse_args

    assert shown
    for words in shown:
        monkeypatch.setattr(
            argparse.ArgumentParser, "parse_args", lambda self, words=words: parse(self, words)
        )
        simulator._parse()


def test_the_benchmarks_commands_can_be_typed() -> None:
    """Its own parser takes each, with all its options."""
    shown = list(_commands("python -m benchmarks"))
    app = typer.Typer()
    app.command()(bench)
    command = typer.main.get_command(app)

    assert shown
    for words in shown:
        context = command.make_context("benchmarks", list(words))
        assert context.params["sections"], "a section is named"


# --- The numbers -----------------------------------------------------------------------------------------


def test_every_kind_of_fault_has_happened() -> None:
    """The table has each kind that the simulator has, and a number above zero beside it."""
    text = section(PAGE, "### Faults that happened")
    counted = dict(
        zip(
            table_cells(text, 0) + table_cells(text, 2),
            table_cells(text, 1) + table_cells(text, 3),
            strict=True,
        )
    )
    counted.pop("", None)

    assert set(counted) == set(ALL_FAULTS)
    assert all(int(times.replace(",", "")) > 0 for times in counted.values())


def test_every_figure_has_a_command_and_a_date() -> None:
    """A figure that nobody can measure again is none."""
    text = NUMBERS.partition("\n### ")[0]

    assert all("`" in command or command == "the same" for command in table_cells(text, 2))
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", date) for date in table_cells(text, 3))
    assert all(re.search(r"\d", figure) for figure in table_cells(text, 1))


def test_what_the_protocol_says_in_numbers_is_so() -> None:
    """Attempts, delays and times are those of the code."""
    protocol = section(PAGE, "## The protocol")
    said = {
        "four attempts": MAX_ATTEMPTS == 4,
        "1, 5 and 20 s": DELAYS == (1.0, 5.0, 20.0),
        "within 10 s": KEEP_ALIVE.total_seconds() == 10,
        "twice at most": RERUNS == 2,
        "at most 5,000": MOST == 5_000,
        "for 45 s at most": PUBLISHING == 45.0,
        "after 30 s": EVENT_LOST_AFTER.total_seconds() == 30,
        "after ten minutes": ROLLOUT.total_seconds() == 600,
        "after a day": GIVEN_UP_AFTER.days == 1,
    }

    assert [words for words in said if words not in re.sub(r"\s+", " ", protocol)] == []
    assert [words for words, true in said.items() if not true] == []


def test_the_readme_and_the_layout_lead_here() -> None:
    """Who reads what is guaranteed finds how it is shown, and where the simulator is."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    layout = section((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), "## Layout")

    assert "(docs/guarantees.md)" in section(readme, "## What is guaranteed")
    assert "simulation/" in {word for cell in table_cells(layout) for word in code_words(cell)}
    assert Path(ROOT / "simulation" / "README.md").is_file()
