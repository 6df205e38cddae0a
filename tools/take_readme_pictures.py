"""
The pictures of the README: `python tools/take_readme_pictures.py` runs the demonstration on a free port and takes them.

The terminal's is what rich records; the store's is a photograph by Chromium.
"""

from __future__ import annotations

import io
import re
import shutil
import socket
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

from provisioning.demonstration import demonstrate

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH, HEIGHT = 1280, 718
#: A picture's pixels for one of the page's: keeps the file small.
SCALE = 0.875
COLUMNS = 80


class Shutter(threading.Event):
    """What the demonstration waits for once it serves: takes the photograph, and lets it end."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def wait(self, timeout: float | None = None) -> bool:
        photograph(f"http://awesome-store.localhost:{self._port}/", PICTURES / "store.png")
        return True


def photograph(address: str, file: Path) -> None:
    """The first screen of a page, as a shopper with a common display sees it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE, color_scheme="light"
        )
        page.goto(address, wait_until="networkidle")
        page.screenshot(path=file, animations="disabled")
        browser.close()


def record(folder: Path) -> str | None:
    """Run the demonstration with a console that records; why it failed, or None."""
    port = free_port()
    console = _recorder(200, force_terminal=True, force_interactive=False)
    data = folder / ".provisioning" / "demo"
    failure = demonstrate(
        console, data=data, port=port, emulators=False, once=False, build_portal=False, ended=Shutter(port)
    )
    # As it looks from the checkout, and on the usual port.
    shown = console.export_text(styles=True).replace(f"{folder}/", "").replace(str(port), "8080")
    draw(re.sub(r"([0-9a-f]{12})[0-9a-f]{52}\.eml", r"\1….eml", shown), PICTURES / "demo.svg")
    return failure


def draw(shown: str, file: Path) -> None:
    """A terminal's text as a picture that fetches no font from anywhere."""
    paper = _recorder(COLUMNS)
    paper.print(Text.from_ansi(shown.rstrip()))
    drawing = paper.export_svg(title="make demo", unique_id="demo")
    file.write_text(re.sub(r"@font-face\s*\{.*?\}\s*", "", drawing, flags=re.DOTALL), encoding="utf-8")


def _recorder(width: int, **more: bool) -> Console:
    return Console(
        record=True, file=io.StringIO(), width=width, color_system="truecolor", highlight=False, **more
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> int:
    """Take both; 1 and the reason where the demonstration failed."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        failure = record(Path(folder))
    if failure:
        print(failure, file=sys.stderr)  # noqa: T201
    return int(failure is not None)


if __name__ == "__main__":
    sys.exit(main())
