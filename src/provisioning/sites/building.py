"""From a theme and a shop to a site: every page rendered, every file that they need, by the path that it answers at."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from provisioning.catalog.pictures import find_picture
from provisioning.ports import SiteFile
from provisioning.sites.origins import PageOrigins
from provisioning.sites.pages import SitePage, pages_of
from provisioning.sites.pages import Surroundings as PageSurroundings
from provisioning.sites.pictures import PLACEHOLDER
from provisioning.sites.presenting import Presenter
from provisioning.sites.releases import CacheClass, Manifest, ReleasedFile
from provisioning.sites.search_index import index_path, write_search_index
from provisioning.sites.shop import KeptFile, PictureSource, Shop
from provisioning.sites.system_files import MANIFEST_PATH, Look, system_files
from provisioning.themes.assets import CONTENT_TYPES, Asset, fingerprint, theme_assets
from provisioning.themes.packages import Theme
from provisioning.themes.renderer import references_of, render_pages
from provisioning.themes.settings import tokens_css
from provisioning.themes.views import RenderContext

_HTML = CONTENT_TYPES[".html"]
#: Digests of our themes whose templates have been compiled in this process, and who may compile.
_COMPILED: set[str] = set()
_COMPILING = threading.Lock()


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A file of a site; `shared` ones are the platform's, the same for every store."""

    file: SiteFile
    cache: CacheClass
    shared: bool = False
    #: The digest of all that a page was rendered from; empty for what is no page.
    made_from: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A shop's files by the path that they answer at, and the pages that are taken over from an earlier release as they are."""

    theme: str
    theme_version: str
    files: Mapping[str, SiteEntry]
    reused: Mapping[str, ReleasedFile] = field(default_factory=lambda: MappingProxyType({}))
    #: What lies among the store's files already: its own pictures.
    kept: Mapping[str, ReleasedFile] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(self.files) | frozenset(self.reused) | frozenset(self.kept)


def build_site(
    theme: Theme,
    shop: Shop,
    pictures: PictureSource = find_picture,
    previous: Manifest | None = None,
    seconds: float | None = None,
) -> Site:
    """
    Render the pages of `shop` and gather the files it needs. Pure: the same in, the same out.

    A page that `previous`, a release of the same store, has from exactly the same theme, texts and data is not rendered again. An imported
    theme has so many `seconds`; where it takes more, or fails, `Permanent` is raised.
    """
    plan = plan_site(theme, shop, pictures)
    building = Building(plan, [previous.files] if previous else [])
    return building.finish(building.render(len(plan.pages), seconds))


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A site before its pages are rendered: which there are, and what stands beside them."""

    theme: Theme
    pages: tuple[SitePage, ...]
    #: All other files, but for pictures: which of those a site needs is known when every page has been looked at.
    files: Mapping[str, SiteEntry]
    presenter: Presenter

    def picture_paths(self) -> Iterator[str]:
        """Where the pictures of the pages that were looked at so far answer."""
        for picture in self.presenter.used_pictures():
            yield from (rendition.path for rendition in picture.renditions)

    def pictures(self) -> Iterator[tuple[str, SiteEntry]]:
        """The pictures of the pages that were looked at so far."""
        for picture in self.presenter.used_pictures():
            for rendition in picture.renditions:
                if isinstance(rendition, KeptFile):
                    continue
                file = SiteFile(rendition.body, rendition.type)
                yield rendition.path, SiteEntry(file, CacheClass.IMMUTABLE, picture is not PLACEHOLDER)

    def kept(self) -> Iterator[tuple[str, ReleasedFile]]:
        """Those of these pictures that lie among the store's files already."""
        for picture in self.presenter.used_pictures():
            yield from ((r.path, r.line) for r in picture.renditions if isinstance(r, KeptFile))


def plan_site(theme: Theme, shop: Shop, pictures: PictureSource = find_picture) -> SitePlan:
    """What a site of `shop` consists of. Pure; takes little time and memory, however many pages there are."""
    tokens = fingerprint(
        "tokens.css", tokens_css(theme.settings_schema, theme.fonts, theme.settings).encode()
    )
    assets = theme_assets(theme)
    entries: dict[str, SiteEntry] = {
        asset.path: SiteEntry(SiteFile(asset.body, asset.content_type), CacheClass.IMMUTABLE, shared=True)
        for asset in assets.values()
    }
    entries[tokens.path] = SiteEntry(SiteFile(tokens.body, tokens.content_type), CacheClass.IMMUTABLE)
    presenter = Presenter(shop, pictures)
    index = write_search_index(presenter)
    surroundings = PageSurroundings(
        tokens_url=tokens.path,
        logo=_logo(assets),
        search_index_url=index_path(index),
        manifest_url=MANIFEST_PATH,
        references=references_of(theme),
    )
    pages = tuple(pages_of(presenter, surroundings))
    look = Look(_background(theme), {name: asset.path for name, asset in assets.items()})
    for path, made in system_files(shop, look, [p.sitemap for p in pages if p.sitemap]).items():
        entries[path] = SiteEntry(SiteFile(made.body, made.content_type), made.cache)
    entries[index_path(index)] = SiteEntry(SiteFile(index, CONTENT_TYPES[".json"]), CacheClass.IMMUTABLE)
    icon = assets["favicon.ico"]
    entries["/favicon.ico"] = SiteEntry(SiteFile(icon.body, icon.content_type), CacheClass.PAGE, shared=True)
    return SitePlan(theme, pages, entries, presenter)


class Building:
    """
    A site under construction: its pages are rendered so many at a time, and whoever has kept some gives them back as lines of a manifest.

    `kept` are lines of earlier releases, or of a building of this site that was cut off: a page that is there from exactly the same theme,
    texts and data is taken over from them.
    """

    def __init__(self, plan: SitePlan, kept: Sequence[Mapping[str, ReleasedFile]]) -> None:
        self.plan = plan
        self._kept = kept
        self._origins = PageOrigins(plan.theme)
        self._left = iter(plan.pages)
        #: Pages that were taken over or kept.
        self.lines: dict[str, ReleasedFile] = {}
        self.seen = 0
        self.rendered = 0

    @property
    def finished(self) -> bool:
        """Whether no page is left to be looked at."""
        return self.seen == len(self.plan.pages)

    def render(self, most: int, seconds: float | None = None) -> dict[str, SiteEntry]:
        """
        The next pages, `most` at most; those that can be taken over are not among them.

        `seconds` is what an imported theme has for them.
        """
        with _alone_at_first(self.plan.theme):
            return self._render(most, seconds)

    def _render(self, most: int, seconds: float | None) -> dict[str, SiteEntry]:
        wanted: list[tuple[SitePage, RenderContext, str]] = []
        while len(wanted) < most and not self.finished:
            page = next(self._left)
            self.seen += 1
            context = page.context
            made_from = self._origins.of(page.template, context)
            earlier = self._find(page, made_from)
            if earlier:
                self.lines[page.path] = earlier
            else:
                wanted.append((page, context, made_from))
        self.rendered += len(wanted)
        jobs = [(page.template, context) for page, context, _ in wanted]
        texts = render_pages(self.plan.theme, jobs, seconds)
        return {
            page.path: SiteEntry(SiteFile(text.encode(), _HTML), page.cache, made_from=made_from)
            for (page, _, made_from), text in zip(wanted, texts, strict=True)
        }

    def _find(self, page: SitePage, made_from: str) -> ReleasedFile | None:
        found = (lines.get(page.path) for lines in self._kept)
        return next((f for f in found if f and (f.made_from, f.cache) == (made_from, page.cache)), None)

    def keep(self, lines: Mapping[str, ReleasedFile]) -> None:
        """These pages are where they shall be: nobody needs their texts any more."""
        self.lines |= lines

    def finish(self, pages: Mapping[str, SiteEntry]) -> Site:
        """The whole site, with the last `pages` that were rendered."""
        if not self.finished:
            raise ValueError("there are pages left to render")
        files = {**self.plan.files, **pages, **dict(self.plan.pictures())}
        theme = self.plan.theme
        return Site(
            theme.slug,
            theme.version,
            MappingProxyType(dict(sorted(files.items()))),
            MappingProxyType(dict(self.lines)),
            MappingProxyType(dict(self.plan.kept())),
        )


def _logo(assets: Mapping[str, Asset]) -> str:
    """Search engines take a raster picture more readily than a drawing."""
    return (assets.get("icon-512.png") or assets["favicon.svg"]).path


def _background(theme: Theme) -> str:
    return str(theme.settings.get("color_background", "#ffffff"))


@contextmanager
def _alone_at_first(theme: Theme) -> Generator[None]:
    """Whoever renders a theme first compiles its templates; others at the same time would all do the same, and be none the sooner."""
    if theme.imported or theme.digest in _COMPILED:
        yield
        return
    with _COMPILING:
        if theme.digest not in _COMPILED:
            yield
            _COMPILED.add(theme.digest)
            return
    yield
