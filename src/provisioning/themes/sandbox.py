"""
The environment that templates run in: sandboxed, always escaping, with our own filters and nothing else.

Three fences, each of which would do: before a template is compiled, its syntax tree is held against an allow-list
(`syntax.py`) and its values are wrapped by what their place in the HTML asks for (`contexts.py`); while it runs, it can look at
the fields of views, the keys of mappings and the items of lists, and call nothing but texts, addresses and its own macros.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

from jinja2 import DictLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from provisioning.errors import FieldError, InvalidInput
from provisioning.themes.contexts import mark_contexts
from provisioning.themes.filters import (
    LANGUAGE,
    check_printable,
    make_filters,
    make_functions,
    make_tests,
)
from provisioning.themes.locales import Translator
from provisioning.themes.packages import Theme
from provisioning.themes.plans import RenderingPlan, plan_of
from provisioning.themes.syntax import Fault, check_syntax, parse
from provisioning.themes.urls import page_url

_MAPPINGS = (dict, MappingProxyType)
_LOOP = frozenset(
    {"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem", "depth", "depth0"}
)  # fmt: skip


@lru_cache(maxsize=256)
def _public_fields(kind: type[object]) -> frozenset[str]:
    """The names of the fields of a frozen dataclass, as every view is; of anything else none."""
    declared = getattr(kind, "__dataclass_params__", None)
    if declared is None or not declared.frozen:
        return frozenset()
    return frozenset(f.name for f in fields(cast("Any", kind)) if not f.name.startswith("_"))


class UnsafeTemplate(TemplateSyntaxError):
    """A template that may not be compiled; `faults` say why."""

    def __init__(self, faults: list[Fault], name: str | None) -> None:
        super().__init__(faults[0].message, faults[0].line, name)
        self.faults = tuple(faults)


class Sandbox(ImmutableSandboxedEnvironment):
    """Compiles what is allowed; looks at fields, keys and items alone, so that no object has methods here."""

    plan: RenderingPlan

    def join_path(self, template: str, parent: str) -> str:
        """`parent:` leads from a template to the next farther one of that name among the themes that are extended."""
        if not template.startswith("parent:"):
            return template
        return find_parent(self.plan, template.removeprefix("parent:"), parent)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Called by the compiler before anything else: what is not allowed is never compiled."""
        tree = parse(source, name)
        tree.set_environment(self)
        faults = check_syntax(tree, LANGUAGE) or mark_contexts(tree)
        if faults:
            raise UnsafeTemplate(faults, name)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, _MAPPINGS):
            found = cast("Mapping[str, Any]", obj)
            return found[attribute] if attribute in found else self.undefined(obj=obj, name=attribute)
        kind = cast("type[object]", type(obj))
        if attribute in _public_fields(kind) or (kind is LoopContext and attribute in _LOOP):
            return getattr(cast("object", obj), attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, list | tuple) and isinstance(argument, int):
            items = cast("tuple[Any, ...]", obj)
            if -len(items) <= argument < len(items):
                return items[argument]
        elif isinstance(argument, str):
            return self.getattr(obj, argument)
        return self.undefined(obj=obj, name=str(argument))

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, Translator | Macro | BlockReference) or obj is page_url


def find_parent(plan: RenderingPlan, name: str, child: str) -> str:
    """The name under which the template `child` finds `parent:<name>`; raises `TemplateNotFound` where there is none."""
    owner, colon, _ = child.rpartition(":")
    chain = [plan.slug, *plan.ancestors]
    owner = owner if colon else plan.origins[child]
    for slug in chain[chain.index(owner) + 1 :]:
        if f"{slug}:{name}" in plan.shadowed:
            return f"{slug}:{name}"
        if plan.origins.get(name) == slug:
            return name
    raise TemplateNotFound(f"parent:{name}")


def environment_of(theme: Theme) -> Sandbox:
    """The theme's environment; templates are compiled once per process, when they are first used."""
    return make_environment(plan_of(theme))


@lru_cache(maxsize=32)
def make_environment(plan: RenderingPlan) -> Sandbox:
    """The environment of the plan's templates."""
    environment = Sandbox(
        loader=DictLoader(dict(plan.sources) | dict(plan.shadowed)),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=check_printable,
        cache_size=-1,
        auto_reload=False,
    )
    environment.plan = plan
    environment.globals = make_functions()
    environment.filters = make_filters(plan.assets)
    environment.tests = make_tests()
    return environment


def compile_all(theme: Theme) -> None:
    """Compile every template of the theme; raises `InvalidInput` naming all that must not or cannot be compiled."""
    environment = environment_of(theme)
    problems: list[FieldError] = []
    for name in (*theme.sources, *theme.shadowed):
        try:
            environment.get_template(name)
        except UnsafeTemplate as error:
            problems += [FieldError(name, f.code, f"line {f.line}: {f.message}") for f in error.faults]
        except TemplateSyntaxError as error:
            problems.append(FieldError(name, "NOT_A_TEMPLATE", f"line {error.lineno}: {error.message}"))
    if problems:
        raise InvalidInput(tuple(problems))
