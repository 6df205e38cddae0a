"""The merchants of the local runtimes, and what a merchant is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from provisioning.catalog.defaults import DEFAULT_MERCHANTS
from provisioning.catalog.plans import DEFAULT_PLANS
from provisioning.stores.activation import parse_activation
from provisioning.stores.merchants import Merchant, MerchantStatus, SavedChoices


def test_six_merchants_in_every_state() -> None:
    """Three wait, one sells, one failed, one is suspended."""
    assert Counter(m.status for m in DEFAULT_MERCHANTS) == {
        "PENDING": 3,
        "ACTIVE": 1,
        "FAILED": 1,
        "SUSPENDED": 1,
    }
    assert 6 == len({m.id for m in DEFAULT_MERCHANTS}) == len({m.owner_email for m in DEFAULT_MERCHANTS})


def test_reasons_are_given_where_something_is_wrong_and_nowhere_else() -> None:
    """A failed or suspended merchant says why in a sentence."""
    for merchant in DEFAULT_MERCHANTS:
        wrong = merchant.status in {MerchantStatus.FAILED, MerchantStatus.SUSPENDED}
        assert wrong is bool(merchant.status_reason)
        assert not wrong or (len(merchant.status_reason) > 40 and merchant.status_reason.endswith("."))


def test_awesome_store_waits_with_all_choices_made() -> None:
    """Its saved choices make a whole activation request."""
    awesome = next(m for m in DEFAULT_MERCHANTS if m.name == "Awesome Store")
    choices = awesome.saved_choices

    assert MerchantStatus.PENDING is awesome.status
    assert choices.missing() == ()
    request = parse_activation(
        choices.model_dump(mode="json")
        | {"merchant_id": awesome.id, "store_name": awesome.name, "owner_email": awesome.owner_email},
        "request-1",
    )
    assert (request.subdomain, request.plan) == ("awesome-store", "professional")


def test_one_waiting_merchant_has_a_choice_left_to_make() -> None:
    """So that the legacy address has a missing field to name."""
    pending = [m for m in DEFAULT_MERCHANTS if m.status is MerchantStatus.PENDING]

    assert [m.saved_choices.missing() for m in pending if m.saved_choices.missing()] == [("subdomain",)]


def test_chosen_plans_exist_and_addresses_differ() -> None:
    """No merchant chose what is not offered, nor what another chose."""
    plans = {plan.slug for plan in DEFAULT_PLANS}
    addresses = [m.saved_choices.subdomain for m in DEFAULT_MERCHANTS if m.saved_choices.subdomain]

    assert all(m.saved_choices.plan in plans for m in DEFAULT_MERCHANTS)
    assert len(addresses) == len(set(addresses))


def test_owners_cannot_receive_mail() -> None:
    """Their addresses are reserved for examples (RFC 2606)."""
    assert all(m.owner_email.endswith(".example.com") for m in DEFAULT_MERCHANTS)


def test_a_merchant_reads_back_from_its_document() -> None:
    """The id is the document's and not a field of it; the time stays a time."""
    for merchant in DEFAULT_MERCHANTS:
        document = merchant.to_document()

        assert "id" not in document
        assert isinstance(document["created_at"], datetime)
        assert merchant == Merchant.from_document(merchant.id, document)


def test_a_merchant_made_from_a_request_waits_with_its_choices() -> None:
    """Where the portal wrote no merchant, the request says enough."""
    request = parse_activation(
        {
            "merchant_id": "m1",
            "store_name": "Corner Shop",
            "owner_email": "a@example.com",
            "subdomain": "corner-shop",
        },
        "r1",
    )

    merchant = Merchant.from_request(request, datetime(2026, 9, 1, tzinfo=UTC))
    assert (merchant.id, merchant.name, merchant.status) == ("m1", "Corner Shop", MerchantStatus.PENDING)
    assert merchant.saved_choices.missing() == ()


@pytest.mark.parametrize(
    "wrong", [{"id": "a/b"}, {"owner_email": "nobody"}, {"country": "us"}, {"status": "NEW"}]
)
def test_a_wrong_merchant_is_refused(wrong: dict[str, object]) -> None:
    """Above all an id that would lead into another path."""
    with pytest.raises(ValidationError):
        Merchant.model_validate(DEFAULT_MERCHANTS[0].model_dump() | wrong)


def test_choices_are_named_in_the_order_of_the_form() -> None:
    """All four are missing at first."""
    assert SavedChoices().missing() == ("theme", "plan", "subdomain", "category")
