"""
What a page is made of: the paths of the context that its templates may read, found by looking at the templates alone.

A path is dotted, as `shop.name`, and stands for all that is found there, missing things included (where `shop.home` is none, so is
everything at `shop.home.heading`). The answer is sound: of two contexts in which the same is found at every path of it, the same
page is made. It may name more than is read, never less:

* Conditions are not followed: what stands in a branch counts as read.
* A value that is printed, compared, tested, looped over, indexed, given to a filter, a test, a function or a macro counts as read
  whole. So the elements of a list are never told apart: whoever loops over `shop.featured` reads all of it.
* Names that `set`, `with` or a macro give to a value are followed, into included templates too; where a name may stand for several
  values, all of them count.

The theme itself (its templates, settings, texts) is not part of the answer: its digest covers it. What a theme's settings refer to is:
`references.pictures.<name>` and so on, and `shop.menus.<name>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from jinja2 import TemplateNotFound, nodes

from provisioning.themes.packages import Theme
from provisioning.themes.placing import Page, Section
from provisioning.themes.plans import RenderingPlan, plan_of
from provisioning.themes.sandbox import make_environment
from provisioning.themes.setting_types import SettingValue, TextKey
from provisioning.themes.shown import Kinds, references_in
from provisioning.themes.syntax import parse
from provisioning.themes.views import CONTEXT_NAMES

Path = tuple[str, ...]
Paths = frozenset[Path]
#: What a name may stand for.
Names = Mapping[str, Paths]

_NOTHING: Paths = frozenset()
#: What functions and filters read on their own.
_IMPLIED: Mapping[str, Path] = {
    "t": ("shop", "locale"),
    "money": ("shop", "locale"),
    "date": ("shop", "locale"),
    "number": ("shop", "locale"),
}
_MAX_DEPTH = 20
_MAX_PATH = 6
#: Stands before the name of a region of a layout.
_REGION = "@"


def dependencies_of(theme: Theme, template: str) -> frozenset[str]:
    """
    The paths of the context that `render_page(theme, template, context)` may read, as `{"shop.name", "product"}`.

    No path is beneath another. Raises `KeyError` for a template that the theme lacks.
    """
    plan = plan_of(theme)
    page = plan.templates[template]
    layout = read_layout(plan, page.layout)
    found = layout.reads | sections_reads(plan, page) | settings_reads(plan, plan.settings, plan.kinds)
    for name in layout.groups:
        found |= sections_reads(plan, plan.groups[name])
    return frozenset(".".join(path) for path in _outermost(found))


@dataclass(frozen=True, slots=True)
class LayoutReads:
    """What a layout reads of the context, and which groups of sections it shows."""

    reads: Paths
    groups: tuple[str, ...]


@lru_cache(maxsize=256)
def read_layout(plan: RenderingPlan, layout: str) -> LayoutReads:
    """What a layout reads; the regions that are put into it are no part of the context."""
    regions = {name: frozenset({(_REGION, name)}) for name in plan.groups}
    reads = _reads(plan, f"layout/{layout}.html", regions | {"content": _NOTHING})
    return LayoutReads(_of_context(reads), tuple(name for name in plan.groups if (_REGION, name) in reads))


def sections_reads(plan: RenderingPlan, page: Page) -> Paths:
    """What the sections of a template or a group read, with what their settings refer to."""
    found: Paths = _NOTHING
    for section in page.sections:
        found |= section_reads(plan, section)
    return found


def section_reads(plan: RenderingPlan, section: Section) -> Paths:
    """What one section reads, with what its settings refer to."""
    kinds = plan.sections[section.type]
    found = template_reads(plan, f"sections/{section.type}.html", ("section",))
    found |= settings_reads(plan, section.settings, kinds.settings)
    for block in section.blocks:
        found |= settings_reads(plan, block.settings, kinds.blocks[block.type])
    return found


def settings_reads(plan: RenderingPlan, values: Mapping[str, SettingValue], kinds: Kinds) -> Paths:
    """What values of settings refer to."""
    found = {("references", where, name) for where, name in references_in(values, kinds)}
    for name, value in values.items():
        if isinstance(value, TextKey):
            found |= {("shop", "name"), ("shop", "locale")}
        elif kinds.get(name) == "link_list" and value:
            found.add(("shop", "menus", str(value)))
    return frozenset(found)


@lru_cache(maxsize=2_048)
def template_reads(plan: RenderingPlan, name: str, given: tuple[str, ...]) -> Paths:
    """What a template and all that it includes read; `given` are names that stand for no part of the context."""
    return _of_context(_reads(plan, name, dict.fromkeys(given, _NOTHING)))


def _reads(plan: RenderingPlan, name: str, names: Names) -> Paths:
    reads: set[Path] = set()
    _Reading(plan, reads).template(name, names, ())
    return frozenset(reads)


def _of_context(reads: Paths) -> Paths:
    return frozenset(path for path in reads if path[0] in CONTEXT_NAMES)


def _outermost(paths: Paths) -> Paths:
    return frozenset(p for p in paths if not any(p[:length] in paths for length in range(1, len(p))))


@dataclass(slots=True)
class _Reading:
    """One walk through a template and what it includes; `reads` gathers what was found."""

    plan: RenderingPlan
    reads: set[Path]
    done: set[tuple[str, frozenset[tuple[str, Paths]]]] = field(
        default_factory=set[tuple[str, frozenset[tuple[str, Paths]]]]
    )

    def template(self, name: str, names: Names, chain: tuple[str, ...]) -> None:
        key = (name, frozenset(names.items()))
        if key in self.done or len(chain) >= _MAX_DEPTH:
            return
        self.done.add(key)
        tree = _tree(self.plan, name)
        if tree is not None:
            _Walk(self, name, chain, dict(names)).run(tree)


@dataclass(slots=True)
class _Walk:
    """
    One template with what its names stand for.

    Names are gathered without regard to order or place: the walk is repeated until no name stands for anything new.
    """

    reading: _Reading
    name: str
    chain: tuple[str, ...]
    names: dict[str, Paths]
    changed: bool = False

    def run(self, tree: nodes.Template) -> None:
        self.changed = True
        while self.changed:
            self.changed = False
            self._visit(tree)

    # Statements

    def _visit(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Expr):
            self._read(node)
        elif isinstance(node, nodes.Assign):
            self._bind(node.target, self._value(node.node))
        elif isinstance(node, nodes.With):
            for target, value in zip(node.targets, node.values, strict=True):
                self._bind(target, self._value(value))
            self._visit_all(node.body)
        elif isinstance(node, nodes.For):
            self._read(node.iter)
            self._bind(node.target, _NOTHING)
            self._bind_name("loop", _NOTHING)
            self._visit_all([*node.body, *node.else_, *([node.test] if node.test else [])])
        elif isinstance(node, nodes.Macro):
            for argument in node.args:
                self._bind(argument, _NOTHING)
            self._visit_all([*node.defaults, *node.body])
        elif isinstance(node, nodes.AssignBlock):
            self._bind(node.target, _NOTHING)
            self._visit_all(node.body)
        elif isinstance(node, nodes.Include):
            name = _find(self.reading.plan, node.template, self.name)
            if name is not None:
                self.reading.template(name, self.names, (*self.chain, self.name))
        elif isinstance(node, nodes.Extends):
            self._continue_in(_find(self.reading.plan, node.template, self.name))
        else:
            self._visit_all(node.iter_child_nodes())

    def _visit_all(self, found: Iterable[nodes.Node]) -> None:
        for node in found:
            self._visit(node)

    def _continue_in(self, name: str | None) -> None:
        """The parent of a layout: what either gives to names at its top, the blocks of both see."""
        tree = _tree(self.reading.plan, name) if name else None
        if name is None or tree is None or name in self.chain:
            return
        here = self.name, self.chain
        self.name, self.chain = name, (*self.chain, self.name)
        self._visit(tree)
        self.name, self.chain = here

    def _bind(self, target: nodes.Node, value: Paths) -> None:
        if isinstance(target, nodes.Name):
            self._bind_name(target.name, value)
        else:
            # Several names at once: none of them is followed, so the value counts as read.
            self.reading.reads |= value
            for name in target.find_all(nodes.Name):
                self._bind_name(name.name, _NOTHING)

    def _bind_name(self, name: str, value: Paths) -> None:
        before = self._meaning(name)
        if name not in self.names or not value <= before:
            self.names[name] = before | value
            self.changed = True

    def _meaning(self, name: str) -> Paths:
        """A name that the template itself gives may still stand for what it stood for outside."""
        if name in self.names:
            return self.names[name]
        return frozenset({(name,)}) if name in CONTEXT_NAMES else _NOTHING

    # Expressions

    def _read(self, node: nodes.Node) -> None:
        self.reading.reads |= self._value(node)

    def _value(self, node: nodes.Node) -> Paths:
        """The parts of the context that the value may be; what is looked at on the way counts as read."""
        if isinstance(node, nodes.Name):
            return self._meaning(node.name)
        if isinstance(node, nodes.Getattr):
            return self._parts(self._value(node.node), node.attr)
        if isinstance(node, nodes.Getitem) and _is_text(node.arg):
            return self._parts(self._value(node.node), str(cast("nodes.Const", node.arg).value))
        if isinstance(node, nodes.CondExpr):
            self._read(node.test)
            return self._value(node.expr1) | (self._value(node.expr2) if node.expr2 else _NOTHING)
        if isinstance(node, nodes.And | nodes.Or):
            left = self._value(node.left)
            self.reading.reads |= left
            return left | self._value(node.right)
        self._read_all(node)
        return _NOTHING

    def _parts(self, paths: Paths, name: str) -> Paths:
        """One step further in. Far enough in, all that is beneath counts as read: `set x = x.next` would never end."""
        self.reading.reads |= {path for path in paths if len(path) >= _MAX_PATH}
        return frozenset((*path, name) for path in paths if len(path) < _MAX_PATH)

    def _read_all(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Filter) and node.name in _IMPLIED:
            self.reading.reads.add(_IMPLIED[node.name])
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in _IMPLIED:
            self.reading.reads.add(_IMPLIED[node.node.name])
        for child in node.iter_child_nodes():
            self._read(child)


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(cast("Any", node).value, str)


def _find(plan: RenderingPlan, template: nodes.Expr, includer: str) -> str | None:
    if not isinstance(template, nodes.Const) or not isinstance(cast("Any", template).value, str):
        return None  # no template of a theme compiles with such
    try:
        return make_environment(plan).join_path(str(cast("Any", template).value), includer)
    except TemplateNotFound:
        return None


@lru_cache(maxsize=2_048)
def _tree(plan: RenderingPlan, name: str) -> nodes.Template | None:
    source = plan.sources.get(name) or plan.shadowed.get(name)
    return parse(source, name) if source else None
