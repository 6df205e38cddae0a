"""Home: stoneware, oak, linen, wool, glass and warm light."""

from __future__ import annotations

from tools.stills import materials as m
from tools.stills import shapes as s
from tools.stills.studio import VARIANT, Studio, still

CHALK = "#e6dfd2"
SEA = "#7f9a99"
RUST = "#a9583a"
DARK_CLAY = "#8a6a52"


def mug(glaze: str, at=(0, 0, 0), turn: float = 0.0, clay: str = DARK_CLAY):
    """A stoneware mug, 9 cm tall: glazed inside and half-way down, bare where it is held."""
    material = m.dipped(glaze, clay, 3.4, 0.55, 0.5)
    body = s.lathe(
        [
            (0, 0.25),
            (2.7, 0.25, 0.2),
            (2.8, 0, 0.1),
            (3.5, 0, 0.25),
            (4.15, 0.9, 1.0),
            (4.25, 4.5, 2),
            (4.1, 8.8, 0.3),
            (4.12, 9.0, 0.14),
            (3.86, 9.0, 0.14),
            (3.8, 8.7, 0.3),
            (3.9, 4.5, 2),
            (3.75, 1.2, 0.8),
            (0, 0.9),
        ],
        material,
        name="mug",
        wobble=0.006,
    )
    path = [
        (4.0, 0, 7.4),
        (5.2, 0, 7.9),
        (6.5, 0, 7.2),
        (6.9, 0, 5.4),
        (6.3, 0, 3.5),
        (5.0, 0, 2.4),
        (4.05, 0, 2.2),
    ]
    handle = s.tube(path, 0.62, material, flat=0.62, radii=[1.25, 1, 0.95, 0.92, 0.95, 1, 1.2])
    return s.place(s.join([body, handle], "mug"), at, turn)


@still(
    "home/kiln-stoneware-mugs",
    "Two hand-thrown stoneware mugs with chalk-white glaze, the lower half left as bare brown clay",
    glaze=CHALK,
)
@still(
    "home/kiln-stoneware-mugs-sea",
    "The two stoneware mugs in sea-green glaze over bare brown clay",
    VARIANT,
    glaze=SEA,
)
@still(
    "home/kiln-stoneware-mugs-rust",
    "The two stoneware mugs in rust-red glaze over bare brown clay",
    VARIANT,
    glaze=RUST,
)
def mugs(studio: Studio, glaze: str) -> None:
    studio.sweep("#ddd2c2")
    mug(glaze, (-3.6, 2.2, 0), 150)
    mug(glaze, (3.3, -2.2, 0), -28)
    studio.camera(24, (0.2, 0, 5.2), elevation=17, blur=0.005)
    studio.softbox(-62, 42, 0.9, 1.2)
    studio.rim(140, 30, 0.45)
