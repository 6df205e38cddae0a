"""Runs seeds and sums up what they showed."""

from __future__ import annotations

import gc
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from simulation.faults import ALL_FAULTS, Weather, draw_weather
from simulation.invariants import Verdict
from simulation.platform import Functions
from simulation.scenarios import draw_scenario
from simulation.world import World


@dataclass(frozen=True, slots=True)
class Seen:
    """What one seed showed."""

    seed: int
    scenario: str
    violations: tuple[str, ...]
    fired: Counter[str]
    windows: Counter[str]
    statuses: tuple[str, ...]
    deliveries: int
    calls: int
    #: Claims of steps, and how many of them were made by an invocation that went on with the next step.
    claims: int
    gone_on: int
    #: Virtual seconds until the last provisioning was over.
    finished_at: float


def run_seed(
    functions: Functions,
    seed: int,
    *,
    sweeps: bool = True,
    trace: Callable[[str], None] | None = None,
    weather_of: Callable[[random.Random, int], Weather] = draw_weather,
) -> Seen:
    """Run one seed; everything that is not determined comes from it."""
    rng = random.Random(seed)  # noqa: S311 - a simulation must be repeatable
    scenario = draw_scenario(rng)
    weather = weather_of(rng, len(scenario.orders))
    world = World(functions, scenario, weather, rng, sweeps=sweeps, trace=trace)
    if trace:
        trace(f"seed {seed}: {scenario}\n{weather}")
    try:
        world.run()
        verdict = Verdict(world, functions)
        verdict.check()
        finished_at = world.latency.finished_at
        if world.quiet and scenario.advice_is_followed:
            world.follow_advice()
            after = Verdict(world, functions)
            after.check()
            after.check_advice()
            after.check_links()
            verdict.violations += [
                f"after the advice: {v}" for v in after.violations if v not in verdict.violations
            ]
    finally:
        statuses = tuple(
            str((world.documents.peek(f"provisionings/{order.id}") or {}).get("status"))
            for order in scenario.orders
        )
        world.end()
    return Seen(
        seed,
        scenario.name,
        tuple(verdict.violations),
        weather.fired,
        verdict.windows,
        statuses,
        world.latency.deliveries,
        world.scheduler.calls,
        world.history.claims,
        world.history.gone_on,
        finished_at,
    )


@dataclass(slots=True)
class Sums:
    """What many seeds showed; can be kept as JSON and added to."""

    seeds: int = 0
    #: Of processor time.
    seconds: float = 0.0
    deliveries: int = 0
    calls: int = 0
    claims: int = 0
    gone_on: int = 0
    fired: Counter[str] = field(default_factory=Counter[str])
    windows: Counter[str] = field(default_factory=Counter[str])
    scenarios: Counter[str] = field(default_factory=Counter[str])
    statuses: Counter[str] = field(default_factory=Counter[str])
    #: At most 20 seeds with violations, and what they violated.
    failures: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    failed: int = 0

    def add(self, seen: Seen) -> None:
        self.seeds += 1
        self.deliveries += seen.deliveries
        self.calls += seen.calls
        self.claims += seen.claims
        self.gone_on += seen.gone_on
        self.fired.update(seen.fired)
        self.windows.update(seen.windows)
        self.scenarios[seen.scenario] += 1
        self.statuses.update(seen.statuses)
        if seen.violations:
            self.failed += 1
            if len(self.failures) < 20:
                self.failures[seen.seed] = list(seen.violations)

    def merge(self, other: Sums) -> None:
        self.seeds += other.seeds
        self.seconds += other.seconds
        self.deliveries += other.deliveries
        self.calls += other.calls
        self.claims += other.claims
        self.gone_on += other.gone_on
        self.failed += other.failed
        for name in ("fired", "windows", "scenarios", "statuses"):
            getattr(self, name).update(getattr(other, name))
        for seed, violations in other.failures.items():
            if len(self.failures) < 20:
                self.failures[seed] = violations

    def never_fired(self) -> list[str]:
        """Faults that no seed has met."""
        return [fault for fault in ALL_FAULTS if not self.fired[fault]]

    def to_json(self) -> str:
        names = self.__slots__
        return json.dumps({name: getattr(self, name) for name in names}, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Sums:
        data: dict[str, Any] = json.loads(text)
        for name in ("fired", "windows", "scenarios", "statuses"):
            data[name] = Counter(data[name])
        data["failures"] = {int(seed): violations for seed, violations in data["failures"].items()}
        return cls(**data)


#: Garbage is collected after so many seeds: the collector's own rhythm costs a third of the time. What is left then is what is remembered
#: for all seeds, and not looked at again.
_COLLECTED_EVERY = 50


def run_seeds(functions: Functions, seeds: Iterable[int], **how: Any) -> Sums:
    """Run many seeds, one after the other."""
    sums = Sums()
    began = time.process_time()
    with _collecting_seldom() as collect:
        for seed in seeds:
            sums.add(run_seed(functions, seed, **how))
            if sums.seeds % _COLLECTED_EVERY == 0:
                collect()
    sums.seconds = time.process_time() - began
    return sums


@contextmanager
def _collecting_seldom() -> Generator[Callable[[], None]]:
    was_on = gc.isenabled()
    gc.disable()

    def collect() -> None:
        gc.collect()
        gc.freeze()

    try:
        yield collect
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


def replay_command(seed: int) -> str:
    """How a person replays a seed step by step."""
    return f"python -m simulation --seed {seed} --trace"
