"""Findings as people and as other programs read them: lines like a compiler's, JSON, and SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from provisioning.themes.checking.findings import Finding
from provisioning.themes.checking.rules import RULES, Rule, Severity

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_TOOL = "provisioning themes check"


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def write(findings: Sequence[Finding], form: Format, folder: str = "") -> str:
    """All findings in that format; `folder` stands before their paths where they are text."""
    if form is Format.JSON:
        return write_json(findings)
    return write_sarif(findings) if form is Format.SARIF else write_text(findings, folder)


def write_text(findings: Sequence[Finding], folder: str = "") -> str:
    """A line for each finding, `file:line:column: severity CODE message`, the fix beneath it, and a line that sums up."""
    lines: list[str] = []
    for finding in findings:
        place = f"{folder}{finding.file}:{finding.line}" + (f":{finding.column}" if finding.column else "")
        lines += [f"{place}: {finding.severity} {finding.code} {finding.message}", f"    fix: {finding.fix}"]
    return "\n".join([*lines, sum_up(findings)])


def sum_up(findings: Iterable[Finding]) -> str:
    """How many errors and warnings, in how many files."""
    found = list(findings)
    if not found:
        return "Nothing is wrong."
    errors = sum(finding.blocks for finding in found)
    files = len({finding.file for finding in found})
    counts = f"{_count(errors, 'error')}, {_count(len(found) - errors, 'warning')}"
    end = "the theme cannot be used yet" if errors else "the theme can be used"
    return f"{counts} in {_count(files, 'file')}: {end}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def describe(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column or None,
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "fix": finding.fix,
    }


def write_json(findings: Sequence[Finding]) -> str:
    """`{errors, warnings, findings: [...]}`."""
    errors = sum(finding.blocks for finding in findings)
    whole = {
        "errors": errors,
        "warnings": len(findings) - errors,
        "findings": [describe(finding) for finding in findings],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def write_sarif(findings: Sequence[Finding]) -> str:
    """A log of one run, with every rule described, as code hosts and editors read it (OASIS SARIF 2.1.0)."""
    codes = list(RULES)
    run = {
        "tool": {"driver": {"name": _TOOL, "rules": [_sarif_rule(rule) for rule in RULES.values()]}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"THEME": {"description": {"text": "The folder of the theme."}}},
        "results": [_sarif_result(finding, codes.index(finding.code)) for finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": f"{rule.holds}."},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": _level(rule.severity)},
    }


def _sarif_result(finding: Finding, index: int) -> dict[str, Any]:
    region = {"startLine": finding.line} | ({"startColumn": finding.column} if finding.column else {})
    artifact = {"uri": quote(finding.file), "uriBaseId": "THEME"}
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _level(finding.severity),
        "message": {"text": f"{finding.message}. Fix: {finding.fix}"},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
    }


def _level(severity: Severity) -> str:
    return "error" if severity is Severity.ERROR else "warning"


def describe_rules() -> str:
    """Every rule as a row of a table in Markdown, for the documentation."""
    rows = [f"| `{r.code}` | {r.severity} | {r.holds} | {r.fix} |" for r in RULES.values()]
    return "\n".join(["| code | | what holds | what to do |", "|---|---|---|---|", *rows])
