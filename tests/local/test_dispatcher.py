"""The dispatcher of the embedded runtime: every message is carried to a worker, fairly, until it is dealt with."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from provisioning.local import dispatcher as module
from provisioning.local.dispatcher import (
    CROWD,
    FEWEST,
    FIRST,
    QUICK,
    TINY,
    WORKERS,
    Dispatcher,
    _Pace,
    backoff,
)
from provisioning.local.messages import Delivery, SqliteMessages
from tests.waiting import until

WITHIN = 20.0
wait_until = partial(until, seconds=WITHIN)


@pytest.fixture
def queue(tmp_path: Path) -> Generator[SqliteMessages]:
    with closing(SqliteMessages(tmp_path / "documents.db")) as queue:
        yield queue


@contextmanager
def dispatching(
    queue: SqliteMessages, push: Callable[[Delivery], bool], under_pressure: Callable[[], None] | None = None
) -> Generator[Dispatcher]:
    dispatcher = Dispatcher(queue, push, 30, under_pressure)
    dispatcher.start()
    try:
        yield dispatcher
    finally:
        dispatcher.stop()


def publish(queue: SqliteMessages, merchant: str, count: int) -> None:
    for n in range(count):
        queue.publish("steps", f"{merchant} {n}".encode(), {"merchant_id": merchant})


def slowly(_: Delivery) -> bool:
    time.sleep(0.05)
    return True


class Floor:
    """Workers that stand still with what they were given until they are let go."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._present: list[Delivery] = []
        self._let_go: set[int] = set()
        self.most: Counter[str] = Counter()
        self.seen: list[bytes] = []

    def __call__(self, delivery: Delivery) -> bool:
        with self._changed:
            self._present.append(delivery)
            self.seen.append(delivery.data)
            self.most[delivery.lane] = max(self.most[delivery.lane], self.present()[delivery.lane])
            self._changed.wait_for(lambda: delivery.id in self._let_go, WITHIN)
            self._present.remove(delivery)
            return True

    def present(self) -> Counter[str]:
        return Counter(delivery.lane for delivery in self._present)

    def let_go_all(self) -> None:
        for delivery in [*self._present]:
            self.let_go(delivery.lane)

    def let_go(self, lane: str) -> None:
        with self._changed:
            self._let_go.update(delivery.id for delivery in self._present if delivery.lane == lane)
            self._changed.notify_all()


def test_every_message_is_delivered_once_where_all_goes_well(queue: SqliteMessages) -> None:
    """And nothing is left in the queue."""
    seen: list[bytes] = []
    publish(queue, "a", 20)
    publish(queue, "b", 20)
    with dispatching(queue, lambda delivery: seen.append(delivery.data) or True):
        wait_until(lambda: len(seen) == 40)

    queue.release_all()
    assert len(set(seen)) == 40
    assert queue.lease(100, 60) == []


def test_what_is_refused_comes_again_after_a_while(queue: SqliteMessages) -> None:
    """Also when the one who was called raised."""
    attempts: list[tuple[int, float]] = []

    def refuse_twice(delivery: Delivery) -> bool:
        attempts.append((delivery.attempt, time.monotonic()))
        if delivery.attempt == 1:
            raise ZeroDivisionError
        return delivery.attempt == 3

    publish(queue, "a", 1)
    with dispatching(queue, refuse_twice):
        wait_until(lambda: len(attempts) == 3)

    assert [attempt for attempt, _ in attempts] == [1, 2, 3]
    pauses = [later[1] - earlier[1] for earlier, later in pairwise(attempts)]
    assert pauses[0] >= backoff(1) * 0.99
    assert pauses[1] >= backoff(2) * 0.99


def test_a_message_of_now_is_delivered_at_once(queue: SqliteMessages) -> None:
    """Not at the next look: the quickest of five."""
    arrived: list[float] = []
    delays: list[float] = []
    with dispatching(queue, lambda _: arrived.append(time.monotonic()) or True):
        for n in range(5):
            publish(queue, "a", 1)
            published_at = time.monotonic()
            wait_until(lambda n=n: len(arrived) > n)
            delays.append(arrived[n] - published_at)

    assert min(delays) < 0.1


def test_a_flood_of_one_merchant_leaves_workers_for_others(
    queue: SqliteMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has one at a time; the other's message does not wait for any of the flood's, and the flood's next ones wait for the other."""
    monkeypatch.setattr(module, "LONG", 60.0)
    monkeypatch.setattr(module, "BREATH", 60.0)
    floor = Floor()
    publish(queue, "loud", 50)
    with dispatching(queue, floor) as dispatcher:
        wait_until(lambda: floor.present() == {"loud": 1})
        publish(queue, "quiet", 3)
        wait_until(lambda: floor.present()["quiet"] == 1)
        floor.let_go("loud")
        wait_until(lambda: floor.present()["loud"] == 0)
        for n in range(3):
            wait_until(lambda n=n: sum(data.startswith(b"quiet") for data in floor.seen) == n + 1)
            assert floor.present() == {"quiet": 1}
            floor.let_go("quiet")
        wait_until(lambda: floor.present() == {"loud": 1})
        dispatcher._ending = True
        floor.let_go("loud")

    assert floor.most == {"loud": 1, "quiet": 1}


def test_a_flood_that_has_stepped_back_gets_a_breath(
    queue: SqliteMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though another merchant's message is still under way, and no sooner than it is time."""
    monkeypatch.setattr(module, "LONG", 60.0)
    monkeypatch.setattr(module, "BREATH", 0.5)
    floor = Floor()
    publish(queue, "loud", 50)
    with dispatching(queue, floor) as dispatcher:
        wait_until(lambda: floor.present() == {"loud": 1})
        publish(queue, "quiet", 1)
        wait_until(lambda: floor.present()["quiet"] == 1)
        stepped_back_at = time.monotonic()
        floor.let_go("loud")
        wait_until(lambda: len(floor.seen) == 3)
        assert time.monotonic() - stepped_back_at > 0.3
        assert floor.present() == {"loud": 1, "quiet": 1}
        dispatcher._ending = True
        floor.let_go("loud")
        floor.let_go("quiet")


def test_what_waits_for_something_holds_up_nobody(
    queue: SqliteMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The merchant's next message is delivered beside one that is blocked."""
    monkeypatch.setattr(module, "LONG", 0.2)
    floor = Floor()
    publish(queue, "blocked", 2)
    with dispatching(queue, floor) as dispatcher:
        wait_until(lambda: floor.present() == {"blocked": 2})
        dispatcher._ending = True
        floor.let_go("blocked")


def test_many_merchants_are_served_at_once(queue: SqliteMessages) -> None:
    """Each by one worker, as many as there are at first."""
    floor = Floor()
    for n in range(FIRST + 3):
        publish(queue, f"merchant-{n}", 2)
    with dispatching(queue, floor) as dispatcher:
        wait_until(lambda: floor.present().total() == FIRST)
        assert set(floor.present().values()) == {1}
        dispatcher._ending = True
        for n in range(FIRST + 3):
            floor.let_go(f"merchant-{n}")


def test_what_was_not_begun_waits_for_the_next_start(queue: SqliteMessages) -> None:
    """Nothing is lost when the dispatcher ends."""
    seen: list[bytes] = []
    began = threading.Event()

    def push(delivery: Delivery) -> bool:
        began.set()
        time.sleep(0.05)
        seen.append(delivery.data)
        return True

    publish(queue, "a", 30)
    with dispatching(queue, push):
        began.wait(WITHIN)

    queue.release_all()
    rest = [delivery.data for delivery in queue.lease(100, 60)]
    assert 0 < len(seen) < 30
    assert len(seen) + len(rest) == 30
    assert not set(seen) & set(rest)


def test_quick_deliveries_go_many_at_once_and_long_ones_few() -> None:
    """Between a few and all workers."""
    pace = _Pace()
    assert pace.limit == FIRST
    for _ in range(5 * WORKERS):
        pace.note(QUICK / 2, QUICK / 2)
    assert pace.limit == WORKERS
    for _ in range(100):
        pace.note(QUICK * 2, QUICK)
    assert pace.limit == FEWEST


def test_tiny_deliveries_go_in_crowds_until_one_is_not_tiny() -> None:
    """A few do not make a crowd, and one long one ends it."""
    pace = _Pace()
    for _ in range(3):
        pace.note(TINY, TINY / 10)
    assert not pace.tiny
    for _ in range(200):
        pace.note(TINY, TINY / 10)
    assert pace.tiny
    assert pace.limit == CROWD
    pace.note(QUICK, QUICK)
    assert not pace.tiny
    assert pace.limit <= WORKERS


def test_a_crowd_is_carried_out_by_one_worker(queue: SqliteMessages, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of it once, whatever becomes of the others."""
    monkeypatch.setattr(_Pace, "tiny", True)
    seen: Counter[bytes] = Counter()
    workers: set[str] = set()

    def push(delivery: Delivery) -> bool:
        workers.add(threading.current_thread().name)
        seen[delivery.data] += 1
        if delivery.data.endswith(b" 0"):
            raise ZeroDivisionError
        return True

    names = [f"merchant-{n}" for n in range(CROWD)]
    for name in names:
        publish(queue, name, 1)
    queue.publish("steps", b"last 1", {"merchant_id": "last"})
    with dispatching(queue, push):
        wait_until(lambda: len(seen) == len(names) + 1)

    assert len(workers) <= 2
    assert set(seen.values()) == {1}


def test_nobody_waits_for_a_crowd_that_turns_out_to_be_long(
    queue: SqliteMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes meanwhile is carried out by another worker, soon."""
    monkeypatch.setattr(_Pace, "tiny", True)
    floor = Floor()
    for n in range(FIRST + 2):
        publish(queue, f"merchant-{n}", 1)
    with dispatching(queue, floor):
        wait_until(lambda: floor.present().total() == 1)
        publish(queue, "quiet", 1)
        wait_until(lambda: floor.present()["quiet"] == 1)
        floor.let_go("quiet")
        # One after the other, as a crowd goes.
        wait_until(lambda: floor.let_go_all() or len(floor.seen) == FIRST + 3)
        floor.let_go_all()


def test_what_a_delivery_publishes_is_queued_when_it_is_settled(queue: SqliteMessages) -> None:
    """In one transaction: neither can be lost without the other. Also when the delivery is to come again, or raised."""
    seen: list[bytes] = []
    waiting: list[int] = []

    def push(delivery: Delivery) -> bool:
        seen.append(delivery.data)
        if delivery.data.startswith(b"next"):
            return True
        queue.publish("steps", b"next of " + delivery.data, {"merchant_id": "a"})
        with queue._database.reading() as view:
            mine = (b"next of " + delivery.data,)
            waiting.append(view.row("SELECT count(*) FROM deliveries WHERE data = ?", mine)[0])
        if delivery.data == b"raises":
            raise ZeroDivisionError
        return delivery.data == b"works"

    for data in (b"works", b"refuses", b"raises"):
        queue.publish("steps", data, {"merchant_id": data.decode()})
    with dispatching(queue, push):
        wait_until(lambda: {b"next of works", b"next of refuses", b"next of raises"} <= set(seen))

    assert waiting[:3] == [0, 0, 0]


def test_other_threads_publish_at_once(queue: SqliteMessages) -> None:
    """Only what the worker itself publishes waits for its delivery."""
    with queue.collecting() as outbox:
        thread = threading.Thread(target=publish, args=(queue, "a", 1))
        thread.start()
        thread.join()
        publish(queue, "b", 1)
        assert [delivery.data for delivery in queue.lease(5, 60)] == [b"a 0"]
        assert [message.data for message in outbox] == [b"b 0"]
    publish(queue, "c", 1)

    assert [delivery.data for delivery in queue.lease(5, 60)] == [b"c 0"]


def test_what_began_first_is_finished_first(queue: SqliteMessages) -> None:
    """A crowd is served one after the other, not all at once by a step each."""
    ended: list[str] = []

    def push(delivery: Delivery) -> bool:
        name, _, step = delivery.data.decode().partition(" ")
        if step == "3":
            ended.append(name)
        else:
            queue.publish("steps", f"{name} {int(step) + 1}".encode(), {"merchant_id": name})
        return True

    names = [f"merchant-{n}" for n in range(60)]
    for name in names:
        queue.publish("steps", f"{name} 0".encode(), {"merchant_id": name})
    with dispatching(queue, push):
        wait_until(lambda: len(ended) == len(names))

    places = [abs(ended.index(name) - n) for n, name in enumerate(names)]
    assert max(places) <= 2 * WORKERS
    assert sum(places) / len(places) < len(names) / 6


def test_help_is_asked_for_while_there_is_more_than_can_be_held(
    queue: SqliteMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at once, and not any more when the queue has nothing that may be had."""
    monkeypatch.setattr(module, "PRESSURE", 0.2)
    monkeypatch.setattr(module, "TINY", 1e-9)
    began, calls = time.monotonic(), list[float]()
    for n in range(80):
        publish(queue, f"merchant-{n}", 1)
    with dispatching(queue, slowly, lambda: calls.append(time.monotonic() - began)) as dispatcher:
        wait_until(lambda: dispatcher.idle_for() > 0.5)
        until_then = len(calls)
        publish(queue, "merchant-0", 1)
        wait_until(lambda: dispatcher.idle_for() > 0.3)

    assert min(calls) >= 0.2
    assert until_then == len(calls) > 0


def test_one_merchants_flood_asks_for_no_help(queue: SqliteMessages, monkeypatch: pytest.MonkeyPatch) -> None:
    """One delivery of it at a time: a second process could not take any."""
    monkeypatch.setattr(module, "PRESSURE", 0.1)
    calls: list[float] = []
    publish(queue, "loud", 20)
    with dispatching(queue, slowly, lambda: calls.append(time.monotonic())) as dispatcher:
        wait_until(lambda: dispatcher.idle_for() > 0.3)

    assert calls == []
