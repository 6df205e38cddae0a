"""The size of a picture, from its first bytes: no picture of somebody else's is decoded."""

from __future__ import annotations

import struct

_PNG, _JPEG, _WEBP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"RIFF"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
#: How many segments before the frame of a JPEG are looked at.
_MOST_SEGMENTS = 200


def size_of(body: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG or WebP picture; None where they cannot be told."""
    try:
        if body.startswith(_PNG) and body[12:16] == b"IHDR":
            return struct.unpack(">II", body[16:24])
        if body.startswith(_JPEG):
            return _jpeg(body)
        if body.startswith(_WEBP) and body[8:12] == b"WEBP":
            return _webp(body)
    except struct.error:
        return None  # it ends too early
    return None


def _webp(body: bytes) -> tuple[int, int] | None:
    kind = body[12:16]
    if kind == b"VP8X":
        width, height = body[24:27], body[27:30]
        return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
    if kind == b"VP8L" and body[20:21] == b"\x2f":
        (bits,) = struct.unpack("<I", body[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and body[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(body: bytes) -> tuple[int, int] | None:
    at = 2
    for _ in range(_MOST_SEGMENTS):
        mark, kind, length = struct.unpack(">BBH", body[at : at + 4])
        if mark != 0xFF or length < 2:
            return None
        if kind in _FRAMES:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
