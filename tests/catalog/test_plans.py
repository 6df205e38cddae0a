"""The three plans that merchants are offered."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from provisioning.catalog.plans import DEFAULT_PLANS, Limits, Plan


def test_the_defaults_are_as_sold() -> None:
    """Names, prices, and limits of products and storage."""
    offered = [(p.slug, p.price, p.limits.products, p.limits.storage_gb) for p in DEFAULT_PLANS]

    assert offered == [
        ("starter", 29_99, 100, 5),
        ("professional", 79_99, 1_000, 50),
        ("enterprise", 299_99, None, None),
    ]


def test_one_plan_is_the_popular_one() -> None:
    """Professional, and no other."""
    assert [p.slug for p in DEFAULT_PLANS if p.popular] == ["professional"]


def test_a_dearer_plan_allows_more() -> None:
    """In every limit; None is more than any number."""
    for small, large in itertools.pairwise(DEFAULT_PLANS):
        assert small.price < large.price
        for name in Limits.model_fields:
            less, more = getattr(small.limits, name), getattr(large.limits, name)
            assert more is None or less < more


def test_a_plan_reads_back_from_its_document() -> None:
    """The document holds all of the plan and when it was written."""
    for plan in DEFAULT_PLANS:
        document = plan.to_document(datetime(2026, 9, 1, tzinfo=UTC))

        assert datetime(2026, 9, 1, tzinfo=UTC) == document.pop("updated_at")
        assert plan == Plan.model_validate(document)


def test_what_a_store_keeps_is_what_was_sold() -> None:
    """Price and limits, but not whether the plan is still on offer."""
    kept = DEFAULT_PLANS[0].to_snapshot()

    assert (
        kept["price"],
        kept["currency"],
        kept["billing_cycle"],
        kept["limits"]["products"],
    ) == (29_99, "USD", "monthly", 100)
    assert {"active", "popular"}.isdisjoint(kept)


@pytest.mark.parametrize(
    "wrong", [{"price": -1}, {"price": 29.99}, {"slug": "Star ter"}, {"currency": "usd"}]
)
def test_a_wrong_plan_is_refused(wrong: dict[str, object]) -> None:
    """Prices are whole and not negative, slugs are slugs."""
    with pytest.raises(ValidationError):
        Plan.model_validate(DEFAULT_PLANS[0].model_dump() | wrong)


def test_a_limit_of_nothing_is_refused() -> None:
    """Zero would be a plan that sells nothing; unlimited is None."""
    with pytest.raises(ValidationError):
        Limits(products=0, orders_per_month=None, storage_gb=None, bandwidth_gb=None)
