"""Live pages: two people at once, a network that goes away, a tab that sleeps, a server that starts again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import free_port, start, stop

from .visits import WITHOUT_NETWORK, Desk, Office, Sit, at_desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def slow(*steps: str, seconds: float = 3.0) -> list[dict[str, Any]]:
    return [{"step": step, "kind": "slow", "times": 1, "seconds": seconds} for step in steps]


def finished(expect: Callable[..., Any], page: Any) -> None:
    expect(page.locator("main progress")).to_have_attribute("value", "100", timeout=60_000)


def lines(page: Any) -> list[str]:
    """The log as it stands on the page, opened where it is closed."""
    if page.get_by_role("list", name="Log").count() == 0:
        page.get_by_role("main").locator("summary").filter(has_text="Log").click()
    log = page.get_by_role("list", name="Log")
    log.get_by_role("listitem").first.wait_for()
    return log.locator("time").evaluate_all("all => all.map(one => one.dateTime)")


def written(office: Office, id: str) -> list[str]:
    return [entry["at"] for entry in office.provisioning(id)["log"]]


def test_two_admins_at_once(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """Both press the button: it happens once, who comes second is told so, and both see the same without doing anything."""
    with office.disturbed([{"step": "deploy_website", "kind": "refuse", "times": 1}]):
        id = office.activate("Two Admins")
        # The browser itself tells of the second one's refusal.
        one, other = sit().page, sit(meant=("409 (CONFLICT)",)).page
        for page in (one, other):
            page.goto(f"/provisionings/{id}")
            page.get_by_role("button", name="Retry").wait_for()
    held: list[Any] = []
    other.route("**/retry", lambda route: held.append(route))
    other.get_by_role("button", name="Retry").click()
    # On its way, and overtaken there by somebody who pressed later.
    while not held:
        other.wait_for_timeout(20)
    with one.expect_response("**/retry") as first:
        one.get_by_role("button", name="Retry").click()
    assert first.value.ok, first.value.status
    held[0].continue_()

    told = other.get_by_role("alert").filter(has_text="That was refused")
    expect(told).to_contain_text("only a FAILED provisioning can be retried")
    expect(one.get_by_role("alert")).to_have_count(0)
    for page in (one, other):
        finished(expect, page)
        expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    deeds = office.ask("GET", f"audit-log?subject=provisionings/{id}")["entries"]
    assert [deed["action"] for deed in deeds].count("provisioning.retry") == 1, deeds
    assert lines(one) == lines(other) == written(office, id)


def test_a_network_that_goes_away_loses_no_line(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """The page says that it is not connected and of when it is; then it catches up, each line once."""
    page = sit(meant=WITHOUT_NETWORK).page
    with office.disturbed(slow("create_workspace", "deploy_website", "initialize_data", seconds=2)):
        id = office.activate("Cut Off")
        page.goto(f"/provisionings/{id}")
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        lines(page)
        page.context.set_offline(True)
        expect(page.get_by_role("alert").filter(has_text="Not connected")).to_be_visible()
        page.context.set_offline(False)
        expect(page.get_by_text("Not connected")).to_have_count(0)
        finished(expect, page)

    assert lines(page) == written(office, id)


def test_reload_and_another_tab_lose_no_line(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """The page comes back where it was, also from behind another tab."""
    desk = sit()
    page = desk.page
    with office.disturbed(slow("create_workspace", "deploy_website", seconds=2)):
        id = office.activate("Come Back")
        page.goto(f"/provisionings/{id}")
        lines(page)
        page.reload()
        expect(page.locator("main progress")).to_be_visible()
        tab = page.context.new_page()
        tab.goto("/merchants")
        tab.bring_to_front()
        expect(tab.get_by_role("table")).to_be_visible()
        page.bring_to_front()
        finished(expect, page)

    assert lines(page) == written(office, id)


def test_the_list_shows_what_comes_of_it(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """Merchants and their counts are renewed while one looks."""
    merchant = office.merchant("List Watcher")
    page = sit().page
    page.goto(f"/merchants?q={merchant['name'].replace(' ', '+')}")
    row = page.get_by_role("row").filter(has_text=merchant["name"])
    expect(row).to_contain_text("Pending")
    answers = {
        "store_id": merchant["id"],
        "store_name": merchant["name"],
        "owner_email": merchant["owner_email"],
        "theme": "upfront-modern",
        "plan": "professional",
        "subdomain": merchant["subdomain"],
        "category": "electronics",
    }
    office.ask("POST", f"merchants/{merchant['id']}/activate", answers, **{"Idempotency-Key": merchant["id"]})

    expect(row).to_contain_text("Active", timeout=60_000)
    expect(row.get_by_role("link", name=f"Open store: {merchant['name']}")).to_be_visible()


def test_a_server_that_starts_again_is_followed(
    browser: Any, built: None, tmp_path: Path, expect: Callable[..., Any]
) -> None:
    """Stopped in the middle: the page says so, keeps what it knows, and sees the end when the server is back; nobody signs in anew."""
    port, data, variables = free_port(), tmp_path / "data", tmp_path / "out.env"
    command = [sys.executable, "-m", "provisioning", "up", "--port", str(port), "--data", str(data)]
    command += ["--write-env", str(variables)]
    with pytest.MonkeyPatch.context() as patch:
        served = start(command, port, data, variables, patch)
        try:
            office = Office(served)
            with at_desk(browser, office) as desk:
                id = _start_slowly(office, desk, expect)
                stop(served)
                expect(desk.page.get_by_role("alert").filter(has_text="Not connected")).to_be_visible()
                expect(desk.page.get_by_role("main")).to_contain_text("Make the workspace")
                served = start(command, port, data, variables, patch)
                finished(expect, desk.page)
                expect(desk.page.get_by_text("Not connected")).to_have_count(0)
                assert lines(desk.page) == written(Office(served), id)
        finally:
            stop(served)


def _start_slowly(office: Office, desk: Desk, expect: Callable[..., Any]) -> str:
    office.ask("PUT", "local/faults", {"faults": slow("deploy_website", seconds=5)})
    id = office.activate("Started Again")
    desk.page.goto(f"/provisionings/{id}")
    expect(desk.page.get_by_text("Live", exact=True)).to_be_visible()
    return id
