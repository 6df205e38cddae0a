"""
The process that reads strangers' pictures: takes the bytes, gives up what it does not need, decodes, encodes, answers.

It gets a line of JSON and the bytes; it answers a line of JSON and the bytes of the files, one behind the other.
"""

# Pillow's colour management is typed in part.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import json
import os
import sys
from io import BytesIO
from typing import Any

# All of Pillow that is needed is loaded before nothing can be opened any more.
from PIL import (
    AvifImagePlugin,
    Image,
    ImageCms,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from provisioning.confinement import give_up
from provisioning.media.decoding import Refused, decode
from provisioning.media.encoding import WIDTHS, MadeFile, encode

_PLUGINS = (AvifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin, ImageCms)
_ALLOWED_EVENTS = frozenset(
    {"compile", "exec", "code.__new__", "sys._getframe", "object.__getattr__", "object.__setattr__", "object.__delattr__", "builtins.id", "array.__new__"}
)  # fmt: skip


def main() -> None:
    """One picture, from standard input to standard output."""
    job: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    body = sys.stdin.buffer.read()
    _warm_up()
    give_up(job["memory"], job["cpu"], _ALLOWED_EVENTS)
    answer: dict[str, Any]
    files: list[MadeFile] = []
    try:
        picture, (width, height) = decode(body, job["format"], WIDTHS[-1])
        del body
        files = list(encode(picture, (width, height)))
        answer = {"width": width, "height": height, "files": [_described(file) for file in files]}
    except Refused as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "TOO_COSTLY"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    for file in files:
        sys.stdout.buffer.write(file.body)
    sys.stdout.buffer.flush()
    os._exit(0)


def _described(file: MadeFile) -> dict[str, Any]:
    return {"type": file.type, "width": file.width, "height": file.height, "size": len(file.body)}


def _warm_up() -> None:
    """Codecs load their parts when they are first used, which is too late in a moment."""
    Image.preinit()
    Image.init()
    dot = Image.new("RGBA", (16, 16))
    for name in ("AVIF", "WEBP", "PNG", "JPEG"):
        body = BytesIO()
        (dot.convert("RGB") if name == "JPEG" else dot).save(body, name)
        with Image.open(BytesIO(body.getvalue())) as opened:
            opened.load()
            opened.getexif()
    ImageCms.profileToProfile(
        dot.convert("RGB"), ImageCms.createProfile("sRGB"), ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
