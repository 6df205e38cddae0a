"""Rules of templates as lists of sections: what they place exists, may stand there, and takes the values that it is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from provisioning.themes.checking.declarations import check_page_shape, check_values, declared
from provisioning.themes.checking.findings import Finding
from provisioning.themes.checking.positions import Path
from provisioning.themes.checking.subjects import Subject
from provisioning.themes.declarations import PageTemplate, SectionSchema, SectionUse
from provisioning.themes.placing import may_stand


def check_placements(subject: Subject) -> Iterator[Finding]:
    """Every template and group of its own."""
    for file, page in subject.own_pages.items():
        if page is None:
            yield from check_page_shape(subject, file)
        else:
            yield from _check_page(subject, file, page)


def _check_page(subject: Subject, file: str, page: PageTemplate) -> Iterator[Finding]:
    if f"layout/{page.layout}.html" not in subject.whole.files:
        yield subject.at("JS22", file, ("layout",), f"there is no layout {page.layout}")
    for kind, count in Counter(page.sections[name].type for name in page.order).items():
        limit = subject.sections[kind].limit if kind in subject.sections else None
        if limit and count > limit:
            message = f"the section {kind} stands here {count} times, and may stand {limit} times"
            yield subject.at("JS12", file, ("order",), message)
    for name, use in page.sections.items():
        yield from _check_section(subject, file, name, use)


def _check_section(subject: Subject, file: str, name: str, use: SectionUse) -> Iterator[Finding]:
    path: Path = ("sections", name)
    schema = subject.sections.get(use.type)
    if schema is None:
        if f"sections/{use.type}.schema.json" not in subject.whole.files:
            yield subject.at("JS10", file, (*path, "type"), f"there is no section {use.type}")
        return
    template, group = _place_of(file)
    if not use.disabled and not may_stand(schema, template, group):
        yield subject.at("JS21", file, (*path, "type"), f"the section {use.type} may not stand here")
    yield from check_values(subject, file, (*path, "settings"), declared(schema.settings), use.settings)
    yield from _check_blocks(subject, file, path, use, schema)


def _check_blocks(
    subject: Subject, file: str, path: Path, use: SectionUse, schema: SectionSchema
) -> Iterator[Finding]:
    if len(use.blocks) > schema.max_blocks:
        message = f"the section {use.type} has {len(use.blocks)} blocks, and may have {schema.max_blocks}"
        yield subject.at("JS12", file, (*path, "blocks"), message)
    known = {block.type: block for block in schema.blocks}
    for kind, count in Counter(block.type for block in use.blocks.values()).items():
        limit = known[kind].limit if kind in known else None
        if limit and count > limit:
            message = f"there are {count} blocks {kind}, and may be {limit}"
            yield subject.at("JS12", file, (*path, "blocks"), message)
    for name, block in use.blocks.items():
        inner = (*path, "blocks", name)
        if block.type not in known:
            there = ", ".join(known) or "none"
            message = f"the section {use.type} has no block {block.type}; there are: {there}"
            yield subject.at("JS10", file, (*inner, "type"), message)
            continue
        settings = declared(known[block.type].settings)
        yield from check_values(subject, file, (*inner, "settings"), settings, block.settings)


def _place_of(file: str) -> tuple[str, str]:
    """The template, or the group, that a file is."""
    if file.startswith("sections/"):
        return "", file.removeprefix("sections/").removesuffix("-group.json")
    return file.removeprefix("templates/").removesuffix(".json"), ""


def sections_of(pages: Mapping[str, PageTemplate | None]) -> set[str]:
    """The types of all sections that are placed on any of these pages."""
    return {use.type for page in pages.values() if page for use in page.sections.values()}
