"""Rendering: a theme, the name of a template and a context become the text of a page. Pure: the same in, the same out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from provisioning.themes.assets import theme_assets
from provisioning.themes.locales import Translator
from provisioning.themes.packages import Theme
from provisioning.themes.placing import Page, Section
from provisioning.themes.sandbox import Sandbox, environment_of
from provisioning.themes.settings import FontSetting, SettingValue
from provisioning.themes.views import RenderContext

#: A setting of a package that begins so is a key of its locale file. A merchant's own texts never are.
_LOCALE_KEY = "t:"


def translator_of(theme: Theme, locale: str) -> Translator:
    """The texts of `locale`, of its language, or of the theme's default locale."""
    for name in (locale, locale.partition("-")[0]):
        if name in theme.locales:
            return Translator(theme.locales[name])
    return Translator(theme.locales[theme.manifest.default_locale])


def preloads_of(theme: Theme) -> tuple[str, ...]:
    """The addresses of the font files that a page asks for at once: those of the fonts that are chosen."""
    chosen = dict.fromkeys(
        str(theme.settings[item.id])
        for group in theme.settings_schema
        for item in group.settings
        if isinstance(item, FontSetting)
    )
    assets = theme_assets(theme)
    return tuple(assets[name].path for font in chosen for name in theme.preloads.get(font, ()))


def render_page(theme: Theme, template: str, context: RenderContext) -> str:
    """
    The whole page of `templates/<template>.json`.

    Raises `KeyError` for a template or text that the theme lacks, and jinja2's errors for mistakes in its templates.
    """
    page = theme.templates[template]
    environment = environment_of(theme)
    values: dict[str, Any] = {
        "shop": context.shop,
        "page": context.page,
        "collection": context.collection,
        "product": context.product,
        "content": context.content,
        "pagination": context.pagination,
        "tokens_url": context.tokens_url,
        "search_index_url": context.search_index_url,
        "manifest_url": context.manifest_url,
        "preloads": preloads_of(theme),
        "settings": theme.settings,
        "t": translator_of(theme, context.shop.locale),
    }
    regions = {name: _render_sections(environment, group, values) for name, group in theme.groups.items()}
    content = _render_sections(environment, page, values)
    layout = environment.get_template(f"layout/{page.layout}.html")
    # In a layout, `content` is the page's sections; in a section, the words of a page of words.
    return layout.render(values | regions | {"content": content})


def _render_sections(environment: Sandbox, page: Page, values: Mapping[str, Any]) -> Markup:
    parts: list[str] = []
    for section in page.sections:
        template = environment.get_template(f"sections/{section.type}.html")
        shown = _translated(section, values["t"], values["shop"].name)
        parts += [section.opening, template.render(values, section=shown), section.closing]
    # What the sandbox rendered is escaped already.
    return Markup("".join(parts))  # noqa: S704


def _translated(section: Section, t: Translator, shop: str) -> Section:
    blocks = tuple(replace(block, settings=_texts(block.settings, t, shop)) for block in section.blocks)
    return replace(section, settings=_texts(section.settings, t, shop), blocks=blocks)


def _texts(settings: Mapping[str, SettingValue], t: Translator, shop: str) -> dict[str, SettingValue]:
    return {
        name: t(value.removeprefix(_LOCALE_KEY), shop=shop)
        if isinstance(value, str) and value.startswith(_LOCALE_KEY)
        else value
        for name, value in settings.items()
    }
