"""Clothes on a rail or laid flat, bags, shoes."""

from __future__ import annotations

from pictures import palette as p
from pictures.studio import Studio, dark, light, shape


def cloth(s: Studio, d: str, c: str, folds: tuple[str, ...] = (), weave: str | None = None) -> None:
    """A piece of fabric: its colour turns from the light, and soft folds run through it."""
    edge = {"stroke": dark(c, 0.4), "stroke_width": 2, "stroke_opacity": 0.5}
    s.path(d, s.linear(light(c, 0.2), (c, 0.5), (dark(c, 0.22), 1), angle=40), **edge)
    if weave:
        s.path(d, weave)
    if not folds:
        return
    lines = "".join(folds)
    with s.group(clip_path=s.clip(shape("path", d=d)), fill="none"):
        s.path(lines, None, stroke=dark(c, 0.55), stroke_width=26, opacity=0.28, filter=s.blur(11))
        s.path(
            lines,
            None,
            stroke=light(c, 0.6),
            stroke_width=12,
            opacity=0.3,
            filter=s.blur(7),
            transform="translate(-22 -4)",
        )


def ribs(s: Studio, c: str, step: float = 14, turn: float = 0) -> str:
    inner = (
        shape("rect", width=step * 0.4, height=step, fill=dark(c, 0.5), opacity=0.32),
        shape("rect", x=step * 0.5, width=step * 0.25, height=step, fill=light(c, 0.6), opacity=0.3),
    )
    return s.pattern((step, step), *inner, transform=f"rotate({turn})" if turn else None)


def hanger(s: Studio) -> None:
    s.line("M600 262V222C600 190 648 190 644 160C640 132 596 132 590 162", s.metal(p.STEEL, 40), 9)
    s.path(
        "M600 250L800 330Q812 346 792 346H408Q388 346 400 330Z", s.linear(light(p.OAK, 0.3), dark(p.OAK, 0.2))
    )


BODY_SHADOW = "M430 330L520 270H680L770 330L900 840L810 860L820 1010H380L390 860L300 840Z"


def coat(s: Studio, c: str) -> None:
    s.cast(BODY_SHADOW)
    hanger(s)

    def sleeve() -> None:
        cloth(
            s,
            "M430 312C372 336 344 410 322 560C306 680 298 760 292 856Q340 876 384 866C394 760 412 650 440 560Z",
            c,
            ("M352 620C380 640 410 620 430 600", "M340 480C360 560 330 700 330 820"),
        )
        s.line("M296 826Q342 846 388 836", dark(c, 0.45), 4, opacity=0.6)

    s.mirrored(sleeve)
    s.path("M520 262H680L612 580H588Z", dark(c, 0.55))
    body = "M520 262L428 312C414 520 404 800 384 1040Q600 1072 816 1040C796 800 786 520 772 312L680 262L606 560H594Z"
    cloth(
        s,
        body,
        c,
        (
            "M470 420C440 640 470 820 450 1050",
            "M730 420C760 640 724 820 748 1050",
            "M540 700C530 820 560 930 540 1050",
        ),
    )
    s.line("M604 556C612 720 606 900 610 1052", dark(c, 0.5), 5, opacity=0.75)

    def lapel() -> None:
        s.path(
            "M520 260L602 566L520 474L452 434L492 398L466 340Z",
            "#1c1a20",
            opacity=0.25,
            transform="translate(8 12)",
            filter=s.blur(6),
        )
        s.path("M520 260L602 566L520 474L452 434L492 398L466 340Z", s.linear(light(c, 0.28), c, angle=60))
        s.rect(420, 780, 116, 30, 6, s.linear(light(c, 0.12), dark(c, 0.18)))
        s.line("M424 812H532", dark(c, 0.5), 4, opacity=0.5)

    s.mirrored(lapel)
    s.path("M520 260Q600 300 680 260L640 352Q600 372 560 352Z", s.linear(dark(c, 0.35), dark(c, 0.12)))
    for y in (600, 700, 800):
        s.circle(572, y, 15, s.ball(dark(c, 0.5), 0.4))


def sweater(s: Studio, c: str) -> None:
    s.cast("M430 330L520 270H680L770 330L900 840L800 860V960H400V860L300 840Z")
    rib, fine = ribs(s, c), ribs(s, c, 9)

    def sleeve() -> None:
        cloth(
            s,
            "M424 346C366 378 340 450 312 590C292 690 280 760 272 830L360 852C384 760 410 680 440 610Z",
            c,
            ("M330 640C370 660 400 650 430 620", "M340 520C350 620 310 720 312 830"),
            fine,
        )
        s.path("M274 812L366 836L354 906Q310 908 262 888Z", s.face(c))
        s.path("M274 812L366 836L354 906Q310 908 262 888Z", ribs(s, c, 14, 12))

    s.mirrored(sleeve)
    cloth(
        s,
        "M512 290L424 342C414 520 420 720 412 892Q600 912 788 892C780 720 786 520 776 342L688 290Q600 350 512 290Z",
        c,
        ("M450 480C490 600 440 760 470 900", "M750 480C716 620 764 760 730 900"),
        fine,
    )
    hem = "M412 880Q600 902 788 880L782 956Q600 976 418 956Z"
    s.path(hem, s.face(c))
    s.path(hem, rib)
    s.path("M512 290Q600 250 688 290Q600 330 512 290Z", dark(c, 0.58))
    neck = "M512 286C530 380 670 380 688 286L706 300C690 420 510 420 494 300Z"
    s.path(neck, s.face(light(c, 0.06)))
    s.path(neck, rib)


def t_shirt(s: Studio, c: str) -> None:
    s.cast("M420 330L520 280H680L780 330L930 540L800 610V960H400V610L270 540Z")
    d = "M506 286L410 330C350 380 306 450 262 536L372 606L424 540C430 680 424 820 412 950Q600 976 788 950C776 820 770 680 776 540L828 606L938 536C894 450 850 380 790 330L694 286Q600 360 506 286Z"
    cloth(
        s,
        d,
        c,
        (
            "M430 520C500 600 450 760 480 960",
            "M770 520C706 620 760 780 720 960",
            "M424 380C440 440 430 500 424 560",
            "M776 380C760 440 770 500 776 560",
        ),
    )
    s.path("M506 286Q600 262 694 286Q600 344 506 286Z", dark(c, 0.4))
    s.path(
        "M506 284C540 372 660 372 694 284L714 294C680 406 520 406 486 294Z",
        s.linear(light(c, 0.25), dark(c, 0.08)),
    )
    s.line("M414 930Q600 956 786 930", dark(c, 0.4), 3, stroke_dasharray="7 6", opacity=0.5)
    for d2 in ("M272 520L382 590", "M928 520L818 590"):
        s.line(d2, dark(c, 0.4), 3, stroke_dasharray="7 6", opacity=0.5)


def jeans(s: Studio, c: str) -> None:
    s.cast("M440 150H760L800 1060H650L600 470L550 1060H400Z")
    stitch = {"stroke_dasharray": "10 6", "opacity": 0.9}
    thread = "#d9a860"
    twill = s.pattern(
        (6, 6), shape("path", d="M0 6L6 0", stroke=light(c, 0.5), stroke_width=1.2, opacity=0.25)
    )

    def leg() -> None:
        cloth(
            s,
            "M440 190H602V440C594 640 576 860 566 1064Q490 1078 408 1060C414 800 410 500 440 190Z",
            c,
            (
                "M450 400C500 450 560 440 600 410",
                "M480 640C452 760 486 900 462 1070",
                "M550 560C530 700 552 880 530 1070",
            ),
            twill,
        )
        s.ellipse(494, 620, 40, 230, light(c, 0.5), opacity=0.24, filter=s.blur(24))
        s.line("M444 262C480 312 530 306 542 200", dark(c, 0.5), 4, opacity=0.6)
        s.line("M444 274C488 328 542 314 552 204", thread, 3, **stitch)
        s.line("M410 1036Q490 1054 566 1040", thread, 3, **stitch)

    s.mirrored(leg)
    s.path("M438 148H762L766 206Q600 220 434 206Z", s.face(c))
    for y in (158, 198):
        s.line(f"M438 {y}Q600 {y + 12} 762 {y}", thread, 3, **stitch)
    for x in (480, 702):
        s.rect(x, 142, 18, 74, 4, s.linear(light(c, 0.2), c))
    s.line("M601 216V440", dark(c, 0.5), 5)
    s.line("M632 216C638 360 628 400 603 426", thread, 3, **stitch)
    s.circle(602, 184, 14, s.ball("#b98350", 0.7))
    for x, y in ((448, 258), (546, 216), (654, 216), (752, 258)):
        s.circle(x, y, 5, "#c08a56")


def shirt(s: Studio, c: str) -> None:
    s.cast(BODY_SHADOW)
    hanger(s)

    def sleeve() -> None:
        cloth(
            s,
            "M430 316C366 344 340 430 316 560C298 680 288 740 280 810L366 832C386 740 412 650 440 570Z",
            c,
            ("M330 600C370 620 400 610 432 580", "M350 450C356 560 316 680 318 800"),
        )
        s.path("M280 800L370 824L360 876Q310 880 272 856Z", s.face(light(c, 0.15)))

    s.mirrored(sleeve)
    cloth(
        s,
        "M520 272L428 314C416 520 420 740 410 960Q600 984 790 960C780 740 784 520 772 314L680 272L604 372H596Z",
        c,
        (
            "M460 420C500 600 440 780 470 980",
            "M740 420C700 600 760 780 726 980",
            "M540 560C570 700 530 850 550 980",
        ),
    )
    s.path("M586 364H618V976H586Z", s.linear(light(c, 0.3), light(c, 0.05), angle=0))
    s.line("M586 370V974M618 370V974", dark(c, 0.4), 2.5, opacity=0.45)
    for y in range(440, 960, 96):
        s.circle(602, y, 9, s.ball(light(p.OAK, 0.1), 0.5))
    s.path("M536 268Q600 300 664 268L630 352H570Z", dark(c, 0.45))

    def collar() -> None:
        s.path(
            "M528 250C540 290 570 340 602 372L548 432L470 320Q490 270 528 250Z",
            "#1c1a20",
            opacity=0.22,
            transform="translate(6 10)",
            filter=s.blur(5),
        )
        s.path(
            "M528 250C540 290 570 340 602 372L548 432L470 320Q490 270 528 250Z",
            s.linear(light(c, 0.4), c, angle=60),
        )

    s.mirrored(collar)
    s.path("M528 250Q600 276 672 250L664 290Q600 312 536 290Z", s.linear(dark(c, 0.28), dark(c, 0.1)))
    s.path(
        "M676 520H760V610L718 632L676 610Z",
        s.linear(light(c, 0.18), c),
        stroke=dark(c, 0.4),
        stroke_width=2.5,
        opacity=0.8,
    )


def tote(s: Studio, c: str) -> None:
    s.shadow(600, 926, 360, 46)
    s.line("M440 500C440 190 720 190 720 500", dark(c, 0.5), 26)
    s.path("M270 470H930L860 500H330Z", dark(c, 0.62))
    s.path(
        "M270 470L310 924Q312 936 330 936H870Q888 936 890 924L930 470Q600 500 270 470Z",
        s.linear(light(c, 0.28), (c, 0.45), (dark(c, 0.35), 1), angle=35),
    )
    s.path("M340 930C420 860 780 860 866 930Z", dark(c, 0.5), opacity=0.35, filter=s.blur(14))
    s.path("M300 540C420 620 380 800 420 930H330L300 560Z", light(c, 0.5), opacity=0.18, filter=s.blur(16))
    s.line("M286 496Q600 526 914 496M330 916H870", light(c, 0.55), 3, stroke_dasharray="10 7", opacity=0.7)
    s.line(
        "M430 540C430 180 770 180 770 540",
        "#1c1a20",
        28,
        opacity=0.22,
        filter=s.blur(8),
        transform="translate(10 12)",
    )
    s.line("M430 540C430 180 770 180 770 540", s.linear(light(c, 0.4), c, dark(c, 0.3), angle=30), 28)
    s.gleam("M434 480C446 290 510 262 570 256", 5, 0.4)
    for x in (430, 770):
        s.path(f"M{x - 26} 520H{x + 26}V600L{x} 624L{x - 26} 600Z", s.face(c))
        s.line(
            f"M{x - 18} 530H{x + 18}V596L{x} 612L{x - 18} 596Z",
            light(c, 0.55),
            2.5,
            stroke_dasharray="6 5",
            opacity=0.7,
        )
        s.circle(x, 562, 9, s.ball(p.BRASS, 0.7))


def shoe(s: Studio, c: str, sole: str = "#f4efe4") -> None:
    upper = "M250 560C300 540 350 560 400 560C470 610 520 660 640 704C760 730 900 730 930 800Q942 850 930 868H250C226 780 220 640 250 560Z"
    s.path(upper, s.linear(light(c, 0.35), (c, 0.45), (dark(c, 0.3), 1), angle=55))
    s.path("M250 560C300 540 350 560 400 560C380 590 300 600 256 584Z", dark(c, 0.6))
    s.path("M700 722C790 736 900 736 930 806V868H760C790 820 770 760 700 722Z", light(c, 0.2), opacity=0.6)
    s.path("M244 640C300 660 340 760 330 868H250C234 800 232 700 244 640Z", dark(c, 0.12), opacity=0.6)
    s.line(
        "M330 868C344 760 310 670 246 640M762 868C790 820 770 760 704 724",
        dark(c, 0.4),
        3,
        stroke_dasharray="8 6",
        opacity=0.7,
    )
    s.path(
        "M404 566C470 612 540 664 640 704L600 790C520 760 440 680 396 610Z",
        s.linear(light(c, 0.25), c, angle=60),
        stroke=dark(c, 0.35),
        stroke_width=2.5,
    )
    for i in range(5):
        x, y = 432 + i * 44, 610 + i * 29
        s.line(
            f"M{x - 14} {y + 38}L{x + 24} {y - 24}", "#1c1a20", 13, opacity=0.2, transform="translate(4 6)"
        )
        s.line(f"M{x - 14} {y + 38}L{x + 24} {y - 24}", "#fbf8f1", 13)
    s.path(
        "M236 850Q600 872 944 846Q962 900 930 922H262Q226 910 236 850Z",
        s.linear(light(sole, 0.5), sole, dark(sole, 0.2)),
    )
    s.line("M244 880Q600 898 946 874", dark(sole, 0.3), 3, stroke_dasharray="10 6", opacity=0.8)


def sneakers(s: Studio, c: str) -> None:
    s.shadow(680, 830, 330, 34, 0.8)
    with s.group(transform="matrix(.92 0 0 .74 150 128)"):
        shoe(s, dark(c, 0.1))
    s.shadow(560, 930, 380, 34)
    with s.group(transform="matrix(1 0 0 .8 -30 196)"):
        shoe(s, c)


def beanie(s: Studio, c: str) -> None:
    s.shadow(600, 890, 340, 50)
    dome = "M290 720C270 460 420 290 600 290C780 290 930 460 910 720Z"
    s.path(dome, s.linear(light(c, 0.25), (c, 0.45), (dark(c, 0.4), 1), angle=35))
    clip = s.clip(shape("path", d=dome))
    with s.group(clip_path=clip):
        for i in range(-7, 8):
            bend = f"M{600 + i * 10} 280C{600 + i * 44} 400 {600 + i * 48} 560 {600 + i * 44} 740"
            s.line(bend, dark(c, 0.6), 12, opacity=0.3)
            s.line(bend, light(c, 0.5), 6, opacity=0.3, transform="translate(-14 0)")
    s.path("M280 712H920L912 730C840 760 360 760 288 730Z", "#1c1a20", opacity=0.3, filter=s.blur(8))
    cuff = "M268 690Q600 750 932 690Q952 780 930 858Q600 924 270 858Q248 780 268 690Z"
    s.path(cuff, s.linear(light(c, 0.35), (c, 0.45), (dark(c, 0.35), 1), angle=30))
    s.path(cuff, ribs(s, c, 26))
    s.path("M812 800L884 788V844L812 858Z", s.face(p.TAN))


def scarf(s: Studio, c: str, stripe: str) -> None:
    s.cast("M450 260H740L760 900H440Z")
    s.rect(180, 238, 840, 26, 13, s.linear(light(p.OAK, 0.4), p.OAK, dark(p.OAK, 0.4)))
    band = (
        shape("rect", width=100, height=22, fill=stripe, opacity=0.55),
        shape("rect", width=22, height=100, fill=stripe, opacity=0.55),
        shape("rect", x=52, width=6, height=100, fill=light(c, 0.8), opacity=0.6),
        shape("rect", y=52, width=100, height=6, fill=light(c, 0.8), opacity=0.6),
    )
    check = s.pattern((100, 100), *band, transform="translate(20 30)")

    def fall(x: float, w: float, end: float, colour: str) -> None:
        threads = range(int(w // 18))
        fringe = (f"M{x + 10 + i * 18} {end - 4}q{i % 3 * 4 - 4} 34 {i % 2 * 6 - 3} 66" for i in threads)
        s.line("".join(fringe), dark(colour, 0.15), 8)
        d = f"M{x} 268C{x - 8} 230 {x + w + 8} 230 {x + w} 268C{x + w + 14} 500 {x + w - 10} 700 {x + w + 4} {end}Q{x + w / 2} {end + 14} {x - 4} {end}C{x + 10} 700 {x - 14} 500 {x} 268Z"
        cloth(
            s,
            d,
            colour,
            (
                f"M{x + w * 0.3} 240C{x + w * 0.2} 480 {x + w * 0.4} 700 {x + w * 0.28} {end}",
                f"M{x + w * 0.72} 240C{x + w * 0.82} 480 {x + w * 0.6} 700 {x + w * 0.76} {end}",
            ),
            check,
        )

    fall(600, 190, 760, dark(c, 0.12))
    s.path("M590 270H640V880H590Z", "#1c1a20", opacity=0.25, filter=s.blur(14))
    fall(410, 210, 900, c)


def sunglasses(s: Studio, c: str) -> None:
    s.shadow(610, 800, 400, 40)
    rim = s.linear(light(c, 0.45), (c, 0.4), (dark(c, 0.3), 1), angle=50)
    s.line("M238 560C262 500 300 484 372 474M962 560C938 500 900 484 828 474", dark(c, 0.3), 20)
    s.line("M540 566C560 530 640 530 660 566", rim, 30)
    lens = s.linear(("#1f2a2e", 0, 0.97), ("#46585a", 0.6, 0.92), ("#8b9a90", 1, 0.85), angle=70)

    def eye() -> None:
        d = "M240 548C300 512 470 510 534 552C560 580 552 690 510 746C460 806 330 808 280 748C236 694 220 590 240 548Z"
        s.path(d, lens, stroke=rim, stroke_width=32, stroke_linejoin="round")
        s.path("M300 560L400 548L300 760C268 720 256 640 262 584Z", "#fff", opacity=0.13)

    s.mirrored(eye)
    s.gleam("M234 560C290 512 440 500 510 524M684 524C730 506 800 504 860 514", 6, 0.5)
    for x in (252, 936):
        s.rect(x, 552, 12, 16, 4, p.GOLD)
