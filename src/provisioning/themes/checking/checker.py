"""
The theme checker: all that is wrong with a package, found without running any of it.

A package is only bytes here; what it extends is given with it. Whatever it holds, the answer is a list of findings, and where the list
has no error the package can be read, compiled and placed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from provisioning.errors import FieldError, InvalidInput
from provisioning.themes.assets import theme_assets
from provisioning.themes.checking.assets import check_assets
from provisioning.themes.checking.declarations import check_declarations
from provisioning.themes.checking.findings import Finding, find, put_in_order
from provisioning.themes.checking.placements import check_placements
from provisioning.themes.checking.structure import check_files, check_structure, check_weight
from provisioning.themes.checking.subjects import NAMELESS, Parents, Subject, make_subject
from provisioning.themes.checking.templates import check_templates
from provisioning.themes.checking.texts import check_texts
from provisioning.themes.checking.usage import check_usage
from provisioning.themes.checking.walking import walk_templates
from provisioning.themes.packages import read_package_files
from provisioning.themes.sandbox import compile_all

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
    found = [*check_files(files), *check_weight(files)]
    if any(finding.code == "ST03" and finding.file == "theme.json" for finding in found):
        return put_in_order(found)
    subject = make_subject(files, parents, imported=imported)
    for rules in _RULES:
        found += rules(subject)
    findings, usage = walk_templates(subject)
    found += [*findings, *check_usage(subject, usage)]
    found += _check_reading(subject, parents, found)
    return put_in_order(found)


_RULES: tuple[Callable[[Subject], Iterable[Finding]], ...] = (
    check_structure,
    check_declarations,
    check_placements,
    check_templates,
    check_assets,
    check_texts,
)


def translate(problems: tuple[FieldError, ...]) -> Iterator[Finding]:
    """What reading files said, as findings."""
    for problem in problems:
        yield find(_RULE_OF.get(problem.code, "JS02"), problem.field, problem.message)


def _check_reading(subject: Subject, parents: Parents, found: list[Finding]) -> Iterator[Finding]:
    """What reading and compiling refuse and no rule has told of: nothing passes that cannot be used."""
    if any(finding.blocks for finding in found):
        return
    try:
        theme = read_package_files(
            subject.own, NAMELESS, lambda slug, _: parents.get(slug), imported=subject.imported
        )
        theme_assets(theme)
        compile_all(theme)
    except InvalidInput as error:
        for finding in translate(error.fields):
            if finding.file in subject.own:
                yield finding
            else:
                yield find(finding.code, "theme.json", f"{finding.file}: {finding.message}", fix=finding.fix)
