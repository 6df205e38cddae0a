"""The SQLite file under documents, messages and accounts."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

import pytest

from provisioning.errors import Misconfigured, Transient
from provisioning.local import database as module
from provisioning.local.database import Clock, Database, View, open_database
from tests.contracts.races import race

HOUR = 3_600_000_000


class Wall:
    """A wall clock that somebody sets; in nanoseconds, as `time.time_ns`."""

    def __init__(self) -> None:
        self.set_back = 0

    def __call__(self) -> int:
        return time.time_ns() - self.set_back * 1_000


def now(database: Database) -> int:
    """The time of a transaction that changes something."""
    database.prepare("CREATE TABLE IF NOT EXISTS times (at INTEGER)")

    def note(view: View) -> int:
        view.execute("INSERT INTO times VALUES (?)", (view.now,))
        return view.now

    return database.write(note)


def test_a_clock_goes_on_when_the_wall_clock_is_set_back() -> None:
    """Neither backwards nor standing still: leases must end."""
    wall = Wall()
    clock = Clock(wall)
    before = clock.now()
    wall.set_back = HOUR
    time.sleep(0.01)

    assert 10_000 <= clock.now() - before < HOUR


def test_a_clock_follows_the_wall_clock_forwards() -> None:
    """A machine that slept wakes up in the present."""
    wall = Wall()
    wall.set_back = HOUR
    clock = Clock(wall)
    before = clock.now()
    wall.set_back = 0

    assert clock.now() - before >= HOUR


def test_times_of_transactions_grow_strictly(tmp_path: Path) -> None:
    """However quickly they follow each other."""
    with closing(open_database(tmp_path / "a.db")) as database:
        times = [now(database) for _ in range(200)]

    assert sorted(set(times)) == times


def test_what_changed_nothing_is_no_news_to_other_processes(tmp_path: Path) -> None:
    """Two who look at one queue, and find nothing that they may take, would else wake each other for ever."""
    with closing(Database(tmp_path / "a.db")) as one, closing(Database(tmp_path / "a.db")) as other:
        now(one)
        with other.subscribe("anything") as news:
            assert news.wait(10)
            while news._news.wait(0.2):
                news.wait()
            times = [one.write(lambda view: view.now) for _ in range(5)]
            assert not news._news.wait(0.2)
            now(one)
            assert news._news.wait(10)

    assert sorted(set(times)) == times


def test_times_grow_strictly_while_the_clock_stands_still(tmp_path: Path) -> None:
    """Two commits within one microsecond; and those of a process whose clock is ahead."""
    still = Clock(lambda: 1_700_000_000_000_000_000, lambda: 0)
    with closing(Database(tmp_path / "a.db", still)) as late, closing(Database(tmp_path / "a.db")) as early:
        times = [now(database) for database in (late, late, early, late, late, early)]

    assert sorted(set(times)) == times


def test_times_grow_over_a_restart_with_a_wrong_clock(tmp_path: Path) -> None:
    """The last time is in the file."""
    with closing(Database(tmp_path / "a.db")) as database:
        before = now(database)
    wall = Wall()
    wall.set_back = HOUR

    with closing(Database(tmp_path / "a.db", Clock(wall))) as database, database.reading() as view:
        assert view.now >= before
    with closing(Database(tmp_path / "a.db", Clock(wall))) as database:
        assert now(database) > before


def test_an_exception_undoes_the_transaction(tmp_path: Path) -> None:
    """And the next one works."""
    with closing(open_database(tmp_path / "a.db")) as database:
        database.prepare("CREATE TABLE IF NOT EXISTS things (name TEXT)")

        def fail(view: View) -> None:
            view.execute("INSERT INTO things VALUES ('a')")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            database.write(fail)
        database.write(lambda view: view.execute("INSERT INTO things VALUES ('b')"))
        with database.reading() as view:
            assert view.rows("SELECT name FROM things") == [("b",)]


def test_a_locked_file_is_a_passing_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process holds it longer than we wait; afterwards all is well."""
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    with closing(open_database(tmp_path / "a.db")) as database:
        other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Transient):
            now(database)
        other.execute("ROLLBACK")
        other.close()

        assert now(database)


def test_a_thread_that_never_ends_its_transaction_is_a_passing_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same within one process."""
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    begun, end = threading.Event(), threading.Event()

    def dawdle(_: View) -> None:
        begun.set()
        end.wait(10)

    with closing(open_database(tmp_path / "a.db")) as database:
        dawdler = threading.Thread(target=database.write, args=(dawdle,))
        dawdler.start()
        begun.wait(10)
        with pytest.raises(Transient):
            now(database)
        end.set()
        dawdler.join()

        assert now(database)


def test_all_users_of_a_file_share_one_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whatever path; the last one to leave closes it."""
    monkeypatch.chdir(tmp_path)
    one, other = open_database(tmp_path / "a.db"), open_database(Path("a.db"))
    assert one is other

    one.close()
    assert now(other)
    other.close()

    again = open_database(tmp_path / "a.db")
    assert again is not one
    again.close()


def test_a_file_that_was_removed_is_made_anew(tmp_path: Path) -> None:
    """Though its former users never left."""
    forgotten = open_database(tmp_path / "a.db")
    for file in tmp_path.iterdir():
        file.unlink()

    with closing(open_database(tmp_path / "a.db")) as fresh:
        assert fresh is not forgotten
        assert now(fresh)
    forgotten.close()


def test_a_file_that_is_no_database_names_the_remedy(tmp_path: Path) -> None:
    """It is left as it is."""
    path = tmp_path / "a.db"
    path.write_text("These are somebody's notes, and not a database at all. " * 100)

    with pytest.raises(Misconfigured, match="not a database"):
        open_database(path)

    assert path.read_text().startswith("These are somebody's notes")


def test_a_file_of_a_later_version_names_the_remedy(tmp_path: Path) -> None:
    """Reading it wrongly would be worse."""
    other = sqlite3.connect(tmp_path / "a.db")
    other.execute("PRAGMA user_version = 99")
    other.close()

    with pytest.raises(Misconfigured, match="another version"):
        open_database(tmp_path / "a.db")


def test_answered_transactions_wait_for_the_disk(tmp_path: Path) -> None:
    """Unless the caller says that they need not."""
    with closing(open_database(tmp_path / "a.db")) as database:
        full = database.write(lambda view: view.row("PRAGMA synchronous"))
        normal, mode = database.write(
            lambda view: (view.row("PRAGMA synchronous"), view.row("PRAGMA journal_mode")), durable=False
        )

    assert (full, normal, mode) == ((2,), (1,), ("wal",))


# --- Changes that share a wait for the disk ----------------------------------------------------------------


class Crowd:
    """Threads that each make one change, all of which wait behind one that takes its time."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.begun, self.end = threading.Event(), threading.Event()
        self.outcomes: dict[int, object] = {}
        self.threads = [threading.Thread(target=self.write, args=(-1, self.dawdle))]
        self.threads[0].start()
        assert self.begun.wait(10)

    def dawdle(self, view: View) -> int:
        self.begun.set()
        self.end.wait(10)
        return view.now

    def write(self, n: int, change: Callable[[View], object]) -> None:
        try:
            self.outcomes[n] = self.database.write(change)
        except Exception as error:
            self.outcomes[n] = error

    def add(self, change: Callable[[View], object]) -> None:
        n, waiting = len(self.threads) - 1, len(self.database._queue)
        self.threads.append(threading.Thread(target=self.write, args=(n, change)))
        self.threads[-1].start()
        while len(self.database._queue) == waiting:
            time.sleep(0.001)

    def finish(self) -> dict[int, object]:
        self.end.set()
        for thread in self.threads:
            thread.join()
        return self.outcomes


def put(name: str) -> Callable[[View], int]:
    def change(view: View) -> int:
        view.execute("INSERT INTO things VALUES (?)", (name,))
        return view.now

    return change


def names(database: Database) -> list[str]:
    with database.reading() as view:
        return [name for (name,) in view.rows("SELECT name FROM things ORDER BY rowid")]


@pytest.fixture
def things(tmp_path: Path) -> Generator[Database]:
    with closing(open_database(tmp_path / "a.db")) as database:
        database.prepare("CREATE TABLE IF NOT EXISTS things (name TEXT UNIQUE)")
        yield database


def test_changes_that_come_together_are_committed_together(things: Database) -> None:
    """In the order in which they came, each with a time of its own, all in one transaction."""
    commits: list[str] = []
    things._writer.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    crowd = Crowd(things)
    for n in range(10):
        crowd.add(put(str(n)))
    times = crowd.finish()

    assert names(things) == [str(n) for n in range(10)]
    assert len(commits) == 2
    assert [times[n] for n in range(-1, 10)] == sorted(set(times.values()))


def test_a_change_that_fails_in_company_fails_alone(things: Database) -> None:
    """What it did is undone, what the others did is kept, and each hears of its own."""

    def fail(view: View) -> None:
        put("half")(view)
        raise ZeroDivisionError

    crowd = Crowd(things)
    crowd.add(put("before"))
    crowd.add(fail)
    crowd.add(put("before"))
    crowd.add(put("behind"))
    outcomes = crowd.finish()

    assert names(things) == ["before", "behind"]
    assert [type(outcomes[n]) for n in range(4)] == [int, ZeroDivisionError, sqlite3.IntegrityError, int]


def test_a_change_that_waited_too_long_never_happens(
    things: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its caller was told that it did not."""
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    crowd = Crowd(things)
    crowd.add(put("late"))
    crowd.threads[-1].join()
    outcomes = crowd.finish()

    assert isinstance(outcomes[0], Transient)
    assert things.write(put("next"))
    assert names(things) == ["next"]


def test_a_commit_that_fails_fails_all(things: Database) -> None:
    """Nobody is told that it worked."""
    crowd = Crowd(things)
    crowd.add(put("a"))
    crowd.add(put("b"))
    things._writer.set_authorizer(
        lambda _, what, *__: sqlite3.SQLITE_DENY if what == "COMMIT" else sqlite3.SQLITE_OK
    )
    outcomes = crowd.finish()
    things._writer.set_authorizer(None)

    assert all(isinstance(outcomes[n], sqlite3.DatabaseError) for n in range(2))
    assert names(things) == []
    assert things.write(put("next"))


def test_many_threads_lose_no_change(things: Database) -> None:
    """Two hundred changes by eight threads; every fifth fails."""

    def run(runner: int) -> int:
        done = 0
        for n in range(25):
            try:
                things.write(put(f"{runner}/{n}" if n % 5 else "taken"))
                done += 1
            except sqlite3.IntegrityError:
                pass
        return done

    done = race(run)

    assert sum(done) == len(names(things)) == 8 * 20 + 1
