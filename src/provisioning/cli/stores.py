"""The store that a command's words name."""

from __future__ import annotations

from provisioning.errors import NotFound
from provisioning.ports import check_id, document_path
from provisioning.runtime import Platform
from provisioning.stores.stores import Store


def find_store(platform: Platform, name: str) -> tuple[str, Store]:
    """The store of this id, or at this subdomain. Raises `NotFound`."""
    documents = platform.ports.documents
    id = check_id(name, "store")
    stored, host = documents.get_all(
        [document_path("stores", id), document_path("hosts", platform.addresses.hostname(name))]
    )
    if stored.data is None and host.data is not None:
        id = str(host.data["store_id"])
        stored = documents.get(document_path("stores", id))
    if stored.data is None:
        raise NotFound(f"there is no store {name[:60]}")
    return id, Store.model_validate(stored.data)
