"""The activation requests that the sections submit: like a portal's, each with an address of its own."""

from __future__ import annotations

from provisioning.stores.activation import ActivationRequest, Category, Launch


def request_for(id: str) -> ActivationRequest:
    """A request whose store, merchant and address are named after `id`, which must be a valid subdomain."""
    return ActivationRequest(
        merchant_id=f"merchant-{id}",
        store_id=id,
        store_name=f"Store {id}",
        owner_email=f"{id}@example.com",
        theme="upfront-modern",
        plan="professional",
        subdomain=id,
        category=Category.ELECTRONICS,
        launch=Launch.IMMEDIATELY,
        requested_by="benchmark",
    )
