"""The rules, their page and the description of the documents name the same; asked without an emulator."""

from __future__ import annotations

import re

import pytest

from provisioning.catalog.products import Collection, Product
from provisioning.catalog.settings import default_settings
from provisioning.local.emulated import RULES
from provisioning.stores.activation import Category, Integrations, Launch
from provisioning.stores.subdomains import RESERVED
from tests.docs.pages import headings
from tests.rules.access import COLUMNS, TABLE

TEXT = RULES.read_text(encoding="utf-8")
DESCRIBED = (RULES.parent / "docs" / "firestore.md").read_text(encoding="utf-8")
#: Collections that are kept by nobody and read by the platform, or reserved: not described as documents.
UNDESCRIBED = {"sweeps/{}", "tenants/{}/checklist/{}"}


def _nameless(pattern: str) -> str:
    return re.sub(r"\{\w+\}", "{}", pattern)


def _matched() -> set[str]:
    """The address of every match block, with those that it stands in."""
    found: set[str] = set()
    stack: list[str] = []
    for line in re.sub(r"//.*", "", TEXT).split("\n"):
        if block := re.match(r"\s*match /(\S+) \{$", line):
            stack.append(block[1])
            found.add(_nameless("/".join(part for part in stack if not part.startswith("databases"))))
        elif line.strip().endswith("{"):
            stack.append("databases")
        elif line.strip() == "}":
            stack.pop()
    assert stack == []
    return found - {""}


def _described() -> set[str]:
    """The documents of docs/firestore.md: settings have one address for all seven."""
    found = {_nameless(heading) for heading in headings(DESCRIBED) if re.fullmatch(r"\S+/\S+", heading)}
    return {re.sub(r"settings/\w+$", "settings/{}", path) for path in found}


def test_every_document_has_a_block() -> None:
    """Each is either allowed to somebody or denied on purpose: none is forgotten, and none is there that nobody knows."""
    assert _matched() == _described() | UNDESCRIBED


def test_the_table_has_a_row_for_every_block() -> None:
    """The page tells of each, and of no other."""
    assert {_nameless(pattern) for pattern in TABLE} == _matched()


def test_no_block_reaches_deeper_than_its_own_documents() -> None:
    """No `{name=**}`: it would cover what is added below later, and all collections of a name."""
    assert "=**" not in TEXT


def test_no_condition_is_always_true() -> None:
    """Every `allow` asks who it is."""
    conditions = re.findall(r"allow [^:;]+(?::\s*if\s+([^;]+))?;", re.sub(r"//.*", "", TEXT))

    assert len(conditions) > 20
    assert all(re.match(r"false$|isAdmin\(\)|isStaff\(\)|isMember\(store\)", c) for c in conditions)


def test_what_is_secret_is_denied_to_all() -> None:
    """Tokens, link requests and what only the platform keeps have no cell."""
    for pattern in ("welcome_tokens/{sha256}", "link_requests/{sha256}", "hosts/{hostname}"):
        assert set().union(*TABLE[pattern].values()) == set()


def test_nobody_writes_what_the_platform_keeps() -> None:
    """But for requests, no column may write outside the tenants; and staff write nothing but those."""
    writes = {"create", "update", "delete"}
    writable = {(pattern, column) for pattern, row in TABLE.items() for column in COLUMNS if row[column] & writes}  # fmt: skip

    assert {pattern for pattern, column in writable if column != "member"} == {"activation_requests/{id}"}
    assert {column for _, column in writable} == {"admin", "member"}
    assert all(p.startswith("tenants/{store_id}/") for p, column in writable if column == "member")


def test_the_reserved_names_are_the_servers() -> None:
    """All of them, in order."""
    (names,) = re.findall(r"label\.matches\('([^']+)'\)", TEXT)

    assert names.split("|") == sorted(RESERVED)


@pytest.mark.parametrize("choices", [Category, Launch, Integrations.model_fields])
def test_the_choices_are_the_servers(choices: object) -> None:
    """Those of the request's fields, in the same order."""
    assert f"[{', '.join(repr(str(one)) for one in choices)}]" in TEXT  # pyright: ignore


@pytest.mark.parametrize("model", [Product, Collection])
def test_the_fields_are_the_models(model: type[Product] | type[Collection]) -> None:
    """Required ones first, then those with a default."""
    fields = model.model_fields.items()
    required = ", ".join(repr(name) for name, field in fields if field.is_required())
    optional = ", ".join(repr(name) for name, field in fields if not field.is_required())

    assert re.search(rf"\[{required}\],\s+\[{optional}\]", TEXT)


def test_every_page_of_the_settings_has_its_shape() -> None:
    """The seven that a store begins with."""
    names = default_settings("general", "A", "a@example.com")

    assert re.findall(r"name == '(\w+)' && (?:is|are)[A-Z]", TEXT) == list(names)
