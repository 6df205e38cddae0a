"""Writes the checker's rules into docs/themes.md, between its two marks."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from provisioning.themes.checking.reports import describe_rules

PAGE = Path(__file__).resolve().parents[1] / "docs/themes.md"
_TABLE = re.compile(r"(<!-- rules of the checker -->\n).*?(<!-- end -->)", re.DOTALL)


def fill(page: str) -> str:
    """The page with the table as it must be."""
    return _TABLE.sub(lambda found: f"{found[1]}\n{describe_rules()}\n\n{found[2]}", page)


def main() -> int:
    """Write the page."""
    PAGE.write_text(fill(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
