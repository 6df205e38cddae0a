"""What a finished picture is made of: an object alone, or a scene of several."""

from __future__ import annotations

from dataclasses import dataclass

from pictures.studio import FIELD, FLOOR, Draw, Studio


@dataclass(frozen=True, slots=True)
class Shot:
    """One product before a backdrop, 1200 × 1200; without a floor where it hangs, or lies and is seen from above."""

    title: str
    backdrop: str
    draw: Draw
    floor: bool = True
    #: How near the camera stands.
    zoom: float = 1.0

    def to_svg(self) -> str:
        studio = Studio(self.title)
        studio.backdrop(self.backdrop, self.floor)
        if self.zoom == 1:
            self.draw(studio)
        else:
            studio.place(self.draw, FIELD / 2, 620 + (FLOOR - 620) * self.zoom, self.zoom)
        return studio.to_svg()


@dataclass(frozen=True, slots=True)
class Plinth:
    """A block in a scene; its foot's middle stands at (x, floor)."""

    x: float
    floor: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Item:
    """An object in a scene, its foot at (x, floor)."""

    draw: Draw
    x: float
    floor: float
    scale: float


@dataclass(frozen=True, slots=True)
class Scene:
    """Several objects on one set, 1600 × 1000, drawn in their order: the nearest last."""

    title: str
    backdrop: str
    things: tuple[Plinth | Item, ...]
    floor: bool = True

    def to_svg(self) -> str:
        studio = Studio(self.title, 1600, 1000)
        studio.backdrop(self.backdrop, self.floor)
        for thing in self.things:
            if isinstance(thing, Plinth):
                studio.plinth(thing.x, thing.floor, thing.width, thing.height, thing.colour)
            else:
                studio.place(thing.draw, thing.x, thing.floor, thing.scale)
        return studio.to_svg()
