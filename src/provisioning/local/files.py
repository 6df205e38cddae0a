"""Site files in a folder: each is one file that begins with a line of JSON on what it is, followed by its bytes."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from provisioning.errors import FieldError, InvalidInput, Transient
from provisioning.ports import KeptFile, SiteFile

#: No name may hold this character. As the last one of every file it lets `a` and `a/b` be there together.
_MARK = "~"
_SEGMENT = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_PREFIX = re.compile(r"[A-Za-z0-9_./-]*")
_MAX_LENGTH = 1024


class FolderSiteFiles:
    """
    The port `SiteFiles`.

    A name holds at most 1024 characters, 200 between two slashes. A file is there whole or not at all, even after a power cut.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unfinished = folder / _MARK
        with _translated():
            self._unfinished.mkdir(parents=True, exist_ok=True)

    def put(self, name: str, file: SiteFile) -> None:
        path = self._path(name)
        with _translated():
            if path.is_file():
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            head = json.dumps({"content_type": file.content_type, "encoding": file.encoding}).encode()
            create_file(path, head + b"\n" + file.body, self._unfinished)

    def get(self, name: str) -> SiteFile | None:
        path = self._path(name)
        with _translated():
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                return None
        head, _, body = content.partition(b"\n")
        return SiteFile(body, **json.loads(head))

    def exists(self, name: str) -> bool:
        path = self._path(name)
        with _translated():
            return path.is_file()

    def list(self, prefix: str) -> list[str]:
        if not _is_prefix(prefix):
            _refuse()
        with _translated():
            return sorted(name for name, _ in self._walk(prefix))

    def entries(self, prefix: str) -> Sequence[KeptFile]:
        if not _is_prefix(prefix):
            _refuse()
        kept: list[KeptFile] = []
        with _translated():
            for name, path in sorted(self._walk(prefix)):
                # Between the look into the folder and the look at the file it may have been removed.
                with suppress(FileNotFoundError):
                    stat = path.stat()
                    put_at = datetime.fromtimestamp(stat.st_mtime, UTC)
                    kept.append(KeptFile(name, stat.st_size, put_at))
        return kept

    def _walk(self, prefix: str) -> Iterator[tuple[str, Path]]:
        top = self._folder.joinpath(*prefix.split("/")[:-1])
        for folder, _, files in os.walk(top):
            if Path(folder) == self._unfinished:
                continue
            for file in files:
                path = Path(folder, file)
                name = path.relative_to(self._folder).as_posix().removesuffix(_MARK)
                if name.startswith(prefix):
                    yield name, path

    def delete(self, name: str) -> None:
        path = self._path(name)
        with _translated():
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        segments = name.split("/")
        if len(name) > _MAX_LENGTH or any(not _is_segment(segment) for segment in segments):
            _refuse()
        return self._folder.joinpath(*segments[:-1], segments[-1] + _MARK)


def create_file(path: Path, content: bytes, unfinished: Path) -> bool:
    """
    Write a file that must not exist, whole or not at all; False when it exists, and nothing changes.

    `unfinished` is a folder on the same disk for what is not yet complete.
    """
    handle, temporary = tempfile.mkstemp(dir=unfinished)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        return _link(Path(temporary), path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _link(temporary: Path, path: Path) -> bool:
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    except OSError:
        # Some file systems (FAT, shared folders of virtual machines) have no hard links.
        if path.exists():
            return False
        temporary.replace(path)
    return True


def _is_prefix(prefix: str) -> bool:
    return _PREFIX.fullmatch(prefix) is not None and not any(p in (".", "..") for p in prefix.split("/")[:-1])


def _is_segment(segment: str) -> bool:
    return segment not in (".", "..") and _SEGMENT.fullmatch(segment) is not None


def _refuse() -> NoReturn:
    message = "must be segments of letters, digits, '_', '.' and '-', none of them '.' or '..', joined by '/'"
    raise InvalidInput((FieldError("name", "INVALID_NAME", message),))


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise Transient(f"the folder of site files does not work: {error.strerror}", code="FOLDER") from error
