"""Rules of assets: how much they weigh, what they load, what scripts do, and whether drawings are only drawings."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from provisioning.themes.checking.findings import Finding, find
from provisioning.themes.checking.pictures import size_of
from provisioning.themes.checking.subjects import Subject

MOST_SCRIPT, MOST_SCRIPTS = 10_000, 16_000
MOST_STYLE, MOST_STYLES = 100_000, 20_000
MOST_FONT = 60_000
MOST_PICTURE, WIDEST = 100_000, 2_400
_MOST_OF_A_KIND = 200
_MOST_OUTLINES = 50

_PARENT_IMPORT = re.compile(r'\s*@import "parent:[a-z0-9._-]+";')
#: One that does not end goes to the end of the text, so that no other is looked for in it.
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
_URL = re.compile(r"""url\(\s*(?:(["']?)([^()"']*)\1\s*\))?""", re.IGNORECASE)
_ASSET = re.compile(r"[a-z0-9._-]+")
_RUNS = re.compile(r"expression\s*\(|javascript:|-moz-binding|(?<![\w-])behavior\s*:", re.IGNORECASE)
_PHYSICAL = re.compile(
    r"(?<![\w-])((?:margin|padding|border)-(?:left|right)|left|right)\s*:|(text-align|float|clear)\s*:\s*(?:left|right)\b"
)
_RULE = re.compile(r"\{([^{}]*)\}")
_NO_OUTLINE = re.compile(r"outline(?:-style|-width)?\s*:\s*(?:none|0)\b")
_SEEN_OTHERWISE = re.compile(r"box-shadow|border|background|text-decoration|outline\s*:\s*[^n0\s;]")
_FACE = re.compile(r"@font-face\s*\{([^{}]*)\}")
_FAMILY = re.compile(r"""font-family\s*:\s*["']?([^;"'}]+)""")
_IMPORT = re.compile(r"""\b(?:from\s*|import\s*|import\s*\(\s*)["']([^"'\n]+)["']""")
_MODULE = re.compile(r"\./([a-z0-9._-]+\.js)")

_DOES = (
    (re.compile(r"\beval\s*\("), "eval runs a text"),
    (re.compile(r"\bnew\s+Function\b|\bFunction\s*\("), "Function runs a text"),
    (re.compile(r"\bset(?:Timeout|Interval)\s*\(\s*[\"'`]"), "a timer runs a text"),
    (re.compile(r"\b(?:inner|outer)HTML\b"), "innerHTML and outerHTML write markup"),
    (re.compile(r"\binsertAdjacentHTML\b"), "insertAdjacentHTML writes markup"),
    (re.compile(r"\bdocument\s*\.\s*write(?:ln)?\b"), "document.write writes markup"),
    (re.compile(r"\bcreateContextualFragment\b|\bsrcdoc\b|\bsetHTMLUnsafe\b"), "markup is made from a text"),
    (re.compile(r"\bdocument\s*\.\s*cookie\b"), "document.cookie keeps what no theme needs"),
    (re.compile(r"javascript:", re.IGNORECASE), "javascript: runs a text"),
    (re.compile(r"\.\s*on[a-z]{3,}\s*=(?!=)"), "a handler is set as a property"),
    (re.compile(r"\b(?:WebSocket|EventSource|RTCPeerConnection|importScripts|sendBeacon)\b"), "it talks to others behind the page"),
)  # fmt: skip
_ELSEWHERE = re.compile(r"""["'`](?:https?:)?//[^"'`\s]""", re.IGNORECASE)
_DRAWING = (
    (re.compile(r"<\s*(?:[\w-]+:)?script\b", re.IGNORECASE), "holds a script"),
    (re.compile(r"<\s*(?:[\w-]+:)?(?:foreignObject|iframe|embed|object|audio|video)\b", re.IGNORECASE), "holds what is no drawing"),
    (re.compile(r"<!(?:DOCTYPE|ENTITY)|<\?xml-stylesheet", re.IGNORECASE), "declares entities or styles from elsewhere"),
    (re.compile(r"[\s\"'/]on[a-z]+\s*=", re.IGNORECASE), "has an attribute that runs a script"),
    (re.compile(r"""(?:href|src)\s*=\s*(?:["']\s*)?(?!#)[^\s"'>]""", re.IGNORECASE), "leads elsewhere"),
    (re.compile(r"javascript:|@import|url\(\s*[\"']?(?!#)", re.IGNORECASE), "loads or runs something"),
    (re.compile(r"<\s*(?:animate|set)\b[^<>]*attributeName\s*=\s*(?:[\"']\s*)?(?:xlink:)?href", re.IGNORECASE), "changes an address"),
)  # fmt: skip


def check_assets(subject: Subject) -> Iterator[Finding]:
    """Every asset of its own, and the weight of all together."""
    for name, body in subject.own.items():
        if not name.startswith("assets/"):
            continue
        if name.endswith(".css"):
            yield from _check_style(subject, name, body.decode())
        elif name.endswith(".js"):
            yield from _check_script(subject, name, body)
        elif name.endswith(".svg"):
            yield from _check_drawing(name, body.decode())
        elif name.endswith(".woff2"):
            if len(body) > MOST_FONT:
                yield find("AS10", name, f"it has {len(body):,} bytes, and may have {MOST_FONT:,}")
        else:
            yield from _check_picture(name, body)
    yield from _check_weight(subject, ".js", "AS01", MOST_SCRIPTS)
    yield from _check_weight(subject, ".css", "AS02", MOST_STYLES)
    yield from _check_families(subject)


def _check_weight(subject: Subject, suffix: str, code: str, most: int) -> Iterator[Finding]:
    """All files of that kind, as they are sent."""
    bodies = {n: b for n, b in subject.whole.files.items() if n.startswith("assets/") and n.endswith(suffix)}
    sent = len(gzip.compress(b"".join(bodies.values()), mtime=0)) if bodies else 0
    own = [name for name in bodies if name in subject.own]
    if sent > most and own:
        heaviest = max(own, key=lambda name: len(subject.own[name]))
        yield find(
            code,
            heaviest,
            f"all {suffix} files weigh {sent:,} bytes as they are sent, and may weigh {most:,}",
        )


# --- Styles ----------------------------------------------------------------------------------------------


def _check_style(subject: Subject, name: str, text: str) -> Iterator[Finding]:
    if len(subject.whole.files[name]) > MOST_STYLE:
        yield find(
            "AS02", name, f"it has {len(subject.whole.files[name]):,} bytes, and may have {MOST_STYLE:,}"
        )
    head = _PARENT_IMPORT.match(text)
    wrong = _unreadable(text)
    if wrong:
        yield find("AS08", name, wrong[1], line=_line(text, wrong[0]))
        return
    plain = _COMMENT.sub(_spaces, text)
    for match in re.finditer(r"@import|@charset|@namespace", plain, re.IGNORECASE):
        if head is None or match.start() >= head.end():
            yield _found(
                "AS05",
                name,
                text,
                match.start(),
                f"{match[0].lower()} loads another stylesheet, or changes how it is read",
            )
    for match in _first(_RUNS, plain):
        yield _found("AS05", name, text, match.start(), f"{match[0].strip()} runs something")
    yield from _check_urls(subject, name, text, plain)
    bare = _STRING.sub(_spaces, plain)
    for match in _first(_PHYSICAL, bare):
        yield _found(
            "AS14",
            name,
            text,
            match.start(),
            f"{match[0].rstrip(' :')} does not turn with the direction of writing",
        )
    yield from islice(_check_outlines(name, text, bare), _MOST_OUTLINES)
    for match in _first(_FACE, plain):
        if "url(" in match[1] and not re.search(r"font-display\s*:\s*(?:swap|fallback|optional)", match[1]):
            yield _found("AS15", name, text, match.start(), "the words stay away until the font has come")


def _check_outlines(name: str, text: str, bare: str) -> Iterator[Finding]:
    before, looked = 0, 0
    for match in _RULE.finditer(bare):
        selector, before = bare[max(before, match.start() - 2_000) : match.start()], match.end()
        out = _NO_OUTLINE.search(match[1])
        if out is None or ":focus" not in selector or _SEEN_OTHERWISE.search(match[1]):
            continue
        looked += 1
        if looked > _MOST_OUTLINES:
            return
        # What a script sets the focus on without a keyboard, as main, shows no ring.
        if not _is_shown(selector.rpartition("{")[2], bare):
            yield _found(
                "AS11", name, text, match.start(1) + out.start(), "the outline of the focus is taken away"
            )


def _is_shown(selector: str, css: str) -> bool:
    """Whether something else shows the focus of what this rule is about: a part of it, or the whole around it."""
    about = selector.strip().rpartition("}")[2].strip()
    if re.fullmatch(r"(?:[\w.#-]*\bmain|body|h1|\[tabindex=[\"']?-1[\"']?\]):focus", about):
        return True
    start = about.partition(":focus")[0].strip()
    return bool(start) and bool(
        re.search(
            rf"{re.escape(start)}[^{{}}]*:(?:focus[\w-]*(?:::|\s)|has\()[^{{}}]*\{{[^{{}}]*outline\s*:\s*[^n0\s;]",
            css,
        )
    )


def _check_urls(subject: Subject, name: str, text: str, plain: str) -> Iterator[Finding]:
    for match in _first(_URL, plain):
        target = (match[2] or "").strip()
        if target.startswith(("data:image/", "#")):
            continue
        if not _ASSET.fullmatch(target):
            yield _found(
                "AS05", name, text, match.start(), "url(…) names an asset of the theme, and nothing else"
            )
        elif f"assets/{target}" not in subject.whole.files:
            yield _found("AS07", name, text, match.start(), f"there is no asset {target}")


def _unreadable(text: str) -> tuple[int, str] | None:
    """Where braces, strings or comments of a stylesheet do not close, and what is wrong there."""
    *_, last = [None, *_COMMENT.finditer(text)]
    if last is not None and (len(last[0]) < len("/**/") or not last[0].endswith("*/")):
        return last.start(), "a comment does not end"
    plain = _STRING.sub(_spaces, _COMMENT.sub(_spaces, text))
    opened: list[int] = []
    for match in re.finditer(r"[{}]|[\"']", plain):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}":
            if not opened:
                return match.start(), "a brace closes what nothing has opened"
            opened.pop()
        else:
            return match.start(), "a string does not end"
    return (opened[-1], "a brace is never closed") if opened else None


@lru_cache(maxsize=64)
def faces_of(css: str) -> frozenset[str]:
    """The families that a stylesheet brings along."""
    return frozenset(
        family[1].strip() for face in _FACE.finditer(css) if (family := _FAMILY.search(face[1])) is not None
    )


def _check_families(subject: Subject) -> Iterator[Finding]:
    if subject.manifest is None:
        return
    css = "\n".join(b.decode(errors="replace") for n, b in subject.whole.files.items() if n.endswith(".css"))
    for number, font in enumerate(subject.manifest.fonts):
        for key, family in (("family", font.family), ("stand_in", font.stand_in)):
            if family and family not in faces_of(css):
                message = f"no @font-face of the stylesheets is of the family {family}"
                yield subject.at("AS16", "theme.json", ("fonts", number, key), message)
        for index, name in enumerate(font.preload):
            if f"assets/{name}" not in subject.whole.files:
                path = ("fonts", number, "preload", index)
                yield subject.at("AS07", "theme.json", path, f"there is no asset {name}")


# --- Scripts ---------------------------------------------------------------------------------------------


def _check_script(subject: Subject, name: str, body: bytes) -> Iterator[Finding]:
    if subject.imported:
        yield find("AS12", name, "themes of others may not bring scripts")
    if len(body) > MOST_SCRIPT:
        yield find("AS01", name, f"it has {len(body):,} bytes, and may have {MOST_SCRIPT:,}")
    text = body.decode()
    plain = _COMMENT.sub(_spaces, text)
    for pattern, message in _DOES:
        for match in _first(pattern, plain):
            yield _found("AS06", name, text, match.start(), message)
    for match in _first(_ELSEWHERE, plain):
        yield _found("AS03", name, text, match.start(), "an address of another host")
    for match in _IMPORT.finditer(plain):
        module = _MODULE.fullmatch(match[1])
        if module is None:
            yield _found("AS03", name, text, match.start(), 'modules are imported as "./name.js"')
        elif f"assets/{module[1]}" not in subject.whole.files:
            yield _found("AS07", name, text, match.start(), f"there is no asset {module[1]}")
        elif module[1] == name.removeprefix("assets/") or _leads_back(subject, module[1], name):
            yield _found("AS08", name, text, match.start(), f"{module[1]} imports what imports it")


def _leads_back(subject: Subject, start: str, name: str) -> bool:
    waiting, seen = [start], set[str]()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        body = subject.whole.files.get(f"assets/{module}", b"").decode(errors="replace")
        for match in _IMPORT.finditer(_COMMENT.sub("", body)):
            inner = _MODULE.fullmatch(match[1])
            if inner:
                waiting.append(inner[1])
    return name.removeprefix("assets/") in seen


# --- Drawings and pictures -------------------------------------------------------------------------------


def _check_drawing(name: str, text: str) -> Iterator[Finding]:
    if not re.search(r"<svg[\s>]", text):
        yield find("AS09", name, "is no drawing")
    plain = text.replace('xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    for pattern, message in _DRAWING:
        match = pattern.search(plain)
        if match:
            yield _found("AS09", name, plain, match.start(), message)
    if len(text) > MOST_PICTURE:
        yield find("AS13", name, f"it has {len(text):,} bytes, and should have {MOST_PICTURE:,} at most")


def _check_picture(name: str, body: bytes) -> Iterator[Finding]:
    if len(body) > MOST_PICTURE:
        yield find("AS13", name, f"it has {len(body):,} bytes, and should have {MOST_PICTURE:,} at most")
    size = size_of(body)
    if size and max(size) > WIDEST:
        yield find(
            "AS13", name, f"it is {size[0]} × {size[1]} pixels, and should be {WIDEST} wide and high at most"
        )


def _found(code: str, name: str, text: str, at: int, message: str) -> Finding:
    return find(code, name, message, line=_line(text, at), column=at - text.rfind("\n", 0, at))


def _first(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """So many of a kind in one file are enough to tell."""
    return islice(pattern.finditer(text), _MOST_OF_A_KIND)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _spaces(match: re.Match[str]) -> str:
    """As long as what it replaces, and of as many lines."""
    return "".join(sign if sign == "\n" else " " for sign in match[0])
