"""
A manifest as the storefront keeps it: compact, and read in strides.

A store with thousands of products has thousands of files. Reading its manifest at once would hold the interpreter, and with it every
other store's visitors, for tens of milliseconds; so it is read line by line, and others get their turn in between. Hashes are kept as
bytes and what repeats is kept once: some 450 bytes a line, a fifth of what the parsed JSON would take.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from json import JSONDecoder
from re import compile as pattern
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from provisioning.errors import TooNew, Unreadable
from provisioning.sites.releases import CacheClass

#: Lines that are read before others get their turn: half a millisecond.
STRIDE = 100
#: What a line takes, measured over paths of 40 letters.
BYTES_OF_LINE = 450
PLAIN = ("",)
_ZIPPED = ("gzip", "")
_TWICE = ("br", "gzip", "")
_TEXT = ("text/", "application/", "image/svg+xml", "image/x-icon")
_PAUSE_SECONDS = 0.000_1
_CLASSES = {each.value: each for each in CacheClass}
_FORMATS = (1, 2)
_REDIRECTS = (301, 302, 303, 307, 308)

#: A path and perhaps a query, without a backslash, a space or a control character.
_LOCAL = pattern(r"[!-\[\]-~\u00a1-\U0010ffff]{1,2000}")
_HASHED = pattern(r"([0-9a-f]{2})/\1[0-9a-f]{62}")

_raw_decode = JSONDecoder().raw_decode
_space = pattern(r"[ \t\r\n]*").match


class Line(NamedTuple):
    """A file of a release. A tuple, since thousands are made while somebody waits."""

    #: The blob is `{shelf}/blobs/{first two hex digits}/{hex digits}` of `digest`; without a digest it is `shelf`.
    shelf: str
    digest: bytes
    #: The first half of the plain bytes' SHA-256.
    plain: bytes
    size: int
    content_type: str
    cache: CacheClass
    #: The blob's bytes of brotli, then of gzip. Where both are 0 the blob says by its own encoding what it is.
    br: int = 0
    gzip: int = 0
    #: In what encodings it can be sent; the last is the plain bytes.
    codings: tuple[str, ...] = PLAIN

    @property
    def blob(self) -> str:
        digest = self.digest.hex()
        if not digest:
            return self.shelf
        return f"{self.shelf}/blobs/{digest[:2]}/{digest}"

    @property
    def tag(self) -> str:
        """What stands for the plain bytes in an ETag."""
        return self.plain.hex()


@dataclass(frozen=True, slots=True)
class Contents:
    """What a release answers."""

    lines: Mapping[str, Line] = field(default_factory=lambda: MappingProxyType({}))
    redirects: Mapping[str, tuple[str, int]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return BYTES_OF_LINE * (len(self.lines) + len(self.redirects))


NOTHING = Contents()


def read_contents(raw: bytes, pause: Callable[[], None] = lambda: time.sleep(_PAUSE_SECONDS)) -> Contents:
    """
    Read a manifest of format 1 or 2; `pause` is called after every stride of lines.

    Raises `Unreadable` where it is none, `TooNew` where it is of a later format. What a release may not redirect to, another host above all, is left out.
    """
    lines: dict[str, Line] = {}
    redirects: dict[str, tuple[str, int]] = {}
    known = False
    try:
        reader = _Reader(raw.decode(), pause)
        for name in reader.members():
            if name == "files":
                for path in reader.members():
                    lines[path] = _line(reader.value())
            elif name == "redirects":
                for path in reader.members():
                    redirect = reader.value()
                    if is_local(redirect["to"]) and redirect["status"] in _REDIRECTS:
                        redirects[path] = (redirect["to"], redirect["status"])
            else:
                value = reader.value()
                known = known or (name == "format" and value in _FORMATS)
    except (KeyError, IndexError, TypeError, ValueError):
        raise Unreadable("MANIFEST", "a release's manifest cannot be read") from None
    if not known:
        raise TooNew("a release's manifest")
    return Contents(MappingProxyType(lines), MappingProxyType(redirects))


def is_local(address: str) -> bool:
    """Whether an address leads to a path of the same host, and no browser takes it for another one."""
    return address.startswith("/") and not address.startswith("//") and bool(_LOCAL.fullmatch(address))


class _Reader:
    """Goes through JSON member by member."""

    def __init__(self, text: str, pause: Callable[[], None]) -> None:
        self._text = text
        self._place = 0
        self._pause = pause
        self._read = 0
        self._skip_space()

    def members(self) -> Iterator[str]:
        """The names of the object that begins here. Whoever takes one reads its value, before taking the next."""
        self._take("{")
        if self._text[self._place] == "}":
            self._place += 1
            return
        while True:
            name = self.value()
            self._skip_space()
            self._take(":")
            yield name
            self._skip_space()
            if self._text[self._place] == "}":
                self._place += 1
                return
            self._take(",")
            self._read += 1
            if self._read % STRIDE == 0:
                self._pause()

    def value(self) -> Any:
        value, self._place = _raw_decode(self._text, self._place)
        return value

    def _take(self, sign: str) -> None:
        if self._text[self._place] != sign:
            raise ValueError(sign)
        self._place += 1
        self._skip_space()

    def _skip_space(self) -> None:
        self._place = _space(self._text, self._place).end()  # pyright: ignore[reportOptionalMemberAccess] - matches nothing, too


def _line(read: dict[str, Any]) -> Line:
    blob = cast("str", read["blob"])
    shelf, _, name = blob.rpartition("/blobs/")
    digest = b""
    if _HASHED.fullmatch(name):
        digest = bytes.fromhex(name[3:])
    else:
        shelf = blob
    content_type, parts = sys.intern(read["type"]), cast("dict[str, Any]", read.get("parts") or {})
    br, zipped = int(parts.get("br", 0)), int(parts.get("gzip", 0))
    # In format 1 the blob says by itself whether it is gzip, as texts may be.
    codings = _ZIPPED if parts or content_type.startswith(_TEXT) else PLAIN
    if br:
        codings = _TWICE
    return Line(
        shelf=sys.intern(shelf),
        digest=digest,
        plain=bytes.fromhex(read["sha256"])[:16],
        size=int(read["size"]),
        content_type=content_type,
        cache=_CLASSES[read["cache"]],
        br=br,
        gzip=zipped,
        codings=codings,
    )
