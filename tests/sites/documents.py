"""Reading the HTML of a site as a browser would."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

from provisioning.sites.building import Site


def html_of(site: Site, path: str) -> str:
    return site.files[path].file.body.decode()


def html_pages(site: Site) -> dict[str, str]:
    """Path → text of every HTML file of the site."""
    return {p: html_of(site, p) for p, e in site.files.items() if e.file.content_type.startswith("text/html")}


def parse(html: str) -> Element:
    """The document; raises where the text breaks the rules of HTML."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html)


def elements(html: str, name: str) -> list[Element]:
    return list(parse(html).iter(name))


def links(html: str) -> Iterator[str]:
    """Every address that the page names in an attribute a browser follows or loads."""
    for element in parse(html).iter():
        for attribute in ("href", "src", "action"):
            value = element.get(attribute)
            if value is not None:
                yield value


def data_blocks(html: str) -> list[dict[str, Any]]:
    """The JSON-LD of a page."""
    blocks = [e for e in elements(html, "script") if e.get("type") == "application/ld+json"]
    return [json.loads(e.text or "") for e in blocks]


def sitemap_addresses(site: Site) -> list[str]:
    """Every address that search engines are told of: those of all parts that the index names."""
    parts = re.findall("<loc>https?://[^/]+(.*?)</loc>", html_of(site, "/sitemap.xml"))
    return [a for part in parts for a in re.findall("<loc>(.*?)</loc>", html_of(site, part))]
