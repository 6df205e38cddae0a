"""Who sees what: admins act, support looks, nobody else gets anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .routes import ROUTES, Places
from .visits import ADMIN, SUPPORT, Office, Sit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ACTING = ("Activate", "Retry", "Roll back", "Start over", "Resend welcome mail")


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


def test_support_looks_and_does_nothing(
    sit: Sit, office: Office, places: Places, expect: Callable[..., Any]
) -> None:
    """On no page is there a button that would change anything; all there is to read is there."""
    desk = sit(SUPPORT)
    page = desk.page
    changing: list[str] = []
    page.on("request", lambda request: request.method == "GET" or changing.append(request.url))
    for route in ROUTES:
        page.goto(places.address(route))
        page.get_by_role("main").get_by_role("heading", level=1).or_(
            page.get_by_role("heading", name="There is no such page")
        ).first.wait_for()
        page.wait_for_load_state("networkidle") if "provisioning" not in route else page.wait_for_timeout(300)
        for name in ACTING:
            enabled = page.get_by_role("button", name=name, disabled=False)
            assert enabled.count() == 0, (route, name, enabled.first.inner_text())
    page.goto(f"/provisionings/{places.failed}")
    expect(page.get_by_role("alert")).to_contain_text("The switch for trials refused this step")
    expect(page.get_by_role("button", name="Copy support bundle")).to_be_visible()
    expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    assert changing == []
