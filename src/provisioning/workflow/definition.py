"""
The ordered steps of each kind of provisioning: the table of contents of what this product does.

A new step is one module under `provisioning.steps` and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.steps import (
    complete,
    configure_store,
    create_dashboard,
    create_workspace,
    deploy_website,
    initialize_data,
    send_credentials,
)
from provisioning.steps.step import Step


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


ACTIVATION = Workflow(
    (
        Step("configure_store", "Reserve the address", 10, configure_store.run, configure_store.undo),
        Step("create_workspace", "Make the workspace", 25, create_workspace.run, create_workspace.undo),
        Step("create_dashboard", "Open the dashboard", 40, create_dashboard.run, create_dashboard.undo),
        Step("deploy_website", "Publish the website", 60, deploy_website.run, deploy_website.undo),
        Step("initialize_data", "Set up the store's data", 80, initialize_data.run, initialize_data.undo),
        Step("send_credentials", "Welcome the owner", 95, send_credentials.run, send_credentials.undo),
        Step("complete", "Prove that it works", 100, complete.run, complete.undo),
    )
)

WORKFLOWS: Mapping[str, Workflow] = {"activation": ACTIVATION}
