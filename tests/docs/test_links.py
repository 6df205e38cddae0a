"""Every link inside the repository leads somewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from .pages import ROOT, anchors, link_targets, pages, repository_files


def _broken(page: Path, target: str) -> bool:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return False
    aim = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if aim.is_dir():
        return not any(file.is_relative_to(aim) for file in repository_files())
    if aim not in repository_files():
        return True
    return bool(parts.fragment) and parts.fragment not in anchors(aim.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link names a file of the repository, and its fragment a heading of that page."""
    text = page.read_text(encoding="utf-8")

    assert [target for target in link_targets(text) if _broken(page, target)] == []


def test_links_to_nowhere_are_found() -> None:
    """A file that is not there, a heading that is not there: both are told from those that are."""
    readme = ROOT / "README.md"

    found = [t for t in ("docs/api.md", "docs/api.md#models", "docs/none.md", "#none") if _broken(readme, t)]

    assert found == ["docs/none.md", "#none"]


def test_pictures_are_small() -> None:
    """No picture of a page weighs more than 300 kB."""
    folder = ROOT / "docs" / "pictures"
    pictures = [file for file in repository_files() if file.is_relative_to(folder)]

    assert pictures
    assert {file.name: file.stat().st_size for file in pictures if file.stat().st_size > 300_000} == {}
