"""Merchants for the local runtimes: one in each state that a portal has to show."""

from __future__ import annotations

from datetime import UTC, datetime

from provisioning.stores.activation import Category
from provisioning.stores.merchants import Merchant, MerchantStatus, SavedChoices

DEFAULT_MERCHANTS: tuple[Merchant, ...] = (
    Merchant(
        id="merchant-awesome",
        name="Awesome Store",
        owner_name="Avery Coleman",
        owner_email="avery@awesome-store.example.com",
        business_category=Category.ELECTRONICS,
        saved_choices=SavedChoices(
            theme="upfront-modern",
            plan="professional",
            subdomain="awesome-store",
            category=Category.ELECTRONICS,
        ),
        created_at=datetime(2026, 9, 1, 9, 30, tzinfo=UTC),
    ),
    Merchant(
        id="merchant-juniper",
        name="Juniper & Thread",
        owner_name="Noor Haddad",
        owner_email="noor@juniper-thread.example.com",
        business_category=Category.FASHION,
        country="GB",
        saved_choices=SavedChoices(
            theme="upfront-modern", plan="starter", subdomain="juniper-thread", category=Category.FASHION
        ),
        created_at=datetime(2026, 9, 2, 14, 5, tzinfo=UTC),
    ),
    Merchant(
        id="merchant-glasshouse",
        name="Glasshouse Apothecary",
        owner_name="Inés Robledo",
        owner_email="ines@glasshouse-apothecary.example.com",
        business_category=Category.BEAUTY,
        country="ES",
        # She has not chosen an address yet: the portal has something to ask for.
        saved_choices=SavedChoices(theme="upfront-modern", plan="professional", category=Category.BEAUTY),
        created_at=datetime(2026, 9, 4, 8, 15, tzinfo=UTC),
    ),
    Merchant(
        id="merchant-morrow",
        name="Morrow Homeware",
        owner_name="Daniel Okafor",
        owner_email="daniel@morrow-homeware.example.com",
        business_category=Category.HOME,
        status=MerchantStatus.ACTIVE,
        saved_choices=SavedChoices(
            theme="upfront-modern", plan="enterprise", subdomain="morrow-homeware", category=Category.HOME
        ),
        created_at=datetime(2026, 7, 18, 11, 0, tzinfo=UTC),
    ),
    Merchant(
        id="merchant-tinker",
        name="Tinker & Volt",
        owner_name="Mei Tanaka",
        owner_email="mei@tinker-volt.example.com",
        business_category=Category.ELECTRONICS,
        country="CA",
        status=MerchantStatus.FAILED,
        status_reason=(
            "The welcome mail was refused: there is no mailbox mei@tinker-volt.example.com. "
            "Correct the e-mail address and retry; the store itself was built."
        ),
        saved_choices=SavedChoices(
            theme="upfront-modern",
            plan="starter",
            subdomain="tinker-volt",
            category=Category.ELECTRONICS,
        ),
        created_at=datetime(2026, 8, 27, 16, 40, tzinfo=UTC),
    ),
    Merchant(
        id="merchant-paperlane",
        name="Paperlane Supply",
        owner_name="Tomasz Zielinski",
        owner_email="tomasz@paperlane-supply.example.com",
        business_category=Category.GENERAL,
        status=MerchantStatus.SUSPENDED,
        status_reason="The September invoice is 30 days overdue. The store returns by itself once it is paid.",
        saved_choices=SavedChoices(
            theme="upfront-modern",
            plan="starter",
            subdomain="paperlane-supply",
            category=Category.GENERAL,
        ),
        created_at=datetime(2026, 5, 6, 10, 20, tzinfo=UTC),
    ),
)
