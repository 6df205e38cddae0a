"""
One store for each theme, on the embedded runtime, with a catalogue of 24 products.

The products are the blueprints', taken for the merchant's own: samples are not for search engines, and what is measured is a store that sells.
Their pictures are the merchant's own too: photographs of 3,000 pixels, sent through the API to one store as a merchant's are, and copied to the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlencode

import urllib3
from benchmarks.activations import free_port

from provisioning.catalog.blueprints import load_blueprint
from provisioning.catalog.pictures import find_picture
from provisioning.catalog.settings import default_settings
from provisioning.ports import Ports, Query, Set
from provisioning.serving import Running, running
from provisioning.sites.building import build_site
from provisioning.sites.own_pictures import pictures_of
from provisioning.sites.publishing import publish
from provisioning.sites.shop import Shop
from provisioning.stores.activation import Category
from provisioning.stores.stores import ChosenTheme, StoreStatus
from provisioning.stores.stores import Store as StoredStore
from provisioning.themes.packages import list_themes, load_theme
from quality.photographs import LYING, photograph

PRODUCTS = 24
NAME = "The Quality Store"
#: The store that the pictures are sent to.
FIRST = "quality-pictures"
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
        port = int(served.platform.settings.public_port or 80)
        pictures = _send_pictures(served)
        yield [_open(served.platform.ports, slug, port, pictures) for slug in list_themes()]


def fetch(address: str) -> str:
    """The page as it is sent. Python resolves no *.localhost: the name travels in the header."""
    url = urllib3.util.parse_url(address)
    target = f"http://127.0.0.1:{url.port}{url.request_uri}"
    answer = urllib3.request(
        "GET", target, headers={"Host": url.netloc or ""}, redirect=False, retries=False, timeout=10.0
    )
    return answer.data.decode()


def _send_pictures(served: Running) -> dict[str, str]:
    """A photograph for each of the sample pictures that the shop names; the names of those that are kept in their place, by theirs."""
    documents = served.platform.ports.documents
    store = StoredStore(
        merchant_id="quality",
        provisioning_id="quality",
        name=NAME,
        status=StoreStatus.READY,
        subdomain=FIRST,
        hostname=f"{FIRST}.localhost",
        category="electronics",
        owner_email="owner@example.com",
        theme=ChosenTheme(slug="upfront-modern", version="1.0.0"),
        plan={},
        created_at=documents.get(f"stores/{FIRST}").read_time,
    )
    documents.commit([Set(f"stores/{FIRST}", store.model_dump() | {"status": "READY"})])
    shop = _shop("quality.localhost", 80)
    leading = dict.fromkeys(product.pictures[0] for product in shop.products)
    lying = [c.picture for c in shop.collections]
    lying += [shop.home.hero_picture, shop.home.story_picture] if shop.home else []
    sent = {name: _send(served, name, photograph(number)) for number, name in enumerate(leading)}
    places = dict.fromkeys(lying)
    sent |= {name: _send(served, name, photograph(number, LYING)) for number, name in enumerate(places)}
    # What else the products show are the same photographs again.
    others = (name for product in shop.products for name in product.pictures if name not in sent)
    return sent | dict(zip(dict.fromkeys(others), cycle(sent[name] for name in leading), strict=False))


def _send(served: Running, name: str, body: bytes) -> str:
    query = urlencode({"alt": find_picture(name).alt})
    answer = urllib3.request(
        "POST",
        f"{served.url}/api/provisioning/stores/{FIRST}/media?{query}",
        body=body,
        headers={"Authorization": f"Bearer {served.admin_token}", "Content-Type": "image/jpeg"},
        retries=False,
        timeout=60.0,
    )
    if answer.status != 200:
        raise RuntimeError(f"the picture was not taken: {answer.status} {answer.data.decode()[:300]}")
    return str(answer.json()["name"])


def _copy_pictures(ports: Ports, id: str) -> None:
    """What was made ready for the first store, for another one."""
    for found in ports.documents.query(Query(f"tenants/{FIRST}/media", limit=200)):
        ports.documents.commit([Set(f"tenants/{id}/media/{found.id}", found.data or {})])
    for name in ports.files.list(f"stores/{FIRST}/media/"):
        file = ports.files.get(name)
        if file is not None:
            ports.files.put(name.replace(f"stores/{FIRST}/", f"stores/{id}/", 1), file)


def _with_own(shop: Shop, own: Mapping[str, str]) -> Shop:
    """The shop with the merchant's own pictures in the place of samples."""
    products = [
        product.model_copy(
            update={
                "pictures": tuple(own[name] for name in product.pictures),
                "variants": tuple(
                    variant.model_copy(update={"picture": own.get(variant.picture or "")})
                    for variant in product.variants
                ),
            }
        )
        for product in shop.products
    ]
    collections = [c.model_copy(update={"picture": own[c.picture]}) for c in shop.collections]
    home = shop.home and shop.home.model_copy(
        update={
            "hero_picture": own[shop.home.hero_picture],
            "story_picture": own[shop.home.story_picture],
        }
    )
    return shop.model_copy(
        update={"products": tuple(products), "collections": tuple(collections), "home": home}
    )


def _open(ports: Ports, slug: str, port: int, own: Mapping[str, str]) -> Store:
    """The store; beside it the same one before its opening, and while it is closed."""
    theme = load_theme(slug)
    for end, status in _STATUSES.items():
        id = f"quality-{slug}{end}"
        shop = _with_own(_shop(f"{id}.localhost", port), own)
        _copy_pictures(ports, id)
        site = build_site(theme, shop, pictures_of(ports.documents, id, shop, theme))
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
    settings = default_settings(first.category, NAME, "owner@example.com")
    return Shop.model_validate(
        {
            "name": NAME,
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
