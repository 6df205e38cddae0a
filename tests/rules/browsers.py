"""
Firestore as a browser sees it: its REST API, in somebody's name.

The emulator takes a token without a signature for what it says, and `owner` for the platform itself, which no rule holds.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import urllib3

#: In data to be written: the moment of the write, as the server knows it.
NOW = object()
_ROOT = "projects/{project}/databases/(default)/documents"


class Unexpected(AssertionError):
    """The emulator neither did it nor said that it is not allowed."""


@dataclass(frozen=True)
class Browser:
    """Somebody at a Firestore. Each call says whether it was allowed; what is allowed is done."""

    host: str
    project: str
    http: urllib3.PoolManager
    token: str | None = None
    uid: str | None = None

    def as_user(self, uid: str | None = "u1", **claims: Any) -> Browser:
        """Somebody with an ID token of this project's."""
        return replace(self, token=unsigned_token(self.project, uid, **claims), uid=uid)

    def get(self, path: str) -> bool:
        return self._allowed("GET", f"/{quoted(path)}", None, missing=True)

    def list(self, collection: str) -> bool:
        return self._allowed("GET", f"/{quoted(collection)}?pageSize=1", None)

    def get_all(self, paths: Sequence[str]) -> bool:
        return self._allowed("POST", ":batchGet", {"documents": [self.name(path) for path in paths]})

    def query(
        self,
        collection: str,
        *,
        where: Sequence[tuple[str, str, Any]] = (),
        order_by: str = "",
        limit: int | None = None,
        group: bool = False,
        count: bool = False,
    ) -> bool:
        """As `Query` of the ports: `order_by="-at"` is descending. `group` asks all collections of that name."""
        parent, _, id = collection.rpartition("/")
        asked: dict[str, Any] = {"from": [{"collectionId": id, "allDescendants": group}]}
        filters = [
            {"fieldFilter": {"field": {"fieldPath": f}, "op": op, "value": encoded(v)}} for f, op, v in where
        ]
        if filters:
            asked["where"] = {"compositeFilter": {"op": "AND", "filters": filters}}
        if order_by:
            direction = "DESCENDING" if order_by.startswith("-") else "ASCENDING"
            asked["orderBy"] = [{"field": {"fieldPath": order_by.lstrip("-")}, "direction": direction}]
        if limit is not None:
            asked["limit"] = limit
        place = f"/{quoted(parent)}" if parent else ""
        if count:
            body = {
                "structuredAggregationQuery": {
                    "structuredQuery": asked,
                    "aggregations": [{"alias": "n", "count": {}}],
                }
            }
            return self._allowed("POST", f"{place}:runAggregationQuery", body)
        return self._allowed("POST", f"{place}:runQuery", {"structuredQuery": asked})

    def list_collections(self, path: str = "") -> bool:
        place = f"/{quoted(path)}" if path else ""
        return self._allowed("POST", f"{place}:listCollectionIds", {})

    def create(self, path: str, data: Mapping[str, Any]) -> bool:
        return self.commit(self.to_create(path, data))

    def put(self, path: str, data: Mapping[str, Any]) -> bool:
        """Write a whole document, whatever was there."""
        return self.commit(self._write(path, data))

    def update(self, path: str, data: Mapping[str, Any]) -> bool:
        """Change these fields of a document that is there."""
        return self.commit(self.to_update(path, data))

    def delete(self, path: str) -> bool:
        return self.commit({"delete": self.name(path)})

    def to_create(self, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        return self._write(path, data) | {"currentDocument": {"exists": False}}

    def to_update(self, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        mask = {"updateMask": {"fieldPaths": [_field(name) for name in data if data[name] is not NOW]}}
        return self._write(path, data) | mask | {"currentDocument": {"exists": True}}

    def commit(self, *writes: Mapping[str, Any]) -> bool:
        """All of it or nothing."""
        return self._allowed("POST", ":commit", {"writes": list(writes)})

    def name(self, path: str) -> str:
        return f"{_ROOT.format(project=self.project)}/{path}"

    def _write(self, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        set_by_server = [
            {"fieldPath": name, "setToServerValue": "REQUEST_TIME"} for name in _times_of_the_server(data)
        ]
        fields = encoded(_without_now(data))["mapValue"]["fields"]
        return {
            "update": {"name": self.name(path), "fields": fields},
            **({"updateTransforms": set_by_server} if set_by_server else {}),
        }

    def _allowed(self, method: str, place: str, body: Any, *, missing: bool = False) -> bool:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = f"http://{self.host}/v1/{_ROOT.format(project=self.project)}{place}"
        answer = self.http.request(method, url, json=body, headers=headers)
        if answer.status == 200 or (missing and answer.status == 404):
            return True
        if answer.status == 403 and b"PERMISSION_DENIED" in answer.data:
            return False
        raise Unexpected(f"{method} {place}: {answer.status} {answer.data.decode(errors='replace')[:500]}")


def unsigned_token(project: str, uid: str | None, **claims: Any) -> str:
    """A token as Firebase Auth's, but for the signature. Further claims add to it or stand in the place of its own."""
    payload: dict[str, Any] = {
        "iss": f"https://securetoken.google.com/{project}",
        "aud": project,
        "iat": 1_750_000_000,
        "auth_time": 1_750_000_000,
        "exp": 4_000_000_000,
        "firebase": {"sign_in_provider": "password", "identities": {}},
    }
    if uid is not None:
        payload |= {"sub": uid, "user_id": uid}
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(payload | claims)}."


def _part(data: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def quoted(path: str) -> str:
    return quote(path, safe="/")


def encoded(value: Any) -> dict[str, Any]:
    """A value as Firestore's REST API writes it."""
    match value:
        case None:
            return {"nullValue": None}
        case bool():
            return {"booleanValue": value}
        case int():
            return {"integerValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}
        case bytes():
            return {"bytesValue": base64.b64encode(value).decode()}
        case datetime():
            return {"timestampValue": value.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        case list() | tuple():
            return {"arrayValue": {"values": [encoded(one) for one in value]}}
        case Mapping():
            return {"mapValue": {"fields": {name: encoded(one) for name, one in value.items()}}}
        case _:
            raise TypeError(f"Firestore knows no {type(value).__name__}")


def _times_of_the_server(data: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for name, value in data.items():
        if value is NOW:
            yield f"{before}{name}"
        elif isinstance(value, Mapping):
            yield from _times_of_the_server(value, f"{before}{name}.")


def _without_now(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_now(value) if isinstance(value, Mapping) else value
        for name, value in data.items()
        if value is not NOW
    }


def _field(name: str) -> str:
    return f"`{name}`" if not name.isidentifier() else name
