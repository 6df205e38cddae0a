"""The few pages that are no store's: nothing here, closed for now, not open yet, a preview without its link. They name no store and look like none."""

from __future__ import annotations

import hashlib

_STYLE = """
:root { color-scheme: light; }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 2rem; box-sizing: border-box;
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: #1c1b19; background: #faf9f6; }
main { max-width: 34rem; }
h1 { margin: 0 0 .75rem; font-size: clamp(2rem, 6vw, 3.25rem); line-height: 1.05; letter-spacing: -.03em; font-weight: 600; }
p { margin: 0; color: #5d5a54; }
""".lstrip()

STYLE = _STYLE.encode()
#: Where every host answers the style of these pages. No release has a path that begins so.
STYLE_PATH = f"/_platform/page.{hashlib.sha256(STYLE).hexdigest()[:16]}.css"


def _page(title: str, sentence: str) -> bytes:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="stylesheet" href="{STYLE_PATH}">
</head>
<body>
<main>
<h1>{title}</h1>
<p>{sentence}</p>
</main>
</body>
</html>
""".encode()


NOTHING_HERE = _page(
    "There is nothing here", "No store answers at this address. Please check it for typing mistakes."
)
OPENING_SOON = _page("Opening soon", "This store is being prepared. Please come back in a little while.")
CLOSED_FOR_NOW = _page("Closed for the moment", "This store is taking a break. Please come back later.")
PREVIEW_NEEDS_ITS_LINK = _page(
    "This preview is closed",
    "It has ended, or your browser does not hold its link. Please open it again from your dashboard.",
)
TRY_AGAIN = _page(
    "Please try again", "This page could not be loaded just now. It should work again in a moment."
)
NOT_ALLOWED = _page("That does not work here", "This address can be opened, but nothing can be sent to it.")
