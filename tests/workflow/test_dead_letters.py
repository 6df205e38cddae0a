"""Dead letters from end to end: filed once, shown by API and command line, replayed once the cause is gone, closed when overtaken."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from flask.testing import FlaskClient
from rich.console import Console
from typer.testing import CliRunner, Result

from provisioning import cli
from provisioning.errors import Permanent, Transient, WrongState
from provisioning.ports import Query, Update
from provisioning.workflow import dead_letters, recovery
from provisioning.workflow.dead_letters import KEPT_BYTES
from provisioning.workflow.messages import StepMessage
from provisioning.workflow.sweep import sweep
from tests.api.world import Api, code_of
from tests.fixtures.schemas.freeze import failing
from tests.functions.pushes import HEADERS, OF_THE_FUTURE, POISON, push, push_step
from tests.receivers.world import ID, World

FUNCTIONS = Path(__file__).parents[2] / "functions"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path).running() as world:
        world.publish_shared_files()
        yield world


@pytest.fixture
def serve() -> Callable[[str], FlaskClient]:
    def serve(name: str) -> FlaskClient:
        return functions_framework.create_app(name, str(FUNCTIONS / name / "main.py"), "http").test_client()

    return serve


@pytest.fixture
def api(world: World) -> Api:
    return Api.open(world.platform)


@pytest.fixture
def command(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line on this world, with wide lines."""
    monkeypatch.setattr(cli, "_platform", lambda data: world.platform)
    monkeypatch.setattr(cli, "out", Console(highlight=False, width=400))
    return lambda *words: CliRunner().invoke(cli.app, list(words))


def post(client: FlaskClient, body: bytes) -> int:
    return client.post("/", data=body, headers=HEADERS).status_code


def letters(world: World) -> dict[str, dict[str, Any]]:
    found = dead_letters.list_letters(world.documents, status=None, limit=1000)
    return {letter.id: dict(letter.data or {}) for letter in found}


def only(world: World) -> tuple[str, dict[str, Any]]:
    (item,) = letters(world).items()
    return item


def exhaust(world: World) -> str:
    """A step that ran out of attempts; its letter's id."""
    world.submit()
    world.run_to("create_dashboard")
    with failing(world, Transient("no answer", code="NO_ANSWER")):
        assert world.finish().status == "FAILED"
    return only(world)[0]


# --- filed once, and shown ---


def test_each_poison_is_one_record_while_healthy_ones_go_on(
    world: World, serve: Any, api: Api, command: Any
) -> None:
    """Delivered again and again, to both functions, between the messages of an activation that completes all the same."""
    step, dead = serve("provision_step"), serve("dead_letter")
    world.submit()
    for _ in range(3):
        for body in POISON.values():
            assert (post(step, body), post(dead, body)) == (204, 204)
        if world.broker.pending:
            assert post(step, push(world.broker.pending.pop().encode())) == 204
    assert world.finish().status == "COMPLETED"
    filed = letters(world)

    assert len(filed) == len(POISON)
    listed = api.get("dead-letters?limit=100").json["items"]
    assert {item["id"] for item in listed} == set(filed)
    for item in listed:
        assert item["code"].isupper()
        assert item["title"][0].isupper()
        assert item["action"].endswith(".")
    shown = command("dead-letters")
    assert shown.exit_code == 0
    for id, letter in filed.items():
        (line,) = [line for line in shown.output.splitlines() if line.startswith(id)]
        assert letter["code"] in line
        assert letter["title"] in line
        assert letter["action"] in line
    assert len(json.loads(command("dead-letters", "--json").output)) == len(POISON)


def test_the_same_bytes_under_other_ids_are_one_record(world: World, serve: Any) -> None:
    """A publisher that repeats itself, or a dead-letter topic that does: new message ids, nothing new to read."""
    client = serve("provision_step")
    for number in range(4):
        assert post(client, push(b"not ours", message_id=f"m{number}")) == 204

    assert only(world)[1]["code"] == "NOT_JSON"


def test_of_older_schema_than_any(world: World, serve: Any) -> None:
    """Schema 0 never was: filed, not waited for."""
    body = push(b'{"schema": 0, "provisioning": "r1", "epoch": 1, "hop": 0}')

    assert post(serve("provision_step"), body) == 204
    assert only(world)[1]["code"] == "NOT_A_STEP_MESSAGE"


def test_a_message_of_the_future_is_kept_by_the_broker_first(world: World, serve: Any) -> None:
    """503 and no record, until the broker gives up on it."""
    assert post(serve("provision_step"), OF_THE_FUTURE) == 503
    assert letters(world) == {}
    assert post(serve("dead_letter"), OF_THE_FUTURE) == 204
    assert only(world)[1]["code"] == "UNKNOWN_SCHEMA"


@pytest.mark.parametrize("function", ["provision_step", "dead_letter"])
def test_poison_cannot_be_replayed(world: World, serve: Any, api: Api, command: Any, function: str) -> None:
    """Its cause is still there: a refusal that says so, and the record stays open, and single."""
    client = serve(function)
    for body in POISON.values():
        post(client, body)
    for id, letter in letters(world).items():
        expected = "NOT_KEPT" if letter["data"] is None else "STILL_UNREADABLE"
        assert code_of(api.post(f"dead-letters/{id}/replay")) == (409, expected)
        by_hand = command("replay", id)
        assert isinstance(by_hand.exception, WrongState)
        assert by_hand.exception.code == expected

    assert {letter["status"] for letter in letters(world).values()} == {"OPEN"}
    assert len(letters(world)) == len(POISON)
    assert world.broker.pending == []


def test_a_message_too_large_to_keep_says_so(world: World, serve: Any, api: Api) -> None:
    """Oversized data are not stored; the record is there, and not replayable."""
    post(serve("provision_step"), push(b'"' + b"x" * (KEPT_BYTES + 1) + b'"'))
    id, _ = only(world)

    assert api.get("dead-letters").json["items"][0]["replayable"] is False
    assert code_of(api.post(f"dead-letters/{id}/replay")) == (409, "NOT_KEPT")


def test_a_document_that_cannot_be_read_is_filed_and_acknowledged(world: World, serve: Any) -> None:
    """What comes back from the broker must not go round for ever: one record of the provisioning, not of its messages."""
    world.submit()
    world.documents.commit([Update(f"provisionings/{ID}", {"status": "BROKEN BY HAND"})])
    assert post(serve("provision_step"), push_step(id=ID)) == 503
    for hop in range(3):
        assert post(serve("dead_letter"), push_step(id=ID, hop=hop)) == 204

    letter = only(world)[1]
    assert (letter["code"], letter["provisioning"]) == ("UNREADABLE_DOCUMENT", ID)
    assert "restore the document" in letter["action"]


# --- replayed ---


def test_an_unknown_provisioning_that_exists_by_now(world: World, serve: Any, api: Api, command: Any) -> None:
    """Refused before, by API and command line; then it is published as it was, and completes."""
    assert post(serve("provision_step"), push_step(id=ID)) == 204
    id, letter = only(world)
    assert (letter["code"], letter["provisioning"]) == ("UNKNOWN_PROVISIONING", ID)
    assert code_of(api.post(f"dead-letters/{id}/replay")) == (409, "STILL_UNKNOWN")
    assert isinstance(command("replay", id).exception, WrongState)
    assert letters(world)[id]["status"] == "OPEN"
    world.submit()
    world.broker.pending.clear()
    replayed = command("replay", id)

    assert (replayed.exit_code, "REPLAYED" in replayed.output) == (0, True)
    assert world.broker.pending == [StepMessage(provisioning=ID, epoch=1, hop=0)]
    assert world.finish().status == "COMPLETED"


def test_a_step_out_of_attempts_is_retried(world: World, api: Api) -> None:
    """The letter of an exhausted step leads to a retry, and is closed by it."""
    id = exhaust(world)
    shown = api.get("dead-letters").json["items"][0]
    assert (shown["code"], shown["provisioning_id"], shown["step"]) == ("NO_ANSWER", ID, "create_dashboard")

    assert api.post(f"dead-letters/{id}/replay").json["status"] == "CLOSED"
    assert world.finish().status == "COMPLETED"
    assert world.record.retry_count == 1
    assert code_of(api.post(f"dead-letters/{id}/replay")) == (409, "NOT_OPEN")


def test_replay_that_cannot_be_published_leaves_the_letter_open(world: World, serve: Any, api: Api) -> None:
    """503 to the caller; nothing is lost, and the next try works."""
    post(serve("provision_step"), push_step(id=ID))
    id, _ = only(world)
    world.submit()
    world.broker.pending.clear()
    publish = world.broker.publish

    def fails(*_: object, **__: object) -> None:
        raise Transient("no answer")

    world.broker.publish = fails  # type: ignore[method-assign]
    assert api.post(f"dead-letters/{id}/replay").status_code == 503
    assert letters(world)[id]["status"] == "OPEN"
    world.broker.publish = publish  # type: ignore[method-assign]
    assert api.post(f"dead-letters/{id}/replay").json["status"] == "REPLAYED"


def test_what_is_replayed_and_comes_back_is_open_again(world: World, serve: Any, api: Api) -> None:
    """A record that nobody would look at any more asks for a person again."""
    world.submit()
    dead = serve("dead_letter")
    assert post(dead, push_step(id=ID)) == 204
    id, _ = only(world)
    assert api.post(f"dead-letters/{id}/replay").json["status"] == "REPLAYED"
    assert post(dead, push_step(id=ID)) == 204

    assert only(world)[0] == id
    assert (letters(world)[id]["status"], letters(world)[id]["closed_by"]) == ("OPEN", None)


def test_two_replays_at_once_have_one_winner(world: World, serve: Any, api: Api) -> None:
    """One is answered REPLAYED, the others 409; the audit log has one entry."""
    post(serve("provision_step"), push_step(id=ID))
    id, _ = only(world)
    world.submit()
    answers = at_once(5, lambda: api.post(f"dead-letters/{id}/replay").status_code)

    assert sorted(answers) == [200, 409, 409, 409, 409]
    assert len(api.audit("dead_letter.replayed")) == 1


def test_two_replays_of_a_step_at_once_are_one_retry(world: World, api: Api) -> None:
    """One new epoch."""
    id = exhaust(world)
    answers = at_once(5, lambda: api.post(f"dead-letters/{id}/replay").status_code)

    assert sorted(answers) == [200, 409, 409, 409, 409]
    assert (world.record.retry_count, world.record.engine.epoch) == (1, 2)
    assert len(api.audit("provisioning.retry")) == 1
    assert world.finish().status == "COMPLETED"


def at_once(number: int, call: Callable[[], int]) -> list[int]:
    barrier = threading.Barrier(number)

    def wait_and_call(_: int) -> int:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(wait_and_call, range(number)))


# --- overtaken ---


@pytest.mark.parametrize("by", ["retry", "rollback"])
def test_what_a_person_overtakes_is_closed(world: World, by: str) -> None:
    """In the batch of the retry or the roll back."""
    id = exhaust(world)
    ask = recovery.retry if by == "retry" else recovery.roll_back
    ask(world.platform.engine, ID, actor="admin:a1")

    assert (letters(world)[id]["status"], letters(world)[id]["closed_by"]) == ("CLOSED", by)


def test_what_its_own_progress_overtakes_is_closed(world: World, serve: Any) -> None:
    """The broker gave up, sweep brought it on: the next sweep closes the record, and not before."""
    world.submit()
    post(serve("dead_letter"), push_step(id=ID))
    id, _ = only(world)
    sweep(world.platform.engine, pause=lambda _: None)
    assert letters(world)[id]["status"] == "OPEN"
    world.deliver()
    sweep(world.platform.engine, pause=lambda _: None)

    assert (letters(world)[id]["status"], letters(world)[id]["closed_by"]) == ("CLOSED", "progress")


def test_replaying_what_was_overtaken_only_closes_it(world: World, serve: Any, api: Api) -> None:
    """Nothing is published for a provisioning that has gone on."""
    world.submit()
    post(serve("dead_letter"), push_step(id=ID))
    id, _ = only(world)
    assert world.finish().status == "COMPLETED"

    assert api.post(f"dead-letters/{id}/replay").json["status"] == "CLOSED"
    assert world.broker.pending == []


def test_open_letters_of_what_still_stands_are_left(world: World) -> None:
    """A failure that nobody has looked at stays on the list, however often sweep runs."""
    id = exhaust(world)
    for _ in range(3):
        world.clock.leap(60)
        sweep(world.platform.engine, pause=lambda _: None)

    assert letters(world)[id]["status"] == "OPEN"


def test_a_permanent_failure_needs_no_letter(world: World) -> None:
    """It stands in the progress with its reason; the list is for what ran out of attempts."""
    world.submit()
    world.run_to("create_dashboard")
    with failing(world, Permanent("BROKEN", "It is broken", action="Mend it.", retryable=True)):
        assert world.finish().status == "FAILED"

    assert world.documents.query(Query("dead_letters")) == []
