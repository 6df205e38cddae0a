"""`make demo`: one merchant goes live before your eyes."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import urllib3
from rich.console import Console

from provisioning.errors import Misconfigured
from provisioning.local.folder import LOCK, lock_folder
from provisioning.local.mailer import EmlMailer
from provisioning.serving import Running, running, serve_until
from provisioning.steps.step import effect_key
from provisioning.stores.activation import ActivationRequest, Category, Launch
from provisioning.terminal import follow
from provisioning.workflow.records import Provisioning, Status
from provisioning.workflow.requests import submit

REQUEST_ID = "awesome-store-1"
PATIENCE_SECONDS = 120.0
ANSWER_SECONDS = 15.0


def demonstrate(
    console: Console,
    *,
    data: Path,
    port: int,
    emulators: bool,
    once: bool,
    build_portal: bool,
    ended: threading.Event,
) -> str | None:
    """Activate "Awesome Store" on a fresh runtime, print what came of it, and serve; returns why it failed, or None."""
    console.print("Starting …")
    # Who leaves at once has no use for it.
    building = build_portal and not once
    with running(data=_emptied(data), port=port, emulators=emulators, build_portal=building) as served:
        console.print(f"[dim]Runtime: {served.name}[/dim]\n")
        began = time.monotonic()
        submit(served.platform.ports.documents, _request(), REQUEST_ID)
        record = follow(console, served.platform.ports.documents, REQUEST_ID, timeout=PATIENCE_SECONDS)
        seconds = time.monotonic() - began
        failure = _failure(record) or _check_answer(record, served)
        if failure is None and record is not None:
            _print_addresses(console, served, record, seconds)
        if once or failure:
            return failure
        console.print("\nServing until interrupted (Ctrl-C).")
        serve_until(ended)
    return None


def _emptied(data: Path) -> Path:
    """The demonstration begins anew each time; a folder that is in use, or not its own, is never emptied."""
    if data.exists() and any(data.iterdir()) and not (data / LOCK).exists():
        raise Misconfigured(f"{data} holds other files: choose another folder for the demonstration")
    with lock_folder(data):
        for item in data.iterdir():
            if item.is_dir():
                shutil.rmtree(item)
            elif item.name != LOCK:
                item.unlink()
    return data


def _request() -> ActivationRequest:
    return ActivationRequest(
        merchant_id="awesome-store",
        store_id=REQUEST_ID,
        store_name="Awesome Store",
        owner_email="owner@example.com",
        theme="upfront-modern",
        plan="professional",
        subdomain="awesome-store",
        category=Category.ELECTRONICS,
        launch=Launch.IMMEDIATELY,
        requested_by="demonstration",
    )


def _failure(record: Provisioning | None) -> str | None:
    if record is None:
        return f"The provisioning was not over after {PATIENCE_SECONDS:.0f} s."
    if record.status == Status.COMPLETED:
        return None
    return f"{record.status}: {record.error.title if record.error else 'no reason was recorded'}"


def _check_answer(record: Provisioning | None, served: Running) -> str | None:
    """Open the store by its host, as a browser would, until the shop itself answers."""
    assert record is not None
    settings = served.platform.settings
    host = f"{served.platform.addresses.hostname(record.subdomain or '')}:{settings.public_port}"
    until = time.monotonic() + ANSWER_SECONDS
    while True:
        answer = urllib3.request(
            "GET",
            f"http://127.0.0.1:{settings.public_port}/",
            headers={"Host": host},
            redirect=False,
            retries=False,
            timeout=10.0,
        )
        # The coming-soon page, which an instance may show for 2 s more, has no products.
        if answer.status == 200 and b"/products/" in answer.data:
            return None
        if time.monotonic() > until:
            return f"The store answered {answer.status} at {host}, not its shop."
        time.sleep(0.1)


def _print_addresses(console: Console, served: Running, record: Provisioning, seconds: float) -> None:
    mail = ""
    if isinstance(served.platform.ports.mailer, EmlMailer):
        mail = str(served.platform.ports.mailer.path(effect_key(REQUEST_ID, "send_credentials")))
    console.print(
        f"\n[bold green]{record.store_name} is live[/bold green], {seconds:.1f} s after the request\n"
    )
    console.print(f"Portal       {served.url}/")
    console.print(f"Store        {record.links['website']}")
    console.print(f"Dashboard    {record.links['dashboard']}")
    console.print(f"API          {served.url}/api/provisioning")
    console.print(f"Welcome mail {mail}", soft_wrap=True)
    console.print(f"Runtime      {served.name}")
