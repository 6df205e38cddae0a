"""The embedded runtime's second process, as the first one starts and ends it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from provisioning.local import relief as module
from provisioning.local.folder import lock_folder
from provisioning.local.messages import SqliteMessages
from provisioning.local.relief import HOLDER, Relief, ReliefProgram
from tests.local.processes import other_process, read_line, write_line
from tests.waiting import until

#: Stands for the process: says what it was told, and that its work goes on for a while then.
_TAKES_ITS_TIME = (
    "import sys, time; said = sys.stdin.readline(); time.sleep(0.3); print('told', said, flush=True)"
)
_FAILS = "raise SystemExit(3)"
_STAYS = "import time; time.sleep(60)"


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[SqliteMessages]:
    with closing(SqliteMessages(tmp_path / "documents.db")) as queue:
        yield queue


@pytest.fixture
def relieved(queue: SqliteMessages, tmp_path: Path) -> Iterator[Callable[[str], Relief]]:
    """The starter of a process that runs this script."""
    started: list[Relief] = []
    with lock_folder(tmp_path) as lock:

        def make(script: str) -> Relief:
            program = ReliefProgram((sys.executable, "-c", script), {})
            started.append(Relief(program, queue, tmp_path / "log", lock.fileno()))
            return started[-1]

        yield make
        for each in started:
            if each._process is not None:
                each._process.kill()
            each.wait()


def test_it_is_told_to_stop_and_waited_for(relieved: Callable[[str], Relief], tmp_path: Path) -> None:
    """It finishes what it is at, and no other is started after that."""
    relief = relieved(_TAKES_ITS_TIME)
    relief.call()
    relief.tell_to_stop()
    relief.wait()
    relief.call()

    assert (tmp_path / "log").read_text().split() == ["told", "stop"]
    assert relief._process is None


def test_it_is_started_once(relieved: Callable[[str], Relief]) -> None:
    """However often it is called while it is there."""
    relief = relieved(_STAYS)
    relief.call()
    first = relief._process
    relief.call()

    assert relief._process is first is not None


def test_one_that_fails_is_not_started_again_at_once(
    relieved: Callable[[str], Relief], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Starting takes as long as a merchant's activation: the next attempt is later."""
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.5)
    relief = relieved(_FAILS)
    relief.call()
    until(lambda: relief._process is None, seconds=20)
    relief.call()
    assert relief._process is None
    time.sleep(0.5)
    relief.call()

    assert relief._process is not None


def test_one_that_does_not_end_is_ended(
    relieved: Callable[[str], Relief], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runtime's own end never hangs on it."""
    monkeypatch.setattr(module, "GRACE", 0.2)
    relief = relieved(_STAYS)
    relief.call()
    relief.tell_to_stop()
    began = time.monotonic()
    relief.wait()

    assert relief._process is None
    assert time.monotonic() - began < 10


def test_a_machine_that_cannot_start_it_goes_on_alone(queue: SqliteMessages, tmp_path: Path) -> None:
    """Nothing is raised into what the first process does, and it is tried again later."""
    with lock_folder(tmp_path) as lock:
        program = ReliefProgram((tmp_path / "no-such-program",), {})
        relief = Relief(program, queue, tmp_path / "log", lock.fileno())
        relief.call()
        relief.call()
        relief.tell_to_stop()
        relief.wait()

    assert relief._process is None


_LISTENS = """
import time
from provisioning.local.relief import listen

told = listen()
print("listens")
told.wait()
print("finishes what is under way")
time.sleep(60)
"""


@pytest.mark.parametrize("told_to_stop", [False, True])
def test_it_ends_with_the_first_process(told_to_stop: bool) -> None:
    """At once, also while it finishes what is under way: nothing is written to the pipe, it is closed."""
    with other_process(_LISTENS) as process:
        assert read_line(process) == "listens"
        if told_to_stop:
            write_line(process, "stop")
            assert read_line(process) == "finishes what is under way"
        assert process.stdin is not None
        process.stdin.close()

        assert process.wait(20) == 1


_SERVES = """
import sys
from pathlib import Path
from provisioning.local import relief
from provisioning.local.messages import SqliteMessages

relief.IDLE_SECONDS = float(sys.argv[2])
told = relief.listen()
print("serves")
relief.serve(SqliteMessages(Path(sys.argv[1])), lambda delivery: print(delivery.data.decode()) or True, 30, told)
print("ends")
"""


@pytest.mark.parametrize("is_told", [True, False])
def test_it_ends_in_good_order(is_told: bool, queue: SqliteMessages, tmp_path: Path) -> None:
    """When it is told to, and when nothing has come for a while: it has delivered what was there, and holds nothing."""
    queue.publish("steps", b"a message")
    with other_process(_SERVES, tmp_path / "documents.db", "60" if is_told else "0.5") as process:
        assert [read_line(process), read_line(process)] == ["serves", "a message"]
        if is_told:
            write_line(process, "stop")
        assert read_line(process) == "ends"

        assert process.wait(20) == 0
    queue.release_all()
    assert queue.lease(1, 60) == []


def test_what_it_held_is_free_when_it_is_gone(
    relieved: Callable[[str], Relief], queue: SqliteMessages
) -> None:
    """At once, and not when the lease is over."""
    queue.publish("steps", b"{}")
    ((held,), _) = queue.exchange((), 1, 60, holder=HOLDER)
    relief = relieved(_STAYS)
    relief.call()
    assert queue.lease(1, 60) == []
    assert relief._process is not None
    relief._process.kill()

    until(lambda: relief._process is None, seconds=20)
    assert [(d.id, d.attempt) for d in queue.lease(1, 60)] == [(held.id, 2)]
