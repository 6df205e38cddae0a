"""Handing requests on to another process: whole answers, compressed ones, none, and such as come bit by bit."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import urllib3

from provisioning.local.front_door import FrontDoor, proxy_to

LARGE = bytes(range(256)) * 4000
GO_ON = threading.Event()
CLOSED = threading.Event()


class Slow:
    """Its second part comes only when somebody has the first."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"first\n"
        assert GO_ON.wait(10)
        yield b"second\n"

    def close(self) -> None:
        CLOSED.set()


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    match environ["PATH_INFO"]:
        case "/large":
            start_response("200 OK", [("Content-Length", str(len(LARGE)))])
            return [LARGE]
        case "/zipped":
            body = gzip.compress(LARGE)
            start_response("200 OK", [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))])
            return [body]
        case "/nothing":
            start_response("204 No Content", [])
            return [b""]
        case _:
            start_response("200 OK", [("Content-Type", "text/event-stream")])
            return Slow()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    behind, before = free_port(), free_port()
    doors = [FrontDoor(app, behind), FrontDoor(proxy_to(behind), before)]
    for door in doors:
        door.start()
    yield f"http://127.0.0.1:{before}"
    for door in reversed(doors):
        door.stop()


def test_whole_answers(url: str) -> None:
    assert urllib3.request("GET", f"{url}/large").data == LARGE
    assert urllib3.request("GET", f"{url}/nothing").status == 204
    head = urllib3.request("HEAD", f"{url}/large")
    assert (head.headers["Content-Length"], head.data) == (str(len(LARGE)), b"")


def test_compressed_bytes_stay_as_they_are(url: str) -> None:
    answer = urllib3.request("GET", f"{url}/zipped", decode_content=False)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == LARGE


def test_a_stream_comes_bit_by_bit(url: str) -> None:
    """What was sent is there before the rest is made."""
    GO_ON.clear()
    answer = urllib3.request("GET", f"{url}/stream", preload_content=False, timeout=10.0)
    parts = answer.stream(decode_content=False)

    assert next(parts) == b"first\n"
    GO_ON.set()
    assert b"".join(parts) == b"second\n"


def test_many_requests_use_few_connections(url: str) -> None:
    """An answer that was read to its end gives its connection back."""
    for _ in range(60):
        assert urllib3.request("GET", f"{url}/large").status == 200
