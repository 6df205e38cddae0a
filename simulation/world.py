"""
One simulation: the documents, the receivers, a broker that is no better than promised, a scheduler's minute, and administrators.

It is quiet once no process lives, no message is under way, every request was picked up and every provisioning is over.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from provisioning.catalog.seeding import seed_defaults
from provisioning.ports import Account, Create, Page, Set, SiteFile
from provisioning.sites.publishing import publish_platform_files
from provisioning.stores.welcome import spend_welcome
from provisioning.themes.packages import load_theme
from simulation.documents import Kept, MemoryDocuments
from simulation.faults import Weather
from simulation.history import History, claims
from simulation.platform import BUDGET, Functions, created_event, push_body
from simulation.ports import Backstage
from simulation.receivers import CountingAccounts, CountingFiles, CountingMailer, RealVisitor
from simulation.scenarios import Click, Order, Scenario
from simulation.scheduler import BEGIN, Killed, Scheduler

LEASE = 2 * BUDGET
ACK_DEADLINE = max(10.0, 3 * BUDGET)
MAX_DELIVERIES = 50
SWEEP_SECONDS = 60.0
#: Virtual seconds that a simulation may take after the weather has become calm.
PATIENCE = 2 * 3600.0

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Message:
    id: str
    data: bytes
    attempts: int = 0
    settled: bool = False


@dataclass(slots=True)
class Clicked:
    """What an administrator's click was answered with; None where no answer came."""

    click: Click
    status: int | None
    answer: dict[str, Any]


@dataclass(slots=True)
class Latency:
    """What the absence of a safeguard that is for latency only would change."""

    deliveries: int = 0
    finished_at: float = 0.0


class World:
    """Runs one scenario in one weather."""

    def __init__(
        self,
        functions: Functions,
        scenario: Scenario,
        weather: Weather,
        rng: random.Random,
        *,
        sweeps: bool = True,
        trace: Callable[[str], None] | None = None,
    ) -> None:
        self.functions = functions
        self.scenario = scenario
        self.weather = weather
        self.random = rng
        self.scheduler = Scheduler(rng, weather, client_timeout=BUDGET / 2, lease=LEASE, trace=trace)
        self.documents = MemoryDocuments(self.scheduler.microseconds)
        self.files = CountingFiles()
        self.mailer = CountingMailer(remembers=scenario.mailer_remembers)
        self.accounts = CountingAccounts()
        self.history = History(lease=timedelta(seconds=LEASE))
        self.clicked: list[Clicked] = []
        self.latency = Latency()
        self.quiet = False
        #: Work that was begun and is not over: messages, events, clicks to come.
        self._pending = 0
        self._sweeping = sweeps
        self._undo_lacks = scenario.undo_lacks
        self._clicks_left = list(scenario.clicks)
        self._message_numbers = 0
        functions.go_on_for(scenario.goes_on_for)
        functions.stage.now = Backstage(
            self.scheduler,
            self.documents,
            self.files,
            self.mailer,
            self.accounts,
            RealVisitor("localhost", self._visit_store, functions.owner_page),
            self._publish,
        )
        self._storefront = functions.storefront(self.scheduler.monotonic)
        self._seed()
        self.documents.observers.append(self._observe)

    # --- the whole ---

    def run(self) -> None:
        """Until all is quiet, or patience ends."""
        for order, at in zip(self.scenario.orders, self.scenario.written_at, strict=True):
            self._later(at, lambda order=order: self._submit(order))
        self.scheduler.after(SWEEP_SECONDS, self._minute)
        self._run_until_quiet()

    def follow_advice(self) -> None:
        """Do what each end state advises, in calm weather, until there is nothing left to do."""
        self.weather.calm_at = 0.0
        self.weather.outages = ()
        self._undo_lacks = None
        retried: set[str] = set()
        for _ in range(3):
            clicks = [c for order in self.scenario.orders if (c := self._advised(order, order.id in retried))]
            retried |= {click.order for click in clicks if click.action == "retry"}
            if not clicks:
                return
            self.quiet = False
            for click in clicks:
                self._later(0.0, lambda click=click: self._click(click))
            self._run_until_quiet()

    def enter_twice(self, token: str) -> list[Any]:
        """Two people open the same welcome link at once, in weather as it was; what each was answered."""
        self.weather.calm_at = self.scheduler.now + 30.0
        answers: list[Any] = []
        for _ in range(2):
            self.scheduler.spawn("owner", "", lambda: self._enter(token), answers.append)
        self.quiet = False
        self._run_until_quiet()
        return answers

    def _enter(self, token: str) -> Any:
        at = _EPOCH + timedelta(microseconds=self.scheduler.microseconds())
        return spend_welcome(self.functions.platform.ports.documents, token, at)

    def end(self) -> None:
        self.scheduler.end()
        self.functions.stage.now = None

    def _run_until_quiet(self) -> None:
        until = max(self.scheduler.now, self.weather.calm_at) + PATIENCE
        self.scheduler.run(until, lambda: self.quiet)

    def is_over(self) -> bool:
        """Whether nothing is left to be done by anybody but a person."""
        requests = [d for p, d in self._all("activation_requests/") if not d["picked_up"]]
        return not requests and all(over(d) for _, d in self._all("provisionings/"))

    def _all(self, prefix: str) -> list[tuple[str, dict[str, Any]]]:
        return [(p, d) for p, d in self.documents.everything().items() if p.startswith(prefix)]

    # --- what is there before ---

    def _seed(self) -> None:
        self.documents.commit(_catalog())
        for order in self.scenario.orders:
            if order.known and self.accounts.find_by_email(order.owner_email) is None:
                uid = f"known-{order.merchant_id}"
                self.accounts.accounts[uid] = Account(uid, order.owner_email.lower())
            if order.known:
                merchant = {"name": order.store_name, "status": "PENDING", "owner_email": order.owner_email}
                self.documents.commit([Set(f"merchants/{order.merchant_id}", merchant)])
        if self.scenario.files_are_there:
            for slug in sorted({order.theme for order in self.scenario.orders}):
                self.files.kept.update(_platform_files(slug))

    # --- what the portal does ---

    def _submit(self, order: Order) -> None:
        at = _EPOCH + timedelta(microseconds=self.scheduler.microseconds())
        path = f"activation_requests/{order.id}"
        self.documents.commit([Create(path, order.document() | {"requested_at": at})])
        self.scheduler.tell("portal", f"writes {path}")
        if self.weather.happens("event dropped", self.scheduler.now):
            return
        copies = 1 + self.weather.happens("event doubled", self.scheduler.now)
        for copy in range(copies):
            delay = self.random.uniform(0.01, 0.1)
            if self.weather.happens("event delayed", self.scheduler.now):
                delay = self.random.uniform(5, 120)
            event = created_event(path, order.document(), at, f"{order.id}-{copy}")
            self._later(delay, lambda event=event: self._deliver_event(order.id, event, 1))

    def _deliver_event(self, about: str, event: tuple[dict[str, str], bytes], attempt: int) -> None:
        self._pending += 1

        def ended(result: Any) -> None:
            self._pending -= 1
            if isinstance(result, BaseException) and attempt < 40:
                wait = min(600.0, 10.0 * 2 ** (attempt - 1))
                self._later(wait, lambda: self._deliver_event(about, event, attempt + 1))

        self.scheduler.spawn("activate_merchant", about, lambda: self.functions.created(*event), ended)

    # --- the broker ---

    def _publish(self, data: bytes) -> None:
        if self.weather.happens("message dropped", self.scheduler.now):
            return
        self._message_numbers += 1
        message = _Message(f"message-{self._message_numbers}", data)
        self._enqueue(message, self._transit())
        if self.weather.happens("message doubled", self.scheduler.now):
            # The publisher's client repeated it: the same work under another message id.
            self._message_numbers += 1
            self._enqueue(_Message(f"message-{self._message_numbers}", data), self._transit())

    def _transit(self) -> float:
        if self.weather.happens("message delayed", self.scheduler.now):
            return self.random.uniform(0.5, 90)
        return self.random.uniform(0.002, 0.03)

    def _enqueue(self, message: _Message, delay: float) -> None:
        self._later(delay, lambda: self._deliver(message))

    def _deliver(self, message: _Message) -> None:
        if message.settled:
            return
        message.attempts += 1
        self.latency.deliveries += 1
        self._pending += 1
        function = "provision_step" if message.attempts <= MAX_DELIVERIES else "dead_letter"
        delivery = message.attempts
        body = push_body(
            function,
            message.data,
            message.id,
            _EPOCH + timedelta(microseconds=self.scheduler.microseconds()),
            delivery,
        )
        waiting = [True]

        def too_late() -> None:
            # The invocation goes on, but the broker no longer listens.
            if waiting and not message.settled:
                waiting.clear()
                self._pending -= 1
                if self.scheduler.now < self.weather.calm_at:
                    self.weather.fired["answer too late"] += 1
                self._deliver(message)

        def answered(result: Any) -> None:
            if not waiting:
                return
            waiting.clear()
            self._pending -= 1
            self._settle(message, result)

        self.scheduler.after(ACK_DEADLINE, too_late)
        about = str(json.loads(message.data).get("provisioning"))
        self.scheduler.spawn(function, about, lambda: self.functions.push(function, body), answered)

    def _settle(self, message: _Message, result: Any) -> None:
        now = self.scheduler.now
        if isinstance(result, int) and self.weather.happens("crash before the answer", now):
            result = Killed()
        elif result == 204 and self.weather.happens("answer lost on the way", now):
            self._later(ACK_DEADLINE, lambda: self._deliver(message))
            return
        if result == 204:
            message.settled = True
            return
        if isinstance(result, Exception):
            self.history.violate(f"a function raised {type(result).__name__}: {result}")
        self._later(min(10.0, 2.0 ** (message.attempts - 1)), lambda: self._deliver(message))

    # --- the scheduler's minute ---

    def _minute(self) -> None:
        if not self._pending and not self.scheduler.living and self.is_over():
            self.quiet = True
        self.scheduler.after(SWEEP_SECONDS, self._minute)
        if not self._sweeping or self.weather.happens("sweep missed", self.scheduler.now):
            return
        times = 1 + self.weather.happens("two sweepers", self.scheduler.now)
        for _ in range(times):
            self.scheduler.spawn("sweep", "", lambda: self.functions.push("sweep", b""))

    # --- the administrators ---

    def _observe(self, path: str, before: Kept | None, after: Kept | None) -> None:
        if not path.startswith("provisionings/"):
            return
        id = path.removeprefix("provisionings/")
        self.history.note(id, before, after)
        if after is None:
            return
        if after.data["status"] == "ROLLBACK" and self._undo_lacks:
            self.weather.lacks(self._undo_lacks[0], self.scheduler.now, self._undo_lacks[1])
            self._undo_lacks = None
        if over(after.data):
            self.latency.finished_at = self.scheduler.now
        reached = _reached(before.data if before else None, after.data)
        for click in [c for c in self._clicks_left if c.order == id and c.at in reached]:
            self._clicks_left.remove(click)
            for _ in range(click.times):
                self._later(click.delay, lambda click=click: self._click(click))

    def _click(self, click: Click) -> None:
        self._pending += 1
        token = f"admin-token-{1 + len(self.clicked) % 2}"
        body = None
        if click.action == "rollback":
            order = next(order for order in self.scenario.orders if order.id == click.order)
            body = {"confirm": order.subdomain}
        path = f"/api/provisioning/provisionings/{click.order}/{click.action}"

        def ended(result: Any) -> None:
            self._pending -= 1
            if isinstance(result, Exception):
                self.history.violate(f"the API raised {type(result).__name__}: {result}")
            status, answer = result if isinstance(result, tuple) else (None, {})
            self.scheduler.tell("admin", f"was answered {status} {answer.get('code', '')}")
            self.clicked.append(Clicked(click, status, answer))

        self.scheduler.spawn(click.action, click.order, lambda: self.functions.api(path, token, body), ended)

    def _advised(self, order: Order, retried: bool) -> Click | None:
        """What the provisioning's error tells people to do."""
        record = self.documents.peek(f"provisionings/{order.id}")
        if record is None or not over(record) or record["status"] in ("COMPLETED", "ROLLED_BACK"):
            return None
        error = record["error"]
        if record["current_step"] is None:
            # The request was rejected before anything was made.
            return None
        may_roll_back = "roll back" in error["action"].lower() or "submit a new request" in error["action"]
        if error["retryable"] and not (retried and may_roll_back):
            return Click("retry", order.id, "advice")
        return Click("rollback", order.id, "advice") if may_roll_back else None

    # --- the visitor ---

    def _visit_store(self, host: str, path: str, query: str) -> Page:
        answer = self._storefront.respond(host, "GET", path, query)
        return Page(answer.status, answer.body, answer.headers.get("Content-Type", ""))

    def _later(self, seconds: float, do: Callable[[], None]) -> None:
        self._pending += 1

        def now() -> None:
            self._pending -= 1
            do()

        self.scheduler.after(seconds, now)


def over(data: dict[str, Any]) -> bool:
    """Whether a provisioning's document says that nothing happens any more by itself."""
    halted = data["status"] == "ROLLBACK" and data["error"] is not None
    return halted or data["status"] in ("COMPLETED", "FAILED", "ROLLED_BACK")


def _reached(before: dict[str, Any] | None, after: dict[str, Any]) -> list[Any]:
    """The moments for which a click may wait, that this change brought about."""
    reached: list[Any] = []
    if before is None or before["status"] != after["status"]:
        reached.append(after["status"])
    if after["status"] == "ROLLBACK" and after["error"] and not (before and before["error"]):
        reached.append("halted")
    old, new = (before or {}).get("engine", {}), after["engine"]
    if claims(old, new):
        reached.append(("claimed", after["current_step"]))
    if before and new["hop"] > old["hop"]:
        reached.append(("committed", before["current_step"]))
    return reached


@cache
def _catalog() -> tuple[Set, ...]:
    """The themes and plans that every platform begins with."""
    documents = MemoryDocuments(lambda: BEGIN)
    seed_defaults(documents, merchants=False)
    return tuple(
        Set(path, data)
        for path, data in documents.everything().items()
        if path.startswith(("themes/", "plans/"))
    )


@cache
def _platform_files(theme: str) -> dict[str, SiteFile]:
    files = CountingFiles()
    publish_platform_files(files, load_theme(theme))
    return files.kept
