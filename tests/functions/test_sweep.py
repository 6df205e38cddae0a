"""`sweep` under the framework, as Cloud Scheduler calls it."""

from __future__ import annotations

import pytest

from tests.functions.conftest import CANARY
from tests.functions.pushes import HEADERS


@pytest.fixture
def client(world, serve):
    return serve("sweep")


def test_publishes_what_is_due(world, client) -> None:
    """204 without a body; what stood still has a message again, what was lost is picked up."""
    world.start()
    world.broker.pending.clear()
    world.submit("p2")
    world.clock.advance(60)
    answer = client.post("/", headers=HEADERS)

    assert (answer.status_code, answer.data) == (204, b"")
    assert {message.provisioning for message in world.broker.pending} == {"p1", "p2"}


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_other_methods_do_nothing(world, client, method: str) -> None:
    """A crawler that finds the address starts nothing."""
    world.start()
    world.broker.pending.clear()
    world.clock.advance(60)

    assert getattr(client, method)("/").status_code == 405
    assert world.messages() == []


@pytest.mark.parametrize("crash", [None, KeyError(CANARY)])
def test_failure_is_told_and_not_echoed(world, client, output, crash) -> None:
    """503, so that Scheduler sees it; the next run makes it good."""
    world.start()
    world.broker.pending.clear()
    world.clock.advance(60)
    if crash is None:
        world.fault("Transient", "query")
    else:

        def fail() -> None:
            raise crash

        world.faults.before["query"].append(fail)
    answer = client.post("/", headers=HEADERS)

    assert (answer.status_code, answer.data) == (503, b"")
    assert CANARY not in output.text
    assert client.post("/", headers=HEADERS).status_code == 204
    assert world.messages() == [(1, 0)]
