"""
A merchant's picture as it is kept: the document `tenants/{store_id}/media/{id}`, and the names of its files.

    stores/{store_id}/media/{id}/original                        as it was sent; nobody is ever shown it
    stores/{store_id}/media/{id}/<width>-<hash>.<avif|webp|jpg>  what sites show

The id is the hash of what was sent: the same bytes are the same picture, however often they come. Products, collections and themes name it
`media/{id}`.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from provisioning.media.formats import Format
from provisioning.ports import check_id, document_path

if TYPE_CHECKING:
    from provisioning.media.making import ReadyPicture

#: Pictures whose names begin so are the store's own.
PREFIX = "media/"
COLLECTION = "media"

_ENDINGS = {"image/avif": "avif", "image/webp": "webp", "image/jpeg": "jpg"}
_DIGITS = 32

#: What is read to those who cannot see it; empty for a picture that only decorates.
AltText = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]


class KeptRendition(BaseModel):
    """One file of a picture, as sites show it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    type: Literal["image/avif", "image/webp", "image/jpeg"]
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    size: int = Field(ge=1)
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @property
    def file(self) -> str:
        """The end of its name; it carries the content's hash."""
        return f"{self.width}-{self.sha256[:16]}.{self.ending}"

    @property
    def ending(self) -> str:
        return _ENDINGS[self.type]


class StorePicture(BaseModel):
    """`tenants/{store_id}/media/{id}`: a merchant's own picture."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    id: str
    alt: AltText
    #: Pixels, upright.
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    format: Format
    #: Bytes that were sent.
    size: int = Field(ge=1)
    #: From the smallest to the largest of each type.
    renditions: tuple[KeptRendition, ...] = Field(min_length=1)
    created_at: AwareDatetime
    created_by: str
    updated_at: AwareDatetime

    @property
    def name(self) -> str:
        """As products, collections and themes name it."""
        return f"{PREFIX}{self.id}"

    def to_document(self) -> dict[str, Any]:
        times = {"created_at": self.created_at, "updated_at": self.updated_at}
        return self.model_dump(mode="json") | times


def picture_of(
    body: bytes, ready: ReadyPicture, *, alt: str, actor: str, at: datetime, created: StorePicture | None
) -> StorePicture:
    """The record of a picture that was made ready; `created` is what was on record of it."""
    renditions = tuple(
        KeptRendition.model_validate(
            {
                "type": file.type,
                "width": file.width,
                "height": file.height,
                "size": len(file.body),
                "sha256": hashlib.sha256(file.body).hexdigest(),
            }
        )
        for file in ready.files
    )
    return StorePicture(
        id=id_of(body),
        alt=alt,
        width=ready.width,
        height=ready.height,
        format=ready.format,
        size=len(body),
        renditions=renditions,
        created_at=created.created_at if created else at,
        created_by=created.created_by if created else actor,
        updated_at=at,
    )


def id_of(body: bytes) -> str:
    """The id of the picture with these bytes."""
    return hashlib.sha256(body).hexdigest()[:_DIGITS]


def picture_path(store_id: str, id: str) -> str:
    """Its document."""
    return document_path("tenants", store_id, COLLECTION, id)


def folder_of(store_id: str, id: str = "") -> str:
    """What the names of its files begin with; without an id, those of all pictures of the store."""
    kept = f"stores/{check_id(store_id, 'store_id')}/media/"
    return f"{kept}{check_id(id, 'media_id')}/" if id else kept


def original_of(store_id: str, id: str) -> str:
    return f"{folder_of(store_id, id)}original"


def files_of(store_id: str, picture: StorePicture) -> frozenset[str]:
    """The names of all its files."""
    folder = folder_of(store_id, picture.id)
    return frozenset(
        {f"{folder}original", *(f"{folder}{rendition.file}" for rendition in picture.renditions)}
    )
