"""Rendering: a theme, the name of a template and a context become the text of a page. Pure: the same in, the same out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from provisioning.themes.isolation import Limits, render_isolated
from provisioning.themes.locales import Translator
from provisioning.themes.packages import Theme
from provisioning.themes.plans import plan_of
from provisioning.themes.rendering import find_texts, render_plan
from provisioning.themes.shown import references_in
from provisioning.themes.views import RenderContext


def translator_of(theme: Theme, locale: str) -> Translator:
    """The texts of `locale`, of its language, or of the theme's default locale."""
    return find_texts(plan_of(theme), locale)


def references_of(theme: Theme) -> frozenset[tuple[str, str]]:
    """
    What the theme's settings refer to: a field of `ReferenceViews` and a name or handle, as `("pictures", "home/hero")`.

    A context that lacks one of them shows the place as if nobody had chosen anything.
    """
    plan = plan_of(theme)
    found = set(references_in(plan.settings, plan.kinds))
    for page in (*plan.templates.values(), *plan.groups.values()):
        for section in page.sections:
            kinds = plan.sections[section.type]
            found |= set(references_in(section.settings, kinds.settings))
            for block in section.blocks:
                found |= set(references_in(block.settings, kinds.blocks[block.type]))
    return frozenset(found)


def render_page(theme: Theme, template: str, context: RenderContext) -> str:
    """
    The whole page of `templates/<template>.json`: in this process for a theme of ours, in another for an imported one.

    Raises `KeyError` for a template or text that the theme lacks, and jinja2's errors for mistakes in its templates; for an
    imported theme `Permanent`, whatever is wrong.
    """
    return next(render_pages(theme, [(template, context)]))


def render_pages(
    theme: Theme, pages: Sequence[tuple[str, RenderContext]], seconds: float | None = None
) -> Iterator[str]:
    """
    As `render_page`, for many: an imported theme gets one process for two hundred of them.

    `seconds` is how long an imported theme may take for all of them, where that is less than its limits.
    """
    plan = plan_of(theme)
    if theme.imported:
        limits = Limits() if seconds is None else Limits().within(seconds)
        return render_isolated(plan, pages, limits)
    return (render_plan(plan, template, context) for template, context in pages)
