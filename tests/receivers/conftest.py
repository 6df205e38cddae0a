from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.receivers.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Local receivers everywhere; a test puts the one that misbehaves in its place."""
    with World(tmp_path).running() as world:
        world.publish_shared_files()
        yield world
