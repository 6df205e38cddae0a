"""A store's own pictures on its site: named where they lie, in every width a phone may want, and never a reason to close a shop."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from provisioning.errors import InvalidInput, NotFound, Transient
from provisioning.local.files import FolderSiteFiles
from provisioning.media.library import add_picture, describe_picture, remove_picture
from provisioning.media.records import StorePicture, files_of, folder_of, original_of
from provisioning.ports import Query, Set, Update
from provisioning.sites import collecting
from provisioning.sites.channels import ChecksFailed, load_manifest
from provisioning.sites.collecting import collect
from provisioning.sites.own_pictures import pictures_of
from provisioning.sites.releases import Manifest, plain_body
from provisioning.sites.shop import read_shop
from provisioning.sites.store_themes import save_draft
from provisioning.themes.choices import Customisation
from provisioning.themes.packages import load_theme
from provisioning.workflow.publications import changed_store
from tests.media.pictures import photograph, saved
from tests.sites.keeping import ADDRESSES, ADMIN, Keeping

BODY = saved(photograph(1_000, 800), quality=90)
MOST_BYTES = 45_000


@pytest.fixture
def kept(tmp_path: Path) -> Keeping:
    return Keeping(tmp_path)


def add(kept: Keeping, body: bytes = BODY, alt: str = "A board of oak") -> StorePicture:
    return add_picture(kept.documents, kept.files, "s1", body, alt=alt, actor=ADMIN)


def show(kept: Keeping, name: str) -> str:
    """Let the first product show the picture; the path of its page."""
    product = kept.documents.query(Query("tenants/s1/products"))[0]
    kept.write(Update(product.path, {"pictures": [name]}))
    return f"/products/{product.id}/"


def manifest_of(kept: Keeping, release: str) -> Manifest:
    found = load_manifest(kept.files, "s1", release)
    assert found is not None
    return found


def text_of(kept: Keeping, manifest: Manifest, path: str) -> str:
    blob = kept.files.get(manifest.files[path].blob)
    assert blob is not None
    return plain_body(blob, manifest.files[path]).decode()


def test_a_release_names_the_files_where_they_lie(kept: Keeping) -> None:
    """Nothing is decoded or uploaded for it, and the original is no address of the site."""
    picture = add(kept)
    page = show(kept, picture.name)
    kept.files.puts.clear()
    release = kept.publish().id
    manifest = manifest_of(kept, release)
    own = {path: line for path, line in manifest.files.items() if path.startswith("/pictures/media-")}

    assert {line.blob for line in own.values()} == files_of("s1", picture) - {original_of("s1", picture.id)}
    assert not [name for name in kept.files.puts if "/media/" in name]
    for path, line in own.items():
        blob = kept.files.get(line.blob)
        assert blob is not None
        assert (blob.content_type, len(blob.body)) == (line.content_type, line.size)
        assert line.cache == "immutable"
        assert re.fullmatch(r"/pictures/media-[0-9a-f]{16}-\d+\.[0-9a-f]{16}\.(avif|webp|jpg)", path)
    assert {path for path in own if path in text_of(kept, manifest, page)} > {
        path for path in own if path.endswith(".avif")
    }


def test_a_page_offers_every_width_and_asks_for_the_first_picture_at_once(kept: Keeping) -> None:
    """AVIF before WebP, with widths, sizes, words and the space that it takes; a JPEG for who shares the page; structured data."""
    picture = add(kept)
    page = show(kept, picture.name)
    text = text_of(kept, manifest_of(kept, kept.publish().id), page)
    (source,) = re.findall(
        r'<source type="image/avif" srcset="([^"]+)" sizes="([^"]+)">\s*<img[^>]*fetchpriority', text
    )
    (image,) = re.findall(r"<img[^>]*fetchpriority=\"high\"[^>]*>", text)
    shared = re.findall(r'<meta property="og:image" content="([^"]+)">', text)

    assert [int(width) for width in re.findall(r" (\d+)w", source[0])] == [320, 480, 640, 800, 1_000]
    assert source[1]
    for wanted in ('alt="A board of oak"', 'width="1000"', 'height="800"', 'sizes="', " 800w", "-800."):
        assert wanted in image
    assert "loading=" not in image
    assert shared and all(address.endswith(".jpg") for address in shared)
    assert re.search(r'"image":\s*\[?"[^"]*/pictures/media-', text)


def test_what_a_phone_waits_for_is_light(kept: Keeping) -> None:
    """Of every theme's home, collection and product page: the file that a phone of 390 by 2 or 412 by 1.75 takes for its first picture."""
    body = saved(photograph(3_000, 3_000), quality=90)
    picture = add(kept, body)
    for product in kept.documents.query(Query("tenants/s1/products")):
        kept.write(Update(product.path, {"pictures": [picture.name]}))
    for collection in kept.documents.query(Query("tenants/s1/collections")):
        kept.write(Update(collection.path, {"picture": picture.name}))
    looked_at = 0
    for slug in ("upfront-modern", "upfront-classic", "upfront-minimal"):
        kept.write(Update("stores/s1", {"theme": {"slug": slug, "version": "1.0.0"}}))
        manifest = manifest_of(kept, kept.make().id)
        first = next(p for p in manifest.files if p.startswith("/products/"))
        shelf = next(p for p in manifest.files if re.fullmatch(r"/collections/[^/]+/", p))
        for page in (first, shelf):
            for file in phone_files(text_of(kept, manifest, page), (390, 2), (412, 1.75), (390, 3)):
                assert manifest.files[file].size <= MOST_BYTES, (slug, page, file)
                looked_at += 1

    assert looked_at >= 6


def phone_files(text: str, *phones: tuple[int, float]) -> set[str]:
    """What phones of these widths and densities load of the pictures that are asked for at once."""
    found = re.findall(
        r'<source type="image/avif" srcset="([^"]+)" sizes="([^"]+)">\s*(?:<source[^>]+>\s*)*<img([^>]*)>',
        text,
    )
    chosen: set[str] = set()
    for srcset, sizes, image in found:
        if 'fetchpriority="high"' not in image:
            continue
        files = [(int(w), path) for path, w in re.findall(r"(\S+) (\d+)w", srcset)]
        for width, density in phones:
            wanted = shown_width(sizes, width) * density
            chosen.add(
                next((path for w, path in files if w >= wanted), files[-1][1])
                if density < 3
                else max((f for f in files if f[0] <= max(wanted, files[0][0])), default=files[0])[1]
            )
    return chosen


def shown_width(sizes: str, width: int) -> float:
    """The width of a picture on a screen of that width; the last one of the list has no condition."""
    for entry in sizes.split(","):
        condition = re.match(r"\s*\((min|max)-width:\s*([\d.]+)(px|rem|em)\)\s*(.+)", entry)
        length = condition[4] if condition else entry
        if condition:
            edge = float(condition[2]) * (1 if condition[3] == "px" else 16)
            if (width < edge) if condition[1] == "min" else (width > edge):
                continue
        number = re.search(r"([\d.]+)(vw|px|rem)", length)
        assert number, sizes
        return float(number[1]) * {"vw": width / 100, "px": 1, "rem": 16}[number[2]]
    raise AssertionError(sizes)


def test_one_that_is_missing_closes_nobody_s_shop(kept: Keeping) -> None:
    """Removed behind the product's back, never there, not to be read: a plain surface stands in its place."""
    picture = add(kept)
    kept.write(Set("tenants/s1/media/broken", {"id": "broken"}))
    page = show(kept, picture.name)
    kept.publish()
    product = kept.documents.query(Query("tenants/s1/products"))[0]
    for name in ("media/broken", "media/0123456789abcdef", "media/../x", "media/"):
        kept.write(Update(product.path, {"pictures": [name]}))
        text = text_of(kept, manifest_of(kept, kept.publish().id), page)

        assert "/pictures/placeholder." in text
        assert "/pictures/media-" not in text


def test_other_words_reach_the_pages_that_show_it(kept: Keeping) -> None:
    """And a change of a picture is a change of its store's website."""
    picture = add(kept)
    page = show(kept, picture.name)
    before = kept.publish()
    describe_picture(kept.documents, "s1", picture.id, "Bread on a board", actor=ADMIN)
    after = kept.publish()

    assert changed_store(f"tenants/s1/media/{picture.id}") == "s1"
    assert 'alt="Bread on a board"' in text_of(kept, manifest_of(kept, after.id), page)
    assert 0 < after.record.stats.rendered < before.record.stats.pages


def test_a_release_whose_picture_s_file_is_gone_is_not_promoted(kept: Keeping) -> None:
    picture = add(kept)
    show(kept, picture.name)
    kept.files.delete(sorted(files_of("s1", picture))[0])

    with pytest.raises(ChecksFailed) as failed:
        kept.make()
    assert [field.code for field in failed.value.fields] == ["BLOB_MISSING"]


def test_a_theme_s_picture_may_be_the_store_s_own(kept: Keeping) -> None:
    """As its logo."""
    picture = add(kept)
    theme = {"settings": {"logo": picture.name}}
    now = kept.documents.get("stores/s1").read_time
    kept.write(
        Set(
            "tenants/s1/themes/upfront-modern",
            {
                "slug": "upfront-modern",
                "version": "1.0.0",
                "published": theme,
                "updated_at": now,
                "updated_by": "a",
            },
        )
    )
    text = text_of(kept, manifest_of(kept, kept.publish().id), "/")

    assert re.search(r'<img class="wordmark__logo" src="/pictures/media-', text)


class Aged(FolderSiteFiles):
    """A folder whose files were all put long ago."""

    def entries(self, prefix: str):
        from dataclasses import replace

        return [replace(e, put_at=e.put_at - timedelta(days=100)) for e in super().entries(prefix)]


def test_unused_files_go_and_those_of_pictures_stay(kept: Keeping) -> None:
    """A picture keeps its files, shown or not; once it is removed they stay as long as a release that is kept names them."""
    shown, unshown = add(kept), add(kept, saved(photograph(300, 200, seed=2)), "Unshown")
    show(kept, shown.name)
    kept.publish()
    aged = Aged(kept.folder / "files")
    collect(kept.documents, aged, "s1", actor=ADMIN)
    assert set(kept.files.list(folder_of("s1"))) == files_of("s1", shown) | files_of("s1", unshown)

    remove_picture(kept.documents, "s1", unshown.id, actor=ADMIN)
    show(kept, "fashion/hero")
    remove_picture(kept.documents, "s1", shown.id, actor=ADMIN)
    collect(kept.documents, aged, "s1", actor=ADMIN)
    left = set(kept.files.list(folder_of("s1")))
    assert left == files_of("s1", shown) - {original_of("s1", shown.id)}


def test_a_document_that_cannot_be_read_ends_a_collection(kept: Keeping) -> None:
    """Nobody knows which files it names."""
    kept.publish()
    kept.write(Set("tenants/s1/media/broken", {"id": "broken"}))

    with pytest.raises(Transient):
        collect(kept.documents, Aged(kept.folder / "files"), "s1", actor=ADMIN)
    assert timedelta(days=100) > collecting.YOUNGEST


def test_renditions_on_disk_are_what_they_say(kept: Keeping) -> None:
    """Every width and height of the record is the file's."""
    picture = add(kept)
    for rendition in picture.renditions:
        blob = kept.files.get(f"{folder_of('s1', picture.id)}{rendition.file}")
        assert blob is not None
        from io import BytesIO

        assert Image.open(BytesIO(blob.body)).size == (rendition.width, rendition.height)


def test_a_draft_that_names_a_picture_that_is_not_there_is_refused(kept: Keeping) -> None:
    """By its field, where a person edits it; a text that only looks like a picture's name is none."""
    picture = add(kept)
    good = Customisation(settings={"logo": picture.name})
    bad = Customisation(settings={"logo": "media/0123456789abcdef"})
    save_draft(kept.documents, kept.files, "s1", "upfront-modern", good, actor=ADMIN, pictures_too=True)
    with pytest.raises(InvalidInput) as refused:
        save_draft(kept.documents, kept.files, "s1", "upfront-modern", bad, actor=ADMIN, pictures_too=True)

    assert [(f.field, f.code) for f in refused.value.fields] == [("settings.logo", "UNKNOWN_PICTURE")]


def test_wherever_a_shop_names_a_picture_it_may_be_the_store_s_own(kept: Keeping) -> None:
    """Its home page's, a collection's, a product's, a variant's: none of them becomes a plain surface."""
    name = add(kept).name
    shop = read_shop(kept.documents, "s1", ADDRESSES)
    assert shop.home is not None
    product = shop.products[0]
    variants = tuple(variant.model_copy(update={"picture": name}) for variant in product.variants)
    places = (
        shop.model_copy(update={"home": shop.home.model_copy(update={"hero_picture": name})}),
        shop.model_copy(update={"home": shop.home.model_copy(update={"story_picture": name})}),
        shop.model_copy(update={"collections": (shop.collections[0].model_copy(update={"picture": name}),)}),
        shop.model_copy(update={"products": (product.model_copy(update={"pictures": (name,)}),)}),
        shop.model_copy(update={"products": (product.model_copy(update={"variants": variants}),)}),
    )
    theme = load_theme("upfront-modern")

    assert name not in repr(shop)
    for place in places:
        assert pictures_of(kept.documents, "s1", place, theme)(name).alt == "A board of oak"
    with pytest.raises(NotFound):
        pictures_of(kept.documents, "s1", shop, theme)(name)
