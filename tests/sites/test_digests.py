"""Digests: equal for equal values, different for different ones, the same in every process."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from provisioning.sites.digests import Digests


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Inner:
    name: str
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Outer:
    inner: Inner
    cards: tuple[Inner, ...] = ()
    data: Any = None


@dataclass(frozen=True, slots=True)
class Twin:
    name: str
    price: int | None = None


DIFFERENT = [
    None,
    True,
    1,
    1.0,
    "1",
    "",
    (),
    ("",),
    ("a", "b"),
    ("ab",),
    (("a",), "b"),
    {},
    {"a": "b"},
    {"a": ("b",)},
    Markup("red"),
    "red",
    Colour.RED,
    Inner("a"),
    Inner("a", 1),
    Twin("a"),
    Outer(Inner("a")),
    Outer(Inner("a"), (Inner("a"),)),
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 1, 1, 1, tzinfo=UTC),
    frozenset({"a"}),
    frozenset({"a", "b"}),
]


def test_different_values_have_different_digests() -> None:
    """Also where they only look alike."""
    digests = [Digests().of(value) for value in DIFFERENT]

    assert len(set(digests)) == len(DIFFERENT)


@pytest.mark.parametrize("value", DIFFERENT, ids=range(len(DIFFERENT)))
def test_an_equal_value_has_an_equal_digest(value: object) -> None:
    """In the same book-keeping or in another, and after others."""
    digests = Digests()
    for other in DIFFERENT:
        digests.of(other)

    assert digests.of(value) == digests.of(value) == Digests().of(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, JSON)
def test_digests_are_equal_exactly_where_values_are(one: object, two: object) -> None:
    """True is not 1 to a template, though Python says so: compared as written."""
    assert (Digests().of(one) == Digests().of(two)) == (_written(one) == _written(two))


def _written(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{k!r}:{_written(v)}" for k, v in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return repr(value)


def test_the_order_of_a_mapping_does_not_matter() -> None:
    assert Digests().of({"a": 1, "b": 2}) == Digests().of({"b": 2, "a": 1})


def test_only_the_named_parts_count() -> None:
    """A path through a list stands for the list; one that leads nowhere is a part like any other."""
    value = Outer(Inner("a", 1), (Inner("b", 2),), {"k": "v"})
    paths = ["inner.name", "cards.price"]
    digest = Digests().of_parts(value, paths)

    assert digest == Digests().of_parts(replace(value, inner=Inner("a", 7), data=None), paths)
    assert digest == Digests().of_parts(value, reversed(paths))
    assert digest != Digests().of_parts(replace(value, inner=Inner("z", 1)), paths)
    assert digest != Digests().of_parts(replace(value, cards=(Inner("b", 3),)), paths)
    assert digest != Digests().of_parts(value, ["inner.name", "cards.price", "inner.absent"])
    assert digest != Digests().of_parts(value, ["inner.name"])


def test_a_path_leads_into_mappings_by_key() -> None:
    """Also by a key with a dot in it; where the key is missing, any change of the mapping counts."""
    value = Outer(Inner("a"), data={"hero": Inner("h", 1), "a.b": 1, "other": 2})

    def digest(path: str, **changes: object) -> str:
        return Digests().of_parts(replace(value, data=value.data | changes), [path])

    for path in ("data.hero", "data.a.b", "data.hero.name"):
        assert digest(path) == digest(path, other=3)
    assert digest("data.hero") != digest("data.hero", hero=Inner("h", 2))
    assert digest("data.hero.name") == digest("data.hero.name", hero=Inner("h", 2))
    assert digest("data.a.b") != digest("data.a.b", **{"a.b": 5})
    assert digest("data.gone") != digest("data.gone", other=3)


def test_what_has_no_digest_is_refused() -> None:
    """Silently leaving something out would keep a stale page."""
    with pytest.raises(TypeError, match="object"):
        Digests().of((object(),))


def test_another_process_finds_the_same() -> None:
    """Hashes of strings differ from process to process; digests must not."""
    code = "from provisioning.sites.digests import Digests; print(Digests().of(({'b': 1, 'a': 'x'}, frozenset('abc'))))"
    found = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()

    assert found == Digests().of(({"a": "x", "b": 1}, frozenset("abc")))
