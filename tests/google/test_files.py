"""What Cloud Storage is asked, and what its answers become."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from unittest import mock

import pytest

from provisioning.errors import Misconfigured, Permanent, Transient
from provisioning.google.files import StorageSiteFiles
from provisioning.ports import SiteFile
from tests.contracts.google_adapters import google_files
from tests.fakes.server import Answer, FakeServer, Request, Reset, Silence

FILE = SiteFile(b"packed", "text/css; charset=utf-8", "gzip")


class FakeStorage(FakeServer):
    """Gives its answers in turn, the last one for ever."""

    def __init__(self, *answers: Answer | Silence | Reset) -> None:
        super().__init__()
        self._answers = list(answers)

    @property
    def uploads(self) -> list[Request]:
        return [request for request in self.requests if request.method == "POST"]

    def answer(self, request: Request) -> Answer | Silence | Reset:
        if request.path == "/storage/v1/b/sites":
            # The library looks at the bucket from a thread of its own, to name it in traces.
            return refusal(403)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@contextmanager
def storage(
    *answers: Answer | Silence | Reset, timeout: float = 1.0
) -> Generator[tuple[FakeStorage, StorageSiteFiles]]:
    with FakeStorage(*answers) as server, mock.patch.dict(os.environ, {"STORAGE_EMULATOR_HOST": server.url}):
        yield server, StorageSiteFiles("sites", timeout, "p")


def refusal(status: int) -> Answer:
    return Answer.of_json(status, {"error": {"code": status, "message": "canary"}})


def test_an_upload_is_only_for_a_free_name() -> None:
    """Generation 0, with the content type and encoding beside the bytes as they are."""
    with storage(Answer.of_json(200, {"name": "a/b"})) as (server, files):
        files.put("a/b", FILE)

    (request,) = server.uploads
    assert request.query["ifGenerationMatch"] == "0"
    assert b'"contentEncoding": "gzip"' in request.body
    assert b"content-type: text/css; charset=utf-8\r\n\r\npacked\r\n" in request.body


def test_a_taken_name_is_a_success() -> None:
    """412 means that the file is there."""
    with storage(refusal(412)) as (server, files):
        files.put("a/b", FILE)

    assert len(server.uploads) == 1


def test_a_busy_server_is_asked_again_with_the_same_condition() -> None:
    """503, then 412 because the first upload had landed: a success."""
    with storage(refusal(503), refusal(412)) as (server, files):
        files.put("a/b", FILE)

    assert [request.query["ifGenerationMatch"] for request in server.uploads] == ["0", "0"]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_transient(status: int) -> None:
    """Within the time-out; the library alone would go on for two minutes."""
    with storage(refusal(status)) as (_, files):
        began = time.monotonic()
        with pytest.raises(Transient) as raised:
            files.put("a/b", FILE)

    assert "canary" not in str(raised.value)
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("answer", [Silence(3.0), Reset()], ids=["silence", "reset"])
def test_no_answer_is_transient(answer: Silence | Reset) -> None:
    """Within the time-out."""
    with storage(answer) as (_, files):
        began = time.monotonic()
        with pytest.raises(Transient):
            files.get("a/b")

    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("status", [401, 403])
def test_missing_rights_are_permanent(status: int) -> None:
    """No waiting helps."""
    with storage(refusal(status)) as (_, files), pytest.raises(Permanent) as raised:
        files.put("a/b", FILE)

    assert (raised.value.code, raised.value.retryable) == ("CLOUD_STORAGE_REFUSED", True)


def test_a_missing_bucket_names_the_setting() -> None:
    """A 404 to an upload can mean nothing else."""
    with storage(refusal(404)) as (_, files), pytest.raises(Misconfigured, match="SITE_BUCKET"):
        files.put("a/b", FILE)


@pytest.mark.emulators
def test_the_emulator_keeps_the_first_bytes() -> None:
    """The launcher completes it: alone, it ignores every condition."""
    with google_files() as files:
        files.put("a/b", FILE)
        files.put("a/b", SiteFile(b"other", "text/plain"))

        assert files.get("a/b") == FILE
