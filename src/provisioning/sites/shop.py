"""A shop: all that a site is built from, checked and frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from provisioning.catalog.blueprints import HomeTexts, load_blueprint
from provisioning.catalog.products import Collection, Product
from provisioning.errors import NotFound
from provisioning.ports import Data, Documents, Query, check_id, document_path
from provisioning.stores.activation import Category, Line
from provisioning.stores.addresses import Addresses
from provisioning.stores.stores import Store

_PAGE = 300


class PictureFile(Protocol):
    """A picture with its bytes; `path` is where a site serves it and carries the content's hash."""

    @property
    def alt(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def path(self) -> str: ...


#: Finds a picture by the name that products and collections use.
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
    collections: tuple[Collection, ...] = ()
    products: tuple[Product, ...] = ()
    tagline: Annotated[str, Field(max_length=80)] = ""
    #: What the home page says and shows; the theme has general words where this is None.
    home: HomeTexts | None = None


def read_shop(documents: Documents, store_id: str, addresses: Addresses) -> Shop:
    """
    The shop of a store as its documents describe it now.

    Raises `NotFound` where there is no store. What a store has not set yet is as in a new one: US dollars, English, and the
    home page's texts of its category.
    """
    store_path = document_path("stores", store_id)
    settings = f"tenants/{check_id(store_id, 'store_id')}/settings"
    store, currency, locale = documents.get_all([store_path, f"{settings}/currency", f"{settings}/locale"])
    if store.data is None:
        raise NotFound("there is no such store")
    stored = Store.model_validate(store.data)
    blueprint = load_blueprint(Category(stored.category))
    return Shop(
        name=stored.name,
        address=addresses.store(stored.subdomain),
        hostname=stored.hostname,
        currency=(currency.data or {}).get("code", "USD"),
        locale=(locale.data or {}).get("language", "en"),
        collections=tuple(Collection.model_validate(d) for d in _all(documents, store_id, "collections")),
        products=tuple(Product.model_validate(d) for d in _all(documents, store_id, "products")),
        tagline=blueprint.tagline,
        home=blueprint.home,
    )


def _all(documents: Documents, store_id: str, name: str) -> Iterator[Data]:
    query = Query(document_path("tenants", store_id, name), limit=_PAGE)
    while True:
        page = documents.query(query)
        yield from (found.data for found in page if found.data is not None)
        if len(page) < _PAGE:
            return
        query = replace(query, after=page[-1])
