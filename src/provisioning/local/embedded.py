"""
The embedded runtime: one process, one port, one folder. The same functions get the same bytes as in the cloud.

The queue in SQLite stands for Pub/Sub and for the Firestore trigger, a timer for Scheduler. Everything is durable: killed at any
moment and started again, it goes on.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from provisioning.local import events
from provisioning.local.calls import call, post
from provisioning.local.dispatcher import Dispatcher
from provisioning.local.folder import lock_folder
from provisioning.local.front_door import FrontDoor, route_by_host
from provisioning.local.functions import FUNCTIONS, load, load_handler
from provisioning.local.messages import Delivery, SqliteMessages
from provisioning.local.portal import Portal, serve_portal

#: The function that is called for each step.
STEPS = "provision_step"
#: As the push subscriptions in production have it.
MAX_DELIVERIES = 50
SWEEP_SECONDS = 10.0
#: The pause after a sweep is at least so many times as long as that was.
SWEEP_SHARE = 5.0
#: Pauses between collections, and before the first one: hardly anything runs for hours on a developer's machine.
COLLECT_SECONDS, FIRST_COLLECT_SECONDS = 3600.0, 300.0
#: At the end a collection that is at work is waited for so long; it may be cut off anywhere.
LAST_WAIT_SECONDS = 2.0
#: How long a thread that computes keeps one waiting that has its answer from disk or network. Python's own 5 ms, a hundred times in
#: an activation, are what a merchant would feel of another's.
SWITCH_SECONDS = 0.0005
#: New containers until the collector looks, and how often it looks further: a step makes thousands that need no collector.
COLLECTED_AFTER = (20_000, 20, 50)


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
        portal: Portal | None = None,
        sweep_seconds: float = SWEEP_SECONDS,
        first_collect_seconds: float = FIRST_COLLECT_SECONDS,
    ) -> None:
        self._lock = lock_folder(data)
        self._project = project
        self._step_topic = step_topic
        self._messages = messages
        self._sweep_seconds = sweep_seconds
        self._first_collect_seconds = first_collect_seconds
        self._apps = {f.name: load(f) for f in FUNCTIONS if f.name != STEPS}
        self._provision_step = load_handler(next(f for f in FUNCTIONS if f.name == STEPS))
        status = self._apps["status"].wsgi_app
        dashboard = serve_portal(portal, status) if portal else status
        self._front = FrontDoor(
            route_by_host(dashboard_host, dashboard, self._apps["storefront"].wsgi_app), port
        )
        self._ending = threading.Event()
        self._switch_interval, self._collected_after = sys.getswitchinterval(), gc.get_threshold()
        self._dispatcher = Dispatcher(messages, self._push, ack_deadline)
        self._scheduler = threading.Thread(target=self._sweep, name="scheduler", daemon=True)
        # Apart from sweep, which never waits for it.
        self._collector = threading.Thread(target=self._collect, name="collector", daemon=True)

    def start(self, before_work: Callable[[], None] = lambda: None) -> None:
        """
        Serve, and deliver what is waiting.

        `before_work` runs once the folder is ours and no message is under way: whoever held a lease in it is gone.
        """
        self._messages.release_all()
        before_work()
        # What is loaded by now stays: the collector need not look through it again and again.
        gc.freeze()
        sys.setswitchinterval(SWITCH_SECONDS)
        gc.set_threshold(*COLLECTED_AFTER)
        self._front.start()
        self._dispatcher.start()
        self._scheduler.start()
        self._collector.start()

    def stop(self) -> None:
        """End: what is under way finishes, the rest waits in the queue."""
        self._ending.set()
        if self._scheduler.is_alive():
            self._scheduler.join()
        if self._collector.is_alive():
            self._collector.join(LAST_WAIT_SECONDS)
        self._dispatcher.stop()
        self._front.stop()
        sys.setswitchinterval(self._switch_interval)
        gc.set_threshold(*self._collected_after)
        self._lock.close()

    # --- the broker's part ---

    def _push(self, delivery: Delivery) -> bool:
        """Whether the message needs no further delivery."""
        if delivery.kind != "message":
            return self._push_event(delivery)
        if delivery.source != self._step_topic:
            return True
        name = STEPS if delivery.attempt <= MAX_DELIVERIES else "dead_letter"
        body = events.push_body(
            f"projects/{self._project}/subscriptions/{name}",
            delivery.data,
            delivery.attributes,
            message_id=str(delivery.id),
            publish_time=delivery.published_at,
            delivery_attempt=delivery.attempt,
        )
        headers = {"Content-Type": "application/json"}
        if name == STEPS:
            return _is_success(call(self._provision_step, body, headers))
        return _post(self._apps[name], body, headers)

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
        pause = self._sweep_seconds
        while not self._ending.wait(pause):
            began = time.monotonic()
            _post(self._apps["sweep"], b"", {})
            # Of a long queue nearly everything is overdue: looking through it must not be what the process is busy with.
            pause = max(self._sweep_seconds, SWEEP_SHARE * (time.monotonic() - began))

    def _collect(self) -> None:
        pause = self._first_collect_seconds
        while not self._ending.wait(pause):
            _post(self._apps["collect"], b"", {})
            pause = COLLECT_SECONDS


def _post(app: Flask, body: bytes, headers: dict[str, str]) -> bool:
    return _is_success(post(app.wsgi_app, body, headers))


def _is_success(status: int) -> bool:
    return 200 <= status < 300
