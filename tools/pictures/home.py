"""Lamps, stoneware, glass, textiles."""

from __future__ import annotations

from pictures import palette as p
from pictures.fashion import cloth
from pictures.studio import Studio, dark, light, shape


def speckles(s: Studio, c: str) -> str:
    dots = ((8, 12, 2.2), (34, 40, 1.6), (52, 18, 1.2), (20, 60, 1.4), (60, 66, 2))
    return s.pattern(
        (76, 76), *(shape("circle", cx=x, cy=y, r=r, fill=dark(c, 0.6), opacity=0.4) for x, y, r in dots)
    )


def lamp(s: Studio, c: str, cable: bool = True) -> None:
    s.ellipse(600, 430, 500, 400, s.radial(("#ffe3a6", 0, 0.75), ("#ffe9c0", 0.5, 0.26), ("#fff1d6", 1, 0)))
    s.shadow(600, 924, 210, 36)
    if cable:
        s.line("M720 908C860 930 960 900 1060 940S1180 930 1240 950", dark(p.BONE, 0.5), 9)
    s.rect(588, 540, 24, 110, 6, s.metal(p.BRASS))
    foot = "M566 632H634C660 690 772 730 772 828C772 900 720 932 600 932C480 932 428 900 428 828C428 730 540 690 566 632Z"
    s.path(foot, s.round(c, 0.5))
    s.path(foot, speckles(s, c))
    s.ellipse(532, 770, 34, 60, "#fff", opacity=0.25, filter=s.blur(14), transform="rotate(24 532 770)")
    shade = "M452 236H748L868 560Q600 606 332 560Z"
    s.path(shade, s.linear("#fff6e2", ("#ffe6b4", 0.5), ("#f2c987", 1)))
    s.path(
        shade,
        s.linear(
            ("#8a5a20", 0, 0.26), ("#8a5a20", 0.25, 0), ("#8a5a20", 0.7, 0), ("#8a5a20", 1, 0.36), angle=0
        ),
    )
    s.path(
        shade,
        s.pattern((7, 7), shape("path", d="M0 0V7M0 0H7", stroke="#a9803f", stroke_width=1, opacity=0.3)),
    )
    s.ellipse(600, 236, 148, 20, "#fff3d2")
    s.line("M332 560Q600 606 868 560", "#d9ab66", 7, opacity=0.8)


def pendant(s: Studio, c: str) -> None:
    s.path("M320 640L120 1200H1080L880 640Z", s.linear(("#ffe6ad", 0, 0.75), ("#fff0cf", 1, 0)))
    s.line("M600 0V300", "#2b2b30", 9)
    s.rect(566, 270, 68, 82, 16, s.metal(p.BRASS))
    s.path(
        "M600 336C790 336 900 470 920 640H280C300 470 410 336 600 336Z",
        s.linear(dark(c, 0.15), (light(c, 0.5), 0.24), (c, 0.55), (dark(c, 0.45), 1), angle=0),
    )
    s.gleam("M352 560C372 470 430 400 510 372", 16, 0.4)
    s.ellipse(600, 640, 320, 58, dark(c, 0.4))
    s.ellipse(600, 642, 306, 52, s.radial(("#fffdf4", 0), ("#ffeec2", 0.5), ("#f3cf8e", 1)))
    s.circle(600, 652, 46, s.radial("#ffffff", ("#fff3cf", 0.7), ("#ffe4a3", 1)))


def glass(s: Studio, d: str, water: str | None = None) -> None:
    """Something blown: barely tinted, dark where the wall is seen edge on, bright where the window is."""
    s.path(
        d,
        s.linear(
            ("#7d98a3", 0, 0.5),
            ("#ffffff", 0.14, 0.5),
            ("#dfeaec", 0.5, 0.16),
            ("#8fa9b3", 0.9, 0.34),
            ("#5f7c88", 1, 0.6),
            angle=0,
        ),
    )
    if water:
        s.path(water, s.linear(("#8fc1cf", 0, 0.5), ("#cfe8ec", 0.3, 0.45), ("#6fa6b6", 1, 0.6), angle=0))
    s.path(d, "none", stroke="#5f7c88", stroke_width=3, opacity=0.55)


def carafe(s: Studio, c: str = p.SILVER) -> None:
    s.shadow(480, 924, 220, 36)
    glass(
        s,
        "M410 300H550C540 400 560 460 620 540C680 620 690 700 680 860Q676 926 620 930H340Q284 926 280 860C270 700 280 620 340 540C400 460 420 400 410 300Z",
        "M300 640C292 700 292 780 296 850Q300 912 344 916H616Q660 912 664 850C668 780 668 700 660 640Q480 664 300 640Z",
    )
    s.ellipse(480, 640, 180, 18, "#e5f4f5", opacity=0.8)
    s.gleam("M318 660C308 740 312 800 318 850", 14, 0.75)
    s.gleam("M424 320C424 400 410 440 384 484", 9, 0.7)
    s.ellipse(480, 300, 70, 12, light(c, 0.5), opacity=0.7, stroke="#5f7c88", stroke_width=3)
    for x, y in ((800, 930), (960, 880)):
        s.shadow(x, y - 6, 92, 20)
        glass(
            s,
            f"M{x - 84} {y - 210}H{x + 84}L{x + 72} {y - 16}Q{x + 70} {y} {x + 54} {y}H{x - 54}Q{x - 70} {y} {x - 72} {y - 16}Z",
            f"M{x - 78} {y - 110}Q{x} {y - 98} {x + 78} {y - 110}L{x + 68} {y - 20}Q{x + 66} {y - 10} {x + 52} {y - 10}H{x - 52}Q{x - 66} {y - 10} {x - 68} {y - 20}Z",
        )
        s.ellipse(x, y - 210, 84, 13, "#fff", opacity=0.5, stroke="#5f7c88", stroke_width=3)
        s.gleam(f"M{x - 62} {y - 180}L{x - 54} {y - 40}", 9, 0.7)


def mug(s: Studio, c: str, clay: str = "#8a6a55") -> None:
    s.shadow(600, 916, 200, 36)
    s.line("M776 600C920 580 920 800 768 808", s.linear(light(clay, 0.2), dark(clay, 0.2)), 42)
    s.line("M776 592C904 576 904 790 768 798", light(clay, 0.35), 8, opacity=0.5)
    s.path("M410 500L422 880Q426 930 480 930H720Q774 930 778 880L790 500Z", s.round(clay, 0.4))
    glaze = "M410 500L418 752C450 790 486 740 530 764S610 800 660 756S744 776 782 748L790 500Z"
    s.path(glaze, s.round(c, 0.6))
    s.path(glaze, speckles(s, c))
    s.ellipse(600, 500, 190, 44, light(c, 0.3))
    s.ellipse(600, 504, 174, 37, s.linear(dark(c, 0.45), dark(c, 0.12), angle=50))
    s.ellipse(606, 512, 156, 28, s.linear("#3d2317", "#6d4228", angle=30))
    s.line("M414 520A188 42 0 0 0 500 540", "#fff", 7, opacity=0.5)


def mugs(s: Studio, c: str) -> None:
    s.place(lambda t: mug(t, dark(c, 0.06)), 770, 850, 0.78)
    s.place(lambda t: mug(t, c), 430, 935, 0.98)


def pear(s: Studio, x: float, y: float, turn: float, c: str = "#b7ab4c") -> None:
    with s.group(transform=f"translate({x} {y}) rotate({turn})"):
        s.line("M0 -150C4 -176 12 -190 22 -200", "#5b3d24", 8)
        s.path(
            "M0 -154C44 -154 40 -92 66 -50C104 10 78 84 0 84C-78 84 -104 10 -66 -50C-40 -92 -44 -154 0 -154Z",
            s.ball(c, 0.5),
        )
        s.ellipse(40, 20, 30, 46, "#b5603a", opacity=0.3, filter=s.blur(12))


def bowl(s: Studio, c: str) -> None:
    s.shadow(600, 916, 300, 46)
    s.ellipse(600, 560, 390, 92, dark(c, 0.5))
    for x, y, turn, colour in (
        (420, 560, -24, "#a9a846"),
        (770, 560, 26, "#c2a24a"),
        (520, 570, -6, "#b7ab4c"),
        (680, 576, 12, "#9fa244"),
    ):
        pear(s, x, y, turn, colour)
    body = "M206 560C230 780 400 880 480 890V920Q600 944 720 920V890C800 880 970 780 994 560C900 690 300 690 206 560Z"
    s.path(body, s.round(c, 0.6))
    s.path(body, speckles(s, c))
    s.line("M206 560C300 692 900 692 994 560", light(c, 0.6), 12)
    s.path("M480 884Q600 912 720 884V920Q600 944 480 920Z", dark(c, 0.3), opacity=0.5)


def board(s: Studio, c: str) -> None:
    s.shadow(620, 926, 330, 36)
    d = "M420 190Q420 160 450 160H750Q780 160 780 190L800 900Q800 932 770 932H430Q400 932 400 900Z"
    s.path(d, dark(c, 0.34), transform="translate(22 4)")
    s.path(d, s.linear(light(c, 0.3), (c, 0.5), (dark(c, 0.14), 1), angle=40))
    clip = s.clip(shape("path", d=d))
    with s.group(clip_path=clip):
        for i in range(9):
            x = 424 + i * 44
            s.line(
                f"M{x} 150C{x + 26 - i * 3} 360 {x - 30 + i * 4} 620 {x + 8} 940",
                dark(c, 0.4),
                2 + i % 3 * 1.6,
                opacity=0.35,
            )
        s.ellipse(660, 560, 26, 56, "none", stroke=dark(c, 0.4), stroke_width=4, opacity=0.35)
        s.ellipse(660, 560, 12, 30, dark(c, 0.3), opacity=0.4)
    s.circle(600, 240, 34, s.linear(dark(c, 0.6), dark(c, 0.3)))
    s.gleam("M424 200L404 890", 5, 0.5)
    s.shadow(800, 934, 190, 26)
    s.path(
        "M620 862C600 740 980 720 990 850Q994 930 930 934H690Q626 934 620 862Z",
        s.linear("#e0b077", "#b5763d", "#7a4722"),
    )
    for x in (700, 780, 860):
        s.line(f"M{x} 790C{x + 40} 800 {x + 50} 830 {x + 40} 860", "#f3dcb4", 14, opacity=0.75)


def throw(s: Studio, c: str) -> None:
    s.shadow(600, 924, 380, 44)
    twill = s.pattern(
        (16, 16),
        shape("path", d="M0 16L8 0L16 16", stroke=light(c, 0.7), stroke_width=2.4, fill="none", opacity=0.4),
    )
    for i, y in enumerate((780, 640, 500)):
        shade = dark(c, 0.1 - i * 0.04)
        d = f"M250 {y}Q220 {y + 74} 256 {y + 146}H930Q964 {y + 76} 940 {y}Q600 {y - 22} 250 {y}Z"
        cloth(s, d, shade, (f"M300 {y + 96}C500 {y + 112} 760 {y + 96} 930 {y + 110}",), twill)
        s.line(f"M262 {y + 144}H926", dark(c, 0.6), 6, opacity=0.45)
    top = "M248 506Q600 480 942 506Q936 440 860 432H340Q256 440 248 506Z"
    cloth(s, top, light(c, 0.2), (), twill)
    drape = "M560 446H800C830 560 806 720 822 830Q690 852 566 830C580 700 548 560 560 446Z"
    s.path(drape, "#1c1a20", opacity=0.3, transform="translate(14 12)", filter=s.blur(12))
    cloth(
        s,
        drape,
        light(c, 0.06),
        ("M620 450C640 580 610 720 630 840", "M740 450C724 580 756 720 736 840"),
        twill,
    )
    fringe = (f"M{574 + i * 17} 832q{i % 3 * 3 - 3} 32 {i % 2 * 6 - 3} 62" for i in range(15))
    s.line("".join(fringe), dark(c, 0.06), 7)


def cushion(s: Studio, c: str) -> None:
    s.shadow(600, 910, 360, 46)
    d = "M250 330Q236 296 280 306C480 346 720 346 920 306Q964 296 950 330C918 500 918 700 954 880Q964 926 916 914C720 880 480 880 284 914Q236 926 246 880C282 700 282 500 250 330Z"
    linen = s.pattern(
        (8, 8), shape("path", d="M0 2H8M2 0V8", stroke=dark(c, 0.6), stroke_width=1, opacity=0.22)
    )
    cloth(
        s,
        d,
        c,
        (
            "M270 330C330 380 360 410 390 450",
            "M930 330C870 380 840 410 810 450",
            "M270 890C330 830 360 800 390 760",
            "M930 890C870 830 840 800 810 760",
        ),
        linen,
    )
    s.ellipse(560, 560, 210, 190, light(c, 0.6), opacity=0.25, filter=s.blur(60))
    s.line("M252 326Q480 372 600 368T948 326", light(c, 0.4), 4, opacity=0.4)


def branch(s: Studio) -> None:
    s.line(
        "M604 470C590 360 640 260 600 120M602 330C660 290 700 270 726 200M604 400C540 360 500 330 480 250",
        "#6a4a33",
        9,
    )
    for x, y, turn in (
        (600, 120, 0),
        (640, 210, 50),
        (560, 190, -50),
        (726, 200, 30),
        (690, 280, 80),
        (480, 250, -30),
        (516, 320, -80),
        (650, 300, 60),
        (566, 300, -50),
        (560, 380, -70),
        (744, 150, 10),
    ):
        leaf(s, x, y, turn, "#7c8f6a")


def leaf(s: Studio, x: float, y: float, turn: float, c: str, size: float = 1.0) -> None:
    with s.group(transform=f"translate({x} {y}) rotate({turn}) scale({size})"):
        s.path(
            "M0 10C-34 -20 -26 -66 0 -92C26 -66 34 -20 0 10Z",
            s.linear(light(c, 0.35), c, dark(c, 0.3), angle=20),
        )
        s.line("M0 8V-76", dark(c, 0.4), 2.5, opacity=0.6)


def vase(s: Studio, c: str) -> None:
    s.shadow(600, 924, 210, 38)
    branch(s)
    body = "M552 440H648C640 520 660 560 720 620C800 700 806 800 740 890Q710 932 660 932H540Q490 932 460 890C394 800 400 700 480 620C540 560 560 520 552 440Z"
    s.path(body, s.round(c, 0.5))
    s.path(body, speckles(s, c))
    s.ellipse(600, 440, 48, 11, dark(c, 0.55))
    s.line("M552 440A48 11 0 0 0 648 440", light(c, 0.5), 5)
    s.ellipse(506, 720, 30, 80, "#fff", opacity=0.28, filter=s.blur(16), transform="rotate(16 506 720)")


def candle(s: Studio, c: str) -> None:
    s.ellipse(600, 420, 360, 330, s.radial(("#ffdf9a", 0, 0.7), ("#ffe7ba", 0.5, 0.25), ("#fff1d6", 1, 0)))
    s.shadow(600, 924, 210, 38)
    s.path(
        "M410 520V890Q410 932 452 932H748Q790 932 790 890V520Z",
        s.linear(
            ("#7c6a58", 0, 0.5), ("#ffffff", 0.14, 0.55), ("#f4ead8", 0.5, 0.3), ("#7c6a58", 1, 0.55), angle=0
        ),
    )
    s.path(
        "M422 590V880Q424 918 458 918H742Q776 918 778 880V590Z",
        s.linear(dark(c, 0.12), light(c, 0.45), c, dark(c, 0.25), angle=0),
    )
    s.ellipse(600, 590, 178, 34, s.radial("#fff6da", ("#fbe2ad", 0.5), (c, 1)))
    s.ellipse(600, 520, 190, 38, stroke="#8b7a68", stroke_width=5, opacity=0.6)
    s.rect(490, 690, 220, 160, 4, s.linear("#fbf7ee", "#e8dfcf"))
    leaf(s, 600, 780, 0, p.MOSS, 0.62)
    s.line("M550 812H650M570 830H630", "#8b8474", 4)
    s.line("M600 590V540", "#3a2a20", 7)
    s.path(
        "M600 410C640 470 640 500 632 524A34 34 0 0 1 568 524C560 500 570 470 600 410Z",
        s.linear("#fff1b8", ("#ffc65a", 0.6), ("#f08a3c", 1)),
    )
    s.path("M600 476C616 504 616 520 610 532A14 14 0 0 1 590 532C584 520 588 504 600 476Z", "#fffbe8")
    s.gleam("M430 560V880", 10, 0.7)
