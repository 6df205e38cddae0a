"""None of the 156 inputs is forgotten."""

from __future__ import annotations

import importlib

from tests.hostile.inputs import NOT_YET, STORIES, in_tables

ALL = set(range(1, 157))


def test_every_input_is_tried_or_said_to_be_impossible_yet() -> None:
    """A number is in a table, in a story, or excused with a reason; an excuse ends when there is a test."""
    tried = in_tables() | set(STORIES)

    assert tried | set(NOT_YET) == ALL
    assert tried & set(NOT_YET) == set()
    assert all(reason for reason in NOT_YET.values())


def test_every_story_is_told() -> None:
    """The test that a number names exists."""
    for number, place in STORIES.items():
        module, _, name = place.partition(":")
        found = importlib.import_module(f"tests.hostile.{module}")

        assert callable(getattr(found, name, None)), f"{number}: there is no {place}"
