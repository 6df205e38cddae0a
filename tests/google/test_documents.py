"""What Firestore's errors become, and what its adapter does beyond the contract."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest import mock

import grpc
import pytest

from provisioning.errors import Conflict, InvalidInput, Misconfigured, Permanent, Transient
from provisioning.google.documents import FirestoreDocuments
from provisioning.ports import Create, Query, Set, Update, Where
from tests.contracts.google_adapters import emulated, fresh_name, google_documents
from tests.fakes.grpc_service import FakeGrpc, Outcome
from tests.fakes.proxy import CutProxy

Code = grpc.StatusCode
TRANSIENT = [
    Code.UNAVAILABLE,
    Code.DEADLINE_EXCEEDED,
    Code.RESOURCE_EXHAUSTED,
    Code.ABORTED,
    Code.INTERNAL,
    Code.UNKNOWN,
    Code.CANCELLED,
]
EARLIER = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def firestore(*outcomes: Outcome, timeout: float = 1.0) -> Generator[tuple[FakeGrpc, FirestoreDocuments]]:
    with FakeGrpc(*outcomes) as server, mock.patch.dict(os.environ, {"FIRESTORE_EMULATOR_HOST": server.host}):
        yield server, FirestoreDocuments("p", "(default)", timeout)


@pytest.mark.parametrize("code", TRANSIENT, ids=lambda code: code.name)
@pytest.mark.parametrize("call", ["get", "query", "commit"])
def test_what_may_pass_is_transient(code: grpc.StatusCode, call: str) -> None:
    """`Transient` for each call, without the text that came with the error, and within the time-out."""
    with firestore(code) as (_, documents):
        began = time.monotonic()
        with pytest.raises(Transient) as raised:
            _make(documents, call)

    assert "canary" not in str(raised.value)
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("code", [Code.PERMISSION_DENIED, Code.UNAUTHENTICATED], ids=lambda code: code.name)
@pytest.mark.parametrize("call", ["get", "query", "commit"])
def test_missing_rights_are_permanent_and_an_admin_can_help(code: grpc.StatusCode, call: str) -> None:
    """`Permanent`, one call, retryable, with an action."""
    with firestore(code) as (server, documents), pytest.raises(Permanent) as raised:
        _make(documents, call)

    assert raised.value.code == "FIRESTORE_REFUSED"
    assert raised.value.retryable
    assert "role" in raised.value.action
    assert len(server.calls) == 1


@pytest.mark.parametrize("call", ["get", "query", "commit"])
def test_a_silent_server_is_given_up_after_the_timeout(call: str) -> None:
    """`Transient` with the code TIMEOUT, after about the time-out and not the library's minute."""
    with firestore(5.0, timeout=0.5) as (_, documents):
        began = time.monotonic()
        with pytest.raises(Transient) as raised:
            _make(documents, call)

    assert raised.value.code == "TIMEOUT"
    assert 0.3 < time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "code", [Code.ALREADY_EXISTS, Code.FAILED_PRECONDITION, Code.NOT_FOUND], ids=lambda c: c.name
)
def test_a_condition_that_does_not_hold_is_a_conflict(code: grpc.StatusCode) -> None:
    """`Conflict` at the first try: nothing was written."""
    with firestore(code) as (server, documents), pytest.raises(Conflict):
        documents.commit([Create("a/1", {})])

    assert server.calls == ["Commit"]


@pytest.mark.parametrize("code", [Code.ALREADY_EXISTS, Code.FAILED_PRECONDITION], ids=lambda c: c.name)
def test_a_conflict_after_a_lost_answer_may_be_with_ourselves(code: grpc.StatusCode) -> None:
    """The first try may have landed, so `Conflict` ("nothing was written") would be a lie: `Transient`."""
    with firestore(Code.UNAVAILABLE, code) as (server, documents), pytest.raises(Transient):
        documents.commit([Update("a/1", {"n": 1}, EARLIER)])

    assert server.calls == ["Commit", "Commit"]


def test_a_batch_without_a_condition_is_sent_once() -> None:
    """Nothing would refuse the second one after somebody else's write in between."""
    with firestore(Code.UNAVAILABLE) as (server, documents), pytest.raises(Transient):
        documents.commit([Set("a/1", {"n": 1})])

    assert server.calls == ["Commit"]


def test_a_missing_index_is_told_as_such() -> None:
    """`Permanent` that says what to apply."""
    with firestore(Code.FAILED_PRECONDITION) as (_, documents), pytest.raises(Permanent) as raised:
        documents.query(Query("a"))

    assert raised.value.code == "INDEX_MISSING"


def test_a_missing_database_is_told_as_such() -> None:
    """A read never finds "not found" for a document, so it is the database."""
    with (
        firestore(Code.NOT_FOUND) as (_, documents),
        pytest.raises(Misconfigured, match="FIRESTORE_DATABASE"),
    ):
        documents.get("a/1")


def test_a_document_that_firestore_refuses_is_invalid_input() -> None:
    """Without the text of the refusal, which quotes the document."""
    with firestore(Code.INVALID_ARGUMENT) as (_, documents), pytest.raises(InvalidInput) as raised:
        documents.commit([Create("a/1", {"x": "y"})])

    assert "canary" not in str(raised.value)


def test_a_range_without_its_order_is_refused_before_it_is_asked() -> None:
    """Firestore could answer only in another order than the port says."""
    with firestore(b"") as (server, documents), pytest.raises(InvalidInput) as raised:
        documents.query(Query("a", (Where("n", ">", 1),)))

    assert raised.value.fields[0].code == "RANGE_NEEDS_ORDER"
    assert server.calls == []


@pytest.mark.emulators
def test_a_dotted_name_inside_a_map_is_a_name() -> None:
    """Below the top level a dot is no path: hosts are names of fields."""
    with google_documents() as documents:
        documents.commit([Create("a/1", {"hosts": {"x.example.com": {"ok": True}}})])
        documents.commit([Update("a/1", {"hosts": {"y.example.com": 1, "`odd` \\ name": 2}})])

        assert documents.get("a/1").data == {"hosts": {"y.example.com": 1, "`odd` \\ name": 2}}


@pytest.mark.emulators
def test_times_are_plain_datetimes() -> None:
    """Not the library's own kind, which carries protobuf with it."""
    with google_documents() as documents:
        documents.commit([Create("a/1", {"at": [EARLIER]})])
        read = documents.get("a/1")

    assert read.data is not None
    assert {datetime} == {type(read.read_time), type(read.update_time), type(read.data["at"][0])}


@pytest.mark.emulators
@pytest.mark.parametrize("outage", [0.0, 3.0], ids=["a cut connection", "three seconds without a server"])
def test_a_watch_outlives_its_connection(outage: float) -> None:
    """What changed meanwhile arrives afterwards, and nothing is told twice."""
    with emulated() as emulators, CutProxy(emulators.environment()["FIRESTORE_EMULATOR_HOST"]) as proxy:
        project = fresh_name()
        writer = FirestoreDocuments(project, "(default)", 10)
        writer.commit([Set("a/1", {"n": 1})])
        with mock.patch.dict(os.environ, {"FIRESTORE_EMULATOR_HOST": proxy.host}):
            told: list[object] = []
            close = FirestoreDocuments(project).watch("a/1", lambda snapshot: told.append(snapshot.data))
        _until(lambda: told == [{"n": 1}])

        proxy.refusing = outage > 0
        assert proxy.cut()
        _write_once(writer, {"n": 2})
        time.sleep(outage)
        proxy.refusing = False

        _until(lambda: told == [{"n": 1}, {"n": 2}], seconds=30)
        writer.commit([Set("a/1", {"n": 3})])
        _until(lambda: told == [{"n": 1}, {"n": 2}, {"n": 3}])
        close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_watch_begins_anew_after_an_error_that_the_library_holds_for_final() -> None:
    """The library raises it in a thread of its own and listens no more; ended, the watch asks no more either."""
    with firestore(Code.PERMISSION_DENIED) as (server, documents):
        close = documents.watch("a/1", lambda snapshot: None)
        _until(lambda: len(server.calls) >= 2)
        close()
        calls = len(server.calls)
        time.sleep(1.5)

    assert calls == len(server.calls)
    assert {"Listen"} == set(server.calls)


def _write_once(documents: FirestoreDocuments, data: dict[str, object]) -> None:
    """The emulator cancels a commit now and then while it loses a listener; nobody then knows whether it was made."""
    try:
        documents.commit([Set("a/1", data)])
    except Transient:
        if documents.get("a/1").data != data:
            documents.commit([Set("a/1", data)])


def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _make(documents: FirestoreDocuments, call: str) -> None:
    if call == "get":
        documents.get("a/1")
    elif call == "query":
        documents.query(Query("a"))
    else:
        documents.commit([Create("a/1", {"n": 1})])
