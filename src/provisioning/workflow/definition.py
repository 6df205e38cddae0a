"""
The ordered steps of each kind of provisioning: the table of contents of what this product does.

A new step is one module under `provisioning.steps` and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from provisioning.steps.step import Outcome, Step, StepContext, StepFunction


@dataclass(frozen=True, slots=True)
class Workflow:
    """Steps in their order; undone in reverse."""

    steps: tuple[Step, ...]

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def after(self, name: str) -> Step | None:
        """The step that follows, or None after the last."""
        place = self._place(name) + 1
        return self.steps[place] if place < len(self.steps) else None

    def before(self, name: str) -> Step | None:
        """The step that is undone next, or None before the first."""
        place = self._place(name) - 1
        return self.steps[place] if place >= 0 else None

    def _place(self, name: str) -> int:
        return [step.name for step in self.steps].index(name)


def _step(name: str, title: str, percent: int, undoing: str, budget: float | None = None) -> Step:
    """The step in the module of that name."""
    return Step(name, title, percent, _function(name, "run"), _function(name, "undo"), undoing, budget)


def _function(module: str, name: str) -> StepFunction:
    # Loaded when it is first called: every function of ours loads this table, and all but one never run a step.
    def call(context: StepContext) -> Outcome:
        function: StepFunction = getattr(import_module(f"provisioning.steps.{module}"), name)
        return function(context)

    return call


ACTIVATION = Workflow(
    (
        _step(
            "configure_store",
            "Reserve the address",
            10,
            "Removes the store, and frees its address for others.",
        ),
        _step(
            "create_workspace",
            "Make the workspace",
            25,
            "Removes the store's data space with its products and collections.",
        ),
        _step(
            "create_dashboard",
            "Open the dashboard",
            40,
            "Takes the owner's right to the store away, and removes the account if it was made for it.",
        ),
        _step(
            "deploy_website",
            "Publish the website",
            60,
            "Takes the website off the address; visitors find nothing there any more.",
        ),
        _step(
            "initialize_data",
            "Set up the store's data",
            80,
            "Removes the store's settings and its tasks.",
        ),
        _step(
            "send_credentials",
            "Welcome the owner",
            95,
            "A mail that was sent stays sent; its link opens nothing any more.",
        ),
        _step("complete", "Prove that it works", 100, "Closes the store to the public."),
    )
)

#: A store of 2,000 products is published in one turn of so many seconds, a larger one in several. The function's time-out is one and a half
#: times the longest budget of a step.
PUBLISHING_SECONDS = 30.0

PUBLICATION = Workflow(
    (
        _step(
            "publish_site",
            "Publish the website",
            100,
            "Leaves the website as visitors see it now.",
            PUBLISHING_SECONDS,
        ),
    )
)

WORKFLOWS: Mapping[str, Workflow] = {"activation": ACTIVATION, "publication": PUBLICATION}
