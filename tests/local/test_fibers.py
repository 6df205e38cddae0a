"""Many short pieces of work in one thread: where one waits, the next goes on, and what they wait for is done in one go."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from provisioning.errors import Conflict
from provisioning.local import database as database_module
from provisioning.local import fibers
from provisioning.local.database import Database, View, open_database
from provisioning.local.documents import SqliteDocuments
from provisioning.local.fibers import run_together, wait_together
from provisioning.local.messages import SqliteMessages
from provisioning.ports import Create, Update

MANY = 40


class Counter:
    """A receiver that notes what it was given in one go."""

    def __init__(self) -> None:
        self.groups: list[list[object]] = []

    def carry_out_all(self, waiting: Sequence[object], /) -> None:
        self.groups.append(list(waiting))


@pytest.fixture
def file(tmp_path: Path) -> Generator[Path]:
    """A database that stays open during the test."""
    path = tmp_path / "documents.db"
    with closing(open_database(path)):
        yield path


def waits(receiver: Counter, name: str, times: int) -> Callable[[], None]:
    def work() -> None:
        for n in range(times):
            assert wait_together(receiver, f"{name}{n}")

    return work


def test_what_several_wait_for_is_carried_out_in_one_go() -> None:
    """Also when some end before others."""
    counter = Counter()
    run_together([waits(counter, "a", 1), waits(counter, "b", 3), waits(counter, "c", 2)])

    assert counter.groups == [["a0", "b0", "c0"], ["b1", "c1"], ["b2"]]


def test_two_receivers_get_what_is_theirs() -> None:
    """In the same round."""
    one, other = Counter(), Counter()
    run_together([waits(one, "a", 1), waits(other, "b", 1), waits(one, "c", 1)])

    assert (one.groups, other.groups) == ([["a0", "c0"]], [["b0"]])


def test_alone_nobody_waits_together() -> None:
    """Neither outside, nor where there is but one piece of work, nor on a thread that such work begins."""
    counter, answers = Counter(), list[bool]()

    def ask() -> None:
        answers.append(wait_together(counter, "x"))

    def ask_on_a_thread() -> None:
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()

    ask()
    run_together([ask])
    run_together([ask_on_a_thread, ask_on_a_thread])

    assert answers == [False] * 4
    assert counter.groups == []


class Disk:
    """A receiver that takes its time, and lets others compute meanwhile."""

    def carry_out_all(self, waiting: Sequence[object], /) -> None:
        with fibers.letting_others_compute():
            time.sleep(0.05)


def run_in_threads(*crowds: list[Callable[[], None]]) -> float:
    """Run each crowd in a thread of its own; seconds until all have ended."""
    threads = [threading.Thread(target=run_together, args=(crowd,)) for crowd in crowds]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return time.monotonic() - began


def test_one_thread_computes_while_others_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No two crowds compute at once; but they do not wait for each other's disk."""
    monkeypatch.setattr(fibers, "PATIENCE", 10.0)
    disk, computing, seen = Disk(), list[str](), list[list[str]]()

    def work(name: str) -> None:
        for _ in range(5):
            computing.append(name)
            time.sleep(0.001)
            seen.append(computing.copy())
            computing.remove(name)
            wait_together(disk, name)

    seconds = run_in_threads(*([partial(work, f"{t}-{n}") for n in range(2)] for t in range(3)))

    assert len(seen) == 30
    assert all(len(names) == 1 for names in seen)
    # One after the other, the waits alone are 0.75 s.
    assert seconds < 0.7


def test_nobody_waits_long_for_a_thread_that_is_blocked() -> None:
    """It is blocked by something else than the disk, until the other one has done all its work."""
    entered, freed, waited = threading.Event(), threading.Event(), list[bool]()

    def blocked() -> None:
        entered.set()
        waited.append(freed.wait(10))

    def quick() -> None:
        assert entered.wait(10)
        wait_together(Counter(), "x")
        freed.set()

    run_in_threads([blocked, blocked], [quick, quick])

    assert waited == [True, True]


def test_transactions_of_many_are_one_commit(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each gets its own answer, and its own time."""
    commits: list[int] = []
    commit = Database._commit

    def counted(self: Database, group: Sequence[object], do: object) -> object:
        commits.append(len(group))
        return commit(self, group, do)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Database, "_commit", counted)
    answers: dict[int, tuple[int, int]] = {}
    with closing(open_database(file)) as database:

        def write(n: int) -> None:
            def change(view: View) -> tuple[int, int]:
                view.tell("x")
                return n, view.now

            answers[n] = database.write(change)

        run_together([partial(write, n) for n in range(MANY)])

    assert commits == [MANY]
    assert [answers[n][0] for n in range(MANY)] == list(range(MANY))
    assert len({now for _, now in answers.values()}) == MANY


def test_more_than_a_group_are_carried_out_all_the_same(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While other threads write, too."""
    monkeypatch.setattr(database_module, "GROUP", 7)
    documents = SqliteDocuments(file)
    ended: list[str] = []

    def create(name: str) -> None:
        documents.commit([Create(f"things/{name}", {"name": name})])
        ended.append(name)

    def crowd(thread: int) -> None:
        run_together([partial(create, f"t{thread}-{n}") for n in range(MANY)])

    threads = [threading.Thread(target=crowd, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for n in range(MANY):
        create(f"alone-{n}")
    for thread in threads:
        thread.join(20)
    with closing(documents):
        assert len(set(ended)) == 4 * MANY
        assert all(documents.get(f"things/{name}").data == {"name": name} for name in ended)


def test_what_fails_fails_for_itself(file: Path) -> None:
    """The conflict of one is nobody else's."""
    documents = SqliteDocuments(file)
    documents.commit([Create("things/taken", {"by": "before"})])
    conflicts: list[str] = []

    def create(name: str) -> None:
        try:
            documents.commit([Create(f"things/{name}", {"by": "me"})])
        except Conflict:
            conflicts.append(name)

    run_together([partial(create, name) for name in ("a", "taken", "b")])

    with closing(documents):
        assert conflicts == ["taken"]
        found = documents.get_all([f"things/{name}" for name in ("a", "taken", "b")])
        assert [snapshot.data and snapshot.data["by"] for snapshot in found] == ["me", "before", "me"]


def test_of_several_with_the_same_condition_one_wins(file: Path) -> None:
    """Claims of one crowd are as exclusive as those of many threads."""
    documents = SqliteDocuments(file)
    (at,) = documents.commit([Create("things/one", {"by": None, "kept": "x"})])
    won: list[int] = []

    def claim(n: int) -> None:
        try:
            documents.commit([Update("things/one", {"by": n}, if_updated_at=at)])
        except Conflict:
            return
        won.append(n)

    run_together([partial(claim, n) for n in range(MANY)])

    with closing(documents):
        assert len(won) == 1
        assert documents.get("things/one").data == {"by": won[0], "kept": "x"}


def test_each_collects_what_it_publishes_itself(file: Path) -> None:
    """Though they take turns in one thread."""
    messages, collected = SqliteMessages(file), dict[str, list[bytes]]()
    with closing(SqliteDocuments(file)) as documents:

        def publish(name: str) -> None:
            with messages.collecting() as outbox:
                documents.commit([Create(f"things/{name}", {"name": name})])
                messages.publish("steps", name.encode())
                documents.commit([Update(f"things/{name}", {"name": "next"})])
            collected[name] = [message.data for message in outbox]

        run_together([partial(publish, name) for name in ("a", "b", "c")])

    assert collected == {"a": [b"a"], "b": [b"b"], "c": [b"c"]}
    assert messages.lease(10, 60) == []
    messages.close()


def test_a_machine_without_greenlet_loads_what_waits() -> None:
    """The functions in the cloud have the module and not the library: only who runs works together needs it."""
    code = "import sys; sys.modules['greenlet'] = None; import provisioning.local.dispatcher, provisioning.local.documents"

    subprocess.run([sys.executable, "-c", code], check=True)
