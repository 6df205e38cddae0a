"""Making a release from a store's documents: only what changed, checked before anything is put, and on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from provisioning.errors import Conflict, NotFound, Transient, WrongState
from provisioning.ports import Delete, Query, Update
from provisioning.sites import building, making
from provisioning.sites.channels import ChecksFailed, load_manifest, preview_write, promotion
from provisioning.sites.making import Done, MadeRelease, Unfinished, make_release
from provisioning.sites.release_records import ReleaseRecord
from provisioning.sites.releases import ReleasedFile, plain_body
from provisioning.themes.packages import load_theme
from tests.sites.keeping import ADDRESSES, ADMIN, Keeping


@pytest.fixture
def kept(tmp_path: Path) -> Keeping:
    return Keeping(tmp_path)


def some_product(kept: Keeping) -> str:
    return kept.documents.query(Query("tenants/s1/products"))[0].id


def record_of(kept: Keeping, release: str) -> ReleaseRecord:
    return ReleaseRecord.model_validate(kept.data(f"tenants/s1/releases/{release}"))


def test_the_first_release_renders_and_puts_everything(kept: Keeping) -> None:
    """Its record says by whom, from what, what it took, and that every check looked at something and found nothing."""
    made = kept.make()
    record = record_of(kept, made.id)

    assert made.changed
    assert record == made.record
    assert (record.actor, record.reason, record.state, record.theme.slug) == (
        ADMIN,
        "publish",
        "READY",
        "upfront-modern",
    )
    assert record.stats.pages == record.stats.rendered > 15
    assert record.stats.uploaded == len([name for name in kept.files.puts if name.startswith("stores/s1/")])
    assert [check.name for check in record.checks] == [
        "markup",
        "structured data",
        "links",
        "other files",
        "weight",
        "blobs",
    ]
    assert all(check.ok and check.looked_at for check in record.checks)
    assert kept.deployment.live is None


def test_without_a_change_nothing_is_rendered_or_put(kept: Keeping) -> None:
    """And the record of the first making stays."""
    first = kept.publish()
    kept.files.puts.clear()
    again = kept.make()

    assert (again.id, again.changed, kept.files.puts) == (first.id, False, [])
    assert again.record == first.record


def test_a_new_price_renders_only_what_shows_it(kept: Keeping) -> None:
    """The product, the shelves and lists that it stands on; each of the others is taken over as it is."""
    first = kept.publish()
    kept.files.puts.clear()
    handle = some_product(kept)
    kept.reprice(handle, 12_345)
    made = kept.publish()
    stats = made.record.stats
    lines = _lines(kept, made.id)
    pages = {
        path: _body(kept, line) for path, line in lines.items() if line.content_type.startswith("text/html")
    }
    # Prices stand in the search index, too, and its name, which one page knows, is made from its content.
    showing = [path for path, body in pages.items() if b"123.45" in body or b"/search-index." in body]

    assert made.changed
    assert f"/products/{handle}/" in showing
    assert 0 < stats.rendered < stats.pages
    # The row on the page of what is not found shows the first of a list, and depends on the whole.
    assert stats.rendered - len(showing) == ("/404.html" not in showing)
    assert stats.uploaded == len(kept.files.puts) <= stats.rendered + 3
    assert kept.deployment.previous == first.id


def test_a_price_that_was_before_is_the_release_that_was_before(kept: Keeping) -> None:
    """Nothing is put for it: every blob is there, and so is the manifest."""
    handle = some_product(kept)
    kept.reprice(handle, 10_000)
    first = kept.publish()
    kept.reprice(handle, 20_000)
    kept.publish()
    kept.files.puts.clear()
    kept.reprice(handle, 10_000)

    assert kept.publish().id == first.id
    assert kept.files.puts == []


def test_another_theme_s_preview_takes_over_what_the_channel_had(kept: Keeping) -> None:
    """Not from the live release, whose pages are made from another theme."""
    kept.publish()
    other = load_theme("upfront-modern")
    made = kept.make(theme=other, channel="preview-a", reason="preview")
    kept.write(preview_write(made.deployment, "preview-a", made.id, actor=ADMIN, at=made.record.created_at))
    kept.reprice(some_product(kept), 11_100)
    again = kept.make(theme=other, channel="preview-a", reason="preview")

    assert again.record.stats.reused > 0
    assert again.record.reason == "preview"


def test_a_release_that_fails_its_checks_puts_nothing(kept: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is live stays; the error and the record name page and reason; asked for again it is refused again."""
    first = kept.publish()
    kept.files.puts.clear()
    kept.reprice(some_product(kept), 12_345)
    _break_rendering(monkeypatch)

    for _ in range(2):
        with pytest.raises(ChecksFailed) as refused:
            kept.make()

    assert kept.files.puts == []
    assert kept.deployment.live == first.id
    assert "leads to nothing in this release" in refused.value.detail
    assert refused.value.fields[0].code == "DEAD_LINK"
    records = [
        ReleaseRecord.model_validate(found.data)
        for found in kept.documents.query(Query("tenants/s1/releases"))
        if found.id != first.id
    ]
    assert [record.state for record in records] == ["REJECTED"]
    problems = [problem for check in records[0].checks for problem in check.problems]
    assert problems[0].page == refused.value.fields[0].field
    assert problems[0].code == "DEAD_LINK"


@pytest.mark.slow
def test_killed_at_any_put_it_goes_on_where_it_ended(tmp_path: Path) -> None:
    """At each put of all: nothing is put twice, nothing is live, and the release comes out the same."""
    whole = Keeping(tmp_path / "whole")
    expected = whole.make()
    places = range(0, len(whole.files.puts), 9)

    for place in places:
        kept = Keeping(tmp_path / f"at-{place}")
        _kill_at(kept, place)
        with pytest.raises(Transient):
            kept.make()
        kept.files.on_put = lambda name: None
        made = kept.make()

        assert made.id == expected.id
        assert sorted(kept.files.puts) == sorted(set(kept.files.puts)) == sorted(whole.files.puts)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores of ten products are made in parts like those of thousands."""
    monkeypatch.setattr(making, "PAGES_AT_ONCE", 5)


def test_in_parts_it_is_the_same_release(
    tmp_path: Path, kept: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same content, whatever way it was made; and its checks have looked at as much."""
    whole = Keeping(tmp_path / "whole").make()
    monkeypatch.setattr(making, "PAGES_AT_ONCE", 5)
    parts = kept.make()

    assert parts.id == whole.id
    assert parts.record.checks == whole.record.checks
    assert parts.record.stats.uploaded == whole.record.stats.uploaded
    assert parts.record.stats.bytes == whole.record.stats.bytes
    assert _remembered(kept) == []


@pytest.mark.usefixtures("small_parts")
def test_in_as_many_turns_as_it_takes_nothing_is_done_twice(kept: Keeping) -> None:
    """Each turn goes on where the one before ended: a page is rendered once and a file put once, and at the end nothing else is left."""
    done, turns = Done(), 0
    while True:
        try:
            made = kept.make(may_go_on=lambda seconds: False, earlier=done)
            break
        except Unfinished as so_far:
            done, turns = done + so_far.done, turns + 1
            assert _remembered(kept)
    stats = made.record.stats

    assert turns > 2
    assert stats.rendered == stats.pages
    own = [name for name in kept.files.puts if "/unfinished/" not in name and name.startswith("stores/")]
    assert sorted(own) == sorted(set(own))
    assert stats.uploaded == len(own)
    assert _remembered(kept) == []
    assert all(check.ok for check in made.record.checks)


@pytest.mark.slow
@pytest.mark.usefixtures("small_parts")
def test_killed_in_any_part_nothing_that_was_kept_is_rendered_again(tmp_path: Path) -> None:
    """What had been remembered by then is taken over; the release comes out the same."""
    whole = Keeping(tmp_path / "whole")
    expected = whole.make()
    for place in range(3, len(whole.files.puts), 11):
        kept = Keeping(tmp_path / f"at-{place}")
        _kill_at(kept, place)
        with pytest.raises(Transient):
            kept.make()
        kept.files.on_put = lambda name: None
        remembered = len(making.load_progress(kept.files, "s1", "live", "", _now(kept)).lines)
        made = kept.make()

        assert made.id == expected.id
        assert made.record.stats.rendered == made.record.stats.pages - remembered
        assert len(kept.files.puts) == len(set(kept.files.puts))


@pytest.mark.usefixtures("small_parts")
def test_a_change_between_two_turns_is_in_the_release(tmp_path: Path, kept: Keeping) -> None:
    """A product that is gone is linked from no page, though pages that showed it were made already; nor is an old price shown."""
    handles = [found.id for found in kept.documents.query(Query("tenants/s1/products"))]
    turn = 0

    def change(at: int, store: Keeping) -> None:
        if at == 2:
            store.reprice(handles[0], 77_700)
        if at == 4:
            store.write(Delete(f"tenants/s1/products/{handles[1]}"))

    made = None
    while made is None:
        try:
            made = kept.make(may_go_on=lambda seconds: False)
        except Unfinished:
            turn += 1
            change(turn, kept)
    other = Keeping(tmp_path / "other")
    for at in (2, 4):
        change(at, other)

    assert turn >= 4
    # The documents' times differ, and with them the sitemap's.
    assert _pages(kept, made.id) == _pages(other, other.make().id)


@pytest.mark.usefixtures("small_parts")
def test_a_page_that_fails_puts_no_later_part(kept: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sealed and nothing is put once it is known; where there is time the record tells of all pages, else the error of the first ones."""
    _break_rendering(monkeypatch)

    with pytest.raises(ChecksFailed) as in_time:
        kept.make()
    with pytest.raises(ChecksFailed) as out_of_time:
        kept.make(may_go_on=lambda seconds: False)

    assert kept.files.puts == []
    assert in_time.value.fields[0] == out_of_time.value.fields[0]
    records = kept.documents.query(Query("tenants/s1/releases"))
    assert [(found.data or {})["state"] for found in records] == ["REJECTED"]


@pytest.mark.usefixtures("small_parts")
def test_out_of_time_in_the_middle_of_a_part_is_a_turn_like_any_other(kept: Keeping) -> None:
    """Where an earlier part was put; else it is an attempt that failed."""
    _kill_at(kept, 0, code="OUT_OF_TIME")
    with pytest.raises(Transient):
        kept.make()
    _kill_at(kept, 9, code="OUT_OF_TIME")
    with pytest.raises(Unfinished) as so_far:
        kept.make()

    assert 0 < so_far.value.done.uploaded <= 9
    assert so_far.value.seen < so_far.value.pages


@pytest.mark.usefixtures("small_parts")
def test_a_release_for_one_channel_leaves_what_another_has_begun(kept: Keeping) -> None:
    """A large store's preview goes on where it was, however often its live site is published meanwhile."""
    with pytest.raises(Unfinished):
        kept.make(channel="preview-next", may_go_on=lambda seconds: False)
    before = making.load_progress(kept.files, "s1", "preview-next", "", _now(kept)).lines
    with pytest.raises(Unfinished):
        kept.make(may_go_on=lambda seconds: False)
    kept.make()

    assert before
    assert making.load_progress(kept.files, "s1", "preview-next", "", _now(kept)).lines == before
    assert not making.load_progress(kept.files, "s1", "live", "", _now(kept)).lines


@pytest.mark.usefixtures("small_parts")
def test_what_was_remembered_of_a_file_that_is_gone_is_made_again(kept: Keeping) -> None:
    """A collection may have removed it; nor does anybody trust what is a day old."""
    with pytest.raises(Unfinished):
        kept.make(may_go_on=lambda seconds: False)
    lines = making.load_progress(kept.files, "s1", "live", "", _now(kept)).lines
    path, line = next(iter(lines.items()))
    kept.files.delete(line.blob)

    assert making.load_progress(kept.files, "s1", "live", "", _now(kept)).lines.keys() == lines.keys() - {
        path
    }
    assert not making.load_progress(kept.files, "s1", "live", "", _now(kept) + timedelta(hours=25)).lines
    assert all(check.ok for check in kept.make().record.checks)


def test_a_change_meanwhile_is_noticed_by_the_promotion(kept: Keeping) -> None:
    """The deployment that came with the release is the one from before the making: its promotion does not overwrite another."""
    made = kept.make()
    kept.write(Update("deployments/s1", {"seq": 7}))

    with pytest.raises(Conflict):
        _promote(kept, made)


@pytest.mark.parametrize("status", ["CREATING", "ARCHIVED", "DELETED"])
def test_a_store_that_shows_nothing_is_not_published(kept: Keeping, status: str) -> None:
    kept.write(Update("stores/s1", {"status": status}))

    with pytest.raises(WrongState, match="store"):
        kept.make()
    assert kept.files.puts == []


@pytest.mark.parametrize("status", ["READY", "SUSPENDED"])
def test_a_store_that_is_closed_for_now_may_be_published(kept: Keeping, status: str) -> None:
    """It opens with what was published last."""
    kept.write(Update("stores/s1", {"status": status}))

    assert kept.publish().changed


def test_a_store_that_is_gone(kept: Keeping) -> None:
    kept.write(Delete("stores/s1"))

    with pytest.raises(NotFound):
        kept.make()
    with pytest.raises(NotFound):
        make_release(kept.documents, kept.files, ADDRESSES, "s2", actor=ADMIN)


def test_while_old_files_are_removed_nothing_is_made(kept: Keeping) -> None:
    """A release could count on one of them. It says when to come again."""
    now = kept.documents.get("stores/s1").read_time
    kept.write(Update("deployments/s1", {"collecting_until": now + timedelta(seconds=20)}))

    with pytest.raises(Transient) as refused:
        kept.make()
    assert refused.value.code == "COLLECTING"
    assert 0 < (refused.value.retry_after or 0) <= 20

    kept.write(Update("deployments/s1", {"collecting_until": now - timedelta(seconds=1)}))
    assert kept.make().changed


def test_a_lost_blob_is_found_before_anything_is_promoted(kept: Keeping) -> None:
    """A page that is taken over leads to a file that somebody removed."""
    first = kept.publish()
    kept.files.delete(_lines(kept, first.id)["/cart/"].blob)
    kept.reprice(some_product(kept), 12_345)

    with pytest.raises(ChecksFailed) as refused:
        kept.make()
    assert refused.value.fields[0].code == "BLOB_MISSING"


def _remembered(kept: Keeping) -> list[str]:
    return kept.files.list("stores/s1/unfinished/")


def _now(kept: Keeping) -> datetime:
    return kept.documents.get("stores/s1").read_time


def _pages(kept: Keeping, release: str) -> dict[str, bytes]:
    lines = _lines(kept, release)
    return {
        path: _body(kept, line) for path, line in lines.items() if line.content_type.startswith("text/html")
    }


def _kill_at(kept: Keeping, place: int, code: str = "TRANSIENT") -> None:
    begun: list[str] = []

    def kill(name: str) -> None:
        begun.append(name)
        if len(begun) > place:
            raise Transient("killed", code=code)

    kept.files.on_put = kill


def _break_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    real = building.render_pages
    monkeypatch.setattr(
        building,
        "render_pages",
        lambda *given: (page.replace("</main>", '<a href="/gone/">gone</a></main>') for page in real(*given)),
    )


def _promote(kept: Keeping, made: MadeRelease) -> None:
    now = kept.documents.get("stores/s1").read_time
    kept.documents.commit([promotion(made.deployment, made.id, actor=ADMIN, reason="publish", at=now)])


def _lines(kept: Keeping, release: str) -> Mapping[str, ReleasedFile]:
    manifest = load_manifest(kept.files, "s1", release)
    assert manifest
    return manifest.files


def _body(kept: Keeping, line: ReleasedFile) -> bytes:
    blob = kept.files.get(line.blob)
    assert blob
    return plain_body(blob, line)


def test_a_picture_that_is_gone_closes_nobody_s_shop(kept: Keeping) -> None:
    """A sample's picture that the platform no longer has is left out, and the store is published all the same."""
    handle = some_product(kept)
    found = kept.documents.get(f"tenants/s1/products/{handle}")
    assert found.data is not None
    variants = [variant | {"picture": None} for variant in found.data["variants"]]
    kept.documents.commit([Update(found.path, {"pictures": ["electronics/gone"], "variants": variants})])

    assert all(check.ok for check in record_of(kept, kept.make().id).checks)
