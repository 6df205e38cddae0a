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
from provisioning.sites.pages import SitePage
from provisioning.themes.dependencies import dependencies_of
from provisioning.themes.packages import Theme


class PageOrigins:
    """The digests of one theme's pages. What several pages share is digested once."""

    def __init__(self, theme: Theme) -> None:
        self._digests = Digests()
        self._theme = theme
        # The package's digest says what it is; a store's own settings, texts and arrangement of sections come on top.
        self._everywhere = self._digests.of(
            (renderer_digest(), theme.digest, theme.settings, theme.groups, theme.locales)
        )
        self._templates: dict[str, str] = {}
        self._read: dict[str, frozenset[str]] = {}

    def of(self, page: SitePage) -> str:
        """The digest of `page`: of all that its template reads, and of nothing else."""
        data = self._digests.of_parts(page.context, self._reads(page.template))
        return self._digests.of((self._everywhere, self._template(page.template), data))

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
