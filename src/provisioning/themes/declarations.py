"""What the JSON files of a theme package may say: one model for each kind of file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from provisioning.themes.setting_types import Header, Paragraph, Setting

Id = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,50}$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
#: A template's name may carry a suffix, as `page.contact`.
TemplateName = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=60)]
Version = Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,4}$")]
Locale = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
Family = Annotated[str, Field(pattern=r"^[A-Za-z0-9 ]{1,60}$")]
AssetName = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=80)]
PreviewPath = Annotated[str, Field(pattern=r"^preview/[a-z0-9]+([._-][a-z0-9]+)*$", max_length=80)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Author(_Part):
    """Who made the theme."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    url: Annotated[str, Field(pattern=r"^https://")] | None = None


class Font(_Part):
    """A family that the theme brings along in its assets and stylesheet; its `id` is what a font setting holds."""

    id: Name
    family: Family
    #: A family of the stylesheet that is shown until this one has come: one of the device's fonts, stretched to the same
    #: widths and heights, so that nothing moves.
    stand_in: Family | None = None
    fallback: Literal["system-sans", "system-serif", "system-mono"]
    license: str
    #: Assets that a page asks for at once while this font is chosen.
    preload: Annotated[tuple[AssetName, ...], Field(max_length=2)] = ()


class Extends(_Part):
    """The theme that this one builds on: installed, of the same major version, and not older."""

    slug: Name
    version: Version


class Preview(_Part):
    """Pictures of the theme for those who choose one."""

    desktop: PreviewPath
    mobile: PreviewPath


class Manifest(_Part):
    """`theme.json`."""

    format: Literal[1]
    slug: Name
    name: Annotated[str, Field(min_length=1, max_length=60)]
    version: Version
    #: The versions of the rendering interface that the theme works with, as `>=1.0 <2`.
    engine: Annotated[str, Field(pattern=r"^[<>=]{1,2}\d{1,4}(\.\d{1,4})?( [<>=]{1,2}\d{1,4}(\.\d{1,4})?)?$")]
    extends: Extends | None = None
    #: Not for merchants to choose: other themes build on it.
    hidden: bool = False
    description: Annotated[str, Field(min_length=1, max_length=280)]
    author: Author
    license: str
    tags: Annotated[tuple[Name, ...], Field(max_length=8)] = ()
    default_locale: Locale
    locales: Annotated[tuple[Locale, ...], Field(min_length=1, max_length=60)]
    fonts: Annotated[tuple[Font, ...], Field(max_length=12)] = ()
    thumbnail: PreviewPath | None = None
    preview: Preview | None = None

    @model_validator(mode="after")
    def _speaks_its_default(self) -> Manifest:
        if self.default_locale not in self.locales:
            raise ValueError("locales must hold default_locale")
        return self


class BlockUse(_Part):
    """A block as a template places it in a section."""

    type: Name
    settings: dict[str, Any] = Field(default_factory=dict)
    disabled: bool = False


class SectionUse(_Part):
    """A section as a template places it on a page."""

    type: Name
    settings: dict[str, Any] = Field(default_factory=dict)
    disabled: bool = False
    blocks: dict[Id, BlockUse] = Field(default_factory=dict)
    block_order: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _orders_every_block(self) -> SectionUse:
        if sorted(self.block_order) != sorted(self.blocks):
            raise ValueError("block_order must name every block once")
        return self


class PageTemplate(_Part):
    """`templates/*.json` and the groups: which sections stand on a page, in which order."""

    name: Annotated[str, Field(max_length=60)] = ""
    layout: Name = "base"
    sections: dict[Id, SectionUse]
    order: Annotated[tuple[Id, ...], Field(max_length=25)]

    @model_validator(mode="after")
    def _orders_every_section(self) -> PageTemplate:
        enabled = [name for name, use in self.sections.items() if not use.disabled]
        if sorted(self.order) != sorted(enabled):
            raise ValueError("order must name every enabled section once")
        return self


class BlockSchema(_Part):
    """What a block of a section may be set to."""

    type: Name
    name: Annotated[str, Field(min_length=1, max_length=60)]
    #: How many of this type a section may hold.
    limit: Annotated[int, Field(ge=1, le=50)] | None = None
    settings: Annotated[tuple[Setting, ...], Field(max_length=40)] = ()


class Places(_Part):
    """Where a section may stand, or may not."""

    templates: tuple[TemplateName, ...] = ()
    groups: tuple[Name, ...] = ()


class PresetBlock(_Part):
    """A block that a preset of its section begins with."""

    type: Name
    settings: dict[str, Any] = Field(default_factory=dict)


class SectionPreset(_Part):
    """A section as an editor offers to add it."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    settings: dict[str, Any] = Field(default_factory=dict)
    blocks: Annotated[tuple[PresetBlock, ...], Field(max_length=50)] = ()


class SectionSchema(_Part):
    """`sections/*.schema.json`."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    #: The element that the section is wrapped in, with the id `section-<id>`; without it nothing is wrapped.
    tag: Literal["article", "aside", "div", "footer", "header", "section"] | None = None
    #: The class of that element.
    css_class: Annotated[str, Field(pattern=r"^[a-z0-9_-]+( [a-z0-9_-]+)*$")] | None = Field(
        default=None, alias="class"
    )
    #: How often it may stand on one page.
    limit: Annotated[int, Field(ge=1, le=2)] | None = None
    settings: Annotated[tuple[Setting, ...], Field(max_length=40)] = ()
    blocks: tuple[BlockSchema, ...] = ()
    max_blocks: Annotated[int, Field(ge=1, le=50)] = 50
    presets: tuple[SectionPreset, ...] = ()
    enabled_on: Places | None = None
    disabled_on: Places | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> SectionSchema:
        if self.enabled_on and self.disabled_on:
            raise ValueError("enabled_on and disabled_on exclude each other")
        if self.css_class and not self.tag:
            raise ValueError("class needs a tag to stand on")
        types = [block.type for block in self.blocks]
        if len(set(types)) < len(types):
            raise ValueError("two blocks have one type")
        for where, settings in [("", self.settings), *((f"{b.type}.", b.settings) for b in self.blocks)]:
            refuse_repeated(settings, where)
        return self


class SettingsData(_Part):
    """`config/settings_data.json`: named presets of the global settings."""

    current: Name
    presets: dict[Name, dict[str, Any]]

    @model_validator(mode="after")
    def _has_the_current_preset(self) -> SettingsData:
        if self.current not in self.presets:
            raise ValueError("current must name a preset")
        return self


def refuse_repeated(settings: tuple[Setting, ...], where: str = "") -> None:
    """Raise `ValueError` where two settings of one list have one id."""
    ids = [item.id for item in settings if not isinstance(item, Header | Paragraph)]
    for repeated in sorted({i for i in ids if ids.count(i) > 1}):
        raise ValueError(f"{where}{repeated}: is declared twice")
