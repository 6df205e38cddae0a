"""A visitor for addresses under `.localhost`, which browsers resolve by themselves and Python does not."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from urllib3 import HTTPConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from provisioning.errors import NotAllowed, Transient
from provisioning.ports import Page


class LoopbackVisitor:
    """The port `Visitor`: always connects to this machine, with the address's own host in the request. `timeout` in seconds."""

    def __init__(self, port: int, timeout: float) -> None:
        self._pool = HTTPConnectionPool(
            "127.0.0.1", port, maxsize=8, timeout=Timeout(total=timeout), retries=False
        )

    def open(self, url: str) -> Page:
        parts = _check(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            answer = self._pool.request("GET", target, headers={"Host": parts.netloc}, redirect=False)
        except HTTPError as error:
            raise Transient(
                f"{parts.netloc} does not answer ({type(error).__name__})", code="NO_ANSWER"
            ) from error
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Page(answer.status, answer.data, headers.get("content-type", ""), headers)


def _check(url: str) -> SplitResult:
    parts = urlsplit(url)
    host = parts.hostname or ""
    ours = host == "localhost" or host.endswith(".localhost")
    if parts.scheme != "http" or not ours or "@" in parts.netloc:
        raise NotAllowed("only http addresses of this machine may be opened", code="FOREIGN_HOST")
    return parts
