"""
The platform under simulation: the real settings, engine and functions, assembled once for the process.

Rendering and the making of files are pure, so each is done once for its inputs and then remembered.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib.util
import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from cloudevents.http import from_http
from flask import Flask, Request, Response

from provisioning import logs
from provisioning.local import events
from provisioning.ports import Page, SiteFile
from provisioning.runtime import Platform, assemble, installed
from provisioning.settings import read_settings
from provisioning.sites import building, making, publishing, releases, routing
from provisioning.sites.checking import Check
from provisioning.sites.routing import Storefront
from provisioning.steps import deploy_website
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.sweep import sweep
from simulation.ports import Stage, staged_ports

BUDGET = 6.0
PROJECT = "simulated"
_FUNCTIONS = Path(__file__).parents[1] / "functions"


@dataclass(slots=True)
class Functions:
    """The functions as they are deployed, called with the bytes that the platform posts."""

    stage: Stage
    platform: Platform
    modules: dict[str, ModuleType]
    #: The framework's application around `status`, which hooks itself in when it is loaded.
    web: Flask
    #: What the owner's pages answer to somebody who is not signed in; it does not depend on any document.
    _signed_out: dict[str, Page]

    def go_on_for(self, seconds: float) -> None:
        """How long an invocation goes on with the next steps itself; one process, and so one engine, serves all scenarios."""
        object.__setattr__(self.platform.engine, "goes_on_for", seconds)

    def push(self, function: str, body: bytes) -> int:
        """POST a push body; the status of the answer."""
        request = Request(_environ("POST", "/", body))
        return getattr(self.modules[function], function)(request).status_code

    def created(self, headers: Mapping[str, str], body: bytes) -> None:
        """Deliver a created event; raises what the function raises."""
        self.modules["activate_merchant"].activate_merchant(from_http(dict(headers), body))

    def api(self, path: str, token: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        """POST to the admin API; the answer's status and JSON."""
        sent = b"" if body is None else json.dumps(body).encode()
        environ = _environ("POST", path, sent, HTTP_AUTHORIZATION=f"Bearer {token}")
        answer = Response.from_app(self.web.wsgi_app, environ)
        return answer.status_code, json.loads(answer.get_data() or b"{}")

    def owner_page(self, path: str) -> Page:
        """What the dashboard answers a stranger."""
        kind = path.rpartition("/")[0]
        if kind not in self._signed_out:
            answer = Response.from_app(self.web.wsgi_app, _environ("GET", path, b""))
            self._signed_out[kind] = Page(answer.status_code, answer.get_data(), "text/html")
        return self._signed_out[kind]

    def storefront(self, clock: Any) -> Storefront:
        """A storefront process over what is behind the ports."""
        behind = self.stage.now
        assert behind is not None
        return Storefront(
            behind.documents, behind.files, self.platform.tokens, self.platform.addresses, clock
        )


@contextmanager
def assembled(
    *, log_level: str = "CRITICAL", engine: Mapping[str, Any] | None = None
) -> Generator[Functions]:
    """The functions over a platform whose ports are staged; `engine` replaces parts of the engine."""
    logs.configure(log_level)
    stage = Stage()
    settings = read_settings({}, step_budget_seconds=BUDGET, public_port=8080)
    platform = assemble(settings, staged_ports(stage))
    platform = replace(platform, engine=_simulated_engine(platform.engine, stage, engine or {}))
    with ExitStack() as stack:
        stack.enter_context(remembered())
        stack.enter_context(installed(platform))
        web = Flask("simulated", static_folder=None)
        with web.app_context():
            _load("status")
        modules = {name: _load(name) for name in ("activate_merchant", "provision_step", "dead_letter")}
        modules["sweep"] = _load("sweep")
        modules["sweep"].run_sweep = functools.partial(  # type: ignore[attr-defined]
            sweep,
            pause=lambda seconds: _scheduler(stage).sleep(seconds),
            spread=lambda: _scheduler(stage).random.random(),
        )
        yield Functions(stage, platform, modules, web, {})


def _simulated_engine(engine: StepEngine, stage: Stage, changes: Mapping[str, Any]) -> StepEngine:
    def new_token() -> str:
        return f"{_scheduler(stage).random.getrandbits(64):016x}"

    return replace(engine, monotonic=lambda: _scheduler(stage).now, new_token=new_token, **changes)


def _scheduler(stage: Stage) -> Any:
    assert stage.now is not None
    return stage.now.scheduler


def _load(function: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"simulated_{function}", _FUNCTIONS / function / "main.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _environ(method: str, path: str, body: bytes, **more: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8080",
        "CONTENT_TYPE": "application/json" if body else "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **more,
    }


# --- What is pure is done once ---------------------------------------------------------------------------


class _InTurn:
    """Stands for a pool of threads: one thing after the other, in the order that was asked for."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> _InTurn:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, function: Any, *arguments: Iterable[Any]) -> list[Any]:
        return [function(*each) for each in zip(*arguments, strict=True)]


_SITES: dict[tuple[str, str], building.Site] = {}
_CHECKS: dict[int, tuple[building.Site, tuple[Check, ...]]] = {}
_real_build_site = building.build_site
_real_check_site = making.check_site
#: By the store, and by the site, of which `_SITES` keeps each one.
_PLANS: dict[tuple[str, int], publishing.Release] = {}
_real_plan_release = publishing.plan_release
_MANIFESTS: dict[int, tuple[releases.Manifest, bytes]] = {}
_real_write_manifest = publishing.write_manifest
_OBJECTS: dict[int, tuple[Any, dict[str, SiteFile]]] = {}
_real_platform_objects = publishing.platform_objects


def _build_site(theme: Any, shop: Any, **limits: Any) -> building.Site:
    """`limits` are of strangers' themes; those that are simulated are ours."""
    key = (theme.slug, shop.model_dump_json())
    if key not in _SITES:
        _SITES[key] = _real_build_site(theme, shop, **limits)
    return _SITES[key]


def _check_site(site: building.Site, *more: Any) -> tuple[Check, ...]:
    """The same site has passed already; that each store's manifest names its own blobs changes nothing that is checked."""
    if id(site) not in _CHECKS:
        _CHECKS[id(site)] = site, _real_check_site(site, *more)
    return _CHECKS[id(site)][1]


def _plan_release(store_id: str, site: building.Site) -> publishing.Release:
    key = (store_id, id(site))
    if key not in _PLANS:
        _PLANS[key] = _real_plan_release(store_id, site)
    return _PLANS[key]


def _write_manifest(manifest: releases.Manifest) -> bytes:
    if id(manifest) not in _MANIFESTS:
        _MANIFESTS[id(manifest)] = manifest, _real_write_manifest(manifest)
    return _MANIFESTS[id(manifest)][1]


def _platform_objects(theme: Any, *pictures: Any) -> dict[str, SiteFile]:
    if id(theme) not in _OBJECTS:
        _OBJECTS[id(theme)] = theme, _real_platform_objects(theme, *pictures)
    return _OBJECTS[id(theme)][1]


class _Gzip:
    """Stands for the module `gzip`."""

    compress = staticmethod(functools.lru_cache(maxsize=4096)(gzip.compress))
    decompress = staticmethod(functools.lru_cache(maxsize=4096)(gzip.decompress))


class _Hashlib:
    """Stands for the module `hashlib`."""

    sha256 = staticmethod(functools.lru_cache(maxsize=8192)(hashlib.sha256))


@contextmanager
def remembered() -> Generator[None]:
    """Pure functions of the sites are computed once for their inputs, and uploads happen one after the other."""
    with (
        patch.object(deploy_website, "build_site", _build_site),
        patch.object(deploy_website, "check_site", _check_site),
        patch.object(deploy_website, "plan_release", _plan_release),
        patch.object(publishing, "write_manifest", _write_manifest),
        patch.object(publishing, "platform_objects", _platform_objects),
        patch.object(publishing, "ThreadPoolExecutor", _InTurn),
        patch.object(publishing, "pack", functools.lru_cache(maxsize=4096)(publishing.pack)),
        patch.object(publishing, "gzip", _Gzip),
        patch.object(publishing, "hashlib", _Hashlib),
        patch.object(releases, "gzip", _Gzip),
        patch.object(routing, "read_contents", functools.lru_cache(maxsize=4096)(routing.read_contents)),
    ):
        yield


def push_body(function: str, data: bytes, message_id: str, published_at: Any, attempt: int) -> bytes:
    """The bytes of a push."""
    return events.push_body(
        f"projects/{PROJECT}/subscriptions/{function}",
        data,
        message_id=message_id,
        publish_time=published_at,
        delivery_attempt=attempt,
    )


def created_event(
    path: str, data: Mapping[str, Any], created_at: Any, event_id: str
) -> tuple[dict[str, str], bytes]:
    """The headers and bytes of a created event."""
    return events.created_event(PROJECT, "(default)", path, data, created_at=created_at, event_id=event_id)
