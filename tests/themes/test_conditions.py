"""Conditions of visibility: what they say, and what they refuse to be."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.themes.conditions import read_condition

VALUES = {
    "settings": {"layout": "split", "count": 3, "wide": True, "empty": "", "half": 0.5},
    "section": {"layout": "stack"},
    "block": {},
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("settings.wide", True),
        ("settings.empty", False),
        ("not settings.empty", True),
        ("settings.nothing", False),
        ("block.x", False),
        ('settings.layout == "split"', True),
        ("settings.layout == 'stack'", False),
        ('section.layout == "stack"', True),
        ('settings.layout != "split"', False),
        ('settings.nothing != "split"', True),
        ("not settings.layout == 'split'", False),
        ("settings.count == 3", True),
        ("settings.count == -3", False),
        ("settings.half == 0.5", True),
        ("settings.wide == true", True),
        ("settings.wide == 1", False),
        ("settings.count in [1, 2, 3]", True),
        ("settings.layout in ['a', 'split']", True),
        ("not settings.count in [3]", False),
        ("settings.empty or settings.wide", True),
        ("settings.empty and settings.wide", False),
        # and binds closer than or
        ("settings.wide or settings.empty and settings.empty", True),
        ("settings.empty and settings.wide or settings.wide", True),
    ],
)
def test_conditions_hold_as_they_read(text: str, holds: bool) -> None:
    assert read_condition(text).holds(VALUES) is holds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "and",
        "layout",
        "settings",
        "settings.",
        "other.layout",
        "settings.layout.more",
        "settings.layout ==",
        "settings.layout == split",
        "settings.layout = 'split'",
        "settings.layout == 'split",
        "settings.layout in 'split'",
        "settings.layout in []",
        "settings.layout in ['a'",
        "settings.layout settings.wide",
        "not",
        "not not settings.wide",
        "(settings.wide)",
        "settings.wide and",
        "settings.wide; import os",
        "settings.__class__",
        "{{ settings.wide }}",
        "settings.wide" + " or settings.wide" * 20,
    ],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_condition(text)


def test_references_are_what_it_looks_at() -> None:
    condition = read_condition("settings.a and not section.b == 1 or block.c in [1]")

    assert condition.references == {("settings", "a"), ("section", "b"), ("block", "c")}


@given(st.text(alphabet="abset.ingk =!'\"[],0-1notrd", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but `ValueError`, whatever a package says."""
    with contextlib.suppress(ValueError):
        read_condition(text).holds(VALUES)
