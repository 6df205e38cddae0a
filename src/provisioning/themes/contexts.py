"""
Where in the HTML the values of a template come out, and what must happen to them there.

Escaping for text is not escaping for everywhere: a value in an unquoted attribute, in a script, or at the beginning of an address is
safe only if the place is known. So each template is read once as HTML with its expressions in place. Values between tags and
in quoted attributes are allowed; in an attribute even ready-made markup is escaped, and at the beginning of an address what would
run as a program is taken away. Everything else is a fault: values in scripts, styles, event attributes, comments, unquoted
attributes, and in the names of tags and attributes. So is HTML that a browser may read otherwise than it is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from jinja2 import nodes

from provisioning.themes.syntax import Fault
from provisioning.themes.urls import is_safe_url

#: Filters that the compiler puts around a value; no template can name them.
IN_ATTRIBUTE = "-in attribute"
IN_ADDRESS = "-in address"

_ADDRESSES = frozenset(
    {
        "href",
        "src",
        "action",
        "formaction",
        "poster",
        "cite",
        "data",
        "xlink:href",
        "background",
        "ping",
        "manifest",
    }
)
#: Elements whose content is not read as HTML, or that load or change more than a theme may.
_FORBIDDEN = frozenset({
    "style", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "plaintext", "xmp", "noembed", "noframes", "listing",
    "portal", "fencedframe", "math", "foreignobject", "animate", "set", "animatemotion", "animatetransform",
})  # fmt: skip
_TEXT_ONLY = frozenset({"title", "textarea"})
_DATA_TYPES = frozenset({"application/json", "application/ld+json"})

_DOCTYPE = re.compile(r"<!doctype html>", re.IGNORECASE)
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_ATTRIBUTE_NAME = re.compile(r"[a-zA-Z_:@][a-zA-Z0-9_:.-]*")
_FILE = re.compile(r"[a-z0-9._-]+(?:/[a-z0-9._-]+)*/?")
_INSIDE_A_TAG = "a value cannot stand inside a tag: names of tags and attributes are written out"
#: Stands for a value in what an attribute begins with.
_VALUE = "\ufffd"
#: The type of a script that is not known to be data.
_SOME_TYPE = "?"


@dataclass(frozen=True, slots=True)
class Place:
    """
    A point in a page's HTML.

    `kind` is `text` (between tags), `open` (right behind a tag's name), `tag` (inside a tag, between attributes), `name` (right behind an
    attribute's name), `equals` (its value must follow), `value` (in a quoted value), `raw` (in a script or a title).
    """

    kind: str = "text"
    element: str = ""
    attribute: str = ""
    quote: str = ""
    #: What stands in the attribute's value already.
    begun: str = ""
    #: The value of the attribute `type` of the present tag.
    type: str = ""


TEXT = Place()


def mark_contexts(tree: nodes.Template) -> list[Fault]:
    """
    Wrap each value of the template by what its place asks for.

    Answers what stands where it must not; a template with a fault is not to be compiled.
    """
    walk = _Walk()
    end = walk.statements(tree.body, TEXT)
    if end.kind != "text" and not walk.faults:
        message = "the template ends inside a tag, an attribute or a script"
        walk.fault(tree.body[-1].lineno, "TP10", message)
    return walk.faults


class _Walk:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, line: int, code: str, message: str, fix: str = "") -> None:
        self.faults.append(Fault(line, code, message, fix))

    # Statements

    def statements(self, body: Iterable[nodes.Node], place: Place) -> Place:
        for node in body:
            place = self._statement(node, place)
        return place

    def _statement(self, node: nodes.Node, place: Place) -> Place:
        if isinstance(node, nodes.Output):
            return self._output(node, place)
        if isinstance(node, nodes.If):
            branches = [node.body, *(branch.body for branch in node.elif_), node.else_]
            return self._meet(node, [self.statements(body, place) for body in branches])
        if isinstance(node, nodes.For):
            return self._meet(
                node, [place, self.statements(node.body, place), self.statements(node.else_, place)]
            )
        if isinstance(node, nodes.With):
            return self.statements(node.body, place)
        if isinstance(node, nodes.Macro | nodes.AssignBlock | nodes.Block):
            self._meet(node, [TEXT, self.statements(node.body, TEXT)])
        if isinstance(node, nodes.Block | nodes.Include) and place.kind != "text":
            self.fault(node.lineno, "TP10", "blocks and includes stand between tags, not inside of one")
        return place

    def _meet(self, node: nodes.Node, ends: list[Place]) -> Place:
        """The place where several ways through the template meet."""
        met = ends[0]
        for end in ends[1:]:
            if _frame(met) != _frame(end):
                fix = "close what is opened in the same branch: tags and quotes"
                self.fault(
                    node.lineno, "TP10", "every way through it must end at the same place in the HTML", fix
                )
                return met
            met = _merge(met, end)
        return met

    # Values

    def _output(self, node: nodes.Output, place: Place) -> Place:
        for index, item in enumerate(node.nodes):
            if isinstance(item, nodes.TemplateData):
                place = self._html(item.data, place, item.lineno)
            else:
                node.nodes[index], place = self._value(item, place)
        return place

    def _value(self, node: nodes.Expr, place: Place) -> tuple[nodes.Expr, Place]:
        if place.kind == "text":
            return node, place
        if place.kind == "value":
            return self._attribute(node, place)
        if place.kind == "raw":
            return self._raw(node, place), place
        message = f"the value of {place.attribute} needs quotes" if place.kind == "equals" else _INSIDE_A_TAG
        self.fault(node.lineno, "TP10", message)
        return node, place

    def _attribute(self, node: nodes.Expr, place: Place) -> tuple[nodes.Expr, Place]:
        behind = replace(place, begun=place.begun + _VALUE)
        if place.attribute not in _ADDRESSES:
            return _filter(node, IN_ATTRIBUTE), behind
        if not place.begun.strip():
            return _filter(node, IN_ADDRESS), behind
        if _is_open(place.begun):
            message = f"in {place.attribute} a second value right behind the first could begin the address"
            self.fault(node.lineno, "TP11", message, "put the whole address into one value")
        return _filter(node, IN_ATTRIBUTE), behind

    def _raw(self, node: nodes.Expr, place: Place) -> nodes.Expr:
        if place.element in _TEXT_ONLY:
            return _filter(node, IN_ATTRIBUTE)
        if not (place.type in _DATA_TYPES and isinstance(node, nodes.Filter) and node.name == "json"):
            fix = 'hand data over as <script type="application/json">{{ data|json }}</script> or in a data attribute'
            self.fault(node.lineno, "TP10", "a value cannot stand in a script", fix)
        return node

    # HTML

    def _html(self, text: str, place: Place, line: int) -> Place:
        position = 0
        while position < len(text):
            before = position
            position, place = self._step(text, position, place, line)
            line += text.count("\n", before, position)
        return place

    def _step(self, text: str, at: int, place: Place, line: int) -> tuple[int, Place]:
        if place.kind == "text":
            return self._text(text, at, line)
        if place.kind == "raw":
            return self._raw_text(text, at, place, line)
        if place.kind == "value":
            return self._value_text(text, at, place, line)
        return self._tag(text, at, place, line)

    def _text(self, text: str, at: int, line: int) -> tuple[int, Place]:
        start = text.find("<", at)
        if start < 0:
            return len(text), TEXT
        line += text.count("\n", at, start)
        doctype = _DOCTYPE.match(text, start)
        if doctype:
            return doctype.end(), TEXT
        match = _TAG_NAME.match(text, start)
        if match is None:
            if text[start + 1 : start + 2].strip() or start + 1 == len(text):
                fix = "write &lt; for the sign, and {# … #} for a comment"
                self.fault(line, "TP10", "< begins a tag whose name is written out, and nothing else", fix)
            return start + 1, TEXT
        name = match[2].lower()
        if name in _FORBIDDEN and not match[1]:
            self.fault(line, "TP10", f"the element {name} has no place in a theme")
        return match.end(), Place("open", element=match[1] + name)

    def _tag(self, text: str, at: int, place: Place, line: int) -> tuple[int, Place]:
        character = text[at]
        if place.kind == "open" and character not in " \t\n\f/>":
            self.fault(line, "TP10", "the name of a tag is written in one piece")
        if character in " \t\n\f":
            return at + 1, replace(place, kind="tag") if place.kind == "open" else place
        if place.kind == "equals":
            if character not in "\"'":
                self.fault(line, "TP10", f"the value of {place.attribute} needs quotes")
                return at, replace(place, kind="tag")
            return at + 1, replace(place, kind="value", quote=character, begun="")
        if character == "=" and place.kind == "name":
            return at + 1, replace(place, kind="equals")
        if character == ">":
            return at + 1, _behind(place)
        if character == "/":
            return at + 1, replace(place, kind="tag", attribute="")
        return self._attribute_name(text, at, place, line)

    def _attribute_name(self, text: str, at: int, place: Place, line: int) -> tuple[int, Place]:
        match = _ATTRIBUTE_NAME.match(text, at)
        if match is None:
            self.fault(line, "TP10", f"{text[at]} has no place inside a tag here")
            return at + 1, replace(place, kind="tag")
        name = match[0].lower()
        if name.startswith("on"):
            self.fault(
                line, "TP10", f"the attribute {name} would run a script", "listen for the event in an asset"
            )
        elif name == "style":
            self.fault(line, "TP10", "the attribute style is against the stores' policy", "use a class")
        elif name == "srcdoc" or (name == "http-equiv" and place.element == "meta"):
            self.fault(line, "TP10", f"the attribute {name} has no place in a theme")
        return match.end(), replace(place, kind="name", attribute=name)

    def _value_text(self, text: str, at: int, place: Place, line: int) -> tuple[int, Place]:
        end = text.find(place.quote, at)
        whole = end >= 0
        piece = text[at:end] if whole else text[at:]
        begun = place.begun + piece
        if "<" in piece:
            self.fault(
                line, "TP10", f"< in the value of {place.attribute} may be read as a tag", "write &lt;"
            )
        if place.attribute in _ADDRESSES and _is_open(place.begun) and not _may_begin(begun, whole):
            self.fault(
                line,
                "TP11",
                f"the address in {place.attribute} does not begin as an address of this site, https: or mailto:",
            )
        if not whole:
            return len(text), replace(place, begun=begun)
        kind = place.type or begun.strip().lower() or _SOME_TYPE if place.attribute == "type" else place.type
        return end + 1, replace(place, kind="tag", attribute="", quote="", begun="", type=kind)

    def _raw_text(self, text: str, at: int, place: Place, line: int) -> tuple[int, Place]:
        match = re.compile(rf"</{place.element}(?=[\s/>])", re.IGNORECASE).search(text, at)
        end = match.start() if match else len(text)
        inner = text[at:end]
        if place.element in _TEXT_ONLY and "<" in inner:
            self.fault(line, "TP10", f"{place.element} holds text alone", "write &lt; for the sign")
        if place.element == "script" and (inner.strip() if place.type not in _DATA_TYPES else "<" in inner):
            fix = "write <script src=\"{{ 'name.js'|asset_url }}\" defer></script>"
            self.fault(line, "TP10", "scripts are files in assets", fix)
        if match is None:
            return len(text), place
        return match.end(), Place("open", element="/" + place.element)


def _behind(place: Place) -> Place:
    """What follows the end of a tag."""
    if place.element == "script" or place.element in _TEXT_ONLY:
        return Place("raw", element=place.element, type=place.type)
    return TEXT


def _frame(place: Place) -> tuple[str, ...]:
    """What must be the same where two ways meet; between attributes it does not matter which one came last."""
    if place.kind in {"open", "tag", "name"}:
        return "tag", place.element
    if place.kind == "raw":
        return place.kind, place.element, place.type
    return place.kind, place.element, place.attribute, place.quote


def _merge(one: Place, other: Place) -> Place:
    """The place where two ways meet, as the stricter of both."""
    kind = one.kind if (one.kind, one.attribute) == (other.kind, other.attribute) else "tag"
    if "open" in {one.kind, other.kind}:
        kind = "open"
    begun = one.begun
    if one.begun != other.begun:
        # Where one of them leaves open what kind of address it is, what follows must not decide it.
        open_yet = _is_open(one.begun) or _is_open(other.begun)
        begun = _VALUE if open_yet else one.begun + other.begun + _VALUE
    return replace(one, kind=kind, begun=begun, type=one.type if one.type == other.type else _SOME_TYPE)


def _is_open(begun: str) -> bool:
    """Whether what comes next may still decide what kind of address it is."""
    return not begun.replace(_VALUE, "").strip()


def _may_begin(begun: str, whole: bool) -> bool:
    """Whether an address may begin so; `whole` where nothing follows."""
    text = begun.strip()
    if text.startswith(_VALUE):
        text = text.lstrip(_VALUE)
        return not text or text.startswith(("/", "?", "#"))
    if not text or text.startswith(("#", "?")):
        return True
    if whole:
        return is_safe_url(text) or bool(_FILE.fullmatch(text))
    return text.startswith(("/", "https://", "http://", "mailto:", "tel:")) and not text.startswith(
        ("//", "/\\")
    )


def _filter(node: nodes.Expr, name: str) -> nodes.Filter:
    made = nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)
    return cast("nodes.Filter", cast("Any", made).set_environment(node.environment))
