"""What a store makes of its themes: drafts, publications, revisions, switching there and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from provisioning.errors import InvalidInput, NotFound, WrongState
from provisioning.local.documents import SqliteDocuments
from provisioning.ports import Set, Update
from provisioning.sites import store_themes
from provisioning.sites.store_themes import (
    discard_draft,
    publish_draft,
    read_draft,
    read_store_theme,
    restore_revision,
    save_draft,
    switch_theme,
    theme_of_store,
)
from provisioning.themes.choices import Customisation
from provisioning.themes.packages import load_theme
from tests.themes.test_customisation import setting_of

MODERN, CLASSIC = "upfront-modern", "upfront-classic"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
STORE = {
    "merchant_id": "m1",
    "provisioning_id": "p1",
    "name": "Awesome Store",
    "status": "ACTIVE",
    "subdomain": "awesome",
    "hostname": "awesome.localhost",
    "category": "electronics",
    "owner_email": "owner@example.com",
    "theme": {"slug": MODERN, "version": "1.0.0"},
    "plan": {},
    "created_at": NOW,
}


@pytest.fixture
def documents(tmp_path: Path) -> Iterator[SqliteDocuments]:
    documents = SqliteDocuments(tmp_path / "documents.db")
    documents.commit(
        [Set("stores/s1", STORE), *(Set(f"themes/{slug}", {"active": True}) for slug in (MODERN, CLASSIC))]
    )
    yield documents
    documents.close()


def accent(color: str) -> Customisation:
    return Customisation(settings={setting_of(load_theme(MODERN), "color.accent"): color})


#: Installed themes are read from their folders.
NO_FILES: Any = None
GREEN, BLUE = "#004225", "#123456"


def test_a_draft_changes_nothing_that_visitors_see(documents) -> None:
    """It shows where it is asked for, and nowhere else."""
    before = theme_of_store(documents, NO_FILES, "s1", MODERN).theme
    save_draft(documents, NO_FILES, "s1", MODERN, accent(GREEN), actor="admin:a1")

    assert theme_of_store(documents, NO_FILES, "s1", MODERN).theme is before
    drafted = theme_of_store(documents, NO_FILES, "s1", MODERN, draft=True).theme
    assert GREEN in drafted.settings.values()


def test_a_draft_that_is_published_becomes_a_revision(documents) -> None:
    """The draft is gone; the revision can be restored as one."""
    for color in (GREEN, BLUE):
        save_draft(documents, NO_FILES, "s1", MODERN, accent(color), actor="admin:a1")
        publish_draft(documents, NO_FILES, "s1", MODERN, actor="admin:a1")
    published = read_store_theme(documents, "s1", MODERN)[1]
    restored = restore_revision(documents, NO_FILES, "s1", MODERN, 1, actor="admin:a2")

    assert (published.revision, published.published) == (2, accent(BLUE))
    assert restored.customisation == accent(GREEN)
    assert theme_of_store(documents, NO_FILES, "s1", MODERN).theme.settings != {}
    publish_draft(documents, NO_FILES, "s1", MODERN, actor="admin:a2")
    assert read_store_theme(documents, "s1", MODERN)[1].published == accent(GREEN)
    assert read_draft(documents, "s1", MODERN)[1] is None


def test_a_draft_that_is_discarded_is_gone(documents) -> None:
    """And there is nothing to publish; discarding twice is no mistake."""
    save_draft(documents, NO_FILES, "s1", MODERN, accent(GREEN), actor="admin:a1")
    for _ in range(2):
        discard_draft(documents, "s1", MODERN)

    with pytest.raises(WrongState, match="no draft"):
        publish_draft(documents, NO_FILES, "s1", MODERN, actor="admin:a1")


def test_two_people_do_not_overwrite_each_other(documents) -> None:
    """Who has read an older draft is told."""
    save_draft(documents, NO_FILES, "s1", MODERN, accent(GREEN), actor="admin:a1")
    seen = read_draft(documents, "s1", MODERN)[0]
    save_draft(documents, NO_FILES, "s1", MODERN, accent(BLUE), actor="admin:a2", expected=seen)

    with pytest.raises(WrongState, match="somebody else"):
        save_draft(documents, NO_FILES, "s1", MODERN, accent(GREEN), actor="admin:a1", expected=seen)
    assert read_draft(documents, "s1", MODERN)[1].customisation == accent(BLUE)


def test_two_who_saw_no_draft_do_not_overwrite_each_other(documents) -> None:
    """That there was none is something that one has seen, too."""
    seen = read_draft(documents, "s1", MODERN)[0]
    save_draft(documents, NO_FILES, "s1", MODERN, accent(BLUE), actor="admin:a2", expected=seen)

    with pytest.raises(WrongState, match="somebody else"):
        save_draft(documents, NO_FILES, "s1", MODERN, accent(GREEN), actor="admin:a1", expected=seen)
    assert read_draft(documents, "s1", MODERN)[1].customisation == accent(BLUE)


def test_a_revision_is_never_changed(documents) -> None:
    """The same values published again by somebody else stay the first one's revision."""
    for actor in ("admin:a1", "admin:a2"):
        save_draft(documents, NO_FILES, "s1", MODERN, accent(GREEN), actor=actor)
        publish_draft(documents, NO_FILES, "s1", MODERN, actor=actor)

    revision = documents.get(f"tenants/s1/themes/{MODERN}/revisions/1").data
    assert revision["by"] == "admin:a1"
    assert read_store_theme(documents, "s1", MODERN)[1].revision == 1


def test_a_draft_published_twice_at_once_is_one_revision(documents, monkeypatch) -> None:
    """Another publishes between our reading and our writing: ours finds no draft any more."""
    save_draft(documents, NO_FILES, "s1", MODERN, accent(GREEN), actor="admin:a1")
    customise = store_themes.customise
    raced: list[bool] = []

    def race(theme, chosen):
        if not raced:
            raced.append(True)
            publish_draft(documents, NO_FILES, "s1", MODERN, actor="admin:a2")
        return customise(theme, chosen)

    monkeypatch.setattr(store_themes, "customise", race)
    with pytest.raises(WrongState, match="no draft"):
        publish_draft(documents, NO_FILES, "s1", MODERN, actor="admin:a1")
    assert read_store_theme(documents, "s1", MODERN)[1].revision == 1


def test_what_the_theme_does_not_take_is_refused(documents) -> None:
    """Nothing is kept of it."""
    with pytest.raises(InvalidInput):
        save_draft(documents, NO_FILES, "s1", MODERN, Customisation(settings={"nothing": 1}), actor="a")
    with pytest.raises(NotFound):
        save_draft(documents, NO_FILES, "s1", "no-such-theme", Customisation(), actor="a")
    with pytest.raises(NotFound):
        save_draft(documents, NO_FILES, "gone", MODERN, Customisation(), actor="a")

    assert read_draft(documents, "s1", MODERN)[1] is None


def test_a_switch_carries_values_over_and_back(documents) -> None:
    """The other theme gets what means the same; the old one keeps what it had; switching back restores it."""
    save_draft(documents, NO_FILES, "s1", MODERN, accent(GREEN), actor="admin:a1")
    publish_draft(documents, NO_FILES, "s1", MODERN, actor="admin:a1")
    there = switch_theme(documents, NO_FILES, "s1", CLASSIC, actor="admin:a1")

    assert documents.get("stores/s1").data["theme"] == {"slug": CLASSIC, "version": "1.0.0"}
    assert GREEN in theme_of_store(documents, NO_FILES, "s1", CLASSIC).theme.settings.values()
    assert len(there.values.carried) == 1
    back = switch_theme(documents, NO_FILES, "s1", MODERN, actor="admin:a1")
    assert documents.get("stores/s1").data["theme"]["slug"] == MODERN
    assert read_store_theme(documents, "s1", MODERN)[1].published == accent(GREEN)
    assert back.values.carried == ()


def test_a_switch_is_a_change_of_the_tenants_documents(documents) -> None:
    """So the website follows by itself, also where there are no values to carry."""
    switch_theme(documents, NO_FILES, "s1", CLASSIC, actor="admin:a1")

    assert documents.get(f"tenants/s1/themes/{CLASSIC}").exists


def test_a_theme_that_cannot_be_chosen_is_refused(documents) -> None:
    """One that is inactive, and one that is not there; the store stays as it is."""
    documents.commit([Update("themes/upfront-classic", {"active": False})])
    with pytest.raises(InvalidInput):
        switch_theme(documents, NO_FILES, "s1", CLASSIC, actor="a")
    with pytest.raises(NotFound):
        switch_theme(documents, NO_FILES, "s1", "no-such-theme", actor="a")

    assert documents.get("stores/s1").data["theme"]["slug"] == MODERN


def test_an_update_of_a_theme_closes_no_shop(documents) -> None:
    """Values that it no longer takes are left out, and named."""
    kept = {"slug": MODERN, "version": "0.9.0", "updated_at": NOW, "updated_by": "a"}
    chosen = accent(GREEN).model_copy(update={"settings": {**accent(GREEN).settings, "was_once": "x"}})
    documents.commit(
        [Set(f"tenants/s1/themes/{MODERN}", kept | {"published": chosen.model_dump(mode="json")})]
    )
    found = theme_of_store(documents, NO_FILES, "s1", MODERN)

    assert GREEN in found.theme.settings.values()
    assert [problem.field for problem in found.dropped] == ["settings.was_once"]
