"""
The one port of a local runtime: dashboard and API on the dashboard's host, stores on every other.

In production a load balancer stands here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import urllib3
from waitress.server import create_server

from provisioning.errors import Misconfigured

HOST = "127.0.0.1"
#: Followed streams keep threads of their own; those that wait cost nothing.
_THREADS = 48
#: Headers that belong to one connection and not to the message (RFC 9110, section 7.6.1).
_HOP_BY_HOP = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)

StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def route_by_host(dashboard_host: str, dashboard: WsgiApp, stores: WsgiApp) -> WsgiApp:
    """Send a request to the dashboard's app or to the stores', by its Host header alone."""

    def route(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        host = str(environ.get("HTTP_HOST", "")).rpartition(":")
        name = (host[0] or host[2]).lower().rstrip(".")
        app = dashboard if name in (dashboard_host, HOST) else stores
        return app(environ, start_response)

    return route


def route_by_trigger(functions: Mapping[str, WsgiApp]) -> WsgiApp:
    """Send an event of the Firestore emulator to the function that its trigger is named for; another's is not found."""

    def route(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        app = functions.get(str(environ.get("PATH_INFO", "")).rpartition("/")[2])
        if app is None:
            start_response("404 Not Found", [("Content-Length", "0")])
            return [b""]
        return app(environ, start_response)

    return route


def proxy_to(port: int, timeout: float = 30.0) -> WsgiApp:
    """An app that hands requests on to another process on this machine, Host header included."""
    pool = urllib3.HTTPConnectionPool(HOST, port, maxsize=_THREADS, retries=False, timeout=timeout)

    def forward(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        headers = {
            name[5:].replace("_", "-").title(): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_") and name[5:].replace("_", "-").lower() not in _HOP_BY_HOP
        }
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        target = environ.get("REQUEST_URI") or environ["PATH_INFO"]
        if "REQUEST_URI" not in environ and environ.get("QUERY_STRING"):
            target += f"?{environ['QUERY_STRING']}"
        try:
            answer = pool.request(
                environ["REQUEST_METHOD"],
                target,
                body=environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
                headers=headers,
                redirect=False,
                decode_content=False,
                assert_same_host=False,
                preload_content=False,
            )
        except urllib3.exceptions.HTTPError:
            start_response("503 Service Unavailable", [("Content-Length", "0"), ("Retry-After", "1")])
            return [b""]
        kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP]
        start_response(f"{answer.status} {answer.reason or 'OK'}", kept)
        return _Body(answer)

    return forward


class _Body:
    """What another process answers, as it comes: an answer may be a stream that goes on for a minute."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        while part := self._answer.read1():
            yield part

    def close(self) -> None:
        # A connection whose answer was not read to its end is of no further use.
        self._answer.close()
        self._answer.release_conn()


class FrontDoor:
    """Serves an app on a port of the loopback, from threads of its own."""

    def __init__(self, app: WsgiApp, port: int) -> None:
        try:
            self._server: Any = create_server(
                app,
                host=HOST,
                port=port,
                threads=_THREADS,
                ident=None,
                expose_tracebacks=False,
                asyncore_use_poll=True,
            )
        except OSError:
            raise Misconfigured(
                f"port {port} is taken: end what listens there, or choose another (PORT={port + 1} make demo)"
            ) from None
        self._thread = threading.Thread(target=self._server.run, name="front-door", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.close()
