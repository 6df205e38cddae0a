"""Starts the same call in many threads at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def race(call: Callable[[int], Result], runners: int = 8) -> list[Result]:
    """The results of `call(0)` to `call(runners - 1)`, all of which began together."""
    barrier = threading.Barrier(runners)

    def run(number: int) -> Result:
        barrier.wait(timeout=30)
        return call(number)

    with ThreadPoolExecutor(runners) as pool:
        return list(pool.map(run, range(runners)))
