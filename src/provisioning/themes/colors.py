"""Colours: the contrast between two, and schemes of colours that belong together."""

from __future__ import annotations

import re

COLOR = re.compile(r"#[0-9a-f]{6}")

#: What each scheme has a colour for.
ROLES = (
    "background",
    "text",
    "primary_button",
    "on_primary_button",
    "secondary_button",
    "on_secondary_button",
    "border",
    "links",
)

#: Role, role it must stand out from, and how far (WCAG 2.2, 1.4.3 for words and 1.4.11 for edges).
CONTRASTS = (
    ("text", "background", 4.5),
    ("links", "background", 4.5),
    ("on_primary_button", "primary_button", 4.5),
    ("on_secondary_button", "secondary_button", 4.5),
    ("border", "background", 3.0),
)


def contrast_ratio(one: str, other: str) -> float:
    """WCAG's contrast of two colours written `#rrggbb`: from 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
