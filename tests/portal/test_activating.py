"""From a pending merchant to an open store, through the form."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.waiting import until

from .visits import Office, Sit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

#: Notes when a percentage stands on the screen: after the frame that paints it.
_WATCH_PERCENT = """window.painted = {};
new MutationObserver(() => {
  const bar = document.querySelector('main progress');
  if (bar && !(bar.value in painted)) {
    painted[bar.value] = null;
    requestAnimationFrame(() => setTimeout(() => { painted[bar.value] ??= Date.now() }));
  }
}).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});"""


def open_form(page: Any, merchant: dict[str, Any]) -> Any:
    """The form for this merchant, found by searching."""
    page.goto("/merchants")
    page.get_by_role("searchbox").fill(merchant["name"])
    page.get_by_role("button", name=f"Activate: {merchant['name']}").click()
    form = page.get_by_role("dialog", name=f"Activate {merchant['name']}")
    form.get_by_role("radio").first.wait_for()
    return form


def test_a_pending_merchant_goes_live(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """The form says what will be made; the page shows it being made, up to 100 %, and its links answer."""
    merchant = office.merchant("Amber Lights")
    page = sit().page
    form = open_form(page, merchant)
    form.get_by_role("button", name="Next").click()
    expect(form.get_by_role("radio", name="Professional")).to_be_visible()
    form.get_by_role("button", name="Next").click()
    expect(form.get_by_label("Subdomain")).to_have_value(merchant["subdomain"])
    expect(form).to_contain_text(f"{merchant['subdomain']}.localhost is free")
    form.get_by_role("button", name="Next").click()
    form.get_by_label("Stripe").check()
    form.get_by_role("radio", name="Immediately").check(force=True)
    form.get_by_role("button", name="Summary", exact=True).last.click()
    expect(form).to_contain_text("A store that is open to shoppers at once")
    expect(form).to_contain_text("1 task for the owner: Stripe")
    form.get_by_role("button", name="Activate store").click()

    expect(page.locator("main progress")).to_have_attribute("value", "100", timeout=60_000)
    expect(page.get_by_role("main")).to_contain_text(f"{merchant['name']} is ready")
    expect(page.get_by_role("main")).to_contain_text("7 of 7 steps")
    # An instance may show its last answer for two seconds; and the dashboard is the owner's, who has not opened it yet.
    for name, status in (("Open store", 200), ("Open dashboard", 401)):
        address = page.get_by_role("link", name=name).get_attribute("href")
        until(office.answers(address, status), f"{address} does not answer with {status}", 5)


def test_a_double_click_is_one_request(sit: Sit, office: Office) -> None:
    """However often the button is pressed, one request is sent, and one provisioning made."""
    merchant = office.merchant("Twice Pressed")
    page = sit().page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    form = open_form(page, merchant)
    form.get_by_role("button", name="Summary").first.click()
    form.get_by_role("button", name="Activate store").dblclick()
    page.get_by_text("7 of 7 steps").wait_for(timeout=60_000)

    assert [url for url in sent if url.endswith("/activate")] == [
        f"{office.address}/api/provisioning/merchants/{merchant['id']}/activate"
    ]


def test_the_form_refuses_what_the_server_would(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """In the server's words, at the field; and another free address is one click away."""
    taken, merchant = office.merchant("Taken Place"), office.merchant("Late Comer")
    office_id = office.activate("Taken Place")
    taken_label = office.provisioning(office_id)["subdomain"]
    page = sit().page
    form = open_form(page, merchant)
    form.get_by_role("button", name="Store", exact=False).first.click()
    field = form.get_by_label("Subdomain")
    field.fill("-no-")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(taken_label)
    expect(form).to_contain_text("Free instead:")
    form.get_by_role("button", name=taken_label).first.click()
    expect(form).to_contain_text("is free")
    expect(field).not_to_have_value(taken_label)
    form.get_by_label("Owner’s e-mail").fill("nobody")
    form.get_by_role("button", name="Summary").last.click()
    form.get_by_role("button", name="Activate store").click()

    expect(form.get_by_label("Owner’s e-mail")).to_have_attribute("aria-invalid", "true")
    assert office.ask("GET", f"merchants/{merchant['id']}")["provisioning"] is None
    assert taken["id"] != merchant["id"]


def test_the_keyboard_is_enough(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """From the list to the store at work, without a mouse; what has the focus is seen; Escape gives it back."""
    merchant = office.merchant("Keyboard Only")
    page = sit().page
    page.goto(f"/merchants?q={merchant['name'].replace(' ', '+')}")
    button = page.get_by_role("button", name=f"Activate: {merchant['name']}")
    button.wait_for()
    _tab_to(page, button)
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name=f"Activate {merchant['name']}")
    form.get_by_role("radio").first.wait_for()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    form.get_by_role("radio").first.wait_for()
    _tab_to(page, form.get_by_role("radio", checked=True))
    page.keyboard.press("ArrowDown")
    for _ in range(3):
        _tab_to(page, form.get_by_role("button", name="Next"))
        page.keyboard.press("Enter")
    _tab_to(page, form.get_by_role("switch", name="PayPal"))
    page.keyboard.press("Space")
    _tab_to(page, form.get_by_role("button", name="Summary").last)
    page.keyboard.press("Enter")
    expect(form).to_contain_text("1 task for the owner: PayPal")
    _tab_to(page, form.get_by_role("button", name="Activate store"))
    page.keyboard.press("Enter")

    expect(page.locator("main progress")).to_have_attribute("value", "100", timeout=60_000)


def _tab_to(page: Any, wanted: Any, most: int = 60) -> None:
    """Press Tab until it has the focus, which must be seen at each stop."""
    handle = wanted.element_handle()
    for _ in range(most):
        if handle.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(_SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
    raise AssertionError(f"Tab does not come to {wanted}")


_SHOWS_FOCUS = """() => {
  const focused = document.activeElement;
  if (focused === document.body || focused.tagName === 'MAIN') return true;
  const seen = [focused, focused.parentElement, focused.closest('label')].filter(Boolean);
  return seen.some(one => { const look = getComputedStyle(one);
    return (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== 'none'; });
}"""


def test_what_is_committed_stands_on_the_screen_within_a_second(
    sit: Sit, office: Office, record_property: Callable[[str, object], None]
) -> None:
    """From the server's note of a step's end to the frame that shows its percentage, on one machine's clock."""
    page = sit().page
    page.add_init_script(_WATCH_PERCENT)
    names = [step["name"] for step in office.ask("GET", f"provisionings/{office.activate('Pace')}")["steps"]]
    slow = [{"step": name, "kind": "slow", "times": 1, "seconds": 0.4} for name in names]
    with office.disturbed(slow):
        id = office.activate("Prompt Pictures")
        page.goto(f"/provisionings/{id}")
        page.get_by_text("7 of 7 steps").wait_for(timeout=60_000)
    page.wait_for_function("painted[100] > 0")
    painted = {int(value): at for value, at in page.evaluate("painted").items() if at}
    ended = {step["percent"]: _milliseconds(step["finished_at"]) for step in office.provisioning(id)["steps"]}
    first = min(painted)
    late = [painted[percent] - ended[percent] for percent in painted if percent in ended and percent > first]
    record_property("milliseconds from commit to screen", late)

    assert len(late) >= 3, painted
    assert statistics.median(late) < 1_000, late


def _milliseconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp() * 1000
