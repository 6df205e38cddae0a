"""
Theme packages: a folder of templates, sections and assets, read once and checked, then held as one frozen `Theme`.

The layout of the folder is the one that `docs/themes.md` gives to designers: `theme.json`, `config/`, `layout/`,
`templates/*.json` (lists of sections), `sections/*.html` with their `*.schema.json`, `snippets/`, `assets/`, `locales/`. What a
package inherits from the theme that it extends is in it already: nobody else needs to know of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from provisioning.errors import FieldError, InvalidInput, NotFound
from provisioning.themes.declarations import (
    Font,
    Manifest,
    PageTemplate,
    SectionSchema,
    SettingsData,
    refuse_repeated,
)
from provisioning.themes.inheritance import (
    SCHEMA_FILE,
    Ancestor,
    FindFiles,
    FindFolder,
    Inherited,
    inherit,
    inherit_files,
)
from provisioning.themes.placing import Page, place
from provisioning.themes.setting_types import (
    SETTING_GROUPS,
    ColorSchemeGroupSetting,
    Schemes,
    Setting,
    SettingGroup,
    SettingValue,
)
from provisioning.themes.settings import (
    SYSTEM_FONTS,
    check_conditions,
    ids_of,
    resolve_theme,
    schemes_of,
)

THEMES = Path(__file__).resolve().parents[3] / "themes"
REQUIRED_TEMPLATES = (
    "index",
    "collection",
    "product",
    "list-collections",
    "page",
    "page.contact",
    "policy",
    "search",
    "cart",
    "404",
    "password",
    "maintenance",
)
#: The version of what templates are given: filters, functions, views. Fields are added in minor versions.
ENGINE = "1.0"
MAX_GLOBAL_SETTINGS = 160

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DATA_FILE = "config/settings_data.json"

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """A package with all that it inherits, read and checked. Two are the same theme if their `digest` is."""

    manifest: Manifest
    #: The themes that it extends, the nearest first, each pinned by its content.
    ancestors: tuple[Ancestor, ...]
    settings_schema: tuple[SettingGroup, ...]
    #: The values of the preset that the package names as current, whole.
    settings: Mapping[str, SettingValue]
    #: Every preset, whole; `settings` is the current one.
    presets: Mapping[str, Mapping[str, SettingValue]]
    #: Font id to its CSS value.
    fonts: Mapping[str, str]
    #: Font id to the assets that a page asks for at once while it is chosen.
    preloads: Mapping[str, tuple[str, ...]]
    templates: Mapping[str, Page]
    #: `header` and `footer`: sections on every page.
    groups: Mapping[str, Page]
    sections: Mapping[str, SectionSchema]
    #: Template text by its name in the package, as `snippets/card.html`.
    sources: Mapping[str, str]
    #: Templates of an ancestor that a nearer package has too, by `<slug>:<name>`; `parent:` leads to them.
    shadowed: Mapping[str, str]
    #: The slug of the package that a template is from, by its name.
    origins: Mapping[str, str]
    assets: Mapping[str, bytes]
    #: What shoppers read, by locale; `editor_texts` is what merchants read beside the settings.
    locales: Mapping[str, Mapping[str, Any]]
    editor_texts: Mapping[str, Mapping[str, Any]]
    digest: str
    #: Not ours: its templates run in a process of their own.
    imported: bool = False

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

    Raises `NotFound` for a slug that we do not have or that is hidden, `InvalidInput` for a package that breaks the rules.
    """
    folder = find_installed(slug)
    if folder is None or _is_hidden(folder):
        raise NotFound("there is no such theme", code="UNKNOWN_THEME")
    return read_package(folder)


def list_themes() -> list[str]:
    """The slugs of our themes that a merchant may choose."""
    return sorted(path.parent.name for path in THEMES.glob("*/theme.json") if not _is_hidden(path.parent))


def find_installed(slug: str) -> Path | None:
    """The folder of one of our themes, hidden ones included."""
    folder = THEMES / slug
    if len(slug) > 40 or not _SLUG.fullmatch(slug) or not (folder / "theme.json").is_file():
        return None
    return folder


def _is_hidden(folder: Path) -> bool:
    try:
        return json.loads((folder / "theme.json").read_bytes()).get("hidden") is True
    except (ValueError, AttributeError):
        return False  # broken, which is told when it is loaded


def read_package(folder: Path, find: FindFolder = find_installed, *, imported: bool = False) -> Theme:
    """
    Read and check a package with all that it inherits; `find` finds the folder of a theme that it extends.

    `imported` is for one that is not ours: its templates are rendered in a process of their own.

    Raises `InvalidInput` with one error for each thing wrong, its `field` the file.
    """
    problems: list[FieldError] = []
    return _assemble(inherit(folder, find, problems), problems, imported=imported)


def read_package_files(
    files: Mapping[str, bytes], name: str, find: FindFiles, *, imported: bool = False
) -> Theme:
    """As `read_package`, of files in memory by their paths; `name` is for a package without a slug."""
    problems: list[FieldError] = []
    return _assemble(inherit_files(files, name, find, problems), problems, imported=imported)


def _assemble(package: Inherited, problems: list[FieldError], *, imported: bool) -> Theme:
    parts = _Parts(package.files, problems)
    manifest = parts.model("theme.json", Manifest)
    groups = parts.setting_groups()
    data = parts.model(_DATA_FILE, SettingsData)
    sections = parts.models("sections/", ".schema.json", SectionSchema)
    templates = parts.models("templates/", ".json", PageTemplate)
    page_groups = parts.models("sections/", "-group.json", PageTemplate)
    locales, editor_texts = parts.texts()
    _refuse(problems)
    assert manifest and data

    fonts, preloads = _fonts(manifest, package.files)
    presets = _resolve_presets(groups, fonts, data, problems)
    _refuse(problems)
    settings = presets[data.current]
    schemes = schemes_of([item for group in groups for item in group.settings], settings)
    theme = Theme(
        manifest=manifest,
        ancestors=package.ancestors,
        settings_schema=groups,
        settings=settings,
        presets=presets,
        fonts=fonts,
        preloads=preloads,
        templates=parts.place("templates/{}.json", templates, sections, schemes),
        groups=parts.place("sections/{}-group.json", page_groups, sections, schemes),
        sections=MappingProxyType(sections),
        sources=_texts(package.files),
        shadowed=_texts(package.shadowed),
        origins=MappingProxyType({n: slug for n, slug in package.origins.items() if n.endswith(".html")}),
        assets=MappingProxyType(
            {n.removeprefix("assets/"): body for n, body in package.files.items() if n.startswith("assets/")}
        ),
        locales=MappingProxyType(locales),
        editor_texts=MappingProxyType(editor_texts),
        digest=package.digest,
        imported=imported,
    )
    _refuse(problems)
    problems += _check_whole(theme)
    _refuse(problems)
    return theme


def _texts(files: Mapping[str, bytes]) -> Mapping[str, str]:
    return MappingProxyType({n: body.decode() for n, body in files.items() if n.endswith(".html")})


def _fonts(
    manifest: Manifest, files: Mapping[str, bytes]
) -> tuple[Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    fonts = {font.id: _css_value(font) for font in manifest.fonts}
    preloads = {
        font.id: tuple(name for name in font.preload if f"assets/{name}" in files) for font in manifest.fonts
    }
    return MappingProxyType(fonts | dict(SYSTEM_FONTS)), MappingProxyType(preloads)


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
    yield from _check_manifest(theme)
    yield from _check_visibility(theme)


def _check_visibility(theme: Theme) -> Iterator[FieldError]:
    """`visible_if` may look at what the editor shows at the same place: global settings, the section's, the block's."""
    everywhere = [item for group in theme.settings_schema for item in group.settings]
    scopes = {"settings": ids_of(everywhere)}
    checks: list[tuple[str, tuple[Setting, ...] | list[Setting], dict[str, frozenset[str]]]] = [
        (SCHEMA_FILE, everywhere, scopes)
    ]
    for name, schema in theme.sections.items():
        file = f"sections/{name}.schema.json"
        inside = scopes | {"section": ids_of(schema.settings)}
        checks.append((file, schema.settings, inside))
        checks += [(file, b.settings, inside | {"block": ids_of(b.settings)}) for b in schema.blocks]
    for file, settings, declared in checks:
        try:
            check_conditions(settings, declared)
        except ValueError as error:
            yield FieldError(file, "WRONG_CONDITION", str(error))


def _check_manifest(theme: Theme) -> Iterator[FieldError]:
    manifest = theme.manifest
    if not includes_version(manifest.engine, ENGINE):
        message = f"engine: themes are rendered by version {ENGINE}, which {manifest.engine} leaves out"
        yield FieldError("theme.json", "WRONG_ENGINE", message)
    for locale in sorted(set(manifest.locales) - theme.locales.keys()):
        yield FieldError(f"locales/{locale}.json", "MISSING", "is missing, and theme.json lists the locale")
    for font in manifest.fonts:
        for name in font.preload:
            if name not in theme.assets:
                yield FieldError(
                    f"assets/{name}", "MISSING", f"is missing, and the font {font.id} preloads it"
                )


def includes_version(wanted: str, version: str) -> bool:
    """Whether a range as `>=1.0 <2` includes the version."""
    have = _number(version)
    for part in wanted.split():
        match = re.fullmatch(r"(>=|<=|<|>|==?)([\d.]+)", part)
        if match is None:
            return False
        want = _number(match[2])
        holds = {
            ">=": have >= want, "<=": have <= want, "<": have < want, ">": have > want,
        }.get(match[1], have == want)  # fmt: skip
        if not holds:
            return False
    return True


def _number(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor or 0)


def _resolve_presets(
    groups: tuple[SettingGroup, ...], fonts: Mapping[str, str], data: SettingsData, problems: list[FieldError]
) -> Mapping[str, Mapping[str, SettingValue]]:
    resolved: dict[str, Mapping[str, SettingValue]] = {}
    for name, values in data.presets.items():
        try:
            resolved[name] = MappingProxyType(resolve_theme(groups, fonts, values))
        except ValueError as error:
            problems.append(FieldError(_DATA_FILE, "WRONG_PRESET", f"{name}: {error}"))
    return MappingProxyType(resolved)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The package's files, and the list that what is wrong with them goes to."""

    files: Mapping[str, bytes]
    problems: list[FieldError]

    def names(self, prefix: str, suffix: str) -> list[str]:
        return sorted(n for n in self.files if n.startswith(prefix) and n.endswith(suffix))

    def json(self, name: str) -> Any:
        if name not in self.files:
            self.problems.append(FieldError(name, "MISSING", "is missing"))
            return None
        try:
            return json.loads(self.files[name])
        except (ValueError, RecursionError) as error:
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

    def texts(self) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
        """What shoppers read, and what merchants read, each by locale."""
        shoppers: dict[str, Mapping[str, Any]] = {}
        merchants: dict[str, Mapping[str, Any]] = {}
        for name in self.names("locales/", ".json"):
            stem = name.removeprefix("locales/").removesuffix(".json")
            found = merchants if stem.endswith(".schema") else shoppers
            found[stem.removesuffix(".schema").removesuffix(".default")] = self.object(name)
        return shoppers, merchants

    def place(
        self,
        file: str,
        pages: Mapping[str, PageTemplate],
        sections: Mapping[str, SectionSchema],
        schemes: Schemes,
    ) -> Mapping[str, Page]:
        is_group = file.startswith("sections/")
        placed: dict[str, Page] = {}
        for name, page in pages.items():
            try:
                where = ("", name) if is_group else (name, "")
                placed[name] = place(page, sections, schemes, template=where[0], group=where[1])
            except ValueError as error:
                self.problems.append(FieldError(file.format(name), "WRONG_SECTION", str(error)))
        return MappingProxyType(placed)

    def setting_groups(self) -> tuple[SettingGroup, ...]:
        value = self.json(SCHEMA_FILE)
        if value is None:
            return ()
        try:
            groups = SETTING_GROUPS.validate_python(value)
        except ValidationError as error:
            self._explain(SCHEMA_FILE, error)
            return ()
        settings = tuple(item for group in groups for item in group.settings)
        try:
            refuse_repeated(settings)
        except ValueError as error:
            self.problems.append(FieldError(SCHEMA_FILE, "REPEATED_ID", str(error)))
        if len(settings) > MAX_GLOBAL_SETTINGS:
            message = f"must declare at most {MAX_GLOBAL_SETTINGS} settings"
            self.problems.append(FieldError(SCHEMA_FILE, "TOO_MANY", message))
        if sum(isinstance(item, ColorSchemeGroupSetting) for item in settings) > 1:
            message = "a theme has one color_scheme_group"
            self.problems.append(FieldError(SCHEMA_FILE, "TOO_MANY", message))
        return groups

    def _explain(self, name: str, error: ValidationError) -> None:
        for item in error.errors(include_url=False, include_input=False):
            where = ".".join(str(part) for part in item["loc"])
            self.problems.append(FieldError(name, "WRONG_VALUE", f"{where}: {item['msg']}"))


def _css_value(font: Font) -> str:
    families = [font.family, font.stand_in] if font.stand_in else [font.family]
    return ", ".join([*(f'"{family}"' for family in families), SYSTEM_FONTS[font.fallback]])


def _refuse(problems: list[FieldError]) -> None:
    if problems:
        raise InvalidInput(tuple(dict.fromkeys(problems)))
