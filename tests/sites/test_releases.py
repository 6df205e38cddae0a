"""Manifests: what is written can be read, and so can what earlier versions wrote."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from types import MappingProxyType

import pytest

from provisioning.ports import SiteFile
from provisioning.sites.packing import pack, pack_shared
from provisioning.sites.releases import (
    CacheClass,
    Encoding,
    Manifest,
    Redirect,
    ReleasedFile,
    UnknownFormat,
    encoded_body,
    plain_body,
    read_manifest,
    write_manifest,
)

TEXT = SiteFile(b"<p>Ten lamps and a shade.</p>" * 40, "text/html; charset=utf-8")
FONT = SiteFile(bytes(range(256)), "font/woff2")
FIRST_FORMAT = {
    "format": 1,
    "store_id": "s1",
    "theme": {"slug": "upfront-modern", "version": "1.0.0"},
    "files": {
        "/": {
            "blob": "stores/s1/blobs/ab/abc",
            "sha256": "abc",
            "size": 3,
            "type": "text/html",
            "cache": "page",
        }
    },
}


def manifest_of(**files: ReleasedFile) -> Manifest:
    return Manifest(
        "s1", "upfront-modern", "1.0.0", MappingProxyType({f"/{p}/": f for p, f in files.items()})
    )


def test_a_manifest_comes_back_as_it_was_written() -> None:
    """With parts and without, with what a page was made from, and with redirects."""
    redirects = MappingProxyType(
        {"/products/lamp/": Redirect("/products/desk-lamp/"), "/old/": Redirect("/", 302)}
    )
    line = pack(TEXT).line("stores/s1", CacheClass.PAGE, "0f" * 32)
    shared = pack_shared(FONT).line("platform", CacheClass.IMMUTABLE)
    written = Manifest("s1", "upfront-modern", "1.0.0", {"/a/": line, "/b/": shared}, redirects)

    assert read_manifest(write_manifest(written)) == written


def test_the_order_of_files_does_not_matter() -> None:
    """The same files are the same bytes, so that they are one release."""
    a, b = pack(TEXT).line("stores/s1", CacheClass.PAGE), pack(FONT).line("stores/s1", CacheClass.PAGE)

    assert write_manifest(manifest_of(a=a, b=b)) == write_manifest(manifest_of(b=b, a=a))
    assert write_manifest(manifest_of(a=a)) != write_manifest(manifest_of(a=b))


@pytest.mark.parametrize("encoding", ["gzip", None])
def test_the_first_format_is_still_read(encoding: str | None) -> None:
    """Releases outlive versions of ours. There, the object said whether it was compressed, and never with brotli."""
    line = read_manifest(json.dumps(FIRST_FORMAT).encode()).files["/"]
    body = gzip.compress(b"one", mtime=0) if encoding else b"one"
    blob = SiteFile(body, "text/html", encoding)

    assert plain_body(blob, line) == b"one"
    assert encoded_body(blob, line, Encoding.GZIP) == (body if encoding else None)
    assert encoded_body(blob, line, Encoding.BROTLI) is None


@pytest.mark.parametrize("format", [3, 0, "2", None])
def test_a_later_format_is_refused(format: object) -> None:
    """It would be served wrongly."""
    with pytest.raises(UnknownFormat):
        read_manifest(json.dumps(FIRST_FORMAT | {"format": format}).encode())


def test_what_compresses_badly_is_kept_as_it_is() -> None:
    """A text of a few bytes gets larger by compression."""
    packed = pack(SiteFile(b"User-agent: *\n", "text/plain"))

    assert packed.parts is None
    assert packed.object.body == b"User-agent: *\n"


def test_a_name_stands_for_the_bytes_that_are_kept() -> None:
    """Another compression of the same text is another object: a manifest's parts always fit."""
    style = SiteFile(b".card { color: red; margin: 0 auto }\n" * 30, "text/css; charset=utf-8")
    quick, thorough = pack(style), pack_shared(style)

    assert quick.sha256 == thorough.sha256
    assert (quick.name == thorough.name) == (quick.object == thorough.object)
    assert quick == pack(SiteFile(style.body, style.content_type))


def test_reading_a_release_needs_no_brotli() -> None:
    """The storefront hands bytes on; it never compresses."""
    code = (
        "import sys, provisioning.sites.routing; sys.exit('brotli' in sys.modules or 'jinja2' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
