"""Pictures as people and attackers send them, made here: small, and different in what matters."""

from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

RED, GREEN, BLUE = (200, 30, 30), (30, 160, 40), (20, 40, 190)


def quartered(width: int = 400, height: int = 300) -> Image.Image:
    """Red above green on the left, blue above white on the right: whichever way it is turned, it can be told."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste(RED, (0, 0, width // 2, height // 2))
    picture.paste(GREEN, (0, height // 2, width // 2, height))
    picture.paste(BLUE, (width // 2, 0, width, height // 2))
    return picture


def photograph(width: int, height: int, seed: int = 1) -> Image.Image:
    """What compresses as a photograph does: large and small forms, and the grain of a sensor."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (width, height))
    for scale, share in ((6, 1.0), (24, 0.45), (96, 0.2), (400, 0.08)):
        small = Image.frombytes("RGB", (scale, scale), chance.randbytes(3 * scale * scale))
        layer = small.resize((width, height), Image.Resampling.BICUBIC)
        picture = layer if share == 1 else Image.blend(picture, layer, share)
    grain = Image.frombytes("L", (width // 2, height // 2), chance.randbytes((width // 2) * (height // 2)))
    fine = Image.merge("RGB", [grain.resize((width, height), Image.Resampling.BILINEAR)] * 3)
    return Image.blend(picture, fine, 0.06)


def saved(picture: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    body = BytesIO()
    picture.save(body, format, **options)
    return body.getvalue()


def turned(orientation: int) -> bytes:
    """A JPEG whose camera was held that way, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return saved(quartered(), exif=exif, quality=95)


def announcing(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + _chunk(b"IEND", b"")
    )


def bomb(side: int) -> bytes:
    """A PNG that is truly so large, in a few kilobytes."""
    row = zlib.compressobj(9)
    packed = b"".join(row.compress(b"\0" * (1 + 3 * side)) for _ in range(side)) + row.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def sixteen_bits() -> bytes:
    """A grey PNG of 16 bits: dark on the left, bright on the right."""
    rows = b"".join(b"\0" + struct.pack(">100H", *(x * 655 for x in range(100))) for _ in range(100))
    header = struct.pack(">IIBBBBB", 100, 100, 16, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def swapped_profile() -> bytes:
    """A colour profile in which what is stored as red means blue."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = int.from_bytes(profile[128:132], "big")
    places = {bytes(profile[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(tags)}
    red, blue = places[b"rXYZ"], places[b"bXYZ"]
    profile[red + 4 : red + 12], profile[blue + 4 : blue + 12] = (
        profile[blue + 4 : blue + 12],
        profile[red + 4 : red + 12],
    )
    return bytes(profile)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
