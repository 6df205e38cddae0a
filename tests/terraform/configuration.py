"""The configuration under terraform/, read as text: blocks as maps, expressions as they are written, and arithmetic carried out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import hcl2

ROOT = Path(__file__).parents[2]
TERRAFORM = ROOT / "terraform"
MODULE = TERRAFORM / "modules" / "function"
BOOTSTRAP = TERRAFORM / "bootstrap"
FOLDERS = (TERRAFORM, MODULE, BOOTSTRAP)

_EXPRESSION = re.compile(r"^\$\{(.*)\}$", re.DOTALL)
_REFERENCE = re.compile(r"\b(local|var)\.(\w+)((?:\[\"[^\"]+\"\]|\.\w+)*)")


@dataclass(frozen=True)
class Block:
    """A resource, or a call of a module: its type, its name, and what stands in it."""

    type: str
    name: str
    body: dict[str, Any]

    @property
    def address(self) -> str:
        return f"{self.type}.{self.name}"


def _plain(value: Any) -> Any:
    """Without the parser's own keys, and texts without their quotes."""
    if isinstance(value, Mapping):
        return {_plain(k): _plain(v) for k, v in value.items() if not str(k).startswith("__")}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"')
    return value


@cache
def parsed(folder: Path) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Each file of a folder, with its name."""
    files = sorted(folder.glob("*.tf"))
    assert files, folder
    return tuple((file.name, _plain(hcl2.loads(file.read_text(encoding="utf-8")))) for file in files)


def _labelled(folder: Path, kind: str) -> Iterator[tuple[str, Any]]:
    for _, content in parsed(folder):
        for block in content.get(kind, []):
            yield from block.items()


def resources(folder: Path = TERRAFORM, type: str | None = None) -> list[Block]:
    """All resources of a folder, or those of one type."""
    return [
        Block(found, name, body)
        for found, named in _labelled(folder, "resource")
        for name, body in named.items()
        if type is None or found == type
    ]


def resource(address: str, folder: Path = TERRAFORM) -> dict[str, Any]:
    (found,) = (one.body for one in resources(folder) if one.address == address)
    return found


def variables(folder: Path = TERRAFORM) -> dict[str, dict[str, Any]]:
    return dict(_labelled(folder, "variable"))


def module_call() -> dict[str, Any]:
    """The one call of the one module."""
    ((name, body),) = _labelled(TERRAFORM, "module")
    assert name == "function"
    return body


def local_values(folder: Path = TERRAFORM) -> dict[str, Any]:
    return {
        name: value
        for _, content in parsed(folder)
        for block in content.get("locals", [])
        for name, value in block.items()
    }


def value(name: str, folder: Path = TERRAFORM) -> Any:
    """A local value, by its name."""
    return local_values(folder)[name]


def expression(text: Any) -> str:
    """What stands between `${` and `}`, or the text itself."""
    found = _EXPRESSION.match(str(text))
    return found[1] if found else str(text)


def number(written: Any, **given: float) -> float:
    """What a number, or an expression of numbers, comes to; `given` are the variables that are not at their default."""
    if isinstance(written, int | float):
        return float(written)
    text = expression(written)

    def resolve(match: re.Match[str]) -> str:
        kind, name, path = match.groups()
        if kind == "var":
            return repr(given.get(name, variables()[name].get("default")))
        found = value(name)
        for part in re.findall(r"\[\"([^\"]+)\"\]|\.(\w+)", path):
            found = found["".join(part)]
        return repr(number(found, **given))

    resolved = _REFERENCE.sub(resolve, text)
    assert re.fullmatch(r"[\d\s.,+*/()-]*(?:(?:max|min|ceil|floor)[\d\s.,+*/()-]*)*", resolved), resolved
    return float(
        eval(resolved, {"__builtins__": {}}, {"max": max, "min": min, "ceil": math.ceil, "floor": math.floor})
    )


def mebibytes(memory: str) -> int:
    """A function's memory, which is written as 512Mi or 2Gi."""
    found = re.fullmatch(r"(\d+)(Mi|Gi)", memory)
    assert found, memory
    return int(found[1]) * {"Mi": 1, "Gi": 1024}[found[2]]


def text_of(folder: Path = TERRAFORM) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.tf")))
