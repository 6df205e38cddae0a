"""What the platform's push is in the cloud: one delivery of the embedded queue, posted to the function that it is for."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from provisioning.local import events
from provisioning.local.calls import call, post
from provisioning.local.functions import FUNCTIONS, load, load_handler
from provisioning.local.messages import Delivery

#: The function that is called for each step.
STEPS = "provision_step"
#: As the push subscriptions in production have it.
MAX_DELIVERIES = 50


def load_functions() -> dict[str, Flask]:
    """Every function's application by its name, but for the one that is called without one."""
    return {function.name: load(function) for function in FUNCTIONS if function.name != STEPS}


class Push:
    """Calls a function with a delivery; says whether the delivery needs no other."""

    def __init__(self, project: str, step_topic: str, apps: Mapping[str, Flask]) -> None:
        self._project = project
        self._step_topic = step_topic
        self._apps = apps
        self._provision_step = load_handler(next(f for f in FUNCTIONS if f.name == STEPS))

    def __call__(self, delivery: Delivery) -> bool:
        if delivery.kind != "message":
            return self._push_event(delivery)
        if delivery.source != self._step_topic:
            return True
        name = STEPS if delivery.attempt <= MAX_DELIVERIES else "dead_letter"
        body = events.push_body(
            f"projects/{self._project}/subscriptions/{name}",
            delivery.data,
            delivery.attributes,
            message_id=str(delivery.id),
            publish_time=delivery.published_at,
            delivery_attempt=delivery.attempt,
        )
        headers = {"Content-Type": "application/json"}
        if name == STEPS:
            return _is_success(call(self._provision_step, body, headers))
        return _is_success(post(self._apps[name].wsgi_app, body, headers))

    def _push_event(self, delivery: Delivery) -> bool:
        data = delivery.document.data if delivery.document else None
        at, event_id = delivery.published_at, f"{delivery.kind}-{delivery.id}"
        database = (self._project, "(default)")
        if delivery.kind == "written":
            name = "republish"
            event = events.written_event(*database, delivery.source, data, written_at=at, event_id=event_id)
        else:
            name = "activate_merchant"
            event = events.created_event(
                *database, delivery.source, data or {}, created_at=at, event_id=event_id
            )
        headers, body = event
        return _is_success(post(self._apps[name].wsgi_app, body, headers))


def _is_success(status: int) -> bool:
    return 200 <= status < 300
