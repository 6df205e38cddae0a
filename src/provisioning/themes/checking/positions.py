"""
JSON with places: where in a file the value at a path stands.

Python's own reader says what a file holds; this one, slower, says where, and is asked only once something is to be told.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Steps to a value: keys and indices.
Path = tuple[str | int, ...]

#: Nothing of a theme is nested deeper by far.
MAX_DEPTH = 40
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_PLAIN = re.compile(r"[^\s,\]}:]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Json:
    """What a file holds, or why it cannot be read; and the keys that stand twice in an object of it."""

    text: str
    value: Any = None
    error: str = ""
    error_at: Place = Place(1, 1)
    repeated: tuple[str, ...] = ()


def read_json(body: bytes) -> Json:
    """The content of a JSON file, strictly: no NaN, no other encoding than UTF-8, not too deep."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return Json("", error="is not text in UTF-8")
    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            counts = Counter(name for name, _ in items)
            repeated.extend(name for name, count in counts.items() if count > 1)
        return found

    def refuse(word: str) -> Any:
        raise ValueError(f"{word} is not a number of JSON")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=refuse)
    except json.JSONDecodeError as error:
        return Json(
            text, error=error.msg[0].lower() + error.msg[1:], error_at=Place(error.lineno, error.colno)
        )
    except RecursionError:
        return Json(text, error="is nested too deeply")
    except ValueError as error:
        return Json(text, error=str(error)[:80])
    if _is_deeper(value, MAX_DEPTH):
        return Json(text, error=f"is nested more than {MAX_DEPTH} deep")
    return Json(text, value, repeated=tuple(repeated))


def _is_deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [child for item in level if isinstance(item, dict | list) for child in _children(item)]  # pyright: ignore[reportUnknownArgumentType]
        if not level:
            return False
    return True


def _children(item: Any) -> list[Any]:
    return list(item.values()) if isinstance(item, dict) else list(item)  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]


@dataclass(slots=True)
class Places:
    """The place of each value of a sound JSON text: of its key, where it has one."""

    text: str
    found: dict[Path, Place] = field(default_factory=dict[Path, Place])
    #: The second place of a key that stands twice in one object.
    repeated: dict[Path, Place] = field(default_factory=dict[Path, Place])
    _line: int = 1
    _line_start: int = 0
    _counted: int = 0

    def of(self, path: Path) -> Place:
        """Where the value at the path stands; of one that is missing, where it would."""
        if not self.found:
            self._value(0, (), None)
        while path and path not in self.found:
            path = path[:-1]
        return self.found.get(path, Place(1, 1))

    def _here(self, at: int) -> Place:
        """Asked from the beginning to the end of the text, so that lines are counted once."""
        newlines = self.text.count("\n", self._counted, at)
        if newlines:
            self._line += newlines
            self._line_start = self.text.rindex("\n", self._counted, at) + 1
        self._counted = at
        return Place(self._line, at - self._line_start + 1)

    def _value(self, at: int, path: Path, place: Place | None) -> int:
        at = self._skip(at)
        self.found.setdefault(path, place or self._here(at))
        sign = self.text[at : at + 1]
        if sign == "{":
            return self._members(at + 1, path)
        if sign == "[":
            return self._items(at + 1, path)
        match = (_STRING if sign == '"' else _PLAIN).match(self.text, at)
        return match.end() if match else len(self.text)

    def _members(self, at: int, path: Path) -> int:
        at = self._skip(at)
        while self.text[at : at + 1] == '"':
            match = _STRING.match(self.text, at)
            if match is None:
                return len(self.text)
            place = self._here(at)
            inner = (*path, str(json.loads(match[0])))
            if inner in self.found:
                self.repeated.setdefault(inner, place)
            at = self._skip(self._value(self._skip(match.end()) + 1, inner, place))
            if self.text[at : at + 1] == ",":
                at = self._skip(at + 1)
        return at + 1

    def _items(self, at: int, path: Path) -> int:
        at = self._skip(at)
        index = 0
        while at < len(self.text) and self.text[at] != "]":
            at = self._skip(self._value(at, (*path, index), None))
            index += 1
            if self.text[at : at + 1] == ",":
                at = self._skip(at + 1)
        return at + 1

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at


def as_object(value: Any) -> Mapping[str, Any]:
    """The value, where it is an object; else an empty one."""
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def as_list(value: Any) -> list[Any]:
    """The value, where it is a list; else an empty one."""
    return value if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType]
