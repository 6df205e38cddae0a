"""Headphones, computers, devices for the house and for the wrist."""

from __future__ import annotations

from pictures import palette as p
from pictures.studio import Studio, dark, light, mix, shape

GLASS = "#10131a"


def landscape(s: Studio, x: float, y: float, w: float, h: float, r: float, hue: str = "#6f8fae") -> None:
    """What every screen of the set shows: hills at dusk, lit from the upper left."""
    clip = s.clip(shape("rect", x=x, y=y, width=w, height=h, rx=r))
    with s.group(clip_path=clip):
        s.rect(x, y, w, h, fill=s.linear(mix(hue, "#f6d9b8", 0.75), mix(hue, "#e9a98a", 0.5), hue, angle=70))
        s.circle(x + w * 0.3, y + h * 0.36, min(w, h) * 0.13, "#fff3dc", opacity=0.9)
        for i, (a, b, c) in enumerate(((0.62, 0.42, 0.6), (0.78, 0.62, 0.7), (0.86, 0.9, 0.74))):
            hill = f"M{x} {y + h * a:.0f}C{x + w * 0.3:.0f} {y + h * (b - 0.04):.0f} {x + w * 0.6:.0f} {y + h * (a + 0.14):.0f} {x + w} {y + h * c:.0f}V{y + h}H{x}Z"
            s.path(hill, s.linear(dark(hue, 0.12 + i * 0.24), dark(hue, 0.3 + i * 0.24)))
        s.path(f"M{x} {y}H{x + w * 0.5:.0f}L{x + w * 0.16:.0f} {y + h}H{x}Z", "#fff", opacity=0.07)


def headphones(s: Studio, c: str) -> None:
    s.shadow(600, 918, 330, 34)
    s.line("M322 640C300 200 900 200 878 640", s.linear(light(c, 0.3), c, dark(c, 0.45), angle=0), 50)
    s.line("M352 560C350 236 850 236 848 560", s.linear(dark(c, 0.1), dark(c, 0.55), angle=0), 34)
    s.gleam("M321 532C341 430 414 342 548 303", 9, 0.4)

    def half() -> None:
        s.rect(306, 520, 30, 190, 15, s.metal(p.SILVER))
        s.rect(392, 602, 96, 290, 46, s.linear(dark(c, 0.62), dark(c, 0.35), dark(c, 0.7), angle=0))
        s.rect(424, 640, 40, 214, 20, dark(c, 0.78), opacity=0.7)

    s.mirrored(half)
    shell = s.linear(dark(c, 0.2), (light(c, 0.45), 0.22), (c, 0.55), (dark(c, 0.4), 1), angle=0)
    s.rect(284, 586, 126, 324, 62, shell)
    s.rect(790, 586, 126, 324, 62, s.linear(light(c, 0.12), (c, 0.3), (dark(c, 0.55), 1), angle=0))
    s.rect(300, 640, 9, 216, 5, "#fff", opacity=0.35)
    s.ellipse(347, 748, 30, 84, dark(c, 0.16), opacity=0.35)
    s.ellipse(345, 746, 24, 76, s.linear(dark(c, 0.3), light(c, 0.18), angle=60))
    for y in (836, 858):
        s.circle(404, y, 4, dark(c, 0.7))


def earbuds(s: Studio, c: str) -> None:
    s.shadow(600, 880, 300, 40)
    s.rect(350, 420, 500, 440, 150, s.face(c, 0.9))
    s.path("M350 580V570A150 150 0 0 1 500 420H700A150 150 0 0 1 850 570V580Z", s.face(light(c, 0.1), 0.7))
    s.line("M352 580H848", dark(c, 0.45), 6, opacity=0.7)
    s.gleam("M352 588H848", 3, 0.5)
    s.gleam("M372 560C380 480 440 440 520 438", 8, 0.6)
    s.circle(600, 640, 8, "#8fe0a4")
    s.rect(562, 560, 76, 26, 13, dark(c, 0.12), opacity=0.55)

    def bud(x: float, turn: float) -> None:
        s.shadow(x, 934, 78, 16)
        with s.group(transform=f"rotate({turn} {x} 930)"):
            s.ellipse(
                x - 52, 702, 34, 46, s.ball(dark(p.GRAPHITE, 0.2), 0.35), transform=f"rotate(18 {x} 700)"
            )
            s.rect(x - 18, 690, 52, 240, 26, s.round(c, 0.6))
            s.ellipse(x, 708, 70, 64, s.ball(c, 0.75))
            s.ellipse(x + 14, 690, 18, 9, dark(c, 0.6), opacity=0.7)
            s.rect(x - 4, 896, 24, 7, 4, dark(c, 0.6), opacity=0.6)

    bud(330, -7)
    with s.group(transform="matrix(-1 0 0 1 1200 0)"):
        bud(330, -7)


def portable_speaker(s: Studio, c: str) -> None:
    s.shadow(600, 916, 230, 42)
    s.line("M806 420C900 430 900 560 812 566", dark(c, 0.55), 26)
    s.line("M806 416C892 428 892 556 812 562", dark(c, 0.3), 10)
    s.path("M390 350V850C390 940 810 940 810 850V350C810 270 390 270 390 350Z", s.round(c, 0.55))
    weave = s.pattern(
        (14, 14),
        shape("circle", cx=4, cy=4, r=3.2, fill=dark(c, 0.6), opacity=0.55),
        shape("circle", cx=11, cy=11, r=3.2, fill=dark(c, 0.6), opacity=0.55),
    )
    s.path("M390 400V800C390 880 810 880 810 800V400C810 470 390 470 390 400Z", weave)
    s.path("M390 820V850C390 940 810 940 810 850V820C810 900 390 900 390 820Z", s.round(dark(c, 0.55), 0.35))
    s.ellipse(600, 348, 210, 62, s.linear(light(c, 0.35), dark(c, 0.12), angle=40))
    s.ellipse(600, 350, 160, 45, s.linear(dark(c, 0.5), dark(c, 0.25), angle=40))
    for x in (530, 670):
        s.rect(x - 22, 346, 44, 8, 4, light(c, 0.75))
    s.rect(666, 328, 8, 44, 4, light(c, 0.75))
    s.rect(560, 612, 80, 84, 14, dark(c, 0.5), opacity=0.35)
    s.rect(556, 606, 80, 84, 14, s.face(light(c, 0.25)))


def cabinet(s: Studio, x: float, wood: str) -> None:
    """One bookshelf speaker with its right side in view."""
    s.shadow(x + 30, 918, 200, 34)
    s.path(f"M{x + 150} 350L{x + 215} 322V892L{x + 150} 915Z", s.linear(dark(wood, 0.45), dark(wood, 0.6)))
    s.path(
        f"M{x - 150} 350L{x - 85} 322H{x + 215}L{x + 150} 350Z", s.linear(light(wood, 0.35), wood, angle=0)
    )
    s.rect(x - 150, 350, 300, 566, 6, s.face(wood))
    grain = (
        f"M{x + dx} 352C{x + dx + 12} 540 {x + dx - 14} 700 {x + dx + 6} 914" for dx in (-142, -136, 137, 142)
    )
    s.line("".join(grain), dark(wood, 0.35), 2, opacity=0.4)
    s.rect(x - 128, 372, 256, 522, 10, s.face("#33343a", 0.8))
    s.circle(x, 480, 62, s.metal("#6d7078", 40))
    s.circle(x, 480, 50, s.ball("#26272c", 0.3))
    s.circle(x, 480, 22, s.ball("#b9bcc2", 0.8))
    s.circle(x, 710, 116, s.metal("#74777f", 40))
    s.circle(x, 710, 104, "#16171b")
    s.circle(x, 710, 92, s.radial(("#4a4c54", 0), ("#2c2d33", 0.6), ("#1a1b1f", 1), cx=0.38, cy=0.34, r=0.7))
    s.circle(x, 710, 34, s.ball("#43454d", 0.55))
    s.rect(x - 34, 856, 68, 16, 8, "#0c0c0f")


def bookshelf_speakers(s: Studio, wood: str) -> None:
    cabinet(s, 385, wood)
    cabinet(s, 775, wood)


def turntable(s: Studio, wood: str) -> None:
    s.shadow(600, 900, 430, 52)
    for x in (262, 880):
        s.rect(x, 860, 60, 44, 10, s.round("#2b2b30", 0.4))
    s.path("M170 760L300 500H900L1030 760Z", s.linear(light(wood, 0.35), wood, dark(wood, 0.1), angle=40))
    s.path("M170 760H1030V850A20 20 0 0 1 1010 870H190A20 20 0 0 1 170 850Z", s.linear(wood, dark(wood, 0.4)))
    for y in (786, 812, 842):
        s.line(f"M176 {y}C400 {y - 10} 760 {y + 12} 1024 {y - 2}", dark(wood, 0.4), 3, opacity=0.3)
    s.gleam("M172 760H1028", 4, 0.4)
    s.ellipse(535, 640, 300, 112, "#15151a", opacity=0.35)
    s.path("M240 622V640A295 108 0 0 0 830 640V622Z", s.metal(p.STEEL))
    s.ellipse(535, 622, 295, 108, s.linear("#3b3b42", "#0f0f13", "#2a2a31", angle=25))
    for rx, ry in ((268, 98), (236, 86), (204, 74), (172, 62), (140, 51)):
        s.ellipse(535, 622, rx, ry, stroke="#fff", stroke_width=2, opacity=0.09)
    s.path("M535 622L300 556A295 108 0 0 1 430 520Z", "#fff", opacity=0.12)
    s.path("M535 622L770 688A295 108 0 0 1 640 724Z", "#fff", opacity=0.07)
    s.ellipse(535, 622, 100, 37, s.linear(light(p.CLAY, 0.25), p.CLAY, angle=30))
    s.ellipse(535, 622, 10, 5, p.SILVER)
    s.ellipse(892, 580, 62, 26, s.linear("#55565c", "#1f2024"))
    s.rect(872, 520, 40, 60, 14, s.metal(p.SILVER))
    s.line("M892 530C850 560 800 590 716 648", s.linear("#fff", p.STEEL, angle=60), 14)
    s.path("M734 628L700 664L676 652L712 618Z", "#26272c")
    s.line("M892 530L936 500", p.STEEL, 16)
    s.circle(942, 496, 22, s.ball("#55585f", 0.6))
    s.ellipse(930, 720, 26, 11, s.metal(p.SILVER))


def soundbar(s: Studio, c: str) -> None:
    s.shadow(840, 846, 210, 34)
    s.path("M690 470L740 440H1040L990 470Z", s.linear(light(c, 0.3), c, angle=0))
    s.path("M990 470L1040 440V820L990 852Z", s.linear(dark(c, 0.4), dark(c, 0.6)))
    s.rect(690, 470, 300, 382, 14, s.face(c, 0.9))
    s.circle(840, 660, 104, s.linear(dark(c, 0.6), dark(c, 0.25), angle=50))
    s.circle(840, 660, 88, s.radial((dark(c, 0.3), 0), (dark(c, 0.72), 1), cx=0.4, cy=0.35, r=0.7))
    s.shadow(560, 926, 470, 36)
    s.path("M130 800L170 766H1010L970 800Z", s.linear(light(c, 0.4), light(c, 0.12), angle=0))
    s.path("M970 800L1010 766V884L970 922Z", s.linear(dark(c, 0.45), dark(c, 0.62)))
    s.rect(110, 800, 870, 124, 26, s.linear(light(c, 0.12), c, dark(c, 0.4)))
    weave = s.pattern(
        (12, 12),
        shape("circle", cx=3, cy=3, r=2.6, fill=dark(c, 0.75), opacity=0.7),
        shape("circle", cx=9, cy=9, r=2.6, fill=dark(c, 0.75), opacity=0.7),
    )
    s.rect(128, 818, 834, 88, 18, weave)
    s.gleam("M136 806H950", 4, 0.4)
    for i in range(4):
        s.circle(490 + i * 22, 862, 5, "#bfe3d0", opacity=1 - i * 0.22)


def laptop(s: Studio, c: str) -> None:
    s.shadow(600, 892, 500, 36)
    s.rect(236, 296, 728, 474, 26, s.face(dark(c, 0.12)))
    s.rect(244, 304, 712, 466, 20, GLASS)
    landscape(s, 262, 322, 676, 420, 6)
    s.circle(600, 313, 4, "#3c4250")
    s.path("M236 764H964L1074 866H126Z", s.linear(light(c, 0.3), c, dark(c, 0.06)))
    s.path("M292 776H908L962 826H238Z", dark(c, 0.55))
    for i, (x1, x2, y) in enumerate(((288, 912, 784), (274, 926, 797), (260, 940, 810), (250, 950, 821))):
        s.add(
            "path",
            d=f"M{x1} {y}H{x2}",
            stroke=dark("#3a3f48", 0.1),
            stroke_width=8 + i,
            stroke_dasharray="36 6",
            stroke_linecap="butt",
        )
    s.path("M500 834H700L716 860H484Z", dark(c, 0.1))
    s.path(
        "M126 866H1074V874A24 18 0 0 1 1050 892H150A24 18 0 0 1 126 874Z",
        s.linear(light(c, 0.1), dark(c, 0.35)),
    )
    s.path("M520 866H680C676 878 668 880 660 880H540C532 880 524 878 520 866Z", dark(c, 0.35))
    s.gleam("M130 867H1070", 3, 0.6)


def tablet(s: Studio, c: str) -> None:
    with s.group(transform="rotate(-6 600 620)"):
        s.cast("M322 250H880V940H322Z", 36, 44, 0.4, 30)
        s.rect(322, 250, 560, 690, 46, s.linear(light(c, 0.1), dark(c, 0.5), angle=0))
        s.rect(310, 246, 560, 690, 46, s.face(c))
        s.rect(322, 258, 536, 666, 36, GLASS)
        landscape(s, 344, 280, 492, 622, 16, "#8a7fa6")
        s.circle(590, 269, 4, "#3a4152")
    with s.group(transform="rotate(13 930 700)"):
        s.cast("M912 350H946V930H912Z", 22, 16, 0.34, 14)
        s.rect(912, 350, 34, 540, 17, s.round(p.WHITE, 0.5))
        s.path("M912 876H946L932 934Q929 940 926 934Z", s.round(p.STEEL, 0.6))
        s.rect(912, 400, 34, 6, 0, dark(p.BONE, 0.2))


def keyboard(s: Studio, c: str) -> None:
    accent = p.CLAY
    key, side = light(c, 0.2), dark(c, 0.25)
    s.shadow(612, 770, 500, 90)
    with s.group(transform="matrix(.97 -.1 .3 .72 -150 300)"):
        s.rect(150, 330, 900, 400, 40, dark(c, 0.5), transform="translate(-14 38)")
        s.rect(150, 330, 900, 400, 40, s.face(dark(c, 0.08), 0.7))
        s.rect(174, 352, 852, 356, 18, dark(c, 0.5))
        tile = s.pattern(
            (60, 70),
            shape("rect", x=3, y=5, width=54, height=62, rx=10, fill=side),
            shape("rect", x=6, y=3, width=48, height=54, rx=9, fill=key),
            transform="translate(180 356)",
        )
        s.rect(180, 356, 840, 350, fill=tile)

        def wide(x: float, y: float, w: float, colour: str) -> None:
            s.rect(x, y, w, 70, 0, dark(c, 0.5))
            s.rect(x + 3, y + 5, w - 6, 62, 10, dark(colour, 0.25))
            s.rect(x + 6, y + 3, w - 12, 54, 9, s.linear(light(colour, 0.25), colour))

        wide(180, 426, 90, key)
        wide(180, 496, 105, key)
        wide(900, 496, 120, accent)
        wide(180, 566, 130, key)
        wide(420, 636, 300, key)
        wide(180, 356, 60, accent)
        s.rect(
            180,
            356,
            840,
            350,
            fill=s.linear(("#fff", 0, 0.25), ("#fff", 0.5, 0), ("#000", 1, 0.18), angle=20),
        )


def mouse(s: Studio, c: str) -> None:
    with s.group(transform="rotate(14 600 620)"):
        body = "M600 330C760 330 800 480 800 630C800 800 720 905 600 905C480 905 400 800 400 630C400 480 440 330 600 330Z"
        s.cast(body, 50, 56, 0.4, 32)
        s.path(body, dark(c, 0.5), transform="translate(12 20)")
        s.path(body, s.radial((light(c, 0.7), 0), (c, 0.5), (dark(c, 0.4), 1), cx=0.32, cy=0.25, r=0.85))
        s.line("M600 334V560", dark(c, 0.45), 5)
        s.line("M404 590C480 548 720 548 796 590", dark(c, 0.35), 4, opacity=0.7)
        s.rect(572, 396, 56, 118, 28, dark(c, 0.62))
        s.rect(580, 404, 40, 102, 20, s.metal(p.STEEL, 90))
        for y in range(418, 500, 14):
            s.line(f"M584 {y}H616", "#43464d", 3, opacity=0.6)
        s.gleam("M440 540C450 430 490 380 548 366", 14, 0.4)


def monitor(s: Studio, c: str) -> None:
    s.shadow(600, 922, 270, 34)
    s.path("M560 720H640L652 900H548Z", s.metal(c))
    s.path("M400 896H800L846 926H354Z", s.linear(light(c, 0.4), c))
    s.rect(354, 924, 492, 12, 6, dark(c, 0.35))
    s.rect(150, 256, 900, 530, 22, s.face(dark(c, 0.25)))
    s.rect(156, 262, 888, 518, 18, GLASS)
    landscape(s, 168, 274, 864, 478, 6, "#7396a0")
    s.rect(580, 762, 40, 5, 3, "#5a606b")


def microphone(s: Studio, c: str) -> None:
    s.shadow(600, 908, 250, 42)
    s.ellipse(600, 896, 200, 44, s.linear(light(c, 0.15), dark(c, 0.5), angle=20))
    s.ellipse(600, 884, 200, 44, s.linear(light(c, 0.35), c, dark(c, 0.2), angle=20))
    s.ellipse(600, 884, 150, 31, stroke="#8fd3b6", stroke_width=4, opacity=0.9)
    s.rect(584, 720, 32, 160, 8, s.metal(p.STEEL))
    s.line("M452 520V590A148 148 0 0 0 748 590V520", s.linear(light(c, 0.3), c, dark(c, 0.4), angle=0), 22)
    s.rect(478, 250, 244, 430, 122, s.round(c, 0.45))
    mesh = s.pattern(
        (16, 16), shape("path", d="M0 0L16 16M16 0L0 16", stroke=dark(p.STEEL, 0.6), stroke_width=3.4)
    )
    grille = "M478 470V372A122 122 0 0 1 722 372V470Z"
    s.path(grille, s.round(p.STEEL, 0.7))
    s.path(grille, mesh)
    s.rect(474, 462, 252, 30, 10, s.metal(p.BRASS))
    for x in (458, 742):
        s.circle(x, 530, 24, s.ball(p.BRASS, 0.6))
    s.circle(600, 576, 30, dark(c, 0.55))
    s.circle(600, 574, 26, s.ball(c, 0.4))


def dock(s: Studio, c: str) -> None:
    s.shadow(600, 846, 400, 50)
    s.line("M880 690C1040 670 1060 560 1260 500", dark(p.GRAPHITE, 0.25), 22)
    s.line("M880 684C1034 664 1054 554 1254 494", light(p.GRAPHITE, 0.25), 5, opacity=0.7)
    s.path("M200 690L330 560H870L1000 690Z", s.linear(light(c, 0.5), light(c, 0.1), angle=40))
    for i in range(9):
        s.line(f"M{320 + i * 62} {672}L{388 + i * 53} {580}", dark(c, 0.3), 5, opacity=0.4)
    s.rect(200, 688, 800, 156, 22, s.linear(light(c, 0.12), c, dark(c, 0.35)))
    s.gleam("M216 692H984", 4, 0.7)
    hole = dark(c, 0.82)
    for x in (258, 336):
        s.rect(x, 748, 56, 24, 12, hole)
    for x in (430, 524):
        s.rect(x, 736, 74, 40, 5, hole)
        s.rect(x + 8, 750, 58, 10, 2, "#5d8fb5")
    s.path("M636 738H726V762L714 778H648L636 762Z", hole)
    s.rect(766, 726, 74, 62, 5, hole)
    s.path("M778 788V760H792V748H814V760H828V788Z", dark(c, 0.6))
    s.rect(878, 754, 84, 10, 4, hole)
    s.circle(228, 812, 6, "#8fe0a4")


def thermostat(s: Studio, c: str) -> None:
    s.cast("M600 300A310 310 0 1 1 599 300Z", 34, 50, 0.34, 30)
    s.circle(600, 610, 312, s.linear(light(c, 0.75), (c, 0.4), (dark(c, 0.45), 1), angle=50))
    s.circle(600, 610, 296, s.linear(dark(c, 0.35), (c, 0.5), (light(c, 0.6), 1), angle=50))
    s.circle(600, 610, 276, s.face(c))
    s.circle(
        600, 610, 246, s.radial(("#343843", 0), ("#171a21", 0.75), ("#0d0f14", 1), cx=0.4, cy=0.34, r=0.75)
    )
    ring = {"stroke_width": 18, "fill": "none"}
    s.add("path", d="M459 751A200 200 0 1 1 741 751", stroke="#3c414d", **ring)
    s.add(
        "path", d="M459 751A200 200 0 0 1 700 437", stroke=s.linear("#e9b872", "#e0764d", angle=-40), **ring
    )
    s.circle(700, 437, 17, "#fff4e4")
    # Twenty degrees, drawn: fonts do not travel.
    s.line(
        "M528 574C530 544 582 544 582 578C582 612 534 630 528 670H584", "#fbf6ec", 14, stroke_linejoin="round"
    )
    s.ellipse(642, 611, 29, 58, stroke="#fbf6ec", stroke_width=14)
    s.circle(694, 552, 9, stroke="#fbf6ec", stroke_width=6)
    s.path("M600 700C618 724 622 736 622 746A22 22 0 0 1 578 746C578 736 582 724 600 700Z", "#e9965f")
    s.path("M420 470A250 250 0 0 1 640 372C560 400 470 460 420 560Z", "#fff", opacity=0.1)


def bulb(s: Studio, c: str) -> None:
    s.ellipse(600, 520, 480, 470, s.radial(("#ffd98a", 0, 0.75), ("#ffe2a8", 0.45, 0.3), ("#ffe9c0", 1, 0)))
    s.shadow(600, 930, 150, 28)
    glass = "M600 270C745 270 840 380 840 505C840 620 762 660 728 772H472C438 660 360 620 360 505C360 380 455 270 600 270Z"
    s.path(
        glass,
        s.radial(
            ("#fffaf0", 0), ("#ffe7b4", 0.45), ("#f3bd68", 0.85), ("#dd9f4e", 1), cx=0.46, cy=0.4, r=0.62
        ),
    )
    s.path(glass, "none", stroke="#fff", stroke_width=4, opacity=0.5)
    s.gleam("M412 520C412 420 470 340 548 318", 20, 0.8)
    s.path("M470 766H730L704 842H496Z", s.round(c, 0.5))
    s.rect(500, 838, 200, 76, 12, s.metal(p.STEEL))
    for y in (852, 874, 896):
        s.line(f"M502 {y}L698 {y - 8}", "#6b7078", 7, opacity=0.7)
    s.path("M530 914H670L636 938H564Z", "#3a3c42")


def camera(s: Studio, c: str) -> None:
    s.shadow(600, 912, 200, 38)
    s.ellipse(600, 898, 160, 40, dark(c, 0.45))
    s.ellipse(600, 886, 160, 40, s.linear(light(c, 0.4), dark(c, 0.1), angle=30))
    s.path("M572 730H628L640 884Q600 898 560 884Z", s.round(c, 0.5))
    s.rect(392, 312, 416, 440, 150, s.linear(light(c, 0.55), (c, 0.45), (dark(c, 0.38), 1), angle=40))
    s.rect(424, 344, 352, 376, 124, s.linear("#3a3e48", "#14161b", angle=50))
    s.circle(600, 500, 112, s.metal("#5f646e", 45))
    s.circle(600, 500, 98, "#0a0b0e")
    s.circle(
        600, 500, 80, s.radial(("#4a6a90", 0), ("#1c2940", 0.55), ("#07080c", 1), cx=0.4, cy=0.36, r=0.7)
    )
    s.circle(600, 500, 34, "#05060a")
    s.ellipse(566, 462, 24, 17, "#fff", opacity=0.75, transform="rotate(-35 566 462)")
    s.circle(630, 534, 8, "#9fc4ff", opacity=0.6)
    s.circle(600, 656, 8, "#8fe0a4")
    s.gleam("M414 520V450C420 380 460 340 520 330", 8, 0.6)


def doorbell(s: Studio, c: str) -> None:
    s.cast("M470 350A130 130 0 0 1 730 350V800A130 130 0 0 1 470 800Z", 34, 44, 0.36, 28)
    s.rect(462, 212, 276, 726, 138, s.metal(p.STEEL, 50))
    s.rect(474, 224, 252, 702, 126, s.linear("#454953", "#1b1d23", "#101116", angle=50))
    s.circle(600, 380, 92, s.metal("#6a6f79", 45))
    s.circle(600, 380, 78, "#07080b")
    s.circle(
        600, 380, 62, s.radial(("#56739a", 0), ("#1d2a42", 0.55), ("#07080c", 1), cx=0.4, cy=0.36, r=0.7)
    )
    s.circle(600, 380, 24, "#04050a")
    s.ellipse(572, 350, 20, 13, "#fff", opacity=0.75, transform="rotate(-35 572 350)")
    for x in (560, 600, 640):
        s.circle(x, 540, 6, "#5d636e")
    s.circle(600, 760, 96, s.radial(("#8fe0c8", 0.8, 0), ("#a8f0da", 0.9, 0.9), ("#8fe0c8", 1, 0)))
    s.circle(600, 760, 78, s.linear(light(c, 0.6), c, dark(c, 0.3), angle=50))
    s.circle(600, 760, 62, s.linear(dark(c, 0.12), light(c, 0.3), angle=50))
    s.line("M574 764L600 740L626 764V788H574Z", dark(c, 0.5), 8, stroke_linejoin="round")
    s.gleam("M484 420V350C488 290 520 250 560 238", 8, 0.45)


def lock(s: Studio, c: str) -> None:
    s.cast("M440 330H680V900H440Z", 40, 46, 0.4, 28)
    s.rect(430, 240, 260, 690, 60, s.metal(c, 30))
    s.rect(440, 250, 240, 670, 52, s.face(c, 0.8))
    s.rect(462, 272, 196, 350, 36, s.linear("#3b3f48", "#15171c", angle=50))
    for row in range(4):
        for column in range(3):
            s.circle(
                506 + column * 54,
                326 + row * 62,
                15,
                "#f2ead8",
                opacity=0.85 if (row, column) != (3, 0) else 0.3,
            )
    s.circle(560, 590, 5, "#8fe0a4")
    s.path(
        "M540 720H840A44 44 0 0 1 840 808H540Z",
        "#1c1a20",
        opacity=0.3,
        transform="translate(24 34)",
        filter=s.blur(14),
    )
    s.circle(560, 764, 84, s.metal(c, 45))
    s.circle(560, 764, 70, s.face(c))
    s.rect(520, 722, 370, 84, 42, s.linear(light(c, 0.7), (c, 0.4), (dark(c, 0.45), 1)))
    s.gleam("M552 738H850", 8, 0.6)
    s.circle(560, 872, 20, dark(c, 0.5))
    s.rect(556, 860, 8, 26, 4, "#111")


def robot_vacuum(s: Studio, c: str) -> None:
    s.shadow(820, 700, 180, 34, 0.8)
    s.rect(690, 300, 280, 400, 44, s.linear(light(c, 0.3), c, dark(c, 0.3), angle=20))
    s.rect(690, 300, 280, 130, 44, s.linear(light(c, 0.55), light(c, 0.15), angle=30))
    s.line("M690 424H970", dark(c, 0.35), 4)
    s.rect(806, 470, 48, 8, 4, "#8fe0a4")
    s.shadow(530, 884, 380, 60)
    s.path("M180 720V790A350 150 0 0 0 880 790V720Z", s.round(dark(c, 0.62), 0.5))
    s.path("M180 770V790A350 150 0 0 0 880 790V770A350 150 0 0 1 180 770Z", "#0c0d10", opacity=0.55)
    s.ellipse(530, 720, 350, 150, s.linear(light(c, 0.65), c, dark(c, 0.2), angle=35))
    s.ellipse(530, 720, 322, 135, s.linear(light(c, 0.3), light(c, 0.05), dark(c, 0.12), angle=35))
    s.line("M214 748A322 135 0 0 0 846 748", dark(c, 0.3), 4, opacity=0.6)
    s.path("M430 640V672A100 40 0 0 0 630 672V640Z", s.round("#2f3239", 0.5))
    s.ellipse(530, 640, 100, 40, s.linear("#5f646e", "#2b2e35", angle=30))
    s.ellipse(530, 638, 60, 23, s.linear(light(c, 0.4), c, angle=30))
    s.ellipse(530, 778, 34, 13, dark(c, 0.2))
    s.ellipse(530, 776, 30, 11, s.linear("#fff", light(c, 0.2)))
    s.rect(470, 852, 120, 22, 11, "#050507", opacity=0.9)
    s.gleam("M232 690C270 620 380 586 470 578", 7, 0.7)


def straps(s: Studio, c: str, width: float, top: float, bottom: float) -> None:
    """The two halves of a watch strap, behind the case."""
    w = width / 2
    band = s.linear(light(c, 0.1), (light(c, 0.3), 0.25), (c, 0.55), (dark(c, 0.35), 1), angle=0)
    s.path(
        f"M{600 - w} 480C{600 - w * 0.92} 380 {600 - w * 0.8} 300 {600 - w * 0.76} {top}Q600 {top - 44} {600 + w * 0.76} {top}C{600 + w * 0.8} 300 {600 + w * 0.92} 380 {600 + w} 480Z",
        band,
    )
    s.path(
        f"M{600 - w} 720C{600 - w * 0.92} 820 {600 - w * 0.8} 880 {600 - w * 0.76} {bottom}Q600 {bottom + 48} {600 + w * 0.76} {bottom}C{600 + w * 0.8} 880 {600 + w * 0.92} 820 {600 + w} 720Z",
        band,
    )
    for y in range(int(bottom) - 104, int(bottom) + 1, 36):
        s.ellipse(600, y, 11, 9, dark(c, 0.6))


def smartwatch(s: Studio, c: str) -> None:
    case = mix(c, p.STEEL, 0.65)
    s.cast("M440 180H760V1020H440Z", 40, 36, 0.26, 34)
    straps(s, c, 316, 196, 1004)
    s.rect(790, 540, 34, 84, 14, s.metal(case, 90))
    s.rect(390, 404, 420, 420, 120, s.linear(light(case, 0.6), case, dark(case, 0.5), angle=50))
    s.rect(400, 414, 400, 400, 112, dark(case, 0.55))
    s.rect(406, 420, 388, 388, 106, GLASS)
    for r, colour, dash in ((136, p.CLAY, 620), (106, p.OCHRE, 420), (76, p.SAGE, 380)):
        s.circle(600, 614, r, stroke=colour, stroke_width=20, opacity=0.25)
        s.circle(
            600,
            614,
            r,
            stroke=light(colour, 0.15),
            stroke_width=20,
            stroke_dasharray=f"{dash} 900",
            transform="rotate(-90 600 614)",
        )
    s.line("M600 614V560M600 614L636 634", "#fff", 9)
    s.circle(600, 614, 9, "#fff")
    s.path("M406 526A106 106 0 0 1 512 420H660L480 808A106 106 0 0 1 406 702Z", "#fff", opacity=0.07)


def band(s: Studio, c: str) -> None:
    s.shadow(610, 912, 330, 46)
    s.path("M300 600C300 420 900 420 900 600C900 520 820 470 600 470C380 470 300 520 300 600Z", dark(c, 0.5))
    s.path(
        "M284 610A316 150 0 0 1 916 610L900 660A304 140 0 0 0 300 660Z",
        s.linear(dark(c, 0.35), dark(c, 0.6), angle=0),
    )
    outer = "M284 610C284 720 284 740 292 780C320 960 880 960 908 780C916 740 916 720 916 610C900 760 300 760 284 610Z"
    s.path(outer, s.linear(dark(c, 0.2), (light(c, 0.45), 0.2), (c, 0.5), (dark(c, 0.4), 1), angle=0))
    s.gleam("M290 640C330 770 870 770 910 640", 5, 0.5)
    s.path(
        "M428 738C480 760 720 760 772 738V872C720 906 480 906 428 872Z",
        s.linear("#3a3e48", "#0e1015", angle=60),
    )
    s.path("M428 738C480 760 720 760 772 738V752C720 774 480 774 428 752Z", "#fff", opacity=0.22)
    s.line("M482 830L516 830L534 796L562 862L588 814L602 830H640", "#f0b08e", 8, stroke_linejoin="round")
    s.circle(692, 828, 26, stroke="#8fd3b6", stroke_width=8)
    s.rect(560, 506, 80, 20, 8, dark(c, 0.65), opacity=0.6)


def ring(s: Studio, c: str) -> None:
    s.shadow(612, 906, 250, 40)
    with s.group(transform="rotate(-12 600 640)"):
        s.ellipse(632, 640, 250, 270, s.linear(dark(c, 0.3), dark(c, 0.6), angle=40))
        s.path(
            "M600 370A250 270 0 0 0 600 910H650A250 270 0 0 0 650 370Z",
            s.linear((light(c, 0.6), 0), (c, 0.25), (dark(c, 0.5), 0.6), (light(c, 0.3), 1)),
        )
        s.ellipse(600, 640, 250, 270, s.metal(c, 60))
        s.ellipse(600, 640, 238, 258, s.linear(light(c, 0.5), c, dark(c, 0.2), angle=60))
        hole = s.clip(shape("ellipse", cx=600, cy=640, rx=218, ry=238))
        s.ellipse(600, 640, 218, 238, s.linear(dark(c, 0.72), dark(c, 0.35), angle=30))
        with s.group(clip_path=hole):
            s.ellipse(656, 640, 218, 238, s.linear(("#e9e5df", 0), ("#d3cec8", 1)))
            s.ellipse(656, 640, 218, 238, stroke=light(c, 0.3), stroke_width=4)
            for y in (560, 640, 720):
                s.rect(398, y - 16, 22, 32, 8, "#1b2420")
            s.circle(409, 640, 6, "#7fe09a")
        s.gleam("M392 560C420 460 500 396 580 388", 9, 0.85)


def gps_watch(s: Studio, c: str) -> None:
    s.cast("M450 180H750V1020H450Z", 40, 36, 0.26, 34)
    straps(s, c, 290, 190, 1010)
    for x, y in ((356, 520), (340, 600), (356, 680)):
        s.rect(x, y, 60, 44, 12, s.metal(p.STEEL, 90))
    for y in (530, 670):
        s.rect(796, y, 54, 44, 12, s.metal(p.STEEL, 90))
    s.circle(600, 620, 240, s.face("#3b3e44"))
    s.circle(600, 620, 222, s.metal("#8d9299", 45))
    s.circle(600, 620, 196, "#121418")
    for i in range(12):
        s.rect(596, 408, 8, 20, 3, "#24262b", transform=f"rotate({i * 30} 600 620)")
    clip = s.clip(shape("circle", cx=600, cy=620, r=184))
    with s.group(clip_path=clip):
        s.rect(410, 430, 380, 380, 0, s.linear("#31493d", "#1b2b2b", angle=50))
        for i in range(6):
            s.add(
                "path",
                d=f"M{400 + i * 14} {690 - i * 40}C{480 + i * 10} {560 - i * 34} {600 + i * 20} {740 - i * 58} {820 - i * 6} {560 - i * 36}",
                fill="none",
                stroke="#7fae8d",
                stroke_width=4,
                opacity=0.55,
            )
        s.add(
            "path",
            d="M470 770C500 690 580 700 610 640S700 590 690 500",
            fill="none",
            stroke="#f0a24e",
            stroke_width=9,
            stroke_dasharray="1 17",
        )
        s.path("M690 470L716 520L690 508L664 520Z", "#fff")
        s.path("M410 430H640L480 810H410Z", "#fff", opacity=0.07)


def charging_stand(s: Studio, c: str) -> None:
    s.shadow(600, 922, 380, 44)
    s.path(
        "M230 880Q230 850 270 850H930Q970 850 970 880V896Q970 924 930 924H270Q230 924 230 896Z",
        s.linear(light(c, 0.3), c, dark(c, 0.35)),
    )
    s.ellipse(600, 862, 330, 26, s.linear(light(c, 0.7), light(c, 0.15), angle=20))
    s.path("M430 860L450 560H500L510 860Z", s.metal(p.STEEL))
    with s.group(transform="rotate(-4 450 560)"):
        s.rect(322, 270, 270, 540, 46, s.metal("#6f747d", 50))
        s.rect(330, 278, 254, 524, 40, GLASS)
        landscape(s, 340, 288, 234, 504, 32, "#7c8fb0")
        s.rect(424, 300, 66, 16, 8, GLASS)
    s.path("M748 860L760 600H800L812 860Z", s.metal(p.STEEL))
    s.path(
        "M690 530Q780 420 870 530L880 690Q780 800 680 690Z",
        s.linear(light(p.SAGE, 0.3), p.SAGE, dark(p.SAGE, 0.4), angle=0),
    )
    s.rect(682, 500, 196, 206, 60, s.metal("#8b9097", 50))
    s.rect(692, 510, 176, 186, 52, GLASS)
    s.circle(
        780,
        602,
        58,
        stroke="#f0a77f",
        stroke_width=12,
        stroke_dasharray="260 400",
        stroke_linecap="round",
        transform="rotate(-90 780 602)",
    )
    s.path("M788 566L760 610H780L772 640L802 596H782Z", "#fff3dc")
    s.circle(600, 898, 6, "#8fe0a4")
