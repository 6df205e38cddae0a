"""Rules of files: which are there, what they are called, how large they are, and what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from provisioning.themes.checking.findings import Finding, find
from provisioning.themes.checking.subjects import Subject
from provisioning.themes.files import check_content

_RULE_OF: Mapping[str, str] = {
    "UNKNOWN_FILE": "ST02", "TOO_LARGE": "ST03", "WRONG_NAME": "ST05", "WRONG_CONTENT": "ST06",
}  # fmt: skip


def check_files(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Each file by itself."""
    for name, body in files.items():
        problem = check_content(name, body)
        if problem is not None:
            yield find(_RULE_OF[problem.code], name, problem.message)


def check_structure(subject: Subject) -> Iterator[Finding]:
    """The JSON files' syntax."""
    for name, read in subject.json.items():
        if read.error:
            yield find(
                "JS01",
                name,
                f"is not JSON: {read.error}",
                line=read.error_at.line,
                column=read.error_at.column,
            )
        elif read.repeated:
            for path, place in subject.repeated(name):
                message = f"{path[-1]} stands here a second time"
                yield find("JS19", name, message, line=place.line, column=place.column)
