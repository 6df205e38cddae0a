"""The soak, short: `make soak` runs it for ten minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.soak import LAST_SECONDS, show, soak
from rich.console import Console


@pytest.mark.slow
@pytest.mark.emulators
@pytest.mark.timeout(400)
def test_twenty_seconds_of_activations_and_kills(tmp_path: Path) -> None:
    """Processes were killed, and all the same every activation is COMPLETED, once, within two minutes."""
    soaked = soak(seconds=20, every=2, seed=7, data=tmp_path / "data")
    show(Console(width=120), soaked)

    assert soaked.killed.total() >= 3
    assert soaked.violations == []
    assert {str(record.status) for record in soaked.records.values()} == {"COMPLETED"}
    assert len(soaked.records) == len(soaked.submitted) >= 8
    assert soaked.rest < LAST_SECONDS
