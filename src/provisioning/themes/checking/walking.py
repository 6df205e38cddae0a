"""
A walk through templates as they will be rendered: from each layout and each section into all that they include.

What every name stands for is followed (a product, a list of pictures, the settings of a section), so that a field or a setting that is not
there is found without rendering anything. What cannot be known counts as anything: the walk may miss a mistake, and tells none that is none.
A mistake that shows in a file of another theme is told where this package leads to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from jinja2 import nodes

from provisioning.themes.checking.declarations import declared
from provisioning.themes.checking.findings import Finding, find
from provisioning.themes.checking.shapes import (
    ANY,
    CONTEXT,
    LOOP,
    PLAIN,
    UNKNOWN,
    Block,
    Items,
    Keys,
    Record,
    Section,
    Settings,
    Shape,
    element,
    fields_of,
    shape_of_setting,
)
from provisioning.themes.checking.subjects import Subject
from provisioning.themes.syntax import name_of

#: What names stand for, at a place of a template.
Names = dict[str, Shape]

_MOST_VISITS = 300_000
_DEEPEST = 20
_SAME = frozenset({"take", "skip"})
_FROM_ASSETS = "asset_url"


@dataclass(slots=True)
class Usage:
    """What templates use, gathered on the way."""

    settings: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    texts: set[str] = field(default_factory=set[str])
    #: Beginnings of keys whose end is only known while a page is made.
    prefixes: set[str] = field(default_factory=set[str])
    assets: set[str] = field(default_factory=set[str])
    any_asset: bool = False
    templates: set[str] = field(default_factory=set[str])


def walk_templates(subject: Subject) -> tuple[list[Finding], Usage]:
    """What is wrong with names, fields, settings, texts, assets and includes; and all that is used of them."""
    walk = _Walks(subject)
    for name in subject.whole.files:
        if not name.endswith(".html"):
            continue
        if name.startswith("layout/"):
            regions = {"content": PLAIN} | dict.fromkeys(_groups(subject), PLAIN)
            walk.root(name, regions)
        elif name.startswith("sections/"):
            kind = name.removeprefix("sections/").removesuffix(".html")
            if kind in subject.sections:
                walk.root(name, {"section": frozenset({Section(kind)})})
    return walk.findings, walk.usage


def _groups(subject: Subject) -> Iterator[str]:
    for name in subject.pages:
        if name.endswith("-group.json"):
            yield name.removeprefix("sections/").removesuffix("-group.json")


@dataclass(slots=True)
class _Walks:
    subject: Subject
    findings: list[Finding] = field(default_factory=list[Finding])
    usage: Usage = field(default_factory=Usage)
    visits: int = 0
    _done: set[tuple[str, frozenset[tuple[str, Shape]]]] = field(
        default_factory=set[tuple[str, frozenset[tuple[str, Shape]]]]
    )
    _settings: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def root(self, name: str, given: Mapping[str, Shape]) -> None:
        names: Names = dict(CONTEXT) | {"settings": frozenset({Settings("settings")})} | dict(given)
        try:
            self.template(name, names, ())
        except RecursionError:
            file = name if self.is_own(name) else "theme.json"
            self.findings.append(find("TP07", file, f"{name} and what it includes are nested too deeply"))

    def settings(self, scope: str) -> Mapping[str, Any]:
        if scope not in self._settings:
            self._settings[scope] = settings_in(self.subject, scope)
        return self._settings[scope]

    def template(self, name: str, names: Names, chain: tuple[tuple[str, int], ...]) -> None:
        self.usage.templates.add(name)
        key = (name, frozenset(names.items()))
        if key in self._done or len(chain) >= _DEEPEST or self.visits > _MOST_VISITS:
            return
        self._done.add(key)
        tree = self.subject.tree(name)
        if tree is not None:
            _Walk(self, name, chain).body(tree.body, dict(names))

    def find(self, wanted: str, includer: str) -> str | None:
        """The template that a name leads to; None where there is none."""
        whole = self.subject.whole
        if not wanted.startswith("parent:"):
            return wanted if wanted in whole.files else None
        name = wanted.removeprefix("parent:")
        slug, colon, _ = includer.rpartition(":")
        owner = slug if colon else whole.origins.get(includer, whole.slug)
        chain = [whole.slug, *(ancestor.slug for ancestor in whole.ancestors)]
        for above in chain[chain.index(owner) + 1 :] if owner in chain else []:
            if f"{above}:{name}" in whole.shadowed:
                return f"{above}:{name}"
            if whole.origins.get(name) == above:
                return name
        return None

    def is_own(self, name: str) -> bool:
        return (
            name in self.subject.templates and self.subject.whole.origins.get(name) == self.subject.whole.slug
        )


@dataclass(slots=True)
class _Walk:
    """One template, on one way to it."""

    walks: _Walks
    name: str
    #: The templates that led here, each with the line at which it did.
    chain: tuple[tuple[str, int], ...]

    def _tell(self, code: str, line: int, message: str, word: str = "") -> None:
        walks = self.walks
        if walks.is_own(self.name):
            column = _column(walks.subject.templates[self.name], line, word)
            walks.findings.append(find(code, self.name, message, line=line, column=column))
            return
        for name, at in reversed(self.chain):
            if walks.is_own(name):
                where = f"{self.name.rpartition(':')[2]} of the theme that it extends, line {line}: "
                walks.findings.append(find(code, name, where + message, line=at))
                return

    # Statements

    def body(self, statements: Iterable[nodes.Node], names: Names) -> None:
        for node in statements:
            self._statement(node, names)

    def _statement(self, node: nodes.Node, names: Names) -> None:
        self.walks.visits += 1
        if self.walks.visits > _MOST_VISITS:
            return
        statement = self._statements().get(type(node))
        if statement is not None:
            statement(node, names)
        elif isinstance(node, nodes.Expr):
            self.shape(node, names)
        else:
            self.body(node.iter_child_nodes(), names)

    def _statements(self) -> Mapping[type[nodes.Node], Callable[[Any, Names], None]]:
        return {
            nodes.Assign: self._assign,
            nodes.AssignBlock: self._assign_block,
            nodes.With: self._with,
            nodes.If: self._if,
            nodes.For: self._for,
            nodes.Macro: self._macro,
            nodes.Block: lambda node, names: self.body(node.body, dict(names)),
            nodes.Include: self._include,
            nodes.Extends: self._extends,
        }

    def _assign(self, node: nodes.Assign, names: Names) -> None:
        _bind(node.target, self.shape(node.node, names), names)

    def _assign_block(self, node: nodes.AssignBlock, names: Names) -> None:
        self.body(node.body, dict(names))
        _bind(node.target, PLAIN, names)

    def _with(self, node: nodes.With, names: Names) -> None:
        inner = dict(names)
        for target, value in zip(node.targets, node.values, strict=True):
            _bind(target, self.shape(value, names), inner)
        self.body(node.body, inner)

    def _if(self, node: nodes.If, names: Names) -> None:
        ends: list[Names] = []
        for branch in (node, *node.elif_):
            self.shape(branch.test, names)
            inner = dict(names) | _narrowed(branch.test, names)
            self.body(branch.body, inner)
            ends.append({**inner, **{name: names[name] for name in _narrowed(branch.test, names)}})
        inner = dict(names)
        self.body(node.else_, inner)
        for end in [*ends, inner]:
            for name, shape in end.items():
                before = names.get(name)
                names[name] = shape if before is None or before == shape else before | shape

    def _for(self, node: nodes.For, names: Names) -> None:
        inner = dict(names) | {"loop": LOOP}
        _bind(node.target, element(self.shape(node.iter, names)), inner)
        if node.test is not None:
            self.shape(node.test, inner)
        self.body(node.body, inner)
        self.body(node.else_, dict(names))

    def _macro(self, node: nodes.Macro, names: Names) -> None:
        names[node.name] = UNKNOWN
        inner = dict(names)
        for argument in node.args:
            _bind(argument, UNKNOWN, inner)
        for default in node.defaults:
            self.shape(default, names)
        self.body(node.body, inner)

    def _include(self, node: nodes.Include, names: Names) -> None:
        found = self._lead(node, node.template)
        if found is not None and found not in {name for name, _ in self.chain} | {self.name}:
            self.walks.template(found, names, (*self.chain, (self.name, node.lineno)))

    def _extends(self, node: nodes.Extends, names: Names) -> None:
        found = self._lead(node, node.template)
        if found is not None and found not in {name for name, _ in self.chain} | {self.name}:
            self.walks.template(found, names, (*self.chain, (self.name, node.lineno)))

    def _lead(self, node: nodes.Node, template: nodes.Expr) -> str | None:
        wanted = name_of(template)
        if wanted is None:
            return None
        found = self.walks.find(wanted, self.name)
        if found is None:
            self._tell("TP04", node.lineno, f"there is no {wanted}", wanted)
        elif found == self.name or found in {name for name, _ in self.chain}:
            self._tell("TP04", node.lineno, f"{wanted} leads back to itself", wanted)
        return found

    # Expressions

    def shape(self, node: nodes.Node, names: Names) -> Shape:
        """What an expression may be; what is wrong in it is told."""
        self.walks.visits += 1
        if self.walks.visits > _MOST_VISITS:
            return UNKNOWN
        if isinstance(node, nodes.Name):
            return self._name(node, names)
        if isinstance(node, nodes.Getattr):
            return self._part(node, self.shape(node.node, names), node.attr)
        if isinstance(node, nodes.Getitem):
            return self._item(node, names)
        if isinstance(node, nodes.CondExpr):
            self.shape(node.test, names)
            inner = names | _narrowed(node.test, names)
            other = self.shape(node.expr2, names) if node.expr2 else frozenset[Any]()
            return self.shape(node.expr1, inner) | other
        if isinstance(node, nodes.And):
            left = self.shape(node.left, names)
            return left | self.shape(node.right, names | _narrowed(node.left, names))
        if isinstance(node, nodes.Or):
            return self.shape(node.left, names) | self.shape(node.right, names)
        if isinstance(node, nodes.List | nodes.Tuple):
            return frozenset({Items(frozenset[Any]().union(*(self.shape(n, names) for n in node.items)))})
        if isinstance(node, nodes.Filter):
            return self._filter(node, names)
        if isinstance(node, nodes.Test):
            return self._test(node, names)
        if isinstance(node, nodes.Call):
            return self._call(node, names)
        for child in node.iter_child_nodes():
            self.shape(child, names)
        return UNKNOWN if isinstance(node, nodes.Dict) else PLAIN

    def _name(self, node: nodes.Name, names: Names) -> Shape:
        if node.name in names:
            return names[node.name]
        if node.name not in {"t", "url", "super"}:
            fix = " (nothing gives it a value on this way)" if self.chain else ""
            self._tell("TP03", node.lineno, f"there is no {node.name}{fix}", node.name)
            names[node.name] = UNKNOWN  # told once
        return UNKNOWN

    def _part(self, node: nodes.Node, whole: Shape, part: str) -> Shape:
        found: list[Shape] = []
        for kind in whole:
            inner = self._part_of(kind, part)
            if inner is not None:
                found.append(inner)
        if found or not whole:
            return frozenset[Any]().union(*found) if found else UNKNOWN
        self._tell_missing(node, whole, part)
        return UNKNOWN

    def _part_of(self, kind: object, part: str) -> Shape | None:
        subject = self.walks.subject
        if kind == ANY:
            return UNKNOWN
        if isinstance(kind, Record):
            return fields_of(kind.name).get(part)
        if isinstance(kind, Keys):
            return kind.of
        if isinstance(kind, Settings):
            item = self.walks.settings(kind.scope).get(part)
            if item is None:
                return None
            self.walks.usage.settings.add((kind.scope, part))
            return shape_of_setting(item.type)
        if isinstance(kind, Section):
            blocks = frozenset(Block(kind.type, block.type) for block in subject.sections[kind.type].blocks)
            return {
                "id": PLAIN,
                "type": PLAIN,
                "settings": frozenset({Settings(f"section:{kind.type}")}),
                "blocks": frozenset({Items(blocks)}),
            }.get(part)
        if isinstance(kind, Block):
            settings = frozenset({Settings(f"block:{kind.section}/{kind.type}")})
            return {"id": PLAIN, "type": PLAIN, "settings": settings}.get(part)
        return None

    def _tell_missing(self, node: nodes.Node, whole: Shape, part: str) -> None:
        scopes = sorted(kind.scope for kind in whole if isinstance(kind, Settings))
        if scopes:
            where = {"settings": "the theme", "section": "the section", "block": "the block"}
            scope, _, name = scopes[0].partition(":")
            self._tell(
                "JS16",
                node.lineno,
                f"{where[scope]}{' ' + name if name else ''} declares no setting {part}",
                part,
            )
            return
        names = sorted({_call(kind) for kind in whole})
        self._tell("TP03", node.lineno, f"{' or '.join(names[:3])} has no {part}", part)

    def _item(self, node: nodes.Getitem, names: Names) -> Shape:
        whole = self.shape(node.node, names)
        key = cast("object", cast("Any", node.arg).value) if isinstance(node.arg, nodes.Const) else None
        if isinstance(key, str):
            return self._part(node, whole, key)
        self.shape(node.arg, names)
        for kind in whole:
            if isinstance(kind, Settings):
                for name in self.walks.settings(kind.scope):
                    self.walks.usage.settings.add((kind.scope, name))
        return element(whole) if any(isinstance(kind, Items) for kind in whole) else UNKNOWN

    def _filter(self, node: nodes.Filter, names: Names) -> Shape:
        if node.node is None:
            return UNKNOWN
        if node.name == "default":
            names = names | _undefined(node.node, names)
        whole = self.shape(node.node, names)
        arguments = [self.shape(argument, names) for argument in node.args]
        for keyword in node.kwargs:
            self.shape(keyword.value, names)
        if node.name == _FROM_ASSETS:
            self._assets(node.node, node.lineno)
        if node.name in _SAME:
            return whole
        if node.name in {"first", "last"}:
            return element(whole)
        if node.name == "default":
            return whole.union(*arguments)
        if node.name == "chunks":
            return frozenset({Items(whole)})
        return frozenset({Items(PLAIN)}) if node.name == "upto" else PLAIN

    def _assets(self, node: nodes.Node, line: int) -> None:
        words, whole = _constants(node)
        self.walks.usage.assets.update(words)
        self.walks.usage.any_asset |= not whole
        for name in words if whole else ():
            if f"assets/{name}" not in self.walks.subject.whole.files:
                self._tell("AS07", line, f"there is no asset {name}", name)

    def _test(self, node: nodes.Test, names: Names) -> Shape:
        if node.name == "defined":
            # What is asked for may be missing, here and where the answer was yes.
            names |= _undefined(node.node, names)
        self.shape(node.node, names)
        for argument in node.args:
            self.shape(argument, names)
        return PLAIN

    def _call(self, node: nodes.Call, names: Names) -> Shape:
        for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
            self.shape(argument, names)
        if isinstance(node.node, nodes.Name) and node.node.name == "t" and node.args:
            self._text(node)
        return PLAIN

    def _text(self, node: nodes.Call) -> None:
        keys, whole = _constants(node.args[0])
        given = {keyword.key for keyword in node.kwargs}
        usage = self.walks.usage
        if whole:
            usage.texts.update(keys)
        else:
            usage.prefixes.update(keys or {""})
        for key in sorted(keys) if whole else ():
            wrong = self.walks.subject.texts.explain(key, given)
            if wrong:
                self._tell("TP12", node.lineno, wrong, key)


def _bind(target: nodes.Node, shape: Shape, names: Names) -> None:
    if isinstance(target, nodes.Name):
        names[target.name] = shape
        return
    for name in target.find_all(nodes.Name):
        names[name.name] = element(shape)


def _undefined(node: nodes.Node, names: Names) -> Names:
    return {node.name: UNKNOWN} if isinstance(node, nodes.Name) and node.name not in names else {}


def _narrowed(test: nodes.Node, names: Names) -> Names:
    """What `block.type == "menu"` says of `block` where it holds."""
    if isinstance(test, nodes.And):
        return _narrowed(test.left, names) | _narrowed(test.right, names)
    if not isinstance(test, nodes.Compare) or len(test.ops) != 1 or test.ops[0].op != "eq":
        return {}
    left, right = test.expr, test.ops[0].expr
    if not (isinstance(left, nodes.Getattr) and left.attr == "type" and isinstance(left.node, nodes.Name)):
        return {}
    kind = name_of(right)
    blocks = [k for k in names.get(left.node.name, ()) if isinstance(k, Block) and k.type == kind]
    return {left.node.name: frozenset(blocks)} if blocks else {}


def _constants(node: nodes.Node) -> tuple[set[str], bool]:
    """The texts that an expression may be, and whether these are all; else they are what it may begin with."""
    if isinstance(node, nodes.Const):
        value = cast("object", cast("Any", node).value)
        return ({value}, True) if isinstance(value, str) else (set(), False)
    if isinstance(node, nodes.CondExpr) and node.expr2 is not None:
        one, all_of_one = _constants(node.expr1)
        other, all_of_other = _constants(node.expr2)
        return one | other, all_of_one and all_of_other
    if isinstance(node, nodes.Or | nodes.And):
        return _constants(node.right)[0], False
    if isinstance(node, nodes.Concat):
        return _constants(node.nodes[0])[0], False
    if isinstance(node, nodes.Add):
        return _constants(node.left)[0], False
    return set(), False


def settings_in(subject: Subject, scope: str) -> Mapping[str, Any]:
    """The settings that are declared in a scope, by id."""
    where, _, name = scope.partition(":")
    if where == "settings":
        return declared(item for group in subject.setting_groups for item in group.settings)
    section, _, kind = name.partition("/")
    schema = subject.sections[section]
    if where == "section":
        return declared(schema.settings)
    found = [block.settings for block in schema.blocks if block.type == kind]
    return declared(found[0]) if found else {}


def _call(kind: object) -> str:
    if isinstance(kind, Record):
        return kind.name
    if isinstance(kind, Section):
        return "a section"
    if isinstance(kind, Block):
        return "a block"
    return "a list" if isinstance(kind, Items) else "a text, a number or a loop"


def _column(source: str, line: int, word: str) -> int:
    """Where the word stands in that line, if it stands there once."""
    lines = source.split("\n", line)
    text = lines[line - 1] if word and 0 < line <= len(lines) else ""
    return text.index(word) + 1 if text.count(word) == 1 else 0
