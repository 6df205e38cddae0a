"""The portal reads and writes Firestore itself, on the emulated runtime and under production's security rules."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from provisioning.local.portal import BUILT
from provisioning.local.portal_build import NO_NODE, PortalBuild
from provisioning.ports import Query, Where

from .conftest import Served, serving

pytestmark = [pytest.mark.browser, pytest.mark.emulators, pytest.mark.slow, pytest.mark.timeout(400)]

CHROMIUM = shutil.which("chromium")
BUILD_SECONDS = 300
FINISH_MS = 90_000
LOOK = """async () => {
  const answer = await fetch(new Request(`http://${HOST}/v1/projects/${PROJECT}/databases/(default)/documents/merchants`));
  return answer.status;
}"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> None:
    build = PortalBuild(tmp_path_factory.mktemp("build"))
    build.start()
    try:
        assert build.wait(BUILD_SECONDS), "the portal's build does not end"
    finally:
        build.stop()
    said = build.explain()
    if said.startswith(NO_NODE.partition("{")[0]):
        pytest.skip(said)
    assert (BUILT / "index.html").is_file(), said


@pytest.fixture(scope="module")
def emulated(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    with serving(tmp_path_factory.mktemp("up"), emulators=True) as runtime:
        yield runtime


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, emulated: Served) -> Iterator[Any]:
    context = browser.new_context(base_url=f"http://localhost:{emulated.port}", locale="en-GB")
    yield context.new_page()
    context.close()


def _asked_of_firestore(page: Any, emulated: Served) -> list[str]:
    """The addresses of Firestore that the page asks from now on."""
    host, calls = emulated.variables["FIRESTORE_EMULATOR_HOST"], []
    page.on("request", lambda r: calls.append(urlsplit(r.url).path) if host in r.url else None)
    return calls


def test_an_admin_activates_a_merchant(page: Any, emulated: Served) -> None:
    """The request is written to Firestore, and the page shows what Firestore tells, up to 100 %."""
    expect = pytest.importorskip("playwright.sync_api").expect
    calls = _asked_of_firestore(page, emulated)
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    page.goto("/merchants")
    page.get_by_role("button", name="admin@example.com").click()
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


def test_support_looks_and_activates_nothing(page: Any, emulated: Served) -> None:
    """The provisioning of before is there, live, and no form."""
    newest = Query(
        "provisionings", where=(Where("kind", "==", "activation"),), order_by="-requested_at", limit=1
    )
    (done,) = emulated.documents.query(newest)
    page.goto(f"/provisionings/{done.id}")
    page.get_by_role("button", name="support@example.com").click()
    page.get_by_text("7 of 7 steps").wait_for(timeout=FINISH_MS)
    page.goto("/merchants")
    page.get_by_role("searchbox").wait_for()

    assert page.get_by_role("button", name="Activate:").count() == 0


def test_who_has_no_role_gets_nothing(page: Any, emulated: Served) -> None:
    """Neither by the portal, nor by Firestore, when the page itself asks it."""
    host, project = (emulated.variables[name] for name in ("FIRESTORE_EMULATOR_HOST", "GOOGLE_CLOUD_PROJECT"))
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
