"""
Starts `gcp-storage-emulator` with three things that it leaves out and Cloud Storage does.

An upload "only if there is nothing yet" is refused with 412 where something is; a content type keeps its parameters
(`; charset=utf-8`); a download says its content encoding.

And without two that make it slow: with each upload it writes a description of all objects, even in memory where nobody reads it; and it
lets five connections wait, so that the sixth is tried again after a second.
"""
# The emulator is not typed.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportMissingImports=false

from __future__ import annotations

import sys
import threading
from email.message import Message
from email.parser import BytesParser
from functools import partial
from http import HTTPStatus
from http.server import HTTPServer
from typing import Any

from gcp_storage_emulator import __main__ as emulator
from gcp_storage_emulator import server
from gcp_storage_emulator.exceptions import NotFound
from gcp_storage_emulator.handlers import objects
from gcp_storage_emulator.storage import Storage

_uploading = threading.Lock()


class _Part(Message):
    """A part of an upload that tells its content type whole."""

    def get_content_type(self) -> str:
        return (
            super().get_content_type() if self.is_multipart() else str(self["Content-Type"] or "text/plain")
        )


def _insert(request: Any, response: Any, storage: Any, *args: Any, **kwargs: Any) -> None:
    sent = request.data
    with _uploading:
        if request.query.get("ifGenerationMatch") == ["0"] and _exists(request, sent, storage):
            response.status = HTTPStatus.PRECONDITION_FAILED
            response.json({"error": {"code": 412, "message": "conditionNotMet"}})
            return
        objects.insert(request, response, storage, *args, **kwargs)


def _exists(request: Any, sent: Any, storage: Any) -> bool:
    name = request.query.get("name", [None])[0]
    if name is None and isinstance(sent, dict):
        name = sent.get("meta", sent).get("name")
    try:
        storage.get_file_obj(request.params["bucket_name"], name)
    except NotFound:
        return False
    return True


def _download(request: Any, response: Any, storage: Any, *args: Any, **kwargs: Any) -> None:
    objects.download(request, response, storage, *args, **kwargs)
    if response.status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        kept = storage.get_file_obj(request.params["bucket_name"], request.params["object_id"])
        if kept.get("contentEncoding"):
            response["Content-Encoding"] = kept["contentEncoding"]


def _keep_nothing(self: Any) -> None:
    """What is in memory ends with the process."""


def _hasten() -> None:
    HTTPServer.request_queue_size = 128
    Storage._write_config_to_file = _keep_nothing  # pyright: ignore[reportPrivateUsage]


def _complete() -> None:
    server.BytesParser = partial(BytesParser, _class=_Part)
    instead: dict[Any, Any] = {objects.insert: _insert, objects.download: _download}
    for _, methods in server.HANDLERS:
        for method, handler in methods.items():
            methods[method] = instead.get(handler, handler)


if __name__ == "__main__":
    _complete()
    if "--in-memory" in sys.argv:
        _hasten()
    emulator.main()
