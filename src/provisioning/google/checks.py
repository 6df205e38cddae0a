"""
What may be written to a document and asked of a collection, as the port says it.

Checked before anything is sent: Firestore itself keeps NaN, takes a naive time for UTC, and follows a slash in an id into another path.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from provisioning.errors import FieldError, InvalidInput
from provisioning.ports import Query, Update, Write, check_id

MAX_DEPTH = 20
MAX_NAME_BYTES = 1500

_FIELD_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_INT64 = 2**63
_RANGES = frozenset({"<", "<=", ">", ">="})


def check_document_path(path: str) -> str:
    """Return `path` if it names a document (an even number of safe segments), else raise `InvalidInput`."""
    segments = path.split("/")
    if len(segments) % 2:
        raise _invalid("path", "NOT_A_DOCUMENT", "must name a document: pairs of collection and id")
    for segment in segments:
        check_id(segment, "path")
    return path


def check_collection_path(path: str) -> str:
    """Return `path` if it names a collection (an odd number of safe segments), else raise `InvalidInput`."""
    segments = path.split("/")
    if len(segments) % 2 == 0:
        raise _invalid("collection", "NOT_A_COLLECTION", "must name a collection")
    for segment in segments:
        check_id(segment, "collection")
    return path


def check_write(write: Write) -> None:
    """Raise `InvalidInput` unless the port promises to keep what `write` holds."""
    check_document_path(write.path)
    if isinstance(write, Update):
        if not write.fields:
            raise _invalid("fields", "EMPTY", "must name at least one field")
        for name in write.fields:
            if "." in name:
                raise _invalid("fields", "DOTTED_NAME", "must be plain names: a dot would be a path")
        check_data(write.fields)
        return
    data = getattr(write, "data", None)
    if data is not None:
        check_data(data)


def check_data(data: Mapping[str, Any]) -> None:
    """
    Raise `InvalidInput` unless `data` can be kept and read back equal.

    Refused are: NaN and infinities, integers beyond 64 bits, naive datetimes, a list directly in a list, text that is not valid
    Unicode, names that are empty, too long, `__reserved__` or begin with `$` (as in SQLite), more than 20 levels, and any type but
    those of the port. A tuple is kept as a list.
    """
    _check_map(data, "", 1)


def check_query(query: Query) -> None:
    """
    Raise `InvalidInput` unless Firestore can answer `query` as the port says.

    Firestore orders by the field of a range condition first, whatever else is asked: so a range is allowed on the ordering field only.
    """
    check_collection_path(query.collection)
    if query.limit < 1:
        raise _invalid("limit", "TOO_SMALL", "must be at least 1")
    order = (query.order_by or "").removeprefix("-")
    for field in (order, *(where.field for where in query.where)):
        if field and not _FIELD_PATH.fullmatch(field):
            raise _invalid("field", "NOT_A_FIELD", "must be names joined by dots")
    for where in query.where:
        if where.op in _RANGES and where.field != order:
            raise _invalid("order_by", "RANGE_NEEDS_ORDER", "must be the field of the range condition")
        if isinstance(where.value, Mapping | list | tuple) or (where.op in _RANGES and where.value is None):
            raise _invalid(
                "where", "NOT_COMPARABLE", "cannot be compared with a list, a map, or the order of null"
            )
        check_data({"value": where.value})


def field_value(data: Mapping[str, Any], field: str) -> Any:
    """The value at a dotted `field`, or None where the path ends before it."""
    value: Any = data
    for name in field.split("."):
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, Any]", value).get(name)
    return value


def _check_map(data: Mapping[Any, Any], where: str, depth: int) -> None:
    for name, value in data.items():
        _check_name(name, where)
        _check_value(value, f"{where}.{name}" if where else name, depth)


def _check_name(name: object, where: str) -> None:
    if not isinstance(name, str) or not name:
        raise _invalid(where, "NOT_A_NAME", "has a field without a name")
    reserved = name.startswith("$") or (name.startswith("__") and name.endswith("__"))
    if reserved or len(_encoded(name, where)) > MAX_NAME_BYTES:
        raise _invalid(where, "NOT_A_NAME", "has a field whose name is too long or reserved")


def _check_value(value: object, where: str, depth: int) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _encoded(value, where)
    elif isinstance(value, int):
        if not -_INT64 <= value < _INT64:
            raise _invalid(where, "TOO_LARGE", "must fit into 64 bits")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise _invalid(where, "NOT_FINITE", "must be a finite number")
    elif isinstance(value, datetime):
        if value.utcoffset() is None:
            raise _invalid(where, "NAIVE_TIME", "must be a time with a time zone")
    elif isinstance(value, Mapping | list | tuple):
        _check_container(cast("Mapping[Any, Any] | list[Any]", value), where, depth + 1)
    else:
        raise _invalid(where, "WRONG_TYPE", "must be null, boolean, number, text, time, list or map")


def _check_container(value: Mapping[Any, Any] | list[Any], where: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _invalid(where, "TOO_DEEP", f"must not be nested more than {MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        _check_map(value, where, depth)
        return
    for item in value:
        if isinstance(item, list | tuple):
            raise _invalid(where, "LIST_IN_LIST", "must not hold a list directly in a list")
        _check_value(item, where, depth)


def _encoded(text: str, where: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise _invalid(where, "NOT_UNICODE", "must be valid Unicode text") from None


def _invalid(field: str, code: str, message: str) -> InvalidInput:
    return InvalidInput((FieldError(field[:100], code, message),))
