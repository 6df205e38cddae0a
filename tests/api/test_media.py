"""A store's own pictures through the API, as a portal sends and shows them."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from provisioning.api.bodies import MAX_BODY
from provisioning.media.formats import MOST_BYTES
from provisioning.ports import Set
from tests.api.world import ROOT, Api, code_of, fields_of
from tests.media.pictures import photograph, quartered, saved

AT = f"{ROOT}/stores/s1/media"
JPEG = {"Content-Type": "image/jpeg"}
BODY = saved(quartered())


@pytest.fixture(autouse=True)
def _store(api: Api) -> None:
    api.add_store("s1")


def send(api: Api, body: bytes = BODY, query: str = "?alt=Four%20colours", kind: str = "image/jpeg"):
    return api.send("POST", AT + query, body, {"Content-Type": kind})


def test_a_picture_is_sent_listed_described_and_removed(api: Api) -> None:
    """And each of these deeds is on record with who did it."""
    sent = send(api)
    id = sent.json["id"]

    assert sent.headers["Location"] == f"{AT}/{id}"
    assert (sent.json["name"], sent.json["alt"]) == (f"media/{id}", "Four colours")
    assert (sent.json["width"], sent.json["height"], sent.json["format"]) == (400, 300, "jpeg")
    assert {file["type"] for file in sent.json["files"]} == {"image/avif", "image/webp", "image/jpeg"}
    assert api.get(f"{AT}/{id}").json == sent.json
    assert [item["id"] for item in api.get(AT).json["items"]] == [id]

    assert api.put(f"{AT}/{id}", {"alt": "A board"}).json["alt"] == "A board"
    assert api.delete(f"{AT}/{id}").status_code == 204
    assert code_of(api.get(f"{AT}/{id}")) == (404, "NOT_FOUND")
    for action in ("media.added", "media.described", "media.removed"):
        (entry,) = api.audit(action)
        assert entry["actor"] == "admin:boss"
        assert entry["detail"] == {"picture": f"media/{id}"}


def test_sending_it_twice_is_sending_it_once(api: Api) -> None:
    assert send(api).json == send(api).json == send(api, query="").json
    assert len(api.get(AT).json["items"]) == 1


def test_it_can_be_looked_at_before_a_page_shows_it(api: Api) -> None:
    """As WebP, in the width that is asked for or the next."""
    id = send(api, saved(photograph(900, 600))).json["id"]
    widths = {}
    for wanted in (1, 320, 321, 5_000):
        answer = api.get(f"{AT}/{id}/file?width={wanted}")
        assert answer.content_type == "image/webp"
        widths[wanted] = Image.open(BytesIO(answer.get_data())).width

    assert widths == {1: 320, 320: 320, 321: 480, 5_000: 900}
    assert Image.open(BytesIO(api.get(f"{AT}/{id}/file").get_data())).width == 320


def test_what_the_sender_says_it_is_does_not_matter(api: Api) -> None:
    """A PNG that is sent as a JPEG, or as bytes, is a PNG."""
    png = saved(quartered(), "PNG")

    assert send(api, png).json["format"] == "png"
    assert send(api, png, kind="application/octet-stream").json["format"] == "png"


def test_what_is_no_picture_is_refused(api: Api) -> None:
    """By its field, with a code; nothing is kept."""
    for body, code in (
        (b"", "EMPTY"),
        (b"<svg></svg>", "SVG"),
        (BODY[: len(BODY) // 2], "DAMAGED"),
        (b"GIF89a", "ANIMATED"),
        (b"no picture at all", "UNKNOWN_FORMAT"),
    ):
        answer = send(api, body)
        assert code_of(answer) == (422, "INVALID_INPUT")
        assert fields_of(answer) == {("picture", code)}
    assert fields_of(send(api, query="")) == {("alt", "REQUIRED")}
    assert send(api, query="?alt=" + "x" * 301).status_code == 422
    assert send(api, query="?alt=a&alt=b").status_code == 422
    assert code_of(send(api, kind="image/svg+xml")) == (415, "WRONG_TYPE")
    assert code_of(send(api, bytes(MOST_BYTES + 1)))[0] == 413
    assert api.get(AT).json["items"] == []
    assert api.platform.ports.files.list("stores/") == []


def test_one_that_is_larger_than_other_bodies_may_be_is_taken(api: Api) -> None:
    body = saved(photograph(1_200, 900), quality=95)

    assert len(body) > MAX_BODY
    assert send(api, body).status_code == 200


def test_what_shows_it_is_named(api: Api) -> None:
    """It is refused until nothing does."""
    id = send(api).json["id"]
    api.documents.commit([Set("tenants/s1/products/board", {"pictures": [f"media/{id}"]})])
    refused = api.delete(f"{AT}/{id}")

    assert code_of(refused) == (409, "IN_USE")
    assert "products/board" in refused.json["detail"]


def test_another_store_has_none_of_it(api: Api) -> None:
    """The picture of one is nobody else's."""
    id = send(api).json["id"]
    api.add_store("s2")

    assert api.get(f"{ROOT}/stores/s2/media").json["items"] == []
    assert code_of(api.get(f"{ROOT}/stores/s2/media/{id}")) == (404, "NOT_FOUND")
    assert code_of(api.delete(f"{ROOT}/stores/s2/media/{id}")) == (404, "NOT_FOUND")
    assert code_of(api.get(f"{ROOT}/stores/s3/media")) == (404, "NOT_FOUND")


def test_only_administrators_send_pictures(api: Api) -> None:
    """Before a byte of it is looked at."""
    for token, wanted in ((None, (401, "NO_TOKEN")), (api.sign_in("else", None), (403, "NOT_ADMIN"))):
        api.token = token
        assert code_of(send(api)) == wanted
