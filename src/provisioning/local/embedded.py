"""
The embedded runtime: one process, one port, one folder. The same functions get the same bytes as in the cloud.

The queue in SQLite stands for Pub/Sub and for the Firestore trigger, a timer for Scheduler. Everything is durable: killed at any
moment and started again, it goes on. Where there is more to deliver than one interpreter carries, a second process helps (`relief`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from provisioning.local.calls import post
from provisioning.local.deliveries import Push, load_functions
from provisioning.local.dispatcher import Dispatcher
from provisioning.local.folder import functions_log, lock_folder
from provisioning.local.front_door import FrontDoor, route_by_host
from provisioning.local.interpreter import tuned
from provisioning.local.messages import SqliteMessages
from provisioning.local.portal import Portal, serve_portal
from provisioning.local.relief import Relief, ReliefProgram

SWEEP_SECONDS = 10.0
#: The pause after a sweep is at least so many times as long as that was.
SWEEP_SHARE = 5.0
#: Pauses between collections, and before the first one: hardly anything runs for hours on a developer's machine.
COLLECT_SECONDS, FIRST_COLLECT_SECONDS = 3600.0, 300.0
#: A killed runtime's second process ends with it, but not in the same instant.
LOCK_SECONDS = 2.0
#: At the end a collection that is at work is waited for so long; it may be cut off anywhere.
LAST_WAIT_SECONDS = 2.0


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
        relief: ReliefProgram | None = None,
        sweep_seconds: float = SWEEP_SECONDS,
        first_collect_seconds: float = FIRST_COLLECT_SECONDS,
    ) -> None:
        self._lock = lock_folder(data, LOCK_SECONDS)
        self._messages = messages
        self._sweep_seconds = sweep_seconds
        self._first_collect_seconds = first_collect_seconds
        self._apps = load_functions()
        status = self._apps["status"].wsgi_app
        dashboard = serve_portal(portal, status) if portal else status
        self._front = FrontDoor(
            route_by_host(dashboard_host, dashboard, self._apps["storefront"].wsgi_app), port
        )
        self._ending = threading.Event()
        self._tuned = ExitStack()
        self._relief = Relief(relief, messages, functions_log(data), self._lock.fileno()) if relief else None
        self._dispatcher = Dispatcher(
            messages,
            Push(project, step_topic, self._apps),
            ack_deadline,
            under_pressure=self._relief.call if self._relief else None,
        )
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
        self._tuned.enter_context(tuned())
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
        if self._relief:
            self._relief.tell_to_stop()
        self._dispatcher.stop()
        if self._relief:
            self._relief.wait()
        self._front.stop()
        self._tuned.close()
        self._lock.close()

    # --- Scheduler's part ---

    def _sweep(self) -> None:
        pause = self._sweep_seconds
        while not self._ending.wait(pause):
            began = time.monotonic()
            post(self._apps["sweep"].wsgi_app, b"", {})
            # Of a long queue nearly everything is overdue: looking through it must not be what the process is busy with.
            pause = max(self._sweep_seconds, SWEEP_SHARE * (time.monotonic() - began))

    def _collect(self) -> None:
        pause = self._first_collect_seconds
        while not self._ending.wait(pause):
            post(self._apps["collect"].wsgi_app, b"", {})
            pause = COLLECT_SECONDS
