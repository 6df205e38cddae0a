"""
Rules of the HTML in templates: pictures, fields, landmarks, headings, addresses, words.

A template is read with its expressions and statements blanked out, place for place, so that what stands in every branch is seen, and
lines and columns are those of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from provisioning.themes.checking.findings import Finding, find

#: Stands for what an expression prints.
VALUE = "\ufffd"

_JINJA = re.compile(
    r"(?P<raw>\{%[-+]?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*[-+]?%\})"
    r"|(?P<comment>\{\#.*?\#\})"
    r"""|(?P<value>\{\{(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^"'])*?\}\})"""
    r"""|(?P<statement>\{%(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^"'])*?%\})""",
    re.DOTALL,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'))?")
_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_ASSET = re.compile(
    r"""\{\{-?\s*(?:\(?\s*['"][^{}]*['"]\s*\)?\s*\|\s*asset_url|tokens_url|manifest_url)\s*-?\}\}"""
)
_DOCTYPE = re.compile(r"<!doctype[^<>]*>", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_HANDLE_PATH = re.compile(r"/(?:products|collections|pages)/[a-z0-9]")
_FIXED_PATHS = frozenset({"/pages/contact/"})

_LOADING = frozenset({"src", "srcset", "poster", "data", "background"})
_FIELDS = frozenset({"input", "select", "textarea"})
_NAMELESS_FIELDS = frozenset({"hidden", "submit", "button", "reset", "image"})
_SILENT = frozenset({"script", "style", "template", "svg", "noscript"})
_READ_ALOUD = frozenset({"alt", "title", "placeholder", "aria-label", "aria-description"})
#: Words that are the same in every language, and need no locale file.
_NAMES = frozenset(
    {
        "instagram",
        "facebook",
        "tiktok",
        "youtube",
        "pinterest",
        "linkedin",
        "whatsapp",
        "x",
        "paypal",
        "visa",
        "mastercard",
    }
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag; `attributes` as they are written in the template, by lower-case name."""

    name: str
    attributes: Mapping[str, str]
    at: int
    end: int
    closing: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A template to look at: its source, the same with Jinja blanked out, and its tags."""

    source: str
    blank: str
    tags: tuple[Tag, ...]

    def place(self, at: int) -> tuple[int, int]:
        return self.source.count("\n", 0, at) + 1, at - self.source.rfind("\n", 0, at)


@lru_cache(maxsize=512)
def read_sheet(source: str) -> Sheet:
    """The template's HTML, in every branch."""
    blank = _JINJA.sub(_blank, source)
    return Sheet(source, blank, _read_tags(source, blank))


def tags_of(html: str) -> tuple[Tag, ...]:
    """The tags of a page that has been made."""
    return _read_tags(html, html)


def _read_tags(source: str, blank: str) -> tuple[Tag, ...]:
    tags: list[Tag] = []
    for match in _TAG.finditer(blank):
        start = match.start(3)
        attributes: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(blank, start, match.end(3)):
            group = 2 if found[2] is not None else 3
            span = found.span(group)
            # The value as it is written, expressions included.
            attributes.setdefault(found[1].lower(), source[span[0] : span[1]] if span[0] >= 0 else "")
        tags.append(Tag(match[2].lower(), attributes, match.start(), match.end(), bool(match[1])))
    return tuple(tags)


def _blank(match: re.Match[str]) -> str:
    if match["raw"] is not None:
        return match[0]
    sign = VALUE if match["value"] is not None else " "
    return "".join("\n" if c == "\n" else sign for c in match[0])


def check_markup(file: str, source: str) -> Iterator[Finding]:
    """One template by itself."""
    sheet = read_sheet(source)
    for tag in sheet.tags:
        if not tag.closing:
            for code, message in _check_tag(tag):
                yield _at(code, file, sheet, tag.at, message)
    yield from _check_labels(file, sheet)
    yield from _check_ids(file, sheet)
    yield from _check_words(file, sheet)
    preloads = [tag for tag in sheet.tags if tag.name == "link" and tag.attributes.get("rel") == "preload"]
    if len(preloads) > 2:
        yield _at("TP18", file, sheet, preloads[2].at, f"{len(preloads)} files are asked for ahead")


def _at(code: str, file: str, sheet: Sheet, at: int, message: str) -> Finding:
    line, column = sheet.place(at)
    return find(code, file, message, line=line, column=column)


def _check_tag(tag: Tag) -> Iterator[tuple[str, str]]:
    attributes = tag.attributes
    if tag.name == "img":
        missing = [name for name in ("alt", "width", "height") if name not in attributes]
        if missing:
            yield "TP17", f"the picture has no {', '.join(missing)}"
    if tag.name == "nav" and not attributes.keys() & {"aria-label", "aria-labelledby"}:
        yield "TP26", "the navigation has no name"
    if tag.name == "button" and "type" not in attributes:
        yield "TP27", "the button has no type: in a form it would send it"
    yield from _check_keyboard(attributes)
    yield from _check_addresses(tag)


def _check_keyboard(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("autofocus", "accesskey"):
        if name in attributes:
            yield "TP25", f"{name} takes the keyboard from where people expect it"
    order = attributes.get("tabindex", "")
    if order.isascii() and order.isdigit() and int(order[:9]) > 0:
        yield "TP25", f"tabindex {order[:9]} is out of order"


def _check_addresses(tag: Tag) -> Iterator[tuple[str, str]]:
    attributes = tag.attributes
    for name in sorted(_LOADING & attributes.keys()):
        if any(_REMOTE.match(part) for part in _without_values(attributes[name]).split(",")):
            yield "AS03", f"{name} loads something from another host"
    if tag.name == "script" and "src" in attributes:
        if not _ASSET.fullmatch(attributes["src"].strip()) and not _REMOTE.match(attributes["src"]):
            yield "AS03", "a script's src is an asset of the theme, and nothing else"
        if not attributes.keys() & {"defer", "async"} and attributes.get("type") != "module":
            yield "AS04", "the script holds the page up while it is loaded"
    if tag.name == "link":
        yield from _check_link(attributes)
    for name in ("action", "formaction"):
        if _REMOTE.match(attributes.get(name, "")):
            yield "AS03", f"{name} sends what shoppers write to another host"
    if tag.name in {"a", "area"}:
        yield from _check_href(attributes.get("href", ""))


def _check_link(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    href, relation = attributes.get("href", ""), attributes.get("rel", "").lower().split()
    if _REMOTE.match(href):
        yield "AS03", "the page turns to another host"
    elif "stylesheet" in relation and not _ASSET.fullmatch(href.strip()):
        yield "AS03", "a stylesheet is an asset of the theme, or tokens_url"


def _check_href(href: str) -> Iterator[tuple[str, str]]:
    if _REMOTE.match(href):
        yield "TP28", "the link leads away from the shop, whatever the merchant wants"
    elif _HANDLE_PATH.match(href) and "{" not in href and href not in _FIXED_PATHS:
        yield "TP14", f"not every shop has {href}"


def _without_values(text: str) -> str:
    return _JINJA.sub("", text)


def _check_labels(file: str, sheet: Sheet) -> Iterator[Finding]:
    """A field has aria-label or aria-labelledby, stands in a label, or has one that names its id. What scripts fill in is theirs."""
    named = {tag.attributes["for"] for tag in sheet.tags if tag.name == "label" and "for" in tag.attributes}
    inside: dict[str, int] = {"label": 0, "template": 0}
    for tag in sheet.tags:
        if tag.name in inside:
            inside[tag.name] += -1 if tag.closing else 1
        if tag.closing or tag.name not in _FIELDS or any(inside.values()):
            continue
        attributes = tag.attributes
        if attributes.get("type", "").lower() in _NAMELESS_FIELDS or attributes.get("id") in named:
            continue
        if not attributes.keys() & {"aria-label", "aria-labelledby"}:
            yield _at("TP21", file, sheet, tag.at, f"the {tag.name} has no label")


def _check_ids(file: str, sheet: Sheet) -> Iterator[Finding]:
    """An id that is written out stands once, but for branches of which one is shown."""
    seen: dict[str, int] = {}
    for tag in sheet.tags:
        name = tag.attributes.get("id", "")
        if tag.closing or not name or "{" in name:
            continue
        between = sheet.source[seen.get(name, tag.at) : tag.at]
        if name in seen and not re.search(r"\{%[-+]?\s*(?:else|elif)\b", between):
            yield _at("TP29", file, sheet, tag.at, f"the id {name} stands here a second time")
        seen[name] = tag.at


def _check_words(file: str, sheet: Sheet) -> Iterator[Finding]:
    """Words between tags, and in attributes that people read or hear. A template without a tag is for an attribute, as sizes is."""
    if not sheet.tags:
        return
    hidden, before = 0, 0
    for tag in (*sheet.tags, None):
        end = tag.at if tag else len(sheet.blank)
        text = _DOCTYPE.sub("", sheet.blank[before:end])
        if not hidden:
            match = _WORDS.search(unescape(text).replace(VALUE, " ")) if _is_foreign(text) else None
            if match:
                shown = match[0]
                at = max(before, sheet.blank.find(shown, before))
                yield _at("TP13", file, sheet, at, f"“{shown}” is the same in every language")
        if tag is None:
            break
        before = tag.end
        if tag.name in _SILENT and not sheet.blank[tag.at : tag.end].endswith("/>"):
            hidden = max(0, hidden + (-1 if tag.closing else 1))
        for name in sorted(_READ_ALOUD & tag.attributes.keys()):
            words = _without_values(tag.attributes[name])
            if not tag.closing and _is_foreign(words):
                yield _at("TP13", file, sheet, tag.at, f"{name} is the same in every language")


def _is_foreign(text: str) -> bool:
    words = _WORDS.findall(unescape(text).replace(VALUE, " "))
    return any(word.lower() not in _NAMES for word in words)


# --- Layouts ---------------------------------------------------------------------------------------------


def check_layout(file: str, source: str, whole: str) -> Iterator[Finding]:
    """A layout; `whole` is its source with all that it includes."""
    sheet, everything = read_sheet(source), read_sheet(whole)
    pages = [tag for tag in sheet.tags if tag.name == "html" and not tag.closing]
    for tag in pages:
        missing = [name for name in ("lang", "dir") if name not in tag.attributes]
        if missing:
            yield _at("TP20", file, sheet, tag.at, f"the element html has no {' and no '.join(missing)}")
    if not pages:
        yield find("TP20", file, "the layout has no element html")
    mains = sum(tag.name == "main" and not tag.closing for tag in everything.tags)
    if mains != 1:
        yield find("TP16", file, f"the layout has {mains} main elements")
    printed = "".join(match["value"] or match["statement"] or "" for match in _JINJA.finditer(whole))
    for name in ("content", "page.title", "tokens_url"):
        if not re.search(rf"\b{re.escape(name)}\b", printed):
            yield find("TP15", file, f"the layout does not show {name}")
    for name in ("page.description", "page.robots", "page.canonical_url", "page.structured_data"):
        if not re.search(rf"\b{re.escape(name)}\b", printed):
            yield find("TP22", file, f"the layout does not show {name}")
    yield from _check_skip_link(file, sheet, everything)


def _check_skip_link(file: str, sheet: Sheet, everything: Sheet) -> Iterator[Finding]:
    """Where there is a header to skip, the first link of the page does it."""
    header = re.search(r"\{\{-?\s*header\b", sheet.source)
    if header is None:
        return
    ids = {tag.attributes.get("id") for tag in everything.tags if tag.name == "main"}
    links = [tag for tag in sheet.tags if tag.name == "a" and tag.at < header.start()]
    if not any(tag.attributes.get("href", "").removeprefix("#") in ids for tag in links):
        yield _at("TP23", file, sheet, header.start(), "nothing before the header leads to the content")


def has_heading(whole: str) -> bool:
    """Whether a section, with all that it includes, has an h1."""
    return any(tag.name == "h1" and not tag.closing for tag in read_sheet(whole).tags)
