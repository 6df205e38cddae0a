"""Packages for tests: installed themes of few files in a folder of their own, and changes to them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from provisioning.errors import InvalidInput
from provisioning.themes.packages import THEMES, Theme, read_package


class Shelf:
    """A folder of themes that can extend each other; `upfront-base` is there already."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(THEMES / "upfront-base", folder / "upfront-base")

    def add(self, slug: str, extends: str = "upfront-base", version: str = "1.0.0") -> Path:
        """A theme of nothing but `theme.json`."""
        folder = self.folder / slug
        folder.mkdir()
        manifest = json.loads((self.folder / "upfront-base/theme.json").read_text())
        manifest |= {"slug": slug, "name": slug, "extends": {"slug": extends, "version": version}}
        del manifest["hidden"]
        write(folder, "theme.json", manifest)
        return folder

    def find(self, slug: str) -> Path | None:
        folder = self.folder / slug
        return folder if (folder / "theme.json").is_file() else None

    def read(self, slug: str) -> Theme:
        return read_package(self.folder / slug, self.find)

    def problems(self, slug: str) -> set[tuple[str, str]]:
        """File and code of all that is wrong with a theme; empty where it can be read."""
        try:
            self.read(slug)
        except InvalidInput as error:
            return {(f.field, f.code) for f in error.fields}
        return set()


def write(package: Path, name: str, content: object) -> None:
    """A file of the package: text as it is, anything else as JSON."""
    file = package / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))


def change(package: Path, name: str, edit: Callable[[Any], Any]) -> None:
    """Edit a JSON file of the package in place."""
    data = json.loads((package / name).read_text())
    edit(data)
    write(package, name, data)


def write_imported(
    folder: Path, slug: str = "harbour", section: str = "<p>{{ section.settings.words }}</p>"
) -> Path:
    """A small theme of somebody else's that extends Upfront Base: another accent, and a section of its own on the home page."""
    package = folder / slug
    base = json.loads((THEMES / "upfront-base/theme.json").read_text())
    manifest = {name: value for name, value in base.items() if name != "hidden"}
    manifest |= {"slug": slug, "name": slug.title(), "description": "Warm paper and deep blue."}
    manifest |= {"version": "1.0.0", "extends": {"slug": "upfront-base", "version": base["version"]}}
    write(package, "theme.json", manifest)
    write(
        package,
        "sections/tide.html",
        f'<section class="section"><div class="container">{section}</div></section>',
    )
    words = {"type": "text", "id": "words", "label": "Words", "default": "High water at noon"}
    write(package, "sections/tide.schema.json", {"name": "Tide", "settings": [words]})
    home = json.loads((THEMES / "upfront-base/templates/index.json").read_text())
    home["sections"]["tide"] = {"type": "tide"}
    home["order"] = [*home["order"], "tide"]
    write(package, "templates/index.json", home)
    return package
