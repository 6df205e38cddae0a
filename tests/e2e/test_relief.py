"""Many merchants at once on the embedded runtime: a second process helps, and whoever is killed meanwhile, every store goes live once."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from provisioning.local.relief import HOLDER
from provisioning.ports import Query, document_path
from provisioning.workflow.records import Status
from tests.waiting import until

from .conftest import Served, free_port, start, stop
from .test_activation import request_activation

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="on one core there is no second process"),
    pytest.mark.skipif(
        not Path("/proc/self").exists(), reason="only /proc tells of processes that are not ours"
    ),
]
MERCHANTS = 30


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Served]]:
    """Starts the runtime in this folder; also again."""
    started: list[Served] = []

    def begin() -> Served:
        port, data, variables = free_port(), tmp_path / "data", tmp_path / "out.env"
        command = [sys.executable, "-m", "provisioning", "up", "--port", str(port), "--data", str(data)]
        started.append(start([*command, "--write-env", str(variables)], port, data, variables, monkeypatch))
        return started[-1]

    yield begin
    for served in started:
        served.process.kill()
        served.process.wait()
        served.process.stdout.close()


def crowd(served: Served) -> list[str]:
    return [request_activation(served, f"crowd-{n}") for n in range(MERCHANTS)]


def is_at_work(served: Served) -> bool:
    """Whether the second process has a delivery."""
    with closing(sqlite3.connect(served.data / "documents.db")) as queue:
        return queue.execute("SELECT 1 FROM deliveries WHERE leased = ?", (HOLDER,)).fetchone() is not None


def told(served: Served, event: str, what: str = "process") -> list[int]:
    """What the log says with this event: of which processes, or how they ended."""
    lines = (served.data / "logs" / "functions.log").read_text().splitlines()
    found = (json.loads(line) for line in lines if f'"{event}"' in line)
    return [line[what] for line in found if line["event"] == event]


def is_there(process: int) -> bool:
    """Whether it runs; one that has ended and that nobody has asked for yet does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def assert_all_live_once(served: Served, ids: list[str]) -> None:
    """COMPLETED, each with one store and one mail, and each step recorded in its turn."""
    records = [served.documents.get(document_path("provisionings", id)).data for id in ids]
    assert Counter(record["status"] for record in records) == {Status.COMPLETED: len(ids)}
    assert {record["engine"]["hop"] for record in records} == {7}
    assert len(served.documents.query(Query("stores"))) == len(ids)
    assert len(list((served.data / "mail").glob("*.eml"))) == len(ids)


def wait_for_all(served: Served, ids: list[str]) -> None:
    paths = [document_path("provisionings", id) for id in ids]

    def over() -> bool:
        found = [one.data or {} for one in served.documents.get_all(paths)]
        return all(data.get("status") in ("COMPLETED", "FAILED") for data in found)

    until(over, "they do not end", 90)


def test_a_crowd_is_carried_by_two(runtime: Callable[[], Served]) -> None:
    """A second process comes when the first one has had all it can hold for a while, and ends with it in good order."""
    served = runtime()
    ids = crowd(served)
    until(lambda: is_at_work(served), "nobody came to help")
    wait_for_all(served, ids)
    assert_all_live_once(served, ids)
    (helping,) = told(served, "relief_started")
    assert is_there(helping)

    assert stop(served) == 0
    assert not is_there(helping)
    assert told(served, "relief_ended", "code") == [0]


def test_one_merchant_is_carried_by_one(runtime: Callable[[], Served]) -> None:
    """Nobody is started for what is done sooner than a process is there."""
    served = runtime()
    ids = [request_activation(served, "alone")]
    wait_for_all(served, ids)
    assert_all_live_once(served, ids)
    assert told(served, "relief_started") == []


def test_the_second_process_is_killed(runtime: Callable[[], Served]) -> None:
    """What it held is free at once; a step that it was at goes on when the lease is over."""
    served = runtime()
    ids = crowd(served)
    until(lambda: is_at_work(served), "nobody came to help")
    os.kill(told(served, "relief_started")[0], signal.SIGKILL)
    until(lambda: bool(told(served, "relief_ended")), "nobody noticed")
    wait_for_all(served, ids)
    assert_all_live_once(served, ids)


def test_the_first_process_is_killed(runtime: Callable[[], Served]) -> None:
    """The second one ends with it, and who starts the runtime again at once has the folder alone."""
    served = runtime()
    ids = crowd(served)
    until(lambda: is_at_work(served), "nobody came to help")
    (helping,) = told(served, "relief_started")
    served.process.kill()
    served.process.wait()

    again = runtime()
    assert not is_there(helping)
    wait_for_all(again, ids)
    assert_all_live_once(again, ids)


def test_the_runtime_is_stopped_in_the_middle(runtime: Callable[[], Served]) -> None:
    """Both finish what is under way; the rest waits for the next start."""
    served = runtime()
    ids = crowd(served)
    until(lambda: is_at_work(served), "nobody came to help")
    assert stop(served) == 0
    assert not is_there(told(served, "relief_started")[0])
    assert told(served, "relief_ended", "code") == [0]
    found = served.documents.get_all([document_path("provisionings", id) for id in ids])
    assert not [one.id for one in found if (one.data or {}).get("engine", {}).get("owner")]

    again = runtime()
    wait_for_all(again, ids)
    assert_all_live_once(again, ids)
