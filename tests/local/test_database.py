"""The SQLite file under documents, messages and accounts."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from provisioning.errors import Misconfigured, Transient
from provisioning.local import database as module
from provisioning.local.database import Clock, Database, open_database

HOUR = 3_600_000_000


class Wall:
    """A wall clock that somebody sets; in nanoseconds, as `time.time_ns`."""

    def __init__(self) -> None:
        self.set_back = 0

    def __call__(self) -> int:
        return time.time_ns() - self.set_back * 1_000


def now(database: Database) -> int:
    with database.transaction() as view:
        return view.now


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
        with pytest.raises(ZeroDivisionError), database.transaction() as view:
            view.execute("INSERT INTO things VALUES ('a')")
            raise ZeroDivisionError
        with database.transaction() as view:
            view.execute("INSERT INTO things VALUES ('b')")
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
    with (
        closing(open_database(tmp_path / "a.db")) as database,
        database.transaction(),
        pytest.raises(Transient),
    ):
        now(database)


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
        with database.transaction() as view:
            full = view.row("PRAGMA synchronous")
        with database.transaction(durable=False) as view:
            normal = view.row("PRAGMA synchronous")
            mode = view.row("PRAGMA journal_mode")

    assert (full, normal, mode) == ((2,), (1,), ("wal",))
