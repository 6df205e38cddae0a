"""
Answers shoppers: host → store → release → manifest → blob.

Paths are looked up in the manifest as they are and never joined into a file's name, so no path can lead out of a release.
What is not in a release of the store that the host names does not exist, whatever else the platform holds.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, cast
from urllib.parse import quote

from provisioning.errors import ProvisioningError, TooNew, Unreadable
from provisioning.ports import Documents, SiteFile, SiteFiles, document_path
from provisioning.sites.caches import Bounded, Expiring, Loaded
from provisioning.sites.headers import (
    CACHE_CONTROL,
    HTML,
    NO_STORE,
    PRIVATE,
    Field,
    Headers,
    Terms,
    cache_tag,
)
from provisioning.sites.manifests import NOTHING, PLAIN, Contents, Line, read_contents
from provisioning.sites.negotiation import (
    MAX_PATH,
    NO_PATH,
    Unsatisfiable,
    Visit,
    cookie,
    encodings,
    hostname,
    matches,
    part,
    query_value,
)
from provisioning.sites.platform_pages import (
    CLOSED_FOR_NOW,
    NOT_ALLOWED,
    NOTHING_HERE,
    OPENING_SOON,
    PREVIEW_NEEDS_ITS_LINK,
    STYLE,
    STYLE_PATH,
    TRY_AGAIN,
)
from provisioning.sites.releases import COMING_SOON, MAINTENANCE, NOT_FOUND, CacheClass, decoded, release_file
from provisioning.stores.addresses import Addresses
from provisioning.stores.stores import StoreStatus
from provisioning.stores.tokens import LIVE, Preview, Tokens

HOST_SECONDS = 2.0
#: A store that is not open yet is about to open: its owner has just asked for it, and is looking.
OPENING_SECONDS = 0.5
UNKNOWN_HOST_SECONDS = 1.0
#: How long the last known state of a store, and its last release that could be answered, are good while the new one cannot be read.
GRACE_SECONDS = 60.0
RETRY_AFTER_SECONDS = 600
SOON_SECONDS = 5
#: Among how many releases before the live one the files of pages that somebody still keeps are looked for.
RECENT_RELEASES = 10
PREVIEW_COOKIE = "preview"
#: `?preview=off` ends a preview.
PREVIEW_OFF = "off"

_QUERY = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%-]{1,1000}")
#: Stays as it is in an address.
_PLAIN = "/-._~!$&'()*+,;=:@"
#: Names that carry their content's hash, wherever they are.
_HASHED = re.compile(r"^/(?:assets|pictures)/|\.[0-9a-f]{16}\.[a-z0-9]+$")
_CLOSED_ROBOTS = b"User-agent: *\nDisallow: /\n"
_TEXT = "text/plain; charset=utf-8"
_CSS = "text/css; charset=utf-8"
#: What a ready answer takes beside its body.
_BYTES_OF_HEADERS = 2_500
_PAGE = Terms(CACHE_CONTROL[CacheClass.PAGE])
_KEPT = Terms(CACHE_CONTROL[CacheClass.IMMUTABLE])
_PREVIEW = Terms(PRIVATE, noindex=True, preview=True)
_SHOWN = (StoreStatus.CREATING, StoreStatus.READY, StoreStatus.ACTIVE)


class Clock(Protocol):
    """Seconds that never go backwards, as `time.monotonic`."""

    def __call__(self) -> float: ...


class Answer(NamedTuple):
    """
    What goes back to the visitor: `fields` are its headers in order.

    `body` is empty for HEAD and 304, whatever Content-Length says.
    """

    status: int
    fields: tuple[Field, ...]
    body: bytes

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers by name; none is given twice."""
        return MappingProxyType(dict(self.fields))


class _Incomplete(ProvisioningError):
    """A release that a deployment points at lacks a file."""


@dataclass(frozen=True, slots=True)
class _Shopfront:
    """What a host stands for; without `store_id` for nothing."""

    store_id: str = ""
    status: StoreStatus = StoreStatus.DELETED
    live: str | None = None
    #: The releases that were live before, the newest first.
    recent: tuple[str, ...] = ()
    #: The release before the live one, while that is so young that it may stand in.
    stand_in: str | None = None
    #: The releases of preview channels that are not over.
    channels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    subdomain: str = ""
    #: The store's primary host, where this is another of its hosts.
    redirect: str | None = None
    #: How its pages are answered.
    terms: Terms = _PAGE

    @property
    def size(self) -> int:
        return 1_000 + 100 * (len(self.recent) + 2 * len(self.channels))


_NOBODY = _Shopfront()


class _Found(NamedTuple):
    """A file, ready to be sent in one encoding under one set of terms."""

    whole: Answer
    not_modified: Answer
    tag: str
    #: Whether parts of it may be asked for.
    divisible: bool


@dataclass(slots=True)
class Storefront:
    """
    Answers every store's visitors; one per process, safe for threads.

    A change of a store's status or live release shows within 2 seconds. Memory is bounded by `capacity` bytes of hosts, manifests and
    files. A manifest of more than seven sixteenths of it (some 130,000 files) would be read anew for each visit.
    """

    documents: Documents
    files: SiteFiles
    tokens: Tokens
    addresses: Addresses
    clock: Clock
    capacity: int = 128 * 1024 * 1024
    _headers: Headers = field(init=False, repr=False)
    _shopfronts: Expiring[_Shopfront] = field(init=False, repr=False)
    _releases: Bounded[Contents] = field(init=False, repr=False)
    _found: Bounded[_Found] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        eighth = self.capacity // 8
        self._headers = Headers(self.addresses)
        self._shopfronts = Expiring(self.clock, capacity=eighth, grace=GRACE_SECONDS)
        self._releases = Bounded(7 * eighth // 2, largest=7 * eighth // 2)
        self._found = Bounded(7 * eighth // 2)

    @property
    def memory_used(self) -> int:
        """Bytes of hosts, manifests and files that are kept, as far as they can be told."""
        return self._shopfronts.used + self._releases.used + self._found.used

    def respond(
        self, host: str, method: str, path: str, query: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Answer a request that is described by its parts; see `answer`."""
        given = {name.lower().replace("-", "_"): value for name, value in (headers or {}).items()}
        asked = {name: given[name] for name in Visit._fields[4:] if name in given}
        return self.answer(Visit(method, host, path if len(path) <= MAX_PATH else NO_PATH, query, **asked))

    def answer(self, visit: Visit) -> Answer:
        """
        Answer one request.

        Never raises for anything a visitor sends; where the database or the files cannot be asked it is a 503.
        """
        if visit.method not in ("GET", "HEAD"):
            return self._plain(405, NOT_ALLOWED, ("Allow", "GET, HEAD"))
        try:
            answer = self._route(visit)
        except ProvisioningError:
            answer = self._plain(503, TRY_AGAIN, ("Retry-After", str(SOON_SECONDS)))
        return answer if visit.method == "GET" else Answer(answer.status, answer.fields, b"")

    def _route(self, visit: Visit) -> Answer:
        if visit.path == STYLE_PATH:
            return self._plain(200, STYLE, content_type=_CSS, cache=_KEPT.cache_control)
        name = hostname(visit.host)
        if name is None:
            return self._plain(404, NOTHING_HERE)
        if "--" in name:
            previewed = self.addresses.previewed(name)
            if previewed is not None:
                return self._channel(*previewed, visit)
        shopfront = self._shopfronts.get(name, self._look_up)
        match shopfront.status:
            case StoreStatus.ACTIVE:
                return self._open(shopfront, visit)
            case StoreStatus.CREATING | StoreStatus.READY:
                return self._elsewhere(shopfront, visit) or self._before_opening(shopfront, visit)
            case StoreStatus.SUSPENDED:
                return self._elsewhere(shopfront, visit) or self._closed(shopfront, visit)
            case StoreStatus.ARCHIVED | StoreStatus.DELETED:
                return self._plain(404, NOTHING_HERE)

    # --- Which store -----------------------------------------------------------------------------------

    def _look_up(self, name: str) -> Loaded[_Shopfront]:
        host = self.documents.get(document_path("hosts", name))
        store_id = host.data.get("store_id") if host.data else None
        if not isinstance(store_id, str) or host.data is None:
            return Loaded(_NOBODY, UNKNOWN_HOST_SECONDS, known=False)
        primary = _name(host.data.get("redirect"))
        paths = [document_path(kind, store_id) for kind in ("stores", "deployments")]
        paths += [document_path("hosts", primary)] if primary and primary != name else []
        store, deployment, *primaries = self.documents.get_all(paths)
        if store.data is None:
            return Loaded(_NOBODY, UNKNOWN_HOST_SECONDS, known=False)
        # A host that was another store's by now would send this one's visitors there.
        own = [found for found in primaries if found.data and found.data.get("store_id") == store_id]
        shopfront = _Shopfront(
            store_id,
            _status(store.data.get("status")),
            subdomain=str(store.data.get("subdomain", "")),
            redirect=primary if own else None,
            terms=_PAGE._replace(cache_tag=cache_tag(store_id)),
            **_releases_of(deployment.data or {}, deployment.read_time),
        )
        opening = shopfront.status in (StoreStatus.CREATING, StoreStatus.READY)
        return Loaded(shopfront, OPENING_SECONDS if opening else HOST_SECONDS, shopfront.size)

    def _elsewhere(self, shopfront: _Shopfront, visit: Visit) -> Answer | None:
        """To the same page on the store's primary host, where this is another one."""
        if shopfront.redirect is None:
            return None
        address = self.addresses.at(shopfront.redirect) + _written(visit.path)
        return self._redirect(address, 301, visit.query, shopfront.terms)

    # --- A store that sells ----------------------------------------------------------------------------

    def _open(self, shopfront: _Shopfront, visit: Visit) -> Answer:
        if shopfront.redirect is not None:
            return self._elsewhere(shopfront, visit) or self._plain(404, NOTHING_HERE)
        if PREVIEW_COOKIE in visit.query:
            # By its link alone: a cookie would have a CDN mix what is private with what everybody sees.
            preview, _ = self._preview(visit._replace(cookie=""), shopfront)
            if preview is not None and preview.channel != LIVE:
                return self._to_channel(preview, shopfront, visit)
            if preview is not None:
                return self._site(shopfront, shopfront.live, visit, _PREVIEW)
        try:
            return self._site(shopfront, shopfront.live, visit, None)
        except ProvisioningError:
            if shopfront.stand_in is None or not self._has(shopfront, shopfront.stand_in):
                raise
            return self._site(shopfront, shopfront.stand_in, visit, None)

    # --- A store that is not open ----------------------------------------------------------------------

    def _before_opening(self, shopfront: _Shopfront, visit: Visit) -> Answer:
        if visit.path == "/robots.txt":
            return self._plain(200, _CLOSED_ROBOTS, content_type=_TEXT)
        preview, token = self._preview(visit, shopfront)
        if preview is not None and preview.channel != LIVE:
            return self._to_channel(preview, shopfront, visit)
        if preview is not None and shopfront.live:
            return self._remember(preview, token, self._site(shopfront, shopfront.live, visit, _PREVIEW))
        return self._forget(visit, self._coming_soon(shopfront, visit))

    def _coming_soon(self, shopfront: _Shopfront, visit: Visit) -> Answer:
        """The store's own page for every page, with the assets it needs, and nothing else of the release."""
        asset = self._asset(shopfront, visit)
        if asset is not None:
            return asset
        if "." in visit.path.rpartition("/")[2] or visit.path == NO_PATH:
            # No page's address: whoever asks for /.env or a picture must not take the page for it.
            return self._plain(404, NOTHING_HERE)
        line = self._contents(shopfront, shopfront.live).lines.get(COMING_SOON)
        if line is None:
            return self._plain(200, OPENING_SOON)
        return self._file(line, visit, Terms(NO_STORE, noindex=True))

    def _closed(self, shopfront: _Shopfront, visit: Visit) -> Answer:
        """The store's own maintenance page for every page, with the assets it needs; the platform's where it has none."""
        try:
            asset = self._asset(shopfront, visit)
            if asset is not None:
                return asset
            line = self._contents(shopfront, shopfront.live).lines.get(MAINTENANCE)
            if line is not None:
                terms = Terms(NO_STORE, 503, noindex=True, retry_after=RETRY_AFTER_SECONDS)
                return self._file(line, visit, terms)
        except ProvisioningError:
            # It is closed either way; the platform's own page needs no file.
            pass
        return self._plain(503, CLOSED_FOR_NOW, ("Retry-After", str(RETRY_AFTER_SECONDS)))

    def _asset(self, shopfront: _Shopfront, visit: Visit) -> Answer | None:
        """What a page in place of the shop may need."""
        if not visit.path.startswith("/assets/") and visit.path != "/favicon.ico":
            return None
        line = self._contents(shopfront, shopfront.live).lines.get(visit.path)
        line = line or self._kept(shopfront, shopfront.live, visit.path)
        if line is None:
            return None
        return self._file(line, visit, Terms(CACHE_CONTROL[line.cache], noindex=True))

    # --- Previews --------------------------------------------------------------------------------------

    def _channel(self, channel: str, subdomain: str, visit: Visit) -> Answer:
        """
        A preview channel, on a host of its own, for those who hold its link.

        What is not there and what may not be seen are answered alike. Hashed files are for everybody: a frame of another site may not be
        given the cookie, and who knows the names has seen the page.
        """
        if visit.path == "/robots.txt":
            return self._plain(200, _CLOSED_ROBOTS, content_type=_TEXT)
        shopfront = self._shopfronts.get(self.addresses.hostname(subdomain), self._look_up)
        release = shopfront.channels.get(channel)
        if release is not None and shopfront.status in _SHOWN:
            preview, token = self._preview(visit, shopfront)
            if preview is not None and preview.channel == channel:
                return self._remember(preview, token, self._site(shopfront, release, visit, _PREVIEW))
            line = self._contents(shopfront, release).lines.get(visit.path)
            if line is not None and line.cache is CacheClass.IMMUTABLE:
                return self._file(line, visit, _PREVIEW)
        return self._forget(visit, self._plain(404, PREVIEW_NEEDS_ITS_LINK))

    def _to_channel(self, preview: Preview, shopfront: _Shopfront, visit: Visit) -> Answer:
        """To the same page on the channel's host."""
        host = self.addresses.preview_hostname(shopfront.subdomain, preview.channel)
        if host is None or preview.channel not in shopfront.channels:
            return self._plain(404, PREVIEW_NEEDS_ITS_LINK)
        address = self.addresses.at(host) + _written(visit.path)
        return self._redirect(address, 302, visit.query, _PREVIEW)

    def _preview(self, visit: Visit, shopfront: _Shopfront) -> tuple[Preview | None, str]:
        """What of this store the visitor may see, and the token of the link, if it comes from one."""
        for token, linked in (
            (query_value(visit.query, PREVIEW_COOKIE), True),
            (cookie(visit.cookie, PREVIEW_COOKIE), False),
        ):
            preview = self.tokens.read_preview(token) if token else None
            if preview is not None and preview.store_id == shopfront.store_id:
                return preview, token if linked else ""
        return None, ""

    def _remember(self, preview: Preview, token: str, answer: Answer) -> Answer:
        """With the token as a cookie, where it came by a link."""
        if not token:
            return answer
        return self._with_cookie(answer, token, preview.seconds_left)

    def _forget(self, visit: Visit, answer: Answer) -> Answer:
        """Without the cookie, where `?preview=off` asks for it."""
        if query_value(visit.query, PREVIEW_COOKIE) != PREVIEW_OFF:
            return answer
        return self._with_cookie(answer, "", 0)

    def _with_cookie(self, answer: Answer, value: str, seconds: int) -> Answer:
        # In a frame of the dashboard, which is another site, a browser keeps only such a cookie, and for that frame alone.
        # It takes localhost for secure.
        secure = self.addresses.scheme == "https" or self.addresses.store_domain.endswith("localhost")
        site = "SameSite=None; Secure; Partitioned" if secure else "SameSite=Lax"
        set_cookie = f"{PREVIEW_COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; {site}"
        return answer._replace(fields=(*answer.fields, ("Set-Cookie", set_cookie)))

    # --- The site --------------------------------------------------------------------------------------

    def _site(self, shopfront: _Shopfront, release: str | None, visit: Visit, terms: Terms | None) -> Answer:
        """What the release answers, under these terms or, for everybody, under those of each file's class."""
        contents = self._contents(shopfront, release)
        line = contents.lines.get(visit.path)
        if line is None or line.cache is CacheClass.SYSTEM:
            redirect = _redirect(visit.path, contents)
            if redirect is not None:
                return self._redirect(*redirect, visit.query, terms or shopfront.terms)
            line = self._kept(shopfront, release, visit.path)
        if line is not None:
            public = _KEPT if line.cache is CacheClass.IMMUTABLE else shopfront.terms
            return self._file(line, visit, terms or public)
        line = contents.lines.get(NOT_FOUND)
        if line is None:
            return self._plain(404, NOTHING_HERE)
        return self._file(line, visit, (terms or shopfront.terms)._replace(status=404))

    def _contents(self, shopfront: _Shopfront, release: str | None) -> Contents:
        if release is None:
            return NOTHING
        name = release_file(shopfront.store_id, release)
        found = self._releases.get(name)
        return found or self._releases.get_or_load(name, lambda: self._read(name))

    def _read(self, name: str) -> tuple[Contents, int]:
        file = self.files.get(name)
        if file is None:
            raise _Incomplete
        contents = read_contents(decoded(file))
        return contents, contents.size

    def _has(self, shopfront: _Shopfront, release: str) -> bool:
        return self._releases.get(release_file(shopfront.store_id, release)) is not None

    def _kept(self, shopfront: _Shopfront, release: str | None, path: str) -> Line | None:
        """
        The hashed file of a recent release that this one lacks: a page that somebody still keeps must find its stylesheet.

        The releases are read when a first visitor misses something; what they have beyond this one is little.
        """
        if release is None or not _HASHED.search(path):
            return None
        others = tuple(other for other in (shopfront.live, *shopfront.recent) if other and other != release)
        key = (shopfront.store_id, release, others)

        def load() -> tuple[Contents, int]:
            here, kept = self._contents(shopfront, release).lines, dict[str, Line]()
            for other in others:
                for path, line in self._lines_if_there(shopfront, other).items():
                    if line.cache is CacheClass.IMMUTABLE and path not in here:
                        kept.setdefault(path, line)
            contents = Contents(MappingProxyType(kept))
            return contents, contents.size + 100 * len(others)

        return self._releases.get_or_load(key, load).lines.get(path)

    def _lines_if_there(self, shopfront: _Shopfront, release: str) -> Mapping[str, Line]:
        try:
            return self._contents(shopfront, release).lines
        except (_Incomplete, Unreadable):
            # Cleared away, or of a later format: nobody can be helped with it.
            return NOTHING.lines

    # --- Answers ---------------------------------------------------------------------------------------

    def _file(self, line: Line, visit: Visit, terms: Terms) -> Answer:
        coding = next(each for each in encodings(visit.accept_encoding) if each in line.codings)
        # Everything that the answer is made from. The same file of many stores is kept once.
        key = (line.shelf, line.digest, line.plain, line.content_type, coding, terms)
        found = self._found.get(key)
        if found is None:
            found = self._found.get_or_load(key, lambda: self._load(line, coding, terms))
        if terms.status != 200:
            return found.whole
        if visit.if_match and not matches(visit.if_match, found.tag, weakly=False):
            return _without_body(412, found.not_modified.fields)
        if visit.if_none_match and matches(visit.if_none_match, found.tag, weakly=True):
            return found.not_modified
        if visit.range and found.divisible and visit.method == "GET":
            return _part(found, visit)
        return found.whole

    def _load(self, line: Line, coding: str, terms: Terms) -> tuple[_Found, int]:
        blob = self.files.get(line.blob)
        if blob is None:
            raise _Incomplete
        body, used = _body(line, blob, coding)
        varies = used != "" or len(line.codings) > 1
        divisible = line.codings == PLAIN
        tag = f'"{line.tag}-{used}"' if used else f'"{line.tag}"'
        fields = self._headers.of(line.content_type, terms)
        fields.append(("ETag", tag))
        if varies:
            fields.append(("Vary", "Accept-Encoding"))
        not_modified = Answer(304, tuple(fields), b"")
        if used:
            fields.append(("Content-Encoding", used))
        if divisible:
            fields.append(("Accept-Ranges", "bytes"))
        fields += [("Content-Type", line.content_type), ("Content-Length", str(len(body)))]
        found = _Found(Answer(terms.status, tuple(fields), body), not_modified, tag, divisible)
        return found, len(body) + _BYTES_OF_HEADERS

    def _redirect(self, address: str, status: int, query: str, terms: Terms) -> Answer:
        """To `address`, with the query where it is one."""
        if "?" not in address and _QUERY.fullmatch(query):
            address = f"{address}?{query}"
        fields = self._headers.of("", terms)
        return _without_body(status, (*fields, ("Location", address)))

    def _plain(
        self,
        status: int,
        body: bytes,
        *more: Field,
        content_type: str = HTML,
        cache: str = NO_STORE,
    ) -> Answer:
        """A page of the platform's own."""
        fields = self._headers.of(content_type, Terms(cache, noindex=True))
        fields += [*more, ("Content-Type", content_type), ("Content-Length", str(len(body)))]
        return Answer(status, tuple(fields), body)


def _status(value: object) -> StoreStatus:
    try:
        return StoreStatus(str(value))
    except ValueError:
        raise TooNew("a store's status") from None


def _name(value: object) -> str | None:
    """A host's name in a document, if it is one."""
    return value if isinstance(value, str) and hostname(value) == value else None


def _releases_of(deployment: Mapping[str, Any], read_time: datetime) -> dict[str, Any]:
    """The releases that a deployment names, as they are at this time."""
    live, released_at = _id(deployment.get("live")), deployment.get("released_at")
    recent = cast("list[object]", deployment.get("recent") or [deployment.get("previous")])
    before = tuple(filter(None, map(_id, recent[:RECENT_RELEASES])))
    young = isinstance(released_at, datetime) and read_time - released_at < timedelta(seconds=GRACE_SECONDS)
    channels = cast("Mapping[str, Mapping[str, Any]]", deployment.get("channels") or {})
    shown = {
        name: str(channel.get("release"))
        for name, channel in channels.items()
        if channel.get("expires_at") is None or channel["expires_at"] > read_time
    }
    return {
        "live": live,
        "recent": before,
        "stand_in": before[0] if young and before and live else None,
        "channels": MappingProxyType(shown),
    }


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _written(path: str) -> str:
    """The path as it stands in an address; the home page's for what is none."""
    return quote(path, safe=_PLAIN) if path.startswith("/") else "/"


def _redirect(path: str, contents: Contents) -> tuple[str, int] | None:
    """
    Where a path that the release does not answer leads to.

    Where the release says so; or to the page that it is another spelling of: without its slash, or with `index.html`.
    """
    for spelling in (path, f"{path}/"):
        found = contents.redirects.get(spelling)
        if found is not None:
            return quote(found[0], safe=_PLAIN + "?%#"), found[1]
    for spelling in (f"{path}/", path.removesuffix("index.html")):
        line = contents.lines.get(spelling)
        if spelling != path and line is not None and line.cache is CacheClass.PAGE:
            return quote(spelling, safe=_PLAIN), 301
    return None


def _body(line: Line, blob: SiteFile, coding: str) -> tuple[bytes, str]:
    """The bytes to send, and how they are encoded."""
    if line.br or line.gzip:
        if coding == "br":
            return blob.body[: line.br], coding
        zipped = blob.body[line.br : line.br + line.gzip]
    elif blob.encoding == "gzip":
        zipped = blob.body
    else:
        return blob.body, ""
    return (zipped, coding) if coding else (_unzip(zipped, line.size), "")


def _unzip(zipped: bytes, size: int) -> bytes:
    """The plain bytes, of which there are as many as the manifest says."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(zipped, size + 1)
    except zlib.error:
        raise _Incomplete from None
    if len(body) != size:
        raise _Incomplete
    return body


def _part(found: _Found, visit: Visit) -> Answer:
    """The part of the file that is asked for, or all of it."""
    whole = found.whole
    if visit.if_range and visit.if_range.strip() != found.tag:
        return whole
    size = len(whole.body)
    fields = tuple(each for each in whole.fields if each[0] != "Content-Length")
    try:
        wanted = part(visit.range, size)
    except Unsatisfiable:
        without = tuple(each for each in fields if each[0] != "Content-Type")
        return _without_body(416, (*without, ("Content-Range", f"bytes */{size}")))
    if wanted is None:
        return whole
    body = whole.body[wanted.first : wanted.last + 1]
    described = ("Content-Range", f"bytes {wanted.first}-{wanted.last}/{size}")
    return Answer(206, (*fields, described, ("Content-Length", str(len(body)))), body)


def _without_body(status: int, fields: tuple[Field, ...]) -> Answer:
    return Answer(status, (*fields, ("Content-Length", "0")), b"")
