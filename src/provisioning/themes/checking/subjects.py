"""What is checked: a package's own files, what they come to with what they inherit, and where in a file a thing stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from jinja2 import TemplateSyntaxError, nodes
from pydantic import BaseModel, ValidationError

from provisioning.errors import FieldError
from provisioning.themes.checking.findings import Finding, find
from provisioning.themes.checking.forms import Texts, read_texts
from provisioning.themes.checking.positions import (
    Json,
    Path,
    Place,
    Places,
    as_list,
    as_object,
    read_json,
)
from provisioning.themes.declarations import Manifest, PageTemplate, SectionSchema, SettingsData
from provisioning.themes.files import check_content, is_beside
from provisioning.themes.inheritance import SCHEMA_FILE, Inherited, inherit_files
from provisioning.themes.setting_types import SETTING_GROUPS, ColorSchemeGroupSetting, SettingGroup
from provisioning.themes.settings import ids_of
from provisioning.themes.syntax import parse

M = TypeVar("M", bound=BaseModel)

#: What a package is called that has no slug.
NAMELESS = "theme"
#: The files of each theme that may be extended, by its slug.
Parents = Mapping[str, Mapping[str, bytes]]


#: What is inherited comes from the few themes that are installed, and is the same for whoever inherits it.
_parse_inherited = lru_cache(maxsize=256)(parse)


@dataclass(frozen=True, eq=False)
class Subject:
    """A package under the checker's eyes."""

    #: Its own files, those left out whose place, name, size or content is wrong.
    own: Mapping[str, bytes]
    #: Pictures of the theme and texts for people.
    beside: Mapping[str, bytes]
    whole: Inherited
    #: What the theme that it extends comes to; empty where it extends none.
    parent: Mapping[str, bytes]
    #: What is wrong with how it inherits.
    inheritance: tuple[FieldError, ...]
    imported: bool = False
    _places: dict[str, Places] = field(default_factory=dict[str, Places])
    _trees: dict[str, nodes.Template | None] = field(default_factory=dict[str, nodes.Template | None])

    @cached_property
    def json(self) -> Mapping[str, Json]:
        """Its own JSON files as they are written."""
        return {name: read_json(body) for name, body in self.own.items() if name.endswith(".json")}

    @cached_property
    def merged(self) -> Mapping[str, Any]:
        """Every JSON file of the whole, as it comes out of inheritance; those that cannot be read are none."""
        return {
            name: self.json[name].value
            if self.whole.files.get(name) is self.own.get(name)
            else read_json(body).value
            for name, body in self.whole.files.items()
            if name.endswith(".json")
        }

    @cached_property
    def templates(self) -> Mapping[str, str]:
        """Its own templates."""
        return {name: body.decode() for name, body in self.own.items() if name.endswith(".html")}

    def tree(self, name: str) -> nodes.Template | None:
        """The syntax tree of one of the whole theme's templates, not to be changed; None where there is none, or it cannot be parsed."""
        if name not in self._trees:
            source = self.whole.files.get(name) or self.whole.shadowed.get(name)
            read = parse if name in self.own else _parse_inherited
            try:
                self._trees[name] = read(source.decode(), name) if source is not None else None
            except (TemplateSyntaxError, UnicodeDecodeError):
                self._trees[name] = None  # told where the template itself is checked
        return self._trees[name]

    @cached_property
    def manifest(self) -> Manifest | None:
        return _fit(Manifest, self.merged.get("theme.json"))

    @cached_property
    def data(self) -> SettingsData | None:
        return _fit(SettingsData, self.merged.get("config/settings_data.json"))

    @cached_property
    def setting_groups(self) -> tuple[SettingGroup, ...]:
        """The settings of the whole theme; none where the schema cannot be read."""
        try:
            return SETTING_GROUPS.validate_python(self.merged.get(SCHEMA_FILE))
        except ValidationError:
            return ()

    @cached_property
    def ids(self) -> frozenset[str]:
        return ids_of(item for group in self.setting_groups for item in group.settings)

    @cached_property
    def inherited_ids(self) -> frozenset[str]:
        """The ids of the theme's settings that the package does not declare itself, and only changes."""
        groups = as_list(read_json(self.parent.get(SCHEMA_FILE, b"[]")).value)
        items = [item for group in groups for item in as_list(as_object(group).get("settings"))]
        return frozenset(str(as_object(item).get("id")) for item in items)

    @cached_property
    def schemes(self) -> tuple[str, ...]:
        """The names of the theme's colour schemes."""
        everywhere = [item for group in self.setting_groups for item in group.settings]
        return tuple(
            n for item in everywhere if isinstance(item, ColorSchemeGroupSetting) for n in item.default
        )

    @cached_property
    def sections(self) -> Mapping[str, SectionSchema]:
        """The schemas that can be read, by the section's type."""
        found = {
            _between(name, "sections/", ".schema.json"): _fit(SectionSchema, value)
            for name, value in self.merged.items()
            if name.startswith("sections/") and name.endswith(".schema.json")
        }
        return {name: schema for name, schema in found.items() if schema is not None}

    @cached_property
    def pages(self) -> Mapping[str, PageTemplate | None]:
        """Every template and group by its file; none where it cannot be read."""
        return {
            name: _fit(PageTemplate, value)
            for name, value in self.merged.items()
            if name.startswith("templates/") or name.endswith("-group.json")
        }

    @cached_property
    def own_pages(self) -> Mapping[str, PageTemplate | None]:
        return {name: page for name, page in self.pages.items() if name in self.own}

    @cached_property
    def locales(self) -> Mapping[str, str]:
        """The files of what shoppers read, by locale."""
        return _locales(self.whole.files)

    @cached_property
    def own_locales(self) -> Mapping[str, str]:
        return {locale: file for locale, file in _locales(self.own).items() if not self.json[file].error}

    def texts_of(self, locale: str) -> Texts:
        """The texts of a locale, with those that are inherited."""
        return read_texts(self.merged.get(self.locales.get(locale, "")))

    @cached_property
    def texts(self) -> Texts:
        """The texts of the default locale."""
        return self.texts_of(self.manifest.default_locale if self.manifest else "en")

    def place(self, file: str, path: Path) -> Place:
        """Where a value of one of its own JSON files stands; the beginning, where the file cannot be read."""
        read = self.json.get(file)
        if read is None or read.error:
            return Place(1, 1)
        if file not in self._places:
            self._places[file] = Places(read.text)
        return self._places[file].of(path)

    def repeated(self, file: str) -> Iterator[tuple[Path, Place]]:
        """The keys of a JSON file that stand twice in one object, and where they do so again."""
        self.place(file, ())
        yield from self._places[file].repeated.items()

    def at(self, code: str, file: str, path: Path, message: str, *, fix: str = "") -> Finding:
        """A finding at a value of one of its own JSON files."""
        place = self.place(file, path)
        return find(code, file, message, line=place.line, column=place.column, fix=fix)


def make_subject(files: Mapping[str, bytes], parents: Parents, *, imported: bool) -> Subject:
    """The package of these files; what should not be among them plays no part in the rest."""
    sound = {name: body for name, body in sorted(files.items()) if check_content(name, body) is None}
    own = {name: body for name, body in sound.items() if not is_beside(name)}
    beside = {name: body for name, body in sound.items() if is_beside(name)}

    def find_files(slug: str, wrong: list[FieldError]) -> Mapping[str, bytes] | None:
        return parents.get(slug)

    problems: list[FieldError] = []
    whole = inherit_files(own, NAMELESS, find_files, problems)
    nearest = next((ancestor.slug for ancestor in whole.ancestors), "")
    above: Mapping[str, bytes] = (
        inherit_files(parents[nearest], nearest, find_files, []).files if nearest in parents else {}
    )
    return Subject(own, beside, whole, above, tuple(problems), imported)


def _fit(model: type[M], value: Any) -> M | None:
    try:
        return None if value is None else model.model_validate(value)
    except ValidationError:
        return None  # told by declarations.py or placements.py


def _between(name: str, prefix: str, suffix: str) -> str:
    return name.removeprefix(prefix).removesuffix(suffix)


def _locales(files: Mapping[str, bytes]) -> dict[str, str]:
    return {
        _between(name, "locales/", ".json").removesuffix(".default"): name
        for name in files
        if name.startswith("locales/") and not name.endswith(".schema.json")
    }
