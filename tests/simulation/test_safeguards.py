"""Every safeguard matters: without it the simulation finds something, or everything only comes later."""

from __future__ import annotations

from collections.abc import Generator
from statistics import mean

import pytest
from simulation.faults import provoking
from simulation.platform import assembled
from simulation.running import Seen, run_seed, run_seeds
from simulation.safeguards import FOR_LATENCY, NEEDED, removed

MOST_SEEDS = 600


@pytest.fixture(scope="module", autouse=True)
def oracle() -> Generator[None]:
    """What is expected is known before anything is taken away."""
    with assembled() as functions:
        assert not run_seeds(functions, range(100)).failed
    yield


@pytest.mark.timeout(300)
@pytest.mark.parametrize("safeguard", NEEDED)
def test_without_it_something_goes_wrong(safeguard: str) -> None:
    """Within so many seeds; with it none of them shows anything."""
    weather = provoking(*NEEDED[safeguard])
    with removed(safeguard) as (functions, sweeps):
        red = next(
            (
                seed
                for seed in range(MOST_SEEDS)
                if run_seed(functions, seed, sweeps=sweeps, weather_of=weather).violations
            ),
            None,
        )
    assert red is not None, f"{MOST_SEEDS} seeds without the {safeguard} showed nothing"

    with assembled() as functions:
        assert run_seed(functions, red, weather_of=weather).violations == ()


def _run(safeguard: str | None, kinds: tuple[str, ...]) -> list[Seen]:
    weather = provoking(*kinds)
    if safeguard is None:
        with assembled() as functions:
            return [run_seed(functions, seed, weather_of=weather) for seed in range(100)]
    with removed(safeguard) as (functions, sweeps):
        return [run_seed(functions, seed, sweeps=sweeps, weather_of=weather) for seed in range(100)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("safeguard", FOR_LATENCY)
def test_without_it_all_comes_right_all_the_same(safeguard: str) -> None:
    """Nothing is lost or doubled; `simulation/README.md` says what it is for."""
    assert [seen.violations for seen in _run(safeguard, FOR_LATENCY[safeguard]) if seen.violations] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("safeguard", ["own-token re-read", "republish"])
def test_without_it_all_takes_longer(safeguard: str) -> None:
    """By a tenth at least, in weather that asks for it."""
    kinds = FOR_LATENCY[safeguard]
    with_it, without = _run(None, kinds), _run(safeguard, kinds)

    assert mean(seen.finished_at for seen in without) > 1.1 * mean(seen.finished_at for seen in with_it)
