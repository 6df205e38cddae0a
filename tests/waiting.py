"""Waiting for what nothing announces to a test."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(
    holds: Callable[[], bool],
    otherwise: Callable[[], str] | str = "it did not come about",
    seconds: float = 60,
) -> None:
    """Look again and again; what is the matter `otherwise`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise if isinstance(otherwise, str) else otherwise()
        time.sleep(0.01)
