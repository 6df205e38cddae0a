"""
Visitors of a site, in a process of their own: so many connections that stay open, on each one request after the other.

`python -m benchmarks.visitors '{"port": …, "host": …, …}'` prints what they saw as JSON. Plain sockets and one loop, so that they cost the machine
as little as they can and as much for every server.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from benchmarks.figures import percentile

_ONE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who comes, and what they ask for."""

    port: int
    host: str
    path: str
    connections: int
    requests: int
    accept_encoding: str = "gzip, deflate, br, zstd"


@dataclass(frozen=True, slots=True)
class Seen:
    """What they saw: requests a second, and seconds from sending a request to its last byte."""

    rate: float
    p50: float
    p99: float
    slowest: float
    bytes: int
    statuses: list[int] = field(default_factory=list[int])


class _Connection:
    """One visitor: `asked_at` is when the request that is under way was sent."""

    def __init__(self, crowd: Crowd, request: bytes) -> None:
        self._request = request
        self.socket = socket.create_connection(("127.0.0.1", crowd.port), timeout=_ONE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._got = b""
        self._whole = -1
        self.status = 0
        self.asked_at = 0.0

    def ask(self) -> None:
        self._got, self._whole = b"", -1
        self.asked_at = time.perf_counter()
        self.socket.sendall(self._request)

    def receive(self) -> bool:
        """Take what has come; whether that is all."""
        more = self.socket.recv(262_144)
        if not more:
            raise ConnectionError("the server closed a connection that it was to keep open")
        self._got += more
        if self._whole < 0:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = self._got[:end].lower()
            self.status = int(head[9:12])
            length = head.index(b"content-length:") + 15
            self._whole = end + 4 + int(head[length:].split(b"\r\n", 1)[0])
        return len(self._got) >= self._whole

    @property
    def size(self) -> int:
        return len(self._got)


def visit(crowd: Crowd) -> Seen:
    """Ask `requests` times in all, and say how it was."""
    request = (
        f"GET {crowd.path} HTTP/1.1\r\nHost: {crowd.host}\r\nAccept-Encoding: {crowd.accept_encoding}\r\n"
        "Accept: text/html\r\nUser-Agent: benchmark\r\n\r\n"
    ).encode()
    visitors = [_Connection(crowd, request) for _ in range(crowd.connections)]
    seconds: list[float] = []
    statuses: set[int] = set()
    began = time.perf_counter()
    size = 0
    for visitor in _done(visitors, crowd.requests):
        seconds.append(time.perf_counter() - visitor.asked_at)
        statuses.add(visitor.status)
        size = visitor.size
    took = time.perf_counter() - began
    for visitor in visitors:
        visitor.socket.close()
    return Seen(
        len(seconds) / took,
        percentile(seconds, 0.5),
        percentile(seconds, 0.99),
        max(seconds),
        size,
        sorted(statuses),
    )


def _done(visitors: list[_Connection], requests: int) -> Iterator[_Connection]:
    """Each visitor as its request is answered; it then asks again, until all are asked."""
    selector = selectors.DefaultSelector()
    waiting = visitors[:requests]
    for visitor in waiting:
        selector.register(visitor.socket, selectors.EVENT_READ, visitor)
        visitor.ask()
    asked, answered = len(waiting), 0
    while answered < asked:
        ready = selector.select(_ONE_SECONDS)
        if not ready:
            raise TimeoutError(f"no answer in {_ONE_SECONDS:.0f} s")
        for key, _ in ready:
            visitor: _Connection = key.data
            if not visitor.receive():
                continue
            answered += 1
            yield visitor
            if asked < requests:
                asked += 1
                visitor.ask()
    selector.close()


if __name__ == "__main__":
    print(json.dumps(asdict(visit(Crowd(**json.loads(sys.argv[1]))))))
