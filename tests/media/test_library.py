"""A store's own pictures: added once however often they are sent, finished when they were cut off, kept while something shows them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from provisioning.errors import Conflict, InvalidInput, NotFound, Transient, WrongState
from provisioning.media import library
from provisioning.media.library import add_picture, describe_picture, read_picture, remove_picture
from provisioning.media.records import StorePicture, files_of, folder_of, id_of, original_of
from provisioning.media.uses import check_pictures, find_uses
from provisioning.ports import Delete, Query, Set, Update, Write
from tests.media.pictures import quartered, saved
from tests.sites.keeping import ADMIN, Keeping

BODY = saved(quartered(200, 150))


@pytest.fixture
def kept(tmp_path: Path) -> Keeping:
    return Keeping(tmp_path)


def add(kept: Keeping, body: bytes = BODY, alt: str | None = "Four colours") -> StorePicture:
    return add_picture(kept.documents, kept.files, "s1", body, alt=alt, actor=ADMIN)


def audited(kept: Keeping) -> list[str]:
    return [str((entry.data or {})["action"]) for entry in kept.documents.query(Query("audit_log"))]


def test_a_picture_is_kept_with_all_its_files(kept: Keeping) -> None:
    """The original as it was sent, as nothing that a browser would open; what sites show, by its content's hash."""
    picture = add(kept)
    original = kept.files.get(original_of("s1", picture.id))

    assert kept.data(f"tenants/s1/media/{picture.id}") == picture.to_document()
    assert (picture.width, picture.height, picture.format, picture.alt) == (200, 150, "jpeg", "Four colours")
    assert picture.name == f"media/{picture.id}"
    assert set(kept.files.list(folder_of("s1"))) == files_of("s1", picture)
    assert original is not None
    assert (original.body, original.content_type) == (BODY, "application/octet-stream")
    assert audited(kept) == ["media.added"]


def test_the_same_bytes_are_the_same_picture(kept: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is decoded, put or written again; words stay unless others are given."""
    first = add(kept)
    puts = len(kept.files.puts)
    monkeypatch.setattr(library, "make_ready", lambda body: pytest.fail("it was decoded again"))

    assert add(kept) == add(kept, alt=None) == first
    assert len(kept.files.puts) == puts
    assert add(kept, alt="Other words").alt == "Other words"
    assert add(kept, alt=None).alt == "Other words"
    assert len(kept.documents.query(Query("tenants/s1/media"))) == 1


def test_a_new_picture_needs_words(kept: Keeping) -> None:
    """An empty text says that it only decorates; none at all says nothing."""
    with pytest.raises(InvalidInput) as error:
        add(kept, alt=None)

    assert error.value.fields[0].field == "alt"
    assert kept.files.puts == []
    assert add(kept, alt="").alt == ""


@pytest.mark.parametrize("after", range(5))
def test_one_that_was_cut_off_is_finished_by_sending_it_again(kept: Keeping, after: int) -> None:
    """However many files were put: nothing names what is not there, and nothing is put twice."""
    done: list[str] = []

    def die(name: str) -> None:
        if len(done) == after:
            raise Transient("the process ended")
        done.append(name)

    kept.files.on_put = die
    if after < 4:
        with pytest.raises(Transient):
            add(kept)
        assert kept.documents.query(Query("tenants/s1/media")) == []
    kept.files.on_put = lambda name: None
    before = set(kept.files.list(folder_of("s1")))
    picture = add(kept)

    assert set(kept.files.list(folder_of("s1"))) == files_of("s1", picture)
    assert before <= set(done)


def test_what_is_missing_is_made_again(kept: Keeping) -> None:
    """A picture of which a file went missing is whole again once it is sent again; its document stays what it was."""
    picture = add(kept)
    lost = sorted(files_of("s1", picture))[:2]
    for name in lost:
        kept.files.delete(name)
    again = add(kept, alt=None)

    assert set(kept.files.list(folder_of("s1"))) == files_of("s1", picture)
    assert (again.renditions, again.alt, again.created_at) == (
        picture.renditions,
        picture.alt,
        picture.created_at,
    )


def test_two_who_send_the_same_at_once_make_one_picture(kept: Keeping) -> None:
    """Whoever comes second finds it."""
    together, waited = threading.Barrier(2), set[int]()

    def meet(writes: Sequence[Write]) -> None:
        if threading.get_ident() not in waited:
            waited.add(threading.get_ident())
            together.wait(60)

    kept.documents.before_commit = meet
    answers: list[Any] = []

    def send() -> None:
        try:
            answers.append(add(kept))
        except Exception as error:
            answers.append(error)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [type(answer) for answer in answers] == [StorePicture, StorePicture], answers
    assert len({answer.id for answer in answers}) == 1
    assert len(kept.documents.query(Query("tenants/s1/media"))) == 1


def test_nothing_is_added_while_unused_files_are_removed(kept: Keeping) -> None:
    """A file that is there already might go in a moment: the sender is asked to come again, before the work and after it."""
    now = kept.documents.get("stores/s1").read_time
    busy = Update("deployments/s1", {"collecting_until": now + timedelta(minutes=5)})
    kept.write(busy)
    with pytest.raises(Transient):
        add(kept)
    kept.write(Update("deployments/s1", {"collecting_until": None}))
    kept.documents.before_commit = lambda writes: kept.write(busy)
    with pytest.raises(Transient):
        add(kept)

    # It comes again, and meanwhile all that it had put has gone.
    kept.documents.before_commit = lambda writes: None
    kept.write(Update("deployments/s1", {"collecting_until": None}))
    for name in kept.files.list(folder_of("s1")):
        kept.files.delete(name)
    picture = add(kept)
    assert set(kept.files.list(folder_of("s1"))) == files_of("s1", picture)


@pytest.mark.parametrize("status", ["ARCHIVED", "DELETED"])
def test_a_store_that_is_over_takes_none(kept: Keeping, status: str) -> None:
    kept.write(Update("stores/s1", {"status": status}))
    with pytest.raises(WrongState):
        add(kept)

    kept.write(Delete("stores/s1"))
    with pytest.raises(NotFound):
        add(kept)
    assert kept.files.puts == []


def test_other_words(kept: Keeping) -> None:
    """They are written and audited; the same ones are not."""
    picture = add(kept)
    changed = describe_picture(kept.documents, "s1", picture.id, "A board", actor=ADMIN)
    describe_picture(kept.documents, "s1", picture.id, "A board", actor=ADMIN)

    assert changed.alt == read_picture(kept.documents, "s1", picture.id).picture.alt == "A board"
    assert sorted(audited(kept)) == ["media.added", "media.described"]
    with pytest.raises(NotFound):
        describe_picture(kept.documents, "s1", "0" * 32, "A board", actor=ADMIN)


def test_a_picture_that_something_shows_stays(kept: Keeping) -> None:
    """The refusal names what does: products, their variants, collections, pages, themes and drafts; once none does, it goes."""
    picture = add(kept)
    product = kept.documents.query(Query("tenants/s1/products"))[0]
    variants = [dict(variant) for variant in (product.data or {})["variants"]]
    users = {
        f"products/{product.id}": Update(
            product.path, {"variants": [{**variants[0], "picture": picture.name}]}
        ),
        "collections/own": Set("tenants/s1/collections/own", {"picture": picture.name}),
        "themes/upfront-modern": Set(
            "tenants/s1/themes/upfront-modern", {"published": {"settings": {"logo": picture.name}}}
        ),
        "theme_drafts/upfront-modern": Set(
            "tenants/s1/theme_drafts/upfront-modern",
            {"customisation": {"sections": {"index/hero": {"image": picture.name}}}},
        ),
    }
    kept.write(*users.values())

    assert set(find_uses(kept.documents, "s1", picture.name)) == set(users)
    with pytest.raises(WrongState) as refused:
        remove_picture(kept.documents, "s1", picture.id, actor=ADMIN)
    assert refused.value.code == "IN_USE"
    assert all(user in str(refused.value) for user in users)

    kept.write(*(Delete(f"tenants/s1/{user}") for user in users))
    remove_picture(kept.documents, "s1", picture.id, actor=ADMIN)
    with pytest.raises(NotFound):
        read_picture(kept.documents, "s1", picture.id)
    assert audited(kept).count("media.removed") == 1


def test_one_that_is_described_meanwhile_is_not_removed(kept: Keeping) -> None:
    """Whoever removes it has not seen what it became."""
    picture = add(kept)
    path = f"tenants/s1/media/{picture.id}"
    kept.documents.before_commit = lambda writes: kept.write(Update(path, {"alt": "New words"}))

    with pytest.raises(Conflict):
        remove_picture(kept.documents, "s1", picture.id, actor=ADMIN)
    assert kept.data(path)["alt"] == "New words"


def test_a_removed_picture_comes_back_under_its_name(kept: Keeping) -> None:
    picture = add(kept)
    remove_picture(kept.documents, "s1", picture.id, actor=ADMIN)

    assert add(kept).name == picture.name == f"media/{id_of(BODY)}"


def test_what_names_a_picture_that_is_not_there_is_told_by_field(kept: Keeping) -> None:
    """Sample pictures are not the store's; a name that would lead into another tenant leads nowhere."""
    picture = add(kept)
    good = {"pictures": [picture.name, "home/hero"], "picture": picture.name}
    check_pictures(kept.documents, "s1", good)
    bad = {
        "pictures": [picture.name, "media/0123"],
        "variants": [{"picture": "media/../../s2/media/x"}],
        "title": "media/1",
    }
    with pytest.raises(InvalidInput) as error:
        check_pictures(kept.documents, "s1", bad)

    assert {field.field for field in error.value.fields} == {"pictures.1", "variants.0.picture", "title"}


@pytest.mark.parametrize("id", ["..", "a/b", "", "x" * 200])
def test_ids_lead_into_no_other_path(kept: Keeping, id: str) -> None:
    with pytest.raises(InvalidInput):
        read_picture(kept.documents, "s1", id)
