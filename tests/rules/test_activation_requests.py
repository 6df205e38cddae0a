"""What a browser may write as an activation request is what the server's own check takes, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from provisioning.errors import InvalidInput
from provisioning.ports import check_id
from provisioning.stores.activation import ActivationRequest, Integrations, parse_activation
from provisioning.stores.subdomains import RESERVED
from tests.rules.browsers import NOW, Browser
from tests.rules.documents import AT, FOREIGN, OWN, REQUEST

pytestmark = [pytest.mark.emulators, pytest.mark.slow]

#: What every request says of itself, beside what the form asks.
SERVERS = {"requested_by": "uid-admin", "requested_at": NOW, "picked_up": False}
REQUIRED = ["merchant_id", "store_name", "owner_email", "subdomain"]
TEXTS = ["merchant_id", "store_name", "owner_email", "theme", "subdomain", "custom_domain"]

#: No field takes these, or one that does takes them at the server too.
ANY_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 3.0, float("nan"), float("inf"), "", " ", "true", "null", b"awesome-store", AT, [], ["awesome-store"], {}, {"a": 1},
    "A" * 41, "a" * 40, "a" * 41, "a" * 80, "a" * 81, "a" * 128, "a" * 129, "a" * 2000, "1", "12345", "-", "--", "__proto__", "constructor", "../etc", "a/b", "..", ".",
]  # fmt: skip

VALUES: dict[str, list[Any]] = {
    "merchant_id": ["m", "M-1_2.3", ".m", "-m", "_m", "m.", "m/../n", "m n", "mé", "m\n", "$(x)", "__m__"],
    "store_id": ["s", "S-1_2.3", ".s", "-s", "_s", "s/../t", "s t", "s\u0000", "s\n"],
    "store_name": [
        "é", "😀" * 80, "😀" * 81, "بقالة", "A  B", " A", "A ", "\u00a0A", "A\u3000", "A\tB", "A\nB", "A\u200bB", "A\u202eB", "A\ufeff", "\u2060", "<b>A</b>",
        "{{ x }}", "A\u0085", "\u2028A", "A\u00adB", "e\u0301",
    ],
    "owner_email": [
        "a@b.co", "a@b", "@b.co", "a@", "a b@c.de", "a@b..co", "a@-b.co", "a@b-.co", "a@b.c", "A+tag@B.CO", "a@@b.co", "a@b.co\n", " a@b.co", "a@b.co ", "é@b.co", "a@é.co",
        '"a b"@c.de', "a.@b.co", ".a@b.co", "a..b@c.de", f"{'a' * 64}@b.co", f"{'a' * 65}@b.co", f"a@{'b' * 63}.co", f"a@{'b' * 64}.co", f"a@{'b.' * 124}co", f"a@{'b.' * 126}co",
        "o'brien@b.co", "a@b.co, c@d.ef", "a@[127.0.0.1]", "a@127.0.0.1", "<a@b.co>", "a\u200b@b.co",
    ],
    "theme": ["a", "a-b-c", "a--b", "-a", "a-", "A", "a_b", "a b", "a/b", "é"],
    "plan": ["a", "a-b-c", "a--b", "-a", "a-", "A", "a_b", "a b", "a/b", "é"],
    "subdomain": [
        "abc", "ab", "a-b", "a-b-c", "a--b", "xn--abc", "-abc", "abc-", "Abc", "a_b", "a.b", "123", "1-2", "1-a", "1a2", "abc\n", "abc ", "\u212aelvin", "café", "a" * 39 + "-",
        "shop", "WWW", "www", "www2", "www3", "wwwa", "admin-1",
    ],
    "custom_domain": [
        "example.com", "a.b.c.example.com", "EXAMPLE.com", "example", "example.c", ".example.com", "example.com.", "exa mple.com", "-a.com", "a-.com", "a_b.com", "xn--a.com",
        "a.xn--p1ai", "metadata.google.internal", "a.local", "a.localhost", "a.test", "a.home.arpa", "a.onion", "a.invalid", "a.lan", "a.home", "a.alt", "local.com", "10.0.0.1", "[::1]",
        "https://example.com", "example.com/x", "example.com:443", f"{'a' * 63}.com", f"{'a' * 64}.com", f"{'a.' * 125}com", f"{'a.' * 126}com", "é.com",
    ],
    "category": ["electronics", "fashion", "home", "beauty", "general", "Electronics", "food", "electronics "],
    "launch": ["after_onboarding", "immediately", "IMMEDIATELY", "never", "immediately "],
    "integrations": [
        *({name: value} for name in Integrations.model_fields for value in (True, False, None, 1, "true", [], {})),
        {"Stripe": True}, {"stripe": True, "klarna": True}, [True], "stripe",
    ],
}  # fmt: skip

#: Characters that mean something to somebody, to be put into every text. (U+180E was a space until Unicode 6.3.)
CHARACTERS = (
    "\x00\x01\x08\t\n\x0b\x0c\r\x1b\x1f !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~\x7f\x80\x85\x9f\xa0\xadßéİıſK"
    "\u061c\u1680\u2000\u200a\u200b\u200c\u200d\u200e\u200f\u2010\u2028\u2029\u202a\u202e\u202f\u205f\u2060\u2064"
    "\u2066\u2069\u206a\u2800\u3000\u3164\ufe0f\ufeff\ufff9\uffff\U0001f600\U000e0001"
)

_NUMBERS = count()


@pytest.fixture
def admin(nobody: Browser, platform: Browser) -> Browser:
    return nobody.as_user("uid-admin", role="admin")


@pytest.fixture
def ids() -> Iterator[str]:
    """Ids that nobody has used yet."""
    return (f"request-{n}" for n in _NUMBERS)


def _server_takes(request: dict[str, Any], id: str) -> bool:
    told = {name: AT if value is NOW else value for name, value in request.items()}
    try:
        parse_activation(told, check_id(id))
    except InvalidInput:
        return False
    return True


def _disagreements(admin: Browser, ids: Iterator[str], requests: list[dict[str, Any]], field: str) -> list[Any]:  # fmt: skip
    """What rules and server judge differently, with what the server says."""
    found: list[Any] = []
    for request in requests:
        id = next(ids)
        right = _server_takes(request, id)
        if admin.create(f"activation_requests/{id}", request) != right:
            found.append((request.get(field, "left out"), right))
    return found


@pytest.mark.parametrize("field", VALUES)
def test_values_are_judged_as_the_server_does(admin: Browser, ids: Iterator[str], field: str) -> None:
    """Of each field: right ones, wrong ones, and those of every other type."""
    requests = [REQUEST | SERVERS | {field: value} for value in [*ANY_VALUES, *VALUES[field]]]

    assert _disagreements(admin, ids, requests, field) == []


@pytest.mark.parametrize("field", TEXTS)
def test_characters_are_judged_as_the_server_does(admin: Browser, ids: Iterator[str], field: str) -> None:
    """Each in the middle and at the end; before a name too, as it may not begin with a space."""
    text = REQUEST[field]
    places = [(text[:4], text[4:]), (text, ""), *([("", text)] if field == "store_name" else [])]
    requests = [
        REQUEST | SERVERS | {field: f"{left}{character}{right}"}
        for character in CHARACTERS
        for left, right in places
    ]

    assert _disagreements(admin, ids, requests, field) == []


def test_reserved_subdomains_are_refused(admin: Browser, ids: Iterator[str]) -> None:
    """Every one of them; and what only holds one is none."""
    requests = [
        REQUEST | SERVERS | {"subdomain": name}
        for reserved in sorted(RESERVED)
        for name in (reserved, f"{reserved}-x")
    ]

    assert _disagreements(admin, ids, requests, "subdomain") == []


@pytest.mark.parametrize("field", [*ActivationRequest.model_fields, *SERVERS])
def test_only_optional_fields_may_be_left_out(admin: Browser, ids: Iterator[str], field: str) -> None:
    """As the server has it; and what it is told of the writing must be there."""
    request = {name: value for name, value in (REQUEST | SERVERS).items() if name != field}

    allowed = admin.create(f"activation_requests/{next(ids)}", request)

    assert allowed == (field not in [*REQUIRED, *SERVERS])


def test_a_request_of_what_is_required_alone_is_created(admin: Browser, ids: Iterator[str]) -> None:
    """Four fields of the form are enough."""
    least = {name: REQUEST[name] for name in REQUIRED}

    assert admin.create(f"activation_requests/{next(ids)}", least | SERVERS)


@pytest.mark.parametrize(
    "name", ["status", "engine", "role", "is_admin", "tenant", "Store_name", "_", "x" * 100, "steps", "error"]
)
@pytest.mark.parametrize("value", [None, True, "x", {}], ids=repr)
def test_no_further_field_is_taken(admin: Browser, ids: Iterator[str], name: str, value: Any) -> None:
    """Whatever it is called, and whatever is in it."""
    assert not admin.create(f"activation_requests/{next(ids)}", REQUEST | SERVERS | {name: value})


@pytest.mark.parametrize(
    "wrong",
    [
        {"picked_up": True},
        {"picked_up": None},
        {"picked_up": 0},
        {"picked_up": "false"},
        {"requested_by": ""},
        {"requested_by": None},
        {"requested_by": "uid-another"},
        {"requested_by": "uid-admin "},
        {"requested_by": ["uid-admin"]},
        {"requested_at": None},
        {"requested_at": AT},
        # A test has the same name in every process.
        pytest.param({"requested_at": datetime.now(UTC)}, id="our clock's now"),
        pytest.param({"requested_at": datetime.now(UTC) + timedelta(days=1)}, id="tomorrow"),
        {"requested_at": "2026-01-01T00:00:00Z"},
        {"requested_at": 0},
    ],
    ids=repr,
)
def test_who_asked_and_when_cannot_be_made_up(
    admin: Browser, ids: Iterator[str], wrong: dict[str, Any]
) -> None:
    """They are the account's uid and the server's time; that it was picked up the platform alone says."""
    assert not admin.create(f"activation_requests/{next(ids)}", REQUEST | SERVERS | wrong)


@pytest.mark.parametrize(
    "id",
    ["a", "A.b_c-1", "a" * 128, "a" * 129, ".a", "-a", "_a", "a b", "é", "a\n", "a:b", "a%2Fb", "~a", "$a", "(a)", "a\u202e", "'", "a" * 1000],
)  # fmt: skip
def test_ids_are_judged_as_the_server_does(admin: Browser, platform: Browser, id: str) -> None:
    """An id becomes a part of paths, so it holds nothing that means something there."""
    platform.delete(f"activation_requests/{id}")

    allowed = admin.create(f"activation_requests/{id}", REQUEST | SERVERS)

    assert allowed == _server_takes(REQUEST | SERVERS, id)


@pytest.mark.parametrize("place", ["activation_requests/a/b/c", f"tenants/{OWN}/activation_requests/a", "Activation_requests/a"])  # fmt: skip
def test_a_request_belongs_in_one_place(admin: Browser, place: str) -> None:
    """Neither below another document nor in a collection of nearly the same name."""
    assert not admin.create(place, REQUEST | SERVERS)


@pytest.mark.parametrize("field", [*REQUEST, *SERVERS, "further"])
def test_a_request_is_never_changed(admin: Browser, field: str) -> None:
    """Not one field, not even to what it is; so a second creation of the same changes nothing either."""
    value = (REQUEST | SERVERS).get(field, "x")

    assert not admin.update(f"activation_requests/{OWN}", {field: value})
    assert not admin.put(f"activation_requests/{OWN}", REQUEST | SERVERS | {"store_id": OWN})


def test_one_wrong_write_spoils_the_batch(admin: Browser, ids: Iterator[str]) -> None:
    """A request is not created beside anything that is not allowed."""
    path = f"activation_requests/{next(ids)}"
    right = admin.to_create(path, REQUEST | SERVERS)

    assert not admin.commit(right, admin.to_update(f"provisionings/{OWN}", {"status": "COMPLETED"}))
    assert not admin.commit(right, {"delete": admin.name(f"hosts/{FOREIGN}.example.com")})
    assert admin.commit(right)


@pytest.mark.parametrize("role", ["support", "owner", None])
def test_only_admins_create_requests(nobody: Browser, ids: Iterator[str], role: str | None) -> None:
    """The same request, in the name of somebody else."""
    browser = nobody.as_user("uid-admin", role=role)

    assert not browser.create(f"activation_requests/{next(ids)}", REQUEST | SERVERS)
