"""
One SQLite file for many threads and processes: transactions that are durable when they are answered, a clock that never goes
backwards, and news of every commit, whichever process made it.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any

from provisioning.errors import Misconfigured, Transient

#: Seconds that a transaction waits for another one to end.
BUSY_SECONDS = 2.0
#: Seconds between two looks for commits of other processes; they must be seen within 50 ms.
POLL_SECONDS = 0.02

_SCHEMA_VERSION = 1
_CLOCK = "CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL)"

#: What may pass by itself: busy, locked, read or write error, disk full, file cannot be opened.
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}


class Clock:
    """
    Microseconds since 1970 that never go backwards.

    It follows the wall clock forwards (a laptop that slept) and the monotonic clock when the wall clock is set back, so that leases
    still end. `floor` is the time of a commit that was seen: another process's clock may be ahead.
    """

    def __init__(
        self, wall: Callable[[], int] = time.time_ns, monotonic: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._offset = 0
        self._lock = threading.Lock()

    def now(self, floor: int = 0) -> int:
        with self._lock:
            monotonic = self._monotonic() // 1_000
            self._offset = max(self._offset, self._wall() // 1_000 - monotonic, floor - monotonic)
            return self._offset + monotonic


class View:
    """What one transaction sees. `now` is the time of it in microseconds since 1970."""

    def __init__(self, connection: sqlite3.Connection, now: int) -> None:
        self._connection = connection
        self.now = now
        self.changed: set[str] = set()

    def rows(self, sql: str, parameters: Iterable[Any] = ()) -> list[Any]:
        return self._connection.execute(sql, tuple(parameters)).fetchall()

    def row(self, sql: str, parameters: Iterable[Any] = ()) -> Any:
        """The first row, or None."""
        return self._connection.execute(sql, tuple(parameters)).fetchone()

    def execute(self, sql: str, parameters: Iterable[Any] = ()) -> int:
        """Run one statement; the number of rows that it changed."""
        return self._connection.execute(sql, tuple(parameters)).rowcount

    def tell(self, key: str) -> None:
        """Wake those who subscribed to `key`, once this is committed."""
        self.changed.add(key)


class Subscription(AbstractContextManager["Subscription"]):
    """Wakes its owner whenever something that it subscribed to may have changed. It begins awake."""

    def __init__(self, end: Callable[[Subscription], None]) -> None:
        self._end = end
        self._news = threading.Event()
        self._news.set()
        self.ended = False

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for news, at most `timeout` seconds; False once it has ended."""
        self._news.wait(timeout)
        self._news.clear()
        return not self.ended

    def wake(self) -> None:
        self._news.set()

    def end(self) -> None:
        self.ended = True
        self._end(self)
        self._news.set()

    def __exit__(self, *_: object) -> None:
        self.end()


class Database:
    """
    A SQLite file in WAL mode, with one connection per thread. Made by `open_database`.
    """

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        self.path = path.absolute()
        self._clock = clock or Clock()
        self._local = threading.local()
        # Threads of this process queue here instead of polling SQLite's own lock.
        self._writing = threading.Lock()
        self._guard = threading.Lock()
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._poller: threading.Thread | None = None
        self._closed = threading.Event()
        self._users = 1
        path.parent.mkdir(parents=True, exist_ok=True)
        #: The time of the last commit that this object made or knew of at its start.
        self._known = self._prepare_file()
        self._identity = _identify(self.path)

    def prepare(self, statements: str) -> None:
        """Run `CREATE … IF NOT EXISTS` statements, separated by semicolons."""
        with self.transaction() as view:
            for statement in filter(str.strip, statements.split(";")):
                view.execute(statement)

    @contextmanager
    def reading(self) -> Generator[View]:
        """A view of one instant, with every commit that was answered before."""
        with _translated():
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                yield View(connection, self._clock.now(_last_commit(connection)))
            finally:
                _roll_back(connection)

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Generator[View]:
        """
        One atomic change; an exception undoes it. Its `now` is later than that of every transaction before.

        It survives the death of the process in any case and, if `durable`, that of the machine: it waits for the disk.
        """
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise Transient("the database is busy", code="BUSY")
        try:
            with _translated():
                connection = self._connection()
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                connection.execute("BEGIN IMMEDIATE")
                try:
                    last = _last_commit(connection)
                    view = View(connection, self._clock.now(last + 1))
                    yield view
                    connection.execute("UPDATE clock SET at = ?", (view.now,))
                    connection.execute("COMMIT")
                finally:
                    _roll_back(connection)
                others_committed, self._known = last != self._known, view.now
        finally:
            self._writing.release()
        self._wake(None if others_committed else view.changed)

    def subscribe(self, key: str) -> Subscription:
        """Be woken by commits that `tell` this key, and by any commit of another process."""
        subscription = Subscription(lambda ended: self._unsubscribe(key, ended))
        with self._guard:
            self._subscriptions.setdefault(key, set()).add(subscription)
            if self._poller is None:
                self._poller = threading.Thread(target=self._poll, name="sqlite-news", daemon=True)
                self._poller.start()
        return subscription

    def share(self) -> Database | None:
        """Count one more user, who will close it too; None if the file was removed or replaced meanwhile."""
        if _identify(self.path) != self._identity:
            return None
        self._users += 1
        return self

    def close(self) -> None:
        """Leave it; the last user's leaving ends the subscriptions and closes the file."""
        with _opening:
            self._users -= 1
            if self._users:
                return
            if _open.get(self.path) is self:
                del _open[self.path]
        self._closed.set()
        with self._guard:
            poller, subscriptions = self._poller, [*chain.from_iterable(self._subscriptions.values())]
        for subscription in subscriptions:
            subscription.end()
        if poller is not None:
            poller.join()
        # A connection belongs to its thread, and is closed when that ends.
        self._connection().close()

    def _unsubscribe(self, key: str, subscription: Subscription) -> None:
        with self._guard:
            subscriptions = self._subscriptions.get(key, set())
            subscriptions.discard(subscription)
            if not subscriptions:
                self._subscriptions.pop(key, None)

    def _wake(self, keys: set[str] | None) -> None:
        """Wake the subscriptions of these keys; None means all."""
        with self._guard:
            chosen = self._subscriptions if keys is None else keys & self._subscriptions.keys()
            subscriptions = [item for key in chosen for item in self._subscriptions[key]]
        for subscription in subscriptions:
            subscription.wake()

    def _poll(self) -> None:
        version = None
        while not self._closed.wait(POLL_SECONDS):
            # A busy file is looked at again in a moment.
            with suppress(Transient), _translated():
                connection = self._connection()
                seen = connection.execute("PRAGMA data_version").fetchone()[0]
                if seen == version:
                    continue
                version = seen
                if _last_commit(connection) > self._known:
                    self._wake(None)

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            self._local.connection = connection
        return connection

    def _prepare_file(self) -> int:
        try:
            with _translated():
                connection = self._connection()
                _switch_to_wal(connection)
                connection.execute("BEGIN IMMEDIATE")
                try:
                    self._check_version(connection)
                    connection.execute(_CLOCK)
                    connection.execute("INSERT OR IGNORE INTO clock VALUES (1, 0)")
                    last = _last_commit(connection)
                    connection.execute("COMMIT")
                finally:
                    _roll_back(connection)
        except sqlite3.DatabaseError as error:
            raise Misconfigured(
                f"{self.path} is not a database: remove it or choose another folder"
            ) from error
        self._clock.now(last)
        return last

    def _check_version(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _SCHEMA_VERSION):
            raise Misconfigured(
                f"{self.path} was made by another version: remove it or choose another folder"
            )
        connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")


_opening = threading.Lock()
_open: dict[Path, Database] = {}


def open_database(path: Path, clock: Clock | None = None) -> Database:
    """
    The database in this file. All its users in this process share one object: so they hear of each other's commits at once.

    `clock` counts for whoever opens it first. Raises `Misconfigured` when the file is something else.
    """
    with _opening:
        present = _open.get(path.absolute())
        shared = present and present.share()
        if shared is not None:
            return shared
        database = Database(path, clock)
        _open[database.path] = database
        return database


def _identify(path: Path) -> tuple[int, int] | None:
    if not path.exists():
        return None
    status = path.stat()
    return status.st_dev, status.st_ino


def _last_commit(connection: sqlite3.Connection) -> int:
    return connection.execute("SELECT at FROM clock").fetchone()[0]


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for others here, whatever its time-out: two processes may start at once."""
    give_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                raise
            time.sleep(POLL_SECONDS)
        else:
            return


@contextmanager
def _translated() -> Generator[None]:
    """Errors that may pass by themselves become `Transient`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        # The low byte is the kind of error, the rest a detail of it.
        if error.sqlite_errorcode & 0xFF not in _PASSING:
            raise
        raise Transient(f"the database does not answer: {error}", code=error.sqlite_errorname) from error
