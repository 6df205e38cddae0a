"""The portal off the API, on the embedded runtime: every page is as sound as off Firestore, and a dialog of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from . import test_soundness
from .routes import Places
from .test_soundness import (
    test_a_page_is_sound,
    test_a_provisioning_is_sound,
    test_every_part_of_the_form_is_sound,
    test_what_others_see_is_sound,
)

__all__ = [
    "test_a_page_is_sound",
    "test_a_provisioning_is_sound",
    "test_every_part_of_the_form_is_sound",
    "test_what_others_see_is_sound",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(400),
    pytest.mark.skipif(
        not test_soundness.AXE.exists(), reason="axe is not installed: make quality/node_modules/.made"
    ),
]


@pytest.mark.parametrize("dialog", ["sent form", "what a switch carried over", "picture", "dead letter"])
def test_a_dialog_is_sound(page: Any, places: Places, dialog: str) -> None:
    """A form, what came of a deed, something of a store, and something of the platform."""
    test_soundness.test_a_dialog_is_sound(page, places, dialog)
