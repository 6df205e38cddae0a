"""Themes and plans: what merchants may choose from. Both are the same five verbs over one collection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
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
from provisioning.api.paging import read_page
from provisioning.api.problems import PRECONDITION_FAILED, StoresInTheWay
from provisioning.api.shapes import PageQuery, PlanList, SeededDefaults, StoreList, StoreSummary, ThemeList
from provisioning.api.stores import living_stores
from provisioning.catalog.entries import DEFAULT_THEMES, ThemeEntry, check_theme, read_entry
from provisioning.catalog.plans import DEFAULT_PLANS, Plan
from provisioning.catalog.seeding import seed_defaults
from provisioning.errors import Conflict, FieldError, InvalidInput, NotFound, WrongState
from provisioning.ports import Create, Delete, Query, Snapshot, Update, Where, check_id, document_path
from provisioning.runtime import Platform
from provisioning.settings import Runtime
from provisioning.stores.audit import audit_entry, commit_deed

E = TypeVar("E", ThemeEntry, Plan)

#: So many stores are named where they stand in the way; the rest can be listed.
_NAMED_STORES = 20


@dataclass(frozen=True, slots=True)
class Offers(Generic[E]):
    """The handlers of one collection."""

    noun: str
    collection: str
    model: type[E]
    listed: type[BaseModel]
    #: The field of a store that names its entry.
    chosen_as: str
    order_by: str | None
    check: Callable[[Call[Any, Any], E], None]
    #: Fields of the document that no caller changes.
    fixed: frozenset[str] = frozenset()

    def list(self, call: Call[PageQuery, None]) -> Answer:
        query = Query(self.collection, order_by=self.order_by)
        found, following = read_page(call.documents, query, call.query)
        return Answer(self.listed(items=tuple(self._entry(f) for f in found), next_cursor=following))

    def create(self, call: Call[NoQuery, E]) -> Answer:
        entry = call.body
        self.check(call, entry)
        found = call.documents.get(document_path(self.collection, entry.slug))
        if found.exists:
            raise self._exists()
        try:
            commit_deed(
                call.documents,
                [Create(found.path, entry.to_document(found.read_time))],
                self._audit(call, found, "created"),
            )
        except Conflict:
            raise self._exists() from None
        made = self._answer(call.documents.get(found.path))
        location = f"/api/provisioning/{self.collection}/{entry.slug}"
        return Answer(made.body, {**made.headers, "Location": location})

    def read(self, call: Call[NoQuery, None]) -> Answer:
        return self._answer(self._find(call))

    def replace(self, call: Call[NoQuery, E]) -> Answer:
        found = self._find(call)
        self._check_precondition(call, found)
        if call.body.slug != found.id:
            raise InvalidInput((FieldError("slug", "FIXED", "must be the one in the address"),))
        self.check(call, call.body)
        fields = call.body.to_document(found.read_time)
        fields = {name: value for name, value in fields.items() if name not in self.fixed}
        self._change(call, found, Update(found.path, fields, if_updated_at=found.update_time), "replaced")
        return self._answer(call.documents.get(found.path))

    def delete(self, call: Call[NoQuery, None]) -> Answer:
        found = self._find(call)
        self._check_precondition(call, found)
        stores = living_stores(call.documents, Where(self.chosen_as, "==", found.id), _NAMED_STORES)
        if stores:
            raise StoresInTheWay(
                "IN_USE",
                f"this {self.noun} is in use; make it inactive instead, or move these stores first",
                stores,
            )
        self._change(call, found, Delete(found.path, if_updated_at=found.update_time), "deleted")
        return Answer()

    def stores(self, call: Call[PageQuery, None]) -> Answer:
        query = Query("stores", (Where(self.chosen_as, "==", self._find(call).id),))
        found, following = read_page(call.documents, query, call.query)
        items = tuple(StoreSummary.of(store) for store in found)
        return Answer(StoreList(items=items, next_cursor=following))

    def _find(self, call: Call[Any, Any]) -> Snapshot:
        id = check_id(call.path[f"{self.noun}_id"], f"{self.noun}_id")
        found = call.documents.get(document_path(self.collection, id))
        if not found.exists:
            raise NotFound(f"there is no {self.noun} with this id")
        return found

    def _entry(self, found: Snapshot) -> E:
        return read_entry(self.model, found.data or {})

    def _answer(self, found: Snapshot) -> Answer:
        if not found.exists:
            raise NotFound(f"the {self.noun} was deleted meanwhile")
        return Answer(self._entry(found), {"ETag": f'"{etag_of(found)}"'})

    def _check_precondition(self, call: Call[Any, Any], found: Snapshot) -> None:
        wanted = call.headers.get("If-Match")
        if wanted is not None and not parse_etags(wanted).contains(etag_of(found)):
            raise self._changed()

    def _change(self, call: Call[Any, Any], found: Snapshot, write: Update | Delete, action: str) -> None:
        try:
            commit_deed(call.documents, [write], self._audit(call, found, action))
        except Conflict:
            if "If-Match" in call.headers:
                raise self._changed() from None
            raise

    def _audit(self, call: Call[Any, Any], found: Snapshot, action: str) -> Create:
        return audit_entry(
            at=found.read_time, actor=call.actor, action=f"{self.noun}.{action}", subject=found.path
        )

    def _exists(self) -> WrongState:
        return WrongState("ALREADY_EXISTS", f"there is a {self.noun} with this slug; change it instead")

    def _changed(self) -> WrongState:
        return WrongState(
            PRECONDITION_FAILED, f"the {self.noun} has changed since you read it; read it again"
        )


def etag_of(found: Snapshot) -> str:
    """The opaque part of a document's entity tag."""
    assert found.update_time is not None
    return f"{int(found.update_time.timestamp() * 1_000_000):x}"


def _offer_anything(_: Call[Any, Any], __: Plan) -> None:
    """A plan needs nothing but itself."""


def _check_theme(call: Call[Any, Any], entry: ThemeEntry) -> None:
    check_offered(call.platform, entry)


def check_offered(platform: Platform, entry: ThemeEntry) -> None:
    """A theme can be chosen while its package is there: installed, or imported."""
    # Loaded here: the admin API starts without it, and seldom needs it.
    from provisioning.sites.library import find_imported

    package = find_imported(platform.ports.documents, entry.slug)
    if package is None:
        check_theme(entry)
    elif entry.version != package.version:
        message = f"must be {package.version}, the version of the imported package"
        raise InvalidInput((FieldError("version", "WRONG_VERSION", message),))
    elif entry.active and not platform.ports.files.exists(package.file):
        message = "cannot be true: the package of this theme is gone; import it again"
        raise InvalidInput((FieldError("active", "NO_PACKAGE", message),))


THEMES = Offers(
    "theme", "themes", ThemeEntry, ThemeList, "theme.slug", None, _check_theme, frozenset({"package"})
)
PLANS = Offers("plan", "plans", Plan, PlanList, "plan.slug", "position", _offer_anything)


def seed(call: Call[NoQuery, None]) -> Answer:
    """
    The catalogue, and the files that all stores share: no merchant's activation is the one that waits for them.

    Sample merchants belong on nobody's production.
    """
    # Loaded here: the admin API starts without it, and seldom needs it.
    from provisioning.sites.publishing import publish_installed_themes

    local = call.platform.settings.provisioning_runtime is not Runtime.GOOGLE
    made = seed_defaults(call.documents, merchants=local, actor=call.actor)
    publish_installed_themes(call.platform.ports.files)
    return Answer(SeededDefaults(themes=made.themes, plans=made.plans, merchants=made.merchants))


# --- Endpoints -------------------------------------------------------------------------------------------


def _offered(kind: Offers[Any], example: ThemeEntry | Plan) -> tuple[Endpoint, ...]:
    """The endpoints of themes, or of plans."""
    one, many, tag = kind.noun, kind.collection, kind.collection.title()
    at = f"{ROOT}/{many}/{{{one}_id}}"
    sent = example.model_dump(mode="json")
    taken = Refusal(409, "ALREADY_EXISTS", f"there is a {one} with this slug")
    changed = (
        CHANGED_MEANWHILE,
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
            response=kind.listed,
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
            answer_headers=(LOCATION, ETAG),
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
            answer_headers=(ETAG,),
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
            headers=(IF_MATCH,),
            answer_headers=(ETAG,),
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
            headers=(IF_MATCH,),
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


ENDPOINTS: tuple[Endpoint, ...] = (
    *_offered(THEMES, DEFAULT_THEMES[0]),
    *_offered(PLANS, DEFAULT_PLANS[1]),
    Endpoint(
        "POST",
        f"{ROOT}/seed-defaults",
        "seed_defaults",
        "Set-up",
        "Make the default themes and plans that are missing",
        seed,
        description="On a local runtime the sample merchants too. What is there is left as it is.",
        response=SeededDefaults,
    ),
)
