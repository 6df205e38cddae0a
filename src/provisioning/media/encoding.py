"""
The files of a picture: AVIF and WebP in several widths, and a JPEG for those who show links.

What a phone waits for first is this picture, so a file is made to fit its budget: the quality is lowered until it does, in few tries.
"""

# Pillow's sizes are typed in part.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

#: In pixels. Each step is about 1.4, a quarter of the bytes; 800 fills a phone twice as dense as its layout, 1,120 one thrice as dense.
WIDTHS = (320, 480, 640, 800, 1_120, 1_600)
#: A width that is so near to the picture's own is left out.
_NEAR = 0.85
#: No file is higher, so that a banner that stands upright is not ten times the work.
_HIGHEST = 3_200
_SHARED_WIDTH = 1_200
#: Tries at a file before the least quality is taken.
_TRIES = 4
#: A file that fills so much of its budget is good enough.
_FULL = 0.9
#: How many steps of quality halve a file, about: measured over photographs, and corrected by each try.
_HALVING = 14


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file; sizes in pixels, `type` is as `image/avif`."""

    type: str
    width: int
    height: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Encoder:
    """A format with the quality that is tried first, the least, and how it is asked for."""

    type: str
    name: str
    best: int
    least: int
    options: dict[str, Any]

    def budget(self, width: int) -> int:
        """The bytes that a file of this width should take at most: a phone's are held to 45,000, its picture's share of a quick page."""
        if self.type == "image/jpeg":
            return 250_000
        if width <= (1_120 if self.type == "image/avif" else 800):
            return 44_500
        return 90_000 if width <= 1_120 else 160_000

    def encode(self, picture: Image.Image, quality: int) -> bytes:
        body = BytesIO()
        picture.save(body, self.name, quality=quality, **self.options)
        return body.getvalue()


# AVIF at speed 8 takes a fifth of the time of 6, for files of the same size that look nearly the same.
_AVIF = Encoder("image/avif", "AVIF", 62, 20, {"speed": 8, "subsampling": "4:2:0", "max_threads": 1})
_WEBP = Encoder("image/webp", "WEBP", 78, 30, {"method": 4, "alpha_quality": 90})
_JPEG = Encoder("image/jpeg", "JPEG", 82, 50, {"progressive": True, "optimize": True, "subsampling": "4:2:0"})


def encode(picture: Image.Image, size: tuple[int, int]) -> Iterator[MadeFile]:
    """The files of a picture whose own size is `size`, from the smallest to the largest of each type."""
    sizes = sizes_of(*size)
    scaled = {wanted: picture.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=3.0) for wanted in sizes}
    for encoder in (_AVIF, _WEBP):
        for pixels in scaled.values():
            yield _file(encoder, pixels)
    shared = min(sizes, key=lambda wanted: abs(wanted[0] - _SHARED_WIDTH))
    yield _file(_JPEG, _on_white(scaled[shared]))


def sizes_of(width: int, height: int) -> tuple[tuple[int, int], ...]:
    """The sizes in which a picture is offered, none larger than itself, the largest last."""
    largest = max(1, min(width, WIDTHS[-1], _HIGHEST * width // height))
    widths = [*(wanted for wanted in WIDTHS if wanted < _NEAR * largest), largest]
    return tuple((wanted, max(1, round(height * wanted / width))) for wanted in widths)


def fit(encode: Callable[[int], bytes], budget: int, best: int, least: int) -> bytes:
    """
    The best that `encode` makes of at most `budget` bytes, in a few tries; at the `least` quality where nothing fits.

    Bytes about halve with every 14 steps of quality at first, and then as the tries before say: the next try is where that leads.
    """
    quality, halving = best, float(_HALVING)
    too_good, bad, found = best + 1, least - 1, b""
    before: tuple[int, float] | None = None
    for _ in range(_TRIES):
        body = encode(quality)
        over = math.log2(len(body) / budget)
        if over <= 0:
            bad, found = quality, body
        else:
            too_good = quality
        if too_good - bad <= 1 or (found and len(found) > _FULL * budget):
            break
        if before and over != before[1]:
            halving = min(40.0, max(4.0, (quality - before[0]) / (over - before[1])))
        before = quality, over
        quality = min(too_good - 1, max(bad + 1, quality - math.ceil(over * halving)))
    return found or encode(least)


def _file(encoder: Encoder, pixels: Image.Image) -> MadeFile:
    body = fit(
        lambda quality: encoder.encode(pixels, quality),
        encoder.budget(pixels.width),
        encoder.best,
        encoder.least,
    )
    return MadeFile(encoder.type, pixels.width, pixels.height, body)


def _on_white(picture: Image.Image) -> Image.Image:
    """A JPEG is never seen through."""
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground
