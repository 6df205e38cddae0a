"""What all tests share: with `REQUIRE_ALL=1` a skipped test is a failed one, so that nothing is left out unseen."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from provisioning import logs

# A shared machine is sometimes slow; pytest-timeout bounds each test as a whole.
settings.register_profile("provisioning", deadline=None)
settings.load_profile("provisioning")


def _find_memory() -> Path | None:
    """A file system in memory with room enough, from which programs may be started."""
    folder = Path("/dev/shm")
    try:
        found = os.statvfs(folder)
    except (OSError, AttributeError):
        return None
    is_roomy = found.f_bavail * found.f_frsize > 4 * 1024**3
    return folder if is_roomy and not found.f_flag & (os.ST_RDONLY | os.ST_NOEXEC) else None


# Stores are hundreds of small files each: on a disk, tests spend more time on making and removing them than on anything else.
if "TMPDIR" not in os.environ and (memory := _find_memory()):
    os.environ["TMPDIR"] = str(memory)
    tempfile.tempdir = None

# Runtimes that tests start have no use for the portal; those of its build start it themselves.
os.environ.setdefault("PROVISIONING_PORTAL", "0")


@pytest.fixture(autouse=True)
def open_log() -> Iterator[None]:
    """What a test has let the log be written to may be closed with it; the next test's lines go to one that stays open."""
    yield
    logs.configure(stream=sys.__stderr__)


def _refuse_skip(report: Any) -> Any:
    skipped = report.outcome == "skipped" and not hasattr(report, "wasxfail")
    if skipped and os.environ.get("REQUIRE_ALL") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 allows no skip: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    return _refuse_skip((yield))
