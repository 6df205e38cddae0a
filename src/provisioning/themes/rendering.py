"""A plan, the name of a template and a context become the text of a page, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from provisioning.themes.dependencies import read_layout
from provisioning.themes.locales import Translator
from provisioning.themes.placing import Page
from provisioning.themes.plans import RenderingPlan
from provisioning.themes.sandbox import Sandbox, make_environment
from provisioning.themes.shown import Eyes
from provisioning.themes.views import CONTEXT_NAMES, RenderContext


def find_texts(plan: RenderingPlan, locale: str) -> Translator:
    """The texts of `locale`, of its language, or of the theme's default locale."""
    for name in (locale, locale.partition("-")[0]):
        if name in plan.locales:
            return Translator(plan.locales[name], name)
    return Translator(plan.locales[plan.default_locale], plan.default_locale)


def render_plan(plan: RenderingPlan, template: str, context: RenderContext) -> str:
    """
    The whole page of `templates/<template>.json`.

    Raises `KeyError` for a template or text that the theme lacks, and jinja2's errors for mistakes in its templates.
    """
    page = plan.templates[template]
    environment = make_environment(plan)
    t = find_texts(plan, context.shop.locale)
    eyes = Eyes(t, context.shop, context.references)
    values: dict[str, Any] = {name: getattr(context, name) for name in CONTEXT_NAMES} | {
        "preloads": plan.preloads,
        "settings": eyes.settings(plan.settings, plan.kinds),
        "t": t,
    }
    groups = read_layout(plan, page.layout).groups
    regions = {name: _render(environment, plan.groups[name], values, eyes) for name in groups}
    content = _render(environment, page, values, eyes)
    layout = environment.get_template(f"layout/{page.layout}.html")
    # In a layout, `content` is the page's sections; in a section, the words of a page of words.
    return layout.render(values | regions | {"content": content})


def _render(environment: Sandbox, page: Page, values: Mapping[str, Any], eyes: Eyes) -> Markup:
    parts: list[str] = []
    for section in page.sections:
        template = environment.get_template(f"sections/{section.type}.html")
        shown = eyes.section(section, environment.plan.sections[section.type])
        parts += [section.opening, template.render(values, section=shown), section.closing]
    # What the sandbox rendered is escaped already.
    return Markup("".join(parts))  # noqa: S704
