"""A shop: all that a site is built from, checked and frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Protocol, TypeVar, cast, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from provisioning.catalog.blueprints import HomeTexts, load_blueprint
from provisioning.catalog.pages import StorePage
from provisioning.catalog.products import Collection, Product
from provisioning.catalog.settings import (
    ContactSettings,
    CurrencyCode,
    LocaleSettings,
    PolicySettings,
    ReturnSettings,
    SettingsDocument,
    ShippingSettings,
    TaxSettings,
    default_settings,
)
from provisioning.errors import FieldError, InvalidInput, NotFound
from provisioning.ports import Data, Documents, Query, Snapshot, check_id, document_path
from provisioning.sites.releases import ReleasedFile
from provisioning.stores.activation import Category, Line, Slug
from provisioning.stores.addresses import Addresses
from provisioning.stores.stores import Store

_PAGE = 300
_SETTINGS = ("currency", "locale", "contact", "shipping", "returns", "policies", "tax")
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)

B = TypeVar("B", bound=BaseModel)
S = TypeVar("S", bound=SettingsDocument)
M = TypeVar("M", Product, Collection, StorePage)


class Rendition(Protocol):
    """One file of a picture; `path` is where a site serves it and carries the content's hash, `type` is as `image/webp`."""

    @property
    def type(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def path(self) -> str: ...


class BoundRendition(Rendition, Protocol):
    """A file that is put by whoever publishes it."""

    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a picture that lies among the store's files already: `line` is what a manifest says of it."""

    type: str
    width: int
    height: int
    path: str
    line: ReleasedFile


class PictureFile(Protocol):
    """A picture: its text, its natural size, and its files, from the smallest to the largest of each type."""

    @property
    def alt(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def renditions(self) -> Sequence[BoundRendition] | Sequence[KeptFile]: ...


#: Finds a picture by the name that products and collections use; raises `NotFound` for one that is not there (any more).
PictureSource = Callable[[str], PictureFile]


class Shop(BaseModel):
    """One store's shop as a site shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    #: Where it answers, as `https://awesome.example.com`, without a trailing slash.
    address: Annotated[str, Field(pattern=r"^https?://[a-z0-9.-]+(:\d{1,5})?$", max_length=300)]
    hostname: Annotated[str, Field(pattern=r"^[a-z0-9.-]+$", max_length=253)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    locale: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "US"
    collections: tuple[Collection, ...] = ()
    products: tuple[Product, ...] = ()
    tagline: Annotated[str, Field(max_length=80)] = ""
    #: What the home page says and shows; the theme has general words where this is None.
    home: HomeTexts | None = None
    #: The merchant's own pages that are published.
    pages: tuple[StorePage, ...] = ()
    contact: ContactSettings | None = None
    shipping: ShippingSettings | None = None
    returns: ReturnSettings | None = None
    policies: PolicySettings | None = None
    prices_include_tax: bool = False
    #: The handles of the products, oldest first; what is not named is newer.
    oldest_first: tuple[Slug, ...] = ()
    #: When the content of `products/<handle>`, `collections/<handle>` or `pages/<handle>` last changed, where that is known.
    #: Samples have no such time: search engines are not told of them.
    changed: dict[str, AwareDatetime] = Field(default_factory=dict)


def read_shop(documents: Documents, store_id: str, addresses: Addresses) -> Shop:
    """
    The shop of a store as its documents describe it now.

    Raises `NotFound` where there is no store, and `InvalidInput` naming a document that is not as it must be. What a store has
    not set yet is as in a new one of its category: settings, policies, and the home page's texts.
    """
    store_path = document_path("stores", store_id)
    prefix = f"tenants/{check_id(store_id, 'store_id')}"
    store, *pages = documents.get_all([store_path, *(f"{prefix}/settings/{name}" for name in _SETTINGS)])
    if store.data is None:
        raise NotFound("there is no such store")
    stored = Store.model_validate(store.data)
    blueprint = load_blueprint(Category(stored.category))
    settings = _Settings.of(stored, dict(zip(_SETTINGS, pages, strict=True)))
    locale = settings.read("locale", LocaleSettings)
    products = [_read(Product, found, {}) for found in _all(documents, f"{prefix}/products")]
    collections = [_read(Collection, found, {}) for found in _all(documents, f"{prefix}/collections")]
    own_pages = [
        _read(StorePage, found, {"handle": found.id}) for found in _all(documents, f"{prefix}/pages")
    ]
    return Shop(
        name=stored.name,
        address=addresses.store(stored.subdomain),
        hostname=stored.hostname,
        currency=settings.currency,
        locale=locale.language,
        country=locale.country,
        collections=tuple(found.value for found in collections),
        products=tuple(found.value for found in products),
        tagline=blueprint.tagline,
        home=blueprint.home,
        pages=tuple(found.value for found in own_pages if found.value.published),
        contact=settings.read("contact", ContactSettings),
        shipping=settings.read("shipping", ShippingSettings),
        returns=settings.read("returns", ReturnSettings),
        policies=settings.read("policies", PolicySettings),
        prices_include_tax=settings.read("tax", TaxSettings).prices_include_tax,
        oldest_first=_oldest_first(products),
        changed={
            f"{name}/{found.value.handle}": found.updated_at
            for name, group in (("products", products), ("collections", collections), ("pages", own_pages))
            for found in group
            if found.updated_at and not found.value.sample
        },
    )


@dataclass(frozen=True, slots=True)
class _Found(Generic[M]):
    """A document's content, with the times of the document."""

    value: M
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Settings:
    """The settings of a store; what is not there, or lacks fields, is as in a new store."""

    found: Mapping[str, Snapshot]
    currency: str
    initial: Mapping[str, SettingsDocument]

    @classmethod
    def of(cls, store: Store, found: Mapping[str, Snapshot]) -> _Settings:
        code = str((found["currency"].data or {}).get("code", "USD"))
        known = cast("CurrencyCode", code if code in get_args(CurrencyCode) else "USD")
        return cls(found, code, default_settings(store.category, store.name, store.owner_email, known))

    def read(self, name: str, model: type[S]) -> S:
        found = self.found[name]
        return _validated(model, found.path, self.initial[name].model_dump() | dict(found.data or {}))


def _read(model: type[M], found: Snapshot, more: Mapping[str, Any]) -> _Found[M]:
    value = _validated(model, found.path, {**(found.data or {}), **more})
    return _Found(value, found.create_time, found.update_time)


def _validated(model: type[B], path: str, data: Data) -> B:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        raise InvalidInput(
            tuple(
                FieldError(
                    f"{path}: {'.'.join(str(part) for part in item['loc'])}", "WRONG_VALUE", item["msg"]
                )
                for item in problems[:20]
            )
        ) from None


def _oldest_first(products: list[_Found[Product]]) -> tuple[str, ...]:
    return tuple(
        found.value.handle
        for found in sorted(
            products,
            key=lambda p: (p.created_at or _BEGINNING, p.value.position, p.value.handle),
        )
    )


def _all(documents: Documents, collection: str) -> Iterator[Snapshot]:
    query = Query(collection, limit=_PAGE)
    while True:
        page = documents.query(query)
        yield from (found for found in page if found.data is not None)
        if len(page) < _PAGE:
            return
        query = replace(query, after=page[-1])
