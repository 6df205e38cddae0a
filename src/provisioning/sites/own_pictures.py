"""A store's own pictures, as its site shows them: taken as they were made ready, so that nothing is decoded or uploaded by a publication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from provisioning.catalog.pictures import find_picture
from provisioning.errors import NotFound
from provisioning.media.records import PREFIX, KeptRendition, StorePicture, folder_of
from provisioning.media.uses import existing
from provisioning.ports import Documents, Snapshot
from provisioning.sites.releases import CacheClass, ReleasedFile
from provisioning.sites.shop import KeptFile, PictureFile, PictureSource, Shop
from provisioning.themes.packages import Theme
from provisioning.themes.renderer import references_of

_DIGITS = 16


@dataclass(frozen=True, slots=True)
class OwnPicture:
    """A picture of the store's, with its files where they lie."""

    alt: str
    width: int
    height: int
    renditions: tuple[KeptFile, ...]


def pictures_of(documents: Documents, store_id: str, shop: Shop, theme: Theme) -> PictureSource:
    """
    The sample pictures and those of the store's own that the shop or the theme names, read at once.

    One that is not there, or that cannot be read, is not found: a plain surface stands in its place, and the shop stays open.
    """
    read = existing(documents, store_id, _named(shop, theme))
    own = {name: picture for name, found in read.items() if (picture := _own(store_id, found))}

    def find(name: str) -> PictureFile:
        if not name.startswith(PREFIX):
            return find_picture(name)
        if name not in own:
            raise NotFound("the store has no picture of this name")
        return own[name]

    return find


def _named(shop: Shop, theme: Theme) -> Iterator[str]:
    for product in shop.products:
        yield from product.pictures
        yield from (variant.picture for variant in product.variants if variant.picture)
    yield from (collection.picture for collection in shop.collections)
    if shop.home is not None:
        yield from (shop.home.hero_picture, shop.home.story_picture)
    yield from (name for field, name in references_of(theme) if field == "pictures")


def _own(store_id: str, found: Snapshot) -> OwnPicture | None:
    try:
        picture = StorePicture.model_validate(found.data)
    except ValidationError:
        return None
    files = tuple(_file(store_id, picture, rendition) for rendition in picture.renditions)
    return OwnPicture(picture.alt, picture.width, picture.height, files)


def _file(store_id: str, picture: StorePicture, rendition: KeptRendition) -> KeptFile:
    line = ReleasedFile(
        blob=f"{folder_of(store_id, picture.id)}{rendition.file}",
        sha256=rendition.sha256,
        size=rendition.size,
        content_type=rendition.type,
        cache=CacheClass.IMMUTABLE,
    )
    hashed = f"{rendition.width}.{rendition.sha256[:_DIGITS]}.{rendition.ending}"
    path = f"/pictures/media-{picture.id[:_DIGITS]}-{hashed}"
    return KeptFile(rendition.type, rendition.width, rendition.height, path, line)
