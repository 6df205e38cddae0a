"""
The emulated runtime: Google's emulators, and every function in a process of its own behind them, as in the cloud.

Topics, subscriptions and dead-letter settings are production's; what is refused comes again each second. A function process that dies is started again.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import urllib3

from provisioning.errors import Misconfigured
from provisioning.local.children import Children
from provisioning.local.emulators import HOST, Emulators, PushSubscription
from provisioning.local.folder import lock_folder
from provisioning.local.front_door import FrontDoor, proxy_to, route_by_host, route_by_trigger
from provisioning.local.functions import FUNCTIONS, Function, source_of
from provisioning.local.portal import Portal, serve_portal

SWEEP_SECONDS = 60.0
#: Pauses between collections, and before the first one: hardly anything runs for hours on a developer's machine.
COLLECT_SECONDS, FIRST_COLLECT_SECONDS = 3600.0, 300.0
#: How long a scheduled call is waited for.
ATTEMPT_SECONDS = 75.0
START_SECONDS = 120.0
#: Production's security rules, of a checkout.
RULES = Path(__file__).parents[3] / "firestore.rules"
CREATED = "google.cloud.firestore.document.v1.created"
WRITTEN = "google.cloud.firestore.document.v1.written"
#: What Firestore's triggers call, for which change of which documents.
TRIGGERS = {
    "activate_merchant": (CREATED, "activation_requests/{id}"),
    "republish": (WRITTEN, "tenants/{store}/{collection}/{document}"),
}


@dataclass(frozen=True, slots=True)
class PushSettings:
    """What production's subscription says, in seconds (design §5: all of it follows from the step budget)."""

    topic: str
    ack_deadline: int
    #: Production's is 50; the emulator comes again each second, where Pub/Sub has more patience.
    max_deliveries: int = 100

    @property
    def dead_letter_topic(self) -> str:
        return f"{self.topic}-dead-letter"


class EmulatedRuntime:
    """The emulators and the function processes, behind one port."""

    def __init__(
        self,
        *,
        data: Path,
        port: int,
        dashboard_host: str,
        project: str,
        bucket: str,
        push: PushSettings,
        settings: Mapping[str, str],
        portal: Portal | None = None,
        sweep_seconds: float = SWEEP_SECONDS,
        first_collect_seconds: float = FIRST_COLLECT_SECONDS,
        sources: Mapping[str, Path] | None = None,
    ) -> None:
        """`sources`: by function name, a `main.py` to run instead of the deployed one, for tests that stand around it."""
        self._lock = lock_folder(data)
        self._logs = data / "logs"
        self._emulators = Emulators(project, bucket, logs=self._logs)
        self._children = Children(self._logs)
        self._project = project
        self._push = push
        self._settings = dict(settings)
        self._sweep_seconds = sweep_seconds
        self._first_collect_seconds = first_collect_seconds
        self._sources = {function.name: source_of(function) for function in FUNCTIONS} | dict(sources or {})
        self._ports = {function.name: _free_port() for function in FUNCTIONS}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        # The emulator knows one address for all functions.
        self._trigger_port = _free_port()
        self._triggers = FrontDoor(
            route_by_trigger({name: proxy_to(self._ports[name]) for name in TRIGGERS}), self._trigger_port
        )
        self._http = urllib3.PoolManager(retries=False, timeout=30.0)
        self._ending = threading.Event()
        # A stream of the API is silent for ten seconds at most.
        status = proxy_to(self._ports["status"])
        dashboard = serve_portal(portal, status) if portal else status
        self._front = FrontDoor(
            route_by_host(dashboard_host, dashboard, proxy_to(self._ports["storefront"])), port
        )
        self._threads = [
            threading.Thread(target=self._supervise, name="supervisor", daemon=True),
            threading.Thread(target=self._sweep, name="scheduler", daemon=True),
        ]
        # Apart from the others: it may take most of a minute, and neither sweep nor the end waits for it.
        self._collector = threading.Thread(target=self._collect, name="collector", daemon=True)

    def start_emulators(self) -> dict[str, str]:
        """Start the emulators, under production's security rules; the variables that lead clients to them."""
        rules = _read_rules()
        self._emulators.start(functions_port=self._trigger_port)
        self._emulators.load_rules(rules)
        return self._emulators.environment()

    def export_documents(self, folder: Path) -> Path:
        """Write all documents under `folder`; gives the file by which they are restored."""
        return self._emulators.export_documents(folder)

    def restore_documents(self, exported: Path) -> None:
        """Lose all documents and take what was exported, under the functions that go on running, for the drill."""
        rules = _read_rules()
        self._emulators.restore_documents(exported, self._trigger_port)
        self._emulators.load_rules(rules)
        self._add_triggers()

    def start_functions(self) -> None:
        """Start every function, then the subscriptions and the trigger that call them, then the front door."""
        for function in FUNCTIONS:
            self._start(function)
        for function in FUNCTIONS:
            self._wait_for(function)
        self._emulators.create_topics_and_push_subscriptions(self._subscriptions())
        self._triggers.start()
        self._add_triggers()
        self._front.start()
        for thread in [*self._threads, self._collector]:
            thread.start()

    def stop(self) -> None:
        """End all that was started."""
        self._ending.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        self._front.stop()
        self._triggers.stop()
        self._children.stop()
        if self._collector.is_alive():
            # Its call ended with the function.
            self._collector.join()
        self._emulators.stop()
        self._lock.close()

    def process_of(self, name: str) -> subprocess.Popen[bytes]:
        """The process of a function, for tests that end it."""
        return self._processes[name]

    def port_of(self, name: str) -> int:
        return self._ports[name]

    def _add_triggers(self) -> None:
        for name, (event, documents) in TRIGGERS.items():
            self._emulators.add_firestore_trigger(name, event, documents)

    def _subscriptions(self) -> list[PushSubscription]:
        push = self._push
        return [
            PushSubscription(
                topic=push.topic,
                name="provision-step",
                endpoint=self._url("provision_step"),
                ack_deadline=push.ack_deadline,
                dead_letter_topic=push.dead_letter_topic,
                max_delivery_attempts=push.max_deliveries,
            ),
            PushSubscription(
                topic=push.dead_letter_topic,
                name="dead-letter",
                endpoint=self._url("dead_letter"),
                ack_deadline=push.ack_deadline,
            ),
        ]

    def _url(self, name: str) -> str:
        return f"http://{HOST}:{self._ports[name]}/"

    def _start(self, function: Function) -> None:
        command = [
            sys.executable,
            "-m",
            "functions_framework",
            f"--target={function.name}",
            f"--source={self._sources[function.name]}",
            f"--signature-type={function.signature}",
            f"--host={HOST}",
            f"--port={self._ports[function.name]}",
        ]
        environment = {**os.environ, **self._settings, **self._emulators.environment()}
        self._processes[function.name] = self._children.start(function.name, command, environment)

    def _wait_for(self, function: Function) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._processes[function.name].poll() is not None:
                break
            with socket.socket() as probe:
                probe.settimeout(1.0)
                if probe.connect_ex((HOST, self._ports[function.name])) == 0:
                    return
            time.sleep(0.05)
        raise Misconfigured(
            f"the function {function.name} did not start: see {self._children.log_of(function.name)}"
        )

    def _supervise(self) -> None:
        """Start a function again when its process has died, as the cloud would."""
        while not self._ending.wait(0.1):
            for function in FUNCTIONS:
                process = self._processes[function.name]
                if process.poll() is not None and not self._ending.is_set():
                    self._children.stop(process)
                    self._start(function)

    def _sweep(self) -> None:
        while not self._ending.wait(self._sweep_seconds):
            self._call_as_scheduler("sweep")

    def _collect(self) -> None:
        pause = self._first_collect_seconds
        while not self._ending.wait(pause):
            self._call_as_scheduler("collect")
            pause = COLLECT_SECONDS

    def _call_as_scheduler(self, name: str) -> None:
        # Scheduler would note a failure and call again when the next time has come.
        with suppress(urllib3.exceptions.HTTPError):
            self._http.request(
                "POST", self._url(name), headers={"Content-Length": "0"}, timeout=ATTEMPT_SECONDS
            )


def _read_rules() -> str:
    if not RULES.exists():
        raise Misconfigured("firestore.rules is missing: run this from a whole checkout")
    return RULES.read_text(encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
