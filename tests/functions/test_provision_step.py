"""`provision_step` under the framework, with the very bytes that Pub/Sub pushes."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from provisioning.errors import Transient
from tests.functions.conftest import CANARY
from tests.functions.pushes import HEADERS, POISON, encoded, enveloped, push, push_step
from tests.workflow.world import raising

NAME = "provision_step"


def post(client, body: bytes):
    return client.post("/", data=body, headers=HEADERS)


@pytest.fixture
def client(world, serve):
    return serve(NAME)


def stored(world) -> list[dict]:
    return [json.loads(world.everything()[path]) for path in world.paths("dead_letters")]


def test_carries_out_the_step(world, client) -> None:
    """204 without a body; the step is done and the next one published."""
    world.start()
    answer = post(client, push_step())

    assert (answer.status_code, answer.data) == (204, b"")
    assert world.probe.calls == [("run", "one")]
    assert (1, 1) in world.messages()


def test_reads_what_our_own_publisher_wrote(world, client) -> None:
    """The whole chain through the function, each message as it was published."""
    world.start()
    while world.broker.pending:
        assert post(client, push(world.broker.take().encode())).status_code == 204

    assert world.record().status == "COMPLETED"


def test_attributes_and_attempts_are_borne(world, client) -> None:
    """Production adds attributes and a delivery attempt; neither says anything about the work."""
    world.start()
    body = push_step(attributes={"provisioning": "other", "googclient_x": "1"}, delivery_attempt=7)

    assert post(client, body).status_code == 204
    assert world.probe.calls == [("run", "one")]


@pytest.mark.parametrize("spelling", ["messageId", "message_id"])
def test_either_spelling_of_the_message_id_will_do(world, client, spelling: str) -> None:
    """Production sends both; whoever sends one is understood."""
    world.start()
    envelope = json.loads(push_step())
    other = {"messageId": "message_id", "message_id": "messageId"}[spelling]
    del envelope["message"][other]

    assert post(client, json.dumps(envelope).encode()).status_code == 204
    assert world.probe.calls == [("run", "one")]


def test_asks_for_another_delivery(world, client) -> None:
    """503 without a body when the attempt failed and will be made again."""
    world.start()
    world.probe.first["run", "one"].append(raising(Transient(f"no answer {CANARY}")))
    answer = post(client, push_step())

    assert (answer.status_code, answer.data) == (503, b"")


def test_documents_that_do_not_answer(world, client) -> None:
    """503: nothing could be read, so nothing is known."""
    world.start()
    world.fault("Transient", "get_all")

    assert post(client, push_step()).status_code == 503
    assert post(client, push_step()).status_code == 204


def test_crash_is_never_echoed(world, client, output, monkeypatch) -> None:
    """An exception that nobody foresaw: 503, its type and place in the log, its text nowhere."""
    world.start()

    def crash() -> None:
        raise KeyError(CANARY)

    world.faults.before["get_all"].append(crash)
    answer = post(client, push_step())

    assert (answer.status_code, answer.data) == (503, b"")
    assert "KeyError" in output.text
    assert CANARY not in output.text


def test_document_that_cannot_be_read_is_not_echoed(world, client, output) -> None:
    """A provisioning that something else has broken: 503, and its content nowhere."""
    from provisioning.ports import Update

    world.start()
    world.documents.inner.commit([Update("provisionings/p1", {"status": CANARY})])

    assert post(client, push_step()).status_code == 503
    assert CANARY not in output.text


@pytest.mark.parametrize("case", POISON)
def test_poison_is_filed_once_and_acknowledged(world, client, output, case: str) -> None:
    """It would never become readable: 204, one record however often it comes, and not a word of it in answer or log."""
    answers = [post(client, POISON[case]) for _ in range(3)]

    assert {(answer.status_code, answer.data) for answer in answers} == {(204, b"")}
    assert len(stored(world)) == 1
    assert stored(world)[0]["status"] == "OPEN"
    assert CANARY not in "".join(str(answer.headers) for answer in answers)
    assert CANARY not in output.text
    assert "dead_letter_filed" in output.text
    readable = {name: value for name, value in stored(world)[0].items() if name != "data"}
    assert CANARY not in json.dumps(readable)


def test_poison_does_not_hold_up_healthy_messages(world, client) -> None:
    """Healthy work goes on between bad messages."""
    world.start()
    for body in POISON.values():
        post(client, body)
        if world.broker.pending:
            assert post(client, push(world.broker.take().encode())).status_code == 204

    assert world.record().status == "COMPLETED"
    assert len(stored(world)) == len(POISON)


def test_poison_that_cannot_be_filed_comes_again(world, client) -> None:
    """While the documents do not answer, the message is kept."""
    world.fault("Transient", "commit of something else")
    body = POISON["not JSON"]

    assert post(client, body).status_code == 503
    assert post(client, body).status_code == 204
    assert len(stored(world)) == 1


def test_unknown_provisioning_is_filed_once(world, client, output) -> None:
    """A sound message of nothing."""
    for number in range(3):
        assert post(client, push_step(id="nobody", message_id=str(number))).status_code == 204

    assert [letter["code"] for letter in stored(world)] == ["UNKNOWN_PROVISIONING"]
    assert world.paths("provisionings") == []


def test_tenant_data_come_from_the_document_only(world, client) -> None:
    """A message that names another store is carried out for the document's own."""
    world.start()
    data = {"schema": 1, "provisioning": "p1", "epoch": 1, "hop": 0, "store_id": "victim", "merchant_id": "v"}

    assert post(client, enveloped(data=encoded(data))).status_code == 204
    assert world.probe.contexts[0].store_id == "store-p1"


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_other_methods_do_nothing(world, client, output, method: str) -> None:
    """Pub/Sub only posts: whoever does otherwise is told so, without a word of what was sent."""
    world.start()
    answer = getattr(client, method)("/", data=push_step() + CANARY.encode(), headers=HEADERS)

    assert answer.status_code == 405
    assert CANARY not in answer.text + str(answer.headers) + output.text
    assert world.probe.calls == []


def test_fifty_parallel_deliveries_of_one_message(world, serve) -> None:
    """Fifty pushes at once: one claim, one effect, and no answer but 204 and 503."""
    world.start()
    clients = [serve(NAME) for _ in range(4)]
    barrier = threading.Barrier(50)

    def deliver(number: int) -> int:
        barrier.wait()
        return post(clients[number % 4], push_step()).status_code

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(deliver, range(50)))

    assert set(answers) <= {204, 503}
    assert world.probe.calls == [("run", "one")]
    assert world.documents.writes["p1"] == 3


def test_two_provisionings_at_once_do_not_mix(world, client) -> None:
    """Twenty provisionings in one process, all at once: each has its own documents only."""
    for number in range(20):
        world.start(f"p{number}")
    with ThreadPoolExecutor(20) as threads:
        for _ in range(3):
            messages, world.broker.pending = world.broker.pending, []
            list(threads.map(lambda m: post(client, push(m.encode())), messages))

    assert {world.record(f"p{n}").status for n in range(20)} == {"COMPLETED"}
    assert all(context.store_id == f"store-{context.provisioning_id}" for context in world.probe.contexts)
