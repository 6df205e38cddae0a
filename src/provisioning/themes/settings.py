"""
Typed settings: what a theme declares, the values that fit, and the stylesheet of tokens made from them.

A value reaches a stylesheet only through `tokens_css`, and only after its type has checked it: no theme and no merchant
can write a rule by way of a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

SettingValue = str | int | float | bool
SettingId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

_COLOR = re.compile(r"#[0-9a-f]{6}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")

#: Fonts that every device has; a theme adds its own families to these.
SYSTEM_FONTS: Mapping[str, str] = MappingProxyType(
    {
        "system-sans": 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
        "system-serif": 'ui-serif, Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif',
        "system-mono": 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
    }
)


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Header(_Declared):
    """A heading between settings in an editor; holds no value."""

    type: Literal["header"]
    content: str


class _Setting(_Declared):
    id: SettingId
    label: Annotated[str, Field(min_length=1, max_length=80)]
    info: Annotated[str, Field(max_length=200)] = ""
    #: A word of the closed vocabulary that themes share, so that a value can follow its store to another theme.
    semantic: Annotated[str, Field(pattern=r"^[a-z]+(\.[a-z_]+)+$")] | None = None


class TextSetting(_Setting):
    """One line of text."""

    type: Literal["text"]
    default: str = ""
    max_length: Annotated[int, Field(ge=1, le=500)] = 200

    def check(self, value: object) -> SettingValue:
        text = _text(value, self.max_length)
        if "\n" in text:
            raise ValueError("must be one line")
        return text


class TextareaSetting(_Setting):
    """Plain text of several lines."""

    type: Literal["textarea"]
    default: str = ""
    max_length: Annotated[int, Field(ge=1, le=5_000)] = 1_000

    def check(self, value: object) -> SettingValue:
        return _text(value, self.max_length)


class CheckboxSetting(_Setting):
    """Yes or no."""

    type: Literal["checkbox"]
    default: bool = False

    def check(self, value: object) -> SettingValue:
        if not isinstance(value, bool):
            raise ValueError("must be true or false")
        return value


class RangeSetting(_Setting):
    """A number on a scale, with its CSS unit if it becomes a token."""

    type: Literal["range"]
    min: int | float
    max: int | float
    step: Annotated[int | float, Field(gt=0)]
    unit: Literal["", "px", "rem", "em", "%"] = ""
    default: int | float

    @model_validator(mode="after")
    def _fits_its_own_scale(self) -> RangeSetting:
        if (self.max - self.min) / self.step > 100:
            raise ValueError("a range has at most 100 steps")
        self.check(self.default)
        return self

    def check(self, value: object) -> SettingValue:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError("must be a number")
        if not self.min <= value <= self.max:
            raise ValueError(f"must be between {self.min:g} and {self.max:g}")
        steps = (value - self.min) / self.step
        if abs(steps - round(steps)) > 1e-6:
            raise ValueError(f"must be on a step of {self.step:g} from {self.min:g}")
        return value


class Choice(_Declared):
    """One value of a select."""

    value: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    label: str


class SelectSetting(_Setting):
    """One of a few named values."""

    type: Literal["select"]
    options: Annotated[tuple[Choice, ...], Field(min_length=2)]
    default: str

    @model_validator(mode="after")
    def _lists_its_default(self) -> SelectSetting:
        self.check(self.default)
        return self

    def check(self, value: object) -> SettingValue:
        for option in self.options:
            if option.value == value:
                return option.value
        raise ValueError("must be one of " + ", ".join(option.value for option in self.options))


class Contrast(_Declared):
    """How far a colour must stand out from another (WCAG 2.2, 1.4.3 and 1.4.11)."""

    against: SettingId
    ratio: Annotated[float, Field(ge=1, le=21)] = 4.5


class ColorSetting(_Setting):
    """A colour as `#rrggbb`, in lower case."""

    type: Literal["color"]
    default: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    contrast: tuple[Contrast, ...] = ()

    def check(self, value: object) -> SettingValue:
        if not isinstance(value, str) or not _COLOR.fullmatch(value):
            raise ValueError("must be a colour as #rrggbb")
        return value


class FontSetting(_Setting):
    """A font by its id: of the system's or of the theme's families."""

    type: Literal["font"]
    default: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

    def check(self, value: object) -> SettingValue:
        if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
            raise ValueError("must be a font's id")
        return value


class UrlSetting(_Setting):
    """An address: of this site (`/collections/`), or http, https, mailto or tel."""

    type: Literal["url"]
    default: str = ""

    def check(self, value: object) -> SettingValue:
        text = _text(value, 2_000)
        if not text or is_safe_url(text):
            return text
        raise ValueError("must be an address that begins with /, https:, http:, mailto: or tel:")


Setting = Annotated[
    Header
    | TextSetting
    | TextareaSetting
    | CheckboxSetting
    | RangeSetting
    | SelectSetting
    | ColorSetting
    | FontSetting
    | UrlSetting,
    Field(discriminator="type"),
]


class SettingGroup(_Declared):
    """A page of the theme's settings in an editor."""

    name: str
    settings: Annotated[tuple[Setting, ...], Field(max_length=40)]


SETTING_GROUPS = TypeAdapter(tuple[SettingGroup, ...])


def is_safe_url(text: str) -> bool:
    """Whether `text` may stand in an `href`: a path of this site, or one of the few schemes that run nothing."""
    if re.search(r"[\s\\<>\"'\x00-\x20]", text):
        return False
    if text.startswith("/"):
        return not text.startswith("//")
    parts = urlsplit(text)
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname)
    return parts.scheme in {"mailto", "tel"} and bool(parts.path)


def resolve(settings: Sequence[Setting], given: Mapping[str, object]) -> dict[str, SettingValue]:
    """
    The value of each declared setting: the given one where it fits, else the default.

    Raises `ValueError`, naming the setting, for a value that does not fit or a name that is not declared.
    """
    declared = {item.id: item for item in settings if not isinstance(item, Header)}
    unknown = sorted(given.keys() - declared.keys())
    if unknown:
        raise ValueError(f"{unknown[0]}: is not declared")
    values: dict[str, SettingValue] = {}
    for name, item in declared.items():
        try:
            values[name] = item.check(given.get(name, item.default))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return values


def resolve_theme(
    groups: Iterable[SettingGroup], fonts: Mapping[str, str], given: Mapping[str, object]
) -> dict[str, SettingValue]:
    """As `resolve`, for a theme's global settings: fonts must exist and colours must stand out."""
    settings = [item for group in groups for item in group.settings]
    values = resolve(settings, given)
    for item in settings:
        if isinstance(item, FontSetting) and values[item.id] not in fonts:
            raise ValueError(f"{item.id}: must be one of " + ", ".join(sorted(fonts)))
        if isinstance(item, ColorSetting):
            _check_contrast(item, values)
    return values


def _check_contrast(item: ColorSetting, values: Mapping[str, SettingValue]) -> None:
    for rule in item.contrast:
        if rule.against not in values:
            raise ValueError(f"{item.id}: {rule.against} is not declared")
        found = contrast_ratio(str(values[item.id]), str(values[rule.against]))
        if found < rule.ratio:
            raise ValueError(
                f"{item.id}: stands out from {rule.against} by {found:.2f}, must be at least {rule.ratio:g}"
            )


def contrast_ratio(one: str, other: str) -> float:
    """WCAG's contrast of two colours written `#rrggbb`: from 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def tokens_css(
    groups: Iterable[SettingGroup], fonts: Mapping[str, str], values: Mapping[str, SettingValue]
) -> str:
    """The stylesheet that hands the settings to the theme's own: one custom property for each colour, length and font."""
    lines = [":root {"]
    for item in (item for group in groups for item in group.settings):
        if isinstance(item, ColorSetting):
            lines.append(f"  --{_css_name(item.id)}: {values[item.id]};")
        elif isinstance(item, RangeSetting):
            lines.append(f"  --{_css_name(item.id)}: {values[item.id]:g}{item.unit};")
        elif isinstance(item, FontSetting):
            lines.append(f"  --{_css_name(item.id)}: {fonts[str(values[item.id])]};")
    return "\n".join([*lines, "}", ""])


def _css_name(setting_id: str) -> str:
    return setting_id.replace("_", "-")


def _text(value: object, max_length: int) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    if len(value) > max_length:
        raise ValueError(f"must be at most {max_length} characters long")
    if _CONTROL.search(value):
        raise ValueError("must not hold control characters")
    return value
