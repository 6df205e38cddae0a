"""Writes the tables of docs/costs.md, from the operations, prices and assumptions of costs.toml."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/costs.md"
SOURCE = ROOT / "tools/costs.toml"
#: What is billed for each operation.
BILLED = {
    "reads": ("read",),
    "writes": ("write",),
    "publishes": ("message",),
    "uploads": ("upload",),
    "downloads": ("download",),
    "calls": ("call",),
    "seconds": ("vcpu", "gib"),
    "idle vcpu": ("idle_vcpu",),
    "idle gib": ("gib",),
    "gigabytes": ("gigabyte",),
}


_SECONDS_OF_A_MONTH = 30 * 24 * 3600


def read_costs() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def price(costs: Mapping[str, Any], operations: Mapping[str, float]) -> dict[str, float]:
    """US dollars for these operations, by kind; what is not billed by Google (mails) is left out."""
    prices = costs["prices"]
    return {
        kind: count * sum(prices[name]["price"] / prices[name]["per"] for name in BILLED[kind])
        for kind, count in operations.items()
        if kind in BILLED
    }


def month_of_store(costs: Mapping[str, Any]) -> dict[str, float]:
    """What one store does in a month: its publications, and the visits that reach the function."""
    store, publication = costs["store_month"], costs["publication"]
    visits = store["visits"] * (1 - store["from_cdn"])
    done = {kind: count * store["publications"] for kind, count in publication.items()}
    done["reads"] += visits * store["reads_per_visit"]
    done["downloads"] += visits * store["downloads_per_visit"]
    done["calls"] += visits
    done["seconds"] += visits * store["seconds_per_visit"]
    done["gigabytes"] = store["megabytes"] / 1000
    return done


def month_of_platform(costs: Mapping[str, Any]) -> float:
    """What is paid with no store at all."""
    platform = costs["platform_month"]
    swept = {"reads": platform["sweeps"] * platform["reads_per_sweep"], "calls": platform["sweeps"]}
    fixed = platform["load_balancer"] + platform["secrets"] + platform["zone"]
    return fixed + warm(costs) + sum(price(costs, swept).values())


def warm(costs: Mapping[str, Any]) -> float:
    """What the instances cost in a month that are kept waiting, so that nobody has to."""
    platform = costs["platform_month"]
    kept = {"idle vcpu": platform["warm_vcpu"], "idle gib": platform["warm_gib"]}
    return sum(price(costs, {kind: size * _SECONDS_OF_A_MONTH for kind, size in kept.items()}).values())


def _table(costs: Mapping[str, Any], operations: Mapping[str, float], unit: str) -> str:
    billed = price(costs, operations)
    rows = [
        f"| {kind} | {operations[kind]:,.6g} | {1000 * dollars:,.3f} |"
        for kind, dollars in sorted(billed.items(), key=lambda item: -item[1])
    ]
    total = f"| **in all** | | **{1000 * sum(billed.values()):,.2f}** |"
    return "\n".join([f"| operations | {unit} | US dollars per 1,000 |", "|---|---|---|", *rows, total])


def _prices(costs: Mapping[str, Any]) -> str:
    rows = [
        f"| {one['what']} | {one['price']:.7f}".rstrip("0").rstrip(".")
        + f" | {one['per']:,} | {one['source']} | {one['sure']} |"
        for one in costs["prices"].values()
    ]
    return "\n".join(["| what | US dollars | for | source | sure |", "|---|---|---|---|---|", *rows])


def _assumptions(costs: Mapping[str, Any]) -> str:
    rows = [f"| {name.replace('_', ' ')} | {value:,} |" for name, value in costs["store_month"].items()]
    return "\n".join(["| of a store in a month | assumed |", "|---|---|", *rows])


def describe_costs() -> dict[str, str]:
    """The tables, by the mark that each stands under."""
    costs = read_costs()
    return {
        "activation": _table(costs, costs["activation"], "an activation"),
        "store": _table(costs, month_of_store(costs), "a store in a month"),
        "platform": f"**{month_of_platform(costs):,.2f} US dollars a month** without any store, {warm(costs):,.2f} of them for the instances that production keeps waiting.",
        "assumptions": _assumptions(costs),
        "prices": _prices(costs),
    }


def fill(page: str) -> str:
    """The page with its tables as they must be."""
    for name, table in describe_costs().items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page, found = mark.subn(lambda mark, table=table: f"{mark[1]}\n{table}\n\n{mark[2]}", page)
        if found != 1:
            raise ValueError(f"the page has {found} places for {name}")
    return page


def main() -> int:
    """Write the page."""
    PAGE.write_text(fill(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
