"""
Each safeguard of the protocol, and the real code without it.

`removed(name)` takes one away while it lasts; the simulation must then see a violation, or the safeguard is for latency only
and `simulation/README.md` says why.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from provisioning.errors import Conflict, Transient
from provisioning.ports import Delete, Mail, Update, document_path
from provisioning.steps import configure_store, create_dashboard, send_credentials
from provisioning.steps.step import Deadline, Outcome, StepContext
from provisioning.stores.tokens import Tokens
from provisioning.workflow import decisions, engine
from provisioning.workflow.decisions import Decision
from provisioning.workflow.definition import ACTIVATION, Workflow
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.records import Provisioning
from simulation.platform import Functions, assembled

#: Without one of these something is lost, doubled or left behind; and the faults that show it soonest.
NEEDED: dict[str, tuple[str, ...]] = {
    "claim condition": ("message doubled", "answer lost on the way", "freeze after"),
    "commit condition": ("freeze before", "freeze after", "message doubled"),
    "lease check": ("message doubled", "answer lost on the way"),
    "sweep": ("message dropped", "event dropped"),
    "uid from the effect key": ("error", "message delayed"),
    "token from the effect key": ("crash after", "answer lost"),
    "mail look-up": ("crash after", "mail unconfirmed, sent"),
    "budget check before sending": ("freeze before", "freeze after"),
    "later time": ("freeze after", "answer lost"),
    "undo ownership of documents": ("message delayed", "error"),
    "undo ownership of accounts": ("message delayed", "error"),
}
#: Without one of these everything still comes right, later or with more deliveries.
FOR_LATENCY: dict[str, tuple[str, ...]] = {
    "own-token re-read": ("answer lost", "repeated", "arrives late"),
    "republish": ("message dropped", "crash before", "answer lost on the way"),
    "epoch check": ("message doubled", "message delayed", "answer lost on the way"),
    "hop check": ("message doubled", "message delayed", "answer lost on the way"),
}


@contextmanager
def removed(safeguard: str) -> Generator[tuple[Functions, bool]]:
    """The functions without one safeguard, and whether sweeps run."""
    changes: Mapping[str, Any] = _WORKFLOWS.get(safeguard, dict)()
    patches = _PATCHES.get(safeguard, list)()
    for each in patches:
        each.start()
    try:
        with assembled(engine=changes) as functions:
            yield functions, safeguard != "sweep"
    finally:
        for each in reversed(patches):
            each.stop()


def _unconditional(concerns: Callable[[Mapping[str, Any]], bool]) -> Any:
    """`Update`s of provisionings whose engine `concerns` hold without their condition."""

    def make(path: str, fields: Mapping[str, Any], if_updated_at: Any = None) -> Update:
        free = concerns(fields.get("engine") or {"owner": None})
        return Update(path, fields, None if free else if_updated_at)

    return patch.object(engine, "Update", make)


def _write_without_reading(
    self: StepEngine, id: str, old: Any, new: Any, updated_at: Any, token: str, *more: Any
) -> Any:
    path = document_path("provisionings", id)
    update = Update(path, engine.changed_fields(old, new), if_updated_at=updated_at)
    try:
        return self.ports.documents.commit([*more, update])[-1]
    except Conflict:
        raise engine._Overtaken from None


_decide = decisions.decide


def _without_republish(record: Any, message: Any, moment: Any) -> Decision:
    decision = _decide(record, message, moment)
    return Decision.IGNORE if decision is Decision.REPUBLISH else decision


_handle = StepEngine._handle


def _taking_for_present(*names: str) -> Any:
    """Every message is taken for one of the document's present epoch, or hop, whatever it says."""

    def handle(self: StepEngine, message: Any) -> Any:
        data = self.ports.documents.get(document_path("provisionings", message.provisioning)).data
        present = {name: data["engine"][name] for name in names} if data else {}
        return _handle(self, message.model_copy(update=present))

    return patch.object(StepEngine, "_handle", handle)


_deliver = send_credentials._deliver


def _deliver_unlooked(context: StepContext, mail: Mail) -> str:
    return _deliver(replace(context, in_doubt=False), mail)


def _silence_unlooked(context: StepContext, mail: Mail) -> str:
    raise Transient("no answer came", code="MAIL_NOT_ACCEPTED")


def _deliver_at_leisure(context: StepContext, mail: Mail) -> str:
    return _deliver(replace(context, deadline=Deadline(float("inf"), context.deadline.monotonic)), mail)


def _free_all(context: StepContext) -> Outcome:
    """`configure_store.undo` that asks nobody whose it is."""
    return Outcome(writes=tuple(Delete(path) for path in configure_store._paths(context)))


def _remove_any(context: StepContext) -> Outcome:
    """`create_dashboard.undo` that removes the owner's account, whoever made it."""
    outcome = create_dashboard.undo(context)
    owner = context.refs.get("owner_uid")
    if owner:
        context.ports.accounts.remove(str(owner))
    return outcome


def _undoing(step: str, undo: Callable[[StepContext], Outcome]) -> dict[str, Any]:
    steps = tuple(replace(s, undo=undo) if s.name == step else s for s in ACTIVATION.steps)
    return {"workflows": {"activation": Workflow(steps)}}


def _random_uid(effect_key: str) -> str:
    return f"owner-{_dice.getrandbits(88):022x}"


def _random_token(self: Tokens, effect_key: str) -> str:
    return f"{_dice.getrandbits(170):043x}"


_dice = random.Random(0)  # noqa: S311 - a simulation must be repeatable

_PATCHES: dict[str, Callable[[], list[Any]]] = {
    "claim condition": lambda: [_unconditional(lambda e: e["owner"] is not None)],
    "commit condition": lambda: [_unconditional(lambda e: e["owner"] is None)],
    "own-token re-read": lambda: [patch.object(StepEngine, "_write", _write_without_reading)],
    "lease check": lambda: [patch.object(decisions, "is_leased", lambda *_: False)],
    "uid from the effect key": lambda: [patch.object(create_dashboard, "own_uid", _random_uid)],
    "token from the effect key": lambda: [patch.object(Tokens, "welcome", _random_token)],
    "mail look-up": lambda: [
        patch.object(send_credentials, "_deliver", _deliver_unlooked),
        patch.object(send_credentials, "_after_silence", _silence_unlooked),
    ],
    "budget check before sending": lambda: [patch.object(send_credentials, "_deliver", _deliver_at_leisure)],
    "later time": lambda: [patch.object(Provisioning, "later", lambda _, now: now)],
    "republish": lambda: [patch.object(engine, "decide", _without_republish)],
    "epoch check": lambda: [_taking_for_present("epoch")],
    "hop check": lambda: [_taking_for_present("hop")],
}
_WORKFLOWS: dict[str, Callable[[], dict[str, Any]]] = {
    "undo ownership of documents": lambda: _undoing("configure_store", _free_all),
    "undo ownership of accounts": lambda: _undoing("create_dashboard", _remove_any),
}
