"""
Cold start: what it takes to import a function and assemble its platform, against importing the client libraries that it must use.

Each in a fresh interpreter with production's settings, in turn. The interpreter's own start is in neither. A library that the function
would load only at its first call is loaded in both: what is put off is not saved. Seconds are of processor time, of which imports are
made, so that a busy machine says the same as an idle one. Everything is compiled beforehand, as installed packages are. Modules of
ours that wait for the step that needs them are shown beside it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Verdict, at_most, milliseconds, percentile
from provisioning.local.functions import FUNCTIONS, Function, source_of
from provisioning.settings import EMULATOR_VARIABLES
from provisioning.workflow.definition import ACTIVATION

RATIO = 1.2
SECONDS = 120.0

#: Pydantic loads itself piecemeal: these are the parts that any model needs.
_MODELS = ("pydantic.main", "pydantic.types", "pydantic.type_adapter")
_FRAMEWORK = ("functions_framework", "flask", "structlog", *_MODELS)
_DOCUMENTS = ("google.cloud.firestore",)
_MESSAGES = ("google.pubsub_v1",)
_FILES = ("google.cloud.storage",)
_ACCOUNTS = ("firebase_admin.auth",)
_MAIL = ("sendgrid", "sendgrid.helpers.mail")
_EVENTS = ("cloudevents.http", "google.events.cloud.firestore")
_TEMPLATES = ("jinja2", "jinja2.sandbox")
_HTTP = ("urllib3",)

#: What each function cannot do its work without.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "activate_merchant": (*_FRAMEWORK, *_EVENTS, *_DOCUMENTS, *_MESSAGES),
    "republish": (*_FRAMEWORK, *_EVENTS, *_DOCUMENTS, *_MESSAGES),
    "provision_step": (
        *_FRAMEWORK,
        *_DOCUMENTS,
        *_MESSAGES,
        *_FILES,
        *_ACCOUNTS,
        *_MAIL,
        *_TEMPLATES,
        *_HTTP,
    ),
    "status": (*_FRAMEWORK, *_DOCUMENTS, *_MESSAGES, *_ACCOUNTS, *_MAIL, *_TEMPLATES),
    "storefront": (*_FRAMEWORK, *_DOCUMENTS, *_FILES),
    "sweep": (*_FRAMEWORK, *_DOCUMENTS, *_MESSAGES),
    "collect": (*_FRAMEWORK, *_DOCUMENTS, *_MESSAGES, *_FILES),
    "dead_letter": (*_FRAMEWORK, *_DOCUMENTS, *_MESSAGES),
}

#: Modules of ours that a function loads when it first needs them; one call needs a few of them.
LATER: dict[str, tuple[str, ...]] = {
    "provision_step": tuple(f"provisioning.steps.{step.name}" for step in ACTIVATION.steps),
}

_IMPORT_LIBRARIES = "for name in libraries: importlib.import_module(name)"

_FUNCTION = f"""
import functions_framework
functions_framework.create_app(target, source, signature)
from provisioning.runtime import current
current()
getattr(sys.modules["main"], "_app", lambda: None)()
{_IMPORT_LIBRARIES}
"""

_TIMED = """
import importlib, json, sys, time
target, source, signature, libraries, later = json.loads(sys.argv[1])
before, began = set(sys.modules), time.process_time()
{code}
seconds = time.process_time() - began
modules, began = len(set(sys.modules) - before), time.process_time()
for name in later: importlib.import_module(name)
print(json.dumps([seconds, modules, time.process_time() - began]), file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Start:
    """The median of several starts: seconds of processor time, and how many modules were loaded."""

    seconds: float
    modules: int
    later: float


def measure(console: Console, *, times: int, names: tuple[str, ...] = ()) -> list[Verdict]:
    """Start every function `times` times, in turn with its libraries alone; print and judge."""
    table = Table(
        "function",
        "its libraries",
        "function",
        "ratio",
        "modules",
        "loaded later",
        title=f"cold start, median of {times}",
    )
    verdicts: list[Verdict] = []
    for function in FUNCTIONS:
        if names and function.name not in names:
            continue
        libraries, whole = compare(function, times)
        ratio = whole.seconds / libraries.seconds
        table.add_row(
            function.name,
            milliseconds(libraries.seconds),
            milliseconds(whole.seconds),
            f"{ratio:.2f}",
            f"{libraries.modules} → {whole.modules}",
            milliseconds(whole.later) if function.name in LATER else "",
        )
        verdicts.append(at_most(f"{function.name}: import ÷ its libraries'", ratio, RATIO))
    console.print(table)
    return verdicts


def compare(function: Function, times: int) -> tuple[Start, Start]:
    """The libraries alone, and the whole function."""
    libraries: list[Start] = []
    whole: list[Start] = []
    # The first ones compile.
    _start(function, _IMPORT_LIBRARIES)
    _start(function, _FUNCTION)
    for _ in range(times):
        libraries.append(_start(function, _IMPORT_LIBRARIES))
        whole.append(_start(function, _FUNCTION))
    return _median(libraries), _median(whole)


def _median(starts: list[Start]) -> Start:
    return Start(
        percentile([start.seconds for start in starts], 0.5),
        round(percentile([start.modules for start in starts], 0.5)),
        percentile([start.later for start in starts], 0.5),
    )


def _start(function: Function, code: str) -> Start:
    described = [
        function.name,
        str(source_of(function)),
        function.signature,
        LIBRARIES[function.name],
        LATER.get(function.name, ()),
    ]
    command = [sys.executable, "-c", _TIMED.replace("{code}", code), json.dumps(described)]
    ended = subprocess.run(
        command, env=_environment(), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if ended.returncode != 0:
        raise RuntimeError(f"{function.name} does not start: {ended.stderr.strip()[-500:]}")
    return Start(*json.loads(ended.stderr.strip().splitlines()[-1]))


def _environment() -> dict[str, str]:
    """Production's settings: complete, and of a project that does not exist. Nothing is called."""
    left_out = (*EMULATOR_VARIABLES, "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {
        "K_SERVICE": "benchmark",
        "GOOGLE_CLOUD_PROJECT": "benchmark",
        "SITE_BUCKET": "benchmark-sites",
        "SESSION_SECRET": "0123456789abcdef0123456789abcdef",
        "SENDGRID_API_KEY": "SG.benchmark",
        "STORE_DOMAIN": "stores.example.com",
        "DASHBOARD_HOST": "dashboard.example.com",
        "PUBLIC_SCHEME": "https",
        "PUBLIC_PORT": "",
        "MAIL_FROM": "stores@example.com",
        "PYTHONPATH": str(Path(__file__).parents[1] / "src"),
    }
