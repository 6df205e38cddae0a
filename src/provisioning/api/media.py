"""A store's own pictures: sent, listed, looked at, described and removed."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from provisioning.api.calls import LOCATION, ROOT, UNKNOWN, Answer, Call, Endpoint, NoQuery, Refusal
from provisioning.api.paging import read_page
from provisioning.api.shapes import PageQuery
from provisioning.api.store_themes import find_store
from provisioning.errors import NotFound
from provisioning.media.formats import CONTENT_TYPES, MOST_BYTES, MOST_PIXELS
from provisioning.media.records import COLLECTION, AltText, StorePicture, folder_of
from provisioning.ports import Query

#: What a picture is looked at as, before any page shows it.
LOOKED_AT = "image/webp"


class MediaFileView(BaseModel):
    """One of the files that sites show; sizes in pixels and bytes."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    type: str
    width: int
    height: int
    size: int


class MediaView(BaseModel):
    """A picture of the store's."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: str
    name: str = Field(description="As products, collections and themes name it: `media/<id>`.")
    alt: str
    width: int = Field(description="Pixels, upright.")
    height: int
    format: str = Field(description="What was sent: `jpeg`, `png`, `webp` or `avif`.")
    size: int = Field(description="Bytes that were sent.")
    files: tuple[MediaFileView, ...] = Field(description="What sites show, in several widths and formats.")
    created_at: AwareDatetime
    created_by: str
    updated_at: AwareDatetime


class MediaList(BaseModel):
    """By id."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    items: tuple[MediaView, ...]
    next_cursor: str | None


class SentWith(BaseModel):
    """What goes along with a picture."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    alt: Annotated[
        AltText | None,
        Field(
            description="What the picture shows, for people who cannot see it; empty for one that only decorates. It may be left out where "
            "the store has the picture already: its words stay."
        ),
    ] = None


class LookedAt(BaseModel):
    """How large to look at a picture."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    width: int = Field(
        320, ge=1, le=5_000, description="Pixels; the smallest file that is as wide, or the widest."
    )


class MediaWords(BaseModel):
    """What a picture shows."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    alt: AltText = Field(description="For people who cannot see it; empty for one that only decorates.")


def add_media(call: Call[SentWith, bytes]) -> Answer:
    # Loaded here: the admin API starts without it, and seldom needs it.
    from provisioning.media.library import add_picture

    store_id, _ = find_store(call)
    ports = call.platform.ports
    picture = add_picture(
        call.documents, ports.files, store_id, call.body, alt=call.query.alt, actor=call.actor
    )
    return Answer(_view(picture), {"Location": f"/api/provisioning/stores/{store_id}/media/{picture.id}"})


def list_media(call: Call[PageQuery, None]) -> Answer:
    store_id, _ = find_store(call)
    found, following = read_page(call.documents, Query(f"tenants/{store_id}/{COLLECTION}"), call.query)
    items = tuple(_view(StorePicture.model_validate(one.data)) for one in found)
    return Answer(MediaList(items=items, next_cursor=following))


def show_media(call: Call[NoQuery, None]) -> Answer:
    return Answer(_view(_find(call)[1]))


def look_at_media(call: Call[LookedAt, None]) -> Answer:
    store_id, picture = _find(call)
    files = [file for file in picture.renditions if file.type == LOOKED_AT]
    chosen = next((file for file in files if file.width >= call.query.width), files[-1])
    found = call.platform.ports.files.get(f"{folder_of(store_id, picture.id)}{chosen.file}")
    if found is None:
        raise NotFound("a file of this picture is missing; send the picture again")
    return Answer(found.body)


def describe_media(call: Call[NoQuery, MediaWords]) -> Answer:
    from provisioning.media.library import describe_picture

    store_id, _ = find_store(call)
    id = call.path["media_id"]
    return Answer(_view(describe_picture(call.documents, store_id, id, call.body.alt, actor=call.actor)))


def remove_media(call: Call[NoQuery, None]) -> Answer:
    from provisioning.media.library import remove_picture

    store_id, _ = find_store(call)
    remove_picture(call.documents, store_id, call.path["media_id"], actor=call.actor)
    return Answer()


def _find(call: Call[NoQuery, None] | Call[LookedAt, None]) -> tuple[str, StorePicture]:
    from provisioning.media.library import read_picture

    store_id, _ = find_store(call)
    return store_id, read_picture(call.documents, store_id, call.path["media_id"]).picture


def _view(picture: StorePicture) -> MediaView:
    files = tuple(
        MediaFileView(type=file.type, width=file.width, height=file.height, size=file.size)
        for file in picture.renditions
    )
    return MediaView(
        id=picture.id,
        name=picture.name,
        alt=picture.alt,
        width=picture.width,
        height=picture.height,
        format=picture.format,
        size=picture.size,
        files=files,
        created_at=picture.created_at,
        created_by=picture.created_by,
        updated_at=picture.updated_at,
    )


_MEDIA_AT = f"{ROOT}/stores/{{store_id}}/media"
_PICTURE_AT = f"{_MEDIA_AT}/{{media_id}}"
_QUICKER = Refusal(409, "CHANGED_MEANWHILE", "somebody else was quicker")

ENDPOINTS = (
    Endpoint(
        "GET",
        _MEDIA_AT,
        "list_media",
        "Pictures of a store",
        "List a store's own pictures",
        list_media,
        query=PageQuery,
        response=MediaList,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        _MEDIA_AT,
        "add_media",
        "Pictures of a store",
        "Add a picture to a store",
        add_media,
        description="The body is the file: a JPEG, PNG, WebP or AVIF that stands still, of at most "
        f"{MOST_PIXELS // 1_000_000} million pixels. What it is is told by its bytes. It is turned upright, brought to sRGB, freed of all that "
        "the camera noted (the place, too), and made ready in several widths and formats. The same bytes again are the same picture.",
        takes=CONTENT_TYPES,
        most_bytes=MOST_BYTES,
        query=SentWith,
        response=MediaView,
        answer_headers=(LOCATION,),
        refusals=(
            UNKNOWN,
            _QUICKER,
            Refusal(409, "WRONG_STORE_STATUS", "nothing of a store of this status is shown any more"),
        ),
        example_query="alt=Breadboard",
    ),
    Endpoint(
        "GET",
        _PICTURE_AT,
        "show_media",
        "Pictures of a store",
        "Show what is known of a picture",
        show_media,
        response=MediaView,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "GET",
        f"{_PICTURE_AT}/file",
        "look_at_media",
        "Pictures of a store",
        "Look at a picture",
        look_at_media,
        query=LookedAt,
        gives=LOOKED_AT,
        refusals=(UNKNOWN,),
        example_query="width=320",
    ),
    Endpoint(
        "PUT",
        _PICTURE_AT,
        "describe_media",
        "Pictures of a store",
        "Say what a picture shows",
        describe_media,
        body=MediaWords,
        response=MediaView,
        refusals=(UNKNOWN, _QUICKER),
        example={"alt": "An oak board with bread on it"},
    ),
    Endpoint(
        "DELETE",
        _PICTURE_AT,
        "remove_media",
        "Pictures of a store",
        "Remove a picture that nothing shows",
        remove_media,
        status=204,
        refusals=(
            UNKNOWN,
            _QUICKER,
            Refusal(409, "IN_USE", "something shows it; `detail` names what does"),
        ),
    ),
)
