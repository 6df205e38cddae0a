"""What the pages for people tell them to type exists, and what they say of the program is so."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from provisioning.cli import app
from provisioning.local.functions import FUNCTIONS
from provisioning.settings import Runtime
from provisioning.stores.activation import ActivationRequest, parse_activation
from provisioning.workflow.definition import ACTIVATION
from provisioning.workflow.records import Problem, Provisioning, Status

from .pages import ROOT, code_words, fences, pages, section, table_cells

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


# --- Commands --------------------------------------------------------------------------------------------


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


COMMANDS = dict(_commands(typer.main.get_command(app)))


def _options(command: str) -> set[str]:
    return {option for parameter in COMMANDS[command].params for option in parameter.opts}


def _command_of(words: list[str]) -> str:
    """The command that a line begins with; `admins grant` is one."""
    return next(name for name in (" ".join(words[:2]), words[0]) if name in COMMANDS)


def _typed(page: str) -> Iterator[list[str]]:
    """The words behind `provisioning` in each command that a page shows."""
    lines = [
        line
        for fence in fences(page)
        if fence.info == "sh"
        for line in fence.text.replace("\\\n", "").splitlines()
    ]
    for line in [*lines, *code_words(page)]:
        words = shlex.split(line.rstrip(" &"), comments=True) if "provisioning " in line else []
        if words and words[0] in ("provisioning", ".venv/bin/provisioning"):
            yield words[1:]


def _tables() -> Iterator[tuple[str, str]]:
    """The rows of the tables of commands: README's, and those of the groups on their own pages."""
    for page, heading in (
        (README, "## The command line"),
        ((ROOT / "docs/themes.md").read_text(), "## A store and its theme, by the command line"),
        ((ROOT / "docs/releases.md").read_text(), "## By the command line"),
        ((ROOT / "docs/media.md").read_text(), "## By the command line"),
    ):
        text = section(page, heading)
        yield from zip(table_cells(text), table_cells(text, 1), strict=True)


def test_the_table_names_every_command() -> None:
    """One row for each command of the program; `admins revoke` and `admins list` stand beside `admins grant`."""
    named = [_command_of(cell.strip("`").split()[1:]) for cell, _ in _tables()]

    assert sorted(named) == sorted(set(COMMANDS) - {"admins revoke", "admins list"})


def test_the_table_names_options_that_exist() -> None:
    """Each option in a row is one of that row's command."""
    wrong = [
        (cell, word)
        for cell, does in _tables()
        for word in code_words(does)
        if word.startswith("--") and word.split()[0] not in _options(_command_of(cell.strip("`").split()[1:]))
    ]

    assert wrong == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_shown_commands_can_be_typed(page: Path) -> None:
    """Every `provisioning …` on a page is a command with options of that command."""
    wrong = [
        words
        for words in _typed(page.read_text(encoding="utf-8"))
        if not {word for word in words if word.startswith("--")} <= _options(_command_of(words))
    ]

    assert wrong == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_shown_make_targets_exist(page: Path) -> None:
    """Every `make …` on a page is a target."""
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    shown = set(re.findall(r"(?:^|`|=\S+ )make ([a-z-]+)", text, re.MULTILINE))

    assert shown - targets == set()


def test_every_make_target_is_explained() -> None:
    """CONTRIBUTING has a row for each, but for `help` itself; the README shows the two that matter."""
    targets = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
    rows = table_cells(section(CONTRIBUTING, "## Set-up"))
    explained = {word.removeprefix("make ") for cell in rows for word in code_words(cell)}

    assert explained == targets - {"help"}
    assert [f.text.strip() for f in fences(section(README, "## Two commands"))] == ["make demo", "make test"]


# --- The portal's example --------------------------------------------------------------------------------

(EXAMPLE,) = (fence.text for fence in fences(README) if fence.info == "js")


def _written() -> dict[str, str]:
    """The fields of the example's request, each with the expression that it is given."""
    shown = re.search(r'"activation_requests", id\), \{(.*?)\}\);', EXAMPLE, re.DOTALL)
    assert shown
    return dict(re.findall(r'(\w+): ("[^"]*"|[\w.()]+)', shown[1]))


def test_the_portals_request_is_accepted() -> None:
    """Written as the example writes it, the request passes the check that every request has to pass."""
    pairs = _written()
    request = {name: value.strip('"') for name, value in pairs.items() if value != "serverTimestamp()"}

    accepted = parse_activation(request | {"picked_up": pairs["picked_up"] == "true"}, "an-id")

    assert accepted.picked_up is False
    assert set(pairs) <= set(ActivationRequest.model_fields)
    assert pairs["requested_at"] == "serverTimestamp()"


def test_the_portals_request_is_one_that_the_rules_take() -> None:
    """It has each field that the rules want of a browser, and gives the three that they hold against the sign-in and the clock what they want there."""
    rules = (ROOT / "firestore.rules").read_text(encoding="utf-8")
    wanted = re.search(r"function isActivationRequest\(data\) \{\s+return hasShape\(data,\s+\[(.*?)\]", rules)
    assert wanted
    pairs = _written()

    assert (
        {"requested_by", "requested_at", "picked_up"} <= set(re.findall(r"'(\w+)'", wanted[1])) <= set(pairs)
    )
    assert pairs["requested_by"] == "getAuth(app).currentUser.uid"
    assert pairs["requested_at"] == "serverTimestamp()"
    assert pairs["picked_up"] == "false"


def test_the_portals_listener_reads_fields_that_exist() -> None:
    """Whatever the example takes from the document is a field of it."""
    read = set(re.findall(r"\brun\.(\w+)", EXAMPLE))
    of_error = set(re.findall(r"\brun\.error\.(\w+)", EXAMPLE))

    assert {"status", "error"} <= read <= set(Provisioning.model_fields)
    assert {"title"} <= of_error <= set(Problem.model_fields)
    assert set(re.findall(r'run\.status === "(\w+)"', EXAMPLE)) <= set(Status)


def test_the_portals_example_is_short() -> None:
    """It fits on a screen."""
    assert len(EXAMPLE.splitlines()) <= 24


def test_the_percentages_are_those_of_the_steps() -> None:
    """What the listener will see is what the definition says."""
    percents = [step.percent for step in ACTIVATION.steps]
    said = re.search(r"`completion_percent` ((?:\d+, )+\d+), then `COMPLETED` with (\d+)", README)

    assert [int(n) for n in said[1].split(", ")] + [int(said[2])] == [0, *percents]


# --- What there is ---------------------------------------------------------------------------------------


def test_the_table_names_every_runtime() -> None:
    """Their names are those of the setting."""
    assert table_cells(section(README, "## Three runtimes")) == [str(runtime) for runtime in Runtime]


def test_functions_are_the_same_everywhere() -> None:
    """Folders, the local runtimes' list and the documents name the same functions."""
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/main.py")}
    names = {function.name for function in FUNCTIONS}
    (told,) = re.findall(r"The eight are (.*?)\.\n", CONTRIBUTING, re.DOTALL)
    (logged,) = re.findall(
        r"^- Eight functions: (.*?)\.\n", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )

    assert folders == names == code_words(told) == code_words(logged)
    assert len(names) == 8


def test_folders_of_the_layout_exist() -> None:
    """Every path in CONTRIBUTING's layout leads somewhere."""
    rows = table_cells(section(CONTRIBUTING, "## Layout"))
    paths = [word for cell in rows for word in code_words(cell) if "<" not in word]

    inside = ROOT / "src" / "provisioning"
    missing = [path for path in paths if not (ROOT / path).exists() and not (inside / path).exists()]

    assert len(paths) > 10
    assert missing == []
