"""
Steps that fail on purpose, on the local runtimes alone: so that one sees what a portal shows, and tries what helps.

The runtime gives the switch; every fault says of itself, wherever it is seen, that it was switched on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from provisioning import logs
from provisioning.errors import Permanent, Transient
from provisioning.ports import Fault, FaultKind, Faults
from provisioning.workflow.definition import Workflow

if TYPE_CHECKING:
    from provisioning.steps.step import Outcome, Step, StepContext, StepFunction

SLOW_SECONDS = 3.0
#: What a step that is slowed down keeps of its budget for its own work.
_KEPT_SECONDS = 2.0
#: How often what hangs looks whether the switch was turned off.
_LOOK_SECONDS = 0.25
#: The lease is twice the budget; an attempt that hangs outlives it, as one that never comes back would.
_HANGS_FOR = 1.5

Sleep = Callable[[float], None]


def with_faults(
    workflows: Mapping[str, Workflow], faults: Faults, sleep: Sleep = time.sleep
) -> dict[str, Workflow]:
    """The same workflows, each step behind the switch. Undoing is never disturbed."""
    return {
        kind: Workflow(tuple(replace(step, run=_switched(step, faults, sleep)) for step in workflow.steps))
        for kind, workflow in workflows.items()
    }


def _switched(step: Step, faults: Faults, sleep: Sleep) -> StepFunction:
    def run(context: StepContext) -> Outcome:
        fault = faults.take(step.name)
        if fault is None:
            return step.run(context)
        logs.step_disturbed(context.provisioning_id, step.name, fault.kind.value)
        match fault.kind:
            case FaultKind.FAIL:
                raise Transient("the switch for trials made this attempt fail", code="SWITCHED_TO_FAIL")
            case FaultKind.REFUSE:
                raise _refused(step)
            case FaultKind.SLOW:
                return _slowly(step, context, fault, sleep)
            case FaultKind.HANG:
                _hang(context, faults, sleep)
                raise Transient("the switch for trials made this attempt hang", code="SWITCHED_TO_HANG")

    return run


def _refused(step: Step) -> Permanent:
    return Permanent(
        "SWITCHED_TO_REFUSE",
        "The switch for trials refused this step",
        detail=f"Nothing is wrong: somebody asked that “{step.title}” be refused.",
        action="Turn the switch off for this step, then retry.",
        retryable=True,
    )


def _slowly(step: Step, context: StepContext, fault: Fault, sleep: Sleep) -> Outcome:
    """Late, and within its budget all the same."""
    seconds = min(fault.seconds or SLOW_SECONDS, max(0.0, context.deadline.remaining() - _KEPT_SECONDS))
    sleep(seconds)
    outcome = step.run(context)
    line = f"Slowed down by {seconds:.1f} s: the switch for trials is on for this step"
    return replace(outcome, log=(line, *outcome.log))


def _hang(context: StepContext, faults: Faults, sleep: Sleep) -> None:
    """Wait until the lease is over and another has taken the step, or until somebody turns the switch."""
    turned = faults.turned_at()
    patience = context.deadline.remaining() * _HANGS_FOR
    while context.deadline.remaining() > -patience and faults.turned_at() == turned:
        sleep(_LOOK_SECONDS)
