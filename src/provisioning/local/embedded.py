"""
The embedded runtime: one process, one port, one folder. The same functions get the same bytes as in the cloud.

The queue in SQLite stands for Pub/Sub and for the Firestore trigger, a timer for Scheduler. Everything is durable: killed at any
moment and started again, it goes on.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from flask import Flask
from werkzeug.test import Client

from provisioning import logs
from provisioning.errors import Transient
from provisioning.local import events
from provisioning.local.folder import lock_folder
from provisioning.local.front_door import FrontDoor, route_by_host
from provisioning.local.functions import FUNCTIONS, load
from provisioning.local.messages import Delivery, SqliteMessages

WORKERS = 8
#: As the push subscriptions in production have it.
MIN_BACKOFF = 1.0
MAX_BACKOFF = 10.0
MAX_DELIVERIES = 50
SWEEP_SECONDS = 10.0


class EmbeddedRuntime:
    """Serves the functions and carries messages to them. Start once; `stop` ends every thread."""

    def __init__(
        self,
        *,
        data: Path,
        port: int,
        dashboard_host: str,
        project: str,
        step_topic: str,
        ack_deadline: float,
        messages: SqliteMessages,
        sweep_seconds: float = SWEEP_SECONDS,
    ) -> None:
        self._lock = lock_folder(data)
        self._project = project
        self._step_topic = step_topic
        self._ack_deadline = ack_deadline
        self._messages = messages
        self._sweep_seconds = sweep_seconds
        self._apps = {function.name: load(function) for function in FUNCTIONS}
        self._front = FrontDoor(
            route_by_host(dashboard_host, self._apps["status"].wsgi_app, self._apps["storefront"].wsgi_app),
            port,
        )
        self._ending = threading.Event()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="push")
        self._free = threading.Semaphore(WORKERS)
        self._threads = [
            threading.Thread(target=self._dispatch, name="dispatcher", daemon=True),
            threading.Thread(target=self._sweep, name="scheduler", daemon=True),
        ]

    def start(self, before_work: Callable[[], None] = lambda: None) -> None:
        """
        Serve, and deliver what is waiting.

        `before_work` runs once the folder is ours and no message is under way: whoever held a lease in it is gone.
        """
        self._messages.release_all()
        before_work()
        # What is loaded by now stays: the collector need not look through it again and again.
        gc.freeze()
        self._front.start()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End: what is under way finishes, the rest waits in the queue."""
        self._ending.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        self._pool.shutdown(wait=True)
        self._front.stop()
        self._lock.close()

    # --- the broker's part ---

    def _dispatch(self) -> None:
        while not self._ending.is_set():
            try:
                self._deliver_due()
            except Transient:
                self._ending.wait(0.05)
            except Exception as error:  # noqa: BLE001 - a dispatcher that ends in silence delivers nothing for ever
                logs.function_crashed("dispatcher", type(error).__name__, "embedded")
                self._ending.wait(1.0)

    def _deliver_due(self) -> None:
        if not self._messages.wait(0.2) or not self._free.acquire(timeout=0.2):
            return
        slots = 1
        while slots < WORKERS and self._free.acquire(blocking=False):
            slots += 1
        leased: list[Delivery] = []
        try:
            leased = self._messages.lease(slots, self._ack_deadline)
        finally:
            for _ in range(slots - len(leased)):
                self._free.release()
        for delivery in leased:
            self._pool.submit(self._deliver, delivery)

    def _deliver(self, delivery: Delivery) -> None:
        # A commit that fails here leaves the message leased: it comes again after the ack deadline.
        try:
            with suppress(Transient):
                if self._push(delivery):
                    self._messages.acknowledge(delivery.id)
                else:
                    self._messages.postpone(delivery.id, _backoff(delivery.attempt))
        finally:
            self._free.release()

    def _push(self, delivery: Delivery) -> bool:
        """Whether the message needs no further delivery."""
        if delivery.kind != "message":
            return self._push_event(delivery)
        if delivery.source != self._step_topic:
            return True
        name = "provision_step" if delivery.attempt <= MAX_DELIVERIES else "dead_letter"
        body = events.push_body(
            f"projects/{self._project}/subscriptions/{name}",
            delivery.data,
            delivery.attributes,
            message_id=str(delivery.id),
            publish_time=delivery.published_at,
            delivery_attempt=delivery.attempt,
        )
        return _post(self._apps[name], body, {"Content-Type": "application/json"})

    def _push_event(self, delivery: Delivery) -> bool:
        data = delivery.document.data if delivery.document else None
        at, event_id = delivery.published_at, f"{delivery.kind}-{delivery.id}"
        database = (self._project, "(default)")
        if delivery.kind == "written":
            event = events.written_event(*database, delivery.source, data, written_at=at, event_id=event_id)
            return _post(self._apps["republish"], event[1], event[0])
        event = events.created_event(*database, delivery.source, data or {}, created_at=at, event_id=event_id)
        return _post(self._apps["activate_merchant"], event[1], event[0])

    # --- Scheduler's part ---

    def _sweep(self) -> None:
        while not self._ending.wait(self._sweep_seconds):
            _post(self._apps["sweep"], b"", {})


def _post(app: Flask, body: bytes, headers: dict[str, str]) -> bool:
    response = Client(app.wsgi_app).post("/", data=body, headers=headers)
    with response:
        return 200 <= response.status_code < 300


def _backoff(attempt: int) -> float:
    """Seconds until the next delivery, as Pub/Sub's retry policy counts them."""
    return min(MAX_BACKOFF, MIN_BACKOFF * 2 ** (attempt - 1))
