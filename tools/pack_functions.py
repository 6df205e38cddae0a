"""
Packs what is deployed: one zip for all functions, named by its content.

    python tools/pack_functions.py --out dist

writes `dist/functions/<sha256>.zip` and prints that name below `dist`. The same tree gives the same bytes on any machine and at any time: files are
sorted, stored uncompressed (what a compressor makes differs between its versions), and have one date and one mode.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: All that a function needs at its build and at its work.
PACKED = ("functions", "requirements.txt", "src", "themes")
#: A zip knows no earlier time.
_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644
_UNIX = 3


class Unpackable(Exception):
    """The tree holds something that cannot be packed; the message names it."""


def files_of(root: Path) -> list[Path]:
    """What is packed of the tree under `root`, in the order of the zip. Raises `Unpackable`."""
    found = sorted(
        (file for name in PACKED for file in _below(root / name)), key=lambda file: file.as_posix()
    )
    for file in found:
        if file.is_symlink():
            raise Unpackable(f"{file.relative_to(root)} is a link: a zip holds files alone")
    return found


def _below(path: Path) -> Iterator[Path]:
    if path.is_file() or path.is_symlink():
        yield path
        return
    if not path.is_dir():
        raise Unpackable(f"{path.name} is missing: pack from a whole checkout")
    for child in path.iterdir():
        if not _is_left_behind(child):
            yield from _below(child)


def _is_left_behind(path: Path) -> bool:
    """What tools leave in a working tree, and what is hidden."""
    return path.name.startswith(".") or path.name == "__pycache__" or path.suffix in {".pyc", ".egg-info"}


def pack(root: Path = ROOT) -> bytes:
    """The zip. Raises `Unpackable`."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_STORED) as archive:
        for file in files_of(root):
            entry = zipfile.ZipInfo(file.relative_to(root).as_posix(), _DATE)
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            archive.writestr(entry, file.read_bytes())
    return body.getvalue()


def name_of(body: bytes) -> str:
    """The object's name in the bucket of sources: whoever has the bytes can check it, and it never means other bytes."""
    return f"functions/{hashlib.sha256(body).hexdigest()}.zip"


def write(out: Path, root: Path = ROOT) -> str:
    """Write the zip below `out`; the name that it has there and in the bucket."""
    body = pack(root)
    name = name_of(body)
    file = out / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return name


def main() -> int:
    parser = argparse.ArgumentParser(description="Pack all functions into one zip, named by its content.")
    parser.add_argument("--out", type=Path, default=Path("dist"), help="the folder to write to")
    try:
        name = write(parser.parse_args().out)
    except Unpackable as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    print(name)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
