"""Long lists over several pages."""

from __future__ import annotations

import pytest

from provisioning.sites.pagination import paginate


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (24, 1), (25, 2), (48, 2), (49, 3), (1000, 42)])
def test_everything_is_shown_once(count: int, pages: int) -> None:
    """In order, on so many pages, none of them bare but that of an empty list."""
    found = list(paginate("/collections/x/", range(count), 24))

    assert len(found) == pages
    assert [item for page in found for item in page.items] == list(range(count))
    assert [page.path for page in found[:2]] == ["/collections/x/", "/collections/x/page/2/"][:pages]


def test_pages_know_their_neighbours() -> None:
    first, middle, last = (page.view for page in paginate("/c/", range(60), 24))

    assert (first.previous_url, first.next_url) == (None, "/c/page/2/")
    assert (middle.previous_url, middle.next_url) == ("/c/", "/c/page/3/")
    assert (last.previous_url, last.next_url) == ("/c/page/2/", None)
    assert (middle.first, middle.last, middle.count) == (25, 48, 60)
    assert (last.first, last.last) == (49, 60)


def test_an_empty_list_counts_from_nothing() -> None:
    (only,) = (page.view for page in paginate("/c/", (), 24))

    assert (only.first, only.last, only.pages) == (0, 0, 1)


def test_links_leave_out_what_is_far_away() -> None:
    """First, last, and the present page's neighbours; 0 stands for a gap, and the present page has no link."""
    views = [page.view for page in paginate("/c/", range(240), 24)]

    assert [link.number for link in views[4].links] == [1, 0, 4, 5, 6, 0, 10]
    assert [link.number for link in views[0].links] == [1, 2, 0, 10]
    assert [link.url for link in views[0].links] == [None, "/c/page/2/", None, "/c/page/10/"]
    assert [link.number for link in views[4].links if link.current] == [5]
