"""
A merchant's picture made ready, in a process of its own that is killed where it takes too much.

A decoder is a large program that reads what a stranger wrote. It works in a fresh interpreter with an empty environment, and what comes
back is read as plain text and bytes. So a function loads no decoder, and neither a bomb nor a flaw in one takes it down.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provisioning.errors import Transient
from provisioning.media.formats import REFUSALS, Format, recognise, refusal

_SOURCES = Path(__file__).resolve().parents[2]
_BEGIN = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from provisioning.media.worker import main; main()"
#: One at a time in a process of ours, as one may take a core and most of the memory.
_TURN = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may take. `memory` and `answer` are bytes, `cpu`, `wall` and `wait` seconds."""

    memory: int = 768 * 1024 * 1024
    cpu: int = 40
    wall: float = 45
    #: How long others may take before this one has its turn.
    wait: float = 10
    #: Of all files together.
    answer: int = 8 * 1024 * 1024


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    type: str = Field(pattern=r"^image/(avif|webp|jpeg)$")
    width: int = Field(ge=1, le=20_000)
    height: int = Field(ge=1, le=20_000)
    size: int = Field(ge=1)


class _Told(BaseModel):
    """What the process says of the picture, before the bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refused: str | None = None
    width: int = Field(0, ge=0)
    height: int = Field(0, ge=0)
    files: tuple[_File, ...] = Field((), max_length=40)


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """One file of a picture, as it is served; sizes in pixels."""

    type: str
    width: int
    height: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadyPicture:
    """What was made of a picture: what it was, its upright size in pixels, and its files."""

    format: Format
    width: int
    height: int
    files: tuple[ReadyFile, ...]


def make_ready(body: bytes, limits: Limits | None = None) -> ReadyPicture:
    """
    Decode the picture and make its files. The same bytes give the same files.

    Raises `InvalidInput` saying why it is not taken, and `Transient` while others are being made.
    """
    limits = limits or Limits()
    format = recognise(body)
    if not _TURN.acquire(timeout=limits.wait):
        raise Transient("other pictures are being made ready", code="BUSY", retry_after=5)
    try:
        answered = _run(body, format, limits)
    finally:
        _TURN.release()
    return _read(answered, format)


def _run(body: bytes, format: Format, limits: Limits) -> bytes:
    """All that the process answers; empty where it was ended, or answers more than it may."""
    process = subprocess.Popen(  # noqa: S603  our own interpreter and words
        [sys.executable, "-I", "-c", _BEGIN, json.dumps([str(_SOURCES), *sys.path])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    watch = threading.Timer(limits.wall, process.kill)
    watch.start()
    try:
        assert process.stdin and process.stdout
        job = {"format": format, "memory": limits.memory, "cpu": limits.cpu}
        _hand_over(process.stdin, json.dumps(job).encode() + b"\n" + body)
        answered = process.stdout.read(limits.answer + 1)
        return answered if len(answered) <= limits.answer else b""
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()


def _hand_over(stream: IO[bytes], work: bytes) -> None:
    with suppress(BrokenPipeError):  # it has ended already, which is told where its answer is missing
        stream.write(work)
        stream.close()


def _read(answered: bytes, format: Format) -> ReadyPicture:
    head, _, bodies = answered.partition(b"\n")
    try:
        told = _Told.model_validate_json(head)
    except ValidationError:
        raise refusal("TOO_COSTLY") from None
    if told.refused is not None:
        raise refusal(told.refused if told.refused in REFUSALS else "DAMAGED")
    files: list[ReadyFile] = []
    for file in told.files:
        body, bodies = bodies[: file.size], bodies[file.size :]
        if len(body) != file.size:
            raise refusal("TOO_COSTLY")
        files.append(ReadyFile(file.type, file.width, file.height, body))
    return ReadyPicture(format, told.width, told.height, tuple(files))
