"""
Originals as merchants send them: 3,000 pixels, with forms of a photograph and the grain of a camera.

Made from our own stills, enlarged; the grain is what makes such a file as heavy as a camera's. The same number gives the same bytes.
"""

from __future__ import annotations

import random
from functools import cache
from io import BytesIO

from PIL import Image, ImageOps

from provisioning.catalog.pictures import PictureRendition, list_pictures

SIDE = 3_000
#: A shelf's and a hero's picture lie; a product's stands or is square.
SQUARE, LYING = (SIDE, SIDE), (SIDE, 1_875)
_GRAIN = 0.07


def photograph(number: int, size: tuple[int, int] = SQUARE) -> bytes:
    """The original of that number, as a JPEG; numbers give different pictures."""
    stills = _stills()
    still = stills[number % len(stills)]
    picture = Image.open(BytesIO(still.body)).convert("RGB")
    if number // len(stills) % 2:
        picture = ImageOps.mirror(picture)
    picture = ImageOps.fit(picture, size, Image.Resampling.BICUBIC)
    chance = random.Random(number)
    half = (size[0] // 2, size[1] // 2)
    grain = Image.frombytes("L", half, chance.randbytes(half[0] * half[1])).resize(
        size, Image.Resampling.BILINEAR
    )
    picture = Image.blend(picture, Image.merge("RGB", [grain] * 3), _GRAIN)
    body = BytesIO()
    picture.save(body, "JPEG", quality=90)
    return body.getvalue()


@cache
def _stills() -> tuple[PictureRendition, ...]:
    """The largest file of each of our photographic stills."""
    files = [max(picture.renditions, key=lambda file: file.width) for picture in list_pictures()]
    return tuple(file for file in files if file.type != "image/svg+xml")
