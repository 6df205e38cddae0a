"""
The environment that templates run in: sandboxed, always escaping, with our own filters and nothing else.

`safe` does not exist here, nor do the globals that Jinja brings. Values reach the output only as text or numbers; anything
else is a mistake in the template and an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any, cast

from jinja2 import (
    DictLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
    pass_context,
)
from jinja2.filters import do_default
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from provisioning.errors import FieldError, InvalidInput
from provisioning.themes.money import decimal_amount, format_money
from provisioning.themes.packages import Theme
from provisioning.themes.plans import RenderingPlan, plan_of

_TESTS = ("defined", "none", "even", "odd", "in", "eq", "ne", "lt", "le", "gt", "ge")


@lru_cache(maxsize=256)
def _public_fields(kind: type) -> frozenset[str]:
    """The names of the fields of a frozen dataclass, as every view is; of anything else none."""
    declared = getattr(kind, "__dataclass_params__", None)
    if declared is None or not declared.frozen:
        return frozenset()
    return frozenset(f.name for f in fields(kind) if not f.name.startswith("_"))


class Sandbox(ImmutableSandboxedEnvironment):
    """Looks into mappings by key alone: a setting named `items` is a value there, never a method."""

    plan: RenderingPlan

    def join_path(self, template: str, parent: str) -> str:
        """`parent:` leads from a template to the next farther one of that name among the themes that are extended."""
        if not template.startswith("parent:"):
            return template
        return find_parent(self.plan, template.removeprefix("parent:"), parent)

    def getattr(self, obj: Any, attribute: str) -> Any:
        # Half of the time of a page was spent in finding out, again and again, that a view's field is harmless.
        if attribute in _public_fields(type(obj)):  # pyright: ignore[reportUnknownArgumentType]  it may be anything
            return getattr(obj, attribute)
        if isinstance(obj, Mapping):
            return self._look_up(cast("Mapping[str, Any]", obj), attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping):
            return self._look_up(cast("Mapping[str, Any]", obj), argument)
        return super().getitem(obj, argument)

    def _look_up(self, obj: Mapping[str, Any], key: str) -> Any:
        return obj[key] if key in obj else self.undefined(obj=obj, name=key)


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
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=400,
        auto_reload=False,
    )
    environment.plan = plan
    environment.globals = {}
    environment.filters = _filters(plan.assets)
    tests = cast("dict[str, Callable[..., Any]]", environment.tests)  # pyright: ignore[reportUnknownMemberType]
    environment.tests = {name: tests[name] for name in _TESTS}
    return environment


def _filters(assets: Mapping[str, str]) -> dict[str, Callable[..., Any]]:
    def asset_url(name: str) -> str:
        return assets[name]

    return {
        "asset_url": asset_url,
        "money": _money,
        "amount": decimal_amount,
        "json": _json,
        "length": _length,
        "take": _take,
        "default": do_default,
        "first": _first,
    }


def _finalize(value: Any) -> Any:
    if isinstance(value, Undefined):
        return str(value)  # StrictUndefined raises here, naming what is missing
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"a template may print text and numbers, not {type(value).__name__}")
    return value


@pass_context
def _money(context: Context, minor: int, currency: str) -> str:
    """The amount as people read it in the shop's language."""
    shop = context.get("shop")
    return format_money(minor, currency, shop.locale if shop else "en")


def _json(value: Any) -> Markup:
    """Data for a script element that is not a script; `<`, `>`, `&` and `'` are written as escapes."""
    return htmlsafe_json_dumps(value, separators=(",", ":"), ensure_ascii=False)


def _length(items: Sequence[Any]) -> int:
    return len(items)


def _first(items: Sequence[Any]) -> Any:
    return items[0]


def _take(items: Sequence[Any], count: int) -> Sequence[Any]:
    return items[:count]


def compile_all(theme: Theme) -> None:
    """Compile every template of the theme; raises `InvalidInput` naming the first that does not."""
    environment = environment_of(theme)
    for name in (*theme.sources, *theme.shadowed):
        try:
            environment.get_template(name)
        except TemplateSyntaxError as error:
            message = f"line {error.lineno}: {error.message}"
            raise InvalidInput((FieldError(name, "NOT_A_TEMPLATE", message),)) from None
