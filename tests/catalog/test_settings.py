"""A store's first settings: its first product can be sold at once."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import ValidationError

from provisioning.catalog.blueprints import load_blueprint
from provisioning.catalog.settings import (
    ContactSettings,
    CurrencyCode,
    CurrencySettings,
    PolicySettings,
    ShippingSettings,
    TaxSettings,
    default_settings,
    format_money,
)
from provisioning.stores.activation import Category


def _policies(store_name: str = "Juniper & Thread") -> PolicySettings:
    found = default_settings("fashion", store_name, "hello@example.com")["policies"]
    assert isinstance(found, PolicySettings)
    return found


def _shipping(category: Category, currency: CurrencyCode = "USD") -> ShippingSettings:
    found = default_settings(category, "A Store", "hello@example.com", currency)["shipping"]
    assert isinstance(found, ShippingSettings)
    return found


def test_each_page_of_the_settings_is_a_document() -> None:
    """Seven of them."""
    names = set(default_settings("home", "A Store", "hello@example.com"))

    assert {"currency", "tax", "shipping", "returns", "locale", "contact", "policies"} == names


@pytest.mark.parametrize("category", list(Category))
def test_any_cart_can_be_sent_home_and_abroad(category: Category) -> None:
    """From the cheapest product to a basket of everything, there is always a way to send it."""
    prices = [v.price for p in load_blueprint(category).products for v in p.variants]

    for total in (0, min(prices), max(prices), sum(prices)):
        assert _shipping(category).offers("US", total)
        assert _shipping(category).offers("JP", total)


@pytest.mark.parametrize("category", list(Category))
def test_shipping_is_flat_at_first_and_free_above_an_amount(category: Category) -> None:
    """The free method replaces the flat one at its amount, exactly."""
    shipping = _shipping(category)
    free_from = next(m.from_total for z in shipping.zones for m in z.methods if m.price == 0)

    assert {"standard", "express"} == {m.id for m in shipping.offers("US-CA", free_from - 1)}
    assert {"free", "express"} == {m.id for m in shipping.offers("US-CA", free_from)}


def test_the_single_market_counts_as_home() -> None:
    """A store that sells in euros sends to France as to Germany, and to the United States as abroad."""
    shipping = _shipping(Category.FASHION, "EUR")

    assert shipping.offers("DE", 100) == shipping.offers("FR", 100)
    assert {"international"} == {m.id for m in shipping.offers("US", 100)}


def test_a_store_that_sends_nowhere_else_offers_nothing_there() -> None:
    """Without a zone for elsewhere, other countries get no method."""
    home = ShippingSettings(zones=_shipping(Category.HOME).zones[:1])

    assert home.offers("JP", 100) == ()


@pytest.mark.parametrize("currency", get_args(CurrencyCode))
def test_every_currency_has_a_home_and_taxes(currency: CurrencyCode) -> None:
    """Prices include tax where shoppers expect it, and rates are between 1 and 30 %."""
    settings = default_settings("general", "A Store", "hello@example.com", currency)

    tax = settings["tax"]
    assert isinstance(tax, TaxSettings)
    assert (currency in {"EUR", "GBP", "AUD"}) is tax.prices_include_tax
    assert all(100 <= rate.basis_points <= 3_000 for rate in tax.rates)
    assert currency == settings["currency"].to_document()["code"]


def test_a_region_has_one_rate() -> None:
    """Two rates for one region are refused."""
    rate = {"region": "US-CA", "name": "Sales tax", "basis_points": 725}

    with pytest.raises(ValidationError, match="two rates"):
        TaxSettings.model_validate(
            {"prices_include_tax": False, "tax_shipping": False, "rates": [rate, rate]}
        )


def test_policies_name_the_store_and_its_address() -> None:
    """Each of the four names the store and the address for mail, and no field is left open."""
    policies = _policies()

    for policy in (policies.privacy, policies.refund, policies.shipping, policies.terms):
        assert "Juniper & Thread" in policy.text
        assert "hello@example.com" in policy.text
        assert "{" not in policy.text


def test_a_store_s_name_is_never_read_as_a_template() -> None:
    """Braces in a name stay braces."""
    assert "{email} {0} {store.__class__}" in _policies("{email} {0} {store.__class__}").terms.text


def test_the_shipping_policy_states_the_real_rates() -> None:
    """The sentence and the settings come from one place."""
    text = _policies().shipping.text

    assert "Standard shipping, $6.95 for orders under $120, 3 to 5 working days." in text
    assert "Free standard shipping, free for orders of $120 or more" in text


def test_the_contact_is_the_owner() -> None:
    """And a wrong address is refused."""
    contact = default_settings("beauty", "A Store", "hello@example.com")["contact"]

    assert isinstance(contact, ContactSettings)
    assert contact.email == "hello@example.com"
    with pytest.raises(ValidationError):
        default_settings("beauty", "A Store", "nobody")


def test_nothing_counts_as_reviewed() -> None:
    """The checklist asks until the merchant has looked."""
    for settings in default_settings("home", "A Store", "hello@example.com").values():
        assert settings.to_document()["reviewed_at"] is None


def test_settings_read_back_from_their_documents() -> None:
    """What is stored is equal to what was made."""
    for settings in default_settings("home", "A Store", "hello@example.com").values():
        assert settings == type(settings).model_validate(settings.to_document())


def test_an_unknown_category_is_refused() -> None:
    """Categories are a closed list."""
    with pytest.raises(ValueError, match="cars"):
        default_settings("cars", "A Store", "hello@example.com")


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "$0"), (5, "$0.05"), (895, "$8.95"), (100_00, "$100"), (1_234_567_00, "$1,234,567")],
)
def test_money_in_sentences(amount: int, text: str) -> None:
    """Cents only where there are any."""
    assert text == format_money(amount, CurrencySettings(code="USD", symbol="$", minor_units=2))
