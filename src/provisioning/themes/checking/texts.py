"""Rules of texts: each locale has each text, and a text is given what it shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, cast

from provisioning.themes.checking.findings import Finding
from provisioning.themes.checking.forms import Forms, placeholders, read_texts, wanted_by
from provisioning.themes.checking.positions import Path
from provisioning.themes.checking.subjects import Subject
from provisioning.themes.locales import MARKUP_ENDING
from provisioning.themes.plurals import CATEGORIES, categories_of, plural_category
from provisioning.themes.richtext import INLINE

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|&[a-z]+;")
_HIGHEST_COUNT = 1_001
_NAMED = 5


def check_texts(subject: Subject) -> Iterator[Finding]:
    """Every locale file of its own, beside the default locale."""
    if subject.manifest is None:
        return
    yield from _check_list(subject)
    for locale, file in subject.own_locales.items():
        for key, forms in read_texts(subject.json[file].value).forms.items():
            yield from _check_text(subject, file, locale, key, forms)
        yield from _check_words(subject, file)
        if locale not in (subject.manifest.default_locale, ""):
            yield from _compare(subject, locale, file)
    for locale in sorted(set(subject.manifest.locales) - set(subject.own_locales)):
        # Its texts are inherited; what this package adds to the default locale must be in it too.
        missing = sorted(subject.texts.forms.keys() - subject.texts_of(locale).forms.keys())
        if missing and locale in subject.locales:
            yield subject.at("LC01", "theme.json", ("locales",), f"{locale} lacks {_list(missing)}")


def _check_list(subject: Subject) -> Iterator[Finding]:
    assert subject.manifest
    for locale in sorted(set(subject.manifest.locales) - set(subject.locales)):
        message = f"locales/{locale}.json is missing, and theme.json lists the locale"
        yield subject.at("LC05", "theme.json", ("locales",), message)
    for locale, file in subject.own_locales.items():
        if locale not in subject.manifest.locales:
            yield subject.at(
                "LC05", "theme.json", ("locales",), f"{file} is there, and theme.json does not list {locale}"
            )


def _check_text(subject: Subject, file: str, locale: str, key: str, forms: Forms) -> Iterator[Finding]:
    if "" not in forms:
        yield from _check_forms(subject, file, locale, key, forms)
    allowed = INLINE if key.endswith(MARKUP_ENDING) else frozenset[str]()
    for form, text in forms.items():
        wrong = [match[0] for match in _TAG.finditer(text) if (match[1] or "").lower() not in allowed]
        if wrong:
            path = _path(key) + ((form,) if form else ())
            yield subject.at(
                "LC03", file, path, f"{key}: {wrong[0]} is shown as it is written, or taken away"
            )


def _check_forms(subject: Subject, file: str, locale: str, key: str, forms: Forms) -> Iterator[Finding]:
    if "other" not in forms:
        yield subject.at("LC04", file, _path(key), f"{key}: has no form other")
    unknown = sorted(forms.keys() - set(categories_of(locale)))
    if unknown:
        yield subject.at(
            "LC08", file, _path(key), f"{key}: {', '.join(unknown)} is no plural form of {locale}"
        )
    missing = [name for name in _forms_in_use(locale) if name not in forms]
    if missing:
        yield subject.at("LC08", file, _path(key), f"{key}: has no form {', '.join(missing)}")


@lru_cache(maxsize=256)
def _forms_in_use(locale: str) -> tuple[str, ...]:
    """The forms that counts of a shop take in the locale's language."""
    taken = {plural_category(count, locale) for count in range(_HIGHEST_COUNT)}
    return tuple(name for name in CATEGORIES if name in taken and name != "other")


def _check_words(subject: Subject, file: str) -> Iterator[Finding]:
    """Whatever is no object of texts is words."""
    waiting: list[tuple[Path, Any]] = [((), subject.json[file].value)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*path, name), inner) for name, inner in cast("dict[str, Any]", value).items()]
        elif not isinstance(value, str):
            yield subject.at("JS02", file, path, f"{'.'.join(map(str, path))}: must be words")


def _compare(subject: Subject, locale: str, file: str) -> Iterator[Finding]:
    there = subject.texts_of(locale).forms
    missing = sorted(subject.texts.forms.keys() - there.keys())
    if missing:
        yield subject.at("LC01", file, (), f"{_list(missing)} of the default locale: missing")
    for key, forms in read_texts(subject.json[file].value).forms.items():
        if key not in subject.texts.forms:
            continue
        model = subject.texts.forms[key]
        given, shown = wanted_by(model), placeholders(forms)
        for name in sorted(shown - given):
            message = f"{key}: shows {{{name}}}, which the default locale's text does not"
            yield subject.at("LC02", file, _path(key), message)
        if ("" in model) != ("" in forms):
            yield subject.at("LC02", file, _path(key), f"{key}: is counted in one of the two locales only")
        for name in sorted(placeholders(model) - shown - {"count"}):
            message = f"{key}: does not show {{{name}}}, which the default locale's text does"
            yield subject.at("LC06", file, _path(key), message)


def _path(key: str) -> Path:
    return tuple(key.split("."))


def _list(keys: list[str]) -> str:
    shown = ", ".join(keys[:_NAMED])
    return shown if len(keys) <= _NAMED else f"{shown} and {len(keys) - _NAMED} more"


def check_unused(subject: Subject, used: Collection[str], prefixes: Collection[str]) -> Iterator[Finding]:
    """Texts of the default locale that nothing asks for; `prefixes` begin keys that are put together while a page is made."""
    file = subject.own_locales.get(subject.manifest.default_locale) if subject.manifest else None
    if file is None:
        return
    for key in read_texts(subject.json[file].value).forms:
        if key not in used and not key.startswith(tuple(prefixes)):
            yield subject.at("LC07", file, _path(key), f"{key}: nothing asks for this text")
