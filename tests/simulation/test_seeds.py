"""Seeds: whatever goes wrong, nothing is lost, nothing doubled, nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from simulation.platform import Functions
from simulation.running import Sums, replay_command, run_seeds

ROOT = Path(__file__).parents[2]


def assert_all_held(sums: Sums) -> None:
    told = [f"{replay_command(seed)}\n    {violations}" for seed, violations in sums.failures.items()]
    assert not sums.failed, "\n".join(told)


@pytest.mark.timeout(300)
def test_a_thousand_seeds(functions: Functions) -> None:
    """No violation; every kind of fault and of story has come about, and steps that were claimed by a message and without one."""
    sums = run_seeds(functions, range(1000))

    assert_all_held(sums)
    assert sums.seeds == 1000
    assert sums.never_fired() == []
    assert {"COMPLETED", "FAILED", "ROLLED_BACK"} <= set(sums.statuses)
    assert len(sums.scenarios) == 11
    assert 0 < sums.gone_on < sums.claims


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("first", range(1_000, 11_000, 2_000))
def test_ten_thousand_seeds(functions: Functions, first: int) -> None:
    """The same, ten times as much."""
    sums = run_seeds(functions, range(first, first + 2_000))

    assert_all_held(sums)
    assert sums.never_fired() == []


@pytest.mark.parametrize("seed", [7, 23])
def test_a_seed_replays_step_by_step(seed: int) -> None:
    """Two processes with different hashes tell the same story, to the microsecond."""
    command = [sys.executable, "-m", "simulation", "--seed", str(seed), "--trace"]
    told = [
        subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    first, second = ([line for line in text.splitlines() if not line.startswith("{")] for text in told)

    assert first == second
    assert len(first) > 50


def test_sums_are_kept_and_added_to(functions: Functions) -> None:
    """What was summed up before counts when more seeds are run."""
    sums = run_seeds(functions, range(3))
    kept = Sums.from_json(sums.to_json())
    kept.merge(run_seeds(functions, range(3, 5)))

    assert kept.seeds == 5
    assert kept.scenarios.total() == 5
    assert kept.fired.total() >= sums.fired.total()
