"""The repository's files and pages, as these tests read them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]


@cache
def repository_files() -> tuple[Path, ...]:
    """Every file that is tracked, or would be by `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = sorted(set(filter(None, listed.stdout.decode().split("\0"))))
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def text_of(file: Path) -> str | None:
    """What it says; None where it holds no text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def pages() -> list[Path]:
    return [file for file in repository_files() if file.suffix == ".md"]


@dataclass(frozen=True)
class Fence:
    """A block of code in a page: `info` is what stands behind the three backticks."""

    info: str
    text: str


def fences(page: str) -> list[Fence]:
    return [
        Fence(t.info.strip(), t.content) for t in MarkdownIt("commonmark").parse(page) if t.type == "fence"
    ]


def headings(page: str) -> list[str]:
    tokens = _tokens(page)
    return [after.content for before, after in pairwise(tokens) if _opens(before)]


@cache
def anchors(page: str) -> set[str]:
    """The names under which GitHub links to the headings of a page."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings(page)}


def link_targets(page: str) -> Iterator[str]:
    """Where the page's links lead, and where its pictures come from."""
    for token in _tokens(page):
        for inner in token.children or []:
            target = inner.attrGet("href") or inner.attrGet("src")
            if target:
                yield str(target)


def section(page: str, heading: str) -> str:
    """A page's part under `heading`, up to the next one of its rank or higher."""
    rank = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{rank}}} |\Z)", page, re.DOTALL | re.MULTILINE)
    assert found, f"no heading {heading}"
    return found[1]


def table_cells(text: str, column: int = 0) -> list[str]:
    """The cells of one column of all tables in `text`, without the heads."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    body = [row for row in rows if not set(row) <= set("|- ")]
    heads = {rows[n - 1] for n, row in enumerate(rows) if set(row) <= set("|- ")}
    return [row.split("|")[column + 1].strip() for row in body if row not in heads]


def code_words(text: str) -> set[str]:
    """What stands between backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


def _tokens(page: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page)


def _opens(token: Token) -> bool:
    return token.type == "heading_open"
