"""
Serves the built portal on the dashboard's host, as a bucket and a load balancer do in production.

What belongs to the API and to the owners' pages goes through to them; every other address is the portal's, whose own router knows it.
"""

# The library has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import brotli

StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

#: Of a checkout: where the portal's sources are, and where its build goes.
SOURCES = Path(__file__).parents[3] / "portal"
BUILT = SOURCES / "dist"
HOW_TO_BUILD = "The portal is not built yet. In the folder portal/ run: npm ci && npm run build"

_NOT_THE_PORTALS = ("/api/", "/provision/", "/welcome", "/dashboard", "/healthz")
#: Names in this folder carry their content's hash.
_HASHED = "/assets/"
_FOREVER = "public, max-age=31536000, immutable"
_COMPRESSED = (
    "text/",
    "application/json",
    "application/javascript",
    "image/svg+xml",
    "application/manifest+json",
)
_LEAST_COMPRESSED = 1024


@dataclass(frozen=True, slots=True)
class Portal:
    """What is served: the folder of the build, what the portal has to know, and what is said while there is no build."""

    config: Callable[[], Mapping[str, Any]]
    folder: Path = BUILT
    explain: Callable[[], str] = lambda: HOW_TO_BUILD


@dataclass(frozen=True, slots=True)
class _Page:
    body: bytes
    content_type: str
    cache: str
    status: HTTPStatus = HTTPStatus.OK
    more: tuple[tuple[str, str], ...] = ()


def serve_portal(portal: Portal, behind: WsgiApp) -> WsgiApp:
    """The portal in front of the application that answers for the API and the owners' pages."""

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO") or "/")
        if path.startswith(_NOT_THE_PORTALS):
            return behind(environ, start_response)
        method = environ.get("REQUEST_METHOD", "GET")
        if method not in ("GET", "HEAD"):
            page = _plain(
                "This is a page; it takes nothing.", HTTPStatus.METHOD_NOT_ALLOWED, ("Allow", "GET, HEAD")
            )
        else:
            page = _find(portal, path)
        return _respond(portal, page, environ, start_response)

    return answer


def _find(portal: Portal, path: str) -> _Page:
    if path == "/config.json":
        return _Page(json.dumps(portal.config()).encode(), "application/json", "no-store")
    index = portal.folder / "index.html"
    if not index.is_file():
        # The page comes back by itself: the build may be under way.
        return _plain(portal.explain(), HTTPStatus.SERVICE_UNAVAILABLE, ("Refresh", "3"))
    file = _file(portal.folder, path)
    if file is None and (path.startswith(_HASHED) or path in ("/robots.txt", "/favicon.ico")):
        return _plain("There is nothing here.", HTTPStatus.NOT_FOUND)
    served = file or index
    kind = mimetypes.guess_type(served.name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind == "application/javascript"
    return _Page(
        served.read_bytes(),
        f"{kind}; charset=utf-8" if text else kind,
        _FOREVER if file is not None and path.startswith(_HASHED) else "no-cache",
    )


def _file(folder: Path, path: str) -> Path | None:
    """The file of the build that the path names; never one outside of it."""
    if "\0" in path:
        return None
    found = (folder / path.lstrip("/")).resolve()
    inside = found.is_relative_to(folder.resolve())
    return found if inside and found.is_file() else None


def _plain(text: str, status: HTTPStatus, *more: tuple[str, str]) -> _Page:
    return _Page(f"{text}\n".encode(), "text/plain; charset=utf-8", "no-store", status, more)


def _respond(
    portal: Portal, page: _Page, environ: Mapping[str, Any], start_response: StartResponse
) -> Iterable[bytes]:
    etag = f'"{hashlib.sha256(page.body).hexdigest()[:20]}"'
    headers = [*_security(portal.config()), *page.more]
    headers += [("Cache-Control", page.cache), ("ETag", etag), ("Vary", "Accept-Encoding")]
    if page.status is HTTPStatus.OK and etag in str(environ.get("HTTP_IF_NONE_MATCH", "")):
        start_response("304 Not Modified", headers)
        return [b""]
    encoding, body = _encoded(page, str(environ.get("HTTP_ACCEPT_ENCODING", "")))
    if encoding:
        headers.append(("Content-Encoding", encoding))
    headers += [("Content-Type", page.content_type), ("Content-Length", str(len(body)))]
    start_response(f"{page.status.value} {page.status.phrase}", headers)
    return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]


def _encoded(page: _Page, accepted: str) -> tuple[str | None, bytes]:
    if len(page.body) < _LEAST_COMPRESSED or not page.content_type.startswith(_COMPRESSED):
        return None, page.body
    offered = {part.partition(";")[0].strip() for part in accepted.split(",")}
    for encoding in ("br", "gzip"):
        if encoding in offered:
            return encoding, _compress(page.body, encoding)
    return None, page.body


@lru_cache(maxsize=200)
def _compress(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.compress(body, 6, mtime=0)
    return cast("bytes", brotli.compress(body, quality=9))


def _security(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Content-Security-Policy", content_policy(config)),
        ("Cross-Origin-Opener-Policy", "same-origin-allow-popups"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Robots-Tag", "noindex, nofollow"),
    ]


def content_policy(config: Mapping[str, Any]) -> str:
    """What the portal's pages may load: their own files, pictures and previews of stores, and Firestore where it is read directly."""
    stores = f"http://*.{config['store_domain']}"
    emulator = config.get("firestore_emulator")
    direct = f" http://{emulator['host']}:{emulator['port']}" if emulator else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: {stores}",
            f"connect-src 'self'{direct}",
            "font-src 'self'",
            "manifest-src 'self'",
            f"frame-src {stores}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def portal_config(
    *, runtime: str, project: str, store_domain: str, firestore_emulator: str | None = None
) -> dict[str, Any]:
    """
    `/config.json` of a local runtime. With the address of a Firestore emulator the portal reads documents there itself.

    In production the same is a static file, with the keys of the project's Firebase.
    """
    host, _, port = (firestore_emulator or "").rpartition(":")
    return {
        "runtime": runtime,
        "api": "/api/provisioning",
        "data": "firestore" if firestore_emulator else "api",
        "sign_in": "local",
        "store_domain": store_domain,
        # The emulator wants a name and looks at no key.
        "firebase": {"apiKey": "local", "authDomain": "localhost", "projectId": project}
        if firestore_emulator
        else None,
        "firestore_emulator": {"host": host, "port": int(port)} if firestore_emulator else None,
        "faults": True,
    }
