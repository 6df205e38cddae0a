"""`Visitor` over HTTPS, bound to our own domains."""

from __future__ import annotations

import time
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

import urllib3

from provisioning.errors import NotAllowed, Transient
from provisioning.ports import Page

MAX_BODY = 5_000_000
_CHUNK = 64 * 1024


class HttpsVisitor:
    """
    Opens pages of hosts that are one of `allowed_domains` or under it, on the standard port, following nothing.

    `timeout` is in seconds and bounds the whole visit; a body of more than 5 MB is cut off with `Transient`. `ca_certs` is a file
    of certificates to trust instead of the usual ones.
    """

    def __init__(
        self, timeout: float, allowed_domains: Sequence[str], *, port: int = 443, ca_certs: str | None = None
    ) -> None:
        self._timeout = timeout
        self._allowed = tuple(domain.lower().strip(".") for domain in allowed_domains)
        self._port = port
        self._http = urllib3.PoolManager(retries=False, cert_reqs="CERT_REQUIRED", ca_certs=ca_certs)

    def open(self, url: str) -> Page:
        self._check(url)
        deadline = time.monotonic() + self._timeout
        try:
            answer = self._http.request(
                "GET",
                url,
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(total=self._timeout),
                headers={"Accept-Encoding": "gzip", "User-Agent": "provisioning-visitor"},
            )
            try:
                body = _read(answer, deadline)
            finally:
                # Closed, not handed back: what is left of a body that was cut off would begin the next answer.
                answer.close()
        except urllib3.exceptions.HTTPError as error:
            raise Transient(f"the page did not answer ({type(error).__name__})", code="UNAVAILABLE") from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Page(answer.status, body, headers.get("content-type", ""), headers)

    def _check(self, url: str) -> None:
        """Raise `NotAllowed` unless the address is one of ours."""
        try:
            parts = urlsplit(url)
            allowed = self._is_ours(parts) and not any(c.isspace() or c == "\\" for c in url)
        except ValueError:
            allowed = False
        if not allowed:
            raise NotAllowed("only https addresses under our own domains are visited", code="FOREIGN_HOST")

    def _is_ours(self, parts: SplitResult) -> bool:
        host = (parts.hostname or "").lower()
        under = any(host == domain or host.endswith(f".{domain}") for domain in self._allowed)
        plain = "@" not in parts.netloc and (parts.port or 443) == self._port
        return parts.scheme == "https" and under and plain


def _read(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    body = bytearray()
    for chunk in answer.stream(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > MAX_BODY:
            raise Transient(f"the page is larger than {MAX_BODY} bytes", code="TOO_LARGE")
        if time.monotonic() > deadline:
            raise Transient("the page did not end in time", code="TIMEOUT")
    return bytes(body)
