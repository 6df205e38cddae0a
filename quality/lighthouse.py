"""Lighthouse, run as its command, and what it says of a page."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
_SECONDS = 180.0

TRIES = 3
#: What Lighthouse says of a trace that it could not use; its own advice is to run it again.
_AGAIN = {"NO_NAVSTART", "NO_FCP", "NO_TRACING_STARTED", "NO_SCREENSHOTS", "PROTOCOL_TIMEOUT"}


@dataclass(frozen=True, slots=True)
class Report:
    """One run."""

    #: 0 to 100, in the order of `CATEGORIES`.
    scores: tuple[int, ...]
    #: What was less than whole: ids of audits that count.
    lost: tuple[str, ...]
    first_paint: float
    largest_paint: float
    blocking: float
    shift: float
    bytes: int
    #: What was asked for, each time that it was.
    addresses: tuple[str, ...]
    #: The pictures of the page and their bytes on the wire.
    pictures: dict[str, int]


def run(
    address: str,
    *,
    desktop: bool,
    port: int | None = None,
    skip: Sequence[str] = (),
    longest: float | None = None,
) -> Report:
    """
    Visit the page once, with a browser of its own, or with the one that is debugged at `port`, as it is: signed in, say. Audits
    to `skip` count for nothing. A page that goes on listening is never over: it is looked at for `longest` seconds then. Raises
    `RuntimeError` where Lighthouse does not end with a report.

    Now and then it has seen no navigation, and asks to be run again: so it is, twice.
    """
    for _ in range(TRIES - 1):
        report = _visit(address, desktop=desktop, port=port, skip=skip, longest=longest)
        if report.get("runtimeError", {}).get("code") not in _AGAIN:
            return _read(report)
    return _read(_visit(address, desktop=desktop, port=port, skip=skip, longest=longest))


def _visit(
    address: str, *, desktop: bool, port: int | None, skip: Sequence[str], longest: float | None
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report.json"
        command = [
            str(FOLDER / "node_modules/.bin/lighthouse"),
            address,
            "--quiet",
            "--output=json",
            # A tenth of the time, and no score depends on it.
            "--disable-full-page-screenshot",
            f"--output-path={output}",
            *(
                [f"--chrome-flags={_FLAGS} --user-data-dir={folder}/profile"]
                if port is None
                else [f"--port={port}", "--disable-storage-reset"]
            ),
            f"--only-categories={','.join(CATEGORIES)}",
            *([f"--skip-audits={','.join(skip)}"] if skip else []),
            *(["--preset=desktop"] if desktop else []),
            *([] if longest is None else [f"--max-wait-for-load={longest * 1000:.0f}"]),
        ]
        ended = subprocess.run(
            command, env=_environment(), capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        if not output.exists():
            raise RuntimeError(f"lighthouse made no report of {address}: {ended.stderr.strip()[-400:]}")
        report: dict[str, Any] = json.loads(output.read_text())
        return report


def _environment() -> dict[str, str]:
    from provisioning.settings import environment

    return environment() | {"CHROME_PATH": shutil.which("chromium") or "chromium"}


def _read(report: dict[str, Any]) -> Report:
    if report.get("runtimeError"):
        raise RuntimeError(str(report["runtimeError"].get("message")))
    audits, categories = report["audits"], report["categories"]
    lost = [
        reference["id"]
        for name in CATEGORIES
        for reference in categories[name]["auditRefs"]
        if reference["weight"] > 0
        and (audits[reference["id"]]["score"] or 0) < 0.9
        and audits[reference["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")
    ]
    requests = audits["network-requests"]["details"]["items"]
    return Report(
        scores=tuple(round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES),
        lost=tuple(lost),
        first_paint=audits["first-contentful-paint"]["numericValue"] / 1000,
        largest_paint=audits["largest-contentful-paint"]["numericValue"] / 1000,
        blocking=audits["total-blocking-time"]["numericValue"],
        shift=audits["cumulative-layout-shift"]["numericValue"],
        bytes=sum(each.get("transferSize", 0) for each in requests),
        addresses=tuple(each["url"] for each in requests),
        pictures={
            each["url"]: each.get("transferSize", 0)
            for each in requests
            if each.get("resourceType") == "Image"
        },
    )
