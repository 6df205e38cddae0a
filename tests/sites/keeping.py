"""A store with its data in documents and files, as an activation leaves it, for the tests that publish it again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from provisioning.catalog.blueprints import load_blueprint
from provisioning.local.documents import SqliteDocuments
from provisioning.local.files import FolderSiteFiles
from provisioning.ports import Query, Set, SiteFile, Snapshot, Update, Write
from provisioning.sites.channels import promotion
from provisioning.sites.making import MadeRelease, make_release
from provisioning.stores.activation import Category
from provisioning.stores.addresses import Addresses
from provisioning.stores.stores import Deployment, Store, StoreStatus

ADDRESSES = Addresses("localhost", "localhost", "http", 8080)
ADMIN = "admin:a1"


class WatchedDocuments:
    """The port `Documents`; says before each commit what is about to be written, so that a test can be quicker."""

    def __init__(self, inner: SqliteDocuments) -> None:
        self.inner = inner
        self.before_commit: Callable[[Sequence[Write]], None] = lambda writes: None

    def get(self, path: str) -> Snapshot:
        return self.inner.get(path)

    def get_all(self, paths: Sequence[str]) -> list[Snapshot]:
        return self.inner.get_all(paths)

    def query(self, query: Query) -> list[Snapshot]:
        return self.inner.query(query)

    def count(self, query: Query) -> int:
        return self.inner.count(query)

    def commit(self, writes: Sequence[Write]) -> tuple[datetime, ...]:
        self.before_commit(writes)
        return self.inner.commit(writes)

    def watch(self, path: str, on_change: Callable[[Snapshot], None]) -> Callable[[], None]:
        return self.inner.watch(path, on_change)


class WatchedFiles(FolderSiteFiles):
    """A folder that notes what is put, and may be told to end it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.puts: list[str] = []
        self.on_put: Callable[[str], None] = lambda name: None
        self._noting = threading.Lock()

    def put(self, name: str, file: SiteFile) -> None:
        self.on_put(name)
        with self._noting:
            self.puts.append(name)
        super().put(name, file)


@dataclass
class Keeping:
    """One store, `s1`, of ten products, ACTIVE and without a release."""

    folder: Path
    documents: WatchedDocuments = field(init=False)
    files: WatchedFiles = field(init=False)

    def __post_init__(self) -> None:
        self.documents = WatchedDocuments(SqliteDocuments(self.folder / "documents.db"))
        self.files = WatchedFiles(self.folder / "files")
        now = self.documents.get("stores/s1").read_time
        store = Store(
            merchant_id="m1",
            provisioning_id="p1",
            name="Awesome Store",
            status=StoreStatus.ACTIVE,
            subdomain="awesome",
            hostname="awesome.localhost",
            category="fashion",
            owner_email="owner@example.com",
            theme={"slug": "upfront-modern", "version": "1.0.0"},  # type: ignore[arg-type]
            plan={},
            created_at=now,
        )
        deployment = Deployment(
            store_id="s1", provisioning_id="p1", hostname="awesome.localhost", addresses={}
        )
        blueprint = load_blueprint(Category.FASHION)
        self.write(
            Set("stores/s1", store.model_dump() | {"status": "ACTIVE"}),
            Set("deployments/s1", deployment.model_dump()),
            *(Set(f"tenants/s1/products/{p.handle}", p.to_document()) for p in blueprint.products),
            *(Set(f"tenants/s1/collections/{c.handle}", c.to_document()) for c in blueprint.collections),
        )

    def write(self, *writes: Write) -> None:
        self.documents.inner.commit(writes)

    def data(self, path: str) -> dict[str, Any]:
        return dict(self.documents.get(path).data or {})

    @property
    def deployment(self) -> Deployment:
        return Deployment.model_validate(self.data("deployments/s1"))

    def reprice(self, handle: str, amount: int) -> None:
        """Another price for every variant of a product."""
        path = f"tenants/s1/products/{handle}"
        variants = [{**variant, "price": amount} for variant in self.data(path)["variants"]]
        self.write(Update(path, {"variants": variants}))

    def make(self, **more: Any) -> MadeRelease:
        given = {"actor": ADMIN, **more}
        return make_release(self.documents, self.files, ADDRESSES, "s1", **given)

    def publish(self, **more: Any) -> MadeRelease:
        """Make a release and promote it, as a publication does."""
        made = self.make(**more)
        now = self.documents.get("stores/s1").read_time
        self.documents.commit([promotion(made.deployment, made.id, actor=ADMIN, reason="publish", at=now)])
        return made
