"""What the checker has found: where, against which rule, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from provisioning.themes.checking.rules import RULES, Rule, Severity

#: So many are listed; nobody mends more at once.
MOST_FINDINGS = 500
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach of a rule. `line` counts from 1; `column` too, and is 0 where it is not known."""

    file: str
    line: int
    column: int
    code: str
    message: str
    fix: str

    @property
    def rule(self) -> Rule:
        return RULES[self.code]

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def blocks(self) -> bool:
        """Whether a theme with it cannot be used."""
        return self.severity is Severity.ERROR


def find(code: str, file: str, message: str, *, line: int = 1, column: int = 0, fix: str = "") -> Finding:
    """A finding; what the rule says to do is said where `fix` is empty."""
    return Finding(
        printable(file),
        max(1, line),
        max(0, column),
        code,
        printable(message),
        printable(fix) or RULES[code].fix,
    )


def printable(text: str) -> str:
    """The text on one line, without signs that could steer a terminal or turn the direction of writing; cut where it is long."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def put_in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each once, by file and line, an error before a warning; of too many the errors first, and one that says so."""
    once = set(findings)
    ordered = sorted(once, key=_place)
    if len(ordered) <= MOST_FINDINGS:
        return tuple(ordered)
    kept = sorted(ordered, key=lambda f: not f.blocks)[:MOST_FINDINGS]
    more = find("ST13", "theme.json", f"{len(ordered) - MOST_FINDINGS} more findings are not listed")
    return (*sorted(kept, key=_place), more)


def _place(finding: Finding) -> tuple[str, int, bool, int, str, str]:
    return (
        finding.file, finding.line, not finding.blocks, finding.column, finding.code, finding.message,
    )  # fmt: skip
