"""Every page of the portal, read from its table of routes: a new page is looked at as soon as it stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.local.portal import SOURCES

_PATH = re.compile(r"\bpath: '([^']+)'")

#: As the table has them, with parameters; `/` leads to the first page, `/no/such/page` to none.
ROUTES = tuple(
    "/no/such/page" if path == "*" else f"/{path.lstrip('/')}"
    for path in _PATH.findall((SOURCES / "src/routes.tsx").read_text())
)


@dataclass(frozen=True, slots=True)
class Places:
    """What stands for the parameters of the routes."""

    merchant: str
    store: str
    completed: str
    failed: str
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
            "tab": "",
        }
        return re.sub(r":(\w+)\??", lambda found: known[found[1]], route).rstrip("/") or "/"
