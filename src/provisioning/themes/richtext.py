"""Rich text: the few elements that a merchant's text may use, and nothing that runs, loads or looks like the page around it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from markupsafe import Markup

from provisioning.themes.urls import is_safe_url

INLINE = frozenset({"a", "b", "br", "em", "i", "strong"})
BLOCKS = INLINE | {"blockquote", "h2", "h3", "h4", "hr", "li", "ol", "p", "u", "ul"}
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


_AWAY = re.compile(r'<a href="(https?:[^"]*)">')


@lru_cache(maxsize=1_024)
def sanitise(text: str, kind: Literal["inline", "blocks"]) -> Markup:
    """
    `text` with what is not allowed taken away: safe to stand in a page. Doing it twice changes nothing.

    Links keep their address if it is of this site, http, https, mailto or tel; those that lead away lend no reputation.
    """
    # Loaded here: most themes have no rich text, and a cold start should not pay for it.
    import nh3

    clean = nh3.clean(
        text,
        tags=set(INLINE if kind == "inline" else BLOCKS),
        attributes={"a": {"href"}},
        attribute_filter=_keep_address,
        url_schemes=set(_SCHEMES),
        link_rel=None,
        clean_content_tags={"script", "style", "template", "noscript"},
    )
    return Markup(_AWAY.sub(r'<a href="\1" rel="noopener nofollow ugc">', clean))  # noqa: S704


def _keep_address(tag: str, attribute: str, value: str) -> str | None:
    return value if value.startswith("#") or is_safe_url(value) else None
