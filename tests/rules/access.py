"""The table of docs/security-rules.md: who may do what with which document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "security-rules.md"
OPERATIONS = ("get", "list", "create", "update", "delete")
#: The columns of the table, in their order.
COLUMNS = ("admin", "support", "member", "else")


def read_table() -> dict[str, dict[str, frozenset[str]]]:
    """By a document's pattern and a column: the operations that are allowed."""
    text = PAGE.read_text(encoding="utf-8")
    table = text.partition("<!-- tests/rules reads this table -->")[2].partition("<!-- end -->")[0]
    return dict(_row(line) for line in table.strip().split("\n")[2:])


def _row(line: str) -> tuple[str, Mapping[str, frozenset[str]]]:
    pattern, *cells = (cell.strip() for cell in line.strip("|").split("|"))
    return pattern.strip("`"), dict(zip(COLUMNS, map(_operations, cells), strict=True))


def _operations(cell: str) -> frozenset[str]:
    found = frozenset() if cell == "–" else frozenset(cell.split(", "))
    assert found <= set(OPERATIONS), cell
    return found


TABLE = read_table()


def pattern_of(path: str) -> str:
    """The pattern that a document's path has."""
    (found,) = (pattern for pattern in TABLE if re.fullmatch(_expression(pattern), path))
    return found


def _expression(pattern: str) -> str:
    return re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(pattern))
