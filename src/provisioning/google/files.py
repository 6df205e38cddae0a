"""
`SiteFiles` on Cloud Storage.

The client honours `STORAGE_EMULATOR_HOST`. An upload says "only if there is nothing yet" (generation 0): so a repeated upload, ours or
the client's own, never replaces a file, and the refusal (412) means that the file is there.
"""
# The client library is not typed.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import requests
from google.api_core import exceptions as google

from provisioning.errors import FieldError, InvalidInput, Misconfigured, Transient
from provisioning.google.errors import translated
from provisioning.ports import KeptFile, SiteFile

if TYPE_CHECKING:
    from google.cloud import storage

_SEGMENT = re.compile(r"[A-Za-z0-9_.-]+")
_PREFIX = re.compile(r"[A-Za-z0-9_./-]*")
_MAX_NAME = 1024


class StorageSiteFiles:
    """
    Site files in one bucket. `timeout` is in seconds and bounds each call with all its repetitions.

    (Each try waits half of it for an answer, and the last one begins in its first half.)
    """

    def __init__(self, bucket: str, timeout: float = 3.0, project: str | None = None) -> None:
        self._name = bucket
        self._timeout = timeout
        self._project = project

    @cached_property
    def _bucket(self) -> storage.Bucket:
        from google.cloud import storage

        return storage.Client(project=self._project).bucket(self._name)

    @property
    def _bounds(self) -> dict[str, Any]:
        from google.cloud.storage.retry import DEFAULT_RETRY

        half = self._timeout / 2
        # The library's own choice of what to repeat; its own two minutes would outlive the step.
        retry = DEFAULT_RETRY.with_delay(initial=0.05, maximum=0.5).with_timeout(half)
        return {"timeout": half, "retry": retry}

    def put(self, name: str, file: SiteFile) -> None:
        blob = self._bucket.blob(_checked(name))
        blob.content_encoding = file.encoding
        with self._translated():
            try:
                blob.upload_from_string(
                    file.body, content_type=file.content_type, if_generation_match=0, **self._bounds
                )
            except google.PreconditionFailed:
                return
            except google.NotFound:
                raise self._no_bucket() from None

    def get(self, name: str) -> SiteFile | None:
        from google.cloud.storage.exceptions import DataCorruption

        blob = self._bucket.blob(_checked(name))
        with self._translated():
            try:
                # Raw: the bytes as they were put, not what they are once unpacked.
                body = blob.download_as_bytes(raw_download=True, **self._bounds)
            except google.NotFound:
                return None
            except DataCorruption:
                raise Transient("Cloud Storage sent a damaged file", code="DAMAGED") from None
        content_type = cast("str | None", blob.content_type) or "application/octet-stream"
        return SiteFile(body, content_type, cast("str | None", blob.content_encoding) or None)

    def exists(self, name: str) -> bool:
        with self._translated():
            return bool(self._bucket.blob(_checked(name)).exists(**self._bounds))

    def list(self, prefix: str) -> list[str]:
        if not _PREFIX.fullmatch(prefix):
            raise _bad_name()
        with self._translated():
            try:
                found = self._bucket.list_blobs(
                    prefix=prefix, fields="items(name),nextPageToken", **self._bounds
                )
                return sorted(cast("str", blob.name) for blob in found)
            except google.NotFound:
                raise self._no_bucket() from None

    def entries(self, prefix: str) -> Sequence[KeptFile]:
        if not _PREFIX.fullmatch(prefix):
            raise _bad_name()
        with self._translated():
            try:
                found = self._bucket.list_blobs(
                    prefix=prefix, fields="items(name,size,timeCreated),nextPageToken", **self._bounds
                )
                kept = [KeptFile(blob.name, int(blob.size or 0), blob.time_created) for blob in found]
            except google.NotFound:
                raise self._no_bucket() from None
        return sorted(kept, key=lambda file: file.name)

    def delete(self, name: str) -> None:
        blob = self._bucket.blob(_checked(name))
        with self._translated():
            try:
                blob.delete(**self._bounds)
            except google.NotFound:
                return

    @contextmanager
    def _translated(self) -> Generator[None, None, None]:
        with translated("Cloud Storage"):
            try:
                yield
            except requests.exceptions.RequestException as error:
                raise Transient(f"Cloud Storage did not answer ({type(error).__name__})") from None

    def _no_bucket(self) -> Misconfigured:
        return Misconfigured(f"SITE_BUCKET: there is no bucket {self._name}; create it or correct the name")


def _checked(name: str) -> str:
    segments = name.split("/")
    plain = all(_SEGMENT.fullmatch(part) and part not in (".", "..") for part in segments)
    if not plain or len(name) > _MAX_NAME:
        raise _bad_name()
    return name


def _bad_name() -> InvalidInput:
    message = "must be segments of letters, digits, '_', '.' and '-', joined by '/'"
    return InvalidInput((FieldError("name", "INVALID_NAME", message),))
