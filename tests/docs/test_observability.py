"""docs/observability.md says what is logged and counted: its tables are those of logs.py, and every line of the product is one of them."""

from __future__ import annotations

import re

import pytest
from tools import document_events

from provisioning.tracing import TRACEPARENT

from .pages import ROOT, code_words, repository_files, section, table_cells

TEXT = (ROOT / "docs/observability.md").read_text(encoding="utf-8")
EVENTS = document_events.read_events()
#: On the lines of an attempt, whatever their event is.
AROUND = {"provisioning", "step", "attempt", "epoch", "hop", "direction"}


def _metrics() -> list[tuple[str, str, str, str]]:
    text = section(TEXT, "## Metrics")
    return list(zip(*(table_cells(text, column) for column in range(4)), strict=True))


@pytest.mark.parametrize("metric", _metrics(), ids=lambda metric: metric[0])
def test_a_metric_can_be_derived(metric: tuple[str, str, str, str]) -> None:
    """Its event is logged, with the fields that it is counted by and taken from."""
    _, lines, value, by = metric
    event = re.match(r"`(\w+)`", lines)
    assert event
    fields = (
        code_words(value) | code_words(by) | (code_words(lines) & {"kind", "status", "direction", "retries"})
    )

    assert event[1] in EVENTS
    assert fields - set(EVENTS[event[1]].fields) <= AROUND & {"direction"}


def test_the_metrics_that_are_asked_for_are_there() -> None:
    """Success, durations, retries, and how long a merchant waits."""
    names = {name for name, *_ in _metrics()}

    assert {"activations that succeed", "duration of a step", "automatic retries", "time to live"} <= names


def test_every_event_that_is_logged_is_one_of_the_table() -> None:
    """Nobody writes a line past logs.py."""
    calls = re.compile(
        r"(?<![.\w])print\(|\bimport structlog|\blogging\.(?:debug|info|warning|error|critical|exception|log)\("
    )
    sources = [
        file
        for file in repository_files()
        if file.suffix == ".py" and {"src", "functions"} & {file.relative_to(ROOT).parts[0]}
    ]
    assert len(sources) > 100
    found = {
        str(file.relative_to(ROOT))
        for file in sources
        if file.name != "logs.py" and calls.search(file.read_text(encoding="utf-8"))
    }

    assert found - PRINTS == set()
    assert {function for function in _called() if function not in _defined()} == set()


#: They print what was asked for, for a person or a file, and are no part of a deployed function.
PRINTS = {"src/provisioning/settings.py", "src/provisioning/api/reference.py"}


def _called() -> set[str]:
    texts = [f.read_text(encoding="utf-8") for f in repository_files() if f.suffix == ".py"]
    return {name for text in texts for name in re.findall(r"(?<![\w.])logs\.(\w+)\(", text)}


def _defined() -> set[str]:
    return set(re.findall(r"^def (\w+)\(", document_events.SOURCE.read_text(encoding="utf-8"), re.MULTILINE))


def test_what_an_event_is_about_comes_first() -> None:
    """Whatever happens to a provisioning or a step names it."""
    about = {
        name: event.fields for name, event in EVENTS.items() if name.startswith(("step_", "provisioning_"))
    }

    assert len(about) >= 8
    for name, fields in about.items():
        assert "provisioning" in fields, name
        assert "step" in fields or not name.startswith("step_"), name


def test_the_fields_of_a_line_are_explained() -> None:
    """All that logs.py adds to lines by itself."""
    explained = code_words(section(TEXT, "## A line"))

    assert {*AROUND, "trace", "span", "parent", "request_trace", "event", "severity", "time"} <= explained
    assert TRACEPARENT in code_words(section(TEXT, "## One activation, one trace"))
