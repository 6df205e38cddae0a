"""Themes and plans: the same verbs over both, nothing removed that a store has."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.catalog import entries
from tests.api.world import ROOT, Api, code_of, fields_of

THEME: dict[str, Any] = {
    "slug": "corner-shop",
    "name": "Corner Shop",
    "description": "Small and friendly.",
    "version": "1.2.0",
    "active": False,
    "preview": "https://example.com/corner.png",
    "features": ["One page"],
}
PLAN: dict[str, Any] = {
    "slug": "hobby",
    "name": "Hobby",
    "description": "For evenings.",
    "price": 999,
    "currency": "USD",
    "billing_cycle": "monthly",
    "popular": False,
    "active": True,
    "limits": {"products": 10, "orders_per_month": None, "storage_gb": 1, "bandwidth_gb": 5},
    "features": ["Every theme"],
    "position": 9,
}
BOTH = pytest.mark.parametrize(
    ("many", "one", "entry"), [("themes", "theme", THEME), ("plans", "plan", PLAN)], ids=["themes", "plans"]
)


@BOTH
def test_created_shown_changed_and_removed(api: Api, many: str, one: str, entry: dict[str, Any]) -> None:
    """The whole life of an entry: each answer is the entry itself, so that what was read can be sent back."""
    path = f"{many}/{entry['slug']}"
    made = api.post(many, entry)
    assert (made.status_code, made.json) == (201, entry)
    assert made.headers["Location"] == f"{ROOT}/{path}"

    shown = api.get(path)
    assert shown.json == entry
    assert shown.headers["ETag"] == made.headers["ETag"]

    changed = api.put(path, shown.json | {"name": "Renamed"})
    assert changed.json == entry | {"name": "Renamed"}
    assert changed.headers["ETag"] != shown.headers["ETag"]

    assert api.delete(path).status_code == 204
    assert code_of(api.get(path)) == (404, "NOT_FOUND")


@BOTH
def test_every_change_is_in_the_audit_log(api: Api, many: str, one: str, entry: dict[str, Any]) -> None:
    """Who did it, and to which document; a refused change leaves no entry."""
    path = f"{many}/{entry['slug']}"
    api.post(many, entry)
    api.post(many, entry)
    api.put(path, entry)
    api.delete(path)

    for action in ("created", "replaced", "deleted"):
        assert [(e["actor"], e["subject"]) for e in api.audit(f"{one}.{action}")] == [("admin:boss", path)]


@BOTH
def test_unknown_entry(api: Api, many: str, one: str, entry: dict[str, Any]) -> None:
    path = f"{many}/nowhere"

    assert code_of(api.get(path)) == (404, "NOT_FOUND")
    assert code_of(api.put(path, entry | {"slug": "nowhere"})) == (404, "NOT_FOUND")
    assert code_of(api.delete(path)) == (404, "NOT_FOUND")
    assert code_of(api.get(f"{path}/stores")) == (404, "NOT_FOUND")


@BOTH
def test_slug_is_taken_once(api: Api, many: str, one: str, entry: dict[str, Any]) -> None:
    """A second POST changes nothing."""
    api.post(many, entry)

    assert code_of(api.post(many, entry | {"name": "Other"})) == (409, "ALREADY_EXISTS")
    assert api.get(f"{many}/{entry['slug']}").json["name"] == entry["name"]


@BOTH
def test_slug_cannot_be_changed(api: Api, many: str, one: str, entry: dict[str, Any]) -> None:
    api.post(many, entry)

    assert fields_of(api.put(f"{many}/{entry['slug']}", entry | {"slug": "other"})) == {("slug", "FIXED")}


@BOTH
def test_change_of_an_older_state_is_refused(api: Api, many: str, one: str, entry: dict[str, Any]) -> None:
    """With If-Match nobody overwrites what somebody else wrote; `*` and the present tag are fine."""
    path = f"{many}/{entry['slug']}"
    old = api.post(many, entry).headers["ETag"]
    new = api.put(path, entry | {"name": "Newer"}, If_Match=old).headers["ETag"]

    assert code_of(api.put(path, entry, If_Match=old)) == (412, "PRECONDITION_FAILED")
    assert code_of(api.delete(path, If_Match=old)) == (412, "PRECONDITION_FAILED")
    assert code_of(api.delete(path, If_Match=f"W/{new}")) == (412, "PRECONDITION_FAILED")
    assert api.put(path, entry, If_Match="*").status_code == 200
    assert api.delete(path, If_Match=api.get(path).headers["ETag"]).status_code == 204


@BOTH
def test_entry_in_use_cannot_be_removed(api: Api, many: str, one: str, entry: dict[str, Any]) -> None:
    """The refusal names the stores; once none has it, or only deleted ones, it goes."""
    path = f"{many}/{entry['slug']}"
    api.post(many, entry)
    chosen: dict[str, Any] = {one: {"slug": entry["slug"], "version": "1.2.0"}}
    api.add_store("s1", **chosen)
    api.add_store("s2", **chosen, status="DELETED")
    api.add_store("s3")
    refused = api.delete(path)

    assert code_of(refused) == (409, "IN_USE")
    assert [store["store_id"] for store in refused.json["stores"]] == ["s1"]

    api.documents.commit([_deleted("s1")])
    assert api.delete(path).status_code == 204


def _deleted(store_id: str) -> Any:
    from provisioning.ports import Update

    return Update(f"stores/{store_id}", {"status": "DELETED"})


@BOTH
def test_stores_of_an_entry_come_in_pages(api: Api, many: str, one: str, entry: dict[str, Any]) -> None:
    api.post(many, entry)
    for store_id in ("s1", "s2", "s3"):
        api.add_store(store_id, **{one: {"slug": entry["slug"], "version": "1.2.0"}})
    api.add_store("other")
    first = api.get(f"{many}/{entry['slug']}/stores?limit=2").json
    second = api.get(f"{many}/{entry['slug']}/stores?limit=2&cursor={first['next_cursor']}").json

    assert [store["store_id"] for store in first["items"] + second["items"]] == ["s1", "s2", "s3"]
    assert first["items"][0][one] == entry["slug"]
    assert second["next_cursor"] is None


def test_plans_are_listed_in_their_order(api: Api) -> None:
    """As they are offered, cheapest first, across pages."""
    api.seed()
    first = api.get("plans?limit=2").json
    second = api.get(f"plans?limit=2&cursor={first['next_cursor']}").json

    assert [plan["slug"] for plan in first["items"] + second["items"]] == [
        "starter",
        "professional",
        "enterprise",
    ]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"slug": "Corner"}, ("slug", "WRONG_FORM")),
        ({"slug": ""}, ("slug", "TOO_SHORT")),
        ({"name": "a\u202eb"}, ("name", "UNSEEN_CHARACTERS")),
        ({"name": 5}, ("name", "NOT_TEXT")),
        ({"version": "1"}, ("version", "WRONG_FORM")),
        ({"preview": "javascript:alert(1)"}, ("preview", "WRONG_FORM")),
        ({"active": "yes"}, ("active", "NOT_YES_OR_NO")),
        ({"features": ["x"] * 21}, ("features", "WRONG_VALUE")),
        ({"updated_at": "2026-09-01T00:00:00Z"}, ("updated_at", "UNKNOWN_FIELD")),
    ],
)
def test_wrong_theme_is_named(api: Api, change: dict[str, Any], wrong: tuple[str, str]) -> None:
    answer = api.post("themes", THEME | change)

    assert answer.status_code == 422
    assert fields_of(answer) == {wrong}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": -1}, "price"),
        ({"price": "999"}, "price"),
        ({"price": 9.99}, "price"),
        ({"price": True}, "price"),
        ({"price": 10**12}, "price"),
        ({"currency": "EUR"}, "currency"),
        ({"limits": PLAN["limits"] | {"products": 0}}, "limits.products"),
        ({"limits": {}}, "limits.products"),
    ],
)
def test_wrong_plan_is_named(api: Api, change: dict[str, Any], field: str) -> None:
    """Numbers are whole, of their own type, and inside what can be meant."""
    answer = api.post("plans", PLAN | change)

    assert answer.status_code == 422
    assert field in {name for name, _ in fields_of(answer)}


def test_theme_without_a_package_cannot_be_active(api: Api) -> None:
    """Merchants are never offered what cannot be rendered: neither on creation nor by a change."""
    assert fields_of(api.post("themes", THEME | {"active": True})) == {("active", "NO_PACKAGE")}

    api.post("themes", THEME)
    assert fields_of(api.put("themes/corner-shop", THEME | {"active": True})) == {("active", "NO_PACKAGE")}


def test_active_theme_says_the_version_of_its_package(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store remembers the version, so it must be the one that it got."""
    monkeypatch.setattr(entries, "installed_version", lambda _: "2.0.0")

    assert fields_of(api.post("themes", THEME | {"active": True})) == {("version", "WRONG_VERSION")}
    assert api.post("themes", THEME | {"active": True, "version": "2.0.0"}).status_code == 201
