"""
Proves a deployment by what it is for: a store is asked for as the portal asks, comes into being, answers a visitor, and is rolled back.

    python tools/canary.py --settings settings.json seed
    python tools/canary.py --settings settings.json activate --email platform@example.com --name canary-1

`settings.json` is what `terraform output -json settings` prints. The build's own account reaches Firestore, Pub/Sub and the bucket; no secret is
needed, as nothing is signed here.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from provisioning import logs
from provisioning.catalog.seeding import seed_defaults
from provisioning.errors import ProvisioningError
from provisioning.runtime import Platform, assemble
from provisioning.settings import read_settings
from provisioning.sites.publishing import publish_installed_themes
from provisioning.stores.activation import parse_activation
from provisioning.workflow import recovery
from provisioning.workflow.records import Provisioning, Status, read_provisioning
from provisioning.workflow.requests import submit

ACTOR = "canary"
#: Seconds that an activation, and a roll back, may take: several times what they take.
PATIENCE = 180.0
#: A store's host is forgotten by the storefront's caches and the edge's after this.
FORGOTTEN = 30.0
_PAUSE = 0.5

_Found = TypeVar("_Found")


class Dead(Exception):
    """What was not as it must be."""


def seed(platform: Platform) -> None:
    """The default themes and plans where they are missing, and the files that all stores share."""
    publish_installed_themes(platform.ports.files)
    seed_defaults(platform.ports.documents, merchants=False)


def activate(platform: Platform, *, email: str, name: str, patience: float = PATIENCE) -> str:
    """Bring a store to life and roll it back; the evidence of its life. Raises `Dead`, after the store was rolled back all the same."""
    request = parse_activation(
        {
            "merchant_id": ACTOR,
            "store_name": "Canary",
            "owner_email": email,
            "subdomain": name,
            "category": "general",
            "launch": "immediately",
            "requested_by": ACTOR,
        },
        name,
    )
    submit(platform.ports.documents, request, name)
    try:
        record = _wait(platform, name, patience)
        if record.status != Status.COMPLETED:
            raise Dead(
                f"{name} is {record.status}: {record.error.title if record.error else 'no reason given'}"
            )
        website = record.links["website"]
        _expect(platform, website, 200, patience)
    finally:
        _roll_back(platform, name, patience)
    _expect(platform, website, 404, FORGOTTEN)
    return f"{website} answered, and is gone again"


def _roll_back(platform: Platform, name: str, patience: float) -> None:
    """Whatever became of it, nothing of it stays."""
    record = _read(platform, name)
    if record is None or record.status == Status.ROLLED_BACK:
        return
    if record.status == Status.FAILED and record.current_step is None:
        # It was refused; nothing was made.
        return
    recovery.roll_back(platform.engine, name, actor=ACTOR, confirm=name)
    undone = _wait(platform, name, patience)
    if undone.status != Status.ROLLED_BACK:
        raise Dead(f"{name} could not be rolled back: it is {undone.status}; roll it back in the portal")


def _wait(platform: Platform, name: str, patience: float) -> Provisioning:
    def over() -> Provisioning | None:
        record = _read(platform, name)
        return record if record is not None and record.over else None

    return _until(
        over,
        patience,
        f"{name} was not over after {patience:.0f} s; `provisioning status {name}` says where it stands",
    )


def _expect(platform: Platform, website: str, status: int, patience: float) -> None:
    def answered() -> bool | None:
        try:
            return platform.ports.visitor.open(f"{website}/").status == status or None
        except ProvisioningError:
            return None

    _until(answered, patience, f"{website} did not answer {status} within {patience:.0f} s")


def _until(look: Callable[[], _Found | None], patience: float, else_: str) -> _Found:
    end = time.monotonic() + patience
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > end:
            raise Dead(else_)
        time.sleep(_PAUSE)


def _read(platform: Platform, name: str) -> Provisioning | None:
    data = platform.ports.documents.get(f"provisionings/{name}").data
    return None if data is None else read_provisioning(data)


def open_deployed(settings: Path) -> Platform:
    """The platform that Terraform describes, for this account."""
    # Google's clients read the project there too.
    os.environ.update(json.loads(settings.read_text(encoding="utf-8")))
    logs.configure("WARNING", sys.stderr)
    return assemble(read_settings())


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Seed a deployment, or prove it with a store that comes and goes."
    )
    parser.add_argument(
        "--settings", type=Path, required=True, help="what `terraform output -json settings` printed"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("seed", help="default themes and plans, and the files that all stores share")
    activating = commands.add_parser("activate", help="a store comes into being, answers, and is rolled back")
    activating.add_argument("--email", required=True, help="who gets its welcome mail")
    activating.add_argument("--name", required=True, help="its subdomain, and its request's id")
    given = parser.parse_args()
    platform = open_deployed(given.settings)
    try:
        if given.command == "seed":
            seed(platform)
        else:
            print(activate(platform, email=given.email, name=given.name))  # noqa: T201
    except (Dead, ProvisioningError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
