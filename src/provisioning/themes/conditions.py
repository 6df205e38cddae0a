"""
Conditions that say when an editor shows a setting: `settings.layout == "split" and not section.compact`.

    condition  = all { "or" all }
    all        = term { "and" term }
    term       = [ "not" ] reference [ ( "==" | "!=" ) literal | "in" list ]
    reference  = ( "settings" | "section" | "block" ) "." id
    literal    = "text" | number | true | false
    list       = "[" literal { "," literal } "]"

Read by a parser of its own, as no template engine should meet what a package says here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

MAX_LENGTH = 200

_TOKEN = re.compile(
    r"""\s*(?:(?P<word>[a-z_][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)|(?P<text>"[^"\\\x00-\x1f]*"|'[^'\\\x00-\x1f]*')"""
    r"""|(?P<number>-?\d{1,9}(?:\.\d{1,6})?)|(?P<sign>==|!=|[\[\],]))"""
)
_SCOPES = ("settings", "section", "block")

Literal = str | int | float | bool
#: The values of the settings in reach, by scope and id.
Values = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison; without `values` the setting itself must be true, or not empty."""

    scope: str
    id: str
    negated: bool
    values: tuple[Literal, ...] | None
    #: `!=`.
    excluded: bool = False

    def holds(self, values: Values) -> bool:
        found = values.get(self.scope, {}).get(self.id)
        if self.values is None:
            result = bool(found)
        else:
            result = any(_same(found, value) for value in self.values) != self.excluded
        return result != self.negated


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives, each of terms that must all hold."""

    alternatives: tuple[tuple[Term, ...], ...]

    def holds(self, values: Values) -> bool:
        """Whether it is true of these values; one that is missing is false, and equals nothing."""
        return any(all(term.holds(values) for term in terms) for terms in self.alternatives)

    @property
    def references(self) -> frozenset[tuple[str, str]]:
        """Scope and id of each setting that it looks at."""
        return frozenset((term.scope, term.id) for terms in self.alternatives for term in terms)


@lru_cache(maxsize=512)
def read_condition(text: str) -> Condition:
    """The condition that `text` says; raises `ValueError` saying what was expected instead."""
    if len(text) > MAX_LENGTH:
        raise ValueError(f"must be at most {MAX_LENGTH} characters long")
    reader = _Reader(_tokens(text))
    alternatives = [_read_terms(reader)]
    while reader.take("or"):
        alternatives.append(_read_terms(reader))
    if reader.rest:
        raise ValueError(f"expected and, or, or the end instead of {reader.rest[0]}")
    return Condition(tuple(alternatives))


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"cannot be read from character {position + 1} on")
        tokens.append(match[0].strip())
        position = match.end()
    return tokens


@dataclass(slots=True)
class _Reader:
    rest: list[str]

    def take(self, token: str) -> bool:
        if self.rest[:1] != [token]:
            return False
        del self.rest[0]
        return True

    def next(self, expected: str) -> str:
        if not self.rest:
            raise ValueError(f"expected {expected} at the end")
        return self.rest.pop(0)


def _read_terms(reader: _Reader) -> tuple[Term, ...]:
    terms = [_read_term(reader)]
    while reader.take("and"):
        terms.append(_read_term(reader))
    return tuple(terms)


def _read_term(reader: _Reader) -> Term:
    negated = reader.take("not")
    scope, dot, name = reader.next("a setting").partition(".")
    if not dot or scope not in _SCOPES:
        raise ValueError("a setting is named as settings.id, section.id or block.id")
    if reader.take("=="):
        return Term(scope, name, negated, (_read_literal(reader),))
    if reader.take("!="):
        return Term(scope, name, negated, (_read_literal(reader),), excluded=True)
    if reader.take("in"):
        return Term(scope, name, negated, _read_list(reader))
    return Term(scope, name, negated, None)


def _read_list(reader: _Reader) -> tuple[Literal, ...]:
    if not reader.take("["):
        raise ValueError("expected a list as [1, 2] behind in")
    values = [_read_literal(reader)]
    while reader.take(","):
        values.append(_read_literal(reader))
    if not reader.take("]"):
        raise ValueError("expected ] at the end of the list")
    return tuple(values)


def _read_literal(reader: _Reader) -> Literal:
    word = reader.next("a value")
    if word in {"true", "false"}:
        return word == "true"
    if word[0] in "\"'":
        return word[1:-1]
    try:
        return float(word) if "." in word else int(word)
    except ValueError:
        raise ValueError(f'expected "text", a number, true or false instead of {word}') from None


def _same(found: object, value: Literal) -> bool:
    """True is not 1 here, as it is for Python."""
    return isinstance(found, bool) == isinstance(value, bool) and found == value
