"""
One store for each theme, on the embedded runtime, with a catalogue of 24 products.

The products are the blueprints', taken for the merchant's own: samples are not for search engines, and what is measured is a store that sells.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import urllib3
from benchmarks.activations import free_port

from provisioning.catalog.blueprints import load_blueprint
from provisioning.catalog.settings import default_settings
from provisioning.ports import Ports, Set
from provisioning.serving import running
from provisioning.sites.building import build_site
from provisioning.sites.publishing import publish
from provisioning.sites.shop import Shop
from provisioning.stores.activation import Category
from provisioning.themes.packages import list_themes, load_theme

PRODUCTS = 24
_STATUSES = {"": "ACTIVE", "-soon": "READY", "-shut": "SUSPENDED"}


@dataclass(frozen=True, slots=True)
class Store:
    """A store that sells, and where each kind of its pages answers; `address` ends without a slash."""

    theme: str
    address: str
    #: Whole addresses by kind.
    pages: dict[str, str]


@contextmanager
def stores(folder: Path) -> Iterator[list[Store]]:
    """One for each theme that a merchant may choose."""
    with running(data=folder, port=free_port(), emulators=False) as served:
        port = served.platform.settings.public_port
        yield [_open(served.platform.ports, slug, int(port or 80)) for slug in list_themes()]


def fetch(address: str) -> str:
    """The page as it is sent. Python resolves no *.localhost: the name travels in the header."""
    url = urllib3.util.parse_url(address)
    target = f"http://127.0.0.1:{url.port}{url.request_uri}"
    answer = urllib3.request(
        "GET", target, headers={"Host": url.netloc or ""}, redirect=False, retries=False, timeout=10.0
    )
    return answer.data.decode()


def _open(ports: Ports, slug: str, port: int) -> Store:
    """The store; beside it the same one before its opening, and while it is closed."""
    theme = load_theme(slug)
    for end, status in _STATUSES.items():
        id = f"quality-{slug}{end}"
        shop = _shop(f"{id}.localhost", port)
        site = build_site(theme, shop)
        release = publish(ports.files, id, site).id
        ports.documents.commit(
            [
                Set(f"hosts/{id}.localhost", {"store_id": id}),
                Set(f"stores/{id}", {"status": status, "subdomain": id}),
                Set(f"deployments/{id}", {"live": release}),
            ]
        )
    address = f"http://quality-{slug}.localhost:{port}"
    shop = _shop(f"quality-{slug}.localhost", port)
    varied = next(product for product in shop.products if product.options)
    paths = {
        "home": "/",
        "collection": f"/collections/{shop.collections[0].handle}/",
        "product": f"/products/{varied.handle}/",
        "collections": "/collections/",
        "simple product": f"/products/{next(p.handle for p in shop.products if not p.options)}/",
        "cart": "/cart/",
        "search": "/search/?q=a",
        "contact": "/pages/contact/",
        "about": f"/pages/{shop.pages[0].handle}/",
        "policy": "/policies/refund/",
        "404": "/nothing-here/",
    }
    pages = {kind: address + path for kind, path in paths.items()}
    pages |= {
        kind: address.replace(".localhost", f"{end}.localhost") + "/"
        for kind, end in (("coming soon", "-soon"), ("maintenance", "-shut"))
    }
    return Store(slug, address, pages)


def _shop(hostname: str, port: int) -> Shop:
    """24 products with all that a shop can say of itself."""
    blueprints = [load_blueprint(category) for category in Category]
    first = blueprints[0]
    every = ((p, b) for b in blueprints for p in b.products)
    chosen = list(islice(every, PRODUCTS))
    if len(chosen) < PRODUCTS:
        raise RuntimeError(f"the blueprints have {len(chosen)} products; {PRODUCTS} are needed")
    collections = {c.handle: c for _, b in chosen for c in b.collections}
    settings = default_settings(first.category, "The Quality Store", "owner@example.com")
    return Shop.model_validate(
        {
            "name": "The Quality Store",
            "address": f"http://{hostname}:{port}",
            "hostname": hostname,
            "tagline": first.tagline,
            "home": first.home,
            "collections": [c.model_copy(update={"sample": False}) for c in collections.values()],
            "products": [p.model_copy(update={"sample": False}) for p, _ in chosen],
            "pages": [page.model_copy(update={"sample": False}) for page in first.pages],
            **{name: settings[name] for name in ("contact", "shipping", "returns", "policies")},
        }
    )
