"""
Draw a theme's icons from its `favicon.svg`, in Debian's Chromium: `tools/draw_icons.py themes/upfront-modern`.

Made anew whenever the drawing changes, and committed: the product itself draws nothing.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
#: Name, size in pixels, whether the ground reaches the edges (where a system cuts the corners itself), and how large the drawing is.
ICONS = (
    ("apple-touch-icon.png", 180, True, 1.0),
    ("icon-192.png", 192, False, 1.0),
    ("icon-512.png", 512, False, 1.0),
    ("icon-maskable-512.png", 512, True, 0.75),
)


def main(theme: Path) -> None:
    drawing = (theme / "assets" / "favicon.svg").read_text()
    ground = re.search(r'<rect[^>]*fill="(#[0-9a-f]{3,6})"', drawing)
    assert ground, "favicon.svg must begin with a rect that is its ground"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, size, whole, scale in ICONS:
            page = browser.new_page(viewport={"width": size, "height": size})
            inner = round(size * scale)
            colour = ground[1] if whole else "transparent"
            page.set_content(
                f"<style>body{{margin:0;background:{colour};display:grid;place-items:center;height:{size}px}}"
                f"svg{{width:{inner}px;height:{inner}px;display:block}}</style>{drawing}"
            )
            page.screenshot(path=theme / "assets" / name, omit_background=not whole)
            page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
