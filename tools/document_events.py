"""Writes the table of events into docs/observability.md, from the functions of logs.py."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/observability.md"
SOURCE = ROOT / "src/provisioning/logs.py"
_TABLE = re.compile(r"(<!-- events -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Event:
    """A line that we log: its name, its severity, and the fields that it has of its own."""

    name: str
    severity: str
    fields: tuple[str, ...]
    meaning: str


def read_events() -> dict[str, Event]:
    """Every event of logs.py, by name. Raises `ValueError` where one is logged in another way than all others."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    found = [event for node in tree.body if isinstance(node, ast.FunctionDef) and (event := _event(node))]
    events = {event.name: event for event in found}
    logged = SOURCE.read_text(encoding="utf-8").count("_log().")
    if not len(events) == len(found) == logged:
        raise ValueError("each event of logs.py is one function with one call, and has a name of its own")
    return events


def _event(function: ast.FunctionDef) -> Event | None:
    call = function.body[-1].value if isinstance(function.body[-1], ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    if ast.unparse(call.func.value) != "_log()":
        return None
    (name,) = (argument.value for argument in call.args if isinstance(argument, ast.Constant))
    fields = tuple(keyword.arg for keyword in call.keywords if keyword.arg)
    meaning = " ".join((ast.get_docstring(function) or "").split())
    return Event(str(name), call.func.attr.upper(), fields, meaning)


def describe_events() -> str:
    """The table."""
    rows = [
        f"| `{event.name}` | {event.severity} | {', '.join(f'`{field}`' for field in event.fields)} | {event.meaning} |"
        for event in sorted(read_events().values(), key=lambda event: event.name)
    ]
    return "\n".join(["| event | severity | its fields | what it says |", "|---|---|---|---|", *rows])


def fill(page: str) -> str:
    """The page with the table as it must be."""
    return _TABLE.sub(lambda found: f"{found[1]}\n{describe_events()}\n\n{found[2]}", page)


def main() -> int:
    """Write the page."""
    PAGE.write_text(fill(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
