"""Sites that are made at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from provisioning.sites import building
from provisioning.sites.building import Site, build_site
from provisioning.themes.packages import Theme
from tests.sites.shops import draw_picture, sample_shop


def test_a_theme_is_rendered_by_one_alone_until_its_templates_are_compiled(
    theme: Theme, sample_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes meanwhile waits, and then all go on side by side; each gets the same site."""
    real, began, guard = building.render_pages, [], threading.Lock()
    first_has_ended = threading.Event()
    all_others = threading.Barrier(3)
    too_early = []

    def render(*arguments: Any) -> Iterator[str]:
        with guard:
            began.append(threading.get_ident())
            is_first = len(began) == 1
        if is_first:
            time.sleep(0.2)
            pages = list(real(*arguments))
            first_has_ended.set()
            return iter(pages)
        too_early.append(not first_has_ended.is_set())
        all_others.wait(20)
        return real(*arguments)

    monkeypatch.setattr(building, "render_pages", render)
    monkeypatch.setattr(building, "_COMPILED", set())
    with ThreadPoolExecutor(4) as pool:
        sites = list(pool.map(lambda _: build_site(theme, sample_shop(), draw_picture), range(4)))

    assert [site.files for site in sites] == [sample_site.files] * 4
    assert too_early == [False] * 3
