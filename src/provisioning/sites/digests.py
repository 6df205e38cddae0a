"""
Digests of frozen values: equal values have equal digests, whatever process computes them, and different ones different digests.

A view that stands on many pages, as the shop's, is walked once: its digest is remembered for as long as the `Digests` lives. What one page
alone has is not: a shop has thousands of pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

_ABSENT = b"-"


class Digests:
    """
    Computes digests, and remembers those of dataclasses by the object; give up the instance to forget them.

    `lasting` are the kinds that are remembered; all, where none is named.
    """

    def __init__(self, lasting: Iterable[type] = ()) -> None:
        self._lasting = frozenset(lasting)
        # The object is kept too, so that its id stays its own.
        self._known: dict[int, tuple[object, bytes]] = {}
        self._known_at: dict[tuple[int, str], tuple[object, list[bytes]]] = {}

    def of(self, value: object) -> str:
        """32 hexadecimal digits."""
        parts: list[bytes] = []
        self._write(value, parts)
        return hashlib.sha256(b"".join(parts)).hexdigest()[:32]

    def of_parts(self, value: object, paths: Iterable[str]) -> str:
        """
        The digest of what lies at dotted paths below a dataclass, as `shop.name`, `product` and `references.pictures.hero`.

        A path that leads into a list stands for the whole list, one that leads to a key that a mapping lacks for the whole mapping; one that
        leads nowhere is part of the digest as such.
        """
        parts: list[bytes] = []
        for path in sorted(set(paths)):
            parts.append(_text(path))
            self._write_from(value, path, parts)
        return hashlib.sha256(b"".join(parts)).hexdigest()[:32]

    def _write_from(self, value: object, path: str, parts: list[bytes]) -> None:
        """As `_write_at`; what lies below a lasting view, as everything of the shop, is looked for once."""
        first, _, rest = path.partition(".")
        root: object = getattr(value, first, None) if rest and is_dataclass(value) else None
        if type(root) not in self._lasting:
            self._write_at(value, path, parts)
            return
        known = self._known_at.get((id(root), path))
        if known is None:
            found: list[bytes] = []
            self._write_at(value, path, found)
            known = self._known_at[id(root), path] = (root, found)
        parts += known[1]

    def _write_at(self, value: object, path: str, parts: list[bytes]) -> None:
        rest: str = path
        while rest:
            name, _, behind = rest.partition(".")
            if isinstance(value, Mapping):
                inner = cast("Mapping[str, object]", value)
                key = rest if rest in inner else name
                if key not in inner:
                    value = inner
                    break
                value, behind = inner[key], "" if key == rest else behind
            elif not is_dataclass(value):
                break
            elif name in _fields(type(value)):
                value = getattr(value, name)
            else:
                parts.append(_ABSENT)
                return
            rest = behind
        self._write(value, parts)

    def _write(self, value: object, parts: list[bytes]) -> None:
        kind = type(value)
        if kind is str:
            parts.append(_text(cast("str", value)))
        elif value is None or kind is bool or kind is int or kind is float:
            parts.append(b"(%s)" % repr(value).encode())
        elif kind is tuple or kind is list:
            parts.append(b"[")
            for item in cast("list[Any]", value):
                self._write(item, parts)
            parts.append(b"]")
        elif is_dataclass(kind):
            parts.append(self._of_dataclass(value))
        else:
            self._write_other(value, parts)

    def _write_other(self, value: object, parts: list[bytes]) -> None:
        # Markup is a str and not the same as one; an enumeration's member neither.
        parts.append(_text(type(value).__qualname__))
        if isinstance(value, str):
            parts.append(_text(value))
        elif isinstance(value, datetime):
            parts.append(_text(value.isoformat()))
        elif isinstance(value, Mapping):
            entries = cast("Mapping[str, Any]", value)
            parts.append(b"{")
            for key in sorted(entries):
                parts.append(_text(key))
                self._write(entries[key], parts)
            parts.append(b"}")
        elif isinstance(value, frozenset | set):
            parts.append(b"<")
            parts += sorted(self.of(item).encode() for item in cast("frozenset[Any]", value))
            parts.append(b">")
        else:
            raise TypeError(f"a {type(value).__qualname__} has no digest")

    def _of_dataclass(self, value: object) -> bytes:
        known = self._known.get(id(value))
        if known is not None:
            return known[1]
        kind = type(value)
        parts = [_text(kind.__qualname__)]
        for name in _fields(kind):
            self._write(getattr(value, name), parts)
        digest = hashlib.sha256(b"".join(parts)).digest()
        if not self._lasting or kind in self._lasting:
            self._known[id(value)] = (value, digest)
        return digest


def _text(value: str) -> bytes:
    encoded = value.encode()
    return b"%d:%s" % (len(encoded), encoded)


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
