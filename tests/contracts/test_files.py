"""What every `SiteFiles` promises."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from provisioning.errors import InvalidInput
from provisioning.ports import SiteFile, SiteFiles
from tests.contracts.races import race

PAGE = SiteFile(b"<!doctype html><title>Shop</title>", "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "file",
    [
        PAGE,
        SiteFile(gzip.compress(b"body{}", mtime=0), "text/css", "gzip"),
        SiteFile(b"", "text/plain"),
        SiteFile(bytes(range(256)), "application/octet-stream"),
        SiteFile(b"\n{}\n\n", "application/json"),
        SiteFile(b"\x00" * 3_000_000, "image/png"),
    ],
    ids=["page", "gzip", "empty", "every-byte", "line-breaks", "three-million"],
)
def test_a_file_comes_back_as_it_was_put(files: SiteFiles, file: SiteFile) -> None:
    """Bytes (never unpacked), content type and encoding."""
    files.put("s1/blobs/abc.html", file)

    assert files.get("s1/blobs/abc.html") == file


def test_a_missing_file_is_none(files: SiteFiles) -> None:
    """Also where a folder of that name would be."""
    files.put("s1/blobs/abc", PAGE)

    assert files.get("s1/blobs/none") is None
    assert files.get("s1/blobs") is None
    assert not files.exists("s1/blobs")


def test_a_file_exists_once_put_until_deleted(files: SiteFiles) -> None:
    """`exists` and `get` agree."""
    assert not files.exists("s1/a")
    files.put("s1/a", PAGE)
    assert files.exists("s1/a")
    files.delete("s1/a")

    assert not files.exists("s1/a")
    assert files.get("s1/a") is None


def test_a_second_put_is_a_success(files: SiteFiles) -> None:
    """The file is one of the two."""
    other = SiteFile(b"other", "text/plain")
    files.put("s1/a", PAGE)
    files.put("s1/a", other)

    assert files.get("s1/a") in (PAGE, other)


def test_a_deleted_file_may_be_put_again(files: SiteFiles) -> None:
    """And deleting none is a no-op."""
    files.put("s1/a", PAGE)
    files.delete("s1/a")
    files.delete("s1/a")
    files.put("s1/a", PAGE)

    assert files.get("s1/a") == PAGE


def test_puts_of_one_name_at_once_all_succeed(files: SiteFiles) -> None:
    """And leave one whole file."""
    bodies = [str(n).encode() * 50_000 for n in range(8)]

    race(lambda n: files.put("s1/a", SiteFile(bodies[n], "text/plain")))

    found = files.get("s1/a")
    assert found is not None
    assert found.body in bodies


def test_a_name_may_begin_another(files: SiteFiles) -> None:
    """`a` and `a/b` are two files."""
    other = SiteFile(b"other", "text/plain")
    files.put("s1/a", PAGE)
    files.put("s1/a/b", other)

    assert (files.get("s1/a"), files.get("s1/a/b")) == (PAGE, other)
    assert files.list("s1/") == ["s1/a", "s1/a/b"]


NAMES = ["s1/a", "s1/b/c", "s1/b-2/c", "s1/b.txt", "s10/a", "s2/a", "S1/a"]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", ["S1/a", "s1/a", "s1/b-2/c", "s1/b.txt", "s1/b/c", "s10/a", "s2/a"]),
        ("s1", ["s1/a", "s1/b-2/c", "s1/b.txt", "s1/b/c", "s10/a"]),
        ("s1/", ["s1/a", "s1/b-2/c", "s1/b.txt", "s1/b/c"]),
        ("s1/b", ["s1/b-2/c", "s1/b.txt", "s1/b/c"]),
        ("s1/b/", ["s1/b/c"]),
        ("s1/b/c", ["s1/b/c"]),
        ("s1/none/", []),
        ("/", []),
    ],
)
def test_a_list_holds_the_names_with_its_prefix(files: SiteFiles, prefix: str, expected: list[str]) -> None:
    """In order; a prefix may end within a segment."""
    for name in NAMES:
        files.put(name, PAGE)

    assert files.list(prefix) == expected


def test_entries_say_how_large_and_how_old(files: SiteFiles) -> None:
    """The names of `list`; the size is about that of the bytes; a second put does not make a file younger."""
    began = datetime.now(UTC)
    files.put("s1/a", SiteFile(b"x" * 10_000, "text/plain"))
    files.put("s1/b/c", PAGE)
    files.put("s2/a", PAGE)
    first = files.entries("s1/")
    files.put("s1/a", SiteFile(b"y" * 20_000, "text/plain"))

    assert [entry.name for entry in first] == files.list("s1/") == ["s1/a", "s1/b/c"]
    assert list(files.entries("s1/")) == list(first)
    assert [10_000 <= entry.size < 11_000 for entry in first] == [True, False]
    # Another machine's clock, and the coarse one of a file system.
    slack = timedelta(seconds=5)
    assert all(began - slack <= entry.put_at <= datetime.now(UTC) + slack for entry in first)
    assert list(files.entries("s3/")) == []
    with pytest.raises(InvalidInput):
        files.entries("s1 ")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "/etc/passwd",
        "s1/../s2/a",
        "..",
        ".",
        "s1/./a",
        "s1//a",
        "s1/a/",
        "s1\\a",
        "s1/a b",
        "s1/é",
        "s1/a\n",
        "s1/a\x00",
        "s1/a~",
        "s1/%2e%2e/a",
        "a/" * 600 + "a",
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(files: SiteFiles, name: str) -> None:
    """In every call, so that no store reaches another's files."""
    calls: list[Callable[[], object]] = [
        lambda: files.put(name, PAGE),
        lambda: files.get(name),
        lambda: files.exists(name),
        lambda: files.delete(name),
    ]
    for call in calls:
        with pytest.raises(InvalidInput):
            call()

    assert files.list("") == []


@pytest.mark.parametrize("prefix", ["s1 ", "é", "s1/*", "a\n"])
def test_a_prefix_that_no_name_can_have_is_refused(files: SiteFiles, prefix: str) -> None:
    """It is a mistake of the caller's."""
    with pytest.raises(InvalidInput):
        files.list(prefix)
