"""
How long a large store takes to be published: all of it, and then with one price changed.

The real engine carries out the step on the embedded runtime's adapters, turn after turn, as messages would have it.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Verdict, at_most
from benchmarks.rendering import shop_of
from provisioning.ports import Set, Update
from provisioning.runtime import Platform, assemble
from provisioning.settings import read_settings
from provisioning.sites.release_records import ReleaseRecord
from provisioning.stores.publication import PublicationOrder
from provisioning.stores.stores import Deployment, Store, StoreStatus
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.publications import order_publication
from provisioning.workflow.records import Status, read_to_change

STORE = "benchmark"
#: Of all pages, so many may show one product's price: itself, its shelves, what is related to it, and the search.
SHOWING = 0.05
_MOST_TURNS = 100


@dataclass(frozen=True, slots=True)
class Published:
    """One publication: its seconds, of this process's processor too, its turns, and what its release's record says."""

    seconds: float
    cpu: float
    turns: int
    record: ReleaseRecord


def measure(console: Console, *, products: int) -> list[Verdict]:
    """Publish a store of so many products, then change a price; print and judge."""
    with tempfile.TemporaryDirectory() as name:
        platform = assemble(read_settings({}, provisioning_data=Path(name)))
        handle = open_store(platform, products)
        whole = publish(platform)
        reprice(platform, handle)
        change = publish(platform)
    table = Table(
        "", "seconds", "CPU", "turns", "pages", "rendered", "uploaded", title=f"{products:,} products"
    )
    for title, made in (("full", whole), ("one price", change)):
        stats = made.record.stats
        figures = (f"{made.seconds:.1f}", f"{made.cpu:.1f}", made.turns, stats.pages, stats.rendered)
        table.add_row(title, *map(str, figures), str(stats.uploaded))
    console.print(table)
    pages = change.record.stats.pages
    return [
        at_most("one price: pages rendered ÷ pages", change.record.stats.rendered / pages, SHOWING),
        # Besides pages: the search index, the sitemap and the manifest.
        at_most(
            "one price: objects uploaded beyond the pages rendered",
            change.record.stats.uploaded - change.record.stats.rendered,
            6,
        ),
    ]


def open_store(platform: Platform, products: int) -> str:
    """A store that is open and has no release; the handle of one of its products."""
    shop, documents = shop_of(products), platform.ports.documents
    store = Store(
        merchant_id="benchmark",
        provisioning_id=STORE,
        name=shop.name,
        status=StoreStatus.ACTIVE,
        subdomain=STORE,
        hostname=f"{STORE}.localhost",
        category="electronics",
        owner_email="owner@example.com",
        theme={"slug": "upfront-modern", "version": "1.0.0"},  # type: ignore[arg-type]
        plan={},
        created_at=documents.get("stores/none").read_time,
    )
    deployment = Deployment(
        store_id=STORE, provisioning_id=STORE, hostname=f"{STORE}.localhost", addresses={}
    )
    documents.commit(
        [
            Set(f"stores/{STORE}", store.model_dump() | {"status": "ACTIVE"}),
            Set(f"deployments/{STORE}", deployment.model_dump()),
        ]
    )
    writes = [Set(f"tenants/{STORE}/products/{p.handle}", p.to_document()) for p in shop.products]
    writes += [Set(f"tenants/{STORE}/collections/{c.handle}", c.to_document()) for c in shop.collections]
    for start in range(0, len(writes), 400):
        documents.commit(writes[start : start + 400])
    return shop.products[-1].handle


def reprice(platform: Platform, handle: str) -> None:
    found = platform.ports.documents.get(f"tenants/{STORE}/products/{handle}")
    variants = [dict(variant) | {"price": 123_456} for variant in (found.data or {})["variants"]]
    platform.ports.documents.commit([Update(found.path, {"variants": variants})])


def publish(platform: Platform) -> Published:
    """Order a publication and carry it out. Raises `RuntimeError` where it does not come to its end."""
    began, cpu = time.perf_counter(), time.process_time()
    documents = platform.ports.documents
    order = PublicationOrder(store_id=STORE, reason="Measured", actor="platform")
    id = order_publication(platform.engine, order)
    turns = 0
    while True:
        record = read_to_change(documents.get(f"provisionings/{id}").data or {})
        if record.over:
            break
        if turns == _MOST_TURNS:
            raise RuntimeError("the publication does not end")
        turns += 1
        platform.engine.handle(StepMessage(provisioning=id, epoch=record.engine.epoch, hop=record.engine.hop))
    if record.status != Status.COMPLETED:
        raise RuntimeError(f"the publication failed: {record.error}")
    live = (documents.get(f"deployments/{STORE}").data or {})["live"]
    made = ReleaseRecord.model_validate(documents.get(f"tenants/{STORE}/releases/{live}").data)
    return Published(time.perf_counter() - began, time.process_time() - cpu, turns, made)
