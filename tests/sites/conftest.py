"""Built sites, each made once."""

from __future__ import annotations

import pytest

from provisioning.sites.building import Site, build_site
from provisioning.themes.packages import Theme, load_theme
from tests.sites.shops import draw_picture, hostile_shop, real_shop, sample_shop


@pytest.fixture(scope="session")
def theme() -> Theme:
    return load_theme("upfront-modern")


@pytest.fixture(scope="session")
def sample_site(theme: Theme) -> Site:
    return build_site(theme, sample_shop(), draw_picture)


@pytest.fixture(scope="session")
def real_site(theme: Theme) -> Site:
    return build_site(theme, real_shop(), draw_picture)


@pytest.fixture(scope="session")
def hostile_site(theme: Theme) -> Site:
    return build_site(theme, hostile_shop(), draw_picture)
