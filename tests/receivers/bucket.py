"""Cloud Storage's JSON API for one bucket: preconditions and checksums as the real one has them, and faults in the middle of a call."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote

import google_crc32c

from tests.fakes.server import Answer, FakeServer, Request, Reset, Silence

BUCKET = "sites"


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is reset once so many bytes of an upload are there; negative: so many before its end."""

    after: int


@dataclass(frozen=True, slots=True)
class Stall:
    """So many bytes are read, and then none for so many seconds."""

    after: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Landed:
    """The object is kept, and then the answer is this."""

    then: Answer | Silence | Reset


class Flipped:
    """One bit of the upload changes on its way."""


Fault = Answer | Silence | Reset | Cut | Stall | Landed | Flipped


@dataclass(frozen=True, slots=True)
class Object:
    body: bytes
    content_type: str
    encoding: str | None

    @property
    def hashes(self) -> dict[str, str]:
        crc = google_crc32c.Checksum(self.body).digest()
        md5 = hashlib.md5(self.body).digest()
        return {"crc32c": base64.b64encode(crc).decode(), "md5Hash": base64.b64encode(md5).decode()}


class FakeBucket(FakeServer):
    """`faults` meet uploads of names below `stores/`, one each, in their order of arrival; `None` lets one pass."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, Object] = {}
        self.faults: list[Fault | None] = []
        #: For whom downloads end before their last bytes, or have a flipped bit: by name.
        self.truncated: set[str] = set()
        self.flipped: set[str] = set()
        #: (name, status) of each upload that was answered; None where it was not.
        self.uploads: list[tuple[str, int | None]] = []
        self.fired = 0
        self._changing = threading.Lock()

    def next_fault(self) -> Fault | None:
        with self._changing:
            fault = self.faults.pop(0) if self.faults else None
            self.fired += fault is not None
            return fault

    def answer(self, request: Request) -> Answer | Silence | Reset:
        path = request.path
        if path == f"/storage/v1/b/{BUCKET}":
            return _error(403)
        if path.startswith("/upload/"):
            return self._take(request)
        if path == f"/storage/v1/b/{BUCKET}/o":
            found = [
                {"name": name} for name in sorted(self.objects) if name.startswith(request.query["prefix"])
            ]
            return Answer.of_json(200, {"items": found})
        name = unquote(path.rpartition("/o/")[2])
        found = self.objects.get(name)
        if found is None:
            return _error(404)
        if request.query.get("alt") == "media":
            return self._hand_out(name, found)
        return Answer.of_json(200, {"name": name, "generation": "1"})

    def _take(self, request: Request) -> Answer | Silence | Reset:
        metadata, item = _opened(request)
        name = metadata["name"]
        fault = self.next_fault() if name.startswith("stores/") else None
        if isinstance(fault, Flipped):
            item = Object(bytes([item.body[0] ^ 1]) + item.body[1:], item.content_type, item.encoding)
        if isinstance(fault, Answer | Silence | Reset):
            return self._answered(name, fault)
        kept = self._keep(request, metadata, item)
        return self._answered(name, fault.then if isinstance(fault, Landed) else kept)

    def _keep(self, request: Request, metadata: dict[str, Any], item: Object) -> Answer:
        for kind, value in item.hashes.items():
            if metadata.get(kind, value) != value:
                return _error(400)
        with self._changing:
            if request.query.get("ifGenerationMatch") == "0" and metadata["name"] in self.objects:
                return _error(412)
            self.objects[metadata["name"]] = item
        return Answer.of_json(200, {"name": metadata["name"], "generation": "1", **item.hashes})

    def _answered(self, name: str, answer: Answer | Silence | Reset) -> Answer | Silence | Reset:
        self.uploads.append((name, answer.status if isinstance(answer, Answer) else None))
        return answer

    def _hand_out(self, name: str, found: Object) -> Answer:
        headers = {
            "content-type": found.content_type,
            "x-goog-hash": f"crc32c={found.hashes['crc32c']},md5={found.hashes['md5Hash']}",
            "x-goog-generation": "1",
        }
        if found.encoding:
            headers |= {"content-encoding": found.encoding, "x-goog-stored-content-encoding": found.encoding}
        body = found.body
        if name in self.flipped:
            body = body[:-1] + bytes([body[-1] ^ 1])
        return Answer(200, body, headers)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self
        base: Any = super()._handler()

        class Handler(base):
            """Breaks off in the middle, which a whole answer cannot."""

            def do_POST(self) -> None:
                fault = fake.faults[0] if fake.faults else None
                if not isinstance(fault, Cut | Stall):
                    self.handle_any()
                    return
                fake.next_fault()
                length = int(self.headers["content-length"])
                self.rfile.read(fault.after if fault.after >= 0 else length + fault.after)
                fake.uploads.append(("", None))
                if isinstance(fault, Stall):
                    time.sleep(fault.seconds)
                self.give(Reset())

            def do_GET(self) -> None:
                name = unquote(self.path.partition("?")[0].rpartition("/o/")[2])
                if name not in fake.truncated or "alt=media" not in self.path:
                    self.handle_any()
                    return
                whole = fake._hand_out(name, fake.objects[name])
                self.send_response(200)
                for header, value in whole.headers.items():
                    self.send_header(header, value)
                self.send_header("content-length", str(len(whole.body)))
                self.end_headers()
                self.wfile.write(whole.body[:-7])
                self.close_connection = True

        return Handler


def _opened(request: Request) -> tuple[dict[str, Any], Object]:
    """The two parts of a multipart upload."""
    head = b"content-type: " + request.headers["content-type"].encode() + b"\r\n\r\n"
    first, second = message_from_bytes(head + request.body).get_payload()
    metadata = json.loads(first.get_payload(decode=True))
    # The e-mail parser would normalise line ends of text: the bytes are taken as they came.
    boundary = request.headers["content-type"].partition("boundary=")[2].strip('"').encode()
    part = request.body.split(b"--" + boundary)[2]
    body = part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
    return metadata, Object(body, second["content-type"], metadata.get("contentEncoding"))


def _error(status: int) -> Answer:
    return Answer.of_json(status, {"error": {"code": status, "message": "canary"}})
