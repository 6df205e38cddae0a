"""Rules that hold for every file: who reads the environment, what things are called, and what is never committed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .pages import ROOT, repository_files, text_of

SETTINGS = "src/provisioning/settings.py"
#: Who else touches the environment, and why.
ALLOWED = {
    "src/provisioning/local/emulated.py": "hands its own to the function processes",
    "src/provisioning/local/emulators.py": "hands its own to the emulators, and finds the Cloud SDK and Java",
}

_BANNED_NAMES = ("util", "utils", "common", "core", "helper", "helpers", "manager", "managers", "misc")
#: What is behind what the functions call.
_NOT_FOR_FUNCTIONS = re.compile(r"provisioning\.(steps|google|local|settings|catalog|themes|serving|cli)\b")
_REGISTRIES = re.compile(
    r"pypi\.(?:org|python)|pythonhosted\.|registry\.(?:yarnpkg|terraform)\.|npm[j]s\.|npm[m]irror|proxy\.golang|"
    r"--(?:extra-)?index-url\b|--find[-]links\b|\bartifactory\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"(?<![\w.:/<-])/(?:root|home|work|usr/lib/google[\w-]*)(?=/|\")")
#: Its form names a provider by where it is published; the hashes hold it to what was published.
_TERRAFORMS_LOCK = ".terraform.lock.hcl"
#: Where Google's own installers put the Cloud SDK is no path of ours.
_SDK_FOLDERS = ("src/provisioning/local/emulators.py",)


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield _name(file), ast.parse(file.read_text(encoding="utf-8"))


def _touches_environment(tree: ast.Module) -> bool:
    names = {"environ", "environb", "getenv", "putenv", "unsetenv"}
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    aliases = {
        a.asname or a.name for n in imports if isinstance(n, ast.Import) for a in n.names if a.name == "os"
    }
    taken = {a.name for n in imports if isinstance(n, ast.ImportFrom) and n.module == "os" for a in n.names}
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases
    }
    return bool(names & (taken | used))


def test_settings_alone_read_the_environment() -> None:
    """Nothing else in the product does, but for those that start other programs; and those still do."""
    found = {name for name, tree in _sources("src", "functions") if _touches_environment(tree)}

    assert found == {SETTINGS, *ALLOWED}


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['X']",
        "from os import getenv",
        "import os as o\no.getenv('X')",
        "from os import environ as e",
    ],
)
def test_a_reader_of_the_environment_is_found(source: str) -> None:
    """However it is written."""
    assert _touches_environment(ast.parse(source))


def test_a_servers_environ_is_no_environment() -> None:
    """A WSGI request has an `environ` of its own."""
    assert not _touches_environment(ast.parse("import os\nrequest.environ['X']; os.sep"))


def test_functions_only_parse_call_and_answer() -> None:
    """They import neither steps nor adapters nor settings, and are short."""
    imported = {
        (name, node.module)
        for name, tree in _sources("functions")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("provisioning")
    }
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name, _ in _sources("functions")}

    assert len(imported) > len(lengths)
    assert {(name, module) for name, module in imported if _NOT_FOR_FUNCTIONS.match(module)} == set()
    assert {name for name, length in lengths.items() if length > 45} == set()


def test_no_name_says_nothing() -> None:
    """No folder and no module is called after what it is not."""
    bad = {
        part
        for file in repository_files()
        for part in (*file.relative_to(ROOT).parts[:-1], file.stem)
        if re.split(r"[_.-]", part.lower())[-1] in _BANNED_NAMES
    }

    assert bad == set()


def test_no_file_names_a_registry() -> None:
    """Locks and pages work with any index: none says where packages come from."""
    found = {name for name in _hits(_REGISTRIES) if not name.endswith(_TERRAFORMS_LOCK)}

    assert found == set()


def test_no_file_names_a_path_of_a_machine() -> None:
    """What is committed is true on every machine."""
    assert {name: hits for name, hits in _hits(_MACHINE).items() if name not in _SDK_FOLDERS} == {}


def _hits(pattern: re.Pattern[str]) -> dict[str, list[str]]:
    found = {_name(file): pattern.findall(text_of(file) or "") for file in repository_files()}
    return {name: hits for name, hits in found.items() if hits}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        # Put together here, so that this file too holds none of it.
        (_REGISTRIES, "https://" + "pypi" + ".org/simple"),
        (_REGISTRIES, "--" + "index-url https://example.com"),
        (_REGISTRIES, "--" + "find-links folder"),
        (_REGISTRIES, '"resolved": "https://registry.npm' + 'js.org/x"'),
        (_REGISTRIES, "https://npm" + "mirror.com"),
        (_MACHINE, 'cd "/' + 'root/x"'),
        (_MACHINE, "in /" + "home/somebody/code"),
        (_MACHINE, "=/" + "work/main"),
    ],
)
def test_what_must_not_be_committed_is_recognised(pattern: re.Pattern[str], text: str) -> None:
    """The patterns find what they are for."""
    assert pattern.search(text)


@pytest.mark.parametrize(
    "text", ["/workspace/src", "https://example.com/home/x", "../work/x", "/dashboard/home/x"]
)
def test_what_may_be_committed_is_left_alone(text: str) -> None:
    """Addresses and Cloud Run's own folder are no paths of a machine."""
    assert not _MACHINE.search(text)


def test_every_target_is_made_whatever_files_there_are() -> None:
    """A folder of its name would otherwise be taken for what the target makes."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)

    assert sorted(phony.split()) == sorted(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
