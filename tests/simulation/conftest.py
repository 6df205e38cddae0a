from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from random import Random
from typing import Any

import pytest
from simulation.faults import Weather
from simulation.platform import Functions, assembled
from simulation.scenarios import AWESOME, Order, Scenario
from simulation.world import World


@pytest.fixture(scope="module")
def functions() -> Generator[Functions]:
    with assembled() as functions:
        yield functions


@pytest.fixture
def story(functions: Functions) -> Generator[Callable[..., World]]:
    """Runs one scenario with the faults that are written down: the n-th call of a name meets this one."""
    worlds: list[World] = []

    def run(
        *orders: Order, script: Mapping[tuple[str, int], str] | None = None, seed: int = 1, **more: Any
    ) -> World:
        rng = Random(seed)
        orders = orders or (AWESOME,)
        scenario = Scenario("told", orders, tuple(0.0 for _ in orders), **more)
        weather = Weather(rng, calm_at=3600.0 if script else 0.0, script=script or {})
        world = World(functions, scenario, weather, rng)
        worlds.append(world)
        world.run()
        assert world.quiet
        return world

    yield run
    for world in worlds:
        world.end()
