"""Things for a desk, for the way, and for presents."""

from __future__ import annotations

from pictures import palette as p
from pictures.electronics import landscape
from pictures.fashion import cloth
from pictures.home import leaf
from pictures.studio import Studio, dark, light, shape


def notebook(s: Studio, c: str) -> None:
    with s.group(transform="rotate(-9 600 600)"):
        s.cast("M330 220H850V960H330Z", 30, 40, 0.34, 24)
        s.rect(346, 236, 512, 732, 18, dark(c, 0.55))
        s.rect(344, 230, 508, 728, 10, s.linear("#fdfaf2", "#d9d2c2", angle=0))
        for i in range(5):
            s.line(f"M{846 - i * 2} 240V952", "#b9b09c", 1, opacity=0.7)
        s.rect(330, 220, 510, 736, 18, s.linear(light(c, 0.28), (c, 0.5), (dark(c, 0.25), 1), angle=40))
        s.rect(
            330,
            220,
            74,
            736,
            18,
            s.linear(
                (dark(c, 0.3), 0, 0.65),
                (dark(c, 0.3), 0.7, 0.4),
                (light(c, 0.4), 0.8, 0.35),
                (c, 1, 0),
                angle=0,
            ),
        )
        s.rect(748, 214, 22, 748, 4, s.linear(dark(c, 0.62), dark(c, 0.35), dark(c, 0.6), angle=0))
        s.path("M560 950H586V1030L573 1014L560 1030Z", p.CLAY)
        s.rect(500, 420, 170, 90, 4, "none", stroke=light(c, 0.5), stroke_width=4, opacity=0.6)


def pen(s: Studio, c: str) -> None:
    with s.group(transform="rotate(38 600 600)"):
        s.cast("M562 190H640V900L600 1010L562 900Z", 46, 10, 0.36, 16)
        s.rect(586, 130, 28, 70, 10, s.metal(c))
        s.path(
            "M556 190H644V880H556Z",
            s.linear(
                dark(c, 0.25),
                (light(c, 0.2), 0.32),
                (light(c, 0.7), 0.34),
                (c, 0.66),
                (dark(c, 0.15), 0.68),
                (dark(c, 0.5), 1),
                angle=0,
            ),
        )
        s.path(
            "M556 880H644L612 1010H588Z",
            s.linear(dark(c, 0.25), (light(c, 0.55), 0.35), (c, 0.62), (dark(c, 0.55), 1), angle=0),
        )
        s.path("M590 1006H610L603 1042Q600 1050 597 1042Z", s.metal(p.STEEL))
        s.rect(550, 200, 100, 16, 4, s.metal(c))
        s.rect(552, 560, 96, 8, 2, dark(c, 0.4), opacity=0.5)
        s.path(
            "M636 214H664V470Q664 486 652 486T640 470V230Z", s.linear(light(c, 0.6), dark(c, 0.3), angle=0)
        )


def bottle(s: Studio, c: str) -> None:
    s.shadow(600, 926, 170, 34)
    s.path(
        "M540 200C540 130 660 130 660 200",
        s.linear("#fff", p.STEEL, angle=0),
        stroke=dark(p.STEEL, 0.15),
        stroke_width=0,
    )
    s.line("M552 214C548 150 652 150 648 214", dark("#4a4c52", 0.2), 20)
    s.rect(520, 206, 160, 118, 18, s.round("#3b3d43", 0.45))
    s.rect(510, 316, 180, 26, 6, s.metal(p.STEEL))
    s.path(
        "M512 340H688C690 400 760 420 760 510V884Q760 932 712 932H488Q440 932 440 884V510C440 420 510 400 512 340Z",
        s.round(c, 0.55),
    )
    s.path("M440 870V884Q440 932 488 932H712Q760 932 760 884V870Z", s.metal(p.STEEL))
    leaf(s, 600, 650, 0, light(c, 0.55) if c != p.CHALK else p.MOSS, 0.8)
    s.gleam("M476 520V850", 14, 0.35)


def backpack(s: Studio, c: str) -> None:
    s.shadow(600, 924, 330, 44)
    s.line("M300 500C220 600 230 800 300 860M900 500C980 600 970 800 900 860", dark(c, 0.5), 40)
    s.line("M540 210C540 150 660 150 660 210", dark(p.TAN, 0.3), 22)
    body = "M320 420C320 300 400 210 480 204H720C800 210 880 300 880 420L904 860Q906 930 840 932H360Q294 930 296 860Z"
    cloth(s, body, c, ("M330 470C400 520 380 680 360 900", "M870 470C810 520 830 680 850 900"))
    flap = "M326 400C330 290 400 204 480 200H720C800 204 870 290 874 400L880 520Q600 570 320 520Z"
    s.path(flap, "#1c1a20", opacity=0.3, transform="translate(4 20)", filter=s.blur(12))
    cloth(s, flap, light(c, 0.05), ("M380 300C500 340 700 340 820 300",))
    s.path(
        "M372 640Q600 670 828 640L840 860Q842 884 816 886H384Q358 884 360 860Z",
        s.linear(light(c, 0.12), c, dark(c, 0.22), angle=50),
        stroke=dark(c, 0.5),
        stroke_width=3,
    )
    s.line("M374 660Q600 690 826 660", light(c, 0.5), 3, stroke_dasharray="9 7", opacity=0.7)
    for x in (450, 750):
        s.rect(x - 22, 380, 44, 330, 10, s.linear(light(p.TAN, 0.3), p.TAN, dark(p.TAN, 0.3), angle=0))
        s.rect(x - 36, 590, 72, 58, 10, "none", stroke=s.metal(p.BRASS, 45), stroke_width=12)
        s.line(f"M{x} 590V630", light(p.BRASS, 0.4), 8)
        s.line(
            f"M{x - 14} 392V700M{x + 14} 392V700", light(p.TAN, 0.5), 2.5, stroke_dasharray="7 5", opacity=0.7
        )


def enamel_mug(s: Studio, c: str, rim: str) -> None:
    s.shadow(580, 920, 230, 40)
    s.line("M770 560C920 530 930 790 766 800", s.linear(light(c, 0.5), c, dark(c, 0.35)), 34)
    s.line("M770 553C910 526 918 780 766 790", "#fff", 6, opacity=0.5)
    s.path("M360 480L372 880Q376 930 430 930H716Q770 930 774 880L786 480Z", s.round(c, 0.65))
    for x, y, r in ((470, 640, 4), (640, 760, 3), (700, 600, 4), (540, 840, 3), (440, 780, 3), (590, 560, 3)):
        s.circle(x, y, r, rim, opacity=0.55)
    s.ellipse(573, 480, 213, 50, rim)
    s.ellipse(573, 482, 200, 43, s.linear(dark(c, 0.35), light(c, 0.2), angle=60))
    s.line("M362 492A213 50 0 0 0 784 492", rim, 13)
    s.line("M372 894Q378 930 430 931H716Q768 930 774 894", rim, 10)
    s.gleam("M404 570L414 860", 16, 0.75)


def umbrella(s: Studio, c: str) -> None:
    s.shadow(650, 934, 300, 26, 0.7)
    s.line(
        "M600 300V850C600 950 720 950 716 860",
        s.linear(light(p.OAK, 0.4), p.OAK, dark(p.OAK, 0.4), angle=0),
        30,
    )
    s.line("M600 300V760", s.metal(p.STEEL), 15)
    s.line("M600 230V180", s.metal(p.STEEL), 16)
    inside = "M150 600Q600 500 1050 600Q600 690 150 600Z"
    s.path(inside, dark(c, 0.55))
    edges = (150, 330, 500, 700, 870, 1050)
    for i in range(5):
        a, b = edges[i], edges[i + 1]
        ca, cb = 600 + (a - 600) * 0.92, 600 + (b - 600) * 0.92
        shade = light(c, 0.26 - i * 0.02) if i < 2 else dark(c, (i - 2) * 0.14)
        s.path(
            f"M600 226C{600 + (ca - 600) * 0.7:.0f} 236 {ca:.0f} 400 {a} 600Q{(a + b) / 2:.0f} 548 {b} 600C{cb:.0f} 400 {600 + (cb - 600) * 0.7:.0f} 236 600 226Z",
            s.linear(light(shade, 0.16), (shade, 0.5), (dark(shade, 0.18), 1)),
        )
    for x in edges:
        s.circle(x, 602, 9, s.ball(p.STEEL, 0.6))
    s.gleam("M220 480C270 360 370 290 470 258", 10, 0.25)


def blanket(s: Studio, c: str) -> None:
    s.shadow(600, 900, 400, 54)
    tiles = (
        shape("rect", width=90, height=34, fill=p.CLAY, opacity=0.7),
        shape("rect", width=34, height=90, fill=p.CLAY, opacity=0.6),
        shape("rect", x=58, width=8, height=90, fill=p.INK, opacity=0.6),
        shape("rect", y=58, width=90, height=8, fill=p.INK, opacity=0.6),
    )
    check = s.pattern((90, 90), *tiles)
    d = "M300 520H940C1020 540 1020 880 940 904H300Z"
    s.path(d, s.linear(light(c, 0.3), (c, 0.4), (dark(c, 0.45), 1)))
    s.path(d, check)
    s.path(d, s.linear(("#fff", 0, 0.22), ("#fff", 0.3, 0), ("#000", 0.6, 0.05), ("#000", 1, 0.5)))
    s.ellipse(300, 712, 128, 194, s.linear(light(c, 0.3), dark(c, 0.15), angle=50))
    for i in range(1, 5):
        s.ellipse(
            300 + i * 3,
            712 + i * 3,
            128 - i * 27,
            194 - i * 41,
            stroke=dark(c, 0.55 if i % 2 else 0.2),
            stroke_width=14,
            opacity=0.7,
        )
    for x in (520, 760):
        s.path(
            f"M{x} 514H{x + 58}C{x + 110} 560 {x + 110} 870 {x + 58} 910H{x}C{x + 52} 870 {x + 52} 560 {x} 514Z",
            s.linear(light(p.TAN, 0.35), p.TAN, dark(p.TAN, 0.5)),
        )
        s.rect(x + 28, 640, 66, 64, 8, "none", stroke=s.metal(p.BRASS, 45), stroke_width=11)
    s.line("M566 516C580 400 790 400 804 516", dark(p.TAN, 0.25), 34)
    s.line("M566 510C580 394 790 394 804 510", light(p.TAN, 0.3), 8, opacity=0.6)


_PIECE = "M0 0H40C34 -26 66 -26 60 0H100V40C126 34 126 66 100 60V100H60C66 126 34 126 40 100H0V60C26 66 26 34 0 40Z"


def puzzle(s: Studio, c: str) -> None:
    s.shadow(600, 800, 400, 44)
    s.path("M180 330L250 270H1000L940 330Z", s.linear(light(c, 0.5), light(c, 0.2), angle=0))
    s.path("M940 330L1000 270V740L940 810Z", s.linear(dark(c, 0.35), dark(c, 0.55)))
    s.rect(180, 330, 760, 480, 6, s.face(c))
    landscape(s, 214, 364, 692, 412, 4, "#7f9a86")
    grid = s.pattern(
        (86, 82),
        shape(
            "path",
            d="M0 0H30C24 -14 56 -14 52 0H86M0 0V30C14 26 14 56 0 52V82",
            stroke="#2b2b30",
            stroke_width=2,
            fill="none",
            opacity=0.5,
        ),
        transform="translate(214 364)",
    )
    s.rect(214, 364, 692, 412, 4, grid)
    for x, y, turn, colour in (
        (300, 850, -18, "#6b8a78"),
        (480, 880, 12, "#e6b294"),
        (700, 860, 40, "#4c6a5c"),
        (880, 880, -8, "#c9a98e"),
    ):
        with s.group(transform=f"translate({x} {y}) rotate({turn})"):
            s.path(_PIECE, "#1c1a20", opacity=0.35, transform="translate(9 12)", filter=s.blur(5))
            s.path(_PIECE, s.linear(light(colour, 0.3), colour, dark(colour, 0.15), angle=45))
            s.path(_PIECE, "none", stroke="#fff", stroke_width=2, opacity=0.35)


def planter(s: Studio, c: str) -> None:
    s.shadow(600, 926, 260, 38)
    s.line(
        "M600 660C600 520 590 420 600 260M600 560C540 500 500 470 460 440M602 520C660 470 700 440 740 400",
        "#5d4a34",
        13,
    )
    for x, y, turn, size in (
        (450, 460, -64, 2.0),
        (754, 420, 58, 2.1),
        (500, 340, -40, 2.0),
        (700, 300, 36, 1.9),
        (600, 290, 2, 2.3),
        (520, 560, -78, 1.8),
        (690, 540, 74, 1.8),
        (590, 480, -16, 1.9),
    ):
        leaf(s, x, y, turn, p.LEAF if size > 1.9 else p.PINE, size)
    s.path("M380 900Q380 934 420 936H780Q820 934 820 900Z", s.round(dark(c, 0.1), 0.35))
    s.ellipse(600, 898, 220, 26, dark(c, 0.35))
    s.path("M404 650H796L756 880Q752 908 720 908H480Q448 908 444 880Z", s.round(c, 0.4))
    s.rect(386, 596, 428, 84, 14, s.round(light(c, 0.08), 0.45))
    s.ellipse(600, 600, 206, 24, "#3b2a20")
    s.path("M402 682H798L796 700H404Z", "#000", opacity=0.18)
