"""
Examines a page's HTML, more strictly than browsers do: what they would repair is a mistake here.

Every element that is not void is closed, and in order; every attribute is quoted; `<` and `&` stand for themselves nowhere. So a page can be
read with one regular expression from its first byte to its last, in about a millisecond, and what does not fit is a problem. The pages of a
shop repeat most of their tags, so the attributes of tags that are written alike are read once in a process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from html.entities import html5

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"\s+([^\s\"'<>/=\x00]+)(?:=(?:\"([^\"]*)\"|'([^']*)'))?")
_REFERENCE = re.compile(r"&(#[0-9]+;|#[xX][0-9a-fA-F]+;|[a-zA-Z][a-zA-Z0-9]*;)?")
_DOCTYPE = "<!doctype html>"
_SIZE = re.compile(r"[1-9][0-9]{0,4}")

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
#: What is in them is text up to their end tag.
_RAW = frozenset(("script", "style", "textarea", "title"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "dialog",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "table",
        "ul",
    ]
)
#: They hold words and what stands among words: no block.
_PHRASING = _HEADINGS | frozenset(
    [
        "p",
        "pre",
        "span",
        "em",
        "strong",
        "b",
        "i",
        "u",
        "s",
        "small",
        "cite",
        "q",
        "dfn",
        "abbr",
        "code",
        "var",
        "samp",
        "kbd",
        "sub",
        "sup",
        "mark",
        "bdi",
        "bdo",
        "time",
        "data",
        "label",
        "button",
        "output",
        "legend",
        "summary",
        "progress",
        "meter",
    ]
)
_MAY_HOLD_HEADINGS = frozenset(("legend", "summary"))
#: Nothing to press within something to press.
_PRESSED = frozenset(("a", "button"))
_INTERACTIVE = frozenset(("a", "button", "select", "textarea", "details", "iframe", "label"))
_PARENTS: Mapping[str, frozenset[str]] = {
    "li": frozenset(("ul", "ol", "menu")),
    "dt": frozenset(("dl", "div")),
    "dd": frozenset(("dl", "div")),
    "tr": frozenset(("table", "thead", "tbody", "tfoot")),
    "td": frozenset(("tr",)),
    "th": frozenset(("tr",)),
    "thead": frozenset(("table",)),
    "tbody": frozenset(("table",)),
    "tfoot": frozenset(("table",)),
    "caption": frozenset(("table",)),
    "option": frozenset(("select", "optgroup", "datalist")),
    "optgroup": frozenset(("select",)),
    "summary": frozenset(("details",)),
    "legend": frozenset(("fieldset",)),
    "figcaption": frozenset(("figure",)),
    "source": frozenset(("picture", "video", "audio")),
    "body": frozenset(("html",)),
    "head": frozenset(("html",)),
}
_CHILDREN: Mapping[str, frozenset[str]] = {
    "html": frozenset(("head", "body")),
    "head": frozenset(["title", "meta", "link", "script", "noscript", "base", "template"]),
    "ul": frozenset(("li", "script", "template")),
    "ol": frozenset(("li", "script", "template")),
    "menu": frozenset(("li", "script", "template")),
    "dl": frozenset(("dt", "dd", "div", "script", "template")),
    "table": frozenset(["caption", "colgroup", "thead", "tbody", "tfoot", "tr", "script", "template"]),
    "tr": frozenset(("td", "th", "script", "template")),
    "select": frozenset(("option", "optgroup", "hr", "button")),
    "picture": frozenset(("source", "img")),
}
#: Landmarks that stand in none of these.
_NOT_WITHIN: Mapping[str, frozenset[str]] = {
    "main": frozenset(("article", "aside", "footer", "header", "nav", "main", "section")),
    "form": frozenset(("form",)),
    "label": frozenset(("label",)),
    "header": frozenset(("address", "dt")),
    "footer": frozenset(("address", "dt")),
}
_LABELLED = frozenset(("input", "select", "textarea"))
_NEEDS_NO_LABEL = frozenset(("hidden", "submit", "button", "reset", "image"))
_DATA_TYPES = frozenset(("application/ld+json", "application/json"))
_REFERRING = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "headers", "form")
#: Element and attribute to whether a browser loads what stands there by itself.
_LINKS: Mapping[tuple[str, str], bool] = {
    ("a", "href"): False,
    ("area", "href"): False,
    ("form", "action"): False,
    ("button", "formaction"): False,
    ("script", "src"): True,
    ("img", "src"): True,
    ("source", "src"): True,
    ("video", "src"): True,
    ("video", "poster"): True,
    ("audio", "src"): True,
    ("use", "href"): True,
    ("image", "href"): True,
}
_LOADED_RELATIONS = frozenset(
    ("stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon")
)
_DANGEROUS = re.compile(r"\s*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a page: a stable code, and a sentence that names the place."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page names, as it stands there but for character references."""

    target: str
    #: Whether a browser loads it by itself.
    loaded: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """What a page holds as far as others depend on it, and what is wrong with it."""

    findings: tuple[Finding, ...]
    ids: frozenset[str]
    links: frozenset[Link]
    #: The canonical address; empty where the page names none.
    canonical: str
    #: The texts of its JSON-LD blocks.
    linked_data: tuple[str, ...]


def examine(html: str) -> Examined:
    """Read the page from end to end. Never raises for what the page holds."""
    return _Examination(html).result()


@dataclass(frozen=True, slots=True)
class _Attributes:
    """The attributes of a tag: their values without character references, and all that is to be said of them by themselves."""

    values: Mapping[str, str]
    findings: tuple[Finding, ...]
    links: tuple[Link, ...]
    ids: tuple[str, ...]
    #: Ids that it names, and where.
    referred: tuple[tuple[str, str], ...]


@lru_cache(maxsize=8_192)
def _read_attributes(name: str, written: str, *, foreign: bool) -> _Attributes:
    """The attributes of `<name written>`; within an SVG (`foreign`) their names are told apart by case."""
    values: dict[str, str] = {}
    findings: list[Finding] = []
    at = 0
    for found in _ATTRIBUTE.finditer(written):
        if found.start() != at:
            break
        at = found.end()
        key = found[1] if foreign else found[1].lower()
        if key in values:
            findings.append(Finding("DUPLICATE_ATTRIBUTE", f"<{name}> has {key} twice"))
        value = found[2] if found[2] is not None else found[3] or ""
        if "&" in value:
            findings += _stray_ampersand(value)
            value = unescape(value)
        values[key] = value
    if written[at:].strip():
        message = f"<{name}> has an attribute without quotes: {_excerpt(written, at)}"
        findings.append(Finding("ATTRIBUTE_SYNTAX", message))
    findings += _unwanted(name, values)
    links = [_read_link(name, target, loaded=loaded) for target, loaded in _targets(name, values)]
    ids = (values["id"],) if "id" in values and values["id"].split() == [values["id"]] else ()
    return _Attributes(
        values,
        (*findings, *(link for link in links if isinstance(link, Finding))),
        tuple(link for link in links if isinstance(link, Link)),
        ids,
        tuple(
            (f"{key} of <{name}>", id)
            for key, value in values.items()
            if key in _REFERRING
            for id in value.split()
        ),
    )


def _unwanted(name: str, values: Mapping[str, str]) -> Iterator[Finding]:
    """Attributes that have no place in a page, whatever stands around them."""
    for key, value in values.items():
        if key == "id" and value.split() != [value]:
            yield Finding("BAD_ID", f"<{name}> has an id that is empty or holds a space")
        elif key == "style":
            yield Finding(
                "INLINE_STYLE", f"<{name}> has a style attribute; the content security policy blocks it"
            )
        elif key.startswith("on"):
            yield Finding("EVENT_HANDLER", f"<{name}> has {key}; the content security policy blocks it")
        elif key == "tabindex" and value not in ("0", "-1"):
            yield Finding(
                "TABINDEX", f"<{name}> has tabindex {value!r}, which upsets the order of the keyboard"
            )


def _targets(name: str, values: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Where an element leads, and whether a browser goes there by itself."""
    for key, value in values.items():
        loaded = _LINKS.get((name, key))
        if loaded is not None:
            yield value, loaded
        elif key in ("srcset", "imagesrcset"):
            for candidate in value.split(","):
                yield (candidate.split()[0] if candidate.split() else ""), True


def _read_link(name: str, target: str, *, loaded: bool) -> Link | Finding | None:
    """None for what leads nowhere, and may."""
    if not target:
        return Finding("EMPTY_LINK", f"<{name}> leads nowhere") if name != "form" else None
    if loaded and target.startswith("data:image/"):
        return None
    if _DANGEROUS.match(target):
        kind = target.partition(":")[0].strip()
        return Finding("SCRIPT_LINK", f"<{name}> leads to a {kind}: address")
    return Link(target, loaded)


def _stray_ampersand(text: str) -> list[Finding]:
    """The first & that begins no character reference."""
    for found in _REFERENCE.finditer(text):
        name = found[1]
        if name is None or (name[0] != "#" and name not in html5):
            excerpt = _excerpt(text, found.start())
            return [Finding("STRAY_AMPERSAND", f"an & begins no character reference: {excerpt}")]
    return []


@dataclass(slots=True)
class _Control:
    place: str
    id: str
    labelled: bool


@dataclass(slots=True)
class _Examination:
    html: str
    findings: list[Finding] = field(default_factory=list[Finding])
    ids: dict[str, str] = field(default_factory=dict[str, str])
    links: set[Link] = field(default_factory=set[Link])
    canonical: str = ""
    linked_data: list[str] = field(default_factory=list[str])
    _stack: list[str] = field(default_factory=list[str])
    _counts: dict[str, int] = field(default_factory=dict[str, int])
    _labels: set[str] = field(default_factory=set[str])
    _controls: list[_Control] = field(default_factory=list[_Control])
    _referred: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    #: Elements of SVG follow XML's rules: how deep we are in one.
    _foreign: int = 0
    _named: dict[str, str] = field(default_factory=dict[str, str])

    def result(self) -> Examined:
        self._read()
        self._check_whole()
        return Examined(
            tuple(self.findings),
            frozenset(self.ids),
            frozenset(self.links),
            self.canonical,
            tuple(self.linked_data),
        )

    def _find(self, code: str, message: str) -> None:
        self.findings.append(Finding(code, message))

    # --- Reading ---------------------------------------------------------------------------------------

    def _read(self) -> None:
        html = self.html
        at = len(_DOCTYPE) if html[: len(_DOCTYPE)].lower() == _DOCTYPE else 0
        if not at:
            self._find("NO_DOCTYPE", "the page does not begin with <!doctype html>")
        while True:
            begin = html.find("<", at)
            if begin < 0:
                break
            self._text(html[at:begin])
            tag = _TAG.match(html, begin)
            if tag is None:
                at = self._no_tag(begin)
                continue
            at = self._tag(tag)
        self._text(html[at:])
        for name in reversed(self._stack):
            self._find("NOT_CLOSED", f"<{name}> is never closed")

    def _no_tag(self, begin: int) -> int:
        """A comment, or a mistake; returns where to go on."""
        if self.html.startswith("<!--", begin) and not self.html.startswith(("<!-->", "<!--->"), begin):
            end = self.html.find("-->", begin + 4)
            if end >= 0 and "--!>" not in self.html[begin:end]:
                return end + 3
            if end < 0:
                self._find("STRAY_BRACKET", f"a comment never ends: {_excerpt(self.html, begin)}")
                return len(self.html)
        self._find("STRAY_BRACKET", f"a < begins no tag: {_excerpt(self.html, begin)}")
        return begin + 1

    def _tag(self, tag: re.Match[str]) -> int:
        """Take in the tag; returns where to go on."""
        closing, name, rest = tag.groups()
        if not self._foreign:
            name = name.lower()
        if closing:
            self._close(name)
            if rest.strip():
                self._find("END_TAG", f"</{name}> carries attributes")
            return tag.end()
        itself = self._foreign > 0 and rest.endswith("/")
        tidy = rest.removesuffix("/") if itself or name in VOID else rest
        written = _read_attributes(name, tidy, foreign=self._foreign > 0)
        attributes = written.values
        self._element(name, written)
        if name in VOID or itself:
            return tag.end()
        self._stack.append(name)
        if name in ("svg", "math"):
            self._foreign += 1
        if name in _RAW and not self._foreign:
            return self._raw(name, attributes, tag.end())
        return tag.end()

    def _raw(self, name: str, attributes: Mapping[str, str], begin: int) -> int:
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.html, begin)
        if end is None:
            return len(self.html)
        text = self.html[begin : end.start()]
        if name == "script" and attributes.get("type") == "application/ld+json":
            self.linked_data.append(text)
        elif name == "script" and text.strip() and attributes.get("type", "") not in _DATA_TYPES:
            self._find("INLINE_SCRIPT", "a script stands in the page; the content security policy blocks it")
        elif name == "title" and not self._foreign:
            self._named["title"] = text.strip()
            self._text(text)
        self._close(name)
        return end.end()

    def _close(self, name: str) -> None:
        if name in VOID and not self._foreign:
            self._find("END_TAG", f"</{name}> closes an element that has no content")
            return
        if not self._stack or self._stack[-1] != name:
            opened = f"<{self._stack[-1]}> is open" if self._stack else "nothing is open"
            self._find("NOT_BALANCED", f"</{name}> comes where {opened}")
            if name not in self._stack:
                return
            while self._stack[-1] != name:
                self._pop()
        self._pop()

    def _pop(self) -> None:
        if self._stack.pop() in ("svg", "math"):
            self._foreign -= 1

    def _text(self, text: str) -> None:
        if "&" in text:
            self.findings += _stray_ampersand(text)

    # --- One element -----------------------------------------------------------------------------------

    def _element(self, name: str, written: _Attributes) -> None:
        attributes = written.values
        self._counts[name] = self._counts.get(name, 0) + 1
        self.findings += written.findings
        self.links.update(written.links)
        self._referred += written.referred
        for value in written.ids:
            self._note_id(name, value)
        if not self._foreign:
            self._check_place(name, attributes)
        if name == "img":
            self._check_picture(attributes)
        elif name in _LABELLED:
            self._note_control(name, attributes)
        elif name == "label" and attributes.get("for"):
            self._labels.add(attributes["for"])
        elif name == "style" and not self._foreign:
            self._find("INLINE_STYLE", "a <style> stands in the page; the content security policy blocks it")
        elif name in ("meta", "link", "html", "iframe"):
            self._note_head(name, attributes)

    def _note_id(self, name: str, value: str) -> None:
        if value in self.ids:
            self._find("DUPLICATE_ID", f"the id {value!r} stands at <{self.ids[value]}> and at <{name}>")
        else:
            self.ids[value] = name

    def _note_link(self, name: str, target: str, *, loaded: bool) -> None:
        found = _read_link(name, target, loaded=loaded)
        if isinstance(found, Finding):
            self.findings.append(found)
        elif found:
            self.links.add(found)

    def _note_head(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "link":
            relations = set(attributes.get("rel", "").split())
            if "canonical" in relations:
                self.canonical = attributes.get("href", "")
            if attributes.get("href"):
                self._note_link(name, attributes["href"], loaded=bool(relations & _LOADED_RELATIONS))
        elif name == "meta":
            key = attributes.get("name") or attributes.get("property") or ""
            self._named[f"meta {key}" if key else "meta charset"] = attributes.get("content", "")
            if key in ("og:image", "og:url") and attributes.get("content"):
                self.links.add(Link(attributes["content"], False))
        elif name == "html":
            self._named["lang"] = attributes.get("lang", "")
        elif not attributes.get("title"):
            self._find("NO_TITLE", "<iframe> has no title")

    def _check_picture(self, attributes: Mapping[str, str]) -> None:
        if "alt" not in attributes:
            self._find("NO_ALT", f"a picture has no alt: {attributes.get('src', '')[:80]}")
        for side in ("width", "height"):
            if not _SIZE.fullmatch(attributes.get(side, "")):
                self._find("NO_SIZE", f"a picture has no {side}: {attributes.get('src', '')[:80]}")

    def _note_control(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "input" and attributes.get("type", "text") in _NEEDS_NO_LABEL:
            return
        if "template" in self._stack:
            # Nobody meets it before a script has filled it in.
            return
        named = any(attributes.get(key) for key in ("aria-label", "aria-labelledby", "title"))
        place = f"<{name} name={attributes.get('name', '')!r}>"
        self._controls.append(_Control(place, attributes.get("id", ""), named or "label" in self._stack))

    def _check_place(self, name: str, attributes: Mapping[str, str]) -> None:
        stack = self._stack
        parent = stack[-1] if stack else ""
        parents = _PARENTS.get(name)
        if parents and parent not in parents and parent != "template":
            self._find("WRONG_PARENT", f"<{name}> stands in <{parent}>")
        children = _CHILDREN.get(parent)
        if children and name not in children:
            self._find("WRONG_CHILD", f"<{parent}> holds <{name}>")
        if name in _BLOCKS:
            outer = next((o for o in reversed(stack) if o in _PHRASING), None)
            if outer and not (name in _HEADINGS and outer in _MAY_HOLD_HEADINGS):
                self._find("BLOCK_IN_TEXT", f"<{name}> stands in <{outer}>, which holds only words")
        if name in _INTERACTIVE or (name == "input" and attributes.get("type") != "hidden"):
            outer = next((o for o in reversed(stack) if o in _PRESSED), None)
            if outer:
                self._find(
                    "NESTED_CONTROLS", f"<{name}> stands in <{outer}>: two things to press at one place"
                )
        outside = _NOT_WITHIN.get(name)
        if outside and any(o in outside for o in stack):
            self._find(
                "WRONG_PARENT", f"<{name}> may not stand in <{next(o for o in stack if o in outside)}>"
            )

    # --- The whole -------------------------------------------------------------------------------------

    def _check_whole(self) -> None:
        for name, what in (
            ("main", "one <main>"),
            ("h1", "one <h1>"),
            ("title", "one <title>"),
            ("body", "one <body>"),
        ):
            inside_svg = name == "title" and self._counts.get("svg")
            if self._counts.get(name, 0) != 1 and not (inside_svg and self._counts.get(name)):
                self._find("NOT_ONE", f"the page has {self._counts.get(name, 0)} where it needs {what}")
        for name in ("title", "lang", "meta viewport"):
            if not self._named.get(name):
                self._find("MISSING", f"the page does not say its {name}")
        if "meta charset" not in self._named:
            self._find("MISSING", "the page does not say its charset")
        for finding in self._unresolved():
            self.findings.append(finding)

    def _unresolved(self) -> Iterator[Finding]:
        for control in self._controls:
            if not control.labelled and control.id not in self._labels:
                yield Finding("NO_LABEL", f"{control.place} has no label")
        for id in sorted(self._labels):
            if id not in self.ids:
                yield Finding("UNKNOWN_ID", f"a label is for {id!r}, which is not on the page")
        for place, id in self._referred:
            if id not in self.ids:
                yield Finding("UNKNOWN_ID", f"{place} names {id!r}, which is not on the page")


def _excerpt(text: str, at: int) -> str:
    return repr(" ".join(text[at : at + 40].split()))
