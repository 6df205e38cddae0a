"""Each function starts from the unpacked zip alone, with the locked dependencies alone, and answers."""

from __future__ import annotations

import base64
import compileall
import json
import os
import socket
import subprocess
import time
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3
from tools.pack_functions import ROOT, write

from provisioning.local.functions import FUNCTIONS, Function
from provisioning.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

START_SECONDS = 60.0
_CLOUD_EVENT = {
    "ce-id": "1",
    "ce-source": "//firestore.googleapis.com/projects/p/databases/(default)",
    "ce-specversion": "1.0",
    "ce-type": "google.cloud.firestore.document.v1.created",
    "content-type": "application/protobuf",
}


@dataclass(frozen=True)
class Deployed:
    """The unpacked zip, and a Python that has what its lock names and nothing else."""

    folder: Path
    python: Path


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    base = tmp_path_factory.mktemp("deployed")
    folder = base / "workspace"
    zipfile.ZipFile(base / write(base)).extractall(folder)
    venv.create(base / "venv", with_pip=True)
    python = base / "venv" / "bin" / "python"
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "-q",
        "--require-hashes",
        "--no-deps",
        "-r",
        str(folder / "requirements.txt"),
    ]
    subprocess.run(install, check=True, cwd=base)
    return Deployed(folder, python)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _started(deployed: Deployed, function: Function, data: Path) -> Iterator[str]:
    """The address of the function, started as the platform starts it: source, target and package path come from its environment."""
    port = _port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(deployed.folder / "src"),
        "FUNCTION_SOURCE": f"functions/{function.name}/main.py",
        "FUNCTION_TARGET": function.name,
        "FUNCTION_SIGNATURE_TYPE": function.signature,
        "PORT": str(port),
        "PROVISIONING_DATA": str(data),
    }
    log = data / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [deployed.python.parent / "functions-framework", "--host", "127.0.0.1"],
            cwd=deployed.folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"it did not start:\n{log.read_text()}")


def _push(content: dict[str, object]) -> bytes:
    data = base64.b64encode(json.dumps(content).encode()).decode()
    message = {"data": data, "messageId": "1", "publishTime": "2026-01-01T00:00:00Z"}
    return json.dumps({"message": message, "subscription": "projects/p/subscriptions/s"}).encode()


def _answer(url: str, name: str) -> int:
    """What the platform would send first, and the status of the answer."""
    step = _push({"provisioning": "none", "epoch": 0, "hop": 0, "schema": 1})
    event = {**_CLOUD_EVENT, "ce-subject": "documents/activation_requests/none"}
    change = {**_CLOUD_EVENT, "ce-subject": "documents/tenants/s1/products/p1"}
    http = urllib3.PoolManager(retries=False, timeout=30)
    requests = {
        "activate_merchant": ("POST", "/", b"\x0a\x00", event),
        "republish": ("POST", "/", b"\x0a\x00", change),
        "provision_step": ("POST", "/", step, {"content-type": "application/json"}),
        "dead_letter": ("POST", "/", step, {"content-type": "application/json"}),
        "collect": ("POST", "/", b"", {}),
        "sweep": ("POST", "/", b"", {}),
        "status": ("GET", "/api/provisioning/health", None, {}),
        "storefront": ("GET", "/", None, {"host": "nobody.localhost"}),
    }
    method, path, body, headers = requests[name]
    return http.request(method, url + path, body=body, headers=headers).status


#: An event that names no document of a known kind is filed and taken; a step of nobody likewise; a host of nobody is none.
_ANSWERS = {
    "activate_merchant": 200,
    "republish": 200,
    "provision_step": 204,
    "dead_letter": 204,
    "collect": 204,
    "sweep": 204,
    "status": 200,
    "storefront": 404,
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_it_answers(deployed: Deployed, function: Function, tmp_path: Path) -> None:
    """From its own folder, in a Python that holds nothing of the repository."""
    with _started(deployed, function, tmp_path) as url:
        assert _answer(url, function.name) == _ANSWERS[function.name]


def test_the_python_holds_nothing_of_the_repository(deployed: Deployed) -> None:
    """Without the path that production sets, there is no package: so what was found came out of the zip."""
    found = subprocess.run(
        [deployed.python, "-c", "import provisioning"], cwd=deployed.folder, env={}, capture_output=True
    )

    assert b"No module named 'provisioning'" in found.stderr


def _run(deployed: Deployed, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [deployed.python, "-c", script],
        env={"PYTHONPATH": str(deployed.folder / "src"), **environment},
        cwd=deployed.folder,
        capture_output=True,
        text=True,
    )


def test_themes_come_with_it(deployed: Deployed) -> None:
    """The packages that stores are rendered with are found in the unpacked folder."""
    script = (
        "from provisioning.themes.packages import THEMES; print(*sorted(p.name for p in THEMES.iterdir()))"
    )
    found = _run(deployed, script)

    assert found.stdout.split() == sorted(folder.name for folder in (ROOT / "themes").iterdir())


def test_the_adapters_of_production_can_be_loaded(deployed: Deployed) -> None:
    """Everything that they import is in the lock of the deployed functions."""
    names = sorted(file.stem for file in (deployed.folder / "src/provisioning/google").glob("[a-z]*.py"))
    found = _run(
        deployed, "; ".join(f"import provisioning.google.{name}" for name in names) + "; import sendgrid"
    )

    assert "documents" in names
    assert (found.returncode, found.stderr) == (0, "")


def test_compiled_files_outlive_the_images_dates(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The platform compiles at the build, then sets all dates anew: with the variable that Terraform gives the build, what is compiled is
    known by the source's hash, and is not made again at each cold start.
    """
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "315532800")
    assert compileall.compile_dir(deployed.folder, force=True, quiet=1)

    files = list(deployed.folder.rglob("*.pyc"))
    assert len(files) == len(list(deployed.folder.rglob("*.py"))) > 100
    for compiled in files:
        flags = int.from_bytes(compiled.read_bytes()[4:8], "little")
        assert flags == 0b11, compiled


def test_a_laptops_settings_are_refused_where_cloud_run_is(deployed: Deployed) -> None:
    """The same zip with the service's name set and nothing else: it says what is missing, and answers no one."""
    found = _run(deployed, "from provisioning.runtime import current; current()", K_SERVICE="status")

    assert found.returncode != 0
    assert all(name in found.stderr for name in ("SESSION_SECRET", "SITE_BUCKET", "STORE_DOMAIN"))
    assert str(Settings.model_fields["session_secret"].default) not in found.stderr
