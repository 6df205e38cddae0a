"""Stores in documents and files, as the steps leave them, for the tests that visit them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioning.local.documents import SqliteDocuments
from provisioning.local.files import FolderSiteFiles
from provisioning.ports import Set, Update
from provisioning.sites.building import Site
from provisioning.sites.publishing import publish, publish_platform_files
from provisioning.sites.routing import Answer, Storefront
from provisioning.stores.addresses import Addresses
from provisioning.stores.tokens import Tokens
from provisioning.themes.packages import Theme
from tests.sites.shops import HOST, draw_picture, sample_shop


class HandClock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Town:
    """A storefront with its documents and files, and a clock in hand."""

    documents: SqliteDocuments
    files: FolderSiteFiles
    tokens: Tokens
    addresses: Addresses
    clock: HandClock
    storefront: Storefront

    def open_store(
        self, store_id: str, hostname: str, site: Site | None, status: str = "ACTIVE"
    ) -> str | None:
        """Write what the steps write; returns the release."""
        release = publish(self.files, store_id, site).id if site else None
        subdomain = hostname.partition(".")[0]
        self.documents.commit(
            [
                Set(f"hosts/{hostname}", {"store_id": store_id}),
                Set(f"stores/{store_id}", {"status": status, "subdomain": subdomain}),
                Set(f"deployments/{store_id}", {"live": release}),
            ]
        )
        return release

    def deploy(self, store_id: str, **fields: Any) -> None:
        """Change what visitors of the store see, and let what is kept of it expire."""
        self.documents.commit([Update(f"deployments/{store_id}", fields)])
        self.clock.now += 2.01

    def set_status(self, store_id: str, status: str) -> None:
        self.documents.commit([Update(f"stores/{store_id}", {"status": status})])

    def get(
        self, path: str, query: str = "", *, host: str = HOST, method: str = "GET", **headers: str
    ) -> Answer:
        """Ask; `accept_encoding="gzip"` becomes the header of that name."""
        given = {name.replace("_", "-").title(): value for name, value in headers.items()}
        return self.storefront.respond(host, method, path, query, given)


def build_town(folder: Path, theme: Theme, scheme: str = "http", domain: str = "localhost") -> Town:
    """A town with the platform's files and no store yet."""
    documents = SqliteDocuments(folder / "documents.db")
    files = FolderSiteFiles(folder / "files")
    publish_platform_files(files, theme, sample_pictures)
    tokens = Tokens("a secret of the tests")
    addresses = Addresses(domain, domain, scheme, 8080)
    clock = HandClock()
    storefront = Storefront(documents, files, tokens, addresses, clock)
    return Town(documents, files, tokens, addresses, clock, storefront)


def sample_pictures() -> list[object]:
    """Every picture of the sample shop."""
    shop = sample_shop()
    names = {n for p in shop.products for n in p.pictures} | {c.picture for c in shop.collections}
    names |= {v.picture for p in shop.products for v in p.variants if v.picture}
    assert shop.home
    return [draw_picture(n) for n in sorted(names | {shop.home.hero_picture, shop.home.story_picture})]
