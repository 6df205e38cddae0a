"""`collect` under the framework, as Cloud Scheduler calls it: what nothing needs goes, each store once a day."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from provisioning.errors import Transient
from provisioning.ports import Create, Query, Set, SiteFile, Update, document_path
from provisioning.runtime import installed
from provisioning.sites.channels import load_manifest
from provisioning.sites.checking import check_blobs
from provisioning.sites.theme_archives import ImportedPackage, keep_archive
from tests.functions.conftest import CANARY
from tests.functions.pushes import HEADERS
from tests.sites.keeping import Keeping


@pytest.fixture
def kept(tmp_path: Path, output) -> Iterator[Keeping]:
    """A store with two releases, the second live and the first of no use to anybody, all of it 40 days old."""
    kept = Keeping(tmp_path)
    for price in (10_000, 20_000):
        kept.reprice(kept.documents.query(Query("tenants/s1/products"))[0].id, price)
        kept.publish()
    kept.first = kept.deployment.recent[0]  # type: ignore[attr-defined]
    kept.write(Update("deployments/s1", {"recent": [], "previous": None}))
    age(kept, 40)
    ports = SimpleNamespace(documents=kept.documents, files=kept.files)
    with installed(SimpleNamespace(ports=ports)):  # type: ignore[arg-type]
        yield kept


@pytest.fixture
def client(kept: Keeping, serve):
    return serve("collect")


def age(kept: Keeping, days: float, prefix: str = "") -> None:
    for name in kept.files.list(prefix):
        path = kept.folder / "files" / f"{name}~"
        at = path.stat().st_mtime - days * 86_400
        os.utime(path, (at, at))


def now(kept: Keeping) -> datetime:
    return kept.documents.get("stores/s1").read_time


def turn(kept: Keeping, store: str = "s1") -> datetime | None:
    return kept.data(f"deployments/{store}").get("collected_at")


def is_whole(kept: Keeping, release: str | None) -> bool:
    manifest = load_manifest(kept.files, "s1", release or "")
    return manifest is not None and check_blobs(kept.files, manifest).ok


def put_orphan(kept: Keeping, store: str = "s1", digit: str = "a") -> str:
    name = f"stores/{store}/blobs/{digit * 2}/{digit * 64}"
    kept.files.put(name, SiteFile(b"of nobody", "text/html"))
    age(kept, 3, name)
    return name


def add_store(kept: Keeping, store: str, **fields: object) -> str:
    """Another store with the same release, and an old file of nobody."""
    live = kept.deployment.live or ""
    path = f"releases/{live}.json"
    manifest = kept.files.get(f"stores/s1/{path}")
    assert manifest is not None
    kept.files.put(f"stores/{store}/{path}", manifest)
    kept.write(Set(f"deployments/{store}", {**kept.data("deployments/s1"), "store_id": store, **fields}))
    return put_orphan(kept, store)


def test_an_old_release_goes_and_what_is_kept_is_whole(kept: Keeping, client) -> None:
    """Release, record and the blobs that it alone had; the audit log says who did it."""
    answer = client.post("/", headers=HEADERS)

    assert (answer.status_code, answer.data) == (204, b"")
    assert load_manifest(kept.files, "s1", kept.first) is None
    assert kept.data(f"tenants/s1/releases/{kept.first}") == {}
    assert is_whole(kept, kept.deployment.live)
    assert kept.deployment.collecting_until is None
    (entry,) = kept.documents.query(Query("audit_log"))
    assert entry.data is not None
    assert (entry.data["action"], entry.data["actor"]) == ("releases.collected", "system:collect")


def test_a_second_call_within_a_day_does_nothing(kept: Keeping, client) -> None:
    """Not even a write; a day later it is the store's turn again."""
    client.post("/", headers=HEADERS)
    orphan, before = put_orphan(kept), kept.documents.get("deployments/s1")

    assert client.post("/", headers=HEADERS).status_code == 204
    assert kept.documents.get("deployments/s1").update_time == before.update_time
    assert kept.files.exists(orphan)

    kept.write(Update("deployments/s1", {"collected_at": now(kept) - timedelta(hours=25)}))
    client.post("/", headers=HEADERS)
    assert not kept.files.exists(orphan)


def test_a_deployment_of_an_earlier_version_is_found(kept: Keeping, client) -> None:
    """It lacks the field that the order is by."""
    old = kept.data("deployments/s1")
    del old["collected_at"]
    kept.write(Set("deployments/s1", old))

    client.post("/", headers=HEADERS)

    assert load_manifest(kept.files, "s1", kept.first) is None
    assert turn(kept) is not None


def test_one_bad_store_does_not_hold_back_the_others(kept: Keeping, client, output) -> None:
    """It is named in the log without a word of what it holds, and its next turn is a day later: it is not the first of every hour."""
    add_store(kept, "s0", hostname={"x": CANARY})
    lost = add_store(kept, "s01")
    kept.files.delete(f"stores/s01/releases/{kept.deployment.live}.json")
    kept.files.put("stores/s01/releases/r1.json", SiteFile(b"{", "application/json"))

    assert client.post("/", headers=HEADERS).status_code == 204

    assert load_manifest(kept.files, "s1", kept.first) is None
    assert kept.files.exists(lost)
    for store in ("s0", "s01"):
        assert f'"store":"{store}"' in output.text
        assert turn(kept, store) is not None
    assert '"failed":2' in output.text
    assert CANARY not in output.text
    assert "store_not_collected" in output.text
    said = len(output.text)
    client.post("/", headers=HEADERS)
    assert "store_not_collected" not in output.text[said:]


def test_a_store_without_a_release_is_left_alone(kept: Keeping, client, output) -> None:
    """It is still being built, or was rolled back: no failure."""
    orphan = add_store(kept, "s2", live=None)

    client.post("/", headers=HEADERS)

    assert kept.files.exists(orphan)
    assert kept.data("deployments/s2")["collecting_until"] is None
    assert "store_not_collected" not in output.text


def test_files_that_do_not_answer(kept: Keeping, client, output, monkeypatch) -> None:
    """Nothing goes, promotions go on, and the run ends well."""

    def fail(prefix: str) -> object:
        raise Transient("no answer")

    monkeypatch.setattr(kept.files, "entries", fail)

    assert client.post("/", headers=HEADERS).status_code == 204
    assert kept.deployment.collecting_until is None
    assert is_whole(kept, kept.first)
    assert "packages_not_collected" in output.text


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_other_methods_do_nothing(kept: Keeping, client, method: str) -> None:
    assert getattr(client, method)("/").status_code == 405
    assert is_whole(kept, kept.first)


def test_failure_is_told_and_not_echoed(kept: Keeping, client, output, monkeypatch) -> None:
    """503, so that Scheduler sees it."""

    def fail(query: Query) -> object:
        raise KeyError(CANARY)

    monkeypatch.setattr(kept.documents, "query", fail)
    answer = client.post("/", headers=HEADERS)

    assert (answer.status_code, answer.data) == (503, b"")
    assert CANARY not in output.text


# --- Packages of themes ----------------------------------------------------------------------------------


def offer(kept: Keeping, body: bytes, slug: str = "harbour") -> ImportedPackage:
    """As an import does, without its checks."""
    found = kept.documents.get(document_path("themes", slug))
    package = keep_archive(kept.files, slug, "1.0.0", body, ImportedPackage.of(found.data), found.read_time)
    facts = {"package": package.to_document()}
    kept.write(Update(found.path, facts) if found.exists else Create(found.path, facts))
    return package


def settle(kept: Keeping, monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """As if the entries and archives of themes had been there for so many days."""
    age(kept, days, "themes/")
    real = kept.documents.inner.get

    def get(path: str):
        found = real(path)
        if not path.startswith("themes/") or found.update_time is None:
            return found
        from dataclasses import replace

        return replace(found, update_time=found.update_time - timedelta(days=days))

    monkeypatch.setattr(kept.documents, "get", get)


def test_a_replaced_package_goes_and_the_named_one_stays(kept: Keeping, client, monkeypatch) -> None:
    first, second = offer(kept, b"one"), offer(kept, b"two")
    settle(kept, monkeypatch, 3)

    client.post("/", headers=HEADERS)

    assert kept.files.list("themes/") == [second.file]
    assert first.file != second.file
    entries = [found.data or {} for found in kept.documents.query(Query("audit_log"))]
    assert {"theme.collected", "releases.collected"} == {entry["action"] for entry in entries}
    client.post("/", headers=HEADERS)
    assert kept.files.list("themes/") == [second.file]


def test_a_package_that_was_replaced_lately_stays(kept: Keeping, client) -> None:
    """Whoever read the entry a moment ago is about to read it, however old it is."""
    first = offer(kept, b"one")
    age(kept, 90, "themes/")
    offer(kept, b"two")

    client.post("/", headers=HEADERS)

    assert kept.files.exists(first.file)


def test_packages_of_a_deleted_theme_go(kept: Keeping, client) -> None:
    kept.files.put("themes/gone/abc.zip", SiteFile(b"x", "application/zip"))
    age(kept, 3, "themes/")
    young = "themes/gone/abd.zip"
    kept.files.put(young, SiteFile(b"x", "application/zip"))

    client.post("/", headers=HEADERS)

    assert kept.files.list("themes/") == [young]


def test_a_theme_whose_entry_cannot_be_read_keeps_its_packages(kept, client, output, monkeypatch) -> None:
    """Nobody knows which it names; others are not held back."""
    broken, other = offer(kept, b"one", "broken"), [offer(kept, body, "other") for body in (b"1", b"2")]
    kept.write(Update("themes/broken", {"package": {"sha256": CANARY}}))
    settle(kept, monkeypatch, 3)

    client.post("/", headers=HEADERS)

    assert kept.files.list("themes/") == sorted([broken.file, other[1].file])
    assert "packages_not_collected" in output.text
    assert CANARY not in output.text


def test_an_import_never_counts_on_a_package_that_may_go(kept: Keeping, client, monkeypatch) -> None:
    """The first package comes back while it is being removed: under a name of its own, so that the removal cannot take it."""
    first, _ = offer(kept, b"one"), offer(kept, b"two")
    settle(kept, monkeypatch, 3)
    again: list[ImportedPackage] = []
    real = kept.files.delete

    def delete(name: str) -> None:
        if name == first.file:
            again.append(offer(kept, b"one"))
        real(name)

    monkeypatch.setattr(kept.files, "delete", delete)
    client.post("/", headers=HEADERS)

    (named,) = again
    assert named.sha256 == first.sha256
    assert kept.files.exists(named.file)
    assert not kept.files.exists(first.file)
