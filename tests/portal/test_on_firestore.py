"""The portal reads and writes Firestore itself, on the emulated runtime and under production's security rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import serving

from . import test_sorrows, test_watching
from .visits import ADMIN, SUPPORT, Office, Sit

pytestmark = [pytest.mark.browser, pytest.mark.emulators, pytest.mark.slow, pytest.mark.timeout(400)]

FINISH_MS = 90_000
LOOK = """async () => {
  const answer = await fetch(new Request(`http://${HOST}/v1/projects/${PROJECT}/databases/(default)/documents/merchants`));
  return answer.status;
}"""
#: What Firestore's client says of its own accord while there is no network. It looks for one by a picture of Google's, which cannot be
#: turned off and which the policy does not let it have.
NOT_REACHED = (
    "Could not reach Cloud Firestore backend",
    "WebChannelConnection",
    "https://www.google.com/images/cleardot.gif",
)


@pytest.fixture(scope="module")
def office(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Office]:
    """In the place of the embedded one, for whoever sits at a browser here."""
    with serving(tmp_path_factory.mktemp("portal"), emulators=True) as served:
        yield Office(served)


def _asked_of_firestore(page: Any, office: Office) -> list[str]:
    """The addresses of Firestore that the page asks from now on."""
    host, calls = office.served.variables["FIRESTORE_EMULATOR_HOST"], []
    page.on("request", lambda r: calls.append(urlsplit(r.url).path) if host in r.url else None)
    return calls


def test_an_admin_activates_a_merchant(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """The request is written to Firestore, and the page shows what Firestore tells, up to 100 %."""
    page = sit(None).page
    calls = _asked_of_firestore(page, office)
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    page.goto("/merchants")
    page.get_by_role("button", name=ADMIN).click()
    page.get_by_role("button", name="Activate:").first.click()
    form = page.get_by_role("dialog")
    form.get_by_role("radio").first.wait_for()
    form.get_by_role("button", name="Summary").first.click()
    form.get_by_role("button", name="Activate store").click()

    expect(page.locator("main progress")).to_have_attribute("value", "100", timeout=FINISH_MS)
    expect(page.get_by_role("main")).to_contain_text("7 of 7 steps")
    assert any("/Listen/" in call for call in calls)
    assert any("/Write/" in call or ":commit" in call for call in calls)
    assert not [url for url in posted if url.endswith("/activate")]


def test_a_list_is_there_before_firestore_and_follows_it(
    sit: Sit, office: Office, expect: Callable[..., Any]
) -> None:
    """It comes off the API, and from the moment that Firestore is listened to as soon as something changes."""
    page = sit().page
    happened: list[str] = []
    page.on("response", lambda answer: happened.append("answer") if "/merchants?" in answer.url else None)
    page.on("request", lambda request: happened.append("listener") if "/Listen/" in request.url else None)
    with page.expect_request(lambda request: "/Listen/" in request.url):
        page.goto("/merchants")
    assert happened[0] == "answer"
    # Without Firestore it would take a minute.
    made = office.merchant("Seen At Once")
    expect(page.get_by_role("main")).to_contain_text(made["name"], timeout=3_000)


def test_support_looks_and_activates_nothing(sit: Sit, office: Office) -> None:
    """What becomes of a request of somebody else is there, live, and no form."""
    page = sit(SUPPORT).page
    page.goto(f"/provisionings/{office.activate('Looked At')}")
    page.get_by_text("7 of 7 steps").wait_for(timeout=FINISH_MS)
    page.goto("/merchants")
    page.get_by_role("searchbox").wait_for()

    assert page.get_by_role("button", name="Activate:").count() == 0


def test_who_has_no_role_gets_nothing(sit: Sit, office: Office) -> None:
    """Neither by the portal, nor by Firestore, when the page itself asks it."""
    variables = office.served.variables
    host, project = (variables[name] for name in ("FIRESTORE_EMULATOR_HOST", "GOOGLE_CLOUD_PROJECT"))
    page = sit(None, meant=("403", "permission-denied", "PERMISSION_DENIED")).page
    page.goto("/")
    kept = {
        "uid": "uid-account",
        "email": "somebody@example.com",
        "role": None,
        "token": "none",
        "expires_at": "2099-01-01T00:00:00Z",
    }
    page.evaluate("kept => localStorage.setItem('portal.session', kept)", json.dumps(kept))
    page.goto("/merchants")
    page.get_by_text("somebody@example.com").wait_for()

    status = page.evaluate(LOOK.replace("${HOST}", host).replace("${PROJECT}", project))
    assert page.get_by_role("searchbox").count() == 0
    assert status == 403


def test_a_step_that_is_refused_says_why_and_is_retried(
    sit: Sit, office: Office, expect: Callable[..., Any]
) -> None:
    """As on the embedded runtime, at the step that writes the website."""
    (step,) = (step for step in test_sorrows.STEPS if step.name == "deploy_website")
    test_sorrows.test_a_step_that_is_refused_says_why_and_is_retried(sit, office, expect, step)


def test_a_failed_one_is_rolled_back_and_begun_anew(
    sit: Sit, office: Office, expect: Callable[..., Any]
) -> None:
    """The form's second request is written to Firestore too."""
    test_sorrows.test_a_failed_one_is_rolled_back_and_begun_anew_with_the_same_answers(sit, office, expect)


def test_two_admins_at_once(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """Both see by Firestore what the first one's click has led to."""
    test_watching.test_two_admins_at_once(sit, office, expect)


def test_a_network_that_goes_away_loses_no_line(sit: Sit, office: Office, expect: Callable[..., Any]) -> None:
    """Firestore's own listener says that it is cut off, and catches up."""

    def seat(email: str | None = ADMIN, *, meant: tuple[str, ...] = (), **options: Any) -> Any:
        return sit(email, meant=(*meant, *NOT_REACHED), **options)

    test_watching.test_a_network_that_goes_away_loses_no_line(seat, office, expect)
