"""The database has the indexes that are asked for, and no other; expires what the documents say; and is not lost by a slip."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from tools.document_firestore import PAGE, document_fields, read_described

from provisioning.local.documents import SqliteDocuments
from provisioning.ports import Query
from provisioning.stores.merchants import MerchantStatus
from provisioning.workflow.dead_letters import LetterStatus
from provisioning.workflow.records import Kind, Status
from tests.api.conftest import api as api  # the fixture
from tests.api.world import Api

from .configuration import ROOT, expression, resource, value
from .queries import COMPOSED, Asked, Place, places, portal_queries

TEXT = PAGE.read_text(encoding="utf-8")
ORDERS = {"": "ASCENDING", "-": "DESCENDING"}
INDEXES = {
    (one["collection"], tuple((field, order) for field, order in one["fields"]))
    for one in value("indexes").values()
}


def _needed(asked: Asked) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    """An index for each field that must be equal, ending in the order: Firestore joins them for several fields."""
    if not asked.equal or asked.order is None:
        return set()
    last = asked.order.removeprefix("-"), ORDERS["-" if asked.order.startswith("-") else ""]
    return {(asked.collection, ((field, "ASCENDING"), last)) for field in asked.equal}


def _composed() -> list[Asked]:
    return [
        Asked(file, function, collection, frozenset(fields), order)
        for (file, function), (collection, fields, order) in COMPOSED.items()
    ]


def _is_composed(place: Place) -> bool:
    return place.filtered and place.ordered


def test_every_query_that_filters_and_orders_is_known() -> None:
    """Each has its row in `COMPOSED`, and each row its query."""
    found = {(place.file, place.function) for place in places() if _is_composed(place)}

    assert found == set(COMPOSED)
    assert len(places()) > 30


def test_what_is_known_of_a_query_is_so() -> None:
    """Every condition that stands in its function is in its row, and its collection and order are the row's."""
    wrong = {}
    for place in places():
        if _is_composed(place):
            _, equal, order = COMPOSED[place.file, place.function]
            if not place.fields <= equal | {order.removeprefix("-")}:
                wrong[place.file, place.function] = place.fields

    assert wrong == {}
    assert {place.collection for place in places() if _is_composed(place)} == {
        one[0] for one in COMPOSED.values()
    }


def test_each_query_has_its_indexes_and_each_index_its_query() -> None:
    """The portal's included."""
    needed = {index for asked in [*_composed(), *portal_queries()] for index in _needed(asked)}

    assert needed - INDEXES == set(), "asked for, and not there"
    assert INDEXES - needed == set(), "there, and nobody asks"


def test_the_portals_queries_are_found() -> None:
    """Among them the one that the page of a store listens to."""
    found = portal_queries()

    assert any(one.equal == {"store_id", "kind"} and one.order == "-requested_at" for one in found)
    assert len(found) >= 3


def _every_list() -> Iterator[str]:
    """The addresses of every list, with every combination of its filters."""
    root = "/api/provisioning"
    filters = {
        "status": str(Status.FAILED),
        "merchant_id": "m1",
        "store_id": "s1",
        "kind": str(Kind.PUBLICATION),
    }
    for size in range(len(filters) + 1):
        for names in combinations(filters, size):
            yield f"{root}/provisionings?" + "&".join(f"{name}={filters[name]}" for name in names)
    yield f"{root}/provisionings?stuck=true"
    yield from (f"{root}/dead-letters?status={status}" for status in (*LetterStatus, "ALL"))
    yield from (f"{root}/merchants?status={status}" for status in MerchantStatus)
    yield from (f"{root}/{name}" for name in ("merchants", "merchants/counts", "themes", "plans", "stores"))
    yield from (f"{root}/audit-log{asked}" for asked in ("", "?actor=a", "?subject=s", "?actor=a&subject=s"))
    yield f"{root}/overview"
    yield f"{root}/merchants/m1/provisioning-status"
    yield f"{root}/merchants/m1/provisioning-status?store_id=s1"


def test_what_the_api_really_asks_is_indexed(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recorded, not read: every list with every filter."""
    recorded: list[Query] = []
    ask = SqliteDocuments.query
    monkeypatch.setattr(
        SqliteDocuments, "query", lambda self, query: recorded.append(query) or ask(self, query)
    )
    for address in _every_list():
        answer = api.client.get(address, headers={"Authorization": f"Bearer {api.token}"})
        assert answer.status_code in (200, 404), address

    shapes = {_shape(query) for query in recorded}
    missing = {index for shape in shapes for index in _needed(shape) if index not in INDEXES}
    alone = {(one.collection, one.order.removeprefix("-")) for one in shapes if one.order and not one.equal}

    assert missing == set()
    assert alone & _exempt() == set()
    assert ("audit_log", "at") in alone
    # It was really asked: of the filters together, and of sweep's look at what is due.
    assert any(len(shape.equal) == 4 for shape in shapes)
    assert any(shape.order == "engine.wake_at" for shape in shapes)


def _shape(query: Query) -> Asked:
    equal = frozenset(where.field for where in query.where if where.op == "==")
    return Asked("", "", query.collection.rpartition("/")[2], equal, query.order_by)


# --- What is not indexed ---------------------------------------------------------------------------------


def _asked_alone() -> set[tuple[str, str]]:
    """Collection and field of every query that one field's own index answers."""
    found: set[tuple[str, str]] = set()
    for place in places():
        collection = re.split(r"[/']", place.collection.strip("'"))[-1]
        if place.filtered and not place.ordered:
            found |= {(collection, field) for field in place.fields}
        if place.order and not place.filtered:
            found.add((collection, place.order.removeprefix("-")))
    for asked in portal_queries():
        if not asked.equal and asked.order:
            found.add((asked.collection, asked.order.removeprefix("-")))
    return found


def _exempt() -> set[tuple[str, str]]:
    exempt = {(collection, field) for collection, fields in value("unindexed").items() for field in fields}
    return exempt | set(value("expiring").items())


def test_no_field_is_exempt_that_is_asked_for() -> None:
    """Its index would be missing, and the query would be refused."""
    asked = _asked_alone()

    expected = {
        ("stores", "owner_uid"),
        ("welcome_tokens", "resend_of"),
        ("provisionings", "updated_at"),
        ("releases", "created_at"),
    }
    assert expected <= asked
    assert _exempt() & asked == set()


def _top_level_shapes() -> dict[str, str]:
    """The shape of the documents of each collection, by the collection's name."""
    found = re.findall(
        r"^#+ (\S+/\S+)\n(?:(?!^#).)*?<!-- fields of (\w+) -->", TEXT, re.DOTALL | re.MULTILINE
    )
    return {path.split("/")[-2]: shape for path, shape in found}


def test_exempt_fields_exist() -> None:
    """Each is a field of a documented document: a renamed one would quietly be indexed again."""
    described = read_described()
    shapes = _top_level_shapes()
    for collection, fields in value("unindexed").items():
        known = document_fields(described[shapes[collection]])
        nested = document_fields(described["Engine"]) if collection == "provisionings" else set()
        for field in fields:
            first, _, second = field.partition(".")
            assert first in known, (collection, field)
            assert not second or second in nested, (collection, field)


def test_the_fields_that_would_cost_most_are_exempt() -> None:
    """The log, the steps, and the engine's lists change with every step."""
    assert {"log", "steps", "engine.effects", "engine.refs", "receipt"} <= set(
        value("unindexed")["provisionings"]
    )


def test_what_expires_is_what_says_so() -> None:
    """Every collection whose documents have an `expires_at`, and no other; the field is not indexed."""
    described = read_described()
    said = {
        collection
        for collection, shape in _top_level_shapes().items()
        if "expires_at" in document_fields(described[shape])
    }

    assert value("expiring") == dict.fromkeys(said, "expires_at")
    field = resource("google_firestore_field.expiring")
    assert field["ttl_config"] == [{}]
    assert field["index_config"] == [{}]


# --- What is not lost ------------------------------------------------------------------------------------


def test_the_database_is_kept() -> None:
    """Against deletion by Terraform, by hand, and by a wrong write a week ago."""
    database = resource("google_firestore_database.this")

    assert database["delete_protection_state"] == "DELETE_PROTECTION_ENABLED"
    assert database["deletion_policy"] == "ABANDON"
    assert database["point_in_time_recovery_enablement"] == "POINT_IN_TIME_RECOVERY_ENABLED"
    assert database["lifecycle"] == [{"prevent_destroy": True}]
    assert database["location_id"] == "${var.region}"


def test_it_is_backed_up() -> None:
    """Daily for two weeks, weekly for fourteen: the longest that Firestore takes."""
    assert resource("google_firestore_backup_schedule.daily")["retention"] == f"{14 * 86400}s"
    assert resource("google_firestore_backup_schedule.weekly")["retention"] == f"{14 * 7 * 86400}s"


def test_the_rules_of_the_repository_are_released() -> None:
    """The file that the tests know, under the fixed name of the database's release."""
    source: dict[str, Any] = resource("google_firebaserules_ruleset.this")["source"][0]["files"][0]

    assert "../firestore.rules" in expression(source["content"])
    assert (ROOT / "firestore.rules").read_text().count("rules_version = '2'") == 1
    assert resource("google_firebaserules_release.this")["name"] == "cloud.firestore"
