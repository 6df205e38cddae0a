"""Cloud Storage misbehaves while the website is published: visitors see a whole release or none."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from unittest import mock

import pytest

from provisioning.errors import Transient
from provisioning.google.files import StorageSiteFiles
from provisioning.ports import SiteFile, Update, Write
from provisioning.sites.publishing import publish_platform_files
from provisioning.sites.releases import ReleasedFile, decoded, plain_body, read_manifest, release_file
from provisioning.themes.packages import load_theme
from provisioning.workflow.engine import Verdict
from tests.fakes.server import Answer, Reset, Silence
from tests.receivers.bucket import BUCKET, Cut, FakeBucket, Fault, Flipped, Landed, Object, Stall
from tests.receivers.world import STORE, World

STEP = "deploy_website"
#: Half of it for one try.
TIMEOUT = 1.0


@pytest.fixture
def bucket(world: World) -> Iterator[FakeBucket]:
    """The platform's files are in it; the store's are not."""
    shared = _shared_objects()
    with _reached() as server:
        server.objects |= shared
        world.use(files=StorageSiteFiles(BUCKET, TIMEOUT, "p"))
        yield server


@contextmanager
def _reached() -> Iterator[FakeBucket]:
    """A bucket that the client of Cloud Storage speaks to."""
    with FakeBucket() as server, mock.patch.dict(os.environ, {"STORAGE_EMULATOR_HOST": server.url}):
        yield server


@cache
def _shared_objects() -> dict[str, Object]:
    """The files that all stores share, put with patience: they are not what is tested."""
    with _reached() as server:
        publish_platform_files(StorageSiteFiles(BUCKET, 20.0, "p"), load_theme("upfront-modern"))
        return server.objects


@pytest.fixture
def publishing(world: World, bucket: FakeBucket) -> World:
    """All is done up to the website; whenever a release is pointed at, all of it must be there."""

    def check_whole(writes: Sequence[Write]) -> None:
        for write in writes:
            if (
                isinstance(write, Update)
                and write.path == f"deployments/{STORE}"
                and write.fields.get("live")
            ):
                assert missing(bucket, write.fields["live"]) == []

    world.submit()
    world.run_to(STEP)
    world.documents.before_commit = check_whole
    return world


def missing(bucket: FakeBucket, release: str) -> list[str]:
    """Files of the release that are not there, or are not what the manifest says."""
    manifest = bucket.objects.get(release_file(STORE, release))
    if manifest is None:
        return ["manifest"]
    files = read_manifest(decoded(_kept(manifest))).files
    return [path for path, line in files.items() if not _is_there(bucket, line)]


def _is_there(bucket: FakeBucket, line: ReleasedFile) -> bool:
    found = bucket.objects.get(line.blob)
    if found is None:
        return False
    return hashlib.sha256(plain_body(_kept(found), line)).hexdigest() == line.sha256


def _kept(found: Object) -> SiteFile:
    return SiteFile(found.body, found.content_type, found.encoding)


def test_without_faults_each_file_is_put_once(publishing: World, bucket: FakeBucket) -> None:
    """F00: the oracle. The manifest is the last file, and the pointer follows it."""
    record = publishing.finish()
    names = [name for name, _ in bucket.uploads]

    assert (record.status, publishing.warnings) == ("COMPLETED", [])
    assert len(names) == len(set(names)) <= 40
    assert names[-1] == release_file(STORE, str(publishing.live))
    assert {status for _, status in bucket.uploads} == {200}


#: What the client repeats by itself, within the step's time.
PASSING: dict[str, Fault] = {
    "503": Answer(503),
    "429": Answer(429, b"", {"retry-after": "1"}),
    "reset at once": Reset(),
    "reset in the middle": Cut(700),
    "broken last chunk": Cut(-40),
    "landed, then 503": Landed(Answer(503)),
    "landed, then a reset": Landed(Reset()),
}


@pytest.mark.parametrize("place", [0, 5])
@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_costs_nothing(publishing: World, bucket: FakeBucket, fault: str, place: int) -> None:
    """F48–F50: repeated with the same condition, so one object each; "it is there already" is a success; no attempt is spent."""
    bucket.faults = [None] * place + [PASSING[fault]]
    record = publishing.finish()
    landed = fault.startswith("landed")

    assert (record.status, bucket.fired) == ("COMPLETED", 1)
    assert publishing.attempts(STEP) == 1
    assert [status for _, status in bucket.uploads if status == 412] == [412] * landed
    assert missing(bucket, str(publishing.live)) == []


#: What outlives a call.
LASTING: dict[str, tuple[list[Fault | None], str]] = {
    "503 for long": ([Answer(503)] * 400, "UNAVAILABLE"),
    "429 for long": ([Answer(429)] * 400, "BUSY"),
    "resets for long": ([Cut(500)] * 400, "UNAVAILABLE"),
    # Uploads come side by side: which of them is the third is not known, and a small one may be whole before it stalls.
    "a stall": ([None, None, *[Stall(300, 3.0)] * 8], "UNAVAILABLE"),
    "silence after it landed": ([None, *[Landed(Silence(3.0))] * 8], "UNAVAILABLE"),
}


@pytest.mark.parametrize("case", LASTING)
def test_a_lasting_fault_is_an_attempt(publishing: World, bucket: FakeBucket, case: str) -> None:
    """F48, F50: within the step's time it gives up, shows nothing to visitors, and the next attempt completes the release."""
    faults, code = LASTING[case]
    bucket.faults = list(faults)
    message = publishing.broker.pending[0]

    assert publishing.deliver() is Verdict.AGAIN
    assert bucket.fired >= 1
    assert publishing.live is None
    assert publishing.attempts(STEP) == 1
    assert code in publishing.warnings[-1]
    assert "Cloud Storage did not answer" in str(publishing.step_error(STEP))
    assert "canary" not in publishing.told
    bucket.faults.clear()
    publishing.clock.leap(2)
    assert publishing.deliver(message) is Verdict.ACKNOWLEDGE
    assert publishing.live is not None
    assert publishing.attempts(STEP) == 2
    assert publishing.finish().status == "COMPLETED"
    assert missing(bucket, str(publishing.live)) == []


def test_four_times_without_an_answer_is_a_failure(publishing: World, bucket: FakeBucket) -> None:
    """F31: FAILED with a dead letter; visitors see nothing; a retry completes what is there already."""
    bucket.faults = [Answer(503)] * 5_000
    failed = publishing.finish()

    assert failed.error is not None
    assert (failed.status, failed.current_step, failed.error.code) == ("FAILED", STEP, "UNAVAILABLE")
    assert (publishing.attempts(STEP), publishing.live) == (4, None)
    assert [letter["step"] for letter in publishing.letters()] == [STEP]
    bucket.faults.clear()
    assert publishing.retry().status == "COMPLETED"
    assert missing(bucket, str(publishing.live)) == []


def test_a_bit_that_flips_on_its_way_is_refused_and_repeated(publishing: World, bucket: FakeBucket) -> None:
    """Each upload carries its checksum: what arrives otherwise is not kept, and the next attempt puts it right."""
    bucket.faults = [None, Flipped()]
    record = publishing.finish()

    assert (record.status, bucket.fired) == ("COMPLETED", 1)
    assert 400 in [status for _, status in bucket.uploads]
    assert missing(bucket, str(publishing.live)) == []


def test_missing_rights_are_permanent_until_granted(publishing: World, bucket: FakeBucket) -> None:
    """One attempt, and the role is named; a retry completes."""
    bucket.faults = [Answer(403)] * 400
    failed = publishing.finish()

    assert failed.error is not None
    assert (failed.status, failed.error.code) == ("FAILED", "CLOUD_STORAGE_REFUSED")
    assert (failed.error.retryable, publishing.attempts(STEP)) == (True, 1)
    assert "role" in failed.error.action
    bucket.faults.clear()
    assert publishing.retry().status == "COMPLETED"


@pytest.mark.parametrize("kind", ["truncated", "flipped"])
def test_a_broken_download_is_never_handed_out(world: World, bucket: FakeBucket, kind: str) -> None:
    """The length and the checksum are looked at: `Transient`, not half a page."""
    files = world.platform.ports.files
    files.put("stores/s/page", SiteFile(b"<p>whole</p>" * 50, "text/html"))
    getattr(bucket, kind).add("stores/s/page")

    with pytest.raises(Transient):
        files.get("stores/s/page")
    getattr(bucket, kind).clear()
    assert files.get("stores/s/page") == SiteFile(b"<p>whole</p>" * 50, "text/html")


@pytest.mark.parametrize("kind", ["truncated", "flipped"])
def test_a_store_is_not_welcomed_before_it_answers(publishing: World, bucket: FakeBucket, kind: str) -> None:
    """Its home page cannot be read whole: no mail goes out, the step is repeated, and then it completes."""
    while publishing.record.current_step != "send_credentials":
        publishing.deliver()
    broken = getattr(bucket, kind)
    broken |= {name for name in bucket.objects if name.startswith("stores/")}

    assert publishing.deliver() is Verdict.AGAIN
    assert "NOT_ANSWERING" in publishing.warnings[-1]
    assert list((publishing.settings.provisioning_data / "mail").glob("*.eml")) == []
    broken.clear()
    assert publishing.finish().status == "COMPLETED"
    assert len(list((publishing.settings.provisioning_data / "mail").glob("*.eml"))) == 1
