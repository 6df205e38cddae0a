"""Publishing a store's website again: what has changed, on the channel that was asked for, or a reason why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from provisioning.errors import Conflict, Permanent, Transient
from provisioning.ports import Delete, Query, Update
from provisioning.sites import building, making
from provisioning.steps import publish_site
from provisioning.steps.step import Outcome, StepContext
from provisioning.stores.publication import PublicationOrder
from tests.steps.world import CLIENT_TIMEOUT, Provisioning, World


@pytest.fixture
def live(store: Provisioning) -> World:
    """A store that is open, with its first release."""
    world = store.world
    world.documents.commit([Update("stores/p1", {"status": "ACTIVE"})])
    world.files.puts.clear()
    return world


def order(**changes: object) -> PublicationOrder:
    given = {"store_id": "p1", "reason": "Asked for", "actor": "admin:a1", **changes}
    return PublicationOrder.model_validate(given)


def context(
    world: World, ordered: PublicationOrder, refs: dict[str, object] | None = None, seconds: float = 60.0
) -> StepContext:
    made = world.provisioning("p9", store_id="p1").context("publish_site", seconds=seconds)
    return replace(made, order=ordered, refs=refs or {})


def run(world: World, **changes: object) -> Outcome:
    return publish_site.run(context(world, order(**changes)))


def rename_a_product(world: World) -> None:
    found = world.documents.query(Query("tenants/p1/products"))[0]
    world.documents.commit([Update(found.path, {"title": "A quite new name"})])


def test_a_change_becomes_the_live_release(live: World) -> None:
    """The outcome's write says who, why and what was before; an admin's deed is in the audit log, with it in one batch."""
    before = live.data("deployments/p1")["live"]
    rename_a_product(live)

    outcome = run(live)
    live.documents.commit(outcome.writes)

    deployment = live.data("deployments/p1")
    assert deployment["live"] == outcome.refs["release"] != before
    assert (deployment["previous"], deployment["reason"], deployment["actor"]) == (
        before,
        "publish",
        "admin:a1",
    )
    entries = [found.data["action"] for found in live.documents.query(Query("audit_log"))]
    assert entries.count("release.published") == 1
    assert "rendered" in outcome.log[0]


def test_without_a_change_there_is_nothing_to_do(live: World) -> None:
    outcome = run(live)

    assert (outcome.writes, live.files.puts) == ((), [])
    assert "as it was" in outcome.log[0]


def test_what_the_platform_does_by_itself_is_in_no_audit_log(live: World) -> None:
    """A catalogue changes all day."""
    rename_a_product(live)
    outcome = run(live, actor="platform")

    assert [type(write) for write in outcome.writes] == [Update]
    assert live.data(f"tenants/p1/releases/{outcome.refs['release']}")["reason"] == "change"


def test_a_preview_changes_nothing_that_visitors_see(live: World) -> None:
    """It is shown on its channel for as long as was asked for, also where it is what is live already."""
    before = live.data("deployments/p1")
    outcome = run(live, channel="preview-a", days=3)
    live.documents.commit(outcome.writes)

    after = live.data("deployments/p1")
    channel = after["channels"]["preview-a"]
    assert channel["release"] == outcome.refs["release"]
    assert channel["expires_at"] - channel["created_at"] == timedelta(days=3)
    assert {k: v for k, v in after.items() if k != "channels"} == {
        k: v for k, v in before.items() if k != "channels"
    }


def test_a_promotion_meanwhile_is_not_overwritten(live: World) -> None:
    """The engine then runs the step again from its reads."""
    rename_a_product(live)
    outcome = run(live)
    live.documents.commit([Update("deployments/p1", {"seq": 40})])

    with pytest.raises(Conflict):
        live.documents.commit(outcome.writes)


def test_a_store_that_is_gone_is_no_failure(live: World) -> None:
    live.documents.commit([Delete("stores/p1")])

    assert run(live).writes == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"theme": "upfront-nothing"}, "UNKNOWN_THEME"),
        ({"channel": "somewhere"}, "INVALID_INPUT"),
    ],
)
def test_what_cannot_be_published_is_said(live: World, change: dict[str, str], code: str) -> None:
    """Permanently, and so that a person can help."""
    with pytest.raises(Permanent) as refused:
        run(live, **change)
    assert refused.value.code == code


def test_a_document_that_cannot_be_shown_is_named(live: World) -> None:
    found = live.documents.query(Query("tenants/p1/products"))[0]
    live.documents.commit([Update(found.path, {"variants": []})])

    with pytest.raises(Permanent) as refused:
        run(live)
    assert found.path in refused.value.fields[0].field
    assert "has not changed" in refused.value.detail


def test_an_archived_store_is_not_published(live: World) -> None:
    live.documents.commit([Update("stores/p1", {"status": "ARCHIVED"})])

    with pytest.raises(Permanent) as refused:
        run(live)
    assert refused.value.code == "WRONG_STORE_STATUS"


def test_failed_checks_leave_live_untouched(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provisioning fails with page and reason; nothing was put."""
    rename_a_product(live)
    before = live.data("deployments/p1")
    real = building.render_pages
    monkeypatch.setattr(
        building, "render_pages", lambda *given: (page.replace("<h1", "<h2", 1) for page in real(*given))
    )

    with pytest.raises(Permanent) as refused:
        run(live)

    assert refused.value.code == "CHECKS_FAILED"
    assert refused.value.retryable
    assert refused.value.fields[0].field.startswith("/")
    assert live.files.puts == []
    assert live.data("deployments/p1") == before


def test_out_of_time_it_goes_on_where_it_ended(live: World) -> None:
    rename_a_product(live)

    def pass_time(name: str) -> None:
        live.clock.now += 3

    live.files.on_put = pass_time
    with pytest.raises(Transient):
        publish_site.run(context(live, order(), seconds=CLIENT_TIMEOUT + 4))
    assert live.files.puts
    live.files.on_put = lambda name: None
    run(live)

    assert len(live.files.puts) == len(set(live.files.puts))


def _let_time_pass_after_each_part(world: World) -> Callable[[str], None]:
    def pass_time(name: str) -> None:
        if "/unfinished/" in name:
            world.clock.now += 55

    return pass_time


def test_a_store_that_is_too_large_for_one_turn_is_published_in_several(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each turn leaves behind how far it is; visitors see nothing of it before the last, whose log and record count all of them."""
    monkeypatch.setattr(making, "PAGES_AT_ONCE", 5)
    rename_a_product(live)
    one_turn = context(live, order(theme="upfront-minimal"), seconds=60)

    live.files.on_put = _let_time_pass_after_each_part(live)
    before = live.data("deployments/p1")
    outcomes = [publish_site.run(one_turn)]
    while outcomes[-1].unfinished:
        assert outcomes[-1].writes == ()
        refs = {**outcomes[-1].refs}
        outcomes.append(publish_site.run(context(live, order(theme="upfront-minimal"), refs, seconds=60)))
    assert live.data("deployments/p1") == before
    made = [dict(outcome.refs["made"]) for outcome in outcomes[:-1]]

    assert len(made) > 2
    assert [each["turns"] for each in made] == list(range(1, len(made) + 1))
    assert made == sorted(made, key=lambda each: each["rendered"])
    assert outcomes[-1].refs["made"] is None
    live.documents.commit(outcomes[-1].writes)
    record = live.data(f"tenants/p1/releases/{live.data('deployments/p1')['live']}")
    assert record["stats"]["rendered"] == record["stats"]["pages"]


def test_a_store_that_is_too_large_for_all_turns_is_told_so(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the number of its pages, and how many were made; a retry goes on from there."""
    monkeypatch.setattr(making, "PAGES_AT_ONCE", 5)
    live.files.on_put = _let_time_pass_after_each_part(live)
    refs = {"made": {"turns": publish_site.MOST_TURNS - 1, "rendered": 1, "uploaded": 1, "bytes": 1}}

    with pytest.raises(Permanent) as refused:
        publish_site.run(context(live, order(theme="upfront-minimal"), refs, seconds=60))

    assert refused.value.code == "TOO_LARGE"
    assert refused.value.retryable
    assert f"in {publish_site.MOST_TURNS} turns" in refused.value.detail


def test_undo_shows_the_release_before_unless_another_is_live(live: World) -> None:
    before = live.data("deployments/p1")["live"]
    rename_a_product(live)
    outcome = run(live)
    live.documents.commit(outcome.writes)

    undone = publish_site.undo(context(live, order(), dict(outcome.refs)))
    live.documents.commit(undone.writes)

    assert live.data("deployments/p1")["live"] == before
    assert publish_site.undo(context(live, order(), dict(outcome.refs))).writes == ()
