"""Amounts of money as shoppers read them: `$1,299.00`, `CHF 12.00`, `¥1,200`; in German `1.299,00 €`."""

from __future__ import annotations

from decimal import Decimal

# ISO 4217: the currencies whose minor unit is not a hundredth.
_NO_DECIMALS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])

# CLDR's English symbols, so that a browser's `Intl.NumberFormat("en")` writes the same.
_SYMBOLS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "KRW": "₩",
    "VND": "₫",
    "ILS": "₪",
    "PHP": "₱",
    "BRL": "R$",
    "CAD": "CA$",
    "AUD": "A$",
    "NZD": "NZ$",
    "HKD": "HK$",
    "MXN": "MX$",
    "TWD": "NT$",
    "CNY": "CN¥",
}

# CLDR's German ones, likewise.
_GERMAN_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "AUD": "AU$", "CAD": "CA$"}
_GERMAN_MARKS = str.maketrans(",.", ".,")


def decimals(currency: str) -> int:
    """How many decimals the currency's minor unit has: 2 for USD, 0 for JPY."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def decimal_amount(minor: int, currency: str) -> str:
    """The amount as machines read it: `decimal_amount(129900, "USD")` is `1299.00`."""
    return f"{Decimal(minor).scaleb(-decimals(currency)):f}"


def format_money(minor: int, currency: str, locale: str = "en") -> str:
    """The amount as people read it; `minor` is in the currency's minor unit (cents for USD)."""
    number = f"{Decimal(minor).scaleb(-decimals(currency)):,f}"
    if locale.partition("-")[0] == "de":
        symbol = _GERMAN_SYMBOLS.get(currency, currency)
        return f"{number.translate(_GERMAN_MARKS)}\u00a0{symbol}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{currency}\u00a0{number}"
