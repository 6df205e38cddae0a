"""
A store's first settings: enough that its first product can be sold at once.

One document each under `tenants/{store_id}/settings/{name}`. The merchant changes them later; nothing here is law or
advice, and the texts of the policies say themselves that the merchant must read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from provisioning.catalog.products import Price
from provisioning.stores.activation import Category, Email, Line

CurrencyCode = Literal["USD", "EUR", "GBP", "CAD", "AUD"]
#: ISO 3166-1 alpha-2, or alpha-2 with a subdivision as `US-CA`.
Region = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
#: The region that stands for every country no other zone names.
ELSEWHERE = "*"


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    #: When the merchant last looked through this page; until then the checklist asks.
    reviewed_at: AwareDatetime | None = None

    def to_document(self) -> dict[str, Any]:
        """The document's data."""
        return self.model_dump(mode="json") | {"reviewed_at": self.reviewed_at}


class CurrencySettings(_Document):
    """What prices are in. `minor_units` is the number of digits behind the point."""

    code: CurrencyCode
    symbol: str
    minor_units: int = Field(ge=0, le=3)


class TaxRate(BaseModel):
    """Tax for one region."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: Region
    name: Line
    #: Hundredths of a percent: 1900 is 19 %. Whole, so that tax is never inexact.
    basis_points: int = Field(ge=0, le=5_000)


class TaxSettings(_Document):
    """Where a region has no rate, no tax is charged."""

    prices_include_tax: bool
    tax_shipping: bool
    rates: tuple[TaxRate, ...]

    @model_validator(mode="after")
    def _one_rate_for_a_region(self) -> TaxSettings:
        if len({rate.region for rate in self.rates}) != len(self.rates):
            raise ValueError("a region has two rates")
        return self


class ShippingMethod(BaseModel):
    """One way to send a parcel, offered when the goods cost at least `from_total`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Line
    title: Line
    price: Price
    from_total: Price = 0
    #: Offered only below this total; None means always.
    below_total: Price | None = None
    #: Working days, fastest and slowest.
    days_min: int = Field(ge=0, le=60)
    days_max: int = Field(ge=0, le=60)

    def is_offered(self, total: int) -> bool:
        """Whether a cart whose goods cost `total` (minor units) may use this method."""
        return self.from_total <= total and (self.below_total is None or total < self.below_total)


class ShippingZone(BaseModel):
    """Regions that share methods."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Line
    title: Line
    regions: tuple[Region | Literal["*"], ...] = Field(min_length=1)
    methods: tuple[ShippingMethod, ...] = Field(min_length=1)


class ShippingSettings(_Document):
    """Where parcels go and what it costs. The first zone that names a region, or `*`, is the one that counts."""

    zones: tuple[ShippingZone, ...] = Field(min_length=1)

    def offers(self, region: str, total: int) -> tuple[ShippingMethod, ...]:
        """The methods for goods of `total` (minor units) sent to `region`; empty where the store does not send."""
        zone = self._zone(region)
        return tuple(m for m in zone.methods if m.is_offered(total)) if zone else ()

    def _zone(self, region: str) -> ShippingZone | None:
        country = region.partition("-")[0]
        for zone in self.zones:
            if {region, country, ELSEWHERE} & set(zone.regions):
                return zone
        return None


class ReturnSettings(_Document):
    """What the store grants beyond the law; its refund policy says the same in words."""

    #: Days from the delivery; 0 where nothing is taken back.
    days: int = Field(default=30, ge=0, le=365)
    #: Who pays for sending back what was not faulty.
    postage: Literal["shopper", "store"] = "shopper"


class LocaleSettings(_Document):
    """How dates, numbers and measures are written, and the language of the store."""

    language: Literal["en", "de"] = "en"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    time_zone: Line
    weight_unit: Literal["lb", "kg"]
    length_unit: Literal["in", "cm"]


class ContactSettings(_Document):
    """Whom shoppers write to. The address is asked for in the checklist, and the store shows none until then."""

    email: Email
    phone: Annotated[str, Field(max_length=40)] = ""
    address_lines: tuple[Line, ...] = Field(default=(), max_length=6)


class Policy(BaseModel):
    """One legal page. Plain text; blank lines separate paragraphs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line
    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    #: When the merchant changed its words; None while they are the ones that it began with.
    updated_at: AwareDatetime | None = None


class PolicySettings(_Document):
    """The four pages that shops and payment providers expect."""

    privacy: Policy
    refund: Policy
    shipping: Policy
    terms: Policy


SettingsDocument = (
    CurrencySettings
    | TaxSettings
    | ShippingSettings
    | ReturnSettings
    | LocaleSettings
    | ContactSettings
    | PolicySettings
)

_CURRENCIES: Mapping[CurrencyCode, CurrencySettings] = MappingProxyType(
    {
        "USD": CurrencySettings(code="USD", symbol="$", minor_units=2),
        "EUR": CurrencySettings(code="EUR", symbol="€", minor_units=2),
        "GBP": CurrencySettings(code="GBP", symbol="£", minor_units=2),
        "CAD": CurrencySettings(code="CAD", symbol="CA$", minor_units=2),
        "AUD": CurrencySettings(code="AUD", symbol="A$", minor_units=2),
    }
)

_HOME: Mapping[CurrencyCode, LocaleSettings] = MappingProxyType(
    {
        "USD": LocaleSettings(country="US", time_zone="America/New_York", weight_unit="lb", length_unit="in"),
        "EUR": LocaleSettings(country="DE", time_zone="Europe/Berlin", weight_unit="kg", length_unit="cm"),
        "GBP": LocaleSettings(country="GB", time_zone="Europe/London", weight_unit="kg", length_unit="cm"),
        "CAD": LocaleSettings(country="CA", time_zone="America/Toronto", weight_unit="kg", length_unit="cm"),
        "AUD": LocaleSettings(country="AU", time_zone="Australia/Sydney", weight_unit="kg", length_unit="cm"),
    }
)

# Statewide rates alone, and only of regions that have one for every kind of goods: counties and cities add
# their own, and where a merchant must register is not ours to know. The checklist says so.
_TAX: Mapping[CurrencyCode, TaxSettings] = MappingProxyType(
    {
        "USD": TaxSettings(
            prices_include_tax=False,
            tax_shipping=False,
            rates=(
                TaxRate(region="US-CA", name="California sales tax", basis_points=725),
                TaxRate(region="US-NY", name="New York sales tax", basis_points=400),
                TaxRate(region="US-TX", name="Texas sales tax", basis_points=625),
                TaxRate(region="US-FL", name="Florida sales tax", basis_points=600),
            ),
        ),
        "EUR": TaxSettings(
            prices_include_tax=True,
            tax_shipping=True,
            rates=(
                TaxRate(region="DE", name="Umsatzsteuer", basis_points=1900),
                TaxRate(region="AT", name="Umsatzsteuer", basis_points=2000),
                TaxRate(region="FR", name="TVA", basis_points=2000),
                TaxRate(region="NL", name="BTW", basis_points=2100),
                TaxRate(region="IT", name="IVA", basis_points=2200),
                TaxRate(region="ES", name="IVA", basis_points=2100),
                TaxRate(region="IE", name="VAT", basis_points=2300),
            ),
        ),
        "GBP": TaxSettings(
            prices_include_tax=True,
            tax_shipping=True,
            rates=(TaxRate(region="GB", name="VAT", basis_points=2000),),
        ),
        "CAD": TaxSettings(
            prices_include_tax=False,
            tax_shipping=True,
            rates=(
                TaxRate(region="CA", name="GST", basis_points=500),
                TaxRate(region="CA-ON", name="HST", basis_points=1300),
            ),
        ),
        "AUD": TaxSettings(
            prices_include_tax=True,
            tax_shipping=True,
            rates=(TaxRate(region="AU", name="GST", basis_points=1000),),
        ),
    }
)

# Minor units: from which total a parcel at home is free, and what it costs below that. By what a typical
# basket of the category weighs and costs.
_FREE_FROM: Mapping[Category, tuple[int, int]] = MappingProxyType(
    {
        Category.ELECTRONICS: (10_000, 895),
        Category.FASHION: (12_000, 695),
        Category.HOME: (15_000, 1_295),
        Category.BEAUTY: (5_000, 495),
        Category.GENERAL: (7_500, 695),
    }
)


def default_settings(
    category: Category | str, store_name: str, owner_email: str, currency: CurrencyCode = "USD"
) -> dict[str, SettingsDocument]:
    """The first settings of a store, by the name of their document. Raises `ValueError` for an unknown category."""
    category = Category(category)
    home = _HOME[currency]
    shipping = _shipping(category, currency, home.country)
    returns = ReturnSettings()
    return {
        "currency": _CURRENCIES[currency],
        "tax": _TAX[currency],
        "shipping": shipping,
        "returns": returns,
        "locale": home,
        "contact": ContactSettings(email=owner_email),
        "policies": write_policies(store_name, owner_email, shipping, returns, _CURRENCIES[currency]),
    }


def _shipping(category: Category, currency: CurrencyCode, country: str) -> ShippingSettings:
    free_from, flat = _FREE_FROM[category]
    domestic = ShippingZone(
        id="domestic",
        title="Domestic",
        regions=_domestic_regions(currency, country),
        methods=(
            ShippingMethod(
                id="standard",
                title="Standard shipping",
                price=flat,
                below_total=free_from,
                days_min=3,
                days_max=5,
            ),
            ShippingMethod(
                id="free",
                title="Free standard shipping",
                price=0,
                from_total=free_from,
                days_min=3,
                days_max=5,
            ),
            ShippingMethod(
                id="express", title="Express shipping", price=flat * 2 + 500, days_min=1, days_max=2
            ),
        ),
    )
    abroad = ShippingZone(
        id="international",
        title="International",
        regions=(ELSEWHERE,),
        methods=(
            ShippingMethod(
                id="international",
                title="International shipping",
                price=flat * 2 + 1_000,
                days_min=6,
                days_max=14,
            ),
        ),
    )
    return ShippingSettings(zones=(domestic, abroad))


def _domestic_regions(currency: CurrencyCode, country: str) -> tuple[str, ...]:
    """The single market counts as home for a store that sells in euros."""
    return (
        ("DE", "AT", "FR", "NL", "IT", "ES", "IE", "BE", "LU", "PT", "FI")
        if currency == "EUR"
        else (country,)
    )


def format_money(amount: int, currency: CurrencySettings) -> str:
    """`89500` in dollars is `$895`, `89550` is `$895.50`; for sentences, not for price tags."""
    whole, rest = divmod(amount, 10**currency.minor_units)
    return f"{currency.symbol}{whole:,}" + (f".{rest:0{currency.minor_units}d}" if rest else "")


def write_policies(
    store_name: str,
    email: str,
    shipping: ShippingSettings,
    returns: ReturnSettings,
    currency: CurrencySettings,
) -> PolicySettings:
    """Starter texts that name the store, its address for mail, and the shipping rates and returns that it really has."""
    words = {
        "store": store_name,
        "email": email,
        "shipping": _describe(shipping, currency),
        "window": _WINDOW.format(store=store_name, days=returns.days) if returns.days else _NO_WINDOW,
        "postage": _POSTAGE[returns.postage],
    }
    policies = {
        name: Policy(title=title, text=text.strip().format_map(words))
        for name, (title, text) in _POLICIES.items()
    }
    return PolicySettings.model_validate(policies)


def _describe(shipping: ShippingSettings, currency: CurrencySettings) -> str:
    lines: list[str] = []
    for zone in shipping.zones:
        for method in zone.methods:
            price = format_money(method.price, currency) if method.price else "free"
            condition = _condition(method, currency)
            lines.append(
                f"{zone.title}: {method.title}, {price}{condition}, {method.days_min} to {method.days_max} working days."
            )
    return "\n\n".join(lines)


def _condition(method: ShippingMethod, currency: CurrencySettings) -> str:
    if method.from_total:
        return f" for orders of {format_money(method.from_total, currency)} or more"
    if method.below_total:
        return f" for orders under {format_money(method.below_total, currency)}"
    return ""


_WINDOW = "You may return anything you bought from {store} within {days} days of receiving it."
_NO_WINDOW = "We take back what the law where you live obliges us to take back."
_POSTAGE: Mapping[str, str] = MappingProxyType(
    {
        "shopper": "Return postage is yours to pay unless the item was faulty, damaged on the way or not what you ordered; in those cases we pay it.",
        "store": "We pay for return postage.",
    }
)

# Braces are fields. A merchant's name may hold braces: it is a value here and never read as a template.
_POLICIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "privacy": (
            "Privacy policy",
            """
This policy explains what {store} does with personal data. If anything here is unclear, or you want to use one of the rights below, write to {email}.

When you place an order we ask for your name, delivery address, e-mail address and, if you choose to give it, a telephone number. We use them to deliver the order, to tell you about its progress and to answer your questions. Payment details go straight to our payment provider; we never see or keep a full card number.

While you visit, our servers record which pages were requested, when, and from which address, to keep the store safe and working. We do not sell personal data, and we share it only with the companies that need it to complete your order: the payment provider, the carrier and the company that hosts this store.

We keep order records for as long as tax law requires and delete other personal data when it is no longer needed. You may ask for a copy of your data, have mistakes corrected, have data deleted that we no longer need, and object to its use.
""",
        ),
        "refund": (
            "Refund policy",
            """
{window} Items should be unused and in their original packaging, with everything that came in the box.

To start a return, write to {email} with your order number. We will reply with the return address and instructions. Please do not send anything back before you have heard from us, so that the parcel can be matched with your order.

Once the return has arrived and been checked, we refund the price to the payment method you used, within 14 days. {postage} If the item was faulty, damaged on the way or not what you ordered, you choose between a replacement and a refund.

Rights that the law gives you beyond this policy are not limited by it.
""",
        ),
        "shipping": (
            "Shipping policy",
            """
{store} packs orders on working days, usually within one working day of payment. When your parcel leaves us, we send an e-mail with its tracking number.

{shipping}

Delivery times are the carriers' own estimates and count from the day of dispatch. Parcels that leave the country may be held for customs; duties and import taxes are charged by the country of delivery and are not part of our prices.

If a parcel is late by more than five working days, or arrives damaged, write to {email} and we will take it up with the carrier.
""",
        ),
        "terms": (
            "Terms of service",
            """
These terms apply when you buy from {store}. By placing an order you agree to them.

An order is your offer to buy. It becomes a contract when we confirm that it has been dispatched. If something is out of stock or was listed at an obviously wrong price, we will tell you and refund what you have paid.

Prices are those shown when you order. Taxes and shipping are listed before you pay. We describe and picture our products with care; colours may look slightly different from one screen to another.

Please use this website lawfully and do nothing that harms it or the people who use it. Texts and pictures on it may not be copied without permission.

Nothing in these terms takes away rights that consumers have by law where they live. Questions about an order or these terms reach us at {email}.
""",
        ),
    }
)
