"""A sound theme in memory, and what becomes of it when something in it is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from provisioning.themes.checking.checker import check_theme
from provisioning.themes.checking.findings import Finding
from provisioning.themes.files import read_files
from provisioning.themes.packages import THEMES

#: A file's new content: text, bytes, or something to be written as JSON; none takes it away.
Change = str | bytes | dict[str, Any] | list[Any] | None


@lru_cache(maxsize=1)
def parents() -> Mapping[str, Mapping[str, bytes]]:
    return {"upfront-base": read_files(THEMES / "upfront-base", [])}


def base(name: str) -> str:
    """A file of Upfront Base."""
    return parents()["upfront-base"][name].decode()


def webp(width: int, height: int) -> bytes:
    """The beginning of a WebP picture of that size."""
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + sizes


MANIFEST: dict[str, Any] = {
    "format": 1,
    "slug": "harbour",
    "name": "Harbour",
    "version": "1.0.0",
    "engine": ">=1.0 <2",
    "extends": {"slug": "upfront-base", "version": "1.0.0"},
    "description": "Warm paper and deep blue.",
    "author": {"name": "Somebody"},
    "license": "Proprietary",
    "default_locale": "en",
    "locales": ["de", "en"],
    "thumbnail": "preview/thumbnail.webp",
    "preview": {"desktop": "preview/desktop.webp", "mobile": "preview/mobile.webp"},
}
SECTION = """{#- The shop's news. -#}
<section class="section" aria-labelledby="{{ section.id }}-heading">
<h2 id="{{ section.id }}-heading">{{ section.settings.heading }}</h2>
{% if section.settings.wide %}{% for block in section.blocks %}
<p>{{ block.settings.words }}</p>
{% endfor %}{% endif %}
</section>
"""
SCHEMA: dict[str, Any] = {
    "name": "News",
    "settings": [
        {"type": "text", "id": "heading", "label": "Heading", "default": "t:harbour.news"},
        {"type": "checkbox", "id": "wide", "label": "Wide", "default": True},
    ],
    "blocks": [
        {"type": "line", "name": "Line", "settings": [{"type": "text", "id": "words", "label": "Words"}]}
    ],
}
INDEX: dict[str, Any] = {
    "sections": {
        "opening": {"type": "hero"},
        "news": {
            "type": "news",
            "settings": {"heading": "Come by"},
            "blocks": {"one": {"type": "line", "settings": {"words": "Now"}}},
            "block_order": ["one"],
        },
    },
    "order": ["opening", "news"],
}
FILES: dict[str, Change] = {
    "theme.json": MANIFEST,
    "preview/thumbnail.webp": webp(800, 600),
    "preview/desktop.webp": webp(1440, 900),
    "preview/mobile.webp": webp(390, 844),
    "config/settings_schema.json": [
        {"name": "Colours", "settings": [{"id": "color_accent", "default": "#8a3b1f"}]}
    ],
    "config/settings_data.json": {"current": "quay", "presets": {"quay": {}}},
    "sections/news.html": SECTION,
    "sections/news.schema.json": SCHEMA,
    "templates/index.json": INDEX,
    "locales/en.default.json": {"harbour": {"news": "News"}},
    "locales/de.json": {"harbour": {"news": "Neues"}},
    "assets/theme.css": '@import "parent:theme.css";\n\n.card {\n  padding: 1rem;\n}\n',
}


def harbour(changes: Mapping[str, Change] | None = None) -> dict[str, bytes]:
    """The theme's files after these changes. JSON is written with a line for each value."""
    files: dict[str, Change] = FILES | dict(changes or {})
    return {name: _bytes(content) for name, content in files.items() if content is not None}


def _bytes(content: Change) -> bytes:
    if isinstance(content, bytes):
        return content
    return (
        content if isinstance(content, str) else json.dumps(content, indent=1, ensure_ascii=False)
    ).encode()


def check(changes: Mapping[str, Change] | None = None, *, imported: bool = False) -> tuple[Finding, ...]:
    return check_theme(harbour(changes), parents(), imported=imported)


def lay_out(folder: Path, changes: Mapping[str, Change] | None = None) -> Path:
    """The theme as a folder."""
    for name, body in harbour(changes).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    return folder
