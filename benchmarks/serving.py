"""
How fast a warm store answers, against a function of the framework that returns the same bytes from memory.

Both are built by the framework from their own `main.py`, each in a process of its own: under gunicorn, as the framework runs it in the cloud, and under
waitress, as it runs locally. They take turns, so that a busy machine is busy for both; the visitors are a third process. nginx, where it is
installed, serves the same bytes from a file, for information. Then the same store is visited while another one, of 5,000 files, is promoted
again and again: reading its manifest may hold nobody up.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.activations import free_port
from benchmarks.figures import Verdict, at_least, at_most, milliseconds, percentile
from benchmarks.visitors import Crowd, Seen
from provisioning.local.documents import SqliteDocuments
from provisioning.local.files import FolderSiteFiles
from provisioning.local.functions import FUNCTIONS, source_of
from provisioning.ports import Set, SiteFile, SiteFiles
from provisioning.settings import read_settings
from provisioning.sites.packing import pack
from provisioning.sites.releases import (
    CacheClass,
    Manifest,
    Parts,
    ReleasedFile,
    release_file,
    write_manifest,
)

RATIO = 0.8
P99_SECONDS = 0.025
CONNECTIONS = 16
LARGE = 5_000
HOST, OTHER_HOST = "benchmark.localhost", "large.localhost"
_START_SECONDS = 30.0
_ROUND_SECONDS = 120.0
#: Headers of one answer and no other.
_PASSING = frozenset(["connection", "date", "server", "content-length"])
_ENCODING = "gzip, deflate, br, zstd"

_BARE = """
import json, os
from pathlib import Path
import functions_framework
from flask import Response

BODY = Path(os.environ["BARE_BODY"]).read_bytes()
HEADERS = json.loads(os.environ["BARE_HEADERS"])

@functions_framework.http
def bare(request):
    return Response(BODY, 200, HEADERS)
"""

#: As the local runtime serves it.
_WAITRESS = """
import sys, threading
import functions_framework
from provisioning.local.front_door import FrontDoor, route_by_host

target, source, port = sys.argv[1:]
app = functions_framework.create_app(target, source, "http").wsgi_app
FrontDoor(route_by_host("localhost", app, app), int(port)).start()
threading.Event().wait()
"""

_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000; default_type "text/html; charset=utf-8"; sendfile on; open_file_cache max=10;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; location / {{ try_files /body =404; root {folder}; }} }}
}}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers at `port`."""

    name: str
    port: int


@dataclass(slots=True)
class Laps:
    """What the visitors of one server saw, round by round."""

    seen: list[Seen] = field(default_factory=list[Seen])

    @property
    def rate(self) -> float:
        return percentile([seen.rate for seen in self.seen], 0.5)

    @property
    def p50(self) -> float:
        return percentile([seen.p50 for seen in self.seen], 0.5)

    @property
    def p99(self) -> float:
        return percentile([seen.p99 for seen in self.seen], 0.5)


def measure(console: Console, *, requests: int, rounds: int) -> list[Verdict]:
    """Visit every server `rounds` times in turn, `requests` times each, over 16 connections; print and judge."""
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name))
        for kind in ("gunicorn", "waitress"):
            with ExitStack() as stack:
                shop = stack.enter_context(town.storefront(kind))
                bare = stack.enter_context(town.bare(kind, shop))
                servers = [shop, bare]
                if kind == "gunicorn" and shutil.which("nginx"):
                    servers.append(stack.enter_context(town.nginx()))
                laps = race(servers, requests=requests, rounds=rounds)
                busy = town.visit_beside_promotions(shop, requests)
            _print(console, kind, laps, busy)
            pairs = zip(laps[shop.name].seen, laps[bare.name].seen, strict=True)
            ratio = percentile([ours.rate / theirs.rate for ours, theirs in pairs], 0.5)
            verdicts += [
                at_least(f"{kind}: requests a second ÷ the bare handler's", ratio, RATIO),
                at_most(
                    f"{kind}: p99 at {CONNECTIONS} connections",
                    laps[shop.name].p99 * 1000,
                    P99_SECONDS * 1000,
                    "ms",
                ),
                at_most(
                    f"{kind}: p99 while {LARGE:,} files of another store are promoted",
                    busy.p99 * 1000,
                    P99_SECONDS * 1000,
                    "ms",
                ),
            ]
    return verdicts


def race(servers: Sequence[Server], *, requests: int, rounds: int) -> dict[str, Laps]:
    """Every server in turn, so many times; who begins changes from round to round."""
    laps = {server.name: Laps() for server in servers}
    for server in servers:
        crowd(server, max(CONNECTIONS, requests // 10))
    for number in range(rounds):
        for server in servers if number % 2 else list(reversed(servers)):
            laps[server.name].seen.append(crowd(server, requests))
    return laps


def crowd(server: Server, requests: int) -> Seen:
    """One round of visitors, in a process of their own."""
    asked = Crowd(server.port, HOST, "/", CONNECTIONS, requests, _ENCODING)
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.visitors", json.dumps(asdict(asked))],
        capture_output=True,
        text=True,
        timeout=_ROUND_SECONDS,
        cwd=Path(__file__).parents[1],
        check=False,
    )
    if ended.returncode != 0:
        raise RuntimeError(f"{server.name}: {ended.stderr.strip()[-500:]}")
    seen = Seen(**json.loads(ended.stdout))
    if seen.statuses != [200]:
        raise RuntimeError(f"{server.name} answered {seen.statuses}")
    return seen


class Town:
    """Two stores in a folder: one with a page like a real one's, and a large one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._documents = SqliteDocuments(folder / "data/documents.db")
        self._files: SiteFiles = FolderSiteFiles(folder / "data/files")
        self._promoted = 0
        packed = pack(SiteFile(_page().encode(), "text/html; charset=utf-8"))
        line = packed.line("stores/s1", CacheClass.PAGE)
        self._files.put(line.blob, packed.object)
        self._line = line
        self._open("s1", HOST, {"/": line})
        self.promote()

    def promote(self) -> None:
        """Another release of the large store: 5,000 lines that nobody has read yet."""
        self._promoted += 1
        self._open("s2", OTHER_HOST, {"/": self._line, **dict(_lines(LARGE, self._promoted))})

    def _open(self, store_id: str, host: str, lines: Mapping[str, ReleasedFile]) -> None:
        sealed = write_manifest(Manifest(store_id, "upfront-modern", "1.0.0", lines))
        release = hashlib.sha256(sealed).hexdigest()[:20]
        manifest = SiteFile(gzip.compress(sealed, compresslevel=1, mtime=0), "application/json", "gzip")
        self._files.put(release_file(store_id, release), manifest)
        self._documents.commit(
            [
                Set(f"hosts/{host}", {"store_id": store_id}),
                Set(f"stores/{store_id}", {"status": "ACTIVE", "subdomain": host.partition(".")[0]}),
                Set(f"deployments/{store_id}", {"live": release}),
            ]
        )

    def visit_beside_promotions(self, shop: Server, requests: int) -> Seen:
        """The first store's visitors, while the large one is promoted and visited again and again."""
        ending = threading.Event()

        def promote() -> None:
            while not ending.is_set():
                self.promote()
                ask(shop.port, OTHER_HOST)
                ending.wait(0.1)

        promoting = threading.Thread(target=promote)
        promoting.start()
        try:
            return crowd(shop, requests)
        finally:
            ending.set()
            promoting.join()

    @contextmanager
    def storefront(self, kind: str) -> Generator[Server]:
        """The function, as it is deployed."""
        function = next(function for function in FUNCTIONS if function.name == "storefront")
        settings = read_settings({}, provisioning_data=self._folder / "data")
        with _process("storefront", kind, source_of(function), settings.to_variables()) as server:
            yield server

    @contextmanager
    def bare(self, kind: str, shop: Server) -> Generator[Server]:
        """A function that returns what the storefront answers, header by header, from memory."""
        headers, body = ask(shop.port, HOST)
        source, file = self._folder / "main.py", self._folder / "body"
        source.write_text(_BARE)
        file.write_bytes(body)
        variables = {"BARE_BODY": str(file), "BARE_HEADERS": json.dumps(headers)}
        with _process("bare", kind, source, variables) as server:
            if ask(server.port, HOST) != (headers, body):
                raise RuntimeError("the bare handler answers something else")
            yield server

    @contextmanager
    def nginx(self) -> Generator[Server]:
        """The same bytes from a file, with fewer headers."""
        port, file = free_port(), self._folder / "nginx.conf"
        file.write_text(_NGINX.format(folder=self._folder, port=port))
        with _running("nginx", ["nginx", "-c", str(file), "-p", str(self._folder)], port, {}) as server:
            yield server


def ask(port: int, host: str) -> tuple[dict[str, str], bytes]:
    """One request; the headers that do not pass, and the body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
    try:
        connection.request("GET", "/", headers={"Host": host, "Accept-Encoding": _ENCODING})
        answer = connection.getresponse()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in _PASSING}
        return kept, answer.read()
    finally:
        connection.close()


@contextmanager
def _process(target: str, kind: str, source: Path, variables: Mapping[str, str]) -> Generator[Server]:
    port = free_port()
    if kind == "gunicorn":
        # What the framework's command does: gunicorn with one process and four threads a core.
        told = [
            "-m",
            "functions_framework",
            "--target",
            target,
            "--source",
            str(source),
            "--host",
            "127.0.0.1",
        ]
        command = [sys.executable, *told, "--port", str(port)]
    else:
        command = [sys.executable, "-c", _WAITRESS, target, str(source), str(port)]
    with _running(target, command, port, variables) as server:
        yield server


@contextmanager
def _running(name: str, command: list[str], port: int, variables: Mapping[str, str]) -> Generator[Server]:
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, env=os.environ | dict(variables), stdout=subprocess.DEVNULL, stderr=errors
        )
        try:
            give_up_at = time.monotonic() + _START_SECONDS
            while not _answers(port):
                if process.poll() is not None or time.monotonic() > give_up_at:
                    errors.seek(0)
                    raise RuntimeError(f"{name} does not start: {errors.read().decode()[-500:]}")
                time.sleep(0.05)
            yield Server(name, port)
        finally:
            process.terminate()
            process.wait(timeout=_START_SECONDS)


def _answers(port: int) -> bool:
    """Whether a server answers there, whatever it says: one that listens may still reset who connects."""
    try:
        ask(port, HOST)
    except (OSError, HTTPException):
        return False
    return True


def _page() -> str:
    """A home page as large as a theme's: some 25 kB, 24 products."""
    cards = "".join(
        f'<li class="card"><a href="/products/item-{n}/"><picture><source type="image/avif" srcset="/pictures/item-{n}-320.{n:016x}.avif 320w, '
        f'/pictures/item-{n}-640.{n * 7:016x}.avif 640w" sizes="(min-width: 60em) 25vw, 50vw"><img src="/pictures/item-{n}-320.{n * 3:016x}.webp" '
        f'width="320" height="400" alt="Item {n}, seen from the side" loading="lazy" decoding="async"></picture>'
        f"<h3>Item number {n * 37 % 101}</h3><p>{hashlib.sha256(str(n).encode()).hexdigest()}</p><p>${n * 13 % 97}.00</p></a></li>"
        for n in range(24)
    )
    words = " ".join(hashlib.sha256(f"w{n}".encode()).hexdigest()[: 3 + n % 7] for n in range(800))
    return f"<!doctype html><html lang=en><title>A store</title><main><ul>{cards}</ul><p>{words}</p></main>"


def _lines(count: int, salt: int) -> Sequence[tuple[str, ReleasedFile]]:
    digests = [hashlib.sha256(f"{salt} {number}".encode()).hexdigest() for number in range(count)]
    return [
        (
            f"/products/a-product-with-a-usual-name-{number}/",
            ReleasedFile(
                blob=f"stores/s2/blobs/{digest[:2]}/{digest}",
                sha256=digest[::-1],
                size=20_000 + number,
                content_type="text/html; charset=utf-8",
                cache=CacheClass.PAGE,
                parts=Parts(4_000 + number, 5_000 + number),
                made_from=digest,
            ),
        )
        for number, digest in enumerate(digests)
    ]


def _print(console: Console, kind: str, laps: Mapping[str, Laps], busy: Seen) -> None:
    rounds = len(next(iter(laps.values())).seen)
    table = Table(
        "",
        "requests a second",
        "p50",
        "p99",
        "p99 of each round",
        "bytes",
        title=f"{kind}, median of {rounds}",
    )
    for name, lap in laps.items():
        each = ", ".join(milliseconds(seen.p99) for seen in lap.seen)
        table.add_row(
            name,
            f"{lap.rate:,.0f}",
            milliseconds(lap.p50),
            milliseconds(lap.p99),
            each,
            f"{lap.seen[0].bytes:,}",
        )
    table.add_row(
        f"storefront, while {LARGE:,} files are promoted",
        f"{busy.rate:,.0f}",
        milliseconds(busy.p50),
        milliseconds(busy.p99),
        f"slowest {milliseconds(busy.slowest)}",
        f"{busy.bytes:,}",
    )
    console.print(table)
