"""What goes wrong, read and put right in the portal: each step refused once, retried, undone, asked for again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from provisioning.workflow.definition import ACTIVATION
from tests.waiting import until

from .visits import Office, Sit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

STEPS = ACTIVATION.steps


def refusal(step: str) -> dict[str, Any]:
    return {"step": step, "kind": "refuse", "times": 1}


def fails(office: Office, page: Any, name: str, step: str) -> str:
    """A provisioning that this step has refused, with its page open; its id."""
    with office.disturbed([refusal(step)]):
        id = office.activate(name)
        page.goto(f"/provisionings/{id}")
        # Asked of the runtime too, so that a page that does not show it is told from a step that did not fail.
        office.wait_for(id, "FAILED")
        page.get_by_role("button", name="Retry").wait_for()
    return id


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_that_is_refused_says_why_and_is_retried(
    sit: Sit, office: Office, expect: Callable[..., Any], step: Any
) -> None:
    """Which step, the cause and the remedy stand there, the log opens itself; Retry goes on from this step to the end."""
    page = sit().page
    id = fails(office, page, f"Refused {step.name.partition('_')[0]}", step.name)
    why = page.get_by_role("alert")
    expect(why).to_contain_text("The switch for trials refused this step")
    expect(why).to_contain_text(step.title)
    expect(why).to_contain_text("Turn the switch off for this step, then retry.")
    expect(page.get_by_role("list", name="Log")).to_contain_text(step.title)
    done = STEPS.index(step)
    expect(page.get_by_role("main")).to_contain_text(f"{done} of {len(STEPS)} steps")
    page.get_by_role("button", name="Retry").click()

    expect(page.locator("main progress")).to_have_attribute("value", "100", timeout=60_000)
    expect(why).to_have_count(0)
    assert office.provisioning(id)["status"] == "COMPLETED"


def test_a_step_that_fails_is_tried_again_before_ones_eyes(
    sit: Sit, office: Office, expect: Callable[..., Any]
) -> None:
    """Nobody has to do anything; how many attempts it took stays to be read."""
    page = sit().page
    with office.disturbed([{"step": "deploy_website", "kind": "fail", "times": 2}]):
        page.goto(f"/provisionings/{office.activate('Stubborn')}")
        step = page.get_by_role("listitem").filter(has_text="Publish the website").first
        expect(step).to_contain_text("Trying again")
        expect(step).to_contain_text("3 attempts", timeout=60_000)

        expect(page.locator("main progress")).to_have_attribute("value", "100", timeout=60_000)
    expect(step).to_contain_text("Done · 3 attempts")


def test_a_failed_one_is_rolled_back_and_begun_anew_with_the_same_answers(
    sit: Sit, office: Office, expect: Callable[..., Any]
) -> None:
    """What will be undone stands there before, the last first; the form then holds all that was answered."""
    page = sit().page
    id = fails(office, page, "Begun Anew", "initialize_data")
    page.get_by_role("button", name="Roll back").click()
    dialog = page.get_by_role("dialog")
    undone = [entry["title"] for entry in office.ask("GET", f"provisionings/{id}/undo")["steps"]]
    expect(dialog.get_by_role("listitem").locator("strong")).to_have_text(undone)
    assert undone[-1] == STEPS[0].title
    dialog.get_by_role("button", name="Roll back").click()
    expect(page.get_by_role("main")).to_contain_text("Rolled back", timeout=60_000)
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Start over").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="Summary").first.click()
    before = office.ask("GET", f"provisionings/{id}/request")["request"]
    for answer in (before["store_name"], before["owner_email"], before["subdomain"]):
        expect(form).to_contain_text(answer)
    form.get_by_role("button", name="Activate store").click()

    expect(page.locator("main progress")).to_have_attribute("value", "100", timeout=60_000)
    merchant = office.ask("GET", f"merchants/{office.provisioning(id)['merchant_id']}")
    assert merchant["status"] == "ACTIVE"
    assert merchant["provisioning"]["id"] != id


def test_start_over_undoes_first(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """Asked of a failed one, it takes back what was made, and opens the form by itself then."""
    page = sit().page
    id = fails(office, page, "Undone First", "deploy_website")
    page.get_by_role("button", name="Start over").click()
    form = page.get_by_role("dialog")
    form.get_by_role("radio").first.wait_for(timeout=60_000)
    assert office.provisioning(id)["status"] == "ROLLED_BACK"
    form.get_by_role("button", name="Summary").first.click()
    form.get_by_role("button", name="Activate store").click()

    expect(page.locator("main progress")).to_have_attribute("value", "100", timeout=60_000)


def test_a_store_that_may_be_in_use_is_undone_by_its_name_alone(
    sit: Sit, office: Office, expect: Callable[..., Any]
) -> None:
    """Its subdomain has to be typed; then nothing answers at its address any more."""
    page = sit().page
    id = office.activate("In Use")
    page.goto(f"/provisionings/{id}")
    expect(page.locator("main progress")).to_have_attribute("value", "100", timeout=60_000)
    website = page.get_by_role("link", name="Open store").get_attribute("href")
    # An instance may show its last answer for two seconds.
    until(office.answers(website, 200), f"nothing answers at {website}", 5)
    page.get_by_role("button", name="Roll back").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_count(len(STEPS))
    button = dialog.get_by_role("button", name="Roll back")
    dialog.get_by_role("textbox").fill("another")
    expect(button).to_be_disabled()
    dialog.get_by_role("textbox").fill(office.provisioning(id)["subdomain"])
    button.click()

    expect(page.get_by_role("main")).to_contain_text("Rolled back", timeout=60_000)
    expect(page.get_by_role("link", name="Open store")).to_have_count(0)
    until(office.answers(website, 404), f"something answers at {website} still", 5)
