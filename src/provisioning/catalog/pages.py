"""A store's own pages, as "About us": documents `tenants/{store_id}/pages/{handle}`."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from provisioning.catalog.rich_text import RichText
from provisioning.stores.activation import Line, Slug

#: This page shows the contact settings; a document of the name adds words to it.
CONTACT = "contact"


class StorePage(BaseModel):
    """One page; `handle` is its document's id and the end of its address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    handle: Slug
    title: Line
    #: HTML of a few elements (`provisioning.catalog.rich_text`); everything else is taken out.
    body: RichText
    #: When the merchant changed its words; None while they are the ones that it began with.
    updated_at: AwareDatetime | None = None
    published: bool = True
    #: True for what a blueprint brought: kept from search engines, as it is not the merchant's own.
    sample: bool = False

    def to_document(self) -> dict[str, Any]:
        """The document's data."""
        return self.model_dump(mode="json", exclude={"handle"}) | {"updated_at": self.updated_at}
