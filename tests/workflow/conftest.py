from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflow.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three counting steps, and nothing asked for yet."""
    world = World(tmp_path)
    yield world
    world.database.close()
