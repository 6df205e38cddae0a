"""From a picture's files to what an element `picture` takes, and to the one file that stands for a page elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from provisioning.sites.shop import PictureFile, Rendition
from provisioning.themes.views import PictureView, SourceView

#: The format that every browser takes comes last: it is the one of the element img.
_BEST_FIRST = ("image/avif", "image/webp", "image/jpeg", "image/png", "image/svg+xml")
#: For a browser that knows no `srcset`, and for lists: wide enough for a phone's whole screen.
_PLAIN_WIDTH = 800
#: Readers of shared links take these; most show about 1,200 pixels.
_SHARED = ("image/jpeg", "image/png", "image/webp")
_SHARED_WIDTH = 1_200


@dataclass(frozen=True, slots=True)
class DrawnFile:
    """A picture of one file that is drawn here."""

    type: str
    width: int
    height: int
    path: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture that is drawn here; without words, as it shows nothing."""

    alt: str
    width: int
    height: int
    renditions: tuple[DrawnFile, ...]


def _surface() -> DrawnPicture:
    body = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800"><path fill="#8883" d="M0 0h800v800H0z"/>'
        b'<path fill="none" stroke="#8889" stroke-width="12" stroke-linejoin="round" '
        b'd="M250 290h300v220H250zM250 470l90-80 60 50 70-60 80 80M330 350h1"/></svg>'
    )
    digest = hashlib.sha256(body).hexdigest()[:16]
    file = DrawnFile("image/svg+xml", 800, 800, f"/pictures/placeholder.{digest}.svg", body)
    return DrawnPicture("", 800, 800, (file,))


#: Stands where a picture is missing.
PLACEHOLDER: PictureFile = _surface()
PLACEHOLDER_PATH = PLACEHOLDER.renditions[0].path


def picture_view(picture: PictureFile) -> PictureView:
    """The picture with all its files, the best format first."""
    by_type = _by_type(picture)
    types = [t for t in _BEST_FIRST if t in by_type]
    plain = "image/webp" if "image/webp" in by_type else types[-1]
    files = by_type[plain]
    source = min(files, key=lambda f: (f.width < _PLAIN_WIDTH, abs(f.width - _PLAIN_WIDTH)))
    better = types[: types.index(plain)]
    return PictureView(
        src=source.path,
        alt=picture.alt,
        width=picture.width,
        height=picture.height,
        srcset=_srcset(files) if len(files) > 1 else "",
        sources=tuple(SourceView(t, _srcset(by_type[t])) for t in better),
    )


def smallest_path(picture: PictureFile, width: int) -> str:
    """The smallest file of the plain format that is at least `width` wide, else the widest."""
    by_type = _by_type(picture)
    plain = next(t for t in ("image/webp", "image/jpeg", "image/png", *_BEST_FIRST) if t in by_type)
    files = by_type[plain]
    return next((f for f in files if f.width >= width), files[-1]).path


def share_view(picture: PictureFile, address: str) -> PictureView | None:
    """The file that stands for a page where links are shown, with its absolute address; None where all are drawings."""
    by_type = _by_type(picture)
    files = next((by_type[t] for t in _SHARED if t in by_type), None)
    if files is None:
        return None
    file = min(files, key=lambda f: (f.width < _SHARED_WIDTH, abs(f.width - _SHARED_WIDTH)))
    return PictureView(f"{address}{file.path}", picture.alt, file.width, file.height)


def _by_type(picture: PictureFile) -> dict[str, Sequence[Rendition]]:
    found: dict[str, list[Rendition]] = {}
    for rendition in picture.renditions:
        found.setdefault(rendition.type, []).append(rendition)
    return {t: sorted(files, key=lambda f: f.width) for t, files in found.items()}


def _srcset(files: Sequence[Rendition]) -> str:
    return ", ".join(f"{file.path} {file.width}w" for file in files)
