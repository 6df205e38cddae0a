"""What strangers send: what is no still picture of a sensible size is refused with a reason, and nothing but pixels ever goes on."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from io import BytesIO

import pytest
from PIL import Image

from provisioning.errors import InvalidInput, Transient
from provisioning.media import making
from provisioning.media.formats import MOST_PIXELS, REFUSALS
from provisioning.media.making import Limits, ReadyPicture, make_ready
from tests.media.pictures import (
    BLUE,
    GREEN,
    RED,
    announcing,
    bomb,
    photograph,
    quartered,
    saved,
    sixteen_bits,
    swapped_profile,
    turned,
)

FORMATS = {
    "jpeg": ("JPEG", {}),
    "progressive": ("JPEG", {"progressive": True}),
    "png": ("PNG", {}),
    "webp": ("WEBP", {}),
    "lossless webp": ("WEBP", {"lossless": True}),
    "avif": ("AVIF", {"speed": 10}),
}


def shown(ready: ReadyPicture, type: str = "image/webp") -> Image.Image:
    """The largest file of that type, as a browser decodes it."""
    file = [file for file in ready.files if file.type == type][-1]
    return Image.open(BytesIO(file.body)).convert("RGB")


def near(found: object, wanted: tuple[int, int, int], most: int = 14) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) <= most for a, b in zip(found, wanted, strict=True))


def refused(body: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(InvalidInput) as error:
        make_ready(body, limits)
    (field,) = error.value.fields
    assert field.field == "picture"
    assert field.message == REFUSALS[field.code]
    return field.code


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_is_taken_and_told_by_its_bytes(kind: str) -> None:
    """With files of three formats that browsers decode, none larger than the picture, and with its colours."""
    name, options = FORMATS[kind]
    ready = make_ready(saved(quartered(), name, **options))

    assert (ready.width, ready.height, ready.format) == (400, 300, name.lower())
    assert {file.type for file in ready.files} == {"image/avif", "image/webp", "image/jpeg"}
    for file in ready.files:
        opened = Image.open(BytesIO(file.body))
        assert opened.size == (file.width, file.height)
        assert file.width <= 400
        assert near(opened.convert("RGB").getpixel((file.width // 4, file.height // 4)), RED, 20)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_half_of_a_file_is_refused(kind: str, share: float) -> None:
    """Never shown with a grey lower half."""
    name, options = FORMATS[kind]
    body = saved(photograph(400, 300), name, **options)

    assert refused(body[: int(len(body) * share)]) == "DAMAGED"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "EMPTY"),
        (b"GIF89a" + bytes(40), "ANIMATED"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "SVG"),
        (b"\xef\xbb\xbf  <SVG onload=alert(1)>", "SVG"),
        ('<?xml version="1.0" encoding="utf-16"?><svg/>'.encode("utf-16"), "SVG"),
        (b"%PDF-1.7 \xff\xd8\xff", "UNKNOWN_FORMAT"),
        (b"<html><img></html>", "UNKNOWN_FORMAT"),
        (b"II*\0" + bytes(100), "UNKNOWN_FORMAT"),
        (b"BM" + bytes(100), "UNKNOWN_FORMAT"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "UNKNOWN_FORMAT"),
        (b"\0\0\0\x18ftypavis\0\0\0\0avifmif1", "ANIMATED"),
        (b"\0\0\0\0ftyp", "UNKNOWN_FORMAT"),
        (b"\xff\xff\xff\xffftypavif", "DAMAGED"),
        (b"\xff\xd8\xff", "DAMAGED"),
        (b"\xff\xd8\xff\xe0" + bytes(10_000), "DAMAGED"),
        (b"\x89PNG\r\n\x1a\n", "DAMAGED"),
        (b"RIFF\0\0\0\0WEBP", "DAMAGED"),
        (b"RIFF\xff\xff\xff\xffWEBPVP8L" + bytes(100), "DAMAGED"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_with_the_remedy(body: bytes, code: str) -> None:
    assert refused(body) == code


@pytest.mark.parametrize("name", ["PNG", "WEBP", "AVIF"])
def test_what_moves_is_refused(name: str) -> None:
    """A shop's picture stands still; two frames are a film."""
    frames = [quartered(64, 64), photograph(64, 64)]

    assert refused(saved(frames[0], name, save_all=True, append_images=frames[1:])) == "ANIMATED"


def test_of_several_pictures_in_a_jpeg_the_first_counts() -> None:
    """Phones add a depth map or a larger screen's version behind the picture."""
    both = saved(quartered(), "MPO", save_all=True, append_images=[photograph(400, 300)])

    assert near(shown(make_ready(both)).getpixel((100, 75)), RED)


@pytest.mark.parametrize(
    ("width", "height", "code"),
    [
        (2**31 - 1, 2**31 - 1, "TOO_MANY_PIXELS"),
        (65_500, 65_500, "TOO_MANY_PIXELS"),
        (MOST_PIXELS // 5_000 + 1, 5_000, "TOO_MANY_PIXELS"),
        (100_000, 20, "TOO_LONG"),
        (15, 400, "TOO_SMALL"),
        (1, 1, "TOO_SMALL"),
    ],
)
def test_a_size_that_is_only_announced_costs_nothing(width: int, height: int, code: str) -> None:
    """It is refused by its header: nothing of that size is ever allocated."""
    assert refused(announcing(width, height), Limits(memory=300 * 2**20)) == code


def test_a_bomb_is_refused() -> None:
    """144 million pixels in half a megabyte."""
    body = bomb(12_000)

    assert len(body) < 600_000
    assert refused(body) == "TOO_MANY_PIXELS"


def test_what_takes_more_memory_than_there_is_ends_alone() -> None:
    """The process that reads it is the one that fails, and the sender is told."""
    assert refused(bomb(5_000), Limits(memory=150 * 2**20)) == "TOO_COSTLY"


@pytest.mark.parametrize("limits", [Limits(wall=0.02), Limits(cpu=0), Limits(answer=100)])
def test_what_takes_too_long_or_answers_too_much_is_ended(limits: Limits) -> None:
    assert refused(saved(quartered()), limits) == "TOO_COSTLY"


def test_a_decoder_that_is_taken_over_reaches_nothing() -> None:
    """In the process that decodes no file, socket, process or module is to be had, once the bytes are looked at."""
    code = (
        "import subprocess, socket, os\n"
        "from provisioning.media import worker\n"
        "worker._warm_up()\n"
        "worker.give_up(1 << 30, 5, worker._ALLOWED_EVENTS)\n"
        "for attempt in (lambda: open('/etc/passwd'), socket.socket, os.fork, lambda: os.listdir('/'), lambda: __import__('wave'),\n"
        "                lambda: subprocess.run(['true'])):\n"
        "    try:\n        attempt()\n        print('reached')\n"
        "    except OSError:\n        print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert done.stdout.split() == ["refused"] * 6, done.stdout + done.stderr


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_as_the_camera_was_held(orientation: int) -> None:
    """All eight ways, in the pixels themselves: nothing is left that says how to turn them."""
    ready = make_ready(turned(orientation))
    upright = quartered()
    way = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    wanted = upright if way is None else upright.transpose(way)

    assert (ready.width, ready.height) == wanted.size
    for type in ("image/avif", "image/webp", "image/jpeg"):
        found = shown(ready, type).resize(wanted.size)
        for x in (wanted.width // 4, 3 * wanted.width // 4):
            for y in (wanted.height // 4, 3 * wanted.height // 4):
                pixel = wanted.getpixel((x, y))
                assert isinstance(pixel, tuple)
                assert near(found.getpixel((x, y)), pixel, 20)


def test_nothing_that_the_camera_noted_goes_on() -> None:
    """No place, no camera, no profile, no thumbnail, no comment: in none of the files."""
    body = turned(6)
    assert Image.open(BytesIO(body)).getexif().get_ifd(0x8825)
    noted = saved(
        Image.open(BytesIO(body)),
        exif=Image.open(BytesIO(body)).info["exif"],
        comment=b"SECRETCOMMENT",
        icc_profile=swapped_profile(),
        xmp=b"<x>SECRETXMP</x>",
    )

    for file in make_ready(noted).files:
        opened = Image.open(BytesIO(file.body))
        assert not dict(opened.getexif())
        assert {"icc_profile", "comment", "xmp", "exif"} & set(opened.info) == set()
        assert b"SECRET" not in file.body


def test_what_lies_behind_or_within_a_picture_stays_behind() -> None:
    """A file that is a picture and an archive, a page or a script as well becomes a picture alone."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("evil.html", "<script>alert(1)</script>")
    hidden = b"<?php evil(); ?><script>alert(1)</script>"
    polyglots = [
        saved(quartered()) + archive.getvalue(),
        saved(quartered(), comment=hidden),
        saved(quartered(), "PNG") + hidden,
        saved(quartered(), "WEBP") + hidden,
    ]

    for body in polyglots:
        for file in make_ready(body).files:
            assert b"script" not in file.body
            assert not zipfile.is_zipfile(BytesIO(file.body))


def test_colours_are_brought_to_srgb() -> None:
    """By the picture's own profile; one that is broken, or of other colours than the picture's, is as none."""
    body = saved(quartered(), icc_profile=swapped_profile(), quality=95)
    red = shown(make_ready(body)).getpixel((100, 75))
    assert isinstance(red, tuple)

    assert red[2] > 120 > red[0]
    for broken in (b"no profile", swapped_profile()[:300], b"\0" * 4_000):
        assert near(shown(make_ready(saved(quartered(), icc_profile=broken))).getpixel((100, 75)), RED)
    grey = saved(quartered().convert("L"), icc_profile=swapped_profile())
    assert near(shown(make_ready(grey)).getpixel((350, 250)), (255, 255, 255))


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK"])
def test_every_way_to_store_colours_is_read(mode: str) -> None:
    """Grey, black and white, a palette, and the colours of print."""
    stored = quartered().convert(mode)
    body = saved(stored, "JPEG" if mode == "CMYK" else "PNG")
    grey = quartered().convert("L").convert("RGB").getpixel((100, 75))
    wanted = grey if mode in ("L", "1") else RED
    assert isinstance(wanted, tuple)

    # Of many pixels together: where there are few colours they are mixed.
    assert near(shown(make_ready(body), "image/jpeg").resize((40, 30)).getpixel((10, 7)), wanted, 24)


def test_sixteen_bits_become_eight() -> None:
    """By what they mean, and not cut off: dark stays dark, bright bright."""
    found = shown(make_ready(sixteen_bits()))

    assert near(found.getpixel((5, 50)), (12, 12, 12))
    assert near(found.getpixel((50, 50)), (127, 127, 127))
    assert near(found.getpixel((95, 50)), (243, 243, 243))


@pytest.mark.parametrize("how", ["RGBA", "LA", "P", "RGB"])
def test_what_shows_through_still_does(how: str) -> None:
    """In AVIF and WebP; a JPEG stands on white."""
    picture = quartered().convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 200, 150))
    if how == "RGB":
        # One colour is said to be none.
        body = saved(quartered(), "PNG", transparency=RED)
    elif how == "P":
        body = saved(picture.quantize(16), "PNG")
    else:
        body = saved(picture.convert(how), "PNG")
    ready = make_ready(body)

    for file in ready.files:
        opened = Image.open(BytesIO(file.body))
        corner, middle = opened.convert("RGBA").getpixel((20, 20)), opened.convert("RGBA").getpixel((300, 60))
        assert isinstance(corner, tuple)
        assert isinstance(middle, tuple)
        assert middle[3] == 255
        if file.type == "image/jpeg":
            assert near(corner[:3], (255, 255, 255))
        else:
            assert corner[3] < 10


def test_an_alpha_channel_through_which_nothing_shows_is_left_out() -> None:
    """It costs bytes, and says nothing."""
    ready = make_ready(saved(quartered().convert("RGBA"), "PNG"))

    assert {Image.open(BytesIO(file.body)).mode for file in ready.files} == {"RGB"}


def test_a_note_that_cannot_be_read_is_no_reason_to_refuse() -> None:
    """The picture is whole; only what it says of its camera is not."""
    body = saved(quartered(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 40)

    assert near(shown(make_ready(body)).getpixel((100, 75)), RED)
    assert near(shown(make_ready(body)).getpixel((100, 225)), GREEN)
    assert near(shown(make_ready(body)).getpixel((300, 75)), BLUE)


def test_pictures_take_turns() -> None:
    """Each may take a core and most of the memory: who has waited long enough is asked to come again."""
    with making._WORKERS.turn(0), pytest.raises(Transient) as busy:
        make_ready(saved(quartered()), Limits(wait=0.01))

    assert busy.value.code == "BUSY"
    assert busy.value.retry_after
    assert make_ready(saved(quartered()), Limits(wait=0.01)).width == 400


def test_a_refused_one_gives_its_turn_back() -> None:
    for _ in range(3):
        assert refused(b"\xff\xd8\xff") == "DAMAGED"
    assert make_ready(saved(quartered()), Limits(wait=0.01)).width == 400
