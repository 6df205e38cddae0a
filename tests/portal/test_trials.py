"""The switch that breaks a step, tried as somebody does who has read nothing: break, ask, read why, put right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .visits import SUPPORT, Office, Sit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]


def test_a_step_is_broken_from_the_portal_and_put_right_there(
    sit: Sit, office: Office, expect: Callable[..., Any]
) -> None:
    """Switched on, it fails the next activation; what stands on its page leads back to the switch, and Retry to the end."""
    page = sit().page
    page.goto("/trials")
    page.get_by_label("Step", exact=True).select_option("deploy_website")
    page.get_by_role("radio", name="Refuse").check()
    page.get_by_label("How often").select_option(label="Until it is turned off")
    page.get_by_role("button", name="Switch on").click()
    off = page.get_by_role("button", name="Turn off: Publish the website")
    expect(off).to_be_visible()
    id = office.activate("Broken on Purpose")
    try:
        page.goto(f"/provisionings/{id}")
        expect(page.get_by_role("alert")).to_contain_text("Turn the switch off for this step, then retry.")
        page.get_by_role("link", name="Break a step").click()
        off.click()
        expect(off).to_have_count(0)
        assert office.ask("GET", "local/faults")["faults"] == []
    finally:
        office.ask("PUT", "local/faults", {"faults": []})
    page.goto(f"/provisionings/{id}")
    page.get_by_role("button", name="Retry").click()

    expect(page.locator("main progress")).to_have_attribute("value", "100", timeout=60_000)


def test_support_sees_what_is_switched_on_and_no_switch(sit: Sit, office: Office) -> None:
    page = sit(SUPPORT).page
    with office.disturbed([{"step": "deploy_website", "kind": "slow", "times": 1, "seconds": 1}]):
        page.goto("/trials")
        page.get_by_text("Publish the website").first.wait_for()

        assert page.get_by_role("button", name="Switch on").count() == 0
        assert page.get_by_role("button", name="Turn off").count() == 0
