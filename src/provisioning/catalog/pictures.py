"""
Our own pictures: SVG illustrations of the sample products, drawn once by `tools/pictures` and kept beside this module.

They belong to the platform and are stored once for all stores, under paths that carry their content's hash. A picture's title is
the text for people who cannot see it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from provisioning.errors import NotFound

_FOLDER = Path(__file__).parent / "pictures"
_NAME = re.compile(r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*")
_PATH = re.compile(r"/pictures/([a-z]+)-([a-z0-9-]+)\.[0-9a-f]{16}\.svg")
# Our script writes every file's beginning the same way, so reading it needs no XML parser at a cold start.
_HEAD = re.compile(r'<svg xmlns="[^"]+" viewBox="0 0 (\d+) (\d+)"[^>]*><title>([^<]+)</title>')

CONTENT_TYPE = "image/svg+xml"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture. Width and height are pixels at its natural size; `path` is its address on every store's host."""

    name: str
    alt: str
    width: int
    height: int
    body: bytes = field(repr=False)
    path: str
    type: str = CONTENT_TYPE

    @property
    def renditions(self) -> tuple[Picture, ...]:
        """Its files: a drawing is one for all widths."""
        return (self,)


def find_picture(name: str) -> Picture:
    """The picture of that name, as `electronics/aurora-headphones`. Raises `NotFound`."""
    if not _NAME.fullmatch(name):
        raise NotFound("there is no picture of this name")
    return _read(name)


def picture_at(path: str) -> Picture:
    """The picture whose address is `path`. Raises `NotFound`, also where the hash is an older one's."""
    match = _PATH.fullmatch(path)
    picture = find_picture(f"{match[1]}/{match[2]}") if match else None
    if picture is None or picture.path != path:
        raise NotFound("there is no picture at this address")
    return picture


def list_pictures() -> tuple[Picture, ...]:
    """Every picture, by name."""
    files = sorted(_FOLDER.glob("*/*.svg"))
    return tuple(_read(f"{file.parent.name}/{file.stem}") for file in files)


@cache
def _read(name: str) -> Picture:
    try:
        body = (_FOLDER / f"{name}.svg").read_bytes()
    except FileNotFoundError:
        raise NotFound("there is no picture of this name") from None
    head = _HEAD.match(body[:600].decode("utf-8", "ignore"))
    if head is None:
        raise ValueError(f"the picture {name} was not written by tools/pictures")
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Picture(
        name=name,
        alt=head[3].replace("&amp;", "&"),
        width=int(head[1]),
        height=int(head[2]),
        body=body,
        path=f"/pictures/{name.replace('/', '-')}.{digest}.svg",
    )
