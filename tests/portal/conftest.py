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
from .visits import ADMIN, Desk, Office, Sit, at_desk

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


@pytest.fixture
def expect() -> Callable[..., Any]:
    return pytest.importorskip("playwright.sync_api").expect


@pytest.fixture(scope="package")
def places(office: Office) -> Places:
    """A store that is finished and has been changed since, one that has failed, and merchants who wait, so that no page is empty."""
    office.merchant("Waiting Room")
    with office.disturbed([{"step": "initialize_data", "kind": "refuse", "times": 1}]):
        failed = office.activate("Standing Still")
        office.wait_for(failed, "FAILED")
    completed = office.activate("Finished Store")
    store = office.wait_for(completed, "COMPLETED")
    office.publish_a_change(store["store_id"])
    return Places(store["merchant_id"], store["store_id"], completed, failed)
