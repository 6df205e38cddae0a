"""A store's themes: what it has made of them, drafts, publication, previews and switching."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from werkzeug.http import parse_etags

from provisioning.api.calls import (
    CHANGED_MEANWHILE,
    ETAG,
    IF_MATCH,
    LOCATION,
    ROOT,
    UNKNOWN,
    Answer,
    Call,
    Endpoint,
    NoQuery,
    Refusal,
)
from provisioning.api.offers import etag_of
from provisioning.api.problems import PRECONDITION_FAILED
from provisioning.api.shapes import Output
from provisioning.errors import FieldError, NotFound, WrongState
from provisioning.ports import Data, Documents, Query, SiteFiles, Snapshot, check_id, document_path
from provisioning.runtime import Platform
from provisioning.stores.publication import PublicationOrder
from provisioning.stores.stores import LIVE, Store
from provisioning.themes.choices import Customisation
from provisioning.workflow.publications import order_publication
from provisioning.workflow.records import FieldProblem

#: The preview channel of what would be published now, whichever theme the store has.
NEXT = "preview-next"
_MOST_THEMES = 100


class StoreThemeSummary(Output):
    """A theme that the store may have."""

    slug: str
    name: str
    version: str
    live: bool = Field(description="Whether it is the store's theme.")
    revision: int = Field(description="How often the store has published values of its own; 0 is never.")
    has_draft: bool


class StoreThemeList(Output):
    """The themes that can be chosen, and those of which the store has values."""

    items: tuple[StoreThemeSummary, ...]


class FontChoice(Output):
    """A font that the theme has."""

    id: str
    name: str


class StoreThemeView(Output):
    """What a store has made of a theme, and what the theme lets it choose."""

    slug: str
    version: str
    live: bool
    published: Customisation
    draft: Customisation | None
    revision: int
    presets: tuple[str, ...]
    preset: str = Field(description="The preset with which the theme begins.")
    preset_values: dict[str, dict[str, Any]] = Field(
        description="The value of each global setting, by preset, without anything of the store's own."
    )
    fonts: tuple[FontChoice, ...] = Field(description="What a font setting may hold.")
    settings: tuple[dict[str, Any], ...] = Field(
        description="The theme's groups of settings, as it declares them."
    )
    values: dict[str, Any] = Field(
        description="The value of each global setting, the store's own or the theme's."
    )
    sections: dict[str, dict[str, Any]] = Field(
        description="By place, as `index/hero`: `type`, the section's `settings` as the theme declares them, its `values`, and as "
        "`defaults` what they are without anything of the store's own."
    )
    dropped: tuple[FieldProblem, ...] = Field(
        description="Values of the store's that the theme no longer takes."
    )


class DraftView(Output):
    """A draft as it was kept."""

    slug: str
    customisation: Customisation
    updated_at: datetime
    updated_by: str
    dropped: tuple[FieldProblem, ...] = ()


class RevisionView(Output):
    """What was published, and by whom."""

    number: int
    version: str
    customisation: Customisation
    at: datetime
    by: str


class RevisionList(Output):
    """The newest first."""

    items: tuple[RevisionView, ...]


class Ordered(Output):
    """A publication that was ordered; its provisioning shows how it goes."""

    provisioning_id: str
    revision: int | None = None


class SwitchView(Output):
    """What a switch did with the store's values."""

    provisioning_id: str
    before: str
    now: str
    carried: tuple[tuple[str, str], ...] = Field(description="Values that followed: from where, to where.")
    unmatched: tuple[str, ...] = Field(
        description="Values that the other theme has no place for; they are kept."
    )


class Previewed(Output):
    """A preview that was ordered; its link works once the provisioning is COMPLETED."""

    provisioning_id: str
    channel: str
    link: str
    days: int


class PreviewChoice(BaseModel):
    """How long a preview is good."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(7, ge=1, le=30, description="Days that its link works.")


def list_themes(call: Call[NoQuery, None]) -> Answer:
    return Answer(themes_of(call.documents, *find_store(call)))


def themes_of(documents: Documents, store_id: str, store: Store) -> StoreThemeList:
    """What can be chosen, and what the store has values of."""
    offered = documents.query(Query("themes", limit=_MOST_THEMES))
    kept = _by_id(documents, f"tenants/{store_id}/themes")
    drafts = _by_id(documents, f"tenants/{store_id}/theme_drafts")
    items = [
        StoreThemeSummary(
            slug=entry.id,
            name=(entry.data or {}).get("name", entry.id),
            version=(entry.data or {}).get("version", ""),
            live=entry.id == store.theme.slug,
            revision=int(kept.get(entry.id, {}).get("revision", 0)),
            has_draft=entry.id in drafts,
        )
        for entry in offered
        if (entry.data or {}).get("active", True) or entry.id in kept or entry.id == store.theme.slug
    ]
    return StoreThemeList(items=tuple(items))


def show_theme(call: Call[NoQuery, None]) -> Answer:
    from provisioning.sites import store_themes

    store_id, store = find_store(call)
    slug = theme_in(call)
    draft = store_themes.read_draft(call.documents, store_id, slug)[0]
    return Answer(
        theme_of(call.documents, call.platform.ports.files, store_id, store, slug),
        {"ETag": f'"{_draft_tag(draft)}"'},
    )


def theme_of(
    documents: Documents, files: SiteFiles, store_id: str, store: Store, slug: str
) -> StoreThemeView:
    """What the store has made of a theme, its draft before what is published. Raises `NotFound`, `InvalidInput`."""
    from provisioning.sites import store_themes
    from provisioning.sites.editing import describe_settings

    draft = store_themes.read_draft(documents, store_id, slug)[1]
    kept = store_themes.read_store_theme(documents, store_id, slug)[1]
    fitted = store_themes.theme_of_store(documents, files, store_id, slug, draft=True)
    described = describe_settings(fitted.theme, fitted.plain)
    return StoreThemeView(
        slug=slug,
        version=fitted.theme.version,
        live=slug == store.theme.slug,
        published=kept.published if kept else Customisation(),
        draft=draft.customisation if draft else None,
        revision=kept.revision if kept else 0,
        presets=tuple(sorted(fitted.theme.presets)),
        preset=described.preset,
        preset_values=described.presets,
        fonts=tuple(FontChoice(**font) for font in described.fonts),
        settings=described.groups,
        values=described.values,
        sections=described.sections,
        dropped=problems_of(fitted.dropped),
    )


def save_draft(call: Call[NoQuery, Customisation]) -> Answer:
    from provisioning.sites import store_themes

    store_id, _ = find_store(call)
    slug = theme_in(call)
    found, _ = store_themes.read_draft(call.documents, store_id, slug)
    wanted = call.headers.get("If-Match")
    if wanted is not None and not parse_etags(wanted).contains(_draft_tag(found)):
        raise WrongState(PRECONDITION_FAILED, "the draft has changed since you read it; read it again")
    kept = store_themes.save_draft(
        call.documents,
        call.platform.ports.files,
        store_id,
        slug,
        call.body,
        actor=call.actor,
        expected=found if wanted is not None else None,
        pictures_too=True,
    )
    return Answer(DraftView(**dict(kept)))


def discard_draft(call: Call[NoQuery, None]) -> Answer:
    from provisioning.sites import store_themes

    store_themes.discard_draft(call.documents, find_store(call)[0], theme_in(call))
    return Answer()


def publish_draft(call: Call[NoQuery, None]) -> Answer:
    from provisioning.sites import store_themes

    store_id, _ = find_store(call)
    kept = store_themes.publish_draft(
        call.documents, call.platform.ports.files, store_id, theme_in(call), actor=call.actor
    )
    return _ordered(call, store_id, "The theme's settings changed", revision=kept.revision)


def preview_theme(call: Call[PreviewChoice, None]) -> Answer:
    store_id, store = find_store(call)
    view = order_preview(
        call.platform, store_id, store, theme=theme_in(call), days=call.query.days, actor=call.actor
    )
    return Answer(view, location_of(view.provisioning_id))


def order_preview(
    platform: Platform, store_id: str, store: Store, *, theme: str | None, days: int, actor: str
) -> Previewed:
    """Order a release of the store's data of now on a preview channel: with a theme and its draft, or as visitors would see it."""
    channel = channel_of(theme) if theme else NEXT
    wanted = PublicationOrder(
        store_id=store_id,
        channel=channel,
        days=days,
        theme=theme,
        draft=theme is not None,
        reason=f"Preview of {theme}" if theme else "Preview of what would be published",
        actor=actor,
    )
    ordered = order_publication(platform.engine, wanted)
    link = preview_link(platform, store_id, store, channel, days)
    return Previewed(provisioning_id=ordered, channel=channel, link=link, days=days)


def preview_link(platform: Platform, store_id: str, store: Store, channel: str, days: int) -> str:
    """The link that shows a preview channel to whoever holds it."""
    token = platform.tokens.preview(store_id, channel, days * 24 * 3600)
    return platform.addresses.preview(store.subdomain, channel, token)


def channel_of(slug: str) -> str:
    """The preview channel of a theme: one for each, so that a new preview takes the place of the last."""
    return f"preview-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"


def switch_theme(call: Call[NoQuery, None]) -> Answer:
    from provisioning.sites import store_themes

    store_id, _ = find_store(call)
    done = store_themes.switch_theme(
        call.documents, call.platform.ports.files, store_id, theme_in(call), actor=call.actor
    )
    ordered = order(call.platform, store_id, f"Switched to {done.now}", call.actor)
    view = SwitchView(
        provisioning_id=ordered,
        before=done.before,
        now=done.now,
        carried=done.values.carried,
        unmatched=done.values.unmatched,
    )
    return Answer(view, location_of(ordered))


def list_revisions(call: Call[NoQuery, None]) -> Answer:
    return Answer(revisions_of(call.documents, find_store(call)[0], theme_in(call)))


def revisions_of(documents: Documents, store_id: str, slug: str) -> RevisionList:
    """What the store has published of a theme's settings, the newest first."""
    collection = f"tenants/{store_id}/themes/{slug}/revisions"
    found = documents.query(Query(collection, order_by="-number", limit=50))
    return RevisionList(items=tuple(RevisionView.model_validate(one.data) for one in found))


def restore_revision(call: Call[NoQuery, None]) -> Answer:
    from provisioning.sites import store_themes

    number = check_id(call.path["number"], "number")
    if not number.isdecimal():
        raise NotFound("there is no such revision of this theme")
    kept = store_themes.restore_revision(
        call.documents,
        call.platform.ports.files,
        find_store(call)[0],
        theme_in(call),
        int(number),
        actor=call.actor,
    )
    return Answer(DraftView(**dict(kept)))


def _ordered(call: Call[Any, Any], store_id: str, reason: str, revision: int | None = None) -> Answer:
    ordered = order(call.platform, store_id, reason, call.actor)
    return Answer(Ordered(provisioning_id=ordered, revision=revision), location_of(ordered))


def order(platform: Platform, store_id: str, reason: str, actor: str) -> str:
    """The id of a publication of the store, ordered now."""
    wanted = PublicationOrder(store_id=store_id, channel=LIVE, reason=reason, actor=actor)
    return order_publication(platform.engine, wanted)


def location_of(provisioning_id: str) -> dict[str, str]:
    """Where a publication can be watched."""
    return {"Location": f"/api/provisioning/provisionings/{provisioning_id}"}


def find_store(call: Call[Any, Any]) -> tuple[str, Store]:
    """The store that the address names. Raises `NotFound`."""
    id = check_id(call.path["store_id"], "store_id")
    found = call.documents.get(document_path("stores", id))
    if found.data is None:
        raise NotFound("there is no store with this id")
    return id, Store.model_validate(found.data)


def theme_in(call: Call[Any, Any]) -> str:
    """The id of the theme that the address names. Raises `InvalidInput`."""
    return check_id(call.path["theme_id"], "theme_id")


def _by_id(documents: Documents, collection: str) -> dict[str, Data]:
    found = documents.query(Query(collection, limit=_MOST_THEMES))
    return {one.id: one.data for one in found if one.data is not None}


def _draft_tag(found: Snapshot) -> str:
    return etag_of(found) if found.update_time else "none"


def problems_of(fields: tuple[FieldError, ...]) -> tuple[FieldProblem, ...]:
    """What is wrong with fields, as answers show it."""
    return tuple(FieldProblem(field=f.field, code=f.code, message=f.message) for f in fields)


# --- Endpoints -------------------------------------------------------------------------------------------

STORE_AT = f"{ROOT}/stores/{{store_id}}/themes"
THEME_AT = f"{STORE_AT}/{{theme_id}}"
NO_SUCH_THEME = (UNKNOWN, Refusal(404, "UNKNOWN_THEME", "the platform has no such theme"))
_PUBLISHES = (
    *NO_SUCH_THEME,
    Refusal(409, "WRONG_STORE_STATUS", "a store of this status is not published"),
)

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        STORE_AT,
        "list_store_themes",
        "Themes of a store",
        "List the themes that a store may have",
        list_themes,
        response=StoreThemeList,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "GET",
        THEME_AT,
        "show_store_theme",
        "Themes of a store",
        "Show what a store has made of a theme",
        show_theme,
        response=StoreThemeView,
        answer_headers=(ETAG,),
        refusals=NO_SUCH_THEME,
    ),
    Endpoint(
        "PUT",
        f"{THEME_AT}/draft",
        "save_theme_draft",
        "Themes of a store",
        "Keep values of a theme's settings as a draft",
        save_draft,
        description="Visitors see nothing of it until it is published; a preview shows it.",
        body=Customisation,
        response=DraftView,
        headers=(IF_MATCH,),
        refusals=(
            *NO_SUCH_THEME,
            CHANGED_MEANWHILE,
            Refusal(412, "PRECONDITION_FAILED", "If-Match names an older state"),
        ),
        example={"settings": {"color_accent": "#004225"}},
    ),
    Endpoint(
        "DELETE",
        f"{THEME_AT}/draft",
        "discard_theme_draft",
        "Themes of a store",
        "Forget a draft",
        discard_draft,
        status=204,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        f"{THEME_AT}/publish",
        "publish_theme_draft",
        "Themes of a store",
        "Publish a draft",
        publish_draft,
        status=202,
        response=Ordered,
        answer_headers=(LOCATION,),
        refusals=(*_PUBLISHES, Refusal(409, "NO_DRAFT", "there is nothing that could be published")),
    ),
    Endpoint(
        "POST",
        f"{THEME_AT}/preview",
        "preview_store_theme",
        "Themes of a store",
        "Preview a theme with the store's data",
        preview_theme,
        description="With the draft, if there is one. Visitors see nothing of it; the link shows it to whoever holds it.",
        status=202,
        query=PreviewChoice,
        response=Previewed,
        answer_headers=(LOCATION,),
        refusals=_PUBLISHES,
    ),
    Endpoint(
        "POST",
        f"{THEME_AT}/switch",
        "switch_store_theme",
        "Themes of a store",
        "Give a store another theme",
        switch_theme,
        description="Its values are carried over by what they mean; those of the theme that it leaves are kept.",
        status=202,
        response=SwitchView,
        answer_headers=(LOCATION,),
        refusals=_PUBLISHES,
    ),
    Endpoint(
        "GET",
        f"{THEME_AT}/revisions",
        "list_theme_revisions",
        "Themes of a store",
        "List what was published of a theme's settings",
        list_revisions,
        response=RevisionList,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        f"{THEME_AT}/revisions/{{number}}/restore",
        "restore_theme_revision",
        "Themes of a store",
        "Make a revision the draft again",
        restore_revision,
        response=DraftView,
        refusals=NO_SUCH_THEME,
    ),
)
