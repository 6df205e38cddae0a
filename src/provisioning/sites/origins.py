"""
What a page is made from, as one digest: while it stays, the page need not be rendered again.

It covers the code that renders, the theme with its settings and texts, the template, and those parts of the data that the template reads.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import provisioning.themes
from provisioning.sites.digests import Digests
from provisioning.themes.dependencies import dependencies_of
from provisioning.themes.packages import Theme
from provisioning.themes.views import (
    CollectionCard,
    FilterView,
    HomeView,
    LinkView,
    PictureView,
    ProductCard,
    ReferenceViews,
    RenderContext,
    ShopView,
)

#: Views that stand on many pages.
_SHARED = (
    ShopView,
    HomeView,
    ReferenceViews,
    CollectionCard,
    ProductCard,
    PictureView,
    FilterView,
    LinkView,
)


class PageOrigins:
    """The digests of one theme's pages. What several pages share is digested once."""

    def __init__(self, theme: Theme) -> None:
        self._digests = Digests(_SHARED)
        self._theme = theme
        # The package's digest says what it is; a store's own settings, texts and arrangement of sections come on top.
        self._everywhere = self._digests.of(
            (renderer_digest(), theme.digest, theme.settings, theme.groups, theme.locales)
        )
        self._templates: dict[str, str] = {}
        self._read: dict[str, frozenset[str]] = {}

    def of(self, template: str, context: RenderContext) -> str:
        """The digest of the page that `template` makes of `context`: of all that it reads, and of nothing else."""
        data = self._digests.of_parts(context, self._reads(template))
        return self._digests.of((self._everywhere, self._template(template), data))

    def _reads(self, template: str) -> frozenset[str]:
        if template not in self._read:
            self._read[template] = dependencies_of(self._theme, template)
        return self._read[template]

    def _template(self, name: str) -> str:
        if name not in self._templates:
            self._templates[name] = self._digests.of((name, self._theme.templates.get(name)))
        return self._templates[name]


@lru_cache(maxsize=1)
def renderer_digest() -> str:
    """
    Of the code that turns a theme and data into a page, and of its libraries.

    Made from the sources, so that nobody can forget to say that rendering has changed.
    """
    digest = hashlib.sha256(f"jinja2 {version('jinja2')}, markupsafe {version('markupsafe')}".encode())
    for file in sorted(Path(provisioning.themes.__path__[0]).glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:32]
