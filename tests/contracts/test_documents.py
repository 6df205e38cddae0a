"""What every `Documents` promises."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from queue import Empty, Queue
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.errors import Conflict, InvalidInput
from provisioning.ports import Create, Delete, Documents, Query, Set, Snapshot, Update, Where, Write
from tests.contracts.races import race

NOON = datetime(2025, 1, 31, 12, 0, 0, 123456, UTC)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
#: Seconds within which a listener must have heard of a commit (design §11).
HEARD_WITHIN = 1.0


def outcome(documents: Documents, *writes: Write) -> str:
    try:
        documents.commit(writes)
    except Conflict:
        return "conflict"
    return "written"


def data_at(documents: Documents, path: str) -> Any:
    return documents.get(path).data


# --- Reading ---------------------------------------------------------------------------------------------


def test_a_missing_document_is_a_snapshot_without_data(documents: Documents) -> None:
    """It has a read time, but no other."""
    snapshot = documents.get("stores/none")

    assert (
        snapshot.exists,
        snapshot.data,
        snapshot.create_time,
        snapshot.update_time,
    ) == (False, None, None, None)
    assert snapshot.read_time.utcoffset() == timedelta(0)


def test_a_commit_that_was_answered_is_read(documents: Documents) -> None:
    """Path, id, data and times are those of the commit."""
    (committed_at,) = documents.commit([Create("tenants/s1/products/p1", {"title": "Radio"})])

    snapshot = documents.get("tenants/s1/products/p1")

    assert (snapshot.path, snapshot.id) == ("tenants/s1/products/p1", "p1")
    assert snapshot.data == {"title": "Radio"}
    assert committed_at == snapshot.create_time == snapshot.update_time
    assert committed_at <= snapshot.read_time


def test_get_all_keeps_the_order_of_the_paths(documents: Documents) -> None:
    """Missing ones and repeated ones included."""
    documents.commit([Create("stores/a", {"n": 1}), Create("stores/b", {"n": 2})])

    found = documents.get_all(["stores/b", "stores/none", "stores/a", "stores/b"])

    assert [s.path for s in found] == ["stores/b", "stores/none", "stores/a", "stores/b"]
    assert [s.data for s in found] == [{"n": 2}, None, {"n": 1}, {"n": 2}]


def test_get_all_of_nothing_is_nothing(documents: Documents) -> None:
    """No call is needed, and none fails."""
    assert documents.get_all([]) == []


@pytest.mark.parametrize(
    "path",
    ["", "stores", "stores/", "/stores", "stores/a/products", "stores/..", "stores/a b", "stores/__x__"],
)
def test_a_path_that_names_no_document_is_refused(documents: Documents, path: str) -> None:
    """Read or written: a wrong path must never reach another tenant."""
    calls: list[Callable[[], object]] = [
        lambda: documents.get(path),
        lambda: documents.get_all([path]),
        lambda: documents.commit([Set(path, {})]),
        lambda: documents.commit([Delete(path)]),
        lambda: documents.watch(path, lambda _: None),
    ]
    for call in calls:
        with pytest.raises(InvalidInput):
            call()


# --- Writing ---------------------------------------------------------------------------------------------


def test_create_needs_a_free_place(documents: Documents) -> None:
    """The second one is a conflict and leaves the first as it is."""
    documents.commit([Create("hosts/shop", {"store": "a"})])

    with pytest.raises(Conflict):
        documents.commit([Create("hosts/shop", {"store": "b"})])

    assert data_at(documents, "hosts/shop") == {"store": "a"}


def test_set_writes_the_whole_document(documents: Documents) -> None:
    """What was there before is gone; its creation time stays."""
    documents.commit([Set("stores/a", {"old": 1})])
    before = documents.get("stores/a")

    documents.commit([Set("stores/a", {"new": 2})])

    after = documents.get("stores/a")
    assert after.data == {"new": 2}
    assert before.create_time == after.create_time
    assert before.update_time is not None
    assert after.update_time is not None
    assert before.update_time < after.update_time


def test_update_replaces_the_named_fields_alone(documents: Documents) -> None:
    """A map among them is replaced as a whole, not merged."""
    documents.commit([Create("stores/a", {"name": "A", "theme": {"slug": "x", "version": "1"}})])

    documents.commit([Update("stores/a", {"theme": {"slug": "y"}, "added": [1]})])

    assert data_at(documents, "stores/a") == {"name": "A", "theme": {"slug": "y"}, "added": [1]}


def test_update_of_a_field_with_an_odd_name(documents: Documents) -> None:
    """A plain name is no path, whatever stands in it."""
    documents.commit([Create("stores/a", {"a-b": 1, "é c": 1, "9`": 1})])

    documents.commit([Update("stores/a", {"a-b": 2, "é c": 3, "9`": 4})])

    assert data_at(documents, "stores/a") == {"a-b": 2, "é c": 3, "9`": 4}


def test_update_needs_a_document(documents: Documents) -> None:
    """None there is a conflict, and none comes into being."""
    with pytest.raises(Conflict):
        documents.commit([Update("stores/a", {"n": 1})])

    assert not documents.get("stores/a").exists


@pytest.mark.parametrize("fields", [{}, {"a.b": 1}, {"": 1}])
def test_update_of_what_is_no_field_is_refused(documents: Documents, fields: Mapping[str, Any]) -> None:
    """No fields at all, a dotted name, an empty name."""
    documents.commit([Create("stores/a", {"a": {"b": 0}})])

    with pytest.raises(InvalidInput):
        documents.commit([Update("stores/a", fields)])

    assert data_at(documents, "stores/a") == {"a": {"b": 0}}


def test_update_holds_only_for_the_state_that_was_read(documents: Documents) -> None:
    """The first update with a time wins; a second with the same time is a conflict."""
    documents.commit([Create("stores/a", {"n": 0})])
    seen = documents.get("stores/a").update_time

    documents.commit([Update("stores/a", {"n": 1}, if_updated_at=seen)])
    with pytest.raises(Conflict):
        documents.commit([Update("stores/a", {"n": 2}, if_updated_at=seen)])

    assert data_at(documents, "stores/a") == {"n": 1}


def test_a_returned_time_serves_as_the_next_condition(documents: Documents) -> None:
    """No reading is needed between two conditional writes."""
    (at,) = documents.commit([Create("stores/a", {"n": 0})])
    (at,) = documents.commit([Update("stores/a", {"n": 1}, if_updated_at=at)])
    documents.commit([Update("stores/a", {"n": 2}, if_updated_at=at)])

    assert data_at(documents, "stores/a") == {"n": 2}


def test_a_condition_on_a_missing_document_is_a_conflict(documents: Documents) -> None:
    """Whether it is updated or deleted."""
    assert outcome(documents, Update("stores/a", {"n": 1}, if_updated_at=LONG_AGO)) == "conflict"
    assert outcome(documents, Delete("stores/a", if_updated_at=LONG_AGO)) == "conflict"


def test_delete_removes_and_repeats(documents: Documents) -> None:
    """A second one is a no-op."""
    documents.commit([Create("stores/a", {})])

    documents.commit([Delete("stores/a")])
    documents.commit([Delete("stores/a")])

    assert not documents.get("stores/a").exists


def test_delete_holds_only_for_the_state_that_was_read(documents: Documents) -> None:
    """A stale time is a conflict; the present one deletes."""
    documents.commit([Create("stores/a", {"n": 0})])
    stale = documents.get("stores/a").update_time
    (present,) = documents.commit([Update("stores/a", {"n": 1})])

    assert outcome(documents, Delete("stores/a", if_updated_at=stale)) == "conflict"
    assert documents.get("stores/a").exists
    assert outcome(documents, Delete("stores/a", if_updated_at=present)) == "written"
    assert not documents.get("stores/a").exists


def test_a_new_document_in_an_old_place_is_another_one(documents: Documents) -> None:
    """Times of the deleted one fit no more."""
    (old,) = documents.commit([Create("stores/a", {"n": 0})])
    documents.commit([Delete("stores/a")])
    (new,) = documents.commit([Create("stores/a", {"n": 0})])

    assert old < new
    assert new == documents.get("stores/a").create_time
    assert outcome(documents, Update("stores/a", {"n": 1}, if_updated_at=old)) == "conflict"


@pytest.mark.parametrize(
    "broken",
    [
        Create("stores/there", {"n": 9}),
        Update("stores/none", {"n": 9}),
        Update("stores/there", {"n": 9}, if_updated_at=LONG_AGO),
        Delete("stores/there", if_updated_at=LONG_AGO),
    ],
    ids=["create", "update", "stale-update", "stale-delete"],
)
@pytest.mark.parametrize("first", [True, False], ids=["broken-first", "broken-last"])
def test_a_batch_is_written_whole_or_not_at_all(documents: Documents, broken: Write, first: bool) -> None:
    """One condition that does not hold keeps every other write back, on whichever side it stands."""
    documents.commit([Create("stores/there", {"n": 0}), Create("stores/kept", {"n": 0})])
    others: list[Write] = [Create("stores/new", {}), Set("stores/set", {}), Delete("stores/kept")]

    with pytest.raises(Conflict):
        documents.commit([broken, *others] if first else [*others, broken])

    found = documents.get_all(["stores/there", "stores/kept", "stores/new", "stores/set"])
    assert [s.data for s in found] == [{"n": 0}, {"n": 0}, None, None]


def test_a_batch_answers_with_a_time_for_each_write(documents: Documents) -> None:
    """In the order of the writes."""
    documents.commit([Create("stores/gone", {})])

    times = documents.commit([Create("stores/a", {}), Delete("stores/gone"), Set("stores/b", {})])

    assert len(times) == 3
    assert times[0] == documents.get("stores/a").update_time
    assert times[2] == documents.get("stores/b").update_time


def test_an_empty_batch_writes_nothing(documents: Documents) -> None:
    """And answers with nothing."""
    assert documents.commit([]) == ()


def test_update_times_of_a_document_grow(documents: Documents) -> None:
    """Each change has a later one, however quick."""
    documents.commit([Create("stores/a", {"n": -1})])

    times = [documents.commit([Update("stores/a", {"n": n})])[0] for n in range(20)]

    assert sorted(set(times)) == times


# --- Races -----------------------------------------------------------------------------------------------


def test_of_many_creations_one_wins(documents: Documents) -> None:
    """The winner's data is what is there."""
    results = race(lambda n: outcome(documents, Create("hosts/shop", {"n": n})))

    assert results.count("written") == 1
    assert {"n": results.index("written")} == data_at(documents, "hosts/shop")


def test_of_many_updates_of_one_state_one_wins(documents: Documents) -> None:
    """The winner's data is what is there."""
    documents.commit([Create("stores/a", {"n": None})])
    seen = documents.get("stores/a").update_time

    results = race(lambda n: outcome(documents, Update("stores/a", {"n": n}, if_updated_at=seen)))

    assert results.count("written") == 1
    assert {"n": results.index("written")} == data_at(documents, "stores/a")


def test_of_many_deletions_of_one_state_one_wins(documents: Documents) -> None:
    """The others meet a missing document."""
    documents.commit([Create("stores/a", {})])
    seen = documents.get("stores/a").update_time

    results = race(lambda _: outcome(documents, Delete("stores/a", if_updated_at=seen)))

    assert results.count("written") == 1


def test_counting_with_conditions_loses_nothing(documents: Documents) -> None:
    """Read, add one, write if unchanged, else again: every round counts."""
    documents.commit([Create("stores/a", {"n": 0})])

    def count_up(_: int) -> None:
        done = 0
        while done < 5:
            seen = documents.get("stores/a")
            assert seen.data is not None
            change = Update("stores/a", {"n": seen.data["n"] + 1}, if_updated_at=seen.update_time)
            done += outcome(documents, change) == "written"

    race(count_up, runners=4)

    assert data_at(documents, "stores/a") == {"n": 20}


# --- Values ----------------------------------------------------------------------------------------------

VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "largest": 2**63 - 1,
    "smallest": -(2**63),
    "float": 0.1 + 0.2,
    "whole float": 3.0,
    "tiny": 5e-324,
    "huge": 1.7976931348623157e308,
    "empty text": "",
    "text": "Ünï ✓ 𝄞 \u202e \x00 \n \" ' \\",
    "looks like a moment": '{"$at":"2025-01-31T12:00:00.123456Z"}',
    "moment": NOON,
    "first moment": datetime(1, 1, 1, tzinfo=UTC),
    "last moment": datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
    "empty list": [],
    "list": [1, "a", None, {"b": [NOON]}],
    "empty map": {},
    "map": {"a": {"b": {"c": [{"d": NOON}]}}, "with.dot": 1, "with/slash": 2, "é": 3, "at": 4},
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_what_is_read_is_what_was_written(documents: Documents, value: object) -> None:
    """In value and in type."""
    documents.commit([Create("stores/a", {"value": value})])

    found = data_at(documents, "stores/a")["value"]

    assert value == found
    assert type(value) is type(found)


def test_a_moment_comes_back_in_utc(documents: Documents) -> None:
    """Whatever its zone was, it is the same moment."""
    there = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    documents.commit([Create("stores/a", {"at": there})])

    found = data_at(documents, "stores/a")["at"]

    assert found == NOON
    assert timedelta(0) == found.utcoffset()


TOO_DEEP: dict[str, Any] = {"bottom": 1}
for _ in range(20):
    TOO_DEEP = {"a": TOO_DEEP}

REFUSED: dict[str, Any] = {
    "nan": {"a": float("nan")},
    "infinity": {"a": float("-inf")},
    "beyond 64 bits": {"a": 2**63},
    "below 64 bits": {"a": -(2**63) - 1},
    "naive moment": {"a": datetime(2025, 1, 31)},  # noqa: DTZ001
    "list in list": {"a": [1, [2]]},
    "lone surrogate": {"a": "\ud800"},
    "lone surrogate in a name": {"\ud800": 1},
    "empty name": {"a": {"": 1}},
    "name with a dollar": {"a": {"$at": "2025"}},
    "reserved name": {"__name__": 1},
    "long name": {"é" * 751: 1},
    "name that is no text": {"a": {1: 2}},
    "bytes": {"a": b"raw"},
    "set": {"a": {1}},
    "object": {"a": object()},
    "too deep": TOO_DEEP,
    "deep in a list": {"a": [{"b": [float("inf")]}]},
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_kept_is_refused(documents: Documents, data: Mapping[str, Any]) -> None:
    """Before anything of its batch is written."""
    for write in (Create("stores/a", data), Set("stores/a", data)):
        with pytest.raises(InvalidInput):
            documents.commit([Set("stores/other", {}), write])

    assert [s.exists for s in documents.get_all(["stores/a", "stores/other"])] == [False, False]


def test_a_document_above_the_largest_size_is_refused(documents: Documents) -> None:
    """1 MiB, as in Firestore."""
    with pytest.raises(InvalidInput):
        documents.commit([Set("stores/a", {"text": "x" * 1_100_000})])

    assert not documents.get("stores/a").exists


NAMES = st.text(min_size=1, max_size=20).filter(
    lambda name: not name.startswith("$") and not (name.startswith("__") and name.endswith("__"))
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=50)
    | st.datetimes(timezones=st.just(UTC))
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner.filter(lambda item: not isinstance(item, list)), max_size=4)
        | st.dictionaries(NAMES, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.dictionaries(NAMES, ANYTHING, max_size=5))
def test_any_document_comes_back_equal(documents: Documents, data: dict[str, Any]) -> None:
    """Whatever it is made of, to the last bit and sign."""
    documents.commit([Set("stores/a", data)])

    found = data_at(documents, "stores/a")

    assert data == found
    assert _shape(data) == _shape(found)


def _shape(value: Any) -> Any:
    """Types and signs, which `==` does not compare: 1 == 1.0 == True, 0.0 == -0.0."""
    if isinstance(value, dict):
        return {name: _shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return repr(value) if isinstance(value, float) else type(value).__name__


# --- Queries ---------------------------------------------------------------------------------------------


def fill(documents: Documents, collection: str = "stores", **data: Mapping[str, Any]) -> None:
    documents.commit([Set(f"{collection}/{id}", fields) for id, fields in data.items()])


def ids(documents: Documents, *where: Where, order_by: str | None = None, limit: int = 100) -> list[str]:
    return [s.id for s in documents.query(Query("stores", where, order_by, limit))]


def test_a_query_reads_its_collection_alone(documents: Documents) -> None:
    """Neither a collection of the same name below, nor one whose name begins alike."""
    fill(documents, b={"n": 1}, a={"n": 2})
    fill(documents, "stores/a/stores", c={"n": 3})
    fill(documents, "stores2", d={"n": 4})

    found = documents.query(Query("stores"))

    assert [(s.path, s.data) for s in found] == [("stores/a", {"n": 2}), ("stores/b", {"n": 1})]
    assert documents.get("stores/a").update_time == found[0].update_time
    assert [s.id for s in documents.query(Query("stores/a/stores"))] == ["c"]


def test_a_query_of_nothing_is_empty(documents: Documents) -> None:
    """A collection comes into being with its first document."""
    assert documents.query(Query("stores")) == []


EQUAL: dict[str, tuple[Any, list[str]]] = {
    "null": (None, ["null"]),
    "true is not one": (True, ["true"]),
    "false is not zero": (False, ["false"]),
    "one, whole or not": (1, ["one", "one_float"]),
    "float": (0.1 + 0.2, ["float"]),
    "text": ("1", ["text"]),
    "moment": (NOON.astimezone(timezone(timedelta(hours=-8))), ["moment"]),
    "text like a moment": ('{"$at":"2025-01-31T12:00:00.123456Z"}', ["like_moment"]),
}


@pytest.mark.parametrize(("value", "expected"), EQUAL.values(), ids=EQUAL.keys())
def test_equality_is_of_type_and_value(documents: Documents, value: object, expected: list[str]) -> None:
    """A document without the field is equal to nothing, not even null."""
    fill(
        documents,
        null={"v": None},
        true={"v": True},
        false={"v": False},
        zero={"v": 0},
        one={"v": 1},
        one_float={"v": 1.0},
        float={"v": 0.1 + 0.2},
        near_float={"v": 0.3},
        text={"v": "1"},
        moment={"v": NOON},
        like_moment={"v": '{"$at":"2025-01-31T12:00:00.123456Z"}'},
        map={"v": {"a": 1}},
        list={"v": [1]},
        missing={"w": 1},
    )

    assert expected == ids(documents, Where("v", "==", value))


def test_all_conditions_hold_together(documents: Documents) -> None:
    """Dotted fields reach into maps."""
    fill(
        documents,
        a={"status": "READY", "engine": {"shard": 1}},
        b={"status": "READY", "engine": {"shard": 2}},
        c={"status": "ACTIVE", "engine": {"shard": 1}},
        d={"status": "READY", "engine": "shard"},
        e={"status": "READY", "engine.shard": 1},
    )

    assert ids(documents, Where("status", "==", "READY"), Where("engine.shard", "==", 1)) == ["a"]


MOMENTS = {f"m{n}": {"at": NOON + timedelta(microseconds=n)} for n in range(4)}
OTHERS: dict[str, Any] = {"null": {"at": None}, "text": {"at": "z"}, "number": {"at": 10**18}, "missing": {}}


@pytest.mark.parametrize(
    ("op", "expected"),
    [("<", ["m0"]), ("<=", ["m0", "m1"]), (">", ["m2", "m3"]), (">=", ["m1", "m2", "m3"])],
)
def test_ranges_of_moments_are_exact(documents: Documents, op: Any, expected: list[str]) -> None:
    """To the microsecond. Null, other types and documents without the field are left out."""
    fill(documents, **MOMENTS, **OTHERS)

    assert expected == ids(documents, Where("at", op, NOON + timedelta(microseconds=1)), order_by="at")


def test_a_range_has_two_ends(documents: Documents) -> None:
    """And may be read from its upper one."""
    fill(documents, **{f"n{n}": {"v": n / 2} for n in range(10)})
    ends = (Where("v", ">=", 1), Where("v", "<", 2.5))

    assert ids(documents, *ends, order_by="v") == ["n2", "n3", "n4"]
    assert ids(documents, *ends, order_by="-v") == ["n4", "n3", "n2"]


def test_text_is_ordered_by_its_bytes(documents: Documents) -> None:
    """No language's rules: capitals first, accents last."""
    fill(
        documents,
        a={"v": "b"},
        b={"v": "B"},
        c={"v": "é"},
        d={"v": ""},
        e={"v": "ba"},
        f={"v": "𝄞"},
        g={"v": "\uffff"},
    )

    assert ids(documents, order_by="v") == ["d", "b", "a", "e", "c", "g", "f"]


def test_order_of_types(documents: Documents) -> None:
    """Null, booleans, numbers, moments, text; a document without the field is left out."""
    fill(
        documents,
        text={"v": "0"},
        moment={"v": LONG_AGO},
        number={"v": 5},
        minus={"v": -0.5},
        true={"v": True},
        false={"v": False},
        null={"v": None},
        missing={},
    )
    expected = ["null", "false", "true", "minus", "number", "moment", "text"]

    assert expected == ids(documents, order_by="v")
    assert expected[::-1] == ids(documents, order_by="-v")


def test_equal_values_are_ordered_by_id_in_the_same_direction(documents: Documents) -> None:
    """Both ways."""
    fill(documents, a={"v": 1}, B={"v": 1}, c={"v": 0}, b={"v": 1})

    assert ids(documents, order_by="v") == ["c", "B", "a", "b"]
    assert ids(documents, order_by="-v") == ["b", "a", "B", "c"]


def test_a_query_stops_at_its_limit(documents: Documents) -> None:
    """With the first of its order."""
    fill(documents, a={"v": 3}, b={"v": 2}, c={"v": 1})

    assert ids(documents, limit=2) == ["a", "b"]
    assert ids(documents, order_by="v", limit=1) == ["c"]


@pytest.mark.parametrize("order_by", [None, "v", "-v", "engine.at", "-engine.at"])
def test_pages_hold_every_document_once(documents: Documents, order_by: str | None) -> None:
    """Many have equal values, some null, some floats that no decimal names."""
    values = [None, None, 1, 1, 1, 0.1 + 0.2, 1 / 3, "a", NOON, NOON, True]
    fill(documents, **{f"d{n}": {"v": v, "engine": {"at": v}} for n, v in enumerate(values)})
    whole = [s.id for s in documents.query(Query("stores", order_by=order_by))]

    pages: list[str] = []
    after: Snapshot | None = None
    while page := documents.query(Query("stores", order_by=order_by, limit=2, after=after)):
        pages += [s.id for s in page]
        after = page[-1]

    assert len(values) == len(set(whole))
    assert whole == pages


def test_pages_within_conditions(documents: Documents) -> None:
    """The sweep's own shape: one shard, what is due, by time."""
    fill(
        documents,
        **{
            f"p{n}": {"engine": {"shard": n % 2, "at": NOON + timedelta(seconds=n // 4) if n % 3 else None}}
            for n in range(24)
        },
    )
    where = (Where("engine.shard", "==", 0), Where("engine.at", "<=", NOON + timedelta(seconds=4)))
    expected = [f"p{n}" for n in range(0, 20, 2) if n % 3]

    pages: list[str] = []
    after: Snapshot | None = None
    while page := documents.query(Query("stores", where, "engine.at", 2, after)):
        pages += [s.id for s in page]
        after = page[-1]

    assert sorted(expected) == sorted(pages)
    assert ids(documents, *where, order_by="engine.at") == pages


def test_what_was_never_done_comes_before_the_oldest(documents: Documents) -> None:
    """The collection's own shape: null first, then by time, page by page; a document that lacks the field is left out, and not counted."""
    turns = [None, NOON, None, NOON - timedelta(days=1), NOON + timedelta(seconds=1)]
    fill(documents, **{f"s{n}": {"collected_at": at} for n, at in enumerate(turns)}, old={"live": "r1"})

    pages: list[str] = []
    after: Snapshot | None = None
    while page := documents.query(Query("stores", order_by="collected_at", limit=2, after=after)):
        pages += [s.id for s in page]
        after = page[-1]

    assert pages == ["s0", "s2", "s3", "s1", "s4"]
    assert documents.count(Query("stores", order_by="collected_at")) == 5
    assert documents.count(Query("stores")) == 6


def test_a_cursor_outlives_its_document(documents: Documents) -> None:
    """The sweep changes what it has read before it asks for the next page."""
    fill(documents, a={"v": 1}, b={"v": 2}, c={"v": 3})
    (first,) = documents.query(Query("stores", order_by="v", limit=1))
    documents.commit([Delete("stores/a")])

    rest = documents.query(Query("stores", order_by="v", after=first))

    assert [s.id for s in rest] == ["b", "c"]


def test_a_count_is_of_all_that_a_query_would_give(documents: Documents) -> None:
    """Its limit and its beginning do not matter; its conditions do, and the field that it is ordered by."""
    fill(documents, a={"v": 1, "at": 3}, b={"v": 1, "at": 4}, c={"v": 2, "at": 5}, d={"v": 1})
    fill(documents, "stores/a/stores", e={"v": 1, "at": 9})
    (first,) = documents.query(Query("stores", limit=1))

    assert documents.count(Query("stores", limit=1, after=first)) == 4
    assert documents.count(Query("stores", (Where("v", "==", 1),))) == 3
    assert documents.count(Query("stores", (Where("at", ">=", 4),), "-at")) == 2
    assert documents.count(Query("stores", (Where("v", "==", 7),))) == 0
    assert documents.count(Query("nowhere")) == 0


WRONG_QUERIES: dict[str, Query] = {
    "document": Query("stores/a"),
    "path out": Query("stores/../x"),
    "no limit": Query("stores", limit=0),
    "range of another field": Query("stores", (Where("v", "<", 1),), "w"),
    "range without order": Query("stores", (Where("v", "<", 1),)),
    "range of null": Query("stores", (Where("v", ">", None),), "v"),
    "list": Query("stores", (Where("v", "==", [1]),)),
    "map": Query("stores", (Where("v", "==", {"a": 1}),)),
    "naive moment": Query("stores", (Where("v", "==", datetime(2025, 1, 31)),)),  # noqa: DTZ001
    "quote in a field": Query("stores", (Where("v') = 1 OR ('", "==", 1),)),
    "quote in the order": Query("stores", order_by="v'"),
    "empty part of a field": Query("stores", (Where("a..b", "==", 1),)),
}


@pytest.mark.parametrize("query", WRONG_QUERIES.values(), ids=WRONG_QUERIES.keys())
def test_a_query_that_cannot_be_answered_is_refused(documents: Documents, query: Query) -> None:
    """The same on every adapter, so that nothing works locally alone."""
    with pytest.raises(InvalidInput):
        documents.query(query)


# --- Watching --------------------------------------------------------------------------------------------


class Listener:
    """Keeps what a watch told."""

    def __init__(self) -> None:
        self.heard: Queue[Snapshot] = Queue()

    def __call__(self, snapshot: Snapshot) -> None:
        self.heard.put(snapshot)

    def until(self, data: object, timeout: float = 10) -> Snapshot:
        """The first snapshot with these data."""
        give_up_at = time.monotonic() + timeout
        while True:
            snapshot = self.heard.get(timeout=max(0, give_up_at - time.monotonic()))
            if snapshot.data == data:
                return snapshot


def test_a_watch_begins_with_the_present_state(documents: Documents) -> None:
    """As `get` would give it."""
    documents.commit([Create("stores/a", {"n": 1})])
    listener = Listener()

    end = documents.watch("stores/a", listener)

    first = listener.heard.get(timeout=10)
    end()
    assert (first.path, first.data) == ("stores/a", {"n": 1})
    assert documents.get("stores/a").update_time == first.update_time


def test_a_watch_tells_creation_change_and_deletion(documents: Documents) -> None:
    """Each within a second, beginning with a document that is not there."""
    listener = Listener()
    end = documents.watch("stores/a", listener)
    listener.until(None)

    documents.commit([Create("stores/a", {"n": 1})])
    listener.until({"n": 1}, HEARD_WITHIN)
    documents.commit([Update("stores/a", {"n": 2})])
    listener.until({"n": 2}, HEARD_WITHIN)
    documents.commit([Delete("stores/a")])
    listener.until(None, HEARD_WITHIN)
    end()


def test_the_last_of_many_quick_changes_arrives(documents: Documents) -> None:
    """Some in between may be folded; none comes out of order."""
    documents.commit([Create("stores/a", {"n": -1})])
    listener = Listener()
    end = documents.watch("stores/a", listener)
    for n in range(50):
        documents.commit([Update("stores/a", {"n": n})])

    told: list[int] = []
    while not told or told[-1] != 49:
        data = listener.heard.get(timeout=10).data
        assert data is not None
        told.append(data["n"])
    end()

    assert sorted(set(told)) == told


def test_a_watch_hears_of_its_document_alone(documents: Documents) -> None:
    """A change of another one is no call."""
    documents.commit([Create("stores/a", {"n": 1})])
    listener = Listener()
    end = documents.watch("stores/a", listener)
    listener.until({"n": 1})

    documents.commit([Create("stores/b", {"n": 2})])

    with pytest.raises(Empty):
        listener.heard.get(timeout=0.5)
    end()


def test_an_ended_watch_is_silent(documents: Documents) -> None:
    """Ending it twice is a no-op."""
    documents.commit([Create("stores/a", {"n": 1})])
    listener = Listener()
    end = documents.watch("stores/a", listener)
    listener.until({"n": 1})

    end()
    end()
    documents.commit([Update("stores/a", {"n": 2})])

    with pytest.raises(Empty):
        listener.heard.get(timeout=0.5)


def test_a_watch_outlives_an_error_of_its_listener(documents: Documents) -> None:
    """The next change is told all the same."""
    documents.commit([Create("stores/a", {"n": 1})])
    listener = Listener()

    def fail_once(snapshot: Snapshot) -> None:
        listener(snapshot)
        if snapshot.data == {"n": 1}:
            raise RuntimeError("the listener's own fault")

    end = documents.watch("stores/a", fail_once)
    listener.until({"n": 1})
    documents.commit([Update("stores/a", {"n": 2})])

    listener.until({"n": 2})
    end()


def test_a_watch_may_be_ended_by_its_own_listener(documents: Documents) -> None:
    """As one that waits for the end of a provisioning does."""
    documents.commit([Create("stores/a", {"n": 1})])
    ended = threading.Event()
    ends: Queue[Callable[[], None]] = Queue()

    def end_it(_: Snapshot) -> None:
        ends.get(timeout=10)()
        ended.set()

    ends.put(documents.watch("stores/a", end_it))

    assert ended.wait(timeout=10)
