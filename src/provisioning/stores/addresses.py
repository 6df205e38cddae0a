"""Public addresses: where a store, its dashboard and the welcome page answer."""

from __future__ import annotations

from dataclasses import dataclass

#: What DNS takes.
_MAX_LABEL = 63
#: The ports that no address names.
_OWN_PORTS = {"http": 80, "https": 443}
#: How the names of preview channels begin.
_CHANNELS = "preview-"


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

    def at(self, hostname: str) -> str:
        """The address of a host that stores answer at, without a trailing slash."""
        return self._address(hostname)

    def preview_hostname(self, subdomain: str, channel: str) -> str | None:
        """
        The host that shows a preview channel of a store, or None where that is none, or its label would be too long.

        One label, so that the stores' certificate covers it; no subdomain holds two hyphens together, so it is nobody's own.
        """
        label = f"{channel}--{subdomain}"
        fits = channel.startswith(_CHANNELS) and len(label) <= _MAX_LABEL
        return self.hostname(label) if fits else None

    def preview(self, subdomain: str, channel: str, token: str) -> str:
        """The link to a preview: the channel's own host, or the store's for what is not open yet."""
        host = self.preview_hostname(subdomain, channel) or self.hostname(subdomain)
        return f"{self._address(host)}/?preview={token}"

    def previewed(self, hostname: str) -> tuple[str, str] | None:
        """The channel and the subdomain that a host of a preview names; None for any other host."""
        label, _, domain = hostname.partition(".")
        channel, parted, subdomain = label.rpartition("--")
        if not parted or not subdomain or not channel.startswith(_CHANNELS) or domain != self.store_domain:
            return None
        return channel, subdomain

    @property
    def dashboard_origin(self) -> str:
        """The origin of the owners' dashboard, as browsers name it."""
        return self._address(self.dashboard_host)

    def dashboard(self, store_id: str) -> str:
        return f"{self._address(self.dashboard_host)}/dashboard/stores/{store_id}"

    def welcome(self, token: str) -> str:
        return f"{self._address(self.dashboard_host)}/welcome?token={token}"

    def _address(self, host: str) -> str:
        named = self.port is not None and self.port != _OWN_PORTS[self.scheme]
        return f"{self.scheme}://{host}" + (f":{self.port}" if named else "")
