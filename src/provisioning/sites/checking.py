"""
What a release must pass before it may be promoted.

Its pages are well-formed and valid, every link and fragment leads somewhere, nothing is too heavy, structured data can be used, and
every blob is there. A page that was taken over from an earlier release has passed already; it is read again only when something that
it may lead to has gone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

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


def check_release(candidate: Candidate) -> tuple[Check, ...]:
    """Every check that needs no look at what is stored, in a fixed order."""
    pages = {
        path: examine(text)
        for path, text in candidate.texts.items()
        if candidate.manifest.files[path].content_type.startswith(_HTML)
    }
    checks = [
        Check("markup", len(pages), tuple(_markup(pages, candidate.address))),
        Check(
            "structured data",
            sum(len(page.linked_data) for page in pages.values()),
            tuple(
                Problem(path, finding.code, finding.message)
                for path, page in pages.items()
                for finding in check_linked_data(page.linked_data)
            ),
        ),
    ]
    everything = pages | _at_risk(candidate, pages)
    links = sum(len(page.links) for page in everything.values())
    checks.append(Check("links", links, tuple(_links(candidate, everything))))
    checks.append(Check("other files", len(candidate.texts) - len(pages), tuple(_other_files(candidate))))
    checks.append(Check("weight", len(candidate.manifest.files), tuple(_weights(candidate, pages))))
    return tuple(checks)


def check_blobs(files: SiteFiles, manifest: Manifest) -> Check:
    """That every blob of the release is there, the shared ones too."""
    wanted = {line.blob: path for path, line in manifest.files.items()}
    there = set(files.list(f"stores/{manifest.store_id}/blobs/")) | set(files.list("platform/blobs/"))
    missing = tuple(
        Problem(path, "BLOB_MISSING", f"the file {blob} is not there")
        for blob, path in sorted(wanted.items(), key=lambda item: item[1])
        if blob not in there
    )
    return Check("blobs", len(wanted), missing)


def problems_of(checks: Iterable[Check]) -> list[Problem]:
    """All problems, in order."""
    return [problem for check in checks for problem in check.problems]


def _markup(pages: Mapping[str, Examined], address: str) -> Iterator[Problem]:
    for path, page in pages.items():
        for finding in page.findings:
            yield Problem(path, finding.code, finding.message)
        if page.canonical and page.canonical != f"{address}{path}":
            yield Problem(path, "WRONG_CANONICAL", f"the canonical address is {page.canonical}")


# --- Links -----------------------------------------------------------------------------------------------


def _at_risk(candidate: Candidate, pages: Mapping[str, Examined]) -> dict[str, Examined]:
    """The pages that were taken over and must be read again."""
    if candidate.previous is None:
        return {}
    taken_over = {
        path
        for path, line in candidate.manifest.files.items()
        if path not in pages and line.content_type.startswith(_HTML)
    }
    gone = candidate.previous.files.keys() - candidate.manifest.files.keys()
    # A hashed file goes when all that named it has changed; what has an address of its own may be missed.
    if any(candidate.previous.files[path].cache is not CacheClass.IMMUTABLE for path in gone):
        wanted = taken_over
    else:
        wanted = taken_over & set(_fragment_targets(candidate, pages))
    return {path: examine(text) for path, text in candidate.read(sorted(wanted)).items()} if wanted else {}


def _fragment_targets(candidate: Candidate, pages: Mapping[str, Examined]) -> Iterator[str]:
    for path, page in pages.items():
        for link in page.links:
            if "#" in link.target:
                yield _split(link.target, path, candidate.address)[0] or ""


def _links(candidate: Candidate, pages: Mapping[str, Examined]) -> Iterator[Problem]:
    manifest = candidate.manifest
    for path, page in pages.items():
        for link in sorted(page.links, key=lambda link: link.target):
            target, fragment = _split(link.target, path, candidate.address)
            if target is None:
                if link.loaded:
                    yield Problem(path, "LOADED_FROM_ELSEWHERE", f"{_shown(link.target)} is not of this site")
                elif not link.target.startswith(_ELSEWHERE):
                    yield Problem(
                        path, "UNKNOWN_SCHEME", f"{_shown(link.target)} is no address that a browser opens"
                    )
            elif target not in manifest.files and target not in manifest.redirects:
                yield Problem(path, "DEAD_LINK", f"{_shown(link.target)} leads to nothing in this release")
            elif fragment and target in pages and fragment not in pages[target].ids:
                yield Problem(
                    path, "DEAD_FRAGMENT", f"{_shown(link.target)} names a place that is not on that page"
                )


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


def _weights(candidate: Candidate, pages: Mapping[str, Examined]) -> Iterator[Problem]:
    files = candidate.manifest.files
    for path, line in files.items():
        budget = next((most for kind, most in _BUDGETS if line.content_type.startswith(kind)), None)
        if budget is not None and _sent(line) > budget:
            yield Problem(path, "TOO_HEAVY", f"it weighs {_sent(line):,} bytes, and may weigh {budget:,}")
    for path, page in pages.items():
        loaded = {_split(link.target, path, candidate.address)[0] or "" for link in page.links if link.loaded}
        lines = [files[name] for name in loaded if name in files]
        weight = _sent(files[path])
        weight += sum(_sent(line) for line in lines if line.content_type.startswith(_AT_ONCE))
        if weight > _PAGE_BUDGET:
            yield Problem(
                path, "TOO_HEAVY", f"it loads {weight:,} bytes before it shows, and may load {_PAGE_BUDGET:,}"
            )


def _sent(line: ReleasedFile) -> int:
    return line.parts.br if line.parts else line.size
