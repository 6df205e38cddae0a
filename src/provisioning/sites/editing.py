"""What an editor of a theme's settings shows: every setting as the theme declares it, in its place, with its present value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisioning.themes.packages import Theme
from provisioning.themes.placing import Page
from provisioning.themes.setting_types import SettingValue, TextKey


@dataclass(frozen=True, slots=True)
class DescribedSettings:
    """Plain data, for JSON."""

    groups: tuple[dict[str, Any], ...]
    values: dict[str, Any]
    #: The values of each preset, and the one with which the theme begins.
    presets: dict[str, dict[str, Any]]
    preset: str
    #: What a font setting may hold: `id` and `name`.
    fonts: tuple[dict[str, str], ...]
    #: By place, as `index/hero` or `index/hero/first`.
    sections: dict[str, dict[str, Any]]


def describe_settings(theme: Theme, plain: Theme) -> DescribedSettings:
    """All settings of a theme, with the values that it holds now and, as `defaults`, those of `plain`: the theme without anything of the store's."""
    sections: dict[str, dict[str, Any]] = {}
    begins_with = {
        f"{name}/{section.id}": section for name, page in _pages(plain) for section in page.sections
    }
    for name, page in _pages(theme):
        for section in page.sections:
            schema = theme.sections[section.type]
            place = f"{name}/{section.id}"
            first = begins_with[place]
            declared = [item.model_dump(mode="json", exclude_none=True) for item in schema.settings]
            sections[place] = {
                "type": section.type,
                "name": schema.name,
                "settings": declared,
                "values": _values(section.settings),
                "defaults": _values(first.settings),
            }
            blocks = {block.id: block for block in first.blocks}
            kinds = {block.type: block for block in schema.blocks}
            for block in section.blocks:
                kind = kinds[block.type]
                sections[f"{place}/{block.id}"] = {
                    "type": block.type,
                    "name": kind.name,
                    "settings": [item.model_dump(mode="json", exclude_none=True) for item in kind.settings],
                    "values": _values(block.settings),
                    "defaults": _values(blocks[block.id].settings),
                }
    groups = tuple(group.model_dump(mode="json", exclude_none=True) for group in theme.settings_schema)
    presets = {name: _values(values) for name, values in plain.presets.items()}
    preset = next(name for name, values in plain.presets.items() if values is plain.settings)
    return DescribedSettings(groups, _values(theme.settings), presets, preset, _fonts(plain), sections)


def _pages(theme: Theme) -> list[tuple[str, Page]]:
    return [*theme.templates.items(), *theme.groups.items()]


def _fonts(theme: Theme) -> tuple[dict[str, str], ...]:
    """The theme's own by their families, then those of the visitor's device."""
    own = [{"id": font.id, "name": font.family} for font in theme.manifest.fonts]
    return (*own, *({"id": id, "name": name} for id, name in _DEVICE_FONTS.items()))


_DEVICE_FONTS = {
    "system-sans": "Sans serif of the device",
    "system-serif": "Serif of the device",
    "system-mono": "Monospaced of the device",
}


def _values(settings: Mapping[str, SettingValue]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in settings.items()}


def _plain(value: SettingValue) -> Any:
    if isinstance(value, TextKey):
        return f"t:{value.key}"
    if isinstance(value, Mapping):
        return {name: dict(colors) for name, colors in value.items()}
    return list(value) if isinstance(value, tuple) else value
