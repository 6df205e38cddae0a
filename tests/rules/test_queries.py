"""Rules are no filters: a query that could find one document too many is denied, not shortened."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.access import TABLE
from tests.rules.browsers import Browser
from tests.rules.documents import FOREIGN, MEMBER, OTHER, OWN

pytestmark = [pytest.mark.emulators, pytest.mark.slow]

#: What the portal asks (portal/src/data/firestore/source.ts), for as many as look at it.
PORTALS: dict[str, tuple[str, dict[str, Any]]] = {
    "newest of a store": (
        "provisionings",
        {
            "where": [("store_id", "EQUAL", OWN), ("kind", "EQUAL", "activation")],
            "order_by": "-requested_at",
            "limit": 1,
        },
    ),
    "changed last": ("provisionings", {"order_by": "-updated_at", "limit": 1}),
    "came last": ("merchants", {"order_by": "-created_at", "limit": 1}),
    "themes": ("themes", {"order_by": "slug"}),
    "plans": ("plans", {"order_by": "position"}),
    "stores of a merchant": ("stores", {"where": [("merchant_id", "EQUAL", "merchant-1")]}),
    "open dead letters": ("dead_letters", {"where": [("status", "EQUAL", "OPEN")]}),
    "audit log": ("audit_log", {"order_by": "-at", "limit": 50}),
    "how many": ("provisionings", {"count": True}),
}
STAFF = ("admin", "support")
COLLECTIONS = sorted({pattern.rpartition("/")[0].rpartition("/")[2] for pattern in TABLE})


@pytest.fixture
def member(nobody: Browser, platform: Browser) -> Browser:
    return nobody.as_user(MEMBER)


@pytest.mark.parametrize("query", PORTALS)
@pytest.mark.parametrize("role", STAFF)
def test_staff_ask_what_the_portal_asks(nobody: Browser, platform: Browser, role: str, query: str) -> None:
    """Each of its queries, and counting."""
    collection, asked = PORTALS[query]

    assert nobody.as_user(f"uid-{role}", role=role).query(collection, **asked)


@pytest.mark.parametrize("query", PORTALS)
@pytest.mark.parametrize("uid", [None, "uid-account", MEMBER])
def test_nobody_else_asks_it(nobody: Browser, platform: Browser, uid: str | None, query: str) -> None:
    """Neither who is not signed in, nor who has an account, nor a merchant, though one of the documents is theirs."""
    collection, asked = PORTALS[query]

    assert not (nobody if uid is None else nobody.as_user(uid)).query(collection, **asked)


@pytest.mark.parametrize(
    ("collection", "where"),
    [
        ("stores", [("owner_uid", "EQUAL", MEMBER)]),
        ("provisionings", [("store_id", "EQUAL", OWN)]),
        ("activation_requests", [("requested_by", "EQUAL", MEMBER)]),
        ("deployments", [("store_id", "EQUAL", OWN)]),
        ("merchants", [("owner_email", "EQUAL", "owner@example.com")]),
        ("hosts", [("store_id", "EQUAL", OWN)]),
        ("welcome_tokens", [("uid", "EQUAL", MEMBER)]),
        ("publications", []),
        ("audit_log", [("subject", "EQUAL", f"stores/{OWN}")]),
        ("dead_letters", [("provisioning", "EQUAL", OWN)]),
        ("tenants", []),
        ("tenants", [("store_id", "EQUAL", OWN)]),
    ],
)
def test_a_member_cannot_search_for_what_is_theirs(
    member: Browser, collection: str, where: list[tuple[str, str, Any]]
) -> None:
    """A filter that happens to name one's own store opens nothing outside of the tenant."""
    assert not member.query(collection, where=where)
    assert not member.query(collection, limit=1)
    assert not member.query(collection, count=True)


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("role", [None, *STAFF])
def test_collections_of_all_stores_are_closed(
    nobody: Browser, platform: Browser, role: str | None, collection: str
) -> None:
    """A query over every collection of a name finds nothing for anybody: member, support or admin."""
    asker = nobody.as_user(MEMBER, role=role)

    assert not asker.query(collection, group=True, limit=1)
    assert not asker.query(collection, group=True, where=[("uid", "EQUAL", MEMBER)])
    assert not asker.query(collection, group=True, where=[("store_id", "EQUAL", OWN)])


@pytest.mark.parametrize("name", ["products", "collections", "pages", "settings", "media", "members", "tasks"])  # fmt: skip
def test_a_member_asks_within_the_own_tenant(member: Browser, name: str) -> None:
    """All, a page of them, some, and how many; none of it in another's."""
    for asked in ({}, {"limit": 1}, {"where": [("sample", "EQUAL", False)]}, {"count": True}):
        assert member.query(f"tenants/{OWN}/{name}", **asked)
        assert not member.query(f"tenants/{FOREIGN}/{name}", **asked)


def test_a_group_below_one_tenant_is_closed(member: Browser) -> None:
    """Collections of a name below one's own tenant hold what no rule names: revisions of every theme."""
    assert not member.query(f"tenants/{OWN}/revisions", group=True)
    assert member.query(f"tenants/{OWN}/themes/upfront-modern/revisions")


@pytest.mark.parametrize("place", ["", f"tenants/{OWN}", f"tenants/{FOREIGN}", f"stores/{OWN}"])
def test_nobody_lists_collections(nobody: Browser, platform: Browser, place: str) -> None:
    """What there is, is known to those who may know it."""
    askers = [nobody, nobody.as_user(MEMBER), nobody.as_user("uid-admin", role="admin")]

    assert [asker.list_collections(place) for asker in askers] == [False, False, False]


def test_several_documents_are_read_together_or_not(nobody: Browser, platform: Browser) -> None:
    """One that is not theirs among them, and none is read."""
    mine, theirs = f"tenants/{OWN}/products/oak-board", f"tenants/{FOREIGN}/products/oak-board"

    assert nobody.as_user(MEMBER).get_all([mine, f"tenants/{OWN}/pages/about"])
    assert not nobody.as_user(MEMBER).get_all([mine, theirs])
    assert not nobody.as_user(OTHER).get_all([mine, theirs])


def test_what_is_not_there_tells_nothing(member: Browser) -> None:
    """Whether a store, a host or a token exists is not told apart from whether it may be read."""
    for path in ("stores/none", "hosts/none.example.com", "tenants/none", f"welcome_tokens/{'c' * 64}"):
        assert not member.get(path)
