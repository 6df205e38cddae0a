"""Collecting removes what no release needs, nothing younger, and nothing under a release that is being made."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from provisioning.errors import Conflict, NotFound, Transient
from provisioning.ports import Query, Set, SiteFile, Update
from provisioning.sites.channels import load_manifest, preview_write, promote, promotion
from provisioning.sites.checking import check_blobs
from provisioning.sites.collecting import (
    ROUND,
    SHARE,
    Round,
    collect,
    collect_due,
    collectable_stores,
    find_unused,
)
from tests.sites.keeping import ADMIN, Keeping

DAY = 24 * 3600.0


@pytest.fixture
def kept(tmp_path: Path) -> Keeping:
    """A store with two releases, the second live."""
    kept = Keeping(tmp_path)
    for price in (10_000, 20_000):
        kept.reprice(_product(kept), price)
        kept.publish()
    return kept


def _product(kept: Keeping) -> str:
    return kept.documents.query(Query("tenants/s1/products"))[0].id


def _age(kept: Keeping, days: float, prefix: str = "stores/s1/") -> None:
    """As if all that is there had been put so many days ago."""
    for name in kept.files.list(prefix):
        path = kept.folder / "files" / f"{name}~"
        at = path.stat().st_mtime - days * DAY
        os.utime(path, (at, at))


def _orphan(kept: Keeping, name: str = "ab" * 32) -> str:
    whole = f"stores/s1/blobs/{name[:2]}/{name}"
    kept.files.put(whole, SiteFile(b"of nobody", "text/html"))
    return whole


def _collect(kept: Keeping, **more: object):  # type: ignore[no-untyped-def]
    return collect(kept.documents, kept.files, "s1", actor=ADMIN, **more)  # type: ignore[arg-type]


def _whole(kept: Keeping, release: str | None) -> bool:
    manifest = load_manifest(kept.files, "s1", release or "")
    return manifest is not None and check_blobs(kept.files, manifest).ok


def _forget(kept: Keeping) -> str:
    """The first release is none of the last ten any more."""
    first = kept.deployment.recent[0]
    kept.write(Update("deployments/s1", {"recent": [], "previous": None}))
    return first


def test_a_file_of_nobody_goes_after_two_days(kept: Keeping) -> None:
    """Not before: a publication under way has put it, perhaps."""
    orphan = _orphan(kept)

    young = _collect(kept)
    assert (young.unused, young.spared) == ((), 1)
    _age(kept, 1.9)
    assert _collect(kept).unused == ()
    _age(kept, 0.2)
    assert find_unused(kept.documents, kept.files, "s1").unused == (orphan,)
    assert kept.files.exists(orphan)

    done = _collect(kept)

    assert (done.unused, done.removed) == ((orphan,), True)
    assert not kept.files.exists(orphan)
    assert _whole(kept, kept.deployment.live)


def test_releases_that_were_live_lately_stay_however_old(kept: Keeping) -> None:
    _age(kept, 400)
    before = kept.files.list("stores/s1/")

    done = _collect(kept)

    assert done.old_releases == ()
    assert kept.files.list("stores/s1/") == before


def test_an_old_release_goes_with_what_it_alone_had(kept: Keeping) -> None:
    """Its record, its manifest, its blobs; what it shares with the live one stays."""
    first = _forget(kept)
    _age(kept, 29)
    assert _collect(kept).old_releases == ()
    _age(kept, 2)

    done = _collect(kept)

    assert done.old_releases == (first,)
    assert done.unused
    assert load_manifest(kept.files, "s1", first) is None
    assert kept.data(f"tenants/s1/releases/{first}") == {}
    assert _whole(kept, kept.deployment.live)
    assert _collect(kept).unused == ()
    entries = [found.data for found in kept.documents.query(Query("audit_log"))]
    assert [entry["action"] for entry in entries if entry] == ["releases.collected"]
    assert entries[0]["detail"]["releases"] == 1  # type: ignore[index]


def test_what_a_preview_shows_stays_until_it_is_over(kept: Keeping) -> None:
    first = _forget(kept)
    _age(kept, 40)
    found = kept.documents.get("deployments/s1")
    kept.write(preview_write(found, "preview-a", first, actor=ADMIN, at=found.read_time, days=1))
    assert _collect(kept).old_releases == ()
    assert _whole(kept, first)

    found = kept.documents.get("deployments/s1")
    kept.write(preview_write(found, "preview-a", first, actor=ADMIN, at=found.read_time - timedelta(days=9)))
    assert _collect(kept).old_releases == (first,)


def test_a_dry_run_changes_nothing(kept: Keeping) -> None:
    _forget(kept)
    _orphan(kept)
    _age(kept, 40)
    files, deployment = kept.files.list(""), kept.data("deployments/s1")

    found = find_unused(kept.documents, kept.files, "s1")

    assert found.unused and found.old_releases and found.unused_bytes
    assert not found.removed
    assert (kept.files.list(""), kept.data("deployments/s1")) == (files, deployment)


def test_a_release_begun_before_cannot_be_promoted_after(kept: Keeping) -> None:
    """It counts on an old file of nobody, which goes meanwhile. Its promotion fails; made again from its reads, it is whole."""
    made_before = kept.make()
    kept.reprice(_product(kept), 30_000)
    lost = kept.make()
    live = kept.deployment.live
    kept.files.delete(f"stores/s1/releases/{lost.id}.json")
    _age(kept, 40)
    again = kept.make()
    _age(kept, 0)
    kept.files.delete(f"stores/s1/releases/{lost.id}.json")
    assert _collect(kept).unused

    with pytest.raises(Conflict):
        kept.documents.commit(
            [
                promotion(
                    again.deployment, again.id, actor=ADMIN, reason="publish", at=again.deployment.read_time
                )
            ]
        )
    assert kept.deployment.live == live
    assert kept.publish().id == lost.id
    assert _whole(kept, kept.deployment.live)
    assert made_before.id == live


def test_while_it_is_at_work_nothing_is_made_or_promoted(kept: Keeping) -> None:
    """And afterwards all is as before."""
    _orphan(kept)
    _age(kept, 3)
    refused: list[str] = []
    real = kept.files.delete

    def delete(name: str) -> None:
        for attempt in (
            kept.make,
            lambda: promote(kept.documents, kept.files, "s1", kept.deployment.recent[0], actor=ADMIN),
        ):
            with pytest.raises(Transient) as error:
                attempt()
            refused.append(error.value.code)
        real(name)

    kept.files.delete = delete  # type: ignore[method-assign]
    _collect(kept)

    assert refused == ["COLLECTING", "COLLECTING"]
    assert kept.deployment.collecting_until is None
    assert not kept.make().changed


def test_of_two_collections_one_waits(kept: Keeping) -> None:
    now = kept.documents.get("stores/s1").read_time
    kept.write(Update("deployments/s1", {"collecting_until": now + timedelta(minutes=1)}))

    with pytest.raises(Transient):
        _collect(kept)


def test_killed_anywhere_it_leaves_whole_releases(kept: Keeping) -> None:
    """And holds nothing back for longer than its time."""
    first = _forget(kept)
    _age(kept, 40)
    real, gone = kept.files.delete, 0

    def kill(name: str) -> None:
        raise KeyboardInterrupt

    def some(name: str) -> None:
        nonlocal gone
        gone += 1
        if gone > 2:
            kill(name)
        real(name)

    kept.files.delete = some  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        _collect(kept)
    kept.files.delete = real  # type: ignore[method-assign]

    assert load_manifest(kept.files, "s1", first) is None
    assert _whole(kept, kept.deployment.live)
    done = _collect(kept)
    assert done.removed
    assert _whole(kept, kept.deployment.live)


def test_when_the_time_is_over_it_stops(kept: Keeping) -> None:
    """Promotions must not be held back longer; the rest goes with the next one."""
    orphans = {_orphan(kept, f"{n:064x}") for n in range(20)}
    _age(kept, 3)
    ticks = iter(range(0, 10_000, 100))

    done = _collect(kept, monotonic=lambda: float(next(ticks)))

    left = {name for name in orphans if kept.files.exists(name)}
    assert not done.removed
    assert left
    assert _collect(kept).removed
    assert not [name for name in orphans if kept.files.exists(name)]


def test_a_manifest_that_cannot_be_read_ends_it(kept: Keeping) -> None:
    """Nobody knows what it names."""
    orphan = _orphan(kept)
    _age(kept, 3)
    real = kept.files.get
    kept.files.get = lambda name: None if "/releases/" in name else real(name)  # type: ignore[method-assign]

    with pytest.raises(Transient):
        _collect(kept)
    assert kept.files.exists(orphan)


def test_another_store_s_files_are_nobody_s_business(kept: Keeping) -> None:
    kept.files.put("stores/s10/blobs/ab/x", SiteFile(b"x", "text/html"))
    kept.files.put("platform/blobs/ab/x", SiteFile(b"x", "text/html"))
    for prefix in ("stores/s10/", "platform/"):
        _age(kept, 400, prefix)
    _age(kept, 400)
    _collect(kept)

    assert kept.files.exists("stores/s10/blobs/ab/x")
    assert kept.files.exists("platform/blobs/ab/x")


def test_which_stores_can_be_collected(kept: Keeping) -> None:
    """Those with a release: a store that is being activated is left alone."""
    assert list(collectable_stores(kept.documents)) == ["s1"]
    kept.write(Update("deployments/s1", {"live": None}))

    assert list(collectable_stores(kept.documents)) == []
    for store in ("s1", "s2"):
        with pytest.raises(NotFound):
            collect(kept.documents, kept.files, store, actor=ADMIN)


# --- By the clock ----------------------------------------------------------------------------------------


def _clones(kept: Keeping, count: int) -> list[str]:
    """As many more stores, each with an old file of nobody, the first of them waiting longest."""
    live = kept.deployment.live
    manifest = kept.files.get(f"stores/s1/releases/{live}.json")
    assert manifest is not None
    now = kept.documents.get("stores/s1").read_time
    stores = [f"t{n}" for n in range(count)]
    for n, store in enumerate(stores):
        kept.files.put(f"stores/{store}/releases/{live}.json", manifest)
        kept.files.put(f"stores/{store}/blobs/ab/x", SiteFile(b"of nobody", "text/html"))
        _age(kept, 3, f"stores/{store}/")
        data = kept.data("deployments/s1") | {
            "store_id": store,
            "collected_at": now - timedelta(days=9 - n),
        }
        kept.write(Set(f"deployments/{store}", data))
    return stores


def _has_orphan(kept: Keeping, store: str) -> bool:
    return kept.files.exists(f"stores/{store}/blobs/ab/x")


def _due(kept: Keeping, monotonic: Callable[[], float] = time.monotonic) -> Round:
    return collect_due(kept.documents, kept.files, monotonic=monotonic)


class _Clock:
    """Time goes by where somebody tells it to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_round_ends_in_time_and_the_next_goes_on(kept: Keeping) -> None:
    """The oldest first; stores that take eight seconds each: five in a round of forty, none begun that could not end."""
    stores, clock = _clones(kept, 8), _Clock()
    kept.write(Update("deployments/s1", {"collected_at": kept.documents.get("stores/s1").read_time}))
    real = kept.files.delete

    def delete(name: str) -> None:
        clock.now += 8
        real(name)

    kept.files.delete = delete  # type: ignore[method-assign]

    first = _due(kept, clock)
    assert clock.now <= ROUND
    assert first.stores == 5
    assert [_has_orphan(kept, store) for store in stores] == [False] * 5 + [True] * 3

    assert _due(kept, clock).stores == 3
    assert not any(_has_orphan(kept, store) for store in stores)
    assert _due(kept, clock) == Round()


def test_a_store_with_much_to_remove_goes_on_in_the_next_round(kept: Keeping) -> None:
    """It keeps its place while it gets on; others have a part of the time."""
    (other,) = _clones(kept, 1)
    orphans = [_orphan(kept, f"{n:064x}") for n in range(60)]
    _age(kept, 3)
    clock, real = _Clock(), kept.files.delete

    def delete(name: str) -> None:
        clock.now += 1
        real(name)

    kept.files.delete = delete  # type: ignore[method-assign]

    done = _due(kept, clock)

    left = [name for name in orphans if kept.files.exists(name)]
    assert (done.stores, done.unfinished) == (1, 1)
    assert 0 < len(left) < len(orphans)
    assert not _has_orphan(kept, other)
    assert kept.deployment.collected_at is None
    assert kept.deployment.collecting_until is None
    _due(kept, clock)
    clock.now += 1000
    _due(kept, clock)
    assert not [name for name in orphans if kept.files.exists(name)]


def test_a_store_that_takes_too_long_to_look_through_waits_a_day(kept: Keeping) -> None:
    """Else it would come first in each hour, and no other would have its turn."""
    (other,) = _clones(kept, 1)
    clock, real = _Clock(), kept.files.get

    def get(name: str) -> SiteFile | None:
        clock.now = max(clock.now, SHARE + 1) if "/s1/" in name else clock.now
        return real(name)

    _hide(kept)
    kept.files.get = get  # type: ignore[method-assign]

    done = _due(kept, clock)

    assert (done.stores, done.failed) == (1, 1)
    assert not _has_orphan(kept, other)
    assert _due(kept, clock) == Round()


def _hide(kept: Keeping) -> None:
    """Many releases: more than are read at once."""
    live = kept.files.get(f"stores/s1/releases/{kept.deployment.live}.json")
    assert live is not None
    for n in range(20):
        kept.files.put(f"stores/s1/releases/more{n}.json", live)


def test_killed_it_does_not_stand_before_the_others(kept: Keeping) -> None:
    """The process dies with the store's turn: promotions go on within a minute or so, and the next hour begins with another store."""
    (other,) = _clones(kept, 1)
    _orphan(kept)
    _age(kept, 3)
    real = kept.files.delete

    def kill(name: str) -> None:
        raise KeyboardInterrupt

    kept.files.delete = kill  # type: ignore[method-assign]
    real_commit = kept.documents.before_commit
    kept.documents.before_commit = lambda writes: _die_at_release(writes)
    with pytest.raises(KeyboardInterrupt):
        _due(kept)
    kept.files.delete, kept.documents.before_commit = real, real_commit  # type: ignore[method-assign]

    until = kept.deployment.collecting_until
    assert until is not None
    assert until - kept.documents.get("stores/s1").read_time <= timedelta(seconds=60)
    assert _due(kept).stores == 1
    assert not _has_orphan(kept, other)


def _die_at_release(writes: object) -> None:
    assert isinstance(writes, list)
    if any(isinstance(w, Update) and w.fields.get("collecting_until", 0) is None for w in writes):
        raise KeyboardInterrupt


def test_two_rounds_at_once_look_through_a_store_once(kept: Keeping) -> None:
    """The other one finds that the turn is over, or under way."""
    (store,) = _clones(kept, 1)
    kept.write(Update("deployments/s1", {"collected_at": kept.documents.get("stores/s1").read_time}))
    inner: list[Round] = []
    real = kept.files.delete

    def delete(name: str) -> None:
        inner.append(_due(kept))
        real(name)

    kept.files.delete = delete  # type: ignore[method-assign]

    assert _due(kept).stores == 1
    assert inner == [Round()]
    assert not _has_orphan(kept, store)


def test_a_turn_that_another_took_meanwhile_is_left_to_it(kept: Keeping) -> None:
    """Read as due, then collected by somebody else before we held it."""
    (store,) = _clones(kept, 1)
    kept.write(Update("deployments/s1", {"collected_at": kept.documents.get("stores/s1").read_time}))
    real = kept.documents.inner.query
    seen: list[datetime] = []

    def query(asked: Query):  # type: ignore[no-untyped-def]
        page = real(asked)
        if asked.collection == "deployments" and asked.order_by and not seen:
            seen.append(page[0].read_time)
            collect(kept.documents, kept.files, store, actor=ADMIN)
        return page

    kept.documents.query = query  # type: ignore[method-assign]

    assert _due(kept) == Round()
    assert seen


def test_all_that_were_written_before_there_was_the_field_are_taken_up(kept: Keeping) -> None:
    """Over the end of a page, and only those are written to."""
    (new,) = _clones(kept, 1)
    old = kept.data("deployments/s1") | {"live": None}
    del old["collected_at"]
    kept.write(*(Set(f"deployments/o{n}", old) for n in range(301)))
    kept.write(Update(f"deployments/{new}", {"collected_at": kept.documents.get("stores/s1").read_time}))
    before = kept.documents.get(f"deployments/{new}").update_time

    _due(kept)

    ordered = kept.documents.count(Query("deployments", order_by="collected_at"))
    assert ordered == kept.documents.count(Query("deployments")) == 303
    assert kept.documents.get(f"deployments/{new}").update_time == before
