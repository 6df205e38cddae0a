"""
What rendering needs of a theme, and nothing else: plain frozen data that another process can be handed.

Of the settings' declarations only the types remain whose values templates see as something else: a picture's name as a picture, a
handle as a product, rich text as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from provisioning.themes.assets import theme_assets
from provisioning.themes.packages import Theme
from provisioning.themes.placing import Page
from provisioning.themes.setting_types import FontSetting, Header, Paragraph, Setting, SettingValue
from provisioning.themes.shown import SHOWN_OTHERWISE, Kinds, SectionKinds


@dataclass(frozen=True, slots=True, eq=False)
class RenderingPlan:
    """A theme as its templates are rendered; two with one `digest` render alike."""

    slug: str
    #: The slugs of the themes that it extends, the nearest first.
    ancestors: tuple[str, ...]
    sources: Mapping[str, str]
    shadowed: Mapping[str, str]
    origins: Mapping[str, str]
    templates: Mapping[str, Page]
    groups: Mapping[str, Page]
    settings: Mapping[str, SettingValue]
    kinds: Kinds
    sections: Mapping[str, SectionKinds]
    locales: Mapping[str, Mapping[str, Any]]
    default_locale: str
    #: Asset's name to the path that it is served at.
    assets: Mapping[str, str]
    #: The paths of font files that a page asks for at once.
    preloads: tuple[str, ...]
    digest: str


@lru_cache(maxsize=32)
def plan_of(theme: Theme) -> RenderingPlan:
    """The plan of a theme; made once for each in a process."""
    assets = {name: asset.path for name, asset in theme_assets(theme).items()}
    everywhere = [item for group in theme.settings_schema for item in group.settings]
    return RenderingPlan(
        slug=theme.slug,
        ancestors=tuple(ancestor.slug for ancestor in theme.ancestors),
        sources=theme.sources,
        shadowed=theme.shadowed,
        origins=theme.origins,
        templates=theme.templates,
        groups=theme.groups,
        settings=theme.settings,
        kinds=_kinds(everywhere),
        sections={
            name: SectionKinds(_kinds(schema.settings), {b.type: _kinds(b.settings) for b in schema.blocks})
            for name, schema in theme.sections.items()
        },
        locales=theme.locales,
        default_locale=theme.manifest.default_locale,
        assets=assets,
        preloads=_preloads(theme, everywhere, assets),
        digest=theme.digest,
    )


def _kinds(settings: Iterable[Setting]) -> Kinds:
    return {
        item.id: item.type
        for item in settings
        if not isinstance(item, Header | Paragraph) and item.type in SHOWN_OTHERWISE
    }


def _preloads(theme: Theme, settings: Iterable[Setting], assets: Mapping[str, str]) -> tuple[str, ...]:
    chosen = dict.fromkeys(str(theme.settings[item.id]) for item in settings if isinstance(item, FontSetting))
    return tuple(assets[name] for font in chosen for name in theme.preloads.get(font, ()))
