"""From renders to the catalogue's pictures: AVIF and WebP in several widths, and each category's index."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter

CATALOGUE = Path(__file__).parents[2] / "src" / "provisioning" / "catalog" / "pictures"
#: All committed pictures together, in bytes.
BUDGET = 6_000_000


@dataclass(frozen=True)
class Rendition:
    """One file to make: its width in pixels, and the quality where it is 100 at most."""

    ending: str
    width: int
    quality: int


#: What a phone may load for a picture that fills its screen, in bytes, and at which width it does.
PHONE, PHONE_LARGEST = 720, 45_000

#: What a render of a width becomes. WebP is for browsers without AVIF, and for readers of shared links.
RENDITIONS = {
    728: [
        Rendition("avif", 360, 62),
        Rendition("avif", 720, 60),
        Rendition("webp", 360, 76),
        Rendition("webp", 720, 76),
    ],
    720: [
        Rendition("avif", 360, 60),
        Rendition("avif", 720, 56),
        Rendition("webp", 360, 74),
        Rendition("webp", 720, 74),
    ],
    864: [
        Rendition("avif", 480, 60),
        Rendition("avif", 720, 58),
        Rendition("avif", 864, 56),
        Rendition("webp", 480, 74),
        Rendition("webp", 720, 74),
    ],
    1008: [
        Rendition("avif", 480, 58),
        Rendition("avif", 720, 56),
        Rendition("avif", 1008, 54),
        Rendition("webp", 480, 74),
        Rendition("webp", 720, 74),
    ],
    1440: [
        Rendition("avif", 480, 58),
        Rendition("avif", 720, 56),
        Rendition("avif", 1080, 54),
        Rendition("avif", 1440, 52),
        Rendition("webp", 720, 74),
        Rendition("webp", 1200, 72),
    ],
}


@dataclass(frozen=True)
class Rendered:
    """A still that was rendered to a file; `scene` is the hash of its scene."""

    name: str
    alt: str
    scene: str
    file: Path


def published_scene(name: str) -> str:
    """The hash of the scene that the committed picture was rendered from; empty where there is none."""
    category, _, stem = name.partition("/")
    return _read_index(category).get(stem, {}).get("scene", "")


def publish(stills: Iterable[Rendered], names: Iterable[str]) -> int:
    """Encode what changed, drop what no scene makes any more, and say how many bytes there are now."""
    kept: dict[str, set[str]] = {}
    for name in names:
        category, _, stem = name.partition("/")
        kept.setdefault(category, set()).add(stem)
    for each in stills:
        _publish_one(each)
    for category, stems in kept.items():
        _tidy(category, stems)
    size = sum(f.stat().st_size for f in CATALOGUE.glob("*/*") if f.suffix in (".avif", ".webp"))
    print(f"{size:,} bytes of {BUDGET:,}")
    return int(size > BUDGET)


def _publish_one(each: Rendered) -> None:
    category, _, stem = each.name.partition("/")
    index = _read_index(category)
    recipe = f"{each.scene}"
    if index.get(stem, {}).get("scene") == recipe and index[stem]["alt"] == each.alt:
        return
    folder = CATALOGUE / category
    folder.mkdir(exist_ok=True)
    for old in folder.glob(f"{stem}-[0-9]*.*"):
        if old.stem.rpartition("-")[0] == stem:
            old.unlink()
    files: dict[str, list[dict[str, Any]]] = {}
    with Image.open(each.file) as opened:
        whole = opened.convert("RGB")
    for rendition in RENDITIONS[whole.width]:
        small = _scaled(whole, rendition.width)
        body = _encoded_for_phones(small, rendition)
        (folder / f"{stem}-{rendition.width}.{rendition.ending}").write_bytes(body)
        files.setdefault(rendition.ending, []).append(
            {
                "width": small.width,
                "height": small.height,
                "hash": hashlib.sha256(body).hexdigest()[:16],
            }
        )
    index[stem] = {"alt": each.alt, "scene": recipe, "files": files}
    _write_index(category, index)
    total = sum(
        (folder / f"{stem}-{f['width']}.{e}").stat().st_size for e, all_ in files.items() for f in all_
    )
    print(f"{each.name}  {total:,} bytes")


def _scaled(whole: Image.Image, width: int) -> Image.Image:
    if width == whole.width:
        return whole
    height = round(whole.height * width / whole.width)
    small = whole.resize((width, height), Image.Resampling.LANCZOS)
    return small.filter(ImageFilter.UnsharpMask(0.6, 45, 2))


def _encoded_for_phones(picture: Image.Image, rendition: Rendition) -> bytes:
    """As asked for, or as well as it fits where phones load it."""
    body = _encoded(picture, rendition)
    while (rendition.ending, rendition.width) == ("avif", PHONE) and len(body) > PHONE_LARGEST:
        rendition = replace(rendition, quality=rendition.quality - 2)
        body = _encoded(picture, rendition)
    return body


def _encoded(picture: Image.Image, rendition: Rendition) -> bytes:
    out = io.BytesIO()
    if rendition.ending == "avif":
        picture.save(out, "AVIF", quality=rendition.quality, speed=4, subsampling="4:2:0")
    else:
        picture.save(out, "WEBP", quality=rendition.quality, method=6, use_sharp_yuv=True)
    return out.getvalue()


def _tidy(category: str, stems: set[str]) -> None:
    index = _read_index(category)
    for stem in [s for s in index if s not in stems]:
        for ending, files in index.pop(stem)["files"].items():
            for file in files:
                (CATALOGUE / category / f"{stem}-{file['width']}.{ending}").unlink(missing_ok=True)
        _write_index(category, index)


def _read_index(category: str) -> dict[str, Any]:
    try:
        return json.loads((CATALOGUE / category / "index.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}


def _write_index(category: str, index: dict[str, Any]) -> None:
    text = json.dumps(dict(sorted(index.items())), indent=1, ensure_ascii=False) + "\n"
    (CATALOGUE / category / "index.json").write_text(text, "utf-8")
