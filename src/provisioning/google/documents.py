"""
`Documents` on Firestore.

The client honours `FIRESTORE_EMULATOR_HOST`. Nothing here uses read-write transactions: a condition on `update_time` has one winner at
once, where concurrent transactions wait for each other's locks and most of them fail.
"""
# The client library is typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, cast

from google.api_core import exceptions as google
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.firestore_v1.field_path import FieldPath

from provisioning.errors import Conflict, FieldError, InvalidInput, Misconfigured, Permanent
from provisioning.google.checks import check_document_path, check_query, check_write, field_value
from provisioning.google.errors import bounded_retry, transient, translated
from provisioning.ports import Create, Data, Delete, Query, Set, Snapshot, Update, Write

_LOG = logging.getLogger(__name__)
_ID = "__name__"
#: Seconds between two looks at whether a listener is still alive.
_WATCH_CHECK = 1.0
_MAX_WATCH_PAUSE = 30.0


class FirestoreDocuments:
    """Documents in one Firestore database. `timeout` is in seconds and bounds each call with all its repetitions."""

    def __init__(self, project: str, database: str = "(default)", timeout: float = 3.0) -> None:
        self._project = project
        self._database = database
        self._timeout = timeout

    @cached_property
    def _client(self) -> firestore.Client:
        return firestore.Client(project=self._project, database=self._database)

    def get(self, path: str) -> Snapshot:
        return self.get_all([path])[0]

    def get_all(self, paths: Sequence[str]) -> list[Snapshot]:
        if not paths:
            return []
        # The server answers in any order, and once for a path that was asked for twice.
        references = [self._client.document(check_document_path(path)) for path in dict.fromkeys(paths)]
        with _reading():
            answers = self._client.get_all(
                references, retry=bounded_retry(self._timeout), timeout=self._timeout
            )
            found = {answer.reference.path: _snapshot(answer) for answer in answers}
        return [found[path] for path in paths]

    def query(self, query: Query) -> list[Snapshot]:
        check_query(query)
        described = self._describe(query)
        with _reading():
            stream = described.stream(retry=bounded_retry(self._timeout), timeout=self._timeout)
            return [_snapshot(answer) for answer in stream]

    def count(self, query: Query) -> int:
        check_query(query)
        counted = self._describe(replace(query, after=None), limited=False).count()
        with _reading():
            answer = cast("Any", counted.get(retry=bounded_retry(self._timeout), timeout=self._timeout))
            return int(answer[0][0].value)

    def _describe(self, query: Query, *, limited: bool = True) -> firestore.Query:
        described = cast("firestore.Query", self._client.collection(query.collection))
        for where in query.where:
            described = described.where(filter=FieldFilter(where.field, where.op, where.value))
        field = (query.order_by or "").removeprefix("-")
        descending = (query.order_by or "").startswith("-")
        direction = firestore.Query.DESCENDING if descending else firestore.Query.ASCENDING
        if field:
            described = described.order_by(field, direction=direction)
        described = described.order_by(_ID, direction=direction)
        if limited:
            described = described.limit(query.limit)
        if query.after is None:
            return described
        behind: list[Any] = [field_value(query.after.data or {}, field)] if field else []
        return described.start_after([*behind, query.after.id])

    def commit(self, writes: Sequence[Write]) -> tuple[datetime, ...]:
        for write in writes:
            check_write(write)
        if not writes:
            return ()
        batch = self._client.batch()
        for write in writes:
            self._add(batch, write)
        self._send(batch, repeatable=any(_is_fenced(write) for write in writes))
        committed = batch.commit_time
        # A deletion has no update time of its own.
        results = cast("list[Any]", batch.write_results)
        return tuple(_plain(result.update_time or committed) for result in results)

    def _add(self, batch: firestore.WriteBatch, write: Write) -> None:
        reference = self._client.document(write.path)
        match write:
            case Create(data=data):
                batch.create(reference, dict(data))
            case Set(data=data):
                batch.set(reference, dict(data))
            case Update(fields=fields):
                # Quoted, or a name like `a-b` would not be a field path.
                quoted = {FieldPath(name).to_api_repr(): value for name, value in fields.items()}
                batch.update(reference, quoted, option=self._condition(write))
            case Delete():
                batch.delete(reference, option=self._condition(write))

    def _condition(self, write: Update | Delete) -> Any:
        if write.if_updated_at is None:
            return None
        return self._client.write_option(last_update_time=write.if_updated_at)

    def _send(self, batch: firestore.WriteBatch, *, repeatable: bool) -> None:
        """
        Send the batch; where a second one is refused if the first had landed, repeat it when the server was unavailable.

        A conflict that follows such a repetition may be with our own first try: that is not a `Conflict`, of which the
        port says that nothing was written, but a `Transient`, perhaps done.
        """
        lost: list[Exception] = []
        retry = bounded_retry(self._timeout, lost.append) if repeatable else None
        with translated("Firestore"):
            try:
                batch.commit(retry=retry, timeout=self._timeout)
            except (
                google.Conflict,
                google.FailedPrecondition,
                google.NotFound,
                google.InvalidArgument,
            ) as error:
                if lost:
                    raise transient("Firestore", lost[0]) from None
                raise _commit_error(error) from None

    def watch(self, path: str, on_change: Callable[[Snapshot], None]) -> Callable[[], None]:
        listener = _Listener(self._client.document(check_document_path(path)), path, on_change)
        listener.start()
        return listener.close


class _Listener:
    """Keeps one listener alive: the library's ends for good after an error that it holds for final."""

    def __init__(
        self, document: firestore.DocumentReference, path: str, on_change: Callable[[Snapshot], None]
    ) -> None:
        self._document = document
        self._path = path
        self._on_change = on_change
        self._closed = threading.Event()
        self._heard = False
        self._last: tuple[datetime | None, bool] | None = None
        self._one_at_a_time = threading.Lock()
        self._thread = threading.Thread(target=self._keep_alive, name="document-listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)

    def _keep_alive(self) -> None:
        pause = _WATCH_CHECK
        while not self._closed.is_set():
            self._heard = False
            watch = self._document.on_snapshot(self._receive)
            while watch.is_active and not self._closed.wait(_WATCH_CHECK):
                pass
            watch.unsubscribe()
            pause = _WATCH_CHECK if self._heard else min(2 * pause, _MAX_WATCH_PAUSE)
            self._closed.wait(pause)

    def _receive(self, documents: Sequence[Any], changes: object, read_time: datetime) -> None:
        snapshot = (
            _snapshot(documents[0], read_time) if documents else Snapshot(self._path, None, _plain(read_time))
        )
        with self._one_at_a_time:
            self._heard = True
            # A new stream begins with the state that the old one may have told already.
            state = (snapshot.update_time, snapshot.exists)
            if state == self._last or self._closed.is_set():
                return
            self._last = state
            self._tell(snapshot)

    def _tell(self, snapshot: Snapshot) -> None:
        try:
            self._on_change(snapshot)
        except Exception:  # noqa: BLE001
            # An exception here would end the library's thread, and with it every later change.
            _LOG.exception("a listener failed")


def _is_fenced(write: Write) -> bool:
    return isinstance(write, Create) or getattr(write, "if_updated_at", None) is not None


@contextmanager
def _reading() -> Generator[None, None, None]:
    with translated("Firestore"):
        try:
            yield
        except google.NotFound:
            raise _no_database() from None
        except google.FailedPrecondition:
            raise Permanent(
                "INDEX_MISSING",
                "The database lacks an index for this query",
                action="Apply the Terraform configuration, wait until the index is built, then retry.",
                retryable=True,
            ) from None


def _commit_error(error: google.GoogleAPICallError) -> Exception:
    text = str(error.message)
    if isinstance(error, google.Aborted):
        return transient("Firestore", error)
    if isinstance(error, google.NotFound) and "database" in text and "does not exist" in text:
        return _no_database()
    # The emulator calls a condition on a future time an invalid argument.
    if isinstance(error, google.InvalidArgument) and "base version" not in text:
        return InvalidInput(
            (FieldError("document", "REFUSED", "cannot be kept: too large or of a wrong form"),)
        )
    return Conflict("a condition of the commit did not hold")


def _no_database() -> Misconfigured:
    return Misconfigured("FIRESTORE_DATABASE: there is no such database; create it or correct its name")


def _snapshot(answer: Any, read_time: datetime | None = None) -> Snapshot:
    return Snapshot(
        path=answer.reference.path,
        data=cast("Data | None", _plain(answer.to_dict())) if answer.exists else None,
        read_time=_plain(read_time or answer.read_time),
        create_time=_plain(answer.create_time),
        update_time=_plain(answer.update_time),
    )


def _plain(value: Any) -> Any:
    """`value` with plain datetimes: the library's own kind has nanoseconds and protobuf inside."""
    if isinstance(value, datetime):
        return datetime(
            value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond, UTC
        )
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [_plain(item) for item in cast("list[Any]", value)]
    return value
