"""One database for the suite, under the rules, with the documents of two stores in it."""

from __future__ import annotations

import pytest
import urllib3

from provisioning.local.emulated import RULES
from tests.contracts.google_adapters import fresh_name, running_emulators
from tests.rules.browsers import Browser
from tests.rules.documents import DOCUMENTS


@pytest.fixture(scope="session")
def nobody() -> Browser:
    """Somebody who is not signed in, before a database of this suite's own."""
    emulators = running_emulators()
    if isinstance(emulators, str):
        pytest.skip(emulators)
    project = fresh_name("rules")
    host = emulators.environment()["FIRESTORE_EMULATOR_HOST"]
    emulators.load_rules(RULES.read_text(encoding="utf-8"), project=project)
    return Browser(host, project, urllib3.PoolManager(retries=False, timeout=30.0))


@pytest.fixture(scope="session")
def platform(nobody: Browser) -> Browser:
    """The platform, which no rule holds. What it holds is written at once."""
    platform = Browser(nobody.host, nobody.project, nobody.http, "owner")
    assert platform.commit(*(platform.to_create(path, data) for path, data in DOCUMENTS.items()))
    return platform
