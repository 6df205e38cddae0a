"""How fast the portal is for somebody who is signed in: Lighthouse on a list of 25 rows, off Firestore, on a desktop and a phone."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pytest
from quality import lighthouse

from tests.e2e.conftest import free_port, serving

from .conftest import CHROMIUM
from .visits import ADMIN, Office, settled

ROWS = 25
RUNS = 3
#: Performance, and the other categories.
LEAST = {"desktop": (95, 95), "phone": (90, 95)}
#: Search engines are told to stay away.
SKIP = ("is-crawlable",)
#: Firestore is listened to without end. The list stands after two seconds.
SECONDS = 15.0

pytestmark = [
    pytest.mark.browser,
    pytest.mark.emulators,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not (lighthouse.FOLDER / "node_modules/.made").exists(),
        reason="the measuring tools are not installed: make quality/node_modules/.made",
    ),
]


@dataclass(frozen=True, slots=True)
class Seat:
    """A browser in which an administrator has signed in, and where it is debugged."""

    context: Any
    port: int

    def rows(self, address: str) -> int:
        """How many rows the list has that it shows."""
        page = self.context.new_page()
        page.goto(address)
        settled(page)
        found = page.get_by_role("main").get_by_role("row").count() - 1
        page.close()
        return found


@pytest.fixture(scope="module", params=LEAST)
def form(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def office(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Office]:
    """In the place of the embedded one."""
    with serving(tmp_path_factory.mktemp("portal"), emulators=True) as served:
        yield Office(served)


@pytest.fixture(scope="module")
def seat(
    browser: Any, office: Office, form: str, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Seat]:
    port = free_port()
    context = browser.browser_type.launch_persistent_context(
        tmp_path_factory.mktemp(form),
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--disable-gpu", "--disable-quic", f"--remote-debugging-port={port}"],
    )
    page = context.new_page()
    page.goto(f"{office.address}/")
    page.evaluate("kept => localStorage.setItem('portal.session', kept)", json.dumps(office.sign_in(ADMIN)))
    page.close()
    yield Seat(context, port)
    context.close()


def _is_fast(report: lighthouse.Report, form: str) -> bool:
    performance, others = LEAST[form]
    return report.scores[0] >= performance and min(report.scores[1:]) >= others


def test_a_list_of_25_rows_is_fast(seat: Seat, office: Office, form: str) -> None:
    """In two of three visits: desktop performance at least 95, phone 90, everything else 95."""
    for number in range(ROWS - len(office.ask("GET", f"merchants?limit={ROWS}")["merchants"])):
        office.merchant(f"Quick {number}")
    address = f"{office.address}/merchants"
    reports: list[lighthouse.Report] = []
    # Of three visits two decide the median.
    while sum(_is_fast(report, form) for report in reports) < 2 and len(reports) < RUNS:
        desktop = form == "desktop"
        reports.append(lighthouse.run(address, desktop=desktop, port=seat.port, skip=SKIP, longest=SECONDS))
    told = [(report.scores, report.lost) for report in reports]
    print(form, told)

    assert sum(_is_fast(report, form) for report in reports) == 2, told
    # The list followed Firestore already while it was measured.
    assert all(any("/Listen/" in address for address in report.addresses) for report in reports)
    # Nobody was signed out by it: that is what was looked at.
    assert seat.rows(address) == ROWS
