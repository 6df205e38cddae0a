"""
Merchants: the businesses that asked for a store, as they stand under `merchants/{merchant_id}`.

The portal's sign-up writes them; where it did not, one is made from the activation request.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from provisioning.stores.activation import (
    ActivationRequest,
    Category,
    Email,
    Identifier,
    Line,
    Slug,
    Subdomain,
)


class MerchantStatus(StrEnum):
    """PENDING waits for a store, ACTIVE has one, FAILED has a reason, SUSPENDED may not sell for now."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    FAILED = "FAILED"
    SUSPENDED = "SUSPENDED"


class SavedChoices(BaseModel):
    """What the merchant chose at sign-up. Each may be missing; an activation by the legacy address needs all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: Slug | None = None
    plan: Slug | None = None
    subdomain: Subdomain | None = None
    category: Category | None = None

    def missing(self) -> tuple[str, ...]:
        """Names of the choices that have not been made."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is None)


class Merchant(BaseModel):
    """A business that asked for a store. `id` is its document's id and not a field of the document."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Identifier
    name: Line
    owner_name: Line
    owner_email: Email
    business_category: Category = Category.GENERAL
    #: ISO 3166-1 alpha-2.
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "US"
    status: MerchantStatus = MerchantStatus.PENDING
    #: Why it failed or was suspended, in words for people; empty otherwise.
    status_reason: Annotated[str, Field(max_length=500)] = ""
    saved_choices: SavedChoices = SavedChoices()
    created_at: AwareDatetime
    #: When its newest store was finished. Finishing one always changes the document, so no roll back overlooks it.
    activated_at: AwareDatetime | None = None

    def to_document(self) -> dict[str, Any]:
        """The document under `merchants/`."""
        data = self.model_dump(mode="json", exclude={"id", "created_at", "activated_at"})
        return data | {"created_at": self.created_at, "activated_at": self.activated_at}

    @classmethod
    def from_document(cls, merchant_id: str, data: dict[str, Any]) -> Merchant:
        """Read a merchant's document. Raises pydantic's `ValidationError` where it is not one."""
        return cls.model_validate(data | {"id": merchant_id})

    @classmethod
    def from_request(cls, request: ActivationRequest, now: datetime) -> Merchant:
        """The merchant of a request whose merchant has no document: the store's name stands in for the business's."""
        return cls(
            id=request.merchant_id,
            name=request.store_name,
            owner_name=request.store_name,
            owner_email=request.owner_email,
            business_category=request.category,
            saved_choices=SavedChoices(
                theme=request.theme, plan=request.plan, subdomain=request.subdomain, category=request.category
            ),
            created_at=now,
        )
