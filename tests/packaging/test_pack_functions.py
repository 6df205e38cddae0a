"""The zip is the same whoever builds it, holds what the functions need and nothing else, and is named by its bytes."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tools.pack_functions import PACKED, ROOT, Unpackable, files_of, name_of, pack, write

from provisioning.local.functions import FUNCTIONS


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree with every packed name, and with what tools leave behind."""
    root = tmp_path / "tree"
    for name in (
        "functions/sweep/main.py",
        "src/provisioning/a.py",
        "themes/t/theme.json",
        "requirements.txt",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def _names(body: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(body)).namelist()


def test_two_builds_of_one_tree_are_the_same_bytes(tmp_path: Path) -> None:
    """Another process, another folder, other times, another umask and another hash seed: byte for byte the same."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in PACKED:
        source = ROOT / name
        shutil.copytree(source, copy / name) if source.is_dir() else shutil.copyfile(source, copy / name)
    for file in copy.rglob("*.py"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
        file.chmod(0o755)
    command = (
        "import sys; from pathlib import Path; from tools.pack_functions import write;"
        "print(write(Path(sys.argv[1]), Path(sys.argv[2])))"
    )
    built = subprocess.run(
        [sys.executable, "-c", command, str(tmp_path / "out"), str(copy)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    name = built.stdout.strip()

    first = pack()

    assert name_of(first) == name
    assert (tmp_path / "out" / name).read_bytes() == first


def test_the_name_is_the_digest_of_the_bytes(tree: Path, tmp_path: Path) -> None:
    """Who has the zip can check its name."""
    name = write(tmp_path / "out", tree)

    digest = hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest()
    assert name == f"functions/{digest}.zip"


@pytest.mark.parametrize("changed", ["functions/sweep/main.py", "themes/t/theme.json", "requirements.txt"])
def test_another_content_has_another_name(tree: Path, changed: str) -> None:
    """One byte more in any of its parts."""
    before = name_of(pack(tree))
    with (tree / changed).open("a") as file:
        file.write(" ")

    assert name_of(pack(tree)) != before


def test_it_holds_what_is_tracked() -> None:
    """Every tracked file of the packed folders, and none that is not: no cache, no hidden file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *PACKED],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    tracked = {name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).exists()}

    assert set(_names(pack())) == tracked
    assert {f"functions/{function.name}/main.py" for function in FUNCTIONS} <= tracked


def test_what_tools_leave_behind_stays_out(tree: Path) -> None:
    """Caches, package metadata and hidden files change nothing."""
    before = pack(tree)
    for name in (
        "src/provisioning/__pycache__/a.cpython-311.pyc",
        "src/provisioning.egg-info/PKG-INFO",
        "functions/.env",
        "themes/.DS_Store",
        "src/provisioning/old.pyc",
    ):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("left")

    assert pack(tree) == before


def test_its_entries_are_sorted_plain_files(tree: Path) -> None:
    """One order, one date, one mode, and nothing compressed."""
    entries = zipfile.ZipFile(io.BytesIO(pack(tree))).infolist()

    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.external_attr >> 16, entry.compress_type) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, zipfile.ZIP_STORED)
    }


def test_a_link_is_refused(tree: Path) -> None:
    """What it points to may be another file tomorrow, or one outside the tree."""
    (tree / "src" / "provisioning" / "b.py").symlink_to(tree / "requirements.txt")

    with pytest.raises(Unpackable, match=r"src/provisioning/b\.py is a link"):
        files_of(tree)


def test_a_missing_part_is_named(tree: Path) -> None:
    """Half a checkout is not deployed."""
    shutil.rmtree(tree / "themes")

    with pytest.raises(Unpackable, match="themes is missing"):
        pack(tree)


def test_it_is_within_the_limits() -> None:
    """A function's source may have 100 MB, and an instance reads it at each cold start: it has a tenth of that."""
    assert len(pack()) < 10_000_000
