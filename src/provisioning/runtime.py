"""
The only place that assembles ports. A function asks for `current()`; everything else is handed what it needs.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning import logs
from provisioning.errors import Misconfigured
from provisioning.ports import Accounts, Faults, Mailer, Ports, Visitor
from provisioning.settings import Runtime, Settings, environment, read_settings
from provisioning.steps.step import Surroundings
from provisioning.stores.addresses import Addresses
from provisioning.stores.tokens import Tokens
from provisioning.workflow.definition import WORKFLOWS
from provisioning.workflow.engine import StepEngine
from provisioning.workflow.faults import with_faults

if TYPE_CHECKING:
    from provisioning.local.embedded import EmbeddedRuntime
    from provisioning.local.emulated import EmulatedRuntime
    from provisioning.local.messages import SqliteMessages
    from provisioning.local.portal import Portal


#: Seconds of work after which an invocation of the embedded runtime leaves the next step to another. Its broker is in the same process: a
#: message would cost more than a short step. What takes longer goes back to the queue, where merchants take turns.
GOES_ON_FOR = 0.05


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything a process needs, assembled."""

    settings: Settings
    ports: Ports
    addresses: Addresses
    tokens: Tokens
    engine: StepEngine
    #: The switch that makes steps go wrong; a local runtime alone has it.
    faults: Faults | None = None


def assemble(settings: Settings, ports: Ports | None = None) -> Platform:
    """Build a platform for these settings; `ports` replaces the ones that the settings would choose."""
    ports = ports or _choose_ports(settings)
    addresses = Addresses(
        settings.store_domain, settings.dashboard_host, settings.public_scheme, settings.public_port
    )
    tokens = Tokens(settings.signing_secret)
    faults = _choose_faults(settings)
    engine = StepEngine(
        ports=ports,
        surroundings=Surroundings(addresses, tokens, settings.client_timeout),
        workflows=WORKFLOWS if faults is None else with_faults(WORKFLOWS, faults),
        topic=settings.step_topic,
        budget=settings.step_budget_seconds,
        goes_on_for=GOES_ON_FOR if settings.provisioning_runtime is Runtime.EMBEDDED else 0.0,
    )
    return Platform(settings, ports, addresses, tokens, engine, faults)


def _choose_faults(settings: Settings) -> Faults | None:
    if settings.provisioning_runtime is Runtime.GOOGLE:
        return None
    from provisioning.local.faults import FileFaults

    return FileFaults(settings.provisioning_data / "faults.json")


def _choose_ports(settings: Settings) -> Ports:
    match settings.provisioning_runtime:
        case Runtime.EMBEDDED:
            return _embedded_ports(settings)
        case Runtime.EMULATORS:
            return _emulator_ports(settings)
        case Runtime.GOOGLE:
            return _google_ports(settings)


def _embedded_ports(settings: Settings) -> Ports:
    from provisioning.local.documents import SqliteDocuments
    from provisioning.local.files import FolderSiteFiles
    from provisioning.local.messages import SqliteMessages

    data = settings.provisioning_data
    return Ports(
        documents=SqliteDocuments(data / "documents.db"),
        messages=SqliteMessages(data / "documents.db"),
        files=FolderSiteFiles(data / "files"),
        mailer=_local_mailer(settings),
        accounts=_local_accounts(settings),
        visitor=_local_visitor(settings),
    )


def _emulator_ports(settings: Settings) -> Ports:
    """Google's adapters against the emulators; mail, accounts and visits are local."""
    from provisioning.google.documents import FirestoreDocuments
    from provisioning.google.files import StorageSiteFiles
    from provisioning.google.messages import PubSubMessages

    timeout = settings.client_timeout
    settings.provisioning_data.mkdir(parents=True, exist_ok=True)
    return Ports(
        documents=FirestoreDocuments(settings.google_cloud_project, settings.firestore_database, timeout),
        messages=PubSubMessages(settings.google_cloud_project, timeout),
        files=StorageSiteFiles(settings.site_bucket, timeout),
        mailer=_local_mailer(settings),
        accounts=_local_accounts(settings),
        visitor=_local_visitor(settings),
    )


def _google_ports(settings: Settings) -> Ports:
    from provisioning.google.accounts import FirebaseAccounts
    from provisioning.google.documents import FirestoreDocuments
    from provisioning.google.files import StorageSiteFiles
    from provisioning.google.mailer import SendGridMailer
    from provisioning.google.messages import PubSubMessages
    from provisioning.google.visitor import HttpsVisitor

    timeout = settings.client_timeout
    return Ports(
        documents=FirestoreDocuments(settings.google_cloud_project, settings.firestore_database, timeout),
        messages=PubSubMessages(settings.google_cloud_project, timeout),
        files=StorageSiteFiles(settings.site_bucket, timeout),
        mailer=SendGridMailer(
            settings.sendgrid_api_key,
            settings.mail_from,
            settings.mail_from_name,
            settings.sendgrid_url,
            timeout,
        ),
        accounts=FirebaseAccounts(settings.google_cloud_project, timeout),
        visitor=HttpsVisitor(timeout, (settings.store_domain, settings.dashboard_host)),
    )


def _local_mailer(settings: Settings) -> Mailer:
    from provisioning.local.mailer import EmlMailer

    return EmlMailer(settings.provisioning_data / "mail", settings.mail_from, settings.mail_from_name)


def _local_accounts(settings: Settings) -> Accounts:
    from provisioning.local.accounts import SqliteAccounts

    return SqliteAccounts(settings.provisioning_data / "accounts.db", settings.session_secret)


def _local_visitor(settings: Settings) -> Visitor:
    from provisioning.local.visitor import LoopbackVisitor

    return LoopbackVisitor(settings.public_port or 80, settings.client_timeout)


def embedded_runtime(
    platform: Platform, portal: Portal | None = None, relief: Sequence[str | Path] = ()
) -> EmbeddedRuntime:
    """
    The local server over this platform's own ports; take the platform as `installed` while it runs.

    `relief` is what runs in a second process where there is more to do than one carries, and calls `relieve`: it assembles its platform from
    these settings alone, so none where the platform is more than they say.
    """
    from provisioning.local.embedded import EmbeddedRuntime
    from provisioning.local.relief import ReliefProgram

    settings = platform.settings
    return EmbeddedRuntime(
        data=settings.provisioning_data,
        port=settings.public_port or 80,
        dashboard_host=settings.dashboard_host,
        project=settings.google_cloud_project,
        step_topic=settings.step_topic,
        ack_deadline=settings.ack_deadline,
        messages=_queue_of(platform),
        portal=portal,
        relief=ReliefProgram(relief, _environment_of(settings)) if relief else None,
    )


def _environment_of(settings: Settings) -> dict[str, str]:
    # On Cloud Run nothing but Google's runtime is possible: whoever started this one has said that it is not there.
    return {n: v for n, v in environment().items() if n != "K_SERVICE"} | settings.to_variables()


def relieve(platform: Platform, told: threading.Event) -> None:
    """Deliver beside the embedded runtime, in the process that it has started for this, until it is told to stop."""
    from provisioning.local.deliveries import Push, load_functions
    from provisioning.local.relief import serve

    settings = platform.settings
    push = Push(settings.google_cloud_project, settings.step_topic, load_functions())
    with installed(platform):
        serve(_queue_of(platform), push, settings.ack_deadline, told)


def _queue_of(platform: Platform) -> SqliteMessages:
    """What is published goes through it, so that it can be collected and queued with the delivery's end."""
    from provisioning.local.messages import SqliteMessages

    if not isinstance(platform.ports.messages, SqliteMessages):
        raise Misconfigured(
            "PROVISIONING_RUNTIME is not embedded: only the embedded runtime has a queue of its own"
        )
    return platform.ports.messages


def emulated_runtime(
    settings: Settings, sources: Mapping[str, Path] | None = None, portal: Portal | None = None
) -> EmulatedRuntime:
    """Google's emulators and the function processes for these settings; `sources` as the runtime takes them."""
    from provisioning.local.emulated import EmulatedRuntime, PushSettings

    return EmulatedRuntime(
        data=settings.provisioning_data,
        port=settings.public_port or 80,
        dashboard_host=settings.dashboard_host,
        project=settings.google_cloud_project,
        bucket=settings.site_bucket,
        push=PushSettings(settings.step_topic, settings.ack_deadline),
        settings=settings.to_variables(),
        portal=portal,
        sources=sources,
    )


_lock = threading.Lock()
_current: Platform | None = None


def current() -> Platform:
    """The platform of this process, assembled from the environment when it is first asked for."""
    global _current
    with _lock:
        if _current is None:
            settings = read_settings()
            google = settings.provisioning_runtime is Runtime.GOOGLE
            logs.configure(settings.log_level, project=settings.google_cloud_project if google else None)
            _current = assemble(settings)
            # What is loaded by now stays: the collector need not look through it again and again.
            gc.freeze()
        return _current


@contextmanager
def installed(platform: Platform) -> Generator[Platform]:
    """Let `current()` answer with `platform`: the embedded runtime and the tests run all functions in one process."""
    global _current
    with _lock:
        before, _current = _current, platform
    try:
        yield platform
    finally:
        with _lock:
            _current = before
