"""
The broker's part of the embedded runtime: carries what is due to workers, fairly, and keeps what they did not get done.

One thread settles what is finished and leases what comes next, both in one transaction, so that a delivery costs little of its own. What
a worker publishes while it works on a delivery is queued in that transaction too: a message is kept until its successor is.
Merchants take turns, one delivery of each at a time, but for those that wait for something. A flood steps back for those who ask for
little, but for a breath now and then. All workers share one interpreter: a flood in many of them would be felt by everybody.

Where deliveries are so short that threads would cost more than the work, a worker takes a crowd of them and does them side by side.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue

from provisioning import logs
from provisioning.errors import Transient
from provisioning.local.fibers import run_together
from provisioning.local.messages import Delivery, Published, Settled, SqliteMessages

#: At once at most, at least, and at first: see `_Pace`.
WORKERS = 24
FEWEST = 2
FIRST = 4
#: Seconds above which a delivery is long.
QUICK = 0.25
#: Seconds of computing, in the mean of the last ones, up to which deliveries are tiny: a few short steps, or one.
TINY = 0.015
#: How many tiny deliveries are under way at once, all in one thread.
CROWD = 64
#: Seconds after which a delivery, or a crowd of them, is taken for one that waits for something.
LONG = 1.0
#: Deliveries of one merchant that are under way at once: more of them, all computing, finish no sooner, and others feel them.
EACH = 1
#: A merchant of whom more deliveries are due is a flood.
DEEP = 8
#: Seconds for which a flood has stepped back when it gets a turn, whoever else is there.
BREATH = 1.0
#: Seconds for which all was leased that may be, until another process is asked for.
PRESSURE = 0.5
#: As the push subscriptions in production have it.
MIN_BACKOFF = 1.0
MAX_BACKOFF = 10.0
#: Seconds between two looks at a queue of which nothing was heard.
PATIENCE = 0.5


class _Pace:
    """
    How many deliveries are under way at once.

    Many short ones share each wait for the disk. Long ones compute, in one interpreter: many of them only make each other longer, up to
    the budget of a step. So each short one raises the limit a little, and a long one lowers it by its length. Only messages count: a
    crowd of events is quickly accepted, and says nothing of what comes behind.

    Where next to nothing is computed, threads are what costs most. Such deliveries go in crowds, until one that is not tiny comes.
    """

    def __init__(self) -> None:
        self._limit = float(FIRST)
        #: The mean of the last ones' computing; nobody is taken for tiny before some have shown it.
        self._busy = 2 * TINY

    @property
    def limit(self) -> int:
        return CROWD if self.tiny else int(self._limit)

    @property
    def tiny(self) -> bool:
        return self._busy <= TINY

    def note(self, seconds: float, busy: float) -> None:
        """One delivery has taken so long, and computed for `busy` seconds of it."""
        change = 0.2 if seconds <= QUICK else -seconds / QUICK
        self._limit = min(float(WORKERS), max(float(FEWEST), self._limit + change))
        self._busy += (busy - self._busy) / 8


@dataclass(frozen=True, slots=True)
class _Finished:
    """A delivery that ended, what becomes of it, and how long it took and computed."""

    delivery: Delivery
    settled: Settled
    seconds: float
    busy: float


class Dispatcher:
    """
    Calls `push` with each delivery, from threads of its own; it says whether the delivery needs no other. Start once.

    `under_pressure` is called, again and again, while there is more than it carries. `holder` is whose the leases are. What `push` publishes goes
    through `messages` itself.
    """

    def __init__(
        self,
        messages: SqliteMessages,
        push: Callable[[Delivery], bool],
        ack_deadline: float,
        under_pressure: Callable[[], None] | None = None,
        holder: int = 1,
    ) -> None:
        self._messages = messages
        self._push = push
        self._ack_deadline = ack_deadline
        self._under_pressure = under_pressure
        self._holder = holder
        self._news = messages.subscribe()
        self._ending = False
        #: Each entry is for one worker: a delivery, or a crowd of tiny ones.
        self._ready: SimpleQueue[Sequence[Delivery] | None] = SimpleQueue()
        self._finished: deque[_Finished] = deque()
        self._pace = _Pace()
        self._next_breath = 0.0
        self._sent_at = time.monotonic()
        #: Since when it has leased all that it might hold; None since it got less.
        self._full_since: float | None = None
        #: How many are leased and not settled.
        self._held = 0
        self._dispatcher = threading.Thread(target=self._dispatch, name="dispatcher", daemon=True)
        self._workers = [
            threading.Thread(target=self._work, name=f"push-{n}", daemon=True) for n in range(WORKERS)
        ]

    def start(self) -> None:
        for thread in (self._dispatcher, *self._workers):
            thread.start()

    def stop(self) -> None:
        """End: what is under way finishes, the rest waits in the queue."""
        self._ending = True
        self._news.wake()
        if not self._dispatcher.is_alive():
            return
        self._dispatcher.join()
        # A worker may take the last one meanwhile.
        with suppress(Empty):
            while True:
                self._ready.get_nowait()
        for _ in self._workers:
            self._ready.put(None)
        for worker in self._workers:
            worker.join()
        # What cannot be settled now stays leased, and is delivered again at the next start.
        with suppress(Transient):
            self._take_turn(ending=True)
        self._news.end()

    def idle_for(self) -> float:
        """Seconds since the last delivery was leased; 0 while one is under way."""
        return 0.0 if self._held else time.monotonic() - self._sent_at

    def _work(self) -> None:
        while (crowd := self._ready.get()) is not None:
            settled: list[tuple[Delivery, Settled]] = []
            began, computed = time.monotonic(), time.thread_time()
            run_together([partial(self._carry_out, delivery, settled) for delivery in crowd])
            seconds = time.monotonic() - began
            # What blocks one of a crowd blocks all.
            busy = (seconds if seconds > LONG else time.thread_time() - computed) / len(crowd)
            self._finished.extend(_Finished(*each, seconds, busy) for each in settled)
            self._news.wake()

    def _carry_out(self, delivery: Delivery, settled: list[tuple[Delivery, Settled]]) -> None:
        done, published = False, list[Published]()
        try:
            with self._messages.collecting() as published:
                done = self._push(delivery)
        except Exception as error:  # noqa: BLE001 - a worker that ends in silence is missed for ever
            logs.function_crashed("dispatcher", type(error).__name__, "push")
        again_in = None if done else backoff(delivery.attempt)
        settled.append((delivery, Settled(delivery.id, again_in, tuple(published), delivery.since)))

    def _dispatch(self) -> None:
        while not self._ending:
            due_in = PATIENCE
            try:
                due_in = self._take_turn()
            except Transient:
                due_in = 0.05
            except Exception as error:  # noqa: BLE001 - a dispatcher that ends in silence delivers nothing for ever
                logs.function_crashed("dispatcher", type(error).__name__, "embedded")
            if due_in > 0:
                self._news.wait(due_in)

    def _take_turn(self, *, ending: bool = False) -> float:
        """Settle and lease; seconds until it is worth another look, if nothing is heard before."""
        if not self._finished and self._waits_for_crowd():
            return LONG
        # Workers only append: what is here now stays until it is settled.
        finished = [self._finished[n] for n in range(len(self._finished))]
        room = 0 if ending else self._room(self._held - len(finished))
        if not finished and room == 0:
            # Nothing can be told or taken before something ends.
            return PATIENCE
        leased, due_in = self._messages.exchange(
            [each.settled for each in finished],
            room,
            self._ack_deadline,
            each=EACH,
            deep=self._patience_with_floods(room),
            long=LONG,
            holder=self._holder,
        )
        for each in finished:
            self._finished.popleft()
            if each.delivery.kind == "message":
                self._pace.note(each.seconds, each.busy)
        self._held += len(leased) - len(finished)
        size = CROWD if self._pace.tiny else 1
        for n in range(0, len(leased), size):
            self._ready.put(leased[n : n + size])
        if leased:
            self._sent_at = time.monotonic()
        self._note_pressure(full=len(leased) == room, room=room)
        if any(each.of_flood for each in leased):
            self._next_breath = self._sent_at + BREATH
        if self._waits_for_crowd():
            return LONG
        # What lies there because nobody may take it now is told by the end of what is under way.
        return min(PATIENCE, PATIENCE if due_in is None else due_in)

    def _note_pressure(self, *, full: bool, room: int) -> None:
        if room <= 0:
            # Nothing was looked for.
            return
        if not full:
            self._full_since = None
            return
        now = time.monotonic()
        self._full_since = self._full_since or now
        if self._under_pressure and now - self._full_since > PRESSURE:
            self._under_pressure()

    def _room(self, held: int) -> int:
        """For how many more there is room now."""
        return 0 if self._waits_for_crowd() else max(0, self._pace.limit - held)

    def _waits_for_crowd(self) -> bool:
        """Two crowds at once would only take turns; but nobody waits for one that turns out to be long."""
        return (
            self._pace.tiny
            and self._held - len(self._finished) > FIRST
            and time.monotonic() < self._sent_at + LONG
        )

    def _patience_with_floods(self, room: int) -> int | None:
        """From how many due deliveries on a merchant steps back; None if it is time for a breath."""
        now = time.monotonic()
        if room <= 0 or now < self._next_breath:
            return DEEP
        self._next_breath = now + BREATH
        return None


def backoff(attempt: int) -> float:
    """Seconds until the next delivery, as Pub/Sub's retry policy counts them."""
    return min(MAX_BACKOFF, MIN_BACKOFF * 2 ** (attempt - 1))
