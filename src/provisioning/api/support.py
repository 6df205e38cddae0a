"""What helps a person who has to decide: what a roll back would undo, and a bundle for the platform team."""

from __future__ import annotations

import platform as machine
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from pydantic import Field
from werkzeug.datastructures import Headers

from provisioning.api.calls import NOT_UNDOABLE, ROOT, UNKNOWN, Answer, Call, Endpoint, NoQuery, Refusal
from provisioning.api.shapes import Activation, Output, ProvisioningView
from provisioning.errors import NotFound
from provisioning.logs import mask_email
from provisioning.ports import Data, check_id, document_path
from provisioning.tracing import read_span
from provisioning.workflow import recovery
from provisioning.workflow.records import Provisioning, plain, read_provisioning


class UndoneStep(Output):
    """One step that would be undone."""

    step: str
    title: str
    what: str = Field(description="What undoing it does.")


class UndoPlan(Output):
    """What a roll back would undo, in its order."""

    steps: tuple[UndoneStep, ...]
    needs_confirmation: bool = Field(description="Whether the store's subdomain has to be sent as `confirm`.")


class Answers(Output):
    """What was asked for, so that it can be asked for again."""

    request: dict[str, Any] = Field(
        description="The fields of the activation request as they were sent, right or wrong, as the body of an activation has them."
    )


class Event(Output):
    """Something that happened."""

    at: datetime
    step: str | None
    what: str


class SupportBundle(Output):
    """Everything about one provisioning that may leave the platform: no secret, no token, no whole e-mail address."""

    made_at: datetime
    made_by: str
    versions: dict[str, str]
    trace: str | None = Field(
        description="The trace of the request for this bundle, where the platform gave it one."
    )
    log_filter: str = Field(description="Finds the lines of this provisioning in the log.")
    provisioning: ProvisioningView
    engine: dict[str, Any] = Field(
        description="Where the engine stands, without keys, tokens and references."
    )
    request: dict[str, Any] | None
    timeline: tuple[Event, ...]


#: What of the engine's own state tells how it stands, and opens nothing.
_SHOWN_OF_ENGINE = (
    "epoch",
    "hop",
    "direction",
    "attempt",
    "not_before",
    "in_doubt",
    "wake_at",
    "wake_shard",
    "dead_letter",
)
_HIDDEN_OF_REQUEST = {"owner_email"}
#: What a form has asked for.
_ANSWERS = tuple(Activation.model_fields)


def show_undo(call: Call[NoQuery, None]) -> Answer:
    planned = recovery.plan_undo(call.platform.engine, _id(call))
    steps = tuple(
        UndoneStep(step=step.name, title=step.title, what=step.undoing or "It leaves nothing behind.")
        for step in planned.steps
    )
    return Answer(UndoPlan(steps=steps, needs_confirmation=planned.needs_confirmation))


def show_answers(call: Call[NoQuery, None]) -> Answer:
    request = call.documents.get(document_path("activation_requests", _id(call)))
    if request.data is None:
        raise NotFound("there is no activation request with this id")
    return Answer(
        Answers(request={name: plain(request.data[name]) for name in _ANSWERS if name in request.data})
    )


def show_bundle(call: Call[NoQuery, None]) -> Answer:
    id = _id(call)
    found, request = call.documents.get_all(
        [document_path("provisionings", id), document_path("activation_requests", id)]
    )
    if found.data is None:
        raise NotFound("there is no provisioning with this id")
    record = read_provisioning(found.data)
    bundle = SupportBundle(
        made_at=datetime.now(UTC),
        made_by=call.actor,
        versions=_versions(call),
        trace=_trace(call),
        log_filter=f'jsonPayload.provisioning="{id}"',
        provisioning=ProvisioningView.of(id, record),
        engine={name: plain(getattr(record.engine, name)) for name in _SHOWN_OF_ENGINE}
        | {"owned": record.engine.owner is not None},
        request=None if request.data is None else _request(request.data),
        timeline=timeline_of(record),
    )
    return Answer(bundle, {"Content-Disposition": f'attachment; filename="provisioning-{id}.json"'})


def _id(call: Call[NoQuery, None]) -> str:
    return check_id(call.path["provisioning_id"], "provisioning_id")


def _versions(call: Call[NoQuery, None]) -> dict[str, str]:
    return {
        "provisioning": version("provisioning"),
        "python": machine.python_version(),
        "runtime": str(call.platform.settings.provisioning_runtime),
    }


def _trace(call: Call[NoQuery, None]) -> str | None:
    span = read_span(Headers(call.headers))
    return span.trace if span else None


def _request(data: Data) -> dict[str, Any]:
    shown = {str(name): value for name, value in data.items() if name not in _HIDDEN_OF_REQUEST}
    address = data.get("owner_email")
    return shown | {"owner_email": mask_email(address) if isinstance(address, str) else None}


def timeline_of(record: Provisioning) -> tuple[Event, ...]:
    """Log and steps as one story, the oldest first."""
    events = [
        Event(at=entry.at, step=entry.step, what=f"{entry.level}: {entry.message}") for entry in record.log
    ]
    for step in record.steps:
        if step.started_at:
            events.append(Event(at=step.started_at, step=step.name, what="begun"))
        if step.finished_at:
            events.append(Event(at=step.finished_at, step=step.name, what=f"ended {step.status}"))
    for at, what in ((record.requested_at, "requested"), (record.completed_at, "completed")):
        if at:
            events.append(Event(at=at, step=None, what=what))
    return tuple(sorted(events, key=lambda event: event.at))


ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/provisionings/{{provisioning_id}}/undo",
        "show_undo",
        "Provisionings",
        "Show what a roll back would undo",
        show_undo,
        response=UndoPlan,
        refusals=(UNKNOWN, *NOT_UNDOABLE),
    ),
    Endpoint(
        "GET",
        f"{ROOT}/provisionings/{{provisioning_id}}/request",
        "show_request",
        "Provisionings",
        "Show what was asked for",
        show_answers,
        description="To ask again with the same answers, under a new key.",
        response=Answers,
        refusals=(Refusal(404, "NOT_FOUND", "there is no request with this id"),),
    ),
    Endpoint(
        "GET",
        f"{ROOT}/provisionings/{{provisioning_id}}/support-bundle",
        "show_support_bundle",
        "Provisionings",
        "Collect what the platform team needs to help",
        show_bundle,
        response=SupportBundle,
        refusals=(UNKNOWN,),
    ),
)
