"""
The embedded runtime, with one addition: at a named point of a named step it says so in a file and stands still.

    python -m tests.e2e.stopping_runtime DATA PORT VARIABLES STEP POINT

The test then kills it. POINT is `before` (claimed, nothing done), `after` (all done, nothing committed) or `published` (committed,
the next message not yet published; each step is left to a message then). With STEP `-` it never stands still.
"""

from __future__ import annotations

import dataclasses
import sys
import threading
from pathlib import Path
from typing import Any

from provisioning.catalog.seeding import seed_defaults
from provisioning.runtime import assemble, embedded_runtime, installed
from provisioning.serving import write_variables
from provisioning.settings import read_settings
from provisioning.steps.step import Outcome, Step, StepContext
from provisioning.workflow.definition import ACTIVATION, Workflow
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.records import Provisioning
from provisioning.workflow.recovery import release_leases


def stand_still(marker: Path) -> None:
    marker.touch()
    threading.Event().wait()


def stopping(step: Step, point: str, marker: Path) -> Step:
    def run(context: StepContext) -> Outcome:
        if point == "before":
            stand_still(marker)
        outcome = step.run(context)
        if point == "after":
            stand_still(marker)
        return outcome

    return dataclasses.replace(step, run=run)


@dataclasses.dataclass(frozen=True)
class StoppingEngine(StepEngine):
    """Stands still before it publishes the step that follows `stop_after`."""

    stop_after: str = ""
    marker: Path = Path()

    def publish(self, id: str, record: Provisioning) -> None:
        following = ACTIVATION.after(self.stop_after) if self.stop_after else None
        if following is not None and record.current_step == following.name:
            stand_still(self.marker)
        super().publish(id, record)


def main() -> None:
    data, port, variables, step, point = sys.argv[1:]
    marker = Path(data) / "standing-still"
    settings = read_settings(provisioning_data=Path(data), public_port=int(port))
    platform = assemble(settings)
    steps = tuple(stopping(s, point, marker) if s.name == step else s for s in ACTIVATION.steps)
    fields = {f.name: getattr(platform.engine, f.name) for f in dataclasses.fields(StepEngine)}
    changes: dict[str, Any] = {"workflows": {"activation": Workflow(steps)}}
    if point == "published":
        changes["goes_on_for"] = 0.0
    engine = StoppingEngine(
        **(fields | changes),
        stop_after=step if point == "published" else "",
        marker=marker,
    )
    platform = dataclasses.replace(platform, engine=engine)
    server = embedded_runtime(platform)

    def prepare() -> None:
        seed_defaults(platform.ports.documents, merchants=False)
        release_leases(engine)

    with installed(platform):
        server.start(before_work=prepare)
        write_variables(
            Path(variables),
            {"PROVISIONING_RUNTIME": "embedded", "PROVISIONING_DATA": data, "PUBLIC_PORT": port},
        )
        threading.Event().wait()


if __name__ == "__main__":
    main()
