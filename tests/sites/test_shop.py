"""Reading a shop from a store's documents."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioning.catalog.blueprints import load_blueprint
from provisioning.errors import InvalidInput, NotFound
from provisioning.local.documents import SqliteDocuments
from provisioning.ports import Set
from provisioning.sites.shop import read_shop
from provisioning.stores.activation import Category
from provisioning.stores.addresses import Addresses
from tests.sites.shops import real_shop

ADDRESSES = Addresses("localhost", "localhost", "http", 8080)
STORE = {
    "merchant_id": "m1",
    "provisioning_id": "p1",
    "name": "Awesome Store",
    "status": "CREATING",
    "subdomain": "awesome-store",
    "hostname": "awesome-store.localhost",
    "category": "electronics",
    "owner_email": "owner@example.com",
    "theme": {"slug": "upfront-modern", "version": "1.0.0"},
    "plan": {},
    "created_at": datetime(2026, 1, 1, tzinfo=UTC),
}


@pytest.fixture
def documents(tmp_path: Path) -> SqliteDocuments:
    documents = SqliteDocuments(tmp_path / "documents.db")
    blueprint = load_blueprint(Category.ELECTRONICS)
    writes = [Set("stores/s1", STORE)]
    writes += [Set(f"tenants/s1/products/{p.handle}", p.to_document()) for p in blueprint.products]
    writes += [Set(f"tenants/s1/collections/{c.handle}", c.to_document()) for c in blueprint.collections]
    documents.commit(writes)
    return documents


def test_a_new_store_is_read_whole(documents: SqliteDocuments) -> None:
    """All products and collections as they were written; words and pictures of its category."""
    shop = read_shop(documents, "s1", ADDRESSES)
    blueprint = load_blueprint(Category.ELECTRONICS)

    assert (shop.name, shop.hostname) == ("Awesome Store", "awesome-store.localhost")
    assert shop.address == "http://awesome-store.localhost:8080"
    assert (shop.currency, shop.locale) == ("USD", "en")
    assert {p.handle: p for p in shop.products} == {p.handle: p for p in blueprint.products}
    assert set(shop.collections) == set(blueprint.collections)
    assert shop.home == blueprint.home


def test_settings_are_followed(documents: SqliteDocuments) -> None:
    documents.commit([Set("tenants/s1/settings/currency", {"code": "EUR"})])

    assert read_shop(documents, "s1", ADDRESSES).currency == "EUR"


def test_many_products_are_read_in_pages(documents: SqliteDocuments) -> None:
    """More than one query's worth, none twice and none left out."""
    product = real_shop().products[0]
    handles = {f"more-{n:04}" for n in range(700)}
    for batch in (sorted(handles)[:350], sorted(handles)[350:]):
        documents.commit(
            [Set(f"tenants/s1/products/{h}", product.to_document() | {"handle": h}) for h in batch]
        )
    found = [p.handle for p in read_shop(documents, "s1", ADDRESSES).products]

    assert len(found) == len(set(found)) == 714
    assert handles <= set(found)


def test_another_tenants_products_are_not_read(documents: SqliteDocuments) -> None:
    documents.commit([Set("stores/s2", STORE | {"category": "fashion"})])
    shop = read_shop(documents, "s2", ADDRESSES)

    assert shop.products == ()
    assert shop.home == load_blueprint(Category.FASHION).home


def test_a_store_that_is_not_there_is_not_found(documents: SqliteDocuments) -> None:
    with pytest.raises(NotFound):
        read_shop(documents, "nobody", ADDRESSES)


@pytest.mark.parametrize("store_id", ["", "a/b", ".."])
def test_a_store_id_is_no_path(documents: SqliteDocuments, store_id: str) -> None:
    with pytest.raises(InvalidInput):
        read_shop(documents, store_id, ADDRESSES)
