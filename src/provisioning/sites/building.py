"""From a theme and a shop to a site: every page rendered, every file that they need, by the path that it answers at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from provisioning.catalog.pictures import find_picture
from provisioning.ports import SiteFile
from provisioning.sites.origins import PageOrigins
from provisioning.sites.pages import Surroundings as PageSurroundings
from provisioning.sites.pages import pages_of
from provisioning.sites.pictures import PLACEHOLDER
from provisioning.sites.presenting import Presenter
from provisioning.sites.releases import CacheClass, Manifest, ReleasedFile
from provisioning.sites.search_index import index_path, write_search_index
from provisioning.sites.shop import PictureSource, Shop
from provisioning.sites.system_files import MANIFEST_PATH, Look, system_files
from provisioning.themes.assets import CONTENT_TYPES, Asset, fingerprint, theme_assets
from provisioning.themes.packages import Theme
from provisioning.themes.renderer import references_of, render_page
from provisioning.themes.settings import tokens_css


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

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(self.files) | frozenset(self.reused)


def build_site(
    theme: Theme, shop: Shop, pictures: PictureSource = find_picture, previous: Manifest | None = None
) -> Site:
    """
    Render the pages of `shop` and gather the files it needs. Pure: the same in, the same out.

    A page that `previous`, a release of the same store, has from exactly the same theme, texts and data is not rendered again.
    """
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
    pages = list(pages_of(presenter, surroundings))
    origins = PageOrigins(theme)
    reused: dict[str, ReleasedFile] = {}
    for page in pages:
        made_from = origins.of(page)
        earlier = previous.files.get(page.path) if previous else None
        if earlier and (earlier.made_from, earlier.cache) == (made_from, page.cache):
            reused[page.path] = earlier
            continue
        html = render_page(theme, page.template, page.context)
        entries[page.path] = SiteEntry(
            SiteFile(html.encode(), CONTENT_TYPES[".html"]), page.cache, made_from=made_from
        )
    for picture in presenter.used_pictures():
        for rendition in picture.renditions:
            file = SiteFile(rendition.body, rendition.type)
            shared = picture is not PLACEHOLDER
            entries[rendition.path] = SiteEntry(file, CacheClass.IMMUTABLE, shared)
    look = Look(_background(theme), {name: asset.path for name, asset in assets.items()})
    for path, made in system_files(shop, look, [p.sitemap for p in pages if p.sitemap]).items():
        entries[path] = SiteEntry(SiteFile(made.body, made.content_type), made.cache)
    entries[index_path(index)] = SiteEntry(SiteFile(index, CONTENT_TYPES[".json"]), CacheClass.IMMUTABLE)
    icon = assets["favicon.ico"]
    entries["/favicon.ico"] = SiteEntry(SiteFile(icon.body, icon.content_type), CacheClass.PAGE, shared=True)
    return Site(
        theme.slug, theme.version, MappingProxyType(dict(sorted(entries.items()))), MappingProxyType(reused)
    )


def _logo(assets: Mapping[str, Asset]) -> str:
    """Search engines take a raster picture more readily than a drawing."""
    return (assets.get("icon-512.png") or assets["favicon.svg"]).path


def _background(theme: Theme) -> str:
    return str(theme.settings.get("color_background", "#ffffff"))
