"""
From the bytes of a stranger's picture to plain pixels: upright, in sRGB, 8 bits, and no larger than they are needed.

Only the process of `worker` does this. Nothing but the pixels goes on: place, camera, thumbnails, profiles and whatever lies behind the
picture's end stay behind.
"""

# Pillow's colour management is typed in part.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

from provisioning.media.formats import LEAST_SIDE, MOST_PIXELS, MOST_RATIO, Format

#: By the format that the bytes begin with. A JPEG of several pictures (as phones write) is its first one.
_DECODERS: dict[Format, tuple[str, ...]] = {
    "jpeg": ("JPEG", "MPO"),
    "png": ("PNG",),
    "webp": ("WEBP",),
    "avif": ("AVIF",),
}
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_THEIR_SIDE = (5, 6, 7, 8)
_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N", "I")

# Sizes are checked here, by our own limit and before anything is allocated.
Image.MAX_IMAGE_PIXELS = None


class Refused(Exception):
    """The picture is not taken; the text is a code of `formats.REFUSALS`."""


def decode(body: bytes, format: Format, widest: int) -> tuple[Image.Image, tuple[int, int]]:
    """
    The picture in mode RGB, or RGBA where something shows through, and its own upright size.

    It is at least `widest` pixels wide, unless it is narrower by itself, and not much wider. Raises `Refused`, and `MemoryError`.
    """
    try:
        picture = Image.open(BytesIO(body), formats=_DECODERS[format])
        _check_size(picture.size)
        if format != "jpeg" and getattr(picture, "is_animated", False):
            raise Refused("ANIMATED")
        orientation = _orientation(picture)
        width, height = picture.size
        size = (height, width) if orientation in _ON_THEIR_SIDE else (width, height)
        profile = picture.info.get("icc_profile")
        shrink = max(1, size[0] // widest)
        picture.draft(None, (picture.width // shrink, picture.height // shrink))
        picture.load()
    except (Refused, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - decoders raise what they like, and all of it means the same
        raise Refused("DAMAGED") from None
    plain = _plain(picture)
    left = max(1, (plain.height if orientation in _ON_THEIR_SIDE else plain.width) // (2 * widest))
    if left > 1:
        plain = plain.reduce(left)
    plain = _to_srgb(plain, profile)
    if orientation in _TURNS:
        plain = plain.transpose(_TURNS[orientation])
    plain.info.clear()
    return plain, size


def _check_size(size: tuple[int, int]) -> None:
    shorter, longer = sorted(size)
    if shorter * longer > MOST_PIXELS:
        raise Refused("TOO_MANY_PIXELS")
    if shorter < LEAST_SIDE:
        raise Refused("TOO_SMALL")
    if longer > MOST_RATIO * shorter:
        raise Refused("TOO_LONG")


def _orientation(picture: Image.Image) -> int:
    """How the camera was held, 1 to 8; 1 where what says so cannot be read."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a broken note about a picture is no reason to refuse it
        return 1


def _plain(picture: Image.Image) -> Image.Image:
    """The pixels in one of the modes L, LA, RGB, RGBA and CMYK."""
    if picture.mode in _SIXTEEN_BITS:
        return picture.point(lambda value: value * (1 / 256), None).convert("L")
    if picture.mode in ("L", "RGB", "CMYK") and "transparency" not in picture.info:
        return picture
    if picture.mode in ("LA", "RGBA"):
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as they are meant, by the profile; what shows through is kept apart from it."""
    alpha = picture.getchannel("A") if "A" in picture.getbands() else None
    colours = picture.convert(picture.mode[:-1]) if alpha else picture
    colours = (_by_profile(colours, profile) if profile else None) or colours.convert("RGB")
    if alpha is None or alpha.getextrema() == (255, 255):
        return colours
    colours.putalpha(alpha)
    return colours


def _by_profile(colours: Image.Image, profile: bytes) -> Image.Image | None:
    """None for a profile that cannot be read, or is of other colours than these."""
    try:
        return ImageCms.profileToProfile(
            colours,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
