"""From a request to a provisioning: once, whatever happens to its event; and a wrong request says what is wrong with it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from provisioning.errors import InvalidInput, Transient, WrongState
from provisioning.ports import Delete, Set, Update
from provisioning.stores.activation import ActivationRequest, parse_activation
from provisioning.workflow.records import WAKE_SHARDS
from provisioning.workflow.requests import accept, submit, wake_shard
from tests.workflow.world import Killed, World, seconds


def request(id: str = "p1", **changes: object) -> ActivationRequest:
    data = {
        "merchant_id": "m1",
        "store_name": "Awesome Store",
        "owner_email": "owner@example.com",
        "subdomain": "awesome-store",
    }
    return parse_activation(data | changes, id)


def picked_up(world: World, id: str = "p1") -> bool:
    return world.snapshot(f"activation_requests/{id}").data["picked_up"]


def test_accepted(world: World) -> None:
    """The document has the request's id, all its steps from the start, and a first message."""
    world.start()
    record = world.record()

    assert (record.status, record.current_step, record.completion_percent) == ("PENDING", "one", 0)
    assert [(s.name, s.status, s.attempts) for s in record.steps] == [
        (n, "PENDING", 0) for n in ("one", "two", "three")
    ]
    assert (record.merchant_id, record.store_id, record.subdomain) == ("m1", "store-p1", "shop-p1")
    assert (record.engine.epoch, record.engine.hop, record.engine.direction) == (1, 0, "forward")
    assert record.engine.wake_at is not None
    assert picked_up(world)
    assert world.messages() == [(1, 0)]


def test_event_that_comes_twice_makes_one_provisioning(world: World) -> None:
    """The second event changes nothing; it publishes the first step again while that has not begun."""
    world.start()
    before = world.everything()
    accept(world.engine, "p1")

    assert world.everything() == before
    assert world.messages() == [(1, 0), (1, 0)]


def test_event_that_comes_late_does_nothing(world: World) -> None:
    """When the first step has begun there is nothing to repair."""
    world.start()
    world.step_on()
    before = world.everything()
    accept(world.engine, "p1")

    assert world.everything() == before
    assert world.messages() == [(1, 1)]


def test_events_in_parallel_make_one_provisioning(world: World) -> None:
    """Eight events at once: one document, written once."""
    world.submit()
    barrier = Barrier(8)

    def deliver(_: int) -> None:
        barrier.wait()
        accept(world.engine, "p1")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(deliver, range(8)))

    assert world.documents.writes["p1"] == 1
    assert set(world.messages()) == {(1, 0)}


def test_event_of_a_request_that_is_gone(world: World) -> None:
    """Nothing to do, and nothing done."""
    accept(world.engine, "nobody")

    assert world.paths("provisionings") == []


@pytest.mark.parametrize(
    "how", ["lost as Transient", "lost as Conflict", "Transient", "crash before", "crash after"]
)
@pytest.mark.parametrize("at", ["accept", "publish", "get_all"])
def test_event_is_delivered_again_after_any_fault(world: World, how: str, at: str) -> None:
    """After a fault at any call the event comes again, and one provisioning goes its way."""
    if at == "get_all" and how.startswith("lost"):
        how = "Transient"
    if at == "publish" and how == "lost as Conflict":
        how = "lost as Transient"
    world.submit()
    fault = world.fault(how, at)
    for _ in range(2):
        try:
            accept(world.engine, "p1")
        except (Transient, Killed):
            continue
        break
    world.settle()

    assert fault.fired == 1
    assert world.record().status == "COMPLETED"
    assert len(world.probe.calls) == 3


def test_provisioning_and_picked_up_are_one_batch(world: World) -> None:
    """A request that vanishes between read and write gets no provisioning."""
    world.submit()
    world.faults.before["accept"].append(
        lambda: world.documents.inner.commit([Delete("activation_requests/p1")])
    )
    accept(world.engine, "p1")

    assert world.paths("provisionings") == []


@pytest.mark.parametrize("id", ["a/b", "..", "", "__x__", "x" * 200])
def test_id_that_is_no_id(world: World, id: str) -> None:
    """A slash in an id would reach another tenant's documents."""
    with pytest.raises(InvalidInput):
        accept(world.engine, id)


WRONG = {
    "nothing but wrong": (
        {
            "merchant_id": "a/b",
            "store_name": " ",
            "owner_email": "nobody",
            "subdomain": "WWW",
            "theme": "No Such",
            "plan": 7,
            "category": "cars",
            "launch": "never",
        },
        ["merchant_id", "store_name", "owner_email", "theme", "plan", "subdomain", "category", "launch"],
    ),
    "empty": (
        {
            "merchant_id": None,
            "store_name": None,
            "owner_email": None,
            "subdomain": None,
        },
        ["merchant_id", "store_name", "owner_email", "subdomain"],
    ),
    "unknown field": ({"store_password": "secret"}, ["store_password"]),
    "engine field": ({"status": "COMPLETED"}, ["status"]),
    "wrong types": ({"integrations": ["stripe"], "owner_email": {"a": 1}}, ["owner_email", "integrations"]),
    "theme not offered": ({"theme": "upfront-baroque"}, ["theme"]),
    "plan not offered": ({"plan": "free"}, ["plan"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_invalid_request_fails_with_a_problem_for_each_field(world: World, case: str) -> None:
    """FAILED from the start, one problem a field, picked up, and nothing else written or published."""
    changes, fields = WRONG[case]
    world.submit(**changes)
    before = set(world.everything())
    accept(world.engine, "p1")
    record = world.record()

    assert record.status == "FAILED"
    assert record.error.code == "INVALID_REQUEST"
    assert not record.error.retryable
    assert sorted({problem.field for problem in record.error.fields}) == sorted(fields)
    assert len(record.error.fields) == len(fields)
    assert all(problem.code and problem.message for problem in record.error.fields)
    assert [step.status for step in record.steps] == ["PENDING"] * 3
    assert (record.current_step, record.engine.wake_at) == (None, None)
    assert picked_up(world)
    assert set(world.everything()) - before == {"provisionings/p1"}
    assert world.messages() == []


def test_invalid_request_that_comes_again(world: World) -> None:
    """Its event a second time changes nothing, and nothing is published."""
    world.submit(subdomain="-")
    accept(world.engine, "p1")
    before = world.everything()
    accept(world.engine, "p1")

    assert world.everything() == before
    assert world.messages() == []


def test_invalid_request_repeats_nothing_that_was_sent(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a wrong value nor an unknown field's name gets into the document or the log."""
    world.submit(
        owner_email="CANARY sk_live_1",
        subdomain="CANARY_x",
        category="CANARY",
        **{"CANARY <script>": 1},
        merchant_id="CANARY\nx",
    )
    accept(world.engine, "p1")
    document = json.loads(world.everything()["provisionings/p1"])
    shown = {name: document.pop(name) for name in ("subdomain",)}
    output = capsys.readouterr()

    assert "CANARY" not in json.dumps(document) + output.out + output.err
    assert shown["subdomain"] in ("CANARY_x", None)


def test_many_problems_are_bounded(world: World) -> None:
    """A thousand unknown fields make twenty problems, and a document of modest size."""
    world.submit(**{f"field_{n}": n for n in range(1000)})
    accept(world.engine, "p1")

    assert len(world.record().error.fields) == 20
    assert len(world.everything()["provisionings/p1"]) < 10_000


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("hosts/shop-p1.localhost", {"provisioning_id": "other"}, "SUBDOMAIN_TAKEN"),
        ("stores/store-p1", {"provisioning_id": "other"}, "STORE_EXISTS"),
        ("merchants/m1", {"status": "SUSPENDED"}, "MERCHANT_SUSPENDED"),
        ("themes/upfront-modern", {"active": False}, "UNKNOWN_THEME"),
        ("plans/professional", {"active": False}, "UNKNOWN_PLAN"),
    ],
)
def test_request_that_the_documents_refuse(world: World, path: str, data: dict, code: str) -> None:
    """What only the documents know is checked before anything is made."""
    world.documents.inner.commit([Set(path, data)])
    world.submit()
    accept(world.engine, "p1")

    assert [problem.code for problem in world.record().error.fields] == [code]
    assert world.messages() == []


def test_wake_shards_are_all_used() -> None:
    """The shard is the same whenever it is asked for, and all shards get their part."""
    shards = [wake_shard(f"p{n}") for n in range(100)]

    assert set(shards) == set(range(WAKE_SHARDS))
    assert shards == [wake_shard(f"p{n}") for n in range(100)]


# --- submit ---


def test_submit_writes_the_request_once(world: World) -> None:
    """The same request under the same key answers as the first time did, however often it comes."""
    documents = world.documents.inner
    first = submit(documents, request(), "p1")
    again = submit(documents, request(), "p1")

    assert (first.provisioning_id, first.store_id, first.created) == ("p1", "p1", True)
    assert (again.provisioning_id, again.store_id, again.created) == ("p1", "p1", False)
    assert not picked_up(world)


def test_submit_refuses_another_request_under_the_same_key(world: World) -> None:
    """A key names one request."""
    documents = world.documents.inner
    submit(documents, request(), "p1")

    with pytest.raises(WrongState) as caught:
        submit(documents, request(subdomain="another-store"), "p1")
    assert caught.value.code == "KEY_REUSED"


def test_submit_after_it_was_picked_up(world: World) -> None:
    """The client repeats its call when the work is under way already."""
    documents = world.documents.inner
    submit(documents, request(), "p1")
    documents.commit([Update("activation_requests/p1", {"picked_up": True})])

    assert not submit(documents, request(), "p1").created


@pytest.mark.parametrize("copies", [2, 10])
def test_submits_in_parallel_write_once(world: World, copies: int) -> None:
    """Of calls at once one creates; all answer the same ids."""
    barrier = Barrier(copies)

    def call(_: int):
        barrier.wait()
        return submit(world.documents.inner, request(), "p1")

    with ThreadPoolExecutor(copies) as threads:
        answers = list(threads.map(call, range(copies)))

    assert [answer.created for answer in answers].count(True) == 1
    assert {answer.store_id for answer in answers} == {"p1"}


def test_submitted_request_is_accepted_and_finishes(world: World) -> None:
    """What `submit` writes is what `accept` reads."""
    submit(world.documents.inner, request(category="fashion"), "p1")
    accept(world.engine, "p1")
    world.settle()

    assert world.record().status == "COMPLETED"
    assert world.record().requested_at is not None
    assert world.probe.contexts[0].request.category == "fashion"
    assert world.record().updated_at - world.record().requested_at < seconds(60)
