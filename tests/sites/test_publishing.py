"""Releases: small, repeatable, sealed last."""

from __future__ import annotations

import gzip
import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import brotli
import pytest

from provisioning.errors import InvalidInput, Transient
from provisioning.local.files import FolderSiteFiles
from provisioning.ports import SiteFile
from provisioning.sites.building import Site, build_site
from provisioning.sites.publishing import plan_release, publish, publish_platform_files, put_release
from provisioning.sites.releases import (
    Encoding,
    Manifest,
    decoded,
    encoded_body,
    plain_body,
    read_manifest,
    release_file,
)
from provisioning.sites.shop import Shop
from provisioning.themes.packages import Theme
from tests.sites.shops import draw_picture, sample_shop
from tests.sites.stores import sample_pictures


@pytest.fixture
def files(tmp_path: Path) -> FolderSiteFiles:
    return FolderSiteFiles(tmp_path)


def test_an_activation_uploads_at_most_40_objects(files: FolderSiteFiles, sample_site: Site) -> None:
    """Pages, tokens, sitemap, robots and the manifest; assets and pictures are the platform's."""
    release = publish(files, "s1", sample_site)

    assert release.uploads == len(files.list("stores/s1/"))
    assert release.uploads <= 40
    assert set(release.paths) == set(sample_site.files)


def test_every_blob_of_a_manifest_exists(files: FolderSiteFiles, theme: Theme, sample_site: Site) -> None:
    """Once the platform's files are there, no line of the manifest leads nowhere."""
    publish_platform_files(files, theme, sample_pictures)
    release = publish(files, "s1", sample_site)
    manifest = _manifest(files, "s1", release.id)

    assert set(manifest.files) == set(sample_site.files)
    for path, line in manifest.files.items():
        kept = files.get(line.blob)
        assert kept is not None, path
        body = plain_body(kept, line)
        assert body == sample_site.files[path].file.body, path
        assert (len(body), hashlib.sha256(body).hexdigest()) == (line.size, line.sha256), path


def test_texts_are_kept_compressed_twice_and_fonts_are_not(
    files: FolderSiteFiles, theme: Theme, sample_site: Site
) -> None:
    """One object holds brotli and gzip of a text; the object itself claims no encoding."""
    publish_platform_files(files, theme, sample_pictures)
    release = publish(files, "s1", sample_site)
    lines = _manifest(files, "s1", release.id).files
    font = next(line for path, line in lines.items() if path.endswith(".woff2"))
    page = files.get(lines["/"].blob)

    assert page is not None and page.encoding is None
    small, zipped = (encoded_body(page, lines["/"], encoding) for encoding in Encoding)
    assert small is not None and zipped is not None
    assert small + zipped == page.body
    assert brotli.decompress(small) == gzip.decompress(zipped) == sample_site.files["/"].file.body
    assert len(small) < len(zipped) < lines["/"].size / 2
    assert font.parts is None


def test_the_same_content_is_the_same_release(
    files: FolderSiteFiles, theme: Theme, sample_site: Site
) -> None:
    """Publishing again puts nothing, and leaves every name and byte as it was."""
    first = publish(files, "s1", sample_site)
    before = {name: files.get(name) for name in files.list("stores/")}
    second = publish(files, "s1", build_site(theme, sample_shop(), draw_picture))

    assert (second.id, second.manifest, second.uploads) == (first.id, first.manifest, 0)
    assert {name: files.get(name) for name in files.list("stores/")} == before


def test_another_price_is_another_release(files: FolderSiteFiles, theme: Theme, sample_site: Site) -> None:
    """And only what changed is new: the product, and the pages that show its card."""
    first = publish(files, "s1", sample_site)
    before = set(files.list("stores/s1/blobs/"))
    second = publish(files, "s1", build_site(theme, _dearer(), draw_picture))
    added = set(files.list("stores/s1/blobs/")) - before

    assert second.id != first.id
    assert 0 < len(added) < 15


def test_stores_share_no_blob_of_their_own(files: FolderSiteFiles, sample_site: Site) -> None:
    """Removing one store's prefix cannot touch another's."""
    first, second = publish(files, "s1", sample_site), publish(files, "s2", sample_site)

    assert first.id != second.id
    for line in _manifest(files, "s2", second.id).files.values():
        assert line.blob.startswith(("stores/s2/", "platform/"))


def test_platform_files_are_put_once(files: FolderSiteFiles, theme: Theme) -> None:
    """The second call looks once and puts nothing."""
    first = publish_platform_files(files, theme, sample_pictures)

    assert first > 40
    assert publish_platform_files(files, theme, sample_pictures) == 0


def test_a_publication_that_breaks_off_seals_nothing(sample_site: Site) -> None:
    """The manifest goes last: without every blob there is none."""
    files = _FailingFiles(after=5)

    with pytest.raises(Transient):
        publish(files, "s1", sample_site)

    assert not [name for name in files.kept if "/releases/" in name]


@pytest.mark.parametrize("store_id", ["", "../s2", "s1/x", "."])
def test_a_store_id_is_no_path(files: FolderSiteFiles, sample_site: Site, store_id: str) -> None:
    with pytest.raises(InvalidInput):
        publish(files, store_id, sample_site)


def test_a_page_made_from_the_same_is_taken_over(
    files: FolderSiteFiles, theme: Theme, sample_site: Site
) -> None:
    """A new price renders the pages that show it, uploads what came out otherwise, and is the same release as one built from nothing."""
    first = publish(files, "s1", sample_site)
    site = build_site(theme, _dearer(), draw_picture, first.manifest)
    second = publish(files, "s1", site, previous=first.manifest)
    whole = build_site(theme, _dearer(), draw_picture)
    different = {
        path
        for path, entry in whole.files.items()
        if entry.made_from and entry.file != sample_site.files[path].file
    }

    assert {path for path, entry in site.files.items() if entry.made_from} == different
    assert 0 < len(different) < len(site.reused)
    assert site.paths == whole.paths
    # The manifest, the search index, and what changed.
    assert len(different) < second.uploads <= len(different) + 3
    assert publish(files, "s1", whole).id == second.id


def test_nothing_changed_renders_and_uploads_nothing(
    files: FolderSiteFiles, theme: Theme, sample_site: Site
) -> None:
    first = publish(files, "s1", sample_site)
    again = build_site(theme, sample_shop(), draw_picture, first.manifest)

    assert [path for path, entry in again.files.items() if entry.made_from] == []
    assert publish(files, "s1", again, previous=first.manifest).uploads == 0


def test_a_publication_killed_at_any_put_goes_on_where_it_ended(sample_site: Site) -> None:
    """At each of them: nothing is put twice, nothing is sealed too early, and the release is the one that it would have been."""
    whole = _FailingFiles(after=1_000)
    expected = publish(whole, "s1", sample_site)

    for kill in range(expected.uploads):
        files = _FailingFiles(after=kill)
        with pytest.raises(Transient):
            publish(files, "s1", sample_site)
        assert not [name for name in files.kept if "/releases/" in name]
        files.left = 1_000
        again = publish(files, "s1", sample_site)

        assert again.id == expected.id
        assert files.kept == whole.kept
        assert len(files.puts) == len(set(files.puts)) == expected.uploads


def test_a_publication_of_a_few_changes_killed_at_any_put_goes_on(theme: Theme, sample_site: Site) -> None:
    """Then each file is asked for by itself; none is put twice either."""
    begun = _FailingFiles(after=1_000)
    first = publish(begun, "s1", sample_site)
    site = build_site(theme, _dearer(), draw_picture, first.manifest)
    release = plan_release("s1", site, first.manifest)

    assert len(release.objects) <= 16
    for kill in range(len(release.objects) + 1):
        files = _FailingFiles(after=kill)
        files.kept |= begun.kept
        with pytest.raises(Transient):
            put_release(files, release)
        files.left = 1_000
        put_release(files, release)
        assert len(files.puts) == len(set(files.puts)) == len(release.objects) + 1


def test_what_compresses_otherwise_is_another_object(files: FolderSiteFiles, sample_site: Site) -> None:
    """A line of an earlier release that stands for the same bytes stays, however they are compressed there."""
    release = plan_release("s1", sample_site)
    line = release.manifest.files["/"]
    older = replace(line, blob="stores/s1/blobs/00/" + "0" * 64)
    previous = replace(release.manifest, files={"/": older})

    assert plan_release("s1", sample_site, previous).manifest.files["/"] == older
    foreign = replace(line, blob="stores/s2/blobs/00/" + "0" * 64)
    previous = replace(release.manifest, files={"/": foreign})
    assert plan_release("s1", sample_site, previous).manifest.files["/"] == line


def _dearer() -> Shop:
    shop = sample_shop()
    first, *rest = shop.products
    variants = tuple(v.model_copy(update={"price": v.price + 100}) for v in first.variants)
    return shop.model_copy(update={"products": (first.model_copy(update={"variants": variants}), *rest)})


def _manifest(files: FolderSiteFiles, store_id: str, release_id: str) -> Manifest:
    kept = files.get(release_file(store_id, release_id))
    assert kept is not None
    return read_manifest(decoded(kept))


class _FailingFiles:
    """Takes so many files and then no more."""

    def __init__(self, after: int) -> None:
        self.kept: dict[str, SiteFile] = {}
        self.puts: list[str] = []
        self.left = after
        self._lock = threading.Lock()

    def put(self, name: str, file: SiteFile) -> None:
        with self._lock:
            if self.left == 0:
                raise Transient("busy")
            self.left -= 1
            self.puts.append(name)
            self.kept[name] = file

    def get(self, name: str) -> SiteFile | None:
        return self.kept.get(name)

    def exists(self, name: str) -> bool:
        return name in self.kept

    def list(self, prefix: str) -> list[str]:
        return sorted(n for n in self.kept if n.startswith(prefix))

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)
