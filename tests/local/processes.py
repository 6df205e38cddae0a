"""Runs a piece of Python in a process of its own, as another server or command would be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def other_process(script: str, *arguments: str | Path) -> Generator[subprocess.Popen[str]]:
    """The running process, with lines to its stdin and from its stdout; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def read_line(process: subprocess.Popen[str]) -> str:
    """The next line that it prints, without its end."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the other process ended"
    return line.rstrip("\n")


def write_line(process: subprocess.Popen[str], text: str) -> None:
    """Give it one line to read."""
    assert process.stdin is not None
    process.stdin.write(text + "\n")
    process.stdin.flush()
