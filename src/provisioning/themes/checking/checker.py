"""
The theme checker: all that is wrong with a package, found without running any of it.

A package is only bytes here; what it extends is given with it. Whatever it holds, the answer is a list of findings, and where the list
has no error the package can be read, compiled and placed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jinja2 import TemplateSyntaxError

from provisioning.errors import FieldError, InvalidInput
from provisioning.themes.checking.findings import Finding, find, put_in_order
from provisioning.themes.checking.structure import check_files, check_structure
from provisioning.themes.checking.subjects import Parents, Subject, make_subject
from provisioning.themes.contexts import mark_contexts
from provisioning.themes.filters import LANGUAGE
from provisioning.themes.packages import read_package_files
from provisioning.themes.syntax import check_syntax, parse

#: What reading a package says, and the rule that it is against.
_RULE_OF: Mapping[str, str] = {
    "MISSING": "ST01", "UNKNOWN_FILE": "ST02", "TOO_LARGE": "ST03", "SYMLINK": "ST04", "WRONG_NAME": "ST05",
    "WRONG_CONTENT": "ST06", "WRONG_ENGINE": "ST08", "UNKNOWN_PARENT": "ST09", "WRONG_PARENT": "ST09", "CYCLE": "ST10",
    "TOO_DEEP": "ST10", "NOT_JSON": "JS01", "NOT_AN_OBJECT": "JS02", "WRONG_VALUE": "JS02", "REPEATED_ID": "JS03",
    "TOO_MANY": "JS04", "WRONG_CONDITION": "JS09", "WRONG_SECTION": "JS10", "WRONG_PRESET": "JS20", "UNKNOWN_LAYOUT": "JS22",
    "WRONG_CHANGE": "JS23", "UNKNOWN_ASSET": "AS07",
}  # fmt: skip


def check_theme(
    files: Mapping[str, bytes], parents: Parents, *, imported: bool = False
) -> tuple[Finding, ...]:
    """
    All that is wrong with the package of these files, by file and line.

    `parents` are the own files of the themes that it may extend, by slug; `imported` asks for what is asked of a theme that is not
    ours. Never raises, whatever the files hold.
    """
    found = list(check_files(files))
    subject = make_subject(files, parents, imported=imported)
    found += check_structure(subject)
    for name, source in subject.templates.items():
        found += _check_template(name, source)
    found += _check_reading(subject, parents, found)
    return put_in_order(found)


def translate(problems: tuple[FieldError, ...]) -> Iterator[Finding]:
    """What reading files said, as findings."""
    for problem in problems:
        yield find(_RULE_OF.get(problem.code, "JS02"), problem.field, problem.message)


def _check_template(name: str, source: str) -> Iterator[Finding]:
    try:
        tree = parse(source, name)
    except TemplateSyntaxError as error:
        yield find("TP01", name, error.message or "cannot be read", line=error.lineno)
        return
    for fault in check_syntax(tree, LANGUAGE) or mark_contexts(tree):
        yield find(fault.code, name, fault.message, line=fault.line, fix=fault.fix)


def _check_reading(subject: Subject, parents: Parents, found: list[Finding]) -> Iterator[Finding]:
    """What reading the package refuses, in files of which nothing was said yet: so that nothing passes that cannot be read."""
    try:
        read_package_files(subject.own, "theme", lambda slug, _: parents.get(slug), imported=subject.imported)
    except InvalidInput as error:
        told = {finding.file for finding in found if finding.blocks}
        yield from (finding for finding in translate(error.fields) if finding.file not in told)
