"""The examples of docs/api.md are true: each of them works, and the page is the one that the table makes today."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.api import streams
from provisioning.api.calls import Endpoint
from provisioning.api.endpoints import ENDPOINTS
from provisioning.api.openapi import EXAMPLES
from provisioning.api.reference import describe_api
from provisioning.api.releases import EXAMPLE_RELEASE
from provisioning.media.library import add_picture
from provisioning.ports import Create, Set, Update
from provisioning.sites.channels import promotion
from provisioning.sites.making import make_release
from provisioning.sites.store_themes import publish_draft, save_draft
from provisioning.sites.theme_exchange import pack_folder
from provisioning.themes.archives import Archive, pack
from provisioning.themes.choices import Customisation
from provisioning.workflow.dead_letters import file_undelivered
from provisioning.workflow.messages import StepMessage
from tests.api.world import EARLIER, Api, opened
from tests.media.pictures import quartered, saved
from tests.themes.packages import write_imported

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
PROVISIONING = EXAMPLES["provisioning_id"]
PICTURE = saved(quartered(64, 48))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that any example speaks of."""
    folder = tmp_path_factory.mktemp("prepared")
    with opened(folder) as api:
        _prepare(api)
    return folder


@pytest.fixture
def api(prepared: Path, endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A caller of a platform that begins with that; of its own, unless the caller only looks."""
    monkeypatch.setattr(streams, "STREAM_SECONDS", 0.3)
    folder = prepared
    if endpoint.method != "GET":
        folder = tmp_path / "data"
        shutil.copytree(prepared, folder, copy_function=_take_over)
    with opened(folder) as api:
        yield api


def _take_over(source: str, target: str) -> None:
    """The files of stores are never written again, and there are hundreds."""
    if "/files/" in source:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def test_page_is_up_to_date() -> None:
    """docs/api.md is what the table makes; `make docs` makes it."""
    assert PAGE.read_text("utf-8") == describe_api()


def test_page_has_a_call_for_each_endpoint() -> None:
    """As many cURL examples as endpoints, and each endpoint's address above one of them."""
    page = PAGE.read_text("utf-8")

    assert page.count("\ncurl -sS") == len(ENDPOINTS)
    assert all(f"`{endpoint.method} {endpoint.path}`" in page for endpoint in ENDPOINTS)


def test_page_links_lead_somewhere() -> None:
    """Every link inside the page has a heading."""
    page = PAGE.read_text("utf-8")
    headings = {line.removeprefix("### ").lower() for line in page.splitlines() if line.startswith("### ")}

    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= headings


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_example_works(api: Api, endpoint: Endpoint, tmp_path: Path) -> None:
    """Each endpoint answers its own example with the status that it promises."""
    path = re.sub(r"\{(\w+)\}", lambda match: _path_value(api, match[1]), endpoint.path)
    query = f"?{endpoint.example_query}" if endpoint.example_query else ""

    if endpoint.takes:
        sent, kind = _file(endpoint, tmp_path), endpoint.takes[0]
        answer = api.send(endpoint.method, path + query, sent, {"Content-Type": kind})
    else:
        answer = api.call(endpoint.method, path + query, _body(api, endpoint))

    assert answer.status_code == endpoint.status


def _body(api: Api, endpoint: Endpoint) -> dict[str, object] | None:
    if endpoint.example is None:
        return None
    if endpoint.name == "set_faults":
        # The workflow of these tests has other steps.
        return {"faults": [{**fault, "step": "first"} for fault in endpoint.example["faults"]]}
    releases = api.data("deployments/s1")["recent"]
    return {k: releases[0] if v == EXAMPLE_RELEASE else v for k, v in endpoint.example.items()}


def _archive() -> bytes:
    return pack(Archive("upfront-modern", "1.0.0", customisation=Customisation(preset="pine")))


def _file(endpoint: Endpoint, folder: Path) -> bytes:
    if endpoint.name == "import_theme":
        return pack_folder(write_imported(folder / "theirs"))
    return PICTURE if endpoint.name == "add_media" else _archive()


def _path_value(api: Api, name: str) -> str:
    if name == "letter_id":
        message = StepMessage(provisioning=PROVISIONING, epoch=1, hop=0)
        return file_undelivered(
            api.documents, message, code="UNDELIVERED", title="Undelivered", action="Look.", now=EARLIER
        )
    if name == "store_id":
        return "s1"
    if name == "media_id":
        ports = api.platform.ports
        return add_picture(api.documents, ports.files, "s1", PICTURE, alt="A board", actor="admin:a").id
    if name == "release_id":
        return api.data("deployments/s1")["live"]
    return EXAMPLES[name]


def _prepare(api: Api) -> None:
    api.seed()
    api.sign_in("admin", "admin")
    api.sign_in("sam", "support")
    api.add_provisioning(PROVISIONING, merchant_id="merchant-awesome")
    api.documents.commit([Set(f"activation_requests/{PROVISIONING}", {"store_name": "Awesome Store"})])
    # Of a theme and a plan that no example removes.
    api.add_store(
        "s1",
        merchant_id="merchant-awesome",
        provisioning_id=PROVISIONING,
        owner_uid="owner",
        theme={"slug": "upfront-classic", "version": "1.0.0"},
        plan={"slug": "starter"},
    )
    api.add_owner("s1")
    _publish_twice(api)


def _publish_twice(api: Api) -> None:
    """Two releases of s1, of two published drafts, and a third draft."""
    ports = api.platform.ports
    api.documents.commit(
        [
            Create(
                "deployments/s1",
                {
                    "store_id": "s1",
                    "provisioning_id": PROVISIONING,
                    "hostname": "sub-s1.localhost",
                    "addresses": {},
                },
            )
        ]
    )
    for name in ("First", "Second"):
        api.documents.commit([Update("stores/s1", {"name": name})])
        made = make_release(
            ports.documents, ports.files, api.platform.addresses, "s1", actor="admin:a", reason="publish"
        )
        write = promotion(made.deployment, made.id, actor="admin:a", reason="publish", at=EARLIER)
        api.documents.commit([write])
    for preset in ("pine", "cobalt"):
        chosen = Customisation(preset=preset)
        save_draft(api.documents, api.platform.ports.files, "s1", "upfront-modern", chosen, actor="admin:a")
        if preset == "pine":
            publish_draft(api.documents, api.platform.ports.files, "s1", "upfront-modern", actor="admin:a")
