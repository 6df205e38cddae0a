"""
A small photographic studio for SVG: a backdrop, one light from the upper left, and shapes that take it.

Everything is drawn in a field of 1200 × 1200 whose floor meets the object at y = 930. Scenes place the same drawings, smaller, on a
wider field. Gradients are shared within a file, numbers are short, and there is no text and no script.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape

Stop = str | tuple[str, float] | tuple[str, float, float]
Draw = Callable[["Studio"], None]

FIELD = 1200
FLOOR = 930


def mix(one: str, other: str, share: float) -> str:
    """A colour between two, evenly to the eye (in OKLab): `share` 0 is `one`, 1 is `other`."""
    pairs = zip(_to_lab(one), _to_lab(other), strict=True)
    return _from_lab([a + (b - a) * share for a, b in pairs])


def light(colour: str, share: float) -> str:
    return mix(colour, "#ffffff", share)


def dark(colour: str, share: float) -> str:
    return mix(colour, "#14151c", share)


def _to_lab(colour: str) -> list[float]:
    r, g, b = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    mid = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return [
        0.2104542553 * long + 0.7936177850 * mid - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * mid + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * mid - 0.8086757660 * short,
    ]


def _from_lab(lab: list[float]) -> str:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    mid = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * long - 3.3077115913 * mid + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * mid - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * mid + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(min(max(v, 0.0), 1.0))):02x}" for v in rgb)


def _linear(v: float) -> float:
    return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4


def _gamma(v: float) -> float:
    return 12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.0f}"
    return str(value)


class Studio:
    """One picture in the making."""

    def __init__(self, title: str, width: int = FIELD, height: int = FIELD) -> None:
        self.title = title
        self.width = width
        self.height = height
        self._definitions: dict[str, str] = {}
        self._body: list[str] = []

    # --- shapes ---

    def add(self, tag: str, **attributes: object) -> None:
        """One element. `stroke_width` becomes `stroke-width`; None leaves an attribute out."""
        self._body.append(_element(tag, attributes))

    def rect(
        self, x: float, y: float, w: float, h: float, r: float = 0, fill: str = "none", **more: object
    ) -> None:
        self.add("rect", x=x, y=y, width=w, height=h, rx=r or None, fill=fill, **more)

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, fill: str = "none", **more: object) -> None:
        self.add("ellipse", cx=cx, cy=cy, rx=rx, ry=ry, fill=fill, **more)

    def circle(self, cx: float, cy: float, r: float, fill: str = "none", **more: object) -> None:
        self.add("circle", cx=cx, cy=cy, r=r, fill=fill, **more)

    def path(self, d: str, fill: str | None = "none", **more: object) -> None:
        self.add("path", d=d, fill=fill, **more)

    def line(self, d: str, stroke: str, width: float, **more: object) -> None:
        """An open path, drawn with a round pen."""
        self.add("path", d=d, fill="none", stroke=stroke, stroke_width=width, **more)

    @contextmanager
    def group(self, **attributes: object) -> Iterator[None]:
        self._body.append(_element("g", attributes)[:-2] + ">")
        yield
        self._body.append("</g>")

    def mirrored(self, draw: Callable[[], None]) -> None:
        """Draw both halves of something symmetrical about x = 600."""
        draw()
        with self.group(transform=f"matrix(-1 0 0 1 {FIELD} 0)"):
            draw()

    def place(self, draw: Draw, x: float, floor: float, scale: float) -> None:
        """Put a whole drawing into a scene: its foot stands at (x, floor)."""
        move = f"translate({_number(x - FIELD / 2 * scale)} {_number(floor - FLOOR * scale)}) scale({scale})"
        with self.group(transform=move):
            draw(self)

    # --- paint ---

    def linear(self, *stops: Stop, angle: float = 90) -> str:
        """A gradient along `angle` degrees: 0 to the right, 90 downwards, 45 away from the light."""
        x, y = math.cos(math.radians(angle)) / 2, math.sin(math.radians(angle)) / 2
        box = _unless({"x1": 0.5 - x, "y1": 0.5 - y, "x2": 0.5 + x, "y2": 0.5 + y}, x1=0, y1=0, x2=1, y2=0)
        return self._define("linearGradient", box, _stops(stops))

    def radial(self, *stops: Stop, cx: float = 0.5, cy: float = 0.5, r: float = 0.5) -> str:
        box = _unless({"cx": cx, "cy": cy, "r": r}, cx=0.5, cy=0.5, r=0.5)
        return self._define("radialGradient", box, _stops(stops))

    def face(self, colour: str, contrast: float = 1.0, angle: float = 50) -> str:
        """A flat surface that turns a little away from the light."""
        return self.linear(
            light(colour, 0.22 * contrast),
            (colour, 0.45),
            (dark(colour, 0.22 * contrast), 1),
            angle=angle,
        )

    def round(self, colour: str, gloss: float = 0.5, angle: float = 0) -> str:
        """An upright cylinder: shade, light, body, shade, and a rim of bounced light."""
        return self.linear(
            (dark(colour, 0.3), 0),
            (light(colour, gloss * 0.7), 0.2),
            (colour, 0.48),
            (dark(colour, 0.42), 0.92),
            (dark(colour, 0.22), 1),
            angle=angle,
        )

    def ball(self, colour: str, gloss: float = 0.5) -> str:
        return self.radial(
            (light(colour, gloss), 0),
            (colour, 0.45),
            (dark(colour, 0.42), 1),
            cx=0.34,
            cy=0.28,
            r=0.82,
        )

    def metal(self, colour: str, angle: float = 0) -> str:
        return self.linear(
            (dark(colour, 0.35), 0),
            (light(colour, 0.65), 0.18),
            (colour, 0.36),
            (dark(colour, 0.3), 0.62),
            (light(colour, 0.35), 0.84),
            (dark(colour, 0.35), 1),
            angle=angle,
        )

    def pattern(self, size: tuple[float, float], *inner: str, transform: str | None = None) -> str:
        """A repeated tile; `inner` are elements made with `shape`."""
        attributes: dict[str, object] = {
            "width": size[0],
            "height": size[1],
            "patternUnits": "userSpaceOnUse",
            "patternTransform": transform,
        }
        return self._define("pattern", attributes, "".join(inner))

    def clip(self, *inner: str) -> str:
        return self._define("clipPath", {}, "".join(inner))

    def blur(self, deviation: float) -> str:
        box: dict[str, object] = {"x": "-30%", "y": "-30%", "width": "160%", "height": "160%"}
        return self._define("filter", box, f'<feGaussianBlur stdDeviation="{_number(deviation)}"/>')

    # --- the set ---

    def backdrop(self, tint: str, floor: bool = True) -> None:
        """Paper, lit from the upper left; with a floor it rolls forward without a corner."""
        w, h = self.width, self.height
        self.rect(
            0, 0, w, h, fill=self.linear(light(tint, 0.2), (tint, 0.7), (dark(tint, 0.08), 1), angle=60)
        )
        glow = self.radial(("#ffffff", 0, 0.7), ("#ffffff", 1, 0), cx=0.26, cy=0.2, r=0.75)
        self.rect(0, 0, w, h, fill=glow)
        if floor:
            shade = dark(tint, 0.16)
            roll = self.linear(
                (shade, 0, 0), (shade, 0.4, 0.26), (shade, 0.6, 0.22), (light(tint, 0.4), 1, 0.3)
            )
            self.rect(0, h * 0.56, w, h * 0.44, fill=roll)

    def shadow(self, cx: float, cy: float, rx: float, ry: float = 0, strength: float = 1.0) -> None:
        """What an object on the floor casts: a wide soft one away from the light, a dark one where it touches."""
        ry = ry or rx * 0.13
        soft = self.radial(("#1c1a20", 0, 0.42), ("#1c1a20", 0.5, 0.16), ("#1c1a20", 1, 0))
        self.ellipse(cx + rx * 0.2, cy + ry * 0.35, rx * 1.35, ry * 1.7, soft, opacity=strength * 0.75)
        self.ellipse(cx + rx * 0.02, cy, rx * 1.04, ry * 0.8, soft, opacity=strength)

    def cast(self, d: str, dx: float = 26, dy: float = 34, strength: float = 0.3, soft: float = 22) -> None:
        """The shadow of something that lies on the paper or hangs before it."""
        self.path(d, "#1c1a20", opacity=strength, filter=self.blur(soft), transform=f"translate({dx} {dy})")

    def gleam(self, d: str, width: float, strength: float = 0.5) -> None:
        """A highlight along an edge."""
        self.line(d, "#ffffff", width, opacity=strength)

    def plinth(self, x: float, floor: float, width: float, height: float, colour: str) -> None:
        """A round block to stand things on. `floor` is the height of its foot."""
        rx, ry, top = width / 2, width * 0.1, floor - height
        self.shadow(x, floor + ry * 0.4, rx, ry * 1.5, 0.8)
        self.path(
            f"M{x - rx} {top}V{floor}A{rx} {ry} 0 0 0 {x + rx} {floor}V{top}Z", self.round(colour, 0.35)
        )
        self.ellipse(x, top, rx, ry, self.linear(light(colour, 0.5), light(colour, 0.12), angle=20))

    def to_svg(self) -> str:
        defs = "".join(self._definitions[key] for key in self._definitions)
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}" stroke-linecap="round">'
        return f"{head}<title>{escape(self.title)}</title><defs>{defs}</defs>{''.join(self._body)}</svg>\n"

    def _define(self, tag: str, attributes: dict[str, object] | dict[str, float], inner: str) -> str:
        key = f"{tag}{sorted(attributes.items(), key=str)}{inner}"
        names = list(self._definitions)
        if key not in self._definitions:
            element = _element(tag, {"id": f"d{len(names)}", **attributes})[:-2]
            self._definitions[key] = f"{element}>{inner}</{tag}>"
            names.append(key)
        return f"url(#d{names.index(key)})"


def shape(tag: str, **attributes: object) -> str:
    """An element as text, for patterns and clips."""
    return _element(tag, attributes)


def _element(tag: str, attributes: dict[str, object] | dict[str, float]) -> str:
    words = [f'{k.replace("_", "-")}="{_number(v)}"' for k, v in attributes.items() if v is not None]
    return f"<{' '.join([tag, *words])}/>"


def _unless(attributes: dict[str, float], **defaults: float) -> dict[str, float]:
    """The attributes that differ from what SVG takes them for anyway."""
    return {k: v for k, v in attributes.items() if abs(v - defaults[k]) > 0.004}


def _short(colour: str) -> str:
    double = len(colour) == 7 and colour[1::2] == colour[2::2]
    return f"#{colour[1::2]}" if double else colour


def _stops(stops: tuple[Stop, ...]) -> str:
    made: list[str] = []
    for i, stop in enumerate(stops):
        colour, offset, opacity = _stop(stop, i / max(len(stops) - 1, 1))
        made.append(
            shape(
                "stop",
                offset=offset or None,
                stop_color=_short(colour),
                stop_opacity=opacity if opacity < 1 else None,
            )
        )
    return "".join(made)


def _stop(stop: Stop, default: float) -> tuple[str, float, float]:
    if isinstance(stop, str):
        return stop, float(default), 1.0
    return stop[0], float(stop[1]), float(stop[2]) if len(stop) == 3 else 1.0
