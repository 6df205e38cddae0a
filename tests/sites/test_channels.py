"""Promoting, reverting and previewing: one conditional write, no lost race, and never a release that is not whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from provisioning.errors import InvalidInput, NotFound, Transient, WrongState
from provisioning.ports import Query, Update, Write
from provisioning.sites.channels import (
    MOST_CHANNELS,
    RECENT,
    ChecksFailed,
    Promotion,
    check_channel,
    load_manifest,
    preview_write,
    promote,
    promotion,
    resolve,
    revert,
)
from tests.sites.keeping import ADMIN, Keeping


@pytest.fixture
def kept(tmp_path: Path) -> Keeping:
    """A store with three releases, the last one live."""
    kept = Keeping(tmp_path)
    for price in (10_000, 20_000, 30_000):
        kept.reprice(_product(kept), price)
        kept.publish()
    return kept


def _product(kept: Keeping) -> str:
    return kept.documents.query(Query("tenants/s1/products"))[0].id


def _audited(kept: Keeping) -> list[tuple[str, str, str]]:
    entries = [found.data or {} for found in kept.documents.query(Query("audit_log"))]
    return [(entry["action"], entry["actor"], entry["detail"]["release"]) for entry in entries]


def _promote(kept: Keeping, release: str, **more: str) -> Promotion:
    return promote(kept.documents, kept.files, "s1", release, actor=ADMIN, **more)  # type: ignore[arg-type]


def _revert(kept: Keeping, release: str | None = None) -> Promotion:
    return revert(kept.documents, kept.files, "s1", release, actor=ADMIN)


def test_publishing_keeps_what_was_live(kept: Keeping) -> None:
    """The newest first; each promotion counts."""
    deployment = kept.deployment

    assert deployment.seq == 3
    assert deployment.previous == deployment.recent[0]
    assert len(deployment.recent) == 2
    assert deployment.live not in deployment.recent


def test_a_revert_shows_the_release_before_by_one_write(kept: Keeping) -> None:
    """Nothing is built or put; the deployment says who and why, and so does the audit log."""
    before = kept.deployment
    kept.files.puts.clear()
    commits: list[Sequence[Write]] = []
    kept.documents.before_commit = commits.append

    done = _revert(kept)

    after = kept.deployment
    assert (done.release, done.previous, done.changed) == (before.previous, before.live, True)
    assert (after.live, after.previous, after.seq) == (before.previous, before.live, before.seq + 1)
    assert (after.actor, after.reason) == (ADMIN, "revert")
    assert kept.files.puts == []
    assert [len(writes) for writes in commits] == [2]
    assert _audited(kept) == [("release.reverted", ADMIN, before.previous)]


def test_a_second_revert_does_not_bring_back_what_was_left(kept: Keeping) -> None:
    """A double click must not undo itself; whoever wants to go further back says whither."""
    oldest = kept.deployment.recent[-1]
    _revert(kept)
    left = kept.deployment.live

    with pytest.raises(WrongState) as refused:
        _revert(kept)
    assert refused.value.code == "ALREADY_REVERTED"
    assert kept.deployment.live == left

    assert _revert(kept, oldest).release == oldest
    assert _revert(kept, oldest) == Promotion(oldest, left, changed=False)


def test_only_what_was_live_lately_can_be_reverted_to(kept: Keeping, tmp_path: Path) -> None:
    made = kept.make(theme=None)
    kept.reprice(_product(kept), 44_400)
    never = kept.make()

    with pytest.raises(WrongState, match="last ten"):
        _revert(kept, never.id)
    assert made.id == kept.deployment.live

    fresh = Keeping(tmp_path / "fresh")
    fresh.publish()
    with pytest.raises(WrongState) as refused:
        _revert(fresh)
    assert refused.value.code == "NO_PREVIOUS"


def test_a_promotion_that_is_asked_for_twice_happens_once(kept: Keeping) -> None:
    """The answer was lost, say: the second is told what is so, and nothing is written."""
    target = kept.deployment.recent[0]
    first, second = _promote(kept, target), _promote(kept, target)

    assert (first.changed, second.changed) == (True, False)
    assert kept.deployment.seq == 4
    assert len(_audited(kept)) == 1


def test_a_preview_is_promoted_without_a_build(kept: Keeping) -> None:
    kept.reprice(_product(kept), 44_400)
    made = kept.make(channel="preview-a", reason="preview")
    kept.write(
        preview_write(made.deployment, "preview-a", made.id, actor=ADMIN, at=made.deployment.read_time)
    )
    assert kept.deployment.live != made.id
    kept.files.puts.clear()

    done = _promote(kept, resolve(kept.deployment, "preview-a", made.deployment.read_time))

    assert done.release == kept.deployment.live == made.id
    assert kept.files.puts == []


def test_of_two_at_once_one_wins_and_the_other_is_told(kept: Keeping) -> None:
    """Both looked at the same deployment before either wrote."""
    targets = kept.deployment.recent
    together = threading.Barrier(2)
    waited: set[int] = set()

    def wait(writes: Sequence[Write]) -> None:
        if threading.get_ident() not in waited:
            waited.add(threading.get_ident())
            together.wait(timeout=20)

    kept.documents.before_commit = wait
    outcomes: list[object] = []

    def go(target: str) -> None:
        try:
            outcomes.append(_promote(kept, target))
        except WrongState as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=go, args=(target,)) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won = [outcome for outcome in outcomes if isinstance(outcome, Promotion)]
    assert len(won) == 1
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == ["CHANGED_MEANWHILE"]
    assert kept.deployment.live == won[0].release
    assert kept.deployment.seq == 4


def test_a_change_of_something_else_meanwhile_does_not_matter(kept: Keeping) -> None:
    """A fact about a certificate, say: the same release is live still."""
    target = kept.deployment.recent[0]
    _once_before(kept, lambda: kept.write(Update("deployments/s1", {"ssl": {"state": "active"}})))

    assert _promote(kept, target).changed
    assert kept.deployment.live == target
    assert kept.deployment.ssl == {"state": "active"}


def test_a_lost_answer_to_our_own_write_is_a_success(kept: Keeping) -> None:
    """Clients repeat commits: then the second finds its own condition broken by the first."""
    target = kept.deployment.recent[0]
    kept.documents.before_commit = kept.documents.inner.commit

    assert _promote(kept, target) == Promotion(target, kept.deployment.previous, changed=True)
    assert kept.deployment.seq == 4


def test_a_promotion_on_a_condition(kept: Keeping) -> None:
    """Whoever saw another release live is told so, and nothing changes."""
    target, seen = kept.deployment.recent[0], kept.deployment.live
    assert seen

    with pytest.raises(WrongState, match=seen):
        _promote(kept, target, if_live=target + "x")
    assert _promote(kept, target, if_live=seen).changed


def test_a_release_that_is_not_whole_is_not_promoted(kept: Keeping) -> None:
    target = kept.deployment.recent[0]
    manifest = load_manifest(kept.files, "s1", target)
    assert manifest
    kept.files.delete(manifest.files["/"].blob)

    with pytest.raises(ChecksFailed):
        _promote(kept, target)
    assert kept.deployment.seq == 3


def test_a_rejected_release_is_not_promoted(kept: Keeping) -> None:
    target = kept.deployment.recent[0]
    kept.write(Update(f"tenants/s1/releases/{target}", {"state": "REJECTED"}))

    with pytest.raises(WrongState, match="checks"):
        _promote(kept, target)


@pytest.mark.parametrize("release", ["0" * 20, "preview-a"])
def test_what_is_no_release_is_not_promoted(kept: Keeping, release: str) -> None:
    with pytest.raises(NotFound):
        _promote(kept, release)


@pytest.mark.parametrize("release", ["../s2", "a/b", ""])
def test_a_release_s_name_is_no_path(kept: Keeping, release: str) -> None:
    with pytest.raises(InvalidInput):
        _promote(kept, release)


@pytest.mark.parametrize(
    ("status", "allowed"),
    [("READY", True), ("SUSPENDED", True), ("CREATING", False), ("ARCHIVED", False), ("DELETED", False)],
)
def test_which_stores_may_change_what_they_show(kept: Keeping, status: str, allowed: bool) -> None:
    """A suspended one may: it shows that it is closed, and opens again with what was promoted last."""
    target = kept.deployment.recent[0]
    kept.write(Update("stores/s1", {"status": status}))

    if allowed:
        assert _promote(kept, target).changed
    else:
        with pytest.raises(WrongState):
            _promote(kept, target)


def test_while_old_files_are_removed_nothing_is_promoted(kept: Keeping) -> None:
    now = kept.documents.get("stores/s1").read_time
    kept.write(Update("deployments/s1", {"collecting_until": now + timedelta(minutes=1)}))

    with pytest.raises(Transient):
        _promote(kept, kept.deployment.recent[0])


def test_no_more_than_ten_are_remembered(kept: Keeping) -> None:
    """Each once, the newest first, and never the live one."""
    for number in range(RECENT + 3):
        found = kept.documents.get("deployments/s1")
        kept.write(promotion(found, f"r{number}", actor=ADMIN, reason="publish", at=found.read_time))
    found = kept.documents.get("deployments/s1")
    kept.write(promotion(found, "r5", actor=ADMIN, reason="revert", at=found.read_time))
    deployment = kept.deployment

    assert deployment.live == "r5"
    assert deployment.recent == ["r12", "r11", "r10", "r9", "r8", "r7", "r6", "r4", "r3", "r2"]
    assert len(deployment.recent) <= RECENT


def test_previews_end_and_make_room(kept: Keeping) -> None:
    """Those that are over are forgotten with the next one; too many at a time are refused."""
    found = kept.documents.get("deployments/s1")
    now = found.read_time
    kept.write(preview_write(found, "preview-old", "r1", actor=ADMIN, at=now - timedelta(days=8)))
    for number in range(MOST_CHANNELS):
        found = kept.documents.get("deployments/s1")
        kept.write(preview_write(found, f"preview-{number}", "r2", actor=ADMIN, at=now, days=99))

    channels = kept.deployment.channels
    assert "preview-old" not in channels
    assert len(channels) == MOST_CHANNELS
    assert all(channel.expires_at == now + timedelta(days=30) for channel in channels.values())
    with pytest.raises(WrongState, match="at most"):
        preview_write(kept.documents.get("deployments/s1"), "preview-more", "r3", actor=ADMIN, at=now)
    again = preview_write(kept.documents.get("deployments/s1"), "preview-1", "r3", actor=ADMIN, at=now)
    assert again.fields["channels"]["preview-1"]["release"] == "r3"


def test_a_preview_that_is_over_stands_for_nothing(kept: Keeping) -> None:
    found = kept.documents.get("deployments/s1")
    kept.write(preview_write(found, "preview-a", "r1", actor=ADMIN, at=found.read_time, days=1))

    assert resolve(kept.deployment, "preview-a", found.read_time) == "r1"
    assert resolve(kept.deployment, "0abc", found.read_time) == "0abc"
    for name, at in (("preview-a", found.read_time + timedelta(days=2)), ("preview-b", found.read_time)):
        with pytest.raises(NotFound):
            resolve(kept.deployment, name, at)


@pytest.mark.parametrize("name", ["preview-a", "preview-autumn-26", "preview-" + "x" * 13])
def test_names_of_previews(name: str) -> None:
    assert check_channel(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "live",
        "preview",
        "preview-",
        "preview-A",
        "preview-a_b",
        "preview--a",
        "preview-a-",
        "preview-a--b",
        "preview-a\n",
        "x-preview-a",
        "preview-" + "x" * 14,
    ],
)
def test_what_is_no_name_of_a_preview(name: str) -> None:
    """It becomes a part of a host's name."""
    with pytest.raises(InvalidInput):
        check_channel(name)


def _once_before(kept: Keeping, deed: Callable[[], None]) -> None:
    """Somebody is quicker, once."""

    def before(writes: Sequence[Write]) -> None:
        kept.documents.before_commit = lambda _: None
        deed()

    kept.documents.before_commit = before
