"""
A deploy in the middle of an activation: what earlier versions wrote is read and finished, what a newer one wrote waits unharmed.

The old documents and messages are frozen in `tests/fixtures/schemas`; engine, steps and functions are the present ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from flask.testing import FlaskClient

from provisioning.errors import WrongState
from provisioning.ports import Create, Set, Update
from provisioning.sites.building import build_site
from provisioning.sites.publishing import publish
from provisioning.sites.shop import read_shop
from provisioning.themes.packages import load_theme
from provisioning.workflow import messages, records, recovery
from provisioning.workflow.definition import ACTIVATION
from provisioning.workflow.engine import Verdict
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.records import Provisioning, Status
from provisioning.workflow.replay import replay
from provisioning.workflow.sweep import Swept, stuck, sweep
from tests.fixtures.schemas.frozen import read_messages, read_states, versions
from tests.functions.pushes import HEADERS, push
from tests.receivers.world import ID, STORE, World

PATH = f"provisionings/{ID}"
FUNCTIONS = Path(__file__).parents[2] / "functions"
STATES = [(version, state) for version in versions() for state in read_states(version)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path).running() as world:
        world.publish_shared_files()
        yield world


@pytest.fixture
def serve() -> Callable[..., FlaskClient]:
    def serve(name: str, signature: str = "http") -> FlaskClient:
        app = functions_framework.create_app(name, str(FUNCTIONS / name / "main.py"), signature)
        return app.test_client()

    return serve


def load(world: World, version: str, state: str) -> Provisioning:
    """Put the world into a frozen state: its documents, and what the receivers held then."""
    documents = read_states(version)[state]
    world.documents.commit([Create(path, data) for path, data in documents.items()])
    owner = world.record.engine.refs.get("owner_uid")
    if owner:
        world.platform.ports.accounts.ensure_owner("ada.canary@example.com", "Ada", owner)
    if world.live:
        shop = read_shop(world.documents, STORE, world.platform.addresses)
        release = publish(world.platform.ports.files, STORE, build_site(load_theme("upfront-modern"), shop))
        world.documents.commit([Update(f"deployments/{STORE}", {"live": release.id})])
    return world.record


def run_sweep(world: World) -> Swept:
    return sweep(world.platform.engine, pause=lambda _: None)


def raw(world: World) -> dict[str, Any]:
    return dict(world.documents.get(PATH).data or {})


# --- earlier versions ---


@pytest.mark.parametrize(("version", "state"), STATES, ids=lambda value: value)
def test_every_state_is_read_and_finished(world: World, version: str, state: str) -> None:
    """Sweep alone brings on what was under way; a person retries or rolls back the rest; what is over stays as it is."""
    record = load(world, version, state)
    before = world.documents.get(PATH).update_time
    world.clock.leap(60)
    run_sweep(world)
    if record.over:
        assert world.broker.pending == []
        assert world.documents.get(PATH).update_time == before
    if record.halted:
        recovery.roll_back(world.platform.engine, ID, actor="admin:a1")
    elif record.status == Status.FAILED and record.error and record.error.retryable:
        recovery.retry(world.platform.engine, ID, actor="admin:a1")
    ended = world.finish()

    undone = record.status in (Status.ROLLBACK, Status.ROLLED_BACK)
    expected = "FAILED" if state == "rejected" else "ROLLED_BACK" if undone else "COMPLETED"
    assert ended.status == expected
    assert all(letter["status"] != "OPEN" for letter in world.letters())


@pytest.mark.parametrize(
    "state", ["at create_workspace", "at deploy_website", "at complete", "COMPLETED", "FAILED"]
)
@pytest.mark.parametrize("version", versions())
def test_what_an_earlier_version_began_can_be_undone(world: World, version: str, state: str) -> None:
    """Rolled back to the last document."""
    load(world, version, state)

    assert world.roll_back().status == "ROLLED_BACK"
    assert not world.documents.get("hosts/ada.localhost").exists
    assert not world.documents.get(f"tenants/{STORE}").exists


@pytest.mark.parametrize("version", versions())
def test_all_states_and_steps_are_frozen(version: str) -> None:
    """No status and no step, in either direction, is left out; the claimed one is really claimed."""
    found = read_states(version)
    seen = [data[PATH] for data in found.values()]

    assert {data["status"] for data in seen} == set(Status)
    both = {(data["engine"]["direction"], data["current_step"]) for data in seen}
    assert both >= {("undo", step.name) for step in ACTIVATION.steps}
    assert both >= {("forward", step.name) for step in ACTIVATION.steps}
    assert found["leased"][PATH]["engine"]["owner"]
    assert found["waiting"][PATH]["engine"]["not_before"]
    assert found["out of attempts"][PATH]["engine"]["dead_letter"]


def test_every_schema_that_is_read_is_frozen() -> None:
    """Whoever raises the schema freezes the one before: `python -m tests.fixtures.schemas.freeze`."""
    assert versions() == [f"v{number}" for number in range(1, max(records.SCHEMA, messages.SCHEMA) + 1)]


@pytest.mark.parametrize("name", ["push", "push of a subscription with dead lettering"])
@pytest.mark.parametrize("version", versions())
def test_a_message_under_way_is_carried_out(world: World, serve: Any, version: str, name: str) -> None:
    """The very bytes that an earlier version's publisher sent, pushed to the present function."""
    load(world, version, "PENDING")
    message = read_messages(version)[name]
    answer = serve("provision_step").post("/", data=message["body"], headers=message["headers"])

    assert (answer.status_code, world.record.current_step) == (204, "create_workspace")
    assert world.finish().status == "COMPLETED"


@pytest.mark.parametrize("version", versions())
def test_a_message_in_the_dead_letter_topic_is_understood(world: World, serve: Any, version: str) -> None:
    """Filed as what it is, and replayed."""
    load(world, version, "PENDING")
    data = read_messages(version)["step message"]["body"]
    assert serve("dead_letter").post("/", data=push(data), headers=HEADERS).status_code == 204
    (letter,) = world.letters()
    (id,) = letter_ids(world)

    assert (letter["code"], letter["provisioning"]) == ("UNDELIVERED", ID)
    assert replay(world.platform.engine, id, actor="admin:a1") == "REPLAYED"
    assert world.finish().status == "COMPLETED"


@pytest.mark.parametrize("name", ["created event", "created event of the emulator"])
@pytest.mark.parametrize("version", versions())
def test_an_event_under_way_is_accepted(world: World, serve: Any, version: str, name: str) -> None:
    """A request written before the deploy, whose event comes after it."""
    request = read_states(version)["PENDING"][f"activation_requests/{ID}"]
    world.documents.commit([Create(f"activation_requests/{ID}", request | {"picked_up": False})])
    message = read_messages(version)[name]
    answer = serve("activate_merchant", "cloudevent").post(
        "/", data=message["body"], headers=message["headers"]
    )

    assert answer.status_code == 200
    assert world.finish().status == "COMPLETED"


# --- newer versions ---


def letter_ids(world: World) -> list[str]:
    from provisioning.workflow.dead_letters import list_letters

    return [found.id for found in list_letters(world.documents, status=None)]


def of_the_future(world: World, state: str = "at initialize_data", **changes: Any) -> dict[str, Any]:
    """A provisioning as a version after this one might write it: a newer schema, fields that nobody here knows, at every level."""
    load(world, "v1", state)
    data = raw(world)
    data |= {"schema": records.SCHEMA + 1, "region": "eu", **changes}
    data["engine"] = data["engine"] | {"fence": {"a": [1, {"b": None}]}}
    data["steps"] = [step | {"owner_note": "kept"} for step in data["steps"]]
    world.documents.commit([Set(PATH, data)])
    return data


def test_a_newer_document_is_left_exactly_as_it_is(world: World) -> None:
    """Deliveries, sweeps, a lost event, a retry and a roll back: 503 or no, and not one byte changed; nothing is published."""
    before = of_the_future(world)
    engine = world.platform.engine
    message = StepMessage(provisioning=ID, epoch=1, hop=4)
    from provisioning.workflow.requests import accept

    assert engine.handle(message) is Verdict.AGAIN
    accept(engine, ID)
    for _ in range(3):
        world.clock.leap(60)
        run_sweep(world)
    recovery.release_leases(engine)
    for ask in (recovery.retry, recovery.roll_back):
        with pytest.raises(WrongState) as refused:
            ask(engine, ID, actor="admin:a1")
        assert refused.value.code == "UNKNOWN_SCHEMA"

    assert raw(world) == before
    assert world.broker.pending == []


@pytest.mark.parametrize("status", [None, "HIBERNATING"], ids=["readable", "of another shape"])
def test_a_newer_document_waits_is_told_and_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch, status: str | None
) -> None:
    """One UNKNOWN_SCHEMA record after ten minutes; with the version that knows it, it completes, and the record closes by itself."""
    before = of_the_future(world, **({"status": status} if status else {}))
    world.clock.leap(300)
    run_sweep(world)
    assert world.letters() == []
    for _ in range(10):
        world.clock.leap(120)
        run_sweep(world)
    (letter,) = world.letters()
    (id,) = letter_ids(world)

    assert (letter["code"], letter["status"], letter["provisioning"]) == ("UNKNOWN_SCHEMA", "OPEN", ID)
    assert "Deploy the version that wrote it" in letter["action"]
    with pytest.raises(WrongState) as refused:
        replay(world.platform.engine, id, actor="admin:a1")
    assert refused.value.code == "STILL_UNREADABLE"
    assert raw(world) == before
    monkeypatch.setattr(records, "SCHEMA", records.SCHEMA + 1)
    if status:
        world.documents.commit([Update(PATH, {"status": "IN_PROGRESS"})])
    world.clock.leap(60)
    run_sweep(world)

    assert world.finish().status == "COMPLETED"
    run_sweep(world)
    assert [(one["status"], one["closed_by"]) for one in world.letters()] == [("CLOSED", "progress")]


def newer(**more: Any) -> bytes:
    message = {
        "schema": messages.SCHEMA + 1,
        "provisioning": ID,
        "epoch": 1,
        "hop": 0,
        "lane": "fast",
        **more,
    }
    return json.dumps(message).encode()


@pytest.mark.parametrize("shape", [{}, {"epoch": "first"}], ids=["readable", "of another shape"])
def test_a_newer_message_waits_and_is_replayed_once_it_is_known(
    world: World, serve: Any, monkeypatch: pytest.MonkeyPatch, shape: dict[str, Any]
) -> None:
    """503 as long as the broker tries; then one UNKNOWN_SCHEMA record, whose replay is refused until this version reads it."""
    load(world, "v1", "PENDING")
    step, dead = serve("provision_step"), serve("dead_letter")
    body = push(newer(**shape))
    assert {step.post("/", data=body, headers=HEADERS).status_code for _ in range(5)} == {503}
    assert world.letters() == []
    for number in range(3):
        returned = push(newer(**shape), message_id=str(number))
        assert dead.post("/", data=returned, headers=HEADERS).status_code == 204
    (letter,) = world.letters()
    (id,) = letter_ids(world)

    assert (letter["code"], letter["status"]) == ("UNKNOWN_SCHEMA", "OPEN")
    with pytest.raises(WrongState) as refused:
        replay(world.platform.engine, id, actor="admin:a1")
    assert refused.value.code == "STILL_UNREADABLE"
    monkeypatch.setattr(messages, "SCHEMA", messages.SCHEMA + 1)
    if shape:
        return
    world.broker.pending.clear()
    assert replay(world.platform.engine, id, actor="admin:a1") == "REPLAYED"
    assert [message.schema_version for message in world.broker.pending] == [messages.SCHEMA]
    assert world.finish().status == "COMPLETED"


def test_a_newer_document_does_not_hold_up_others(world: World) -> None:
    """A second merchant completes beside it; and the list of what is stuck names it."""
    of_the_future(world)
    world.clock.leap(600)
    request = read_states("v1")["PENDING"][f"activation_requests/{ID}"]
    other = request | {"store_id": "store-r2", "subdomain": "grace", "merchant_id": "m2", "picked_up": False}
    world.documents.commit([Create("activation_requests/r2", other)])
    world.clock.leap(40)
    assert run_sweep(world).picked_up == 1
    while world.broker.pending:
        message = world.broker.pending.pop(0)
        assert world.platform.engine.handle(message) is Verdict.ACKNOWLEDGE

    done = world.documents.get("provisionings/r2").data or {}
    assert done["status"] == "COMPLETED"
    assert [found.id for found in stuck(world.documents, 10)] == [ID]
    assert timedelta(minutes=2) < world.documents.get(PATH).read_time - raw(world)["engine"]["wake_at"]
