"""A manifest as the storefront keeps it: what was written, in little memory, and read in strides."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import TooNew, Unreadable
from provisioning.ports import SiteFile
from provisioning.sites.manifests import BYTES_OF_LINE, PLAIN, STRIDE, Contents, is_local, read_contents
from provisioning.sites.packing import pack, pack_shared
from provisioning.sites.releases import CacheClass, Manifest, Parts, Redirect, ReleasedFile, write_manifest

PAGE = SiteFile(b"<p>Ten lamps and a shade.</p>" * 40, "text/html; charset=utf-8")
FONT = SiteFile(bytes(range(256)), "font/woff2")


def _read(raw: bytes) -> Contents:
    return read_contents(raw, lambda: None)


def _manifest(**changes: Any) -> bytes:
    digest = hashlib.sha256(b"x").hexdigest()
    line = {
        "blob": f"stores/s1/blobs/{digest[:2]}/{digest}",
        "sha256": digest,
        "size": 1,
        "type": "text/html",
        "cache": "page",
    }
    content: dict[str, Any] = {"format": 2, "files": {"/": line | changes.pop("line", {})}, "redirects": {}}
    return json.dumps(content | changes, indent=changes.get("indent")).encode()


def test_it_says_what_was_written() -> None:
    """The writer's lines, with parts and without, and the redirects."""
    lines = {
        "/": pack(PAGE).line("stores/s1", CacheClass.PAGE, "0f" * 32),
        "/assets/a.woff2": pack_shared(FONT).line("platform", CacheClass.IMMUTABLE),
        "/404.html": pack(PAGE).line("stores/s1", CacheClass.SYSTEM),
        "/ü/\u2028": pack(FONT).line("stores/s1", CacheClass.PAGE),
    }
    contents = _read(
        write_manifest(Manifest("s1", "modern", "1.0.0", lines, {"/old/": Redirect("/new/", 302)}))
    )

    assert contents.redirects == {"/old/": ("/new/", 302)}
    assert contents.lines.keys() == lines.keys()
    for path, written in lines.items():
        line = contents.lines[path]
        assert (line.blob, line.tag, line.size) == (written.blob, written.sha256[:32], written.size)
        assert (line.content_type, line.cache) == (written.content_type, written.cache)
        assert (line.br, line.gzip) == ((written.parts.br, written.parts.gzip) if written.parts else (0, 0))
        assert line.codings == (("br", "gzip", "") if written.parts else PLAIN)


def test_a_blob_of_any_name_is_found() -> None:
    """A name without a hash is kept as it is."""
    for blob in (
        "stores/s1/media/photo.avif",
        "stores/s1/blobs/00/00",
        "blobs/x",
        f"x/blobs/ab/{'z' * 64}",
        f"x/blobs/ab/{'0' * 64}",
    ):
        assert _read(_manifest(line={"blob": blob})).lines["/"].blob == blob


@pytest.mark.parametrize("content_type", ["text/css", "image/svg+xml", "application/json"])
def test_a_text_of_the_first_format_may_be_gzip(content_type: str) -> None:
    line = _read(_manifest(format=1, line={"type": content_type})).lines["/"]

    assert line.codings == ("gzip", "")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"format":2,"files":{',
        b'{"format":2,"files":[]}',
        b'{"format":2,"files":{"/":{}}}',
        b'{"format":2,"files":{"/":null}}',
        b'{"format":2 "files":{}}',
        b"\xff\xfe",
        _manifest(line={"cache": "forever"}),
        _manifest(line={"sha256": "no hash"}),
        _manifest(line={"size": "many"}),
        _manifest(redirects={"/a/": {}}),
    ],
)
def test_what_is_no_manifest_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        _read(raw)


@given(st.binary(max_size=60), st.integers(0, 400))
def test_a_damaged_manifest_is_read_or_refused(noise: bytes, place: int) -> None:
    """Never another error."""
    raw = _manifest()
    with suppress(Unreadable):
        _read(raw[:place] + noise + raw[place + len(noise) :])


@pytest.mark.parametrize("format", [0, 3, "2", None])
def test_a_later_format_waits_for_a_later_version(format: Any) -> None:
    with pytest.raises(TooNew):
        _read(_manifest(format=format))


def test_space_and_order_do_not_matter() -> None:
    raw = json.loads(_manifest())
    turned = json.dumps(dict(reversed(raw.items())), indent=2).encode()

    assert _read(turned) == _read(_manifest())


@pytest.mark.parametrize("address", ["/", "/a/?b=c", "/caf\u00e9/", "/a%20b/"])
def test_a_path_is_local(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize(
    "address", ["", "a", "//a", "/\\a", "/a b", "/a\n", "/\ta", "https://a/", "/\x7f", "/" + "a" * 3_000]
)
def test_what_a_browser_could_take_for_another_host_is_not(address: str) -> None:
    assert not is_local(address)


def _large(files: int) -> bytes:
    lines = {
        f"/products/a-product-with-a-usual-name-{number}/": ReleasedFile(
            blob=f"stores/s1/blobs/{digest[:2]}/{digest}",
            sha256=hashlib.sha256(digest.encode()).hexdigest(),
            size=20_000 + number,
            content_type="text/html; charset=utf-8",
            cache=CacheClass.PAGE,
            parts=Parts(4_000 + number, 5_000 + number),
            made_from=digest,
        )
        for number in range(files)
        if (digest := hashlib.sha256(str(number).encode()).hexdigest())
    }
    return write_manifest(Manifest("s1", "upfront-modern", "1.0.0", lines))


def test_others_get_their_turn_while_a_large_one_is_read() -> None:
    """Every hundred lines, so that thousands of products of one store hold up no visitor of another."""
    turns: list[int] = []
    contents = read_contents(_large(5_000), lambda: turns.append(1))

    assert len(contents.lines) == 5_000
    assert len(turns) >= 5_000 // STRIDE - 1


def test_a_large_one_takes_the_memory_that_is_counted_for_it() -> None:
    """Within a fifth: what the caches bound is what the process really uses."""
    raw = _large(5_000)
    tracemalloc.start()
    contents = _read(raw)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert contents.size == 5_000 * BYTES_OF_LINE
    assert 0.8 * contents.size <= used <= 1.2 * contents.size
