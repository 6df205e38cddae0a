"""The table of endpoints: what this API can do, in one place. The routes and the OpenAPI document are made from it."""

from __future__ import annotations

from typing import Any

from provisioning.api import (
    audit_log,
    durations,
    faults,
    hosts,
    legacy,
    letters,
    media,
    merchants,
    offers,
    overview,
    provisionings,
    releases,
    request_schema,
    sign_in,
    store_themes,
    stores,
    streams,
    support,
    users,
)
from provisioning.api.calls import (
    LOCATION,
    NOT_OURS,
    NOT_UNDOABLE,
    ROOT,
    UNKNOWN,
    Answer,
    Call,
    Endpoint,
    Header,
    NoQuery,
    Refusal,
)
from provisioning.api.shapes import (
    Activated,
    Activation,
    Confirmation,
    Health,
    HostAvailability,
    LegacyJob,
    LegacyRequest,
    LegacyStatus,
    LetterFilter,
    LetterList,
    LetterView,
    PageQuery,
    PlanList,
    ProvisioningFilter,
    ProvisioningList,
    ProvisioningView,
    Resend,
    SeededDefaults,
    StoreChoice,
    StoreList,
    ThemeList,
)
from provisioning.catalog.entries import DEFAULT_THEMES, ThemeEntry
from provisioning.catalog.plans import DEFAULT_PLANS, Plan
from provisioning.settings import Runtime
from provisioning.themes.choices import Customisation

#: A release as the examples name it.
EXAMPLE_RELEASE = "3f9a1c0b7d2e4f5a6b8c"

_KEY = Header(
    "Idempotency-Key",
    "The same key for the same merchant is the same request, however often it is sent.",
    "f0a1c6b2-activate-1",
    r"^[\x21-\x7e]{1,200}$",
)
_LEGACY_KEY = Header(_KEY.name, _KEY.description, "5c0d9e14-store-1")
_IF_MATCH = Header(
    "If-Match",
    "The ETag that was read: the change is made only if nobody else made one since.",
    '"65a1b2c3d4e5f"',
)
_ETAG = Header("ETag", "The state of the document, for If-Match.", '"65a1b2c3d4e5f"')

_KEY_REUSED = Refusal(409, "KEY_REUSED", "the key was used before, for another request")
_NO_PROVISIONING = Refusal(404, "NO_PROVISIONING", "the merchant has none")
_SEVERAL = Refusal(409, "SEVERAL_STORES", "the merchant owns several stores; `stores` lists them")
_RETRY = (
    *NOT_OURS,
    Refusal(409, "NOT_FAILED", "only a FAILED provisioning can be retried"),
    Refusal(409, "NOT_RETRYABLE", "a retry cannot help; roll back and submit a new request"),
    Refusal(409, "CHANGED_MEANWHILE", "somebody else was quicker"),
)
_ROLL_BACK = (*NOT_UNDOABLE, Refusal(409, "CHANGED_MEANWHILE", "somebody else was quicker"))


def _health(_: Call[NoQuery, None]) -> Answer:
    return Answer(Health())


def _openapi(call: Call[NoQuery, None]) -> Answer:
    # Only who asks for the document pays for its making at a cold start.
    from provisioning.api.openapi import describe

    return Answer(describe(served_on(call.platform.settings.provisioning_runtime)))


def served_on(runtime: Runtime) -> tuple[Endpoint, ...]:
    """The rows that this runtime has."""
    return tuple(endpoint for endpoint in ENDPOINTS if runtime is not Runtime.GOOGLE or not endpoint.local)


def _offered(kind: offers.Offers[Any], listed: type[Any], example: ThemeEntry | Plan) -> tuple[Endpoint, ...]:
    """The endpoints of themes, or of plans."""
    one, many, tag = kind.noun, kind.collection, kind.collection.title()
    at = f"{ROOT}/{many}/{{{one}_id}}"
    sent = example.model_dump(mode="json")
    taken = Refusal(409, "ALREADY_EXISTS", f"there is a {one} with this slug")
    changed = (
        Refusal(409, "CHANGED_MEANWHILE", "somebody else was quicker"),
        Refusal(412, "PRECONDITION_FAILED", "If-Match names an older state"),
    )
    in_use = Refusal(409, "IN_USE", "stores have it; `stores` names them")
    return (
        Endpoint(
            "GET",
            f"{ROOT}/{many}",
            f"list_{many}",
            tag,
            f"List the {many}",
            kind.list,
            response=listed,
            query=PageQuery,
        ),
        Endpoint(
            "POST",
            f"{ROOT}/{many}",
            f"create_{one}",
            tag,
            f"Add a {one}",
            kind.create,
            status=201,
            body=kind.model,
            response=kind.model,
            answer_headers=(LOCATION, _ETAG),
            refusals=(taken,),
            example={**sent, "slug": f"{example.slug}-2", "active": False},
        ),
        Endpoint(
            "GET",
            at,
            f"show_{one}",
            tag,
            f"Show a {one}",
            kind.read,
            response=kind.model,
            answer_headers=(_ETAG,),
            refusals=(UNKNOWN,),
        ),
        Endpoint(
            "PUT",
            at,
            f"replace_{one}",
            tag,
            f"Change a {one}",
            kind.replace,
            description="Stores keep what they were sold: a change is for those that come.",
            body=kind.model,
            response=kind.model,
            headers=(_IF_MATCH,),
            answer_headers=(_ETAG,),
            refusals=(UNKNOWN, *changed),
            example=sent,
        ),
        Endpoint(
            "DELETE",
            at,
            f"delete_{one}",
            tag,
            f"Remove a {one} that no store has",
            kind.delete,
            status=204,
            headers=(_IF_MATCH,),
            refusals=(UNKNOWN, in_use, *changed),
        ),
        Endpoint(
            "GET",
            f"{at}/stores",
            f"list_{one}_stores",
            tag,
            f"List the stores that have this {one}",
            kind.stores,
            response=StoreList,
            query=PageQuery,
            refusals=(UNKNOWN,),
        ),
    )


_MERCHANTS = (
    Endpoint(
        "POST",
        f"{ROOT}/merchants/{{merchant_id}}/activate",
        "activate_merchant",
        "Merchants",
        "Turn an approved merchant into a store",
        provisionings.activate,
        description="Writes the activation request and answers at once. The portal can listen to the document "
        "`provisionings/{provisioning_id}` from then on.",
        status=202,
        body=Activation,
        response=Activated,
        headers=(_KEY,),
        answer_headers=(LOCATION,),
        refusals=(_KEY_REUSED,),
        example={
            "store_name": "Awesome Store",
            "owner_email": "avery@awesome-store.example.com",
            "subdomain": "awesome-store",
            "theme": "upfront-modern",
            "plan": "professional",
            "category": "electronics",
            "launch": "immediately",
        },
    ),
    Endpoint(
        "GET",
        f"{ROOT}/merchants/{{merchant_id}}/provisioning-status",
        "show_merchant_status",
        "Merchants",
        "Show a merchant's newest provisioning",
        provisionings.merchant_status,
        response=ProvisioningView,
        query=StoreChoice,
        refusals=(_NO_PROVISIONING, _SEVERAL),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/merchants/{{merchant_id}}/retry-provisioning",
        "retry_merchant",
        "Merchants",
        "Go on with a merchant's newest provisioning, which failed",
        provisionings.merchant_retry,
        status=202,
        response=ProvisioningView,
        query=StoreChoice,
        refusals=(_NO_PROVISIONING, _SEVERAL, *_RETRY),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/merchants/{{merchant_id}}/rollback",
        "roll_back_merchant",
        "Merchants",
        "Undo a merchant's newest provisioning",
        provisionings.merchant_roll_back,
        status=202,
        body=Confirmation,
        body_required=False,
        response=ProvisioningView,
        query=StoreChoice,
        refusals=(_NO_PROVISIONING, _SEVERAL, *_ROLL_BACK),
        example={"confirm": "awesome-store"},
    ),
)

_PROVISIONINGS = (
    Endpoint(
        "GET",
        f"{ROOT}/provisionings",
        "list_provisionings",
        "Provisionings",
        "List the newest provisionings",
        provisionings.list_provisionings,
        response=ProvisioningList,
        query=ProvisioningFilter,
        example_query="status=FAILED&limit=20",
        description="With `stuck`, those that should have moved two minutes ago, the longest waiting first, and no further pages.",
    ),
    Endpoint(
        "GET",
        f"{ROOT}/provisionings/{{provisioning_id}}",
        "show_provisioning",
        "Provisionings",
        "Show a provisioning with its steps, log and receipt",
        provisionings.show_provisioning,
        response=ProvisioningView,
        refusals=(
            UNKNOWN,
            Refusal(404, "NOT_PICKED_UP_YET", "its request was written a moment ago; ask again"),
        ),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/provisionings/{{provisioning_id}}/retry",
        "retry_provisioning",
        "Provisionings",
        "Go on with a failed provisioning",
        provisionings.retry,
        description="What is done so far is kept; the step that failed begins anew with four attempts.",
        status=202,
        response=ProvisioningView,
        refusals=(UNKNOWN, *_RETRY),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/provisionings/{{provisioning_id}}/rollback",
        "roll_back_provisioning",
        "Provisionings",
        "Undo a provisioning",
        provisionings.roll_back,
        description="Step by step in reverse. A COMPLETED one, whose store may be live, needs `confirm`.",
        status=202,
        body=Confirmation,
        body_required=False,
        response=ProvisioningView,
        refusals=(UNKNOWN, *_ROLL_BACK),
        example={"confirm": "awesome-store"},
    ),
    Endpoint(
        "POST",
        f"{ROOT}/provisionings/{{provisioning_id}}/resend-welcome",
        "resend_welcome",
        "Provisionings",
        "Send the welcome mail again, with a new link",
        provisionings.resend,
        response=Resend,
        refusals=(
            UNKNOWN,
            Refusal(409, "NO_STORE", "it has no store at present"),
            Refusal(409, "NO_OWNER", "the store has no owner's account yet"),
            Refusal(409, "TOO_MANY_RESENDS", "it was sent again too often"),
            Refusal(502, "MAIL_REFUSED", "the mail's receiver refused it for good"),
        ),
    ),
)

_LETTERS = (
    Endpoint(
        "GET",
        f"{ROOT}/dead-letters",
        "list_dead_letters",
        "Dead letters",
        "List messages that nobody could use, and steps that ran out of attempts",
        letters.list_letters,
        response=LetterList,
        query=LetterFilter,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/dead-letters/{{letter_id}}",
        "show_dead_letter",
        "Dead letters",
        "Show a dead letter",
        letters.show,
        response=LetterView,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/dead-letters/{{letter_id}}/replay",
        "replay_dead_letter",
        "Dead letters",
        "Try a dead letter again now that its cause is gone",
        letters.replay,
        response=LetterView,
        refusals=(
            UNKNOWN,
            Refusal(409, "NOT_OPEN", "it was closed or replayed already"),
            Refusal(409, "NOT_KEPT", "the message was too large to keep"),
            Refusal(409, "STILL_UNREADABLE", "this version still cannot read what it is about"),
            Refusal(
                409, "STILL_UNKNOWN", "there is still no such provisioning, or no such step in this version"
            ),
            Refusal(409, "HALTED", "the roll back is halted; roll back again"),
            *_RETRY,
        ),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/dead-letters/{{letter_id}}/close",
        "close_dead_letter",
        "Dead letters",
        "Close a dead letter that needs nothing more",
        letters.close,
        response=LetterView,
        refusals=(UNKNOWN, Refusal(409, "NOT_OPEN", "it was closed or replayed already")),
    ),
)

_REST = (
    Endpoint(
        "GET",
        f"{ROOT}/hosts/{{label}}",
        "check_host",
        "Addresses",
        "Say whether a store may have an address",
        hosts.check_host,
        response=HostAvailability,
    ),
    Endpoint(
        "POST",
        f"{ROOT}/seed-defaults",
        "seed_defaults",
        "Set-up",
        "Make the default themes and plans that are missing",
        offers.seed,
        description="On a local runtime the sample merchants too. What is there is left as it is.",
        response=SeededDefaults,
    ),
    Endpoint(
        "POST",
        "/provision/store",
        "provision_store",
        "Older clients",
        "Activate a merchant with its saved choices",
        legacy.provision_store,
        description="While a job for the same address is under way or done, that job is the answer.",
        status=202,
        body=LegacyRequest,
        response=LegacyJob,
        headers=(_LEGACY_KEY,),
        refusals=(Refusal(404, "NO_MERCHANT", "there is no merchant with this id"), _KEY_REUSED),
        example={"tenantId": "merchant-awesome"},
    ),
    Endpoint(
        "GET",
        "/provision/status/{job_id}",
        "show_job",
        "Older clients",
        "Show the progress of a job",
        legacy.show_job,
        response=LegacyStatus,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "GET",
        "/healthz",
        "healthz",
        "Health",
        "Say that the function answers",
        _health,
        response=Health,
        public=True,
    ),
    # Google's front end keeps some paths that end in z to itself.
    Endpoint(
        "GET",
        f"{ROOT}/health",
        "health",
        "Health",
        "The same, where an address ending in z is reserved",
        _health,
        response=Health,
        public=True,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/openapi.json",
        "openapi",
        "Health",
        "This description, as OpenAPI 3.1",
        _openapi,
        public=True,
    ),
)

_STORE_AT = f"{ROOT}/stores/{{store_id}}/themes"
_THEME_AT = f"{_STORE_AT}/{{theme_id}}"
_NO_SUCH = (UNKNOWN, Refusal(404, "UNKNOWN_THEME", "the platform has no such theme"))
_PUBLISHES = (
    *_NO_SUCH,
    Refusal(409, "WRONG_STORE_STATUS", "a store of this status is not published"),
)

_RELEASES_AT = f"{ROOT}/stores/{{store_id}}/releases"
_CLOSED = Refusal(409, "WRONG_STORE_STATUS", "nothing of a store of this status is published")
_PROMOTES = (
    UNKNOWN,
    _CLOSED,
    Refusal(404, "NO_STORE", "the store has no website"),
    Refusal(409, "CHANGED_MEANWHILE", "another release went live meanwhile"),
    Refusal(422, "CHECKS_FAILED", "files of the release are missing"),
)

_RELEASES = (
    Endpoint(
        "GET",
        _RELEASES_AT,
        "list_releases",
        "Releases",
        "List a store's releases",
        releases.list_releases,
        query=PageQuery,
        response=releases.ReleaseList,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        _RELEASES_AT,
        "publish_store",
        "Releases",
        "Publish a store's website anew",
        releases.publish,
        description="With its data and its theme as they are now. Changes of the catalogue are published by themselves.",
        status=202,
        response=store_themes.Ordered,
        answer_headers=(LOCATION,),
        refusals=(UNKNOWN, _CLOSED),
    ),
    Endpoint(
        "GET",
        f"{_RELEASES_AT}/{{release_id}}",
        "show_release",
        "Releases",
        "Show a release",
        releases.show_release,
        response=releases.ReleaseView,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        f"{_RELEASES_AT}/{{release_id}}/preview",
        "preview_release",
        "Releases",
        "Look at a release that is kept",
        releases.preview,
        description="On a preview channel of its own kind, of which a store has one: a new look takes the place of the last. Nothing is built anew.",
        query=store_themes.PreviewChoice,
        response=releases.ReleasePreviewed,
        refusals=(
            UNKNOWN,
            _CLOSED,
            Refusal(409, "REJECTED", "the release did not pass its checks"),
            Refusal(422, "CHECKS_FAILED", "files of the release are missing"),
            Refusal(409, "TOO_MANY_CHANNELS", "the store has too many previews; one has to end first"),
        ),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/stores/{{store_id}}/promote",
        "promote_release",
        "Releases",
        "Make a release, or what a preview shows, live",
        releases.promote,
        description="Nothing is built anew. Visitors see it within two seconds.",
        body=releases.Promoted,
        response=releases.PromotionView,
        refusals=(*_PROMOTES, Refusal(409, "REJECTED", "the release did not pass its checks")),
        example={"release": EXAMPLE_RELEASE},
    ),
    Endpoint(
        "POST",
        f"{ROOT}/stores/{{store_id}}/revert",
        "revert_release",
        "Releases",
        "Go back to an earlier release",
        releases.revert,
        body=releases.Reverted,
        body_required=False,
        response=releases.PromotionView,
        refusals=(
            *_PROMOTES,
            Refusal(409, "NO_PREVIOUS", "no other release was live before"),
            Refusal(409, "ALREADY_REVERTED", "the last change was a revert; name the release to go on to"),
            Refusal(409, "NEVER_LIVE", "the release was not among the last ten that were live"),
        ),
        example={},
    ),
)

_STORE_THEMES = (
    Endpoint(
        "GET",
        _STORE_AT,
        "list_store_themes",
        "Themes of a store",
        "List the themes that a store may have",
        store_themes.list_themes,
        response=store_themes.StoreThemeList,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "GET",
        _THEME_AT,
        "show_store_theme",
        "Themes of a store",
        "Show what a store has made of a theme",
        store_themes.show_theme,
        response=store_themes.StoreThemeView,
        answer_headers=(_ETAG,),
        refusals=_NO_SUCH,
    ),
    Endpoint(
        "PUT",
        f"{_THEME_AT}/draft",
        "save_theme_draft",
        "Themes of a store",
        "Keep values of a theme's settings as a draft",
        store_themes.save_draft,
        description="Visitors see nothing of it until it is published; a preview shows it.",
        body=Customisation,
        response=store_themes.DraftView,
        headers=(_IF_MATCH,),
        refusals=(
            *_NO_SUCH,
            Refusal(409, "CHANGED_MEANWHILE", "somebody else was quicker"),
            Refusal(412, "PRECONDITION_FAILED", "If-Match names an older state"),
        ),
        example={"settings": {"color_accent": "#004225"}},
    ),
    Endpoint(
        "DELETE",
        f"{_THEME_AT}/draft",
        "discard_theme_draft",
        "Themes of a store",
        "Forget a draft",
        store_themes.discard_draft,
        status=204,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        f"{_THEME_AT}/publish",
        "publish_theme_draft",
        "Themes of a store",
        "Publish a draft",
        store_themes.publish_draft,
        status=202,
        response=store_themes.Ordered,
        answer_headers=(LOCATION,),
        refusals=(*_PUBLISHES, Refusal(409, "NO_DRAFT", "there is nothing that could be published")),
    ),
    Endpoint(
        "POST",
        f"{_THEME_AT}/preview",
        "preview_store_theme",
        "Themes of a store",
        "Preview a theme with the store's data",
        store_themes.preview_theme,
        description="With the draft, if there is one. Visitors see nothing of it; the link shows it to whoever holds it.",
        status=202,
        query=store_themes.PreviewChoice,
        response=store_themes.Previewed,
        answer_headers=(LOCATION,),
        refusals=_PUBLISHES,
    ),
    Endpoint(
        "POST",
        f"{_THEME_AT}/switch",
        "switch_store_theme",
        "Themes of a store",
        "Give a store another theme",
        store_themes.switch_theme,
        description="Its values are carried over by what they mean; those of the theme that it leaves are kept.",
        status=202,
        response=store_themes.SwitchView,
        answer_headers=(LOCATION,),
        refusals=_PUBLISHES,
    ),
    Endpoint(
        "GET",
        f"{_THEME_AT}/revisions",
        "list_theme_revisions",
        "Themes of a store",
        "List what was published of a theme's settings",
        store_themes.list_revisions,
        response=store_themes.RevisionList,
        refusals=(UNKNOWN,),
    ),
    Endpoint(
        "POST",
        f"{_THEME_AT}/revisions/{{number}}/restore",
        "restore_theme_revision",
        "Themes of a store",
        "Make a revision the draft again",
        store_themes.restore_revision,
        response=store_themes.DraftView,
        refusals=_NO_SUCH,
    ),
    Endpoint(
        "GET",
        f"{_THEME_AT}/export",
        "export_store_theme",
        "Themes of a store",
        "Export what a store has made of a theme",
        store_themes.export_values,
        query=store_themes.ExportChoice,
        gives=store_themes.ARCHIVE,
        refusals=_NO_SUCH,
    ),
    Endpoint(
        "POST",
        f"{_STORE_AT}/import",
        "import_store_theme",
        "Themes of a store",
        "Import a theme's values as a draft",
        store_themes.import_values,
        takes=(store_themes.ARCHIVE,),
        response=store_themes.DraftView,
        refusals=_NO_SUCH,
    ),
    Endpoint(
        "POST",
        f"{ROOT}/themes/import",
        "import_theme",
        "Themes",
        "Import a theme",
        store_themes.import_theme,
        description="It is checked, kept and inactive at first: preview it with a store's data, then make it active. "
        "What keeps it out is listed by file and rule.",
        takes=(store_themes.ARCHIVE,),
        query=store_themes.ImportChoice,
        response=store_themes.ImportedView,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/themes/{{theme_id}}/export",
        "export_theme",
        "Themes",
        "Export a theme",
        store_themes.export_theme,
        gives=store_themes.ARCHIVE,
        refusals=_NO_SUCH,
    ),
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *sign_in.ENDPOINTS,
    *merchants.ENDPOINTS,
    *_MERCHANTS,
    *request_schema.ENDPOINTS,
    *_PROVISIONINGS,
    *streams.ENDPOINTS[:1],
    *support.ENDPOINTS,
    *durations.ENDPOINTS,
    *stores.ENDPOINTS,
    *streams.ENDPOINTS[1:],
    *overview.ENDPOINTS,
    *audit_log.ENDPOINTS,
    *users.ENDPOINTS,
    *faults.ENDPOINTS,
    *_LETTERS,
    *_offered(offers.THEMES, ThemeList, DEFAULT_THEMES[0]),
    *_STORE_THEMES,
    *_RELEASES,
    *media.ENDPOINTS,
    *_offered(offers.PLANS, PlanList, DEFAULT_PLANS[1]),
    *_REST,
)
