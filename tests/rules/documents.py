"""Every document that the platform keeps, of a store that is somebody's own and of one that is somebody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from provisioning.catalog.pages import StorePage
from provisioning.catalog.products import Collection, Product
from provisioning.catalog.settings import default_settings
from provisioning.media.records import StorePicture
from provisioning.stores.activation import parse_activation

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
OWN, FOREIGN = "own-store", "foreign-store"
#: Who is a member of which store.
MEMBER, OTHER = "uid-member", "uid-other"

#: What an admin's form sends, and all that it may send.
REQUEST: dict[str, Any] = {
    "merchant_id": "merchant-1",
    "store_id": "store-1",
    "store_name": "Awesome Store",
    "owner_email": "owner@example.com",
    "theme": "upfront-modern",
    "plan": "professional",
    "subdomain": "awesome-store",
    "custom_domain": "shop.awesome.example",
    "category": "electronics",
    "integrations": {"meta_ads": False, "stripe": True, "paypal": False, "analytics": True},
    "launch": "after_onboarding",
}

PRODUCT: dict[str, Any] = Product.model_validate(
    {
        "handle": "oak-board",
        "title": "Oak board",
        "description": "A board.\n\nOf oak.",
        "vendor": "Wood & Sons",
        "product_type": "Board",
        "details": [{"name": "Wood", "value": "Oak"}],
        "collections": ["boards", "kitchen"],
        "options": [{"name": "Size", "values": ["Small", "Very large"]}],
        "variants": [
            {"id": "small", "sku": "B-1", "options": ["Small"], "price": 1900},
            {"id": "large", "sku": "B-2", "options": ["Very large"], "price": 2900},
        ],
        "pictures": ["media/0123", "home/oak-board"],
        "related": ["oak-bowl"],
        "position": 3,
    }
).to_document()
COLLECTION: dict[str, Any] = Collection(
    handle="boards", title="Boards", description="To cut on.", picture="home/boards"
).to_document()
PAGE: dict[str, Any] = StorePage(handle="about", title="About us", body="<p>We cut wood.</p>").to_document()
PICTURE: dict[str, Any] = StorePicture.model_validate(
    {
        "id": "0123",
        "alt": "A board",
        "width": 640,
        "height": 480,
        "format": "jpeg",
        "size": 1234,
        "renditions": [{"type": "image/webp", "width": 640, "height": 480, "size": 99, "sha256": "0" * 64}],
        "created_at": AT,
        "created_by": "admin:a1",
        "updated_at": AT,
    }
).to_document()
SETTINGS: dict[str, dict[str, Any]] = {
    name: settings.to_document()
    for name, settings in default_settings("home", "Awesome Store", "owner@example.com").items()
}

#: What a merchant may write, by its path below the store's, and the field that a change is tried with.
WRITABLE: dict[str, tuple[dict[str, Any], str]] = {
    "products/oak-board": (PRODUCT, "title"),
    "collections/boards": (COLLECTION, "title"),
    "pages/about": (PAGE, "title"),
    "settings/currency": (SETTINGS["currency"], "symbol"),
    "settings/tax": (SETTINGS["tax"], "tax_shipping"),
    "settings/shipping": (SETTINGS["shipping"], "zones"),
    "settings/returns": (SETTINGS["returns"], "days"),
    "settings/locale": (SETTINGS["locale"], "time_zone"),
    "settings/contact": (SETTINGS["contact"], "phone"),
    "settings/policies": (SETTINGS["policies"], "terms"),
}


def _of_store(store: str, uid: str) -> dict[str, dict[str, Any]]:
    chosen = {"preset": None, "settings": {}, "sections": {}, "orders": {}}
    below: dict[str, dict[str, Any]] = {
        f"members/{uid}": {"uid": uid, "email": "owner@example.com", "role": "owner", "added_at": AT},
        "tasks/payments_stripe": {"name": "payments_stripe", "title": "Payments", "status": "WAITING"},
        "releases/r1": {"store_id": store, "state": "READY", "created_at": AT},
        "themes/upfront-modern": {"slug": "upfront-modern", "published": chosen, "revision": 1},
        "themes/upfront-modern/revisions/1": {"number": 1, "customisation": chosen, "at": AT},
        "theme_drafts/upfront-modern": {"slug": "upfront-modern", "customisation": chosen},
        "media/0123": PICTURE,
        "checklist/first": {"done": False},
        **{path: data for path, (data, _) in WRITABLE.items()},
    }
    tenant = f"tenants/{store}"
    return {
        tenant: {"store_id": store, "merchant_id": "merchant-1", "provisioning_id": store, "created_at": AT},
        **{f"{tenant}/{path}": data for path, data in below.items()},
        f"stores/{store}": {"merchant_id": "merchant-1", "status": "ACTIVE", "owner_uid": uid},
        f"deployments/{store}": {"store_id": store, "live": "r1", "channels": {}},
        f"publications/{store}": {"latest": "p1", "ordered_at": AT, "number": 1},
        f"hosts/{store}.example.com": {"store_id": store, "kind": "subdomain", "created_at": AT},
        f"activation_requests/{store}": _picked_up(store, uid),
        f"provisionings/{store}": {
            "kind": "activation",
            "merchant_id": "merchant-1",
            "store_id": store,
            "status": "COMPLETED",
            "requested_at": AT,
            "updated_at": AT,
            "engine": {"epoch": 0, "hop": 7, "owner": None, "wake_at": None},
        },
    }


def _picked_up(store: str, uid: str) -> dict[str, Any]:
    request = parse_activation(REQUEST | {"store_id": store, "requested_by": uid}, store)
    return request.to_document(AT) | {"picked_up": True}


#: All of it, by path.
DOCUMENTS: dict[str, dict[str, Any]] = {
    **_of_store(OWN, MEMBER),
    **_of_store(FOREIGN, OTHER),
    "merchants/merchant-1": {"name": "Awesome", "status": "ACTIVE", "created_at": AT},
    "themes/upfront-modern": {"slug": "upfront-modern", "active": True},
    "plans/professional": {"slug": "professional", "position": 1, "price": 7999},
    "dead_letters/d1": {"status": "OPEN", "code": "NOT_JSON", "filed_at": AT},
    "audit_log/a1": {"at": AT, "actor": "admin:a1", "action": "store.went_live", "subject": "stores/x"},
    f"welcome_tokens/{'a' * 64}": {"store_id": OWN, "uid": MEMBER, "used_at": None},
    f"link_requests/{'b' * 64}": {"at": AT},
    "sweeps/clock": {"at": AT},
}
