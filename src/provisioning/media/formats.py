"""
What a merchant's picture may be, and what it is: told by its bytes, never by its name or by what the sender says of it.

Nothing is decoded here. What cannot be a picture that we take is refused with a sentence that helps, before a decoder sees it.
"""

from __future__ import annotations

from typing import Literal

from provisioning.errors import FieldError, InvalidInput

Format = Literal["jpeg", "png", "webp", "avif"]

#: Content types by which a picture may be sent; which of them is said does not matter.
CONTENT_TYPES = ("image/jpeg", "image/png", "image/webp", "image/avif", "application/octet-stream")

MOST_BYTES = 20 * 1024 * 1024
#: Width times height: what a camera of today takes.
MOST_PIXELS = 50_000_000
LEAST_SIDE = 16
#: The longer side by the shorter one.
MOST_RATIO = 10

_EMPTY = "EMPTY"
_BRANDS_OF_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_LOOKED_AT = 4_096

#: Why a picture is refused, by the code; a sentence each, with the remedy.
REFUSALS = {
    _EMPTY: "no bytes were sent; send the picture's file as the body",
    "UNKNOWN_FORMAT": "is no picture that can be taken; send a JPEG, PNG, WebP or AVIF",
    "SVG": "is a drawing in SVG, which can hold scripts; export it as a PNG",
    "HEIC": "is a HEIC, which browsers do not show; export it as a JPEG",
    "ANIMATED": "moves; send a picture that stands still",
    "DAMAGED": "is damaged or not whole; export it again, and upload all of it",
    "TOO_MANY_PIXELS": f"has more than {MOST_PIXELS // 1_000_000} million pixels; make it smaller",
    "TOO_SMALL": f"is narrower or lower than {LEAST_SIDE} pixels; send a larger one",
    "TOO_LONG": f"is more than {MOST_RATIO} times as long as it is wide; cut it",
    "TOO_COSTLY": "takes too much memory or time to read; save it as a plain JPEG",
}


def recognise(body: bytes) -> Format:
    """The format of a picture's bytes. Raises `InvalidInput`."""
    if not body:
        raise refusal(_EMPTY)
    if body.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    if body[4:8] == b"ftyp":
        return _of_container(body)
    if _is_drawing(body):
        raise refusal("SVG")
    raise refusal("ANIMATED" if body.startswith((b"GIF87a", b"GIF89a")) else "UNKNOWN_FORMAT")


def refusal(code: str) -> InvalidInput:
    """The error that says why the picture is not taken."""
    return InvalidInput((FieldError("picture", code, REFUSALS[code]),))


def _of_container(body: bytes) -> Format:
    """AVIF, HEIC and films share a container; the brands at its beginning tell."""
    size = min(int.from_bytes(body[:4], "big"), _LOOKED_AT)
    brands = [body[8:12], *(body[at : at + 4] for at in range(16, size, 4))]
    if brands[0] == b"avis":
        raise refusal("ANIMATED")
    if b"avif" in brands:
        return "avif"
    raise refusal("HEIC" if any(brand in _BRANDS_OF_HEIC for brand in brands) else "UNKNOWN_FORMAT")


def _is_drawing(body: bytes) -> bool:
    beginning = body[:_LOOKED_AT].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return beginning.startswith(b"<") and b"<svg" in beginning
