"""Rules of what is used: settings, texts, sections, snippets and assets that nothing asks for only weigh."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.themes.checking.findings import Finding, find
from provisioning.themes.checking.placements import sections_of
from provisioning.themes.checking.positions import Path, as_list, as_object
from provisioning.themes.checking.subjects import Subject
from provisioning.themes.checking.texts import check_unused
from provisioning.themes.checking.walking import Usage
from provisioning.themes.conditions import read_condition
from provisioning.themes.inheritance import SCHEMA_FILE

#: Assets that a store's own pages and files name, whatever the theme's templates say.
OF_THE_PLATFORM = frozenset(
    {
        "favicon.ico",
        "favicon.svg",
        "icon-192.png",
        "icon-512.png",
        "icon-maskable-512.png",
        "apple-touch-icon.png",
    }
)
_CSS_NAME = re.compile(r"var\(\s*--([a-z0-9-]+)")
_CSS_URL = re.compile(r"""url\(\s*["']?([a-z0-9._-]+)""")
_JS_NAME = re.compile(r"""["']\./([a-z0-9._-]+)["']""")
_KEY_MARK = "t:"


def check_usage(subject: Subject, usage: Usage) -> Iterator[Finding]:
    """What of this package nothing uses. A hidden theme is there for others to use: its sections and assets are theirs to choose."""
    library = subject.manifest is not None and subject.manifest.hidden
    yield from _unused_settings(subject, usage)
    yield from check_unused(subject, usage.texts | _texts_of_json(subject), usage.prefixes)
    yield from _unused_templates(subject, usage, library=library)
    if not library and not usage.any_asset:
        yield from _unused_assets(subject, usage)


def _unused_settings(subject: Subject, usage: Usage) -> Iterator[Finding]:
    used = usage.settings | _settings_of_styles(subject) | _settings_of_conditions(subject)
    for file, scope, path, item in _own_settings(subject):
        name = as_object(item).get("id")
        if isinstance(name, str) and (scope, name) not in used:
            yield subject.at(
                "JS15", file, path, f"{name}: no template and no stylesheet asks for this setting"
            )


def _own_settings(subject: Subject) -> Iterator[tuple[str, str, Path, Any]]:
    """Every setting that the package itself declares: file, scope, path, and what it says."""
    inherited = subject.inherited_ids
    own = subject.json.get(SCHEMA_FILE)
    for index, group in enumerate(as_list(own.value) if own and subject.setting_groups else ()):
        for number, item in enumerate(as_list(as_object(group).get("settings"))):
            if as_object(item).get("id") not in inherited:
                yield SCHEMA_FILE, "settings", (index, "settings", number), item
    for kind in subject.sections:
        file = f"sections/{kind}.schema.json"
        if file not in subject.own or f"sections/{kind}.html" not in subject.templates:
            continue
        value = as_object(subject.json[file].value)
        for number, item in enumerate(as_list(value.get("settings"))):
            yield file, f"section:{kind}", ("settings", number), item
        for index, block in enumerate(as_list(value.get("blocks"))):
            for number, item in enumerate(as_list(as_object(block).get("settings"))):
                path = ("blocks", index, "settings", number)
                yield file, f"block:{kind}/{as_object(block).get('type')}", path, item


def _settings_of_styles(subject: Subject) -> set[tuple[str, str]]:
    """By the names of the tokens that become of them."""
    names: set[str] = set()
    for name, body in subject.whole.files.items():
        if name.endswith(".css"):
            names.update(_CSS_NAME.findall(body.decode(errors="replace")))
    found = {("settings", name.replace("-", "_")) for name in names}
    if any(name.startswith("scheme-") for name in names):
        found |= {
            ("settings", item.id)
            for g in subject.setting_groups
            for item in g.settings
            if item.type == "color_scheme_group"
        }  # pyright: ignore[reportAttributeAccessIssue]
    return found


def _settings_of_conditions(subject: Subject) -> set[tuple[str, str]]:
    """Settings that only decide whether another one is shown are used by that."""
    found: set[tuple[str, str]] = set()

    def gather(settings: Any, scopes: Mapping[str, str]) -> None:
        for item in settings:
            condition = getattr(item, "visible_if", None)
            for scope, name in read_condition(condition).references if condition else ():
                found.add((scopes.get(scope, ""), name))

    everywhere = {"settings": "settings"}
    gather([item for group in subject.setting_groups for item in group.settings], everywhere)
    for kind, schema in subject.sections.items():
        inside = everywhere | {"section": f"section:{kind}"}
        gather(schema.settings, inside)
        for block in schema.blocks:
            gather(block.settings, inside | {"block": f"block:{kind}/{block.type}"})
    return found


def _texts_of_json(subject: Subject) -> set[str]:
    """The keys that values in templates and defaults in schemas name."""
    found: set[str] = set()
    waiting: list[Any] = [v for n, v in subject.merged.items() if not n.startswith("locales/")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            waiting += list(value.values()) if isinstance(value, dict) else value  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
        elif isinstance(value, str) and value.startswith(_KEY_MARK):
            found.add(value.removeprefix(_KEY_MARK))
    return found


def _unused_templates(subject: Subject, usage: Usage, *, library: bool) -> Iterator[Finding]:
    placed = sections_of(subject.pages)
    # Nobody knows what a template places that cannot be read.
    readable = all(page is not None for page in subject.pages.values())
    layouts = {page.layout for page in subject.pages.values() if page}
    for name in subject.templates:
        kind = name.partition("/")[2].removesuffix(".html")
        if name.startswith("snippets/") and name not in usage.templates:
            yield find("ST07", name, "no template includes this snippet")
        elif name.startswith("sections/") and kind not in placed and not library and readable:
            schema = subject.sections.get(kind)
            if schema is not None and not schema.presets:
                yield find(
                    "ST07", name, "no template places this section, and it has no presets to be added by"
                )
        elif name.startswith("layout/") and kind not in layouts and name not in usage.templates:
            yield find("ST07", name, "no template has this layout")


def _unused_assets(subject: Subject, usage: Usage) -> Iterator[Finding]:
    used = set(usage.assets) | OF_THE_PLATFORM
    for name, body in subject.whole.files.items():
        if name.endswith(".css"):
            used.update(_CSS_URL.findall(body.decode(errors="replace")))
        elif name.endswith(".js"):
            used.update(_JS_NAME.findall(body.decode(errors="replace")))
    if subject.manifest:
        used.update(name for font in subject.manifest.fonts for name in font.preload)
    for name in subject.own:
        if name.startswith("assets/") and name.removeprefix("assets/") not in used:
            yield find("ST14", name, "nothing names this asset")
