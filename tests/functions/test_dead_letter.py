"""`dead_letter` under the framework: it files what the broker gave up on, and decides nothing."""

from __future__ import annotations

import json

import pytest

from tests.functions.conftest import CANARY
from tests.functions.pushes import HEADERS, POISON, push_step
from tests.workflow.world import World


@pytest.fixture
def client(world, serve):
    return serve("dead_letter")


def post(client, body: bytes) -> tuple[int, bytes]:
    answer = client.post("/", data=body, headers=HEADERS)
    return answer.status_code, answer.data


def stored(world: World) -> list[dict]:
    return [json.loads(world.everything()[path]) for path in world.paths("dead_letters")]


def test_files_a_message_that_is_still_to_be_done(world, client) -> None:
    """One record that people can read; the provisioning is left to `wake_at` and sweep."""
    world.start()
    before = world.snapshot("provisionings/p1")

    assert post(client, push_step()) == (204, b"")
    assert [(letter["code"], letter["status"]) for letter in stored(world)] == [("UNDELIVERED", "OPEN")]
    assert world.snapshot("provisionings/p1").update_time == before.update_time
    assert world.messages() == [(1, 0)]


def test_same_dead_letter_twice_is_one_record(world, client) -> None:
    """The broker may dead-letter a message several times, under different ids."""
    world.start()
    for number in range(3):
        post(client, push_step(message_id=str(number)))

    assert len(stored(world)) == 1


@pytest.mark.parametrize("state", ["next step", "COMPLETED", "FAILED", "retried", "rolled back", "halted"])
def test_overtaken_messages_are_dropped(world, client, state: str) -> None:
    """What has moved on, or is over, needs no record."""
    world.start()
    if state == "next step":
        world.step_on()
    if state == "COMPLETED":
        world.step_on(3)
    if state in ("FAILED", "retried"):
        world.fail_permanently()
    if state == "retried":
        world.retry()
    if state in ("rolled back", "halted"):
        world.step_on()
        world.broker.pending.clear()
        world.roll_back()
    if state == "halted":
        world.exhaust("undo", "two")
    letters = stored(world)

    assert post(client, push_step()) == (204, b"")
    assert stored(world) == letters


def test_unknown_provisioning_is_filed(world, client) -> None:
    """Nothing of this name: a record, and no provisioning."""
    assert post(client, push_step(id="nobody")) == (204, b"")

    assert [letter["code"] for letter in stored(world)] == ["UNKNOWN_PROVISIONING"]
    assert world.paths("provisionings") == []


@pytest.mark.parametrize("case", POISON)
def test_poison_is_filed_once(world, client, output, case: str) -> None:
    """The same as in `provision_step`: one record, 204, and nothing echoed."""
    answers = {post(client, POISON[case]) for _ in range(2)}

    assert answers == {(204, b"")}
    assert len(stored(world)) == 1
    assert CANARY not in output.text


def test_documents_that_do_not_answer(world, client) -> None:
    """Kept until it can be filed."""
    world.start()
    world.fault("Transient", "get")
    world.fault("lost as Transient", "commit of something else")

    assert [post(client, push_step())[0] for _ in range(3)] == [503, 503, 204]
    assert len(stored(world)) == 1


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_other_methods_do_nothing(world, client, method: str) -> None:
    """405, and nothing filed."""
    assert getattr(client, method)("/", headers=HEADERS).status_code == 405
    assert stored(world) == []
