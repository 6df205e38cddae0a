"""Public addresses are the ones that browsers show."""

from __future__ import annotations

import pytest

from provisioning.stores.addresses import Addresses


@pytest.mark.parametrize(
    ("scheme", "port", "address"),
    [
        ("https", None, "https://a.example.com"),
        ("https", 443, "https://a.example.com"),
        ("http", 80, "http://a.example.com"),
        ("http", 443, "http://a.example.com:443"),
        ("https", 80, "https://a.example.com:80"),
        ("http", 8080, "http://a.example.com:8080"),
    ],
)
def test_a_schemes_own_port_is_not_named(scheme: str, port: int | None, address: str) -> None:
    """A browser leaves it out of the origin that it sends, and so do we; every other port is named."""
    addresses = Addresses("example.com", "stores.example.com", scheme, port)

    assert addresses.store("a") == address
