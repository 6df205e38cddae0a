"""
Typed settings: what a theme declares, the values that fit, and the stylesheet of tokens made from them.

A value reaches a stylesheet only through `tokens_css`, and only after its type has checked it: no theme and no merchant
can write a rule by way of a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import cast

from provisioning.themes.colors import contrast_ratio
from provisioning.themes.conditions import read_condition
from provisioning.themes.setting_types import (
    TEXT_TYPES,
    ColorSchemeGroupSetting,
    ColorSchemeSetting,
    ColorSetting,
    FontSetting,
    Header,
    Paragraph,
    RangeSetting,
    Schemes,
    Setting,
    SettingGroup,
    SettingValue,
    TextKey,
)

#: Fonts that every device has; a theme adds its own families to these.
SYSTEM_FONTS: Mapping[str, str] = MappingProxyType(
    {
        "system-sans": 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
        "system-serif": 'ui-serif, Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif',
        "system-mono": 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
    }
)

#: A text of a package that begins so is a key of its locale files.
_KEY_MARK = "t:"
_KEY = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")


def resolve(
    settings: Sequence[Setting], given: Mapping[str, object], *, packaged: bool = True
) -> dict[str, SettingValue]:
    """
    The value of each declared setting: the given one where it fits, else the default.

    `packaged` is for values that a theme's package gives: only there does `t:cart.title` mean a key of its locale files.
    Raises `ValueError`, naming the setting, for a value that does not fit or a name that is not declared.
    """
    declared = {item.id: item for item in settings if not isinstance(item, Header | Paragraph)}
    unknown = sorted(given.keys() - declared.keys())
    if unknown:
        raise ValueError(f"{unknown[0]}: is not declared")
    values: dict[str, SettingValue] = {}
    for name, item in declared.items():
        value = given.get(name, item.default)
        try:
            key = check_key(item, value) if packaged or name not in given else None
            values[name] = key or item.check(value)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return values


def check_key(item: Setting, value: object) -> TextKey | None:
    """The key that a package's value of a setting is, if it is one. Raises `ValueError` for one that no locale file can have."""
    if not isinstance(item, TEXT_TYPES) or not isinstance(value, str) or not value.startswith(_KEY_MARK):
        return None
    key = value.removeprefix(_KEY_MARK)
    if not _KEY.fullmatch(key):
        raise ValueError("must be a key of the locale files behind t:")
    return TextKey(key)


def resolve_theme(
    groups: Iterable[SettingGroup],
    fonts: Mapping[str, str],
    given: Mapping[str, object],
    *,
    packaged: bool = True,
) -> dict[str, SettingValue]:
    """As `resolve`, for a theme's global settings: fonts and colour schemes must exist and colours must stand out."""
    settings = [item for group in groups for item in group.settings]
    values = resolve(settings, given, packaged=packaged)
    for item in settings:
        if isinstance(item, FontSetting) and values[item.id] not in fonts:
            raise ValueError(f"{item.id}: must be one of " + ", ".join(sorted(fonts)))
        if isinstance(item, ColorSetting):
            _check_contrast(item, values)
    check_schemes(settings, values, schemes_of(settings, values))
    return values


def schemes_of(settings: Iterable[Setting], values: Mapping[str, SettingValue]) -> Schemes:
    """The colour schemes among a theme's global settings; empty where it has none."""
    for item in settings:
        if isinstance(item, ColorSchemeGroupSetting):
            return cast("Schemes", values[item.id])
    return MappingProxyType({})


def check_schemes(settings: Iterable[Setting], values: Mapping[str, SettingValue], schemes: Schemes) -> None:
    """Raise `ValueError` where a setting names a colour scheme that is not among `schemes`."""
    for item in settings:
        if isinstance(item, ColorSchemeSetting) and values[item.id] not in schemes:
            there = ", ".join(schemes) or "none: the theme has no color_scheme_group"
            raise ValueError(f"{item.id}: must be one of the colour schemes ({there})")


def check_conditions(settings: Iterable[Setting], declared: Mapping[str, frozenset[str]]) -> None:
    """Raise `ValueError` where `visible_if` looks at a setting that is not declared; `declared` are ids by scope."""
    for item in settings:
        if isinstance(item, Header | Paragraph) or item.visible_if is None:
            continue
        for scope, name in sorted(read_condition(item.visible_if).references):
            if name not in declared.get(scope, frozenset()):
                raise ValueError(f"{item.id}: visible_if looks at {scope}.{name}, which is not declared")


def ids_of(settings: Iterable[Setting]) -> frozenset[str]:
    """The ids of all settings that hold a value."""
    return frozenset(item.id for item in settings if not isinstance(item, Header | Paragraph))


def _check_contrast(item: ColorSetting, values: Mapping[str, SettingValue]) -> None:
    for rule in item.contrast:
        if rule.against not in values:
            raise ValueError(f"{item.id}: {rule.against} is not declared")
        found = contrast_ratio(str(values[item.id]), str(values[rule.against]))
        if found < rule.ratio:
            raise ValueError(
                f"{item.id}: stands out from {rule.against} by {found:.2f}, must be at least {rule.ratio:g}"
            )


def tokens_css(
    groups: Iterable[SettingGroup], fonts: Mapping[str, str], values: Mapping[str, SettingValue]
) -> str:
    """
    The stylesheet that hands the settings to the theme's own.

    One custom property on the root for each colour, length and font; for each colour scheme the class `scheme-<name>` with a
    property `--scheme-<role>` for each role, the first scheme's on the root too.
    """
    lines: list[str] = []
    schemes: list[str] = []
    for item in (item for group in groups for item in group.settings):
        if isinstance(item, ColorSetting):
            lines.append(f"  --{_css_name(item.id)}: {values[item.id]};")
        elif isinstance(item, RangeSetting):
            lines.append(f"  --{_css_name(item.id)}: {values[item.id]:g}{item.unit};")
        elif isinstance(item, FontSetting):
            lines.append(f"  --{_css_name(item.id)}: {fonts[str(values[item.id])]};")
        elif isinstance(item, ColorSchemeGroupSetting):
            found = cast("Schemes", values[item.id])
            lines += _scheme_lines(next(iter(found.values())))
            for name, colors in found.items():
                schemes += [f".scheme-{name} {{", *_scheme_lines(colors), "}"]
    return "\n".join([":root {", *lines, "}", *schemes, ""])


def _scheme_lines(colors: Mapping[str, str]) -> list[str]:
    return [f"  --scheme-{_css_name(role)}: {color};" for role, color in colors.items()]


def _css_name(setting_id: str) -> str:
    return setting_id.replace("_", "-")
