"""
Words with a little form: what a merchant may write on a page of its own.

Everything but a short list of elements is taken out, when it is written and again when it is shown, so that neither an old
document nor another program's can bring a script into a store.
"""

from __future__ import annotations

import re
from typing import Annotated

from markupsafe import Markup
from pydantic import AfterValidator, Field

ELEMENTS = frozenset(
    ["a", "b", "blockquote", "br", "em", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "strong", "ul"]
)
SCHEMES = frozenset(["http", "https", "mailto", "tel"])
LONGEST = 50_000
_BLOCK_END = re.compile(r"</(?:p|h[2-4]|li|blockquote)>|<[bh]r>")


def clean(html: str) -> str:
    """The same words, with the elements of `ELEMENTS` alone and links that lead to pages, mail or a telephone."""
    import nh3  # a compiled library, which only pages of words need

    return nh3.clean(
        html,
        tags=set(ELEMENTS),
        attributes={"a": {"href"}},
        url_schemes=set(SCHEMES),
        link_rel="noopener",
        strip_comments=True,
    )


def plain_words(html: str) -> str:
    """The words alone, on one line."""
    # What was cleaned is HTML; without its elements it is text again.
    return str(Markup(_BLOCK_END.sub(" ", clean(html))).striptags())  # noqa: S704


RichText = Annotated[str, Field(max_length=LONGEST), AfterValidator(clean)]
