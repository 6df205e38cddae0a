"""
Reading what was sent: strict JSON, one meaning, bounded, and then the endpoint's model.

Python's own parser is generous (NaN, a name twice, half a surrogate pair); what others would read differently is refused here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar, cast

from flask import Request
from pydantic import BaseModel, ValidationError

from provisioning.api.problems import Malformed
from provisioning.errors import FieldError, InvalidInput
from provisioning.stores.activation import explain

MAX_BODY = 64 * 1024
MAX_DEPTH = 20

M = TypeVar("M", bound=BaseModel)


def read_body(request: Request, model: type[M], *, required: bool) -> M:
    """
    The body as `model`; its defaults where there is no body and none is required.

    Raises `Malformed` (400, 415), werkzeug's `RequestEntityTooLarge` (413), or `InvalidInput`.
    """
    request.max_content_length = MAX_BODY
    body = request.get_data(cache=False)
    if not body and not required:
        return model()
    if request.mimetype != "application/json":
        raise Malformed(415, "NOT_JSON_TYPE", "send the body as Content-Type: application/json")
    text = _decode(body)
    value = parse_json(text)
    if not isinstance(value, dict):
        raise InvalidInput((FieldError("body", "NOT_AN_OBJECT", "must be a JSON object"),))
    try:
        # From the text and not from `value`: only then does pydantic's strict mode take JSON's lists for tuples.
        return model.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise InvalidInput(explain(error)) from None


def read_bytes(request: Request, content_types: tuple[str, ...], most: int) -> bytes:
    """The body as it is. Raises `Malformed` (415), or werkzeug's `RequestEntityTooLarge` (413)."""
    request.max_content_length = most
    body = request.get_data(cache=False)
    if request.mimetype not in content_types:
        raise Malformed(415, "WRONG_TYPE", f"send the file as Content-Type: {' or '.join(content_types)}")
    return body


def read_query(request: Request, model: type[M]) -> M:
    """The query as `model`. Raises `InvalidInput`, also for a parameter that is unknown or given twice."""
    given = request.args.to_dict(flat=False)
    repeated = [name for name, values in given.items() if len(values) > 1]
    if repeated:
        raise InvalidInput((FieldError("query", "REPEATED", "must hold each parameter once"),))
    try:
        return model.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        raise InvalidInput(explain(error)) from None


def parse_json(text: str) -> Any:
    """JSON that has one meaning only; `Malformed` (400) for anything else."""
    try:
        value: Any = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_unique
        )
    except (ValueError, RecursionError):
        _refuse()
    _check(value, 1)
    return value


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse()


def _check(value: object, depth: int) -> None:
    """Raise unless every text is Unicode and nothing is nested too deep."""
    if depth > MAX_DEPTH:
        _refuse()
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        _refuse()
    if isinstance(value, list):
        for item in cast("list[object]", value):
            _check(item, depth + 1)
    if isinstance(value, Mapping):
        for name, item in cast("Mapping[str, object]", value).items():
            _check(name, depth)
            _check(item, depth + 1)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return names


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("not a number of JSON's")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number


def _refuse() -> NoReturn:
    raise Malformed(
        400,
        "NOT_JSON",
        "the body is not JSON of one meaning: UTF-8, each name once, finite numbers, whole characters, "
        f"at most {MAX_DEPTH} levels",
    ) from None
