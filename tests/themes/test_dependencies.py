"""What a page depends on: whatever changes elsewhere, the page stays the same."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jinja2 import ChainableUndefined

from provisioning.sites.pages import SitePage, Surroundings, pages_of
from provisioning.sites.presenting import Presenter
from provisioning.themes.dependencies import dependencies_of, template_reads
from provisioning.themes.packages import THEMES, Theme, list_themes, load_theme
from provisioning.themes.plans import RenderingPlan
from provisioning.themes.renderer import render_page
from provisioning.themes.sandbox import make_environment
from provisioning.themes.views import RenderContext
from tests.sites.shops import draw_picture, hostile_shop, real_shop, sample_shop
from tests.themes.packages import Shelf, write

Location = tuple[str, ...]


def _pages(theme: Theme) -> Iterator[SitePage]:
    surroundings = Surroundings("/tokens.css", "/logo.png", "/search.json", "/site.webmanifest")
    for shop in (sample_shop(), real_shop(), hostile_shop()):
        seen: set[str] = set()
        for page in pages_of(Presenter(shop, draw_picture), surroundings):
            if page.template not in seen:
                seen.add(page.template)
                yield page


def _leaves(value: Any, path: Location = ()) -> Iterator[Location]:
    """The paths of all values that are no objects with parts of their own."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    elif isinstance(value, Mapping):
        parts = dict(value)
    else:
        yield path
        return
    for name, part in parts.items():
        yield from _leaves(part, (*path, name))


def _change(value: Any, path: Location) -> Any:
    """The same object with another value at `path`."""
    if not path:
        return _other(value)
    if isinstance(value, Mapping):
        return {**value, path[0]: _change(value[path[0]], path[1:])}
    return dataclasses.replace(value, **{path[0]: _change(getattr(value, path[0]), path[1:])})


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1_001
    if isinstance(value, tuple):
        return value[1:] if value else ("another",)
    return f"another {value}"


def _covers(dependencies: frozenset[str], path: Location) -> bool:
    """Whether a change there may be seen: the path, something around it, or something within it is read."""
    text = ".".join(path)
    return any(d == text or text.startswith(d + ".") or d.startswith(text + ".") for d in dependencies)


@pytest.mark.parametrize("slug", list_themes())
def test_nothing_outside_of_what_a_page_depends_on_changes_it(slug: str) -> None:
    """Every other value of the context is changed at once, on a page of every template, in three shops."""
    theme = load_theme(slug)
    changed = 0
    for page in _pages(theme):
        dependencies = dependencies_of(theme, page.template)
        others = [path for path in _leaves(page.context) if not _covers(dependencies, path)]
        context: RenderContext = page.context
        for path in others:
            context = _change(context, path)
        changed += len(others)
        assert render_page(theme, page.template, context) == render_page(
            theme, page.template, page.context
        ), page.path

    assert changed > 500


@pytest.mark.parametrize(
    ("template", "read", "not_read"),
    [
        (
            "product",
            {"product.title", "product.related", "shop.locale"},
            {"shop.featured", "shop.count", "collection"},
        ),
        ("index", {"shop.featured", "shop.home"}, {"product.title", "collection", "content"}),
        ("collection", {"collection.products", "pagination"}, {"shop.featured", "product.title"}),
        ("cart", {"shop.name", "page.title"}, {"shop.featured", "collection", "shop.returns"}),
        ("maintenance", {"shop.name"}, {"shop.collections", "shop.featured"}),
    ],
)
def test_what_pages_of_upfront_base_depend_on(template: str, read: set[str], not_read: set[str]) -> None:
    """Precise enough that a price changes its own pages and no others."""
    from provisioning.themes.packages import read_package

    dependencies = dependencies_of(read_package(THEMES / "upfront-base"), template)

    assert [path for path in read if not _covers(dependencies, tuple(path.split(".")))] == []
    assert [path for path in not_read if _covers(dependencies, tuple(path.split(".")))] == []


def test_no_path_lies_beneath_another() -> None:
    theme = load_theme(list_themes()[0])
    for template in theme.templates:
        found = dependencies_of(theme, template)
        assert not [(a, b) for a in found for b in found if b.startswith(a + ".")]


#: A name that is given to a part of itself is followed for six steps; then all that lies beneath counts as read.
RUNAWAY = {
    "page.list",
    *("shop" + ".b" * n + end for n in range(6) for end in (".c",) if n < 5),
    "shop.b.b.b.b.b",
}


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("{{ shop.name }}", {"shop.name"}),
        ("{{ shop['name'] }}", {"shop.name"}),
        ("{% set a = shop.home %}{{ a.text }}", {"shop.home.text"}),
        ("{% set a = shop.home %}{% set b = a.picture %}{{ b.src }}", {"shop.home.picture.src"}),
        ("{{ b.src }}{% set b = a.picture %}{% set a = shop.home %}", {"shop.home.picture.src"}),
        ("{% with a = shop.home %}{{ a.text }}{% endwith %}", {"shop.home.text"}),
        (
            "{% set a = shop.home if page.kind else product %}{{ a.x }}",
            {"shop.home.x", "page.kind", "product.x"},
        ),
        ("{% set a = shop.home or product %}{{ a.x }}", {"shop.home", "shop.home.x", "product.x"}),
        ("{% for card in shop.featured %}{{ card.title }}{% endfor %}", {"shop.featured"}),
        ("{{ shop.featured[0].title }}", {"shop.featured"}),
        ("{{ shop.menus[page.kind] }}", {"shop.menus", "page.kind"}),
        ("{% if shop.home %}{% endif %}", {"shop.home"}),
        ("{% if page.kind == 'x' %}{% elif shop.count > 1 %}{% endif %}", {"page.kind", "shop.count"}),
        ("{{ product.price|money('EUR') }}", {"product.price", "shop.locale"}),
        ("{{ t('a', x=product.title) }}", {"product.title", "shop.locale"}),
        ("{% macro m(a) %}{{ a.x }}{{ shop.name }}{% endmacro %}{{ m(product) }}", {"product", "shop.name"}),
        ("{% set a %}{{ shop.name }}{% endset %}{{ a }}", {"shop.name"}),
        (
            "{% for product in shop.featured %}{{ product.title }}{% endfor %}",
            {"shop.featured", "product.title"},
        ),
        ("{% set a = shop %}{% for i in page.list %}{% set a = a.b %}{% endfor %}{{ a.c }}", RUNAWAY),
        ("{{ section.settings.x }}{{ settings.y }}{{ nothing }}", set[str]()),
        ("{# {{ shop.name }} #}", set[str]()),
        ("{% include 'snippets/s.html' %}", {"shop.name"}),
        ("{% set v = shop.home.picture %}{% include 'snippets/v.html' %}", {"shop.home.picture.src"}),
        ("{% with v = product %}{% include 'snippets/v.html' %}{% endwith %}", {"product.src"}),
    ],
)
def test_what_templates_read(source: str, reads: set[str]) -> None:
    plan = _plan(
        {"sections/own.html": source, "snippets/s.html": "{{ shop.name }}", "snippets/v.html": "{{ v.src }}"}
    )

    assert {".".join(p) for p in template_reads(plan, "sections/own.html", ("section",))} == reads


def test_a_layout_and_its_parent_share_names(tmp_path: Path) -> None:
    """What the parent names at its top is seen in the child's blocks."""
    shelf = Shelf(tmp_path)
    child = shelf.add("child")
    write(
        shelf.folder / "upfront-base",
        "layout/base.html",
        "{% set a = shop.contact %}{% block x %}{% endblock %}{{ content }}",
    )
    write(
        child,
        "layout/base.html",
        "{% extends 'parent:layout/base.html' %}{% block x %}{{ a.phone }}{% endblock %}",
    )
    dependencies = dependencies_of(shelf.read("child"), "404")

    assert "shop.contact.phone" in dependencies
    assert not _covers(dependencies, ("shop", "menus")), "no group is shown by this layout"


def test_what_settings_refer_to_is_part_of_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    child = shelf.add("child")
    kinds = {"image": "media/a", "product_list": ["p"], "link_list": "main", "text": "t:cart.title"}
    declared = [{"type": kind, "id": kind, "label": kind} for kind in kinds]
    write(child, "sections/own.html", "x")
    write(child, "sections/own.schema.json", {"name": "Own", "settings": declared})
    write(child, "layout/base.html", "{{ content }}")
    use = {"type": "own", "settings": kinds}
    write(child, "templates/index.json", {"sections": {"s": use}, "order": ["s"]})

    assert dependencies_of(shelf.read("child"), "index") == {
        "references.pictures.media/a",
        "references.products.p",
        "shop.menus.main",
        "shop.name",
        "shop.locale",
    }


def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(KeyError):
        dependencies_of(load_theme(list_themes()[0]), "nothing")


# --- Templates of chance ----------------------------------------------------------------------------------

ROOTS = ("shop", "page", "product", "content")
EXPRESSIONS = [
    "({0} or {1})",
    "({0} and {1})",
    "({0} if {1} else 'z')",
    "({0} ~ {1})",
    "({0} == {1})",
    "({0} in {1})",
    "(not {0})",
    "({0}|length)",
    "({0}|default({1}))",
    "({0}|first)",
    "{0}[0]",
    "{0}[{1}]",
    "m({0})",
]
STATEMENTS = [
    "{{{{ {0} }}}}",
    "{{% set {1} = {0} %}}{{{{ {1} }}}}",
    "{{% set {1} = {0} %}}",
    "{{% with {1} = {0} %}}{2}{{% endwith %}}",
    "{{% for {1} in {0} %}}{2}{{% endfor %}}",
    "{{% if {0} %}}{2}{{% else %}}-{{% endif %}}",
    "{{% set {1} %}}{2}{{% endset %}}",
    "{{% include 'snippets/s.html' %}}",
]


@dataclasses.dataclass(frozen=True)
class _Chance:
    """Templates and data from a seed."""

    random: random.Random

    def expression(self, depth: int = 2) -> str:
        names = [self.random.choice([*ROOTS, "x", "y"]), *self.random.choices(["a", "b", "list"], k=3)]
        path = ".".join(names[: self.random.randint(1, 4)])
        if depth == 0 or self.random.random() < 0.5:
            return path
        form = self.random.choice(EXPRESSIONS)
        return form.format(self.expression(depth - 1), self.expression(depth - 1))

    def body(self, depth: int = 2, includes: bool = True) -> str:
        parts: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            form = self.random.choice(STATEMENTS if includes else STATEMENTS[:-1])
            name = self.random.choice(["x", "y", "product"])
            inner = self.body(depth - 1, includes) if depth else "-"
            parts.append(form.format(self.expression(), name, inner))
        return "".join(parts)

    def data(self, depth: int = 3) -> dict[str, Any]:
        return {
            "a": self._value(depth),
            "b": self._value(depth),
            "list": [self._value(depth)] * self.random.randint(0, 2),
        }

    def _value(self, depth: int) -> Any:
        if depth and self.random.random() < 0.6:
            return self.data(depth - 1)
        return self.random.choice(["p", "q", "", 0, 1, None])


def _plan(sources: dict[str, str]) -> RenderingPlan:
    origins = dict.fromkeys(sources, "own")
    return RenderingPlan(
        "own", (), sources, {}, origins, {}, {}, {}, {}, {}, {"en": {}}, "en", {}, (), "digest"
    )  # fmt: skip


def _found(context: Mapping[str, Any], path: Location) -> Any:
    value: Any = context
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return "missing"
        value = value[name]
    return value


def _outcome(plan: RenderingPlan, context: Mapping[str, Any]) -> str:
    environment = make_environment(plan)
    # So that more of the templates come to an end: nothing is missing, and everything can be printed.
    environment.undefined, environment.finalize = ChainableUndefined, str
    try:
        return environment.get_template("sections/own.html").render(context)
    except Exception as error:
        return type(error).__name__


@pytest.mark.parametrize("part", range(4))
def test_templates_of_chance_read_no_more_than_is_found(part: int) -> None:
    """Any template, any context, and another context that agrees where the template is said to read: the same outcome."""
    seen: Counter[str] = Counter()
    for seed in range(100 * part, 100 * (part + 1)):
        chance = _Chance(random.Random(seed))
        macro = "{% macro m(x) %}{{ x.a }}{% endmacro %}"
        sources = {
            "sections/own.html": macro + chance.body(),
            "snippets/s.html": macro + chance.body(1, includes=False),
        }
        plan = _plan(sources)
        reads = template_reads(plan, "sections/own.html", ())
        for _ in range(3):
            one = {name: chance.data() for name in ROOTS}
            other: dict[str, Any] = {name: chance.data() for name in ROOTS}
            for path in sorted(reads, key=len):
                other = _agree(other, one, path)
            outcome = _outcome(plan, one)
            seen["error" if outcome.endswith("Error") else "text"] += one != other
            assert outcome == _outcome(plan, other), (seed, sources, one, other, reads)

    assert seen["error"] > 20, "contexts differ in much, and some templates fail"
    assert seen["text"] > 100, "contexts differ in much, and most templates come to an end"


def _agree(target: dict[str, Any], source: Mapping[str, Any], path: Location) -> dict[str, Any]:
    """`target` with what `source` has at `path`; where the way there does not exist, as far as it goes."""
    head, *rest = path
    if not rest:
        return (
            {**target, head: source[head]}
            if head in source
            else {k: v for k, v in target.items() if k != head}
        )
    there, here = source.get(head), target.get(head)
    if not isinstance(there, Mapping):
        return {**target, head: there}
    inner = here if isinstance(here, dict) else {}
    return {**target, head: _agree(inner, there, tuple(rest))}
