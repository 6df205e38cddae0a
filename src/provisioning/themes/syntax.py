"""
Which template syntax themes may use: an allow-list over the syntax tree, checked before anything of it is compiled.

Compiling comes second because it computes: a constant like `7 ** (7 ** 8)` would burn the machine in a branch that never runs. What is left
has no arithmetic but sums and differences, no methods, no private names, no recursion, and names its includes in plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from jinja2 import Environment, TemplateSyntaxError, nodes

MAX_LOOP_DEPTH = 3
MAX_DEPTH = 10
#: A template's own name, and the names it may include.
TEMPLATE_NAME = re.compile(r"(?:layout|sections|snippets)/[a-z0-9]+(?:[._-][a-z0-9]+)*\.html")
FUNCTIONS = frozenset({"t", "url", "super"})
#: Names that a template is given by the engine and cannot give to anything else.
RESERVED = frozenset(
    {"t", "url", "shop", "settings", "section", "loop", "self", "super", "caller", "varargs", "kwargs"}
)

_LARGEST = 10**9
#: How deep expressions and statements may stand in each other; a compiler that calls itself goes no deeper.
_MAX_NODE_DEPTH = 100
_PARSER = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg, nodes.List, nodes.Tuple, nodes.Dict,
    nodes.Pair, nodes.Keyword, nodes.With,
)  # fmt: skip
_WHAT: Mapping[type[nodes.Node], str] = {
    nodes.Pow: "powers", nodes.Mul: "multiplication", nodes.Div: "division", nodes.FloorDiv: "division", nodes.Mod: "remainders and formats",
    nodes.Slice: "slices", nodes.Import: "imports", nodes.FromImport: "imports", nodes.CallBlock: "call blocks",
    nodes.FilterBlock: "filter blocks", nodes.Pos: "a plus sign before a value", nodes.NSRef: "namespaces",
    nodes.ScopedEvalContextModifier: "changes of escaping", nodes.EvalContextModifier: "changes of escaping",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a template may not do: its line, the checker's code, a message and a remedy."""

    line: int
    code: str
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Language:
    """The words that templates have."""

    filters: frozenset[str]
    tests: frozenset[str]


def parse(source: str, name: str | None = None) -> nodes.Template:
    """The syntax tree of a template. Raises `TemplateSyntaxError`, whatever is wrong with the text."""
    try:
        tree = _PARSER.parse(source, name)
        if _is_too_deep(tree):
            raise TemplateSyntaxError("the template is nested too deeply", 1, name)
    except (RecursionError, ValueError, OverflowError):
        # Parentheses in parentheses, numbers of thousands of digits.
        raise TemplateSyntaxError(
            "the template is nested too deeply, or holds a number too large", 1, name
        ) from None
    return tree


def _is_too_deep(tree: nodes.Node) -> bool:
    level: list[nodes.Node] = [tree]
    for _ in range(_MAX_NODE_DEPTH):
        level = [child for node in level for child in node.iter_child_nodes()]
        if not level:
            return False
    return True


def check_syntax(tree: nodes.Template, language: Language) -> list[Fault]:
    """All that the template may not do, by line."""
    walk = _Walk(language, frozenset(macro.name for macro in tree.find_all(nodes.Macro)))
    walk.visit(tree, 0, 0)
    walk.faults += _check_recursion(tree)
    return sorted(walk.faults, key=lambda fault: fault.line)


class _Walk:
    def __init__(self, language: Language, macros: frozenset[str]) -> None:
        self.faults: list[Fault] = []
        self._language = language
        self._macros = macros
        self._checks: dict[type[nodes.Node], Callable[[Any], None]] = {
            nodes.Name: self._name,
            nodes.Const: self._const,
            nodes.Getattr: self._getattr,
            nodes.Getitem: self._getitem,
            nodes.Filter: self._filter,
            nodes.Test: self._test,
            nodes.Call: self._call,
            nodes.For: self._for,
            nodes.Assign: self._assign,
            nodes.AssignBlock: self._assign_block,
            nodes.Macro: self._macro,
            nodes.Block: self._block,
            nodes.Include: self._include,
            nodes.Extends: self._extends,
        }

    def visit(self, node: nodes.Node, loops: int, depth: int) -> None:
        check = self._checks.get(type(node))
        if check is not None:
            check(node)
        elif not isinstance(node, _PLAIN):
            what = _WHAT.get(type(node), f"{type(node).__name__.lower()} nodes")
            self._fault(node, "TP06", f"{what} are not part of what templates may do")
        if isinstance(node, nodes.Stmt) and not isinstance(node, nodes.Output | nodes.Assign):
            depth += 1
            if depth == MAX_DEPTH + 1:
                self._fault(
                    node,
                    "TP07",
                    f"statements stand in each other more than {MAX_DEPTH} deep",
                    "move the inner part into a snippet",
                )
        if isinstance(node, nodes.For):
            loops += 1
            if loops == MAX_LOOP_DEPTH + 1:
                self._fault(node, "TP09", f"loops stand in each other more than {MAX_LOOP_DEPTH} deep")
        for child in node.iter_child_nodes():
            self.visit(child, loops, depth)

    def _fault(self, node: nodes.Node, code: str, message: str, fix: str = "") -> None:
        self.faults.append(Fault(node.lineno or 1, code, message, fix))

    # Names and values

    def _name(self, node: nodes.Name) -> None:
        if node.name.startswith("_") or node.name in {"self", "caller", "varargs", "kwargs"}:
            self._fault(node, "TP06", f"{node.name} cannot be used")
        elif node.ctx != "load" and node.name in RESERVED:
            self._fault(
                node,
                "TP06",
                f"{node.name} is given by the engine and cannot be given anew",
                "use another name",
            )

    def _const(self, node: nodes.Const) -> None:
        value = cast("object", cast("Any", node).value)
        if isinstance(value, int | float) and not abs(value) <= _LARGEST:
            self._fault(node, "TP06", "the number is too large")
        elif not isinstance(value, str | int | float | None):
            self._fault(
                node, "TP06", f"values of type {type(value).__name__} are not part of what templates may do"
            )

    def _getattr(self, node: nodes.Getattr) -> None:
        if node.attr.startswith("_"):
            self._fault(node, "TP06", f"{node.attr} is private")

    def _getitem(self, node: nodes.Getitem) -> None:
        key = cast("object", cast("Any", node.arg).value) if isinstance(node.arg, nodes.Const) else None
        if isinstance(key, str) and key.startswith("_"):
            self._fault(node, "TP06", f"{key} is private")

    def _filter(self, node: nodes.Filter) -> None:
        if node.name not in self._language.filters:
            fix = "there are " + ", ".join(sorted(self._language.filters))
            self._fault(node, "TP02", f"there is no filter {node.name}", fix)
        self._plain_arguments(node)

    def _test(self, node: nodes.Test) -> None:
        if node.name not in self._language.tests:
            fix = "there are " + ", ".join(sorted(self._language.tests))
            self._fault(node, "TP02", f"there is no test {node.name}", fix)
        self._plain_arguments(node)

    def _call(self, node: nodes.Call) -> None:
        self._plain_arguments(node)
        if not isinstance(node.node, nodes.Name):
            self._fault(node, "TP06", "only functions and macros can be called, no methods", "use a filter")
        elif node.node.name not in FUNCTIONS | self._macros:
            fix = "there are t, url and the template's own macros"
            self._fault(node, "TP06", f"there is no function {node.node.name}", fix)

    def _plain_arguments(self, node: Any) -> None:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            self._fault(node, "TP06", "arguments are written out one by one, without stars")

    # Statements

    def _for(self, node: nodes.For) -> None:
        if node.recursive:
            self._fault(node, "TP06", "loops cannot call themselves")
        targets = node.target.items if isinstance(node.target, nodes.Tuple) else [node.target]
        if not all(isinstance(target, nodes.Name) for target in targets):
            self._fault(node, "TP06", "a loop gives its values to plain names")

    def _assign(self, node: nodes.Assign) -> None:
        if not isinstance(node.target, nodes.Name):
            self._fault(node, "TP06", "set gives one value to one name")

    def _assign_block(self, node: nodes.AssignBlock) -> None:
        if node.filter is not None or not isinstance(node.target, nodes.Name):
            self._fault(node, "TP06", "a set block gives its text to one name, without a filter")

    def _macro(self, node: nodes.Macro) -> None:
        if node.name in RESERVED or node.name.startswith("_"):
            self._fault(node, "TP06", f"a macro cannot be called {node.name}")

    def _block(self, node: nodes.Block) -> None:
        if node.name.startswith("_"):
            self._fault(node, "TP06", f"a block cannot be called {node.name}")

    def _include(self, node: nodes.Include) -> None:
        self._template(node, node.template)
        if node.ignore_missing:
            self._fault(node, "TP05", "what is included must be there", "leave out ignore missing")

    def _extends(self, node: nodes.Extends) -> None:
        self._template(node, node.template)

    def _template(self, node: nodes.Node, template: nodes.Expr) -> None:
        name = name_of(template)
        if name is None:
            self._fault(node, "TP05", "the name of a template is written out, never computed")
        elif not TEMPLATE_NAME.fullmatch(name.removeprefix("parent:")):
            self._fault(
                node, "TP05", "a template is named as snippets/card.html or parent:snippets/card.html"
            )


def name_of(template: nodes.Expr) -> str | None:
    """The name in an include or extends, where it is written out."""
    value = cast("object", cast("Any", template).value) if isinstance(template, nodes.Const) else None
    return value if isinstance(value, str) else None


def _check_recursion(tree: nodes.Template) -> Iterator[Fault]:
    calls = {
        macro.name: {c.node.name for c in macro.find_all(nodes.Call) if isinstance(c.node, nodes.Name)}
        for macro in tree.find_all(nodes.Macro)
    }
    for macro in tree.find_all(nodes.Macro):
        if macro.name in reachable(macro.name, lambda name: calls.get(name, set())):
            yield Fault(macro.lineno or 1, "TP06", f"the macro {macro.name} calls itself")


def reachable(start: str, onward: Callable[[str], Iterable[str]]) -> set[str]:
    """All that can be reached from `start` in one step or more."""
    found: set[str] = set()
    waiting = list(onward(start))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += onward(name)
    return found
