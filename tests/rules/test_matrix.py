"""Everybody tries every operation on every document: what the table of docs/security-rules.md allows works, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.rules.access import OPERATIONS, TABLE, pattern_of
from tests.rules.browsers import NOW, Browser
from tests.rules.documents import DOCUMENTS, FOREIGN, MEMBER, OTHER, OWN, PICTURE, REQUEST, WRITABLE

pytestmark = [pytest.mark.emulators, pytest.mark.slow]

#: Who asks, and which column of the table is theirs before documents of the store `OWN` and of no store.
ASKERS: Mapping[str, tuple[str, Callable[[Browser], Browser]]] = {
    "admin": ("admin", lambda b: b.as_user("uid-admin", role="admin")),
    "support": ("support", lambda b: b.as_user("uid-support", role="support")),
    "member": ("member", lambda b: b.as_user(MEMBER)),
    "member without a role": ("member", lambda b: b.as_user(MEMBER, role=None)),
    "member of another store": ("else", lambda b: b.as_user(OTHER)),
    "account": ("else", lambda b: b.as_user("uid-account")),
    "anonymous account": (
        "else",
        lambda b: b.as_user("uid-anonymous", firebase={"sign_in_provider": "anonymous"}),
    ),
    "nobody": ("else", lambda b: b),
    "nobody with a role": ("else", lambda b: b.as_user(None, role="admin")),
    "the role in capitals": ("else", lambda b: b.as_user("uid-1", role="Admin")),
    "the role with a space": ("else", lambda b: b.as_user("uid-1", role="admin ")),
    "the role in a list": ("else", lambda b: b.as_user("uid-1", role=["admin"])),
    "the role in a map": ("else", lambda b: b.as_user("uid-1", role={"admin": True})),
    "the role true": ("else", lambda b: b.as_user("uid-1", role=True)),
    "the role empty": ("else", lambda b: b.as_user("uid-1", role="")),
    "another role": ("else", lambda b: b.as_user("uid-1", role="owner")),
    "other claims": ("else", lambda b: b.as_user("uid-1", admin=True, roles=["admin"], claims={"role": "admin"})),
    "admin of a user pool": ("else", lambda b: b.as_user("uid-1", role="admin", firebase={"tenant": "pool-1"})),
    "member of a user pool": ("else", lambda b: b.as_user(MEMBER, firebase={"tenant": "pool-1"})),
    "a hostile uid": ("else", lambda b: b.as_user(f"../members/{MEMBER}")),
    "a uid with a path": ("else", lambda b: b.as_user(f"x/../{MEMBER}", role="member")),
}  # fmt: skip

#: One document of each pattern: the own store's where it is a store's.
PATHS = {
    pattern_of(path): path
    for path in DOCUMENTS
    if FOREIGN not in path and path != f"tenants/{OWN}/settings/tax"
}
#: What a document that cannot be written by anybody is tried with.
ANYTHING: dict[str, Any] = {"store_id": OWN, "status": "OPEN"}


def test_there_is_a_document_of_every_pattern() -> None:
    """The table has no row that nobody asks for."""
    assert set(PATHS) == set(TABLE)


@pytest.mark.parametrize("pattern", TABLE)
@pytest.mark.parametrize("asker", ASKERS)
def test_who_may_do_what(nobody: Browser, platform: Browser, asker: str, pattern: str) -> None:
    """Exactly the operations of the table."""
    column, sign_in = ASKERS[asker]
    browser, path = sign_in(nobody), PATHS[pattern]

    allowed = {operation for operation in OPERATIONS if _try(operation, browser, path, platform)}

    assert allowed == TABLE[pattern][column]


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.startswith(f"tenants/{FOREIGN}")])
def test_a_foreign_tenant_is_closed(nobody: Browser, platform: Browser, path: str) -> None:
    """A member can do nothing with the documents of another store, whatever it is a member of."""
    member = nobody.as_user(MEMBER)

    assert [operation for operation in OPERATIONS if _try(operation, member, path, platform)] == []


def test_a_membership_that_is_removed_ends_at_once(nobody: Browser, platform: Browser) -> None:
    """The same token, a moment later, opens nothing."""
    path, member = f"tenants/{OWN}/products/oak-board", nobody.as_user("uid-passing")
    right = f"tenants/{OWN}/members/uid-passing"
    before = member.get(path)
    platform.create(right, {"uid": "uid-passing"})
    during = member.get(path)
    platform.delete(right)

    assert (before, during, member.get(path)) == (False, True, False)


def test_an_admin_who_is_a_member_has_both_rights(nobody: Browser, platform: Browser) -> None:
    """Claims take nothing away from a membership, nor the other way round."""
    both = nobody.as_user(MEMBER, role="admin")

    assert both.get(f"tenants/{OWN}/products/oak-board")
    assert both.query("provisionings", order_by="-updated_at", limit=1)


def _try(operation: str, browser: Browser, path: str, platform: Browser) -> bool:
    """Whether it was allowed. Whatever was done is undone."""
    if operation == "get":
        return browser.get(path)
    if operation == "list":
        return browser.list(path.rpartition("/")[0])
    if operation == "create":
        return _try_to_create(browser, path, platform)
    done = browser.update(path, _changed(path)) if operation == "update" else browser.delete(path)
    if done:
        platform.put(path, DOCUMENTS[path])
    return done


def _try_to_create(browser: Browser, path: str, platform: Browser) -> bool:
    """Beside the document that is there; settings have names of their own, so in the place of one of them."""
    collection, _, id = path.rpartition("/")
    if "/settings/" in path:
        platform.delete(path)
        done = browser.create(path, DOCUMENTS[path])
        platform.put(path, DOCUMENTS[path])
        return done
    there = f"{collection}/new-{id[:30]}"
    done = browser.create(there, _created(browser, there, path))
    if done:
        platform.delete(there)
    return done


def _created(browser: Browser, there: str, path: str) -> dict[str, Any]:
    if path.startswith("activation_requests/"):
        # Whoever has no uid says an admin's.
        return REQUEST | {"requested_by": browser.uid or "uid-admin", "requested_at": NOW, "picked_up": False}
    data = DOCUMENTS[path]
    return data | {"handle": there.rpartition("/")[2]} if "handle" in data else data


def _changed(path: str) -> dict[str, Any]:
    """The change with which an update is tried: a right one where any is."""
    below = path.split("/", 2)[2] if path.count("/") > 1 else ""
    if below in WRITABLE:
        data, field = WRITABLE[below]
        return {field: data[field]}
    if below.startswith("media/"):
        return {"alt": f"{PICTURE['alt']}, of oak", "updated_at": NOW}
    return ANYTHING
