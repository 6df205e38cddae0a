"""Bottles, jars, colour and scent."""

from __future__ import annotations

from pictures import palette as p
from pictures.home import leaf
from pictures.studio import Studio, dark, light, mix, shape


def label(s: Studio, x: float, y: float, w: float, h: float, c: str = "#faf6ee", mark: str = p.MOSS) -> None:
    """A paper label with a small plant and two quiet lines instead of words."""
    s.rect(x, y, w, h, 6, s.linear(dark(c, 0.06), (light(c, 0.4), 0.3), (dark(c, 0.14), 1), angle=0))
    cx, scale = x + w / 2, h / 300
    leaf(s, cx, y + h * 0.44, 0, mark, 0.8 * scale + 0.1)
    leaf(s, cx, y + h * 0.46, -48, mark, 0.5 * scale + 0.08)
    leaf(s, cx, y + h * 0.46, 48, mark, 0.5 * scale + 0.08)
    for i, share in enumerate((0.5, 0.34, 0.42)):
        s.line(
            f"M{cx - w * share / 2:.0f} {y + h * (0.64 + i * 0.1):.0f}H{cx + w * share / 2:.0f}",
            "#5d574c",
            5 - i,
            opacity=0.75,
        )


def bottle(s: Studio, x: float, y: float, w: float, h: float, c: str, r: float = 50) -> None:
    """A round glass bottle with coloured walls: light comes through in the middle."""
    body = s.linear(
        dark(c, 0.55),
        (light(c, 0.25), 0.12),
        (c, 0.3),
        (light(c, 0.2), 0.62),
        (dark(c, 0.4), 0.94),
        (c, 1),
        angle=0,
    )
    s.rect(x, y, w, h, r, body)
    s.rect(x, y, w, h, r, s.linear(("#fff", 0, 0.2), ("#fff", 0.2, 0), ("#000", 0.8, 0), ("#000", 1, 0.3)))


def dropper(s: Studio, c: str) -> None:
    s.shadow(600, 924, 200, 36)
    s.path("M556 300C540 200 660 200 644 300Z", s.round("#3a3a40", 0.4))
    s.rect(540, 290, 120, 150, 12, s.round(p.WHITE, 0.4))
    for y in range(306, 430, 14):
        s.line(f"M544 {y}H656", "#b9b3a8", 2, opacity=0.5)
    bottle(s, 420, 430, 360, 502, c, 76)
    s.rect(540, 420, 120, 34, 8, dark(c, 0.3))
    s.line("M600 440V540", "#f3d9a8", 12, opacity=0.5)
    label(s, 448, 570, 304, 280)
    s.gleam("M446 520V880", 12, 0.6)


def tube(s: Studio, c: str) -> None:
    s.shadow(600, 924, 170, 34)
    s.path(
        "M420 220H780L760 800H440Z",
        s.linear(
            dark(c, 0.24),
            (light(c, 0.5), 0.24),
            (c, 0.55),
            (dark(c, 0.34), 0.95),
            (dark(c, 0.15), 1),
            angle=0,
        ),
    )
    s.rect(412, 196, 376, 52, 6, s.linear(light(c, 0.25), dark(c, 0.15)))
    for x in range(424, 784, 12):
        s.line(f"M{x} 202V242", dark(c, 0.4), 2, opacity=0.4)
    s.path("M600 250L560 460L480 790H520L590 480Z", light(c, 0.7), opacity=0.2, filter=s.blur(10))
    s.rect(444, 796, 312, 136, 22, s.round(p.WHITE, 0.4))
    s.line("M446 806H754", "#a8a298", 4, opacity=0.6)
    leaf(s, 600, 480, 0, dark(c, 0.5), 1)
    leaf(s, 600, 486, -48, dark(c, 0.5), 0.66)
    leaf(s, 600, 486, 48, dark(c, 0.5), 0.66)
    s.line("M530 560H670M552 592H648M540 622H660", dark(c, 0.6), 6, opacity=0.8)


def jar(s: Studio, c: str) -> None:
    s.shadow(580, 922, 310, 44)
    bottle(s, 290, 610, 580, 322, c, 70)
    label(s, 400, 680, 360, 196)
    s.gleam("M316 690V870", 12, 0.6)
    s.path("M282 530V622Q580 690 878 622V530Z", s.metal(p.GOLD))
    s.ellipse(580, 530, 298, 62, s.linear(light(p.GOLD, 0.7), p.GOLD, angle=30))
    s.ellipse(580, 528, 262, 50, s.linear(light(p.GOLD, 0.25), light(p.GOLD, 0.6), angle=30))
    s.shadow(950, 930, 130, 16)
    s.path(
        "M840 900C880 880 920 890 1060 916L1056 930C930 934 870 936 840 918Z",
        s.linear(light(p.OAK, 0.4), dark(p.OAK, 0.2)),
    )


def mist(s: Studio, c: str) -> None:
    s.shadow(600, 924, 150, 32)
    for i in range(14):
        s.circle(
            360 - i * 17 + i % 3 * 10,
            268 + (i * 37) % 90 - 40,
            5 + i % 4 * 2,
            "#a58f8a",
            opacity=0.5 - i * 0.03,
        )
    s.rect(548, 220, 104, 110, 16, s.round(p.WHITE, 0.4))
    s.rect(528, 240, 40, 28, 6, s.round(p.WHITE, 0.2, 90))
    s.rect(532, 322, 136, 44, 8, s.metal(p.GOLD))
    bottle(s, 460, 362, 280, 570, c, 60)
    s.rect(474, 470, 252, 448, 46, s.linear((mix(c, "#ffffff", 0.2), 0, 0.4), (dark(c, 0.2), 1, 0.35)))
    s.line("M600 366V880", "#fff", 6, opacity=0.4)
    label(s, 484, 560, 232, 260, mark=p.BERRY)
    s.gleam("M484 430V880", 11, 0.7)


def pump(s: Studio, c: str) -> None:
    s.shadow(600, 924, 210, 38)
    s.rect(588, 260, 24, 130, 4, s.metal(p.STEEL))
    s.path(
        "M420 236Q420 214 444 214H640Q664 214 664 240V274H540Q470 274 420 268Z",
        s.linear("#55565c", "#26272c", "#17181b"),
    )
    s.rect(530, 372, 140, 76, 12, s.round("#2e2f34", 0.45))
    s.path(
        "M520 440H680Q690 480 760 500Q790 512 790 552V880Q790 932 738 932H462Q410 932 410 880V552Q410 512 440 500Q510 480 520 440Z",
        s.linear(
            dark(c, 0.55),
            (light(c, 0.3), 0.12),
            (c, 0.32),
            (light(c, 0.18), 0.62),
            (dark(c, 0.45), 0.94),
            (c, 1),
            angle=0,
        ),
    )
    label(s, 440, 590, 320, 290, mark=p.OCHRE)
    s.gleam("M434 560V880", 12, 0.55)


def oil(s: Studio, c: str) -> None:
    s.shadow(600, 924, 190, 36)
    s.rect(
        540,
        260,
        120,
        130,
        14,
        s.linear(dark(p.OAK, 0.3), light(p.OAK, 0.3), p.OAK, dark(p.OAK, 0.4), angle=0),
    )
    s.path(
        "M556 384H644V450C644 500 770 500 770 610V880Q770 932 718 932H482Q430 932 430 880V610C430 500 556 500 556 450Z",
        s.linear(
            ("#8a7a3c", 0, 0.75),
            ("#fff6d0", 0.13, 0.8),
            (c, 0.4, 0.85),
            (light(c, 0.3), 0.66, 0.8),
            (dark(c, 0.35), 1, 0.9),
            angle=0,
        ),
    )
    s.path("M446 640Q600 660 754 640V880Q752 918 716 918H484Q448 918 446 880Z", c, opacity=0.45)
    s.ellipse(600, 640, 154, 16, light(c, 0.5), opacity=0.7)
    label(s, 468, 690, 264, 190)
    s.gleam("M450 600V880", 12, 0.7)
    leaf(s, 860, 930, 70, p.MOSS, 1.5)
    leaf(s, 880, 944, 110, p.PINE, 1.1)


def lipstick(s: Studio, c: str) -> None:
    s.shadow(490, 924, 130, 28)
    s.rect(400, 620, 180, 312, 14, s.metal(p.GOLD))
    s.rect(416, 520, 148, 110, 8, s.metal(light(p.GOLD, 0.3)))
    s.path(
        "M430 524V400C430 330 500 250 550 262V524Z",
        s.linear(dark(c, 0.25), (light(c, 0.35), 0.22), (c, 0.5), (dark(c, 0.4), 1), angle=0),
    )
    s.path("M430 400C430 330 500 250 550 262C556 330 500 400 430 412Z", s.linear(light(c, 0.45), c, angle=60))
    s.line("M404 720H576", dark(p.GOLD, 0.5), 3, opacity=0.6)
    s.shadow(790, 930, 140, 26)
    s.rect(690, 590, 196, 344, 16, s.metal(p.GOLD))
    s.ellipse(788, 604, 92, 12, light(p.GOLD, 0.7))
    s.line("M694 900H882", dark(p.GOLD, 0.5), 3, opacity=0.6)


def compact(s: Studio, c: str) -> None:
    s.shadow(600, 906, 330, 48)
    s.circle(600, 430, 262, s.metal(p.GOLD, 45))
    s.circle(600, 430, 232, s.linear("#f6fafb", "#b9c8ce", "#e8eff1", angle=50))
    s.path("M470 300L600 210L700 224L450 560L392 520Z", "#fff", opacity=0.55)
    s.rect(520, 676, 160, 40, 12, s.metal(p.GOLD))
    s.path("M290 790V830A310 108 0 0 0 910 830V790Z", s.metal(p.GOLD))
    s.ellipse(600, 790, 310, 108, s.linear(light(p.GOLD, 0.65), p.GOLD, angle=30))
    s.ellipse(600, 790, 266, 88, dark(c, 0.4))
    s.ellipse(600, 796, 262, 84, s.linear(light(c, 0.4), c, dark(c, 0.15), angle=30))
    leaf(s, 600, 830, 0, light(c, 0.25), 0.7)


def perfume(s: Studio, c: str) -> None:
    s.shadow(600, 924, 260, 40)
    s.rect(
        510,
        240,
        180,
        190,
        18,
        s.linear("#2d2a2c", ("#6c6466", 0.2), ("#2d2a2c", 0.5), ("#151416", 1), angle=0),
    )
    s.rect(546, 424, 108, 44, 6, s.metal(p.GOLD))
    s.rect(
        350,
        460,
        500,
        472,
        46,
        s.linear(
            ("#b8a88a", 0, 0.7), ("#ffffff", 0.1, 0.8), ("#f6ead2", 0.5, 0.55), ("#a8926a", 1, 0.8), angle=0
        ),
    )
    s.rect(
        386,
        520,
        428,
        376,
        26,
        s.linear((light(c, 0.5), 0, 0.9), (c, 0.6, 0.85), (dark(c, 0.2), 1, 0.9), angle=55),
    )
    s.path("M386 546Q386 520 412 520H620L450 896H412Q386 896 386 870Z", "#fff", opacity=0.22)
    s.line("M600 466V850", "#fff", 6, opacity=0.5)
    s.rect(500, 630, 200, 150, 4, "#fbf7ee")
    s.line("M540 690H660M564 722H636", "#5d574c", 5, opacity=0.8)
    s.rect(516, 646, 168, 118, 2, "none", stroke=p.GOLD, stroke_width=3)
    s.gleam("M368 510V880", 10, 0.85)


def brush(s: Studio, c: str) -> None:
    s.shadow(600, 926, 150, 28)
    hair = "M486 560C420 420 470 240 600 226C730 240 780 420 714 560Z"
    s.path(hair, s.linear("#e9d3c3", ("#d2ad98", 0.5), ("#8a5f50", 1)))
    clip = s.clip(shape("path", d=hair))
    with s.group(clip_path=clip):
        for i in range(-9, 10):
            s.line(
                f"M{600 + i * 12} 570C{600 + i * 17} 460 {600 + i * 16} 340 {600 + i * 9} 220",
                "#fff3e8" if i % 2 else "#7d5546",
                4,
                opacity=0.28,
            )
        s.ellipse(600, 240, 130, 60, light(c, 0.2), opacity=0.5, filter=s.blur(24))
    s.path("M484 552H716L692 700H508Z", s.metal(p.GOLD))
    s.line("M490 590H710M500 664H700", dark(p.GOLD, 0.45), 4, opacity=0.6)
    s.path(
        "M508 700H692C690 790 676 860 690 906Q694 932 664 932H536Q506 932 510 906C524 860 510 790 508 700Z",
        s.linear(dark(p.OAK, 0.3), (light(p.OAK, 0.45), 0.22), (p.OAK, 0.5), (dark(p.OAK, 0.45), 1), angle=0),
    )
    s.line(
        "M560 710C556 790 568 860 560 925M640 706C646 800 632 860 642 928", dark(p.OAK, 0.4), 3, opacity=0.35
    )
