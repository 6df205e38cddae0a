"""
The filters, tests and functions of templates: few, and none that makes much out of little.

Work with numbers is done by filters, as templates cannot multiply. A filter that writes text for people does so in the shop's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar, cast

from jinja2 import Undefined, pass_context
from jinja2.filters import do_default
from jinja2.runtime import Context
from jinja2.tests import TESTS as _EVERY_TEST  # pyright: ignore[reportUnknownVariableType]  a plain dict
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from provisioning.themes.contexts import IN_ADDRESS, IN_ATTRIBUTE
from provisioning.themes.money import decimal_amount, format_money
from provisioning.themes.syntax import Language
from provisioning.themes.urls import is_safe_url, page_url

T = TypeVar("T")

TESTS = frozenset({"defined", "none", "even", "odd", "in", "eq", "ne", "lt", "le", "gt", "ge"})
_LONGEST_COUNT = 50
_NOWHERE = "#"


def make_filters(assets: Mapping[str, str]) -> dict[str, Callable[..., Any]]:
    """The filters of a theme whose assets are served at these paths."""

    def asset_url(name: str) -> str:
        return assets[name]

    return {"asset_url": asset_url, **_FILTERS, IN_ATTRIBUTE: _in_attribute, IN_ADDRESS: _in_address}


def make_tests() -> dict[str, Callable[..., Any]]:
    """The tests, as in `{% if x is even %}`."""
    known = cast("dict[str, Callable[..., Any]]", _EVERY_TEST)
    return {name: known[name] for name in TESTS}


def make_functions() -> dict[str, Callable[..., Any]]:
    """The functions that are the same on every page; `t` is the page's own."""
    return {"url": page_url}


def check_printable(value: Any) -> str | int | float:
    """A value as it comes out of a template. Raises `TypeError` for what is neither text nor a number."""
    if isinstance(value, Undefined):
        return str(value)  # StrictUndefined raises here, naming what is missing
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"a template may print text and numbers, not {type(value).__name__}")
    return value


def _in_attribute(value: Any) -> Markup:
    """In an attribute ready-made markup is text like any other: a quote in it would end the attribute."""
    return escape(str(check_printable(value)))


def _in_address(value: Any) -> Markup:
    """An address that leads somewhere and runs nothing, else one that leads nowhere."""
    text = str(check_printable(value))
    return escape(text if not text or text[0] in "#?" or is_safe_url(text) else _NOWHERE)


@pass_context
def _money(context: Context, minor: int, currency: str) -> str:
    shop = context.get("shop")
    return format_money(minor, currency, shop.locale if shop else "en")


def _json(value: Any) -> Markup:
    """Data for a script element that is not a script; `<`, `>`, `&` and `'` are written as escapes."""
    return htmlsafe_json_dumps(value, separators=(",", ":"), ensure_ascii=False)


def _length(items: Sequence[Any]) -> int:
    return len(items)


def _first(items: Sequence[T]) -> T:
    return items[0]


def _last(items: Sequence[T]) -> T:
    return items[-1]


def _take(items: Sequence[T], count: int) -> Sequence[T]:
    return items[: max(0, count)]


def _skip(items: Sequence[T], count: int) -> Sequence[T]:
    return items[max(0, count) :]


def _chunks(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """The items in rows of `size`, the last perhaps shorter."""
    starts = range(0, len(items), max(1, size))
    return [items[start:end] for start, end in pairwise([*starts, len(items)])] if items else []


def _upto(count: int) -> range:
    """1, 2, … `count`; at most 50."""
    return range(1, min(int(count), _LONGEST_COUNT) + 1)


def _percent(part: float, whole: float) -> int:
    """How much `part` is of `whole`, in whole percent; 0 of nothing."""
    return round(100 * part / whole) if whole else 0


def _lower(text: str) -> str:
    return str(text).lower()


def _upper(text: str) -> str:
    return str(text).upper()


def _truncate(text: str, length: int) -> str:
    """The text, cut between words and ended with … where it is longer than `length`."""
    plain = str(text)
    if len(plain) <= length:
        return plain
    return plain[: max(0, length)].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + "…"


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "amount": decimal_amount,
    "chunks": _chunks,
    "default": do_default,
    "first": _first,
    "json": _json,
    "last": _last,
    "length": _length,
    "lower": _lower,
    "money": _money,
    "percent": _percent,
    "skip": _skip,
    "take": _take,
    "truncate": _truncate,
    "upper": _upper,
    "upto": _upto,
}

#: The words that templates have.
LANGUAGE = Language(frozenset({"asset_url", *_FILTERS}), TESTS)
