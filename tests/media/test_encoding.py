"""In which sizes a picture is offered, and how its files are made to fit."""

from __future__ import annotations

import math

import pytest

from provisioning.media.encoding import WIDTHS, fit, sizes_of
from provisioning.media.making import make_ready
from tests.media.pictures import photograph, saved


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((3_000, 2_000), WIDTHS),
        ((1_600, 1_600), WIDTHS),
        ((1_000, 700), (320, 480, 640, 800, 1_000)),
        ((820, 700), (320, 480, 640, 820)),
        ((320, 320), (320,)),
        ((100, 30), (100,)),
        # A banner that stands upright is no higher than others are wide.
        ((1_000, 9_000), (320, 355)),
    ],
)
def test_the_sizes_end_with_the_picture_s_own(size: tuple[int, int], widths: tuple[int, ...]) -> None:
    """None is larger than the picture, none is nearly another, and all have its form."""
    sizes = sizes_of(*size)

    if size != (1_000, 9_000):
        assert tuple(width for width, _ in sizes) == widths
    assert all(width <= size[0] and height <= 3_200 for width, height in sizes)
    for width, height in sizes:
        assert abs(width * size[1] / size[0] - height) <= 1


class Encoding:
    """An encoder whose files halve with every `halving` steps of quality."""

    def __init__(self, largest: int, halving: float) -> None:
        self.largest, self.halving, self.asked = largest, halving, list[int]()

    def __call__(self, quality: int) -> bytes:
        self.asked.append(quality)
        return bytes(math.ceil(self.largest * 2 ** ((quality - 62) / self.halving)))


@pytest.mark.parametrize("halving", [6, 10, 14, 20, 30])
@pytest.mark.parametrize("largest", [30_000, 46_000, 60_000, 90_000, 150_000, 220_000])
def test_a_file_is_made_to_fit_in_few_tries(largest: int, halving: float) -> None:
    """Within its budget where any quality is, near to it, and never with a quality that was not needed."""
    encoding = Encoding(largest, halving)
    body = fit(encoding, 44_500, 62, 20)

    assert len(encoding.asked) <= 5
    assert all(20 <= quality <= 62 for quality in encoding.asked)
    if len(Encoding(largest, halving)(20)) <= 44_500:
        assert len(body) <= 44_500
    else:
        assert len(body) == len(Encoding(largest, halving)(20))
    if largest <= 44_500:
        assert encoding.asked == [62]
    elif halving >= 10 and len(body) <= 44_500:
        assert len(body) > 0.9 * 44_500


def test_a_photograph_of_3000_pixels_fits_a_phone() -> None:
    """Every file that a phone takes is at most 45,000 bytes, and the widest has not been left blurred for it."""
    body = saved(photograph(3_000, 3_000), quality=90)
    ready = make_ready(body)

    assert len(body) > 800_000
    assert [file.width for file in ready.files if file.type == "image/avif"] == list(WIDTHS)
    for file in ready.files:
        if file.type == "image/avif" and file.width <= 1_120:
            assert len(file.body) <= 45_000
        if file.type == "image/webp" and file.width <= 800:
            assert len(file.body) <= 45_000


def test_the_same_bytes_give_the_same_files() -> None:
    """What was cut off goes on with the very files that are there already."""
    body = saved(photograph(500, 400))

    assert make_ready(body) == make_ready(body)
