"""What is special to site files in a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from provisioning.errors import InvalidInput, Transient
from provisioning.local.files import FolderSiteFiles
from provisioning.ports import SiteFile

PAGE = SiteFile(b"page", "text/html")


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_first_bytes_stay(tmp_path: Path) -> None:
    """A second put writes nothing, and leaves nothing unfinished behind."""
    files = FolderSiteFiles(tmp_path)
    files.put("s1/a", PAGE)
    files.put("s1/a", SiteFile(b"other", "text/plain"))

    assert files.get("s1/a") == PAGE
    assert len(files_under(tmp_path)) == 1


def test_a_folder_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on FAT, or in a folder shared with a virtual machine."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    files = FolderSiteFiles(tmp_path)
    files.put("s1/a", PAGE)
    files.put("s1/a", SiteFile(b"other", "text/plain"))

    assert files.get("s1/a") == PAGE
    assert len(files_under(tmp_path)) == 1


def test_an_interrupted_put_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full before the last byte; afterwards the same put works."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    files = FolderSiteFiles(tmp_path)
    with monkeypatch.context() as patch, pytest.raises(Transient):
        patch.setattr(os, "fsync", fail)
        files.put("s1/a", PAGE)

    assert not files.exists("s1/a")
    assert files_under(tmp_path) == []
    files.put("s1/a", PAGE)
    assert files.get("s1/a") == PAGE


def test_what_lies_beside_the_folder_is_out_of_reach(tmp_path: Path) -> None:
    """Neither read, listed, written nor removed, by any way up."""
    outside = tmp_path / "secret~"
    outside.write_bytes(b"{}\nsecret")
    files = FolderSiteFiles(tmp_path / "files")

    for name in ("../secret", "s1/../../secret", str(tmp_path / "secret"), "./../secret"):
        with pytest.raises(InvalidInput):
            files.get(name)
        with pytest.raises(InvalidInput):
            files.put(name, PAGE)
        with pytest.raises(InvalidInput):
            files.delete(name)
    for prefix in ("../", "s1/../../", "../secret"):
        with pytest.raises(InvalidInput):
            files.list(prefix)
    assert files.list(str(tmp_path) + "/") == []

    assert outside.read_bytes() == b"{}\nsecret"


def test_what_is_not_finished_is_not_listed(tmp_path: Path) -> None:
    """A killed process may leave some behind."""
    files = FolderSiteFiles(tmp_path)
    files.put("s1/a", PAGE)
    (tmp_path / "~" / "tmpabc").write_bytes(b"half")

    assert files.list("") == ["s1/a"]


def test_a_name_longer_than_the_disk_allows_is_refused(tmp_path: Path) -> None:
    """Between two slashes."""
    with pytest.raises(InvalidInput):
        FolderSiteFiles(tmp_path).put("s1/" + "a" * 201, PAGE)
