"""Rules of each template by itself, and of the pages that they make together."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import TemplateSyntaxError, nodes

from provisioning.themes.checking.findings import Finding, find
from provisioning.themes.checking.markup import check_layout, check_markup, has_heading
from provisioning.themes.checking.subjects import Subject
from provisioning.themes.contexts import mark_contexts
from provisioning.themes.filters import LANGUAGE
from provisioning.themes.syntax import check_syntax, name_of, parse

MOST_DECISIONS = 120
_DECISIONS = (nodes.If, nodes.For, nodes.CondExpr, nodes.And, nodes.Or)
_LARGEST = 2 * 1024 * 1024


def check_templates(subject: Subject) -> Iterator[Finding]:
    """Every template of its own: syntax, what it may say, where its values stand, its markup."""
    for name, source in subject.templates.items():
        try:
            tree = parse(source, name)
        except TemplateSyntaxError as error:
            yield find("TP01", name, error.message or "cannot be read", line=error.lineno)
            continue
        faults = check_syntax(tree, LANGUAGE)
        decisions = sum(1 for _ in tree.find_all(_DECISIONS))
        if decisions > MOST_DECISIONS:
            yield find(
                "TP08", name, f"it has {decisions} decisions, and should have {MOST_DECISIONS} at most"
            )
        for fault in [*faults, *mark_contexts(tree)]:
            yield find(fault.code, name, fault.message, line=fault.line, fix=fault.fix)
        yield from check_markup(name, source)
        if name.startswith("layout/") and next(tree.find_all(nodes.Extends), None) is None:
            yield from check_layout(name, source, _whole(subject, name))
    yield from _check_headings(subject)


def _check_headings(subject: Subject) -> Iterator[Finding]:
    """One section of each page has the h1."""
    with_heading = {
        kind for kind in subject.sections if has_heading(_whole(subject, f"sections/{kind}.html"))
    }
    for file, page in subject.own_pages.items():
        if page is None or not file.startswith("templates/"):
            continue
        headed = [name for name in page.order if page.sections[name].type in with_heading]
        if len(headed) != 1:
            found = (
                f"{len(headed)} sections with an h1: {', '.join(headed)}"
                if headed
                else "no section with an h1"
            )
            yield subject.at("TP24", file, ("order",), f"the page has {found}")


def _whole(subject: Subject, name: str) -> str:
    """A template's source with those of all that it includes behind it."""
    parts: list[str] = []
    waiting, seen = [name], {name}
    while waiting and len(seen) < 200:
        name = waiting.pop()
        tree = subject.tree(name)
        if tree is None:
            continue  # told where it is checked by itself; what cannot be read is looked into no further
        parts.append(subject.whole.files.get(name, b"").decode(errors="replace"))
        if sum(map(len, parts)) > _LARGEST:
            break
        for node in tree.find_all((nodes.Include, nodes.Extends)):
            found = (name_of(node.template) or "").removeprefix("parent:")
            if found and found not in seen:
                seen.add(found)
                waiting.append(found)
    return "\n".join(parts)
