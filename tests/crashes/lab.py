"""The emulated runtime for tests that kill its function processes, and what must be true of a store afterwards."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from provisioning.local.emulated import EmulatedRuntime
from provisioning.local.mailer import KEY_HEADER
from provisioning.ports import Query, Where, document_path
from provisioning.runtime import Platform
from provisioning.serving import emulated
from provisioning.settings import EMULATOR_VARIABLES, Runtime, read_settings
from provisioning.sites.releases import decoded, release_file
from provisioning.steps.create_dashboard import own_uid
from provisioning.steps.create_workspace import COLLECTIONS
from provisioning.steps.step import effect_key
from provisioning.stores.activation import ActivationRequest, Category, Launch
from provisioning.workflow.records import Provisioning, read_provisioning
from provisioning.workflow.requests import submit
from tests.e2e.conftest import free_port

ROOT = Path(__file__).parents[2]
_KEY = re.compile(rb"^%s: (\S+)\r$" % KEY_HEADER.encode(), re.MULTILINE)
#: One page of a query; more than any test makes.
ALL = 2_000


@dataclass(frozen=True, slots=True)
class Lab:
    """A runtime, by this process's own clients of it."""

    platform: Platform
    data: Path
    #: Where its function processes are ours to end.
    cloud: EmulatedRuntime | None = None

    def submit(self, id: str) -> None:
        submit(self.platform.ports.documents, request_for(id), id)

    def records(self, ids: Sequence[str]) -> dict[str, Provisioning | None]:
        found = self.platform.ports.documents.get_all([document_path("provisionings", id) for id in ids])
        return {each.id: read_provisioning(each.data) if each.data else None for each in found}

    def run_all(
        self, ids: Sequence[str], begin: Callable[[str], object], *, at_once: int, seconds: float
    ) -> dict[str, Provisioning]:
        """
        Begin all, so many at once, and give the records once they are over; fails naming those that are not.

        `begin` must leave no provisioning that is over already.
        """
        until = time.monotonic() + seconds
        waiting, running, over = list(ids), list[str](), dict[str, Provisioning]()
        while waiting or running:
            while waiting and len(running) < at_once:
                running.append(waiting.pop(0))
                begin(running[-1])
            records = self.records(running)
            over |= {id: record for id, record in records.items() if record is not None and record.over}
            running = [id for id in running if id not in over]
            assert time.monotonic() < until, f"not over after {seconds:.0f} s: {describe(records)}"
            time.sleep(0.1)
        return over

    def count(self, collection: str, *where: Where) -> int:
        return len(self.platform.ports.documents.query(Query(collection, where, limit=ALL)))

    def mails(self) -> list[str]:
        """The effect key of every mail that was accepted."""
        files = (self.data / "mail").glob("*.eml")
        return [key.decode() for file in files for key in _KEY.findall(file.read_bytes())]

    def accounts(self) -> list[tuple[str, str]]:
        """(uid, email) of every account."""
        with sqlite3.connect(self.data / "accounts.db") as database:
            return list(database.execute("SELECT uid, email FROM accounts"))


def describe(records: Mapping[str, Provisioning | None]) -> str:
    return "; ".join(
        f"{id}: {r and (str(r.status), r.current_step, r.engine.attempt, r.error and r.error.code)}"
        for id, r in records.items()
    )


def subdomain_of(id: str) -> str:
    return id.replace("_", "-").replace(".", "-")


def request_for(id: str) -> ActivationRequest:
    """A request whose store has this id too, with an owner and an address of its own."""
    subdomain = subdomain_of(id)
    return ActivationRequest(
        merchant_id=f"merchant-{id}",
        store_id=id,
        store_name=f"Store {subdomain}",
        owner_email=f"{subdomain}@example.com",
        theme="upfront-modern",
        plan="professional",
        subdomain=subdomain,
        category=Category.ELECTRONICS,
        launch=Launch.IMMEDIATELY,
        requested_by="test",
    )


@contextmanager
def laboratory(
    data: Path, sources: Mapping[str, Path] | None = None, variables: Mapping[str, str] | None = None
) -> Iterator[Lab]:
    """The emulated runtime with these function sources; `variables` are for the function processes."""
    outside = {name: value for name, value in os.environ.items() if name not in EMULATOR_VARIABLES}
    inside = outside | {"PYTHONPATH": str(ROOT)} | dict(variables or {})
    with mock.patch.dict(os.environ, inside, clear=True):
        settings = read_settings(
            provisioning_runtime=Runtime.EMULATORS, provisioning_data=data, public_port=free_port()
        )
        with emulated(settings, sources) as (cloud, platform):
            yield Lab(platform, data, cloud)


# --- What must be true ---


def violations_of_completed(lab: Lab, id: str, record: Provisioning) -> list[str]:
    """What is not as a single, undisturbed activation would have left it; nothing is counted across stores."""
    platform, subdomain = lab.platform, subdomain_of(id)
    documents, files = platform.ports.documents, platform.ports.files
    uid = own_uid(effect_key(id, "create_dashboard"))
    store, deployment, host, tenant, member = documents.get_all(
        [
            f"stores/{id}",
            f"deployments/{id}",
            f"hosts/{platform.addresses.hostname(subdomain)}",
            f"tenants/{id}",
            f"tenants/{id}/members/{uid}",
        ]
    )
    release = str((deployment.data or {}).get("live"))
    manifest = files.get(release_file(id, release))
    blobs = set(files.list(f"stores/{id}/blobs/")) | set(files.list("platform/blobs/"))
    named = (
        {entry["blob"] for entry in json.loads(decoded(manifest))["files"].values()}
        if manifest
        else {"no manifest"}
    )
    mails = lab.mails().count(effect_key(id, "send_credentials"))
    accounts = [found for found, email in lab.accounts() if email == f"{subdomain}@example.com"]
    effects = [(effect["step"], effect["effect"]) for effect in record.engine.effects]
    facts: dict[str, tuple[object, object]] = {
        "status": (str(record.status), "COMPLETED"),
        "steps": ({str(step.status) for step in record.steps}, {"COMPLETED"}),
        "percent": (record.completion_percent, 100),
        "hops in this epoch": (record.engine.hop, len(record.steps)),
        "one line of the log for each step": (
            sorted({e.step for e in record.log if e.level == "info" and e.step}),
            sorted(s.name for s in record.steps),
        ),
        "no line of the log twice": (
            [e.message for e in record.log if e.level == "info"],
            list(dict.fromkeys(e.message for e in record.log if e.level == "info")),
        ),
        "effects": (
            sorted(effects),
            [("create_dashboard", "account"), ("deploy_website", "release"), ("send_credentials", "mail")],
        ),
        "delivery": (record.delivery, "sent"),
        "mails": (mails, 1),
        "accounts": (accounts, [uid]),
        "store": ((store.data or {}).get("status"), "ACTIVE"),
        "owner of the host": ((host.data or {}).get("provisioning_id"), id),
        "namespace": (tenant.exists, True),
        "membership": (member.exists, True),
        "members": (lab.count(f"tenants/{id}/members"), 1),
        "files that the release lacks": (named - blobs, set()),
        "manifests": (len(files.list(f"stores/{id}/releases/")), 1),
        "receipt": (bool(record.receipt) and all(check["ok"] for check in record.receipt), True),
        "dead letters": (lab.count("dead_letters", Where("provisioning", "==", id)), 0),
    }
    return [
        f"{id}: {what} is {found!r}, not {wanted!r}"
        for what, (found, wanted) in facts.items()
        if found != wanted
    ]


def violations_of_rolled_back(lab: Lab, id: str, record: Provisioning) -> list[str]:
    """What a roll back has left behind, or not recorded."""
    subdomain = subdomain_of(id)
    hostname = lab.platform.addresses.hostname(subdomain)
    paths = [f"stores/{id}", f"deployments/{id}", f"hosts/{hostname}", f"tenants/{id}"]
    left = [found.path for found in lab.platform.ports.documents.get_all(paths) if found.exists]
    left += [name for name in COLLECTIONS if lab.count(f"tenants/{id}/{name}")]
    facts: dict[str, tuple[object, object]] = {
        "status": (str(record.status), "ROLLED_BACK"),
        "steps": ({str(step.status) for step in record.steps}, {"UNDONE"}),
        "hops in this epoch": (record.engine.hop, len(record.steps)),
        "left behind": (left, []),
        "accounts": ([email for _, email in lab.accounts() if email == f"{subdomain}@example.com"], []),
        "mails": (lab.mails().count(effect_key(id, "send_credentials")), 1),
        "dead letters": (lab.count("dead_letters", Where("provisioning", "==", id)), 0),
    }
    return [
        f"{id}: {what} is {found!r}, not {wanted!r}"
        for what, (found, wanted) in facts.items()
        if found != wanted
    ]
