"""Theme archives: the same content is the same bytes, and nothing hostile gets past the reading."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.errors import InvalidInput
from provisioning.themes import archives
from provisioning.themes.archives import Archive, is_safe_name, pack, unpack
from provisioning.themes.choices import Customisation
from provisioning.themes.declarations import Extends

FILES = {
    "theme.json": b'{"slug": "mine"}\n',
    "assets/own.css": b"main { color: green; }\n",
    "sections/hero.html": b"<h1>{{ section.settings.heading }}</h1>\n",
    "LICENSE": b"Ours.\n",
}
MINE = Archive("mine", "1.2.0", Extends(slug="upfront-base", version="1.0.0"), FILES)


def codes(body: bytes) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        unpack(body)
    return {(problem.field, problem.code) for problem in refused.value.fields}


def zipped(*entries: tuple[str, bytes], **how: object) -> bytes:
    """A zip file of these entries, as any tool would write it; `how` sets attributes of every entry."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in entries:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for field, value in how.items():
                setattr(entry, field, value)
            target.writestr(entry, body)
    return written.getvalue()


def rewritten(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A sound archive whose entries were changed afterwards."""
    with zipfile.ZipFile(io.BytesIO(pack(MINE))) as source:
        entries = {name: source.read(name) for name in source.namelist()}
    change(entries)
    return zipped(*entries.items())


@pytest.mark.parametrize(
    "archive",
    [
        MINE,
        Archive("mine", "1.2.0", customisation=Customisation(settings={"accent": "#004225"})),
        Archive("mine", "1.2.0", None, FILES, Customisation(preset="dark", orders={"index": ("hero",)})),
    ],
    ids=["theme", "settings", "theme and settings"],
)
def test_what_is_packed_is_unpacked(archive: Archive) -> None:
    """All of it, and packed again it is the same bytes."""
    body = pack(archive)
    again = unpack(body)

    assert (again.slug, again.version, again.extends, again.kind) == (
        archive.slug,
        archive.version,
        archive.extends,
        archive.kind,
    )
    assert dict(again.files) == dict(archive.files)
    assert again.customisation == archive.customisation
    assert pack(again) == body


def test_the_order_of_files_does_not_matter() -> None:
    """Nor does the time, nor the machine."""
    other = Archive("mine", "1.2.0", MINE.extends, dict(reversed(FILES.items())))

    assert pack(other) == pack(MINE)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.html",
        "theme/../../evil.html",
        "/etc/passwd",
        "theme\\..\\evil.html",
        "C:/evil.html",
        "theme/./a.css",
        "theme//a.css",
        "theme/a\x00.css",
        "theme/a\n.css",
        "theme/con.html",
        "theme/LPT1",
        "theme/a.",
        "theme/-rf",
        "theme/\u202egnp.css",
        "theme/ａ.css",
        "theme/" + "a/" * 8 + "a.css",
        "theme/" + "a" * 200,
        "",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    """Out of the folder, to a device, or to something that looks like another name."""
    assert not is_safe_name(name)
    if name and "\x00" not in name:
        assert codes(zipped(("archive.json", b"{}"), (name, b"x"))) == {("archive", "WRONG_NAME")}


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFDIR, stat.S_IFSOCK]
)
def test_links_and_devices_are_refused(kind: int) -> None:
    """Only plain files are in a package."""
    body = zipped(("theme/a.css", b"/etc/passwd"), external_attr=(kind | 0o777) << 16)

    assert codes(body) == {("theme/a.css", "NOT_A_FILE")}


def test_a_bomb_is_refused_before_it_is_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    """By what its directory says."""
    bomb = zipped(("theme/a.css", b"\x20" * 20_000_000))
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was opened"))

    assert codes(bomb) == {("theme/a.css", "BOMB")}


def test_a_bomb_that_lies_about_its_size_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """While inflating, at the byte behind what was said."""
    body = bytearray(zipped(("theme/a.css", b"\x20" * 20_000_000)))
    directory = body.rindex(b"PK\x01\x02")
    struct.pack_into("<L", body, directory + 24, 1_000)
    read: list[int] = []
    inflate = zipfile.ZipExtFile.read

    def counted(opened: zipfile.ZipExtFile, n: int = -1) -> bytes:
        read.append(n)
        return inflate(opened, n)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    found = codes(bytes(body))

    assert found & {("archive", "NOT_A_ZIP"), ("theme/a.css", "WRONG_SIZE")}
    assert max(read) <= 1_001


def test_limits_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """In bytes, in bytes unpacked, in files."""
    monkeypatch.setattr(archives, "MAX_FILES", 3)
    assert codes(pack(MINE)) == {("archive", "TOO_MANY")}
    monkeypatch.setattr(archives, "MAX_FILES", 100)
    monkeypatch.setattr(archives, "MAX_EXPANDED", 60)
    assert codes(pack(MINE)) == {("archive", "TOO_LARGE")}
    monkeypatch.setattr(archives, "MAX_BYTES", 60)
    assert codes(pack(MINE)) == {("archive", "TOO_LARGE")}


def test_entries_of_one_name_are_refused() -> None:
    """Also where only some file systems would take them for one."""
    assert codes(zipped(("theme/a.css", b"1"), ("theme/A.CSS", b"2"))) == {("archive", "REPEATED")}
    with pytest.warns(UserWarning, match="Duplicate"):
        body = zipped(("theme/a.css", b"1"), ("theme/a.css", b"2"))
    assert codes(body) == {("archive", "REPEATED")}


def test_entries_that_overlap_are_refused() -> None:
    """Many names for one large block of bytes are a bomb as well."""
    body = bytearray(zipped(("theme/a.css", b"a" * 50), ("theme/b.css", b"a" * 50)))
    second = body.rindex(b"PK\x01\x02")
    struct.pack_into("<L", body, second + 42, 5)

    assert codes(bytes(body)) & {("archive", "OVERLAP"), ("archive", "NOT_A_ZIP")}


def test_encrypted_entries_are_refused() -> None:
    """Nobody could look into them."""
    body = bytearray(zipped(("theme/a.css", b"a")))
    struct.pack_into("<H", body, body.rindex(b"PK\x01\x02") + 8, 1)

    assert codes(bytes(body)) == {("theme/a.css", "ENCRYPTED")}


@pytest.mark.parametrize(
    "body",
    [b"", b"PK", b"GIF89a" + pack(MINE), pack(MINE)[:-30], pack(MINE)[:200], b"PK\x03\x04" + b"\x00" * 100],
    ids=["empty", "two letters", "behind a picture", "cut at the end", "cut in the middle", "zeros"],
)
def test_what_is_no_zip_file_is_refused(body: bytes) -> None:
    """With one sentence, and without an exception of a library's."""
    assert codes(body) == {("archive", "NOT_A_ZIP")}


def test_a_damaged_file_is_refused() -> None:
    """The zip file's own sums tell."""
    body = bytearray(zipped(("theme/a.css", bytes(range(256)) * 8)))
    body[60] ^= 0xFF

    assert codes(bytes(body)) == {("archive", "NOT_A_ZIP")}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_tar_archives_are_refused_unread(mode: str, kind: bytes) -> None:
    """Whatever links, devices or absolute paths are in them."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode=mode) as target:  # type: ignore[call-overload]
        member = tarfile.TarInfo("/etc/cron.d/evil")
        member.type, member.linkname = kind, "../../etc/passwd"
        target.addfile(member)

    assert codes(written.getvalue()) == {("archive", "NOT_A_ZIP")}


# --- What it holds ---------------------------------------------------------------------------------------


def test_a_file_that_the_index_does_not_list_is_refused() -> None:
    """And one that it lists and that is not there."""
    assert codes(rewritten(lambda e: e.update({"theme/assets/more.css": b""}))) == {
        ("archive.json", "WRONG_FILES")
    }
    assert codes(rewritten(lambda e: e.pop("theme/LICENSE"))) == {("archive.json", "WRONG_FILES")}


def test_a_file_that_was_changed_is_refused() -> None:
    """The index has its sum."""
    assert codes(rewritten(lambda e: e.update({"theme/LICENSE": b"Mine.\n"}))) == {
        ("theme/LICENSE", "DAMAGED")
    }


@pytest.mark.parametrize(
    "index",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"format": 2}',
        b'{"format": 1, "kind": "theme", "theme": {"slug": "../x"}}',
    ],
)
def test_an_index_that_says_something_else_is_refused(index: bytes) -> None:
    """And its text is not repeated."""
    found = codes(rewritten(lambda e: e.update({"archive.json": index})))

    assert {field for field, _ in found} == {"archive.json"}


def test_an_archive_without_an_index_is_refused() -> None:
    """Any zip file of a theme's folder is not yet one of ours."""
    assert codes(rewritten(lambda e: e.pop("archive.json"))) == {("archive.json", "MISSING")}


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("evil.py", b"import os", "UNKNOWN_FILE"),
        ("assets/evil.php", b"<?php", "UNKNOWN_FILE"),
        ("assets/nested.zip", b"PK\x03\x04", "UNKNOWN_FILE"),
        ("assets/picture.webp", b"<html>", "WRONG_CONTENT"),
        ("assets/picture.webp", b"RIFF\x00\x00\x00\x00WAVE", "WRONG_CONTENT"),
        ("assets/font.woff2", b"OTTO", "WRONG_CONTENT"),
        ("assets/photo.jpg", b"GIF89a", "WRONG_CONTENT"),
        ("assets/own.css", b"\xff\xfe", "WRONG_CONTENT"),
        ("sections/hero.html", b"a\x00b", "WRONG_CONTENT"),
        ("preview/evil.svg", b"<svg/>", "UNKNOWN_FILE"),
        (".htaccess", b"", None),
    ],
)
def test_a_file_that_has_no_place_in_a_package_is_refused(name: str, body: bytes, code: str | None) -> None:
    """By its name, or by what it really is."""
    archive = Archive("mine", "1.0.0", None, {"theme.json": b"{}", name: body})
    found = codes(pack(archive))

    assert found == ({(name, code)} if code else {("archive", "WRONG_NAME")})


def test_values_that_are_none_are_refused() -> None:
    """A customisation is checked by its shape here, and by the theme when it is used."""
    sound = Archive("mine", "1.0.0", customisation=Customisation(settings={"a": 1}))
    body = pack(sound)
    with zipfile.ZipFile(io.BytesIO(body)) as source:
        entries = {name: source.read(name) for name in source.namelist()}
    values = b'{"settings": {"A b": 1}}'
    index = json.loads(entries["archive.json"])

    index["files"][0] |= {"size": len(values), "sha256": hashlib.sha256(values).hexdigest()}
    changed = zipped(("archive.json", json.dumps(index).encode()), ("customisation.json", values))

    assert codes(changed) == {("customisation.json", "WRONG_VALUE")}


def test_reading_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it happens in memory."""
    monkeypatch.chdir(tmp_path)
    unpack(pack(MINE))

    assert list(tmp_path.iterdir()) == []
