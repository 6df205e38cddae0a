"""The broker's side of the queue in SQLite, that the embedded server's dispatcher lives on."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from provisioning.local.documents import SqliteDocuments
from provisioning.local.messages import SCHEMA, Delivery, Settled, SqliteMessages
from provisioning.ports import Create
from tests.contracts.races import race
from tests.local.processes import other_process, read_line, write_line

TOPIC = "provision-step"

#: Publishes for ever, and prints the number of each message once that was answered.
PUBLISHER = """
import sys, itertools
from pathlib import Path
from provisioning.local.messages import SCHEMA, Delivery, Settled, SqliteMessages
queue = SqliteMessages(Path(sys.argv[1]))
for n in itertools.count():
    queue.publish("provision-step", str(n).encode())
    print(n)
"""

#: Publishes a message for each line that it is given, and prints when.
PUBLISHER_ON_DEMAND = """
import sys, time
from pathlib import Path
from provisioning.local.messages import SCHEMA, Delivery, Settled, SqliteMessages
queue = SqliteMessages(Path(sys.argv[1]))
print("ready")
for line in sys.stdin:
    queue.publish("provision-step", line.encode())
    print(time.monotonic())
"""

#: Leases what is there and waits to be killed.
LEASER = """
import sys
from pathlib import Path
from provisioning.local.messages import SCHEMA, Delivery, Settled, SqliteMessages
print(len(SqliteMessages(Path(sys.argv[1])).lease(10, 3600)))
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "documents.db"


@pytest.fixture
def queue(path: Path) -> Generator[SqliteMessages]:
    with closing(SqliteMessages(path)) as queue:
        yield queue


def test_a_delivery_tells_where_it_comes_from(queue: SqliteMessages) -> None:
    """Kind, topic, attempt and time."""
    queue.publish(TOPIC, b"{}", {"schema": "1"})

    (delivery,) = queue.lease(10, 60)

    assert (delivery.kind, delivery.source, delivery.attempt) == ("message", TOPIC, 1)
    assert delivery.attributes == {"schema": "1"}
    assert delivery.published_at.utcoffset() is not None
    assert delivery.document is None


def test_a_lease_hides_a_message(queue: SqliteMessages) -> None:
    """Nobody else gets it; what was not leased stays for others, oldest first."""
    for n in range(3):
        queue.publish(TOPIC, str(n).encode())

    assert [delivery.data for delivery in queue.lease(2, 60)] == [b"0", b"1"]
    assert [delivery.data for delivery in queue.lease(2, 60)] == [b"2"]
    assert queue.lease(2, 60) == []


def test_a_lease_that_ran_out_is_another_attempt(queue: SqliteMessages) -> None:
    """The same message under the same id."""
    queue.publish(TOPIC, b"{}")
    (first,) = queue.lease(1, 0.02)
    time.sleep(0.03)

    (second,) = queue.lease(1, 60)

    assert (second.id, second.attempt) == (first.id, 2)


def test_of_many_leases_at_once_one_gets_the_message(queue: SqliteMessages) -> None:
    """The others get nothing."""
    queue.publish(TOPIC, b"{}")

    leased = race(lambda _: len(queue.lease(1, 60)))

    assert sorted(leased) == [0] * 7 + [1]


def test_an_acknowledged_message_is_gone(queue: SqliteMessages) -> None:
    """Also when its lease has run out; a second time is a no-op."""
    queue.publish(TOPIC, b"{}")
    (delivery,) = queue.lease(1, 0)
    queue.acknowledge(delivery.id)
    queue.acknowledge(delivery.id)
    queue.release_all()

    assert queue.lease(1, 60) == []


def test_a_postponed_message_comes_back_at_its_time(queue: SqliteMessages) -> None:
    """Not before, whatever its lease was; an unknown one is a no-op."""
    queue.publish(TOPIC, b"{}")
    (first,) = queue.lease(1, 60)
    queue.postpone(first.id, 0.2)
    queue.postpone(first.id + 1, 0)
    began = time.monotonic()

    assert queue.lease(1, 60) == []
    assert queue.wait(10)
    assert time.monotonic() - began >= 0.15
    assert [delivery.attempt for delivery in queue.lease(1, 60)] == [2]


def test_ids_are_never_used_again(queue: SqliteMessages, path: Path) -> None:
    """A late acknowledgement must not hit another message, even after a restart."""
    ids: set[int] = set()
    for _ in range(3):
        with closing(SqliteMessages(path)) as reopened:
            reopened.publish(TOPIC, b"{}")
            (delivery,) = reopened.lease(1, 60)
            reopened.acknowledge(delivery.id)
        ids.add(delivery.id)

    assert len(ids) == 3


# --- Restarts --------------------------------------------------------------------------------------------


def test_every_answered_message_outlives_a_killed_publisher(path: Path) -> None:
    """Once each."""
    with other_process(PUBLISHER, path) as publisher:
        answered = [read_line(publisher) for _ in range(50)]

    with closing(SqliteMessages(path)) as queue:
        found = [delivery.data.decode() for delivery in queue.lease(100_000, 60)]
    assert found[: len(answered)] == answered
    assert len(set(found)) == len(found)


def test_leases_of_a_killed_server_are_freed_at_the_next_start(path: Path) -> None:
    """The attempt that it made counts; what was postponed stays so."""
    with closing(SqliteMessages(path)) as queue:
        queue.publish(TOPIC, b"postponed")
        (delivery,) = queue.lease(1, 60)
        queue.postpone(delivery.id, 3600)
        queue.publish(TOPIC, b"leased")
    with other_process(LEASER, path) as leaser:
        assert read_line(leaser) == "1"

    with closing(SqliteMessages(path)) as queue:
        assert queue.lease(10, 60) == []
        queue.release_all()
        assert [(d.data, d.attempt) for d in queue.lease(10, 60)] == [(b"leased", 2)]


def test_the_leases_of_one_process_end_without_those_of_another(queue: SqliteMessages) -> None:
    """Whoever was killed holds nothing; who is at work keeps what it has."""
    queue.publish(TOPIC, b"ours")
    ((ours,), _) = queue.exchange((), 10, 60)
    queue.publish(TOPIC, b"theirs")
    ((theirs,), _) = queue.exchange((), 10, 60, holder=2)
    queue.release(2)

    assert (ours.data, theirs.data) == (b"ours", b"theirs")
    assert [(d.data, d.attempt) for d in queue.lease(10, 60)] == [(b"theirs", 2)]


def test_what_another_process_has_leased_is_its_merchants_turn_too(queue: SqliteMessages) -> None:
    """One delivery of a merchant at a time, whoever has it."""
    for n in range(3):
        queue.publish(TOPIC, b"%d" % n, {"merchant_id": "m1"})
    ((first,), _) = queue.exchange((), 10, 60, each=1, holder=2)

    assert first.data == b"0"
    assert queue.exchange((), 10, 60, each=1)[0] == []
    ((second,), _) = queue.exchange([Settled(first.id)], 10, 60, each=1)
    assert second.data == b"1"


# --- Waiting ---------------------------------------------------------------------------------------------


def test_waiting_for_nothing_ends_in_time(queue: SqliteMessages) -> None:
    """With False."""
    began = time.monotonic()

    assert not queue.wait(0.1)
    assert 0.1 <= time.monotonic() - began < 5


def test_waiting_for_what_is_there_ends_at_once(queue: SqliteMessages) -> None:
    """Leased messages are not there."""
    queue.publish(TOPIC, b"{}")
    assert queue.wait(0)
    queue.lease(1, 60)

    assert not queue.wait(0)


@pytest.mark.parametrize("event", [False, True], ids=["message", "event"])
def test_waiting_ends_with_a_publication_of_this_process(
    queue: SqliteMessages, path: Path, event: bool
) -> None:
    """At once: the quickest of many is far below the time between two looks for other processes."""
    delays: list[float] = []
    with closing(SqliteDocuments(path)) as documents:
        for n in range(10):
            woken: list[float] = []

            def wait(woken: list[float] = woken) -> None:
                assert queue.wait(10)
                woken.append(time.monotonic())

            waiter = threading.Thread(target=wait)
            waiter.start()
            time.sleep(0.02)
            if event:
                documents.commit([Create(f"activation_requests/r{n}", {})])
            else:
                queue.publish(TOPIC, b"{}")
            published_at = time.monotonic()
            waiter.join()
            delays.append(woken[0] - published_at)
            queue.lease(1, 60)

    assert min(delays) < 0.005


def test_waiting_ends_with_a_publication_of_another_process(queue: SqliteMessages, path: Path) -> None:
    """Within 50 ms: the quickest of five shows how often we look."""
    delays: list[float] = []
    with other_process(PUBLISHER_ON_DEMAND, path) as publisher:
        read_line(publisher)
        for _ in range(5):
            write_line(publisher, "message")
            assert queue.wait(10)
            woken_at = time.monotonic()
            delays.append(woken_at - float(read_line(publisher)))
            queue.lease(1, 60)

    assert min(delays) < 0.05


def test_closing_ends_a_wait(path: Path) -> None:
    """So that a server can stop its dispatcher."""
    queue = SqliteMessages(path)
    results: list[bool] = []
    waiter = threading.Thread(target=lambda: results.append(queue.wait(60)))
    waiter.start()
    time.sleep(0.05)
    queue.close()
    waiter.join(timeout=10)

    assert results == [False]


def test_merchants_take_turns(queue: SqliteMessages) -> None:
    """Behind a thousand messages of one merchant, another one's is among the next two."""
    for n in range(1_000):
        queue.publish("steps", b"flood %d" % n, {"merchant_id": "loud"})
    queue.publish("steps", b"single", {"merchant_id": "quiet"})

    assert [d.data for d in queue.lease(3, 30)] == [b"flood 0", b"single", b"flood 1"]


def test_what_is_under_way_counts_as_a_turn(queue: SqliteMessages) -> None:
    """A merchant with messages under way waits until the others have as many."""
    for n in range(4):
        queue.publish("steps", b"loud %d" % n, {"merchant_id": "loud"})
    assert [d.data for d in queue.lease(2, 30)] == [b"loud 0", b"loud 1"]
    for n in range(2):
        queue.publish("steps", b"quiet %d" % n, {"merchant_id": "quiet"})

    assert [d.data for d in queue.lease(2, 30)] == [b"quiet 0", b"quiet 1"]


# --- Floods ----------------------------------------------------------------------------------------------


def publish(queue: SqliteMessages, merchant: str, count: int) -> None:
    for n in range(count):
        queue.publish("steps", b"%s %d" % (merchant.encode(), n), {"merchant_id": merchant})


def lease(
    queue: SqliteMessages, *settled: Settled, deep: int | None = 8, each: int = 1, long: float | None = None
) -> list[Delivery]:
    return queue.exchange(settled, 10, 30, each=each, deep=deep, long=long)[0]


def lanes(deliveries: list[Delivery]) -> list[str]:
    return [delivery.lane for delivery in deliveries]


def test_a_merchant_has_a_few_under_way(queue: SqliteMessages) -> None:
    """However much is due; what is settled makes room."""
    publish(queue, "loud", 20)
    first = lease(queue, each=2)

    assert lanes(first) == ["loud", "loud"]
    assert lease(queue, each=2) == []
    assert [d.data for d in lease(queue, Settled(first[0].id), each=2)] == [b"loud 2"]


def test_what_is_long_under_way_no_longer_counts(queue: SqliteMessages) -> None:
    """Neither against its own merchant, nor so that a flood steps back for it."""
    publish(queue, "quiet", 2)
    publish(queue, "loud", 20)
    assert lanes(lease(queue, long=60)) == ["quiet"]
    assert lease(queue, long=60) == []
    time.sleep(0.1)

    assert lease(queue, long=60) == []
    assert lanes(lease(queue, long=0.05)) == ["quiet"]
    time.sleep(0.1)
    assert lanes(lease(queue, long=0.05)) == ["loud"]


def test_who_is_of_a_flood_is_told(queue: SqliteMessages) -> None:
    """By how many of the merchant's were due, before it was leased."""
    publish(queue, "loud", 9)
    publish(queue, "quiet", 8)

    assert [(d.lane, d.of_flood) for d in lease(queue)] == [("quiet", False)]
    assert [(d.lane, d.of_flood) for d in lease(queue, deep=None)] == [("loud", False)]


def test_merchants_beside_each_other_have_one_each(queue: SqliteMessages) -> None:
    """Two that have little to do, and two that have much."""
    for few in (3, 20):
        publish(queue, f"one-{few}", few)
        publish(queue, f"other-{few}", few)
        leased = lease(queue)
        assert sorted(lanes(leased)) == [f"one-{few}", f"other-{few}"]
        while leased:
            leased = lease(queue, *(Settled(delivery.id) for delivery in leased))


def test_a_flood_steps_back_for_who_has_little(queue: SqliteMessages) -> None:
    """While the other's message is due or under way, and no longer; a breath is given in any case."""
    publish(queue, "loud", 20)
    publish(queue, "quiet", 1)

    quiet = lease(queue)
    assert lanes(quiet) == ["quiet"]
    assert lease(queue) == []
    breath = lease(queue, deep=None)
    assert lanes(breath) == ["loud"]
    assert lease(queue, *(Settled(delivery.id) for delivery in breath)) == []
    (loud,) = lease(queue, *(Settled(delivery.id) for delivery in quiet))
    assert (loud.lane, loud.of_flood) == ("loud", True)


def test_a_flood_does_not_step_back_for_events_of_tenants(queue: SqliteMessages, path: Path) -> None:
    """They come with its own stores; they take their turns beside it."""
    publish(queue, "loud", 20)
    with closing(SqliteDocuments(path)) as documents:
        documents.commit([Create("tenants/s1/products/p1", {}), Create("tenants/s2/products/p1", {})])

    assert sorted(lanes(lease(queue))) == ["loud", "tenants/s1", "tenants/s2"]


def test_an_idle_queue_is_only_looked_at(queue: SqliteMessages) -> None:
    """It writes nothing, and says when something will be due."""
    publish(queue, "a", 1)
    (delivery,) = lease(queue)
    queue.postpone(delivery.id, 5)
    before = queue._database._known

    leased, due_in = queue.exchange((), 10, 30)

    assert (leased, queue._database._known) == ([], before)
    assert due_in == pytest.approx(5, abs=1)


# --- What says the same ----------------------------------------------------------------------------------


def test_a_message_that_waits_stands_for_another_that_says_the_same(queue: SqliteMessages) -> None:
    """Sweep does not know what waits in a long queue, and would make it longer each time."""
    for _ in range(3):
        queue.publish(TOPIC, b"work on p1", {"merchant_id": "m"})
    queue.publish(TOPIC, b"work on p2", {"merchant_id": "m"})
    queue.publish("other", b"work on p1", {"merchant_id": "m"})

    assert sorted(d.data for d in queue.lease(10, 60)) == [b"work on p1", b"work on p1", b"work on p2"]


def test_a_message_under_way_does_not_stand_for_another(queue: SqliteMessages) -> None:
    """It may have been read before whatever the new one tells of; nor does one that was postponed."""
    queue.publish(TOPIC, b"{}")
    (first,) = queue.lease(1, 60)
    queue.publish(TOPIC, b"{}")
    (second,) = queue.lease(1, 60)
    queue.postpone(first.id, 60)
    queue.publish(TOPIC, b"{}")

    assert len({first.id, second.id, *(d.id for d in queue.lease(10, 60))}) == 3


def test_a_queue_of_an_earlier_version_is_completed(path: Path) -> None:
    """Its messages are kept."""
    old = sqlite3.connect(path)
    table = SCHEMA.partition(";")[0].replace("    since INTEGER NOT NULL DEFAULT 0,\n", "")
    assert "since" not in table
    old.execute(table)
    old.execute(
        "INSERT INTO deliveries (kind, source, lane, data, attributes, published_at, due_at)"
        " VALUES ('message', 'steps', 'm', x'7b7d', '{}', 1, 1)"
    )
    old.commit()
    old.close()

    with closing(SqliteMessages(path)) as queue:
        assert [(d.data, d.since) for d in queue.lease(10, 60)] == [(b"{}", 0)]
