"""
Releases: a site's files become blobs under their content's hash, and the whole a sealed manifest.

Names of files:

    stores/{store_id}/blobs/<2 hex>/<sha256>       what only this store has: pages, tokens, sitemap
    stores/{store_id}/releases/<release_id>.json   manifests; the id is made from the content
    platform/blobs/<2 hex>/<sha256>                assets of themes and sample pictures: once for all stores
    stores/{store_id}/media/{id}/…                 the store's own pictures, put when they were added (`provisioning.media`)

A blob is named by the hash of the bytes that it holds (`packing`). The same shop gives the same release, byte for byte, so a
publication that is repeated uploads nothing new and changes nothing.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import compress
from types import MappingProxyType

from provisioning.catalog.pictures import list_pictures
from provisioning.ports import SiteFile, SiteFiles, check_id
from provisioning.sites.building import Site, SiteEntry
from provisioning.sites.packing import pack, pack_shared
from provisioning.sites.releases import Manifest, ReleasedFile, release_file, write_manifest
from provisioning.sites.shop import KeptFile, PictureFile
from provisioning.themes.assets import CONTENT_TYPES, theme_assets
from provisioning.themes.packages import Theme, list_themes, load_theme

_UPLOADS_AT_ONCE = 8
_PACKED_AT_ONCE = 2
_ASKED_SINGLY = 16


@dataclass(frozen=True, slots=True)
class Release:
    """A site as a release: its id, its manifest, and the objects that an earlier release does not have."""

    id: str
    manifest: Manifest
    objects: Mapping[str, SiteFile] = field(default_factory=dict[str, SiteFile], repr=False)
    #: How many objects were put, with how many bytes in all.
    uploads: int = 0
    bytes: int = 0

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self.manifest.files)


def publish(
    files: SiteFiles,
    store_id: str,
    site: Site,
    before_each: Callable[[], None] = lambda: None,
    previous: Manifest | None = None,
) -> Release:
    """Plan the release of `site` and put it."""
    return put_release(files, plan_release(store_id, site, previous), before_each)


def plan_release(store_id: str, site: Site, previous: Manifest | None = None) -> Release:
    """
    The release that `site` becomes; pure. What `previous`, a kept release of the store, has is not among its objects.

    What is shared is not either: it must be there already (`publish_platform_files`).
    """
    prefix = f"stores/{check_id(store_id, 'store_id')}"
    kept: Mapping[str, ReleasedFile] = previous.files if previous else {}
    objects: dict[str, SiteFile] = {}
    listed: dict[str, ReleasedFile] = {**site.reused, **site.kept}
    new: dict[str, SiteEntry] = {}
    for path, entry in site.files.items():
        if entry.shared:
            listed[path] = pack_shared(entry.file).line("platform", entry.cache)
            continue
        same = _unchanged(entry, kept.get(path), prefix)
        if same:
            listed[path] = same
            continue
        new[path] = entry
    # Compressors work outside the interpreter's lock: on two cores while the other one renders.
    with ThreadPoolExecutor(_PACKED_AT_ONCE, thread_name_prefix="pack") as pool:
        for (path, entry), packed in zip(
            new.items(), pool.map(pack, [entry.file for entry in new.values()]), strict=True
        ):
            listed[path] = packed.line(prefix, entry.cache, entry.made_from)
            objects[listed[path].blob] = packed.object
    manifest = Manifest(
        store_id, site.theme, site.theme_version, MappingProxyType(dict(sorted(listed.items())))
    )
    return Release(release_id(write_manifest(manifest)), manifest, MappingProxyType(objects))


def put_release(
    files: SiteFiles, release: Release, before_each: Callable[[], None] = lambda: None
) -> Release:
    """
    Put the store's own blobs, then seal the manifest over them; visitors see nothing of it until a release is promoted.

    What is there is not put again, so that one that was cut off goes on where it ended. `before_each` is called before each put, and may raise
    to end it: what is put by then stays.
    """
    store_id = release.manifest.store_id
    put = dict(put_blobs(files, store_id, release.objects, before_each))
    name = release_file(store_id, release.id)
    if not files.exists(name):
        before_each()
        sealed = write_manifest(release.manifest)
        put[name] = SiteFile(gzip.compress(sealed, mtime=0), CONTENT_TYPES[".json"], "gzip")
        files.put(name, put[name])
    return replace(release, uploads=len(put), bytes=sum(len(file.body) for file in put.values()))


def put_blobs(
    files: SiteFiles,
    store_id: str,
    objects: Mapping[str, SiteFile],
    before_each: Callable[[], None] = lambda: None,
    there: Collection[str] | None = None,
) -> Mapping[str, SiteFile]:
    """Put those blobs of the store that are not there; returns them. `there` are the names of those that are, where they are known."""
    if there is None:
        put = _missing(files, f"stores/{store_id}", objects)
    else:
        put = {name: file for name, file in objects.items() if name not in there}
    _put_all(files, put, before_each)
    return put


def release_id(sealed: bytes) -> str:
    """The id of the release with this manifest: the same content, the same id."""
    return hashlib.sha256(sealed).hexdigest()[:20]


def _unchanged(entry: SiteEntry, earlier: ReleasedFile | None, prefix: str) -> ReleasedFile | None:
    """The earlier line, if it stands for the very same bytes: a page that was rendered again may have come out as it was."""
    if earlier is None or not earlier.blob.startswith(f"{prefix}/"):
        return None
    same = (earlier.size, earlier.content_type) == (len(entry.file.body), entry.file.content_type)
    if not same or earlier.sha256 != hashlib.sha256(entry.file.body).hexdigest():
        return None
    return replace(earlier, cache=entry.cache, made_from=entry.made_from)


def _missing(files: SiteFiles, prefix: str, objects: Mapping[str, SiteFile]) -> dict[str, SiteFile]:
    """What must be put. A few are asked for one by one: a large store's list has thousands of names."""
    if len(objects) <= _ASKED_SINGLY:
        with ThreadPoolExecutor(_UPLOADS_AT_ONCE, thread_name_prefix="publish") as pool:
            there = set(compress(objects, pool.map(files.exists, objects)))
    else:
        there = set(files.list(f"{prefix}/blobs/"))
    return {name: file for name, file in objects.items() if name not in there}


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
    named = platform_objects(theme, pictures)
    covered = "\n".join(sorted(named)).encode()
    receipt = f"platform/published/{hashlib.sha256(covered).hexdigest()[:20]}.txt"
    if files.exists(receipt):
        return 0
    there = set(files.list("platform/blobs/"))
    missing = {name: file for name, file in named.items() if name not in there}
    _put_all(files, missing, before_each)
    files.put(receipt, SiteFile(covered, CONTENT_TYPES[".txt"]))
    return len(missing) + 1


def platform_objects(
    theme: Theme, pictures: Callable[[], Iterable[PictureFile]] = list_pictures
) -> dict[str, SiteFile]:
    """The theme's assets and the sample pictures as objects, by their names; pure."""
    shared = [SiteFile(asset.body, asset.content_type) for asset in theme_assets(theme).values()]
    shared += [
        SiteFile(file.body, file.type)
        for picture in pictures()
        for file in picture.renditions
        if not isinstance(file, KeptFile)
    ]
    return {f"platform/{packed.name}": packed.object for packed in map(pack_shared, shared)}


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
