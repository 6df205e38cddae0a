"""
How a document's data stand in SQLite: JSON text in which a moment is `{"$at": "2025-01-31T12:00:00.000000Z"}`.

The form has a fixed width and always UTC, so that SQL orders and compares moments as text. Names that begin with `$` are refused
in data, so that no document can be mistaken for a moment. What Firestore would refuse is refused here too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NoReturn, cast

import orjson

from provisioning.errors import FieldError, InvalidInput

AT = "$at"
#: Firestore's own limits for one document.
MAX_BYTES = 1_048_576
MAX_DEPTH = 20
MAX_NAME_BYTES = 1500

#: Names of fields that were found good: the same ones come again and again.
_KNOWN_NAMES: set[object] = set()
#: The names of whole maps, in their order.
_KNOWN_SHAPES: set[tuple[object, ...]] = set()
_KNOWN_AT_MOST = 10_000
_SCALARS = frozenset((str, bool, type(None), datetime))
_NO_LISTS = frozenset((list, tuple))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_PLAIN = re.compile(r"[A-Za-z0-9_]{1,40}")


def encode(data: object) -> dict[str, Any]:
    """A document's data, or some fields of it, as JSON holds them; raises `InvalidInput` naming the field that cannot be kept."""
    if not isinstance(data, Mapping):
        refuse("", "NOT_A_MAP", "must be a map")
    return _encode_map(cast("Mapping[object, object]", data), "", 1)


def encode_value(value: object, field: str) -> Any:
    """One value as JSON holds it; raises `InvalidInput`."""
    return _encode(value, field, 1)


def dump(encoded: object) -> str:
    """The text of something encoded, as short as `json_extract` gives it back; raises `InvalidInput` above 1 MiB."""
    return _checked(_dump(encoded))


def _checked(text: str) -> str:
    if len(text) > MAX_BYTES or (not text.isascii() and len(text.encode()) > MAX_BYTES):
        refuse("", "TOO_LARGE", "must be at most 1 MiB")
    return text


@lru_cache(maxsize=4096)
def _moment_text(value: datetime) -> orjson.Fragment:
    # The times of earlier steps are written again with each later one.
    if value.utcoffset() is None:
        raise ValueError("no time zone")
    return orjson.Fragment(f'{{"{AT}":"{_encode_moment(value, "")}"}}')


def _dump(value: object) -> str:
    """Raises `TypeError` for what has no JSON; but for numbers that are not finite, which must not come so far."""
    return orjson.dumps(value, _moment_text, orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _is_plain(value: Any, depth: int) -> bool:
    """Whether all of it is of the usual types, with names that are known, and no deeper than allowed."""
    if depth > MAX_DEPTH:
        return False
    items: Iterable[Any]
    if type(value) is dict:
        mapping = cast("dict[Any, Any]", value)
        names = tuple(mapping)
        if names not in _KNOWN_SHAPES and not _is_known(names):
            return False
        items = mapping.values()
    elif type(value) is list or type(value) is tuple:
        items = cast("Sequence[Any]", value)
        if not _NO_LISTS.isdisjoint(map(type, items)):
            return False
    else:
        return False
    kinds: Iterable[type[object]] = map(type, items)
    for item, kind in zip(items, kinds, strict=True):
        if kind in _SCALARS:
            continue
        if kind is int:
            if not _SMALLEST <= item <= _LARGEST:
                return False
        elif kind is float:
            if not math.isfinite(item):
                return False
        elif not _is_plain(item, depth + 1):
            return False
    return True


def _is_known(names: tuple[object, ...]) -> bool:
    if not _KNOWN_NAMES.issuperset(names):
        return False
    if len(_KNOWN_SHAPES) < _KNOWN_AT_MOST:
        _KNOWN_SHAPES.add(names)
    return True


def write(data: object) -> str:
    """`dump(encode(data))`, without a copy where all of it is plain, as in nearly every document of ours."""
    if not _is_plain(data, 1):
        return dump(encode(data))
    try:
        return _checked(_dump(data))
    except TypeError:
        # No Unicode, or no time zone: whoever looks closer says which field.
        return dump(encode(data))


def write_value(value: object, field: str) -> str:
    """`dump(encode_value(value, field))`, likewise."""
    if type(value) not in _SCALARS and not _is_plain(value, 2):
        return dump(encode_value(value, field))
    try:
        return _checked(_dump(value))
    except TypeError:
        return dump(encode_value(value, field))


def parts(fields: Mapping[str, str]) -> dict[str, str]:
    """Fields and their texts as they stand in a document, `"name":text`."""
    return {name: _quote(name) + text for name, text in fields.items()}


def split(text: str) -> dict[str, str]:
    """The parts of a document that `dump` made `text` of."""
    return parts({name: _dump(value) for name, value in load(text).items()})


def join(parts: Mapping[str, str]) -> str:
    """The document of these parts: `split` backwards. Raises `InvalidInput` above 1 MiB."""
    return _checked(f"{{{','.join(parts.values())}}}")


@lru_cache(maxsize=1024)
def _quote(name: str) -> str:
    return f"{_dump(name)}:"


def load(text: str) -> dict[str, Any]:
    """What `dump` made `text` of, still encoded."""
    return orjson.loads(text)


def decode(text: str) -> dict[str, Any]:
    """The data that were encoded and dumped to `text`."""
    return _decode(orjson.loads(text))


def to_microseconds(moment: datetime, field: str = "time") -> int:
    """Microseconds since 1970; raises `InvalidInput` for a moment without a time zone."""
    if moment.utcoffset() is None:
        refuse(field, "NAIVE_TIME", "must be a time with a time zone")
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def refuse(field: str, code: str, message: str) -> NoReturn:
    """Raise `InvalidInput` for one field."""
    raise InvalidInput((FieldError(field[:100] or "document", code, message),))


def _encode(value: object, field: str, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _encode_text(value, field)
    if isinstance(value, int):
        if not _SMALLEST <= value <= _LARGEST:
            refuse(field, "NUMBER_TOO_LARGE", "must fit into 64 bits")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            refuse(field, "NOT_FINITE", "must be a finite number")
        return value
    if isinstance(value, datetime):
        return {AT: _encode_moment(value, field)}
    if depth >= MAX_DEPTH:
        refuse(field, "TOO_DEEP", f"must be nested at most {MAX_DEPTH} levels deep")
    if isinstance(value, Mapping):
        return _encode_map(cast("Mapping[object, object]", value), field, depth + 1)
    if isinstance(value, list | tuple):
        return _encode_list(cast("Sequence[object]", value), field, depth + 1)
    refuse(field, "UNKNOWN_TYPE", f"cannot be a {type(value).__name__}")


def _encode_text(value: str, field: str) -> str:
    # Only lone surrogates can fail here; they have no UTF-8.
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            refuse(field, "NOT_UNICODE", "must be valid Unicode text")
    return value


def _encode_moment(value: datetime, field: str) -> str:
    if value.tzinfo is not UTC:
        if value.utcoffset() is None:
            refuse(field, "NAIVE_TIME", "must be a time with a time zone")
        try:
            value = value.astimezone(UTC)
        except OverflowError:
            refuse(field, "TIME_OUT_OF_RANGE", "must be in the years 1 to 9999")
    # Without its last six characters, which are "+00:00".
    return value.isoformat(timespec="microseconds")[:-6] + "Z"


def _encode_map(value: Mapping[object, object], field: str, depth: int) -> dict[str, Any]:
    return {
        _check_name(name, field): _encode(item, _join(field, cast("str", name)), depth)
        for name, item in value.items()
    }


def _encode_list(value: Sequence[object], field: str, depth: int) -> list[Any]:
    if any(isinstance(item, list | tuple) for item in value):
        refuse(field, "LIST_IN_LIST", "must not hold a list directly in a list")
    return [_encode(item, field, depth) for item in value]


def _check_name(name: object, field: str) -> str:
    if name in _KNOWN_NAMES:
        return cast("str", name)
    if not isinstance(name, str):
        refuse(field, "INVALID_NAME", "names of fields must be text")
    if not name or name.startswith("$") or (name.startswith("__") and name.endswith("__")):
        refuse(field, "INVALID_NAME", "names of fields must not be empty, begin with '$', or be like '__x__'")
    if len(name) > MAX_NAME_BYTES or len(_encode_text(name, field).encode()) > MAX_NAME_BYTES:
        refuse(field, "INVALID_NAME", f"names of fields must be at most {MAX_NAME_BYTES} bytes long")
    if len(_KNOWN_NAMES) < _KNOWN_AT_MOST and _PLAIN.fullmatch(name):
        _KNOWN_NAMES.add(name)
    return name


def _join(field: str, name: str) -> str:
    """A field's path as we may show it: a name in data was chosen by its sender."""
    shown = name if name in _KNOWN_NAMES or _PLAIN.fullmatch(name) else "?"
    return f"{field}.{shown}" if field else shown


def _decode(value: Any) -> Any:
    """The same with its moments, in place."""
    if type(value) is dict:
        mapping = cast("dict[str, Any]", value)
        if AT in mapping:
            return datetime.fromisoformat(mapping[AT])
        for name, item in mapping.items():
            if type(item) is dict or type(item) is list:
                mapping[name] = _decode(item)
        return mapping
    items = cast("list[Any]", value)
    for n, item in enumerate(items):
        if type(item) is dict or type(item) is list:
            items[n] = _decode(item)
    return items
