"""
What a visitor's headers ask for (RFC 9110): pure decisions, each safe with any text, and linear in its length.

What cannot be understood is as if it had not been said, so that the whole file in plain bytes is the answer to nonsense.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs

MAX_PATH = 1_000
#: In place of what cannot be a path. No release has it.
NO_PATH = "\0"
_MAX_HOST = 260
_MAX_HEADER = 1_000
_MAX_QUERY = 2_000

_HOST = re.compile(r"([a-z0-9](?:[a-z0-9.-]{0,126}[a-z0-9])?)\.?(?::[0-9]{1,5})?")
_QUALITY = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*")
_CODINGS = {"br": "br", "gzip": "gzip", "x-gzip": "gzip"}


class Visit(NamedTuple):
    """One request, as far as an answer depends on it. `path` is decoded; `query` is raw, without its question mark."""

    method: str
    host: str
    path: str
    query: str = ""
    accept_encoding: str = ""
    if_match: str = ""
    if_none_match: str = ""
    range: str = ""
    if_range: str = ""
    cookie: str = ""


def hostname(host: str) -> str | None:
    """The name in a Host header, in lower case, without a port and the root's dot; None where it is not one."""
    return _hostname(host) if len(host) <= _MAX_HOST else None


@lru_cache(maxsize=4_096)
def _hostname(host: str) -> str | None:
    match = _HOST.fullmatch(host.lower()) if host.isascii() else None
    return match[1] if match and ".." not in match[1] else None


def encodings(accept_encoding: str) -> tuple[str, ...]:
    """`br`, `gzip` and `""` (plain bytes) as far as they may be sent, the best first. The plain bytes are always in it."""
    return _encodings(accept_encoding) if len(accept_encoding) <= _MAX_HEADER else ("",)


@lru_cache(maxsize=1_024)
def _encodings(accept_encoding: str) -> tuple[str, ...]:
    said: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.partition(";")
        said.setdefault(coding.strip(), _quality(parameters))
    named = {_CODINGS[coding]: quality for coding, quality in reversed(said.items()) if coding in _CODINGS}
    wildcard = said.get("*", 0.0)
    # Not named, plain bytes are what is left when nothing better is wanted; an empty header wants nothing better.
    plain = said.get("identity", wildcard)
    ranked = [(named.get(coding, wildcard), coding) for coding in ("br", "gzip")]
    better = [(quality, coding) for quality, coding in ranked if quality > 0 and quality >= plain]
    # Stable, so that brotli goes before gzip where both are as welcome.
    better.sort(key=lambda each: -each[0])
    return (*(coding for _, coding in better), "")


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            match = _QUALITY.fullmatch(value.strip())
            return float(match[0]) if match else 0.0
    return 1.0


def matches(sent: str, tag: str, *, weakly: bool) -> bool:
    """
    Whether `tag`, a strong one in its quotes, is in a list of tags (`If-None-Match`, `If-Match`), or the list is `*`.

    In a weak comparison `W/"a"` is `"a"` as well.
    """
    if sent.strip() == "*":
        return True
    # Between their quotes our tags are letters, digits and '-': what is found between quotes is a whole tag of the list.
    place = sent.find(tag)
    while place >= 0:
        if weakly or sent[max(0, place - 2) : place] != "W/":
            return True
        place = sent.find(tag, place + 1)
    return False


class Part(NamedTuple):
    """Bytes `first` to `last`, both included, of a file."""

    first: int
    last: int


class Unsatisfiable(Exception):
    """The file ends before the range begins."""


def part(header: str, size: int) -> Part | None:
    """The one part of a file of `size` bytes that is asked for; None for all of it. Raises `Unsatisfiable`."""
    match = _RANGE.fullmatch(header) if len(header) <= _MAX_HEADER else None
    if match is None:
        # Several parts are answered with the whole, which is always right.
        return None
    first, last, suffix = match.groups()
    if suffix is not None:
        if size == 0 or int(suffix) == 0:
            raise Unsatisfiable
        return Part(max(0, size - int(suffix)), size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Part(int(first), min(int(last), size - 1) if last else size - 1)


def query_value(query: str, name: str) -> str:
    """The first value of that name in a query, or an empty text."""
    if name not in query or len(query) > _MAX_QUERY:
        return ""
    return parse_qs(query).get(name, [""])[0]


def cookie(cookies: str, name: str) -> str:
    """The first cookie of that name, or an empty text."""
    if name not in cookies:
        return ""
    for each in cookies.split(";"):
        key, _, value = each.strip().partition("=")
        if key == name:
            return value
    return ""
