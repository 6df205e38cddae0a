"""
Commercial plans, as they stand under `plans/{slug}`.

A store keeps the plan as it was when it was chosen: changing a plan here changes nothing that was sold.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from provisioning.catalog.products import Price
from provisioning.stores.activation import Line, Prose, Slug

Limit = Annotated[int, Field(ge=1, le=1_000_000_000)] | None


class Limits(BaseModel):
    """What a store on this plan may use; None means unlimited."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    products: Limit
    orders_per_month: Limit
    storage_gb: Limit
    #: Gigabytes served to shoppers in a month.
    bandwidth_gb: Limit


class Plan(BaseModel):
    """What a merchant pays for. `slug` is the document's id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    name: Line
    description: Annotated[Prose, Field(max_length=300)]
    #: In the currency's minor unit (cents), for one billing cycle.
    price: Price
    currency: Literal["USD"] = "USD"
    billing_cycle: Literal["monthly"] = "monthly"
    #: Shown first where plans are compared.
    popular: bool = False
    #: An inactive plan cannot be chosen; stores that have it keep it.
    active: bool = True
    limits: Limits
    features: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    position: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] = 0

    def to_document(self, now: datetime) -> dict[str, Any]:
        """The document under `plans/`."""
        return self.model_dump(mode="json") | {"updated_at": now}

    def to_snapshot(self) -> dict[str, Any]:
        """The plan as a store keeps it."""
        return self.model_dump(mode="json", exclude={"popular", "active", "position"})


DEFAULT_PLANS: tuple[Plan, ...] = (
    Plan(
        slug="starter",
        name="Starter",
        description="For a first shop with a small range: everything that selling online needs.",
        price=2999,
        limits=Limits(products=100, orders_per_month=500, storage_gb=5, bandwidth_gb=50),
        features=(
            "Every theme",
            "Own subdomain with certificate",
            "Discount codes",
            "E-mail support within two working days",
        ),
        position=1,
    ),
    Plan(
        slug="professional",
        name="Professional",
        description="For a growing shop that brings its own domain and advertises.",
        price=7999,
        popular=True,
        limits=Limits(products=1_000, orders_per_month=5_000, storage_gb=50, bandwidth_gb=500),
        features=(
            "Everything in Starter",
            "Custom domain",
            "Product feeds for advertising",
            "Sales reports",
            "Five staff accounts",
            "E-mail support within one working day",
        ),
        position=2,
    ),
    Plan(
        slug="enterprise",
        name="Enterprise",
        description="For large catalogues and steady high traffic, without limits.",
        price=29999,
        limits=Limits(products=None, orders_per_month=None, storage_gb=None, bandwidth_gb=None),
        features=(
            "Everything in Professional",
            "Unlimited products, orders, storage and traffic",
            "Unlimited staff accounts",
            "A named contact and telephone support",
        ),
        position=3,
    ),
)
