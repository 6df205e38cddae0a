"""`provisioning themes check`: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from provisioning import cli
from provisioning.themes.checking.folders import check_package
from provisioning.themes.checking.rules import RULES
from provisioning.themes.packages import THEMES
from tests.docs.test_themes_page import _FILE as FILE_OF_TUTORIAL
from tests.docs.test_themes_page import PAGE
from tests.themes.packages import Shelf, write

from .harbour import lay_out

OURS = sorted(path.parent for path in THEMES.glob("*/theme.json"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["themes", "check", *map(str, arguments)])


@pytest.mark.parametrize("folder", OURS, ids=lambda folder: folder.name)
def test_our_own_themes_have_nothing_wrong(folder: Path) -> None:
    """No error, and no warning either: we follow our own advice."""
    assert check_package(folder, pages=True) == ()


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A theme of its own shelf, with nothing wrong."""
    Shelf(tmp_path)
    return lay_out(tmp_path / "harbour")


def test_the_tutorials_theme_has_no_error(tmp_path: Path) -> None:
    """Who follows docs/themes.md ends with a theme that can be used; only its pictures are still missing."""
    for name, text in FILE_OF_TUTORIAL.findall(PAGE):
        write(tmp_path / "harbour", name, text)

    assert {finding.code for finding in check_package(tmp_path / "harbour", pages=True)} <= {"ST12"}


def test_a_sound_theme_ends_with_0(harbour: Path) -> None:
    ended = run(harbour, "--base", harbour.parent)

    assert ended.exit_code == 0
    assert "Nothing is wrong." in ended.stdout


def test_an_error_ends_with_1_and_says_where_and_what_to_do(harbour: Path) -> None:
    """As a compiler does: file, line, code and message, then the fix, and a line that sums up."""
    write(harbour, "snippets/card-badges.html", "<p>\n{{ 2 * 3 }}\n</p>\n")
    ended = run(harbour, "--base", harbour.parent)
    lines = ended.stdout.splitlines()

    assert ended.exit_code == 1
    assert lines[0].startswith(f"{harbour}/snippets/card-badges.html:2: error TP06 ")
    assert lines[1].startswith("    fix: ")
    assert lines[-1].startswith("1 error, 0 warnings in 1 file: ")


def test_json_is_for_other_programs(harbour: Path) -> None:
    write(harbour, "templates/index.json", '{\n  "sections": {},\n  oops\n}')
    ended = run(harbour, "--base", harbour.parent, "--format", "json")
    answer = json.loads(ended.stdout)

    assert ended.exit_code == 1
    assert answer["errors"] == 1
    assert (
        answer["findings"][0]["file"],
        answer["findings"][0]["line"],
        answer["findings"][0]["column"],
    ) == (
        "templates/index.json",
        3,
        3,
    )
    assert answer["findings"][0]["code"] == "JS01"


def test_sarif_names_every_rule_and_where_each_breach_is(harbour: Path) -> None:
    """What SARIF 2.1.0 requires of a log, a run, a rule and a result."""
    write(harbour, "templates/index.json", "{")
    log = json.loads(run(harbour, "--base", harbour.parent, "--format", "sarif").stdout)
    (one,) = log["runs"]
    driver = one["tool"]["driver"]
    (result,) = one["results"]

    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    assert driver["name"]
    assert [rule["id"] for rule in driver["rules"]] == list(RULES)
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in driver["rules"])
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "JS01"
    assert result["level"] in {"error", "warning"} and result["message"]["text"]
    (location,) = result["locations"]
    place = location["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "templates/index.json", "uriBaseId": "THEME"}
    assert place["artifactLocation"]["uriBaseId"] in one["originalUriBaseIds"]
    assert place["region"]["startLine"] == 1 and place["region"].get("startColumn", 1) >= 1
