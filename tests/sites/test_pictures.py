"""From a picture's files to an element."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.sites.pictures import PLACEHOLDER, picture_view, share_view, smallest_path
from tests.sites.shops import draw_picture

ADDRESS = "https://shop.example.com"


@dataclass(frozen=True)
class File:
    type: str
    width: int
    height: int
    path: str
    body: bytes = b""


@dataclass(frozen=True)
class Photograph:
    renditions: tuple[File, ...]
    alt: str = "A lamp"
    width: int = 1600
    height: int = 2000


def _files(kind: str, *widths: int) -> tuple[File, ...]:
    return tuple(File(f"image/{kind}", w, w * 5 // 4, f"/pictures/lamp-{w}.{kind}") for w in widths)


def test_the_best_format_comes_first_and_the_plain_one_last() -> None:
    """AVIF where a browser takes it, else WebP; each with all its widths."""
    view = picture_view(Photograph((*_files("webp", 320, 640, 1280), *_files("avif", 320, 640, 1280))))

    assert [source.type for source in view.sources] == ["image/avif"]
    assert view.sources[0].srcset == (
        "/pictures/lamp-320.avif 320w, /pictures/lamp-640.avif 640w, /pictures/lamp-1280.avif 1280w"
    )
    assert view.srcset.startswith("/pictures/lamp-320.webp 320w, ")
    assert view.src == "/pictures/lamp-1280.webp"
    assert (view.width, view.height, view.alt) == (1600, 2000, "A lamp")


def test_a_picture_of_one_file_names_no_widths() -> None:
    view = picture_view(draw_picture("desk-lamp"))

    assert (view.srcset, view.sources) == ("", ())
    assert view.src.endswith(".svg")


def test_what_is_shared_is_no_drawing() -> None:
    """A photograph of about 1,200 pixels, JPEG rather than WebP, with its own size; of a drawing nothing."""
    both = Photograph((*_files("webp", 640, 1280), *_files("jpeg", 600, 1200, 2400)))
    shared = share_view(both, ADDRESS)

    assert shared
    assert shared.src == f"{ADDRESS}/pictures/lamp-1200.jpeg"
    assert (shared.width, shared.height) == (1200, 1500)
    assert share_view(Photograph(_files("webp", 320, 640)), ADDRESS).src.endswith("lamp-640.webp")  # pyright: ignore[reportOptionalMemberAccess]
    assert share_view(draw_picture("desk-lamp"), ADDRESS) is None


def test_lists_take_small_files() -> None:
    picture = Photograph((*_files("avif", 160, 320), *_files("webp", 160, 320, 640)))

    assert smallest_path(picture, 200) == "/pictures/lamp-320.webp"
    assert smallest_path(picture, 5_000) == "/pictures/lamp-640.webp"


def test_the_placeholder_is_a_picture_of_nothing() -> None:
    view = picture_view(PLACEHOLDER)

    assert view.alt == ""
    assert view.src.startswith("/pictures/placeholder.")
