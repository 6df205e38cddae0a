"""The list of components names what the deployed functions are made of: every line of their lock, with its hashes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tools.pack_functions import ROOT

LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")


@cache
def _recipe() -> list[str]:
    """The command of `make package`, as make would run it."""
    shown = subprocess.run(
        ["make", "-n", "-o", ".venv/.dev", "package"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    (command,) = (line for line in shown.stdout.splitlines() if "cyclonedx_py" in line)
    return command.split()[1:]


def _components(file: Path) -> dict[str, Any]:
    command = [str(file) if part == "dist/components.cdx.json" else part for part in _recipe()]
    assert str(file) in command
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
    return json.loads(file.read_text(encoding="utf-8"))


def test_every_locked_package_is_listed(tmp_path: Path) -> None:
    """Name and version of each, no other, and every hash that pip would accept."""
    listed = _components(tmp_path / "components.json")
    hashes = {
        one["content"]
        for component in listed["components"]
        for reference in component.get("externalReferences", [])
        for one in reference.get("hashes", [])
    }

    assert listed["bomFormat"] == "CycloneDX"
    assert {(c["name"], c["version"]) for c in listed["components"]} == set(
        re.findall(r"^([\w.-]+)==([\w.]+)", LOCK, re.MULTILINE)
    )
    assert hashes == set(re.findall(r"--hash=sha256:([0-9a-f]{64})", LOCK))


def test_the_list_is_the_same_each_time(tmp_path: Path) -> None:
    """It has neither a date nor a number of its own: a difference between two lists is one of components."""
    assert _components(tmp_path / "a.json") == _components(tmp_path / "b.json")
