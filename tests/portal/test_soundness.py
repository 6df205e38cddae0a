"""
Every page and dialog of the portal under its real policy: a silent console, and nothing that axe finds, on a phone and a desktop, light and dark.

The portal reads Firestore here, under production's security rules, as it does in production; `test_soundness_embedded` looks at the same pages off the API.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import pytest
from quality.pages import FOLDER, TAGS

from provisioning.local.portal import SOURCES, content_policy
from tests.e2e.conftest import serving

from .dialogs import DIALOGS, titles_in_sources
from .routes import ROUTES, Places
from .visits import ADMIN, DESKTOP, PHONE, SUPPORT, Office, Sit, settled

AXE = FOLDER / "node_modules/axe-core/axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.emulators,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not AXE.exists(), reason="axe is not installed: make quality/node_modules/.made"),
]

SIZES = {"phone": PHONE, "desktop": DESKTOP}
LOOKS = ("light", "dark")


@pytest.fixture(scope="module")
def office(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Office]:
    """In the place of the embedded one."""
    with serving(tmp_path_factory.mktemp("portal"), emulators=True) as served:
        yield Office(served)


#: Colours have changed, also those that do so by a transition.
_PAINTED = """new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame)).then(() =>
  Promise.allSettled(document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished)))
  .then(() => true)"""


def faults_of(page: Any, what: str) -> list[str]:
    """All that is wrong with what is shown now, in both looks, on a phone and on a desktop."""
    found: list[str] = []
    session = page.context.new_cdp_session(page)
    # The debugger's own door: the page's policy lets no script of ours in, and is not to be loosened for it.
    for script in () if _run(session, "!!window.axe") else (AXE.read_text(),):
        _run(session, script)
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        for look in LOOKS:
            page.emulate_media(color_scheme=look)
            _run(session, _PAINTED)
            report = _run(session, f"axe.run({{runOnly: {json.dumps(TAGS)}}})")
            found += [
                f"{what} ({size}, {look}): {each['id']}: {node['failureSummary']} ({node['html'][:160]})"
                for each in report["violations"]
                for node in each["nodes"][:3]
            ]
        wide = _run(session, "document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{what} ({size}): it can be moved {wide} pixels sideways"] if wide > 0 else []
    page.set_viewport_size(PHONE)
    session.detach()
    return found


def _run(session: Any, expression: str) -> Any:
    answer = session.send(
        "Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True}
    )
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")


def sound(faults: list[str]) -> None:
    assert not faults, "\n".join(faults)


def test_the_policy_is_productions(office: Office) -> None:
    """But for the emulator's address; tests/terraform holds this policy and the deployed one together."""
    config = json.loads(office.visitor.get(f"{office.address}/config.json").data)
    assert config["data"] == "firestore"
    sent = office.visitor.get(f"{office.address}/").headers["Content-Security-Policy"]
    emulator = " http://{host}:{port}".format(**config["firestore_emulator"])

    assert "style-src 'self';" in sent
    assert sent.replace(emulator, "") == content_policy({**config, "firestore_emulator": None})


def test_what_is_wrong_is_found(sit: Sit) -> None:
    """A picture without words, too faint a word, a page too wide; and a style that the policy forbids is told."""
    desk = sit(meant=("policy: style-src", "violates the following Content Security Policy"))
    desk.page.goto("/merchants")
    settled(desk.page)
    sound(faults_of(desk.page, "list"))
    desk.page.evaluate("""() => {
      const main = document.querySelector('main');
      main.append(new Image());
      main.lastChild.src = '/favicon.svg';
      const wide = document.createElement('div');
      wide.style.width = '3000px';
      wide.textContent = 'wide';
      document.body.append(wide);
      main.insertAdjacentHTML('beforeend', '<p style="color: red">faint</p>');
    }""")
    desk.page.wait_for_timeout(100)
    found = " ".join(faults_of(desk.page, "broken"))

    assert "image-alt" in found
    assert "pixels sideways" in found
    assert any("policy: style-src" in said for said in desk.complaints), desk.complaints


@pytest.mark.parametrize("route", ROUTES)
def test_a_page_is_sound(page: Any, places: Places, route: str) -> None:
    page.goto(places.address(route))
    settled(page)

    sound(faults_of(page, route))


@pytest.mark.parametrize("state", ["failed", "completed"])
def test_a_provisioning_is_sound(page: Any, places: Places, state: str) -> None:
    """With its error and its log, or with what came of it."""
    page.goto(f"/provisionings/{getattr(places, state)}")
    settled(page)
    if state == "completed":
        page.get_by_role("main").locator("summary").filter(has_text="Log").click()
    page.get_by_role("list", name="Log").wait_for()

    sound(faults_of(page, state))


@pytest.mark.parametrize("dialog", DIALOGS)
def test_a_dialog_is_sound(page: Any, places: Places, dialog: str) -> None:
    """It has the name that the texts give it, and can be closed with the keyboard."""
    case = DIALOGS[dialog]
    case.open(page, places)
    opened = page.get_by_role("dialog", name=case.name)
    opened.wait_for()
    settled(page)

    sound(faults_of(page, dialog))
    page.keyboard.press("Escape")
    opened.wait_for(state="detached")


def test_no_dialog_is_left_out() -> None:
    """Whatever title the sources give to a dialog, one of that title is looked at; and there is no dialog but the one of `ui`."""
    assert {case.title for case in DIALOGS.values()} == titles_in_sources()
    native = [file.name for file in (SOURCES / "src").rglob("*.tsx") if "showModal" in file.read_text()]
    assert native == ["Dialog.tsx"]


def test_the_menu_of_a_phone_is_sound(page: Any) -> None:
    page.goto("/merchants")
    settled(page)
    page.get_by_role("button", name="Menu").click()

    sound(faults_of(page, "menu"))


def test_every_part_of_the_form_is_sound(page: Any, office: Office) -> None:
    """Also where fields are wrong, and when it is sent."""
    merchant = office.merchant("Sound Form")
    page.goto(f"/merchants?q={merchant['name'].replace(' ', '+')}")
    page.get_by_role("button", name=f"Activate: {merchant['name']}").click()
    form = page.get_by_role("dialog")
    form.get_by_role("radio").first.wait_for()
    found: list[str] = []
    parts = form.get_by_role("navigation").get_by_role("button")
    for number in range(parts.count()):
        parts.nth(number).click()
        if number == 2:
            form.get_by_label("Subdomain").fill("-")
            form.get_by_label("Owner’s e-mail").fill("nobody")
        page.wait_for_timeout(200)
        found += faults_of(page, f"part {number}")
    form.get_by_role("button", name="Activate store").click()
    form.get_by_label("Subdomain").wait_for()
    found += faults_of(page, "wrong fields")

    sound(found)


@pytest.mark.parametrize("who", ["nobody", "an owner", SUPPORT])
def test_what_others_see_is_sound(sit: Sit, office: Office, places: Places, who: str) -> None:
    """The sign-in page, the page for those without a role, and the list for those who may look only."""
    owner = office.ask("GET", f"provisionings/{places.completed}/request")["request"]["owner_email"]
    email = {"nobody": None, "an owner": owner}.get(who, who)
    page = sit(email, viewport=PHONE).page
    page.goto("/")
    if email is None:
        page.get_by_role("button", name=ADMIN).wait_for()
    settled(page)

    sound(faults_of(page, who))
