"""Packages that mean harm, or make no sense: the checker answers, soon, and lets none of them pass."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.themes.checking.checker import check_theme
from provisioning.themes.checking.folders import check_package
from provisioning.themes.packages import read_package_files
from provisioning.themes.sandbox import compile_all
from tests.themes.test_sandbox import HOSTILE_SYNTAX

from .harbour import FILES, INDEX, MANIFEST, SCHEMA, Change, check, harbour, lay_out, parents

SCHEMA_FILE = "config/settings_schema.json"
NEWS = "sections/news.html"
SECONDS = 15.0
"""Of computing; far more than is needed."""

NONSENSE: list[Any] = [
    None,
    7,
    "x",
    [],
    {},
    [[]],
    [{}],
    {"": {}},
    {"x": None},
    [None],
    {"settings": None},
    True,
]


@pytest.mark.parametrize("source", HOSTILE_SYNTAX)
def test_no_hostile_template_passes(source: str) -> None:
    """What the sandbox refuses to compile is an error at the template's line, for the whole theme."""
    findings = check({NEWS: f"<p></p>\n{source}"}, imported=True)

    assert any(finding.blocks and finding.file == NEWS for finding in findings)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".json")])
@pytest.mark.parametrize("value", NONSENSE, ids=map(json.dumps, NONSENSE))
def test_json_that_makes_no_sense_is_told(name: str, value: Any) -> None:
    """Never an exception; an error, or a package that can be read."""
    changes: dict[str, Change] = {name: json.dumps(value)}
    findings = check(changes)

    if not any(finding.blocks for finding in findings):
        _read(harbour(changes))


@pytest.mark.parametrize(
    "changes",
    [
        {SCHEMA_FILE: [{"name": "x", "settings": ["id"]}]},
        {SCHEMA_FILE: [{"name": "x", "settings": [{"id": []}]}]},
        {SCHEMA_FILE: [{"name": "x", "settings": 7}]},
        {"theme.json": MANIFEST | {"extends": {"slug": "../upfront-base", "version": "1.0.0"}}},
        {"theme.json": MANIFEST | {"slug": {}}},
        {"theme.json": MANIFEST | {"engine": ">=" + "9" * 5}},
        {"sections/news.schema.json": SCHEMA | {"settings": [{"type": "text", "id": "x", "label": "x", "visible_if": "(" * 200}]}},
        {"templates/index.json": INDEX | {"sections": {"news": {"type": "news", "settings": {"heading": "x" * 100_000}}}}},
        {"locales/de.json": '{"a":' * 500 + "1" + "}" * 500},
        {"locales/de.json": '{"a":' * 30 + '"x"' + "}" * 30},
        {"assets/sign.svg": '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">]><svg>&a;</svg>'},
        {"assets/theme.css": "a{}\n@import url(javascript:go());"},
        {"assets/\u202ecod.png": "x"},
        {"snippets/../../../etc/passwd.html": "x"},
    ],
)  # fmt: skip
def test_what_means_harm_is_refused(changes: Mapping[str, Change]) -> None:
    assert any(finding.blocks for finding in check(changes, imported=True))


@pytest.mark.parametrize(
    "source",
    [
        "<" * 250_000,
        "<a " + " " * 250_000,
        "<a '\"" * 50_000,
        "{{" * 125_000,
        "{% raw %}" * 25_000,
        "{{ a }}" * 35_000,
        "<p id='a'></p>" * 17_000,
        "<img>" * 50_000,
        "{% if a %}" * 20_000,
        "{# " * 80_000,
        "{{ " + "a." * 100_000 + "a }}",
        "{{ " + "(" * 100_000,
        "{{ " + "a ~ " * 60_000 + "a }}",
    ],
    ids=lambda source: source[:8],
)
@pytest.mark.slow
def test_no_template_takes_long(source: str) -> None:
    """Whatever is repeated in a file as large as may be."""
    begun = time.process_time()
    check({NEWS: source}, imported=True)

    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("assets/theme.css", "a{" * 500_000),
        ("assets/theme.css", "/*" * 500_000),
        ("assets/theme.css", ".a:focus{outline:none}" * 20_000),
        ("assets/theme.css", "url(" * 400_000),
        ("assets/news.js", "import './news.js';" * 20_000),
        ("assets/news.js", "/*" * 400_000),
        ("assets/sign.svg", "<set " * 400_000),
        ("templates/index.json", '{"sections":{},"order":[' + '"a",' * 100_000 + '"a"]}'),
        ("locales/de.json", '{"' + '":"","'.join(f"k{n}" for n in range(90_000)) + '":""}'),
        ("locales/de.json", '{"a":"' + "{" * 500_000 + '"}'),
    ],
)
@pytest.mark.slow
def test_no_other_file_takes_long(name: str, body: str) -> None:
    begun = time.process_time()
    check({name: body}, imported=True)

    assert time.process_time() - begun < SECONDS


def test_includes_that_fan_out_end() -> None:
    """Each of twenty snippets includes the next ones ten times, each time with other names."""
    changes: dict[str, Change] = {
        f"snippets/s{n}.html": "".join(
            f'{{% with a{k} = shop.name %}}{{% include "snippets/s{n + 1}.html" %}}{{% endwith %}}\n'
            for k in range(10)
        )
        for n in range(20)
    }
    changes |= {"snippets/s20.html": "x", NEWS: '{% include "snippets/s0.html" %}'}
    begun = time.process_time()
    check(changes, imported=True)

    assert time.process_time() - begun < SECONDS


def test_links_and_what_lies_behind_them_are_not_read(tmp_path: Path) -> None:
    """A symbolic link is told, and nothing of where it leads."""
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret")
    package = lay_out(tmp_path / "harbour")
    (package / "snippets").mkdir()
    (package / "snippets/leak.html").symlink_to(secret)
    (package / "preview/desktop.webp").unlink()
    (package / "preview/desktop.webp").symlink_to(secret)
    findings = check_package(package)

    assert ("ST04", "snippets/leak.html") in {(finding.code, finding.file) for finding in findings}
    assert "a secret" not in repr(findings)


def test_what_is_told_cannot_steer_a_terminal() -> None:
    """Escapes and marks that turn the direction of writing come out as spaces."""
    findings = check({"assets/\x1b[2J\u202e.css": "x", "templates/index.json": '{"\\u001b[31m": 1}'})

    assert findings
    assert all(text.isprintable() for f in findings for text in (f.file, f.message, f.fix))


_WORDS = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{",
    "}",
    "[",
    "]",
    '"',
    "<",
    ">",
    "\x00",
    "é",
    "null",
    "-1",
    "1e999",
    "t:",
    "../",
    ",",
]
_EDITS = st.lists(
    st.tuples(
        st.sampled_from(sorted(FILES)),
        st.floats(0, 1),
        st.integers(0, 12),
        st.sampled_from(_WORDS) | st.text(max_size=4),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@given(_EDITS)
@settings(max_examples=60, deadline=None)
def test_a_damaged_package_is_refused_or_sound(edits: list[tuple[str, float, int, str]]) -> None:
    """Wherever bytes are lost and others put in: never an exception, and what has no error can be read and compiled."""
    files = harbour()
    for name, where, lost, put in edits:
        body = files[name]
        at = int(where * len(body))
        files[name] = body[:at] + put.encode("utf-8", "replace") + body[at + lost :]
    findings = check_theme(files, parents(), imported=True)

    if not any(finding.blocks for finding in findings):
        _read(files)


def _read(files: Mapping[str, bytes]) -> None:
    compile_all(read_package_files(_playing(files), "theme", lambda slug, _: parents().get(slug)))


def _playing(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that play a part in rendering."""
    return {name: body for name, body in files.items() if not name.startswith("preview/")}
