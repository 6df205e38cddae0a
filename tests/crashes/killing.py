"""
A platform that kills its own process, with SIGKILL, at a named point of a named step.

Which point is in the provisioning's id, `<step>.<point>`; it dies there once in each direction, which a marker file decides. The marker
says when, and which other provisionings this process was working on: they were hit by the same crash.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from provisioning.ports import Documents, Mail, Mailer, Sent, Update, Write
from provisioning.runtime import Platform
from provisioning.steps.step import Outcome, Step, StepContext, StepFunction
from provisioning.workflow.definition import WORKFLOWS, Workflow
from provisioning.workflow.engine import StepEngine, Verdict
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.records import Direction, StepStatus

#: Milliseconds after which a process may die in the middle of a call: an emulator's answer takes about five.
IN_FLIGHT = (0.0, 6.0)


class Point(StrEnum):
    """Where a process dies while it works on a step."""

    BEFORE_CLAIM = "before_claim"
    AFTER_CLAIM = "after_claim"
    MID_EFFECT = "mid_effect"
    AFTER_EFFECT = "after_effect"
    AFTER_COMMIT = "after_commit"
    AFTER_PUBLISH = "after_publish"


#: The call to a receiver that makes the effect of a step: port, method, and at which call to die in its middle. The effects of
#: all other steps are documents, which travel in the engine's commit: there the process dies while that is under way.
EFFECTS = {
    (Direction.FORWARD, "create_dashboard"): ("accounts", "ensure_owner", 1),
    (Direction.FORWARD, "deploy_website"): ("files", "put", 12),
    (Direction.FORWARD, "send_credentials"): ("mailer", "send", 1),
    (Direction.UNDO, "create_workspace"): ("documents", "commit", 2),
    (Direction.UNDO, "create_dashboard"): ("accounts", "remove", 1),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One crash: the step, and where in it."""

    step: str
    point: Point

    @property
    def id(self) -> str:
        return f"{self.step}.{self.point}"


CASES = tuple(Case(step.name, point) for step in WORKFLOWS["activation"].steps for point in Point)


@dataclass(frozen=True, slots=True)
class Crash:
    """What the marker of a crash says."""

    case: str
    direction: str
    at: float
    #: The provisionings that the process was working on.
    hit: tuple[str, ...]


def crashes(folder: Path) -> list[Crash]:
    """The crashes so far, the oldest first."""
    read = (json.loads(file.read_text()) for file in folder.glob("*.json"))
    found = (Crash(each["case"], each["direction"], each["at"], tuple(each["hit"])) for each in read)
    return sorted(found, key=lambda crash: crash.at)


class Killer:
    """Kills this process, once for each case and direction."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._at_work: list[str] = []
        self._turn = threading.Lock()
        self.local = threading.local()

    @contextmanager
    def working_on(self, id: str) -> Generator[None]:
        with self._lock:
            self._at_work.append(id)
        self.local.has_turn = False
        try:
            yield
        finally:
            if self.local.has_turn:
                self._turn.release()
            with self._lock:
                self._at_work.remove(id)

    def take_turn(self, id: str, direction: Direction, step: str) -> None:
        """
        Let no other case die between here and the end of this delivery, if this step is where `id` is to die.

        Hit by another's crash right behind its own point, it could never die there itself.
        """
        if id in {Case(step, point).id for point in Point} and not self._marker(id, direction).exists():
            self._turn.acquire()
            self.local.has_turn = True

    def is_due(self, id: str, direction: Direction, step: str, point: Point) -> bool:
        return id == Case(step, point).id and not self._marker(id, direction).exists()

    def die_at(self, id: str, direction: Direction, step: str, point: Point) -> None:
        if self.is_due(id, direction, step, point):
            self.die(id, direction)

    def die(self, id: str, direction: Direction) -> None:
        """Leave the marker, and die; go on where another process was quicker."""
        with self._lock:
            said = {"case": id, "direction": direction, "at": time.time(), "hit": self._at_work}
        draft = self._folder / f"{id}.{direction}.{os.getpid()}.{threading.get_ident()}"
        draft.write_text(json.dumps(said))
        try:
            os.link(draft, self._marker(id, direction))
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)

    def die_in_flight(self, id: str, direction: Direction, call: Callable[[], Any]) -> None:
        """Begin `call`, and die while it is under way: whether it is done nobody knows."""
        threading.Thread(target=call, daemon=True).start()
        time.sleep(random.uniform(*IN_FLIGHT) / 1000)
        self.die(id, direction)

    def note_send(self, key: str) -> None:
        """Keep that a mail was handed over: a second one with its key would be no second file."""
        with (self._folder / "sent.log").open("a") as log:
            log.write(f"{key}\n")

    def _marker(self, id: str, direction: Direction) -> Path:
        return self._folder / f"{id}.{direction}.json"


def dying(platform: Platform, killer: Killer) -> Platform:
    """The same platform; its process dies where the killer says."""
    ports = replace(
        platform.ports,
        documents=_DyingDocuments(platform.ports.documents, killer),
        mailer=_NotingMailer(platform.ports.mailer, killer),
    )
    workflows = {
        kind: Workflow(tuple(_dying_step(step, killer) for step in workflow.steps))
        for kind, workflow in platform.engine.workflows.items()
    }
    same = {field.name: getattr(platform.engine, field.name) for field in fields(StepEngine)}
    engine = _DyingEngine(**(same | {"ports": ports, "workflows": workflows}), killer=killer)
    return replace(platform, ports=ports, engine=engine)


@dataclass(frozen=True, kw_only=True)
class _DyingEngine(StepEngine):
    killer: Killer

    def handle(self, message: StepMessage) -> Verdict:
        with self.killer.working_on(message.provisioning):
            self.killer.local.committed = None
            verdict = StepEngine.handle(self, message)
            # The next step is published, and the broker not yet answered.
            if self.killer.local.committed is not None:
                self.killer.die_at(message.provisioning, *self.killer.local.committed, Point.AFTER_PUBLISH)
            return verdict


class _DyingDocuments:
    """Dies around claims and commits of steps."""

    def __init__(self, inner: Documents, killer: Killer) -> None:
        self._inner = inner
        self._killer = killer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def commit(self, writes: Sequence[Write]) -> tuple[datetime, ...]:
        update = next((w for w in writes if w.path.startswith("provisionings/")), None)
        if not isinstance(update, Update):
            return self._inner.commit(writes)
        id, engine = update.path.partition("/")[2], update.fields["engine"]
        direction = Direction(engine["direction"])
        if engine["owner"] is not None:
            return self._claim(id, direction, update, writes)
        if engine["attempt"] == 0:
            return self._commit(id, direction, writes)
        return self._inner.commit(writes)

    def _claim(
        self, id: str, direction: Direction, update: Update, writes: Sequence[Write]
    ) -> tuple[datetime, ...]:
        step = next(r["name"] for r in update.fields["steps"] if r["status"] == StepStatus.IN_PROGRESS)
        self._killer.local.step = step
        self._killer.take_turn(id, direction, step)
        self._killer.die_at(id, direction, step, Point.BEFORE_CLAIM)
        done = self._inner.commit(writes)
        self._killer.die_at(id, direction, step, Point.AFTER_CLAIM)
        return done

    def _commit(self, id: str, direction: Direction, writes: Sequence[Write]) -> tuple[datetime, ...]:
        step = self._killer.local.step
        due = self._killer.is_due(id, direction, step, Point.MID_EFFECT)
        if due and (direction, step) not in EFFECTS:
            self._killer.die_in_flight(id, direction, lambda: self._inner.commit(writes))
        done = self._inner.commit(writes)
        self._killer.die_at(id, direction, step, Point.AFTER_COMMIT)
        self._killer.local.committed = direction, step
        return done


def _dying_step(step: Step, killer: Killer) -> Step:
    return replace(
        step,
        run=_dying_function(step.run, Direction.FORWARD, step.name, killer),
        undo=_dying_function(step.undo, Direction.UNDO, step.name, killer),
    )


def _dying_function(function: StepFunction, direction: Direction, step: str, killer: Killer) -> StepFunction:
    def work(context: StepContext) -> Outcome:
        id = context.provisioning_id
        if (direction, step) in EFFECTS and killer.is_due(id, direction, step, Point.MID_EFFECT):
            port, method, at = EFFECTS[direction, step]
            inner = getattr(context.ports, port)
            dying = _DyingPort(inner, method, at, lambda call: killer.die_in_flight(id, direction, call))
            context = replace(context, ports=replace(context.ports, **{port: dying}))
        outcome = function(context)
        killer.die_at(id, direction, step, Point.AFTER_EFFECT)
        return outcome

    return work


class _DyingPort:
    """A port that lets every call through, but for one: the call number `at` of `method`."""

    def __init__(self, inner: Any, method: str, at: int, die: Callable[[Callable[[], Any]], None]) -> None:
        self._inner = inner
        self._method = method
        self._left = at
        self._die = die
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._inner, name)
        if name != self._method:
            return call

        def counted(*args: Any) -> Any:
            with self._lock:
                self._left -= 1
                last = self._left == 0
            if last:
                self._die(lambda: call(*args))
            return call(*args)

        return counted


class _NotingMailer:
    """Notes every mail that was handed over."""

    def __init__(self, inner: Mailer, killer: Killer) -> None:
        self._inner = inner
        self._killer = killer

    def send(self, mail: Mail) -> None:
        self._inner.send(mail)
        self._killer.note_send(mail.key)

    def find(self, key: str) -> Sent:
        return self._inner.find(key)
