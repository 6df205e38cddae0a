"""From a template's list of sections to sections in their places, with a checked value for each of their settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from provisioning.themes.declarations import BlockUse, PageTemplate, Places, SectionSchema, SectionUse
from provisioning.themes.setting_types import Schemes, Setting, SettingValue
from provisioning.themes.settings import check_schemes, resolve


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
    #: The tags around it, where its schema asks for an element.
    opening: str = ""
    closing: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A template with everything resolved: the sections of a page, in order."""

    layout: str
    sections: tuple[Section, ...]


def place(
    page: PageTemplate,
    sections: Mapping[str, SectionSchema],
    schemes: Schemes,
    *,
    template: str = "",
    group: str = "",
    packaged: bool = True,
) -> Page:
    """
    Resolve the settings of everything on `page`, the template or the group of that name.

    `schemes` are the theme's colour schemes; `packaged` is true for values that are the package's own.
    Raises `ValueError` naming what the theme has not, does not take, or does not allow here.
    """
    _check_limits(page, sections)
    placed: list[Section] = []
    for name in page.order:
        section = _place_section(name, page.sections[name], sections, _Rules(schemes, packaged))
        if not may_stand(sections[section.type], template, group):
            raise ValueError(f"{name}: the section {section.type} may not stand here")
        placed.append(section)
    return Page(page.layout, tuple(placed))


@dataclass(frozen=True, slots=True)
class _Rules:
    """How values are read here."""

    schemes: Schemes
    packaged: bool

    def resolve(
        self, where: str, settings: tuple[Setting, ...], given: Mapping[str, object]
    ) -> Mapping[str, SettingValue]:
        try:
            values = resolve(settings, given, packaged=self.packaged)
            check_schemes(settings, values, self.schemes)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
        return MappingProxyType(values)


def _check_limits(page: PageTemplate, sections: Mapping[str, SectionSchema]) -> None:
    for kind, count in Counter(page.sections[name].type for name in page.order).items():
        limit = sections[kind].limit if kind in sections else None
        if limit and count > limit:
            raise ValueError(f"the section {kind} stands here {count} times, at most {limit} are allowed")


def may_stand(schema: SectionSchema, template: str, group: str) -> bool:
    """Whether the section may be placed on that template, or in that group where one is named."""
    if schema.enabled_on:
        return _names(schema.enabled_on, template, group)
    return not (schema.disabled_on and _names(schema.disabled_on, template, group))


def _names(places: Places, template: str, group: str) -> bool:
    return group in places.groups if group else template in places.templates


def _place_section(
    section_id: str, use: SectionUse, sections: Mapping[str, SectionSchema], rules: _Rules
) -> Section:
    schema = sections.get(use.type)
    if schema is None:
        raise ValueError(f"{section_id}: there is no section {use.type}")
    if len(use.blocks) > schema.max_blocks:
        raise ValueError(f"{section_id}: has more than {schema.max_blocks} blocks")
    for block in schema.blocks:
        found = sum(1 for placed in use.blocks.values() if placed.type == block.type)
        if block.limit and found > block.limit:
            raise ValueError(f"{section_id}: has more than {block.limit} blocks {block.type}")
    placed = [
        (name, _place_block(section_id, name, use.blocks[name], schema, rules)) for name in use.block_order
    ]
    blocks = tuple(block for name, block in placed if not use.blocks[name].disabled)
    settings = rules.resolve(section_id, schema.settings, use.settings)
    return Section(section_id, use.type, settings, blocks, *_tags(section_id, schema))


def _tags(section_id: str, schema: SectionSchema) -> tuple[str, str]:
    if not schema.tag:
        return "", ""
    css_class = f' class="{schema.css_class}"' if schema.css_class else ""
    return f'<{schema.tag} id="section-{section_id}"{css_class}>', f"</{schema.tag}>"


def _place_block(
    section_id: str, block_id: str, use: BlockUse, schema: SectionSchema, rules: _Rules
) -> Block:
    where = f"{section_id}.{block_id}"
    declared = next((block for block in schema.blocks if block.type == use.type), None)
    if declared is None:
        raise ValueError(f"{where}: the section has no block {use.type}")
    return Block(block_id, use.type, rules.resolve(where, declared.settings, use.settings))
