"""The emulated runtime is under production's security rules: a browser activates a merchant, and a stranger sees nothing."""

from __future__ import annotations

import time
from collections.abc import Generator

import pytest
import urllib3

from provisioning.ports import Documents
from provisioning.workflow.records import Status
from tests.rules.browsers import NOW, Browser
from tests.rules.documents import REQUEST

from .conftest import Served, serving

pytestmark = [pytest.mark.emulators, pytest.mark.slow]

FINISH_SECONDS = 90.0


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    with serving(tmp_path_factory.mktemp("up"), emulators=True) as runtime:
        yield runtime


@pytest.fixture
def nobody(emulated: Served) -> Browser:
    variables, http = emulated.variables, urllib3.PoolManager(retries=False, timeout=30.0)
    return Browser(variables["FIRESTORE_EMULATOR_HOST"], variables["GOOGLE_CLOUD_PROJECT"], http)


def test_a_request_from_a_browser_becomes_a_store(emulated: Served, nobody: Browser) -> None:
    """An admin writes the request and looks at the provisioning until it is complete; support looks too, others do not."""
    admin = nobody.as_user("uid-admin", role="admin")
    wanted = REQUEST | {"store_id": "by-browser", "merchant_id": "m-by-browser", "subdomain": "by-browser"}
    place = "provisionings/by-browser"

    assert admin.create(
        "activation_requests/by-browser",
        wanted | {"requested_by": "uid-admin", "requested_at": NOW, "picked_up": False},
    )

    assert _await_end(emulated.documents, place) == Status.COMPLETED
    assert admin.get(place)
    assert nobody.as_user("uid-support", role="support").get(place)
    assert not nobody.as_user("uid-account").get(place)
    assert not admin.update(place, {"status": "FAILED"})


def test_the_owner_sees_the_store_and_nobody_elses(emulated: Served, nobody: Browser) -> None:
    """The membership that the workflow made is the right."""
    documents = emulated.documents
    owner_uid = (documents.get("stores/by-browser").data or {})["owner_uid"]
    owner = nobody.as_user(owner_uid)

    assert owner.get("stores/by-browser")
    assert owner.query("tenants/by-browser/products", limit=1)
    assert not owner.list("stores")
    assert not nobody.as_user("uid-account").query("tenants/by-browser/products", limit=1)


def test_a_stranger_sees_nothing(nobody: Browser) -> None:
    """Without a token the database of the runtime is closed, to reading and to writing."""
    assert not nobody.list("merchants")
    assert not nobody.list("themes")
    assert not nobody.create("activation_requests/by-nobody", REQUEST)


def _await_end(documents: Documents, path: str) -> str:
    deadline = time.monotonic() + FINISH_SECONDS
    while time.monotonic() < deadline:
        status = (documents.get(path).data or {}).get("status")
        if status in (Status.COMPLETED, Status.FAILED):
            return str(status)
        time.sleep(0.2)
    raise AssertionError("it did not end")
