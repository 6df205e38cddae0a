"""Public addresses: where a store, its dashboard and the welcome page answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addresses:
    """How hosts are made into addresses: scheme and port are the same for all of them."""

    store_domain: str
    dashboard_host: str
    scheme: str = "https"
    port: int | None = None

    def hostname(self, subdomain: str) -> str:
        """The store's host without a port: the id of its document under `hosts/`."""
        return f"{subdomain}.{self.store_domain}"

    def is_ours(self, hostname: str) -> bool:
        """Whether the host is one of the platform's own, or under one, and so nobody's custom domain."""
        ours = (self.store_domain, self.dashboard_host)
        return any(hostname == domain or hostname.endswith(f".{domain}") for domain in ours)

    def store(self, subdomain: str) -> str:
        """The store's address, without a trailing slash."""
        return self._address(self.hostname(subdomain))

    def dashboard(self, store_id: str) -> str:
        return f"{self._address(self.dashboard_host)}/dashboard/stores/{store_id}"

    def welcome(self, token: str) -> str:
        return f"{self._address(self.dashboard_host)}/welcome?token={token}"

    def _address(self, host: str) -> str:
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port else "")
