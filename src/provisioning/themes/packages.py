"""
Theme packages: a folder of templates, sections and assets, read once and checked, then held as one frozen `Theme`.

The layout of the folder is the one that `docs/themes.md` gives to designers: `theme.json`, `config/`, `layout/`,
`templates/*.json` (lists of sections), `sections/*.html` with their `*.schema.json`, `snippets/`, `assets/`, `locales/`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from provisioning.errors import FieldError, InvalidInput, NotFound
from provisioning.themes.settings import (
    SETTING_GROUPS,
    SYSTEM_FONTS,
    Setting,
    SettingGroup,
    SettingValue,
    resolve,
    resolve_theme,
)

THEMES = Path(__file__).resolve().parents[3] / "themes"
REQUIRED_TEMPLATES = ("index", "collection", "product", "list-collections", "cart", "404", "password")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FILE_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_SUFFIXES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "config": frozenset({".json"}),
        "layout": frozenset({".html"}),
        "templates": frozenset({".json"}),
        "sections": frozenset({".html", ".json"}),
        "snippets": frozenset({".html"}),
        "assets": frozenset({".css", ".js", ".svg", ".ico", ".woff2", ".webp", ".avif", ".png", ".jpg"}),
        "locales": frozenset({".json"}),
    }
)
_MAX_CODE_BYTES = 256 * 1024
_MAX_ASSET_BYTES = 2 * 1024 * 1024

M = TypeVar("M", bound=BaseModel)
Id = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,50}$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Author(_Part):
    """Who made the theme."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    url: Annotated[str, Field(pattern=r"^https://")] | None = None


class Font(_Part):
    """A family that the theme brings along as an asset; its `id` is what a font setting holds."""

    id: Name
    family: Annotated[str, Field(pattern=r"^[A-Za-z0-9 ]{1,60}$")]
    fallback: Literal["system-sans", "system-serif", "system-mono"]
    license: str


class Manifest(_Part):
    """`theme.json`."""

    format: Literal[1]
    slug: Name
    name: Annotated[str, Field(min_length=1, max_length=60)]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    description: Annotated[str, Field(min_length=1, max_length=280)]
    author: Author
    license: str
    tags: Annotated[tuple[Name, ...], Field(max_length=8)] = ()
    default_locale: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
    fonts: tuple[Font, ...] = ()


class BlockUse(_Part):
    """A block as a template places it in a section."""

    type: Name
    settings: dict[str, Any] = Field(default_factory=dict)


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
    name: str
    settings: Annotated[tuple[Setting, ...], Field(max_length=40)] = ()


class SectionSchema(_Part):
    """`sections/*.schema.json`."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    settings: Annotated[tuple[Setting, ...], Field(max_length=40)] = ()
    blocks: tuple[BlockSchema, ...] = ()
    max_blocks: Annotated[int, Field(ge=1, le=50)] = 50


class SettingsData(_Part):
    """`config/settings_data.json`: named presets of the global settings."""

    current: Name
    presets: dict[Name, dict[str, Any]]

    @model_validator(mode="after")
    def _has_the_current_preset(self) -> SettingsData:
        if self.current not in self.presets:
            raise ValueError("current must name a preset")
        return self


@dataclass(frozen=True, slots=True)
class Block:
    """A block in its place, with a value for each of its settings."""

    id: str
    type: str
    settings: Mapping[str, SettingValue]


@dataclass(frozen=True, slots=True)
class Section:
    """A section in its place, with a value for each of its settings."""

    id: str
    type: str
    settings: Mapping[str, SettingValue]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A template with everything resolved: the sections of a page, in order."""

    layout: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """A package, read and checked. Two are the same theme if their `digest` is."""

    manifest: Manifest
    settings_schema: tuple[SettingGroup, ...]
    #: The values of the preset that the package names as current, whole.
    settings: Mapping[str, SettingValue]
    #: Font id to its CSS value.
    fonts: Mapping[str, str]
    templates: Mapping[str, Page]
    #: `header` and `footer`: sections on every page.
    groups: Mapping[str, Page]
    sections: Mapping[str, SectionSchema]
    #: Template text by its name in the package, as `snippets/card.html`.
    sources: Mapping[str, str]
    assets: Mapping[str, bytes]
    locales: Mapping[str, Mapping[str, Any]]
    digest: str

    @property
    def slug(self) -> str:
        return self.manifest.slug

    @property
    def version(self) -> str:
        return self.manifest.version


@lru_cache(maxsize=32)
def load_theme(slug: str) -> Theme:
    """
    The theme of that slug among ours; read once per process.

    Raises `NotFound` for a slug that we do not have, `InvalidInput` for a package that breaks the rules.
    """
    folder = THEMES / slug
    if len(slug) > 40 or not _SLUG.fullmatch(slug) or not (folder / "theme.json").is_file():
        raise NotFound("there is no such theme", code="UNKNOWN_THEME")
    return read_package(folder)


def list_themes() -> list[str]:
    """The slugs of our themes that a merchant may choose."""
    return sorted(
        path.parent.name for path in THEMES.glob("*/theme.json") if path.parent.name != "upfront-base"
    )


def read_package(folder: Path) -> Theme:
    """Read and check a package; raises `InvalidInput` with one error for each thing wrong, its `field` the file."""
    problems: list[FieldError] = []
    files = _read_files(folder, problems)
    parts = _Parts(files, problems)
    manifest = parts.model("theme.json", Manifest)
    groups = parts.setting_groups()
    data = parts.model("config/settings_data.json", SettingsData)
    sections = parts.models("sections/", ".schema.json", SectionSchema)
    templates = parts.models("templates/", ".json", PageTemplate)
    page_groups = parts.models("sections/", "-group.json", PageTemplate)
    locales = {
        _stem(name).removesuffix(".default"): parts.object(name) for name in parts.names("locales/", ".json")
    }
    _refuse(problems)
    assert manifest and data

    fonts = {font.id: f'"{font.family}", {SYSTEM_FONTS[font.fallback]}' for font in manifest.fonts}
    fonts |= SYSTEM_FONTS
    theme = Theme(
        manifest=manifest,
        settings_schema=groups,
        settings=_resolve_preset(groups, fonts, data, problems),
        fonts=MappingProxyType(fonts),
        templates=parts.place("templates/{}.json", templates, sections),
        groups=parts.place("sections/{}-group.json", page_groups, sections),
        sections=MappingProxyType(sections),
        sources=MappingProxyType({n: body.decode() for n, body in files.items() if n.endswith(".html")}),
        assets=MappingProxyType(
            {n.removeprefix("assets/"): body for n, body in files.items() if n.startswith("assets/")}
        ),
        locales=MappingProxyType(locales),
        digest=_digest(files),
    )
    _refuse(problems)
    problems += _check_whole(theme)
    _refuse(problems)
    return theme


def place(page: PageTemplate, sections: Mapping[str, SectionSchema]) -> Page:
    """Resolve the settings of everything on `page`; raises `ValueError` naming what the theme has not or does not take."""
    return Page(
        page.layout, tuple(_place_section(name, page.sections[name], sections) for name in page.order)
    )


def _place_section(section_id: str, use: SectionUse, sections: Mapping[str, SectionSchema]) -> Section:
    schema = sections.get(use.type)
    if schema is None:
        raise ValueError(f"{section_id}: there is no section {use.type}")
    if len(use.blocks) > schema.max_blocks:
        raise ValueError(f"{section_id}: has more than {schema.max_blocks} blocks")
    blocks = tuple(_place_block(section_id, name, use.blocks[name], schema) for name in use.block_order)
    return Section(section_id, use.type, _resolve(section_id, schema.settings, use.settings), blocks)


def _place_block(section_id: str, block_id: str, use: BlockUse, schema: SectionSchema) -> Block:
    declared = next((block for block in schema.blocks if block.type == use.type), None)
    if declared is None:
        raise ValueError(f"{section_id}.{block_id}: the section has no block {use.type}")
    return Block(block_id, use.type, _resolve(f"{section_id}.{block_id}", declared.settings, use.settings))


def _resolve(
    where: str, settings: tuple[Setting, ...], given: Mapping[str, object]
) -> Mapping[str, SettingValue]:
    try:
        return MappingProxyType(resolve(settings, given))
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _check_whole(theme: Theme) -> Iterator[FieldError]:
    for name in REQUIRED_TEMPLATES:
        if name not in theme.templates:
            yield FieldError(f"templates/{name}.json", "MISSING", "is missing")
    for name in ("header", "footer"):
        if name not in theme.groups:
            yield FieldError(f"sections/{name}-group.json", "MISSING", "is missing")
    for name in theme.sections:
        if f"sections/{name}.html" not in theme.sources:
            yield FieldError(f"sections/{name}.html", "MISSING", "is missing beside its schema")
    for name in theme.sources:
        kind = name.removeprefix("sections/").removesuffix(".html")
        if name.startswith("sections/") and kind not in theme.sections:
            yield FieldError(f"sections/{kind}.schema.json", "MISSING", "is missing beside its section")
    pages = [(f"templates/{name}.json", page) for name, page in theme.templates.items()]
    pages += [(f"sections/{name}-group.json", page) for name, page in theme.groups.items()]
    for file, page in pages:
        if f"layout/{page.layout}.html" not in theme.sources:
            yield FieldError(file, "UNKNOWN_LAYOUT", f"there is no layout {page.layout}")
    if theme.manifest.default_locale not in theme.locales:
        yield FieldError("locales", "MISSING", "the default locale's file is missing")


def _resolve_preset(
    groups: tuple[SettingGroup, ...], fonts: Mapping[str, str], data: SettingsData, problems: list[FieldError]
) -> Mapping[str, SettingValue]:
    resolved: dict[str, dict[str, SettingValue]] = {}
    for name, values in data.presets.items():
        try:
            resolved[name] = resolve_theme(groups, fonts, values)
        except ValueError as error:
            problems.append(FieldError("config/settings_data.json", "WRONG_PRESET", f"{name}: {error}"))
    return MappingProxyType(resolved.get(data.current, {}))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The package's files, and the list that what is wrong with them goes to."""

    files: Mapping[str, bytes]
    problems: list[FieldError]

    def names(self, prefix: str, suffix: str) -> list[str]:
        return [n for n in self.files if n.startswith(prefix) and n.endswith(suffix)]

    def json(self, name: str) -> Any:
        if name not in self.files:
            self.problems.append(FieldError(name, "MISSING", "is missing"))
            return None
        try:
            return json.loads(self.files[name])
        except ValueError as error:
            self.problems.append(FieldError(name, "NOT_JSON", f"is not JSON: {error}"))
            return None

    def object(self, name: str) -> Mapping[str, Any]:
        value = self.json(name)
        if isinstance(value, dict):
            return MappingProxyType(TypeAdapter(dict[str, Any]).validate_python(value))
        if value is not None:
            self.problems.append(FieldError(name, "NOT_AN_OBJECT", "must be an object"))
        return {}

    def model(self, name: str, model: type[M]) -> M | None:
        value = self.json(name)
        if value is None:
            return None
        try:
            return model.model_validate(value)
        except ValidationError as error:
            self._explain(name, error)
            return None

    def models(self, prefix: str, suffix: str, model: type[M]) -> dict[str, M]:
        found: dict[str, M] = {}
        for name in self.names(prefix, suffix):
            part = self.model(name, model)
            if part is not None:
                found[name.removeprefix(prefix).removesuffix(suffix)] = part
        return found

    def place(
        self, file: str, pages: Mapping[str, PageTemplate], sections: Mapping[str, SectionSchema]
    ) -> Mapping[str, Page]:
        placed: dict[str, Page] = {}
        for name, page in pages.items():
            try:
                placed[name] = place(page, sections)
            except ValueError as error:
                self.problems.append(FieldError(file.format(name), "WRONG_SECTION", str(error)))
        return MappingProxyType(placed)

    def setting_groups(self) -> tuple[SettingGroup, ...]:
        name = "config/settings_schema.json"
        value = self.json(name)
        if value is None:
            return ()
        try:
            groups = SETTING_GROUPS.validate_python(value)
        except ValidationError as error:
            self._explain(name, error)
            return ()
        ids = [item.id for group in groups for item in group.settings if item.type != "header"]
        for repeated in sorted({i for i in ids if ids.count(i) > 1}):
            self.problems.append(FieldError(name, "REPEATED_ID", f"{repeated}: is declared twice"))
        return groups

    def _explain(self, name: str, error: ValidationError) -> None:
        for item in error.errors(include_url=False, include_input=False):
            where = ".".join(str(part) for part in item["loc"])
            self.problems.append(FieldError(name, "WRONG_VALUE", f"{where}: {item['msg']}"))


def _read_files(folder: Path, problems: list[FieldError]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            problems.append(FieldError(name, "SYMLINK", "is a symbolic link"))
        elif path.is_file() and not _is_beside_the_package(name):
            problem = _check_file(name, path)
            if problem:
                problems.append(problem)
            else:
                files[name] = path.read_bytes()
    return files


def _is_beside_the_package(name: str) -> bool:
    """Texts for people, and pictures of the theme itself, play no part in rendering."""
    return name.startswith("preview/") or ("/" not in name and name != "theme.json")


def _check_file(name: str, path: Path) -> FieldError | None:
    top, _, rest = name.rpartition("/")
    if name == "theme.json":
        return None
    if top not in _SUFFIXES or path.suffix not in _SUFFIXES[top]:
        return FieldError(name, "UNKNOWN_FILE", "has no place in a package")
    if not _FILE_NAME.fullmatch(rest) and not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?(\.default)?\.json", rest):
        return FieldError(
            name, "WRONG_NAME", "must be of lower-case letters, digits, dots, hyphens and underscores"
        )
    limit = _MAX_ASSET_BYTES if top == "assets" else _MAX_CODE_BYTES
    if path.stat().st_size > limit:
        return FieldError(name, "TOO_LARGE", f"must be at most {limit} bytes")
    return None


def _refuse(problems: list[FieldError]) -> None:
    if problems:
        raise InvalidInput(tuple(problems))


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".json")


def _digest(files: Mapping[str, bytes]) -> str:
    """20 hexadecimal digits over names and contents."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()[:20]
