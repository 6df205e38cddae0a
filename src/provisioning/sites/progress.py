"""
What a making that was cut off has done already, so that the next one goes on from there: a large store is made in several turns.

    stores/{store_id}/unfinished/<channel>/<digest>.json    lines of pages that are checked and put, with what is still to be checked of them

A page that is rendered from the same again is taken over from there, whoever makes the next release for that channel. The files are forgotten when a release
for it is sealed, as releases for several channels may be under way; a collection removes what nobody came back for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from provisioning.ports import SiteFile, SiteFiles, check_id
from provisioning.sites.checking import DistantLink
from provisioning.sites.releases import ReleasedFile, read_line, write_line
from provisioning.themes.assets import CONTENT_TYPES

_FORMAT = 1
#: Files that no release names are collected two days after they were put.
_YOUNG = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Progress:
    """Pages that an earlier making has put, and links of theirs that lead to places on other pages."""

    lines: Mapping[str, ReleasedFile] = field(default_factory=dict[str, ReleasedFile])
    distant: tuple[DistantLink, ...] = ()
    #: Pages that were checked when the site had other paths than now: what they lead to may have gone.
    unproven: frozenset[str] = frozenset()


def site_digest(paths: Iterable[str]) -> str:
    """The same for the same set of paths."""
    return hashlib.sha256("\n".join(sorted(paths)).encode()).hexdigest()[:32]


def progress_prefix(store_id: str) -> str:
    return f"stores/{check_id(store_id, 'store_id')}/unfinished/"


def _prefix(store_id: str, channel: str) -> str:
    return f"{progress_prefix(store_id)}{check_id(channel, 'channel')}/"


def load_progress(files: SiteFiles, store_id: str, channel: str, site: str, now: datetime) -> Progress:
    """What was done of any release for the channel and not sealed; `site` is the digest of the paths that the new one will have."""
    entries = [e for e in files.entries(_prefix(store_id, channel)) if now - e.put_at < _YOUNG]
    if not entries:
        return Progress()
    there = frozenset(files.list(f"stores/{store_id}/blobs/"))
    lines: dict[str, ReleasedFile] = {}
    distant: dict[str, list[DistantLink]] = {}
    unproven: set[str] = set()
    for entry in sorted(entries, key=lambda entry: entry.put_at):
        found = _read(files.get(entry.name))
        links = [DistantLink(*link) for link in found.get("distant", ())]
        for path, written in found.get("files", {}).items():
            line = read_line(written)
            if line.blob not in there:
                continue
            lines[path] = line
            distant[path] = []
            if found["site"] == site:
                unproven.discard(path)
            else:
                unproven.add(path)
        for link in links:
            if link.page in distant:
                distant[link.page].append(link)
    return Progress(lines, tuple(link for links in distant.values() for link in links), frozenset(unproven))


def save_progress(
    files: SiteFiles,
    store_id: str,
    channel: str,
    site: str,
    lines: Mapping[str, ReleasedFile],
    distant: Iterable[DistantLink],
) -> None:
    """Remember that these pages are checked and put."""
    written = {
        "format": _FORMAT,
        "site": site,
        "files": {path: write_line(line) for path, line in lines.items()},
        "distant": [astuple(link) for link in distant],
    }
    body = json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()
    name = f"{_prefix(store_id, channel)}{hashlib.sha256(body).hexdigest()[:32]}.json"
    files.put(name, SiteFile(body, CONTENT_TYPES[".json"]))


def forget_progress(files: SiteFiles, store_id: str, channel: str) -> None:
    """A release for the channel is sealed: it names all that was put."""
    for name in files.list(_prefix(store_id, channel)):
        files.delete(name)


def _read(file: SiteFile | None) -> dict[str, Any]:
    """Of a later version, or removed meanwhile: then its pages are made again."""
    found: dict[str, Any] = json.loads(file.body) if file else {}
    return found if found.get("format") == _FORMAT else {}
