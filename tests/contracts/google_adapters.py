"""
The adapters on Google Cloud, each isolated: Firestore, Pub/Sub and Cloud Storage against the emulators, SendGrid and Firebase Auth
against the fakes.

Each test process starts the emulators once, when the first test needs them, and every adapter has a project or bucket of its own.
"""

from __future__ import annotations

import atexit
import os
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from unittest import mock

import pytest

from provisioning.errors import Misconfigured
from provisioning.google.accounts import FirebaseAccounts
from provisioning.google.documents import FirestoreDocuments
from provisioning.google.files import StorageSiteFiles
from provisioning.google.mailer import SendGridMailer
from provisioning.google.messages import PubSubMessages
from provisioning.local.emulators import Emulators
from provisioning.ports import Documents, SiteFiles
from tests.contracts.rigs import AccountsRig, MailerRig, MessagesRig, Received, ReceivedMail
from tests.fakes.identity import FakeIdentity, NoCredential
from tests.fakes.sendgrid import KEY, FakeSendGrid

TIMEOUT = 10.0


@cache
def running_emulators() -> Emulators | str:
    """The emulators of this process, or why there are none."""
    emulators = Emulators()
    try:
        emulators.start()
    except Misconfigured as problem:
        return str(problem)
    atexit.register(emulators.stop)
    return emulators


@contextmanager
def emulated() -> Generator[Emulators]:
    """Lead Google's clients to the emulators; skips the test where they cannot run."""
    emulators = running_emulators()
    if isinstance(emulators, str):
        pytest.skip(emulators)
    with mock.patch.dict(os.environ, emulators.environment()):
        yield emulators


def fresh_name(prefix: str = "test") -> str:
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


@contextmanager
def google_documents() -> Generator[Documents]:
    with emulated():
        yield FirestoreDocuments(fresh_name(), "(default)", TIMEOUT)


@contextmanager
def google_messages() -> Generator[MessagesRig]:
    from google.api_core.exceptions import DeadlineExceeded
    from google.pubsub_v1 import PublisherClient, SubscriberClient

    with emulated():
        project = fresh_name()
        topic, subscription = f"projects/{project}/topics/steps", f"projects/{project}/subscriptions/steps"
        PublisherClient().create_topic(name=topic)
        reader = SubscriberClient()
        reader.create_subscription(name=subscription, topic=topic)

        def receive(timeout: float) -> Received | None:
            try:
                answer = reader.pull(
                    subscription=subscription, max_messages=1, timeout=max(timeout, 0.1), retry=None
                )
            except DeadlineExceeded:
                return None
            for one in answer.received_messages:
                reader.acknowledge(subscription=subscription, ack_ids=[one.ack_id])
                return Received(one.message.data, dict(one.message.attributes))
            return None

        yield MessagesRig(PubSubMessages(project, TIMEOUT), "steps", receive)


@contextmanager
def google_files() -> Generator[SiteFiles]:
    from google.cloud import storage

    with emulated() as emulators:
        bucket = fresh_name("sites")
        storage.Client(project=emulators.project).create_bucket(bucket)
        yield StorageSiteFiles(bucket, TIMEOUT, emulators.project)


@contextmanager
def google_mailer() -> Generator[MailerRig]:
    with FakeSendGrid() as sendgrid:

        def received() -> list[ReceivedMail]:
            return [
                ReceivedMail(
                    mail["personalizations"][0]["to"][0]["email"],
                    mail["subject"],
                    mail["content"][0]["value"],
                    mail["content"][1]["value"],
                )
                for mail in sendgrid.accepted
            ]

        sendgrid.activity = True
        yield MailerRig(
            SendGridMailer(KEY, "stores@example.com", "Upfront Stores", sendgrid.url, TIMEOUT), received
        )


@contextmanager
def google_accounts() -> Generator[AccountsRig]:
    with FakeIdentity(fresh_name()) as identity, identity.reached():
        accounts = FirebaseAccounts(identity.project, TIMEOUT, NoCredential())
        yield AccountsRig(accounts, identity.sign_in, identity.disable)
