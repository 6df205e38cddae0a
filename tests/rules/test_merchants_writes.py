"""What a merchant writes has the shape that the platform publishes, and nothing of the platform's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from provisioning.catalog.pages import StorePage
from provisioning.catalog.products import Collection, Product
from provisioning.catalog.settings import (
    ContactSettings,
    CurrencySettings,
    LocaleSettings,
    PolicySettings,
    ReturnSettings,
    ShippingSettings,
    TaxSettings,
)
from tests.rules.browsers import NOW, Browser
from tests.rules.documents import AT, FOREIGN, MEMBER, OWN, PICTURE, WRITABLE

pytestmark = [pytest.mark.emulators, pytest.mark.slow]

TENANT = f"tenants/{OWN}"
MODELS: dict[str, type[BaseModel]] = {
    "products/oak-board": Product,
    "collections/boards": Collection,
    "pages/about": StorePage,
    "settings/currency": CurrencySettings,
    "settings/tax": TaxSettings,
    "settings/shipping": ShippingSettings,
    "settings/returns": ReturnSettings,
    "settings/locale": LocaleSettings,
    "settings/contact": ContactSettings,
    "settings/policies": PolicySettings,
}
#: Lists of maps, whose entries no rule can look at.
UNSEEN = {"products/oak-board": {"details", "variants"}, "settings/tax": {"rates"}, "settings/shipping": {"zones"}}  # fmt: skip
#: Whether a product's variants fit its options is a matter of them too.
FITTING = ("products/oak-board", "options", [])
FIELDS = [(path, field) for path, (data, _) in WRITABLE.items() for field in data]
ANY_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 400, 10**12, 3.0, "", " ", "x", " x", "x\u200by", "X", "EUR", "de", "a@b.co", "x" * 41, "x" * 81, "x" * 1001, "x" * 5001, "x" * 20001,
    "x" * 50001, b"x", AT, [], ["x"], ["X Y"], [1], [None], ["x", 1], ["x", "y" * 81], ["x"] * 7, ["x"] * 21, ["x"] * 51, ["a,b"], ["a\nb"], [" a"], {}, {"name": "x"},
    [{"name": "x"}], [{"name": "x", "values": ["y"]}] * 4, [{"name": "x", "values": []}], [{"name": "x", "values": ["y"], "z": 1}], {"title": "x", "text": ""}, {"title": "x", "text": 1},
]  # fmt: skip


@pytest.fixture
def member(nobody: Browser, platform: Browser) -> Browser:
    return nobody.as_user(MEMBER)


@contextmanager
def _kept(platform: Browser, path: str) -> Iterator[str]:
    """The document's whole path; afterwards it is as it was."""
    data, _ = WRITABLE[path]
    yield f"{TENANT}/{path}"
    assert platform.put(f"{TENANT}/{path}", data)


def _platform_takes(path: str, data: dict[str, Any]) -> bool:
    told = {name: AT if value is NOW else value for name, value in data.items()}
    if path.startswith("pages/"):
        told["handle"] = path.partition("/")[2]
    try:
        MODELS[path].model_validate(told)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(("path", "field"), FIELDS)
def test_nothing_is_taken_that_cannot_be_published(
    member: Browser, platform: Browser, path: str, field: str
) -> None:
    """Of each field, values of every kind: what rules let pass, the platform takes; and what a shop has, they let pass."""
    data, _ = WRITABLE[path]
    with _kept(platform, path) as place:
        passed = [value for value in ANY_VALUES if member.put(place, data | {field: value})]
        assert member.put(place, data)

    wrong = [value for value in passed if not _platform_takes(path, data | {field: value})]
    if field in UNSEEN.get(path, set()):
        assert passed
        assert [value for value in passed if not isinstance(value, list)] == []
        assert ([] in passed) == _platform_takes(path, data | {field: []})
    else:
        assert [value for value in wrong if (path, field, value) != FITTING] == []


@pytest.mark.parametrize(("path", "field"), FIELDS)
def test_only_optional_fields_may_be_left_out(
    member: Browser, platform: Browser, path: str, field: str
) -> None:
    """As the platform's own models have it."""
    less = {name: value for name, value in WRITABLE[path][0].items() if name != field}
    with _kept(platform, path) as place:
        allowed = member.put(place, less)

    assert allowed == (_platform_takes(path, less) or (path, field) == FITTING[:2])


@pytest.mark.parametrize("path", WRITABLE)
@pytest.mark.parametrize("name", ["status", "engine", "store_id", "provisioning_id", "Title", "handle2", "_"])
def test_no_further_field_is_taken(member: Browser, platform: Browser, path: str, name: str) -> None:
    """Not in the document, whatever is in it."""
    with _kept(platform, path) as place:
        assert not member.put(place, WRITABLE[path][0] | {name: "x"})
        assert not member.update(place, {name: None})


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("products/oak-board", {"title": "Oak board, large", "description": "", "position": -1}),
        ("products/oak-board", {"options": [{"name": "Größe", "values": ["S", "M", "L"]}]}),
        ("products/oak-board", {"options": [], "related": [], "pictures": [], "details": []}),
        ("products/oak-board", {"collections": ["a", "b-c", "x" * 40]}),
        ("collections/boards", {"title": "Bretter", "description": "x" * 1000, "picture": "media/9"}),
        ("pages/about", {"title": "Über uns", "body": "<p>Holz</p>", "updated_at": NOW, "published": False}),
        ("settings/currency", {"code": "EUR", "symbol": "€", "reviewed_at": NOW}),
        ("settings/tax", {"prices_include_tax": True, "rates": [], "reviewed_at": NOW}),
        ("settings/returns", {"days": 0, "postage": "store"}),
        ("settings/locale", {"language": "de", "country": "DE", "time_zone": "Europe/Berlin"}),
        ("settings/contact", {"phone": "+49 30 1234", "address_lines": ["Weg 1", "10115 Berlin"]}),
        ("settings/policies", {"terms": {"title": "AGB", "text": "x" * 20000, "updated_at": NOW}}),
    ],
)
def test_a_merchant_changes_what_is_theirs(
    member: Browser, platform: Browser, path: str, change: dict[str, Any]
) -> None:
    """Everything that a form of a dashboard would write."""
    with _kept(platform, path) as place:
        assert member.put(place, WRITABLE[path][0] | change)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("products/oak-board", {"handle": "another"}),
        ("collections/boards", {"handle": "another"}),
        ("products/oak-board", {"sample": True}),
        ("collections/boards", {"sample": True}),
        ("pages/about", {"sample": True}),
        ("pages/about", {"updated_at": AT}),
        ("pages/about", {"updated_at": datetime.now(UTC)}),
        *((f"settings/{name}", {"reviewed_at": AT}) for name in ("currency", "tax", "returns", "policies")),
        ("settings/policies", {"terms": {"title": "AGB", "text": "x", "updated_at": AT}}),
        ("settings/policies", {"terms": {"title": "AGB", "text": "x", "more": 1}}),
        ("settings/policies", {"imprint": {"title": "A", "text": "x"}}),
    ],
)
def test_what_the_platform_says_cannot_be_made_up(
    member: Browser, platform: Browser, path: str, change: dict[str, Any]
) -> None:
    """Names, samples and times."""
    with _kept(platform, path) as place:
        assert not member.put(place, WRITABLE[path][0] | change)


@pytest.mark.parametrize("path", ["products/oak-board", "collections/boards", "pages/about"])
def test_a_sample_may_become_the_merchants_own(member: Browser, platform: Browser, path: str) -> None:
    """And may be changed while it is one; it never becomes one again."""
    data, _ = WRITABLE[path]
    with _kept(platform, path) as place:
        platform.put(place, data | {"sample": True})
        told = [member.put(place, data | {"sample": sample}) for sample in (True, False, True)]

    assert told == [True, True, False]


@pytest.mark.parametrize(
    "path",
    ["products/A", "products/a_b", "products/a b", "products/-a", f"products/{'a' * 41}", "collections/é", "pages/A", "pages/a.b", "settings/seo", "settings/Tax", "checklist/a", "orders/a"],
)  # fmt: skip
def test_no_document_of_another_name_is_made(member: Browser, path: str) -> None:
    """Handles are slugs, settings are seven, and no collection comes into being."""
    collection, _, id = path.partition("/")
    like = {"products": "products/oak-board", "collections": "collections/boards", "pages": "pages/about"}
    data, _ = WRITABLE[like.get(collection, "settings/returns")]

    assert not member.create(f"{TENANT}/{path}", data | ({"handle": id} if "handle" in data else {}))


def test_the_words_of_a_picture_can_be_changed(member: Browser, platform: Browser) -> None:
    """With the time of the change; nothing else of it, and not its file."""
    place = f"{TENANT}/media/0123"
    wrong: list[dict[str, Any]] = [
        {"alt": "Words"},
        {"alt": "Words", "updated_at": datetime.now(UTC)},
        {"alt": "x" * 301, "updated_at": NOW},
        {"alt": "a\nb", "updated_at": NOW},
        {"alt": None, "updated_at": NOW},
        {"alt": 1, "updated_at": NOW},
        *({"alt": "Words", "updated_at": NOW, name: "x"} for name in PICTURE if name not in ("alt", "updated_at")),
        {"alt": "Words", "updated_at": NOW, "more": 1},
    ]  # fmt: skip

    assert [change for change in wrong if member.update(place, change)] == []
    assert member.update(place, {"alt": "Wörter 😀", "updated_at": NOW})
    assert member.update(place, {"alt": "", "updated_at": NOW})
    platform.put(place, PICTURE)


def test_one_wrong_write_spoils_the_batch(member: Browser, platform: Browser) -> None:
    """Nothing is written in one's own store beside something in another's."""
    data, _ = WRITABLE["collections/boards"]
    right = member.to_create(f"{TENANT}/collections/batch", data | {"handle": "batch"})
    foreign = member.to_create(f"tenants/{FOREIGN}/collections/batch", data | {"handle": "batch"})
    right_of_another = {"update": {"name": member.name(f"{TENANT}/members/uid-friend"), "fields": {}}}

    assert not member.commit(right, foreign)
    assert not member.commit(right, right_of_another)
    assert member.commit(right)
    platform.delete(f"{TENANT}/collections/batch")


def test_nobody_makes_themselves_a_member(nobody: Browser, platform: Browser) -> None:
    """Not even beside the write that needs it: rules see what was there before."""
    stranger = nobody.as_user("uid-stranger")
    right = stranger.to_create(f"{TENANT}/members/uid-stranger", {"uid": "uid-stranger", "role": "owner"})
    data, _ = WRITABLE["collections/boards"]

    assert not stranger.commit(right)
    assert not stranger.commit(
        right, stranger.to_create(f"{TENANT}/collections/mine", data | {"handle": "mine"})
    )
