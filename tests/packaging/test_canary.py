"""The smoke test of a deployment, on a runtime that serves here: a store comes, answers and goes; one that cannot live is told and leaves nothing."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools import canary

from provisioning.ports import Create
from provisioning.serving import Running, running
from provisioning.settings import Runtime


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with running(data=tmp_path_factory.mktemp("runtime"), port=port, emulators=False) as served:
        yield served


def test_a_store_comes_and_goes(served: Running) -> None:
    """It answered a visitor, and afterwards neither the store nor its host is there."""
    evidence = canary.activate(served.platform, email="team@example.com", name="canary-one", patience=60)

    documents = served.platform.ports.documents
    assert evidence.startswith("http://canary-one.localhost:")
    assert documents.get("provisionings/canary-one").data["status"] == "ROLLED_BACK"
    assert documents.get("hosts/canary-one.localhost").data is None
    assert documents.get("tenants/canary-one").data is None


def test_what_cannot_live_is_told(served: Running) -> None:
    """The address belongs to somebody: the reason is the server's, and theirs stays what it was."""
    documents = served.platform.ports.documents
    theirs = {"store_id": "theirs", "provisioning_id": "theirs", "kind": "subdomain", "redirect": None}
    documents.commit([Create("hosts/canary-taken.localhost", theirs)])

    with pytest.raises(canary.Dead, match="canary-taken is FAILED"):
        canary.activate(served.platform, email="team@example.com", name="canary-taken", patience=60)

    assert documents.get("hosts/canary-taken.localhost").data == theirs
    assert documents.get("stores/canary-taken").data is None


def test_a_site_that_does_not_answer_is_told_and_rolled_back(
    served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deployment is refused, and no store is left behind."""
    monkeypatch.setattr(canary, "_expect", lambda *_: (_ for _ in ()).throw(canary.Dead("it did not answer")))

    with pytest.raises(canary.Dead, match="did not answer"):
        canary.activate(served.platform, email="team@example.com", name="canary-two", patience=60)

    documents = served.platform.ports.documents
    assert documents.get("provisionings/canary-two").data["status"] == "ROLLED_BACK"


def test_seeding_twice_changes_nothing(served: Running) -> None:
    """Each deployment does it: what is there stays as it is."""
    canary.seed(served.platform)
    before = served.platform.ports.documents.get("themes/upfront-modern")
    canary.seed(served.platform)

    assert before.data is not None
    assert served.platform.ports.documents.get("themes/upfront-modern").update_time == before.update_time


def test_terraforms_settings_open_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what Terraform prints and no secret of ours."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    file = tmp_path / "settings.json"
    file.write_text(
        json.dumps(
            {
                "PROVISIONING_RUNTIME": "google",
                "GOOGLE_CLOUD_PROJECT": "p-staging",
                "SITE_BUCKET": "p-staging-sites",
                "STORE_DOMAIN": "shops.example.com",
                "PUBLIC_SCHEME": "https",
                "PUBLIC_PORT": "443",
                "DASHBOARD_HOST": "stores.example.com",
                "MAIL_FROM": "stores@example.com",
            }
        )
    )

    platform = canary.open_deployed(file)

    assert platform.settings.provisioning_runtime is Runtime.GOOGLE
    assert platform.addresses.store("a") == "https://a.shops.example.com"
