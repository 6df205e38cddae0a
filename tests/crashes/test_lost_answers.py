"""
Lost answers on the real clients: each Firestore and Pub/Sub call of an activation is carried out and then answered with an error.

Google's adapters against the emulators, the functions' own code with the bytes that are pushed to them; the test delivers.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import product
from urllib.parse import urlsplit

import grpc
import pytest
from flask import Flask

from provisioning.api.app import create_api
from provisioning.catalog.seeding import seed_defaults
from provisioning.errors import Transient
from provisioning.google.documents import FirestoreDocuments
from provisioning.google.files import StorageSiteFiles
from provisioning.google.messages import PubSubMessages
from provisioning.local.events import created_event, push_body
from provisioning.local.functions import FUNCTIONS, load
from provisioning.ports import Mail, Mailer, Page, Ports, Sent, Visitor
from provisioning.runtime import Platform, assemble, installed
from provisioning.settings import Runtime, read_settings
from provisioning.sites.publishing import publish_platform_files
from provisioning.sites.routing import Storefront
from provisioning.steps.step import effect_key
from provisioning.themes.packages import load_theme
from provisioning.workflow.records import Provisioning, Status, read_provisioning
from provisioning.workflow.recovery import retry
from tests.contracts.google_adapters import emulated, fresh_name
from tests.crashes.lab import Lab, violations_of_completed
from tests.crashes.losing import CODES, Wire, losing_channels, on_wire

pytestmark = [pytest.mark.slow, pytest.mark.emulators, pytest.mark.timeout(400)]

BUDGET = 5.0
SECONDS = 90.0
#: Two, on two cores: an attempt that runs out of time would be counted as one that a lost answer cost. Where attempts are not counted, more.
AT_ONCE, MANY = 2, 4
SEEDS = range(48)
#: At random, one answer in eight is lost.
SHARE = 0.125


class InProcessVisitor:
    """Opens our addresses by calling what would answer there, over clients that lose nothing."""

    def __init__(self, platform: Platform) -> None:
        self._dashboard = platform.addresses.dashboard_host
        self._api = create_api(platform)
        ports = platform.ports
        self._stores = Storefront(
            ports.documents, ports.files, platform.tokens, platform.addresses, time.monotonic
        )

    def open(self, url: str) -> Page:
        parts = urlsplit(url)
        if parts.hostname == self._dashboard:
            answer = self._api.test_client().get(f"{parts.path}?{parts.query}")
            return Page(answer.status_code, answer.data, answer.content_type)
        found = self._stores.respond(parts.netloc, "GET", parts.path or "/", parts.query, {})
        return Page(found.status, found.body, found.headers.get("Content-Type", ""))


class CountingMailer:
    """Counts what is handed over: a second mail with a key is no second file."""

    def __init__(self, inner: Mailer) -> None:
        self._inner = inner
        self.sent: Counter[str] = Counter()

    def send(self, mail: Mail) -> None:
        self.sent[mail.key] += 1
        self._inner.send(mail)

    def find(self, key: str) -> Sent:
        return self._inner.find(key)


@dataclass
class World:
    """A platform whose calls can lose their answers, and one on the same data whose calls do not."""

    lossy: Platform
    sound: Platform
    lab: Lab
    mailer: CountingMailer
    functions: dict[str, Flask] = field(default_factory=dict)

    def activate(self, id: str, wire: Wire) -> Provisioning:
        """Submit, and deliver over `wire` whatever is published until it is over."""
        self.lab.submit(id)
        until = time.monotonic() + SECONDS
        with on_wire(wire):
            self._accept(id, until)
            delivered = 0
            while not (record := self.record(id)).over or self._tried_again(id, record):
                assert time.monotonic() < until, f"{id} is {record.status} at {record.current_step}: {wire}"
                if delivered < len(wire.published):
                    if not self._deliver(wire.published[delivered], f"{id}-{delivered}"):
                        # Refused: it comes again, behind what came meanwhile.
                        wire.published.append(wire.published[delivered])
                        time.sleep(0.05)
                    delivered += 1
                elif (wake_at := record.engine.wake_at) and wake_at <= datetime.now(UTC):
                    with suppress(Transient):
                        self.lossy.engine.publish(id, record)
                else:
                    time.sleep(0.05)
            for n, data in enumerate(wire.published[delivered:]):
                self._deliver(data, f"{id}-late-{n}")
        return self.record(id)

    def record(self, id: str) -> Provisioning:
        data = self.sound.ports.documents.get(f"provisionings/{id}").data
        assert data is not None
        return read_provisioning(data)

    def _accept(self, id: str, until: float) -> None:
        found = self.sound.ports.documents.get(f"activation_requests/{id}")
        headers, body = created_event(
            self.sound.settings.google_cloud_project,
            "(default)",
            found.path,
            found.data,
            created_at=found.create_time,
        )
        client = self.functions["activate_merchant"].test_client()
        while client.post("/", headers=headers, data=body).status_code >= 300:
            assert time.monotonic() < until, "the event is never accepted"

    def _deliver(self, data: bytes, message_id: str) -> bool:
        body = push_body(
            "projects/p/subscriptions/s", data, message_id=message_id, publish_time=datetime.now(UTC)
        )
        answer = (
            self.functions["provision_step"]
            .test_client()
            .post("/", data=body, content_type="application/json")
        )
        assert answer.status_code in (204, 503)
        return answer.status_code == 204

    def _tried_again(self, id: str, record: Provisioning) -> bool:
        """A person retries what failed because its attempts were used up."""
        if record.status is not Status.FAILED or record.error is None or not record.error.retryable:
            return False
        with suppress(Transient):
            retry(self.lossy.engine, id, actor="test")
        return True


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    from google.cloud import storage
    from google.pubsub_v1 import PublisherClient

    data = tmp_path_factory.mktemp("lossy")
    with emulated() as emulators:
        project, bucket = fresh_name(), fresh_name("sites")
        settings = read_settings(
            provisioning_runtime=Runtime.EMULATORS,
            provisioning_data=data,
            google_cloud_project=project,
            site_bucket=bucket,
            step_budget_seconds=BUDGET,
        )
        PublisherClient().create_topic(name=f"projects/{project}/topics/{settings.step_topic}")
        storage.Client(project=emulators.project).create_bucket(bucket)
        # Of the two, only the lossy one is in a hurry: the machine may be busy.
        sound = assemble(settings.model_copy(update={"step_budget_seconds": 60.0}))
        sound.ports.documents.get("sweeps/clock")
        seed_defaults(sound.ports.documents, merchants=False)
        publish_platform_files(sound.ports.files, load_theme("upfront-modern"))
        timeout = settings.client_timeout
        mailer = CountingMailer(sound.ports.mailer)
        visitor: Visitor = InProcessVisitor(sound)
        ports: Ports = replace(
            sound.ports,
            documents=FirestoreDocuments(project, "(default)", timeout),
            messages=PubSubMessages(project, timeout),
            files=StorageSiteFiles(bucket, timeout),
            mailer=mailer,
            visitor=visitor,
        )
        lossy = assemble(settings, ports)
        with losing_channels():
            # The clients are made at the first call.
            lossy.ports.documents.get("sweeps/clock")
            lossy.ports.messages.publish(settings.step_topic, b"first")
        with installed(lossy):
            made = World(lossy, sound, Lab(sound, data), mailer)
            wanted = ("activate_merchant", "provision_step")
            made.functions = {f.name: load(f) for f in FUNCTIONS if f.name in wanted}
            yield made


def violations(world: World, id: str, record: Provisioning, wire: Wire) -> list[str]:
    """What differs from an activation that nothing befell, beside the number of attempts."""
    found = violations_of_completed(world.lab, id, record)
    if record.retry_count:
        # The hops begin anew with each retry, and its line of the log is one more.
        found = [line for line in found if "hops" not in line and "log" not in line and "letters" not in line]
    doubled = {place: n for place, n in Counter(wire.landed).items() if place[2] == 0 and n > 1}
    sent = world.mailer.sent[effect_key(id, "send_credentials")]
    if doubled:
        found.append(f"{id}: recorded twice: {doubled}")
    if sent != 1:
        found.append(f"{id}: the mail was handed over {sent} times")
    return found


def run(
    world: World, cases: dict[str, Callable[[int], grpc.StatusCode | None]], at_once: int = AT_ONCE
) -> dict[str, Wire]:
    """Activate all, several at once; fails with what is wrong in any of them."""
    wires = {id: Wire(lose) for id, lose in cases.items()}
    with ThreadPoolExecutor(at_once) as threads:
        records = dict(zip(wires, threads.map(lambda id: world.activate(id, wires[id]), wires), strict=True))
    assert [line for id in wires for line in violations(world, id, records[id], wires[id])] == []
    return wires


@pytest.fixture(scope="module")
def calls(world: World) -> list[str]:
    """The gRPC calls of one activation that loses none."""
    wire = run(world, {"undisturbed": lambda number: None})["undisturbed"]
    return wire.calls


def test_an_undisturbed_activation_has_the_calls_that_are_to_be_lost(calls: list[str]) -> None:
    """The acceptance and 7 steps: each a read, a claim, a commit and, but for the last, a publish."""
    counted = Counter(calls)

    assert counted["Publish"] == 7
    assert counted["Commit"] == 1 + 2 * 7
    assert counted["BatchGetDocuments"] >= 8


def losing_one(number: int, code: grpc.StatusCode) -> Callable[[int], grpc.StatusCode | None]:
    return lambda call: code if call == number else None


def test_each_call_loses_its_answer_once(world: World, calls: list[str]) -> None:
    """COMPLETED with every effect once; a lost commit or publish costs no attempt, a lost read at most one."""
    cases = {
        f"lose-{number}-{code.name.lower().replace('_', '-')}": (number, code)
        for number, code in product(range(len(calls)), CODES)
    }
    began = time.monotonic()
    wires = run(world, {id: losing_one(*case) for id, case in cases.items()})
    print(f"{len(cases)} activations, {len(calls)} calls each, in {time.monotonic() - began:.0f} s")

    assert [id for id, wire in wires.items() if len(wire.lost) != 1] == []
    attempts = {id: sum(step.attempts for step in world.record(id).steps) for id in wires}
    allowed = {
        id: 8 if wire.lost[0][0] in ("BatchGetDocuments", "RunQuery") else 7 for id, wire in wires.items()
    }
    assert {id: n for id, n in attempts.items() if n > allowed[id]} == {}


def losing_at_random(seed: int) -> Callable[[int], grpc.StatusCode | None]:
    chance = random.Random(seed)
    return lambda call: chance.choice(CODES) if chance.random() < SHARE else None


def test_answers_are_lost_at_random(world: World) -> None:
    """Whatever is lost: COMPLETED in the end, every effect once, no step recorded twice."""
    began = time.monotonic()
    wires = run(world, {f"seed-{seed}": losing_at_random(seed) for seed in SEEDS}, MANY)
    lost = Counter(each for wire in wires.values() for each in wire.lost)
    retries = sum(world.record(id).retry_count for id in wires)
    print(
        f"{len(wires)} activations in {time.monotonic() - began:.0f} s, lost {json.dumps({' '.join(k): n for k, n in lost.items()})}; {retries} retries by hand"
    )

    assert {method for method, _ in lost} >= {"BatchGetDocuments", "Commit", "Publish"}
    assert {code for _, code in lost} == {code.name for code in CODES}
