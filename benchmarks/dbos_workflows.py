"""
dbos's side of `python -m benchmarks dbos`, run by an interpreter that has `dbos`: seven empty steps with one event each.

Prints one JSON line. Takes the folder for its SQLite file, how many workflows run at once, and how many one after the other.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
import time
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from dbos import DBOS

STEPS = 7


@DBOS.step()
def nothing() -> None:
    return


@DBOS.workflow()
def seven_steps() -> None:
    for n in range(STEPS):
        nothing()
        DBOS.set_event("progress", n)


def main(folder: Path, at_once: int, one_at_a_time: int) -> None:
    file = folder / "dbos.sqlite"
    # dbos leaves SQLite's journal as it finds it; with a write-ahead log it is faster, and as durable. SQLite's default is FULL.
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        (synchronous,) = database.execute("PRAGMA synchronous").fetchone()
    DBOS(config={"name": "benchmark", "system_database_url": f"sqlite:///{file}", "log_level": "ERROR"})
    logging.getLogger("dbos").setLevel(logging.ERROR)
    DBOS.launch()
    seven_steps()
    began = time.perf_counter()
    for _ in range(one_at_a_time):
        seven_steps()
    singles = time.perf_counter() - began
    began = time.perf_counter()
    for handle in [DBOS.start_workflow(seven_steps) for _ in range(at_once)]:
        handle.get_result()
    together = time.perf_counter() - began
    with closing(sqlite3.connect(file)) as database:
        (succeeded,) = database.execute(
            "SELECT count(*) FROM workflow_status WHERE status = 'SUCCESS'"
        ).fetchone()
        (journal,) = database.execute("PRAGMA journal_mode").fetchone()
    figures = {
        "version": version("dbos"),
        "journal": journal,
        "synchronous": synchronous,
        "succeeded": succeeded,
        "one_at_a_time": one_at_a_time / singles,
        "at_once": at_once / together,
    }
    print(json.dumps(figures), flush=True)
    DBOS.destroy()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
