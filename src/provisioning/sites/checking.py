"""
What a release must pass before it may be promoted.

Its pages are well-formed and valid, every link and fragment leads somewhere, nothing is too heavy, structured data can be used, and
every blob is there. A page that was taken over from an earlier release has passed already; it is read again only when something that
it may lead to has gone.

A large store's pages are checked as they are made, so many at a time; of each, only what others may lead to is remembered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

from provisioning.media.records import folder_of
from provisioning.ports import SiteFiles
from provisioning.sites.linked_data import check_linked_data
from provisioning.sites.markup import Examined, examine
from provisioning.sites.releases import CacheClass, Manifest, ReleasedFile

_HTML = "text/html"
_KILO = 1_000
#: The most that a file may weigh, by its type and as it is sent: compressed where texts are. What is heavier makes a shop slow.
_BUDGETS: tuple[tuple[str, int], ...] = (
    ("text/html", 40 * _KILO),
    ("text/css", 25 * _KILO),
    ("text/javascript", 20 * _KILO),
    ("font/", 60 * _KILO),
    ("image/", 500 * _KILO),
    ("application/json", 400 * _KILO),
)
#: How much a page makes a phone load at once: itself, its styles, scripts and the fonts it asks for.
_PAGE_BUDGET = 200 * _KILO
_AT_ONCE = ("text/css", "text/javascript", "font/")
_SITEMAP = "/sitemap.xml"
_LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
_ELSEWHERE = ("https:", "http:", "mailto:", "tel:")
_VALUES = re.compile(r"=\"([^\"]*)\"|='([^']*)'")
#: So many pages that were taken over are read at a time.
_READ_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a release may not be promoted: where, a stable code, and a sentence."""

    page: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check over the whole release: how much it looked at, and what it found."""

    name: str
    looked_at: int
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release as it is checked: its manifest, the store's address, and the texts of what is new in it."""

    manifest: Manifest
    #: As `https://awesome.example.com`.
    address: str
    #: By path: what was made for this release.
    texts: Mapping[str, str]
    #: The release that the other pages were taken over from.
    previous: Manifest | None = None
    #: The texts of pages that were taken over; they are asked for only where something may have gone that they lead to.
    read: Callable[[Iterable[str]], Mapping[str, str]] = lambda paths: {}
    #: Pages that were taken over from a making that was cut off, when the site had other pages than now.
    unproven: frozenset[str] = frozenset()


def check_release(candidate: Candidate) -> tuple[Check, ...]:
    """Every check that needs no look at what is stored, in a fixed order."""
    return ReleaseChecks(candidate.address).finish(candidate)


@dataclass(frozen=True, slots=True)
class DistantLink:
    """A link of one page to a place on another, which may be made later, or may have been taken over."""

    page: str
    #: As it is shown to people.
    shown: str
    target: str
    fragment: str


class ReleaseChecks:
    """
    The checks of one release, in as many parts as its pages are made in.

    `coming` are paths of pages that the release will have: whatever is looked at may lead to them.
    """

    def __init__(self, address: str, coming: Iterable[str] = ()) -> None:
        self._address = address
        self._coming = frozenset(coming)
        self._markup: list[Problem] = []
        self._data: list[Problem] = []
        self._links: list[Problem] = []
        self._weights: list[Problem] = []
        self._blocks = 0
        self._followed = 0
        #: By path of a page that was looked at: the places on it. Pages of one template have the same.
        self._places: dict[str, frozenset[str]] = {}
        self._alike: dict[frozenset[str], frozenset[str]] = {}
        self._looked_at = 0
        self.distant: list[DistantLink] = []

    @property
    def problems(self) -> list[Problem]:
        """What was found so far."""
        return [*self._markup, *self._data, *self._links, *self._weights]

    def look_at(self, texts: Mapping[str, str], manifest: Manifest) -> None:
        """Look at pages that are new; `manifest` lists them, and what else there is by now."""
        for path, text in texts.items():
            page = examine(text)
            self._looked_at += 1
            self._markup += _markup(path, page, self._address)
            self._blocks += len(page.linked_data)
            self._data += [
                Problem(path, finding.code, finding.message)
                for finding in check_linked_data(page.linked_data)
            ]
            self._places[path] = self._alike.setdefault(page.ids, page.ids)
            self._follow(path, page, manifest)
            self._weights += _page_weight(path, page, manifest.files, self._address)

    def expect(self, paths: Iterable[str]) -> None:
        """The release will have these, too."""
        self._coming |= frozenset(paths)

    def resume(self, links: Iterable[DistantLink]) -> None:
        """Go on with links of pages that were looked at before something cut the making off."""
        self.distant += links

    def finish(self, candidate: Candidate) -> tuple[Check, ...]:
        """Look at the last pages and all other files of the release; every check, in a fixed order."""
        manifest = candidate.manifest
        pages = {
            path: text
            for path, text in candidate.texts.items()
            if manifest.files[path].content_type.startswith(_HTML)
        }
        self._coming = frozenset[str]()
        self.look_at(pages, manifest)
        self._read_again(candidate)
        self._links += [
            Problem(link.page, "DEAD_FRAGMENT", f"{link.shown} names a place that is not on that page")
            for link in self.distant
            if link.fragment not in self._places.get(link.target, {link.fragment})
        ]
        others = tuple(_other_files(candidate))
        weights = (*_file_weights(manifest.files), *self._weights)
        return (
            Check("markup", self._looked_at, tuple(self._markup)),
            Check("structured data", self._blocks, tuple(self._data)),
            Check("links", self._followed, tuple(self._links)),
            Check("other files", len(candidate.texts) - len(pages), others),
            Check("weight", len(manifest.files), weights),
        )

    def _follow(self, path: str, page: Examined, manifest: Manifest) -> None:
        for link in sorted(page.links, key=lambda link: link.target):
            self._followed += 1
            target, fragment = _split(link.target, path, self._address)
            shown = _shown(link.target)
            if target is None:
                if link.loaded:
                    self._links.append(Problem(path, "LOADED_FROM_ELSEWHERE", f"{shown} is not of this site"))
                elif not link.target.startswith(_ELSEWHERE):
                    self._links.append(
                        Problem(path, "UNKNOWN_SCHEME", f"{shown} is no address that a browser opens")
                    )
            elif not (target in manifest.files or target in self._coming or target in manifest.redirects):
                self._links.append(Problem(path, "DEAD_LINK", f"{shown} leads to nothing in this release"))
            elif fragment and (target != path or fragment not in page.ids):
                self.distant.append(DistantLink(path, shown, target, fragment))

    def _read_again(self, candidate: Candidate) -> None:
        """Pages that were taken over: those that may lead to what has gone, and those to whose places new pages lead."""
        files = candidate.manifest.files
        taken_over = {
            path
            for path, line in files.items()
            if path not in self._places and line.content_type.startswith(_HTML)
        }
        suspects = taken_over & candidate.unproven
        gone = _gone(candidate)
        targets = {link.target for link in self.distant} & taken_over
        wanted = sorted(taken_over if gone else suspects | targets)
        for start in range(0, len(wanted), _READ_AT_ONCE):
            for path, text in candidate.read(wanted[start : start + _READ_AT_ONCE]).items():
                if path in targets or path in suspects or _leads_to(gone, path, text, self._address):
                    page = examine(text)
                    self._places[path] = self._alike.setdefault(page.ids, page.ids)
                    self._follow(path, page, candidate.manifest)


def check_blobs(files: SiteFiles, manifest: Manifest, previous: Manifest | None = None) -> Check:
    """
    That every blob of the release is there, the shared ones too.

    Of the store's own pictures those count as there that `previous`, a kept release, names: a large store has many thousands of them.
    """
    wanted = {line.blob: path for path, line in manifest.files.items()}
    pictures = folder_of(manifest.store_id)
    known = {line.blob for line in previous.files.values()} if previous else set[str]()
    known = {blob for blob in known if blob.startswith(pictures)}
    folders = [f"stores/{manifest.store_id}/blobs/", "platform/blobs/"]
    if any(blob.startswith(pictures) for blob in wanted.keys() - known):
        folders.append(pictures)
    there = known.union(*map(files.list, folders))
    missing = tuple(
        Problem(path, "BLOB_MISSING", f"the file {blob} is not there")
        for blob, path in sorted(wanted.items(), key=lambda item: item[1])
        if blob not in there
    )
    return Check("blobs", len(wanted), missing)


def problems_of(checks: Iterable[Check]) -> list[Problem]:
    """All problems, in order."""
    return [problem for check in checks for problem in check.problems]


def _markup(path: str, page: Examined, address: str) -> Iterator[Problem]:
    for finding in page.findings:
        yield Problem(path, finding.code, finding.message)
    if page.canonical and page.canonical != f"{address}{path}":
        yield Problem(path, "WRONG_CANONICAL", f"the canonical address is {page.canonical}")


# --- Links -----------------------------------------------------------------------------------------------


def _gone(candidate: Candidate) -> frozenset[str]:
    """
    Paths that the release before had and this one has not.

    A hashed file goes when all that named it has changed; what has an address of its own may be missed.
    """
    if candidate.previous is None:
        return frozenset()
    before = candidate.previous.files
    gone = before.keys() - candidate.manifest.files.keys() - candidate.manifest.redirects.keys()
    return frozenset(path for path in gone if before[path].cache is not CacheClass.IMMUTABLE)


def _leads_to(gone: frozenset[str], page: str, text: str, address: str) -> bool:
    """Whether any attribute of the page, which is well-formed, may be a link to one of these paths."""
    values = {value or other for value, other in _VALUES.findall(text)} if gone else set[str]()
    return any(_split(unescape(value), page, address)[0] in gone for value in values)


def _split(target: str, page: str, address: str) -> tuple[str | None, str]:
    """The path within the site and the fragment; without a path where it leads elsewhere."""
    if target.startswith("/") and not target.startswith("//"):
        # By far the most common, and urljoin is slow.
        path, _, fragment = target.partition("#")
        path = path.partition("?")[0]
    elif target.startswith("#"):
        path, fragment = page, target[1:]
    else:
        whole = urlsplit(urljoin(f"{address}{page}", target))
        if f"{whole.scheme}://{whole.netloc}" != address:
            return None, ""
        path, fragment = whole.path or "/", whole.fragment
    return (unquote(path) if "%" in path else path), (unquote(fragment) if "%" in fragment else fragment)


def _shown(target: str) -> str:
    return target if len(target) <= 120 else f"{target[:119]}…"


# --- What is no page -------------------------------------------------------------------------------------


def _other_files(candidate: Candidate) -> Iterator[Problem]:
    for path, text in candidate.texts.items():
        kind = candidate.manifest.files[path].content_type
        if kind.startswith(("application/json", "application/manifest+json")):
            try:
                json.loads(text)
            except ValueError as error:
                yield Problem(path, "BAD_JSON", f"it cannot be read: {error}")
        elif kind.startswith("application/xml"):
            yield from _check_xml(candidate, path, text)


def _check_xml(candidate: Candidate, path: str, text: str) -> Iterator[Problem]:
    try:
        # Our own text, made a moment ago: it declares no entities.
        root = ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError as error:
        yield Problem(path, "BAD_XML", f"it cannot be read: {error}")
        return
    if path != _SITEMAP:
        return
    for location in root.iter(_LOCATION):
        target, _ = _split(location.text or "", path, candidate.address)
        if target is None or target not in candidate.manifest.files:
            yield Problem(
                path, "DEAD_LINK", f"{_shown(location.text or '')} leads to nothing in this release"
            )


def _file_weights(files: Mapping[str, ReleasedFile]) -> Iterator[Problem]:
    for path, line in files.items():
        budget = next((most for kind, most in _BUDGETS if line.content_type.startswith(kind)), None)
        if budget is not None and _sent(line) > budget:
            yield Problem(path, "TOO_HEAVY", f"it weighs {_sent(line):,} bytes, and may weigh {budget:,}")


def _page_weight(
    path: str, page: Examined, files: Mapping[str, ReleasedFile], address: str
) -> Iterator[Problem]:
    loaded = {_split(link.target, path, address)[0] or "" for link in page.links if link.loaded}
    lines = [files[name] for name in loaded if name in files]
    weight = _sent(files[path])
    weight += sum(_sent(line) for line in lines if line.content_type.startswith(_AT_ONCE))
    if weight > _PAGE_BUDGET:
        yield Problem(
            path, "TOO_HEAVY", f"it loads {weight:,} bytes before it shows, and may load {_PAGE_BUDGET:,}"
        )


def _sent(line: ReleasedFile) -> int:
    return line.parts.br if line.parts else line.size
