"""One runtime that serves the built portal, and one browser, for all tests of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from provisioning.local.portal import BUILT
from provisioning.local.portal_build import NO_NODE, PortalBuild
from tests.e2e.conftest import serving

from .routes import Places
from .visits import ADMIN, PHONE, Desk, Office, Sit, at_desk

CHROMIUM = shutil.which("chromium")
BUILD_SECONDS = 300


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The portal as `provisioning up` builds it: once, and not at all where it is built of these sources."""
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


@pytest.fixture(scope="package")
def office(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Office]:
    with serving(tmp_path_factory.mktemp("portal"), emulators=False) as served:
        yield Office(served)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed")
    playwright.expect.set_options(timeout=20_000)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()
        playwright.expect.set_options(timeout=5_000)


@pytest.fixture
def sit(browser: Any, office: Office) -> Iterator[Sit]:
    """Seats somebody at a browser of their own, whose console stays silent but for what is `meant` to be said."""
    desks: list[tuple[Desk, tuple[str, ...]]] = []
    with ExitStack() as stack:

        def seat(email: str | None = ADMIN, *, meant: tuple[str, ...] = (), **options: Any) -> Desk:
            desk = stack.enter_context(at_desk(browser, office, email, **options))
            desks.append((desk, meant))
            return desk

        yield seat
    for desk, meant in desks:
        assert [said for said in desk.complaints if not any(each in said for each in meant)] == []


@pytest.fixture(scope="module")
def seat(browser: Any, office: Office) -> Iterator[Desk]:
    """An administrator's browser, in which what was loaded once need not be loaded again."""
    with at_desk(browser, office, viewport=PHONE) as desk:
        yield desk


@pytest.fixture
def page(seat: Desk) -> Iterator[Any]:
    """A tab of it, as large as a phone, whose console has to stay silent."""
    desk = Desk(seat.page.context.new_page())
    yield desk.page
    desk.page.close()
    assert desk.complaints == []


@pytest.fixture
def expect() -> Callable[..., Any]:
    return pytest.importorskip("playwright.sync_api").expect


@pytest.fixture(scope="module")
def places(office: Office) -> Places:
    """Stores that are finished and have been changed since, one that has failed, and merchants who wait, so that no page is empty."""
    office.merchant("Waiting Room")
    with office.disturbed([{"step": "initialize_data", "kind": "refuse", "times": 1}]):
        failed = office.activate("Standing Still")
        office.wait_for(failed, "FAILED")
    completed, other = office.activate("Finished Store"), office.activate("Other Clothes")
    store, another = (office.wait_for(id, "COMPLETED") for id in (completed, other))
    office.publish_a_dead_link(store["store_id"])
    for changed in (store, another):
        office.publish_a_change(changed["store_id"])
    office.add_picture(store["store_id"])
    office.file_a_letter()
    return Places(store["merchant_id"], store["store_id"], completed, failed, another["merchant_id"])
