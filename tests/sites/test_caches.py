"""Caches: within their bytes, one load for many who wait, and failures that are shared and not queued for."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import Transient
from provisioning.sites.caches import OVERHEAD, Bounded, Expiring, Loaded
from tests.sites.stores import HandClock

CROWD = 16


def _all_at_once(ask: Callable[[], object]) -> list[object]:
    """What each of a crowd got, an error too."""
    barrier = threading.Barrier(CROWD)
    got: list[object] = []

    def one() -> None:
        barrier.wait()
        try:
            got.append(ask())
        except Transient as error:
            got.append(error)

    threads = [threading.Thread(target=one) for _ in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3_000)), max_size=80))
def test_a_bounded_cache_stays_within_its_bytes(asked: list[tuple[int, int]]) -> None:
    """Whatever is put in; and it never answers another key's value."""
    cache: Bounded[tuple[int, int]] = Bounded(20_000, largest=2_500)
    for key, size in asked:
        value = cache.get_or_load(key, lambda key=key, size=size: ((key, size), size))

        assert value[0] == key
        assert cache.used <= 20_000
        assert (cache.get(key) is not None) == (value[1] + OVERHEAD <= 2_500)


def test_the_least_recently_used_goes_first() -> None:
    cache: Bounded[str] = Bounded(3 * OVERHEAD, largest=OVERHEAD)
    for key in "abc":
        cache.get_or_load(key, lambda key=key: (key, 0))
    cache.get("a")
    cache.get_or_load("d", lambda: ("d", 0))

    assert [cache.get(key) for key in "abcd"] == ["a", None, "c", "d"]


def test_a_crowd_loads_once() -> None:
    """The others wait for the one that loads."""
    loads: list[int] = []
    crowded = threading.Event()

    def load() -> tuple[str, int]:
        loads.append(1)
        crowded.wait(0.05)
        return "value", 1

    cache: Bounded[str] = Bounded(10_000)

    assert _all_at_once(lambda: cache.get_or_load("key", load)) == ["value"] * CROWD
    assert len(loads) == 1


def test_a_crowd_shares_a_failure() -> None:
    """Nobody waits for a receiver's time-out after another has; whoever comes later asks again."""
    loads: list[int] = []
    crowded = threading.Event()

    def load() -> tuple[str, int]:
        loads.append(1)
        crowded.wait(0.2)
        raise Transient("no answer")

    cache: Bounded[str] = Bounded(10_000)
    hosts: Expiring[str] = Expiring(HandClock(), capacity=100_000, grace=60)

    got = _all_at_once(lambda: cache.get_or_load("key", load))
    assert all(isinstance(each, Transient) for each in got)
    assert len(loads) < CROWD / 2
    got = _all_at_once(lambda: hosts.get("key", lambda _: Loaded(*load())))
    assert all(isinstance(each, Transient) for each in got)
    assert len(loads) < CROWD
    assert cache.get_or_load("key", lambda: ("value", 1)) == "value"


def test_nobody_waits_for_what_is_renewed_in_time() -> None:
    """In the last quarter one loads, and the others still get what is there; a change is seen within its time all the same."""
    clock = HandClock()
    cache: Expiring[str] = Expiring(clock, capacity=100_000, grace=60)
    cache.get("key", lambda _: Loaded("old", 2))
    clock.now += 1.6
    loading, go_on = threading.Event(), threading.Event()

    def load(_: str) -> Loaded[str]:
        loading.set()
        go_on.wait(10)
        return Loaded("new", 2)

    renewing = threading.Thread(target=lambda: cache.get("key", load))
    renewing.start()
    assert loading.wait(10)
    assert cache.get("key", lambda _: Loaded("never", 2)) == "old"
    go_on.set()
    renewing.join()

    assert cache.get("key", lambda _: Loaded("never", 2)) == "new"


def test_a_renewal_that_fails_disturbs_nobody() -> None:
    """The value that is there goes on to the end of the grace, counted from its loading."""
    clock = HandClock()
    cache: Expiring[str] = Expiring(clock, capacity=100_000, grace=60)
    cache.get("key", lambda _: Loaded("old", 2))

    def fail(_: str) -> Loaded[str]:
        raise Transient("no answer")

    for seconds in (1.6, 10.0, 59.0):
        clock.now = 1_000 + seconds
        assert cache.get("key", fail) == "old"
    clock.now = 1_061
    with pytest.raises(Transient):
        cache.get("key", fail)


def test_what_is_not_there_pushes_out_nothing_that_is() -> None:
    """Ten thousand hosts that nobody has leave the stores' own where they are, and memory within its bound."""
    clock = HandClock()
    cache: Expiring[str] = Expiring(clock, capacity=100_000, grace=60)
    for number in range(20):
        cache.get(f"store-{number}", lambda key: Loaded(key, 2, 1_000))
    for number in range(10_000):
        cache.get(f"nobody-{number}", lambda _: Loaded("", 1, known=False))
        assert cache.used <= 100_000

    for number in range(20):
        assert cache.get(f"store-{number}", lambda _: Loaded("loaded anew", 2)) == f"store-{number}"


def test_what_comes_to_be_takes_its_place() -> None:
    """A host that was nobody's is a store's once it is read again, and the other way round."""
    clock = HandClock()
    cache: Expiring[str] = Expiring(clock, capacity=100_000, grace=60)
    for value, known in (("", False), ("store", True), ("", False)):
        assert cache.get("key", lambda _, v=value, k=known: Loaded(v, 1, known=k)) == value
        clock.now += 1.01
    used = cache.used

    assert used == len("key") + OVERHEAD
