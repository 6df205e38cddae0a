"""Whole themes in and out by the API: checked, kept, inactive, made active, and never anything half."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from provisioning.sites.theme_exchange import pack_folder
from tests.api.world import ROOT, Api, code_of, fields_of
from tests.themes.packages import change, write, write_imported

ZIP = {"Content-Type": "application/zip"}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return write_imported(tmp_path / "theirs")


def _import(api: Api, body: bytes, query: str = "") -> TestResponse:
    return api.send("POST", f"{ROOT}/themes/import{query}", body, ZIP)


def _kept(api: Api) -> tuple[list[str], bool]:
    """The archives that are kept, and whether the catalogue has the theme."""
    return list(api.platform.ports.files.list("themes/")), api.documents.get("themes/harbour").exists


def _refused(api: Api, body: bytes) -> set[tuple[str, str]]:
    answer = _import(api, body)
    assert code_of(answer) == (422, "INVALID_INPUT"), answer.json
    assert _kept(api) == ([], False)
    assert api.audit("theme.imported") == []
    return fields_of(answer)


def _zipped(entries: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in entries.items():
            target.writestr(name, body)
    return written.getvalue()


def test_an_imported_theme_is_inactive_and_comes_out_as_it_came_in(api: Api, package: Path) -> None:
    """Kept once, named by its content; the same again changes nothing."""
    body = pack_folder(package)

    found = _import(api, body)
    again = _import(api, body)

    assert found.json["kept"] is True and again.json["kept"] is True
    assert [f for f in found.json["findings"] if f["severity"] == "error"] == []
    entry = api.data("themes/harbour")
    assert (entry["active"], entry["version"], entry["name"]) == (False, "1.0.0", "Harbour")
    assert _kept(api) == ([f"themes/harbour/{entry['package']['sha256']}.zip"], True)
    assert api.get("themes/harbour/export").get_data() == body
    assert len(api.audit("theme.imported")) == 1


def test_it_is_made_active_and_inactive_as_any_theme_is(api: Api, package: Path) -> None:
    """By the catalogue's own endpoint; the version must be the package's, and the package stays with the entry."""
    _import(api, pack_folder(package))
    entry: dict[str, Any] = dict(api.get("themes/harbour").json)

    wrong = api.put("themes/harbour", entry | {"active": True, "version": "9.0.0"})
    active = api.put("themes/harbour", entry | {"active": True})

    assert fields_of(wrong) == {("version", "WRONG_VERSION")}
    assert active.json["active"] is True
    assert api.data("themes/harbour")["package"]["version"] == "1.0.0"
    assert api.put("themes/harbour", entry).json["active"] is False


def test_a_package_that_is_gone_cannot_be_offered(api: Api, package: Path) -> None:
    _import(api, pack_folder(package))
    api.platform.ports.files.delete(api.data("themes/harbour")["package"]["file"])
    entry: dict[str, Any] = dict(api.get("themes/harbour").json)

    assert fields_of(api.put("themes/harbour", entry | {"active": True})) == {("active", "NO_PACKAGE")}
    assert code_of(api.get("themes/harbour/export")) == (404, "UNKNOWN_THEME")


def test_another_version_is_looked_at_anew(api: Api, package: Path) -> None:
    """It takes the place of the first, and is inactive until somebody makes it active."""
    _import(api, pack_folder(package))
    api.put("themes/harbour", dict(api.get("themes/harbour").json) | {"active": True})
    change(package, "theme.json", lambda manifest: manifest.update(version="1.1.0"))

    _import(api, pack_folder(package))

    entry = api.data("themes/harbour")
    assert (entry["active"], entry["version"], entry["package"]["version"]) == (False, "1.1.0", "1.1.0")
    assert len(_kept(api)[0]) == 2


def test_a_dry_run_leaves_nothing_behind(api: Api, package: Path) -> None:
    """All findings of a theme that could not be kept, and of one that could."""
    sound = _import(api, pack_folder(package), "?dry_run=true")
    write(package, "assets/own.js", "alert(1)")
    write(package, "sections/tide.html", "<p>{{ 7 ** 7 }}</p>\n<p>{{ shop.name.__class__ }}</p>")
    broken = _import(api, pack_folder(package), "?dry_run=true")

    assert (sound.status_code, sound.json["kept"]) == (200, False)
    assert (broken.status_code, broken.json["kept"]) == (200, False)
    errors = {(f["file"], f["line"]) for f in broken.json["findings"] if f["severity"] == "error"}
    assert {("assets/own.js", 1), ("sections/tide.html", 1), ("sections/tide.html", 2)} <= errors
    assert _kept(api) == ([], False)
    assert api.audit("theme.imported") == []


def test_a_theme_of_ours_is_not_overwritten(api: Api, tmp_path: Path) -> None:
    """Hidden ones included."""
    for slug in ("upfront-modern", "upfront-base"):
        body = pack_folder(write_imported(tmp_path / "theirs", slug))

        assert _refused(api, body) == {("theme.json", "SLUG_TAKEN")}
        assert _import(api, body, "?dry_run=true").status_code == 422


def test_what_the_checker_blocks_is_not_kept(api: Api, package: Path) -> None:
    """A script, a template that reaches for Python, a parent that there is not."""
    write(package, "assets/own.js", "alert(1)")
    assert ("assets/own.js", "AS12") in _refused(api, pack_folder(package))
    (package / "assets/own.js").unlink()
    write(package, "sections/tide.html", "{{ shop.name.__class__ }}")
    assert {file for file, _ in _refused(api, pack_folder(package))} == {"sections/tide.html"}
    write(package, "sections/tide.html", "<p>Tide</p>")
    change(package, "theme.json", lambda m: m["extends"].update(slug="nobodys"))
    assert ("theme.json", "ST09") in _refused(api, pack_folder(package))


def test_hostile_archives_are_refused(api: Api, package: Path) -> None:
    """Names that lead elsewhere, bombs, files that are not listed or not what was listed, and what is no archive at all."""
    sound = pack_folder(package)
    with zipfile.ZipFile(io.BytesIO(sound)) as source:
        entries = {name: source.read(name) for name in source.namelist()}
    index = json.loads(entries["archive.json"])
    renamed = {**index, "theme": {**index["theme"], "slug": "other"}}

    for body in (
        b"",
        b"PK\x03\x04 and nothing more",
        b"\x1f\x8b\x08" + bytes(100),
        sound[: len(sound) // 2],
        b"MZ" + sound,
        _zipped({**entries, "../../etc/passwd": b"x"}),
        _zipped({**entries, "theme/CON.html": b"x"}),
        _zipped({**entries, "theme/assets/bomb.css": bytes(30_000_000)}),
        _zipped({**entries, "theme/unlisted.md": b"x"}),
        _zipped({**entries, "theme/theme.json": b"{}"}),
        _zipped({**entries, "archive.json": json.dumps(renamed).encode()}),
        _zipped({"archive.json": entries["archive.json"]}),
    ):
        assert _refused(api, body)


def test_values_alone_are_no_theme(api: Api, package: Path) -> None:
    """They are a store's, and go into a store."""
    api.seed()
    api.add_store("s1")
    values = api.get("stores/s1/themes/upfront-modern/export").get_data()

    assert _refused(api, values) == {("archive", "NO_THEME")}


def test_only_administrators_import(api: Api, package: Path) -> None:
    body = pack_folder(package)
    api.token = api.sign_in("somebody", None)

    assert _import(api, body).status_code == 403
    api.token = None
    assert _import(api, body).status_code == 401
    assert _kept(api) == ([], False)
