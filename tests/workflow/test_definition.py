"""The table of contents: what stands in it exists."""

from __future__ import annotations

from importlib import import_module

import pytest

from provisioning.steps.step import Step
from provisioning.workflow.definition import WORKFLOWS

STEPS = [step for workflow in WORKFLOWS.values() for step in workflow.steps]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_each_step_has_a_module_of_its_name_with_run_and_undo(step: Step) -> None:
    """The module is loaded at the step's first call, so nothing but this would notice a wrong name before."""
    module = import_module(f"provisioning.steps.{step.name}")

    assert callable(module.run)
    assert callable(module.undo)


def test_percentages_only_grow_and_end_at_a_hundred() -> None:
    """People see the bar move forward, to its end."""
    for workflow in WORKFLOWS.values():
        percents = [step.percent for step in workflow.steps]

        assert percents == sorted(set(percents))
        assert percents[-1] == 100
