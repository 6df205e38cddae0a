"""
Releases: a shop becomes a set of files, the files become blobs under their content's hash, the set becomes a sealed manifest.

Names of files:

    stores/{store_id}/blobs/<2 hex>/<sha256>       what only this store has: pages, tokens, sitemap
    stores/{store_id}/releases/<release_id>.json   manifests; the id is made from the content
    platform/blobs/<2 hex>/<sha256>                assets of themes and sample pictures: once for all stores

A blob is named by the hash of the bytes that it holds (`packing`). The same shop gives the same release, byte for byte, so a
publication that is repeated uploads nothing new and changes nothing.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

from provisioning.catalog.pictures import find_picture, list_pictures
from provisioning.ports import SiteFile, SiteFiles, check_id
from provisioning.sites.packing import pack, pack_shared
from provisioning.sites.pages import Surroundings as PageSurroundings
from provisioning.sites.pages import pages_of
from provisioning.sites.pictures import PLACEHOLDER
from provisioning.sites.presenting import Presenter
from provisioning.sites.releases import CacheClass, Manifest, ReleasedFile, release_file, write_manifest
from provisioning.sites.search_index import index_path, write_search_index
from provisioning.sites.shop import PictureFile, PictureSource, Shop
from provisioning.sites.system_files import MANIFEST_PATH, Look, system_files
from provisioning.themes.assets import CONTENT_TYPES, Asset, fingerprint, theme_assets
from provisioning.themes.packages import Theme, list_themes, load_theme
from provisioning.themes.renderer import references_of, render_page
from provisioning.themes.settings import tokens_css

_UPLOADS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A file of a site; `shared` ones are the platform's, the same for every store."""

    file: SiteFile
    cache: CacheClass
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """All files of a shop by the path that they answer at."""

    theme: str
    theme_version: str
    files: Mapping[str, SiteEntry]


@dataclass(frozen=True, slots=True)
class Release:
    """A published site: its id, how many objects were put, and the paths that it answers."""

    id: str
    uploads: int
    paths: tuple[str, ...]


def build_site(theme: Theme, shop: Shop, pictures: PictureSource = find_picture) -> Site:
    """Render every page of `shop` and gather the files it needs. Pure: the same theme and shop give the same site."""
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
    for page in pages:
        html = render_page(theme, page.template, page.context)
        entries[page.path] = SiteEntry(SiteFile(html.encode(), CONTENT_TYPES[".html"]), page.cache)
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
    return Site(theme.slug, theme.version, MappingProxyType(dict(sorted(entries.items()))))


def publish(
    files: SiteFiles, store_id: str, site: Site, before_each: Callable[[], None] = lambda: None
) -> Release:
    """
    Put the store's own blobs, then seal the manifest over them; visitors see nothing of it until a release is promoted.

    What is shared must be there already (`publish_platform_files`). Repeating it is safe and gives the same release. `before_each` is
    called before each put, and may raise to end it: what is put by then stays.
    """
    prefix = f"stores/{check_id(store_id, 'store_id')}"
    blobs: dict[str, SiteFile] = {}
    listed: dict[str, ReleasedFile] = {}
    for path, entry in site.files.items():
        if entry.shared:
            listed[path] = pack_shared(entry.file).line("platform", entry.cache)
            continue
        packed = pack(entry.file)
        listed[path] = packed.line(prefix, entry.cache)
        blobs[listed[path].blob] = packed.object
    sealed = write_manifest(Manifest(store_id, site.theme, site.theme_version, listed))
    release_id = hashlib.sha256(sealed).hexdigest()[:20]
    _put_all(files, blobs, before_each)
    manifest = SiteFile(gzip.compress(sealed, mtime=0), CONTENT_TYPES[".json"], "gzip")
    files.put(release_file(store_id, release_id), manifest)
    return Release(release_id, len(blobs) + 1, tuple(listed))


def publish_platform_files(
    files: SiteFiles,
    theme: Theme,
    pictures: Callable[[], Iterable[PictureFile]] = list_pictures,
    before_each: Callable[[], None] = lambda: None,
) -> int:
    """
    Put the theme's assets and the sample pictures, once for all stores; returns how many objects were put.

    A receipt, named by what it covers, is put last: where it exists nothing is put again, so calling this in each
    activation costs one look. One that was interrupted goes on where it ended.
    """
    shared = [SiteFile(asset.body, asset.content_type) for asset in theme_assets(theme).values()]
    shared += [SiteFile(file.body, file.type) for picture in pictures() for file in picture.renditions]
    named = {f"platform/{packed.name}": packed.object for packed in map(pack_shared, shared)}
    covered = "\n".join(sorted(named)).encode()
    receipt = f"platform/published/{hashlib.sha256(covered).hexdigest()[:20]}.txt"
    if files.exists(receipt):
        return 0
    there = set(files.list("platform/blobs/"))
    missing = {name: file for name, file in named.items() if name not in there}
    _put_all(files, missing, before_each)
    files.put(receipt, SiteFile(covered, CONTENT_TYPES[".txt"]))
    return len(missing) + 1


def publish_installed_themes(files: SiteFiles) -> int:
    """Put what all stores share, for every installed theme; returns how many objects were put."""
    return sum(publish_platform_files(files, load_theme(slug)) for slug in list_themes())


def _put_all(files: SiteFiles, blobs: Mapping[str, SiteFile], before_each: Callable[[], None]) -> None:
    def put(name: str, file: SiteFile) -> None:
        before_each()
        files.put(name, file)

    with ThreadPoolExecutor(_UPLOADS_AT_ONCE, thread_name_prefix="publish") as pool:
        # list() brings the first error out.
        list(pool.map(put, blobs.keys(), blobs.values()))


def _logo(assets: Mapping[str, Asset]) -> str:
    """Search engines take a raster picture more readily than a drawing."""
    return (assets.get("icon-512.png") or assets["favicon.svg"]).path


def _background(theme: Theme) -> str:
    return str(theme.settings.get("color_background", "#ffffff"))
