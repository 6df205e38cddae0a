"""A runtime as its user starts it: `provisioning up` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import urllib3

from provisioning.ports import Documents
from provisioning.runtime import assemble
from provisioning.settings import EMULATOR_VARIABLES, read_settings, read_variables
from provisioning.steps.step import effect_key

from .browsing import Visitor

START_SECONDS = 90


@dataclass
class Served:
    """A runtime that serves, seen from outside."""

    process: subprocess.Popen[bytes]
    port: int
    data: Path
    variables: dict[str, str]
    documents: Documents

    def visitor(self) -> Visitor:
        return Visitor(self.port)

    def store(self, subdomain: str) -> str:
        return f"http://{subdomain}.localhost:{self.port}"

    def welcome_link(self, provisioning_id: str) -> str:
        """The link in the welcome mail that this provisioning sent."""
        key = effect_key(provisioning_id, "send_credentials")
        for file in (self.data / "mail").glob("*.eml"):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            if mail["X-Effect-Key"] == key:
                text = mail.get_body(("plain",)).get_content()
                return re.search(r"http://\S+/welcome\?token=\S+", text).group(0)
        raise AssertionError("no welcome mail was written")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def outside_environment() -> dict[str, str]:
    """The environment without anything that another runtime of this test run has put there."""
    dropped = {*EMULATOR_VARIABLES, "PROVISIONING_RUNTIME", "PROVISIONING_DATA", "PUBLIC_PORT"}
    return {name: value for name, value in os.environ.items() if name not in dropped}


def start(
    command: list[str], port: int, data: Path, variables_file: Path, patch: pytest.MonkeyPatch
) -> Served:
    """Start a runtime and wait until it answers and has said where it is."""
    variables_file.unlink(missing_ok=True)
    process = subprocess.Popen(
        command, env=outside_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    deadline = time.monotonic() + START_SECONDS
    while not variables_file.exists() or not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise AssertionError(f"it did not start: {process.stdout.read().decode()[-2000:]}")
        time.sleep(0.05)
    variables = read_variables(variables_file)
    for name in EMULATOR_VARIABLES:
        patch.delenv(name, raising=False)
    for name, value in variables.items():
        patch.setenv(name, value)
    platform = assemble(read_settings())
    return Served(process, port, data, variables, platform.ports.documents)


def stop(served: Served) -> int:
    """End it as an init system would; its exit code."""
    served.process.send_signal(signal.SIGTERM)
    try:
        return served.process.wait(30)
    finally:
        served.process.kill()
        served.process.stdout.close()


def _answers(port: int) -> bool:
    try:
        answer = urllib3.request(
            "GET",
            f"http://127.0.0.1:{port}/healthz",
            headers={"Host": "localhost"},
            retries=False,
            timeout=2.0,
        )
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == 200


@contextmanager
def serving(tmp_path: Path, *, emulators: bool) -> Iterator[Served]:
    port, data = free_port(), tmp_path / "data"
    variables = tmp_path / "out.env"
    command = [sys.executable, "-m", "provisioning", "up", "--port", str(port), "--data", str(data)]
    command += ["--write-env", str(variables), *(["--emulators"] if emulators else [])]
    with pytest.MonkeyPatch.context() as patch:
        served = start(command, port, data, variables, patch)
        try:
            yield served
        finally:
            stop(served)


@pytest.fixture(
    scope="module",
    params=["embedded", pytest.param("emulators", marks=[pytest.mark.emulators, pytest.mark.slow])],
)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """The same runtime for all tests of a module, on each of the local ones."""
    with serving(tmp_path_factory.mktemp("up"), emulators=request.param == "emulators") as runtime:
        yield runtime
