"""Who sees what: admins act, support looks, nobody else gets anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from .routes import ROUTES, Places
from .visits import ADMIN, SUPPORT, Office, Sit, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

#: How the buttons begin that change something; there is not one of them that an administrator does not see somewhere.
ACTING = (
    *("Activate", "Retry", "Roll back", "Start over", "Resend welcome mail"),
    *("New merchant", "New plan", "New entry", "Edit", "Deactivate", "Delete", "Upload theme"),
    *("Make live", "Go back", "Publish anew", "Preview", "Change to"),
    *("Use theme", "Save draft", "Discard draft", "Publish", "Restore"),
    *("Switch on", "Turn off"),
)
BROKEN = {"step": "send_credentials", "kind": "slow", "times": 1, "seconds": 0.1}


def acting(page: Any, places: Places) -> dict[str, set[str]]:
    """The buttons that change something, by page; also those that cannot be pressed at the moment."""
    found: dict[str, set[str]] = {name: set() for name in ACTING}
    for address in (*map(places.address, ROUTES), f"/provisionings/{places.failed}"):
        page.goto(address)
        settled(page)
        for name in ACTING:
            buttons = page.get_by_role("button", name=re.compile(f"^{name}\\b"))
            found[name] |= {address} if buttons.count() else set()
    return found


def test_signed_out_one_gets_the_sign_in_page(sit: Sit, places: Places, expect: Callable[..., Any]) -> None:
    """Whatever the address; after signing in one is where one wanted to go."""
    page = sit(None).page
    for route in ROUTES:
        page.goto(places.address(route))
        expect(page.get_by_role("button", name=ADMIN)).to_be_visible()
        assert page.get_by_role("navigation").count() == 0
    page.goto(f"/provisionings/{places.completed}")
    page.get_by_role("button", name=ADMIN).click()

    expect(page.get_by_text("7 of 7 steps")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name=ADMIN)).to_be_visible()


def test_an_account_without_a_role_gets_nothing(
    sit: Sit, office: Office, places: Places, expect: Callable[..., Any]
) -> None:
    """No page and no data: not one request beyond the configuration is made, and the API would refuse it."""
    owner = office.ask("GET", f"provisionings/{places.completed}/request")["request"]["owner_email"]
    page = sit(owner).page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    for route in ROUTES:
        page.goto(places.address(route))
        expect(page.get_by_role("heading", name="This account may not use the portal")).to_be_visible()
        assert page.get_by_role("navigation").count() == 0
    assert asked == []
    headers = {"Authorization": f"Bearer {office.sign_in(owner)['token']}"}
    refused = office.visitor.request("GET", f"{office.address}/api/provisioning/merchants", headers=headers)
    assert refused.status == 403


def test_an_administrator_may_do_it_all(sit: Sit, office: Office, places: Places) -> None:
    """Every button that is looked for at those who may only look is there, under this name, for those who may act."""
    with office.disturbed([BROKEN]):
        found = acting(sit().page, places)
    assert [name for name, where in found.items() if not where] == []


def test_support_looks_and_does_nothing(
    sit: Sit, office: Office, places: Places, expect: Callable[..., Any]
) -> None:
    """On no page is there a button that would change anything; all there is to read is there."""
    desk = sit(SUPPORT)
    page = desk.page
    changing: list[str] = []
    page.on("request", lambda request: request.method == "GET" or changing.append(request.url))
    with office.disturbed([BROKEN]):
        assert {name: where for name, where in acting(page, places).items() if where} == {}
    page.goto(f"/provisionings/{places.failed}")
    expect(page.get_by_role("alert")).to_contain_text("The switch for trials refused this step")
    expect(page.get_by_role("button", name="Copy support bundle")).to_be_visible()
    expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    assert changing == []
