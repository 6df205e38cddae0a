"""What the product and the portal ask Firestore: every `Query` in the sources, and every query in the portal's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .configuration import ROOT

SOURCES = ROOT / "src" / "provisioning"
PORTAL = ROOT / "portal" / "src"


@dataclass(frozen=True)
class Asked:
    """One query: where it stands, and which fields it filters and orders by. `order` has a leading `-` where it descends."""

    file: str
    function: str
    collection: str
    equal: frozenset[str]
    order: str | None


#: Queries whose conditions depend on what is asked for: the fields that any of them may have, with one order.
#: A test finds every such place in the sources; the API's own answers are recorded and held against it.
COMPOSED = {
    ("api/audit_log.py", "list_entries"): ("audit_log", {"actor", "subject"}, "-at"),
    ("api/durations.py", "newest_completed"): ("provisionings", {"kind", "status"}, "-requested_at"),
    ("api/letters.py", "list_letters"): ("dead_letters", {"status"}, "-filed_at"),
    ("api/merchants.py", "_failing"): ("provisionings", {"kind", "status"}, "-requested_at"),
    ("api/overview.py", "_activations"): ("provisionings", {"kind"}, "-requested_at"),
    ("api/overview.py", "_letters"): ("dead_letters", {"status"}, "-filed_at"),
    ("api/provisionings.py", "list_provisionings"): (
        "provisionings",
        {"kind", "status", "merchant_id", "store_id"},
        "-requested_at",
    ),
    ("api/provisionings.py", "newest"): (
        "provisionings",
        {"kind", "merchant_id", "store_id"},
        "-requested_at",
    ),
    ("api/stores.py", "newest_of_store"): ("provisionings", {"kind", "store_id"}, "-requested_at"),
    ("cli/__init__.py", "list_provisionings"): ("provisionings", {"kind", "status"}, "-requested_at"),
    ("workflow/dead_letters.py", "list_letters"): ("dead_letters", {"status"}, "-filed_at"),
    # The range is on the field of the order.
    ("workflow/sweep.py", "_due"): ("provisionings", {"engine.wake_shard"}, "engine.wake_at"),
}


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _calls(node: ast.AST, name: str) -> Iterator[ast.Call]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == name:
            yield each


def _argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[place] if len(call.args) > place else None


def _conditions(node: ast.AST) -> set[str]:
    """The fields of every condition that is written out below `node`."""
    return {
        call.args[0].value
        for call in _calls(node, "Where")
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def _collection(written: ast.expr | None) -> str:
    if isinstance(written, ast.Constant):
        return str(written.value).rpartition("/")[2]
    return ast.unparse(written) if written is not None else "?"


@dataclass(frozen=True)
class Place:
    """A `Query` in the sources."""

    file: str
    function: str
    collection: str
    filtered: bool
    ordered: bool
    fields: frozenset[str]
    #: The field of the order, where it is written out.
    order: str | None


def places() -> list[Place]:
    found = []
    for file in sorted(SOURCES.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for function in _functions(tree):
            for call in _calls(function, "Query"):
                where, order = _argument(call, "where", 1), _argument(call, "order_by", 2)
                found.append(
                    Place(
                        file.relative_to(SOURCES).as_posix(),
                        function.name,
                        _collection(_argument(call, "collection", 0)),
                        where is not None,
                        order is not None and not (isinstance(order, ast.Constant) and order.value is None),
                        frozenset(_conditions(function)),
                        str(order.value) if isinstance(order, ast.Constant) and order.value else None,
                    )
                )
    return found


def portal_queries() -> list[Asked]:
    """Those that the portal makes itself: `query(collection(db, name), where…, orderBy…)`."""
    found = []
    for file in sorted(PORTAL.rglob("*.ts*")):
        if file.name.endswith((".test.ts", ".test.tsx")):
            continue
        for written in _calls_in(file.read_text(encoding="utf-8")):
            collection = re.match(r"\s*collection\([^,]+,\s*'?(\w+)'?\)(.*)", written, re.DOTALL)
            if collection is None:
                continue
            name, rest = collection.groups()
            equal = frozenset(re.findall(r"where\('([\w.]+)',\s*'=='", rest))
            order = re.search(r"orderBy\('?([\w.]+)'?(?:,\s*'(asc|desc)')?\)", rest)
            shown = None if order is None else ("-" if order[2] == "desc" else "") + order[1]
            found.append(Asked(_portal_name(file), "", name, equal, shown))
    return found


def _calls_in(text: str) -> Iterator[str]:
    """What stands in the parentheses of each call of `query`."""
    for start in re.finditer(r"\bquery\(", text):
        depth, end = 1, start.end()
        while depth and end < len(text):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        yield text[start.end() : end - 1]


def _portal_name(file: Path) -> str:
    return file.relative_to(PORTAL).as_posix()
