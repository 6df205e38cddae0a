"""
The pictures of the portal in the README: `make portal`, then `python tools/take_portal_pictures.py`, which runs the embedded runtime on a free port.

Ten merchants are activated, of whom one meets a step that refuses; what an admin then has before them is photographed.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3
from playwright.sync_api import Page, sync_playwright
from take_readme_pictures import PICTURES, free_port

from provisioning.serving import Running, running

ADMIN = "admin@example.com"
WIDTH, HEIGHT = 1280, 800
#: Name and category; the last one meets the step that refuses.
MERCHANTS = (
    ("Northwave Audio", "electronics"),
    ("Alder & Wren", "fashion"),
    ("Hearth & Field", "home"),
    ("Sable Skincare", "beauty"),
    ("Corner Street", "general"),
    ("Lumen Lamps", "electronics"),
    ("Fern & Fable", "home"),
    ("Marlow Outfitters", "fashion"),
    ("Quiet Apothecary", "beauty"),
    ("Paper Kite", "general"),
)
REFUSED = {"step": "deploy_website", "kind": "refuse", "times": 1}


class Caller:
    """The API, as an admin calls it."""

    def __init__(self, served: Running) -> None:
        self._root = f"{served.url}/api/provisioning"
        self._token = served.admin_token

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """What it answers; raises `RuntimeError` where it refuses."""
        answer = urllib3.request(
            method,
            f"{self._root}/{path}",
            headers={"Authorization": f"Bearer {self._token}", **headers},
            json=body,
            timeout=30.0,
        )
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.data.decode()[:300]}")
        return answer.json() if answer.data else None

    def activate(self, name: str, category: str) -> str:
        """Ask for a store of a new merchant, and wait until that is over; the provisioning's id."""
        label = "-".join(name.lower().replace("&", "").split())
        wish = {"name": name, "owner_email": f"{label}@example.com", "category": category}
        merchant = self.ask("POST", "merchants", wish)
        answers = {
            "store_id": merchant["id"],
            "store_name": name,
            "owner_email": wish["owner_email"],
            "theme": {"fashion": "upfront-minimal", "home": "upfront-classic"}.get(
                category, "upfront-modern"
            ),
            "plan": "professional",
            "subdomain": label,
            "category": category,
            "launch": "immediately",
        }
        path = f"merchants/{merchant['id']}/activate"
        id: str = self.ask("POST", path, answers, **{"Idempotency-Key": label})["provisioning_id"]
        for _ in range(600):
            time.sleep(0.1)
            found = self.ask("GET", "provisionings?limit=50")["items"]
            if any(one["id"] == id and one["status"] in ("COMPLETED", "FAILED") for one in found):
                return id
        raise RuntimeError(f"{name}: not over after a minute")


@contextmanager
def admins_desk(served: Running, caller: Caller) -> Iterator[Page]:
    """A browser in which the admin is signed in."""
    session = json.dumps(caller.ask("POST", "local/sign-in", {"email": ADMIN}))
    state: Any = {
        "cookies": [],
        "origins": [{"origin": served.url, "localStorage": [{"name": "portal.session", "value": session}]}],
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        context = browser.new_context(
            base_url=served.url,
            storage_state=state,
            viewport={"width": WIDTH, "height": HEIGHT},
            locale="en-GB",
            reduced_motion="reduce",
        )
        yield context.new_page()
        browser.close()


def photograph(page: Page, name: str) -> None:
    """The first screen, once nothing is on its way any more."""
    page.wait_for_function("!document.querySelector('[aria-busy=true], [role=status] svg[class*=spin]')")
    page.wait_for_timeout(600)
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


def main() -> int:
    """Take them all."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(data=Path(folder) / "data", port=free_port(), emulators=False) as served,
    ):
        caller = Caller(served)
        *good, (refused, category) = MERCHANTS
        for merchant in good:
            caller.activate(*merchant)
        caller.ask("PUT", "local/faults", {"faults": [REFUSED]})
        failed = caller.activate(refused, category)
        with admins_desk(served, caller) as page:
            page.goto("/")
            page.get_by_role("heading", name="Overview").wait_for()
            photograph(page, "overview")
            page.goto(f"/provisionings/{failed}")
            page.get_by_role("button", name="Retry").wait_for()
            photograph(page, "failure")
            page.emulate_media(color_scheme="dark")
            page.goto("/merchants?status=PENDING")
            page.get_by_role("button", name="Activate:").first.click()
            page.get_by_role("dialog").get_by_role("radio").first.wait_for()
            page.wait_for_load_state("networkidle")
            photograph(page, "activation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
