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

from provisioning.themes.richtext import sanitise

LONGEST = 50_000
_BLOCK_END = re.compile(r"</(?:p|h[2-4]|li|blockquote)>|<[bh]r>")


def clean(html: str) -> Markup:
    """The same words, with a few elements alone and links that run nothing: safe to stand in a page."""
    return sanitise(html, "blocks")


def plain_words(html: str) -> str:
    """The words alone, on one line."""
    return str(Markup(_BLOCK_END.sub(" ", clean(html))).striptags())  # noqa: S704


def _cleaned(html: str) -> str:
    return str(clean(html))


RichText = Annotated[str, Field(max_length=LONGEST), AfterValidator(_cleaned)]
