"""
One SQLite file for many threads and processes: transactions that are durable when they are answered, a clock that never goes
backwards, and news of every commit, whichever process made it.

Syncing the disk takes longer than any transaction here, so those of several threads share one: whoever finds nobody writing leads,
carries out all that wait in one go, and answers them once the disk has it. What comes meanwhile makes the next group.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from provisioning.errors import Misconfigured, Transient
from provisioning.local.fibers import letting_others_compute, wait_together

#: Seconds that a transaction waits for another one to end.
BUSY_SECONDS = 2.0
#: Seconds between two looks for commits of other processes; they must be seen within 50 ms.
POLL_SECONDS = 0.02

#: Seconds between two attempts to begin, while another process writes.
_BUSY_PAUSE = 0.0005

#: Transactions that share one wait for the disk, at most.
GROUP = 128
#: Pages of the log (4 KiB each) at which SQLite moves it into the file: its own 1,000 are a stall each tenth of a second under load.
_CHECKPOINT_PAGES = 4_000
_STATEMENTS = 256

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

    def execute_many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of the parameters."""
        self._connection.executemany(sql, parameters)

    def is_open(self) -> bool:
        """Whether the transaction goes on."""
        return self._connection.in_transaction

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


Result = TypeVar("Result")


class _Waiting(Generic[Result]):
    """A transaction that somebody waits for."""

    __slots__ = ("change", "done", "durable", "error", "leads", "result", "turn")

    def __init__(self, change: Callable[[View], Result], durable: bool) -> None:
        self.change = change
        self.durable = durable
        self.done = False
        self.leads = False
        self.result: Result | None = None
        self.error: BaseException | None = None
        #: Held until this one is done, or leads.
        self.turn = threading.Lock()
        self.turn.acquire()

    def answer(self) -> Result:
        if self.error is not None:
            raise self.error
        return cast("Result", self.result)


class Database:
    """
    A SQLite file in WAL mode: one connection that writes, and one per thread that reads. Made by `open_database`.
    """

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        self.path = path.absolute()
        self._clock = clock or Clock()
        self._local = threading.local()
        # Threads of this process queue here instead of polling SQLite's own lock.
        self._queueing = threading.Lock()
        self._queue: list[_Waiting[Any]] = []
        self._led = False
        self._guard = threading.Lock()
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._poller: threading.Thread | None = None
        self._closed = threading.Event()
        self._users = 1
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whoever leads uses it; its pages stay known, for nobody else in this process changes them.
        self._writer = self._connect(timeout=0)
        self._synced = True
        #: The time of the last commit that this object made or knew of at its start.
        self._known = self._prepare_file()
        #: The time of the last transaction here, which may have changed nothing.
        self._latest = self._known
        #: Whether another process has committed since its last commit was told.
        self._missed = False
        self._identity = _identify(self.path)

    def prepare(self, statements: str) -> None:
        """Run `CREATE … IF NOT EXISTS` statements, separated by semicolons."""

        def create(view: View) -> None:
            for statement in filter(str.strip, statements.split(";")):
                view.execute(statement)

        self.write(create)

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

    def read(self, sql: str, parameters: Iterable[Any] = ()) -> tuple[list[Any], int]:
        """
        The rows of one statement, and the time of what it saw, at least that of every commit that was answered before.

        One statement sees one instant by itself. The first row must be the time of the last commit: `LAST_COMMIT UNION ALL …`.
        """
        with _translated():
            (first, *rows) = self._connection().execute(sql, tuple(parameters)).fetchall()
        return rows, self._clock.now(first[0])

    def write(self, change: Callable[[View], Result], *, durable: bool = True) -> Result:
        """
        Carry out one atomic change and return what it returns; an exception undoes it. Its `now` is later than that of every transaction before,
        but for those of other processes that changed nothing.

        It survives the death of the process in any case and, if `durable`, that of the machine: it waits for the disk. `change` may be
        called more than once, from another thread, and must do nothing but work on its view.
        """
        mine = _Waiting(change, durable)
        if not wait_together(self, mine):
            with self._queueing:
                self._queue.append(mine)
                leads, self._led = not self._led, True
            if leads or self._wait_for_turn(mine):
                self._lead()
        return mine.answer()

    def carry_out_all(self, waiting: Sequence[_Waiting[Any]], /) -> None:
        """Carry out what several fibers of this thread wait for, as `write` does for one."""
        with self._queueing:
            self._queue.extend(waiting)
            leads, self._led = not self._led, True
        for one in waiting:
            try:
                if leads or self._wait_for_turn(one):
                    self._lead()
            except Transient as error:
                one.error = error
            leads = False

    def _wait_for_turn(self, mine: _Waiting[Any]) -> bool:
        """Wait until another thread has carried it out, or made us the next to lead; whether we lead."""
        if not mine.turn.acquire(blocking=False):
            with letting_others_compute():
                self._wait_for(mine)
        return not mine.done

    def _wait_for(self, mine: _Waiting[Any]) -> None:
        if mine.turn.acquire(timeout=BUSY_SECONDS):
            return
        with self._queueing:
            if not mine.leads and mine in self._queue:
                self._queue.remove(mine)
                raise Transient("the database is busy", code="BUSY")
        mine.turn.acquire()

    def _lead(self) -> None:
        """Carry out what waits, ourselves first, and hand the lead over. Never raises what belongs to a single change."""
        with self._queueing:
            group, self._queue = self._queue[:GROUP], self._queue[GROUP:]
        changed: set[str] = set()
        try:
            changed = self._carry_out(group)
        except Exception as error:  # noqa: BLE001 - each raises it for whom it concerns
            for waiting in group:
                waiting.error = error
        except BaseException:
            # Ours alone; the others' changes were undone with it.
            for waiting in group:
                waiting.error = Transient("the change was interrupted", code="INTERRUPTED")
            raise
        finally:
            with self._queueing:
                following = self._queue[0] if self._queue else None
                self._led = following is not None
                if following is not None:
                    following.leads = True
            # First the next group, for the disk's sake.
            for waiting in (following, *group) if following else group:
                waiting.done = waiting is not following
                waiting.turn.release()
        self._wake(changed)

    def _carry_out(self, group: Sequence[_Waiting[Any]]) -> set[str]:
        """One transaction for all; what was changed in it."""
        with _translated():
            if len(group) == 1:
                return self._commit(group, _do)
            try:
                return self._commit(group, _do_unfenced)
            except _Undone:
                return self._commit(group, _do_fenced)

    def _commit(self, group: Sequence[_Waiting[Any]], do: Callable[[View, _Waiting[Any]], None]) -> set[str]:
        connection = self._writer
        durable = any(waiting.durable for waiting in group)
        if durable is not self._synced:
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._synced = durable
        self._begin()
        try:
            last = before = _last_commit(connection)
            changes = connection.total_changes
            now = self._clock.now(max(last, self._latest) + 1)
            changed: set[str] = set()
            for waiting in group:
                view = View(connection, now)
                do(view, waiting)
                if waiting.error is None:
                    changed |= view.changed
                    last, now = now, now + 1
            self._latest = max(self._latest, last)
            if connection.total_changes == changes:
                # Other processes need not hear of it, nor of an answer to it.
                last = before
            if last != before:
                connection.execute("UPDATE clock SET at = ?", (last,))
            with letting_others_compute():
                connection.execute("COMMIT")
        finally:
            _roll_back(connection)
        self._missed = self._missed or before != self._known
        self._known = last
        return changed

    def _begin(self) -> None:
        """
        Begin to write, once no other process does.

        SQLite waits in pauses of up to a tenth of a second; what another process has to write is on the disk within a few milliseconds.
        """
        give_up_at = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                    raise
                with letting_others_compute():
                    time.sleep(_BUSY_PAUSE)
            else:
                return

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
        # A reading connection belongs to its thread, and is closed when that ends.
        self._connection().close()
        with self._queueing:
            idle, self._led = not self._led, True
        if idle:
            self._writer.close()

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
        version, known = None, -1
        while not self._closed.wait(POLL_SECONDS):
            if self._missed:
                # Many a second while two processes write: told together.
                self._missed = False
                self._wake(None)
            before, known = known, self._known
            if known != before:
                # Whoever has just written has seen what others wrote before.
                continue
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
            self._local.connection = connection = self._connect()
        return connection

    def _connect(self, timeout: float = BUSY_SECONDS) -> sqlite3.Connection:
        return sqlite3.connect(
            self.path,
            timeout=timeout,
            isolation_level=None,
            # Only one thread leads at a time.
            check_same_thread=False,
            cached_statements=_STATEMENTS,
        )

    def _prepare_file(self) -> int:
        try:
            with _translated():
                connection = self._writer
                _switch_to_wal(connection)
                connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
                connection.execute("PRAGMA synchronous = FULL")
                # Overwriting what was deleted doubles what is written; a folder on this machine needs no such care.
                connection.execute("PRAGMA secure_delete = OFF")
                self._begin()
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


class _Undone(Exception):
    """One change of a group failed, and the group was rolled back."""


def _do(view: View, waiting: _Waiting[Any]) -> None:
    waiting.result = waiting.change(view)


def _do_unfenced(view: View, waiting: _Waiting[Any]) -> None:
    """As most groups go. A failure may leave a part behind; nobody has been answered yet, so all begin anew, each one fenced."""
    try:
        _do(view, waiting)
    except Exception as error:
        raise _Undone from error


def _do_fenced(view: View, waiting: _Waiting[Any]) -> None:
    """Carry out one change of a group so that its failure is its own."""
    waiting.error = None
    view.execute("SAVEPOINT one")
    try:
        with _translated():
            _do(view, waiting)
    except Exception as error:
        if not view.is_open():
            # SQLite itself gave up the whole transaction, as when the disk is full.
            raise
        view.execute("ROLLBACK TO one")
        waiting.error = error
    view.execute("RELEASE one")


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


#: The first part of what `Database.read` takes.
LAST_COMMIT = "SELECT at, NULL, NULL, NULL FROM clock"


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
