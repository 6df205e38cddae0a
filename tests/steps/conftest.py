"""Worlds to begin in: one that knows no store yet, and one where a store has come as far as its data. Each is built once and copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.sites.publishing import publish_platform_files
from provisioning.themes.packages import load_theme
from tests.steps.world import Provisioning, World, copy_world, new_world

BUILT = ("configure_store", "create_workspace", "create_dashboard", "deploy_website", "initialize_data")


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    world = new_world(folder)
    publish_platform_files(world.files, load_theme("upfront-modern"))
    world.close()
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("built")
    world = copy_world(empty_folder, folder)
    one = world.provisioning()
    one.run(*BUILT)
    world.close()
    return folder, one.refs


@pytest.fixture
def world(tmp_path: Path, empty_folder: Path) -> Iterator[World]:
    """Themes, plans and shared files, and no store."""
    world = copy_world(empty_folder, tmp_path)
    yield world
    world.close()


@pytest.fixture
def one(world: World) -> Provisioning:
    """A provisioning that has not begun."""
    return world.provisioning()


@pytest.fixture
def store(tmp_path: Path, built: tuple[Path, dict[str, object]]) -> Iterator[Provisioning]:
    """A provisioning whose store is built, and whose owner knows nothing of it yet."""
    folder, refs = built
    world = copy_world(folder, tmp_path)
    provisioning = world.provisioning()
    provisioning.refs |= refs
    yield provisioning
    world.close()
