"""
The types of settings: what a theme declares of each, and the values that fit.

`check` answers the value as it is kept, or raises `ValueError` saying what it must be. No value holds anything that could leave
the place where its type is used: a colour is a colour, an address one that runs nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator, model_validator

from provisioning.themes.colors import COLOR, CONTRASTS, ROLES, contrast_ratio
from provisioning.themes.conditions import MAX_LENGTH, read_condition
from provisioning.themes.richtext import sanitise
from provisioning.themes.semantics import SEMANTICS
from provisioning.themes.urls import is_reference, is_safe_url


@dataclass(frozen=True, slots=True)
class TextKey:
    """A value that is a key of the theme's locale files. Only a package's own values are; a merchant's texts never."""

    key: str


#: Scheme id to role to colour.
Schemes = Mapping[str, Mapping[str, str]]
SettingValue = str | int | float | bool | TextKey | tuple[str, ...] | Schemes
SettingId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, Field(min_length=1, max_length=80)]

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PICTURE = re.compile(r"[a-z]{1,20}/[A-Za-z0-9]{1,40}(?:[-_][A-Za-z0-9]{1,40}){0,20}")


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Header(_Declared):
    """A heading between settings in an editor; holds no value."""

    type: Literal["header"]
    content: Annotated[str, Field(min_length=1, max_length=80)]
    info: Annotated[str, Field(max_length=200)] = ""


class Paragraph(_Declared):
    """A few words between settings in an editor; holds no value."""

    type: Literal["paragraph"]
    content: Annotated[str, Field(min_length=1, max_length=400)]


class _Setting(_Declared):
    id: SettingId
    label: Label
    info: Annotated[str, Field(max_length=200)] = ""
    #: A word of `semantics.py`, by which a value follows its store to another theme.
    semantic: str | None = None
    #: When an editor shows it, as `section.layout == "split"`.
    visible_if: Annotated[str, Field(max_length=MAX_LENGTH)] | None = None
    #: No editor shows it: a theme has decided what its parent left open.
    hidden: bool = False

    @field_validator("visible_if")
    @classmethod
    def _reads_as_a_condition(cls, value: str | None) -> str | None:
        if value is not None:
            read_condition(value)
        return value

    @model_validator(mode="after")
    def _means_what_its_type_can_hold(self) -> _Setting:
        if self.semantic is None:
            return self
        types = SEMANTICS.get(self.semantic)
        if types is None:
            raise ValueError(f"{self.semantic} is not a word of the vocabulary of settings")
        kind = str(getattr(self, "type", ""))
        if kind not in types:
            raise ValueError(f"{self.semantic} goes with {', '.join(sorted(types))}, not with {kind}")
        return self


class TextSetting(_Setting):
    """One line of text."""

    type: Literal["text"]
    default: str = ""
    placeholder: Annotated[str, Field(max_length=80)] = ""
    max_length: Annotated[int, Field(ge=1, le=500)] = 200

    def check(self, value: object) -> SettingValue:
        return _line(value, self.max_length)


class TextareaSetting(_Setting):
    """Plain text of several lines."""

    type: Literal["textarea"]
    default: str = ""
    placeholder: Annotated[str, Field(max_length=200)] = ""
    max_length: Annotated[int, Field(ge=1, le=5_000)] = 1_000

    def check(self, value: object) -> SettingValue:
        return _text(value, self.max_length)


class InlineRichtextSetting(_Setting):
    """A line of text with emphasis and links; what else it holds is taken away."""

    type: Literal["inline_richtext"]
    default: str = ""
    max_length: Annotated[int, Field(ge=1, le=1_000)] = 500

    def check(self, value: object) -> SettingValue:
        text = _line(value, self.max_length)
        return str(sanitise(text, "inline")) if text else ""


class RichtextSetting(_Setting):
    """Paragraphs, lists and headings; what else it holds is taken away."""

    type: Literal["richtext"]
    default: str = ""
    max_length: Annotated[int, Field(ge=1, le=20_000)] = 5_000

    def check(self, value: object) -> SettingValue:
        text = _text(value, self.max_length)
        return str(sanitise(text, "blocks")) if text else ""


class CheckboxSetting(_Setting):
    """Yes or no."""

    type: Literal["checkbox"]
    default: bool = False

    def check(self, value: object) -> SettingValue:
        if not isinstance(value, bool):
            raise ValueError("must be true or false")
        return value


class NumberSetting(_Setting):
    """Any number between two bounds."""

    type: Literal["number"]
    min: Annotated[int | float, Field(ge=-1_000_000_000)] = -1_000_000
    max: Annotated[int | float, Field(le=1_000_000_000)] = 1_000_000
    default: int | float

    @model_validator(mode="after")
    def _holds_its_default(self) -> NumberSetting:
        self.check(self.default)
        return self

    def check(self, value: object) -> SettingValue:
        return _number(value, self.min, self.max)


class RangeSetting(_Setting):
    """A number on a scale, with its CSS unit if it becomes a token."""

    type: Literal["range"]
    min: int | float
    max: int | float
    step: Annotated[int | float, Field(gt=0)]
    unit: Literal["", "px", "rem", "em", "%", "s"] = ""
    default: int | float

    @model_validator(mode="after")
    def _fits_its_own_scale(self) -> RangeSetting:
        if (self.max - self.min) / self.step > 100:
            raise ValueError("a range has at most 100 steps")
        self.check(self.default)
        return self

    def check(self, value: object) -> SettingValue:
        number = _number(value, self.min, self.max)
        steps = (number - self.min) / self.step
        if abs(steps - round(steps)) > 1e-6:
            raise ValueError(f"must be on a step of {self.step:g} from {self.min:g}")
        return number


class Choice(_Declared):
    """One value of a select or of radio buttons."""

    value: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    label: Label
    group: Annotated[str, Field(max_length=60)] = ""


class _Chosen(_Setting):
    options: Annotated[tuple[Choice, ...], Field(min_length=1, max_length=40)]
    default: str

    @model_validator(mode="after")
    def _lists_its_default_once(self) -> _Chosen:
        values = [option.value for option in self.options]
        if len(set(values)) < len(values):
            raise ValueError("two options have one value")
        if len(values) < 2 and not self.hidden:
            raise ValueError("there must be two options at least")
        self.check(self.default)
        return self

    def check(self, value: object) -> SettingValue:
        for option in self.options:
            if option.value == value:
                return option.value
        raise ValueError("must be one of " + ", ".join(option.value for option in self.options))


class SelectSetting(_Chosen):
    """One of a few named values, from a list."""

    type: Literal["select"]


class RadioSetting(_Chosen):
    """One of a few named values, all of them in view."""

    type: Literal["radio"]


class TextAlignmentSetting(_Setting):
    """Where lines begin. Kept as `start`, `center` or `end`, so that it turns with the direction of writing."""

    type: Literal["text_alignment"]
    default: Literal["left", "center", "right", "start", "end"] = "start"

    def check(self, value: object) -> SettingValue:
        kept = {"left": "start", "right": "end"}.get(str(value), value)
        if kept not in {"start", "center", "end"}:
            raise ValueError("must be left, center or right")
        return str(kept)


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
        return _color(value)


class ColorSchemeGroupSetting(_Setting):
    """
    Named sets of colours that go together; sections choose one of them.

    Each set has a colour for every role, and its words and buttons stand out from what is behind them. A merchant changes
    colours; the names are the theme's.
    """

    type: Literal["color_scheme_group"]
    default: Annotated[dict[str, dict[str, str]], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _is_whole(self) -> ColorSchemeGroupSetting:
        for name, colors in self.default.items():
            if not _NAME.fullmatch(name) or len(name) > 40:
                raise ValueError("a scheme is named in lower-case letters, digits and hyphens")
            if sorted(colors) != sorted(ROLES):
                raise ValueError(f"{name}: must have a colour for each of " + ", ".join(ROLES))
        self.check(self.default)
        return self

    def check(self, value: object) -> SettingValue:
        if not isinstance(value, Mapping):
            raise ValueError("must be an object of schemes")
        schemes: dict[str, Mapping[str, str]] = {}
        given = cast("Mapping[Any, Any]", value)
        for name in given:
            if name not in self.default:
                raise ValueError("there is no such scheme; there are " + ", ".join(self.default))
        for name, colors in self.default.items():
            schemes[name] = _check_scheme(name, colors, given.get(name, {}))
        return MappingProxyType(schemes)


class ColorSchemeSetting(_Setting):
    """One of the theme's colour schemes, by name."""

    type: Literal["color_scheme"]
    default: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]

    def check(self, value: object) -> SettingValue:
        return _name(value, "must be a scheme's name")


class FontSetting(_Setting):
    """A font by its id: of the system's or of the theme's families."""

    type: Literal["font"]
    default: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

    def check(self, value: object) -> SettingValue:
        return _name(value, "must be a font's id")


class UrlSetting(_Setting):
    """An address: of this site (`/collections/`), http, https, mailto or tel, or `upfront://product/<handle>`."""

    type: Literal["url"]
    default: str = ""

    def check(self, value: object) -> SettingValue:
        text = _text(value, 2_000)
        if not text or is_safe_url(text) or is_reference(text):
            return text
        raise ValueError(
            "must be an address that begins with /, https:, http:, mailto:, tel: or upfront://product/"
        )


class ImageSetting(_Setting):
    """
    A picture: `media/<id>` of the merchant's own, or the name of a sample picture; empty for none.

    It has no default, as a picture that nobody chose says nothing about the shop.
    """

    type: Literal["image"]

    @property
    def default(self) -> str:
        return ""

    def check(self, value: object) -> SettingValue:
        if value is None or value == "":
            return ""
        if not isinstance(value, str) or not _PICTURE.fullmatch(value):
            raise ValueError("must be a picture's name, as media/<id>")
        return value


class _Reference(_Setting):
    default: str = ""

    def check(self, value: object) -> SettingValue:
        return _name(value, "must be a handle") if value else ""


class ProductSetting(_Reference):
    """A product by its handle; empty for none. One that is gone is as none."""

    type: Literal["product"]


class CollectionSetting(_Reference):
    """A collection by its handle; empty for none."""

    type: Literal["collection"]


class PageSetting(_Reference):
    """A page of words by its handle; empty for none."""

    type: Literal["page"]


class LinkListSetting(_Reference):
    """A menu by its name: `main`, `footer`, `policies`, or one that the merchant made."""

    type: Literal["link_list"]


class _References(_Setting):
    limit: Annotated[int, Field(ge=1, le=50)] = 50
    default: tuple[str, ...] = ()

    def check(self, value: object) -> SettingValue:
        if not isinstance(value, list | tuple):
            raise ValueError("must be a list of handles")
        items = cast("list[object] | tuple[object, ...]", value)
        if len(items) > self.limit:
            raise ValueError(f"must be at most {self.limit} handles")
        return tuple(dict.fromkeys(_name(item, "must be a list of handles") for item in items))


class ProductListSetting(_References):
    """Products by their handles, in order."""

    type: Literal["product_list"]


class CollectionListSetting(_References):
    """Collections by their handles, in order."""

    type: Literal["collection_list"]


Setting = Annotated[
    Header
    | Paragraph
    | TextSetting
    | TextareaSetting
    | InlineRichtextSetting
    | RichtextSetting
    | CheckboxSetting
    | NumberSetting
    | RangeSetting
    | SelectSetting
    | RadioSetting
    | TextAlignmentSetting
    | ColorSetting
    | ColorSchemeSetting
    | ColorSchemeGroupSetting
    | FontSetting
    | UrlSetting
    | ImageSetting
    | ProductSetting
    | ProductListSetting
    | CollectionSetting
    | CollectionListSetting
    | PageSetting
    | LinkListSetting,
    Field(discriminator="type"),
]

#: Types whose value may be a key of the locale files.
TEXT_TYPES = (TextSetting, TextareaSetting, InlineRichtextSetting, RichtextSetting)


class SettingGroup(_Declared):
    """A page of the theme's settings in an editor."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    settings: Annotated[tuple[Setting, ...], Field(max_length=40)]


SETTING_GROUPS = TypeAdapter(Annotated[tuple[SettingGroup, ...], Field(max_length=40)])


def _line(value: object, max_length: int) -> str:
    text = _text(value, max_length)
    if "\n" in text:
        raise ValueError("must be one line")
    return text


def _text(value: object, max_length: int) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    if len(value) > max_length:
        raise ValueError(f"must be at most {max_length} characters long")
    if _CONTROL.search(value):
        raise ValueError("must not hold control characters")
    return value


def _number(value: object, lowest: float, highest: float) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("must be a number")
    if not lowest <= value <= highest:
        raise ValueError(f"must be between {lowest:g} and {highest:g}")
    return value


def _name(value: object, message: str) -> str:
    if not isinstance(value, str) or len(value) > 100 or not _NAME.fullmatch(value):
        raise ValueError(message)
    return value


def _color(value: object) -> str:
    if not isinstance(value, str) or not COLOR.fullmatch(value):
        raise ValueError("must be a colour as #rrggbb")
    return value


def _check_scheme(name: str, whole: Mapping[str, str], given: object) -> Mapping[str, str]:
    if not isinstance(given, Mapping):
        raise ValueError(f"{name}: must be an object of colours")
    changes = cast("Mapping[Any, Any]", given)
    if not changes.keys() <= set(ROLES):
        raise ValueError(f"{name}: has colours for " + ", ".join(ROLES))
    colors = {role: _color(changes.get(role, color)) for role, color in whole.items()}
    for role, behind, ratio in CONTRASTS:
        found = contrast_ratio(colors[role], colors[behind])
        if found < ratio:
            message = f"stands out from {behind} by {found:.2f}, must be at least {ratio:g}"
            raise ValueError(f"{name}.{role}: {message}")
    return MappingProxyType(colors)
