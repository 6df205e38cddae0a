"""What is checked: a package's own files, what they come to with what they inherit, and where in a file a thing stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from provisioning.errors import FieldError
from provisioning.themes.checking.findings import Finding, find
from provisioning.themes.checking.positions import Json, Path, Place, Places, read_json
from provisioning.themes.files import check_content, is_beside
from provisioning.themes.inheritance import Inherited, inherit_files

#: The files of each theme that may be extended, by its slug.
Parents = Mapping[str, Mapping[str, bytes]]


@dataclass(frozen=True, eq=False)
class Subject:
    """A package under the checker's eyes."""

    #: Its own files, those left out whose place, name, size or content is wrong.
    own: Mapping[str, bytes]
    #: Pictures of the theme and texts for people.
    beside: Mapping[str, bytes]
    whole: Inherited
    #: What is wrong with how it inherits.
    inheritance: tuple[FieldError, ...]
    imported: bool = False
    _places: dict[str, Places] = field(default_factory=dict[str, Places])

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
    problems: list[FieldError] = []
    whole = inherit_files(own, "theme", lambda slug, _: parents.get(slug), problems)
    beside = {name: body for name, body in sound.items() if is_beside(name)}
    return Subject(own, beside, whole, tuple(problems), imported)
