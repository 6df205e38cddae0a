"""
How fast the renderer makes pages, against a bare loop over the same compiled templates with the same values, made beforehand.

Both make the same bytes: home, a collection and a product of a store with products of its own, in each theme that is installed. They take turns, page by page,
so that a busy machine is busy for both; the ratio is the median of the pairs, in CPU seconds of this process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from jinja2 import Template
from markupsafe import Markup
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Verdict, at_least, milliseconds, percentile
from provisioning.catalog.blueprints import load_blueprint
from provisioning.catalog.settings import default_settings
from provisioning.sites.building import plan_site
from provisioning.sites.shop import Shop
from provisioning.stores.activation import Category
from provisioning.themes.dependencies import read_layout
from provisioning.themes.packages import Theme, list_themes, load_theme
from provisioning.themes.plans import plan_of
from provisioning.themes.renderer import render_page
from provisioning.themes.rendering import find_texts
from provisioning.themes.sandbox import environment_of
from provisioning.themes.shown import Eyes, ShownSection
from provisioning.themes.views import CONTEXT_NAMES, RenderContext

RATIO = 0.8
KINDS = ("index", "collection", "product")
#: Products of the store: two pages of a collection.
PRODUCTS = 48


@dataclass(frozen=True, slots=True)
class Part:
    """A template with the section that it shows, and the tags around it."""

    template: Template
    section: ShownSection
    opening: str
    closing: str


@dataclass(frozen=True, slots=True)
class Bare:
    """One page, ready to be rendered: nothing is looked up any more."""

    values: dict[str, Any]
    layout: Template
    regions: tuple[tuple[str, tuple[Part, ...]], ...]

    def render(self) -> str:
        values = self.values
        made: dict[str, Markup] = {}
        for name, parts in self.regions:
            made[name] = Markup(
                "".join(p.opening + p.template.render(values, section=p.section) + p.closing for p in parts)
            )
        return self.layout.render(values | made)


@dataclass(frozen=True, slots=True)
class Pace:
    """Pages a second of one kind of page in one theme, of ours and of the bare loop; and our share of the latter."""

    theme: str
    kind: str
    ours: float
    bare: float
    ratio: float
    size: int


def measure(console: Console, *, pages: int) -> list[Verdict]:
    """Render each kind of page `pages` times both ways, in every theme; print and judge."""
    shop = shop_of(PRODUCTS)
    paces = [pace for slug in list_themes() for pace in race(load_theme(slug), shop, pages)]
    table = Table(
        "theme", "page", "pages a second", "bare loop", "ratio", "one page", "bytes", title="rendering"
    )
    for pace in paces:
        table.add_row(
            pace.theme,
            pace.kind,
            f"{pace.ours:,.0f}",
            f"{pace.bare:,.0f}",
            f"{pace.ratio:.2f}",
            milliseconds(1 / pace.ours),
            f"{pace.size:,}",
        )
    console.print(table)
    return [
        at_least(
            f"{slug}: pages a second ÷ the bare loop's",
            percentile([pace.ratio for pace in paces if pace.theme == slug], 0.5),
            RATIO,
        )
        for slug in dict.fromkeys(pace.theme for pace in paces)
    ]


def race(theme: Theme, shop: Shop, pages: int) -> list[Pace]:
    """Each kind of page of the shop, rendered both ways in turn. Raises `RuntimeError` where they differ."""
    found: dict[str, RenderContext] = {}
    for page in plan_site(theme, shop).pages:
        if page.template in KINDS:
            found.setdefault(page.template, page.context)
    return [_race(theme, kind, found[kind], pages) for kind in KINDS]


def _race(theme: Theme, kind: str, context: RenderContext, pages: int) -> Pace:
    bare = prepare(theme, kind, context)

    def ours() -> str:
        return render_page(theme, kind, context)

    text = ours()
    if bare.render() != text:
        raise RuntimeError(f"{theme.slug}: the bare loop makes another {kind}")
    mine: list[float] = []
    theirs: list[float] = []
    for number in range(pages):
        for lap, function in _turns(number, (mine, ours), (theirs, bare.render)):
            lap.append(_seconds(function))
    ratio = percentile([b / a for a, b in zip(mine, theirs, strict=True)], 0.5)
    return Pace(
        theme.slug,
        kind,
        1 / percentile(mine, 0.5),
        1 / percentile(theirs, 0.5),
        ratio,
        len(text.encode()),
    )


def prepare(theme: Theme, kind: str, context: RenderContext) -> Bare:
    """All that `render_page` looks up or makes before its templates run."""
    plan, environment = plan_of(theme), environment_of(theme)
    t = find_texts(plan, context.shop.locale)
    eyes = Eyes(t, context.shop, context.references)
    page = plan.templates[kind]

    def parts(sections: Sequence[Any]) -> tuple[Part, ...]:
        return tuple(
            Part(
                environment.get_template(f"sections/{section.type}.html"),
                eyes.section(section, plan.sections[section.type]),
                section.opening,
                section.closing,
            )
            for section in sections
        )

    values = {name: getattr(context, name) for name in CONTEXT_NAMES} | {
        "preloads": plan.preloads,
        "settings": eyes.settings(plan.settings, plan.kinds),
        "t": t,
    }
    groups = read_layout(plan, page.layout).groups
    regions = [(name, parts(plan.groups[name].sections)) for name in groups]
    # What the page's own sections show stands last: where it stands in the layout is the layout's matter.
    return Bare(
        values,
        environment.get_template(f"layout/{page.layout}.html"),
        (*regions, ("content", parts(page.sections))),
    )


def shop_of(products: int) -> Shop:
    """A store with so many products of its own."""
    blueprint = load_blueprint(Category.ELECTRONICS)
    settings = default_settings(Category.ELECTRONICS, "Benchmark", "owner@example.com")
    own = [
        product.model_copy(
            update={
                "handle": f"{product.handle[:30]}-{number}",
                "title": f"{product.title} {number}",
                "position": number,
                "related": (),
                "sample": False,
            }
        )
        for number, product in zip(range(products), cycle(blueprint.products), strict=False)
    ]
    return Shop(
        name="Benchmark",
        address="http://benchmark.localhost:8080",
        hostname="benchmark.localhost",
        tagline=blueprint.tagline,
        home=blueprint.home,
        collections=blueprint.collections,
        products=tuple(own),
        pages=blueprint.pages,
        **{name: settings[name] for name in ("contact", "shipping", "returns", "policies")},  # type: ignore[arg-type]
    )


def _turns(
    number: int, *runners: tuple[list[float], Callable[[], str]]
) -> Sequence[tuple[list[float], Callable[[], str]]]:
    """Who begins changes from page to page."""
    return runners if number % 2 else tuple(reversed(runners))


def _seconds(function: Callable[[], str]) -> float:
    began = time.process_time()
    function()
    return time.process_time() - began
