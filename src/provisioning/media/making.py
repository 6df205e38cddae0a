"""
A merchant's picture made ready, in a process of its own that is killed where it takes too much.

A decoder is a large program that reads what a stranger wrote. It works in a fresh interpreter with an empty environment, and what comes
back is read as plain text and bytes. So a function loads no decoder, and neither a bomb nor a flaw in one takes it down.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provisioning.confinement import Worker, Workers
from provisioning.media.formats import REFUSALS, Format, recognise, refusal

_WORKERS = Workers("provisioning.media.worker", "other pictures are being made ready")


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
    with _WORKERS.start(limits.wall, limits.wait) as worker:
        answered = _run(worker, body, format, limits)
    return _read(answered, format)


def _run(worker: Worker, body: bytes, format: Format, limits: Limits) -> bytes:
    """All that the process answers; empty where it was ended, or answers more than it may."""
    job = {"format": format, "memory": limits.memory, "cpu": limits.cpu}
    worker.hand_over(lambda stream: stream.write(json.dumps(job).encode() + b"\n" + body))
    answered = worker.answer.read(limits.answer + 1)
    return answered if len(answered) <= limits.answer else b""


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
