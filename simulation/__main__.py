"""
`python -m simulation --seeds 10000` runs seeds and sums up; `--seed N --trace` replays one step by step.

With `--sums FILE` it goes on where the file ends, on all cores, and adds to it.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from simulation.platform import assembled
from simulation.running import Sums, replay_command, run_seed, run_seeds

#: Seeds that one process runs before it reports.
PORTION = 500


def main() -> int:
    """0 where nothing was violated."""
    asked = _parse()
    if asked.seed is not None:
        return _replay(asked.seed, asked.trace)
    sums = _read(asked.sums)
    return _run_many(asked.seeds, asked.begin, sums, asked.sums, asked.jobs)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="run this one seed")
    parser.add_argument("--trace", action="store_true", help="with --seed: tell every step")
    parser.add_argument("--seeds", type=int, default=1000, help="run until so many seeds are summed up")
    parser.add_argument(
        "--begin", type=int, default=0, help="the first seed, where no file of sums says otherwise"
    )
    parser.add_argument("--sums", type=Path, help="go on from this file of sums, and add to it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    return parser.parse_args()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _replay(seed: int, trace: bool) -> int:
    with assembled(log_level="DEBUG" if trace else "CRITICAL") as functions:
        seen = run_seed(functions, seed, trace=_say if trace else None)
    _say(f"seed {seed} ({seen.scenario}): {', '.join(seen.statuses)}; faults {dict(seen.fired)}")
    for violation in seen.violations:
        _say(f"  VIOLATED  {violation}")
    return 1 if seen.violations else 0


def _read(file: Path | None) -> Sums:
    return Sums.from_json(file.read_text()) if file and file.exists() else Sums()


def _write(file: Path | None, sums: Sums) -> None:
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_text(sums.to_json())
    unfinished.replace(file)


def _portion(first: int, last: int) -> Sums:
    with assembled() as functions:
        # What is loaded by now stays: the collector need not look through it again and again.
        gc.freeze()
        return run_seeds(functions, range(first, last))


def _run_many(seeds: int, begin: int, sums: Sums, file: Path | None, jobs: int) -> int:
    began, already = time.perf_counter(), sums.seeds
    with ProcessPoolExecutor(jobs) as pool:
        for round_ in _rounds(begin + already, begin + seeds, jobs):
            # A round at a time: what the file has summed up is then always the seeds from the first on.
            for done in as_completed([pool.submit(_portion, *portion) for portion in round_]):
                sums.merge(done.result())
            _write(file, sums)
            _say(f"{sums.seeds:>9} seeds, {sums.failed} with violations")
    _report(sums, time.perf_counter() - began, sums.seeds - already, jobs)
    return 1 if sums.failed or sums.never_fired() else 0


def _rounds(first: int, last: int, jobs: int) -> Iterator[list[tuple[int, int]]]:
    step = PORTION * jobs
    for start in range(first, last, step):
        end = min(last, start + step)
        yield [(at, min(end, at + PORTION)) for at in range(start, end, PORTION)]


def _report(sums: Sums, seconds: float, ran: int, jobs: int) -> None:
    if ran:
        _say(
            f"{ran} seeds in {seconds:.0f} s on {jobs} processes, {1000 * sums.seconds / sums.seeds:.1f} ms of processor time a seed"
        )
    _say(f"{sums.calls} calls through ports, {sums.deliveries} deliveries")
    _say(f"{sums.claims} claims of a step, {sums.gone_on} of them by an invocation that went on with it")
    for title, counter in (("story", sums.scenarios), ("end", sums.statuses), ("fault", sums.fired)):
        for name, times in sorted(counter.items(), key=lambda item: -item[1]):
            _say(f"  {title:<6} {times:>9}  {name}")
    for name, times in sums.windows.items():
        _say(f"  window {times:>9}  {name}")
    for fault in sums.never_fired():
        _say(f"  NEVER FIRED  {fault}")
    for seed, violations in sums.failures.items():
        _say(f"  VIOLATED by seed {seed}: {violations[0]}\n      {replay_command(seed)}")


if __name__ == "__main__":
    sys.exit(main())
