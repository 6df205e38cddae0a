"""A plain visitor: asks 127.0.0.1 for any of our hosts, keeps cookies, and follows every link of a site."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import html5lib
import urllib3

_XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass
class Visitor:
    """One browser with its cookie jar, by host."""

    port: int
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, timeout=20.0)
    )

    def request(self, method: str, url: str, **options: object) -> urllib3.BaseHTTPResponse:
        parts = urlsplit(url)
        host = parts.hostname or ""
        headers = {"Host": parts.netloc, **options.pop("headers", {})}
        if self.cookies.get(host):
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies[host].items())
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        answer = self.pool.request(
            method, f"http://127.0.0.1:{self.port}{target}", headers=headers, redirect=False, **options
        )
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies.setdefault(host, {})[name] = value
        return answer

    def get(self, url: str) -> urllib3.BaseHTTPResponse:
        return self.request("GET", url)

    def post(self, url: str, fields: dict[str, str]) -> urllib3.BaseHTTPResponse:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        return self.request("POST", url, fields=fields, encode_multipart=False, headers={"Origin": origin})


@dataclass
class Crawl:
    """What a crawl of one host found."""

    pages: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def crawl(visitor: Visitor, start: str) -> Crawl:
    """Fetch every page and asset that can be reached from `start` on its host."""
    host = urlsplit(start).netloc
    found, waiting = Crawl(), [start]
    while waiting:
        url = waiting.pop()
        if url in found.pages:
            continue
        answer = visitor.get(url)
        found.pages[url] = answer.status
        if answer.status in (301, 308):
            waiting.append(urljoin(url, answer.headers["Location"]))
            continue
        if answer.status != 200:
            found.broken.append(f"{answer.status} {url}")
            continue
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            waiting += [link for link in links(answer.data, url) if urlsplit(link).netloc == host]
    return found


def links(body: bytes, base: str) -> set[str]:
    """Every address that a page leads to or needs, without fragments and queries."""
    tree = html5lib.parse(body, transport_encoding="utf-8")
    addresses: set[str] = set()
    for element in tree.iter():
        for name in ("href", "src"):
            if value := element.get(name):
                addresses.add(value)
        addresses.update(part.split()[0] for part in (element.get("srcset") or "").split(",") if part.strip())
    absolute = (urljoin(base, address) for address in addresses)
    return {re.sub(r"[?#].*", "", a) for a in absolute if a.startswith("http")}


def form_fields(body: bytes, action_ends: str) -> dict[str, str]:
    """The hidden fields of the form whose action ends so."""
    tree = html5lib.parse(body, transport_encoding="utf-8")
    for form in tree.iter(f"{_XHTML}form"):
        if (form.get("action") or "").split("?")[0].endswith(action_ends):
            return {
                field.get("name", ""): field.get("value", "")
                for field in form.iter(f"{_XHTML}input")
                if field.get("type") == "hidden"
            }
    raise AssertionError(f"no form whose action ends with {action_ends}")
