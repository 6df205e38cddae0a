"""The switch that breaks a step on a local runtime, so that one sees how a failure looks and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from provisioning.api.calls import ROOT, Answer, Call, Endpoint, NoQuery
from provisioning.api.shapes import Input, Output
from provisioning.errors import FieldError, InvalidInput, NotFound
from provisioning.ports import Fault, FaultKind, Faults
from provisioning.stores.audit import audit_entry, commit_deed
from provisioning.workflow.records import Kind

if TYPE_CHECKING:
    from provisioning.steps.step import Step


class FaultWish(Input):
    """What is to go wrong."""

    step: Annotated[str, Field(max_length=60)] = Field(description="The name of a step of an activation.")
    kind: FaultKind = Field(
        description="`fail`: the attempt fails, and is tried again. `refuse`: the step ends in an error that says what to do. "
        "`slow`: it takes longer. `hang`: it does not come back, until its lease is over."
    )
    times: int | None = Field(1, ge=1, le=1000, description="How often; null until it is turned off.")
    seconds: float | None = Field(None, gt=0, le=60, description="How much longer, where it is slow.")


class FaultWishes(Input):
    """All that is to go wrong; an empty list turns everything off."""

    faults: Annotated[tuple[FaultWish, ...], Field(max_length=20)]


class FaultView(Output):
    """What goes wrong, and how often it still will."""

    step: str
    kind: FaultKind
    times: int | None
    seconds: float | None


class StepName(Output):
    """A step that can be made to go wrong."""

    name: str
    title: str


class FaultList(Output):
    """What goes wrong at present."""

    faults: tuple[FaultView, ...]
    steps: tuple[StepName, ...] = Field(description="What can be made to go wrong, in its order.")


def show_faults(call: Call[NoQuery, None]) -> Answer:
    return _view(call, _switch(call))


def set_faults(call: Call[NoQuery, FaultWishes]) -> Answer:
    switch = _switch(call)
    known = {step.name for step in _steps(call)}
    wrong = tuple(
        FieldError(f"faults.{n}.step", "UNKNOWN_STEP", f"must be one of {', '.join(sorted(known))}")
        for n, wish in enumerate(call.body.faults)
        if wish.step not in known
    )
    if wrong:
        raise InvalidInput(wrong)
    faults = tuple(Fault(wish.step, wish.kind, wish.times, wish.seconds) for wish in call.body.faults)
    switch.write(faults)
    now = call.documents.get("sweeps/clock").read_time
    detail = {"faults": [f"{fault.step}: {fault.kind.value}" for fault in faults]}
    entry = audit_entry(at=now, actor=call.actor, action="faults.set", subject="local/faults", detail=detail)
    commit_deed(call.documents, [], entry)
    return _view(call, switch)


def _switch(call: Call[NoQuery, FaultWishes] | Call[NoQuery, None]) -> Faults:
    if call.platform.faults is None:
        raise NotFound("this runtime has no such switch")
    return call.platform.faults


def _steps(call: Call[Any, Any]) -> tuple[Step, ...]:
    return call.platform.engine.workflows[Kind.ACTIVATION].steps


def _view(call: Call[Any, Any], switch: Faults) -> Answer:
    views = (
        FaultView(step=fault.step, kind=fault.kind, times=fault.times, seconds=fault.seconds)
        for fault in switch.read()
    )
    steps = (StepName(name=step.name, title=step.title) for step in _steps(call))
    return Answer(FaultList(faults=tuple(views), steps=tuple(steps)))


ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/local/faults",
        "show_faults",
        "Trials",
        "Show which steps are made to go wrong",
        show_faults,
        description="On the local runtimes alone.",
        response=FaultList,
        local=True,
    ),
    Endpoint(
        "PUT",
        f"{ROOT}/local/faults",
        "set_faults",
        "Trials",
        "Make steps go wrong",
        set_faults,
        description="On the local runtimes alone. Each fault says wherever it is seen that it was switched on.",
        body=FaultWishes,
        response=FaultList,
        local=True,
        example={"faults": [{"step": "deploy_website", "kind": "fail", "times": 1}]},
    ),
)
