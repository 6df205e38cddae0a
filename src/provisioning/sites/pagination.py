"""A long list over several pages, each with an address of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from provisioning.themes.views import PageLinkView, PaginationView

T = TypeVar("T")
#: How many neighbours of the present page are named, besides the first and the last one.
_AROUND = 1


@dataclass(frozen=True, slots=True)
class PageOfMany(Generic[T]):
    """A part of a list and the page that shows it."""

    path: str
    items: Sequence[T]
    view: PaginationView


def paginate(path: str, items: Sequence[T], size: int) -> Iterator[PageOfMany[T]]:
    """
    The pages of a list: the first at `path`, the others at `<path>page/<n>/`.

    An empty list has one page.
    """
    pages = max(1, -(-len(items) // size))
    for number in range(1, pages + 1):
        start = (number - 1) * size
        shown = items[start : start + size]
        view = PaginationView(
            page=number,
            pages=pages,
            count=len(items),
            first=start + 1 if shown else 0,
            last=start + len(shown),
            previous_url=_address(path, number - 1) if number > 1 else None,
            next_url=_address(path, number + 1) if number < pages else None,
            links=tuple(_links(path, number, pages)),
        )
        yield PageOfMany(_address(path, number), shown, view)


def _address(path: str, number: int) -> str:
    return path if number == 1 else f"{path}page/{number}/"


def _links(path: str, present: int, pages: int) -> Iterator[PageLinkView]:
    """First, last, and what is around the present page; a link without number stands for what is left out."""
    before = 0
    for number in range(1, pages + 1):
        if number not in (1, pages) and abs(number - present) > _AROUND:
            continue
        if number > before + 1:
            yield PageLinkView(0, None)
        yield PageLinkView(number, None if number == present else _address(path, number), number == present)
        before = number
