"""Every page of the portal, read from its table of routes: a new page is looked at as soon as it stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.local.portal import SOURCES

_PATH = re.compile(r"\bpath: '([^']+)'")

#: What the optional part of a merchant's page may be.
_SECTIONS = re.findall(
    r"'(\w+)'",
    (SOURCES / "src/pages/merchant/sections.ts").read_text().partition("SECTIONS = [")[2].partition("]")[0],
)


def _expand(path: str) -> list[str]:
    """A page that has sections, once for each of them."""
    head, optional, _ = path.partition("/:section?")
    return [f"{head}/{section}" for section in _SECTIONS] if optional else [path]


#: As the table has them, with parameters; `/` leads to the first page, `/no/such/page` to none.
ROUTES = tuple(
    route
    for path in _PATH.findall((SOURCES / "src/routes.tsx").read_text())
    for route in _expand("/no/such/page" if path == "*" else f"/{path.lstrip('/')}")
)


@dataclass(frozen=True, slots=True)
class Places:
    """What stands for the parameters of the routes."""

    merchant: str
    store: str
    completed: str
    failed: str
    #: Another merchant, whose finished store has been changed too.
    other: str
    theme: str = "upfront-modern"
    plan: str = "professional"

    def address(self, route: str) -> str:
        """The route with its parameters filled in. Raises `KeyError` for one that nobody has thought of here."""
        known = {
            "merchantId": self.merchant,
            "storeId": self.store,
            "provisioningId": self.completed,
            "themeId": self.theme,
            "theme": self.theme,
            "slug": self.theme,
            "planId": self.plan,
            "plan": self.plan,
        }
        return re.sub(r":(\w+)\??", lambda found: known[found[1]], route).rstrip("/") or "/"
