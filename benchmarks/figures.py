"""What the sections have in common: percentiles, the machine, and verdicts on the numbers we hold."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure against the bound that it has to hold."""

    what: str
    figure: float
    bound: float
    unit: str
    holds: bool
    sign: str


def at_most(what: str, figure: float, bound: float, unit: str = "") -> Verdict:
    return Verdict(what, figure, bound, unit, figure <= bound, "≤")


def at_least(what: str, figure: float, bound: float, unit: str = "") -> Verdict:
    return Verdict(what, figure, bound, unit, figure >= bound, "≥")


def exactly(what: str, figure: float, bound: float, unit: str = "") -> Verdict:
    return Verdict(what, figure, bound, unit, figure == bound, "=")


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: a value that was measured. `share` is between 0 and 1; `values` is not empty."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    rank = max(1, math.ceil(share * len(values)))
    return sorted(values)[rank - 1]


def describe_machine() -> str:
    """Cores, system, Python, and how busy the machine was before we began."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"{platform.python_implementation()} {platform.python_version()}, load before: {load}"
    )


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"
