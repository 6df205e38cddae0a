"""
Answers shoppers: host → store → live release → manifest → blob.

Paths are looked up in the manifest as they are and never joined into a file's name, so no path can lead out of a release.
What is not in the release of the store that the host names does not exist, whatever else the platform holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import parse_qs

from provisioning.errors import ProvisioningError, Transient
from provisioning.ports import Documents, SiteFile, SiteFiles, document_path
from provisioning.sites.caches import Bounded, Expiring
from provisioning.sites.platform_pages import (
    CLOSED_FOR_NOW,
    NOT_ALLOWED,
    NOTHING_HERE,
    OPENING_SOON,
    STYLE,
    STYLE_PATH,
    TRY_AGAIN,
)
from provisioning.sites.releases import (
    COMING_SOON,
    NOT_FOUND,
    CacheClass,
    Encoding,
    ReleasedFile,
    decoded,
    encoded_body,
    plain_body,
    read_manifest,
    release_file,
)
from provisioning.stores.addresses import Addresses
from provisioning.stores.stores import StoreStatus
from provisioning.stores.tokens import PREVIEW_SECONDS, Tokens

HOST_SECONDS = 2.0
#: A store that is not open yet is about to open: its owner has just asked for it, and is looking.
OPENING_SECONDS = 0.5
UNKNOWN_HOST_SECONDS = 1.0
#: How long the last known state of a store is good while the database cannot be asked.
GRACE_SECONDS = 60.0
RETRY_AFTER_SECONDS = 600
PREVIEW_COOKIE = "preview"

_HOST = re.compile(r"([a-z0-9](?:[a-z0-9.-]{0,126}[a-z0-9])?)\.?(?::[0-9]{1,5})?")
_QUERY = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%-]{1,1000}")
_MAX_PATH = 1_000
_NO_STORE = "no-store"
_PRIVATE = "private, no-store"
_CACHE_CONTROL = {
    CacheClass.PAGE: "public, max-age=0, s-maxage=10",
    CacheClass.SYSTEM: "public, max-age=0, s-maxage=10",
    CacheClass.IMMUTABLE: "public, max-age=31536000, immutable",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_HTML = "text/html; charset=utf-8"
_CLOSED_ROBOTS = b"User-agent: *\nDisallow: /\n"


class Clock(Protocol):
    """Seconds that never go backwards, as `time.monotonic`."""

    def __call__(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the visitor. `body` is empty for HEAD and 304, whatever Content-Length says."""

    status: int
    headers: Mapping[str, str]
    body: bytes


_Manifest = Mapping[str, ReleasedFile]


@dataclass(frozen=True, slots=True)
class _Shopfront:
    """What a host stands for; without `store_id` for nothing."""

    store_id: str | None = None
    status: StoreStatus = StoreStatus.DELETED
    live: str | None = None


_NOBODY = _Shopfront()


@dataclass(frozen=True, slots=True)
class _Visit:
    """One request, as far as an answer depends on it."""

    method: str
    path: str
    query: str
    accept_encoding: str
    if_none_match: str


@dataclass(frozen=True, slots=True)
class _Terms:
    """Under which terms a file is answered."""

    status: int = 200
    #: Overrides the file's own class.
    cache_control: str | None = None
    noindex: bool = False
    set_cookie: str | None = None


@dataclass(slots=True)
class Storefront:
    """
    Answers every store's visitors; one per process, safe for threads.

    A change of a store's status or live release shows within 2 seconds. Memory is bounded by `capacity` bytes of files and
    manifests and a few thousand hosts.
    """

    documents: Documents
    files: SiteFiles
    tokens: Tokens
    addresses: Addresses
    clock: Clock
    capacity: int = 64 * 1024 * 1024
    _shopfronts: Expiring[_Shopfront] = field(init=False, repr=False)
    _blobs: Bounded[SiteFile] = field(init=False, repr=False)
    _manifests: Bounded[_Manifest] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._shopfronts = Expiring(self.clock, most=4_096, grace=GRACE_SECONDS)
        self._blobs = Bounded(self.capacity * 3 // 4)
        self._manifests = Bounded(self.capacity // 4)

    @property
    def memory_used(self) -> int:
        """Bytes of files and manifests that are kept, as far as they can be told."""
        return self._blobs.used + self._manifests.used

    def respond(
        self, host: str, method: str, path: str, query: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """
        Answer one request. `path` is decoded, `query` is raw and without its question mark.

        Never raises for anything a visitor sends; where the database or the files cannot be asked it is a 503.
        """
        given = {name.lower(): value for name, value in (headers or {}).items()}
        visit = _Visit(method, path, query, given.get("accept-encoding", ""), given.get("if-none-match", ""))
        answer = self._answer(host, visit, given.get("cookie", ""))
        return Answer(answer.status, answer.headers, b"") if method == "HEAD" else answer

    def _answer(self, host: str, visit: _Visit, cookies: str) -> Answer:
        if visit.method not in {"GET", "HEAD"}:
            return self._plain(405, NOT_ALLOWED, extra={"Allow": "GET, HEAD"})
        if visit.path == STYLE_PATH:
            return self._plain(
                200, STYLE, "text/css; charset=utf-8", cache=_CACHE_CONTROL[CacheClass.IMMUTABLE]
            )
        try:
            shopfront = self._shopfront(host)
            return self._by_status(shopfront, visit, cookies)
        except (Transient, _Incomplete):
            return self._plain(503, TRY_AGAIN, extra={"Retry-After": "5"})

    def _by_status(self, shopfront: _Shopfront, visit: _Visit, cookies: str) -> Answer:
        match shopfront.status:
            case StoreStatus.ACTIVE:
                token = _query_value(visit.query, PREVIEW_COOKIE)
                if self._opens(token, shopfront):
                    return self._site(shopfront, visit, self._preview_terms(token))
                return self._site(shopfront, visit, _Terms())
            case StoreStatus.CREATING | StoreStatus.READY:
                return self._before_opening(shopfront, visit, cookies)
            case StoreStatus.SUSPENDED:
                return self._plain(503, CLOSED_FOR_NOW, extra={"Retry-After": str(RETRY_AFTER_SECONDS)})
            case StoreStatus.ARCHIVED | StoreStatus.DELETED:
                return self._plain(404, NOTHING_HERE)

    # --- Which store -----------------------------------------------------------------------------------

    def _shopfront(self, host: str) -> _Shopfront:
        match = _HOST.fullmatch(host.lower()) if host.isascii() else None
        if match is None or ".." in match[1]:
            return _NOBODY
        return self._shopfronts.get(match[1], self._look_up)

    def _look_up(self, hostname: str) -> tuple[_Shopfront, float]:
        host = self.documents.get(document_path("hosts", hostname))
        store_id = host.data.get("store_id") if host.data else None
        if not isinstance(store_id, str):
            return _NOBODY, UNKNOWN_HOST_SECONDS
        store, deployment = self.documents.get_all([f"stores/{store_id}", f"deployments/{store_id}"])
        if store.data is None:
            return _NOBODY, UNKNOWN_HOST_SECONDS
        live = deployment.data.get("live") if deployment.data else None
        shopfront = _Shopfront(
            store_id, StoreStatus(str(store.data["status"])), live if isinstance(live, str) else None
        )
        opening = shopfront.status in (StoreStatus.CREATING, StoreStatus.READY)
        return shopfront, OPENING_SECONDS if opening else HOST_SECONDS

    # --- A store that is not open yet ------------------------------------------------------------------

    def _before_opening(self, shopfront: _Shopfront, visit: _Visit, cookies: str) -> Answer:
        if visit.path == "/robots.txt":
            return self._plain(200, _CLOSED_ROBOTS, "text/plain; charset=utf-8")
        token = _query_value(visit.query, PREVIEW_COOKIE)
        if self._opens(token, shopfront):
            return self._site(shopfront, visit, self._preview_terms(token))
        if self._opens(_cookie(cookies, PREVIEW_COOKIE), shopfront):
            return self._site(shopfront, visit, _Terms(cache_control=_PRIVATE, noindex=True))
        return self._coming_soon(shopfront, visit)

    def _coming_soon(self, shopfront: _Shopfront, visit: _Visit) -> Answer:
        """The store's own page for every page, with the assets it needs, and nothing else of the release."""
        manifest = self._manifest(shopfront)
        asset = visit.path.startswith("/assets/") or visit.path == "/favicon.ico"
        if asset and visit.path in manifest:
            return self._file(manifest[visit.path], visit, _Terms(noindex=True))
        if "." in visit.path.rpartition("/")[2]:
            # No page's address: whoever asks for /.env or a picture must not take the page for it.
            return self._plain(404, NOTHING_HERE)
        if COMING_SOON not in manifest:
            return self._plain(200, OPENING_SOON)
        return self._file(manifest[COMING_SOON], visit, _Terms(cache_control=_NO_STORE, noindex=True))

    def _opens(self, token: str, shopfront: _Shopfront) -> bool:
        store_id = shopfront.store_id
        return bool(token and store_id and shopfront.live) and self.tokens.opens_preview(token, str(store_id))

    def _preview_terms(self, token: str) -> _Terms:
        secure = "; Secure" if self.addresses.scheme == "https" else ""
        cookie = (
            f"{PREVIEW_COOKIE}={token}; Path=/; Max-Age={PREVIEW_SECONDS}; HttpOnly; SameSite=Lax{secure}"
        )
        return _Terms(cache_control=_PRIVATE, noindex=True, set_cookie=cookie)

    # --- The site --------------------------------------------------------------------------------------

    def _site(self, shopfront: _Shopfront, visit: _Visit, terms: _Terms) -> Answer:
        manifest = self._manifest(shopfront)
        found = manifest.get(visit.path)
        if found is not None and found.cache is not CacheClass.SYSTEM:
            return self._file(found, visit, terms)
        elsewhere = _canonical_path(visit.path, manifest)
        if elsewhere:
            return self._redirect(elsewhere, visit, terms)
        if NOT_FOUND in manifest:
            return self._file(manifest[NOT_FOUND], visit, replace(terms, status=404))
        return self._plain(404, NOTHING_HERE)

    def _manifest(self, shopfront: _Shopfront) -> _Manifest:
        if shopfront.live is None:
            return {}
        name = release_file(str(shopfront.store_id), shopfront.live)
        manifest = self._manifests.get(name)
        if manifest is None:
            file = self.files.get(name)
            if file is None:
                raise _Incomplete
            raw = decoded(file)
            manifest = read_manifest(raw).files
            # A parsed line takes about four times its bytes.
            self._manifests.put(name, manifest, 4 * len(raw))
        return manifest

    def _blob(self, name: str) -> SiteFile:
        blob = self._blobs.get(name)
        if blob is None:
            blob = self.files.get(name)
            if blob is None:
                raise _Incomplete
            self._blobs.put(name, blob, len(blob.body) + 500)
        return blob

    def _file(self, file: ReleasedFile, visit: _Visit, terms: _Terms) -> Answer:
        blob = self._blob(file.blob)
        headers = self._headers(file.content_type, terms.cache_control or _CACHE_CONTROL[file.cache])
        if terms.noindex:
            headers["X-Robots-Tag"] = "noindex"
        if terms.set_cookie:
            headers["Set-Cookie"] = terms.set_cookie
        body, suffix = encoded_body(blob, file, Encoding.GZIP), ""
        if body is not None:
            headers["Vary"] = "Accept-Encoding"
        if body is not None and _takes_gzip(visit.accept_encoding):
            headers["Content-Encoding"] = suffix = "gzip"
        else:
            body = plain_body(blob, file)
        tag = f'"{file.sha256[:32]}{"-" if suffix else ""}{suffix}"'
        headers["ETag"] = tag
        if terms.status == 200 and _matches(visit.if_none_match, tag):
            del headers["Content-Type"]
            headers.pop("Content-Encoding", None)
            return Answer(304, headers, b"")
        headers["Content-Length"] = str(len(body))
        return Answer(terms.status, headers, body)

    def _redirect(self, path: str, visit: _Visit, terms: _Terms) -> Answer:
        """To a path of this release, so never to another host."""
        query = f"?{visit.query}" if _QUERY.fullmatch(visit.query) else ""
        headers = self._headers(_HTML, terms.cache_control or _CACHE_CONTROL[CacheClass.PAGE])
        headers |= {"Location": f"{path}{query}", "Content-Length": "0"}
        if terms.noindex:
            headers["X-Robots-Tag"] = "noindex"
        return Answer(301, headers, b"")

    def _plain(
        self,
        status: int,
        body: bytes,
        content_type: str = _HTML,
        *,
        cache: str = _NO_STORE,
        extra: Mapping[str, str] | None = None,
    ) -> Answer:
        headers = self._headers(content_type, cache)
        headers |= {"X-Robots-Tag": "noindex", "Content-Length": str(len(body))} | dict(extra or {})
        return Answer(status, headers, body)

    def _headers(self, content_type: str, cache_control: str) -> dict[str, str]:
        policy = _POLICY
        if content_type.startswith("image/svg+xml"):
            # Opened by itself a picture is a document; it shall be able to do nothing, but keep its own style.
            policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
        headers = {"Content-Type": content_type, "Cache-Control": cache_control} | _SECURITY
        if self.addresses.scheme == "https":
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
            policy += "; upgrade-insecure-requests"
        headers["Content-Security-Policy"] = policy
        return headers


class _Incomplete(ProvisioningError):
    """A release that a deployment points at lacks a file."""


def _canonical_path(path: str, manifest: _Manifest) -> str | None:
    """The page that `path` is another spelling of: without its slash, or with `index.html`."""
    if len(path) > _MAX_PATH:
        return None
    for candidate in (f"{path}/", path.removesuffix("index.html")):
        found = manifest.get(candidate)
        if candidate != path and found is not None and found.cache is CacheClass.PAGE:
            return candidate
    return None


def _query_value(query: str, name: str) -> str:
    if name not in query or len(query) > 2_000:
        return ""
    return parse_qs(query, max_num_fields=None).get(name, [""])[0]


def _cookie(cookies: str, name: str) -> str:
    for part in cookies.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


def _takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip may be sent: named with a quality above 0, or covered by `*` and not excluded."""
    wildcard = False
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.partition(";")
        wanted = not re.fullmatch(r"\s*q=0(\.0{0,3})?\s*", parameters)
        if coding.strip() == "gzip":
            return wanted
        if coding.strip() == "*":
            wildcard = wanted
    return wildcard


def _matches(if_none_match: str, tag: str) -> bool:
    if not if_none_match:
        return False
    if if_none_match.strip() == "*":
        return True
    return any(part.strip().removeprefix("W/") == tag for part in if_none_match.split(","))
