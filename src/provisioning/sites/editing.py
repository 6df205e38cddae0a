"""What an editor of a theme's settings shows: every setting as the theme declares it, in its place, with its present value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisioning.themes.packages import Theme
from provisioning.themes.setting_types import SettingValue, TextKey


@dataclass(frozen=True, slots=True)
class DescribedSettings:
    """Plain data, for JSON."""

    groups: tuple[dict[str, Any], ...]
    values: dict[str, Any]
    #: By place, as `index/hero` or `index/hero/first`.
    sections: dict[str, dict[str, Any]]


def describe_settings(theme: Theme) -> DescribedSettings:
    """All settings of a theme, with the values that it holds now."""
    sections: dict[str, dict[str, Any]] = {}
    for name, page in [*theme.templates.items(), *theme.groups.items()]:
        for section in page.sections:
            schema = theme.sections[section.type]
            place = f"{name}/{section.id}"
            declared = [item.model_dump(mode="json", exclude_none=True) for item in schema.settings]
            sections[place] = {
                "type": section.type,
                "name": schema.name,
                "settings": declared,
                "values": _values(section.settings),
            }
            kinds = {block.type: block for block in schema.blocks}
            for block in section.blocks:
                kind = kinds[block.type]
                sections[f"{place}/{block.id}"] = {
                    "type": block.type,
                    "name": kind.name,
                    "settings": [item.model_dump(mode="json", exclude_none=True) for item in kind.settings],
                    "values": _values(block.settings),
                }
    groups = tuple(group.model_dump(mode="json", exclude_none=True) for group in theme.settings_schema)
    return DescribedSettings(groups, _values(theme.settings), sections)


def _values(settings: Mapping[str, SettingValue]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in settings.items()}


def _plain(value: SettingValue) -> Any:
    if isinstance(value, TextKey):
        return f"t:{value.key}"
    if isinstance(value, Mapping):
        return {name: dict(colors) for name, colors in value.items()}
    return list(value) if isinstance(value, tuple) else value
