"""
Our own pictures: photographic stills of the sample products, rendered once by `tools/stills` and kept beside this module.

They belong to the platform and are stored once for all stores, under paths that carry their content's hash. A category's
`index.json` says what there is: the words for people who cannot see a picture, and the width, height and hash of each of its
files. So nothing is decoded here, and a file is read when its bytes are asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from provisioning.errors import NotFound

_FOLDER = Path(__file__).parent / "pictures"
_NAME = re.compile(r"([a-z]+)/[a-z0-9]+(?:-[a-z0-9]+)*")

CONTENT_TYPES = {"avif": "image/avif", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class PictureRendition:
    """One file of a picture. Width and height are pixels; `path` is its address on every store's host."""

    type: str
    width: int
    height: int
    path: str
    file: Path

    @property
    def body(self) -> bytes:
        return _read(self.file)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its text, its largest size in pixels, and its files, from the smallest to the largest of each type."""

    name: str
    alt: str
    width: int
    height: int
    renditions: tuple[PictureRendition, ...]


def find_picture(name: str) -> Picture:
    """The picture of that name, as `electronics/aurora-headphones`. Raises `NotFound`."""
    match = _NAME.fullmatch(name)
    picture = _category(match[1]).get(name) if match else None
    if picture is None:
        raise NotFound("there is no picture of this name")
    return picture


def list_pictures() -> tuple[Picture, ...]:
    """Every picture, by name."""
    categories = sorted(folder.name for folder in _FOLDER.iterdir() if folder.is_dir())
    return tuple(picture for category in categories for picture in _category(category).values())


class _IndexedFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    width: int
    height: int
    #: The first 16 digits of its SHA-256.
    hash: str


class _IndexedPicture(BaseModel):
    """A picture as its category's index names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alt: str
    #: Of the scene that it was rendered from; `tools/stills` compares it.
    scene: str
    #: By their endings; each from the smallest to the largest.
    files: dict[str, tuple[_IndexedFile, ...]]

    def to_picture(self, category: str, stem: str) -> Picture:
        renditions = tuple(
            PictureRendition(
                type=CONTENT_TYPES[ending],
                width=file.width,
                height=file.height,
                path=f"/pictures/{category}-{stem}-{file.width}.{file.hash}.{ending}",
                file=_FOLDER / category / f"{stem}-{file.width}.{ending}",
            )
            for ending, files in self.files.items()
            for file in files
        )
        largest = max(renditions, key=lambda r: r.width)
        return Picture(f"{category}/{stem}", self.alt, largest.width, largest.height, renditions)


@cache
def _category(category: str) -> Mapping[str, Picture]:
    try:
        written = json.loads((_FOLDER / category / "index.json").read_bytes())
    except FileNotFoundError:
        return {}
    read = {stem: _IndexedPicture.model_validate(fields) for stem, fields in sorted(written.items())}
    return {f"{category}/{stem}": indexed.to_picture(category, stem) for stem, indexed in read.items()}


@cache
def _read(file: Path) -> bytes:
    return file.read_bytes()
