"""
Words of the platform's own on every store's pages: titles, descriptions for search engines, names of filters, dates.

They are not a theme's, so that they keep to the lengths that search engines show, whatever theme a store has.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path

from provisioning.themes.locales import Translator

_FOLDER = Path(__file__).parent / "words"
_DEFAULT = "en"
_RIGHT_TO_LEFT = frozenset(["ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"])
# Control characters but the line's end, marks that change the direction of all text behind them, and characters of no width;
# what joins letters (Persian, emoji) and marks the direction of a single place (Arabic, Hebrew) stays.
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
# Letters that no decomposition takes apart.
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h"}
)


@cache
def texts_of(locale: str) -> Translator:
    """The words of the locale's language, else English ones."""
    language = locale.partition("-")[0]
    found = language if (_FOLDER / f"{language}.json").exists() else _DEFAULT
    return Translator(json.loads((_FOLDER / f"{found}.json").read_text("utf-8")), found)


def is_right_to_left(locale: str) -> bool:
    return locale.partition("-")[0] in _RIGHT_TO_LEFT


def clean_text(text: str) -> str:
    """The text without what cannot be seen but changes how the text around it is read."""
    return _UNSEEN.sub("", text)


def fold(text: str) -> str:
    """The text as it is searched: small letters without accents, `Café Öl` is `cafe ol`. A script's search folds alike."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)


def shorten(text: str, length: int) -> str:
    """The text on one line of at most `length` characters, cut between words where that is possible."""
    line = " ".join(clean_text(text).split())
    if len(line) <= length:
        return line
    words, space, _ = line[: length - 1].rpartition(" ")
    return (words if space else line[: length - 1]).rstrip(" ,;:.–-") + "…"


def write_date(moment: datetime, locale: str) -> str:
    """The day as people write it: `4 October 2026`."""
    t = texts_of(locale)
    return t("date", day=moment.day, month=t(f"months.{moment.month}"), year=moment.year)


def telephone_url(number: str) -> str:
    """`tel:+493012345` for `+49 30 123-45`; empty where the number holds no digits."""
    digits = re.sub(r"[^0-9]", "", number)
    return f"tel:{'+' if number.strip().startswith('+') else ''}{digits}" if digits else ""
