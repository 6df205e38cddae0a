"""
Which plural form a whole number takes in a language: CLDR's cardinal rules (UTS 35, part 3), as far as counts without decimals need them.

A language that is not named here has the forms of English: `one` for 1, else `other`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

#: CLDR's names, in its order.
CATEGORIES = ("zero", "one", "two", "few", "many", "other")

Rule = Callable[[int], bool]

_ENGLISH: Mapping[str, Rule] = {"one": lambda n: n == 1}
_MILLIONS: Rule = lambda n: n != 0 and n % 1_000_000 == 0  # noqa: E731


def _ends_like_one(n: int) -> bool:
    return n % 10 == 1 and n % 100 != 11


def _ends_like_few(n: int) -> bool:
    return n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14)


_NO_FORMS = """
    aa ab agq ann apc arn ba bas bew bgc bgn blt bm bo bss byn cad cch ccp cho cic co cop cu cv dav dje dua dyo dz ebu ewo frr gaa gez gn guz
    hnj id ie ig ii ja jbo jv kaa kam kde kea ken kgp khq ki kln km ko kok kpe ksf kxv la lkt lmo lo lrc ltg lu luo luy mai mdf mer mfe mgh
    mhn mi mic mni moh ms mua mus my myv mzn nds nmg nqo nus nv oc osa pis qu quc raj rhg rif rn rw sa sah sbp ses sg shn sid skr su szl tg
    th to tok tpi trv trw tt twq tyv vai vi vmw wal wbp wo xnr yav yo yrl yue za zgh zh
"""

#: Languages beside their rules, tried in turn; what no rule takes is `other`.
_RULES: tuple[tuple[str, Mapping[str, Rule]], ...] = (
    (_NO_FORMS, {}),
    (
        "ak am as bho bn csw doi fa ff gu hi hy kab kn ln mg nso pa pcm si ti wa zu",
        {"one": lambda n: n in (0, 1)},
    ),
    ("fr ht pt", {"one": lambda n: n in (0, 1), "many": _MILLIONS}),
    ("ca es it lld pt-PT scn vec", {"one": lambda n: n == 1, "many": _MILLIONS}),
    ("he iu naq sat se sma smj smn sms", {"one": lambda n: n == 1, "two": lambda n: n == 2}),
    ("blo ksh lag", {"zero": lambda n: n == 0, "one": lambda n: n == 1}),
    ("cs sk", {"one": lambda n: n == 1, "few": lambda n: n in (2, 3, 4)}),
    ("be ru uk", {"one": _ends_like_one, "few": _ends_like_few, "many": lambda n: True}),
    ("bs hr sr", {"one": _ends_like_one, "few": _ends_like_few}),
    ("pl", {"one": lambda n: n == 1, "few": _ends_like_few, "many": lambda n: True}),
    ("is mk", {"one": _ends_like_one}),
    (
        "dsb hsb sl",
        {
            "one": lambda n: n % 100 == 1,
            "two": lambda n: n % 100 == 2,
            "few": lambda n: n % 100 in (3, 4),
        },
    ),
    (
        "lt",
        {
            "one": lambda n: n % 10 == 1 and n % 100 not in range(11, 20),
            "few": lambda n: n % 10 != 0 and n % 100 not in range(11, 20),
        },
    ),
    ("lv prg", {"zero": lambda n: n % 10 == 0 or n % 100 in range(11, 20), "one": _ends_like_one}),
    ("ro", {"one": lambda n: n == 1, "few": lambda n: n == 0 or n % 100 in range(1, 20)}),
    (
        "ar",
        {
            "zero": lambda n: n == 0,
            "one": lambda n: n == 1,
            "two": lambda n: n == 2,
            "few": lambda n: n % 100 in range(3, 11),
            "many": lambda n: n % 100 in range(11, 100),
        },
    ),
    (
        "mt",
        {
            "one": lambda n: n == 1,
            "two": lambda n: n == 2,
            "few": lambda n: n == 0 or n % 100 in range(3, 11),
            "many": lambda n: n % 100 in range(11, 20),
        },
    ),
    (
        "ga",
        {
            "one": lambda n: n == 1,
            "two": lambda n: n == 2,
            "few": lambda n: n in range(3, 7),
            "many": lambda n: n in range(7, 11),
        },
    ),
    (
        "gd",
        {
            "one": lambda n: n in (1, 11),
            "two": lambda n: n in (2, 12),
            "few": lambda n: n in range(3, 11) or n in range(13, 20),
        },
    ),
    (
        "cy",
        {
            "zero": lambda n: n == 0,
            "one": lambda n: n == 1,
            "two": lambda n: n == 2,
            "few": lambda n: n == 3,
            "many": lambda n: n == 6,
        },
    ),
    (
        "br",
        {
            "one": lambda n: n % 10 == 1 and n % 100 not in (11, 71, 91),
            "two": lambda n: n % 10 == 2 and n % 100 not in (12, 72, 92),
            "few": lambda n: n % 10 in (3, 4, 9) and n % 100 // 10 not in (1, 7, 9),
            "many": _MILLIONS,
        },
    ),
    (
        "gv",
        {
            "one": lambda n: n % 10 == 1,
            "two": lambda n: n % 10 == 2,
            "few": lambda n: n % 20 == 0,
        },
    ),
    (
        "kw",
        {
            "zero": lambda n: n == 0,
            "one": lambda n: n == 1,
            "two": lambda n: (
                n % 100 in (2, 22, 42, 62, 82)
                or (n % 1000 == 0 and n % 100_000 in (*range(1_000, 20_001), 40_000, 60_000, 80_000))
                or n % 1_000_000 == 100_000
            ),
            "few": lambda n: n % 100 in (3, 23, 43, 63, 83),
            "many": lambda n: n % 100 in (1, 21, 41, 61, 81),
        },
    ),
    ("shi", {"one": lambda n: n in (0, 1), "few": lambda n: n in range(2, 11)}),
    ("tzm", {"one": lambda n: n in (0, 1) or n in range(11, 100)}),
    ("ceb fil tl", {"one": lambda n: n in (1, 2, 3) or n % 10 not in (4, 6, 9)}),
)

_BY_LANGUAGE = {language: rules for languages, rules in _RULES for language in languages.split()}


def plural_category(count: int, locale: str) -> str:
    """The form that `count` things take: one of `categories_of(locale)`."""
    number = abs(count)
    return next((name for name, holds in _rules_of(locale).items() if holds(number)), "other")


def categories_of(locale: str) -> tuple[str, ...]:
    """All forms that whole numbers take in the locale's language, in CLDR's order; `other` is always among them."""
    return tuple(name for name in CATEGORIES if name == "other" or name in _rules_of(locale))


def _rules_of(locale: str) -> Mapping[str, Rule]:
    return _BY_LANGUAGE.get(locale) or _BY_LANGUAGE.get(locale.partition("-")[0], _ENGLISH)
