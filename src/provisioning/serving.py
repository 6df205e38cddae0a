"""Runs a local runtime for the command line: assembles it, seeds it, tells other clients where it is, and ends it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioning import logs
from provisioning.catalog.seeding import seed_defaults
from provisioning.errors import Misconfigured
from provisioning.local.accounts import SqliteAccounts
from provisioning.local.folder import LOCK, functions_log, lock_folder
from provisioning.local.portal import HOW_TO_BUILD, Portal, portal_config
from provisioning.local.portal_build import PortalBuild
from provisioning.runtime import (
    Platform,
    assemble,
    current,
    embedded_runtime,
    emulated_runtime,
    installed,
    relieve,
)
from provisioning.settings import (
    EMULATOR_VARIABLES,
    Runtime,
    Settings,
    environment,
    read_settings,
    set_variables,
)
from provisioning.sites.publishing import publish_installed_themes
from provisioning.workflow.recovery import release_leases

if TYPE_CHECKING:
    from provisioning.local.emulated import EmulatedRuntime

ADMIN_EMAIL, SUPPORT_EMAIL = "admin@example.com", "support@example.com"
ADMIN_SECONDS = 24 * 3600.0
VARIABLES_FILE = "runtime.env"
#: The second process of the embedded runtime.
RELIEF = (
    sys.executable,
    # As with a script, what lies in the working directory is not ours.
    "-P",
    "-c",
    "from provisioning.local.relief import listen; told = listen(); "
    "from provisioning.serving import help_out; help_out(told)",
)
LOOK_UP_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Running:
    """A runtime that serves."""

    platform: Platform
    name: str
    url: str
    admin_token: str
    #: What another client needs to know, as NAME=value.
    variables: dict[str, str]


@contextmanager
def running(*, data: Path, port: int, emulators: bool, build_portal: bool = False) -> Generator[Running]:
    """
    Serve until the context is left. Raises `Misconfigured` with a one-line remedy where it cannot start.

    With `build_portal` the portal is built meanwhile, where it is not; nothing waits for it.
    """
    runtime = Runtime.EMULATORS if emulators else Runtime.EMBEDDED
    settings = read_settings(
        provisioning_runtime=runtime, provisioning_data=data.absolute(), public_port=port, k_service=None
    )
    serve = _emulated if emulators else _embedded
    build = PortalBuild(settings.provisioning_data / "logs") if build_portal else None
    with _building(build), serve(settings, build.explain if build else lambda: HOW_TO_BUILD) as running:
        file = settings.provisioning_data / VARIABLES_FILE
        write_variables(file, running.variables)
        try:
            yield running
        finally:
            file.unlink(missing_ok=True)


def is_served(data: Path) -> bool:
    """Whether a runtime works in this folder now. What a killed one left behind says nothing."""
    if not (data / LOCK).exists():
        return False
    try:
        lock_folder(data).close()
    except Misconfigured:
        return True
    return False


def serve_until(ended: threading.Event) -> None:
    """Wait for the event, which a signal sets. The signal may reach another thread, and is heard when the main one looks up."""
    while not ended.wait(LOOK_UP_SECONDS):
        pass


def write_variables(file: Path, variables: dict[str, str]) -> None:
    """Write `NAME=value` lines that only this user can read: one of them is a token."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in variables.items()))


@contextmanager
def _building(build: PortalBuild | None) -> Generator[None]:
    if build is None:
        yield
        return
    build.start()
    try:
        yield
    finally:
        build.stop()


@contextmanager
def _embedded(settings: Settings, explain: Callable[[], str]) -> Generator[Running]:
    with _logging_to(settings):
        platform = assemble(settings)
        portal = Portal(lambda: _portal_config(settings), explain=explain)
        # On one core two interpreters would only take turns.
        server = embedded_runtime(platform, portal, RELIEF if (os.cpu_count() or 1) > 1 else ())
        with installed(platform):
            try:
                server.start(before_work=lambda: _prepare(platform))
                yield _running(platform, "embedded (SQLite and a folder)", {})
            finally:
                server.stop()


def help_out(told: threading.Event) -> None:
    """What the embedded runtime's second process does, from its start until it is told to stop."""
    platform = current()
    # All of it is there. But what themes consist of is known then, and the first deliveries need not find it out, several at once.
    publish_installed_themes(platform.ports.files)
    relieve(platform, told)


def _portal_config(settings: Settings) -> Mapping[str, Any]:
    return portal_config(
        runtime=str(settings.provisioning_runtime),
        project=settings.google_cloud_project,
        store_domain=f"{settings.store_domain}:{settings.public_port}",
        firestore_emulator=environment().get("FIRESTORE_EMULATOR_HOST")
        if settings.provisioning_runtime is Runtime.EMULATORS
        else None,
    )


@contextmanager
def _emulated(settings: Settings, explain: Callable[[], str]) -> Generator[Running]:
    with emulated(settings, explain=explain) as (_, platform):
        found = {name: getattr(platform.settings, name.lower()) for name in EMULATOR_VARIABLES}
        variables = {name: str(value) for name, value in found.items() if value}
        yield _running(platform, "Google's emulators", variables)


@contextmanager
def emulated(
    settings: Settings,
    sources: Mapping[str, Path] | None = None,
    explain: Callable[[], str] = lambda: HOW_TO_BUILD,
) -> Generator[tuple[EmulatedRuntime, Platform]]:
    """
    The emulated runtime, seeded and serving, with a platform on it for this process.

    Leads this process's Google clients to the emulators. `sources` as the runtime takes them.
    """
    cloud = emulated_runtime(settings, sources, Portal(lambda: _portal_config(settings), explain=explain))
    try:
        variables = cloud.start_emulators()
        set_variables(variables)
        found = {name.lower(): value for name, value in variables.items()}
        platform = assemble(settings.model_copy(update=found))
        _seed(platform)
        cloud.start_functions()
        yield cloud, platform
    finally:
        cloud.stop()


@contextmanager
def _logging_to(settings: Settings) -> Generator[None]:
    with functions_log(settings.provisioning_data).open("a", buffering=1) as stream:
        logs.configure(settings.log_level, stream)
        try:
            yield
        finally:
            logs.configure(settings.log_level)


def _prepare(platform: Platform) -> None:
    _seed(platform)
    release_leases(platform.engine)


def _seed(platform: Platform) -> None:
    """What is there before the first merchant comes: the catalogue, and the files that all stores share."""
    seed_defaults(platform.ports.documents, merchants=True)
    publish_installed_themes(platform.ports.files)


def _running(platform: Platform, name: str, variables: dict[str, str]) -> Running:
    settings = platform.settings
    url = f"http://{settings.dashboard_host}:{settings.public_port}"
    token = _admin_token(platform)
    known = variables | {
        "GOOGLE_CLOUD_PROJECT": settings.google_cloud_project,
        "PROVISIONING_RUNTIME": str(settings.provisioning_runtime),
        "PROVISIONING_DATA": str(settings.provisioning_data),
        "PUBLIC_PORT": str(settings.public_port),
        "PROVISIONING_URL": url,
        "PROVISIONING_ADMIN_TOKEN": token,
    }
    return Running(platform, name, url, token, known)


def _admin_token(platform: Platform) -> str:
    """An ID token of a local administrator, made for this start."""
    accounts = platform.ports.accounts
    assert isinstance(accounts, SqliteAccounts)
    account = accounts.ensure_owner(ADMIN_EMAIL, "Local administrator", "local-admin")
    accounts.set_role(account.uid, "admin")
    # Somebody who may look at everything and change nothing, to see the portal as they do.
    support = accounts.ensure_owner(SUPPORT_EMAIL, "Local support", "local-support")
    accounts.set_role(support.uid, "support")
    return accounts.issue_token(account.uid, ADMIN_SECONDS)
